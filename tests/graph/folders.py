"""Graphs on disk for tests of what may happen to them, and ways to spoil a file."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from listed.loading import load


def stakes(path: Path, share: str, rows: int = 3) -> Path:
    """Write a table of stakes that all have one share, so that a mixture of two loads shows."""
    lines = [f"Owner {row % 97},Asset {row},{share}%" for row in range(rows)]
    path.write_text("\n".join(["owner,asset,share", *lines]) + "\n", encoding="utf-8")
    return path


def listings(path: Path, count: int = 2) -> Path:
    """Write a table of listings."""
    lines = [f"Asset {row},US-BIS-EL,2019,84 FR 54002" for row in range(count)]
    path.write_text("\n".join(["name,list,start,citation", *lines]) + "\n", encoding="utf-8")
    return path


def make(root: Path, tables: Path, rows: int = 3) -> Path:
    """Make a graph of two snapshots: 1 of stakes, 2 of stakes and listings."""
    tables.mkdir(exist_ok=True)
    load("table", [str(stakes(tables / "stakes.csv", "51", rows))], root, dataset="stakes")
    load("table", [str(listings(tables / "lists.csv"))], root, dataset="lists")
    return root


def copy(made: Path, place: Path) -> Path:
    """Copy a graph; files that are one on disk become two."""
    return Path(shutil.copytree(made, place))


def cut(path: Path) -> None:
    """Cut the end off a file."""
    path.write_bytes(path.read_bytes()[:-7])


def flip(path: Path) -> None:
    """Flip a bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(bytes(content))


def command(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``listed`` as its users do."""
    return subprocess.run([sys.executable, "-m", "listed", *map(str, words)], capture_output=True, text=True)


def one_line(run: subprocess.CompletedProcess[str]) -> str:
    """Return why a command failed; that it failed, and said so in one line, is asserted."""
    assert run.returncode in (1, 2), run
    assert run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert line.startswith("listed: ")
    return line
