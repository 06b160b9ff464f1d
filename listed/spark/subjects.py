"""The entities a job is asked about: a table of ids."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from listed.errors import InputError
from listed.spark.places import Places, address
from listed.spark.snapshots import SparkSnapshot

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

COLUMNS = ("entity", "id")


def subjects_of(snapshot: SparkSnapshot, given: str | Path) -> DataFrame:
    """Return the ids asked about, ``asked``, and of each the ``entity`` it is: null where the graph holds none.

    Parameters
    ----------
    given
        A table, Parquet or CSV with a header, whose column ``entity`` (or ``id``) holds ids of the graph; also
        of an entity that went into another.

    Raises
    ------
    InputError
        If it is not there or has no such column.
    """
    from pyspark.sql import functions as F  # noqa: N812

    ids = _read(snapshot, given).distinct()
    merged = snapshot.table("merged_ids").select(F.col("id").alias("asked"), F.col("entity").alias("went_into"))
    known = snapshot.table("entities").select(F.col("id").alias("entity"), F.lit(1).alias("known"))
    whole = ids.join(merged, "asked", "left").withColumn("entity", F.coalesce("went_into", "asked"))
    whole = whole.join(known, "entity", "left")
    return whole.select("asked", F.when(F.col("known").isNotNull(), F.col("entity")).alias("entity"))


def _read(snapshot: SparkSnapshot, given: str | Path) -> DataFrame:
    from pyspark.sql import functions as F  # noqa: N812

    place = address(given)
    if not Places(snapshot.spark).there(place):
        raise InputError("there is no such file or folder", file=str(given))
    plain = place.endswith((".csv", ".csv.gz"))
    rows = snapshot.spark.read.option("header", "true").csv(place) if plain else snapshot.spark.read.parquet(place)
    column = next((name for name in COLUMNS if name in rows.columns), None)
    if column is None:
        raise InputError("a table of subjects has a column entity", file=str(given))
    return rows.select(F.col(column).cast("string").alias("asked")).where("asked IS NOT NULL")
