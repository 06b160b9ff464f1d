"""Reporting exceptions: why an entity reports no parent, gathered before the entities are read.

An entity has up to two, so they are kept beside it as properties and do not become entities of
their own. Memory holds 24 bytes for each, and each distinct answer once.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np

from listed.graph.model import Entity, Link, Name, SetAside, Statement
from listed.graph.vocabulary import LinkType
from listed.loaders.gleif.records import Record, own_text, text_of

_LEI = "S20"
_SIDES = {"DIRECT_ACCOUNTING_CONSOLIDATION_PARENT": "direct_parent",
          "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT": "ultimate_parent"}  # fmt: skip
NATURAL_PERSONS = "NATURAL_PERSONS"

Property = tuple[str, str]


class Exceptions:
    """Exceptions by LEI."""

    def __init__(self) -> None:
        self._leis = bytearray()
        self._said = array("I")
        self._source = array("H")
        self._answers: dict[tuple[Property, bool], int] = {}
        self._sources: dict[str, int] = {}
        self.finish()

    def add(self, record: Record, source: str) -> SetAside | None:
        """Take an exception; return it set aside if it names no entity."""
        element = record.element
        lei = text_of(element, "LEI").upper()
        if len(lei.encode()) != 20:
            return SetAside(record.place, "an exception without an LEI", lei)
        category = text_of(element, "ExceptionCategory")
        reasons = [text for part in element.findall("ExceptionReason") if (text := own_text(part))]
        references = [text for part in element.findall("ExceptionReference") if (text := own_text(part))]
        key = f"{_SIDES.get(category, category.lower() or 'parent')}_not_reported"
        answer = ((key, "; ".join([", ".join(reasons), *references])), NATURAL_PERSONS in reasons)
        self._leis += lei.encode()
        self._said.append(self._answers.setdefault(answer, len(self._answers)))
        self._source.append(self._sources.setdefault(source, len(self._sources)))
        return None

    def finish(self) -> None:
        """Sort what was gathered, so that it can be asked."""
        leis = np.frombuffer(bytes(self._leis), _LEI)
        order = np.argsort(leis, kind="stable")
        self._index = leis[order]
        self._order = order
        self._used = np.zeros(len(leis), np.bool_)
        self._texts = list(self._answers)
        self._names = list(self._sources)

    def of(self, lei: str) -> tuple[tuple[Property, ...], tuple[str, ...]]:
        """Return what an entity answers, and the sources that say so; it counts as told from now on."""
        if not len(self._index):
            return (), ()
        rows = self._rows(lei.encode())
        self._used[rows.start : rows.stop] = True
        return self._answers_of(rows), self._sources_of(rows)

    def persons(self) -> Iterator[Statement]:
        """Yield, for each entity that natural persons control, one unnamed party and its link.

        One for each, as always: whoever they are, they are not the same persons.
        """
        natural = {place for place, (_, persons) in enumerate(self._texts) if persons}
        for lei, rows in self._runs():
            said = [self._said[self._order[row]] for row in rows]
            if natural.isdisjoint(said):
                continue
            owner, sources = f"lei:{lei}:natural-persons", self._sources_of(rows)
            record = f"reporting exception of {lei}"
            name = Name("Natural persons, not named")
            yield Statement(Entity(owner, (name,), "Person", placeholder=True), sources, record)
            note = "The entity reports to GLEIF that natural persons control it without a parent that consolidates it."
            yield Statement(
                Link(owner, f"lei:{lei}", LinkType.CONTROLS, role="natural persons", note=note), sources, record
            )

    def untold(self) -> Iterator[Statement]:
        """Yield the entities whose own record was not in any file."""
        for lei, rows in self._runs():
            if not self._used[rows.start]:
                entity = Entity(f"lei:{lei}", properties=self._answers_of(rows))
                yield Statement(entity, self._sources_of(rows), f"reporting exception of {lei}")

    def _rows(self, lei: bytes) -> range:
        start = int(np.searchsorted(self._index, np.bytes_(lei)))
        stop = start
        while stop < len(self._index) and self._index[stop] == lei:
            stop += 1
        return range(start, stop)

    def _runs(self) -> Iterator[tuple[str, range]]:
        start, count = 0, len(self._index)
        while start < count:
            lei = bytes(self._index[start])
            rows = range(start, start + 1)
            while rows.stop < count and self._index[rows.stop] == lei:
                rows = range(start, rows.stop + 1)
            yield lei.decode(), rows
            start = rows.stop

    def _answers_of(self, rows: range) -> tuple[Property, ...]:
        return tuple(dict.fromkeys(self._texts[self._said[self._order[row]]][0] for row in rows))

    def _sources_of(self, rows: range) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self._names[self._source[self._order[row]]] for row in rows))
