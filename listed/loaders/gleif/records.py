"""One record of GLEIF's, whatever the file: an XML element named as the common data file format names it.

The XML has these elements as they are; the CSV, the JSON of the golden copy and the JSON of the API
are brought to the same form, so that what a record says is read in one place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from xml.etree.ElementTree import Element, SubElement


class Kind(StrEnum):
    """What a record is, by the tag of its element."""

    ENTITY = "LEIRecord"
    RELATIONSHIP = "RelationshipRecord"
    EXCEPTION = "Exception"


EVERY_KIND = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Record:
    """A record and where it stands: "rr.xml record 17".

    ``element`` may be emptied by the reader as soon as the next record is asked for.
    """

    kind: Kind
    element: Element
    place: str


@dataclass(frozen=True, slots=True)
class Head:
    """What a file says of itself before its records.

    Parameters
    ----------
    kinds
        The kinds of record it may hold.
    published
        When it was made, as the file or its name says; empty if neither does.
    told
        How many records its header says there are.
    """

    kinds: frozenset[Kind] = EVERY_KIND
    published: str = ""
    told: int | None = None


_KINDS = {kind.value: kind for kind in Kind}


def kind_of(tag: str) -> Kind:
    """Return the kind of record an element with that tag is."""
    return _KINDS[tag]


def text_of(element: Element, path: str) -> str:
    """Return the text at a path on one line; empty where there is none."""
    for tag in path.split("/"):  # tag by tag, since only a search for a single tag is quick
        found = element.find(tag)
        if found is None:
            return ""
        element = found
    return own_text(element)


def own_text(element: Element) -> str:
    """Return an element's text on one line."""
    return " ".join(element.text.split()) if element.text else ""


def parts_of(element: Element, path: str) -> list[Element]:
    """Return the elements at a path; at every step there may be several."""
    found = [element]
    for tag in path.split("/"):
        found = [part for holder in found for part in holder.findall(tag)]
    return found


def digest(element: Element) -> int:
    """Return a number that stands for all a record says, however it is indented."""
    parts = ((part.tag, (part.text or "").strip(), *sorted(part.items())) for part in element.iter())
    return hash(tuple(parts))


def key_of(record: Record) -> str:
    """Return what a record is about: two records of one key are two versions of one."""
    element = record.element
    if record.kind is Kind.ENTITY:
        parts = [text_of(element, "LEI")]
    elif record.kind is Kind.RELATIONSHIP:
        paths = ("StartNode/NodeID", "RelationshipType", "EndNode/NodeID")
        parts = [text_of(element, f"Relationship/{path}") for path in paths]
    else:
        parts = [text_of(element, "LEI"), text_of(element, "ExceptionCategory")]
    return f"{record.kind}|{'|'.join(parts)}"


def updated(record: Record) -> str:
    """Return when a record was last updated, as it says: texts that sort as the times do, to the day."""
    return text_of(record.element, "Registration/LastUpdateDate")


@dataclass(slots=True)
class Branch:
    """Builds an element from paths, keeping apart what is numbered: ``OtherEntityName.2``."""

    element: Element
    _branches: dict[tuple[str, ...], Element] = field(default_factory=dict)

    def set(self, path: tuple[str, ...], text: str) -> None:
        """Set the text at a path of tags; a tag may carry a number ("OtherEntityName 2"), ``@`` is an attribute."""
        *holders, last = path
        element = self._at(tuple(holders))
        if last.startswith("@"):
            element.set(last[1:], text)
        else:
            self._at(path).text = text

    def _at(self, path: tuple[str, ...]) -> Element:
        if not path:
            return self.element
        found = self._branches.get(path)
        if found is None:
            found = SubElement(self._at(path[:-1]), path[-1].partition(" ")[0])
            self._branches[path] = found
        return found


def from_json(tag: str, value: object) -> Element:
    """Return JSON as the element it was made from.

    Understands text as ``{"$": "text"}`` with attributes as ``"@type"``, as the golden copy has it,
    and plain text; a list is an element that repeats.
    """
    element = Element(tag)
    if isinstance(value, Mapping):
        for key, part in value.items():
            if key == "$":
                element.text = _plain(part)
            elif key.startswith("@"):
                element.set(key.rpartition(":")[2].lstrip("@"), _plain(part))
            else:
                _append(element, key, part)
    elif value is not None:
        element.text = _plain(value)
    return element


def _append(element: Element, key: str, value: object) -> None:
    for one in value if isinstance(value, list) else [value]:
        if one is not None:
            element.append(from_json(key, one))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
