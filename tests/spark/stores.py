"""HDFS and S3 on this machine: real servers on loopback, whose parts Maven fetches."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.loopback import free_port, jars, java, running
from tests.spark.clusters import QUICK

if TYPE_CHECKING:
    import pytest
    from pyspark.sql import SparkSession

PARTS = Path(__file__).with_name("parts")
REQUIRED = "LISTED_REQUIRE_STORES"
"""Set where an HDFS or S3 that cannot be started is a failure, not a reason to skip."""

BUCKET, KEY, SECRET = "graphs", "listed-key", "listed-secret-that-nobody-tells"

_QUIETER = """<configuration>
<appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%msg%n</pattern></encoder></appender>
<root level="warn"><appender-ref ref="out"/></root>
</configuration>
"""


@contextmanager
def hdfs(kept: Path | None = None) -> Iterator[str]:
    """Run HDFS; give its address.

    Parameters
    ----------
    kept
        A folder for what Maven found.
    """
    port = free_port()
    parts = jars(PARTS / "hdfs.xml", kept and kept / "hdfs")
    with tempfile.TemporaryDirectory(prefix="listed-hdfs-") as place:
        command = [java(), *QUICK.split(), "-Xmx512m", "-cp", parts, str(PARTS / "HdfsServer.java"), place, str(port)]
        with running(command, Path(place), port, "ready"):
            yield f"hdfs://127.0.0.1:{port}"


@contextmanager
def s3(port: int, kept: Path | None = None) -> Iterator[str]:
    """Run S3, which asks for :data:`KEY` and :data:`SECRET`; give the address of its one bucket."""
    parts = jars(PARTS / "s3-server.xml", kept and kept / "s3-server")
    with tempfile.TemporaryDirectory(prefix="listed-s3-") as place:
        logging = Path(place, "logging.xml")
        logging.write_text(_QUIETER, encoding="utf-8")
        command = [java(), *QUICK.split(), "-Xmx512m", f"-Dlogback.configurationFile={logging}", "-cp", parts,
                   str(PARTS / "S3Server.java"), str(port), BUCKET, KEY, SECRET]  # fmt: skip
        with running(command, Path(place), port, "ready"):
            yield f"s3a://{BUCKET}"


def settings_for_s3(port: int, kept: Path | None = None) -> dict[str, str]:
    """Return the settings with which Spark reads ``s3a://`` from the server at a port."""
    parts = jars(PARTS / "s3-client.xml", kept and kept / "s3-client")
    return {
        "spark.jars": ",".join(parts.split(os.pathsep)),
        "spark.hadoop.fs.s3a.endpoint": f"http://127.0.0.1:{port}",
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.hadoop.fs.s3a.path.style.access": "true",
    }


def set_credentials(patch: pytest.MonkeyPatch) -> None:
    """Set what Spark reads at its start and hands to its workers: as one should, never on a command line."""
    patch.setenv("AWS_ACCESS_KEY_ID", KEY)
    patch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)


def _paths(spark: SparkSession, place: str, folder: Path) -> tuple[Any, Any, Any]:
    jvm: Any = spark._jvm
    there, here = (jvm.org.apache.hadoop.fs.Path(one) for one in (place, f"file://{folder}"))
    return there.getFileSystem(spark._jsc.hadoopConfiguration()), there, here  # type: ignore[attr-defined,union-attr,unused-ignore]


def put(spark: SparkSession, folder: Path, place: str) -> None:
    """Copy a folder of this machine to an address."""
    system, there, here = _paths(spark, place, folder)
    system.copyFromLocalFile(here, there)


def get(spark: SparkSession, place: str, folder: Path) -> Path:
    """Copy what lies at an address to a folder of this machine."""
    system, there, here = _paths(spark, place, folder)
    system.copyToLocalFile(there, here)
    return folder
