"""How far a long job is, and about how long it will take."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable

import click

_LOG = logging.getLogger(__name__)

_LEAST = 2.0
"""Seconds before a guess is worth telling."""

_APART = 10.0
"""Seconds between two lines of a log."""


class Progress:
    """One line on a terminal that tells how far a job is; elsewhere a line of the log now and then, if that is on.

    Parameters
    ----------
    source
        What is worked on.
    clock
        Seconds since whenever.
    """

    def __init__(self, source: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.source = source
        # Where a log is told on the same terminal, its lines tell of this too.
        self.terminal = sys.stderr.isatty() and not logging.getLogger("listed").handlers
        self._clock = clock
        self._began = self._logged = clock()
        self._share = 0.0
        self.step = ""
        """What was told last on this line of what would else be logged."""
        self._steps: _Steps | None = None

    def reading(self, count: int, share: float | None = None) -> None:
        """Tell how many statements were read, and which share of the files that is, where it is known."""
        self._tell(f"{count:,} statements read", share)

    def screening(self, count: int, share: float | None = None) -> None:
        """Tell how many names were looked up, and which share of the file that is, where it is known."""
        self._tell(f"{count:,} names", share)

    def moving(self, done: int, total: int) -> None:
        """Tell how many rows have gone to a server or come from it."""
        self._tell(f"{done:,} of {total:,} rows", _share(done, total))

    def checking(self, done: int, total: int) -> None:
        """Tell how many bytes of a graph were read."""
        self._tell(f"{done / 1e6:,.1f} of {total / 1e6:,.1f} MB", _share(done, total))

    def stage(self, done: int, total: int, passed: float) -> None:
        """Tell how many tasks are done, after so many seconds, of the stage that a cluster works at.

        How many stages come after it is not known.
        """
        share = _share(done, total) or 0.0
        left = time_left(passed, share)
        text = f"{done:,} of {total:,} tasks of this stage ({share:.0%}{f'{left} of it' if left else ''})"
        self._show(f"{self.step}; {text}" if self.step else text, self._clock())

    def downloading(self, done: int, total: int | None) -> None:
        """Tell how much of a file has come."""
        of = f" of {total / 1e6:,.1f} MB" if total else " MB"
        self._tell(f"{done / 1e6:,.1f}{of} downloaded", _share(done, total))

    def _tell(self, text: str, share: float | None) -> None:
        now = self._clock()
        if share is not None:
            if share < self._share:  # a further job of the same command: a file after the download of it
                self._began = now
            self._share = share
            text += f" ({min(share, 1):.0%}{time_left(now - self._began, share)})"
        self._show(text, now)

    def _show(self, text: str, now: float) -> None:
        if self.terminal:
            click.echo(f"\r\033[K{self.source}: {text}", nl=False, err=True)
        elif now - self._logged >= _APART:
            self._logged = now
            _LOG.info("%s: %s", self.source, text)

    def __enter__(self) -> Progress:
        logger = logging.getLogger("listed")
        if self.terminal:  # what would be logged is told here: merging, writing
            self._steps = _Steps(self)
            logger.addHandler(self._steps)
            logger.setLevel(logging.INFO)
        return self

    def __exit__(self, *_: object) -> None:
        if self._steps is not None:
            logger = logging.getLogger("listed")
            logger.removeHandler(self._steps)
            logger.setLevel(logging.NOTSET)
        if self.terminal:
            click.echo("\r\033[K", nl=False, err=True)


class _Steps(logging.Handler):
    """Shows on the line of a job which step it has come to."""

    def __init__(self, progress: Progress) -> None:
        super().__init__(logging.INFO)
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        self._progress.step = record.getMessage()
        click.echo(f"\r\033[K{self._progress.source}: {self._progress.step}", nl=False, err=True)


def time_left(passed: float, share: float) -> str:
    """Return about how long a job will take yet, if it goes on as it went: ``, about 3 min left``."""
    if passed < _LEAST or not 0 < share < 1:
        return ""
    seconds = passed / share - passed
    if seconds < 1:
        return ""
    if seconds < 90:
        return f", about {seconds:.0f} s left"
    return f", about {seconds / 60:.0f} min left" if seconds < 5400 else f", about {seconds / 3600:.1f} h left"


def _share(done: int, total: int | None) -> float | None:
    return done / total if total else None
