"""Relationships: each interest is a link from the interested party to the subject.

A later version of a record revises the earlier one, which stays as history: its link ends when the
stake became another, or on the day the later statement was made. A closed record ends its links. A
chain that is told as a whole and also step by step stays both: the whole is marked indirect, and an
indirect claim is never added to direct ones.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from listed.graph.model import Entity, Link, Name, SetAside
from listed.graph.model import Statement as Claim
from listed.graph.period import PartialDate, Period, parse_date
from listed.graph.share import Basis
from listed.graph.vocabulary import LinkType
from listed.loaders.bods.interests import Hold, hold_told, share_of
from listed.loaders.bods.parties import unnamed_party, words
from listed.loaders.bods.statements import Details, Interest, Pointer, Reason, Statement

PartyId = Callable[[Statement, str], str]
"""Gives the graph's id of a record that a statement points to."""

_date = lru_cache(maxsize=65536)(parse_date)
_NOBODY = frozenset({"no beneficial owners", "no beneficial owner"})
_NO_INTEREST = Interest()


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with where it stands, the source to cite for it, and its file."""

    statement: Statement
    record: str
    source: str
    file: str


@dataclass(slots=True)
class _Stake:
    """A link as told so far by the versions of a record; ``by`` is the statement that told it last."""

    link: Link
    by: str
    records: list[str]
    sources: list[str]
    flags: list[str] = field(default_factory=list)

    def claim(self) -> Claim:
        return Claim(self.link, tuple(dict.fromkeys(self.sources)), "; ".join(self.records), tuple(self.flags))

    def end(self, day: PartialDate, why: str) -> None:
        """End the link on a day, unless it is known to have ended."""
        if day.known and not self.link.period.end.known:
            self.link = replace(self.link, period=Period(self.link.period.start, day))
            self.flags.append(f"end_date: {why}")


def read_relationship(told: Told, party: PartyId) -> Iterator[Claim | SetAside]:
    """Read a relationship that is told once: its links, and a placeholder for a party not named."""
    stakes = yield from _stakes(told, party)
    for stake in stakes:
        if told.statement.closed:
            _close(stake, told.statement)
        yield stake.claim()


def read_versions(versions: Sequence[Told], party: PartyId) -> Iterator[Claim | SetAside]:
    """Read the versions of one relationship, oldest first."""
    current: dict[tuple[object, ...], _Stake] = {}
    superseded: dict[str, str] = {}
    before = ""
    for told in versions:
        statement = told.statement
        for earlier in statement.replaces or ([before] if statement.record != statement.id else []):
            superseded.setdefault(earlier, statement.date)
        before = statement.id
        met: dict[tuple[object, ...], int] = {}
        stakes = yield from _stakes(told, party)
        for stake in stakes:
            kind = _kind(stake.link)
            met[kind] = met.get(kind, 0) + 1
            key = (*kind, met[kind])
            if (earlier_stake := current.get(key)) is not None:
                stake = _revised(earlier_stake, stake, statement)
                if stake.link is not earlier_stake.link and not _same(stake.link, earlier_stake.link):
                    yield earlier_stake.claim()
            current[key] = stake
            if statement.closed:
                _close(stake, statement)
    for stake in current.values():
        if stake.by in superseded:
            day = superseded[stake.by]
            stake.end(_date(day), f"none given; the statement of {day} no longer tells of it")
        yield stake.claim()


def _kind(link: Link) -> tuple[object, ...]:
    """Return what makes two versions of a link the same stake."""
    return link.source, link.target, link.type, link.role, link.basis, link.direct


def _same(one: Link, other: Link) -> bool:
    return one.share == other.share and one.period.start == other.period.start


def _revised(earlier: _Stake, later: _Stake, statement: Statement) -> _Stake:
    """Return the later version of a stake, and end the earlier one where they differ."""
    if _same(earlier.link, later.link):
        later.records = [*earlier.records, *later.records]
        later.sources = [*earlier.sources, *later.sources]
        return later
    start, before = later.link.period.start, earlier.link.period.start
    began_later = start.earliest and before.latest and start.earliest > before.latest
    day = start if began_later else _date(statement.date)
    earlier.end(day, f"none given; revised by the statement of {statement.date}")
    return later


def _close(stake: _Stake, statement: Statement) -> None:
    stake.end(_date(statement.date), f"none given; the record was closed by {statement.date}")


def _stakes(told: Told, party: PartyId) -> Generator[Claim | SetAside, None, list[_Stake]]:
    """Yield what goes with the links of one statement, and return the links."""
    statement, body = told.statement, told.statement.body
    asset = _pointed(body.subject)
    if not asset:
        yield SetAside(told.record, "a relationship whose subject is not told", _said(body.subject))
        return []
    asset_id = party(statement, asset)
    owner = _pointed(body.interested_party)
    if owner:
        owner_id = party(statement, owner)
    else:
        reason = _reason(body.interested_party)
        if not body.interests and words(reason.reason or "") in _NOBODY:
            yield SetAside(told.record, "no beneficial owner, says the source", f"{asset_id}: {_why(reason)}")
            return []
        owner_id = f"{asset_id}-unnamed"
        yield Claim(_unnamed(owner_id, reason), (told.source,), told.record)
    has_shares = any(hold_told(one)[0].basis is Basis.SHARES for one in body.interests or ())
    common = _common_note(body, statement)
    return [
        _stake(told, one, (owner_id, asset_id), common, has_shares=has_shares)
        for one in body.interests or (_NO_INTEREST,)
    ]


def _stake(told: Told, interest: Interest, ends: tuple[str, str], common: str, *, has_shares: bool) -> _Stake:
    hold, direct = hold_told(interest)
    share, period, flags = share_of(interest.share), _period(interest), list[str]()
    if not hold.known:
        flags.append(f"interest: {interest.type} is not one we know")
    if period.end.latest and period.start.earliest and period.end.latest < period.start.earliest:
        flags.append(f"end_date: {period.end} is before the start {period.start}")
    link = Link(
        *ends,
        _type(hold, has_shares=has_shares),
        hold.role,
        period,
        share,
        hold.basis,
        direct,
        note=_note(interest, common),
    )
    return _Stake(link, told.statement.id, [told.record], [told.source], flags)


def _type(hold: Hold, *, has_shares: bool) -> LinkType:
    # Beside a shareholding a right to surplus assets is a right of those shares, not another stake.
    return LinkType.LINKED_TO if has_shares and hold.type is LinkType.OWNS and hold.role else hold.type


def _period(interest: Interest) -> Period:
    return Period(_date(interest.start_date or ""), _date(interest.end_date or ""))


def _note(interest: Interest, common: str) -> str:
    beneficial = "Beneficial ownership or control." if interest.beneficial_ownership_or_control else ""
    return " ".join(part for part in (interest.details, beneficial, common) if part)


def _common_note(body: Details, statement: Statement) -> str:
    said = []
    if body.is_component:
        said.append("A step of an indirect chain that is told as a whole too.")
    if steps := body.component_records or body.component_statement_ids:
        said.append(f"Its steps are told too: {', '.join(str(step) for step in steps)}.")
    if statement.source and (names := [agent.name for agent in statement.source.asserted_by or () if agent.name]):
        said.append(f"Asserted by {', '.join(names)}.")
    said += [f"Remark: {remark.description}" for remark in statement.annotations or () if remark.description]
    return " ".join(said)


def _pointed(pointer: str | Pointer | None) -> str:
    """Return the record or statement that is pointed to; empty when none is."""
    if not isinstance(pointer, Pointer):
        return pointer or ""
    found = pointer.described_by_entity_statement or pointer.described_by_person_statement
    return "" if found is None else str(found)


def _reason(pointer: str | Pointer | None) -> Reason:
    """Return why no party is told."""
    if not isinstance(pointer, Pointer):
        return Reason()
    return pointer.unspecified or Reason(pointer.reason, pointer.description)


def _why(reason: Reason) -> str:
    return ": ".join(part for part in (words(reason.reason or ""), reason.description) if part)


def _said(pointer: str | Pointer | None) -> str:
    return _why(_reason(pointer)) or "nothing"


def _unnamed(id_: str, reason: Reason) -> Entity:
    return Entity(id_, (Name(unnamed_party("", reason)),), note=reason.description or "", placeholder=True)
