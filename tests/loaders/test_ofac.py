"""OFAC's own files: the CSV files in any order, the classic XML, and each of their quirks."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.graph.merge import merge
from listed.graph.vocabulary import STRONG_SCHEMES, LinkType, NameKind
from listed.loaders import registry
from listed.loaders.inputs import open_inputs
from listed.loaders.ofac.entries import Entry
from listed.loaders.ofac.lists import other_lists
from listed.loaders.ofac.remarks import read_remarks, typed
from listed.loading import build
from tests.loaders.loaded import Loaded, identifiers, is_cited_first, load, names, told

NULLS = ",".join(["-0- "] * 7)
ROSNEFT = "ROSNEFT OIL COMPANY"


def row(number: int, name: str, type_: str = "-0- ", program: str = "CUBA", remarks: str = "-0- ") -> str:
    """Return a row of sdn.csv as OFAC writes it."""
    quoted = [f'"{text}"' if text != "-0- " else text for text in (name, type_, program, remarks)]
    return ",".join([str(number), *quoted[:3], NULLS, quoted[3]]) + "\r\n"


@pytest.fixture(scope="module")
def older(real_data: Path) -> Loaded:
    """sdn.csv of 2019."""
    return load("ofac", real_data / "ofac" / "watchman_sdn_2019.csv")


@pytest.fixture(scope="module")
def newer(real_data: Path) -> Loaded:
    """sdn.csv of January 2023, to which somebody gave a header."""
    return load("ofac", real_data / "ofac" / "sancbook_sdn_2023.csv")


@pytest.fixture(scope="module")
def consolidated(real_data: Path) -> Loaded:
    """consolidated.xml of March 2020."""
    return load("ofac", real_data / "ofac" / "deriv_ofac_consolidated_2020.xml")


@pytest.fixture(scope="module")
def first_consolidated(real_data: Path) -> Loaded:
    """A few entries of consolidated.xml of 2014."""
    return load("ofac", real_data / "csl_fixtures" / "treasury_consolidated__consolidated.xml")


@pytest.fixture(scope="module")
def sdn_xml(real_data: Path) -> Loaded:
    """Four entries of sdn.xml."""
    return load("ofac", real_data / "csl_fixtures" / "sdn__sdn.xml")


Reading = Callable[..., Loaded]


@pytest.fixture
def sdn(tmp_path: Path) -> Reading:
    """Write sdn.csv and, by name, the files beside it, and read them together."""

    def made(text: str, encoding: str = "utf-8", **beside: str) -> Loaded:
        paths = []
        for name, content in {"sdn": text, **beside}.items():
            path = tmp_path / f"{name}.csv"
            path.write_bytes(content.encode(encoding))
            paths.append(path)
        return load("ofac", *paths)

    return made


class TestRealFiles:
    def test_every_row_of_2019_is_a_listing(self, older: Loaded) -> None:
        assert Counter(one.list for one in older.listings) == {"US-OFAC-SDN": 7_379}

    def test_every_row_of_2023_is_a_listing(self, newer: Loaded) -> None:
        assert Counter(one.list for one in newer.listings) == {"US-OFAC-SDN": 11_443}

    def test_individuals_vessels_and_aircraft(self, newer: Loaded) -> None:
        schemata = Counter(entity.schema for entity in newer.entities if not entity.placeholder)
        assert schemata == {"Person": 5_890, "LegalEntity": 4_575, "Vessel": 685, "Airplane": 293}

    def test_the_header_is_set_aside_and_the_end_mark_is_nothing(self, newer: Loaded) -> None:
        assert [one.reason for one in newer.aside] == ["a header"]

    def test_every_linked_to_but_three_cut_names_is_a_link(self, older: Loaded) -> None:
        assert sum(link.type is LinkType.LINKED_TO for link in older.links) == 2_403

    def test_all_but_a_few_links_find_their_entry(self, newer: Loaded) -> None:
        placeholders = [entity for entity in newer.entities if entity.placeholder]
        assert (len(newer.links), len(placeholders)) == (4_768, 6)

    def test_a_full_stop_taken_for_the_end_of_the_remarks_is_put_back(self, newer: Loaded) -> None:
        owner = next(entity for entity in newer.entities if entity.name.startswith("FUZHOU HONGLONG OCEAN FISHING CO."))
        assert sum(link.target == owner.id for link in newer.links) == 47

    def test_no_strong_identifier_is_on_two_entities(self, newer: Loaded) -> None:
        bearers = Counter(
            one for entity in newer.entities for one in set(entity.identifiers) if one.scheme in STRONG_SCHEMES
        )
        assert [one for one, count in bearers.items() if count > 1] == []

    def test_a_number_of_two_banks_is_taken_from_both(self, newer: Loaded) -> None:
        assert newer.flags("ofac-35864") == ("identifier: ogrn 5067847016782 is also given to ofac-35865",)

    def test_14_remarks_of_2023_are_cut_short(self, newer: Loaded) -> None:
        cut = [s for s in newer.statements if any(flag.startswith("remarks: cut short") for flag in s.flags)]
        assert len(cut) == 14

    def test_a_source_comes_first(self, consolidated: Loaded) -> None:
        assert is_cited_first(consolidated.items)

    def test_the_consolidated_list_is_parted(self, consolidated: Loaded) -> None:
        assert Counter(one.list for one in consolidated.listings) == {
            "US-OFAC-SSI": 290,
            "US-OFAC-NS-PLC": 78,
            "US-OFAC-FSE": 6,
            "US-OFAC-CAPTA": 1,
        }

    def test_the_source_is_dated_as_the_xml_is(self, consolidated: Loaded) -> None:
        assert {source.published for source in consolidated.sources} == {"2020-03-17"}

    def test_the_csv_is_not_dated(self, older: Loaded) -> None:
        assert [source.published for source in older.sources] == [""]

    def test_most_russian_firms_carry_their_register_number(self, consolidated: Loaded) -> None:
        assert Counter(one.scheme for entity in consolidated.entities for one in entity.identifiers)["ogrn"] == 217

    def test_a_bank_of_the_csv(self, older: Loaded) -> None:
        bank = older.by_id["ofac-306"]
        assert (bank.name, names(bank, NameKind.WEAK)) == ("BANCO NACIONAL DE CUBA", ["BNC"])
        assert older.listing("ofac-306").programs == ("CUBA",)

    def test_the_same_bank_of_the_xml(self, sdn_xml: Loaded) -> None:
        bank = sdn_xml.by_id["ofac-306"]
        assert (names(bank, NameKind.WEAK), names(bank, NameKind.ALIAS)) == (["BNC"], ["NATIONAL BANK OF CUBA"])
        assert [one.country for one in bank.addresses] == ["ch", "es", "jp", "pa"]

    def test_a_person_of_the_xml(self, sdn_xml: Loaded) -> None:
        jimale = sdn_xml.by_id["ofac-6982"]
        assert (jimale.name, jimale.schema) == ("JIM'ALE, Ahmed Nur Ali", "Person")
        assert ("passport", "SO:A0181988") in identifiers(jimale)
        assert told(jimale, "id_dates") == ["passport SO:A0181988: 2001-10-01, 2011-01-23"]
        assert told(jimale, "date_of_birth") == ["1954-05-20", "circa 1954"]
        assert sdn_xml.listing("ofac-6982").remarks == "Additional Djiboutian passport issued in 2010."

    def test_a_vessel_of_the_xml_and_its_owner(self, sdn_xml: Loaded) -> None:
        vessel = next(entity for entity in sdn_xml.entities if entity.schema == "Vessel")
        assert (told(vessel, "vessel_type"), told(vessel, "gross_tonnage")) == (["General Cargo"], ["24065"])
        (owns,) = [link for link in sdn_xml.links if link.target == vessel.id]
        assert (owns.type, sdn_xml.by_id[owns.source].name) == (LinkType.OWNS, "IRISL")

    def test_a_vessel_of_the_csv(self, newer: Loaded) -> None:
        vessel = newer.by_id["ofac-4243"]
        assert (vessel.name, names(vessel, NameKind.PREVIOUS)) == ("EBANO", ["ANA I", "SAND SWAN"])
        assert ("imo", "7406784") in identifiers(vessel)
        assert told(vessel, "vessel_flag") == ["Panama"]

    def test_an_aircraft_of_the_csv(self, newer: Loaded) -> None:
        plane = newer.by_id["ofac-15431"]
        assert ("aircraft-msn", "1023409321") in identifiers(plane)
        assert told(plane, "aircraft_model") == ["IL76-TD"]

    def test_the_older_word_for_the_type_of_a_party(self, first_consolidated: Loaded) -> None:
        assert first_consolidated.by_id["ofac-9639"].schema == "Person"

    def test_an_entry_that_is_there_twice_is_set_aside(self, first_consolidated: Loaded) -> None:
        assert [(one.reason, one.text) for one in first_consolidated.aside] == [
            ("entry 15268 again", "BANK OF KUNLUN CO LTD")
        ]

    def test_an_entry_whose_list_is_not_told_is_kept_and_flagged(self, first_consolidated: Loaded) -> None:
        unknown = [one.entity for one in first_consolidated.listings if one.list == "US-OFAC-CONS"]
        assert {first_consolidated.flags(entity) for entity in unknown} == {("programs: IRAN: the list is not known",)}


class TestFilesTogether:
    ADD = (
        '1,25,"1 Main Street","Havana 10400","Cuba",-0- \r\n1,26,-0- ,-0- ,-0- ,-0- \r\n1,27,-0- ,-0- ,"Spain",-0- \r\n'
    )
    ALT = '1,12,"aka","ACME BANK",-0- \r\n1,13,"fka","OLD ACME",-0- \r\n'
    COMMENTS = "1,\"r 12345 (Russia); Linked To: BETA.\"\r\n"  # fmt: skip
    MAIN = row(1, "ACME", remarks="Registration Numbe") + row(2, "BETA")

    def test_in_any_order_they_say_the_same(self, tmp_path: Path) -> None:
        files = {"sdn": self.MAIN, "add": self.ADD, "alt": self.ALT, "sdn_comments": self.COMMENTS}
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, newline="")
        read = {
            tuple(map(repr, load("ofac", *(tmp_path / f"{name}.csv" for name in order)).statements))
            for order in permutations(files)
        }
        assert len(read) == 1

    def test_an_address_and_a_country_alone(self, sdn: Reading) -> None:
        acme = sdn(self.MAIN, add=self.ADD).by_id["ofac-1"]
        assert [(one.text, one.country) for one in acme.addresses] == [("1 Main Street, Havana 10400, Cuba", "cu")]
        assert acme.countries == ("cu", "es")

    def test_aliases_and_previous_names(self, sdn: Reading) -> None:
        acme = sdn(self.MAIN, alt=self.ALT).by_id["ofac-1"]
        assert (names(acme, NameKind.ALIAS), names(acme, NameKind.PREVIOUS)) == (["ACME BANK"], ["OLD ACME"])

    def test_remarks_cut_in_a_word_go_on_in_the_comments(self, sdn: Reading) -> None:
        read = sdn(self.MAIN, sdn_comments=self.COMMENTS)
        assert ("registration-number", "RU:12345") in identifiers(read.by_id["ofac-1"])
        assert read.listing("ofac-1").remarks == "Registration Number 12345 (Russia); Linked To: BETA."
        assert [(link.source, link.target) for link in read.links] == [("ofac-1", "ofac-2")]

    def test_remarks_cut_short_without_comments_are_flagged_and_half_a_number_is_not_read(self, sdn: Reading) -> None:
        remarks = ("Tax ID No. 1; " + "x" * 1000)[:970] + "; Registration Number 102770034289"
        read = sdn(row(1, "ACME", remarks=remarks))
        assert identifiers(read.by_id["ofac-1"]) == {("ofac", "1"), ("tax-id", "1")}
        assert read.flags("ofac-1") == ("remarks: cut short; give the file of comments too",)

    def test_rows_of_no_entry_are_set_aside(self, sdn: Reading) -> None:
        read = sdn(self.MAIN, add='9,1,"x",-0- ,-0- ,-0- \r\n', alt='9,1,"aka","X",-0- \r\n', sdn_comments='9,"x"\r\n')
        assert [(one.record, one.reason) for one in read.aside] == [
            ("add.csv line 1", "no entry 9 in the files given"),
            ("alt.csv line 1", "no entry 9 in the files given"),
            ("sdn_comments.csv line 1", "no entry 9 in the files given"),
        ]

    def test_without_the_entries_the_load_stops(self, tmp_path: Path) -> None:
        (tmp_path / "add.csv").write_text(self.ADD)
        with pytest.raises(InputError, match=r"add\.csv: no file of entries beside it \(give sdn\.csv"):
            load("ofac", tmp_path / "add.csv")

    def test_a_party_on_two_lists_is_one_entity_with_two_listings(self, sdn: Reading) -> None:
        read = sdn(row(1, "ACME", program="SDGT"), cons_prim=row(1, "ACME", program="SDGT] [NS-PLC"))
        assert set(read.by_id) == {"ofac-1"}
        assert [(one.list, one.programs) for one in read.listings] == [
            ("US-OFAC-SDN", ("SDGT",)),
            ("US-OFAC-NS-PLC", ("SDGT", "NS-PLC")),
        ]

    def test_the_same_party_of_the_screening_list_is_one(self, tmp_path: Path, real_data: Path) -> None:
        sdn = tmp_path / "sdn.csv"
        sdn.write_text(row(306, "BANCO NACIONAL DE CUBA"))
        datasets = []
        for loader, path in (("csl", real_data / "csl" / "csl_2022-04.csv"), ("ofac", sdn)):
            datasets.append((loader, build(loader, registry.loader(loader).read(open_inputs([str(path)])))))
        entities = merge(datasets)[0]["entities"].to_pylist()
        assert [entity["name"] for entity in entities if entity["id"] == "ofac-306"] == ["BANCO NACIONAL DE CUBA"]
        assert not [
            entity for entity in entities if entity["name"] == "BANCO NACIONAL DE CUBA" and entity["id"] != "ofac-306"
        ]


class TestTheListOfARow:
    @pytest.mark.parametrize(
        ("programs", "words", "lists"),
        [
            ("NS-PLC", "", ["US-OFAC-NS-PLC"]),
            ("UKRAINE-EO13662", "", ["US-OFAC-SSI"]),
            ("SYRIA|FSE-SY", "", ["US-OFAC-FSE"]),
            ("CMIC-EO13959", "", ["US-OFAC-NS-CMIC"]),
            ("561-Related", "", ["US-OFAC-CAPTA"]),
            ("MBS", "", ["US-OFAC-NS-MBS"]),
            ("RUSSIA-EO14024", "Listing Date (EO 14024 Directive 1a): 22 Feb 2022", ["US-OFAC-NS-MBS"]),
            ("RUSSIA-EO14024", "Listing Date (EO 14024 Directive 2): 24 Feb 2022", ["US-OFAC-CAPTA"]),
            (
                "UKRAINE-EO13662|RUSSIA-EO14024",
                "Listing Date (EO 14024 Directive 2): 24 Feb 2022; Listing Date (EO 14024 Directive 3): 24 Feb 2022",
                ["US-OFAC-SSI", "US-OFAC-CAPTA", "US-OFAC-NS-MBS"],
            ),
            ("UKRAINE-EO13662|RUSSIA-EO14024", "", ["US-OFAC-SSI"]),
            ("IRAN", "", []),
        ],
    )
    def test_comes_from_its_programmes_and_directives(self, programs: str, words: str, lists: list[str]) -> None:
        entry = Entry("1", "A", "", "", programs=programs.split("|"), remarks=words)
        assert [one.id for one in other_lists(entry)] == lists

    def test_a_directive_dates_the_listing(self, tmp_path: Path) -> None:
        path = tmp_path / "cons_prim.csv"
        path.write_text(
            row(1, "A", program="RUSSIA-EO14024", remarks="Listing Date (EO 14024 Directive 3): 24 Feb 2022.")
        )
        listing = load("ofac", path).listing("ofac-1")
        assert (listing.list, str(listing.period)) == ("US-OFAC-NS-MBS", "since 2022-02-24")

    def test_a_file_whose_name_does_not_tell_is_told_by_most_of_its_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "download.csv"
        path.write_text(row(1, "A", program="NS-PLC") + row(2, "B", program="UKRAINE-EO13662"))
        assert [one.list for one in load("ofac", path).listings] == ["US-OFAC-NS-PLC", "US-OFAC-SSI"]


class TestRemarks:
    @pytest.mark.parametrize(
        ("piece", "read"),
        [
            ("Passport A0181988 (Somalia) issued 01 Oct 2001 expires 23 Jan 2011",
             "Passport, A0181988, SO, 2001-10-01, 2011-01-23"),
            ("Tax ID No. 7707083893 (Russia)", "Tax ID No., 7707083893, RU"),
            ("SWIFT/BIC SABRRUMM", "SWIFT/BIC, SABRRUMM"),
            ("Digital Currency Address - XBT 12jVCWW1ZhTLA5yVnroEJswqKwsfiZKsax",
             "Digital Currency Address - XBT, 12jVCWW1ZhTLA5yVnroEJswqKwsfiZKsax"),
            ("Executive Order 13662 Directive Determination - Subject to Directive 1",
             "Executive Order 13662 Directive Determination, Subject to Directive 1"),
            ("Secondary sanctions risk: section 1(b) of Executive Order 13224",
             "Secondary sanctions risk, section 1(b) of Executive Order 13224"),
            ("Vessel Registration Identification IMO 7406784", "Vessel Registration Identification, IMO 7406784"),
            ("Minister of Information", ""),
            ("HAMAS - Hebron", ""),
        ],
    )  # fmt: skip
    def test_a_piece_with_a_type(self, piece: str, read: str) -> None:
        assert typed(piece) == read

    def test_a_person(self) -> None:
        entry = Entry("1", "A", "", "", remarks=(
            "DOB 14 Jun 1975; alt. DOB circa 1962; POB Leningrad, Russia; nationality Korea, North; citizen Georgia; "
            "Gender Male; a.k.a. 'X'; Linked To: HAMAS."
        ))  # fmt: skip
        read_remarks(entry)
        assert entry.properties == [
            ("date_of_birth", "1975-06-14"),
            ("date_of_birth", "circa 1962"),
            ("place_of_birth", "Leningrad, Russia"),
            ("nationality", "KP"),
            ("citizenship", "GE"),
        ]
        assert (entry.countries, entry.ids, entry.linked) == (["kp", "ge"], ["Gender, Male"], ["HAMAS"])

    @given(st.text(max_size=300))
    def test_never_raises_and_keeps_the_text(self, text: str) -> None:
        entry = Entry("1", "A", "", "", remarks=text)
        read_remarks(entry)
        assert entry.remarks == text


class TestBadFiles:
    def test_a_code_page_of_old(self, sdn: Reading) -> None:
        assert sdn(row(1, "PEÑA"), encoding="latin-1").by_id["ofac-1"].name == "PEÑA"

    def test_utf_8(self, sdn: Reading) -> None:
        assert sdn(row(1, "PEÑA")).by_id["ofac-1"].name == "PEÑA"

    def test_utf_16_is_told(self, sdn: Reading) -> None:
        with pytest.raises(InputError, match="is in UTF-16"):
            sdn(row(1, "A"), encoding="utf-16")

    def test_the_end_mark_of_old_systems(self, sdn: Reading) -> None:
        read = sdn(row(1, "A") + "\x1a\r\n")
        assert (len(read.listings), read.aside, read.errors) == (1, [], [])

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            ("2,B,-0- \r\n", "3 cells where the others have 12"),
            (row(1, "B").replace("1,", "abc,", 1), "no number of an entry: 'abc'"),
        ],
    )
    def test_a_bad_row_is_told_and_the_next_one_read(self, sdn: Reading, line: str, problem: str) -> None:
        read = sdn(row(1, "A") + line + row(3, "C"))
        (error,) = read.errors
        assert (error.file, error.row, error.problem) == ("sdn.csv", 2, problem)
        assert set(read.by_id) == {"ofac-1", "ofac-3"}

    def test_a_quote_without_end(self, sdn: Reading) -> None:
        with pytest.raises(InputError, match=r"sdn\.csv, row 2: not a CSV file"):
            sdn(row(1, "A") + '2,"B')

    def test_the_enhanced_form_names_the_one_that_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "sdn_enhanced.xml"
        path.write_text("<sanctionsData xmlns='http://www.un.org/sanctions/1.0'><entities/></sanctionsData>")
        with pytest.raises(InputError, match=r"enhanced .* form .*\(give sdn\.xml or consolidated\.xml"):
            load("ofac", path)

    def test_a_truncated_archive(self, real_data: Path, tmp_path: Path) -> None:
        path = tmp_path / "sdn.csv.gz"
        path.write_bytes(gzip.compress((real_data / "ofac" / "watchman_sdn_2019.csv").read_bytes())[:-5000])
        with pytest.raises(InputError, match="the archive is cut short"):
            load("ofac", path)

    def test_entities_that_expand_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "sdn.xml"
        path.write_text("<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><sdnList>&b;</sdnList>")
        with pytest.raises(InputError, match="document type"):
            load("ofac", path)

    @pytest.mark.parametrize(
        ("file", "loader"),
        [
            ("un_uk_eu/UN_2026-02-27.xml", "un"),
            ("csl/csl_2022-04.csv", "csl"),
            ("ftm/yente_zala.ftm.json", "ftm"),
            ("gleif/rr-data.xml", "gleif"),
        ],
    )
    def test_a_file_of_another_kind_is_sent_to_its_loader(self, real_data: Path, file: str, loader: str) -> None:
        with pytest.raises(InputError, match=f"listed load {loader} FILE"):
            load("ofac", real_data / file)
