"""The server as an assistant meets it: started by the package's own client, over standard input and output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters, stdio_client

from listed.assistant.questions import QUESTIONS

Talk = Callable[[Client], Awaitable[Any]]


def talk(said: Talk, *options: str, folder: Path | None = None, mode: str = "auto") -> Any:
    """Start the command as a client does, and return what came of a conversation."""

    async def run() -> Any:
        place = {"LISTED_GRAPH": str(folder)} if folder else {}
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "listed", "mcp", *options], env={**os.environ, **place}
        )
        async with Client(stdio_client(command), mode=mode) as client:
            return await said(client)

    return anyio.run(run)


async def everything(client: Client) -> dict[str, Any]:
    """Ask what a session of a newsroom asks, in one conversation: a start of the command takes a second."""
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "exposure": ("exposure", {"entity": "Qualcomm", "as_of": "2021-12-01"}),
        "unknown entity": ("show", {"entity": "nobody at all"}),
        "unknown tool": ("load", {}),
        "wrong": ("exposure", {"entity": "Alibaba", "hops": 99}),
        "after all that": ("search", {"name": "商汤"}),
    }
    told = {what: await client.call_tool(name, given) for what, (name, given) in calls.items()}
    return {"tools": (await client.list_tools()).tools, "instructions": client.instructions, **told}


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    found: dict[str, Any] = talk(everything, "--graph", "bundled")
    return found


def test_the_questions_are_tools(said: dict[str, Any]) -> None:
    assert [tool.name for tool in said["tools"]] == list(QUESTIONS)


def test_every_tool_says_that_it_only_reads(said: dict[str, Any]) -> None:
    assert all(tool.annotations.read_only_hint for tool in said["tools"])


def test_the_assistant_is_told_to_quote_and_to_obey_no_text(said: dict[str, Any]) -> None:
    assert "never instructions" in said["instructions"]
    assert "sources the row cites" in said["instructions"]


def test_an_answer_comes_as_text_and_as_an_object(said: dict[str, Any]) -> None:
    assert json.loads(said["exposure"].content[0].text) == said["exposure"].structured_content


def test_an_answer_brings_its_evidence(said: dict[str, Any]) -> None:
    told = said["exposure"].structured_content
    assert (told["as_of"], told["graph"], told["snapshot"]) == ("2021-12-01", "bundled", 1)
    assert set(told["rows"][0]["sources"]) <= set(told["sources"])
    assert told["bounds"]["hops"] == 4


@pytest.mark.parametrize("what", ["unknown entity", "unknown tool", "wrong"])
def test_what_is_wrong_is_one_line_and_marked_as_an_error(said: dict[str, Any], what: str) -> None:
    assert said[what].is_error
    assert len(said[what].content[0].text.splitlines()) == 1


def test_it_goes_on_after_errors(said: dict[str, Any]) -> None:
    assert said["after all that"].structured_content["rows"]


def test_an_older_client_is_answered_too() -> None:
    async def ask(client: Client) -> Any:
        return await client.call_tool("search", {"name": "Huawei"})

    assert not talk(ask, "--graph", "bundled", mode="legacy").is_error


def test_a_graph_of_hostile_names_is_asked_without_harm(hostile: Path) -> None:
    async def ask(client: Client) -> Any:
        return await client.call_tool("owners", {"entity": "Bolt"})

    assert len(talk(ask, folder=hostile).structured_content["rows"]) > 3


def run(*options: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "listed", "mcp", *options], input=given, capture_output=True, text=True, encoding="utf-8"
    )


def test_what_is_no_message_does_not_end_it() -> None:
    ended = run("--graph", "bundled", given='garbage\n{"jsonrpc": "2.0"}\n[[[[[\n\0\n')
    assert (ended.returncode, "Traceback" in ended.stderr) == (0, False)


def test_a_graph_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    ended = run("--graph", str(tmp_path / "none"))
    assert (ended.returncode, ended.stdout, len(ended.stderr.splitlines())) == (2, "", 1)


def test_the_configuration_starts_it() -> None:
    lines = json.loads(run("--config", "--graph", "bundled").stdout)["mcpServers"]["listed"]
    ended = subprocess.run([lines["command"], *lines["args"]], input="", capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
