"""A listed party gathered piece by piece, as the lists of governments tell it.

Names, addresses and identifiers come one by one, in several elements or rows, and repeat. What is
told twice is kept once, in the order of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from listed.graph.model import Address, Entity, Identifier, Name
from listed.graph.period import NO_DATE, PartialDate, parse_date
from listed.graph.vocabulary import STRONG_SCHEMES, NameKind
from listed.loaders.csl.countries import country_code
from listed.loaders.csl.identifiers import read_ids
from listed.loaders.csl.text import has_lost_characters, tidy

_OFFICIAL_NAMES = {
    "iran (islamic republic of)": "ir", "united kingdom of great britain and northern ireland": "gb",
    "united republic of tanzania": "tz", "state of palestine": "ps", "palestinian": "ps", "georgia": "ge",
    "congo": "cg", "china, hong kong special administrative region": "hk",
    "north macedonia, the republic of": "mk", "syrian arab republic": "sy", "viet nam": "vn",
    "venezuela (bolivarian republic of)": "ve", "bolivia (plurinational state of)": "bo",
    "korea, democratic people's republic of": "kp", "russian federation": "ru", "türkiye": "tr",
}  # fmt: skip
"""Names used where a country alone can stand, beside those of :mod:`listed.loaders.csl.countries`."""

_UN_REFERENCE = re.compile(r"[A-Z]{2,3}[ie]\.\d{3}")
_RANK = {NameKind.PRIMARY: 0, NameKind.PREVIOUS: 1, NameKind.ALIAS: 2, NameKind.WEAK: 3}
_DAY_FIRST = re.compile(r"(\d{1,2}|dd)/(\d{1,2}|mm)/(\d{4})(?: \d\d:\d\d(?::\d\d)?)?", re.IGNORECASE)


def country_of(text: str) -> str:
    """Return the code of what stands in a field for a country; empty when it is none known.

    Unlike in prose, "Georgia" is the country here.
    """
    text = tidy(text)
    return country_code(text) or _OFFICIAL_NAMES.get(text.casefold(), "")


def day_first(text: str) -> PartialDate:
    """Read a date as British files write it: "13/05/2022", or "00/00/1980" for a year alone."""
    raw = tidy(text)
    match = _DAY_FIRST.fullmatch(raw)
    if not match:
        return parse_date(raw) if "/" not in raw else PartialDate(text=raw, flag="not a date")
    day, month, year = ("" if part.strip("0").lower() in ("", "dd", "mm") else part for part in match.groups())
    if day and not month:
        return PartialDate(text=raw, flag="a day without its month")
    parts = [year or "0000", month.zfill(2) if month else "", day.zfill(2) if day else ""]
    read = parse_date("-".join(part for part in parts if part))
    return read if not read.flag else PartialDate(text=raw, flag=read.flag)


def iso_date(text: str) -> PartialDate:
    """Read an ISO date, with or without a time zone ("2015-07-01-04:00", "2021-01-01Z")."""
    raw = tidy(text)
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d|T.*)?", raw)
    return parse_date(match[1] if match else raw) if raw else NO_DATE


@dataclass(slots=True)
class PartyBuilder:
    """One party, and what of it could not be taken at its word (``flags``)."""

    id: str
    schema: str = "LegalEntity"
    flags: list[str] = field(default_factory=list)
    _names: dict[str, Name] = field(default_factory=dict)
    _countries: dict[str, None] = field(default_factory=dict)
    _addresses: dict[str, Address] = field(default_factory=dict)
    _identifiers: dict[Identifier, None] = field(default_factory=dict)
    _properties: dict[tuple[str, str], None] = field(default_factory=dict)

    def add_name(self, text: str, kind: NameKind = NameKind.ALIAS) -> None:
        """Add a name. The same text twice is one name, of the better kind."""
        text = tidy(text)
        key = text.casefold()
        if text and (key not in self._names or _RANK[kind] < _RANK[self._names[key].kind]):
            self._names[key] = Name(self._names[key].text if key in self._names else text, kind)

    def add_country(self, text: str) -> str:
        """Add a country by name or code, and return its code."""
        if code := country_of(text):
            self._countries[code] = None
        return code

    def add_address(self, *parts: str, country: str = "") -> None:
        """Add an address in its parts, the country last; nothing but a country is no address."""
        code = self.add_country(country)
        told = [part for text in parts if (part := tidy(text))]
        if told:
            whole = ", ".join([*told, tidy(country)] if country.strip() else told)
            self._addresses.setdefault(whole, Address(whole, code))

    def add_identifier(self, scheme: str, value: str) -> None:
        """Add an identifier whose scheme is certain."""
        if value := tidy(value):
            self._identifiers[Identifier(scheme, value)] = None

    def add_un_reference(self, text: str) -> None:
        """Add the permanent reference number of the Security Council's list ("QDi.001")."""
        text = tidy(text)
        if _UN_REFERENCE.fullmatch(text):
            self.add_identifier("un-sc", text)
        elif text:
            self.add_property("un_reference", text)

    def add_number(self, type_: str, number: str, country: str = "") -> None:
        """Add a number of a type as OFAC calls it ("Passport", "Registration Number").

        What names one party for certain, by its form and check digits, becomes a strong identifier.
        """
        number = tidy(number).replace("; ", ", ")
        if not number:
            return
        code = country_of(country)
        read = read_ids(", ".join(filter(None, (type_, number, code.upper()))), tuple(self._countries))
        self._identifiers.update(dict.fromkeys(read.identifiers))
        self._properties.update(dict.fromkeys(read.properties))

    def add_property(self, key: str, text: str) -> None:
        """Add whatever else is told."""
        if text := tidy(text):
            self._properties[key, text] = None

    def add_birth(self, text: str, date: PartialDate) -> None:
        """Add a date of birth: in ISO at its precision where it is one, else as given."""
        self.add_property("date_of_birth", str(date) or text)
        if date.flag and re.fullmatch(r"[\d/.-]+", tidy(text)):
            self.flags.append(f"date_of_birth: {tidy(text)}: {date.flag}")

    def drop_shared(self, seen: dict[Identifier, str]) -> None:
        """Keep as properties the strong identifiers another party of the file has told before.

        The list holds them apart, so that "same number, same party" does not hold for it.
        """
        for one in [one for one in self._identifiers if one.scheme in STRONG_SCHEMES]:
            bearer = seen.setdefault(one, self.id)
            if bearer != self.id:
                del self._identifiers[one]
                self.add_property(one.scheme, one.value)
                self.flags.append(f"identifier: {one.scheme} {one.value} is also given to {bearer}")

    def entity(self, topics: tuple[str, ...] = ("sanction",), note: str = "") -> Entity:
        """Return the party; the first name is the primary one where none is marked so."""
        names = sorted(self._names.values(), key=lambda name: name.kind is not NameKind.PRIMARY)
        if not names:
            self.flags.append("name: missing")
        elif names[0].kind is not NameKind.PRIMARY:
            names[0] = Name(names[0].text, NameKind.PRIMARY)
        if any(has_lost_characters(name.text) for name in names):
            self.flags.append("name: lost characters")
        return Entity(
            self.id, tuple(names), self.schema, tuple(self._countries), topics, tuple(self._identifiers),
            tuple(self._addresses.values()), tuple(self._properties), note,
        )  # fmt: skip
