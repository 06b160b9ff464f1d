"""Real Bolt servers on loopback, for tests and benchmarks; each ends with the process that started it.

* ArcadeDB, from the Python package ``arcadedb-embedded``, which brings its own Java.
* Neo4j Community, from its jars in Maven Central, with the machine's Java; or the user's own at
  ``NEO4J_URI`` (with ``NEO4J_USER`` and ``NEO4J_PASSWORD``), in which the tests touch only their own graphs.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from listed.neo4j.connection import Server
from tests.loopback import NotHereError as NotHereError
from tests.loopback import free_port, jars, java, running, watched

HERE = Path(__file__).parent
PASSWORD = "listed-tests"
REQUIRED = "LISTED_REQUIRE_NEO4J"
"""Set where a Neo4j that cannot be started is a failure, not a reason to skip."""

_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


@dataclass(frozen=True, slots=True)
class Running:
    """A server, and the process it is, if it is one of ours."""

    server: Server
    process: int | None = None


@contextmanager
def arcadedb() -> Iterator[Running]:
    """Run ArcadeDB with its Bolt plugin."""
    spec = find_spec("arcadedb_embedded")
    if spec is None or spec.origin is None:
        raise NotHereError("the package arcadedb-embedded is not installed")
    package = Path(spec.origin).parent
    port, web = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="listed-arcadedb-") as place:
        settings = {
            "server.rootPath": place,
            "server.rootPassword": PASSWORD,
            "server.plugins": "BoltProtocolPlugin",
            "server.defaultDatabases": "graph[root]",
            "server.httpIncomingHost": "127.0.0.1",
            "server.httpIncomingPort": str(web),
            "bolt.host": "127.0.0.1",
            "bolt.port": str(port),
        }
        command = [
            str(package / "jre" / "bin" / "java"),
            "-Xmx1g",
            *(f"-Darcadedb.{key}={value}" for key, value in settings.items()),
            "-cp",
            str(package / "jars" / "*"),
            "com.arcadedb.server.ArcadeDBServer",
        ]
        with running(watched(command), Path(place), port, "Server started") as process:
            yield Running(Server(f"bolt://127.0.0.1:{port}", "root", PASSWORD, "graph"), process)


@contextmanager
def neo4j(classpath_file: Path | None = None) -> Iterator[Running]:
    """Run Neo4j Community, or use the one at ``NEO4J_URI``.

    Parameters
    ----------
    classpath_file
        Where to keep what Maven found, so that the next run need not ask it.
    """
    if uri := os.environ.get("NEO4J_URI"):
        yield Running(Server(uri, os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")))
        return
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="listed-neo4j-") as place:
        command = [
            java(),
            "-Xmx2g",
            *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED),
            "-cp",
            jars(HERE / "pom.xml", classpath_file),
            str(HERE / "Neo4jServer.java"),
            place,
            str(port),
            PASSWORD,
        ]
        with running(command, Path(place), port, "ready") as process:
            yield Running(Server(f"bolt://127.0.0.1:{port}", "neo4j", PASSWORD), process)
