"""Whom an ownership rule captures, and verdicts on many: :mod:`listed.queries.rules` on a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.snapshot import today
from listed.queries.answer import Inquiry
from listed.queries.fixed_points import Test
from listed.queries.regimes import Regime, chosen
from listed.queries.ruling import Ruling
from listed.queries.seeds import of_the_us, seeds_of
from listed.spark.answers import SparkAnswer, answer_folder, publish
from listed.spark.cells import cell_of, shipped, small
from listed.spark.columns import schema_in_spark
from listed.spark.part_ruling import FLAGS, TERMS, VERDICTS, strictest_terms, verdict_rows
from listed.spark.parts import FILE, LINE, graph_of_part, whole_partitions
from listed.spark.places import Work, working
from listed.spark.rounds import Telling, least_upstream, spread
from listed.spark.session import plain_failures
from listed.spark.snapshots import SparkSnapshot
from listed.spark.stakes import OF, TOLD_COLUMNS, controls_on, owners_firms, stakes_on
from listed.spark.subjects import subjects_of

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SEEDS = pa.schema([("entity", pa.string()), ("certain", pa.bool_())])
_STANDING = pa.schema([("entity", pa.string()), *((flag, pa.bool_()) for flag in (*FLAGS, "beyond"))])
_CAPTURED = "possible AND NOT listed AND (may_be OR NOT beyond)"
_PARTY = ("id", "name", "schema", "countries", "topics", "placeholder")


def affiliates(
    spark: SparkSession,
    graph: str | Path,
    out: str | Path,
    as_of: date | None = None,
    *,
    regime: str = "us-bis",
    regimes_file: str | Path | None = None,
    snapshot: int | None = None,
    tell: Telling = lambda _: None,
) -> SparkAnswer:
    """Write every entity that a regime captures, certainly or possibly, but does not list.

    As :func:`listed.queries.affiliates`, whose rows these are.

    Parameters
    ----------
    spark
        A session (:func:`listed.spark.session`, or your own).
    graph, out
        The graph's folder and a new folder for the answer, as addresses that Spark takes.
    tell
        Told what is being done.

    Raises
    ------
    GraphNotFoundError, GraphDamagedError, InputError, QueryError
        If there is no graph, the answer's folder is not empty, or there is no such regime.
    ServerError
        If Spark fails.
    """
    job = _Job(spark, graph, out, as_of, regime, regimes_file, snapshot, tell)
    return job.run("affiliates", None)


def verdicts(
    spark: SparkSession,
    graph: str | Path,
    out: str | Path,
    as_of: date | None = None,
    *,
    subjects: str | Path | None = None,
    regime: str = "us-bis",
    regimes_file: str | Path | None = None,
    snapshot: int | None = None,
    tell: Telling = lambda _: None,
) -> SparkAnswer:
    """Write the verdict on each of a table of subjects, or on every entity.

    As :func:`listed.queries.verdict`, but that ``grounds`` are the stakes in the entity itself, as
    :func:`affiliates` tells them: those of an owner are in the verdict on the owner. The ids asked that are not
    in the graph are in ``subjects``, beside the rows, without an entity.

    Parameters
    ----------
    subjects
        As :func:`listed.spark.subjects.subjects_of`.
    """
    job = _Job(spark, graph, out, as_of, regime, regimes_file, snapshot, tell)
    return job.run("verdicts", subjects or "")


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where each entity stands under a regime that is listed or captured at all."""

    rows: DataFrame
    count: int
    hands: DataFrame
    strictest: DataFrame


class _Job:
    def __init__(
        self, spark: SparkSession, graph: str | Path, out: str | Path, as_of: date | None, regime: str,
        regimes_file: str | Path | None, snapshot: int | None, tell: Telling,
    ) -> None:  # fmt: skip
        self.rules = chosen(regime, regimes_file)
        self.regime, self.day, self.tell = regime, as_of or today(), tell
        tell("opening the graph")
        with plain_failures():
            self.snapshot, self.out = SparkSnapshot(spark, graph, snapshot), answer_folder(spark, out)
        self.spark = spark
        self.firms: DataFrame

    def run(self, query: str, subjects: str | Path | None) -> SparkAnswer:
        """Answer; ``subjects`` is None for those captured, empty for every entity."""
        from pyspark.sql import functions as F  # noqa: N812

        asked: dict[str, Any] = {"regime": self.regime}
        bounds: dict[str, Any] = {}
        with plain_failures(), working(self.spark, self.out) as work:
            wanted = None
            if subjects is not None:
                wanted = self.snapshot.table("entities").select(F.col("id").alias("entity"))
            if subjects:
                self.tell("subjects")
                asked["subjects"] = str(subjects)
                wanted = self._subjects(subjects, bounds)
            self.tell("stakes on the day")
            self.firms = work.keep("firms", owners_firms(self.snapshot))
            stakes = work.keep("stakes", stakes_on(self.snapshot, self.day, self.firms))
            rows, notes = None, []
            for place, rule in enumerate(self.rules):
                inquiry, missing = self._inquiry(rule)
                notes += inquiry.notes
                part = work.keep(f"rows-{place}", self._ruled(work, rule, place, stakes, wanted, missing))
                rows = part if rows is None else rows.unionByName(part)
            if rows is None:
                raise ValueError("no regime")
            bounds["counts"] = _counts(rows)
            self.tell("writing the answer")
            return publish(self.snapshot, self.out, rows, query, asked, self.day, bounds, tuple(dict.fromkeys(notes)))

    def _subjects(self, given: str | Path, bounds: dict[str, Any]) -> DataFrame:
        subjects_of(self.snapshot, given).orderBy("asked").write.parquet(f"{self.out}/subjects")
        told = self.spark.read.parquet(f"{self.out}/subjects")
        bounds["subjects"] = told.count()
        bounds["not_in_the_graph"] = told.where("entity IS NULL").count()
        return told.where("entity IS NOT NULL").select("entity").distinct()

    def _inquiry(self, rule: Regime) -> tuple[Inquiry, tuple[str, ...]]:
        """Return what a ruling says of the lists this graph lacks: asked of a graph of one listing for each."""
        lists = pa.table({"list": pa.array(self.snapshot.lists, pa.string()),
                          "entity": pa.array(self.snapshot.lists, pa.string())})  # fmt: skip
        inquiry = Inquiry(graph_of_part({"listings": lists}), "affiliates", {}, self.day)
        return inquiry, Ruling(inquiry, rule).missing

    def _ruled(
        self, work: Work, rule: Regime, place: int, stakes: DataFrame, wanted: DataFrame | None,
        missing: tuple[str, ...],
    ) -> DataFrame:  # fmt: skip
        """Return the rows of one regime."""
        standing = self._standing(work, rule, stakes)
        if wanted is None:
            wanted = standing.rows.where(_CAPTURED).select("entity")
        parts = self.snapshot.cells
        shipment = self._shipment(work, wanted, standing, parts)
        answer = whole_partitions(partial(verdict_rows, rule=rule, place=place, day=self.day, missing=missing))
        self.tell(f"{rule.id}: verdicts")
        return shipment.mapInArrow(answer, schema_in_spark(VERDICTS))

    def _standing(self, work: Work, rule: Regime, stakes: DataFrame) -> _Standing:
        from pyspark.sql import functions as F  # noqa: N812

        phase = rule.on(self.day)
        test = Test(rule.threshold + (0 if phase.inclusive else 1), rule.aggregates)
        find = whole_partitions(partial(_seeds, rule=rule, day=self.day))
        # What is said of one entity lies together: a source may know of an end that another does not.
        listings = self.snapshot.table("listings", in_line=True).repartition(self.snapshot.cells, "entity")
        found = listings.mapInArrow(find, schema_in_spark(_SEEDS))
        seeds = work.keep("seeds", found.groupBy("entity").agg(F.bool_or("certain").alias("certain")))
        listed, may_be = seeds.where("certain").select("entity"), seeds.select("entity")
        parts = {"listed": listed, "may_be": may_be, "certain": listed, "possible": may_be}
        hands = self._hands(listed, may_be)
        if rule.flows_down:
            # A rule that does not add up what several listed owners hold is one for each of them.
            party = F.lit("") if rule.aggregates else F.col("entity")
            tell = lambda text: self.tell(f"{rule.id}: {text}")  # noqa: E731
            certain = spread(work, stakes, listed.withColumn("party", party), test, possibly=False, tell=tell)
            # Whatever is certain is possible: it starts from there.
            start = may_be.withColumn("party", party).unionByName(certain.select("entity", "party")).distinct()
            possible = spread(work, stakes, start, test, possibly=True, tell=tell)
            parts |= {"certain": certain.select("entity"), "possible": possible.select("entity")}
            hands = self._hands(certain, possible)
        parts["controlled"] = self._under_control(work, rule, stakes, parts["possible"], test)
        flagged = [rows.select("entity", *(F.lit(name == flag).alias(flag) for flag in FLAGS))
                   for name, rows in parts.items()]  # fmt: skip
        whole = reduce(lambda one, other: one.unionByName(other), flagged)
        whole = work.keep("captured", whole.groupBy("entity").agg(*(F.bool_or(flag).alias(flag) for flag in FLAGS)))
        count = whole.count()
        parties = self.snapshot.table("entities").select(F.col("id").alias("entity"), "countries")
        parties = parties.join(small(whole, count), "entity")
        reach = whole_partitions(partial(_with_reach, rule=rule))
        rows = work.keep("standing", parties.mapInArrow(reach, schema_in_spark(_STANDING)))
        return _Standing(rows, count, hands, self._strictest(work, rule, stakes, rows, count))

    def _under_control(self, work: Work, rule: Regime, stakes: DataFrame, captured: DataFrame, test: Test) -> DataFrame:
        """Return who may be under the control of the captured, with them (:mod:`listed.queries.control`)."""
        from pyspark.sql import functions as F  # noqa: N812

        if not rule.control:
            return captured.select("entity").distinct()
        held = stakes.unionByName(work.keep("controls", controls_on(self.snapshot, self.day, test.least)))
        start = captured.select("entity").distinct().withColumn("party", F.lit(""))
        tell = lambda text: self.tell(f"{rule.id}: {text}")  # noqa: E731
        found = spread(work, held, start, test, possibly=True, tell=tell, what="control")
        return found.select("entity")

    def _hands(self, certain: DataFrame, possible: DataFrame) -> DataFrame:
        """Return by whom each is captured, certainly and possibly."""
        from pyspark.sql import functions as F  # noqa: N812

        both = [rows.withColumn("party", F.col("party") if "party" in rows.columns else F.lit(""))
                    .select("entity", "party", F.lit(word).alias("possibly"))
                for rows, word in ((certain, False), (possible, True))]  # fmt: skip
        return both[0].unionByName(both[1])

    def _strictest(self, work: Work, rule: Regime, stakes: DataFrame, standing: DataFrame, count: int) -> DataFrame:
        """Return of each captured entity the listed party with the strictest terms that it leads back to."""
        from pyspark.sql import functions as F  # noqa: N812

        sure = F.col("certain")
        owners = standing.where("possible").select(F.col("entity").alias("owner"), sure.alias("owner_sure"))
        assets = standing.where("possible AND NOT listed").select(
            F.col("entity").alias("asset"), sure.alias("asset_sure")
        )
        ways = stakes.select("owner", "asset", "low").join(small(owners, count), "owner")
        # What is certainly captured is so by the certain stakes of certain owners: only those bring terms.
        ways = ways.join(small(assets, count), "asset").where("NOT asset_sure OR (owner_sure AND low > 0)")
        ways = work.keep("ways", ways.select("owner", "asset"))
        listed = standing.where("may_be").select(F.col("entity").alias("owner"))
        parties = ways.select("owner").distinct().join(small(listed, count), "owner", "left_semi")
        parts = max(1, min(self.snapshot.cells, count // 10_000))
        named = parties.select(F.col("owner").alias("entity"), cell_of("owner", parts).alias("cell"))
        terms = whole_partitions(partial(strictest_terms, rule=rule, day=self.day))
        shipment = shipped(parts, entities=self._entities(named, count), listings=self._listings(named, count))
        keys = shipment.mapInArrow(terms, schema_in_spark(TERMS))
        tell = lambda text: self.tell(f"{rule.id}: {text}")  # noqa: E731
        found = least_upstream(work, ways, keys, tell=tell)
        told = ways.select(F.col("asset").alias("entity")).distinct()
        return found.join(told, "entity", "left_semi").select("entity", F.col("key.id").alias("party"))

    def _shipment(self, work: Work, wanted: DataFrame, standing: _Standing, parts: int) -> DataFrame:
        """Return all that the verdicts on the entities wanted rest on, cut by entity."""
        from pyspark.sql import functions as F  # noqa: N812

        here = wanted.join(small(standing.strictest, standing.count), "entity", "left")
        here = work.keep("wanted", here.withColumn("cell", cell_of("entity", parts)))
        count = here.count()
        links = self.snapshot.table("links", in_line=True).where("type IN ('OWNS', 'CONTROLS')")
        links = links.select(*TOLD_COLUMNS, FILE, LINE)
        targets = small(here.select(F.col("entity").alias("target"), "cell"), count)
        into = links.join(targets, "target")
        firms = self.firms.join(small(here.select(F.col("entity").alias(OF), "cell"), count), OF)
        firms = work.keep("wanted-firms", firms.select("source", "target", "cell").distinct())
        beside = links.where("type = 'OWNS'").join(small(firms, firms.count()), ["source", "target"])
        links = work.keep("wanted-links", into.unionByName(beside))
        # An owner is sent to each cell once, however many of its firms lie there.
        named = links.select("cell", F.col("source").alias("entity")).unionByName(here.select("cell", "entity"))
        named = named.unionByName(here.select("cell", F.col("party").alias("entity")).where("entity IS NOT NULL"))
        named = work.keep("named", named.distinct())
        names = named.count()
        return shipped(
            parts, wanted=here, links=links, entities=self._entities(named, names),
            listings=self._listings(named, names),
            standing=named.join(small(standing.rows, standing.count), "entity"),
            hands=named.join(small(standing.hands, standing.count), "entity"),
        )  # fmt: skip

    def _entities(self, named: DataFrame, count: int) -> DataFrame:
        from pyspark.sql import functions as F  # noqa: N812

        ids = small(named.select(F.col("entity").alias("id"), "cell"), count)
        return self.snapshot.table("entities").select(*_PARTY).join(ids, "id")

    def _listings(self, named: DataFrame, count: int) -> DataFrame:
        listings = self.snapshot.table("listings", in_line=True).drop("record")
        return listings.join(small(named, count), "entity")


def _seeds(listings: pa.Table, rule: Regime, day: date) -> pa.Table:
    graph = graph_of_part({"listings": listings})
    ids = graph.tables["entities"]["id"]
    certain, possible = (ids.take(pa.array(rows)).combine_chunks() for rows in seeds_of(graph, rule, day))
    entities = pa.concat_arrays([certain, possible])
    flags = pa.array([True] * len(certain) + [False] * len(possible), pa.bool_())
    return pa.table([entities, flags], schema=_SEEDS)


def _with_reach(parties: pa.Table, rule: Regime) -> pa.Table:
    """Return where parties stand, and whether they are beyond the rule's reach."""
    graph = graph_of_part({"entities": parties.select(["entity", "countries"]).rename_columns(["id", "countries"])})
    beyond = np.zeros(graph.arrays.size, np.bool_) if rule.us_entities else of_the_us(graph)
    rows = pc.index_in(parties["entity"], graph.tables["entities"]["id"].combine_chunks()).to_numpy()
    return parties.select(["entity", *FLAGS]).append_column("beyond", pa.array(beyond[rows])).cast(_STANDING)


def _counts(rows: DataFrame) -> dict[str, int]:
    """Return how many rows have which verdict, as it would be were the rule in force."""
    from pyspark.sql import functions as F  # noqa: N812

    said = F.when(F.col("would_be") != "", F.col("would_be")).otherwise(F.col("verdict"))
    found = {str(row[0]): int(row[1]) for row in rows.groupBy(said).count().collect()}
    return {"captured": 0, "undetermined": 0} | dict(sorted(found.items()))
