"""The first bytes of a file: what kind of file it is, and in which encoding its text is."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from listed.errors import InputError, WrongEncodingError
from listed.loaders.inputs import Input

_HEAD = 4096
_NO_TABLES = {
    b"%PDF-": "a PDF", b"\x89PNG\r\n": "a picture", b"\xff\xd8\xff": "a picture", b"GIF87a": "a picture",
    b"GIF89a": "a picture", b"II*\x00": "a picture", b"MM\x00*": "a picture",
}  # fmt: skip
"""What people hand over for a table, by how it begins."""
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def kind_of(given: Input) -> str:
    """Return ``parquet``, ``excel``, ``old-excel``, ``json`` or ``csv``, told by how the file begins.

    Raises
    ------
    InputError
        If it begins as a picture or a PDF does.
    """
    head = _head(given)
    if what := next((what for beginning, what in _NO_TABLES.items() if head.startswith(beginning)), ""):
        raise InputError(f"is {what}, no table", file=given.name, advice="copy its table into a CSV or Excel file")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "excel"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "old-excel"
    text = head.decode(encoding_of(given), errors="replace").lstrip("\ufeff \t\r\n")
    # A CSV header may begin with a bracket too; JSON goes on with a key, an item or its end.
    return "json" if re.match(r"\{\s*[\"}]|\[\s*[\[{\]]|[\[{]\s*$", text) else "csv"


def encoding_of(given: Input, said: str = "") -> str:
    """Return the encoding to read a file in: the one said, else UTF-16 where the file certainly is, else UTF-8."""
    if said:
        return said
    head = _head(given)
    if head[:2] in _UTF16:
        return _UTF16[head[:2]]
    # Text of the West in UTF-16 has a zero in every second byte; text in any other encoding has none.
    even, odd = head[:200:2].count(0), head[1:200:2].count(0)
    if len(head) >= 8 and max(even, odd) > 0.4 * len(head[:200]) and min(even, odd) == 0:
        return "utf-16-le" if odd else "utf-16-be"
    return "utf-8-sig"


@contextmanager
def open_text(given: Input, said: str = "") -> Iterator[TextIO]:
    """Open a file as text in its encoding.

    Raises
    ------
    InputError
        When a byte is not of that encoding: with its place, and what to do.
    """
    encoding = encoding_of(given, said)
    try:
        with given.open_text(encoding) as text:
            yield text
    except InputError as error:
        if not said and isinstance(error.__cause__, UnicodeDecodeError):
            advice = _advice(error.__cause__)
            raise WrongEncodingError(error.problem, file=error.file, row=error.row, advice=advice) from None
        raise


def not_utf8(given: Input) -> InputError:
    """Return the error of a file that is not in UTF-8, with the place of the first wrong byte."""
    try:
        with open_text(given) as text:
            while text.read(1 << 20):
                pass
    except InputError as error:
        return error
    return InputError("not in UTF-8", file=given.name, advice="save it as UTF-8")


def _advice(error: UnicodeDecodeError) -> str:
    if chinese := _in_chinese(error):
        return f'save it as UTF-8; if it reads "{chinese}", it is {_in_a_mapping("gb18030")}'
    around = error.object[max(0, error.start - 20) : error.end + 20]
    # These five bytes mean nothing in Windows-1252.
    likely = not any(byte in around for byte in b"\x81\x8d\x8f\x90\x9d")
    before = around.decode("cp1252", errors="replace").splitlines() if likely else [""]
    said = next((line for line in before if any(ord(letter) > 127 for letter in line)), before[0])
    guess = f'; if it reads "{said.strip()}", it is {_in_a_mapping("windows-1252")}'
    return "save it as UTF-8" + (guess if likely else "")


def _in_a_mapping(encoding: str) -> str:
    name = {"gb18030": "Chinese (GBK or GB18030)", "windows-1252": "Windows-1252"}[encoding]
    return f'{name}: encoding = "{encoding}" under [file] in a mapping'


def _in_chinese(error: UnicodeDecodeError) -> str:
    """Return the line of the wrong byte as Chinese text, if it is that in GB18030; else nothing."""
    start = error.object.rfind(b"\n", 0, error.start) + 1
    end = error.object.find(b"\n", error.end)
    line = error.object[start:] if end < 0 else error.object[start:end]
    try:
        # A line that is cut off may end within a letter.
        said = codecs.getincrementaldecoder("gb18030")().decode(line[:_LONGEST_LINE])
    except UnicodeDecodeError:
        return ""
    # Two letters of the West, as in "Müller", make a rare character; those of GB 2312 are the common ones.
    foreign = [letter for letter in said if not letter.isascii()]
    common = sum("\u4e00" <= letter <= "\u9fff" and bool(letter.encode("gb2312", "ignore")) for letter in foreign)
    return said.strip()[:_SHOWN] if common >= 2 and common > 0.7 * len(foreign) else ""


_LONGEST_LINE = 400
_SHOWN = 60


def _head(given: Input) -> bytes:
    with given.open_binary() as stream:
        return stream.read(_HEAD)
