"""What Listed tells of its work, by Python's own ``logging``: nothing unless asked, on standard error.

A program that uses the library sets up logging as it likes: all loggers are below ``listed``.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime

_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; the rest was given as ``extra``."""


class JsonLines(logging.Formatter):
    """One JSON object a line: ``time``, ``level``, ``logger``, ``message``, and what else was told with it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line of JSON."""
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"time": moment, "level": record.levelname.lower(), "logger": record.name,
                "message": record.getMessage()}  # fmt: skip
        told |= {key: value for key, value in vars(record).items() if key not in _PLAIN}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def set_up(verbose: int = 0, *, as_json: bool = False) -> None:
    """Tell on standard error what is done; for a command, whose process is its own.

    Parameters
    ----------
    verbose
        0 tells nothing (with ``as_json``: as 1), 1 what is done, 2 also what is only of use to find a mistake.
    as_json
        As JSON lines, the failure of the command too.
    """
    if not verbose and not as_json:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if as_json else logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    logger = logging.getLogger("listed")
    logger.handlers = [handler]
    logger.propagate = False
    logger.setLevel(logging.DEBUG if verbose > 1 else logging.INFO)


def in_json() -> bool:
    """Return whether :func:`set_up` was told to log as JSON lines."""
    return any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger("listed").handlers)


def failed(message: str, code: int) -> None:
    """Tell as a line of the log why a command failed, and the exit code."""
    logging.getLogger("listed").error(message, extra={"exit_code": code})
