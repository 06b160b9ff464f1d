"""The UK's lists: OFSI's consolidated list, the UK Sanctions List as CSV and XML, and their quirks."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.graph.merge import merge
from listed.graph.period import FIRST_YEAR, LAST_YEAR
from listed.graph.vocabulary import LISTS, LinkType, NameKind
from listed.loaders import registry
from listed.loaders.inputs import open_inputs
from listed.loaders.party_builder import day_first
from listed.loading import build
from listed.queries.regimes import regimes
from tests.loaders.loaded import Loaded, identifiers, is_cited_first, load, names, told

_OFSI = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,DOB,Town of Birth,Country of Birth,Nationality,"
    "Passport Details,NI Number,Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,"
    "Post/Zip Code,Country,Other Information,Group Type,Alias Type,Regime,Listed On,Last Updated,Group ID"
)
OFSI = next(csv.reader([_OFSI]))
_SANCTIONS_LIST = (
    "Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,"
    "Name type,Alias strength,Title,Name non-latin script,Non-latin script type,Non-latin script language,"
    "Regime Name,Designation Type,Designation source,Sanctions Imposed,Other Information,"
    "UK Statement of Reasons,Address Line 1,Address Line 2,Address Line 3,Address Line 4,Address Line 5,"
    "Address Line 6,Address Postal Code,Address Country,Phone number,Website,Email address,Date Designated,"
    "D.O.B,Nationality(/ies),National Identifier number,National Identifier additional information,"
    "Passport number,Passport additional information,Position,Gender,Town of birth,Country of birth,"
    "Type of entity,Subsidiaries,Parent company,Business registration number (s),IMO number,"
    "Current owner/operator (s),Previous owner/operator (s),Current believed flag of ship,Previous flags,"
    "Type of ship,Tonnage of ship,Length of ship,Year Built,Hull identification number (HIN)"
)
SANCTIONS_LIST = next(csv.reader([_SANCTIONS_LIST]))
PERSON = {"Name 6": "AKHUND", "Name 1": "MOHAMMAD", "Group Type": "Individual", "Alias Type": "Prime Alias",
          "Regime": "Afghanistan", "Listed On": "25/01/2001", "Group ID": "7172"}  # fmt: skip
SHIP = {"Unique ID": "RUS2001", "OFSI Group ID": "16100", "Name 6": "TANKER ONE", "Name type": "Primary Name",
        "Regime Name": "The Russia (Sanctions) (EU Exit) Regulations 2019", "Designation Type": "Ship",
        "Sanctions Imposed": "Prohibition of port entry", "Date Designated": "09/05/2025"}  # fmt: skip
FIRM = SHIP | {"Unique ID": "RUS0001", "OFSI Group ID": "12703", "Name 6": "ACME LLC", "Designation Type": "Entity",
               "Sanctions Imposed": "Asset freeze|Trust services sanctions"}  # fmt: skip

Reading = Callable[..., Loaded]


def table(columns: list[str], first: str, *rows: dict[str, str] | list[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([row.get(name, "") for name in columns] if isinstance(row, dict) else row)
    return f"{first}\r\n{text.getvalue()}"


@pytest.fixture
def ofsi(tmp_path: Path) -> Reading:
    """Write rows as OFSI's list, and read it."""

    def made(*rows: dict[str, str] | list[str], columns: list[str] = OFSI, encoding: str = "utf-8") -> Loaded:
        path = tmp_path / "ConList.csv"
        path.write_bytes(table(columns, "Last Updated,27/04/2020", *rows).encode(encoding))
        return load("uk", path)

    return made


@pytest.fixture
def sanctions_list(tmp_path: Path) -> Reading:
    """Write rows as the UK Sanctions List, and read it."""

    def made(*rows: dict[str, str]) -> Loaded:
        path = tmp_path / "UK-Sanctions-List.csv"
        path.write_text(table(SANCTIONS_LIST, "Report Date: 13-Feb-2026", *rows), encoding="utf-8", newline="")
        return load("uk", path)

    return made


@pytest.fixture
def xml(tmp_path: Path) -> Reading:
    """Write designations as the XML of the UK Sanctions List, and read it."""

    def made(*designations: str) -> Loaded:
        path = tmp_path / "UK-Sanctions-List.xml"
        inside = "".join(f"<Designation>{one}</Designation>" for one in designations)
        path.write_text(
            f"<Designations><DateGenerated>10/09/2026</DateGenerated>{inside}</Designations>", encoding="utf-8"
        )
        return load("uk", path)

    return made


class TestOfsisList:
    def test_the_first_line_is_the_date_of_the_source(self, ofsi: Reading) -> None:
        (source,) = ofsi(PERSON).sources
        assert (source.id, source.published) == ("gb-ofsi", "2020-04-27")

    def test_a_header_on_the_first_line_is_read_too(self, tmp_path: Path) -> None:
        path = tmp_path / "ConList.csv"
        path.write_text(table(OFSI, "", PERSON).lstrip())
        assert load("uk", path).sources[0].published == ""

    def test_a_row_is_a_listing(self, ofsi: Reading) -> None:
        listing = ofsi(PERSON).listing("gb-ofsi-7172")
        assert (listing.list, listing.programs, str(listing.period)) == (
            "GB-OFSI",
            ("Afghanistan",),
            "since 2001-01-25",
        )

    def test_the_ownership_test_of_the_uk_finds_it(self, ofsi: Reading) -> None:
        assert {one.list for one in ofsi(PERSON).listings} == set(regimes()["uk"].lists)

    def test_the_surname_comes_last(self, ofsi: Reading) -> None:
        assert ofsi(PERSON | {"Name 2": "HASSAN"}).by_id["gb-ofsi-7172"].name == "MOHAMMAD HASSAN AKHUND"

    def test_rows_of_one_group_are_one_party_however_far_apart(self, ofsi: Reading) -> None:
        other = PERSON | {"Name 6": "ZAHIR", "Group ID": "9"}
        alias = PERSON | {"Name 6": "AKHUNDZADA", "Alias Type": "AKA"}
        read = ofsi(alias, other, PERSON)
        mullah = read.by_id["gb-ofsi-7172"]
        assert (mullah.name, names(mullah, NameKind.ALIAS)) == ("MOHAMMAD AKHUND", ["MOHAMMAD AKHUNDZADA"])
        assert (len(read.entities), len(read.listings)) == (2, 2)

    @pytest.mark.parametrize(
        ("type_", "quality", "kind"),
        [
            ("AKA", "", NameKind.ALIAS),
            ("AKA", "Low", NameKind.WEAK),
            ("FKA", "", NameKind.PREVIOUS),
            ("Low quality a.k.a", "", NameKind.WEAK),
            ("Good quality a.k.a", "", NameKind.ALIAS),
            ("Primary name variation", "", NameKind.ALIAS),
        ],
    )
    def test_what_kind_of_name_an_alias_is(self, ofsi: Reading, type_: str, quality: str, kind: NameKind) -> None:
        columns = [*OFSI[:-4], "Alias Quality", *OFSI[-4:]]
        alias = PERSON | {"Name 6": "B", "Alias Type": type_, "Alias Quality": quality}
        read = ofsi(PERSON, alias, columns=columns)
        assert names(read.by_id["gb-ofsi-7172"], kind) == ["MOHAMMAD B"]

    @pytest.mark.parametrize(
        ("text", "born"), [("00/00/1980", "1980"), ("00/05/1980", "1980-05"), ("13/05/1980", "1980-05-13")]
    )
    def test_a_date_of_birth_of_any_precision(self, ofsi: Reading, text: str, born: str) -> None:
        assert told(ofsi(PERSON | {"DOB": text}).by_id["gb-ofsi-7172"], "date_of_birth") == [born]

    def test_a_date_that_is_none_is_kept_and_flagged(self, ofsi: Reading) -> None:
        read = ofsi(PERSON | {"DOB": "31/02/1980"})
        assert told(read.by_id["gb-ofsi-7172"], "date_of_birth") == ["31/02/1980"]
        assert read.flags("gb-ofsi-7172") == ("date_of_birth: 31/02/1980: not a date of the calendar",)

    def test_a_numbered_cell_is_several(self, ofsi: Reading) -> None:
        read = ofsi(PERSON | {"Nationality": "(1) Iraq (2) Syria", "Town of Birth": "(1) Baghdad (2) Basra",
                              "Country of Birth": "(1) Iraq (2) Iraq"})  # fmt: skip
        person = read.by_id["gb-ofsi-7172"]
        assert (told(person, "nationality"), person.countries) == (["Iraq", "Syria"], ("iq", "sy"))
        assert told(person, "place_of_birth") == ["Baghdad, Iraq", "Basra, Iraq"]

    def test_an_address(self, ofsi: Reading) -> None:
        read = ofsi(PERSON | {"Address 1": "PO Box 21120", "Address 6": "Damascus", "Country": "Syria"})
        assert [(one.text, one.country) for one in read.by_id["gb-ofsi-7172"].addresses] == [
            ("PO Box 21120, Damascus, Syria", "sy")
        ]

    def test_georgia_is_the_country_here(self, ofsi: Reading) -> None:
        assert ofsi(PERSON | {"Country": "Georgia"}).by_id["gb-ofsi-7172"].countries == ("ge",)

    def test_references_in_the_other_information_are_identifiers(self, ofsi: Reading) -> None:
        read = ofsi(PERSON | {"Other Information": "(UK Sanctions List Ref):AFG0006 (UN Ref):TAi.002. Talks."})
        assert identifiers(read.by_id["gb-ofsi-7172"]) == {
            ("gb-ofsi", "7172"),
            ("gb-sl", "AFG0006"),
            ("un-sc", "TAi.002"),
        }

    def test_a_passport(self, ofsi: Reading) -> None:
        assert ("passport", "OA454044") in identifiers(
            ofsi(PERSON | {"Passport Details": "OA454044"}).by_id["gb-ofsi-7172"]
        )

    def test_a_passport_told_in_words_is_kept_as_told(self, ofsi: Reading) -> None:
        text = "Jordanian, issued 2010 in Amman"
        read = ofsi(PERSON | {"Passport Details": text})
        assert told(read.by_id["gb-ofsi-7172"], "passport_details") == [text]

    def test_a_column_not_known_here_is_kept(self, ofsi: Reading) -> None:
        read = ofsi(PERSON | {"Favourite Colour": "green"}, columns=[*OFSI, "Favourite Colour"])
        assert told(read.by_id["gb-ofsi-7172"], "favourite_colour") == ["green"]

    def test_a_row_without_a_group_is_set_aside(self, ofsi: Reading) -> None:
        read = ofsi(PERSON, PERSON | {"Group ID": ""})
        assert [(one.record, one.reason) for one in read.aside] == [
            ("ConList.csv line 4", "no number of a designation")
        ]

    def test_a_repeated_header_is_set_aside(self, ofsi: Reading) -> None:
        assert [one.reason for one in ofsi(PERSON, OFSI).aside] == ["the header again"]

    def test_a_file_in_utf_16(self, ofsi: Reading) -> None:
        assert ofsi(PERSON, encoding="utf-16").by_id["gb-ofsi-7172"].name == "MOHAMMAD AKHUND"

    def test_the_real_list_of_2020(self, real_data: Path) -> None:
        path = real_data / "un_uk_eu" / "UK_hmt_2020.csv"
        if not path.exists():
            pytest.skip("OFSI's list of April 2020 is absent")
        read = load("uk", path)
        assert read.sources[0].published == "2020-04-27"
        assert (read.errors, read.aside) == ([], [])
        assert all(entity.names for entity in read.entities)


class TestTheSanctionsList:
    def test_the_first_line_is_the_date_of_the_source(self, sanctions_list: Reading) -> None:
        (source,) = sanctions_list(FIRM).sources
        assert (source.id, source.published) == ("gb-sl", "2026-02-13")

    def test_an_asset_freeze_is_a_listing_the_ownership_test_finds(self, sanctions_list: Reading) -> None:
        assert sanctions_list(FIRM).listing("gb-sl-RUS0001").list in regimes()["uk"].lists

    def test_other_measures_are_on_a_list_of_their_own(self, sanctions_list: Reading) -> None:
        assert sanctions_list(SHIP).listing("gb-sl-RUS2001").list == "GB-SL"

    def test_both_lists_are_the_vocabularys(self) -> None:
        assert {"GB-OFSI", "GB-SL"} <= set(LISTS)

    def test_measures_not_stated_are_taken_for_none(self, sanctions_list: Reading) -> None:
        read = sanctions_list(FIRM | {"Sanctions Imposed": ""})
        flags = [s.flags for s in read.statements if s.about is read.listings[0]]
        assert (read.listings[0].list, flags) == (
            "GB-SL",
            [("measures: not stated, so not taken for an asset freeze",)],
        )

    def test_the_regulations_are_programme_and_citation(self, sanctions_list: Reading) -> None:
        listing = sanctions_list(FIRM).listing("gb-sl-RUS0001")
        regulations = "The Russia (Sanctions) (EU Exit) Regulations 2019"
        assert (listing.programs, listing.citation) == ((regulations,), regulations)

    def test_measures_are_kept_one_by_one(self, sanctions_list: Reading) -> None:
        firm = sanctions_list(FIRM).by_id["gb-sl-RUS0001"]
        assert told(firm, "measure") == ["Asset freeze", "Trust services sanctions"]

    def test_a_name_in_another_script(self, sanctions_list: Reading) -> None:
        read = sanctions_list(FIRM | {"Name non-latin script": "АКМЕ"})
        assert names(read.by_id["gb-sl-RUS0001"], NameKind.ALIAS) == ["АКМЕ"]

    def test_a_ship_with_its_number_and_flag(self, sanctions_list: Reading) -> None:
        ship = sanctions_list(SHIP | {"IMO number": "9562233", "Current believed flag of ship": "Comoros"}).by_id[
            "gb-sl-RUS2001"
        ]
        assert (ship.schema, told(ship, "vessel_flag")) == ("Vessel", ["Comoros"])
        assert ("imo", "9562233") in identifiers(ship)

    def test_a_number_with_wrong_check_digit_makes_no_two_ships_one(self, sanctions_list: Reading) -> None:
        ship = sanctions_list(SHIP | {"IMO number": "9562234"}).by_id["gb-sl-RUS2001"]
        assert "imo" not in {scheme for scheme, _ in identifiers(ship)}

    def test_a_registration_number_of_russia(self, sanctions_list: Reading) -> None:
        firm = sanctions_list(FIRM | {"Address Country": "Russia", "Business registration number (s)": "1027700132195"})
        assert ("ogrn", "1027700132195") in identifiers(firm.by_id["gb-sl-RUS0001"])

    def test_a_registration_told_in_words_is_kept_as_told(self, sanctions_list: Reading) -> None:
        text = "UNP 190950894 (Belarus), 7704734000/770301001 (Russia)"
        firm = sanctions_list(FIRM | {"Business registration number (s)": text}).by_id["gb-sl-RUS0001"]
        assert told(firm, "registration_number") == [text]

    def test_parent_and_subsidiary_are_owners_and_assets(self, sanctions_list: Reading) -> None:
        parent = FIRM | {"Unique ID": "RUS0002", "OFSI Group ID": "2", "Name 6": "HOLDING PJSC"}
        read = sanctions_list(FIRM | {"Parent company": "Holding PJSC", "Subsidiaries": "(1) A LLC (2) B LLC"}, parent)
        found = {(link.source, read.by_id[link.target].name, link.role) for link in read.links}
        assert found == {
            ("gb-sl-RUS0002", "ACME LLC", "parent company"),
            ("gb-sl-RUS0001", "A LLC", "subsidiary"),
            ("gb-sl-RUS0001", "B LLC", "subsidiary"),
        }
        assert {link.type for link in read.links} == {LinkType.OWNS}

    def test_who_is_named_only_is_a_placeholder(self, sanctions_list: Reading) -> None:
        read = sanctions_list(SHIP | {"Current owner/operator (s)": "Global Shipping"})
        (link,) = read.links
        assert (link.type, link.role) == (LinkType.LINKED_TO, "current owner or operator")
        assert read.by_id[link.target].placeholder

    def test_a_party_of_both_lists_is_one(self, ofsi: Reading, sanctions_list: Reading) -> None:
        freeze = FIRM | {"Designation Type": "Individual", "OFSI Group ID": "7172", "Unique ID": "AFG0006"}
        old, new = ofsi(PERSON), sanctions_list(freeze)
        tables, _ = merge([("old", build("old", old.items)), ("new", build("new", new.items))])
        assert tables["entities"].num_rows == 1

    def test_both_lists_of_one_load_keep_their_common_number(self, tmp_path: Path) -> None:
        old, new = tmp_path / "ConList.csv", tmp_path / "new.csv"
        old.write_text(table(OFSI, "Last Updated,27/04/2020", PERSON), newline="")
        new.write_text(table(SANCTIONS_LIST, "Report Date: 13-Feb-2026", FIRM | {"OFSI Group ID": "7172"}), newline="")
        items = registry.loader("uk").read(open_inputs([str(old), str(new)]))
        assert merge([("uk", build("uk", items))])[0]["entities"].num_rows == 1

    def test_the_xml_says_the_same(self, sanctions_list: Reading, xml: Reading) -> None:
        row = FIRM | {"Address Line 6": "Moscow", "Address Country": "Russia", "Phone number": "+7 1"}
        element = (
            "<UniqueID>RUS0001</UniqueID><OFSIGroupID>12703</OFSIGroupID><DateDesignated>09/05/2025</DateDesignated>"
            "<Names><Name><Name6>ACME LLC</Name6><NameType>Primary Name</NameType></Name></Names>"
            "<RegimeName>The Russia (Sanctions) (EU Exit) Regulations 2019</RegimeName>"
            "<IndividualEntityShip>Entity</IndividualEntityShip>"
            "<SanctionsImposed>Asset freeze|Trust services sanctions</SanctionsImposed>"
            "<Addresses><Address><AddressLine6>Moscow</AddressLine6><AddressCountry>Russia</AddressCountry></Address>"
            "</Addresses><PhoneNumbers><PhoneNumber>+7 1</PhoneNumber></PhoneNumbers>"
        )
        one, other = sanctions_list(row), xml(element)
        assert (one.entities, one.listings) == (other.entities, other.listings)


class TestTheXml:
    def test_its_date_and_source_come_first(self, xml: Reading) -> None:
        read = xml("<UniqueID>A1</UniqueID>")
        assert (read.sources[0].published, is_cited_first(read.items)) == ("2026-09-10", True)

    def test_an_individual(self, xml: Reading) -> None:
        read = xml(
            "<UniqueID>AFG0006</UniqueID><UNReferenceNumber>TAi.002</UNReferenceNumber><Names>"
            "<Name><Name6>AKHUND</Name6><NameType>Alias</NameType><AliasStrength>Good quality a.k.a</AliasStrength>"
            "</Name>"
            "<Name><Name1>MOHAMMAD</Name1><Name6>AKHUND</Name6><NameType>Primary Name</NameType></Name>"
            "<Name><Name6>MULLAH</Name6><NameType>ALias</NameType><AliasStrength>Low quality a.k.a</AliasStrength>"
            "</Name></Names><IndividualEntityShip>Individual</IndividualEntityShip>"
            "<IndividualDetails><Individual><DOBs><DOB>dd/mm/1958</DOB><DOB>07/10/1952</DOB></DOBs>"
            "<Nationalities><Nationality>Pakistan</Nationality></Nationalities>"
            "<PassportDetails><Passport><PassportNumber>P04581926</PassportNumber></Passport></PassportDetails>"
            "<BirthDetails><Location><TownOfBirth>Kandahar</TownOfBirth><CountryOfBirth>Afghanistan</CountryOfBirth>"
            "</Location></BirthDetails></Individual></IndividualDetails>"
        )
        person = read.by_id["gb-sl-AFG0006"]
        assert (person.name, person.schema, person.countries) == ("MOHAMMAD AKHUND", "Person", ("pk",))
        assert (names(person, NameKind.ALIAS), names(person, NameKind.WEAK)) == (["AKHUND"], ["MULLAH"])
        assert told(person, "date_of_birth") == ["1958", "1952-10-07"]
        assert told(person, "place_of_birth") == ["Kandahar, Afghanistan"]
        assert identifiers(person) == {("gb-sl", "AFG0006"), ("un-sc", "TAi.002"), ("passport", "P04581926")}

    def test_indicators_stand_in_for_measures(self, xml: Reading) -> None:
        read = xml(
            "<UniqueID>A1</UniqueID><IndividualEntityShip>Entity</IndividualEntityShip>"
            "<SanctionsImposedIndicators><AssetFreeze>true</AssetFreeze><TravelBan>false</TravelBan>"
            "</SanctionsImposedIndicators>"
        )
        assert (told(read.by_id["gb-sl-A1"], "measure"), read.listings[0].list) == (["Asset freeze"], "GB-OFSI")

    def test_a_designation_without_a_number_is_set_aside(self, xml: Reading) -> None:
        read = xml("<Names><Name><Name6>A</Name6></Name></Names>")
        assert [(one.record, one.text) for one in read.aside] == [("UK-Sanctions-List.xml designation 1", "A")]


class TestDates:
    @given(st.dates())
    def test_a_day(self, day: object) -> None:
        year, month, date = (int(part) for part in str(day).split("-"))
        read = day_first(f"{date:02}/{month:02}/{year:04}")
        assert str(read) == (str(day) if FIRST_YEAR <= year <= LAST_YEAR else "")

    @given(st.text("0123456789/dm", max_size=12))
    def test_never_raises_and_says_why(self, text: str) -> None:
        read = day_first(text)
        assert read.known or read.flag or not text.strip()


class TestBadFiles:
    def test_a_short_row_is_told_and_the_next_one_read(self, ofsi: Reading) -> None:
        read = ofsi(PERSON, ["A", "B"], PERSON | {"Group ID": "8"})
        (error,) = read.errors
        assert (error.file, error.row, error.problem) == ("ConList.csv", 4, "2 cells where the header has 29")
        assert set(read.by_id) == {"gb-ofsi-7172", "gb-ofsi-8"}

    def test_a_wrong_byte(self, ofsi: Reading) -> None:
        with pytest.raises(InputError, match=r"ConList\.csv, row 3: byte 0xe9 .* is not UTF-8"):
            ofsi(PERSON | {"Name 6": "Ren\u00e9"}, encoding="latin-1")

    def test_a_truncated_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "ConList.csv.gz"
        rows = [PERSON | {"Group ID": str(number), "Name 6": f"A{number}"} for number in range(3000)]
        path.write_bytes(gzip.compress(table(OFSI, "Last Updated,27/04/2020", *rows).encode())[:-500])
        with pytest.raises(InputError, match="the archive is cut short"):
            load("uk", path)

    def test_entities_that_expand_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "uk.xml"
        path.write_text("<!DOCTYPE a [<!ENTITY a 'x'><!ENTITY b '&a;&a;'>]><Designations>&b;</Designations>")
        with pytest.raises(InputError, match="document type"):
            load("uk", path)

    @pytest.mark.parametrize(
        ("file", "loader"), [("un_uk_eu/UN_2026-02-27.xml", "un"), ("ofac/watchman_sdn_2019.csv", "ofac")]
    )
    def test_a_file_of_another_kind_is_sent_to_its_loader(self, real_data: Path, file: str, loader: str) -> None:
        with pytest.raises(InputError, match=f"listed load {loader} FILE"):
            load("uk", real_data / file)
