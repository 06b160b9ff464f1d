"""A snapshot as a property graph: the labels, relationship types and properties that Cypher sees.

Embedded Cypher, Neo4j and the exports share this one mapping, so that a query text runs on each::

    (:Entity:Company {id, name, names, countries, ...})-[:OWNS {share_min, start_date, ...}]->(:Entity)
    (:Entity)-[:LISTED_ON {start_date, citation, ...}]->(:List {id, title})
    (:Source {id, title, url, ...})                 cited by the property ``sources``

The rules
---------
* Labels, types and property names are fixed here and never come from data: an entity of a schema
  not in the vocabulary is an ``Entity`` alone, a link of an unknown type is ``LINKED_TO``.
* Dates are text of their own precision (``start_date``) and typed days (``start_earliest``); shares
  are numbers in percent. A property that is not known is absent, never empty.
* ``start_told`` is read from the flags, which hold it: on the way back it says nothing more.
* What one property cannot hold exactly stands beside it as JSON text (names ending in ``_json``),
  so that :func:`tables_of` returns the very tables that :func:`property_graph` was given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.tables import AMOUNT, DAY, SCHEMAS, TEXT, WORDS, Tables, share_decimals, share_units, starts_told
from listed.graph.vocabulary import LISTS, SCHEMATA, LinkType

NUMBER = pa.float64()
COUNT = pa.int64()
TRUTH = pa.bool_()

_PROVENANCE = [("dataset", TEXT), ("sources", WORDS), ("record", TEXT), ("flags", WORDS)]
_DATES = [
    ("start_date", TEXT),
    ("end_date", TEXT),
    ("start_earliest", DAY),
    ("start_latest", DAY),
    ("end_earliest", DAY),
    ("end_latest", DAY),
    ("start_told", TRUTH),
]

NODE_PROPERTIES: dict[str, pa.Schema] = {
    "Entity": pa.schema([
        ("id", TEXT), ("name", TEXT), ("schema", TEXT), ("countries", WORDS), ("topics", WORDS),
        ("names", WORDS), ("identifiers", WORDS), ("addresses", WORDS), ("note", TEXT),
        ("placeholder", TRUTH), *_PROVENANCE, ("properties_json", TEXT), ("details_json", TEXT), ("table_row", COUNT),
    ]),
    "List": pa.schema([("id", TEXT), ("title", TEXT)]),
    "Source": pa.schema([("id", TEXT), ("title", TEXT), ("publisher", TEXT), ("published", TEXT),
                         ("url", TEXT), ("retrieved", TEXT), ("dataset", TEXT), ("table_row", COUNT)]),
}  # fmt: skip
"""Properties of the nodes of each label, with their types. ``identifiers`` are written ``lei:549300...``.

``details_json`` and ``table_row`` serve :func:`tables_of` alone; an export may leave them out.
"""

LINK_PROPERTIES = pa.schema([
    ("id", TEXT), ("role", TEXT), *_DATES, ("share_min", NUMBER), ("share_max", NUMBER),
    ("share_min_open", TRUTH), ("share_max_open", TRUTH), ("share_text", TEXT), ("basis", TEXT),
    ("direct", TRUTH), ("amount", NUMBER), ("amount_text", TEXT), ("currency", TEXT), ("note", TEXT),
    ("confidence", TEXT), *_PROVENANCE, ("link_type", TEXT), ("table_row", COUNT),
])  # fmt: skip
"""Properties of a link: ``amount_text`` where ``amount`` is not exact, ``link_type`` where the type is not in ours."""

LISTING_PROPERTIES = pa.schema([
    ("id", TEXT), ("programs", WORDS), *_DATES, ("citation", TEXT), ("licence_requirement", TEXT),
    ("licence_policy", TEXT), ("remarks", TEXT), *_PROVENANCE, ("table_row", COUNT),
])  # fmt: skip
"""Properties of a listing, the relationship from an entity to a list."""

BOOKKEEPING = ("details_json", "table_row")
"""Properties that nobody asks about: they restore the tables row for row."""

LISTED_ON = "LISTED_ON"
LINK_TYPES = tuple(type_.value for type_ in LinkType)
RELATIONSHIP_TYPES = (*LINK_TYPES, LISTED_ON)
SCHEMA_LABELS = tuple(sorted(SCHEMATA))
"""Second labels that an entity can have."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """Nodes of the same labels.

    Parameters
    ----------
    labels
        The main one first: ``("Entity", "Company")``.
    rows
        The properties, as :data:`NODE_PROPERTIES` has them; ``id`` is unique among nodes of the main label.
    """

    labels: tuple[str, ...]
    rows: pa.Table


@dataclass(frozen=True, slots=True)
class Relationships:
    """Relationships of one type.

    Parameters
    ----------
    type
        One of :data:`RELATIONSHIP_TYPES`.
    source_label, target_label
        Main labels of the ends.
    rows
        ``source`` and ``target``, ids of the ends, then the properties; ``id`` is unique.
    """

    type: str
    source_label: str
    target_label: str
    rows: pa.Table


@dataclass(frozen=True, slots=True)
class PropertyGraph:
    """A snapshot as nodes and relationships, grouped by labels and by type; no group is empty."""

    nodes: tuple[Nodes, ...]
    relationships: tuple[Relationships, ...]

    def counts(self) -> dict[str, int]:
        """Return how many nodes each main label has, and how many relationships each type."""
        counted: dict[str, int] = {}
        for nodes in self.nodes:
            counted[nodes.labels[0]] = counted.get(nodes.labels[0], 0) + nodes.rows.num_rows
        return counted | {one.type: one.rows.num_rows for one in self.relationships}


def property_graph(tables: Tables) -> PropertyGraph:
    """Return the tables of a snapshot as a property graph."""
    entities = _entities(tables)
    nodes = [
        Nodes(("Source",), _numbered(_typed(tables["sources"], NODE_PROPERTIES["Source"]))),
        Nodes(("List",), _lists(tables["listings"])),
        *(
            Nodes(("Entity", schema) if schema in SCHEMATA else ("Entity",), rows)
            for schema, rows in _by_word(entities, "schema", SCHEMATA)
        ),
    ]
    links = _links(tables["links"])
    listings = _ended(tables["listings"], "entity", "list", LISTING_PROPERTIES)
    relationships = [
        *(Relationships(type_, "Entity", "Entity", rows) for type_, rows in links),
        Relationships(LISTED_ON, "Entity", "List", listings),
    ]
    return PropertyGraph(
        tuple(one for one in nodes if one.rows.num_rows),
        tuple(one for one in relationships if one.rows.num_rows),
    )


def _typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return those properties that the table has under the same name, cast to their types."""
    names = [name for name in schema.names if name in table.column_names]
    return pa.table([table[name].cast(schema.field(name).type) for name in names], names=names)


def _numbered(table: pa.Table) -> pa.Table:
    return table.append_column("table_row", pa.array(np.arange(table.num_rows)))


def _in_order(table: pa.Table, schema: pa.Schema, ends: Sequence[str] = ()) -> pa.Table:
    return table.select([*ends, *schema.names])


def _lists(listings: pa.Table) -> pa.Table:
    ids = sorted(set(listings["list"].cast(TEXT).unique().to_pylist()) - {None})
    titles = [LISTS.get(id_, id_) for id_ in ids]
    return pa.table([pa.array(ids, TEXT), pa.array(titles, TEXT)], schema=NODE_PROPERTIES["List"])


def _by_word(table: pa.Table, column: str, known: frozenset[str]) -> Iterator[tuple[str, pa.Table]]:
    """Yield the rows of each known word, sorted, and those of all others under the empty one."""
    words = pc.fill_null(table[column], "")
    filed = pc.if_else(pc.is_in(words, value_set=pa.array(sorted(known), TEXT)), words, "")
    for word in sorted(filed.unique().to_pylist()):
        yield word, table.filter(pc.equal(filed, word))


# Entities and what hangs on them -------------------------------------------------------------------------------------

_PARTS = {
    "names": ("text", "kind", "script", "dataset", "sources"),
    "identifiers": ("scheme", "value", "dataset", "sources"),
    "addresses": ("text", "country", "dataset", "sources"),
    "merged_ids": ("id", "reason"),
}
"""Tables whose rows are about one entity: what of them ``details_json`` holds, after the row number."""


def _entities(tables: Tables) -> pa.Table:
    entities = tables["entities"]
    ids = entities["id"].combine_chunks()
    identifiers = tables["identifiers"]
    written = pc.binary_join_element_wise(identifiers["scheme"].cast(TEXT), identifiers["value"], ":")
    rows = _typed(entities, NODE_PROPERTIES["Entity"])
    added = {
        "names": _gathered(tables["names"]["text"], _owners(tables["names"], ids), len(ids)),
        "identifiers": _gathered(written, _owners(identifiers, ids), len(ids)),
        "addresses": _gathered(tables["addresses"]["text"], _owners(tables["addresses"], ids), len(ids)),
        "properties_json": entities["properties"],
        "details_json": _details(tables, ids),
    }
    for name, column in added.items():
        rows = rows.append_column(name, column)
    return _in_order(_numbered(rows), NODE_PROPERTIES["Entity"])


def _owners(part: pa.Table, ids: pa.Array) -> npt.NDArray[np.int64]:
    """Return which entity each row is about, shape ``(n,)``."""
    return np.asarray(pc.index_in(part["entity"], value_set=ids).to_numpy(), np.int64)


def _gathered(values: pa.ChunkedArray, owner: npt.NDArray[np.int64], size: int) -> pa.ListArray:
    """Return for each entity the list of its values, in the order of the table."""
    order = np.argsort(owner, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=size))]).astype(np.int32)
    taken = values.take(pa.array(order))
    flat = taken.combine_chunks() if isinstance(taken, pa.ChunkedArray) else taken
    return pa.ListArray.from_arrays(pa.array(offsets), flat)


def _details(tables: Tables, ids: pa.Array) -> pa.Array:
    """Return for each entity its rows of the tables about it, with their numbers, as JSON; null where none."""
    said: list[dict[str, list[list[Any]]] | None] = [None] * len(ids)
    for table, columns in _PARTS.items():
        part = tables[table]
        owner = _owners(part, ids)
        values = [part[name].to_pylist() for name in columns]
        for row, (entity, *cells) in enumerate(zip(owner.tolist(), *values, strict=True)):
            about = said[entity]
            if about is None:
                about = said[entity] = {}
            about.setdefault(table, []).append([row, *cells])
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return pa.array([None if about is None else dump(about) for about in said], TEXT)


# Links and listings --------------------------------------------------------------------------------------------------


def _ended(table: pa.Table, source: str, target: str, schema: pa.Schema) -> pa.Table:
    rows = _numbered(_typed(table, schema)).append_column("start_told", starts_told(table))
    for place, (end, column) in enumerate((("source", source), ("target", target))):
        rows = rows.add_column(place, end, table[column].cast(TEXT))
    return _in_order(rows, schema, ("source", "target"))


def _links(links: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Yield the links of each type, the strongest type first."""
    types = links["type"].cast(TEXT)
    known = pc.is_in(types, value_set=pa.array(LINK_TYPES, TEXT))
    inexact, amounts = _amounts(links["amount"])
    columns = {
        "share_min": _percent(links["share_min"]),
        "share_max": _percent(links["share_max"]),
        "amount": amounts,
        "amount_text": inexact,
        "link_type": pc.if_else(known, pa.scalar(None, TEXT), types),
    }
    plain = links.drop_columns(["share_min", "share_max", "amount"])
    for name, column in columns.items():
        plain = plain.append_column(name, column)
    rows = _ended(plain, "source", "target", LINK_PROPERTIES)
    filed = pc.if_else(known, types, LinkType.LINKED_TO.value)
    for type_ in LINK_TYPES:
        if (chosen := rows.filter(pc.equal(filed, type_))).num_rows:
            yield type_, chosen


def _percent(shares: pa.ChunkedArray) -> pa.Array:
    units, known = share_units(shares)
    return pa.array(units / 1_000_000, NUMBER, mask=~known)


def _amounts(amounts: pa.ChunkedArray) -> tuple[pa.Array, pa.Array]:
    """Return amounts as text where a number would not be exact, and as numbers everywhere."""
    exact = amounts.to_pylist()
    numbers = [None if amount is None else float(amount) for amount in exact]
    texts = [
        None if amount is None or number is None or Decimal(repr(number)) == amount else str(amount)
        for amount, number in zip(exact, numbers, strict=True)
    ]
    return pa.array(texts, TEXT), pa.array(numbers, NUMBER)


# And back ------------------------------------------------------------------------------------------------------------


def tables_of(nodes: Mapping[str, pa.Table], links: Mapping[str, pa.Table], listings: pa.Table | None) -> Tables:
    """Return the tables of a snapshot from its property graph.

    Parameters
    ----------
    nodes
        Entities and sources, under their main label, in any order.
    links
        Links by type, with ``source`` and ``target``.
    listings
        Listings, with ``source`` and ``target``; none if there are none.

    Returns
    -------
    Tables
        All but ``set_aside``, which a property graph does not hold.
    """
    entities = _by_row(nodes["Entity"])
    back: Tables = {
        "entities": _as_table("entities", entities, {"properties": entities["properties_json"]}),
        "sources": _as_table("sources", _by_row(nodes["Source"]), {}),
        "links": _links_back(links),
        "listings": _listings_back(listings),
    }
    return back | _parts_back(entities)


def _by_row(rows: pa.Table) -> pa.Table:
    return rows.take(pc.sort_indices(rows["table_row"]))


def _as_table(table: str, rows: pa.Table, columns: Mapping[str, Any]) -> pa.Table:
    filled = [columns[name] if name in columns else rows[name] for name in SCHEMAS[table].names]
    return pa.table(filled, names=SCHEMAS[table].names).cast(SCHEMAS[table])


def _links_back(links: Mapping[str, pa.Table]) -> pa.Table:
    if not links:
        return SCHEMAS["links"].empty_table()
    typed = [rows.append_column("type", pa.array([type_] * len(rows), TEXT)) for type_, rows in links.items()]
    rows = _by_row(pa.concat_tables(typed))
    said = zip(rows["amount"].to_pylist(), rows["amount_text"].to_pylist(), strict=True)
    amounts = [
        None if number is None else Decimal(text or repr(number)).quantize(Decimal("0.01")) for number, text in said
    ]
    columns = {
        "type": pc.coalesce(rows["link_type"], rows["type"]),
        "share_min": _share(rows["share_min"]),
        "share_max": _share(rows["share_max"]),
        "amount": pa.array(amounts, AMOUNT),
    }
    return _as_table("links", rows, columns)


def _share(percent: pa.ChunkedArray) -> pa.Array:
    units = np.rint(np.nan_to_num(percent.to_numpy()) * 1_000_000).astype(np.int64)
    return share_decimals(units, np.asarray(percent.is_valid().to_numpy(), np.bool_))


def _listings_back(listings: pa.Table | None) -> pa.Table:
    if listings is None:
        return SCHEMAS["listings"].empty_table()
    rows = _by_row(listings)
    return _as_table("listings", rows, {"entity": rows["source"], "list": rows["target"]})


def _parts_back(entities: pa.Table) -> Tables:
    found: dict[str, list[tuple[int, str, list[Any]]]] = {table: [] for table in _PARTS}
    said = zip(entities["id"].to_pylist(), entities["details_json"].to_pylist(), strict=True)
    for id_, text in said:
        for table, rows in (json.loads(text) if text else {}).items():
            found[table] += [(row, id_, cells) for row, *cells in rows]
    tables: Tables = {}
    for table, rows in found.items():
        rows.sort(key=lambda row: row[0])
        columns: dict[str, list[Any]] = {"entity": [id_ for _, id_, _ in rows]}
        columns |= {name: [cells[place] for _, _, cells in rows] for place, name in enumerate(_PARTS[table])}
        arrays = [pa.array(columns[field.name], _plain(field.type)) for field in SCHEMAS[table]]
        tables[table] = pa.table(arrays, names=SCHEMAS[table].names).cast(SCHEMAS[table])
    return tables


def _plain(type_: pa.DataType) -> pa.DataType:
    return type_.value_type if pa.types.is_dictionary(type_) else type_
