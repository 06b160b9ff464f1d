"""The pages in a real browser: as a reader goes through them, by hand and by keyboard."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest

from listed.explorer.marks import STATUS
from tests.explorer.conftest import NEIGHBOURS
from tests.explorer.desk import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

SHOWN = "listedMap.cy.elements().filter((one) => !one.hasClass('gone'))"
STORY = "/map?e=sensetime-group&x=sensetime-group~30&as-of=2018-12-01"


class Reader:
    """A browser window on a page; remembers what was said on its console and what it asked for."""

    def __init__(self, context: BrowserContext, served: Served) -> None:
        self.served, self.page = served, context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._note(asked.url))

    def _listen(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self.complaints.append(said.text)

    def _note(self, address: str) -> None:
        if not address.startswith((self.served.base, "blob:", "data:")):
            self.complaints.append(f"asked outside: {address}")

    def open(self, path: str) -> Page:
        self.page.goto(self.served.base + path)
        if path.startswith("/map"):
            self.until("listedMap.content.regime !== '' || document.getElementById('map-note').textContent !== ''")
        return self.page

    def until(self, test: str) -> None:
        """Wait for a test to hold. The policy of the pages forbids what Playwright's own waiting does."""
        for _ in range(400):
            if self.page.evaluate(f"Boolean({test})"):
                return
            time.sleep(0.05)
        raise AssertionError(f"never came true: {test}")

    def edges(self) -> set[str]:
        """The links on the board, as "owner asset label"."""
        told = self.page.evaluate(
            f"{SHOWN}.edges('[place]').map((e) => "
            "[e.source().data('entity'), e.target().data('entity'), e.data('label')].join(' '))"
        )
        return set(told)

    def entities(self) -> set[str]:
        return set(self.page.evaluate(f"{SHOWN}.nodes('[entity]').map((node) => node.data('entity'))"))

    def day(self, day: str) -> None:
        self.page.fill("#as-of", day)
        self.page.dispatch_event("#as-of", "change")
        self.until(f"listedMap.content.as_of === '{day}'")


Opens = Callable[..., Reader]


@pytest.fixture
def reader(browser: Browser) -> Iterator[Opens]:
    opened: list[tuple[BrowserContext, Reader]] = []

    def read(served: Served, **how: Any) -> Reader:
        context = browser.new_context(
            **({"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce"} | how)
        )
        context.set_default_timeout(30_000)
        name, _, value = served.cookie.partition("=")
        context.add_cookies([{"name": name, "value": value, "url": served.base}])
        opened.append((context, Reader(context, served)))
        return opened[-1][1]

    yield read
    complaints = [one for _, reader in opened for one in reader.complaints]
    for context, _ in opened:
        context.close()
    assert complaints == []


def test_the_printed_address_opens_the_page_and_the_secret_leaves_the_address(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    mine.page.context.clear_cookies()
    page = mine.page
    page.goto(bundled.page.address)
    assert page.url == f"{bundled.base}/"
    assert page.get_by_role("searchbox").count() or page.get_by_role("combobox").count()


def test_from_search_to_page_to_map_to_path_to_export(bundled: Served, reader: Opens, tmp_path: Path) -> None:
    mine = reader(bundled)
    page = mine.open("/")
    page.locator("#q").press_sequentially("商汤")
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/entity?id=sensetime-group**")
    assert page.locator("h1").inner_text() == "SenseTime Group Inc."
    page.get_by_role("link", name="Show on the map").click()
    mine.until("globalThis.listedMap && listedMap.content.entities.length > 5")
    page.evaluate("listedMap.choose('alibaba-group')")
    page.get_by_role("button", name="Begin a path here").click()
    page.locator("#add").press_sequentially("Hikvision")
    page.locator("[role=option]").first.click()
    mine.until("listedMap.entity('hikvision')")
    page.get_by_role("button", name=re.compile("Path from Alibaba")).click()
    page.get_by_role("heading", name=re.compile("paths? between Alibaba")).wait_for()
    mine.until(f"{SHOWN}.edges('.on-path').length > 0")
    for name, kind in (("SVG", "svg"), ("PNG", "png"), ("Offline page", "html"), ("CSV", "csv"), ("JSON", "json")):
        page.get_by_text("Export").click()
        with page.expect_download() as coming:
            page.locator(".sheet").get_by_text(name, exact=True).click()
        place = tmp_path / f"map.{kind}"
        coming.value.save_as(place)
        assert place.stat().st_size > 500, kind
    assert "Alibaba" in (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert (tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


def test_the_offline_page_needs_nothing_else(bundled: Served, reader: Opens, browser: Browser, tmp_path: Path) -> None:
    mine = reader(bundled)
    page = mine.open(STORY)
    with page.expect_download() as coming:
        page.evaluate("listedMap.export('html')")
    place = tmp_path / "map.html"
    coming.value.save_as(place)
    context = browser.new_context(offline=True)
    asked: list[str] = []
    alone = context.new_page()
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(place.as_uri())
    assert alone.locator("svg .node").count() > 5
    assert alone.locator("table").get_by_text("51%").count() == 1
    assert asked == [place.as_uri()]
    context.close()


def test_the_slider_makes_the_stake_in_xinjiang_appear_and_vanish(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    page = mine.open(STORY)
    stake = "sensetime-group xinjiang-jv 51%"
    assert stake in mine.edges()
    slider = page.locator("#slider")
    slider.evaluate(
        "(slider) => { slider.value = Date.parse('2020-06-01') / 864e5; slider.dispatchEvent(new Event('input')); }"
    )
    mine.until("listedMap.state.day === '2020-06-01'")
    assert stake not in mine.edges()
    assert (
        "Vanished: SenseTime Group Inc. → SenseTime joint venture in Xinjiang" in page.locator("#change").inner_text()
    )
    page.locator("#undo").click()
    mine.until(f"{SHOWN}.edges().some((edge) => edge.target().data('entity') === 'xinjiang-jv')")
    assert page.evaluate("listedMap.state.day") == "2018-12-01"


def test_a_map_works_by_keyboard_alone(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    page = mine.open(STORY)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "map":
            break
    assert page.evaluate("document.activeElement.id") == "map"
    page.keyboard.press("ArrowRight")
    first = page.locator("#aloud").inner_text()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#aloud").inner_text() != first
    chosen = page.evaluate("listedMap.chosen")
    page.keyboard.press("p")
    assert f"pin={chosen}" in page.url
    page.keyboard.press("Delete")
    mine.until(f"!listedMap.entity('{chosen}')")
    page.keyboard.press("u")
    mine.until(f"listedMap.entity('{chosen}')")
    page.keyboard.press("]")
    mine.until("listedMap.state.day > '2018-12-01'")


def test_a_suggestion_is_chosen_by_keyboard(bundled: Served, reader: Opens) -> None:
    page = reader(bundled).open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.locator("#q").focus()
    page.keyboard.type("megv")
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    assert page.locator("#q").get_attribute("aria-activedescendant") == page.locator(
        "[role=option]"
    ).first.get_attribute("id")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entity?id=megvii**")


def test_a_map_is_the_same_for_whoever_opens_its_address(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    page = mine.open(STORY)
    page.evaluate("listedMap.choose('alibaba-group')")
    page.locator("#note").fill("asked for comment")
    page.locator("#note").blur()
    page.get_by_role("button", name="Pin", exact=True).click()
    places = "Object.fromEntries(listedMap.cy.nodes().map((node) => [node.id(), Math.round(node.position('x'))]))"
    other = reader(bundled)
    other.open(page.url.removeprefix(bundled.base))
    assert other.page.evaluate("listedMap.state.notes.get('alibaba-group')") == "asked for comment"
    assert other.page.evaluate("listedMap.state.pins.has('alibaba-group')") is True
    assert other.page.evaluate(places).keys() == page.evaluate(places).keys()
    assert other.edges() == mine.edges()


def test_links_are_filtered_by_type(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    page = mine.open(STORY)
    page.locator("#types-menu summary").click()
    page.locator("#types input[value=INVESTED_IN]").uncheck()
    mine.until("listedMap.state.types !== null && !listedMap.content.links.some((link) => link.type === 'INVESTED_IN')")
    assert "sensetime-group xinjiang-jv 51%" in mine.edges()


def test_verdicts_are_told_apart_without_colour(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    mine.open("/map?e=smic&e=smic-jv-beijing&e=sensetime-group&e=iflytek&as-of=2025-10-15")
    told = mine.page.evaluate(
        "Object.fromEntries(listedMap.cy.nodes().map((node) => [node.data('entity'), "
        "[node.style('shape'), node.style('border-style'), node.data('label').split('\\n').at(-1)].join(' ')]))"
    )
    assert len({" ".join(one.split()[:2]) for one in (told["smic"], told["smic-jv-beijing"])}) == 2
    assert any(
        "captured" in line
        for line in mine.page.evaluate("listedMap.cy.getElementById('nsmic-jv-beijing').data('extra')")
    )


SMIC = "/map?e=smic-jv-beijing&x=smic-jv-beijing~30&x=smic-holdings~30&as-of=2026-01-15"
SAID_IN_LEGEND = "[...document.querySelectorAll('#legend [data-verdict]')].map((one) => one.textContent)"
RULED = ["captured", "undetermined", "minority", "exempt"]


def test_a_map_says_of_nobody_that_it_is_captured_where_the_rule_is_not_in_force(
    bundled: Served, reader: Opens
) -> None:
    mine = reader(bundled)
    page = mine.open(SMIC)
    styled = "listedMap.cy.getElementById('nsmic-jv-beijing').style('border-style')"
    label = "listedMap.cy.getElementById('nsmic-jv-beijing').data('label')"
    assert page.evaluate(SAID_IN_LEGEND) == [f"would be {word}" for word in RULED]
    assert page.evaluate(label).endswith("would be captured")
    assert page.evaluate(styled) == "dashed"
    page.evaluate("listedMap.choose('smic-jv-beijing')")
    assert page.locator("#details .badge.captured.would-be").inner_text().endswith("would be captured")
    assert "would be captured" in page.locator("#map-note").inner_text()
    page.locator("#listing summary").click()
    assert "▣ captured" not in page.locator("aside").inner_text()
    mine.day("2025-10-15")
    assert page.evaluate(SAID_IN_LEGEND) == RULED
    assert page.evaluate(styled) == "double"
    assert page.evaluate(label).endswith("▣ captured")


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_a_map_taken_out_says_what_would_be_in_box_and_legend(
    bundled: Served, reader: Opens, tmp_path: Path, kind: str
) -> None:
    page = reader(bundled).open(SMIC)
    with page.expect_download() as coming:
        page.evaluate(f"listedMap.export('{kind}')")
    coming.value.save_as(tmp_path / "map")
    text = (tmp_path / "map").read_text(encoding="utf-8")
    assert ">would be captured (rule suspended)</text>" in text
    assert "▣ would be captured</text>" in text
    assert not re.findall(r"(?<!would be )captured\b(?! would-be)", re.sub("<style>.*?</style>", "", text, flags=re.S))


def test_the_legend_of_a_map_taken_out_tells_what_its_lines_mean(
    bundled: Served, reader: Opens, tmp_path: Path
) -> None:
    page = reader(bundled).open(STORY.replace("2018-12-01", "2020-01-01") + "&past=yes")
    with page.expect_download() as coming:
        page.evaluate("listedMap.export('svg')")
    coming.value.save_as(tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text(encoding="utf-8")
    words = {"stake or control", "other link", "past stake or control", "more, not drawn"}
    assert words <= set(re.findall(r'<text class="s"[^>]*>([^<]*)</text>', text))


def test_a_large_map_draws_what_would_be_with_a_sign_of_its_own(odd: Served, reader: Opens) -> None:
    page = reader(odd).open("/map?e=agent&x=agent~400&x=markup~9&as-of=2026-01-15")
    looks = set(page.evaluate("listedMap.board.crowd.dots.map((dot) => dot.look)"))
    assert {"listed", "captured would-be"} <= looks
    assert "captured" not in looks


SENSETIME = STORY.replace("2018-12-01", "2025-10-15")


def test_an_owner_stands_before_what_it_owns_though_another_link_leads_back(bundled: Served, reader: Opens) -> None:
    page = reader(bundled).open(SENSETIME)
    x = "listedMap.cy.getElementById('n{}').position('x')"
    assert page.evaluate(x.format("iflytek")) < page.evaluate(x.format("sensetime-group"))


def test_all_lists_of_a_party_stand_in_its_box(bundled: Served, reader: Opens) -> None:
    page = reader(bundled).open(SENSETIME)
    said = " ".join(page.evaluate("listedMap.cy.nodes('[entity *= \"huawei\"]').data('extra')"))
    assert "listed: EL, US-FCC-COVERED, NS-CMIC" in said


LABELS = f"""{SHOWN}.edges('[place]').map((edge) => {{
    const near = edge.data('near'), id = edge.id();
    const box = edge.boundingBox({{ includeNodes: false, includeEdges: false, includeOverlays: false,
        includeMainLabels: !near, includeSourceLabels: near === 'source', includeTargetLabels: near === 'target' }});
    return {{ id, x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2, w: box.w - 12, h: box.h - 12 }}; }})"""


@pytest.mark.parametrize("layout", ["across", "down"])
def test_no_label_hides_behind_a_box(bundled: Served, reader: Opens, layout: str) -> None:
    page = reader(bundled).open(f"{SENSETIME}&layout={layout}")
    labels, boxes = page.evaluate(LABELS), page.evaluate(BOXES)
    assert len(labels) > 20
    assert [pair for pair in _on_another([*labels, *boxes]) if pair[0][0] == "l" and pair[1][0] == "n"] == []


def test_a_name_with_markup_is_shown_as_text(odd: Served, reader: Opens, tmp_path: Path) -> None:
    mine = reader(odd)
    page = mine.open("/")
    page.locator("#q").press_sequentially("bold")
    page.locator("[role=option]").first.wait_for()
    assert page.locator("[role=option] img").count() == 0
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/entity?id=markup**")
    page = mine.open("/map?e=markup&x=markup~30")
    page.evaluate("listedMap.choose('markup')")
    with page.expect_download() as coming:
        page.evaluate("listedMap.export('html')")
    coming.value.save_as(tmp_path / "map.html")
    page.goto((tmp_path / "map.html").as_uri())
    assert page.locator("img").count() == 0
    assert page.title() not in ("1", "2")
    mine.complaints = [one for one in mine.complaints if "file:" not in one]


def test_an_id_with_signs_of_addresses_can_be_expanded(odd: Served, reader: Opens) -> None:
    mine = reader(odd)
    page = mine.open("/map?e=a%2Fb%3Fc%26d~e")
    page.evaluate("listedMap.expand('a/b?c&d~e')")
    mine.until("listedMap.entity('markup')")
    page.reload()
    mine.until("globalThis.listedMap && listedMap.entity('markup')")


def test_thousands_of_neighbours_are_folded_and_can_all_be_shown(odd: Served, reader: Opens) -> None:
    mine = reader(odd)
    page = mine.open("/map?e=agent&x=agent~30")
    assert page.evaluate("listedMap.cy.nodes('.fold').map((node) => node.data('label'))") == [
        f"{NEIGHBOURS + 1 - 30:,} more"
    ]
    page.evaluate("listedMap.choose('agent')")
    page.get_by_role("button", name="Show all").click()
    mine.until(f"{SHOWN}.nodes().length > {NEIGHBOURS}")
    page.locator("#undo").click()
    mine.until("listedMap.content.entities.length < 100")


SASAC = "/map?e=cn-sasac&x=cn-sasac~90&as-of=2026-07-01"
BOXES = f"""{SHOWN}.nodes().map((node) => {{
    const {{ x, y }} = node.position(); return {{ id: node.id(), x, y, w: node.width(), h: node.height() }}; }})"""


def _on_another(boxes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return which boxes lie on another one, by more than their edges."""
    return [
        (one["id"], other["id"])
        for one, other in itertools.combinations(boxes, 2)
        if abs(one["x"] - other["x"]) < (one["w"] + other["w"]) / 2 - 2
        and abs(one["y"] - other["y"]) < (one["h"] + other["h"]) / 2 - 2
    ]


@pytest.mark.parametrize("layout", ["across", "down", "rings"])
def test_no_box_lies_on_another(bundled: Served, reader: Opens, layout: str) -> None:
    page = reader(bundled).open(f"{SASAC}&layout={layout}")
    assert _on_another(page.evaluate(BOXES)) == []


def test_a_long_tier_stands_in_columns_so_that_names_can_be_read(bundled: Served, reader: Opens) -> None:
    page = reader(bundled).open(SASAC.replace("~90", "~30"))
    assert len({round(box["x"]) for box in page.evaluate(BOXES)}) > 3
    assert page.evaluate("listedMap.cy.zoom()") > 0.6


def test_a_telephone_begins_where_names_can_be_read(bundled: Served, reader: Opens) -> None:
    page = reader(bundled, viewport={"width": 360, "height": 740}).open(STORY)
    assert page.evaluate("listedMap.cy.zoom()") > 0.6


def test_the_map_and_its_legend_stay_in_the_window(bundled: Served, reader: Opens) -> None:
    page = reader(bundled).open(SASAC)
    page.evaluate("listedMap.choose('cn-sasac')")
    assert page.evaluate("document.documentElement.scrollHeight") == 860
    assert page.locator("#legend").bounding_box()["y"] < 860  # type: ignore[index]


def test_dots_of_a_large_map_each_have_a_place_of_their_own_on_every_day(odd: Served, reader: Opens) -> None:
    mine = reader(odd)
    page = mine.open("/map?e=agent&x=agent~400&as-of=2000-01-01")
    mine.day("2026-01-01")
    places = page.evaluate("listedMap.board.crowd.dots.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`)")
    assert len(set(places)) == len(places) > 400


def test_the_address_is_written_when_the_hand_rests(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    page = mine.open(STORY)
    page.evaluate("globalThis.written = 0; const keep = history.replaceState.bind(history); "
                  "history.replaceState = (...all) => { written++; keep(...all); }; null")  # fmt: skip
    page.evaluate("for (let day = 10; day < 29; day++) listedMap.slider.go(`2019-03-${day}`)")
    assert page.evaluate("written") == 0
    mine.until("location.search.includes('as-of=2019-03-28')")
    assert page.evaluate("written") == 1


def test_all_links_can_be_filtered_away_and_asked_back(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    page = mine.open(STORY.replace("as-of", "type=OWNS&as-of"))
    page.locator("#types-menu summary").click()
    page.locator("#types input[value=OWNS]").uncheck()
    mine.until("listedMap.content.links.length === 0")
    page.reload()
    mine.until("globalThis.listedMap && listedMap.content.entities.length === 1")
    page.locator("#types-menu summary").click()
    page.locator("#types input[value=FOUNDED]").check()
    mine.until("listedMap.content.links.some((link) => link.type === 'FOUNDED')")


def test_an_entity_that_is_not_there_is_told_in_the_middle_of_the_map(bundled: Served, reader: Opens) -> None:
    mine = reader(bundled)
    page = mine.open("/map?e=nobody")
    assert page.locator("#empty").inner_text() == "no entity is called 'nobody'"
    mine.complaints.clear()  # the browser tells of the 404


def test_signs_of_verdicts_are_told_apart_and_the_same_on_page_and_map(bundled: Served, reader: Opens) -> None:
    page = reader(bundled).open("/map")
    signs = page.evaluate("import('/static/map_look.js').then((look) => look.SIGN)")
    assert signs == {status: sign for status, (_, sign) in STATUS.items()}
    assert len(set(signs.values())) == len(signs)


def test_a_picture_taken_out_is_well_formed_and_names_no_folder(odd: Served, reader: Opens, tmp_path: Path) -> None:
    page = reader(odd).open("/map?e=markup&x=markup~30")
    page.evaluate("listedMap.content.graph = '/home/reporter/graphs/mine'")
    with page.expect_download() as coming:
        page.evaluate("listedMap.export('svg')")
    coming.value.save_as(tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text(encoding="utf-8")
    tags = {one.tag.rpartition("}")[2] for one in ElementTree.fromstring(text).iter()}
    assert tags <= {"svg", "title", "style", "defs", "marker", "path", "rect", "text", "g"}
    assert "graph mine" in text
    assert "reporter" not in text


def test_a_spreadsheet_is_dropped_filtered_and_downloaded(bundled: Served, reader: Opens, tmp_path: Path) -> None:
    page = reader(bundled).open("/screen")
    content = b"name,country\nMegvii,cn\nNobody Of That Name Ltd,de\n"
    page.locator("#file").set_input_files({"name": "suppliers.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("#outcome").wait_for()
    assert "2 names" in page.locator("#in-short").inner_text()
    page.locator("#which").select_option("none")
    assert page.locator("#rows tbody tr").count() == 1
    assert "Nobody Of That Name" in page.locator("#rows tbody").inner_text()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download Excel").click()
    assert coming.value.suggested_filename == "screening.xlsx"


def test_a_name_near_a_listed_one_leads_there_and_rows_without_a_name_are_told(bundled: Served, reader: Opens) -> None:
    page = reader(bundled).open("/screen")
    content = b"no,name\n1,Huawai Device\n2,\n"
    page.locator("#file").set_input_files({"name": "suppliers.csv", "mimeType": "text/csv", "buffer": content})
    page.locator("#outcome").wait_for()
    page.locator("#which").select_option("near")
    assert "the nearest: Huawei Device Co., Ltd." in page.locator("#rows tbody").inner_text()
    assert "id=huawei-device" in (page.get_by_role("link", name="Look at the nearest").get_attribute("href") or "")
    assert "passed over: row 3" in page.locator("#unread").inner_text()


PAGES = ["/", "/?q=sensetime", "/entity?id=sensetime-group&as-of=2025-10-15", STORY, "/screen",
         "/paths?start=alibaba-group&end=hikvision"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_fits_a_telephone(bundled: Served, reader: Opens, path: str, scheme: str) -> None:
    page = reader(bundled, viewport={"width": 360, "height": 740}, color_scheme=scheme).open(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("path", PAGES)
def test_all_that_can_be_used_has_a_name(bundled: Served, reader: Opens, path: str) -> None:
    page = reader(bundled).open(path)
    nameless = page.evaluate(
        """[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea")].filter((one) =>
            !(one.textContent.trim() || one.getAttribute("aria-label") || (one.labels && one.labels.length)))
            .map((one) => one.outerHTML)"""
    )
    assert nameless == []
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1


PAIRS = [("ink", "paper"), ("fine", "paper"), ("fine", "panel"), ("link", "paper"), ("listed-ink", "listed"),
         ("captured-ink", "captured"), ("open", "paper"), ("minor", "paper")]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_against_its_ground(bundled: Served, reader: Opens, scheme: str) -> None:
    page = reader(bundled, color_scheme=scheme).open("/")
    inks = page.evaluate(
        "(names) => Object.fromEntries(names.map((name) => "
        "[name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()]))",
        sorted({name for pair in PAIRS for name in pair}),
    )
    assert [pair for pair in PAIRS if _contrast(inks[pair[0]], inks[pair[1]]) < 4.5] == []


def _contrast(one: str, other: str) -> float:
    low, high = sorted(_light(colour) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    code = colour.lstrip("#")
    code = "".join(2 * sign for sign in code) if len(code) == 3 else code
    parts = [int(code[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
