"""Exposure paths by the plainest means: every simple path, length by length, then sorted.

Made from the tables themselves, not from the graph that was loaded, so that it can prove the
search wrong.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from benchmarks.synthetic import Synthetic
from listed.graph.adjacency import HUB_LINKS
from listed.graph.vocabulary import LinkType

I64 = npt.NDArray[np.int64]

_MOST_WAYS = 300_000
"""Unfinished paths held at once; beyond, the lengths enumerated so far are what is compared."""


class Reference:
    """The links that hold today, as dictionaries."""

    def __init__(self, graph: Synthetic) -> None:
        holds = holding(graph)
        source, target = graph.source[holds], graph.target[holds]
        types = graph.tables["stakes"]["type"].combine_chunks().dictionary_encode()
        ranks = np.array([LinkType(name).rank for name in types.dictionary.to_pylist()])
        kind = ranks[types.indices.to_numpy()][holds]
        self.ends = set(graph.listed.tolist())
        self.hubs = set(hubs(graph).tolist())
        self.steps: dict[int, dict[int, int]] = {}
        for one, other, rank in zip(source.tolist(), target.tolist(), kind.tolist(), strict=True):
            for a, b in ((one, other), (other, one)):
                around = self.steps.setdefault(a, {})
                around[b] = min(rank, around.get(b, rank))

    def best(self, start: int, hops: int, most: int) -> tuple[list[tuple[int, ...]], int]:
        """Return the best paths, and up to which length every path was looked at."""
        found: list[tuple[int, ...]] = []
        ways: list[tuple[int, ...]] = [(start,)]
        for length in range(1, hops + 1):
            longer = [(*way, step) for way in ways for step in self.steps.get(way[-1], ()) if step not in way]
            found += sorted((way for way in longer if way[-1] in self.ends), key=self._order)
            ways = [way for way in longer if way[-1] not in self.ends and way[-1] not in self.hubs]
            if len(found) >= most or len(ways) > _MOST_WAYS:
                return found[:most], length
        return found[:most], hops

    def _order(self, way: tuple[int, ...]) -> list[tuple[int, int]]:
        # Ids are numbers of one width, so the entity whose id comes first has the lower row.
        return [(self.steps[one][other], other) for one, other in pairwise(way)]


def holding(graph: Synthetic) -> npt.NDArray[np.bool_]:
    """Return which links may hold today."""
    stakes, today = graph.tables["stakes"], date.today().isoformat()
    begun = pc.less_equal(stakes["start"], today)
    not_over = pc.fill_null(pc.greater_equal(stakes["end"], today), fill_value=True)
    return np.asarray(pc.and_(begun, not_over).to_numpy(), np.bool_)


def hubs(graph: Synthetic) -> I64:
    """Return the entities no path leads through."""
    links = np.bincount(np.concatenate([graph.source, graph.target]), minlength=graph.entities)
    return np.flatnonzero(links >= HUB_LINKS)
