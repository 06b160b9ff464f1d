"""Reads the files of a load chunk by chunk, and at the end settles what only the end can tell.

What is held until then is small or would be held by the builder anyway: eight bytes for each id,
the addresses, and the links as columns.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.errors import InputError
from listed.graph import fingerprint
from listed.graph.model import Listing, Statement
from listed.graph.tables import TEXT, Batch
from listed.loaders.ftm import settling
from listed.loaders.ftm.chunk import Chunk, Cited, Later
from listed.loaders.ftm.edges import add_edges
from listed.loaders.ftm.entities import EntityColumns
from listed.loaders.ftm.lines import Line, Record, changed_ids, is_delta, read_lines
from listed.loaders.ftm.objects import add_object, within
from listed.loaders.ftm.vocabulary import schemata
from listed.loaders.inputs import Input
from listed.loaders.loader import Item

CHUNK = 25_000
"""Lines made into columns at once."""

_UNOWNED = ("Person", "Organization", "PublicBody")
"""Schemata whose objects nobody should own; where a file says so, the link is kept and flagged."""


class _Fingerprints:
    """The fingerprints of ids, gathered as the files are read."""

    def __init__(self) -> None:
        self.ids: list[fingerprint.U64] = []
        self.unowned: dict[str, list[fingerprint.U64]] = {schema: [] for schema in _UNOWNED}
        self.named: list[fingerprint.U64] = []

    def entities(self, rows: pa.Table) -> None:
        ids = fingerprint.of_text(rows["id"])
        self.ids.append(ids)
        schemata_ = rows["schema"].combine_chunks().cast(TEXT)
        for schema, found in self.unowned.items():
            found.append(ids[pc.equal(schemata_, schema).to_numpy(zero_copy_only=False)])

    def ends(self, *columns: pa.Array) -> None:
        self.named += [fingerprint.of_text(pa.chunked_array([column])) for column in columns if len(column)]


def _sorted(parts: list[fingerprint.U64]) -> fingerprint.U64:
    return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.uint64)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of reference cycles from looking through a chunk over and over: it has none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Reader:
    """One load of any number of files."""

    def __init__(self, cited: Cited) -> None:
        self._cited, self._later, self._seen = cited, Later(), _Fingerprints()
        self._links: list[pa.Table] = []
        self._last: dict[str, tuple[int, int]] = {}
        self._stated: set[str] = set()

    def read(self, inputs: Sequence[Input]) -> Iterator[Item]:
        """Read the files in order; a change in a later one holds for all before it."""
        for place, file in enumerate(inputs):
            if is_delta(file):
                self._last |= {id_: (place, number) for number, id_, _ in changed_ids(file)}
        for place, file in enumerate(inputs):
            yield from self._read_file(file, place)
        yield from self._settle()

    def _read_file(self, file: Input, place: int) -> Iterator[Item]:
        lines = enumerate(read_lines(file), start=1)
        told: list[Item] | None = []
        while told is not None:
            yield from told
            with _uncollected():
                told = self._read_chunk(file.name, place, lines)

    def _read_chunk(
        self, file: str, place: int, lines: Iterator[tuple[int, Record | Line | InputError]]
    ) -> list[Item] | None:
        """Return what the next lines say, or nothing if there are none."""
        known, last, number = schemata(), self._last, 0
        chunk = Chunk(file, self._cited, self._later)
        for number, item in islice(lines, CHUNK):
            if type(item) is Record:
                if not last or not self._is_replaced(chunk, item, place, number):
                    add_object(chunk, item, known.get(item.schema), number)
            elif isinstance(item, InputError):
                chunk.items.append(item)
            elif isinstance(item, Line):
                self._add_line(chunk, item, place)
        return list(self._flush(chunk)) if number else None

    def _add_line(self, chunk: Chunk, line: Line, place: int) -> None:
        record, number, known = line.record, line.number, schemata()
        if not record.id:
            if record.properties or record.schema:
                chunk.aside(number, "an object without an id", f"{record.schema} {record.properties}")
        elif self._is_replaced(chunk, record, place, number):
            return
        elif line.op == "DEL":
            if record.id not in self._stated:
                chunk.aside(number, "removes what the file does not hold", record.id)
        else:
            add_object(chunk, record, known.get(record.schema), number, line.flags)
            for inner in line.inside:
                schema = known.get(inner.schema)
                add_object(chunk, within(inner, record, schema), schema, number)

    def _is_replaced(self, chunk: Chunk, record: Record, place: int, number: int) -> bool:
        """Tell whether a later line of a delta is about the same object; if so, set this one aside."""
        if self._last.get(record.id, (place, number)) <= (place, number):
            return False
        if record.schema:
            self._stated.add(record.id)
            chunk.aside(number, "replaced or removed by a later line", record.id)
        return True

    def _flush(self, chunk: Chunk) -> Iterator[Item]:
        batches = list(EntityColumns(chunk, chunk.entities).batches()) if len(chunk.entities) else []
        if chunk.papers.entity:
            batches.append(chunk.papers.batch(chunk.sources))
        for name, edges in chunk.edges.items():
            add_edges(chunk, schemata()[name], edges)
        if len(chunk.links):
            links = chunk.links.table(chunk.file, chunk.sources, chunk.dates, chunk.shares)
            self._links.append(links)
            self._seen.ends(links["source"].combine_chunks(), links["target"].combine_chunks())
        listed = [
            one.about.entity for one in chunk.items if isinstance(one, Statement) and isinstance(one.about, Listing)
        ]
        self._seen.ends(pa.array(listed, TEXT))
        fresh, self._cited.fresh = self._cited.fresh, []
        yield from fresh
        for batch in batches:
            if batch.table == "entities":
                self._seen.entities(batch.rows)
            yield batch
        yield from chunk.items

    def _settle(self) -> Iterator[Item]:
        ids = _sorted(self._seen.ids)
        for puzzle in self._later.puzzles:
            chunk = Chunk(puzzle.file, self._cited, self._later)
            settling.solve(puzzle, chunk, ids)
            yield from self._flush(chunk)
        yield from settling.missing_holders(self._later, ids)
        yield from settling.addresses(self._later, _sorted(self._seen.named))
        unowned = {schema: _sorted(parts) for schema, parts in self._seen.unowned.items()}
        unnamed = settling.of_several(self._links, self._later.unnamed)
        while self._links:
            links = settling.flagged(settling.in_percent(self._links.pop(0), self._cited), unowned)
            links, placeholders = settling.apart(links, unnamed)
            yield from placeholders
            yield Batch("links", links)
