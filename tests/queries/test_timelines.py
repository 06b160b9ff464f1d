"""When a verdict changed: what a source dates, what it only tells of, and what no list can say."""

from __future__ import annotations

from datetime import date

import pytest

from listed import terminal
from listed.graph.snapshot import Graph
from listed.queries.timelines import timeline
from tests.graphs import only_told
from tests.queries.rule_graphs import graph, on, owns

DAY = date(2025, 1, 1)


REPORTED = graph(on("X", since="2015-03-01"), only_told(owns("X", "A", 60, "2020-06-10")))


def printed(there: Graph, capsys: pytest.CaptureFixture[str], day: date = DAY) -> str:
    terminal.show(timeline(there, "A", day, regime="us-ofac"))
    return capsys.readouterr().out


def test_a_report_is_no_beginning() -> None:
    last = timeline(REPORTED, "A", DAY, regime="us-ofac").rows[-1]
    assert (last.from_date, last.verdict) == ("2020-06-10", "captured")
    assert last.changes == ("told from this day: X holds 60% of A (told on 2020-06-10)",)


def test_a_beginning_is_one() -> None:
    rows = timeline(graph(on("X"), owns("X", "A", 60, "2020-06-10")), "A", DAY, regime="us-ofac").rows
    assert rows[-1].changes == ("from this day: X holds 60% of A (since 2020-06-10)",)


def test_a_listing_that_is_only_told_of_reads_so_too() -> None:
    rows = timeline(graph(only_told(on("X", since="2020-06-10")), owns("X", "A", 60)), "A", DAY, regime="us-ofac").rows
    assert rows[-1].changes == ("told from this day: X on US-OFAC-SDN",)


def test_no_note_says_that_a_stake_is_not_counted_above_the_row_that_counts_it() -> None:
    assert timeline(REPORTED, "A", DAY, regime="us-ofac").notes == ()


def test_but_one_says_so_of_what_is_told_after_its_last_day() -> None:
    (note,) = timeline(REPORTED, "A", date(2019, 1, 1), regime="us-ofac").notes
    assert note.startswith("Told of only from a later day, and so not counted: X holds 60% of A")


def test_none_is_not_read_as_a_stake_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    said = printed(REPORTED, capsys)
    assert "us-ofac: none, no stake of a listed or captured owner known" in said
    assert "us-ofac: captured, 60% held by listed or captured owners" in said
    assert "0% held by" not in said.replace("60% held by", "")


def test_without_a_list_of_the_regime_nothing_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    there = graph(owns("X", "A", 60))
    assert all(row.no_list for row in timeline(there, "A", DAY, regime="us-ofac").rows)
    said = printed(there, capsys)
    assert "us-ofac: nothing can be said, for this graph holds no list of it" in said
    assert "none" not in said
