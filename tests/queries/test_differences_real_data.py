"""The Entity List of November 2025 (trade.gov) against that of July 2026 (eCFR text): two publishers, one list.

By hand, from the two files: of 3,420 and 3,437 parties most differ in spelling alone (a comma before "Ltd.",
another dash, Hong Kong under China). CASIC's numbered institutes, entries of their own on trade.gov, are aliases
in the eCFR; affiliates of Huawei and CETC have run into the address of the one before them.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import listed
from listed.editions import edition
from listed.queries.differences import DiffRow

MAPPINGS = Path(__file__).resolve().parents[2] / "docs" / "mappings"
DAY = date(2026, 7, 9)


@pytest.fixture(scope="module")
def graph(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lists") / "graph"
    for name, file, mapping in (
        ("old", "entity_list_2025-11/entity-list-current.json", "entity_list_trade_gov.toml"),
        ("new", "lists_2026-07/bis_entity_list.json", "bis_entity_list.toml"),
    ):
        listed.load("table", [str(real_data / file)], folder, dataset=name, mapping=MAPPINGS / mapping)
    return folder


@pytest.fixture(scope="module")
def rows(graph: Path) -> list[DiffRow]:
    return list(listed.diff(edition("old", graph), edition("new", graph), DAY, spelling=True).rows)


def names(rows: list[DiffRow], change: str) -> set[str]:
    return {row.name for row in rows if row.change == change}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Almaz, JSC", "Almaz JSC"),
        ("32 Group China Ltd.", "32Group China Ltd."),
        ("Piotech", "Piotech."),
        ("Shandong Sheenrun Optics and Electronics Co., Ltd", "Shandong Sheenrun Optics & Electronics Co., Ltd."),
        ("Xi'an Huawei Technologies Co., Ltd., Xi'an, Shaanxi", "Xi'an Huawei Technologies Co., Ltd."),
    ],
)
def test_what_is_only_spelled_otherwise_is_told_so(rows: list[DiffRow], before: str, after: str) -> None:
    assert ("respelled", before, after) in {(row.change, row.before, row.after) for row in rows if row.field == "name"}


def test_a_party_of_hong_kong_listed_under_china_now_is_no_change(rows: list[DiffRow]) -> None:
    name = "Dennex Enterprises Limited"
    assert name not in names(rows, "added") | names(rows, "removed")


def test_most_of_the_list_is_the_same(rows: list[DiffRow]) -> None:
    came_and_went = Counter(row.change for row in rows)
    assert came_and_went["added"] == 0


def test_only_four_went(rows: list[DiffRow]) -> None:
    # None of them is anywhere in the file of 2026, nor are their aliases.
    assert names(rows, "removed") == {
        "Arash Dadgar",
        "Arrow China Electronics Trading Co., Ltd.",
        "Joint Stock Company Research and Production Enterprise Sapfir",
        "Molot-Oruzhie, OOO",
    }


@pytest.mark.parametrize("house", ["Huawei", "HiSilicon", "CETC", "Longshine", "Brainware", "SunSea", "Bowei", "Guobo"])
def test_no_affiliate_in_an_address_cell_is_told_as_removed_or_added(rows: list[DiffRow], house: str) -> None:
    assert [name for name in names(rows, "removed") | names(rows, "added") if house in name] == []


def test_the_institutes_of_casic_are_maybe_still_there_among_the_names_of_their_academy(rows: list[DiffRow]) -> None:
    (row,) = [row for row in rows if row.name == "23rd Research Institute"]
    academy = "China Aerospace Science and Industry Corporation Second Academy"
    assert (row.change, row.reason) == (
        "maybe still there",
        f'"Beijing Institute of Radio Measurement" is among the names of {academy}',
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("JLD Technology, Hong Kong Co., Ltd.", "JLD Technology"),
        ("IKCO Finance", "IKCO Finance 6 Lothbury"),
        ("Nuclear Research Center", "Nuclear Research Center at Negev Dimona"),
    ],
)
def test_a_name_that_runs_on_into_the_address_is_no_party_come_or_gone(
    rows: list[DiffRow], before: str, after: str
) -> None:
    (row,) = [row for row in rows if row.field == "name" and row.after == after]
    assert (row.before, row.reason) == (before, "the name of one runs on into the address of the other")


def test_no_numbered_institute_is_taken_for_another(rows: list[DiffRow]) -> None:
    for row in rows:
        if row.change in ("respelled", "renamed") and row.field == "name" and "alias" not in row.reason:
            ours, theirs = (re.findall(r"\b\d+(?= ?(?:st|nd|rd|th)\b)", name) for name in (row.before, row.after))
            assert ours == theirs or "name of the other" in row.reason, row


def test_sensetime_has_a_new_notice_and_is_no_other_party(rows: list[DiffRow]) -> None:
    told = [row.change for row in rows if "Sensetime" in row.name and row.change in ("added", "removed")]
    assert told == []


def test_a_citation_by_another_page_of_its_notice_is_spelling(rows: list[DiffRow]) -> None:
    # Abdul Satar Ghoura: 76 FR 71867 is where the notice begins, 71869 where the entry stands.
    (citation,) = [row for row in rows if row.name == "Abdul Satar Ghoura" and row.field == "citation"]
    assert citation.change == "respelled"
