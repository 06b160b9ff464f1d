"""Parquet, row by row, for tables that need a mapping."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from listed.errors import InputError
from listed.loaders.inputs import Input
from listed.loaders.metered import reached
from listed.loaders.table.json_rows import flat
from listed.loaders.table.rows import Cell, Layout, Row, Table

_ROWS = 20_000


def open_parquet(given: Input, layout: Layout) -> Table:
    """Open a Parquet file; its columns have names and types, so that nothing of the layout is needed."""
    file = _file(given)
    columns = tuple(file.schema_arrow.names)

    def read() -> Iterator[Row | InputError]:
        number = 0
        file = _file(given)
        for batch in file.iter_batches(_ROWS):
            reached(given, number / file.metadata.num_rows)
            for cells in batch.to_pylist():
                number += 1
                yield Row(number, {name: _text(value) for name, value in cells.items()})

    return Table(given.name, columns, "row", 0, read)


def _file(given: Input) -> Any:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        if given.path is not None:
            return pq.ParquetFile(given.path)
        with given.open_binary() as stream:
            return pq.ParquetFile(pa.BufferReader(stream.read()))
    except (OSError, pa.ArrowException) as error:
        raise InputError(str(error).splitlines()[0], file=given.name, advice="is it a whole Parquet file?") from error


def _text(value: object) -> Cell:
    if isinstance(value, list):
        return [str(one) for one in value if one is not None]
    if isinstance(value, dict):
        return [f"{key}: {text}" for key, text in flat(value).items()]
    return "" if value is None else str(value)
