"""JSON read as a stream of records, for any loader of JSON: lines, one array, or objects one after the other.

Memory holds one record and one chunk at a time, however long the file. Which of the three layouts
a file has is told from its beginning, not from its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from listed.errors import InputError
from listed.loaders.recognise import advice_on

if TYPE_CHECKING:
    from listed.loaders.inputs import Input

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What decoding a record may raise: no JSON, no UTF-8, or brackets nested without end."""

RECORD_LIMIT = 64 * 1024**2
"""No record of any register is this long; a longer one would be read whole into memory."""

_CHUNK = 1 << 20
_HEAD = 1 << 16
_AGAIN = "download it again"
_BOM = b"\xef\xbb\xbf"
_ESCAPE = re.compile(rb"\\[\s\S]")
_BETWEEN = re.compile(rb"[\s,\[\]]*")
_QUOTE, _OPEN, _CLOSE = ord('"'), ord("{"), ord("}")


class RawRecord(NamedTuple):
    """One object of a file, not yet decoded, and the line it begins on."""

    line: int
    text: bytes


def raw_records(file: Input) -> Iterator[RawRecord]:
    """Yield the objects of a file, in order, each as the bytes that were written.

    A line that is no JSON is yielded as it is, so that whoever decodes it can tell its number.

    Parameters
    ----------
    file
        JSON lines, one array of objects, or objects one after the other; packed or not.

    Raises
    ------
    InputError
        If the file is no JSON, is cut short, or one record is longer than :data:`RECORD_LIMIT`.
    """
    with file.open_binary() as stream:
        head = stream.read(_HEAD)
    _check_head(head, file.name)
    with file.open_binary() as stream:
        if _is_lines(head):
            yield from _lines(stream, file.name)
        else:
            yield from _objects(stream, file.name)


def explain(error: Exception, file: str, line: int) -> InputError:
    """Return the failure to decode a record as a user would say it."""
    if isinstance(error, UnicodeDecodeError):
        wrong = error.object[error.start : error.start + 1].hex()
        return InputError(f"byte 0x{wrong} is not UTF-8", file=file, row=line, advice="save it as UTF-8")
    said = str(error).removeprefix("JSON is malformed: ")
    return InputError(f"is not JSON: {said}", file=file, row=line, advice="mend the line or download the file again")


_KINDS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("bods", "beneficial ownership statements (BODS)", frozenset({"statementId"})),
    ("bods", "beneficial ownership statements (BODS)", frozenset({"statementID"})),
    ("psc", "UK people with significant control", frozenset({"company_number", "data"})),
    ("psc", "UK people with significant control", frozenset({"resource_uri", "data"})),
    ("ftm", "FollowTheMoney entities", frozenset({"id", "schema", "properties"})),
    ("ftm", "FollowTheMoney entities", frozenset({"op", "entity"})),
    ("csl", "the US Consolidated Screening List", frozenset({"results", "sources"})),
    ("csl", "the US Consolidated Screening List", frozenset({"source_list_url"})),
    ("gleif", "GLEIF records", frozenset({"LEI"})),
    ("gleif", "GLEIF records", frozenset({"relations"})),
    ("gleif", "GLEIF records", frozenset({"data", "meta"})),
)


def another_kind(first: RawRecord, wanted: str, meant: str, file: str) -> InputError:
    """Return the error for a file whose first record is of another kind, naming the loader that reads it.

    Parameters
    ----------
    first
        The first record of the file.
    wanted, meant
        Name of the loader that was asked, and what it reads.
    """
    try:
        record = msgspec.json.decode(first.text)
    except UNREADABLE as error:
        return explain(error, file, first.line)
    fields = record.keys() if isinstance(record, dict) else set()
    for name, title, keys in _KINDS:
        if name != wanted and keys <= fields:
            return InputError(f"these are {title}, not {meant}", file=file, advice=f"listed load {name} FILE")
    said = ", ".join(sorted(fields)[:6]) or "none"
    return InputError(f"these are not {meant}: the first record has the fields {said}", file=file, row=first.line)


def _check_head(head: bytes, name: str) -> None:
    text = head.removeprefix(_BOM).lstrip()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("is in UTF-16", file=name, row=1, advice="save it as UTF-8")
    if text[:1] in (b"{", b"["):
        return
    what = "is XML, not JSON" if text[:1] == b"<" else "is not JSON"
    advice = advice_on(text.decode("utf-8", "replace"), "is it the right file?")
    raise InputError(what, file=name, row=1, advice=advice)


def _is_lines(head: bytes) -> bool:
    """Tell whether a whole object stands on the first line, or it is too long to tell."""
    text = head.removeprefix(_BOM).lstrip()
    first, newline, _ = text.partition(b"\n")
    if first[:1] != b"{":
        return False
    if not newline and len(head) == _HEAD:
        return True
    try:
        msgspec.json.decode(first, type=msgspec.Raw)
    except UNREADABLE:
        return False
    return True


def _lines(stream: BinaryIO, name: str) -> Iterator[RawRecord]:
    line = 0
    while text := stream.readline(RECORD_LIMIT):
        line += 1
        if len(text) == RECORD_LIMIT and text[-1:] != b"\n":
            raise _too_long(name, line)
        if line == 1:
            text = text.removeprefix(_BOM)
        if text := text.strip():
            yield RawRecord(line, text)


def _objects(stream: BinaryIO, name: str) -> Iterator[RawRecord]:
    """Yield the objects of an array, or of a file of objects, wherever their lines break.

    An object ends where as many braces closed as opened; braces and quotes inside strings do not count.
    """
    rest, line, first, last = b"", 1, b"", b""
    while chunk := stream.read(_CHUNK):
        text = rest + chunk if rest or first else chunk.removeprefix(_BOM)
        first = first or text.lstrip()[:1]
        done = counted = 0
        for start, end in _spans(text):
            _check_between(text, done, start, name, line)
            line += text.count(b"\n", counted, start)
            counted, done = start, end
            yield RawRecord(line, text[start:end])
        _check_between(text, done, len(text), name, line)
        line += text.count(b"\n", counted, done)
        rest = text[done:]
        last = text.rstrip()[-1:] or last
        if len(rest) > RECORD_LIMIT:
            raise _too_long(name, line)
    if b"{" in rest or last != (b"]" if first == b"[" else b"}"):
        raise InputError("is cut short: the last record or the array has no end", file=name, row=line, advice=_AGAIN)


def _check_between(text: bytes, start: int, end: int, name: str, line: int) -> None:
    """Raise InputError if anything but commas and brackets stands before the next object."""
    stop = _BETWEEN.match(text, start, end).end()  # type: ignore[union-attr]  # matches the empty text too
    if stop < end and text[stop] != _OPEN:
        said = text[stop : stop + 60].decode("utf-8", "replace")
        raise InputError(f"is not JSON: {said!r} stands between two records", file=name, row=line, advice=_AGAIN)


def _spans(text: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and end of each whole object that begins and ends in a text."""
    masked = _ESCAPE.sub(b"__", text) if b"\\" in text else text
    letters: npt.NDArray[np.uint8] = np.frombuffer(masked, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    opens, closes = np.flatnonzero(letters == _OPEN), np.flatnonzero(letters == _CLOSE)
    opens = opens[np.searchsorted(quotes, opens) & 1 == 0]
    closes = closes[np.searchsorted(quotes, closes) & 1 == 0]
    places = np.concatenate([opens, closes])
    order = np.argsort(places, kind="stable")
    steps = np.concatenate([np.ones(len(opens), np.int32), np.full(len(closes), -1, np.int32)])[order]
    depth, places = np.cumsum(steps), places[order]
    if len(depth) and depth.min() < 0:  # a brace closes what none opened: nothing after it can be told apart
        whole = int(np.argmax(depth < 0))
        depth, places, steps = depth[:whole], places[:whole], steps[:whole]
    ends = places[(steps < 0) & (depth == 0)] + 1
    starts = places[(steps > 0) & (depth == 1)]
    yield from zip(starts[: len(ends)].tolist(), ends.tolist(), strict=True)


def _too_long(name: str, line: int) -> InputError:
    problem = f"a record of over {RECORD_LIMIT:,} bytes"
    return InputError(problem, file=name, row=line, advice="is a quote or a brace missing, or is it another kind?")
