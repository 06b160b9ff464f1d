"""A graph of each format there has been opens, answers, is sound, and is of the present one after a load."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from listed.checking import check
from listed.graph.snapshot import Graph, open_graph
from listed.graph.store import FORMAT, Store
from listed.loading import load
from listed.queries import exposure, owners
from listed.repairing import repair
from tests.graph.folders import copy, flip, stakes

OLD = Path(__file__).parent / "old"
"""Each folder is a graph as the version that wrote it left it, without its caches."""

FORMATS = range(1, FORMAT + 1)

pytestmark = pytest.mark.parametrize("number", FORMATS)


@pytest.fixture
def folder(number: int, tmp_path: Path) -> Path:
    return copy(OLD / f"format-{number}", tmp_path / "graph")


@pytest.fixture
def graph(folder: Path) -> Graph:
    return open_graph(folder)


def test_it_says_which_format_it_is_of(folder: Path, number: int) -> None:
    assert json.loads((folder / "manifest.json").read_text())["format"] == number


def test_it_opens(graph: Graph) -> None:
    assert (graph.number, graph.arrays.size, list(graph.datasets)) == (2, 4, ["table-stakes", "table-lists"])


def test_it_answers(graph: Graph) -> None:
    (stake,) = [row for row in owners(graph, "Tianshan Optics").rows if row.owner_name == "Xinjiang SASAC"]
    assert (str(stake.share_min), stake.start_date) == ("60", "2015")
    assert exposure(graph, "Xinjiang SASAC").rows


def test_its_earlier_snapshots_open(folder: Path) -> None:
    assert open_graph(folder, 1).tables["listings"].num_rows == 0


def test_it_is_sound(folder: Path) -> None:
    assert check(folder).faults == ()


@pytest.mark.parametrize("name", ["snapshots/2/links.parquet", "statements/table-lists/*/names.parquet"])
def test_its_damage_is_found(folder: Path, name: str) -> None:
    (path,) = folder.glob(name)
    flip(path)
    assert not check(folder).sound


def test_its_damage_is_repaired(folder: Path) -> None:
    flip(folder / "snapshots/2/entities.parquet")
    assert repair(folder).sound


def test_a_load_makes_it_of_the_present_format_and_keeps_what_it_holds(folder: Path, tmp_path: Path) -> None:
    before = open_graph(folder).tables["links"].num_rows
    load("table", [str(stakes(tmp_path / "more.csv", "30"))], folder)
    assert Store(folder).manifest()["format"] == FORMAT
    assert open_graph(folder).tables["links"].num_rows == before + 3
    assert check(folder).faults == ()
