"""GLEIF: legal entities with their LEI, their parents, and why some report none.

Files of Level 1, of Level 2's relationships and of its reporting exceptions go in one load, in any
order, with their deltas: the newest version of each record counts. The rules:

* Consolidation in the accounts is control, direct or ultimate; never shares held.
* An exception is a property of the entity. One that says "natural persons" is also an unnamed party
  of its own that controls it.
* Memory does not grow with the records, but for 26 bytes for each exception and, with several files
  of one kind, the keys of the newer ones.

Two versions of one record in one file are told apart only if they stand side by side, as the files
of the golden copy, which have each record once, never do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from listed.errors import InputError
from listed.graph.model import SetAside, Source
from listed.loaders.gleif.entities import read_entity
from listed.loaders.gleif.exceptions import Exceptions
from listed.loaders.gleif.records import Head, Kind, text_of
from listed.loaders.gleif.relationships import read_relationship
from listed.loaders.gleif.versions import Versions, newest_first
from listed.loaders.inputs import Input
from listed.loaders.loader import Item, Loader

__all__ = ["LOADER", "read"]

_TITLES = {
    Kind.ENTITY: ("gleif-lei", "LEI records (Level 1)"),
    Kind.RELATIONSHIP: ("gleif-rr", "relationship records (Level 2)"),
    Kind.EXCEPTION: ("gleif-repex", "reporting exceptions (Level 2)"),
}
_URL = "https://www.gleif.org/en/lei-data/gleif-golden-copy"


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of GLEIF.

    Parameters
    ----------
    inputs
        XML, CSV or JSON of the golden copy, or answers of the API, in any mix and order.

    Yields
    ------
    Source, Statement, SetAside or InputError
        The unnamed parties of exceptions first, then entities and links in the order of the files.

    Raises
    ------
    InputError
        If a file is none of these, or cannot be read on.
    """
    versions = Versions(newest_first(inputs))
    cited: set[str] = set()
    exceptions = Exceptions()
    for item in versions.records({Kind.EXCEPTION}):
        if isinstance(item, SetAside | InputError):
            yield item
            continue
        head, record = item
        source = _source(head, Kind.EXCEPTION)
        yield from _once(source, cited)
        if aside := exceptions.add(record, source.id):
            yield aside
    exceptions.finish()
    yield from exceptions.persons()
    for item in versions.records({Kind.ENTITY, Kind.RELATIONSHIP}):
        if isinstance(item, SetAside | InputError):
            yield item
            continue
        head, record = item
        source = _source(head, record.kind)
        yield from _once(source, cited)
        if record.kind is Kind.ENTITY:
            lei = text_of(record.element, "LEI").upper()
            yield from read_entity(record, source.id, exceptions.of(lei))
        else:
            yield from read_relationship(record, source.id)
    yield from exceptions.untold()


def _source(head: Head, kind: Kind) -> Source:
    """Return the source of a kind of record in a file; files of one day are one source."""
    id_, title = _TITLES[kind]
    day = head.published[:10]
    return Source(
        f"{id_}-{day}" if day else id_,
        f"GLEIF, {title}" + (f", as of {day}" if day else ""),
        publisher="Global Legal Entity Identifier Foundation",
        published=day,
        url=_URL,
    )


def _once(source: Source, cited: set[str]) -> Iterator[Source]:
    if source.id not in cited:
        cited.add(source.id)
        yield source


LOADER = Loader(
    name="gleif",
    title="GLEIF: legal entities by LEI, their parents and why some report none",
    reads="the golden copy's lei2, rr and repex files and their deltas (XML, CSV or JSON), and answers of the API "
    "(JSON); several in one load",
    official="https://www.gleif.org/en/lei-data/gleif-golden-copy/download-the-golden-copy",
    read=read,
)
