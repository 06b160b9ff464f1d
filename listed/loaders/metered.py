"""How far files have been read: inputs that remember where their streams stand."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO, cast

from listed.loaders.inputs import Input, taken

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Metered:
    """An :class:`listed.loaders.inputs.Input` that knows how much of it was read.

    Parameters
    ----------
    inner
        The input.
    """

    def __init__(self, inner: Input) -> None:
        self._inner = inner
        self._stream: BinaryIO | None = None
        self._read: int | None = 0
        self.told: Callable[[], None] = lambda: None
        """Called where a loader reads long without a statement, each time it has come further."""

    @property
    def name(self) -> str:
        """As the input's own."""
        return self._inner.name

    @property
    def path(self) -> Path | None:
        """As the input's own."""
        return self._inner.path

    @property
    def size(self) -> int:
        """As the input's own."""
        return self._inner.size

    @contextmanager
    def open_binary(self) -> Iterator[BinaryIO]:
        """Open the input's bytes."""
        with self._inner.open_binary() as stream, self._watched(stream):
            yield stream

    @contextmanager
    def open_text(self, encoding: str = "utf-8-sig") -> Iterator[TextIO]:
        """Open the input as text."""
        with self._inner.open_text(encoding) as text, self._watched(text.buffer):
            yield text

    @contextmanager
    def _watched(self, stream: BinaryIO) -> Iterator[None]:
        self._stream = stream
        try:
            yield
        finally:
            self._read = self.read()
            self._stream = None

    def read(self) -> int | None:
        """Return how many bytes on the disk were read, by the stream that was last open; nothing if unknown."""
        if self._stream is not None:
            with suppress(OSError, ValueError):
                return min(taken(self._stream), self.size)
        return self._read

    def reached(self, share: float | None) -> None:
        """Take a loader's word for how much was read, 0 to 1, where no stream tells of it."""
        self._read = None if share is None else round(self.size * share)
        self.told()


def reached(given: Input, share: float | None) -> None:
    """Tell how much of an input was read, 0 to 1, where it is not read by a stream; nothing where it is unknown."""
    if isinstance(given, Metered):
        given.reached(share)


def telling(given: Input, stream: BinaryIO) -> BinaryIO:
    """Return a stream of an input for one who reads it whole at once: it tells how far it has come as it is read."""
    return cast("BinaryIO", _Telling(stream, given.told)) if isinstance(given, Metered) else stream


class _Telling(io.RawIOBase):
    def __init__(self, stream: BinaryIO, told: Callable[[], None]) -> None:
        self._stream, self._told = stream, told

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        # A whole block, as a file gives it: Arrow takes less for the end.
        block = self._stream.read(-1 if size is None else size)
        self._told()
        return block

    def readinto(self, buffer: WriteableBuffer) -> int:
        block = self.read(memoryview(buffer).nbytes)
        memoryview(buffer).cast("B")[: len(block)] = block
        return len(block)


def share_read(inputs: Sequence[Metered]) -> float | None:
    """Return which share of files was read, 0 to 1; nothing where it cannot be told."""
    whole = sum(one.size for one in inputs)
    read = [one.read() for one in inputs]
    known = [count for count in read if count is not None]
    if len(known) < len(read) or not whole:
        return None
    return sum(known) / whole or None  # nothing read yet tells nothing of the time it takes
