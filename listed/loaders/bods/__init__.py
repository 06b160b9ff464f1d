"""Statements of the Beneficial Ownership Data Standard (BODS) 0.2, 0.3 and 0.4, of any register.

An entity or a person is known by its record (until 0.3: by its statement, and those that replace it
are the same party); what makes it one with those of other sources are its identifiers. Files are
read twice, see :mod:`listed.loaders.revisions`. Fields that the standard does not know are not read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from functools import lru_cache
from itertools import chain

import msgspec

from listed.errors import InputError
from listed.graph.model import SetAside, Source
from listed.graph.model import Statement as Claim
from listed.loaders.bods.parties import newest_of, party_id, publisher_of, read_party
from listed.loaders.bods.relationships import Told, read_relationship, read_versions
from listed.loaders.bods.statements import Key, Statement, decode, decode_key
from listed.loaders.inputs import Input
from listed.loaders.json_records import UNREADABLE, RawRecord, another_kind, explain, raw_records
from listed.loaders.loader import Item, Loader
from listed.loaders.revisions import Recurring, Shelf, Shelved, told_to_the_end

__all__ = ["LOADER", "read"]

_MOST_SOURCES = 10_000
_FIELDS = frozenset({"statementId", "statementID", "recordDetails"})


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of statements; together, since one may revise what another says.

    Parameters
    ----------
    inputs
        JSON lines or arrays of statements, of any mix of versions.

    Yields
    ------
    Source, Statement, SetAside or InputError
        In the order of the files; then the records that are told more than once.

    Raises
    ------
    InputError
        If a file is of another kind, is cut short, or no JSON.
    """
    reader = _Reader(inputs)
    try:
        yield from reader.items()
    finally:
        reader.shelf.close()


class _Reader:
    """Reads the inputs; knows which records come again, and what was cited."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self.inputs = inputs
        self.recurring = Recurring()
        self.shelf = Shelf()
        self._cited: set[str] = set()

    def items(self) -> Iterator[Item]:
        for given in self.inputs:
            _check_kind(given)
        for given in self.inputs:
            self._survey(given)
        again = chain.from_iterable(map(self._versions, self.shelf.records()))
        yield from told_to_the_end(self._in_order(), again)

    def _in_order(self) -> Iterator[Item]:
        for number, given in enumerate(self.inputs):
            for record in raw_records(given):
                yield from self._record(given, number, record)

    def _survey(self, given: Input) -> None:
        """Note which records of a file are told again, without reading what they say."""
        with suppress(InputError):  # the second reading meets it again
            for record in raw_records(given):
                with suppress(*UNREADABLE):
                    self._note(decode_key(record.text))

    def _note(self, key: Key) -> None:
        if key.record_id is not None:
            self.recurring.meet(str(key.record_id))
        for replaced in key.replaces_statements or ():
            for one in (str(key.statement_id_until_03), str(replaced)):
                self.recurring.add(one)
            self.shelf.join(str(key.statement_id_until_03), str(replaced))

    def _record(self, given: Input, number: int, record: RawRecord) -> Iterable[Item]:
        place = f"{given.name} line {record.line}"
        try:
            statement = decode(record.text)
        except msgspec.ValidationError as error:
            return [SetAside(place, f"not a statement of the standard: {error}", _text(record))]
        except UNREADABLE as error:
            return [explain(error, given.name, record.line)]
        if not statement.record or statement.kind not in ("entity", "person", "relationship"):
            problem = "a statement without an id" if not statement.record else "a statement of no known type"
            return [SetAside(place, problem, _text(record))]
        if statement.record in self.recurring:
            key = f"{statement.kind} {self._party(statement, statement.record)}"
            self.shelf.put(Shelved(key, number, record.line, record.text))
            return ()
        told = self._told(statement, given.name, record.line)
        return [*self._cite(told), *self._single(told)]

    def _single(self, told: Told) -> Iterable[Item]:
        if told.statement.kind == "relationship":
            return read_relationship(told, self._party)
        entity, flags = read_party(told.statement, self._party(told.statement, told.statement.record))
        return [Claim(entity, (told.source,), told.record, tuple(flags))]

    def _versions(self, shelved: list[Shelved]) -> Iterator[Item]:
        versions = [self._told(decode(one.text), self.inputs[one.file].name, one.line) for one in shelved]
        versions.sort(key=lambda told: told.statement.date)
        for told in versions:
            yield from self._cite(told)
        if versions[0].statement.kind == "relationship":
            yield from read_versions(versions, self._party)
            return
        statements = [told.statement for told in versions]
        read_ = [read_party(one, self._party(one, one.record)) for one in statements]
        flags = tuple(dict.fromkeys(flag for _, flags in read_ for flag in flags))
        sources = tuple(dict.fromkeys(told.source for told in versions))
        entity = newest_of([entity for entity, _ in read_], statements)
        yield Claim(entity, sources, "; ".join(told.record for told in versions), flags)

    def _party(self, statement: Statement, record: str) -> str:
        return party_id(self._name(record), publisher_of(statement))

    def _name(self, record: str) -> str:
        return self.shelf.leader(record) if record in self.recurring else record

    def _told(self, statement: Statement, file: str, line: int) -> Told:
        record = f"{file} line {line}, statement {statement.id}"
        return Told(statement, record, _source_of(statement, file).id, file)

    def _cite(self, told: Told) -> Sequence[Source]:
        """Return the source of a statement, if it was not cited lately."""
        if told.source in self._cited:
            return ()
        if len(self._cited) >= _MOST_SOURCES:
            self._cited.clear()
        self._cited.add(told.source)
        return (_source_of(told.statement, told.file),)


def _check_kind(given: Input) -> None:
    """Raise InputError if the first record of a file is JSON, but no statement."""
    first = next(raw_records(given), None)
    if first is not None:
        with suppress(*UNREADABLE):
            if not _FIELDS & msgspec.json.decode(first.text, type=dict[str, msgspec.Raw]).keys():
                raise another_kind(first, "bods", "statements of the Beneficial Ownership Data Standard", given.name)


def _source_of(statement: Statement, file: str) -> Source:
    publication, origin = statement.publication_details, statement.source
    publisher = publication.publisher if publication else None
    return _source(
        (publisher.name or "") if publisher else "",
        (publication.publication_date or "")[:10] if publication else "",
        (publication.bods_version or "") if publication else "",
        (origin.url if origin else None) or (publisher.url if publisher else None) or "",
        file,
    )


@lru_cache(maxsize=4096)
def _source(publisher: str, published: str, version: str, url: str, file: str) -> Source:
    mark = hashlib.sha256("\n".join((publisher, published, url, "" if publisher else file)).encode()).hexdigest()[:12]
    title = f"Beneficial ownership statements (BODS {version})" if version else "Beneficial ownership statements (BODS)"
    title = f"{title}, {publisher or file}"
    return Source(f"bods-{mark}", title, publisher, published, url, date.today().isoformat())


def _text(record: RawRecord) -> str:
    return record.text[:2000].decode("utf-8", "replace")


LOADER = Loader(
    name="bods",
    title="Beneficial Ownership Data Standard",
    reads="statements of version 0.2, 0.3 or 0.4: JSON lines or a JSON array, also gzip or zip",
    official="https://bods-data.openownership.org",
    read=read,
)
