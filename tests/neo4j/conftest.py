"""Two real servers, started once for all tests that ask for them; what was skipped is said at the end."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from listed.graph.snapshot import Graph
from listed.loading import bundled_graph
from listed.neo4j.connection import Server
from listed.neo4j.push import remove
from tests.neo4j import servers

_REASON = pytest.StashKey[str]()


@pytest.fixture(scope="session")
def arcadedb() -> Iterator[Server]:
    """ArcadeDB, behind Bolt; in every run of the tests."""
    with servers.arcadedb() as running:
        yield running.server


@pytest.fixture(scope="session")
def neo4j(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Neo4j Community 5.26; skipped where there is no Java or Maven, unless ``LISTED_REQUIRE_NEO4J`` is set."""
    cache = getattr(request.config, "cache", None)  # pytest may run without one
    kept = cache.mkdir("neo4j") / "classpath" if cache else None
    with ExitStack() as open_until_the_end:
        try:
            running = open_until_the_end.enter_context(servers.neo4j(kept))
        except servers.NotHereError as error:
            if os.environ.get(servers.REQUIRED):
                raise
            request.config.stash[_REASON] = str(error)
            pytest.skip(f"no Neo4j: {error}")
        yield running.server


@pytest.fixture(scope="session", params=["arcadedb", "neo4j"])
def server(request: pytest.FixtureRequest) -> Server:
    """Each server in turn."""
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def name(server: Server) -> Iterator[str]:
    """A name for a graph in the database, which is removed after the test."""
    given = f"test-{uuid.uuid4().hex[:12]}"
    yield given
    remove(server, given)


@pytest.fixture(scope="session")
def bundled() -> Graph:
    return bundled_graph()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if reason := config.stash.get(_REASON, ""):
        terminalreporter.write_line(f"The tests on a real Neo4j were SKIPPED: {reason}.", yellow=True)
