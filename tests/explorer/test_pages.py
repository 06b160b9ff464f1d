"""What the pages tell, read without a browser."""

from __future__ import annotations

import html
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import listed
from listed.explorer.entity_page import TIES
from listed.graph.vocabulary import LinkType
from listed.loading import open_
from listed.queries.government import STATE_TIES
from tests.explorer.conftest import MARKUP, NEIGHBOURS
from tests.explorer.desk import Served, served

PAGES = ["/", "/?q=sensetime", "/?q=nothing+like+that+at+all", "/entity?id=sensetime-group", "/entity?id=cn-sasac",
         "/paths", "/paths?start=alibaba-group&end=hikvision", "/map", "/screen"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers(bundled: Served, path: str) -> None:
    said = bundled(path)
    assert said.status == 200
    assert said.text.startswith("<!doctype html>")


@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_or_styles_anything_within_itself(bundled: Served, path: str) -> None:
    text = bundled(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_as_json(bundled: Served, path: str) -> None:
    place, _, rest = path.partition("?")
    said = bundled(f"{'/search' if place == '/' else place}.json?{rest}")
    assert said.status == 200
    assert isinstance(said.json, dict)


def test_an_alias_in_chinese_is_suggested(bundled: Served) -> None:
    assert bundled("/suggest.json?q=商汤").json["rows"][0]["entity"] == "sensetime-group"


def test_a_suggestion_needs_only_a_beginning(bundled: Served) -> None:
    assert "megvii" in [row["entity"] for row in bundled("/suggest.json?q=megv").json["rows"]]


def test_the_page_of_an_entity_cites_a_source_for_each_number(bundled: Served) -> None:
    text = bundled("/entity?id=sensetime-group&as-of=2025-10-15").text
    cited = set(re.findall(r'href="#source-(\d+)"', text))
    assert cited
    assert cited <= set(re.findall(r'id="source-(\d+)"', text))
    stakes = re.findall(r'<span class="stake">(.*?)</span>', text, re.DOTALL)
    assert stakes
    assert all("#source-" in stake for stake in stakes)


def test_links_keep_to_the_day(bundled: Served) -> None:
    text = html.unescape(bundled("/entity?id=sensetime-group&as-of=2018-12-01").text)
    assert "/entity?id=alibaba-group&as-of=2018-12-01" in text


def test_the_stake_in_xinjiang_is_there_in_2018_and_gone_in_2020(bundled: Served) -> None:
    holdings = {year: str(bundled(f"/entity.json?id=sensetime-group&as-of={year}-06-01").json["holdings"])
                for year in (2018, 2020)}  # fmt: skip
    assert "xinjiang-jv" in holdings[2018]
    assert "xinjiang-jv" not in holdings[2020]


@pytest.mark.parametrize("name", ["owners", "holdings", "investors", "ventures", "government", "exposure", "verdict"])
def test_an_answer_is_that_of_the_command(bundled: Served, name: str) -> None:
    said = bundled(f"/{name}.json?id=smic&as-of=2025-10-15").json
    graph = open_("bundled")
    assert said == getattr(listed, name)(graph, "smic", date(2025, 10, 15)).to_dict()


def test_verdicts_of_the_page_are_those_of_the_command(bundled: Served) -> None:
    page = bundled("/entity.json?id=smic-jv-beijing&as-of=2025-10-15").json["verdict"]["rows"]
    assert page == bundled("/verdict.json?id=smic-jv-beijing&as-of=2025-10-15").json["rows"]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/entity?id=nobody", 404), ("/entity.json?id=nobody", 404), ("/entity", 404),
     ("/entity?id=a&as-of=yesterday", 400), ("/map.json?e=megvii&regime=none", 400), ("/map.json?e=nobody", 404),
     ("/map.json?type=LOVES", 400),
     ("/map.json?x=megvii~many", 400), ("/paths?start=megvii&end=megvii", 400), ("/owners.xml?id=megvii", 404),
     ("/paths?start=megvii&end=smic&hops=99", 400), ("/screen/outcome.csv?job=x", 400)],
)  # fmt: skip
def test_what_cannot_be_answered_is_told(bundled: Served, path: str, status: int) -> None:
    said = bundled(path)
    assert said.status == status
    assert "Traceback" not in said.text


def test_an_unknown_name_offers_the_closest(bundled: Served) -> None:
    assert "/entity?id=megvii" in bundled("/entity?id=Megvi+Technology").text


def test_a_name_with_markup_is_text(odd: Served) -> None:
    for path in ("/?q=Söhne", "/entity?id=markup", "/paths?start=agent&end=markup", f"/?q={MARKUP[:40]}"):
        text = odd(path).text
        assert "<img" not in text
        assert "<script>" not in text


def test_an_id_with_signs_of_addresses_has_its_page(odd: Served) -> None:
    found = re.search(r'href="(/entity\?id=a%2F[^"]+)"', odd("/entity?id=markup").text)
    assert found
    assert "<h1>Odd Id Ltd</h1>" in odd(html.unescape(found[1])).text


def test_an_entity_with_thousands_of_holdings_has_a_page_of_readable_size(odd: Served) -> None:
    said = odd("/entity?id=agent")
    assert len(said.body) < 400_000
    assert f"{NEIGHBOURS + 1 - 60:,} more holdings" in said.text


def test_a_spreadsheet_is_not_given_a_formula(odd: Served) -> None:
    said = odd("/map.csv?e=markup&e=agent")
    assert said.headers["content-disposition"].startswith("attachment")
    assert "agent,Registered Agent Ltd,OWNS,markup" in said.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "ftp://x", ""])
def test_only_web_addresses_become_links(address: str) -> None:
    from listed.explorer.pages import web_address

    assert web_address(address) == ""


def test_examples_are_offered_only_of_what_is_there(bundled: Served, odd: Served) -> None:
    assert "/entity?id=sensetime-group" in bundled("/").text
    assert "/entity?id=sensetime-group" not in odd("/").text


def test_every_link_has_its_place_on_the_page() -> None:
    assert set(TIES) == set(LinkType) - {LinkType.OWNS, LinkType.CONTROLS, LinkType.INVESTED_IN}


def test_officers_come_first_among_people_and_ties(bundled: Served) -> None:
    ties = bundled("/entity.json?id=sensetime-group&as-of=2025-10-15").json["ties"]
    assert (ties[0]["title"], ties[0]["ties"][0]["name"]) == ("Officers and offices", "Xu Li")


def test_the_head_of_a_page_names_the_lists(bundled: Served) -> None:
    head = bundled("/entity?id=sensetime-group&as-of=2026-07-01").text.partition("</header>\n\n<nav")[0]
    assert "listed: US-DOW-1260H, US-OFAC-NS-CMIC" in head


def badges(text: str) -> list[str]:
    """The words of all verdicts on a page that are not listings."""
    said = re.findall(r'<span class="badge ([^"]*)"><span aria-hidden="true">.</span> ([^<]*)</span>', text)
    assert all(look == f"{word.removeprefix('would be ')} would-be" for look, word in said if "would be" in word)
    return [word for _, word in said if not word.startswith("listed")]


@pytest.mark.parametrize("day", ["2024-01-01", "2026-01-15", "2026-11-25"])
def test_a_page_says_of_nobody_that_it_is_captured_where_the_rule_is_not_in_force(bundled: Served, day: str) -> None:
    told = badges(bundled(f"/entity?id=smic-jv-beijing&as-of={day}").text)
    assert "would be captured" in told
    assert all(word.startswith("would be ") for word in told)


def test_a_page_says_who_is_captured_while_the_rule_is_in_force(bundled: Served) -> None:
    told = badges(bundled("/entity?id=smic-jv-beijing&as-of=2025-10-15").text)
    assert "captured" in told
    assert not any("would be" in word for word in told)


def test_a_page_as_data_says_what_would_be(bundled: Served) -> None:
    told = bundled("/entity.json?id=smic-jv-beijing&as-of=2026-01-15").json
    assert (told["status"], told["regime_status"]) == ("would be captured", "suspended")


def test_a_rule_of_whose_lists_the_graph_holds_none_is_told_openly(bundled: Served) -> None:
    text = bundled("/entity?id=sensetime-group&as-of=2026-07-01").text
    rules = re.findall(r'<details class="verdict" (open)?>\s*<summary><strong>([^<]*)</strong>(.*?)</summary>', text)
    openly = {title: bool(is_open) for is_open, title, said in rules if "nothing can be said" in said}
    assert openly == dict.fromkeys(
        ("OFAC sectoral sanctions, 50 percent rule", "EU ownership criterion", "UK ownership test"), True
    )


def test_a_listing_that_is_told_of_only_later_is_noted_beside_the_listings(bundled: Served) -> None:
    note = "1 listing is told of only from a later day (US-DOW-1260H, 2026-06-10)."
    assert note in bundled("/entity?id=dji&as-of=2025-01-01").text
    assert note not in bundled("/entity?id=dji&as-of=2026-07-01").text


def test_state_bodies_stand_under_what_they_are_to_the_entity(bundled: Served) -> None:
    text = html.unescape(bundled("/entity?id=baihang&as-of=2026-07-01").text)
    state = text[text.index('id="state"') : text.index('id="ties"')]
    behind, other = (state.index(f"<h3>{STATE_TIES[tie]}</h3>") for tie in ("behind", "other"))
    assert behind < state.index("is held 36% by") < other < state.index("is regulated by")
    assert STATE_TIES["trade"] not in state


def test_links_with_state_bodies_that_are_told_of_only_later_are_noted_beside_them(bundled: Served) -> None:
    note = "links told of only from a later day (2026-06-10 the first)"
    assert note in bundled("/entity?id=hikvision&as-of=2025-10-15").text
    assert note not in bundled("/entity?id=hikvision&as-of=2026-07-01").text


def test_a_graph_that_is_loaded_into_is_shown_as_it_was_and_tells_so(tmp_path: Path) -> None:
    table = tmp_path / "stakes.csv"
    table.write_text("owner,asset,share\nAlpha Ltd,Beta Ltd,51%\n", encoding="utf-8")
    listed.load("table", [str(table)], tmp_path / "graph")
    with served(open_(tmp_path / "graph")) as page:
        assert "later one" not in page("/").text
        table.write_text("owner,asset,share\nGamma Ltd,Beta Ltd,51%\n", encoding="utf-8")
        listed.load("table", [str(table)], tmp_path / "graph")
        assert "later one, 2" in html.unescape(page("/").text)
        assert "Alpha Ltd" in page("/entity?id=Beta Ltd").text


def test_many_readers_at_once_are_each_told_what_one_is(bundled: Served) -> None:
    asked = ["/entity.json?id=smic", "/map.json?x=sensetime-group~30", "/suggest.json?q=hua", "/search.json?q=megvii",
             "/paths.json?start=alibaba-group&end=hikvision", "/owners.json?id=hikvision"] * 4  # fmt: skip
    alone = {path: bundled(path).body for path in set(asked)}
    with ThreadPoolExecutor(8) as readers:
        together = list(readers.map(lambda path: bundled(path).body, asked))
    assert together == [alone[path] for path in asked]
