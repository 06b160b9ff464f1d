"""ICIJ's Offshore Leaks database: nodes, relationships and addresses, in each layout since 2016."""

from __future__ import annotations

import gzip
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.graph.model import Identifier, Link, Name
from listed.graph.tables import Batch
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.icij import LOADER, read
from listed.loaders.icij.dates import read_date
from listed.loaders.icij.links import meaning_of
from listed.loaders.icij.nodes import is_bearer
from listed.loaders.icij.places import countries_in
from listed.loaders.inputs import open_inputs
from listed.loading import build, graph_of
from tests.loaders.loaded import Yielded

ENTITIES = (
    "node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,address,internal_id,"
    "incorporation_date,inactivation_date,struck_off_date,dorm_date,status,service_provider,ibcRUC,country_codes,"
    "countries,sourceID,valid_until,note"
)
OFFICERS = "node_id,name,countries,country_codes,sourceID,valid_until,note"
INTERMEDIARIES = "node_id,name,status,internal_id,address,countries,country_codes,sourceID,valid_until,note"
ADDRESSES = "node_id,address,name,countries,country_codes,sourceID,valid_until,note"
OTHERS = (
    "node_id,name,type,incorporation_date,struck_off_date,closed_date,jurisdiction,jurisdiction_description,countries,"
    "country_codes,sourceID,valid_until,note"
)
RELATIONSHIPS = "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID"
UNTIL = "The Panama Papers data is current through 2015"
FIRM = (
    "10000001,ACME LTD.,ACME LIMITED,OLD ACME,BVI,British Virgin Islands,Business Company,1 Main St,77,"
    f"23-MAR-2006,,31-OCT-2010,,Defaulted,Mossack Fonseca,123456,HKG;CHN,Hong Kong;China,Panama Papers,{UNTIL},A note."
)
OFFICER = f"12000001,Jane Doe,Switzerland,CHE,Panama Papers,{UNTIL},"


class Read(Yielded):
    """What the loader yielded, by kind."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.addresses = [
            row for item in self.items if isinstance(item, Batch) and item.table == "addresses"
            for row in item.rows.to_pylist()
        ]  # fmt: skip

    @property
    def flags(self) -> tuple[str, ...]:
        return tuple(flag for statement in self.statements for flag in statement.flags)


def load(*paths: Path) -> Read:
    return Read(list(read(open_inputs([str(path) for path in paths]))))


Making = Callable[..., Path]
Relating = Callable[..., Read]


@pytest.fixture
def table(tmp_path: Path) -> Making:
    """Write a table of a header and rows, each as it stands in the file."""

    def made(header: str, *rows: str, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return made


@pytest.fixture
def relation(table: Making) -> Relating:
    """Read one relationship between two nodes that are no more than numbers."""

    def made(link: str, rel_type: str = "officer_of", start: str = "", end: str = "") -> Read:
        return load(table(RELATIONSHIPS, f'12000001,10000001,{rel_type},"{link}",,{start},{end},Panama Papers'))

    return made


@pytest.fixture(scope="module")
def players(real_data: Path) -> Read:
    """The picture of the Power Players, relationships first."""
    folder = real_data / "icij"
    return load(folder / "powerplayers2016_edges.csv", folder / "powerplayers2016_nodes.csv")


@pytest.fixture(scope="module")
def intermediaries(real_data: Path) -> Read:
    return load(real_data / "icij" / "panama_nodes_intermediary_2018.csv")


class TestTheRealFiles:
    def test_every_intermediary_is_an_entity(self, intermediaries: Read) -> None:
        assert len(intermediaries.entities) == 14_110

    def test_every_country_code_is_read(self, intermediaries: Read) -> None:
        assert sum(not entity.countries for entity in intermediaries.entities) == 1_512  # those without any

    def test_their_source_says_until_when_its_data_goes(self, intermediaries: Read) -> None:
        (source,) = intermediaries.sources
        assert (source.id, source.title) == ("icij-panama-papers-2015", f"Panama Papers ({UNTIL})")

    def test_a_note_is_kept(self, intermediaries: Read) -> None:
        assert sum(bool(entity.note) for entity in intermediaries.entities) == 3

    def test_the_players_links_by_type(self, players: Read) -> None:
        assert Counter(link.type for link in players.links) == {
            LinkType.OWNS: 453,
            LinkType.LINKED_TO: 219,
            LinkType.OFFICER_OF: 120,
        }

    def test_every_relationship_is_a_link_an_address_or_set_aside(self, players: Read) -> None:
        relationships = {s.record for s in players.statements if isinstance(s.about, Link)}
        aside = [one for one in players.aside if "edges" in one.record]
        assert len(relationships) + len(aside) + 103 == 889
        assert len(players.addresses) <= 103

    def test_bearers_are_one_party_for_each_company(self, players: Read) -> None:
        bearers = [link for link in players.links if link.source.endswith("-bearer")]
        assert all(link.source == f"{link.target}-bearer" for link in bearers)
        assert len({link.source for link in bearers}) == 31

    def test_no_bearer_is_an_entity_of_its_own(self, players: Read) -> None:
        assert not any(is_bearer(entity.name) for entity in players.entities)

    def test_nodes_that_look_alike_are_set_aside(self, players: Read) -> None:
        assert players.reasons.count("says that two nodes look alike, which is no relation") == 19

    def test_their_numbers_are_kept_apart_from_the_database(self, players: Read) -> None:
        assert all(entity.id.startswith("icij-pp-") for entity in players.entities)

    def test_their_dates_put_the_day_first(self, players: Read) -> None:
        said = {str(link.period.start) for link in players.links}
        assert {"2007-05-03", "1998-01-21", "1996-04-10", "2005"} <= said

    def test_no_link_hangs(self, players: Read) -> None:
        tables = build("icij", players.items)
        assert "id: named only as an end; not in the file" not in str(tables["entities"]["flags"].to_pylist())


class TestEntities:
    def test_an_offshore_entity(self, table: Making) -> None:
        (one,) = load(table(ENTITIES, FIRM)).entities
        assert one.id == "icij-10000001"
        assert one.names == (
            Name("ACME LTD."),
            Name("ACME LIMITED", NameKind.ALIAS),
            Name("OLD ACME", NameKind.PREVIOUS),
        )
        assert (one.schema, one.topics, one.countries) == ("Company", ("corp.offshore",), ("vg", "hk", "cn"))
        assert one.identifiers == (Identifier("icij", "10000001"), Identifier("registration-number", "VG:123456"))
        assert one.note == "A note."

    def test_its_dates_are_read(self, table: Making) -> None:
        (one,) = load(table(ENTITIES, FIRM)).entities
        said = dict(one.properties)
        assert (said["incorporation_date"], said["struck_off_date"]) == ("2006-03-23", "2010-10-31")

    @pytest.mark.parametrize(
        ("header", "row", "kind"),
        [
            (ENTITIES, FIRM, "entity"),
            (OFFICERS, OFFICER, "officer"),
            (INTERMEDIARIES, f"11000001,AGENT,ACTIVE,5,1 St,Monaco,MCO,Panama Papers,{UNTIL},", "intermediary"),
            (OTHERS, "1,X,SOLE OWNERSHIP,,,,AW,Aruba,Aruba,ABW,Paradise Papers,,", "other"),
            ("labels(n),n.node_id,n.name", '"[""Officer""]",1,X', "officer"),
        ],
    )
    def test_a_table_is_told_by_its_columns(self, table: Making, header: str, row: str, kind: str) -> None:
        (one,) = load(table(header, row)).entities
        assert dict(one.properties)["node_kind"] == kind

    def test_rows_of_several_leaks_cite_each(self, table: Making) -> None:
        read_ = load(table(OFFICERS, OFFICER, "2,B,,,Pandora Papers - Alcogal,,"))
        assert [s.sources for s in read_.statements] == [("icij-panama-papers-2015",), ("icij-pandora-papers-alcogal",)]

    def test_a_node_without_a_number_is_set_aside(self, table: Making) -> None:
        assert load(table(OFFICERS, ",Nobody,,,,,")).reasons == ["a node without a number or a kind"]

    @pytest.mark.parametrize(
        "name", ["THE BEARER", "EL PORTADOR", "Bearer 1", "bearer", "AL PORTADOR", "Bearer Shares"]
    )
    def test_bearers(self, name: str) -> None:
        assert is_bearer(name)

    @pytest.mark.parametrize("name", ["BEARER TRUST LTD", "Ring Bearer Holdings", "Portador & Hijos", ""])
    def test_who_is_no_bearer(self, name: str) -> None:
        assert not is_bearer(name)


class TestPlaces:
    @pytest.mark.parametrize(
        ("cell", "codes"),
        [("VGB;HKG", ("vg", "hk")), ("BVI", ("vg",)), ("British Virgin Islands", ("vg",)), ("XXX", ()), ("", ()),
         ("Hong Kong;China", ("hk", "cn")), ("NEV", ("us",))],
    )  # fmt: skip
    def test_countries(self, cell: str, codes: tuple[str, ...]) -> None:
        assert countries_in(cell) == codes


class TestDates:
    @pytest.mark.parametrize(
        ("text", "said"),
        [("23-MAR-2006", "2006-03-23"), ("Sep 25, 2012", "2012-09-25"), ("2015-05-15", "2015-05-15"),
         ("21/01/1998", "1998-01-21"), ("04/27/05", "2005-04-27"), ("11/10/01", "2001"), ("05/05/2010", "2010-05-05"),
         ("28.02.2014", "2014-02-28"), ("01.02.2014", "2014-02-01"), ("16-04-03", ""),
         ("31-DEC-1969", ""), ("18/19/2015", ""), ("29/02/2006", ""), ("", "")],
    )  # fmt: skip
    def test_readings(self, text: str, said: str) -> None:
        assert str(read_date(text)) == said

    @pytest.mark.parametrize("text", ["11/10/01", "16-04-03", "31-DEC-1969", "18/19/2015", "29/02/2006", "0097-06-30"])
    def test_what_is_not_taken_at_its_word_is_flagged(self, text: str) -> None:
        assert read_date(text).flag

    def test_the_order_counts_where_the_file_is_known_to_have_one(self) -> None:
        assert str(read_date("11/10/2001", day_first=True)) == "2001-10-11"

    @given(st.text(max_size=12), st.booleans())
    def test_no_text_fails(self, text: str, day_first: bool) -> None:
        read_date(text, day_first=day_first)


class TestMeanings:
    @pytest.mark.parametrize(
        ("text", "types"),
        [
            ("shareholder of", [LinkType.OWNS]),
            ("Shareholder", [LinkType.OWNS]),
            ("is shareholder of", [LinkType.OWNS]),
            ("beneficial owner of", [LinkType.OWNS]),
            ("beneficiary of", [LinkType.OWNS]),
            ("Beneficiay", [LinkType.OWNS]),
            ("director of", [LinkType.OFFICER_OF]),
            ("alternate director of", [LinkType.OFFICER_OF]),
            ("Power of Attorney", [LinkType.OFFICER_OF]),
            ("Member of Foundation Council", [LinkType.OFFICER_OF]),
            ("trustee of trust of", [LinkType.CONTROLS]),
            ("trust settlor of", [LinkType.FOUNDED]),
            ("Owner, director and shareholder", [LinkType.OWNS, LinkType.OFFICER_OF]),
            ("Director / Shareholder", [LinkType.OFFICER_OF, LinkType.OWNS]),
            ("officer of", [LinkType.OFFICER_OF]),
            ("intermediary of", [LinkType.LINKED_TO]),
            ("Connected", [LinkType.LINKED_TO]),
            ("member of", [LinkType.LINKED_TO]),
            ("auditor of", [LinkType.LINKED_TO]),
            ("Taipei", [LinkType.LINKED_TO]),
            ("", [LinkType.LINKED_TO]),
        ],
    )
    def test_types(self, text: str, types: list[LinkType]) -> None:
        assert list(meaning_of(text).types) == types

    def test_a_word_within_a_word_says_nothing(self) -> None:
        assert meaning_of("directory of ownerships").types == (LinkType.LINKED_TO,)

    def test_the_share_is_not_known(self) -> None:
        assert not meaning_of("shareholder of").share.known

    @pytest.mark.parametrize(
        ("text", "said"),
        [("Shareholder (Trident) - 34%", "34%"), ("Co-owner (50% owned by him)", "50%"), ("Sole shareholder", "100%"),
         ("Sole director and shareholder", "share unknown"), ("shareholder, 50% or 51%", "share unknown")],
    )  # fmt: skip
    def test_unless_the_text_tells_it(self, text: str, said: str) -> None:
        assert str(meaning_of(text).share) == said

    def test_through_another_is_indirect(self) -> None:
        assert meaning_of("Shareholder (through Julex Foundation)").direct is False

    def test_a_nominee_is_flagged(self) -> None:
        assert meaning_of("nominee shareholder of").flags

    def test_a_former_role_is_flagged(self) -> None:
        assert meaning_of("Former Director").flags


class TestLinks:
    def test_the_officer_is_where_it_starts(self, relation: Relating) -> None:
        link = relation("shareholder of", start="23-MAR-2006", end="30-SEP-2012").link
        assert (link.source, link.target, link.type) == ("icij-12000001", "icij-10000001", LinkType.OWNS)
        assert str(link.period) == "2006-03-23 to 2012-09-30"

    def test_its_role_is_the_text(self, relation: Relating) -> None:
        assert relation("records & registers of").link.role == "records & registers of"

    def test_without_a_text_its_type_speaks(self, relation: Relating) -> None:
        link = relation("", "intermediary_of").link
        assert (link.type, link.role) == (LinkType.LINKED_TO, "intermediary of")

    @pytest.mark.parametrize(
        ("rel_type", "link"),
        [("same_name_as", "same name as"), ("similar", "similar name and address as"), ("similar_company_as", ""),
         ("probably_same_officer_as", "probably same officer as"), ("same_address_as", "same address as"),
         ("has similar name and address as", "")],
    )  # fmt: skip
    def test_looking_alike_is_no_relation(self, relation: Relating, rel_type: str, link: str) -> None:
        read_ = relation(link, rel_type)
        assert (read_.links, read_.reasons) == ([], ["says that two nodes look alike, which is no relation"])

    @pytest.mark.parametrize("rel_type", ["same_company_as", "same_id_as", "same_as", "related_entity"])
    def test_being_the_same_merges_nothing_and_is_a_link(self, relation: Relating, rel_type: str) -> None:
        assert relation("", rel_type).link.type is LinkType.LINKED_TO

    def test_a_relationship_without_an_end_is_set_aside(self, table: Making) -> None:
        read_ = load(table(RELATIONSHIPS, "1,,officer_of,director of,,,,"))
        assert read_.reasons == ["a relationship without an end"]

    def test_it_is_told_where_it_stands(self, relation: Relating) -> None:
        assert relation("director of").statements[0].record == "table.csv line 2"

    @pytest.mark.parametrize(
        ("header", "row"),
        [
            ('"START_ID","TYPE","END_ID","link","start_date","end_date","sourceID","valid_until"',
             '"12000001","officer_of","10000001","shareholder of","23-MAR-2006","","Panama Papers","x 2015"'),
            ("node_1,rel_type,node_2", "12000001,shareholder of,10000001"),
        ],
    )  # fmt: skip
    def test_older_layouts_say_the_same(self, table: Making, header: str, row: str) -> None:
        link = load(table(header, row)).link
        assert (link.source, link.target, link.type) == ("icij-12000001", "icij-10000001", LinkType.OWNS)


class TestBearers:
    def test_one_party_for_each_company_whatever_the_node(self, table: Making) -> None:
        nodes = table(OFFICERS, "5,THE BEARER,,,Panama Papers,,", "6,THE BEARER,,,Panama Papers,,", name="o.csv")
        edges = table(
            RELATIONSHIPS, "5,1,officer_of,shareholder of,,,,", "5,2,officer_of,shareholder of,,,,",
            "6,1,officer_of,shareholder of,,,,", name="r.csv",
        )  # fmt: skip
        read_ = load(nodes, edges)
        assert sorted(link.source for link in read_.links) == ["icij-1-bearer", "icij-1-bearer", "icij-2-bearer"]
        assert [entity.placeholder for entity in read_.entities] == [True, True]

    def test_one_of_nothing_is_set_aside(self, table: Making) -> None:
        assert load(table(OFFICERS, "5,THE BEARER,,,,,")).reasons == ["a bearer of nothing in the files"]


class TestAddresses:
    EDGE = "10000001,14000001,registered_address,registered address,,,,Panama Papers"
    ADDRESS = f"14000001,1 Queen's Road,,Hong Kong,HKG,Panama Papers,{UNTIL},"

    def test_a_node_becomes_the_address_of_who_leads_to_it_in_any_order(self, table: Making) -> None:
        files = (
            table(ADDRESSES, self.ADDRESS, name="a.csv"),
            table(RELATIONSHIPS, self.EDGE, name="r.csv"),
            table(ENTITIES, FIRM, name="e.csv"),
        )
        for order in permutations(files):
            read_ = load(*order)
            assert read_.addresses == [
                {
                    "entity": "icij-10000001",
                    "text": "1 Queen's Road",
                    "country": "hk",
                    "sources": ["icij-panama-papers-2015"],
                }
            ]
            assert (len(read_.entities), read_.links, read_.aside) == (1, [], [])

    def test_it_is_there_in_the_graph(self, table: Making) -> None:
        files = (
            table(ADDRESSES, self.ADDRESS, name="a.csv"),
            table(RELATIONSHIPS, self.EDGE, name="r.csv"),
            table(ENTITIES, FIRM, name="e.csv"),
        )
        graph = graph_of({"icij": load(*files).items})
        row = graph.row_of("icij-10000001")
        assert row is not None
        assert sorted(address.text for address in graph.entity(row).addresses) == ["1 Main St", "1 Queen's Road"]

    def test_one_that_is_in_no_file_is_set_aside(self, table: Making) -> None:
        read_ = load(table(RELATIONSHIPS, self.EDGE))
        assert [(one.reason, one.text) for one in read_.aside] == [
            ("its address is in none of the files", "icij-14000001")
        ]

    def test_one_that_nobody_has_is_set_aside(self, table: Making) -> None:
        assert load(table(ADDRESSES, self.ADDRESS)).reasons == ["an address that no entity in the files has"]


class TestFiles:
    def test_the_zip_of_all_tables_is_one_load(self, tmp_path: Path) -> None:
        path = tmp_path / "full-oldb.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("relationships.csv", f"{RELATIONSHIPS}\n12000001,10000001,officer_of,director of,,,,\n")
            archive.writestr("nodes-officers.csv", f"{OFFICERS}\n{OFFICER}\n")
            archive.writestr("nodes-entities.csv", f"{ENTITIES}\n{FIRM}\n")
        read_ = load(path)
        assert {entity.id for entity in read_.entities} == {read_.link.source, read_.link.target}

    def test_a_row_too_long_in_the_middle_is_named_and_the_next_are_read(self, table: Making) -> None:
        read_ = load(table(OFFICERS, OFFICER, "2,a,b,c,d,e,f,g,h", "3,C,,,,,"))
        assert [(error.file, error.row) for error in read_.errors] == [("table.csv", 3)]
        assert len(read_.entities) == 2

    def test_it_stops_a_load_unless_that_is_to_go_on(self, table: Making) -> None:
        read_ = load(table(OFFICERS, OFFICER, "2,a"))
        with pytest.raises(InputError, match=r"table\.csv, row 3: 2 cells where the header has 7"):
            build("icij", read_.items)
        assert build("icij", read_.items, keep_going=True)["entities"].num_rows == 1

    def test_a_quote_never_closed_is_named_where_it_opens(self, table: Making) -> None:
        read_ = load(table(OFFICERS, OFFICER, '2,"open,,,,,'))
        assert [error.row for error in read_.errors] == [3]

    def test_what_it_swallows_is_told(self, table: Making) -> None:
        (error,) = load(table(OFFICERS, OFFICER, '2,"open,,,,,', *["3,C,,,,,"] * 20)).errors
        assert "over 21 lines: a quote is not closed" in str(error)

    def test_a_quote_out_of_place_is_named_and_the_next_row_is_read(self, table: Making) -> None:
        read_ = load(table(OFFICERS, '1,"A" B,,,,,', "2,C,,,,,"))
        assert ([error.row for error in read_.errors], len(read_.entities)) == ([2], 1)

    def test_lines_inside_cells_are_counted(self, table: Making) -> None:
        read_ = load(table(OFFICERS, '1,"A\nB",,,,,', "2,C,,,,,"))
        assert [s.record for s in read_.statements] == ["table.csv line 2", "table.csv line 4"]

    def test_blank_rows_and_the_header_again_are_set_aside(self, table: Making) -> None:
        assert load(table(OFFICERS, OFFICER, "", OFFICERS, "2,C,,,,,")).reasons == ["blank row", "the header again"]

    def test_a_wrong_encoding_is_told_by_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "o.csv"
        path.write_bytes(f"{OFFICERS}\n{OFFICER}\n2,Jos\xe9,,,,,\n".encode("latin-1"))
        with pytest.raises(InputError, match="not UTF-8") as caught:
            load(path)
        assert caught.value.row == 3

    def test_a_gzip_cut_short_is_told(self, tmp_path: Path) -> None:
        rows = "".join(f"{number},Officer {number * 7919},,,,,\n" for number in range(5000))
        packed = gzip.compress(f"{OFFICERS}\n{rows}".encode())
        path = tmp_path / "o.csv.gz"
        path.write_bytes(packed[: len(packed) // 2])
        with pytest.raises(InputError, match="cut short"):
            load(path)

    @pytest.mark.parametrize(
        ("folder", "name", "loader"),
        [("csl", "csl_2022-04.csv", "csl"), ("gleif", "rr-data.xml", "gleif"), ("ftm", "yente_zala.ftm.json", "ftm")],
    )
    def test_a_file_for_another_loader_names_it(self, real_data: Path, folder: str, name: str, loader: str) -> None:
        with pytest.raises(InputError, match=f"listed load {loader} FILE"):
            load(real_data / folder / name)

    @pytest.mark.parametrize("text", ["name,country\nX,CN\n", "<html>\n", "{}\n", "\n\n"])
    def test_what_is_nothing_known_gets_advice(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "wrong.csv"
        path.write_text(text)
        with pytest.raises(InputError, match="Offshore Leaks"):
            load(path)

    def test_nothing_is_read_before_all_files_are_known(self, table: Making, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong.csv"
        wrong.write_text("a,b\n")
        with pytest.raises(InputError):
            read(open_inputs([str(table(OFFICERS, OFFICER)), str(wrong)]))


def test_the_loader_is_called_icij() -> None:
    assert (LOADER.name, LOADER.read, LOADER.needs_files) == ("icij", read, True)
