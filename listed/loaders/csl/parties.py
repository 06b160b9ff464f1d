"""A row of the list as a party: its entity, its listing, and whom it names beside itself."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from listed.graph.model import Entity, Identifier, Listing, Name
from listed.graph.period import PartialDate, Period, parse_date
from listed.graph.vocabulary import STRONG_SCHEMES, NameKind
from listed.loaders.csl.addresses import read_addresses
from listed.loaders.csl.countries import country_code
from listed.loaders.csl.identifiers import read_ids
from listed.loaders.csl.layouts import Row
from listed.loaders.csl.lists import ScreeningList, list_of
from listed.loaders.csl.names import ReadName, read_aliases, read_name
from listed.loaders.csl.text import has_lost_characters, pieces, tidy

_SCHEMATA = {"": "LegalEntity", "entity": "LegalEntity", "individual": "Person", "vessel": "Vessel",
             "aircraft": "Airplane"}  # fmt: skip

_STARTS = {
    "US-OFAC-NS-CMIC": re.compile(r"listing_date_cmic"),
    "US-OFAC-CAPTA": re.compile(r"listing_date_eo_14024_directive_2"),
    "US-OFAC-NS-MBS": re.compile(r"listing_date_eo_14024_directive_(?!2)\w+"),
}
"""Which date among the ``ids`` is the start of a listing. Directive 2 of EO 14024 is what puts a
bank on the CAPTA list, the others put it on the menu-based list."""

_OWN_HASH = re.compile(r"[0-9a-f]{8,}")
_date = lru_cache(maxsize=8192)(parse_date)


@dataclass(slots=True)
class Party:
    """One row, read.

    Parameters
    ----------
    row, on
        The row, and the list it is on.
    name
        Its name, with what its prose said.
    entity
        Whom it is about.
    flags
        What of the entity could not be taken at its word.
    """

    row: Row
    on: ScreeningList
    name: ReadName
    entity: Entity
    flags: list[str]


class PartyReader:
    """Reads rows to parties, giving those without an id of their own one that stays the same."""

    def __init__(self) -> None:
        self._made: dict[str, int] = {}

    def read(self, row: Row) -> Party:
        """Read one row. Never raises: what cannot be read is flagged."""
        list_ = list_of(row.source)
        name = read_name(row.name)
        flags: list[str] = []
        entity = _entity(row, list_, self._id(row, list_, name), name, flags)
        return Party(row, list_, name, entity, flags)

    def _id(self, row: Row, list_: ScreeningList, name: ReadName) -> str:
        number = row.entity_number.strip()
        if list_.numbered and number.isdigit():
            return f"ofac-{number}"
        own = row.id.strip().lower()
        if _OWN_HASH.fullmatch(own) and not own.isdigit():
            return f"csl-{own[:12]}"
        made = "|".join((list_.id, name.as_listed or name.text, row.start_date.strip()))
        again = self._made[made] = self._made.get(made, 0) + 1
        return f"csl-{short_hash(made if again == 1 else f'{made}|{again}')}"


def short_hash(text: str) -> str:
    """Return 12 hexadecimal digits that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _entity(row: Row, list_: ScreeningList, id_: str, name: ReadName, flags: list[str]) -> Entity:
    schema = _SCHEMATA.get(row.type.strip().casefold())
    if schema is None:
        flags.append(f"type: {tidy(row.type)}")
        schema = "LegalEntity"
    names, prose = _names(row, name)
    addresses, places = read_addresses(row.addresses)
    countries = dict.fromkeys(places)
    if schema == "Person":
        for cell in (row.nationalities, row.citizenships):
            countries.update(dict.fromkeys(filter(None, map(country_code, pieces(cell)))))
    more = dict(row.more)
    if code := country_code(more.get("country", "").strip()):
        countries[code] = None
    ids = read_ids(row.ids, places)
    if not name.text:
        flags.append("name: missing")
    if any(has_lost_characters(one.text) for one in names):
        flags.append("name: lost characters")
    if any(has_lost_characters(one.text) for one in addresses):
        flags.append("address: lost characters")
    return Entity(
        id_,
        names,
        schema,
        tuple(countries),
        list_.topics,
        (*_own_identifiers(row, id_), *ids.identifiers),
        addresses,
        (*_properties(row, name, prose), *ids.properties),
    )


def _names(row: Row, name: ReadName) -> tuple[tuple[Name, ...], list[str]]:
    """Return the names, the primary one first and none twice, and the aliases that were prose."""
    aliases = read_aliases(row.alt_names)
    names: dict[str, Name] = {name.text.casefold(): Name(name.text, NameKind.PRIMARY)} if name.text else {}
    for other in (*name.others, *aliases.names):
        names.setdefault(other.text.casefold(), other)
    return tuple(names.values()), aliases.prose


def _own_identifiers(row: Row, id_: str) -> tuple[Identifier, ...]:
    if id_.startswith("ofac-"):
        return (Identifier("ofac", id_.removeprefix("ofac-")),)
    own = row.id.strip().lower()
    return (Identifier("csl", own),) if own and id_ == f"csl-{own[:12]}" else ()


_ONCE = ("title", "standard_order", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage",
         "vessel_flag", "vessel_owner")  # fmt: skip
_EACH = {"citizenships": "citizenship", "dates_of_birth": "date_of_birth", "nationalities": "nationality",
         "places_of_birth": "place_of_birth"}  # fmt: skip


def _properties(row: Row, name: ReadName, prose: list[str]) -> list[tuple[str, str]]:
    told = [("name_as_listed", name.as_listed), ("scope", name.scope)]
    told += [("alias_as_listed", alias) for alias in prose]
    told += [(column, tidy(cell)) for column in _ONCE if (cell := getattr(row, column))]
    for column, key in _EACH.items():
        if cell := getattr(row, column):
            told += [(key, piece) for piece in pieces(cell)]
    told += [(key, tidy(text)) for key, text in row.more]
    return [(key, text) for key, text in told if text]


def read_listing(party: Party) -> tuple[Listing, list[str]]:
    """Read the listing of a party's row, and what of it could not be taken at its word."""
    row, list_ = party.row, party.on
    flags = [] if list_.known else [f"source: a list not known here: {tidy(row.source)}"]
    start, end = _start(row, list_, party.entity), _date(row.end_date.strip())
    for column, date in (("start_date", start), ("end_date", end)):
        if date.flag:
            flags.append(f"{column}: {date.text}: {date.flag}")
    listing = Listing(
        party.entity.id,
        list_.id,
        Period(start, end),
        tidy(row.federal_register_notice),
        tidy(row.license_requirement),
        tidy(row.license_policy),
        tuple(pieces(row.programs)),
        tidy(row.remarks),
    )
    return listing, flags


def _start(row: Row, list_: ScreeningList, entity: Entity) -> PartialDate:
    if row.start_date.strip():
        return _date(row.start_date.strip())
    if pattern := _STARTS.get(list_.id):
        dates = [_date(text) for key, text in entity.properties if pattern.fullmatch(key)]
        if known := [date for date in dates if date.earliest is not None]:
            return min(known, key=lambda date: str(date))
    return _date("")


def set_apart_shared(parties: list[Party]) -> None:
    """Take strong identifiers that several parties carry from them, keeping them as properties.

    OFAC gives two of its entries the same number now and then (a bank and its successor). It
    lists them apart, so the number must not make them one: "same identifier, same party" does
    not hold for it.
    """
    bearers: dict[Identifier, dict[str, None]] = {}
    for party in parties:
        for identifier in party.entity.identifiers:
            if identifier.scheme in STRONG_SCHEMES:
                bearers.setdefault(identifier, {})[party.entity.id] = None
    shared = {identifier: ids for identifier, ids in bearers.items() if len(ids) > 1}
    for party in parties if shared else ():
        entity = party.entity
        if mine := [identifier for identifier in entity.identifiers if identifier in shared]:
            party.entity = replace(
                entity,
                identifiers=tuple(one for one in entity.identifiers if one not in shared),
                properties=(*entity.properties, *((one.scheme, one.value) for one in mine)),
            )
            for one in mine:
                others = ", ".join(id_ for id_ in shared[one] if id_ != entity.id)
                party.flags.append(f"identifier: {one.scheme} {one.value} is also given to {others}")
