"""A command without one of its streams, or told to end in the middle: one line, no hang, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.graph.folders import make, one_line

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and streams of a Unix are needed")

SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    return make(folder / "graph", folder)


def without(stream: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command with a stream closed, as some service managers start it."""
    line = f'exec "$@" {stream}&-'
    return subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, "-m", "listed", *map(str, words)],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


class TestWithoutAStream:
    def test_a_load_needs_no_standard_input(self, graph: Path, tmp_path: Path) -> None:
        table = graph.parent / "stakes.csv"
        assert without("0<", "load", "table", table, "--graph", tmp_path / "graph").returncode == 0

    @pytest.mark.parametrize("words", [("load", "table", "-"), ("screen", "-")])
    def test_what_is_to_be_read_from_it_is_empty(self, graph: Path, words: tuple[str, ...]) -> None:
        assert "<stdin>: is empty" in one_line(without("0<", *words, "--graph", graph))

    @pytest.mark.parametrize("words", [("cypher",), ("mcp",)])
    def test_who_listens_to_it_ends(self, graph: Path, words: tuple[str, ...]) -> None:
        assert without("0<", *words, "--graph", graph).returncode == 0

    @pytest.mark.parametrize(
        "words", [("search", "Asset"), ("search", "Asset", "--json"), ("export", "ftm", "-o", "-")]
    )
    def test_an_answer_that_nobody_hears_is_a_failure(self, graph: Path, words: tuple[str, ...]) -> None:
        assert "standard output: Bad file descriptor" in one_line(without(">", *words, "--graph", graph))

    def test_a_failure_that_nobody_hears_has_its_exit_code(self, tmp_path: Path) -> None:
        assert without("2>", "show", "x", "--graph", tmp_path / "none").returncode == 2

    def test_no_file_is_taken_for_it(self, graph: Path, tmp_path: Path) -> None:
        # The first file opened after standard error was closed would be number 2.
        code = "from listed.process import open_streams; open_streams(); print(open('file', 'w').fileno())"
        run = subprocess.run(
            ["sh", "-c", 'exec "$@" 2>&- 0<&-', "sh", sys.executable, "-c", code],
            cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(Path.cwd())}, capture_output=True, text=True,
        )  # fmt: skip
        assert int(run.stdout) > 2


def test_a_full_standard_output_is_told_once(graph: Path) -> None:
    with Path("/dev/full").open("w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "listed", "search", "Asset", "--graph", graph],
            stdout=full, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    assert (run.returncode, run.stderr.count("\n"), "No space left on device" in run.stderr) == (2, 1, True)


@pytest.mark.parametrize("words", [("search", "Asset"), ("export", "ftm", "-o", "-")])
def test_a_reader_who_goes_away_is_no_failure(graph: Path, words: tuple[str, ...]) -> None:
    # Of much output the pipe breaks while the command runs, of little at its end.
    ours, theirs = os.pipe()
    os.close(ours)
    run = subprocess.run(
        [sys.executable, "-m", "listed", *words, "--graph", graph], stdout=theirs, stderr=subprocess.PIPE, text=True
    )
    os.close(theirs)
    assert (run.returncode, run.stderr) == (0, "")


def _listening() -> None:
    """Take no signal for ignored because the tests were started so: by nohup, in the background of a shell."""
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


class Begun:
    """A command that waits for standard input, with a folder of its own for what it keeps for a while."""

    def __init__(self, place: Path, *words: str | Path) -> None:
        self.temporary = place / "temporary"
        self.temporary.mkdir()
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            [sys.executable, "-m", "listed", *map(str, words)],
            env=os.environ | {"TMPDIR": str(self.temporary)}, stdin=pipe, stdout=pipe, stderr=pipe, text=True,
            preexec_fn=_listening,
        )  # fmt: skip

    def left(self) -> list[str]:
        return [path.name for path in self.temporary.iterdir()]

    def until_it_keeps_something(self) -> None:
        while not self.left() and self.process.poll() is None:
            time.sleep(0.02)

    def told(self, number: signal.Signals) -> tuple[int, list[str]]:
        """Send a signal; return the exit code and what was said on standard error. Standard input stays open."""
        self.process.send_signal(number)
        code = self.process.wait(60)
        with self.process:  # closes its pipes
            assert self.process.stderr is not None
            return code, [line for line in self.process.stderr.read().splitlines() if line]


@pytest.mark.parametrize("number", SIGNALS)
class TestToldToEnd:
    def test_a_load_says_so_in_one_line_and_leaves_nothing(self, tmp_path: Path, number: signal.Signals) -> None:
        begun = Begun(tmp_path, "load", "table", "-", "--graph", tmp_path / "graph")
        begun.until_it_keeps_something()
        assert begun.told(number) == (128 + number, ["listed: stopped before the end"])
        assert begun.left() == []

    def test_an_assistant_is_left_at_once(self, graph: Path, tmp_path: Path, number: signal.Signals) -> None:
        begun = Begun(tmp_path, "mcp", "--graph", graph)
        assert begun.process.stdin is not None
        assert begun.process.stdout is not None
        said = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        begun.process.stdin.write(
            json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": said}) + "\n"
        )
        begun.process.stdin.flush()
        assert json.loads(begun.process.stdout.readline())["id"] == 0
        assert begun.told(number) == (128 + number, [])

    def test_a_page_stops_in_order(self, graph: Path, tmp_path: Path, number: signal.Signals) -> None:
        begun = Begun(tmp_path, "serve", "--port", "0", "--graph", graph)
        assert begun.process.stdout is not None
        assert begun.process.stdout.readline().startswith("Listed is at")
        time.sleep(0.5)  # until it serves
        code, said = begun.told(number)
        assert (code, said if number != signal.SIGHUP else []) == (0, [])


def test_a_signal_that_is_ignored_stays_so(tmp_path: Path) -> None:
    code = "import os, signal; from listed.process import end_in_order\n"
    code += "signal.signal(signal.SIGHUP, signal.SIG_IGN); end_in_order(); os.kill(os.getpid(), signal.SIGHUP)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_what_fails_while_it_is_told_to_end_is_no_traceback(graph: Path) -> None:
    # An import that is stopped half way fails in a way of its own.
    code = """
import os, signal, sys
from listed import cli, process
def half_way(*_, **__):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except SystemExit:
        raise AttributeError("partially initialized module")
cli.cli.main = half_way
cli.main()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (143, "listed: stopped before the end\n")
