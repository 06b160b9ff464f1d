"""Fifty readers at the pages of one ``listed serve``, each asking again as soon as it is answered."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs, quote, urlsplit

import pytest

READERS = 50
SECONDS = 6.0
SLACK = 24.0
"""Megabytes by which the memory may wander from the second third of the time to the last."""

DAY = "as-of=2025-10-15"
QUERIES = ("show", "owners", "holdings", "investors", "ventures", "government", "exposure", "verdict", "timeline")
ADDRESSES = [
    "/", "/?q=sensetime", "/search.json", "/search.json?q=商汤", "/suggest.json?q=hikv", "/suggest.json?q=华为",
    "/suggest.json?q=al", "/suggest.json?q=", "/entity?id=smic", "/entity?id=alibaba-group", "/entity.json?id=huawei",
    "/entity?id=cn-sasac", *(f"/{name}.json?id=sensetime-group" for name in QUERIES), "/exposure.csv?id=hikvision",
    "/owners.csv?id=smic&history=yes", "/verdict.json?id=smic&regime=us-bis", "/paths",
    "/paths?start=alibaba-group&end=hikvision", "/paths.json?start=smic&end=huawei", "/map", "/map.json?e=smic",
    "/map.json?id=smic", "/map.csv?e=sensetime-group&x=sensetime-group~30", "/screen", "/screen.json",
    "/screen/job.json?job=none", "/static/style.css", "/entity?id=nobody-goes-by-that",
    "/entity.json?id=smic&as-of=soon", "/no-such-page",
]  # fmt: skip


@dataclass
class Server:
    """A ``listed serve`` of its own process."""

    pid: int
    place: str
    cookie: str

    def line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.place, timeout=60)

    def ask(self, line: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
        """Ask over a line that is kept."""
        day = "" if "as-of" in path else ("&" if "?" in path else "?") + DAY
        line.request("GET", quote(path + day, safe="/?&=~"), headers={"Cookie": self.cookie})
        answer = line.getresponse()
        return answer.status, answer.read()

    @property
    def megabytes(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


@dataclass
class Told:
    """What fifty readers were told: the answers that were not those of one alone, and the memory over time."""

    alone: dict[str, tuple[int, bytes]]
    asked: set[str] = field(default_factory=set)
    otherwise: list[str] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Server]:
    command = [sys.executable, "-m", "listed", "serve", "--port", "0", "--graph", "bundled"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = urlsplit(next(found[0] for each in process.stdout if (found := re.search(r"http://\S+", each))))
            token = parse_qs(address.query)["token"][0]
            yield Server(process.pid, address.netloc, f"listed-{address.port}={token}")
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def told() -> Iterator[Told]:
    with serving() as server:
        line = server.line()
        told = Told({path: server.ask(line, path) for path in ADDRESSES})
        line.close()
        until = time.monotonic() + SECONDS
        readers = [threading.Thread(target=read, args=(server, told, place, until)) for place in range(READERS)]
        for reader in readers:
            reader.start()
        while time.monotonic() < until:
            told.megabytes.append(server.megabytes if Path("/proc/self/status").exists() else 0.0)
            time.sleep(0.05)
        for reader in readers:
            reader.join()
        yield told


def read(server: Server, told: Told, place: int, until: float) -> None:
    """Ask as one reader does, each beginning elsewhere."""
    line = server.line()
    while time.monotonic() < until:
        path = ADDRESSES[place % len(ADDRESSES)]
        place += 1
        try:
            same = server.ask(line, path) == told.alone[path]
        except (OSError, http.client.HTTPException) as error:
            told.otherwise.append(f"{path}: {error!r}")
            return
        told.asked.add(path)
        if not same:
            told.otherwise.append(path)
    line.close()


def test_each_answer_is_that_of_one_who_asks_alone(told: Told) -> None:
    assert told.otherwise == []


def test_every_kind_of_address_was_asked(told: Told) -> None:
    assert told.asked == set(ADDRESSES)


def test_only_what_is_wrong_is_refused(told: Told) -> None:
    refused = {path: status for path, (status, _) in told.alone.items() if status != 200}
    assert refused == {
        "/screen/job.json?job=none": 400,
        "/entity?id=nobody-goes-by-that": 404,
        "/entity.json?id=smic&as-of=soon": 400,
        "/no-such-page": 404,
    }


def test_memory_does_not_grow(told: Told) -> None:
    if not any(told.megabytes):
        pytest.skip("this system does not tell a process's memory under /proc")
    third = len(told.megabytes) // 3
    assert median(told.megabytes[2 * third :]) <= median(told.megabytes[third : 2 * third]) + SLACK
