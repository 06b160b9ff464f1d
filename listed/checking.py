"""Verify a graph on disk: every byte, every reference, every law; nothing is changed but caches made anew."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from listed.errors import GraphDamagedError, GraphNotFoundError, InputError
from listed.graph import adjacency, cypher_view, laws, sealing, views
from listed.graph.adjacency import ARRAYS
from listed.graph.decisions import place_of, read_decisions
from listed.graph.snapshot import part_arrays
from listed.graph.store import FORMAT, Store, faults_of, identity
from listed.graph.tables import SCHEMAS, Tables
from listed.loading import BUNDLED, default_folder

_LOG = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told now and then how many bytes were read, and of how many."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it should be: where, within the folder of the graph, and what."""

    place: str
    problem: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class SnapshotCheck:
    """A snapshot: its number, whether questions go to it, and whether it is sound."""

    number: int
    current: bool
    published: str
    sound: bool
    rows: int


@dataclass(frozen=True, slots=True)
class StatementCheck:
    """What a source said when it was loaded, and whether that is sound; ``current`` if the next load needs it."""

    dataset: str
    version: str
    current: bool
    sound: bool


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found.

    Parameters
    ----------
    graph, format, snapshot
        The folder, the number of its layout and of its current snapshot; 0 where its manifest cannot tell.
    sound
        Whether there is no fault.
    snapshots, statements
        Each of them, oldest first.
    faults
        All that is wrong.
    renewed
        Caches that were damaged and have been made anew, or will be when they are next asked for.
    remarks
        What is worth knowing and no fault.
    bytes
        How much was read.
    """

    graph: str
    format: int
    snapshot: int
    sound: bool
    snapshots: tuple[SnapshotCheck, ...]
    statements: tuple[StatementCheck, ...]
    faults: tuple[Fault, ...]
    renewed: tuple[str, ...]
    remarks: tuple[str, ...]
    bytes: int

    def __str__(self) -> str:
        """Return the report for reading: a line for each snapshot, source and fault."""
        lines = [f"{self.graph}: format {self.format or 'unknown'}, snapshot {self.snapshot or 'unknown'} is current"]
        for one in self.snapshots:
            said = f"sound, {one.rows:,} rows, published {one.published}" if one.sound else "damaged"
            lines.append(f"  snapshot {one.number}{' (current)' if one.current else ''}: {said}")
        lines += [f"  statements of {two.dataset}, {two.version}: {'sound' if two.sound else 'damaged'}"
                  for two in self.statements]  # fmt: skip
        lines += [f"  made anew: {name}" for name in self.renewed]
        lines += [f"  note: {remark}" for remark in self.remarks]
        lines += [f"fault: {fault}" for fault in self.faults]
        count = len(self.faults)
        wrong = "1 fault" if count == 1 else f"{count:,} faults"
        read = f"{self.bytes / 1e6:,.1f} MB read"
        lines.append(f"Sound ({read})." if self.sound else f"{wrong} ({read}); to mend them: listed repair")
        return "\n".join(lines)


def check(graph: str | Path | None = None, *, progress: Progress | None = None) -> CheckReport:
    """Verify a graph: its manifests, the checksum of every file, references, laws, and its caches.

    Parameters
    ----------
    graph
        The folder; the user's own graph by default.
    progress
        Told how far it is.

    Raises
    ------
    GraphNotFoundError
        If there is no graph.
    GraphDamagedError
        If it was made by a newer version of Listed.
    InputError
        If the bundled graph is meant, which is no folder of the user's.
    """
    store = store_of(graph)
    return Checking(store, progress).report()


def store_of(graph: str | Path | None) -> Store:
    """Return the store of a graph that can be checked and repaired; as for :func:`check`."""
    if graph is not None and str(graph) == BUNDLED:
        raise InputError("the bundled graph is read from its tables whenever its caches are damaged",
                         advice="name a folder")  # fmt: skip
    store = Store(Path(graph) if graph is not None else default_folder())
    if not store.exists and not store.numbers():
        raise GraphNotFoundError(f"there is no graph at {store.root} (make one with: listed load SOURCE FILE)")
    return store


class Checking:
    """One check of a graph.

    Parameters
    ----------
    store
        The graph.
    progress
        As for :func:`check`.
    """

    def __init__(self, store: Store, progress: Progress | None = None) -> None:
        self.store = store
        self.faults: list[Fault] = []
        self.renewed: list[str] = []
        self.remarks: list[str] = []
        self.read = 0
        self._total = _size_of(store.root)
        self._progress = progress
        self.manifest = self._current()

    def _current(self) -> dict[str, Any]:
        """Return the manifest of the graph, or an empty one with a fault."""
        try:
            manifest = self.store.manifest()
        except GraphDamagedError as error:
            if not error.problem:  # it is sound, and not for this version
                raise
            self.faults.append(Fault("manifest.json", error.problem))
            return {}
        number = manifest["snapshot"]
        if number not in self.store.numbers():
            self.faults.append(Fault(f"snapshots/{number}", "is missing, and is the current one"))
        if manifest["format"] < FORMAT:
            self.remarks.append(f"of format {manifest['format']}: the next load makes it format {FORMAT}")
        return manifest

    def report(self) -> CheckReport:
        """Check everything."""
        current = int(self.manifest.get("snapshot", 0))
        numbers = [number for number in self.store.numbers() if number <= current or not current]
        snapshots = [self._snapshot(number, current) for number in numbers]
        statements = list(self._statements(numbers))
        try:
            read_decisions(place_of(self.store.root))
        except InputError as error:
            self.faults.append(Fault("decisions.csv", error.problem))
        self._leftovers()
        self._tell(self._total - self.read)
        return CheckReport(
            str(self.store.root), int(self.manifest.get("format", 0)), current, not self.faults, tuple(snapshots),
            tuple(statements), tuple(self.faults), tuple(self.renewed), tuple(self.remarks), self.read,
        )  # fmt: skip

    def _snapshot(self, number: int, current: int) -> SnapshotCheck:
        _LOG.info("checking snapshot %s", number)
        before = len(self.faults)
        manifest, tables = self.snapshot(number)
        if number == current and manifest and without_seal(manifest) != without_seal(self.manifest):
            self.faults.append(Fault("manifest.json", f"does not say what that of snapshot {number} says"))
        if tables is not None:
            self._views(number, manifest, tables)
        rows = sum(table.num_rows for table in tables.values()) if tables else 0
        return SnapshotCheck(number, number == current, manifest.get("published", "unknown"),
                             len(self.faults) == before, rows)  # fmt: skip

    def snapshot(self, number: int) -> tuple[dict[str, Any], Tables | None]:
        """Check the files and laws of a snapshot; return its manifest, and its tables if they could be read."""
        place = f"snapshots/{number}"
        try:
            manifest = self.store.snapshot_manifest(number)
        except (GraphDamagedError, GraphNotFoundError) as error:
            self.faults.append(Fault(f"{place}/manifest.json", getattr(error, "problem", "is missing")))
            return {}, None
        found = [Fault(f"{place}/{name}", problem) for name, problem in self._files(place, manifest["files"])]
        rows = {name: _rows_told(manifest["files"], name) for name in SCHEMAS}
        found += [Fault(f"{place}/{name}.parquet", "is not in the manifest") for name in SCHEMAS if rows[name] is None]
        if manifest["snapshot"] != number:
            found.append(Fault(f"{place}/manifest.json", f"is that of snapshot {manifest['snapshot']}"))
        self.faults += found
        if found:
            return manifest, None
        try:
            tables = {name: self.store.snapshot_table(number, name) for name in SCHEMAS}
        except GraphDamagedError as error:
            self.faults.append(Fault(place, str(error)))
            return manifest, None
        said = {name: (manifest["counts"].get(name), rows[name]) for name in SCHEMAS}
        wrong = [name for name, told in said.items() if told != (tables[name].num_rows,) * 2]
        self.faults += [Fault(f"{place}/{name}.parquet", f"has {tables[name].num_rows:,} rows, and the manifest says "
                              f"{said[name][0]}") for name in wrong]  # fmt: skip
        self.faults += [Fault(place, line) for line in laws.broken(tables)]
        return manifest, tables

    def _files(self, place: str, files: dict[str, Any]) -> Iterator[tuple[str, str]]:
        for name, facts in files.items():
            yield from faults_of(self.store.root / place, {name: facts})
            self._tell(int(facts["bytes"]))

    def _statements(self, numbers: list[int]) -> Iterator[StatementCheck]:
        """Check what the sources said, of every snapshot that still tells which versions it was made of."""
        manifests = [self.manifest] if self.manifest else []
        for number in numbers:
            try:
                manifests.append(self.store.snapshot_manifest(number))
            except (GraphDamagedError, GraphNotFoundError):
                continue
        now = {(name, facts["version"]) for name, facts in self.manifest.get("datasets", {}).items()}
        told = [(name, facts) for one in manifests for name, facts in one["datasets"].items()]
        named = dict.fromkeys((name, facts["version"]) for name, facts in told if facts.get("kept", True))
        if len(told) > sum(facts.get("kept", True) for _, facts in told):
            self.remarks.append("merged on a cluster: the statements stay in the graphs it was made of")
        for dataset, version in sorted(named, key=lambda pair: (pair[0], pair not in now)):
            place = f"statements/{dataset}/{version}"
            current = (dataset, version) in now
            wrong = self.store.statement_faults(dataset, version)
            self._tell(_size_of(self.store.root / place))
            if wrong == [("", "is missing")] and not current:
                self.remarks.append(f"{place}: no more here; no load needs it")
                continue
            self.faults += [Fault(f"{place}/{name}".rstrip("/"), problem) for name, problem in wrong]
            yield StatementCheck(dataset, version, current, not wrong)

    def _views(self, number: int, manifest: dict[str, Any], tables: Tables) -> None:
        """Check the caches of a sound snapshot; those that are not what its tables give are made anew."""
        folder = self.store.view_folder(number)
        if not folder.is_dir():
            return
        self._tell(_size_of(folder))
        of = identity(manifest)
        kept = any(path.is_file() for path in folder.iterdir())  # where a disk was full there may be some, not all
        wrong = (views.faults(folder, of) or _stale_arrays(folder, tables)) if kept else []
        if wrong:
            problem = Fault(f"views/{number}/{wrong[0][0]}", wrong[0][1])
            if views.discard(folder):
                views.write(folder, tables, adjacency.build(tables), of)  # if there is no room, a question does without
                self.renewed.append(str(problem))
            else:
                self.faults.append(problem)
            return
        for further in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
            found = _further_faults(further, tables)
            if found:
                problem = Fault(f"views/{number}/{further.name}/{found[0][0]}", found[0][1])
                if views.discard(further):
                    self.renewed.append(str(problem))
                else:
                    self.faults.append(problem)

    def _leftovers(self) -> None:
        for draft in sorted(path for path in _all_in(self.store.root) if path.name.startswith(".draft-")):
            if sealing.abandoned(draft):
                place = draft.relative_to(self.store.root)
                self.remarks.append(f"{place}: left by a load that was killed; the next load removes it")

    def _tell(self, count: int) -> None:
        self.read += max(count, 0)
        if self._progress is not None:
            self._progress(min(self.read, self._total), self._total)


def without_seal(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of its snapshot, in that of the graph and in its own."""
    return {key: value for key, value in manifest.items() if key not in ("seal", "highest")}


def _stale_arrays(folder: Path, tables: Tables) -> list[tuple[str, str]]:
    """Return the first array or table of caches that is not what the snapshot's tables give."""
    opened = views.opened(folder)
    if opened is None:
        return [("", "cannot be read")]
    kept, arrays = opened
    built = adjacency.build(tables)
    for name in ARRAYS:
        if not np.array_equal(getattr(arrays, name), getattr(built, name)):
            return [(f"{name}.npy", "is not what the tables give")]
    for name in SCHEMAS:
        if not _as_text(kept[name]).equals(_as_text(tables[name])):
            return [(f"{name}.arrow", "is not what the table says")]
    return []


def _as_text(table: pa.Table) -> pa.Table:
    """Return a table without numbers for its words, which may differ where the words do not."""
    plain = [
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field.with_nullable(True)  # noqa: FBT003
        for field in table.schema
    ]
    return table.cast(pa.schema(plain))


def _further_faults(folder: Path, tables: Tables) -> list[tuple[str, str]]:
    """Return what is wrong with caches within caches."""
    if folder.name == "cypher":
        return list(sealing.faults(folder, cypher_view.about(), deep=True))
    if wrong := views.faults(folder):
        return wrong
    if folder.name == "parts":
        kept = views.opened_arrays(folder) or {}
        stale = [name for name, array in part_arrays(tables).items() if not np.array_equal(kept.get(name, ()), array)]
        return [(f"{name}.npy", "is not what the tables give") for name in stale]
    return []


def _rows_told(files: Mapping[str, Any], table: str) -> int | None:
    """Return the rows of a table by its manifest: it is a file or, written by a cluster, a folder of them."""
    parts = [facts["rows"] for name, facts in files.items() if name.split("/")[0] == f"{table}.parquet"]
    return sum(parts) if parts else None


def _size_of(folder: Path) -> int:
    size = 0
    for path in _all_in(folder):
        with suppress(OSError):
            size += path.stat().st_size if path.is_file() else 0
    return size


def _all_in(folder: Path) -> Iterator[Path]:
    """Yield all files and folders within one; what a load clears away meanwhile is passed over."""
    for place, folders, files in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *files))
