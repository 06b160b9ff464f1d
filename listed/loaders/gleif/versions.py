"""Of several versions of a record, the newest: a delta replaces what the full file says.

Files are read from the newest to the oldest, and what a newer one has said is passed over in an
older one. Memory holds the keys of the newer files only: beside a full copy, those of its deltas.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace

from listed.errors import InputError
from listed.graph.model import SetAside
from listed.loaders.gleif.files import head_of, records_of
from listed.loaders.gleif.records import Head, Kind, Record, digest, key_of, text_of, updated
from listed.loaders.inputs import Input

REPLACED = "replaced by a newer record"
DELETED = "deleted by GLEIF"


@dataclass(frozen=True, slots=True)
class GleifFile:
    """A file and what it says of itself."""

    file: Input
    head: Head


def newest_first(inputs: Sequence[Input]) -> list[GleifFile]:
    """Return the files from the newest to the oldest.

    By the date each says it was made; where one says none, in the order given, the last being
    the newest.
    """
    files = [GleifFile(file, head_of(file)) for file in inputs]
    files.reverse()
    if all(file.head.published for file in files):
        files.sort(key=lambda file: file.head.published, reverse=True)
    return files


class Versions:
    """Reads records of some kinds from files, each record in its newest version only."""

    def __init__(self, files: Sequence[GleifFile]) -> None:
        self._files = files
        self._seen: dict[str, int] = {}
        self._left = Counter(kind for file in files for kind in file.head.kinds)
        self._told: set[int] = set()

    def records(self, kinds: Collection[Kind]) -> Iterator[tuple[Head, Record] | SetAside | InputError]:
        """Yield the newest records of these kinds, each with the head of its file.

        Yields
        ------
        (Head, Record), SetAside or InputError
            What was replaced or deleted is set aside, and told is a file that holds another
            number of records than it says.
        """
        for place, one in enumerate(self._files):
            if one.head.kinds.isdisjoint(kinds):
                continue
            self._left.subtract(one.head.kinds & set(kinds))
            # A file of several kinds is read once for each; what is no record is told the first time.
            for item in self._of_file(one, kinds):
                if not isinstance(item, SetAside | InputError) or place not in self._told:
                    yield item
            self._told.add(place)

    def _of_file(
        self, one: GleifFile, kinds: Collection[Kind]
    ) -> Iterator[tuple[Head, Record] | SetAside | InputError]:
        counted = _Counted(records_of(one.file))
        for item in _newest_of_runs(counted):
            if not isinstance(item, Record):
                yield item
            elif item.kind in kinds:
                yield from self._judged(one.head, item)
        if one.head.told not in (None, counted.records):
            text = f"its header says {one.head.told:,}, it holds {counted.records:,}"
            yield SetAside(one.file.name, "not the number of records its header says", text)

    def _judged(self, head: Head, record: Record) -> Iterator[tuple[Head, Record] | SetAside]:
        key = key_of(record)
        known = self._seen.get(key)
        if known is not None:
            if known != digest(record.element):
                yield SetAside(record.place, REPLACED, _shown(key))
            return
        if self._left[record.kind] > 0:
            self._seen[key] = digest(record.element)
        if gone := text_of(record.element, "Extension/Deletion/DeletedAt"):
            yield SetAside(record.place, DELETED, f"{_shown(key)} on {gone[:10]}")
        else:
            yield head, record


class _Counted:
    """Items as they come, counting the records among them."""

    def __init__(self, items: Iterator[Record | SetAside | InputError]) -> None:
        self._items = items
        self.records = 0

    def __iter__(self) -> Iterator[Record | SetAside | InputError]:
        for item in self._items:
            self.records += isinstance(item, Record)
            yield item


def _newest_of_runs(items: Iterable[Record | SetAside | InputError]) -> Iterator[Record | SetAside | InputError]:
    """Of versions of a record that stand one after the other, yield the one updated last."""
    held: Record | None = None
    for item in items:
        if not isinstance(item, Record):
            yield item
            continue
        newest = item
        if held is not None and key_of(held) != key_of(item):
            yield held
        elif held is not None:
            older, newest = (held, item) if updated(item) >= updated(held) else (item, held)
            if digest(older.element) != digest(newest.element):
                yield SetAside(older.place, REPLACED, _shown(key_of(older)))
        # A copy, for the reader empties what it has handed out.
        held = replace(newest, element=copy(newest.element))
    if held is not None:
        yield held


def _shown(key: str) -> str:
    return key.partition("|")[2].replace("|", " ")
