"""Cypher and the named queries, asked of a database: as embedded, and nothing is changed unless that is asked for."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from click.testing import CliRunner

from listed.cli import cli
from listed.cypher_on_neo4j import cypher_on, query_on
from listed.errors import QueryError, ServerError, UnknownEntityError
from listed.graph.snapshot import Graph
from listed.neo4j.connection import PASSWORD_VARIABLES, Server
from listed.neo4j.push import push, remove
from listed.queries.cypher import cypher, query

LISTS = "MATCH (e:Entity {id: $id})-[r:LISTED_ON]->(l:List) RETURN l.id AS list, r.sources AS sources ORDER BY list"


@pytest.fixture(scope="module")
def name(server: Server, bundled: Graph) -> Iterator[str]:
    given = f"test-{uuid.uuid4().hex[:12]}"
    push(bundled, server, given)
    yield given
    remove(server, given)


@pytest.mark.usefixtures("name")
def test_it_answers_as_the_snapshot_does(server: Server, bundled: Graph) -> None:
    there, here = cypher_on(server, LISTS, {"id": "hikvision"}), cypher(bundled, LISTS, {"id": "hikvision"})
    assert (there.rows, there.columns, there.sources) == (here.rows, here.columns, here.sources)


def test_a_named_query_takes_names_of_entities(server: Server, bundled: Graph, name: str) -> None:
    there = query_on(server, "listed-together", entity="Hikvision", graph=name)
    assert there.rows == query(bundled, "listed-together", entity="Hikvision").rows
    assert there.rows


def test_a_name_that_nobody_has_is_told_with_the_closest(server: Server, name: str) -> None:
    with pytest.raises(UnknownEntityError, match="Hikvisoin"):
        query_on(server, "listed-together", entity="Hikvisoin", graph=name)


@pytest.mark.usefixtures("name")
def test_nodes_and_paths_come_as_embedded(server: Server, bundled: Graph) -> None:
    text = "MATCH p = (o:Entity)-[r:OWNS]->(e:Entity {id: 'xinjiang-jv'}) RETURN o, r, p ORDER BY r.id"
    assert cypher_on(server, text).rows == cypher(bundled, text).rows


@pytest.mark.usefixtures("name")
def test_rows_beyond_the_limit_are_counted(server: Server) -> None:
    answer = cypher_on(server, "UNWIND range(1, 7) AS n RETURN n", limit=3)
    assert ([row["n"] for row in answer.rows], answer.bounds["cut_off"]) == ([1, 2, 3], 4)


class TestWriting:
    TEXT = "CREATE (n:ListedScratch {at: $at}) RETURN n.at AS at"

    @pytest.fixture
    def at(self, server: Server) -> Iterator[str]:
        at = uuid.uuid4().hex
        yield at
        cypher_on(server, "MATCH (n:ListedScratch {at: $at}) DELETE n", {"at": at}, write=True)

    def count(self, server: Server, at: str) -> int:
        text = "MATCH (n:ListedScratch {at: $at}) RETURN count(n) AS found"
        return int(cypher_on(server, text, {"at": at}).rows[0]["found"])

    def test_is_refused_unless_asked_for(self, server: Server, at: str) -> None:
        with pytest.raises(QueryError, match="--write"):
            cypher_on(server, self.TEXT, {"at": at})
        assert self.count(server, at) == 0

    def test_is_done_and_told_where_it_is_asked_for(self, server: Server, at: str) -> None:
        answer = cypher_on(server, self.TEXT, {"at": at}, write=True)
        assert answer.notes == ("The database was changed.",)
        assert self.count(server, at) == 1


def test_a_missing_parameter_is_named(server: Server) -> None:
    with pytest.raises(QueryError, match=r"\$id"):
        cypher_on(server, LISTS)


def test_what_is_not_cypher_is_one_line(server: Server) -> None:
    with pytest.raises((QueryError, ServerError)) as failed:
        cypher_on(server, "MATCH (e RETURN e")
    assert "\n" not in str(failed.value)


def test_a_query_without_end_is_stopped(neo4j: Server) -> None:
    text = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(sin(a * b)) AS n"
    with pytest.raises(QueryError, match="stopped after 1 s"):
        cypher_on(neo4j, text, seconds=1)


class TestCommand:
    def test_asks_the_database(self, server: Server, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(PASSWORD_VARIABLES[0], server.password)
        to = ["--on", server.uri, "--user", server.user, "--database", server.database]
        ran = CliRunner().invoke(cli, ["query", "listed-together", "--param", "entity=hikvision", "--graph", name, *to])
        assert ran.exit_code == 0, ran.output
        assert f"the database at {server.uri}" in ran.output

    def test_a_snapshot_is_never_written_to(self) -> None:
        ran = CliRunner().invoke(cli, ["cypher", "CREATE (n)", "--write"])
        assert (ran.exit_code, "--write goes with --on" in ran.output) == (2, True)
