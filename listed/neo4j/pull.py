"""Read back from a Neo4j database what a push wrote there, into a graph on disk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from listed.errors import InputError, ServerError
from listed.graph import adjacency, views
from listed.graph.builder import counts_of, flags_of
from listed.graph.property_graph import LINK_PROPERTIES, LINK_TYPES, LISTED_ON, LISTING_PROPERTIES, tables_of
from listed.graph.store import Store
from listed.graph.tables import STATEMENT_TABLES, TEXT, Tables
from listed.neo4j.columns import GRAPH, META, NODES, PUSH, SET_ASIDE, digest, read, set_aside_table
from listed.neo4j.connection import Server, connected
from listed.neo4j.push import checked_name

if TYPE_CHECKING:
    import neo4j

Progress = Callable[[int, int], None]
"""Told now and then how many rows have come, and of how many."""

_ENDS = pa.schema([("source", TEXT), ("target", TEXT)])


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a pull read.

    Parameters
    ----------
    graph, place
        Name of the graph in the database, and where that is.
    folder, snapshot
        The graph on disk it became, and the number of its snapshot there.
    pushed_snapshot
        Number of the snapshot that was pushed.
    unchanged
        Whether it is, row for row, what was pushed.
    totals
        Rows, by table.
    """

    graph: str
    place: str
    folder: str
    snapshot: int
    pushed_snapshot: int
    unchanged: bool
    totals: dict[str, int]

    def __str__(self) -> str:
        """Return the report for reading."""
        said = "row for row what was pushed" if self.unchanged else "NOT what was pushed: it was changed in between"
        counts = ", ".join(f"{count:,} {table}" for table, count in self.totals.items() if count)
        return (
            f"Pulled the graph {self.graph} from {self.place} into {self.folder}: snapshot {self.snapshot}\n"
            f"  {counts}\n  snapshot {self.pushed_snapshot} as pushed: {said}"
        )


@dataclass(frozen=True, slots=True)
class Pulled:
    """A graph as it stands in a database."""

    tables: Tables
    snapshot: int
    datasets: dict[str, Any]
    unchanged: bool


def pull(
    server: Server,
    folder: str | Path,
    name: str = "listed",
    *,
    allow_changed: bool = False,
    progress: Progress | None = None,
) -> PullReport:
    """Read a graph from a database into a folder.

    Parameters
    ----------
    server, name
        Where it is, and what it is called there.
    folder
        Where it goes: a new folder, or one that this graph was pulled into before.
    allow_changed
        Take also a graph that was changed in the database since it was pushed.

    Raises
    ------
    ServerError
        If there is no such graph, its push did not end, or it was changed.
    InputError
        If the folder holds another graph.
    """
    store = Store(Path(folder))
    dataset = f"neo4j-{checked_name(name)}"
    _check_folder(store, dataset)
    pulled = read_graph(server, name, progress=progress)
    if not pulled.unchanged and not allow_changed:
        raise ServerError(
            f"{server.place}: the graph {name} was changed there since it was pushed, so nothing was written "
            "(take it as it is with --allow-changed, or push again)"
        )
    number = _publish(store, dataset, pulled, f"{server.place}, graph {name}")
    totals = {table: rows.num_rows for table, rows in pulled.tables.items()}
    return PullReport(name, server.place, str(folder), number, pulled.snapshot, pulled.unchanged, totals)


def read_graph(server: Server, name: str = "listed", *, progress: Progress | None = None) -> Pulled:
    """Read a graph from a database; as for :func:`pull`."""
    with connected(server) as session:
        about = about_graph(session, server, name)
        total = sum(json.loads(about["counts_json"]).values())
        tables = session.execute_read(_read_all, name, about[PUSH], lambda come: progress and progress(come, total))
    unchanged = digest(tables) == about[PUSH]
    return Pulled(tables, int(about["snapshot"]), json.loads(about["datasets_json"]), unchanged)


def _check_folder(store: Store, dataset: str) -> None:
    if store.exists and set(store.manifest()["datasets"]) != {dataset}:
        raise InputError("the folder holds another graph", file=str(store.root), advice="name a new folder")


def name_there(session: neo4j.Session) -> str:
    """Return which graph is asked when none is named: the user's own if it is there, else the bundled one."""
    found = {record["name"] for record in session.run(f"MATCH (n:{META}) RETURN n.{GRAPH} AS name")}
    return "bundled" if "bundled" in found and "listed" not in found else "listed"


def about_graph(session: neo4j.Session, server: Server, name: str) -> dict[str, Any]:
    """Return what the database says of a graph."""
    found = {
        record["name"]: record["about"]
        for record in session.run(f"MATCH (n:{META}) RETURN n.{GRAPH} AS name, properties(n) AS about")
    }
    if name not in found:
        others = f" (it holds: {', '.join(sorted(found))})" if found else ""
        raise ServerError(f"{server.place}: no graph called {name} was pushed there{others}")
    about: dict[str, Any] = found[name]
    if not about["complete"]:
        raise ServerError(f"{server.place}: the push of {name} did not end (push again, it goes on where it stood)")
    return about


def _read_all(transaction: neo4j.ManagedTransaction, name: str, mark: str, told: Callable[[int], object]) -> Tables:
    come = 0

    def rows(pattern: str, schema: pa.Schema, ends: str = "") -> pa.Table:
        nonlocal come
        columns = ", ".join(f"x.{field.name} AS p{place}" for place, field in enumerate(schema))
        text = f"MATCH {pattern} WHERE x.{GRAPH} = $graph AND x.{PUSH} = $push RETURN {ends}{columns}"
        records = transaction.run(text, graph=name, push=mark)
        whole = pa.schema([*_ENDS, *schema]) if ends else schema
        table = read((record.values() for record in records), whole)
        come += table.num_rows
        told(come)
        return table

    def between(type_: str, target: str, schema: pa.Schema) -> pa.Table:
        return rows(f"(a:Entity)-[x:{type_}]->(b:{target})", schema, "a.id AS s, b.id AS t, ")

    nodes = {label: rows(f"(x:{label})", schema) for label, schema in NODES.items()}
    links = {type_: between(type_, "Entity", LINK_PROPERTIES) for type_ in LINK_TYPES}
    listings = between(LISTED_ON, "List", LISTING_PROPERTIES)
    return tables_of(nodes, links, listings) | {"set_aside": set_aside_table(nodes[SET_ASIDE])}


def _publish(store: Store, dataset: str, pulled: Pulled, place: str) -> int:
    """Write the tables as one dataset and as a snapshot; return its number."""
    tables = pulled.tables
    statements = {name: tables[name] for name in STATEMENT_TABLES}
    with store.writing() as draft:
        version, _ = draft.add_statements(dataset, statements)
        if store.exists and store.manifest()["datasets"][dataset]["version"] == version:
            return int(store.manifest()["snapshot"])
        lists = dict(sorted(Counter(tables["listings"]["list"].to_pylist()).items()))
        facts = {"version": version, "files": [place], "loaded": datetime.now(UTC).isoformat(timespec="seconds"),
                 "lists": lists, "statements": counts_of(tables), "flags": flags_of(tables),
                 "pushed": {"snapshot": pulled.snapshot, "datasets": pulled.datasets}}  # fmt: skip
        written = dict.fromkeys(statements, f"{dataset}/{version}")
        arrays = adjacency.build(tables)
        return draft.publish(tables, {dataset: facts}, written,
                             lambda number, of: views.write(store.view_folder(number), tables, arrays, of))  # fmt: skip
