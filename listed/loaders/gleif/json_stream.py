"""A JSON document read as a stream: the items of its one long list, one after the other.

The golden copy's JSON unpacks to thirteen gigabytes; memory holds one item and a chunk.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any, TextIO

from listed.errors import InputError

ITEM_LIMIT = 64 * 1024**2
"""No record is this long; a file whose next item is longer is damaged."""

_CHUNK = 1 << 18
_SPACE = " \t\r\n"
_AGAIN = "download it again"


class JsonStream:
    """A reader that knows the line it is on.

    Parameters
    ----------
    stream, name
        The text, and the file's name for messages.
    """

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream, self._name = stream, name
        self._decoder = json.JSONDecoder()
        self._text, self._at, self._ended = "", 0, False
        self.line = 1

    def members(self, lists: Collection[str]) -> Iterator[tuple[str, Any]]:
        """Yield the members of the outermost object, or ``("", item)`` for each item of an outermost list.

        A member whose name is in ``lists`` is yielded item by item. Of any other, the value is whole.

        Raises
        ------
        InputError
            Where the text is not JSON, is cut short, or goes on after its end.
        """
        opening = self._peek()
        if opening == "[":
            yield from (("", item) for item in self._items())
        elif opening == "{":
            yield from self._object(lists)
        else:
            raise self._wrong("not JSON with records")
        if self._peek():
            raise self._wrong("something follows the end of the JSON")

    def _object(self, lists: Collection[str]) -> Iterator[tuple[str, Any]]:
        self._take("{")
        if self._peek() == "}":
            self._take("}")
            return
        while True:
            key = self._value()
            if not isinstance(key, str):
                raise self._wrong("a name is not in quotes")
            self._take(":")
            if key in lists and self._peek() == "[":
                yield from ((key, item) for item in self._items())
            else:
                yield key, self._value()
            if self._comma("}"):
                return

    def _items(self) -> Iterator[Any]:
        self._take("[")
        if self._peek() == "]":
            self._take("]")
            return
        while True:
            yield self._value()
            if self._comma("]"):
                return

    def _comma(self, closing: str) -> bool:
        """Take a comma, or the closing bracket and return true."""
        if self._peek() == closing:
            self._take(closing)
            return True
        self._take(",")
        return False

    def _peek(self) -> str:
        """Return the next character that is no space, empty at the end; the place moves there."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in _SPACE:
                at += 1
            self.line += text.count("\n", self._at, at)
            self._at = at
            if at < len(text):
                return text[at]
            if not self._more():
                return ""

    def _take(self, character: str) -> None:
        found = self._peek()
        if found != character:
            raise self._wrong(f"{character!r} is missing" if found else "the JSON is cut short")
        self._at += 1

    def _value(self) -> Any:
        if not self._peek():
            raise self._wrong("the JSON is cut short")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # It may only be that the rest of the item is not read yet.
                if not self._ended and len(self._text) - self._at < ITEM_LIMIT and self._more():
                    continue
                raise self._not_json(error) from None
            except RecursionError:
                raise self._wrong("lists within lists without end") from None
            except ValueError:
                raise self._wrong("a number of thousands of digits") from None
            if end == len(self._text) and not self._ended and self._more():
                continue  # a number may go on in the next chunk
            self._check_whole(value, end)
            self.line += self._text.count("\n", self._at, end)
            self._at = end
            return value

    def _check_whole(self, value: Any, end: int) -> None:
        """Refuse half a character (a lone surrogate), which no text can hold and no file can be written with."""
        if any(self._text.find(half, self._at, end) >= 0 for half in ("\\ud", "\\uD")):
            try:
                json.dumps(value, ensure_ascii=False).encode()
            except UnicodeEncodeError:
                raise self._wrong("half a character (a lone surrogate)") from None

    def _not_json(self, error: json.JSONDecodeError) -> InputError:
        line = self.line + self._text.count("\n", self._at, error.pos)
        cut = (self._ended and error.pos >= len(self._text.rstrip())) or error.msg.startswith("Unterminated string")
        problem = "the JSON is cut short" if cut else f"not JSON: {error.msg}"
        return InputError(problem, file=self._name, row=line, advice=_AGAIN)

    def _more(self) -> bool:
        """Read on, doubling what is held; return whether anything came."""
        wanted = max(_CHUNK, len(self._text) - self._at)
        chunk = self._stream.read(wanted)
        if not chunk:
            self._ended = True
            return False
        self._text, self._at = self._text[self._at :] + chunk, 0
        return True

    def _wrong(self, problem: str) -> InputError:
        return InputError(problem, file=self._name, row=self.line, advice=_AGAIN)
