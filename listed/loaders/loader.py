"""What a loader is: a module that turns one kind of file into statements.

To add one, write a module with a ``LOADER`` and name it under the entry point group
``listed.loaders``; the command finds it there. A loader knows nothing of graphs on disk: it
yields what it reads, and the builder checks, merges and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

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
    """

    name: str
    title: str
    reads: str
    official: str
    read: Read
    needs_files: bool = True
    many: bool = False
