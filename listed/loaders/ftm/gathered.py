"""Objects gathered as columns, one per property, so that half a million of them are a matter of seconds."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.tables import TEXT
from listed.loaders.ftm.lines import Record

Rows = npt.NDArray[np.int64]

_encode = msgspec.json.Encoder().encode


_Plan = tuple["Column | None", bool]
"""Where the values of a property go, and whether the pairs are kept."""


class Column(NamedTuple):
    """The values of a property: the rows that have it, how many each has, and the values of all."""

    rows: list[int]
    counts: list[int]
    texts: list[str]


_EMPTY = Column([], [], [])


@dataclass(slots=True)
class Flat:
    """The values of a property one by one, each with the row it belongs to; empty ones are left out."""

    rows: Rows
    texts: pa.Array

    def picked(self, keep: npt.NDArray[np.bool_]) -> Flat:
        """Return the values to keep."""
        return Flat(self.rows[keep], self.texts.filter(pa.array(keep)))


class Gathered:
    """Objects of one kind, value by value: no object is held, so that memory is used again at once.

    Parameters
    ----------
    wanted
        Properties that are gathered as columns; of the others the pairs are kept. Without it: all.
    both
        Properties of which both is done.

    Attributes
    ----------
    ids, captions, schemata, lines, cited
        Of each object; ``cited`` is the number of its sources.
    kept
        Of each object the pairs of property and value, as JSON; ``None`` if there are none.
    columns
        By property its values.
    flags
        ``(row, flag)``: what could not be taken at its word.
    """

    def __init__(self, wanted: Container[str] | None = None, both: Container[str] = ()) -> None:
        self._wanted, self._both = wanted, both
        self.ids: list[str] = []
        self.captions: list[str] = []
        self.schemata: list[str] = []
        self.lines: list[int] = []
        self.cited: list[int] = []
        self.kept: list[str | None] = []
        self.columns: dict[str, Column] = {}
        self._plans: dict[str, _Plan] = {}
        self._said: dict[int, dict[str, list[str]]] | None = None
        self.flags: list[tuple[int, str]] = []

    def __len__(self) -> int:
        return len(self.lines)

    def add(self, record: Record, line: int, cited: int, flags: Sequence[str] = ()) -> None:
        """Add an object."""
        row, plans = len(self.lines), self._plans
        self.ids.append(record.id)
        self.captions.append(record.caption or "")
        self.schemata.append(record.schema or "LegalEntity")
        self.lines.append(line)
        self.cited.append(cited)
        if flags:
            self.flags += [(row, flag) for flag in flags]
        kept: list[tuple[str, str]] = []
        for key, values in record.properties.items():
            column, too = plans.get(key) or self._plan(key)
            if column is not None:
                rows, counts, texts = column
                rows.append(row)
                counts.append(len(values))
                texts += values
            if too:
                for value in values:
                    if value:
                        kept.append((key, value))  # noqa: PERF401 - quicker, as most lists hold one value
        self.kept.append(_encode(kept).decode() if kept else None)

    def _plan(self, key: str) -> _Plan:
        """Return what is done with the values of a property."""
        if self._wanted is not None and key not in self._wanted:
            plan: _Plan = (None, True)
        else:
            self.columns[key] = Column([], [], [])
            plan = (self.columns[key], key in self._both)
        self._plans[key] = plan
        return plan

    def keep(self, row: int, key: str, text: str) -> None:
        """Add a pair to those kept of an object."""
        pair, before = _encode([(key, text)]).decode(), self.kept[row]
        self.kept[row] = f"{before[:-1]},{pair[1:]}" if before else pair

    def pairs(self, row: int) -> list[tuple[str, str]]:
        """Return the pairs kept of an object."""
        return [(key, text) for key, text in msgspec.json.decode(self.kept[row] or "[]")]

    def flat(self, key: str) -> Flat:
        """Return the values of a property one by one."""
        rows, counts, said = self.columns.get(key, _EMPTY)
        texts = pa.array(said, TEXT)
        flat = Flat(np.repeat(np.array(rows, np.int64), np.array(counts, np.int64)), texts)
        if "" not in said:
            return flat
        return flat.picked(pc.not_equal(texts, "").to_numpy(zero_copy_only=False))

    def column(self, key: str) -> Iterable[tuple[int, tuple[str, ...]]]:
        """Return row and values of each object that has a property; empty values are left out."""
        rows, counts, said = self.columns.get(key, _EMPTY)
        if len(rows) == len(said) and "" not in said and 0 not in counts:
            return zip(rows, zip(said, strict=True), strict=True)
        values = iter(said)
        told = ((row, tuple(filter(None, islice(values, count)))) for row, count in zip(rows, counts, strict=True))
        return ((row, texts) for row, texts in told if texts)

    def spread(self, key: str, made: Callable[[tuple[str, ...]], Any], nothing: Any) -> list[Any]:
        """Return for each object what is made of its values of a property."""
        values = [nothing] * len(self)
        for row, texts in self.column(key):
            values[row] = made(texts)
        return values

    def properties(self, row: int) -> dict[str, list[str]]:
        """Return what an object said, where all its properties are columns; none are added after."""
        if self._said is None:
            self._said = {}
            for key in self.columns:
                for place, texts in self.column(key):
                    self._said.setdefault(place, {})[key] = list(texts)
        return self._said.get(row, {})


def concatenated(parts: Iterable[Flat]) -> Flat:
    """Return the values of several properties, one after the other."""
    parts = list(parts)
    if not parts:
        return Flat(np.zeros(0, np.int64), pa.array([], TEXT))
    return Flat(np.concatenate([part.rows for part in parts]), pa.concat_arrays([part.texts for part in parts]))


def as_lists(rows: Rows, texts: pa.Array, count: int) -> pa.ListArray:
    """Return a list of texts for each of ``count`` rows; ``rows`` in ascending order."""
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts)
