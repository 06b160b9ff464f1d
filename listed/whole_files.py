"""A file stands under its name only when it is whole: it grows beside it, and is renamed at the end."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole_file(place: str | Path) -> Iterator[BinaryIO]:
    """Open a file for writing; what was there stays until the block ends without an error.

    A link is followed, and a file that is replaced keeps its permissions; one that may not be written to is not
    replaced. What is no file, as a pipe or a device, is written to as it is: nothing may take its place.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left beside it then.
    """
    path = Path(place)
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb") as file:
            yield file
        return
    path = Path(os.path.realpath(path))
    if path.is_file() and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    part = beside(path)
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if path.is_file():
            part.chmod(path.stat().st_mode)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()


def write_whole(place: str | Path, content: bytes) -> None:
    """Write a file at once; as for :func:`whole_file`."""
    with whole_file(place) as file:
        file.write(content)


def beside(path: Path, ending: str = "part") -> Path:
    """Return a name beside a path, which nobody else has, and which is not too long where the path's is not."""
    path = path.absolute()
    begun = os.fsencode(path.name)[:80].decode("utf-8", "ignore")
    # In a container every process has the same number: what a killed one left must not be in the way of the next.
    return path.with_name(f".{begun}.{os.getpid()}-{secrets.token_hex(4)}.{ending}")
