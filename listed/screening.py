"""Screen a spreadsheet: read its names, ask the graph, and write the answer as a spreadsheet again."""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from listed.errors import InputError, WrongEncodingError
from listed.graph.snapshot import Graph
from listed.loaders.csl.countries import country_code
from listed.loaders.inputs import Input, open_inputs
from listed.loaders.metered import Metered, share_read
from listed.loaders.table.rows import Cell, Layout, Table, columns_of, normal, open_table
from listed.loaders.table.synonyms import synonyms
from listed.queries.answer import Answer, cell, plain
from listed.queries.screening import LEAST_SCORE, MOST_MATCHES, Asked, ScreenRow, screen
from listed.whole_files import whole_file

_ALSO_NAMES = ("supplier", "supplier name", "vendor", "vendor name", "customer", "customer name",
               "counterparty", "consignee", "end user", "partner", "institution", "university", "affiliation",
               "legal name")  # fmt: skip
_ALSO_IDENTIFIERS = ("identifier", "identifiers", "registration number", "company number", "tax id", "ogrn", "inn")


def screen_file(
    graph: Graph,
    file: str,
    as_of: date | None = None,
    *,
    name_column: str = "",
    country_column: str = "",
    regime: str = "all",
    regimes_file: str | Path | None = None,
    least_score: float = LEAST_SCORE,
    matches: int = MOST_MATCHES,
    progress: Callable[[int, float | None], None] | None = None,
) -> Answer[ScreenRow]:
    """Screen the names of a file, one a row.

    Parameters
    ----------
    graph, as_of, regime, regimes_file, least_score, matches, progress
        As for :func:`listed.queries.screening.screen`.
    file
        CSV, Excel, JSON or Parquet, or ``-`` for standard input; packed or not.
    name_column, country_column
        Which columns hold the names and the countries; told from the header by default.

    Raises
    ------
    InputError
        If the file cannot be read, a row of it is broken, or no column can be told to hold names.
    QueryError
        As for ``screen``.
    """
    (given,) = (Metered(one) for one in _only(open_inputs([file])))
    asked = asked_in(given, name_column=name_column, country_column=country_column)
    return screen(
        graph,
        asked,
        as_of,
        regime=regime,
        regimes_file=regimes_file,
        least_score=least_score,
        matches=matches,
        progress=(lambda count: progress(count, share_read([given]))) if progress else None,
    )


def asked_in(given: Input, *, name_column: str = "", country_column: str = "") -> Iterator[Asked]:
    """Read the rows of a file, also those without a name; as for :func:`screen_file`."""
    with _without_mapping():
        table = open_table(given, Layout())
        columns = columns_of(table, table.sample(50))
    known = synonyms()
    names = _column(table, columns, name_column, (*known["entity"]["needed"]["name"], *_ALSO_NAMES), "--name")
    if not names:
        raise InputError(
            f"no column is known to hold names: {', '.join(columns)[:200]}",
            file=given.name,
            row=table.header_row or None,
            advice="say which with --name COLUMN",
        )
    countries = _column(table, columns, country_column, known["entity"]["optional"]["countries"], "--country")
    schemes = {column: _scheme(column) for column in columns if _scheme(column) is not None and column != names}
    return _asked(table, names, countries, schemes)


@contextmanager
def _without_mapping() -> Iterator[None]:
    """Tell of a file in another encoding what helps here, where no mapping can name it."""
    try:
        yield
    except WrongEncodingError as error:
        advice = 'save it as UTF-8, in Excel "CSV UTF-8", or as .xlsx'
        raise InputError(error.problem, file=error.file, row=error.row, advice=advice) from None


def _asked(table: Table, names: str, countries: str, schemes: dict[str, str | None]) -> Iterator[Asked]:
    used = tuple(f"{column}: " for column in (names, countries, *schemes) if column)
    with _without_mapping():
        yield from _asked_of(table, names, countries, schemes, used)


def _asked_of(
    table: Table, names: str, countries: str, schemes: dict[str, str | None], used: tuple[str, ...]
) -> Iterator[Asked]:
    for row in table.read():
        if isinstance(row, InputError):
            raise row
        identifiers = [
            f"{scheme}:{value}" if scheme else value
            for column, scheme in schemes.items()
            if (value := _text(row.cells.get(column)))
        ]
        name, said = _text(row.cells.get(names)), _text(row.cells.get(countries)) if countries else ""
        country = country_code(said) or country_code(said.upper())
        flags = [flag for flag in row.flags if flag.startswith(used)]
        yield Asked(row.number, name, country, tuple(identifiers), tuple(flags))


def write(answer: Answer[ScreenRow], path: str | Path) -> None:
    """Write an answer to a file: ``.csv``, ``.xlsx`` or ``.json``, by its ending.

    Raises
    ------
    InputError
        If the ending is another one, or the file cannot be written.
    """
    chosen = writer_of(path)
    try:
        with whole_file(path) as file:
            chosen(answer, file)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=str(path)) from error


def writer_of(path: str | Path) -> Callable[[Answer[Any], BinaryIO], None]:
    """Return what writes an answer to a file of this ending; asked before the screening, it spares a long one in vain.

    Raises
    ------
    InputError
        If the ending is none of the three.
    """
    writers = {".csv": _write_csv, ".json": _write_json, ".xlsx": _write_excel}
    if (ending := Path(path).suffix.lower()) not in writers:
        raise InputError("an answer is written as .csv, .xlsx or .json", file=str(path), advice="choose one of them")
    return writers[ending]


def _write_csv(answer: Answer[Any], file: BinaryIO) -> None:
    # Excel takes a CSV file for one of its own country's encoding unless it begins with a mark.
    file.write(answer.to_csv().encode("utf-8-sig"))


def _write_json(answer: Answer[Any], file: BinaryIO) -> None:
    file.writelines(part.encode() for part in answer.json_parts())


def _write_excel(answer: Answer[Any], file: BinaryIO) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    try:
        _fill(book, answer)
        book.save(file)
    except OSError as error:
        _let_go(book, error)
        raise


def _let_go(book: Any, error: OSError) -> None:
    """Let go of a workbook that could not be written: its parser would complain of that on its own."""
    usual, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        traceback.clear_frames(error.__traceback__)
        for sheet in book.worksheets:
            vars(sheet).clear()
        gc.collect()
    finally:
        sys.unraisablehook = usual


def _fill(book: Any, answer: Answer[Any]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet("screening")
    sheet.freeze_panes = "A2"
    for place, column in enumerate(answer.columns):
        sheet.column_dimensions[get_column_letter(place + 1)].width = _WIDTHS.get(column, 14)
    sheet.append([_cell(sheet, column, Font(bold=True), Alignment()) for column in answer.columns])
    for row in answer.rows:
        said = plain(row)
        sheet.append([_cell(sheet, said[column], None, Alignment(wrap_text=True, vertical="top"))
                      for column in answer.columns])  # fmt: skip
    _add_facts(book.create_sheet("about"), answer)


_ABOUT_WIDTHS = {"A": 28, "B": 70, "C": 40, "D": 14, "E": 14, "F": 14, "G": 60}
_WIDTHS = {"asked": 36, "name": 36, "reason": 36, "listings": 44, "verdicts": 40, "undetermined": 40, "path": 70}


def _cell(sheet: Any, value: Any, font: Any, alignment: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell

    made = WriteOnlyCell(sheet, value if isinstance(value, int | float) else cell(value))
    made.alignment = alignment
    if font is not None:
        made.font = font
    return made


def _add_facts(sheet: Any, answer: Answer[Any]) -> None:
    """Say on a sheet of its own what was asked, of which graph, and what the sources are."""
    for column, width in _ABOUT_WIDTHS.items():
        sheet.column_dimensions[column].width = width
    facts = [("as of", answer.as_of.isoformat()), ("graph", answer.graph), ("snapshot", answer.snapshot)]
    for name, value in [*facts, *answer.bounds.items(), *(("note", note) for note in answer.notes)]:
        sheet.append([name, value if isinstance(value, int | float) else cell(str(value))])
    sheet.append([])
    sheet.append(["source", "title", "publisher", "published", "retrieved", "loaded", "url"])
    for id_, source in answer.sources.items():
        said = (id_, source.title, source.publisher, source.published, source.retrieved, source.loaded, source.url)
        sheet.append([cell(one) for one in said])


def _only(inputs: Sequence[Input]) -> Sequence[Input]:
    if len(inputs) != 1:
        names = ", ".join(one.name for one in inputs)
        raise InputError(f"holds {len(inputs)} files ({names[:200]})", advice="screen one file at a time")
    return inputs


def _column(table: Table, columns: Sequence[str], wanted: str, known: Sequence[str], option: str) -> str:
    """Return the column asked for, or the first whose name is known; empty when there is none."""
    if wanted:
        for column in columns:
            if normal(column) == normal(wanted):
                return column
        raise InputError(f"no column is called {wanted!r} ({option}); there are: {', '.join(columns)}", file=table.file)
    found = {normal(column): column for column in reversed(columns)}
    return next((found[name] for name in known if name in found), "")


def _scheme(column: str) -> str | None:
    """Return the scheme of a column of identifiers; empty when it does not tell, None when it holds none."""
    said = normal(column)
    for scheme, names in synonyms()["identifier"].items():
        if said in names:
            return str(scheme)
    return "" if said in _ALSO_IDENTIFIERS else None


def _text(value: Cell | None) -> str:
    if isinstance(value, list):
        value = "; ".join(value)
    return (value or "").strip()
