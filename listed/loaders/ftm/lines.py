"""The lines of a file: each an object of FollowTheMoney, or a change to one (the delta format).

A line that has exactly the form is read at full speed. One that bends it (a text where a list
should be, a property beside the others, an object inside another) is read more slowly, set
straight, and flagged. A line that is no object at all is an error, and the next one is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec

from listed.errors import InputError
from listed.loaders.inputs import Input
from listed.loaders.json_records import UNREADABLE
from listed.loaders.kinds import wrong_kind

_ADVICE = "give an export of OpenSanctions or FollowTheMoney with one object per line, as entities.ftm.json"


class Record(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """An object: its schema, and the values of its properties."""

    id: str = ""
    caption: str | None = None
    schema: str = ""
    properties: dict[str, list[str]] = {}
    referents: list[str] = []
    datasets: list[str] = []
    target: bool | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    last_change: str | None = None


@dataclass(slots=True)
class Line:
    """A record that needs more than its fields say.

    Parameters
    ----------
    record, number
        What the line says, and its number in the file.
    op
        ``ADD``, ``MOD`` or ``DEL`` of the delta format; empty in a plain export.
    flags
        What had to be set straight.
    inside
        Objects that stood inside this one.
    """

    record: Record
    number: int
    op: str = ""
    flags: tuple[str, ...] = ()
    inside: tuple[Record, ...] = ()


class _Change(msgspec.Struct, forbid_unknown_fields=True):
    op: str
    entity: Record


class _ChangedId(msgspec.Struct):
    id: str = ""


class _ChangeHead(msgspec.Struct):
    op: str
    entity: _ChangedId


_PLAIN = msgspec.json.Decoder(Record)
_CHANGE = msgspec.json.Decoder(_Change)
_CHANGE_HEAD = msgspec.json.Decoder(_ChangeHead)
_OPS = ("ADD", "MOD", "DEL")
_DELTA = re.compile(rb'\s*\{\s*"op"\s*:')
_BOM = b"\xef\xbb\xbf"
_FIELDS = frozenset(Record.__struct_fields__)
_METADATA = frozenset({
    "references", "dataset", "collection", "collection_id", "created_at", "updated_at", "mutable", "links", "origin",
    "fragment", "context", "key_prefix", "role_id", "profile_id", "score", "highlight", "status", "latinized",
})  # fmt: skip
"""Fields that programs put beside the properties; they say nothing of the party."""


def read_lines(file: Input) -> Iterator[Record | Line | InputError]:
    """Read a file of one object per line, in order.

    Yields
    ------
    Record, Line or InputError
        A record for a line of the exact form, a :class:`Line` for any other, in the place of a
        blank line an empty record; an error for a line that cannot be read.

    Raises
    ------
    InputError
        If the file is of another kind, or its archive is damaged.
    """
    decode = _PLAIN.decode
    with file.open_binary() as stream:
        first = stream.readline().removeprefix(_BOM)
        lines = chain([first], stream)
        check_kind(file, first)
        for number, raw in enumerate(lines, start=1):
            try:
                record = decode(raw)
            except UNREADABLE:
                yield _bent(file.name, raw, number)
            else:
                yield record if record.id and record.schema else _whole(record, number)


def is_delta(file: Input) -> bool:
    """Tell whether the first line of a file is a change."""
    with file.open_binary() as stream:
        return _DELTA.match(next(iter(stream), b"").removeprefix(_BOM)) is not None


def changed_ids(file: Input) -> Iterator[tuple[int, str, str]]:
    """Yield line number, id and operation of each change in a delta; lines that cannot be read are passed over."""
    with file.open_binary() as stream:
        for number, raw in enumerate(stream, start=1):
            try:
                change = _CHANGE_HEAD.decode(raw.removeprefix(_BOM))
            except UNREADABLE:
                continue  # told when the line itself is read
            yield number, change.entity.id, change.op


def _whole(record: Record, number: int) -> Line | InputError:
    return Line(record, number, flags=() if record.schema else ("schema: none given",))


def _bent(file: str, raw: bytes, number: int) -> Record | Line | InputError:
    """Read a line that has not the exact form."""
    if not raw.strip():
        return Line(Record(), number)
    try:
        if _DELTA.match(raw):
            change = _CHANGE.decode(raw)
            if change.op in _OPS:
                return Line(change.entity, number, change.op)
    except UNREADABLE:
        pass
    try:
        said = json.loads(raw)
    except UnicodeDecodeError as error:
        wrong = raw[error.start : error.end].hex()
        return InputError(f"byte 0x{wrong} is not UTF-8", file=file, row=number, advice="save it as UTF-8")
    except (ValueError, RecursionError) as error:
        problem = (
            f"not JSON: {error.msg} at character {error.pos}" if isinstance(error, json.JSONDecodeError) else "not JSON"
        )
        return InputError(problem, file=file, row=number, advice="mend the line or download the file again")
    return _straightened(file, said, number)


def _straightened(file: str, said: Any, number: int) -> Line | InputError:
    if not isinstance(said, dict):
        return InputError("not an object", file=file, row=number, advice=_ADVICE)
    op = ""
    if "op" in said and isinstance(said.get("entity"), dict):
        op, said = str(said["op"]), said["entity"]
        if op not in _OPS:
            return InputError(f"no operation is called {op!r}", file=file, row=number, advice="ADD, MOD or DEL")
    flags: dict[str, None] = {}
    inside: list[Record] = []
    record = _record(said, flags, inside)
    return Line(record, number, op, tuple(flags), tuple(inside))


def _record(said: dict[str, Any], flags: dict[str, None], inside: list[Record]) -> Record:
    properties: dict[str, list[str]] = {}
    given = said.get("properties")
    for key, value in given.items() if isinstance(given, dict) else ():
        if not isinstance(value, list):
            flags[f"{key}: a single value where a list should be"] = None
        properties[_whole_letters(key)] = _texts(value, flags, inside)
    for key, value in said.items():
        if key not in _FIELDS and key not in _METADATA and isinstance(value, str | list) and value:
            flags[f"{key}: stands beside the properties"] = None
            properties.setdefault(_whole_letters(key), []).extend(_texts(value, flags, inside))
    datasets = said.get("datasets") or said.get("dataset") or []
    return Record(
        id=_text(said.get("id")),
        caption=_text(said.get("caption")),
        schema=_text(said.get("schema")),
        properties=properties,
        referents=_texts(said.get("referents"), flags, inside),
        datasets=_texts(datasets, flags, inside),
    )


def _text(value: Any) -> str:
    return "" if value is None else _whole_letters(str(value))


def _whole_letters(text: str) -> str:
    """Return a text without the halves of letters that a program cut apart."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _texts(value: Any, flags: dict[str, None], inside: list[Record]) -> list[str]:
    """Return any value as a list of texts; of an object inside, its id."""
    if isinstance(value, list):
        return [text for one in value for text in _texts(one, flags, inside)]
    if isinstance(value, dict):
        if "id" in value and "schema" in value:
            inside.append(_record(value, flags, inside))
            return [_text(value["id"])]
        return [_whole_letters(json.dumps(value, ensure_ascii=False))]
    return (
        [] if value is None or value == "" else [_whole_letters(value) if isinstance(value, str) else json.dumps(value)]
    )


def _is_object(line: bytes) -> bool:
    return re.match(rb"\s*\{.*\"(?:schema|op)\"\s*:.*\}\s*$", line, re.DOTALL) is not None


def check_kind(file: Input, first: bytes) -> None:
    """Raise InputError if a file is not FollowTheMoney, by its first line."""
    if _is_object(first) or not first.strip():
        return
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in first[:4]:
        raise InputError("not in UTF-8", file=file.name, row=1, advice="save it as UTF-8")
    error = wrong_kind(file, "objects of FollowTheMoney", _ADVICE)
    # A line that is cut off or broken is told by the reader, unless the file looks like another's.
    if first.lstrip()[:1] != b"{" or error.advice != _ADVICE or first.rstrip()[-1:] in b"{[,":
        raise error
