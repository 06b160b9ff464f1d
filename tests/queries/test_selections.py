"""A graph that holds a selection of a list says so: it cannot tell that a party is not on the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from listed.graph.snapshot import Graph
from listed.loading import bundled_graph
from listed.queries.answer import Inquiry
from listed.queries.regimes import chosen
from listed.queries.rules import affiliates, verdict
from listed.queries.ruling import Ruling
from listed.queries.screening import Asked, screen
from listed.queries.selections import selection_note
from tests.queries.rule_graphs import graph, on

DAY = date(2025, 10, 15)


def selection(notes: Sequence[str]) -> list[str]:
    return [note for note in notes if "a selection" in note]


@pytest.mark.parametrize("entity", ["hikvision", "qualcomm", "smic-holdings"])
def test_a_verdict_of_the_bundled_graph_tells_how_little_it_holds(entity: str) -> None:
    there = bundled_graph()
    (note,) = selection(verdict(there, entity, DAY, regime="us-bis").notes)
    entries = there.tables["listings"]["list"].to_pylist().count("US-BIS-EL")
    assert note.startswith(f"The bundled graph holds only {entries} entries of US-BIS-EL")
    assert note.endswith("a selection: it cannot tell that a party is not on one of these lists.")


def test_so_do_affiliates_and_a_screening_once_each() -> None:
    there = bundled_graph()
    assert len(selection(affiliates(there, DAY).notes)) == 1
    assert len(selection(screen(there, [Asked(1, "Zeta"), Asked(2, "Hikvision")], DAY).notes)) == 1


def test_it_tells_of_the_lists_of_the_regimes_asked_alone() -> None:
    (note,) = selection(verdict(bundled_graph(), "hikvision", DAY, regime="us-ofac").notes)
    assert "US-OFAC-SDN, a selection: it cannot tell that a party is not on the list." in note
    assert "US-BIS-EL" not in note


def note_of(told: Graph) -> list[str]:
    inquiry = Inquiry(told, "verdict", {}, DAY)
    return selection_note(inquiry, [Ruling(inquiry, one) for one in chosen("us-bis")])


def loaded(**entries: int) -> Graph:
    """A graph of datasets, as a load would have counted their entries of the Entity List."""
    told = graph(*(on(f"firm{number}", "US-BIS-EL") for number in range(max(entries.values()))))
    told.datasets = {name: {"lists": {"US-BIS-EL": count}} for name, count in entries.items()}
    return told


def test_the_bundled_dataset_in_a_graph_of_ones_own_is_as_small() -> None:
    (note,) = note_of(loaded(bundled=3))
    assert note.startswith("This graph holds only 3 entries of US-BIS-EL, a selection")


def test_one_row_of_ones_own_does_not_make_it_whole() -> None:
    assert note_of(loaded(bundled=3, mine=1))


def test_where_the_whole_list_is_loaded_nothing_is_said() -> None:
    assert note_of(loaded(bundled=3, csl=30)) == []


def test_nor_where_the_list_is_not_of_the_bundled_graph() -> None:
    assert note_of(loaded(csl=2)) == []
