"""Start the page: find a port, print the address, serve until stopped."""

from __future__ import annotations

import contextlib
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from listed.errors import ServerError
from listed.explorer.app import POSTS, explorer
from listed.explorer.connections import Connection
from listed.explorer.guard import Guard, new_token
from listed.graph.snapshot import Graph
from listed.process import Stopped

if TYPE_CHECKING:
    import uvicorn

PORT = 8420
_LONGEST_ADDRESS = 512 * 1024
"""A map of thousands of entities stands in its address."""

_BACKLOG = 64
"""Connections that may wait to be taken; each of them is told of where there is no file left for any."""


@dataclass
class Page:
    """A page ready to be served: ``address`` has the secret in it."""

    server: uvicorn.Server
    socket: socket.socket
    host: str
    port: int
    token: str

    @property
    def address(self) -> str:
        """Where it is, with the secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/?token={self.token}"

    def run(self) -> None:
        """Serve until interrupted, or told to end."""
        with contextlib.suppress(KeyboardInterrupt, Stopped):
            self.server.run(sockets=[self.socket])


def prepare(
    graph: Graph,
    open_graph: Callable[[], Graph],
    *,
    host: str = "127.0.0.1",
    port: int | None = None,
    regimes_file: str | None = None,
) -> Page:
    """Return the page of a graph, its port taken.

    Parameters
    ----------
    graph, open_graph, regimes_file
        As for :func:`listed.explorer.app.explorer`.
    host
        The address to listen on: of this machine, unless others are to read too.
    port
        8420, or any free one if that is taken; a given port is taken or nothing is.

    Raises
    ------
    ServerError
        If the address cannot be listened on.
    """
    import uvicorn

    taken = _listen(host, port)
    number = int(taken.getsockname()[1])
    token = new_token()
    app = Guard(explorer(graph, open_graph, regimes_file), token, _hosts(host, number), f"listed-{number}", POSTS)
    config = uvicorn.Config(
        app,
        http=Connection,
        backlog=_BACKLOG,
        ws="none",
        lifespan="off",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=_LONGEST_ADDRESS,
        timeout_graceful_shutdown=1,
    )
    return Page(uvicorn.Server(config), taken, _shown(host), number, token)


def is_local(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return socket.gethostname() if host in ("0.0.0.0", "::") else host  # noqa: S104


def _hosts(host: str, port: int) -> list[str]:
    """Return what the Host header may say: names of this machine only, so that no other name can be pointed here."""
    names = ["127.0.0.1", "localhost", "[::1]", f"[{host}]" if ":" in host else host, _shown(host)]
    return [f"{name}:{port}" for name in dict.fromkeys(names)] + (list(dict.fromkeys(names)) if port == 80 else [])


def _listen(host: str, port: int | None) -> socket.socket:
    wanted = [PORT, 0] if port is None else [port]
    for number in wanted:
        try:
            family, kind, proto, _, place = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
            taken = socket.socket(family, kind, proto)
        except OSError as error:
            raise ServerError(f"{host} is no address of this machine ({error.strerror or error})") from error
        try:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(place)
            taken.listen(_BACKLOG)
        except OSError as error:
            taken.close()
            if number == wanted[-1]:
                raise ServerError(
                    f"cannot listen on {host} port {number}: {error.strerror or error} (choose another with --port)"
                ) from error
            continue
        return taken
    raise ServerError(f"no port of {host} is free")
