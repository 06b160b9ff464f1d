"""Spreadsheets being screened, in threads of their own, and what came out."""

from __future__ import annotations

import secrets
import tempfile
import threading
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePath
from typing import Any

from listed.errors import ListedError, QueryError
from listed.graph.snapshot import Graph
from listed.loaders.inputs import UNPACK_RATIO, open_inputs
from listed.queries.answer import Answer
from listed.queries.screening import Asked, screen
from listed.screening import asked_in, write

MOST_BYTES = 64 * 2**20
"""A spreadsheet that is dropped on the page is not larger."""

UNPACK_LIMIT = 256 * 2**20
"""An archive that is dropped on the page does not unpack to more."""

MOST_NAMES = 50_000
"""A spreadsheet that is dropped on the page does not hold more: its outcome is kept, and shown, whole."""

LONGEST_NAME = 2_000
"""A longer name is none: something else stands in the column."""

_KEPT = 4
_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json", ".jsonl", ".ndjson", ".parquet", ".gz", ".zip",
                      ".xls", ".ods"})  # fmt: skip
FORMS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""In which forms the outcome can be had, and their media types."""


class _Stopped(Exception):  # noqa: N818 - not a failure
    """The user asked to stop."""


@dataclass
class Job:
    """A spreadsheet being screened. ``state`` is "running", "done", "failed" or "stopped"."""

    id: str
    name: str
    folder: tempfile.TemporaryDirectory[str]
    file: Path
    state: str = "running"
    names: int = 0
    problem: str = ""
    answer: Answer[Any] | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def to_dict(self) -> dict[str, Any]:
        """Return how far it is, ready for JSON."""
        return {"job": self.id, "file": self.name, "state": self.state, "names": self.names, "problem": self.problem}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a spreadsheet is to be screened; as for :func:`listed.screening.screen_file`."""

    as_of: date
    regime: str = "all"
    name_column: str = ""
    country_column: str = ""
    least_score: float = 82.0
    matches: int = 3


class ScreeningJobs:
    """All that is being screened; one at a time, and the last few outcomes.

    Parameters
    ----------
    open_graph
        Opens the graph anew: a screening in the background must not share what the pages remember.
    """

    def __init__(self, open_graph: Callable[[], Graph], regimes_file: str | None = None) -> None:
        self._open, self._regimes_file = open_graph, regimes_file
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def receive(self, name: str) -> Job:
        """Return a job whose file is still to be written. Raises QueryError while another one runs."""
        with self._lock:
            if any(job.state == "running" for job in self._jobs.values()):
                raise QueryError("another spreadsheet is being screened; wait for it, or stop it")
            # Deleted also where the page is stopped while the file is being read.
            folder = tempfile.TemporaryDirectory(prefix="listed-screening-", ignore_cleanup_errors=True)
            # Of the name only a known ending is used on the disk.
            endings = [ending.lower() for ending in PurePath(name).suffixes[-2:]]
            file = Path(folder.name) / f"file{''.join(ending for ending in endings if ending in _ENDINGS)}"
            job = Job(secrets.token_urlsafe(12), PurePath(name.replace("\\", "/")).name[:200] or "file", folder, file)
            self._jobs[job.id] = job
            while len(self._jobs) > _KEPT:
                self._jobs.popitem(last=False)
        return job

    def start(self, job: Job, wanted: Wanted) -> None:
        """Begin to screen the file of a job."""
        threading.Thread(target=self._run, args=(job, wanted), name="screening", daemon=True).start()

    def fail(self, job: Job, problem: str) -> None:
        """End a job whose file did not come whole."""
        job.folder.cleanup()
        job.state, job.problem = "failed", problem

    def job(self, id_: str) -> Job:
        """Return a job. Raises QueryError for one there is not, or no more."""
        if id_ not in self._jobs:
            raise QueryError("this screening is not kept any more; drop the file again")
        return self._jobs[id_]

    def _run(self, job: Job, wanted: Wanted) -> None:
        def told(names: int) -> None:
            job.names = names

        try:
            _check_size(job)
            inputs = open_inputs([str(job.file)], unpack_limit=UNPACK_LIMIT)
            if len(inputs) != 1:
                raise QueryError(f"{job.name} holds {len(inputs)} files; screen one at a time")  # noqa: TRY301
            asked = asked_in(inputs[0], name_column=wanted.name_column, country_column=wanted.country_column)
            job.answer = screen(
                self._open(),
                _bounded(asked, job),
                wanted.as_of,
                regime=wanted.regime,
                regimes_file=self._regimes_file,
                least_score=wanted.least_score,
                matches=wanted.matches,
                progress=told,
            )
            job.names, job.state = int(job.answer.bounds["names"]), "done"
        except _Stopped:
            job.state = "stopped"
        except ListedError as error:
            job.state, job.problem = "failed", str(error).replace(job.file.name, job.name)
        except Exception as error:
            job.state, job.problem = "failed", f"{job.name} cannot be read ({type(error).__name__})"
        finally:
            job.folder.cleanup()


def _check_size(job: Job) -> None:
    """Refuse an archive, or a workbook, which is one too, that says it unpacks to more than a page takes."""
    if not zipfile.is_zipfile(job.file):
        return
    try:
        with zipfile.ZipFile(job.file) as archive:
            whole = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile:
        return  # told by whoever reads it
    if whole > max(UNPACK_LIMIT, UNPACK_RATIO * job.file.stat().st_size):
        raise QueryError(f"{job.name} unpacks to over {UNPACK_LIMIT:,} bytes; use: listed screen FILE")


def _bounded(asked: Iterator[Asked], job: Job) -> Iterator[Asked]:
    for count, one in enumerate(asked):
        if job.stop.is_set():
            raise _Stopped
        if count == MOST_NAMES:
            raise QueryError(f"{job.name} holds more than {MOST_NAMES:,} names; use: listed screen FILE")
        if len(one.name) > LONGEST_NAME:
            raise QueryError(f"{job.name}, row {one.row}: a name has over {LONGEST_NAME:,} letters; is it one?")
        yield one


def outcome(job: Job, form: str) -> bytes:
    """Return the outcome of a job as CSV, JSON or an Excel workbook.

    Raises
    ------
    QueryError
        If there is no outcome yet, or no such form.
    """
    if job.answer is None:
        raise QueryError(job.problem or "this screening is not done yet")
    if form not in FORMS:
        raise QueryError(f"an outcome is given as {', '.join(FORMS)}, not {form!r}")
    with tempfile.TemporaryDirectory(prefix="listed-outcome-") as folder:
        place = Path(folder) / f"outcome.{form}"
        write(job.answer, place)
        return place.read_bytes()
