"""The consolidated list of the United Nations Security Council, as XML.

Persons and entities of all sanctions committees, each with its permanent reference number
("CDi.001"). A committee's list is the programme of a listing, all are on the list ``UN-SC``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from xml.etree.ElementTree import Element

from listed.graph.model import Identifier, Link, Listing, SetAside, Source, Statement
from listed.graph.period import NO_DATE, Period
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.csl.text import tidy
from listed.loaders.inputs import Input
from listed.loaders.kinds import is_xml, wrong_kind
from listed.loaders.loader import Item, Loader
from listed.loaders.party_builder import PartyBuilder, iso_date
from listed.loaders.xml_records import child_text, read_root, records

__all__ = ["LOADER", "read"]

_ADVICE = "give consolidated.xml of the Security Council"
_SOURCE = "un-sc-consolidated"
_QUALITY = {"good": NameKind.ALIAS, "a.k.a.": NameKind.ALIAS, "low": NameKind.WEAK, "f.k.a.": NameKind.PREVIOUS}
_DOCUMENTS = {"passport": "Passport", "numéro de passeport": "Passport", "número de pasaporte": "Passport",
              "national identification number": "National ID No."}  # fmt: skip
_REFERENCE = re.compile(r"\b[A-Z]{2,3}[ie]\.\d{3}\b")
_NOTICE = re.compile(r"https?://\S*interpol\.int/\S*", re.IGNORECASE)
_ORIGINAL_SCRIPT = re.compile(r"\(original script: ([^()]+)\)")
_NEXT_ALIAS = re.compile(r";\s*|\s[a-z]\)\s")
_LONG = 100
"""An alias longer than this, or with a date in it, is prose."""


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of the consolidated list, one entry at a time.

    Raises
    ------
    InputError
        If a file is not the list, or its XML is damaged: ``row`` is the line.
    """
    seen: dict[Identifier, str] = {}
    for file in inputs:
        root = read_root(file) if is_xml(file) else None
        if root is None or root.tag != "CONSOLIDATED_LIST":
            raise wrong_kind(file, "the consolidated list of the UN", _ADVICE)
        yield _source(str(iso_date(root.attributes.get("dateGenerated", ""))))
        for element, number in records(file, ("INDIVIDUAL", "ENTITY")):
            yield from _entry(element, f"{file.name} entry {number}", seen)


def _source(published: str) -> Source:
    return Source(
        _SOURCE,
        "Security Council Consolidated List (United Nations)",
        publisher="United Nations Security Council",
        published=published,
        url="https://scsanctions.un.org/resources/xml/en/consolidated.xml",
        retrieved=date.today().isoformat(),
    )


def _entry(element: Element, record: str, seen: dict[Identifier, str]) -> Iterator[Item]:
    reference = child_text(element, "REFERENCE_NUMBER")
    number = child_text(element, "DATAID")
    if not reference and not number:
        yield SetAside(record, "no reference number", tidy(" ".join(element.itertext()))[:500])
        return
    party = PartyBuilder(f"un-{reference or f'data-{number}'}")
    party.schema = "Person" if element.tag == "INDIVIDUAL" else "LegalEntity"
    party.add_un_reference(reference)
    party.add_property("un_dataid", number)
    _names(element, party)
    _person(element, party)
    _addresses(element, party)
    _documents(element, party)
    remarks = child_text(element, "COMMENTS1")
    if notice := _NOTICE.search(remarks):
        party.add_property("interpol_notice", notice[0].rstrip(".,"))
    for value in element.iterfind("LAST_DAY_UPDATED/VALUE"):
        party.add_property("last_updated", value.text or "")
    party.drop_shared(seen)
    entity = party.entity()
    yield Statement(entity, (_SOURCE,), record, tuple(party.flags))
    yield Statement(_listing(element, entity.id, reference, remarks), (_SOURCE,), record)
    yield from _mentions(entity.id, reference, remarks, record)


def _listing(element: Element, entity: str, reference: str, remarks: str) -> Listing:
    start = iso_date(child_text(element, "LISTED_ON"))
    end = iso_date(child_text(element, "DELISTED_ON")) if element.find("DELISTED_ON") is not None else NO_DATE
    programme = child_text(element, "UN_LIST_TYPE")
    programs = (programme,) if programme else ()
    return Listing(entity, "UN-SC", Period(start, end), reference, programs=programs, remarks=remarks)


def _names(element: Element, party: PartyBuilder) -> None:
    parts = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
    party.add_name(" ".join(part for tag in parts if (part := child_text(element, tag))), NameKind.PRIMARY)
    party.add_name(child_text(element, "NAME_ORIGINAL_SCRIPT"))
    for alias in (*element.iterfind("INDIVIDUAL_ALIAS"), *element.iterfind("ENTITY_ALIAS")):
        _alias(alias, party)


def _alias(element: Element, party: PartyBuilder) -> None:
    text, quality = child_text(element, "ALIAS_NAME"), child_text(element, "QUALITY")
    kind = _QUALITY.get(quality.lower(), NameKind.ALIAS)
    if "formerly listed" in child_text(element, "NOTE").lower():
        kind = NameKind.PREVIOUS
    if text and quality and quality.lower() not in _QUALITY:
        party.flags.append(f"alias quality: {quality}")
    for original in _ORIGINAL_SCRIPT.findall(text):
        party.add_name(original, kind)
    for name in _NEXT_ALIAS.split(_ORIGINAL_SCRIPT.sub("", text)):
        if len(name) > _LONG or re.search(r"\d{4}", name):
            party.flags.append(f"alias: prose: {name}")
        party.add_name(name, kind)


def _person(element: Element, party: PartyBuilder) -> None:
    party.add_property("gender", child_text(element, "GENDER"))
    for tag, key in (("TITLE", "title"), ("DESIGNATION", "position")):
        for value in element.iterfind(f"{tag}/VALUE"):
            party.add_property(key, value.text or "")
    for value in element.iterfind("NATIONALITY/VALUE"):
        party.add_country(value.text or "")
        party.add_property("nationality", value.text or "")
    for born in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        if told := _birth(born):
            party.add_birth(told, iso_date(told))
    for place in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        parts = [child_text(place, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE")]
        party.add_property("place_of_birth", ", ".join(filter(None, parts)))


def _birth(element: Element) -> str:
    """Return a date of birth as text: "1971", "circa 1971", "1973 to 1974", or the note alone."""
    text = child_text(element, "DATE") or child_text(element, "YEAR")
    first, last = child_text(element, "FROM_YEAR"), child_text(element, "TO_YEAR")
    if first or last:
        text = f"{first} to {last}" if first and last and first != last else first or last
    if not text:
        return child_text(element, "NOTE")
    day = str(iso_date(text)) or text
    return f"circa {day}" if child_text(element, "TYPE_OF_DATE") == "APPROXIMATELY" else day


def _addresses(element: Element, party: PartyBuilder) -> None:
    for address in (*element.iterfind("INDIVIDUAL_ADDRESS"), *element.iterfind("ENTITY_ADDRESS")):
        parts = [child_text(address, tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE")]
        party.add_address(*parts, country=child_text(address, "COUNTRY"))
        party.add_property("address_note", child_text(address, "NOTE"))


def _documents(element: Element, party: PartyBuilder) -> None:
    for document in element.iterfind("INDIVIDUAL_DOCUMENT"):
        told = [child_text(document, tag) for tag in ("TYPE_OF_DOCUMENT", "TYPE_OF_DOCUMENT2", "NUMBER")]
        country = child_text(document, "ISSUING_COUNTRY") or child_text(document, "COUNTRY_OF_ISSUE")
        note, issued = child_text(document, "NOTE"), child_text(document, "DATE_OF_ISSUE")
        type_, number = _DOCUMENTS.get(told[0].lower(), ""), told[2]
        if type_ and number:
            party.add_number(type_, number, country)
        if note or issued or not (type_ and number):
            rest = [country, f"issued {issued}" if issued else "", note]
            party.add_property("document", ", ".join(filter(None, [*told, *rest])))


def _mentions(entity: str, reference: str, remarks: str, record: str) -> Iterator[Item]:
    """Yield a link to each entry whose number the comments name, with the sentence that does."""
    for other in dict.fromkeys(_REFERENCE.findall(remarks)):
        if other != reference:
            said = next(one for one in re.split(r"(?<=[.;])\s+(?=[A-Z])", remarks) if other in one)
            link = Link(entity, f"un-{other}", LinkType.LINKED_TO, "named in its entry", note=f"Comments: {said}")
            yield Statement(link, (_SOURCE,), record)


LOADER = Loader(
    name="un",
    title="UN Security Council Consolidated List",
    reads="consolidated.xml of the Security Council",
    official="https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list",
    read=read,
)
