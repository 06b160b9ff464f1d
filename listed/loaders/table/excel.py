"""Excel, row by row: cells as the reporter sees them, read without the whole sheet in memory."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, NoReturn

from listed.errors import InputError
from listed.loaders.inputs import UNPACK_LIMIT, UNPACK_RATIO, Input
from listed.loaders.metered import reached
from listed.loaders.table.rows import Layout, Row, Table, checked_header, header_at
from listed.loaders.table.synonyms import known_names

_LOOKED_AT = 20
_AGAIN = "open it in Excel and save it again as .xlsx"
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_NO_VALUE = "a formula without its value: open the file in Excel and save it"
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>\s*|<(?:\w+:)?v>\s*</(?:\w+:)?v>\s*)?</(?:\w+:)?c>"
)
"""A cell with a formula and no value, as a sheet's XML has it."""
_PLACE = re.compile(rb"\br=\"([A-Z]{1,3})(\d{1,7})\"")
_TEXT_TYPE = re.compile(rb"\bt=\"str\"")
_LONGEST_CELL = 1 << 16
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')


def open_excel(given: Input, layout: Layout) -> Table:
    """Open a sheet: the one named, else the only one with data."""
    _check_archive(given)
    sheet = layout.sheet or _only_sheet(given)
    with _sheet(given, sheet) as opened:
        lines = [[_shown(cell)[0] for cell in cells] for cells in islice(opened.iter_rows(), _LOOKED_AT)]
    place = layout.header_row - 1 if layout.header_row else header_at(lines, known_names)
    if place >= len(lines) or not any(lines[place]):
        raise InputError(f"the sheet {sheet} has no header in row {place + 1}", file=given.name)
    width = max(at for at, cell in enumerate(lines[place], start=1) if cell)
    columns = checked_header(lines[place][:width], given.name, place + 1)

    def read() -> Iterator[Row | InputError]:
        with _sheet(given, sheet) as opened:
            reached(given, None)  # how many rows a sheet has is only known at its end
            valueless = _formulas_without_value(given, opened)
            for number, cells in enumerate(opened.iter_rows(min_row=place + 2), start=place + 2):
                shown = [_shown(cell) for cell in cells]
                if number in valueless:
                    _tell_valueless(shown, valueless[number])
                if not any(text or flag for text, flag in shown):
                    continue
                if any(text for text, _ in shown[width:]):
                    yield InputError("a cell beyond the last column of the header", file=given.name, row=number)
                    continue
                shown += [("", "")] * (width - len(shown))
                named = list(zip(columns, shown, strict=False))
                flags = tuple(f"{name}: {flag}" for name, (_, flag) in named if flag)
                yield Row(number, {name: text for name, (text, _) in named}, flags)

    return Table(given.name, columns, "row", place + 1, read)


def refuse_old(given: Input, layout: Layout) -> NoReturn:
    """Refuse what Excel keeps in its older container: a workbook with a password, or of before 2007."""
    with given.open_binary() as stream:
        locked = "EncryptedPackage".encode("utf-16-le") in stream.read()
    if locked:
        raise InputError("is protected by a password", file=given.name, advice="save it in Excel without one")
    raise InputError("is an Excel file of before 2007 (.xls)", file=given.name, advice=_AGAIN)


def _check_archive(given: Input) -> None:
    """Refuse what is no workbook, or unpacks to more than the machine should be given."""
    with given.open_binary() as stream:
        try:
            infos = zipfile.ZipFile(io.BytesIO(stream.read()) if given.path is None else given.path).infolist()
        except zipfile.BadZipFile:
            raise InputError("is damaged", file=given.name, advice=_AGAIN) from None
    names = {info.filename for info in infos}
    if "xl/workbook.xml" not in names:
        kind = "OpenDocument" if "content.xml" in names else "another kind of document"
        raise InputError(f"is no Excel workbook (.xlsx) but {kind}", file=given.name, advice="save it as .xlsx or CSV")
    unpacked, packed = sum(info.file_size for info in infos), sum(info.compress_size for info in infos)
    if unpacked > UNPACK_LIMIT and unpacked > UNPACK_RATIO * packed:
        raise InputError(f"unpacks to {unpacked:,} bytes", file=given.name, advice="save it as CSV")


@contextmanager
def _workbook(given: Input) -> Iterator[Any]:
    import openpyxl

    # It warns of what it leaves out (colours, checks of what is typed), none of which is data.
    warnings.filterwarnings("ignore", module=r"openpyxl\b")
    book = None
    try:
        with given.open_binary() as stream:
            content = io.BytesIO(stream.read()) if given.path is None else given.path
            book = openpyxl.load_workbook(content, read_only=True, data_only=True, keep_links=False)
        yield book
    except InputError:
        raise
    # A damaged part raises whatever its parser meets: KeyError, ParseError, BadZipFile, ValueError...
    except Exception as error:
        why = " ".join(str(error).split())[:200]
        raise InputError(f"is damaged: {why}", file=given.name, advice=_AGAIN) from error
    finally:
        if book is not None:
            book.close()


@contextmanager
def _sheet(given: Input, name: str) -> Iterator[Any]:
    with _workbook(given) as book:
        if name not in book.sheetnames:
            there = ", ".join(book.sheetnames)
            raise InputError(f"has no sheet {name!r}", file=given.name, advice=f"there are: {there}")
        sheet = book[name]
        if not hasattr(sheet, "iter_rows"):
            raise InputError(f"the sheet {name!r} is a chart", file=given.name)
        sheet.reset_dimensions()  # some programs write the extent of a sheet wrong
        yield sheet


def _only_sheet(given: Input) -> str:
    with _workbook(given) as book:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        full = [sheet.title for sheet in sheets if _has_data(sheet)]
        # Rows of nothing but formulas without values are rows: they are read, and told.
        full = full or [sheet.title for sheet in sheets if _formulas_without_value(given, sheet)]
    if len(full) == 1:
        return str(full[0])
    if not full:
        raise InputError("has no sheet with data", file=given.name)
    names = ", ".join(full)
    raise InputError(f"has {len(full)} sheets with data: {names}", file=given.name,
                     advice=f'say which in a mapping: sheet = "{full[0]}" under [file]')  # fmt: skip


def _has_data(sheet: Any) -> bool:
    sheet.reset_dimensions()
    return sum(any(cell.value is not None for cell in cells) for cells in islice(sheet.iter_rows(), 200)) > 1


def _shown(cell: Any) -> tuple[str, str]:
    """Return the text a reader sees in a cell, and why it is none if that needs saying."""
    value = cell.value
    if value is None:
        return "", ""
    if isinstance(value, str):
        text = value.strip()
        return ("", f"{text} in the sheet") if text in _ERRORS else (text, "")
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, datetime | date | time):
        return shown_date(value, str(cell.number_format)), ""
    if isinstance(value, int | float | Decimal):
        return shown_number(value, str(cell.number_format)), ""
    return str(value), ""


def _formulas_without_value(given: Input, sheet: Any) -> dict[int, list[int]]:
    """Return where a sheet has formulas whose value was never saved: the places of their columns, by row.

    The reader of the sheet gives such a cell for an empty one.
    """
    found: dict[int, list[int]] = {}
    with given.open_binary() as stream:
        file = io.BytesIO(stream.read()) if given.path is None else given.path
        try:
            with zipfile.ZipFile(file) as archive, archive.open(sheet._worksheet_path) as part:
                rest = b""
                while chunk := part.read(1 << 20):
                    text = rest + chunk
                    for cell in _FORMULA.finditer(text):
                        # A formula whose value is an empty text has one.
                        if (place := _PLACE.search(cell[1])) and not _TEXT_TYPE.search(cell[1]):
                            found.setdefault(int(place[2]), []).append(_column_number(place[1]))
                    end = max(text.rfind(b"</c>"), text.rfind(b":c>"))
                    rest = text[max(end, 0) :][-_LONGEST_CELL:]
        except Exception:  # damaged: whoever reads the sheet itself says where
            return {}
    return found


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _tell_valueless(shown: list[tuple[str, str]], columns: list[int]) -> None:
    for column in columns:
        shown += [("", "")] * (column - len(shown))
        if not any(shown[column - 1]):
            shown[column - 1] = ("", _NO_VALUE)


def shown_number(value: float | Decimal, number_format: str) -> str:
    """Return a number as its format has a reader see it, but not rounded.

    Parameters
    ----------
    value
        As stored: 0.51.
    number_format
        Excel's: with "0%" the number is 51%; with "000" the number 7 is 007.
    """
    # Excel itself shows no more than 15 digits: 0.07590000000000001 is 0.0759.
    exact = Decimal(format(value, ".15g"))
    bare = _QUOTED.sub("", number_format)
    if "%" in bare:
        return f"{_plain(exact * 100)}%"
    if re.fullmatch(r"0{2,}", bare) and exact == exact.to_integral_value() and exact >= 0:
        return _plain(exact).zfill(len(bare))
    return _plain(exact)


def shown_date(value: date | time, number_format: str) -> str:
    """Return a date at the precision a reader sees: "yyyy" is a year, "mmm yyyy" a month."""
    if isinstance(value, time):
        return value.isoformat()
    bare = _QUOTED.sub("", number_format).lower()
    if "y" in bare and "d" not in bare:
        return value.strftime("%Y-%m" if "m" in bare else "%Y")
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(sep=" ", timespec="seconds")
    return value.strftime("%Y-%m-%d")


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
