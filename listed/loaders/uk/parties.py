"""A designation as a party: its entity and its listing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from listed.graph.model import Identifier, Listing, SetAside, Statement
from listed.graph.period import NO_DATE, Period
from listed.graph.vocabulary import NameKind
from listed.loaders.loader import Item
from listed.loaders.party_builder import PartyBuilder, day_first
from listed.loaders.uk.designations import Designation
from listed.loaders.uk.links import Mentions

_SCHEMATA = {"individual": "Person", "entity": "LegalEntity", "ship": "Vessel"}
_READ = frozenset({
    "ofsi", "sl", "un", "name_type", "quality", "script_name", "born", "birth_town", "birth_country", "nationality",
    "passport", "national_id", "post_code", "country", "other", "reasons", "type", "regime", "listed", "parent",
    "subsidiary", "registration", "imo", "owner_operator", "previous_owner_operator", "updated", "measures",
    *(f"name{number}" for number in range(1, 7)), *(f"address{number}" for number in range(1, 7)),
})  # fmt: skip
"""Keys with a place of their own; all others become properties under their names."""
_SL_REF = re.compile(r"UK Sanctions List Ref\)?\s*:\s*([A-Z]{2,4}\d{4})")
_UN_REF = re.compile(r"UN Ref(?:erence)?\)?\s*:?\s*([A-Z]{2,3}[ie]\.\d{3})")
_IMO = re.compile(r"(?:IMO *)?(\d{7})")


def statements(one: Designation, source: str, seen: dict[Identifier, str], mentions: Mentions) -> Iterator[Item]:
    """Yield the entity of a designation and its listing; remember whom it names.

    Parameters
    ----------
    source
        "gb-ofsi" or "gb-sl": which list tells it.
    seen
        Which strong identifiers the load has met, and whose they are.
    """
    number = one.one("sl") if source == "gb-sl" else one.one("ofsi")
    if not number:
        yield SetAside(one.record, "no number of a designation", "; ".join(name for name, *_ in one.names))
        return
    party = PartyBuilder(f"{source}-{number}")
    _identity(one, party)
    for name, type_, quality in one.names:
        party.add_name(name, _name_kind(type_, quality))
    for name in one.told.get("script_name", ()):
        party.add_name(name)
    for *lines, country in one.addresses:
        party.add_address(*lines, country=country)
    _person(one, party)
    _numbers(one, party)
    for key in one.told:
        if key not in _READ:
            for text in one.told[key]:
                party.add_property(key, text)
    for text in one.told.get("updated", ()):
        party.add_property("last_updated", str(day_first(text)) or text)
    for measure in _measures(one):
        party.add_property("measure", measure)
    party.drop_shared(seen)
    entity = party.entity()
    mentions.add(one, entity, source)
    yield Statement(entity, (source,), one.record, tuple(party.flags))
    listing, flags = _listing(one, entity.id, source)
    yield Statement(listing, (source,), one.record, tuple(flags))


def _identity(one: Designation, party: PartyBuilder) -> None:
    type_ = one.one("type").casefold()
    party.schema = _SCHEMATA.get(type_, "LegalEntity")
    if type_ not in _SCHEMATA:
        party.flags.append(f"type: {one.one('type')}")
    other = one.one("other")
    for key, scheme, pattern in (("ofsi", "gb-ofsi", None), ("sl", "gb-sl", _SL_REF)):
        numbers = [*one.told.get(key, ()), *(pattern.findall(other) if pattern else ())]
        for number in dict.fromkeys(numbers):
            party.add_identifier(scheme, number)
    for reference in dict.fromkeys([*one.told.get("un", ()), *_UN_REF.findall(other)]):
        party.add_un_reference(reference)


def _name_kind(type_: str, quality: str) -> NameKind:
    type_, quality = type_.casefold(), quality.casefold()
    if type_.startswith(("primary name", "prime alias")) and "variation" not in type_:
        return NameKind.PRIMARY
    if type_.startswith(("fka", "f.k.a", "formerly")):
        return NameKind.PREVIOUS
    return NameKind.WEAK if "low" in quality or "low quality" in type_ else NameKind.ALIAS


def _person(one: Designation, party: PartyBuilder) -> None:
    for text in one.all("nationality"):
        party.add_country(text)
        party.add_property("nationality", text)
    for text in one.all("born"):
        party.add_birth(text, day_first(text.rstrip(".")))
    for place in one.births:
        party.add_property("place_of_birth", place)


def _numbers(one: Designation, party: PartyBuilder) -> None:
    passports = one.all("passport")
    if not passports:  # OFSI's older files have the number among the details
        passports = [text for text in one.all("passport_details") if re.fullmatch(r"[A-Z0-9/ -]{5,20}", text)]
    numbers = {"Passport": passports, "National ID No.": one.all("national_id"),
               "Registration Number": one.all("registration")}  # fmt: skip
    for type_, texts in numbers.items():
        for text in texts:
            if re.search(r"\d", text) and len(text) <= 40:
                party.add_number(type_, text)
            else:
                party.add_property(re.sub(r"\W+", "_", type_.lower()).strip("_"), text)
    for text in one.all("imo"):
        if match := _IMO.fullmatch(text):
            party.add_number("Vessel Registration Identification", f"IMO {match[1]}")
        else:
            party.add_property("imo_number", text)


def _measures(one: Designation) -> list[str]:
    """Return what is imposed: "Asset freeze|Travel Ban" is two measures."""
    return [part for text in one.told.get("measures", ()) for one_ in text.split("|") if (part := one_.strip())]


def _listing(one: Designation, entity: str, kind: str) -> tuple[Listing, list[str]]:
    flags: list[str] = []
    measures = _measures(one)
    freeze = kind == "gb-ofsi" or any("freeze" in measure.casefold() for measure in measures)
    if kind == "gb-sl" and not measures:
        flags.append("measures: not stated, so not taken for an asset freeze")
    dates = [day_first(text) for text in one.told.get("listed", ())]
    flags += [f"start_date: {day.text}: {day.flag}" for day in dates if day.flag]
    known = sorted((day for day in dates if day.known), key=str)
    start = known[0] if known else (dates[0] if dates else NO_DATE)
    regimes = tuple(one.told.get("regime", ()))
    remarks = " ".join([*one.told.get("other", ()), *one.told.get("reasons", ())])
    list_ = "GB-OFSI" if freeze else "GB-SL"
    return Listing(entity, list_, Period(start), "; ".join(regimes), programs=regimes, remarks=remarks), flags
