"""The best path of each of many entities on a cluster is the one that one machine finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from listed.errors import InputError
from listed.graph.snapshot import Graph
from listed.queries.answer import Inquiry, plain
from listed.queries.exposure import exposure as exposure_here
from listed.queries.exposure import nearest_path
from tests.spark.worlds import DAY, rows_of

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from listed.spark import SparkAnswer

HOPS = 3


@pytest.fixture(scope="module")
def answer(spark: SparkSession, world: Path, asked: Path, tmp_path_factory: pytest.TempPathFactory) -> SparkAnswer:
    from listed.spark import exposure

    return exposure(spark, world, tmp_path_factory.mktemp("answer") / "out", asked, DAY, hops=HOPS)


def here(graph: Graph, asked: Path) -> list[dict[str, Any]]:
    inquiry = Inquiry(graph, "exposure", {}, DAY)
    rows = [graph.row_of(id_) for id_ in pq.read_table(asked)["entity"].to_pylist()]
    found = [nearest_path(inquiry, row, HOPS) for row in rows if row is not None]
    return [plain(path) for path in found if path is not None]


def test_each_path_is_the_best_one_of_one_machine(answer: SparkAnswer, one_machine: Graph, asked: Path) -> None:
    assert rows_of(answer) == here(one_machine, asked)


def test_listed_subjects_are_told_the_way_to_another(answer: SparkAnswer, one_machine: Graph) -> None:
    listed = set(one_machine.tables["listings"]["entity"].to_pylist())
    assert any(row["start"] in listed for row in rows_of(answer))


def test_it_is_the_first_path_of_the_question_about_one(answer: SparkAnswer, one_machine: Graph) -> None:
    row = next(one for one in rows_of(answer) if one["start"].startswith("bundled:"))
    first = exposure_here(one_machine, row["start"], DAY, hops=HOPS).rows[0]
    assert row == plain(first)


def test_who_is_not_in_the_graph_is_told(answer: SparkAnswer) -> None:
    assert answer.bounds["not_in_the_graph"] == 1
    assert [row["asked"] for row in rows_of(answer, "subjects") if row["entity"] is None] == ["nobody"]


def test_subjects_without_a_column_of_ids_are_refused(spark: SparkSession, world: Path, tmp_path: Path) -> None:
    from listed.spark import exposure

    pq.write_table(pa.table({"company": ["a"]}), tmp_path / "subjects.parquet")
    with pytest.raises(InputError, match="column entity"):
        exposure(spark, world, tmp_path / "out", tmp_path / "subjects.parquet")
