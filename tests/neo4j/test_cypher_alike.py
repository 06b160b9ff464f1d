"""The same Cypher text gives the same rows, in the same order, embedded and on a real Neo4j."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from listed.errors import QueryError
from listed.graph.cypher_engine import Relationship
from listed.graph.cypher_text import FUNCTIONS, called_functions
from listed.graph.snapshot import Graph
from listed.loading import bundled_graph
from listed.neo4j.cells import cell
from listed.neo4j.connection import Server, connected
from listed.neo4j.push import push, remove
from listed.queries.cypher.library import NamedQuery, library
from tests import random_cypher
from tests.queries.cypher_graphs import EVERYTHING, examples

CASES = Path(__file__).resolve().parents[1] / "cases" / "cypher_alike.txt"
GRAPHS: dict[str, Callable[[], Graph]] = {"bundled": bundled_graph, "everything": lambda: EVERYTHING}


class Both:
    """The same graph, embedded and in a database that holds nothing else."""

    def __init__(self, graph: Graph, session: Any) -> None:
        self.graph = graph
        self.session = session

    def embedded(self, text: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return [dict(row) for row in self.graph.cypher(text, parameters, limit=100_000).rows]

    def neo4j(self, text: str, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        found = self.session.run(text, parameters or {})
        return [{name: cell(value) for name, value in record.items()} for record in found]


def pushed(graph: Graph, server: Server) -> Iterator[Both]:
    name = f"test-{uuid.uuid4().hex[:12]}"
    push(graph, server, name)
    with connected(server) as session:
        session.run("MATCH (n:ListedGraph) DETACH DELETE n").consume()
        yield Both(graph, session)
    remove(server, name)


@pytest.fixture(scope="module", params=GRAPHS)
def both(request: pytest.FixtureRequest, neo4j: Server) -> Iterator[Both]:
    yield from pushed(GRAPHS[request.param](), neo4j)


@pytest.fixture(scope="module", params=GRAPHS)
def both_with_arcadedb(request: pytest.FixtureRequest, arcadedb: Server) -> Iterator[Both]:
    yield from pushed(GRAPHS[request.param](), arcadedb)


@pytest.mark.parametrize("query", library().values(), ids=library())
def test_a_named_query_answers_alike(both: Both, query: NamedQuery) -> None:
    for given in examples(query):
        values = query.values(None, given)
        assert both.embedded(query.text, values) == both.neo4j(query.text, values)


ON_ARCADEDB = {name: query for name, query in library().items() if name != "circular-ownership"}
"""ArcadeDB finds no path from an entity back to itself; Neo4j and the embedded engine do."""


@pytest.mark.parametrize("query", ON_ARCADEDB.values(), ids=ON_ARCADEDB)
def test_a_named_query_answers_alike_on_arcadedb(both_with_arcadedb: Both, query: NamedQuery) -> None:
    test_a_named_query_answers_alike(both_with_arcadedb, query)


@pytest.mark.parametrize("text", CASES.read_text(encoding="utf-8").splitlines())
def test_a_query_answers_alike(both: Both, text: str) -> None:
    assert same_ends(both.embedded(text)) == same_ends(both.neo4j(text))


@pytest.mark.parametrize("seed", range(10))
def test_random_queries_answer_alike(both: Both, seed: int) -> None:
    for text in random_cypher.texts(seed, 25):
        assert both.embedded(text) == both.neo4j(text), text


def same_ends(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows in which a relationship has no ends: a driver knows those of a lone one by number only."""
    return [{name: without_ends(value) for name, value in row.items()} for row in rows]


def without_ends(value: Any) -> Any:
    if isinstance(value, Relationship):
        return {name: one for name, one in value.items() if name not in ("source", "target")}
    if isinstance(value, list):
        return [without_ends(one) for one in value]
    if isinstance(value, dict):
        return {name: without_ends(one) for name, one in value.items()}
    return value


def test_each_function_that_is_let_pass_was_compared() -> None:
    texts = CASES.read_text(encoding="utf-8").splitlines()
    compared = {name.lower() for text in texts for name in called_functions(text)}
    assert {name for name in FUNCTIONS if name.lower() not in compared} == set()


DIFFERENT = [
    ("UNWIND [1, 2, 4] AS x RETURN percentileCont(x, 0.5) AS m", "percentileCont"),
    ("RETURN duration.between(date('2020-01-01'), date('2021-02-03')).months AS m", "duration.between"),
    ("MATCH (e:Entity)-[r:LISTED_ON]->() WHERE r.start_earliest > '2020-01-01' RETURN count(*) AS n", "is a day"),
    ("MATCH (e:Entity) RETURN e.title AS t LIMIT 1", "no title"),
    ("MATCH (l:List) RETURN l.name AS t LIMIT 1", "no name"),
    ("MATCH (e:Entity)-[r:OWNS]->() RETURN r.type AS t LIMIT 1", "use type"),
    ("MATCH (e:Entity) RETURN e.label AS t LIMIT 1", "use labels"),
    ("MATCH (a:Entity)-[:OWNS]->{1,3}(b:Entity) RETURN count(*) AS n", r"\*1\.\.3"),
    ("MATCH (n:Entity WHERE n.schema = 'Person') RETURN count(n) AS n", "after the MATCH"),
    ("MATCH (n:!Company) RETURN count(n) AS n", "WHERE NOT"),
    ("MATCH (e:Entity) WHERE 1 <= size(e.names) <= 3 RETURN count(e) AS n", "AND"),
    ("MATCH (end:Entity) RETURN count(end) AS n", "END"),
]


@pytest.mark.parametrize(("text", "said"), DIFFERENT)
def test_what_only_neo4j_answers_rightly_is_refused(both: Both, text: str, said: str) -> None:
    assert len(both.neo4j(text)) <= 1  # Neo4j understands it
    with pytest.raises(QueryError, match=said):
        both.embedded(text)
