"""Companies, and the people and bodies with significant control of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from listed.graph.model import Address, Entity, Identifier, Name
from listed.graph.vocabulary import NameKind
from listed.loaders.company_numbers import company_number
from listed.loaders.csl.countries import country_code
from listed.loaders.psc.nationalities import nationality_codes
from listed.loaders.psc.records import Birth, Data, ExemptionItem, NameParts, Place, Registration

_UK = re.compile(
    r"\b(?:england|wales|scotland|northern ireland|united kingdom|great britain|british|uk|u\.k\.?|gb|companies house"
    r"|cardiff|edinburgh|belfast)\b"
)
_ELSEWHERE = re.compile(
    r"\b(?:gibraltar|jersey|guernsey|isle of man|(?<!northern )ireland|virgin islands|cayman|bermuda|hong kong"
    r"|new south wales|malta|cyprus|seychelles|mauritius|singapore|luxembourg|netherlands|delaware)\b"
)
_STATE = re.compile(r"\b(?:government|ministry|local authority|public authority|sovereign state|crown)\b")
_STATE_OWNED = re.compile(r"\bowned\b")

SUPER_SECURE = "Person with significant control, not disclosed by law"
"""What a super-secure person is called: his particulars are protected, so each company has one of its own."""


def company_id(number: str) -> str:
    """Return the graph's id of a company of the register."""
    return f"gb-coh-{number}"


def party_id(number: str, data: Data, key: str) -> str:
    """Return the graph's id of who controls a company by a record; the protected ones of it share one."""
    return f"psc-{number}-super-secure" if data.kind.startswith("super-secure") else f"psc-{number}-{key}"


def read_company(number: str, data: Data, properties: tuple[tuple[str, str], ...] = ()) -> Entity:
    """Read the company a record is about: its number, and its name if the record has it."""
    name = data.company_name
    # An overseas entity is of some other country; which one is not in this register.
    countries = () if number.startswith("OE") else ("gb",)
    return Entity(
        company_id(number),
        (Name(name.strip()),) if name else (),
        "Company",
        countries,
        identifiers=(Identifier("gb-coh", number),),
        properties=properties,
    )


def read_super_secure(id_: str, data: Data) -> Entity:
    """Return the placeholder for the protected persons of a company."""
    return Entity(id_, (Name(SUPER_SECURE),), "Person", note=data.description or "", placeholder=True)


def read_person(id_: str, data: Data) -> Entity:
    """Read a person. The same person at two companies is two records, and stays two: a name proves nothing."""
    return Entity(
        id_,
        _person_names(data),
        "Person",
        nationality_codes(data.nationality or ""),
        _topics(data),
        (),
        _addresses(data),
        tuple(_said(_person_properties(data))),
    )


def read_body(id_: str, data: Data) -> tuple[Entity, list[str]]:
    """Read a company or other body with control, and what of it could not be taken at its word."""
    flags: list[str] = []
    registration = data.identification or Registration()
    identifiers: tuple[Identifier, ...] = ()
    number = _spaced(registration.registration_number)
    if number and _is_uk(registration):
        if normal := company_number(number):
            identifiers = (Identifier("gb-coh", normal),)
        else:
            flags.append(f"identifier: gb-coh {number} does not look like one")
    state = data.kind.startswith("legal-person") and _is_state(registration)
    legal = "LegalEntity" if data.kind.startswith("legal-person") else "Company"
    country = _country(registration.country_registered)
    entity = Entity(
        id_,
        (Name(_spaced(data.name)),) if data.name else (),
        "PublicBody" if state else legal,
        (country,) if country else (),
        (*_topics(data), *(("gov",) if state else ())),
        identifiers,
        _addresses(data),
        tuple(_said(_body_properties(data, registration))),
    )
    return entity, flags


def statement_of(data: Data) -> tuple[str, str]:
    """Return what a company says of its register as a property: that it has nobody to tell of, or cannot."""
    parts = (data.statement, _period(data.notified_on, data.ceased_on), data.linked_psc_name,
             data.restrictions_notice_withdrawal_reason)  # fmt: skip
    return "psc_statement", ", ".join(part for part in parts if part)


def exemptions_of(data: Data) -> tuple[tuple[str, str], ...]:
    """Return why and when a company need not tell, as properties."""
    return tuple(
        ("psc_exemption", ", ".join(part for part in (why, _period(item.exempt_from, item.exempt_to)) if part))
        for key, exemption in (data.exemptions or {}).items()
        for why in (exemption.exemption_type or key.replace("_", "-"),)
        for item in exemption.items or (ExemptionItem(),)
    )


def _topics(data: Data) -> tuple[str, ...]:
    return ("sanction",) if data.is_sanctioned else ()


def _person_names(data: Data) -> tuple[Name, ...]:
    """Return the name without its title first; the name as given, if that says more, as an alias."""
    given = _spaced(data.name)
    parts = data.name_elements or NameParts()
    if parts.surname:
        plain = " ".join(
            _spaced(part) for part in (parts.forename, parts.other_forenames, parts.middle_name, parts.surname) if part
        )
    else:
        plain = given
    names = [Name(plain)] if plain else []
    titled = f"{_spaced(parts.title)} {plain}" if parts.title else plain
    preferred = data.identity_verification_details.preferred_name if data.identity_verification_details else ""
    for other in (given, _spaced(preferred)):
        if other and other not in (plain, titled) and other not in {name.text for name in names}:
            names.append(Name(other, NameKind.ALIAS))
    return tuple(names)


def _person_properties(data: Data) -> Iterator[tuple[str, str]]:
    yield "date_of_birth", _birth(data.date_of_birth)
    yield "nationality", _spaced(data.nationality)
    yield "country_of_residence", _spaced(data.country_of_residence)
    yield "title", _spaced(data.name_elements.title) if data.name_elements else ""
    if verified := data.identity_verification_details:
        yield "identity_verified_on", verified.identity_verified_on or ""


def _body_properties(data: Data, registration: Registration) -> Iterator[tuple[str, str]]:
    yield "registration_number", _spaced(registration.registration_number)
    yield "place_registered", _spaced(registration.place_registered)
    yield "country_registered", _spaced(registration.country_registered)
    yield "legal_form", _spaced(registration.legal_form)
    yield "legal_authority", _spaced(registration.legal_authority)
    yield "kind", data.kind


def _said(properties: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((key, text) for key, text in properties if text)


def _birth(birth: Birth | None) -> str:
    if birth is None or birth.year is None:
        return ""
    parts = [f"{birth.year:04d}", *(f"{part:02d}" for part in (birth.month, birth.day) if part is not None)]
    return "-".join(parts)


def _is_uk(registration: Registration) -> bool:
    """Tell whether a number is one of the UK's company register, by the place and the country told with it."""
    place, country = _spaced(registration.place_registered).lower(), _spaced(registration.country_registered).lower()
    if _ELSEWHERE.search(f"{place} {country}"):
        return False
    return bool(_UK.search(country)) or (not country and bool(_UK.search(place)))


def _is_state(registration: Registration) -> bool:
    form = _spaced(registration.legal_form).lower()
    return _STATE.search(form) is not None and _STATE_OWNED.search(form) is None


def _addresses(data: Data) -> tuple[Address, ...]:
    found = dict.fromkeys(_address(place) for place in (data.address, data.principal_office_address) if place)
    return tuple(address for address in found if address.text)


def _address(place: Place) -> Address:
    street = " ".join(_spaced(part) for part in (place.premises, place.address_line_1) if part)
    parts = (place.care_of, place.po_box, street, place.address_line_2, place.locality, place.region,
             place.postal_code, place.country)  # fmt: skip
    return Address(", ".join(_spaced(part) for part in parts if part), _country(place.country))


def _country(text: str | None) -> str:
    return country_code(_spaced(text)) if text else ""


def _period(start: str | None, end: str | None) -> str:
    return f"{start or ''} to {end or ''}".strip() if end else (start or "")


def _spaced(text: str | int | None) -> str:
    return " ".join(str(text).split()) if text is not None else ""
