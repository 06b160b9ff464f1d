"""The questions the project was made for, asked of the bundled graph."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from listed.graph.snapshot import Graph
from listed.loaders.bundled import LOADER
from listed.loading import graph_of
from listed.queries import exposure, government, investors, owners, paths, show, ventures, verdict
from listed.queries.answer import Answer

NOW = date(2026, 7, 15)


@pytest.fixture(scope="module")
def bundled() -> Graph:
    return graph_of({"bundled": LOADER.read([])}, "bundled")


def venture_share(bundled: Graph, day: date) -> list[tuple[str, str]]:
    return [(row.share, row.holds) for row in owners(bundled, "xinjiang-jv", day).rows]


def listing(bundled: Graph, entity: str, list_: str = "US-BIS-EL") -> tuple[str, str]:
    (row,) = show(bundled, entity, NOW).rows
    (one,) = [one for one in row.listings if one.list == list_]
    return one.start_date, one.citation


def lists(bundled: Graph, entity: str) -> set[str]:
    (row,) = show(bundled, entity, NOW).rows
    return {one.list for one in row.listings}


def test_sensetime_held_51_percent_of_the_venture_in_2018(bundled: Graph) -> None:
    assert venture_share(bundled, date(2018, 12, 1)) == [("51%", "certainly")]


def test_sensetime_held_nothing_of_it_in_2020(bundled: Graph) -> None:
    assert venture_share(bundled, date(2020, 1, 1)) == []


def test_whether_it_had_sold_in_february_2019_cannot_be_told(bundled: Graph) -> None:
    assert venture_share(bundled, date(2019, 2, 15)) == [("up to 51%", "possibly")]


def test_the_venture_is_one_of_sensetimes_while_it_held(bundled: Graph) -> None:
    (row,) = ventures(bundled, "sensetime-group", date(2018, 12, 1)).rows
    assert (row.venture, row.share) == ("xinjiang-jv", "51%")


def test_qualcomm_is_two_links_from_the_venture(bundled: Graph) -> None:
    best = paths(bundled, "qualcomm", "xinjiang-jv", date(2018, 6, 1)).rows[0]
    said = [(step.source, step.type, step.target, step.start_date) for step in best.steps]
    assert said == [
        ("qualcomm", "INVESTED_IN", "sensetime-group", "2017-11-15"),
        ("sensetime-group", "OWNS", "xinjiang-jv", ""),
    ]


def test_the_beijing_unit_is_the_one_on_the_entity_list(bundled: Graph) -> None:
    day, citation = listing(bundled, "sensetime-beijing")
    assert (day, citation.split(",")[0]) == ("2019-10-09", "84 FR 54004")


@pytest.mark.parametrize("amended", ["85 FR 34505", "85 FR 44159", "87 FR 62202"])
def test_the_citation_tells_the_amendments(bundled: Graph, amended: str) -> None:
    assert amended in listing(bundled, "sensetime-beijing")[1]


def test_the_group_is_not_on_the_entity_list(bundled: Graph) -> None:
    assert lists(bundled, "sensetime-group") == {"US-OFAC-NS-CMIC", "US-DOW-1260H"}


def test_the_largest_outside_holders_at_filing(bundled: Graph) -> None:
    insiders = {"tang-xiaoou", "sensetalent", "xu-li", "wang-xiaogang", "xu-bing"}
    rows = owners(bundled, "sensetime-group", date(2021, 8, 28)).rows
    assert [(row.owner, row.share) for row in rows if row.owner not in insiders] == [
        ("softbank-vf", "14.88%"),
        ("alibaba-taobao-china", "7.59%"),
        ("primavera", "3.08%"),
        ("silver-lake", "3.05%"),
        ("idg-capital", "1.42%"),
    ]


@pytest.mark.parametrize(
    ("champion", "on"),
    [
        ("alibaba-group", {"US-DOW-1260H"}),
        ("tencent", {"US-DOW-1260H"}),
        ("baidu", {"US-DOW-1260H"}),
        ("iflytek", {"US-BIS-EL"}),
        ("sensetime-group", {"US-OFAC-NS-CMIC", "US-DOW-1260H"}),
    ],
)
def test_the_lists_of_the_champions_of_2018(bundled: Graph, champion: str, on: set[str]) -> None:
    said = [row for row in government(bundled, champion, date(2018, 12, 31)).rows if row.body == "cn-most"]
    assert "national AI champion" in {row.steps[-1].role for row in said if row.hops == 1}
    assert lists(bundled, champion) == on


def test_there_were_five_champions_in_2018(bundled: Graph) -> None:
    ends = ["alibaba-group", "tencent", "baidu", "iflytek", "sensetime-group", "hikvision", "huawei-technologies"]
    ties = {one: paths(bundled, one, "cn-most", date(2018, 12, 31), types=["DESIGNATED_BY"], hops=1) for one in ends}
    assert [one for one, answer in ties.items() if answer.rows] == ends[:5]


def test_the_owners_of_baihang_hold_exactly_all(bundled: Graph) -> None:
    held = [row.share_min for row in owners(bundled, "baihang", NOW).rows if row.share_min is not None]
    assert (len(held), max(held), sum(held)) == (9, Decimal(36), Decimal(100))


def test_eight_firms_had_pilot_approval(bundled: Graph) -> None:
    rows = [row.owner for row in owners(bundled, "baihang", NOW).rows if row.owner != "nifa"]
    tied = [one for one in rows if paths(bundled, "cn-pboc", one, NOW, types=["PILOTS"], hops=1).rows]
    assert len(tied) == 8


def test_huaweis_owner_of_2019_is_no_link_to_come_where_a_later_notice_tells_it_again(bundled: Graph) -> None:
    answer = owners(bundled, "huawei-technologies", date(2025, 10, 15))
    assert ([row.owner for row in answer.rows], answer.notes) == (["huawei-holding"], ())


def test_the_sale_of_the_venture_in_xinjiang_is_no_link_to_come(bundled: Graph) -> None:
    assert owners(bundled, "xinjiang-jv", date(2018, 12, 1)).notes == ()


def test_what_the_notice_of_2026_says_of_hikvision_and_its_owner_is_noted_the_year_before(bundled: Graph) -> None:
    day, notice = date(2025, 10, 15), date(2026, 7, 1)
    notes = government(bundled, "hikvision", day).notes
    assert "Not shown: 9 links told of only from a later day (2026-06-10 the first)." in notes
    # Seven bodies, to two of which two links lead.
    assert len(government(bundled, "hikvision", notice).rows) - len(government(bundled, "hikvision", day).rows) == 7


@pytest.mark.parametrize(("body", "role"), [("cn-sasac", "indirect"), ("cn-miit", "military-civil fusion")])
def test_the_notice_affiliates_sensetime_and_tells_of_no_ownership(bundled: Graph, body: str, role: str) -> None:
    rows = [row for row in government(bundled, "sensetime-group", NOW).rows if row.body == body and row.hops == 1]
    assert [(row.relation, row.steps[0].role) for row in rows] == [("AFFILIATED_WITH", role)]


@pytest.mark.parametrize(
    ("name", "day", "citation"),
    [("Sichuan University", "2012-09-19", "77 FR 58006"), ("Beihang", "2001-05-14", "66 FR 24266")],
)
def test_when_the_universities_were_listed(bundled: Graph, name: str, day: str, citation: str) -> None:
    got = listing(bundled, name)
    assert (got[0], got[1].split(",")[0]) == (day, citation)


@pytest.mark.parametrize("entity", ["hmc", "hygon"])
def test_amds_ventures_are_themselves_listed(bundled: Graph, entity: str) -> None:
    assert listing(bundled, entity)[0] == "2019-06-24"


@pytest.mark.parametrize(("entity", "said"), [("smic-holdings", "listed"), ("smic-jv-beijing", "captured")])
def test_smics_holding_is_listed_and_its_venture_in_beijing_captured(bundled: Graph, entity: str, said: str) -> None:
    (row,) = verdict(bundled, entity, date(2025, 10, 15), regime="us-bis").rows
    assert row.verdict == said


def test_leons_stake_in_the_venture_is_not_established(bundled: Graph) -> None:
    assert "leon-technology" not in {row.owner for row in owners(bundled, "xinjiang-jv", NOW, history=True).rows}


@pytest.mark.parametrize("entity", ["leon-technology", "xinjiang-tangli"])
def test_leon_and_tangli_were_listed_together(bundled: Graph, entity: str) -> None:
    day, citation = listing(bundled, entity)
    assert (day, citation.split(",")[0]) == ("2021-07-12", "86 FR 36499")


def test_leon_has_been_on_the_treasury_list_since_2021(bundled: Graph) -> None:
    assert listing(bundled, "leon-technology", "US-OFAC-NS-CMIC")[0] == "2021-12-16"


def test_alibaba_reaches_sensetime_by_its_investment(bundled: Graph) -> None:
    rows = [row for row in exposure(bundled, "Alibaba", NOW).rows if row.end == "sensetime-group"]
    assert (rows[0].hops, rows[0].steps[0].type) == (1, "INVESTED_IN")


@pytest.mark.parametrize("note", ["is itself listed: US-DOW-1260H", "had sold its shares of SenseTime Group Inc."])
def test_what_a_reader_of_alibabas_exposure_is_told_besides(bundled: Graph, note: str) -> None:
    assert any(note in said for said in exposure(bundled, "Alibaba", NOW).notes)


def test_the_venture_follows_as_history(bundled: Graph) -> None:
    rows = [row for row in exposure(bundled, "Alibaba", NOW).rows if row.kind == "venture"]
    assert [(row.end, row.history) for row in rows] == [("xinjiang-jv", True)]


@pytest.mark.parametrize("ask", [exposure, owners, investors, ventures, government, show])
def test_every_row_cites_sources_that_the_answer_holds(bundled: Graph, ask: Any) -> None:
    answer: Answer[Any] = ask(bundled, "sensetime-group", NOW, history=True)
    assert answer.rows
    assert all(row.sources and set(row.sources) <= answer.sources.keys() for row in answer.rows)
