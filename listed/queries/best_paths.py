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

from listed.graph.adjacency import ALWAYS, U8, Adjacency

MOST_STEPS = 2_000_000
"""Steps, forward and back, a search takes before it gives up, and says so."""

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
        Day on which the links must possibly hold, counted from 1970.
    kinds
        Ranks of the types of link to go over; ``None``: all.
    most_hops, most_paths
        Longest path; how many.
    through_hubs
        Whether paths may lead through hubs.
    most_steps
        Steps to take before giving up.
    past
        Whether links count as well that were over by the day.
    """

    start: int
    ends: Collection[int]
    near: U8
    day: int
    kinds: frozenset[int] | None = None
    most_hops: int = 6
    most_paths: int = 100
    through_hubs: bool = False
    most_steps: int = MOST_STEPS
    past: bool = False


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
        Whether the search stopped because it had taken ``most_steps``.
    hubs
        Hubs met and not passed, by number.
    steps
        Steps taken.
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
        self._seen: dict[int, dict[int, int]] = {}
        # Reading single numbers from a memory view costs half of what it does from an array.
        self._first = memoryview(graph.first)  # type: ignore[arg-type]
        self._hub = memoryview(graph.hub)  # type: ignore[arg-type]
        self._near = memoryview(question.near)  # type: ignore[arg-type]
        self._neighbour = memoryview(graph.neighbour)  # type: ignore[arg-type]
        self._from = memoryview(graph.arc_from)  # type: ignore[arg-type]
        self._to = memoryview(graph.arc_to)  # type: ignore[arg-type]

    def of_length(self, length: int) -> Iterator[tuple[int, ...]]:
        """Yield the simple paths of exactly so many links, best first."""
        start = self.question.start
        path = [start]
        on_path = {start}
        branches = [self._branches(start, length)]
        while branches:
            self.found.steps += 1
            if self.found.steps > self.question.most_steps:
                raise _GiveUpError
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
        near = self._seen.get(entity)
        if near is None:
            near = self._look(entity)
        ends = self.question.ends
        if left == 1:
            return (one for one, far in near.items() if far == 0 and one in ends)
        return (one for one, far in near.items() if far < left and one not in ends and self._may_pass(one))

    def _may_pass(self, entity: int) -> bool:
        if not self._hub[entity] or self.question.through_hubs or entity == self.question.start:
            return True
        self.found.hubs.add(entity)
        return False

    def _look(self, entity: int) -> dict[int, int]:
        """Return an entity's neighbours over links that count, best first, and their distances to an end."""
        self.found.steps += 1
        if self.found.steps > self.question.most_steps:
            raise _GiveUpError
        arcs = slice(self._first[entity], self._first[entity + 1])
        looked = self._many(arcs) if arcs.stop - arcs.start > _WIDE else self._few(arcs)
        self._seen[entity] = looked
        return looked

    def _many(self, arcs: slice) -> dict[int, int]:
        """Look over whole columns."""
        neighbours = self.graph.neighbour[arcs]
        close = self.question.near[neighbours] < self.question.most_hops
        neighbours = neighbours[close & self._counts(arcs)]
        return dict(zip(neighbours.tolist(), self.question.near[neighbours].tolist(), strict=True))

    def _counts(self, arcs: slice) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        counts = np.asarray(self.graph.arc_from[arcs] <= self.question.day)
        if not self.question.past:
            counts &= self.graph.arc_to[arcs] >= self.question.day
        if self.question.kinds is not None:
            counts &= np.isin(self.graph.arc_kind[arcs], list(self.question.kinds))
        return counts

    def _few(self, arcs: slice) -> dict[int, int]:
        """Look over a handful of arcs, where plain Python is the quicker."""
        day, near, kinds = self.question.day, self._near, self.question.kinds
        least = -int(ALWAYS) if self.question.past else day
        arcs_of = zip(self._neighbour[arcs], self._from[arcs], self._to[arcs], strict=True)
        if kinds is None:
            return {one: near[one] for one, since, until in arcs_of if since <= day and until >= least}
        kind = self.graph.arc_kind[arcs].tolist()
        return {
            one: near[one]
            for (one, since, until), of in zip(arcs_of, kind, strict=True)
            if of in kinds and since <= day and until >= least
        }
