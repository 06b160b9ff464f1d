"""What GraphML and GEXF have in common: entities and lists as nodes, links and listings as edges, attributes on both.

Ids of nodes are those of the entities; a list has a prefix that no entity's id has. A list of texts
is one text, a JSON array.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.nodes_and_edges import edge_properties, exported, node_properties, tell_what_nodes_lack
from listed.exports.text_columns import cell, chunks, constant, distinct_prefix, plain, wrapped
from listed.exports.told import Told
from listed.exports.xml_text import XmlText
from listed.graph.property_graph import LISTED_ON, Nodes, Relationships
from listed.graph.tables import Tables


@dataclass(frozen=True, slots=True)
class Attribute:
    """A kind of attribute: its name and what it holds (``text``, ``list``, ``number``, ``truth``)."""

    name: str
    holds: str


@dataclass(frozen=True, slots=True)
class Elements:
    """Some nodes or edges: the texts of their ids (and ends), and of each attribute, null where not known.

    All texts are ready to stand in XML.
    """

    ids: pa.Array
    label: pa.Array
    attributes: dict[str, pa.Array]
    source: pa.Array | None = None
    target: pa.Array | None = None


def _attributes(*schemas: pa.Schema) -> tuple[Attribute, ...]:
    found = {field.name: Attribute(field.name, _holds(field.type)) for schema in schemas for field in schema}
    return tuple(one for name, one in found.items() if name != "id")


def _holds(type_: pa.DataType) -> str:
    if pa.types.is_list(type_):
        return "list"
    if pa.types.is_floating(type_):
        return "number"
    return "truth" if pa.types.is_boolean(type_) else "text"


NODE_ATTRIBUTES = (Attribute("kind", "text"), *_attributes(node_properties("Entity"), node_properties("List")))
"""Attributes of nodes; ``kind`` is Entity or List."""

EDGE_ATTRIBUTES = (Attribute("type", "text"), *_attributes(edge_properties("OWNS"), edge_properties(LISTED_ON)))
"""Attributes of edges; ``type`` is that of the link, or ``LISTED_ON``."""


class Network:
    """The nodes and edges of tables, slice by slice."""

    def __init__(self, tables: Tables, told: Told) -> None:
        self._graph = exported(tables, told)
        self._xml = XmlText()
        self._told = told
        self._prefix = distinct_prefix("list", plain(tables["entities"]["id"]))
        tell_what_nodes_lack(tables, told)
        told.lose("sources are named by their ids alone, without title and address", told.counts.pop("sources", 0))

    def nodes(self) -> Iterator[Elements]:
        """Yield the nodes."""
        for nodes in self._graph.nodes:
            if nodes.labels[0] != "Source":
                for rows in chunks(nodes.rows):
                    yield self._nodes(nodes, rows)

    def edges(self) -> Iterator[Elements]:
        """Yield the edges; then tell what XML could not hold."""
        for relationships in self._graph.relationships:
            for rows in chunks(relationships.rows):
                yield self._edges(relationships, rows)
        self._told.lose("characters that XML 1.0 cannot hold were replaced by \ufffd", self._xml.replaced)

    def _nodes(self, nodes: Nodes, rows: pa.Table) -> Elements:
        label = pc.coalesce(plain(rows["title" if nodes.labels[0] == "List" else "name"]), plain(rows["id"]))
        attributes = {"kind": constant(nodes.labels[0], rows.num_rows)} | self._said(rows)
        return Elements(self._ids(rows["id"], nodes.labels[0]), self._xml.text(label), attributes)

    def _edges(self, one: Relationships, rows: pa.Table) -> Elements:
        type_ = constant(one.type, rows.num_rows)
        ends = (self._ids(rows["source"], one.source_label), self._ids(rows["target"], one.target_label))
        attributes = {"type": type_} | self._said(rows.drop_columns(["source", "target"]))
        return Elements(self._xml.ids(plain(rows["id"])), type_, attributes, *ends)

    def _said(self, rows: pa.Table) -> dict[str, pa.Array]:
        said = {name: rows[name].combine_chunks() for name in rows.column_names if name != "id"}
        return {name: self._text(column) for name, column in said.items() if column.null_count < len(column)}

    def _text(self, column: pa.Array) -> pa.Array:
        text = cell(column)
        return self._xml.text(text) if _holds(column.type) in ("text", "list") and not _is_day(column.type) else text

    def _ids(self, column: pa.ChunkedArray, label: str) -> pa.Array:
        ids = plain(column)
        return self._xml.ids(wrapped(self._prefix, ids, "") if label == "List" else ids)


def _is_day(type_: pa.DataType) -> bool:
    return bool(pa.types.is_date(type_))
