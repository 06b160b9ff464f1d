"""JSON: a list of objects, a list inside an object, or one object per line; read as it comes.

Only one row is held at a time, however large the file.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any, TextIO

from listed.errors import InputError
from listed.loaders.inputs import Input
from listed.loaders.table.rows import Cell, Layout, Row, Table
from listed.loaders.table.texts import open_text

_CHUNK = 1 << 16
_NEAR_END = 16
"""An error so near to the end of what was read may only mean that more is to come."""

# A number is kept as it is written: 0.10 stays 0.10.
_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)


def open_json(given: Input, layout: Layout) -> Table:
    """Open a JSON file."""
    if not layout.path and _is_lines(given, layout):
        return Table(given.name, None, "line", 0, lambda: _lines(given, layout))
    path = layout.path.split(".") if layout.path else _only_list(given, layout)
    with open_text(given, layout.encoding) as text:  # that the path leads somewhere is told before anything is read
        _walk(_Scanner(text, given.name), path)
    return Table(given.name, None, "item", 0, lambda: _items(given, layout, path))


def flat(value: dict[str, Any], before: str = "") -> dict[str, Cell]:
    """Return the cells of an object: those of an object inside it by "outer.inner"; of a list, its texts."""
    cells: dict[str, Cell] = {}
    for key, inner in value.items():
        name = f"{before}{key}"
        if isinstance(inner, dict):
            cells |= flat(inner, f"{name}.")
        elif isinstance(inner, list) and any(isinstance(one, dict) for one in inner):
            for one in inner:
                for part, cell in flat(one if isinstance(one, dict) else {"": one}, f"{name}.").items():
                    held = cells.setdefault(part.rstrip("."), [])
                    if isinstance(held, list):
                        held.extend([cell] if isinstance(cell, str) else cell)
        elif isinstance(inner, list):
            cells[name] = [_text(one) for one in inner if one is not None]
        else:
            cells[name] = _text(inner)
    return cells


def _text(value: object) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    # Half a character, as "\ud83d" alone, cannot be written anywhere.
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class _Scanner:
    """Reads one JSON value after the other from a text that need not fit into memory."""

    def __init__(self, text: TextIO, file: str) -> None:
        self.file = file
        self._text, self._buffer, self._at, self._lines, self._ended = text, "", 0, 1, False

    def peek(self) -> str:
        """Return the next character that is not a space, empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in " \t\r\n\ufeff":
                self._at += 1
            if self._at < len(self._buffer) or not self._more():
                return self._buffer[self._at : self._at + 1]

    def take(self, wanted: str) -> None:
        """Pass over one character."""
        if (found := self.peek()) != wanted:
            raise self._wrong(f"{wanted!r} expected, not {found!r}" if found else f"cut short before a {wanted!r}")
        self._at += 1

    def value(self) -> Any:
        """Return the next value, whole."""
        self.peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                open_end = error.msg.startswith("Unterminated") or error.pos >= len(self._buffer) - _NEAR_END
                if not (open_end and self._more()):
                    self._at = min(error.pos, len(self._buffer))
                    raise self._wrong(error.msg if not open_end else "cut short, or " + error.msg) from None
            except RecursionError:
                raise self._wrong("nested too deep") from None
            else:
                # A number at the end of what was read may go on.
                if end < len(self._buffer) or not self._more():
                    self._at = end
                    return value

    def skip(self) -> None:
        """Pass over the next value, holding no more than one item of it."""
        if self.peek() == "[":
            for _ in self.items():
                self.value()
        else:
            self.value()

    def entries(self) -> Iterator[str]:
        """Yield the keys of an object; the caller takes or skips the value of each."""
        self.take("{")
        while self.peek() != "}":
            key = self.value()
            if not isinstance(key, str):
                raise self._wrong("a key expected")
            self.take(":")
            yield key
            if self.peek() != "}":
                self.take(",")
        self.take("}")

    def items(self) -> Iterator[int]:
        """Yield the number of each item of a list, from 1; the caller takes or skips it."""
        self.take("[")
        number = 0
        while self.peek() != "]":
            number += 1
            yield number
            if self.peek() != "]":
                self.take(",")
        self.take("]")

    def _more(self) -> bool:
        """Read on, as much again as is held; false at the end of the file."""
        self._lines += self._buffer.count("\n", 0, self._at)
        self._buffer = self._buffer[self._at :]
        self._at = 0
        chunk = "" if self._ended else self._text.read(max(_CHUNK, len(self._buffer)))
        self._ended = not chunk
        self._buffer += chunk
        return bool(chunk)

    def _wrong(self, problem: str) -> InputError:
        row = self._lines + self._buffer.count("\n", 0, self._at)
        return InputError(f"is no JSON: {problem}", file=self.file, row=row, advice="is the file whole?")


def _is_lines(given: Input, layout: Layout) -> bool:
    """Tell whether each line is an object of its own."""
    with open_text(given, layout.encoding) as text:
        scanner = _Scanner(text, given.name)
        if scanner.peek() != "{":
            return False
        first = text_line(given, layout)
        try:
            return isinstance(json.loads(first), dict) and len(first) < _CHUNK and not _is_all(given, layout, first)
        except (ValueError, RecursionError):
            return False


def text_line(given: Input, layout: Layout) -> str:
    """Return the first line that is not blank."""
    with open_text(given, layout.encoding) as text:
        while line := text.readline(_CHUNK):
            if line.strip():
                return line.strip().lstrip("\ufeff")
    return ""


def _is_all(given: Input, layout: Layout, first: str) -> bool:
    """Tell whether a file of one line is one object that holds a list of rows, rather than one row."""
    with open_text(given, layout.encoding) as text:
        more = [line for line in (text.readline(_CHUNK) for _ in range(20)) if line.strip()]
    inside = [value[0] for value in json.loads(first).values() if isinstance(value, list) and value]
    return len(more) == 1 and any(isinstance(one, dict) for one in inside)


def _lines(given: Input, layout: Layout) -> Iterator[Row | InputError]:
    with open_text(given, layout.encoding) as text:
        for number, line in enumerate(text, start=1):
            if not line.strip():
                continue
            try:
                value = _DECODER.decode(line.strip().lstrip("\ufeff"))
            except (json.JSONDecodeError, RecursionError) as error:
                why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deep"
                yield InputError(f"is no JSON: {why}", file=given.name, row=number)
            else:
                yield _row(value, number, given.name)


def _items(given: Input, layout: Layout, path: list[str]) -> Iterator[Row | InputError]:
    with open_text(given, layout.encoding) as text:
        scanner = _Scanner(text, given.name)
        _walk(scanner, path)
        for number in scanner.items():
            yield _row(scanner.value(), number, given.name)


def _row(value: object, number: int, file: str) -> Row | InputError:
    if isinstance(value, dict):
        return Row(number, flat(value))
    return InputError("is no object, so it has no columns", file=file, row=number)


def _walk(scanner: _Scanner, path: list[str]) -> None:
    """Go to the list a path leads to."""
    for depth, part in enumerate(path):
        if scanner.peek() != "{":
            end = ".".join(path[:depth]) or "the top"
            raise InputError(f"the path {'.'.join(path)} ends at {end}, which is no object", file=scanner.file)
        seen = []
        for key in scanner.entries():
            if key == part:
                break
            seen.append(key)
            scanner.skip()
        else:
            close = difflib.get_close_matches(part, seen, n=1)
            meant = f"did you mean {close[0]}?" if close else f"there are: {', '.join(seen)[:300] or 'none'}"
            raise InputError(f"the path {'.'.join(path)} leads nowhere: no {part}", file=scanner.file, advice=meant)
    if scanner.peek() != "[":
        raise InputError(f"the path {'.'.join(path)} leads to no list", file=scanner.file)


def _only_list(given: Input, layout: Layout) -> list[str]:
    """Return the path to the one list of objects in a file, empty if the file is that list."""
    with open_text(given, layout.encoding) as text:
        scanner = _Scanner(text, given.name)
        if scanner.peek() == "[":
            return []
        lists, keys = [], []
        for key in scanner.entries():
            keys.append(key)
            if scanner.peek() == "[":
                if _holds_objects(scanner):
                    lists.append(key)
            else:
                scanner.skip()
    if len(lists) == 1:
        return lists
    only = f"holds no list of rows, only: {', '.join(keys[:20]) or 'nothing'}"
    found = f"has {len(lists)} lists of rows: {', '.join(lists)}" if lists else only
    raise InputError(found, file=given.name, advice='say which in a mapping: path = "..." under [file]')


def _holds_objects(scanner: _Scanner) -> bool:
    """Pass over a list, and tell whether any of its items is an object."""
    found = False
    for _ in scanner.items():
        found = isinstance(scanner.value(), dict) or found
    return found
