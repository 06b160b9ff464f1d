"""The files trade.gov publishes the list in, read to one common row.

Three layouts, told apart by how the file begins: the CSV of 29 columns, the older CSV of 31
with one row per address and alias, and the JSON of the download and the API.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple, TextIO

from listed.errors import InputError
from listed.graph.model import SetAside
from listed.loaders.inputs import Input

_ADVICE = "give consolidated.csv or consolidated.json as downloaded from trade.gov"


class Row(NamedTuple):
    """One entry of one list, every cell as text; lists joined with "; " as in the CSV.

    ``record`` says where it stands in the file; ``more`` holds what the file says beyond the 29
    columns, as pairs of name and text.
    """

    id: str
    source: str
    entity_number: str
    type: str
    programs: str
    name: str
    title: str
    addresses: str
    federal_register_notice: str
    start_date: str
    end_date: str
    standard_order: str
    license_requirement: str
    license_policy: str
    call_sign: str
    vessel_type: str
    gross_tonnage: str
    gross_registered_tonnage: str
    vessel_flag: str
    vessel_owner: str
    remarks: str
    source_list_url: str
    alt_names: str
    citizenships: str
    dates_of_birth: str
    nationalities: str
    places_of_birth: str
    source_information_url: str
    ids: str
    record: str = ""
    more: tuple[tuple[str, str], ...] = ()


Aside = SetAside | InputError
"""What is no row, and why."""

_LONG = 8
"""Lines of a row of the wrong length from which on it is rather a quote that was never closed."""

_FIELDS = Row._fields[:29]
_TODAY = ("_id", *_FIELDS[1:])
_OLDER = (
    "Source List", "Entity Number", "SDN Type", "Programs", "Name", "Title", "Address", "City",
    "State/Province", "Postal Code", "Country", "Federal Register Notice", "Effective Date",
    "Date Lifted/Waived/Expired", "Standard Order", "License Requirement", "License Policy", "Call Sign",
    "Vessel Type", "Gross Tonnage", "Gross Register Tonnage", "Vessel Flag", "Vessel Owner", "Remarks/Notes",
    "Address Number", "Address Remarks", "Alternate Number", "Alternate Type", "Alternate Name",
    "Alternate Remarks", "Web Link",
)  # fmt: skip
_OLDER_AS_TODAY = {
    "source": "Source List", "entity_number": "Entity Number", "type": "SDN Type", "programs": "Programs",
    "name": "Name", "title": "Title", "federal_register_notice": "Federal Register Notice",
    "start_date": "Effective Date", "end_date": "Date Lifted/Waived/Expired",
    "standard_order": "Standard Order", "license_requirement": "License Requirement",
    "license_policy": "License Policy", "call_sign": "Call Sign", "vessel_type": "Vessel Type",
    "gross_tonnage": "Gross Tonnage", "gross_registered_tonnage": "Gross Register Tonnage",
    "vessel_flag": "Vessel Flag", "vessel_owner": "Vessel Owner", "remarks": "Remarks/Notes",
    "source_list_url": "Web Link",
}  # fmt: skip


def read_rows(file: Input) -> Iterator[Row | Aside]:
    """Read a file of any of the three layouts.

    Yields
    ------
    Row, SetAside or InputError
        In the order of the file. Blank rows and repeated headers are set aside with the reason;
        a row that has not as many cells as the header is an error that need not be the end.

    Raises
    ------
    InputError
        If the file is none of the three, or is cut short.
    """
    with file.open_text() as stream:
        blank, first = _first_line(stream)
        if first.lstrip()[:1] in ("{", "["):
            yield from _json_rows(first + stream.read(), file.name)
        else:
            yield from _csv_rows(chain([first], stream), blank, file.name)


def _first_line(stream: TextIO) -> tuple[int, str]:
    """Return how many blank lines the file begins with, and the line after them."""
    blank = 0
    for line in stream:
        if line.strip():
            return blank, line
        blank += 1
    return blank, ""


def _csv_rows(lines: Iterable[str], blank: int, file: str) -> Iterator[Row | Aside]:
    records = _records(lines, blank, file)
    _, header = next(records, (0, []))
    if not header:
        raise InputError("the file is empty", file=file, advice=_ADVICE)
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()
    body = _body(records, len(names), len(header), file)
    if set(_TODAY) <= set(names):
        yield from _today_rows(names, body)
    elif tuple(names) == _OLDER:
        yield from _older_rows(body)
    else:
        missing = [name for name in _TODAY if name not in names]
        shown = f"no column {missing[0]!r}" if len(missing) < 15 else "not the header of the list"
        raise InputError(f"not a Consolidated Screening List: {shown}", file=file, row=blank + 1, advice=_ADVICE)


def _records(lines: Iterable[str], blank: int, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on, also where cells hold line breaks."""
    reader = csv.reader(lines)
    line = blank + 1
    try:
        for record in reader:
            yield line, record
            line = blank + reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"not a CSV file: {error}", file=file, row=line, advice=_ADVICE) from error


def _body(
    records: Iterator[tuple[int, list[str]]], width: int, widest: int, file: str
) -> Iterator[tuple[str, list[str]] | Aside]:
    """Yield where each row stands and its cells, setting aside rows that are none."""
    for line, cells in records:
        record = f"{file} line {line}"
        if not any(cell.strip() for cell in cells):
            yield SetAside(record, "blank row", ",".join(cells))
        elif not width <= len(cells) <= widest or any(cells[width:]):
            lines = 1 + sum(cell.count("\n") for cell in cells)
            over = f", and it runs over {lines} lines: a quote is not closed" if lines > _LONG else ""
            problem = f"{len(cells)} cells where the header has {width}{over}"
            yield InputError(problem, file=file, row=line, advice="download it again")
        elif cells[0].strip() in ("_id", "Source List") or "source" in cells[1:2]:
            yield SetAside(record, "the header again", ",".join(cells))
        else:
            yield record, cells


def _today_rows(names: Sequence[str], body: Iterable[tuple[str, list[str]] | Aside]) -> Iterator[Row | Aside]:
    places = [names.index(name) for name in _TODAY]
    beyond = [(place, name) for place, name in enumerate(names) if name not in _TODAY]
    straight = places == list(range(len(names)))
    for item in body:
        if isinstance(item, Aside):
            yield item
        elif straight:
            yield Row._make((*item[1][: len(_TODAY)], item[0], ()))
        else:
            record, cells = item
            more = tuple((name, cells[place]) for place, name in beyond if cells[place].strip())
            yield Row._make((*(cells[place] for place in places), record, more))


def _older_rows(body: Iterable[tuple[str, list[str]] | Aside]) -> Iterator[Row | Aside]:
    """Gather the rows of one entry: they differ in address and alias alone."""
    entries: dict[tuple[str, ...], tuple[str, dict[str, None], dict[str, None]]] = {}
    for item in body:
        if isinstance(item, Aside):
            yield item
            continue
        record, cells = item
        row = dict(zip(_OLDER, cells, strict=False))
        key = tuple(row[column] for column in _OLDER_AS_TODAY.values())
        _, addresses, aliases = entries.setdefault(key, (record, {}, {}))
        addresses[_joined(row, "Address", "City", "State/Province", "Postal Code", "Country")] = None
        before = "f.k.a. " if row["Alternate Type"].strip().lower().startswith("f") else ""
        if alias := row["Alternate Name"].strip():
            aliases[before + alias] = None
    for key, (record, addresses, aliases) in entries.items():
        known = dict(zip(_OLDER_AS_TODAY, key, strict=True))
        known |= {"addresses": "; ".join(filter(None, addresses)), "alt_names": "; ".join(aliases)}
        yield Row._make((*(known.get(name, "") for name in _FIELDS), record, ()))


def _joined(parts: dict[str, str], *names: str) -> str:
    return ", ".join(part for name in names if (part := parts[name].strip()))


def _json_rows(text: str, file: str) -> Iterator[Row | SetAside]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise InputError(f"not JSON: {error}", file=file, row=row, advice="download it again") from error
    results = data.get("results") if isinstance(data, dict) else data
    if not isinstance(results, list):
        raise InputError("JSON without a list of results", file=file, advice=_ADVICE)
    if results and not any(isinstance(one, dict) and "source" in one for one in results):
        raise InputError("not a Consolidated Screening List: no result has a source", file=file, advice=_ADVICE)
    for number, result in enumerate(results, 1):
        record = f"{file} result {number}"
        if not isinstance(result, dict) or not any(result.values()):
            yield SetAside(record, "not an entry", json.dumps(result, ensure_ascii=False))
        else:
            yield _json_row(result, record)


def _json_row(result: dict[str, object], record: str) -> Row:
    cells = {key: _as_cell(key, value) for key, value in result.items()}
    cells.setdefault("id", cells.pop("_id", ""))
    more = tuple((key, cell) for key, cell in cells.items() if cell.strip() and key not in _FIELDS)
    return Row._make((*(cells.get(name, "") for name in _FIELDS), record, more))


def _as_cell(key: str, value: object) -> str:
    """Return a JSON value as its cell in the CSV reads."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(cell for part in value if (cell := _as_cell(key, part)))
    if isinstance(value, dict):
        order = ("address", "city", "state", "postal_code", "country")
        if key == "ids":
            order = ("country", "expiration_date", "issue_date", "number", "type")
        return ", ".join(str(value[name]).strip() for name in order if value.get(name))
    return str(value)
