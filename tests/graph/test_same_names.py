"""Parties that have the name of a listed entity of another dataset: told at the load, never joined."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from listed.cli import cli
from listed.graph.merge import merge
from listed.graph.model import Entity, Name
from listed.graph.names import fold
from listed.graph.same_names import SameNames, coarse, same_names
from listed.loading import LoadReport, build, load
from tests.graphs import About, firm, items, listed

DAY = date(2025, 10, 15)
LEI = (("lei", "529900T8BM49AURSDO55"),)
HIK = (firm("hik", "Hangzhou Hikvision Co., Ltd.", aliases=("Hikvision",)), listed("hik", "US-BIS-EL"))
TIP = "owner,asset,share\nHangzhou Hikvision Co. Ltd.,Bolts GmbH,60%\n"
LISTS = 'name,list\n"Hangzhou Hikvision Co., Ltd.",US-BIS-EL\n'


def found(*tip: About, lists: tuple[About, ...] = HIK, apart: tuple[frozenset[str], ...] = ()) -> SameNames:
    parts = [("lists", build("lists", items(*lists))), ("tip", build("tip", items(*tip, source="tip")))]
    return same_names(merge(parts)[0], "tip", parts[1][1], DAY, apart)


class TestWhoIsFound:
    @pytest.mark.parametrize("name", ["Hangzhou Hikvision Co. Ltd.", "HANGZHOU HIKVISION CO LTD", "hikvision"])
    def test_a_party_with_any_name_of_a_listed_one(self, name: str) -> None:
        (pair,) = found(firm("t", name)).pairs
        assert (pair.id, pair.other, pair.lists) == ("t", "hik", ("US-BIS-EL",))

    @pytest.mark.parametrize("name", ["Hangzhou Hikvision Ltd.", "Hikvision Digital"])
    def test_no_party_with_another_name(self, name: str) -> None:
        assert found(firm("t", name)).parties == 0

    def test_nobody_who_became_the_listed_one_by_an_identifier(self) -> None:
        lists = (firm("hik", "Hikvision", ids=LEI), listed("hik"))
        assert found(firm("t", "Hikvision", ids=LEI), lists=lists).parties == 0

    def test_nobody_whom_you_decided_to_be_another(self) -> None:
        assert found(firm("t", "Hikvision"), apart=(frozenset(("t", "hik")),)).parties == 0

    def test_nobody_of_another_country(self) -> None:
        lists = (Entity("hik", (Name("Hikvision"),), "Company", ("cn",)), listed("hik"))
        assert found(Entity("t", (Name("Hikvision"),), "Company", ("de",)), lists=lists).parties == 0

    def test_nobody_with_the_name_of_one_that_is_listed_no_more(self) -> None:
        lists = (firm("hik", "Hikvision"), listed("hik", "US-BIS-EL", "2019", "2020"))
        assert found(firm("t", "Hikvision"), lists=lists).parties == 0

    def test_names_of_a_dataset_that_lists_them_itself_are_not_met(self) -> None:
        assert found(firm("t", "Acme"), firm("u", "Acme"), listed("u"), lists=(firm("a"),)).parties == 0

    def test_all_are_counted_and_three_are_told(self) -> None:
        answer = found(*(firm(f"t{place}", "Hikvision") for place in range(5)))
        assert (answer.parties, [pair.id for pair in answer.pairs]) == (5, ["t0", "t1", "t2"])

    def test_in_any_script(self) -> None:
        lists = (firm("a", "商汤科技"), listed("a"), firm("b", "Łódź & Söhne Straße"), listed("b"))
        assert found(firm("t", "商汤 科技"), firm("u", "Lodz and Sohne Strasse"), lists=lists).parties == 2


@given(st.text(st.one_of(st.sampled_from("Co.,&Ltd' -()?ßøŁđıæœς"), st.characters(max_codepoint=0x24F),
                         st.characters(min_codepoint=0x370, max_codepoint=0x45F),
                         st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)), max_size=20))  # fmt: skip
def test_names_that_fold_alike_have_one_coarse_key(text: str) -> None:
    keys = coarse(pa.array([text, fold(text)])).to_pylist()
    assert keys[0] == keys[1]


class TestTheReport:
    @pytest.fixture
    def graph(self, tmp_path: Path) -> Path:
        (tmp_path / "lists.csv").write_text(LISTS.replace("name,list", "entity_id,name,list").replace('"H', 'hik,"H'))
        (tmp_path / "tip.csv").write_text(TIP, encoding="utf-8")
        load("table", [str(tmp_path / "lists.csv")], tmp_path / "graph")
        return tmp_path / "graph"

    @pytest.fixture
    def report(self, graph: Path) -> LoadReport:
        return load("table", [str(graph.parent / "tip.csv")], graph)

    def test_it_tells_them(self, report: LoadReport) -> None:
        assert [pair.other for pair in report.same_names.pairs] == ["hik"]

    def test_also_when_the_same_is_loaded_again(self, report: LoadReport, graph: Path) -> None:
        again = load("table", [str(graph.parent / "tip.csv")], graph)
        assert (again.changed, again.same_names) == (False, report.same_names)

    def test_the_terminal_says_what_to_do(self, graph: Path) -> None:
        words = ["load", "table", str(graph.parent / "tip.csv"), "--graph", str(graph)]
        said = CliRunner().invoke(cli, words, standalone_mode=False).output
        assert "1 party has the name of a listed entity of another dataset" in said
        assert "listed decide 'name:hangzhou hikvision co ltd' hik --same" in said
        assert "listed duplicates --dataset table-tip" in said
