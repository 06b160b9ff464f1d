"""FollowTheMoney and OpenSanctions: what each kind of object becomes, and each quirk of the real files."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.graph.builder import UNNAMED, flags_of, reasons_of
from listed.graph.snapshot import Graph
from listed.graph.tables import Tables
from listed.graph.vocabulary import LISTS, STRONG_SCHEMES, LinkType
from listed.loaders.ftm import LOADER, read, reader
from listed.loaders.ftm.entities import country_of
from listed.loaders.ftm.identifiers import guessed, identifier, is_inn, is_isin, is_lei, is_ogrn, is_uscc, ship_number
from listed.loaders.ftm.simple import values
from listed.loaders.ftm.values import amount_of, date_of, share_of
from listed.loaders.ftm.vocabulary import lists_of, references, schemata
from listed.loaders.inputs import open_inputs
from listed.loading import build, graph_of

ZALA, ZAKHAROV, KALASHNIKOV = "NK-abdzbEBkqyT29GyREbiURZ", "NK-aU5ybkbRFJucf8YMwsJvDw", "NK-nR5AXM9AVPq4pQaSPSaVam"

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)

Object = dict[str, Any]
Loading = Callable[..., Tables]


def load(*paths: Path) -> Tables:
    return build("ftm", read(open_inputs([str(path) for path in paths])))


def rows(table: Any, **wanted: object) -> list[Object]:
    """Return the rows of a table whose columns have these values."""
    return [row for row in table.to_pylist() if all(row[key] == value for key, value in wanted.items())]


def one(table: Any, **wanted: object) -> Object:
    found = rows(table, **wanted)
    assert len(found) == 1, f"{len(found)} rows with {wanted}"
    return found[0]


def properties(tables: Tables, id_: str) -> list[tuple[str, str]]:
    return [(key, text) for key, text in json.loads(one(tables["entities"], id=id_)["properties"] or "[]")]


def thing(id_: str, schema: str = "Company", **said: object) -> Object:
    listed = {key: value if isinstance(value, list) else [value] for key, value in said.items()}
    return {"id": id_, "schema": schema, "properties": listed, "datasets": ["us_ofac_sdn"]}


def stake(owner: object, asset: object, id_: str = "s1", **said: object) -> Object:
    return thing(id_, "Ownership", owner=owner, asset=asset, **said)


A, B, P = thing("a", name="A Ltd"), thing("b", name="B Ltd"), thing("p", "Person", name="Ann")


@pytest.fixture
def objects(tmp_path: Path) -> Loading:
    """Write objects, one per line, and load them."""

    def loaded(*given: Object | str, name: str = "entities.ftm.json") -> Tables:
        lines = (one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in given)
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return load(path)

    return loaded


@pytest.fixture(scope="module")
def zala(real_data: Path) -> Tables:
    return load(real_data / "ftm" / "yente_zala.ftm.json")


@pytest.fixture(scope="module")
def zala_graph(real_data: Path) -> Graph:
    return graph_of({"ftm": read(open_inputs([str(real_data / "ftm" / "yente_zala.ftm.json")]))})


@pytest.fixture(scope="module")
def saudi(real_data: Path) -> Tables:
    """Made by hand: texts where lists should be, objects in objects, countries in words."""
    return load(real_data / "ftm" / "sa_wiki_peps_v2_entities.ftm.json")


@pytest.fixture(scope="module")
def delta(real_data: Path) -> Tables:
    return load(real_data / "ftm" / "yente_entities.delta.json")


@pytest.fixture(scope="module")
def interpol(real_data: Path) -> Tables:
    return load(real_data / "opensanctions" / "targets.simple_interpol_2025.csv")


@pytest.fixture(scope="module")
def ukraine(real_data: Path) -> Tables:
    return load(real_data / "opensanctions" / "targets.simple_ua_war_sanctions_2026.csv")


class TestZala:
    def test_six_persons_and_eleven_companies(self, zala: Tables) -> None:
        assert Counter(row["schema"] for row in rows(zala["entities"])) == {"Person": 6, "Company": 11}

    def test_every_edge_is_a_link(self, zala: Tables) -> None:
        kinds = Counter(row["type"] for row in rows(zala["links"]))
        assert kinds == {"OWNS": 14, "OFFICER_OF": 3, "RELATED_TO": 4}

    def test_every_sanction_is_a_listing(self, zala: Tables) -> None:
        assert zala["listings"].num_rows == 41

    def test_the_entity_list_is_told_by_its_programme(self, zala: Tables) -> None:
        listing = one(zala["listings"], list="US-BIS-EL")
        assert (listing["entity"], listing["start_date"], listing["citation"]) == (ZALA, "2023-11-02", "88 FR 76128")

    def test_the_entity_list_keeps_its_licence_terms(self, zala: Tables) -> None:
        listing = one(zala["listings"], list="US-BIS-EL")
        assert listing["licence_requirement"].startswith("For all items subject to the EAR")
        assert listing["licence_policy"].startswith("Policy of denial")

    def test_the_sdn_list_is_told_by_its_dataset(self, zala: Tables) -> None:
        assert {row["entity"] for row in rows(zala["listings"], list="US-OFAC-SDN")} == {ZALA, ZAKHAROV}

    def test_an_american_office_named_by_another_dataset_is_no_listing_of_its(self, zala: Tables) -> None:
        assert len(rows(zala["listings"], list="US-SAM-EXCLUSIONS")) == 5

    @pytest.mark.parametrize(("day", "share"), [("2021-01-01", 50), ("2023-06-01", 48), ("2025-01-01", 51)])
    def test_revisions_of_one_stake_are_not_added(self, zala_graph: Graph, day: str, share: int) -> None:
        from listed.queries import owners

        answer = owners(zala_graph, ZALA, as_of=date.fromisoformat(day))
        his = [row for row in answer.rows if row.owner == ZAKHAROV]
        assert [(row.share_min, row.share_max) for row in his] == [(Decimal(share), Decimal(share))]

    def test_a_claim_without_a_share_adds_none(self, zala_graph: Graph) -> None:
        from listed.queries import owners

        answer = owners(zala_graph, ZALA, as_of=date(2025, 1, 1))
        assert [row.share_min for row in answer.rows if row.owner == KALASHNIKOV] == [49]

    def test_a_number_of_shares_is_no_share(self, zala: Tables) -> None:
        link = one(zala["links"], target="NK-56Edov9bas9puzaChH5pBy")
        assert (link["share_min"], link["note"]) == (None, "8500 shares")

    def test_a_link_tells_its_line_and_its_own_id(self, zala: Tables) -> None:
        record = one(zala["links"], share_text="48")["record"]
        assert record.endswith("ru-7f202fd87a7ec03404a36667672156628713531c")
        assert record.startswith("yente_zala.ftm.json line ")

    def test_a_stake_cites_the_register_it_is_from(self, zala: Tables) -> None:
        assert one(zala["links"], share_text="48")["sources"] == ["ftm:ext_ru_egrul"]

    def test_a_passport_without_a_number_is_set_aside(self, zala: Tables) -> None:
        assert reasons_of(zala["set_aside"])["a paper without a number (Passport)"] == 1

    def test_the_caption_is_the_name_shown(self, zala: Tables) -> None:
        assert one(zala["entities"], id=ZALA)["name"] == "LLC CST"

    def test_of_several_numbers_of_ofac_none_makes_parties_one(self, zala: Tables) -> None:
        numbers = Counter(row["entity"] for row in rows(zala["identifiers"], scheme="ofac"))
        assert max(numbers.values()) == 1

    def test_no_strong_scheme_is_made_up(self, zala: Tables) -> None:
        assert {row["scheme"] for row in rows(zala["identifiers"])} & STRONG_SCHEMES <= {"ogrn", "ofac"}


class TestEntities:
    def test_names_have_their_kinds(self, objects: Loading) -> None:
        tables = objects(
            thing("a", name=["Huawei", "华为"], alias="HW", weakAlias="H", previousName="Old", abbreviation="HWT")
        )
        kinds = {row["text"]: row["kind"] for row in rows(tables["names"])}
        assert kinds == {
            "Huawei": "primary",
            "华为": "alias",
            "HW": "alias",
            "H": "weak",
            "Old": "previous",
            "HWT": "weak",
        }

    def test_a_name_told_twice_keeps_its_most_telling_kind(self, objects: Loading) -> None:
        tables = objects(thing("a", weakAlias="Acme", name="Acme"))
        assert [(row["text"], row["kind"]) for row in rows(tables["names"])] == [("Acme", "primary")]

    def test_the_caption_chooses_among_the_names(self, objects: Loading) -> None:
        tables = objects({**thing("a", name=["First", "Second"]), "caption": "Second"})
        assert one(tables["entities"])["name"] == "Second"

    def test_without_name_or_caption_it_is_shown_by_its_id(self, objects: Loading) -> None:
        entity = one(objects({**thing("a", registrationNumber="12345"), "caption": "12345"})["entities"])
        assert (entity["name"], entity["flags"]) == ("a", [UNNAMED])

    def test_a_caption_alone_is_a_name_and_flagged(self, objects: Loading) -> None:
        entity = one(objects({**thing("a"), "caption": "Acme"})["entities"])
        assert (entity["name"], entity["flags"]) == ("Acme", ["name: told by the caption alone"])

    def test_a_persons_name_is_made_of_its_parts_and_flagged(self, objects: Loading) -> None:
        entity = one(objects(thing("p", "Person", firstName="Ann", lastName="Lee"))["entities"])
        assert (entity["name"], entity["flags"]) == ("Ann Lee", ["name: made of its parts"])

    def test_what_is_not_mapped_is_kept(self, objects: Loading) -> None:
        tables = objects(
            thing("a", name="A", incorporationDate="2001", sourceUrl=["u1", "u2"], notes='with "quotes"\n')
        )
        assert properties(tables, "a") == [
            ("incorporationDate", "2001"), ("sourceUrl", "u1"), ("sourceUrl", "u2"), ("notes", 'with "quotes"\n'),
        ]  # fmt: skip

    def test_a_nationality_is_a_country_and_stays_a_nationality(self, objects: Loading) -> None:
        tables = objects(thing("p", "Person", name="Ann", nationality="RU", country="cn"))
        assert one(tables["entities"])["countries"] == ["cn", "ru"]
        assert properties(tables, "p") == [("nationality", "RU")]

    def test_a_state_that_is_no_more_is_no_country_and_flagged(self, objects: Loading) -> None:
        tables = objects(thing("a", name="A", country=["suhh", "ru"]))
        entity = one(tables["entities"])
        assert (entity["countries"], entity["flags"]) == (["ru"], ["country: suhh: no ISO code"])
        assert properties(tables, "a") == [("country", "suhh")]

    def test_topics_are_kept(self, objects: Loading) -> None:
        assert one(objects(thing("a", name="A", topics=["sanction", "corp.public"]))["entities"])["topics"] == [
            "sanction",
            "corp.public",
        ]

    def test_a_schema_we_do_not_know_is_kept_and_flagged(self, objects: Loading) -> None:
        entity = one(objects(thing("a", "Spaceship", name="A"))["entities"])
        assert (entity["schema"], entity["flags"]) == ("Spaceship", ["schema: Spaceship is not one we know"])

    def test_an_address_of_its_own_goes_to_those_who_have_it_wherever_it_stands(self, objects: Loading) -> None:
        place = thing("addr-1", "Address", full="1 High Street", country="gb")
        tables = objects(
            thing("a", name="A", addressEntity="addr-1"), place, thing("b", name="B", addressEntity="addr-1")
        )
        assert {(row["entity"], row["text"], row["country"]) for row in rows(tables["addresses"])} == {
            ("a", "1 High Street", "gb"), ("b", "1 High Street", "gb"),
        }  # fmt: skip

    def test_an_address_nobody_has_is_set_aside(self, objects: Loading) -> None:
        tables = objects(A, thing("addr-1", "Address", full="1 High Street"))
        assert reasons_of(tables["set_aside"]) == {"an address that no entity of the file has": 1}

    def test_an_address_can_be_listed_itself(self, objects: Loading) -> None:
        tables = objects(thing("addr-1", "Address", full="1 High Street"), thing("x", "Sanction", entity="addr-1"))
        assert one(tables["entities"], id="addr-1")["name"] == "1 High Street"

    def test_a_passport_is_an_identifier_of_its_holder(self, objects: Loading) -> None:
        tables = objects(P, thing("x", "Passport", holder="p", number="B 428", country="id"))
        assert one(tables["identifiers"], scheme="passport")["value"] == "ID:B 428"

    def test_the_owner_of_a_ship_owns_it(self, objects: Loading) -> None:
        tables = objects(A, thing("v", "Vessel", name="Ship", owner="a"))
        assert [(row["source"], row["target"]) for row in rows(tables["links"], type="OWNS")] == [("a", "v")]

    def test_a_property_that_looks_like_an_edge_on_the_wrong_schema_is_kept(self, objects: Loading) -> None:
        tables = objects(thing("p", "Person", name="Ann", parent="Bob Lee"))
        assert (tables["links"].num_rows, properties(tables, "p")) == (0, [("parent", "Bob Lee")])


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("key", "value", "scheme", "kept"),
        [
            ("leiCode", "529900GRZ2BQY5ZM9N49", "lei", "529900GRZ2BQY5ZM9N49"),
            ("leiCode", "529900GRZ2BQY5ZM9N48", "lei-unchecked", "529900GRZ2BQY5ZM9N48"),
            ("wikidataId", "Q160120", "wikidata", "Q160120"),
            ("uscCode", "91330000733796106P", "uscc", "91330000733796106P"),
            ("ogrnCode", "1021801671462", "ogrn", "1021801671462"),
            ("ogrnCode", "1021801671463", "ogrn-unchecked", "1021801671463"),
            ("innCode", "183116181362", "inn", "183116181362"),
            ("swiftBic", "SABRRUMM", "swift", "SABRRUMM"),
            ("dunsCode", "12-345-6789", "duns", "123456789"),
            ("registrationNumber", "808000714", "registration-number", "BY:808000714"),
            ("imoNumber", "IMO6495856", "imo-company", "6495856"),
        ],
    )
    def test_a_scheme_takes_what_has_its_form(
        self, objects: Loading, key: str, value: str, scheme: str, kept: str
    ) -> None:
        found = rows(objects(thing("a", name="A", country="by", **{key: value}))["identifiers"])
        assert [(row["scheme"], row["value"]) for row in found] == [(scheme, kept)]

    def test_a_security_has_its_isin(self, objects: Loading) -> None:
        assert one(objects(thing("s", "Security", isin="US0378331005"))["identifiers"])["scheme"] == "isin"

    def test_a_ship_has_its_number(self) -> None:
        assert identifier("imo", "IMO9253325", "Vessel", "") == ("imo", "9253325")

    def test_a_companys_number_is_never_a_ships(self) -> None:
        assert identifier("imo", "IMO9253325", "Company", "") == ("imo-company", "9253325")

    def test_a_british_registration_number_is_companies_houses(self) -> None:
        assert identifier("registration-number", "SC123456", "Company", "gb") == ("gb-coh", "SC123456")

    def test_of_two_countries_neither_is_the_registers(self, objects: Loading) -> None:
        tables = objects(thing("a", name="A", country=["gb", "ru"], registrationNumber="12345678"))
        assert one(tables["identifiers"])["value"] == "12345678"

    def test_the_jurisdiction_is_the_registers(self, objects: Loading) -> None:
        tables = objects(thing("a", name="A", country="ru", jurisdiction="gb", registrationNumber="12345678"))
        assert one(tables["identifiers"])["scheme"] == "gb-coh"

    def test_a_number_of_ofac_merged_into_it_is_its_own(self, objects: Loading) -> None:
        tables = objects({**A, "referents": ["ofac-123", "ru-inn-5"]})
        assert [(row["scheme"], row["value"]) for row in rows(tables["identifiers"])] == [("ofac", "123")]
        assert properties(tables, "a") == [("referent", "ofac-123"), ("referent", "ru-inn-5")]

    def test_check_digits(self) -> None:
        assert is_isin("US0378331005")
        assert not is_isin("US0378331006")
        assert is_inn("7714027882")
        assert not is_inn("7714027883")
        assert not is_uscc("91330000733796106Q")
        assert ship_number("9253326") == ""

    @given(st.text(max_size=24))
    def test_no_text_breaks_a_check(self, text: str) -> None:
        assert not any(check(text + "x") for check in (is_lei, is_isin, is_ogrn, is_inn))


class TestEdges:
    @pytest.mark.parametrize(
        ("schema", "ends", "type_", "link"),
        [
            ("Ownership", ("owner", "asset"), "OWNS", ("a", "b")),
            ("Control", ("controller", "controlled"), "CONTROLS", ("a", "b")),
            ("Directorship", ("director", "organization"), "OFFICER_OF", ("a", "b")),
            ("Membership", ("member", "organization"), "AFFILIATED_WITH", ("a", "b")),
            ("Employment", ("employee", "employer"), "AFFILIATED_WITH", ("a", "b")),
            ("Associate", ("person", "associate"), "RELATED_TO", ("a", "b")),
            ("Family", ("person", "relative"), "RELATED_TO", ("a", "b")),
            ("UnknownLink", ("subject", "object"), "LINKED_TO", ("a", "b")),
            ("Succession", ("predecessor", "successor"), "SUCCEEDS", ("b", "a")),
            ("Representation", ("agent", "client"), "LINKED_TO", ("a", "b")),
            ("Payment", ("payer", "beneficiary"), "LINKED_TO", ("a", "b")),
        ],
    )
    def test_a_schema_is_a_type_of_link(
        self, objects: Loading, schema: str, ends: tuple[str, str], type_: str, link: tuple[str, str]
    ) -> None:
        tables = objects(A, B, thing("x", schema, **dict(zip(ends, ("a", "b"), strict=True))))
        found = one(tables["links"])
        assert (found["type"], found["source"], found["target"]) == (type_, *link)

    def test_every_edge_of_the_vocabulary_names_a_type_and_two_ends(self) -> None:
        types = {type_.value for type_ in LinkType}
        edges = [schema for schema in schemata().values() if schema.kind == "edge"]
        assert all(schema.type in types and schema.source and schema.target for schema in edges)
        assert all(reference.type in types for reference in references().values())

    def test_each_owner_and_asset_is_a_link_of_its_own_and_flagged(self, objects: Loading) -> None:
        tables = objects(A, B, P, thing("c", name="C"), stake(["a", "p"], ["b", "c"], percentage="30"))
        assert {(row["source"], row["target"]) for row in rows(tables["links"])} == {
            ("a", "b"), ("a", "c"), ("p", "b"), ("p", "c"),
        }  # fmt: skip
        assert flags_of(tables)["owner"] == 4

    @pytest.mark.parametrize("said", ["1", "1.00", "0.5", "0,51"])
    def test_a_bare_number_up_to_one_could_be_a_fraction_and_is_unknown(self, objects: Loading, said: str) -> None:
        link = one(objects(A, B, stake("a", "b", percentage=said))["links"])
        assert (link["share_min"], link["share_text"], link["basis"]) == (None, said, "shares")
        assert link["flags"] == [f"share: {said}: a fraction or a percentage?"]

    @pytest.mark.parametrize(("said", "share"), [("1", 1), ("0.5", Decimal("0.5"))])
    def test_it_is_a_percentage_where_its_dataset_counts_in_percent(
        self, objects: Loading, said: str, share: Decimal
    ) -> None:
        other = stake("p", "b", "s2", percentage="49")
        link = one(objects(A, B, P, stake("a", "b", percentage=said), other)["links"], source="a")
        assert (link["share_min"], link["share_max"], link["basis"], link["flags"]) == (share, share, "shares", [])

    def test_that_another_dataset_counts_in_percent_says_nothing(self, objects: Loading) -> None:
        other = stake("p", "b", "s2", percentage="49") | {"datasets": ["ext_ru_egrul"]}
        link = one(objects(A, B, P, stake("a", "b", percentage="0.5"), other)["links"], source="a")
        assert link["share_min"] is None

    @pytest.mark.parametrize("said", ["0.5%", "0", "1.5", "100", "25-50"])
    def test_any_other_is_no_question(self, objects: Loading, said: str) -> None:
        link = one(objects(A, B, stake("a", "b", percentage=said))["links"])
        assert (link["share_min"] is not None, link["flags"]) == (True, [])

    def test_the_joint_stake_of_several_owners_is_the_range_up_to_it(self, objects: Loading) -> None:
        tables = objects(A, B, P, stake(["a", "p"], "b", percentage="1"), stake("a", "b", "s2", percentage="49"))
        (first, _) = (row for row in rows(tables["links"]) if row["share_text"] == "1")
        assert (first["share_min"], first["share_max"]) == (0, 1)

    @pytest.mark.parametrize("name", ["Employees", "Public", "other shareholders", "Natural persons"])
    def test_owners_without_a_name_are_one_placeholder_for_each_asset(self, objects: Loading, name: str) -> None:
        nobody = thing("x", "LegalEntity", name=name)
        tables = objects(A, B, nobody, stake("x", "a", percentage="20"), stake("x", "b", "s2", percentage="30"))
        assert {(row["source"], row["target"]) for row in rows(tables["links"])} == {("x@a", "a"), ("x@b", "b")}
        for id_ in ("x", "x@a", "x@b"):
            told = one(tables["entities"], id=id_)
            assert (told["name"], told["placeholder"]) == (name, True)
            assert told["flags"] == ["name: stands for owners that are not named"]

    def test_with_one_asset_it_keeps_its_id(self, objects: Loading) -> None:
        tables = objects(A, thing("x", "LegalEntity", name="Employees"), stake("x", "a"))
        assert (one(tables["links"])["source"], one(tables["entities"], id="x")["placeholder"]) == ("x", True)

    @pytest.mark.parametrize(
        "firm",
        [
            thing("x", name="Public", registrationNumber="123456"),
            thing("x", name="Public Investment Fund"),
            thing("x", "Vessel", name="Investor"),
        ],
    )
    def test_a_firm_of_such_a_name_is_no_placeholder(self, objects: Loading, firm: Object) -> None:
        tables = objects(A, B, firm, stake("x", "a"), stake("x", "b", "s2"))
        assert {row["source"] for row in rows(tables["links"])} == {"x"}
        assert not one(tables["entities"], id="x")["placeholder"]

    def test_several_percentages_are_the_range_that_holds_them_and_flagged(self, objects: Loading) -> None:
        link = one(objects(A, B, stake("a", "b", percentage=["50", "48"]))["links"])
        assert (link["share_min"], link["share_max"], len(link["flags"])) == (48, 50, 1)

    def test_a_percentage_that_is_none_is_unknown_and_flagged(self, objects: Loading) -> None:
        link = one(objects(A, B, stake("a", "b", percentage="most"))["links"])
        flag = "share: most: not read as a share, kept as unknown"
        assert (link["share_min"], link["share_text"], link["flags"]) == (None, "most", [flag])

    def test_dates_keep_their_precision(self, objects: Loading) -> None:
        link = one(objects(A, B, stake("a", "b", startDate="2019-04", endDate="2020"))["links"])
        assert (link["start_date"], link["end_date"], link["end_latest"]) == ("2019-04", "2020", date(2020, 12, 31))

    def test_a_bare_date_is_when_it_was_observed(self, objects: Loading) -> None:
        link = one(objects(A, B, stake("a", "b", date="2019"))["links"])
        assert (link["start_date"], link["note"]) == (None, "observed on 2019")

    def test_an_edge_keeps_what_else_it_says(self, objects: Loading) -> None:
        said = {"sharesValue": "1,000.5", "sharesCurrency": "eur", "status": "active", "recordId": "R1"}
        link = one(objects(A, B, stake("a", "b", ownershipType="direct", **said))["links"])
        assert (str(link["amount"]), link["currency"], link["direct"]) == ("1000.50", "EUR", True)
        assert (link["note"], link["record"]) == (
            "ownershipType: direct; status: active", "entities.ftm.json line 3 s1 (record R1)",
        )  # fmt: skip

    def test_an_edge_cites_its_page_and_publisher(self, objects: Loading) -> None:
        tables = objects(A, B, stake("a", "b", sourceUrl="https://example.org/1", publisher="A Register"))
        assert one(tables["links"])["sources"] == ["ftm:us_ofac_sdn", "ftm:https://example.org/1"]
        assert one(tables["sources"], id="ftm:https://example.org/1")["publisher"] == "A Register"

    def test_an_edge_without_an_end_is_set_aside(self, objects: Loading) -> None:
        tables = objects(A, thing("x", "Ownership", owner="a"), stake("", "a"))
        assert reasons_of(tables["set_aside"]) == {
            "an edge without an end (Ownership: asset)": 1,
            "an edge without an end (Ownership: owner)": 1,
        }

    def test_an_owner_that_is_its_own_asset_is_set_aside(self, objects: Loading) -> None:
        tables = objects(A, stake("a", "a"))
        assert (tables["links"].num_rows, tables["set_aside"].num_rows) == (0, 1)

    def test_an_end_that_is_not_in_the_file_is_a_placeholder(self, objects: Loading) -> None:
        assert one(objects(A, stake("a", "zz"))["entities"], id="zz")["placeholder"]

    def test_an_owned_person_is_loaded_and_flagged(self, objects: Loading) -> None:
        assert one(objects(A, stake("a", "p"), P)["links"])["flags"] == ["asset: a Person"]

    def test_an_unknown_schema_with_two_ends_is_a_link_and_flagged(self, objects: Loading) -> None:
        link = one(objects(thing("x", "Friendship", friend="a", other="b", since="2001"), A, B)["links"])
        assert (link["type"], link["source"], link["target"], link["role"]) == ("LINKED_TO", "a", "b", "Friendship")
        assert "ends are taken from friend and other" in link["flags"][0]

    def test_an_unknown_schema_with_one_end_is_an_entity(self, objects: Loading) -> None:
        tables = objects(A, thing("x", "Diploma", bearer="a", grade="1"))
        assert (tables["links"].num_rows, properties(tables, "x")) == (0, [("bearer", "a"), ("grade", "1")])

    def test_a_payment_has_its_amount_and_day(self, real_data: Path) -> None:
        links = rows(load(real_data / "ftm" / "nomenklatura_donations.ijson")["links"])
        assert len(links) == 290
        assert Counter((str(row["amount"]), row["currency"], row["start_date"]) for row in links)[
            "100000.00", "EUR", "2011-12-29"
        ]

    def test_a_document_is_set_aside(self, objects: Loading) -> None:
        tables = objects(A, thing("d", "PlainText", name="Leak"))
        assert reasons_of(tables["set_aside"]) == {"a document, no party (PlainText)": 1}


class TestListings:
    @pytest.mark.parametrize(
        ("datasets", "programs", "texts", "lists"),
        [
            (["us_trade_csl"], ["US-BIS-EL"], [], ["US-BIS-EL"]),
            (["us_trade_csl"], [], ["Entity List (EL) - Bureau of Industry and Security"], ["US-BIS-EL"]),
            (["us_ofac_sdn"], ["US-RUSHAR"], ["RUSSIA-EO14024"], ["US-OFAC-SDN"]),
            (["us_ofac_cons"], [], ["Sectoral Sanctions Identifications List"], ["US-OFAC-SSI"]),
            (["us_ofac_cons"], [], ["Consolidated List"], ["US-OFAC-CONS"]),
            (["us_ofac_cons"], ["US-SSI", "US-CAPTA"], [], ["US-OFAC-SSI", "US-OFAC-CAPTA"]),
            (["us_sam_exclusions"], [], ["Reciprocal", "OFAC"], ["US-SAM-EXCLUSIONS"]),
            (["pl_mswia"], [], ["SDN List"], ["PL-MSWIA"]),
            (["INTERPOL Red Notices"], [], [], ["INTERPOL-RED-NOTICES"]),
            (["eu_fsf"], [], ["Common Foreign Policy"], ["EU-FSF"]),
            (["gb_fcdo_sanctions"], ["GB-RUS"], [], ["GB-SL"]),
            ([], [], ["Some Authority"], ["SOME-AUTHORITY"]),
            ([], [], [], ["UNNAMED"]),
        ],
    )
    def test_a_list_is_told_by_programme_words_or_dataset(
        self, datasets: list[str], programs: list[str], texts: list[str], lists: list[str]
    ) -> None:
        assert lists_of(datasets, programs, texts) == lists

    @pytest.mark.parametrize(
        ("measures", "list_", "flags"),
        [
            (["Asset freeze|Travel Ban"], "GB-OFSI", []),
            (["Asset freeze", "Trust Services Sanctions"], "GB-OFSI", []),
            (["Travel Ban"], "GB-SL", []),
            ([], "GB-SL", ["measures: not stated, so not taken for an asset freeze"]),
        ],
    )
    def test_the_british_list_is_that_of_freezes_only_for_whom_it_freezes(
        self, objects: Loading, measures: list[str], list_: str, flags: list[str]
    ) -> None:
        sanction = thing("s", "Sanction", entity="a", provisions=measures) | {"datasets": ["gb_fcdo_sanctions"]}
        listing = one(objects(A, sanction)["listings"])
        assert (listing["list"], listing["flags"]) == (list_, flags)

    def test_american_lists_are_the_vocabularys(self, zala: Tables, delta: Tables) -> None:
        found = {row["list"] for tables in (zala, delta) for row in rows(tables["listings"])}
        assert {"US-BIS-EL", "US-OFAC-SDN", "US-OFAC-SSI"} <= found & set(LISTS)

    def test_of_several_starts_the_first_is_taken_and_flagged(self, objects: Loading) -> None:
        listing = one(
            objects(A, thing("x", "Sanction", entity="a", startDate=["2025-04-23", "2023-12-21"]))["listings"]
        )
        assert listing["start_date"] == "2023-12-21"
        assert listing["flags"] == ["start_date: 2025-04-23, 2023-12-21: several given, the first taken"]

    def test_the_listing_date_stands_where_no_start_is_told(self, objects: Loading) -> None:
        listing = one(objects(A, thing("x", "Sanction", entity="a", listingDate="2025-02-24"))["listings"])
        assert (listing["start_date"], listing["flags"]) == ("2025-02-24", [])

    def test_a_sanction_said_to_be_over_without_an_end_is_flagged(self, objects: Loading) -> None:
        listing = one(objects(A, thing("x", "Sanction", entity="a", status="expired"))["listings"])
        assert listing["flags"] == ["end_date: not told, though the status is expired"]

    def test_a_listing_keeps_reason_and_programmes(self, objects: Loading) -> None:
        said = {"reason": "because", "program": "P", "programId": "EU-UKR", "authority": "Council"}
        listing = one(objects(A, thing("x", "Sanction", entity="a", **said))["listings"])
        assert (listing["programs"], listing["remarks"]) == (["P", "EU-UKR"], "authority: Council; reason: because")

    def test_a_listing_of_nobody_is_set_aside(self, objects: Loading) -> None:
        assert objects(A, thing("x", "Sanction", program="P"))["set_aside"].num_rows == 1

    def test_a_listing_cites_the_authoritys_page(self, objects: Loading) -> None:
        sanction = thing("x", "Sanction", entity="a", authority="Council", sourceUrl="https://example.org")
        source = one(objects(A, sanction)["sources"], id="ftm:https://example.org")
        assert (source["publisher"], source["url"]) == ("Council", "https://example.org")


class TestDelta:
    def test_the_counts_of_a_real_day(self, delta: Tables) -> None:
        kinds = Counter(row["schema"] for row in rows(delta["entities"], placeholder=False))
        assert kinds == {"Person": 451, "Organization": 97, "LegalEntity": 27, "Company": 1}

    def test_571_removals_of_what_the_file_does_not_hold(self, delta: Tables) -> None:
        assert reasons_of(delta["set_aside"])["removes what the file does not hold"] == 571

    def test_an_entity_added_and_then_removed_is_gone(self, objects: Loading) -> None:
        tables = objects({"op": "ADD", "entity": A}, {"op": "ADD", "entity": B}, {"op": "DEL", "entity": {"id": "a"}})
        assert [row["id"] for row in rows(tables["entities"])] == ["b"]
        assert reasons_of(tables["set_aside"]) == {"replaced or removed by a later line": 1}

    def test_the_last_state_of_an_entity_holds(self, objects: Loading) -> None:
        tables = objects({"op": "ADD", "entity": A}, {"op": "MOD", "entity": thing("a", name="New")})
        assert [row["text"] for row in rows(tables["names"])] == ["New"]

    def test_an_entity_removed_and_added_again_is_there(self, objects: Loading) -> None:
        tables = objects({"op": "DEL", "entity": {"id": "a"}}, {"op": "ADD", "entity": A})
        assert [row["id"] for row in rows(tables["entities"])] == ["a"]

    def test_a_delta_changes_the_export_it_is_loaded_with(self, tmp_path: Path) -> None:
        export, change = tmp_path / "entities.ftm.json", tmp_path / "entities.delta.json"
        export.write_text("\n".join(map(json.dumps, (A, B, stake("a", "b")))), encoding="utf-8")
        ops = ({"op": "DEL", "entity": {"id": "s1"}}, {"op": "MOD", "entity": thing("a", name="New")})
        change.write_text("\n".join(map(json.dumps, ops)), encoding="utf-8")
        tables = load(export, change)
        assert (tables["links"].num_rows, one(tables["entities"], id="a")["name"]) == (0, "New")

    def test_an_operation_nobody_knows_is_an_error(self, objects: Loading) -> None:
        with pytest.raises(InputError, match="row 1: no operation is called 'NEW'"):
            objects({"op": "NEW", "entity": A})


class TestBentLines:
    def test_a_text_where_a_list_should_be_is_read_and_flagged(self, saudi: Tables) -> None:
        assert "nationality: a single value where a list should be" in one(saudi["entities"], id="Q107007381")["flags"]
        assert "sa" in one(saudi["entities"], id="Q107007381")["countries"]

    def test_607_persons_all_with_wikidatas_number(self, saudi: Tables) -> None:
        assert len(rows(saudi["entities"], schema="Person")) == 607
        assert len(rows(saudi["identifiers"], scheme="wikidata")) == 706

    def test_a_post_held_without_the_post_is_set_aside(self, saudi: Tables) -> None:
        assert reasons_of(saudi["set_aside"]) == {"an edge without an end (Occupancy: post)": 102}

    def test_a_kinship_keeps_what_kind(self, saudi: Tables) -> None:
        assert one(saudi["links"], source="Q100165767", target="Q102191035")["role"] == "father"

    def test_an_object_in_a_value_is_kept_as_text(self, saudi: Tables) -> None:
        works = [text for key, text in properties(saudi, "Q86348278") if key == "publications"]
        assert json.loads(works[0])["year"] == "1995"

    def test_a_property_beside_the_properties_is_kept_and_flagged(self, objects: Loading) -> None:
        tables = objects({**A, "birthCountry": ["sa"]})
        assert properties(tables, "a") == [("birthCountry", "sa")]
        assert one(tables["entities"])["flags"] == ["birthCountry: stands beside the properties"]

    def test_objects_inside_an_object_are_read_with_it(self, objects: Loading) -> None:
        inner = {"id": "s1", "schema": "Sanction", "properties": {"programId": ["US-BIS-EL"]}}
        tables = objects({**A, "properties": {"name": ["A Ltd"], "sanctions": [inner]}})
        assert one(tables["listings"])["entity"] == "a"

    def test_half_a_letter_is_replaced(self, objects: Loading) -> None:
        tables = objects('{"id": "a", "schema": "Company", "properties": {"name": ["A \\ud800"]}}')
        assert one(tables["entities"])["name"] == "A \ufffd"

    def test_blank_lines_are_passed_over(self, objects: Loading) -> None:
        assert objects(A, "", B)["set_aside"].num_rows == 0

    def test_an_object_without_an_id_is_set_aside(self, objects: Loading) -> None:
        tables = objects(A, {"schema": "Company", "properties": {"name": ["B"]}})
        assert reasons_of(tables["set_aside"]) == {"an object without an id": 1}

    @given(ANYTHING)
    def test_no_value_breaks_the_load(self, tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
        path = tmp_path_factory.mktemp("fuzz") / "x.json"
        said = {
            "name": value,
            "country": value,
            "owner": value,
            "asset": value,
            "startDate": value,
            "percentage": value,
        }
        bent = ({"id": schema, "schema": schema, "properties": said} for schema in ("Company", "Ownership", "Sanction"))
        path.write_text("\n".join(map(json.dumps, (A, *bent))), encoding="utf-8")
        assert load(path)["entities"].num_rows >= 2


class TestBadFiles:
    def test_a_line_that_is_no_json_is_told_with_its_number(self, objects: Loading) -> None:
        with pytest.raises(InputError, match=r"entities.ftm.json, row 2: not JSON"):
            objects(A, '{"id": "b", "schema"', B)

    def test_the_lines_after_it_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_text("\n".join((json.dumps(A), "{oops", json.dumps(B))), encoding="utf-8")
        items = list(read(open_inputs([str(path)])))
        assert [item.row for item in items if isinstance(item, InputError)] == [2]
        kept = build("ftm", (item for item in items if not isinstance(item, InputError)))
        assert kept["entities"].num_rows == 2

    def test_a_first_line_that_is_broken_is_told(self, objects: Loading) -> None:
        with pytest.raises(InputError, match="row 1: not JSON"):
            objects('{"id": "a", "schema": "Company" "properties"}', A)

    def test_a_byte_that_is_not_utf_8_is_told_with_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_bytes(
            json.dumps(A).encode() + b'\n{"id": "b", "schema": "Company", "properties": {"name": ["\xff"]}}\n'
        )
        with pytest.raises(InputError, match=r"x.json, row 2: byte 0xff is not UTF-8 \(save it as UTF-8\)"):
            load(path)

    def test_a_file_in_utf_16_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_text(json.dumps(A), encoding="utf-16")
        with pytest.raises(InputError, match="not in UTF-8"):
            load(path)

    def test_a_byte_order_mark_is_passed_over(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json"
        path.write_text(json.dumps(A), encoding="utf-8-sig")
        assert load(path)["entities"].num_rows == 1

    def test_a_gzip_that_is_cut_short_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "x.json.gz"
        packed = gzip.compress("\n".join(json.dumps(thing(str(n), name=f"N{n}")) for n in range(5000)).encode())
        path.write_bytes(packed[: len(packed) // 2])
        with pytest.raises(InputError, match="cut short"):
            load(path)

    @pytest.mark.parametrize(
        ("file", "advice"),
        [
            ("csl/csl_2022-04.csv", "listed load csl FILE"),
            ("bods/v0.2_1-single-direct.json", "listed load bods FILE"),
            ("icij/panama_nodes_intermediary_2018.csv", "listed load icij FILE"),
            ("un_uk_eu/UN_2026-02-27.xml", "listed load un FILE"),
        ],
    )
    def test_a_file_of_another_kind_names_its_loader(self, real_data: Path, file: str, advice: str) -> None:
        with pytest.raises(InputError, match=advice):
            load(real_data / file)

    def test_a_table_of_another_kind_says_what_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text("colour,size\nred,1\n", encoding="utf-8")
        with pytest.raises(InputError, match="not objects of FollowTheMoney"):
            load(path)


class TestSimpleTable:
    def test_6561_notices_of_which_four_state_no_sanction(self, interpol: Tables) -> None:
        assert (interpol["entities"].num_rows, interpol["listings"].num_rows) == (6_561, 6_557)

    def test_a_line_break_in_a_cell_is_no_new_row(self, interpol: Tables) -> None:
        listing = one(interpol["listings"], entity="NK-2Ld7pewCoLeyspMtVCMMMo")
        assert listing["remarks"] == "Red Notice - 1) Murder\n2) Manslaughter\n3) Aggravated theft"

    def test_a_quoted_separator_is_part_of_the_text(self, interpol: Tables) -> None:
        assert one(interpol["listings"], entity="NK-224TRezPqwzhQZ37exWxtX")["remarks"].count(";") == 1

    def test_5600_targets_by_schema(self, ukraine: Tables) -> None:
        assert Counter(row["schema"] for row in rows(ukraine["entities"])) == {
            "Person": 1543, "Company": 1524, "Vessel": 1340, "LegalEntity": 1193,
        }  # fmt: skip

    def test_a_sanction_that_says_nothing_is_one(self, ukraine: Tables) -> None:
        listing = one(ukraine["listings"], entity="NK-24ZomtS59XsEEB94Qcqy7S")
        assert (listing["list"], listing["remarks"]) == ("UKRAINE-WAR-AND-SANCTIONS", None)

    def test_programmes_are_kept(self, ukraine: Tables) -> None:
        assert one(ukraine["listings"], entity="NK-24cf2zYe7LEKhr2zFck73j")["programs"] == ["UA-WS-MARE"]

    def test_identifiers_are_told_by_their_check_digits(self, ukraine: Tables) -> None:
        found = rows(ukraine["identifiers"], entity="NK-28mqu8V3AzembAmAfehWPd")
        assert [(row["scheme"], row["value"]) for row in found] == [("ogrn", "1125042006462"), ("inn", "5042126251")]

    def test_a_ships_number_is_a_ships(self, ukraine: Tables) -> None:
        assert one(ukraine["identifiers"], entity="NK-24cf2zYe7LEKhr2zFck73j")["scheme"] == "imo"

    def test_an_identifier_that_could_be_anything_merges_nothing(self) -> None:
        assert guessed("1125042006462", "Company", ["cn"]).scheme == "unknown"

    def test_a_row_of_the_wrong_length_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "targets.simple.csv"
        path.write_text(f"{SIMPLE}\na,Company,A\n", encoding="utf-8")
        with pytest.raises(InputError, match="row 2: 3 cells where the header has 16"):
            load(path)

    def test_of_several_datasets_a_certain_programme_tells_the_list(self, tmp_path: Path) -> None:
        tables = simple(tmp_path, {"id": "a", "name": "A", "sanctions": "x", "program_ids": "US-BIS-EL;EU-UKR"})
        assert {row["list"] for row in rows(tables["listings"])} == {"US-BIS-EL", "EU-UKR"}

    def test_of_several_datasets_without_a_programme_the_list_is_not_guessed(self, tmp_path: Path) -> None:
        tables = simple(tmp_path, {"id": "a", "name": "A", "sanctions": "x"})
        assert (tables["listings"].num_rows, tables["set_aside"].num_rows) == (0, 1)

    @given(st.lists(st.text(st.characters(exclude_characters="\r\0", exclude_categories=["Cs"])), min_size=1))
    def test_a_cell_gives_back_what_was_joined(self, given_: list[str]) -> None:
        cell = io.StringIO(newline="")
        csv.writer(cell, delimiter=";", lineterminator="").writerow(given_)
        assert values(cell.getvalue()) == given_


SIMPLE = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,"
    "dataset,first_seen,last_seen,last_change"
)


def simple(folder: Path, row: dict[str, str]) -> Tables:
    """Load a table of one row, stated by two datasets."""
    path = folder / "targets.simple.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SIMPLE.split(","), restval="")
        writer.writeheader()
        writer.writerow({"schema": "Company", "dataset": "One List;Another List", **row})
    return load(path)


class TestValues:
    def test_the_more_exact_of_two_dates_holds(self) -> None:
        found, flag = date_of(("2015", "2015-11-25"), last=False)
        assert (str(found), flag) == ("2015-11-25", "")

    def test_the_last_of_two_ends_holds_and_is_flagged(self) -> None:
        found, flag = date_of(("2015", "2016"), last=True)
        assert (str(found), flag) == ("2016", "2015, 2016: several given, the last taken")

    @given(st.lists(st.text(max_size=12), max_size=4), st.booleans())
    def test_no_texts_break_a_date_a_share_or_an_amount(self, texts: list[str], last: bool) -> None:
        date_of(tuple(texts), last=last)
        share_of(tuple(texts))
        amount_of(texts)

    @pytest.mark.parametrize(
        ("text", "country"), [("SA", "sa"), ("gb-nir", "gb"), ("suhh", ""), ("Second Saudi State", ""), ("", "")]
    )
    def test_countries(self, text: str, country: str) -> None:
        assert country_of(text) == country


def test_chunks_make_no_difference(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = real_data / "ftm" / "yente_zala.ftm.json"
    whole = load(path)
    monkeypatch.setattr(reader, "CHUNK", 3)
    small = load(path)
    for name, table in whole.items():
        assert sorted(map(str, table.to_pylist())) == sorted(map(str, small[name].to_pylist())), name


def test_the_loader_is_found_by_its_name() -> None:
    from listed.loaders.registry import loader

    assert loader("ftm") is LOADER
