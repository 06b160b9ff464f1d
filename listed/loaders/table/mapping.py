"""A mapping: which columns of a table say what.

It is read from TOML by :mod:`listed.loaders.table.reading`; ``docs/tables.md`` tells how to write one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from listed.graph.model import Entity
from listed.graph.share import Basis
from listed.graph.vocabulary import LinkType
from listed.loaders.table.rows import Layout, Row
from listed.loaders.table.values import Pattern, Values


@dataclass(frozen=True, slots=True)
class SourcePart:
    """Where the table comes from, and the column in which a row names a source of its own."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    published: str = ""
    retrieved: str = ""
    row: Values = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition that a row must meet to be loaded, with its words in the mapping."""

    column: str
    among: frozenset[str] | None = None
    not_among: frozenset[str] | None = None
    matches: Pattern | None = None
    empty: bool | None = None
    words: str = ""

    def holds(self, row: Row) -> bool:
        """Tell whether a row meets it."""
        cell = row.cells.get(self.column, "")
        texts = [cell] if isinstance(cell, str) else cell
        said = [text.strip().casefold() for text in texts if text.strip()]
        if self.empty is not None and self.empty == bool(said):
            return False
        if self.among is not None and not self.among & set(said):
            return False
        if self.not_among is not None and self.not_among & set(said):
            return False
        return self.matches is None or any(self.matches.search(text) for text in texts)


@dataclass(frozen=True, slots=True)
class PartyPart:
    """A party of a row.

    Parameters
    ----------
    name, id
        At least one of them.
    same
        Columns that must be equal, besides the name, for two rows to be about one party.
    brackets
        Whether brackets at the end of a name hold another name.
    identifiers, properties
        By scheme, and by name.
    bare
        Whether it is nothing but the name in a column.
    """

    name: Values = ()
    id: Values = ()
    same: tuple[str, ...] = ()
    brackets: bool = False
    aliases: Values = ()
    previous: Values = ()
    countries: Values = ()
    addresses: Values = ()
    topics: Values = ()
    schema: Values = ()
    note: Values = ()
    identifiers: Mapping[str, Values] = field(default_factory=dict)
    properties: Mapping[str, Values] = field(default_factory=dict)
    bare: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        told = [name for name in PartyPart.__dataclass_fields__ if name not in ("name", "bare") and getattr(self, name)]
        object.__setattr__(self, "bare", not told and all(one.plain for one in self.name))


@dataclass(frozen=True, slots=True)
class ListingPart:
    """A listing of the row's party."""

    list: Values
    start: Values = ()
    end: Values = ()
    citation: Values = ()
    licence_requirement: Values = ()
    licence_policy: Values = ()
    programs: Values = ()
    remarks: Values = ()


@dataclass(frozen=True, slots=True)
class LinkPart:
    """A link of a row; an end that is ``None`` is the row's party."""

    source: PartyPart | None
    target: PartyPart | None
    type: Values = ()
    role: Values = ()
    share: Values = ()
    basis: Basis | None = None
    direct: bool | None = None
    start: Values = ()
    end: Values = ()
    amount: Values = ()
    currency: Values = ()
    note: Values = ()
    confidence: Values = ()


@dataclass(frozen=True, slots=True)
class ProseRule:
    """What a wording in a column of prose says.

    Parameters
    ----------
    column, find
        Where, and the wording; its named groups hold the other end and what else is said.
    row
        The name of the party in whose row alone it holds; empty: in every row.
    pieces
        What stands between pieces that are read one by one.
    cut
        How a text ends that the source cut off.
    makes
        The type of link, or ``None`` for a listing.
    this_owns
        Whether the row's party is the first end of the link (the owner).
    split, whole, replace
        How several other ends are told apart: what stands between them, names in which it does not
        count, and slips of the source with what they should read.
    brackets
        Whether brackets at the end of a name hold another name.
    role, share, flag
        Said of every link of the rule.
    listed
        Whether the other end is on the row's list as well.
    schema, topics, countries
        Of an other end that is no known party.
    day_first
        Whether 3/4/2019 in its ``start`` or ``end`` is in April; ``None`` if nobody says.
    """

    column: str
    find: Pattern
    row: str = ""
    pieces: Pattern | None = None
    cut: Pattern | None = None
    makes: LinkType | None = None
    this_owns: bool = True
    split: Pattern | None = None
    whole: tuple[str, ...] = ()
    replace: tuple[tuple[Pattern, str], ...] = ()
    brackets: bool = False
    role: str = ""
    share: str = ""
    flag: str = ""
    listed: bool = False
    schema: str = "LegalEntity"
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class KnownParty:
    """A party that prose names in several ways.

    ``own_id`` tells whether the mapping gives its id: then it is the same party in every source that has this id.
    """

    entity: Entity
    spellings: tuple[str, ...]
    own_id: bool = False


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping.

    Parameters
    ----------
    file
        Where it was read from, for messages.
    prefix
        Put before the ids of its parties; by default the dataset's name.
    as_given
        Whether ids that stand in the table are used without the prefix.
    used
        Every column it names, and where it does.
    ignored
        Columns it knowingly leaves unread.
    """

    file: str
    layout: Layout = field(default_factory=Layout)
    source: SourcePart = field(default_factory=SourcePart)
    prefix: str = ""
    as_given: bool = False
    filters: tuple[Filter, ...] = ()
    entity: PartyPart | None = None
    listings: tuple[ListingPart, ...] = ()
    links: tuple[LinkPart, ...] = ()
    parties: tuple[KnownParty, ...] = ()
    prose: tuple[ProseRule, ...] = ()
    used: Mapping[str, str] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
