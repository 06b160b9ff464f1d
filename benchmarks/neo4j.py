"""Push a large graph into a real Neo4j, ask it for exposure, and pull it back: rate and memory of both sides.

Run with ``python -m benchmarks.neo4j``; needs Java and Maven, or ``NEO4J_URI``. Times are of this
machine and this run, with the server on the same machine: quote the ratios.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import neo4j_paths
from benchmarks.synthetic import make, write
from listed.graph.snapshot import Graph
from listed.loading import load, open_
from listed.neo4j.connection import Server
from listed.neo4j.pull import read_graph
from listed.neo4j.push import push, remove
from tests.neo4j import servers

NAME = "benchmark"


def main() -> None:
    """Measure a first push, a second one, a pull and the removal."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("entities", 100_000), ("links", 200_000), ("listed", 1_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--no-questions", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        load("table", write(make(asked.entities, asked.links, asked.listed), folder)["parquet"], folder / "graph")
        graph = open_(folder / "graph")
        with servers.neo4j() as running:
            print(f"{graph}\nstep           seconds   rows/s   CPU s: listed  Neo4j   peak MB: listed  Neo4j")
            _measure(graph, running, {"first push": _pushed, "second push": _pushed})
            if not asked.no_questions:
                neo4j_paths.measure(graph, running.server, NAME)
                print()
            _measure(graph, running, {"pull": _pulled, "removal": _removed})


def _measure(graph: Graph, running: servers.Running, steps: dict[str, Callable[[Graph, Server], None]]) -> None:
    rows = sum(graph.tables[name].num_rows for name in ("entities", "links", "listings"))
    for step, run in steps.items():
        began, ours, theirs = time.perf_counter(), time.process_time(), _work(running.process)
        run(graph, running.server)
        took, ours, theirs = time.perf_counter() - began, time.process_time() - ours, _work(running.process) - theirs
        print(
            f"{step:12}{took:10.1f}{rows / took:9,.0f}{ours:16,.1f}{theirs:7,.1f}"
            f"{_own_peak():18,.0f}{_peak(running.process):>7}"
        )


def _pushed(graph: Graph, server: Server) -> None:
    if not push(graph, server, NAME).equal:
        raise RuntimeError("the two sides differ")


def _pulled(_: Graph, server: Server) -> None:
    if not read_graph(server, NAME).unchanged:
        raise RuntimeError("what came back is not what was pushed")


def _removed(_: Graph, server: Server) -> None:
    remove(server, NAME)


def _own_peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _work(process: int | None) -> float:
    """Return the seconds a process has had a core for; on a busy machine these tell more than the clock."""
    status = Path(f"/proc/{process}/stat")
    if process is None or not status.is_file():
        return 0.0
    fields = status.read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak(process: int | None) -> str:
    """Return the most memory a process has had, where the system tells."""
    status = Path(f"/proc/{process}/status")
    if process is None or not status.is_file():
        return "?"
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return f"{int(line.split()[1]) / 1024:,.0f}"


if __name__ == "__main__":
    main()
