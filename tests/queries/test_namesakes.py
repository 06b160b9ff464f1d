"""A verdict of "none" does not pass for an all-clear where an owner bears a listed party's name."""

from __future__ import annotations

from datetime import date

from listed.graph.model import Entity, Name
from listed.queries.rules import affiliates, verdict
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


def test_of_one_captured_itself_it_is_told_for_it_may_be_listed_besides() -> None:
    held = owns("listed", "own", 100)
    (note,) = notes(*LISTED, called("own", "Acme Optics Co Ltd"), held, entity="own")
    assert note.startswith("Acme Optics Co Ltd [own] bears the name of Acme Optics Co., Ltd. [listed], which is listed")


def test_one_listed_itself_may_be_the_one_of_another_list() -> None:
    twin = called("own", "Acme Optics Co Ltd"), on("own", "US-BIS-EL")
    assert len(notes(*LISTED, *twin, entity="own")) == 1


def test_two_on_the_same_list_are_two_entries_of_it() -> None:
    assert notes(*LISTED, called("own", "Acme Optics Co Ltd"), on("own"), entity="own") == []


class TestAmongAffiliates:
    """A rule's rows count those that bear the name of a listed party."""

    def notes(self, *said: Said) -> list[str]:
        told = affiliates(graph(*said), DAY, regime="us-ofac").notes
        return [note for note in told if "the name of a listed party" in note]

    def test_a_captured_firm_with_a_listed_name_is_counted_and_named(self) -> None:
        said = called("smic", "SMIC Holdings", "cn"), on("boss"), owns("boss", "smic", 60)
        (note,) = self.notes(*said, called("csl", "SMIC HOLDINGS"), on("csl"))
        assert note == (
            "1 of these bears the name of a listed party and may itself be listed: SMIC Holdings [smic] = [csl]; this "
            "graph takes them for two until you decide (listed duplicates --of ID, listed decide)."
        )

    def test_many_are_counted_and_the_first_named(self) -> None:
        said: list[Said] = [on("boss")]
        for number in range(8):
            said += [called(f"own{number}", f"Acme {number}"), owns("boss", f"own{number}", 60)]
            said += [called(f"csl{number}", f"ACME {number}"), on(f"csl{number}")]
        (note,) = self.notes(*said)
        assert note.startswith("8 of these bear the name")
        assert "[own4] = [csl4] and 3 more;" in note

    def test_none_is_told_where_names_or_countries_differ(self) -> None:
        said = called("own", "Acme Optics", "de"), on("boss"), owns("boss", "own", 60), on("other")
        assert self.notes(*said, called("csl", "Acme Optics", "cn"), on("csl")) == []
        assert self.notes(*said, called("csl", "Acme Optical", "de"), on("csl")) == []


def test_another_name_is_no_namesake() -> None:
    assert notes(*LISTED, called("own", "Acme Optical Co Ltd"), owns("own", "asset", 100)) == []
