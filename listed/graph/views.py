"""The caches of a snapshot: its tables memory-mapped for reading single rows, and its arrays.

Made from the Parquet files when missing or damaged, beside what is there, and put in place by
one rename; a folder that cannot be written costs time, not answers.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from listed.graph import adjacency, sealing
from listed.graph.adjacency import ARRAYS, Adjacency
from listed.graph.tables import SCHEMAS, Tables

VERSION = 8
"""Raised when the caches, or how the bundled tables are read, change, so that old ones are made anew."""

_LOG = logging.getLogger(__name__)

Arrays = dict[str, npt.NDArray[np.generic]]


def open_or_build(folder: Path, read: Callable[[str], pa.Table], of: str = "") -> tuple[Tables, Adjacency]:
    """Return a snapshot's tables and arrays, memory-mapped from ``folder`` where it can be.

    Parameters
    ----------
    folder
        The caches of the snapshot; made when missing, if that can be written.
    read
        Reads one of the snapshot's tables by its name; called only when there is no cache.
    of
        What the snapshot is known by (:func:`listed.graph.store.identity`): caches of another are made anew.
    """
    if (kept := _opened(folder, of)) is not None:
        return kept
    _LOG.info("making the caches of the snapshot", extra={"place": str(folder)})
    if _make(folder, of, lambda draft: _from_tables(draft, read)) and (kept := _opened(folder, of)) is not None:
        return kept
    tables = _row_readable({name: read(name) for name in SCHEMAS})
    return tables, adjacency.build(tables)


def _from_tables(draft: Path, read: Callable[[str], pa.Table]) -> None:
    """Write tables one after the other, and the arrays made of them as they lie there: memory holds one table."""
    for name in SCHEMAS:
        _write_table(draft / f"{name}.arrow", read(name))
    _write_arrays(draft, adjacency.build({name: _open_table(draft / f"{name}.arrow") for name in SCHEMAS}))


def _opened(folder: Path, of: str) -> tuple[Tables, Adjacency] | None:
    """Return the tables and arrays that are kept, or nothing if they are not whole."""
    return opened(folder) if whole(folder, of) else None


def opened(folder: Path) -> tuple[Tables, Adjacency] | None:
    """Return the tables and arrays that are kept, whatever they say, or nothing if they cannot be opened."""
    try:
        arrays: dict[str, Any] = {name: _open_array(folder / f"{name}.npy") for name in ARRAYS}
        return {name: _open_table(folder / f"{name}.arrow") for name in SCHEMAS}, Adjacency(**arrays)
    except (OSError, ValueError, pa.ArrowException):
        return None


def write(folder: Path, tables: Tables, arrays: Adjacency, of: str = "") -> bool:
    """Write the caches; return whether that was possible."""

    def fill(draft: Path) -> None:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda name: _write_table(draft / f"{name}.arrow", tables[name]), tables))
        _write_arrays(draft, arrays)

    return _make(folder, of, fill)


def _make(folder: Path, of: str, fill: Callable[[Path], None]) -> bool:
    """Fill a draft and put it in its place; return whether good caches are there."""
    draft = sealing.draft_beside(folder)
    try:
        draft.mkdir(parents=True)
        fill(draft)
        sealing.seal(draft, _about(of))
        return _put(draft, folder, lambda: whole(folder, of))
    except (OSError, pa.ArrowException) as error:
        _LOG.info("the caches could not be kept: %s", error, extra={"place": str(folder)})
        return whole(folder, of)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write_arrays(draft: Path, arrays: Adjacency) -> None:
    for name in ARRAYS:
        np.save(draft / f"{name}.npy", getattr(arrays, name))


def cached_arrays(folder: Path, name: str, build: Callable[[], Arrays]) -> Arrays:
    """Return a further set of arrays kept in the folder ``name`` within the caches."""
    place = folder / name
    if (kept := _opened_arrays(place)) is not None:
        return kept
    arrays = build()
    draft = sealing.draft_beside(place)
    try:
        draft.mkdir(parents=True)
        for key, array in arrays.items():
            np.save(draft / f"{key}.npy", array)
        sealing.seal(draft, _about(""))
        _put(draft, place, lambda: whole(place))
    except OSError as error:
        _LOG.info("the caches could not be kept: %s", error, extra={"place": str(place)})
        shutil.rmtree(draft, ignore_errors=True)
    kept = _opened_arrays(place)
    return arrays if kept is None else kept


def _opened_arrays(place: Path) -> Arrays | None:
    return opened_arrays(place) if whole(place) else None


def opened_arrays(place: Path) -> Arrays | None:
    """Return further arrays that are kept, whatever they say, or nothing if they cannot be opened."""
    try:
        return {path.stem: _open_array(path) for path in sorted(place.glob("*.npy"))}
    except (OSError, ValueError):
        return None


def _put(draft: Path, place: Path, there: Callable[[], bool]) -> bool:
    """Put a draft in its place, unless another process was quicker; return whether what stands there is good."""
    if there():
        shutil.rmtree(draft, ignore_errors=True)
        return True
    if place.exists() and not discard(place):
        shutil.rmtree(draft, ignore_errors=True)
        return False
    draft.replace(place)
    return True


def discard(folder: Path) -> bool:
    """Take caches away at once, then delete them; return whether that was possible."""
    gone = sealing.draft_beside(folder)
    try:
        folder.replace(gone)
    except OSError:
        return False
    shutil.rmtree(gone, ignore_errors=True)
    return True


def whole(folder: Path, of: str = "") -> bool:
    """Return whether caches are as they were written, at once (:func:`listed.graph.sealing.whole`)."""
    return sealing.whole(folder, _about(of))


def faults(folder: Path, of: str = "") -> list[tuple[str, str]]:
    """Return the files of caches that are not as they were written, and what is wrong; every byte is read."""
    return list(sealing.faults(folder, _about(of)))


def _about(of: str) -> dict[str, Any]:
    return {"version": VERSION, "of": of}


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
