"""The tables ICIJ has published since 2016, their columns brought to today's names.

A table is told by its columns, not by its file's name: nodes of one kind, nodes of any kind with
their kind in a column, or relationships. The interactive picture of the Power Players (2016) has
other columns and numbers of its own, so its ids are kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from listed.errors import InputError
from listed.graph.model import SetAside
from listed.loaders.csv_rows import csv_rows
from listed.loaders.inputs import Input
from listed.loaders.recognise import advice_on

ADVICE = "give the CSV files of the Offshore Leaks database (nodes-*.csv, relationships.csv), or their zip"


class Kind(StrEnum):
    """What a node is, or that the table is of relationships."""

    ENTITY = "entity"
    OFFICER = "officer"
    INTERMEDIARY = "intermediary"
    OTHER = "other"
    ADDRESS = "address"
    MIXED = "mixed"
    RELATIONSHIP = "relationship"


_LABELS = {"entity": Kind.ENTITY, "company": Kind.ENTITY, "officer": Kind.OFFICER, "address": Kind.ADDRESS,
           "intermediary": Kind.INTERMEDIARY, "client": Kind.INTERMEDIARY, "other": Kind.OTHER}  # fmt: skip
_OLDER = {
    "START_ID": "node_id_start", "END_ID": "node_id_end", "TYPE": "rel_type", "node_1": "node_id_start",
    "node_2": "node_id_end", "labels(n)": "label", "label": "_label",
}  # fmt: skip
_PICTURE_NODES = {"id": "node_id", "data.categories.0": "label"}
_PICTURE_EDGES = {"source": "node_id_start", "target": "node_id_end", "data.type": "rel_type",
                  "data.properties.name": "link", "data.properties.date_start": "start_date",
                  "data.properties.date_end": "end_date"}  # fmt: skip
_ENDS = {"node_id_start", "node_id_end", "rel_type"}


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's columns by today's names; an empty name is a column of the picture, not of the data."""

    kind: Kind
    columns: tuple[str, ...]
    prefix: str = "icij-"
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its filled cells by today's column names, and where it stands."""

    kind: Kind
    cells: dict[str, str]
    layout: Layout
    record: str

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def id_of(self, column: str) -> str:
        """Return the entity id made of the number in a column; empty if there is none."""
        return f"{self.layout.prefix}{self[column]}" if self[column] else ""


def layout_of(file: Input) -> Layout:
    """Return the layout of a table, reading its header only.

    Raises
    ------
    InputError
        If it is none of ICIJ's; the advice names the right loader where the header tells.
    """
    # As the rows are read: a header that breaks there must not pass here.
    with file.open_text() as stream:
        first = stream.readline(1 << 20)
        header = next(csv_rows(chain([first], stream), file.name), (1, []))
    if isinstance(header, InputError):
        raise InputError(header.problem, file=file.name, row=1, advice=ADVICE)
    layout = _told([re.sub(r"^n\.", "", name.strip()) for name in header[1]])
    if layout is None:
        raise InputError(
            "not a table of the Offshore Leaks database", file=file.name, row=1, advice=advice_on(first, ADVICE)
        )
    return layout


def _told(names: Sequence[str]) -> Layout | None:
    if "data.type" in names and {"source", "target"} <= set(names):
        columns = tuple(_PICTURE_EDGES.get(name, "") for name in names)
        return Layout(Kind.RELATIONSHIP, columns, "icij-pp-", picture=True)
    if "data.categories.0" in names:
        plain = (_PICTURE_NODES.get(name) or _of_picture(name) for name in names)
        return Layout(Kind.MIXED, tuple(plain), "icij-pp-", picture=True)
    columns = tuple(_OLDER.get(name, name) for name in names)
    if set(columns) >= _ENDS:
        return Layout(Kind.RELATIONSHIP, columns)
    return Layout(_node_kind(columns), columns) if "node_id" in columns else None


def _of_picture(name: str) -> str:
    return name.removeprefix("data.properties.") if name.startswith("data.properties.") else ""


def _node_kind(columns: Sequence[str]) -> Kind:
    if "label" in columns:
        return Kind.MIXED
    if "closed_date" in columns:
        return Kind.OTHER
    if "incorporation_date" in columns:
        return Kind.ENTITY
    if "status" in columns:
        return Kind.INTERMEDIARY
    return Kind.ADDRESS if "address" in columns else Kind.OFFICER


def rows_of(file: Input, layout: Layout) -> Iterator[Row | SetAside | InputError]:
    """Read the rows of a table.

    Yields
    ------
    Row, SetAside or InputError
        A row that is broken is an error that need not be the end.
    """
    with file.open_text() as stream:
        rows = csv_rows(stream, file.name)
        header = next(rows, None)
        for item in rows:
            if isinstance(item, InputError):
                yield item
                continue
            line, cells = item
            record = f"{file.name} line {line}"
            if not any(cells):
                yield SetAside(record, "blank row", "")
            elif isinstance(header, tuple) and cells == header[1]:
                yield SetAside(record, "the header again", ",".join(cells))
            else:
                yield _row(layout, cells, record)


def _row(layout: Layout, cells: Sequence[str], record: str) -> Row | SetAside:
    filled = {name: " ".join(cell.split()) for name, cell in zip(layout.columns, cells, strict=True) if name and cell}
    kind: Kind | None = layout.kind
    if kind is Kind.MIXED:
        label = filled.get("label", "").strip('[]"').lower()
        kind = _LABELS.get(label)
    if kind is None or not (filled.get("node_id") or layout.kind is Kind.RELATIONSHIP):
        return SetAside(record, "a node without a number or a kind", ", ".join(filled.values()))
    return Row(kind, filled, layout, record)
