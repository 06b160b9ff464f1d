"""A graph that holds no list of a regime can say nothing under it: no answer may look like an all-clear."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from listed import terminal
from listed.explorer.map_content import map_content
from listed.explorer.map_state import map_state
from listed.pictures import map_of
from listed.queries.regimes import regime
from listed.queries.rules import affiliates
from listed.queries.screening import Asked, screen
from tests.queries.rule_graphs import graph, on, owns

DAY = date(2025, 1, 1)
LISTLESS = graph(owns("X", "Firm", 60))
LISTED = graph(on("X"), on("X", "US-BIS-EL"), owns("Y", "Firm", 60))
UNSAID = "nothing can be said, for this graph holds no list of it"


def test_affiliates_count_nobody_and_say_why(capsys: pytest.CaptureFixture[str]) -> None:
    answer = affiliates(LISTLESS, DAY, regime="us-ofac")
    assert answer.bounds["no_list"] == ["us-ofac"]
    assert answer.notes[0].startswith("This graph holds no list of us-ofac (US-OFAC-SDN), so under it nothing")
    terminal.show(answer)
    said = capsys.readouterr().out
    assert f"us-ofac: {UNSAID}" in said
    assert "0 captured" not in said


def test_of_all_regimes_they_count_under_those_that_have_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show(affiliates(LISTED, DAY, regime="all"))
    said = capsys.readouterr().out
    assert "us-ofac, us-bis: 0 captured, 0 undetermined" in said
    assert f"uk: {UNSAID}" in said


def test_where_there_is_a_list_a_count_of_none_is_one(capsys: pytest.CaptureFixture[str]) -> None:
    answer = affiliates(LISTED, DAY, regime="us-ofac")
    assert "no_list" not in answer.bounds
    terminal.show(answer)
    assert "\n0 captured, 0 undetermined" in capsys.readouterr().out


def test_a_screening_says_so_also_where_it_goes_to_a_file() -> None:
    answer = screen(LISTLESS, [Asked(2, "Firm")], DAY, regime="us-ofac")
    said = terminal.screening_in_short(answer, "answer.csv")
    assert "Nothing can be said under us-ofac: this graph holds no list of it." in said


def test_a_screening_with_a_list_does_not() -> None:
    answer = screen(LISTED, [Asked(2, "Firm")], DAY, regime="us-ofac")
    assert "Nothing can be said" not in terminal.screening_in_short(answer)


@pytest.mark.parametrize("suffix", ["svg", "html"])
def test_a_picture_says_so_under_it(tmp_path: Path, suffix: str) -> None:
    if suffix == "html":
        pytest.importorskip("pyvis")
    for there, says_so in ((LISTLESS, True), (LISTED, False)):
        place = tmp_path / f"{there is LISTED}.{suffix}"
        map_of(there, "Firm", DAY, regime="us-ofac").save(place)
        assert ("This graph holds no list of the OFAC 50 Percent Rule" in place.read_text("utf-8")) is says_so


def test_so_does_the_map_in_the_browser() -> None:
    state = map_state([("e", "Firm")])
    notes = map_content(LISTLESS, state, DAY, regime("us-ofac")).notes
    assert notes == ("This graph holds no list of the OFAC 50 Percent Rule: that nobody is marked by it says nothing.",)
    assert map_content(LISTED, state, DAY, regime("us-ofac")).notes == ()
