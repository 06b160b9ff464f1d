"""Values of parameters as they are written on a command line."""

from __future__ import annotations

import json
from typing import Any

from listed.errors import QueryError


def named_values(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return ``name=value`` pairs as a dictionary. Raises QueryError for one that is not a pair, or comes twice."""
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise QueryError(f"--param {pair}: write it as name=value")
        if name in given:
            raise QueryError(f"--param {name} is given twice")
        given[name] = value
    return given


def named_value(text: str) -> Any:
    """Return a value as it is written: JSON where it is that (a number, true, null, a list), else text.

    >>> named_value("50"), named_value("sensetime-group"), named_value('"50"'), named_value('["a", "b"]')
    (50, 'sensetime-group', '50', ['a', 'b'])
    """
    try:
        return json.loads(text, parse_constant=lambda said: said)
    except (ValueError, RecursionError):
        return text
