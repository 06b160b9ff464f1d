"""The rows of a CSV file with the lines they begin on, also past a row that is broken."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from listed.errors import InputError
from listed.loaders.inputs import Input
from listed.loaders.kinds import wrong_kind

FIELD_LIMIT = 1 << 24
"""No cell is this long; a longer one is a quote that was never closed."""

_LONG = 8
"""Lines of a broken row from which on it is rather a quote that was never closed."""

_ADVICE = "a quote may be out of place there; mend it, or download the file again"


def whole_rows(
    file: Input, meant: str, advice: str, *, encoding: str = "utf-8-sig", delimiter: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a file with the lines they begin on, without empty ones; nothing is read past a broken one.

    Parameters
    ----------
    meant, advice
        What the file should be ("a sanctions list of the UK"), and what to give instead.

    Raises
    ------
    InputError
        If the first row is no CSV, which is then another kind of file, or a later one is not.
    """
    line = 1
    with file.open_text(encoding) as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                if cells:
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            if line == 1:
                raise wrong_kind(file, meant, advice) from None
            raise InputError(f"not a CSV file: {error}", file=file.name, row=line, advice=advice) from None


def csv_rows(stream: Iterable[str], file: str) -> Iterator[tuple[int, list[str]] | InputError]:
    """Yield the rows of a file.

    Parameters
    ----------
    stream, file
        The lines, and the file's name for messages.

    Yields
    ------
    (line, cells) or InputError
        A row of another length than the first is an error, as is one whose quotes do not fit; the
        next row is read on. A line without anything is a row without cells.
    """
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
    reader = csv.reader(stream, strict=True)
    line, width = 1, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            over = reader.line_num - line + 1
            runs = f", over {over:,} lines: a quote is not closed" if over > _LONG else ""
            yield InputError(f"not CSV: {error}{runs}", file=file, row=line, advice=_ADVICE)
        else:
            width = width or len(cells)
            if cells and len(cells) != width:
                yield InputError(
                    f"{len(cells)} cells where the header has {width}", file=file, row=line, advice=_ADVICE
                )
            else:
                yield line, cells
        line = reader.line_num + 1
