"""How the lines of one gap between two layers run: straight down, along a track of their own, straight down.

Lines that end in the same place (or begin there) share a track, as in a family tree. Tracks are ordered so
that few lines cross, and so that no line runs over another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

_SAME = 1.0
_CROSSES, _COVERS = 1, 50


@dataclass(frozen=True, slots=True)
class Bus:
    """Lines that share a track: where they come from above, and where they go below."""

    above: tuple[float, ...]
    below: tuple[float, ...]

    @property
    def ends(self) -> tuple[float, float]:
        """The leftmost and the rightmost place of its track."""
        places = (*self.above, *self.below)
        return min(places), max(places)

    @property
    def straight(self) -> bool:
        """Whether it needs no track."""
        low, high = self.ends
        return high - low < _SAME and bool(self.above and self.below)


def tracks(buses: Sequence[Bus]) -> list[int]:
    """Return the track of each bus, the uppermost 0; a straight one gets 0 too."""
    bent = [place for place, bus in enumerate(buses) if not bus.straight]
    order = _with_few_crossings(buses, bent)
    found = [0] * len(buses)
    placed: list[int] = []
    for one in order:
        clear = [found[other] + 1 for other in placed if _meet(buses[one], buses[other])]
        found[one] = max(clear, default=0)
        placed.append(one)
    return found


def _meet(one: Bus, other: Bus) -> bool:
    (low, high), (start, stop) = one.ends, other.ends
    return low <= stop + 8 and start <= high + 8


def _with_few_crossings(buses: Sequence[Bus], bent: Sequence[int]) -> list[int]:
    """Return buses from the uppermost down: of each pair, the one first that is crossed less so."""
    costs = {}
    for one, other in combinations(bent, 2):
        costs[one, other] = _cost(buses[one], buses[other])
        costs[other, one] = _cost(buses[other], buses[one])
    order = sorted(bent, key=lambda place: buses[place].ends)
    for _ in range(len(order)):
        moved = False
        for place in range(len(order) - 1):
            one, other = order[place], order[place + 1]
            if costs[other, one] < costs[one, other]:
                order[place], order[place + 1] = other, one
                moved = True
        if not moved:
            break
    return order


def _cost(upper: Bus, lower: Bus) -> int:
    """Return what it costs to have one track above another: what crosses, and what would run over another."""
    (low, high), (start, stop) = upper.ends, lower.ends
    cost = _CROSSES * sum(low < place < high for place in lower.above)
    cost += _CROSSES * sum(start < place < stop for place in upper.below)
    return cost + _COVERS * sum(abs(one - other) < 4 for one in upper.below for other in lower.above)
