"""Owners above and holdings below an entity, as trees of bounded size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from listed.graph.tables import day_number
from listed.queries.answer import Inquiry
from listed.queries.ownership import links_of_stakes, stake_rows
from listed.queries.records import StakeRow
from listed.queries.ruling import Ruling
from listed.queries.stake_columns import Ints
from listed.queries.standing import standing

DEPTH = 4
BRANCHES = 60
"""Most stakes of one entity that are told."""

SIZE = 150
"""Most stakes in a tree."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A stake in a tree, and those beyond it.

    ``status`` is the verdict on the party at the far end, as one says it ("would be captured"),
    ``seen`` marks one told of elsewhere in the tree, ``more`` counts its stakes that are not told.
    """

    entity: str
    name: str
    status: str
    stake: StakeRow
    branches: tuple[Branch, ...]
    seen: bool
    more: int


@dataclass(frozen=True, slots=True)
class Tree:
    """The stakes around an entity; ``more`` counts those nearest that are not told."""

    branches: tuple[Branch, ...]
    more: int


class Gardener:
    """Grows trees for one page; all sources told of are cited by the inquiry."""

    def __init__(self, inquiry: Inquiry, ruling: Ruling) -> None:
        self.inquiry, self.ruling, self.graph = inquiry, ruling, inquiry.graph
        self._numbers: dict[str, int] = {}

    def tree(self, entity: int, *, up: bool) -> Tree:
        """Return the owners above an entity, or the holdings below it, the nearest tiers first."""
        told = {entity}
        tiers: dict[int, tuple[list[StakeRow], int]] = {}
        front, left = [entity], SIZE
        for _ in range(DEPTH):
            reached: list[int] = []
            for one in front:
                rows, more = self._stakes(one, min(BRANCHES, left), up=up)
                tiers[one] = rows, more
                left -= len(rows)
                for row in rows:
                    far = self._far(row, up=up)
                    if far not in told and far not in reached:
                        reached.append(far)
            told.update(reached)
            front = reached
        placed: set[int] = {entity}
        branches, more = self._branches(entity, tiers, placed, up=up)
        return Tree(branches, more)

    def _branches(
        self, entity: int, tiers: dict[int, tuple[list[StakeRow], int]], placed: set[int], *, up: bool
    ) -> tuple[tuple[Branch, ...], int]:
        rows, more = tiers[entity] if entity in tiers else ([], self._count(entity, up=up))
        far = [self._far(row, up=up) for row in rows]
        # Those of one tier are placed before what lies beyond them, so that each stands where it is nearest.
        new = [one not in placed and far.index(one) == place for place, one in enumerate(far)]
        placed.update(far)
        branches = []
        for one, row, first in zip(far, rows, new, strict=True):
            beyond, hidden = self._branches(one, tiers, placed, up=up) if first else ((), 0)
            branches.append(
                Branch(
                    entity=self.graph.id_of(one),
                    name=self.graph.name_of(one),
                    status="listed"
                    if row.listed_on
                    else standing(self.ruling.verdict_of(one), self.ruling.phase.status),
                    stake=row,
                    branches=beyond,
                    seen=not first,
                    more=hidden,
                )
            )
        return tuple(branches), more

    def _far(self, row: StakeRow, *, up: bool) -> int:
        return self._numbers[row.owner if up else row.asset]

    def _held(self, entity: int, *, up: bool) -> Ints:
        """Return the links of stakes that may be held on the day, the largest first."""
        arrays, day = self.graph.arrays, day_number(self.inquiry.as_of)
        links = links_of_stakes(self.graph, entity, of_asset=up)
        links = links[(arrays.start_earliest[links] <= day) & (arrays.end_latest[links] >= day)]
        return links if len(links) < 2 else links[np.lexsort((links, -arrays.low[links].astype(np.int64)))]

    def _parties(self, links: Ints, *, up: bool) -> list[int]:
        """Return the parties at the far ends of stakes of more than nothing, in the order of the stakes."""
        ends = self.graph.arrays.source if up else self.graph.arrays.target
        return list(dict.fromkeys(ends[links[self.graph.arrays.high[links] > 0]].tolist()))

    def _count(self, entity: int, *, up: bool) -> int:
        arrays, day = self.graph.arrays, day_number(self.inquiry.as_of)
        links = links_of_stakes(self.graph, entity, of_asset=up)
        may = (arrays.start_earliest[links] <= day) & (arrays.end_latest[links] >= day) & (arrays.high[links] > 0)
        return len(set((arrays.source if up else arrays.target)[links[may]].tolist()))

    def _stakes(self, entity: int, most: int, *, up: bool) -> tuple[list[StakeRow], int]:
        links = self._held(entity, up=up)
        parties = self._parties(links, up=up)
        chosen = parties[: max(most, 0)]
        if not chosen:
            return [], len(parties)
        self._numbers.update((self.graph.id_of(one), one) for one in chosen)
        ends = (self.graph.arrays.source if up else self.graph.arrays.target)[links]
        # An exit is read with the stake it ends.
        kept = links[np.isin(ends, chosen)]
        rows = stake_rows(self.inquiry, kept.tolist(), history=False, of_asset=up)
        return rows, len(parties) - len(chosen)
