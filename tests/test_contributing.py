"""The examples of CONTRIBUTING.md work as they stand: a loader, a regime, a named query."""

from __future__ import annotations

import re
import types
from datetime import date
from pathlib import Path

import pytest

from listed import verdict
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Loader
from listed.loading import graph_of, open_
from listed.queries import owners
from listed.queries.cypher import cypher
from listed.queries.cypher.library import _read as read_query
from tests.graphs import firm, graph, owns
from tests.graphs import listed as on_list

PAGE = (Path(__file__).resolve().parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def example(kind: str) -> str:
    (text,) = re.findall(rf"```\w+ {kind}\n(.*?)```", PAGE, re.DOTALL)
    return str(text)


@pytest.fixture(scope="module")
def ferries() -> Loader:
    made = types.ModuleType("ferries")
    exec(example("loader"), made.__dict__)
    loader: Loader = made.LOADER
    return loader


def test_the_loader_reads_a_stake_and_sets_aside_what_it_cannot_read(tmp_path: Path, ferries: Loader) -> None:
    (tmp_path / "ferries.txt").write_text("Rosa;Harbour Lines;2019-05\nno ferry\n", encoding="utf-8")
    read = graph_of({"ferries": ferries.read(open_inputs([str(tmp_path / "ferries.txt")]))})
    (stake,) = owners(read, "Rosa").rows
    assert (stake.owner_name, stake.share, stake.start_date) == ("Harbour Lines", "100%", "2019-05")
    assert read.tables["set_aside"]["record"].to_pylist() == ["ferries.txt line 2"]


def test_the_regime_captures_what_it_says(tmp_path: Path) -> None:
    file = tmp_path / "regimes.toml"
    file.write_text(example("regime"), encoding="utf-8")
    held = graph(firm("acme"), on_list("acme"), owns("acme", "bolt", "25%"))
    (row,) = verdict(held, "bolt", date(2026, 1, 1), regime="harbour", regimes_file=file).rows
    assert row.verdict == "captured"


def test_the_query_answers_with_its_sources() -> None:
    bundled = open_("bundled")
    asked = read_query("owners-of", example("query"))
    answer = cypher(bundled, asked.text, asked.values(bundled, {"entity": "SenseTime"}))
    assert [parameter.name for parameter in asked.parameters] == ["entity"]
    assert answer.rows
    assert answer.sources
