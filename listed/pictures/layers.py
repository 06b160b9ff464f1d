"""Parties in layers, owners above what they own, with few crossings (after Sugiyama, Tagawa and Toda, 1981).

1. Lines are taken in the order they were found; one that would close a loop is turned round, and remembered.
2. A party's layer is its longest way to the middle one: each owner stands above all that it owns.
3. A line over several layers is given a knot in each between.
4. Layers are ordered by the mean place of their neighbours, down and up again, and the order with the fewest
   crossings is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Node = int
"""A party, or from -1 downwards a knot."""

SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """A line from the upper to the lower of its ends, through ``nodes``; ``upward`` if its arrow points up."""

    tie: int
    nodes: tuple[Node, ...]
    upward: bool


@dataclass(frozen=True, slots=True)
class Layers:
    """Nodes by layer, the topmost first, each in its order; ``level`` says beside what the middle one stands."""

    rows: tuple[tuple[Node, ...], ...]
    level: dict[Node, int]
    lines: tuple[Line, ...]
    middle: int


def layered(parties: Sequence[Node], sides: Mapping[Node, int], ties: Sequence[tuple[Node, Node]]) -> Layers:
    """Return parties in layers.

    Parameters
    ----------
    parties
        The one in the middle first.
    sides
        -1 above the middle, 1 below it, 0 beside it.
    ties
        Owner and asset.
    """
    downward = _without_loops(parties, sides, ties)
    lines, level = _with_knots(ties, _levels(parties, sides, downward))
    top = min(level.values())
    rows: list[list[Node]] = [[] for _ in range(max(level.values()) - top + 1)]
    for node, layer in level.items():
        rows[layer - top].append(node)
    ordered = _ordered(rows, _beside(lines))
    return Layers(tuple(map(tuple, ordered)), {node: one - top for node, one in level.items()}, tuple(lines), -top)


def _without_loops(
    parties: Sequence[Node], sides: Mapping[Node, int], ties: Sequence[tuple[Node, Node]]
) -> dict[Node, set[Node]]:
    """Return who stands above whom, but for ties that would close a loop."""
    below: dict[Node, set[Node]] = {party: set() for party in parties}
    for owner, asset in ties:
        one, other = sides[owner], sides[asset]
        # Only a tie within a side can close a loop there: one that runs as the sides do never has to turn.
        if one < other or (one == other != 0 and not _reaches(below, asset, owner)):
            below[owner].add(asset)
    return below


def _reaches(below: Mapping[Node, set[Node]], start: Node, end: Node) -> bool:
    seen, front = {start}, [start]
    while front:
        one = front.pop()
        if one == end:
            return True
        new = below[one] - seen
        seen |= new
        front += new
    return False


def _levels(parties: Sequence[Node], sides: Mapping[Node, int], below: Mapping[Node, set[Node]]) -> dict[Node, int]:
    """Return the layer of each party; the one in the middle is at 0."""
    level = dict(sides)
    moved = True
    while moved:
        moved = False
        for owner, assets in below.items():
            for asset in assets:
                if sides[owner] < 0 and level[owner] >= level[asset]:
                    level[owner], moved = level[asset] - 1, True
                elif sides[owner] >= 0 and level[asset] <= level[owner]:
                    level[asset], moved = level[owner] + 1, True
    return {party: level[party] for party in parties}


def _with_knots(ties: Sequence[tuple[Node, Node]], level: dict[Node, int]) -> tuple[list[Line], dict[Node, int]]:
    level, lines, knot = dict(level), [], -1
    for place, (owner, asset) in enumerate(ties):
        upper, lower = (asset, owner) if level[owner] > level[asset] else (owner, asset)
        nodes = [upper]
        for layer in range(level[upper] + 1, level[lower]):
            level[knot] = layer
            nodes.append(knot)
            knot -= 1
        lines.append(Line(place, (*nodes, lower), upward=upper != owner))
    return lines, level


def _beside(lines: Iterable[Line]) -> dict[Node, list[Node]]:
    beside: dict[Node, list[Node]] = {}
    for line in lines:
        for one, other in pairwise(line.nodes):
            beside.setdefault(one, []).append(other)
            beside.setdefault(other, []).append(one)
    return beside


def _ordered(rows: list[list[Node]], beside: Mapping[Node, list[Node]]) -> list[list[Node]]:
    """Return the layers in the order with the fewest crossings that the sweeps met."""
    best, fewest = [list(row) for row in rows], crossings(rows, beside)
    rows = [list(row) for row in rows]
    for sweep in range(SWEEPS):
        order = range(1, len(rows)) if sweep % 2 == 0 else range(len(rows) - 2, -1, -1)
        for here in order:
            fixed = here - 1 if sweep % 2 == 0 else here + 1
            places = {node: place for place, node in enumerate(rows[fixed])}
            rows[here] = _by_mean(rows[here], places, beside)
        crossed = crossings(rows, beside)
        if crossed < fewest:
            best, fewest = [list(row) for row in rows], crossed
    return best


def _by_mean(row: list[Node], places: Mapping[Node, int], beside: Mapping[Node, list[Node]]) -> list[Node]:
    """Return a layer by the mean place of each node's neighbours; one without any keeps its place."""
    means = {}
    for here, node in enumerate(row):
        near = [places[one] for one in beside.get(node, ()) if one in places]
        means[node] = sum(near) / len(near) if near else here * (len(places) - 1) / max(len(row) - 1, 1)
    return sorted(row, key=lambda node: means[node])


def crossings(rows: Sequence[Sequence[Node]], beside: Mapping[Node, Sequence[Node]]) -> int:
    """Return how many pairs of lines cross between neighbouring layers."""
    total = 0
    for upper, lower in pairwise(rows):
        places = {node: place for place, node in enumerate(lower)}
        seen: list[int] = []
        for node in upper:
            mine = [places[one] for one in beside.get(node, ()) if one in places]
            total += sum(one > other for one in seen for other in mine)
            seen += mine
    return total
