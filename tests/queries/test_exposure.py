"""Exposure and paths: the order, the bounds, the dates, and a slow search that must agree."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listed.errors import QueryError
from listed.graph.adjacency import FAR
from listed.graph.model import Link, Listing
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.loading import graph_of
from listed.queries.best_paths import Question, best_paths
from listed.queries.exposure import exposure, paths
from listed.queries.ownership import owners
from tests.graphs import firm, graph, hub, invested, items, linked, listed, only_told, owns

DAY = date(2020, 6, 1)


def found(graph_: Graph, start: str = "A", **how: Any) -> list[str]:
    """The paths to listed entities, as "A>B>C"."""
    answer = exposure(graph_, start, DAY, **how)
    return [">".join(row.entities) for row in answer.rows if row.kind == "listed"]


class TestOrder:
    def test_fewer_links_come_first(self) -> None:
        assert found(graph(owns("A", "X"), owns("X", "B"), linked("A", "C", LinkType.LINKED_TO), listed("B"),
                           listed("C"))) == ["A>C", "A>X>B"]  # fmt: skip

    def test_of_two_as_long_the_stronger_type_comes_first(self) -> None:
        assert found(graph(invested("A", "B"), owns("A", "C"), listed("B"), listed("C"))) == ["A>C", "A>B"]

    def test_of_two_alike_the_id_decides(self) -> None:
        assert found(graph(owns("A", "C"), owns("A", "B"), listed("B"), listed("C"))) == ["A>B", "A>C"]

    def test_the_first_step_where_paths_part_decides(self) -> None:
        said = (owns("A", "Y"), linked("Y", "B", LinkType.LINKED_TO), invested("A", "X"), owns("X", "C"))
        assert found(graph(*said, listed("B"), listed("C"))) == ["A>Y>B", "A>X>C"]

    def test_the_order_of_loading_changes_nothing(self) -> None:
        said = (owns("A", "B"), invested("A", "C"), owns("C", "D"), owns("B", "D"), listed("D"))
        assert exposure(graph(*said), "A", DAY) == exposure(graph(*reversed(said)), "A", DAY)


class TestPaths:
    def test_links_are_followed_against_their_direction(self) -> None:
        assert found(graph(owns("B", "A"), listed("B"))) == ["A>B"]

    def test_a_path_stops_at_the_first_listed_entity(self) -> None:
        assert found(graph(owns("A", "B"), owns("B", "C"), listed("B"), listed("C"))) == ["A>B"]

    def test_the_start_itself_listed_is_a_note_and_no_path(self) -> None:
        answer = exposure(graph(owns("A", "B"), listed("A")), "A", DAY)
        assert (answer.rows, answer.notes) == ((), ("A is itself listed: US-BIS-EL.",))

    def test_a_cycle_ends(self) -> None:
        assert found(graph(owns("A", "B"), owns("B", "C"), owns("C", "A"), listed("C"))) == ["A>C", "A>B>C"]

    def test_links_side_by_side_are_one_step_and_all_are_told(self) -> None:
        (row,) = exposure(graph(invested("A", "B", "2018"), owns("A", "B", "5%"), listed("B")), "A", DAY).rows
        (other,) = row.steps[0].others
        assert (row.steps[0].type, other.sentence) == ("OWNS", "A invested in B (2018)")

    def test_a_sentence_cites_the_link_it_tells_of_and_not_the_one_beside_it(self) -> None:
        register = items(owns("A", "B", "5%"), listed("B"), source="register")
        told = graph_of({"register": register, "paper": items(invested("A", "B", "2018"))})
        (row,) = exposure(told, "A", DAY).rows
        assert (row.sources, row.steps[0].others[0].sources) == (("register",), ("paper",))

    def test_a_directorship_is_a_path_and_no_ownership(self) -> None:
        there = graph(linked("A", "B", LinkType.OFFICER_OF), listed("A"))
        assert (found(there, "B"), owners(there, "B", DAY).rows) == (["B>A"], ())

    def test_a_listed_child_does_not_make_its_parent_listed(self) -> None:
        (row,) = owners(graph(owns("A", "B", "100%"), listed("B")), "B", DAY).rows
        assert row.listed_on == ()

    def test_paths_need_no_listed_end(self) -> None:
        answer = paths(graph(owns("A", "X"), owns("B", "X")), "A", "B", DAY)
        assert [row.entities for row in answer.rows] == [("A", "X", "B")]

    def test_paths_between_one_and_itself_are_refused(self) -> None:
        with pytest.raises(QueryError, match="same entity"):
            paths(graph(owns("A", "B")), "A", "A", DAY)


class TestHubs:
    there = graph(hub("S"), owns("S", "A"), owns("S", "B"), listed("B"))

    def test_paths_through_a_hub_are_held_back(self) -> None:
        assert found(self.there) == []

    def test_a_hub_not_passed_is_named(self) -> None:
        told = exposure(self.there, "A", DAY).bounds["hubs_not_passed"]
        assert told == [{"entity": "S", "name": "S", "links": 2}]

    def test_paths_go_through_a_hub_when_asked(self) -> None:
        assert found(self.there, hubs=True) == ["A>S>B"]

    def test_a_path_may_begin_at_a_hub(self) -> None:
        assert found(self.there, "S") == ["S>B"]

    def test_the_hub_asked_about_was_not_passed_over(self) -> None:
        there = graph(hub("S"), owns("S", "A"), owns("A", "B"), listed("B"))
        assert exposure(there, "S", DAY).bounds["hubs_not_passed"] == []

    def test_a_listed_hub_is_an_end(self) -> None:
        assert found(graph(hub("S"), owns("S", "A"), listed("S"))) == ["A>S"]


class TestDates:
    def test_a_link_that_is_over_does_not_count(self) -> None:
        assert found(graph(owns("A", "B", "51%", end="2019"), listed("B"))) == []

    def test_history_follows_a_link_that_is_over_and_marks_it(self) -> None:
        answer = exposure(graph(owns("A", "B", "51%", end="2019"), listed("B")), "A", DAY, history=True)
        assert [(row.history, row.steps[0].holds) for row in answer.rows] == [(True, "past")]

    def test_a_link_that_may_hold_counts(self) -> None:
        answer = exposure(graph(owns("A", "B", "51%", end="2020"), listed("B")), "A", DAY)
        assert [row.steps[0].holds for row in answer.rows] == ["possibly"]

    @pytest.mark.parametrize("history", [False, True])
    def test_a_link_that_has_not_begun_never_counts(self, history: bool) -> None:
        assert found(graph(owns("A", "B", "51%", start="2021"), listed("B")), history=history) == []

    def test_an_exit_ends_a_path(self) -> None:
        assert found(graph(owns("A", "B", "51%", "2018"), owns("A", "B", "0%", "2019"), listed("B"))) == []

    @pytest.mark.parametrize(
        ("day", "told", "when"),
        [("2019-03-01", False, "on 2019-03-01"), ("2019", False, "in 2019"), ("2019", True, "by 2019")],
    )
    def test_a_sale_that_is_only_told_of_came_before_that_day(self, *, day: str, told: bool, when: str) -> None:
        sold = owns("A", "B", "0%", day)
        there = graph(owns("A", "B", "51%", "2018"), invested("A", "B"), only_told(sold) if told else sold, listed("B"))
        assert f"A had sold its shares of B {when}." in exposure(there, "A", DAY).notes

    def test_a_stake_sold_since_is_history(self) -> None:
        there = graph(owns("A", "B", "51%", "2018"), owns("A", "B", "0%", "2019"), listed("B"))
        assert [row.history for row in exposure(there, "A", DAY, history=True).rows] == [True]

    @pytest.mark.parametrize("history", [False, True])
    def test_a_listing_that_has_not_begun_never_counts(self, history: bool) -> None:
        assert found(graph(owns("A", "B"), listed("B", start="2021")), history=history) == []

    def test_the_delisted_count_only_with_history(self) -> None:
        there = graph(owns("A", "B"), listed("B", end="2019"))
        assert (found(there), found(there, history=True)) == ([], ["A>B"])


class TestBounds:
    there = graph(owns("A", "B"), owns("A", "C"), owns("A", "X"), owns("X", "D"), invested("A", "E"),
                  listed("B"), listed("C", "US-OFAC-SDN"), listed("D"), listed("E"))  # fmt: skip

    def test_the_limit_keeps_the_best(self) -> None:
        assert found(self.there, limit=2) == ["A>B", "A>C"]

    @pytest.mark.parametrize(("limit", "more"), [(3, True), (4, False)])
    def test_the_answer_tells_whether_there_are_more(self, limit: int, more: bool) -> None:
        assert exposure(self.there, "A", DAY, limit=limit).bounds["more_paths"] is more

    @pytest.mark.parametrize(("many", "told", "more"), [(25, 25, False), (26, 25, True)])
    def test_no_more_joint_ventures_are_told_than_one_can_read(self, many: int, told: int, more: bool) -> None:
        halves = [owns(owner, f"V{place}", "50%") for place in range(many) for owner in ("B", f"P{place}")]
        answer = exposure(graph(invested("A", "B"), *halves, listed("B")), "A", DAY)
        assert sum(row.kind == "venture" for row in answer.rows) == told
        assert answer.bounds["more_ventures"] is more

    def test_hops_bound_the_length(self) -> None:
        assert found(self.there, hops=1) == ["A>B", "A>C", "A>E"]

    def test_only_the_lists_asked_for_count(self) -> None:
        assert found(self.there, lists=["US-OFAC-SDN"]) == ["A>C"]

    def test_only_the_types_asked_for_are_followed(self) -> None:
        assert found(self.there, types=["invested_in"]) == ["A>E"]

    @pytest.mark.parametrize("how", [{"hops": 0}, {"hops": 13}, {"limit": 0}, {"types": ["LOVES"]}, {"lists": ["X"]}])
    def test_what_cannot_be_asked_is_refused(self, how: dict[str, Any]) -> None:
        with pytest.raises(QueryError):
            found(self.there, **how)


NODES = [f"n{number}" for number in range(7)]
YEARS = ["", "2018", "2019", "2020-06", "2021"]
TYPES = [LinkType.OWNS, LinkType.INVESTED_IN, LinkType.LINKED_TO]
some_links = st.lists(
    st.builds(linked, st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from(TYPES),
              st.sampled_from(YEARS), st.sampled_from(YEARS)).filter(lambda link: link.source != link.target),
    max_size=16, unique_by=lambda link: (link.source, link.target, link.type),
)  # fmt: skip
some_days = st.sampled_from([date(2017, 1, 1), date(2018, 6, 1), date(2020, 6, 15), date(2022, 1, 1)])
some_kinds = st.none() | st.frozensets(st.sampled_from(TYPES), min_size=1)
hubs_ = st.frozensets(st.sampled_from(NODES), max_size=2)


def may_hold(of: Link | Listing, day: date, *, history: bool) -> bool:
    start, end = of.period.start.earliest, of.period.end.latest
    return (start is None or start <= day) and (history or end is None or day <= end)


def slow_paths(
    links: list[Link],
    start: str,
    ends: frozenset[str],
    day: date,
    *,
    kinds: frozenset[LinkType] | None,
    held_back: frozenset[str],
    hops: int,
    history: bool,
) -> list[tuple[str, ...]]:
    """All simple paths to a first end, sorted by the documented key."""
    steps: dict[tuple[str, str], int] = {}
    for link in links:
        if may_hold(link, day, history=history) and (kinds is None or link.type in kinds):
            for pair in ((link.source, link.target), (link.target, link.source)):
                steps[pair] = min(steps.get(pair, 99), link.type.rank)
    all_: list[tuple[str, ...]] = []

    def walk(path: tuple[str, ...]) -> None:
        for one in NODES:
            if one in path or (path[-1], one) not in steps:
                continue
            if one in ends:
                all_.append((*path, one))
            elif one not in held_back and len(path) < hops:
                walk((*path, one))

    walk((start,))
    return sorted(all_, key=lambda p: (len(p), [(steps[p[i], p[i + 1]], p[i + 1]) for i in range(len(p) - 1)]))


def built(links: list[Link], listings: list[Listing], held_back: frozenset[str]) -> Graph:
    nodes = [hub(node) if node in held_back else firm(node) for node in NODES]
    return graph(*nodes, *links, *listings)


@settings(max_examples=120, deadline=None)
@given(some_links, st.sampled_from(NODES), st.frozensets(st.sampled_from(NODES), min_size=1), some_days, some_kinds,
       hubs_, st.integers(1, 6), st.integers(1, 8), st.booleans())  # fmt: skip
def test_the_best_paths_are_those_a_slow_search_finds(
    links: list[Link], start: str, ends: frozenset[str], day: date, kinds: frozenset[LinkType] | None,
    held_back: frozenset[str], hops: int, limit: int, past: bool,
) -> None:  # fmt: skip
    there = built(links, [], held_back)
    wanted = slow_paths(
        links, start, ends - {start}, day, kinds=kinds, held_back=held_back, hops=hops, history=past
    )  # fmt: skip
    near = there.arrays.near.copy()
    near[:] = 1
    rows = {node: there.row_of(node) for node in NODES}
    for node in ends:
        near[rows[node]] = 0
    assert FAR not in near
    numbers = [row for node in ends - {start} if (row := rows[node]) is not None]
    ranks = None if kinds is None else frozenset(kind.rank for kind in kinds)
    question = Question(rows[start] or 0, frozenset(numbers), near, day_number(day), ranks, hops, limit, past=past)
    got = best_paths(there.arrays, question)
    assert [tuple(there.id_of(one) for one in path) for path in got.paths] == wanted[:limit]
    assert got.more == (len(wanted) > limit)


@settings(max_examples=80, deadline=None)
@given(some_links, st.lists(st.builds(listed, st.sampled_from(NODES), st.just("US-BIS-EL"), st.sampled_from(YEARS),
       st.sampled_from(YEARS)), max_size=3), st.sampled_from(NODES), some_days, hubs_, st.integers(1, 5),
       st.booleans(), st.booleans())  # fmt: skip
def test_exposure_is_what_a_slow_search_finds(
    links: list[Link], listings: list[Listing], start: str, day: date, held_back: frozenset[str], hops: int,
    through: bool, history: bool,
) -> None:  # fmt: skip
    ends = frozenset(one.entity for one in listings if may_hold(one, day, history=history)) - {start}
    back = frozenset() if through else held_back
    wanted = slow_paths(links, start, ends, day, kinds=None, held_back=back, hops=hops, history=history)
    answer = exposure(built(links, listings, held_back), start, day, hops=hops, limit=50, hubs=through, history=history)
    assert [row.entities for row in answer.rows if row.kind == "listed"] == wanted[:50]


@settings(max_examples=80, deadline=None)
@given(some_links, st.sampled_from(NODES), st.sampled_from(NODES), some_days, some_kinds, hubs_, st.integers(1, 6),
       st.integers(1, 20))  # fmt: skip
def test_paths_are_what_a_slow_search_finds(
    links: list[Link], start: str, end: str, day: date, kinds: frozenset[LinkType] | None, held_back: frozenset[str],
    hops: int, limit: int,
) -> None:  # fmt: skip
    if start == end:
        return
    wanted = slow_paths(links, start, frozenset({end}), day, kinds=kinds, held_back=held_back, hops=hops, history=False)
    types = () if kinds is None else tuple(kinds)
    answer = paths(built(links, [], held_back), start, end, day, types=types, hops=hops, limit=limit)
    assert [row.entities for row in answer.rows] == wanted[:limit]


def test_of_many_days_and_types_asked_about_only_the_last_are_remembered() -> None:
    told = graph(owns("A", "B"), listed("B"))
    for number in range(40):
        exposure(told, "A", DAY + timedelta(number), types=list(LinkType)[: number % 20 + 1], hops=1)
    assert len(told.memory["listed"]) == len(told.memory["near"]) + 24 == 32
