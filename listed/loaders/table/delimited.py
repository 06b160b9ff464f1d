"""CSV, row by row: any delimiter, a header that need not be the first line."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice
from typing import TextIO

from listed.errors import InputError
from listed.loaders.inputs import Input
from listed.loaders.table.rows import Layout, Row, Table, checked_header, header_at
from listed.loaders.table.synonyms import known_names
from listed.loaders.table.texts import open_text

_LOOKED_AT = 20
"""Lines among which the header is looked for."""

_WIDEST = 100_000
"""Letters of a line that are looked at to tell the delimiter."""


def delimiter_of(line: str) -> str:
    """Return the delimiter of a header: the one there is most of, outside quotes."""
    bare = re.sub(r'"[^"]*"', "", line[:_WIDEST])
    return max(",;\t|", key=bare.count)


def open_delimited(given: Input, layout: Layout) -> Table:
    """Open a CSV file."""
    with open_text(given, layout.encoding) as text:
        first = [line for line in islice(iter(lambda: text.readline(_WIDEST), ""), _LOOKED_AT) if line.strip()]
    if not first:
        raise InputError("has no rows", file=given.name)
    delimiter = layout.delimiter or delimiter_of(max(first, key=lambda line: delimiter_count(line)))
    with open_text(given, layout.encoding) as text:
        lines = [row for row in islice(_cells(text, delimiter, given.name), _LOOKED_AT) if isinstance(row, list)]
    place = layout.header_row - 1 if layout.header_row else header_at(lines, known_names)
    if place >= len(lines):
        raise InputError(f"has no row {layout.header_row} to be the header", file=given.name)
    columns = checked_header(lines[place], given.name, place + 1)

    def read() -> Iterator[Row | InputError]:
        with open_text(given, layout.encoding) as text:
            for number, cells in enumerate(_cells(text, delimiter, given.name), start=1):
                if number <= place + 1:
                    continue
                if isinstance(cells, InputError):
                    yield cells
                elif len(cells) == len(columns):
                    if any(cells):
                        yield Row(number, dict(zip(columns, cells, strict=True)))
                elif any(cell.strip() for cell in cells):
                    problem = f"{len(cells)} cells, where the header has {len(columns)}"
                    yield InputError(problem, file=given.name, row=number, advice="mend the row")

    return Table(given.name, columns, "row", place + 1, read)


def delimiter_count(line: str) -> int:
    """Return how often a line has its delimiter."""
    return line.count(delimiter_of(line))


def _cells(text: TextIO, delimiter: str, file: str) -> Iterator[list[str] | InputError]:
    reader = csv.reader(text, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield InputError(str(error), file=file, row=number, advice="is a quote left open?")
        else:
            yield [cell.strip() for cell in cells]
