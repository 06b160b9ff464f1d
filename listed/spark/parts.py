"""A part of a graph on a worker: all that one answer needs, opened as a graph of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import adjacency
from listed.graph.snapshot import Graph
from listed.graph.tables import SCHEMAS, Tables, complete, one_word

FILE, LINE = "_file", "_line"
"""Where a row stands in its table: columns beside the table's own, for orders that go by it."""


CELL = "cell"
"""Which rows of a shipment belong together."""


def as_table(batches: Iterable[pa.RecordBatch]) -> pa.Table | None:
    """Return batches as one table; None if there are none."""
    held = list(batches)
    return pa.Table.from_batches(held).combine_chunks() if held else None


def in_line(rows: pa.Table) -> pa.Table:
    """Return rows in the order in which they stand in the table, each once, without the columns that tell it."""
    if LINE not in rows.column_names:
        return rows
    ordered = rows.take(pc.sort_indices(rows, [(FILE, "ascending"), (LINE, "ascending")])).combine_chunks()
    if ordered.num_rows > 1:
        before, after = ordered.slice(0, ordered.num_rows - 1), ordered.slice(1)
        again = pc.and_(pc.equal(before[FILE], after[FILE]), pc.equal(before[LINE], after[LINE])).combine_chunks()
        ordered = ordered.filter(pa.concat_arrays([pa.array([True]), pc.invert(again)]))
    return ordered.drop_columns([FILE, LINE])


def graph_of_part(tables: Mapping[str, pa.Table]) -> Graph:
    """Return a graph of some rows of some tables.

    An end of a link that no row of ``entities`` tells of is an entity with an id alone.
    """
    whole: Tables = {}
    for name, schema in SCHEMAS.items():
        rows = in_line(tables[name]) if name in tables else schema.empty_table()
        columns = {column: rows[column] for column in rows.column_names if column in schema.names}
        whole[name] = complete(name, columns, rows.num_rows)
    whole["entities"] = _every_entity(whole)
    whole = {name: table.unify_dictionaries().combine_chunks() for name, table in whole.items()}
    return Graph("part", 0, {}, whole, adjacency.build(whole))


def _every_entity(tables: Tables) -> pa.Table:
    """Return the entities, sorted by id, with those that are named only as an end."""
    told = tables["entities"]
    ends = [tables["links"]["source"], tables["links"]["target"], tables["listings"]["entity"]]
    named = pa.chunked_array([chunk for end in ends for chunk in end.chunks], pa.string()).unique()
    named = named.filter(pc.invert(pc.is_in(named, told["id"].combine_chunks())))
    if len(named):
        bare = {"id": named, "schema": one_word("LegalEntity", len(named))}
        told = pa.concat_tables([told, complete("entities", bare, len(named))])
    return told.take(pc.sort_indices(told["id"]))


def parcels(table: pa.Table) -> dict[str, pa.Table]:
    """Return the tables that came as one, a column of records for each (see :func:`listed.spark.cells.shipped`)."""
    found = {}
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_struct(column.type):
            said = column.filter(column.is_valid())
            fields = [said.type.field(place) for place in range(said.type.num_fields)]
            found[name] = pa.table(said.flatten(), schema=pa.schema(fields))
    return found


Answering = Callable[[pa.Table], pa.Table]


def whole_partitions(answer: Answering) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return a function for ``mapInArrow`` that answers from all rows of a partition at once.

    Of a shipment of several tables (:func:`listed.spark.cells.shipped`) it answers cell by cell.
    """

    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        table = as_table(batches)
        if table is None or not table.num_rows:
            return
        for part in _cells(table) if CELL in table.column_names else (table,):
            yield from answer(part).combine_chunks().to_batches()

    return run


def _cells(table: pa.Table) -> Iterator[pa.Table]:
    ordered = table.take(pc.sort_indices(table[CELL]))
    counts = pc.value_counts(ordered[CELL].combine_chunks()).field("counts").to_pylist()
    start = 0
    for count in counts:
        yield ordered.slice(start, count).drop_columns([CELL]).combine_chunks()
        start += count
