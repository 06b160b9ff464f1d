"""Dates of partial precision, and what "contains" may claim of them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.graph.model import Link, Source, Statement
from listed.graph.period import (
    NO_DATE,
    START_TOLD,
    Containment,
    PartialDate,
    Period,
    day,
    month,
    parse_date,
    period_said,
    year,
)
from listed.graph.vocabulary import LinkType
from listed.loading import graph_of

CERTAINLY, POSSIBLY, NO = Containment.CERTAINLY, Containment.POSSIBLY, Containment.NO

days = st.dates(date(1990, 1, 1), date(2030, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    known = draw(days)
    made = [day(known.year, known.month, known.day), month(known.year, known.month), year(known.year), NO_DATE]
    return draw(st.sampled_from(made))


periods = st.builds(Period, partial_dates(), partial_dates())


def widened(given_: PartialDate) -> PartialDate:
    """The same date, known less precisely."""
    if given_.earliest is None or given_.latest is None:
        return given_
    if given_.earliest == given_.latest:
        return month(given_.earliest.year, given_.earliest.month)
    return year(given_.earliest.year)


READ = {
    "2019": year(2019),
    "2019-04": month(2019, 4),
    "2019-04-30": day(2019, 4, 30),
    "2019-4-3": day(2019, 4, 3),
    "2019-04-30T12:00:00Z": day(2019, 4, 30),
    "20190430": day(2019, 4, 30),
    "10/9/19": day(2019, 10, 9),
    "10/9/2019": day(2019, 10, 9),
    "1/2/85": day(1985, 1, 2),
    "10 Dec 2021": day(2021, 12, 10),
    "December 10, 2021": day(2021, 12, 10),
    "June 2019": month(2019, 6),
    "2020-02": PartialDate(date(2020, 2, 1), date(2020, 2, 29)),
    "2019-12": PartialDate(date(2019, 12, 1), date(2019, 12, 31)),
}

FLAGGED = {
    "Various": "not a date",
    "soon": "not a date",
    "0097-06-30": "a year no record can have",
    "9999": "a year no record can have",
    "9999-12": "a year no record can have",
    "9999-12-31": "a year no record can have",
    "2019-02-30": "not a date of the calendar",
    "2019-13": "not a date of the calendar",
    "0000": "not a date of the calendar",
    "13/13/19": "not a date of the calendar",
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_a_date_is_read_at_its_own_precision(text: str, expected: PartialDate) -> None:
    read = parse_date(text)
    assert (read.earliest, read.latest, read.flag) == (expected.earliest, expected.latest, "")


@pytest.mark.parametrize(("text", "flag"), FLAGGED.items())
def test_no_date_is_invented(text: str, flag: str) -> None:
    read = parse_date(text)
    assert (read.known, read.flag, read.text) == (False, flag, text)


@pytest.mark.parametrize("text", ["", None, "n/a", "unknown", "present"])
def test_a_source_that_says_nothing_is_not_flagged(text: str | None) -> None:
    read = parse_date(text)
    assert (read.known, read.flag) == (False, "")


def test_the_century_of_two_digits_can_be_set() -> None:
    assert parse_date("1/2/30", century_from=20) == day(1930, 1, 2)


def test_dates_of_other_libraries_are_read() -> None:
    assert parse_date(date(2019, 4, 30)) == parse_date(datetime(2019, 4, 30, 12, 5)) == day(2019, 4, 30)


@given(st.one_of(st.text(), st.text("0123456789-/ :TZJunDec.,", max_size=12), st.floats(), st.dates()))
def test_reading_never_fails(text: object) -> None:
    read = parse_date(text)
    assert not read.flag or not read.known


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_any_numbers_are_a_date_or_flagged(y: int, m: int, d: int) -> None:
    for text in (f"{y:04}-{m:02}-{d:02}", f"{y:04}-{m:02}", f"{y:04}{m:02}{d:02}", f"{m}/{d}/{y:04}"):
        read = parse_date(text)
        assert read.known != bool(read.flag)


@given(partial_dates())
def test_a_date_is_read_back_from_how_it_is_shown(given_: PartialDate) -> None:
    assert parse_date(str(given_)) == given_


@pytest.mark.parametrize(
    ("start", "end", "asked", "expected"),
    [
        ("2019", "", "2018-12-31", NO),
        ("2019", "", "2019-06-01", POSSIBLY),
        ("2019", "", "2019-12-31", CERTAINLY),
        ("2019", "", "2026-11-25", CERTAINLY),
        ("", "2019", "2018-12-31", CERTAINLY),
        ("", "2019", "2019-01-01", POSSIBLY),
        ("", "2019", "2020-01-01", NO),
        ("2018-05-03", "2019-04-30", "2018-05-03", CERTAINLY),
        ("2018-05-03", "2019-04-30", "2019-04-29", CERTAINLY),
        ("2018-05-03", "2019-04-30", "2019-04-30", POSSIBLY),
        ("2018-05-03", "2019-04-30", "2019-05-01", NO),
        ("2019", "2019", "2019-06-01", POSSIBLY),
        ("", "", "2019-06-01", CERTAINLY),
    ],
)
def test_a_period_holds_a_day(start: str, end: str, asked: str, expected: Containment) -> None:
    assert Period(parse_date(start), parse_date(end)).contains(date.fromisoformat(asked)) is expected


@given(periods, days)
def test_no_day_before_the_start_is_held(period: Period, asked: date) -> None:
    if period.start.earliest is not None:
        before = min(asked, period.start.earliest - timedelta(days=1))
        assert period.contains(before) is NO


@given(periods, days)
def test_no_day_after_the_end_is_held(period: Period, asked: date) -> None:
    if period.end.latest is not None:
        after = max(asked, period.end.latest + timedelta(days=1))
        assert period.contains(after) is NO
        assert period.is_past(after)


@given(periods, days)
def test_knowing_less_never_makes_no_certain_nor_possible_no(period: Period, asked: date) -> None:
    exact = period.contains(asked)
    vague = Period(widened(period.start), widened(period.end)).contains(asked)
    assert exact is not NO or vague is not CERTAINLY
    assert exact is NO or vague is not NO


@given(days, days, days)
def test_certain_means_held_by_every_reading_of_a_vague_period(start: date, end: date, asked: date) -> None:
    vague = Period(year(start.year), year(end.year)).contains(asked)
    exact = Period(day(start.year, start.month, start.day), day(end.year, end.month, end.day)).contains(asked)
    if vague is CERTAINLY:
        assert exact is CERTAINLY
    if exact is not NO:
        assert vague is not NO


@given(periods, days)
def test_what_is_past_holds_no_more(period: Period, asked: date) -> None:
    if period.is_past(asked):
        assert period.contains(asked) is NO


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2018-05-03", "2019", "2018-05-03 to 2019"),
        ("2019-04", "", "since 2019-04"),
        ("", "2019", "until 2019"),
        ("", "", ""),
    ],
)
def test_a_period_reads_well(start: str, end: str, shown: str) -> None:
    assert str(Period(parse_date(start), parse_date(end))) == shown


@pytest.mark.parametrize(
    ("start", "end", "told", "said"),
    [
        ("2019-04-30", "", False, "since 2019-04-30"),
        ("2019-04-30", "", True, "told on 2019-04-30"),
        ("2019-04", "", True, "told in 2019-04"),
        ("2019", "2021", True, "told in 2019, until 2021"),
        ("2019", "2021", False, "2019 to 2021"),
        ("", "2021", True, "until 2021"),
        ("", "", True, ""),
    ],
)
def test_a_day_of_telling_is_not_read_as_a_beginning(start: str, end: str, *, told: bool, said: str) -> None:
    assert period_said(start, end, told=told) == said


def test_a_graph_keeps_whether_a_start_was_only_told() -> None:
    told, begun = Period(year(2019), told=True), Period(year(2019))
    links = [Statement(Link("a", name, LinkType.OWNS, period=period), ("s",)) for name, period in
             (("b", told), ("c", begun))]  # fmt: skip
    graph = graph_of({"one": [Source("s", "S"), *links]})
    assert {graph.link(row).target: graph.link(row).period for row in range(2)} == {"b": told, "c": begun}
    assert sorted(graph.tables["links"]["flags"].to_pylist()) == [[], [START_TOLD]]
