"""Tables cut into cells, so that one worker holds all that an answer needs, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_FINER = 8
"""Cells for each partition: several small ones balance better than one large."""

SMALL = 300_000
"""Up to so many ids go to every worker whole; more are sent where they are needed."""


def cell_of(entity: str, parts: int) -> Column:
    """Return the number of the cell that answers for an entity."""
    from pyspark.sql import functions as F  # noqa: N812

    return F.pmod(F.xxhash64(entity), F.lit(parts * _FINER)).cast("int")


def shipped(parts: int, **tables: DataFrame) -> DataFrame:
    """Return several tables as one, cut by their column ``cell``: a column of records for each table.

    On the worker :func:`listed.spark.parts.parcels` takes them apart.
    """
    from pyspark.sql import functions as F  # noqa: N812

    whole: DataFrame | None = None
    for name, rows in tables.items():
        said = [column for column in rows.columns if column != "cell"]
        parcel = rows.select("cell", F.struct(*said).alias(name))
        whole = parcel if whole is None else whole.unionByName(parcel, allowMissingColumns=True)
    if whole is None:
        raise ValueError("nothing to ship")
    return whole.repartition(parts, "cell")


def small(rows: DataFrame, count: int) -> DataFrame:
    """Return rows marked to go to every worker whole, if they are few enough for it."""
    from pyspark.sql import functions as F  # noqa: N812

    return F.broadcast(rows) if count <= SMALL else rows
