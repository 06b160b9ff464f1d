"""Rule on a large graph of stakes, and look through it, against other means on the same stakes, in one run.

Run with ``make bench``, or
``python -m benchmarks.rules --entities 1000000 --links 2000000 --listed 10000 --wide-links 10000000``.
Times are the best of several, of this machine and this run: quote the ratios.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.rule_peers import HALF, PEERS
from benchmarks.synthetic import Synthetic, make, write
from listed.graph.share import PERCENT, WHOLE
from listed.graph.snapshot import Graph
from listed.loading import load, open_
from listed.queries import affiliates
from listed.queries.fixed_points import Captured, Test, fixed_points, grounds_of
from listed.queries.look_through import look_through
from listed.queries.stake_columns import StakeColumns, columns_of, stake_columns

I64 = npt.NDArray[np.int64]
Found = TypeVar("Found")

SEED = 7
DAY = date(2025, 1, 1)
TOP = 8
"""Who has as many links stands at the top: funds and states hold widely and are held by nobody."""

TOLERANCE = 1e-9
RULE = Test(HALF, aggregates=True)


def main() -> None:
    """Run every measurement and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (
        ("entities", 1_000_000),
        ("links", 2_000_000),
        ("listed", 10_000),
        ("wide-links", 10_000_000),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    graph = held(make(asked.entities, asked.links, asked.listed))
    print(f"{graph.entities:,} entities, {len(graph.source):,} stakes, {len(graph.listed):,} listed")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "graph"
        load("table", write(graph, Path(place))["parquet"], folder)
        _command(folder, graph)
        opened = open_(folder)
        stakes = _prepared(opened)
        seeds = np.array([row for row in map(opened.row_of, _ids(graph)) if row is not None], np.int64)
        _fixed_points(stakes, seeds)
        _derivations(opened, stakes, seeds)
        _look_through(stakes)
    if asked.wide_links:
        _wide(asked.entities, asked.wide_links, asked.listed)


def held(graph: Synthetic) -> Synthetic:
    """Return the graph with every link a stake, shares that fit the whole, and owners above what they own.

    Half of what is held has one owner with most of it; one stake in ten is not known. The widest
    stand at the top, one in a hundred of the others holds somebody above: loops, as real ones are, are few.
    """
    rng = np.random.default_rng(SEED)
    source, target = _downward(rng, graph)
    drawn = np.exp(3 * rng.standard_normal(len(source)))
    rest = np.exp(3 * rng.standard_normal(graph.entities) - 2)
    share = drawn / (np.bincount(target, drawn, graph.entities) + rest)[target]
    percent = np.maximum(np.floor(share * 10_000), 1) / 100
    text = pa.array([None if unknown else f"{one:.2f}%" for one, unknown in
                     zip(percent.tolist(), (rng.random(len(source)) < 0.1).tolist(), strict=True)])  # fmt: skip
    ids = graph.tables["entities"]["id"]
    stakes = graph.tables["stakes"]
    new = {
        "owner_id": ids.take(pa.array(source)),
        "asset_id": ids.take(pa.array(target)),
        "share": text,
        "type": pa.array(["OWNS"]).take(pa.array(np.zeros(len(source), np.int64))),
    }
    for name, column in new.items():
        stakes = stakes.set_column(stakes.schema.get_field_index(name), name, column)
    lists = graph.tables["listings"]
    of_one = pa.array(["US-OFAC-SDN"]).take(pa.array(np.zeros(lists.num_rows, np.int64)))
    lists = lists.set_column(lists.schema.get_field_index("list"), "list", of_one)
    return replace(graph, tables=graph.tables | {"stakes": stakes, "listings": lists}, source=source, target=target)


def _downward(rng: np.random.Generator, graph: Synthetic) -> tuple[I64, I64]:
    """Turn links round so that they lead from a higher tier to a lower, but for a few."""
    links = np.bincount(np.concatenate([graph.source, graph.target]), minlength=graph.entities)
    tier = np.where(links >= TOP, 0, rng.integers(0, 5, graph.entities))
    height = tier * graph.entities + np.arange(graph.entities)
    up = height[graph.source] > height[graph.target]
    both = np.minimum(tier[graph.source], tier[graph.target]) > 0
    turned = up ^ (both & (rng.random(len(up)) < 0.01))
    return np.where(turned, graph.target, graph.source), np.where(turned, graph.source, graph.target)


def _ids(graph: Synthetic) -> list[str]:
    ids: list[str] = graph.tables["entities"]["id"].take(pa.array(graph.listed)).to_pylist()
    return ids


def _best(run: Callable[[], Found], seconds: float = 3.0) -> tuple[float, Found]:
    """Return the least seconds of several runs, at least two and for so long in all, and the answer."""
    least, spent, found = float("inf"), 0.0, run()
    while spent < seconds:
        began = time.perf_counter()
        found = run()
        taken = time.perf_counter() - began
        least, spent = min(least, taken), spent + taken
    return least, found


def _command(folder: Path, graph: Synthetic) -> None:
    """Time the command from its start to its end; the first makes the caches the others find."""
    id_ = _ids(graph)[0]
    command = [sys.executable, "-m", "listed", "verdict", id_, "--regime", "us-ofac", "--graph", str(folder)]
    times = []
    for _ in range(4):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    print(f"\nlisted verdict, the whole command: the first {times[0]:.2f} s, then {min(times[1:]):.2f} s")


def _prepared(opened: Graph) -> StakeColumns:
    """Time making the columns of a day, and return them."""
    stake_columns(opened, DAY)

    def again() -> StakeColumns:
        opened.memory.pop("stakes")
        return stake_columns(opened, DAY)

    seconds, stakes = _best(again)
    print(f"Columns of the stakes of a day: {seconds * 1000:.0f} ms ({int((stakes.high > 0).sum()):,} hold)")
    return stakes


def _fixed_points(stakes: StakeColumns, seeds: I64) -> None:
    """Time both fixed points, ours and others', and compare the answers.

    Raises
    ------
    SystemExit
        If any answer differs.
    """
    seconds, ours = _best(lambda: fixed_points(stakes, seeds, seeds, RULE))
    print(f"\nBoth fixed points: time, time by ours ({_counts(ours)})")
    print(f"  {'listed':<44}{seconds * 1000:9.1f} ms {1:9.1f} x")
    answer = set(np.flatnonzero(ours.certain).tolist()), set(np.flatnonzero(ours.possible).tolist())
    for peer in PEERS:
        taken, theirs = _best(peer.ready(stakes, seeds))
        print(f"  {peer.name:<44}{taken * 1000:9.1f} ms {taken / seconds:9.1f} x")
        if theirs != answer:
            raise SystemExit(f"the answer of {peer.name} differs")
    print("  (all the same sets; the peers' own structures were made beforehand, as our columns were)")


def _counts(found: Captured) -> str:
    certain, possible = int(found.certain.sum()), int(found.possible.sum())
    return f"{certain:,} certain, {possible - certain:,} more possible, {int(found.tier.max(initial=0))} tiers"


def _derivations(opened: Graph, stakes: StakeColumns, seeds: I64) -> None:
    """Time telling on which stakes each captured entity rests: as columns, and read aloud in full."""
    listed = np.zeros(stakes.size, np.bool_)
    listed[seeds] = True

    def ruled() -> int:
        found = fixed_points(stakes, seeds, seeds, RULE)
        return len(grounds_of(stakes, found.possible, listed).row)

    seconds, rows = _best(ruled)
    print(f"\nWith the stakes each captured entity rests on: {seconds * 1000:.1f} ms ({rows:,} stakes)")
    seconds, answer = _best(lambda: affiliates(opened, DAY, regime="us-ofac"), 0.1)
    told = len(answer.rows)
    print(f"The same read aloud, with names, lists, terms, sources: {seconds:.2f} s for {told:,} entities "
          f"({seconds / max(told, 1) * 1e6:.0f} us each)")  # fmt: skip


def _look_through(stakes: StakeColumns) -> None:
    """Time look-through shares of owners, and compare those of the widest with rounds of scipy.sparse.

    Raises
    ------
    SystemExit
        If an answer differs by more than the tolerance allows.
    """
    holds = np.bincount(stakes.owner[stakes.high > 0], minlength=stakes.size)
    some = np.random.default_rng(SEED).choice(np.flatnonzero(holds), 200, replace=False)
    ask = partial(look_through, stakes, tolerance=TOLERANCE)
    times, reached = [], []
    for one in some.tolist():
        seconds, found = _best(partial(ask, one), 0.001)
        times.append(seconds * 1000)
        reached.append(len(found.entities))
    median, tail = np.percentile(times, (50, 95))
    print(f"\nLook-through of 200 owners: median {median:.2f} ms, 95th percentile {tail:.2f} ms "
          f"(reaching {int(np.median(reached)):,} and {int(np.percentile(reached, 95)):,})")  # fmt: skip
    widest = int(holds.argmax())
    seconds, found = _best(lambda: ask(widest))
    taken, theirs = _best(_scipy_shares(stakes, widest))
    print(f"Look-through of the widest, {len(found.entities):,} reached, tolerance {TOLERANCE:g}: {seconds:.2f} s; "
          f"rounds of scipy.sparse over the whole {taken:.2f} s ({taken / seconds:.1f} x)")  # fmt: skip
    for ours, other in zip((found.low, found.high), theirs, strict=True):
        apart = np.abs(ours - other[found.entities]).max(initial=0.0)
        if apart > 100 * TOLERANCE:
            raise SystemExit(f"the look-through shares differ by {apart:g}")


def _scipy_shares(stakes: StakeColumns, owner: int) -> Callable[[], list[npt.NDArray[np.float64]]]:
    from scipy import sparse

    back = stakes.asset == owner
    systems = []
    for held_ in (stakes.low, stakes.high):
        weight = np.where(back, 0, held_) / WHOLE
        shape = (stakes.size, stakes.size)
        systems.append(sparse.csr_array((weight, (stakes.asset, stakes.owner)), shape=shape))

    def rounds() -> list[npt.NDArray[np.float64]]:
        found = []
        for system in systems:
            start = np.zeros(stakes.size)
            start[owner] = 1.0
            share, before = system @ start, start
            while np.abs(share - before).max() > TOLERANCE:
                share, before = np.minimum(system @ (share + start), 1.0), share
            found.append(share)
        return found

    return rounds


def _wide(entities: int, links: int, listed: int) -> None:
    """Time the fixed points on columns alone, of many more stakes."""
    rng = np.random.default_rng(SEED)
    pairs = np.unique(
        rng.integers(0, entities, links * 51 // 50) * entities + rng.integers(0, entities, links * 51 // 50)
    )
    owner, asset = (pairs // entities).astype(np.int32), (pairs % entities).astype(np.int32)
    drawn = np.exp(3 * rng.standard_normal(len(pairs)))
    rest = np.exp(3 * rng.standard_normal(entities))
    low = (drawn / (np.bincount(asset, drawn, entities) + rest)[asset] * 100 * PERCENT).astype(np.int32)
    unknown = rng.random(len(pairs)) < 0.1
    high = np.where(unknown, WHOLE, low).astype(np.int32)
    stakes = columns_of(owner, asset, np.where(unknown, 0, low).astype(np.int32), high, entities)
    seeds = np.sort(rng.choice(entities, listed, replace=False))
    seconds, found = _best(lambda: fixed_points(stakes, seeds, seeds, RULE))
    print(f"\nBoth fixed points on {len(pairs):,} stakes: {seconds * 1000:.0f} ms ({_counts(found)})")


if __name__ == "__main__":
    main()
