"""Names of others on a terminal: what steers it is written out, in answers, reports and failures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from listed.loading import load
from listed.visible import visible

STEERING = "\x1b[31mRED\x1b]0;title\x07 \x9b2J \u202egnirts\u2066 Ltd"
OURS = re.compile("\x1b\\[[0-9;]*[mK]")
STEERS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    table = folder / "stakes.csv"
    table.write_text(f"owner,asset,share\n{STEERING},Target Ltd,5%\nB {STEERING},Target Ltd,a{STEERING}\n", "utf-8")
    load("table", [str(table)], folder / "graph", accept="any", keep_going=True)
    return folder / "graph"


def at_a_terminal(*words: str, columns: int = 80) -> str:
    """Run the command at a terminal; return what it shows, without the codes of its own colours."""
    pty = pytest.importorskip("pty", reason="terminals of a Unix are needed")
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-m", "listed", *words],
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=os.environ | {"COLUMNS": str(columns)},
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the end, on Linux
            break
        if not chunk:
            break
        said += chunk
    os.close(ours)
    assert run.wait(60) in (0, 2)
    assert b"Traceback" not in said
    return said.decode()


@pytest.mark.parametrize(
    "words",
    [
        ("owners", "Target Ltd"),
        ("owners", "Target Ltd", "--json"),
        ("owners", "Target Ltd", "--csv"),
        ("search", "gnirts"),
        ("exposure", "Target Ltd"),
        ("cypher", "MATCH (e:Entity) RETURN e.name"),
        ("report", "--flags"),
        ("show", STEERING + "?"),
    ],
    ids=lambda words: ascii(" ".join(words))[:30],
)
def test_no_name_steers_a_terminal(graph: Path, words: tuple[str, ...]) -> None:
    said = at_a_terminal(*words, "--graph", str(graph))
    assert "\x1b[31mRED" not in said
    assert STEERS.findall(OURS.sub("", said)) == []


def test_a_program_is_given_names_as_they_are(graph: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "listed", "owners", "Target Ltd", "--csv", "--graph", graph], capture_output=True
    )
    assert "\u202egnirts" in run.stdout.decode()


@pytest.mark.parametrize("columns", [0, 1, 20])
def test_a_narrow_terminal_is_no_hindrance(graph: Path, columns: int) -> None:
    assert "5%" in at_a_terminal("owners", "Target Ltd", "--graph", str(graph), columns=columns)


def test_the_direction_mark_of_arabic_is_written_out() -> None:
    assert visible("a\u061cb") == "a<U+061C>b"


@pytest.mark.parametrize("text", ["商汤科技", "Söhne & Co", "می\u200cخواهم", "a\tb\nc", "👩\u200d🔬"[:1]])
def test_what_shows_stays_as_it_is(text: str) -> None:
    assert visible(text) == text
