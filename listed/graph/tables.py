"""The columns a graph is kept in: one Arrow schema per table.

The statements of a source and the snapshot merged from them have the same columns, so that a
snapshot of one source is that source, and whatever reads Parquet reads both. Words that recur
are dictionaries; dates stand as the text a reporter reads (``2019-04``) and as the days between
which they lie; a share is a decimal percentage with six places, so that sums are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.period import START_TOLD, PartialDate
from listed.graph.share import Share, ShareUnit, parse_share

TEXT = pa.string()
WORD = pa.dictionary(pa.int32(), pa.string())
WORDS = pa.list_(pa.string())
DAY = pa.date32()
SHARE = pa.decimal128(9, 6)
AMOUNT = pa.decimal128(20, 2)

_PROVENANCE = [("dataset", WORD), ("sources", WORDS), ("record", TEXT), ("flags", WORDS)]
_DATES = [
    ("start_date", WORD),
    ("end_date", WORD),
    ("start_earliest", DAY),
    ("start_latest", DAY),
    ("end_earliest", DAY),
    ("end_latest", DAY),
]

SCHEMAS: dict[str, pa.Schema] = {
    "entities": pa.schema([
        ("id", TEXT), ("name", TEXT), ("schema", WORD), ("countries", WORDS), ("topics", WORDS),
        ("note", TEXT), ("properties", TEXT), ("placeholder", pa.bool_()), *_PROVENANCE,
    ]),
    "names": pa.schema([("entity", TEXT), ("text", TEXT), ("kind", WORD), ("script", WORD),
                        ("dataset", WORD), ("sources", WORDS)]),
    "identifiers": pa.schema([("entity", TEXT), ("scheme", WORD), ("value", TEXT), ("dataset", WORD),
                              ("sources", WORDS)]),
    "addresses": pa.schema([("entity", TEXT), ("text", TEXT), ("country", WORD), ("dataset", WORD),
                            ("sources", WORDS)]),
    "links": pa.schema([
        ("id", TEXT), ("type", WORD), ("source", TEXT), ("target", TEXT), ("role", WORD), *_DATES,
        ("share_min", SHARE), ("share_max", SHARE), ("share_min_open", pa.bool_()),
        ("share_max_open", pa.bool_()), ("share_text", WORD), ("basis", WORD), ("direct", pa.bool_()),
        ("amount", AMOUNT), ("currency", WORD), ("note", TEXT), ("confidence", WORD), *_PROVENANCE,
    ]),
    "listings": pa.schema([
        ("id", TEXT), ("entity", TEXT), ("list", WORD), ("programs", WORDS), *_DATES, ("citation", TEXT),
        ("licence_requirement", WORD), ("licence_policy", WORD), ("remarks", TEXT), *_PROVENANCE,
    ]),
    "sources": pa.schema([("id", TEXT), ("title", TEXT), ("publisher", TEXT), ("published", TEXT),
                          ("url", TEXT), ("retrieved", TEXT), ("dataset", WORD)]),
    "set_aside": pa.schema([("dataset", WORD), ("record", TEXT), ("reason", WORD), ("text", TEXT)]),
    "merged_ids": pa.schema([("id", TEXT), ("entity", TEXT), ("reason", WORD)]),
}  # fmt: skip
"""Every table of a snapshot. ``merged_ids`` leads from an id that went into another entity to it."""

STATEMENT_TABLES = tuple(name for name in SCHEMAS if name != "merged_ids")
"""The tables a source has."""

Tables = dict[str, pa.Table]


@dataclass(frozen=True, slots=True)
class Batch:
    """Many statements at once, as columns: for loaders that read tables whole.

    Parameters
    ----------
    table
        A name in :data:`SCHEMAS`.
    rows
        Any of its columns, with their types; those left out are filled with nulls
        (:func:`complete`).
    """

    table: str
    rows: pa.Table


def empty(table: str) -> pa.Table:
    """Return a table with its columns and no rows."""
    return SCHEMAS[table].empty_table()


def complete(table: str, columns: dict[str, pa.Array | pa.ChunkedArray], rows: int) -> pa.Table:
    """Return a table with every column of its schema; those not given are null, or empty lists."""
    filled = []
    for field in SCHEMAS[table]:
        given = columns.get(field.name)
        if given is None:
            given = no_words(rows) if field.type == WORDS else _nothing(field.type, rows)
        filled.append(given if given.type == field.type else given.cast(field.type))
    return pa.table(filled, schema=SCHEMAS[table])


def _nothing(type_: pa.DataType, rows: int) -> pa.Array:
    if type_ == pa.bool_():
        return pa.nulls(rows, type_)
    if pa.types.is_dictionary(type_):
        return pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()), pa.array([], pa.string()))
    return pa.nulls(rows, type_)


def no_words(rows: int) -> pa.ListArray:
    """Return ``rows`` empty lists of words."""
    return pa.ListArray.from_arrays(pa.array(np.zeros(rows + 1, np.int32)), pa.array([], pa.string()))


def one_word(word: str, rows: int) -> pa.DictionaryArray:
    """Return a column that says the same word in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([word]))


def lists_of_one(values: pa.Array) -> pa.ListArray:
    """Return a column of lists with one word each, none where null: ``["a", None]`` becomes ``[["a"], []]``."""
    said = values.is_valid().to_numpy(zero_copy_only=False)
    offsets = np.concatenate([[0], np.cumsum(said)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values.drop_null())


def row_numbers(rows: Sequence[int] | npt.NDArray[np.integer]) -> pa.Int64Array:
    """Return row numbers for ``take``. Made of its bytes, for Arrow imports pandas to convert Python's and NumPy's."""
    numbers = np.ascontiguousarray(rows, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def share_decimals(units: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> pa.Array:
    """Return millionths of a point as the exact decimals of :data:`SHARE`.

    Parameters
    ----------
    units, known
        Shape ``(n,)``; where ``known`` is false the decimal is null.
    """
    wide = np.empty((len(units), 2), np.int64)
    wide[:, 0] = units
    wide[:, 1] = units >> 63
    exact = pa.Array.from_buffers(SHARE, len(units), [None, pa.py_buffer(wide)])
    if known.all():
        return exact
    return pa.compute.if_else(pa.array(known), exact, pa.scalar(None, SHARE))


def share_units(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return the reverse of :func:`share_decimals`: ``(units, known)``, shape ``(n,)``, 0 where unknown."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if len(whole) == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.bool_)
    known = whole.is_valid().to_numpy(zero_copy_only=False)
    raw = np.frombuffer(whole.buffers()[1], np.int64)
    units = raw[2 * whole.offset : 2 * (whole.offset + len(whole)) : 2]
    return np.where(known, units, 0), known


def share_columns(shares: Sequence[Share], codes: npt.NDArray[np.int32] | None = None) -> dict[str, pa.Array]:
    """Return the five share columns of ``links``.

    Parameters
    ----------
    shares
        The shares of the rows; or, with ``codes``, the distinct ones.
    codes
        Shape ``(n,)``: which of ``shares`` each row has.
    """
    pick = np.arange(len(shares), dtype=np.int32) if codes is None else codes
    low = np.array([share.low or 0 for share in shares], np.int64)
    high = np.array([share.high or 0 for share in shares], np.int64)
    known = np.array([share.known for share in shares], np.bool_)
    opens = np.array([[share.low_open, share.high_open] for share in shares], np.bool_).reshape(-1, 2)
    texts = [share.text for share in shares]
    return {
        "share_min": share_decimals(low[pick], known[pick]),
        "share_max": share_decimals(high[pick], known[pick]),
        "share_min_open": pa.array(opens[pick, 0]),
        "share_max_open": pa.array(opens[pick, 1]),
        "share_text": _words(texts, pick),
    }


def date_columns(side: str, dates: Sequence[PartialDate], codes: npt.NDArray[np.int32] | None = None) -> dict[
    str, pa.Array
]:  # fmt: skip
    """Return the three date columns of one side (``start`` or ``end``); as for :func:`share_columns`."""
    pick = np.arange(len(dates), dtype=np.int32) if codes is None else codes
    taken = pa.array(pick)
    return {
        f"{side}_date": _words([str(day) for day in dates], pick),
        f"{side}_earliest": pa.array([day.earliest for day in dates], DAY).take(taken),
        f"{side}_latest": pa.array([day.latest for day in dates], DAY).take(taken),
    }


def read_shares(column: pa.ChunkedArray, unit: ShareUnit | None) -> tuple[dict[str, pa.Array], list[tuple[int, str]]]:
    """Read a column of texts or numbers as shares, each distinct text once.

    Returns
    -------
    columns, flags
        The share columns, and ``(row, flag)`` for each row that was not taken at its word.
    """
    texts, codes = _distinct(column)
    shares = [parse_share(text, unit) for text in texts]
    return share_columns(shares, codes), _flagged([share.flag for share in shares], codes)


def read_dates(
    side: str, column: pa.ChunkedArray, read: Callable[[Sequence[str | None]], list[PartialDate]]
) -> tuple[dict[str, pa.Array], list[tuple[int, str]]]:
    """Read a column of texts or dates by ``read``, which gets each distinct one; as for :func:`read_shares`."""
    texts, codes = _distinct(column)
    dates = read(texts)
    flags = [f"{day.text}: {day.flag}" if day.flag else "" for day in dates]
    return date_columns(side, dates, codes), _flagged(flags, codes)


def _distinct(column: pa.ChunkedArray) -> tuple[list[str | None], npt.NDArray[np.int32]]:
    text = column if pa.types.is_string(column.type) else column.cast(TEXT)
    encoded = (text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text).dictionary_encode("encode")
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False)


def _words(texts: list[str], codes: npt.NDArray[np.int32]) -> pa.DictionaryArray:
    """Return the text of each row as a column of words, null where empty."""
    distinct = {text: place for place, text in enumerate(dict.fromkeys(text for text in texts if text))}
    place = np.array([distinct.get(text, -1) for text in texts], np.int32)[codes]
    return pa.DictionaryArray.from_arrays(pa.array(place, mask=place < 0), pa.array(list(distinct), TEXT))


def _flagged(flags: list[str], codes: npt.NDArray[np.int32]) -> list[tuple[int, str]]:
    bad = [code for code, flag in enumerate(flags) if flag]
    if not bad:
        return []
    rows = np.flatnonzero(np.isin(codes, bad))
    return [(int(row), flags[codes[row]]) for row in rows]


def day_number(day: date) -> int:
    """Return a day as Arrow and NumPy count it: days since 1970-01-01."""
    return day.toordinal() - 719163


def starts_told(rows: pa.Table) -> pa.Array:
    """Return of links or listings, by their column ``flags``, which start on the day a source told of them."""
    flags = pc.binary_join(rows["flags"].combine_chunks(), "\n")
    return pc.fill_null(pc.match_substring(flags, START_TOLD), fill_value=False)


def flag_lists(rows: int, flags: Sequence[tuple[int, str]]) -> pa.ListArray:
    """Return a column of flags, from ``(row, flag)`` pairs in any order."""
    if not flags:
        return no_words(rows)
    count = np.bincount([row for row, _ in flags], minlength=rows)
    offsets = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array([flag for _, flag in sorted(flags)], TEXT))
