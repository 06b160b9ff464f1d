"""Parquet: the tables as a graph keeps them anyway."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from listed.exports.told import Told
from listed.graph.snapshot import Graph
from listed.graph.tables import SCHEMAS, Tables


def write_parquet(tables: Tables, folder: Path, told: Told) -> tuple[str, ...]:
    """Write every table, with every column."""
    for name in SCHEMAS:
        if tables[name].num_rows:
            told.wrote(name.replace("_", " "), tables[name].num_rows)
        pq.write_table(tables[name], folder / f"{name}.parquet", compression="zstd")
    return ()


def where_it_is(graph: Graph) -> Path | None:
    """Return the folder in which a graph's snapshot lies as Parquet already; none for one in memory."""
    folder = Path(graph.name) / "snapshots" / str(graph.number)
    return folder if folder.is_dir() else None
