"""How far up a page looks: an owner chain of a tangled register can have a hundred thousand owners."""

from __future__ import annotations

import numpy as np

from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.queries.ruling import Ruling

MOST_OWNERS = 300
"""Owners that are followed up for one page; `listed government` and `listed verdict` follow all."""


def hops_within(graph: Graph, entity: int, most_hops: int) -> int:
    """Return how many links up state bodies are looked for, so that no more than some owners are followed."""
    arrays = graph.arrays
    front = np.array([entity], np.int64)
    told = np.zeros(arrays.size, np.bool_)
    told[entity] = True
    total = 1
    for hops in range(1, most_hops):
        first, count = arrays.first[front], arrays.first[front + 1] - arrays.first[front]
        above = np.repeat(front, count)
        arcs = np.arange(int(count.sum()), dtype=np.int64) + np.repeat(
            first - np.append(0, np.cumsum(count)[:-1]), count
        )
        ranks = [LinkType.OWNS.rank, LinkType.CONTROLS.rank]
        up = (arrays.target[arrays.link[arcs]] == above) & np.isin(arrays.arc_kind[arcs], ranks)
        reached = np.unique(arrays.neighbour[arcs[up]])
        front = reached[~told[reached]].astype(np.int64)
        told[front] = True
        total += len(front)
        if total > MOST_OWNERS:
            return hops
        if not len(front):
            break
    return most_hops


def is_told_whole(ruling: Ruling, entity: int) -> bool:
    """Whether all that a verdict rests on fits a page; else only the nearest tier of it is told."""
    told, front = {entity}, [entity]
    while front:
        reached = []
        for one in front:
            owners = ruling.stakes.owner[ruling.stakes.into(one)]
            for owner in owners[ruling.captured.possible[owners]].tolist():
                if owner not in told:
                    told.add(owner)
                    reached.append(owner)
            if len(told) > MOST_OWNERS:
                return False
        front = reached
    return True
