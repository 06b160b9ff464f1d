"""A snapshot's tables as Spark reads them."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listed.errors import GraphDamagedError, GraphNotFoundError
from listed.graph.store import FORMAT
from listed.spark.columns import table_in_spark
from listed.spark.parts import FILE, LINE
from listed.spark.places import Places, address

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LINKS_IN_A_CELL = 200_000
"""Rows a worker's Python holds at once, about: some hundred megabytes."""


class SparkSnapshot:
    """One snapshot of a graph at an address.

    Parameters
    ----------
    graph
        The graph's folder, or a folder of its tables (``listed export parquet``).
    number
        Of an earlier snapshot; the current one by default.

    Raises
    ------
    GraphNotFoundError, GraphDamagedError
        If there is no graph or no such snapshot, or one that this version cannot read.
    """

    def __init__(self, spark: SparkSession, graph: str | Path, number: int | None = None) -> None:
        self.spark, self.name = spark, str(graph)
        self._places, self._root = Places(spark), address(graph)
        manifest = self._manifest(number)
        self.number = int(manifest["snapshot"])
        self.datasets: dict[str, Any] = manifest["datasets"]
        if not self._places.there(f"{self._folder}/links.parquet"):
            raise GraphDamagedError(f"{self._folder}: there is no table of links (load its sources again)")

    def _manifest(self, number: int | None) -> dict[str, Any]:
        self._folder = self._root
        if number is None and self._places.there(f"{self._root}/links.parquet"):
            return {"snapshot": 0, "datasets": {}}
        if not self._places.there(f"{self._root}/manifest.json"):
            raise GraphNotFoundError(f"there is no graph at {self.name} (make one with: listed load SOURCE FILE)")
        if number is None:
            number = int(self._json(f"{self._root}/manifest.json")["snapshot"])
        self._folder = f"{self._root}/snapshots/{number}"
        if not self._places.there(f"{self._folder}/manifest.json"):
            raise GraphNotFoundError(f"there is no snapshot {number} in {self.name}")
        return self._json(f"{self._folder}/manifest.json")

    def _json(self, place: str) -> dict[str, Any]:
        try:
            manifest: dict[str, Any] = json.loads(self._places.read(place))
            format_ = int(manifest["format"])
        except (ValueError, KeyError, TypeError) as error:
            raise GraphDamagedError(f"{place}: not a manifest of a graph") from error
        if format_ > FORMAT:
            raise GraphDamagedError(f"{place}: made by a newer version of Listed (upgrade with: pip install -U listed)")
        return manifest

    def table(self, name: str, *, in_line: bool = False) -> DataFrame:
        """Return a table; with ``in_line`` also where each row stands in it."""
        return read_table(self.spark, f"{self._folder}/{name}.parquet", name, in_line=in_line)

    @cached_property
    def cells(self) -> int:
        """Into how many parts the work is cut."""
        links = self.table("links").count()
        return max(self.spark.sparkContext.defaultParallelism, -(-links // LINKS_IN_A_CELL))

    @cached_property
    def lists(self) -> list[str]:
        """The ids of the lists that it holds listings of: a handful of words."""
        found = self.table("listings").select("list").where("list IS NOT NULL").distinct().collect()
        return sorted(str(row[0]) for row in found)


def read_table(spark: SparkSession, place: str, name: str, *, in_line: bool = False) -> DataFrame:
    """Return a table of a graph by its address."""
    from pyspark.sql import functions as F  # noqa: N812 - as all of Spark's own pages call it

    rows = spark.read.schema(table_in_spark(name)).parquet(place)
    if not in_line:
        return rows
    return rows.select("*", F.col("_metadata.file_name").alias(FILE), F.col("_metadata.row_index").alias(LINE))
