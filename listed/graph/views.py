"""The caches of a snapshot: its tables memory-mapped for reading single rows, and its arrays.

Made from the Parquet files when missing or damaged, beside what is there, and put in place by
one rename; a folder that cannot be written costs time, not answers.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from listed.graph import adjacency
from listed.graph.adjacency import ARRAYS, Adjacency
from listed.graph.tables import SCHEMAS, Tables

VERSION = 4
"""Raised when the caches, or how the bundled tables are read, change, so that old ones are made anew."""

Arrays = dict[str, npt.NDArray[np.generic]]


def open_or_build(folder: Path, read: Callable[[], Tables]) -> tuple[Tables, Adjacency]:
    """Return a snapshot's tables and arrays, memory-mapped from ``folder`` where it can be.

    Parameters
    ----------
    folder
        The caches of the snapshot; made when missing, if that can be written.
    read
        Reads the snapshot's tables; called only when there is no cache.
    """
    if not _whole(folder):
        tables = read()
        arrays = adjacency.build(tables)
        if not write(folder, tables, arrays):
            return _row_readable(tables), arrays
    opened: dict[str, Any] = {name: _open_array(folder / f"{name}.npy") for name in ARRAYS}
    return {name: _open_table(folder / f"{name}.arrow") for name in SCHEMAS}, Adjacency(**opened)


def write(folder: Path, tables: Tables, arrays: Adjacency) -> bool:
    """Write the caches; return whether that was possible."""
    draft = folder.parent / f".draft-{os.getpid()}"
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda name: _write_table(draft / f"{name}.arrow", tables[name]), tables))
        for name in ARRAYS:
            np.save(draft / f"{name}.npy", getattr(arrays, name))
        _seal(draft)
        if _whole(folder):  # another process was quicker
            shutil.rmtree(draft, ignore_errors=True)
            return True
        if folder.exists():
            folder.replace(draft.with_name(f"{draft.name}-old"))
            shutil.rmtree(draft.with_name(f"{draft.name}-old"), ignore_errors=True)
        draft.replace(folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        return _whole(folder)
    return True


def cached_arrays(folder: Path, name: str, build: Callable[[], Arrays]) -> Arrays:
    """Return a further set of arrays kept in the folder ``name`` within the caches."""
    place = folder / name
    if not _whole(place):
        arrays = build()
        draft = folder / f".draft-{name}-{os.getpid()}"
        try:
            draft.mkdir(parents=True)
            for key, array in arrays.items():
                np.save(draft / f"{key}.npy", array)
            _seal(draft)
            shutil.rmtree(place, ignore_errors=True)
            draft.replace(place)
        except OSError:
            shutil.rmtree(draft, ignore_errors=True)
            return arrays
    return {path.stem: _open_array(path) for path in sorted(place.glob("*.npy"))}


def _seal(folder: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in _files(folder)}
    (folder / "view.json").write_text(json.dumps({"version": VERSION, "sizes": sizes}), encoding="utf-8")


def _whole(folder: Path) -> bool:
    try:
        seal = json.loads((folder / "view.json").read_text(encoding="utf-8"))
        sizes = {path.name: path.stat().st_size for path in _files(folder)}
    except (OSError, ValueError):
        return False
    return bool(seal == {"version": VERSION, "sizes": sizes})


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.suffix in (".npy", ".arrow"))


def _write_table(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(_row_readable({"": table})[""])


def _row_readable(tables: Tables) -> Tables:
    """Return tables of one chunk each, so that a row is found without searching chunks."""
    return {name: table.unify_dictionaries().combine_chunks() for name, table in tables.items()}


def _open_table(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def _open_array(path: Path) -> npt.NDArray[np.generic]:
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except ValueError:  # an empty array cannot be mapped
        return np.asarray(np.load(path, allow_pickle=False))
