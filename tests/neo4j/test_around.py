"""The questions about paths, asked of a database: the same answer as of the snapshot, row for row."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listed import asking_neo4j
from listed.asking_neo4j import exposure_on, paths_on
from listed.cli import cli
from listed.errors import AmbiguousNameError, ListedError, QueryError, ServerError, UnknownEntityError
from listed.graph.model import Entity, Link, Listing
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.neo4j import around
from listed.neo4j.connection import PASSWORD_VARIABLES, Server, connected
from listed.neo4j.push import push, remove
from listed.queries.answer import Answer
from listed.queries.exposure import exposure, paths
from tests.graphs import body, firm, graph, hub, invested, linked, listed, owns
from tests.random_graphs import graphs

DAY = date(2024, 6, 1)


def told(answer: Answer[Any]) -> dict[str, Any]:
    """Return an answer as JSON, but what only one of the two sides says: how it was computed."""
    said = answer.to_dict()
    pulled = said["bounds"].pop("pulled", None)
    assert pulled is None or not pulled["cut_off"]
    said["bounds"].pop("steps")
    return said


def alike(whole: Graph, server: Server, name: str, *asked: str, day: date = DAY, **how: Any) -> None:
    there: Callable[..., Answer[Any]] = paths_on if len(asked) == 2 else exposure_on
    here: Callable[..., Answer[Any]] = paths if len(asked) == 2 else exposure
    assert told(there(server, *asked, day, name=name, **how)) == told(here(whole, *asked, day, **how)), (asked, how)


# On the bundled graph ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bundled_name(server: Server, bundled: Graph) -> Iterator[str]:
    name = f"test-{uuid.uuid4().hex[:12]}"
    push(bundled, server, name)
    yield name
    remove(server, name)


ENTITIES = ("alibaba-group", "sensetime-group", "softbank-group", "sasac", "tencent-holdings", "intel-corporation",
            "goldman-sachs", "huawei-technologies", "silver-lake")  # fmt: skip
HOW: list[dict[str, Any]] = [
    {},
    {"hops": 1},
    {"hops": 2, "history": True},
    {"hops": 3, "hubs": True},
    {"hops": 6, "limit": 5},
    {"hops": 4, "types": ("OWNS",)},
    {"hops": 3, "types": ("invested_in", "PARTNERS_WITH")},
    {"day": date(2019, 1, 1)},
]


def some(whole: Graph) -> list[str]:
    return [id_ for id_ in ENTITIES if whole.row_of(id_) is not None]


@pytest.mark.parametrize("how", [*HOW, {"lists": ("US-BIS-EL",), "hops": 3}], ids=str)
def test_exposure_answers_alike(server: Server, bundled_name: str, bundled: Graph, how: dict[str, Any]) -> None:
    for entity in some(bundled):
        alike(bundled, server, bundled_name, entity, **how)


@pytest.mark.parametrize("how", HOW, ids=str)
def test_paths_answer_alike(server: Server, bundled_name: str, bundled: Graph, how: dict[str, Any]) -> None:
    for one, other in product(some(bundled)[:4], repeat=2):
        if one != other:
            alike(bundled, server, bundled_name, one, other, **how)


@pytest.mark.parametrize("asked", ["Alibaba", "ALIBABA-GROUP ", "SenseTime", "商汤集团", "Alibba", "US01609W1027", ""])
def test_an_entity_is_found_alike(server: Server, bundled_name: str, bundled: Graph, asked: str) -> None:
    def outcome(ask: Any, *which: Any, **more: Any) -> Any:
        try:
            return told(ask(*which, asked, DAY, hops=1, **more))
        except ListedError as error:
            return type(error), str(error)

    assert outcome(exposure_on, server, name=bundled_name) == outcome(exposure, bundled)


def test_the_answer_says_where_it_comes_from(server: Server, bundled_name: str) -> None:
    answer = exposure_on(server, "alibaba-group", DAY, name=bundled_name)
    assert (answer.graph, answer.snapshot) == ("bundled", 1)
    assert answer.bounds["pulled"]["from"] == server.place


# On small graphs -----------------------------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=graphs())
def test_any_graph_answers_alike(server: Server, name: str, drawn: Graph) -> None:
    push(drawn, server, name)
    ids = drawn.tables["entities"]["id"].to_pylist()
    for id_ in ids:
        alike(drawn, server, name, id_, history=True)
    for one, other in product(ids[:3], repeat=2):
        if one != other:
            alike(drawn, server, name, one, other)


_NODES = [f"n{number:02}" for number in range(14)]
_pairs = st.tuples(st.sampled_from(_NODES), st.sampled_from(_NODES)).filter(lambda pair: pair[0] != pair[1])
_drawn_links = st.builds(
    lambda pair, type_, start, end, role: linked(pair[0], pair[1], type_, start, end, role),
    _pairs,
    st.sampled_from([LinkType.OWNS, LinkType.INVESTED_IN, LinkType.PARTNERS_WITH]),
    st.sampled_from(["", "2018", "2025"]),
    st.sampled_from(["", "", "2020"]),
    st.sampled_from(["", "", "joint venture partner"]),
)
_drawn_stakes = st.builds(
    lambda pair, share, start: owns(pair[0], pair[1], share, start), _pairs, st.sampled_from(["51%", "30%", "0", "5%"]),
    st.sampled_from(["", "2018", "2021"]),
)  # fmt: skip
_sparse: st.SearchStrategy[list[Link]] = st.lists(st.one_of(_drawn_links, _drawn_stakes), min_size=8, max_size=30)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    links=_sparse,
    hubs=st.sets(st.sampled_from(_NODES), max_size=4),
    on=st.lists(st.tuples(st.sampled_from(_NODES), st.sampled_from(["US-BIS-EL", "MY-LIST"]),
                          st.sampled_from(["", "2030"])), max_size=3),
)  # fmt: skip
def test_any_graph_with_hubs_answers_alike(
    server: Server, name: str, links: list[Link], hubs: set[str], on: list[tuple[str, str, str]]
) -> None:
    entities: list[Entity] = [firm(id_, hub=id_ in hubs) for id_ in _NODES]
    listings: list[Listing] = [listed(id_, list_, start) for id_, list_, start in on]
    drawn = graph(*entities, *links, *listings)
    push(drawn, server, name)
    for hops in (2, 3, 4, 5):
        alike(drawn, server, name, "n00", hops=hops)
        alike(drawn, server, name, "n00", "n01", hops=hops)
    alike(drawn, server, name, "n00", hops=4, types=("OWNS",))
    alike(drawn, server, name, "n02", hops=3, hubs=True)
    alike(drawn, server, name, "n02", "n03", hops=4, hubs=True, history=True)


def test_a_hub_is_told_by_its_links_in_the_database(server: Server, name: str) -> None:
    others = [owns("state", f"firm{number:02}") for number in range(40)]
    whole = graph(body("state"), owns("state", "a"), owns("state", "b"), listed("b"), *others)
    push(whole, server, name)
    answer = exposure_on(server, "a", DAY, name=name)
    assert answer.rows == ()
    assert answer.bounds["hubs_not_passed"] == [{"entity": "state", "name": "state", "links": 42}]
    alike(whole, server, name, "a")
    alike(whole, server, name, "a", hubs=True)


def test_a_hub_is_told_of_from_which_the_way_on_is_long(server: Server, name: str) -> None:
    whole = graph(hub("h"), owns("h", "a"), owns("h", "b"), owns("b", "c"), owns("c", "d"), listed("d"))
    push(whole, server, name)
    alike(whole, server, name, "a")
    alike(whole, server, name, "a", "d")


def test_links_of_somebody_else_are_none_of_the_graphs(server: Server, name: str) -> None:
    whole = graph(owns("a", "b"), owns("c", "d"), listed("d"))
    push(whole, server, name)
    with connected(server) as session:
        text = (
            "MATCH (b:Entity {listed_graph: $name, id: 'b'}), (d:Entity {listed_graph: $name, id: 'd'}) "
            "CREATE (b)-[r:OWNS {id: 'mine'}]->(d)"
        )
        session.run(text, name=name).consume()
    try:
        alike(whole, server, name, "a")
    finally:
        with connected(server) as session:
            session.run("MATCH ()-[r:OWNS {id: 'mine'}]->() DELETE r").consume()


def test_links_beyond_the_bound_are_told_of(server: Server, name: str) -> None:
    whole = graph(*(invested("a", f"b{number}") for number in range(9)), owns("b1", "c"), listed("c"), listed("b2"))
    push(whole, server, name)
    answer = exposure_on(server, "a", DAY, name=name, most_links=10)
    assert answer.bounds["pulled"]["cut_off"]
    assert answer.bounds["pulled"]["links"] <= 10
    assert "--most-links" in answer.notes[-1]
    assert not exposure_on(server, "a", DAY, name=name).bounds["pulled"]["cut_off"]


def test_what_cannot_be_asked_is_refused(server: Server, name: str) -> None:
    push(graph(owns("a", "b"), firm("x", "Same Name"), firm("y", "Same Name"), listed("b")), server, name)
    with pytest.raises(QueryError, match="no type of link"):
        exposure_on(server, "a", name=name, types=("OWNS]-() DELETE",))
    with pytest.raises(QueryError, match="hops must be"):
        exposure_on(server, "a", name=name, hops=99)
    with pytest.raises(QueryError, match="holds no list 'NOWHERE'"):
        exposure_on(server, "a", name=name, lists=("nowhere",))
    with pytest.raises(QueryError, match="same entity"):
        paths_on(server, "a", "a", name=name)
    with pytest.raises(AmbiguousNameError, match="2 entities"):
        exposure_on(server, "same name", name=name)
    with pytest.raises(UnknownEntityError, match="closest: Same Name"):
        exposure_on(server, "Sane Name", name=name)


def test_a_graph_that_is_not_there(server: Server) -> None:
    with pytest.raises(ServerError, match="no graph called nothing"):
        exposure_on(server, "a", name="nothing")


def test_a_push_meanwhile_is_noticed(server: Server, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    push(graph(owns("a", "b"), listed("b")), server, name)

    def and_push(*asked: Any, **how: Any) -> Any:
        push(graph(owns("a", "b"), owns("a", "c"), listed("b")), server, name)
        return exposure(*asked, **how)

    monkeypatch.setattr(asking_neo4j, "exposure", and_push)
    with pytest.raises(ServerError, match="pushed anew"):
        exposure_on(server, "a", name=name)


def test_rows_come_in_batches(server: Server, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listed.neo4j.reading.IDS", 2)
    monkeypatch.setattr(around, "IDS", 2)
    monkeypatch.setattr(around, "_AT_ONCE", 3)
    ids = [f"b{number}" for number in range(9)]
    whole = graph(*(invested("a", id_) for id_ in ids), *(owns(id_, "c") for id_ in ids), listed("c"))
    push(whole, server, name)
    alike(whole, server, name, "a")
    alike(whole, server, name, "a", "c")


# On the command line -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [("exposure", "a"), ("paths", "a", "c")], ids=lambda asked: asked[0])
def test_the_command_asks_the_database(
    server: Server, name: str, monkeypatch: pytest.MonkeyPatch, asked: tuple[str, ...]
) -> None:
    push(graph(owns("a", "b", "51%"), owns("b", "c"), listed("c")), server, name)
    monkeypatch.setenv(PASSWORD_VARIABLES[0], server.password)
    where = ["--on", server.uri, "--user", server.user, "--graph", name, "--json"]
    where += ["--database", server.database] if server.database else []
    run = CliRunner().invoke(cli, [*asked, *where], catch_exceptions=False)
    said = json.loads(run.output)
    assert said["rows"][0]["entities"] == ["a", "b", "c"]
    assert said["bounds"]["pulled"]["from"] == server.place
