"""The formats, by name. To add one: a module that writes tables, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from listed.exports.bods import write_bods, write_bods_lines
from listed.exports.cypher import write_cypher
from listed.exports.ftm import write_ftm
from listed.exports.gexf import write_gexf
from listed.exports.graphml import write_graphml
from listed.exports.neo4j_csv import write_neo4j_csv
from listed.exports.parquet import write_parquet
from listed.exports.places import Write
from listed.exports.plain_csv import write_csv
from listed.exports.told import Told
from listed.graph.tables import Tables

WriteFile = Callable[[Tables, Write, Told], None]
WriteFolder = Callable[[Tables, Path, Told], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format that is one file.

    Parameters
    ----------
    name, title
        The word on the command line, and what it is.
    write
        Writes it.
    advice
        What to do with it; ``{place}`` is where it is.
    by_ending
        Another way to write it, for files of some endings.
    """

    name: str
    title: str
    write: WriteFile
    advice: tuple[str, ...] = ()
    by_ending: tuple[tuple[str, WriteFile], ...] = ()

    def writer(self, place: str) -> WriteFile:
        """Return what writes it to some place."""
        plain = place.removesuffix(".gz")
        return next((write for ending, write in self.by_ending if plain.endswith(ending)), self.write)


@dataclass(frozen=True, slots=True)
class FolderFormat:
    """A format that is a folder of files, with these endings."""

    name: str
    title: str
    write: WriteFolder
    endings: tuple[str, ...]


Format = FileFormat | FolderFormat

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        FileFormat(
            "graphml", "GraphML, for Gephi, yEd, igraph and networkx", write_graphml,
            ("In networkx: networkx.read_graphml({place!r}, force_multigraph=True)",),
        ),
        FileFormat("gexf", "GEXF, for Gephi", write_gexf),
        FileFormat("ftm", "FollowTheMoney, JSON lines", write_ftm),
        FileFormat("bods", "Beneficial Ownership Data Standard 0.4, JSON", write_bods,
                   by_ending=((".jsonl", write_bods_lines),)),
        FolderFormat("neo4j-csv", "CSV for neo4j-admin database import", write_neo4j_csv, (".csv", ".sh")),
        FileFormat("cypher", "a Cypher script", write_cypher,
                   ("Run it: cypher-shell -a bolt://localhost:7687 -u neo4j --file {place}",)),
        FolderFormat("csv", "plain CSV: entities, links, listings, sources", write_csv, (".csv",)),
        FolderFormat("parquet", "Parquet, every table and column", write_parquet, (".parquet",)),
    )
}  # fmt: skip
"""Every format."""
