"""The UK register of people with significant control: natures, bands, people, bodies, remarks and revisions."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.graph.model import Address, Entity, Identifier, Link, Name
from listed.graph.share import Basis
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.company_numbers import company_number
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Item
from listed.loaders.psc import LOADER, read
from listed.loaders.psc.companies import Companies
from listed.loaders.psc.nationalities import nationality_codes
from listed.loaders.psc.natures import nature_of
from listed.loading import graph_of
from listed.queries import owners
from tests.loaders.loaded import Yielded

Record = dict[str, Any]
SHARES_75 = "ownership-of-shares-75-to-100-percent"


class Read(Yielded):
    """What the loader yielded, by kind."""

    @property
    def party(self) -> Entity:
        """The one entity that is no company of the register."""
        found = [entity for entity in self.entities if entity.id.startswith("psc-")]
        assert len(found) == 1, f"{len(found)} parties"
        return found[0]

    def flags(self, about: Entity | Link) -> tuple[str, ...]:
        return next(s.flags for s in self.statements if s.about is about)

    @property
    def graph(self) -> Graph:
        return graph_of({"psc": self.items})


def load(*paths: Path) -> Read:
    return Read(list(read(open_inputs([str(path) for path in paths]))))


Reading = Callable[..., Read]


@pytest.fixture
def lines(tmp_path: Path) -> Reading:
    """Write records as JSON lines and read them."""

    def made(*records: Record) -> Read:
        path = tmp_path / "persons-with-significant-control-snapshot-2024-11-22.txt"
        path.write_text("\n".join(json.dumps(one) for one in records), encoding="utf-8")
        return load(path)

    return made


@pytest.fixture(scope="module")
def snapshot(real_data: Path) -> Read:
    """Sixteen pieces of the snapshot of November 2024."""
    return load(*sorted((real_data / "psc").glob("psc-data-*.json")))


@pytest.fixture(scope="module")
def stream(real_data: Path) -> Read:
    """Forty-one events of the stream."""
    return load(real_data / "psc" / "sample_psc_stream.jsonl")


def record(kind: str = "individual-person", company: str = "01234567", key: str = "abc", **data: Any) -> Record:
    told = {
        "kind": f"{kind}-with-significant-control" if "person" in kind else kind,
        "links": {"self": f"/company/{company}/persons-with-significant-control/{kind}/{key}"},
        "natures_of_control": [SHARES_75],
        "notified_on": "2016-04-06",
        "name": "Ann Owner",
    }
    return {"company_number": company, "data": told | data}


def body(number: str, place: str = "", country: str = "", **data: Any) -> Record:
    identification = {"registration_number": number, "place_registered": place, "country_registered": country}
    return record("corporate-entity-person", name="Owner Ltd", identification=identification, **data)


def event(type_: str, moment: str, key: str = "abc", **data: Any) -> Record:
    told = record(key=key, **data)
    uri = told["data"].pop("links")["self"]
    return {"resource_uri": uri, "resource_id": key, "data": told["data"],
            "event": {"type": type_, "timepoint": 1, "published_at": moment}}  # fmt: skip


class TestRealFiles:
    def test_links_of_the_snapshot(self, snapshot: Read) -> None:
        assert Counter((link.type, link.basis) for link in snapshot.links) == {
            (LinkType.OWNS, Basis.SHARES): 17,
            (LinkType.CONTROLS, Basis.VOTES): 9,
            (LinkType.CONTROLS, Basis.BOARD): 3,
            (LinkType.CONTROLS, Basis.UNKNOWN): 3,
        }

    def test_links_of_the_stream(self, stream: Read) -> None:
        assert Counter((link.type, link.basis) for link in stream.links) == {
            (LinkType.OWNS, Basis.SHARES): 26,
            (LinkType.CONTROLS, Basis.VOTES): 6,
            (LinkType.CONTROLS, Basis.UNKNOWN): 7,
            (LinkType.LINKED_TO, Basis.UNKNOWN): 1,
        }

    def test_nothing_of_the_stream_is_set_aside(self, stream: Read) -> None:
        assert (stream.aside, stream.errors) == ([], [])

    def test_only_the_totals_of_the_whole_register_are_set_aside(self, snapshot: Read) -> None:
        assert [one.reason for one in snapshot.aside] == ["the snapshot's own totals are not what was read"]
        assert "persons: 12,799,821 by the total, 18 read" in snapshot.aside[0].text

    def test_no_nature_is_unknown(self, snapshot: Read, stream: Read) -> None:
        flags = [flag for told in (snapshot, stream) for one in told.statements for flag in one.flags]
        assert [flag for flag in flags if flag.startswith("nature")] == []

    def test_a_government_department_is_a_state_body(self, snapshot: Read) -> None:
        safe = snapshot.named("State Administration Of Foreign Exchange")
        assert (safe.schema, safe.topics) == ("PublicBody", ("gov",))

    def test_one_company_owns_under_its_register_number(self, snapshot: Read) -> None:
        owner = snapshot.named("Robert Hitchins Limited")
        assert owner.identifiers == (Identifier("gb-coh", "00686734"),)

    def test_a_number_of_minnesota_is_no_uk_number(self, snapshot: Read) -> None:
        owner = snapshot.named("St. Paul Fire & Marine Insurance Company")
        assert owner.identifiers == ()
        assert ("registration_number", "41-0406690") in owner.properties

    def test_a_ceased_control_is_history(self, snapshot: Read) -> None:
        past = [link for link in snapshot.links if link.target == "gb-coh-10308742"]
        assert {str(link.period) for link in past} == {"2016-08-02 to 2018-02-27"}

    def test_three_people_of_one_name_stay_three(self, stream: Read) -> None:
        assert len({entity.id for entity in stream.entities if entity.name == "Sarah Chen"}) == 3

    def test_ownership_is_answered(self, snapshot: Read) -> None:
        rows = owners(snapshot.graph, "gb-coh-06452920", date(2024, 1, 1)).rows
        assert {(row.owner_name, row.basis): row.share for row in rows} == {
            ("Wpp Rocky Ltd", "shares"): "at least 75%",
            ("Wpp Rocky Ltd", "votes"): "more than 25%, up to 50%",
        }


class TestNatures:
    @pytest.mark.parametrize(
        ("code", "share"),
        [
            ("ownership-of-shares-25-to-50-percent", "more than 25%, up to 50%"),
            ("ownership-of-shares-50-to-75-percent", "more than 50%, less than 75%"),
            (SHARES_75, "at least 75%"),
            ("ownership-of-shares-more-than-25-percent-registered-overseas-entity", "more than 25%"),
            ("voting-rights-25-to-50-percent-limited-liability-partnership", "more than 25%, up to 50%"),
            ("right-to-appoint-and-remove-directors", "share unknown"),
        ],
    )
    def test_the_band_is_the_laws(self, code: str, share: str) -> None:
        assert str(nature_of(code).share) == share

    @pytest.mark.parametrize(
        ("code", "type_", "basis", "role", "direct"),
        [
            (SHARES_75, LinkType.OWNS, Basis.SHARES, "", None),
            ("voting-rights-75-to-100-percent", LinkType.CONTROLS, Basis.VOTES, "voting rights", None),
            (
                "right-to-appoint-and-remove-members-as-firm-limited-liability-partnership",
                LinkType.CONTROLS, Basis.BOARD, "right to appoint and remove members as firm", False,
            ),
            (
                "ownership-of-shares-50-to-75-percent-as-trust",
                LinkType.OWNS, Basis.SHARES, "ownership of shares as trust", False,
            ),
            (
                "ownership-of-shares-as-trust-25-to-50-percent",
                LinkType.OWNS, Basis.SHARES, "ownership of shares as trust", False,
            ),
            (
                "ownership-of-shares-more-than-25-percent-as-control-over-trust-registered-overseas-entity",
                LinkType.OWNS, Basis.SHARES, "ownership of shares as control over trust", False,
            ),
            (
                "right-to-share-surplus-assets-75-to-100-percent-limited-liability-partnership",
                LinkType.OWNS, Basis.UNKNOWN, "right to share surplus assets", None,
            ),
            (
                "part-right-to-share-surplus-assets-25-to-50-percent-as-trust",
                LinkType.OWNS, Basis.UNKNOWN, "part right to share surplus assets as trust", False,
            ),
            (
                "significant-influence-or-control-registered-overseas-entity",
                LinkType.CONTROLS, Basis.UNKNOWN, "significant influence or control", None,
            ),
            (
                "registered-owner-as-nominee-another-entity-northern-ireland-registered-overseas-entity",
                LinkType.LINKED_TO, Basis.UNKNOWN,
                "registered owner as nominee another entity northern ireland", None,
            ),
        ],
    )  # fmt: skip
    def test_a_code_is_the_link_it_means(
        self, code: str, type_: LinkType, basis: Basis, role: str, direct: bool | None
    ) -> None:
        nature = nature_of(code)
        assert (nature.type, nature.basis, nature.role, nature.direct, nature.known) == (
            type_,
            basis,
            role,
            direct,
            True,
        )

    def test_shares_and_votes_are_two_stakes(self, lines: Reading) -> None:
        told = lines(
            record(natures_of_control=["ownership-of-shares-25-to-50-percent", "voting-rights-75-to-100-percent"])
        )
        assert [(link.basis, str(link.share)) for link in told.links] == [
            (Basis.SHARES, "more than 25%, up to 50%"),
            (Basis.VOTES, "at least 75%"),
        ]

    def test_a_code_not_known_is_kept_and_flagged(self, lines: Reading) -> None:
        told = lines(record(natures_of_control=["right-to-choose-the-carpets"]))
        assert told.links[0].role == "right to choose the carpets"
        assert told.flags(told.links[0]) == ("nature of control: right-to-choose-the-carpets is not one we know",)

    @given(st.text())
    def test_no_text_is_too_odd(self, code: str) -> None:
        assert nature_of(code).type in LinkType


class TestParties:
    def test_a_person(self, lines: Reading) -> None:
        told = lines(
            record(
                name="Mr Marc Anthony Feldman",
                name_elements={"title": "Mr", "forename": "Marc", "middle_name": "Anthony", "surname": "Feldman"},
                nationality="British", country_of_residence="England", date_of_birth={"month": 12, "year": 1961},
                address={"premises": "9", "address_line_1": "Princes Square", "locality": "Hull", "country": "England"},
            )
        )  # fmt: skip
        assert told.party == Entity(
            "psc-01234567-abc",
            (Name("Marc Anthony Feldman"),),
            "Person",
            ("gb",),
            addresses=(Address("9 Princes Square, Hull, England", "gb"),),
            properties=(
                ("date_of_birth", "1961-12"),
                ("nationality", "British"),
                ("country_of_residence", "England"),
                ("title", "Mr"),
            ),
        )

    def test_a_name_that_says_more_than_its_parts_is_an_alias(self, lines: Reading) -> None:
        told = lines(record(name="Lord Owner of Hull", name_elements={"forename": "Ann", "surname": "Owner"}))
        assert told.party.names == (Name("Ann Owner"), Name("Lord Owner of Hull", NameKind.ALIAS))

    @pytest.mark.parametrize(
        ("place", "country"),
        [
            ("Companies House", "England And Wales"), ("Companies House Cardiff", "England & Wales"),
            ("Companies House", ""), ("Uk Register Of Companies", "United Kingdom"), ("Scotland", "Scotland"),
            ("Belfast", "Northern Ireland"), ("", "UK"),
        ],
    )  # fmt: skip
    def test_a_uk_company_has_its_register_number(self, lines: Reading, place: str, country: str) -> None:
        assert lines(body("686734", place, country)).party.identifiers == (Identifier("gb-coh", "00686734"),)

    @pytest.mark.parametrize(
        ("place", "country"),
        [
            ("Companies House", "Gibraltar"), ("Companies House Gibraltar", ""), ("Companies House", "Germany"),
            ("Dublin", "Ireland"), ("Sydney", "New South Wales"), ("", ""), ("Road Town", "British Virgin Islands"),
        ],
    )  # fmt: skip
    def test_a_company_of_elsewhere_has_not(self, lines: Reading, place: str, country: str) -> None:
        told = lines(body("00686734", place, country)).party
        assert (told.identifiers, ("registration_number", "00686734") in told.properties) == ((), True)

    @pytest.mark.parametrize("number", ["N/A", "0", "00000000", "12", "Company no. tbc"])
    def test_what_is_no_number_makes_no_two_companies_one(self, lines: Reading, number: str) -> None:
        told = lines(body(number, "Companies House", "England"))
        assert told.party.identifiers == ()
        assert told.flags(told.party) == (f"identifier: gb-coh {number} does not look like one",)

    def test_the_company_that_owns_is_the_company_that_is_owned(self, lines: Reading) -> None:
        told = lines(body("07654321", "Companies House", "England"), record(company="07654321", key="def"))
        assert told.graph.id_of(told.graph.row_of("gb-coh-07654321") or 0) == "gb-coh-07654321"
        assert told.graph.arrays.size == 3

    def test_a_state_owned_firm_is_no_state_body(self, lines: Reading) -> None:
        told = lines(record("legal-person-person", identification={"legal_form": "Government Owned Corporation"}))
        assert told.party.schema == "LegalEntity"

    def test_one_placeholder_for_the_protected_persons_of_a_company(self, lines: Reading) -> None:
        secure = {"name": None, "natures_of_control": None, "notified_on": None}
        told = lines(
            record("super-secure-person", "01234567", "a", **secure),
            record("super-secure-person", "01234567", "b", **secure),
            record("super-secure-person", "07654321", "c", **secure),
        )  # fmt: skip
        assert {entity.id for entity in told.entities if entity.placeholder} == {
            "psc-01234567-super-secure",
            "psc-07654321-super-secure",
        }
        assert {(link.type, link.basis) for link in told.links} == {(LinkType.CONTROLS, Basis.UNKNOWN)}

    def test_a_sanctioned_owner_of_an_overseas_entity(self, lines: Reading) -> None:
        told = lines(record("corporate-entity-beneficial-owner", "OE000001", is_sanctioned=True))
        assert told.party.topics == ("sanction",)

    def test_an_overseas_entity_is_not_british(self, lines: Reading) -> None:
        told = lines(record("corporate-entity-beneficial-owner", "OE000001"))
        assert told.entities[0].countries == ()

    def test_a_company_is_told_once(self, lines: Reading) -> None:
        told = lines(record(key="a"), record(key="b"), record(key="c"))
        assert [entity.id for entity in told.entities].count("gb-coh-01234567") == 1

    @pytest.mark.parametrize(
        ("text", "codes"),
        [("British", ("gb",)), ("Chinese", ("cn",)), ("British,Russian", ("gb", "ru")), ("Martian", ()), ("", ())],
    )
    def test_a_nationality_is_a_country(self, text: str, codes: tuple[str, ...]) -> None:
        assert nationality_codes(text) == codes


class TestNumbers:
    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("7444723", "07444723"), ("SC12345", "SC012345"), ("oc 300001", "OC300001"), ("IP00001R", "IP00001R"),
            ("00000118", "00000118"), ("1", ""), ("none", ""), ("123456789", ""),
        ],
    )  # fmt: skip
    def test_one_spelling(self, text: str, number: str) -> None:
        assert company_number(text) == number

    @given(st.lists(st.from_regex(r"\A(?:[0-9]{8}|[A-Z]{2}[0-9]{6}|IP[0-9]{5}R)\Z")))
    def test_noted_once_and_then_known(self, numbers: list[str]) -> None:
        companies = Companies()
        assert [number for number in numbers if companies.is_new(number)] == list(dict.fromkeys(numbers))


class TestRemarks:
    def test_that_there_is_nobody_is_a_property_of_the_company(self, snapshot: Read) -> None:
        told = [text for entity in snapshot.entities for key, text in entity.properties if key == "psc_statement"]
        assert told == ["no-individual-or-entity-with-signficant-control, 2016-09-11 to 2021-12-13"]

    def test_an_exemption_is_a_property_of_the_company(self, lines: Reading) -> None:
        why = {"exemption_type": "psc-exempt-as-shares-admitted-on-market", "items": [{"exempt_from": "2016-04-06"}]}
        exemptions = {"psc_exempt_as_shares_admitted_on_market": why}
        told = lines({"company_number": "01234567", "data": {"kind": "exemptions", "exemptions": exemptions}})
        assert told.entities[0].properties == (
            ("psc_exemption", "psc-exempt-as-shares-admitted-on-market, 2016-04-06"),
        )

    def test_totals_that_agree_are_not_told(self, lines: Reading) -> None:
        total = {"kind": "totals#persons-of-significant-control-snapshot", "persons_of_significant_control_count": 1,
                 "statements_count": 0, "exemptions_count": 0}  # fmt: skip
        assert lines(record(), {"data": total}).aside == []

    def test_a_kind_not_known_is_set_aside(self, lines: Reading) -> None:
        assert [one.reason for one in lines(record("robot")).aside] == ["a kind not known here: robot"]

    def test_ceased_without_a_day_is_set_aside(self, lines: Reading) -> None:
        told = lines(record(ceased=True))
        assert (told.links, told.aside[0].reason) == ([], "ceased, but not told when")

    def test_the_date_of_the_snapshot_is_in_its_name(self, lines: Reading) -> None:
        assert {one.id: one for one in lines(record()).sources}["psc-snapshot-2024-11-22"].published == "2024-11-22"


class TestRevisions:
    def test_a_later_event_revises_an_earlier_one(self, stream: Read) -> None:
        links = [link for link in stream.links if link.target == "gb-coh-10000011"]
        assert [(str(link.share), str(link.period.end)) for link in links] == [
            ("more than 25%, up to 50%", "2026-06-10"),
            ("more than 50%, less than 75%", "2026-06-10"),
        ]

    def test_events_are_taken_by_their_time(self, lines: Reading) -> None:
        later = event("changed", "2026-02-01T00:00:00", natures_of_control=["ownership-of-shares-50-to-75-percent"])
        told = lines(later, event("changed", "2026-01-01T00:00:00"))
        assert {str(link.share): str(link.period.end) for link in told.links} == {
            "at least 75%": "2026-02-01",
            "more than 50%, less than 75%": "",
        }

    def test_a_deleted_record_has_ended(self, lines: Reading) -> None:
        gone = event("deleted", "2026-02-01T00:00:00")
        gone["data"] = {}
        told = lines(event("changed", "2026-01-01T00:00:00"), gone)
        assert [str(link.period.end) for link in told.links] == ["2026-02-01"]
        assert told.flags(told.links[0]) == ("end_date: none given; deleted on 2026-02-01",)

    def test_a_deleted_record_nobody_told_of_is_set_aside(self, lines: Reading) -> None:
        gone = event("deleted", "2026-02-01T00:00:00")
        gone["data"] = {}
        assert [one.reason for one in lines(gone).aside] == ["deleted from the register; no file tells what it was"]

    def test_the_stream_revises_the_snapshot(self, tmp_path: Path) -> None:
        snapshot, stream = tmp_path / "snapshot-2025-12-01.txt", tmp_path / "stream.jsonl"
        snapshot.write_text(json.dumps(record()), encoding="utf-8")
        stream.write_text(json.dumps(event("changed", "2026-01-05T10:00:00", ceased_on="2026-01-01")), encoding="utf-8")
        told = load(stream, snapshot)
        assert [str(link.period) for link in told.links] == ["2016-04-06 to 2026-01-01"]


class TestFiles:
    def test_a_bad_line_tells_its_number_and_the_others_are_read(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.txt"
        path.write_text(
            f'{json.dumps(record())}\n{{"company_number"\n{json.dumps(record(key="b"))}\n', encoding="utf-8"
        )
        told = load(path)
        assert [(one.file, one.row) for one in told.errors] == [("bad.txt", 2)]
        assert len(told.links) == 2

    def test_latin_1_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "latin.txt"
        path.write_bytes(json.dumps(record(name="Zoë"), ensure_ascii=False).encode("latin-1"))
        assert [str(one) for one in load(path).errors] == [
            "latin.txt, row 1: byte 0xeb is not UTF-8 (save it as UTF-8)"
        ]

    def test_a_truncated_gzip_is_told_after_what_was_read(self, tmp_path: Path) -> None:
        path = tmp_path / "cut.txt.gz"
        many = "\n".join(json.dumps(record(key=f"{n * 7919 % 100_003}")) for n in range(20_000))
        path.write_bytes(gzip.compress(many.encode())[:-2000])
        items: list[Item] = []
        with pytest.raises(InputError, match=r"cut\.txt\.gz: the archive is cut short"):
            items.extend(read(open_inputs([str(path)])))
        assert len(items) > 10_000

    @pytest.mark.parametrize(
        ("text", "advice"),
        [
            ('{"statementId": "a", "recordId": "b"}', "listed load bods FILE"),
            ('[{"statementID": "a", "statementType": "entityStatement"}]', "listed load bods FILE"),
            ('{"id": "a", "schema": "Person", "properties": {}}', "listed load ftm FILE"),
        ],
    )
    def test_a_file_of_another_kind_is_sent_to_its_loader(self, tmp_path: Path, text: str, advice: str) -> None:
        path = tmp_path / "other.json"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load(path)
        assert caught.value.advice == advice

    def test_a_company_profile_is_none(self, real_data: Path) -> None:
        with pytest.raises(InputError, match="these are not the UK's people with significant control"):
            load(real_data / "psc" / "company-data-1.json")

    def test_the_loader_says_where_the_register_is(self) -> None:
        assert LOADER.official == "https://download.companieshouse.gov.uk/en_pscdata.html"
