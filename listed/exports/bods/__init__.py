"""Statements of the Beneficial Ownership Data Standard 0.4 (https://standard.openownership.org)."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.bods.frame import Frame
from listed.exports.bods.parties import party_statements
from listed.exports.bods.relationships import relationship_statements
from listed.exports.places import Write
from listed.exports.text_columns import data_of
from listed.exports.told import Told
from listed.graph.snapshot import today
from listed.graph.tables import TEXT, Tables


def write_bods(tables: Tables, write: Write, told: Told) -> None:
    """Write a JSON array with a statement per line: parties first, since a relationship points back to them."""
    _write(tables, write, told, ("[\n", ",\n", "\n]\n"))


def write_bods_lines(tables: Tables, write: Write, told: Told) -> None:
    """Write a statement per line and nothing else."""
    _write(tables, write, told, ("", "\n", "\n"))


def _write(tables: Tables, write: Write, told: Told, marks: tuple[str, str, str]) -> None:
    before, between, after = marks
    frame = Frame(tables["sources"], today())
    write(before.encode())
    first = True
    for statements in (party_statements, relationship_statements):
        for part in statements(tables, frame, told):
            if len(part):
                whole = pa.ListArray.from_arrays(pa.array([0, len(part)], pa.int32()), part.cast(TEXT))
                write(b"" if first else between.encode())
                write(data_of(pc.binary_join(whole, between)))
                first = False
    write(after.encode())
