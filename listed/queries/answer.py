"""What every query returns: rows of one typed record, and all a reader needs to judge them."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from listed.graph.model import Source
from listed.graph.snapshot import Graph, today

if TYPE_CHECKING:
    import pandas as pd

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Answer(Generic[Row]):
    """An answer.

    Parameters
    ----------
    query
        Name of the query, as on the command line.
    asked
        What was asked: ids and options.
    as_of
        The date it answers for.
    graph, snapshot
        The graph that answered; a reporter cites the snapshot's number.
    rows
        The answer itself.
    bounds
        Every limit that applied, and what it cut off.
    sources
        The sources the rows cite, by id.
    notes
        What a careful reader should know besides.
    """

    query: str
    asked: dict[str, Any]
    as_of: date
    graph: str
    snapshot: int
    rows: tuple[Row, ...]
    bounds: dict[str, Any]
    sources: dict[str, Source]
    notes: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    """The names of the entities asked about, by id."""
    columns: tuple[str, ...] = ()
    """The fields of a row, so that an answer without rows has its header too."""

    def __len__(self) -> int:
        return len(self.rows)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as one object of plain values, ready for JSON."""
        return {name: value() for name, value in self._parts().items()}

    def to_json(self) -> str:
        """Return the answer as JSON text, a line for each row."""
        return "".join(self.json_parts())

    def json_parts(self) -> Iterator[str]:
        """Yield the JSON text in pieces, a row at a time: what is told of many rows need not be there twice."""
        for place, (name, value) in enumerate(self._parts().items()):
            yield f'{"," if place else "{"}\n "{name}": '
            if name != "rows":
                yield json.dumps(value(), ensure_ascii=False, indent=1).replace("\n", "\n ")
                continue
            yield "["
            for row, told in enumerate(self.rows):
                yield f"{',' if row else ''}\n  {json.dumps(plain(told), ensure_ascii=False)}"
            yield "\n ]" if self.rows else "]"
        yield "\n}"

    def _parts(self) -> dict[str, Callable[[], Any]]:
        """Return what each part of the answer says, to be read one after the other."""
        return {
            "query": lambda: self.query,
            "asked": lambda: plain(self.asked),
            "names": lambda: self.names,
            "as_of": lambda: self.as_of.isoformat(),
            "graph": lambda: self.graph,
            "snapshot": lambda: self.snapshot,
            "rows": lambda: [plain(row) for row in self.rows],
            "bounds": lambda: plain(self.bounds),
            "sources": lambda: {id_: plain(source) for id_, source in self.sources.items()},
            "notes": lambda: list(self.notes),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as a frame, one column for each field."""
        import pandas as pd

        rows = [plain(row) for row in self.rows]
        return pd.DataFrame(rows) if rows else pd.DataFrame(columns=list(self.columns))

    def to_csv(self) -> str:
        """Return the rows as CSV text; lists are joined by "; "."""
        rows = [plain(row) for row in self.rows]
        text = io.StringIO()
        columns = list(dict.fromkeys(column for row in rows for column in row)) or list(self.columns)
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        if columns:
            writer.writeheader()
        writer.writerows({column: cell(value) for column, value in row.items()} for row in rows)
        return text.getvalue()


def plain(value: Any) -> Any:
    """Return a record, and all in it, as values JSON knows. Numbers without decimals are whole."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if names := _field_names(kind):
        said = [(name, getattr(value, name)) for name in names]
        return {name: one if type(one) in _PLAIN else plain(one) for name, one in said}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [one if type(one) in _PLAIN else plain(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int) else str(value)


_PLAIN = frozenset({str, int, bool, type(None)})


_FIELD_NAMES: dict[type, tuple[str, ...]] = {}


def _field_names(kind: type) -> tuple[str, ...]:
    """Return the names of a record's fields; none of what is no record."""
    if kind not in _FIELD_NAMES:
        fields = dataclasses.fields(kind) if dataclasses.is_dataclass(kind) else ()
        _FIELD_NAMES[kind] = tuple(field.name for field in fields)
    return _FIELD_NAMES[kind]


def cell(value: Any) -> str:
    """Return a value for a spreadsheet; text that would run as a formula there is put in quotes."""
    if isinstance(value, list):
        value = "; ".join(cell(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return "" if value is None else str(value)


class Inquiry:
    """A query being answered: remembers the sources its rows cite.

    Parameters
    ----------
    graph
        The graph asked.
    query, asked
        As in :class:`Answer`.
    as_of
        The date; today by default.
    """

    def __init__(self, graph: Graph, query: str, asked: dict[str, Any], as_of: date | None) -> None:
        self.graph = graph
        self.query = query
        self.asked = {key: value for key, value in asked.items() if value not in (None, False, ())}
        self.as_of = as_of or today()
        self.notes: list[str] = []
        if self.as_of > today():
            self.notes.append(f"{self.as_of} is yet to come: what changes until then is not known.")
        self._cited: dict[str, None] = {}

    def cite(self, sources: Iterable[str]) -> tuple[str, ...]:
        """Remember sources by id, and return them for the row."""
        told = dict.fromkeys(sources)
        self._cited.update(told)
        return tuple(told)

    def cite_link(self, row: int) -> tuple[str, ...]:
        """Remember the sources of a link, and return them."""
        return self.cite(self.graph.cell("links", "sources", row))

    def answer(
        self, rows: Sequence[Row], bounds: dict[str, Any] | None = None, *, kind: type[Row] | None = None
    ) -> Answer[Row]:
        """Return the answer with its rows. ``kind`` is their record, for the header of an answer without any."""
        return Answer(
            self.query,
            self.asked,
            self.as_of,
            self.graph.name,
            self.graph.number,
            tuple(rows),
            bounds or {},
            {id_: self.graph.source(id_) for id_ in self._cited},
            tuple(dict.fromkeys(self.notes)),
            {id_: self.graph.name_of(row) for id_, row in self._asked_about().items()},
            tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else (),
        )

    def _asked_about(self) -> dict[str, int]:
        ids = (str(self.asked[key]) for key in ("entity", "start", "end") if key in self.asked)
        return {id_: row for id_ in ids if (row := self.graph.row_of(id_)) is not None}
