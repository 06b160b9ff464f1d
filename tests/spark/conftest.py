"""One real cluster and one graph of many for all tests; what was skipped is said at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from listed.graph.snapshot import Graph, open_graph
from tests.conftest import REAL
from tests.loopback import NotHereError, free_port
from tests.spark import clusters, stores, worlds

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_REASONS = pytest.StashKey[dict[str, str]]()


@dataclass(frozen=True, slots=True)
class S3Client:
    """With which settings Spark reads S3, and at which port; why not, where its parts are missing."""

    port: int
    settings: dict[str, str]
    missing: NotHereError | None = None


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[clusters.Cluster]:
    """A master and two workers; skipped where there is no Java or pyspark, unless ``LISTED_REQUIRE_SPARK`` is set."""
    try:
        running = clusters.cluster(tmp_path_factory.mktemp("cluster"))
    except NotHereError as error:
        _skip(request, "a real Spark cluster", error, clusters.REQUIRED)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def spark(cluster: clusters.Cluster, s3_client: S3Client) -> Iterator[SparkSession]:
    from listed.spark import session

    with pytest.MonkeyPatch.context() as patch:  # Spark takes keys and jars at its start only
        stores.set_credentials(patch)
        started = session(cluster.address, cluster.settings | s3_client.settings)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def kept(request: pytest.FixtureRequest) -> Path | None:
    """Where to keep what Maven found."""
    cache = getattr(request.config, "cache", None)  # pytest may run without one
    return Path(cache.mkdir("stores")) if cache else None


@pytest.fixture(scope="session")
def s3_client(kept: Path | None) -> S3Client:
    port = free_port()
    try:
        return S3Client(port, stores.settings_for_s3(port, kept))
    except NotHereError as error:
        return S3Client(port, {}, error)


@pytest.fixture(scope="session")
def s3(request: pytest.FixtureRequest, s3_client: S3Client, kept: Path | None) -> Iterator[str]:
    """The address of a bucket on a real server of S3; skipped unless ``LISTED_REQUIRE_STORES`` is set."""
    with ExitStack() as open_until_the_end:
        try:
            if s3_client.missing is not None:
                raise s3_client.missing
            place = open_until_the_end.enter_context(stores.s3(s3_client.port, kept))
        except NotHereError as error:
            _skip(request, "a real S3", error, stores.REQUIRED)
        yield place


@pytest.fixture(scope="session")
def hdfs(request: pytest.FixtureRequest, kept: Path | None) -> Iterator[str]:
    """The address of a real HDFS; skipped unless ``LISTED_REQUIRE_STORES`` is set."""
    with ExitStack() as open_until_the_end:
        try:
            place = open_until_the_end.enter_context(stores.hdfs(kept))
        except NotHereError as error:
            _skip(request, "a real HDFS", error, stores.REQUIRED)
        yield place


def _skip(request: pytest.FixtureRequest, what: str, error: NotHereError, required: str) -> NoReturn:
    if os.environ.get(required):
        raise error
    request.config.stash.setdefault(_REASONS, {})[what] = str(error)
    pytest.skip(f"no {what.removeprefix('a real ')}: {error}")


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
    for what, reason in config.stash.get(_REASONS, {}).items():
        terminalreporter.write_line(f"The tests on {what} were SKIPPED: {reason}.", yellow=True)
