"""The bundled graph: plain tables the team keeps, read when a user has no graph of their own.

``README.md`` beside this file tells what the tables hold. They are ours, so nothing in them is
excused: a cell that cannot be taken at its word stops the load and names its file and row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NoReturn, TypeVar

from listed.errors import InputError
from listed.graph.model import Entity, Identifier, Link, Listing, Name, Source, Statement
from listed.graph.period import PartialDate, Period, parse_date
from listed.graph.share import Basis, Share, parse_share
from listed.graph.vocabulary import LISTS, SCHEMATA, STATE_TOPICS, STRONG_SCHEMES, LinkType, NameKind
from listed.loaders.inputs import Input
from listed.loaders.loader import Item, Loader

TOPICS = STATE_TOPICS | {"corp.public", "edu", "export.control", "gov.soe", "sanction"}
"""Topics the tables may give an entity; each is FollowTheMoney's."""

SCHEMES = STRONG_SCHEMES | {"ticker"}
"""Identifier schemes the tables may use."""

CONFIDENCE = frozenset({"confirmed", "reported", "disputed"})
"""How sure a link is: ``disputed`` where sources differ, or of a plan not seen completed."""

_COLUMNS = {
    "sources.csv": ("id", "title", "publisher", "published", "url"),
    "entities.csv": ("id", "name", "schema", "countries", "aliases", "identifiers", "topics", "founded",
                     "hub", "placeholder", "note", "sources"),
    "links.csv": ("id", "source", "target", "type", "share", "share_text", "basis", "direct", "role",
                  "start", "end", "start_told", "amount", "currency", "sources", "confidence", "note"),
    "listings.csv": ("entity", "list", "start", "end", "start_told", "citation", "licence_requirement",
                     "licence_policy", "programs", "remarks", "sources"),
}  # fmt: skip
_COUNTRY = re.compile(r"[a-z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")

_Member = TypeVar("_Member", bound=StrEnum)


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Yield the bundled graph.

    Parameters
    ----------
    inputs
        None: the tables come with the package.

    Raises
    ------
    InputError
        If a file is given, or a table cannot be read as what it should be.
    """
    if inputs:
        raise InputError("the bundled graph brings its own files", file=inputs[0].name, advice="name no file")
    return read_tables(files(__name__))


def read_tables(folder: Traversable) -> Iterator[Item]:
    """Yield the graph in a folder of four tables laid out as the bundled ones.

    Parameters
    ----------
    folder
        Holds ``sources.csv``, ``entities.csv``, ``links.csv`` and ``listings.csv``.

    Yields
    ------
    Source or Statement
        The sources first, then entities, links and listings in the order of the rows.

    Raises
    ------
    InputError
        At the first cell that is not what its column holds; names the file and the row as a
        spreadsheet counts it (the header is row 1).
    """
    sources: set[str] = set()
    entities: set[str] = set()
    links: set[str] = set()
    for row in _rows(folder, "sources.csv"):
        yield _source(row, sources)
    for row in _rows(folder, "entities.csv"):
        yield row.statement(_entity(row, entities), row["id"], sources)
    for row in _rows(folder, "links.csv"):
        yield row.statement(_link(row, links, entities), row["id"], sources)
    for row in _rows(folder, "listings.csv"):
        yield row.statement(_listing(row, entities), f"row {row.number}", sources)


LOADER = Loader(
    name="bundled",
    title="The bundled graph: SenseTime, its owners, partners and customers, and the firms around it",
    reads="no file: its tables come with the package",
    official="",
    read=read,
    needs_files=False,
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a table, and the readings of its cells that can fail."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def reject(self, column: str, problem: str) -> NoReturn:
        raise InputError(f"{column} {self[column]!r}: {problem}", file=self.file, row=self.number)

    def required(self, column: str) -> str:
        return self[column] or self.reject(column, "must not be empty")

    def new(self, column: str, seen: set[str]) -> str:
        text = self.required(column)
        if text in seen:
            self.reject(column, "used by an earlier row")
        seen.add(text)
        return text

    def known(self, column: str, words: Container[str]) -> str:
        return self[column] if self[column] in words else self.reject(column, "not known")

    def several(self, column: str, words: Container[str] | None = None) -> tuple[str, ...]:
        texts = tuple(self[column].split(";")) if self[column] else ()
        for text in texts:
            if not text or text != text.strip():
                self.reject(column, "an empty or padded value between semicolons")
            if words is not None and text not in words:
                self.reject(column, f"{text!r} is not known")
        return texts

    def member(self, column: str, kind: type[_Member]) -> _Member:
        try:
            return kind(self[column])
        except ValueError:
            self.reject(column, f"not one of {', '.join(kind)}")

    def matching(self, column: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
        texts = self.several(column)
        for text in texts:
            if not pattern.fullmatch(text):
                self.reject(column, f"not of the form {pattern.pattern}")
        return texts

    def yes(self, column: str) -> bool:
        return self.known(column, ("yes", "")) == "yes"

    def date(self, column: str) -> PartialDate:
        date = parse_date(self[column])
        # parse_date forgives; a table of ours has no reason to write a date any other way.
        if str(date) != self[column]:
            self.reject(column, date.flag or "write it 2019, 2019-04 or 2019-04-30")
        return date

    def period(self) -> Period:
        start, end = self.date("start"), self.date("end")
        if start.earliest and end.latest and end.latest < start.earliest:
            self.reject("end", "before the start")
        told = self.yes("start_told")
        if told and not start.known:
            self.reject("start_told", "of no start")
        return Period(start, end, told)

    def statement(self, about: Entity | Link | Listing, place: str, known: Container[str]) -> Statement:
        self.required("sources")
        sources = self.several("sources", known)
        return Statement(about, sources, f"{self.file} {place}")


def _rows(folder: Traversable, file: str) -> Iterator[_Row]:
    try:
        text = folder.joinpath(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", file=file) from error
    lines = csv.reader(text.splitlines(keepends=True), strict=True)
    columns = _COLUMNS[file]
    try:
        if tuple(next(lines, ())) != columns:
            raise InputError(f"the columns are not {', '.join(columns)}", file=file, row=1)
        for number, cells in enumerate(lines, start=2):
            if len(cells) != len(columns):
                raise InputError(f"{len(cells)} cells, not {len(columns)}", file=file, row=number)
            yield _Row(file, number, dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        raise InputError(str(error), file=file, row=lines.line_num) from error


def _source(row: _Row, seen: set[str]) -> Source:
    row.date("published")
    if row["url"] and not row["url"].startswith(("https://", "http://")):
        row.reject("url", "not an address")
    return Source(row.new("id", seen), row.required("title"), row["publisher"], row["published"], row["url"])


def _entity(row: _Row, seen: set[str]) -> Entity:
    names = [Name(row.required("name")), *(Name(text, NameKind.ALIAS) for text in row.several("aliases"))]
    properties = [("incorporationDate", str(row.date("founded")))] if row["founded"] else []
    if row.yes("hub"):
        properties.append(("hub", "yes"))
    return Entity(
        id=row.new("id", seen),
        names=tuple(names),
        schema=row.known("schema", SCHEMATA),
        countries=row.matching("countries", _COUNTRY),
        topics=row.several("topics", TOPICS),
        identifiers=tuple(_identifier(row, text) for text in row.several("identifiers")),
        properties=tuple(properties),
        note=row["note"],
        placeholder=row.yes("placeholder"),
    )


def _identifier(row: _Row, text: str) -> Identifier:
    scheme, _, value = text.partition(":")
    if scheme not in SCHEMES or not value:
        row.reject("identifiers", f"{text!r} is not scheme:value of a known scheme")
    return Identifier(scheme, value)


def _link(row: _Row, seen: set[str], entities: Container[str]) -> Link:
    row.new("id", seen)
    type_ = row.member("type", LinkType)
    stake = type_ in (LinkType.OWNS, LinkType.CONTROLS)
    if not stake and (row["share"] or row["share_text"] or row["basis"] or row["direct"]):
        row.reject("type", "only OWNS and CONTROLS have a share")
    amount = _amount(row)
    return Link(
        source=row.known("source", entities),
        target=row.known("target", entities),
        type=type_,
        role=row["role"],
        period=row.period(),
        share=_share(row),
        basis=row.member("basis", Basis) if stake else Basis.UNKNOWN,
        direct={"yes": True, "no": False, "": None}[row.known("direct", ("yes", "no", ""))],
        amount=amount,
        currency="" if amount is None else "".join(row.matching("currency", _CURRENCY)),
        note=row.required("note"),
        confidence=row.known("confidence", CONFIDENCE),
    )


def _share(row: _Row) -> Share:
    share = parse_share(row["share"], unit="percent")
    if row["share"] and not share.known:
        row.reject("share", share.flag.partition(",")[0] or "not a share")  # it is not kept here
    if share.flag not in ("", "approximate"):
        row.reject("share", share.flag)
    text = row["share_text"] or row["share"]
    return Share(share.low, share.high, share.low_open, share.high_open, text, share.flag)


def _amount(row: _Row) -> Decimal | None:
    if bool(row["amount"]) != bool(row["currency"]):
        row.reject("amount", "an amount and its currency go together")
    if not row["amount"]:
        return None
    try:
        amount = Decimal(row["amount"])
    except InvalidOperation:
        row.reject("amount", "not a number")
    if not amount.is_finite() or amount <= 0:
        row.reject("amount", "not a sum of money")
    return amount


def _listing(row: _Row, entities: Container[str]) -> Listing:
    return Listing(
        entity=row.known("entity", entities),
        list=row.known("list", LISTS),
        period=row.period(),
        citation=row["citation"],
        licence_requirement=row["licence_requirement"],
        licence_policy=row["licence_policy"],
        programs=row.several("programs"),
        remarks=row["remarks"],
    )
