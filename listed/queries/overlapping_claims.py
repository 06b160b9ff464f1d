"""The stakes that several claims tell of, on a date: :mod:`listed.graph.stakes` for many at once.

Most pairs with several claims are plain on any one day: a dataset has one claim that holds, or one
that surely revises the others. Those are combined as columns. What is left goes claim by claim
through :func:`listed.graph.stakes.stakes_on`, which is the rule; the two are tested to be equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from listed.graph.adjacency import ALWAYS
from listed.graph.share import WHOLE, Share
from listed.graph.snapshot import Graph
from listed.graph.stakes import stakes_on
from listed.graph.tables import day_number
from listed.queries.ownership import claims_of

Ints = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims, those about one stake together.

    Parameters
    ----------
    row
        Number of the stake.
    link, dataset
        The link that claims it, and the dataset's number.
    indirect, known, disputed
        Whether it says the stake is indirect, whether it states a share, and whether it is disputed.
    low, high
        The share in millionths of a point, both ends included; 0 and 100% where not stated.
    """

    row: Ints
    link: Ints
    dataset: Ints
    indirect: Flags
    known: Flags
    disputed: Flags
    low: Ints
    high: Ints

    def only(self, rows: Ints | Flags) -> Claims:
        """Return some of the claims."""
        return Claims(
            self.row[rows], self.link[rows], self.dataset[rows], self.indirect[rows], self.known[rows],
            self.disputed[rows], self.low[rows], self.high[rows],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What is held by each stake that may hold on the day, as in :class:`listed.queries.stake_columns`."""

    row: Ints
    low: Ints
    high: Ints
    certain: Flags
    conflict: Flags


def stakes_of(graph: Graph, claims: Claims, day: date) -> Told:
    """Return the stakes that may hold on a day; a stake none of whose claims may hold is left out."""
    arrays, number = graph.arrays, day_number(day)
    all_claims, open_ = claims, [_outlived(graph, claims, number)]
    claims = claims.only((arrays.start_earliest[claims.link] <= number) & (arrays.end_latest[claims.link] >= number))
    start, end = arrays.start_earliest[claims.link], arrays.end_earliest[claims.link]
    order = np.lexsort((claims.link, end, -start.astype(np.int64), claims.dataset, claims.indirect, claims.row))
    claims, start, end = claims.only(order), start[order], end[order]
    certain = (arrays.start_latest[claims.link] <= number) & (end > number) & ~claims.disputed
    voice = _groups(claims.row, claims.indirect, claims.dataset)
    stated = _any(voice, certain & claims.known)[voice]
    bought_again = _any(voice, claims.known & (claims.high == 0)) & _any(voice, ~claims.known)
    open_.append(claims.row[bought_again[voice]])
    # A claim that says nothing of the share confirms the stake and revises no number, but for an exit.
    counts = claims.known | ~stated
    claims, start, end, certain, voice = claims.only(counts), start[counts], end[counts], certain[counts], voice[counts]
    leads = _heads(voice)
    # The next claim of the same dataset is open only where the leading one is not certain, or no later.
    tied = np.append((voice[1:] == voice[:-1]) & (start[1:] == start[:-1]) & (end[1:] == end[:-1]), False)[: len(voice)]
    alone = np.append(leads[1:], True)[: len(voice)]
    # ... or where its start, imprecise or not known, may be the later one.
    latest = np.where(start == -ALWAYS, ALWAYS, arrays.start_latest[claims.link])
    lead = np.flatnonzero(leads)[voice]
    other = (start != start[lead]) | (latest != latest[lead])
    tied |= leads & _any(voice, other & (latest > start[lead]))[voice]
    open_.append(claims.row[leads & ~(alone | (certain & ~tied))])
    # Of several datasets, one that only perhaps holds narrows nothing.
    group = _groups(claims.row, claims.indirect)
    beside = np.bincount(group[leads], minlength=int(group[-1]) + 1 if len(group) else 0)[group] > 1
    open_.append(claims.row[leads & ~certain & beside])
    told_apart = np.unique(np.concatenate(open_))
    plain = leads & ~np.isin(claims.row, told_apart)
    told, unsure = _combined(claims.only(plain), certain[plain])
    return _joined(told, _one_by_one(graph, np.union1d(told_apart, unsure), all_claims, day))


def _outlived(graph: Graph, claims: Claims, number: int) -> Ints:
    """Return the stakes of which it is told, or may be, that they are over, and also that they may be held."""
    arrays = graph.arrays
    over = arrays.end_earliest[claims.link] <= number
    exit_ = claims.known & (claims.high == 0) & ~over & (arrays.start_earliest[claims.link] <= number)
    order = np.flatnonzero(np.isin(claims.row, claims.row[over | exit_]))
    if not len(order):
        return order
    claims, over, exit_ = claims.only(order), over[order], exit_[order]
    order = np.lexsort((claims.dataset, claims.indirect, claims.row))
    claims, over, exit_ = claims.only(order), over[order], exit_[order]
    start, past = arrays.start_earliest[claims.link], arrays.end_latest[claims.link] < number
    held = ~past & ~exit_ & (start <= number)
    since = np.where(held, start, ALWAYS)
    return np.union1d(
        _by_its_own_word(claims, over, start, since), _by_anothers(graph, claims, past, over, exit_, since)
    )


def _by_its_own_word(claims: Claims, over: Flags, start: Ints, since: Ints) -> Ints:
    """Return the stakes of which a dataset tells an end, and also of one of an earlier time or of no time."""
    heads = np.flatnonzero(_heads(_groups(claims.row, claims.indirect, claims.dataset)))
    first = np.minimum.reduceat(since, heads)
    ends = np.logical_or.reduceat(over, heads)
    last = np.maximum.reduceat(np.where(over, start, -ALWAYS), heads)
    return np.asarray(claims.row[heads][ends & (first < ALWAYS) & ((first == -ALWAYS) | (first < last))])


def _by_anothers(graph: Graph, claims: Claims, past: Flags, over: Flags, exit_: Flags, since: Ints) -> Ints:
    """Return the stakes of which one dataset tells an end, and another that they may be held since before it."""
    arrays = graph.arrays
    begun = np.where(arrays.start_earliest[claims.link] == -ALWAYS, ALWAYS, arrays.start_latest[claims.link])
    ends = np.where(exit_, begun, np.where(past, arrays.end_latest[claims.link], ALWAYS))
    heads = np.flatnonzero(_heads(claims.row))
    last = np.maximum.reduceat(np.where(over | exit_, ends, -ALWAYS), heads)
    several = np.minimum.reduceat(claims.dataset, heads) < np.maximum.reduceat(claims.dataset, heads)
    return np.asarray(claims.row[heads][several & (np.minimum.reduceat(since, heads) <= last)])


def _combined(claims: Claims, certain: Flags) -> tuple[Told, Ints]:
    """Combine what each dataset certainly says; also return the stakes that ends a millionth apart leave unsure."""
    if not len(claims.row):
        return Told(claims.row, claims.low, claims.high, certain, certain), claims.row
    exit_, group = claims.known & (claims.high == 0), _groups(claims.row, claims.indirect)
    # An exit that another dataset's word comes after was followed by a purchase.
    kept = ~(exit_ & _any(group, ~exit_)[group])
    claims, certain, group = claims.only(kept), certain[kept], group[kept]
    heads = np.flatnonzero(_heads(group))
    low, high = np.maximum.reduceat(claims.low, heads), np.minimum.reduceat(claims.high, heads)
    lowest = np.minimum.reduceat(np.where(claims.known, claims.low, WHOLE), heads)
    highest = np.maximum.reduceat(np.where(claims.known, claims.high, 0), heads)
    conflict = low > high
    unsure = claims.row[heads][conflict & (low - high <= 2)]
    low, high = np.where(conflict, lowest, low), np.where(conflict, highest, high)
    holds, indirect, row = _any(group, certain), claims.indirect[heads], claims.row[heads]
    # What is said of the stake as a direct one goes first, unless that is that nothing is held; but more may be
    # held through others.
    held = np.flatnonzero(high > 0)
    first = _heads(row[held])
    chosen = held[first]
    most = np.maximum.reduceat(high[held], np.flatnonzero(first)) if len(held) else high[held]
    counted = (holds & ~indirect)[chosen]
    told = Told(row[chosen], np.where(counted, low[chosen], 0), most, counted, conflict[chosen])
    return told, np.unique(unsure)


def _one_by_one(graph: Graph, rows: Ints, claims: Claims, day: date) -> Told:
    """Return the stakes of some rows by the rule itself."""
    found: list[tuple[int, ...]] = []
    where = np.flatnonzero(np.isin(claims.row, rows))
    links: dict[int, list[int]] = {}
    for row, link in zip(claims.row[where].tolist(), claims.link[where].tolist(), strict=True):
        links.setdefault(row, []).append(link)
    for row, told in links.items():
        held = [stake for stake in stakes_on(claims_of(graph, told), day) if not stake.is_exit]
        for stake in [one for one in held if one.direct is not False][:1] or held[:1]:
            low = (stake.share.low or 0) + stake.share.low_open
            high = max(_most(one.share) for one in held)
            counted = stake.holds == "certainly" and stake.direct is not False
            found.append((row, low * counted, high, counted, stake.conflict))
    columns = np.array(found, np.int64).reshape(-1, 5).T
    return Told(columns[0], columns[1], columns[2], columns[3] > 0, columns[4] > 0)


def _most(share: Share) -> int:
    return WHOLE if share.high is None else share.high - share.high_open


def _joined(told: Told, others: Told) -> Told:
    """Return both; where both tell of a stake, the others are right."""
    kept = ~np.isin(told.row, others.row)
    return Told(
        *(
            np.concatenate([getattr(told, name)[kept], getattr(others, name)])
            for name in ("row", "low", "high", "certain", "conflict")
        )
    )


def _groups(*keys: Ints | Flags) -> Ints:
    """Return numbers of runs of equal keys, counted from 0."""
    changes = np.zeros(max(len(keys[0]) - 1, 0), np.bool_)
    for key in keys:
        changes |= key[1:] != key[:-1]
    return np.concatenate([[0], np.cumsum(changes)])[: len(keys[0])]


def _heads(group: Ints) -> Flags:
    """Return which rows begin a run of equal numbers."""
    return np.append(True, group[1:] != group[:-1])[: len(group)]


def _any(group: Ints, flags: Flags) -> Flags:
    """Return whether any row of each group is flagged."""
    found = np.zeros(int(group[-1]) + 1 if len(group) else 0, np.bool_)
    found[group[flags]] = True
    return found
