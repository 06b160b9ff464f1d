"""The files of the UK's lists, read to designations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from listed.errors import InputError
from listed.graph.model import SetAside
from listed.graph.period import parse_date
from listed.loaders.csl.text import tidy
from listed.loaders.csv_rows import whole_rows
from listed.loaders.inputs import Input
from listed.loaders.kinds import wrong_kind
from listed.loaders.party_builder import day_first
from listed.loaders.uk.columns import COLUMNS, PATHS
from listed.loaders.uk.designations import NUMBERED, Designation
from listed.loaders.xml_records import child_text, read_root, records

_MEANT = "a sanctions list of the UK"
_ADVICE = "give the UK Sanctions List as CSV or XML, or OFSI's ConList.csv"


def read_xml(file: Input) -> Iterator[str | Designation]:
    """Yield the date of a UK Sanctions List in XML, then its designations one by one.

    Raises
    ------
    InputError
        If it is no such list, or its XML is damaged.
    """
    if read_root(file).tag != "Designations":
        raise wrong_kind(file, _MEANT, _ADVICE)
    dated, number = False, 0
    for element, _ in records(file, ("DateGenerated", "Designation")):
        if element.tag == "DateGenerated":
            if not dated:
                yield str(day_first(element.text or ""))
            dated = True
            continue
        if not dated:
            dated = True
            yield ""
        number += 1
        yield _from_xml(element, f"{file.name} designation {number}")


def _from_xml(element: Element, record: str) -> Designation:
    one = Designation(record)
    for path, key in PATHS.items():
        for found in element.iterfind(path):
            one.tell(key, found.text or "")
    if not one.one("measures"):
        for indicator in element.iterfind("SanctionsImposedIndicators/*"):
            if (indicator.text or "").strip().lower() == "true":
                one.tell("measures", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", indicator.tag).capitalize())
    for name in element.iterfind("Names/Name"):
        parts = {tag.lower(): child_text(name, tag) for tag in ("Name1", "Name2", "Name3", "Name4", "Name5", "Name6")}
        one.names[_whole(parts), child_text(name, "NameType"), child_text(name, "AliasStrength")] = None
    for address in element.iterfind("Addresses/Address"):
        lines = [child_text(address, f"AddressLine{number}") for number in range(1, 7)]
        code = child_text(address, "AddressPostalCode") or child_text(address, "PostalCode")
        one.addresses[(*lines, code, child_text(address, "AddressCountry"))] = None
    for place in element.iterfind("IndividualDetails/Individual/BirthDetails/Location"):
        one.add_birth_place(child_text(place, "TownOfBirth"), child_text(place, "CountryOfBirth"))
    return one


def read_csv(file: Input) -> Iterator[tuple[str, str] | SetAside | InputError | Designation]:
    """Yield the kind and date of a list in CSV, then its designations, their rows gathered.

    The kind is "gb-ofsi" or "gb-sl". An error is yielded for a row that has not as many cells as
    the header.

    Raises
    ------
    InputError
        If it is no such list.
    """
    rows = whole_rows(file, _MEANT, _ADVICE, encoding=_encoding(file))
    published, keys, header = _header(file, rows)
    shared = "sl" if "sl" in keys else "ofsi"
    yield f"gb-{shared}", published
    gathered: dict[str, Designation] = {}
    for line, cells in rows:
        record = f"{file.name} line {line}"
        if len(cells) < len(keys) or any(cell.strip() for cell in cells[len(keys) :]):
            problem = f"{len(cells)} cells where the header has {len(keys)}"
            yield InputError(problem, file=file.name, row=line, advice="download it again")
            continue
        row = {key: tidy(cell) for key, cell in zip(keys, cells, strict=False) if key and cell.strip()}
        if cells == header:
            yield SetAside(record, "the header again", ",".join(cells))
        elif row and not row.get(shared):
            yield SetAside(record, "no number of a designation", ",".join(cells))
        elif row:
            _add_row(gathered.setdefault(row[shared], Designation(record)), row)
    yield from gathered.values()


def _header(file: Input, rows: Iterator[tuple[int, list[str]]]) -> tuple[str, list[str], list[str]]:
    """Return the date of the list, what its columns are, and the header as it stands."""
    published = ""
    for line, cells in rows:
        names = [cell.strip().casefold() for cell in cells]
        if "name 6" in names and ("group id" in names or "unique id" in names):
            return published, _keys(names), cells
        if line == 1 and re.match(r"last updated|report date", names[0]):
            told = cells[1] if len(cells) > 1 else cells[0].partition(":")[2]
            published = str(day_first(told) if "/" in told else parse_date(told.replace("-", " ")))
        elif any(names):
            break
    raise wrong_kind(file, _MEANT, _ADVICE)


def _keys(names: Sequence[str]) -> list[str]:
    """Return what the columns are called here; one not known keeps its name."""
    keys = [COLUMNS.get(name) or re.sub(r"\W+", "_", name).strip("_") for name in names]
    while keys and not keys[-1]:
        keys.pop()
    return keys


def _encoding(file: Input) -> str:
    """Return UTF-8, or UTF-16 where the file says so; OFSI has published both."""
    with file.open_binary() as stream:
        return "utf-16" if stream.read(2) in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _add_row(one: Designation, row: Mapping[str, str]) -> None:
    one.names[_whole(row), row.get("name_type", ""), row.get("quality", "")] = None
    places = (*(f"address{number}" for number in range(1, 7)), "post_code", "country")
    one.addresses[tuple(row.get(place, "") for place in places)] = None
    towns, countries = (NUMBERED.split(row.get(key, "")) for key in ("birth_town", "birth_country"))
    for place in range(max(len(towns), len(countries))):
        # "(1) Baghdad (2) Basra" with "(1) Iraq (2) Iraq" are two places; one country is of all towns.
        country = countries[place] if place < len(countries) else countries[-1]
        one.add_birth_place(towns[place] if place < len(towns) else "", country)
    for key, text in row.items():
        one.tell(key, text)


def _birth(one: Designation, town: str, country: str) -> None:
    if tidy(town) or (tidy(country) and not town):
        one.births[", ".join(filter(None, (tidy(town), tidy(country))))] = None


def _whole(parts: Mapping[str, str]) -> str:
    """Return a name with the surname, or the whole name of an entity, last."""
    keys = ("name1", "name2", "name3", "name4", "name5", "name6")
    return " ".join(text for key in keys if (text := parts.get(key, "")))
