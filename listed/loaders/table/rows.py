"""A file of any form as a table: rows of cells by column, each cell the text a reader sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from listed.errors import InputError
from listed.loaders.inputs import Input
from listed.loaders.table.texts import kind_of

Cell = str | list[str]
"""The text of a cell; where JSON has a list, its texts."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place in the file, its cells by column, and what of them could not be read."""

    number: int
    cells: dict[str, Cell]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How the table stands in its file; whatever is not said is found out.

    Parameters
    ----------
    path
        Of JSON: the keys, joined by dots, that lead to the list of rows.
    sheet
        Of Excel: the name of the sheet.
    delimiter, encoding
        Of CSV.
    header_row
        Of CSV and Excel: the row of the column names, counted from 1; 0 to look for it.
    fill_down
        Columns in which an empty cell says what the cell above says.
    """

    path: str = ""
    sheet: str = ""
    delimiter: str = ""
    encoding: str = ""
    header_row: int = 0
    fill_down: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table open for reading.

    Parameters
    ----------
    file
        Its name, for messages.
    columns
        The names in its header; ``None`` where each row brings its own (JSON).
    unit
        What a row is called where the file is looked at: "row", "item", "line".
    header_row
        Where the header is, in the terms of ``unit``; 0 if it has none.
    read
        Yields the rows, and an error for each row that cannot be read when the next one can.
    """

    file: str
    columns: tuple[str, ...] | None
    unit: str
    header_row: int
    read: Callable[[], Iterator[Row | InputError]] = field(repr=False)

    def record(self, number: int) -> str:
        """Return where a row is: "stakes.xlsx row 3"."""
        return f"{self.file} {self.unit} {number}"

    def sample(self, count: int) -> list[Row]:
        """Return the first rows that can be read."""
        return list(islice((row for row in self.read() if isinstance(row, Row)), count))


def open_table(given: Input, layout: Layout) -> Table:
    """Open a file as a table, whatever its form.

    Raises
    ------
    InputError
        If it is none, or not where the layout says.
    """
    # One form is imported when a file has it: an Excel reader is slow to import.
    match kind_of(given):
        case "json":
            from listed.loaders.table.json_rows import open_json as opened
        case "excel":
            from listed.loaders.table.excel import open_excel as opened
        case "old-excel":
            from listed.loaders.table.excel import refuse_old as opened
        case "parquet":
            from listed.loaders.table.parquet import open_parquet as opened
        case _:
            from listed.loaders.table.delimited import open_delimited as opened
    table = opened(given, layout)
    return _filled(table, layout.fill_down) if layout.fill_down else table


def in_words(cells: Mapping[str, Cell | None]) -> str:
    """Return the filled cells of a row for reading: "owner: Acme; share: 10%"."""
    shown = ((name, ", ".join(cell) if isinstance(cell, list) else cell) for name, cell in cells.items() if cell)
    return "; ".join(f"{name}: {cell}" for name, cell in shown)


def normal(name: str) -> str:
    """Return a column's name as names are compared: ``Stake (%)`` is ``stake %``."""
    words = re.sub(r"[^\w%]+|_", " ", name.replace("%", " % ").casefold())
    return " ".join(words.split())


def header_at(lines: Sequence[Sequence[str]], known: Callable[[Sequence[str]], int]) -> int:
    """Return the place of the header among the first lines: the first unless a later one is known better.

    Parameters
    ----------
    lines
        The cells of the first lines.
    known
        How many cells of a line are names of columns we know.
    """
    filled = [place for place, line in enumerate(lines) if sum(bool(cell.strip()) for cell in line) > 1]
    if not filled:
        return 0
    best = max(filled, key=lambda place: (known(lines[place]), -place))
    return best if known(lines[best]) >= 2 else filled[0]


def checked_header(cells: Sequence[str], file: str, row: int) -> tuple[str, ...]:
    """Return the names of the columns; one without a name is called by its place, as "column 3".

    Raises
    ------
    InputError
        If two have one name.
    """
    names = [" ".join(cell.replace("\ufeff", "").split()) or f"column {place}" for place, cell in enumerate(cells, 1)]
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"two columns are called {name}", file=file, row=row, advice="rename one")
        seen.add(name)
    return tuple(names)


def _filled(table: Table, columns: Sequence[str]) -> Table:
    def read() -> Iterator[Row | InputError]:
        above: dict[str, Cell] = {}
        for row in table.read():
            if isinstance(row, Row):
                for column in columns:
                    if row.cells.get(column):
                        above[column] = row.cells[column]
                    elif column in above:
                        row.cells[column] = above[column]
            yield row

    return Table(table.file, table.columns, table.unit, table.header_row, read)


def columns_of(table: Table, sample: Sequence[Row]) -> list[str]:
    """Return the columns of a table, or those that its first rows have."""
    if table.columns is not None:
        return list(table.columns)
    return list(dict.fromkeys(chain.from_iterable(row.cells for row in sample)))
