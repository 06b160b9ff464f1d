"""CSV for ``neo4j-admin database import``, and plain CSV."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from listed.loading import bundled_graph
from tests.exports.exporting import CONTROLLED, HOSTILE, exported
from tests.graphs import firm, graph, listed, owns


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_headers_are_typed(tmp_path: Path) -> None:
    folder, _ = exported(graph(owns("A", "B", "51%", "2019")), "neo4j-csv", tmp_path)
    (link,) = rows(folder / "links-OWNS.csv")
    assert link[":START_ID(Entity)"] == "A"
    assert (link["share_min:double"], link["start_earliest:date"], link[":TYPE"]) == ("51.0", "2019-01-01", "OWNS")
    assert link["share_min_open:boolean"] == "false"


def test_lists_are_separated_by_what_no_name_holds(tmp_path: Path) -> None:
    folder, _ = exported(graph(firm("A", "One; two", aliases=("Three",))), "neo4j-csv", tmp_path)
    (node,) = rows(folder / "nodes-Entity-Company.csv")
    assert node["names:string[]"].split("\x1f") == ["One; two", "Three"]
    assert node[":LABEL"].split("\x1f") == ["Entity", "Company"]


@pytest.mark.parametrize("format", ["neo4j-csv", "csv"])
@pytest.mark.parametrize("name", [one for one in HOSTILE if not one.startswith("=")])
def test_a_hostile_name_comes_back(format: str, name: str, tmp_path: Path) -> None:
    folder, _ = exported(graph(firm("A", name)), format, tmp_path)
    file, column = ("nodes-Entity-Company.csv", "name:string") if format == "neo4j-csv" else ("entities.csv", "name")
    assert rows(folder / file)[0][column] == name


def test_a_separator_within_a_name_is_a_blank_and_counted(tmp_path: Path) -> None:
    folder, report = exported(graph(firm("A", CONTROLLED)), "neo4j-csv", tmp_path)
    assert rows(folder / "nodes-Entity-Company.csv")[0]["names:string[]"] == "bell\x07 and unit separator"
    assert any("U+001F" in line for line in report.lost)


def test_the_command_names_every_file(tmp_path: Path) -> None:
    folder, report = exported(bundled_graph(), "neo4j-csv", tmp_path)
    said = "\n".join(report.advice)
    assert all(file.name in said for file in folder.glob("*.csv"))
    assert all(file.name in (folder / "import.sh").read_text() for file in folder.glob("*.csv"))


def test_plain_tables_hold_every_row(tmp_path: Path) -> None:
    folder, _ = exported(bundled_graph(), "csv", tmp_path)
    tables = bundled_graph().tables
    for name in ("entities", "links", "listings", "sources"):
        assert len(rows(folder / f"{name}.csv")) == tables[name].num_rows


def test_a_listing_of_a_plain_table_names_its_list(tmp_path: Path) -> None:
    folder, _ = exported(graph(firm("A"), listed("A", "US-BIS-EL", "2019-10-09")), "csv", tmp_path)
    (row,) = rows(folder / "listings.csv")
    assert (row["entity"], row["list"], row["start_date"]) == ("A", "US-BIS-EL", "2019-10-09")


def test_a_formula_does_not_run_in_a_spreadsheet_and_is_counted(tmp_path: Path) -> None:
    folder, report = exported(graph(firm("A", "=1+1")), "csv", tmp_path)
    assert rows(folder / "entities.csv")[0]["name"] == "'=1+1"
    assert any("formula" in line for line in report.lost)
