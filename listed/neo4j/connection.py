"""The way to a Neo4j server: one that cannot be gone is one clear line."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from listed.errors import ServerError

if TYPE_CHECKING:
    import neo4j

PASSWORD_VARIABLES = ("LISTED_NEO4J_PASSWORD", "NEO4J_PASSWORD")
"""Where a password may stand; the first one set is taken."""

PATIENCE = 10.0
"""Seconds to wait for a server to answer."""

_UNHEARD = logging.NullHandler()
"""What the server remarks on a query (a label it has not met yet) is not for the reader."""

_SCHEMES = ("bolt", "bolt+s", "bolt+ssc", "neo4j", "neo4j+s", "neo4j+ssc")


@dataclass(frozen=True, slots=True)
class Server:
    """Where a database is, and who asks.

    Parameters
    ----------
    uri
        As ``bolt://localhost:7687`` or ``neo4j+s://...``; never with a password in it.
    user, password
        Without a user the server is asked without any.
    database
        Name of the database; the server's default when empty.
    """

    uri: str
    user: str = "neo4j"
    password: str = ""
    database: str = ""

    def __repr__(self) -> str:
        """Return the place without the password."""
        return f"<Server {self.place}>"

    @property
    def place(self) -> str:
        """The address and database, for a reader."""
        return f"{self.uri}{f' database {self.database}' if self.database else ''}"


def password_from_environment() -> str | None:
    """Return the password that the environment holds, if any."""
    return next((os.environ[name] for name in PASSWORD_VARIABLES if os.environ.get(name)), None)


@contextmanager
def connected(server: Server) -> Iterator[neo4j.Session]:
    """Hold a session with a server, known to answer.

    Raises
    ------
    ServerError
        If the driver is not installed, the server cannot be reached, refuses the user or the
        database, or fails later on. One line that says which.
    """
    driver_module = _driver_module()
    _check_uri(server.uri)
    auth = (server.user, server.password) if server.user else None
    with (
        _plainly(server),
        driver_module.GraphDatabase.driver(
            server.uri,
            auth=auth,
            connection_timeout=PATIENCE,
            connection_acquisition_timeout=2 * PATIENCE,
            user_agent="listed",
        ) as driver,
        driver.session(fetch_size=5000, **_database(server)) as session,
    ):
        session.run("RETURN 1").consume()
        yield session


def _database(server: Server) -> dict[str, Any]:
    return {"database": server.database} if server.database else {}


def _driver_module() -> Any:
    try:
        import neo4j
    except ImportError as error:
        raise ServerError("this needs Neo4j's driver (install it with: pip install 'listed[neo4j]')") from error
    logging.getLogger("neo4j").addHandler(_UNHEARD)
    return neo4j


def _check_uri(uri: str) -> None:
    parts = urlsplit(uri)
    try:
        sound = parts.scheme in _SCHEMES and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        sound = False
    if not sound:
        raise ServerError(f"{uri!r} is not an address of Neo4j (write it as bolt://localhost:7687)")
    if "@" in parts.netloc:
        raise ServerError("an address must not hold a user or password (use --user, and set LISTED_NEO4J_PASSWORD)")


@contextmanager
def _plainly(server: Server) -> Iterator[None]:
    """Tell a failure of the driver in one line."""
    from neo4j.exceptions import DriverError, Neo4jError

    try:
        yield
    except (Neo4jError, DriverError) as error:
        raise ServerError(f"{server.place}: {_said(error)}") from error


_KNOWN = {
    "Neo.ClientError.Security.Unauthorized": "wrong user or password (set LISTED_NEO4J_PASSWORD, or be asked)",
    "Neo.ClientError.Security.AuthenticationRateLimit": "too many wrong passwords: the server wants a pause",
    "Neo.ClientError.Security.CredentialsExpired": "the password must be changed first (log in once in Neo4j Browser)",
    "Neo.ClientError.Security.Forbidden": "this user may not do that",
    "Neo.ClientError.Database.DatabaseNotFound": "there is no such database",
}


def _said(error: BaseException) -> str:
    from neo4j.exceptions import AuthError, Neo4jError, ServiceUnavailable

    if isinstance(error, Neo4jError):
        code = error.code or ""
        if code in _KNOWN:
            return _KNOWN[code]
        if isinstance(error, AuthError):
            return _KNOWN["Neo.ClientError.Security.Unauthorized"]
        return f"the server says: {_line(error.message or str(error))}"
    if isinstance(error, ServiceUnavailable) or type(error).__name__.startswith("BoltHandshake"):
        text = str(error)
        if "HTTP" in text or "handshake" in text.lower() or "version" in text.lower():
            return "what answers there is not Neo4j's Bolt (its port is 7687 as a rule, not that of its web page)"
        return f"no answer (is Neo4j running there?): {_line(text)}"
    return _line(str(error))


def _line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0][:200] if lines else "no reason given"
