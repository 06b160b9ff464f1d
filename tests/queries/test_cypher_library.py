"""The named queries: each gives the right answer, on the bundled graph or on a small one."""

from __future__ import annotations

from typing import Any

import pytest

import listed
from listed.errors import AmbiguousNameError, QueryError, UnknownEntityError
from listed.graph.snapshot import Graph
from listed.loading import bundled_graph
from listed.queries.cypher.library import library, named
from tests.graphs import firm, graph
from tests.queries.cypher_graphs import EVERYTHING, examples


@pytest.fixture(scope="module")
def bundled() -> Graph:
    return bundled_graph()


RIGHT: list[tuple[str, dict[str, Any], tuple[str, ...], list[tuple[Any, ...]]]] = [
    ("at-address", {"address": "kwun tong"}, ("entity", "listed_on"), [("Opto", ["US-BIS-EL"]), ("Quiet", [])]),
    ("circular-ownership", {}, ("circle", "links"), [(["Ring A", "Ring B", "Ring C", "Ring A"], 3)]),
    ("circular-ownership", {"share": 31}, ("circle",), []),
    ("claims-about", {"entity": "Sub"}, ("direction", "other", "source"), [
        ("from", "Subsub", "paper"), ("to", "Opto", "paper")]),
    ("common-owners", {"first": "Opto", "second": "Radar"}, ("owner", "links_to_first", "links_to_second"), [
        ("Holding", 1, 1), ("Ministry", 2, 2)]),
    ("customers-of-listed", {}, ("customer", "entity", "start_date"), [("Police", "Opto", "2019")]),
    ("foreign-investors", {"country": "us"}, ("investor", "entity", "type"), [
        ("Fund", "Opto", "INVESTED_IN"), ("Fund", "Radar", "OWNS")]),
    ("investors-in-several", {}, ("investor", "entities"), [
        ("Fund", ["Opto", "Radar"]), ("Holding", ["Opto", "Radar"])]),
    ("investors-of-listed", {}, ("investor", "entity", "role", "start_date"), [("Fund", "Opto", "Series B", "2017")]),
    ("investors-of-listed", {"list": "US-OFAC-SDN"}, ("investor",), []),
    ("listed-in-country", {"country": "cn"}, ("entity", "list"), [
        ("North University", "US-BIS-UVL"), ("Opto", "US-BIS-EL"), ("Radar", "US-BIS-EL"), ("Radar", "US-OFAC-SDN")]),
    ("listed-together", {"entity": "Opto"}, ("list", "start_date", "entity"), [("US-BIS-EL", "2019-10-09", "Radar")]),
    ("listed-universities", {}, ("university", "listed_on", "type", "entity"), [
        ("North University", ["US-BIS-UVL"], "AFFILIATED_WITH", "Lab")]),
    ("listings-by-year", {}, ("list", "year", "entities"), [
        ("US-BIS-EL", "2019", 2), ("US-BIS-UVL", "2020", 1), ("US-OFAC-SDN", "2022", 1)]),
    ("majority-chains", {}, ("top", "entity", "links"), [("Opto", "Sub", 1), ("Opto", "Subsub", 2)]),
    ("most-connected-unlisted", {"most": 2}, ("entity", "listed_neighbours"), [("Fund", 2), ("Holding", 2)]),
    ("new-listings", {"since": "2020-01-01"}, ("start_date", "list", "entity"), [
        ("2020", "US-BIS-UVL", "North University"), ("2022-03", "US-OFAC-SDN", "Radar")]),
    ("on-several-lists", {}, ("entity", "lists"), [("Radar", ["US-BIS-EL", "US-OFAC-SDN"])]),
    ("paths-between", {"first": "Fund", "second": "Quiet"}, ("links", "entities"), [
        (2, ["Fund", "Radar", "Quiet"]), (3, ["Fund", "Opto", "Ann", "Quiet"])]),
    ("removed-listings", {}, ("end_date", "entity"), [("2023-05-01", "North University")]),
    ("same-notice", {"citation": "84 FR"}, ("list", "entity"), [("US-BIS-EL", "Opto"), ("US-BIS-EL", "Radar")]),
    ("shared-officers", {}, ("officer", "listed", "entity"), [("Ann", "Opto", "Quiet")]),
    ("shortest-paths", {"first": "Fund", "second": "Quiet"}, ("entities",), [(["Fund", "Radar", "Quiet"],)]),
    ("stakes-sold", {}, ("owner", "entity", "end_date"), [("Fund", "Radar", "2020-06")]),
    ("stakes-sold", {"entity": "Opto"}, ("owner", "entity", "end_date"), []),
    ("state-bodies-behind", {"entity": "Subsub"}, ("body", "chain"), [
        ("Ministry", ["Ministry", "Holding", "Opto", "Sub", "Subsub"])]),
    ("suppliers-of-listed", {}, ("supplier", "role", "entity"), [("Chips Inc", "processors", "Opto")]),
    ("unlisted-subsidiaries", {}, ("owner", "entity"), [("Opto", "Sub")]),
    ("unlisted-subsidiaries", {"share": 30}, ("owner", "entity"), [
        ("Opto", "Sold"), ("Opto", "Sub"), ("Opto", "Venture")]),
    ("ventures-with-listed", {}, ("venture", "entity", "partner"), [("Venture", "Opto", "Chips Inc")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "columns", "rows"), RIGHT)
def test_a_named_query_gives_the_right_answer(
    name: str, given: dict[str, Any], columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    answer = listed.query(EVERYTHING, name, **given)
    assert [tuple(row[column] for column in columns) for row in answer.rows] == rows


def test_each_named_query_has_a_right_answer_here() -> None:
    assert {name for name, *_ in RIGHT} == set(library())


BUNDLED: list[tuple[str, dict[str, Any], str, Any]] = [
    ("common-owners", {"first": "Hikvision", "second": "Dahua"}, "owner", "cn-sasac"),
    ("investors-of-listed", {"list": "US-OFAC-NS-CMIC"}, "investor_name", "Boyu Capital"),
    ("investors-in-several", {}, "investor", "alibaba-group"),
    ("listed-together", {"entity": "Hikvision"}, "entity", "dahua"),
    ("ventures-with-listed", {}, "venture", "hygon"),
    ("unlisted-subsidiaries", {}, "entity", "xinjiang-jv"),
    ("listed-universities", {}, "university", "nudt"),
    ("suppliers-of-listed", {"country": "us"}, "supplier", "intel"),
    ("stakes-sold", {"entity": "SenseTime"}, "end_date", "2023-07-21"),
    ("state-bodies-behind", {"entity": "Hikvision"}, "body", "cn-sasac"),
    ("new-listings", {"since": "2026-06-01"}, "list", "US-DOW-1260H"),
    ("on-several-lists", {"least": 4}, "entity", "hikvision"),
]


@pytest.mark.parametrize(("name", "given", "column", "value"), BUNDLED)
def test_a_named_query_finds_what_the_bundled_graph_is_known_to_hold(
    bundled: Graph, name: str, given: dict[str, Any], column: str, value: object
) -> None:
    assert value in {row[column] for row in listed.query(bundled, name, **given).rows}


@pytest.mark.parametrize("name", library())
def test_the_examples_of_a_header_can_be_asked(bundled: Graph, name: str) -> None:
    for given in examples(named(name)):
        values = named(name).values(None, given)
        assert bundled.cypher(named(name).text, values).columns


def test_a_name_becomes_the_id_of_the_entity(bundled: Graph) -> None:
    assert listed.query(bundled, "claims-about", entity="SenseTime").asked["parameters"] == {
        "entity": "sensetime-group"
    }


def test_an_unknown_name_is_told_with_the_closest(bundled: Graph) -> None:
    with pytest.raises(UnknownEntityError, match="closest"):
        listed.query(bundled, "claims-about", entity="Sensetimme Grupp")


def test_a_name_of_several_is_told() -> None:
    with pytest.raises(AmbiguousNameError):
        listed.query(graph(firm("a", "Same"), firm("b", "Same")), "claims-about", entity="Same")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("claims-about", {}, "needs entity"),
        ("claims-about", {"entity": "Opto", "x": 1}, "no parameter 'x'"),
        ("new-listings", {"since": "last year"}, "not a day"),
        ("on-several-lists", {"least": "many"}, "not a number"),
        ("listed-togther", {}, "closest: listed-together"),
    ],
)
def test_a_wrong_question_is_one_line(name: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(QueryError, match=said):
        listed.query(EVERYTHING, name, **given)


def test_the_library_is_listed_with_its_questions() -> None:
    rows = {row.name: row for row in listed.named_queries(EVERYTHING).rows}
    assert rows["listed-together"].question.endswith("?")
    assert rows["listed-together"].parameters == ("entity",)
    assert rows["new-listings"].example == "listed query new-listings --param since=2024-01-01"
