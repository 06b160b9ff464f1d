"""Where in its row each of several things stands: near where it is wanted, in order, none over another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import cos, sin, tau


def spread(wanted: Sequence[float], apart: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Return places in order, each pair at least ``apart``, as near as can be to where they are wanted.

    Nearest in the sum of weighted squares: things that would overlap are moved as one block, to the mean of
    where they are wanted (pool adjacent violators).

    Parameters
    ----------
    wanted
        Where each would stand alone.
    apart
        Least distances between one and the next, one fewer than ``wanted``.
    weights
        How much each is to stand where it is wanted; alike by default.
    """
    offsets = [0.0]
    for one in apart:
        offsets.append(offsets[-1] + one)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    for place, (want, offset) in enumerate(zip(wanted, offsets, strict=True)):
        weight = weights[place] if weights else 1.0
        mean, count = want - offset, 1
        while blocks and blocks[-1][0] > mean:
            other, heavy, many = blocks.pop()
            mean = (mean * weight + other * heavy) / (weight + heavy)
            weight, count = weight + heavy, count + many
        blocks.append((mean, weight, count))
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def ring(tiers: Sequence[int]) -> list[tuple[int, int]]:
    """Return a place for each of several things on rings about the first: the tier is the number of the ring."""
    count = Counter(tiers)
    met: Counter[int] = Counter()
    places = []
    for tier in tiers:
        angle = tau * (met[tier] + tier / 3) / count[tier]
        met[tier] += 1
        # A ring has room for all that stand on it.
        radius = 0.0 if tier == 0 else max(260.0 * tier, 34.0 * count[tier])
        places.append((round(cos(angle) * radius * 1.4), round(sin(angle) * radius)))
    return places
