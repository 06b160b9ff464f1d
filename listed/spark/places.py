"""Addresses as Spark takes them: folders of this machine, of HDFS, of S3."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from listed.errors import InputError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_SECRET = re.compile(r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*)://[^/@]*:[^/]*@")


def address(given: str | Path) -> str:
    """Return an address without a doubt: a path of this machine in full, anything else as it is.

    Raises
    ------
    InputError
        If there is a password in it, which would be told in the answer and in every log.
    """
    text = str(given)
    if found := _SECRET.match(text):
        raise InputError("an address holds no password", file=f"{found['scheme']}://...",
                         advice="see Spark's settings for such places")  # fmt: skip
    # Hadoop takes a path as it is written: a blank is no %20.
    return text.rstrip("/") if re.match(r"[a-z][a-z0-9+.-]+:/", text) else f"file://{Path(text).absolute()}"


class Places:
    """What stands where, asked through Spark so that every address it reads can be asked about."""

    def __init__(self, spark: SparkSession) -> None:
        self._jvm: Any = spark._jvm
        self._conf: Any = spark._jsc.hadoopConfiguration()  # type: ignore[attr-defined,union-attr,unused-ignore]

    def there(self, place: str) -> bool:
        """Tell whether a file or folder is there."""
        return bool(self._system(place).exists(self._path(place)))

    def names(self, place: str) -> list[str]:
        """Return the names in a folder, sorted; none if it is not there."""
        if not self.there(place):
            return []
        return sorted(str(one.getPath().getName()) for one in self._system(place).listStatus(self._path(place)))

    def read(self, place: str) -> str:
        """Return a small text."""
        stream = self._system(place).open(self._path(place))
        try:
            return bytes(self._jvm.org.apache.commons.io.IOUtils.toByteArray(stream)).decode("utf-8")
        finally:
            stream.close()

    def write(self, place: str, text: str) -> None:
        """Write a small text, in the place of what is there."""
        stream = self._system(place).create(self._path(place), True)  # noqa: FBT003 - Hadoop's own call
        try:
            stream.write(bytearray(text.encode("utf-8")))
        finally:
            stream.close()

    def remove(self, place: str) -> None:
        """Remove a file or a folder with all in it, if it is there."""
        self._system(place).delete(self._path(place), True)  # noqa: FBT003 - Hadoop's own call

    def _path(self, place: str) -> Any:
        return self._jvm.org.apache.hadoop.fs.Path(place)

    def _system(self, place: str) -> Any:
        return self._path(place).getFileSystem(self._conf)


class Work:
    """A folder for what a job writes between its rounds.

    What is kept here cuts Spark's plan, which would else grow with every round, and outlives the worker
    that made it. It stands beside the answer, where every worker can write.
    """

    def __init__(self, spark: SparkSession, folder: str) -> None:
        self.spark, self._folder = spark, folder

    def keep(self, name: str, rows: DataFrame) -> DataFrame:
        """Write rows and return them as they lie there."""
        place = f"{self._folder}/{name}"
        rows.write.mode("overwrite").parquet(place)
        return self.spark.read.schema(rows.schema).parquet(place)

    def drop(self, name: str) -> None:
        """Remove what is not needed any more."""
        Places(self.spark).remove(f"{self._folder}/{name}")


@contextmanager
def working(spark: SparkSession, out: str) -> Iterator[Work]:
    """Lend a work folder in that of the answer; it is removed at the end, and after a failure so is the answer's."""
    folder = f"{out}/.work-{uuid.uuid4().hex[:12]}"
    whole = False
    try:
        yield Work(spark, folder)
        whole = True
    finally:
        with suppress(Exception):  # a session that has gone leaves what it made; what it failed of is told
            Places(spark).remove(folder if whole else out)
