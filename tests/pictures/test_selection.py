"""What is drawn around an entity, and that what is left out is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from listed.errors import QueryError, UnknownEntityError
from listed.graph.model import Link
from listed.graph.vocabulary import LinkType
from listed.loading import open_
from listed.pictures import map_of
from listed.pictures.selection import Selection, Wish, around
from listed.pictures.telling import remarks
from tests.graphs import body, firm, graph, invested, linked, listed, only_told, owns
from tests.pictures.drawing import DAY, IN_FORCE, NOT_YET, SUSPENDED, UNVERIFIED, select


def ids(selection: Selection) -> set[str]:
    return {party.id for party in selection.parties}


def labels(selection: Selection) -> list[tuple[str, ...]]:
    return [tie.lines for tie in selection.ties]


def test_siblings_are_not_drawn() -> None:
    assert ids(select(graph(owns("Parent", "Firm"), owns("Parent", "Sister")), "Firm")) == {"Firm", "Parent"}


def test_a_directorship_is_no_part_of_an_ownership_chart() -> None:
    given = graph(linked("Director", "Firm", LinkType.OFFICER_OF), owns("Firm", "B"))
    assert ids(select(given, "Firm")) == {"Firm", "B"}


def test_hops_bound_how_far_it_goes() -> None:
    chain = graph(owns("A", "B"), owns("B", "C"), owns("C", "D"))
    assert ids(select(chain, "D", hops=2)) == {"B", "C", "D"}


def test_no_number_of_hops_takes_longer_than_the_links_go_on() -> None:
    chain = graph(owns("A", "B"), owns("B", "C"), owns("C", "D"))
    assert len(select(chain, "D", hops=10**18).parties) == 4
    wish = Wish(as_of=DAY, hops=10**18, most=40, types=(), history=False, regime="us-bis", regimes_file=None)
    assert len(around(chain, "A", wish).parties) == 4


def test_a_stake_that_has_not_begun_is_not_drawn() -> None:
    assert ids(select(graph(owns("A", "B", "51%", start="2025-01-01")), "B")) == {"B"}


def test_the_xinjiang_stake_is_drawn_before_its_sale() -> None:
    drawn = select(open_("bundled"), "sensetime-group", day=date(2018, 12, 1))
    assert "xinjiang-jv" in ids(drawn)


def test_the_xinjiang_stake_is_gone_after_its_sale() -> None:
    drawn = select(open_("bundled"), "sensetime-group", day=date(2020, 12, 1))
    assert "xinjiang-jv" not in ids(drawn)


def test_with_history_a_stake_that_was_sold_is_drawn_as_past() -> None:
    given = graph(owns("A", "B", "51%", start="2018", end="2019-05-01"))
    drawn = select(given, "B", history=True)
    assert [(tie.lines, tie.holds) for tie in drawn.ties] == [(("51% until 2019-05-01",), "past")]


def test_a_stake_that_may_be_over_is_drawn_as_possible() -> None:
    drawn = select(graph(owns("A", "B", "51%", end="2024")), "B")
    assert [tie.holds for tie in drawn.ties] == ["possibly"]


def test_an_investment_that_is_only_told_of_is_not_drawn_as_made_that_day() -> None:
    given = graph(only_told(invested("Fund", "Firm", "2018-04-09")), invested("House", "Firm", "2018"))
    assert set(labels(around(given, "Firm", Wish(DAY, 1, 40)))) == {
        ("invested in, told on 2018-04-09",),
        ("invested in 2018",),
    }


def test_half_or_more_is_drawn_heavy() -> None:
    drawn = select(graph(owns("A", "C", "50%"), owns("B", "C", "49.99%")), "C")
    assert {tie.lines[0]: tie.heavy for tie in drawn.ties} == {"50%": True, "49.99%": False}


def test_a_band_that_may_reach_half_is_not_drawn_heavy() -> None:
    assert not select(graph(owns("A", "B", "more than 25%, up to 50%")), "B").ties[0].heavy


def test_a_share_nobody_states_is_said_to_be_unknown() -> None:
    assert labels(select(graph(owns("A", "B")), "B")) == [("share unknown",)]


def test_what_is_left_out_is_counted() -> None:
    drawn = select(graph(*(owns("A", f"B{number}") for number in range(50))), "A", most=10)
    assert (len(drawn.parties), drawn.cut_off) == (10, 41)


def test_many_holdings_leave_room_for_owners() -> None:
    given = graph(*(owns("A", f"B{number}", "90%") for number in range(50)), owns("Owner", "A", "1%"))
    assert "Owner" in ids(select(given, "A", most=10))


def test_where_there_is_no_room_for_all_the_listed_come_first() -> None:
    given = graph(*(owns("A", f"B{number}", "90%") for number in range(50)), owns("A", "Z", "1%"), listed("Z"))
    assert "Z" in ids(select(given, "A", most=5))


def test_an_entity_with_5000_neighbours_is_drawn_with_40() -> None:
    given = graph(*(owns("Hub", f"Firm {number}", "10%") for number in range(5000)))
    drawn = select(given, "Hub")
    assert (len(drawn.parties), drawn.centre.more_holdings) == (40, 4961)


def test_partners_in_a_venture_are_drawn() -> None:
    given = graph(owns("A", "JV", "50%", role="joint venture partner"), owns("B", "JV", "50%"))
    assert [party.side for party in select(given, "A").parties if party.id == "B"] == [0]


def test_other_owners_of_a_holding_that_is_no_venture_are_not_drawn() -> None:
    given = graph(owns("A", "B", "10%"), owns("C", "B", "5%"))
    assert "C" not in ids(select(given, "A"))


def test_a_listed_party_is_listed_also_on_a_list_the_regime_does_not_cover() -> None:
    drawn = select(graph(owns("A", "B"), listed("A", "US-DOW-1260H")), "B")
    assert {party.id: party.standing for party in drawn.parties}["A"] == "listed"


@pytest.mark.parametrize(("share", "standing"), [
    ("50%", "captured"), ("more than 25%, up to 50%", "undetermined"), ("49%", "minority"),
])  # fmt: skip
def test_the_verdict_is_drawn(share: str, standing: str) -> None:
    given = graph(owns("A", "B", share), listed("A", "US-BIS-EL"))
    assert select(given, "B", day=IN_FORCE).centre.standing == standing
    for day in (NOT_YET, SUSPENDED, UNVERIFIED):
        assert select(given, "B", day=day).centre.standing == f"would be {standing}"


def test_what_is_listed_is_so_whether_the_rule_is_in_force_or_not() -> None:
    given = graph(owns("A", "B"), listed("A", "US-BIS-EL"))
    assert {select(given, "A", day=day).centre.standing for day in (IN_FORCE, NOT_YET, SUSPENDED)} == {"listed"}


def test_a_state_body_is_told() -> None:
    drawn = select(graph(body("SASAC"), owns("SASAC", "B")), "B")
    assert {party.id: party.state for party in drawn.parties} == {"B": False, "SASAC": True}


def test_the_sources_of_all_that_is_drawn_are_cited() -> None:
    assert set(select(graph(owns("A", "B")), "B").sources) == {"paper"}


def test_a_map_goes_over_all_links_in_either_direction() -> None:
    given = graph(invested("A", "Firm"), linked("Firm", "Police", LinkType.SUPPLIES), owns("Firm", "B"))
    assert ids(around(given, "Firm", Wish(DAY, 1, 40))) == {"Firm", "A", "Police", "B"}


def test_a_map_can_be_bound_to_some_types() -> None:
    given = graph(invested("A", "Firm"), owns("Firm", "B"))
    assert ids(around(given, "Firm", Wish(DAY, 1, 40, (LinkType.INVESTED_IN,)))) == {"Firm", "A"}


def test_a_map_counts_the_neighbours_of_each_party_that_are_not_drawn() -> None:
    given = graph(owns("A", "Firm"), *(owns("A", f"B{number}") for number in range(7)))
    drawn = around(given, "Firm", Wish(DAY, 1, 40))
    assert {party.id: party.more for party in drawn.parties} == {"Firm": 0, "A": 7}


def test_types_may_be_written_in_small_letters_and_with_commas() -> None:
    assert map_of(graph(owns("A", "B")), "A", types=["owns,invested_in"]).types == (LinkType.OWNS, LinkType.INVESTED_IN)


def test_a_type_there_is_not_is_refused() -> None:
    with pytest.raises(QueryError, match="'OWNED'"):
        map_of(graph(owns("A", "B")), "A", types=["owned"])


def test_an_unknown_entity_is_refused() -> None:
    with pytest.raises(UnknownEntityError):
        map_of(graph(firm("A"), owns("A", "B")), "Nobody").svg()


@pytest.mark.parametrize("bounds", [{"hops": 0}, {"most": 0}])
def test_a_bound_of_nothing_is_refused(bounds: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        map_of(graph(owns("A", "B")), "A", **bounds).svg()


def told(link: Link) -> Link:
    return replace(link, period=replace(link.period, told=True))


def test_a_share_bears_the_year_of_the_report_that_tells_of_it() -> None:
    selection = select(graph(told(owns("A", "B", "51%", "2019-08-25"))), "B")
    assert labels(selection) == [("51% (2019)",)]
    assert any("since when it was held is not told" in line for line in remarks(selection))


def test_a_share_whose_beginning_is_dated_bears_none() -> None:
    selection = select(graph(owns("A", "B", "51%", "2019-08-25")), "B")
    assert labels(selection) == [("51%",)]
    assert not any("since when it was held is not told" in line for line in remarks(selection))


def test_nor_does_one_told_in_a_later_year_than_the_picture() -> None:
    reports = owns("A", "B", "51%", "2019", "2025"), told(owns("A", "B", "60%", "2025"))
    assert labels(select(graph(*reports), "B")) == [("51%",)]
