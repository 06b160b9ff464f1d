"""By which paths an entity reaches a listed one, and how two entities are connected."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from listed.errors import QueryError
from listed.graph.adjacency import FAR, U8, distances
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.best_paths import Found, Question, best_paths
from listed.queries.listings import check_lists, ever_listed, listed_on, lists_of
from listed.queries.ownership import hands_between, links_of_stakes, stake_rows
from listed.queries.records import PathRow, Step
from listed.queries.remembering import remembered
from listed.queries.resolve import find
from listed.queries.sentences import sentence, step_over
from listed.queries.ventures import ventures_of

MOST_HOPS = 4
MOST_PATHS = 25
MOST_VENTURES = 25
"""Joint ventures of the listed entities reached that are told, those of the nearest first."""

LONGEST = 12
"""Longest path that can be asked for."""


def exposure(
    graph: Graph,
    entity: str,
    as_of: date | None = None,
    *,
    lists: Iterable[str] = (),
    types: Iterable[str] = (),
    hops: int = MOST_HOPS,
    limit: int = MOST_PATHS,
    hubs: bool = False,
    history: bool = False,
) -> Answer[PathRow]:
    """Return the best paths from an entity to listed ones.

    Best first: fewer links; then, step by step, the stronger type of link; then the id. A path
    ends at the first listed entity. After the paths follow the joint ventures of the listed
    entities reached, one link further, past ones marked as history.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default: links and listings count that may hold on it.
    entity
        Id, identifier or name.
    lists
        Ids of the lists that count; all by default.
    types
        Types of link to go over; all by default.
    hops, limit
        Longest path, and how many.
    hubs
        Also go through hubs, such as SASAC.
    history
        Also over links and listings that were over by then, marked.

    Returns
    -------
    Answer of PathRow
        ``bounds`` says what each limit cut off.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    QueryError
        If a list, a type, ``hops`` or ``limit`` is not one that can be asked for.
    """
    start = find(graph, entity)
    wanted = check_lists(graph, tuple(lists))
    kinds = kinds_of(types)
    asked = {"entity": graph.id_of(start), "lists": wanted, "types": tuple(types), "hops": hops, "limit": limit,
             "hubs": hubs, "history": history}  # fmt: skip
    inquiry = Inquiry(graph, "exposure", asked, as_of)
    on = _ends(graph, inquiry.as_of, wanted, history=history)
    near = _near_listed(graph, wanted, kinds, hubs=hubs)
    others = on - {start} if start in on else on
    found = _search(inquiry, start, others, near, kinds, hops, limit, hubs=hubs, history=history)
    if start in on:
        own = ", ".join(lists_of(graph, start, inquiry.as_of))
        inquiry.notes.append(f"{graph.name_of(start)} is itself listed: {own or 'in the past'}.")
    told = _Telling(inquiry)
    rows = [told.row("listed", path, history=history) for path in found.paths]
    ventures = _ventures_beyond(inquiry, found, kinds, hops)
    more_ventures = len(ventures) > MOST_VENTURES
    rows += [told.beyond("venture", path) for path in ventures[:MOST_VENTURES]]
    _tell_exits(inquiry, start, found)
    bounds = _bounds(graph, found, hops, limit, hubs=hubs) | {"ventures": MOST_VENTURES, "more_ventures": more_ventures}
    return inquiry.answer(rows, bounds, kind=PathRow)


def paths(
    graph: Graph,
    start: str,
    end: str,
    as_of: date | None = None,
    *,
    types: Iterable[str] = (),
    hops: int = MOST_HOPS,
    limit: int = MOST_PATHS,
    hubs: bool = False,
    history: bool = False,
) -> Answer[PathRow]:
    """Return the best paths between two entities, over links in either direction.

    As :func:`exposure`, but to one end, which need not be listed.
    """
    first, last = find(graph, start), find(graph, end)
    if first == last:
        raise QueryError(f"{start!r} and {end!r} are the same entity, {graph.id_of(first)}")
    kinds = kinds_of(types)
    asked = {"start": graph.id_of(first), "end": graph.id_of(last), "types": tuple(types), "hops": hops,
             "limit": limit, "hubs": hubs, "history": history}  # fmt: skip
    inquiry = Inquiry(graph, "paths", asked, as_of)
    near = _near_one(graph, last, kinds, hops, hubs=hubs)
    found = _search(inquiry, first, frozenset({last}), near, kinds, hops, limit, hubs=hubs, history=history)
    told = _Telling(inquiry)
    rows = [told.row("path", path, history=history) for path in found.paths]
    if any(path == (first, last) for path in found.paths):
        _tell_exits(inquiry, first, found)
    return inquiry.answer(rows, _bounds(graph, found, hops, limit, hubs=hubs), kind=PathRow)


def nearest_path(inquiry: Inquiry, start: int, hops: int) -> PathRow | None:
    """Return the best path from an entity to a listed one other than itself, on the inquiry's date."""
    on = _ends(inquiry.graph, inquiry.as_of, (), history=False) - {start}
    found = _search(inquiry, start, on, inquiry.graph.arrays.near, None, hops, 1, hubs=False, history=False)
    return path_row(inquiry, "listed", found.paths[0], history=False) if found.paths else None


def kinds_of(types: Iterable[str]) -> frozenset[int] | None:
    """Return the ranks of the types of link named, or None for all. Raises QueryError for one there is not."""
    names = [name.upper() for name in types]
    for name in names:
        if name not in LinkType.__members__:
            raise QueryError(f"no type of link is called {name!r} (there are: {', '.join(LinkType)})")
    return frozenset(LinkType(name).rank for name in names) if names else None


def check_bounds(hops: int, limit: int) -> None:
    """Raise QueryError for bounds that cannot be asked for."""
    if not 1 <= hops <= LONGEST or limit < 1:
        raise QueryError(f"hops must be 1 to {LONGEST}, and the limit at least 1")


def _search(
    inquiry: Inquiry,
    start: int,
    ends: frozenset[int],
    near: U8,
    kinds: frozenset[int] | None,
    hops: int,
    limit: int,
    *,
    hubs: bool,
    history: bool,
) -> Found:
    check_bounds(hops, limit)
    day = day_number(inquiry.as_of)
    found = best_paths(inquiry.graph.arrays, Question(start, ends, near, day, kinds, hops, limit, hubs, past=history))
    if not found.paths and not hubs:
        found.hubs |= _hubs_between(inquiry.graph, start, near, kinds, hops) - ends
    return found


def _hubs_between(graph: Graph, start: int, near: U8, kinds: frozenset[int] | None, hops: int) -> set[int]:
    """Return the hubs over which a path within the hops might lead, on some date.

    The search turns back before a hub that is the only way: where it finds nothing, these are told of.
    """
    far = _distances(graph, np.array([start]), kinds, hops - 1, hubs=False).astype(np.int64)
    between = graph.arrays.hub & (far > 0) & (far < hops) & (far + near <= hops)
    return set(np.flatnonzero(between).tolist())


def _ends(graph: Graph, day: date, lists: tuple[str, ...], *, history: bool) -> frozenset[int]:
    if not history:
        return listed_on(graph, day, lists)
    begun = graph.arrays.listing_from <= day_number(day)
    ever = set(graph.arrays.listing_entity[begun].tolist())
    return frozenset(ever & set(ever_listed(graph, lists).tolist()) if lists else ever)


def _near_listed(graph: Graph, lists: tuple[str, ...], kinds: frozenset[int] | None, *, hubs: bool) -> U8:
    """Return distances to the nearest entity ever listed: a bound for every date."""
    if not lists and kinds is None and not hubs:
        return graph.arrays.near

    def measured() -> U8:
        ends = ever_listed(graph, lists) if lists else np.unique(graph.arrays.listing_entity)
        return _distances(graph, ends, kinds, FAR - 1, hubs=hubs)

    return remembered(graph, "near", (lists, kinds, hubs), measured, _DISTANCES_REMEMBERED)


_DISTANCES_REMEMBERED = 8
"""Questions whose distances a graph remembers: a byte for each of its entities."""


def _near_one(graph: Graph, end: int, kinds: frozenset[int] | None, hops: int, *, hubs: bool) -> U8:
    # Half the way is enough: what is not within it is further, which prunes as well.
    return _distances(graph, np.array([end]), kinds, (hops + 1) // 2, hubs=hubs)


def _distances(graph: Graph, ends: Any, kinds: frozenset[int] | None, within: int, *, hubs: bool) -> U8:
    arrays = graph.arrays
    blocked = np.zeros_like(arrays.hub) if hubs else arrays.hub
    allowed = None if kinds is None else np.isin(arrays.arc_kind, list(kinds))
    return distances(arrays.first, arrays.neighbour, ends, blocked, allowed=allowed, within=within)


def links_between(graph: Graph, one: int, other: int, day: date, *, history: bool) -> list[int]:
    """Return the links between two entities that may hold on a day (with history: or before), strongest first.

    Of one type those that still hold come before those that are over, and the later before the earlier.
    """
    arrays = graph.arrays
    # Either end has arcs of them; those of a hub are found among thousands.
    (arcs, far), _ = sorted(
        ((arrays.arcs_of(one), other), (arrays.arcs_of(other), one)), key=lambda end: end[0].stop - end[0].start
    )
    place = np.flatnonzero(np.asarray(arrays.neighbour[arcs]) == far) + arcs.start
    number = day_number(day)
    place = place[(arrays.arc_from[place] <= number) & (history | (arrays.arc_to[place] >= number))]
    order = sorted(place.tolist(), key=lambda arc: (int(arrays.arc_kind[arc]), -int(arrays.arc_to[arc]),
                                                    -int(arrays.arc_from[arc]), int(arrays.link[arc])))  # fmt: skip
    return [int(arrays.link[arc]) for arc in order]


def path_row(inquiry: Inquiry, kind: str, path: tuple[int, ...], *, history: bool) -> PathRow:
    """Return the record of a path, over the links that may hold on the day; with ``history`` past ones too."""
    return _Telling(inquiry).row(kind, path, history=history)


class _Telling:
    """The paths of one answer, being told: what several of them go over is told once."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry, self.graph = inquiry, inquiry.graph
        self._between: dict[tuple[int, int, bool], list[int]] = {}
        self._steps: dict[tuple[int, tuple[int, ...]], Step] = {}

    def row(self, kind: str, path: tuple[int, ...], *, history: bool) -> PathRow:
        """Return the record of a path, over the links that may hold on the day; with ``history`` past ones too."""
        return self._row(kind, path, [self._links(*pair, history=history) for pair in pairwise(path)])

    def beyond(self, kind: str, path: tuple[int, ...]) -> PathRow:
        """Return the record of a path, a step over past links where no other leads on."""
        between = [self._links(*pair, history=False) or self._links(*pair, history=True) for pair in pairwise(path)]
        return self._row(kind, path, between)

    def _links(self, one: int, other: int, *, history: bool) -> list[int]:
        key = (one, other, history)
        if key not in self._between:
            self._between[key] = links_between(self.graph, one, other, self.inquiry.as_of, history=history)
        return self._between[key]

    def _step(self, start: int, links: list[int]) -> Step:
        key = (start, tuple(links))
        if key not in self._steps:
            self._steps[key] = step_over(self.inquiry, links, start)
        return self._steps[key]

    def _row(self, kind: str, path: tuple[int, ...], between: list[list[int]]) -> PathRow:
        graph, day = self.graph, self.inquiry.as_of
        steps = tuple(self._step(start, links) for start, links in zip(path, between, strict=False))
        return PathRow(
            kind=kind,
            start=graph.id_of(path[0]),
            start_name=graph.name_of(path[0]),
            end=graph.id_of(path[-1]),
            end_name=graph.name_of(path[-1]),
            hops=len(between),
            sentence=sentence(graph, path, tuple(links[0] for links in between), day),
            entities=tuple(graph.id_of(one) for one in path),
            names=tuple(graph.name_of(one) for one in path),
            steps=steps,
            history=any(step.holds == "past" for step in steps),
            listed_on=lists_of(graph, path[-1], day),
            sources=tuple(dict.fromkeys(one for step in steps for one in step.sources)),
        )


def _ventures_beyond(inquiry: Inquiry, found: Found, kinds: frozenset[int] | None, hops: int) -> list[tuple[int, ...]]:
    """Return paths to the ventures of the listed entities reached, one link further: as many as are told, and more.

    Past ones too: what a listed firm held with others, and sold, is what a reader asks next.
    """
    if kinds is not None and LinkType.OWNS.rank not in kinds:
        return []
    ends = set[int]()
    beyond: list[tuple[int, ...]] = []
    for path in found.paths:
        end = path[-1]
        if len(beyond) > MOST_VENTURES:
            break
        if end in ends or len(path) > hops:
            continue
        ends.add(end)
        beyond += [(*path, venture) for venture in _ventures_of(inquiry, end) if venture not in path]
    return beyond


def _ventures_of(inquiry: Inquiry, partner: int) -> list[int]:
    """Return the ventures an entity is or was a partner in, by the date; the same listed ones are reached by many."""
    graph, day = inquiry.graph, inquiry.as_of
    return remembered(graph, "ventures", (partner, day), lambda: ventures_of(graph, partner, day), _REMEMBERED)


_REMEMBERED = 2_000
"""Partners whose ventures on a day a graph remembers."""


def _tell_exits(inquiry: Inquiry, start: int, found: Found) -> None:
    """Note of the listed entities one link away whether the one asked, or a firm of its own, sold out.

    An investment stays an event of the past; a reader must not take it for a stake.
    """
    graph = inquiry.graph
    quiet = Inquiry(graph, "", {}, inquiry.as_of)
    for entity in sorted({path[1] for path in found.paths if len(path) == 2}):
        stakes = links_of_stakes(graph, entity, of_asset=True)
        if not (graph.arrays.high[stakes] == 0).any():  # nobody sold anything
            continue
        own = [start, *hands_between(graph, start, entity, inquiry.as_of)]
        links = stakes[np.isin(graph.arrays.source[stakes], own)].tolist()
        for one in stake_rows(quiet, links, history=True, of_asset=True):
            if one.holds == "exit":
                inquiry.cite(one.sources)
                # A sale that is only told of came before the day of telling.
                word = "by" if one.start_told else "on" if len(one.start_date) == 10 else "in"
                when = f" {word} {one.start_date}" * bool(one.start_date)
                inquiry.notes.append(f"{one.owner_name} had sold its shares of {one.asset_name}{when}.")


def _bounds(graph: Graph, found: Found, hops: int, limit: int, *, hubs: bool) -> dict[str, Any]:
    """Return every bound and what it cut off."""
    passed = sorted(found.hubs, key=lambda hub: (-graph.degree(hub), hub))
    return {
        "hops": hops,
        "limit": limit,
        "through_hubs": hubs,
        "more_paths": found.more,
        "gave_up": found.gave_up,
        "steps": found.steps,
        "hubs_not_passed": [
            {"entity": graph.id_of(hub), "name": graph.name_of(hub), "links": graph.degree(hub)} for hub in passed
        ],
    }
