"""The property graph that Cypher sees, and the way back to the tables."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given

from listed.graph.model import Address, Entity, Identifier, Link, Listing, Name
from listed.graph.property_graph import (
    LISTED_ON,
    NODE_PROPERTIES,
    RELATIONSHIP_TYPES,
    SCHEMA_LABELS,
    PropertyGraph,
    property_graph,
    tables_of,
)
from listed.graph.snapshot import Graph
from listed.graph.tables import Tables
from listed.graph.vocabulary import LinkType, NameKind
from listed.loading import bundled_graph
from tests.graphs import About, firm, graph, listed, only_told, owns, period
from tests.random_graphs import graphs


def mapped(*about: About) -> PropertyGraph:
    return property_graph(graph(*about).tables)


def node(found: PropertyGraph, id_: str) -> tuple[tuple[str, ...], dict[str, Any]]:
    return next((n.labels, row) for n in found.nodes for row in n.rows.to_pylist() if row["id"] == id_)


def relationship(found: PropertyGraph, type_: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = next(one.rows for one in found.relationships if one.type == type_).to_pylist()
    return rows[0]


def back(found: PropertyGraph) -> Tables:
    labels = {labels: [n.rows for n in found.nodes if n.labels[0] == labels] for labels in NODE_PROPERTIES}
    nodes = {
        label: pa.concat_tables(parts) if parts else NODE_PROPERTIES[label].empty_table()
        for label, parts in labels.items()
    }
    links = {one.type: one.rows for one in found.relationships if one.type != LISTED_ON}
    listings = next((one.rows for one in found.relationships if one.type == LISTED_ON), None)
    return tables_of(nodes, links, listings)


def assert_equal(one: Tables, other: Tables) -> None:
    for table in one:
        assert one[table].to_pylist() == other[table].to_pylist(), table


def test_an_entity_is_labelled_with_its_schema() -> None:
    assert node(mapped(firm("A", schema="Vessel")), "A")[0] == ("Entity", "Vessel")


def test_a_schema_not_in_the_vocabulary_gives_no_label() -> None:
    labels, properties = node(mapped(firm("A", schema="Thing) DETACH DELETE (n")), "A")
    assert (labels, properties["schema"]) == (("Entity",), "Thing) DETACH DELETE (n")


def test_an_entity_carries_all_its_names_and_identifiers() -> None:
    _, said = node(mapped(firm("A", "Alpha", aliases=("Alef", "阿尔法"), ids=(("lei", "5493"),))), "A")
    assert (said["names"], said["identifiers"]) == (["Alpha", "Alef", "阿尔法"], ["lei:5493"])


def test_a_share_is_numbers_beside_its_text() -> None:
    said = relationship(mapped(owns("A", "B", "more than 25 but not more than 50%")), "OWNS")
    assert [said[name] for name in ("share_min", "share_max", "share_min_open")] == [25.0, 50.0, True]
    assert said["share_text"] == "more than 25 but not more than 50%"


def test_a_date_is_text_of_its_precision_beside_its_days() -> None:
    said = relationship(mapped(owns("A", "B", "1%", start="2019-04")), "OWNS")
    assert said["start_date"] == "2019-04"
    assert said["start_latest"] == datetime.date(2019, 4, 30)


def test_a_start_that_was_only_told_is_marked_and_one_that_is_dated_is_not() -> None:
    found = mapped(only_told(owns("A", "B", "1%", "2019")), listed("B", "US-BIS-EL", "2019"))
    assert relationship(found, "OWNS")["start_told"] is True
    assert relationship(found, LISTED_ON)["start_told"] is False


def test_a_start_that_was_only_told_comes_back_from_a_database_written_before_the_mark() -> None:
    tables = graph(only_told(owns("A", "B", "1%", "2019")), only_told(listed("B", start="2019"))).tables
    found = property_graph(tables)
    unmarked = [replace(one, rows=one.rows.drop_columns(["start_told"])) for one in found.relationships]
    assert_equal(back(PropertyGraph(found.nodes, tuple(unmarked))), tables)


def test_a_listing_leads_to_its_list() -> None:
    found = mapped(firm("A"), listed("A", "US-BIS-EL", "2019-10-09"))
    said = relationship(found, LISTED_ON)
    assert (said["source"], said["target"], said["citation"]) == ("A", "US-BIS-EL", "1 FR 1")
    assert node(found, "US-BIS-EL")[1]["title"].startswith("Entity List")


def test_what_is_unknown_is_absent() -> None:
    said = relationship(mapped(owns("A", "B")), "OWNS")
    assert (said["share_min"], said["end_date"], said["amount"]) == (None, None, None)


def test_counts_are_those_of_the_tables() -> None:
    found = mapped(owns("A", "B", "1%"), owns("A", "C", "1%"), listed("B"))
    assert found.counts() == {"Source": 1, "List": 1, "Entity": 3, "OWNS": 2, LISTED_ON: 1}


def test_every_label_and_type_is_a_plain_word() -> None:
    assert all(word.isidentifier() and word.isascii() for word in (*SCHEMA_LABELS, *RELATIONSHIP_TYPES))


def test_the_bundled_graph_comes_back_row_for_row() -> None:
    given_tables = bundled_graph().tables
    assert_equal(back(property_graph(given_tables)), given_tables)


@pytest.mark.parametrize("amount", ["0.10", "123456789012345678.99", "1000000", "0.00"])
def test_an_amount_comes_back_to_the_cent(amount: str) -> None:
    money = Link("A", "B", LinkType.INVESTED_IN, amount=Decimal(amount), currency="USD")
    tables = graph(firm("A"), firm("B"), money).tables
    assert_equal(back(property_graph(tables)), tables)


@pytest.mark.parametrize("share", ["1/3", "0.000001%", "100%", "[25, 50)", "majority", "a lot", ""])
def test_a_share_comes_back_exactly(share: str) -> None:
    tables = graph(owns("A", "B", share)).tables
    assert_equal(back(property_graph(tables)), tables)


def test_all_parts_of_an_entity_come_back() -> None:
    whole = Entity(
        "A",
        (Name("Alpha"), Name("Old", NameKind.PREVIOUS, "Latn")),
        "Company",
        ("cn", "hk"),
        ("debarment",),
        (Identifier("lei", "1"), Identifier("uscc", "2")),
        (Address("1 Road\nBeijing", "cn"), Address("nowhere")),
        (("sector", "chips"), ("sector", "phones")),
        "a note",
    )
    tables = graph(whole, Listing("A", "MY-LIST", period("2019"), programs=("X", "Y"))).tables
    assert_equal(back(property_graph(tables)), tables)


def test_an_id_that_went_into_another_comes_back() -> None:
    tables = graph(firm("A", ids=(("lei", "1"),)), firm("B", ids=(("lei", "1"),))).tables
    assert tables["merged_ids"].num_rows == 1
    assert_equal(back(property_graph(tables)), tables)


def test_an_empty_graph_comes_back() -> None:
    tables = graph().tables
    assert_equal(back(property_graph(tables)), tables)


@given(graphs())
def test_any_graph_comes_back_row_for_row(drawn: Graph) -> None:
    assert_equal(back(property_graph(drawn.tables)), drawn.tables)
