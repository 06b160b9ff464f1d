"""``listed spark`` as a user meets it: exit code, what is printed, the folder of the answer, one line for a failure."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from listed.cli import cli
from listed.loading import load, open_
from tests.loopback import free_port
from tests.spark.worlds import DAY

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from tests.spark.clusters import Cluster

Run = Callable[..., Result]
ON = ("--as-of", DAY.isoformat())


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled graph, in a folder with a blank."""
    folder = tmp_path_factory.mktemp("graphs") / "the bundled"
    load("bundled", (), folder)
    return folder


@pytest.fixture
def run(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in this process, on the session that is open."""
    monkeypatch.setattr("listed.spark.session", lambda master, settings: spark)
    monkeypatch.setattr(type(spark), "stop", lambda self: None)
    return lambda *words: CliRunner().invoke(cli, ["spark", *map(str, words)])


def answered(ran: Result, out: Path) -> dict[str, Any]:
    """What a command printed, if it answered, which is what it wrote."""
    assert ran.exit_code == 0, ran.output
    told: dict[str, Any] = json.loads(ran.stdout)
    assert told == json.loads((out / "answer.json").read_text(encoding="utf-8"))
    return told


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if not one.name.endswith(".crc"))


def test_affiliates(run: Run, graph: Path, tmp_path: Path) -> None:
    told = answered(run("affiliates", "--graph", graph, "--out", tmp_path / "out", *ON), tmp_path / "out")
    assert (told["query"], told["as_of"], told["asked"]) == ("affiliates", DAY.isoformat(), {"regime": "us-bis"})
    assert pq.read_table(tmp_path / "out" / "rows").num_rows == sum(told["bounds"]["counts"].values())
    assert names(tmp_path / "out") == ["answer.json", "rows", "sources"]


def test_verdicts(run: Run, graph: Path, tmp_path: Path) -> None:
    (tmp_path / "subjects.csv").write_text("entity\nhikvision\nnobody\n", encoding="utf-8")
    asked = ("--subjects", tmp_path / "subjects.csv", "--regime", "us-bis")
    told = answered(run("verdicts", *asked, "--graph", graph, "--out", tmp_path / "out", *ON), tmp_path / "out")
    assert (told["bounds"]["subjects"], told["bounds"]["not_in_the_graph"]) == (2, 1)
    assert pq.read_table(tmp_path / "out" / "rows")["verdict"].to_pylist() == ["listed"]
    assert names(tmp_path / "out") == ["answer.json", "rows", "sources", "subjects"]


def test_merge(run: Run, graph: Path, tmp_path: Path) -> None:
    (tmp_path / "stakes.csv").write_text("owner,asset,share\nA,B,51%\n", encoding="utf-8")
    load("table", [str(tmp_path / "stakes.csv")], tmp_path / "piece")
    ran = run("merge", graph, tmp_path / "piece", "--out", tmp_path / "world")
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert told["datasets"] == ["bundled", "table-stakes"]
    assert told["totals"]["links"] == open_(tmp_path / "world").tables["links"].num_rows


class TestInAProcessOfItsOwn:
    def test_paths(self, cluster: Cluster, graph: Path, tmp_path: Path) -> None:
        cluster.start_worker()  # besides those that the session of the other tests has taken
        (tmp_path / "subjects.csv").write_text("entity\nalibaba-group\nnobody\n", encoding="utf-8")
        words = ["exposure", "--subjects", "subjects.csv", "--hops", "2", "--graph", str(graph), "--out", "out", *ON]
        ran = listed_spark(tmp_path, *words, "--master", cluster.address, *conf(cluster))
        assert ran.returncode == 0, ran.stderr
        told = json.loads(ran.stdout)
        assert told["bounds"]["with_a_path"] == pq.read_table(tmp_path / "out" / "rows").num_rows == 1

    def test_where_there_is_no_cluster_that_is_told_at_once(self, graph: Path, tmp_path: Path) -> None:
        words = ["affiliates", "--graph", str(graph), "--out", "out"]
        ran = listed_spark(tmp_path, *words, "--master", (master := f"spark://127.0.0.1:{free_port()}"))
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr.startswith(f"listed: no Spark master answers at {master}")
        assert ran.stderr.count("\n") == 1
        assert not (tmp_path / "out").exists()


def listed_spark(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "listed", "spark", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)


def conf(cluster: Cluster) -> list[str]:
    return [word for name, value in cluster.settings.items() for word in ("--conf", f"{name}={value}")]


class TestRefusals:
    def refused(self, ran: Result, problem: str) -> None:
        assert ran.exit_code != 0
        assert ran.stdout == ""
        assert problem in str(ran.exception)
        assert "\n" not in str(ran.exception)

    def test_a_folder_with_something_in_it(self, run: Run, graph: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        (tmp_path / "out" / "mine").write_text("kept", encoding="utf-8")
        self.refused(run("affiliates", "--graph", graph, "--out", tmp_path / "out"), "there is something already")
        assert (tmp_path / "out" / "mine").read_text(encoding="utf-8") == "kept"

    def test_a_file_in_the_place_of_the_folder(self, run: Run, graph: Path, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("kept", encoding="utf-8")
        self.refused(run("affiliates", "--graph", graph, "--out", tmp_path / "out"), "there is something already")

    @pytest.mark.parametrize("words", [("affiliates", "--graph", "none"), ("merge", "none")])
    def test_a_graph_that_is_not_there(self, run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
        self.refused(run(*words, "--out", tmp_path / "out"), "there is no graph")
        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize("command", ["verdicts", "exposure"])
    def test_subjects_without_a_column_of_ids(self, run: Run, graph: Path, tmp_path: Path, command: str) -> None:
        (tmp_path / "subjects.csv").write_text("company\nhikvision\n", encoding="utf-8")
        ran = run(command, "--subjects", tmp_path / "subjects.csv", "--graph", graph, "--out", tmp_path / "out")
        self.refused(ran, "a table of subjects has a column entity")
        assert not (tmp_path / "out").exists()

    def test_subjects_that_are_not_there(self, run: Run, graph: Path, tmp_path: Path) -> None:
        ran = run("verdicts", "--subjects", tmp_path / "none.csv", "--graph", graph, "--out", tmp_path / "out")
        self.refused(ran, "there is no such file")

    def test_a_kind_of_address_that_spark_does_not_know(self, run: Run, tmp_path: Path) -> None:
        ran = run("affiliates", "--graph", "nosuch://host/graph", "--out", tmp_path / "out")
        self.refused(ran, 'Spark: No FileSystem for scheme "nosuch"')

    @pytest.mark.parametrize("name", ["--graph", "--out", "--subjects"])
    def test_a_secret_in_an_address_which_would_be_written_into_the_answer(
        self, run: Run, graph: Path, tmp_path: Path, name: str
    ) -> None:
        told = {"--graph": graph, "--out": tmp_path / "out", "--subjects": tmp_path / "subjects.csv"}
        told[name] = "s3a://key:hidden@bucket/world"  # type: ignore[assignment]
        ran = run("verdicts", *(word for pair in told.items() for word in pair))
        self.refused(ran, "an address holds no password")
        assert "hidden" not in str(ran.exception)
