"""A graph on disk: whole or not at all, whatever happens to the load or the files."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from listed.errors import GraphDamagedError, GraphLockedError, GraphNotFoundError, InputError, ListShrankError
from listed.graph.snapshot import Graph, open_graph
from listed.graph.store import Store
from listed.loading import LoadReport, load

MEMBERS = ["entities", "links", "names", "listings", "sources"]


def stakes(path: Path, share: str, rows: int = 3, who: str = "Owner") -> Path:
    lines = [f"{who} {row % 97},Asset {row},{share}%" for row in range(rows)]
    path.write_text("\n".join(["owner,asset,share", *lines]) + "\n", encoding="utf-8")
    return path


def listings(path: Path, count: int) -> Path:
    lines = [f"Party {row},US-BIS-EL,2019" for row in range(count)]
    path.write_text("\n".join(["name,list,start", *lines]) + "\n", encoding="utf-8")
    return path


def shares(graph: Graph) -> set[str]:
    return {str(text) for text in graph.tables["links"]["share_text"].to_pylist()}


def files(root: Path) -> dict[str, bytes]:
    """Everything that is published: all but caches and the lock."""
    there = (path for path in sorted(root.rglob("*")) if path.is_file() and path.name != ".lock")
    return {str(p.relative_to(root)): p.read_bytes() for p in there if "views" not in p.relative_to(root).parts}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "graph"


@pytest.fixture
def loaded(root: Path, tmp_path: Path) -> Path:
    """A graph with one snapshot of three stakes and two listings."""
    load("table", [str(stakes(tmp_path / "stakes.csv", "51"))], root)
    load("table", [str(listings(tmp_path / "lists.csv", 2))], root)
    return root


class TestLoading:
    def test_to_load_twice_is_to_load_once(self, loaded: Path, tmp_path: Path) -> None:
        before = files(loaded)
        again = load("table", [str(tmp_path / "stakes.csv")], loaded)
        assert (again.changed, again.snapshot) == (False, 2)
        assert files(loaded) == before

    def test_a_load_that_says_something_new_is_a_new_snapshot(self, loaded: Path, tmp_path: Path) -> None:
        report = load("table", [str(stakes(tmp_path / "stakes.csv", "30"))], loaded)
        assert (report.changed, report.snapshot) == (True, 3)

    def test_one_source_loaded_again_is_replaced_alone(self, loaded: Path, tmp_path: Path) -> None:
        load("table", [str(stakes(tmp_path / "stakes.csv", "30"))], loaded)
        graph = open_graph(loaded)
        assert shares(graph) == {"30%"}
        assert graph.tables["listings"].num_rows == 2
        assert list(graph.datasets) == ["table-lists", "table-stakes"]

    def test_what_a_source_says_no_more_is_gone(self, loaded: Path, tmp_path: Path) -> None:
        load("table", [str(stakes(tmp_path / "stakes.csv", "51", rows=1))], loaded)
        assert open_graph(loaded).tables["links"].num_rows == 1

    def test_the_order_of_loading_does_not_count(self, loaded: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        for name in ("lists", "stakes"):
            load("table", [str(tmp_path / f"{name}.csv")], other)
        one, two = open_graph(loaded), open_graph(other)
        assert {name: set(map(repr, one.tables[name].to_pylist())) for name in MEMBERS} == {
            name: set(map(repr, two.tables[name].to_pylist())) for name in MEMBERS
        }

    def test_old_snapshots_stay_readable(self, loaded: Path, tmp_path: Path) -> None:
        load("table", [str(stakes(tmp_path / "stakes.csv", "30"))], loaded)
        assert Store(loaded).snapshots() == [1, 2, 3]
        old = open_graph(loaded, 2)
        assert (old.number, shares(old), old.tables["listings"].num_rows) == (2, {"51%"}, 2)
        assert open_graph(loaded, 1).tables["listings"].num_rows == 0

    def test_a_snapshot_there_is_not_names_those_there_are(self, loaded: Path) -> None:
        with pytest.raises(GraphNotFoundError, match=r"no snapshot 9 .*there are: 1, 2"):
            open_graph(loaded, 9)

    def test_where_nothing_was_loaded_there_is_no_graph(self, root: Path) -> None:
        with pytest.raises(GraphNotFoundError, match="listed load"):
            open_graph(root)

    def test_a_file_that_cannot_be_read_leaves_the_graph_as_it_was(self, loaded: Path, tmp_path: Path) -> None:
        before = files(loaded)
        (tmp_path / "stakes.csv").write_text("owner,asset,share\nA,B\n")
        with pytest.raises(InputError):
            load("table", [str(tmp_path / "stakes.csv")], loaded)
        assert files(loaded) == before

    def test_a_folder_with_other_things_is_refused(self, tmp_path: Path) -> None:
        folder = tmp_path / "thesis"
        folder.mkdir()
        (folder / "chapter.txt").write_text("x")
        with pytest.raises(InputError, match="holds other things and no graph"):
            load("table", [str(stakes(tmp_path / "stakes.csv", "51"))], folder)
        assert [path.name for path in folder.iterdir()] == ["chapter.txt"]

    @pytest.mark.parametrize("name", ["../outside", "a/b", "..", ".draft-1"])
    def test_a_dataset_cannot_be_called_a_path(self, root: Path, tmp_path: Path, name: str) -> None:
        with pytest.raises(InputError, match="dataset"):
            load("table", [str(stakes(tmp_path / "stakes.csv", "51"))], root, dataset=name)
        assert not root.exists()


def register(path: Path, firms: int, stakes: int | None = None) -> Path:
    """Write a register of one owner, and firms in which it holds stakes."""
    owner = {"id": "o", "schema": "Company", "properties": {"name": ["Hill Optics"]}}
    holds = range(firms if stakes is None else stakes)
    lines = [
        owner,
        *({"id": f"f{n}", "schema": "Company", "properties": {"name": [f"Firm {n}"]}} for n in range(firms)),
        *({"id": f"s{n}", "schema": "Ownership", "properties": {"owner": ["o"], "asset": [f"f{n}"]}} for n in holds),
    ]
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


class TestShrinking:
    @staticmethod
    def twice(root: Path, tmp_path: Path, now: int, *, allow: bool = False) -> LoadReport:
        load("table", [str(listings(tmp_path / "lists.csv", 20))], root)
        return load("table", [str(listings(tmp_path / "lists.csv", now))], root, allow_shrink=allow)

    def test_a_list_that_collapsed_stops_the_load(self, root: Path, tmp_path: Path) -> None:
        with pytest.raises(ListShrankError, match="US-BIS-EL has 17 entries, and had 20"):
            self.twice(root, tmp_path, 17)
        assert open_graph(root).tables["listings"].num_rows == 20
        assert Store(root).snapshots() == [1]
        assert not list(root.rglob(".draft-*"))

    def test_a_list_that_lost_a_tenth_is_loaded(self, root: Path, tmp_path: Path) -> None:
        assert self.twice(root, tmp_path, 18).lists == {"US-BIS-EL": (18, 20)}

    def test_a_collapse_may_be_allowed(self, root: Path, tmp_path: Path) -> None:
        assert self.twice(root, tmp_path, 1, allow=True).lists == {"US-BIS-EL": (1, 20)}

    @pytest.mark.parametrize("kind", ["entities", "links"])
    def test_a_register_that_collapsed_stops_the_load(self, root: Path, tmp_path: Path, kind: str) -> None:
        load("ftm", [str(register(tmp_path / "entities.ftm.json", 120))], root)
        told = {"entities": "states 101 entities, and stated 121", "links": "states 80 links, and stated 120"}
        now = {"entities": (100, 100), "links": (120, 80)}[kind]
        with pytest.raises(ListShrankError, match=told[kind]):
            load("ftm", [str(register(tmp_path / "entities.ftm.json", *now))], root)
        assert Store(root).snapshots() == [1]

    def test_its_collapse_may_be_allowed(self, root: Path, tmp_path: Path) -> None:
        load("ftm", [str(register(tmp_path / "entities.ftm.json", 120))], root)
        report = load("ftm", [str(register(tmp_path / "entities.ftm.json", 10))], root, allow_shrink=True)
        assert report.snapshot == 2

    @pytest.mark.parametrize(("had", "has"), [(120, 110), (90, 10), (10, 120)])
    def test_a_register_that_lost_little_or_grew_and_a_short_one_are_loaded(
        self, root: Path, tmp_path: Path, had: int, has: int
    ) -> None:
        load("ftm", [str(register(tmp_path / "entities.ftm.json", had))], root)
        assert load("ftm", [str(register(tmp_path / "entities.ftm.json", has))], root).changed

    def test_a_list_that_vanished_stops_the_load(self, root: Path, tmp_path: Path) -> None:
        load("table", [str(listings(tmp_path / "lists.csv", 5))], root, dataset="mine")
        with pytest.raises(ListShrankError, match="has 0 entries"):
            load("table", [str(stakes(tmp_path / "stakes.csv", "51"))], root, dataset="mine")


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


DAMAGES = [truncated, flipped, emptied, Path.unlink]


class TestDamage:
    @pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
    @pytest.mark.parametrize("table", ["entities", "links", "merged_ids"])
    def test_a_damaged_file_is_named(self, loaded: Path, damage: Callable[[Path], None], table: str) -> None:
        damage(loaded / "snapshots" / "2" / f"{table}.parquet")
        with pytest.raises(GraphDamagedError, match=rf"{table}\.parquet"):
            open_graph(loaded)

    @pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
    def test_a_damaged_statement_is_not_merged(
        self, loaded: Path, tmp_path: Path, damage: Callable[[Path], None]
    ) -> None:
        (path,) = (loaded / "statements" / "table-stakes").glob("*/links.parquet")
        damage(path)
        before = (loaded / "manifest.json").read_bytes()
        with pytest.raises(GraphDamagedError, match=r"links\.parquet"):
            load("table", [str(listings(tmp_path / "lists.csv", 3))], loaded)
        assert (loaded / "manifest.json").read_bytes() == before
        assert Store(loaded).snapshots() == [1, 2]

    @pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "x"}', '{"format": 1}'])
    def test_a_damaged_manifest_is_named(self, loaded: Path, text: str) -> None:
        (loaded / "manifest.json").write_text(text)
        with pytest.raises(GraphDamagedError, match=r"manifest\.json"):
            open_graph(loaded)

    def test_a_graph_of_a_later_version_is_refused_with_advice(self, loaded: Path) -> None:
        (loaded / "manifest.json").write_text('{"format": 99}')
        with pytest.raises(GraphDamagedError, match=r"newer version of Listed.*upgrade"):
            open_graph(loaded)

    def test_a_deleted_view_is_rebuilt(self, loaded: Path) -> None:
        shutil.rmtree(loaded / "views")
        assert open_graph(loaded).arrays.size == 8
        assert (loaded / "views" / "2" / "view.json").is_file()

    @pytest.mark.parametrize("damage", [truncated, emptied, Path.unlink], ids=lambda damage: damage.__name__)
    @pytest.mark.parametrize("name", ["entities.arrow", "first.npy", "view.json"])
    def test_a_damaged_view_is_rebuilt(self, loaded: Path, damage: Callable[[Path], None], name: str) -> None:
        whole = {path.name for path in (loaded / "views" / "2").iterdir() if path.is_file()}
        damage(loaded / "views" / "2" / name)
        graph = open_graph(loaded)
        assert (graph.arrays.size, shares(graph)) == (8, {"51%"})
        assert {path.name for path in (loaded / "views" / "2").iterdir() if path.is_file()} == whole

    def test_a_damaged_name_index_is_rebuilt_and_kept(self, loaded: Path) -> None:
        folder = loaded / "views" / "2" / "names"
        sizes = {path.name: path.stat().st_size for path in folder.iterdir()}
        for path in folder.glob("*.npy"):
            truncated(path)
        assert open_graph(loaded).names is not None
        assert {path.name: path.stat().st_size for path in folder.iterdir()} == sizes

    def test_without_a_place_for_views_a_graph_opens_all_the_same(self, loaded: Path) -> None:
        shutil.rmtree(loaded / "views")
        (loaded / "views").write_text("not a folder")
        assert open_graph(loaded).arrays.size == 8


HOLD = """
import sys
from pathlib import Path
from listed.graph.store import Store
with Store(Path(sys.argv[1])).writing():
    print("holding", flush=True)
    sys.stdin.read()
"""

LOAD = """
import sys
from listed.loading import load
print("ready", flush=True)
load("table", [sys.argv[1]], sys.argv[2], dataset="stakes")
"""


def child(code: str, *arguments: Path) -> subprocess.Popen[str]:
    """A process that has said its first word."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


class TestProcesses:
    def test_of_two_loads_at_once_the_second_is_refused(self, loaded: Path, tmp_path: Path) -> None:
        with child(HOLD, loaded) as first:
            with pytest.raises(GraphLockedError, match="another load is writing"):
                load("table", [str(stakes(tmp_path / "stakes.csv", "30"))], loaded)
            assert shares(open_graph(loaded)) == {"51%"}
            first.communicate()
        assert load("table", [str(tmp_path / "stakes.csv")], loaded).snapshot == 3

    def test_a_load_that_was_killed_holds_no_lock(self, loaded: Path, tmp_path: Path) -> None:
        with child(HOLD, loaded) as first:
            first.kill()
        assert load("table", [str(stakes(tmp_path / "stakes.csv", "30"))], loaded).snapshot == 3

    def test_killed_at_any_moment_a_load_leaves_the_old_graph_or_the_new(self, root: Path, tmp_path: Path) -> None:
        rows = 3000
        tables = [stakes(tmp_path / f"{share}.csv", share, rows) for share in ("51", "30")]
        for path in tables:
            load("table", [str(path)], root, dataset="stakes")
        with child(LOAD, tables[0], root) as measured:
            began = time.perf_counter()
            assert measured.wait() == 0
            duration = time.perf_counter() - began
        moments = random.Random(20)
        old, new = 0, 1
        for _ in range(20):
            with child(LOAD, tables[new], root) as process:
                time.sleep(moments.uniform(0, duration))
                process.kill()
            graph = open_graph(root)
            Store(root).check(graph.number)
            assert graph.tables["links"].num_rows == rows
            assert shares(graph) in ({"51%"}, {"30%"})
            if shares(graph) != {f"{tables[old].stem}%"}:
                old, new = new, old
        final = load("table", [str(tables[new])], root, dataset="stakes")
        assert final.changed
        assert shares(open_graph(root)) == {f"{tables[new].stem}%"}
        assert not list(root.rglob(".draft-*"))
        assert sorted(int(entry.name) for entry in (root / "snapshots").iterdir()) == Store(root).snapshots()


def test_a_table_is_not_put_in_the_place_of_another_of_the_same_name_by_chance(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "stakes.csv").write_text("owner,asset,share\nA,B,51%\n", encoding="utf-8")
    load("table", [str(tmp_path / "one" / "stakes.csv")], tmp_path / "graph")
    with pytest.raises(InputError, match="--as NAME"):
        load("table", [str(tmp_path / "two" / "stakes.csv")], tmp_path / "graph")
