"""Small and random charts, and what to measure on them."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import strategies as st

from listed.graph.snapshot import Graph
from listed.pictures.chart import Chart, Label, Placed, Route, chart_of
from listed.pictures.selection import Selection, Wish, owners_and_holdings
from tests.graphs import graph, listed, owns

DAY = date(2024, 1, 1)
IN_FORCE, SUSPENDED, UNVERIFIED = date(2025, 10, 15), date(2026, 1, 15), date(2026, 11, 25)
NOT_YET = DAY
"""Days by the state of the rule whose verdicts a picture shows."""

Rectangle = tuple[float, float, float, float]


def select(
    given: Graph, entity: str, *, day: date = DAY, hops: int = 3, most: int = 40, history: bool = False
) -> Selection:
    return owners_and_holdings(given, entity, Wish(day, hops, most, history=history))


@st.composite
def ownership(draw: st.DrawFn) -> Selection:
    """What is around one of some firms that own one another, loops included."""
    firms = draw(st.integers(2, 14))
    pairs = draw(st.lists(st.tuples(st.integers(0, firms - 1), st.integers(0, firms - 1)), min_size=1, max_size=30))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=firms, max_size=firms))
    called = [f"{name} {number}" for number, name in enumerate(names)]
    shares = ["", "100%", "51%", "33.33%", "more than 25%, up to 50%"]
    stakes = [
        owns(called[owner], called[asset], draw(st.sampled_from(shares)))
        for owner, asset in sorted(set(pairs)) if owner != asset
    ]  # fmt: skip
    stakes = stakes or [owns(called[0], called[1], "50%")]
    asked = draw(st.sampled_from(sorted({end for one in stakes for end in (one.source, one.target)})))
    return select(graph(*stakes, listed(stakes[0].source)), asked, hops=draw(st.integers(1, 4)))


NAMES = (
    "A",
    "Hangzhou Hikvision Digital Technology Co., Ltd.",
    "华为技术有限公司",
    "Unternehmensbeteiligungsgesellschaft",
)


def chart(selection: Selection) -> Chart:
    return chart_of(selection)


def edges(placed: Placed) -> Rectangle:
    return placed.x, placed.y, placed.x + placed.width, placed.y + placed.card.height


def label_edges(label: Label) -> Rectangle:
    return label.x - label.width / 2, label.y, label.x + label.width / 2, label.y + label.height


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] - 0.1 and other[0] < one[2] - 0.1 and one[1] < other[3] - 0.1 and other[1] < one[3] - 0.1


def parts(route: Route) -> list[Rectangle]:
    """The straight parts of a line, each as a very thin rectangle."""
    return [
        (min(a[0], b[0]) - 0.2, min(a[1], b[1]) - 0.2, max(a[0], b[0]) + 0.2, max(a[1], b[1]) + 0.2)
        for a, b in pairwise(route.points)
    ]


def inside(one: Rectangle) -> Rectangle:
    """A rectangle without its edge."""
    return one[0] + 1, one[1] + 1, one[2] - 1, one[3] - 1
