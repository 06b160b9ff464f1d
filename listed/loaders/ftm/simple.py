"""The simple table of OpenSanctions, ``targets.simple.csv``: one row per target, in two layouts.

A cell of several values joins them with ";" as a row of a table within the table, so that a value
may hold a quoted ";" or a line break. A sanction that says nothing is the cell ``""``: still a
sanction. Identifiers come without their kind.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from listed.errors import InputError
from listed.graph.model import Address, Entity, Identifier, Listing, Name, SetAside, Statement
from listed.graph.vocabulary import NameKind
from listed.loaders.ftm.chunk import Cited
from listed.loaders.ftm.entities import country_of
from listed.loaders.ftm.identifiers import guessed
from listed.loaders.ftm.listings import british
from listed.loaders.ftm.vocabulary import lists_of
from listed.loaders.inputs import Input
from listed.loaders.loader import Item

COLUMNS = ("id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers", "sanctions",
           "phones", "emails", "dataset", "first_seen", "last_seen", "last_change")  # fmt: skip
_VALUE = re.compile(r'(?:"((?:[^"]|"")*)"|([^;]*))(;|\Z)')
_PLURALS = {"birth_date": "birthDate", "phones": "phone", "emails": "email"}


def is_simple(header: str) -> bool:
    """Tell whether a first line is the header of such a table."""
    cells = next(csv.reader(header.splitlines()), [])
    return {"id", "schema", "name", "sanctions", "dataset"} <= {cell.strip() for cell in cells}


def read_simple(file: Input, cited: Cited) -> Iterator[Item]:
    """Read a table.

    Yields
    ------
    Source, Statement, SetAside or InputError
        Per row its entity and its listings; an error for a row with too many or too few cells.
    """
    with file.open_text() as stream:
        rows = csv.reader(stream)
        start = 1
        try:
            header = [cell.strip() for cell in next(rows)]
            if missing := [name for name in COLUMNS[:9] if name not in header]:
                advice = "give targets.simple.csv whole"
                raise InputError(f"no column {missing[0]!r}", file=file.name, row=1, advice=advice)
            start = rows.line_num + 1
            for cells in rows:
                line, start = start, rows.line_num + 1
                if not cells:
                    continue
                if len(cells) != len(header):
                    problem = f"{len(cells)} cells where the header has {len(header)}"
                    yield InputError(problem, file=file.name, row=line, advice="download it again")
                    continue
                yield from _row(file.name, line, dict(zip(header, cells, strict=True)), cited)
        except csv.Error as error:
            raise InputError(
                f"not a CSV file: {error}", file=file.name, row=start, advice="download it again"
            ) from error


def values(cell: str) -> list[str]:
    """Return the values of a cell: ``a;"b; c"`` is a and "b; c"; ``""`` is one that says nothing."""
    if '"' not in cell:
        return cell.split(";") if cell else []
    found, place, more = [], 0, True
    while more and (match := _VALUE.match(cell, place)):
        found.append(match[2] if match[1] is None else match[1].replace('""', '"'))
        place, more = match.end(), bool(match[3])
    return found


def _row(file: str, line: int, row: dict[str, str], cited: Cited) -> Iterator[Item]:
    record = f"{file} line {line}"
    id_ = row["id"].strip()
    if not id_:
        yield SetAside(record, "a row without an id", str(row))
        return
    datasets = _filled(row.get("dataset", "")) or [file]
    sources = tuple(cited.dataset(name) for name in datasets)
    fresh, cited.fresh = cited.fresh, []
    yield from fresh
    flags: list[str] = []
    yield Statement(_entity(id_, row, flags), sources, record, tuple(flags))
    for item in _listings(id_, row, datasets, record):
        if isinstance(item, SetAside):
            yield item
            continue
        # The table has no column of measures, but may name one among the words of a sanction.
        (list_,), doubts = british([item.list], [text for text in values(row["sanctions"]) if "freeze" in text.lower()])
        yield Statement(replace(item, list=list_), sources, record, tuple(doubts))


def _filled(cell: str) -> list[str]:
    return list(dict.fromkeys(value.strip() for value in values(cell) if value.strip()))


def _entity(id_: str, row: dict[str, str], flags: list[str]) -> Entity:
    countries = _countries(row["countries"], flags)
    names = [Name(row["name"].strip())] if row["name"].strip() else []
    names += [Name(alias, NameKind.ALIAS) for alias in _filled(row["aliases"]) if alias != row["name"].strip()]
    numbers: Sequence[Identifier] = [guessed(value, row["schema"], countries) for value in _filled(row["identifiers"])]
    told = [(name, value) for column, name in _PLURALS.items() for value in _filled(row.get(column, ""))]
    told += [(name, row[name]) for name in row if name not in COLUMNS and name != "program_ids" and row[name]]
    return Entity(
        id_,
        tuple(names),
        row["schema"].strip() or "LegalEntity",
        tuple(countries),
        (),
        tuple(numbers),
        tuple(Address(text) for text in _filled(row["addresses"])),
        tuple(told),
    )


def _countries(cell: str, flags: list[str]) -> list[str]:
    found: dict[str, None] = {}
    for value in _filled(cell):
        if code := country_of(value):
            found[code] = None
        else:
            flags.append(f"country: {value}: no ISO code")
    return list(found)


def _listings(id_: str, row: dict[str, str], datasets: list[str], record: str) -> Iterator[Listing | SetAside]:
    """Yield the listings of a row.

    Which of several datasets states a sanction the table does not say: then a programme that is a
    list for certain tells it, else the programme itself is the list.
    """
    sanctions, programs = values(row["sanctions"]), _filled(row.get("program_ids", ""))
    if not sanctions and not programs:
        return
    lists = lists_of(datasets, programs, [])
    if len(datasets) > 1:
        lists = list(dict.fromkeys(one for program in programs for one in lists_of([program], [program], [])))
        if not lists:
            yield SetAside(record, "a sanction of one of several datasets, not told which", f"{id_} {datasets}")
    remarks = " | ".join(dict.fromkeys(text.strip() for text in sanctions if text.strip()))
    for one in lists:
        yield Listing(id_, one, programs=tuple(programs), remarks=remarks)
