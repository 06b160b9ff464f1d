"""What an answer on a cluster is made of, and what is refused; most of it needs no cluster."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from click.testing import CliRunner

from listed.cli import cli
from listed.errors import GraphNotFoundError, QueryError, ServerError
from listed.queries.records import PathRow
from listed.queries.verdicts import VerdictRow

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@pytest.mark.parametrize("record", [VerdictRow, PathRow])
def test_the_columns_are_the_fields_of_the_record(record: type) -> None:
    from listed.spark.columns import columns_of

    assert columns_of(record).names == [field.name for field in dataclasses.fields(record)]


def test_what_an_owner_rests_on_is_told_in_the_row_of_the_owner() -> None:
    from listed.spark.columns import columns_of

    ground = columns_of(VerdictRow).field("grounds").type.value_type
    assert "owner" in [field.name for field in ground]
    assert "grounds" not in [field.name for field in ground]


def test_sums_of_shares_above_the_whole_have_their_place() -> None:
    from listed.spark.columns import columns_of

    assert columns_of(VerdictRow).field("held_max").type == pa.decimal128(18, 6)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("hdfs://host:8020/graphs/world/", "hdfs://host:8020/graphs/world"),
        ("s3a://graphs/world", "s3a://graphs/world"),
        ("/data/two words", "file:///data/two words"),
    ],
)
def test_an_address_is_taken_as_spark_takes_it(given: str, address: str) -> None:
    from listed.spark.places import address as address_of

    assert address_of(given) == address


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("An error occurred while calling o1.exists.\n: java.net.ConnectException: Call to host:8020 failed: refused\n"
         "\tat java.base/x\nCaused by: java.net.ConnectException: refused", "Call to host:8020 failed: refused"),
        ("An error occurred while calling o1.parquet.\n: org.apache.spark.SparkException: Job aborted.\n\tat x\n"
         "Caused by: java.io.IOException: no space left", "no space left"),
        ("An error occurred while calling o1.exists.\n: java.lang.RuntimeException: java.lang.ClassNotFoundException: "
         "Class org.apache.hadoop.fs.s3a.S3AFileSystem not found", "it lacks its client for s3a://"),
    ],
)  # fmt: skip
def test_of_a_page_of_java_the_line_that_helps_is_told(said: str, told: str) -> None:
    from listed.spark.session import plain_failures

    with pytest.raises(ServerError) as failed, plain_failures():
        raise OSError(said)
    assert str(failed.value).startswith(f"Spark: {told}")
    assert "\n" not in str(failed.value)


def test_a_setting_without_a_value_is_refused_before_spark_starts() -> None:
    asked = ["spark", "affiliates", "--graph", "g", "--out", "o", "--conf", "spark.executor.memory"]
    ran = CliRunner().invoke(cli, asked)
    assert ran.exit_code == 2
    assert "--conf is NAME=VALUE" in ran.output


def test_where_there_is_no_graph_one_is_told_how_to_make_it(spark: SparkSession, tmp_path: Path) -> None:
    from listed.spark import affiliates

    with pytest.raises(GraphNotFoundError, match="listed load"):
        affiliates(spark, tmp_path / "nothing", tmp_path / "out")


def test_a_list_the_graph_does_not_hold_is_refused(
    spark: SparkSession, world: Path, asked: Path, tmp_path: Path
) -> None:
    from listed.spark import exposure

    with pytest.raises(QueryError, match="holds no list"):
        exposure(spark, world, tmp_path / "out", asked, lists=["NO-SUCH-LIST"])
