"""Exports: a graph, or what stands around an entity, in the formats of other tools.

Everything is written in columns, slice by slice, beside its place and renamed at the end. What a
format cannot hold is counted and told, one line each.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from listed.errors import ExportError
from listed.exports.formats import FORMATS, FileFormat, FolderFormat
from listed.exports.parquet import where_it_is
from listed.exports.places import STANDARD_OUTPUT, file_at, folder_at
from listed.exports.selection import HOPS, Selection, select
from listed.exports.told import ExportReport, Told
from listed.graph.snapshot import Graph

__all__ = ["FORMATS", "HOPS", "ExportReport", "export", "select"]


def export(
    graph: Graph, format: str, place: str | Path = "", *, of: str = "", hops: int = HOPS,
    as_of: date | None = None, hubs: bool = False, force: bool = False,
) -> ExportReport:  # fmt: skip
    """Write a graph in another format.

    Parameters
    ----------
    graph
        The snapshot.
    format
        A name in :data:`FORMATS`.
    place
        The file, packed if its name ends in ``.gz``, or ``-`` for standard output; of formats that are several
        files, the folder. Without it ``parquet`` tells where the snapshot lies already.
    of, hops, as_of, hubs
        What to export, see :func:`select`; by default all.
    force
        Whether what is there already may be overwritten.

    Returns
    -------
    ExportReport
        What was written, and what of the graph the format does not hold.

    Raises
    ------
    ExportError
        If there is no such format, or it cannot be written there. Nothing is left half-written.
    UnknownEntityError, AmbiguousNameError
        If ``of`` is no one entity.

    Examples
    --------
    >>> import listed
    >>> report = export(listed.open(), "graphml", "around.graphml", of="SenseTime", hops=1)  # doctest: +SKIP
    """
    found = FORMATS.get(format)
    if found is None:
        instead = "Excel opens csv; " if format.lower() in _OF_EXCEL else ""
        raise ExportError(f"no format is called {format!r} ({instead}there are {', '.join(FORMATS)})")
    where = str(place)
    if not where:
        return _on_disk(graph, format, whole=not of and as_of is None)
    selection, told = select(graph, of, hops, as_of, hubs=hubs), Told()
    if isinstance(found, FolderFormat):
        advice = _write_folder(found, selection, where, told, force=force)
    else:
        advice = _write_file(found, selection, where, told, force=force)
    return ExportReport(
        format, _shown(where), graph.name, graph.number, _size(where), told.counts, selection.told, told.lines(), advice
    )


_OF_EXCEL = frozenset({"xlsx", "xls", "excel"})


def _write_file(one: FileFormat, selection: Selection, place: str, told: Told, *, force: bool) -> tuple[str, ...]:
    with file_at(place, force=force) as write:
        one.writer(place)(selection.tables, write, told)
    return () if place == STANDARD_OUTPUT else tuple(line.format(place=place) for line in one.advice)


def _write_folder(one: FolderFormat, selection: Selection, place: str, told: Told, *, force: bool) -> tuple[str, ...]:
    with folder_at(place, one.endings, force=force) as folder:
        return one.write(selection.tables, folder, told)


def _on_disk(graph: Graph, format: str, *, whole: bool) -> ExportReport:
    """Tell where a snapshot lies as Parquet; there is nothing to write."""
    folder = where_it_is(graph) if format == "parquet" and whole else None
    if folder is None:
        raise ExportError("say where to write it: -o FILE, or -o DIR for a format of several files")
    told = Told()
    for name, table in graph.tables.items():
        told.wrote(name.replace("_", " "), table.num_rows)
    return ExportReport("parquet", str(folder), graph.name, graph.number, _size(str(folder)), told.counts,
                        advice=("Nothing was written: that is where the snapshot lies, as Parquet.",))  # fmt: skip


def _shown(place: str) -> str:
    return "to standard output" if place == STANDARD_OUTPUT else place


def _size(place: str) -> int:
    path = Path(place)
    if place == STANDARD_OUTPUT:
        return 0
    return sum(one.stat().st_size for one in path.iterdir()) if path.is_dir() else path.stat().st_size
