"""The Security Council's consolidated list: what each entry says, and each quirk of the file."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from listed.errors import InputError
from listed.graph.vocabulary import LISTS, STRONG_SCHEMES, LinkType, NameKind
from tests.loaders.loaded import Loaded, identifiers, is_cited_first, load, names, told

Reading = Callable[[str], Loaded]


@pytest.fixture(scope="module")
def real(real_data: Path) -> Loaded:
    """The list of 27 February 2026."""
    return load("un", real_data / "un_uk_eu" / "UN_2026-02-27.xml")


@pytest.fixture
def individual(tmp_path: Path) -> Reading:
    """Read one individual of which these elements are told."""

    def made(elements: str) -> Loaded:
        path = tmp_path / "un.xml"
        path.write_text(
            "<CONSOLIDATED_LIST dateGenerated='2026-02-27T00:00:09.554Z'><INDIVIDUALS><INDIVIDUAL>"
            "<DATAID>1</DATAID><FIRST_NAME>A</FIRST_NAME><REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER>"
            f"{elements}</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>",
            encoding="utf-8",
        )
        return load("un", path)

    return made


class TestTheWholeList:
    def test_730_individuals_and_273_entities(self, real: Loaded) -> None:
        assert Counter(entity.schema for entity in real.entities) == {"Person": 730, "LegalEntity": 273}

    def test_every_entry_is_a_listing_on_one_list(self, real: Loaded) -> None:
        assert Counter(one.list for one in real.listings) == {"UN-SC": 1003}

    def test_the_list_is_the_vocabularys(self) -> None:
        assert "UN-SC" in LISTS

    @pytest.mark.parametrize(
        ("committee", "entries"), [("Al-Qaida", 341), ("DPRK", 155), ("Taliban", 140), ("Iran", 121), ("GB", 10)]
    )
    def test_a_committee_is_the_programme(self, real: Loaded, committee: str, entries: int) -> None:
        assert sum(one.programs == (committee,) for one in real.listings) == entries

    def test_every_listing_has_its_date(self, real: Loaded) -> None:
        assert all(one.period.start.known and not one.period.start.flag for one in real.listings)

    def test_nothing_is_set_aside(self, real: Loaded) -> None:
        assert real.aside == []

    def test_the_source_is_dated_as_the_file_is(self, real: Loaded) -> None:
        (source,) = real.sources
        assert (source.publisher, source.published) == ("United Nations Security Council", "2026-02-27")

    def test_the_source_comes_first(self, real: Loaded) -> None:
        assert is_cited_first(real.items)

    def test_every_reference_number_is_one_partys(self, real: Loaded) -> None:
        assert len({one for entity in real.entities for one in entity.identifiers if one.scheme == "un-sc"}) == 1003

    def test_a_statement_says_where_it_stands(self, real: Loaded) -> None:
        assert real.statements[0].record == "UN_2026-02-27.xml entry 1"

    def test_every_country_of_an_address_is_known(self, real: Loaded) -> None:
        unknown = [one.text for entity in real.entities for one in entity.addresses if not one.country]
        assert not [text for text in unknown if "Iran" in text or "United Kingdom" in text or "Tanzania" in text]


class TestEntries:
    def test_a_general_of_the_congo(self, real: Loaded) -> None:
        badege = real.by_id["un-CDi.001"]
        assert (badege.name, badege.schema, badege.countries) == ("ERIC BADEGE", "Person", ("cd", "rw"))
        assert identifiers(badege) == {("un-sc", "CDi.001")}
        assert told(badege, "date_of_birth") == ["1971"]
        assert told(badege, "gender") == ["Male"]
        assert str(real.listing("un-CDi.001").period) == "since 2012-12-31"

    def test_a_firm_of_north_korea(self, real: Loaded) -> None:
        komid = real.by_id["un-KPe.001"]
        assert komid.name == "KOREA MINING DEVELOPMENT TRADING CORPORATION"
        assert [(one.text, one.country) for one in komid.addresses] == [
            ("Central District, Pyongyang, Democratic People's Republic of Korea", "kp")
        ]

    def test_a_name_in_its_own_script_is_an_alias(self, real: Loaded) -> None:
        assert "صدام حسين التكريتي" in [name.text for entity in real.entities for name in entity.names]

    def test_the_notice_of_interpol_is_kept(self, real: Loaded) -> None:
        assert told(real.by_id["un-CDi.001"], "interpol_notice") == [
            "https://www.interpol.int/en/How-we-work/Notices/View-UN-Notices-Individuals"
        ]

    def test_whom_the_comments_name_by_number_is_linked(self, real: Loaded) -> None:
        mukulu = [link for link in real.links if (link.source, link.target) == ("un-CDe.001", "un-CDi.015")]
        assert [(link.type, link.role) for link in mukulu] == [(LinkType.LINKED_TO, "named in its entry")]
        assert mukulu[0].note.startswith("Comments: ADF founder and leader, Jamil Mukulu (CDi.015), was arrested")

    def test_no_entry_is_linked_to_itself(self, real: Loaded) -> None:
        assert not [link for link in real.links if link.source == link.target]


class TestQuirks:
    @pytest.mark.parametrize(
        ("quality", "kind"),
        [("Good", NameKind.ALIAS), ("Low", NameKind.WEAK), ("a.k.a.", NameKind.ALIAS), ("f.k.a.", NameKind.PREVIOUS)],
    )
    def test_the_quality_of_an_alias(self, individual: Reading, quality: str, kind: NameKind) -> None:
        read = individual(
            f"<INDIVIDUAL_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>B</ALIAS_NAME></INDIVIDUAL_ALIAS>"
        )
        assert names(read.by_id["un-QDi.001"], kind) == ["B"]

    def test_aliases_in_one_element_are_parted(self, individual: Reading) -> None:
        text = "Mohammed Sabet; Mohammad Sabet b) M. Javad Sabet"
        read = individual(f"<INDIVIDUAL_ALIAS><ALIAS_NAME>{text}</ALIAS_NAME></INDIVIDUAL_ALIAS>")
        assert names(read.by_id["un-QDi.001"], NameKind.ALIAS) == ["Mohammed Sabet", "Mohammad Sabet", "M. Javad Sabet"]

    def test_an_alias_told_in_its_own_script_too(self, individual: Reading) -> None:
        text = "Abu Kadari (original script: Абу Кадари)"
        read = individual(f"<INDIVIDUAL_ALIAS><ALIAS_NAME>{text}</ALIAS_NAME></INDIVIDUAL_ALIAS>")
        assert set(names(read.by_id["un-QDi.001"], NameKind.ALIAS)) == {"Abu Kadari", "Абу Кадари"}

    def test_an_alias_that_is_prose_is_kept_and_flagged(self, individual: Reading) -> None:
        text = "Mohammad Ishaq Akhund born in 1963"
        read = individual(f"<INDIVIDUAL_ALIAS><ALIAS_NAME>{text}</ALIAS_NAME></INDIVIDUAL_ALIAS>")
        assert read.flags("un-QDi.001") == (f"alias: prose: {text}",)

    def test_an_empty_alias_is_none(self, individual: Reading) -> None:
        read = individual("<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>")
        assert len(read.by_id["un-QDi.001"].names) == 1

    @pytest.mark.parametrize(
        ("elements", "text"),
        [
            ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1978-04-28</DATE>", ["1978-04-28"]),
            ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1971</YEAR>", ["1971"]),
            ("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1971</YEAR>", ["circa 1971"]),
            (
                "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1973</FROM_YEAR><TO_YEAR>1974</TO_YEAR>",
                ["1973 to 1974"],
            ),
            ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973 </NOTE>", ["1973-11"]),
            (
                "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>24/06/1402 (Hijri Calendar)</NOTE>",
                ["24/06/1402 (Hijri Calendar)"],
            ),
            ("", []),
        ],
    )
    def test_a_date_of_birth(self, individual: Reading, elements: str, text: list[str]) -> None:
        read = individual(f"<INDIVIDUAL_DATE_OF_BIRTH>{elements}</INDIVIDUAL_DATE_OF_BIRTH>")
        assert told(read.by_id["un-QDi.001"], "date_of_birth") == text

    def test_a_date_with_a_time_zone(self, individual: Reading) -> None:
        read = individual("<LISTED_ON>2015-07-01-04:00</LISTED_ON>")
        assert str(read.listing("un-QDi.001").period) == "since 2015-07-01"

    @pytest.mark.parametrize("type_", ["Passport", "Numéro de passeport", "Número de pasaporte"])
    def test_a_passport_in_any_language_with_its_country(self, individual: Reading, type_: str) -> None:
        read = individual(
            f"<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>{type_}</TYPE_OF_DOCUMENT><NUMBER>A1</NUMBER>"
            "<ISSUING_COUNTRY>Iran (Islamic Republic of)</ISSUING_COUNTRY></INDIVIDUAL_DOCUMENT>"
        )
        assert ("passport", "IR:A1") in identifiers(read.by_id["un-QDi.001"])

    def test_a_document_without_a_number_is_kept_as_told(self, individual: Reading) -> None:
        read = individual(
            "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT>"
            "<NOTE>Tunisian passport number L 191609</NOTE></INDIVIDUAL_DOCUMENT>"
        )
        assert told(read.by_id["un-QDi.001"], "document") == ["Passport, Tunisian passport number L 191609"]

    def test_an_entry_without_any_number_is_set_aside(self, tmp_path: Path) -> None:
        path = tmp_path / "un.xml"
        path.write_text("<CONSOLIDATED_LIST><ENTITY><FIRST_NAME>A</FIRST_NAME></ENTITY></CONSOLIDATED_LIST>")
        assert [one.reason for one in load("un", path).aside] == ["no reference number"]

    def test_a_number_given_to_two_stays_with_the_first(self, tmp_path: Path) -> None:
        entry = "<ENTITY><DATAID>{0}</DATAID><FIRST_NAME>A{0}</FIRST_NAME>{1}</ENTITY>"
        one = entry.format(1, "<REFERENCE_NUMBER>QDe.001</REFERENCE_NUMBER>")
        path = tmp_path / "un.xml"
        path.write_text(f"<CONSOLIDATED_LIST>{one}{entry.format(2, '')}</CONSOLIDATED_LIST>")
        assert set(load("un", path).by_id) == {"un-QDe.001", "un-data-2"}

    def test_its_numbers_make_parties_one(self) -> None:
        assert "un-sc" in STRONG_SCHEMES


class TestBadFiles:
    def test_a_bare_ampersand_is_told_with_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "UN_malformed.xml"
        whole = ["<CONSOLIDATED_LIST>", *["<!-- -->"] * 39_786, "<ENTITY>A & B</ENTITY>", "</CONSOLIDATED_LIST>"]
        path.write_text("\n".join(whole), encoding="utf-8")
        with pytest.raises(InputError) as raised:
            load("un", path)
        assert (raised.value.file, raised.value.row) == ("UN_malformed.xml", 39_788)
        assert str(raised.value).startswith("UN_malformed.xml, row 39788: not well-formed XML: invalid token at column")

    def test_the_malformed_file_itself(self, real_data: Path) -> None:
        path = real_data / "un_uk_eu" / "UN_2024-10-16_malformed.xml"
        if not path.exists():
            pytest.skip("the malformed list of October 2024 is absent")
        with pytest.raises(InputError, match="row 39788"):
            load("un", path)

    def test_a_file_of_another_kind_is_sent_to_its_loader(self, real_data: Path) -> None:
        with pytest.raises(InputError, match="listed load ofac FILE"):
            load("un", real_data / "csl_fixtures" / "sdn__sdn.xml")

    def test_a_web_page_is_told_as_one(self, tmp_path: Path) -> None:
        path = tmp_path / "un.xml"
        path.write_text("<!DOCTYPE html><html><body>Maintenance</body></html>")
        with pytest.raises(InputError, match="a web page"):
            load("un", path)

    def test_an_external_entity_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "un.xml"
        path.write_text(
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><CONSOLIDATED_LIST>&x;</CONSOLIDATED_LIST>"
        )
        with pytest.raises(InputError, match="document type"):
            load("un", path)

    def test_a_truncated_archive(self, real_data: Path, tmp_path: Path) -> None:
        path = tmp_path / "un.xml.gz"
        path.write_bytes(gzip.compress((real_data / "un_uk_eu" / "UN_2026-02-27.xml").read_bytes())[:-5000])
        with pytest.raises(InputError, match=r"un\.xml\.gz: the archive is cut short"):
            load("un", path)
