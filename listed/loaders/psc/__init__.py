"""The UK register of people with significant control: Companies House's snapshot and its stream of events.

A company is known by its number, a person or body by its record at that company. A record ceased is
history. Where records come again (events of the stream, several files), the later revises the earlier.
The register has no names of companies; they are shown by their numbers until another source names them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import chain

import msgspec

from listed.errors import InputError
from listed.graph.model import Entity, Link, SetAside, Source, Statement
from listed.graph.period import Period, parse_date
from listed.graph.vocabulary import LinkType
from listed.loaders.inputs import Input
from listed.loaders.json_records import UNREADABLE, RawRecord, another_kind, explain, raw_records
from listed.loaders.loader import Item, Loader
from listed.loaders.psc.companies import Companies
from listed.loaders.psc.natures import nature_of
from listed.loaders.psc.parties import (
    company_id,
    exemptions_of,
    party_id,
    read_body,
    read_company,
    read_person,
    read_super_secure,
    statement_of,
)
from listed.loaders.psc.records import Data, Record, decode, decode_key
from listed.loaders.revisions import Recurring, Shelf, Shelved, told_to_the_end

__all__ = ["LOADER", "read"]

_URL = "https://download.companieshouse.gov.uk/en_pscdata.html"
_STREAM_URL = "https://developer-specs.company-information.service.gov.uk/streaming-api/guides/overview"
_TOTALS = "totals#"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIELDS = frozenset({"company_number", "resource_uri", "data"})
_date = lru_cache(maxsize=65536)(parse_date)


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of the snapshot, of the stream, or both; together, since one may revise the other.

    Parameters
    ----------
    inputs
        JSON lines as published (all parts of a snapshot), or arrays of the same records.

    Yields
    ------
    Source, Statement, SetAside or InputError
        In the order of the files; then the records that are told more than once; then what the
        snapshot's own totals say, where that is not what was read.

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


@dataclass(frozen=True, slots=True)
class _Told:
    """A record with where it stands, the source to cite for it, and when it was published, as far as told."""

    record: Record
    company: str
    place: str
    sources: tuple[str, ...]
    moment: str

    @property
    def data(self) -> Data:
        return self.record.data

    @property
    def party(self) -> str:
        """The graph's id of who controls; empty for a record of no control."""
        return "" if _is_remark(self.data) else party_id(self.company, self.data, self.record.key)

    def says(self, about: Entity | Link, *flags: str) -> Statement:
        return Statement(about, self.sources, self.place, flags)


class _Reader:
    """Reads the inputs; knows which companies were told, which records come again, and how many there were."""

    def __init__(self, inputs: Sequence[Input]) -> None:
        self.inputs = inputs
        self.recurring = Recurring()
        self.shelf = Shelf()
        self._companies = Companies()
        self._counts: Counter[str] = Counter()
        self._totals: list[tuple[str, Data]] = []

    def items(self) -> Iterator[Item]:
        # Within one snapshot no record comes twice; so a single one need not be read for that.
        streams = [self._is_stream(given) for given in self.inputs]
        if len(self.inputs) > 1 or any(streams):
            for given in self.inputs:
                self._survey(given)
        again = chain.from_iterable(map(self._versions, self.shelf.records()))
        yield from told_to_the_end(self._in_order(streams), again)
        yield from self._compare_totals()

    def _in_order(self, streams: Sequence[bool]) -> Iterator[Item]:
        for number, given in enumerate(self.inputs):
            yield _source(given.name, stream=streams[number])
            for raw in raw_records(given):
                yield from self._item(given, number, raw)

    def _is_stream(self, given: Input) -> bool:
        """Tell whether a file is of the stream. Raises InputError if it is of neither kind."""
        first = next(raw_records(given), None)
        if first is None:
            return False
        with suppress(*UNREADABLE):
            fields = msgspec.json.decode(first.text, type=dict[str, msgspec.Raw]).keys()
            if "data" not in fields or not _FIELDS & fields:
                raise another_kind(first, "psc", "the UK's people with significant control", given.name)
            return "event" in fields
        return False

    def _survey(self, given: Input) -> None:
        """Note which records of a file are told again, without reading what they say."""
        with suppress(InputError):  # the second reading meets it again
            for raw in raw_records(given):
                with suppress(*UNREADABLE):
                    key = decode_key(raw.text)
                    if key.path:
                        self.recurring.meet(key.path)

    def _item(self, given: Input, number: int, raw: RawRecord) -> Iterable[Item]:
        place = f"{given.name} line {raw.line}"
        try:
            record = decode(raw.text)
        except msgspec.ValidationError as error:
            return [SetAside(place, f"not a record of the register: {error}", _shown(raw.text))]
        except UNREADABLE as error:
            return [explain(error, given.name, raw.line)]
        if record.data.kind.startswith(_TOTALS):
            self._totals.append((place, record.data))
        elif not (company := record.company):
            return [SetAside(place, "a record without a company", _shown(raw.text))]
        elif record.path in self.recurring:
            self.shelf.put(Shelved(record.path, number, raw.line, raw.text))
        else:
            self._count(record)
            return self._single(_told(record, company, given.name, raw.line), raw.text)
        return ()

    def _count(self, record: Record) -> None:
        if record.event is None:
            kind = record.data.kind
            exempt = "exemptions" if kind == "exemptions" else "persons"
            self._counts["statements" if kind.endswith("-statement") else exempt] += 1

    def _single(self, told: _Told, text: bytes) -> list[Item]:
        if _is_deletion(told.record):
            return [SetAside(told.place, "deleted from the register; no file tells what it was", _shown(text))]
        about = self._about(told)
        if about is None:
            return [SetAside(told.place, f"a kind not known here: {told.data.kind or 'none'}", _shown(text))]
        return [*about, *_links(told)]

    def _versions(self, shelved: list[Shelved]) -> Iterator[Item]:
        """Read the versions of a record; the last one tells who it is, and each what it held until the next."""
        records = [decode(one.text) for one in shelved]
        for record in records:
            self._count(record)
        told = [
            _told(record, record.company, self.inputs[one.file].name, one.line)
            for record, one in zip(records, shelved, strict=True)
        ]
        texts = {one.place: version.text for one, version in zip(told, shelved, strict=True)}
        told.sort(key=lambda one: (one.moment[:10], one.record.event is not None, one.moment))
        kept = [one for one in told if not _is_deletion(one.record)]
        if not kept or (about := self._about(kept[-1])) is None:
            for one in told:
                yield from self._single(one, texts[one.place])
            return
        yield from about
        for one, following in zip(told, [*told[1:], None], strict=True):
            if not _is_deletion(one.record):
                yield from _revised(one, following)

    def _about(self, told: _Told) -> list[Statement] | None:
        """Return what is told of the company and of who controls it; None for a kind not known here."""
        data, number = told.data, told.company
        if _is_remark(data):
            self._companies.is_new(number)
            properties = (statement_of(data),) if data.statement else exemptions_of(data)
            return [told.says(read_company(number, data, properties))]
        if (party := _party(told)) is None:
            return None
        new = self._companies.is_new(number) or data.company_name
        return [told.says(read_company(number, data)), party] if new else [party]

    def _compare_totals(self) -> Iterator[SetAside]:
        """Tell where the files' own totals are not what was read."""
        for place, data in self._totals[-1:]:
            said = {
                "persons": data.persons_of_significant_control_count,
                "statements": data.statements_count,
                "exemptions": data.exemptions_count,
            }
            wrong = {name: count for name, count in said.items() if count is not None and count != self._counts[name]}
            if wrong:
                text = "; ".join(f"{name}: {count:,} by the total, {self._counts[name]:,} read"
                                 for name, count in wrong.items())  # fmt: skip
                yield SetAside(place, "the snapshot's own totals are not what was read", text)


def _told(record: Record, company: str, file: str, line: int) -> _Told:
    source = _source(file, stream=record.event is not None)
    published = record.event.published_at if record.event else record.content_date
    place = f"{file} line {line}, {record.path}"
    return _Told(record, company, place, (source.id,), published or source.published)


def _is_remark(data: Data) -> bool:
    """Tell whether a record says something of a company's register and names nobody who controls it."""
    return bool(data.statement) or data.kind == "exemptions"


def _party(told: _Told) -> Statement | None:
    """Return who controls, told as an entity; None for a kind not known here."""
    kind = told.data.kind
    if kind.startswith("individual"):
        return told.says(read_person(told.party, told.data))
    if kind.startswith(("corporate-entity", "legal-person")):
        entity, flags = read_body(told.party, told.data)
        return told.says(entity, *flags)
    if kind.startswith("super-secure"):
        return told.says(read_super_secure(told.party, told.data))
    return None


def _links(told: _Told) -> Iterator[Statement | SetAside]:
    """Yield a link for each nature of control."""
    data, party = told.data, told.party
    if not party:
        return
    if data.ceased and not data.ceased_on:
        yield SetAside(told.place, "ceased, but not told when", f"{data.name or party}: {data.natures_of_control}")
        return
    period = Period(_date(data.notified_on or ""), _date(data.ceased_on or ""))
    company = company_id(told.company)
    if not data.natures_of_control:
        role = "super secure" if data.kind.startswith("super-secure") else "nature of control not told"
        yield told.says(Link(party, company, LinkType.CONTROLS, role, period))
        return
    for code in dict.fromkeys(data.natures_of_control):
        nature = nature_of(code)
        flags = () if nature.known else (f"nature of control: {code} is not one we know",)
        link = Link(party, company, nature.type, nature.role, period, nature.share, nature.basis, nature.direct,
                    note=_note(code))  # fmt: skip
        yield told.says(link, *flags)


def _revised(told: _Told, following: _Told | None) -> Iterator[Statement | SetAside]:
    """Yield the links of one version: those the next version tells again are left to it, others end with it."""
    again: set[str] = set()
    if following is not None and not _is_deletion(following.record):
        later = following.data
        if later.notified_on == told.data.notified_on:
            again = {_note(code) for code in later.natures_of_control or ("",)}
    for item in _links(told):
        if following is None or not isinstance(item, Statement) or not isinstance(item.about, Link):
            yield item
        elif item.about.note not in again:
            yield _ended(item, item.about, following.moment[:10], deleted=_is_deletion(following.record))


def _note(code: str) -> str:
    return f"Nature of control: {code}." if code else ""


def _ended(claim: Statement, link: Link, until: str, *, deleted: bool) -> Statement:
    if link.period.end.known or not until:
        return claim
    why = f"none given; {'deleted' if deleted else 'revised'} on {until}"
    period = Period(link.period.start, _date(until))
    return Statement(replace(link, period=period), claim.sources, claim.record, (*claim.flags, f"end_date: {why}"))


def _is_deletion(record: Record) -> bool:
    return record.event is not None and record.event.type == "deleted"


@lru_cache(maxsize=256)
def _source(file: str, *, stream: bool) -> Source:
    found = _DATE.search(file)
    published = found[0] if found else ""
    what = "stream" if stream else "snapshot"
    return Source(
        f"psc-{what}{f'-{published}' if published else ''}",
        f"People with significant control ({what})",
        "Companies House",
        published,
        _STREAM_URL if stream else _URL,
        date.today().isoformat(),
    )


def _shown(text: bytes) -> str:
    return text[:2000].decode("utf-8", "replace")


LOADER = Loader(
    name="psc",
    title="UK people with significant control",
    reads="Companies House's snapshot (all parts) or stream: JSON lines, also gzip or zip",
    official=_URL,
    read=read,
)
