"""Which parties of a dataset have the name of a listed entity of another one, and are not joined with it.

A name proves nothing, so such two stay two; but whoever loads a tip about a listed company must hear that
the graph does not take the company for the listed one. Names are compared folded
(:func:`listed.graph.names.fold`). A register has millions of them, so whole columns are first reduced to a
coarser key, and only names whose keys meet are folded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.names import fold
from listed.graph.tables import Tables
from listed.graph.vocabulary import may_be_of_one_country

_SHOWN = 3
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss", "ς": "σ"}


@dataclass(frozen=True, slots=True)
class SameName:
    """A party, and a listed entity of another dataset that has its name; ``lists`` are that one's."""

    id: str
    name: str
    other: str
    other_name: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SameNames:
    """How many parties have the name of a listed entity and were not joined, and the first pairs."""

    parties: int = 0
    pairs: tuple[SameName, ...] = ()


NO_SAME_NAMES = SameNames()


def same_names(
    merged: Tables, dataset: str, stated: Tables, day: date, apart: Collection[frozenset[str]] = ()
) -> SameNames:
    """Find the parties of a dataset that have the name of a listed entity of another one.

    Parameters
    ----------
    merged
        The snapshot.
    dataset, stated
        The dataset, and what it says by itself.
    day
        Listings that are over by then do not count.
    apart
        Pairs of ids that a reader decided to be two.
    """
    lists = _lists(merged["listings"], dataset, day)
    if not lists:
        return NO_SAME_NAMES
    names = merged["names"].select(["entity", "text"])
    theirs = names.filter(pc.is_in(names["entity"], pa.array(sorted(lists), pa.string())))
    their_keys, ours = coarse(theirs["text"]), stated["names"].select(["entity", "text"])
    met = pc.is_in(coarse(ours["text"]), pc.unique(their_keys))
    ours = ours.filter(met)
    if not ours.num_rows:
        return NO_SAME_NAMES
    theirs = theirs.filter(pc.is_in(their_keys, pc.unique(coarse(ours["text"]))))
    went = dict(_rows(merged["merged_ids"].select(["id", "entity"])))
    bearers: dict[str, list[str]] = {}
    for entity, text in _rows(theirs):
        bearers.setdefault(fold(text), []).append(entity)
    found: dict[tuple[str, str], str] = {}
    for entity, text in _rows(ours):
        id_ = went.get(entity, entity)
        for other in bearers.get(fold(text), ()):
            if id_ != other and id_ not in lists and frozenset((id_, other)) not in apart:
                found.setdefault((id_, other), text)
    return _told(merged["entities"], list(found), lists)


def _rows(table: pa.Table) -> list[tuple[str, str]]:
    """Return the rows of a table of two columns of text."""
    return list(zip(table[0].to_pylist(), table[1].to_pylist(), strict=True))


def coarse(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return letters and digits alone: names of one folded form have one such key, and so have a few others."""
    if isinstance(column, pa.ChunkedArray):
        return pa.chunked_array([coarse(chunk) for chunk in column.chunks], pa.string())
    text = pc.replace_substring(column, "&", "and")
    strange = pc.invert(pc.string_is_ascii(text))
    if pc.any(strange).as_py():
        others = pc.utf8_lower(pc.utf8_normalize(text.filter(strange), "NFKD"))
        for letter, plain in _LETTERS.items():
            others = pc.replace_substring(others, letter, plain)
        text = pc.replace_with_mask(text, strange, others)
    return pc.replace_substring_regex(pc.ascii_lower(text), r"[^\pL\pN]+", "")


def _lists(listings: pa.Table, dataset: str, day: date) -> dict[str, set[str]]:
    """Return the lists of each entity that another dataset lists."""
    other = pc.not_equal(listings["dataset"].cast(pa.string()), dataset)
    over = pc.less(listings["end_latest"], pa.scalar(day, listings.schema.field("end_latest").type)).fill_null(False)  # noqa: FBT003
    kept = listings.filter(pc.and_(other, pc.invert(over)))
    lists: dict[str, set[str]] = {}
    for entity, list_ in _rows(kept.select(["entity", "list"])):
        lists.setdefault(entity, set()).add(list_)
    return lists


def _told(entities: pa.Table, found: list[tuple[str, str]], lists: dict[str, set[str]]) -> SameNames:
    """Count the pairs that no country speaks against, and tell the first by name."""
    ids = pa.array(sorted({id_ for pair in found for id_ in pair}), pa.string())
    known = entities.filter(pc.is_in(entities["id"], ids)).select(["id", "name", "countries"]).to_pylist()
    said = {one["id"]: one for one in known}
    pairs = [
        SameName(one, said[one]["name"] or one, other, said[other]["name"] or other, tuple(sorted(lists[other])))
        for one, other in found
        if may_be_of_one_country(said[one]["countries"], said[other]["countries"])
    ]
    pairs.sort(key=lambda pair: (pair.name, pair.id, pair.other))
    return SameNames(len({pair.id for pair in pairs}), tuple(pairs[:_SHOWN]))
