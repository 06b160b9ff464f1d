"""ICIJ's Offshore Leaks database: offshore entities, their officers, intermediaries and addresses.

All tables go in one load, in any order; nodes are read first, then relationships, then addresses.
Being in the database is no wrong: the source of each row says which leak it comes from. The rules:

* A bearer is whoever holds the paper: one unnamed party for each entity, never one for all.
* An address is no entity: a node that is one becomes the address of those that lead to it.
* Memory does not grow with the rows, but for the numbers of bearers and of relationships to addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from listed.graph.model import Entity, Link, Name, SetAside, Statement
from listed.loaders.icij.addresses import Addresses
from listed.loaders.icij.layouts import Kind, Layout, Row, layout_of, rows_of
from listed.loaders.icij.links import is_address, meaning_of, read_links, said_by
from listed.loaders.icij.nodes import is_bearer, read_node, source_of
from listed.loaders.inputs import Input
from listed.loaders.loader import Item, Loader

__all__ = ["LOADER", "read"]

Table = tuple[Input, Layout]


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read tables of the Offshore Leaks database.

    Parameters
    ----------
    inputs
        Tables of nodes and of relationships, in any mix, order and layout since 2016.

    Yields
    ------
        Entities, then links, then addresses.

    Raises
    ------
        If a file is no such table, or cannot be read on.
    """
    tables = [(file, layout_of(file)) for file in inputs]
    return _Reading(tables).items()


class _Reading:
    """One load: what nodes, relationships and addresses need to know of each other."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._tables = tables
        self._cited: set[str] = set()
        self._bearers: dict[str, str] = {}
        self._held: set[str] = set()
        self._addresses = Addresses()

    def items(self) -> Iterator[Item]:
        nodes = [table for table in self._tables if table[1].kind not in (Kind.RELATIONSHIP, Kind.ADDRESS)]
        yield from self._rows(nodes, self._node)
        yield from self._rows([table for table in self._tables if table[1].kind is Kind.RELATIONSHIP], self._relation)
        for bearer, record in self._bearers.items():
            if bearer not in self._held:
                yield SetAside(record, "a bearer of nothing in the files", bearer)
        mixed = [table for table in self._tables if table[1].kind is Kind.MIXED]
        yield from self._rows([table for table in self._tables if table[1].kind is Kind.ADDRESS], self._address)
        yield from self._rows(mixed, self._address, again=True)
        yield from self._addresses.finish()

    def _rows(
        self, tables: Sequence[Table], read_row: Callable[[Row], Iterator[Item]], *, again: bool = False
    ) -> Iterator[Item]:
        for file, layout in tables:
            for row in rows_of(file, layout):
                if isinstance(row, Row):
                    yield from read_row(row)
                elif not again:
                    yield row

    def _node(self, row: Row) -> Iterator[Item]:
        if row.kind is Kind.ADDRESS:
            return  # in a table of all kinds: read when it is known whose it is
        if is_bearer(row["name"]):
            self._bearers.setdefault(row.id_of("node_id"), row.record)
            return
        entity, flags = read_node(row)
        yield from self._cite(row)
        yield Statement(entity, (source_of(row).id,), row.record, flags)

    def _relation(self, row: Row) -> Iterator[Item]:
        start = row.id_of("node_id_start")
        if is_address(row):
            if start in self._bearers:
                yield SetAside(row.record, "the address of an unnamed bearer", said_by(row))
            elif aside := self._addresses.lead(row):
                yield aside
            return
        owner = start
        if start in self._bearers and row["node_id_end"]:
            owner = f"{row.id_of('node_id_end')}-bearer"
            self._held.add(start)
        yield from self._links(row, owner, unnamed=owner != start)

    def _links(self, row: Row, owner: str, *, unnamed: bool) -> Iterator[Item]:
        yield from self._cite(row)
        source = (source_of(row).id,)
        flags = meaning_of(said_by(row)).flags
        for item in read_links(row, owner):
            if not isinstance(item, Link):
                yield item
                continue
            if unnamed and owner not in self._held:
                self._held.add(owner)
                names = (Name("Bearer, not named"),)
                yield Statement(Entity(owner, names, placeholder=True), source, row.record)
            yield Statement(item, source, row.record, flags)

    def _address(self, row: Row) -> Iterator[Item]:
        if row.kind is Kind.ADDRESS:
            yield from self._cite(row)
            yield from self._addresses.read(row, source_of(row).id)

    def _cite(self, row: Row) -> Iterator[Item]:
        source = source_of(row)
        if source.id not in self._cited:
            self._cited.add(source.id)
            yield source


LOADER = Loader(
    name="icij",
    title="ICIJ Offshore Leaks database: Panama, Paradise, Pandora Papers and others",
    reads="nodes-*.csv and relationships.csv, all in one load or as their zip; also the tables of 2016 to 2018 and "
    "of the Power Players",
    official="https://offshoreleaks-data.icij.org/offshoreleaks/csv/full-oldb.LATEST.zip",
    read=read,
)
