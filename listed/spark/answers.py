"""An answer in a folder: its rows and the sources they cite as Parquet, and what else a reader needs as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listed.errors import InputError
from listed.queries.answer import plain
from listed.spark.places import Places, address
from listed.spark.snapshots import SparkSnapshot

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CITED, ORDER = "_cited", "_order"
"""Columns beside the rows while they are made: sources cited in passing, and the place of a row's regime."""


@dataclass(frozen=True, slots=True)
class SparkAnswer:
    """An answer, as :class:`listed.queries.answer.Answer`, whose rows lie in a folder.

    Parameters
    ----------
    out
        The folder: ``rows`` and ``sources`` are Parquet, ``answer.json`` says the rest and is written last.
    bounds
        Every limit that applied, what it cut off, and counts.
    """

    query: str
    asked: dict[str, Any]
    as_of: date
    graph: str
    snapshot: int
    out: str
    bounds: dict[str, Any]
    notes: tuple[str, ...] = ()
    spark: SparkSession | None = field(default=None, repr=False, compare=False)

    @property
    def rows(self) -> DataFrame:
        """The rows, in the order of the answer on one machine."""
        return self._read("rows")

    @property
    def sources(self) -> DataFrame:
        """The sources the rows cite."""
        return self._read("sources")

    def to_dict(self) -> dict[str, Any]:
        """Return what ``answer.json`` says."""
        said = {
            name: getattr(self, name) for name in ("query", "asked", "as_of", "graph", "snapshot", "bounds", "notes")
        }
        told: dict[str, Any] = plain(said | {"rows": "rows", "sources": "sources"})
        return told

    def to_json(self) -> str:
        """Return what ``answer.json`` says, as text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1)

    def _read(self, part: str) -> DataFrame:
        if self.spark is None:
            raise ValueError("the session that made this answer is gone")
        return self.spark.read.parquet(f"{self.out}/{part}")


def answer_folder(spark: SparkSession, out: str | Path) -> str:
    """Return the address of a folder to answer into. Raises InputError if anything is there."""
    place = address(out)
    if Places(spark).names(place):
        raise InputError("there is something already", file=str(out), advice="name a new folder for the answer")
    return place


def publish(
    snapshot: SparkSnapshot, out: str, rows: DataFrame, query: str, asked: dict[str, Any], day: date,
    bounds: dict[str, Any], notes: tuple[str, ...] = (), *, by: str = "entity",
) -> SparkAnswer:  # fmt: skip
    """Write the answer. ``rows`` come with the columns :data:`CITED` and :data:`ORDER`; they are put in order."""
    from pyspark.sql import functions as F  # noqa: N812

    shown = [name for name in rows.columns if name not in (CITED, ORDER)]
    rows.orderBy(ORDER, by).select(*shown).write.mode("error").parquet(f"{out}/rows")
    cited = rows.select(F.explode(CITED).alias("id")).distinct()
    snapshot.table("sources").join(F.broadcast(cited), "id", "left_semi").orderBy("id").coalesce(1).write.parquet(
        f"{out}/sources")  # fmt: skip
    spark, said = snapshot.spark, {key: value for key, value in asked.items() if value not in (None, False, ())}
    told = SparkAnswer(query, said, day, snapshot.name, snapshot.number, out, bounds, notes, spark)
    Places(spark).write(f"{out}/answer.json", told.to_json() + "\n")
    return told
