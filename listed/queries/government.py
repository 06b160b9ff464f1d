"""The state bodies behind an entity: direct, and through its owners."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np

from listed.errors import QueryError
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import STATE_TOPICS, LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.exposure import links_between
from listed.queries.links_to_come import note_links_to_come
from listed.queries.records import GovernmentRow
from listed.queries.resolve import find
from listed.queries.sentences import sentence, step_over
from listed.queries.stake_columns import Flags, Ints, numbers_of, runs, words_of

MOST_HOPS = 6

_UPWARD = (LinkType.OWNS, LinkType.CONTROLS)


def is_state_body(graph: Graph, entity: int) -> bool:
    """Whether an entity is itself part of a state (a state-owned firm is not)."""
    return graph.schema_of(entity) == "PublicBody" or not STATE_TOPICS.isdisjoint(graph.topics_of(entity))


def _are_state_bodies(graph: Graph, entities: Ints) -> Flags:
    """Return which of many entities are themselves part of a state."""
    words, codes = words_of(graph.column("entities", "schema"))
    found = np.array([*(word == "PublicBody" for word in words), False])[codes[entities]]
    topics = numbers_of(graph.column("entities", "topics").offsets)
    # Few have topics: only theirs are read.
    for place in np.flatnonzero(~found & (topics[entities + 1] > topics[entities])).tolist():
        found[place] = is_state_body(graph, int(entities[place]))
    return np.asarray(found)


def government(
    graph: Graph, entity: str, as_of: date | None = None, *, hops: int = MOST_HOPS, history: bool = False
) -> Answer[GovernmentRow]:
    """Return the state bodies linked to an entity, or to one that owns or controls it.

    Goes up the owners, whatever their share, and tells of each every link with a state body. The
    link may be ownership or much less (an affiliation, a customer): ``relation`` says which.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default.
    entity
        Id, identifier or name.
    hops
        Most links up to a state body.
    history
        Also over links that were over by then, marked.

    Returns
    -------
    Answer of GovernmentRow
        Owners, controllers and those it is designated by first, then other ties, customers and suppliers last
        (:data:`STATE_TIES`); of each the nearest first, then the strongest relation.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    QueryError
        If ``hops`` is not positive.
    """
    if hops < 1:
        raise QueryError("hops must be at least 1")
    start = find(graph, entity)
    inquiry = Inquiry(graph, "government", {"entity": graph.id_of(start), "hops": hops, "history": history}, as_of)
    day = inquiry.as_of
    chains = _owners_above(graph, start, day, hops - 1, history=history)
    rows = []
    for chain in chains:
        for body in _state_bodies(graph, chain[-1], day, history=history):
            rows += [_row(inquiry, (*chain, body), history=history)] if body not in chain else []
    _tell_state_firms(inquiry, start)
    _note_what_is_to_come(inquiry, chains, hops)
    rows.sort(key=_order)
    return inquiry.answer(rows, {"hops": hops, "owners_above": len(chains) - 1}, kind=GovernmentRow)


STATE_TIES = {
    "behind": "Owners, controllers, and those it is designated by",
    "other": "Other ties: regulators, investors, founders, partners, funds, affiliations, pilots",
    "trade": "Customers and suppliers",
}
"""What a state body may be to an entity, in the order told: no customer stands behind a firm as its owner does."""


def _tie_of(relation: str) -> str:
    """Return which of :data:`STATE_TIES` the type of the last link of a row is."""
    behind = relation in (*_UPWARD, LinkType.DESIGNATED_BY)
    return "behind" if behind else "trade" if relation in _TRADE else "other"


_TRADE = (LinkType.SUPPLIES, LinkType.CUSTOMER_OF)
_ORDER = {tie: place for place, tie in enumerate(STATE_TIES)}


def _order(row: GovernmentRow) -> tuple[int, int, int, str, tuple[str, ...]]:
    return _ORDER[row.tie], row.hops, LinkType(row.relation).rank, row.body_name, row.through


def _tell_state_firms(inquiry: Inquiry, entity: int) -> None:
    """Note which owners and investors are firms of a state: investments are not followed up to the state itself."""
    graph, number = inquiry.graph, day_number(inquiry.as_of)
    arrays = graph.arrays
    arcs = arrays.arcs_of(entity)
    links = arrays.link[arcs]
    there = (arrays.target[links] == entity) & np.isin(arrays.arc_kind[arcs], [kind.rank for kind in _HOLDING])
    there &= arrays.arc_from[arcs] <= number
    holders = np.unique(arrays.source[links[there]]).tolist()
    firms = [graph.name_of(one) for one in holders if STATE_FIRM in graph.topics_of(one)]
    if firms:
        more = f" and {len(firms) - _MOST_NAMED:,} more" if len(firms) > _MOST_NAMED else ""
        named = ", ".join(firms[:_MOST_NAMED])
        inquiry.notes.append(
            f"Firms of a state (topic {STATE_FIRM}) hold or held it, or invested in it: {named}{more}."
        )


_HOLDING = (LinkType.OWNS, LinkType.CONTROLS, LinkType.INVESTED_IN)
STATE_FIRM = "gov.soe"
_MOST_NAMED = 12


def _note_what_is_to_come(inquiry: Inquiry, chains: list[tuple[int, ...]], hops: int) -> None:
    """Note which links with state bodies, and with owners there is no other way up to, are not there on the day."""
    graph, number = inquiry.graph, day_number(inquiry.as_of)
    arrays = graph.arrays
    above = np.array([chain[-1] for chain in chains], np.int64)
    arcs, count = runs(arrays.first, above)
    # Few links are to come, and of few parties: only those are looked at, with all between the same two.
    later = np.unique(arrays.neighbour[arcs[arrays.start_earliest[arrays.link[arcs]] > number]])
    of_state = _are_state_bodies(graph, later)
    far = arrays.neighbour[arcs]
    note_links_to_come(inquiry, arcs[np.isin(far, later[of_state])])
    owners = later[~of_state & ~np.isin(later, above)]
    upward = np.isin(far, owners) & np.isin(arrays.arc_kind[arcs], [type_.rank for type_ in _UPWARD])
    upward &= arrays.target[arrays.link[arcs]] == np.repeat(above, count)
    # Those at the top of the longest chains have owners that no day would show.
    upward &= np.repeat([len(chain) < hops for chain in chains], count)
    note_links_to_come(inquiry, arcs[upward], "Not followed to an owner")


def _owners_above(graph: Graph, start: int, day: date, hops: int, *, history: bool) -> list[tuple[int, ...]]:
    """Return a shortest chain to each owner above that is no state body itself, the entity's own first."""
    chains: dict[int, tuple[int, ...]] = {start: (start,)}
    front = [start]
    for _ in range(hops):
        reached = []
        for entity in front:
            for owner in _linked(graph, entity, day, history=history):
                if owner not in chains and not is_state_body(graph, owner):
                    chains[owner] = (*chains[entity], owner)
                    reached.append(owner)
        front = reached
        if not front:
            break
    return list(chains.values())


def _state_bodies(graph: Graph, entity: int, day: date, *, history: bool) -> list[int]:
    neighbours = graph.arrays.neighbour[graph.arrays.arcs_of(entity)]
    bodies: list[int] = np.unique(neighbours[_are_state_bodies(graph, neighbours)]).tolist()
    return [one for one in bodies if links_between(graph, entity, one, day, history=history)]


def _linked(graph: Graph, entity: int, day: date, *, history: bool) -> list[int]:
    """Return the owners and controllers of an entity that may be so on the day; with history: or were before."""
    arrays = graph.arrays
    arcs = arrays.arcs_of(entity)
    links = arrays.link[arcs]
    counts = (arrays.target[links] == entity) & np.isin(arrays.arc_kind[arcs], [type_.rank for type_ in _UPWARD])
    number = day_number(day)
    counts &= (arrays.arc_from[arcs] <= number) & (history | (arrays.arc_to[arcs] >= number))
    return sorted({int(one) for one in arrays.source[links[counts]]})


def _row(inquiry: Inquiry, path: tuple[int, ...], *, history: bool) -> GovernmentRow:
    graph = inquiry.graph
    day = inquiry.as_of
    between = [_upward(graph, *pair, day, history=history) for pair in pairwise(path[:-1])]
    between.append(links_between(graph, path[-2], path[-1], day, history=history))
    steps = tuple(step_over(inquiry, links, path[place]) for place, links in enumerate(between))
    return GovernmentRow(
        body=graph.id_of(path[-1]),
        body_name=graph.name_of(path[-1]),
        relation=steps[-1].type,
        tie=_tie_of(steps[-1].type),
        through=tuple(graph.name_of(one) for one in path[1:-1]),
        hops=len(steps),
        sentence=sentence(graph, path, tuple(links[0] for links in between), inquiry.as_of),
        steps=steps,
        history=any(step.holds == "past" for step in steps),
        sources=tuple(dict.fromkeys(one for step in steps for one in step.sources)),
    )


def _upward(graph: Graph, asset: int, owner: int, day: date, *, history: bool) -> list[int]:
    """Return the ownership and control links from an owner to its asset, strongest first."""
    ranks = {type_.rank for type_ in _UPWARD}
    links = links_between(graph, asset, owner, day, history=history)
    return [link for link in links if graph.arrays.source[link] == owner and int(graph.arrays.kind[link]) in ranks]
