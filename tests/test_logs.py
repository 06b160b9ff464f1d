"""Quiet unless asked; then each step, as lines or as JSON, on standard error; the answer is never among them."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from listed.progress import Progress, time_left

Said = subprocess.CompletedProcess[str]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "stakes.csv"
    path.write_text("owner,asset,share\nA,B,51%\n", encoding="utf-8")
    return path


def run(table: Path, *options: str) -> Said:
    words = [*options, "load", "table", str(table), "--graph", str(table.with_name("graph"))]
    return subprocess.run([sys.executable, "-m", "listed", *words], capture_output=True, text=True)


class TestACommand:
    def test_is_quiet_by_default(self, table: Path) -> None:
        assert run(table).stderr == ""

    def test_tells_each_step_when_asked(self, table: Path) -> None:
        told = run(table, "-v").stderr
        assert [word in told for word in ("reading table-stakes", "merging", "published snapshot 1")] == [True] * 3

    def test_keeps_its_answer_apart(self, table: Path) -> None:
        assert run(table, "-v").stdout.startswith("Loaded table-stakes")

    def test_tells_a_machine_in_json_lines(self, table: Path) -> None:
        told = [json.loads(line) for line in run(table, "--log-json").stderr.splitlines()]
        assert {"time", "level", "logger", "message"} <= told[0].keys()
        assert [one["snapshot"] for one in told if "snapshot" in one] == [1]

    def test_tells_a_machine_why_it_failed(self, table: Path) -> None:
        table.write_text("owner,asset\nA,B,C\n")
        failed = run(table, "--log-json")
        last = json.loads(failed.stderr.splitlines()[-1])
        assert (last["level"], last["exit_code"], failed.returncode) == ("error", 2, 2)


class TestProgress:
    @pytest.mark.parametrize(
        ("passed", "share", "said"),
        [
            (0.5, 0.5, ""),
            (10, 0, ""),
            (10, 1, ""),
            (10, 0.5, ", about 10 s left"),
            (60, 0.1, ", about 9 min left"),
            (3600, 0.25, ", about 3.0 h left"),
        ],
    )
    def test_guesses_the_time_that_is_left_from_what_is_done(self, passed: float, share: float, said: str) -> None:
        assert time_left(passed, share) == said

    def test_on_a_terminal_is_one_line(self, capsys: pytest.CaptureFixture[str]) -> None:
        moments = iter([0.0, 30.0])
        told = Progress("csl", lambda: next(moments))
        told.terminal = True
        told.reading(20_000, 0.25)
        assert capsys.readouterr().err == "\rcsl: 20,000 statements read (25%, about 2 min left)"

    def test_of_a_stage_stands_after_the_step_it_is_part_of(self, capsys: pytest.CaptureFixture[str]) -> None:
        told = Progress("spark", lambda: 0.0)
        told.terminal = True
        with told:
            logging.getLogger("listed.spark").info("certain, round 3 of an unknown number")
            told.stage(10, 40, 20.0)
        shown = capsys.readouterr().err.split("\r")
        step = "spark: certain, round 3 of an unknown number"
        assert shown[1:] == [step, f"{step}; 10 of 40 tasks of this stage (25%, about 60 s left of it)", ""]

    def test_of_a_stage_that_just_began_guesses_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        told = Progress("spark", lambda: 0.0)
        told.terminal = True
        told.stage(0, 40, 20.0)
        assert capsys.readouterr().err.endswith("spark: 0 of 40 tasks of this stage (0%)")

    def test_elsewhere_is_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        with Progress("csl") as told:
            told.reading(20_000, 0.25)
        assert capsys.readouterr().err == ""

    def test_in_a_log_is_a_line_now_and_then(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO", "listed")
        moments = iter(range(0, 100, 4))
        told = Progress("csl", lambda: float(next(moments)))
        told.terminal = False
        for count in range(6):
            told.moving(count, 6)
        assert len(caplog.messages) == 2
