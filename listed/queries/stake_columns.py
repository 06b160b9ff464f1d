"""The stakes of a whole graph on a date, as columns: what ownership rules count.

A stake of one claim is read off the arrays; the few of several claims go through
:func:`listed.graph.stakes.stakes_on`. Only shares count, not votes, board seats, consolidation or
control; a claim that a stake is indirect may repeat a chain that is told link by link, so it counts
as possible, never as certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.share import WHOLE, Basis
from listed.graph.snapshot import Graph
from listed.graph.stakes import stakes_on
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.queries.ownership import claim_of

I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class StakeColumns:
    """The stakes that may hold on a day, a row each, sorted by owner and asset.

    Parameters
    ----------
    owner, asset
        Entity numbers.
    low, high
        What is certainly and what is possibly held, in millionths of a point. An end that is itself
        excluded is one millionth inside: "more than 50" is 50.000001.
    something
        Whether it is certain that anything is held.
    conflict
        Whether sources contradict each other.
    link
        A link that tells of the stake (:func:`links_of` gives all).
    first
        ``(n + 1,)`` the rows of owner ``i`` are ``first[i]`` to ``first[i + 1]``.
    """

    owner: I64
    asset: I64
    low: I64
    high: I64
    something: Flags
    conflict: Flags
    link: I64
    first: I64


def stake_columns(graph: Graph, day: date) -> StakeColumns:
    """Return the stakes of a graph on a day; computed once and kept for the next question."""
    key = ("stakes", day)
    if key not in graph.memory:
        graph.memory[key] = _columns(graph, day)
    columns: StakeColumns = graph.memory[key]
    return columns


def _columns(graph: Graph, day: date) -> StakeColumns:
    arrays = graph.arrays
    number = day_number(day)
    owns = np.asarray(arrays.kind) == LinkType.OWNS.rank
    shares, indirect, opens = _stated(graph)
    rows = np.flatnonzero(owns & shares)
    pair = arrays.source[rows].astype(np.int64) << 32 | arrays.target[rows]
    order = np.argsort(pair, kind="stable")
    rows, pair = rows[order], pair[order]
    same = pair[1:] == pair[:-1]
    several = np.zeros(len(rows), np.bool_)
    several[1:] |= same
    several[:-1] |= same
    alone = rows[~several]
    may = (arrays.start_earliest[alone] <= number) & (arrays.end_latest[alone] >= number)
    alone = alone[may]
    certain = (arrays.start_latest[alone] <= number) & (arrays.end_earliest[alone] > number)
    exact_low, exact_high = arrays.low[alone].astype(np.int64), arrays.high[alone].astype(np.int64)
    exact_low += opens[alone, 0]
    exact_high -= opens[alone, 1]
    counted = certain & ~indirect[alone]
    columns = [
        arrays.source[alone].astype(np.int64), arrays.target[alone].astype(np.int64), np.where(counted, exact_low, 0),
        exact_high, counted, np.zeros(len(alone), np.bool_), alone.astype(np.int64),
    ]  # fmt: skip
    kept = exact_high > 0
    told = [column[kept] for column in columns]
    told = [np.concatenate(pair_) for pair_ in zip(told, _resolved(graph, rows[several], day), strict=True)]
    order = np.argsort(told[0] << 32 | told[1], kind="stable")
    owner, asset, low, high, something, conflict, link = (column[order] for column in told)
    first = np.zeros(arrays.size + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=arrays.size), out=first[1:])
    return StakeColumns(owner, asset, low, high, something.astype(np.bool_), conflict.astype(np.bool_), link, first)


def _stated(graph: Graph) -> tuple[Flags, Flags, Flags]:
    """Return of each link whether it tells of shares, whether it says it is indirect, and its open ends."""
    key = "stated"
    if key not in graph.memory:
        links = graph.tables["links"]
        basis = links["basis"].cast(pa.string())
        other = pa.array([Basis.VOTES.value, Basis.BOARD.value, Basis.CONSOLIDATION.value])
        shares = ~pc.is_in(basis, value_set=other).to_numpy(zero_copy_only=False)
        indirect = pc.fill_null(pc.equal(links["direct"], False), fill_value=False).to_numpy()  # noqa: FBT003
        ends = [pc.fill_null(links[name], fill_value=False).to_numpy() for name in ("share_min_open", "share_max_open")]
        graph.memory[key] = (shares, indirect, np.stack(ends, axis=1))
    stated: tuple[Flags, Flags, Flags] = graph.memory[key]
    return stated


def _resolved(graph: Graph, rows: Sequence[int] | npt.NDArray[np.int64], day: date) -> list[I64]:
    """Return the columns of the stakes that several claims tell of."""
    pairs: dict[tuple[int, int], list[int]] = {}
    for row in rows:
        pairs.setdefault((int(graph.arrays.source[row]), int(graph.arrays.target[row])), []).append(int(row))
    found: list[tuple[int, ...]] = []
    for (owner, asset), links in pairs.items():
        stakes = [stake for stake in stakes_on([claim_of(graph, link) for link in links], day) if not stake.is_exit]
        direct = [stake for stake in stakes if stake.direct is not False] or stakes
        for stake in direct[:1]:
            low, high = stake.share.low or 0, WHOLE if stake.share.high is None else stake.share.high
            counted = stake.holds == "certainly" and stake.direct is not False
            found.append((owner, asset, (low + stake.share.low_open) * counted, high - stake.share.high_open, counted,
                          stake.conflict, stake.links[0]))  # fmt: skip
    return list(np.array(found, np.int64).reshape(-1, 7).T)


def links_of(graph: Graph, owner: int, asset: int) -> list[int]:
    """Return every OWNS link from an owner to an asset."""
    links = graph.arrays.links_of(asset)
    arrays = graph.arrays
    counts = (
        (arrays.source[links] == owner) & (arrays.target[links] == asset) & (arrays.kind[links] == LinkType.OWNS.rank)
    )
    return [int(link) for link in links[counts]]
