"""Which stake holds on a date: revisions, exits, narrowing and conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.graph.period import Containment, PartialDate, Period, parse_date
from listed.graph.share import PERCENT, UNKNOWN, Basis, Share, parse_share
from listed.graph.stakes import Claim, Stake, hull, intersection, stakes_on

CERTAINLY, POSSIBLY = Containment.CERTAINLY, Containment.POSSIBLY


def claim(
    share: str,
    start: str = "",
    end: str = "",
    *,
    link: int = 0,
    dataset: str = "a",
    basis: Basis = Basis.SHARES,
    direct: bool | None = None,
) -> Claim:
    period = Period(parse_date(start), parse_date(end))
    return Claim(link, dataset, parse_share(share, "percent"), period, basis, direct)


def on(claims: Sequence[Claim], day: str) -> list[Stake]:
    return stakes_on(claims, date.fromisoformat(day))


def only(claims: Sequence[Claim], day: str) -> Stake:
    (stake,) = on(claims, day)
    return stake


PERHAPS_BEGUN = Period(PartialDate(date(1990, 1, 1), date(2200, 1, 1)))
"""A period that may have begun on any day of the tests, and may not."""


def says(stake: Stake) -> tuple[object, ...]:
    """What a stake says, whatever words it is put in."""
    share = stake.share
    bounds = (share.low, share.high, share.low_open, share.high_open)
    return bounds, stake.holds, stake.conflict, set(stake.links), stake.basis, stake.direct


ZALA = [
    claim("50%", "2015-11-25", "2023-03-02", link=1),
    claim("48%", "2015-11-25", "2023-12-21", link=2),
    claim("51%", "2015-11-25", "", link=3),
]
EXIT = [claim("51%", "", "2019", link=1), claim("0", "2019", "", link=2)]


class TestRevisions:
    @pytest.mark.parametrize(
        ("day", "percent", "link"), [("2023-01-01", 50, 1), ("2023-06-01", 48, 2), ("2024-01-01", 51, 3)]
    )
    def test_of_equal_starts_the_earliest_end_holds(self, day: str, percent: int, link: int) -> None:
        stake = only(ZALA, day)
        assert (stake.share.low, stake.share.high) == (percent * PERCENT, percent * PERCENT)
        assert (stake.holds, stake.links, stake.conflict) == (CERTAINLY, (link,), False)

    def test_before_the_first_start_there_is_no_stake(self) -> None:
        assert on(ZALA, "2015-11-24") == []

    def test_on_the_last_day_it_is_open_which_of_two_holds_but_one_does(self) -> None:
        stake = only(ZALA, "2023-03-02")
        assert (str(stake.share), stake.holds, stake.links) == ("48–50%", CERTAINLY, (1, 2))

    def test_the_latest_start_holds(self) -> None:
        claims = [claim("30%", "2010", link=1), claim("40%", "2015", link=2)]
        assert str(only(claims, "2014-06-01").share) == "30%"
        assert str(only(claims, "2016-01-01").share) == "40%"

    def test_within_the_year_of_a_revision_it_is_either(self) -> None:
        claims = [claim("30%", "2010", link=1), claim("40%", "2015", link=2)]
        stake = only(claims, "2015-06-01")
        assert (str(stake.share), stake.holds) == ("30–40%", CERTAINLY)


class TestExits:
    def test_before_it_the_stake_is_held(self) -> None:
        stake = only(EXIT, "2018-12-01")
        assert (str(stake.share), stake.holds) == ("51%", CERTAINLY)

    def test_in_its_year_anything_up_to_the_stake_may_be_held(self) -> None:
        stake = only(EXIT, "2019-02-15")
        assert (str(stake.share), stake.holds, stake.is_exit) == ("up to 51%", POSSIBLY, False)

    def test_after_it_nothing_is_held(self) -> None:
        stake = only(EXIT, "2020-01-01")
        assert (stake.is_exit, stake.holds, stake.links) == (True, CERTAINLY, (2,))

    def test_a_later_purchase_holds_again(self) -> None:
        assert str(only([*EXIT, claim("10%", "2022", link=3)], "2023-01-01").share) == "10%"


class TestSeveralSources:
    def test_shares_that_overlap_narrow(self) -> None:
        stake = only([claim("25-50%", link=1), claim("30%", dataset="b", link=2)], "2020-01-01")
        assert (str(stake.share), stake.conflict, stake.links) == ("30%", False, (1, 2))

    def test_an_open_end_stays_open(self) -> None:
        claims = [claim("more than 25% but not more than 50%"), claim("25% or more", dataset="b")]
        assert str(only(claims, "2020-01-01").share) == "more than 25%, up to 50%"

    def test_shares_that_contradict_are_a_conflict_that_holds_both(self) -> None:
        stake = only([claim("20%", link=1), claim("51%", dataset="b", link=2)], "2020-01-01")
        assert (str(stake.share), stake.conflict, stake.links) == ("20–51%", True, (1, 2))

    def test_a_band_that_excludes_the_other_is_a_conflict(self) -> None:
        stake = only([claim(">50%"), claim("50%", dataset="b")], "2020-01-01")
        assert (str(stake.share), stake.conflict) == ("at least 50%", True)

    def test_a_source_that_knows_no_share_does_not_hide_the_others(self) -> None:
        stake = only([claim("unknown", link=1), claim("30%", dataset="b", link=2)], "2020-01-01")
        assert (str(stake.share), stake.conflict) == ("30%", False)

    def test_one_certain_source_is_enough(self) -> None:
        claims = [claim("30%", "2020", dataset="a"), claim("30%", "2019", dataset="b")]
        assert only(claims, "2020-06-01").holds is CERTAINLY


class TestKinds:
    def test_votes_are_not_shares(self) -> None:
        stakes = on([claim("25-50%"), claim("75-100%", basis=Basis.VOTES)], "2020-01-01")
        assert {(stake.basis, str(stake.share)) for stake in stakes} == {
            (Basis.SHARES, "25–50%"),
            (Basis.VOTES, "at least 75%"),
        }

    def test_an_exit_from_votes_leaves_the_shares(self) -> None:
        stakes = on([claim("30%", "2010"), claim("0", "2019", basis=Basis.VOTES)], "2020-01-01")
        assert {(stake.basis, stake.is_exit) for stake in stakes} == {(Basis.SHARES, False), (Basis.VOTES, True)}

    def test_an_unstated_basis_counts_as_shares(self) -> None:
        claims = [claim("25-50%"), claim("30%", dataset="b", basis=Basis.UNKNOWN)]
        assert str(only(claims, "2020-01-01").share) == "30%"

    def test_direct_and_indirect_stakes_stay_apart(self) -> None:
        stakes = on([claim("30%", direct=True), claim("20%", direct=False)], "2020-01-01")
        assert {(stake.direct, str(stake.share)) for stake in stakes} == {(True, "30%"), (False, "20%")}


shares = st.one_of(
    st.just(UNKNOWN),
    st.builds(
        lambda one, other, low_open, high_open: Share(
            min(one, other) * PERCENT,
            max(one, other) * PERCENT,
            low_open and one != other,
            high_open and one != other,
        ),
        st.integers(0, 6),
        st.integers(0, 6),
        st.booleans(),
        st.booleans(),
    ),
)
dates = st.sampled_from(["", "2018", "2019", "2019-02", "2019-02-15", "2020"]).map(parse_date)
claims = st.builds(
    Claim,
    st.integers(0, 9),
    st.sampled_from("ab"),
    shares,
    st.builds(Period, dates, dates),
    st.sampled_from([Basis.SHARES, Basis.VOTES, Basis.UNKNOWN]),
    st.sampled_from([None, True, False]),
)
days = st.dates(date(2017, 12, 30), date(2021, 1, 2))


class TestLaws:
    @given(st.lists(claims, max_size=6), days, st.randoms(use_true_random=False))
    def test_the_order_of_claims_does_not_count(self, given_: list[Claim], day: date, random: object) -> None:
        mixed = list(given_)
        random.shuffle(mixed)  # type: ignore[attr-defined]
        assert [says(s) for s in stakes_on(mixed, day)] == [says(s) for s in stakes_on(given_, day)]

    @given(st.lists(claims, min_size=1, max_size=5), days, st.data())
    def test_to_say_a_thing_twice_changes_nothing(self, given_: list[Claim], day: date, data: st.DataObject) -> None:
        again = data.draw(st.sampled_from(given_))
        assert [says(s) for s in stakes_on([*given_, again], day)] == [says(s) for s in stakes_on(given_, day)]

    @given(st.lists(claims, min_size=1, max_size=5), days, shares, st.sampled_from([Period(), PERHAPS_BEGUN]))
    def test_what_only_possibly_holds_or_knows_no_share_narrows_nothing(
        self, given_: list[Claim], day: date, share: Share, period: Period
    ) -> None:
        vague = Claim(99, "c", share if period.start.known else UNKNOWN, period, Basis.SHARES, None)
        before = {(s.basis, s.direct is False): s.share for s in stakes_on(given_, day)}
        after = {(s.basis, s.direct is False): s.share for s in stakes_on([*given_, vague], day)}
        assert all(not after[key].known or within(one, after[key]) for key, one in before.items())

    @given(shares, shares)
    def test_what_both_allow_is_within_each(self, one: Share, other: Share) -> None:
        both = intersection(one, other)
        if both is None:
            assert intersection(other, one) is None
        else:
            for share in (one, other):
                assert not share.known or within(both, share)

    @given(shares, shares)
    def test_the_range_of_both_holds_each(self, one: Share, other: Share) -> None:
        whole = hull([one, other])
        assert whole.known == (one.known and other.known)
        assert not whole.known or (within(one, whole) and within(other, whole))


def within(part: Share, whole: Share) -> bool:
    low = ((part.low or 0), part.low_open) >= ((whole.low or 0), whole.low_open)
    return low and ((part.high or 0), not part.high_open) <= ((whole.high or 0), not whole.high_open)


@given(
    st.sampled_from(["", "0", "5%", "more than 25 but not more than 50%"]),
    st.sampled_from(["", "2018", "2019-04-30", "2021"]),
    st.sampled_from(["", "2019", "2019-04-30"]),
    st.sampled_from(Basis),
    st.sampled_from([None, True, False]),
    st.booleans(),
)
def test_a_claim_alone_tells_what_it_tells_twice(
    share: str, start: str, end: str, basis: Basis, direct: bool | None, disputed: bool
) -> None:
    once = replace(claim(share, start, end, basis=basis, direct=direct), disputed=disputed)
    for day in ("2017-01-01", "2018-06-01", "2019-04-30", "2019-05-01", "2022-01-01"):
        assert on([once], day) == on([once, once], day)
