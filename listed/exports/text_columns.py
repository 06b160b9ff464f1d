"""Columns made into text whole: what a format writes of many rows, without a loop over them.

Only texts that need mending (a quote, a line break) are looked at one by one, and they are few.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.tables import TEXT

CHUNK = 20_000
"""Rows written at once, so that memory does not grow with the graph."""

Rows = npt.NDArray[np.int64]

_JSON_NEEDS = r'["\\\x00-\x1f\x7f]'


def chunks(table: pa.Table, size: int = CHUNK) -> Iterator[pa.Table]:
    """Yield a table in slices."""
    for start in range(0, table.num_rows, size):
        yield table.slice(start, size).combine_chunks()


def plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return a column of texts or words as one array of texts."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return whole.cast(TEXT) if whole.type != TEXT else whole


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return the parts of each row one after the other; what is null says nothing."""
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def wrapped(before: str, texts: pa.Array, after: str) -> pa.Array:
    """Return the texts between two others; null stays null."""
    return pc.binary_join_element_wise(before, texts, after, "")


def constant(text: str, rows: int) -> pa.Array:
    """Return a column that says the same in every row."""
    return pa.repeat(pa.scalar(text, TEXT), rows)


def data_of(texts: pa.Array) -> memoryview:
    """Return all texts of a column one after the other, as they lie in memory."""
    if not len(texts):
        return memoryview(b"")
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    data = texts.buffers()[2]
    return memoryview(data)[int(offsets[0]) : int(offsets[-1])] if data is not None else memoryview(b"")


def mended(texts: pa.Array, needs: str, mend: Callable[[str], str]) -> pa.Array:
    """Return the texts, those that a pattern matches mended."""
    wrong = pc.fill_null(pc.match_substring_regex(texts, needs), fill_value=False)
    if not pc.any(wrong).as_py():
        return texts
    return pc.replace_with_mask(texts, wrong, pa.array(map(mend, texts.filter(wrong).to_pylist()), TEXT))


def visible(texts: pa.Array) -> pa.Array:
    """Return which texts have a character that can be seen; null has none."""
    return pc.fill_null(pc.match_substring_regex(texts, r"[^\s\p{Z}\p{Cc}\p{Cf}]"), fill_value=False)


def json_text(texts: pa.Array) -> pa.Array:
    """Return texts as JSON texts; null stays null."""
    return wrapped('"', mended(texts, _JSON_NEEDS, lambda text: json.dumps(text, ensure_ascii=False)[1:-1]), '"')


def json_lists(lists: pa.ListArray, *, empty: bool = False) -> pa.Array:
    """Return lists of texts as JSON arrays; one that is empty is null, unless asked for."""
    inner = pa.ListArray.from_arrays(_offsets(lists), json_text(_flat(lists)))
    written = wrapped("[", pc.binary_join(inner, ","), "]")
    filled = pc.fill_null(written, "[]")
    return filled if empty else pc.if_else(pc.equal(filled, "[]"), pa.scalar(None, TEXT), filled)


def _flat(lists: pa.ListArray) -> pa.Array:
    values = lists.flatten()
    return values.cast(TEXT) if values.type != TEXT else values


def _offsets(lists: pa.ListArray) -> pa.Array:
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    return pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))


def grouped(rows: Rows, values: pa.Array, count: int) -> pa.ListArray:
    """Return for each of ``count`` rows the list of its values, in their order.

    Parameters
    ----------
    rows
        Shape ``(n,)``: whose each value is.
    values
        Of any type.
    """
    order = np.argsort(rows, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=count))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values.take(pa.array(order)))


def cell(column: pa.Array) -> pa.Array:
    """Return a column of any of our types as text: dates by ISO 8601, truths as true and false, lists as JSON."""
    if pa.types.is_list(column.type):
        return json_lists(column)
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "true", "false")
    if pa.types.is_floating(column.type):
        return _numbers(column)
    return plain(column)


def _numbers(column: pa.Array) -> pa.Array:
    """Return numbers with a point, so that a reader takes none for a whole number: 25 is ``25.0``."""
    texts = column.cast(TEXT)
    whole = pc.match_substring_regex(texts, r"^-?\d+$")
    texts = pc.if_else(pc.fill_null(whole, fill_value=False), wrapped("", texts, ".0"), texts)
    return pc.replace_substring(texts, "e+", "e")


def json_cell(column: pa.Array) -> pa.Array:
    """Return a column of any of our types as JSON; ``null`` where null."""
    text = cell(column)
    if not (pa.types.is_list(column.type) or pa.types.is_boolean(column.type) or _is_number(column.type)):
        text = json_text(text)
    return pc.fill_null(text, "null")


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_floating(type_) or pa.types.is_integer(type_))


class Parts:
    """A table whose rows are about entities, by entity.

    Parameters
    ----------
    part
        A table with the column ``entity``.
    ids
        Ids of the entities, in their order.
    """

    def __init__(self, part: pa.Table, ids: pa.Array) -> None:
        owner = np.asarray(pc.index_in(plain(part["entity"]), value_set=ids).to_numpy(zero_copy_only=False), np.int64)
        order = np.argsort(owner, kind="stable")
        self._owner = owner[order]
        self._rows = part.take(pa.array(order)).combine_chunks()

    def of(self, start: int, count: int) -> tuple[Rows, pa.Table]:
        """Return the rows of some entities in a row, and whose each is, counted from the first."""
        first, last = np.searchsorted(self._owner, [start, start + count])
        return self._owner[first:last] - start, self._rows.slice(first, last - first)


class Objects:
    """The members of many JSON objects, gathered in any order.

    Parameters
    ----------
    count
        How many objects.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._names: dict[str, int] = {}
        self._rows: list[Rows] = []
        self._codes: list[Rows] = []
        self._texts: list[pa.Array] = []

    def add(self, name: str, rows: Rows, texts: pa.Array) -> None:
        """Give values to a member of some objects; blank ones say nothing."""
        said = visible(texts)
        keep = np.asarray(said.to_numpy(zero_copy_only=False), np.bool_)
        code = self._names.setdefault(name, len(self._names))
        self._rows.append(rows[keep])
        self._codes.append(np.full(int(keep.sum()), code, np.int64))
        self._texts.append(texts.filter(said))

    def column(self, name: str, texts: pa.Array) -> None:
        """Give each object a value of a member; null is none."""
        self.add(name, np.arange(self._count), texts)

    def written(self) -> pa.Array:
        """Return the inside of each object, ``"name":["a","b"],"country":["cn"]``; no value twice."""
        rows, codes = (np.concatenate(parts or [np.zeros(0, np.int64)]) for parts in (self._rows, self._codes))
        texts = pa.concat_arrays([pa.array([], TEXT), *self._texts])
        key = rows * max(len(self._names), 1) + codes
        key, texts = _distinct(key, texts)
        members, first = np.unique(key, return_index=True)
        offsets = pa.array(np.append(first, len(key)).astype(np.int32))
        values = pc.binary_join(pa.ListArray.from_arrays(offsets, json_text(texts)), ",")
        names = pa.array([json.dumps(name) for name in self._names] or [""], TEXT)
        name = names.take(pa.array(members % max(len(self._names), 1)))
        member = pc.binary_join_element_wise(name, ":[", values, "]", "")
        return pc.binary_join(grouped(members // max(len(self._names), 1), member, self._count), ",")


def _distinct(key: Rows, texts: pa.Array) -> tuple[Rows, pa.Array]:
    """Return keys and texts sorted by key, each pair once, the first of its kind first."""
    codes = np.asarray(texts.dictionary_encode().indices.to_numpy(zero_copy_only=False), np.int64)
    _, first = np.unique(key * (int(codes.max(initial=0)) + 1) + codes, return_index=True)
    first.sort()
    order = first[np.argsort(key[first], kind="stable")]
    return key[order], texts.take(pa.array(order))


def distinct_prefix(word: str, ids: pa.Array) -> str:
    """Return a prefix that none of the ids begins with: ``list:``, or with more colons."""
    prefix = f"{word}:"
    while pc.any(pc.starts_with(ids, prefix)).as_py():
        prefix += ":"
    return prefix
