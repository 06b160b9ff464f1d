"""The parties of a table: their ids, and all a mapping takes of them from a row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from listed.graph.model import Address, Entity, Identifier, Name
from listed.graph.names import fold
from listed.graph.vocabulary import NameKind
from listed.loaders.csl.countries import country_code
from listed.loaders.csl.names import Belonging, ReadName, read_aliases, read_name
from listed.loaders.csl.text import has_lost_characters
from listed.loaders.party_builder import country_of
from listed.loaders.table.mapping import PartyPart
from listed.loaders.table.party_names import at_end_in_brackets
from listed.loaders.table.rows import Row
from listed.loaders.table.values import all_texts, one_text

UNNAMED_WORDS = (
    "holder|investor|person|people|individual|employee|staff|other|public|owner|float|unknown|unnamed|undisclosed"
    "|unspecified|^n.?a.?$|treasury"
)
"""Every name that is none has one of these in it, and few others have."""

_READABLE = 40
_REMEMBERED = 100_000
_FORMERLY = re.compile(r"(?:formerly|previously|f\.?k\.?a\.?,?)(?: known as)? ", re.IGNORECASE)
_UNNAMED = re.compile(
    r"(?:(?:the|all|its|other|others|small|minority|individual|public|natural|retail|various|remaining|unnamed|unknown"
    r"|undisclosed|unspecified|private|institutional|company|current|former|management|and) )*"
    r"(?:share ?holders?|stock ?holders?|investors?|holders?|persons?|people|individuals?|employees?|staff|others?"
    r"|public|owners?|free float|unknown|undisclosed|unnamed|unspecified|n a|treasury shares)"
)


class NamedParties:
    """The parties of a table by name, for the prose of other rows that names them. A main name goes before an alias."""

    def __init__(self) -> None:
        self._main: dict[str, dict[str, None]] = {}
        self._other: dict[str, dict[str, None]] = {}

    def note(self, entity: Entity) -> None:
        """Take up a party."""
        for place, name in enumerate(entity.names):
            (self._other if place else self._main).setdefault(fold(name.text), {})[entity.id] = None

    def find(self, name: str, of: str) -> list[str]:
        """Return the ids of those that go by a name, other than the one in whose row it stands."""
        key = fold(name)
        found = self._main.get(key) or self._other.get(key) or {}
        return [id_ for id_ in found if id_ != of]


def is_unnamed(name: str) -> bool:
    """Tell whether a name is none: "employees", "natural persons", "other shareholders"."""
    return _UNNAMED.fullmatch(fold(name)) is not None


@dataclass(frozen=True, slots=True)
class Found:
    """A party found in a row, what of it could not be taken at its word, and what its name says it belongs to."""

    entity: Entity
    flags: tuple[str, ...] = ()
    belongs: Belonging | None = None


@dataclass(slots=True)
class PartyReader:
    """Reads parties from rows.

    Parameters
    ----------
    prefix
        Put before every id made of a name, so that names of different tables stay apart.
    as_given
        Whether ids that stand in the table are used without the prefix.
    """

    prefix: str
    as_given: bool = False
    _known: dict[str, Found | None] = field(default_factory=dict)

    def id_of(self, name: str, more: Sequence[str] = ()) -> str:
        """Return the id made of a name, and of what else makes a party the same."""
        return f"{self.prefix}:{fold(name)}{_suffix(more)}"

    def read(self, part: PartyPart, row: Row) -> Found | None:
        """Return a party of a row, or ``None`` if the row names none there."""
        if not part.bare:
            return self._read(part, row)
        # Most tables have nothing but names, and the same ones in many rows.
        name = one_text(part.name, row.cells, [])
        found = self._known.get(name)
        if found is None and name:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            alone = read_name(name) == ReadName(name) and not has_lost_characters(name)
            entity = Entity(self.id_of(name), (Name(name),))
            found = self._known[name] = Found(entity) if alone else self._read(part, row)
        return found

    def _read(self, part: PartyPart, row: Row) -> Found | None:
        flags: list[str] = []
        as_listed, given = one_text(part.name, row.cells, flags), one_text(part.id, row.cells, flags)
        if not as_listed and not given:
            return None
        name, belongs, names, properties = self._name(as_listed, part)
        self._more_names(part, row, names, properties, flags)
        more = [text for column in part.same if (text := _text(row, column))]
        id_ = (given if self.as_given else f"{self.prefix}:{given}") if given else self.id_of(name, more)
        countries = _countries(all_texts(part.countries, row.cells, flags), properties, flags)
        places = addresses(all_texts(part.addresses, row.cells, flags), countries)
        for key, values in part.properties.items():
            properties += [(key, text) for text in all_texts(values, row.cells, flags)]
        if any(has_lost_characters(one.text) for one in names):
            flags.append("name: lost characters")
        entity = Entity(
            id_,
            tuple(dict.fromkeys(names)),
            one_text(part.schema, row.cells, flags) or "LegalEntity",
            tuple(dict.fromkeys(countries)),
            tuple(all_texts(part.topics, row.cells, flags)),
            _identifiers(part, row, flags),
            places,
            tuple(properties),
            one_text(part.note, row.cells, flags),
        )
        return Found(entity, tuple(flags), belongs)

    def _name(self, as_listed: str, part: PartyPart) -> tuple[str, Belonging | None, list[Name], list[tuple[str, str]]]:
        read = read_name(as_listed)
        names = [Name(read.text)] if read.text else []
        names += read.others
        if part.brackets and names:
            names[:1] = names_in(read.text)
        properties = [("name_as_listed", as_listed)] if names and names[0].text != as_listed else []
        if read.scope:
            properties.append(("scope", read.scope))
        return names[0].text if names else "", read.belongs, names, properties

    def _more_names(
        self, part: PartyPart, row: Row, names: list[Name], properties: list[tuple[str, str]], flags: list[str]
    ) -> None:
        known = {one.text.casefold() for one in names}
        for text in all_texts(part.aliases, row.cells, flags):
            read = read_aliases(text)
            properties += [("alias_as_listed", prose) for prose in read.prose]
            names += [one for one in read.names if one.text.casefold() not in known]
        for text in all_texts(part.previous, row.cells, flags):
            names.append(Name(text, NameKind.PREVIOUS))


def _suffix(more: Sequence[str]) -> str:
    """Return what sets parties of one name apart; what is too long to read is stood for by eight digits."""
    said = "|".join(map(fold, more))
    short = said if len(said) <= _READABLE else hashlib.sha256(said.encode()).hexdigest()[:8]
    return f"|{short}" if said else ""


def names_in(text: str) -> list[Name]:
    """Return a name and those in brackets at its end: "X (SMIC)" has an alias, "X (formerly Y)" a previous name."""
    name, inner = at_end_in_brackets(text)
    if not inner:
        return [Name(text)]
    before = _FORMERLY.match(inner)
    kind = NameKind.PREVIOUS if before else NameKind.ALIAS
    inside = names_in(inner[before.end() :] if before else inner)
    return [Name(name), *(Name(one.text, kind) for one in inside)]


def unnamed(entity: Entity, asset: str) -> Entity:
    """Return the placeholder of an owner without a name: one for each asset."""
    return Entity(f"{entity.id}@{asset}", entity.names, entity.schema, entity.countries, placeholder=True)


def _countries(texts: list[str], properties: list[tuple[str, str]], flags: list[str]) -> list[str]:
    codes = []
    for text in texts:
        code = country_of(text.upper() if len(text) == 2 else text)
        if code:
            codes.append(code)
        else:
            properties.append(("country_as_given", text))
            flags.append(f"country: {text}: not a country we know")
    return codes


def addresses(texts: Iterable[str], countries: list[str] | None = None) -> tuple[Address, ...]:
    """Return the addresses with the country at their end; what is nothing but a country goes to ``countries``."""
    read = []
    for text in texts:
        tail = country_code(text.rsplit(",", 1)[-1].strip(" ."))
        if tail and "," not in text and countries is not None:
            countries.append(tail)
        else:
            read.append(Address(text, tail))
    return tuple(dict.fromkeys(read))


def _identifiers(part: PartyPart, row: Row, flags: list[str]) -> tuple[Identifier, ...]:
    return tuple(
        Identifier(scheme, text)
        for scheme, values in part.identifiers.items()
        for text in all_texts(values, row.cells, flags)
    )


def _text(row: Row, column: str) -> str:
    cell = row.cells.get(column, "")
    return cell if isinstance(cell, str) else "; ".join(cell)
