"""Which ids are of one party: the connected components of what strong identifiers and decisions join."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from listed.graph.decisions import Decisions
from listed.spark.cells import cell_of, shipped, small
from listed.spark.columns import schema_in_spark
from listed.spark.part_merging import FOUND, KEYED, same_parties, strong_keys
from listed.spark.parts import FILE, LINE, whole_partitions
from listed.spark.places import Work
from listed.spark.rounds import OF_HOW_MANY, Telling

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def merged_ids(
    work: Work, identifiers: DataFrame, entities: DataFrame, decisions: Decisions, parts: int, tell: Telling
) -> tuple[DataFrame, int]:
    """Return ``merged_ids``, and how many identifiers contradict a decision."""
    from pyspark.sql import functions as F  # noqa: N812

    groups, count = _components(work, _joins(work, identifiers, decisions), tell)
    if not count:
        return work.spark.createDataFrame([], "id STRING, entity STRING, reason STRING"), 0
    here = small(groups.select("entity", cell_of("root", parts).alias("cell")), count)
    rows = identifiers.select("entity", "scheme", "value", FILE, LINE).join(here, "entity")
    ids = small(groups.select(F.col("entity").alias("id"), cell_of("root", parts).alias("cell")), count)
    named = entities.select("id", "dataset", FILE, LINE).join(ids, "id")
    decide = whole_partitions(partial(same_parties, decisions=decisions))
    shipment = shipped(parts, identifiers=rows, entities=named)
    found = work.keep("found", shipment.mapInArrow(decide, schema_in_spark(FOUND)))
    conflicts = found.where("conflict IS NOT NULL").count()
    return found.where("id IS NOT NULL").select("id", "entity", "reason").orderBy("id"), conflicts


def _joins(work: Work, identifiers: DataFrame, decisions: Decisions) -> DataFrame:
    """Return what may join entities: ``entity`` and a ``key`` that at least two of them have."""
    from pyspark.sql import functions as F  # noqa: N812

    keyed = identifiers.select("entity", "scheme", "value").mapInArrow(strong_keys, schema_in_spark(KEYED))
    decided = [(id_, f"decision {place}") for place, one in enumerate(decisions.same()) for id_ in sorted(one.pair)]
    if decided:
        keyed = keyed.unionByName(work.spark.createDataFrame(decided, schema_in_spark(KEYED)))
    keyed = work.keep("keys", keyed.distinct())
    shared = keyed.groupBy("key").count().where(F.col("count") > 1).select("key")
    return keyed.join(shared, "key", "left_semi")


def _components(work: Work, joins: DataFrame, tell: Telling) -> tuple[DataFrame, int]:
    """Return ``entity`` and the ``root`` of its group, the least id in it, and of how many entities."""
    from pyspark.sql import functions as F  # noqa: N812

    joins = work.keep("joins", joins)
    roots = work.keep("roots-0", joins.select("entity", F.col("entity").alias("root")).distinct())
    count, step = roots.count(), 0
    changed = count
    while changed:
        tell(f"identities, round {step} {OF_HOW_MANY}: {changed:,} changed")
        by_key = joins.join(roots, "entity").groupBy("key").agg(F.min("root").alias("least"))
        least = joins.join(by_key, "key").groupBy("entity").agg(F.min("least").alias("least"))
        step += 1
        roots = work.keep(f"roots-{step}", roots.join(least, "entity").select(
            "entity", F.col("least").alias("root"), (F.col("least") < F.col("root")).alias("changed")))  # fmt: skip
        changed = roots.where("changed").count()
        roots = roots.select("entity", "root")
    return roots, count
