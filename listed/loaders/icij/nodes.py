"""A node as an entity: an offshore entity, an officer, an intermediary."""

from __future__ import annotations

import re

from listed.graph.model import Address, Entity, Identifier, Name, Source
from listed.graph.vocabulary import NameKind
from listed.loaders.icij.dates import read_date
from listed.loaders.icij.layouts import Kind, Row
from listed.loaders.icij.places import countries_in

PUBLISHER = "International Consortium of Investigative Journalists"
_BEARER = re.compile(r"(?:(?:the|el|al|to)\s+)?(?:bearer|portador)(?:\s+shares?)?\s*\(?(?:no\.?\s*)?\d*\)?\.?", re.I)
_COMPANY = re.compile(r"\b(?:company|corporation|limited|ibc)\b", re.I)
_YEAR = re.compile(r"[12]\d{3}")
_DATES = ("incorporation_date", "inactivation_date", "struck_off_date", "dorm_date", "closed_date",
          "registrationDate", "inactivationDate", "active_since", "prospect_date", "dateofissue",
          "ceasedmembership", "transferdate")  # fmt: skip
_SAID_ELSEWHERE = frozenset({"node_id", "name", "original_name", "former_name", "country_codes", "countries",
                             "address", "sourceID", "valid_until", "note", "label", "_label", "ibcRUC"})  # fmt: skip


def is_bearer(name: str) -> bool:
    """Tell whether a name stands for whoever holds the paper: "THE BEARER", "EL PORTADOR", "Bearer 1"."""
    return _BEARER.fullmatch(name.strip()) is not None


def source_of(row: Row) -> Source:
    """Return the leak a row comes from, and until when its data goes."""
    if row.layout.picture:
        return Source(
            "icij-power-players-2016",
            "The Power Players, from the Panama Papers",
            publisher=PUBLISHER,
            published="2016",
            url="https://www.icij.org/investigations/panama-papers/the-power-players/",
        )
    leak, until = row["sourceID"] or "Offshore Leaks database", row["valid_until"]
    years = " ".join(_YEAR.findall(until))
    slug = re.sub(r"[^a-z0-9]+", "-", f"{leak} {years}".lower()).strip("-")
    title = f"{leak} ({until})" if until else leak
    return Source(f"icij-{slug}", title, publisher=PUBLISHER, url="https://offshoreleaks.icij.org")


def read_node(row: Row) -> tuple[Entity, tuple[str, ...]]:
    """Return the entity of a node, and what of it could not be taken at its word."""
    flags: list[str] = []
    countries = _countries(row)
    schema = "LegalEntity"
    if row.kind is Kind.ENTITY and (row.layout.picture or _COMPANY.search(row["company_type"] or row["type"])):
        schema = "Company"
    topics = ("corp.offshore",) if row.kind is Kind.ENTITY else ()
    if row["pep"].upper() == "YES":
        topics = (*topics, "role.pep")
    entity = Entity(
        row.id_of("node_id"),
        _names(row),
        schema,
        countries,
        topics,
        _identifiers(row, countries),
        (Address(row["address"], countries[0] if len(countries) == 1 else ""),) if row["address"] else (),
        _properties(row, flags),
        note=row["note"],
    )
    return entity, tuple(flags)


def _names(row: Row) -> tuple[Name, ...]:
    names = {row["name"].casefold(): Name(row["name"])} if row["name"] else {}
    for column, kind in (("original_name", NameKind.ALIAS), ("former_name", NameKind.PREVIOUS)):
        if text := row[column]:
            names.setdefault(text.casefold(), Name(text, kind))
    return tuple(names.values())


def _countries(row: Row) -> tuple[str, ...]:
    """Return where a node is: by code, or where there is none by name; and where it is registered."""
    said = countries_in(row["country_codes"]) or countries_in(row["countries"]) or countries_in(row["country"].title())
    registered = countries_in(row["jurisdiction"]) or countries_in(row["jurisdiction_description"])
    return tuple(dict.fromkeys((*registered, *said)))


def _identifiers(row: Row, countries: tuple[str, ...]) -> tuple[Identifier, ...]:
    own = Identifier("icij" if not row.layout.picture else "icij-power-players", row["node_id"])
    number = row["ibcRUC"]
    registered = countries_in(row["jurisdiction"]) or countries[:1]
    if number in ("", "0") or not registered:
        return (own,)
    return (own, Identifier("registration-number", f"{registered[0].upper()}:{number}"))


def _properties(row: Row, flags: list[str]) -> tuple[tuple[str, str], ...]:
    told = [("node_kind", row.kind.value)]
    if row["ibcRUC"]:
        told.append(("ibcRUC", row["ibcRUC"]))
    for column, text in row.cells.items():
        if column in _SAID_ELSEWHERE or not column:
            continue
        if column in _DATES:
            known = read_date(text, day_first=row.layout.picture)
            if known.flag:
                flags.append(f"{column}: {text}: {known.flag}")
            text = text if known.flag or not known.known else str(known)
        told.append((column, text))
    return tuple(told)
