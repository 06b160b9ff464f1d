"""A server that cannot be used is one clear line."""

from __future__ import annotations

import builtins
import http.server
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from typing import Any

import pytest

from listed.errors import ServerError
from listed.graph.snapshot import Graph
from listed.neo4j.connection import Server, connected, password_from_environment
from listed.neo4j.pull import read_graph

AWAY = Server("bolt://127.0.0.1:1", "neo4j", "secret-word")


def refusal(server: Server) -> str:
    with pytest.raises(ServerError) as caught:
        read_graph(server)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_server_that_is_away() -> None:
    assert "no answer (is Neo4j running there?)" in refusal(AWAY)


def test_a_wrong_password(server: Server) -> None:
    assert "wrong user or password" in refusal(replace(server, password="wrong-word"))


def test_a_wrong_database(server: Server) -> None:
    assert "there is no such database" in refusal(replace(server, database="nowhere"))


def test_a_web_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listed.neo4j.connection.PATIENCE", 1.0)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        assert "not Neo4j's Bolt" in refusal(Server(f"bolt://127.0.0.1:{web.server_port}"))
    finally:
        web.shutdown()
        web.server_close()


def test_a_port_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("listed.neo4j.connection.PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert "127.0.0.1" in refusal(Server(f"bolt://127.0.0.1:{silent.getsockname()[1]}"))


@pytest.mark.parametrize("uri", ["http://localhost:7474", "localhost", "bolt://", "bolt://localhost:x", ""])
def test_an_address_that_is_none(uri: str) -> None:
    assert "is not an address of Neo4j" in refusal(Server(uri))


def test_an_address_with_a_password_in_it() -> None:
    said = refusal(Server("bolt://neo4j:secret-word@localhost:7687"))
    assert "must not hold" in said
    assert "secret-word" not in said


def test_a_machine_without_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    found = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "neo4j":
            raise ImportError(name)
        return found(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install 'listed[neo4j]'" in refusal(AWAY)


def test_a_query_that_fails_later_is_one_line(server: Server) -> None:
    with pytest.raises(ServerError, match="the server says"), connected(server) as session:
        session.run("THIS IS NO CYPHER").consume()


def test_a_password_is_never_shown() -> None:
    assert "secret-word" not in repr(AWAY)


def test_a_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LISTED_NEO4J_PASSWORD", raising=False)
    monkeypatch.setenv("NEO4J_PASSWORD", "word")
    assert password_from_environment() == "word"


def listed(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "listed", *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("command", ["push", "pull"])
def test_no_command_takes_a_password(command: str) -> None:
    assert "--password" not in listed(command, "neo4j", "--help").stdout


def test_a_command_without_its_server_says_so_in_one_line() -> None:
    run = listed("push", "neo4j", "--uri", "bolt://127.0.0.1:1", "--graph", "bundled", LISTED_NEO4J_PASSWORD="x")
    assert (run.returncode, run.stdout, len(run.stderr.splitlines())) == (2, "", 1)


def test_the_commands_push_and_pull(server: Server, name: str, bundled: Graph, tmp_path: Any) -> None:
    there = ["--uri", server.uri, "--user", server.user, "--database", server.database, "--as", name]
    word = {"LISTED_NEO4J_PASSWORD": server.password}
    pushed = listed("push", "neo4j", *there, "--graph", "bundled", **word)
    assert "both sides hold the same" in pushed.stdout, pushed.stderr
    pulled = listed("pull", "neo4j", *there, "--graph", str(tmp_path / "graph"), **word)
    assert "row for row what was pushed" in pulled.stdout, pulled.stderr
