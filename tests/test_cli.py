"""The command as a user meets it: what it prints, how it fails, and what it leaves behind."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import click
import pytest

from listed.cli import cli

DOCS = Path(__file__).resolve().parents[1] / "docs"
STAKES = "owner,asset,share\nAcme,Bolt,51%\nAcme,Cog,40%\n"
COMMANDS = sorted(cli.commands)
Said = subprocess.CompletedProcess[str]


class Command:
    """The command with a graph and a cache of its own."""

    def __init__(self, root: Path, cache: Path) -> None:
        self.root, self.graph = root, root / "graph"
        self.env = {**os.environ, "LISTED_CACHE": str(cache), "LISTED_GRAPH": str(self.graph), "PYTHONUTF8": "1"}

    def start(self, *words: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        line = [sys.executable, "-m", "listed", *words]
        return subprocess.Popen(line, env=self.env, cwd=self.root, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

    def __call__(self, *words: str, given: str = "") -> Said:
        process = self.start(*words)
        out, err = process.communicate(given, timeout=60)
        return Said(words, process.returncode, out, err)

    def file(self, name: str, content: str | bytes) -> str:
        (self.root / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    def published(self) -> dict[str, bytes]:
        there = (path for path in self.graph.rglob("*") if path.is_file() and path.name != ".lock")
        return {str(path): path.read_bytes() for path in there if "views" not in path.parts}


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def run(tmp_path: Path, cache: Path) -> Command:
    return Command(tmp_path, cache)


@pytest.fixture
def own(run: Command) -> Command:
    """A user's graph of two stakes."""
    assert run("load", "table", run.file("stakes.csv", STAKES)).returncode == 0
    return run


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Command:
    """One such graph for all that must not change it."""
    command = Command(tmp_path_factory.mktemp("kept"), cache)
    assert command("load", "table", command.file("stakes.csv", STAKES)).returncode == 0
    return command


@pytest.fixture(scope="module")
def csl(tmp_path_factory: pytest.TempPathFactory, cache: Path, real_data: Path) -> Command:
    """A graph of the Consolidated Screening List, and from snapshot 2 on of the bundled tables too."""
    command = Command(tmp_path_factory.mktemp("csl"), cache)
    done = command("load", "csl", str(real_data / "csl" / "csl_2022-04.csv"), "--json")
    assert done.returncode == 0, done.stderr
    command.file("report.json", done.stdout)
    assert command("load", "bundled").returncode == 0
    return command


def rows(said: Said) -> list[dict[str, Any]]:
    assert said.returncode == 0, said.stderr
    found: list[dict[str, Any]] = json.loads(said.stdout)["rows"]
    return found


def refused(said: Said, code: int = 2) -> None:
    """One line that says what is wrong, and nothing else."""
    assert said.returncode == code
    assert said.stdout == ""
    assert said.stderr.startswith("listed: ")
    assert len(said.stderr.splitlines()) == 1


class TestHelp:
    def test_with_nothing_else_it_says_in_ten_lines_what_one_can_ask(self, run: Command) -> None:
        assert len([line for line in run().stdout.splitlines() if line.strip()]) <= 10

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_help(self, name: str) -> None:
        command = cli.commands[name]
        assert command.help
        assert all(getattr(one, "help", "") for one in command.params if one.param_type_name == "option")

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_is_in_the_docs(self, name: str) -> None:
        said = "".join(path.read_text(encoding="utf-8") for path in DOCS.glob("*.md"))
        assert f"listed {name}" in said

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_is_in_the_help(self, name: str) -> None:
        with click.Context(cli) as context:
            assert re.search(rf"^  {name} ", cli.get_help(context), re.MULTILINE)


ASKED = [
    ("search", "SenseTime"),
    ("show", "sensetime-beijing"),
    ("owners", "baihang"),
    ("holdings", "sensetime-group"),
    ("investors", "sensetime-group"),
    ("ventures", "hygon"),
    ("government", "sensetime-group"),
    ("exposure", "Qualcomm"),
    ("paths", "Qualcomm", "xinjiang-jv", "--history"),
    ("sources",),
    ("report",),
]


class TestForms:
    @pytest.mark.parametrize("words", ASKED, ids=lambda words: words[0])
    def test_json_is_the_documented_object(self, run: Command, words: tuple[str, ...]) -> None:
        said = json.loads(run(*words, "--json").stdout)
        assert {"query", "as_of", "snapshot", "rows", "bounds", "sources"} <= said.keys()

    @pytest.mark.parametrize("words", ASKED, ids=lambda words: words[0])
    def test_csv_has_a_row_for_each_of_json(self, run: Command, words: tuple[str, ...]) -> None:
        table = list(csv.DictReader(io.StringIO(run(*words, "--csv").stdout)))
        assert len(table) == len(rows(run(*words, "--json"))) > 0

    @pytest.mark.parametrize("words", ASKED, ids=lambda words: words[0])
    def test_piped_text_has_no_escape_codes(self, run: Command, words: tuple[str, ...]) -> None:
        said = run(*words)
        assert said.returncode == 0
        assert "\x1b" not in said.stdout + said.stderr

    def test_each_numbered_line_of_exposure_quotes_a_source(self, run: Command) -> None:
        lines = [line for line in run("exposure", "Alibaba").stdout.splitlines() if re.match(r"\d+\. ", line)]
        assert lines
        assert all(re.search(r"\[\d+\]$", line) for line in lines)

    def test_a_pipe_closed_early_is_quiet(self, run: Command) -> None:
        process = run.start("exposure", "Alibaba", "--hops", "6", "--limit", "2000", "--json")
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdin is not None
        process.stdout.read(10)
        process.stdout.close()
        process.stdin.close()
        error = process.stderr.read()
        process.stderr.close()
        assert (process.wait(60), error) == (0, "")


class TestRefusals:
    @pytest.mark.parametrize(
        "words",
        [
            ("owners", "Nobody Whatsoever"),
            ("load", "table", "missing.csv"),
            ("load", "nonsense", "stakes.csv"),
            ("owners", "Acme", "--as-of", "2018-13-01"),
            ("owners", "Acme", "--json", "--csv"),
            ("exposure", "Acme", "--list", "XX-NONE"),
            ("exposure", "Acme", "--type", "LOVES"),
            ("exposure", "Acme", "--hops", "0"),
            ("search", ""),
            ("owners", "Acme", "--graph", "nowhere"),
            ("owners", "Acme", "--snapshot", "9"),
            ("nonsense",),
            ("owners",),
        ],
        ids=" ".join,
    )
    def test_what_cannot_be_done_is_one_line_and_changes_nothing(self, kept: Command, words: tuple[str, ...]) -> None:
        before = kept.published()
        refused(kept(*words))
        assert kept.published() == before

    def test_an_ambiguous_name_offers_the_ids(self, run: Command) -> None:
        run("load", "table", run.file("entities.csv", "id,name\na1,Acme\na2,Acme\n"))
        said = run("owners", "acme")
        refused(said)
        assert "[a1]" in said.stderr
        assert "[a2]" in said.stderr

    def test_an_unknown_name_offers_the_closest(self, own: Command) -> None:
        assert "closest: Acme" in own("owners", "Acmee").stderr

    def test_an_unknown_name_in_an_own_graph_points_to_the_bundled_one(self, own: Command) -> None:
        assert "--graph bundled" in own("owners", "SenseTime").stderr
        assert "--graph bundled" not in own("owners", "SenseTime", "--graph", str(own.graph)).stderr

    def test_a_broken_row_in_the_middle_is_named(self, own: Command) -> None:
        before = own.published()
        said = own("load", "table", own.file("broken.csv", "owner,asset,share\nA,B,1%\nC,D\nE,F,3%\n"))
        refused(said)
        assert "broken.csv, row 3" in said.stderr
        assert own.published() == before

    def test_a_truncated_gzip_changes_nothing(self, own: Command) -> None:
        before = own.published()
        whole = gzip.compress("\n".join(f"Owner {n},Asset {n},{n % 100}%" for n in range(500)).encode())
        refused(own("load", "table", own.file("cut.csv.gz", whole[: len(whole) // 2])))
        assert own.published() == before

    def test_a_damaged_graph_is_told(self, own: Command) -> None:
        for path in own.graph.rglob("*.parquet"):
            path.write_bytes(path.read_bytes()[:40])
        refused(own("owners", "Bolt"))


class TestLoading:
    def test_standard_input_loads(self, run: Command) -> None:
        run("load", "table", "-", given=STAKES)
        assert [row["share"] for row in rows(run("owners", "Bolt", "--json"))] == ["51%"]

    def test_gzip_loads(self, run: Command) -> None:
        run("load", "table", run.file("stakes.csv.gz", gzip.compress(STAKES.encode())))
        assert len(rows(run("holdings", "Acme", "--json"))) == 2

    def test_zip_loads(self, run: Command) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("stakes.csv", STAKES)
        run("load", "table", run.file("stakes.zip", packed.getvalue()))
        assert len(rows(run("holdings", "Acme", "--json"))) == 2

    def test_of_two_loads_at_once_each_is_done_or_refused(self, own: Command) -> None:
        for number in (1, 2):
            own.file(f"t{number}.csv", "owner,asset,share\n" + f"Owner{number},Bolt,1%\n")
        both = [own.start("load", "table", f"t{number}.csv") for number in (1, 2)]
        said = [(*process.communicate(timeout=60), process.returncode) for process in both]
        assert {code for _, _, code in said} <= {0, 2}
        assert all(err.startswith("listed: ") for _, err, code in said if code)
        done = sum(code == 0 for _, _, code in said)
        assert len(rows(own("owners", "Bolt", "--json"))) == 1 + done


class TestTheScreeningList:
    def test_all_listings_are_loaded(self, csl: Command) -> None:
        report = json.loads((csl.root / "report.json").read_text())
        assert (report["statements"]["listings"], report["lists"]["US-BIS-EL"][0]) == (14_160, 2_001)

    @pytest.mark.parametrize(("typed", "meant"), [("商汤", "sensetime"), ("hikvison", "hikvision")])
    def test_search_finds_other_spellings(self, csl: Command, typed: str, meant: str) -> None:
        assert any(meant in row["name"].lower() for row in rows(csl("search", typed, "--json"))[:3])

    @pytest.mark.parametrize("id_", ["sensetime-group", "hikvision"])
    def test_the_same_identifier_is_one_entity_with_listings_of_both(self, csl: Command, id_: str) -> None:
        (row,) = rows(csl("show", id_, "--json"))
        cited = {source for one in row["listings"] for source in one["sources"]}
        assert row["merged_from"]
        assert any(source.startswith("csl") for source in cited)
        assert any(not source.startswith("csl") for source in cited)

    def test_sichuan_university_is_told(self, csl: Command) -> None:
        said = csl("show", "Sichuan University", "--snapshot", "1")
        assert "77 FR 58006" in said.stdout, said.stderr
