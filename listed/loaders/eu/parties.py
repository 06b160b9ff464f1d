"""An entity of the EU's list as a party: its entity and its listing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from listed.graph.model import Identifier, Listing, SetAside, Statement
from listed.graph.period import NO_DATE, Period
from listed.graph.vocabulary import NameKind
from listed.loaders.eu.layouts import Record
from listed.loaders.loader import Item
from listed.loaders.party_builder import PartyBuilder, country_of, day_first, iso_date

SOURCE = "eu-fsf"
_SCHEMATA = {"P": "Person", "E": "LegalEntity", "person": "Person", "enterprise": "LegalEntity"}
_TYPES = {"passport": "Passport", "id": "National ID No.", "ssn": "SSN", "regnumber": "Registration Number",
          "fiscalcode": "Tax ID No.", "swiftbic": "SWIFT/BIC", "swift": "SWIFT/BIC", "lei": "Legal Entity Number",
          "tradelic": "Trade License No.", "diplomatic": "Diplomatic Passport"}  # fmt: skip
_DOUBTS = ("knownFalse", "reportedLost", "revokedByIssuer", "knownExpired")
_UNKNOWN_COUNTRY = "00"


def statements(one: Record, seen: dict[Identifier, str]) -> Iterator[Item]:
    """Yield the entity of a record and its listing.

    Parameters
    ----------
    seen
        Which strong identifiers the file has told, and whose they are.
    """
    number = one.entity.get("logicalId", "")
    reference = one.entity.get("euReferenceNumber", "")
    if not number and not reference:
        yield SetAside(one.record, "no number of an entity", str(one.parts.get("nameAlias", one.entity)))
        return
    party = PartyBuilder(f"eu-{number or reference}")
    subject = one.entity.get("subjectType", "")
    party.schema = _SCHEMATA.get(subject, "LegalEntity")
    if subject not in _SCHEMATA:
        party.flags.append(f"subject type: {subject}")
    party.add_identifier("eu-fsf", reference)
    party.add_un_reference(one.entity.get("unitedNationId", ""))
    party.add_property("designation_details", one.entity.get("designationDetails", ""))
    _names(one, party)
    for address in one.parts.get("address", ()):
        _address(address, party)
    for citizen in one.parts.get("citizenship", ()):
        country = _country(citizen)
        party.add_country(country)
        party.add_property("citizenship", (country_of(country) or country).upper())
    for birth in one.parts.get("birthdate", ()):
        _birth(birth, party)
    for document in one.parts.get("identification", ()):
        _document(document, party)
    party.drop_shared(seen)
    entity = party.entity()
    yield Statement(entity, (SOURCE,), one.record, tuple(party.flags))
    yield Statement(_listing(one, entity.id), (SOURCE,), one.record)


def _names(one: Record, party: PartyBuilder) -> None:
    named = [(text, alias) for alias in one.parts.get("nameAlias", ()) if (text := _whole(alias))]
    # sorted() keeps the order of the file among equals
    for place, (text, alias) in enumerate(sorted(named, key=lambda pair: _standing(pair[1]))):
        weak = alias.get("strong", "true").lower() == "false"
        party.add_name(text, NameKind.PRIMARY if place == 0 else NameKind.WEAK if weak else NameKind.ALIAS)
        gender = {"M": "Male", "F": "Female"}.get(alias.get("gender", ""), alias.get("gender", ""))
        said = {"position": alias.get("function", ""), "gender": gender, "title": alias.get("title", ""),
                "name_remark": alias.get("remark", "")}  # fmt: skip
        for key, what in said.items():
            party.add_property(key, what)


def _whole(alias: Mapping[str, str]) -> str:
    parts = (alias.get(key, "") for key in ("firstName", "middleName", "lastName"))
    return alias.get("wholeName", "") or " ".join(filter(None, parts))


def _standing(alias: Mapping[str, str]) -> tuple[bool, bool]:
    """Return how far a name is from being the main one: weak ones last, other languages after English."""
    return alias.get("strong", "true").lower() == "false", alias.get("nameLanguage", "") not in ("", "EN")


def _country(part: Mapping[str, str]) -> str:
    """Return the country a part names, its code before its description; code 00 is an unknown one."""
    code = part.get("countryIso2Code", "")
    if code and code != _UNKNOWN_COUNTRY and country_of(code):
        return code
    said = part.get("countryDescription", "")
    return "" if said.upper() == "UNKNOWN" else said


def _address(part: Mapping[str, str], party: PartyBuilder) -> None:
    box = f"PO Box {part['poBox']}" if part.get("poBox") else ""
    lines = [part.get(key, "") for key in ("street", "place", "city", "zipCode", "region")]
    code = country_of(_country(part))
    said = part.get("countryDescription", "").title() if code else ""
    country = said if country_of(said) == code else code.upper()
    party.add_address(box, *lines, country=country)
    for key in ("remark", "contactInfo"):
        party.add_property("address_note", part.get(key, ""))


_MONTHS = frozenset(text for month in range(1, 13) for text in (f"{month}", f"{month:02}"))


def _birth(part: Mapping[str, str], party: PartyBuilder) -> None:
    text = part.get("birthdate", "") or part.get("year", "")
    month = part.get("monthOfYear", "")
    if not part.get("birthdate") and text and month in _MONTHS:
        text = f"{text}-{int(month):02}"
    first, last = part.get("yearRangeFrom", ""), part.get("yearRangeTo", "")
    if not text and (first or last):
        text = f"{first} to {last}" if first and last else first or last
    date = day_first(text) if "/" in text else iso_date(text)
    if part.get("calendarType", "GREGORIAN") not in ("GREGORIAN", ""):
        text, date = f"{text} ({part['calendarType'].lower()} calendar)", NO_DATE
    if text and part.get("circa", "").lower() == "true":
        text, date = f"circa {date or text}", NO_DATE
    party.add_birth(text, date)
    place = [part.get(key, "") for key in ("place", "city", "region", "zipCode")]
    told = [*dict.fromkeys(filter(None, place)), _country(part)]
    if any(told):
        party.add_property("place_of_birth", ", ".join(filter(None, told)))
    party.add_property("birth_note", part.get("remark", ""))


def _document(part: Mapping[str, str], party: PartyBuilder) -> None:
    number = part.get("latinNumber", "") or part.get("number", "")
    code = part.get("identificationTypeCode", "").lower()
    doubts = [doubt for doubt in _DOUBTS if part.get(doubt, "").lower() in ("true", "1", "y", "yes")]
    if code == "imo" and number:
        party.add_number("Vessel Registration Identification", f"IMO {number.upper().removeprefix('IMO').strip()}")
    elif code in _TYPES and number and "knownFalse" not in doubts:
        party.add_number(_TYPES[code], number, _country(part))
    elif number:
        said = part.get("identificationTypeDescription", "") or code or "document"
        country = _country(part)
        party.add_property("document", ", ".join(filter(None, (said, number, country, *doubts))))
    if number and doubts:
        party.add_property("document_doubt", f"{number}: {', '.join(doubts)}")
    for key in ("remark", "nameOnDocument"):
        party.add_property("document_note", part.get(key, ""))


def _listing(one: Record, entity: str) -> Listing:
    text = one.entity.get("designationDate", "")
    start = (day_first(text) if "/" in text else iso_date(text)) if text else NO_DATE
    cited = [
        " ".join(filter(None, (rule.get("numberTitle", ""), rule.get("publicationUrl", ""))))
        for rule in one.regulations
    ]
    programs = dict.fromkeys(rule["programme"] for rule in one.regulations if rule.get("programme"))
    return Listing(
        entity,
        "EU-FSF",
        Period(start),
        "; ".join(filter(None, dict.fromkeys(cited))),
        programs=tuple(programs),
        remarks=one.entity.get("remark", ""),
    )
