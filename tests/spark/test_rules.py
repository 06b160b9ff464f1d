"""Ownership rules on a cluster answer as on one machine, row for row."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from listed.graph.snapshot import Graph
from listed.queries.answer import Inquiry, plain
from listed.queries.regimes import regime as regime_named
from listed.queries.rules import Ruling
from listed.queries.rules import affiliates as affiliates_here
from tests.spark.worlds import DAY, rows_of, without_inner_grounds

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from listed.spark import SparkAnswer
    from tests.spark.clusters import Cluster

Rows = list[dict[str, Any]]


def here(graph: Graph, regime: str) -> Rows:
    return [without_inner_grounds(plain(row)) for row in affiliates_here(graph, DAY, regime=regime).rows]


@pytest.fixture(scope="module", params=["us-bis", "uk"])
def answer(
    request: pytest.FixtureRequest, spark: SparkSession, world: Path, tmp_path_factory: pytest.TempPathFactory
) -> SparkAnswer:
    """What a regime that adds stakes captures, and one that does not."""
    from listed.spark import affiliates

    return affiliates(spark, world, tmp_path_factory.mktemp("answer") / "out", DAY, regime=request.param)


def test_affiliates_are_those_of_one_machine_in_its_order(answer: SparkAnswer, one_machine: Graph) -> None:
    assert rows_of(answer) == here(one_machine, answer.asked["regime"])


def test_the_random_graphs_have_affiliates_of_every_kind(answer: SparkAnswer) -> None:
    kinds = {row["would_be"] or row["verdict"] for row in rows_of(answer) if row["entity"].startswith("stakes")}
    assert kinds >= {"captured", "undetermined"}


def test_control_over_a_controlled_firm_is_indicated(answer: SparkAnswer) -> None:
    (row,) = (row for row in rows_of(answer) if row["entity"] == "controlled:t")
    in_turn = [said[0] for said in row["control_indicated"] if "may itself be controlled" in said]
    assert in_turn == (["a", "b", "d", "e"] if answer.asked["regime"] == "uk" else [])


def test_the_sources_are_those_that_the_rows_cite_on_one_machine(answer: SparkAnswer, one_machine: Graph) -> None:
    cited = affiliates_here(one_machine, DAY, regime=answer.asked["regime"]).sources
    assert {row["id"] for row in rows_of(answer, "sources")} == set(cited)


def test_the_counts_and_notes_are_those_of_one_machine(answer: SparkAnswer, one_machine: Graph) -> None:
    told = affiliates_here(one_machine, DAY, regime=answer.asked["regime"])
    assert answer.bounds["counts"] == told.bounds["counts"]
    # Who bears the name of a listed party, and what is told of only later, is told on one machine alone.
    alone = ("the name of a listed party", "told of only from a later day")
    assert answer.notes == tuple(note for note in told.notes if not any(said in note for said in alone))


@pytest.fixture(scope="module")
def verdicts_despite_a_loss(
    spark: SparkSession, cluster: Cluster, world: Path, asked: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SparkAnswer, bool]:
    """The verdict on each of many, and whether a worker was killed while it was worked out."""
    from listed.spark import verdicts

    lost = threading.Event()

    def lose() -> None:
        cluster.kill(cluster.workers[0])
        lost.set()

    def tell(text: str) -> None:
        # The blow falls while the stakes of the first captured are looked for, not between two jobs.
        if "certain, round 0" in text:
            threading.Timer(0.2, lose).start()

    out = tmp_path_factory.mktemp("answer") / "out"
    answer = verdicts(spark, world, out, DAY, subjects=asked, regime="us-ofac", tell=tell)
    cluster.start_worker()
    return answer, lost.is_set()


def test_a_worker_killed_amid_a_job_changes_nothing_but_the_time(
    verdicts_despite_a_loss: tuple[SparkAnswer, bool], one_machine: Graph, asked: Path
) -> None:
    answer, lost = verdicts_despite_a_loss
    ruling = Ruling(Inquiry(one_machine, "verdict", {}, DAY), regime_named("us-ofac"))
    ruling.captured_rows()
    rows = [one_machine.row_of(id_) for id_ in pq.read_table(asked)["entity"].to_pylist()]
    told = (ruling.row(row, whole=False) for row in rows if row is not None)
    assert lost
    assert rows_of(answer) == [without_inner_grounds(plain(row)) for row in told]


def test_there_are_verdicts_of_every_kind(verdicts_despite_a_loss: tuple[SparkAnswer, bool]) -> None:
    kinds = {row["would_be"] or row["verdict"] for row in rows_of(verdicts_despite_a_loss[0])}
    assert kinds >= {"listed", "captured", "undetermined", "minority", "none"}
