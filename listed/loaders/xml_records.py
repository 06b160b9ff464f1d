"""XML read as a stream of records, for any loader of XML.

Memory holds one record at a time, however long the file. A document type declaration is refused
before anything else is read, so no entity is ever declared: nothing expands, nothing is fetched.
Tags are handed out without their namespace, since publishers change prefixes and not names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser
from xml.parsers import expat

from listed.errors import InputError

if TYPE_CHECKING:
    from listed.loaders.inputs import Input

RECORD_LIMIT = 64 * 1024**2
"""No record of any register is this long; a longer one would be read whole into memory."""

_CHUNK = 1 << 16
_AGAIN = "download it again"


@dataclass(frozen=True, slots=True)
class Root:
    """The outermost element: what kind of document it is, and often when it was made."""

    tag: str
    namespace: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


def records(file: Input, tags: str | Collection[str]) -> Iterator[tuple[Element, int]]:
    """Yield the elements of a tag, one after the other.

    Parameters
    ----------
    file
        The XML, packed or not.
    tags
        Local name of the elements that are records, or several of them ("sdnEntry", or
        ``("publshInformation", "sdnEntry")`` where the header is wanted too). One inside
        another is part of the outer one.

    Yields
    ------
    element, number
        The element with all it holds, its tags without namespace, and its number in the file
        among all records, from 1. It is emptied when the next one is asked for.

    Raises
    ------
    InputError
        If the file is no XML, is damaged or cut short (``row`` is the line), declares a document
        type, or one record is longer than :data:`RECORD_LIMIT`.
    """
    wanted = {tags} if isinstance(tags, str) else set(tags)
    read_root(file)  # refuses a document type
    with file.open_binary() as stream:
        yield from _Reader(stream, file.name, wanted).records()


def read_root(file: Input) -> Root:
    """Return the outermost element's tag, namespace and attributes, reading no further.

    Raises
    ------
    InputError
        If the file is not XML or declares a document type.
    """
    found: list[Root] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not found:
            namespace, _, tag = name.rpartition("}")
            found.append(Root(tag, namespace, {key.rpartition("}")[2]: value for key, value in attributes.items()}))

    def doctype(name: str, *_: object) -> None:
        line = parser.CurrentLineNumber
        if name.lower() == "html":
            raise InputError("a web page", file=file.name, row=line, advice="download the file itself")
        # Its only use in a data file is to declare entities, that is, to harm.
        raise InputError(
            "declares a document type (DOCTYPE), which is refused",
            file=file.name,
            row=line,
            advice="no official list has one; take the file from its publisher",
        )

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, doctype
    with file.open_binary() as stream:
        try:
            while not found:
                chunk = stream.read(_CHUNK)
                parser.Parse(chunk, not chunk)
                if not chunk:
                    break
        except expat.ExpatError as error:
            if not found:  # what comes after the root's own tag is for records() to judge
                raise _damaged(file.name, error.code, error.lineno, error.offset) from None
        except (LookupError, ValueError) as error:
            raise InputError(f"not XML: {error}", file=file.name, advice="save it as UTF-8") from None
    return found[0]


def child_text(element: Element, path: str) -> str:
    """Return the text of a descendant on one line, empty where there is none."""
    return " ".join((element.findtext(path) or "").split())


class _Reader:
    """One pass over a stream. ``_open`` holds the elements whose end has not come yet."""

    def __init__(self, stream: BinaryIO, name: str, wanted: set[str]) -> None:
        self._stream, self._name, self._wanted = stream, name, wanted
        self._parser: XMLPullParser[Element] = XMLPullParser(("start", "end"))
        self._open: list[Element] = []
        self._within = 0  # depth of the record being read; 0 outside of any
        self._number = 0

    def records(self) -> Iterator[tuple[Element, int]]:
        waiting = 0
        for chunk in iter(lambda: self._stream.read(_CHUNK), b""):
            before = self._number
            try:
                self._parser.feed(chunk)
            except (LookupError, ValueError) as error:
                raise InputError(f"not XML: {error}", file=self._name, advice="save it as UTF-8") from None
            yield from self._whole()
            waiting = waiting + len(chunk) if self._within and self._number == before else 0
            if waiting > RECORD_LIMIT:
                problem = f"record {self._number + 1} is longer than {RECORD_LIMIT:,} bytes"
                raise InputError(problem, file=self._name, advice=_AGAIN)
        try:
            self._parser.close()
        except ParseError as error:
            raise _damaged(self._name, error.code, *error.position) from None
        yield from self._whole()

    def _whole(self) -> Iterator[tuple[Element, int]]:
        """Yield the records that have ended, emptying whatever else has."""
        open_, wanted = self._open, self._wanted
        try:
            for event, element in cast("Iterator[tuple[str, Element]]", self._parser.read_events()):
                if event == "start":
                    if "}" in element.tag:
                        element.tag = element.tag.rpartition("}")[2]
                    open_.append(element)
                    if not self._within and element.tag in wanted:
                        self._within = len(open_)
                    continue
                depth = len(open_)
                open_.pop()
                if depth == self._within:
                    self._number += 1
                    yield element, self._number
                    self._within = 0
                if not self._within:
                    element.clear()
                    if open_:
                        open_[-1].remove(element)
        except ParseError as error:
            raise _damaged(self._name, error.code, *error.position) from None


def _damaged(file: str, code: int, line: int, column: int) -> InputError:
    said = expat.errors.messages.get(code, f"error {code}")
    if said == "no element found" or said.startswith("unclosed"):
        cut = InputError("the XML is cut short", file=file, row=line, advice=_AGAIN)
        return cut if line > 1 or column > 0 else InputError("not XML", file=file)
    what = said.removeprefix("not well-formed (").removesuffix(")")
    if line == 1 and column == 0:
        return InputError(f"not XML: {what}", file=file, row=1)
    advice = f"{_AGAIN}, or mend that line: a bare & is written &amp;" if what == "invalid token" else _AGAIN
    return InputError(f"not well-formed XML: {what} at column {column + 1}", file=file, row=line, advice=advice)
