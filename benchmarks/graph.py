"""Load, open and search a large graph, against peers on the same graph, in one run.

Run with ``make bench``, or ``python -m benchmarks.graph --entities 100000 --links 200000 --listed 1000``.
Times are of this machine and this run: quote the ratios.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.peers import PATHS, PEERS, ask_peer, count_of_paths, write_arcs
from benchmarks.reference import Reference
from benchmarks.synthetic import Synthetic, make, write
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.loading import open_
from listed.queries import exposure
from listed.queries.best_paths import Found, Question, best_paths
from listed.queries.listings import listed_on

HOPS = 6
PEER_SECONDS = 15.0
"""For each group of questions a peer is asked."""

_MEASURED = """
import sys, time
from benchmarks.memory import peak_mb
began = time.perf_counter()
{code}
print(time.perf_counter() - began, peak_mb())
"""

_LOAD = "import listed\nlisted.load('table', sys.argv[2:], sys.argv[1])"
_OPEN = "import listed\nlisted.open(sys.argv[1])"
_DUCKDB = """
import duckdb
database = duckdb.connect(sys.argv[1])
for place, path in enumerate(sys.argv[2:]):
    database.execute(f"CREATE TABLE t{place} AS SELECT * FROM '{path}'")
"""
_LADYBUG = """
import ladybug
database = ladybug.Connection(ladybug.Database(sys.argv[1]))
database.execute("CREATE NODE TABLE E(id STRING, name STRING, schema STRING, country STRING, PRIMARY KEY(id))")
database.execute("CREATE REL TABLE L(FROM E TO E, share STRING, type STRING, begun STRING, until STRING)")
database.execute("CREATE NODE TABLE S(n SERIAL, entity STRING, list STRING, begun STRING, citation STRING, "
                 "PRIMARY KEY(n))")
for table, path in zip("ELS", sys.argv[2:]):
    database.execute(f"COPY {table} FROM '{path}'")
"""


def main() -> None:
    """Run every benchmark and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("entities", 1_000_000), ("links", 2_000_000), ("listed", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    graph = make(asked.entities, asked.links, asked.listed)
    widest = np.bincount(np.concatenate([graph.source, graph.target])).max()
    print(f"{graph.entities:,} entities, {len(graph.source):,} links (power law; the first hub has {widest:,}), "
          f"{len(graph.listed):,} listed")  # fmt: skip
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        opened = open_(_loads(write(graph, folder), folder))
        write_arcs(graph, folder)
        groups = _starts(opened, graph)
        _searches(opened, folder, groups)
        _check(opened, graph, folder, groups)


def _measured(code: str, *arguments: str) -> tuple[float, float]:
    """Run code in a process of its own; return seconds (without starting Python) and peak MB."""
    command = [sys.executable, "-c", _MEASURED.format(code=code), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr.strip().splitlines()[-1])
    seconds, memory = run.stdout.split()[-2:]
    return float(seconds), float(memory)


def _loads(paths: dict[str, list[str]], folder: Path) -> Path:
    """Time loading and opening; return the folder of the loaded graph."""
    print("\nLoad: wall time, peak memory of the process, time by ours from Parquet")
    loads = (
        ("listed, Parquet", _LOAD, "parquet"),
        ("listed, CSV", _LOAD, "csv"),
        ("duckdb, Parquet into tables", _DUCKDB, "parquet"),
        ("ladybug, COPY of Parquet", _LADYBUG, "parquet"),
    )
    ours = 0.0
    for place, (name, code, kind) in enumerate(loads):
        try:
            seconds, memory = _measured(code, str(folder / f"loaded-{place}"), *paths[kind])
        except RuntimeError as error:  # a peer that fails is told of, not hidden
            print(f"  {name:<44} failed: {error}")
            continue
        ours = ours or seconds
        print(f"  {name:<44}{seconds:9.2f} s {memory:9.0f} MB {seconds / ours:10.2f} x")
    print("  (the peers copy columns; listed also reads shares and dates, checks, merges, and makes its arrays)")
    graph = folder / "loaded-0"
    seconds, memory = min(_measured(_OPEN, str(graph)) for _ in range(3))
    print(f"\nOpen, warm, in a new process, with imports\n  {'listed':<44}{seconds:9.2f} s {memory:9.0f} MB")
    return graph


def _starts(opened: Graph, graph: Synthetic) -> dict[str, list[int]]:
    """Return the entities to ask about; none is listed itself, for a path from one would end at once."""
    links = np.diff(opened.arrays.first)
    unlisted = np.setdiff1d(np.flatnonzero(links), graph.listed)
    few = np.random.default_rng(3).choice(unlisted, min(100, len(unlisted)), replace=False)
    return {
        "100 random entities with a link": few.tolist(),
        "the 20 with most links": unlisted[np.argsort(-links[unlisted], kind="stable")][:20].tolist(),
    }


def _ours(opened: Graph, start: int, hops: int = HOPS, most: int = PATHS) -> Found:
    today = date.today()
    question = Question(start, listed_on(opened, today), opened.arrays.near, day_number(today), None, hops, most)
    return best_paths(opened.arrays, question)


def _whole(opened: Graph, start: int) -> object:
    return exposure(opened, opened.id_of(start), hops=HOPS, limit=PATHS)


def _searches(opened: Graph, folder: Path, groups: dict[str, list[int]]) -> None:
    """Time the search for paths, ours over six links and the peers over three or four."""
    lists = list(groups.values())
    rows: list[tuple[str, list[list[float]], list[int]]] = []
    for name, ask in ((f"listed, best {PATHS}, {HOPS} links", _ours), ("  the same, told in full", _whole)):
        rows.append((name, [_timed(partial(ask, opened), starts) for starts in lists], [len(one) for one in lists]))
    for peer in PEERS:
        name, asked = f"{peer.module} {peer.asked}", [min(peer.starts, len(one)) for one in lists]
        try:
            rows.append((name, ask_peer(peer, folder, lists, PEER_SECONDS), asked))
        except RuntimeError as error:
            print(f"  {name:<44} failed: {error}")
    for place, group in enumerate(groups):
        print(f"\nExposure paths of {group}: median, 95th percentile, median by ours")
        base = float(np.median(rows[0][1][place]))
        for name, times, asked in rows:
            print(f"  {name:<44}{_row(times[place], asked[place], base)}")
    print("  (peers stop at any paths, not the best; dates, hubs and listed ends are sifted out for them beforehand)")


def _timed(ask: Callable[[int], object], starts: Sequence[int]) -> list[float]:
    """Return the milliseconds of each question."""
    ask(starts[0])
    times = []
    for start in starts:
        began = time.perf_counter()
        ask(start)
        times.append((time.perf_counter() - began) * 1000)
    return times


def _row(times: list[float], asked: int, base: float) -> str:
    stopped = "" if len(times) == asked else f"  {len(times)} of {asked}: stopped after {PEER_SECONDS:.0f} s"
    if not times:
        return stopped
    median, tail = np.percentile(times, (50, 95))
    return f"{median:9.2f} {tail:9.2f} ms {median / base:10.2f} x{stopped}"


def _check(opened: Graph, graph: Synthetic, folder: Path, groups: dict[str, list[int]]) -> None:
    """Compare the very paths with the plain enumeration, and their number with a peer's.

    Raises
    ------
    SystemExit
        If any answer differs.
    """
    few, widest = groups.values()
    reference, compared, wrong = Reference(graph), 0, 0
    starts = [*few[:20], *widest[:3]]
    for start in starts:
        plain, length = reference.best(start, HOPS, PATHS)
        ours = [path for path in _ours(opened, start).paths if len(path) <= length + 1]
        compared += len(plain)
        wrong += ours != plain
    print(f"\nAnswers: of {len(starts)} starts {len(starts) - wrong} have the very paths, in order, of a plain "
          f"enumeration ({compared:,} paths)")  # fmt: skip
    counts = count_of_paths(folder, few[:20])
    own = [len(_ours(opened, start, 3, 1_000_000).paths) for start in few[:20]]
    same = sum(one == other for one, other in zip(own, counts, strict=True))
    print(f"         of 20 starts {same} have as many paths of up to 3 links as rustworkx finds ({sum(own):,} in all)")
    if wrong or same < len(counts):
        raise SystemExit("the answers differ")


if __name__ == "__main__":
    main()
