"""A snapshot in the embedded Cypher engine: made in bulk from its tables, and kept beside its caches.

Like every cache it is rebuilt when missing, damaged, or of another version of the engine, written
beside what is there, and put in place by one rename.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from listed.errors import QueryError
from listed.graph import cypher_engine, cypher_text, sealing
from listed.graph.cypher_engine import Engine, Node, Relationship
from listed.graph.property_graph import property_graph
from listed.graph.tables import Tables

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

VERSION = 2
"""Raised when the mapping or the way it is kept changes, so that old views are made anew."""

LIMIT = 10_000
"""Rows of an answer, where no other limit is asked for."""

SECONDS = 30.0
"""Time for a query, where no other is asked for."""


@dataclass(frozen=True, slots=True)
class Records:
    """What a Cypher query found.

    Parameters
    ----------
    columns
        The columns, as the query names them.
    rows
        A dictionary for each row. A node is one of its ``labels`` and properties; a relationship one of its
        ``type``, the ids of its ``source`` and ``target``, and its properties; a path one of ``nodes`` and
        ``relationships``.
    total
        How many rows there are, those beyond the limit too.
    limit, seconds
        The bounds that applied.
    remarks
        What is odd about the query, such as a label that this graph does not have.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    total: int
    limit: int
    seconds: float
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def cut_off(self) -> int:
        """How many rows there are beyond the limit."""
        return self.total - len(self.rows)

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a frame with the query's columns."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the nodes, relationships and paths among the cells as a graph: see :func:`to_networkx`."""
        return to_networkx(self.rows)


def to_networkx(rows: Iterable[Mapping[str, Any]]) -> nx.MultiDiGraph[str]:
    """Return the nodes, relationships and paths among the cells of rows as a graph.

    Nodes go by their id, sources by ``source:ID``, edges by the id of the link or listing. An end that was not
    returned itself is a node without attributes.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in rows:
        for value in _within(list(row.values())):
            if isinstance(value, Node):
                id_ = str(value.get("id", ""))
                graph.add_node(f"source:{id_}" if "Source" in value["labels"] else id_, **value)
            else:
                said = {name: one for name, one in value.items() if name not in ("source", "target")}
                graph.add_edge(value["source"], value["target"], key=value.get("id"), **said)
    return graph


def _within(value: Any) -> Iterator[Node | Relationship]:
    """Yield the nodes and relationships within a value."""
    if isinstance(value, Node | Relationship):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _within(one)


_ENDLESS = 10**9


def check_bounds(limit: int, seconds: float) -> None:
    """Raise QueryError for bounds that bound nothing, or that no engine takes."""
    if not 0 <= limit < 2**63 or not 0 < seconds < _ENDLESS:
        raise QueryError(f"the limit must be 0 or more, and the seconds more than 0 and fewer than {_ENDLESS:,}")


class CypherView:
    """A snapshot that answers Cypher, read-only.

    Parameters
    ----------
    engine
        The engine that holds it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, limit: int = LIMIT, seconds: float = SECONDS
    ) -> Records:
        """Answer a query.

        Parameters
        ----------
        text
            The query, in Neo4j's dialect. See docs/cypher.md for what is refused.
        parameters
            A value for each ``$name`` in it.
        limit
            Most rows to return; how many there are besides is told.
        seconds
            Time after which the query is stopped.

        Raises
        ------
        QueryError
            In one line, if the query is refused, lacks a parameter, is not understood, or was stopped.
        """
        check_bounds(limit, seconds)
        given = dict(parameters or {})
        found = self._engine.ask(cypher_text.check(text, given), given, seconds, limit)
        return Records(found.columns, found.rows, found.total, limit, seconds, found.remarks)


def open_or_build(tables: Tables, folder: Path | None) -> CypherView:
    """Return the view of a snapshot, kept in the folder ``cypher`` within its caches where it can be."""
    place = None if folder is None else folder / "cypher"
    if place is None:
        return _in_memory(tables)
    if not _whole(place):
        _write(place, tables)
    try:
        return CypherView(cypher_engine.open_(place / "engine", _read_ids(place)))
    except (OSError, ValueError, pa.ArrowException):  # not written, or spoiled since
        return _in_memory(tables)


def _in_memory(tables: Tables) -> CypherView:
    return CypherView(cypher_engine.build(property_graph(tables), None))


def _write(place: Path, tables: Tables) -> None:
    """Write the view of a snapshot, if that is possible."""
    draft = sealing.draft_beside(place)
    try:
        draft.mkdir(parents=True)
        graph = property_graph(tables)
        cypher_engine.build(graph, draft / "engine")
        ids = pa.table({"id": pa.chunked_array([chunk for n in graph.nodes for chunk in n.rows["id"].chunks])})
        with pa.OSFile(str(draft / "ids.arrow"), "wb") as file, pa.ipc.new_file(file, ids.schema) as writer:
            writer.write_table(ids.combine_chunks())
        sealing.seal(draft, about(), deep=True)
        shutil.rmtree(place, ignore_errors=True)
        draft.replace(place)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)


def _read_ids(place: Path) -> pa.ChunkedArray:
    return pa.ipc.open_file(pa.memory_map(str(place / "ids.arrow"))).read_all()["id"]


def _whole(place: Path) -> bool:
    return sealing.whole(place, about(), deep=True)


def about() -> dict[str, Any]:
    """Return what the seal of a view says it is about."""
    return {"version": VERSION, "engine": cypher_engine.version()}
