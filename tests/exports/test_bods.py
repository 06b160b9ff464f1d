"""Beneficial ownership statements: the standard's schema takes them, and our own loader reads them back."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings

from listed.graph.model import Address, Entity, Identifier, Link, Name
from listed.graph.share import Basis, parse_share
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.bods import read
from listed.loaders.bods.parties import party_id
from listed.loaders.inputs import open_inputs
from listed.loading import bundled_graph, graph_of
from tests.exports.exporting import CONTROLLED, HOSTILE, exported
from tests.graphs import firm, graph, linked, listed, only_told, owns
from tests.random_graphs import graphs

PARTIES = {"Person", "Company", "Organization", "LegalEntity", "PublicBody"}


def statements(given_graph: Graph, folder: Path) -> list[dict[str, Any]]:
    place, _ = exported(given_graph, "bods", folder)
    said: list[dict[str, Any]] = json.loads(place.read_text(encoding="utf-8"))
    return said


def interest(given_graph: Graph, folder: Path) -> dict[str, Any]:
    (found,) = (one for one in statements(given_graph, folder) if one["recordType"] == "relationship")
    (said,) = found["recordDetails"]["interests"]
    assert isinstance(said, dict)
    return said


def back(given_graph: Graph, folder: Path) -> Graph:
    place, _ = exported(given_graph, "bods", folder)
    return graph_of({"bods": read(open_inputs([str(place)]))})


def new_id(id_: str) -> str:
    return party_id(id_, "Listed")


def parties(of: Graph) -> set[str]:
    return {row["id"] for row in of.tables["entities"].to_pylist() if row["schema"] in PARTIES}


def day(text: str | None) -> str | None:
    return text if text and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None


def said_type(row: dict[str, Any]) -> str:
    """What counts votes is control in the standard, whatever the link is called."""
    counts_no_shares = row["basis"] in ("votes", "board", "consolidation")
    return "CONTROLS" if row["type"] == "OWNS" and counts_no_shares else str(row["type"])


def stakes(of: Graph, type_: str) -> set[tuple[Any, ...]]:
    shares = ("share_min", "share_max", "share_min_open", "share_max_open")
    known = parties(of)
    persons = {row["id"] for row in of.tables["entities"].to_pylist() if row["schema"] == "Person"}
    return {
        (row["source"], row["target"], *(row[key] for key in shares), day(row["start_date"]), day(row["end_date"]))
        for row in of.tables["links"].to_pylist()
        if said_type(row) == type_ and {row["source"], row["target"]} <= known and row["target"] not in persons
    }


def names(of: Graph) -> set[tuple[str, str]]:
    said = {(row["entity"], row["text"].strip()) for row in of.tables["names"].to_pylist()}
    known = parties(of)
    return {(entity, text) for entity, text in said if entity in known and text}


def assert_same(given_graph: Graph, folder: Path) -> None:
    again = back(given_graph, folder)
    assert set(again.tables["entities"]["id"].to_pylist()) == {new_id(id_) for id_ in parties(given_graph)}
    assert names(again) == {(new_id(entity), text) for entity, text in names(given_graph)}
    for type_ in ("OWNS", "CONTROLS"):
        expected = {(new_id(owner), new_id(asset), *rest) for owner, asset, *rest in stakes(given_graph, type_)}
        assert stakes(again, type_) == expected


def assert_valid(given_graph: Graph, folder: Path) -> None:
    pytest.importorskip("libcovebods")
    from libcovebods.data_reader import DataReader
    from libcovebods.jsonschemavalidate import JSONSchemaValidator
    from libcovebods.schema import SchemaBODS

    place, _ = exported(given_graph, "bods", folder)
    reader = DataReader(str(place))
    schema = SchemaBODS(reader)
    assert schema.schema_version == "0.4"
    assert [error.json() for error in JSONSchemaValidator(schema).validate(reader)] == []


def test_the_bundled_graph_is_valid(tmp_path: Path) -> None:
    assert_valid(bundled_graph(), tmp_path)


def test_the_bundled_graph_comes_back(tmp_path: Path) -> None:
    assert_same(bundled_graph(), tmp_path)


@settings(max_examples=40)
@given(graphs())
def test_any_graph_comes_back(drawn: Graph) -> None:
    assume(parties(drawn))
    with tempfile.TemporaryDirectory() as folder:
        assert_same(drawn, Path(folder))


@settings(max_examples=20)
@given(graphs())
def test_any_graph_is_valid(drawn: Graph) -> None:
    assume(parties(drawn))
    with tempfile.TemporaryDirectory() as folder:
        assert_valid(drawn, Path(folder))


@pytest.mark.parametrize("name", [*HOSTILE, CONTROLLED])
def test_a_hostile_name_comes_back(name: str, tmp_path: Path) -> None:
    assert (new_id("A"), name) in names(back(graph(firm("A", name)), tmp_path))


@pytest.mark.parametrize(
    ("text", "share"),
    [("51%", {"exact": 51}), ("(25, 50]", {"exclusiveMinimum": 25, "maximum": 50}),
     ("[25, 50)", {"minimum": 25, "exclusiveMaximum": 50})],
)  # fmt: skip
def test_a_share_keeps_its_open_ends(text: str, share: dict[str, float], tmp_path: Path) -> None:
    assert interest(graph(owns("A", "B", text)), tmp_path)["share"] == share


@pytest.mark.parametrize(
    ("basis", "type_"),
    [(Basis.VOTES, "votingRights"), (Basis.BOARD, "appointmentOfBoard"), (Basis.UNKNOWN, "otherInfluenceOrControl")],
)
def test_control_is_of_the_kind_its_basis_says(basis: Basis, type_: str, tmp_path: Path) -> None:
    link = Link("A", "B", LinkType.CONTROLS, share=parse_share("60%"), basis=basis)
    assert interest(graph(firm("A"), firm("B"), link), tmp_path)["type"] == type_


@pytest.mark.parametrize("basis", list(Basis))
def test_control_comes_back_with_its_basis(basis: Basis, tmp_path: Path) -> None:
    if basis is Basis.SHARES:
        pytest.skip("control counts no shares")
    link = Link("A", "B", LinkType.CONTROLS, share=parse_share("60%"), basis=basis, direct=True)
    (found,) = back(graph(firm("A"), firm("B"), link), tmp_path).tables["links"].to_pylist()
    assert (found["type"], found["basis"], found["direct"]) == ("CONTROLS", basis.value, True)


def test_a_link_that_is_no_interest_is_counted(tmp_path: Path) -> None:
    _, report = exported(graph(linked("A", "B", LinkType.SUPPLIES)), "bods", tmp_path)
    assert "1 SUPPLIES links are left out: the standard knows interests alone" in report.lost


def test_a_ship_is_counted_with_its_owner_s_stake(tmp_path: Path) -> None:
    _, report = exported(graph(owns("A", "S", "100%"), firm("S", schema="Vessel")), "bods", tmp_path)
    assert any("Vessel are left out" in line for line in report.lost)
    assert any("an end that is no party" in line for line in report.lost)


def test_a_listing_is_an_annotation(tmp_path: Path) -> None:
    (found,) = statements(graph(firm("A"), listed("A", "US-BIS-EL", "2019-10-09")), tmp_path)
    (note,) = found["annotations"]
    assert note["description"] == "Listed on Entity List (US Commerce, BIS) [US-BIS-EL] since 2019-10-09 (1 FR 1)"


def test_a_person_has_names_and_nationality(tmp_path: Path) -> None:
    whole = Entity("A", (Name("Now"), Name("Once", NameKind.PREVIOUS)), "Person", ("cn",),
                   properties=(("birthDate", "1960-02"),))  # fmt: skip
    (found,) = statements(graph(whole), tmp_path)
    details = found["recordDetails"]
    assert details["names"] == [{"type": "legal", "fullName": "Now"}, {"type": "former", "fullName": "Once"}]
    assert details["nationalities"] == [{"name": "China", "code": "CN"}]
    assert details["birthDate"] == "1960-02"


@pytest.mark.parametrize(("scheme", "value"), [("lei", "5493001KJTIIGC8Y1R12"), ("uscc", "91110108551385082Q"),
                                               ("hk-cr", "2162198"), ("ticker", "HK:9988")])  # fmt: skip
def test_an_identifier_comes_back_under_its_scheme(scheme: str, value: str, tmp_path: Path) -> None:
    whole = Entity("A", (Name("A"),), "Company", identifiers=(Identifier(scheme, value),))
    (found,) = back(graph(whole), tmp_path).tables["identifiers"].to_pylist()
    assert (found["scheme"], found["value"]) == (scheme, value)


def test_an_address_comes_back(tmp_path: Path) -> None:
    whole = Entity("A", (Name("A"),), addresses=(Address("1 Road", "cn"),))
    (found,) = back(graph(whole), tmp_path).tables["addresses"].to_pylist()
    assert (found["text"], found["country"]) == ("1 Road", "cn")


def test_what_is_known_of_a_day_stands_in_the_details(tmp_path: Path) -> None:
    said = interest(graph(owns("A", "B", "5%", "2019-04", role="founder")), tmp_path)
    assert (said["details"], "startDate" in said) == ("founder. start: 2019-04", False)


@pytest.mark.parametrize(
    ("start", "details"), [("2019-04-30", "founder. told on 2019-04-30"), ("2019-04", "founder. told in 2019-04")]
)
def test_a_start_that_was_only_told_is_said_to_be_so_in_the_details(tmp_path: Path, start: str, details: str) -> None:
    given_graph = graph(only_told(owns("A", "B", "5%", start, role="founder")))
    assert interest(given_graph, tmp_path)["details"] == details
    lost = exported(given_graph, "bods", tmp_path, "again.json")[1].lost
    assert "1 links start on the day a source told of them, not when they began" in lost


def test_lines_are_written_for_that_ending(tmp_path: Path) -> None:
    place, _ = exported(graph(owns("A", "B", "5%")), "bods", tmp_path, "out.jsonl")
    assert len([json.loads(line) for line in place.read_text().splitlines()]) == 3


def test_parties_come_before_what_joins_them(tmp_path: Path) -> None:
    kinds = [one["recordType"] for one in statements(graph(owns("A", "B", "5%")), tmp_path)]
    assert kinds == ["entity", "entity", "relationship"]
