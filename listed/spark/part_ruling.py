"""A ruling told on a worker, of a part of the graph, once it is known of the whole who is captured."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.snapshot import Graph
from listed.queries.answer import Inquiry
from listed.queries.fixed_points import Captured, Hands
from listed.queries.regimes import Regime
from listed.queries.ruling import Ruling, strictest_first
from listed.queries.stake_columns import Flags
from listed.queries.verdicts import VerdictRow
from listed.spark.answers import CITED, ORDER
from listed.spark.columns import columns_of, rows_in_columns
from listed.spark.parts import graph_of_part, parcels

CITING = pa.list_(pa.string())

TERMS = pa.schema([
    ("entity", pa.string()),
    ("key", pa.struct([("strictness", pa.int32()), ("name", pa.string()), ("id", pa.string()), ("list", pa.string())])),
])  # fmt: skip
"""The strictest terms of a listed party, in the order in which terms are told."""

VERDICTS = pa.schema([*columns_of(VerdictRow), (CITED, CITING), (ORDER, pa.int64())])
FLAGS = ("listed", "may_be", "certain", "possible", "controlled")


class PartRuling(Ruling):
    """A ruling on a part of the graph.

    Parameters
    ----------
    flags
        Of each entity of the part whether it is and may be listed, certainly and possibly captured, and may be
        under the control of those who are.
    hands
        By whom each is captured certainly and possibly, where stakes are not added.
    missing
        Lists of the regime that the whole graph lacks.
    """

    def __init__(
        self, inquiry: Inquiry, rule: Regime, flags: dict[str, Flags], hands: tuple[Hands, Hands] | None = None,
        missing: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self._flags, self._hands = flags, hands or (None, None)
        super().__init__(inquiry, rule)
        self.missing = missing  # not what this part lacks

    def _captured(self) -> tuple[Flags, Flags, Captured]:
        flags = self._flags
        tier = np.where(flags["listed"], np.int32(0), np.int32(-1))
        return flags["listed"], flags["may_be"], Captured(flags["certain"], flags["possible"], tier, *self._hands)

    def _under_control(self) -> Flags:
        return self._flags["controlled"]

    def rows(self, entities: Iterable[int], strictest: dict[int, int]) -> list[VerdictRow]:
        """Return the verdicts, as :meth:`listed.queries.ruling.Ruling.captured_rows` tells them."""
        self._read_names(np.arange(self.graph.arrays.size))
        self._strictest = strictest
        return [self.row(entity, whole=False) for entity in entities]

    def strictest_terms(self, party: int) -> tuple[int, str, str, str] | None:
        """Return the strictest of a listed party's terms, if it has any."""
        return min(map(strictest_first, self._terms_of(party)), default=None)


def verdict_rows(table: pa.Table, rule: Regime, place: int, day: date, missing: tuple[str, ...]) -> pa.Table:
    """Return the verdicts on the entities wanted of a part; ``place`` is the regime's among those asked."""
    told = parcels(table)
    if not told["wanted"].num_rows:
        return VERDICTS.empty_table()
    graph = graph_of_part({name: told[name] for name in ("entities", "links", "listings")})
    inquiry = Inquiry(graph, "verdict", {}, day)
    flags, hands = _flags(graph, told["standing"]), None if rule.aggregates else _hands(graph, told["hands"])
    ruling = PartRuling(inquiry, rule, flags, hands, missing)
    wanted = _numbers(graph, told["wanted"]["entity"])
    parties = _numbers(graph, told["wanted"]["party"])
    strictest = {one: party for one, party in zip(wanted, parties, strict=True) if party >= 0}
    rows = ruling.rows(wanted, strictest)
    table = rows_in_columns(VerdictRow, rows)
    cited = pa.array([list(inquiry.answer(()).sources), *([[]] * (len(rows) - 1))], CITING)
    return table.append_column(CITED, cited).append_column(ORDER, pa.array([place] * len(rows), pa.int64()))


def strictest_terms(table: pa.Table, rule: Regime, day: date) -> pa.Table:
    """Return the strictest terms of each listed party of a part."""
    told = parcels(table)
    graph = graph_of_part({name: told[name] for name in ("entities", "listings")})
    nobody = {name: np.zeros(graph.arrays.size, np.bool_) for name in FLAGS}
    ruling = PartRuling(Inquiry(graph, "verdict", {}, day), rule, nobody)
    each = ((graph.id_of(party), ruling.strictest_terms(party)) for party in range(graph.arrays.size))
    found = [(id_, key) for id_, key in each if key is not None]
    keys = [dict(zip(("strictness", "name", "id", "list"), key, strict=True)) for _, key in found]
    return pa.table(
        [pa.array([id_ for id_, _ in found], pa.string()), pa.array(keys, TERMS.field("key").type)], schema=TERMS
    )


def _flags(graph: Graph, standing: pa.Table) -> dict[str, Flags]:
    rows = _numbers(graph, standing["entity"])
    flags = {}
    for name in FLAGS:
        flags[name] = np.zeros(graph.arrays.size, np.bool_)
        flags[name][rows] = standing[name].to_numpy()
    return flags


def _hands(graph: Graph, told: pa.Table) -> tuple[Hands, Hands]:
    """Return in whose hands entities are, certainly and possibly; parties get numbers of this part alone."""
    entity = np.array(_numbers(graph, told["entity"]), np.int64)
    party = told["party"].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    order = np.lexsort((party, entity))
    possibly = told["possibly"].to_numpy()[order]
    certain, possible = (Hands(entity[order][of], party[order][of]) for of in (~possibly, possibly))
    return certain, possible


def _numbers(graph: Graph, ids: pa.ChunkedArray) -> list[int]:
    """Return the numbers of entities by their ids; -1 for null."""
    found: list[int] = pc.index_in(ids, graph.tables["entities"]["id"].combine_chunks()).fill_null(-1).to_pylist()
    return found
