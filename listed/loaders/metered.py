"""How far files have been read: inputs that remember where their streams stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO

from listed.loaders.inputs import Input


class Metered:
    """An :class:`listed.loaders.inputs.Input` that knows how much of it was read.

    Parameters
    ----------
    inner
        The input. Of one that was packed it is not known how long it is, and so not how far it was read.
    """

    def __init__(self, inner: Input) -> None:
        self._inner = inner
        self._stream: BinaryIO | None = None
        self._read = 0

    @property
    def name(self) -> str:
        """As the input's own."""
        return self._inner.name

    @property
    def path(self) -> Path | None:
        """As the input's own."""
        return self._inner.path

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

    def read(self) -> int:
        """Return how many bytes were read, by the stream that was last open."""
        if self._stream is not None:
            with suppress(OSError, ValueError):
                return self._stream.tell()
        return self._read

    def size(self) -> int | None:
        """Return how many bytes there are, where that is known."""
        if self.path is None:
            return None
        try:
            return self.path.stat().st_size
        except OSError:
            return None


def share_read(inputs: Sequence[Metered]) -> float | None:
    """Return which share of files was read, 0 to 1; nothing where it cannot be told."""
    sizes = [one.size() for one in inputs]
    known = [size for size in sizes if size is not None]
    if len(known) < len(sizes) or not sum(known):
        return None
    share = sum(one.read() for one in inputs) / sum(known)
    return share if share else None  # Arrow reads a path, and no stream tells of it
