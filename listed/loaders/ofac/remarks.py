"""The remarks of the CSV files: everything the other columns have no place for, in one cell.

"DOB 14 Jun 1975; POB Leningrad, Russia; Gender Male; Passport 717637093 (Russia); a.k.a. 'X';
Linked To: USA REALLY." The pieces are read to what the XML files hold in elements of their own; a
piece that is prose stays in the listing's remarks alone.
"""

from __future__ import annotations

import re

from listed.graph.model import Name
from listed.graph.period import parse_date
from listed.graph.vocabulary import NameKind
from listed.loaders.csl.identifiers import is_type
from listed.loaders.csl.text import tidy
from listed.loaders.ofac.entries import Entry
from listed.loaders.party_builder import country_of

_ALIAS = re.compile(r"(?P<mark>[afn]\.k\.a\.),? '(?P<name>.+)'\.?")
_FIELD = re.compile(r"(?P<field>DOB|POB|nationality|citizen|Linked To:) (?P<value>.+)")
_COUNTRY = re.compile(r" \((?P<country>[^()]+)\)$")
_DATED = re.compile(r" (?:issued|expires) (?P<date>\d{1,2} \w{3} \d{4}|\d{4})$")
_MARKED = re.compile(r"(?P<type>[^:;]+?)(?:: | - )(?P<value>.+)")
_OFFICE = re.compile(r"^(?:.* (?:of|for|more)|Alternate.*|.*,) information\b", re.IGNORECASE)
"""A minister of information is no fact called information."""
_PROPERTIES = {"DOB": "date_of_birth", "POB": "place_of_birth", "nationality": "nationality", "citizen": "citizenship"}


def read_remarks(entry: Entry, *, whole: bool = True) -> None:
    """Read the remarks of an entry into its other fields; the remarks stay as they are.

    Of remarks that are not whole, the last piece is not read: it may be half a number.
    """
    pieces = tidy(entry.remarks).removesuffix(".").split("; ")
    for piece in pieces if whole else pieces[:-1]:
        text = piece.removeprefix("alt. ")
        if alias := _ALIAS.fullmatch(text):
            # OFAC puts its weak aliases here; the strong ones are in a file of their own.
            kind = NameKind.PREVIOUS if alias["mark"][0] == "f" else NameKind.WEAK
            entry.aliases.append(Name(alias["name"], kind))
        elif told := _FIELD.fullmatch(text):
            _field(told["field"], told["value"], entry)
        elif one := typed(text):
            entry.ids.append(one)


def _field(name: str, value: str, entry: Entry) -> None:
    if name == "Linked To:":
        entry.linked.append(value)
        return
    add_fact(entry, _PROPERTIES[name], value)


def add_fact(entry: Entry, key: str, value: str) -> None:
    """Add a fact of a person, a country by its code and a date in ISO where they are that."""
    if key in ("nationality", "citizenship"):
        if code := country_of(value):
            entry.countries.append(code)
        value = code.upper() or value
    elif key == "date_of_birth":
        value = str(parse_date(value)) or value
    entry.properties.append((key, value))


def typed(text: str) -> str:
    """Return a piece that begins with a type as "type, value, country, dates"; else nothing.

    A type ends at its colon or dash; without one, the longest beginning that is a type counts:
    "Tax ID No." and not "Tax ID".
    """
    if (parted := _MARKED.match(text)) and is_type(parted["type"]):
        return id_piece(parted["type"], parted["value"])
    words = text.split(" ")
    for count in range(min(len(words) - 1, 12), 0, -1):
        type_ = " ".join(words[:count])
        # A word of four digits is a number already, unless it is that of an executive order.
        if re.search(r"\d{4}", re.sub(r"(?:Order |EO )\d{5}", "", type_)) or _OFFICE.search(type_):
            continue
        if is_type(type_):
            return id_piece(type_, " ".join(words[count:]))
    return ""


def id_piece(type_: str, value: str, country: str = "", issued: str = "", expires: str = "") -> str:
    """Return a number or fact in the form the ``ids`` of the Consolidated Screening List are read from."""
    dates = [day for text in (issued, expires) if (day := str(parse_date(text)) or text)]
    while match := _DATED.search(value):
        value, dates = value[: match.start()], [str(parse_date(match["date"])), *dates]
    code = country_of(country)
    if (match := _COUNTRY.search(value)) and (found := country_of(match["country"])):
        value, code = value[: match.start()], code or found
    parts = (type_, tidy(value).replace("; ", ", "), code.upper(), *dates)
    return ", ".join(part for part in parts if part)
