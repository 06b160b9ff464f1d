"""A page being served for a test, and what a test asks it with."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from listed.explorer.serving import Page, prepare
from listed.graph.snapshot import Graph


@dataclass
class Said:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Served:
    """A page that is up; asks as its own browser would, unless told otherwise."""

    page: Page

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.page.port}"

    @property
    def base(self) -> str:
        return f"http://{self.host}"

    @property
    def cookie(self) -> str:
        return f"listed-{self.page.port}={self.page.token}"

    def __call__(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Said:
        given = {"Host": self.host, "Cookie": self.cookie} | (headers or {})
        line = http.client.HTTPConnection("127.0.0.1", self.page.port, timeout=60)
        try:
            line.putrequest(method, quote(path, safe="/?&=%~+:"), skip_host=True)
            for name, value in given.items():
                line.putheader(name, value)
            if body is not None:
                line.putheader("Content-Length", str(len(body)))
            line.endheaders(body)
            answer = line.getresponse()
            return Said(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            line.close()

    def post(self, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Said:
        return self(path, "POST", body, {"Origin": self.base} | (headers or {}))


@contextmanager
def served(graph: Graph, again: Callable[[], Graph] | None = None) -> Iterator[Served]:
    page = prepare(graph, again or (lambda: graph), port=0)
    thread = threading.Thread(target=page.run, daemon=True)
    thread.start()
    while not page.server.started:
        time.sleep(0.01)
    try:
        yield Served(page)
    finally:
        page.server.should_exit = True
        thread.join(20)
        page.socket.close()
