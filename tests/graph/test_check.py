"""``listed check``: what is wrong with a graph is found, told in one line, and never answered from in silence."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import listed
from listed.checking import check
from listed.errors import GraphDamagedError, GraphNotFoundError, InputError
from listed.graph import sealing, views
from listed.graph.adjacency import ARRAYS
from listed.graph.snapshot import Graph, open_graph
from listed.graph.store import Store, sealed
from listed.loading import load
from tests.graph.folders import command, copy, cut, flip, make, one_line, stakes

PUBLISHED = [
    "manifest.json",
    "snapshots/2/manifest.json",
    "snapshots/2/links.parquet",
    "snapshots/2/merged_ids.parquet",
    "statements/lists/*/names.parquet",
]
CACHED = [
    "views/2/view.json",
    "views/2/entities.arrow",
    "views/2/first.npy",
    "views/2/near.npy",
    "views/2/names/gram_ptr.npy",
    "views/2/names/view.json",
    "views/2/parts/names_row.npy",
    "views/2/cypher/view.json",
    "views/2/cypher/ids.arrow",
    "views/2/cypher/engine/*",
]
DAMAGES = [cut, flip, Path.unlink]


def all_of(graph: Graph) -> list[Any]:
    """All that a graph answers from: tables, arrays, where an entity's rows are, its names, the Cypher view."""
    tables = {name: table.to_pylist() for name, table in graph.tables.items()}
    arrays = [getattr(graph.arrays, name).tolist() for name in ARRAYS]
    entities = [graph.entity(row) for row in range(graph.arrays.size)]
    hits = [hit.name for hit in graph.names.search("Asset 1", 5)]
    return [tables, arrays, entities, hits, graph.cypher("MATCH (e:Entity) RETURN e.id ORDER BY e.id").rows]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of two snapshots, with every cache there is."""
    folder = tmp_path_factory.mktemp("made")
    all_of(open_graph(make(folder / "graph", folder)))
    return folder / "graph"


@pytest.fixture
def graph(made: Path, tmp_path: Path) -> Path:
    return copy(made, tmp_path / "graph")


def found(graph: Path, pattern: str) -> Path:
    return max((path for path in graph.glob(pattern) if path.is_file()), key=lambda path: path.stat().st_size)


class TestASoundGraph:
    def test_is_sound(self, graph: Path) -> None:
        report = check(graph)
        assert (report.sound, report.faults, report.renewed, report.remarks) == (True, (), (), ())

    def test_is_told_of_snapshot_by_snapshot(self, graph: Path) -> None:
        assert [(one.number, one.current, one.sound) for one in check(graph).snapshots] == [
            (1, False, True),
            (2, True, True),
        ]

    def test_is_not_changed(self, graph: Path) -> None:
        before = {path: path.read_bytes() for path in graph.rglob("*") if path.is_file()}
        check(graph)
        assert {path: path.read_bytes() for path in graph.rglob("*") if path.is_file()} == before

    def test_is_read_to_the_end(self, graph: Path) -> None:
        told: list[tuple[int, int]] = []
        check(graph, progress=lambda done, total: told.append((done, total)))
        assert told[-1][0] == told[-1][1] > 0

    def test_answers_the_command_with_exit_code_0(self, graph: Path) -> None:
        run = command("check", "--graph", graph)
        assert (run.returncode, run.stdout.splitlines()[-1][:6]) == (0, "Sound ")

    def test_is_json_for_a_program(self, graph: Path) -> None:
        assert json.loads(command("check", "--graph", graph, "--json").stdout)["sound"] is True


@pytest.mark.parametrize("damage", [cut, flip], ids=lambda damage: damage.__name__)
class TestEveryFile:
    """Of those that a manifest or a seal is about; what becomes of these themselves is told below."""

    def test_that_was_published_and_is_damaged_is_told_of(self, graph: Path, damage: Callable[[Path], None]) -> None:
        published = [path for place in ("snapshots", "statements") for path in (graph / place).rglob("*.parquet")]
        for path in published:
            damage(path)
        told = {fault.place for fault in check(graph).faults}
        assert {str(path.relative_to(graph)) for path in published} - told == set()

    def test_of_the_caches_that_is_damaged_is_told_of(self, graph: Path, damage: Callable[[Path], None]) -> None:
        places = [place.parent for place in (graph / "views").rglob("view.json") if place.parent.name != "cypher"]
        for place in places:
            said = json.loads((place / "view.json").read_text())
            for name in said["files"]:
                damage(place / name)
            assert {name for name, _ in views.faults(place, said["about"]["of"])} == set(said["files"])


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
class TestADamagedFile:
    @pytest.mark.parametrize("name", PUBLISHED)
    def test_is_named(self, graph: Path, name: str, damage: Callable[[Path], None]) -> None:
        path = found(graph, name)
        damage(path)
        assert str(path.relative_to(graph)) in [fault.place for fault in check(graph).faults]

    @pytest.mark.parametrize("name", PUBLISHED)
    def test_is_no_source_of_a_wrong_answer(
        self, graph: Path, made: Path, name: str, damage: Callable[[Path], None]
    ) -> None:
        damage(found(graph, name))
        try:
            opened = open_graph(graph)
        except GraphDamagedError as failure:
            error = failure
        else:
            assert all_of(opened) == all_of(open_graph(made))
            return
        assert "listed check" in str(error)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", CACHED)
class TestADamagedCache:
    def test_is_made_anew_by_a_check(self, graph: Path, name: str, damage: Callable[[Path], None]) -> None:
        damage(found(graph, name))
        report = check(graph)
        assert (report.sound, len(report.renewed)) == (True, 1)
        assert check(graph).renewed == ()

    def test_is_made_anew_by_a_question(
        self, graph: Path, made: Path, name: str, damage: Callable[[Path], None]
    ) -> None:
        damage(found(graph, name))
        assert all_of(open_graph(graph)) == all_of(open_graph(made))


class TestALargeCache:
    """One that is not read in full each time it is opened."""

    @pytest.fixture(autouse=True)
    def _large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sealing, "SMALL", 0)

    @staticmethod
    def altered(path: Path, *, unseen: bool) -> None:
        """Flip a bit; unseen, as a disk does that forgets."""
        told = path.stat()
        flip(path)
        os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns if unseen else told.st_mtime_ns + 5_000_000_000))

    def test_that_was_touched_is_made_anew_by_a_question(self, graph: Path, made: Path) -> None:
        self.altered(graph / "views/2/near.npy", unseen=False)
        assert all_of(open_graph(graph)) == all_of(open_graph(made))

    def test_that_a_disk_altered_is_made_anew_by_a_check(self, graph: Path, made: Path) -> None:
        self.altered(graph / "views/2/near.npy", unseen=True)
        assert check(graph).renewed == ("views/2/near.npy: is not as it was written",)
        assert all_of(open_graph(graph)) == all_of(open_graph(made))

    def test_that_was_copied_is_read_once(self, graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for path in graph.rglob("*.npy"):
            os.utime(path, (1, 1))
        of = json.loads((graph / "views/2/view.json").read_text())["about"]["of"]
        assert views.whole(graph / "views/2", of)
        monkeypatch.setattr(sealing, "digest_of", None)
        assert views.whole(graph / "views/2", of)


class TestCachesOfAnotherSnapshot:
    def test_are_not_answered_from(self, graph: Path, made: Path) -> None:
        shutil.rmtree(graph / "views/2")
        shutil.copytree(graph / "views/1", graph / "views/2")
        assert all_of(open_graph(graph)) == all_of(open_graph(made))

    def test_are_made_anew_when_sealed_but_wrong(self, graph: Path) -> None:
        folder = graph / "views/2"
        of = json.loads((folder / "view.json").read_text())["about"]
        np.save(folder / "near.npy", np.load(folder / "near.npy") + 1)
        sealing.seal(folder, of)
        assert check(graph).renewed == ("views/2/near.npy: is not what the tables give",)


class TestWhatIsNoFault:
    def test_a_graph_without_caches_is_sound(self, graph: Path) -> None:
        shutil.rmtree(graph / "views")
        assert check(graph).sound

    def test_an_old_version_of_a_source_that_was_deleted_is_remarked_on(self, graph: Path) -> None:
        (old,) = (graph / "statements/stakes").iterdir()
        load("table", [str(stakes(graph.parent / "new.csv", "30"))], graph, dataset="stakes", allow_shrink=True)
        shutil.rmtree(old)
        report = check(graph)
        assert (report.sound, len(report.remarks)) == (True, 1)

    def test_a_draft_of_a_dead_process_is_remarked_on(self, graph: Path) -> None:
        (graph / "snapshots/.draft-99999999-0").mkdir()
        report = check(graph)
        assert (report.sound, "left by a load that was killed" in report.remarks[0]) == (True, True)


def test_what_a_load_clears_away_meanwhile_is_no_fault(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = graph / "snapshots/.draft-99999999-0"
    draft.mkdir()
    (draft / "links.parquet").touch()
    usual = Path.is_file

    def cleared(path: Path) -> bool:
        was = usual(path)
        if path.parent == draft:
            shutil.rmtree(draft, ignore_errors=True)
        return was

    monkeypatch.setattr(Path, "is_file", cleared)
    assert check(graph).sound


@pytest.mark.parametrize("name", ["²", "٣", "007", "0", "9" * 250, "notes", "-1"])
def test_a_folder_of_somebody_among_the_snapshots_is_left_alone(graph: Path, made: Path, name: str) -> None:
    (graph / "snapshots" / name).mkdir()
    assert check(graph).sound
    assert all_of(open_graph(graph)) == all_of(open_graph(made))
    load("table", [str(stakes(graph.parent / "new.csv", "30"))], graph, dataset="stakes")
    assert (graph / "snapshots" / name).is_dir()


class TestTheManifest:
    def altered(self, graph: Path, **change: object) -> None:
        """Change what the manifest says, and seal it again."""
        for place in ("manifest.json", "snapshots/2/manifest.json"):
            said = json.loads((graph / place).read_text()) | change
            (graph / place).write_text(json.dumps(sealed(said)))

    def test_counts_that_are_not_those_of_the_tables_are_a_fault(self, graph: Path) -> None:
        counts = json.loads((graph / "manifest.json").read_text())["counts"]
        self.altered(graph, counts=counts | {"links": 99})
        assert [fault.place for fault in check(graph).faults] == ["snapshots/2/links.parquet"]

    def test_two_that_say_different_things_are_a_fault(self, graph: Path) -> None:
        said = json.loads((graph / "manifest.json").read_text()) | {"published": "1999"}
        (graph / "manifest.json").write_text(json.dumps(sealed(said)))
        assert [fault.place for fault in check(graph).faults] == ["manifest.json"]

    def test_keeps_the_name_of_a_file_that_is_no_text(self, graph: Path) -> None:
        manifest = Store(graph).manifest()
        manifest["datasets"]["stakes"]["files"] = [os.fsdecode(b"st\xffkes.csv")]
        Store(graph).switch(manifest)
        assert Store(graph).manifest()["datasets"] == manifest["datasets"]

    def test_one_of_a_newer_format_is_refused_in_one_line(self, graph: Path) -> None:
        said = json.loads((graph / "manifest.json").read_text()) | {"format": 99}
        (graph / "manifest.json").write_text(json.dumps(said))
        for words in (("check",), ("load", "bundled")):
            assert "made by a newer version of Listed" in one_line(command(*words, "--graph", graph))


class TestNothingToCheck:
    def test_no_graph(self, tmp_path: Path) -> None:
        with pytest.raises(GraphNotFoundError, match="no graph"):
            check(tmp_path)

    def test_the_bundled_graph(self) -> None:
        with pytest.raises(InputError, match="bundled"):
            check("bundled")

    def test_decisions_that_cannot_be_read_are_a_fault(self, graph: Path) -> None:
        (graph / "decisions.csv").write_text("one,other\n")
        assert [fault.place for fault in check(graph).faults] == ["decisions.csv"]


def test_a_damaged_graph_fails_the_command_with_one_line_for_each_fault(graph: Path) -> None:
    for name in ("snapshots/2/links.parquet", "snapshots/1/names.parquet"):
        flip(graph / name)
    run = command("check", "--graph", graph)
    assert run.returncode == 1
    assert [line.split(":")[1].strip() for line in run.stdout.splitlines() if line.startswith("fault:")] == [
        "snapshots/1/names.parquet", "snapshots/2/links.parquet"]  # fmt: skip


def test_the_library_checks_as_the_command_does(graph: Path) -> None:
    assert listed.check(graph).sound
