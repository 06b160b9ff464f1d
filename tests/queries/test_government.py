"""State bodies behind an entity."""

from __future__ import annotations

from datetime import date

import pytest

from listed.errors import QueryError
from listed.graph.vocabulary import LinkType
from listed.queries import government
from listed.queries.government import TIES
from listed.terminal import show
from tests.graphs import body, firm, graph, linked, owns

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

    def test_words_part_them(self, capsys: pytest.CaptureFixture[str]) -> None:
        show(government(self.THERE, "A", DAY))
        lines = [line for line in capsys.readouterr().out.splitlines() if line]
        places = [lines.index(tie) for tie in TIES]
        assert [lines[place + 1][:2] for place in places] == ["1.", "3.", "4."]

    def test_a_group_without_a_body_has_no_words(self, capsys: pytest.CaptureFixture[str]) -> None:
        show(government(graph(body("S"), owns("S", "A", "9%")), "A", DAY))
        assert TIES[2] not in capsys.readouterr().out


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


def test_hops_are_positive() -> None:
    with pytest.raises(QueryError):
        government(graph(owns("A", "B")), "A", DAY, hops=0)


def test_no_number_of_hops_takes_longer_than_the_owners_go_up() -> None:
    there = graph(body("S"), owns("S", "P", "100%"), owns("P", "A", "10%"))
    assert len(government(there, "A", DAY, hops=10**18).rows) == 1
