"""A verdict says of each stake it rests on since when it is told, so that an old report is not read as today's news."""

from __future__ import annotations

from dataclasses import replace

import pytest

from listed.graph.model import Link
from listed.queries import owners
from listed.queries.verdicts import Ground
from tests.pictures.drawing import select
from tests.queries.rule_graphs import LATER, Said, graph, on, owns, ruling


def told(link: Link, role: str = "") -> Link:
    return replace(link, role=role, period=replace(link.period, told=True))


def ground(*said: Said) -> Ground:
    (only,) = ruling(graph(on("listed"), *said), "asset").grounds
    return only


def paragraph(*said: Said) -> str:
    return ruling(graph(on("listed"), *said), "asset").paragraph


def test_a_dated_beginning_stands_in_the_sentence() -> None:
    assert "listed holds 100% (listed, since 2009-08-12)" in paragraph(owns("listed", "asset", 100, "2009-08-12"))


def test_so_does_the_day_of_a_report() -> None:
    assert "(listed, told on 2019-08-25)" in paragraph(told(owns("listed", "asset", 60, "2019-08-25")))


def test_a_stake_without_a_date_has_none() -> None:
    assert "listed holds 60% (listed)." in paragraph(owns("listed", "asset", 60))


def test_of_several_reports_the_newest_counts() -> None:
    reports = owns("listed", "asset", 60, "2019", "2021"), owns("listed", "asset", 55, "2021")
    assert ground(*reports).dates == "since 2021"


def test_not_one_that_is_still_to_come() -> None:
    reports = owns("listed", "asset", 60, "2019", str(LATER.year + 1)), owns("listed", "asset", 55, str(LATER.year + 1))
    assert ground(*reports).dates == f"2019 to {LATER.year + 1}"


def test_what_a_source_calls_an_owner_is_told_where_it_states_no_share() -> None:
    small = told(owns("listed", "asset", None, "2021-11-23"), "small shareholder")
    assert 'an unknown share (listed, called "small shareholder", told on 2021-11-23)' in paragraph(small)


def test_and_not_where_it_does() -> None:
    assert "shareholder" not in paragraph(told(owns("listed", "asset", 60, "2021"), "controlling shareholder"))


@pytest.mark.parametrize("tells", ["a", "b"])
def test_of_two_reports_of_one_day_the_one_that_dates_the_beginning_counts(tells: str) -> None:
    stake = owns("listed", "asset", 60, "2020-03-01")
    said = {name: [told(stake) if name == tells else stake] for name in "ab"}
    there = graph(on("listed"), **said)
    (only,) = ruling(there, "asset").grounds
    (row,) = owners(there, "asset", LATER).rows
    (tie,) = select(there, "asset", day=LATER).ties
    assert (only.dates, row.start_told, tie.lines) == ("since 2020-03-01", False, ("60%",))
