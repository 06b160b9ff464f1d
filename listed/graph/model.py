"""What the graph is made of: entities, links, listings, sources, and the statements about them.

These are the objects a loader yields and a query hands out. In bulk they live as columns
(:mod:`listed.graph.tables`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from listed.graph.period import Period
from listed.graph.share import UNKNOWN, Basis, Share
from listed.graph.vocabulary import LinkType, NameKind


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an entity. ``script`` is an ISO 15924 code; empty: told from the text."""

    text: str
    kind: NameKind = NameKind.PRIMARY
    script: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier: ``Identifier("lei", "549300...")``. Schemes are lower case."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address as the source gives it, with its country (ISO 3166-1 alpha-2, lower case)."""

    text: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """A company, organisation, public body, person, vessel...

    Parameters
    ----------
    id
        Unique among all sources: a loader puts its own prefix before a source's number.
    names
        The primary name first. An entity without a name is shown by its id.
    schema, topics
        FollowTheMoney's.
    countries
        ISO 3166-1 alpha-2, lower case.
    properties
        Whatever else the source says, as pairs of name and text.
    placeholder
        Stands for a party the source does not name, or for an end that is not in its file.
    """

    id: str
    names: tuple[Name, ...] = ()
    schema: str = "LegalEntity"
    countries: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    note: str = ""
    placeholder: bool = False

    @property
    def name(self) -> str:
        """The name to show: the first primary one, else any, else the id."""
        for name in self.names:
            if name.kind is NameKind.PRIMARY:
                return name.text
        return self.names[0].text if self.names else self.id


@dataclass(frozen=True, slots=True)
class Link:
    """A directed, dated relation from one entity to another.

    Parameters
    ----------
    source, target
        Entity ids. An owner is the source of its OWNS link, the asset its target.
    type
        What the link says; ``role`` says more ("joint venture partner", "Series C").
    share, basis, direct
        Of OWNS and CONTROLS; ``direct`` is ``None`` when the source does not tell.
    amount, currency
        Of money, where stated; the currency by ISO 4217.
    note
        One sentence of evidence.
    """

    source: str
    target: str
    type: LinkType
    role: str = ""
    period: Period = Period()
    share: Share = UNKNOWN
    basis: Basis = Basis.UNKNOWN
    direct: bool | None = None
    amount: Decimal | None = None
    currency: str = ""
    note: str = ""
    confidence: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """An entity on a list for a period."""

    entity: str
    list: str
    period: Period = Period()
    citation: str = ""
    licence_requirement: str = ""
    licence_policy: str = ""
    programs: tuple[str, ...] = ()
    remarks: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from.

    Parameters
    ----------
    id
        Unique among all loaders.
    published, retrieved
        ISO dates as text, at the precision known; empty when not.
    loaded
        The day the graph read it, where nobody said when it was retrieved; a loader leaves it empty.
    """

    id: str
    title: str
    publisher: str = ""
    published: str = ""
    url: str = ""
    retrieved: str = ""
    loaded: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim: what is said, by which sources, and where in them.

    Parameters
    ----------
    about
        The entity, link or listing claimed.
    sources
        Ids of the sources that say so.
    record
        Where in the file, for whoever looks it up: "row 17", "line 4".
    flags
        What the loader could not take at its word ("start_date: Various").
    """

    about: Entity | Link | Listing
    sources: tuple[str, ...]
    record: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something of a file that did not become a statement, kept with the reason."""

    record: str
    reason: str
    text: str


UNREAD = "columns that are not read"
"""The reason for which a column of a table is set aside; the text is its name, whatever that holds."""
