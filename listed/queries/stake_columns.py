"""The stakes of a whole graph on a date, as columns: what ownership rules count.

Which pairs of owner and asset any source ever told of, and what it said, does not depend on the
date: that **register** is made once per snapshot and kept with its caches. A date picks from it what
may hold. A stake of one claim is read off the columns, those of several go through
:mod:`listed.queries.overlapping_claims`.

Only shares count, not votes, board seats, consolidation or control; a claim that a stake is indirect
may repeat a chain that is told link by link, so it counts as possible, never as certain. So does one
that does not say whether it is direct, where a firm that is its owner's own holds the same figure:
"Alibaba has 7%" and "Taobao has 7%" may be one stake told twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from listed.graph.adjacency import ALWAYS
from listed.graph.share import WHOLE, Basis
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.views import Arrays
from listed.graph.vocabulary import LinkType
from listed.queries.overlapping_claims import Claims, stakes_of
from listed.queries.remembering import remembered

I64 = npt.NDArray[np.int64]
Ints = npt.NDArray[np.signedinteger[Any]]
Flags = npt.NDArray[np.bool_]


OF_CONTROL = (Basis.VOTES, Basis.BOARD, Basis.CONSOLIDATION)
"""What is not of shares: it may control a firm, and no rule of ownership counts it."""


@dataclass(frozen=True, slots=True)
class StakeColumns:
    """Every stake any source ever told of, a row each, sorted by owner and asset; what is held on a day.

    Parameters
    ----------
    owner, asset
        Entity numbers.
    low, high
        What is certainly and what is possibly held, in millionths of a point; both 0 where nothing is
        held on the day. An end that is itself excluded is one millionth inside: "more than 50" is
        50.000001.
    something
        Whether it is certain that anything is held.
    conflict
        Whether sources contradict each other.
    first
        ``(n + 1,)`` the rows of owner ``i`` are ``first[i]`` to ``first[i + 1]``.
    by_asset, first_in
        The rows of asset ``i`` are ``by_asset[first_in[i]:first_in[i + 1]]``.
    sure
        What of a stake needs no room beside what the others certainly hold: its ``low``; 0 of an owner
        whom nobody names, who may be one of the others; its ``high`` where a source says that it is
        indirect, as it may be held through the others.
    sure_in
        ``(n,)`` what the owners of an entity whom somebody names certainly hold together.
    """

    owner: Ints
    asset: Ints
    low: Ints
    high: Ints
    something: Flags
    conflict: Flags
    first: Ints
    by_asset: Ints
    first_in: Ints
    sure: Ints
    sure_in: I64

    @property
    def size(self) -> int:
        """Number of entities."""
        return len(self.first) - 1

    def into(self, asset: int) -> I64:
        """Return the rows of the stakes held in an entity on the day, by owner."""
        rows = np.asarray(self.by_asset[int(self.first_in[asset]) : int(self.first_in[asset + 1])], np.int64)
        return np.asarray(rows[self.high[rows] > 0])


def stake_columns(graph: Graph, day: date) -> StakeColumns:
    """Return the stakes of a graph on a day; those of the last few days asked for are remembered."""
    return remembered(graph, "stakes", day, lambda: _columns(graph, day))


def columns_of(owner: Ints, asset: Ints, low: Ints, high: Ints, n: int, nameless: Flags | None = None) -> StakeColumns:
    """Return the columns of stakes among ``n`` entities, no pair twice, given in any order.

    ``nameless``, shape ``(n,)``, tells which entities stand for owners whom nobody names.
    """
    order = np.argsort(owner.astype(np.int64) << 32 | asset, kind="stable")
    owner, asset, low, high = owner[order], asset[order], low[order], high[order]
    by_asset, first_in = _grouped(asset, n)
    sure = low if nameless is None else np.where(nameless[owner], 0, low)
    return StakeColumns(
        owner, asset, low, high, high > 0, np.zeros(len(owner), np.bool_), _starts(owner, n), by_asset, first_in,
        sure, _sums(asset, sure, n),
    )  # fmt: skip


def _columns(graph: Graph, day: date) -> StakeColumns:
    register = _register(graph)
    number = day_number(day)
    may = (register["since"] <= number) & (register["until"] >= number)
    certain = (register["surely_since"] <= number) & (register["surely_until"] > number)
    low = np.where(certain, register["low"], np.int32(0))
    high = np.where(may, register["high"], np.int32(0))
    certain &= high > 0
    conflict = np.zeros(len(low), np.bool_)
    if len(register["claim_link"]):
        claims = Claims(
            register["claim_row"], register["claim_link"], register["claim_dataset"], register["claim_indirect"],
            register["claim_known"], register["claim_disputed"], register["claim_low"], register["claim_high"],
        )  # fmt: skip
        told = stakes_of(graph, claims, day)
        low[told.row], high[told.row] = told.low, told.high
        certain[told.row], conflict[told.row] = told.certain, told.conflict
    low = _told_once(register, low, high)
    n, asset, nameless = graph.arrays.size, register["asset"], _nameless(graph)
    named = np.where(nameless[register["owner"]], 0, low) if nameless.any() else low
    sure = np.where(register["through"], high, named)
    return StakeColumns(
        register["owner"], asset, low, high, certain, conflict, register["first"], register["by_asset"],
        register["first_in"], sure, _sums(asset, named, n),
    )  # fmt: skip


def _told_once(register: dict[str, Any], low: Ints, high: Ints) -> Ints:
    """Return what is certainly held without the stakes that may be told twice: 0 for those."""
    stake, own, firms = (register[name] for name in ("twin", "twin_own", "twin_firms"))
    same = (low[stake] == low[firms]) & (high[stake] == high[firms]) & (low[own] > WHOLE // 2)
    if not same.any():
        return low
    once = low.copy()
    once[stake[same]] = 0
    return once


def _register(graph: Graph) -> dict[str, Any]:
    if "register" not in graph.memory:
        graph.memory["register"] = graph.cached("stakes", lambda: _build(graph))
    register: dict[str, Any] = graph.memory["register"]
    return register


def _build(graph: Graph) -> Arrays:
    """Return the register: a row for each pair of owner and asset, and the claims of pairs with several."""
    arrays, n = graph.arrays, graph.arrays.size
    links = np.flatnonzero((np.asarray(arrays.kind) == LinkType.OWNS.rank) & of_shares(graph))
    pair = arrays.source[links].astype(np.int64) << 32 | arrays.target[links]
    order = np.argsort(pair, kind="stable")
    links, pair = links[order], pair[order]
    head = np.append(True, pair[1:] != pair[:-1])[: len(pair)]
    row = np.cumsum(head) - 1
    claims = np.bincount(row, minlength=int(head.sum()))
    several = (claims > 1)[row] if len(row) else np.zeros(0, np.bool_)
    indirect, known, disputed = _indirect(graph)[links], _known(graph)[links], _disputed(graph)[links]
    low, high = closed_ends(graph, links)
    lone = links[head]
    register = {
        "owner": arrays.source[lone],
        "asset": arrays.target[lone],
        "low": low[head],
        "high": high[head],
        "since": arrays.start_earliest[lone],
        "until": np.where(claims > 1, -ALWAYS, arrays.end_latest[lone]),
        # What may only repeat a chain, or is disputed, is never certain.
        "surely_since": np.where(indirect[head] | disputed[head] | (claims > 1), ALWAYS, arrays.start_latest[lone]),
        "surely_until": arrays.end_earliest[lone],
        "through": np.logical_or.reduceat(indirect, np.flatnonzero(head)) if len(links) else indirect,
        "claim_row": row[several].astype(np.int32),
        "claim_link": links[several].astype(np.int32),
        "claim_dataset": _datasets(graph)[links[several]],
        "claim_indirect": indirect[several],
        "claim_known": known[several],
        "claim_disputed": disputed[several],
        "claim_low": low[several],
        "claim_high": high[several],
    }
    register["first"] = _starts(register["owner"], n)
    majority = np.maximum.reduceat(low, np.flatnonzero(head)) > WHOLE // 2 if len(links) else np.zeros(0, np.bool_)
    told_direct = _flags(graph, "direct")[links]
    untold = ~np.logical_or.reduceat(told_direct, np.flatnonzero(head)) if len(links) else np.zeros(0, np.bool_)
    register |= twins(register["owner"], register["asset"], register["first"], majority, untold)
    register["by_asset"], register["first_in"] = _grouped(register["asset"], n)
    return {name: np.ascontiguousarray(array) for name, array in register.items()}


def twins(owner: Ints, asset: Ints, first: Ints, majority: Flags, untold: Flags) -> dict[str, Ints]:
    """Return where an owner's stake and one of its own firm's are in the same asset.

    Parameters
    ----------
    owner, asset, first
        Stakes sorted by owner and asset, and where those of each owner begin.
    majority, untold
        Which of them may be of more than half, and which do not say that they are direct.

    Returns
    -------
    dict
        ``twin`` the rows of the owner's stakes in the asset, ``twin_own`` those of its stakes in the firm, and
        ``twin_firms`` those of the firm's in the asset.
    """
    pair = owner.astype(np.int64) << 32 | asset
    own = np.flatnonzero(majority)
    # What both hold is found among the holdings of the one that has fewer: the other may be a hub.
    holdings = np.diff(first)
    fewer = np.minimum(holdings[owner[own]], holdings[asset[own]])
    own, fewer = own[fewer > 0], fewer[fewer > 0]
    parts = np.split(own, np.flatnonzero(np.diff(np.cumsum(fewer) // _AT_ONCE)) + 1)
    found = [_twins_of(part, pair, owner, asset, first) for part in parts]
    twin, twin_own, twin_firms = (np.concatenate(rows) for rows in zip(*found, strict=True))
    told = untold[twin]
    return {"twin": twin[told], "twin_own": twin_own[told], "twin_firms": twin_firms[told]}


_AT_ONCE = 1 << 21
"""Holdings looked at together for twins: memory does not grow with the graph."""


def _twins_of(own: I64, pair: I64, owner: Ints, asset: Ints, first: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the stakes of owners and of their firms in the same asset; ``own`` are the stakes in the firms."""
    holder, firm = owner[own], asset[own]
    by_owner = first[holder + 1] - first[holder] <= first[firm + 1] - first[firm]
    rows, count = runs(first, np.where(by_owner, holder, firm))
    other = np.where(by_owner, firm, holder).astype(np.int64) << 32
    own, by_owner, sought = np.repeat(own, count), np.repeat(by_owner, count), np.repeat(other, count) | asset[rows]
    place = np.minimum(np.searchsorted(pair, sought), max(len(pair) - 1, 0))
    there = pair[place] == sought
    rows, place, own, by_owner = rows[there], place[there], own[there], by_owner[there]
    twin, firms = np.where(by_owner, rows, place), np.where(by_owner, place, rows)
    return twin.astype(np.int32), own.astype(np.int32), firms.astype(np.int32)


def closed_ends(graph: Graph, links: I64) -> tuple[Ints, Ints]:
    """Return the ends of the shares of links; one that is itself excluded is a millionth inside."""
    low, high = np.array(graph.arrays.low[links], np.int32), np.array(graph.arrays.high[links], np.int32)
    low += _flags(graph, "share_min_open")[links]
    high -= _flags(graph, "share_max_open")[links]
    return low, high


def _nameless(graph: Graph) -> Flags:
    """Return which entities stand for parties whom nobody names: "public shareholders", an end not in the file."""
    if "nameless" not in graph.memory:
        said = graph.tables["entities"]["placeholder"].fill_null(False)  # noqa: FBT003
        graph.memory["nameless"] = np.asarray(said.to_numpy(), np.bool_)
    flags: Flags = graph.memory["nameless"]
    return flags


def of_shares(graph: Graph) -> Flags:
    """Return which links tell of shares, or do not say of what: not of votes, board seats or accounts."""
    if "of shares" not in graph.memory:
        words, codes = words_of(graph.tables["links"]["basis"])
        other = [word in OF_CONTROL for word in words]
        graph.memory["of shares"] = ~np.array([*other, False])[codes]
    flags: Flags = graph.memory["of shares"]
    return flags


def _datasets(graph: Graph) -> Ints:
    return words_of(graph.tables["links"]["dataset"])[1]


def _indirect(graph: Graph) -> Flags:
    said = graph.tables["links"]["direct"]
    return np.asarray(said.is_valid().to_numpy(), np.bool_) & ~_flags(graph, "direct")


def _disputed(graph: Graph) -> Flags:
    words, codes = words_of(graph.tables["links"]["confidence"])
    return np.array([*(word == "disputed" for word in words), False])[codes]


def _known(graph: Graph) -> Flags:
    return np.asarray(graph.tables["links"]["share_min"].is_valid().to_numpy(), np.bool_)


def _flags(graph: Graph, column: str) -> Flags:
    return np.asarray(graph.tables["links"][column].fill_null(False).to_numpy(), np.bool_)  # noqa: FBT003


def words_of(column: pa.ChunkedArray | pa.Array) -> tuple[list[str], Ints]:
    """Return the words of a column, and for each row its word's place; -1 where there is none."""
    whole = column
    if isinstance(column, pa.ChunkedArray):
        whole = column.unify_dictionaries().combine_chunks()
        if isinstance(whole, pa.ChunkedArray):  # without rows
            return [], np.zeros(0, np.int32)
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    return whole.dictionary.to_pylist(), numbers_of(whole.indices, -1)


def numbers_of(array: pa.Array, missing: int = 0) -> npt.NDArray[np.int32]:
    """Return an array of 32-bit numbers or days, with a number for those missing.

    Read off the buffers: the first time Arrow converts to NumPy costs a process the import of pandas.
    """
    there, data = array.buffers()
    rows = slice(array.offset, array.offset + len(array))
    numbers = np.zeros(0, np.int32) if data is None else np.frombuffer(data, np.int32)[rows]
    if not array.null_count:
        return numbers
    valid = np.unpackbits(np.frombuffer(there, np.uint8), bitorder="little")[rows]
    return np.where(valid > 0, numbers, np.int32(missing))


def _grouped(asset: Ints, n: int) -> tuple[Ints, Ints]:
    return np.argsort(asset, kind="stable").astype(np.int32), _starts(asset, n)


def runs(first: Ints, of: Ints) -> tuple[I64, I64]:
    """Return the places ``first[i]`` to ``first[i + 1]`` of each ``i``, one after the other, and how many each has."""
    start = first[of]
    count = first[of + 1] - start
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total, dtype=np.int64) + np.repeat(start - ends + count, count), count


def _starts(sorted_or_not: Ints, n: int) -> Ints:
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(sorted_or_not, minlength=n), out=first[1:])
    return first


def _sums(asset: Ints, low: Ints, n: int) -> I64:
    # Sums of whole numbers far below 2**53: exact in floating point.
    return np.bincount(asset, low, n).astype(np.int64)


def links_of(graph: Graph, owner: int, asset: int) -> list[int]:
    """Return every OWNS link from an owner to an asset."""
    arrays = graph.arrays
    arcs = arrays.arcs_of(asset)
    # Arcs stand by kind, OWNS first, then by neighbour.
    owns = slice(arcs.start, arcs.start + int(np.searchsorted(arrays.arc_kind[arcs], LinkType.OWNS.rank, "right")))
    left, right = np.searchsorted(arrays.neighbour[owns], [owner, owner + 1])
    links = arrays.link[owns.start + int(left) : owns.start + int(right)]
    return sorted(int(link) for link in links if arrays.source[link] == owner)


def links_of_pairs(graph: Graph, owner: Ints, asset: Ints) -> list[list[int]]:
    """Return the links of :func:`links_of` for many pairs of owner and asset."""
    arrays = graph.arrays
    # Either end has arcs of them; those of a hub are found among thousands.
    above = arrays.first[owner + 1] - arrays.first[owner] < arrays.first[asset + 1] - arrays.first[asset]
    arcs, count = runs(arrays.first, np.where(above, owner, asset))
    pair = np.repeat(np.arange(len(owner)), count)
    links = arrays.link[arcs]
    kept = (arrays.neighbour[arcs] == np.where(above, asset, owner)[pair]) & (arrays.source[links] == owner[pair])
    kept &= arrays.arc_kind[arcs] == LinkType.OWNS.rank
    pair, links = pair[kept], links[kept]
    told = links[np.lexsort((links, pair))].tolist()
    ends = np.cumsum(np.bincount(pair, minlength=len(owner))).tolist()
    return [told[start:end] for start, end in pairwise([0, *ends])]
