"""Where an export goes: a file, packed or not, a folder of files, or standard output.

What is written stands under its name only when it is whole: it grows beside it, under a name of
its own, and is renamed at the end. Nothing that was there before is overwritten unless asked for.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from listed.errors import ExportError
from listed.whole_files import beside, whole_file

STANDARD_OUTPUT = "-"
_PACKED = ".gz"

Write = Callable[[Any], object]
"""Takes the next bytes."""


def is_packed(place: str) -> bool:
    """Tell whether a file is to be packed, by its ending."""
    return place.endswith(_PACKED)


@contextmanager
def file_at(place: str, *, force: bool = False) -> Iterator[Write]:
    """Open a file for writing; it has its name only when the block ends without an error.

    Raises
    ------
    ExportError
        If something is there already and ``force`` is not given, or if it cannot be written.
    """
    if place == STANDARD_OUTPUT:
        sys.stdout.flush()
        out = sys.stdout.buffer
        yield out.write
        out.flush()
        return
    path = Path(place)
    if path.is_dir():
        raise ExportError(f"{place} is a folder (give the name of a file)")
    if path.is_file():
        _check_free(path, force=force)
    with _told(place), whole_file(path) as file, _packing(file, place) as out:
        yield out.write


@contextmanager
def folder_at(place: str, endings: tuple[str, ...], *, force: bool = False) -> Iterator[Path]:
    """Make a folder; it has its name only when the block ends without an error.

    Parameters
    ----------
    endings
        Of the files the format writes: with ``force``, a folder of nothing else is replaced.

    Raises
    ------
    ExportError
        If something is there already and must not be replaced, or if it cannot be written.
    """
    if place == STANDARD_OUTPUT or is_packed(place):
        raise ExportError(f"this format is a folder of several files, not {place} (give the name of a folder: -o DIR)")
    path = Path(place)
    if path.exists() and not path.is_dir():
        raise ExportError(f"{place} is a file (this format is a folder of several files)")
    occupied = path.is_dir() and any(path.iterdir())
    if occupied:
        _check_free(path, force=force)
        if strange := [one.name for one in sorted(path.iterdir()) if not one.is_file() or one.suffix not in endings]:
            raise ExportError(f"{place} holds other things, such as {strange[0]}, and is not replaced")
    path = path.resolve()  # a link stays one, to a new folder
    part = beside(path)
    try:
        with _told(place):
            part.mkdir()
            yield part
            _put(part, path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put(part: Path, path: Path) -> None:
    """Put a finished folder in its place; if that cannot be, what stood there stands there again."""
    old = beside(path, "old")
    if path.is_dir():
        path.replace(old)
    try:
        part.replace(path)
    except BaseException:
        if old.is_dir():
            old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _check_free(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise ExportError(f"{path} is there already (--force overwrites it)")


@contextmanager
def _packing(file: BinaryIO, place: str) -> Iterator[BinaryIO]:
    if not is_packed(place):
        yield file
        return
    # A time or a name in the header would make two exports of one snapshot differ.
    with gzip.GzipFile("", "wb", compresslevel=4, fileobj=file, mtime=0) as packed:
        yield cast(BinaryIO, packed)


@contextmanager
def _told(place: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ExportError(f"{place} cannot be written: {error.strerror or error}") from error
