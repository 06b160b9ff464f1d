"""The builder: takes what a loader yields, checks each statement, and makes the source's tables.

Nothing is dropped: what cannot stand in the graph is set aside with its reason, what is kept
against its text is flagged, and an end that is not in the file becomes a placeholder.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import fingerprint
from listed.graph.model import Entity, Link, Listing, SetAside, Source, Statement
from listed.graph.period import START_TOLD, Period
from listed.graph.share import Share
from listed.graph.tables import (
    SCHEMAS,
    STATEMENT_TABLES,
    WORDS,
    Batch,
    Tables,
    complete,
    date_columns,
    empty,
    one_word,
    share_columns,
    share_units,
)
from listed.graph.vocabulary import SCHEMATA

IN_MEMORY = 4_000_000
"""Rows kept in memory while a load is read; what is read beyond waits in the temporary folder (``TMPDIR``)."""

_CHUNK = 100_000

UNNAMED = "name: none given"
"""The flag of an entity that is shown by its id."""

BACKWARDS = "dates: the end is before the start"
"""The flag of a period that holds on no day."""


class _Waiting:
    """What was read of a large load waits on disk, mapped: memory does not grow with the file."""

    def __init__(self) -> None:
        self._rows = 0
        self._parts = 0
        self._folder: Path | None = None

    def put(self, part: pa.Table) -> pa.Table:
        """Return the same table, from disk once more was read than fits into memory with ease."""
        self._rows += part.num_rows
        if self._rows <= IN_MEMORY:
            return part
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="listed-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._parts += 1
        path = str(self._folder / f"{self._parts}.arrow")
        part = part.unify_dictionaries()
        with pa.OSFile(path, "wb") as file, pa.ipc.new_file(file, part.schema) as writer:
            writer.write_table(part)
        return pa.ipc.open_file(pa.memory_map(path)).read_all()


class _Columns:
    """Rows of one table, gathered as columns and packed into Arrow now and then."""

    def __init__(self, table: str, waiting: _Waiting) -> None:
        self.table = table
        self.parts: list[pa.Table] = []
        self._waiting = waiting
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) >= _CHUNK:
            self.pack()

    def pack(self) -> None:
        if not self._rows:
            return
        rows, self._rows = self._rows, []
        columns: dict[str, pa.Array] = {}
        for key in rows[0]:
            values = [row[key] for row in rows]
            if key == "share":
                columns |= share_columns(values)
            elif key in ("start", "end"):
                columns |= date_columns(key, values)
            else:
                columns[key] = pa.array(values, SCHEMAS[self.table].field(key).type)
        self.take(complete(self.table, columns, len(rows)))

    def take(self, part: pa.Table) -> None:
        """Take rows that are columns already."""
        self.parts.append(self._waiting.put(part))


class Builder:
    """Gathers one dataset.

    Parameters
    ----------
    dataset
        Name of the loader (or of the reporter's own table) the statements belong to.
    """

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        self._waiting = _Waiting()
        self._columns = {name: _Columns(name, self._waiting) for name in STATEMENT_TABLES}
        self._sources: set[str] = set()

    def extend(self, items: Iterable[Source | Statement | SetAside | Batch]) -> None:
        """Take what a loader yields."""
        for item in items:
            self.add(item)

    def add(self, item: Source | Statement | SetAside | Batch) -> None:
        """Take one thing a loader yields: a source, a statement, a batch, or what it set aside."""
        match item:
            case Statement():
                self._state(item)
            case Source():
                self._source(item)
            case SetAside():
                self._set_aside(item.record, item.reason, item.text)
            case Batch():
                self._columns[item.table].pack()
                given = dict(zip(item.rows.column_names, item.rows.columns, strict=True))
                given["dataset"] = one_word(self.dataset, item.rows.num_rows)
                self._columns[item.table].take(complete(item.table, given, item.rows.num_rows))

    def finish(self) -> Tables:
        """Return the source's tables, its dangling ends made placeholders and its links given ids."""
        tables: Tables = {}
        for name, columns in self._columns.items():
            columns.pack()
            tables[name] = pa.concat_tables(columns.parts).unify_dictionaries() if columns.parts else empty(name)
        tables = _with_placeholders(tables, self.dataset)
        for name in ("links", "listings"):
            tables[name] = with_ids(_flagged_backwards(tables[name]))
        return tables

    def _state(self, statement: Statement) -> None:
        if not statement.sources:
            self._set_aside(statement.record, "no source", repr(statement.about))
            return
        match statement.about:
            case Entity():
                self._entity(statement.about, statement)
            case Link():
                self._link(statement.about, statement)
            case Listing():
                self._listing(statement.about, statement)

    def _provenance(self, statement: Statement, *flags: str) -> dict[str, Any]:
        return {
            "dataset": self.dataset,
            "sources": list(statement.sources),
            "record": statement.record,
            "flags": list(dict.fromkeys(flag for flag in (*statement.flags, *flags) if flag)),
        }

    def _entity(self, entity: Entity, statement: Statement) -> None:
        if not entity.id:
            self._set_aside(statement.record, "an entity without an id", entity.name)
            return
        flag = "" if entity.schema in SCHEMATA else f"schema: {entity.schema} is not one we know"
        unnamed = "" if entity.names else UNNAMED
        self._columns["entities"].add({
            "id": entity.id,
            "name": entity.name,
            "schema": entity.schema,
            "countries": list(entity.countries),
            "topics": list(entity.topics),
            "note": entity.note or None,
            "properties": json.dumps(entity.properties, ensure_ascii=False) if entity.properties else None,
            "placeholder": entity.placeholder,
            **self._provenance(statement, flag, unnamed),
        })  # fmt: skip
        self._parts(entity, list(statement.sources))

    def _parts(self, entity: Entity, sources: list[str]) -> None:
        whose = {"entity": entity.id, "dataset": self.dataset, "sources": sources}
        for name in dict.fromkeys(entity.names):
            said = {"text": name.text, "kind": name.kind.value, "script": name.script or None}
            self._columns["names"].add(whose | said)
        for identifier in dict.fromkeys(entity.identifiers):
            said = {"scheme": identifier.scheme, "value": identifier.value}
            self._columns["identifiers"].add(whose | said)
        for address in dict.fromkeys(entity.addresses):
            said = {"text": address.text, "country": address.country or None}
            self._columns["addresses"].add(whose | said)

    def _link(self, link: Link, statement: Statement) -> None:
        if not link.source or not link.target:
            self._set_aside(statement.record, "a link without an end", repr(link))
            return
        if link.source == link.target:
            self._set_aside(statement.record, "owner and asset are the same entity", f"{link.source} {link.type}")
            return
        self._columns["links"].add({
            "type": link.type.value,
            "source": link.source,
            "target": link.target,
            "role": link.role or None,
            "start": link.period.start,
            "end": link.period.end,
            "share": link.share,
            "basis": link.basis.value,
            "direct": link.direct,
            "amount": link.amount,
            "currency": link.currency or None,
            "note": link.note or None,
            "confidence": link.confidence or None,
            **self._provenance(statement, *_date_flags(link.period), _share_flag(link.share)),
        })  # fmt: skip

    def _listing(self, listing: Listing, statement: Statement) -> None:
        if not listing.entity or not listing.list:
            self._set_aside(statement.record, "a listing without an entity or a list", repr(listing))
            return
        self._columns["listings"].add({
            "entity": listing.entity,
            "list": listing.list,
            "programs": list(listing.programs),
            "start": listing.period.start,
            "end": listing.period.end,
            "citation": listing.citation or None,
            "licence_requirement": listing.licence_requirement or None,
            "licence_policy": listing.licence_policy or None,
            "remarks": listing.remarks or None,
            **self._provenance(statement, *_date_flags(listing.period)),
        })  # fmt: skip

    def _source(self, source: Source) -> None:
        if source.id in self._sources:
            return
        self._sources.add(source.id)
        self._columns["sources"].add({
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher or None,
            "published": source.published or None,
            "url": source.url or None,
            "retrieved": source.retrieved or None,
            "dataset": self.dataset,
        })  # fmt: skip

    def _set_aside(self, record: str, reason: str, text: str) -> None:
        row = {"dataset": self.dataset, "record": record, "reason": reason, "text": text}
        self._columns["set_aside"].add(row)


def _date_flags(period: Period) -> tuple[str, ...]:
    sides = (("start_date", period.start), ("end_date", period.end))
    unread = (f"{name}: {day.text}: {day.flag}" for name, day in sides if day.flag)
    return (*unread, START_TOLD) if period.told else tuple(unread)


def _share_flag(share: Share) -> str:
    return f"share: {share.text}: {share.flag}" if share.flag else ""


def _with_placeholders(tables: Tables, dataset: str) -> Tables:
    """Give every end that is not an entity of the source a placeholder, so that no link hangs."""
    known = tables["entities"]["id"].combine_chunks()

    def unknown_ends(table: str, column: str) -> pa.Table:
        given = tables[table].select([column, "sources"]).rename_columns(["id", "sources"])
        missing = pc.invert(pc.is_in(given["id"].combine_chunks(), value_set=known))
        return given.filter(missing).combine_chunks()

    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(unknown_ends, ("links", "links", "listings"), ("source", "target", "entity")))
    rows = [part for part in rows if part.num_rows]
    if not rows:
        return tables
    cited = dict(zip(*(pa.concat_tables(rows).to_pydict()[key] for key in ("id", "sources")), strict=True))
    count = len(cited)
    placeholders = complete(
        "entities",
        {
            "id": pa.array(list(cited), pa.string()),
            "name": pa.array(list(cited), pa.string()),
            "schema": one_word("LegalEntity", count),
            "placeholder": pa.array([True] * count),
            "dataset": one_word(dataset, count),
            "sources": pa.array(list(cited.values()), WORDS),
            "flags": pa.array([["id: named only as an end; not in the file"]] * count, WORDS),
        },
        count,
    )
    return tables | {"entities": pa.concat_tables([tables["entities"], placeholders]).unify_dictionaries()}


def _flagged_backwards(rows: pa.Table) -> pa.Table:
    """Flag the periods that end before they start: they hold on no day, and a reader must know why."""
    backwards = pc.fill_null(pc.less(rows["end_latest"], rows["start_earliest"]), fill_value=False)
    if not pc.any(backwards).as_py():
        return rows
    wrong = set(np.flatnonzero(backwards.to_numpy()).tolist())
    said = rows["flags"].to_pylist()
    flags = [[*flags, BACKWARDS] if row in wrong else flags for row, flags in enumerate(said)]
    return rows.set_column(rows.schema.get_field_index("flags"), "flags", pa.array(flags, WORDS))


def with_ids(rows: pa.Table) -> pa.Table:
    """Return links or listings with ids made from what they say: ends, type, dates, role, share, basis, list."""
    says = ("type", "list", "source", "target", "entity", "role", "start_date", "end_date", "share_text", "basis",
            "currency", "citation", "dataset")  # fmt: skip
    parts = [fingerprint.of_text(rows[name]) for name in says if name in rows.column_names]
    if "direct" in rows.column_names:
        parts.append(fingerprint.of_text(rows["direct"].cast(pa.string())))
        parts += [_amount_parts(rows[name]) for name in ("share_min", "share_max", "amount")]
    return rows.set_column(0, "id", fingerprint.as_hex(fingerprint.combined(*parts)))


def _amount_parts(column: pa.ChunkedArray) -> fingerprint.U64:
    """Return a number for each decimal, another where there is none."""
    units, known = share_units(column)
    return fingerprint.mix(2 * units.astype(np.uint64) + known)


def counts_of(tables: Tables) -> dict[str, int]:
    """Return the number of rows of each table."""
    return {name: tables[name].num_rows for name in STATEMENT_TABLES}


def reasons_of(set_aside: pa.Table) -> Counter[str]:
    """Return how many rows were set aside for each reason."""
    return Counter(set_aside["reason"].to_pylist())


def flags_of(tables: Tables) -> Counter[str]:
    """Return how many statements carry each kind of flag; the kind is the text before its first colon.

    That a start is the day of telling is no doubt about the file, and not counted.
    """
    found: Counter[str] = Counter()
    for name in ("entities", "links", "listings"):
        for flag in pc.list_flatten(tables[name]["flags"]).to_pylist():
            if flag != START_TOLD:
                found[str(flag).split(":", 1)[0]] += 1
    return found
