"""CSV files with typed headers for ``neo4j-admin database import full``: the fastest way into an empty Neo4j."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.nodes_and_edges import edge_properties, exported, node_properties, tell_what_nodes_lack
from listed.exports.text_columns import cell, chunks, constant, mended, plain
from listed.exports.told import Told
from listed.graph.property_graph import Nodes, Relationships
from listed.graph.tables import TEXT, Tables

_BETWEEN = "\x1f"
"""Stands between the values of a list: a control character made for it, which no name holds."""

COMMAND = "neo4j-admin database import full neo4j --array-delimiter=U+001F --multiline-fields=true"


def write_neo4j_csv(tables: Tables, folder: Path, told: Told) -> tuple[str, ...]:
    """Write the files; return the command that imports them, line by line."""
    graph = exported(tables, told)
    tell_what_nodes_lack(tables, told)
    writer = _Writer(folder, told)
    given = [f"--nodes={writer.nodes(one)}" for one in graph.nodes]
    given += [f"--relationships={writer.relationships(one)}" for one in graph.relationships]
    lines = [f"{COMMAND} \\", *(f"  {one} \\" for one in given)]
    lines[-1] = lines[-1].removesuffix(" \\")
    command = "\n".join(lines) + "\n"
    (folder / "import.sh").write_text("#!/bin/sh\n# Run here, with the database stopped and empty.\n" + command)
    return ("Import it, in that folder, into a stopped and empty database:", *lines)


class _Writer:
    def __init__(self, folder: Path, told: Told) -> None:
        self._folder, self._told = folder, told

    def nodes(self, nodes: Nodes) -> str:
        """Write nodes of the same labels; return the name of their file."""
        label = nodes.labels[0]
        types = node_properties(label)
        header = [f"id:ID({label})" if name == "id" else _typed(types.field(name)) for name in nodes.rows.column_names]
        name = f"nodes-{'-'.join(nodes.labels)}.csv"
        self._write(name, nodes.rows, header, (":LABEL", ";".join(nodes.labels).replace(";", _BETWEEN)))
        return name

    def relationships(self, one: Relationships) -> str:
        """Write relationships of a type; return the name of their file."""
        types = edge_properties(one.type)
        ends = {"source": f":START_ID({one.source_label})", "target": f":END_ID({one.target_label})"}
        header = [ends[name] if name in ends else _typed(types.field(name)) for name in one.rows.column_names]
        name = f"links-{one.type}.csv"
        self._write(name, one.rows, header, (":TYPE", one.type))
        return name

    def _write(self, name: str, rows: pa.Table, header: list[str], last: tuple[str, str]) -> None:
        import pyarrow.csv as pa_csv

        schema = pa.schema([(one, TEXT) for one in (*header, last[0])])
        with pa_csv.CSVWriter(self._folder / name, schema) as writer:
            for part in chunks(rows):
                columns = [self._cell(column.combine_chunks()) for column in part.columns]
                writer.write_table(pa.table([*columns, constant(last[1], part.num_rows)], schema=schema))

    def _cell(self, column: pa.Array) -> pa.Array:
        if not pa.types.is_list(column.type):
            return cell(column)
        values = mended(plain(column.flatten()), _BETWEEN, self._without_mark)
        lengths = pc.fill_null(pc.list_value_length(column), 0)
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
        text = pc.binary_join(pa.ListArray.from_arrays(offsets, values), _BETWEEN)
        return pc.if_else(pc.equal(lengths, 0), pa.scalar(None, TEXT), text)

    def _without_mark(self, text: str) -> str:
        self._told.lose("texts with the control character U+001F, which stands between values, have a blank there")
        return text.replace(_BETWEEN, " ")


def _typed(field: pa.Field) -> str:
    if pa.types.is_list(field.type):
        return f"{field.name}:string[]"
    if pa.types.is_floating(field.type):
        return f"{field.name}:double"
    if pa.types.is_boolean(field.type):
        return f"{field.name}:boolean"
    return f"{field.name}:{'date' if pa.types.is_date(field.type) else 'string'}"
