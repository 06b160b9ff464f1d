"""The official lists of 2025-11 and 2026-07, read by the mappings that the documentation keeps as examples."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from listed.graph.builder import flags_of
from listed.graph.tables import Tables
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Options
from listed.loaders.table import read_with
from listed.loading import build
from tests.loaders.table_desk import aside, names

MAPPINGS = Path(__file__).resolve().parents[2] / "docs" / "mappings"

Row = dict[str, Any]


@cache
def _read(path: Path, mapping: str) -> Tables:
    options = Options("t", MAPPINGS / f"{mapping}.toml")
    return build("t", read_with(open_inputs([str(path)]), options))


class Lists:
    """The lists, each read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tables(self, name: str) -> Tables:
        if name == "entity_list_trade_gov":
            return _read(self.folder / "entity_list_2025-11" / "entity-list-current.json", name)
        return _read(self.folder / "lists_2026-07" / f"{name}.json", name)

    def listings(self, name: str, entity: str) -> list[Row]:
        return [row for row in self.tables(name)["listings"].to_pylist() if row["entity"] == entity]

    def links(self, name: str, of: str) -> set[tuple[str, str, str, bool | None]]:
        """Return type, source, target and directness of the links of one entity, ends by name."""
        tables = self.tables(name)
        called = {row["id"]: row["name"] for row in tables["entities"].to_pylist()}
        return {
            (row["type"], called[row["source"]], called[row["target"]], row["direct"])
            for row in tables["links"].to_pylist()
            if of in (called[row["source"]], called[row["target"]])
        }


@pytest.fixture(scope="module")
def lists(real_data: Path) -> Lists:
    return Lists(real_data)


SASAC = "State-owned Assets Supervision and Administration Commission of the State Council (SASAC)"
MIIT = "Ministry of Industry and Information Technology (MIIT)"
SASTIND = "State Administration of Science, Technology and Industry for National Defense (SASTIND)"
PLA = "People's Liberation Army (PLA)"


@pytest.mark.parametrize(
    ("name", "listings", "left_aside"),
    [
        ("bis_entity_list", {"US-BIS-EL": 3409 + 33}, 0),
        ("entity_list_trade_gov", {"US-BIS-EL": 3421}, 0),
        ("bis_meu", {"US-BIS-MEU": 70}, 0),
        ("ofac_nscmic", {"US-OFAC-NS-CMIC": 68}, 0),
        ("dhs_uflpa", {"US-DHS-UFLPA": 148}, 0),
        ("state_nonproliferation", {"US-STATE-ISN": 732}, 0),
        ("fcc_covered", {"US-FCC-COVERED": 13}, 1),
        ("dow_1260h", {"US-DOW-1260H": 80 + 108}, 7),
    ],
)
def test_every_row_is_listed_or_told_of(lists: Lists, name: str, listings: dict[str, int], left_aside: int) -> None:
    tables = lists.tables(name)
    assert Counter(tables["listings"]["list"].to_pylist()) == listings
    assert tables["set_aside"].num_rows == left_aside


def test_there_is_a_test_for_every_mapping() -> None:
    told = Path(__file__).read_text(encoding="utf-8")
    assert [path.stem for path in MAPPINGS.glob("*.toml") if f'"{path.stem}"' not in told] == []


class TestSection1260H:
    @pytest.mark.parametrize(
        ("company", "links"),
        [
            (
                "Aerospace CH UAV Co., Ltd.",
                {
                    ("OWNS", SASAC, "Aerospace CH UAV Co., Ltd.", False),
                    ("AFFILIATED_WITH", "Aerospace CH UAV Co., Ltd.", PLA, True),
                },
            ),
            (
                "CloudWalk Technology Co., Ltd.",
                {
                    ("OWNS", SASAC, "CloudWalk Technology Co., Ltd.", False),
                    ("AFFILIATED_WITH", "CloudWalk Technology Co., Ltd.", SASAC, False),
                },
            ),
            (
                "China National Nuclear Corporation",
                {
                    ("OWNS", SASAC, "China National Nuclear Corporation", True),
                    ("CONTROLS", SASAC, "China National Nuclear Corporation", True),
                    ("AFFILIATED_WITH", "China National Nuclear Corporation", PLA, None),
                    ("AFFILIATED_WITH", "China National Nuclear Corporation", SASTIND, None),
                },
            ),
            (
                "Hesai Group",
                {
                    ("AFFILIATED_WITH", "Hesai Group", MIIT, True),
                    ("AFFILIATED_WITH", "Hesai Group", PLA, False),
                    ("AFFILIATED_WITH", "Hesai Group", SASAC, False),
                },
            ),
            (
                "360 Security Technology, Inc.",
                {
                    ("AFFILIATED_WITH", "360 Security Technology, Inc.", MIIT, None),
                    ("AFFILIATED_WITH", "360 Security Technology, Inc.", "Ministry of State Security", None),
                },
            ),
            (
                "Phenix Optical Company Limited",
                {
                    ("CONTROLS", SASAC, "Phenix Optical Company Limited", True),
                    ("OWNS", SASAC, "Phenix Optical Company Limited", False),
                },
            ),
            (
                "BYD Company Limited",
                {
                    ("AFFILIATED_WITH", "BYD Company Limited", SASAC, None),
                    ("AFFILIATED_WITH", "BYD Company Limited", MIIT, False),
                    ("AFFILIATED_WITH", "BYD Company Limited", MIIT, None),
                },
            ),
        ],
    )
    def test_the_notes_say_who_is_behind_a_company(
        self, lists: Lists, company: str, links: set[tuple[str, str, str, bool | None]]
    ) -> None:
        assert lists.links("dow_1260h", company) == links

    def test_each_of_the_44_notes_that_say_owned_is_a_link_and_each_named_subsidiary_too(self, lists: Lists) -> None:
        owners = [row["source"] for row in lists.tables("dow_1260h")["links"].to_pylist() if row["type"] == "OWNS"]
        assert (owners.count("cn-sasac"), len(owners) - owners.count("cn-sasac")) == (44, 108)

    def test_whoever_is_behind_a_company_is_a_body_and_no_piece_of_a_sentence(self, lists: Lists) -> None:
        tables = lists.tables("dow_1260h")
        listed = set(tables["listings"]["entity"].to_pylist())
        assert {row["name"] for row in tables["entities"].to_pylist() if row["id"] not in listed} == {
            SASAC,
            MIIT,
            SASTIND,
            PLA,
            "People's Armed Police (PAP)",
            "Ministry of State Security",
            "Government of the People's Republic of China",
            "Chinese security forces",
            "Chinese law enforcement",
        }

    def test_the_links_are_as_many_as_the_bundled_graph_has_of_the_notice(self, lists: Lists) -> None:
        types = Counter(lists.tables("dow_1260h")["links"]["type"].to_pylist())
        assert types == {"OWNS": 44 + 108, "AFFILIATED_WITH": 109, "CONTROLS": 20, "FUNDS": 8}

    def test_no_share_is_made_up(self, lists: Lists) -> None:
        links = lists.tables("dow_1260h")["links"]
        assert links["share_min"].null_count == links.num_rows

    def test_subsidiaries_are_split_at_the_right_commas_and_listed_with_their_parent(self, lists: Lists) -> None:
        subsidiaries = {
            target for type_, source, target, _ in lists.links("dow_1260h", "BGI Group") if type_ == "OWNS" and source
        }
        assert subsidiaries == {
            "BGI Americas Corporation",
            "BGI Genomics Co., Ltd.",
            "Complete Genomics, Inc.",
            "Forensic Genomics International",
            "GBI Diagnostics, Inc.",
            "Innomics, Inc.",
            "STomics Americas, Ltd.",
        }
        (listing,) = lists.listings("dow_1260h", "t:complete genomics inc")
        assert (listing["start_date"], listing["citation"]) == ("2026-06-10", "91 FR 35189")

    def test_no_subsidiary_is_but_a_legal_form_or_a_half_name(self, lists: Lists) -> None:
        called = [row["name"] for row in lists.tables("dow_1260h")["entities"].to_pylist()]
        assert [name for name in called if re.fullmatch(r"(Inc|Ltd|LLC|Americas|Co)\.?", name)] == []
        assert [name for name in called if name.count("(") != name.count(")")] == []

    def test_a_former_name_of_a_subsidiary_is_kept(self, lists: Lists) -> None:
        assert names(lists.tables("dow_1260h"), "t:avic chengdu aircraft co ltd") == [
            ("AVIC Chengdu Aircraft Co., Ltd.", "primary"),
            ("Zhonghang Electronic Measuring Instruments Company Limited", "previous"),
            ("ZEMIC", "previous"),
        ]

    def test_cut_notes_are_flagged_and_names_at_the_cut_set_aside(self, lists: Lists) -> None:
        tables = lists.tables("dow_1260h")
        flagged = [row for row in tables["entities"]["flags"].to_pylist() if "notes: cut off in the source" in row]
        assert len(flagged) == 30
        assert {reason for _, reason in aside(tables)} == {"a name cut off in the source"}
        assert [record.rsplit(" ")[-1] for record, _ in aside(tables)] == ["7", "20", "43", "49", "51", "52", "53"]

    def test_state_bodies_are_those_of_the_bundled_graph(self, lists: Lists) -> None:
        ids = set(lists.tables("dow_1260h")["entities"]["id"].to_pylist())
        assert {"cn-sasac", "cn-miit", "cn-sastind", "cn-pla", "cn-pap", "cn-mss", "cn-government"} <= ids


class TestEntityListOf2026:
    def test_dates_of_two_digit_years_and_the_first_notice(self, lists: Lists) -> None:
        (listing,) = lists.listings("bis_entity_list", "t:avcom technique|russia")
        assert (listing["start_date"], listing["citation"]) == ("2022-06-30", "87 FR 38925")

    def test_years_of_the_last_century(self, lists: Lists) -> None:
        first, second = lists.listings("bis_entity_list", "t:peoples steel mills|pakistan")
        assert (first["start_date"], second["start_date"]) == ("1998-11-19", "1998-11-19")
        assert first["citation"] == "63 FR 64322; 65 FR 14444; 66 FR 50090; 77 FR 58006"

    def test_only_the_two_notices_without_a_date_have_none(self, lists: Lists) -> None:
        dates = lists.tables("bis_entity_list")["listings"]["start_date"].to_pylist()
        assert (dates.count(None), min(filter(None, dates))[:2]) == (2, "19")

    @pytest.mark.parametrize(
        "entity",
        ["t:wong yung fai|china", "t:peoples steel mills|pakistan", "t:zurmat general trading|united arab emirates"],
    )
    def test_one_name_twice_in_a_country_is_one_party_with_two_listings(self, lists: Lists, entity: str) -> None:
        assert len(lists.listings("bis_entity_list", entity)) == 2

    def test_one_name_in_two_countries_is_not(self, lists: Lists) -> None:
        for country in ("afghanistan", "pakistan"):
            assert len(lists.listings("bis_entity_list", f"t:abdul satar ghoura|{country}")) == 1

    def test_footnote_digits_are_taken_off_the_licence_requirement(self, lists: Lists) -> None:
        rows = lists.tables("bis_entity_list")["listings"].to_pylist()
        assert [row for row in rows if re.search(r"EAR\)?\.?\s*\d\.?$", row["licence_requirement"])] == []
        assert Counter(row["remarks"] for row in rows if row["remarks"])["footnote 4"] == 96

    def test_every_country_is_known(self, lists: Lists) -> None:
        tables = lists.tables("bis_entity_list")
        listed = set(tables["listings"]["entity"].to_pylist())
        assert [
            row["id"] for row in tables["entities"].to_pylist() if row["id"] in listed and not row["countries"]
        ] == []

    def test_addresses_glued_to_aliases_are_flagged(self, lists: Lists) -> None:
        flags = [flag for row in lists.tables("bis_entity_list")["entities"]["flags"].to_pylist() for flag in row]
        assert sum("Canada; and 5440 Queen Mart St" in flag for flag in flags) == 1
        assert 60 < len([flag for flag in flags if flag.startswith("aliases: doubtful")]) < 80


class TestPartiesInAnAddressCell:
    """Affiliates of Huawei and CETC stand in the address of the entry before them: 84 FR 22961, 83 FR 37423."""

    def affiliates(self, lists: Lists, of: str) -> set[str]:
        links = lists.links("bis_entity_list", of)
        return {source for type_, source, target, _ in links if type_ == "AFFILIATED_WITH" and target == of}

    def test_each_affiliate_of_huawei_is_a_party_of_its_own(self, lists: Lists) -> None:
        assert self.affiliates(lists, "Huawei Technologies Co., Ltd.") == {
            "Beijing Huawei Longshine",
            "Hangzhou Huawei Communication Technology Co., Ltd.",
            "Hangzhou Huawei Enterprises",
            "Hangzhou New Longshine Information Technology Co., Ltd.",
            "Huawei Digital Technologies (Suzhou) Co., Ltd.",
            "Huawei Marine",
            "Huawei Mobile Technology Ltd.",
            "Huawei Tech. Investment Co.",
            "Huawei Technologies Co., Ltd. Beijing Research Institute",
            "Huawei Technologies Co., Ltd. Material Characterization Lab",
            "Huawei Technologies Co., Ltd. Xi'an Research Institute",
            "Huawei Technology Co., Ltd. Chengdu Research Institute",
            "Huawei Technology Co., Ltd. Hangzhou Research Institute",
            "Huawei Terminal (Shenzhen) Co., Ltd.",
            "Nanchang Huawei Communication Technology",
            "Ningbo Huawei Computer & Net Co., Ltd.",
            "Shanghai Huawei Technologies Co., Ltd.",
            "Shenzhen Huawei Agisson Electric Co., Ltd.",
            "Shenzhen Huawei New Technology Co., Ltd.",
            "Shenzhen Huawei Technologies Software",
            "Shenzhen Huawei Technology Service",
            "Zhejiang Huawei Communications Technology Co., Ltd.",
        }

    def test_so_are_the_institutions_of_cetc(self, lists: Lists) -> None:
        fourteenth = "China Electronics Technology Group Corporation 14th Research Institute (CETC 14)"
        assert self.affiliates(lists, fourteenth) == {
            "Nanjing SunSea Industry Corporation",
            "Nanjing Institute of Radio Technology",
        }

    def test_each_is_listed_by_the_notice_of_its_head_and_flagged(self, lists: Lists) -> None:
        (listing,) = lists.listings("bis_entity_list", "t:huawei mobile technology ltd")
        assert (listing["citation"], listing["start_date"]) == ("84 FR 22963", "2019-05-21")
        assert listing["flags"] == ["address: read as a listed party of its own"]

    def test_an_affiliate_has_its_own_address_and_its_own_aliases(self, lists: Lists) -> None:
        tables = lists.tables("bis_entity_list")
        marine = "t:huawei marine"
        assert [name for name, _ in names(tables, marine)] == [
            "Huawei Marine",
            "HMN Technologies",
            "Huahai Zhihui Technology Co., Ltd.",
            "HMN Tech",
        ]
        at = [row["text"] for row in tables["addresses"].to_pylist() if row["entity"] == marine]
        assert at[0].startswith("Building R4, No. 2 City Avenue")

    def test_the_head_keeps_its_own_addresses_alone_and_the_cell_as_it_was(self, lists: Lists) -> None:
        tables = lists.tables("bis_entity_list")
        huawei = "t:huawei technologies co ltd|china"
        at = [row["text"] for row in tables["addresses"].to_pylist() if row["entity"] == huawei]
        assert (at[0], at[-1]) == (
            "Bantian Huawei Base, Longgang District, Shenzhen, 518129, China",
            "Tsim Sha Tsui, Kowloon, Hong Kong",
        )
        (told,) = [row["properties"] for row in tables["entities"].to_pylist() if row["id"] == huawei]
        assert "address_as_listed" in told

    def test_what_may_have_no_entry_of_its_own_is_named_but_not_listed(self, lists: Lists) -> None:
        assert lists.listings("bis_entity_list", "t:beijing laiyin company ltd") == []
        (name,) = self.affiliates_of_cetc_11(lists)
        assert name == "Beijing Laiyin Company Ltd"

    def affiliates_of_cetc_11(self, lists: Lists) -> set[str]:
        return self.affiliates(lists, "China Electronic Technology Group Corporation No. 11 Research Institute")


class TestEntityListOf2025:
    def test_the_country_stands_at_the_end_of_the_addresses(self, lists: Lists) -> None:
        countries = lists.tables("entity_list_trade_gov")["entities"]["countries"].to_pylist()
        assert 1095 < sum("cn" in row for row in countries) < 1200
        assert "country" not in flags_of(lists.tables("entity_list_trade_gov"))

    def test_various_is_no_date_and_flagged(self, lists: Lists) -> None:
        assert flags_of(lists.tables("entity_list_trade_gov"))["start_date"] == 154

    def test_no_alias_is_but_a_legal_form(self, lists: Lists) -> None:
        aliases = lists.tables("entity_list_trade_gov")["names"]["text"].to_pylist()
        assert [name for name in aliases if re.match(r"(Ltd|Inc|LLC|Limited|JSC)\b\.?$", name)] == []

    def test_aliases_torn_apart_are_whole_again(self, lists: Lists) -> None:
        tables = lists.tables("entity_list_trade_gov")
        (sensetime,) = [
            row["id"]
            for row in tables["entities"].to_pylist()
            if row["name"].startswith("Beijing Sensetime Technology")
        ]
        told = [name for name, _ in names(tables, sensetime)]
        assert "Beijing Shangtang Technology Development Co., Ltd." in told
        assert "Sense Time" in told

    def test_what_may_be_one_name_or_two_is_flagged(self, lists: Lists) -> None:
        flags = [flag for row in lists.tables("entity_list_trade_gov")["entities"]["flags"].to_pylist() for flag in row]
        assert "alternateNames: one name or two? Sichuan University | Suzhou Research Institute" in flags

    def test_what_a_name_says_its_party_belongs_to_is_a_link(self, lists: Lists) -> None:
        links = lists.tables("entity_list_trade_gov")["links"].to_pylist()
        assert Counter(row["type"] for row in links) == {"AFFILIATED_WITH": 71}


class TestTheOthers:
    def test_a_party_under_several_sanctions_has_a_listing_for_each_with_its_dates(self, lists: Lists) -> None:
        first, second = lists.listings("state_nonproliferation", "t:wha cheong tai co ltd|china")
        assert (first["start_date"], first["end_date"]) == ("2002-07-09", "2006-12-27")
        assert second["programs"] == ["Iran-Iraq Arms Nonpro Act of 1992"]

    def test_an_active_sanction_has_no_end(self, lists: Lists) -> None:
        rows = lists.tables("state_nonproliferation")["listings"].to_pylist()
        assert [row for row in rows if row["remarks"] == "Active" and row["end_date"]] == []

    def test_years_cut_short_are_flagged(self, lists: Lists) -> None:
        flags = [
            flag for row in lists.tables("state_nonproliferation")["listings"]["flags"].to_pylist() for flag in row
        ]
        assert Counter(flags)["start_date: 12/11/201: not a date"] == 5

    def test_the_cmic_list_starts_at_its_listing_date_and_has_credit_codes(self, lists: Lists) -> None:
        tables = lists.tables("ofac_nscmic")
        (dji,) = lists.listings("ofac_nscmic", "t:sz dji technology co ltd")
        assert dji["start_date"] == "2021-12-16"
        assert ("t:sz dji technology co ltd", "uscc", "914403007954257495") in {
            (row["entity"], row["scheme"], row["value"]) for row in tables["identifiers"].to_pylist()
        }

    def test_linked_to_finds_the_row_that_has_the_name(self, lists: Lists) -> None:
        huawei = lists.links("ofac_nscmic", "Huawei Investment & Holding Co., Ltd.")
        assert ("LINKED_TO", "Proven Glory Capital Limited", "Huawei Investment & Holding Co., Ltd.", None) in huawei

    def test_a_listing_of_subsidiaries_is_a_scope(self, lists: Lists) -> None:
        told = [row["properties"] for row in lists.tables("dhs_uflpa")["entities"].to_pylist() if row["properties"]]
        assert sum('["scope", "and Subsidiaries"]' in one for one in told) >= 1

    def test_kinds_of_device_are_no_parties_and_a_subsidiary_is_told_once(self, lists: Lists) -> None:
        assert (
            "Routers produced in a foreign country" not in lists.tables("fcc_covered")["entities"]["name"].to_pylist()
        )
        assert lists.links("fcc_covered", "ComNet (USA) LLC") == {
            ("OWNS", "Pacific Networks Corp.", "ComNet (USA) LLC", None)
        }

    def test_subordinate_institutions(self, lists: Lists) -> None:
        assert lists.tables("bis_meu")["links"].num_rows == 15


def test_the_same_name_in_two_lists_is_never_one_party(real_data: Path) -> None:
    ids = []
    for name in ("dow_1260h", "ofac_nscmic"):
        options = Options(f"table-{name}", MAPPINGS / f"{name}.toml")
        tables = build("t", read_with(open_inputs([str(real_data / "lists_2026-07" / f"{name}.json")]), options))
        ids.append(set(tables["entities"]["id"].to_pylist()))
    assert ids[0] & ids[1] == set()
