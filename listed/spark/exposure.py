"""The best path of each of many entities to a listed one: :mod:`listed.queries.exposure` on a cluster."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from listed.graph.snapshot import today
from listed.queries.answer import Inquiry
from listed.queries.exposure import MOST_HOPS, check_bounds, kinds_of, path_row
from listed.queries.listings import check_lists
from listed.queries.records import PathRow
from listed.spark.answers import CITED, ORDER, SparkAnswer, answer_folder, publish
from listed.spark.cells import cell_of, shipped, small
from listed.spark.columns import columns_of, rows_in_columns, schema_in_spark
from listed.spark.parts import FILE, LINE, graph_of_part, parcels, whole_partitions
from listed.spark.path_labels import Labels, ends_on, hubs_of, ways_on
from listed.spark.places import Work, working
from listed.spark.rounds import Telling
from listed.spark.session import plain_failures
from listed.spark.snapshots import SparkSnapshot
from listed.spark.stakes import TOLD_COLUMNS
from listed.spark.subjects import subjects_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_PATHS = pa.schema([*columns_of(PathRow), (CITED, pa.list_(pa.string())), (ORDER, pa.int64())])
_PARTY = ("id", "name", "schema", "placeholder")


def exposure(
    spark: SparkSession,
    graph: str | Path,
    out: str | Path,
    subjects: str | Path,
    as_of: date | None = None,
    *,
    lists: Iterable[str] = (),
    types: Iterable[str] = (),
    hops: int = MOST_HOPS,
    hubs: bool = False,
    snapshot: int | None = None,
    tell: Telling = lambda _: None,
) -> SparkAnswer:
    """Write the best path from each of a table of subjects to a listed entity other than itself.

    As the first path of :func:`listed.queries.exposure`, whose rows these are. The ids asked are in
    ``subjects``, beside the rows: those without an entity are not in the graph, those without a row have no path
    within the hops.

    Parameters
    ----------
    spark, graph, out, tell
        As :func:`listed.spark.affiliates`.
    subjects
        As :func:`listed.spark.subjects.subjects_of`.
    lists, types, hops, hubs
        As :func:`listed.queries.exposure`.

    Raises
    ------
    GraphNotFoundError, GraphDamagedError, InputError, QueryError
        If there is no graph, the answer's folder is not empty, the subjects cannot be read, or a bound cannot
        be asked for.
    ServerError
        If Spark fails.
    """
    kinds, day = kinds_of(types), as_of or today()
    check_bounds(hops, 1)
    tell("opening the graph")
    with plain_failures():
        opened, place = SparkSnapshot(spark, graph, snapshot), answer_folder(spark, out)
        wanted_lists = check_lists(_lists_alone(opened), tuple(lists))
        asked = {"subjects": str(subjects), "lists": wanted_lists, "types": tuple(types), "hops": hops, "hubs": hubs}
        bounds: dict[str, Any] = {"hops": hops, "through_hubs": hubs}
        with working(spark, place) as work:
            tell("subjects")
            subjects_of(opened, subjects).orderBy("asked").write.parquet(f"{place}/subjects")
            told = spark.read.parquet(f"{place}/subjects")
            bounds["subjects"], bounds["not_in_the_graph"] = told.count(), told.where("entity IS NULL").count()
            here = work.keep("subjects", told.where("entity IS NOT NULL").select("entity").distinct())
            paths = work.keep("paths", _best(work, opened, here, day, wanted_lists, kinds, hops, tell, hubs=hubs))
            bounds["with_a_path"] = paths.count()
            tell(f"{bounds['with_a_path']:,} paths")
            rows = work.keep("rows", _read_aloud(work, opened, paths, bounds["with_a_path"], day))
            tell("writing the answer")
            return publish(opened, place, rows, "exposure", asked, day, bounds, by="start")


def _lists_alone(snapshot: SparkSnapshot) -> Any:
    names = pa.array(snapshot.lists, pa.string())
    return graph_of_part({"listings": pa.table({"list": names, "entity": names})})


def _best(
    work: Work, snapshot: SparkSnapshot, subjects: DataFrame, day: date, lists: tuple[str, ...],
    kinds: frozenset[int] | None, hops: int, tell: Telling, *, hubs: bool,
) -> DataFrame:  # fmt: skip
    """Return the best path of each subject that has one."""
    tell("links on the day")
    ways = work.keep("ways", ways_on(snapshot, day, kinds))
    ends, held_back = ends_on(snapshot, day, lists), hubs_of(snapshot)
    if hubs:
        held_back = held_back.where("FALSE")
    listed = subjects.join(ends, "entity", "left_semi").limit(1).count()
    return Labels(work, ways, ends, held_back, second=listed > 0).paths(subjects, hops, tell)


def _read_aloud(work: Work, snapshot: SparkSnapshot, paths: DataFrame, count: int, day: date) -> DataFrame:
    """Return the rows of paths, told where all that a path rests on lies together."""
    from pyspark.sql import functions as F  # noqa: N812

    parts = max(1, min(snapshot.cells, count // 1000))
    paths = paths.withColumn("cell", cell_of("entity", parts))
    steps = paths.select("cell", F.posexplode("path").alias("place", "one"), "path")
    steps = steps.where("place < size(path) - 1").withColumn("other", F.expr("path[place + 1]"))
    both = steps.select("cell", "one", "other").unionByName(
        steps.select("cell", F.col("other").alias("one"), F.col("one").alias("other"))
    )
    pairs = work.keep(
        "pairs", both.select("cell", F.col("one").alias("source"), F.col("other").alias("target")).distinct()
    )
    links = snapshot.table("links", in_line=True).select(*TOLD_COLUMNS, "note", FILE, LINE)
    links = links.join(small(pairs, pairs.count()), ["source", "target"])
    named = work.keep("named", paths.select("cell", F.explode("path").alias("entity")).distinct())
    names = named.count()
    listings = snapshot.table("listings", in_line=True).drop("record").join(small(named, names), "entity")
    ids = small(named.select("cell", F.col("entity").alias("id")), names)
    entities = snapshot.table("entities").select(*_PARTY).join(ids, "id")
    shipment = shipped(parts, paths=paths.select("cell", "path"), links=links, entities=entities, listings=listings)
    return shipment.mapInArrow(whole_partitions(partial(_rows, day=day)), schema_in_spark(_PATHS))


def _rows(table: pa.Table, day: date) -> pa.Table:
    told = parcels(table)
    graph = graph_of_part({name: told[name] for name in ("entities", "links", "listings")})
    inquiry = Inquiry(graph, "exposure", {}, day)
    place = {id_: row for row, id_ in enumerate(graph.tables["entities"]["id"].to_pylist())}
    paths = [tuple(place[id_] for id_ in path) for path in told["paths"]["path"].to_pylist()]
    rows = [path_row(inquiry, "listed", path, history=False) for path in paths]
    cited = pa.array([list(row.sources) for row in rows], pa.list_(pa.string()))
    order = pa.array([0] * len(rows), pa.int64())
    return rows_in_columns(PathRow, rows).append_column(CITED, cited).append_column(ORDER, order)
