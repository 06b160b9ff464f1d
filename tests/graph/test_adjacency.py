"""The graph as arrays: arcs in order, distances as a slow search finds them, exits."""

from __future__ import annotations

from collections import deque
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.graph import adjacency
from listed.graph.adjacency import FAR, Adjacency, distances
from listed.graph.builder import Builder
from listed.graph.merge import merge
from listed.graph.model import Entity, Link, Listing, Name, Source, Statement
from listed.graph.period import Containment, Period, parse_date
from listed.graph.share import Basis, parse_share
from listed.graph.stakes import Claim, stakes_on
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType

NODES = [f"n{number}" for number in range(8)]


def arrays(*about: Entity | Link | Listing, dataset: str = "test") -> Adjacency:
    builder = Builder(dataset)
    builder.add(Source("paper", "A paper"))
    builder.extend(Statement(one, ("paper",)) for one in about)
    return adjacency.build(merge([(dataset, builder.finish())])[0])


def firm(id_: str, schema: str = "Company", **properties: str) -> Entity:
    return Entity(id_, (Name(id_),), schema, properties=tuple(properties.items()))


links = st.lists(
    st.builds(Link, st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from(list(LinkType)))
    .filter(lambda link: link.source != link.target),
    max_size=14,
)  # fmt: skip
some = st.sets(st.integers(0, 7), max_size=4)


def slow_distances(given_: list[Link], ends: set[int], hubs: set[int], within: int = FAR - 1) -> list[int]:
    """Least number of links to an end, by a queue over the list of links; no way leads through a hub."""
    far = dict.fromkeys(ends, 0)
    queue = deque(sorted(ends))
    while queue:
        here = queue.popleft()
        if here in hubs and here not in ends:
            continue
        for link in given_:
            pair = NODES.index(link.source), NODES.index(link.target)
            for one, other in (pair, pair[::-1]):
                if one == here and other not in far:
                    far[other] = far[here] + 1
                    queue.append(other)
    return [far.get(node, FAR) for node in range(len(NODES))]


class TestDistances:
    @given(links, some, some)
    def test_they_are_what_a_slow_search_finds(self, given_: list[Link], ends: set[int], hubs: set[int]) -> None:
        made = arrays(*map(firm, NODES), *given_)
        hub = np.isin(np.arange(8), sorted(hubs))
        found = distances(made.first, made.neighbour, np.array(sorted(ends), np.int64), hub)
        assert found.tolist() == slow_distances(given_, ends, hubs)

    @given(links, some, some, st.integers(0, 4))
    def test_cut_off_early_they_are_a_lower_bound(
        self, given_: list[Link], ends: set[int], hubs: set[int], within: int
    ) -> None:
        made = arrays(*map(firm, NODES), *given_)
        hub = np.isin(np.arange(8), sorted(hubs))
        found = distances(made.first, made.neighbour, np.array(sorted(ends), np.int64), hub, within=within)
        for quick, slow in zip(found.tolist(), slow_distances(given_, ends, hubs), strict=True):
            assert quick == slow if slow <= within else within < quick <= slow

    def test_the_nearest_listed_entity_is_known_of_each(self) -> None:
        chain = [Link("n0", "n1", LinkType.OWNS), Link("n2", "n1", LinkType.SUPPLIES)]
        made = arrays(*map(firm, NODES[:4]), *chain, Listing("n2", "US-BIS-EL"))
        assert made.near.tolist() == [2, 1, 0, FAR]

    def test_no_way_leads_through_a_hub_but_one_ends_there(self) -> None:
        chain = [Link("n0", "n1", LinkType.OWNS), Link("n1", "n2", LinkType.OWNS)]
        listed = Listing("n2", "US-BIS-EL")
        made = arrays(firm("n0"), firm("n1", hub="yes"), firm("n2"), *chain, listed)
        assert made.hub.tolist() == [False, True, False]
        assert made.near.tolist() == [FAR, 1, 0]


class TestArcs:
    @given(links)
    def test_every_link_is_two_arcs_one_from_each_end(self, given_: list[Link]) -> None:
        made = arrays(*map(firm, NODES), *given_)
        for number in range(made.size):
            for arc in range(int(made.first[number]), int(made.first[number + 1])):
                link, other = int(made.link[arc]), int(made.neighbour[arc])
                assert {int(made.source[link]), int(made.target[link])} == {number, other}
                assert made.arc_kind[arc] == made.kind[link]
        assert sorted(made.link.tolist()) == sorted([*range(len(made.kind))] * 2)

    @given(links)
    def test_the_strongest_tie_comes_first_then_the_lower_number(self, given_: list[Link]) -> None:
        made = arrays(*map(firm, NODES), *given_)
        for number in range(made.size):
            arcs = made.arcs_of(number)
            order = list(zip(made.arc_kind[arcs].tolist(), made.neighbour[arcs].tolist(), strict=True))
            assert order == sorted(order)

    def test_the_links_of_an_entity_are_found_whichever_end_it_is(self) -> None:
        made = arrays(*map(firm, NODES), Link("n0", "n1", LinkType.OWNS), Link("n2", "n0", LinkType.SUPPLIES))
        assert made.links_of(0).tolist() == [0, 1]
        assert made.links_of(5).tolist() == []

    @pytest.mark.parametrize(
        ("schema", "count", "hub"), [("PublicBody", 30, True), ("PublicBody", 29, False), ("Company", 30, False)]
    )
    def test_a_public_body_with_many_links_is_a_hub(self, schema: str, count: int, hub: bool) -> None:
        owned = [Link("a", f"b{number}", LinkType.OWNS) for number in range(count)]
        assert bool(arrays(firm("a", schema), *owned).hub[0]) is hub

    def test_a_graph_of_nothing_has_arrays(self) -> None:
        assert (arrays().size, arrays().near.tolist()) == (0, [])


def stake(share: str, start: str = "", end: str = "", basis: Basis = Basis.SHARES) -> Link:
    period = Period(parse_date(start), parse_date(end))
    return Link("n0", "n1", LinkType.OWNS, share=parse_share(share, "percent"), period=period, basis=basis)


def held(links_: list[Link], day: str) -> int:
    """Number of links that may hold on a day."""
    made, asked = arrays(*links_), day_number(date.fromisoformat(day))
    arcs = made.arcs_of(0)
    return int(((made.arc_from[arcs] <= asked) & (asked <= made.arc_to[arcs])).sum())


class TestExits:
    SOLD = [stake("51", "2010"), stake("0", "2019")]

    @pytest.mark.parametrize(
        ("day", "count"), [("2009-12-31", 0), ("2018-12-01", 1), ("2019-06-01", 1), ("2020-01-01", 0)]
    )
    def test_an_exit_ends_the_stake_before_it(self, day: str, count: int) -> None:
        assert held(self.SOLD, day) == count

    def test_a_later_purchase_holds_again(self) -> None:
        assert held([*self.SOLD, stake("10", "2022")], "2023-01-01") == 1

    def test_an_exit_from_votes_leaves_the_shares(self) -> None:
        assert held([stake("51", "2010"), stake("0", "2019", basis=Basis.VOTES)], "2020-01-01") == 1

    def test_a_stake_of_nothing_is_no_tie(self) -> None:
        assert held([stake("0", "2010", "2012")], "2011-01-01") == 0

    @given(
        st.sampled_from(["", "2010", "2015-06", "2018-12-31"]),
        st.sampled_from(["", "2018", "2019", "2021-03-01"]),
        st.dates(date(2009, 12, 30), date(2022, 1, 2)),
    )
    def test_the_arrays_and_the_rules_agree_on_whether_anything_may_be_held(
        self, start: str, end: str, day: date
    ) -> None:
        told = [stake("51", start, end), stake("0", "2019")]
        claims = [Claim(number, "test", link.share, link.period, link.basis) for number, link in enumerate(told)]
        may = any(not s.is_exit and s.holds is not Containment.NO for s in stakes_on(claims, day))
        assert (held(told, day.isoformat()) > 0) == may
