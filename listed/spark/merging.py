"""From the statements in several graphs to one snapshot: :mod:`listed.graph.merge` on a cluster.

A register too large for one load is loaded piece by piece, each into a graph of its own, on as many machines as
there are; this makes one graph of them. Which entities are one is found in rounds of joins; what becomes of
them is decided by the library's own functions, where all rows that are one lie together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listed.errors import InputError
from listed.graph.decisions import NO_DECISIONS, Decisions, read_decisions
from listed.graph.merge import ID_COLUMNS, SAME
from listed.graph.store import FORMAT, sealed
from listed.graph.tables import SCHEMAS, STATEMENT_TABLES
from listed.queries.answer import plain
from listed.spark.answers import answer_folder
from listed.spark.cells import small
from listed.spark.columns import table_in_spark
from listed.spark.identities import merged_ids
from listed.spark.part_merging import joined_rows, renewed_ids
from listed.spark.parts import FILE, LINE, whole_partitions
from listed.spark.places import Places, Work, address, working
from listed.spark.rounds import Telling
from listed.spark.session import plain_failures
from listed.spark.snapshots import LINKS_IN_A_CELL, read_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_LAST = "~"
"""Begins the place of rows that come after all others."""


@dataclass(frozen=True, slots=True)
class SparkMerge:
    """What a merge did, as :class:`listed.graph.merge.MergeReport`, and how many rows the snapshot has.

    Parameters
    ----------
    conflicts
        How many identifiers contradict a decision; the decision holds.
    """

    out: str
    datasets: tuple[str, ...]
    joined: dict[str, int] = field(default_factory=dict)
    merged_ids: int = 0
    own_assets: int = 0
    conflicts: int = 0
    totals: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the report as JSON text."""
        return json.dumps(plain(self), ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True)
class _Piece:
    """The statements of one dataset in one graph, and what that graph's manifest says of them."""

    dataset: str
    place: str
    facts: dict[str, Any]


def merge(
    spark: SparkSession,
    graphs: Sequence[str | Path],
    out: str | Path,
    *,
    decisions: str | Path | None = None,
    tell: Telling = lambda _: None,
) -> SparkMerge:
    """Make one graph of the statements in several.

    As :func:`listed.graph.merge.merge`, whose snapshot this is; a dataset that several graphs have is one of
    several pieces. The graph made holds the snapshot and no statements: to add to it, merge again.

    Parameters
    ----------
    spark
        A session.
    graphs, out
        The graphs' folders and a new folder, as addresses that Spark takes.
    decisions
        A file of decisions on this machine (:mod:`listed.graph.decisions`).

    Raises
    ------
    InputError
        If a graph is not there, the new folder is not empty, or the decisions cannot be read.
    ServerError
        If Spark fails.
    """
    decided = NO_DECISIONS if decisions is None else read_decisions(Path(decisions))
    with plain_failures():
        place = answer_folder(spark, out)
        pieces = _pieces(Places(spark), [address(one) for one in graphs])
        with working(spark, place) as work:
            return _Merging(spark, work, pieces, place, tell).run(decided)


def _pieces(places: Places, graphs: list[str]) -> list[_Piece]:
    """Return the datasets of all graphs, in the order in which they are merged."""
    found = []
    for graph in graphs:
        if not places.there(f"{graph}/manifest.json"):
            raise InputError("there is no graph here", file=graph, advice="make one with: listed load SOURCE FILE")
        for name, facts in json.loads(places.read(f"{graph}/manifest.json"))["datasets"].items():
            found.append(_Piece(name, f"{graph}/statements/{name}/{facts['version']}", facts))
    return sorted(found, key=lambda piece: (piece.dataset != "bundled", piece.dataset))


class _Merging:
    def __init__(self, spark: SparkSession, work: Work, pieces: list[_Piece], out: str, tell: Telling) -> None:
        self.spark, self.work, self.pieces, self.out, self.tell = spark, work, pieces, out, tell
        # Written where it stays: on S3 a new name is a copy. A graph is one from its manifest on, the last file.
        self.snapshot = f"{out}/snapshots/1"
        self.parts = spark.sparkContext.defaultParallelism
        self.totals: dict[str, int] = {}

    def run(self, decisions: Decisions) -> SparkMerge:
        """Merge, and publish the snapshot."""
        tables = {name: self._stacked(name) for name in STATEMENT_TABLES}
        self.tell("reading the statements")
        before = {name: tables[name].count() for name in STATEMENT_TABLES}
        self.parts = max(self.parts, -(-before["links"] // LINKS_IN_A_CELL))
        found, conflicts = merged_ids(
            self.work, tables["identifiers"], tables["entities"], decisions, self.parts, self.tell
        )
        found = self.work.keep("merged", found)
        went = found.count()
        if went:
            tables = self._renamed(tables, found, went)
        tables["links"] = self.work.keep("links", tables["links"])
        own = tables["links"].where("source = target")
        tables["set_aside"] = tables["set_aside"].unionByName(_set_aside(own))
        tables["links"] = tables["links"].where("source <> target")
        before["links"] -= (aside := own.count())
        joined = {}
        for name in STATEMENT_TABLES:
            self.tell(f"merging {name}")
            self._write(name, self._joined(name, tables[name]))
            if name != "set_aside":
                joined[name] = before[name] - self.totals[name]
        self._write("merged_ids", found.withColumn(FILE, found["id"]).withColumn(LINE, found["id"]))
        self.tell("publishing")
        self._publish(decisions)
        names = tuple(dict.fromkeys(piece.dataset for piece in self.pieces))
        return SparkMerge(self.out, names, joined, went, aside, conflicts, self.totals)

    def _stacked(self, name: str) -> DataFrame:
        """Return a table of all pieces; a row's place tells the piece, too."""
        from pyspark.sql import functions as F  # noqa: N812

        parts = []
        for number, piece in enumerate(self.pieces):
            rows = read_table(self.spark, f"{piece.place}/{name}.parquet", name, in_line=True)
            parts.append(rows.withColumn(FILE, F.concat(F.lit(f"{number:06d}/"), FILE)))
        if not parts:
            raise InputError("the graphs hold no datasets")
        return reduce(lambda one, other: one.unionByName(other), parts)

    def _renamed(self, tables: dict[str, DataFrame], merged: DataFrame, count: int) -> dict[str, DataFrame]:
        """Put the id that stays in the place of each that went into it."""
        from pyspark.sql import functions as F  # noqa: N812

        changed = dict(tables)
        for name, columns in ID_COLUMNS.items():
            for column in columns:
                stays = small(merged.select(F.col("id").alias(column), F.col("entity").alias("_stays")), count)
                rows = changed[name].join(stays, column, "left")
                changed[name] = rows.withColumn(column, F.coalesce("_stays", column)).drop("_stays")
            if name in ("links", "listings"):
                schema = f"{table_in_spark(name)}, {FILE} STRING, {LINE} BIGINT"
                rows = changed[name].select(*SCHEMAS[name].names, FILE, LINE)
                changed[name] = rows.mapInArrow(partial(renewed_ids, name=name), schema)
        return changed

    def _joined(self, name: str, rows: DataFrame) -> DataFrame:
        """Return a table with rows about one thing as one."""
        from pyspark.sql import functions as F  # noqa: N812

        same = ("id",) if name == "entities" else SAME.get(name)
        if same is None:
            return rows
        together = rows.repartition(self.parts, *(F.coalesce(column, F.lit("")) for column in same))
        join = whole_partitions(partial(joined_rows, name=name, same=same))
        return together.mapInArrow(join, f"{table_in_spark(name)}, {FILE} STRING, {LINE} BIGINT")

    def _write(self, name: str, rows: DataFrame) -> None:
        order = ("id",) if name == "entities" else (FILE, LINE)
        columns = SCHEMAS[name].names
        rows.orderBy(*order).select(*columns).write.parquet(f"{self.snapshot}/{name}.parquet")
        self.totals[name] = read_table(self.spark, f"{self.snapshot}/{name}.parquet", name).count()

    def _publish(self, decisions: Decisions) -> None:
        places = Places(self.spark)
        for name in SCHEMAS:
            places.remove(f"{self.snapshot}/{name}.parquet/_SUCCESS")
        manifest = sealed({
            "format": FORMAT,
            "snapshot": 1,
            "published": datetime.now(UTC).isoformat(timespec="seconds"),
            "datasets": _datasets(self.pieces),
            "counts": self.totals,
            "files": self._files(),
            **({"decisions": decisions.digest} if decisions.digest else {}),
        })  # fmt: skip
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        places.write(f"{self.snapshot}/manifest.json", text)
        places.write(f"{self.out}/manifest.json", text)

    def _files(self) -> dict[str, Any]:
        """Return the length, checksum and rows of each file: worked out where the files are."""
        from pyspark.sql import functions as F  # noqa: N812

        files = {}
        for name in SCHEMAS:
            place = f"{self.snapshot}/{name}.parquet"
            read = read_table(self.spark, place, name).select(F.col("_metadata.file_name").alias("file"))
            rows = {str(row[0]): int(row[1]) for row in read.groupBy("file").count().collect()}
            bytes_ = self.spark.read.format("binaryFile").option("pathGlobFilter", "*.parquet").load(place)
            for path, length, digest in bytes_.select("path", "length", F.sha2("content", 256)).collect():
                file = str(path).rsplit("/", 1)[-1]
                files[f"{name}.parquet/{file}"] = {"bytes": length, "sha256": digest, "rows": rows.get(file, 0)}
        return dict(sorted(files.items()))


def _set_aside(own: DataFrame) -> DataFrame:
    from pyspark.sql import functions as F  # noqa: N812

    return own.select(
        "dataset", "record", F.lit("owner and asset are the same entity").alias("reason"),
        F.concat_ws(" ", "source", "type").alias("text"), F.concat(F.lit(_LAST), FILE).alias(FILE), LINE,
    )  # fmt: skip


def _datasets(pieces: list[_Piece]) -> dict[str, Any]:
    """Return what the pieces' manifests say, added up by dataset; none of them keeps its statements here."""
    whole: dict[str, Any] = {}
    for piece in pieces:
        facts = {**piece.facts, "kept": False}
        before = whole.setdefault(piece.dataset, facts)
        if before is not facts:
            before["version"] += f"+{facts['version']}"
            before["files"] = [*before.get("files", ()), *facts.get("files", ())]
            for counts in ("statements", "lists", "flags", "set_aside"):
                before[counts] = dict(Counter(before.get(counts, {})) + Counter(facts.get(counts, {})))
    return whole
