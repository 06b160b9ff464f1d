"""A Spark session set up for the jobs, and failures of Spark in one line."""

from __future__ import annotations

import os
import re
import socket
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from listed.errors import ListedError, ServerError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
"""The master that is this machine alone."""

_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.skewJoin.enabled": "true",  # a state body's 100,000 firms are cut into several tasks
    "spark.sql.autoBroadcastJoinThreshold": "-1",  # what is small enough is counted, not guessed (rounds.SMALL)
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.files.maxPartitionBytes": "64m",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
    # Else Spark reckons the bytes of a batch anew after each row of it, which takes longer than the answer.
    "spark.sql.execution.arrow.maxBytesPerBatch": "2147483647",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}

_PATIENCE = 10
"""Seconds in which a master answers that it is there."""

_QUIET = Path(__file__).with_name("log4j2.properties")
"""What Spark says on this machine: what a user has to know of, and not of each class it loads."""


def session(master: str = LOCAL, settings: Mapping[str, str] | None = None) -> SparkSession:
    """Return the session of this process, started if there is none.

    Parameters
    ----------
    master
        Spark's address of the cluster: ``spark://host:7077``, ``yarn``, ``k8s://...``, ``local[*]``.
    settings
        Spark's own settings, which override ours.

    Raises
    ------
    ServerError
        If pyspark or Java is missing, or the cluster cannot be reached.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise ServerError("Spark is not installed (pip install 'listed[spark]'; it needs Java 17)") from error
    if SparkSession.getActiveSession() is None:
        _check_there(master)
    told = {**_SETTINGS, **(settings or {})}
    # Spark reads this one only where it is submitted to: the Python that the workers run.
    if python := told.get("spark.pyspark.python") or (sys.executable if master.startswith("local") else ""):
        os.environ.setdefault("PYSPARK_PYTHON", python)
    builder = SparkSession.builder.master(master).appName("listed")
    quiet = f"-Dlog4j2.configurationFile=file:{_QUIET}"
    told["spark.driver.extraJavaOptions"] = f"{quiet} {told.get('spark.driver.extraJavaOptions', '')}".strip()
    for name, value in told.items():
        builder = builder.config(name, value)
    with plain_failures():
        return builder.getOrCreate()


def _check_there(master: str) -> None:
    """Refuse a cluster whose master does not answer: Spark would ask for a minute, and fail with what that leads to."""
    if not master.startswith("spark://"):
        return
    why = ""
    for one in master.removeprefix("spark://").split(","):
        host, _, port = one.rpartition(":")
        if not port.isdecimal():
            return  # Spark says what is wrong with it
        try:
            socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
        except (OSError, OverflowError) as error:
            why = why or (getattr(error, "strerror", "") or str(error))
        else:
            return
    raise ServerError(f"no Spark master answers at {master}: {why} (is it running, and is that its port?)")


@contextmanager
def plain_failures() -> Iterator[None]:
    """Turn what Spark and Java raise, a page of it, into a ServerError of one line."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        with warnings.catch_warnings():
            # We hand Spark Arrow's columns and never pandas's, whose newest version it only warns of.
            warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
            yield
    except ListedError:
        raise
    except (PySparkException, Py4JError, ConnectionError, OSError) as error:
        raise ServerError(f"Spark: {_cause(error)}") from error


_CAUSED = re.compile(r"^(?:Caused by: )?[\w.$]*(?:Exception|Error): (.+)$", re.MULTILINE)
_RAISED = re.compile(r"^: (?!org\.apache\.spark)[\w.$]*(?:Exception|Error): (.+)$", re.MULTILINE)
"""What a place such as HDFS or S3 says, which names the place; the cause of it does not."""


def _cause(error: BaseException) -> str:
    """Return what a place refused, the innermost reason that Spark tells, or what Python said on the worker."""
    text = str(error)
    if "S3AFileSystem not found" in text:
        return "it lacks its client for s3a:// (--conf spark.jars.packages=org.apache.hadoop:hadoop-aws:3.5.0)"
    if raised := _RAISED.search(text):
        return raised[1].strip()[:400]
    told = [found.strip() for found in _CAUSED.findall(text) if "Traceback" not in found]
    return (told[-1] if told else next(iter(text.splitlines()), type(error).__name__))[:400]
