"""Plain CSV: entities, links, listings and sources as a spreadsheet or a script reads them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.nodes_and_edges import tell_what_nodes_lack
from listed.exports.text_columns import cell, chunks, mended, plain
from listed.exports.told import Told
from listed.graph.property_graph import LISTED_ON, PropertyGraph
from listed.graph.tables import TEXT, Tables

_FORMULA = r"^[=+\-@\t\r]"
_BETWEEN = "; "


def write_csv(tables: Tables, folder: Path, told: Told) -> tuple[str, ...]:
    """Write ``entities.csv``, ``links.csv``, ``listings.csv`` and ``sources.csv``."""
    from listed.exports.nodes_and_edges import exported

    graph = exported(tables, told)
    tell_what_nodes_lack(tables, told)
    told.lose("lists are dropped: each listing names its own", told.counts.pop("lists", 0))
    writer = _Writer(folder, told)
    for name, rows in _whole(graph).items():
        writer.write(name, rows)
    return ()


def _whole(graph: PropertyGraph) -> dict[str, pa.Table]:
    def together(parts: list[pa.Table]) -> pa.Table | None:
        return pa.concat_tables(parts) if parts else None

    links = [
        one.rows.add_column(1, "type", pa.array([one.type] * one.rows.num_rows, TEXT))
        for one in graph.relationships
        if one.type != LISTED_ON
    ]
    listings = [
        one.rows.rename_columns(["entity", "list", *one.rows.column_names[2:]])
        for one in graph.relationships
        if one.type == LISTED_ON
    ]
    found = {
        "entities": together([one.rows for one in graph.nodes if one.labels[0] == "Entity"]),
        "links": together(links),
        "listings": together(listings),
        "sources": together([one.rows for one in graph.nodes if one.labels[0] == "Source"]),
    }
    return {name: table for name, table in found.items() if table is not None}


class _Writer:
    def __init__(self, folder: Path, told: Told) -> None:
        self._folder, self._told = folder, told

    def write(self, name: str, rows: pa.Table) -> None:
        import pyarrow.csv as pa_csv

        schema = pa.schema([(column, TEXT) for column in rows.column_names])
        with pa_csv.CSVWriter(self._folder / f"{name}.csv", schema) as writer:
            for part in chunks(rows):
                columns = [self._cell(column.combine_chunks()) for column in part.columns]
                writer.write_table(pa.table(columns, schema=schema))

    def _cell(self, column: pa.Array) -> pa.Array:
        if pa.types.is_floating(column.type) or pa.types.is_boolean(column.type):
            return cell(column)
        if pa.types.is_list(column.type):
            return self._safe(self._listed(column))
        return self._safe(cell(column))

    def _listed(self, column: pa.Array) -> pa.Array:
        ambiguous = pc.sum(pc.match_substring(plain(column.flatten()), _BETWEEN)).as_py() or 0
        self._told.lose(f'values hold "{_BETWEEN}", which stands between the values of a cell', ambiguous)
        texts = pc.binary_join(column.cast(pa.list_(TEXT)), _BETWEEN)
        return pc.if_else(pc.equal(pc.list_value_length(column), 0), pa.scalar(None, TEXT), texts)

    def _safe(self, texts: pa.Array) -> pa.Array:
        return mended(texts, _FORMULA, self._quoted)

    def _quoted(self, text: str) -> str:
        self._told.lose("texts that a spreadsheet would run as a formula begin with '")
        return f"'{text}"
