"""Links the UK's lists tell by name alone: parents, subsidiaries, owners and operators of ships."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from listed.graph.model import Entity, Link, Name, Statement
from listed.graph.vocabulary import LinkType
from listed.loaders.csl.parties import short_hash
from listed.loaders.uk.designations import Designation

_TOLD = {
    "parent": (LinkType.OWNS, "parent company"),
    "subsidiary": (LinkType.OWNS, "subsidiary"),
    "owner_operator": (LinkType.LINKED_TO, "current owner or operator"),
    "previous_owner_operator": (LinkType.LINKED_TO, "previous owner or operator"),
}
_FROM_THE_NAMED = frozenset({"parent"})
_NOTE = "Named only in the words of other entries of the UK's lists."


@dataclass(frozen=True, slots=True)
class _Mention:
    entity: str
    key: str
    name: str
    sources: tuple[str, ...]
    record: str


@dataclass(slots=True)
class Mentions:
    """Whom entries name, until all names are known."""

    _named: dict[str, dict[str, None]] = field(default_factory=dict)
    _mentions: list[_Mention] = field(default_factory=list)

    def add(self, one: Designation, entity: Entity, source: str) -> None:
        """Remember the names of an entry, and those in its words."""
        for name in entity.names:
            self._named.setdefault(name.text.casefold(), {})[entity.id] = None
        for key in _TOLD:
            for text in one.all(key):
                self._mentions.append(_Mention(entity.id, key, text, (source,), one.record))

    def statements(self) -> Iterator[Statement]:
        """Yield a link for every mention, and before it a placeholder where no one entry has the name."""
        placeholders: set[str] = set()
        for told in self._mentions:
            found = [id_ for id_ in self._named.get(told.name.casefold(), ()) if id_ != told.entity]
            if len(found) == 1:
                yield Statement(_link(told, found[0]), told.sources, told.record)
                continue
            flag = f"linked: {told.name!r} " + (f"fits {', '.join(found)}" if found else "has no entry of its own")
            id_ = f"gb-named-{short_hash(told.name.casefold())}"
            if id_ not in placeholders:
                placeholders.add(id_)
                placeholder = Entity(id_, (Name(told.name),), note=_NOTE, placeholder=True)
                yield Statement(placeholder, told.sources, told.record, (flag,))
            yield Statement(_link(told, id_), told.sources, told.record, (flag,))


def _link(told: _Mention, other: str) -> Link:
    type_, role = _TOLD[told.key]
    ends = (other, told.entity) if told.key in _FROM_THE_NAMED else (told.entity, other)
    return Link(*ends, type_, role, note=f"{role.capitalize()}: {told.name}")
