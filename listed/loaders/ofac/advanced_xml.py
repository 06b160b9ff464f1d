"""sdn_advanced.xml and cons_advanced.xml: the same entries, taken apart and put together again by numbers.

The file first tells what its numbers stand for, then places and papers, then parties, how they are related, and at
last which list each is on since when. Parties and their relations have OFAC's own numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from listed.graph.model import Address, Name, SetAside
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.csl.text import tidy
from listed.loaders.inputs import Input
from listed.loaders.ofac.entries import Entry, Relation
from listed.loaders.ofac.remarks import add_fact, id_piece
from listed.loaders.party_builder import country_of
from listed.loaders.xml_records import child_text, records

_SECTIONS = ("DateOfIssue", "ReferenceValueSets", "Location", "IDRegDocument", "DistinctParty", "ProfileRelationship",
             "SanctionsEntry")  # fmt: skip
_TYPES = {"individual": "individual", "vessel": "vessel", "aircraft": "aircraft", "entity": ""}
_KINDS = {"F.K.A.": NameKind.PREVIOUS}
_GIVEN = ("First Name", "Middle Name", "Patronymic", "Matronymic")
_FAMILY = ("Last Name", "Maiden Name")
_PARTS = ("UNKNOWN", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "REGION", "POSTAL CODE")
_FACTS = {
    "birthdate": "date_of_birth",
    "place of birth": "place_of_birth",
    "nationality country": "nationality",
    "citizenship country": "citizenship",
}
_VESSEL = {
    "vessel call sign": "call_sign",
    "vessel type": "vessel_type",
    "vessel flag": "vessel_flag",
    "vessel owner": "vessel_owner",
    "vessel tonnage": "gross_tonnage",
    "vessel gross registered tonnage": "gross_registered_tonnage",
    "gross registered tonnage": "gross_registered_tonnage",
}
_RELATIONS = {
    # Who owns or controls is the "to" of the file; which of the two it is, the file does not say.
    "owned or controlled by": (LinkType.CONTROLS, "owns or controls", True),
    "leader or official of": (LinkType.OFFICER_OF, "leader or official of", False),
    "principal executive officer": (LinkType.OFFICER_OF, "principal executive officer", False),
    "family member of": (LinkType.RELATED_TO, "family member of", False),
}


@dataclass(slots=True)
class _File:
    """What the numbers of a file stand for, and its entries so far."""

    name: str
    published: str = ""
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    area_countries: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    papers: dict[str, list[str]] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)

    def word(self, kind: str, number: str | None) -> str:
        """Return what a number stands for; the number itself where the file does not tell."""
        return self.words.get((kind, number or ""), number or "")

    def country(self, number: str | None) -> tuple[str, str]:
        """Return a country's name and code."""
        name = self.words.get(("Country", number or ""), "")
        return name, country_of(self.codes.get(number or "", "") or name)


def read_advanced(file: Input) -> Iterator[Entry | SetAside]:
    """Read a file of the advanced form; its entries come when all of it is read."""
    known = _File(file.name)
    for element, number in records(file, _SECTIONS):
        if element.tag == "DateOfIssue":
            known.published = _day(element)
        elif element.tag == "ReferenceValueSets":
            _read_words(element, known)
        elif element.tag == "Location":
            known.places[element.get("ID", "")] = _place(element, known)
        elif element.tag == "IDRegDocument":
            known.papers.setdefault(element.get("IdentityID", ""), []).append(_paper(element, known))
        elif element.tag == "DistinctParty":
            yield from _add_party(element, number, known)
        elif element.tag == "ProfileRelationship":
            yield from _add_relation(element, number, known)
        else:
            yield from _add_listing(element, number, known)
    yield from known.entries.values()


def _read_words(sets: Element, known: _File) -> None:
    for one in sets.iter():
        if number := one.get("ID"):
            known.words[one.tag, number] = tidy(one.text or "")
            if one.tag == "Country":
                known.codes[number] = one.get("ISO2", "")
            if one.tag == "AreaCode":
                known.area_countries[number] = one.get("CountryID", "")
            if one.tag == "PartySubType":
                known.words["PartyTypeOf", number] = one.get("PartyTypeID", "")


def _place(element: Element, known: _File) -> tuple[str, str]:
    """Return an address as text, and its country's code."""
    parts: dict[str, list[str]] = {}
    for part in element.iterfind("LocationPart"):
        kind = known.word("LocPartType", part.get("LocPartTypeID")).upper()
        texts = [tidy(value.text or "") for value in part.iterfind("LocationPartValue/Value")]
        parts.setdefault(kind if kind in _PARTS else _PARTS[0], []).extend(filter(None, texts))
    country = element.find("LocationCountry")
    area = element.find("LocationAreaCode")
    number = country.get("CountryID") if country is not None else None
    if number is None and area is not None:
        number = known.area_countries.get(area.get("AreaCodeID", ""))
    name, code = known.country(number)
    told = [text for kind in _PARTS for text in parts.get(kind, ())]
    return ", ".join([*told, name] if name and name.lower() != "undetermined" else told), code


def _paper(element: Element, known: _File) -> str:
    name, _ = known.country(element.get("IssuedBy-CountryID"))
    dates = {
        known.word("IDRegDocDateType", date.get("IDRegDocDateTypeID")): _day(date.find("DatePeriod/Start/From"))
        for date in element.iterfind("DocumentDate")
    }
    return id_piece(
        known.word("IDRegDocType", element.get("IDRegDocTypeID")),
        child_text(element, "IDRegistrationNo"),
        name,
        dates.get("Issue Date", ""),
        dates.get("Expiration Date", ""),
    )


def _add_party(element: Element, number: int, known: _File) -> Iterator[SetAside]:
    party = element.get("FixedRef", "")
    record = f"{known.name} party {party or number}"
    profiles = element.findall("Profile")
    if not party.isdigit() or len(profiles) != 1:
        yield SetAside(record, "no number of an entry", tidy(" ".join(element.itertext()))[:500])
        return
    (profile,) = profiles
    entry = Entry(party, "", known.name, record, _type(profile, known), published=known.published)
    for identity in profile.iterfind("Identity"):
        _add_names(entry, identity, known)
        entry.ids += known.papers.get(identity.get("ID", ""), ())
    for feature in profile.iterfind("Feature"):
        _add_feature(entry, feature, known)
    entry.remarks = child_text(element, "Comment")
    known.entries[profile.get("ID", party)] = entry


def _type(profile: Element, known: _File) -> str:
    number = profile.get("PartySubTypeID", "")
    told = known.word("PartySubType", number).lower()
    if told not in _TYPES:
        told = known.word("PartyType", known.words.get(("PartyTypeOf", number))).lower()
    return _TYPES.get(told, told)


def _add_names(entry: Entry, identity: Element, known: _File) -> None:
    kinds = {
        group.get("ID", ""): known.word("NamePartType", group.get("NamePartTypeID"))
        for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    for alias in identity.iterfind("Alias"):
        kind = _KINDS.get(known.word("AliasType", alias.get("AliasTypeID")), NameKind.ALIAS)
        if alias.get("LowQuality") == "true":
            kind = NameKind.WEAK
        for documented in alias.iterfind("DocumentedName"):
            text = _name(documented, kinds)
            if text and not entry.name and alias.get("Primary") == "true":
                entry.name = text
            elif text:
                entry.aliases.append(Name(text, kind))


def _name(documented: Element, kinds: dict[str, str]) -> str:
    """Return a name as the classic form has it: "PUTIN, Vladimir Vladimirovich"."""
    parts: dict[str, list[str]] = {}
    for value in documented.iterfind("DocumentedNamePart/NamePartValue"):
        if text := tidy(value.text or ""):
            parts.setdefault(kinds.get(value.get("NamePartGroupID", ""), ""), []).append(text)
    given, family = (" ".join(text for kind in of for text in parts.pop(kind, ())) for of in (_GIVEN, _FAMILY))
    rest = " ".join(text for texts in parts.values() for text in texts)
    return " ".join(filter(None, (", ".join(filter(None, (family, given))), rest)))


def _add_feature(entry: Entry, feature: Element, known: _File) -> None:
    kind = known.word("FeatureType", feature.get("FeatureTypeID")).rstrip(" -:")
    for version in feature.iterfind("FeatureVersion"):
        places = [known.places.get(one.get("LocationID", ""), ("", "")) for one in version.iterfind("VersionLocation")]
        if kind.lower() == "location":
            for text, code in places:
                _add_address(entry, text, code)
            continue
        texts = [_detail(one, known) for one in version.iterfind("VersionDetail")]
        texts += [text for text, _ in places]
        texts += [_period(period) for period in version.iterfind("DatePeriod")]
        for text in filter(None, texts):
            _add_told(entry, kind, text)


def _detail(detail: Element, known: _File) -> str:
    said = tidy(detail.text or "")
    return said or known.words.get(("DetailReference", detail.get("DetailReferenceID", "")), "")


def _add_told(entry: Entry, kind: str, text: str) -> None:
    if fact := _FACTS.get(kind.lower()):
        add_fact(entry, fact, text)
    elif kind.lower() == "title":
        entry.title = f"{entry.title}; {text}" if entry.title else text
    elif entry.type == "vessel" and (word := _VESSEL.get(kind.lower())):
        entry.vessel[word] = text
    else:
        entry.ids.append(id_piece(kind, text))


def _add_address(entry: Entry, text: str, code: str) -> None:
    if code:
        entry.countries.append(code)
    if "," in text or not code:  # else it is but a country
        entry.addresses += [Address(text, code)] if text else []


def _add_relation(element: Element, number: int, known: _File) -> Iterator[SetAside]:
    ends = element.get("From-ProfileID", ""), element.get("To-ProfileID", "")
    record = f"{known.name} relation {element.get('ID', number)}"
    entry, other = (known.entries.get(end) for end in ends)
    if entry is None or other is None:
        yield SetAside(record, "a relation with a party that is not in the file", f"{ends[0]} to {ends[1]}")
        return
    said = known.word("RelationType", element.get("RelationTypeID"))
    type_, role, turned = _RELATIONS.get(said.lower(), (LinkType.LINKED_TO, said.lower(), False))
    quality = known.words.get(("RelationQuality", element.get("RelationQualityID", "")), "")
    note = "; ".join(filter(None, (child_text(element, "Comment"), quality if quality != "None" else "")))
    former = element.get("Former") == "true"
    entry.relations.append(Relation(other.number, type_, role, record, note, turned=turned, former=former))


def _add_listing(element: Element, number: int, known: _File) -> Iterator[SetAside]:
    entry = known.entries.get(element.get("ProfileID", ""))
    if entry is None:
        yield SetAside(f"{known.name} sanction {element.get('ID', number)}", "a listing of nobody in the file",
                       element.get("ProfileID", ""))  # fmt: skip
        return
    days = [day for event in element.iterfind("EntryEvent") if (day := _day(event.find("Date")))]
    entry.start = min(filter(None, (entry.start, *days)), default="")
    for measure in element.iterfind("SanctionsMeasure"):
        program = child_text(measure, "Comment")
        if program and program not in entry.programs:
            entry.programs.append(program)


def _period(period: Element) -> str:
    """Return a date; of a span its first and last, unless they are one year."""
    first, last = _day(period.find("Start/From")), _day(period.find("End/To"))
    if first.endswith("-01-01") and last == f"{first[:4]}-12-31":
        return first[:4]
    return first if first == last or not last else f"{first} to {last}"


def _day(date: Element | None) -> str:
    if date is None or not (year := child_text(date, "Year")).isdigit():
        return ""
    parts = [child_text(date, "Month"), child_text(date, "Day")]
    return "-".join([year.zfill(4), *(part.zfill(2) for part in parts if part.isdigit())])
