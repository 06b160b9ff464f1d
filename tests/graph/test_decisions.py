"""A reader's decisions: the file they are kept in, and what merging makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed import deciding
from listed.deciding import decide
from listed.errors import InputError, QueryError
from listed.graph.decisions import (
    NO_DECISIONS,
    Decision,
    Decisions,
    Verdict,
    place_of,
    read_decisions,
    write_decisions,
)
from listed.graph.merge import MergeReport, merge
from listed.graph.model import Link
from listed.graph.snapshot import open_graph
from listed.graph.tables import Tables
from listed.graph.vocabulary import LinkType
from listed.loading import load, remerge
from tests.graph.folders import make
from tests.graph.test_merge import company, dataset

HEAD = "one,other,decision,by,on,note\n"


def same(one: str, other: str) -> Decision:
    return Decision(one, other, "same")


def different(one: str, other: str) -> Decision:
    return Decision(one, other, "different")


def merged(*parts: tuple[str, Tables], decided: tuple[Decision, ...]) -> tuple[dict[str, str], MergeReport]:
    """Which id went into which, and the report."""
    tables, report = merge(parts, Decisions(decided))
    return {row["id"]: row["entity"] for row in tables["merged_ids"].to_pylist()}, report


class TestFile:
    def test_no_file_is_no_decision(self, tmp_path: Path) -> None:
        assert read_decisions(tmp_path / "decisions.csv") == NO_DECISIONS

    def test_a_later_row_about_a_pair_holds(self, tmp_path: Path) -> None:
        (tmp_path / "d.csv").write_text(HEAD + "a,b,same,,,\nb,a,different,,,\n", encoding="utf-8")
        assert [row.decision for row in read_decisions(tmp_path / "d.csv")] == ["different"]

    def test_three_columns_are_enough(self, tmp_path: Path) -> None:
        (tmp_path / "d.csv").write_text("\ufeffone,other,decision\na,b,Same\n", encoding="utf-8")
        assert read_decisions(tmp_path / "d.csv").same() == [same("a", "b")]

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            (HEAD + "a,b,perhaps,,,\n", "d.csv, row 2: a decision is same or different, not 'perhaps'"),
            (HEAD + "a,b,same,,,\na,,same,,,\n", "row 3: a decision is about two ids"),
            (HEAD + "a,a,same,,,\n", "row 2: a decision is about two ids"),
            ("left,right\na,b\n", "no column one"),
            (HEAD + 'a,b,same,,,"never closed' + "x" * 200_000, "cannot read the decisions: field larger than"),
        ],
    )
    def test_a_row_that_is_none_is_named(self, tmp_path: Path, text: str, told: str) -> None:
        (tmp_path / "d.csv").write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=told):
            read_decisions(tmp_path / "d.csv")

    def test_a_file_that_is_no_text_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "d.csv").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(InputError, match="cannot read the decisions"):
            read_decisions(tmp_path / "d.csv")

    def test_where_it_is(self, tmp_path: Path) -> None:
        assert place_of(tmp_path) == tmp_path / "decisions.csv"
        assert place_of(tmp_path, "given.csv") == Path("given.csv")

    words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zs", "Zl", "Zp"))).map(str.strip)
    verdicts: st.SearchStrategy[Verdict] = st.sampled_from(("same", "different"))

    @given(st.lists(st.builds(Decision, words.filter(bool), st.just("z"), verdicts, words, words, words)))
    def test_what_is_written_reads_back(self, tmp_path_factory: pytest.TempPathFactory, rows: list[Decision]) -> None:
        decisions = NO_DECISIONS
        for row in rows:
            if row.one != row.other:
                decisions = decisions.with_one(row)
        path = tmp_path_factory.mktemp("decisions") / "d.csv"
        write_decisions(path, decisions)
        assert read_decisions(path) == decisions


class TestMerging:
    def test_the_same_is_one(self) -> None:
        gone, _ = merged(dataset("a", company("1", "Acme"), company("2", "Acme")), decided=(same("1", "2"),))
        assert gone == {"2": "1"}

    def test_it_is_so_by_way_of_a_third(self) -> None:
        three = dataset("a", company("1"), company("2"), company("3"))
        gone, _ = merged(three, decided=(same("3", "2"), same("2", "1")))
        assert gone == {"2": "1", "3": "1"}

    def test_the_reason_is_recorded(self) -> None:
        decided = Decision("1", "2", "same", "Ada", "2026-11-25", "one address")
        tables, _ = merge([dataset("a", company("1"), company("2"))], Decisions((decided,)))
        assert tables["merged_ids"]["reason"].to_pylist() == ["decided by Ada on 2026-11-25: one address"]

    def test_the_different_stay_two_against_an_identifier(self) -> None:
        two = dataset("a", company("1", lei="X"), company("2", lei="X"))
        gone, report = merged(two, decided=(different("1", "2"),))
        assert gone == {}
        assert report.conflicts == ("1 and 2 (same lei X) stay two, as decided",)

    def test_they_stay_two_by_way_of_a_third(self) -> None:
        three = dataset("a", company("1", lei="X"), company("2", lei="X", wikidata="Q"), company("3", wikidata="Q"))
        gone, report = merged(three, decided=(different("1", "3"),))
        assert len(gone) == 1
        assert "would make one of 1 and 3" in report.conflicts[0]

    def test_of_two_decisions_that_contradict_the_one_that_parts_holds(self) -> None:
        three = dataset("a", company("1"), company("2"), company("3"))
        gone, report = merged(three, decided=(same("1", "2"), same("2", "3"), different("1", "3")))
        assert gone == {"2": "1"}
        assert len(report.conflicts) == 1

    def test_an_id_that_no_source_names_is_told_and_changes_nothing(self) -> None:
        gone, report = merged(dataset("a", company("1")), decided=(same("1", "gone"),))
        assert (gone, report.unknown) == ({}, ("gone",))

    def test_links_lead_to_the_one(self) -> None:
        two = dataset("a", company("1"), company("2"), Link("2", "3", LinkType.OWNS))
        tables, _ = merge([two], Decisions((same("1", "2"),)))
        assert tables["links"]["source"].to_pylist() == ["1"]

    ids = st.sampled_from("uvwxyz")
    pairs = st.tuples(ids, ids).filter(lambda pair: pair[0] != pair[1])

    @given(st.lists(pairs, max_size=6), st.lists(pairs, max_size=4), st.lists(st.tuples(ids, st.sampled_from("12"))))
    def test_no_two_that_are_kept_apart_are_ever_one(
        self, joined: list[tuple[str, str]], parted: list[tuple[str, str]], leis: list[tuple[str, str]]
    ) -> None:
        decisions = NO_DECISIONS
        for pair in joined:
            decisions = decisions.with_one(same(*pair))
        for pair in parted:
            decisions = decisions.with_one(different(*pair))
        parties = [company(id_) for id_ in "uvwxyz"] + [company(id_, lei=lei) for id_, lei in leis]
        gone, _ = merged(dataset("a", *parties), decided=decisions.rows)
        assert all(gone.get(one, one) != gone.get(other, other) for one, other in decisions.different())


class TestAFileThatIsEdited:
    """By hand, or by a decision that was killed before its snapshot was there."""

    @pytest.fixture
    def graph(self, tmp_path: Path) -> Path:
        made = make(tmp_path / "graph", tmp_path)
        (made / "decisions.csv").write_text(f"{HEAD}name:asset 1,name:asset 2,same,,,\n", encoding="utf-8")
        return made

    @staticmethod
    def joined(graph: Path) -> int:
        return int(open_graph(graph).tables["merged_ids"].num_rows)

    def test_is_applied_by_the_next_load_though_that_says_nothing_new(self, graph: Path) -> None:
        report = load("table", [str(graph.parent / "stakes.csv")], graph, dataset="stakes")
        assert (report.changed, self.joined(graph)) == (True, 1)
        assert not load("table", [str(graph.parent / "stakes.csv")], graph, dataset="stakes").changed

    def test_is_applied_by_deciding_the_same_again(self, graph: Path) -> None:
        assert decide("name:asset 1", "name:asset 2", "same", graph=graph).changed
        assert self.joined(graph) == 1
        assert not decide("name:asset 1", "name:asset 2", "same", graph=graph).changed

    def test_an_editors_own_file_beside_it_stays(self, graph: Path) -> None:
        (graph / ".decisions.csv.swp").write_text("what is typed and not saved", encoding="utf-8")
        load("table", [str(graph.parent / "stakes.csv")], graph, dataset="stakes")
        assert (graph / ".decisions.csv.swp").exists()

    def test_says_what_is_published_though_the_command_was_told_to_end_then(
        self, graph: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stopped(*how: Any) -> None:
            remerge(*how)
            raise KeyboardInterrupt

        (graph / "decisions.csv").unlink()
        monkeypatch.setattr(deciding, "remerge", stopped)
        with pytest.raises(KeyboardInterrupt):
            decide("name:asset 1", "name:asset 2", "same", graph=graph)
        assert (self.joined(graph), len(read_decisions(graph / "decisions.csv").rows)) == (1, 1)

    def test_from_which_a_row_was_taken_is_applied_by_undoing_it(self, graph: Path) -> None:
        decide("name:asset 1", "name:asset 2", "same", graph=graph)
        (graph / "decisions.csv").write_text(HEAD, encoding="utf-8")
        assert decide("name:asset 1", "name:asset 2", graph=graph, undo=True).changed
        assert self.joined(graph) == 0
        with pytest.raises(QueryError, match="nothing was decided"):
            decide("name:asset 1", "name:asset 2", graph=graph, undo=True)
