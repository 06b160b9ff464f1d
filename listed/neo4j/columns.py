"""What is written on each node and relationship, between Arrow columns and Cypher parameters.

Every property name and label in a query text comes from here or from
:mod:`listed.graph.property_graph`; what data say goes in parameters alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from listed.graph.property_graph import COUNT, NODE_PROPERTIES, Nodes
from listed.graph.tables import SCHEMAS, TEXT, Tables

GRAPH = "listed_graph"
"""The property that tells ours from all else in the database: the name of the graph."""

PUSH = "listed_push"
"""The property that tells which push wrote it: the digest of the snapshot."""

GONE = "listed_gone"
"""Set on an entity that is no longer in the graph, but on which relationships of others hang."""

META = "ListedGraph"
"""Label of the node that says of a graph which snapshot it is, and how far a push has come."""

SET_ASIDE = "SetAside"

NODES: dict[str, pa.Schema] = NODE_PROPERTIES | {
    SET_ASIDE: pa.schema([("id", TEXT), *((field.name, TEXT) for field in SCHEMAS["set_aside"]), ("table_row", COUNT)])
}
"""Properties of the nodes that a push writes, by main label."""


def set_aside_nodes(tables: Tables) -> Nodes:
    """Return what was set aside as nodes of their own, so that nothing is lost on the way."""
    given = tables["set_aside"]
    numbers = pa.array(range(given.num_rows), COUNT)
    columns = [numbers.cast(TEXT), *(column.cast(TEXT) for column in given.columns), numbers]
    return Nodes((SET_ASIDE,), pa.table(columns, schema=NODES[SET_ASIDE]))


def set_aside_table(rows: pa.Table) -> pa.Table:
    """Return the reverse of :func:`set_aside_nodes`, from rows in any order."""
    return rows.sort_by("table_row").select(SCHEMAS["set_aside"].names).cast(SCHEMAS["set_aside"])


def parameters(rows: pa.Table) -> list[list[Any]]:
    """Return rows as a driver takes them: a list for each, in the order of the columns."""
    return [list(row) for row in zip(*(column.to_pylist() for column in rows.columns), strict=True)]


def read(records: Iterable[Sequence[Any]], schema: pa.Schema, size: int = 5_000) -> pa.Table:
    """Return what a driver gives as a table, so many records at a time."""
    return pa.Table.from_batches(_batches(records, schema, size), schema)


def _batches(records: Iterable[Sequence[Any]], schema: pa.Schema, size: int) -> Iterator[pa.RecordBatch]:
    rows: list[Sequence[Any]] = []
    for record in records:
        rows.append(record)
        if len(rows) == size:
            yield _batch(rows, schema)
            rows = []
    if rows:
        yield _batch(rows, schema)


def _batch(rows: list[Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    arrays = [
        pa.array([_native(value) for value in values] if pa.types.is_date(field.type) else values, field.type)
        for values, field in zip(columns, schema, strict=True)
    ]
    return pa.record_batch(arrays, schema=schema)


def _native(value: Any) -> Any:
    """Return a date of the driver as Python's."""
    return value.to_native() if hasattr(value, "to_native") else value


class _Digest:
    """A file that keeps only the digest of what is written."""

    def __init__(self) -> None:
        self.closed = False
        self.place = 0
        self.hash = hashlib.sha256()

    def write(self, data: Any) -> int:
        """Take in the next bytes."""
        self.hash.update(data)
        self.place += memoryview(data).nbytes
        return memoryview(data).nbytes

    def tell(self) -> int:
        """Return how many bytes were written."""
        return self.place

    def flush(self) -> None:
        """Do nothing: there is nothing to keep."""

    def close(self) -> None:
        """Take no more."""
        self.closed = True


def digest(tables: Tables) -> str:
    """Return what tells one snapshot from another: the same for tables equal row for row."""
    whole = hashlib.sha256()
    for name in SCHEMAS:
        plain = pa.schema([(field.name, _plain(field.type)) for field in SCHEMAS[name]])
        sink = _Digest()
        # Parquet writes no more than the values, however the table is chunked or its words numbered.
        pq.write_table(tables[name].cast(plain).combine_chunks(), sink, compression="none", use_dictionary=False,
                       write_statistics=False, store_schema=False)  # fmt: skip
        whole.update(sink.hash.digest())
    return whole.hexdigest()[:16]


def _plain(type_: pa.DataType) -> pa.DataType:
    return type_.value_type if pa.types.is_dictionary(type_) else type_
