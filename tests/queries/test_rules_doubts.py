"""What must not be told as certain: a reviewer's cases, each of which once was."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

import listed
from listed.graph.model import Entity, Link, Name
from listed.loading import open_
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

    def test_a_firm_of_unknown_country_is_captured_with_that_reservation(self) -> None:
        row = ruling(graph(on("X", "US-BIS-EL"), owns("X", "A", 100)), "A", BIS_DAY, "us-bis")
        assert row.verdict == "captured"
        assert "country is not known" in row.paragraph


class TestOnePersonsOwnTwoWays:
    """The UK test does not add what unrelated persons hold; what one's own firm holds is one's own."""

    def test_they_are_added(self) -> None:
        told = graph(on("P", "GB-OFSI"), owns("P", "A", 30), owns("P", "H", 100), owns("H", "A", 30))
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
