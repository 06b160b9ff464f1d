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
    return min(MOST, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


class Connection(H11Protocol):
    """A connection that is closed if no request on it comes to its end; where there are too many, the oldest such."""

    _looking: asyncio.TimerHandle | None = None
    _since = 0.0
    _waited = False

    @property
    def waits(self) -> bool:
        """Whether there is no request on it that is not answered."""
        return self.cycle is None or self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection; of too many one gives way that waits, else the new one."""
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > most():
            others = (one for one in self.connections if isinstance(one, Connection) and one is not self and one.waits)
            min(others, key=lambda one: one._since, default=self).transport.abort()
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of a connection."""
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._looking = self.loop.call_later(PATIENCE, self._look)

    def _look(self) -> None:
        if self.waits and self._waited:
            self.transport.abort()
            return
        self._waited = self.waits
        self._look_later()
