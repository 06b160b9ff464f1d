"""Connections to the page: not more than its readers need, and none is kept for who sends nothing."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 256
"""Connections at once: each holds a file of the process, of which there are few."""

PATIENCE = 15.0
"""Seconds between two looks at a connection; one that waits for a request at both is closed."""


def most() -> int:
    """Return how many connections there may be at once, so that files are left for the graph."""
    try:
        import resource
    except ImportError:  # Windows, which counts otherwise
        return MOST
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST if files == resource.RLIM_INFINITY else min(MOST, files // 2)


class Connection(H11Protocol):
    """A connection that is closed if no request on it comes to its end, or nothing of an answer is taken.

    Where there are too many, the oldest that waits for a request gives way.
    """

    _looking: asyncio.TimerHandle | None = None
    _since = 0.0
    _waited = False
    _unsent = 0

    @property
    def waits(self) -> bool:
        """Whether there is no request on it that is not answered, to the last byte."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not self.transport.get_write_buffer_size()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; of too many one gives way that waits, else the new one."""
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > most():
            others = (one for one in self.connections if isinstance(one, Connection) and one is not self)
            waiting = (one for one in others if one.waits and not one.transport.is_closing())
            min(waiting, key=lambda one: one._since, default=self).transport.abort()
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of a connection."""
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._looking = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        unsent = self.transport.get_write_buffer_size()
        # A slow reader takes some of an answer between two looks; one that takes nothing is stuck.
        waits = self.waits or 0 < unsent == self._unsent
        if waits and self._waited:
            self.transport.abort()
            return
        self._waited, self._unsent = waits, unsent
        self._look_later()
