"""Who may read the pages: whoever started them, from a browser on an address of this machine.

A page on another site can make a browser send requests here, and a name it controls can be pointed to
127.0.0.1. So each request must carry the secret (once in the address, then as a cookie that other
sites' requests do not carry), name a host of ours, and, where it says where it comes from, come from us.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # What is looked up here is nobody else's business: a source that is opened learns nothing.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Sent with every answer."""

_READING = frozenset({"GET", "HEAD"})
_PRIVATE = (
    "This page is private. Open the address that `listed serve` printed where it was started: it ends in a secret.\n"
)


def new_token() -> str:
    """Return a secret nobody guesses."""
    return secrets.token_urlsafe(32)


class Guard:
    """Lets through what may pass, and marks every answer with :data:`HEADERS`.

    Parameters
    ----------
    app
        What is guarded.
    token
        The secret.
    hosts
        What the ``Host`` header may say, with the port.
    cookie
        The cookie's name: cookies do not tell ports apart, so it has the port in it.
    posts
        The paths to which something may be sent; all others are for reading.
    """

    def __init__(self, app: ASGIApp, token: str, hosts: Iterable[str], cookie: str, posts: Iterable[str] = ()) -> None:
        self.app, self.token, self.cookie = app, token, cookie
        self.hosts, self.posts = frozenset(hosts), frozenset(posts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return

        begun = False

        async def marked(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        refused = self._refused(Request(scope))
        try:
            await (refused or self.app)(scope, receive, marked)
        except asyncio.CancelledError:  # the page is stopped while it answers
            if not begun:
                await PlainTextResponse("This page is being stopped.\n", 503)(scope, receive, marked)

    def _refused(self, request: Request) -> Response | None:
        host, origin = request.headers.get("host", ""), request.headers.get("origin")
        if host not in self.hosts:
            return PlainTextResponse("This server does not go by that name.\n", 421)
        if origin is not None and origin != f"http://{host}":
            return PlainTextResponse("Another site may not ask for this.\n", 403)
        if request.method not in _READING:
            if request.method != "POST" or request.url.path not in self.posts:
                return PlainTextResponse("Only reading is possible here.\n", 405, {"Allow": "GET, HEAD"})
            if origin is None:
                return PlainTextResponse("Only the page itself may send this.\n", 403)
        given = request.query_params.get("token", "")
        if given and request.method in _READING and self._is_token(given):
            return self._remember(request)
        if not self._is_token(request.cookies.get(self.cookie, "")):
            return PlainTextResponse(_PRIVATE, 403)
        return None

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())

    def _remember(self, request: Request) -> Response:
        """Send the browser on to the same address without the secret, which it keeps as a cookie."""
        rest = urlencode([(key, value) for key, value in request.query_params.multi_items() if key != "token"])
        # One slash at the beginning: two would be the name of another server.
        path = "/" + request.url.path.lstrip("/\\")
        response = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        response.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return response
