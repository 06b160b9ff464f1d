"""A Cypher script: constraints first, then batches that merge, so that running it twice changes nothing.

Labels, types and property names are ours. What data say stands in quotes: a JSON text is a Cypher text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.nodes_and_edges import exported, tell_what_nodes_lack
from listed.exports.places import Write
from listed.exports.text_columns import data_of, joined, json_cell, mended
from listed.exports.told import Told
from listed.graph.property_graph import NODE_PROPERTIES, Nodes, Relationships
from listed.graph.tables import Tables

BATCH = 500
"""Rows in one statement."""

_DAYS = ("start_earliest", "start_latest", "end_earliest", "end_latest")
_ESCAPED_U = re.compile(r"(?<!\\)((?:\\\\)+)u")


def write_cypher(tables: Tables, write: Write, told: Told) -> None:
    """Write a graph as a script for ``cypher-shell``."""
    graph = exported(tables, told)
    tell_what_nodes_lack(tables, told)
    for label in NODE_PROPERTIES:
        write(
            f"CREATE CONSTRAINT listed_{label.lower()}_by_id IF NOT EXISTS FOR (n:{label}) "
            "REQUIRE n.id IS UNIQUE;\n".encode()
        )
    write(b"CREATE INDEX listed_entity_by_name IF NOT EXISTS FOR (n:Entity) ON (n.name);\n")
    for nodes in graph.nodes:
        _write_batches(_rows(nodes.rows), _node_query(nodes), write)
    for one in graph.relationships:
        _write_batches(_rows(one.rows), _relationship_query(one), write)


def _write_batches(rows: Iterator[pa.Array], query: str, write: Write) -> None:
    for batch in rows:
        write(b"UNWIND [\n")
        write(data_of(pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(batch)], pa.int32()), batch), ",\n")))
        write(f"\n] AS row {query};\n".encode())


def _rows(table: pa.Table) -> Iterator[pa.Array]:
    """Yield the rows of each batch as lists of literals, in the order of the columns."""
    for start in range(0, table.num_rows, 40 * BATCH):
        part = table.slice(start, 40 * BATCH)
        cells: list[pa.Array | str] = []
        for column in part.columns:
            cells += [_literal(column.combine_chunks()), ","]
        whole = joined("[", *cells[:-1], "]")
        yield from (whole.slice(first, BATCH) for first in range(0, len(whole), BATCH))


def _literal(column: pa.Array) -> pa.Array:
    # Cypher reads \u0041 as a letter before it knows what a text is, even in "\\u0041": so the u is written by number.
    return mended(json_cell(column), r"\\\\u", lambda text: _ESCAPED_U.sub(r"\1\\u0075", text))


def _node_query(nodes: Nodes) -> str:
    names = nodes.rows.column_names
    label = nodes.labels[0]
    more = "".join(f", n:{other}" for other in nodes.labels[1:])
    return f"MERGE (n:{label} {{id: row[{names.index('id')}]}}) SET {_set('n', names)}{more}"


def _relationship_query(one: Relationships) -> str:
    names = one.rows.column_names
    place = {name: names.index(name) for name in ("source", "target", "id")}
    return (
        f"MATCH (a:{one.source_label} {{id: row[{place['source']}]}}) "
        f"MATCH (b:{one.target_label} {{id: row[{place['target']}]}}) "
        f"MERGE (a)-[r:{one.type} {{id: row[{place['id']}]}}]->(b) SET {_set('r', names)}"
    )


def _set(variable: str, names: Sequence[str]) -> str:
    said = {name: f"row[{place}]" for place, name in enumerate(names) if name not in ("id", "source", "target")}
    return ", ".join(f"{variable}.{name} = {f'date({row})' if name in _DAYS else row}" for name, row in said.items())
