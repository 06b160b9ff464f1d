"""What sources tell of only from a later day is no part of a verdict, and no secret either."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from listed.graph.model import Link
from listed.queries.rules import affiliates, verdict
from listed.queries.screening import Asked, screen
from tests.queries.rule_graphs import Said, graph, on, owns

DAY = date(2025, 1, 1)
LISTED = on("listed", since="2020")


def told(link: Link) -> Link:
    """The same link, of which the source says only when it was told."""
    return replace(link, period=replace(link.period, told=True))


def notes(*said: Said, entity: str = "asset", regime: str = "us-ofac") -> list[str]:
    said_of_it = verdict(graph(LISTED, *said), entity, DAY, regime=regime).notes
    return [note for note in said_of_it if "later day" in note or "only later" in note]


def test_a_stake_told_later_is_named_and_not_counted() -> None:
    there = graph(LISTED, told(owns("listed", "asset", 100, "2026-06-10")))
    answer = verdict(there, "asset", DAY, regime="us-ofac")
    assert answer.rows[0].verdict == "none"
    assert answer.notes == (
        "Told of only from a later day, and so not counted: listed wholly owns asset (told on 2026-06-10).",
    )


def test_so_is_one_that_began_later() -> None:
    (note,) = notes(owns("listed", "asset", 100, "2026"))
    assert note.endswith("listed wholly owns asset (since 2026).")


def test_its_source_is_cited() -> None:
    there = graph(LISTED, other=[owns("listed", "asset", 100, "2026")])
    assert "other" in verdict(there, "asset", DAY, regime="us-ofac").sources


def test_and_one_further_up() -> None:
    chain = owns("between", "asset", 60), owns("listed", "between", 60, "2026")
    (note,) = notes(*chain)
    assert "listed holds 60% of between" in note


def test_also_where_both_are_told_later() -> None:
    chain = owns("between", "asset", 60, "2026"), owns("listed", "between", 60, "2027")
    (note,) = notes(*chain)
    assert "listed holds 60% of between" in note


def test_the_nearest_of_several_reports_is_enough() -> None:
    reports = owns("listed", "asset", 60, "2026", "2027"), owns("listed", "asset", 70, "2027")
    (note,) = notes(*reports)
    assert "60%" in note


def test_no_note_where_it_is_told_what_was_held_on_the_day() -> None:
    assert notes(owns("listed", "asset", 10, "2020", "2026"), owns("listed", "asset", 60, "2026")) == []


def test_no_note_where_it_is_told_that_nothing_was_held() -> None:
    assert notes(owns("listed", "asset", 0, "2020"), owns("listed", "asset", 60, "2026")) == []


def test_no_note_of_a_later_sale() -> None:
    assert notes(owns("listed", "asset", 0, "2026")) == []


def test_no_note_of_owners_that_are_not_captured() -> None:
    assert notes(owns("other", "asset", 60, "2026")) == []


def test_no_note_where_the_verdict_is_certain_without_it() -> None:
    assert notes(owns("listed", "asset", 60), on("second"), owns("second", "asset", 40, "2026")) == []


def test_no_note_under_a_rule_that_asks_nothing_of_owners() -> None:
    said = on("cmic", "US-OFAC-NS-CMIC"), owns("cmic", "asset", 100, "2026")
    assert notes(*said, regime="us-cmic") == []


def test_only_the_first_are_named_the_others_counted() -> None:
    owners = [(on(f"listed-{n}"), owns(f"listed-{n}", "asset", 1, "2026")) for n in range(8)]
    told_of = notes(*(one for pair in owners for one in pair))
    assert len(told_of) == 6
    assert told_of[-1] == "3 more such stakes are told of only later."


def test_a_loop_of_later_stakes_ends() -> None:
    loop = owns("a", "asset", 60, "2026"), owns("asset", "a", 60, "2026"), owns("listed", "a", 60, "2026")
    assert len(notes(*loop)) == 1


def test_affiliates_and_screenings_count_them() -> None:
    there = graph(LISTED, owns("listed", "first", 60, "2026"), owns("listed", "second", 60, "2026"))
    said = (
        "2 stakes of listed or captured owners are told of only from a later day, and so not counted "
        "(listed verdict names them)."
    )
    assert said in affiliates(there, DAY, regime="us-ofac").notes
    assert said in screen(there, [Asked(2, "first")], DAY, regime="us-ofac").notes


def test_they_count_nothing_where_there_is_nothing() -> None:
    there = graph(LISTED, owns("listed", "first", 60))
    assert affiliates(there, DAY, regime="us-ofac").notes == ()
