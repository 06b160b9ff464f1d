"""Merging on a worker, where all rows that may be one lie together."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import fingerprint
from listed.graph.builder import with_ids
from listed.graph.decisions import Decisions
from listed.graph.merge import decided_groups, one_party, rows_as_one
from listed.graph.tables import SCHEMAS, complete
from listed.graph.vocabulary import STRONG_SCHEMES
from listed.spark.parts import FILE, LINE, in_line, parcels

KEYED = pa.schema([("entity", pa.string()), ("key", pa.string())])
FOUND = pa.schema([("id", pa.string()), ("entity", pa.string()), ("reason", pa.string()), ("conflict", pa.string())])


def strong_keys(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield of each strong identifier its entity and a text that is the same for the same identifier."""
    for batch in batches:
        strong = batch.filter(pc.is_in(batch["scheme"], pa.array(sorted(STRONG_SCHEMES))))
        values = pc.utf8_upper(pc.replace_substring_regex(strong["value"], r"[\s-]", ""))
        keys = pc.binary_join_element_wise(strong["scheme"], values, ":")
        yield pa.RecordBatch.from_arrays([strong["entity"], keys], schema=KEYED)


def same_parties(table: pa.Table, decisions: Decisions) -> pa.Table:
    """Return which ids of a part go into which, and where that would contradict a decision."""
    told = parcels(table)
    rows = {name: _typed(name, in_line(told[name])) for name in ("identifiers", "entities")}
    groups, _ = decided_groups(decisions, rows["entities"])
    found = one_party(rows["identifiers"], rows["entities"], groups)
    conflicts = list(groups.conflicts)
    ids = [column.cast(pa.string()).combine_chunks() for column in found.columns]
    none = [pa.nulls(count, pa.string()) for count in (len(conflicts), found.num_rows)]
    columns = [pa.concat_arrays([column, none[0]]) for column in ids]
    return pa.table([*columns, pa.concat_arrays([none[1], pa.array(conflicts, pa.string())])], schema=FOUND)


def renewed_ids(batches: Iterator[pa.RecordBatch], name: str) -> Iterator[pa.RecordBatch]:
    """Yield links or listings with ids made of what they say now."""
    for batch in batches:
        rows = pa.Table.from_batches([batch])
        ids = with_ids(_typed(name, rows))["id"]
        yield from rows.set_column(rows.schema.get_field_index("id"), "id", ids).combine_chunks().to_batches()


def joined_rows(table: pa.Table, name: str, same: tuple[str, ...]) -> pa.Table:
    """Return the rows of a part with those about one thing as one, each still with its place."""
    ordered = table.take(pc.sort_indices(table, [(FILE, "ascending"), (LINE, "ascending")]))
    rows = _typed(name, ordered)
    for column in (FILE, LINE):
        rows = rows.append_column(column, ordered[column])
    prints = [fingerprint.of_text(rows[column]) for column in same]
    joined, _ = rows_as_one(rows, prints[0] if name == "entities" else fingerprint.combined(*prints))
    return joined.cast(table.select(joined.column_names).schema)


def _typed(name: str, rows: pa.Table) -> pa.Table:
    """Return rows with the very columns of their table."""
    columns = {column: rows[column] for column in rows.column_names if column in SCHEMAS[name].names}
    return complete(name, columns, rows.num_rows)
