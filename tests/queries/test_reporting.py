"""What a graph tells of its own making."""

from __future__ import annotations

from listed.queries.reporting import flagged
from tests.graphs import graph, listed, only_told, owns


def test_a_start_that_was_only_told_is_no_doubt_about_the_file() -> None:
    told = graph(only_told(owns("A", "B", "51%", "2019")), only_told(listed("A", start="2020")))
    assert flagged(told).rows == ()


def test_a_doubt_is_told_also_of_what_was_only_told() -> None:
    doubted = graph(only_told(owns("A", "B", "a lot", "2019")))
    assert [row.flag.split(":")[0] for row in flagged(doubted).rows] == ["share"]
