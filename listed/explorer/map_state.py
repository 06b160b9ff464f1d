"""What a map shows, as its address says it: ``e=sensetime-group&x=sensetime-group~40&as-of=2018-12-01``.

| word | means |
|---|---|
| ``e`` | an entity on the map |
| ``x`` | an entity whose neighbours are on the map: so many of them, the nearest first |
| ``h`` | an entity taken off the map |
| ``type`` | only links of this type; repeatable; ``none`` for no links at all |
| ``as-of``, ``regime`` | the day, and the rule whose verdicts are shown |

Where things lie, what is pinned and what is noted stands in the address too, but only the page reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from listed.errors import QueryError
from listed.graph.vocabulary import LinkType

BRANCHES = 30
"""Neighbours that come onto the map at first."""

NO_TYPE = "none"

MOST_ENTITIES = 6_000
MOST_LINKS = 10_000
"""What a map holds at most."""


@dataclass(frozen=True, slots=True)
class MapState:
    """What is on a map, by ids as they were given.

    ``expanded`` tells how many neighbours of an entity are; ``types`` is None where links of all types are shown.
    """

    entities: tuple[str, ...]
    expanded: dict[str, int]
    hidden: frozenset[str]
    types: frozenset[LinkType] | None

    @property
    def seeds(self) -> tuple[str, ...]:
        """Those named in the address."""
        return tuple(dict.fromkeys((*self.entities, *self.expanded)))


def map_state(said: Iterable[tuple[str, str]]) -> MapState:
    """Read the state of a map off its address.

    Raises
    ------
    QueryError
        If a type or a number is not one.
    """
    words: dict[str, list[str]] = {}
    for name, value in said:
        words.setdefault(name, []).append(value)
    return MapState(
        tuple(dict.fromkeys(one for one in words.get("e", []) if one)),
        dict(_expanded(one) for one in words.get("x", [])),
        frozenset(words.get("h", [])),
        frozenset(_type(one) for one in words["type"] if one != NO_TYPE) if "type" in words else None,
    )


def _expanded(text: str) -> tuple[str, int]:
    id_, _, number = text.partition("~")
    if not number:
        return unquote(id_), BRANCHES
    if not number.isdecimal() or len(number) > 6:
        raise QueryError(f"after the ~ in {text!r} stands how many neighbours are shown")
    return unquote(id_), int(number)


def _type(text: str) -> LinkType:
    if text not in LinkType.__members__:
        raise QueryError(f"no type of link is called {text!r} (there are: {', '.join(LinkType)})")
    return LinkType(text)
