"""Find entities by name, and show all that is known of one."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import numpy as np

from listed.errors import QueryError
from listed.graph import fingerprint
from listed.graph.name_index import Hit
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.listings import listings_of, lists_of
from listed.queries.records import EntityRow, FoundRow
from listed.queries.remembering import remembered
from listed.queries.resolve import by_identifier, find
from listed.queries.told_later import listings_of_it


def search(
    graph: Graph, name: str, as_of: date | None = None, *, limit: int = 20, history: bool = False
) -> Answer[FoundRow]:
    """Return the entities whose names are like a text, best first.

    Finds other spellings, other word orders, aliases, Chinese names and their transliterations,
    and identifiers.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date for which listings are shown.
    name
        What to look for.
    limit
        Most entities returned.
    history
        Also lists they were on by then and are no more, marked "(past)".

    Raises
    ------
    QueryError
        If the name is empty or the limit not positive.
    """
    if not name.strip() or limit < 1:
        raise QueryError("search needs a name, and a limit of at least 1")
    inquiry = Inquiry(graph, "search", {"name": name, "limit": limit, "history": history}, as_of)
    exact = [(row, 100.0, "same id or identifier") for row in _by_code(graph, name)]
    hits = [(hit.entity, hit.score, hit.reason) for hit in _alike(graph, name, limit + 1)]
    seen = {row for row, _, _ in exact}
    found = exact + [hit for hit in hits if hit[0] not in seen]
    rows = [_found(inquiry, row, score, reason, history=history) for row, score, reason in found[:limit]]
    cut = "there are more" if len(found) > limit else None
    return inquiry.answer(rows, {"limit": limit, "cut_off": cut}, kind=FoundRow)


def _alike(graph: Graph, name: str, limit: int) -> list[Hit]:
    """Return the names like one; of a few the graph remembers: as a name is typed, many begin alike."""
    if limit > _FEW:
        return graph.names.search(name, limit=limit)
    return remembered(graph, "names found", (name, limit), lambda: graph.names.search(name, limit=limit), _REMEMBERED)


_FEW = 21
_REMEMBERED = 1_000


def _by_code(graph: Graph, text: str) -> list[int]:
    row = graph.row_of(text.strip())
    return [row] if row is not None else by_identifier(graph, text.strip())


def _found(inquiry: Inquiry, row: int, score: float, reason: str, *, history: bool) -> FoundRow:
    graph = inquiry.graph
    said = graph.row("entities", row)
    inquiry.cite(said["sources"])
    return FoundRow(
        entity=said["id"],
        name=graph.name_of(row),
        score=round(score, 1),
        reason=reason,
        schema=said["schema"],
        countries=tuple(said["countries"]),
        listed_on=lists_of(graph, row, inquiry.as_of, history=history),
    )


def show(graph: Graph, entity: str, as_of: date | None = None, *, history: bool = False) -> Answer[EntityRow]:
    """Return all that is known of an entity: names, identifiers, listings, and how many links of each type.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date for which listings are shown.
    entity
        Id, identifier or name.
    history
        Also listings that were over by then.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    """
    row = find(graph, entity)
    inquiry = Inquiry(graph, "show", {"entity": graph.id_of(row), "history": history}, as_of)
    said = graph.row("entities", row)
    known = graph.entity(row)
    kinds = Counter(graph.arrays.kind[graph.arrays.links_of(row)].tolist())
    parts = [part for table in ("names", "identifiers", "addresses") for part in graph.parts(table, row)]
    cited = inquiry.cite([*said["sources"], *(id_ for part in parts for id_ in part["sources"])])
    shown = EntityRow(
        entity=known.id,
        name=known.name,
        schema=known.schema,
        countries=known.countries,
        topics=known.topics,
        names=tuple((name.text, name.kind.value) for name in known.names),
        identifiers=tuple((one.scheme, one.value) for one in known.identifiers),
        addresses=tuple((one.text, one.country) for one in known.addresses),
        properties=tuple((key, value) for key, value in json.loads(said["properties"] or "[]")),
        note=known.note,
        placeholder=known.placeholder,
        flags=tuple(said["flags"]),
        merged_from=_merged_into(graph, known.id),
        listings=tuple(listings_of(inquiry, row, history=history)),
        links={type_.value: kinds[type_.rank] for type_ in LinkType if kinds[type_.rank]},
        sources=cited,
    )
    inquiry.notes += listings_of_it(inquiry, row)
    return inquiry.answer([shown])


def _merged_into(graph: Graph, id_: str) -> tuple[tuple[str, str], ...]:
    """Return the ids that went into an entity, and why."""
    key = "merged into"
    if key not in graph.memory:
        hashes = fingerprint.of_text(graph.tables["merged_ids"]["entity"])
        rows = np.argsort(hashes, kind="stable")
        graph.memory[key] = hashes[rows], rows
    hashes, rows = graph.memory[key]
    sought = np.uint64(fingerprint.of_one(id_))
    found = rows[np.searchsorted(hashes, sought) : np.searchsorted(hashes, sought, "right")].tolist()
    said = (graph.row("merged_ids", row) for row in found)
    return tuple((one["id"], one["reason"]) for one in said if one["entity"] == id_)
