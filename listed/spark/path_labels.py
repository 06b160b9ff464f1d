"""The best path from every entity to a listed one, found from the listed ones outward in rounds of joins.

The order is that of :mod:`listed.queries.best_paths`. A round gives the entities one link further out their
best path over one of those reached in the round before; as paths only grow, the first that arrives is the best,
and none is ever taken back. An entity that is itself listed asks for the way to another one: for it, each
entity on the way also keeps its best path to a second end.
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from listed.graph.adjacency import STATE_HUB_LINKS, hubs
from listed.graph.tables import day_number, row_numbers
from listed.queries.listings import listed_on
from listed.spark.cells import small
from listed.spark.columns import schema_in_spark
from listed.spark.parts import FILE, LINE, graph_of_part, whole_partitions
from listed.spark.places import Work
from listed.spark.rounds import Telling
from listed.spark.snapshots import SparkSnapshot
from listed.spark.stakes import CLAIM_COLUMNS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_WAYS = pa.schema([("one", pa.string()), ("other", pa.string()), ("kind", pa.int32())])
_IDS = pa.schema([("entity", pa.string())])


def ways_on(snapshot: SparkSnapshot, day: date, kinds: frozenset[int] | None) -> DataFrame:
    """Return who is linked to whom on a day, from both ends: ``entity``, ``neighbour``, and the strongest ``kind``."""
    from pyspark.sql import functions as F  # noqa: N812

    links = snapshot.table("links", in_line=True).select(*CLAIM_COLUMNS, FILE, LINE)
    find = whole_partitions(partial(_ways, day=day, kinds=kinds))
    # All links between two entities lie together, whichever way they lead.
    ends = (F.least("source", "target"), F.greatest("source", "target"))
    ways = links.repartition(snapshot.cells, *ends).mapInArrow(find, schema_in_spark(_WAYS))
    return ways.select(F.col("one").alias("entity"), F.col("other").alias("neighbour"), "kind")


def _ways(links: pa.Table, day: date, kinds: frozenset[int] | None) -> pa.Table:
    arrays = (graph := graph_of_part({"links": links})).arrays
    number = day_number(day)
    counts = (arrays.arc_from <= number) & (arrays.arc_to >= number)
    if kinds is not None:
        counts &= np.isin(arrays.arc_kind, list(kinds))
    arcs = np.flatnonzero(counts)
    entity = np.repeat(np.arange(arrays.size), np.diff(arrays.first))[arcs]
    # Arcs stand by entity and strength, so that the first of each pair is its strongest.
    _, first = np.unique(entity << 32 | arrays.neighbour[arcs], return_index=True)
    ids = graph.tables["entities"]["id"]
    ends = [ids.take(row_numbers(one[first])) for one in (entity, arrays.neighbour[arcs])]
    return pa.table([*ends, pa.array(arrays.arc_kind[arcs][first].astype(np.int32))], schema=_WAYS)


def ends_on(snapshot: SparkSnapshot, day: date, lists: tuple[str, ...]) -> DataFrame:
    """Return the entities that may be on one of the lists (any) on a day: ``entity``."""
    find = whole_partitions(partial(_ends, day=day, lists=lists))
    return snapshot.table("listings").coalesce(1).mapInArrow(find, schema_in_spark(_IDS)).distinct()


def _ends(listings: pa.Table, day: date, lists: tuple[str, ...]) -> pa.Table:
    graph = graph_of_part({"listings": listings})
    rows = sorted(listed_on(graph, day, lists))
    return pa.table([graph.tables["entities"]["id"].take(row_numbers(rows))], schema=_IDS)


def hubs_of(snapshot: SparkSnapshot) -> DataFrame:
    """Return the entities through which paths say little: ``entity``."""
    from pyspark.sql import functions as F  # noqa: N812

    ends = snapshot.table("links").select(F.explode(F.array("source", "target")).alias("id"))
    degree = ends.groupBy("id").count().where(F.col("count") >= STATE_HUB_LINKS)
    parties = snapshot.table("entities").select("id", "schema", "properties")
    near = parties.join(degree, "id", "left").where("count IS NOT NULL OR contains(properties, '\"hub\"')")
    return near.mapInArrow(whole_partitions(_hubs), schema_in_spark(_IDS))


def _hubs(entities: pa.Table) -> pa.Table:
    degree = entities["count"].fill_null(0).to_numpy()
    return pa.table([entities["id"].filter(pa.array(hubs(entities, degree)))], schema=_IDS)


class Labels:
    """The best path known from each entity.

    Parameters
    ----------
    ways
        As :func:`ways_on`.
    ends, hubs
        Where paths end, and where none goes on: ``entity``.
    second
        Also the best path to a second end, for entities that are ends themselves.
    """

    def __init__(self, work: Work, ways: DataFrame, ends: DataFrame, hubs: DataFrame, *, second: bool) -> None:
        from pyspark.sql import functions as F  # noqa: N812

        self._work, self._ways, self._second = work, ways, second
        self._ends, self._hubs = work.keep("ends", ends), work.keep("hubs", hubs)
        # A label: its place (the best, or the second), its length, and the path, whose last is the end.
        start = self._ends.select("entity", F.lit(0).alias("length"), F.array("entity").alias("path"))
        self._front = start.withColumn("place", F.lit(1))
        self._count = self._ends.count()
        no_way = self._ends.unionByName(self._hubs).distinct()
        self._no_way = small(no_way, self._count + self._hubs.count())
        self._known: DataFrame | None = None
        self._length = 0

    def paths(self, subjects: DataFrame, hops: int, tell: Telling) -> DataFrame:
        """Return the best path of each subject that has one within so many links: ``entity`` and ``path``."""
        for length in range(1, hops + 1):
            if not self._count:
                break
            tell(f"paths of {length} links of at most {hops}: from {self._count:,} ends of paths")
            self._grow(length, subjects if length == hops else None)
        if self._known is None:
            return self._front.where("FALSE").select("entity", "path")
        return self._known.where("place = 1").join(subjects, "entity", "left_semi").select("entity", "path")

    def _grow(self, length: int, only: DataFrame | None) -> None:
        """Add the labels of the next length, or those that entities asked about have."""
        from pyspark.sql import functions as F  # noqa: N812

        front = self._front.select(F.col("entity").alias("neighbour"), "place", "path",
                                   F.element_at("path", -1).alias("end"))  # fmt: skip
        told = self._ways.join(small(front, self._count), "neighbour").where("entity != end")
        if only is not None:
            told = told.join(only, "entity", "left_semi")
        best = F.min(F.struct("kind", "neighbour", "place", "path")).alias("best")
        if self._second:
            told = self._work.keep(f"told-{length}", told.groupBy("entity", "end").agg(best))
        else:
            told = told.groupBy("entity").agg(best)
        fresh = self._first_labels(told, length)
        if self._second:
            fresh = self._with_second(told, fresh, length)
        known = fresh if self._known is None else self._known.unionByName(fresh)
        self._known = self._work.keep(f"labels-{length}", known)
        self._work.drop(f"labels-{length - 1}")
        fresh = self._known.where(F.col("length") == length)
        self._front = fresh.join(self._no_way, "entity", "left_anti")
        self._count = self._front.count()

    def _first_labels(self, told: DataFrame, length: int) -> DataFrame:
        from pyspark.sql import functions as F  # noqa: N812

        if self._known is not None:
            told = told.join(self._known.where("place = 1"), "entity", "left_anti")
        if self._second:
            told = told.groupBy("entity").agg(F.min("best").alias("best"))
        return _labels(told, 1, length)

    def _with_second(self, told: DataFrame, fresh: DataFrame, length: int) -> DataFrame:
        """Return the labels with those that lead to another end than the first of their entity."""
        from pyspark.sql import functions as F  # noqa: N812

        known = fresh if self._known is None else self._known.where("place = 1").unionByName(fresh)
        first = known.select("entity", F.element_at("path", -1).alias("first_end"))
        others = told.join(first, "entity").where("end != first_end")
        if self._known is not None:
            others = others.join(self._known.where("place = 2"), "entity", "left_anti")
        others = others.groupBy("entity").agg(F.min("best").alias("best"))
        return fresh.unionByName(_labels(others, 2, length))


def _labels(told: DataFrame, place: int, length: int) -> DataFrame:
    from pyspark.sql import functions as F  # noqa: N812

    path = F.concat(F.array("entity"), F.col("best.path"))
    return told.select("entity", F.lit(length).alias("length"), path.alias("path"), F.lit(place).alias("place"))
