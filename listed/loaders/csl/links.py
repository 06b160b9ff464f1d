"""Links the list only tells in words: "Linked To", affiliations in names, owners of vessels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from listed.graph.model import Entity, Link, Name, Statement
from listed.graph.vocabulary import LinkType
from listed.loaders.csl.parties import Party, short_hash
from listed.loaders.csl.remarks import linked_to
from listed.loaders.csl.text import tidy

_SHORT_FORM = re.compile(r" ?\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A party named in the words of another's row.

    ``names`` holds the ways to look it up, best first; the last is what a placeholder is called.
    """

    party: Party
    names: tuple[str, ...]
    type: LinkType
    role: str
    note: str

    def link(self, other: str) -> Link:
        """Return the link, the other end found."""
        mine = self.party.entity.id
        source, target = (other, mine) if self.type is LinkType.OWNS else (mine, other)
        return Link(source, target, self.type, self.role, note=self.note)


class NamedParties:
    """Finds the one party of a family of lists that goes by a name, spelled exactly so.

    A primary name goes before an alias: OFAC means by NATIONAL IRANIAN TANKER COMPANY the entry
    of that name, not the one it is an alias of.
    """

    def __init__(self, parties: list[Party]) -> None:
        self._primary: dict[tuple[str, str], dict[str, None]] = {}
        self._other: dict[tuple[str, str], dict[str, None]] = {}
        for party in parties:
            family, id_ = party.on.family, party.entity.id
            self._primary.setdefault((family, _key(party.name.text)), {})[id_] = None
            if (short := without_short_form(party.name.text)) != party.name.text:
                self._other.setdefault((family, _key(short)), {})[id_] = None
            for name in party.entity.names[1:]:
                self._other.setdefault((family, _key(name.text)), {})[id_] = None

    def find(self, mention: Mention) -> list[str]:
        """Return the ids that fit the best of the mention's names that fits any, in file order."""
        family = mention.party.on.family
        for name in mention.names:
            for spelled in (name, _given_name_first(name)):
                key = (family, _key(spelled))
                if found := self._primary.get(key) or self._other.get(key):
                    return [id_ for id_ in found if id_ != mention.party.entity.id]
        return []


def without_short_form(name: str) -> str:
    """Return "Huawei Technologies Co., Ltd." for "Huawei Technologies Co., Ltd. (Huawei)"."""
    return _SHORT_FORM.sub("", name) or name


def _key(name: str) -> str:
    return tidy(name).casefold()


def _given_name_first(name: str) -> str:
    """Return "Evren KAYAKIRAN" for "KAYAKIRAN, Evren": files since 2023 print names so."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def link_statements(parties: list[Party]) -> Iterator[Statement]:
    """Yield a link for every mention, and before it a placeholder where no one party fits."""
    named = NamedParties(parties)
    placeholders: set[str] = set()
    for party in parties:
        for mention in _mentions(party):
            found = named.find(mention)
            sources = (party.on.source_id,)
            if len(found) == 1:
                yield Statement(mention.link(found[0]), sources, party.row.record)
                continue
            name = mention.names[-1]
            flag = f"linked: {name!r} " + (f"fits {', '.join(found)}" if found else "has no entry of its own")
            placeholder = _placeholder(name, party)
            if placeholder.id not in placeholders:
                placeholders.add(placeholder.id)
                yield Statement(placeholder, sources, party.row.record, (flag,))
            yield Statement(mention.link(placeholder.id), sources, party.row.record, (flag,))


def _mentions(party: Party) -> Iterator[Mention]:
    for name in linked_to(party.row.remarks):
        yield Mention(party, (name,), LinkType.LINKED_TO, "", f"Remarks: Linked To: {name}")
    if belongs := party.name.belongs:
        names = (belongs.head, without_short_form(belongs.head))
        note = f"Name as listed: {party.name.as_listed}"
        yield Mention(party, names, LinkType.AFFILIATED_WITH, belongs.role, note)
    if owner := tidy(party.row.vessel_owner):
        yield Mention(party, (owner,), LinkType.OWNS, "vessel owner", f"Vessel owner: {owner}")


def _placeholder(name: str, party: Party) -> Entity:
    return Entity(
        f"csl-linked-{short_hash(f'{party.on.family}|{_key(name)}')}",
        (Name(name),),
        note="Named only in the words of other entries of the Consolidated Screening List.",
        placeholder=True,
    )
