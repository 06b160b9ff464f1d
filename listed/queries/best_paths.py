"""The search behind ``exposure`` and ``paths``: the best simple paths, best first, within bounds.

The order is total. A path comes before another if it has fewer links; of two as long, if at the
first step where they part it goes over the stronger type of link (the order of
:class:`listed.graph.vocabulary.LinkType`), or, over the same type, to the entity whose id comes
first. Links side by side between two entities are one step.

Paths of each length are sought in turn, depth first in that very order, so that the search stops
at the last path wanted. A branch is cut when the nearest end is further than the links left
(:func:`listed.graph.adjacency.distances`, the bound of A*: Hart, Nilsson and Raphael 1968; as
rounds of growing depth: Korf 1985), so that the cost follows the answer, not the graph.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np

from listed.graph.adjacency import U8, Adjacency

MOST_STEPS = 2_000_000
"""Entities a search looks at before it gives up, and says so."""

_WIDE = 512
"""From so many arcs on, an entity's neighbours are sifted as whole columns."""


@dataclass(frozen=True, slots=True)
class Question:
    """What paths to look for.

    Parameters
    ----------
    start
        Number of the entity paths begin at.
    ends
        Numbers of the entities they lead to. No path goes on through one.
    near
        ``(n,)`` lower bound of the number of links from each entity to an end.
    day
        Day on which the links must possibly hold, counted from 1970; ``None``: on any day.
    kinds
        Ranks of the types of link to go over; ``None``: all.
    most_hops, most_paths
        Longest path; how many.
    through_hubs
        Whether paths may lead through hubs.
    most_steps
        Entities to look at before giving up.
    """

    start: int
    ends: Collection[int]
    near: U8
    day: int | None
    kinds: frozenset[int] | None = None
    most_hops: int = 6
    most_paths: int = 100
    through_hubs: bool = False
    most_steps: int = MOST_STEPS


@dataclass(slots=True)
class Found:
    """Paths, and what the bounds cut off.

    Parameters
    ----------
    paths
        Entity numbers from start to end, best first.
    more
        Whether there are further paths within the bounds.
    gave_up
        Whether the search stopped because it had looked at ``most_steps`` entities.
    hubs
        Hubs met and not passed, by number.
    steps
        Entities looked at.
    """

    paths: list[tuple[int, ...]] = field(default_factory=list)
    more: bool = False
    gave_up: bool = False
    hubs: set[int] = field(default_factory=set)
    steps: int = 0


class _GiveUpError(Exception):
    pass


def best_paths(graph: Adjacency, question: Question) -> Found:
    """Return the best paths a question asks for.

    Returns
    -------
    Found
        Equal for equal questions, whatever the order in which the graph was loaded.
    """
    search = _Search(graph, question)
    shortest = int(question.near[question.start]) or 1
    try:
        for length in range(shortest, question.most_hops + 1):
            for path in search.of_length(length):
                if len(search.found.paths) == question.most_paths:
                    search.found.more = True
                    return search.found
                search.found.paths.append(path)
    except _GiveUpError:
        search.found.gave_up = True
    return search.found


class _Search:
    """One question under way; remembers the neighbours of entities it has looked at."""

    def __init__(self, graph: Adjacency, question: Question) -> None:
        self.graph = graph
        self.question = question
        self.found = Found()
        self._seen: dict[int, tuple[list[int], list[int]]] = {}
        # Reading single numbers from a memory view costs half of what it does from an array.
        self._first = memoryview(graph.first)  # type: ignore[arg-type]
        self._hub = memoryview(graph.hub)  # type: ignore[arg-type]

    def of_length(self, length: int) -> Iterator[tuple[int, ...]]:
        """Yield the simple paths of exactly so many links, best first."""
        start = self.question.start
        path = [start]
        on_path = {start}
        branches = [self._branches(start, length)]
        while branches:
            step = next(branches[-1], None)
            if step is None:
                branches.pop()
                on_path.discard(path.pop())
                continue
            if step in on_path:
                continue
            if len(path) == length:
                yield (*path, step)
                continue
            path.append(step)
            on_path.add(step)
            branches.append(self._branches(step, length - len(path) + 1))

    def _branches(self, entity: int, left: int) -> Iterator[int]:
        """Yield the neighbours from which an end can be reached with the links left, best first."""
        neighbours, near = self._seen.get(entity) or self._look(entity)
        ends = self.question.ends
        if left == 1:
            return (one for one, far in zip(neighbours, near, strict=True) if far == 0 and one in ends)
        return (
            one
            for one, far in zip(neighbours, near, strict=True)
            if far < left and one not in ends and self._may_pass(one)
        )

    def _may_pass(self, entity: int) -> bool:
        if not self._hub[entity] or self.question.through_hubs:
            return True
        self.found.hubs.add(entity)
        return False

    def _look(self, entity: int) -> tuple[list[int], list[int]]:
        """Return an entity's neighbours over links that count, each once, and their distances to an end."""
        self.found.steps += 1
        if self.found.steps > self.question.most_steps:
            raise _GiveUpError
        graph, question = self.graph, self.question
        arcs = slice(self._first[entity], self._first[entity + 1])
        neighbours = graph.neighbour[arcs]
        if arcs.stop - arcs.start > _WIDE:
            close = question.near[neighbours] < question.most_hops
            neighbours = neighbours[close & self._counts(arcs)]
            _, place = np.unique(neighbours, return_index=True)
            neighbours = neighbours[np.sort(place)]
            looked = neighbours.tolist()
        else:
            looked = self._few(arcs)
        near = question.near[looked].tolist() if looked else []
        self._seen[entity] = (looked, near)
        return looked, near

    def _counts(self, arcs: slice) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        counts = np.ones(arcs.stop - arcs.start, np.bool_)
        if self.question.day is not None:
            counts &= self.graph.arc_from[arcs] <= self.question.day
            counts &= self.graph.arc_to[arcs] >= self.question.day
        if self.question.kinds is not None:
            counts &= np.isin(self.graph.arc_kind[arcs], list(self.question.kinds))
        return counts

    def _few(self, arcs: slice) -> list[int]:
        """Return the neighbours over a handful of arcs, where plain Python is the quicker."""
        graph, day, kinds = self.graph, self.question.day, self.question.kinds
        neighbours = graph.neighbour[arcs].tolist()
        if day is not None:
            holds = zip(neighbours, graph.arc_from[arcs].tolist(), graph.arc_to[arcs].tolist(), strict=True)
            kept = [since <= day <= until for _, since, until in holds]
            neighbours = [one for one, keep in zip(neighbours, kept, strict=True) if keep]
        else:
            kept = [True] * len(neighbours)
        if kinds is not None:
            kind = [one for one, keep in zip(graph.arc_kind[arcs].tolist(), kept, strict=True) if keep]
            neighbours = [one for one, of in zip(neighbours, kind, strict=True) if of in kinds]
        return list(dict.fromkeys(neighbours))
