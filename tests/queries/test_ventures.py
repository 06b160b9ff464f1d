"""What counts as a joint venture."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from listed.graph.model import Link
from listed.graph.share import Basis, parse_share
from listed.graph.snapshot import Graph
from listed.queries import ventures
from listed.queries.answer import Inquiry
from listed.queries.ownership import STAKES, stake_links, stake_rows
from listed.queries.ventures import venture_reason, ventures_of
from tests.graphs import firm, graph, owns, period

DAY = date(2020, 6, 1)


def test_two_large_owners_make_a_venture_with_a_row_for_each() -> None:
    there = graph(owns("A", "V", "51%"), owns("B", "V", "49%"))
    assert [(row.venture, row.owner) for row in ventures(there, "A", DAY).rows] == [("V", "A"), ("V", "B")]


def test_the_venture_itself_may_be_asked() -> None:
    assert len(ventures(graph(owns("A", "V", "51%"), owns("B", "V", "49%")), "V", DAY).rows) == 2


def test_one_large_owner_makes_none() -> None:
    assert ventures(graph(owns("A", "V", "81%"), owns("B", "V", "19%")), "A", DAY).rows == ()


def test_a_firm_whose_shares_are_traded_is_none() -> None:
    there = graph(firm("V", ids=(("ticker", "V.HK"),)), owns("A", "V", "51%"), owns("B", "V", "49%"))
    assert ventures(there, "A", DAY).rows == ()


def test_a_source_that_calls_it_one_is_enough() -> None:
    (row,) = ventures(graph(owns("A", "V", "51%", role="joint venture partner")), "A", DAY).rows
    assert row.reason == "called a joint venture by a source"


def test_a_venture_sold_is_told_only_with_history() -> None:
    there = graph(owns("A", "V", "51%", end="2019", role="joint venture partner"))
    assert ventures(there, "A", DAY).rows == ()
    assert [row.holds for row in ventures(there, "A", DAY, history=True).rows] == ["past"]


def test_who_is_in_a_venture_asked_about_is_told_after_its_own_ventures() -> None:
    there = graph(owns("Up", "A", "50%"), owns("Side", "A", "50%"), owns("A", "V", "50%"), owns("B", "V", "50%"))
    rows = ventures(there, "A", DAY).rows
    assert [row.venture for row in rows] == ["V", "V", "A", "A"]
    assert {row.venture: row.reason for row in rows} == {
        "V": "2 owners hold 20% or more each",
        "A": "is itself a joint venture: 2 owners hold 20% or more each",
    }


PARTIES = ("A", "B", "C", "V", "W")
stakes = st.builds(
    lambda pair, type_, share, since, until, role: Link(
        pair[0], pair[1], type_, role, period(since, until), parse_share(share), Basis.SHARES
    ),
    st.tuples(st.sampled_from(PARTIES), st.sampled_from(PARTIES)).filter(lambda pair: pair[0] != pair[1]),
    st.sampled_from(STAKES),
    st.sampled_from(["", "0", "10%", "20%", "51%", "10% to 60%"]),
    st.sampled_from(["", "2018", "2019-04", "2020", "2021"]),
    st.sampled_from(["", "", "2019", "2020-06-01"]),
    st.sampled_from(["", "", "joint venture partner"]),
)


def told_one_by_one(there: Graph, partner: str) -> list[str]:
    """The ventures of a partner, each found from the records of all stakes in it."""
    found = []
    for asset in PARTIES:
        row = there.row_of(asset)
        assert row is not None
        links = stake_links(there, row, of_asset=True)
        told = stake_rows(Inquiry(there, "", {}, DAY), links, history=True, of_asset=True)
        if any(one.owner == partner and one.holds != "exit" for one in told) and venture_reason(there, row, told):
            found.append(asset)
    return found


@given(st.lists(stakes, max_size=14), st.sampled_from([(), ("corp.public",)]))
def test_ventures_decided_in_arrays_are_those_told_one_by_one(links: list[Link], topics: tuple[str, ...]) -> None:
    there = graph(firm("V", topics=topics), *(firm(name) for name in PARTIES if name != "V"), *links)
    for partner in PARTIES:
        row = there.row_of(partner)
        assert row is not None
        assert [there.id_of(one) for one in ventures_of(there, row, DAY)] == told_one_by_one(there, partner)
