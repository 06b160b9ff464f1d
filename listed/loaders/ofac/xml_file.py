"""sdn.xml and consolidated.xml: the same entries as the CSV files, each word in its element.

The advanced form is read by :mod:`listed.loaders.ofac.advanced_xml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from listed.errors import InputError
from listed.graph.model import Address, Name, SetAside
from listed.graph.period import parse_date
from listed.graph.vocabulary import NameKind
from listed.loaders.csl.remarks import linked_to
from listed.loaders.csl.text import tidy
from listed.loaders.inputs import Input
from listed.loaders.kinds import wrong_kind
from listed.loaders.ofac.advanced_xml import read_advanced
from listed.loaders.ofac.csv_files import ADVICE
from listed.loaders.ofac.entries import Entry
from listed.loaders.ofac.remarks import add_fact, id_piece
from listed.loaders.party_builder import country_of
from listed.loaders.xml_records import child_text, read_root, records

_VESSEL = {"callSign": "call_sign", "vesselType": "vessel_type", "tonnage": "gross_tonnage",
           "grossRegisteredTonnage": "gross_registered_tonnage", "vesselFlag": "vessel_flag",
           "vesselOwner": "vessel_owner"}  # fmt: skip
_FACTS = {
    "dateOfBirthList/dateOfBirthItem/dateOfBirth": "date_of_birth",
    "placeOfBirthList/placeOfBirthItem/placeOfBirth": "place_of_birth",
    "nationalityList/nationality/country": "nationality",
    "citizenshipList/citizenship/country": "citizenship",
}


def read_xml(file: Input) -> Iterator[Entry | SetAside]:
    """Read an XML file, of the classic form one entry at a time.

    Raises
    ------
    InputError
        If it is of the delta form or no list of OFAC's, or the XML is damaged.
    """
    tag = read_root(file).tag
    if tag == "Sanctions":
        yield from read_advanced(file)
        return
    if tag == "sanctionsData":
        raise InputError("the enhanced or delta form of OFAC's XML, which is not read", file=file.name,
                         advice="give sdn.xml or consolidated.xml, which hold the same entries")  # fmt: skip
    if tag != "sdnList":
        raise wrong_kind(file, "a list of OFAC's", ADVICE)
    published, number = "", 0
    for element, _ in records(file, ("publshInformation", "sdnEntry")):
        if element.tag == "publshInformation":
            published = str(parse_date(child_text(element, "Publish_Date")))
            continue
        number += 1
        record = f"{file.name} entry {number}"
        if child_text(element, "uid").isdigit():
            yield _entry(element, file.name, record, published)
        else:
            yield SetAside(record, "no number of an entry", tidy(" ".join(element.itertext()))[:500])


def _entry(element: Element, file: str, record: str, published: str) -> Entry:
    # "nspType" is what the list of the Palestinian Legislative Council calls it.
    type_ = (child_text(element, "sdnType") or child_text(element, "nspType")).lower()
    entry = Entry(child_text(element, "uid"), _name(element), file, record, "" if type_ == "entity" else type_)
    entry.published = published
    entry.title, entry.remarks = child_text(element, "title"), child_text(element, "remarks")
    entry.linked = linked_to(entry.remarks)
    entry.programs = [text for one in element.iterfind("programList/program") if (text := tidy(one.text or ""))]
    entry.aliases = [name for one in element.iterfind("akaList/aka") if (name := _alias(one)).text]
    for address in element.iterfind("addressList/address"):
        _address(address, entry)
    for one in element.iterfind("idList/id"):
        entry.ids.append(_id(one))
    for path, key in _FACTS.items():
        for fact in element.iterfind(path):
            add_fact(entry, key, tidy(fact.text or ""))
    told = {name: child_text(element, f"vesselInfo/{tag}") for tag, name in _VESSEL.items()}
    entry.vessel = {name: text for name, text in told.items() if text}
    return entry


def _name(element: Element) -> str:
    return ", ".join(filter(None, (child_text(element, "lastName"), child_text(element, "firstName"))))


def _alias(element: Element) -> Name:
    kind = NameKind.WEAK if child_text(element, "category") == "weak" else NameKind.ALIAS
    if child_text(element, "type").startswith("f"):
        kind = NameKind.PREVIOUS
    return Name(_name(element), kind)


def _address(element: Element, entry: Entry) -> None:
    tags = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode")
    parts = [text for tag in tags if (text := child_text(element, tag))]
    country = child_text(element, "country")
    code = country_of(country)
    if code:
        entry.countries.append(code)
    elif country and country.lower() != "undetermined":
        entry.flags.append(f"country: {country}")
    if parts:
        entry.addresses.append(Address(", ".join([*parts, country] if country else parts), code))


def _id(element: Element) -> str:
    tags = ("idType", "idNumber", "idCountry", "issueDate", "expirationDate")
    return id_piece(*(child_text(element, tag) for tag in tags))
