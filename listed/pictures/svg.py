"""A chart as SVG: in black, grey and one red, so that it can be printed, each standing told by form and word too."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from listed.pictures.cards import (
    MARK,
    PAD,
    SMALL,
    SMALL_STEP,
    Box,
    Entry,
    Ledger,
)  # fmt: skip
from listed.pictures.chart import Chart, Label, Placed, Point, Route, chart_of
from listed.pictures.lettering import clean, width, wrap
from listed.pictures.relations import Tie
from listed.pictures.selection import Selection
from listed.pictures.telling import Told, key_of, told_of, tooltip_of_party, tooltip_of_tie
from listed.queries.standing import look_of

MARGIN = 28.0
NARROWEST = 640.0
TITLE, TITLE_STEP = 22.0, 27.0
HEAD_STEP = 19.0

_STYLE = """
.listed-map text{font-family:Georgia,"Times New Roman","Liberation Serif",serif;font-size:15px;fill:#1b1b1b}
.listed-map .t{font-size:22px;font-weight:bold}.listed-map .b{font-weight:bold}
.listed-map .s{font-size:13px;fill:#444}.listed-map .i{font-style:italic}.listed-map .on{fill:#fff}
.listed-map .r{fill:#a3161f}
.listed-map rect{fill:#fff;stroke:#1b1b1b;stroke-width:1.4}
.listed-map .listed{fill:#a3161f;stroke:#a3161f}.listed-map .captured{fill:#d9d9d9}
.listed-map .undetermined{stroke-dasharray:5 4}
.listed-map .minority{stroke-dasharray:1.4 3;stroke-linecap:round;stroke-width:2}
.listed-map .exempt{stroke-width:2.4}
.listed-map .would-be{stroke:#767676;fill:#fff}.listed-map .would-be.captured{fill:#ececec;stroke-dasharray:11 5}
.listed-map .asked{stroke:#1b1b1b;stroke-width:3.2}.listed-map .paper{stroke:none}
.listed-map .line{fill:none;stroke:#1b1b1b;stroke-width:1.2;stroke-linejoin:round}
.listed-map .heavy{stroke-width:2.8}.listed-map .possibly{stroke-dasharray:6 4}
.listed-map .past{stroke:#8a8a8a;stroke-dasharray:2 3}.listed-map .case{fill:none;stroke:#fff;stroke-width:5}
.listed-map .head{fill:#1b1b1b}.listed-map .head.old{fill:#8a8a8a}
.listed-map .rule{stroke:#1b1b1b;stroke-width:1}
""".strip()


def svg_of(selection: Selection) -> str:
    """Return the ownership chart of a selection as one SVG document."""
    chart = chart_of(selection)
    told = told_of(selection)
    across = max(chart.width, NARROWEST)
    head, y = _head(told, across)
    shift = MARGIN + (across - chart.width) / 2, y
    body = [*_lines(chart, selection, shift), *_cards(chart, selection, shift)]
    foot, bottom = _foot(selection, told, across, y + chart.height + 26)
    wide, tall = across + 2 * MARGIN, bottom + MARGIN - 10
    label = escape(f"{told.title}. {told.summary}", quote=True)
    return "".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" class="listed-map" viewBox="0 0 {_n(wide)} {_n(tall)}" '
        f'width="{_n(wide)}" height="{_n(tall)}" role="img" aria-label="{label}">',
        f"<title>{escape(told.title)}</title><style>{_STYLE}</style>",
        f'<rect class="paper" width="{_n(wide)}" height="{_n(tall)}"/>',
        *head, *body, *foot, "</svg>\n",
    ])  # fmt: skip


def _head(told: Told, across: float) -> tuple[list[str], float]:
    """Return the title and what is said under it, and where the chart may begin."""
    y, parts = MARGIN + 16, []
    for line in wrap(told.title, TITLE, across, bold=True):
        parts.append(_text(MARGIN, y, line, "t"))
        y += TITLE_STEP
    y -= 3
    for said in told.under:
        for line in wrap(said, 15, across):
            parts.append(_text(MARGIN, y, line, ""))
            y += HEAD_STEP
    return parts, y + 12


def _foot(selection: Selection, told: Told, across: float, y: float) -> tuple[list[str], float]:
    """Return the key, the remarks and the sources, and where they end."""
    parts = [f'<path class="rule" d="M{_n(MARGIN)} {_n(y)}h{_n(across)}"/>']
    y += 24
    x = MARGIN
    for draw, words in _key(selection):
        wide = 40 + width(words, SMALL) + 22
        if x > MARGIN and x + wide - 22 > MARGIN + across:
            x, y = MARGIN, y + 22
        parts += [draw(x, y), _text(x + 40, y, words, "s")]
        x += wide
    y += 26
    for said in told.under_chart:
        for line in wrap(said, SMALL, across):
            parts.append(_text(MARGIN, y, line, "s"))
            y += SMALL_STEP
        y += 5
    return parts, y


def _key(selection: Selection) -> list[tuple[_Draw, str]]:
    """Return the marks that occur on the chart, and what they mean."""
    marks = [(_swatch(look_of(said)), words) for said, words in key_of(selection)]
    ties = selection.ties
    if any(tie.heavy for tie in ties):
        marks.append((_stroke("heavy"), "half or more"))
    if any(not tie.heavy and tie.holds == "certainly" for tie in ties):
        marks.append((_stroke(""), "less than half, or not known" if any(tie.heavy for tie in ties) else "holds"))
    if any(tie.holds == "possibly" for tie in ties):
        marks.append((_stroke("possibly"), "holds possibly: dates not exact"))
    if any(tie.holds == "past" for tie in ties):
        marks.append((_stroke("past"), "over by this day"))
    return marks


class _Draw:
    """A mark of the key, drawn where it is put."""

    def __init__(self, shape: str) -> None:
        self.shape = shape

    def __call__(self, x: float, y: float) -> str:
        return f'<g transform="translate({_n(x)} {_n(y)})">{self.shape}</g>'


def _swatch(name: str) -> _Draw:
    return _Draw(f'<rect class="{name}" x="1" y="-12" width="28" height="15" rx="3"/>')


def _stroke(style: str) -> _Draw:
    return _Draw(f'<path class="line {style}" d="M0 -4H24"/>{_head_at((30.0, -4.0), (24.0, -4.0), style)}')


def _lines(chart: Chart, selection: Selection, shift: Point) -> Iterable[str]:
    """Yield all lines, each on a white edge so that where two cross one passes over the other; then their labels."""
    groups: dict[object, list[Route]] = {}
    for route in chart.routes:
        groups.setdefault(route.group, []).append(route)
    for routes in groups.values():
        paths = [_path(route.points, shift) for route in routes]
        yield "".join(f'<path class="case" d="{path}"/>' for path in paths)
        drawn = sorted(zip(routes, paths, strict=True), key=lambda one: _STRENGTH[_style(one[0])])
        for route, path in drawn:
            style = _style(route)
            end, before = route.points[-1], route.points[-2] if len(route.points) > 1 else route.points[-1]
            arrow = _head_at(_moved(end, shift), _moved(before, shift), style)
            hover = f"<title>{escape(_hover(selection, route.tie))}</title>" if route.tie else ""
            yield f'<g><path class="line {style}" d="{path}"/>{arrow}{hover}</g>'
    for route in chart.routes:
        if route.label is not None and route.tie is not None:
            yield _label(route.label, selection, route.tie, shift)


def _hover(selection: Selection, tie: Tie) -> str:
    return tooltip_of_tie(selection, tie)


_STRENGTH = {"past": 0, "possibly": 1, "possibly heavy": 2, "": 3, "heavy": 4}


def _style(route: Route) -> str:
    tie = route.tie
    if tie is None or tie.holds == "certainly":
        return "heavy" if tie is not None and tie.heavy else ""
    return "past" if tie.holds == "past" else "possibly heavy" if tie.heavy else "possibly"


def _path(points: tuple[Point, ...], shift: Point) -> str:
    moved = [_moved(point, shift) for point in points]
    # The line ends within its arrow, so that no corner of it shows beside the point.
    moved[-1] = _towards(moved[-1], moved[-2], 6.0)
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in moved)


def _moved(point: Point, shift: Point) -> Point:
    return point[0] + shift[0], point[1] + shift[1]


def _towards(end: Point, before: Point, length: float) -> Point:
    dx, dy = before[0] - end[0], before[1] - end[1]
    whole = max((dx * dx + dy * dy) ** 0.5, 0.001)
    return end[0] + dx / whole * length, end[1] + dy / whole * length


def _head_at(end: Point, before: Point, style: str) -> str:
    """Return an arrow's head: a form of its own rather than a marker, which not every program draws."""
    x, y = end
    bx, by = _towards(end, before, 9.0)
    px, py = (by - y) / 9 * 4.4, (x - bx) / 9 * 4.4
    old = " old" if style == "past" else ""
    return f'<path class="head{old}" d="M{_n(x)} {_n(y)}L{_n(bx + px)} {_n(by + py)}L{_n(bx - px)} {_n(by - py)}z"/>'


def _label(label: Label, selection: Selection, tie: Tie, shift: Point) -> str:
    x, y = _moved((label.x, label.y), shift)
    paper = (
        f'<rect class="paper" x="{_n(x - label.width / 2 - 3)}" y="{_n(y)}" width="{_n(label.width + 6)}" '
        f'height="{_n(label.height)}"/>'
    )
    known = tie.holds != "past" and label.lines[0][:1].isdigit()
    style = "" if known else "s i" if label.lines == ("share unknown",) else "s"
    texts = [
        f'<text class="{"b" if known and not at else style}" x="{_n(x)}" y="{_n(y + 12.5 + at * SMALL_STEP)}" '
        f'text-anchor="middle" style="font-size:13px">{escape(line)}</text>'
        for at, line in enumerate(label.lines)
    ]
    return f"<g>{paper}{''.join(texts)}<title>{escape(_hover(selection, tie))}</title></g>"


def _cards(chart: Chart, selection: Selection, shift: Point) -> Iterable[str]:
    for placed in chart.placed:
        x, y = _moved((placed.x, placed.y), shift)
        if isinstance(placed.card, Box):
            yield _box(placed, placed.card, selection, x, y)
        else:
            yield _ledger(placed, placed.card, selection, x, y)


def _box(placed: Placed, box: Box, selection: Selection, x: float, y: float) -> str:
    asked = " asked" if box.party is selection.centre else ""
    on = " on" if box.party.standing == "listed" else ""
    shape = (
        f'<rect class="{look_of(box.party.standing)}{asked}" x="{_n(x)}" y="{_n(y)}" width="{_n(placed.width)}" '
        f'height="{_n(box.height)}" rx="3"/>'
    )
    at, texts = y + PAD - 4, []
    for text in box.texts:
        at += text.step
        style = {"name": "b", "small": "s", "more": "s i"}[text.style] + on
        texts.append(_text(x + placed.width / 2, at - 3, text.text, style, anchor="middle"))
    return f"<g>{shape}{''.join(texts)}<title>{escape(tooltip_of_party(selection, box.party))}</title></g>"


def _ledger(placed: Placed, ledger: Ledger, selection: Selection, x: float, y: float) -> str:
    parts = [
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(placed.width)}" height="{_n(ledger.height)}" rx="3"/>',
        _text(x + PAD, y + PAD + 10, ledger.title, "s b"),
    ]
    inset = x + (placed.width - ledger.width) / 2
    parts += [_entry(entry, selection, inset + entry.x, y + entry.y) for entry in ledger.entries]
    if ledger.more:
        parts.append(_text(x + PAD, y + ledger.height - PAD + 2, ledger.more, "s b i"))
    return f"<g>{''.join(parts)}</g>"


def _entry(entry: Entry, selection: Selection, x: float, y: float) -> str:
    parts = [
        f'<rect class="{look_of(entry.party.standing)}" x="{_n(x)}" y="{_n(y + 3)}" width="11" height="9" rx="2"/>'
    ]
    red = " r" if entry.party.standing == "listed" else ""
    for at, line in enumerate((*entry.names, *entry.small)):
        style = "" if at < len(entry.names) else "s"
        parts.append(_text(x + MARK, y + 12 + at * SMALL_STEP, line, f"{style}{red}".strip(), size=SMALL))
    for at, line in enumerate(entry.share):
        style = "s" if entry.tie.holds == "past" or not line[:1].isdigit() else "b"
        parts.append(_text(x + entry.width, y + 12 + at * SMALL_STEP, line, style, anchor="end", size=SMALL))
    hover = "\n\n".join([tooltip_of_party(selection, entry.party), tooltip_of_tie(selection, entry.tie)])
    return f"<g>{''.join(parts)}<title>{escape(hover)}</title></g>"


def _text(x: float, y: float, text: str, style: str, *, anchor: str = "", size: float = 0) -> str:
    said = f' class="{style}"' if style else ""
    where = f' text-anchor="{anchor}"' if anchor else ""
    large = f' style="font-size:{_n(size)}px"' if size else ""
    return f'<text{said} x="{_n(x)}" y="{_n(y)}"{where}{large}>{escape(clean(text))}</text>'


def _n(number: float) -> str:
    """Return a number with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")
