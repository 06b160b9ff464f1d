"""The library of named queries: one file each, with a header that says what it answers.

A header is comments at the top of the file::

    // title: Listed together
    // question: Who was put on a list by the same notice as an entity?
    // parameter entity (entity), such as "hikvision": the entity
    // parameter least (number), by default 2, such as 3: how many at least

The kind of a parameter is ``text``, ``number``, ``day`` or ``entity`` (an id, an identifier or a name, which
becomes the id). One without a default has to be given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from listed.errors import QueryError
from listed.graph.snapshot import Graph
from listed.queries.resolve import find

_HEADER = re.compile(r"// (?P<word>title|question|parameter)(?::| )\s*(?P<text>.+)")
_PARAMETER = re.compile(
    r"(?P<name>\w+) \((?P<kind>text|number|day|entity)\)"
    r"(?:, by default (?P<default>null|\d+|\"[^\"]*\"))?, such as (?P<example>\d+|\"[^\"]*\"): (?P<about>.+)"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a named query; ``needed`` unless it has a ``default``."""

    name: str
    kind: str
    about: str
    example: str | int
    default: str | int | None
    needed: bool


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of the library."""

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    text: str

    def values(self, graph: Graph | None, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a value for each parameter, checked; names of entities become ids.

        Parameters
        ----------
        graph
            Where names of entities are looked up; without one they are taken as they are.
        given
            The values that were given, as text or in their own type.

        Raises
        ------
        QueryError
            If one that is needed is missing, one is unknown, or one is not of its kind.
        UnknownEntityError, AmbiguousNameError
            If no entity goes by a name, or several do.
        """
        known = {one.name: one for one in self.parameters}
        if unknown := [name for name in given if name not in known]:
            raise QueryError(f"{self.name} has no parameter {unknown[0]!r} (it has: {', '.join(known) or 'none'})")
        for one in self.parameters:
            if one.needed and given.get(one.name) is None:
                raise QueryError(f"{self.name} needs {one.name}: {one.about} (--param {one.name}={one.example})")
        return {
            name: one.default if given.get(name) is None else _value(one, given[name], graph)
            for name, one in known.items()
        }


def _value(one: Parameter, given: Any, graph: Graph | None) -> Any:
    if one.kind == "number":
        return _number(one, given)
    if one.kind == "day":
        try:
            return date.fromisoformat(str(given)).isoformat()
        except ValueError as error:
            raise QueryError(f"{one.name}: {given!r} is not a day; write it as 2018-12-01") from error
    if one.kind == "entity" and graph is not None:
        return graph.id_of(find(graph, str(given)))
    return str(given)


def _number(one: Parameter, given: Any) -> int | float:
    try:
        number = float(given)
    except (TypeError, ValueError) as error:
        raise QueryError(f"{one.name}: {given!r} is not a number") from error
    return int(number) if number.is_integer() else number


@cache
def library() -> dict[str, NamedQuery]:
    """Return the named queries by name, in alphabetical order."""
    files = (file for file in resources.files(__package__).iterdir() if file.name.endswith(".cypher"))
    read = [_read(file.name.removesuffix(".cypher"), file.read_text(encoding="utf-8")) for file in files]
    return {query.name: query for query in sorted(read, key=lambda query: query.name)}


def named(name: str) -> NamedQuery:
    """Return a query by its name. Raises QueryError, with the closest names, if there is none."""
    queries = library()
    if name not in queries:
        close = ", ".join(get_close_matches(name, queries, 3, 0.4))
        raise QueryError(f"there is no query {name!r} ({f'closest: {close}; ' if close else ''}all: listed queries)")
    return queries[name]


def _read(name: str, text: str) -> NamedQuery:
    said: dict[str, list[str]] = {"title": [], "question": [], "parameter": []}
    for found in _HEADER.finditer(text):
        said[found["word"]].append(found["text"])
    (title,), (question,) = said["title"], said["question"]
    parameters = tuple(_parameter(name, one) for one in said["parameter"])
    return NamedQuery(name, title, question, parameters, text)


def _parameter(query: str, said: str) -> Parameter:
    found = _PARAMETER.fullmatch(said)
    if found is None:
        raise AssertionError(f"{query}.cypher: not a parameter: {said}")
    default = found["default"]
    return Parameter(found["name"], found["kind"], found["about"], json.loads(found["example"]),
                     json.loads(default or "null"), needed=default is None)  # fmt: skip
