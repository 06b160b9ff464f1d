"""A chart that a newspaper could run: nothing lies over anything else, and every stake is drawn."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given

from listed.pictures.cards import Box, Ledger
from listed.pictures.chart import Chart
from listed.pictures.selection import Selection
from tests.graphs import firm, graph, listed, owns
from tests.pictures.drawing import Rectangle, chart, edges, inside, label_edges, overlap, ownership, parts, select


def levels(chart: Chart) -> dict[str, float]:
    return {party.id: placed.y for placed in chart.placed for party in placed.card.parties}


@given(ownership())
def test_no_box_lies_over_another(selection: Selection) -> None:
    boxes = [edges(placed) for placed in chart(selection).placed]
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]


@given(ownership())
def test_no_label_lies_over_a_box_or_another_label(selection: Selection) -> None:
    drawn = chart(selection)
    labels = [label_edges(route.label) for route in drawn.routes if route.label]
    boxes = [edges(placed) for placed in drawn.placed]
    assert not [pair for pair in combinations(labels, 2) if overlap(*pair)]
    assert not [label for label in labels for box in boxes if overlap(label, box)]


@given(ownership())
def test_no_line_runs_through_a_box(selection: Selection) -> None:
    drawn = chart(selection)
    boxes = [inside(edges(placed)) for placed in drawn.placed]
    assert not [box for route in drawn.routes for part in parts(route) for box in boxes if overlap(part, box)]


@given(ownership())
def test_no_line_runs_through_the_label_of_another(selection: Selection) -> None:
    drawn = chart(selection)
    for route in drawn.routes:
        if route.label is None:
            continue
        others = [part for one in drawn.routes if one is not route for part in parts(one)]
        assert not [part for part in others if overlap(part, inside(label_edges(route.label)))]


@given(ownership())
def test_every_party_is_drawn_once_and_every_stake_is_told(selection: Selection) -> None:
    drawn = chart(selection)
    shown = [party.id for placed in drawn.placed for party in placed.card.parties]
    assert sorted(shown) == sorted(party.id for party in selection.parties)
    ledgers = [placed.card for placed in drawn.placed if isinstance(placed.card, Ledger)]
    told = [route.tie for route in drawn.routes if route.tie] + [one.tie for card in ledgers for one in card.entries]
    assert {(tie.source, tie.target) for tie in told} == {(tie.source, tie.target) for tie in selection.ties}


@given(ownership())
def test_all_lies_within_the_chart(selection: Selection) -> None:
    drawn = chart(selection)
    for placed in drawn.placed:
        left, top, right, bottom = edges(placed)
        assert left >= -0.1
        assert top >= -0.1
        assert right <= drawn.width + 0.1
        assert bottom <= drawn.height + 0.1


@given(ownership())
def test_a_line_ends_at_the_edge_of_what_is_owned(selection: Selection) -> None:
    drawn = chart(selection)
    boxes = {party.row: edges(placed) for placed in drawn.placed for party in placed.card.parties}
    for route in drawn.routes:
        if route.tie:
            left, top, right, bottom = boxes[route.tie.target]
            x, y = route.points[-1]
            assert left <= x <= right
            assert min(abs(y - top), abs(y - bottom)) < 0.1


def test_owners_stand_above_and_holdings_below() -> None:
    at = levels(chart(select(graph(owns("Top", "Up"), owns("Up", "Firm"), owns("Firm", "Down")), "Firm")))
    assert at["Top"] < at["Up"] < at["Firm"] < at["Down"]


def test_an_owner_stands_above_all_it_owns_also_where_it_holds_the_firm_directly() -> None:
    at = levels(chart(select(graph(owns("CETC", "CETHIK"), owns("CETHIK", "Firm"), owns("CETC", "Firm")), "Firm")))
    assert at["CETC"] < at["CETHIK"] < at["Firm"]


def test_partners_in_a_venture_stand_side_by_side() -> None:
    stakes = [owns(one, "Venture", "50%", role="joint venture partner") for one in ("Firm", "Partner")]
    drawn = chart(select(graph(*stakes), "Firm"))
    bottoms = {
        party.id: placed.y + placed.card.height for placed in drawn.placed for party in placed.card.parties
    }  # fmt: skip
    assert bottoms["Firm"] == bottoms["Partner"] < bottoms["Venture"]


def test_the_line_that_closes_a_loop_points_upward() -> None:
    drawn = chart(select(graph(owns("A", "B"), owns("B", "C"), owns("C", "A")), "B"))
    upward = [route for route in drawn.routes if route.points[0][1] > route.points[-1][1]]
    assert len(upward) == 1


def test_many_holdings_are_told_in_a_ledger() -> None:
    drawn = chart(select(graph(*(owns("Firm", f"Holding {number}", "10%") for number in range(30))), "Firm"))
    ledgers = [placed.card for placed in drawn.placed if isinstance(placed.card, Ledger)]
    assert [len(ledger.entries) for ledger in ledgers] == [27]


def test_a_ledger_tells_how_many_are_left_out() -> None:
    drawn = chart(select(graph(*(owns("Firm", f"Holding {number}", "10%") for number in range(200))), "Firm"))
    assert [card.more for card in (one.card for one in drawn.placed) if isinstance(card, Ledger)] == [
        "+ 161 more holdings"
    ]


def test_a_box_tells_how_many_owners_are_left_out() -> None:
    drawn = chart(select(graph(owns("A", "B"), owns("B", "Firm")), "Firm", hops=1))
    texts = [text.text for one in drawn.placed if isinstance(one.card, Box) for text in one.card.texts]
    assert "+ 1 more owner" in texts


def test_a_listed_party_says_so_in_words() -> None:
    drawn = chart(select(graph(owns("A", "B"), listed("A", "US-BIS-EL")), "B"))
    texts = [text.text for one in drawn.placed if isinstance(one.card, Box) for text in one.card.texts]
    assert "listed: US-BIS-EL" in texts


def test_a_name_in_another_script_stands_below_the_latin_one() -> None:
    given = graph(firm("hw", "Huawei", aliases=("华为技术有限公司",)), owns("hw", "B"))
    drawn = chart(select(given, "hw"))
    first = drawn.placed[0].card
    assert isinstance(first, Box)
    assert [text.text for text in first.texts] == ["Huawei", "华为技术有限公司"]


def test_two_charts_of_one_graph_are_the_same() -> None:
    given = graph(*(owns(f"Owner {number}", "Firm", "5%") for number in range(9)), owns("Firm", "B"))
    assert chart(select(given, "Firm")) == chart(select(given, "Firm"))


@given(ownership())
def test_no_line_runs_along_another_that_it_has_nothing_to_do_with(selection: Selection) -> None:
    for one, other in combinations(chart(selection).routes, 2):
        if one.group != other.group:
            assert not [pair for a in parts(one) for b in parts(other) if _along(*(pair := (a, b)))]


def _along(one: Rectangle, other: Rectangle) -> bool:
    """Whether two thin rectangles lie on one another for more than a crossing takes."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    tall = min(one[3], other[3]) - max(one[1], other[1])
    return wide > 0 and tall > 0 and max(wide, tall) > 2


def test_in_a_list_each_thing_said_of_a_party_begins_a_line() -> None:
    firms = [f"Firm {number}" for number in range(12)]
    said = graph(
        *(owns("Owner", name, "100%") for name in firms),
        *(owns(name, f"{name} {at}", "10%") for name in firms for at in range(9)),
        *(listed(name) for name in firms),
    )
    ledgers = [
        placed.card
        for placed in chart(select(said, "Owner", hops=2, most=20)).placed
        if isinstance(placed.card, Ledger)
    ]
    lines = [line for ledger in ledgers for entry in ledger.entries for line in entry.small]
    assert lines
    assert {line.split()[0] for line in lines} == {"listed:", "would", "+"}
