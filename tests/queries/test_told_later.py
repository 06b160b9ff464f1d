"""What sources tell of only from a later day is no part of a verdict, and no secret either."""

from __future__ import annotations

import random
from datetime import date

import pytest

from listed.graph.model import Link, Listing
from listed.graph.share import Basis
from listed.queries import show
from listed.queries.answer import Inquiry
from listed.queries.regimes import regime
from listed.queries.rules import affiliates, verdict
from listed.queries.ruling import Ruling
from listed.queries.screening import Asked, screen
from listed.queries.told_later import matches_told_later, told_later
from tests.graphs import only_told
from tests.queries.rule_graphs import Said, graph, on, owns

DAY = date(2025, 1, 1)
LISTED = on("listed", since="2020")


def reported(
    owner: str,
    asset: str,
    share: object,
    when: str = "2026",
    *,
    basis: Basis = Basis.SHARES,
    direct: bool | None = None,
) -> Link:
    return only_told(owns(owner, asset, share, when, basis=basis, direct=direct))


def listed_by_report(entity: str, list_: str = "US-OFAC-SDN", when: str = "2026-06-10") -> Listing:
    return only_told(on(entity, list_, when))


def notes(*said: Said, entity: str = "asset", regime: str = "us-ofac") -> list[str]:
    said_of_it = verdict(graph(LISTED, *said), entity, DAY, regime=regime).notes
    return [note for note in said_of_it if "later day" in note or "only later" in note]


def test_a_stake_told_later_is_named_and_not_counted() -> None:
    there = graph(LISTED, reported("listed", "asset", 100, "2026-06-10"))
    answer = verdict(there, "asset", DAY, regime="us-ofac")
    assert answer.rows[0].verdict == "none"
    assert answer.notes == (
        "Told of only from a later day, and so not counted: listed wholly owns asset (told on 2026-06-10).",
    )


def test_the_paragraph_beside_it_says_no_more_than_is_true() -> None:
    (row,) = verdict(graph(LISTED, reported("listed", "asset", 100)), "asset", DAY, regime="us-ofac").rows
    assert "is told to hold on this day. That is not proof that there is none." in row.paragraph


def test_a_stake_that_a_source_dates_later_was_not_held_before() -> None:
    assert notes(owns("listed", "asset", 100, "2026")) == []


def test_nor_one_reported_after_it_began() -> None:
    assert notes(owns("listed", "asset", 60, "2026-02-01"), reported("listed", "asset", 60, "2026-06-10")) == []


def test_one_reported_before_a_dated_rise_may_have_been() -> None:
    (note,) = notes(reported("listed", "asset", 30, "2026-02-01"), owns("listed", "asset", 60, "2026-06-10"))
    assert "30%" in note


def test_its_source_is_cited() -> None:
    there = graph(LISTED, other=[reported("listed", "asset", 100)])
    assert "other" in verdict(there, "asset", DAY, regime="us-ofac").sources


def test_and_one_further_up() -> None:
    (note,) = notes(owns("between", "asset", 60), reported("listed", "between", 60))
    assert note.endswith("listed holds 60% of between (told in 2026).")


def test_where_the_link_between_is_told_later_the_way_is_told_too() -> None:
    (note,) = notes(reported("between", "asset", 60), reported("listed", "between", 70, "2027"))
    assert note.endswith("listed holds 70% of between (told in 2027), and between holds 60% of asset (told in 2026).")


def test_the_nearest_of_several_reports_is_enough() -> None:
    (note,) = notes(only_told(owns("listed", "asset", 60, "2026", "2027")), reported("listed", "asset", 70, "2027"))
    assert "60%" in note


def test_no_note_where_it_is_told_what_was_held_on_the_day() -> None:
    assert notes(owns("listed", "asset", 10, "2020", "2026"), reported("listed", "asset", 60)) == []


def test_no_note_where_it_is_told_that_nothing_was_held() -> None:
    assert notes(owns("listed", "asset", 0, "2020"), reported("listed", "asset", 60)) == []


def test_votes_held_on_the_day_say_nothing_of_shares() -> None:
    assert len(notes(owns("listed", "asset", 5, "2020", basis=Basis.VOTES), reported("listed", "asset", 60))) == 1


def test_nor_does_an_indirect_stake_of_a_direct_one() -> None:
    assert len(notes(owns("listed", "asset", 5, "2020", direct=False), reported("listed", "asset", 60))) == 1


def test_but_it_does_of_an_indirect_one() -> None:
    indirect = owns("listed", "asset", 5, "2020", direct=False), reported("listed", "asset", 60, direct=False)
    assert notes(*indirect) == []


def test_votes_told_later_count_for_nothing_on_any_day() -> None:
    assert notes(reported("listed", "asset", 60, basis=Basis.VOTES)) == []


def test_no_note_of_a_later_sale() -> None:
    assert notes(reported("listed", "asset", 0)) == []


def test_no_note_of_owners_that_are_not_captured() -> None:
    assert notes(reported("other", "asset", 60)) == []


def test_no_note_where_the_verdict_is_certain_without_it() -> None:
    assert notes(owns("listed", "asset", 60), on("second"), reported("second", "asset", 40)) == []


def test_a_note_where_it_is_open() -> None:
    assert len(notes(owns("listed", "asset"), on("second"), reported("second", "asset", 40))) == 1


def test_also_where_the_owner_between_is_undetermined() -> None:
    said = owns("between", "asset", 60), owns("listed", "between"), on("second"), reported("second", "between", 40)
    (note,) = notes(*said)
    assert "second holds 40% of between" in note


def test_no_note_under_a_rule_that_asks_nothing_of_owners() -> None:
    said = on("cmic", "US-OFAC-NS-CMIC"), reported("cmic", "asset", 100)
    assert notes(*said, regime="us-cmic") == []


def test_only_the_largest_are_named_the_others_counted() -> None:
    owners = [(on(f"listed-{n}"), reported(f"listed-{n}", "asset", n)) for n in range(1, 9)]
    told_of = notes(*(one for pair in owners for one in pair))
    assert [note.split(" holds ")[1].split("%")[0] for note in told_of[:5]] == ["8", "7", "6", "5", "4"]
    assert told_of[5:] == ["3 more such stakes are told of only later."]


def test_a_loop_of_later_stakes_ends() -> None:
    loop = reported("a", "asset", 60), reported("asset", "a", 60), reported("listed", "a", 60)
    assert len(notes(*loop)) == 1


class TestHowFarUpIsLooked:
    def test_small_owners_without_owners_of_their_own_do_not_end_the_search(self) -> None:
        small = [owns(f"small-{n}", "asset", 0.1) for n in range(200)]
        (note,) = notes(*small, owns("between", "asset", 60), reported("listed", "between", 60))
        assert "listed holds 60% of between" in note

    def test_the_largest_stakes_come_first(self) -> None:
        small = [one for n in range(200) for one in (owns(f"small-{n}", "asset", 0.1), owns(f"one-{n}", f"small-{n}"))]
        named, cut_off = notes(*small, owns("z-between", "asset", 60), reported("listed", "z-between", 60))
        assert "listed holds 60% of z-between" in named
        assert "100 nearest parties" in cut_off

    def test_a_search_that_was_cut_off_says_so(self) -> None:
        chain = [owns(f"firm-{n + 1}", f"firm-{n}", 60) for n in range(150)]
        (note,) = notes(*chain, owns("firm-0", "asset", 60), reported("listed", "firm-149", 60))
        assert note.endswith("among the 100 nearest parties that have owners, and not further up.")

    def test_but_not_where_nothing_is_told_later_at_all(self) -> None:
        assert notes(*(owns(f"firm-{n + 1}", f"firm-{n}", 60) for n in range(150)), owns("firm-0", "asset", 60)) == []


class TestListings:
    DOW = listed_by_report("asset", "US-DOW-1260H")

    def test_one_told_later_is_noted_where_an_entity_is_shown(self) -> None:
        answer = show(graph(self.DOW), "asset", DAY)
        assert answer.rows[0].listings == ()
        assert answer.notes == ("1 listing is told of only from a later day (US-DOW-1260H, 2026-06-10).",)

    def test_one_that_a_source_dates_later_is_no_doubt(self) -> None:
        assert show(graph(on("asset", since="2026-06-10")), "asset", DAY).notes == ()

    def test_nor_one_of_a_list_it_is_on_already(self) -> None:
        assert show(graph(on("asset", since="2020"), listed_by_report("asset")), "asset", DAY).notes == ()

    def test_a_verdict_names_those_of_its_rule(self) -> None:
        assert notes(self.DOW, listed_by_report("asset")) == [
            "1 listing is told of only from a later day (US-OFAC-SDN, 2026-06-10)."
        ]

    def test_an_owner_that_is_listed_by_a_later_report_is_named(self) -> None:
        (note,) = notes(owns("owner", "asset", 60), listed_by_report("owner"))
        assert note == (
            "Told of only from a later day, and so not counted: owner is on US-OFAC-SDN (told on 2026-06-10), and "
            "holds 60% of asset."
        )

    def test_and_one_whose_stake_is_told_later_too(self) -> None:
        (note,) = notes(reported("owner", "asset", 60), listed_by_report("owner"))
        assert note.endswith(
            "owner is on US-OFAC-SDN (told on 2026-06-10), and owner holds 60% of asset (told in 2026)."
        )

    def test_but_none_of_a_list_that_the_rule_does_not_cover(self) -> None:
        assert notes(owns("owner", "asset", 60), listed_by_report("owner", "US-DOW-1260H")) == []

    def test_affiliates_name_the_party(self) -> None:
        assert affiliates(graph(listed_by_report("owner")), DAY, regime="us-ofac").notes[-1:] == (
            "1 listing is told of only from a later day, and so not counted: owner [owner] (US-OFAC-SDN, 2026-06-10).",
        )


class TestManyAtOnce:
    def test_affiliates_name_the_assets(self) -> None:
        there = graph(LISTED, reported("listed", "first", 50), reported("listed", "second", 60))
        assert affiliates(there, DAY, regime="us-ofac").notes == (
            "2 stakes of listed or captured owners are told of only from a later day, and so not counted: in "
            "second [second], first [first] (listed verdict names the stakes).",
        )

    def test_the_first_five_by_name_and_the_others_counted(self) -> None:
        there = graph(LISTED, *(reported("listed", f"firm-{n}", 60) for n in range(8)))
        (note,) = affiliates(there, DAY, regime="us-ofac").notes
        assert "firm-4 [firm-4], and 3 more (" in note

    def test_an_asset_that_may_be_captured_already_is_one_of_them(self) -> None:
        there = graph(LISTED, owns("listed", "asset"), on("second"), reported("second", "asset", 40))
        assert "asset [asset]" in affiliates(there, DAY, regime="us-ofac").notes[-1]

    def test_one_that_is_captured_for_certain_is_not(self) -> None:
        there = graph(LISTED, owns("listed", "asset", 60), on("second"), reported("second", "asset", 40))
        assert affiliates(there, DAY, regime="us-ofac").notes == ()

    def test_nothing_is_said_where_a_stake_is_only_dated_later(self) -> None:
        assert affiliates(graph(LISTED, owns("listed", "first", 60, "2026")), DAY, regime="us-ofac").notes == ()

    def test_a_screening_names_those_of_its_matches(self) -> None:
        there = graph(LISTED, reported("listed", "first firm", 60), reported("listed", "second works", 60))
        said = screen(there, [Asked(2, "first firm")], DAY, regime="us-ofac").notes
        assert said[0] == (
            "Stakes of listed or captured owners in 1 match, or in owners of such, are told of only from a later day, "
            "and so not counted: first firm [first firm] (listed verdict names the stakes)."
        )

    def test_also_where_the_stake_is_one_in_an_owner(self) -> None:
        there = graph(LISTED, owns("between", "first firm", 60), reported("listed", "between", 60))
        assert "first firm [first firm]" in screen(there, [Asked(2, "first firm")], DAY, regime="us-ofac").notes[0]

    def test_also_where_the_owner_is_listed_by_a_later_report(self) -> None:
        there = graph(owns("between", "first firm", 60), listed_by_report("between"))
        assert "first firm [first firm]" in screen(there, [Asked(2, "first firm")], DAY, regime="us-ofac").notes[0]

    def test_and_the_listings_of_its_matches_on_whatever_list(self) -> None:
        there = graph(LISTED, listed_by_report("first firm", "US-DOW-1260H"))
        assert screen(there, [Asked(2, "first firm")], DAY, regime="us-ofac").notes[0] == (
            "1 listing is told of only from a later day, and so not counted: first firm [first firm] "
            "(US-DOW-1260H, 2026-06-10)."
        )

    def test_a_screening_says_nothing_of_what_it_did_not_find(self) -> None:
        there = graph(LISTED, reported("listed", "second works", 60), owns("x", "first firm"))
        assert not any("later" in one for one in screen(there, [Asked(2, "first firm")], DAY, regime="us-ofac").notes)


@pytest.mark.parametrize("seed", range(40))
def test_a_screening_names_just_those_matches_on_which_a_verdict_names_a_stake(seed: int) -> None:
    chance = random.Random(seed)
    firms = [f"firm-{n}" for n in range(8)]
    said: list[Said] = [on(firms[0]), listed_by_report(firms[1]), *(owns(firm, "apart") for firm in firms)]
    for _ in range(12):
        owner, asset = chance.sample(firms, 2)
        link = owns(owner, asset, chance.choice((0, 10, 60, None)), chance.choice(("2020", "2026")))
        said.append(only_told(link) if chance.random() < 0.7 else link)
    inquiry = Inquiry(graph(*said), "verdict", {}, DAY)
    rulings = [Ruling(inquiry, regime("us-ofac"))]
    for entity in range(inquiry.graph.arrays.size):
        named = [one for one in told_later(inquiry, rulings, entity) if "1 listing is" not in one]
        counted = [one for one in matches_told_later(inquiry, rulings, [entity]) if "1 listing is" not in one]
        assert bool(named) == bool(counted), inquiry.graph.id_of(entity)
