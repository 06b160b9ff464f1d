"""Records that are told more than once: laid aside on disk, and handed out together at the end.

A register restates a record when it changes. What a record said until when is known only with all
its versions at hand, and those may stand anywhere in the files. So files are read twice: the first
time only to see which records come again (:class:`Recurring`), the second time to read them, the
versions of those on a shelf on disk (:class:`Shelf`). Memory stays the same however long the files.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeVar
from zlib import crc32

from listed.errors import InputError

T = TypeVar("T")

_CELLS = 1 << 26
_ONCE, _AGAIN = 1, 2
_BATCH = 2_000


def told_to_the_end(once: Iterable[T], again: Iterable[T]) -> Iterator[T]:
    """Yield what is told once, then what is told again; where a file breaks off, its error comes last.

    ``again`` is not begun before ``once`` has ended.
    """
    broken: InputError | None = None
    try:
        yield from once
    except InputError as error:  # what was read before it, revisions too, is told first
        broken = error
    yield from again
    if broken is not None:
        raise broken


class Recurring:
    """Which keys come more than once.

    Never misses one. It may take a key for recurring that is not, where two share a cell: its
    record then takes the longer way, to the same end.
    """

    def __init__(self) -> None:
        self._cells = bytearray(_CELLS)
        self.any = False

    def meet(self, key: str) -> None:
        """Count a key as met once more."""
        cell = crc32(key.encode()) % _CELLS
        if self._cells[cell]:
            self._cells[cell] = _AGAIN
            self.any = True
        else:
            self._cells[cell] = _ONCE

    def add(self, key: str) -> None:
        """Count a key as recurring."""
        self._cells[crc32(key.encode()) % _CELLS] = _AGAIN
        self.any = True

    def __contains__(self, key: str) -> bool:
        """Whether a key may come more than once."""
        return self.any and self._cells[crc32(key.encode()) % _CELLS] == _AGAIN


class Shelved(NamedTuple):
    """One version of a record: its key, which input and line it stands in, and its text."""

    key: str
    file: int
    line: int
    text: bytes


class Shelf:
    """Versions of records, on disk, and which keys are names of one record.

    The file has no name and goes when the shelf does.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE version (key TEXT, file INTEGER, line INTEGER, text BLOB)")
        self._db.execute("CREATE TABLE same (key TEXT PRIMARY KEY, leader TEXT) WITHOUT ROWID")
        self._db.execute("BEGIN")
        self._waiting: list[Shelved] = []

    def join(self, key: str, other: str) -> None:
        """Say that two keys name one record."""
        one, two = self.leader(other), self.leader(key)
        if one != two:
            self._db.execute("INSERT OR REPLACE INTO same VALUES (?, ?)", (two, one))

    def leader(self, key: str) -> str:
        """Return the key that stands for all that name the same record."""
        while row := self._db.execute("SELECT leader FROM same WHERE key = ?", (key,)).fetchone():
            key = row[0]
        return key

    def put(self, version: Shelved) -> None:
        """Lay a version aside."""
        self._waiting.append(version)
        if len(self._waiting) >= _BATCH:
            self._store()

    def records(self) -> Iterator[list[Shelved]]:
        """Yield the versions of each record, in the order they were laid aside; the records by key."""
        self._store()
        rows = self._db.execute("SELECT key, file, line, text FROM version ORDER BY key, rowid")
        for _, versions in groupby(map(Shelved._make, rows), key=itemgetter(0)):
            yield list(versions)

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def _store(self) -> None:
        self._db.executemany("INSERT INTO version VALUES (?, ?, ?, ?)", self._waiting)
        self._waiting.clear()
