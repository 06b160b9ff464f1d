"""What stands around an entity, and on a day."""

from __future__ import annotations

from datetime import date

import pytest

from listed.errors import QueryError, UnknownEntityError
from listed.exports import select
from listed.exports.selection import Selection
from tests.graphs import firm, graph, hub, invested, listed, owns

CHAIN = graph(owns("A", "B", "51%"), owns("B", "C", "51%"), owns("C", "D", "51%"), owns("X", "Y", "5%"), listed("C"))


def ids(selection: Selection) -> list[str]:
    return sorted(selection.tables["entities"]["id"].to_pylist())


@pytest.mark.parametrize(("hops", "reached"), [(0, ["B"]), (1, ["A", "B", "C"]), (2, ["A", "B", "C", "D"])])
def test_links_are_followed_both_ways_for_so_many_hops(hops: int, reached: list[str]) -> None:
    assert ids(select(CHAIN, "B", hops)) == reached


def test_without_an_entity_all_is_selected() -> None:
    assert select(CHAIN).tables is CHAIN.tables


def test_every_link_between_those_selected_is_there() -> None:
    around = select(graph(owns("A", "B", "5%"), owns("A", "C", "5%"), owns("B", "C", "5%")), "A", 1)
    assert around.tables["links"].num_rows == 3


def test_listings_and_names_are_of_those_selected() -> None:
    assert select(CHAIN, "A", 1).tables["listings"].num_rows == 0
    assert select(CHAIN, "A", 2).tables["listings"]["entity"].to_pylist() == ["C"]
    assert sorted(select(CHAIN, "A", 1).tables["names"]["entity"].to_pylist()) == ["A", "B"]


def test_a_past_link_is_not_followed_on_a_later_day() -> None:
    past = graph(owns("A", "B", "5%", "2010", "2015"), owns("B", "C", "5%", "2010"))
    assert ids(select(past, "A", 2)) == ["A", "B", "C"]
    assert ids(select(past, "A", 2, date(2020, 1, 1))) == ["A"]


def test_links_that_do_not_hold_are_counted() -> None:
    past = graph(owns("A", "B", "5%", "2010", "2015"), owns("A", "C", "5%"))
    selection = select(past, as_of=date(2020, 1, 1))
    assert selection.tables["links"].num_rows == 1
    assert "1 link left out that does not hold on that day" in selection.told


def test_a_hub_is_reached_but_not_passed_through_and_told() -> None:
    state = graph(hub("SASAC"), owns("SASAC", "A", "100%"), owns("SASAC", "B", "100%"))
    assert ids(select(state, "A", 2)) == ["A", "SASAC"]
    assert any("SASAC" in line for line in select(state, "A", 2).told)
    assert ids(select(state, "A", 2, hubs=True)) == ["A", "B", "SASAC"]


def test_a_hub_asked_for_is_itself_passed() -> None:
    assert ids(select(graph(hub("H"), owns("H", "A", "5%")), "H", 1)) == ["A", "H"]


def test_a_name_is_found_like_in_any_query() -> None:
    assert ids(select(graph(firm("A", "Alpha"), invested("A", "B")), "alpha", 0)) == ["A"]


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UnknownEntityError):
        select(CHAIN, "nobody at all")


def test_hops_are_not_negative() -> None:
    with pytest.raises(QueryError):
        select(CHAIN, "A", -1)
