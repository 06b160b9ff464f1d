"""The fixed points of an ownership rule by other means, each made ready beforehand and timed alone.

All are given the stakes of one day as columns, and add whole numbers, so that answers can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from listed.graph.share import PERCENT, WHOLE
from listed.queries.stake_columns import StakeColumns

I64 = npt.NDArray[np.int64]

HALF = 50 * PERCENT
Sets = tuple[set[int], set[int]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to the answer: ``ready`` takes stakes and seeds and returns what is timed."""

    name: str
    ready: Callable[[StakeColumns, I64], Callable[[], Sets]]


def _work_list(out: Callable[[int], Iterable[tuple[int, int, int]]], low_in: list[int], seeds: list[int]) -> Sets:
    """Spread from the seeds, one party at a time; ``out`` gives asset, low and high of a party's stakes."""

    def spread(first: Iterable[int], *, possibly: bool) -> set[int]:
        inside, waiting = set(first), list(first)
        held: dict[int, int] = {}
        own_low: dict[int, int] = {}
        while waiting:
            for asset, low, high in out(waiting.pop()):
                amount = held[asset] = held.get(asset, 0) + (high if possibly else low)
                if possibly:
                    own = own_low[asset] = own_low.get(asset, 0) + low
                    if low_in[asset] <= WHOLE:
                        amount = min(amount, WHOLE - low_in[asset] + own)
                if amount >= HALF and asset not in inside:
                    inside.add(asset)
                    waiting.append(asset)
        return inside

    certain = spread(seeds, possibly=False)
    return certain, spread(certain, possibly=True)


def _rows(stakes: StakeColumns) -> Iterable[tuple[int, int, int, int]]:
    held = stakes.high > 0
    columns = (stakes.owner, stakes.asset, stakes.low, stakes.high)
    return zip(*(column[held].tolist() for column in columns), strict=True)


def _python(stakes: StakeColumns, seeds: I64) -> Callable[[], Sets]:
    out: dict[int, list[tuple[int, int, int]]] = {}
    for owner, *stake in _rows(stakes):
        out.setdefault(owner, []).append((stake[0], stake[1], stake[2]))
    low_in, first = stakes.sure_in.tolist(), seeds.tolist()
    return lambda: _work_list(lambda one: out.get(one, ()), low_in, first)


def _rustworkx(stakes: StakeColumns, seeds: I64) -> Callable[[], Sets]:
    import rustworkx

    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from([None] * stakes.size)
    graph.add_edges_from([(owner, asset, (low, high)) for owner, asset, low, high in _rows(stakes)])
    low_in, first = stakes.sure_in.tolist(), seeds.tolist()
    return lambda: _work_list(lambda one: ((asset, *ends) for _, asset, ends in graph.out_edges(one)), low_in, first)


def _scipy(stakes: StakeColumns, seeds: I64) -> Callable[[], Sets]:
    from scipy import sparse

    shape = (stakes.size, stakes.size)
    ends = (stakes.asset, stakes.owner)
    low, high = (sparse.csr_array((held.astype(np.int64), ends), shape=shape) for held in (stakes.low, stakes.high))
    room = np.where(stakes.sure_in <= WHOLE, WHOLE - stakes.sure_in, WHOLE)

    def rounds() -> Sets:
        inside = np.zeros(stakes.size, np.int64)
        inside[seeds] = 1
        found = []
        for possibly in (False, True):
            while True:
                sure = low @ inside
                amount = np.minimum(high @ inside, room + sure) if possibly else sure
                more = inside | (amount >= HALF)
                if (more == inside).all():
                    break
                inside = more
            found.append(set(np.flatnonzero(inside).tolist()))
        return found[0], found[1]

    return rounds


_ROUND = """
INSERT INTO inside SELECT stakes_in.asset, {step} + 1 FROM (
    SELECT s.asset, sum(s.low) AS low, sum(s.high) AS high FROM stakes s JOIN inside i ON s.owner = i.entity
    WHERE s.asset IN (SELECT t.asset FROM stakes t JOIN inside f ON t.owner = f.entity WHERE f.step = {step})
    GROUP BY s.asset
) stakes_in JOIN low_in ON low_in.entity = stakes_in.asset
WHERE {amount} >= {half} AND stakes_in.asset NOT IN (SELECT entity FROM inside)
"""
_POSSIBLY = f"CASE WHEN low_in.low <= {WHOLE} THEN least(high, {WHOLE} - low_in.low + stakes_in.low) ELSE high END"


def _duckdb(stakes: StakeColumns, seeds: I64) -> Callable[[], Sets]:
    import duckdb
    import pyarrow as pa

    database = duckdb.connect()
    held = stakes.high > 0
    columns = {name: pa.array(getattr(stakes, name)[held]) for name in ("owner", "asset", "low", "high")}
    given, first = pa.table(columns), pa.table({"entity": seeds})
    sums = pa.table({"entity": np.arange(stakes.size), "low": stakes.sure_in})
    for name, table in (("stakes", given), ("low_in", sums), ("seeds", first)):
        database.register("given", table)
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM given")

    def rounds() -> Sets:
        database.execute("CREATE OR REPLACE TABLE inside AS SELECT entity, 0 AS step FROM seeds")
        found = []
        for amount in ("stakes_in.low", _POSSIBLY):
            step = 0
            database.execute("UPDATE inside SET step = 0")
            while _count(database.execute(_ROUND.format(step=step, amount=amount, half=HALF))):
                step += 1
            found.append({one for (one,) in database.execute("SELECT entity FROM inside").fetchall()})
        return found[0], found[1]

    return rounds


def _count(answer: Any) -> int:
    return int(answer.fetchone()[0])


PEERS = (
    Peer("work-list over Python dictionaries", _python),
    Peer("work-list over rustworkx", _rustworkx),
    Peer("scipy.sparse, rounds over the whole", _scipy),
    Peer("DuckDB, rounds of SQL", _duckdb),
)
