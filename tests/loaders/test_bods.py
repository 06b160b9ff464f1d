"""Beneficial ownership statements: three versions, what each says, and how later ones revise earlier ones."""

from __future__ import annotations

import gzip
import json
import re
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
from listed.graph.model import Address, Entity, Identifier, Link, Name
from listed.graph.share import PERCENT, UNKNOWN, WHOLE, Basis, Share
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.bods import LOADER, read
from listed.loaders.bods.interests import hold_of, share_of
from listed.loaders.bods.statements import ShareTold
from listed.loaders.inputs import open_inputs
from listed.loaders.json_records import raw_records
from listed.loaders.loader import Item
from listed.loading import graph_of
from listed.queries import owners
from tests.loaders.loaded import Yielded

Record = dict[str, Any]


class Read(Yielded):
    """What the loader yielded, by kind."""

    def of(self, type_: LinkType, basis: Basis | None = None) -> list[Link]:
        return [link for link in self.links if link.type is type_ and basis in (None, link.basis)]

    def flags(self, about: Entity | Link) -> tuple[str, ...]:
        return next(s.flags for s in self.statements if s.about is about)

    @property
    def graph(self) -> Graph:
        return graph_of({"bods": self.items})


def load(*paths: Path) -> Read:
    return Read(list(read(open_inputs([str(path) for path in paths]))))


Reading = Callable[..., Read]


@pytest.fixture
def lines(tmp_path: Path) -> Reading:
    """Write statements as JSON lines and read them."""

    def made(*statements: Record) -> Read:
        path = tmp_path / "statements.jsonl"
        path.write_text("\n".join(json.dumps(one) for one in statements), encoding="utf-8")
        return load(path)

    return made


@pytest.fixture
def sample(real_data: Path) -> Reading:
    """Read examples of the standard by name."""
    return lambda *names: load(*(real_data / "bods" / f"{name}.json" for name in names))


@pytest.fixture(scope="module")
def register(real_data: Path) -> Read:
    """Statements made of the UK's and of GLEIF's records, two groups of companies."""
    return load(*sorted((real_data / "opencheck").glob("demo__*.jsonl")))


def statement(
    kind: str, record: str, details: Record, status: str = "new", day: str = "2020-01-01", **more: Any
) -> Record:
    return {
        "statementId": f"{record}-{day}-{status}",
        "recordId": record,
        "recordType": kind,
        "recordStatus": status,
        "statementDate": day,
        "recordDetails": {"isComponent": False, **details},
        "publicationDetails": {
            "publicationDate": "2020-02-02",
            "bodsVersion": "0.4",
            "publisher": {"name": "Register"},
        },
        **more,
    }


def company(record: str = "company-000001", name: str = "Asset Ltd", **more: Any) -> Record:
    details = {"entityType": {"type": "registeredEntity"}, "name": name} | more.pop("details", {})
    return statement("entity", record, details, **more)


def person(record: str = "person-0000001", name: str = "Ann Owner", **details: Any) -> Record:
    told = {"personType": "knownPerson", "names": [{"type": "legal", "fullName": name}]} | details
    return statement("person", record, told)


def relationship(
    *interests: Record, record: str = "relation-00001", party: Any = "person-0000001", **more: Any
) -> Record:
    details = {"subject": "company-000001", "interestedParty": party, "interests": list(interests)}
    return statement("relationship", record, details | more.pop("details", {}), **more)


def shareholding(exact: float = 50, **more: Any) -> Record:
    told = {"type": "shareholding", "directOrIndirect": "direct", "startDate": "2019-05-01", "share": {"exact": exact}}
    return told | more


class TestRealRegisters:
    def test_every_statement_is_told(self, register: Read, real_data: Path) -> None:
        files = sorted((real_data / "opencheck").glob("demo__*.jsonl"))
        ids = [json.loads(line)["statementId"] for file in files for line in file.read_text("utf-8").splitlines()]
        told = {id_ for one in register.statements for id_ in re.findall(r"statement ([0-9a-f-]{36})", one.record)}
        assert told == set(ids)

    def test_every_interest_is_a_link_once(self, register: Read) -> None:
        assert len(register.links) == 808  # of 811 interests three are told in both files

    def test_nothing_is_set_aside(self, register: Read) -> None:
        assert (register.aside, register.errors) == ([], [])

    def test_interests_are_links_of_their_meaning(self, register: Read) -> None:
        kinds = Counter((link.type, link.basis) for link in register.links)
        assert kinds == {
            (LinkType.OWNS, Basis.SHARES): 220,
            (LinkType.CONTROLS, Basis.VOTES): 221,
            (LinkType.CONTROLS, Basis.BOARD): 197,
            (LinkType.CONTROLS, Basis.CONSOLIDATION): 164,
            (LinkType.CONTROLS, Basis.UNKNOWN): 5,
            (LinkType.OWNS, Basis.UNKNOWN): 1,
        }

    def test_consolidation_has_no_share(self, register: Read) -> None:
        assert {link.share for link in register.of(LinkType.CONTROLS, Basis.CONSOLIDATION)} == {UNKNOWN}

    def test_lei_and_company_number_are_identifiers(self, register: Read) -> None:
        schemes = Counter(one.scheme for entity in register.entities for one in entity.identifiers)
        assert schemes["gb-coh"] > 200
        assert schemes["lei"] > 80

    def test_a_company_told_by_two_registers_is_one(self, register: Read) -> None:
        ids = {entity.id for entity in register.entities}
        assert register.graph.arrays.size == len(ids) - 29

    def test_a_statement_cites_who_published_it_and_where_from(self, register: Read) -> None:
        sources = {(one.publisher, one.published) for one in register.sources}
        assert ("Open Ownership", "2025-02-28") in sources

    @pytest.mark.parametrize("version", ["v0.2", "v0.3", "v0.4"])
    def test_every_example_of_the_standard_is_read(self, real_data: Path, version: str) -> None:
        told = load(*sorted((real_data / "bods").glob(f"{version}_*.json")))
        assert told.errors == []
        assert {one.reason for one in told.aside} <= {"no beneficial owner, says the source"}

    def test_02_and_03_say_the_same(self, sample: Reading) -> None:
        names = ("os-03-dr-03", "3-joint-ownership", "4b-full-pep-declaration", "os-17-dr-02-dc-06")
        older, newer = (sample(*(f"{version}_{name}" for name in names)) for version in ("v0.2", "v0.3"))
        assert older.links == newer.links

    def test_a_state_is_a_public_body(self, sample: Reading) -> None:
        finland = sample("v0.4_bods-package-fi-soe").named("Suomen tasavalta")
        assert (finland.schema, finland.topics, finland.countries) == ("PublicBody", ("gov",), ("fi",))
        assert Name("Republic of Finland", NameKind.ALIAS) in finland.names

    def test_a_trust_keeps_its_kind(self, sample: Reading) -> None:
        told = sample("v0.4_levent")
        assert ("entity_type", "arrangement: trust: fiducie surete") in told.named("Levent Trust").properties
        assert Counter((link.type, link.role) for link in told.links) == {
            (LinkType.CONTROLS, "trustee"): 2,
            (LinkType.CONTROLS, "settlor"): 1,
            (LinkType.LINKED_TO, "beneficiary of legal arrangement"): 1,
        }

    @pytest.mark.parametrize("name", ["v0.2_4b-full-pep-declaration", "v0.3_4b-full-pep-declaration",
                                      "v0.4_full-pep-declaration"])  # fmt: skip
    def test_a_member_of_parliament_is_politically_exposed(self, sample: Reading, name: str) -> None:
        exposed = [entity for entity in sample(name).entities if "role.pep" in entity.topics]
        assert len(exposed) == 1
        assert any("Member of Parliament" in text for key, text in exposed[0].properties if key == "political_exposure")


class TestShares:
    @pytest.mark.parametrize(
        ("told", "share"),
        [
            (ShareTold(exact=50), Share(50 * PERCENT, 50 * PERCENT, text="50")),
            (ShareTold(exact=76.5), Share(76_500_000, 76_500_000, text="76.5")),
            (ShareTold(exact="33.33"), Share(33_330_000, 33_330_000, text="33.33")),
            (ShareTold(exact=50, minimum=50, maximum=50), Share(50 * PERCENT, 50 * PERCENT, text="50")),
            (ShareTold(minimum=75.0, maximum=100.0), Share(75 * PERCENT, WHOLE, text="minimum 75, maximum 100")),
            (
                ShareTold(exclusive_minimum=25, exclusive_maximum=50),
                Share(25 * PERCENT, 50 * PERCENT, True, True, "exclusiveMinimum 25, exclusiveMaximum 50"),
            ),
            (
                ShareTold(minimum=25, maximum=50, exclusive_minimum=True, exclusive_maximum=False),
                Share(25 * PERCENT, 50 * PERCENT, True, False, "minimum 25, exclusiveMinimum true, maximum 50"),
            ),
            (ShareTold(minimum=25), Share(25 * PERCENT, WHOLE, text="minimum 25")),
            (ShareTold(exclusive_maximum=10), Share(0, 10 * PERCENT, False, True, "exclusiveMaximum 10")),
            (ShareTold(exact=0), Share(0, 0, text="0")),
            (ShareTold(), UNKNOWN),
            (None, UNKNOWN),
        ],
    )
    def test_is_as_told(self, told: ShareTold | None, share: Share) -> None:
        assert share_of(told) == share

    @pytest.mark.parametrize(
        ("told", "flag"),
        [
            (ShareTold(exact=120), "not within 0 to 100 percent"),
            (ShareTold(minimum=50, maximum=25), "a range that ends below its start"),
            (ShareTold(exact=10, minimum=25, maximum=50), "an exact share outside its own minimum and maximum"),
            (ShareTold(exact="most"), "not a number"),
        ],
    )
    def test_that_cannot_be_is_unknown_and_says_why(self, told: ShareTold, flag: str) -> None:
        share = share_of(told)
        assert (share.known, share.flag) == (False, flag)
        assert share.text

    def test_finer_than_we_count_is_the_range_that_holds_it(self) -> None:
        share = share_of(ShareTold(exact=33.333333333))
        assert (share.low, share.high) == (33_333_333, 33_333_334)

    @given(st.decimals(0, 100, places=4), st.decimals(0, 100, places=4), st.booleans(), st.booleans())
    def test_ends_stay_in_order(self, one: Decimal, other: Decimal, low_open: bool, high_open: bool) -> None:
        low, high = sorted((one, other))
        fields = {
            "exclusive_minimum" if low_open else "minimum": str(low),
            "exclusive_maximum" if high_open else "maximum": str(high),
        }
        share = share_of(ShareTold(**fields))
        assert share.flag or (share.low, share.high) == (int(low * PERCENT), int(high * PERCENT))

    def test_missing_is_unknown(self, lines: Reading) -> None:
        told = lines(company(), person(), relationship({"type": "shareholding"}))
        assert told.links[0].share == UNKNOWN


class TestInterests:
    def test_every_code_of_the_list_is_known(self, real_data: Path) -> None:
        rows = (real_data / "bods" / "codelist_interestType.csv").read_text(encoding="utf-8").splitlines()[1:]
        unknown = [code for code in (row.split(",")[0] for row in rows) if not hold_of(code).known]
        assert unknown == []

    @pytest.mark.parametrize(
        ("code", "type_", "basis"),
        [
            ("shareholding", LinkType.OWNS, Basis.SHARES),
            ("votingRights", LinkType.CONTROLS, Basis.VOTES),
            ("voting-rights", LinkType.CONTROLS, Basis.VOTES),
            ("appointment-of-board", LinkType.CONTROLS, Basis.BOARD),
            ("influence-or-control", LinkType.CONTROLS, Basis.UNKNOWN),
            ("settlor-of-trust", LinkType.CONTROLS, Basis.UNKNOWN),
            ("boardMember", LinkType.OFFICER_OF, Basis.UNKNOWN),
            ("unknownInterest", LinkType.LINKED_TO, Basis.UNKNOWN),
            (None, LinkType.LINKED_TO, Basis.UNKNOWN),
        ],
    )
    def test_is_the_link_it_means(self, code: str | None, type_: LinkType, basis: Basis) -> None:
        assert (hold_of(code).type, hold_of(code).basis) == (type_, basis)

    def test_votes_are_not_shares(self, lines: Reading) -> None:
        votes = {"type": "votingRights", "share": {"exact": 80}}
        told = lines(company(), person(), relationship(shareholding(30), votes))
        assert [link.share.text for link in told.of(LinkType.OWNS)] == ["30"]

    def test_outside_the_list_is_kept_and_flagged(self, lines: Reading) -> None:
        told = lines(company(), person(), relationship({"type": "usufruct"}))
        assert (told.links[0].type, told.links[0].role) == (LinkType.LINKED_TO, "usufruct")
        assert told.flags(told.links[0]) == ("interest: usufruct is not one we know",)

    def test_surplus_of_a_partnership_is_its_ownership(self, lines: Reading) -> None:
        told = lines(company(), person(), relationship({"type": "rightsToSurplusAssetsOnDissolution"}))
        assert told.links[0].type is LinkType.OWNS

    def test_surplus_beside_shares_is_not_another_stake(self, lines: Reading) -> None:
        surplus = {"type": "rightsToSurplusAssetsOnDissolution", "share": {"exact": 90}}
        told = lines(company(), person(), relationship(shareholding(30), surplus))
        assert [link.share.text for link in told.of(LinkType.OWNS)] == ["30"]

    def test_details_and_beneficial_ownership_are_kept(self, lines: Reading) -> None:
        told = lines(
            company(), person(), relationship(shareholding(details="Class A.", beneficialOwnershipOrControl=True))
        )
        assert told.links[0].note == "Class A. Beneficial ownership or control."


class TestChains:
    def test_an_indirect_claim_is_not_added_to_the_direct_one(self, sample: Reading) -> None:
        graph = sample("v0.4_mixed-direct-and-indirect-ownership").graph
        held = {(row.owner_name, row.direct): row.share for row in owners(graph, "Company A", date(2018, 6, 1)).rows}
        assert held == {("Company B", True): "50%", ("Person 1", False): "50%"}

    def test_both_are_told_where_both_hold(self, sample: Reading) -> None:
        graph = sample("v0.4_mixed-direct-and-indirect-ownership").graph
        rows = [row for row in owners(graph, "Company A", date(2020, 6, 1)).rows if row.owner_name == "Person 1"]
        assert sorted((row.direct, row.share) for row in rows) == [(False, "50%"), (True, "50%")]

    def test_a_step_says_that_it_is_one(self, sample: Reading) -> None:
        told = sample("v0.4_indirect-ownership")
        steps = [link for link in told.links if link.note.startswith("A step") or " A step" in link.note]
        whole = [link for link in told.links if "Its steps are told too" in link.note]
        assert steps
        assert {link.direct for link in whole} == {False}

    def test_ultimate_consolidation_is_indirect(self, register: Read) -> None:
        links = register.of(LinkType.CONTROLS, Basis.CONSOLIDATION)
        assert all((link.direct is False) == ("ULTIMATELY" in link.note) for link in links)


class TestPartiesNotNamed:
    def test_one_placeholder_for_each_asset(self, lines: Reading) -> None:
        unnamed = {"reason": "unableToConfirm"}
        others = {"subject": "company-000002"}
        told = lines(
            company(), company("company-000002", "Other Ltd"),
            relationship(shareholding(), record="relation-00001", party=unnamed),
            relationship(shareholding(), record="relation-00002", party=unnamed),
            relationship(shareholding(), record="relation-00003", party=unnamed, details=others),
        )  # fmt: skip
        assert {entity.id for entity in told.entities if entity.placeholder} == {
            "bods-company-000001-unnamed",
            "bods-company-000002-unnamed",
        }

    def test_says_why(self, sample: Reading) -> None:
        told = sample("v0.4_listed-company-exempt-from-disclosure")
        assert [entity.name for entity in told.entities if entity.placeholder] == [
            "Party not named (subject exempt from disclosure)"
        ]

    def test_no_beneficial_owner_is_no_owner(self, lines: Reading) -> None:
        told = lines(company(), relationship(party={"reason": "noBeneficialOwners", "description": "A charity"}))
        assert told.links == []
        assert told.aside[0].reason == "no beneficial owner, says the source"
        assert "A charity" in told.aside[0].text

    def test_an_anonymous_person_is_a_placeholder_of_its_own(self, sample: Reading) -> None:
        told = sample("v0.4_levent")
        hidden = [entity for entity in told.entities if entity.placeholder]
        assert [(one.schema, one.name) for one in hidden] == [
            ("Person", "Person not named (interested party exempt from disclosure)")
        ]
        assert "underage" in hidden[0].note

    def test_a_subject_not_told_is_set_aside(self, lines: Reading) -> None:
        told = lines(relationship(shareholding(), details={"subject": {"reason": "unknown", "description": "Lost"}}))
        assert (told.aside[0].reason, told.links) == ("a relationship whose subject is not told", [])


class TestRevisions:
    @pytest.mark.parametrize(
        ("day", "held"),
        [
            (date(2020, 1, 1), {"Maria Esteves": "100%"}),
            (date(2022, 1, 1), {"Shear Trust": "60%", "Maria Esteves": "40%"}),
            (date(2022, 12, 1), {"Shear Trust": "70%", "Maria Esteves": "30%"}),
            (date(2024, 1, 1), {"Shear Trust": "80%"}),
        ],
    )
    def test_a_company_sold_in_steps(self, sample: Reading, day: date, held: dict[str, str]) -> None:
        rows = owners(sample("v0.4_tecido").graph, "Tecido Ltd", day).rows
        assert {row.owner_name: row.share for row in rows if row.type == "OWNS"} == held

    @pytest.mark.parametrize(
        ("day", "held"),
        [
            (date(2020, 1, 1), {"Patrick O'Donohue": "50%", "Riyadh Byrne-Amin": "50%"}),
            (date(2021, 10, 1), {"Patrick O'Donohue": "50%", "Declan Byrne-Amin": "50%"}),
            (date(2023, 1, 1), {"Patrick O'Donohue": "100%"}),
        ],
    )
    def test_a_share_that_changed_while_its_start_did_not(
        self, sample: Reading, day: date, held: dict[str, str]
    ) -> None:
        rows = owners(sample("v0.4_fermcat").graph, "Fermcat Ltd", day).rows
        assert {row.owner_name: row.share for row in rows if row.type == "OWNS"} == held

    @pytest.mark.parametrize("version", ["v0.2", "v0.3"])
    def test_a_statement_that_replaces_another(self, sample: Reading, version: str) -> None:
        told = sample(f"{version}_1-single-direct", f"{version}_2-single-update")
        ends = {link.share.text: str(link.period.end) for link in told.links if not link.source.endswith("-unnamed")}
        assert ends == {"100": "2018-01-05", "50": ""}

    def test_whatever_file_comes_first(self, sample: Reading) -> None:
        first, second = "v0.2_1-single-direct", "v0.2_2-single-update"
        assert set(sample(first, second).links) == set(sample(second, first).links)

    def test_a_closed_record_without_an_end_ends_when_it_was_closed(self, lines: Reading) -> None:
        told = lines(company(), person(), relationship(shareholding(), status="closed", day="2023-03-03"))
        assert str(told.links[0].period.end) == "2023-03-03"
        assert told.flags(told.links[0]) == ("end_date: none given; the record was closed by 2023-03-03",)

    def test_an_end_that_is_told_stands(self, lines: Reading) -> None:
        sold = shareholding(endDate="2022-02-02")
        told = lines(company(), person(), relationship(sold, status="closed", day="2023-03-03"))
        assert str(told.links[0].period.end) == "2022-02-02"

    def test_a_stake_no_longer_told_has_ended(self, lines: Reading) -> None:
        votes = {"type": "votingRights", "directOrIndirect": "direct", "startDate": "2019-05-01"}
        told = lines(
            company(), person(), relationship(shareholding(), votes),
            relationship(shareholding(), status="updated", day="2021-01-01"),
        )  # fmt: skip
        assert [str(link.period.end) for link in told.of(LinkType.CONTROLS)] == ["2021-01-01"]
        assert [str(link.period.end) for link in told.of(LinkType.OWNS)] == [""]

    def test_told_again_unchanged_is_one_link_that_cites_both(self, lines: Reading) -> None:
        again = relationship(shareholding(), status="updated", day="2021-01-01")
        told = lines(company(), person(), relationship(shareholding()), again)
        links = [one for one in told.statements if isinstance(one.about, Link)]
        assert [one.record.count("statement") for one in links] == [4]  # the file is called so as well

    def test_a_company_renamed_keeps_its_old_name(self, lines: Reading) -> None:
        told = lines(company(name="Old Ltd"), company(name="New Ltd", status="updated", day="2022-01-01"))
        assert [entity.names for entity in told.entities] == [(Name("New Ltd"), Name("Old Ltd", NameKind.PREVIOUS))]

    def test_a_company_restated_under_03_is_still_the_owners(self, lines: Reading) -> None:
        def old(id_: str, name: str, *replaced: str) -> Record:
            return {"statementID": id_, "statementType": "entityStatement", "name": name,
                    "statementDate": f"201{len(replaced)}-01-01", "replacesStatements": list(replaced)}  # fmt: skip

        stake = {"statementID": "statement-000009", "statementType": "ownershipOrControlStatement",
                 "subject": {"describedByEntityStatement": "statement-000002"},
                 "interestedParty": {"describedByEntityStatement": "statement-000003"},
                 "interests": [shareholding()]}  # fmt: skip
        told = lines(
            stake, old("statement-000002", "New Ltd", "statement-000001"), old("statement-000001", "Old Ltd"),
            old("statement-000003", "Owner Ltd"),
        )  # fmt: skip
        assert told.links[0].target == told.named("New Ltd").id == "bods-statement-000001"

    def test_short_record_ids_of_two_publishers_are_two_records(self, lines: Reading) -> None:
        other = company("7", "B Ltd")
        other["publicationDetails"] = {"publisher": {"name": "Another register"}}
        told = lines(company("7", "A Ltd"), other)
        assert len({entity.id for entity in told.entities}) == 2


class TestParties:
    @pytest.mark.parametrize(
        ("scheme", "value", "expected"),
        [
            ("XI-LEI", "549300FJOXFUONBUSB24", Identifier("lei", "549300FJOXFUONBUSB24")),
            ("GB-COH", "7444723", Identifier("gb-coh", "07444723")),
            ("GB-COH", "sc 123456", Identifier("gb-coh", "SC123456")),
            ("RU-OGRN", "1027700132195", Identifier("ogrn", "1027700132195")),
            ("FI-PRO", "3007894-1", Identifier("fi-pro", "3007894-1")),
        ],
    )
    def test_an_identifier_goes_by_its_scheme(
        self, lines: Reading, scheme: str, value: str, expected: Identifier
    ) -> None:
        told = lines(company(details={"identifiers": [{"scheme": scheme, "id": value}]}))
        assert told.entities[0].identifiers == (expected,)

    @pytest.mark.parametrize("value", ["N/A", "0", "00000000", "pending", "12"])
    def test_what_is_no_number_makes_no_two_companies_one(self, lines: Reading, value: str) -> None:
        told = lines(company(details={"identifiers": [{"scheme": "GB-COH", "id": value}]}))
        assert told.entities[0].identifiers == ()
        assert ("gb-coh", value) in told.entities[0].properties
        assert told.flags(told.entities[0]) == (f"identifier: gb-coh {value} does not look like one",)

    def test_a_person_has_no_company_number(self, lines: Reading) -> None:
        told = lines(person(identifiers=[{"scheme": "GB-COH", "id": "07444723"}]))
        assert told.entities[0].identifiers == ()

    def test_a_person(self, lines: Reading) -> None:
        names = [
            {"type": "legal", "fullName": "Christopher Taggart"},
            {"type": "alternative", "fullName": "Chris Taggart"},
        ]
        address = {"type": "service", "address": "Aston House", "postCode": "N3 1LF", "country": "GB"}
        nations = [{"code": "GB"}, {"name": "China"}]
        told = lines(person(names=names, nationalities=nations, birthDate="1964-04", addresses=[address]))
        assert told.entities[0] == Entity(
            "bods-person-0000001",
            (Name("Christopher Taggart"), Name("Chris Taggart", NameKind.ALIAS)),
            "Person",
            ("gb", "cn"),
            addresses=(Address("Aston House, N3 1LF", "gb"),),
            properties=(("date_of_birth", "1964-04"),),
        )

    def test_delaware_is_in_the_united_states(self, lines: Reading) -> None:
        told = lines(company(details={"jurisdiction": {"name": "Delaware", "code": "US-DE"}}))
        assert told.entities[0].countries == ("us",)
        assert ("jurisdiction", "US-DE Delaware") in told.entities[0].properties

    @pytest.mark.parametrize(
        "details",
        [
            {"entityType": {"type": "stateBody", "subtype": "governmentDepartment"}},
            {"entityType": "registeredEntity", "entitySubtype": {"generalCategory": "stateBody-governmentDepartment"}},
            {"entityType": "stateBody"},
            {"entityType": "state"},
        ],
    )
    def test_a_state_body_in_each_version(self, lines: Reading, details: Record) -> None:
        assert lines(company(details=details)).entities[0].topics == ("gov",)

    def test_a_company_on_an_exchange_has_its_isin(self, lines: Reading) -> None:
        security = {"idScheme": "ISIN", "id": "US0378331005", "ticker": "AAPL"}
        listing = {
            "hasPublicListing": True,
            "securitiesListings": [{"security": security, "marketIdentifierCode": "XNAS"}],
        }
        told = lines(company(details={"publicListing": listing}))
        assert told.entities[0].identifiers == (Identifier("isin", "US0378331005"), Identifier("ticker", "XNAS:AAPL"))


class TestFiles:
    STATEMENTS = (company(), person(), relationship(shareholding(), shareholding(details='a "quoted" { brace \\')))

    @pytest.mark.parametrize("indent", [None, 2])
    def test_an_array_says_what_lines_say(self, tmp_path: Path, lines: Reading, indent: int | None) -> None:
        path = tmp_path / "array.json"
        path.write_text(json.dumps(self.STATEMENTS, indent=indent), encoding="utf-8")
        assert [one.about for one in load(path).statements] == [one.about for one in lines(*self.STATEMENTS).statements]

    def test_one_object_over_several_lines(self, sample: Reading) -> None:
        assert [entity.schema for entity in sample("v0.2_gb-coh-entity-statement").entities] == ["Company"]

    def test_a_record_tells_its_line_in_an_array_too(self, tmp_path: Path) -> None:
        path = tmp_path / "array.json"
        path.write_text("[\n" + ",\n".join(json.dumps(one) for one in self.STATEMENTS) + "\n]", encoding="utf-8")
        assert [one.record.split(",")[0] for one in load(path).statements][:3] == [
            f"array.json line {line}" for line in (2, 3, 4)
        ]

    def test_an_array_longer_than_a_chunk(self, tmp_path: Path) -> None:
        path = tmp_path / "array.json"
        many = [company(f"company-{n:06d}", f'Firm "{n}" {{\\') for n in range(6000)]
        path.write_text(json.dumps(many), encoding="utf-8")
        assert path.stat().st_size > 1 << 21
        assert [entity.name for entity in load(path).entities] == [f'Firm "{n}" {{\\' for n in range(6000)]

    @given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())), max_size=5),
           st.sampled_from([None, 1]))  # fmt: skip
    def test_any_array_of_objects_is_cut_where_they_end(
        self, tmp_path_factory: pytest.TempPathFactory, objects: list[Record], indent: int | None
    ) -> None:
        path = tmp_path_factory.mktemp("any") / "any.json"
        path.write_text(json.dumps(objects, indent=indent), encoding="utf-8")
        assert [json.loads(one.text) for one in raw_records(open_inputs([str(path)])[0])] == objects

    def test_a_bad_line_tells_its_number_and_the_others_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.jsonl"
        path.write_text(f'{json.dumps(company())}\n{{"statementId": \n{json.dumps(person())}\n', encoding="utf-8")
        told = load(path)
        assert [(one.file, one.row) for one in told.errors] == [("bad.jsonl", 2)]
        assert len(told.entities) == 2

    def test_a_field_of_another_type_sets_the_statement_aside(self, tmp_path: Path) -> None:
        path = tmp_path / "odd.jsonl"
        path.write_text(json.dumps(company(details={"name": {"en": "Asset"}})), encoding="utf-8")
        told = load(path)
        assert told.aside[0].record == "odd.jsonl line 1"
        assert told.aside[0].reason.startswith("not a statement of the standard")

    def test_latin_1_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "latin.jsonl"
        text = json.dumps(company(name="Société"), ensure_ascii=False)
        path.write_bytes(f"{json.dumps(person())}\n{text}\n".encode("latin-1"))
        assert [str(one) for one in load(path).errors] == [
            "latin.jsonl, row 2: byte 0xe9 is not UTF-8 (save it as UTF-8)"
        ]

    def test_utf_16_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "wide.json"
        path.write_text(json.dumps([company()]), encoding="utf-16")
        with pytest.raises(InputError, match=r"wide.json, row 1: is in UTF-16 \(save it as UTF-8\)"):
            load(path)

    def test_a_byte_order_mark_is_no_matter(self, tmp_path: Path) -> None:
        path = tmp_path / "bom.json"
        path.write_text(json.dumps([company()]), encoding="utf-8-sig")
        assert len(load(path).entities) == 1

    def test_a_truncated_gzip_is_told_after_what_was_read(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.jsonl.gz"
        many = "\n".join(json.dumps(company(f"company-{n:06d}", f"Firm {n * 7919 % 10007}")) for n in range(20_000))
        path.write_bytes(gzip.compress(many.encode())[:-2000])
        items: list[Item] = []
        with pytest.raises(InputError, match=r"cut\.jsonl\.gz: the archive is cut short"):
            items.extend(read(open_inputs([str(path)])))
        assert len(items) > 10_000

    def test_a_truncated_array_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.json"
        path.write_text(json.dumps([company(), person()], indent=1)[:-40], encoding="utf-8")
        with pytest.raises(InputError, match=r"cut\.json, row .*: is cut short"):
            load(path)

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ('{"company_number": "1", "data": {"kind": "x"}}', "listed load psc FILE"),
            ('{"id": "a", "schema": "Person", "properties": {}}', "listed load ftm FILE"),
            ('{"results": [], "sources": [], "total": 0}', "listed load csl FILE"),
        ],
    )
    def test_a_file_of_another_kind_is_sent_to_its_loader(self, tmp_path: Path, text: str, advice: str) -> None:
        path = tmp_path / "other.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load(path)
        assert caught.value.advice == advice

    @pytest.mark.parametrize(
        "text", ["<sdnList/>", "owner,asset\nA,B\n", "hello", "[1, 2]", '{"a": 1}', '[{"a": 1}] x']
    )
    def test_what_is_no_statement_is_one_clear_line(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "other.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=r"other\.json"):
            load(path)

    def test_the_loader_says_what_it_reads(self) -> None:
        assert (LOADER.name, LOADER.needs_files) == ("bods", True)
