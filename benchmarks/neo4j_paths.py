"""The same exposure question four ways: of the snapshot, of Neo4j with ``--on``, and in Cypher on Neo4j and on ladybug.

Part of ``python -m benchmarks.neo4j``. All four answer the best 25 paths of at most so many links, past no hub and no
other listed entity, over links that may hold today; the Cypher orders them as Listed does. What
one does not answer within its time counts with it. An acyclic path of ladybug 0.22 may still pass an entity twice, so
that one of its answers in some dozens is another one.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from listed.asking_neo4j import exposure_on
from listed.graph.adjacency import HUB_LINKS
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.neo4j.connection import Server, connected
from listed.queries.exposure import exposure
from listed.queries.listings import listed_on

DAY = date(2024, 6, 1)
PATHS = 25
SECONDS = 30.0
EACH = 5

Path_ = tuple[str, ...]
Ask = Callable[[str, int], list[Path_]]


def measure(graph: Graph, server: Server, name: str) -> None:
    """Print what each way took for starts with few, some and many links."""
    ways: dict[str, Ask] = {
        "listed exposure": lambda entity, hops: _paths(exposure(graph, entity, DAY, hops=hops)),
        "listed exposure --on": lambda entity, hops: _paths(exposure_on(server, entity, DAY, hops=hops, name=name)),
    }
    with _cypher_on_neo4j(graph, server, name) as on_neo4j, _cypher_on_ladybug(graph) as on_ladybug:
        ways |= {"Cypher on Neo4j": on_neo4j, "Cypher on ladybug": on_ladybug}
        print(f"\n{'starts':16}{'hops':>5}  {'way':22}{'median s':>10}{'worst s':>10}  in time  the same answer")
        for group, starts in _starts(graph).items():
            for hops in (3, 4):
                right = [ways["listed exposure"](entity, hops) for entity in starts]
                for way, ask in ways.items():
                    took, found = zip(*(_timed(ask, entity, hops) for entity in starts), strict=True)
                    in_time = [one is not None for one in found]
                    same = sum(one == other for one, other in zip(found, right, strict=True))
                    print(f"{group:16}{hops:5}  {way:22}{median(took):10.3f}{max(took):10.3f}"
                          f"{sum(in_time):5} of {len(starts)}{same:8} of {sum(in_time)}", flush=True)  # fmt: skip


def _timed(ask: Ask, entity: str, hops: int) -> tuple[float, list[Path_] | None]:
    began = time.perf_counter()
    try:
        found: list[Path_] | None = ask(entity, hops)
    except Exception:  # each engine has its own way to say that time is up
        found = None
    return time.perf_counter() - began, found


def _starts(graph: Graph) -> dict[str, list[str]]:
    """Return unlisted entities by their number of links, drawn with a fixed seed."""
    rng = np.random.default_rng(1)
    links = np.diff(graph.arrays.first)
    free = np.ones(graph.arrays.size, np.bool_)
    free[graph.arrays.listing_entity] = False
    groups = {"1 to 5 links": (1, 5), "20 to 50": (20, 50), "200 to 999": (200, HUB_LINKS - 1)}
    drawn = {}
    for group, (least, most) in groups.items():
        fitting = np.flatnonzero(free & (links >= least) & (links <= most))
        some = rng.choice(fitting, min(EACH, len(fitting)), replace=False)
        if len(some):
            drawn[group] = [graph.id_of(int(row)) for row in some]
    return drawn


def _paths(answer: Any) -> list[Path_]:
    return [row.entities for row in answer.rows if row.kind == "listed"]


_TYPES = "|".join(LinkType)
_RANKS = ", ".join(f"{type_.value}: {type_.rank}" for type_ in LinkType)


@contextmanager
def _cypher_on_neo4j(graph: Graph, server: Server, name: str) -> Iterator[Ask]:
    """Ask the graph as it was pushed."""
    import neo4j

    holds = "coalesce({0}.start_earliest <= $day, true) AND coalesce({0}.end_latest >= $day, true)"
    with connected(server) as session:

        def ask(entity: str, hops: int) -> list[Path_]:
            text = (
                f"MATCH p = (a:Entity {{listed_graph: $graph, id: $id}})-[:{_TYPES}*1..{hops}]-(b:Entity) "
                f"WHERE a <> b AND EXISTS {{ (b)-[l:LISTED_ON]->() WHERE {holds.format('l')} }} "
                f"AND all(r IN relationships(p) WHERE {holds.format('r')} AND coalesce(r.share_max > 0, true)) "
                f"AND none(n IN nodes(p)[1..-1] WHERE n = a OR n = b OR COUNT {{ (n)-[:{_TYPES}]-() }} >= {HUB_LINKS} "
                f"OR EXISTS {{ (n)-[l:LISTED_ON]->() WHERE {holds.format('l')} }}) "
                "AND all(n IN nodes(p) WHERE single(m IN nodes(p) WHERE m = n)) "
                f"WITH [n IN nodes(p) | n.id] AS ids, min(reduce(key = [], i IN range(0, length(p) - 1) | "
                f"key + [{{{_RANKS}}}[type(relationships(p)[i])], nodes(p)[i + 1].id])) AS key "
                f"RETURN ids ORDER BY size(ids), key LIMIT {PATHS}"
            )
            query = neo4j.Query(text, timeout=SECONDS)
            return [tuple(row["ids"]) for row in session.run(query, graph=name, id=entity, day=DAY)]

        yield ask


@contextmanager
def _cypher_on_ladybug(graph: Graph) -> Iterator[Ask]:
    """Ask tables made for the question: hubs, listed ones, days and the order of steps are columns there."""
    import ladybug

    with tempfile.TemporaryDirectory() as place:
        _write_columns(graph, Path(place))
        database = ladybug.Connection(ladybug.Database(":memory:"))
        database.execute("CREATE NODE TABLE E(id STRING, stop BOOL, listed BOOL, PRIMARY KEY(id))")
        database.execute("CREATE REL TABLE L(FROM E TO E, since INT64, until INT64, step STRING)")
        database.execute(f"COPY E FROM '{place}/nodes.parquet'")
        database.execute(f"COPY L FROM '{place}/arcs.parquet'")
        database.set_query_timeout(int(SECONDS * 1000))

        def ask(entity: str, hops: int) -> list[Path_]:
            text = (
                f"MATCH (a:E {{id: $id}})-[p:L* ACYCLIC 1..{hops} (r, n | WHERE r.since <= {day_number(DAY)} "
                f"AND r.until >= {day_number(DAY)} AND NOT n.stop AND n.id <> $id)]->(b:E) "
                "WHERE b.listed AND b.id <> $id "
                "RETURN properties(nodes(p), 'id') AS ids, b.id AS last, length(p) AS n, "
                "min(list_to_string(' ', properties(rels(p), 'step'))) AS steps "
                f"ORDER BY n, steps LIMIT {PATHS}"
            )
            answer: Any = database.execute(text, {"id": entity})
            return [(entity, *ids, last) for ids, last, *_ in answer.get_all()]

        yield ask


def _write_columns(graph: Graph, folder: Path) -> None:
    arrays = graph.arrays
    listed = np.zeros(arrays.size, np.bool_)
    listed[sorted(listed_on(graph, DAY))] = True
    ids = graph.tables["entities"]["id"].combine_chunks()
    heads = ids.take(pa.array(arrays.neighbour))
    ranks = pc.utf8_lpad(pa.array(arrays.arc_kind).cast(pa.string()), 2, "0")
    arcs = pa.table({
        "a": ids.take(pa.array(np.repeat(np.arange(arrays.size), np.diff(arrays.first)))),
        "b": heads,
        "since": arrays.arc_from.astype(np.int64),
        "until": arrays.arc_to.astype(np.int64),
        "step": pc.binary_join_element_wise(ranks, heads, " "),
    })  # fmt: skip
    pq.write_table(pa.table({"id": ids, "stop": arrays.hub | listed, "listed": listed}), folder / "nodes.parquet")
    pq.write_table(arcs, folder / "arcs.parquet")
