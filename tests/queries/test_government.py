"""State bodies behind an entity."""

from __future__ import annotations

from datetime import date

import pytest

from listed.errors import QueryError
from listed.graph.vocabulary import LinkType
from listed.queries import government
from listed.queries.government import STATE_TIES
from listed.terminal import show
from tests.graphs import body, firm, graph, linked, only_told, owns

DAY = date(2020, 6, 1)


def test_a_body_is_reached_through_the_owners() -> None:
    there = graph(body("S"), owns("S", "P", "100%"), owns("P", "A", "10%"))
    assert [(row.body, row.through, row.hops) for row in government(there, "A", DAY).rows] == [("S", ("P",), 2)]


def test_the_relation_may_be_less_than_ownership() -> None:
    there = graph(body("S"), linked("A", "S", LinkType.AFFILIATED_WITH))
    assert [row.relation for row in government(there, "A", DAY).rows] == ["AFFILIATED_WITH"]


def test_what_an_entity_owns_is_not_behind_it() -> None:
    assert government(graph(body("S"), owns("A", "B", "100%"), owns("S", "B", "1%")), "A", DAY).rows == ()


def test_a_state_owned_firm_is_no_state_body() -> None:
    assert government(graph(firm("P", topics=("gov.soe",)), owns("P", "A", "60%")), "A", DAY).rows == ()


class TestTheOrder:
    """Who stands behind a firm comes before whom it trades with."""

    THERE = graph(
        *(body(id_) for id_ in ("buyer", "ministry", "party", "sasac")),
        linked("A", "buyer", LinkType.SUPPLIES),
        linked("A", "party", LinkType.AFFILIATED_WITH),
        linked("A", "ministry", LinkType.DESIGNATED_BY),
        owns("P", "A", "60%"),
        owns("sasac", "P", "100%"),
    )

    def test_owners_and_designations_come_first_however_far_and_customers_last(self) -> None:
        rows = government(self.THERE, "A", DAY).rows
        assert [row.body for row in rows] == ["ministry", "sasac", "party", "buyer"]

    def test_a_row_says_what_the_body_is_to_the_entity(self) -> None:
        rows = government(self.THERE, "A", DAY).rows
        assert [row.tie for row in rows] == ["behind", "behind", "other", "trade"]

    @pytest.mark.parametrize(
        ("type_", "named"), [(LinkType.REGULATES, "regulators"), (LinkType.PILOTS, "pilots"), (LinkType.FUNDS, "funds")]
    )
    def test_its_heading_names_what_stands_under_it(self, type_: LinkType, named: str) -> None:
        (row,) = government(graph(body("S"), linked("S", "A", type_)), "A", DAY).rows
        assert named in STATE_TIES[row.tie]

    def test_words_part_them(self, capsys: pytest.CaptureFixture[str]) -> None:
        show(government(self.THERE, "A", DAY))
        lines = [line for line in capsys.readouterr().out.splitlines() if line]
        places = [lines.index(tie) for tie in STATE_TIES.values()]
        assert [lines[place + 1][:2] for place in places] == ["1.", "3.", "4."]

    def test_a_group_without_a_body_has_no_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        show(government(graph(body("S"), owns("S", "A", "9%")), "A", DAY))
        assert STATE_TIES["trade"] not in capsys.readouterr().out


def test_hops_bound_the_way_up() -> None:
    there = graph(body("S"), owns("S", "P", "100%"), owns("P", "A", "10%"))
    assert government(there, "A", DAY, hops=1).rows == ()


def test_owners_in_a_circle_end() -> None:
    there = graph(body("S"), owns("A", "B", "1%"), owns("B", "C", "1%"), owns("C", "A", "1%"), owns("S", "B", "1%"))
    assert [row.hops for row in government(there, "A", DAY).rows] == [3]


def test_what_is_over_is_told_only_with_history() -> None:
    there = graph(body("S"), owns("S", "A", "60%", end="2019"))
    assert government(there, "A", DAY).rows == ()
    assert [row.history for row in government(there, "A", DAY, history=True).rows] == [True]


def test_what_has_not_begun_is_not_history() -> None:
    assert government(graph(body("S"), owns("S", "A", "60%", "2021")), "A", DAY, history=True).rows == ()


class TestWhatIsToCome:
    """A note counts the links with state bodies that are not there on the day, and those that would lead to more."""

    def test_a_tie_told_of_only_later_is_noted(self) -> None:
        answer = government(
            graph(body("S"), only_told(linked("A", "S", LinkType.AFFILIATED_WITH, "2026-06-10"))), "A", DAY
        )
        assert answer.notes == ("Not shown: 1 link told of only from a later day (2026-06-10 the first).",)

    def test_and_so_are_those_of_the_owners(self) -> None:
        of_owner = (
            only_told(owns("S", "P", "100%", "2021")),
            only_told(linked("P", "S", LinkType.AFFILIATED_WITH, "2022")),
        )
        answer = government(graph(body("S"), owns("P", "A", "60%"), *of_owner), "A", DAY)
        assert answer.notes == ("Not shown: 2 links told of only from a later day (2021 the first).",)

    def test_a_newer_figure_of_a_stake_that_is_told_is_none(self) -> None:
        stakes = owns("S", "P", "60%", "2015"), owns("S", "P", "70%", "2021")
        answer = government(graph(body("S"), owns("P", "A", "60%"), *stakes), "A", DAY)
        assert (len(answer.rows), answer.notes) == (1, ())

    def test_a_link_with_a_firm_is_none(self) -> None:
        assert government(graph(linked("A", "B", LinkType.SUPPLIES, "2021")), "A", DAY).notes == ()

    def test_an_owner_told_of_only_later_is_a_way_up_that_is_not_followed(self) -> None:
        there = graph(body("S"), owns("S", "P", "100%"), only_told(owns("P", "A", "60%", "2021")))
        answer = government(there, "A", DAY)
        told = ("Not followed to an owner: 1 link told of only from a later day (2021 the first).",)
        assert (answer.rows, answer.notes) == ((), told)

    def test_an_owner_there_is_another_way_to_is_followed(self) -> None:
        there = graph(owns("P", "A", "60%"), owns("B", "A", "5%"), owns("P", "B", "60%", "2021"))
        assert government(there, "A", DAY).notes == ()

    def test_what_it_owns_leads_nowhere_up(self) -> None:
        assert government(graph(owns("A", "B", "60%", "2021")), "A", DAY).notes == ()

    def test_above_the_most_hops_no_owner_counts(self) -> None:
        assert government(graph(owns("P", "A", "60%", "2021")), "A", DAY, hops=1).notes == ()


def test_hops_are_positive() -> None:
    with pytest.raises(QueryError):
        government(graph(owns("A", "B")), "A", DAY, hops=0)


def test_no_number_of_hops_takes_longer_than_the_owners_go_up() -> None:
    there = graph(body("S"), owns("S", "P", "100%"), owns("P", "A", "10%"))
    assert len(government(there, "A", DAY, hops=10**18).rows) == 1
