"""Entities and persons: their ids, names, identifiers, addresses, and what else a statement says of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from listed.graph.model import Address, Entity, Identifier, Name
from listed.graph.vocabulary import NameKind
from listed.loaders.bods.statements import (
    Details,
    EntityType,
    Exposure,
    IdentifierTold,
    Named,
    PersonName,
    Place,
    Reason,
    Statement,
)
from listed.loaders.company_numbers import company_number
from listed.loaders.csl.countries import country_code

_SCHEMATA = {
    "registeredentity": "Company",
    "legalentity": "LegalEntity",
    "arrangement": "LegalEntity",
    "state": "PublicBody",
    "statebody": "PublicBody",
    "person": "Person",
}
_STATE_SUBTYPES = frozenset({"governmentdepartment", "stateagency"})
_HIDDEN = re.compile(r"(?:anonymous|unknown)(?:person|entity)")
_SCHEMES = {"xi-lei": "lei", "ru-ogrn": "ogrn", "us-duns": "duns", "xi-duns": "duns", "cn-saic": "uscc"}
_FORMS = {
    "lei": re.compile(r"[A-Z0-9]{18}[0-9]{2}"),
    "uscc": re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}"),
    "duns": re.compile(r"[0-9]{9}"),
    "ogrn": re.compile(r"[0-9]{13}|[0-9]{15}"),
    "isin": re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]"),
    "hk-cr": re.compile(r"[A-Z]?[0-9]{1,8}"),
}
"""What a number that makes two records one must look like: "N/A" and "pending" are no such number."""

_STRICT = frozenset({*_FORMS, "gb-coh"})
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*|[0-9]+")
_LONE = 12


def party_id(record: str, publisher: str) -> str:
    """Return the graph's id of a record.

    A short record id ("7") is unique among those of its publisher only, and carries a mark of it.
    """
    return f"bods-{record}" if len(record) >= _LONE else f"bods-{_mark(publisher)}-{record}"


def publisher_of(statement: Statement) -> str:
    """Return the name of a statement's publisher; empty if it has none."""
    publication = statement.publication_details
    return (publication.publisher.name or "") if publication and publication.publisher else ""


@lru_cache(maxsize=1024)
def _mark(publisher: str) -> str:
    return hashlib.sha256(publisher.encode()).hexdigest()[:6]


def read_party(statement: Statement, id_: str) -> tuple[Entity, list[str]]:
    """Read an entity or a person, and what of it could not be taken at its word."""
    body, flags = statement.body, list[str]()
    kind, subtype = _types(body, statement.kind)
    schema = "PublicBody" if subtype in _STATE_SUBTYPES else _SCHEMATA.get(kind, "LegalEntity")
    if statement.kind == "person":
        schema = "Person"
    identifiers, numbers = _identifiers(body, statement.kind, flags)
    hidden = body.unspecified_person_details or body.unspecified_entity_details
    names = _names(body)
    unnamed = not names and (hidden is not None or _HIDDEN.fullmatch(kind) is not None)
    properties = [*numbers, *_properties(body, statement)]
    entity = Entity(
        id_,
        (Name(unnamed_party(statement.kind, hidden)),) if unnamed else names,
        schema,
        _countries(body),
        _topics(body, schema),
        identifiers,
        tuple(address for place in body.addresses or () if (address := _address(place))),
        tuple((key, text) for key, text in properties if text),
        note=(hidden.description or "") if hidden else "",
        placeholder=unnamed,
    )
    return entity, flags


def unnamed_party(kind: str, reason: Reason | None) -> str:
    """Return what to call a party that is not named: "Person not named (no beneficial owners)"."""
    what = {"person": "Person", "entity": "Entity"}.get(kind, "Party")
    why = words(reason.reason) if reason and reason.reason else ""
    return f"{what} not named ({why})" if why else f"{what} not named"


def words(code: str) -> str:
    """Return a code as words: ``noBeneficialOwners`` and ``no-beneficial-owners`` alike."""
    return " ".join(_WORDS.findall(code)).lower()


def newest_of(versions: Sequence[Entity], told: Sequence[Statement]) -> Entity:
    """Return the versions of one record, oldest first, as one entity: the newest, with what it was before.

    Names it no longer goes by are previous ones; addresses it left are kept as properties.
    """
    last = versions[-1]
    current = {name.text for name in last.names}
    earlier = (name.text for version in versions[:-1] for name in version.names if not version.placeholder)
    previous = [Name(text, NameKind.PREVIOUS) for text in dict.fromkeys(earlier) if text not in current]
    before = dict.fromkeys(address for version in versions[:-1] for address in version.addresses)
    properties = dict.fromkeys(pair for version in reversed(versions) for pair in version.properties)
    properties |= dict.fromkeys(("previous_address", one.text) for one in before if one not in last.addresses)
    if told[-1].closed:
        properties[("record_closed", told[-1].date)] = None
    return Entity(
        last.id,
        (*last.names, *previous),
        last.schema,
        last.countries or _all(version.countries for version in versions),
        _all(version.topics for version in versions),
        tuple(dict.fromkeys(one for version in versions for one in version.identifiers)),
        last.addresses,
        tuple(properties),
        last.note,
        placeholder=last.placeholder,
    )


def _all(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for each in lists for word in each))


def _types(body: Details, kind: str) -> tuple[str, str]:
    """Return type and subtype in lower case letters."""
    told = body.entity_type
    if kind == "person":
        return (body.person_type or "person").lower(), ""
    if isinstance(told, EntityType):
        return (told.type or "").lower(), (told.subtype or "").lower()
    subtype = (body.entity_subtype.general_category or "") if body.entity_subtype else ""
    return (told or "").lower(), subtype.rpartition("-")[2].lower()


def _names(body: Details) -> tuple[Name, ...]:
    told = [Name(body.name)] if body.name else []
    for one in body.names or ():
        if text := _full_name(one):
            told.append(Name(text, _name_kind(one, first=not told)))
    told += [Name(text, NameKind.ALIAS) for text in body.alternate_names or () if text]
    if told and not any(name.kind is NameKind.PRIMARY for name in told):
        told[0] = Name(told[0].text)
    return tuple(told)


def _name_kind(name: PersonName, *, first: bool) -> NameKind:
    if name.type in ("former", "birth"):
        return NameKind.PREVIOUS
    alias = name.type in ("alternative", "alias", "transliteration", "translation")
    return NameKind.ALIAS if alias or not first else NameKind.PRIMARY


def _full_name(name: PersonName) -> str:
    if name.full_name:
        return name.full_name.strip()
    parts = (name.given_name, name.patronymic_name, name.family_name)
    return " ".join(part.strip() for part in parts if part and part.strip())


def _identifiers(body: Details, kind: str, flags: list[str]) -> tuple[tuple[Identifier, ...], list[tuple[str, str]]]:
    """Return the identifiers, and the numbers that are none of a scheme as properties."""
    found: list[Identifier] = []
    numbers: list[tuple[str, str]] = []
    for told in body.identifiers or ():
        number = _identifier(told, kind)
        if isinstance(number, Identifier):
            found.append(number)
        elif number is not None:
            numbers.append(number)
            if number[0] in _STRICT and kind == "entity":
                flags.append(f"identifier: {number[0]} {number[1]} does not look like one")
    found += _securities(body)
    return tuple(dict.fromkeys(found)), numbers


def _identifier(told: IdentifierTold, kind: str) -> Identifier | tuple[str, str] | None:
    value = "" if told.id is None else str(told.id).strip()
    if not value:
        return (told.scheme_name or "identifier", told.uri) if told.uri else None
    if not told.scheme:
        return told.scheme_name or "identifier", value
    scheme = told.scheme.strip().lower()
    scheme = _SCHEMES.get(scheme, scheme)
    # A person has no company number: registers put their own key for him under the same scheme.
    if scheme in _STRICT:
        normal = "" if kind == "person" else _normal(scheme, value)
        return Identifier(scheme, normal) if normal else (scheme, value)
    return Identifier(scheme, value)


def _normal(scheme: str, value: str) -> str:
    """Return a number in its one spelling; empty if it does not look like one of its scheme."""
    if scheme == "gb-coh":
        return company_number(value)
    value = "".join(value.split()).upper()
    return value if _FORMS[scheme].fullmatch(value) else ""


def _securities(body: Details) -> Iterator[Identifier]:
    listing = body.public_listing
    for one in (listing.securities_listings or ()) if listing else ():
        security = one.security
        if security is None:
            continue
        value = "" if security.id is None else str(security.id).strip().upper()
        if (security.id_scheme or "").upper() == "ISIN" and _FORMS["isin"].fullmatch(value):
            yield Identifier("isin", value)
        if security.ticker:
            exchange = f"{one.market_identifier_code}:" if one.market_identifier_code else ""
            yield Identifier("ticker", f"{exchange}{security.ticker}")


def _topics(body: Details, schema: str) -> tuple[str, ...]:
    topics = ["gov"] if schema == "PublicBody" else []
    exposure = body.political_exposure
    if body.has_pep_status or (exposure is not None and exposure.status == "isPep"):
        topics.append("role.pep")
    return tuple(topics)


def _countries(body: Details) -> tuple[str, ...]:
    places = [body.jurisdiction, body.incorporated_in_jurisdiction, *(body.nationalities or ())]
    return tuple(dict.fromkeys(code for place in places if (code := _country(place))))


def _country(place: str | Named | None) -> str:
    """Return the country of a place; of ``US-DE``, which is Delaware, the United States."""
    if place is None:
        return ""
    if isinstance(place, str):
        return country_code(place.strip().upper()) or country_code(place.strip())
    code = (place.code or "").strip().upper()
    return country_code(code.partition("-")[0]) or country_code((place.name or "").strip())


def _address(place: Place) -> Address | None:
    parts = (place.address, place.post_name, None if place.post_code is None else str(place.post_code))
    text = ", ".join(part.strip() for part in parts if part and part.strip())
    country = _country(place.country)
    return Address(text, country) if text or country else None


def _properties(body: Details, statement: Statement) -> Iterator[tuple[str, str]]:
    told = body.entity_type
    if isinstance(told, EntityType):
        yield "entity_type", _joined(told.type, told.subtype, told.details)
    elif told:
        subtype = body.entity_subtype
        yield "entity_type", _joined(told, *((subtype.general_category, subtype.local_term) if subtype else ()))
    if body.person_type and body.person_type != "knownPerson":
        yield "person_type", body.person_type
    for key, place in (("jurisdiction", body.jurisdiction), ("jurisdiction", body.incorporated_in_jurisdiction)):
        if place is not None and place.code and "-" in place.code:
            yield key, _named(place)
    yield "founding_date", body.founding_date or ""
    yield "dissolution_date", body.dissolution_date or ""
    yield "date_of_birth", body.birth_date or ""
    yield "date_of_death", body.death_date or ""
    yield "place_of_birth", _place(body.place_of_birth)
    yield "place_of_residence", _place(body.place_of_residence)
    for residency in body.tax_residencies or ():
        yield "tax_residency", _named(residency)
    yield "uri", body.uri or ""
    yield from _exposures(body)
    yield from _exchange(body)
    if statement.closed:
        yield "record_closed", statement.date
    for remark in statement.annotations or ():
        yield "annotation", _joined(remark.description, remark.url)


def _exposures(body: Details) -> Iterator[tuple[str, str]]:
    exposure = body.political_exposure
    if exposure is not None and exposure.status not in (None, "isPep"):
        yield "political_exposure", str(exposure.status)
    for office in (exposure.details if exposure else None) or body.pep_status_details or ():
        yield "political_exposure", _office(office)


def _office(office: Exposure) -> str:
    where = _named(office.jurisdiction) if office.jurisdiction else ""
    when = f"{office.start_date or ''} to {office.end_date or ''}" if office.start_date or office.end_date else ""
    return ", ".join(part for part in (office.reason, where, when.strip(), office.missing_info_reason) if part)


def _exchange(body: Details) -> Iterator[tuple[str, str]]:
    listing = body.public_listing
    if listing is None:
        return
    if listing.has_public_listing is not None:
        yield "listed_on_an_exchange", "yes" if listing.has_public_listing else "no"
    for one in listing.securities_listings or ():
        yield "stock_exchange", _joined(one.stock_exchange_name, one.market_identifier_code)
    for url in listing.company_filings_urls or ():
        yield "company_filings", url


def _place(place: Place | None) -> str:
    address = _address(place) if place else None
    return ", ".join(part for part in (address.text, address.country) if part) if address else ""


def _named(place: Named) -> str:
    return " ".join(part for part in (place.code, place.name) if part)


def _joined(*parts: str | None) -> str:
    return ": ".join(part for part in parts if part)
