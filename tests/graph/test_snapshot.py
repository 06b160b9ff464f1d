"""A snapshot as others read it: pandas, networkx, DuckDB, and entity by entity."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.graph.model import Address, Entity, Identifier, Link, Listing, Name, Source, Statement
from listed.graph.period import Period, parse_date
from listed.graph.share import WHOLE, Basis, Share, parse_share
from listed.graph.snapshot import Graph, open_graph
from listed.graph.tables import SCHEMAS
from listed.graph.vocabulary import LinkType, NameKind
from listed.loading import graph_of, load

PAPER = Source("paper", "A paper", "A publisher", "2019", "https://example.org/paper", "2026-11-01")
FIRM = Entity(
    id="uscc:1",
    names=(Name("SenseTime", script="Latn"), Name("商汤科技", NameKind.ALIAS, "Hans"), Name("ST", NameKind.WEAK)),
    schema="Company",
    countries=("cn", "hk"),
    topics=("corp.public",),
    identifiers=(Identifier("lei", "5493"), Identifier("ticker", "0020.HK")),
    addresses=(Address("Hong Kong", "hk"), Address("somewhere")),
    properties=(("founded", "2014"), ("founded", "2015"), ("website", "https://example.org")),
    note="An AI company.",
)
OWNER = Entity("a:owner", (Name("Owner"),), "LegalEntity")
BARE = Entity("z:bare", placeholder=True)
STAKE = Link(
    "a:owner",
    "uscc:1",
    LinkType.OWNS,
    "shareholder",
    Period(parse_date("2018-05"), parse_date("2019")),
    parse_share("more than 25% but not more than 50%"),
    Basis.SHARES,
    direct=True,
    amount=Decimal("1000000.50"),
    currency="USD",
    note="It says so.",
    confidence="high",
)
LISTED = Listing(
    "uscc:1",
    "US-BIS-EL",
    Period(parse_date("2019-10-09")),
    "84 FR 54002",
    "All items",
    "Case by case",
    ("PRC", "XUAR"),
    "See remarks",
)
PLAIN = Link("a:owner", "uscc:1", LinkType.INVESTED_IN)


def graph(*about: Entity | Link | Listing) -> Graph:
    return graph_of({"test": [PAPER, *(Statement(one, ("paper",)) for one in about)]})


@pytest.fixture(scope="module")
def whole() -> Graph:
    return graph(FIRM, OWNER, BARE, STAKE, PLAIN, LISTED)


def row_of(given_: Graph, id_: str) -> int:
    row = given_.row_of(id_)
    assert row is not None
    return row


class TestObjects:
    @pytest.mark.parametrize("entity", [FIRM, OWNER, BARE], ids=lambda entity: entity.id)
    def test_an_entity_comes_back_as_it_was_stated(self, whole: Graph, entity: Entity) -> None:
        assert whole.entity(row_of(whole, entity.id)) == entity

    def test_a_link_comes_back_as_it_was_stated(self, whole: Graph) -> None:
        assert [whole.link(row) for row in (0, 1)] == [STAKE, PLAIN]

    def test_a_listing_comes_back_as_it_was_stated(self, whole: Graph) -> None:
        assert whole.listing(0) == LISTED

    def test_a_source_comes_back_as_it_was_stated(self, whole: Graph) -> None:
        assert whole.source("paper") == PAPER

    def test_a_source_the_graph_does_not_hold_has_only_its_id(self, whole: Graph) -> None:
        assert whole.source("rumour") == Source("rumour", "rumour")

    def test_a_source_is_found_whatever_its_letters(self) -> None:
        source = Source("Straße ŉ ﬁ", "A title")
        assert graph_of({"test": [source]}).source("Straße ŉ ﬁ").title == "A title"

    def test_an_identifier_is_found_in_capitals_or_not(self, whole: Graph) -> None:
        assert whole.rows_saying("identifiers", "0020.hk") == whole.rows_saying("identifiers", "0020.HK") == [1]

    def test_an_entity_without_a_name_is_shown_by_its_id(self, whole: Graph) -> None:
        assert whole.name_of(row_of(whole, "z:bare")) == "z:bare"

    @given(st.integers(0, WHOLE), st.integers(0, WHOLE), st.booleans(), st.booleans(), st.text(max_size=5))
    def test_any_share_comes_back_exactly(
        self, one: int, other: int, low_open: bool, high_open: bool, text: str
    ) -> None:
        share = Share(min(one, other), max(one, other), low_open, high_open, text)
        assert graph(Link("a", "b", LinkType.OWNS, share=share)).share_of(0) == share

    @given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
    def test_any_id_and_name_come_back(self, id_: str, name: str) -> None:
        made = graph(Entity(id_, (Name(name),)))
        assert made.name_of(row_of(made, id_)) == name


class TestPandas:
    def test_its_columns_are_those_of_the_tables(self, whole: Graph) -> None:
        for name, frame in whole.to_pandas()._asdict().items():
            assert list(frame.columns) == SCHEMAS[name].names

    def test_shares_are_numbers_and_unknown_ones_are_missing(self, whole: Graph) -> None:
        links = whole.to_pandas().links
        assert str(links["share_min"].dtype) == "float64"
        assert links["share_min"].tolist()[0] == 25
        assert links["share_min"].isna().tolist() == [False, True]

    def test_dates_are_text_of_their_own_precision_and_the_days_between(self, whole: Graph) -> None:
        link = whole.to_pandas().links.iloc[0]
        assert (link["start_date"], link["end_date"]) == ("2018-05", "2019")
        assert (link["start_earliest"], link["start_latest"]) == (date(2018, 5, 1), date(2018, 5, 31))

    def test_several_words_are_lists(self, whole: Graph) -> None:
        frames = whole.to_pandas()
        assert frames.entities.set_index("id").loc["uscc:1", "countries"] == ["cn", "hk"]
        assert frames.links["sources"].tolist() == [["paper"], ["paper"]]
        assert frames.listings["programs"].tolist() == [["PRC", "XUAR"]]

    def test_amounts_are_exact(self, whole: Graph) -> None:
        assert whole.to_pandas().links["amount"].iloc[0] == Decimal("1000000.50")

    def test_a_graph_of_nothing_has_the_same_columns(self) -> None:
        frames = graph().to_pandas()
        assert [len(frame) for frame in frames] == [0, 0, 0]
        assert list(frames.links.columns) == SCHEMAS["links"].names


class TestNetworkx:
    def test_nodes_are_ids_and_edge_keys_are_link_ids(self, whole: Graph) -> None:
        made = whole.to_networkx()
        assert set(made.nodes) == {"a:owner", "uscc:1", "z:bare"}
        assert {key for _, _, key in made.edges(keys=True)} == set(whole.tables["links"]["id"].to_pylist())

    def test_parallel_links_are_kept(self, whole: Graph) -> None:
        made = whole.to_networkx()
        assert made.number_of_edges("a:owner", "uscc:1") == 2
        assert made.number_of_edges("uscc:1", "a:owner") == 0

    def test_every_attribute_is_there(self, whole: Graph) -> None:
        made, frames = whole.to_networkx(), whole.to_pandas()
        row = frames.links.iloc[0]
        edge = made.edges["a:owner", "uscc:1", row["id"]]
        assert set(edge) == set(SCHEMAS["links"].names) - {"id", "source", "target"}
        assert (edge["type"], edge["share_max"], edge["amount"]) == ("OWNS", 50, Decimal("1000000.50"))
        assert set(made.nodes["uscc:1"]) == {*SCHEMAS["entities"].names, "listings"} - {"id"}

    def test_listings_are_on_their_node(self, whole: Graph) -> None:
        made = whole.to_networkx()
        (listing,) = made.nodes["uscc:1"]["listings"]
        assert (listing["list"], listing["citation"]) == ("US-BIS-EL", "84 FR 54002")
        assert made.nodes["a:owner"]["listings"] == []

    def test_no_attribute_is_missing_in_disguise(self, whole: Graph) -> None:
        made = whole.to_networkx()
        held: list[dict[str, Any]] = [dict(data) for _, data in made.nodes(data=True)]
        held += [dict(data) for _, _, data in made.edges(data=True)]
        held += [listing for data in held for listing in data.get("listings", [])]
        for value in (value for data in held for value in data.values()):
            assert isinstance(value, list | dict) or not pd.isna(value)


class TestOnDisk:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        table = tmp_path / "stakes.csv"
        table.write_text(
            "owner,asset,share,start\nA,B,16.67,2018\nC,B,16.67,\nD,B,16.66,\nE,B,n/a,\n", encoding="utf-8"
        )
        load("table", [str(table)], tmp_path / "graph")
        return tmp_path / "graph"

    def test_pandas_reads_the_files_as_they_are(self, folder: Path) -> None:
        links = pd.read_parquet(folder / "snapshots" / "1" / "links.parquet")
        assert links["type"].tolist() == ["OWNS"] * 4
        assert not isinstance(links["type"].dtype, pd.CategoricalDtype)
        assert links["share_min"].dropna().sum() == Decimal(50)

    def test_duckdb_reads_the_files_as_they_are(self, folder: Path) -> None:
        duckdb = pytest.importorskip("duckdb")
        with duckdb.connect() as base:
            path = folder / "snapshots" / "1" / "links.parquet"
            kinds = base.execute("select typeof(type), typeof(share_min), typeof(start_earliest), typeof(sources) "
                                 "from read_parquet(?) limit 1", [str(path)]).fetchone()  # fmt: skip
            total = base.execute("select sum(share_min) from read_parquet(?)", [str(path)]).fetchone()
        assert kinds == ("VARCHAR", "DECIMAL(9,6)", "DATE", "VARCHAR[]")
        assert total == (Decimal(50),)

    def test_every_table_is_a_file_with_its_columns(self, folder: Path) -> None:
        for table, schema in SCHEMAS.items():
            frame = pd.read_parquet(folder / "snapshots" / "1" / f"{table}.parquet")
            assert list(frame.columns) == schema.names

    def test_the_graph_on_disk_is_the_graph_in_memory(self, folder: Path) -> None:
        opened = open_graph(folder)
        assert [str(opened.share_of(row)) for row in range(4)] == ["16.67%", "16.67%", "16.66%", "share unknown"]
        assert repr(opened).endswith("snapshot 1: 5 entities, 4 links, 0 listings>")
