"""How far a job on Spark is: told of what runs, and not of what is to come."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from listed.spark import watching
from listed.spark.watching import Stages

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass
class Told:
    numTasks: int  # noqa: N815 - Spark's own names
    numCompletedTasks: int  # noqa: N815


@dataclass
class Account:
    """What Spark tells, by stage."""

    stages: dict[int, Told | None] = field(default_factory=dict)

    def getActiveStageIds(self) -> list[int]:  # noqa: N802
        return list(self.stages)

    def getStageInfo(self, stageId: int) -> Told | None:  # noqa: N802, N803
        return self.stages[stageId]


@pytest.fixture
def account() -> Account:
    return Account()


def stages(account: Account, *moments: float) -> Stages:
    left = iter(moments)
    return Stages(account, lambda: next(left))


def test_nothing_is_told_while_nothing_runs(account: Account) -> None:
    assert stages(account, 0).look() is None


def test_the_tasks_of_all_that_runs_are_added_up(account: Account) -> None:
    account.stages = {1: Told(10, 4), 2: Told(30, 0)}
    assert stages(account, 0).look() == (4, 40, 0)


def test_time_counts_from_where_a_stage_was_first_seen(account: Account) -> None:
    looks = stages(account, 0, 7)
    account.stages = {1: Told(10, 0)}
    looks.look()
    account.stages = {1: Told(10, 5)}
    assert looks.look() == (5, 10, 7)


def test_a_further_stage_begins_anew(account: Account) -> None:
    looks = stages(account, 0, 7)
    account.stages = {1: Told(10, 9)}
    looks.look()
    account.stages = {2: Told(20, 1)}
    assert looks.look() == (1, 20, 0)


def test_a_stage_that_ended_meanwhile_does_not_count(account: Account) -> None:
    account.stages = {1: None, 2: Told(20, 1)}
    assert stages(account, 0).look() == (1, 20, 0)


def test_a_job_is_told_of_while_it_runs(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_EVERY", 0.05)
    told: list[tuple[int, int]] = []
    with watching.watched(spark, lambda done, tasks, _: told.append((done, tasks))):
        spark.sparkContext.parallelize(range(8), 8).map(lambda _: time.sleep(0.3)).count()
    assert {tasks for _, tasks in told} == {8}
    assert told == sorted(told)
