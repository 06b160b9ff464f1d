"""What a command writes is there whole or not at all, and takes the place of nothing but a file."""

from __future__ import annotations

import os
import resource
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from listed.errors import ExportError
from listed.exports.places import folder_at
from listed.whole_files import beside, whole_file, write_whole
from tests.graph.folders import make, one_line

WRITERS: dict[str, tuple[str, ...]] = {
    "chart.svg": ("map", "Asset 1", "-o"),
    "chart.html": ("map", "Asset 1", "-o"),
    "outcome.csv": ("screen", "lists.csv", "-o"),
    "outcome.json": ("screen", "lists.csv", "-o"),
    "outcome.xlsx": ("screen", "lists.csv", "-o"),
    "graph.graphml": ("export", "graphml", "--force", "-o"),
    "graph.ftm.gz": ("export", "ftm", "--force", "-o"),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    make(folder / "graph", folder, rows=20)
    return folder


def run(made: Path, *words: str, most: int | None = None) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        if most is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "listed", *words, "--graph", "graph"],
        cwd=made, capture_output=True, text=True, preexec_fn=limit, timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize("name", WRITERS)
class TestACommand:
    def test_without_room_leaves_what_was_there(self, made: Path, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_text("old")
        assert "File too large" in one_line(run(made, *WRITERS[name], str(tmp_path / name), most=100))
        assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [(name, "old")]

    def test_writes_where_a_link_leads(self, made: Path, tmp_path: Path, name: str) -> None:
        (tmp_path / "far").mkdir()
        (tmp_path / "far" / name).write_text("old")
        (tmp_path / name).symlink_to(tmp_path / "far" / name)
        assert run(made, *WRITERS[name], str(tmp_path / name)).returncode == 0
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "far" / name).read_bytes() != b"old"


def test_a_device_is_written_to_and_stays_one(made: Path, tmp_path: Path) -> None:
    place = tmp_path / "full"
    place.symlink_to("/dev/full")
    assert "No space left on device" in one_line(run(made, "export", "ftm", "--force", "-o", str(place)))
    assert stat.S_ISCHR(place.stat().st_mode)


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE)
    write_whole(tmp_path / "pipe", b"said")
    assert reader.communicate(timeout=60)[0] == b"said"
    assert (tmp_path / "pipe").is_fifo()


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    write_whole(tmp_path / "file", b"old")
    (tmp_path / "file").chmod(0o600)
    write_whole(tmp_path / "file", b"new")
    assert ((tmp_path / "file").read_bytes(), (tmp_path / "file").stat().st_mode & 0o777) == (b"new", 0o600)


def test_a_file_that_may_not_be_written_to_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "file", b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write to any
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "file", b"new")
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("file", "old")]


def test_two_who_write_one_file_at_once_do_not_take_each_others_part(tmp_path: Path) -> None:
    # As in two containers on one folder, where each process has the same number.
    with whole_file(tmp_path / "file") as first:
        first.write(b"first")
        write_whole(tmp_path / "file", b"second")
        assert (tmp_path / "file").read_bytes() == b"second"
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("file", "first")]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off() -> None:
        with whole_file(tmp_path / "file") as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a" * 250, "商" * 80])
def test_a_name_as_long_as_can_be_is_no_hindrance(tmp_path: Path, name: str) -> None:
    write_whole(tmp_path / name, b"said")
    assert len(os.fsencode(beside(tmp_path / name).name)) < 120


def test_a_folder_that_cannot_be_put_in_its_place_costs_nothing_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "old.csv").write_text("old")
    usual = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            raise OSError(28, "No space left on device")
        return usual(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(ExportError, match="No space"), folder_at(str(tmp_path / "out"), (".csv",), force=True):
        pass
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "old.csv"]
