"""The laws of a snapshot: each that is broken is told of, in a line that names the rows."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from listed.graph.laws import broken
from listed.graph.tables import SCHEMAS, Tables
from listed.loading import bundled_graph
from tests.graphs import firm, graph, listed, owns

WORLD = graph(firm("a"), firm("b"), owns("a", "b", "51%", "2018", "2019"), listed("b")).tables


def with_rows(table: str, **change: Any) -> Tables:
    """Return the tables with the first row of one of them changed."""
    rows = WORLD[table].to_pylist()
    rows[0] |= change
    return WORLD | {table: pa.Table.from_pylist(rows, schema=SCHEMAS[table])}


def again(table: str) -> Tables:
    return WORLD | {table: pa.concat_tables([WORLD[table]] * 2)}


def test_what_was_loaded_keeps_them() -> None:
    assert list(broken(WORLD)) == []


def test_the_bundled_graph_keeps_them() -> None:
    assert list(broken(bundled_graph().tables)) == []


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        (with_rows("entities", id=""), "entities: an id is empty"),
        (with_rows("entities", id="z"), "entities: ids are not sorted and unique: 'b'"),
        (again("entities"), "entities: ids are not sorted and unique: 'a'"),
        (again("links"), "links: an id stands twice"),
        (with_rows("links", source="nobody"), "links: source is no entity: 'nobody'"),
        (with_rows("links", target="nobody"), "links: target is no entity: 'nobody'"),
        (with_rows("listings", entity="nobody"), "listings: entity is no entity: 'nobody'"),
        (with_rows("names", entity="nobody"), "names: entity is no entity: 'nobody'"),
        (with_rows("links", source="b"), "links: owner and asset are the same entity: 'b'"),
        (with_rows("links", sources=[]), "links: no source is cited in row 1"),
        (with_rows("links", sources=["rumour"]), "links: a source that is cited does not exist: 'rumour'"),
        (with_rows("links", type="ADMIRES"), "links: type is not a word that Listed knows: 'ADMIRES'"),
        (with_rows("links", share_max=50), "links: a share is not in order within 0 to 100 in row 1"),
        (with_rows("links", share_max=None), "links: a share has one end only in row 1"),
        (with_rows("links", start_latest=None, start_earliest=None), None),
        (
            with_rows("listings", start_earliest=20000, start_latest=10),
            "listings: the earliest start is after the latest",
        ),
    ],
)
def test_one_that_is_broken_is_told(tables: Tables, told: str | None) -> None:
    lines = list(broken(tables))
    assert lines == [] if told is None else any(line.startswith(told) for line in lines), lines
