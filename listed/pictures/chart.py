"""An ownership chart: where each box stands and how each line runs, owners above, holdings below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from listed.pictures.cards import SMALL, SMALL_STEP, Box, Card, Ledger, cards_of, label_lines
from listed.pictures.layers import Layers, Line, layered
from listed.pictures.lettering import evenly, width
from listed.pictures.placing import spread
from listed.pictures.relations import Tie
from listed.pictures.routing import Bus, tracks
from listed.pictures.selection import Selection

Point = tuple[float, float]

BETWEEN = 22.0
KNOT = 16.0
TRACK = 11.0
ARROW = 12.0
LABEL = 122.0
WIDEST = 1400.0
ROUNDS = 10

_FORMS = ((6, 3), (4, 0), (2, 0))
"""From how many on, and but for how many, parties that hang alone are put in a ledger: until it is narrow enough."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A card, its upper left corner, and how wide it is drawn: wider than it has to be where many lines meet it."""

    card: Card
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text on a line of the chart: the middle of their upper edge."""

    lines: tuple[str, ...]
    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        """Height of all lines."""
        return len(self.lines) * SMALL_STEP


@dataclass(frozen=True, slots=True)
class Route:
    """A line of the chart; its arrow stands at the last point. ``tie`` is None for the line of a ledger.

    ``group`` is the same for lines that run along one track somewhere.
    """

    points: tuple[Point, ...]
    tie: Tie | None
    label: Label | None
    group: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart laid out."""

    placed: tuple[Placed, ...]
    routes: tuple[Route, ...]
    width: float
    height: float


def chart_of(selection: Selection) -> Chart:
    """Return the chart of a selection: the first form of it that is not too wide, else the narrowest."""
    charts = []
    for least, kept in _FORMS:
        chart = _Layout(selection, cards_of(selection, least=least, kept=kept)).chart()
        if chart.width <= WIDEST:
            return chart
        charts.append(chart)
    return min(charts, key=lambda one: one.width)


@dataclass(slots=True)
class _Port:
    """Where lines meet the edge of a node; ``x`` is set last."""

    node: int
    room: float
    others: list[int] = field(default_factory=list)
    x: float = 0.0


@dataclass(slots=True)
class _Segment:
    """A part of a line within one gap."""

    line: Line
    upper: int
    lower: int
    key: tuple[str, int]
    above: _Port
    below: _Port


class _Layout:
    """A chart being laid out."""

    def __init__(self, selection: Selection, cards: Sequence[Card]) -> None:
        self.selection, self.cards = selection, cards
        self.card_of = {party.row: place for place, card in enumerate(cards) for party in card.parties}
        self.ties = self._ties()
        sides = {place: card.side for place, card in enumerate(cards)}
        ends = [(self.card_of[tie.source], self.card_of[tie.target]) for tie, _ in self.ties]
        self.layers: Layers = layered(range(len(cards)), sides, ends)
        self.labels = [self._label(line) for line in self.layers.lines]
        self.tops: dict[int, list[_Port]] = {}
        self.bottoms: dict[int, list[_Port]] = {}
        self.gaps = self._segments()
        self.groups = _groups(self.gaps)
        self.widths = {node: self._width(node) for node in self.layers.level}
        self.x = self._places()
        self._place_ports()

    def _ties(self) -> list[tuple[Tie, bool]]:
        """Return the ties to draw, and whether each is that of a ledger: one for all its entries."""
        found: list[tuple[Tie, bool]] = []
        seen: set[tuple[int, int]] = set()
        for tie in self.selection.ties:
            ends = self.card_of[tie.source], self.card_of[tie.target]
            ledger = any(isinstance(self.cards[end], Ledger) for end in ends)
            if not (ledger and ends in seen):
                found.append((tie, ledger))
            seen.add(ends)
        return found

    def _label(self, line: Line) -> tuple[str, ...]:
        tie, ledger = self.ties[line.tie]
        if ledger:
            return ()
        return tuple(part for one in label_lines(tie) for part in evenly(one, SMALL, LABEL))

    def _downwards(self, line: Line) -> bool:
        """Whether a line belongs to the holdings: its label stands at its lower end, and it branches there."""
        level = self.layers.level
        return level[line.nodes[-1]] > self.layers.middle

    def _segments(self) -> list[list[_Segment]]:
        gaps: list[list[_Segment]] = [[] for _ in self.layers.rows]
        ports: dict[tuple[object, ...], _Port] = {}
        level = self.layers.level
        for line, label in zip(self.layers.lines, self.labels, strict=True):
            room = max(width(one, SMALL) for one in label) + 14 if label else 22.0
            beside = level[line.nodes[0]] == level[line.nodes[-1]]
            for upper, lower in pairwise(line.nodes):
                below = level[lower] > self.layers.middle
                alone = beside or line.upward
                key = ("line", line.tie) if alone else ("upper", upper) if below else ("lower", lower)
                shared_above = key if key[0] == "upper" else ("line", line.tie)
                shared_below = key if key[0] == "lower" else ("line", line.tie)
                labelled = (lower == line.nodes[-1]) if self._downwards(line) else (upper == line.nodes[0])
                above = _port(ports, self.bottoms, upper, shared_above, room if labelled and not below else 22.0)
                # A line to a party beside it goes down and comes up again from below.
                side = self.bottoms if beside else self.tops
                down = _port(ports, side, lower, (*shared_below, beside), room if labelled and below else 22.0)
                above.others.append(lower)
                down.others.append(upper)
                gaps[level[upper]].append(_Segment(line, upper, lower, key, above, down))
        return gaps

    def _width(self, node: int) -> float:
        if node < 0:
            return KNOT
        sides = (self.tops.get(node, ()), self.bottoms.get(node, ()))
        return max(self.cards[node].width, *(sum(port.room for port in side) + 20 for side in sides))

    def _places(self) -> dict[int, float]:
        """Return the middle of each node: where its neighbours are, in the order of its layer."""
        beside: dict[int, list[int]] = {}
        for segment in (one for gap in self.gaps for one in gap):
            beside.setdefault(segment.upper, []).append(segment.lower)
            beside.setdefault(segment.lower, []).append(segment.upper)
        x: dict[int, float] = {}
        for row in self.layers.rows:
            x.update(zip(row, spread([0.0] * len(row), self._apart(row)), strict=True))
        for turn in range(ROUNDS):
            order = range(len(self.layers.rows)) if turn % 2 == 0 else range(len(self.layers.rows) - 1, -1, -1)
            for here in order:
                row = self.layers.rows[here]
                fixed = (-1 if turn % 2 == 0 else 1) + here
                wanted, weights = [], []
                for node in row:
                    every = beside.get(node, [])
                    near = [one for one in every if self.layers.level[one] == fixed] or every
                    wanted.append(sum(x[one] for one in near) / len(near) if near else x[node])
                    weights.append(max(len(near), 0.1))
                x.update(zip(row, spread(wanted, self._apart(row), weights), strict=True))
        return x

    def _apart(self, row: Sequence[int]) -> list[float]:
        return [(self.widths[one] + self.widths[other]) / 2 + BETWEEN for one, other in pairwise(row)]

    def _place_ports(self) -> None:
        for side in (self.tops, self.bottoms):
            for node, ports in side.items():
                ports.sort(key=lambda port: sum(self.x[one] for one in port.others) / len(port.others))
                at = self.x[node] - sum(port.room for port in ports) / 2
                for port in ports:
                    port.x = at + port.room / 2
                    at += port.room
        for gap in self.gaps:
            self._straighten(gap)

    def _straighten(self, gap: Sequence[_Segment]) -> None:
        """Move the only port on a side of a card to stand right below or above the one it is tied to."""
        for segment in gap:
            alone = sum(one.key == segment.key for one in gap) == 1
            for port, other, side in (
                (segment.below, segment.above, self.tops), (segment.above, segment.below, self.bottoms)
            ):  # fmt: skip
                reach = self.widths[port.node] / 2 - port.room / 2 - 6
                single = port.node >= 0 and len(side.get(port.node, ())) == 1
                if alone and single and abs(other.x - self.x[port.node]) <= reach:
                    port.x = other.x
                    break

    def chart(self) -> Chart:
        """Return the chart."""
        buses = [self._buses(gap) for gap in self.gaps]
        placing = [dict(zip(one, tracks(list(one.values())), strict=True)) for one in buses]
        tops, heights, total = self._heights(placing, buses)
        left = min(self.x[node] - self.widths[node] / 2 for node in self.layers.level)
        right = max(self.x[node] + self.widths[node] / 2 for node in self.layers.level)
        placed = tuple(self._placed(place, tops, heights, left) for place in range(len(self.cards)))
        routes = tuple(self._route(line, placing, tops, heights, left) for line in self.layers.lines)
        return Chart(placed, routes, right - left, total)

    def _buses(self, gap: Sequence[_Segment]) -> dict[tuple[str, int], Bus]:
        ends: dict[tuple[str, int], tuple[list[float], list[float]]] = {}
        for segment in gap:
            above, below = ends.setdefault(segment.key, ([], []))
            above.append(segment.above.x)
            beside = self.layers.level[segment.upper] == self.layers.level[segment.lower]
            (above if beside else below).append(segment.below.x)
        return {key: Bus(tuple(above), tuple(below)) for key, (above, below) in ends.items()}

    def _heights(
        self, placing: Sequence[dict[tuple[str, int], int]], buses: Sequence[dict[tuple[str, int], Bus]]
    ) -> tuple[list[float], list[float], float]:
        """Return where each layer begins and how high it is, and the height of all."""
        tops, heights, y = [], [], 0.0
        for row, gap, placed, bus in zip(self.layers.rows, self.gaps, placing, buses, strict=True):
            tops.append(y)
            heights.append(max((self.cards[node].height for node in row if node >= 0), default=0.0))
            y += heights[-1]
            if gap:
                bent = [track for key, track in placed.items() if not bus[key].straight]
                upper, lower = self._label_room(gap)
                y += 8 + upper + (8 + max(bent) * TRACK + 8 if bent else 12) + lower + ARROW
        return tops, heights, y

    def _label_room(self, gap: Sequence[_Segment]) -> tuple[float, float]:
        """Return how much room labels take at the upper and at the lower end of a gap."""
        upper = lower = 0.0
        for segment in gap:
            tall = len(self.labels[segment.line.tie]) * SMALL_STEP
            if self._downwards(segment.line):
                lower = max(lower, tall + 4 if segment.lower == segment.line.nodes[-1] else 0)
            else:
                upper = max(upper, tall + 2 if segment.upper == segment.line.nodes[0] else 0)
        return upper, lower

    def _placed(self, node: int, tops: Sequence[float], heights: Sequence[float], left: float) -> Placed:
        wide = self.widths[node]
        return Placed(self.cards[node], self.x[node] - wide / 2 - left, self._top(node, tops, heights), wide)

    def _top(self, node: int, tops: Sequence[float], heights: Sequence[float]) -> float:
        level = self.layers.level[node]
        if node < 0 or level > self.layers.middle:
            return tops[level]
        return tops[level] + heights[level] - self.cards[node].height

    def _bottom(self, node: int, tops: Sequence[float], heights: Sequence[float]) -> float:
        level = self.layers.level[node]
        if node < 0 or level <= self.layers.middle:
            return tops[level] + heights[level]
        return tops[level] + self.cards[node].height

    def _route(
        self, line: Line, placing: Sequence[dict[tuple[str, int], int]], tops: Sequence[float],
        heights: Sequence[float], left: float,
    ) -> Route:  # fmt: skip
        level = self.layers.level
        segments = [one for gap in self.gaps for one in gap if one.line is line]
        segments.sort(key=lambda one: level[one.upper])
        points: list[Point] = []
        label = None
        text = self.labels[line.tie]
        for segment in segments:
            here = level[segment.upper]
            upper, _ = self._label_room(self.gaps[here])
            start = self._bottom(segment.upper, tops, heights)
            track = tops[here] + heights[here] + 8 + upper + 8 + placing[here][segment.key] * TRACK
            beside = level[segment.lower] == here
            end = self._bottom(segment.lower, tops, heights) if beside else self._top(segment.lower, tops, heights)
            above, below = segment.above.x - left, segment.below.x - left
            points += [(above, start), (above, track), (below, track), (below, end)]
            wide = max((width(one, SMALL) for one in text), default=0.0)
            if text and not self._downwards(line) and segment.upper == line.nodes[0]:
                label = Label(text, above, tops[here] + heights[here] + 8, wide)
            elif text and self._downwards(line) and segment.lower == line.nodes[-1]:
                label = Label(text, below, end - ARROW - len(text) * SMALL_STEP - 2, wide)
        tie, ledger = self.ties[line.tie]
        ordered = tuple(reversed(points)) if line.upward else tuple(points)
        return Route(_joined(ordered), None if ledger else tie, label, self.groups[line.tie])


def _port(
    ports: dict[tuple[object, ...], _Port], side: dict[int, list[_Port]], node: int, key: tuple[object, ...],
    room: float,
) -> _Port:  # fmt: skip
    """Return the port of a node for lines of a key, made when first asked for."""
    whole = (id(side), node, *key)
    if whole not in ports:
        ports[whole] = _Port(node, KNOT if node < 0 else room)
        side.setdefault(node, []).append(ports[whole])
    return ports[whole]


def _groups(gaps: Sequence[Sequence[_Segment]]) -> dict[int, int]:
    """Return a group for each line, the same for those that share a track in any gap."""
    group: dict[int, int] = {segment.line.tie: segment.line.tie for gap in gaps for segment in gap}
    first: dict[tuple[int, tuple[str, int]], int] = {}
    for here, gap in enumerate(gaps):
        for segment in gap:
            one, other = group[first.setdefault((here, segment.key), segment.line.tie)], group[segment.line.tie]
            if one != other:
                group = {line: one if of == other else of for line, of in group.items()}
    return group


def _joined(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return a line without points that lie on it or are twice the same."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.05 and abs(kept[-1][1] - point[1]) < 0.05:
            continue
        if len(kept) > 1 and _in_line(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return tuple(kept)


def _in_line(one: Point, two: Point, three: Point) -> bool:
    return abs(one[0] - two[0]) < 0.05 and abs(two[0] - three[0]) < 0.05


def boxes(chart: Chart) -> list[tuple[float, float, float, float]]:
    """Return the corners of all cards: left, top, right, bottom."""
    return [(one.x, one.y, one.x + one.width, one.y + one.card.height) for one in chart.placed]


__all__ = ["Box", "Chart", "Label", "Placed", "Point", "Route", "boxes", "chart_of"]
