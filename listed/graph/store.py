"""A graph on disk: a folder of Parquet, published whole or not at all.

::

    manifest.json                 which snapshot is current, and what it was made of
    statements/DATASET/VERSION/   the tables of each source and version
    snapshots/NUMBER/             the tables merged from them, with a manifest of their own
    views/NUMBER/                 caches, rebuilt when missing

A load writes beside what is there and then replaces ``manifest.json`` by one atomic rename,
under a lock. Killed at any moment, the folder opens as it was; readers never wait.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from listed.errors import GraphDamagedError, GraphLockedError, GraphNotFoundError, InputError
from listed.graph.tables import SCHEMAS, STATEMENT_TABLES, Tables

FORMAT = 1
"""Number of the layout; a graph of a higher one is refused with advice to upgrade."""

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
        return (self.root / "manifest.json").is_file()

    def manifest(self) -> dict[str, Any]:
        """Return what the current snapshot is made of.

        Raises
        ------
        GraphNotFoundError
            If nothing was published here.
        GraphDamagedError
            If the manifest cannot be read, or is of a newer version of Listed.
        """
        if not self.exists:
            raise GraphNotFoundError(f"there is no graph at {self.root} (make one with: listed load SOURCE FILE)")
        return _read_manifest(self.root / "manifest.json")

    def snapshot_manifest(self, number: int) -> dict[str, Any]:
        """Return what one snapshot is made of. Raises GraphNotFoundError for a number there is not."""
        path = self.root / "snapshots" / str(number) / "manifest.json"
        if not path.is_file():
            there = ", ".join(map(str, self.snapshots())) or "none"
            raise GraphNotFoundError(f"there is no snapshot {number} in {self.root} (there are: {there})")
        return _read_manifest(path)

    def snapshots(self) -> list[int]:
        """Return the numbers of the published snapshots, oldest first."""
        if not self.exists:
            return []
        current = int(self.manifest()["snapshot"])
        names = (entry.name for entry in (self.root / "snapshots").iterdir())
        return sorted(int(name) for name in names if name.isdigit() and int(name) <= current)

    def snapshot_table(self, number: int, table: str, columns: list[str] | None = None) -> pa.Table:
        """Read a table of a snapshot."""
        return self._read(self.root / "snapshots" / str(number), table, columns)

    def statements(self, dataset: str, version: str) -> Tables:
        """Read the tables of a source as it was loaded."""
        folder = self.root / "statements" / dataset / version
        return {name: self._read(folder, name) for name in STATEMENT_TABLES}

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
        folder = self.root / "snapshots" / str(number)
        for name, facts in self.snapshot_manifest(number)["files"].items():
            path = folder / name
            if not path.is_file():
                raise GraphDamagedError(f"{path}: the file is missing ({_MEND})")
            if path.stat().st_size != facts["bytes"] or (contents and digest_of(path) != facts["sha256"]):
                raise GraphDamagedError(f"{path}: the file is not as it was written ({_MEND})")

    @contextmanager
    def writing(self) -> Iterator[Draft]:
        """Hold the graph for one load.

        Raises
        ------
        GraphLockedError
            If another process is loading into it.
        InputError
            If the folder cannot be written, or holds something that is no graph.
        """
        from filelock import FileLock, Timeout

        self._make_root()
        lock = FileLock(self.root / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise GraphLockedError(f"{self.root}: another load is writing to this graph (try again)") from error
        except OSError as error:
            raise InputError(f"cannot write the graph: {error.strerror or error}", file=str(self.root)) from error
        draft = Draft(self)
        try:
            draft.sweep()
            yield draft
        except OSError as error:
            raise InputError(f"cannot write the graph: {error.strerror or error}", file=str(self.root)) from error
        finally:
            draft.sweep()
            lock.release()

    def _make_root(self) -> None:
        try:
            if self.root.is_dir() and not self.exists and any(not _ours(p) for p in self.root.iterdir()):
                raise InputError("the folder holds other things and no graph", file=str(self.root),
                                 advice="name an empty or a new folder")  # fmt: skip
            self.root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"cannot make the folder: {error.strerror}", file=str(self.root)) from error

    def _read(self, folder: Path, table: str, columns: list[str] | None = None) -> pa.Table:
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
            raise GraphDamagedError(f"{path}: {_plain(error)} ({_MEND})") from error


_MEND = "load its sources again, into a new folder"


class Draft:
    """What one load writes, before it is published."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def sweep(self) -> None:
        """Remove what a killed load left behind."""
        for folder in self.store.root.glob("**/.draft-*"):
            shutil.rmtree(folder, ignore_errors=True)
        current = self.store.manifest()["snapshot"] if self.store.exists else 0
        for name in ("snapshots", "views"):
            for entry in (self.store.root / name).glob("*"):
                if entry.name.isdigit() and int(entry.name) > current:
                    shutil.rmtree(entry, ignore_errors=True)

    def add_statements(self, dataset: str, tables: Tables) -> tuple[str, bool]:
        """Write a source's tables; return their version, and whether they were there already."""
        parent = self.store.root / "statements" / dataset
        folder = parent / f".draft-{os.getpid()}"
        facts = write_tables(folder, tables)
        version = _version(facts, tables)
        if (parent / version).is_dir():
            return version, True
        folder.replace(parent / version)
        return version, False

    def publish(self, tables: Tables, datasets: dict[str, Any], written: Mapping[str, str] | None = None) -> int:
        """Write a snapshot and make it the current one; return its number.

        Parameters
        ----------
        tables
            The merged tables.
        datasets
            What each dataset is: version, files, counts, time of load.
        written
            For tables that stand on disk already, as statements: the folder, ``DATASET/VERSION``.
        """
        root = self.store.root
        old = self.store.manifest() if self.store.exists else {"snapshot": 0}
        number = int(old["snapshot"]) + 1
        folder = root / "snapshots" / f".draft-{os.getpid()}"
        twins = {name: root / "statements" / place for name, place in (written or {}).items()}
        facts = write_tables(folder, tables, twins)
        manifest = {
            "format": FORMAT,
            "snapshot": number,
            "published": datetime.now(UTC).isoformat(timespec="seconds"),
            "datasets": datasets,
            "counts": {name: tables[name].num_rows for name in tables},
            "files": {name: vars_of(fact) for name, fact in facts.items()},
        }
        _write_json(folder / "manifest.json", manifest)
        final = root / "snapshots" / str(number)
        folder.replace(final)
        _write_json(root / ".manifest.new", manifest)
        (root / ".manifest.new").replace(root / "manifest.json")
        _sync(root)
        return number


def vars_of(facts: FileFacts) -> dict[str, Any]:
    """Return file facts as the manifest writes them."""
    return {"bytes": facts.bytes, "sha256": facts.sha256, "rows": facts.rows}


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
            _link(twins[name] / path.name, path)
        else:
            _write_parquet(path, tables[name])
        return path.name, FileFacts(path.stat().st_size, digest_of(path), tables[name].num_rows)

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
    _sync(path)


def _link(existing: Path, new: Path) -> None:
    try:
        os.link(existing, new)
    except OSError:
        shutil.copyfile(existing, new)


def _version(facts: dict[str, FileFacts], tables: Tables) -> str:
    """Return the digest of what a source says. The day it was fetched does not count."""
    said = hashlib.sha256()
    for name in sorted(facts):
        if name == "sources.parquet":
            said.update(json.dumps(tables["sources"].drop(["retrieved"]).to_pylist()).encode())
        else:
            said.update(facts[name].sha256.encode())
    return said.hexdigest()[:16]


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        if path.is_file():
            raise
    finally:
        os.close(handle)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _sync(path)


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        number = int(manifest["format"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise GraphDamagedError(f"{path}: not a manifest of a graph: {_plain(error)}") from error
    if number > FORMAT:
        raise GraphDamagedError(f"{path}: made by a newer version of Listed (upgrade with: pip install -U listed)")
    if missing := {"snapshot", "datasets", "counts", "files"} - manifest.keys():
        raise GraphDamagedError(f"{path}: not a manifest of a graph: no {min(missing)}")
    return manifest


def _plain(error: BaseException) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _ours(path: Path) -> bool:
    return path.name in (".lock", "statements", "snapshots", "views", ".manifest.new", "decisions.csv")
