"""The two least fixed points of an ownership rule, on columns.

An entity is captured when the stakes held in it by listed or captured owners reach the threshold; a
captured owner's whole stake counts, the stakes of others count nothing (OFAC FAQ 401). It is a least
fixed point: nothing is captured but for a reason that leads back to a listed entity, so that a loop
does not capture itself. Where a rule does not add the stakes of several listed owners, it is one for
each of them: what a firm that is one's own holds is one's own, too.

*Certain* counts what owners certainly hold. *Possible* counts what they may hold, no more than the
others certainly leave; where owners certainly hold more than the whole, sources contradict each
other and nothing is left out on the word of either. Each is reached from the listed entities in
rounds that look only at the stakes of those captured in the round before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from listed.graph.share import WHOLE
from listed.queries.stake_columns import I64, Flags, Ints, StakeColumns, runs


@dataclass(frozen=True, slots=True)
class Test:
    """What it takes to be captured: the least sum, and whether the stakes of several listed owners are added."""

    least: int
    aggregates: bool


@dataclass(frozen=True, slots=True)
class Hands:
    """In whose hands entities are: row by row ``entity`` is listed ``party`` itself or captured by it. By entity."""

    entity: I64
    party: I64

    def of(self, entity: int) -> list[int]:
        """Return in whose hands an entity is."""
        rows = slice(*np.searchsorted(self.entity, [entity, entity + 1]).tolist())
        found: list[int] = self.party[rows].tolist()
        return found


@dataclass(frozen=True, slots=True)
class Captured:
    """Who is captured, of ``n`` entities.

    Parameters
    ----------
    certain, possible
        ``(n,)`` including the seeds.
    tier
        ``(n,)`` round in which an entity was certainly captured; 0 for a seed, -1 for none.
    certain_of, possible_of
        Where stakes are not added: by whom each is captured.
    """

    certain: Flags
    possible: Flags
    tier: Ints
    certain_of: Hands | None = None
    possible_of: Hands | None = None


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


def fixed_points(stakes: StakeColumns, certain_seeds: I64, possible_seeds: I64, test: Test) -> Captured:
    """Return both fixed points.

    Parameters
    ----------
    stakes
        The stakes on the day.
    certain_seeds, possible_seeds
        Entities that are, and that may be, listed.
    test
        The rule.
    """
    if not test.aggregates:
        return _each_alone(stakes, certain_seeds, possible_seeds, test)
    certain, rounds = spread(stakes, certain_seeds, test.least, possibly=False)
    tier = np.full(stakes.size, -1, np.int32)
    for step, front in enumerate(rounds):
        tier[front] = step
    # Whatever is certain is possible: it starts from there.
    possible, _ = spread(stakes, np.concatenate([possible_seeds, *rounds]), test.least, possibly=True)
    return Captured(certain, possible, tier)


def grounds_of(stakes: StakeColumns, inside: Flags, seeds: Flags) -> Grounds:
    """Return on which stakes each of those ``inside`` rests, but for the seeds."""
    entity = np.flatnonzero(inside & ~seeds)
    rows, count = runs(stakes.first_in, entity)
    rows = stakes.by_asset[rows].astype(np.int64)
    counts = inside[stakes.owner[rows]] & (stakes.high[rows] > 0)
    ends = np.concatenate([[0], np.cumsum(counts)])
    return Grounds(entity, ends[np.concatenate([[0], np.cumsum(count)])], rows[counts])


def spread(stakes: StakeColumns, seeds: Ints, least: int, *, possibly: bool) -> tuple[Flags, list[Ints]]:
    """Return the least set that holds the seeds and all of which it holds so much, and who joined in each round.

    Parameters
    ----------
    least
        What it takes, all stakes of the set in an entity together, in millionths of a point.
    possibly
        Whether what may be held counts, no more than the others certainly leave; else what certainly is.
    """
    n = stakes.size
    held = stakes.high if possibly else stakes.low
    inside = np.zeros(n, np.bool_)
    total, own = np.zeros(n, np.int64), np.zeros(n, np.int64)
    front, rounds = distinct(seeds.astype(np.int32), n), []
    inside[front] = True
    while len(front):
        rounds.append(front)
        rows, _ = runs(stakes.first, front)
        rows = rows[held[rows] > 0]
        asset = stakes.asset[rows]
        np.add.at(total, asset, held[rows].astype(np.int64))
        amount = total[asset]
        if possibly:
            np.add.at(own, asset, stakes.sure[rows].astype(np.int64))
            amount = _left(stakes, asset, amount, own[asset])
        reached = asset[amount >= least]
        front = distinct(reached[~inside[reached]], n)
        inside[front] = True
    return inside, rounds


def _left(stakes: StakeColumns, asset: Ints, most: I64, own: I64) -> I64:
    """Return what owners may hold of assets, no more than the others certainly leave."""
    # The cap is on what the others certainly hold, so the own stakes are added back.
    sure = stakes.sure_in[asset]
    return np.where(sure <= WHOLE, np.minimum(most, WHOLE - sure + own), most)


def _each_alone(stakes: StakeColumns, certain_seeds: I64, possible_seeds: I64, test: Test) -> Captured:
    """Return both fixed points where the stakes of several listed parties are not added: those of each of them."""
    n = stakes.size
    rounds = _hands(stakes, certain_seeds * (n + 1), test, possibly=False)
    tier = np.full(n, -1, np.int32)
    for step in reversed(range(len(rounds))):
        tier[rounds[step] % n] = step
    more = _hands(stakes, np.concatenate([possible_seeds * (n + 1), *rounds]), test, possibly=True)
    certain, possible = (np.unique(np.concatenate([np.zeros(0, np.int64), *keys])) for keys in (rounds, more))
    flags = []
    for keys in (certain, possible):
        flag = np.zeros(n, np.bool_)
        flag[keys % n] = True
        flags.append(flag)
    return Captured(flags[0], flags[1], tier, _as_hands(certain, n), _as_hands(possible, n))


def _as_hands(keys: I64, n: int) -> Hands:
    party, entity = np.divmod(keys, n)
    order = np.argsort(entity, kind="stable")
    return Hands(entity[order], party[order])


def _hands(stakes: StakeColumns, begun: I64, test: Test, *, possibly: bool) -> list[I64]:
    """Return, round by round, what each listed party captures by itself, as ``party * n + entity``."""
    n = stakes.size
    held = stakes.high if possibly else stakes.low
    inside = front = np.unique(begun)
    keys = total = own = np.zeros(0, np.int64)
    rounds = []
    while len(front):
        rounds.append(front)
        party, owner = np.divmod(front, n)
        rows, count = runs(stakes.first, owner)
        key = np.repeat(party, count) * n + stakes.asset[rows]
        keys, place = np.unique(np.concatenate([keys, key]), return_inverse=True)
        # Sums of whole numbers far below 2**53: exact in floating point.
        total = np.bincount(place, np.concatenate([total, held[rows]]), len(keys)).astype(np.int64)
        own = np.bincount(place, np.concatenate([own, stakes.sure[rows]]), len(keys)).astype(np.int64)
        amount = total
        if possibly:
            amount = _left(stakes, keys % n, amount, own)
        front = np.setdiff1d(keys[amount >= test.least], inside, assume_unique=True)
        inside = np.union1d(inside, front)
    return rounds


def distinct(numbers: Ints, n: int) -> Ints:
    """Return numbers below ``n`` once each, ascending."""
    if len(numbers) < n // 64:
        numbers = np.sort(numbers)
        return np.asarray(numbers[np.append(True, numbers[1:] != numbers[:-1])[: len(numbers)]])
    there = np.zeros(n, np.bool_)
    there[numbers] = True
    return np.flatnonzero(there).astype(np.int32)
