"""Clients that are slow, stuck or many, files that do not come whole, and a graph that goes away under the page."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import listed
from listed import queries
from listed.explorer import app, connections
from listed.loading import open_
from tests.explorer.desk import Served, served


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    table = tmp_path / "stakes.csv"
    table.write_text("owner,asset,share\nAlpha Ltd,Beta Ltd,51%\n", encoding="utf-8")
    listed.load("table", [str(table)], tmp_path / "graph")
    return tmp_path / "graph"


@contextmanager
def stuck(page: Served, said: bytes, count: int = 1) -> Iterator[list[socket.socket]]:
    """Open connections that begin to say something, and then rest."""
    opened = [socket.create_connection(("127.0.0.1", page.page.port), timeout=60) for _ in range(count)]
    try:
        for one in opened:
            one.sendall(said)
        yield opened
    finally:
        for one in opened:
            one.close()


def upload(page: Served) -> bytes:
    """The head of a request that sends a spreadsheet, and the beginning of the spreadsheet."""
    head = f"POST /screen?name=x.csv HTTP/1.1\r\nHost: {page.host}\r\nCookie: {page.cookie}\r\nOrigin: {page.base}\r\n"
    return f"{head}Content-Length: 1000\r\n\r\nname\nAlp".encode()


def test_a_client_that_never_ends_its_request_is_left(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.05)
    with stuck(bundled, b"GET / HT") as (one,):
        assert one.recv(100) == b""


def test_a_client_that_says_nothing_is_left(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.05)
    with stuck(bundled, b"") as (one,):
        assert one.recv(100) == b""


def test_many_that_are_stuck_keep_nobody_out(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST", 20)
    with stuck(bundled, b"GET / HT", count=60):
        assert [bundled("/").status for _ in range(5)] == [200] * 5


class Slow:
    """A client that takes what it is sent as slowly as is told."""

    def __init__(self, *unsent: int) -> None:
        self.unsent, self.now, self.left = unsent, 0, False
        self.looks: list[Callable[[], None]] = []
        self.connection = connections.Connection.__new__(connections.Connection)
        vars(self.connection).update(transport=self, loop=self, cycle=SimpleNamespace(response_complete=True))
        self.connection._look_later()

    def call_later(self, _: float, look: Callable[[], None]) -> None:
        self.looks.append(look)

    def get_write_buffer_size(self) -> int:
        return self.now

    def abort(self) -> None:
        self.left = True

    def is_left(self) -> bool:
        for unsent in self.unsent:
            self.now = unsent
            if not self.left:
                self.looks.pop()()
        return self.left


@pytest.mark.parametrize(
    ("unsent", "left"),
    [((9, 8, 7, 6, 5, 4), False), ((9, 9, 8, 8, 7, 7), False), ((9, 9, 9, 9), True), ((9, 4, 0, 0), True)],
)
def test_who_takes_an_answer_slowly_gets_all_of_it(unsent: tuple[int, ...], left: bool) -> None:
    assert Slow(*unsent).is_left() == left


def test_files_without_a_limit_are_enough_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource", reason="limits of a Unix are needed")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY,) * 2)
    assert connections.most() == connections.MOST


def test_an_answer_is_waited_for_longer_than_a_request(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = queries.owners

    def slow(*asked: Any, **how: Any) -> Any:
        time.sleep(0.3)
        return usual(*asked, **how)

    monkeypatch.setattr(connections, "PATIENCE", 0.01)
    monkeypatch.setattr(queries, "owners", slow)
    assert bundled("/owners.json?id=hikvision").status == 200


def test_a_file_that_stops_coming_is_given_up(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "PATIENCE", 0.2)
    with stuck(bundled, upload(bundled)) as (one,):
        told = b""
        while b"}" not in told:
            told += one.recv(10_000)
    assert b"400" in told.splitlines()[0]
    assert b"did not come whole" in told
    assert bundled.post("/screen?name=y.csv", b"name\nHuawei\n").status == 202


def test_no_folder_to_keep_a_file_in_is_one_line(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "/nonexistent")

    monkeypatch.setattr("listed.explorer.screening_jobs.tempfile.TemporaryDirectory", refused)
    while (said := bundled.post("/screen?name=y.csv", b"name\nHuawei\n")).status == 400:
        time.sleep(0.05)  # while one of another test runs
    told = "This machine could not do it: No such file or directory (/nonexistent)."
    assert (said.status, json.loads(said.body)["error"]) == (500, told)


class TestAGraphThatGoesAway:
    def test_is_shown_as_it_was_and_told_of(self, graph: Path) -> None:
        with served(open_(graph)) as page:
            assert "any more" not in page("/").text
            graph.rename(graph.with_name("elsewhere"))
            assert "is not at" in page("/").text
            assert "Alpha Ltd" in page("/entity?id=name:beta ltd").text

    def test_and_is_made_anew_is_told_of(self, graph: Path) -> None:
        with served(open_(graph)) as page:
            graph.rename(graph.with_name("elsewhere"))
            table = graph.parent / "stakes.csv"
            table.write_text("owner,asset,share\nGamma Ltd,Beta Ltd,51%\n", encoding="utf-8")
            listed.load("table", [str(table)], graph)
            assert "any more" in page("/").text
            assert "Alpha Ltd" in page("/entity?id=name:beta ltd").text

    def test_is_not_screened_against(self, graph: Path) -> None:
        with served(open_(graph), lambda: open_(graph)) as page:
            graph.rename(graph.with_name("elsewhere"))
            job = page.post("/screen?name=y.csv", b"name\nAlpha Ltd\n").json["job"]
            while (said := page(f"/screen/job.json?job={job}").json)["state"] == "running":
                time.sleep(0.02)
            assert (said["state"], "there is no graph" in said["problem"]) == ("failed", True)


def test_a_page_that_is_stopped_while_a_file_comes_says_so(graph: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with served(open_(graph)) as page, stuck(page, upload(page)) as (one,):
        time.sleep(0.2)
        page.page.server.should_exit = True
        assert b"503" in one.recv(10_000)
    assert "Traceback" not in capfd.readouterr().err
