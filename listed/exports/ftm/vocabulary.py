"""What FollowTheMoney has a place for.

``model.csv`` has its properties of parties and things, as versions 3.8 and 4.11 both know them: the
type of their values, the form an identifier must have, which scheme of ours it is, and of which
schemata it is one (of all, where none is named).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from listed.exports.ftm.forms import FORMS

FALLBACK = "LegalEntity"
"""The schema of what is of a schema that FollowTheMoney does not have."""

SYNONYMS = {"date_of_birth": "birthDate", "date_of_death": "deathDate", "founding_date": "incorporationDate",
            "dissolution_date": "dissolutionDate", "place_of_birth": "birthPlace"}  # fmt: skip
"""Properties that other loaders keep under names of their own."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: the type of its values, and on which schemata it is one."""

    name: str
    type: str
    form: str
    scheme: str
    of: frozenset[str]

    def takes(self, value: str) -> bool:
        """Tell whether a value is one that FollowTheMoney would keep."""
        if self.form:
            return FORMS[self.form](value)
        return _TAKES.get(self.type, _any)(value)


def _any(value: str) -> bool:
    return bool(value.strip())


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_TAKES: dict[str, Callable[[str], bool]] = {
    "date": _like(r"(?:1[0-9]|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1\d|2[0-8]))?)?"),
    "country": _like(r"[a-z]{2}"),
    "url": _like(r"https?://[0-9A-Za-z][0-9A-Za-z.\-]*\.[a-z]{2,}(?:/[0-9A-Za-z/?=&._~\-]*)?"),
    "email": _like(r"[0-9a-z._\-]+@[0-9a-z\-]+\.[a-z]{2,}"),
    "phone": _like(r"\+\d{8,15}"),
}


def _beside(name: str) -> list[str]:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()


@cache
def topics() -> frozenset[str]:
    """Return the topics."""
    return frozenset(_beside("topics.txt"))


@cache
def properties() -> dict[str, Property]:
    """Return every property, by name."""
    rows = csv.DictReader(_beside("model.csv"))
    read = (Property(row["property"], row["type"], row["form"], row["scheme"], _words(row["of"])) for row in rows)
    return {one.name: one for one in read}


def _words(cell: str) -> frozenset[str]:
    return frozenset(cell.split())


@cache
def schemata() -> frozenset[str]:
    """Return the schemata of parties and things."""
    return frozenset().union(*(one.of for one in properties().values()))


@cache
def by_scheme() -> dict[str, tuple[Property, ...]]:
    """Return the properties that hold identifiers of each scheme."""
    found: dict[str, tuple[Property, ...]] = {}
    for one in properties().values():
        if one.scheme:
            found[one.scheme] = (*found.get(one.scheme, ()), one)
    return found | {"imo-company": found["imo"]}
