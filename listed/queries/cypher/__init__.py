"""Cypher over a snapshot, and the library of named queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from listed.graph.cypher_view import LIMIT, SECONDS, Records, to_networkx
from listed.graph.snapshot import Graph
from listed.queries.answer import Answer, Inquiry
from listed.queries.cypher.library import NamedQuery, library, named

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["CypherAnswer", "NamedQueryRow", "cypher", "named_queries", "query"]


class CypherAnswer(Answer[dict[str, Any]]):
    """An answer whose rows are dictionaries of the query's columns."""

    __slots__ = ()

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the nodes, relationships and paths among the cells as a graph."""
        return to_networkx(self.rows)


@dataclass(frozen=True, slots=True)
class NamedQueryRow:
    """A query of the library; ``parameters`` are written ``name=default``, or ``name`` if it has to be given."""

    name: str
    title: str
    question: str
    parameters: tuple[str, ...]
    example: str


def cypher(
    graph: Graph,
    text: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    limit: int = LIMIT,
    seconds: float = SECONDS,
) -> CypherAnswer:
    """Answer a Cypher query, read-only.

    Parameters
    ----------
    graph
        The graph asked. All of it, at all times: a query about a day says so itself.
    text
        The query, in Neo4j's dialect.
    parameters
        A value for each ``$name`` in it.
    limit
        Most rows; how many more there are is in the bounds of the answer.
    seconds
        Time after which the query is stopped.

    Raises
    ------
    QueryError
        In one line, if the query is refused, lacks a parameter, is not understood, or was stopped.

    Examples
    --------
    >>> import listed
    >>> text = "MATCH (e:Entity {id: $id})-[r:LISTED_ON]->(l:List) RETURN l.id AS list ORDER BY list"
    >>> [row["list"] for row in listed.cypher(listed.open("bundled"), text, {"id": "hikvision"}).rows]
    ['US-BIS-EL', 'US-DOW-1260H', 'US-FCC-COVERED', 'US-OFAC-NS-CMIC']
    """
    asked = {"cypher": text.strip(), "parameters": dict(parameters or {})}
    return _answer(graph, "cypher", asked, graph.cypher(text, parameters, limit=limit, seconds=seconds))


def query(
    graph: Graph, name: str, /, *, limit: int = LIMIT, seconds: float = SECONDS, **parameters: Any
) -> CypherAnswer:
    """Answer a query of the library.

    Parameters
    ----------
    graph
        The graph asked.
    name
        Its name, as :func:`named_queries` has them.
    limit, seconds
        As for :func:`cypher`.
    **parameters
        Its parameters; one of kind "entity" takes an id, an identifier or a name.

    Raises
    ------
    QueryError
        If there is no such query, or a parameter is missing, unknown or not of its kind.
    """
    asked = named(name)
    values = asked.values(graph, parameters)
    records = graph.cypher(asked.text, values, limit=limit, seconds=seconds)
    return _answer(graph, "query", {"name": name, "title": asked.title, "parameters": values}, records)


def named_queries(graph: Graph) -> Answer[NamedQueryRow]:
    """Return the named queries, with what each answers and the parameters it takes."""
    rows = [NamedQueryRow(one.name, one.title, one.question, _parameters(one), command(one))
            for one in library().values()]  # fmt: skip
    return Inquiry(graph, "queries", {}, None).answer(rows, kind=NamedQueryRow)


def command(one: NamedQuery) -> str:
    """Return how to ask a named query on the command line."""
    given = "".join(f" --param {p.name}={_shell(str(p.example))}" for p in one.parameters if p.needed)
    return f"listed query {one.name}{given}"


def _shell(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _parameters(one: NamedQuery) -> tuple[str, ...]:
    return tuple(p.name if p.needed else f"{p.name}={'none' if p.default is None else p.default}"
                 for p in one.parameters)  # fmt: skip


def _answer(graph: Graph, query: str, asked: dict[str, Any], records: Records) -> CypherAnswer:
    inquiry = Inquiry(graph, query, asked, None)
    if query == "cypher":  # the library names what a graph may not have
        inquiry.notes += records.remarks
    sources = {id_ for row in records.rows for id_ in row.get("sources") or () if isinstance(id_, str)}
    inquiry.cite(sorted(sources))
    bounds = {"limit": records.limit, "seconds": records.seconds, "rows": records.total, "cut_off": records.cut_off}
    whole = inquiry.answer(records.rows, bounds)
    fields = {name: getattr(whole, name) for name in Answer.__dataclass_fields__}
    return CypherAnswer(**fields | {"columns": records.columns})
