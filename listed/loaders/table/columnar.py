"""A reporter's own tables, CSV or Parquet, whose columns have the names we know.

Told apart by their header:

* stakes: ``owner, asset, share`` and optional ``start, end, source, type, role``;
* listings: ``name, list`` and optional ``start, end, citation, source``;
* entities: ``id, name`` and optional ``schema, country``.

A party is known by its name: the same name is the same party in every table of his. Where a
table has ids (``owner_id, asset_id, entity_id``) those are used as they are. Whole columns are
read at once, so that millions of rows are a matter of seconds.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.errors import InputError
from listed.graph.builder import UNNAMED
from listed.graph.model import UNREAD, SetAside, Source
from listed.graph.names import fold
from listed.graph.period import PartialDate
from listed.graph.share import ShareUnit
from listed.graph.tables import Batch, flag_lists, lists_of_one, one_word, read_dates, read_shares
from listed.graph.vocabulary import SCHEMATA, LinkType
from listed.loaders.inputs import Input
from listed.loaders.loader import Item
from listed.loaders.metered import reached, telling
from listed.loaders.numbered_dates import Order, orders_of
from listed.loaders.table.delimited import delimiter_of
from listed.loaders.table.parties import UNNAMED_WORDS, is_unnamed
from listed.loaders.table.rows import in_words
from listed.loaders.table.starts import as_start
from listed.loaders.table.texts import encoding_of, kind_of, not_utf8, open_text

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_STAKES = ({"owner", "asset"}, {"owner_id", "asset_id"})
_LISTINGS = ({"name", "list"}, {"entity_id", "list"})
_ENTITIES = ({"id", "name"},)
_KNOWN = frozenset({
    "owner", "asset", "owner_id", "asset_id", "share", "percent", "fraction", "start", "end", "source", "type", "role",
    "name", "list", "citation", "entity_id", "id", "schema", "country",
})  # fmt: skip
_SHARE_COLUMNS: dict[str, ShareUnit | None] = {"share": None, "percent": "percent", "fraction": "fraction"}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One table being read: its columns by lower-case name, and the sources its rows cite."""

    file: str
    columns: dict[str, pa.ChunkedArray]
    first_row: int
    unread: tuple[str, ...] = ()
    broken: tuple[tuple[int, int, int], ...] = ()

    @property
    def rows(self) -> int:
        return len(next(iter(self.columns.values())))

    def has(self, ways: Sequence[set[str]]) -> bool:
        return any(way <= set(self.columns) for way in ways)

    def record(self) -> pa.Array:
        """Return "stakes.csv row 2" for each row."""
        places = np.arange(self.first_row, self.first_row + self.rows + len(self.broken))
        if self.broken:
            places = np.setdiff1d(places, [row for row, _, _ in self.broken])
        numbers = pa.array(places).cast(pa.string())
        return pc.binary_join_element_wise(pa.scalar(f"{self.file} row"), numbers, " ")

    def picked(self, keep: pa.Array) -> _Sheet:
        """Return the rows to keep; their numbers are lost."""
        return _Sheet(self.file, {name: column.filter(keep) for name, column in self.columns.items()}, self.first_row)


def is_known(given: Input) -> bool:
    """Tell whether the header of a CSV or Parquet file is one of those read here."""
    if kind_of(given) == "parquet":
        names = _parquet_file(given).schema_arrow.names
    else:
        with open_text(given) as text:
            header = text.readline(100_000)
        names = next(csv.reader([header], delimiter=delimiter_of(header)), [])
    columns = {column_name(name) for name in names}
    if "federal_register_notice" in columns and "source_list_url" in columns:
        raise InputError("this is a Consolidated Screening List", file=given.name, advice="listed load csl FILE")
    return any(way <= columns for way in (*_STAKES, *_LISTINGS, *_ENTITIES))


def column_name(name: str) -> str:
    """Return a column's name as it is compared: ``" Owner ID "`` is ``owner_id``."""
    return re.sub(r"\W+", "_", name.strip().lower()).strip("_")


def read_one(given: Input) -> Iterator[Item]:
    """Read one table whose header is known.

    Yields
    ------
    Source, SetAside, Batch or InputError
        An error for each row of the wrong length, before the rows that could be read.

    Raises
    ------
    InputError
        For a file that is not whole, or in another encoding.
    """
    sheet = _sheet(given)
    for row, wanted, cells in sheet.broken:
        problem = f"{cells} cells, where the header has {wanted}"
        yield InputError(problem, file=given.name, row=row, advice="mend the row")
    yield from _source_items(sheet)
    for column in sheet.unread:
        yield SetAside(f"{sheet.file} header", UNREAD, column)
    if sheet.has(_STAKES):
        yield from _stakes(sheet)
    elif sheet.has(_LISTINGS):
        yield from _listings(sheet)
    else:
        yield from _entities(sheet)


def _sheet(given: Input) -> _Sheet:
    parquet = kind_of(given) == "parquet"
    table, broken = (_read_parquet(given), []) if parquet else _read_csv(given)
    names = [column_name(name) for name in table.column_names]
    twice = {name for name in names if name in _KNOWN and names.count(name) > 1}
    if twice:
        raise InputError(f"two columns are called {min(twice)}", file=given.name, row=1, advice="rename one")
    columns = {name: column for name, column in zip(names, table.columns, strict=True) if name in _KNOWN}
    unread = tuple(said.strip() for said, name in zip(table.column_names, names, strict=True) if name not in _KNOWN)
    return _Sheet(given.name, columns, 1 if parquet else 2, unread, tuple(broken))


def _parquet_file(given: Input) -> pq.ParquetFile:
    import pyarrow.parquet as pq

    try:
        with given.open_binary() as stream:
            return pq.ParquetFile(given.path or pa.BufferReader(stream.read()))
    except (OSError, pa.ArrowException) as error:
        raise InputError(str(error).splitlines()[0], file=given.name, advice="is it a whole Parquet file?") from error


def _read_parquet(given: Input) -> pa.Table:
    file = _parquet_file(given)
    try:
        groups = []
        for number in range(file.num_row_groups):
            groups.append(file.read_row_group(number))
            reached(given, (number + 1) / file.num_row_groups)
        return pa.concat_tables(groups) if groups else file.read()
    except (OSError, pa.ArrowException) as error:
        raise InputError(str(error).splitlines()[0], file=given.name, advice="is it a whole Parquet file?") from error


def _read_csv(given: Input) -> tuple[pa.Table, list[tuple[int, int, int]]]:
    """Return the table and, of each row of the wrong length, its place, the cells wanted and those it has."""
    import pyarrow.csv as pc_csv

    encoding = encoding_of(given)
    with open_text(given) as text:
        header = text.readline(100_000)
    delimiter = delimiter_of(header)
    cells = [name.strip('"') for name in header.strip("\r\n").split(delimiter)]
    names = [*cells, *(name.strip().strip('"') for name in cells)]
    texts = dict.fromkeys([*names, "\ufeff" + names[0]], pa.string())
    convert = pc_csv.ConvertOptions(column_types=texts, strings_can_be_null=True, null_values=[""])
    quoted = '"' in _sample(given)
    broken: list[tuple[int, int, int]] = []

    def pass_over(row: pc_csv.InvalidRow) -> str:
        broken.append((row.number, row.expected_columns, row.actual_columns))
        return "skip"

    for threads in (True, False):  # only the reader of one thread can tell which rows are wrong
        options = pc_csv.ReadOptions(use_threads=threads, encoding="utf8" if encoding == "utf-8-sig" else encoding)
        parse = pc_csv.ParseOptions(
            delimiter=delimiter, newlines_in_values=quoted, invalid_row_handler=None if threads else pass_over
        )
        try:
            with given.open_binary() as stream:
                return pc_csv.read_csv(telling(given, stream), options, parse, convert), broken
        except pa.ArrowInvalid as error:
            if not threads:
                raise _csv_error(given, str(error)) from error
    raise AssertionError("unreachable")


def _sample(given: Input) -> str:
    """Return the first million letters: quotes in them mean that a cell may hold a newline."""
    with open_text(given) as text:
        return text.read(1_000_000)


def _csv_error(given: Input, said: str) -> InputError:
    if "UTF8" in said or "UTF-8" in said:
        return not_utf8(given)
    return InputError(said.splitlines()[0], file=given.name, advice="is it a CSV file?")


def _source_items(sheet: _Sheet) -> Iterator[Source]:
    yield Source(_file_source(sheet), sheet.file)
    for text in _text(sheet, "source").unique().to_pylist():
        if text:
            url = text if re.match(r"https?://", text) else ""
            yield Source(_said_source(sheet, text), text, url=url)


def _file_source(sheet: _Sheet) -> str:
    return f"table:{sheet.file}"


def _said_source(sheet: _Sheet, text: str) -> str:
    return f"{_file_source(sheet)}#{text}"


def _cited(sheet: _Sheet) -> pa.Array:
    """Return the source of each row: the one it names, else the file."""
    if "source" not in sheet.columns:
        return lists_of_one(one_word(_file_source(sheet), sheet.rows).cast(pa.string()))
    named = pc.binary_join_element_wise(pa.scalar(_file_source(sheet)), _text(sheet, "source"), "#")
    return lists_of_one(pc.fill_null(named, _file_source(sheet)))


def _text(sheet: _Sheet, column: str) -> pa.Array:
    """Return a column as trimmed text, empty cells null; all null when there is no such column."""
    if column not in sheet.columns:
        return pa.nulls(sheet.rows, pa.string())
    text = sheet.columns[column].combine_chunks()
    text = text.cast(pa.string()) if text.type != pa.string() else text
    trimmed = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _whole(sheet: _Sheet, needed: Sequence[tuple[str, str]]) -> Iterator[SetAside | _Sheet]:
    """Yield the rows without a party as set aside, then the sheet of the others with their records."""
    columns = dict(sheet.columns) | {"_record": pa.chunked_array([sheet.record()])}
    numbered = _Sheet(sheet.file, columns, sheet.first_row)
    missing = pa.array(np.zeros(sheet.rows, np.bool_))
    for name, id_ in needed:
        missing = pc.or_(missing, pc.and_(_text(sheet, name).is_null(), _text(sheet, id_).is_null()))
    if pc.any(missing).as_py():
        bad = numbered.picked(missing)
        for place, record in enumerate(bad.columns["_record"].to_pylist()):
            cells = {name: column[place].as_py() for name, column in bad.columns.items() if name != "_record"}
            said = {name for name, cell in cells.items() if cell is not None and str(cell).strip()}
            what = " or ".join(name for name, id_ in needed if not {name, id_} & said)
            yield SetAside(record, f"no {what}", in_words({name: str(cells[name]) for name in cells if name in said}))
        numbered = numbered.picked(pc.invert(missing))
    yield numbered


def _parties(sheet: _Sheet, name: str, id_: str) -> tuple[pa.Array, pa.Array]:
    """Return ids and names of the parties in a pair of columns: the id given, else one made of the name."""
    names, ids = _text(sheet, name), _text(sheet, id_)
    if names.null_count == len(names):
        return ids, names
    encoded = names.dictionary_encode()
    keys = pa.array([f"name:{fold(text)}" for text in encoded.dictionary.to_pylist()], pa.string())
    made = keys.take(encoded.indices)
    return pc.coalesce(ids, made), names


def _one_per_asset(owner: tuple[pa.Array, pa.Array], asset: tuple[pa.Array, pa.Array]) -> tuple[pa.Array, pa.Array]:
    """Give an owner that has no name ("employees") an id for each asset, so that two assets do not share it."""
    ids, names = owner
    distinct = names.unique().drop_null()
    # Of millions of names only those with one of these words are worth a closer look.
    distinct = distinct.filter(pc.match_substring_regex(distinct, UNNAMED_WORDS, ignore_case=True))
    nobody = distinct.filter(pa.array([is_unnamed(text) for text in distinct.to_pylist()], pa.bool_()))
    if not len(nobody):
        return owner
    made = pc.and_(pc.is_in(names, nobody), pc.starts_with(ids, "name:"))
    return pc.if_else(made, pc.binary_join_element_wise(ids, asset[0], "@"), ids), names


def _named(sheet: _Sheet, pairs: Sequence[tuple[pa.Array, pa.Array]]) -> Iterator[Batch]:
    """Yield an entity for each party that a sheet names."""
    ids = pa.concat_arrays([pair[0] for pair in pairs])
    names = pa.concat_arrays([pair[1] for pair in pairs])
    cited = _cited(sheet)
    sources = pa.concat_arrays([cited] * len(pairs))
    record = pa.concat_arrays([sheet.columns["_record"].combine_chunks()] * len(pairs))
    known = names.is_valid()
    said = pa.table({"id": ids, "name": names, "sources": sources, "record": record}).filter(known)
    first = np.unique(pc.fill_null(said["id"].combine_chunks().dictionary_encode().indices, -1), return_index=True)[1]
    yield from _entity_batches(said.take(pa.array(np.sort(first))))


def _entity_batches(said: pa.Table) -> Iterator[Batch]:
    rows = said.num_rows
    if "schema" not in said.column_names:
        said = said.append_column("schema", one_word("LegalEntity", rows))
    placeholder = pa.array(np.zeros(rows, np.bool_))
    yield Batch("entities", said.append_column("placeholder", placeholder))
    named = said.filter(said["name"].is_valid())
    primary = one_word("primary", named.num_rows)
    columns = {"entity": named["id"], "text": named["name"], "kind": primary, "sources": named["sources"]}
    yield Batch("names", pa.table(columns))


def _stakes(sheet: _Sheet) -> Iterator[Item]:
    for item in _whole(sheet, (("owner", "owner_id"), ("asset", "asset_id"))):
        if isinstance(item, SetAside):
            yield item
        else:
            yield from _stake_batches(item)


def _stake_batches(sheet: _Sheet) -> Iterator[Item]:
    owner, asset = _parties(sheet, "owner", "owner_id"), _parties(sheet, "asset", "asset_id")
    owner = _one_per_asset(owner, asset)
    yield from _named(sheet, (owner, asset))
    shares, flags = _shares(sheet)
    dates, wrong = _dates(sheet)
    columns = {
        "type": _types(sheet),
        "source": owner[0],
        "target": asset[0],
        "role": _text(sheet, "role").dictionary_encode(),
        "basis": one_word("shares" if shares else "unknown", sheet.rows),
        **shares,
        **dates,
        "sources": _cited(sheet),
        "record": sheet.columns["_record"].combine_chunks(),
        "flags": flag_lists(sheet.rows, flags + wrong),
    }
    own = pc.equal(owner[0], asset[0])
    links = pa.table(columns)
    for record, who in zip(links["record"].filter(own).to_pylist(), owner[0].filter(own).to_pylist(), strict=True):
        yield SetAside(record, "owner and asset are the same entity", who)
    yield Batch("links", links.filter(pc.invert(own)))


def _shares(sheet: _Sheet) -> tuple[dict[str, pa.Array], list[tuple[int, str]]]:
    column = next((name for name in _SHARE_COLUMNS if name in sheet.columns), None)
    if column is None:
        return {}, []
    texts = sheet.columns[column]
    read, flags = read_shares(texts, _SHARE_COLUMNS[column])
    return read, [(row, f"share: {texts[row].as_py()}: {flag}") for row, flag in flags]


def _dates(sheet: _Sheet) -> tuple[dict[str, pa.Array], list[tuple[int, str]]]:
    columns: dict[str, pa.Array] = {}
    flags: list[tuple[int, str]] = []
    sides = [side for side in ("start", "end") if side in sheet.columns]
    # Where one date tells which number is the month, it does so for all of the sheet.
    orders = orders_of([sheet.columns[side].cast(pa.string()).unique().to_pylist() for side in sides])
    for side, order in zip(sides, orders, strict=True):
        read, wrong = read_dates(side, sheet.columns[side], partial(_in_order, side, order))
        columns |= read
        flags += [(row, f"{side}_date: {flag}") for row, flag in wrong]
    return columns, flags


def _in_order(side: str, order: Order, texts: Sequence[str | None]) -> list[PartialDate]:
    read = [order.read(text) for text in texts]
    return [as_start(day) for day in read] if side == "start" else read


def _types(sheet: _Sheet) -> pa.Array:
    if "type" not in sheet.columns:
        return one_word(LinkType.OWNS.value, sheet.rows)
    types = pc.fill_null(pc.utf8_upper(_text(sheet, "type")), LinkType.OWNS.value).dictionary_encode()
    for name in types.dictionary.to_pylist():
        if name not in LinkType.__members__:
            place = pc.index(types.cast(pa.string()), name).as_py()
            row = int(sheet.columns["_record"][place].as_py().rsplit(" ", 1)[1])
            raise InputError(f"no type of link is called {name}", file=sheet.file, row=row,
                             advice=f"there are: {', '.join(LinkType)}")  # fmt: skip
    return types


def _listings(sheet: _Sheet) -> Iterator[Item]:
    for item in _whole(sheet, (("name", "entity_id"), ("list", "list"))):
        if isinstance(item, SetAside):
            yield item
            continue
        party = _parties(item, "name", "entity_id")
        yield from _named(item, (party,))
        dates, flags = _dates(item)
        columns = {
            "entity": party[0],
            "list": pc.utf8_upper(_text(item, "list")).dictionary_encode(),
            "citation": _text(item, "citation"),
            **dates,
            "sources": _cited(item),
            "record": item.columns["_record"].combine_chunks(),
            "flags": flag_lists(item.rows, flags),
        }
        yield Batch("listings", pa.table(columns))


def _entities(sheet: _Sheet) -> Iterator[Item]:
    for item in _whole(sheet, (("id", "id"),)):
        if isinstance(item, SetAside):
            yield item
            continue
        columns = {
            "id": _text(item, "id"),
            "name": _text(item, "name"),
            "schema": pc.fill_null(_text(item, "schema"), "LegalEntity").dictionary_encode(),
            "sources": _cited(item),
            "record": item.columns["_record"].combine_chunks(),
        }
        columns["flags"] = flag_lists(item.rows, _entity_flags(columns["name"], columns["schema"]))
        if "country" in item.columns:
            columns["countries"] = lists_of_one(pc.utf8_lower(_text(item, "country")))
        yield from _entity_batches(pa.table(columns))


def _entity_flags(names: pa.Array, schemata: pa.DictionaryArray) -> list[tuple[int, str]]:
    unnamed = np.flatnonzero(names.is_null().to_numpy(zero_copy_only=False))
    unknown = pc.invert(pc.is_in(schemata.cast(pa.string()), pa.array(sorted(SCHEMATA))))
    odd = np.flatnonzero(unknown.to_numpy(zero_copy_only=False))
    wrong = [(int(row), f"schema: {schemata[int(row)].as_py()} is not one we know") for row in odd]
    return [(int(row), UNNAMED) for row in unnamed] + wrong
