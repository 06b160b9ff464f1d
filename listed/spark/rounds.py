"""What leads through the whole graph, round by round: joins on what changed in the round before.

The least fixed points are those of :mod:`listed.queries.fixed_points`, which says what they mean. Here a round
sends the ids captured in the last one to where the stakes lie, adds up what they hold asset by asset before
anything is sent on (so that an owner of 100,000 firms is 100,000 sums and no crowd at one worker), and adds
that to what was held before. Sums are of whole millionths of a point: exact, in any order.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from listed.graph.share import WHOLE
from listed.queries.fixed_points import Test
from listed.spark.cells import small
from listed.spark.places import Work

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Telling = Callable[[str], None]
"""Told what is being done, now and then."""

OF_HOW_MANY = "of an unknown number"
"""How many rounds it takes shows only when one adds nothing."""


def spread(
    work: Work, stakes: DataFrame, seeds: DataFrame, test: Test, *, possibly: bool, tell: Telling, what: str = ""
) -> DataFrame:
    """Return who is captured, with the seeds: ``party``, ``entity`` and ``tier``, the round in which each joined.

    Parameters
    ----------
    stakes
        As :data:`listed.spark.stakes.STAKES`.
    seeds
        ``party`` and ``entity``: where it starts, and on whose account. Where a rule adds what several listed
        owners hold, all are one party.
    possibly
        What may be held counts, capped by what others certainly hold; else what certainly is.
    what
        What it is that spreads; else ownership, possible or certain.
    """
    from pyspark.sql import functions as F  # noqa: N812

    word = what or ("possible" if possibly else "certain")
    held = stakes.where(f"{'high' if possibly else 'low'} > 0")
    amounts = {name: F.lit(0).cast("long").alias(name) for name in ("amount", "own", "sure_in")}
    start = seeds.select("party", F.col("entity").alias("asset"), *amounts.values(), F.lit(0).alias("tier"))
    state = work.keep(f"{word}-0", start)
    joined, step = state.count(), 0
    while joined:
        tell(f"{word}, round {step} {OF_HOW_MANY}: {joined:,} joined")
        front = state.where(F.col("tier") == step).select("party", F.col("asset").alias("owner"))
        more = (
            held.join(small(front, joined), "owner")
            .groupBy("party", "asset")
            .agg(
                F.sum("high" if possibly else "low").alias("amount"),
                F.sum("sure").alias("own"),
                F.max("sure_in").alias("sure_in"),
            )
        )
        step += 1
        state = work.keep(f"{word}-{step}", _judged(state, more, test, step, possibly=possibly))
        work.drop(f"{word}-{step - 1}")
        joined = state.where(F.col("tier") == step).count()
    return state.where("tier IS NOT NULL").select("party", F.col("asset").alias("entity"), "tier")


def _judged(state: DataFrame, more: DataFrame, test: Test, step: int, *, possibly: bool) -> DataFrame:
    """Return the state with what a round adds; who now reaches what it takes joins in this step."""
    from pyspark.sql import functions as F  # noqa: N812

    whole = state.unionByName(more, allowMissingColumns=True).groupBy("party", "asset").agg(
        F.sum("amount").alias("amount"), F.sum("own").alias("own"), F.max("sure_in").alias("sure_in"),
        F.min("tier").alias("tier"),
    )  # fmt: skip
    amount = F.col("amount")
    if possibly:
        # No more than the others certainly leave; all of it where more than the whole is certainly held.
        left = F.lit(WHOLE) - F.col("sure_in") + F.col("own")
        amount = F.when(F.col("sure_in") <= WHOLE, F.least("amount", left)).otherwise(amount)
    joins = F.when(amount >= test.least, F.lit(step))
    return whole.withColumn("tier", F.coalesce("tier", joins))


def least_upstream(work: Work, stakes: DataFrame, keys: DataFrame, *, tell: Telling) -> DataFrame:
    """Return for each asset the least key of the owners it leads back to: columns ``entity`` and ``key``.

    Parameters
    ----------
    stakes
        ``owner`` and ``asset``: the ways it leads.
    keys
        ``entity`` and ``key``: what the owners at the top have.
    """
    from pyspark.sql import functions as F  # noqa: N812

    state = work.keep("least-0", keys.select("entity", "key", F.lit(0).alias("step")))
    changed, step = state.count(), 0
    while changed:
        tell(f"terms, round {step} {OF_HOW_MANY}: {changed:,} told")
        front = state.where(F.col("step") == step).select(F.col("entity").alias("owner"), F.col("key").alias("new"))
        told = stakes.join(small(front, changed), "owner").groupBy(F.col("asset").alias("entity")).agg(
            F.min("new").alias("new"))  # fmt: skip
        step += 1
        merged = state.unionByName(told, allowMissingColumns=True).groupBy("entity").agg(
            F.min("key").alias("key"), F.min("new").alias("new"), F.max("step").alias("step"))  # fmt: skip
        better = F.col("new").isNotNull() & (F.col("key").isNull() | (F.col("new") < F.col("key")))
        state = work.keep(f"least-{step}", merged.select(
            "entity", F.when(better, F.col("new")).otherwise(F.col("key")).alias("key"),
            F.when(better, F.lit(step)).otherwise(F.col("step")).alias("step")))  # fmt: skip
        work.drop(f"least-{step - 1}")
        changed = state.where(F.col("step") == step).count()
    return state.select("entity", "key")
