"""A snapshot opened for reading: entities, links and listings by number, and the graph as a whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import fingerprint, views
from listed.graph.adjacency import Adjacency
from listed.graph.model import Address, Entity, Identifier, Link, Listing, Name, Source
from listed.graph.period import START_TOLD, PartialDate, Period
from listed.graph.share import Basis, Share
from listed.graph.store import Store, identity
from listed.graph.tables import Tables, share_units
from listed.graph.vocabulary import LinkType, NameKind

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from listed.graph.cypher_view import CypherView, Records
    from listed.graph.name_index import NameIndex

_SMALL = 32 * 2**20
"""Below so many bytes a graph's checksums are compared each time it is opened."""


class Frames(NamedTuple):
    """The graph as pandas frames; shares are percentages, dates as ISO text of their own precision."""

    entities: pd.DataFrame
    links: pd.DataFrame
    listings: pd.DataFrame


class Graph:
    """One snapshot of a graph, read-only.

    Open one with :func:`open_graph` or :func:`listed.loading.bundled_graph`. Entities, links and listings have
    numbers, their rows; ids are the names that last.

    Parameters
    ----------
    name
        What to call it in answers: the folder, or "bundled".
    number
        Number of the snapshot.
    datasets
        What it was made of.
    tables, arrays
        Its content.
    folder
        Where further caches may be kept, if anywhere.
    """

    def __init__(
        self,
        name: str,
        number: int,
        datasets: dict[str, Any],
        tables: Tables,
        arrays: Adjacency,
        folder: Path | None = None,
    ) -> None:
        self.name = name
        self.number = number
        self.datasets = datasets
        self.tables = tables
        self.arrays = arrays
        self._folder = folder
        self.memory: dict[object, Any] = {}
        """What a question computed that the next one may ask for again (distances, who is listed)."""

    def __repr__(self) -> str:
        """Return the graph's size in one line."""
        rows = (f"{self.tables[name].num_rows:,} {name}" for name in ("entities", "links", "listings"))
        return f"<Graph {self.name} snapshot {self.number}: {', '.join(rows)}>"

    def row_of(self, id_: str) -> int | None:
        """Return the number of the entity with an id, also one that went into another; else None."""
        arrays = self.arrays
        sought = np.uint64(fingerprint.of_one(id_))
        place = int(np.searchsorted(arrays.id_hash, sought))
        while place < arrays.size and arrays.id_hash[place] == sought:
            row = int(arrays.id_row[place])
            if self.id_of(row) == id_:
                return row
            place += 1
        for merged in self.rows_saying("merged_ids", id_):
            return self.row_of(self.cell("merged_ids", "entity", merged))
        return None

    def rows_saying(self, table: str, text: str) -> list[int]:
        """Return the rows of a table that say a text, in capitals or not, ascending.

        Of ``identifiers`` in their value, of ``sources`` and ``merged_ids`` in their id.
        """
        if not self.tables[table].num_rows:
            return []
        hashes, rows = self._parts[f"{table}_hash"], self._parts[f"{table}_said"]
        capitals = _capitals(text)
        sought = np.uint64(fingerprint.of_one(capitals))
        found = rows[np.searchsorted(hashes, sought) : np.searchsorted(hashes, sought, "right")]
        column = _SAYS[table]
        said = ((int(row), self.cell(table, column, int(row))) for row in found)
        return sorted(row for row, cell in said if _capitals(cell) == capitals)

    def id_of(self, row: int) -> str:
        """Return the id of an entity."""
        return str(self.cell("entities", "id", row))

    def name_of(self, row: int) -> str:
        """Return the name to show of an entity; its id when it has none."""
        return str(self.cell("entities", "name", row) or self.id_of(row))

    def schema_of(self, row: int) -> str:
        """Return the schema of an entity."""
        return str(self.cell("entities", "schema", row))

    def topics_of(self, row: int) -> list[str]:
        """Return the topics of an entity."""
        return list(self.cell("entities", "topics", row))

    def entity(self, row: int) -> Entity:
        """Return all that is known of an entity."""
        said = self.row("entities", row)
        return Entity(
            id=said["id"],
            names=tuple(
                Name(part["text"], NameKind(part["kind"]), part["script"] or "") for part in self.parts("names", row)
            ),
            schema=said["schema"],
            countries=tuple(said["countries"]),
            topics=tuple(said["topics"]),
            identifiers=tuple(Identifier(part["scheme"], part["value"]) for part in self.parts("identifiers", row)),
            addresses=tuple(Address(part["text"], part["country"] or "") for part in self.parts("addresses", row)),
            properties=tuple((key, value) for key, value in json.loads(said["properties"] or "[]")),
            note=said["note"] or "",
            placeholder=bool(said["placeholder"]),
        )

    def link(self, row: int) -> Link:
        """Return a link."""
        columns = self._columns["links"]
        return _link({name: columns[name][row].as_py() for name in _LINK_COLUMNS})

    def degree(self, row: int) -> int:
        """Return how many links an entity has, whichever end it is."""
        return len(self.arrays.links_of(row))

    def lists(self) -> list[str]:
        """Return the ids of the lists that it holds listings of."""
        return list(self._lists)

    @cached_property
    def _lists(self) -> list[str]:
        return sorted(str(name) for name in self.tables["listings"]["list"].unique().to_pylist())

    def links(self, rows: Sequence[int]) -> dict[int, Link]:
        """Return many links by their numbers."""
        return {row: self.link(row) for row in rows}

    def share_of(self, row: int) -> Share:
        """Return the share a link states."""
        return _share({name: self.cell("links", name, row) for name in _SHARE_COLUMNS})

    def listing(self, row: int) -> Listing:
        """Return a listing."""
        said = self.row("listings", row)
        return Listing(
            entity=said["entity"],
            list=said["list"],
            period=period_of(said),
            citation=said["citation"] or "",
            licence_requirement=said["licence_requirement"] or "",
            licence_policy=said["licence_policy"] or "",
            programs=tuple(said["programs"]),
            remarks=said["remarks"] or "",
        )

    def source(self, id_: str) -> Source:
        """Return a source by its id; one the graph does not hold has only that."""
        for row in self.rows_saying("sources", id_):
            if self.cell("sources", "id", row) == id_:
                said = {key: value or "" for key, value in self.row("sources", row).items()}
                dataset = said.pop("dataset")
                # Of the bundled tables the day of loading says nothing: they were written long before.
                unsaid = not said["retrieved"] and dataset != "bundled"
                return Source(**said, loaded=str(self.datasets.get(dataset, {}).get("loaded", ""))[:10] * unsaid)
        return Source(id_, id_)

    def row(self, table: str, row: int) -> dict[str, Any]:
        """Return one row of a table as a dictionary."""
        return {name: column[row].as_py() for name, column in self._columns[table].items()}

    def parts(self, table: str, entity: int) -> list[dict[str, Any]]:
        """Return an entity's rows of ``names``, ``identifiers``, ``addresses`` or ``listings``."""
        return [self.row(table, int(row)) for row in self.part_rows(table, entity)]

    def part_rows(self, table: str, entity: int) -> npt.NDArray[np.int32]:
        """Return the row numbers of an entity's rows of a table."""
        first, rows = self._parts[f"{table}_first"], self._parts[f"{table}_row"]
        return np.asarray(rows[int(first[entity]) : int(first[entity + 1])], np.int32)

    @cached_property
    def _parts(self) -> views.Arrays:
        return self.cached("parts", lambda: part_arrays(self.tables))

    @cached_property
    def names(self) -> NameIndex:
        """The index of all names."""
        from listed.graph import name_index

        texts = self.tables["names"]["text"]

        def build() -> views.Arrays:
            ids = self.tables["entities"]["id"]
            entity = pc.index_in(self.tables["names"]["entity"], value_set=ids.combine_chunks())
            built = name_index.build(texts.to_pylist(), entity.to_numpy().astype(np.int32))
            return dict(built)

        return name_index.NameIndex(self.cached("names", build), lambda row: str(texts[row].as_py()))

    @property
    def names_at_hand(self) -> bool:
        """Whether the index of names is open: making it takes a minute for millions."""
        return "names" in vars(self)

    @cached_property
    def cypher_view(self) -> CypherView:
        """The graph in the embedded Cypher engine; made when first asked for."""
        from listed.graph import cypher_view

        return cypher_view.open_or_build(self.tables, self._folder)

    def cypher(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, limit: int = 10_000, seconds: float = 30.0
    ) -> Records:
        """Answer a Cypher query, read-only; see :meth:`listed.graph.cypher_view.CypherView.ask`."""
        return self.cypher_view.ask(text, parameters, limit=limit, seconds=seconds)

    def cached(self, name: str, build: Callable[[], views.Arrays]) -> views.Arrays:
        """Return arrays made from the graph, kept with its caches where there are any."""
        return build() if self._folder is None else views.cached_arrays(self._folder, name, build)

    def cell(self, table: str, column: str, row: int) -> Any:
        """Return one cell of a table."""
        return self._columns[table][column][row].as_py()

    def column(self, table: str, column: str) -> pa.Array:
        """Return a column of a table, in one piece."""
        given = self._columns[table][column]
        return given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given

    @cached_property
    def _columns(self) -> dict[str, dict[str, pa.Array | pa.ChunkedArray]]:
        """The columns of the tables: to look one up costs more than to read a cell of it."""
        tables = self.tables.items()
        return {name: {each: _in_one(table[each]) for each in table.column_names} for name, table in tables}

    def to_pandas(self) -> Frames:
        """Return entities, links and listings as pandas frames, every column of the tables."""
        return Frames(*(_frame(self.tables[name]) for name in ("entities", "links", "listings")))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the graph for networkx: nodes by id, edges by link id, every attribute on them.

        A node's listings are its attribute ``listings``, a list of dictionaries.
        """
        import networkx as nx

        frames = self.to_pandas()
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=self.name, snapshot=self.number)
        listed: dict[str, list[dict[str, Any]]] = {}
        for row in _records(frames.listings):
            listed.setdefault(row.pop("entity"), []).append(row)
        for row in _records(frames.entities):
            graph.add_node(row["id"], **{k: v for k, v in row.items() if k != "id"}, listings=listed.get(row["id"], []))
        for row in _records(frames.links):
            attributes = {key: value for key, value in row.items() if key not in ("id", "source", "target")}
            graph.add_edge(row["source"], row["target"], key=row["id"], **attributes)
        return graph


def _in_one(column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Return a column without its chunks, where it has only one."""
    return column.chunk(0) if column.num_chunks == 1 else column


def _capitals(text: str) -> str:
    """Return a text in capitals, as a column is put in capitals: Python makes two letters of one "ß".

    The array is made of its bytes, for Arrow imports pandas to convert a Python value.
    """
    written = text.encode()
    ends = np.array([0, len(written)], np.int32)
    array = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(ends), pa.py_buffer(written)])
    return str(pc.utf8_upper(array)[0].as_py())


_SAYS = {"identifiers": "value", "sources": "id", "merged_ids": "id"}
_SHARE_COLUMNS = ("share_min", "share_max", "share_min_open", "share_max_open", "share_text")


_LINK_COLUMNS = [
    "source", "target", "type", "role", "start_earliest", "start_latest", "end_earliest", "end_latest",
    *_SHARE_COLUMNS, "basis", "direct", "amount", "currency", "note", "confidence", "flags",
]  # fmt: skip


def _link(said: dict[str, Any]) -> Link:
    return Link(
        source=said["source"],
        target=said["target"],
        type=LinkType(said["type"]),
        role=said["role"] or "",
        period=period_of(said),
        share=_share(said),
        basis=Basis(said["basis"] or "unknown"),
        direct=said["direct"],
        amount=said["amount"],
        currency=said["currency"] or "",
        note=said["note"] or "",
        confidence=said["confidence"] or "",
    )


def _share(said: dict[str, Any]) -> Share:
    text = said["share_text"] or ""
    if said["share_min"] is None:
        return Share(text=text)
    low, high = (int(said[name] * 1_000_000) for name in ("share_min", "share_max"))
    return Share(low, high, bool(said["share_min_open"]), bool(said["share_max_open"]), text)


def open_graph(folder: str | Path, snapshot: int | None = None) -> Graph:
    """Open a graph on disk.

    Parameters
    ----------
    folder
        Where it is.
    snapshot
        Number of an earlier snapshot; the current one by default.

    Raises
    ------
    GraphNotFoundError
        If there is no graph, or no such snapshot.
    GraphDamagedError
        If a file of it is missing, cut short or altered.
    """
    store = Store(Path(folder))
    manifest = store.manifest() if snapshot is None else store.snapshot_manifest(snapshot)
    number = int(manifest["snapshot"])
    size = sum(facts["bytes"] for facts in manifest["files"].values())
    store.check(number, contents=size <= _SMALL)
    caches = store.view_folder(number)

    @cache
    def check_contents() -> None:
        store.check(number)

    def read(table: str) -> pa.Table:
        check_contents()
        return store.snapshot_table_by_columns(number, table)

    tables, arrays = views.open_or_build(caches, read, identity(manifest))
    return Graph(str(folder), number, manifest["datasets"], tables, arrays, caches)


def period_of(said: dict[str, Any]) -> Period:
    """Return the period of a row of ``links`` or ``listings``."""
    return Period(
        PartialDate(said["start_earliest"], said["start_latest"]),
        PartialDate(said["end_earliest"], said["end_latest"]),
        START_TOLD in (said.get("flags") or ()),
    )


def part_arrays(tables: Tables) -> views.Arrays:
    """Return, for each table about entities, where each entity's rows are."""
    ids = tables["entities"]["id"].combine_chunks()
    arrays: views.Arrays = {}
    for table in ("names", "identifiers", "addresses", "listings"):
        entity = pc.index_in(tables[table]["entity"], value_set=ids).to_numpy().astype(np.int64)
        first = np.zeros(len(ids) + 1, np.int64)
        np.cumsum(np.bincount(entity, minlength=len(ids)), out=first[1:])
        arrays[f"{table}_first"] = first
        arrays[f"{table}_row"] = np.argsort(entity, kind="stable").astype(np.int32)
    for table, column in _SAYS.items():
        hashes = fingerprint.of_text(pc.utf8_upper(tables[table][column]))
        order = np.argsort(hashes, kind="stable")
        arrays[f"{table}_hash"] = hashes[order]
        arrays[f"{table}_said"] = order.astype(np.int32)
    return arrays


def _frame(table: pa.Table) -> pd.DataFrame:
    for name in ("share_min", "share_max"):
        if name in table.column_names:
            units, known = share_units(table[name])
            percent = pa.array(units / 1_000_000, mask=~known)
            table = table.set_column(table.schema.get_field_index(name), name, percent)
    plain = [column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column for column in table.columns]
    frame: pd.DataFrame = pa.table(plain, names=table.column_names).to_pandas()
    for name in ("sources", "flags", "countries", "topics", "programs"):
        if name in frame:
            frame[name] = frame[name].map(list)
    return frame


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows without what is not known, so that no attribute is NaN or None."""
    rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return [{str(key): value for key, value in row.items() if _said(value)} for row in rows]


def _said(value: object) -> bool:
    return value is not None and value == value


def today() -> date:
    """Return the day questions without a date ask about."""
    return date.today()
