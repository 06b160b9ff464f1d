"""What a picture shows around an entity: which parties, which relations of theirs, and how many are left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from listed.graph.model import Source
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import LISTS, LinkType
from listed.pictures.relations import Tie, tie_between
from listed.queries.answer import Answer, Inquiry
from listed.queries.government import is_state_body
from listed.queries.listings import listed_on, lists_of
from listed.queries.ownership import STAKES, stake_links, stake_rows
from listed.queries.regimes import regime as regime_of
from listed.queries.resolve import find
from listed.queries.ruling import Ruling
from listed.queries.standing import standing
from listed.queries.ventures import may_be_ventures, venture_reason

I64 = npt.NDArray[np.int64]

REGIME = "us-bis"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a picture is asked to show; ``types`` empty means the kinds its form is made for."""

    as_of: date
    hops: int
    most: int
    types: tuple[LinkType, ...] = ()
    history: bool = False
    regime: str = REGIME
    regimes_file: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An entity on a picture.

    ``side`` is -1 above the entity asked about (its owners), 1 below (its holdings), 0 beside it; ``tier`` how
    many links away. ``standing`` is ``listed`` if it is on any list on the day, else the verdict of the regime:
    "captured", or "would be captured" where the rule is not, or not certainly, in force on the day.
    ``more_owners`` and ``more_holdings`` count those that are not drawn, ``more`` any neighbours that are not.
    """

    row: int
    id: str
    name: str
    native: str
    standing: str
    lists: tuple[str, ...]
    state: bool
    side: int
    tier: int
    more_owners: int = 0
    more_holdings: int = 0
    more: int = 0


Left = Callable[[Party], Party]
"""Gives a party its counts of neighbours that are not drawn."""


@dataclass(frozen=True, slots=True)
class Selection:
    """All that a picture shows, the entity asked about first."""

    parties: tuple[Party, ...]
    ties: tuple[Tie, ...]
    wish: Wish
    regime_title: str
    regime_status: str
    graph: str
    snapshot: int
    sources: dict[str, Source]
    cut_off: int
    notes: tuple[str, ...]

    @property
    def centre(self) -> Party:
        """The entity asked about."""
        return self.parties[0]

    @property
    def list_titles(self) -> dict[str, str]:
        """The titles of the lists its parties are on."""
        there = sorted({name for party in self.parties for name in party.lists})
        return {name: LISTS.get(name, name) for name in there}


def around(graph: Graph, entity: str, wish: Wish) -> Selection:
    """Return the neighbours of an entity, over links in either direction, the nearest first.

    Of those equally near the listed come first, then the stronger links and the larger shares.
    """
    search = _Search(graph, find(graph, entity), wish, tuple(LinkType))
    front = [search.centre]
    for tier in range(1, wish.hops + 1):
        found = search.next_of(front, ("owners", "holdings"))
        front = search.take(found, tier, 0)
        if not front:
            break
    return search.selection(lambda party: replace(party, more=search.left_of(party.row, ("owners", "holdings"))))


def owners_and_holdings(graph: Graph, entity: str, wish: Wish) -> Selection:
    """Return the owners above an entity, its holdings below it, and beside it its partners in joint ventures."""
    search = _Search(graph, find(graph, entity), wish, STAKES)
    above, below = [search.centre], [search.centre]
    for tier in range(1, wish.hops + 1):
        owners = search.next_of(above, ("owners",))
        holdings = [one for one in search.next_of(below, ("holdings",)) if one not in set(owners)]
        room = search.room
        above = search.take(owners[: max(room // 2, room - len(holdings))], tier, -1)
        below = search.take(holdings, tier, 1)
        if tier == 1:
            search.take(search.partners(), 1, 0)
        if not above and not below:
            break
    return search.selection(lambda party: _with_left(search, party))


def _with_left(search: _Search, party: Party) -> Party:
    owners = search.left_of(party.row, ("owners",)) if party.side < 0 or not party.tier else 0
    holdings = search.left_of(party.row, ("holdings",)) if party.side > 0 or not party.tier else 0
    return replace(party, more_owners=owners, more_holdings=holdings)


class _Search:
    """A selection being made."""

    def __init__(self, graph: Graph, centre: int, wish: Wish, types: Sequence[LinkType]) -> None:
        self.graph, self.centre, self.wish = graph, centre, wish
        self.inquiry = Inquiry(graph, "map", {}, wish.as_of)
        self.kinds = np.array([one.rank for one in wish.types or types], np.uint8)
        self.listed = np.zeros(graph.arrays.size, np.bool_)
        self.listed[list(listed_on(graph, wish.as_of))] = True
        self.places: dict[int, tuple[int, int]] = {centre: (0, 0)}  # side and tier, in the order of choice

    @property
    def room(self) -> int:
        """How many more parties may be drawn."""
        return self.wish.most - len(self.places)

    def take(self, rows: Sequence[int], tier: int, side: int) -> list[int]:
        """Put parties on the picture as far as there is room, and return them."""
        new = [row for row in rows if row not in self.places][: max(self.room, 0)]
        self.places.update((row, (side, tier)) for row in new)
        return new

    def next_of(self, front: Sequence[int], ways: tuple[str, ...]) -> list[int]:
        """Return those next to some parties that are not on the picture, the most telling first."""
        found: dict[int, tuple[bool, bool, int, int]] = {}
        for row in front:
            for other, key in self._beside(row, ways):
                if other not in self.places:
                    found[other] = min(key, found.get(other, key))
        return sorted(found, key=lambda row: (found[row], self.graph.id_of(row)))

    def left_of(self, row: int, ways: tuple[str, ...]) -> int:
        """Return how many next to a party are not on the picture."""
        return len({other for other, _ in self._beside(row, ways)} - self.places.keys())

    def partners(self) -> list[int]:
        """Return the other owners of the joint ventures that the entity asked about holds."""
        if LinkType.OWNS.rank not in self.kinds:
            return []
        graph, found = self.graph, []
        quiet = Inquiry(graph, "", {}, self.wish.as_of)
        for venture in may_be_ventures(graph, self.centre):
            if venture not in self.places:
                continue
            links = stake_links(graph, venture, of_asset=True)
            stakes = stake_rows(quiet, links, history=self.wish.history, of_asset=True)
            if venture_reason(graph, venture, stakes):
                found += [row for one in stakes if (row := graph.row_of(one.owner)) is not None]
        return list(dict.fromkeys(found))

    def _beside(self, row: int, ways: tuple[str, ...]) -> Iterator[tuple[int, tuple[bool, bool, int, int]]]:
        """Yield the neighbours of a party in some directions, each with what it is ranked by."""
        arrays, number = self.graph.arrays, day_number(self.wish.as_of)
        arcs = arrays.arcs_of(row)
        links, others = arrays.link[arcs], arrays.neighbour[arcs]
        until = arrays.arc_to[arcs]
        counts = np.isin(arrays.arc_kind[arcs], self.kinds) & (arrays.arc_from[arcs] <= number) & (others != row)
        counts &= (until >= number) | self.wish.history
        if ways == ("owners",):
            counts &= arrays.target[links] == row
        elif ways == ("holdings",):
            counts &= arrays.source[links] == row
        for place in np.flatnonzero(counts).tolist():
            other, link = int(others[place]), int(links[place])
            key = (not self.listed[other], bool(until[place] < number), int(arrays.kind[link]), -int(arrays.low[link]))
            yield other, key

    def selection(self, left: Left) -> Selection:
        """Return what was chosen, with all relations among it."""
        graph, wish = self.graph, self.wish
        rule = regime_of(wish.regime, wish.regimes_file)
        ruling = Ruling(self.inquiry, rule)
        ties = tuple(self._ties())
        parties = tuple(self._party(row, ruling, left) for row in self.places)
        cut = {other for row in self.places for other, _ in self._outward(row)} - self.places.keys()
        answer: Answer[object] = self.inquiry.answer(())
        return Selection(
            parties, ties, wish, rule.title, ruling.phase.status, graph.name, graph.number, answer.sources, len(cut),
            ruling.caveat,
        )  # fmt: skip

    def _outward(self, row: int) -> Iterable[tuple[int, tuple[bool, bool, int, int]]]:
        side, tier = self.places[row]
        if tier and not side and self.kinds.size == len(STAKES):
            return ()
        return self._beside(row, ("owners", "holdings") if not side else ("owners",) if side < 0 else ("holdings",))

    def _ties(self) -> Iterator[Tie]:
        """Yield the relations among the parties chosen, by owner and asset."""
        arrays = self.graph.arrays
        on = np.zeros(arrays.size, np.bool_)
        on[list(self.places)] = True
        for row in self.places:
            arcs = arrays.arcs_of(row)
            counted = on[arrays.neighbour[arcs]] & np.isin(arrays.arc_kind[arcs], self.kinds)
            links = arrays.link[arcs][counted]
            links = links[(arrays.source[links] == row) & (arrays.target[links] != row)]
            pairs: dict[int, list[int]] = {}
            for link in links.tolist():
                pairs.setdefault(int(arrays.target[link]), []).append(link)
            for other, between in pairs.items():
                tie = tie_between(self.inquiry, row, other, between, history=self.wish.history)
                if tie is not None:
                    yield tie

    def _party(self, row: int, ruling: Ruling, left: Left) -> Party:
        graph = self.graph
        lists = lists_of(graph, row, self.wish.as_of)
        side, tier = self.places[row]
        name = graph.name_of(row)
        party = Party(
            row=row,
            id=graph.id_of(row),
            name=name,
            native=_native_name(graph, row) if name.isascii() else "",
            standing="listed" if lists else standing(ruling.verdict_of(row), ruling.phase.status),
            lists=lists,
            state=is_state_body(graph, row),
            side=side,
            tier=tier,
        )
        return left(party)


def _native_name(graph: Graph, row: int) -> str:
    """Return the first name of an entity that is written in another script than Latin; empty if there is none."""
    return next((part["text"] for part in graph.parts("names", row) if _in_another_script(part["text"])), "")


def _in_another_script(text: str) -> bool:
    letters = [one for one in text if one.isalpha()]
    foreign = sum(not unicodedata.name(one, "").startswith("LATIN") for one in letters)
    return foreign * 2 > len(letters)
