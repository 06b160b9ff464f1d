"""Cypher and the named queries, asked of the user's own Neo4j: read-only, unless writing is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from listed.asking_neo4j import entity_there
from listed.errors import QueryError
from listed.graph.cypher_text import parameter_names
from listed.graph.cypher_view import LIMIT, SECONDS, check_bounds
from listed.graph.model import Source
from listed.graph.snapshot import today
from listed.neo4j.cells import cell
from listed.neo4j.connection import Server, connected
from listed.queries.cypher import CypherAnswer
from listed.queries.cypher.library import named

if TYPE_CHECKING:
    import neo4j


def cypher_on(
    server: Server,
    text: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    limit: int = LIMIT,
    seconds: float = SECONDS,
    write: bool = False,
) -> CypherAnswer:
    """Answer a Cypher query over a database, all that is in it.

    Parameters
    ----------
    server
        The database.
    text, parameters, limit, seconds
        As for :func:`listed.queries.cypher.cypher`; the text is Neo4j's to understand.
    write
        Let the query change the database. Otherwise one that would is refused, and nothing is changed.

    Raises
    ------
    QueryError
        In one line, if a parameter is missing, or the server does not understand, stops or refuses the query.
    ServerError
        If the database cannot be asked.
    """
    given = dict(parameters or {})
    if missing := [name for name in parameter_names(text) if name not in given]:
        raise QueryError(f"the query names ${missing[0]}, which was not given (--param {missing[0]}=...)")
    asked = {"cypher": text.strip(), "parameters": given} | ({"write": True} if write else {})
    with connected(server) as session:
        return _answer(session, server, ("cypher", asked), (text, given), (limit, seconds), write=write)


def query_on(
    server: Server, name: str, /, *, graph: str = "", limit: int = LIMIT, seconds: float = SECONDS, **parameters: Any
) -> CypherAnswer:
    """Answer a query of the library over a database. As :func:`listed.queries.cypher.query`.

    ``graph`` is what the graph is called there in which names of entities are looked up: by default ``listed``,
    else ``bundled``.
    """
    asked = named(name)
    values = asked.values(None, parameters)
    with connected(server) as session:
        for one in asked.parameters:
            if one.kind == "entity" and values[one.name] is not None:
                values[one.name] = entity_there(session, server, values[one.name], graph)
        said = {"name": name, "title": asked.title, "parameters": values}
        return _answer(session, server, ("query", said), (asked.text, values), (limit, seconds), write=False)


def _answer(
    session: neo4j.Session,
    server: Server,
    asked: tuple[str, dict[str, Any]],
    query: tuple[str, dict[str, Any]],
    within: tuple[int, float],
    *,
    write: bool,
) -> CypherAnswer:
    import neo4j

    limit, seconds = within
    check_bounds(limit, seconds)

    @neo4j.unit_of_work(timeout=seconds)
    def work(transaction: neo4j.ManagedTransaction) -> tuple[tuple[str, ...], list[dict[str, Any]], int, bool]:
        result = transaction.run(*query)
        columns = tuple(result.keys())
        rows, total = [], 0
        for total, record in enumerate(result, start=1):
            if total <= limit:
                rows.append({name: cell(value) for name, value in zip(columns, record.values(), strict=True)})
        changes = result.consume().counters
        changed = changes.contains_updates or changes.contains_system_updates
        if changed and not write:
            # A server that lets a transaction for reading write: what it did is undone.
            raise QueryError(_READ_ONLY)
        return columns, rows, total, changed

    with _plainly(seconds):
        columns, rows, total, changed = (session.execute_write if write else session.execute_read)(work)
    cited = {id_ for row in rows for id_ in row.get("sources") or () if isinstance(id_, str)}
    return CypherAnswer(
        query=asked[0],
        asked=asked[1],
        as_of=today(),
        graph=f"the database at {server.place}",
        snapshot=0,
        rows=tuple(rows),
        bounds={"limit": limit, "seconds": seconds, "rows": total, "cut_off": total - len(rows)},
        sources={one.id: one for one in _sources(session, sorted(cited))},
        notes=("The database was changed.",) if changed else (),
        columns=columns,
    )


def _sources(session: neo4j.Session, ids: list[str]) -> Iterator[Source]:
    """Yield the sources that rows cite, of whichever graph there holds them."""
    if not ids:
        return
    text = "MATCH (s:Source) WHERE s.id IN $ids RETURN properties(s) AS said"
    known = {record["said"]["id"]: record["said"] for record in session.run(text, ids=ids)}
    for id_ in ids:
        said = known.get(id_, {"title": id_})
        yield Source(id_, *(said.get(name) or "" for name in ("title", "publisher", "published", "url", "retrieved")))


_READ_ONLY = "the query would change the database, and was not let (add --write if you mean it)"


@contextmanager
def _plainly(seconds: float) -> Iterator[None]:
    """Tell in one line what a server says of a query."""
    from neo4j.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        code, message = error.code or "", " ".join((error.message or str(error)).split())
        if "AccessMode" in code or "Writing in read access mode" in message:
            raise QueryError(_READ_ONLY) from error
        if "TimedOut" in code or "Terminated" in code:
            raise QueryError(
                f"the query was stopped after {seconds:g} s (bound it, or allow more --seconds)"
            ) from error
        if ".Statement." in code:
            raise QueryError(f"the server says: {message[:300]}") from error
        raise
