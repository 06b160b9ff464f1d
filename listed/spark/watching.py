"""How far Spark is with what it does now: told from beside the job, which waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Staging = Callable[[int, int, float], None]
"""Told how many tasks of the running stages are done, how many there are, and for how many seconds they have run."""

_EVERY = 1.0
"""Seconds between two looks."""


class Tasks(Protocol):
    """What Spark tells of a stage."""

    @property
    def numTasks(self) -> int:  # noqa: N802 - Spark's own names
        """Return how many there are."""
        ...

    @property
    def numCompletedTasks(self) -> int:  # noqa: N802
        """Return how many are done."""
        ...


class Tracker(Protocol):
    """Spark's own account of what it does (:class:`pyspark.StatusTracker`)."""

    def getActiveStageIds(self) -> list[int]:  # noqa: N802
        """Return the stages that run."""
        ...

    def getStageInfo(self, stageId: int) -> Tasks | None:  # noqa: N802, N803
        """Return what is known of one."""
        ...


class Stages:
    """What runs now, and since when it was seen to run.

    Only of what runs is it known how much there is: Spark plans a step while it goes, and how many rounds a job
    takes shows only when one adds nothing.
    """

    def __init__(self, tracker: Tracker, clock: Callable[[], float] = time.monotonic) -> None:
        self._tracker, self._clock = tracker, clock
        self._seen: dict[int, float] = {}

    def look(self) -> tuple[int, int, float] | None:
        """Return the tasks done and in all of the stages that run, and for how many seconds they have; else nothing."""
        now, known = self._clock(), {}
        for stage in self._tracker.getActiveStageIds():
            if (told := self._tracker.getStageInfo(stage)) is not None:
                known[stage] = told
        self._seen = {stage: self._seen.get(stage, now) for stage in known}
        if not known:
            return None
        done, tasks = (sum(getattr(one, name) for one in known.values()) for name in ("numCompletedTasks", "numTasks"))
        return done, tasks, now - min(self._seen.values())


@contextmanager
def watched(spark: SparkSession, tell: Staging) -> Iterator[None]:
    """Tell once a second, from a thread of its own, how far Spark is with what it does meanwhile."""
    stages, over = Stages(spark.sparkContext.statusTracker()), threading.Event()

    def watch() -> None:
        while not over.wait(_EVERY):
            try:
                found = stages.look()
            except Exception:  # the session has gone: what the job fails of is told by the job
                return
            if found is not None:
                tell(*found)

    watcher = threading.Thread(target=watch, name="spark-progress", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join(2 * _EVERY)
