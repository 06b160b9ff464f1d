"""The EU's consolidated list: what the XML and the CSV say of an entity, and their quirks."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from listed.errors import InputError
from listed.graph.merge import merge
from listed.graph.vocabulary import LISTS, NameKind
from listed.loaders import registry
from listed.loaders.inputs import open_inputs
from listed.loading import build
from listed.queries.regimes import regimes
from tests.loaders.loaded import Loaded, identifiers, is_cited_first, load, names, told

_COLUMNS = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_UnitedNationId;"
    "Entity_DesignationDate;Entity_DesignationDetails;Entity_Remark;Entity_SubjectType;"
    "Entity_SubjectType_ClassificationCode;Entity_Regulation_Type;Entity_Regulation_PublicationDate;"
    "Entity_Regulation_NumberTitle;Entity_Regulation_Programme;Entity_Regulation_PublicationUrl;"
    "NameAlias_LastName;NameAlias_FirstName;NameAlias_MiddleName;NameAlias_WholeName;NameAlias_NameLanguage;"
    "NameAlias_Gender;NameAlias_Function;NameAlias_Regulation_NumberTitle;Address_City;Address_Street;"
    "Address_CountryIso2Code;Address_CountryDescription;BirthDate_BirthDate;BirthDate_Year;BirthDate_Circa;"
    "BirthDate_City;BirthDate_CountryIso2Code;Identification_Number;Identification_TypeCode;"
    "Identification_CountryIso2Code;Citizenship_CountryIso2Code"
)
COLUMNS = next(csv.reader([_COLUMNS], delimiter=";"))
ENTITY = {"fileGenerationDate": "05/08/2026", "Entity_LogicalId": "13", "Entity_EU_ReferenceNumber": "EU.27.28",
          "Entity_DesignationDate": "2003-07-07", "Entity_SubjectType": "P",
          "Entity_SubjectType_ClassificationCode": "person", "Entity_Regulation_NumberTitle": "1210/2003 (OJ L169)",
          "Entity_Regulation_Programme": "IRQ"}  # fmt: skip
NAMED = ENTITY | {"NameAlias_WholeName": "Saddam HUSSEIN", "NameAlias_NameLanguage": "EN"}

Reading = Callable[..., Loaded]


def table(*rows: dict[str, str] | str) -> str:
    lines = [row if isinstance(row, str) else ";".join(row.get(name, "") for name in COLUMNS) for row in rows]
    return "\ufeff" + "\r\n".join([";".join(COLUMNS), *lines]) + "\r\n"


@pytest.fixture
def rows(tmp_path: Path) -> Reading:
    """Write rows as the CSV, and read it."""

    def made(*those: dict[str, str] | str) -> Loaded:
        path = tmp_path / "eu.csv"
        path.write_text(table(*those), encoding="utf-8", newline="")
        return load("eu", path)

    return made


@pytest.fixture
def entity(tmp_path: Path) -> Reading:
    """Write one entity of these parts as the XML, and read it."""

    def made(parts: str, attributes: str = 'euReferenceNumber="EU.27.28" logicalId="13"') -> Loaded:
        path = tmp_path / "eu.xml"
        path.write_text(
            '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00">'
            f'<sanctionEntity {attributes}><subjectType code="person" classificationCode="P"/>{parts}'
            "</sanctionEntity></export>",
            encoding="utf-8",
        )
        return load("eu", path)

    return made


class TestTheXml:
    def test_the_source_is_dated_as_the_file_is(self, entity: Reading) -> None:
        read = entity("")
        assert (read.sources[0].published, is_cited_first(read.items)) == ("2026-08-05", True)

    def test_an_entity_is_a_listing_the_eus_criterion_finds(self, entity: Reading) -> None:
        assert entity("").listing("eu-13").list in regimes()["eu"].lists

    def test_the_list_is_the_vocabularys(self) -> None:
        assert "EU-FSF" in LISTS

    def test_when_and_under_what_it_is_listed(self, entity: Reading) -> None:
        listing = entity(
            '<remark>On the list.</remark><regulation numberTitle="2022/332 (OJ L53)" programme="UKR">'
            "<publicationUrl>https://eur-lex.europa.eu/x</publicationUrl></regulation>",
            'designationDate="2022-02-25" euReferenceNumber="EU.27.28" logicalId="13"',
        ).listing("eu-13")
        assert (str(listing.period), listing.programs, listing.citation, listing.remarks) == (
            "since 2022-02-25",
            ("UKR",),
            "2022/332 (OJ L53) https://eur-lex.europa.eu/x",
            "On the list.",
        )

    def test_no_date_is_no_date(self, entity: Reading) -> None:
        start = entity("", 'designationDate="" logicalId="13"').listing("eu-13").period.start
        assert (start.known, start.flag) == (False, "")

    def test_its_numbers(self, entity: Reading) -> None:
        read = entity("", 'unitedNationId="QDe.004" euReferenceNumber="EU.3502.46" logicalId="201"')
        assert identifiers(read.by_id["eu-201"]) == {("eu-fsf", "EU.3502.46"), ("un-sc", "QDe.004")}

    def test_the_main_name_is_a_strong_one_in_english(self, entity: Reading) -> None:
        person = entity(
            '<nameAlias wholeName="Volodya" strong="false"/>'
            '<nameAlias wholeName="Wladimir PETROW" nameLanguage="DE" strong="true"/>'
            '<nameAlias wholeName="Vladimir PETROV" nameLanguage="" strong="true" function="Minister" gender="M"/>'
        ).by_id["eu-13"]
        assert (person.name, names(person, NameKind.ALIAS), names(person, NameKind.WEAK)) == (
            "Vladimir PETROV",
            ["Wladimir PETROW"],
            ["Volodya"],
        )
        assert (told(person, "position"), told(person, "gender")) == (["Minister"], ["Male"])

    def test_a_name_in_parts_alone(self, entity: Reading) -> None:
        read = entity('<nameAlias firstName="Tarek" middleName="M." lastName="Aziz" wholeName="" strong="true"/>')
        assert read.by_id["eu-13"].name == "Tarek M. Aziz"

    @pytest.mark.parametrize(
        ("attributes", "text"),
        [
            ('birthdate="1952-10-07" year="1952"', "1952-10-07"),
            ('year="1952"', "1952"),
            ('year="1952" monthOfYear="4"', "1952-04"),
            ('year="1952" monthOfYear="²"', "1952"),
            ('year="1952" monthOfYear="13"', "1952"),
            ('year="1952" circa="true"', "circa 1952"),
            ('yearRangeFrom="1950" yearRangeTo="1955"', "1950 to 1955"),
            ('year="1371" calendarType="ISLAMIC"', "1371 (islamic calendar)"),
        ],
    )
    def test_a_date_of_birth(self, entity: Reading, attributes: str, text: str) -> None:
        assert told(entity(f"<birthdate {attributes}/>").by_id["eu-13"], "date_of_birth") == [text]

    def test_a_place_of_birth(self, entity: Reading) -> None:
        read = entity('<birthdate year="1952" city="Leningrad" countryIso2Code="RU"/>')
        assert told(read.by_id["eu-13"], "place_of_birth") == ["Leningrad, RU"]

    def test_an_address_and_an_unknown_one(self, entity: Reading) -> None:
        read = entity(
            '<address city="Moscow" street="Tverskaya 1" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION"/>'
            '<address countryIso2Code="00" countryDescription="UNKNOWN"/>'
        )
        person = read.by_id["eu-13"]
        assert [(one.text, one.country) for one in person.addresses] == [
            ("Tverskaya 1, Moscow, Russian Federation", "ru")
        ]
        assert person.countries == ("ru",)

    def test_a_citizenship(self, entity: Reading) -> None:
        person = entity('<citizenship countryIso2Code="IQ" countryDescription="IRAQ"/>').by_id["eu-13"]
        assert (person.countries, told(person, "citizenship")) == (("iq",), ["IQ"])

    @pytest.mark.parametrize(
        ("attributes", "identifier"),
        [
            ('number="A1234567" identificationTypeCode="passport" countryIso2Code="RU"', ("passport", "RU:A1234567")),
            ('number="A1234567" identificationTypeCode="passport" countryIso2Code="00"', ("passport", "A1234567")),
            (
                'number="1027700132195" identificationTypeCode="regnumber" countryIso2Code="RU"',
                ("ogrn", "1027700132195"),
            ),
            ('number="SABRRUMM" identificationTypeCode="swiftbic" countryIso2Code="00"', ("swift", "SABRRUMM")),
            ('number="9562233" identificationTypeCode="imo" countryIso2Code="00"', ("imo", "9562233")),
        ],
    )
    def test_an_identifier(self, entity: Reading, attributes: str, identifier: tuple[str, str]) -> None:
        assert identifier in identifiers(entity(f"<identification {attributes}/>").by_id["eu-13"])

    def test_a_document_of_another_kind_is_kept_as_told(self, entity: Reading) -> None:
        read = entity('<identification number="34409/129" identificationTypeCode="other" countryIso2Code="00"/>')
        assert told(read.by_id["eu-13"], "document") == ["other, 34409/129"]

    def test_a_false_passport_identifies_nobody(self, entity: Reading) -> None:
        read = entity('<identification number="A1" identificationTypeCode="passport" knownFalse="true"/>')
        assert identifiers(read.by_id["eu-13"]) == {("eu-fsf", "EU.27.28")}
        assert told(read.by_id["eu-13"], "document_doubt") == ["A1: knownFalse"]

    def test_an_entity_without_a_number_is_set_aside(self, entity: Reading) -> None:
        read = entity('<nameAlias wholeName="A"/>', "")
        assert [(one.record, one.reason) for one in read.aside] == [("eu.xml entity 1", "no number of an entity")]

    def test_a_party_of_the_un_is_one_with_the_uns_own(self, entity: Reading, real_data: Path) -> None:
        mine = entity('<nameAlias wholeName="B"/>', 'unitedNationId="CDi.001" euReferenceNumber="EU.1" logicalId="1"')
        path = real_data / "un_uk_eu" / "UN_2026-02-27.xml"
        theirs = registry.loader("un").read(open_inputs([str(path)]))
        _, report = merge([("eu", build("eu", mine.items)), ("un", build("un", theirs))])
        assert report.merged_ids == 1


class TestTheCsv:
    def test_the_source_is_dated_as_the_rows_are(self, rows: Reading) -> None:
        assert rows(NAMED).sources[0].published == "2026-08-05"

    def test_the_rows_of_an_entity_are_one_party(self, rows: Reading) -> None:
        read = rows(
            NAMED,
            ENTITY | {"NameAlias_WholeName": "Abu Ali"},
            ENTITY | {"Address_City": "Baghdad", "Address_CountryIso2Code": "IQ", "Address_CountryDescription": "IRAQ"},
            ENTITY | {"BirthDate_BirthDate": "1937-04-28"},
            ENTITY | {"Identification_Number": "A1", "Identification_TypeCode": "passport"},
            NAMED | {"Entity_LogicalId": "20", "Entity_EU_ReferenceNumber": "EU.39.56"},
        )
        person = read.by_id["eu-13"]
        assert (person.name, names(person, NameKind.ALIAS)) == ("Saddam HUSSEIN", ["Abu Ali"])
        assert [(one.text, one.country) for one in person.addresses] == [("Baghdad, Iraq", "iq")]
        assert told(person, "date_of_birth") == ["1937-04-28"]
        assert ("passport", "A1") in identifiers(person)
        assert [one.entity for one in read.listings] == ["eu-13", "eu-20"]

    def test_it_says_where_the_rows_begin(self, rows: Reading) -> None:
        read = rows(NAMED, ENTITY, NAMED | {"Entity_LogicalId": "20", "Entity_EU_ReferenceNumber": "EU.39.56"})
        assert [read.record(entity) for entity in ("eu-13", "eu-20")] == ["eu.csv line 2", "eu.csv line 4"]

    def test_the_xml_says_the_same(self, rows: Reading, entity: Reading) -> None:
        row = NAMED | {"Citizenship_CountryIso2Code": "IQ"}
        xml = entity(
            '<regulation numberTitle="1210/2003 (OJ L169)" programme="IRQ"/>'
            '<nameAlias wholeName="Saddam HUSSEIN" nameLanguage="EN" strong="true"/>'
            '<citizenship countryIso2Code="IQ"/>',
            'designationDate="2003-07-07" euReferenceNumber="EU.27.28" logicalId="13"',
        )
        assert (rows(row).entities, rows(row).listings) == (xml.entities, xml.listings)

    def test_an_enterprise(self, rows: Reading) -> None:
        assert rows(NAMED | {"Entity_SubjectType": "E"}).by_id["eu-13"].schema == "LegalEntity"

    def test_a_number_of_two_entities_stays_with_the_first(self, rows: Reading) -> None:
        bank = {"Identification_Number": "SABRRUMM", "Identification_TypeCode": "swiftbic"}
        other = NAMED | bank | {"Entity_LogicalId": "20", "Entity_EU_ReferenceNumber": "EU.39.56"}
        read = rows(NAMED | bank, other)
        assert ("swift", "SABRRUMM") not in identifiers(read.by_id["eu-20"])
        assert read.flags("eu-20") == ("identifier: swift SABRRUMM is also given to eu-13",)

    def test_a_row_without_a_number_is_set_aside(self, rows: Reading) -> None:
        read = rows(NAMED, NAMED | {"Entity_LogicalId": ""})
        assert [one.record for one in read.aside] == ["eu.csv line 3"]


class TestBadFiles:
    def test_a_short_row_is_told_and_the_next_one_read(self, rows: Reading) -> None:
        read = rows(NAMED, "05/08/2026;14;EU", NAMED | {"Entity_LogicalId": "20", "Entity_EU_ReferenceNumber": "EU.2"})
        (error,) = read.errors
        assert (error.file, error.row, error.problem) == ("eu.csv", 3, f"3 cells where the header has {len(COLUMNS)}")
        assert set(read.by_id) == {"eu-13", "eu-20"}

    def test_a_wrong_byte(self, tmp_path: Path) -> None:
        path = tmp_path / "eu.csv"
        path.write_bytes(table(NAMED).encode() + b"05/08/2026;14;Ren\xe9\r\n")
        with pytest.raises(InputError, match=r"eu\.csv, row 3: byte 0xe9 .* is not UTF-8"):
            load("eu", path)

    def test_a_truncated_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "eu.csv.gz"
        text = table(*(NAMED | {"Entity_LogicalId": str(number)} for number in range(3000)))
        path.write_bytes(gzip.compress(text.encode())[:-500])
        with pytest.raises(InputError, match="the archive is cut short"):
            load("eu", path)

    def test_an_external_entity_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "eu.xml"
        path.write_text("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><export>&x;</export>")
        with pytest.raises(InputError, match="document type"):
            load("eu", path)

    def test_an_export_of_something_else(self, tmp_path: Path) -> None:
        path = tmp_path / "eu.xml"
        path.write_text("<export xmlns='urn:other'/>")
        with pytest.raises(InputError, match="not the consolidated list of the EU"):
            load("eu", path)

    @pytest.mark.parametrize(
        ("file", "loader"),
        [("un_uk_eu/UN_2026-02-27.xml", "un"), ("csl/csl_2022-04.csv", "csl"), ("ofac/watchman_sdn_2019.csv", "ofac")],
    )
    def test_a_file_of_another_kind_is_sent_to_its_loader(self, real_data: Path, file: str, loader: str) -> None:
        with pytest.raises(InputError, match=f"listed load {loader} FILE"):
            load("eu", real_data / file)
