"""Level 1: a legal entity, who it says it is and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element

from listed.graph.model import Address, Entity, Identifier, Link, Name, SetAside, Statement
from listed.graph.period import parse_date
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.gleif.exceptions import Property
from listed.loaders.gleif.records import Record, own_text, parts_of, text_of
from listed.loaders.gleif.registers import is_lei, register_identifier

_NAME_KINDS = {
    "PREVIOUS_LEGAL_NAME": NameKind.PREVIOUS,
    "TRADING_OR_OPERATING_NAME": NameKind.ALIAS,
    "ALTERNATIVE_LANGUAGE_LEGAL_NAME": NameKind.ALIAS,
    "PREFERRED_ASCII_TRANSLITERATED_LEGAL_NAME": NameKind.ALIAS,
    # Made by a machine, letter by letter: "bydyk antrnashwnal" is a poor alias.
    "AUTO_ASCII_TRANSLITERATED_LEGAL_NAME": NameKind.WEAK,
}
_SCHEMATA = {"RESIDENT_GOVERNMENT_ENTITY": "PublicBody", "INTERNATIONAL_ORGANIZATION": "Organization"}
"""A "general" entity may be a company, a trust or a foundation, so it stays a LegalEntity, as do funds."""

_TOPICS = {"RESIDENT_GOVERNMENT_ENTITY": ("gov",), "INTERNATIONAL_ORGANIZATION": ("gov.igo",)}
_SETTLED = frozenset({"", "ISSUED", "PENDING_TRANSFER", "PENDING_ARCHIVAL"})
"""States of a registration in which what it says is kept up to date."""

_COUNTRY = re.compile(r"[A-Z]{2}")
_ADDRESS = ("FirstAddressLine", "AdditionalAddressLine", "City", "Region", "PostalCode", "Country")
_PROPERTIES = {
    "entity_category": "Entity/EntityCategory",
    "entity_sub_category": "Entity/EntitySubCategory",
    "entity_status": "Entity/EntityStatus",
    "jurisdiction": "Entity/LegalJurisdiction",
    "legal_form": "Entity/LegalForm/EntityLegalFormCode",
    "legal_form_text": "Entity/LegalForm/OtherLegalForm",
    "register": "Entity/RegistrationAuthority/RegistrationAuthorityID",
    "register_text": "Entity/RegistrationAuthority/OtherRegistrationAuthorityID",
    "register_number": "Entity/RegistrationAuthority/RegistrationAuthorityEntityID",
    "expiration_reason": "Entity/EntityExpirationReason",
    "registration_status": "Registration/RegistrationStatus",
    "corroboration": "Registration/ValidationSources",
    "managing_lou": "Registration/ManagingLOU",
}
_DATES = {
    "created": "Entity/EntityCreationDate",
    "expired": "Entity/EntityExpirationDate",
    "registered": "Registration/InitialRegistrationDate",
    "updated": "Registration/LastUpdateDate",
    "next_renewal": "Registration/NextRenewalDate",
}


def read_entity(
    record: Record, source: str, exceptions: tuple[tuple[Property, ...], tuple[str, ...]]
) -> Iterator[Statement | SetAside]:
    """Yield the entity of a record, and its links to those that succeed or go with it.

    Parameters
    ----------
    record, source
        An LEI record, and the source that says it.
    exceptions
        Why it reports no parent, and the sources of that.
    """
    element = record.element
    lei = text_of(element, "LEI")
    if not re.fullmatch(r"[0-9A-Za-z]{20}", lei):
        yield SetAside(record.place, "a record without an LEI", lei or text_of(element, "Entity/LegalName"))
        return
    told, also = exceptions
    flags: list[str] = []
    category = text_of(element, "Entity/EntityCategory")
    entity = Entity(
        f"lei:{lei.upper()}",
        _names(element, flags),
        _SCHEMATA.get(category, "LegalEntity"),
        _countries(element),
        _TOPICS.get(category, ()),
        _identifiers(element, lei.upper(), flags),
        _addresses(element),
        (*_properties(element), *told),
    )
    status = text_of(element, "Registration/RegistrationStatus")
    if status not in _SETTLED:
        flags.append(f"registration: {status}")
    yield Statement(entity, tuple(dict.fromkeys((source, *also))), record.place, tuple(flags))
    yield from _others(element, entity.id, source, record.place)


def entity_id(lei: str) -> str:
    """Return the id of the entity with that LEI."""
    return f"lei:{lei.upper()}"


def _names(element: Element, flags: list[str]) -> tuple[Name, ...]:
    legal = text_of(element, "Entity/LegalName")
    names = {(legal, NameKind.PRIMARY): Name(legal)} if legal else {}
    for holder in ("OtherEntityName", "TransliteratedOtherEntityName"):
        for group in parts_of(element, f"Entity/{holder}s"):
            for part in group.findall(holder):
                said = part.get("type") or text_of(group, "type")
                text = own_text(part)
                kind = _NAME_KINDS.get(said, NameKind.ALIAS)
                if said not in _NAME_KINDS:
                    flags.append(f"name: a kind not known here: {said}")
                script = "Latn" if "ASCII" in said else ""
                if text and not (text == legal and kind is not NameKind.PREVIOUS):
                    names.setdefault((text, kind), Name(text, kind, script))
    return tuple(names.values())


def _countries(element: Element) -> tuple[str, ...]:
    """Return where the entity is founded, registered and run, in that order."""
    paths = ("LegalJurisdiction", "LegalAddress/Country", "HeadquartersAddress/Country")
    codes = (text_of(element, f"Entity/{path}")[:2] for path in paths)
    return tuple(dict.fromkeys(code.lower() for code in codes if _COUNTRY.fullmatch(code)))


def _identifiers(element: Element, lei: str, flags: list[str]) -> tuple[Identifier, ...]:
    own = Identifier("lei", lei)
    if not is_lei(lei):
        own = Identifier("lei-unchecked", lei)
        flags.append(f"identifier: {lei} has not the check digits of an LEI")
    authority = "Entity/RegistrationAuthority/RegistrationAuthority"
    number, flag = register_identifier(
        text_of(element, f"{authority}ID"),
        text_of(element, f"{authority}EntityID"),
        text_of(element, "Entity/LegalJurisdiction").lower(),
        text_of(element, "Entity/EntityCategory"),
    )
    if flag:
        flags.append(flag)
    return (own,) if number is None else (own, number)


def _addresses(element: Element) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    kinds = ("LegalAddress", "HeadquartersAddress", "OtherAddress", "TransliteratedOtherAddress")
    for kind in kinds:
        holders = parts_of(element, f"Entity/{kind}es/{kind}") or parts_of(element, f"Entity/{kind}es")
        for part in (*parts_of(element, f"Entity/{kind}"), *holders):
            lines = [own_text(one) for tag in _ADDRESS for one in part.findall(tag)]
            text = ", ".join(dict.fromkeys(line for line in lines if line))
            country = text_of(part, "Country")
            if text:
                found.setdefault(text, Address(text, country.lower() if _COUNTRY.fullmatch(country) else ""))
    return tuple(found.values())


def _properties(element: Element) -> list[Property]:
    told = [(key, text_of(element, path)) for key, path in _PROPERTIES.items()]
    told += [(key, _day(text_of(element, path))) for key, path in _DATES.items()]
    also = element.find("Also")
    told += [(part.tag, text) for part in (also if also is not None else ()) if (text := own_text(part))]
    return [(key, text) for key, text in told if text]


@lru_cache(maxsize=8192)
def _day(text: str) -> str:
    """Return the day of a time as it stands, whatever its zone; a text that is no date stays."""
    return str(parse_date(text)) or text


def _others(element: Element, id_: str, source: str, place: str) -> Iterator[Statement | SetAside]:
    pairs = (
        ("SuccessorEntity/SuccessorLEI", LinkType.SUCCEEDS, "successor"),
        ("AssociatedEntity/AssociatedLEI", LinkType.AFFILIATED_WITH, "associated entity"),
    )
    for path, type_, role in pairs:
        for part in parts_of(element, f"Entity/{path}"):
            if (lei := own_text(part)) and entity_id(lei) != id_:
                yield Statement(Link(entity_id(lei), id_, type_, role=role), (source,), place)
    for path in ("SuccessorEntity/SuccessorEntityName", "AssociatedEntity/AssociatedEntityName"):
        holder, _, name = path.partition("/")
        for part in parts_of(element, f"Entity/{holder}"):
            if (text := text_of(part, name)) and not any(text_of(part, f"{role}LEI") for role in _ROLES):
                yield SetAside(place, f"{holder}: a name without an LEI", text)


_ROLES = ("Successor", "Associated")
