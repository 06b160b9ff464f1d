"""Where exports go: never half-written, never over something else; and the command."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from listed.cli import cli
from listed.errors import ExportError
from listed.exports import FORMATS, export
from listed.exports.formats import FileFormat
from listed.exports.places import file_at, folder_at
from listed.loading import bundled_graph
from tests.graphs import firm, graph, owns

TINY = graph(owns("A", "B", "51%"))
FILES = [name for name, one in FORMATS.items() if isinstance(one, FileFormat)]
FOLDERS = [name for name in FORMATS if name not in FILES]


@pytest.mark.parametrize("format", FILES)
def test_a_packed_file_holds_the_same(format: str, tmp_path: Path) -> None:
    export(TINY, format, tmp_path / "plain")
    export(TINY, format, tmp_path / "packed.gz")
    assert gzip.decompress((tmp_path / "packed.gz").read_bytes()) == (tmp_path / "plain").read_bytes()


@pytest.mark.parametrize("format", list(FORMATS))
def test_twice_gives_the_same_bytes(format: str, tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(bundled_graph(), format, tmp_path / name)

    def whole(name: str) -> list[bytes]:
        path = tmp_path / name
        return [one.read_bytes() for one in (sorted(path.iterdir()) if path.is_dir() else [path])]

    assert whole("one") == whole("two")


@pytest.mark.parametrize("format", list(FORMATS))
def test_what_is_there_is_not_overwritten_unless_asked(format: str, tmp_path: Path) -> None:
    export(TINY, format, tmp_path / "out")
    with pytest.raises(ExportError, match="--force"):
        export(TINY, format, tmp_path / "out")
    export(graph(firm("A")), format, tmp_path / "out", force=True)
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("format", FOLDERS)
def test_a_folder_with_other_things_is_not_replaced(format: str, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(ExportError, match=r"thesis\.docx"):
        export(TINY, format, tmp_path, force=True)
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize("place", ["-", "x.gz"])
def test_a_folder_is_no_single_file(place: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="folder"):
        export(TINY, "csv", place)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="folder"):
        export(TINY, "graphml", tmp_path, force=True)


def test_an_export_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    place = tmp_path / "out"
    place.write_text("old")

    def break_off() -> None:
        with file_at(str(place), force=True) as write:
            write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("out", "old")]


def test_an_export_that_breaks_off_leaves_no_folder(tmp_path: Path) -> None:
    def break_off() -> None:
        with folder_at(str(tmp_path / "out"), (".csv",)) as folder:
            (folder / "half.csv").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        export(TINY, "graphml", tmp_path / "nowhere" / "out")


def test_an_unknown_format_names_the_others() -> None:
    with pytest.raises(ExportError, match="graphml, gexf"):
        export(TINY, "pdf", "out")


def test_parquet_holds_every_table(tmp_path: Path) -> None:
    export(bundled_graph(), "parquet", tmp_path / "out")
    links = pq.read_table(tmp_path / "out" / "links.parquet")
    assert links.to_pylist() == bundled_graph().tables["links"].to_pylist()


def test_a_place_is_needed() -> None:
    with pytest.raises(ExportError, match="-o"):
        export(TINY, "gexf")


def run(*words: str) -> Any:
    return CliRunner().invoke(cli, ["export", *words, "--graph", "bundled"], catch_exceptions=False)


def test_the_command_tells_what_it_wrote(tmp_path: Path) -> None:
    told = run("graphml", "-o", str(tmp_path / "x.graphml"), "--of", "sensetime-group", "--hops", "1").output
    assert told.startswith("Wrote ")
    assert "within 1 link of SenseTime" in told


def test_whoever_wants_excel_is_pointed_to_csv() -> None:
    with pytest.raises(ExportError, match=r"no format is called 'xlsx' \(Excel opens csv; there are graphml"):
        export(bundled_graph(), "xlsx", "x.xlsx")


def test_the_command_reports_as_json(tmp_path: Path) -> None:
    report = json.loads(run("ftm", "-o", str(tmp_path / "x.json"), "--json").output)
    assert (report["format"], report["counts"]["entities"]) == ("ftm", 431)


def test_standard_output_holds_the_export_alone() -> None:
    command = [sys.executable, "-m", "listed", "export", "ftm", "-o", "-", "--graph", "bundled"]
    done = subprocess.run(command, capture_output=True, check=True)
    lines = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    assert len(lines) == 431 + 639 + 287
    assert done.stderr.decode().startswith("Wrote to standard output")


def test_a_graph_on_disk_says_where_its_parquet_is(tmp_path: Path) -> None:
    folder = str(tmp_path / "graph")
    runner = CliRunner()
    assert runner.invoke(cli, ["load", "bundled", "--graph", folder]).exit_code == 0
    told = runner.invoke(cli, ["export", "parquet", "--graph", folder]).output
    assert str(Path(folder) / "snapshots" / "1") in told
    assert (Path(folder) / "snapshots" / "1" / "links.parquet").exists()
