"""Rows of a table and a mapping, made into statements: parties, listings, links."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from listed.errors import InputError
from listed.graph.model import UNREAD, Entity, Link, Listing, Name, SetAside, Source, Statement
from listed.graph.names import fold
from listed.graph.period import NO_DATE, PartialDate, Period
from listed.graph.share import UNKNOWN, Basis, Share, parse_share
from listed.graph.vocabulary import LinkType
from listed.loaders.csl.links import without_short_form
from listed.loaders.loader import Item
from listed.loaders.numbered_dates import read_date
from listed.loaders.table.mapping import LinkPart, ListingPart, PartyPart, TableMapping
from listed.loaders.table.parties import Found, NamedParties, PartyReader, is_unnamed, unnamed
from listed.loaders.table.prose import Mention, Prose
from listed.loaders.table.rows import Row, Table, in_words
from listed.loaders.table.starts import as_start
from listed.loaders.table.values import Cells, Values, all_texts, one_text

_parsed_share = lru_cache(maxsize=65_536)(parse_share)


@dataclass(slots=True)
class _Told:
    """What a table has told so far: sources and parties that need not be told again, columns, rows left out."""

    sources: set[str] = field(default_factory=set)
    parties: set[str] = field(default_factory=set)
    columns: dict[str, None] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


class TableReader:
    """Reads one table by a mapping.

    Parameters
    ----------
    table, mapping
        The table, open, and how it is read.
    dataset
        The name it is loaded under: the prefix of its parties' ids unless the mapping gives one.
    """

    def __init__(self, table: Table, mapping: TableMapping, dataset: str) -> None:
        self.table, self.mapping = table, mapping
        self._parties = PartyReader(mapping.prefix or dataset, mapping.as_given)
        self._prose = Prose(mapping.prose, mapping.parties)
        self._source = f"{dataset}/{table.file}"
        self._named = NamedParties()
        self._told = _Told()

    def items(self) -> Iterator[Item]:
        """Yield the source, then what each row says.

        Raises
        ------
        InputError
            If the mapping names a column that the table does not have.
        """
        if self.table.columns is not None:
            self._check_columns(self.table.columns)
            self._told.columns = dict.fromkeys(self.table.columns)
        said = self.mapping.source
        yield Source(self._source, said.title or self.table.file, said.publisher, said.published, said.url,
                     said.retrieved)  # fmt: skip
        if self.mapping.entity is not None and (self.mapping.prose or self.mapping.entity.same):
            self._note_names(self.mapping.entity)
        rows = 0
        for row in self.table.read():
            if isinstance(row, InputError):
                yield row
                continue
            rows += 1
            if self.table.columns is None:
                self._told.columns |= dict.fromkeys(row.cells)
            missed = next((one for one in self.mapping.filters if not one.holds(row)), None)
            if missed is not None:
                self._told.left_out[missed.words] += 1
                continue
            yield from self._row(row)
        if self.table.columns is None and rows:
            self._check_columns(list(self._told.columns))
        yield from self._left_over()

    def _note_names(self, part: PartyPart) -> None:
        """Read all rows once for their parties' names, so that prose which names one of them finds it."""
        for row in self.table.read():
            if isinstance(row, Row) and all(one.holds(row) for one in self.mapping.filters):
                found = self._parties.read(part, row)
                if found is not None:
                    self._named.note(found.entity)

    def _check_columns(self, there: list[str] | tuple[str, ...]) -> None:
        for column, where in self.mapping.used.items():
            if column not in there:
                close = difflib.get_close_matches(column.casefold(), [one.casefold() for one in there], n=1, cutoff=0.5)
                meant = [one for one in there if close and one.casefold() == close[0]]
                advice = f"did you mean {meant[0]!r}?" if meant else f"it has: {', '.join(there)[:300]}"
                raise InputError(f"has no column {column!r}, which {where} of {self.mapping.file} names",
                                 file=self.table.file, advice=advice)  # fmt: skip

    def _left_over(self) -> Iterator[SetAside]:
        for column in self._told.columns:
            if column not in self.mapping.used and column not in self.mapping.ignored:
                yield SetAside(f"{self.table.file} header", UNREAD, column)
        for words, count in self._told.left_out.items():
            yield SetAside(
                self.table.file, "rows left out by [[where]]", f"{count:,} row{'s' * (count > 1)} for which not {words}"
            )

    def _row(self, row: Row) -> Iterator[Item]:
        mapping, record = self.mapping, self.table.record(row.number)
        flags = list(row.flags)
        sources = (self._source,)
        if mapping.source.row and (named := one_text(mapping.source.row, row.cells, flags)):
            source = self._row_source(named)
            sources = (source.id,)
            if source.id not in self._told.sources:
                self._told.sources.add(source.id)
                yield source
        party: Found | None = None
        if mapping.entity is not None:
            party = self._parties.read(mapping.entity, row)
            if party is None:
                yield SetAside(record, "no name", in_words(row.cells))
                return
            self._told.parties.add(party.entity.id)
            yield Statement(party.entity, sources, record, (*flags, *party.flags, *self._prose.cut_off(row)))
            flags = []
            if party.belongs:
                yield from self._belonging(party, sources, record)
            yield from self._listings(party.entity, row, sources, record)
        for link in mapping.links:
            yield from self._link(link, party, row, sources, record, flags)
        if party is not None and mapping.prose:
            yield from self._prose_links(party.entity, row, sources, record)

    def _row_source(self, named: str) -> Source:
        url = named if re.match(r"https?://", named) else ""
        return Source(f"{self._source}#{named}", named, url=url)

    def _party_statement(self, entity: Entity, sources: tuple[str, ...], record: str, flags: tuple[str, ...] = ()) -> (
        Iterator[Statement]
    ):  # fmt: skip
        """Yield a party that is but an end of a link, the first time, or whenever it says more than its name."""
        more = entity.countries or entity.identifiers or entity.addresses
        bare = len(entity.names) <= 1 and not more and not flags
        if not bare or entity.id not in self._told.parties:
            self._told.parties.add(entity.id)
            yield Statement(entity, sources, record, flags)

    def _belonging(self, party: Found, sources: tuple[str, ...], record: str) -> Iterator[Statement]:
        belongs = party.belongs
        if belongs is None:
            return
        names = tuple(Name(text) for text in dict.fromkeys((belongs.head, without_short_form(belongs.head))))
        as_listed = dict(party.entity.properties).get("name_as_listed", "")
        note = f"Name as listed: {as_listed}"
        head, flags = self._named_or_new(Entity(self._parties.id_of(belongs.head), names[:1]), names, party.entity.id)
        yield from self._party_statement(head, sources, record)
        link = Link(party.entity.id, head.id, LinkType.AFFILIATED_WITH, belongs.role, note=note)
        yield Statement(link, sources, record, flags)

    def _listings(self, entity: Entity, row: Row, sources: tuple[str, ...], record: str) -> Iterator[Item]:
        told = [one for one in self._prose.read(row, record) if isinstance(one, Mention) and one.rule.makes is None]
        for part in self.mapping.listings:
            flags: list[str] = []
            listing = _listing(part, entity.id, row.cells, flags)
            if not listing.list:
                yield SetAside(record, "no list", in_words(row.cells))
                continue
            if not told:
                missing = (
                    ["listing: the prose that should say when has another wording"] if self._tells_listings else []
                )
                yield Statement(listing, sources, record, (*flags, *missing))
            for mention in told:
                yield Statement(_told_listing(listing, mention), sources, record, (*flags, *mention.flags))

    @property
    def _tells_listings(self) -> bool:
        return any(rule.makes is None for rule in self.mapping.prose)

    def _link(
        self, part: LinkPart, party: Found | None, row: Row, sources: tuple[str, ...], record: str, flags: list[str]
    ) -> Iterator[Item]:
        source = party if part.source is None else self._parties.read(part.source, row)
        target = party if part.target is None else self._parties.read(part.target, row)
        if source is None or target is None:
            # Beside a party of its own, a row need not have the link.
            if party is None:
                what = " or ".join(name for name, end in (("owner", source), ("asset", target)) if end is None)
                yield SetAside(record, f"no {what}", in_words(row.cells))
            return
        if is_unnamed(source.entity.name) and part.source is not None and not part.source.id:
            source = replace(source, entity=unnamed(source.entity, target.entity.id))
        for end, own in ((source, part.source), (target, part.target)):
            if own is not None:
                yield from self._party_statement(end.entity, sources, record, end.flags)
        said = list(flags)
        type_ = _type(part, row.cells, said)
        if type_ is None:
            yield SetAside(record, "no such type of link", one_text(part.type, row.cells, []))
            return
        link = _made_link(part, source.entity.id, target.entity.id, type_, row.cells, said)
        yield Statement(link, sources, record, tuple(said))

    def _prose_links(self, entity: Entity, row: Row, sources: tuple[str, ...], record: str) -> Iterator[Item]:
        said: set[tuple[object, ...]] = set()
        for mention in self._prose.read(row, record):
            if isinstance(mention, SetAside):
                yield mention
                continue
            if mention.rule.makes is None or not _is_about(mention, entity):
                continue
            other, doubts = self._other(mention, entity)
            ends = (entity.id, other.id) if mention.rule.this_owns else (other.id, entity.id)
            key = (mention.rule.makes, *ends, mention.direct, mention.role)
            if key in said:
                continue
            said.add(key)
            yield from self._party_statement(other, sources, record, (mention.rule.flag,) * bool(mention.rule.flag))
            share = parse_share(mention.said.get("share", "") or mention.rule.share)
            basis = Basis.SHARES if share.known else Basis.UNKNOWN
            link = Link(*ends, mention.rule.makes, mention.role, mention.period, share, basis, mention.direct,
                        note=mention.sentence)  # fmt: skip
            yield Statement(link, sources, record, mention.flags + doubts)
            if mention.rule.listed:
                for part in self.mapping.listings:
                    flags = [mention.rule.flag] if mention.rule.flag else []
                    yield Statement(_listing(part, other.id, row.cells, flags), sources, record, tuple(flags))

    def _other(self, mention: Mention, entity: Entity) -> tuple[Entity, tuple[str, ...]]:
        if mention.known is not None:
            known = mention.known.entity
            own = known if mention.known.own_id else replace(known, id=self._parties.id_of(known.name))
            return own, ()
        rule = mention.rule
        note = f"Named in the {rule.column} of {entity.name.rstrip('.')}."
        id_ = self._parties.id_of(mention.names[0].text)
        new = Entity(id_, mention.names, rule.schema, rule.countries, rule.topics, (), mention.addresses, note=note)
        return self._named_or_new(new, mention.names[:1], entity.id)

    def _named_or_new(self, new: Entity, names: tuple[Name, ...], of: str) -> tuple[Entity, tuple[str, ...]]:
        """Return the one party of the table that goes by one of some names, else a new one, flagged if several do."""
        fitting = next(filter(None, (self._named.find(name.text, of) for name in names)), [])
        if len(fitting) == 1:
            return replace(new, id=fitting[0]), ()
        return new, (f"named: {new.name!r} fits {', '.join(fitting[:5])}",) if fitting else ()


def _listing(part: ListingPart, entity: str, cells: Cells, flags: list[str]) -> Listing:
    return Listing(
        entity,
        one_text(part.list, cells, flags).upper(),
        _dates(part, cells, flags),
        one_text(part.citation, cells, flags),
        one_text(part.licence_requirement, cells, flags),
        one_text(part.licence_policy, cells, flags),
        tuple(all_texts(part.programs, cells, flags)),
        one_text(part.remarks, cells, flags),
    )


def _dates(part: ListingPart | LinkPart, cells: Cells, flags: list[str]) -> Period:
    return Period(as_start(_date(part.start, cells, flags)), _date(part.end, cells, flags))


def _date(values: Values, cells: Cells, flags: list[str]) -> PartialDate:
    for value in values:
        if text := one_text((value,), cells, flags):
            return read_date(text, day_first=value.day_first)
    return NO_DATE


def _told_listing(listing: Listing, mention: Mention) -> Listing:
    """Return a listing with what prose says of it in the place of what the row says."""
    said, told = mention.said, mention.period
    start = told.start if "start" in said else listing.period.start
    end = told.end if "end" in said else listing.period.end
    return replace(
        listing,
        period=Period(start, end),
        citation=said.get("citation", listing.citation),
        programs=(said["program"],) if "program" in said else listing.programs,
        remarks=said.get("remarks", listing.remarks),
    )


def _is_about(mention: Mention, entity: Entity) -> bool:
    """Tell whether a wording means the row's party: the one it names (``this``), or its rule does (``row``)."""
    meant = [fold(name) for name in (mention.said.get("this"), mention.rule.row) if name]
    return not meant or set(meant) <= {fold(name.text) for name in entity.names}


def _type(part: LinkPart, cells: Cells, flags: list[str]) -> LinkType | None:
    text = one_text(part.type, cells, flags)
    if not text:
        return LinkType.OWNS
    return LinkType.__members__.get(text.upper().replace(" ", "_"))


def _made_link(part: LinkPart, source: str, target: str, type_: LinkType, cells: Cells, flags: list[str]) -> Link:
    share = _share(part.share, cells, flags)
    basis = part.basis or (Basis.SHARES if part.share else Basis.UNKNOWN)
    period = _dates(part, cells, flags)
    return Link(
        source,
        target,
        type_,
        one_text(part.role, cells, flags),
        period,
        share,
        basis,
        part.direct,
        _amount(one_text(part.amount, cells, flags), flags),
        one_text(part.currency, cells, flags).upper(),
        one_text(part.note, cells, flags),
        one_text(part.confidence, cells, flags),
    )


def _share(values: Values, cells: Cells, flags: list[str]) -> Share:
    for value in values:
        if text := one_text((value,), cells, flags):
            return _parsed_share(text, value.unit)
    return UNKNOWN


def _amount(text: str, flags: list[str]) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(re.sub(r"[ ,](?=\d{3}(?!\d))", "", text))
        of_money = amount.is_finite() and abs(amount) < Decimal(10) ** 18 and amount == round(amount, 2)
    except ArithmeticError:  # no number, or one beyond all reckoning: "1e999999999"
        of_money = False
    if not of_money:
        flags.append(f"amount: {text}: not an amount of money")
        return None
    return amount
