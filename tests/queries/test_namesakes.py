"""A verdict of "none" does not pass for an all-clear where an owner bears a listed party's name."""

from __future__ import annotations

from datetime import date

from listed.graph.model import Entity, Name
from listed.queries.rules import verdict
from tests.queries.rule_graphs import Said, graph, on, owns

DAY = date(2025, 1, 1)


def called(id_: str, name: str, *countries: str) -> Entity:
    return Entity(id_, (Name(name),), schema="Company", countries=countries)


def notes(*said: Said, entity: str = "asset") -> list[str]:
    told = verdict(graph(*said), entity, DAY, regime="us-ofac").notes
    return [note for note in told if "bears the name" in note]


LISTED = called("listed", "Acme Optics Co., Ltd.", "cn"), on("listed")


def test_an_owner_that_bears_a_listed_name_is_told_of() -> None:
    (note,) = notes(*LISTED, called("own", "ACME Optics Co. Ltd."), owns("own", "asset", 100))
    assert note == (
        "Its owner ACME Optics Co. Ltd. [own] bears the name of Acme Optics Co., Ltd. [listed], which is listed "
        "(US-OFAC-SDN); this graph takes them for two (listed decide)."
    )


def test_so_is_the_one_asked_about() -> None:
    assert len(notes(*LISTED, called("own", "Acme Optics Co Ltd"), entity="own")) == 1


def test_and_an_owner_of_an_owner() -> None:
    chain = owns("own", "between", 20), owns("between", "asset", 20)
    assert len(notes(*LISTED, called("own", "Acme Optics Co Ltd"), *chain)) == 1


def test_one_of_another_country_is_another_party() -> None:
    assert notes(*LISTED, called("own", "Acme Optics Co Ltd", "de"), owns("own", "asset", 100)) == []


def test_the_listed_one_itself_is_no_namesake() -> None:
    assert notes(*LISTED, owns("listed", "asset", 100)) == []


def test_one_that_is_captured_already_needs_no_note() -> None:
    held = owns("listed", "own", 100), owns("own", "asset", 100)
    assert notes(*LISTED, called("own", "Acme Optics Co Ltd"), *held) == []


def test_another_name_is_no_namesake() -> None:
    assert notes(*LISTED, called("own", "Acme Optical Co Ltd"), owns("own", "asset", 100)) == []
