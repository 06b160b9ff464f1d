"""Graphs and answers on HDFS and on S3 are those of one machine; both are real servers."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from listed.checking import check
from listed.errors import InputError
from listed.graph.snapshot import Graph, open_graph
from listed.graph.tables import SCHEMAS
from listed.loading import load
from listed.queries.answer import Inquiry, plain
from listed.queries.exposure import nearest_path
from listed.queries.rules import affiliates as affiliates_here
from tests.spark import stores
from tests.spark.worlds import DAY, without_inner_grounds

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from listed.spark import SparkAnswer

STAKES = "owner_id,asset_id,share\nhikvision,a,51%\na,b,60%\nhuawei-technologies,c,40-60%\nsensetime-group,b,10%\n"
SUBJECTS = ["a", "alibaba-group", "b", "hikvision", "nobody"]


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two graphs on this machine."""
    folder = tmp_path_factory.mktemp("pieces")
    (folder / "stakes.csv").write_text(STAKES, encoding="utf-8")
    load("bundled", (), folder / "1")
    load("table", [str(folder / "stakes.csv")], folder / "2")
    return [folder / "1", folder / "2"]


@pytest.fixture(scope="module")
def one_machine(pieces: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """Both in one, made on this machine."""
    folder = tmp_path_factory.mktemp("one") / "world"
    load("bundled", (), folder)
    load("table", [str(pieces[1].with_name("stakes.csv"))], folder)
    return open_graph(folder)


@dataclass(frozen=True, slots=True)
class Store:
    """A place with a blank in it, and the way from there to this machine."""

    spark: SparkSession
    place: str
    folder: Callable[[], Path]

    def fetched(self, place: str) -> Path:
        return stores.get(self.spark, place, self.folder())

    def rows(self, answer: SparkAnswer, part: str = "rows") -> list[dict[str, Any]]:
        return [plain(row) for row in pq.read_table(self.fetched(f"{answer.out}/{part}")).to_pylist()]


@pytest.fixture(scope="module", params=["hdfs", "s3"])
def store(
    request: pytest.FixtureRequest, spark: SparkSession, pieces: list[Path], tmp_path_factory: pytest.TempPathFactory
) -> Store:
    place = f"{request.getfixturevalue(request.param)}/two words"
    for piece in pieces:
        stores.put(spark, piece, f"{place}/pieces/{piece.name}")
    local = tmp_path_factory.mktemp("fetched")
    (local / "subjects.csv").write_text("\n".join(["entity", *SUBJECTS]), encoding="utf-8")
    stores.put(spark, local / "subjects.csv", f"{place}/subjects.csv")
    numbers = itertools.count()
    return Store(spark, place, lambda: local / str(next(numbers)))


@pytest.fixture(scope="module")
def world(store: Store) -> str:
    """The graph merged there."""
    from listed.spark import merge

    pieces = [f"{store.place}/pieces/{number}" for number in (1, 2)]
    return merge(store.spark, pieces, f"{store.place}/world").out


def test_a_graph_merged_there_is_that_of_one_machine(store: Store, world: str, one_machine: Graph) -> None:
    fetched = store.fetched(world)
    merged = open_graph(fetched)
    assert {name: merged.tables[name].to_pylist() for name in SCHEMAS} == {
        name: one_machine.tables[name].to_pylist() for name in SCHEMAS
    }
    assert check(fetched).sound


def test_affiliates_there_are_those_of_one_machine(store: Store, world: str, one_machine: Graph) -> None:
    from listed.spark import affiliates

    answer = affiliates(store.spark, world, f"{store.place}/affiliates", DAY)
    told = affiliates_here(one_machine, DAY)
    assert store.rows(answer) == [without_inner_grounds(plain(row)) for row in told.rows]
    assert {row["id"] for row in store.rows(answer, "sources")} == set(told.sources)


def test_paths_there_are_those_of_one_machine(store: Store, world: str, one_machine: Graph) -> None:
    from listed.spark import exposure

    answer = exposure(store.spark, world, f"{store.place}/exposure", f"{store.place}/subjects.csv", DAY, hops=2)
    inquiry = Inquiry(one_machine, "exposure", {}, DAY)
    rows = [row for id_ in SUBJECTS if (row := one_machine.row_of(id_)) is not None]
    found = (nearest_path(inquiry, row, 2) for row in rows)
    assert store.rows(answer) == [plain(path) for path in found if path is not None]
    assert answer.bounds["not_in_the_graph"] == 1


def test_nothing_that_is_written_tells_a_key(store: Store, world: str) -> None:
    written = (file.read_bytes() for file in store.fetched(world).rglob("*") if file.is_file())
    assert not any(stores.SECRET.encode() in content for content in written)


def test_what_stands_there_already_is_not_written_over(store: Store, world: str) -> None:
    from listed.spark import affiliates

    with pytest.raises(InputError, match="something already"):
        affiliates(store.spark, world, world, DAY)
