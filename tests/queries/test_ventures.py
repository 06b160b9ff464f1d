"""What counts as a joint venture."""

from __future__ import annotations

from datetime import date

from listed.queries import ventures
from tests.graphs import firm, graph, owns

DAY = date(2020, 6, 1)


def test_two_large_owners_make_a_venture_with_a_row_for_each() -> None:
    there = graph(owns("A", "V", "51%"), owns("B", "V", "49%"))
    assert [(row.venture, row.owner) for row in ventures(there, "A", DAY).rows] == [("V", "A"), ("V", "B")]


def test_the_venture_itself_may_be_asked() -> None:
    assert len(ventures(graph(owns("A", "V", "51%"), owns("B", "V", "49%")), "V", DAY).rows) == 2


def test_one_large_owner_makes_none() -> None:
    assert ventures(graph(owns("A", "V", "81%"), owns("B", "V", "19%")), "A", DAY).rows == ()


def test_a_firm_whose_shares_are_traded_is_none() -> None:
    there = graph(firm("V", ids=(("ticker", "V.HK"),)), owns("A", "V", "51%"), owns("B", "V", "49%"))
    assert ventures(there, "A", DAY).rows == ()


def test_a_source_that_calls_it_one_is_enough() -> None:
    (row,) = ventures(graph(owns("A", "V", "51%", role="joint venture partner")), "A", DAY).rows
    assert row.reason == "called a joint venture by a source"


def test_a_venture_sold_is_told_only_with_history() -> None:
    there = graph(owns("A", "V", "51%", end="2019", role="joint venture partner"))
    assert ventures(there, "A", DAY).rows == ()
    assert [row.holds for row in ventures(there, "A", DAY, history=True).rows] == ["past"]
