"""A graph on disk: a folder of Parquet, published whole or not at all.

::

    manifest.json                 which snapshot is current, and what it was made of
    statements/DATASET/VERSION/   the tables of each source and version, with a manifest of their own
    snapshots/NUMBER/             the tables merged from them, with a manifest of their own
    views/NUMBER/                 caches, rebuilt when missing
    aside/                        what ``listed repair`` took out of the graph

A load writes beside what is there and then replaces ``manifest.json`` by one atomic rename,
under a lock. Killed at any moment, the folder opens as it was; readers never wait. A manifest
seals itself and every file it speaks of by SHA-256; all of it is on the disk before the rename.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from listed.errors import GraphDamagedError, GraphLockedError, GraphNotFoundError, InputError
from listed.graph import sealing
from listed.graph.sealing import digest_of, fault_of, sync
from listed.graph.tables import SCHEMAS, STATEMENT_TABLES, Tables

FORMAT = 2
"""Number of the layout; a graph of a higher one is refused with advice to upgrade.

1: manifests without a seal, statements without a manifest. Such a graph is read as it is, and is of
the present format once something is loaded into it.
"""

_NEEDED = ("snapshot", "datasets", "counts", "files")

_LOG = logging.getLogger(__name__)

_DICTIONARIES = {
    name: [field.name for field in schema if pa.types.is_dictionary(field.type)] for name, schema in SCHEMAS.items()
}


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What the manifest says of a file, to know it again."""

    bytes: int
    sha256: str
    rows: int


class Store:
    """The folder of one graph.

    Parameters
    ----------
    root
        The folder. It need not exist before the first load.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def exists(self) -> bool:
        """Whether a graph has been published here."""
        try:
            return (self.root / "manifest.json").is_file()
        except OSError as error:
            raise GraphDamagedError(f"{self.root}: the folder cannot be read: {error.strerror}") from error

    def manifest(self) -> dict[str, Any]:
        """Return what the current snapshot is made of.

        Raises
        ------
        GraphNotFoundError
            If nothing was published here.
        GraphDamagedError
            If the manifest is missing or cannot be read, or is of a newer version of Listed.
        """
        path = self.root / "manifest.json"
        if not self.exists:
            if self.numbers():
                raise self.damaged(path, "is missing, and snapshots are here")
            raise GraphNotFoundError(f"there is no graph at {self.root} (make one with: listed load SOURCE FILE)")
        return self.read_manifest(path)

    def snapshot_manifest(self, number: int) -> dict[str, Any]:
        """Return what one snapshot is made of. Raises GraphNotFoundError for a number there is not."""
        path = self.root / "snapshots" / str(number) / "manifest.json"
        if not path.is_file():
            if number == int(self.manifest()["snapshot"]):
                raise self.damaged(path, "is missing")
            there = ", ".join(map(str, self.snapshots())) or "none"
            raise GraphNotFoundError(f"there is no snapshot {number} in {self.root} (there are: {there})")
        return self.read_manifest(path)

    def snapshots(self) -> list[int]:
        """Return the numbers of the published snapshots, oldest first."""
        if not self.exists:
            return []
        current = int(self.manifest()["snapshot"])
        return [number for number in self.numbers() if number <= current]

    def numbers(self) -> list[int]:
        """Return the numbers of all snapshots on disk, ascending, those too that a killed load left."""
        try:
            names = [entry.name for entry in (self.root / "snapshots").iterdir()]
        except OSError:
            return []
        return sorted(int(name) for name in names if _is_number(name))

    def snapshot_folder(self, number: int) -> Path:
        """Return the folder of a snapshot."""
        return self.root / "snapshots" / str(number)

    def snapshot_table(self, number: int, table: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table of a snapshot."""
        return self.read(self.snapshot_folder(number), table, columns)

    def snapshot_table_by_columns(self, number: int, table: str) -> pa.Table:
        """Read a table of a snapshot whose columns are of one chunk each, without a time when it is there twice."""
        folder, schema = self.snapshot_folder(number), SCHEMAS[table]
        read = (self.read(folder, table, [name]).unify_dictionaries().combine_chunks() for name in schema.names)
        return pa.table([part.column(0) for part in read], schema=schema)

    def statement_folder(self, dataset: str, version: str) -> Path:
        """Return the folder of a source as it was loaded."""
        return self.root / "statements" / dataset / version

    def statements(self, dataset: str, version: str) -> Tables:
        """Read the tables of a source as it was loaded; what was altered since is not read."""
        folder = self.statement_folder(dataset, version)
        for name, problem in self.statement_faults(dataset, version):
            raise self.damaged(folder / name, problem)
        return {name: self.read(folder, name) for name in STATEMENT_TABLES}

    def statement_faults(self, dataset: str, version: str) -> list[tuple[str, str]]:
        """Return the files of a source that are not as they were loaded, and what is wrong; every byte is read."""
        folder = self.statement_folder(dataset, version)
        if not folder.is_dir():
            return [("", "is missing")]
        if not (folder / "manifest.json").is_file():
            return self.faults_by_version(folder, version)
        try:
            files = self.read_manifest(folder / "manifest.json", ("version", "files"))["files"]
        except GraphDamagedError as error:
            return [("manifest.json", error.problem or str(error))]
        return list(faults_of(folder, files))

    def faults_by_version(self, folder: Path, version: str) -> list[tuple[str, str]]:
        """Return what is wrong with a source that has no manifest: its version is a digest of what it says."""
        missing = [f"{name}.parquet" for name in STATEMENT_TABLES if not (folder / f"{name}.parquet").is_file()]
        if missing:
            return [(name, "is missing") for name in missing]
        try:
            facts = {f"{name}.parquet": facts_of(folder / f"{name}.parquet", 0) for name in STATEMENT_TABLES}
            found = _version(facts, {"sources": self.read(folder, "sources")})
        except (OSError, GraphDamagedError) as error:
            return [("sources.parquet", getattr(error, "problem", "") or str(error))]
        return [] if found == version else [("", "a file of it is not as it was written")]

    def view_folder(self, number: int) -> Path:
        """Return the folder of a snapshot's caches; it may not exist."""
        return self.root / "views" / str(number)

    def check(self, number: int, *, contents: bool = True) -> None:
        """Compare every file of a snapshot with what the manifest says of it.

        Parameters
        ----------
        contents
            Compare checksums; otherwise only that the files are there in their full length.

        Raises
        ------
        GraphDamagedError
            Naming the first file that is missing, cut short or altered.
        """
        folder = self.snapshot_folder(number)
        for name, problem in faults_of(folder, self.snapshot_manifest(number)["files"], contents=contents):
            raise self.damaged(folder / name, problem)

    @contextmanager
    def writing(self) -> Iterator[Draft]:
        """Hold the graph for one load.

        Raises
        ------
        GraphLockedError
            If another process is loading into it.
        InputError
            If the folder cannot be written, or holds something that is no graph.
        GraphDamagedError
            If its manifest cannot be read: nothing is touched before it is repaired.
        """
        self._make_root()
        with self.locked():
            if not self.exists:
                self._adopt()
            if self.exists:
                self.manifest()  # one that cannot be read stops the load before anything is swept
            draft = Draft(self)
            try:
                draft.sweep()
                yield draft
            finally:
                draft.sweep()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process from writing to the graph; as for :meth:`writing`."""
        from filelock import FileLock, Timeout

        lock = FileLock(self.root / ".lock", timeout=0)
        try:
            try:
                lock.acquire()
            except Timeout as error:
                raise GraphLockedError(f"{self.root}: another load is writing to this graph (try again)") from error
            yield
        except OSError as error:
            raise InputError(f"cannot write the graph: {error.strerror or error}", file=str(self.root)) from error
        finally:
            lock.release()

    def damaged(self, path: Path, problem: str) -> GraphDamagedError:
        """Return the failure to read a file of this graph."""
        advice = f"see: listed check --graph {shlex.quote(str(self.root))}"
        return GraphDamagedError(f"{path}: the file {problem} ({advice})", problem)

    def _adopt(self) -> None:
        """Make a complete snapshot current that a load was killed before it could; no snapshot is ever swept away."""
        for number in reversed(self.numbers()):
            with suppress(GraphDamagedError, GraphNotFoundError):
                manifest = self.read_manifest(self.snapshot_folder(number) / "manifest.json")
                _LOG.info("manifest.json is missing; snapshot %s is complete and taken for the current one", number)
                self.switch(manifest)
                return

    def switch(self, manifest: dict[str, Any]) -> None:
        """Make a snapshot the current one, by its manifest; all it speaks of is on the disk."""
        beside = self.root / ".manifest.new"
        _write_json(beside, sealed(manifest) if manifest["format"] > 1 else manifest)
        beside.replace(self.root / "manifest.json")
        sync(self.root)

    def _make_root(self) -> None:
        try:
            if self.root.is_dir() and not self.exists and any(not _ours(p) for p in self.root.iterdir()):
                raise InputError("the folder holds other things and no graph", file=str(self.root),
                                 advice="name an empty or a new folder")  # fmt: skip
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make the folder: {error.strerror}", file=str(self.root)) from error

    def read(self, folder: Path, table: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table of a folder. Raises GraphDamagedError if it cannot be."""
        path = folder / f"{table}.parquet"
        schema = SCHEMAS[table] if columns is None else pa.schema([SCHEMAS[table].field(name) for name in columns])
        try:
            return pq.read_table(
                path,
                columns=columns,
                read_dictionary=_DICTIONARIES[table],
                partitioning=None,
                page_checksum_verification=True,
            ).cast(schema)
        except (OSError, ValueError, pa.ArrowException) as error:
            raise self.damaged(path, f"cannot be read: {_plain(error)}") from error

    def read_manifest(self, path: Path, needed: Sequence[str] = _NEEDED) -> dict[str, Any]:
        """Read a manifest. Raises GraphDamagedError if it is none, was altered, or is of a newer format."""
        try:
            manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            number = int(manifest["format"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            said = error.strerror if isinstance(error, OSError) else _plain(error)
            raise self.damaged(path, f"is not a manifest of a graph: {said}") from error
        if number > FORMAT:
            raise GraphDamagedError(
                f"{path}: of format {number}, made by a newer version of Listed; this one reads formats 1 to {FORMAT} "
                "(upgrade with: pip install -U listed)"
            )
        if missing := set(needed) - manifest.keys():
            raise self.damaged(path, f"is not a manifest of a graph: no {min(missing)}")
        if number > 1 and manifest != sealed(manifest):
            raise self.damaged(path, "is not as it was written")
        if not _well_formed(manifest):
            raise self.damaged(path, "is not a manifest of a graph")
        return manifest


class Draft:
    """What one load writes, before it is published."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def sweep(self) -> list[str]:
        """Remove what a killed load left behind; return what that was."""
        root = self.store.root
        drafts = [*root.glob("snapshots/.draft-*"), *root.glob("statements/*/.draft-*")]
        drafts += [draft for draft in root.glob("views/**/.draft-*") if sealing.abandoned(draft)]
        current = self.store.manifest()["snapshot"] if self.store.exists else 0
        for name in ("snapshots", "views"):
            newer = (entry for entry in (root / name).glob("*") if _is_number(entry.name) and int(entry.name) > current)
            drafts += newer
        beside = [path for path in (root / ".manifest.new", *root.glob(".decisions.csv.*.part")) if path.is_file()]
        for folder in drafts:
            shutil.rmtree(folder, ignore_errors=True) if folder.is_dir() else folder.unlink(missing_ok=True)
        for file in beside:
            with suppress(OSError):
                file.unlink()
        gone = [path.relative_to(root).as_posix() for path in (*drafts, *beside)]
        if gone:
            _LOG.info("removed what an unfinished load left: %s", ", ".join(gone))
        return gone

    def add_statements(self, dataset: str, tables: Tables) -> tuple[str, bool]:
        """Write a source's tables; return their version, and whether they were there already."""
        parent = self.store.root / "statements" / dataset
        folder = sealing.draft_beside(parent / "version")
        facts = write_tables(folder, tables)
        version = _version(facts, tables)
        place = parent / version
        if place.is_dir():
            if not self.store.statement_faults(dataset, version):
                return version, True
            move_aside(self.store.root, place)
        write_manifest(folder, statement_manifest(dataset, version, facts))
        put(folder, place)
        _LOG.info("wrote the statements of %s, version %s", dataset, version)
        return version, False

    def publish(
        self,
        tables: Tables,
        datasets: dict[str, Any],
        written: Mapping[str, str] | None = None,
        before: Callable[[int, str], object] | None = None,
        decisions: str = "",
    ) -> int:
        """Write a snapshot and make it the current one; return its number.

        Parameters
        ----------
        tables
            The merged tables.
        datasets
            What each dataset is: version, files, counts, time of load.
        written
            For tables that stand on disk already, as statements: the folder, ``DATASET/VERSION``.
        before
            Called with the number and the :func:`identity` of the snapshot before it is made current, so that
            whoever opens it finds its caches there.
        decisions
            The digest of the decisions the tables were merged by, if there are any.
        """
        root = self.store.root
        old = self.store.manifest() if self.store.exists else {"snapshot": 0}
        number = max(int(old["snapshot"]), int(old.get("highest", 0))) + 1
        folder = sealing.draft_beside(root / "snapshots" / str(number))
        twins = {name: root / "statements" / place for name, place in (written or {}).items()}
        _LOG.info("writing snapshot %s", number)
        facts = write_tables(folder, tables, twins)
        manifest = {
            "format": FORMAT,
            "snapshot": number,
            "published": datetime.now(UTC).isoformat(timespec="seconds"),
            "datasets": datasets,
            "counts": {name: tables[name].num_rows for name in tables},
            "files": {name: vars_of(fact) for name, fact in facts.items()},
        } | ({"decisions": decisions} if decisions else {})
        write_manifest(folder, manifest)
        if before is not None:
            before(number, identity(manifest))
        put(folder, root / "snapshots" / str(number))
        self.store.switch(manifest)
        _LOG.info("published snapshot %s", number, extra={"snapshot": number, "rows": manifest["counts"]})
        return number


def statement_manifest(dataset: str, version: str, facts: Mapping[str, FileFacts]) -> dict[str, Any]:
    """Return the manifest of a source as it was loaded."""
    files = {name: vars_of(fact) for name, fact in facts.items()}
    return {"format": FORMAT, "dataset": dataset, "version": version, "files": files}


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a folder, sealed unless it is of a format that had no seals."""
    _write_json(folder / "manifest.json", sealed(manifest) if manifest["format"] > 1 else dict(manifest))


def vars_of(facts: FileFacts) -> dict[str, Any]:
    """Return file facts as the manifest writes them."""
    return {"bytes": facts.bytes, "sha256": facts.sha256, "rows": facts.rows}


def facts_of(path: Path, rows: int) -> FileFacts:
    """Return what a manifest says of a file that was just written."""
    return FileFacts(path.stat().st_size, digest_of(path), rows)


def faults_of(folder: Path, files: Mapping[str, Any], *, contents: bool = True) -> Iterator[tuple[str, str]]:
    """Yield the files of a folder that are not as its manifest says, and what is wrong."""
    for name, facts in files.items():
        if problem := fault_of(folder / name, facts["bytes"], facts["sha256"] if contents else None):
            yield name, problem


def identity(manifest: Mapping[str, Any]) -> str:
    """Return what a snapshot is known by: a digest of its files'."""
    said = json.dumps({name: facts["sha256"] for name, facts in manifest["files"].items()}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest with the digest of all that it says."""
    bare = {key: value for key, value in manifest.items() if key != "seal"}
    return bare | {"seal": hashlib.sha256(_json(bare, sort_keys=True)).hexdigest()}


def put(draft: Path, place: Path) -> None:
    """Put a finished folder in its place: on the disk itself before it has its name, and after."""
    sync(draft)
    draft.replace(place)
    sync(place.parent)
    sync(place.parent.parent)


def move_aside(root: Path, place: Path) -> Path:
    """Take something out of the graph without deleting it; return where it is now."""
    stem = "-".join(place.relative_to(root).parts)
    folder = root / "aside"
    folder.mkdir(exist_ok=True)
    count = 1
    while (aside := folder / (stem if count == 1 else f"{stem}-{count}")).exists():
        count += 1
    place.replace(aside)
    _LOG.info("moved %s aside, to %s", place, aside)
    return aside


def write_tables(folder: Path, tables: Tables, twins: Mapping[str, Path] | None = None) -> dict[str, FileFacts]:
    """Write tables as Parquet into a new folder, two at a time.

    Parameters
    ----------
    twins
        Folders that hold the same table already, by table: its file is linked, not written.
    """
    folder.mkdir(parents=True)

    def write(name: str) -> tuple[str, FileFacts]:
        path = folder / f"{name}.parquet"
        if twins and name in twins:
            link(twins[name] / path.name, path)
        else:
            _write_parquet(path, tables[name])
        return path.name, facts_of(path, tables[name].num_rows)

    largest_first = sorted(tables, key=lambda name: -tables[name].nbytes)
    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(write, largest_first))


def _write_parquet(path: Path, table: pa.Table) -> None:
    # Without the Arrow schema the files read as plain text, decimals and lists everywhere.
    words = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=1,
        use_dictionary=[*words, "sources.list.element"],
        store_schema=False,
        write_statistics=False,
        write_page_checksum=True,
    )
    sync(path)


def link(existing: Path, new: Path) -> None:
    """Give a file a second name, or copy it where that cannot be."""
    try:
        os.link(existing, new)
    except OSError:
        shutil.copyfile(existing, new)
        sync(new)


def _version(facts: dict[str, FileFacts], tables: Tables) -> str:
    """Return the digest of what a source says. The day it was fetched does not count."""
    said = hashlib.sha256()
    for name in sorted(facts):
        if name == "sources.parquet":
            said.update(json.dumps(tables["sources"].drop(["retrieved"]).to_pylist()).encode())
        else:
            said.update(facts[name].sha256.encode())
    return said.hexdigest()[:16]


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_bytes(_json(content, indent=1) + b"\n")
    sync(path)


def _json(content: Mapping[str, Any], **form: Any) -> bytes:
    # What is no text (a file's name may be so) has its escape in JSON, which reads back as it was.
    return json.dumps(content, ensure_ascii=False, **form).encode("utf-8", "backslashreplace")


def _well_formed(manifest: dict[str, Any]) -> bool:
    """Return whether what is read of a manifest is of the kind it should be."""
    files, datasets = manifest["files"], manifest.get("datasets", {})
    return (
        isinstance(manifest.get("snapshot", 0), int)
        and isinstance(manifest.get("highest", 0), int)
        and isinstance(datasets, dict)
        and all(isinstance(facts, dict) and isinstance(facts.get("version"), str) for facts in datasets.values())
        and isinstance(files, dict)
        and all(isinstance(facts, dict) and {"bytes", "sha256"} <= facts.keys() for facts in files.values())
    )


def _plain(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _is_number(name: str) -> bool:
    """Return whether a folder is a snapshot's by its name; others may lie beside."""
    return re.fullmatch("[1-9][0-9]{0,8}", name) is not None


_OURS = (".lock", "statements", "snapshots", "views", "aside", ".manifest.new", "decisions.csv")


def _ours(path: Path) -> bool:
    # What an editor keeps beside decisions.csv is no hindrance, and is not ours to remove.
    return path.name in _OURS or path.name.startswith(".decisions.csv.")
