"""Writes a mapping as TOML, the way a person would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any


def as_toml(said: dict[str, Any]) -> str:
    """Return a mapping as TOML: a section for each table, short tables on one line.

    Parameters
    ----------
    said
        Sections by name; a list of them is written as ``[[name]]``.
    """
    order = ("file", "ids", "source", "where", "entity", "listing", "link")
    names = [name for name in order if name in said] + [name for name in said if name not in order]
    return "\n".join(line for name in names for line in _section(name, said[name]))


def _section(name: str, part: Any) -> Iterator[str]:
    for one in part if isinstance(part, list) else [part]:
        yield f"[[{name}]]" if isinstance(part, list) else f"[{name}]"
        for key, value in one.items():
            yield f"{_key(key)} = {_value(value)}"
        yield ""


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return text(value)
    return str(value)


def text(value: str) -> str:
    """Return a text as TOML: in single quotes, where nothing is escaped, if it has a backslash and may be."""
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else text(key)
