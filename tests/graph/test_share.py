"""Shares: read from whatever a source wrote, exact, and never guessed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from listed.graph.share import PERCENT, UNKNOWN, WHOLE, Share, parse_share, percent, show_percent

Bounds = tuple[int | None, int | None, bool, bool]

units = st.integers(0, WHOLE)
numbers = st.decimals(0, 100, places=6, allow_nan=False, allow_infinity=False)


def bounds(share: Share) -> Bounds:
    return share.low, share.high, share.low_open, share.high_open


def between(low: float, high: float, opens: str = "[]") -> Bounds:
    return percent(low), percent(high), opens[0] == "(", opens[1] == ")"


READ = {
    "51%": between(51, 51),
    "51,5 %": between(51.5, 51.5),
    "25-50%": between(25, 50),
    "25–50%": between(25, 50),
    "25% to 50%": between(25, 50),
    ">50": between(50, 100, "(]"),
    ">= 50%": between(50, 100),
    "<5": between(0, 5, "[)"),
    "up to 5%": between(0, 5),
    "more than 25% but not more than 50%": between(25, 50, "(]"),
    "more than 50% but less than 75%": between(50, 75, "()"),
    "75% or more": between(75, 100),
    "(25, 50]": between(25, 50, "(]"),
    "50.01": between(50.01, 50.01),
    "100.00": between(100, 100),
    "51 per cent": between(51, 51),
    "0": between(0, 0),
    "0.51%": between(0.51, 0.51),
    "1/2": between(50, 50),
    "1/3": between(33.333333, 33.333334),
    "majority": between(50, 100, "(]"),
    "Wholly owned": between(100, 100),
    "minority": between(0, 50, "[)"),
}

SAID_NOTHING = ["", "  ", "n/a", "N/A", "unknown", "Undisclosed", "-", "—"]

FLAGGED = {
    "0.51": "a fraction or a percentage?",
    "1": "a fraction or a percentage?",
    "-3": "a negative share",
    "130%": "more than 100 percent",
    "1000%": "more than 100 percent",
    "3/2": "more than 100 percent",
    "1/0": "not read as a share, kept as unknown",
    "50-25%": "a range that ends below its start",
    "most of it": "not read as a share, kept as unknown",
    "51% (2019)": "not read as a share, kept as unknown",
    "1.2.3": "not read as a share, kept as unknown",
    "x" * 5000: "not read as a share, kept as unknown",
}


@pytest.mark.parametrize(("text", "expected"), READ.items())
def test_a_share_is_read_as_the_source_means_it(text: str, expected: Bounds) -> None:
    assert bounds(parse_share(text)) == expected


@pytest.mark.parametrize("text", READ)
def test_what_is_understood_keeps_its_text_and_has_no_flag(text: str) -> None:
    share = parse_share(text)
    assert (share.text, share.flag) == (text, "")


@pytest.mark.parametrize("text", SAID_NOTHING)
def test_a_source_that_says_nothing_is_unknown_and_no_error(text: str) -> None:
    share = parse_share(text)
    assert (share.known, share.flag, share.text) == (False, "", text.strip())


@pytest.mark.parametrize(("text", "flag"), FLAGGED.items())
def test_what_cannot_be_taken_at_its_word_is_unknown_flagged_and_kept(text: str, flag: str) -> None:
    share = parse_share(text)
    assert (share.known, share.flag, share.text) == (False, flag, text)


def test_an_approximate_number_is_a_range_of_a_point_either_way_and_flagged() -> None:
    share = parse_share("approx. 51%")
    assert (bounds(share), share.flag) == (between(50, 52), "approximate")


@pytest.mark.parametrize(("unit", "expected"), [("fraction", 51), ("percent", 0.51)])
def test_a_named_unit_settles_what_a_small_number_counts(unit: str, expected: float) -> None:
    share = parse_share("0.51", "fraction" if unit == "fraction" else "percent")
    assert bounds(share) == between(expected, expected)


def test_a_band_above_25_up_to_50_only_possibly_meets_50() -> None:
    share = parse_share("more than 25% but not more than 50%")
    assert share.low is not None
    assert share.low < 50 * PERCENT == share.high


def test_sums_are_exact() -> None:
    parts = [parse_share(text).low or 0 for text in ("16.67", "16.67", "16.66")]
    assert sum(parts) == 50 * PERCENT


@given(st.one_of(st.text(), st.text("0123456789.,%<>=-–/()[] tomrehanf"), st.floats(), st.integers(), st.none()))
def test_reading_never_fails(text: object) -> None:
    share = parse_share(text)
    assert share.text == ("" if text is None else str(text).strip())


@given(numbers)
def test_a_number_with_its_sign_is_exact(number: Decimal) -> None:
    share = parse_share(f"{number:f}%")
    assert share.exact
    assert Fraction(share.low or 0, PERCENT) == Fraction(number)


@given(units)
def test_an_exact_share_is_read_back_from_how_it_is_shown(value: int) -> None:
    assert bounds(parse_share(str(Share(value, value)))) == (value, value, False, False)


@given(units, units, st.booleans(), st.booleans())
def test_a_range_is_read_back_from_how_it_is_shown(one: int, other: int, low_open: bool, high_open: bool) -> None:
    low, high = sorted((one, other))
    if low == high:
        low_open = high_open = False
    share = Share(low, high, low_open, high_open)
    assert bounds(parse_share(str(share))) == bounds(share)


@given(units)
def test_a_count_is_read_back_from_how_it_is_shown(value: int) -> None:
    assert percent(show_percent(value)) == value


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_fraction_is_the_narrowest_range_that_holds_it(one: int, other: int) -> None:
    top, bottom = sorted((one, other))
    assume(top != bottom and top + bottom != 100)
    share = parse_share(f"{top}/{bottom}")
    exact = Fraction(top * WHOLE, bottom)
    assert share.low is not None
    assert share.high is not None
    assert share.low <= exact <= share.high
    assert share.high - share.low == (0 if exact.denominator == 1 else 1)


SHOWN = {
    "share unknown": UNKNOWN,
    "51%": Share(51 * PERCENT, 51 * PERCENT),
    "50.01%": parse_share("50.01"),
    "25–50%": parse_share("25-50%"),
    "more than 50%": parse_share(">50"),
    "at least 75%": parse_share("75% or more"),
    "less than 5%": parse_share("<5"),
    "up to 5%": parse_share("up to 5"),
    "more than 25%, up to 50%": parse_share("(25,50]"),
    "at least 25%, less than 50%": parse_share("[25,50)"),
    "more than 0%, up to 25%": parse_share("(0,25]"),
}


@pytest.mark.parametrize(("shown", "share"), SHOWN.items())
def test_a_share_reads_well(shown: str, share: Share) -> None:
    assert str(share) == shown


@pytest.mark.parametrize(("low", "high"), [(-1, 5), (5, 4), (0, WHOLE + 1), (None, 5), (5, None)])
def test_a_share_that_cannot_be_is_refused(low: int | None, high: int | None) -> None:
    with pytest.raises(ValueError, match="share"):
        Share(low, high)


@pytest.mark.parametrize("value", ["101", "-1", "nan", "inf", "half", "33.3333333"])
def test_a_percentage_that_cannot_be_counted_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="percent"):
        percent(value)


def test_a_stake_of_nothing_is_an_exit() -> None:
    assert parse_share("0").is_exit
    assert not parse_share("<5").is_exit
    assert not UNKNOWN.is_exit


@pytest.mark.parametrize("text", ["50/50", "49/51", "100,000", "12,345", ">0.5", "0.25-0.5"])
def test_a_text_that_could_mean_two_things_is_unknown_and_flagged(text: str) -> None:
    share = parse_share(text)
    assert (share.known, bool(share.flag), share.text) == (False, True, text)


def test_a_percent_sign_counts_also_in_a_column_of_fractions() -> None:
    assert str(parse_share("0.5%", "fraction")) == "0.5%"


def test_a_number_finer_than_a_millionth_of_a_point_is_the_range_that_holds_it() -> None:
    share = parse_share("14.330000000000002", "percent")
    assert (share.low, share.high) == (14_330_000, 14_330_001)
