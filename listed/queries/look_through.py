"""Look-through shares: products along chains, summed over all chains, loops solved as they are.

A second, separate number: what an owner holds of an asset economically. Ownership rules do not use
it (a rule counts whole stakes of captured owners, :mod:`listed.queries.rules`).

The shares ``y`` of one owner in all assets solve ``y = s + S' y``, where ``s`` are its direct stakes
and ``S[b, a]`` is what ``b`` holds of ``a`` (Brioschi, Buzzacchi and Colombo 1989). Ranges give two
systems, of low and of high ends. A loop of firms that own each other whole has no owner outside and
no solution: it is reported, and what it holds is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from listed.graph.share import WHOLE
from listed.graph.snapshot import Graph
from listed.queries.answer import Answer, Inquiry
from listed.queries.government import is_state_body
from listed.queries.listings import lists_of
from listed.queries.resolve import find
from listed.queries.stake_columns import I64, Flags, StakeColumns, links_of, stake_columns

F64 = npt.NDArray[np.float64]

TOLERANCE = 1e-12
"""Iteration stops when no share changes by more (of 1)."""

_DENSE = 400
"""Up to so many entities the system is solved by elimination, exactly but for rounding."""


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


def look_through_holdings(graph: Graph, entity: str, as_of: date | None = None) -> Answer[LookThroughRow]:
    """Return what an entity holds over all chains, the largest first.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    """
    return _answer(graph, "holdings", entity, as_of, upward=False)


def look_through_owners(graph: Graph, entity: str, as_of: date | None = None) -> Answer[LookThroughRow]:
    """Return who holds an entity over all chains, the largest first. As :func:`look_through_holdings`."""
    return _answer(graph, "owners", entity, as_of, upward=True)


def _answer(graph: Graph, query: str, entity: str, as_of: date | None, *, upward: bool) -> Answer[LookThroughRow]:
    row = find(graph, entity)
    inquiry = Inquiry(graph, query, {"entity": graph.id_of(row), "look_through": True}, as_of)
    stakes = stake_columns(graph, inquiry.as_of)
    found = look_through(stakes, row, upward=upward)
    if found.closed:
        names = ", ".join(graph.name_of(one) for one in found.closed)
        inquiry.notes.append(
            f"These own each other whole, so that nobody outside does: {names}. Their share is unknown."
        )
    rows = [_row(inquiry, stakes, row, *pair, upward=upward) for pair in zip(*found.columns(), strict=True)]
    rows.sort(key=lambda one: (-one.share_max, -one.share_min, one.owner_name, one.asset_name))
    return inquiry.answer(rows)


@dataclass(frozen=True, slots=True)
class LookThrough:
    """Look-through shares of one entity in others, or of others in it: ``low`` and ``high`` of 1."""

    entities: I64
    low: F64
    high: F64
    closed: tuple[int, ...]

    def columns(self) -> tuple[list[int], list[float], list[float]]:
        """Return entity, low and high as lists."""
        return self.entities.tolist(), self.low.tolist(), self.high.tolist()


def look_through(stakes: StakeColumns, entity: int, *, upward: bool = False) -> LookThrough:
    """Return the look-through shares of an entity in all it reaches, or (``upward``) of all above in it.

    The upward system is the downward one transposed: chains are the same read from the other end. A
    chain that comes back to its owner says nothing new of him; those of an owner on a loop are
    therefore solved from his end, without the links into him.
    """
    source, target = (stakes.asset, stakes.owner) if upward else (stakes.owner, stakes.asset)
    order = np.argsort(source, kind="stable") if upward else np.arange(len(source))
    rows, members = _reached(source[order], target[order], entity)
    rows = order[rows]
    place = {one: number for number, one in enumerate(members.tolist())}
    n, asked = len(members), place[entity]
    owner = np.array([place[one] for one in stakes.owner[rows].tolist()], np.int64)
    asset = np.array([place[one] for one in stakes.asset[rows].tolist()], np.int64)
    low, high = stakes.low[rows] / WHOLE, stakes.high[rows] / WHOLE
    closed = _closed(owner, asset, low, n)
    shares = []
    for weight, unknown in ((low, 0.0), (high, 1.0)):
        if not upward:
            shares.append(_solve(owner, asset, weight, n, asked, closed, unknown))
            continue
        share = _solve(asset, owner, weight, n, asked, closed, unknown, through=True)
        for one in _on_loops(owner, asset):
            share[one] = _solve(owner, asset, weight, n, one, closed, unknown)[asked]
        shares.append(share)
    lowest, highest = (np.clip(one, 0.0, 1.0) for one in shares)
    lowest[closed], highest[closed] = 0.0, 1.0
    keep = members != entity
    named = tuple(members[np.flatnonzero(closed)].tolist())
    return LookThrough(members[keep], np.minimum(lowest, highest)[keep], highest[keep], named)


def _reached(source: I64, target: I64, entity: int) -> tuple[I64, I64]:
    """Return the rows of the stakes on chains from an entity, and the entities on them, in order."""
    seen = {entity}
    front = np.array([entity], np.int64)
    rows: list[I64] = []
    while len(front):
        left, right = np.searchsorted(source, front), np.searchsorted(source, front, "right")
        count = right - left
        found = np.arange(int(count.sum())) + np.repeat(left - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
        rows.append(found.astype(np.int64))
        new = set(np.unique(target[found]).tolist()) - seen
        seen |= new
        front = np.array(sorted(new), np.int64)
    return np.sort(np.concatenate(rows)), np.array(sorted(seen), np.int64)


def _on_loops(owner: I64, asset: I64) -> list[int]:
    """Return the entities that own a part of themselves over some chain."""
    import networkx as nx

    links = nx.DiGraph(zip(owner.tolist(), asset.tolist(), strict=True))
    loops = (loop for loop in nx.strongly_connected_components(links) if len(loop) > 1)
    return sorted(one for loop in loops for one in loop)


def _closed(owner: I64, asset: I64, low: F64, n: int) -> Flags:
    """Return the entities whose owners, all among them, certainly hold them whole.

    A greatest fixed point: drop whoever is not held whole by those left, until nobody is.
    """
    inside = np.ones(n, np.bool_)
    while True:
        counted = inside[owner]
        held = np.bincount(asset[counted], low[counted], n)
        keep = inside & (held >= 1.0 - 1e-12)
        if (keep == inside).all():
            return inside
        inside = keep


def _solve(
    start: I64, end: I64, weight: F64, n: int, first: int, closed: Flags, unknown: float, *, through: bool = False
) -> F64:
    """Solve ``y = s + S' y`` for the shares of entity ``first``; those in closed loops are ``unknown``.

    Chains come back to ``first`` and go on only if asked to go ``through``.
    """
    counted = ~closed[end] & (through | (end != first))
    start, end, weight = start[counted], end[counted], weight[counted]
    direct = np.bincount(end[start == first], weight[start == first], n).astype(np.float64)
    behind = closed[start] & (start != first)
    direct += unknown * np.bincount(end[behind], weight[behind], n)
    inner = ~closed[start]
    start, end, weight = start[inner], end[inner], weight[inner]
    if n <= _DENSE:
        matrix = np.eye(n)
        np.add.at(matrix, (end, start), -weight)
        try:
            solved = np.asarray(np.linalg.solve(matrix, direct), np.float64)
        except np.linalg.LinAlgError:
            solved = np.full(n, -1.0)
        if (solved >= -1e-9).all():
            return solved
    return _iterate(start, end, weight, direct)


def _iterate(start: I64, end: I64, weight: F64, direct: F64) -> F64:
    """Add the chains of one more link, until they add nothing; a share does not grow beyond the whole."""
    total = direct
    while True:
        longer = np.minimum(direct + np.bincount(end, weight * total[start], len(direct)), 1.0)
        if np.abs(longer - total).max(initial=0.0) <= TOLERANCE:
            return longer
        total = longer


def ultimate(graph: Graph, stakes: StakeColumns, entity: int) -> str:
    """Return why an owner is an end of chains: no known owner, a state body, a person; else nothing."""
    if graph.schema_of(entity) == "Person":
        return "person"
    if is_state_body(graph, entity):
        return "state body"
    return "" if (stakes.asset == entity).any() else "no known owner"


def _row(
    inquiry: Inquiry, stakes: StakeColumns, asked: int, other: int, low: float, high: float, *, upward: bool
) -> LookThroughRow:
    graph = inquiry.graph
    owner, asset = (other, asked) if upward else (asked, other)
    direct = stakes.first[owner] + np.flatnonzero(stakes.asset[stakes.first[owner] : stakes.first[owner + 1]] == asset)
    links: Sequence[int] = links_of(graph, owner, asset)
    return LookThroughRow(
        owner=graph.id_of(owner),
        owner_name=graph.name_of(owner),
        asset=graph.id_of(asset),
        asset_name=graph.name_of(asset),
        share_min=_percent(low),
        share_max=_percent(high),
        direct_min=_percent(float(stakes.low[direct].sum()) / WHOLE),
        direct_max=_percent(float(stakes.high[direct].sum()) / WHOLE),
        ultimate=ultimate(graph, stakes, owner) if upward else "",
        listed_on=lists_of(graph, other, inquiry.as_of),
        sources=inquiry.cite(one for link in links for one in inquiry.cite_link(link)),
    )


def _percent(part: float) -> Decimal:
    return Decimal(str(round(part * 100, 6)))
