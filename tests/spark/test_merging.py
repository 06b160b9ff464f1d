"""Statements merged on a cluster are the snapshot that one machine makes, row for row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from listed.checking import check
from listed.errors import InputError
from listed.graph.decisions import read_decisions
from listed.graph.merge import MergeReport
from listed.graph.merge import merge as merge_here
from listed.graph.model import Entity, Identifier, Name
from listed.graph.period import START_TOLD
from listed.graph.snapshot import Graph, open_graph
from listed.graph.store import Store
from listed.graph.tables import SCHEMAS, Tables
from listed.loading import build, load
from tests.graphs import only_told
from tests.queries.rule_graphs import Said, on, owns, party, statements

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from listed.spark import SparkMerge

DECISIONS = """one,other,decision,by,on,note
f,g,same,A. Reporter,2026-01-02,
a2,c2,different,A. Reporter,2026-01-02,
"""


def firm(id_: str, **schemes: str) -> Entity:
    return Entity(id_, (Name(f"Firm {id_}"),), identifiers=tuple(Identifier(*pair) for pair in schemes.items()))


def said() -> dict[str, list[Said]]:
    """Three datasets: chains of identifiers, a claim told twice, an asset that turns out to be its owner.

    A stake and a listing are dated by one record, and only told of on that day by another.
    """
    dated, listed = owns("c", "x", "10", "2021-08-28"), on("z", "MY-LIST", "2020-12-18")
    return {
        "register": [firm("a", lei="1"), firm("b", lei="1", wikidata="Q1"), firm("h", own="1"), firm("g"),
                     owns("a", "h", "50", "2019"), owns("a", "b", "100"), party("z", country="cn")],
        "other": [firm("c", wikidata="q-1"), firm("a2", lei="9"), firm("f"), owns("c", "h", "50", "2019"),
                  owns("c", "x", "10"), on("c", "MY-LIST"), only_told(dated), dated, only_told(listed)],
        "third": [firm("c2", lei="9"), firm("i", own="1"), owns("f", "i", "20"), owns("unknown", "z"),
                  on("a", "MY-LIST"), party("x", country="us"), listed, only_told(owns("f", "x", "5", "2019"))],
    }  # fmt: skip


def graph_with(folder: Path, datasets: dict[str, Tables]) -> Path:
    store = Store(folder)
    with store.writing() as draft:
        facts = {name: {"version": draft.add_statements(name, tables)[0], "lists": {"MY-LIST": 1}}
                 for name, tables in datasets.items()}  # fmt: skip
        tables, _ = merge_here(list(datasets.items()))
        draft.publish(tables, facts)
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("merging")
    (folder / "decisions.csv").write_text(DECISIONS, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def datasets(real_graph: Graph | None) -> dict[str, Tables]:
    told = {name: build(name, statements(name, part)) for name, part in said().items()}
    if real_graph is not None:
        store = Store(Path(real_graph.name))
        told |= {name: store.statements(name, facts["version"]) for name, facts in real_graph.datasets.items()}
    return told


@pytest.fixture(scope="module")
def there(spark: SparkSession, place: Path, datasets: dict[str, Tables]) -> SparkMerge:
    from listed.spark import merge

    names = sorted(datasets)
    graphs = [graph_with(place / str(number), {name: datasets[name] for name in part})
              for number, part in enumerate((names[1:], names[:1]))]  # fmt: skip
    return merge(spark, graphs, place / "merged", decisions=place / "decisions.csv")


@pytest.fixture(scope="module")
def here(place: Path, datasets: dict[str, Tables]) -> tuple[Tables, MergeReport]:
    return merge_here(list(datasets.items()), read_decisions(place / "decisions.csv"))


@pytest.fixture(scope="module")
def merged(place: Path, there: SparkMerge) -> Graph:
    return open_graph(place / "merged")


@pytest.mark.parametrize("table", SCHEMAS)
def test_each_table_is_that_of_one_machine_in_its_order(
    merged: Graph, here: tuple[Tables, MergeReport], table: str
) -> None:
    assert merged.tables[table].to_pylist() == here[0][table].to_pylist()


def test_a_start_is_only_told_where_no_record_dates_it(merged: Graph) -> None:
    flags = {(row["target"], row["start_date"]): row["flags"] for row in merged.tables["links"].to_pylist()}
    assert START_TOLD not in flags["x", "2021-08-28"]
    assert START_TOLD in flags["x", "2019"]


def test_the_report_is_that_of_one_machine(there: SparkMerge, here: tuple[Tables, MergeReport]) -> None:
    report = here[1]
    assert (there.merged_ids, there.own_assets, there.conflicts) == (
        report.merged_ids, report.own_assets, len(report.conflicts))  # fmt: skip
    assert there.joined == report.joined


def test_what_is_merged_passes_the_checks_of_a_graph(place: Path, merged: Graph) -> None:
    Store(place / "merged").check(merged.number)
    assert check(place / "merged").sound


@pytest.mark.usefixtures("merged")
def test_nothing_is_loaded_into_it_for_what_its_sources_said_is_elsewhere(place: Path) -> None:
    (place / "more.csv").write_text("owner,asset,share\nA,B,51%\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"merged on a cluster.*merge again"):
        load("table", [str(place / "more.csv")], place / "merged")


def test_a_folder_with_something_in_it_is_refused(spark: SparkSession, there: SparkMerge, place: Path) -> None:
    from listed.spark import merge

    with pytest.raises(InputError, match="something already"):
        merge(spark, [place / "0"], place / "merged")
