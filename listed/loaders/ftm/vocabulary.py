"""What becomes of a schema, a property or a programme of FollowTheMoney.

The tables beside this module say it: ``schemata.csv`` (an entity, an edge and its two ends, a
listing, or something set aside and why), ``properties.csv`` (a name, a country, an identifier
and its scheme, a reference) and ``lists.csv`` (which list a programme or dataset certainly is).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from listed.graph.vocabulary import LinkType


@dataclass(frozen=True, slots=True)
class Schema:
    """What becomes of the objects of a schema.

    Parameters
    ----------
    kind
        ``entity``, ``edge``, ``listing``, ``address``, ``identification`` or ``aside``.
    source, target
        The properties of an edge that hold its ends.
    type, role
        What the link says, and the role of one that states none; of what is set aside, why.
    date
        What a bare ``date`` means: ``start``, ``both`` start and end, or only that it was observed.
    """

    name: str
    kind: str
    source: str = ""
    target: str = ""
    type: str = ""
    role: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """A property of an entity that names another: a link of that type and role.

    Parameters
    ----------
    forward
        Whether the link leads from the entity that has the property.
    of
        Schemata on which the property is one; empty: on all.
    """

    type: str
    role: str
    forward: bool
    of: frozenset[str]


NAMES = ("primary", "alias", "previous", "weak")
"""Kinds of name, the most telling first."""


REFERENT = "referent"
"""The property under which the ids are kept that were merged into an object."""

KEPT_TOO = frozenset({"jurisdiction", "mainCountry", "nationality", "citizenship", "flag", REFERENT})
"""Properties that become more than properties, and are kept as such as well."""


def _table(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def schemata() -> dict[str, Schema]:
    """Return every schema we know, by name."""
    rows = _table("schemata.csv")
    return {row["schema"]: Schema(*(row[key] for key in ("schema", "kind", *_EDGE))) for row in rows}


_EDGE = ("source", "target", "type", "role", "date")


@cache
def said_by(kind: str) -> dict[str, str]:
    """Return the properties of a kind (``name``, ``country``, ``identifier``...) and what each says."""
    return {row["property"]: row["says"] for row in _table("properties.csv") if row["kind"] == kind}


@cache
def references() -> dict[str, Reference]:
    """Return the properties of entities that are links."""
    types = {"owner": LinkType.OWNS, "link from": LinkType.LINKED_TO, "link to": LinkType.LINKED_TO}
    return {
        row["property"]: Reference(
            types[row["kind"]], row["says"], row["kind"] == "link to", frozenset(row["of"].split())
        )
        for row in _table("properties.csv")
        if row["kind"] in types
    }


@cache
def mapped() -> frozenset[str]:
    """Return the properties of entities that become more than properties."""
    kinds = ("name", "country", "topic", "address", "address entity", "identifier")
    return frozenset({REFERENT, *references(), *(name for kind in kinds for name in said_by(kind))})


@cache
def _lists(by: str) -> dict[str, str]:
    return {row["key"].casefold(): row["list"] for row in _table("lists.csv") if row["by"] == by}


def lists_of(datasets: Iterable[str], programs: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return the ids of the lists a sanction is on.

    Parameters
    ----------
    datasets
        Names or titles of the datasets that state it.
    programs
        Ids of programmes.
    texts
        Programmes and authorities in words.

    Returns
    -------
    list of str
        The lists a programme, a dataset or a title certainly stands for; else one per dataset,
        its id made of the dataset's name; else one made of the words; never none.
    """
    datasets, texts = list(datasets), list(texts)
    certain = [_lists("program").get(program.casefold(), "") for program in programs]
    # "OFAC" or "SDN List" in the words of another country's list does not put anybody on the American one.
    american = not datasets or any(name.casefold().startswith(("us_", "us ")) for name in datasets)
    certain += [_lists("text").get(text.casefold(), "") for text in texts if american]
    certain = certain if any(certain) else [_certain(name) for name in datasets]
    found = list(dict.fromkeys(filter(None, certain)))
    if found:
        return found
    return list(dict.fromkeys(filter(None, map(list_id, datasets)))) or [list_id(" ".join(texts[:1])) or "UNNAMED"]


def _certain(dataset: str) -> str:
    return _lists("dataset").get(dataset.casefold(), "") or _lists("title").get(dataset.casefold(), "")


@cache
def list_id(dataset: str) -> str:
    """Return a list id made of a dataset's name or title: ``au_dfat_sanctions`` is ``AU-DFAT-SANCTIONS``."""
    return _certain(dataset) or re.sub(r"[^\w]+|_+", "-", dataset.upper()).strip("-")
