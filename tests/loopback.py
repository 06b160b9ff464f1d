"""Servers on loopback for tests: processes of their own, Java's parts from Maven Central.

Each ends with the process that started it.
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
from pathlib import Path

WATCHED = """
import subprocess, sys, threading
server = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
threading.Thread(target=lambda: (sys.stdin.read(), server.terminate()), daemon=True).start()
sys.exit(server.wait())
"""
"""Runs a server that does not watch its standard input itself, so that none outlives a killed test."""


class NotHereError(Exception):
    """A server cannot be started on this machine; says why."""


def java() -> str:
    """Return the machine's Java."""
    found = shutil.which("java")
    if found is None:
        raise NotHereError("there is no Java (install openjdk-17-jre-headless)")
    return found


def jars(pom: Path, kept: Path | None) -> str:
    """Return the class path of what a ``pom.xml`` names, fetched by Maven where it is not at hand.

    Parameters
    ----------
    kept
        Where to keep what Maven found, so that the next run need not ask it.
    """
    if kept is not None and kept.is_file() and kept.stat().st_mtime > pom.stat().st_mtime:
        known = kept.read_text(encoding="utf-8")
        if all(Path(jar).is_file() for jar in known.split(os.pathsep)):
            return known
    maven = shutil.which("mvn")
    if maven is None:
        raise NotHereError(f"there is no Maven here to fetch what {pom} names (apt-get install maven)")
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "classpath"
        command = [maven, "-q", "-B", "-f", str(pom), "dependency:build-classpath", f"-Dmdep.outputFile={written}"]
        # First from what Maven has fetched before, which needs no network.
        if not any(_succeeds([*command, *more]) and written.is_file() for more in (["-o"], [])):
            raise NotHereError(f"Maven could not fetch what {pom} names (see: {' '.join(command[:-1])})")
        known = written.read_text(encoding="utf-8").strip()
    if kept is not None:
        kept.write_text(known, encoding="utf-8")
    return known


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False, timeout=900).returncode == 0


@contextmanager
def running(command: Sequence[str], folder: Path, port: int, ready: str, seconds: float = 180) -> Iterator[int]:
    """Run a server until the block ends; raise :class:`NotHereError` if it does not come up.

    Parameters
    ----------
    command
        It ends with its standard input; see :data:`WATCHED`.
    ready
        What it says when it is.
    """
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


def watched(command: Sequence[str]) -> list[str]:
    """Return the command that runs another one as :data:`WATCHED`."""
    return [sys.executable, "-c", WATCHED, *command]


def free_port() -> int:
    """Return a port that nobody listens at now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
