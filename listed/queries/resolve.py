"""From what a user types to one entity: an id, an identifier, or a name. Never a guess."""

from __future__ import annotations

from listed.errors import AmbiguousNameError, UnknownEntityError
from listed.graph.snapshot import Graph, today
from listed.queries.listings import lists_of


def find(graph: Graph, asked: str) -> int:
    """Return the number of the one entity that is meant.

    Tried in turn, until one gives an entity: the id; an identifier (``lei:5493...`` or the value
    alone); a name. Names are compared without regard to case, accents and punctuation. A primary name
    does not go before another's alias: one row of a reporter's own called "Hikvision" must not take
    over the name from the listed firm that goes by it.

    Raises
    ------
    AmbiguousNameError
        If several entities go by that identifier or name, be it their primary one or another. It offers
        all of them with the lists they are or were on, the listed ones first.
    UnknownEntityError
        If none does; it offers the closest.
    """
    asked = asked.strip()
    row = graph.row_of(asked)
    if row is not None:
        return row
    for rows in (by_identifier(graph, asked), by_name(graph, asked)):
        if len(rows) == 1:
            return rows[0]
        if rows:
            raise _ambiguous(graph, asked, rows)
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


def by_name(graph: Graph, asked: str) -> list[int]:
    """Return the entities of that name, of whatever kind."""
    entities = (str(graph.cell("names", "entity", int(row))) for row in graph.names.exact(asked))
    rows = (graph.row_of(entity) for entity in dict.fromkeys(entities))
    return sorted({row for row in rows if row is not None})


def _ambiguous(graph: Graph, asked: str, rows: list[int]) -> AmbiguousNameError:
    """Return the refusal that offers some entities, the listed ones first."""
    on = {graph.id_of(row): lists_of(graph, row, today(), history=True) for row in rows}
    offers = [(graph.id_of(row), graph.name_of(row)) for row in rows]
    offers.sort(key=lambda offer: not on[offer[0]])
    return AmbiguousNameError(asked, offers, {id_: lists for id_, lists in on.items() if lists})
