"""Real Bolt servers on loopback, for tests and benchmarks; each ends with the process that started it.

* ArcadeDB, from the Python package ``arcadedb-embedded``, which brings its own Java.
* Neo4j Community, from its jars in Maven Central, with the machine's Java; or the user's own at
  ``NEO4J_URI`` (with ``NEO4J_USER`` and ``NEO4J_PASSWORD``), in which the tests touch only their own graphs.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from listed.neo4j.connection import Server

HERE = Path(__file__).parent
PASSWORD = "listed-tests"
REQUIRED = "LISTED_REQUIRE_NEO4J"
"""Set where a Neo4j that cannot be started is a failure, not a reason to skip."""

_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


_WATCHED = """
import subprocess, sys, threading
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
threading.Thread(target=lambda: (sys.stdin.read(), server.terminate()), daemon=True).start()
sys.exit(server.wait())
"""
"""Runs a server that does not watch its standard input itself, so that none outlives a killed test."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server, and the process it is, if it is one of ours."""

    server: Server
    process: int | None = None


class NotHereError(Exception):
    """A server cannot be started on this machine; says why."""


@contextmanager
def arcadedb() -> Iterator[Running]:
    """Run ArcadeDB with its Bolt plugin."""
    spec = find_spec("arcadedb_embedded")
    if spec is None or spec.origin is None:
        raise NotHereError("the package arcadedb-embedded is not installed")
    package = Path(spec.origin).parent
    port, web = _free_port(), _free_port()
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
            sys.executable,
            "-c",
            _WATCHED,
            str(package / "jre" / "bin" / "java"),
            "-Xmx1g",
            *(f"-Darcadedb.{key}={value}" for key, value in settings.items()),
            "-cp",
            str(package / "jars" / "*"),
            "com.arcadedb.server.ArcadeDBServer",
        ]
        with _running(command, Path(place), port, "Server started") as process:
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
    java = shutil.which("java")
    if java is None:
        raise NotHereError("no Java here, and NEO4J_URI is not set")
    port = _free_port()
    with tempfile.TemporaryDirectory(prefix="listed-neo4j-") as place:
        command = [
            java,
            "-Xmx2g",
            *(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in _OPENED),
            "-cp",
            _classpath(classpath_file),
            str(HERE / "Neo4jServer.java"),
            place,
            str(port),
            PASSWORD,
        ]
        with _running(command, Path(place), port, "ready") as process:
            yield Running(Server(f"bolt://127.0.0.1:{port}", "neo4j", PASSWORD), process)


def _classpath(kept: Path | None) -> str:
    """Return the jars of ``pom.xml``, fetched by Maven where they are not at hand."""
    pom = HERE / "pom.xml"
    if kept is not None and kept.is_file() and kept.stat().st_mtime > pom.stat().st_mtime:
        known = kept.read_text(encoding="utf-8")
        if all(Path(jar).is_file() for jar in known.split(os.pathsep)):
            return known
    maven = shutil.which("mvn")
    if maven is None:
        raise NotHereError("no Maven here to fetch Neo4j with, and NEO4J_URI is not set")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "classpath"
        command = [maven, "-q", "-B", "-f", str(pom), "dependency:build-classpath", f"-Dmdep.outputFile={written}"]
        # First from what Maven has fetched before, which needs no network.
        if not any(_succeeds([*command, *more]) and written.is_file() for more in (["-o"], [])):
            raise NotHereError("Maven could not fetch org.neo4j:neo4j (see: " + " ".join(command[:-1]) + ")")
        known = written.read_text(encoding="utf-8").strip()
    if kept is not None:
        kept.write_text(known, encoding="utf-8")
    return known


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=900).returncode == 0


@contextmanager
def _running(command: Sequence[str], folder: Path, port: int, ready: str, seconds: float = 180) -> Iterator[int]:
    """Run a server until the block ends; raise :class:`NotHereError` if it does not come up."""
    log = folder / "output.log"
    with log.open("w", encoding="utf-8") as output:
        server = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=output, stderr=subprocess.STDOUT)
    try:
        until = time.monotonic() + seconds
        while not (_answers(port) and ready in log.read_text(encoding="utf-8", errors="replace")):
            if server.poll() is not None or time.monotonic() > until:
                said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-3:]
                raise NotHereError(f"the server did not start: {' / '.join(said)}")
            time.sleep(0.1)
        yield server.pid
    finally:
        if server.stdin is not None:
            server.stdin.close()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
