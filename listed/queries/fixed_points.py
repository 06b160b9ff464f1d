"""The two least fixed points of an ownership rule, on columns.

An entity is captured when the stakes held in it by listed or captured owners reach the threshold; a
captured owner's whole stake counts, the stakes of others count nothing (OFAC FAQ 401). It is a least
fixed point: nothing is captured but for a reason that leads back to a listed entity, so that a loop
does not capture itself.

*Certain* counts what owners certainly hold. *Possible* counts what they may hold, no more than the
others certainly leave; where owners certainly hold more than the whole, sources contradict each
other and nothing is left out on the word of either. Each is reached from the listed entities in
rounds that look only at the stakes of those captured in the round before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from listed.graph.share import WHOLE
from listed.queries.stake_columns import I64, Flags, Ints, StakeColumns


@dataclass(frozen=True, slots=True)
class Test:
    """What it takes to be captured: the least sum, and whether the stakes of several owners are added."""

    least: int
    aggregates: bool


@dataclass(frozen=True, slots=True)
class Captured:
    """Who is captured, of ``n`` entities.

    Parameters
    ----------
    certain, possible
        ``(n,)`` including the seeds.
    tier
        ``(n,)`` round in which an entity was certainly captured; 0 for a seed, -1 for none.
    """

    certain: Flags
    possible: Flags
    tier: Ints


@dataclass(frozen=True, slots=True)
class Grounds:
    """On which stakes each captured entity rests: those held by captured owners.

    Parameters
    ----------
    entity
        ``(k,)`` the captured, ascending, without the seeds.
    first, row
        The stakes in ``entity[i]`` are the rows ``row[first[i]:first[i + 1]]`` of the columns.
    """

    entity: I64
    first: I64
    row: I64


def fixed_points(stakes: StakeColumns, certain_seeds: I64, possible_seeds: I64, exempt: Flags, test: Test) -> Captured:
    """Return both fixed points.

    Parameters
    ----------
    stakes
        The stakes on the day.
    certain_seeds, possible_seeds
        Entities that are, and that may be, listed.
    exempt
        ``(n,)`` entities the rule does not reach.
    test
        The rule.
    """
    certain, rounds = _spread(stakes, certain_seeds, exempt, test, possibly=False)
    tier = np.full(len(exempt), -1, np.int32)
    for step, front in enumerate(rounds):
        tier[front] = step
    # Whatever is certain is possible: it starts from there.
    possible, _ = _spread(stakes, np.concatenate([possible_seeds, *rounds]), exempt, test, possibly=True)
    return Captured(certain, possible, tier)


def grounds_of(stakes: StakeColumns, inside: Flags, seeds: Flags) -> Grounds:
    """Return on which stakes each of those ``inside`` rests, but for the seeds."""
    entity = np.flatnonzero(inside & ~seeds)
    rows, count = runs(stakes.first_in, entity)
    rows = stakes.by_asset[rows].astype(np.int64)
    counts = inside[stakes.owner[rows]] & (stakes.high[rows] > 0)
    ends = np.concatenate([[0], np.cumsum(counts)])
    return Grounds(entity, ends[np.concatenate([[0], np.cumsum(count)])], rows[counts])


def _spread(stakes: StakeColumns, seeds: I64, exempt: Flags, test: Test, *, possibly: bool) -> tuple[Flags, list[Ints]]:
    """Return the least set that holds the seeds and whatever their stakes capture, and who joined in each round."""
    n = len(exempt)
    held = stakes.high if possibly else stakes.low
    inside = np.zeros(n, np.bool_)
    total, own_low = np.zeros(n, np.int64), np.zeros(n, np.int64)
    front, rounds = distinct(seeds.astype(np.int32), n), []
    inside[front] = True
    while len(front):
        rounds.append(front)
        rows, _ = runs(stakes.first, front)
        rows = rows[held[rows] > 0]
        asset = stakes.asset[rows]
        amount, low = held[rows].astype(np.int64), stakes.low[rows].astype(np.int64) if possibly else None
        if test.aggregates:
            np.add.at(total, asset, amount)
            if low is not None:
                np.add.at(own_low, asset, low)
                low = own_low[asset]
            amount = total[asset]
        if low is not None:
            # The cap is on what the others certainly hold, so the own stakes are added back.
            sure = stakes.low_in[asset]
            amount = np.where(sure <= WHOLE, np.minimum(amount, WHOLE - sure + low), amount)
        reached = asset[amount >= test.least]
        front = distinct(reached[~(inside[reached] | exempt[reached])], n)
        inside[front] = True
    return inside, rounds


def runs(first: Ints, of: Ints) -> tuple[I64, I64]:
    """Return the places ``first[i]`` to ``first[i + 1]`` of each ``i``, one after the other, and how many each has."""
    start = first[of]
    count = first[of + 1] - start
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(start - ends + count, count), count


def distinct(numbers: Ints, n: int) -> Ints:
    """Return numbers below ``n`` once each, ascending."""
    if len(numbers) < n // 64:
        numbers = np.sort(numbers)
        return np.asarray(numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]])
    there = np.zeros(n, np.bool_)
    there[numbers] = True
    return np.flatnonzero(there).astype(np.int32)
