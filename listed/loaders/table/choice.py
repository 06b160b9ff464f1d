"""Which mapping a table is read by: the one a user gives, else one guessed from its header."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from listed.loaders.inputs import Input
from listed.loaders.table.guess import Guess, guess, is_known
from listed.loaders.table.mapping import TableMapping
from listed.loaders.table.reading import parse_mapping, read_mapping
from listed.loaders.table.rows import Layout, Table, columns_of, open_table
from listed.loaders.table.writing import as_toml


@dataclass(frozen=True, slots=True)
class Choice:
    """A table, and how it is to be read.

    Parameters
    ----------
    table
        Open for reading.
    mapping
        The mapping; ``None`` if none was given and nothing could be guessed.
    guess
        What was guessed, where no mapping was given.
    known
        Whether its header is one of those that need no mapping.
    """

    table: Table
    mapping: TableMapping | None
    guess: Guess
    known: bool = False


def choose(given: Input, mapping: str | Path | None) -> Choice:
    """Open a table and choose its mapping.

    Raises
    ------
    InputError
        If the file is no table, or the mapping says something no mapping can say.
    """
    if mapping is not None:
        read = read_mapping(mapping)
        return Choice(open_table(given, read.layout), read, Guess())
    layout = Layout()
    table = open_table(given, layout)
    guessed = guess(table, layout)
    parsed = parse_mapping(as_toml(guessed.said), "the guess") if guessed.said else None
    return Choice(table, parsed, guessed, is_known(columns_of(table, table.sample(20))))
