"""The stakes of a whole graph on a day, worked out where the links of an asset lie together."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.share import WHOLE
from listed.graph.tables import row_numbers
from listed.queries.control import control_pairs
from listed.queries.stake_columns import OF_CONTROL, stake_columns
from listed.spark.cells import small
from listed.spark.columns import schema_in_spark
from listed.spark.parts import FILE, LINE, graph_of_part, whole_partitions
from listed.spark.snapshots import SparkSnapshot

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

STAKES = pa.schema([
    ("owner", pa.string()), ("asset", pa.string()), ("low", pa.int64()), ("high", pa.int64()),
    ("sure", pa.int64()), ("sure_in", pa.int64()),
])  # fmt: skip
"""A row for each owner and asset, in millionths of a point; of what is held of the asset by all, ``sure_in``, each
row tells alike (:class:`listed.queries.stake_columns.StakeColumns`)."""

NAMELESS = "_nameless"
"""Of a link: whether its owner stands for a party whom nobody names."""

CLAIM_COLUMNS = (
    "id", "type", "source", "target", "role", "start_date", "end_date", "start_earliest", "start_latest",
    "end_earliest", "end_latest", "share_min", "share_max", "share_min_open", "share_max_open", "share_text", "basis",
    "direct", "confidence", "dataset",
)  # fmt: skip
"""What of a link can decide what is held: all but its note, its money, its flags and where it was read."""

TOLD_COLUMNS = (*CLAIM_COLUMNS, "flags", "sources")
"""What of a link is told of what is held: its flags say whether the start is only the day it was told."""


OF = "_of"
"""Of a link: the asset whose stakes it helps to tell."""


def owners_firms(snapshot: SparkSnapshot) -> DataFrame:
    """Return where an owner and a firm that is its own both hold an asset: ``source``, ``target`` and the asset.

    What the two hold may be one stake told twice (:mod:`listed.queries.stake_columns`), which is told from the
    owner's stake in the firm.
    """
    from pyspark.sql import functions as F  # noqa: N812

    owns = snapshot.table("links").where("type = 'OWNS'")
    most = owns.where("share_min > 50 OR (share_min = 50 AND share_min_open)").select("source", "target").distinct()
    pairs = owns.select("source", "target").distinct()
    of_firms = pairs.select(F.col("source").alias("target"), F.col("target").alias(OF))
    of_owners = pairs.select("source", F.col("target").alias(OF))
    return most.join(of_firms, "target").join(of_owners, ["source", OF], "left_semi").select("source", "target", OF)


def stakes_on(snapshot: SparkSnapshot, day: date, firms: DataFrame) -> DataFrame:
    """Return the stakes that may hold on a day, with the columns :data:`STAKES`.

    ``firms`` are as :func:`owners_firms`.
    """
    from pyspark.sql import functions as F  # noqa: N812

    links = snapshot.table("links", in_line=True).where("type = 'OWNS'").select(*CLAIM_COLUMNS, FILE, LINE)
    nameless = snapshot.table("entities").where("placeholder")
    nameless = nameless.select(F.col("id").alias("source"), F.lit(True).alias(NAMELESS))  # noqa: FBT003
    links = links.join(small(nameless, nameless.count()), "source", "left")
    beside = links.join(small(firms, firms.count()), ["source", "target"])
    whole = links.withColumn(OF, F.col("target")).unionByName(beside)
    held = whole_partitions(partial(_held, day=day))
    return whole.repartition(snapshot.cells, OF).mapInArrow(held, schema_in_spark(STAKES))


def controls_on(snapshot: SparkSnapshot, day: date, least: int) -> DataFrame:
    """Return who may control whom on a day other than by shares, as if the whole were held: columns :data:`STAKES`.

    ``least`` is what it takes of votes or board seats, in millionths of a point.
    """
    from pyspark.sql import functions as F  # noqa: N812

    links = snapshot.table("links", in_line=True).where("type IN ('OWNS', 'CONTROLS')")
    links = links.select(*CLAIM_COLUMNS, FILE, LINE)
    of_control = F.col("basis").isin([basis.value for basis in OF_CONTROL])
    pairs = links.where((F.col("type") == "CONTROLS") | of_control).select("source", "target").distinct()
    # An exit told of the shares may tell when the votes went, too: all that is said of the pair comes along.
    told = links.join(pairs, ["source", "target"], "left_semi").repartition(snapshot.cells, "target")
    return told.mapInArrow(whole_partitions(partial(_controlled, day=day, least=least)), schema_in_spark(STAKES))


def _controlled(links: pa.Table, day: date, least: int) -> pa.Table:
    graph = graph_of_part({"links": links})
    owner, asset = control_pairs(graph, np.arange(graph.arrays.size), least, day)
    ids = graph.tables["entities"]["id"]
    numbers = [pa.array(np.full(len(owner), number, np.int64)) for number in (0, WHOLE, WHOLE, 0)]
    return pa.table([ids.take(row_numbers(owner)), ids.take(row_numbers(asset)), *numbers], schema=STAKES)


def _held(links: pa.Table, day: date) -> pa.Table:
    nameless = links["source"].filter(links[NAMELESS].fill_null(False)).unique()  # noqa: FBT003
    owners = pa.table({"id": nameless, "placeholder": pa.array([True] * len(nameless), pa.bool_())})
    graph = graph_of_part({"links": links, "entities": owners})
    stakes = stake_columns(graph, day)
    ids = graph.tables["entities"]["id"]
    # Of a firm that is there only beside its owner not all owners are known.
    whole = pc.is_in(ids, links["target"].filter(pc.equal(links[OF], links["target"])).combine_chunks())
    rows = np.flatnonzero((stakes.high > 0) & whole.to_numpy()[stakes.asset])
    asset = stakes.asset[rows]
    said = (stakes.low[rows], stakes.high[rows], stakes.sure[rows], stakes.sure_in[asset])
    numbers = [pa.array(np.asarray(one, np.int64)) for one in said]
    return pa.table([ids.take(row_numbers(stakes.owner[rows])), ids.take(row_numbers(asset)), *numbers], schema=STAKES)
