"""The shares one owner has of all below it, over every chain: the least solution of ``y = min(1, s + S'y)``.

``s`` are the owner's own stakes, ``S[b, a]`` is what ``b`` holds of ``a``; nobody holds more than the
whole, which matters only where stakes are known as ranges or contradict each other. Whatever the owner
reaches has a share above nothing, so that the solution is the only one (the right side is concave).

Shares spread along the stakes from the owner: a round passes on what grew in the round before, so that
the cost follows what the owner reaches. Loops make it a series; one that converges slowly is solved as
the linear system it is, when it is of at most :data:`DENSE` entities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from listed.graph.share import WHOLE
from listed.queries.fixed_points import distinct
from listed.queries.stake_columns import I64, Flags, Ints, runs

F64 = npt.NDArray[np.float64]

TOLERANCE = 1e-13
"""Where a share grew by less (of 1) that is not passed on."""

DENSE = 1000
"""Up to so many entities on loops are solved by elimination, exactly but for rounding."""

PATIENCE = 64
"""Rounds after which a loop is solved by elimination."""

MOST_ROUNDS = 5000
"""Rounds after which a series is given up: what still grows is told as a bound."""


@dataclass(frozen=True, slots=True)
class Chains:
    """Stakes by where they lead from: the rows of entity ``i`` are ``first[i]`` to ``first[i + 1]``.

    Parameters
    ----------
    start, end
        Where each row leads from and to.
    weight
        Part of 1; none is 0.
    """

    first: Ints
    start: Ints
    end: Ints
    weight: F64

    @property
    def size(self) -> int:
        """Number of entities."""
        return len(self.first) - 1

    def rows_of(self, entities: Ints) -> tuple[I64, I64]:
        """Return the rows that lead from some entities, and for each its place among the entities."""
        rows, count = runs(self.first, entities)
        return rows, np.repeat(np.arange(len(entities)), count)


def chains_of(start: Ints, end: Ints, weight: F64, n: int) -> Chains:
    """Return chains among ``n`` entities of stakes in any order; those of nothing are left out."""
    held = weight > 0
    start, end, weight = start[held], end[held], weight[held]
    if (start[1:] < start[:-1]).any():
        order = np.argsort(start, kind="stable")
        start, end, weight = start[order], end[order], weight[order]
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(start, minlength=n), out=first[1:])
    return Chains(first, start, end, weight)


def reached_from(chains: Chains, start: Ints, closed: Flags | None = None) -> Ints:
    """Return the entities that chains from ``start`` reach, and ``start``; none through one that is closed."""
    seen = np.zeros(chains.size, np.bool_)
    seen[start] = True
    front = start
    while len(front):
        rows, _ = chains.rows_of(front)
        new = chains.end[rows]
        new = new[~seen[new]] if closed is None else new[~(seen[new] | closed[new])]
        front = distinct(new, chains.size)
        seen[front] = True
    return np.flatnonzero(seen)


def on_loops(chains: Chains, among: Ints) -> Ints:
    """Return those of some entities that are on loops among them, or between two loops.

    Whoever nobody among them holds is on none, nor is who holds nobody: they go, until all have both.
    """
    inside = np.zeros(chains.size, np.bool_)
    inside[among] = True
    rows, place = chains.rows_of(among)
    start, end = among[place], chains.end[rows]
    while True:
        kept = inside[start] & inside[end]
        start, end = start[kept], end[kept]
        holds, held = np.zeros(chains.size, np.bool_), np.zeros(chains.size, np.bool_)
        holds[start], held[end] = True, True
        left = holds & held
        if (left[start] & left[end]).all():
            return np.flatnonzero(left)
        inside = left


def shares_from(
    chains: Chains,
    start: int,
    closed: Flags,
    unknown: float,
    *,
    through: bool = False,
    tolerance: float = TOLERANCE,
    most: float = 1.0,
) -> tuple[F64, Flags]:
    """Return the shares an entity has of what it reaches.

    Parameters
    ----------
    chains
        The stakes, or the stakes turned round.
    start
        The entity. Chains that come back to it end there, unless they are to go ``through``.
    closed
        ``(n,)`` entities in closed loops: their shares are ``unknown``, and chains end there too.
    tolerance
        A share that grew by less is not passed on.
    most
        What no share exceeds: the whole. Only chains turned round, which count what comes back more
        than once, may need more.

    Returns
    -------
    ndarray, shape (n,)
        The shares of 1; 0 of who is not reached.
    ndarray of bool, shape (n,)
        Whose series was given up: the share is a lower bound.
    """
    series = _Series(chains, start, closed, unknown, through=through, most=most)
    front, grown = series.front, series.grown
    for round_ in range(MOST_ROUNDS):
        series.pass_on(front, grown)
        front, grown = series.growth(tolerance)
        if not len(front):
            break
        if round_ % PATIENCE == PATIENCE - 1:
            front, grown = series.eliminate(front, grown)
        series.share[front] += grown
    growing = np.zeros(chains.size, np.bool_)
    if len(front):
        growing[reached_from(chains, front, series.blocked)] = True
    return np.minimum(series.total, most), growing


class _Series:
    """The chains of one more link at a time: what each holds of an entity, and what is to be passed on."""

    def __init__(
        self, chains: Chains, start: int, closed: Flags, unknown: float, *, through: bool, most: float
    ) -> None:
        self.chains, self.most = chains, most
        self.share: F64 = np.zeros(chains.size)
        self.total: F64 = np.zeros(chains.size)
        self.blocked = closed.copy()
        self.blocked[start] = not through or closed[start]
        self.front: Ints = np.array([start], np.int64)
        self.grown: F64 = np.ones(1)
        if unknown and closed.any():
            # What is behind a closed loop is held by whoever holds the loop: those that are reached.
            reached = reached_from(chains, self.front)
            behind = reached[closed[reached] & (reached != start)]
            self.front = np.append(self.front, behind)
            self.grown = np.append(self.grown, np.full(len(behind), unknown))
        self._given = np.zeros(chains.size)
        self._given[self.front] = self.grown
        self._touched: Ints = self.front

    def pass_on(self, front: Ints, grown: F64) -> None:
        """Add what the shares of some grew by to what those hold in turn."""
        chains = self.chains
        if len(front) > chains.size // 8:
            # With so many the whole sum is quicker than its change.
            held = chains.weight * (self.share + self._given)[chains.start]
            self.total = np.asarray(np.bincount(chains.end, held, chains.size), np.float64)
            self.total[self.blocked] = 0.0
            self._touched = np.flatnonzero(self.total).astype(np.int64)
            return
        rows, place = chains.rows_of(front)
        free = ~self.blocked[chains.end[rows]]
        rows, place = rows[free], place[free]
        np.add.at(self.total, chains.end[rows], chains.weight[rows] * grown[place])
        self._touched = distinct(chains.end[rows], chains.size)

    def growth(self, tolerance: float) -> tuple[Ints, F64]:
        """Return whose share grew in the last round, and by how much."""
        grown = np.minimum(self.total[self._touched], self.most) - self.share[self._touched]
        more = grown > tolerance
        return self._touched[more], grown[more]

    def eliminate(self, front: Ints, grown: F64) -> tuple[Ints, F64]:
        """Solve the loops on which shares still grow, if they are small; return by how much all that changed."""
        chains, share = self.chains, self.share
        loops = on_loops(chains, reached_from(chains, front, self.blocked))
        if not 0 < len(loops) <= DENSE:
            return front, grown
        place = np.full(chains.size, -1, np.int64)
        place[loops] = np.arange(len(loops))
        rows, start = chains.rows_of(loops)
        end = place[chains.end[rows]]
        inner = end >= 0
        matrix = np.zeros((len(loops), len(loops)))
        np.add.at(matrix, (end[inner], start[inner]), chains.weight[rows[inner]])
        solved = _capped(matrix, self.total[loops] - matrix @ share[loops], self.most)
        others = place[front] < 0
        return np.append(front[others], loops), np.append(grown[others], solved - share[loops])


def _capped(matrix: F64, given: F64, most: float) -> F64:
    """Solve ``y = min(most, given + matrix y)`` from above: cap all, and uncap who does not reach the most."""
    solved: F64 = np.full(len(given), most)
    capped = np.ones(len(given), np.bool_)
    while True:
        still = capped & (given + matrix @ solved >= most)
        if (still == capped).all():
            return solved
        capped = still
        free = ~capped
        inner = np.eye(int(free.sum())) - matrix[np.ix_(free, free)]
        solved[free] = np.linalg.solve(inner, given[free] + most * matrix[np.ix_(free, capped)].sum(axis=1))


def closed_loops(owner: Ints, asset: Ints, low: Ints, n: int) -> Flags:
    """Return the entities whose owners, all among them, certainly hold them whole.

    A greatest fixed point: whoever is not held whole by those left goes, until nobody does.
    """
    inside = np.ones(n, np.bool_)
    while True:
        held = np.bincount(asset, low, n)
        left = inside & (held >= WHOLE)
        if (left == inside).all():
            return inside
        inside = left
        kept = inside[owner] & inside[asset]
        owner, asset, low = owner[kept], asset[kept], low[kept]
