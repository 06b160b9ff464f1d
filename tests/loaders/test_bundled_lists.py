"""An entity of the bundled graph that an official list names has that listing in the graph, too.

Else Listed would say "captured", or nothing, of a firm that is itself listed. Names are compared exactly, but for
case, accents and punctuation; who bears a listed name and is another party stands in :data:`OTHERS`.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from listed.graph.model import Entity, Listing, Statement
from listed.graph.names import fold
from listed.loaders.bundled import LOADER
from listed.loaders.csl.lists import list_of

SAID = [item.about for item in LOADER.read([]) if isinstance(item, Statement)]
ENTITIES = {item.id: item for item in SAID if isinstance(item, Entity)}
LISTINGS = {(item.entity, item.list): item for item in SAID if isinstance(item, Listing)}

OTHERS = {
    ("bgi-group", "US-BIS-EL"): "BGI is the Beijing Graphene Institute there",
    ("casic", "US-STATE-ISN"): "CASIC is there short for its Fourth Academy, which alone is named",
    ("cetc", "US-BIS-EL"): "in brackets behind names of its 10th and 20th institutes, which alone are named",
    ("cn-mps", "US-OFAC-SDN"): "the ministry of North Korea",
    ("cn-mss", "US-OFAC-SDN"): "the ministries of North Korea and of the so-called republic in Luhansk",
    ("cn-pla", "US-OFAC-SDN"): "a name of the Shining Path of Peru",
    ("mit", "US-OFAC-SDN"): "Mujahidin Indonesia Timur",
    ("shanghai-micro-electronics-equipment-group", "US-BIS-UVL"): "of April 2022, before the Entity List named it",
    ("xu-bing", "US-STATE-DTC"): "a namesake, debarred in 2010 (75 FR 13330)",
}
"""Entities with the name of a listed party that get no listing from it, and why."""

FILES = {
    "bis_entity_list": "US-BIS-EL",
    "bis_meu": "US-BIS-MEU",
    "bis_dpl": "US-BIS-DPL",
    "ofac_nscmic": "US-OFAC-NS-CMIC",
    "ofac_eo14032_annex": "US-OFAC-NS-CMIC",
    "dow_1260h": "US-DOW-1260H",
    "dhs_uflpa": "US-DHS-UFLPA",
    "fcc_covered": "US-FCC-COVERED",
    "state_debarred_statutory": "US-STATE-DTC",
}
"""The lists as of July 2026, by file."""

_BRACKET = re.compile(r"(.+?)\s*\(([^()]*)\)")
_NEXT = re.compile(r",(?: and)? (?!(?:Inc|Ltd|Americas)\b)")  # a comma before "Inc." parts no names
_TOGETHER = re.compile(r"Listed together with subsidiaries: (.+?) \| ")


class Entry(NamedTuple):
    """One name under which one party stands on one list, and the notice of it, where told."""

    key: str
    list: str
    notice: str


def keys(name: str) -> set[str]:
    """A name as one looks it up, with and without what stands in brackets at its end."""
    bracket = _BRACKET.fullmatch(name)
    return {key for text in (name, *(bracket.groups() if bracket else ())) if len(key := fold(text)) > 2}


def of_july_2026(folder: Path) -> Iterator[Entry]:
    for file, list_ in FILES.items():
        rows: list[dict[str, Any]] = json.loads((folder / f"{file}.json").read_text(encoding="utf-8"))["entities"]
        for row in rows:
            together = _TOGETHER.match(row["notes"] or "")
            names = [row["name"], *(row["aliases"] or ()), *(_NEXT.split(together[1].rstrip(".")) if together else ())]
            notice = re.match(r"\d+ FR \d+", row["federal_register"] or "")
            for key in set().union(*map(keys, names)):
                yield Entry(key, list_, notice[0] if notice else "")


def of_april_2022(file: Path) -> Iterator[Entry]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for row in csv.DictReader(opened):
            for name in (row["name"], *row["alt_names"].split("; ")):
                # A person stands there as "CHEN, Quanguo": the key is the same.
                for key in keys(name):
                    yield Entry(key, list_of(row["source"]).id, "")


def of_january_2023(file: Path) -> Iterator[Entry]:
    with file.open(encoding="latin-1", newline="") as opened:
        for row in csv.DictReader(opened):
            for key in keys(row["Name"]):
                yield Entry(key, "US-OFAC-SDN", "")


@pytest.fixture(scope="module")
def named(real_data: Path) -> dict[tuple[str, str], set[str]]:
    """The bundled entity and list of each entry with its name or alias, and the notices cited for it."""
    bearers: dict[str, set[str]] = defaultdict(set)
    for entity in ENTITIES.values():
        for name in entity.names:
            bracket = _BRACKET.fullmatch(name.text)
            for text in (name.text, bracket[1] if bracket else name.text):
                bearers[fold(text)].add(entity.id)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for entries in (
        of_july_2026(real_data / "lists_2026-07"),
        of_april_2022(real_data / "csl" / "csl_2022-04.csv"),
        of_january_2023(real_data / "ofac" / "sancbook_sdn_2023.csv"),
    ):
        for entry in entries:
            for id_ in bearers.get(entry.key, ()):
                found[id_, entry.list] |= {entry.notice} - {""}
    return found


def test_who_bears_the_name_of_a_listed_party_has_its_listing(named: dict[tuple[str, str], set[str]]) -> None:
    assert len(named) > 200
    assert sorted(named.keys() - LISTINGS.keys() - OTHERS.keys()) == []


def test_who_is_another_party_of_that_name_has_none(named: dict[tuple[str, str], set[str]]) -> None:
    assert OTHERS.keys() <= named.keys()
    assert not OTHERS.keys() & LISTINGS.keys()


def test_a_listing_cites_the_notice_that_the_list_cites(named: dict[tuple[str, str], set[str]]) -> None:
    for id_, list_ in sorted(named.keys() & LISTINGS.keys()):
        if list_ in ("US-BIS-EL", "US-BIS-MEU", "US-DOW-1260H") and named[id_, list_]:
            cited = re.match(r"\d+ FR \d+", LISTINGS[id_, list_].citation)
            assert cited, id_
            assert cited[0] in named[id_, list_], id_
