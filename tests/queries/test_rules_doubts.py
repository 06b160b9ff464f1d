"""What must not be told as certain: a reviewer's cases, each of which once was."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import listed
from listed.errors import InputError
from listed.graph.model import Entity, Link, Name
from listed.graph.share import Basis
from listed.loading import open_
from listed.queries.look_through import look_through_holdings
from tests.queries.rule_graphs import BIS_DAY, LATER, graph, on, owns, party, ruling, says


@pytest.mark.parametrize("share", ["about 50%", "c. 50%", "approx. 49.5%"])
def test_a_rounded_figure_decides_no_threshold(share: str) -> None:
    assert says(graph(on("X"), owns("X", "A", share)), "A") == "undetermined"


@pytest.mark.parametrize(("first", "then"), [(60, 40), (40, 60)])
def test_of_two_figures_of_one_year_nobody_knows_which_is_later(first: int, then: int) -> None:
    told = graph(on("X"), owns("X", "A", first, "2020"), owns("X", "A", then, "2020-06"))
    assert says(told, "A") == "undetermined"


def test_a_later_year_revises_for_certain() -> None:
    assert says(graph(on("X"), owns("X", "A", 60, "2019-12"), owns("X", "A", 40, "2020")), "A") == "minority"


def test_a_listing_without_a_programme_may_be_under_one_that_counts() -> None:
    told = graph(on("X"), owns("X", "A", 60))
    assert says(told, "A", BIS_DAY, "us-bis") == "undetermined"


def test_a_listing_under_another_programme_does_not_count() -> None:
    told = graph(on("X", programs=("IRAN",)), owns("X", "A", 60))
    assert says(told, "A", BIS_DAY, "us-bis") == "none"


def test_the_programme_against_drugs_counts_in_either_spelling() -> None:
    for program in ("ILLICIT-DRUGS-EO14059", "ILLICIT-DRUGS-EO"):
        told = graph(on("X", programs=(program,)), owns("X", "A", 60))
        assert says(told, "A", BIS_DAY, "us-bis") == "captured", program


def test_a_rule_that_does_not_flow_down_tells_of_the_stake_all_the_same() -> None:
    row = ruling(graph(on("X", "US-OFAC-NS-CMIC"), owns("X", "A", 100)), "A", LATER, "us-cmic")
    assert row.verdict == "none"
    assert "X holds 100% (listed) of A; but" in row.paragraph


def test_figures_over_the_whole_are_told_in_the_paragraph() -> None:
    row = ruling(graph(on("X"), owns("X", "A", 60), owns("Y", "A", 60)), "A")
    assert row.conflict
    assert "contradict" in row.paragraph


def test_a_majority_reads_as_one() -> None:
    assert ">50" in ruling(graph(on("X"), owns("X", "A", "majority")), "A").paragraph.replace("more than ", ">")


def _ftm(*objects: dict[str, object]) -> str:
    return "".join(json.dumps(one) + "\n" for one in objects)


def _company(id_: str) -> dict[str, object]:
    return {"id": id_, "schema": "Company", "properties": {"name": [id_]}}


def test_a_sanction_that_is_no_longer_active_does_not_certainly_capture(tmp_path: Path) -> None:
    sanction = {"entity": ["x"], "status": ["Inactive"], "programId": ["US-RUSSIA"], "authority": ["OFAC"]}
    stake = {"owner": ["x"], "asset": ["a"], "percentage": ["60"]}
    path = tmp_path / "old.ftm.json"
    path.write_text(
        _ftm(
            {**_company("x"), "datasets": ["us_ofac_sdn"]},
            _company("a"),
            {"id": "s", "schema": "Sanction", "properties": sanction, "datasets": ["us_ofac_sdn"]},
            {"id": "o", "schema": "Ownership", "properties": stake},
        )
    )
    listed.load("ftm", [str(path)], tmp_path / "graph")
    (row,) = listed.verdict(open_(tmp_path / "graph"), "a", LATER, regime="us-ofac").rows
    assert row.verdict == "undetermined"


def test_of_several_owners_of_one_stake_none_certainly_holds_it(tmp_path: Path) -> None:
    stake = {"owner": ["x", "y"], "asset": ["a"], "percentage": ["60"]}
    path = tmp_path / "joint.ftm.json"
    path.write_text(_ftm(_company("x"), _company("y"), _company("a"),
                         {"id": "o", "schema": "Ownership", "properties": stake}))  # fmt: skip
    listed.load("ftm", [str(path)], tmp_path / "graph")
    rows = listed.owners(open_(tmp_path / "graph"), "a").rows
    assert [(str(row.share_min), str(row.share_max)) for row in rows] == [("0", "60"), ("0", "60")]


class TestAnEndThatOnlyOneSourceKnows:
    """Found by a reviewer: the word of a source that does not say when outlived a sale that another told of."""

    @pytest.mark.parametrize("sale", [owns("X", "A", "0%", "2019-04"), owns("X", "A", 51, "2015", "2019-04")])
    @pytest.mark.parametrize("since", ["", "2014"])
    def test_an_undated_or_earlier_claim_holds_only_possibly_after_it(self, sale: Link, since: str) -> None:
        row = ruling(graph(on("X"), sale, two=[owns("X", "A", 51, since)]), "A")
        assert (row.verdict, row.conflict, float(row.held_min), float(row.held_max)) == ("undetermined", True, 0, 51)

    @pytest.mark.parametrize("sale", [owns("X", "A", "0%", "2019-04"), owns("X", "A", 51, "2015", "2019-04")])
    def test_a_claim_that_begins_later_is_a_purchase(self, sale: Link) -> None:
        row = ruling(graph(on("X"), sale, two=[owns("X", "A", 51, "2020")]), "A")
        assert (row.verdict, row.conflict) == ("captured", False)

    def test_before_it_the_claim_stands(self) -> None:
        sale = owns("X", "A", 51, "2015", "2019-04")
        assert says(graph(on("X"), sale, two=[owns("X", "A", 51)]), "A", date(2018, 1, 1)) == "captured"

    def test_a_band_that_another_follows_is_no_end(self) -> None:
        bands = (owns("X", "A", "(50,75]", "2015", "2019-04"), owns("X", "A", "(75,100]", "2019-04"))
        assert says(graph(on("X"), *bands, two=[owns("X", "A", 80)]), "A") == "captured"


class TestMoreThanTheDirectStake:
    def test_a_larger_indirect_claim_leaves_it_open(self) -> None:
        row = ruling(graph(on("X"), owns("X", "A", 10, direct=True), owns("X", "A", 60, direct=False)), "A")
        assert (row.verdict, float(row.held_min), float(row.held_max)) == ("undetermined", 10, 60)

    def test_a_smaller_one_repeats_it(self) -> None:
        row = ruling(graph(on("X"), owns("X", "A", 60, direct=True), owns("X", "A", 10, direct=False)), "A")
        assert (float(row.held_min), float(row.held_max)) == (60, 60)

    @pytest.mark.parametrize("direct", [None, 10])
    def test_an_indirect_one_may_be_held_through_the_other_owners(self, direct: int | None) -> None:
        own = [owns("X", "A", direct, direct=True)] if direct else []
        told = graph(on("X"), owns("Y", "A", 60), owns("X", "A", 60, direct=False), two=own)
        assert (says(told, "A"), float(ruling(told, "A").held_max)) == ("undetermined", 60)
        (row,) = look_through_holdings(told, "X", LATER).rows
        assert (float(row.share_min), float(row.share_max)) == (direct or 0, 60)

    def test_two_figures_of_one_source_may_be_of_two_share_classes(self) -> None:
        row = ruling(graph(on("X"), owns("X", "A", 30, "2019"), owns("X", "A", 25, "2019")), "A")
        assert (row.verdict, float(row.held_min), float(row.held_max), row.conflict) == ("undetermined", 25, 55, True)


class TestAStakeOfUnknownSize:
    def test_after_an_exit_it_is_a_purchase(self) -> None:
        told = graph(on("X"), owns("X", "A", "0%", "2015"), owns("X", "A", None, "2020"))
        assert says(told, "A") == "undetermined"

    def test_before_an_exit_it_is_over(self) -> None:
        told = graph(on("X"), owns("X", "A", None, "2010"), owns("X", "A", "0%", "2015"))
        assert says(told, "A") == "none"

    def test_it_revises_no_earlier_figure(self) -> None:
        told = graph(on("X"), owns("X", "A", 60, "2015"), owns("X", "A", None, "2020"))
        assert says(told, "A") == "captured"


class TestThroughTheUnitedStates:
    HELD = (party("US", country="us"), party("B", country="cn"), owns("X", "US", 100), owns("US", "B", 100))

    def test_a_foreign_firm_is_held_indirectly(self) -> None:
        assert says(graph(on("X", "US-BIS-EL"), *self.HELD), "B", BIS_DAY, "us-bis") == "captured"

    def test_the_firm_between_is_exempt_and_says_why(self) -> None:
        row = ruling(graph(on("X", "US-BIS-EL"), *self.HELD), "US", BIS_DAY, "us-bis")
        assert row.verdict == "exempt"
        assert "does not reach entities of the United States" in row.paragraph

    def test_it_is_not_among_the_affiliates(self) -> None:
        rows = listed.affiliates(graph(on("X", "US-BIS-EL"), *self.HELD), BIS_DAY).rows
        assert [row.entity for row in rows] == ["B"]

    def test_the_terms_come_down_through_it(self) -> None:
        (row,) = listed.affiliates(graph(on("X", "US-BIS-EL", policy="Denial"), *self.HELD), BIS_DAY).rows
        assert [(one.owner, one.licence_policy) for one in row.terms] == [("X", "Denial")]

    def test_a_firm_of_unknown_country_is_captured_with_that_reservation(self) -> None:
        row = ruling(graph(on("X", "US-BIS-EL"), owns("X", "A", 100)), "A", BIS_DAY, "us-bis")
        assert row.verdict == "captured"
        assert "country is not known" in row.paragraph


class TestOnePersonsOwnTwoWays:
    """The UK test does not add what unrelated persons hold; what one's own firm holds is one's own."""

    def test_they_are_added(self) -> None:
        told = graph(on("P", "GB-OFSI"), owns("P", "A", 30, direct=True), owns("P", "H", 100), owns("H", "A", 30))
        row = ruling(told, "A", LATER, "uk")
        assert (row.verdict, float(row.held_min)) == ("captured", 60)

    def test_those_of_two_persons_are_not(self) -> None:
        told = graph(
            on("P", "GB-OFSI"), on("Q", "GB-OFSI"), owns("P", "A", 30), owns("Q", "H", 100), owns("H", "A", 30)
        )
        row = ruling(told, "A", LATER, "uk")
        assert (row.verdict, float(row.held_min), float(row.held_max)) == ("minority", 30, 30)

    def test_what_is_open_counts_what_the_person_holds_for_certain(self) -> None:
        told = graph(on("P", "GB-OFSI"), owns("P", "A", 30), owns("P", "H", 100), owns("H", "A"))
        (open_,) = ruling(told, "A", LATER, "uk").open
        assert (open_.owner, str(open_.captures_from)) == ("H", "20.000001")


class TestAnOwnerNobodyNames:
    def test_it_leaves_the_listed_one_what_it_may_hold_among_them(self) -> None:
        public = Entity("public", (Name("Public shareholders"),), placeholder=True)
        told = graph(on("X"), public, owns("public", "A", 60), owns("X", "A"))
        row = ruling(told, "A")
        assert (row.verdict, float(row.held_max)) == ("undetermined", 100)

    def test_a_named_owner_leaves_it_the_rest(self) -> None:
        row = ruling(graph(on("X"), owns("Y", "A", 60), owns("X", "A")), "A")
        assert (row.verdict, float(row.held_max)) == ("minority", 40)


class TestWhatOnlyPossiblyHolds:
    """A second reviewer: figures that had perhaps not begun, or were perhaps over, made a vague stake certain."""

    @pytest.mark.parametrize("figure", [owns("X", "A", 60, "2025"), owns("X", "A", 60, "2015", "2025-06-01")])
    @pytest.mark.parametrize("sure", [None, "at least 10%"])
    def test_narrows_nothing(self, figure: Link, sure: str | None) -> None:
        row = ruling(graph(on("X"), owns("X", "A", sure, "2010"), two=[figure]), "A", date(2025, 6, 1))
        assert (row.verdict, float(row.held_max)) == ("undetermined", 100)

    def test_what_a_sale_casts_doubt_on_narrows_nothing_either(self) -> None:
        sold, later, undated = (
            owns("X", "A", 51, "2015", "2019-04"),
            owns("X", "A", "at least 10%", "2020"),
            owns("X", "A", 60),
        )
        row = ruling(graph(on("X"), sold, two=[later], three=[undated]), "A")
        assert (row.verdict, float(row.held_min), float(row.held_max)) == ("undetermined", 10, 100)

    def test_an_end_that_is_perhaps_past_casts_doubt_on_what_has_no_date(self) -> None:
        told = graph(on("X"), owns("X", "A", 60), two=[owns("X", "A", 60, "2015", "2025")])
        assert says(told, "A", date(2024, 12, 31)) == "captured"
        assert says(told, "A", date(2025, 6, 1)) == "undetermined"

    def test_a_disputed_stake_captures_nobody_for_certain(self) -> None:
        assert says(graph(on("X"), replace(owns("X", "A", 60), confidence="disputed")), "A") == "undetermined"

    def test_nor_does_it_leave_others_less(self) -> None:
        disputed = replace(owns("Y", "A", 60), confidence="disputed")
        assert says(graph(on("X"), owns("X", "A"), disputed), "A") == "undetermined"


class TestOneSourceOfSeveralVoices:
    """A table may hold many sources: what has no date in it may be its latest word."""

    @pytest.mark.parametrize(
        "said",
        [
            (owns("X", "A", 60, "2015"), owns("X", "A", "0%")),
            (owns("X", "A", 51, "2015", "2019-04"), owns("X", "A", 51)),
            (owns("X", "A", 60), owns("X", "A", 40, "2020")),
            (owns("X", "A", 40), owns("X", "A", 60, "2020")),
            (owns("X", "A", 60, "2015"), owns("X", "A", 40, "2018", "2019")),
            (owns("X", "A", 60, "2015"), owns("X", "A", "0%", "2018", "2019")),
        ],
    )
    def test_leaves_open_which_of_two_words_is_the_last(self, said: tuple[Link, Link]) -> None:
        assert says(graph(on("X"), *said), "A") == "undetermined"

    def test_a_dated_sale_ends_what_was_held_since_nobody_says_when(self) -> None:
        assert says(graph(on("X"), owns("X", "A", 51), owns("X", "A", "0%", "2019-04")), "A") == "none"

    def test_one_figure_written_in_two_ways_is_one(self) -> None:
        said = [owns("X", "A", share, "2019") for share in ("24.5%", "24.50 %", "2%")]
        row = ruling(graph(on("X"), *said), "A")
        assert (row.verdict, float(row.held_max)) == ("minority", 26.5)


class TestListings:
    def test_a_removal_that_one_dataset_dates_casts_doubt_on_the_undated_word_of_another(self) -> None:
        removed = on("X", since="2010-01-01", until="2020-05-01")
        told = graph(removed, owns("X", "A", 60), two=[on("X")])
        assert (says(told, "X"), says(told, "A")) == ("undetermined", "undetermined")

    def test_a_listing_anew_is_a_listing(self) -> None:
        removed = on("X", since="2010-01-01", until="2020-05-01")
        assert says(graph(removed, two=[on("X", since="2021-01-01")]), "X") == "listed"

    def test_a_firm_of_the_us_that_may_be_listed_is_undetermined_and_among_the_affiliates(self) -> None:
        may = on("A", "US-BIS-EL", since="2025")
        told = graph(on("X", "US-BIS-EL"), party("A", country="us"), may, owns("X", "A", 60))
        assert says(told, "A", BIS_DAY, "us-bis") == "undetermined"
        assert [row.entity for row in listed.affiliates(told, BIS_DAY).rows] == ["A"]

    def test_puerto_rico_is_of_the_united_states(self) -> None:
        told = graph(on("X", "US-BIS-EL"), party("A", country="pr"), owns("X", "A", 100))
        assert says(told, "A", BIS_DAY, "us-bis") == "exempt"

    def test_a_listed_verdict_cites_the_listing(self) -> None:
        row = ruling(graph(on("X"), s=[owns("Y", "X", 60)]), "X")
        assert row.sources == ("one",)

    def test_a_captured_one_cites_its_owners_listing_too(self) -> None:
        assert set(ruling(graph(on("X"), s=[owns("X", "A", 60)]), "A").sources) == {"one", "s"}


class TestWords:
    @pytest.mark.parametrize("said", [owns("X", "A", 40, direct=False), owns("X", "A", 30, "2025")])
    def test_none_tells_what_may_be_held_all_the_same(self, said: Link) -> None:
        row = ruling(graph(on("X"), said), "A", date(2025, 6, 1))
        assert row.verdict == "none"
        assert "may hold" in row.paragraph
        assert [ground.owner for ground in row.grounds] == ["X"]

    def test_a_contradiction_among_the_owners_is_told(self) -> None:
        told = graph(on("X"), owns("X", "B", 60), owns("Y", "B", 60), owns("B", "A", 100))
        assert "contradict each other on what is held of its owners" in ruling(told, "A").paragraph

    def test_more_than_the_whole_is_told_as_that(self) -> None:
        told = graph(on("X"), on("Y"), owns("X", "A", 100), owns("Y", "A", 100))
        assert "hold more than the whole of A" in ruling(told, "A").paragraph

    def test_many_owners_are_named_only_in_the_derivation(self) -> None:
        owners = [f"X{number}" for number in range(30)]
        row = ruling(graph(*map(on, owners), *(owns(one, "A", 3) for one in owners)), "A")
        assert "and 18 more" in row.paragraph
        assert len(row.grounds) == 30

    def test_two_bands_add_up_to_one(self) -> None:
        told = graph(on("X"), on("Y"), owns("X", "A", "(25,50]"), owns("Y", "A", "(25,50]"))
        assert "hold more than 50% of A" in ruling(told, "A").paragraph

    def test_only_a_stake_that_can_settle_it_is_open(self) -> None:
        told = graph(on("X"), on("Y"), owns("X", "A", "[40,60]"), owns("Y", "A", "[1,2]"))
        assert [one.owner for one in ruling(told, "A").open] == ["X"]

    def test_a_derivation_of_a_thousand_tiers_ends_and_says_so(self) -> None:
        chain = [owns(f"E{tier}", f"E{tier + 1}", 100) for tier in range(1_200)]
        answer = listed.verdict(graph(on("E0"), *chain), "E1200", LATER, regime="us-ofac")
        assert (answer.rows[0].verdict, "E1199 holds 100%" in answer.to_json()) == ("captured", True)
        assert "The verdict on E1200 leads back to more owners: the 100 nearest are told of." in answer.notes


class TestTerms:
    def test_those_of_a_programme_the_rule_does_not_cover_are_none_of_its(self) -> None:
        other = on("X", programs=("IRAN",), policy="Denial")
        told = graph(on("X", "US-BIS-EL", policy="Case-by-case"), other, owns("X", "A", 60))
        assert [one.licence_policy for one in ruling(told, "A", BIS_DAY, "us-bis").terms] == ["Case-by-case"]

    def test_those_of_owners_that_only_perhaps_count_are_left_to_what_is_open(self) -> None:
        told = graph(
            on("X", "US-BIS-EL", policy="Case-by-case"), on("Y", "US-BIS-EL", policy="Denial"), owns("X", "A", 60),
            owns("Y", "B"), owns("B", "A", 20),
        )  # fmt: skip
        (row,) = (one for one in listed.affiliates(told, BIS_DAY).rows if one.entity == "A")
        assert [one.licence_policy for one in row.terms] == ["Case-by-case"]
        assert [one.licence_policy for one in ruling(told, "A", BIS_DAY, "us-bis").terms] == ["Case-by-case"]

    def test_denial_in_all_cases_is_as_strict_as_denial(self) -> None:
        told = graph(
            on("X", "US-BIS-EL", policy="Case-by-case, denial for space"),
            on("Y", "US-BIS-EL", policy="Presumption of denial in all cases"), owns("X", "A", 60), owns("Y", "A", 40),
        )  # fmt: skip
        assert ruling(told, "A", BIS_DAY, "us-bis").terms[0].owner == "Y"


class TestControl:
    def test_votes_that_were_sold_indicate_none(self) -> None:
        sold = (owns("X", "A", 60, "2015", basis=Basis.VOTES), owns("X", "A", "0%", "2020", basis=Basis.VOTES))
        assert ruling(graph(on("X", "GB-OFSI"), *sold), "A", LATER, "uk").control_indicated == ()

    def test_a_revised_figure_stands_alone(self) -> None:
        told = (owns("X", "A", 60, "2015", basis=Basis.VOTES), owns("X", "A", 10, "2020", basis=Basis.VOTES))
        (said,) = ruling(graph(on("X", "GB-OFSI"), *told), "A", LATER, "uk").control_indicated
        assert said == "X holds 10% of the votes in A (since 2020)"

    def test_board_seats_read_as_seats(self) -> None:
        told = graph(on("X", "GB-OFSI"), owns("X", "A", 60, basis=Basis.BOARD))
        assert ruling(told, "A", LATER, "uk").control_indicated == ("X holds 60% of the board seats of A",)


class TestRegimeFiles:
    def test_a_field_of_the_timeline_that_there_is_not_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "r.toml"
        path.write_text(
            "[us-ofac]\ntimeline = [{from = 2020-01-01, until = 2021-01-01, status = 'in_force', citation = 'c', "
            "verified = true}]\n"
        )
        with pytest.raises(InputError, match="no field of the timeline is called until"):
            listed.verdict(graph(on("X")), "X", LATER, regimes_file=path)


def test_a_timeline_begins_with_the_first_of_all_days() -> None:
    assert listed.timeline(graph(on("X"), owns("X", "A", 60, "2015")), "A", date.min, regime="us-ofac").rows


class TestOneStakeToldTwice:
    """ "Alibaba has 30%" and "its Taobao has 30%" may be one stake: only both together count as possible."""

    @pytest.mark.parametrize("share", ["30%", "(25,50]"])
    def test_the_same_figure_of_an_owner_and_its_own_firm_counts_once(self, share: str) -> None:
        told = graph(on("X"), owns("X", "H", 100), owns("H", "A", share), owns("X", "A", share))
        assert says(told, "A") == "undetermined"

    def test_one_told_as_direct_counts_besides(self) -> None:
        told = graph(on("X"), owns("X", "H", 100), owns("H", "A", 30), owns("X", "A", 30, direct=True))
        assert says(told, "A") == "captured"

    def test_another_figure_counts_besides(self) -> None:
        told = graph(on("X"), owns("X", "H", 50), owns("H", "A", 40), owns("X", "A", 10))
        assert says(told, "A") == "captured"

    def test_a_firm_that_is_not_its_own_is_another_owner(self) -> None:
        told = graph(on("X"), on("H"), owns("X", "H", 30), owns("H", "A", 30), owns("X", "A", 30))
        assert says(told, "A") == "captured"
