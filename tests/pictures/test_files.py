"""The files: whole, offline, safe whatever a name holds, and readable without colour."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import ExportError
from listed.graph.snapshot import Graph
from listed.loading import load, open_
from listed.pictures import map_of
from tests.graphs import firm, graph, listed, owns
from tests.pictures.drawing import IN_FORCE, NOT_YET, SUSPENDED, UNVERIFIED

EVIL = 'Evil </script><img src=x onerror="alert(1)"> & "Sons" \u202e\x07 <b>'
DAY = date(2024, 1, 1)
BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


def four_standings() -> Graph:
    stakes = {"Captured": "60%", "Minor": "20%", "Open": "more than 25%, up to 50%"}
    return graph(listed("L", "US-BIS-EL"), *(owns("L", asset, share) for asset, share in stakes.items()))


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@pytest.fixture(scope="module")
def bundled() -> Graph:
    return open_("bundled")


@pytest.fixture(scope="module")
def hikvision(bundled: Graph) -> str:
    return map_of(bundled, "hikvision", date(2023, 1, 1)).svg()


@given(st.text(min_size=1, max_size=60))
def test_an_svg_is_whole_whatever_a_name_holds(name: str) -> None:
    ElementTree.fromstring(map_of(graph(firm("a", name), owns("a", "b", "51%")), "a", DAY).svg())


def test_a_name_with_markup_in_it_stays_text() -> None:
    svg = map_of(graph(firm("a", EVIL), owns("a", "b")), "a", DAY).svg()
    assert {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(svg).iter()} <= {
        "svg", "title", "style", "rect", "text", "path", "g",
    }  # fmt: skip


def test_a_chart_has_a_title(hikvision: str) -> None:
    assert "Who owns Hangzhou Hikvision Digital" in " ".join(texts(hikvision))


def test_a_chart_tells_its_day_and_its_snapshot(hikvision: str) -> None:
    assert "As of 2023-01-01. Listed, bundled graph, snapshot 1" in texts(hikvision)


def test_a_chart_tells_its_sources(hikvision: str) -> None:
    assert "Hikvision (infobox, later holders) (Wikipedia copy, 2022)" in " ".join(texts(hikvision))


def test_a_chart_explains_the_lists_it_names(hikvision: str) -> None:
    assert "US-BIS-EL: Entity List (US Commerce, BIS)" in " ".join(texts(hikvision))


def test_a_chart_needs_no_other_file(hikvision: str) -> None:
    assert not re.search(r"(?:href|src)\s*=|url\(|@import|<image|<use", hikvision)


def test_standings_are_told_in_words(bundled: Graph) -> None:
    given = four_standings()
    told = texts(map_of(given, "L", IN_FORCE).svg())
    assert {"listed: US-BIS-EL", "captured", "minority", "undetermined"} <= set(told)


CONDITIONAL = pytest.mark.parametrize(
    ("day", "state"),
    [(NOT_YET, "rule not in force"), (SUSPENDED, "rule suspended"), (UNVERIFIED, "rule not verified")],
)


@CONDITIONAL
def test_a_chart_says_of_nobody_that_it_is_captured_where_the_rule_is_not_in_force(day: date, state: str) -> None:
    svg = map_of(four_standings(), "L", day).svg()
    told = {*texts(svg), *re.findall(r"<title>([^<]*)</title>", svg)}
    assert {"would be captured", "would be minority", "would be undetermined", f"would be captured ({state})"} <= told
    assert not [line for line in told if re.search(r"(?<!would be )\bcaptured\b(?! \()", only_of_boxes(line))]


def only_of_boxes(line: str) -> str:
    """A line without what is said of the word itself: "undetermined: possibly captured", and the remark below."""
    return re.sub("possibly captured|^Would be captured, undetermined, minority.*", "", line)


@CONDITIONAL
def test_what_would_be_has_an_edge_of_its_own(day: date, state: str) -> None:
    svg = map_of(four_standings(), "L", day).svg()
    assert 'rect class="captured would-be"' in svg
    assert re.search(r"\.would-be\.captured\{[^}]*stroke-dasharray", svg), state
    assert 'class="captured would-be"' not in map_of(four_standings(), "L", IN_FORCE).svg()


def test_a_claim_and_its_source_are_read_on_pointing_at_a_line() -> None:
    svg = map_of(graph(owns("A", "B", "51%")), "B", DAY).svg()
    assert "A holds 51% of B.\nSource: A paper" in svg


def test_a_graph_in_a_folder_does_not_tell_its_folder(tmp_path: Path) -> None:
    table = tmp_path / "stakes.csv"
    table.write_text("owner,asset,share\nAcme,Bolt,51%\n", encoding="utf-8")
    load("table", [str(table)], tmp_path / "secret", accept="any")
    assert "secret" not in map_of(open_(tmp_path / "secret"), "Acme", DAY).svg()


def test_a_notebook_shows_the_chart(bundled: Graph) -> None:
    assert map_of(bundled, "hikvision", DAY)._repr_svg_().startswith("<svg")


def test_a_png_is_a_picture_of_twice_the_size(bundled: Graph) -> None:
    pytest.importorskip("resvg_py")
    picture = map_of(bundled, "sensetime-group", DAY)
    wide = float(re.findall(r'width="([\d.]+)"', picture.svg())[0])
    png = picture.png()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert abs(int.from_bytes(png[16:20], "big") - 2 * wide) <= 1


def test_chinese_names_show_in_a_png_or_the_png_is_refused() -> None:
    pytest.importorskip("resvg_py")
    latin = map_of(graph(firm("a", "Huawei"), owns("a", "b")), "a", DAY).png()
    with contextlib.suppress(ExportError):
        assert map_of(graph(firm("a", "Huawei", aliases=("华为技术",)), owns("a", "b")), "a", DAY).png() != latin


def test_letters_no_font_has_are_refused_in_a_line() -> None:
    pytest.importorskip("resvg_py")
    with pytest.raises(ExportError, match="no font of this machine"):
        map_of(graph(firm("a", "Linear \U00010600"), owns("a", "b")), "a", DAY).png()


@pytest.mark.parametrize(("ending", "module"), [(".png", "resvg_py"), (".html", "pyvis.network")])
def test_without_its_package_a_form_is_refused_in_a_line(
    ending: str, module: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ExportError, match=r"listed\[pictures\]"):
        map_of(graph(owns("A", "B")), "A", DAY).save(tmp_path / f"x{ending}")


@pytest.mark.parametrize("file", ["x.pdf", "x", "x.svg.gz"])
def test_another_ending_is_refused(file: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"\.svg, \.png, \.html"):
        map_of(graph(owns("A", "B")), "A", DAY).save(tmp_path / file)


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="No such file"):
        map_of(graph(owns("A", "B")), "A", DAY).save(tmp_path / "no" / "x.svg")


@pytest.fixture(scope="module")
def page(bundled: Graph) -> str:
    pytest.importorskip("pyvis")
    return map_of(bundled, "sensetime-group", date(2018, 12, 1)).html()


def test_a_page_refers_to_nothing_elsewhere(page: str) -> None:
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page)
    assert not re.findall(r"""url\(\s*["']?(?:https?:)?//|@import""", page)


def test_a_page_has_no_tag_that_fetches(page: str) -> None:
    outside = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert not re.findall(r"<(?:link|img|iframe|script src|object|embed)\b", outside)


def drawn(page: str, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(re.findall(rf"const {what} = new vis.DataSet\((.*)\);", page)[0])
    return found


def test_shares_stand_on_the_lines(page: str) -> None:
    edge = next(one for one in drawn(page, "edges") if one["to"] == "xinjiang-jv")
    assert edge["label"] == "51%"


def test_sources_are_read_on_pointing_at_a_line_of_a_page(page: str) -> None:
    assert all("Source: " in edge["title"] for edge in drawn(page, "edges"))


def test_a_page_counts_what_it_leaves_out(page: str) -> None:
    assert re.search(r"\d+ more not drawn", page)
    assert any(re.search(r"\+ \d+ more", node["label"]) for node in drawn(page, "nodes"))


def test_standings_differ_by_more_than_colour_on_a_page() -> None:
    pytest.importorskip("pyvis")
    given = four_standings()
    nodes = {node["id"]: node for node in drawn(map_of(given, "L", IN_FORCE).html(), "nodes")}
    forms = {
        id_: (str(node["shapeProperties"]["borderDashes"]), node["label"].split("\n")[1]) for id_, node in nodes.items()
    }
    assert len(set(forms.values())) == 4


@CONDITIONAL
def test_a_page_says_what_would_be_in_box_key_and_on_pointing(day: date, state: str) -> None:
    pytest.importorskip("pyvis")
    page = map_of(four_standings(), "L", day).html()
    captured = next(node for node in drawn(page, "nodes") if node["id"] == "Captured")
    assert captured["label"].split("\n")[1] == "would be captured"
    assert "would be captured" in captured["title"]
    assert captured["shapeProperties"]["borderDashes"]
    assert f'<span class="captured would-be"></span>would be captured ({state})' in page


def test_a_name_cannot_end_the_script_of_a_page() -> None:
    pytest.importorskip("pyvis")
    page = map_of(graph(firm("a", EVIL), owns("a", "b")), "a", DAY).html()
    assert page.count("</script>") == 2
    assert "<img" not in page


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    if BROWSER is None:
        pytest.skip("no Chromium is installed here")
    with sync_api.sync_playwright() as run:
        started = run.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


def opened(browser: Any, file: Path) -> tuple[Any, list[str], list[str]]:
    shown, asked, said = browser.new_page(viewport={"width": 1300, "height": 1000}), [], []
    shown.on("request", lambda one: asked.append(one.url))
    shown.on("console", lambda one: said.append(one.text))
    shown.on("pageerror", lambda one: said.append(str(one)))
    shown.goto(file.as_uri())
    return shown, asked, said


def test_a_browser_asks_for_nothing_but_the_page(browser: Any, page: str, tmp_path: Path) -> None:
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    shown, asked, said = opened(browser, tmp_path / "map.html")
    shown.wait_for_timeout(1500)
    assert (len(asked), said) == (1, [])


def test_a_chosen_line_tells_its_sources(browser: Any, page: str, tmp_path: Path) -> None:
    (tmp_path / "map.html").write_text(page, encoding="utf-8")
    shown, _, _ = opened(browser, tmp_path / "map.html")
    edge = next(one["id"] for one in drawn(page, "edges") if one["to"] == "xinjiang-jv")
    shown.evaluate(f"network.body.emitter.emit('select', {{nodes: [], edges: [{edge}]}})")
    assert "holds 51% of" in shown.locator("#told").text_content()


def test_markup_in_a_name_does_nothing_in_a_browser(browser: Any, tmp_path: Path) -> None:
    pytest.importorskip("pyvis")
    map_of(graph(firm("a", EVIL), owns("a", "b")), "a", DAY).save(tmp_path / "map.html")
    shown, asked, said = opened(browser, tmp_path / "map.html")
    assert (shown.locator("img").count(), len(asked), said) == (0, 1, [])


_CUT = """() => {
  const found = [];
  for (const group of document.querySelectorAll("g")) {
    const box = group.querySelector(":scope > rect");
    if (!box) continue;
    const edge = box.getBoundingClientRect();
    for (const text of group.querySelectorAll(":scope > text")) {
      const said = text.getBoundingClientRect();
      if (said.left < edge.left - 4 || said.right > edge.right + 4) found.push(text.textContent);
    }
  }
  const page = document.querySelector("svg").getBoundingClientRect();
  for (const text of document.querySelectorAll("text")) {
    const said = text.getBoundingClientRect();
    if (said.right > page.right || said.bottom > page.bottom || said.left < 0) found.push(text.textContent);
  }
  return found;
}"""


@pytest.mark.parametrize("family", ["", "DejaVu Serif"])
@pytest.mark.parametrize("entity", ["hikvision", "sensetime-group", "baihang", "smic", "cn-sasac"])
def test_no_text_is_cut_in_a_browser(browser: Any, bundled: Graph, entity: str, family: str, tmp_path: Path) -> None:
    svg = map_of(bundled, entity, date(2024, 1, 1), history=True).svg()
    (tmp_path / "chart.svg").write_text(svg.replace("Georgia", family or "Georgia"), encoding="utf-8")
    shown, _, _ = opened(browser, tmp_path / "chart.svg")
    # A ledger's entries have a small mark as their first rectangle: they are within the ledger by the laws of charts.
    assert [text for text in shown.evaluate(_CUT) if text not in _ledger_texts(svg)] == []


def _ledger_texts(svg: str) -> set[str]:
    root = ElementTree.fromstring(svg)
    name = "{http://www.w3.org/2000/svg}"
    groups = [
        one
        for one in root.iter(f"{name}g")
        if (mark := one.find(f"{name}rect")) is not None and mark.get("width") == "11"
    ]
    return {"".join(text.itertext()) for group in groups for text in group.iter(f"{name}text")}


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    home = os.environ | {"LISTED_GRAPH": str(folder / "none")}
    return subprocess.run(
        [sys.executable, "-m", "listed", "map", *words], cwd=folder, env=home, capture_output=True, text=True
    )


def test_the_command_says_what_it_wrote(tmp_path: Path) -> None:
    said = run("SenseTime", "-o", "x.svg", "--as-of", "2018-12-01", folder=tmp_path)
    assert said.stdout == "Wrote x.svg: 6 entities, 5 links\n"
    assert (tmp_path / "x.svg").is_file()


def test_the_command_reports_as_json(tmp_path: Path) -> None:
    said = run("SenseTime", "-o", "x.svg", "--as-of", "2018-12-01", "--most", "3", "--json", folder=tmp_path)
    assert (json.loads(said.stdout)["entities"], json.loads(said.stdout)["cut_off"]) == (3, 3)


@pytest.mark.parametrize("words", [
    ("SenseTime", "-o", "x.pdf"), ("Nobody at all", "-o", "x.svg"), ("SenseTime", "-o", "x.svg", "--type", "OWNED"),
    ("SenseTime",), ("SenseTime", "-o", "x.svg", "--regime", "mars"),
])  # fmt: skip
def test_the_command_refuses_in_one_line(words: tuple[str, ...], tmp_path: Path) -> None:
    said = run(*words, folder=tmp_path)
    assert said.returncode == 2
    assert len(said.stderr.splitlines()) == 1
