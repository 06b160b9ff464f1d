"""Exports of a made-up graph, each in a process of its own: ``python -m benchmarks.exports``.

Seconds, rows a second and the most memory of each format, the graph opened before the clock starts; and
networkx's own ``write_graphml`` and ``write_gexf`` on the same graph, in memory before the clock starts. What
networkx cannot write (a list, a date, nothing) is made text before, off the clock. Memory is what
writing adds to a process that has the graph open, and the peak of the process.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import synthetic

ENTITIES, LINKS, LISTED = 200_000, 400_000, 10_000
AIM_SECONDS, AIM_GIGABYTES = 5.0, 1.0
PEERS = ("graphml", "gexf")
"""Formats that networkx writes too. ``followthemoney`` took 132 s and 7.4 GB for a GEXF of 200,000 entities."""


def _peak() -> float:
    """Return the most memory of this process so far; what the system counts of it begins with its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _size(path: Path) -> int:
    return sum(one.stat().st_size for one in path.iterdir()) if path.is_dir() else path.stat().st_size


def write_ours(graph_folder: str, format: str, place: Path) -> dict[str, Any]:
    """Export a graph, and return seconds, gigabytes and bytes."""
    from listed.exports import export
    from listed.graph.snapshot import open_graph

    graph = open_graph(graph_folder)
    before, start, busy = _peak(), time.perf_counter(), time.process_time()
    report = export(graph, format, place)
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    return {"seconds": seconds, "cpu": cpu, "gigabytes": _peak(), "added": _peak() - before, "bytes": report.size}


def write_networkx(graph_folder: str, format: str, place: Path) -> dict[str, Any]:
    """Write a graph with networkx, and return seconds, gigabytes and bytes."""
    import networkx as nx

    from listed.graph.snapshot import open_graph

    graph = open_graph(graph_folder).to_networkx()
    for data in (*(one for _, one in graph.nodes(data=True)), *(one for *_, one in graph.edges(data=True))):
        for key, value in data.items():
            data[key] = value if isinstance(value, bool | int | float | str) else json.dumps(value, default=str)
    before, start, busy = _peak(), time.perf_counter(), time.process_time()
    if format == "graphml":
        nx.write_graphml_xml(graph, place)
    else:
        nx.write_gexf(graph, place)
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    return {"seconds": seconds, "cpu": cpu, "gigabytes": _peak(), "added": _peak() - before, "bytes": _size(place)}


def _in_a_process(who: str, graph_folder: str, format: str, place: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.exports", "--run", who, graph_folder, format, str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{who} {format}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def _line(name: str, found: dict[str, Any], rows: int, ratio: str = "") -> str:
    return (
        f"{name:<22}{found['seconds']:>8.1f} s{found['cpu']:>8.1f} s{rows / found['seconds']:>12,.0f}"
        f"{found['added']:>8.2f} GB{found['gigabytes']:>8.2f} GB{found['bytes'] / 1e6:>9,.0f} MB  {ratio}"
    )


def _make(folder: Path, entities: int) -> str:
    from listed.loading import load

    made = synthetic.make(entities, 2 * entities, max(entities // 20, 1))
    place = str(folder / "graph")
    load("table", synthetic.write(made, folder)["parquet"], place, dataset="synthetic", accept="any")
    return place


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("entities", nargs="?", type=int, default=ENTITIES)
    parser.add_argument("--no-peers", action="store_true", help="leave networkx out, which takes minutes")
    parser.add_argument("--run", nargs=4, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.run:
        who, graph_folder, format, place = chosen.run
        write = write_ours if who == "listed" else write_networkx
        print(json.dumps(write(graph_folder, format, Path(place))))
        return 0
    from listed.exports import FORMATS

    with tempfile.TemporaryDirectory() as folder:
        graph = _make(Path(folder), chosen.entities)
        rows = 3 * chosen.entities + max(chosen.entities // 20, 1)
        print(
            f"{chosen.entities:,} entities, {2 * chosen.entities:,} links, {max(chosen.entities // 20, 1):,} listings"
        )
        print(f"{'':<22}{'wall':>10}{'cpu':>10}{'rows/s':>12}{'added':>11}{'peak':>11}{'size':>12}")
        missed = []
        for format in FORMATS:
            ours = _in_a_process("listed", graph, format, Path(folder) / f"ours-{format}")
            ratio = ""
            if format in PEERS and not chosen.no_peers:
                theirs = _in_a_process("networkx", graph, format, Path(folder) / f"theirs-{format}")
                print(_line(f"networkx {format}", theirs, rows))
                ratio = (
                    f"{theirs['cpu'] / ours['cpu']:.0f} times faster (cpu), "
                    f"{theirs['gigabytes'] / ours['gigabytes']:.0f} times less memory than networkx"
                )
            print(_line(f"listed {format}", ours, rows, ratio))
            if ours["seconds"] > AIM_SECONDS or ours["gigabytes"] > AIM_GIGABYTES:
                missed.append(format)
    said = f"missed by {', '.join(missed)}" if missed else "met by all"
    print(f"aim, {AIM_SECONDS:.0f} s and {AIM_GIGABYTES:.0f} GB each: {said}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
