"""Write a snapshot into a Neo4j database.

The rules
---------
* Every node and relationship of ours carries ``listed_graph``, the name of the graph. Nothing else
  in the database is read or touched; properties and labels that others put on our nodes stay.
* A batch is one transaction of ``UNWIND ... MERGE``, which also notes how far the push has come: a
  push that breaks off goes on where it stood, and one done twice gives the same graph.
* When all is written, what an earlier push wrote and this snapshot does not hold is removed. An
  entity on which relationships of others hang stays, marked ``listed_gone``.
* At the end both sides are counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from listed.errors import QueryError
from listed.graph.property_graph import (
    LINK_PROPERTIES,
    LISTED_ON,
    LISTING_PROPERTIES,
    RELATIONSHIP_TYPES,
    SCHEMA_LABELS,
    Nodes,
    PropertyGraph,
    Relationships,
    property_graph,
)
from listed.graph.snapshot import Graph
from listed.neo4j.columns import GONE, GRAPH, META, NODES, PUSH, digest, parameters, set_aside_nodes
from listed.neo4j.connection import Server, connected

if TYPE_CHECKING:
    import neo4j
    import pyarrow as pa

BATCH = 5_000
"""Rows in one transaction."""

Progress = Callable[[int, int], None]
"""Told after each batch how many rows are there, and of how many."""


class Compared(NamedTuple):
    """How many of a kind the snapshot holds, and how many the database."""

    kind: str
    snapshot: int
    database: int


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push did.

    Parameters
    ----------
    graph, place
        Name of the graph in the database, and where that is.
    snapshot
        Number of the snapshot.
    resumed_at
        Rows that an earlier push, broken off, had written already.
    counts
        Nodes by label and relationships by type, on both sides.
    removed
        What earlier pushes wrote and this snapshot does not hold: nodes, relationships.
    gone
        Entities that are no longer in the graph and stay because relationships of others hang on them.
    """

    graph: str
    place: str
    snapshot: int
    resumed_at: int
    counts: tuple[Compared, ...]
    removed: dict[str, int] = field(default_factory=dict)
    gone: int = 0

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same number of each kind."""
        return all(one.snapshot == one.database for one in self.counts)

    def __str__(self) -> str:
        """Return the report for reading: both counts of each kind, side by side."""
        lines = [f"Pushed snapshot {self.snapshot} to {self.place}, as the graph {self.graph}"]
        if self.resumed_at:
            lines.append(f"  went on after {self.resumed_at:,} rows that were there already")
        lines.append(f"  {'':<16}{'snapshot':>12}{'database':>12}")
        lines += [
            f"  {kind:<16}{ours:>12,}{there:>12,}{'' if ours == there else '   DIFFERENT'}"
            for kind, ours, there in self.counts
        ]
        if any(self.removed.values()):
            lines.append(
                "  removed, no longer in the graph: " + ", ".join(f"{n:,} {k}" for k, n in self.removed.items())
            )
        if self.gone:
            lines.append(f"  no longer in the graph, but others' relationships hang on them: {self.gone:,} nodes "
                         f"stay, marked {GONE}")  # fmt: skip
        lines.append("  both sides hold the same" if self.equal else "  the database holds something else: push again")
        return "\n".join(lines)


def push(
    graph: Graph, server: Server, name: str = "listed", *, batch: int = BATCH, progress: Progress | None = None
) -> PushReport:
    """Write a snapshot into a database, under a name; what it held under that name is replaced.

    Parameters
    ----------
    graph
        The snapshot.
    server
        Where to.
    name
        What to call the graph there, so that several can stand side by side.
    batch
        Rows in one transaction.
    progress
        Called after each batch.

    Raises
    ------
    ServerError
        If the server cannot be reached or refuses. Push again to go on.
    QueryError
        If ``name`` is not a plain word.
    """
    checked_name(name)
    mapped = property_graph(graph.tables)
    aside = set_aside_nodes(graph.tables)
    if aside.rows.num_rows:
        mapped = PropertyGraph((*mapped.nodes, aside), mapped.relationships)
    mark = digest(graph.tables)
    with connected(server) as session:
        make_schema(session)
        write = _Writing(session, name, mark)
        resumed = write.begin(graph, mapped.counts())
        write.relabel(mapped.nodes)
        write.rows(mapped, batch, resumed, progress)
        removed, gone = write.remove_stale()
        counts = write.compare(mapped.counts())
        report = PushReport(name, server.place, graph.number, resumed, counts, removed, gone)
        write.end(complete=report.equal)
    return report


def remove(server: Server, name: str) -> dict[str, int]:
    """Remove a graph from a database, and nothing else; return how many nodes and relationships went."""
    checked_name(name)
    with connected(server) as session:
        removed, _ = _Writing(session, name, "").remove_stale()
        session.run(f"MATCH (n:{META} {{{GRAPH}: $graph}}) DELETE n", graph=name).consume()
    return removed


def checked_name(name: str) -> str:
    """Return a name of a graph, or raise :class:`QueryError`."""
    if not re.fullmatch(r"\w[\w.-]{0,63}", name):
        raise QueryError(f"a graph in Neo4j cannot be called {name!r} (use letters, digits, - and _)")
    return name


def make_schema(session: neo4j.Session) -> None:
    """Make the constraints and indexes that are missing, before anything is written."""
    for label in NODES:
        session.run(
            f"CREATE CONSTRAINT listed_{label.lower()}_id IF NOT EXISTS "
            f"FOR (n:{label}) REQUIRE (n.{GRAPH}, n.id) IS UNIQUE"
        ).consume()
    session.run(
        f"CREATE CONSTRAINT listed_graph_name IF NOT EXISTS FOR (n:{META}) REQUIRE n.{GRAPH} IS UNIQUE"
    ).consume()
    session.run("CREATE INDEX listed_entity_name IF NOT EXISTS FOR (n:Entity) ON (n.name)").consume()


class _Writing:
    """One push into one database."""

    def __init__(self, session: neo4j.Session, name: str, mark: str) -> None:
        self.session = session
        self.name = name
        self.mark = mark

    def begin(self, graph: Graph, counts: dict[str, int]) -> int:
        """Note what is being pushed; return how many rows of just that are there already."""
        facts = {"snapshot": graph.number, "origin": graph.name, "counts_json": json.dumps(counts),
                 "datasets_json": json.dumps(graph.datasets)}  # fmt: skip
        text = (
            f"MERGE (n:{META} {{{GRAPH}: $graph}}) "
            f"WITH n, CASE WHEN n.{PUSH} = $push AND n.complete = false THEN n.rows_done ELSE 0 END AS done "
            f"SET n.{PUSH} = $push, n.complete = false, n.rows_done = done, n.snapshot = $facts.snapshot, "
            "n.origin = $facts.origin, n.counts_json = $facts.counts_json, n.datasets_json = $facts.datasets_json "
            "RETURN done"
        )
        return int(self._write(text, facts=facts)[0]["done"] or 0)

    def relabel(self, nodes: tuple[Nodes, ...]) -> None:
        """Give an entity that was pushed before under another schema its label of now."""
        text = f"MATCH (n:Entity) WHERE n.{GRAPH} = $graph RETURN n.id AS id, labels(n) AS labels"
        known = set(SCHEMA_LABELS)
        there = {
            record["id"]: frozenset(known.intersection(record["labels"]))
            for record in self.session.run(text, graph=self.name)
        }
        if not there:
            return
        for one in nodes:
            if one.labels[0] != "Entity":
                continue
            wanted = frozenset(one.labels[1:])
            wrong = [id_ for id_ in one.rows["id"].to_pylist() if id_ in there and there[id_] != wanted]
            for label in sorted({label for id_ in wrong for label in there[id_]} - wanted):
                ids = [id_ for id_ in wrong if label in there[id_]]
                self._write(f"UNWIND $ids AS id MATCH (n:Entity {{{GRAPH}: $graph, id: id}}) REMOVE n:{label}", ids=ids)
            for label in wanted:
                ids = [id_ for id_ in wrong if label not in there[id_]]
                self._write(f"UNWIND $ids AS id MATCH (n:Entity {{{GRAPH}: $graph, id: id}}) SET n:{label}", ids=ids)

    def rows(self, mapped: PropertyGraph, batch: int, done: int, progress: Progress | None) -> None:
        """Write nodes, then relationships, from the row where an earlier push broke off."""
        total = sum(mapped.counts().values())
        before = 0
        for text, rows in _plan(mapped):
            first = max(done - before, 0)
            for start in range(first, rows.num_rows, batch):
                part = parameters(rows.slice(start, batch))
                written = before + start + len(part)
                self._batch(text, part, written)
                if progress is not None:
                    progress(written, total)
            before += rows.num_rows

    def _batch(self, text: str, rows: list[list[Any]], written: int) -> None:
        note = f"MATCH (n:{META} {{{GRAPH}: $graph}}) SET n.rows_done = $written"

        def work(transaction: neo4j.ManagedTransaction) -> None:
            transaction.run(text, rows=rows, graph=self.name, push=self.mark).consume()
            transaction.run(note, graph=self.name, written=written).consume()

        self.session.execute_write(work)

    def remove_stale(self) -> tuple[dict[str, int], int]:
        """Remove what earlier pushes wrote and this one did not; count it, and what had to stay."""
        old = f"x.{GRAPH} = $graph AND x.{PUSH} <> $push"
        alone = f"{old} AND NOT EXISTS {{ (x)--() }}"
        finish = "WITH x LIMIT $most DELETE x RETURN count(*) AS gone"
        types = "|".join(RELATIONSHIP_TYPES)
        removed = {
            "relationships": self._until_none(f"MATCH ()-[x:{types}]->() WHERE {old} {finish}"),
            "nodes": sum(self._until_none(f"MATCH (x:{label}) WHERE {alone} {finish}") for label in NODES),
        }
        # What is left has relationships of others, so it is marked and not deleted with them.
        kept = [f"MATCH (x:{label}) WHERE {old} SET x.{GONE} = true RETURN count(x) AS kept" for label in NODES]
        return removed, sum(int(self._write(text)[0]["kept"]) for text in kept)

    def _until_none(self, text: str, most: int = 10_000) -> int:
        total = 0
        while gone := int(self._write(text, most=most)[0]["gone"]):
            total += gone
            if gone < most:
                break
        return total

    def compare(self, counts: dict[str, int]) -> tuple[Compared, ...]:
        """Count what the database holds of this push, beside what the snapshot holds."""
        ours = f"x.{GRAPH} = $graph AND x.{PUSH} = $push"
        there = {
            label: int(self._write(f"MATCH (x:{label}) WHERE {ours} RETURN count(x) AS there")[0]["there"])
            for label in NODES
        }
        text = f"MATCH ()-[x:{'|'.join(RELATIONSHIP_TYPES)}]->() WHERE {ours} RETURN type(x) AS type, count(*) AS there"
        there |= {record["type"]: int(record["there"]) for record in self._write(text)}
        kinds = dict.fromkeys((*NODES, *RELATIONSHIP_TYPES))
        found = [Compared(kind, counts.get(kind, 0), there.get(kind, 0)) for kind in kinds]
        return tuple(one for one in found if one.snapshot or one.database)

    def end(self, *, complete: bool) -> None:
        """Note that the push is whole; one whose counts differ starts over the next time."""
        text = f"MATCH (n:{META} {{{GRAPH}: $graph}}) SET n.complete = $complete, n.rows_done = 0"
        self._write(text, complete=complete)

    def _write(self, text: str, **given: Any) -> list[neo4j.Record]:
        def work(transaction: neo4j.ManagedTransaction) -> list[neo4j.Record]:
            return list(transaction.run(text, graph=self.name, push=self.mark, **given))

        return self.session.execute_write(work)


def _plan(mapped: PropertyGraph) -> Iterator[tuple[str, pa.Table]]:
    """Yield each group with the query that writes it, nodes first."""
    for nodes in mapped.nodes:
        yield node_query(nodes), nodes.rows
    for one in mapped.relationships:
        yield relationship_query(one), one.rows


def node_query(nodes: Nodes) -> str:
    """Return the query that writes nodes of some labels: each row a list in the order of their properties."""
    names = NODES[nodes.labels[0]].names
    place = names.index("id")
    return (
        f"UNWIND $rows AS row MERGE (n:{':'.join(nodes.labels)} {{{GRAPH}: $graph, id: row[{place}]}}) "
        f"SET {_set('n', names, 0)}, n.{GONE} = null"
    )


def relationship_query(one: Relationships) -> str:
    """Return the query that writes relationships of a type: each row their ends, then their properties."""
    names = (LISTING_PROPERTIES if one.type == LISTED_ON else LINK_PROPERTIES).names
    return (
        f"UNWIND $rows AS row MATCH (a:{one.source_label} {{{GRAPH}: $graph, id: row[0]}}) "
        f"MATCH (b:{one.target_label} {{{GRAPH}: $graph, id: row[1]}}) "
        f"MERGE (a)-[r:{one.type} {{{GRAPH}: $graph, id: row[{2 + names.index('id')}]}}]->(b) "
        f"SET {_set('r', names, 2)}"
    )


def _set(variable: str, names: list[str], first: int) -> str:
    said = [f"{variable}.{name} = row[{place}]" for place, name in enumerate(names, first) if name != "id"]
    return ", ".join([f"{variable}.{PUSH} = $push", *said])
