"""Some ten thousand lines of a file as columns, and what of them is known only at the end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from listed.errors import InputError
from listed.graph.model import Entity, SetAside, Source, Statement
from listed.graph.period import PartialDate
from listed.graph.share import Share
from listed.graph.vocabulary import LISTS
from listed.loaders.ftm.columns import Links, Numbered, Papers, Sources
from listed.loaders.ftm.gathered import Gathered
from listed.loaders.ftm.lines import Record
from listed.loaders.ftm.vocabulary import KEPT_TOO, list_id, mapped

STANDS_FOR_MANY = "name: stands for owners that are not named"


@dataclass(slots=True)
class Place:
    """An ``Address`` object: the entities that have it may come before or after it."""

    id: str
    text: str
    country: str
    sources: tuple[str, ...]
    record: str


@dataclass(slots=True)
class Puzzle:
    """An object of a schema we do not know and without a name: an edge, if two properties name entities."""

    record: Record
    file: str
    line: int
    flags: tuple[str, ...]


@dataclass(slots=True)
class Later:
    """What is kept until all files are read.

    ``tenancies`` are tables of an entity, an address's id and sources; ``unnamed`` those who only stand for owners
    not named, by their ids.
    """

    places: list[Place] = field(default_factory=list)
    tenancies: list[pa.Table] = field(default_factory=list)
    holders: dict[str, tuple[str, ...]] = field(default_factory=dict)
    puzzles: list[Puzzle] = field(default_factory=list)
    unnamed: dict[str, Entity] = field(default_factory=dict)


@dataclass(slots=True)
class Cited:
    """The sources told so far; ``in_percent`` are those of which a bare ``percentage`` is above 1."""

    ids: set[str] = field(default_factory=set)
    datasets: set[str] = field(default_factory=set)
    in_percent: set[str] = field(default_factory=set)
    fresh: list[Source] = field(default_factory=list)

    def dataset(self, name: str) -> str:
        """Return the id of a dataset's source, telling it if it is new."""
        id_ = f"ftm:{name}"
        self.datasets.add(id_)
        if id_ not in self.ids:
            self.ids.add(id_)
            title = LISTS.get(list_id(name))
            self.fresh.append(Source(id_, f"{title} (dataset {name})" if title else name, retrieved=_today()))
        return id_

    def page(self, url: str, publisher: str) -> str:
        """Return the id of a page's source, telling it if it is new."""
        id_ = f"ftm:{url or publisher}"
        if id_ not in self.ids:
            self.ids.add(id_)
            self.fresh.append(Source(id_, publisher or url, publisher, url=url, retrieved=_today()))
        return id_


def _today() -> str:
    return date.today().isoformat()


class Chunk:
    """What some lines of one file say.

    Parameters
    ----------
    file
        Its name.
    cited, later
        What lasts from chunk to chunk.
    """

    def __init__(self, file: str, cited: Cited, later: Later) -> None:
        self.file, self.cited, self.later = file, cited, later
        self.sources, self.words = Sources(), Sources()
        self.dates, self.shares = Numbered[PartialDate](), Numbered[Share]()
        self.entities, self.edges = Gathered(mapped(), KEPT_TOO), dict[str, Gathered]()
        self.links, self.papers = Links(), Papers()
        self.items: list[Statement | SetAside | InputError] = []
        self._datasets: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._numbers: dict[tuple[str, ...], int] = {}

    def citing(self, record: Record) -> tuple[str, ...]:
        """Return the sources of a record: its datasets, else the file."""
        key = tuple(record.datasets)
        found = self._datasets.get(key)
        if found is None:
            found = self._datasets[key] = tuple(self.cited.dataset(name) for name in key or (self.file,))
        return found

    def cited_by(self, record: Record) -> int:
        """Return the number of a record's sources."""
        key = tuple(record.datasets)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = self.sources(self.citing(record))
        return found

    def where(self, line: int, id_: str = "") -> str:
        """Return where a record stands."""
        return f"{self.file} line {line} {id_}".rstrip()

    def aside(self, line: int, reason: str, text: str) -> None:
        """Set something aside."""
        self.items.append(SetAside(self.where(line), reason, text))
