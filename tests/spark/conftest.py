"""One real cluster and one graph of many for all tests; what was skipped is said at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from listed.graph.snapshot import Graph, open_graph
from tests.conftest import REAL
from tests.spark import clusters, worlds

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_REASON = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Cluster]:
    """A master and two workers; skipped where there is no Java or pyspark, unless ``LISTED_REQUIRE_SPARK`` is set."""
    try:
        running = clusters.cluster(tmp_path_factory.mktemp("cluster"))
    except clusters.NotHereError as error:
        if os.environ.get(clusters.REQUIRED):
            raise
        request.config.stash[_REASON] = str(error)
        pytest.skip(f"no Spark: {error}")
    yield running
    running.stop()


@pytest.fixture(scope="session")
def spark(cluster: clusters.Cluster) -> Iterator[SparkSession]:
    from listed.spark import session

    started = session(cluster.address, cluster.settings)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def real_graph(tmp_path_factory: pytest.TempPathFactory) -> Graph | None:
    """The graph of real files, where they are."""
    return worlds.real(REAL, tmp_path_factory.mktemp("real")) if REAL.is_dir() else None


@pytest.fixture(scope="session")
def world(real_graph: Graph | None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of one graph that holds the bundled, the real and a hundred random ones side by side."""
    tables = worlds.together(worlds.all_graphs(real_graph))
    return worlds.written(tables, tmp_path_factory.mktemp("world") / "graph")


@pytest.fixture(scope="session")
def one_machine(world: Path) -> Graph:
    """The same graph, opened as ever."""
    return open_graph(world)


@pytest.fixture(scope="session")
def asked(one_machine: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of every entity of the small graphs, one in twenty of the large, and one that nobody knows."""
    ids = one_machine.tables["entities"]["id"].to_pylist()
    some = [id_ for place, id_ in enumerate(ids) if not id_.startswith(("real", "wide")) or place % 20 == 0]
    file = tmp_path_factory.mktemp("asked") / "subjects.parquet"
    pq.write_table(pa.table({"entity": [*some, "nobody"]}), file)
    return file


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if reason := config.stash.get(_REASON, ""):
        terminalreporter.write_line(f"The tests on a real Spark cluster were SKIPPED: {reason}.", yellow=True)
