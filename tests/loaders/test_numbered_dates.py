"""Dates of three numbers: which is the month is said or told by a number above 12, and never guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from listed.graph.period import PartialDate
from listed.loaders.numbered_dates import WHICH_FIRST, Order, in_iso, is_numbered, order_of, orders_of, read_date


class TestADateAlone:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("16/5/2020", "2020-05-16"),
            ("5/16/2020", "2020-05-16"),
            ("5-16-2020", "2020-05-16"),
            ("5.16.2020", "2020-05-16"),
            ("4/4/20", "2020-04-04"),
            ("27/04/98", "1998-04-27"),
            ("31/12/2019 00:00", "2019-12-31"),
        ],
    )
    def test_a_number_above_12_tells(self, text: str, said: str) -> None:
        assert (str(read_date(text)), read_date(text).flag) == (said, "")

    @pytest.mark.parametrize("text", ["3/4/2020", "3-4-2020", "3/4/20", "3/4/2020 10:00:00.000"])
    def test_without_one_only_the_year_is_read(self, text: str) -> None:
        assert (str(read_date(text)), read_date(text).text, read_date(text).flag) == ("2020", text, WHICH_FIRST)

    def test_with_full_stops_the_day_stands_first(self) -> None:
        assert str(read_date("03.04.2020")) == str(read_date("3.4.2020")) == "2020-04-03"

    @pytest.mark.parametrize(
        ("text", "by_day", "by_month"),
        [("3/4/2020", "2020-04-03", "2020-03-04"), ("3/4/20", "2020-04-03", "2020-03-04"),
         ("3.4.20", "2020-04-03", "2020-03-04"), ("3-4-2020", "2020-04-03", "2020-03-04"),
         ("16/5/2020", "2020-05-16", ""), ("5/16/20", "", "2020-05-16")],
    )  # fmt: skip
    def test_what_is_said_holds_for_every_way_of_writing(self, text: str, by_day: str, by_month: str) -> None:
        assert [str(read_date(text, day_first=said)) for said in (True, False)] == [by_day, by_month]
        assert [in_iso(text, day_first=said) for said in (True, False)] == [by_day or text, by_month or text]

    @pytest.mark.parametrize("text", ["20-04-03", "16-04-03", "20.04.03", "99-12-31"])
    def test_a_year_of_two_digits_is_not_looked_for_where_it_may_stand_first(self, text: str) -> None:
        assert (read_date(text).known, read_date(text).text, read_date(text).flag) == (False, text, "not a date")

    @pytest.mark.parametrize("day_first", [True, False, None])
    def test_with_hyphens_not_even_where_the_order_is_said(self, *, day_first: bool | None) -> None:
        assert read_date("20-04-03", day_first=day_first).flag == "not a date"

    @pytest.mark.parametrize("text", ["18/19/2015", "29/02/2006", "31/04/2020", "0/5/2020", "99/99/2020"])
    def test_what_is_a_date_in_neither_order_is_none(self, text: str) -> None:
        assert (read_date(text).known, read_date(text).flag) == (False, "not a date of the calendar")


class TestAColumn:
    @pytest.mark.parametrize("other", ["16/16/2020", "99/99/9999", "31/04/2020", "0/16/2020", "Various", "", None])
    def test_a_cell_that_is_no_date_tells_nothing(self, other: str | None) -> None:
        assert order_of(["3/4/2020", "5/16/2020", other]).slashed is False
        assert order_of(["3/4/2020", other]).slashed is None

    @pytest.mark.parametrize(
        ("column", "read"),
        [
            (["3/4/2020", "16.5.2020"], ["2020-04-03", "2020-05-16"]),
            (["3/4/2020", "03.04.2020"], ["2020", "2020-04-03"]),
            (["3.4.2020", "5.16.2020"], ["2020-03-04", "2020-05-16"]),
            (["3.4.2020", "5.16.2020", "16.5.2020"], ["2020", "2020-05-16", "2020-05-16"]),
            (["3/4/2020", "5/16/2020", "3.4.2020"], ["2020", "2020-05-16", "2020-04-03"]),
            (["3/4/20", "16/5/2020"], ["2020-04-03", "2020-05-16"]),
            (["16.5.2020", "3.4.20"], ["2020-05-16", ""]),
        ],
    )
    def test_its_dates_tell_of_each_other(self, column: list[str], read: list[str]) -> None:
        order = order_of(column)
        assert [str(order.read(text)) for text in column] == read

    def test_columns_of_one_sheet_tell_together(self) -> None:
        start, end = orders_of([["3/4/2020"], ["16/5/2021", "2022"]])
        assert (start.slashed, end.slashed) == (True, True)

    def test_unless_they_contradict_each_other(self) -> None:
        start, end, third = orders_of([["5/16/2020"], ["16/5/2021"], ["3/4/2020"]])
        assert (start.slashed, end.slashed, third.slashed) == (False, True, None)


def dates(*, signs: str) -> st.SearchStrategy[str]:
    number = st.integers(0, 33).map(str) | st.integers(0, 13).map("{:02}".format)
    year = st.sampled_from(["2020", "2019", "1500", "1499", "0012", "9999", "20", "99", "04"])
    return st.tuples(number, number, st.sampled_from(signs), year).map(
        lambda parts: f"{parts[0]}{parts[2]}{parts[1]}{parts[2]}{parts[3]}"
    )


def in_each_order(text: str) -> list[PartialDate]:
    """Return the dates a text can be, by its numbers alone."""
    one, two, year = (int(part) for part in text.replace("-", "/").replace(".", "/").split("/"))
    century = (
        0 if len(text.replace("-", "/").replace(".", "/").rsplit("/", 1)[1]) == 4 else 1900 if year >= 70 else 2000
    )
    found = []
    for month, day in ((two, one), (one, two)):
        try:
            known = date(century + year, month, day)
        except ValueError:
            continue
        if 1500 <= known.year <= 2200:
            found.append(PartialDate(known, known))
    return found


orders = st.builds(Order, st.sampled_from([True, False, None]), st.sampled_from([True, False, None]))


@given(dates(signs="/-."), st.sampled_from([True, False, None]), orders)
@example("18/19/2015", None, Order())
def test_no_day_is_read_that_neither_order_gives(text: str, said: bool | None, order: Order) -> None:
    for read in (read_date(text, day_first=said), order.read(text)):
        assert not read.known or any(
            read.earliest <= way.earliest <= read.latest  # type: ignore[operator]
            for way in in_each_order(text)
        )
        assert read.flag or read in in_each_order(text)


@given(dates(signs="/-"))
def test_where_nothing_tells_no_more_is_read_than_both_orders_agree_on(text: str) -> None:
    read, ways = read_date(text), in_each_order(text)
    if not is_numbered(text):
        assert not read.known
    elif len(set(ways)) == 2:
        assert (str(read), read.flag) == (str(ways[0])[:4], WHICH_FIRST)
        assert all(read.earliest <= way.earliest and way.latest <= read.latest for way in ways)  # type: ignore[operator]
    else:
        assert read == ways[0] if ways else (not read.known and read.flag)


@given(st.lists(dates(signs="/-."), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(column: list[str], random: object) -> None:
    mixed = sorted(column, key=lambda _: random.random())  # type: ignore[attr-defined]
    one, other = order_of(column), order_of(mixed)
    assert [str(one.read(text)) for text in column] == [str(other.read(text)) for text in column]


@given(st.lists(dates(signs="/-."), max_size=6))
def test_a_column_only_narrows_what_a_date_alone_says_with_slashes(column: list[str]) -> None:
    order = order_of(column)
    for text in column:
        alone, told = read_date(text), order.read(text)
        if "." not in text and alone.known:
            assert alone.earliest <= told.earliest <= told.latest <= alone.latest  # type: ignore[operator]
