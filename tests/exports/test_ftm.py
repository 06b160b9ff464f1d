"""FollowTheMoney: the model takes what is written, and our own loader reads it back."""

from __future__ import annotations

import json
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings

from listed.exports.ftm.links import percentage
from listed.graph.model import Address, Entity, Identifier, Link, Listing, Name
from listed.graph.share import WHOLE, Basis, parse_share
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.ftm import read
from listed.loaders.inputs import open_inputs
from listed.loading import bundled_graph, graph_of
from tests.exports.exporting import CONTROLLED, HOSTILE, exported
from tests.graphs import firm, graph, linked, listed, only_told, owns, period
from tests.random_graphs import graphs

NO_SHARES = ("votes", "board", "consolidation")


def objects(given_graph: Graph, folder: Path) -> list[dict[str, Any]]:
    place, _ = exported(given_graph, "ftm", folder)
    return [json.loads(line) for line in place.read_text(encoding="utf-8").split("\n") if line]


def one(given_graph: Graph, folder: Path, schema: str) -> dict[str, list[str]]:
    said: dict[str, list[str]] = next(
        each["properties"] for each in objects(given_graph, folder) if each["schema"] == schema
    )
    return said


def back(given_graph: Graph, folder: Path) -> Graph:
    place, _ = exported(given_graph, "ftm", folder)
    return graph_of({"ftm": read(open_inputs([str(place)]))})


def new_ids(given_graph: Graph, folder: Path) -> dict[str, str]:
    """Return what became of each id: one that FollowTheMoney cannot hold is a referent of its new one."""
    renamed = {
        each["referents"][-1] if len(each["referents"]) == 1 else each["referents"][0]: each["id"]
        for each in objects(given_graph, folder)
        if each["id"].startswith("listed-")
    }
    return {id_: renamed.get(id_, id_) for id_ in given_graph.tables["entities"]["id"].to_pylist()}


def names(of: Graph) -> set[tuple[str, str]]:
    said = {(row["entity"], row["text"]) for row in of.tables["names"].to_pylist()}
    return {(entity, text) for entity, text in said if any(unicodedata.category(one)[0] not in "ZC" for one in text)}


def stakes(of: Graph) -> set[tuple[Any, ...]]:
    keys = ("source", "target", "share_min", "share_max", "share_min_open", "share_max_open", "start_date", "end_date")
    owned = (row for row in of.tables["links"].to_pylist() if row["type"] == "OWNS")
    none = {"share_min": None, "share_max": None, "share_min_open": False, "share_max_open": False}
    # A percentage of FollowTheMoney is one of shares: what counts votes has none.
    return {tuple((row | none if row["basis"] in NO_SHARES else row)[key] for key in keys) for row in owned}


def ties(of: Graph) -> set[tuple[Any, ...]]:
    keys = ("source", "target", "start_date", "end_date")
    return {tuple(row[key] for key in keys) for row in of.tables["links"].to_pylist()}


def listings(of: Graph) -> set[tuple[Any, ...]]:
    keys = ("entity", "list", "start_date", "end_date", "citation")
    return {tuple(row[key] for key in keys) for row in of.tables["listings"].to_pylist()}


def renamed(rows: set[tuple[Any, ...]], ids: dict[str, str], *places: int) -> set[tuple[Any, ...]]:
    return {tuple(ids[cell] if place in places else cell for place, cell in enumerate(row)) for row in rows}


def assert_same(given_graph: Graph, folder: Path) -> None:
    ids, read_back = new_ids(given_graph, folder), back(given_graph, folder)
    assert set(read_back.tables["entities"]["id"].to_pylist()) == set(ids.values())
    unnamed = {(ids[row["id"]], row["id"]) for row in given_graph.tables["entities"].to_pylist()} - {
        (ids[entity], entity) for entity, _ in names(given_graph)
    }
    assert names(read_back) - unnamed == renamed(names(given_graph), ids, 0)
    assert stakes(read_back) == renamed(stakes(given_graph), ids, 0, 1)
    assert ties(read_back) == renamed(ties(given_graph), ids, 0, 1)
    assert listings(read_back) == renamed(listings(given_graph), ids, 0)


def assert_valid(given_graph: Graph, folder: Path) -> None:
    model = pytest.importorskip("followthemoney").model
    for each in objects(given_graph, folder):
        proxy = model.get_proxy(each, cleaned=False)
        proxy.schema.validate(each)
        for name, values in each["properties"].items():
            assert name in proxy.schema.properties, (each["schema"], name)
            assert len(proxy.get(name)) == len(values), (name, values)


def test_the_bundled_graph_is_valid(tmp_path: Path) -> None:
    assert_valid(bundled_graph(), tmp_path)


def test_the_bundled_graph_comes_back(tmp_path: Path) -> None:
    assert_same(bundled_graph(), tmp_path)


@settings(max_examples=40)
@given(graphs())
def test_any_graph_comes_back(drawn: Graph) -> None:
    assume(drawn.tables["entities"].num_rows)
    with tempfile.TemporaryDirectory() as folder:
        assert_same(drawn, Path(folder))


@settings(max_examples=30)
@given(graphs())
def test_any_graph_is_valid(drawn: Graph) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_valid(drawn, Path(folder))


@pytest.mark.parametrize("name", [*HOSTILE, CONTROLLED])
def test_a_hostile_name_comes_back(name: str, tmp_path: Path) -> None:
    assert ("A", name) in names(back(graph(firm("A", name)), tmp_path))


@pytest.mark.parametrize("text", ["51%", "1/3", "0", "100%", "[25, 50)", "(25, 50]", "25-50%", "<5%", "majority"])
def test_a_percentage_reads_back_as_the_same_share(text: str) -> None:
    share = parse_share(text)
    again = parse_share(percentage(share), "percent")
    assert (again.low, again.high, again.low_open, again.high_open) == (
        share.low, share.high, share.low_open, share.high_open,
    )  # fmt: skip
    assert share.high is not None
    assert share.high <= WHOLE


def test_an_ownership_says_how_much_and_since_when(tmp_path: Path) -> None:
    said = one(graph(owns("A", "B", "50.01%", "2019-04", role="founder")), tmp_path, "Ownership")
    assert said == {"owner": ["A"], "asset": ["B"], "role": ["founder"], "startDate": ["2019-04"],
                    "percentage": ["50.01"]}  # fmt: skip


def test_a_listing_is_a_sanction_with_its_programme(tmp_path: Path) -> None:
    said = one(graph(firm("A"), listed("A", "US-OFAC-NS-CMIC", "2021-06-03")), tmp_path, "Sanction")
    assert (said["entity"], said["programId"], said["startDate"]) == (["A"], ["US-NS-CMIC"], ["2021-06-03"])


def test_topics_are_topics(tmp_path: Path) -> None:
    said = one(graph(firm("A", topics=("debarment", "edu"))), tmp_path, "Company")
    assert (said["topics"], said["notes"]) == (["debarment"], ["topic: edu"])


def test_kinds_of_names_are_kept(tmp_path: Path) -> None:
    kinds = [Name("Now"), Name("Also", NameKind.ALIAS), Name("Once", NameKind.PREVIOUS), Name("Weak", NameKind.WEAK)]
    again = back(graph(Entity("A", tuple(kinds))), tmp_path)
    assert {(row["text"], row["kind"]) for row in again.tables["names"].to_pylist()} == {
        (name.text, name.kind.value) for name in kinds
    }


@pytest.mark.parametrize(
    ("scheme", "value"),
    [("lei", "5493001KJTIIGC8Y1R12"), ("wikidata", "Q42"), ("inn", "7707083893"), ("ofac", "17013"),
     ("gb-coh", "00445790"), ("ticker", "HK:9988"), ("duns", "123456789")],
)  # fmt: skip
def test_an_identifier_comes_back_under_its_scheme(scheme: str, value: str, tmp_path: Path) -> None:
    whole = Entity("A", (Name("A"),), "Company", ("gb",), identifiers=(Identifier(scheme, value),))
    (found,) = back(graph(whole), tmp_path).tables["identifiers"].to_pylist()
    assert (found["scheme"], found["value"]) == (scheme, value)


def test_an_identifier_without_the_form_of_its_scheme_is_kept_and_told(tmp_path: Path) -> None:
    given_graph = graph(firm("A", ids=(("lei", "not one"),)))
    assert one(given_graph, tmp_path, "Company")["idNumber"] == ["lei:not one"]
    assert any("scheme:value" in line for line in exported(given_graph, "ftm", tmp_path)[1].lost)


def test_a_property_has_its_place_or_is_a_note(tmp_path: Path) -> None:
    whole = Entity("A", (Name("A"),), "Person", properties=(("birthDate", "1960"), ("shoe", "44")), note="tall")
    said = one(graph(whole), tmp_path, "Person")
    assert (said["birthDate"], sorted(said["notes"])) == (["1960"], ["shoe: 44", "tall"])


def test_addresses_are_told(tmp_path: Path) -> None:
    whole = Entity("A", (Name("A"),), addresses=(Address("1 Road", "cn"),))
    assert one(graph(whole), tmp_path, "LegalEntity")["address"] == ["1 Road"]


def test_two_persons_related_are_a_family_or_associates(tmp_path: Path) -> None:
    people = [firm(id_, schema="Person") for id_ in "ABC"]
    links = [linked("A", "B", LinkType.RELATED_TO, role="wife"), linked("A", "C", LinkType.RELATED_TO, role="lawyer")]
    said = {each["schema"] for each in objects(graph(*people, *links), tmp_path)}
    assert {"Family", "Associate"} <= said


def test_a_link_without_a_schema_says_in_its_role_what_it_is(tmp_path: Path) -> None:
    given_graph = graph(linked("A", "B", LinkType.SUPPLIES, role="cameras"))
    assert one(given_graph, tmp_path, "UnknownLink")["role"] == ["supplies: cameras"]
    lost = exported(given_graph, "ftm", tmp_path)[1].lost
    assert "1 SUPPLIES links are UnknownLink, what they say is the role" in lost


def test_an_own_list_comes_back(tmp_path: Path) -> None:
    again = back(graph(firm("A"), Listing("A", "MY-LIST", period("2019"))), tmp_path)
    assert again.tables["listings"]["list"].to_pylist() == ["MY-LIST"]


def test_votes_are_no_percentage(tmp_path: Path) -> None:
    link = Link("A", "B", LinkType.OWNS, share=parse_share("75%"), basis=Basis.VOTES)
    said = one(graph(firm("A"), firm("B"), link), tmp_path, "Ownership")
    assert ("percentage" in said, said["summary"]) == (False, ["votes: 75"])


def test_control_keeps_its_share_in_words(tmp_path: Path) -> None:
    link = Link("A", "B", LinkType.CONTROLS, share=parse_share("75%"))
    assert one(graph(firm("A"), firm("B"), link), tmp_path, "UnknownLink")["summary"] == ["share: 75%"]


@pytest.mark.parametrize(
    ("said", "schema"),
    [
        (owns("A", "B", "5%", "2019-04-30"), "Ownership"),
        (linked("A", "B", LinkType.SUPPLIES, "2019-04-30"), "UnknownLink"),
        (listed("A", start="2019-04-30"), "Sanction"),
    ],
)
def test_a_start_that_was_only_told_is_said_to_be_so_and_counted_once(
    tmp_path: Path, said: Link | Listing, schema: str
) -> None:
    given_graph = graph(firm("A"), firm("B"), only_told(said))
    assert "told on 2019-04-30" in one(given_graph, tmp_path, schema)["summary"]
    assert one(graph(firm("A"), firm("B"), said), tmp_path, schema).get("summary", []) == []
    lost = exported(given_graph, "ftm", tmp_path)[1].lost
    assert any("start on the day a source told of them" in line for line in lost)
    assert any(line.endswith("nor what else was flagged") for line in lost)


def test_real_sanctions_come_back(real_data: Path, tmp_path: Path) -> None:
    zala = graph_of({"ftm": read(open_inputs([str(real_data / "ftm" / "yente_zala.ftm.json")]))})
    assert_same(zala, tmp_path)
    assert_valid(zala, tmp_path)
