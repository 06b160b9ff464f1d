"""Who is on which list on a date."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from listed.errors import QueryError
from listed.graph.period import Containment
from listed.graph.snapshot import Graph, period_of
from listed.graph.tables import day_number
from listed.graph.vocabulary import LISTS
from listed.queries.answer import Inquiry
from listed.queries.records import ListingRow
from listed.queries.remembering import remembered


def listings_of(inquiry: Inquiry, entity: int, *, history: bool) -> list[ListingRow]:
    """Return the listings of an entity that may hold on the inquiry's date; past ones too if asked."""
    graph, day = inquiry.graph, inquiry.as_of
    rows, sources = remembered(
        graph, "listings told", (entity, day, history), lambda: _told(graph, entity, day, history=history), _REMEMBERED
    )
    inquiry.cite(sources)
    return list(rows)


_REMEMBERED = 10_000
"""Parties whose listings on a day a graph remembers: the same are led back to from many sides."""


def _told(graph: Graph, entity: int, day: date, *, history: bool) -> tuple[list[ListingRow], list[str]]:
    """Return the listings, and the sources of them in the order of the table."""
    rows: list[ListingRow] = []
    for row in graph.part_rows("listings", entity).tolist():
        said = graph.row("listings", row)
        period = period_of(said)
        holds = period.contains(day)
        if holds is Containment.NO and not (history and period.is_past(day)):
            continue
        rows.append(
            ListingRow(
                entity=said["entity"],
                name=graph.name_of(entity),
                list=said["list"],
                list_title=LISTS.get(said["list"], said["list"]),
                start_date=said["start_date"] or "",
                end_date=said["end_date"] or "",
                start_told=period.told,
                holds="past" if holds is Containment.NO else holds.value,
                citation=said["citation"] or "",
                licence_requirement=said["licence_requirement"] or "",
                licence_policy=said["licence_policy"] or "",
                programs=tuple(said["programs"]),
                remarks=said["remarks"] or "",
                sources=tuple(dict.fromkeys(said["sources"])),
            )
        )
    sources = [source for row in rows for source in row.sources]
    return sorted(rows, key=lambda one: (one.holds == "past", one.list, one.start_date)), sources


def lists_of(graph: Graph, entity: int, day: date, *, history: bool = False) -> tuple[str, ...]:
    """Return the ids of the lists an entity may be on, on a day; with ``history`` past ones too, marked."""
    now, past = set(), set()
    for row in graph.part_rows("listings", entity).tolist():
        period = period_of({name: graph.cell("listings", name, row) for name in _PERIOD})
        if period.contains(day) is not Containment.NO:
            now.add(str(graph.cell("listings", "list", row)))
        elif history and period.is_past(day):
            past.add(str(graph.cell("listings", "list", row)))
    return (*sorted(now), *(f"{list_} (past)" for list_ in sorted(past - now)))


_PERIOD = ("start_earliest", "start_latest", "end_earliest", "end_latest")


def listed_on(graph: Graph, day: date, lists: tuple[str, ...] = ()) -> frozenset[int]:
    """Return the numbers of the entities that may be on one of the lists (any list) on a day."""
    return remembered(graph, "listed", (day, lists), lambda: _found_on(graph, day, lists), _DAYS_REMEMBERED)


_DAYS_REMEMBERED = 32
"""Days, and lists, of which a graph remembers who is on them."""


def _found_on(graph: Graph, day: date, lists: tuple[str, ...]) -> frozenset[int]:
    arrays, number = graph.arrays, day_number(day)
    counts = (np.asarray(arrays.listing_from) <= number) & (np.asarray(arrays.listing_to) >= number)
    if lists:
        counts &= _on(graph, lists)
    return frozenset(arrays.listing_entity[counts].tolist())


def ever_listed(graph: Graph, lists: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Return the numbers of the entities ever on one of the lists."""
    return np.unique(graph.arrays.listing_entity[_on(graph, lists)])


def known_lists(graph: Graph) -> list[str]:
    """Return the ids of the lists that the graph holds listings of."""
    return graph.lists()


def check_lists(graph: Graph, lists: tuple[str, ...]) -> tuple[str, ...]:
    """Return the list ids asked for, in order. Raises QueryError for one the graph does not hold."""
    there = known_lists(graph)
    wanted = tuple(sorted({name.upper() for name in lists}))
    for name in wanted:
        if name not in there:
            raise QueryError(f"this graph holds no list {name!r} (it holds: {', '.join(there) or 'none'})")
    return wanted


def _on(graph: Graph, lists: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    names = graph.tables["listings"]["list"].cast(pa.string()).to_numpy()
    return np.isin(names.astype(str), lists)
