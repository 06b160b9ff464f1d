"""From what a user types to one entity: an id, an identifier, or a name. Never a guess."""

from __future__ import annotations

from listed.errors import AmbiguousNameError, UnknownEntityError
from listed.graph.snapshot import Graph


def find(graph: Graph, asked: str) -> int:
    """Return the number of the one entity that is meant.

    Tried in turn, until one gives an entity: the id; an identifier (``lei:5493...`` or the value
    alone); the primary name; any other name. Names are compared without regard to case, accents
    and punctuation.

    Raises
    ------
    AmbiguousNameError
        If several entities go by that identifier or name.
    UnknownEntityError
        If none does; it offers the closest.
    """
    asked = asked.strip()
    row = graph.row_of(asked)
    if row is not None:
        return row
    for rows in (by_identifier(graph, asked), *by_name(graph, asked)):
        if len(rows) == 1:
            return rows[0]
        if rows:
            raise AmbiguousNameError(asked, [(graph.id_of(one), graph.name_of(one)) for one in rows])
    offers = [(graph.id_of(hit.entity), graph.name_of(hit.entity)) for hit in graph.names.search(asked, limit=5)]
    raise UnknownEntityError(asked, offers)


def by_identifier(graph: Graph, asked: str) -> list[int]:
    """Return the entities with an identifier, given as ``scheme:value`` or its value alone."""
    scheme, _, value = asked.partition(":")
    found = [graph.row("identifiers", row) for row in graph.rows_saying("identifiers", asked)]
    if value:
        named = (graph.row("identifiers", row) for row in graph.rows_saying("identifiers", value))
        found += [row for row in named if row["scheme"] == scheme.lower()]
    rows = (graph.row_of(row["entity"]) for row in found)
    return sorted({row for row in rows if row is not None})


def by_name(graph: Graph, asked: str) -> tuple[list[int], list[int]]:
    """Return the entities of that primary name, and those of that name of any kind."""
    rows = graph.names.exact(asked)
    said = [graph.row("names", int(row)) for row in rows]
    entity = [(graph.row_of(one["entity"]), one["kind"]) for one in said]
    primary = {row for row, kind in entity if row is not None and kind == "primary"}
    return sorted(primary), sorted({row for row, _ in entity if row is not None})
