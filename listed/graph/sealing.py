"""Seals: what the files of a folder were when they were written, to know them again.

A seal is one JSON file beside the files: of each its size, its SHA-256 and the second it was last
written, and what the folder is ``about`` (its version, what it was made from). Whether a folder is
whole is told at two costs: at once, when it is opened, or by reading every byte, when it is checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = "view.json"

SMALL = 16 * 2**20
"""A folder of at most so many bytes is read in full each time it is opened."""

_ABANDONED = 3600
"""Seconds after which a draft counts as left behind, where it cannot be told whether its writer lives."""


def draft_beside(place: Path) -> Path:
    """Return a name for a folder to write beside ``place``, which no other process nor thread has."""
    return place.with_name(f".draft-{os.getpid()}-{secrets.token_hex(4)}")


def abandoned(draft: Path) -> bool:
    """Return whether the process that began a draft is no more."""
    process = draft.name.removeprefix(".draft-").split("-")[0]
    if os.name == "posix" and process.isdigit():
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return True
        except (PermissionError, OverflowError):
            return False
        return False
    try:
        return time.time() - draft.stat().st_mtime > _ABANDONED
    except OSError:
        return False


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Have a file or folder written to the disk itself; folders only where the system can."""
    if os.name != "posix" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError:
        if path.is_file():
            raise
    finally:
        os.close(handle)


def seal(folder: Path, about: Mapping[str, Any], *, deep: bool = False) -> None:
    """Seal the files of a folder; with ``deep`` also those in the folders within it."""
    names = [path.relative_to(folder).as_posix() for path in _files(folder, deep=deep)]
    with ThreadPoolExecutor(2) as pool:
        digests = list(pool.map(lambda name: digest_of(folder / name), names))
    facts = {name: [*_stated(folder / name), digest] for name, digest in zip(names, digests, strict=True)}
    _write(folder, {"about": dict(about), "files": facts})


def whole(folder: Path, about: Mapping[str, Any], *, deep: bool = False) -> bool:
    """Return whether a folder is as it was sealed, at once.

    What is small is read in full, and so is a file that was touched since: an answer from an altered
    file would be wrong in silence. What else may have happened to a file tells :func:`faults`.
    """
    try:
        said = _read(folder, about)
        stated = {name: _stated(folder / name) for name in said}
    except (OSError, ValueError):
        return False
    if any(said[name][0] != stated[name][0] for name in said) or _added(folder, said, deep=deep):
        return False
    small = sum(size for size, _ in stated.values()) <= SMALL
    touched = [name for name in said if said[name][1] != stated[name][1]]
    try:
        same = all(digest_of(folder / name) == said[name][2] for name in (said if small else touched))
    except OSError:
        return False
    if same and touched:  # a copy of the folder: the next one to open it need not read it again
        with suppress(OSError):
            _write(folder, {"about": dict(about), "files": {n: [*stated[n], said[n][2]] for n in said}})
    return same


def faults(folder: Path, about: Mapping[str, Any], *, deep: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the files of a folder that are not as they were sealed, and what is wrong; every byte is read."""
    try:
        said = _read(folder, about)
    except FileNotFoundError:
        yield NAME, "is missing"
        return
    except OSError as error:
        yield NAME, f"cannot be read: {error.strerror}"
        return
    except ValueError as error:
        yield NAME, str(error)
        return
    for name, (size, _, digest) in said.items():
        if problem := fault_of(folder / name, size, digest):
            yield name, problem
    for name in _added(folder, said, deep=deep):
        yield name, "does not belong here"


def fault_of(path: Path, size: int, digest: str | None) -> str:
    """Return what is wrong with a file, or nothing; without a digest only its size is compared."""
    try:
        found = path.stat().st_size
        if not path.is_file():
            return "is not a file"
        if found != size:
            return f"has {found:,} bytes, and had {size:,} when it was written"
        if digest is not None and digest_of(path) != digest:
            return "is not as it was written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    return ""


def _read(folder: Path, about: Mapping[str, Any]) -> dict[str, tuple[int, int, str]]:
    said = json.loads((folder / NAME).read_text(encoding="utf-8"))
    try:
        if said["about"] != dict(about):
            raise ValueError("is of another version of Listed, or of another snapshot")
        return {str(name): (int(size), int(second), str(digest)) for name, (size, second, digest) in
                said["files"].items()}  # fmt: skip
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("is no seal") from error


def _added(folder: Path, said: Mapping[str, object], *, deep: bool) -> list[str]:
    try:
        return sorted({path.relative_to(folder).as_posix() for path in _files(folder, deep=deep)} - said.keys())
    except OSError:
        return []


def _files(folder: Path, *, deep: bool) -> Iterator[Path]:
    """Yield the files that a seal of a folder is about: neither itself, nor what comes and goes beside them."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".draft-") or ".lock" in path.name or path.name == NAME:
            continue
        if path.is_file():
            yield path
        elif deep and path.is_dir():
            yield from _files(path, deep=deep)


def _stated(path: Path) -> tuple[int, int]:
    """Return the size of a file, and the second it was last written: archives keep no more of that."""
    told = path.stat()
    return told.st_size, int(told.st_mtime)


def _write(folder: Path, said: dict[str, Any]) -> None:
    beside = folder / f".draft-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        beside.write_text(json.dumps(said), encoding="utf-8")
        beside.replace(folder / NAME)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
