"""A search, upward from an entity, for what would add to a verdict and is told of only from a later day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from listed.graph.snapshot import period_of
from listed.queries.answer import Inquiry
from listed.queries.first_told import any_stake_later, covered, listings_told_later, stakes_told_later
from listed.queries.ownership import links_of_stakes
from listed.queries.ruling import Ruling
from listed.queries.sentences import aloud
from listed.queries.stake_columns import Flags, Ints, runs
from listed.queries.verdict_prose import range_said

_MOST_PARTIES = 100
"""Parties whose owners are looked at: the one asked about, and those it leads back to, the nearest first."""

MOST_NAMED = 5
"""Stakes, or parties, that a note names; it counts the others."""

_NOT_COUNTED = "Told of only from a later day, and so not counted"


class _Stake(NamedTuple):
    """A stake of the day, or one that is told of only later.

    Parameters
    ----------
    owner, asset
        Entity numbers.
    link
        Where it is told of only later: the link that tells of it. Else -1.
    high
        The largest possible share, in millionths of a point.
    counts
        Whether its owner may be captured on the day, and the asset is not for certain.
    is_owned
        Whether the owner has owners that are told of at any time.
    """

    owner: int
    asset: int
    link: int
    high: int
    counts: bool
    is_owned: bool


class _Doubt(NamedTuple):
    """A stake that may have counted on the day, and the listing of its owner that is told of only later, or -1."""

    stake: _Stake
    listing: int


class Search:
    """A search upward from an entity, over the stakes of the day and those told of only later."""

    def __init__(self, inquiry: Inquiry, rulings: Sequence[Ruling]) -> None:
        self.inquiry, self.graph, self.rulings, self.stakes = inquiry, inquiry.graph, rulings, rulings[0].stakes
        self.listings = listings_of_the_unlisted(inquiry, rulings)
        self.may_tell = bool(self.listings) or any_stake_later(self.graph, inquiry.as_of)
        self.doubts: list[_Doubt] = []
        self.way: dict[int, tuple[int, ...]] = {}
        self.cut_off = False

    def up_from(self, entity: int) -> None:
        """Look at an entity and what leads to it, tier by tier, in each the largest stakes first."""
        front, room, self.way = [entity] if self.may_tell else [], _MOST_PARTIES, {entity: ()}
        while front and room:
            self.cut_off = len(front) > room
            front = front[:room]
            room -= len(front)
            above = dict(self._owners(np.array(front, np.int64)))
            front = sorted(above, key=lambda owner: (-above[owner], owner))
        self.cut_off |= bool(front)

    def _owners(self, parties: Ints) -> Iterator[tuple[int, int]]:
        """Note what is in doubt of the owners of parties; yield those whose own owners matter, with their shares."""
        for stake in self._stakes_in(parties):
            if stake.link >= 0 and stake.counts:
                self.doubts.append(_Doubt(stake, -1))
            elif (listing := self._listing_of(stake)) >= 0:
                self.doubts.append(_Doubt(stake, listing))
            elif stake.owner not in self.way and open_on(self.rulings, stake.owner):
                self.way[stake.owner] = ((stake.link,) if stake.link >= 0 else ()) + self.way[stake.asset]
                if stake.is_owned:
                    yield stake.owner, stake.high

    def _stakes_in(self, parties: Ints) -> Iterator[_Stake]:
        """Yield the stakes in some parties that matter: those of the day first, then those told of only later."""
        graph, stakes = self.graph, self.stakes
        links = np.concatenate([links_of_stakes(graph, party, of_asset=True) for party in parties.tolist()])
        later = stakes_told_later(graph, links, self.inquiry.as_of)
        rows = stakes.by_asset[runs(stakes.first_in, parties)[0]]
        rows = rows[stakes.high[rows] > 0]
        owners = np.concatenate((stakes.owner[rows], graph.arrays.source[later]))
        assets = np.concatenate((stakes.asset[rows], graph.arrays.target[later]))
        highs = np.concatenate((stakes.high[rows], graph.arrays.high[later]))
        links = np.concatenate((np.full(len(rows), -1, np.int64), later))
        counts = adds(self.rulings, owners, assets)
        is_owned = stakes.first_in[owners + 1] > stakes.first_in[owners]
        matter = (counts & (links >= 0)) | is_owned | np.isin(owners, list(self.listings))
        columns = (column[matter].tolist() for column in (owners, assets, links, highs, counts, is_owned))
        yield from map(_Stake, *columns)

    def _listing_of(self, stake: _Stake) -> int:
        """Return the row of a listing, told of only later, that would make a stake count; or -1."""
        rows = np.array(self.listings.get(stake.owner, ()), np.int64)
        for one in open_on(self.rulings, stake.asset) if len(rows) else ():
            counts = covered(one.rule, self.graph, rows)
            if not one.captured.possible[stake.owner] and counts.any():
                return int(rows[counts][0])
        return -1

    def notes(self) -> list[str]:
        """Return what was found, the largest possible shares first, and whether the search was cut off."""
        self.doubts.sort(key=lambda one: -one.stake.high)
        notes = [self._said(one) for one in self.doubts[:MOST_NAMED]]
        if (left := len(self.doubts) - len(notes)) > 0:
            more = "1 more such stake is" if left == 1 else f"{left:,} more such stakes are"
            notes.append(f"{more} told of only later.")
        if self.cut_off:
            notes.append(
                f"What is told of only from a later day was looked for among the {_MOST_PARTIES} nearest parties that "
                "have owners, and not further up."
            )
        return notes

    def _said(self, doubt: _Doubt) -> str:
        graph, stake, clauses = self.graph, doubt.stake, []
        if doubt.listing >= 0:
            self.inquiry.cite(graph.cell("listings", "sources", doubt.listing))
            which = graph.cell("listings", "list", doubt.listing)
            period = period_of(graph.row("listings", doubt.listing))
            clauses.append(f"{graph.name_of(stake.owner)} is on {which} ({period})")
        if stake.link < 0:
            clauses.append(self._held_on_the_day(stake))
        links = ((stake.link,) if stake.link >= 0 else ()) + self.way[stake.asset]
        clauses += [self._aloud(link) for link in links]
        return f"{_NOT_COUNTED}: {', and '.join(clauses)}."

    def _held_on_the_day(self, stake: _Stake) -> str:
        rows = self.stakes.into(stake.asset)
        row = int(rows[self.stakes.owner[rows] == stake.owner][0])
        low, high = int(self.stakes.low[row]), int(self.stakes.high[row])
        share = range_said(low, high).replace("share unknown", "an unknown share")
        return f"{'holds' if low else 'may hold'} {share} of {self.graph.name_of(stake.asset)}"

    def _aloud(self, link: int) -> str:
        graph = self.graph
        names = graph.name_of(int(graph.arrays.source[link])), graph.name_of(int(graph.arrays.target[link]))
        self.inquiry.cite_link(link)
        return aloud(graph.link(link), names, self.inquiry.as_of)


def open_on(rulings: Sequence[Ruling], entity: int) -> list[Ruling]:
    """Return the rulings under which it matters what is held in an entity: it is not captured for certain."""
    return [one for one in rulings if one.rule.flows_down and not one.captured.certain[entity]]


def adds(rulings: Sequence[Ruling], owners: Ints, assets: Ints | int) -> Flags:
    """Return which stakes of some owners would add to what captures an asset: under any of the rules."""
    flags: Flags = np.zeros(len(owners), np.bool_)
    for one in rulings:
        flags |= one.captured.possible[owners] & ~one.captured.certain[assets]
    return flags


def listings_of_the_unlisted(inquiry: Inquiry, rulings: Sequence[Ruling]) -> dict[int, list[int]]:
    """Return, of parties that a rule does not capture on the day, the rows of listings of its that are told later."""
    graph, rows = inquiry.graph, listings_told_later(inquiry.graph, inquiry.as_of)
    entities, counts = graph.arrays.listing_entity[rows], np.zeros(len(rows), np.bool_)
    for one in rulings if len(rows) else ():
        counts |= ~one.captured.possible[entities] & covered(one.rule, graph, rows)
    found: dict[int, list[int]] = {}
    for entity, row in zip(entities[counts].tolist(), rows[counts].tolist(), strict=True):
        found.setdefault(entity, []).append(row)
    return found
