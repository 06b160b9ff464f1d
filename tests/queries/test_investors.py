"""Investors: events that stay, and what is held now."""

from __future__ import annotations

from datetime import date

from listed.queries import investors
from tests.graphs import graph, invested, listed, owns

DAY = date(2020, 6, 1)


def test_the_earliest_comes_first() -> None:
    there = graph(invested("B", "X", "2018"), invested("A", "X", "2019"))
    assert [row.investor for row in investors(there, "X", DAY).rows] == ["B", "A"]


def test_an_investment_stays_told_when_the_shares_are_sold() -> None:
    there = graph(invested("A", "X", "2018"), owns("A", "X", "5%", "2018"), owns("A", "X", "0%", "2019"))
    assert [(row.investor, row.stake) for row in investors(there, "X", DAY).rows] == [("A", "sold 2019")]


def test_what_he_holds_stands_beside() -> None:
    there = graph(invested("A", "X", "2018"), owns("A", "X", "5%", "2018"))
    assert [row.stake for row in investors(there, "X", DAY).rows] == ["5%"]


def test_an_investment_to_come_is_not_told() -> None:
    assert investors(graph(invested("A", "X", "2021")), "X", DAY, history=True).rows == ()


def test_one_that_ended_is_told_with_history() -> None:
    there = graph(invested("A", "X", "2017", "2018"))
    assert investors(there, "X", DAY).rows == ()
    assert [row.holds for row in investors(there, "X", DAY, history=True).rows] == ["past"]


def test_what_it_invested_in_is_not_its_investor() -> None:
    assert investors(graph(invested("X", "A", "2018")), "X", DAY).rows == ()


def test_a_listed_investor_is_marked() -> None:
    (row,) = investors(graph(invested("A", "X", "2018"), listed("A")), "X", DAY).rows
    assert row.listed_on == ("US-BIS-EL",)
