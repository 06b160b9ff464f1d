"""The property graph as the formats write it: the same labels, types and property names as in Cypher."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.text_columns import grouped, plain
from listed.exports.told import Told
from listed.graph.property_graph import (
    BOOKKEEPING,
    LINK_PROPERTIES,
    LISTED_ON,
    LISTING_PROPERTIES,
    NODE_PROPERTIES,
    Nodes,
    PropertyGraph,
    Relationships,
    property_graph,
)
from listed.graph.tables import TEXT, Tables, empty

_LISTS = ("names", "identifiers", "addresses")


def properties_of(schema: pa.Schema) -> pa.Schema:
    """Return the properties of a kind of node or edge that an export holds: all but those that serve us alone."""
    return pa.schema([field for field in schema if field.name not in BOOKKEEPING])


def edge_properties(type_: str) -> pa.Schema:
    """Return the properties of an edge of some type."""
    return properties_of(LISTING_PROPERTIES if type_ == LISTED_ON else LINK_PROPERTIES)


def node_properties(label: str) -> pa.Schema:
    """Return the properties of a node of some label."""
    return properties_of(NODE_PROPERTIES[label])


def exported(tables: Tables, told: Told) -> PropertyGraph:
    """Return the tables as a property graph, without what only serves to restore them, and count it."""
    # The lists of an entity are put in here: the mapping's own way also writes what restores the tables.
    bare = property_graph(tables | {name: empty(name) for name in (*_LISTS, "merged_ids")})
    lists = _lists_of(tables)
    nodes = tuple(_node_rows(one, lists) for one in bare.nodes)
    edges = tuple(
        Relationships(one.type, one.source_label, one.target_label, one.rows.drop_columns(["table_row"]))
        for one in bare.relationships
    )
    for name, count in bare.counts().items():
        told.wrote(_SHOWN.get(name, name), count)
    return PropertyGraph(nodes, edges)


_SHOWN = {"Entity": "entities", "List": "lists", "Source": "sources", LISTED_ON: "listings"}


def tell_what_nodes_lack(tables: Tables, told: Told) -> None:
    """Count what a node of the property graph does not say of an entity."""
    other = pc.sum(pc.not_equal(plain(tables["names"]["kind"]), "primary")).as_py() or 0
    told.lose("names that are not told apart as alias, previous or weak (all are in the attribute names)", other)
    told.lose("addresses whose country is left out", len(tables["addresses"]["country"].drop_null()))
    told.lose("ids that went into other entities", tables["merged_ids"].num_rows)
    told.lose("rows that were set aside at loading", tables["set_aside"].num_rows)


def _node_rows(nodes: Nodes, lists: dict[str, pa.Array]) -> Nodes:
    rows = nodes.rows
    for name in lists if nodes.labels[0] == "Entity" else ():
        found = lists[name].take(rows["table_row"].combine_chunks())
        rows = rows.set_column(rows.schema.get_field_index(name), name, found)
    kept = [name for name in node_properties(nodes.labels[0]).names if name in rows.column_names]
    return Nodes(nodes.labels, rows.select(kept))


def _lists_of(tables: Tables) -> dict[str, pa.Array]:
    ids = tables["entities"]["id"].combine_chunks()
    identifiers = tables["identifiers"]
    written = pc.binary_join_element_wise(plain(identifiers["scheme"]), plain(identifiers["value"]), ":")
    said = {"names": plain(tables["names"]["text"]), "identifiers": written,
            "addresses": plain(tables["addresses"]["text"])}  # fmt: skip
    return {name: grouped(_owners(tables[name], ids), pc.fill_null(said[name], ""), len(ids)) for name in _LISTS}


def _owners(part: pa.Table, ids: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    owners = pc.index_in(part["entity"].combine_chunks().cast(TEXT), value_set=ids)
    return np.asarray(owners.to_numpy(zero_copy_only=False), np.int64)
