"""What a graph was made of, and what did not become part of it."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from listed.errors import QueryError
from listed.graph.period import START_TOLD
from listed.graph.snapshot import Graph
from listed.queries.answer import Answer, Inquiry


@dataclass(frozen=True, slots=True)
class DatasetRow:
    """A dataset of the graph. ``lists`` are its listings by list, ``flags`` its statements kept against their text."""

    dataset: str
    loaded: str
    files: tuple[str, ...]
    version: str
    statements: dict[str, int]
    lists: dict[str, int]
    flags: dict[str, int]


@dataclass(frozen=True, slots=True)
class SetAsideRow:
    """Something of a file that did not become a statement."""

    dataset: str
    record: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A statement kept against its text, or with something of it unknown."""

    dataset: str
    about: str
    record: str
    flag: str


def report(graph: Graph) -> Answer[DatasetRow]:
    """Return what each dataset of the graph stated, a row each."""
    rows = []
    for name, facts in sorted(graph.datasets.items()):
        rows.append(
            DatasetRow(
                name,
                facts.get("loaded", ""),
                tuple(facts.get("files", ())),
                facts.get("version", ""),
                dict(facts.get("statements", {})),
                dict(facts.get("lists", {})),
                dict(facts.get("flags", {})),
            )
        )
    totals = {name: table.num_rows for name, table in graph.tables.items()}
    return Inquiry(graph, "report", {}, None).answer(rows, {"totals": totals})


def set_aside(graph: Graph, dataset: str = "") -> Answer[SetAsideRow]:
    """Return what was set aside, of one dataset or of all. Raises QueryError for a dataset there is not."""
    _check(graph, dataset)
    found = _of(graph.tables["set_aside"], dataset).to_pylist()
    rows = [SetAsideRow(one["dataset"], one["record"] or "", one["reason"], one["text"] or "") for one in found]
    return Inquiry(graph, "report", {"dataset": dataset or None, "set_aside": True}, None).answer(
        rows, kind=SetAsideRow
    )


def flagged(graph: Graph, dataset: str = "") -> Answer[FlagRow]:
    """Return the flagged statements, of one dataset or of all. Raises QueryError for a dataset there is not."""
    _check(graph, dataset)
    rows = []
    for table, about in (("entities", "id"), ("links", "source"), ("listings", "entity")):
        given = graph.tables[table].select([about, "dataset", "record", "flags"])
        given = _of(given.filter(pc.greater(pc.list_value_length(given["flags"]), 0)), dataset)
        for one in given.to_pylist():
            doubts = [flag for flag in one["flags"] if flag != START_TOLD]  # that is no doubt about the file
            rows += [FlagRow(one["dataset"], one[about], one["record"] or "", flag) for flag in doubts]
    return Inquiry(graph, "report", {"dataset": dataset or None, "flags": True}, None).answer(rows, kind=FlagRow)


def _of(table: pa.Table, dataset: str) -> pa.Table:
    return table.filter(pc.equal(table["dataset"].cast(pa.string()), dataset)) if dataset else table


def _check(graph: Graph, dataset: str) -> None:
    if dataset and dataset not in graph.datasets:
        raise QueryError(f"no dataset {dataset!r} is loaded (there are: {', '.join(sorted(graph.datasets)) or 'none'})")
