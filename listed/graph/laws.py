"""The laws of a snapshot: what holds of its tables whatever was loaded into it.

A file may be just as it was written and still be wrong, if a program wrote it wrongly or another one
changed it and its manifest. Each law is asked of whole columns and answered in one line that names the
first rows that break it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.share import WHOLE, Basis
from listed.graph.tables import Tables, share_units
from listed.graph.vocabulary import LinkType, NameKind

_SHOWN = 3

_ENDS = (
    ("links", "source"), ("links", "target"), ("listings", "entity"), ("names", "entity"),
    ("identifiers", "entity"), ("addresses", "entity"), ("merged_ids", "entity"),
)  # fmt: skip
"""Columns that name an entity."""

_CITING = ("entities", "names", "identifiers", "addresses", "links", "listings")

_WORDS = {
    ("links", "type"): [one.value for one in LinkType],
    ("links", "basis"): [one.value for one in Basis],
    ("names", "kind"): [one.value for one in NameKind],
}


def broken(tables: Tables) -> Iterator[str]:
    """Yield one line for each law that the tables of a snapshot break."""
    yield from _ids(tables)
    yield from _references(tables)
    yield from _citations(tables)
    yield from _words(tables)
    yield from _shares(tables["links"])
    yield from _dates(tables)


def _ids(tables: Tables) -> Iterator[str]:
    ids = tables["entities"]["id"].combine_chunks()
    if ids.null_count or pc.any(pc.equal(ids, "")).as_py():
        yield "entities: an id is empty"
    if len(ids) > 1:
        disorder = (
            np.flatnonzero(~pc.less(ids[:-1], ids[1:]).fill_null(fill_value=True).to_numpy(zero_copy_only=False)) + 1
        )
        if len(disorder):
            yield f"entities: ids are not sorted and unique: {_some(ids, disorder)}"
    for table in ("links", "listings", "sources", "merged_ids"):
        counted = tables[table]["id"].value_counts()
        twice = counted.filter(pc.greater(counted.field("counts"), 1)).field("values")
        if len(twice):
            yield f"{table}: an id stands twice: {_some(twice, range(len(twice)))}"


def _references(tables: Tables) -> Iterator[str]:
    ids = tables["entities"]["id"].combine_chunks()
    for table, column in _ENDS:
        if len(unknown := _not_in(tables[table][column], ids)):
            yield f"{table}: {column} is no entity: {_some(tables[table][column], unknown)}"
    gone = tables["merged_ids"]["id"]
    if len(both := np.flatnonzero(pc.is_in(gone, value_set=ids).to_numpy())):
        yield f"merged_ids: an id that went into another is an entity still: {_some(gone, both)}"
    links = tables["links"]
    if len(own := _true(pc.equal(links["source"], links["target"]))):
        yield f"links: owner and asset are the same entity: {_some(links['source'], own)}"


def _citations(tables: Tables) -> Iterator[str]:
    known = tables["sources"]["id"].combine_chunks()
    for table in _CITING:
        cited = tables[table]["sources"]
        if len(bare := _true(pc.equal(pc.fill_null(pc.list_value_length(cited), 0), 0))):
            yield f"{table}: no source is cited in {_rows(bare)}"
        words = pc.unique(pc.list_flatten(cited))
        if len(unknown := _not_in(words, known)):
            yield f"{table}: a source that is cited does not exist: {_some(words, unknown)}"


def _words(tables: Tables) -> Iterator[str]:
    for (table, column), known in _WORDS.items():
        said = pc.unique(tables[table][column].cast(pa.string())).drop_null()
        if len(unknown := _not_in(said, pa.array(known))):
            yield f"{table}: {column} is not a word that Listed knows: {_some(said, unknown)}"


def _shares(links: pa.Table) -> Iterator[str]:
    low, low_known = share_units(links["share_min"])
    high, high_known = share_units(links["share_max"])
    if len(half := np.flatnonzero(low_known != high_known)):
        yield f"links: a share has one end only in {_rows(half)}"
    if len(wrong := np.flatnonzero(low_known & high_known & ((low > high) | (low < 0) | (high > WHOLE)))):
        yield f"links: a share is not in order within 0 to 100 in {_rows(wrong)}"


def _dates(tables: Tables) -> Iterator[str]:
    for table in ("links", "listings"):
        for side in ("start", "end"):
            first, last = (tables[table][f"{side}_{name}"] for name in ("earliest", "latest"))
            if len(wrong := _true(pc.greater(first, last))):
                yield f"{table}: the earliest {side} is after the latest in {_rows(wrong)}"


def _not_in(column: pa.Array | pa.ChunkedArray, known: pa.Array) -> npt.NDArray[np.int64]:
    return _true(pc.invert(pc.is_in(column, value_set=known)))


def _true(answers: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.int64]:
    return np.flatnonzero(pc.fill_null(answers, fill_value=False).to_numpy(zero_copy_only=False)).astype(np.int64)


def _some(column: pa.Array | pa.ChunkedArray, rows: Iterable[int]) -> str:
    found = [int(row) for row in rows]
    said = ", ".join(repr(column[row].as_py()) for row in found[:_SHOWN])
    return said + (f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else "")


def _rows(rows: npt.NDArray[np.int64]) -> str:
    said = ", ".join(str(int(row) + 1) for row in rows[:_SHOWN])
    return f"row {said}" + (f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else "")
