"""Look-through shares: products along chains, summed over all chains, loops solved as they are.

A second, separate number: what an owner holds of an asset economically. Ownership rules do not use
it (a rule counts whole stakes of captured owners, :mod:`listed.queries.rules`).

The shares ``y`` of one owner in all assets solve ``y = s + S' y``, where ``s`` are its direct stakes
and ``S[b, a]`` is what ``b`` holds of ``a`` (Brioschi, Buzzacchi and Colombo 1989). Ranges give two
systems, of low and of high ends; a stake may be no more than what others certainly hold of its asset
leaves. A loop of firms that own each other whole has no owner outside and no solution: it is
reported, and what it holds is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from listed.errors import QueryError
from listed.graph.share import WHOLE
from listed.graph.snapshot import Graph
from listed.queries.answer import Answer, Inquiry
from listed.queries.chain_shares import (
    F64,
    TOLERANCE,
    Chains,
    chains_of,
    closed_loops,
    on_loops,
    reached_from,
    shares_from,
)
from listed.queries.fixed_points import distinct
from listed.queries.government import is_state_body
from listed.queries.listings import lists_of
from listed.queries.resolve import find
from listed.queries.stake_columns import Flags, Ints, StakeColumns, links_of, runs, stake_columns

LIMIT = 1000
"""Most rows told of; the largest shares."""

_FAR_BEYOND = 4.0
"""A sum over loops of more than this is given up: the share may be anything."""

ONE_BY_ONE = 1000
"""Up to so many owners above, each is solved by itself where loops or doubtful shares ask for it."""


@dataclass(frozen=True, slots=True)
class LookThroughRow:
    """What an owner holds of an asset over all chains, in percent.

    ``direct_min`` and ``direct_max`` are the direct stake, for comparison. ``ultimate`` says why the
    owner is an end of the chains ("no known owner", "state body", "person"), else is empty.
    """

    owner: str
    owner_name: str
    asset: str
    asset_name: str
    share_min: Decimal
    share_max: Decimal
    direct_min: Decimal
    direct_max: Decimal
    ultimate: str
    listed_on: tuple[str, ...]
    sources: tuple[str, ...]


def look_through_holdings(
    graph: Graph, entity: str, as_of: date | None = None, *, limit: int = LIMIT
) -> Answer[LookThroughRow]:
    """Return what an entity holds over all chains, the largest first.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default.
    entity
        Id, identifier or name.
    limit
        Most rows; ``bounds`` tells how many more there are.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    QueryError
        If ``limit`` is not positive.
    """
    return _answer(graph, "holdings", entity, as_of, limit, upward=False)


def look_through_owners(
    graph: Graph, entity: str, as_of: date | None = None, *, limit: int = LIMIT
) -> Answer[LookThroughRow]:
    """Return who holds an entity over all chains, the largest first. As :func:`look_through_holdings`."""
    return _answer(graph, "owners", entity, as_of, limit, upward=True)


def _answer(
    graph: Graph, query: str, entity: str, as_of: date | None, limit: int, *, upward: bool
) -> Answer[LookThroughRow]:
    if limit < 1:
        raise QueryError("limit must be at least 1")
    row = find(graph, entity)
    inquiry = Inquiry(graph, query, {"entity": graph.id_of(row), "look_through": True}, as_of)
    stakes = stake_columns(graph, inquiry.as_of)
    found = look_through(stakes, row, upward=upward)
    if found.closed:
        names = ", ".join(graph.name_of(one) for one in found.closed)
        inquiry.notes.append(
            f"These own each other whole, so that nobody outside does: {names}. Their share is unknown."
        )
    if found.bounded:
        inquiry.notes.append(
            f"Loops of stakes, {found.bounded:,} entities wide, were too many to solve: shares are told as bounds, "
            "which may be wider than need be."
        )
    shown = found.largest(limit)
    cut = len(found.entities) - len(shown.entities)
    if cut:
        inquiry.notes.append(f"The {limit:,} largest are told of, {cut:,} are not.")
    rows = [_row(inquiry, stakes, row, *pair, upward=upward) for pair in zip(*shown.columns(), strict=True)]
    rows.sort(key=lambda one: (-one.share_max, -one.share_min, one.owner_name, one.asset_name))
    return inquiry.answer(rows, {"limit": limit, "cut_off": cut})


@dataclass(frozen=True, slots=True)
class LookThrough:
    """Look-through shares of one entity in others, or of others in it: ``low`` and ``high`` of 1.

    ``closed`` are the entities in closed loops; ``bounded`` counts those whose shares are only bounds.
    """

    entities: Ints
    low: F64
    high: F64
    closed: tuple[int, ...] = ()
    bounded: int = 0

    def columns(self) -> tuple[list[int], list[float], list[float]]:
        """Return entity, low and high as lists."""
        return self.entities.tolist(), self.low.tolist(), self.high.tolist()

    def largest(self, most: int) -> LookThrough:
        """Return those of the largest shares."""
        order = np.lexsort((self.entities, -self.low, -self.high))[:most]
        return LookThrough(self.entities[order], self.low[order], self.high[order], self.closed, self.bounded)


@dataclass(frozen=True, slots=True)
class _Part:
    """What an entity reaches: entities numbered anew, and the stakes between them by owner."""

    members: Ints
    asked: int
    owner: Ints
    asset: Ints
    low: Ints
    high: Ints

    @property
    def size(self) -> int:
        return len(self.members)

    def chains(self, held: Ints, *, turned: bool = False) -> Chains:
        start, end = (self.asset, self.owner) if turned else (self.owner, self.asset)
        return chains_of(start, end, held / WHOLE, self.size)


def look_through(
    stakes: StakeColumns, entity: int, *, upward: bool = False, tolerance: float = TOLERANCE
) -> LookThrough:
    """Return the look-through shares of an entity in all it reaches, or (``upward``) of all above in it.

    What an owner holds is the same told from either end. Chains that come back to their owner end
    there: they say nothing new of it. A share that grows by less than the ``tolerance`` (of 1) with
    longer chains is taken as it is.
    """
    part = _part(stakes, entity, upward=upward)
    closed = closed_loops(part.owner, part.asset, part.low, part.size)
    low, high, bounded = (_above if upward else _below)(part, closed, tolerance)
    low[closed], high[closed] = 0.0, 1.0
    if upward and closed[part.asked]:
        low[:], high[:] = 0.0, 1.0
    keep = high > 0
    keep[part.asked] = False
    named = tuple(part.members[np.flatnonzero(closed)].tolist())
    return LookThrough(part.members[keep], np.minimum(low, high)[keep], high[keep], named, bounded)


def _part(stakes: StakeColumns, entity: int, *, upward: bool) -> _Part:
    """Return the stakes on chains from an entity, or to it."""
    first, end = (stakes.first_in, stakes.owner) if upward else (stakes.first, stakes.asset)
    seen = np.zeros(stakes.size, np.bool_)
    seen[entity] = True
    front: Ints = np.array([entity], np.int64)
    found: list[Ints] = [front[:0]]
    while len(front):
        rows, _ = runs(first, front)
        rows = stakes.by_asset[rows] if upward else rows
        rows = rows[stakes.high[rows] > 0]
        found.append(rows)
        new = end[rows]
        front = distinct(new[~seen[new]], stakes.size)
        seen[front] = True
    rows, members = np.sort(np.concatenate(found)), np.flatnonzero(seen)
    place = np.empty(stakes.size, np.int32)
    place[members] = np.arange(len(members))
    owner, asset = place[stakes.owner[rows]], place[stakes.asset[rows]]
    return _Part(members, int(place[entity]), owner, asset, stakes.low[rows], _most_held(stakes, rows))


def _most_held(stakes: StakeColumns, rows: Ints) -> Ints:
    """Return what some stakes may be: no more than what others certainly hold leaves, where that is anything.

    Where all together certainly hold more than the whole, or the others hold it, sources contradict each other,
    and a stake is taken as it is told.
    """
    sure = stakes.sure_in[stakes.asset[rows]]
    left = WHOLE - sure + stakes.sure[rows]
    least = np.maximum(left, stakes.low[rows])
    return np.where((left > 0) & (sure <= WHOLE), np.minimum(stakes.high[rows], least), stakes.high[rows])


def _below(part: _Part, closed: Flags, tolerance: float) -> tuple[F64, F64, int]:
    """Return what the entity asked about certainly and possibly holds of each below."""
    low, _ = shares_from(part.chains(part.low), part.asked, closed, 0.0, tolerance=tolerance)
    high, growing = shares_from(part.chains(part.high), part.asked, closed, 1.0, tolerance=tolerance)
    high[growing] = 1.0
    return low, high, int(growing.sum())


def _above(part: _Part, closed: Flags, tolerance: float) -> tuple[F64, F64, int]:
    """Return what each above certainly and possibly holds of the entity asked about.

    Without loops, and where stakes fit the whole, the chains are read once from their lower end.
    """
    loops = on_loops(part.chains(part.high), np.arange(part.size))
    plain = not len(loops) and not closed.any()
    fit = [bool((np.bincount(part.asset, held, part.size) <= WHOLE).all()) for held in (part.low, part.high)]
    few = part.size <= ONE_BY_ONE
    if plain and fit[0]:
        low = _from_below(part, part.low, tolerance)
    elif few:
        low = _one_by_one(part, part.low, closed, 0.0, tolerance)
    else:
        low = _least(part, loops, tolerance, fits=fit[0])
    if plain and fit[1]:
        high = _from_below(part, part.high, tolerance)
    elif few:
        high = _one_by_one(part, part.high, closed, 1.0, tolerance)
    else:
        high = _most(part, closed, tolerance)
    bounded = 0 if few or (plain and all(fit)) else max(len(loops) + int(closed.sum()), 1)
    return low, high, bounded


def _from_below(part: _Part, held: Ints, tolerance: float) -> F64:
    nobody = np.zeros(part.size, np.bool_)
    return shares_from(part.chains(held, turned=True), part.asked, nobody, 0.0, tolerance=tolerance)[0]


def _one_by_one(part: _Part, held: Ints, closed: Flags, unknown: float, tolerance: float) -> F64:
    chains = part.chains(held)
    each = (shares_from(chains, one, closed, unknown, tolerance=tolerance) for one in range(part.size))
    ends = [(share[part.asked], growing[part.asked]) for share, growing in each]
    return np.array([1.0 if unknown and growing else share for share, growing in ends], np.float64)


def _least(part: _Part, loops: Ints, tolerance: float, *, fits: bool) -> F64:
    """Return what each above holds at least, read from the lower end, where they are too many to solve.

    A chain that comes back to an owner on a loop would count more than once: of those the direct stake
    is certain. So it is of all where stakes contradict each other.
    """
    nobody = np.zeros(part.size, np.bool_)
    turned = part.chains(part.low, turned=True)
    share, _ = shares_from(turned, part.asked, nobody, 0.0, through=True, tolerance=tolerance)
    share[loops if fits else slice(None)] = 0.0
    direct = part.asset == part.asked
    share[part.owner[direct]] = np.maximum(share[part.owner[direct]], part.low[direct] / WHOLE)
    return share


def _most(part: _Part, closed: Flags, tolerance: float) -> F64:
    """Return what each above holds at most, read from the lower end, where they are too many to solve.

    What comes back to an owner on a loop counts more than once, which is no less than it holds.
    """
    nobody = np.zeros(part.size, np.bool_)
    turned = part.chains(part.high, turned=True)
    share, growing = shares_from(turned, part.asked, nobody, 0.0, through=True, tolerance=tolerance, most=_FAR_BEYOND)
    open_ = growing | (share >= _FAR_BEYOND) | closed
    share[reached_from(turned, np.flatnonzero(open_))] = 1.0
    return np.minimum(share, 1.0)


def ultimate(graph: Graph, stakes: StakeColumns, entity: int) -> str:
    """Return why an owner is an end of chains: no known owner, a state body, a person; else nothing."""
    if graph.schema_of(entity) == "Person":
        return "person"
    if is_state_body(graph, entity):
        return "state body"
    return "" if len(stakes.into(entity)) else "no known owner"


def _row(
    inquiry: Inquiry, stakes: StakeColumns, asked: int, other: int, low: float, high: float, *, upward: bool
) -> LookThroughRow:
    graph = inquiry.graph
    owner, asset = (other, asked) if upward else (asked, other)
    direct = stakes.first[owner] + np.flatnonzero(stakes.asset[stakes.first[owner] : stakes.first[owner + 1]] == asset)
    links = links_of(graph, owner, asset)
    return LookThroughRow(
        owner=graph.id_of(owner),
        owner_name=graph.name_of(owner),
        asset=graph.id_of(asset),
        asset_name=graph.name_of(asset),
        share_min=_percent(low),
        share_max=_percent(high),
        direct_min=_percent(float(stakes.low[direct].sum()) / WHOLE),
        direct_max=_percent(float(_most_held(stakes, direct).sum()) / WHOLE),
        ultimate=ultimate(graph, stakes, owner) if upward else "",
        listed_on=lists_of(graph, other, inquiry.as_of),
        sources=inquiry.cite(one for link in links for one in inquiry.cite_link(link)),
    )


def _percent(part: float) -> Decimal:
    return Decimal(str(round(part * 100, 6)))
