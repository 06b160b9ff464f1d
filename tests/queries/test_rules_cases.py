"""The worked examples of ownership rules: those of the agencies, of firms' notes, and the traps."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from listed.graph.model import Link, Listing
from tests.queries.rule_graphs import graph, on, owns, says

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "ownership_rules.json").read_text(encoding="utf-8")
)["cases"]
LIST = {"us-ofac": "US-OFAC-SDN", "us-bis": "US-BIS-EL", "us-cmic": "US-OFAC-NS-CMIC", "eu": "EU-FSF", "uk": "GB-OFSI"}
ONE_SOURCE = "source 1"


def links_of(case: dict[str, Any], source: str) -> list[Link]:
    links = []
    for owner, asset, share, *more in case["links"]:
        since, until, told_by = (*more, *[None] * 3)[:3]
        if (told_by or ONE_SOURCE) == source:
            links.append(owns(owner, asset, share, since or "", until or ""))
    return links


@pytest.mark.parametrize(
    ("case", "entity"),
    [pytest.param(case, entity, id=f"{case['id']}-{entity}") for case in CASES for entity in case["expect"]],
)
def test_the_case_comes_out_as_worked(case: dict[str, Any], entity: str) -> None:
    listings: list[Listing] = [on(one, LIST[case["regime"]]) for one in case["listed"]]
    told = graph(*listings, *links_of(case, ONE_SOURCE), two=links_of(case, "source 2"))
    day = date.fromisoformat(case.get("as_of", "2026-01-01"))
    assert says(told, entity, day, case["regime"]) == case["expect"][entity]
