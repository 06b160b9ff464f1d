"""The command is given what is no text, or what is no parameter: one line, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

NO_TEXT = "\udcff"
"""How Python spells a byte that is no UTF-8."""


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux may a word of a command be any bytes")
@pytest.mark.parametrize(
    "words",
    [
        ("search", NO_TEXT),
        ("show", f"A{NO_TEXT}"),
        ("paths", NO_TEXT, "SenseTime"),
        ("cypher", f"MATCH (n) WHERE n.name = '{NO_TEXT}' RETURN n"),
        ("query", "listed-together", "--param", f"entity={NO_TEXT}"),
        ("query", "listed-together", "--param", "graph=x"),
        ("query", "listed-together", "--param", "limit=3"),
        ("cypher", "RETURN $x", "--param", f"x={'[' * 60_000}", "--graph", "none"),
        ("load", "csl", f"https://{NO_TEXT}"),
        ("load", "table", f"{NO_TEXT}.csv"),
        ("screen", f"{NO_TEXT}.csv"),
        ("serve", "--host", NO_TEXT),
    ],
    ids=lambda words: ascii(" ".join(words))[:40],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    env = os.environ | {"LISTED_GRAPH": str(tmp_path / "graph")}
    ran = subprocess.run([sys.executable, "-m", "listed", *words], cwd=tmp_path, env=env, capture_output=True)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert len(ran.stderr.splitlines()) == 1
