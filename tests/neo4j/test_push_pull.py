"""A snapshot goes to a server and comes back; every test runs on both servers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from listed.errors import InputError, QueryError, ServerError
from listed.graph.snapshot import Graph, open_graph
from listed.graph.tables import SCHEMAS, Tables
from listed.loading import load
from listed.neo4j.connection import Server, connected
from listed.neo4j.pull import pull, read_graph
from listed.neo4j.push import push, remove
from tests.graphs import firm, graph, invested, listed, owns
from tests.random_graphs import graphs

Rows = list[dict[str, Any]]


def ask(server: Server, text: str, **given_values: Any) -> Rows:
    with connected(server) as session:
        return [record.data() for record in session.run(text, **given_values)]


def assert_equal(one: Tables, other: Tables) -> None:
    for table in SCHEMAS:
        assert one[table].to_pylist() == other[table].to_pylist(), table


def whole(server: Server, name: str) -> tuple[Rows, Rows]:
    """Return every node and relationship of a graph, with all its properties."""
    nodes = ask(server, "MATCH (n) WHERE n.listed_graph = $name RETURN labels(n) AS l, properties(n) AS p", name=name)
    links = ask(
        server,
        "MATCH (a)-[r]->(b) WHERE r.listed_graph = $name RETURN type(r) AS t, a.id AS a, b.id AS b, properties(r) AS p",
        name=name,
    )
    return sorted(({**n, "l": sorted(n["l"])} for n in nodes), key=str), sorted(links, key=str)


def labels(server: Server, name: str, id_: str) -> set[str]:
    text = "MATCH (n:Entity {listed_graph: $name, id: $id}) RETURN labels(n) AS labels"
    return set(ask(server, text, name=name, id=id_)[0]["labels"])


@pytest.fixture
def foreign(server: Server) -> Any:
    """Nodes of somebody else, who uses the same labels and types; checked and removed after the test."""
    ask(server, "CREATE (:Entity {id: 'a', theirs: true})-[:OWNS {id: 'x', theirs: true}]->(:Case {theirs: true})")
    yield
    left = ask(server, "MATCH (n {theirs: true})-[r:OWNS {theirs: true}]->(:Case) RETURN properties(n) AS n")
    ask(server, "MATCH (n {theirs: true}) DETACH DELETE n")
    assert left == [{"n": {"id": "a", "theirs": True}}]


def test_the_bundled_graph_comes_back_row_for_row(server: Server, name: str, bundled: Graph, tmp_path: Path) -> None:
    push(bundled, server, name)
    pull(server, tmp_path / "graph", name)
    assert_equal(open_graph(tmp_path / "graph").tables, bundled.tables)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(drawn=graphs())
def test_any_graph_comes_back_row_for_row(server: Server, name: str, drawn: Graph) -> None:
    push(drawn, server, name)
    assert_equal(read_graph(server, name).tables, drawn.tables)


def test_what_was_set_aside_comes_back(server: Server, name: str, tmp_path: Path) -> None:
    table = tmp_path / "stakes.csv"
    table.write_text("owner,asset,share\nA,B,51%\nC,C,1%\n", encoding="utf-8")
    load("table", [str(table)], tmp_path / "graph")
    mine = open_graph(tmp_path / "graph")
    assert mine.tables["set_aside"].num_rows == 1
    push(mine, server, name)
    assert_equal(read_graph(server, name).tables, mine.tables)


def test_both_sides_are_counted(server: Server, name: str) -> None:
    report = push(graph(owns("a", "b", "51%"), owns("a", "c", "1%"), listed("c")), server, name)
    found = {one.kind: one.database for one in report.counts}
    assert found == {"Entity": 3, "List": 1, "Source": 1, "OWNS": 2, "LISTED_ON": 1}
    assert report.equal


def test_twice_gives_the_same_graph(server: Server, name: str) -> None:
    mine = graph(owns("a", "b", "51%", "2019"), invested("a", "b"), listed("b"))
    push(mine, server, name)
    once = whole(server, name)
    push(mine, server, name)
    assert whole(server, name) == once


def test_a_link_no_longer_in_the_snapshot_is_removed(server: Server, name: str) -> None:
    push(graph(owns("a", "b", "51%"), owns("a", "c", "1%")), server, name)
    report = push(graph(owns("a", "b", "51%"), firm("c")), server, name)
    assert report.removed == {"relationships": 1, "nodes": 0}
    assert len(whole(server, name)[1]) == 1


def test_an_entity_no_longer_in_the_snapshot_is_removed(server: Server, name: str) -> None:
    push(graph(owns("a", "b", "51%"), listed("b")), server, name)
    push(graph(firm("a")), server, name)
    assert ask(server, "MATCH (n {listed_graph: $name}) WHERE n.id IN ['b', 'US-BIS-EL'] RETURN n", name=name) == []


def test_a_property_no_longer_said_is_removed(server: Server, name: str) -> None:
    push(graph(firm("a", ids=(("lei", "1"),)), listed("a")), server, name)
    push(graph(firm("a")), server, name)
    text = "MATCH (n:Entity {listed_graph: $name}) RETURN n.identifiers AS ids"
    assert ask(server, text, name=name) == [{"ids": []}]


def test_another_schema_is_another_label(server: Server, name: str) -> None:
    push(graph(firm("a", schema="Company"), owns("a", "b")), server, name)
    push(graph(firm("a", schema="Vessel"), owns("a", "b")), server, name)
    assert labels(server, name, "a") == {"Entity", "Vessel"}
    assert len(whole(server, name)[1]) == 1


def test_a_schema_from_data_never_becomes_a_label(server: Server, name: str) -> None:
    push(graph(firm("a", schema="X) DETACH DELETE (n")), server, name)
    assert labels(server, name, "a") == {"Entity"}


def test_text_from_data_never_becomes_cypher(server: Server, name: str) -> None:
    evil = firm("a'}) DETACH DELETE n //", "`); MATCH (n) DETACH DELETE n; //")
    push(graph(evil, owns(evil.id, "b", "51%")), server, name)
    assert len(whole(server, name)[0]) == 4


def test_dates_and_shares_are_typed(server: Server, name: str) -> None:
    push(graph(owns("a", "b", "51%", "2019-04")), server, name)
    text = (
        "MATCH (:Entity)-[r:OWNS {listed_graph: $name}]->() "
        "WHERE r.share_min > 50 AND r.start_latest < date('2019-05-01') "
        "RETURN r.share_min + 1 AS share, r.start_earliest.year AS year, r.start_date AS text"
    )
    assert ask(server, text, name=name) == [{"share": 52.0, "year": 2019, "text": "2019-04"}]


def test_two_graphs_stand_side_by_side(server: Server, name: str) -> None:
    push(graph(owns("a", "b", "51%")), server, name)
    other = f"{name}-b"
    push(graph(owns("a", "c", "1%")), server, other)
    remove(server, other)
    assert [link["b"] for link in whole(server, name)[1]] == ["b"]


@pytest.mark.usefixtures("foreign")
def test_what_others_keep_is_not_touched(server: Server, name: str) -> None:
    push(graph(owns("a", "b", "51%")), server, name)
    push(graph(firm("a")), server, name)
    remove(server, name)


def test_a_property_that_others_put_on_ours_stays(server: Server, name: str) -> None:
    mine = graph(firm("a"))
    push(mine, server, name)
    ask(server, "MATCH (n:Entity {listed_graph: $name}) SET n.rank = 3", name=name)
    push(mine, server, name)
    assert ask(server, "MATCH (n:Entity {listed_graph: $name}) RETURN n.rank AS r", name=name) == [{"r": 3}]


def test_an_entity_that_others_link_to_stays_and_is_marked(server: Server, name: str) -> None:
    push(graph(owns("a", "b")), server, name)
    ask(
        server,
        "MATCH (n:Entity {listed_graph: $name, id: 'b'}) CREATE (:Case {theirs: $name})-[:ABOUT]->(n)",
        name=name,
    )
    report = push(graph(firm("a")), server, name)
    text = "MATCH (:Case {theirs: $name})-[:ABOUT]->(n) RETURN n.listed_gone AS gone"
    assert (report.gone, ask(server, text, name=name)) == (1, [{"gone": True}])
    push(graph(owns("a", "b")), server, name)
    assert ask(server, text, name=name) == [{"gone": None}]
    ask(server, "MATCH (n:Case {theirs: $name}) DETACH DELETE n", name=name)


class _Killed(Exception):  # noqa: N818
    pass


def breaks_after(batches: int) -> Callable[[int, int], None]:
    left = iter(range(batches))

    def told(done: int, total: int) -> None:
        if next(left, None) is None:
            raise _Killed

    return told


def test_a_push_that_broke_off_goes_on_where_it_stood(server: Server, name: str, bundled: Graph) -> None:
    with pytest.raises(_Killed):
        push(bundled, server, name, batch=100, progress=breaks_after(8))
    told: list[int] = []
    report = push(bundled, server, name, batch=100, progress=lambda done, _: told.append(done))
    assert (report.resumed_at > 300, told[0] > 300) == (True, True)
    assert_equal(read_graph(server, name).tables, bundled.tables)


def test_another_snapshot_does_not_go_on_from_a_broken_push(server: Server, name: str) -> None:
    with pytest.raises(_Killed):
        push(graph(owns("a", "b", "51%")), server, name, batch=1, progress=breaks_after(2))
    other = graph(owns("a", "c", "1%"))
    assert push(other, server, name).resumed_at == 0
    assert_equal(read_graph(server, name).tables, other.tables)


def test_a_push_that_did_not_end_cannot_be_pulled(server: Server, name: str) -> None:
    with pytest.raises(_Killed):
        push(graph(owns("a", "b")), server, name, batch=1, progress=breaks_after(1))
    with pytest.raises(ServerError, match="did not end"):
        read_graph(server, name)


def test_counts_that_differ_are_told_and_the_next_push_mends_them(server: Server, name: str) -> None:
    mine = graph(owns("a", "b", "51%"))

    def lose(done: int, total: int) -> None:
        if done == total:
            ask(server, "MATCH ()-[r:OWNS {listed_graph: $name}]->() DELETE r", name=name)

    report = push(mine, server, name, progress=lose)
    assert not report.equal
    assert "DIFFERENT" in str(report)
    assert push(mine, server, name).equal


def test_a_graph_changed_in_the_database_is_not_taken_for_what_was_pushed(
    server: Server, name: str, tmp_path: Path
) -> None:
    push(graph(firm("a")), server, name)
    ask(server, "MATCH (n:Entity {listed_graph: $name}) SET n.name = 'Other'", name=name)
    with pytest.raises(ServerError, match="was changed"):
        pull(server, tmp_path / "graph", name)
    assert not (tmp_path / "graph").exists()
    pull(server, tmp_path / "graph", name, allow_changed=True)
    assert open_graph(tmp_path / "graph").name_of(0) == "Other"


def test_a_graph_pulled_twice_is_one_snapshot(server: Server, name: str, tmp_path: Path) -> None:
    push(graph(owns("a", "b")), server, name)
    assert [pull(server, tmp_path / "graph", name).snapshot for _ in range(2)] == [1, 1]


def test_a_pulled_graph_takes_further_loads(server: Server, name: str, tmp_path: Path) -> None:
    push(graph(owns("a", "b")), server, name)
    pull(server, tmp_path / "graph", name)
    table = tmp_path / "stakes.csv"
    table.write_text("owner,asset,share\nC,D,51%\n", encoding="utf-8")
    load("table", [str(table)], tmp_path / "graph")
    assert open_graph(tmp_path / "graph").tables["links"].num_rows == 2


def test_a_folder_with_another_graph_is_left_alone(server: Server, name: str, tmp_path: Path) -> None:
    push(graph(firm("a")), server, name)
    load("bundled", (), tmp_path / "graph")
    with pytest.raises(InputError, match="holds another graph"):
        pull(server, tmp_path / "graph", name)


def test_a_graph_that_was_not_pushed_is_not_found(server: Server, name: str) -> None:
    with pytest.raises(ServerError, match=f"no graph called {name}"):
        read_graph(server, name)


def test_a_graph_has_a_plain_name(server: Server) -> None:
    with pytest.raises(QueryError, match="cannot be called"):
        push(graph(firm("a")), server, "x'}) DETACH DELETE n //")


def test_constraints_are_there(server: Server, name: str) -> None:
    push(graph(firm("a")), server, name)
    text = "SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes AS labels, properties"
    there = {(row["labels"][0], tuple(row["properties"])) for row in ask(server, text)}
    assert {(label, ("listed_graph", "id")) for label in ("Entity", "List", "Source")} <= there


PAGE = Path(__file__).resolve().parents[2] / "docs" / "neo4j.md"
QUERIES = re.findall(r"```cypher\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("text", QUERIES)
def test_a_query_of_the_page_answers(server: Server, name: str, bundled: Graph, text: str) -> None:
    push(bundled, server, name)
    assert ask(server, text)
