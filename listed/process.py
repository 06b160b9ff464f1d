"""The process of a command: its three streams are there, and it ends in order when it is told to."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType


class Stopped(SystemExit):
    """The process was told to end: by ``kill``, a service manager, a closed terminal."""


def open_streams() -> None:
    """Open the streams that the process was started without.

    Else the next file that is opened, such as one of a graph, would be written to by whatever speaks to the
    stream of its number. Reading from such a stream finds its end, writing to standard output fails.
    """
    for number, (name, flags, mode) in enumerate(
        (("stdin", os.O_RDONLY, "r"), ("stdout", os.O_RDONLY, "w"), ("stderr", os.O_WRONLY, "w"))
    ):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # it has the lowest number that is free
        if getattr(sys, name) is None:
            # Not closed at the end: there is nobody left to be told that it cannot be.
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="replace", closefd=False))  # noqa: SIM115


def end_in_order() -> None:
    """Have the signals that end a process raise :class:`Stopped`, so that what it began is cleared away.

    A second one ends it at once. A signal that is ignored (nohup) stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    usually = {"SIGINT": signal.default_int_handler, "SIGTERM": signal.SIG_DFL, "SIGHUP": signal.SIG_DFL}
    for name, usual in usually.items():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is usual:
            signal.signal(number, _end)


def stopped_by() -> int:
    """Return the exit code of a process that was told to end, or 0.

    What is being imported at that moment may fail in a way of its own, and hide why.
    """
    return 128 + _told[0] if _told else 0


_told: list[int] = []


def _end(number: int, _: FrameType | None) -> None:
    _told.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    signal.signal(number, signal.SIG_DFL)
    raise Stopped(128 + number)
