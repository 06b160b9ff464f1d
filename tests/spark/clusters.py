"""A standalone Spark cluster on this machine: a master and two workers, each a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import listed
from tests.loopback import NotHereError, free_port, java

REQUIRED = "LISTED_REQUIRE_SPARK"
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""These jobs are over before Java's second compiler would pay."""


@dataclass
class Cluster:
    """A running cluster. ``workers`` may be killed, and started again."""

    folder: Path
    port: int = 0
    master: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        """What suits two small workers and tiny tables."""
        return {
            "spark.cores.max": "2",  # a further worker is for a further job
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.memory": "512m",
            "spark.driver.extraJavaOptions": QUICK,
            "spark.executor.memory": "512m",
            "spark.executor.extraJavaOptions": QUICK,
            "spark.pyspark.python": sys.executable,
            "spark.executorEnv.PYTHONPATH": str(Path(listed.__file__).parents[1]),  # where it is not installed
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.local.dir": str(self.folder / "local"),
        }

    def start(self) -> None:
        self.port, page = free_port(), free_port()
        told = ("--host", "127.0.0.1", "--port", str(self.port), "--webui-port", str(page))
        self.master = self._run("master", "org.apache.spark.deploy.master.Master", *told)
        for _ in range(2):
            self.start_worker()
        self._wait_for(page, 2)

    def start_worker(self) -> subprocess.Popen[bytes]:
        name = f"worker-{len(self.workers)}"
        told = ("--host", "127.0.0.1", "--webui-port", str(free_port()), "--cores", "1", "--memory", "600m",
                "--work-dir", str(self.folder / name), self.address)  # fmt: skip
        worker = self._run(name, "org.apache.spark.deploy.worker.Worker", *told)
        self.workers.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """End a worker and its executor at once, as a power cut would."""
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def stop(self) -> None:
        for process in (*self.workers, self.master):
            if process is not None and process.poll() is None:
                self.kill(process)

    def _run(self, name: str, main: str, *told: str) -> subprocess.Popen[bytes]:
        import pyspark

        home = Path(pyspark.__file__).parent
        around = os.environ | {"SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "256m", "SPARK_DAEMON_JAVA_OPTS": QUICK,
                               "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}  # fmt: skip
        command = [str(home / "bin" / "spark-class"), main, *told]
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(command, env=around, stdout=log, stderr=log, start_new_session=True)

    def _wait_for(self, page: int, workers: int) -> None:
        asked = f"http://127.0.0.1:{page}/json/"
        for _ in range(240):
            time.sleep(0.25)
            try:
                with urllib.request.urlopen(asked, timeout=5) as answer:
                    if answer.read().count(b'"ALIVE"') > workers:  # the master says it of itself, too
                        return
            except OSError:
                continue
        raise NotHereError(f"the cluster did not start; its logs are in {self.folder}")


def cluster(folder: Path) -> Cluster:
    """Return a running cluster. Raises NotHereError where Java or pyspark is missing."""
    java()
    try:
        import pyspark  # noqa: F401
    except ImportError as error:
        raise NotHereError("there is no pyspark (pip install 'listed[spark]')") from error
    started = Cluster(folder)
    try:
        started.start()
    except BaseException:
        started.stop()
        raise
    return started
