"""Owners and holdings on a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import pytest

from listed.graph.model import Link
from listed.graph.share import Basis, parse_share
from listed.graph.vocabulary import LinkType
from listed.loaders.loader import Item
from listed.loading import graph_of
from listed.queries import holdings, owners
from listed.queries.ownership import stake_told
from tests.graphs import graph, items, linked, listed, only_told, owns

DAY = date(2020, 6, 1)


def test_the_largest_owner_comes_first() -> None:
    rows = owners(graph(owns("A", "X", "10%"), owns("B", "X", "51%")), "X", DAY).rows
    assert [(row.owner, row.share_min) for row in rows] == [("B", Decimal(51)), ("A", Decimal(10))]


def test_shares_add_up_exactly() -> None:
    there = graph(owns("A", "X", "16.67%"), owns("B", "X", "16.67%"), owns("C", "X", "16.66%"))
    assert sum(row.share_min or 0 for row in owners(there, "X", DAY).rows) == Decimal(50)


def test_holdings_are_the_other_way() -> None:
    there = graph(owns("A", "X", "10%"), owns("X", "Y", "20%"))
    assert [row.asset for row in holdings(there, "X", DAY).rows] == ["Y"]


def test_the_lists_shown_are_of_the_other_party() -> None:
    (row,) = owners(graph(owns("A", "X", "10%"), listed("A")), "X", DAY).rows
    assert row.listed_on == ("US-BIS-EL",)


def test_a_stake_that_is_over_is_noted_and_left_out() -> None:
    answer = owners(graph(owns("A", "X", "10%", end="2018")), "X", DAY)
    assert (answer.rows, answer.notes) == ((), ("1 earlier figure is not shown (--history).",))


def test_what_is_told_only_later_is_noted_apart_from_what_begins_later() -> None:
    later = only_told(owns("A", "X", "10%", "2026-06-10")), only_told(owns("B", "X", "10%", "2027"))
    answer = owners(graph(*later, owns("C", "X", "10%", "2021")), "X", DAY)
    assert answer.notes == (
        "Not shown: 2 links told of only from a later day (2026-06-10 the first) "
        "and 1 link that begins later (2021 the first).",
    )


def test_of_what_only_begins_later_no_report_is_spoken_of() -> None:
    answer = owners(graph(owns("A", "X", "10%", "2021"), owns("B", "X", "10%", "2022")), "X", DAY)
    assert answer.notes == ("Not shown: 2 links that begin later (2021 the first).",)


class TestWhatIsNotLeftOut:
    """Only a stake that an answer does not show in any form is noted as one to come."""

    def test_a_stake_that_is_told_again_later_is_shown_already(self) -> None:
        again = owns("A", "X", "100%", "2019"), only_told(owns("A", "X", "100%", "2026-06-10"))
        answer = owners(graph(*again), "X", DAY)
        assert ([row.owner for row in answer.rows], answer.notes) == (["A"], ())

    def test_nor_is_its_newer_figure_a_link_to_come(self) -> None:
        there = graph(owns("A", "X", "10%", "2019"), owns("A", "X", "12%", "2021"))
        assert [answer.notes for answer in (owners(there, "X", DAY), holdings(there, "A", DAY))] == [(), ()]

    def test_nor_is_its_sale(self) -> None:
        assert owners(graph(owns("A", "X", "51%"), owns("A", "X", "0%", "2021")), "X", DAY).notes == ()

    def test_nor_the_sale_of_what_nobody_told_the_purchase_of(self) -> None:
        assert owners(graph(owns("A", "X", "0%", "2021")), "X", DAY).notes == ()

    def test_nor_what_a_later_report_says_was_over_by_then(self) -> None:
        answer = owners(graph(only_told(owns("A", "X", "51%", "2021", "2018"))), "X", DAY)
        assert answer.notes == ("1 earlier figure is not shown (--history).",)

    def test_but_what_was_sold_by_then_and_bought_again_later_is(self) -> None:
        traded = owns("A", "X", "51%", "2015"), owns("A", "X", "0%", "2018"), owns("A", "X", "20%", "2021")
        answer = owners(graph(*traded), "X", DAY)
        assert (answer.rows, answer.notes) == ((), ("Not shown: 1 link that begins later (2021 the first).",))

    def test_but_what_was_over_by_then_and_is_told_again_is(self) -> None:
        told = owns("A", "X", "51%", "2015", "2018"), only_told(owns("A", "X", "20%", "2021"))
        (note, _) = owners(graph(*told), "X", DAY).notes
        assert note == "Not shown: 1 link told of only from a later day (2021 the first)."

    def test_but_control_is_beside_a_stake_in_shares(self) -> None:
        control = only_told(linked("A", "X", LinkType.CONTROLS, "2021"))
        answer = owners(graph(owns("A", "X", "10%", "2019"), control), "X", DAY)
        assert answer.notes == ("Not shown: 1 link told of only from a later day (2021 the first).",)

    def test_but_a_stake_in_another_asset_is(self) -> None:
        answer = holdings(graph(owns("A", "X", "10%", "2019"), owns("A", "Y", "10%", "2021")), "A", DAY)
        assert answer.notes == ("Not shown: 1 link that begins later (2021 the first).",)


@pytest.mark.parametrize("history", [False, True])
@pytest.mark.parametrize("share", ["51%", "", "0%"])
@pytest.mark.parametrize("start", ["2015", "2020", ""])
def test_what_is_to_come_changes_nothing_of_what_is_told_of_the_day(start: str, share: str, *, history: bool) -> None:
    now = owns("A", "X", share, start), owns("B", "X", "5%", "2018", "2019")
    later = owns("A", "X", "60%", "2021"), owns("B", "X", "0%", "2022"), owns("C", "X", "1%", "2021", "2022")
    without, beside = (owners(graph(*links), "X", DAY, history=history) for links in (now, now + later))
    assert beside.rows == without.rows


def test_of_thousands_of_stakes_to_come_all_are_counted() -> None:
    later = (owns("A", f"firm {number}", "1%", "2021") for number in range(1_200))
    (note,) = holdings(graph(*later), "A", DAY).notes
    assert note == "Not shown: 1,200 links that begin later (2021 the first)."


def test_history_marks_it() -> None:
    rows = owners(graph(owns("A", "X", "10%", end="2018")), "X", DAY, history=True).rows
    assert [row.holds for row in rows] == ["past"]


def test_an_exit_is_no_stake() -> None:
    assert owners(graph(owns("A", "X", "0%", "2018")), "X", DAY).rows == ()


def test_a_stake_that_may_have_ended_is_possible() -> None:
    (row,) = owners(graph(owns("A", "X", "10%", end="2020")), "X", DAY).rows
    assert row.holds == "possibly"


def test_a_later_figure_replaces_an_earlier() -> None:
    there = graph(owns("A", "X", "10%", "2017"), owns("A", "X", "12%", "2019"))
    assert [row.share for row in owners(there, "X", DAY).rows] == ["12%"]


def test_sources_that_contradict_are_a_conflict_that_holds_both() -> None:
    there = graph_of({"a": items(owns("A", "X", "10%"), source="a"), "b": items(owns("A", "X", "20%"), source="b")})
    (row,) = owners(there, "X", DAY).rows
    assert (row.conflict, row.share_min, row.share_max, set(row.sources)) == (
        True,
        Decimal(10),
        Decimal(20),
        {"a", "b"},
    )


def test_votes_are_a_stake_of_their_own() -> None:
    votes = Link("A", "X", LinkType.OWNS, share=parse_share("75%"), basis=Basis.VOTES)
    rows = owners(graph(owns("A", "X", "25%"), votes), "X", DAY).rows
    assert [(row.basis, row.share) for row in rows] == [("votes", "75%"), ("shares", "25%")]


def test_a_cycle_is_shown_from_each_side() -> None:
    there = graph(owns("A", "B", "1%"), owns("B", "C", "1%"), owns("C", "A", "1%"))
    assert [owners(there, one, DAY).rows[0].owner for one in "ABC"] == ["C", "A", "B"]


def test_a_band_keeps_its_open_end() -> None:
    (row,) = owners(graph(owns("A", "X", "(25,50]")), "X", DAY).rows
    assert (row.share_min, row.share_max, row.share_min_open, row.share_max_open) == (
        Decimal(25),
        Decimal(50),
        True,
        False,
    )


@pytest.mark.parametrize("tells", ["a", "b"])
def test_of_two_sources_of_one_day_the_one_that_dates_the_beginning_by_it_is_shown(tells: str) -> None:
    stake = owns("A", "B", "30%", "2019-08-28")
    said: dict[str, Iterable[Item]] = {
        name: items(only_told(stake) if name == tells else stake, source=name) for name in "ab"
    }
    (row,) = owners(graph_of(said), "B", DAY).rows
    assert (row.start_date, row.start_told) == ("2019-08-28", False)


def test_a_sale_that_is_only_told_of_came_before_that_day() -> None:
    sold = only_told(owns("A", "B", "0", "2020-01-07"))
    told = graph(owns("A", "B", "5%", "2018"), sold)
    rows = [told.row_of(id_) for id_ in ("A", "B")]
    assert stake_told(told, rows[0] or 0, rows[1] or 0, DAY) == "sold by 2020-01-07"
