"""The columns of tables and of answers, in the types of Arrow and of Spark."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pyarrow as pa

from listed.graph.tables import SCHEMAS

PERCENT = pa.decimal128(18, 6)
"""Percentages in an answer: a sum of what contradicting sources state may be far above 100."""


def in_spark(type_: pa.DataType) -> str:
    """Return the type of a column in Spark's own words; words that recur are plain text there."""
    if pa.types.is_dictionary(type_):
        return in_spark(type_.value_type)
    if pa.types.is_list(type_):
        return f"ARRAY<{in_spark(type_.value_type)}>"
    if pa.types.is_struct(type_):
        return f"STRUCT<{', '.join(f'`{field.name}`: {in_spark(field.type)}' for field in type_)}>"
    if pa.types.is_decimal(type_):
        return f"DECIMAL({type_.precision}, {type_.scale})"
    return _PLAIN[type_]


_PLAIN = {
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.int32(): "INT",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
}


def schema_in_spark(schema: pa.Schema) -> str:
    """Return a table's columns in Spark's own words."""
    return ", ".join(f"`{field.name}` {in_spark(field.type)}" for field in schema)


def table_in_spark(table: str) -> str:
    """Return the columns of a table of the graph in Spark's own words."""
    return schema_in_spark(SCHEMAS[table])


@lru_cache
def columns_of(record: type) -> pa.Schema:
    """Return the columns of an answer's rows, from the fields of their record.

    A record within itself, as the owners of an owner's owners, has no column: an answer on Spark tells of
    each owner in the owner's own row.
    """
    return pa.schema(_fields(record, ()))


def rows_in_columns(record: type, rows: Sequence[Any], **more: Sequence[Any]) -> pa.Table:
    """Return the rows of an answer as columns; ``more`` are columns beside them, of whole numbers."""
    schema = columns_of(record)
    table = pa.Table.from_pylist([_plain(row, schema) for row in rows], schema=schema)
    for name, values in more.items():
        table = table.append_column(name, pa.array(values, pa.int64()))
    return table


def _fields(record: type, within: tuple[type, ...]) -> list[pa.Field]:
    hints = typing.get_type_hints(record)
    found = ((field.name, _type(hints[field.name], (*within, record))) for field in dataclasses.fields(record))
    return [pa.field(name, type_) for name, type_ in found if type_ is not None]


def _type(hint: Any, within: tuple[type, ...]) -> pa.DataType | None:
    if hint in _WORDS:
        return _WORDS[hint]
    if isinstance(hint, types.UnionType):
        return _type(next(one for one in typing.get_args(hint) if one is not type(None)), within)
    if typing.get_origin(hint) is tuple:
        inner = _type(typing.get_args(hint)[0], within)
        return None if inner is None else pa.list_(inner)
    return None if hint in within else pa.struct(_fields(hint, within))


_WORDS: dict[Any, pa.DataType] = {str: pa.string(), bool: pa.bool_(), int: pa.int64(), Decimal: PERCENT}


def _plain(value: Any, type_: Any) -> Any:
    """Return a record as the dictionary Arrow takes, without what has no column."""
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name), field.type) for field in type_}
    if isinstance(value, tuple):
        return [_plain(one, type_.value_type) for one in value]
    return value
