"""The embedded Cypher engine, kglite, behind the few calls that Listed needs of it.

Nothing else imports it, so that another can take its place: :func:`build` makes its files from a
property graph, :func:`open_` opens them read-only, and :meth:`Engine.ask` runs a query, bounded in time
and rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from listed.errors import QueryError
from listed.graph.cypher_text import advice_on_syntax
from listed.graph.property_graph import BOOKKEEPING, PropertyGraph, Relationships

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 100_000
"""Rows turned into Python values at a time."""

_TITLES = {"Entity": "name", "List": "title", "Source": "title"}
"""The property that the engine takes for a node's title."""

_STRUCTURAL = {"Entity": ("title", "type"), "List": ("type",), "Source": ("type",)}
"""What the engine adds to the properties of a node that is returned."""


_WRONG_PASSES = ("fold_aliasing_with", "fuse_order_by_top_k")
"""Steps of the engine's optimiser that gave other answers than Neo4j: the first loses an ORDER BY after
``WITH ... AS p RETURN p, count(*)``, the second returns null from ``CALL { ... ORDER BY ... LIMIT }``."""


class Node(dict[str, Any]):
    """A node of an answer: its ``labels``, then its properties."""


class Relationship(dict[str, Any]):
    """A relationship of an answer: its ``type``, the ids of its ``source`` and ``target``, then its properties."""


class Trail(dict[str, Any]):
    """A path of an answer: its ``nodes`` and ``relationships`` in order."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a query found: ``total`` counts the rows beyond the limit too."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    total: int
    remarks: tuple[str, ...]


def version() -> str:
    """Return the engine's name and version: files of another are made anew."""
    return f"kglite {_kglite().__version__}"


def build(graph: PropertyGraph, folder: Path | None) -> Engine:
    """Put a property graph into the engine: into files in a folder, or into memory."""
    kglite = _kglite()
    engine = kglite.KnowledgeGraph(storage="disk", path=str(folder)) if folder else kglite.KnowledgeGraph()
    for nodes in graph.nodes:
        label, *further = nodes.labels
        for start in range(0, nodes.rows.num_rows, _ROWS):
            frame, types = _frame(nodes.rows.slice(start, _ROWS))
            engine.add_nodes(frame, label, "id", node_title_field=_TITLES[label], labels=further or None,
                             column_types=types)  # fmt: skip
    for one in graph.relationships:
        _add_relationships(engine, one)
    if folder:
        engine.save()
    return Engine(engine, _ids(graph))


def _ids(graph: PropertyGraph) -> pa.ChunkedArray:
    """Return the ids of the nodes in the order they were put in, which the engine numbers them by."""
    return pa.chunked_array([chunk for nodes in graph.nodes for chunk in nodes.rows["id"].chunks], pa.string())


def _add_relationships(engine: Any, one: Relationships) -> None:
    # In one call: a second one for the same type would merge relationships between the same ends.
    frame, types = _frame(one.rows)
    report = engine.add_relationships(frame, one.type, one.source_label, "source", one.target_label, "target",
                                      column_types=types)  # fmt: skip
    if report["connections_created"] != one.rows.num_rows:
        raise AssertionError(
            f"the Cypher engine took {report['connections_created']} of {one.rows.num_rows} {one.type}"
        )


def _frame(rows: pa.Table) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return rows as the engine takes them, without what is unknown in all of them, and the types it must be told."""
    import pandas as pd

    kept = [name for name in rows.column_names if name not in BOOKKEEPING and rows[name].null_count < len(rows)]
    columns: dict[str, Any] = {}
    types: dict[str, str] = {}
    for name in kept:
        column, type_ = rows[name], rows.schema.field(name).type
        if pa.types.is_list(type_):
            columns[name], types[name] = pd.Series(_lists(column), dtype=object), "list"
        elif pa.types.is_date(type_):
            columns[name], types[name] = column.cast(pa.timestamp("s")).to_pandas(), "datetime"
        elif pa.types.is_boolean(type_):
            columns[name] = pd.Series(column.to_pylist(), dtype="boolean")
        else:
            columns[name] = column.to_pandas()
    return pd.DataFrame(columns), types


def _lists(column: pa.ChunkedArray) -> list[list[str] | None]:
    """Return the lists, equal ones as one object: most links say the same few things."""
    seen: dict[tuple[str, ...], list[str]] = {}
    values: list[list[str] | None] = []
    for start in range(0, len(column), _ROWS):
        said = column.slice(start, _ROWS).to_pylist()
        values += [None if one is None else seen.setdefault(tuple(one), one) for one in said]
    return values


def open_(folder: Path, ids: pa.ChunkedArray) -> Engine:
    """Open the files of an engine. Raises ValueError if they cannot be read."""
    kglite = _kglite()
    try:
        return Engine(kglite.load(str(folder)), ids)
    except kglite.KgError as error:
        raise ValueError(str(error)) from error


class Engine:
    """A property graph in the engine, read-only from now on.

    Parameters
    ----------
    engine
        The engine's own graph.
    ids
        The ``id`` of each node, in the engine's order.
    """

    def __init__(self, engine: Any, ids: pa.ChunkedArray) -> None:
        engine.read_only(enabled=True)
        self._graph = engine
        self._ids = ids.combine_chunks() if ids.num_chunks != 1 else ids.chunk(0)

    def ask(self, text: str, parameters: Mapping[str, Any], seconds: float, limit: int) -> Found:
        """Run a query that :func:`listed.graph.cypher_text.check` let pass.

        Raises
        ------
        QueryError
            In one line, if the engine does not understand it, or it takes too long or too much memory.
        """
        kglite = _kglite()
        try:
            view = self._graph.cypher(text, params=dict(parameters), timeout_ms=max(1, int(seconds * 1000)),
                                       row_limit=limit, hide_structural_keys=True,
                                       disabled_passes=_passes_to_skip(text))  # fmt: skip
            rows = view.to_list()
        except kglite.CypherTimeoutError as error:
            raise QueryError(f"the query was stopped after {seconds:g} s (begin at an entity: (e:Entity {{id: $id}}), "
                             "bound paths as in *1..3, or allow more --seconds)") from error  # fmt: skip
        except (kglite.KgError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise QueryError(_plainly(text, error)) from error
        told = view.diagnostics or {}
        total = told.get("total_rows")
        read = _reader(self._ids)
        return Found(
            tuple(view.columns),
            tuple({name: read(value) for name, value in row.items()} for row in rows),
            len(rows) if total is None else int(total),
            tuple(remark for remark in told.get("warnings", ()) if "row_limit" not in remark),
        )


def _passes_to_skip(text: str) -> list[str]:
    # Without the second one, ORDER BY ... LIMIT sorts everything: only where it went wrong.
    return list(_WRONG_PASSES if "call" in text.lower() else _WRONG_PASSES[:1])


def _reader(ids: pa.StringArray) -> Callable[[Any], Any]:
    """Return what turns the engine's values into those of an answer."""

    def read(value: Any) -> Any:
        if isinstance(value, list):
            return [read(one) for one in value]
        if not isinstance(value, dict):
            return value
        keys = value.keys()
        if keys == {"id", "labels", "properties"}:
            hidden = _STRUCTURAL.get(value["labels"][0], ())
            said = {name: read(one) for name, one in value["properties"].items() if name not in hidden}
            return Node({"labels": value["labels"], **said})
        if keys == {"id", "start", "end", "type", "properties"}:
            ends = {"source": ids[value["start"]].as_py(), "target": ids[value["end"]].as_py()}
            said = {name: read(one) for name, one in value["properties"].items()}
            return Relationship({"type": value["type"], **ends, **said})
        if keys == {"nodes", "relationships"}:
            return Trail({name: read(one) for name, one in value.items()})
        return {name: read(one) for name, one in value.items()}

    return read


def _plainly(text: str, error: Exception) -> str:
    """Return a failure in one line, with what to write instead where that is known."""
    said = " ".join(str(error).splitlines()[0].split()) if str(error) else type(error).__name__
    said = said.removeprefix("Cypher execution error: ").removeprefix("Cypher syntax error ")
    advice = advice_on_syntax(text)
    return f"the query is not understood {said}" + (f" ({advice})" if advice else "") if _is_syntax(error) else said


def _is_syntax(error: Exception) -> bool:
    return type(error).__name__ == "CypherSyntaxError"


def _kglite() -> Any:
    import kglite

    kglite.set_query_warning_policy("silent")  # remarks are notes of the answer
    return kglite
