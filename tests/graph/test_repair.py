"""``listed repair``: what can be mended is mended, else the last good snapshot is gone back to; nothing is deleted."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from listed.checking import check
from listed.errors import GraphDamagedError, GraphLockedError
from listed.graph.snapshot import open_graph
from listed.graph.store import Store
from listed.loading import load
from listed.repairing import repair
from tests.graph.folders import command, copy, cut, flip, listings, make, one_line, stakes

DAMAGES = [cut, flip, Path.unlink]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    return make(folder / "graph", folder)


@pytest.fixture
def graph(made: Path, tmp_path: Path) -> Path:
    """A graph of two snapshots, each file of which is one of its own."""
    return copy(made, tmp_path / "graph")


@pytest.fixture
def beyond_mending(graph: Path) -> Path:
    """A graph whose snapshot 2 cannot be had again, as the statements it was made of are damaged alike."""
    for path in (*graph.glob("snapshots/2/l*.parquet"), *graph.glob("statements/*/*/l*.parquet")):
        cut(path)
    return graph


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_sound_graph_is_left_as_it_is(graph: Path) -> None:
    before = {path: path.read_bytes() for path in graph.rglob("*") if path.is_file()}
    assert repair(graph).did == ()
    assert {path: path.read_bytes() for path in graph.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("table", ["entities", "links", "listings", "merged_ids"])
class TestADamagedSnapshot:
    def test_is_mended_byte_for_byte_from_what_it_was_made_of(
        self, graph: Path, made: Path, table: str, damage: Callable[[Path], None]
    ) -> None:
        damage(graph / f"snapshots/2/{table}.parquet")
        report = repair(graph)
        assert (report.sound, report.now) == (True, 2)
        assert content(graph / "snapshots/2") == content(made / "snapshots/2")

    def test_is_kept_aside(self, graph: Path, table: str, damage: Callable[[Path], None]) -> None:
        damage(graph / f"snapshots/2/{table}.parquet")
        damaged = content(graph / "snapshots/2")
        repair(graph)
        assert content(graph / "aside/snapshots-2") == damaged


class TestASnapshotBeyondMending:
    def test_gives_way_to_the_last_good_one(self, beyond_mending: Path) -> None:
        assert repair(beyond_mending).now == 1
        assert open_graph(beyond_mending).number == 1

    def test_is_kept_aside(self, beyond_mending: Path) -> None:
        damaged = content(beyond_mending / "snapshots/2")
        repair(beyond_mending)
        assert content(beyond_mending / "aside/snapshots-2") == damaged

    def test_never_gives_its_number_to_another(self, beyond_mending: Path) -> None:
        repair(beyond_mending)
        table = str(stakes(beyond_mending.parent / "new.csv", "30"))
        assert load("table", [table], beyond_mending, dataset="stakes").snapshot == 3
        assert Store(beyond_mending).snapshots() == [1, 3]

    def test_tells_which_source_to_load_again(self, beyond_mending: Path) -> None:
        report = repair(beyond_mending)
        assert (list(report.load_again), report.sound) == (["lists"], True)

    def test_is_whole_again_once_its_source_was_loaded(self, beyond_mending: Path, made: Path) -> None:
        repair(beyond_mending)
        load("table", [str(listings(beyond_mending.parent / "lists.csv"))], beyond_mending, dataset="lists")
        assert check(beyond_mending).sound
        assert open_graph(beyond_mending).tables == open_graph(made).tables

    def test_that_is_an_old_one_is_taken_out_and_the_current_one_stays(self, graph: Path) -> None:
        (graph / "snapshots/1/manifest.json").unlink()
        assert (repair(graph).now, Store(graph).snapshots()) == (2, [2])


class TestTheManifest:
    @pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
    def test_of_the_graph_is_written_anew(self, graph: Path, damage: Callable[[Path], None]) -> None:
        damage(graph / "manifest.json")
        assert repair(graph).now == 2
        assert check(graph).sound

    @pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
    def test_of_the_current_snapshot_is_that_of_the_graph(
        self, graph: Path, made: Path, damage: Callable[[Path], None]
    ) -> None:
        damage(graph / "snapshots/2/manifest.json")
        repair(graph)
        assert content(graph / "snapshots/2") == content(made / "snapshots/2")

    @pytest.mark.parametrize("damage", [cut, flip], ids=lambda damage: damage.__name__)
    def test_of_a_source_is_written_anew(self, graph: Path, damage: Callable[[Path], None]) -> None:
        for path in graph.glob("statements/*/*/manifest.json"):
            damage(path)
        assert repair(graph).sound

    def test_that_is_missing_is_told_of_by_a_question(self, graph: Path) -> None:
        (graph / "manifest.json").unlink()
        with pytest.raises(GraphDamagedError, match=r"is missing, and snapshots are here .*listed check"):
            open_graph(graph)

    def test_that_is_missing_costs_no_snapshot_when_something_is_loaded(self, graph: Path) -> None:
        (graph / "manifest.json").unlink()
        load("table", [str(stakes(graph.parent / "new.csv", "30"))], graph, dataset="stakes")
        assert Store(graph).snapshots() == [1, 2, 3]


class TestWhereNothingIsGood:
    def test_nothing_is_changed(self, graph: Path) -> None:
        for path in graph.glob("s*/**/links.parquet"):
            flip(path)
        before = sorted(graph.glob("snapshots/*/*"))
        with pytest.raises(GraphDamagedError, match="no snapshot of it is sound"):
            repair(graph)
        assert sorted(graph.glob("snapshots/*/*")) == before


class TestLeftovers:
    def test_of_a_load_that_was_killed_are_removed(self, graph: Path) -> None:
        drafts = [graph / place / ".draft-99999999-0" for place in ("snapshots", "statements/stakes", "views")]
        for draft in drafts:
            draft.mkdir()
            (draft / "links.parquet").write_bytes(b"half")
        assert len(repair(graph).did) == 3
        assert not any(draft.exists() for draft in drafts)

    def test_of_a_process_that_lives_stay(self, graph: Path) -> None:
        draft = graph / "views" / f".draft-{os.getpid()}-0"
        draft.mkdir()
        repair(graph)
        assert draft.exists()

    def test_a_lock_that_nobody_holds_is_no_hindrance(self, graph: Path) -> None:
        (graph / ".lock").write_text("99999999\n")
        assert repair(graph).sound

    def test_a_lock_that_somebody_holds_is_respected(self, graph: Path) -> None:
        with Store(graph).writing(), pytest.raises(GraphLockedError):
            repair(graph)


class TestASource:
    def test_that_cannot_be_mended_is_to_be_loaded_again(self, graph: Path) -> None:
        for path in graph.glob("statements/lists/*/names.parquet"):
            flip(path)
        report = repair(graph)
        assert (list(report.load_again), report.now, report.sound) == (["lists"], 2, False)

    def test_that_is_loaded_again_is_sound_also_where_it_says_the_same(self, graph: Path) -> None:
        for path in graph.glob("statements/lists/*/names.parquet"):
            flip(path)
        load("table", [str(listings(graph.parent / "lists.csv"))], graph, dataset="lists")
        assert check(graph).sound


class TestDecisions:
    def test_that_cannot_be_read_are_kept_aside(self, graph: Path) -> None:
        (graph / "decisions.csv").write_text("one,other\nA,B\n")
        assert repair(graph).sound
        assert (graph / "aside/decisions.csv").read_text() == "one,other\nA,B\n"


class TestTheCommand:
    def test_says_what_it_did(self, graph: Path) -> None:
        flip(graph / "snapshots/2/links.parquet")
        run = command("repair", "--graph", graph)
        assert (run.returncode, run.stderr) == (0, "")
        assert "kept aside: snapshots/2 in aside/snapshots-2" in run.stdout

    def test_says_it_to_a_program(self, beyond_mending: Path) -> None:
        run = command("repair", "--graph", beyond_mending, "--json")
        said = json.loads(run.stdout)
        assert (run.returncode, said["before"], said["now"], list(said["load_again"])) == (1, 2, 1, ["lists"])

    def test_fails_in_one_line(self, tmp_path: Path) -> None:
        assert "there is no graph" in one_line(command("repair", "--graph", tmp_path))
