"""What a call is answered with: sources and bounds, or one clear line; never more than fits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import listed
from listed.assistant.evidence import MOST_LETTERS, as_text, told, visible
from listed.assistant.questions import QUESTIONS, Desk
from listed.assistant.tools import call, tools
from listed.loading import open_
from tests.assistant.conftest import HOSTILE

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("search", {"name": "商汤"}),
    ("show", {"entity": "SenseTime"}),
    ("owners", {"entity": "sensetime-group"}),
    ("owners", {"entity": "sensetime-group", "look_through": True}),
    ("holdings", {"entity": "sensetime-group", "history": True}),
    ("investors", {"entity": "SenseTime"}),
    ("ventures", {"entity": "SenseTime", "history": True}),
    ("government", {"entity": "Hikvision"}),
    ("exposure", {"entity": "Qualcomm", "lists": ["US-BIS-EL"]}),
    ("paths", {"start": "Qualcomm", "end": "xinjiang-jv", "as_of": "2018-06-01"}),
    ("verdict", {"entity": "smic-jv-beijing", "as_of": "2025-10-15"}),
    ("affiliates", {"as_of": "2025-10-15"}),
    ("timeline", {"entity": "smic-jv-beijing"}),
    ("screen", {"names": ["Huawei", {"name": "Beihang University", "country": "China"}]}),
    ("query", {"name": "listed-together", "parameters": {"entity": "hikvision"}}),
]


def answer(desk: Desk, tool: str, /, **arguments: Any) -> dict[str, Any]:
    reply = call(desk, tool, arguments)
    assert reply.answer is not None, reply.text
    return reply.answer


def refusal(desk: Desk, name: str, arguments: dict[str, Any]) -> str:
    reply = call(desk, name, arguments)
    assert reply.is_error
    assert len(reply.text.splitlines()) == 1
    assert len(reply.text) < 1_100
    return reply.text


def cited(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = set(value.get("sources", ())) if isinstance(value.get("sources"), list) else set()
        return own.union(*(cited(one) for key, one in value.items() if key != "sources"))
    return set().union(*map(cited, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize(("name", "arguments"), ASKED)
def test_every_question_is_answered_with_its_rows(desk: Desk, name: str, arguments: dict[str, Any]) -> None:
    assert answer(desk, name, **arguments)["rows"]


@pytest.mark.parametrize(("name", "arguments"), ASKED)
def test_every_source_a_row_cites_is_told(desk: Desk, name: str, arguments: dict[str, Any]) -> None:
    told = answer(desk, name, **arguments)
    assert cited(told["rows"]) <= set(told["sources"])


@pytest.mark.parametrize(("name", "arguments"), ASKED)
def test_every_answer_says_of_which_day_graph_and_snapshot_it_is(
    desk: Desk, name: str, arguments: dict[str, Any]
) -> None:
    told = answer(desk, name, **arguments)
    day = arguments.get("as_of", listed.search(desk.graph, "x").as_of.isoformat())
    assert (told["as_of"], told["graph"], told["snapshot"]) == (day, "bundled", 1)


def test_an_answer_is_that_of_the_command(desk: Desk) -> None:
    rows = answer(desk, "exposure", entity="Qualcomm")["rows"]
    assert [row["sentence"] for row in rows] == [row.sentence for row in listed.exposure(desk.graph, "Qualcomm").rows]


def test_the_catalogue_and_the_report_answer_too(desk: Desk) -> None:
    assert all(answer(desk, name)["rows"] for name in ("sources", "report", "queries"))


class TestBounds:
    def test_an_answer_that_does_not_fit_says_how_many_rows_are_left(self, desk: Desk) -> None:
        whole = listed.affiliates(desk.graph)
        bounds = told(whole, most=5_000)["bounds"]
        assert bounds["rows_told"] + bounds["rows_not_told"] == len(whole.rows)

    def test_reading_on_gives_every_row_once(self, desk: Desk) -> None:
        whole = listed.affiliates(desk.graph)
        seen: list[str] = []
        skip: int | None = 0
        while skip is not None:
            page = told(whole, skip, most=6_000)
            seen += [row["entity"] for row in page["rows"]]
            skip = page["bounds"].get("read_on_with_skip")
        assert seen == [row.entity for row in whole.rows]

    @pytest.mark.parametrize("most", [1_000, 3_000, 10_000, MOST_LETTERS])
    def test_an_answer_is_as_long_as_asked_and_one_row(self, desk: Desk, most: int) -> None:
        # The head and one row, shortened as far as it goes, are told in any case.
        assert len(as_text(told(listed.exposure(desk.graph, "Alibaba"), most=most))) < most + 4_000

    def test_a_long_name_is_cut_and_the_bounds_say_so(self, hostile: Path) -> None:
        found = answer(Desk(open_(hostile)), "owners", entity="Bolt")
        assert "row.owner_name" in found["bounds"]["shortened"]

    def test_what_lies_beyond_the_last_row_is_told_to_be_nothing(self, desk: Desk) -> None:
        found = answer(desk, "owners", entity="sensetime-group", skip=1_000)
        assert (found["rows"], found["bounds"]["rows_told"]) == ([], 0)


class TestRefusals:
    @pytest.mark.parametrize("name", QUESTIONS)
    def test_what_a_tool_does_not_take_is_refused_by_name(self, desk: Desk, name: str) -> None:
        assert "password" in refusal(desk, name, {"password": "x"}) or "required" in refusal(desk, name, {})

    @pytest.mark.parametrize(
        ("name", "arguments", "said"),
        [
            ("verdict", {"entity": "SenseTime", "as_of": "2025-13-15"}, "write it as 2018-12-01"),
            ("verdict", {"entity": "SenseTime", "regime": "mars"}, "mars"),
            ("show", {"entity": "nobody at all"}, "no entity is called"),
            ("show", {}, "entity"),
            ("exposure", {"entity": "Alibaba", "hops": 99}, "hops"),
            ("exposure", {"entity": "Alibaba", "types": ["LOVES"]}, "LOVES"),
            ("exposure", {"entity": "Alibaba", "lists": ["MARS"]}, "MARS"),
            ("search", {"name": "x" * 10_000_000}, "length"),
            ("search", {"name": "\ud800"}, "half a character"),
            ("search", {"name": ["x"]}, "Expected `str`"),
            ("screen", {"names": ["x"] * 51}, "length"),
            ("query", {"name": "drop-all"}, "no query"),
            ("query", {"name": "listed-together", "parameters": {"graph": "x"}}, "no parameter"),
            ("load", {"source": "csl"}, "no tool"),
        ],
    )
    def test_a_wrong_call_is_one_clear_line(self, desk: Desk, name: str, arguments: dict[str, Any], said: str) -> None:
        assert said in refusal(desk, name, arguments)

    def test_nothing_that_writes_is_a_tool(self, desk: Desk) -> None:
        writing = {"load", "decide", "push", "pull", "export", "map", "cypher"}
        assert not writing & {one.name for one in tools(desk)}

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        name=st.sampled_from([*QUESTIONS, "none"]),
        arguments=st.dictionaries(
            st.sampled_from(["name", "names", "entity", "start", "end", "as_of", "hops", "skip", "parameters", "x"]),
            st.recursive(
                st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
                max_leaves=5,
            ),
        ),
    )
    def test_no_call_breaks_a_tool(self, desk: Desk, name: str, arguments: dict[str, Any]) -> None:
        assert "within Listed" not in call(desk, name, arguments).text


class TestParameters:
    @pytest.mark.parametrize("name", QUESTIONS)
    def test_every_tool_and_parameter_is_described(self, desk: Desk, name: str) -> None:
        tool = next(one for one in tools(desk) if one.name == name)
        assert tool.description
        assert all(one.get("description") or name == "search" for one in tool.parameters["properties"].values())

    def test_a_regime_is_one_of_those_there_are(self, desk: Desk) -> None:
        tool = next(one for one in tools(desk) if one.name == "verdict")
        assert {"us-bis", "us-ofac", "all"} <= set(tool.parameters["properties"]["regime"]["enum"])

    def test_a_list_may_come_as_json_in_a_text_or_as_one_bare_item(self, desk: Desk) -> None:
        asked = [answer(desk, "exposure", entity="Qualcomm", lists=given)["asked"]["lists"]
                 for given in (["US-BIS-EL"], '["US-BIS-EL"]', "US-BIS-EL")]  # fmt: skip
        assert asked == [["US-BIS-EL"]] * 3

    def test_what_is_null_is_not_given(self, desk: Desk) -> None:
        assert answer(desk, "show", entity="SenseTime", as_of=None)["rows"]


class TestHostileNames:
    def test_what_does_not_show_is_written_out(self, hostile: Path) -> None:
        text = call(Desk(open_(hostile)), "owners", {"entity": "Bolt"}).text
        assert "<U+202E>" in text
        assert "<U+E0064>" in text
        assert not any(ord(letter) >= 0xE0000 or letter == "\u202e" for letter in text)

    def test_an_order_in_a_name_stays_a_name_and_keeps_its_source(self, hostile: Path) -> None:
        rows = answer(Desk(open_(hostile)), "owners", entity="Bolt")["rows"]
        (row,) = [row for row in rows if row["owner_name"] == HOSTILE["an order"]]
        assert row["sources"]

    def test_a_text_of_any_script_stays_as_it_is(self) -> None:
        for text in ("商汤科技", "ООО «ЗАЛА»", "شركة", "می\u200cخواهم", "é", "👍"):
            assert visible(text) == text
