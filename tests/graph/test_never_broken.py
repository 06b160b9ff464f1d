"""Killed, out of room, without permission, all at once: nothing is lost, and each failure is one clear line."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from listed.checking import check
from listed.graph.snapshot import open_graph
from listed.graph.store import Store
from tests.graph.folders import command, copy, flip, make, one_line, stakes

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals, limits and mounts of a Unix are needed")

ROOT = Path(__file__).resolve().parents[2]


def disturbed(*words: str | Path) -> list[str]:
    """Return what was wrong after a disturbance."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.graph.disturbances", *map(str, words)], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    wrong: list[str] = json.loads(run.stdout)
    return [*wrong, *([run.stderr] if wrong else [])]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    return make(folder / "graph", folder, rows=200)


@pytest.fixture
def graph(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path / "graph")


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A table that says otherwise than the one loaded."""
    return stakes(tmp_path / "changed.csv", "30", rows=200)


def test_killed_whenever_it_touches_the_disk_a_load_leaves_the_old_graph_or_the_new(
    made: Path, changed: Path, tmp_path: Path
) -> None:
    assert disturbed("kill", made, changed, tmp_path / "graph", "31") == []


def test_killed_whenever_it_touches_the_disk_a_decision_is_made_or_not(made: Path, tmp_path: Path) -> None:
    assert disturbed("kill-decision", made, tmp_path / "graph", "37") == []


@pytest.mark.parametrize("name", ["snapshots/2/links.parquet", "manifest.json", "snapshots/1/manifest.json"])
def test_killed_whenever_it_touches_the_disk_a_repair_is_ended_by_the_next(
    graph: Path, tmp_path: Path, name: str
) -> None:
    flip(graph / name)
    assert disturbed("kill-repair", graph, tmp_path / "repaired", "37") == []


def test_twenty_readers_see_each_load_whole_or_not_at_all(graph: Path, changed: Path) -> None:
    before = stakes(changed.with_name("before.csv"), "51", rows=200)
    assert disturbed("read", graph, changed, before) == []


class TestFourLoadsAtOnce:
    @pytest.fixture
    def tables(self, tmp_path: Path) -> list[Path]:
        return [stakes(tmp_path / f"part{number}.csv", "51", rows=number + 2) for number in range(4)]

    def test_all_come_to_be(self, graph: Path, tables: list[Path]) -> None:
        assert disturbed("load", graph, *tables) == []
        assert set(open_graph(graph).datasets) == {"stakes", "lists", "part0", "part1", "part2", "part3"}

    def test_leave_a_sound_graph(self, graph: Path, tables: list[Path]) -> None:
        disturbed("load", graph, *tables)
        report = check(graph)
        assert (report.faults, len(report.snapshots)) == ((), 6)

    def test_into_a_new_folder_too(self, tmp_path: Path, tables: list[Path]) -> None:
        assert disturbed("load", tmp_path / "new", *tables) == []
        assert Store(tmp_path / "new").snapshots() == [1, 2, 3, 4]

    def test_that_do_not_wait_say_so_in_one_line(self, graph: Path, changed: Path) -> None:
        with Store(graph).writing():
            run = command("load", "table", changed, "--graph", graph)
        assert "another load is writing to this graph (try again)" in one_line(run)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


class TestAFullDisk:
    @pytest.mark.parametrize("room", [0, 4096, 20_000, 40_000, 80_000, 300_000])
    def test_costs_nothing_that_was_there(self, small_disk: Path, made: Path, changed: Path, room: int) -> None:
        graph = copy(made, small_disk / "graph")
        left = shutil.disk_usage(small_disk).free - room
        (small_disk / "ballast").write_bytes(b"\0" * max(left, 0))
        run = command("load", "table", changed, "--as", "stakes", "--graph", graph)
        if run.returncode:
            assert "No space left on device" in one_line(run)
        assert open_graph(graph).number == (2 if run.returncode else 3)
        assert check(graph).faults == ()

    def test_is_no_hindrance_once_there_is_room(self, small_disk: Path, made: Path, changed: Path) -> None:
        graph = copy(made, small_disk / "graph")
        ballast = small_disk / "ballast"
        ballast.write_bytes(b"\0" * shutil.disk_usage(small_disk).free)
        one_line(command("load", "table", changed, "--as", "stakes", "--graph", graph))
        ballast.unlink()
        assert command("load", "table", changed, "--as", "stakes", "--graph", graph).returncode == 0
        assert (check(graph).faults, Store(graph).snapshots()) == ((), [1, 2, 3])


@pytest.mark.parametrize("most", [0, 500, 2000, 5000])
def test_a_file_that_may_not_grow_costs_nothing_that_was_there(graph: Path, changed: Path, most: int) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    run = subprocess.run(
        [sys.executable, "-m", "listed", "load", "table", changed, "--as", "stakes", "--graph", graph],
        capture_output=True, text=True, preexec_fn=limit,
    )  # fmt: skip
    if run.returncode:
        assert "File too large" in one_line(run)
    assert check(graph).faults == ()


class TestWithoutPermission:
    """As another user, who may do only what everybody may."""

    @pytest.fixture
    def open_place(self, made: Path) -> Iterator[Path]:
        """A graph where everybody may look for it."""
        if os.geteuid() != 0:
            pytest.skip("only root can become another user")
        with tempfile.TemporaryDirectory() as place:
            Path(place).chmod(0o755)
            yield copy(made, Path(place) / "graph")

    @staticmethod
    def nobody(graph: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tests.graph.disturbances", "nobody", *words, "--graph", graph],
            cwd=ROOT, capture_output=True, text=True,
        )  # fmt: skip

    def test_to_write_a_load_is_refused(self, open_place: Path, changed: Path) -> None:
        shutil.copy(changed, open_place.parent / "changed.csv")
        run = self.nobody(open_place, "load", "table", open_place.parent / "changed.csv")
        assert "Permission denied" in one_line(run)

    def test_to_write_questions_are_answered(self, open_place: Path) -> None:
        assert "Owner 1" in self.nobody(open_place, "owners", "Asset 1").stdout

    def test_to_write_a_graph_without_caches_answers_too(self, open_place: Path) -> None:
        shutil.rmtree(open_place / "views")
        assert "Owner 1" in self.nobody(open_place, "owners", "Asset 1").stdout

    def test_to_write_a_graph_is_checked(self, open_place: Path) -> None:
        assert self.nobody(open_place, "check").stdout.splitlines()[-1][:6] == "Sound "

    def test_to_write_a_repair_is_refused(self, open_place: Path) -> None:
        (open_place / "manifest.json").unlink()
        assert "ermission denied" in one_line(self.nobody(open_place, "repair"))

    @pytest.mark.parametrize("name", [".", "manifest.json", "snapshots", "snapshots/2", "snapshots/2/links.parquet"])
    def test_to_read_a_question_is_refused(self, open_place: Path, name: str) -> None:
        (open_place / name).chmod(0)
        assert "ermission denied" in one_line(self.nobody(open_place, "show", "Asset 1"))

    def test_to_read_the_caches_questions_are_answered(self, open_place: Path) -> None:
        (open_place / "views").chmod(0)
        assert "Owner 1" in self.nobody(open_place, "owners", "Asset 1").stdout


class TestAFileWhereAFolderIsExpected:
    @pytest.mark.parametrize("name", ["snapshots", "statements", ".lock"])
    def test_stops_a_load_in_one_line(self, graph: Path, changed: Path, name: str) -> None:
        place = graph / name
        shutil.rmtree(place) if place.is_dir() else place.unlink()
        place.mkdir() if name == ".lock" else place.write_text("not a folder")
        one_line(command("load", "table", changed, "--as", "stakes", "--graph", graph))

    def test_stops_a_question_in_one_line(self, graph: Path) -> None:
        shutil.rmtree(graph / "snapshots")
        (graph / "snapshots").write_text("not a folder")
        assert "listed check" in one_line(command("show", "Asset 1", "--graph", graph))

    def test_in_the_place_of_the_graph_stops_both(self, tmp_path: Path, changed: Path) -> None:
        (tmp_path / "graph").write_text("not a folder")
        one_line(command("load", "table", changed, "--graph", tmp_path / "graph"))
        one_line(command("show", "Asset 1", "--graph", tmp_path / "graph"))
