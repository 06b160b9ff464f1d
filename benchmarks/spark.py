"""Affiliates of a large graph on one machine and on Spark, the whole command each time, and the answers compared.

Run with ``python -m benchmarks.spark --links 10000000``. Without ``--master`` Spark runs on this machine, in one
process with as many threads as there are cores. Both sides start cold: the one machine makes its caches first,
Spark its session. Times are of this machine and this run: where others work on it, too, the processor time tells
more than the clock. With ``--place FOLDER`` the graph and both answers stay there, and what a run before this one left
there is not made or asked again: a run of hours may be stopped between its steps.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.rules import SEED, TOP
from benchmarks.synthetic import make
from listed.graph.builder import Builder
from listed.graph.share import PERCENT
from listed.graph.store import Store
from listed.graph.tables import SHARE, WORDS, Batch, Tables, complete, one_word, share_decimals
from listed.queries.answer import plain

DAY = "2025-01-01"
REGIME = "us-ofac"


def main() -> None:
    """Make the graph, ask both, and print what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=10_000_000)
    parser.add_argument("--listed", type=int, default=10_000)
    parser.add_argument("--master", default="local[*]")
    parser.add_argument("--memory", default="2g", help="of the driver, which on one machine is all of Spark")
    parser.add_argument("--place", type=Path, help="where graph and answers stay; else they are deleted")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        place = asked.place or Path(passing)
        place.mkdir(parents=True, exist_ok=True)
        graph, here, there = place / "graph", place / "one-machine.json", place / "spark"
        if not (graph / "manifest.json").exists():
            _make(graph, asked.links, asked.listed)
        counted = pq.ParquetFile(graph / "snapshots/1/links.parquet").metadata.num_rows
        if counted != asked.links:
            raise SystemExit(f"the graph in {place} has {counted:,} stakes: name another place")
        size = sum(file.stat().st_size for file in graph.glob("snapshots/1/*.parquet")) / 2**20
        print(f"{asked.links:,} stakes, {asked.links // 2:,} entities, {size:,.0f} MB of Parquet")
        print(f"{os.cpu_count()} cores, which had {os.getloadavg()[0]:.0f} tasks waiting or running", flush=True)
        if not here.exists():
            _on_one_machine(graph, here)
        if not (there / "answer.json").exists():
            _on_spark(graph, there, asked.master, asked.memory)
        if here.exists():
            _compare(here, there)
        else:
            print("  not compared: one machine has no answer")


def _make(graph: Path, links: int, listed: int) -> None:
    """Make the graph in a process of its own: what that takes is given back before anything is measured.

    Raises
    ------
    SystemExit
        If it cannot be made.
    """
    began = time.perf_counter()
    entities = links // 2
    rows = (graph, entities, links, min(listed, entities // 10))
    making = multiprocessing.get_context("spawn").Process(target=_write, args=rows)
    making.start()
    making.join()
    if making.exitcode:
        raise SystemExit("the graph could not be made")
    print(f"the graph was made in {time.perf_counter() - began:.0f} s")


def _on_one_machine(graph: Path, answer: Path) -> None:
    """Ask one machine twice; its answer is there if it had one."""
    one = [sys.executable, "-m", "listed", "affiliates", "--regime", REGIME, "--as-of", DAY, "--json"]
    draft = answer.with_suffix(".draft")
    if _timed("one machine, its caches made first", [*one, "--graph", str(graph)], draft):
        draft.rename(answer)
        _timed("one machine, once they are made", [*one, "--graph", str(graph)], Path(os.devnull))


def _on_spark(graph: Path, answer: Path, master: str, memory: str) -> None:
    """Ask Spark, and print what its own log tells of it.

    Raises
    ------
    SystemExit
        If it has no answer.
    """
    spark = [sys.executable, "-m", "listed", "spark", "affiliates", "--regime", REGIME, "--as-of", DAY]
    spark += ["--graph", str(graph), "--out", str(answer), "--master", master]
    with tempfile.TemporaryDirectory() as passing:
        events = Path(passing) / "events"
        events.mkdir()
        settings = {
            "spark.driver.memory": memory,
            "spark.eventLog.enabled": "true",
            "spark.eventLog.dir": events.as_uri(),
            "spark.eventLog.compress": "false",
            "spark.eventLog.rolling.enabled": "false",
        }
        words = (word for pair in settings.items() for word in ("--conf", "=".join(pair)))
        if not _timed("Spark", [*spark, *words], Path(passing) / "said"):
            raise SystemExit("Spark failed")
        _traffic(events)


def _write(folder: Path, entities: int, links: int, listed: int) -> None:
    """Write a graph of stakes that fit the whole, one in ten not known, and of owners above what they own."""
    drawn = make(entities, links, listed)
    rng = np.random.default_rng(SEED)
    degree = np.bincount(np.concatenate([drawn.source, drawn.target]), minlength=entities)
    height = np.where(degree >= TOP, 0, rng.integers(1, 5, entities)) * entities + np.arange(entities)
    turned = (height[drawn.source] > height[drawn.target]) ^ (rng.random(links) < 0.005)
    source = np.where(turned, drawn.target, drawn.source)
    target = np.where(turned, drawn.source, drawn.target)
    weight = np.exp(3 * rng.standard_normal(links))
    rest = np.exp(3 * rng.standard_normal(entities) - 2)
    share = weight / (np.bincount(target, weight, entities) + rest)[target]
    units = (np.maximum(np.floor(share * 10_000), 1) * PERCENT / 100).astype(np.int64)
    ids = drawn.tables["entities"]["id"]
    shares = share_decimals(units, rng.random(links) >= 0.1)
    stakes = {
        "type": one_word("OWNS", links),
        "source": ids.take(pa.array(source)),
        "target": ids.take(pa.array(target)),
        "share_min": shares.cast(SHARE),
        "share_max": shares.cast(SHARE),
        "basis": one_word("shares", links),
    }
    on = {"entity": ids.take(pa.array(drawn.listed)), "list": one_word("US-OFAC-SDN", listed)}
    parties = {"id": ids, "name": drawn.tables["entities"]["name"], "schema": one_word("Company", entities)}
    builder = Builder("made-up")
    for name, columns, rows in (("entities", parties, entities), ("links", stakes, links), ("listings", on, listed)):
        cited = pa.ListArray.from_arrays(pa.array(np.arange(rows + 1, dtype=np.int32)), pa.array(["made-up"] * rows))
        builder.add(Batch(name, complete(name, {**columns, "sources": cited.cast(WORDS)}, rows)))
    tables: Tables = builder.finish()
    tables["merged_ids"] = complete("merged_ids", {}, 0)
    with Store(folder).writing() as draft:
        draft.publish(tables, {})


def _timed(name: str, command: list[str], answer: Path) -> bool:
    """Run a command, print its time, and the processor time and memory of all its processes; keep what it said.

    Returns
    -------
    bool
        False if it failed: for want of memory, say.
    """
    began = time.perf_counter()
    with answer.open("w") as said:
        running = subprocess.Popen(command, stdout=said, start_new_session=True)
        _first_to_go(running.pid)
        processor: dict[int, float] = {}
        most = 0.0
        while running.poll() is None:
            time.sleep(0.2)
            found = _of_session(running.pid)
            processor |= {process: seconds for process, (seconds, _) in found.items()}
            most = max(most, sum(memory for _, memory in found.values()))
        taken = time.perf_counter() - began
        how = f"failed ({running.returncode}) after " if running.returncode else ""
        cost = f"{sum(processor.values()):6.0f} s of processors, {most:7,.0f} MB"
        print(f"  {name:<36}{how}{taken:8.0f} s, {cost}", flush=True)
        return not running.returncode


def _first_to_go(process: int) -> None:
    """Let the system end this process, and no other, where memory runs out."""
    with suppress(OSError):
        Path(f"/proc/{process}/oom_score_adj").write_text("1000")


def _of_session(session: int) -> dict[int, tuple[float, float]]:
    """Return the processes of a session: seconds of processor and megabytes of memory of each. Linux tells."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended since
            continue
        if int(fields[3]) == session:
            seconds = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            found[int(stat.parent.name)] = seconds, int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return found


def _traffic(log: Path) -> None:
    """Print what Spark's own log tells that its tasks read, sent to each other and wrote."""
    read = sent = tasks = 0
    for line in next(log.iterdir()).read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            metrics = event["Task Metrics"]
            tasks += 1
            read += metrics["Input Metrics"]["Bytes Read"]
            sent += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
    print(f"    in {tasks:,} tasks: {read / 2**20:,.0f} MB read, {sent / 2**20:,.0f} MB sent from task to task")


def _compare(here: Path, there: Path) -> None:
    """Compare the answers row by row, without what Spark tells in rows of their own; neither is held in memory.

    Raises
    ------
    SystemExit
        If they differ.
    """
    count = 0
    for one, other in zip_longest(_told_here(here), _told_there(there)):
        if one is None or other is None:
            raise SystemExit(f"the answers differ: only one of them has more than {count:,} rows")
        if apart := [name for name in one if one[name] != other.get(name)]:
            raise SystemExit(f"the answers differ: {one['entity']}, {apart[0]}: {one[apart[0]]}, {other.get(apart[0])}")
        count += 1
    if not count:
        raise SystemExit("neither answer has a row")
    print(f"  the same {count:,} rows in the same order")


def _told_here(answer: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of an answer in JSON, which has a line for each, without the grounds of its grounds."""
    with answer.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith('  {"'):
                row: dict[str, Any] = json.loads(line.rstrip(",\n"))
                for ground in row["grounds"]:
                    del ground["grounds"]
                yield row


def _told_there(answer: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of an answer of Spark, in its order."""
    for part in sorted((answer / "rows").glob("*.parquet")):
        for batch in pq.ParquetFile(part).iter_batches(1_000):
            yield from map(plain, batch.to_pylist())


if __name__ == "__main__":
    main()
