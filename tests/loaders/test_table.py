"""A reporter's own tables: told apart by their header, read whole, and wrong rows named."""

from __future__ import annotations

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.graph.builder import flags_of
from listed.graph.model import SetAside
from listed.graph.snapshot import Graph
from listed.graph.tables import Batch
from listed.graph.vocabulary import LinkType
from listed.loaders.inputs import open_inputs
from listed.loaders.table import LOADER
from listed.loading import graph_of

Row = dict[str, Any]


class Desk:
    """A folder of a reporter's tables, and the graph made of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, content: str | bytes | pa.Table, name: str = "t.csv") -> str:
        path = self.folder / name
        if isinstance(content, pa.Table):
            pq.write_table(content, path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def graph(self, *contents: str | bytes | pa.Table) -> Graph:
        names = [self.write(content, f"t{number}.csv") for number, content in enumerate(contents)]
        return graph_of({"table": LOADER.read(open_inputs(names))})

    def links(self, content: str | bytes | pa.Table) -> list[Row]:
        rows: list[Row] = self.graph(content).tables["links"].to_pylist()
        return rows

    def refusal(self, content: str | bytes | pa.Table) -> InputError:
        with pytest.raises(InputError) as caught:
            self.graph(content)
        return caught.value


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def names(graph: Graph) -> list[str]:
    return sorted(graph.name_of(row) for row in range(graph.arrays.size))


def aside(graph: Graph) -> list[tuple[str, str]]:
    return [(row["record"], row["reason"]) for row in graph.tables["set_aside"].to_pylist()]


class TestStakes:
    def test_owner_asset_and_share_are_enough(self, desk: Desk) -> None:
        graph = desk.graph("owner,asset,share\nAlibaba,SenseTime,7.59%\n")
        (link,) = graph.tables["links"].to_pylist()
        assert names(graph) == ["Alibaba", "SenseTime"]
        assert (link["type"], link["basis"], link["share_text"]) == ("OWNS", "shares", "7.59%")
        assert link["share_min"] == link["share_max"] == Decimal("7.590000")

    def test_the_other_columns_are_read(self, desk: Desk) -> None:
        (link,) = desk.links("Owner;Asset;Share;Start;End;Type;Role\nA;B;51;2018-05;2019;invested_in;Series C\n")
        assert (link["type"], link["role"]) == ("INVESTED_IN", "Series C")
        assert (link["start_date"], link["end_date"]) == ("2018-05", "2019")
        assert (link["start_latest"], link["end_earliest"]) == (date(2018, 5, 31), date(2019, 1, 1))

    @pytest.mark.parametrize(
        ("column", "cell", "expected"),
        [("share", "0.51", None), ("percent", "0.51", Decimal("0.51")), ("fraction", "0.51", Decimal(51))],
    )
    def test_the_header_may_say_what_a_number_counts(
        self, desk: Desk, column: str, cell: str, expected: Decimal | None
    ) -> None:
        (link,) = desk.links(f"owner,asset,{column}\nA,B,{cell}\n")
        assert (link["share_min"], link["share_text"]) == (expected, cell)

    @pytest.mark.parametrize(
        ("cells", "starts"),
        [
            (("3/4/2020", "5/16/2020"), ["2020-03-04", "2020-05-16"]),
            (("3/4/2020", "16/5/2020"), ["2020-04-03", "2020-05-16"]),
            (("3.4.2020", "16.5.2020"), ["2020-04-03", "2020-05-16"]),
            (("4/4/2020", "2019"), ["2020-04-04", "2019"]),
        ],
    )
    def test_one_date_tells_the_order_of_its_column(
        self, desk: Desk, cells: tuple[str, str], starts: list[str]
    ) -> None:
        links = desk.links(f"owner,asset,start\nA,B,{cells[0]}\nA,C,{cells[1]}\n")
        assert [link["start_date"] for link in links] == starts
        assert [link["flags"] for link in links] == [[], []]

    @pytest.mark.parametrize("other", ["5/6/2020", "2020"])
    def test_where_none_does_only_the_year_is_known(self, desk: Desk, other: str) -> None:
        link, _ = desk.links(f"owner,asset,start\nA,B,3/4/2020\nA,C,{other}\n")
        assert (link["start_date"], link["flags"]) == ("2020", ["start_date: 3/4/2020: day or month first?"])

    def test_where_they_contradict_only_what_is_sure_is_read(self, desk: Desk) -> None:
        links = desk.links("owner,asset,start\nA,B,3/4/2020\nA,C,16/5/2020\nA,D,5/16/2020\n")
        assert [link["start_date"] for link in links] == ["2020", "2020-05-16", "2020-05-16"]

    @pytest.mark.parametrize("wrong", ["99/99/9999", "16/16/2020"])
    def test_a_cell_that_is_no_date_does_not_hide_what_the_column_tells(self, desk: Desk, wrong: str) -> None:
        first, _, third = desk.links(f"owner,asset,start\nA,B,3/4/2020\nA,C,5/16/2020\nA,D,{wrong}\n")
        assert (first["start_date"], first["flags"], third["start_date"]) == ("2020-03-04", [], None)
        assert third["flags"][0].startswith(f"start_date: {wrong}: ")

    def test_starts_and_ends_tell_together(self, desk: Desk) -> None:
        (link,) = desk.links("owner,asset,start,end\nA,B,3/4/2018,16/5/2020\n")
        assert (link["start_date"], link["end_date"], link["flags"]) == ("2018-04-03", "2020-05-16", [])

    def test_unless_they_contradict_each_other(self, desk: Desk) -> None:
        first, second = desk.links("owner,asset,start,end\nA,B,3/4/2018,4/5/2020\nA,C,5/16/2018,16/5/2020\n")
        assert (first["start_date"], first["end_date"]) == ("2018-03-04", "2020-05-04")
        assert (second["start_date"], second["end_date"]) == ("2018-05-16", "2020-05-16")

    @pytest.mark.parametrize("cell", ["20-04-03", "16-04-03", "20.04.03"])
    def test_a_year_that_may_stand_first_is_not_guessed(self, desk: Desk, cell: str) -> None:
        (link,) = desk.links(f"owner,asset,start\nA,B,{cell}\n")
        assert (link["start_date"], link["flags"]) == (None, [f"start_date: {cell}: not a date"])

    def test_a_start_that_is_long_to_come_is_kept_and_flagged(self, desk: Desk) -> None:
        ahead = date.today().year
        stakes = f"owner,asset,start,end\nA,B,{ahead + 5}-01-01,{ahead + 9}\nA,C,{ahead}-01-01,{ahead + 9}\n"
        first, second = desk.links(stakes)
        assert first["start_date"] == f"{ahead + 5}-01-01"
        assert (first["flags"], second["flags"]) == ([f"start_date: {ahead + 5}-01-01: a day to come"], [])

    def test_without_a_share_it_is_unknown(self, desk: Desk) -> None:
        (link,) = desk.links("owner,asset\nA,B\n")
        assert (link["share_min"], link["share_text"], link["flags"]) == (None, None, [])

    def test_the_same_name_is_the_same_party_in_every_table(self, desk: Desk) -> None:
        graph = desk.graph("owner,asset\nA Co.,B\n", "owner,asset\nB,C\n", "name,list\nA  CO.,US-BIS-EL\n")
        assert graph.arrays.size == 3
        assert graph.listing(0).entity == graph.link(0).source

    def test_names_that_are_but_signs_stay_apart(self, desk: Desk) -> None:
        assert desk.graph("owner,asset\n?,—\n").tables["links"].num_rows == 1

    def test_ids_are_used_as_they_are(self, desk: Desk) -> None:
        graph = desk.graph("owner_id, asset_id, share\n007,lei:X,50.10\n")
        (link,) = graph.tables["links"].to_pylist()
        assert (link["source"], link["target"], link["share_text"]) == ("007", "lei:X", "50.10")
        assert graph.entity(0).placeholder

    def test_an_id_with_a_name_is_shown_by_the_name(self, desk: Desk) -> None:
        graph = desk.graph("owner_id,owner,asset_id,asset\n1,Alibaba,2,SenseTime\n")
        assert (graph.id_of(0), graph.name_of(0), graph.entity(0).placeholder) == ("1", "Alibaba", False)

    def test_a_row_without_an_owner_is_set_aside(self, desk: Desk) -> None:
        graph = desk.graph("owner,asset,share\n,B,51\nA, ,51\n,,\nA,B,51\n")
        assert aside(graph) == [
            ("t0.csv row 2", "no owner"),
            ("t0.csv row 3", "no asset"),
            ("t0.csv row 4", "no owner or asset"),
        ]
        assert [row["record"] for row in graph.tables["links"].to_pylist()] == ["t0.csv row 5"]

    def test_an_owner_of_itself_is_set_aside(self, desk: Desk) -> None:
        graph = desk.graph("owner,asset\nA,a\nA,B\n")
        assert aside(graph) == [("t0.csv row 2", "owner and asset are the same entity")]
        assert graph.tables["links"].num_rows == 1

    def test_what_cannot_be_read_is_kept_flagged_on_its_own_row(self, desk: Desk) -> None:
        links = desk.links("owner,asset,share,start\nA,B,51,2019\nA,C,most,Various\nA,D,130%,0097-06-30\n")
        assert [link["flags"] for link in links] == [
            [],
            ["share: most: not read as a share, kept as unknown", "start_date: Various: not a date"],
            ["share: 130%: more than 100 percent", "start_date: 0097-06-30: a year no record can have"],
        ]
        assert [link["share_text"] for link in links] == ["51", "most", "130%"]

    def test_flags_fall_on_their_row_also_after_one_set_aside(self, desk: Desk) -> None:
        links = desk.links("owner,asset,share\n,B,51\nA,B,51\nA,C,most\n")
        assert [bool(link["flags"]) for link in links] == [False, True]


class TestListings:
    def test_name_and_list_are_enough(self, desk: Desk) -> None:
        graph = desk.graph("name,list\nSenseTime,us-bis-el\n")
        (listing,) = graph.tables["listings"].to_pylist()
        assert (names(graph), listing["list"], listing["start_date"]) == (["SenseTime"], "US-BIS-EL", None)

    def test_the_other_columns_are_read(self, desk: Desk) -> None:
        table = "name,list,start,end,citation\nSenseTime,US-BIS-EL,10/19/19,2021,84 FR 54002\n"
        listing = desk.graph(table).listing(0)
        assert (str(listing.period), listing.citation) == ("2019-10-19 to 2021", "84 FR 54002")

    def test_a_row_without_a_list_is_set_aside(self, desk: Desk) -> None:
        graph = desk.graph("name,list\nA,\n,US-BIS-EL\nB,US-BIS-EL\n")
        assert aside(graph) == [("t0.csv row 2", "no list"), ("t0.csv row 3", "no name")]

    def test_an_id_may_stand_for_the_name(self, desk: Desk) -> None:
        assert desk.graph("entity_id,list\ncsl:1,US-BIS-EL\n").listing(0).entity == "csl:1"


class TestEntities:
    def test_id_and_name_are_enough(self, desk: Desk) -> None:
        entity = desk.graph("id,name\n1,SenseTime\n").entity(0)
        assert (entity.id, entity.name, entity.schema, entity.countries) == ("1", "SenseTime", "LegalEntity", ())

    def test_schema_and_country_are_read(self, desk: Desk) -> None:
        entity = desk.graph("id,name,schema,country\n1,SenseTime,Company,CN\n").entity(0)
        assert (entity.schema, entity.countries) == ("Company", ("cn",))

    def test_an_empty_country_is_none(self, desk: Desk) -> None:
        graph = desk.graph("id,name,country\n1,A,\n2,B,CN\n3,C,\n")
        assert [graph.entity(row).countries for row in range(3)] == [(), ("cn",), ()]

    def test_one_without_a_name_is_kept_shown_by_its_id_and_flagged(self, desk: Desk) -> None:
        graph = desk.graph("id,name\n1,\n2,B\n")
        assert names(graph) == ["1", "B"]
        assert flags_of(graph.tables) == {"name": 1}

    def test_an_unknown_schema_is_kept_and_flagged(self, desk: Desk) -> None:
        graph = desk.graph("id,name,schema\n1,A,Spaceship\n")
        assert (graph.schema_of(0), flags_of(graph.tables)) == ("Spaceship", {"schema": 1})

    def test_one_without_an_id_is_set_aside(self, desk: Desk) -> None:
        assert aside(desk.graph("id,name\n,A\n")) == [("t0.csv row 2", "no id")]


class TestSources:
    def test_the_file_is_the_source_where_none_is_named(self, desk: Desk) -> None:
        graph = desk.graph("owner,asset,source\nA,B,\n")
        assert graph.tables["links"]["sources"].to_pylist() == [["table:t0.csv"]]
        source = graph.source("table:t0.csv")
        assert (source.title, source.url) == ("t0.csv", "")

    def test_the_day_of_loading_is_not_said_to_be_that_of_retrieving(self, desk: Desk) -> None:
        graph = desk.graph("owner,asset,source\nA,B,Register\n")
        assert set(graph.tables["sources"]["retrieved"].to_pylist()) == {None}

    def test_an_address_is_a_source_with_its_url(self, desk: Desk) -> None:
        graph = desk.graph("owner,asset,source\nA,B,https://example.org/a\n")
        ((cited,),) = graph.tables["links"]["sources"].to_pylist()
        assert graph.source(cited).url == "https://example.org/a"

    def test_a_title_is_a_source_without_one(self, desk: Desk) -> None:
        graph = desk.graph('owner,asset,source\nA,B," Annual report, 2019 "\n')
        ((cited,),) = graph.tables["links"]["sources"].to_pylist()
        source = graph.source(cited)
        assert (source.title, source.url) == ("Annual report, 2019", "")

    @pytest.mark.parametrize("header", ["owner,asset,source", "name,list,source", "id,name,source"])
    def test_every_source_cited_is_in_the_graph(self, desk: Desk, header: str) -> None:
        tables = desk.graph(f"{header}\nA,B, x \nC,D,\nE,F,https://example.org\n").tables
        cited = {
            one
            for name in ("entities", "links", "listings")
            for row in tables[name]["sources"].to_pylist()
            for one in row
        }
        assert cited <= set(tables["sources"]["id"].to_pylist())


class TestFiles:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_any_delimiter_is_seen_in_the_header(self, desk: Desk, delimiter: str) -> None:
        (link,) = desk.links("owner,asset,share\nA,B,51\n".replace(",", delimiter))
        assert link["share_text"] == "51"

    def test_a_decimal_comma_is_read_between_semicolons(self, desk: Desk) -> None:
        assert desk.links("owner;asset;share\nA;B;51,5 %\n")[0]["share_min"] == Decimal("51.5")

    @pytest.mark.parametrize("header", ["owner,asset,share", '"owner","asset","share"', " OWNER , Asset,share "])
    def test_a_byte_order_mark_and_the_writing_of_the_header_do_not_count(self, desk: Desk, header: str) -> None:
        (link,) = desk.links(b"\xef\xbb\xbf" + f"{header}\n007,B,50.10\n".encode())
        assert (link["source"], link["share_text"]) == ("name:007", "50.10")

    def test_windows_line_ends(self, desk: Desk) -> None:
        assert desk.links("owner,asset,share\r\nA,B,51\r\n")[0]["share_text"] == "51"

    def test_a_quoted_cell_may_hold_newlines_and_delimiters(self, desk: Desk) -> None:
        graph = desk.graph('owner,asset\n"Huawei\nTechnologies, Co.",B\n')
        assert names(graph) == ["B", "Huawei\nTechnologies, Co."]

    def test_gzip(self, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"owner,asset\nA,B\n"))
        graph = graph_of({"table": LOADER.read(open_inputs([str(tmp_path / "a.csv.gz")]))})
        assert graph.tables["links"].num_rows == 1

    @pytest.mark.parametrize("header", ["owner,asset,share", "name,list", "id,name"])
    def test_a_table_of_no_rows_says_nothing(self, desk: Desk, header: str) -> None:
        assert desk.graph(header + "\n").arrays.size == 0

    def test_columns_we_do_not_know_are_passed_over(self, desk: Desk) -> None:
        assert len(desk.links("owner,my notes,asset\nA,?,B\n")) == 1


class TestParquet:
    def test_its_types_are_read(self, desk: Desk) -> None:
        table = pa.table({
            "owner_id": pa.array([7, 8]),
            "asset_id": pa.array(["x", "y"]).dictionary_encode(),
            "percent": pa.array([51.5, None]),
            "start": pa.array([date(2019, 4, 30), None]),
            "source": pa.array([1, None]),
        })  # fmt: skip
        first, second = desk.links(table)
        assert (first["source"], first["target"], first["share_min"]) == ("7", "x", Decimal("51.5"))
        assert (first["start_date"], second["start_date"], second["share_min"]) == ("2019-04-30", None, None)
        assert [link["record"] for link in (first, second)] == ["t0.csv row 1", "t0.csv row 2"]

    def test_one_cut_short_is_refused(self, desk: Desk, tmp_path: Path) -> None:
        whole = Path(desk.write(pa.table({"owner": ["A"], "asset": ["B"]}))).read_bytes()
        assert "is it a whole Parquet file?" in str(desk.refusal(whole[:-9]))


class TestRefusals:
    def test_a_row_of_the_wrong_length_is_named(self, desk: Desk) -> None:
        error = desk.refusal("owner,asset,share\nA,B,51\nA,C\nA,D,51\n")
        assert (error.file, error.row) == ("t0.csv", 3)
        assert "2 cells, where the header has 3" in str(error)

    @pytest.mark.parametrize("header", ["alpha,beta", "owner,share", "name,country", "id,schema"])
    def test_a_header_we_do_not_know_is_refused_with_those_we_do(self, desk: Desk, header: str) -> None:
        error = desk.refusal(f"{header}\nx,y\n")
        assert error.row == 1
        assert "owner, asset, share; or name, list; or id, name" in str(error)

    def test_two_columns_of_one_name_are_refused(self, desk: Desk) -> None:
        assert "two columns are called owner" in str(desk.refusal("owner,asset,Owner\nA,B,C\n"))

    def test_an_unknown_type_of_link_is_refused_with_its_row_and_those_there_are(self, desk: Desk) -> None:
        error = desk.refusal("owner,asset,type\nA,B,OWNS\n,C,OWNS\nA,D,EATS\n")
        assert error.row == 4
        assert "no type of link is called EATS" in str(error)
        assert all(name in str(error) for name in LinkType)

    def test_another_encoding_is_refused_with_advice(self, desk: Desk) -> None:
        assert "save it as UTF-8" in str(desk.refusal("owner,asset\nSociété,B\n".encode("latin-1")))


cells = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)


@given(st.lists(st.tuples(cells, cells, st.sampled_from(["51%", "", "most", "0.5", "<5"])), max_size=6))
def test_every_row_is_a_link_or_set_aside_and_none_is_lost(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    items = list(LOADER.read(open_inputs([desk.write("\n".join(["owner,asset,share", *quoted]) + "\n")])))
    links = sum(item.rows.num_rows for item in items if isinstance(item, Batch) and item.table == "links")
    assert links + sum(isinstance(item, SetAside) for item in items) == len(rows)
