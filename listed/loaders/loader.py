"""What a loader is: a module that turns one kind of file into statements.

To add one, write a module with a ``LOADER`` and name it under the entry point group
``listed.loaders``; the command finds it there. A loader knows nothing of graphs on disk: it
yields what it reads, and the builder checks, merges and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from listed.errors import InputError
from listed.graph.model import SetAside, Source, Statement
from listed.graph.tables import Batch
from listed.loaders.inputs import Input

Item = Source | Statement | SetAside | Batch | InputError
"""What a loader yields. A source comes before the statements that cite it.

An error is yielded for a row that cannot be read when the next one can: it stops the load unless
the user wants to keep going, and then the row is set aside.
"""

Read = Callable[[Sequence[Input]], Iterator[Item]]
"""Reads the inputs, in order. Raises :class:`listed.errors.InputError` for a file it cannot read on."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a user says of a load beyond its files, for loaders that can make use of it.

    Parameters
    ----------
    dataset
        The name it is loaded under.
    mapping
        A file that tells what the columns mean.
    accept
        Which guesses of the columns' meaning are good enough without a mapping: those that are certain,
        any, or none before a user has seen them.
    """

    dataset: str
    mapping: str | Path | None = None
    accept: Literal["certain", "any", "none"] = "certain"


ReadWith = Callable[[Sequence[Input], Options], Iterator[Item]]
"""Reads the inputs as the options say; raises as :data:`Read` does."""


@dataclass(frozen=True, slots=True)
class Loader:
    """A loader and what a user wants to know of it.

    Parameters
    ----------
    name
        The word on the command line, and the dataset its statements belong to.
    title, reads, official
        What it is, which files it reads, where the official file is.
    read
        The function that reads.
    needs_files
        Whether it reads files at all (``bundled`` brings its own).
    many
        Whether files are different datasets that stand side by side (a reporter's own tables).
    read_with
        Of a loader that takes a mapping: reads as ``read`` does, by it. A load uses this one.
    preview
        Of a loader that takes a mapping: returns as text how it would read the inputs.
    """

    name: str
    title: str
    reads: str
    official: str
    read: Read
    needs_files: bool = True
    many: bool = False
    read_with: ReadWith | None = None
    preview: Callable[[Sequence[Input], Options], str] | None = None
