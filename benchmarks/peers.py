"""Other engines on the same graph, each in a process of its own that can be stopped.

They are given the links that hold today as arcs in both directions, without those that enter a
hub or leave a listed entity: every path in that graph is an exposure path, so that what they
answer is what we answer, and the sifting costs them nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from threading import Timer
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.reference import holding, hubs
from benchmarks.synthetic import Synthetic

PATHS = 100

Ask = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine, what it is asked, and how many starts of each group (the slow ones few)."""

    module: str
    asked: str
    starts: int


PEERS = (
    Peer("networkx", "all_simple_paths, any 100, 3 links", 20),
    Peer("rustworkx", "all_simple_paths, all, 3 links", 20),
    Peer("kglite", "Cypher, any 100, 4 links", 20),
    Peer("ladybug", "Cypher, any 100, 4 links", 10),
)


def write_arcs(graph: Synthetic, folder: Path) -> None:
    """Write the peers' graph into a folder."""
    holds = holding(graph)
    source, target = graph.source[holds], graph.target[holds]
    tail, head = np.concatenate([source, target]), np.concatenate([target, source])
    listed = np.zeros(graph.entities, np.bool_)
    listed[graph.listed] = True
    hub = np.zeros(graph.entities, np.bool_)
    hub[hubs(graph)] = True
    kept = ~listed[tail] & (listed[head] | ~hub[head])
    # Links side by side are one step.
    arcs = np.unique(tail[kept] * graph.entities + head[kept])
    nodes = pa.table({"id": np.arange(graph.entities), "listed": listed})
    pq.write_table(nodes, folder / "nodes.parquet")
    pq.write_table(pa.table({"a": arcs // graph.entities, "b": arcs % graph.entities}), folder / "arcs.parquet")


def ask_peer(peer: Peer, folder: Path, groups: Sequence[Sequence[int]], seconds: float) -> list[list[float]]:
    """Return each group's milliseconds, as many questions as were answered before it was stopped.

    Parameters
    ----------
    seconds
        For each group. Making the graph is not counted, but has a limit of its own.
    """
    command = [sys.executable, "-m", "benchmarks.peers", peer.module, str(folder), str(seconds)]
    root = Path(__file__).parent.parent
    times: list[list[float]] = [[] for _ in groups]
    for group, starts in enumerate(groups):
        asked = json.dumps([int(start) for start in starts[: peer.starts]])
        with subprocess.Popen(
            [*command, asked], cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as run:
            assert run.stdout
            assert run.stderr
            limit = Timer(60, run.kill)
            limit.start()
            for line in run.stdout:
                if line.startswith("ready"):
                    limit.cancel()
                    limit = Timer(seconds, run.kill)
                    limit.start()
                else:
                    times[group].append(float(line))
            limit.cancel()
            if run.wait() > 0:
                raise RuntimeError(run.stderr.read().strip().splitlines()[-1])
    return times


def _networkx(folder: Path) -> Ask:
    import networkx as nx

    network: nx.DiGraph[int] = nx.DiGraph()
    nodes, arcs = _tables(folder)
    network.add_nodes_from(nodes["id"].to_pylist())
    network.add_edges_from(zip(arcs["a"].to_pylist(), arcs["b"].to_pylist(), strict=True))
    ends = set(_listed(nodes))
    return lambda start: list(islice(nx.all_simple_paths(network, start, ends, cutoff=3), PATHS))


def _rustworkx(folder: Path) -> Ask:
    import rustworkx as rx

    nodes, arcs = _tables(folder)
    network = rx.PyDiGraph(multigraph=False)
    network.add_nodes_from(nodes["id"].to_pylist())
    network.extend_from_edge_list(list(zip(arcs["a"].to_pylist(), arcs["b"].to_pylist(), strict=True)))
    ends = _listed(nodes)
    return lambda start: rx.all_simple_paths(network, start, ends, cutoff=3)


def _kglite(folder: Path) -> Ask:
    import kglite

    nodes, arcs = _tables(folder)
    network = kglite.KnowledgeGraph()
    network.add_nodes(nodes.to_pandas(), "E", "id", "id")
    network.add_connections(arcs.to_pandas(), "L", "E", "a", "E", "b")
    query = f"MATCH (a:E {{id: $start}})-[:L*1..4]->(b:E {{listed: true}}) RETURN b.id LIMIT {PATHS}"
    return lambda start: list(network.cypher(query, params={"start": start}))


def _ladybug(folder: Path) -> Ask:
    import ladybug

    database = ladybug.Connection(ladybug.Database(":memory:"))
    database.execute("CREATE NODE TABLE E(id INT64, listed BOOL, PRIMARY KEY(id))")
    database.execute("CREATE REL TABLE L(FROM E TO E)")
    database.execute(f"COPY E FROM '{folder / 'nodes.parquet'}'")
    database.execute(f"COPY L FROM '{folder / 'arcs.parquet'}'")
    query = f"MATCH (a:E {{id: $start}})-[:L*1..4]->(b:E) WHERE b.listed RETURN b.id LIMIT {PATHS}"

    def ask(start: int) -> object:
        answer: Any = database.execute(query, {"start": start})
        return answer.get_all()

    return ask


def _tables(folder: Path) -> tuple[pa.Table, pa.Table]:
    return pq.read_table(folder / "nodes.parquet"), pq.read_table(folder / "arcs.parquet")


def _listed(nodes: pa.Table) -> list[int]:
    ids: list[int] = nodes.filter(nodes["listed"])["id"].to_pylist()
    return ids


def count_of_paths(folder: Path, starts: Sequence[int]) -> list[int]:
    """Return how many paths of at most three links rustworkx finds from each start."""
    ask: Any = _rustworkx(folder)
    return [len(ask(start)) for start in starts]


def main(module: str, folder: Path, seconds: float, starts: Sequence[int]) -> None:
    """Ask one engine; print a line with the milliseconds of each question."""
    makers = {"networkx": _networkx, "rustworkx": _rustworkx, "kglite": _kglite, "ladybug": _ladybug}
    ask = makers[module](folder)
    ask(starts[0])
    print("ready", flush=True)
    until = time.perf_counter() + seconds
    for start in starts:
        began = time.perf_counter()
        if began > until:
            break
        ask(start)
        print((time.perf_counter() - began) * 1000, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), json.loads(sys.argv[4]))
