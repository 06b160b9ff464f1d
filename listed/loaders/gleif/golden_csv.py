"""The CSV of the golden copy: a column per path, such as ``Entity.OtherEntityNames.OtherEntityName.1.type``."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from typing import TextIO
from xml.etree.ElementTree import Element

from listed.errors import InputError
from listed.graph.model import SetAside
from listed.loaders.csv_rows import csv_rows
from listed.loaders.gleif.records import Branch, Kind, Record

ADVICE = "give the LEI, RR or REPEX file of GLEIF's golden copy, or answers of its API"

_MARKS = {
    "Entity.LegalName": Kind.ENTITY,
    "Relationship.StartNode.NodeID": Kind.RELATIONSHIP,
    "Exception.Category": Kind.EXCEPTION,
}
_PARTS = {
    "Period": "RelationshipPeriods/RelationshipPeriod",
    "Qualifiers": "RelationshipQualifiers/RelationshipQualifier",
    "Quantifiers": "RelationshipQuantifiers/RelationshipQuantifier",
    "startDate": "StartDate", "endDate": "EndDate", "periodType": "PeriodType",
    "type": "@type", "xmllang": "@lang",
}  # fmt: skip
"""Where the column names leave the element names."""

_EXCEPTION = re.compile(r"Exception\.(Category|Reason|Reference)((?:\.\d+)?)")

Path = tuple[str, ...]


def kind_of_header(names: Sequence[str]) -> Kind | None:
    """Return the kind of record whose columns these are."""
    return next((kind for mark, kind in _MARKS.items() if mark in names), None)


def path_of(column: str) -> Path:
    """Return the path of elements a column stands for; a number becomes part of the tag before it.

    >>> path_of("Relationship.Period.1.startDate")
    ('Relationship', 'RelationshipPeriods', 'RelationshipPeriod 1', 'StartDate')
    """
    column = _EXCEPTION.sub(r"Exception\1\2", column)
    path: list[str] = []
    for part in column.split("."):
        if part.isdigit() and path:
            path[-1] += f" {part}"
        else:
            path += _PARTS.get(part, part).split("/")
    return tuple(path)


def csv_header(stream: TextIO, file: str) -> list[str]:
    """Return the names in the first row."""
    try:
        return [name.strip() for name in next(csv.reader(stream), [])]
    except csv.Error as error:
        raise InputError(f"not a CSV file: {error}", file=file, row=1, advice=ADVICE) from None


def csv_records(stream: TextIO, file: str) -> Iterator[Record | SetAside | InputError]:
    """Read the rows of a file whose header is known to be GLEIF's.

    Yields
    ------
    Record, SetAside or InputError
        A row that is broken is an error that need not be the end; a blank row, or the header again, is set aside.
    """
    rows = csv_rows(stream, file)
    first = next(rows)
    names = [] if isinstance(first, InputError) else [name.strip() for name in first[1]]
    kind = kind_of_header(names)
    if kind is None:
        raise InputError("not the header of a GLEIF file", file=file, row=1, advice=ADVICE)
    paths = [path_of(name) for name in names]
    for item in rows:
        yield item if isinstance(item, InputError) else _record(kind, names, paths, item[1], f"{file} line {item[0]}")


def _record(
    kind: Kind, names: Sequence[str], paths: Sequence[Path], cells: Sequence[str], place: str
) -> Record | SetAside:
    if not any(cell.strip() for cell in cells):
        return SetAside(place, "blank row", ",".join(cells))
    if cells[0].strip() == names[0]:
        return SetAside(place, "the header again", ",".join(cells))
    branch = Branch(Element(kind.value))
    for path, cell in zip(paths, cells, strict=True):
        if cell:
            branch.set(path, cell)
    return Record(kind, branch.element, place)
