"""The questions about paths, asked of a graph in Neo4j: the same answers as of the snapshot that was pushed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from listed.errors import QueryError, ServerError, UnknownEntityError
from listed.graph import name_index
from listed.graph.names import fold
from listed.graph.vocabulary import LinkType
from listed.neo4j.around import MOST_LINKS, About, Around
from listed.neo4j.columns import PUSH
from listed.neo4j.connection import Server, connected
from listed.neo4j.pull import about_graph, name_there
from listed.neo4j.reading import Reader
from listed.queries.answer import Answer
from listed.queries.exposure import MOST_HOPS, MOST_PATHS, check_bounds, exposure, kinds_of, paths
from listed.queries.listings import check_lists
from listed.queries.records import PathRow
from listed.queries.resolve import find

if TYPE_CHECKING:
    import neo4j

Asking = Callable[[Reader, Around], Answer[PathRow]]


def exposure_on(
    server: Server,
    entity: str,
    as_of: date | None = None,
    *,
    name: str = "",
    lists: Iterable[str] = (),
    types: Iterable[str] = (),
    hops: int = MOST_HOPS,
    limit: int = MOST_PATHS,
    hubs: bool = False,
    history: bool = False,
    most_links: int = MOST_LINKS,
) -> Answer[PathRow]:
    """Return the best paths from an entity to listed ones, over a graph in a database.

    As :func:`listed.queries.exposure.exposure`, with the same rows, from links pulled around the entity.

    Parameters
    ----------
    server, name
        Where the graph is, and what it is called there: by default ``listed``, else ``bundled``.
    most_links
        Links to look at; ``bounds["pulled"]`` and a note say whether that cut anything off.

    Raises
    ------
    ServerError
        If the database cannot be asked, or holds no such graph.
    """
    given: dict[str, Any] = {"lists": tuple(lists), "types": tuple(types), "hops": hops, "limit": limit, "hubs": hubs,
             "history": history}  # fmt: skip

    def ask(reader: Reader, around: Around) -> Answer[PathRow]:
        start = _found(reader, around, entity)
        check_lists(around.graph(), given["lists"])
        around.to_listed(start, hops)
        answer = exposure(around.graph(), start, as_of, **given)
        listed = [row for row in answer.rows if row.kind == "listed"]
        around.tell(row.entities for row in listed)
        around.hands_of(start, [row.end for row in listed if row.hops == 1])
        if not given["types"] or LinkType.OWNS in _wanted(given["types"]):
            around.ventures_of([row.end for row in listed if row.hops < hops])
        return exposure(around.graph(), start, as_of, **given)

    return _ask(server, name, given, most_links, ask)


def paths_on(
    server: Server,
    start: str,
    end: str,
    as_of: date | None = None,
    *,
    name: str = "",
    types: Iterable[str] = (),
    hops: int = MOST_HOPS,
    limit: int = MOST_PATHS,
    hubs: bool = False,
    history: bool = False,
    most_links: int = MOST_LINKS,
) -> Answer[PathRow]:
    """Return the best paths between two entities of a graph in a database.

    As :func:`listed.queries.exposure.paths`; for the rest see :func:`exposure_on`.
    """
    given: dict[str, Any] = {"types": tuple(types), "hops": hops, "limit": limit, "hubs": hubs, "history": history}

    def ask(reader: Reader, around: Around) -> Answer[PathRow]:
        first, last = _found(reader, around, start), _found(reader, around, end)
        if first == last:
            raise QueryError(f"{start!r} and {end!r} are the same entity, {first}")
        around.between(first, last, hops)
        answer = paths(around.graph(), first, last, as_of, **given)
        if not answer.rows and not hubs:
            around.farther(first, last, hops)
        around.tell(row.entities for row in answer.rows)
        if any(row.hops == 1 for row in answer.rows):
            around.hands_of(first, [last])
        return paths(around.graph(), first, last, as_of, **given)

    return _ask(server, name, given, most_links, ask)


def entity_there(session: neo4j.Session, server: Server, asked: str, name: str = "") -> str:
    """Return the id of the one entity of a graph in a database that an id, an identifier or a name means.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If none goes by it, or several do.
    ServerError
        If the database holds no such graph.
    """
    called = name or name_there(session)
    said = about_graph(session, server, called)

    def work(transaction: neo4j.ManagedTransaction) -> str:
        reader = Reader(transaction, called, said[PUSH])
        return _found(reader, Around(reader, _about(said), hubs=False, most=MOST_LINKS), asked)

    return session.execute_read(work)


def _about(said: dict[str, Any]) -> About:
    return About(said["origin"], int(said["snapshot"]), json.loads(said["datasets_json"]))


def _wanted(types: Iterable[str]) -> list[str]:
    return [name.upper() for name in types]


def _ask(server: Server, name: str, given: dict[str, Any], most: int, ask: Asking) -> Answer[PathRow]:
    """Ask within one transaction for reading, and add to the answer what was pulled for it."""
    kinds_of(given["types"])
    check_bounds(given["hops"], given["limit"])
    lists = sorted(_wanted(given.get("lists", ())))
    with connected(server) as session:
        called = name or name_there(session)
        said = about_graph(session, server, called)
        about = _about(said)

        def work(transaction: neo4j.ManagedTransaction) -> tuple[Answer[PathRow], Around]:
            reader = Reader(transaction, called, said[PUSH], lists, _wanted(given["types"]))
            around = Around(reader, about, hubs=given["hubs"], most=most)
            return ask(reader, around), around

        try:
            answer, around = session.execute_read(work)
        finally:
            # What was read before and after a push does not fit together, and may have failed for that.
            if about_graph(session, server, called)[PUSH] != said[PUSH]:
                raise ServerError(f"{server.place}: {called} was pushed anew meanwhile (ask again)")
    pulled = {"from": server.place, "links": around.links, "most": most, "cut_off": around.cut_off}
    note = (
        f"More than {most:,} links lie around {answer.names[next(iter(answer.names))]}: of those in the database "
        f"{around.links:,} were looked at, and there may be further or better paths (--most-links)."
    )
    return replace(answer, bounds=answer.bounds | {"pulled": pulled}, notes=(*answer.notes, *[note] * around.cut_off))


def _found(reader: Reader, around: Around, asked: str) -> str:
    """Return the id of the one entity that is meant, as :func:`find` does.

    By its id an entity is found at once; for a name, all names are read first.
    """
    asked = asked.strip()
    around.take([asked])
    if around.graph().row_of(asked) is None:
        _take_candidates(reader, around, asked)
    part = around.graph()
    return part.id_of(find(part, asked))


def _take_candidates(reader: Reader, around: Around, asked: str) -> None:
    """Take all that go by a name or identifier, or into which one of that id went; raise if there is none."""
    found = reader.mentioning(json.dumps(asked, ensure_ascii=False)[1:-1])
    all_ids: list[str] = []
    all_names: list[tuple[int, str]] = []
    key, capitals = fold(asked), asked.upper()
    for row, (id_, names, identifiers) in enumerate(reader.names()):
        all_ids.append(id_)
        all_names += [(row, name) for name in names]
        written = [one for text in identifiers for one in (text.upper(), text.partition(":")[2].upper())]
        if capitals in written or any(fold(name) == key for name in names):
            found.append(id_)
    if not found:
        _offer(asked, around, all_ids, all_names)
    around.take(found)


def _offer(asked: str, around: Around, ids: list[str], names: list[tuple[int, str]]) -> None:
    """Raise that nothing is called so, with the closest."""
    texts = [text for _, text in names]
    index = name_index.NameIndex(
        name_index.build(texts, np.array([row for row, _ in names], np.int32)), texts.__getitem__
    )
    closest = [ids[hit.entity] for hit in index.search(asked, limit=5)]
    around.take(closest)
    part = around.graph()
    rows = [(id_, part.row_of(id_)) for id_ in closest]
    raise UnknownEntityError(asked, [(id_, part.name_of(row)) for id_, row in rows if row is not None])
