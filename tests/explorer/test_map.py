"""What is on a map, as its address says it."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest

from listed.explorer.map_content import MapContent, map_content
from listed.explorer.map_state import map_state
from listed.explorer.map_table import map_csv
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.queries.regimes import regime
from tests.explorer.conftest import NEIGHBOURS
from tests.explorer.desk import Served
from tests.graphs import graph, linked, listed, only_told, owns

DAY = date(2025, 10, 15)


def shown(of: Graph, *said: tuple[str, str], day: date = DAY) -> MapContent:
    return map_content(of, map_state(said), day, regime("us-bis"))


def ids(content: MapContent) -> set[str]:
    return {one.entity for one in content.entities}


CHAIN = graph(
    owns("X", "A", "50%", start="2015"),
    owns("A", "B", "50%", start="2015"),
    owns("A", "C", "10%", start="2015", end="2018-06-30"),
    linked("P", "A", LinkType.OFFICER_OF),
    listed("X", start="2020-01-01"),
)


def test_an_entity_alone_is_shown_with_how_many_it_is_linked_to() -> None:
    (one,) = shown(CHAIN, ("e", "A")).entities
    assert (one.entity, one.more, one.given) == ("A", 4, True)


def test_expanding_shows_the_neighbours() -> None:
    assert ids(shown(CHAIN, ("x", "A~30"))) == {"A", "X", "B", "C", "P"}


def test_the_listed_come_first_then_the_strongest() -> None:
    assert ids(shown(CHAIN, ("x", "A~1"))) == {"A", "X"}
    assert "P" not in ids(shown(CHAIN, ("x", "A~3")))


def test_what_is_taken_off_is_not_shown() -> None:
    assert "B" not in ids(shown(CHAIN, ("x", "A~30"), ("h", "B")))


def test_a_type_filters_links_and_neighbours() -> None:
    assert ids(shown(CHAIN, ("x", "A~30"), ("type", "OFFICER_OF"))) == {"A", "P"}


def test_links_between_those_shown_are_shown() -> None:
    links = {(one.source, one.target) for one in shown(CHAIN, ("e", "X"), ("e", "A"), ("e", "B")).links}
    assert links == {("X", "A"), ("A", "B")}


def test_verdicts_are_those_of_the_rule_on_the_day() -> None:
    verdicts = {one.entity: one.verdict for one in shown(CHAIN, ("x", "A~30")).entities}
    assert verdicts == {"X": "listed", "A": "captured", "B": "captured", "C": "none", "P": "none"}
    assert {one.verdict for one in shown(CHAIN, ("x", "A~30"), day=date(2019, 1, 1)).entities} == {"none"}


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2026, 1, 15), date(2026, 11, 25)])
def test_a_verdict_of_a_rule_that_is_not_in_force_is_what_would_be(day: date) -> None:
    verdicts = {one.entity: one.verdict for one in shown(CHAIN, ("x", "A~30"), day=day).entities}
    assert verdicts == {"X": "listed", "A": "would be captured", "B": "would be captured", "C": "none", "P": "none"}


def test_a_link_tells_the_days_on_which_it_may_hold() -> None:
    (link,) = shown(CHAIN, ("e", "A"), ("e", "C")).links
    assert (link.claims[0].first, link.claims[0].last, link.label) == ("2015-01-01", "2018-06-30", "10%")


def test_a_sale_never_holds_and_ends_the_stake() -> None:
    sold = graph(owns("A", "B", "51%"), owns("A", "B", "0%", start="2019"))
    (link,) = shown(sold, ("e", "A"), ("e", "B")).links
    spans = {claim.share: (claim.never, claim.last) for claim in link.claims}
    assert spans == {"51%": (False, "2019-12-31"), "0%": (True, None)}


def test_an_entity_that_is_not_in_the_graph_is_told() -> None:
    assert shown(CHAIN, ("e", "A"), ("e", "nobody")).unknown == ("nobody",)


def test_a_map_of_nothing_is_empty() -> None:
    assert shown(CHAIN).entities == ()


def test_an_id_with_the_sign_of_the_address_is_read_back() -> None:
    assert map_state([("x", "a%7Eb~12")]).expanded == {"a~b": 12}


def test_the_table_has_a_row_for_each_claim(bundled: Served) -> None:
    words = "x=sensetime-group~30&as-of=2018-12-01"
    rows = list(csv.DictReader(io.StringIO(bundled(f"/map.csv?{words}").body.decode("utf-8-sig"))))
    links: list[dict[str, Any]] = bundled(f"/map.json?{words}").json["links"]
    assert len(rows) == sum(len(link["claims"]) for link in links)
    assert [row["share"] for row in rows if row["target"] == "xinjiang-jv" and row["holds"] == "yes"] == ["51%"]


def test_the_table_tells_a_day_of_telling_from_a_beginning() -> None:
    of = graph(only_told(owns("X", "A", "50%", "2015")), owns("X", "B", "50%", "2015"))
    rows = csv.DictReader(io.StringIO(map_csv(shown(of, ("x", "X~30")))))
    assert {row["target"]: row["start_told"] for row in rows} == {"A": "yes", "B": "no"}


def test_every_source_a_map_cites_comes_with_it(bundled: Served) -> None:
    said = bundled("/map.json?x=sensetime-group~90").json
    cited = {id_ for link in said["links"] for claim in link["claims"] for id_ in claim["sources"]}
    assert cited <= set(said["sources"])


@pytest.mark.parametrize("number", [30, NEIGHBOURS])
def test_a_hub_is_folded(odd: Served, number: int) -> None:
    said = odd(f"/map.json?x=agent~{number}").json
    hub = next(one for one in said["entities"] if one["entity"] == "agent")
    assert (len(said["entities"]), hub["more"]) == (number + 1, NEIGHBOURS + 1 - number)


def test_a_map_has_a_bound_and_tells_what_it_cuts_off(odd: Served) -> None:
    assert odd("/map.json?x=agent~999999").json["bounds"]["cut_off"] == 0
    assert odd("/map.json?e=agent").json["bounds"]["links"] == 10_000


def test_no_type_at_all_leaves_no_link() -> None:
    shown_ = shown(CHAIN, ("x", "A~30"), ("type", "none"))
    assert (ids(shown_), shown_.links) == ({"A"}, ())
