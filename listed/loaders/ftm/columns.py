"""Rows gathered as columns, and handed on as batches.

Python handles half a million objects one value at a time; only whole columns are quick enough
to be made into Arrow. What recurs (sources, dates, shares) is kept once, and by number.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.period import PartialDate
from listed.graph.share import Share
from listed.graph.tables import AMOUNT, TEXT, WORDS, Batch, date_columns, flag_lists, share_columns

Key = TypeVar("Key", bound=Hashable)


@dataclass(slots=True)
class Numbered(Generic[Key]):
    """Distinct values, each with a number."""

    number: dict[Key, int] = field(default_factory=dict)

    def __call__(self, value: Key) -> int:
        """Return the number of a value."""
        return self.number.setdefault(value, len(self.number))

    def value(self, number: int) -> Key:
        """Return the value of a number."""
        return next(islice(self.number, number, None))

    def taken(self, numbers: Sequence[int] | npt.NDArray[np.int32], type_: pa.DataType) -> pa.Array:
        """Return a column with the value of each number."""
        values = [list(value) if isinstance(value, tuple) else value for value in self.number]
        return pa.array(values, type_).take(pa.array(numbers, pa.int32()))


Sources = Numbered[tuple[str, ...]]
"""Which sources say a thing."""


@dataclass(slots=True)
class Papers:
    """Rows of ``identifiers`` told by objects of their own: passports and the like."""

    entity: list[str] = field(default_factory=list)
    scheme: list[str] = field(default_factory=list)
    value: list[str] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)

    def add(self, entity: str, scheme: str, value: str, sources: int) -> None:
        """Add one row."""
        self.entity.append(entity)
        self.scheme.append(scheme)
        self.value.append(value)
        self.sources.append(sources)

    def batch(self, sources: Sources) -> Batch:
        """Return the rows."""
        columns = {
            "entity": pa.array(self.entity, TEXT),
            "scheme": pa.array(self.scheme, TEXT).dictionary_encode(),
            "value": pa.array(self.value, TEXT),
            "sources": sources.taken(self.sources, WORDS),
        }
        return Batch("identifiers", pa.table(columns))


_LINK = ("type", "source", "target", "role", "start", "end", "share", "basis", "direct", "amount", "currency", "note",
         "sources", "line", "id")  # fmt: skip


@dataclass(slots=True)
class Links:
    """Rows of ``links``; their ends' fingerprints are kept for what is known only at the end."""

    rows: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _LINK})
    flags: list[tuple[int, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.rows["source"])

    def add(self, row: Sequence[Any], flags: Sequence[str] = ()) -> None:
        """Add one row: the values of ``_LINK`` in order."""
        self.flags += [(len(self), flag) for flag in flags]
        for column, value in zip(self.rows.values(), row, strict=True):
            column.append(value)

    def extend(self, columns: Sequence[Sequence[Any]], flags: Mapping[int, Sequence[str]]) -> None:
        """Add many rows: the columns of ``_LINK`` in order, and the flags of some of them."""
        first = len(self)
        self.flags += [(first + row, flag) for row, said in flags.items() for flag in said]
        for column, values in zip(self.rows.values(), columns, strict=True):
            column.extend(values)

    def table(self, file: str, sources: Sources, dates: Numbered[PartialDate], shares: Numbered[Share]) -> pa.Table:
        """Return the rows."""
        rows = self.rows
        whole_dates, whole_shares = list(dates.number), list(shares.number)
        columns = {
            name: pa.array(rows[name], TEXT).dictionary_encode() for name in ("type", "role", "basis", "currency")
        }
        columns |= {name: pa.array(rows[name], TEXT) for name in ("source", "target", "note")}
        for side in ("start", "end"):
            columns |= date_columns(side, whole_dates, np.array(rows[side], np.int32))
        columns |= share_columns(whole_shares, np.array(rows["share"], np.int32))
        columns["direct"] = pa.array(rows["direct"], pa.bool_())
        columns["amount"] = pa.array(rows["amount"], AMOUNT)
        columns["sources"] = sources.taken(rows["sources"], WORDS)
        columns["record"] = records(file, rows["line"], rows["id"])
        columns["flags"] = flag_lists(len(self), self.flags)
        return pa.table(columns)


def records(file: str, lines: Sequence[int], ids: Sequence[str] | None = None) -> pa.Array:
    """Return "file.json line 17" for each line; with ids, the object's id after it."""
    numbers = pa.array(lines, pa.int64()).cast(TEXT)
    if ids is None:
        return pc.binary_join_element_wise(pa.scalar(f"{file} line"), numbers, " ")
    return pc.binary_join_element_wise(pa.scalar(f"{file} line"), numbers, pa.array(ids, TEXT), " ")
