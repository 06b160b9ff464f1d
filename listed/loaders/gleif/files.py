"""Which of GLEIF's forms a file has, and its records in that form.

XML, CSV and JSON are told apart by how the file begins. The JSON may be the golden copy's, an
answer of the API, or a plain list of records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TextIO

from listed.errors import InputError
from listed.graph.model import SetAside
from listed.loaders import xml_records
from listed.loaders.gleif.api import from_api
from listed.loaders.gleif.golden_csv import ADVICE, csv_header, csv_records, kind_of_header
from listed.loaders.gleif.json_stream import JsonStream
from listed.loaders.gleif.records import (
    EVERY_KIND,
    Head,
    Kind,
    Record,
    from_json,
    kind_of,
    text_of,
)
from listed.loaders.inputs import Input
from listed.loaders.recognise import advice_on

_ROOTS = {"LEIData": Kind.ENTITY, "RelationshipData": Kind.RELATIONSHIP, "ReportingExceptionData": Kind.EXCEPTION}
_HEADERS = {"LEIHeader", "Header"}
_LISTS = {"records": Kind.ENTITY, "relations": Kind.RELATIONSHIP, "exceptions": Kind.EXCEPTION}
_JSON_LISTS = {*_LISTS, "data"}
_BESIDE = {"meta", "links", "included"}
"""What else an answer of the API holds."""
_FILE_NAME = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)-\d{4}-gleif-")
"""The golden copy's files are called "20260804-0800-gleif-goldencopy-rr-golden-copy.csv"."""

_TOLD = 3  # enough items of a JSON list to know what it holds


def head_of(file: Input) -> Head:
    """Return what a file says of itself, reading only its beginning.

    Raises
    ------
    InputError
        If the file is none of GLEIF's, or cannot be read.
    """
    form, first = _form(file)
    if form == "xml":
        return _xml_head(file)
    named = _date_in_name(file.name)
    with file.open_text() as stream:
        if form == "json":
            return _json_head(stream, file.name, first, named)
        kind = kind_of_header(csv_header(stream, file.name))
        if kind is None:
            raise InputError("not the header of a GLEIF file", file=file.name, row=1, advice=advice_on(first, ADVICE))
        return Head(frozenset({kind}), named)


def records_of(file: Input) -> Iterator[Record | SetAside | InputError]:
    """Read the records of a file, in its order.

    Yields
    ------
    Record, SetAside or InputError
        An error that is yielded is of one row only.

    Raises
    ------
    InputError
        If the file cannot be read on.
    """
    form, _ = _form(file)
    if form == "xml":
        for element, number in xml_records.records(file, [kind.value for kind in Kind]):
            yield Record(kind_of(element.tag), element, f"{file.name} record {number}")
        return
    with file.open_text() as stream:
        yield from (_json_records if form == "json" else csv_records)(stream, file.name)


def _form(file: Input) -> tuple[str, str]:
    """Return the form of a file, and how it begins."""
    with file.open_binary() as stream:
        begin = stream.read(4096)
    if begin.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "xml", ""  # expat reads UTF-16, and says what is wrong with it
    first = begin.removeprefix(b"\xef\xbb\xbf").lstrip().decode("utf-8", "replace")
    form = "xml" if first.startswith("<") else "json" if first[:1] in ("{", "[") else "csv"
    return form, first


_LONGEST_COUNT = 15
"""Digits of a number of records; of more it is damaged, and Python refuses thousands."""


def _date_in_name(name: str) -> str:
    found = _FILE_NAME.search(name)
    return "-".join(found.groups()) if found else ""


def _xml_head(file: Input) -> Head:
    root = xml_records.read_root(file)
    kind = _ROOTS.get(root.tag)
    if kind is None:
        advice = advice_on(f"<{root.tag} {root.namespace}", ADVICE)
        raise InputError(f"not a GLEIF file: it holds <{root.tag}>", file=file.name, advice=advice)
    for element, _ in islice(xml_records.records(file, {*_HEADERS, kind.value}), 1):
        count = text_of(element, "RecordCount")
        told = int(count) if count.isdecimal() and len(count) <= _LONGEST_COUNT else None
        return Head(frozenset({kind}), text_of(element, "ContentDate") or _date_in_name(file.name), told)
    return Head(frozenset({kind}), _date_in_name(file.name))


def _json_head(stream: TextIO, name: str, first: str, named: str) -> Head:
    """Look at the first items of the list for what they are, and at what stands before them."""
    published, items = named, 0
    another = InputError("JSON without records of GLEIF's", file=name, advice=advice_on(first, ADVICE))
    for member, value in JsonStream(stream, name).members(_JSON_LISTS):
        if member in _LISTS:
            return Head(frozenset({_LISTS[member]}), published)
        if member in ("", "data"):
            items += 1
            if _kind_in(value) is None:
                raise another
            published = published or str(_at(value, "ContentDate") or "")
            if items == _TOLD:
                break
        elif member not in _BESIDE and "header" not in member.lower():
            raise another
        published = str(_at(value, "goldenCopy", "publishDate") or published)
    return Head(EVERY_KIND, published)


def _json_records(stream: TextIO, name: str) -> Iterator[Record | SetAside | InputError]:
    number = 0
    for member, value in JsonStream(stream, name).members(_JSON_LISTS):
        if member in ("", *_JSON_LISTS):
            number += 1
            yield _json_record(value, f"{name} record {number}")
        elif member == "meta" and isinstance(value, Mapping):
            yield from _pages_missing(value, name)


def _json_record(value: Any, place: str) -> Record | SetAside:
    kind = _kind_in(value)
    element = None
    if kind is not None:
        whole = value.get(kind.value, value)
        element = from_api(whole) if "attributes" in whole else from_json(kind.value, whole)
    if kind is None or element is None:
        return SetAside(place, "not a record of GLEIF's", str(value)[:500])
    return Record(kind, element, place)


def _kind_in(value: Any) -> Kind | None:
    """Return the kind of a JSON record: of the golden copy, wrapped or not, or of the API."""
    if not isinstance(value, Mapping):
        return None
    for kind in Kind:
        if isinstance(value.get(kind.value), Mapping):
            return kind
    if isinstance(value.get("attributes"), Mapping):
        element = from_api(value)
        return None if element is None else kind_of(element.tag)
    if "Relationship" in value:
        return Kind.RELATIONSHIP
    if "ExceptionCategory" in value:
        return Kind.EXCEPTION
    return Kind.ENTITY if "LEI" in value and "Entity" in value else None


def _pages_missing(meta: Mapping[str, Any], name: str) -> Iterator[SetAside]:
    """Tell that an answer of the API is one page of several."""
    total, last = _at(meta, "pagination", "total"), _at(meta, "pagination", "lastPage")
    if isinstance(last, int) and last > 1:
        page = _at(meta, "pagination", "currentPage")
        yield SetAside(name, "one page of several", f"page {page} of {last}, {total} records in all")


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
