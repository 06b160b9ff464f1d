"""Registered addresses: nodes that become addresses of the entities that lead to them.

The relationships are read first: memory holds their pairs of numbers, and no address.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from listed.graph.model import SetAside
from listed.graph.tables import SCHEMAS, Batch
from listed.loaders.icij.layouts import Row
from listed.loaders.icij.links import said_by
from listed.loaders.icij.places import countries_in

_ROWS = 20_000


class Addresses:
    """The entities of each address, and their rows as they are found."""

    def __init__(self) -> None:
        self._entities: dict[str, list[str]] = {}
        self._found: set[str] = set()
        self._rows: list[dict[str, object]] = []

    def lead(self, row: Row) -> SetAside | None:
        """Take a relationship to an address."""
        entity, address = row.id_of("node_id_start"), row.id_of("node_id_end")
        if not entity or not address:
            return SetAside(row.record, "a relationship without an end", f"{entity} {said_by(row)} {address}")
        self._entities.setdefault(address, []).append(entity)
        return None

    def read(self, row: Row, source: str) -> Iterator[Batch | SetAside]:
        """Yield the address of a node for those that lead to it, now and then as a batch."""
        id_ = row.id_of("node_id")
        text = row["address"] or row["name"]
        entities = self._entities.get(id_, ())
        self._found.add(id_) if entities else None
        if not entities or not text:
            reason = "an address without text" if entities else "an address that no entity in the files has"
            yield SetAside(row.record, reason, text)
            return
        countries = countries_in(row["country_codes"]) or countries_in(row["countries"])
        country = countries[0] if len(countries) == 1 else None
        for entity in dict.fromkeys(entities):
            self._rows.append({"entity": entity, "text": text, "country": country, "sources": [source]})
        if len(self._rows) >= _ROWS:
            yield from self._batch()

    def finish(self) -> Iterator[Batch | SetAside]:
        """Yield the last batch, and what leads to an address that is in no file."""
        yield from self._batch()
        for address, entities in self._entities.items():
            if address not in self._found:
                for entity in entities:
                    yield SetAside(entity, "its address is in none of the files", address)

    def _batch(self) -> Iterator[Batch]:
        rows, self._rows = self._rows, []
        if rows:
            schema = SCHEMAS["addresses"]
            fields = [schema.field(name) for name in rows[0]]
            yield Batch("addresses", pa.Table.from_pylist(rows, schema=pa.schema(fields)))
