"""The Consolidated Screening List: what each row says, in each layout, and each of its quirks."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from listed.errors import InputError
from listed.graph.model import Address, Entity, Identifier, Link, Listing, SetAside, Source, Statement
from listed.graph.vocabulary import LISTS, STRONG_SCHEMES, LinkType, NameKind
from listed.loaders.csl import LOADER, read
from listed.loaders.csl.addresses import read_addresses
from listed.loaders.csl.countries import country_code
from listed.loaders.csl.identifiers import read_ids
from listed.loaders.csl.lists import list_of
from listed.loaders.csl.names import Belonging, read_aliases, read_name
from listed.loaders.csl.remarks import linked_to
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Item
from listed.loading import build

COLUMNS = [
    "_id", "source", "entity_number", "type", "programs", "name", "title", "addresses",
    "federal_register_notice", "start_date", "end_date", "standard_order", "license_requirement",
    "license_policy", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage",
    "vessel_flag", "vessel_owner", "remarks", "source_list_url", "alt_names", "citizenships",
    "dates_of_birth", "nationalities", "places_of_birth", "source_information_url", "ids",
]  # fmt: skip
EL = "Entity List (EL) - Bureau of Industry and Security"
SDN = "Specially Designated Nationals (SDN) - Treasury Department"
CAPTA = "Capta List (CAP) - Treasury Department"
SBERBANK = "(Linked To: PUBLIC JOINT STOCK COMPANY SBERBANK OF RUSSIA)"


@dataclass
class Read:
    """What the loader yielded, by kind."""

    items: list[Item]

    def __post_init__(self) -> None:
        self.statements = [item for item in self.items if isinstance(item, Statement)]
        self.sources = [item for item in self.items if isinstance(item, Source)]
        self.aside = [item for item in self.items if isinstance(item, SetAside)]
        self.entities = [s.about for s in self.statements if isinstance(s.about, Entity)]
        self.listings = [s.about for s in self.statements if isinstance(s.about, Listing)]
        self.links = [s.about for s in self.statements if isinstance(s.about, Link)]
        self.by_id = {entity.id: entity for entity in self.entities}

    def named(self, name: str) -> Entity:
        """Return the one entity of that primary name."""
        found = {entity.id for entity in self.entities if entity.name == name}
        assert len(found) == 1, f"{len(found)} entities are called {name!r}"
        return self.by_id[found.pop()]

    def listed(self, entity: Entity, list_: str = "") -> list[Listing]:
        return [one for one in self.listings if one.entity == entity.id and one.list in (list_ or one.list)]

    def flags(self, about: type[Entity | Listing], id_: str) -> tuple[str, ...]:
        key = "entity" if about is Listing else "id"
        return next(s.flags for s in self.statements if isinstance(s.about, about) and getattr(s.about, key) == id_)


def load(*paths: Path) -> Read:
    items = list(read(open_inputs([str(path) for path in paths])))
    for item in items:
        if isinstance(item, InputError):
            raise item
    return Read(items)


class Table(Protocol):
    def __call__(self, *rows: dict[str, str] | list[str], columns: Sequence[str] = COLUMNS) -> Read: ...


Reading = Callable[[object], Read]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Write rows, each a dictionary of its filled cells, in today's layout, and read them."""

    def made(*rows: dict[str, str] | list[str], columns: Sequence[str] = COLUMNS) -> Read:
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([row.get(name, "") for name in columns] if isinstance(row, dict) else row)
        path = tmp_path / "csl.csv"
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        return load(path)

    return made


@pytest.fixture(scope="module")
def real(real_data: Path) -> Read:
    """The list of April 2022."""
    return load(real_data / "csl" / "csl_2022-04.csv")


@pytest.fixture(scope="module")
def newer(real_data: Path) -> Read:
    """A few rows of 2025, whose ids put the type first."""
    return load(real_data / "csl" / "watchman_cslustest_small.csv")


@pytest.fixture(scope="module")
def older(real_data: Path) -> Read:
    """The Entity List in the layout of 31 columns, one row per address and alias."""
    return load(real_data / "csl_fixtures" / "el__el.csv")


class TestTheWholeList:
    def test_every_row_is_a_listing(self, real: Read) -> None:
        assert len(real.listings) == 14_160

    @pytest.mark.parametrize(
        ("list_", "rows"),
        [
            ("US-OFAC-SDN", 10_026),
            ("US-BIS-EL", 2_001),
            ("US-STATE-DTC", 727),
            ("US-BIS-DPL", 462),
            ("US-OFAC-SSI", 290),
            ("US-BIS-UVL", 201),
            ("US-STATE-ISN", 163),
            ("US-OFAC-NS-PLC", 78),
            ("US-BIS-MEU", 71),
            ("US-OFAC-NS-CMIC", 68),
            ("US-OFAC-CAPTA", 53),
            ("US-OFAC-NS-MBS", 17),
            ("US-OFAC-FSE", 3),
        ],
    )
    def test_a_list_keeps_all_its_rows(self, real: Read, list_: str, rows: int) -> None:
        assert Counter(one.list for one in real.listings)[list_] == rows

    def test_lists_are_the_vocabularys(self, real: Read) -> None:
        assert {one.list for one in real.listings} <= set(LISTS)

    def test_nothing_is_set_aside(self, real: Read) -> None:
        assert real.aside == []

    def test_174_entries_of_the_entity_list_have_no_start(self, real: Read) -> None:
        entries = [one for one in real.listings if one.list == "US-BIS-EL"]
        assert sum(not one.period.start.text and not one.period.start.known for one in entries) == 174

    def test_a_source_comes_before_what_cites_it(self, real: Read) -> None:
        seen: set[str] = set()
        for item in real.items:
            if isinstance(item, Source):
                seen.add(item.id)
            elif isinstance(item, Statement):
                assert set(item.sources) <= seen

    def test_each_list_has_one_source(self, real: Read) -> None:
        assert Counter(source.id for source in real.sources) == Counter(
            f"csl-{list_.lower()}" for list_ in {one.list for one in real.listings}
        )

    def test_a_source_says_who_publishes_it_and_where(self, real: Read) -> None:
        source = next(source for source in real.sources if source.id == "csl-us-bis-el")
        assert (source.title, source.publisher, source.url) == (
            "Entity List (US Commerce, BIS), Consolidated Screening List (newest entry of the file: 2022-04-21)",
            "US Department of Commerce, Bureau of Industry and Security",
            "http://bit.ly/1L47xrV",
        )

    def test_a_statement_says_where_it_stands_in_the_file(self, real: Read) -> None:
        assert real.statements[0].record == "csl_2022-04.csv line 2"

    def test_every_end_of_a_link_is_an_entity(self, real: Read) -> None:
        assert {end for link in real.links for end in (link.source, link.target)} <= set(real.by_id)

    def test_no_strong_identifier_is_on_two_entities(self, real: Read) -> None:
        bearers: dict[Identifier, set[str]] = {}
        for entity in real.entities:
            for identifier in entity.identifiers:
                if identifier.scheme in STRONG_SCHEMES:
                    bearers.setdefault(identifier, set()).add(entity.id)
        assert [(one, ids) for one, ids in bearers.items() if len(ids) > 1] == []

    def test_no_piece_of_ids_is_of_a_type_unknown_here(self, real: Read) -> None:
        assert [text for entity in real.entities for key, text in entity.properties if key == "other_id"] == []


class TestParties:
    def test_an_individual_is_a_person_a_vessel_a_vessel_an_aircraft_an_airplane(self, real: Read) -> None:
        schemata = Counter(entity.schema for entity in real.entities if not entity.placeholder)
        assert (schemata["Person"], schemata["Vessel"], schemata["Airplane"]) == (5_286, 433, 283)

    def test_nothing_is_guessed_of_a_row_without_a_type(self, real: Read) -> None:
        assert real.named("Fulya Kalafatoglu Oguzturk").schema == "LegalEntity"

    def test_topics_follow_the_list(self, real: Read) -> None:
        listed = {one.entity: one.list for one in real.listings}
        topics = {(listed[e.id], e.topics) for e in real.entities if not e.placeholder}
        assert {one for one in topics if "OFAC" not in one[0]} == {
            ("US-BIS-EL", ("export.control",)),
            ("US-BIS-MEU", ("export.control",)),
            ("US-BIS-UVL", ("export.risk",)),
            ("US-BIS-DPL", ("debarment",)),
            ("US-STATE-DTC", ("debarment",)),
            ("US-STATE-ISN", ("sanction",)),
        }

    def test_same_name_on_the_entity_list_stays_apart(self, real: Read) -> None:
        names = Counter(
            real.by_id[one.entity].name for one in real.listings if one.list == "US-BIS-EL"
        )  # three rows, three addresses, three sets of notices
        assert names["Huawei Technologies Co., Ltd. (Huawei)"] == 3

    def test_the_entity_list_has_as_many_entities_as_rows(self, real: Read) -> None:
        assert len({one.entity for one in real.listings if one.list == "US-BIS-EL"}) == 2_001

    def test_one_party_on_two_lists_of_ofac_is_one_entity_with_two_listings(self, real: Read) -> None:
        assert {one.list for one in real.listed(real.by_id["ofac-34616"])} == {"US-OFAC-CAPTA", "US-OFAC-SDN"}

    def test_countries_of_a_person_are_those_of_addresses_and_nationality(self, newer: Read) -> None:
        assert newer.named("RIM, Ryong Nam").countries == ("cn", "kp")

    def test_a_company_is_not_of_the_countries_its_column_of_nationalities_names(self, table: Table) -> None:
        read_ = table({"source": SDN, "entity_number": "7", "type": "Entity", "name": "X", "nationalities": "RU"})
        assert read_.by_id["ofac-7"].countries == ()

    def test_the_flag_of_a_vessel_is_a_property_not_a_country(self, real: Read) -> None:
        assert ("vessel_flag", "Panama") in real.named("DINO I").properties

    def test_what_a_person_is_born_as_is_kept(self, real: Read) -> None:
        properties = dict(real.by_id["ofac-21944"].properties)
        assert (properties["date_of_birth"], properties["title"]) == (
            "1973-03-25",
            "Scientific Studies and Research Center Employee",
        )

    def test_a_row_without_a_name_is_kept_and_flagged(self, table: Table) -> None:
        read_ = table({"_id": "a" * 40, "source": EL, "addresses": "Kabul, AF"})
        assert (read_.entities[0].name, read_.statements[0].flags) == ("csl-aaaaaaaaaaaa", ("name: missing",))

    def test_an_unheard_of_type_is_flagged(self, table: Table) -> None:
        read_ = table({"source": SDN, "entity_number": "7", "type": "Robot", "name": "X"})
        assert read_.statements[0].flags == ("type: Robot",)

    def test_a_row_without_an_id_of_its_own_gets_the_same_one_each_time(self, table: Table) -> None:
        row = {"source": EL, "name": "X", "start_date": "2020-01-01"}
        assert table(row).entities[0].id == table(row).entities[0].id

    def test_two_rows_without_ids_stay_two_even_when_alike(self, table: Table) -> None:
        row = {"source": EL, "name": "X", "start_date": "2020-01-01"}
        assert len(table(row, row).by_id) == 2

    def test_an_own_hash_is_an_identifier(self, real: Read) -> None:
        entity = real.named("Sichuan University")
        assert entity.id == "csl-594af092570c"
        assert entity.identifiers == (Identifier("csl", "594af092570c5f028c9fa943710f7f3792370c53"),)


class TestSenseTime:
    def test_on_the_entity_list_since_october_2019(self, real: Read) -> None:
        (listing,) = real.listed(real.named("Beijing Sensetime Technology Development Co., Ltd."))
        assert (str(listing.period), listing.citation) == (
            "since 2019-10-09",
            "84 FR 54002; 85 FR 34505; 85 FR 44159",
        )

    def test_licence_requirement_loses_its_double_space(self, real: Read) -> None:
        (listing,) = real.listed(real.named("Beijing Sensetime Technology Development Co., Ltd."))
        assert listing.licence_requirement == "For all items subject to the EAR. (See §744.11 of the EAR)"

    def test_an_alias_that_is_prose_holds_two_names(self, real: Read) -> None:
        entity = real.named("Beijing Sensetime Technology Development Co., Ltd.")
        assert [name.text for name in entity.names[1:]] == [
            "Beijing Shangtang Technology Development Co., Ltd.",
            "Sense Time",
        ]

    def test_the_prose_is_kept_as_listed(self, real: Read) -> None:
        entity = real.named("Beijing Sensetime Technology Development Co., Ltd.")
        assert entity.properties == (
            ("alias_as_listed", "Beijing Shangtang Technology Development Co., Ltd., and Sense Time"),
        )

    def test_the_group_is_known_by_its_number_in_hong_kong(self, real: Read) -> None:
        entity = real.named("SENSETIME GROUP LIMITED")
        assert entity.identifiers == (Identifier("ofac", "33114"), Identifier("hk-cr", "2162198"))

    def test_the_group_is_a_military_industrial_company_since_december_2021(self, real: Read) -> None:
        (listing,) = real.listed(real.named("SENSETIME GROUP LIMITED"))
        assert (listing.list, str(listing.period)) == ("US-OFAC-NS-CMIC", "since 2021-12-10")

    def test_the_dates_that_are_not_the_listings_are_kept(self, real: Read) -> None:
        properties = dict(real.named("SENSETIME GROUP LIMITED").properties)
        assert properties["effective_date_cmic"] == "08 Feb 2022"
        assert properties["purchase_sales_for_divestment_date_cmic"] == "10 Dec 2022"


class TestHikvision:
    def test_identifiers_by_scheme(self, real: Read) -> None:
        entity = real.named("HANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.")
        assert entity.identifiers == (
            Identifier("ofac", "30946"),
            Identifier("uscc", "91330000733796106P"),
            Identifier("ticker", "002415 CN"),
            Identifier("isin", "CNE100000PM8"),
        )

    def test_its_row_on_the_entity_list_is_another_entity_for_the_user_to_merge(self, real: Read) -> None:
        assert real.named("Hangzhou Hikvision Digital Technology Co., Ltd.").id == "csl-f095626c9f8b"


class TestLists:
    @pytest.mark.parametrize(
        ("source", "id_"),
        [
            ("Military End User (MEU) List - Bureau of Industry and Security", "US-BIS-MEU"),
            ("Non-SDN Menu-Based Sanctions List (NS-MBS List) - Treasury Department", "US-OFAC-NS-MBS"),
            ("AECA Debarred List (DTC) - State Department", "US-STATE-DTC"),
            ("ITAR Debarred", "US-STATE-DTC"),
            ("Entity List", "US-BIS-EL"),
            ("EL", "US-BIS-EL"),
        ],
    )
    def test_a_list_is_told_from_its_code_or_title(self, source: str, id_: str) -> None:
        assert list_of(source).id == id_

    def test_a_list_not_known_is_kept_under_an_id_made_from_its_text(self, table: Table) -> None:
        read_ = table({"source": "Moon Base List (MBL) - Space Department", "name": "X"})
        assert read_.listings[0].list == "CSL-MOON-BASE-LIST-MBL-SPACE-DEPARTMENT"

    def test_a_list_not_known_is_flagged(self, table: Table) -> None:
        read_ = table({"source": "Moon Base List (MBL) - Space Department", "name": "X"})
        assert read_.statements[1].flags == ("source: a list not known here: Moon Base List (MBL) - Space Department",)

    def test_a_list_called_something_entity_list_is_not_the_entity_list(self) -> None:
        assert not list_of("Uyghur Forced Labor Prevention Act Entity List - Homeland Security").known


class TestListings:
    def test_sichuan_university_keeps_its_whole_citation(self, real: Read) -> None:
        (listing,) = real.listed(real.named("Sichuan University"))
        assert (listing.citation, str(listing.period.start)) == ("77 FR 58006 (no. 182)", "2012-09-19")

    def test_years_no_record_can_have_are_unknown_and_flagged(self, real: Read) -> None:
        flagged = Counter(flag for s in real.statements for flag in s.flags if flag.startswith("start_date"))
        assert flagged == {
            "start_date: 0097-06-30: a year no record can have": 2,
            "start_date: 0017-05-26: a year no record can have": 1,
        }

    def test_a_date_that_is_none_is_flagged_with_its_text(self, table: Table) -> None:
        read_ = table({"source": EL, "name": "X", "start_date": "Various"})
        assert read_.statements[1].flags == ("start_date: Various: not a date",)

    def test_debarments_have_no_start_and_no_flag(self, real: Read) -> None:
        flags = {s.flags for s in real.statements if isinstance(s.about, Listing) and "DTC" in s.about.list}
        assert flags == {()}

    def test_a_denial_may_end_in_2056(self, newer: Read) -> None:
        (listing,) = newer.listed(newer.named("I. ASH"))
        assert str(listing.period) == "2002-03-04 to 2056-06-29"

    def test_programmes_are_told_apart(self, newer: Read) -> None:
        (listing,) = newer.listed(newer.named("TNK Trading International S.A."))
        assert listing.programs == ("VENEZUELA-EO13850", "UKRAINE-EO13662")

    def test_directive_2_dates_the_capta_listing(self, real: Read) -> None:
        (listing,) = real.listed(real.by_id["ofac-34616"], "US-OFAC-CAPTA")
        assert str(listing.period) == "since 2022-02-24"

    def test_the_same_date_does_not_date_the_sdn_listing(self, real: Read) -> None:
        (listing,) = real.listed(real.by_id["ofac-34616"], "US-OFAC-SDN")
        assert str(listing.period) == ""

    def test_directive_1a_dates_the_menu_based_listing(self, real: Read) -> None:
        (listing,) = real.listed(real.named("CENTRAL BANK OF THE RUSSIAN FEDERATION"))
        assert str(listing.period) == "since 2022-02-22"

    def test_remarks_are_kept_whole(self, real: Read) -> None:
        (listing,) = real.listed(real.by_id["ofac-34616"], "US-OFAC-CAPTA")
        assert listing.remarks == SBERBANK


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "AO ?Institute Giprostroymost?Saint-Petersburg?",
            "Donetsk People?s Republic",
        ],
    )
    def test_lost_characters_are_kept_as_given_and_flagged(self, real: Read, name: str) -> None:
        assert "name: lost characters" in real.flags(Entity, real.named(name).id)

    def test_a_quote_inside_a_word_is_a_lost_character(self, real: Read) -> None:
        flagged = [e for e in real.entities if any("Co”peratief" in name.text for name in e.names)]
        assert flagged
        assert all("name: lost characters" in real.flags(Entity, entity.id) for entity in flagged)

    def test_a_name_over_two_lines_is_on_one(self, real: Read) -> None:
        assert real.named("Gaobeidian Kaituo Precise Instrument Co. Ltd")

    def test_blank_lines_after_a_name_are_gone(self, real: Read) -> None:
        assert real.named("Government Flying Service")

    def test_successors_are_the_scope_of_an_entry_not_its_name(self, newer: Read) -> None:
        entity = newer.named("Sinobright Import and Export Company")
        assert entity.properties == (
            (
                "name_as_listed",
                "Sinobright Import and Export Company; and any successor, sub-unit, or subsidiary thereof",
            ),
            ("scope", "and any successor, sub-unit, or subsidiary thereof"),
        )

    @pytest.mark.parametrize(
        ("text", "name", "scope"),
        [
            ("A LLC and any successor, subunit, or subsidiary thereof", "A LLC",
             "and any successor, subunit, or subsidiary thereof"),
            ("Poly (PTI), and its sub-units and successors", "Poly (PTI)",
             "and its sub-units and successors"),
            ("Ministry, including the Army and all units wherever located. All in X.", "Ministry",
             "including the Army and all units wherever located. All in X."),
        ],
    )  # fmt: skip
    def test_a_scope_in_other_words(self, text: str, name: str, scope: str) -> None:
        read_ = read_name(text)
        assert (read_.text, read_.scope, read_.as_listed) == (name, scope, text)

    @pytest.mark.parametrize("text", ["SUBSIDIARY BANK ALFA-BANK JSC", "Successor Trading and Sons"])
    def test_a_name_with_such_a_word_stays_whole(self, text: str) -> None:
        assert read_name(text).text == text

    @pytest.mark.parametrize(
        ("text", "name", "other", "kind"),
        [
            ("Far East Co., Inc. (a.k.a. FETCO, Inc.)", "Far East Co., Inc.", "FETCO, Inc.", NameKind.ALIAS),
            ("PEARL (A.K.A. NEI-CHIEN CHU) LI", "PEARL LI", "NEI-CHIEN CHU", NameKind.ALIAS),
            ("Ri Sung Chol (aka Ri Su'ng)", "Ri Sung Chol", "Ri Su'ng", NameKind.ALIAS),
            ("SGM Most OOO (f.k.a., OOO SGM)", "SGM Most OOO", "OOO SGM", NameKind.PREVIOUS),
            ("Chitron Ltd., a.k.a. Chi-Chung Ltd.", "Chitron Ltd.", "Chi-Chung Ltd.", NameKind.ALIAS),
        ],
    )
    def test_other_names_in_a_name(self, text: str, name: str, other: str, kind: NameKind) -> None:
        read_ = read_name(text)
        assert (read_.text, read_.others[0].text, read_.others[0].kind) == (name, other, kind)

    def test_several_other_names_in_one_parenthesis(self) -> None:
        names = read_name("Mexpar, Inc. (a.k.a. Pasadena Aerospace; Aviation Logistics)").others
        assert [name.text for name in names] == ["Pasadena Aerospace", "Aviation Logistics"]

    def test_the_and_before_a_last_alias_is_not_its_name(self) -> None:
        assert [name.text for name in read_aliases("OJSC 140; and JSC 140").names] == ["OJSC 140", "JSC 140"]

    def test_an_alias_that_is_only_and_is_none(self) -> None:
        assert [name.text for name in read_aliases("A; and; B").names] == ["A", "B"]

    @pytest.mark.parametrize("alias", ["Scientific, and Technical Centre", "Wang, and Sons", "Smith and Co., Ltd."])
    def test_an_and_that_follows_no_legal_form_splits_nothing(self, alias: str) -> None:
        assert [name.text for name in read_aliases(alias).names] == [alias]

    def test_an_alias_that_says_formerly_is_a_previous_name(self) -> None:
        (name,) = read_aliases("f.k.a. Sibirskaya Neftyanaya Kompaniya OAO").names
        assert (name.text, name.kind) == ("Sibirskaya Neftyanaya Kompaniya OAO", NameKind.PREVIOUS)

    def test_an_alias_like_the_name_is_not_repeated(self, table: Table) -> None:
        read_ = table({"source": EL, "name": "Acme", "alt_names": "ACME; Acme Ltd."})
        assert [name.text for name in read_.entities[0].names] == ["Acme", "Acme Ltd."]


class TestAffiliations:
    HUAWEI = "Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity:  "

    def test_the_affiliate_is_the_party(self, real: Read) -> None:
        entity = real.named("Beijing Huawei Longshine Information Technology Co., Ltd.")
        assert dict(entity.properties)["name_as_listed"] == (
            "Huawei Technologies Co., Ltd. (Huawei). Affiliated Entity: "
            "Beijing Huawei Longshine Information Technology Co., Ltd."
        )

    def test_it_is_linked_to_the_one_party_of_that_name(self, table: Table) -> None:
        read_ = table(
            {"_id": "a" * 40, "source": EL, "name": "Huawei Technologies Co., Ltd. (Huawei)"},
            {"_id": "b" * 40, "source": EL, "name": self.HUAWEI + "Beijing X Co., Ltd."},
        )
        (link,) = read_.links
        assert (link.source, link.target, link.type, link.role) == (
            "csl-bbbbbbbbbbbb",
            "csl-aaaaaaaaaaaa",
            LinkType.AFFILIATED_WITH,
            "affiliated entity",
        )

    def test_where_three_parties_have_the_name_it_is_linked_to_a_placeholder(self, real: Read) -> None:
        affiliate = real.named("Beijing Huawei Longshine Information Technology Co., Ltd.")
        (link,) = [link for link in real.links if link.source == affiliate.id]
        target = real.by_id[link.target]
        assert (target.name, target.placeholder) == ("Huawei Technologies Co., Ltd.", True)

    def test_the_placeholder_is_flagged_with_those_it_may_be(self, real: Read) -> None:
        assert real.flags(Entity, real.named("Huawei Technologies Co., Ltd.").id) == (
            "linked: 'Huawei Technologies Co., Ltd.' fits csl-d05d55fa214a, csl-1a3ccc08ecbb, csl-6bcb81e3dedb",
        )

    def test_a_subordinate_institution_is_linked_to_its_academy(self, real: Read) -> None:
        academy = real.named("China Aerospace Science and Industry Corporation Second Academy")
        assert sum(link.target == academy.id for link in real.links) == 13

    @pytest.mark.parametrize(
        ("text", "name", "head"),
        [
            ("Baotou (Parent Organization: Group Corporation (CNNC))", "Baotou", "Group Corporation (CNNC)"),
            ("Hongyu Co., Ltd. (a subordinate institute of CETC-7)", "Hongyu Co., Ltd.", "CETC-7"),
            ("Department of Atomic Energy entity: Rare Earths", "Rare Earths", "Department of Atomic Energy"),
        ],
    )
    def test_other_wordings(self, text: str, name: str, head: str) -> None:
        read_ = read_name(text)
        assert isinstance(read_.belongs, Belonging)
        assert (read_.text, read_.belongs.head) == (name, head)


class TestLinkedTo:
    def test_every_mention_on_the_sdn_list_is_a_link(self, real: Read) -> None:
        rows = [
            s for s in real.statements if isinstance(s.about, Link) and s.about.type is LinkType.LINKED_TO
            and s.sources == ("csl-us-ofac-sdn",)
        ]  # fmt: skip
        assert (len({s.record for s in rows}), len(rows)) == (3_441, 4_012)

    def test_every_mention_of_all_lists_is_a_link(self, real: Read) -> None:
        links = [link for link in real.links if link.type is LinkType.LINKED_TO]
        assert (len(links), len({link.note for link in links})) == (4_346, 1_094)

    def test_only_one_name_fits_no_single_party(self, real: Read) -> None:
        placeholders = {
            real.by_id[link.target].name
            for link in real.links
            if link.type is LinkType.LINKED_TO and real.by_id[link.target].placeholder
        }
        assert placeholders == {"MINISTRY OF STATE SECURITY"}

    @pytest.mark.parametrize(
        ("remarks", "names"),
        [
            ("(Linked To: ROSTEC)", ["ROSTEC"]),
            ("Telephone (357)(2266); (Linked To: A) (Linked To: B)", ["A", "B"]),
            ("(Linked To: DIAB, Adel; Linked To: AYAD, Adnan)", ["DIAB, Adel", "AYAD, Adnan"]),
            ("(Linked To: CORPS (IRGC)-QODS FORCE)", ["CORPS (IRGC)-QODS FORCE"]),
            ("(Linked To: MANSUDAE (PTY) LTD.; Linked To: X)", ["MANSUDAE (PTY) LTD.", "X"]),
            ("(Linked To: CUT SHORT", ["CUT SHORT"]),
            ("(Linked To: )", []),
            ("linked with nobody", []),
        ],
    )
    def test_names_in_remarks(self, remarks: str, names: list[str]) -> None:
        assert linked_to(remarks) == names

    @staticmethod
    def _ofac(number: str, name: str, **cells: str) -> dict[str, str]:
        return {"source": SDN, "entity_number": number, "type": "Entity", "name": name, **cells}

    def test_a_name_is_found_whatever_its_case_and_spaces(self, table: Table) -> None:
        read_ = table(self._ofac("1", "Big  Bank"), self._ofac("2", "X", remarks="(Linked To: BIG BANK)"))
        assert (read_.links[0].source, read_.links[0].target) == ("ofac-2", "ofac-1")

    def test_an_alias_is_found_too(self, table: Table) -> None:
        read_ = table(self._ofac("1", "A", alt_names="BIG BANK"), self._ofac("2", "X", remarks="(Linked To: BIG BANK)"))
        assert read_.links[0].target == "ofac-1"

    def test_a_primary_name_goes_before_an_alias(self, table: Table) -> None:
        read_ = table(
            self._ofac("1", "A", alt_names="BIG BANK"),
            self._ofac("2", "BIG BANK"),
            self._ofac("3", "X", remarks="(Linked To: BIG BANK)"),
        )
        assert read_.links[0].target == "ofac-2"

    def test_a_person_is_found_with_the_given_name_first(self, table: Table) -> None:
        read_ = table(self._ofac("1", "Adel DIAB"), self._ofac("2", "X", remarks="(Linked To: DIAB, Adel)"))
        assert read_.links[0].target == "ofac-1"

    def test_a_name_of_another_family_of_lists_is_not_taken_for_it(self, table: Table) -> None:
        read_ = table({"source": EL, "name": "BIG BANK"}, self._ofac("2", "X", remarks="(Linked To: BIG BANK)"))
        assert read_.by_id[read_.links[0].target].placeholder

    def test_a_name_without_an_entry_becomes_one_flagged_placeholder(self, table: Table) -> None:
        read_ = table(
            self._ofac("1", "X", remarks="(Linked To: NOBODY)"),
            self._ofac("2", "Y", remarks="(Linked To: Nobody)"),
        )
        (placeholder,) = [entity for entity in read_.entities if entity.placeholder]
        assert read_.flags(Entity, placeholder.id) == ("linked: 'NOBODY' has no entry of its own",)

    def test_the_owner_of_a_vessel_owns_it_by_an_unknown_share(self, real: Read) -> None:
        vessel = real.named("DINO I")
        (link,) = [link for link in real.links if link.target == vessel.id]
        assert (link.source, link.type, str(link.share)) == ("ofac-15117", LinkType.OWNS, "share unknown")

    def test_an_owner_without_an_entry_is_a_placeholder(self, real: Read) -> None:
        assert real.named("Samir de Navegacion S.A.").placeholder


class TestAddresses:
    def test_sichuan_university_has_four(self, real: Read) -> None:
        addresses = real.named("Sichuan University").addresses
        assert [address.country for address in addresses] == ["cn"] * 4
        assert addresses[2] == Address("People?s South Road, Chengdu, 610041, CN", "cn")

    def test_a_lost_character_in_an_address_is_flagged(self, real: Read) -> None:
        assert real.flags(Entity, real.named("Sichuan University").id) == ("address: lost characters",)

    def test_an_address_over_two_lines_is_on_one(self, real: Read) -> None:
        entity = real.named("Elink Electronic Technology Co. Ltd.")
        assert entity.addresses[0].text.startswith("Room 717, Building 41, No.8633 Zhongchun Road, Minhang District")

    @pytest.mark.parametrize(
        ("cell", "countries"),
        [
            ("12 King Street, London, GB", ("gb",)),
            ("Chengdu, China", ("cn",)),
            ("Wanchai, Hong Kong", ("hk",)),
            ("P.O. Box 8486, Dubai, UAE", ("ae",)),
            ("Kunshan, China., CN", ("cn",)),
            ("ANTHONY, NM, 88201", ()),
            ("Suite 306, Shanghai 200233", ()),
            ("Tbilisi, Georgia", ()),
            ("ANTHONY, 88021, NM", ()),
        ],
    )
    def test_the_country_is_what_stands_last_if_that_is_one(self, cell: str, countries: tuple[str, ...]) -> None:
        assert read_addresses(cell)[1] == countries

    def test_a_country_alone_is_no_address(self) -> None:
        assert read_addresses("SY; Moscow, RU") == ((Address("Moscow, RU", "ru"),), ("sy", "ru"))

    def test_each_piece_is_an_address_without_the_and_before_it(self) -> None:
        addresses, _ = read_addresses("50 Yongding Road, Beijing, China; and 51 Yongding Road, Beijing, China")
        assert [address.text for address in addresses] == [
            "50 Yongding Road, Beijing, China",
            "51 Yongding Road, Beijing, China",
        ]

    def test_a_piece_that_stops_at_its_house_number_goes_on(self) -> None:
        addresses, _ = read_addresses("Egs Bloklari Kat: 1 No; 114, Yesilkoy, Istanbul, TR; Sisli, Istanbul, TR")
        assert [address.text for address in addresses] == [
            "Egs Bloklari Kat: 1 No; 114, Yesilkoy, Istanbul, TR",
            "Sisli, Istanbul, TR",
        ]

    @pytest.mark.parametrize(("text", "code"), [("CN", "cn"), ("in", ""), ("Czech Republic", "cz"), ("", "")])
    def test_a_code_counts_in_upper_case_only(self, text: str, code: str) -> None:
        assert country_code(text) == code


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("piece", "scheme", "value"),
        [
            ("CN, 91330000733796106P, Unified Social Credit Code (USCC)", "uscc", "91330000733796106P"),
            ("HK, 2162198, C.R. No.", "hk-cr", "2162198"),
            ("AE, 79190, C.R. No.", "cr", "AE:79190"),
            ("RU, 253400V1H6ART1UQ0N98, Legal Entity Number", "lei", "253400V1H6ART1UQ0N98"),
            ("NL, 852496527, Legal Entity Number", "legal-entity-number", "NL:852496527"),
            ("VTBLAOLU, SWIFT/BIC", "swift", "VTBLAOLU"),
            ("52-023-7366, D-U-N-S Number", "duns", "520237366"),
            ("IMO 8898831, Vessel Registration Identification", "imo", "8898831"),
            ("IMO 8898832, Vessel Registration Identification", "vessel-registration", "IMO 8898832"),
            ("8606173, Vessel Registration Identification", "vessel-registration", "8606173"),
            ("RU, 1137746390572, Registration ID", "ogrn", "1137746390572"),
            ("RU, 1137746390573, Registration ID", "registration-id", "RU:1137746390573"),
            ("MM, 2017-01-16, 110364903, Registration Number", "registration-number", "MM:110364903"),
            ("GB, 01126618, UK Company Number", "gb-coh", "01126618"),
            ("GB, 01074897, Company Number", "gb-coh", "01074897"),
            ("US, 3848561 (New York), Company Number", "company-number", "US:3848561 (New York)"),
            ("JO, 2014-08-30, 2009-08-31, K475336, Passport", "passport", "JO:K475336"),
            ("5030056754, Tax ID No.", "tax-id", "5030056754"),
            ("Passport, 836238033, KP", "passport", "KP:836238033"),
            ("SWIFT/BIC, RUDVRUMM", "swift", "RUDVRUMM"),
            ("BRC1EODR004, ISIN", "isin-unchecked", "BRC1EODR004"),
            ("0x8576ac, Digital Currency Address - ETH", "digital-currency-address-eth", "0x8576ac"),
        ],
    )
    def test_schemes(self, piece: str, scheme: str, value: str) -> None:
        assert list(read_ids(piece).identifiers) == [Identifier(scheme, value)]

    def test_a_russian_number_without_its_country_is_one_where_the_party_is_in_russia(self) -> None:
        assert list(read_ids("1148904001971, Registration ID", ["ru"]).identifiers) == [
            Identifier("ogrn", "1148904001971")
        ]

    def test_the_same_number_elsewhere_is_not(self) -> None:
        (identifier,) = read_ids("1148904001971, Registration ID", ["cy"]).identifiers
        assert identifier.scheme == "registration-id"

    @pytest.mark.parametrize(
        ("piece", "key", "text"),
        [
            ("www.vtb.ao, Website", "website", "www.vtb.ao"),
            ("Male, Gender", "gender", "Male"),
            ("13 Jul 1990, Organization Established Date", "organization_established_date", "13 Jul 1990"),
            ("Subject to Secondary Sanctions, Additional Sanctions Information -",
             "additional_sanctions_information", "Subject to Secondary Sanctions"),
            ("Korea, North, Nationality of Registration", "nationality_of_registration", "Korea, North"),
            ("0443 1226, Chinese Commercial Code", "chinese_commercial_code", "0443 1226"),
            ("Gender, Male", "gender", "Male"),
            ("Secondary sanctions risk:, North Korea Sanctions Regulations, sections 510.201 and 510.210",
             "secondary_sanctions_risk", "North Korea Sanctions Regulations, sections 510.201 and 510.210"),
            ("something else", "other_id", "something else"),
        ],
    )  # fmt: skip
    def test_what_numbers_nobody_is_a_property(self, piece: str, key: str, text: str) -> None:
        read_ = read_ids(piece)
        assert (list(read_.identifiers), read_.properties) == ([], [(key, text)])

    def test_the_dates_of_a_passport_are_kept(self) -> None:
        assert read_ids("JO, 2014-08-30, 2009-08-31, K475336, Passport").properties == [
            ("id_dates", "passport JO:K475336: 2014-08-30, 2009-08-31")
        ]

    def test_a_strong_number_given_to_two_parties_is_not_their_identifier(self, real: Read) -> None:
        assert Identifier("swift", "MOSWRUMM") not in real.named("BANK OF MOSCOW").identifiers

    def test_it_is_kept_as_a_property(self, real: Read) -> None:
        assert ("swift", "MOSWRUMM") in real.named("BANK OF MOSCOW").properties

    def test_it_is_flagged_with_who_else_has_it(self, real: Read) -> None:
        flags = real.flags(Entity, real.named("BANK OF MOSCOW").id)
        assert "identifier: swift MOSWRUMM is also given to ofac-20002" in flags

    def test_a_number_on_two_rows_of_one_party_stays_its_identifier(self, real: Read) -> None:
        assert Identifier("swift", "VTBLAOLU") in real.by_id["ofac-18725"].identifiers


class TestTheOlderLayout:
    def test_rows_of_one_entry_are_one_entity(self, older: Read) -> None:
        assert len(older.entities) == len(older.listings) == 7

    def test_it_has_each_address_and_alias_once(self, older: Read) -> None:
        entity = older.named("Fazal Rahim Farid")
        assert [name.text for name in entity.names] == [
            "Fazal Rahim Farid", "Fazel Rahim Farid", "Farid", "Engineer Idris",
        ]  # fmt: skip
        assert [address.country for address in entity.addresses] == ["af", "af"]

    def test_its_dates_are_read(self, older: Read) -> None:
        (listing,) = older.listed(older.named("Fazal Rahim Farid"))
        assert (listing.list, str(listing.period)) == ("US-BIS-EL", "since 2011-11-21")

    def test_rows_that_differ_in_more_are_entries_of_their_own(self, older: Read) -> None:
        assert sum(entity.name == "Qazi Abdallah" for entity in older.entities) == 3

    def test_control_characters_in_an_alias_are_flagged(self, older: Read) -> None:
        flagged = [s for s in older.statements if "name: lost characters" in s.flags]
        assert {s.about.name for s in flagged if isinstance(s.about, Entity)} == {"Qazi Abdallah"}

    def test_the_military_end_user_list_reads_alike(self, real_data: Path) -> None:
        read_ = load(real_data / "csl_fixtures" / "meu__meu.csv")
        assert {one.list for one in read_.listings} == {"US-BIS-MEU"}


class TestJson:
    ENTRY = {
        "id": "906", "entity_number": "906", "type": "Entity", "name": "HAVIN BANK LIMITED", "source": SDN,
        "programs": ["CUBA"], "alt_names": ["HAVANA INTERNATIONAL BANK, LTD"], "remarks": None, "title": None,
        "addresses": [
            {"address": "4th Floor, 189 Marsh Wall", "city": "London", "state": None,
             "postal_code": "E14 9SH", "country": "GB"},
        ],
        "ids": [
            {"type": "Company Number", "number": "01074897", "country": "GB", "issue_date": None,
             "expiration_date": None},
            {"type": "SWIFT/BIC", "number": "HAVIGB2L", "country": None},
        ],
    }  # fmt: skip

    @pytest.fixture
    def reading(self, tmp_path: Path) -> Reading:
        def made(data: object) -> Read:
            path = tmp_path / "csl.json"
            path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
            return load(path)

        return made

    def test_an_entry_of_the_download(self, reading: Reading) -> None:
        entity = reading({"results": [self.ENTRY]}).by_id["ofac-906"]
        assert entity.addresses == (Address("4th Floor, 189 Marsh Wall, London, E14 9SH, GB", "gb"),)
        assert entity.identifiers == (
            Identifier("ofac", "906"),
            Identifier("gb-coh", "01074897"),
            Identifier("swift", "HAVIGB2L"),
        )

    def test_a_bare_list_reads_alike(self, reading: Reading) -> None:
        assert reading([self.ENTRY]).entities == reading({"results": [self.ENTRY]}).entities

    def test_json_says_the_same_as_the_csv(self, reading: Reading, table: Table) -> None:
        cells = {
            "_id": "906", "entity_number": "906", "type": "Entity", "name": "HAVIN BANK LIMITED",
            "source": SDN, "programs": "CUBA", "alt_names": "HAVANA INTERNATIONAL BANK, LTD",
            "addresses": "4th Floor, 189 Marsh Wall, London, E14 9SH, GB",
            "ids": "GB, 01074897, Company Number; HAVIGB2L, SWIFT/BIC",
        }  # fmt: skip
        assert reading([self.ENTRY]).entities == table(cells).entities

    def test_the_country_some_entries_have_beside_addresses_is_kept(self, reading: Reading) -> None:
        entry = {"id": "2446250b", "source": "Nonproliferation Sanctions (ISN) - State Department",
                 "name": "SPC", "country": "TH"}  # fmt: skip
        assert reading([entry]).entities[0].countries == ("th",)

    def test_what_the_file_says_beyond_the_columns_is_kept(self, reading: Reading) -> None:
        read_ = reading([{**self.ENTRY, "favourite_colour": "blue"}])
        assert ("favourite_colour", "blue") in read_.entities[0].properties

    def test_a_statement_says_which_result_it_is(self, reading: Reading) -> None:
        assert reading([self.ENTRY]).statements[0].record == "csl.json result 1"

    def test_a_result_that_is_no_entry_is_set_aside(self, reading: Reading) -> None:
        assert [one.reason for one in reading([self.ENTRY, None, {}]).aside] == [
            "not an entry",
            "not an entry",
        ]

    def test_an_empty_list_has_no_entries(self, reading: Reading) -> None:
        assert reading({"results": []}).items == []

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ('{"results": [', "not JSON"),
            ('{"message": "Unauthorized"}', "JSON without a list of results"),
            ('[{"lei": "x"}]', "no result has a source"),
        ],
    )
    def test_other_json_is_refused(self, reading: Reading, text: str, problem: str) -> None:
        with pytest.raises(InputError, match=problem):
            reading(text)


class TestFilesThatAreNot:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("name,country\nX,CN\n", "not the header of the list"),
            ("<!DOCTYPE html>\n<p>Sign in</p>\n", "not the header of the list"),
            (",".join(COLUMNS[:-1]) + "\n", "no column 'ids'"),
            ("\n\n", "the file is empty"),
        ],
    )
    def test_another_header_is_refused_with_the_file_and_what_to_do(
        self, tmp_path: Path, text: str, problem: str
    ) -> None:
        path = tmp_path / "wrong.csv"
        path.write_text(text)
        with pytest.raises(InputError, match=rf"wrong\.csv.*{problem}.*trade\.gov"):
            load(path)

    def test_each_fixture_of_another_layout_is_refused(self, real_data: Path) -> None:
        for name in ("isn__isn.csv", "dpl__dpl.txt", "dtc__itar_debarred_parties.csv", "sdn__sdn.xml"):
            with pytest.raises(InputError, match="not a Consolidated Screening List"):
                load(real_data / "csl_fixtures" / name)

    def test_a_row_cut_short_is_named_by_its_line(self, table: Table) -> None:
        with pytest.raises(InputError, match=r"csl\.csv, row 3: 2 cells where the header has 29") as caught:
            table({"source": EL, "name": "X"}, ["a", "b"])
        assert caught.value.row == 3

    def test_and_set_aside_when_the_load_is_to_keep_going(self, table: Table, tmp_path: Path) -> None:
        with pytest.raises(InputError):
            table(["a", "b"], {"source": EL, "name": "X"})
        read_ = read(open_inputs([str(tmp_path / "csl.csv")]))
        tables = build("csl", read_, keep_going=True)
        (aside,) = tables["set_aside"].to_pylist()
        assert (aside["record"], aside["reason"]) == ("csl.csv row 2", "could not be read")
        assert tables["listings"].num_rows == 1

    def test_a_row_with_a_cell_too_many_is_refused(self, table: Table) -> None:
        with pytest.raises(InputError, match="30 cells"):
            table(["x"] * 30)

    def test_lines_inside_cells_are_counted(self, table: Table) -> None:
        with pytest.raises(InputError) as caught:
            table({"source": EL, "name": "X\n\nY"}, ["a", "b"])
        assert caught.value.row == 5

    def test_a_quote_never_closed_is_named_where_it_opens(self, tmp_path: Path) -> None:
        path = tmp_path / "open.csv"
        path.write_text(",".join(COLUMNS) + "\n" + '1,"EL' + ",x\n" * 9)
        with pytest.raises(InputError) as caught:
            load(path)
        assert caught.value.row == 2

    def test_nothing_is_yielded_of_a_file_before_a_wrong_one(self, tmp_path: Path) -> None:
        good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
        good.write_text(",".join(COLUMNS) + "\n" + ",".join(["a" * 40, EL, *["X"] * 27]) + "\n")
        bad.write_text("name\nX\n")
        with pytest.raises(InputError):
            next(read(open_inputs([str(good), str(bad)])))


class TestRowsSetAside:
    def test_the_header_again_in_the_middle(self, table: Table) -> None:
        read_ = table({"source": EL, "name": "X"}, list(COLUMNS), {"source": EL, "name": "Y"})
        assert [(one.record, one.reason) for one in read_.aside] == [("csl.csv line 3", "the header again")]

    def test_the_rows_after_it_are_read(self, table: Table) -> None:
        read_ = table({"source": EL, "name": "X"}, list(COLUMNS), {"source": EL, "name": "Y"})
        assert [entity.name for entity in read_.entities] == ["X", "Y"]

    @pytest.mark.parametrize("blank", [[""] * 29, [" "] * 29, [""], []])
    def test_blank_rows(self, table: Table, blank: list[str]) -> None:
        read_ = table(blank, {"source": EL, "name": "X"})
        assert [one.reason for one in read_.aside] == ["blank row"]


class TestColumns:
    def test_their_order_does_not_matter(self, table: Table) -> None:
        columns = [*reversed(COLUMNS)]
        read_ = table({"source": EL, "name": "X"}, columns=columns)
        assert (read_.entities[0].name, read_.listings[0].list) == ("X", "US-BIS-EL")

    def test_one_more_is_kept_as_a_property(self, table: Table) -> None:
        read_ = table({"source": EL, "name": "X", "new": "y"}, columns=[*COLUMNS, "new"])
        assert read_.entities[0].properties == (("new", "y"),)


def test_the_loader_is_called_csl() -> None:
    assert (LOADER.name, LOADER.read, LOADER.needs_files) == ("csl", read, True)
