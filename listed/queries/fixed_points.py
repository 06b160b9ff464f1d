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
from listed.queries.stake_columns import I64, Flags, StakeColumns


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
    tier: I64


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
    n = len(exempt)
    certain, tier = _spread(stakes, certain_seeds, exempt, stakes.low, None, test)
    # What an owner may hold is capped by what all others certainly hold; what owners of the same
    # side hold together counts too, so the cap is on the others, added back as they join.
    low_in = np.bincount(stakes.asset, stakes.low, n).astype(np.int64)
    low_in[low_in > WHOLE] = 0
    seeds = np.union1d(possible_seeds, np.flatnonzero(certain))
    possible, _ = _spread(stakes, seeds, exempt, stakes.high, low_in, test)
    return Captured(certain, possible | certain, tier)


def _spread(
    stakes: StakeColumns, seeds: I64, exempt: Flags, held: I64, low_in: I64 | None, test: Test
) -> tuple[Flags, I64]:
    """Return the least set that holds the seeds and whatever their stakes capture, and the rounds."""
    n = len(exempt)
    inside = np.zeros(n, np.bool_)
    inside[seeds] = True
    tier = np.where(inside, 0, -1).astype(np.int64)
    total, own_low = np.zeros(n, np.int64), np.zeros(n, np.int64)
    front, step = np.asarray(seeds, np.int64), 0
    while len(front):
        step += 1
        rows = _rows_of(stakes, front)
        asset = stakes.asset[rows]
        if test.aggregates:
            np.add.at(total, asset, held[rows])
            np.add.at(own_low, asset, stakes.low[rows])
            reached = np.unique(asset)
            amount = total[reached]
            if low_in is not None:
                amount = np.minimum(amount, WHOLE - (low_in[reached] - own_low[reached]))
        else:
            amount = held[rows]
            if low_in is not None:
                amount = np.minimum(amount, WHOLE - (low_in[asset] - stakes.low[rows]))
            reached = asset
        front = np.unique(reached[(amount >= test.least) & ~inside[reached] & ~exempt[reached]])
        inside[front] = True
        tier[front] = step
    return inside, tier


def _rows_of(stakes: StakeColumns, owners: I64) -> I64:
    """Return the rows of the stakes of some owners."""
    start, count = stakes.first[owners], stakes.first[owners + 1] - stakes.first[owners]
    offset = np.repeat(start - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    return np.asarray(np.arange(int(count.sum()), dtype=np.int64) + offset, np.int64)
