"""One entry of OFAC's lists, however its file writes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from listed.graph.model import Address, Name
from listed.graph.vocabulary import LinkType


@dataclass(frozen=True, slots=True)
class Relation:
    """How an entry is related to another, by that one's number; ``turned``: the link leads from the other to it."""

    other: str
    type: LinkType
    role: str
    record: str
    note: str = ""
    turned: bool = False
    former: bool = False


@dataclass(slots=True)
class Entry:
    """An entry as its file tells it, words not yet read.

    Parameters
    ----------
    number
        OFAC's own: one party's on all of its lists.
    file, record
        Which file, and where in it.
    type
        "individual", "vessel", "aircraft"; empty for any other party.
    ids
        Numbers and facts as "type, value, country code, dates".
    vessel
        Call sign, type, tonnage... under the names the Consolidated Screening List has for them.
    published, start
        Date of the file, and that of the listing, where it says so.
    relations
        With other entries, where the file tells them by their numbers.
    """

    number: str
    name: str
    file: str
    record: str
    type: str = ""
    programs: list[str] = field(default_factory=list)
    title: str = ""
    remarks: str = ""
    aliases: list[Name] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    vessel: dict[str, str] = field(default_factory=dict)
    linked: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    published: str = ""
    start: str = ""
    relations: list[Relation] = field(default_factory=list)
