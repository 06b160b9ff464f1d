"""A Spark session set up for the jobs, and failures of Spark in one line."""

from __future__ import annotations

import os
import re
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
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


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


def _cause(error: BaseException) -> str:
    """Return the innermost reason that Spark tells, or what Python said on the worker."""
    text = str(error)
    told = [found.strip() for found in _CAUSED.findall(text) if "Traceback" not in found]
    return (told[-1] if told else next(iter(text.splitlines()), type(error).__name__))[:400]
