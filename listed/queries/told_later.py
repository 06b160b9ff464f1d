"""Notes on what sources tell of only from a later day than the one asked about.

A rule goes by what is told to hold on its day, and a report often leaves open since when it was so. So a verdict of
"none" on an earlier day must not pass for an all-clear: the stakes and the listings that are told of only later are
named beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from listed.graph.snapshot import Graph
from listed.queries.answer import Inquiry
from listed.queries.first_told import any_stake_later, covered, links_out_of, listings_told_later, stakes_told_later
from listed.queries.later_search import MOST_NAMED, Search, adds, listings_of_the_unlisted, open_on
from listed.queries.regimes import Regime
from listed.queries.ruling import Ruling
from listed.queries.stake_columns import Flags, Ints, runs

_LATER = "told of only from a later day, and so not counted"


def told_later(inquiry: Inquiry, rulings: Sequence[Ruling], entity: int) -> list[str]:
    """Return what is told only later of an entity and its owners, in sentences: listings, and listed owners' stakes."""
    listings = listings_of_it(inquiry, entity, [one.rule for one in rulings])
    rulings = open_on(rulings, entity)
    if not rulings:
        return listings
    search = Search(inquiry, rulings)
    search.up_from(entity)
    return listings + search.notes()


def listings_of_it(inquiry: Inquiry, entity: int, rules: Sequence[Regime] | None = None) -> list[str]:
    """Return the listings of an entity that are told of only later, in a sentence; of all lists, or of some rules'."""
    graph = inquiry.graph
    rows = _rows_of(graph, [entity], inquiry.as_of)
    if rules is not None and len(rows):
        rows = rows[np.logical_or.reduce([covered(rule, graph, rows) for rule in rules])]
    if not len(rows):
        return []
    inquiry.cite(source for row in rows.tolist() for source in graph.cell("listings", "sources", row))
    which = "; ".join(_list_and_day(graph, row) for row in rows.tolist())
    count = "1 listing is" if len(rows) == 1 else f"{len(rows)} listings are"
    return [f"{count} told of only from a later day ({which})."]


def affiliates_told_later(inquiry: Inquiry, rulings: Sequence[Ruling]) -> list[str]:
    """Return in which assets captured owners have stakes told of only later, and which parties are listed so."""
    graph, rulings = inquiry.graph, [one for one in rulings if one.rule.flows_down]
    notes = []
    stakes = _stakes_of_the_captured(inquiry, rulings)
    if len(stakes):
        largest = stakes[np.argsort(-graph.arrays.high[stakes].astype(np.int64), kind="stable")]
        assets = _named(graph, graph.arrays.target[largest].tolist())
        many = f"{len(stakes):,} stakes of listed or captured owners are"
        count = "1 stake of a listed or captured owner is" if len(stakes) == 1 else many
        notes.append(f"{count} {_LATER}: in {assets} (listed verdict names the stakes).")
    if listings := listings_of_the_unlisted(inquiry, rulings):
        notes.append(_listings_counted(graph, [row for rows in listings.values() for row in rows]))
    return notes


def matches_told_later(inquiry: Inquiry, rulings: Sequence[Ruling], entities: Iterable[int]) -> list[str]:
    """Return which of the entities a screening found are listed, or held by captured owners, as is told only later."""
    graph, rulings = inquiry.graph, [one for one in rulings if one.rule.flows_down]
    found = sorted(set(entities))
    reached = _reached_later(inquiry, rulings) if found else np.zeros(graph.arrays.size, np.bool_)
    notes = []
    if touched := [one for one in found if reached[one]]:
        count = "1 match" if len(touched) == 1 else f"{len(touched):,} matches"
        notes.append(
            f"Stakes of listed or captured owners in {count}, or in owners of such, are {_LATER}: "
            f"{_named(graph, touched)} (listed verdict names the stakes)."
        )
    return notes + listings_told_of(inquiry, found)


def listings_told_of(inquiry: Inquiry, entities: Sequence[int]) -> list[str]:
    """Return the listings of some entities that are told of only later, in a sentence."""
    rows = _rows_of(inquiry.graph, entities, inquiry.as_of)
    return [_listings_counted(inquiry.graph, rows.tolist())] if len(rows) else []


def _stakes_of_the_captured(inquiry: Inquiry, rulings: Sequence[Ruling]) -> Ints:
    """Return the stakes told of only later that would add to what captures their assets."""
    nothing: Ints = np.zeros(0, np.int64)
    if not rulings or not any_stake_later(inquiry.graph, inquiry.as_of):
        return nothing
    arrays = inquiry.graph.arrays
    captured = np.logical_or.reduce([one.captured.possible for one in rulings])
    links = links_out_of(inquiry.graph, np.flatnonzero(captured))
    links = links[adds(rulings, arrays.source[links], arrays.target[links])]
    return stakes_told_later(inquiry.graph, links, inquiry.as_of)


def _reached_later(inquiry: Inquiry, rulings: Sequence[Ruling]) -> Flags:
    """Return in whom, or in whose owners, captured owners have stakes as is told of only later."""
    graph, reached = inquiry.graph, np.zeros(inquiry.graph.arrays.size, np.bool_)
    if not rulings:
        return reached
    certain = np.logical_and.reduce([one.captured.certain for one in rulings])
    listed = np.fromiter(listings_of_the_unlisted(inquiry, rulings), np.int64)
    assets = graph.arrays.target[_stakes_of_the_captured(inquiry, rulings)]
    front = np.union1d(assets, _assets_of(inquiry, rulings[0], listed))
    while len(front := front[~reached[front] & ~certain[front]]):
        reached[front] = True
        front = _assets_of(inquiry, rulings[0], front)
    return reached


def _assets_of(inquiry: Inquiry, ruling: Ruling, owners: Ints) -> Ints:
    """Return in whom some owners have stakes, on the day or as is told of only later."""
    graph, stakes = inquiry.graph, ruling.stakes
    rows, _ = runs(stakes.first, owners)
    held = stakes.asset[rows[stakes.high[rows] > 0]]
    later = stakes_told_later(graph, links_out_of(graph, owners), inquiry.as_of)
    return np.union1d(held, graph.arrays.target[later])


def _rows_of(graph: Graph, entities: Sequence[int], day: date) -> Ints:
    """Return the rows of the listings of some entities that are told of only after a day."""
    rows = listings_told_later(graph, day)
    found: Ints = rows[np.isin(graph.arrays.listing_entity[rows], entities)]
    return found


def _named(graph: Graph, entities: Iterable[int]) -> str:
    """Return the first of some entities by name and id, and how many more there are."""
    each = list(dict.fromkeys(entities))
    said = [f"{graph.name_of(one)} [{graph.id_of(one)}]" for one in each[:MOST_NAMED]]
    return _and_more(said, len(each))


def _listings_counted(graph: Graph, rows: Sequence[int]) -> str:
    entities = graph.arrays.listing_entity[list(rows[:MOST_NAMED])].tolist()
    said = [f"{graph.name_of(one)} [{graph.id_of(one)}] ({_list_and_day(graph, row)})"
            for one, row in zip(entities, rows, strict=False)]  # fmt: skip
    count = "1 listing is" if len(rows) == 1 else f"{len(rows):,} listings are"
    return f"{count} {_LATER}: {_and_more(said, len(rows))}."


def _and_more(said: Sequence[str], of: int) -> str:
    return ", ".join(said) + (f", and {of - len(said):,} more" if of > len(said) else "")


def _list_and_day(graph: Graph, listing: int) -> str:
    return f"{graph.cell('listings', 'list', listing)}, {graph.cell('listings', 'start_date', listing)}"
