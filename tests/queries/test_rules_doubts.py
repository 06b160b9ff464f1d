"""What must not be told as certain: a reviewer's cases, each of which once was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import listed
from listed.loading import open_
from tests.queries.rule_graphs import BIS_DAY, LATER, graph, on, owns, ruling, says


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
