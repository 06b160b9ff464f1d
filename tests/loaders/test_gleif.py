"""GLEIF: what entities, relationships and exceptions say, in each form of file."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.graph.model import Address, Identifier, Name
from listed.graph.share import WHOLE, Basis
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.gleif import LOADER, read
from listed.loaders.gleif.golden_csv import path_of
from listed.loaders.gleif.json_stream import JsonStream
from listed.loaders.gleif.registers import is_lei, register_identifier
from listed.loaders.inputs import open_inputs
from listed.loading import build, graph_of
from tests.loaders.loaded import Yielded

CHILD, PARENT, THIRD = "851WYGNLUQLFZBSYGB56", "529900GRZ2BQY5ZM9N49", "5493001KJTIIGC8Y1R12"


class Read(Yielded):
    """What the loader yielded, by kind."""

    @property
    def flags(self) -> tuple[str, ...]:
        return tuple(flag for statement in self.statements for flag in statement.flags)


def load(*paths: Path) -> Read:
    return Read(list(read(open_inputs([str(path) for path in paths]))))


Making = Callable[..., Path]


def entity_xml(lei: str = CHILD, name: str = "COMMERZBANK", more: str = "", *, updated: str = "2023-05-18") -> str:
    return f"""<lei:LEIRecord><lei:LEI>{lei}</lei:LEI>
      <lei:Entity><lei:LegalName xml:lang="de">{name}</lei:LegalName>{more}</lei:Entity>
      <lei:Registration><lei:LastUpdateDate>{updated}T00:00:00Z</lei:LastUpdateDate>
      <lei:RegistrationStatus>ISSUED</lei:RegistrationStatus></lei:Registration></lei:LEIRecord>"""


PERIOD = ("2018-02-01", "", "RELATIONSHIP_PERIOD")


def relationship_xml(
    type_: str = "IS_DIRECTLY_CONSOLIDATED_BY",
    *,
    periods: tuple[tuple[str, str, str], ...] = (PERIOD,),
    amount: str = "",
    units: str = "PERCENTAGE",
    status: str = "ACTIVE",
    registration: str = "PUBLISHED",
    start: str = CHILD,
    end: str = PARENT,
    extension: str = "",
) -> str:
    said = "".join(
        f"<rr:RelationshipPeriod><rr:StartDate>{first}T00:00:00Z</rr:StartDate>"
        + (f"<rr:EndDate>{last}T00:00:00Z</rr:EndDate>" if last else "")
        + f"<rr:PeriodType>{kind}</rr:PeriodType></rr:RelationshipPeriod>"
        for first, last, kind in periods
    )
    quantity = (
        "<rr:RelationshipQuantifiers><rr:RelationshipQuantifier>"
        "<rr:MeasurementMethod>ACCOUNTING_CONSOLIDATION</rr:MeasurementMethod>"
        f"<rr:QuantifierAmount>{amount}</rr:QuantifierAmount><rr:QuantifierUnits>{units}</rr:QuantifierUnits>"
        "</rr:RelationshipQuantifier></rr:RelationshipQuantifiers>"
    )
    return f"""<rr:RelationshipRecord><rr:Relationship>
      <rr:StartNode><rr:NodeID>{start}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode>
      <rr:EndNode><rr:NodeID>{end}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode>
      <rr:RelationshipType>{type_}</rr:RelationshipType><rr:RelationshipPeriods>{said}</rr:RelationshipPeriods>
      <rr:RelationshipStatus>{status}</rr:RelationshipStatus>{quantity if amount else ""}</rr:Relationship>
      <rr:Registration><rr:RegistrationStatus>{registration}</rr:RegistrationStatus></rr:Registration>
      {extension}</rr:RelationshipRecord>"""


def exception_xml(lei: str = CHILD, reason: str = "NATURAL_PERSONS", side: str = "DIRECT") -> str:
    return f"""<repex:Exception><repex:LEI>{lei}</repex:LEI>
      <repex:ExceptionCategory>{side}_ACCOUNTING_CONSOLIDATION_PARENT</repex:ExceptionCategory>
      <repex:ExceptionReason>{reason}</repex:ExceptionReason></repex:Exception>"""


_DOCUMENTS = {
    "lei": ("LEIData", "LEIHeader", "LEIRecords", "http://www.gleif.org/data/schema/leidata/2016"),
    "rr": ("RelationshipData", "Header", "RelationshipRecords", "http://www.gleif.org/data/schema/rr/2016"),
    "repex": ("ReportingExceptionData", "Header", "ReportingExceptions", "http://www.gleif.org/data/schema/repex/2016"),
}


@pytest.fixture
def document(tmp_path: Path) -> Making:
    """Write an XML file of records of one kind."""

    def made(
        prefix: str, *records: str, date: str = "2023-06-05", count: int = -1, name: str = "", before: str = ""
    ) -> Path:
        root, header, holder, namespace = _DOCUMENTS[prefix]
        path = tmp_path / (name or f"{prefix}.xml")
        told = len(records) if count < 0 else count
        path.write_text(
            f'<?xml version="1.0" encoding="UTF-8"?>{before}<{prefix}:{root} xmlns:{prefix}="{namespace}" '
            f'xmlns:gleif="http://www.gleif.org/data/schema/golden-copy/extensions/1.0">\n<{prefix}:{header}>'
            f"<{prefix}:ContentDate>{date}T08:20:51Z</{prefix}:ContentDate>"
            f"<{prefix}:RecordCount>{told}</{prefix}:RecordCount></{prefix}:{header}>\n<{prefix}:{holder}>\n"
            + "\n".join(records)
            + f"\n</{prefix}:{holder}></{prefix}:{root}>",
            encoding="utf-8",
        )
        return path

    return made


@pytest.fixture
def relationship(document: Making) -> Callable[..., Read]:
    return lambda *args, **how: load(document("rr", relationship_xml(*args, **how)))


@pytest.fixture
def entity(document: Making) -> Callable[[str], Read]:
    return lambda more: load(document("lei", entity_xml(more=more)))


class TestTheRealFiles:
    def test_every_record_of_level_one_is_an_entity(self, real_data: Path) -> None:
        assert len(load(real_data / "gleif" / "lei-data.xml").entities) == 13

    def test_every_relationship_is_a_link(self, real_data: Path) -> None:
        assert len(load(real_data / "gleif" / "rr-data.xml").links) == 10

    @pytest.mark.parametrize("kind", ["lei", "rr", "repex"])
    def test_json_says_the_same_as_the_xml(self, real_data: Path, kind: str) -> None:
        xml, twin = (load(real_data / "gleif" / f"{kind}-data.{form}") for form in ("xml", "json"))
        assert xml.links == twin.links
        assert [one.identifiers for one in xml.entities] == [one.identifiers for one in twin.entities]
        assert [one.properties for one in xml.entities] == [one.properties for one in twin.entities]
        assert [one.names for one in xml.entities] == [one.names for one in twin.entities]

    def test_the_header_counts_records_that_the_sample_has_not(self, real_data: Path) -> None:
        read_ = load(real_data / "gleif" / "rr-data.xml")
        assert [(one.reason, one.text) for one in read_.aside] == [
            ("not the number of records its header says", "its header says 394,970, it holds 10")
        ]

    def test_its_date_is_when_the_source_was_published(self, real_data: Path) -> None:
        (source,) = load(real_data / "gleif" / "rr-data.xml").sources
        assert (source.id, source.published) == ("gleif-rr-2023-06-05", "2023-06-05")

    def test_one_and_a_hundred_percent_are_both_all(self, real_data: Path) -> None:
        read_ = load(real_data / "gleif" / "rr-updates-data2.xml")
        said = {link.share.text: (link.share.low, link.share.high) for link in read_.links if link.share.known}
        assert said == {"1.00 PERCENTAGE": (WHOLE, WHOLE), "100.00 PERCENTAGE": (WHOLE, WHOLE)}

    def test_a_deleted_relationship_is_set_aside(self, real_data: Path) -> None:
        read_ = load(real_data / "gleif" / "rr-updates-data2-new.xml")
        assert ("deleted by GLEIF", "2023-11-01") in [(one.reason, one.text[-10:]) for one in read_.aside]

    def test_of_two_versions_side_by_side_the_one_updated_last_counts(self, real_data: Path) -> None:
        read_ = load(real_data / "gleif" / "lei-updates-replaces-data.json")
        assert [dict(one.properties)["updated"] for one in read_.entities] == ["2024-01-03"]
        assert read_.reasons == ["replaced by a newer record"]

    def test_every_answer_of_the_api_is_read(self, real_data: Path) -> None:
        read_ = load(*sorted((real_data / "gleif").glob("api_*.json")))
        told = [link for link in read_.links if link.note]
        assert len({link.target for link in told if link.direct}) == 59
        assert len({link.target for link in told if link.direct is False}) == 62

    def test_an_answer_of_the_api_says_which_page_it_is(self, real_data: Path) -> None:
        read_ = load(real_data / "gleif" / "api_direct-children_851WYGNLUQLFZBSYGB56.json")
        assert read_.reasons == ["one page of several"]

    def test_a_list_of_several_kinds_is_read_whole(self, real_data: Path) -> None:
        read_ = load(real_data / "gleif" / "relationship-update-data.json")
        assert (len(read_.entities), len(read_.links)) == (2, 4)

    def test_the_bank_of_the_api(self, real_data: Path) -> None:
        read_ = load(real_data / "gleif" / "api_single_lei_record_851WYGNLUQLFZBSYGB56.json")
        bank = read_.by_id[f"lei:{CHILD}"]
        assert bank.name == "COMMERZBANK Aktiengesellschaft"
        assert bank.addresses == (Address("Kaiserstraße 16, Frankfurt am Main, DE-HE, 60311, DE", "de"),)
        assert {"register": "RA000242", "register_number": "HRB 32000", "mic": "CBKA"}.items() <= dict(
            bank.properties
        ).items()


class TestEntities:
    def test_its_id_and_identifier_are_the_lei(self, entity: Callable[[str], Read]) -> None:
        (one,) = entity("").entities
        assert (one.id, one.identifiers) == (f"lei:{CHILD}", (Identifier("lei", CHILD),))

    def test_names_have_their_kinds(self, entity: Callable[[str], Read]) -> None:
        (one,) = entity(
            '<lei:OtherEntityNames><lei:OtherEntityName type="PREVIOUS_LEGAL_NAME">Old</lei:OtherEntityName>'
            '<lei:OtherEntityName type="TRADING_OR_OPERATING_NAME">Shop</lei:OtherEntityName></lei:OtherEntityNames>'
            "<lei:TransliteratedOtherEntityNames><lei:TransliteratedOtherEntityName "
            'type="AUTO_ASCII_TRANSLITERATED_LEGAL_NAME">bydyk</lei:TransliteratedOtherEntityName>'
            "</lei:TransliteratedOtherEntityNames>"
        ).entities
        assert one.names == (
            Name("COMMERZBANK"),
            Name("Old", NameKind.PREVIOUS),
            Name("Shop", NameKind.ALIAS),
            Name("bydyk", NameKind.WEAK, "Latn"),
        )

    def test_a_government_entity_is_a_public_body(self, entity: Callable[[str], Read]) -> None:
        (one,) = entity("<lei:EntityCategory>RESIDENT_GOVERNMENT_ENTITY</lei:EntityCategory>").entities
        assert (one.schema, one.topics) == ("PublicBody", ("gov",))

    def test_it_is_where_it_was_founded_and_where_it_is_run(self, entity: Callable[[str], Read]) -> None:
        (one,) = entity(
            "<lei:HeadquartersAddress><lei:City>Beijing</lei:City><lei:Country>CN</lei:Country></lei:HeadquartersAddress>"
            "<lei:LegalJurisdiction>KY</lei:LegalJurisdiction>"
        ).entities
        assert one.countries == ("ky", "cn")

    def test_its_successor_succeeds_it(self, entity: Callable[[str], Read]) -> None:
        link = entity(f"<lei:SuccessorEntity><lei:SuccessorLEI>{THIRD}</lei:SuccessorLEI></lei:SuccessorEntity>").link
        assert (link.source, link.target, link.type) == (f"lei:{THIRD}", f"lei:{CHILD}", LinkType.SUCCEEDS)

    def test_a_lapsed_registration_is_flagged(self, document: Making) -> None:
        path = document("lei", entity_xml().replace("ISSUED", "LAPSED"))
        assert load(path).flags == ("registration: LAPSED",)

    def test_wrong_check_digits_merge_nothing(self, document: Making) -> None:
        (one,) = load(document("lei", entity_xml(CHILD[:-1] + "7"))).entities
        assert one.identifiers[0].scheme == "lei-unchecked"

    def test_a_record_without_an_lei_is_set_aside(self, document: Making) -> None:
        read_ = load(document("lei", entity_xml("n/a"), entity_xml()))
        assert (read_.reasons, len(read_.entities)) == (["a record without an LEI"], 1)


class TestRegisters:
    @pytest.mark.parametrize(
        ("authority", "number", "jurisdiction", "category", "scheme", "value"),
        [
            ("RA000585", "03004112", "gb", "GENERAL", "gb-coh", "03004112"),
            ("RA000585", "7015428", "gb", "GENERAL", "gb-coh", "07015428"),
            ("RA000587", "SC123456", "gb-sct", "GENERAL", "gb-coh", "SC123456"),
            ("RA000585", "see remarks", "gb", "GENERAL", "gb-coh-unchecked", "see remarks"),
            ("RA000585", "03004112", "gb", "FUND", "gb-coh-fund", "03004112"),
            ("RA000463", "30078991", "nl", "GENERAL", "nl-kvk", "30078991"),
            ("RA000388", "51191640", "hk", "GENERAL", "hk-brn", "51191640"),
            ("RA000499", "1027739007768", "ru", "GENERAL", "ogrn", "1027739007768"),
            ("RA000499", "1027739007769", "ru", "GENERAL", "ogrn-unchecked", "1027739007769"),
            ("RA001018", "91330000733796106P", "cn", "GENERAL", "uscc", "91330000733796106P"),
        ],
    )
    def test_schemes(
        self, authority: str, number: str, jurisdiction: str, category: str, scheme: str, value: str
    ) -> None:
        identifier, _ = register_identifier(authority, number, jurisdiction, category)
        assert identifier == Identifier(scheme, value)

    @pytest.mark.parametrize(("authority", "number"), [("RA000665", "S000005113"), ("RA000585", ""), ("", "12345")])
    def test_a_register_not_known_gives_no_identifier(self, authority: str, number: str) -> None:
        assert register_identifier(authority, number, "us", "GENERAL") == (None, "")

    def test_zeros_put_back_are_flagged(self) -> None:
        _, flag = register_identifier("RA000585", "7015428", "gb", "GENERAL")
        assert flag == "identifier: gb-coh 7015428 read as 07015428"

    @given(st.sampled_from([place for place, character in enumerate(CHILD) if character.isdigit()]), st.integers(0, 9))
    def test_one_wrong_digit_is_no_lei(self, place: int, digit: int) -> None:
        changed = f"{CHILD[:place]}{digit}{CHILD[place + 1 :]}"
        assert is_lei(changed) == (changed == CHILD)


class TestRelationships:
    @pytest.mark.parametrize(
        ("type_", "direct"), [("IS_DIRECTLY_CONSOLIDATED_BY", True), ("IS_ULTIMATELY_CONSOLIDATED_BY", False)]
    )
    def test_consolidation_is_control_by_the_parent(
        self, relationship: Callable[..., Read], type_: str, direct: bool
    ) -> None:
        link = relationship(type_).link
        assert (link.source, link.target) == (f"lei:{PARENT}", f"lei:{CHILD}")
        assert (link.type, link.basis, link.direct) == (LinkType.CONTROLS, Basis.CONSOLIDATION, direct)

    @pytest.mark.parametrize(
        ("type_", "source", "meant", "role"),
        [
            ("IS_INTERNATIONAL_BRANCH_OF", PARENT, LinkType.CONTROLS, "head office of the branch"),
            ("IS_FUND-MANAGED_BY", PARENT, LinkType.AFFILIATED_WITH, "fund manager"),
            ("IS_SUBFUND_OF", PARENT, LinkType.AFFILIATED_WITH, "umbrella fund"),
            ("IS_FEEDER_TO", CHILD, LinkType.INVESTED_IN, "feeder fund"),
            ("IS_FRIEND_OF", PARENT, LinkType.LINKED_TO, "IS_FRIEND_OF"),
        ],
    )
    def test_other_types_by_what_they_mean(
        self, relationship: Callable[..., Read], type_: str, source: str, meant: LinkType, role: str
    ) -> None:
        link = relationship(type_).link
        assert (link.source, link.type, link.role) == (f"lei:{source}", meant, role)

    def test_a_type_not_known_is_flagged(self, relationship: Callable[..., Read]) -> None:
        assert relationship("IS_FRIEND_OF").flags == ("relationship: a type not known here: IS_FRIEND_OF",)

    def test_no_record_says_that_anyone_owns(self, relationship: Callable[..., Read]) -> None:
        assert relationship(amount="100.00").link.type is not LinkType.OWNS

    @pytest.mark.parametrize(
        ("amount", "said"),
        [("100.00", "100%"), ("51.50", "51.5%"), ("1.00", "100%"), ("1", "100%"), ("0.51", "share unknown"),
         ("0.00", "share unknown"), ("5100", "share unknown"), ("most", "share unknown")],
    )  # fmt: skip
    def test_amounts(self, relationship: Callable[..., Read], amount: str, said: str) -> None:
        assert str(relationship(amount=amount).link.share) == said

    @pytest.mark.parametrize("amount", ["1.00", "0.51", "0.00", "5100", "most"])
    def test_an_amount_not_taken_at_its_word_is_flagged(self, relationship: Callable[..., Read], amount: str) -> None:
        share = relationship(amount=amount).link.share
        assert share.flag
        assert share.text == f"{amount} PERCENTAGE"

    def test_an_amount_of_something_else_is_no_share(self, relationship: Callable[..., Read]) -> None:
        share = relationship(amount="50", units="VOTES").link.share
        assert (share.known, share.flag) == (False, "not a percentage")

    def test_the_period_of_the_accounts_says_nothing_on_the_end(self, relationship: Callable[..., Read]) -> None:
        accounts = ("2016-01-01", "2016-12-31", "ACCOUNTING_PERIOD")
        assert str(relationship(periods=(accounts, PERIOD)).link.period) == "since 2018-02-01"

    def test_alone_it_says_that_it_held_then(self, relationship: Callable[..., Read]) -> None:
        read_ = relationship(periods=(("2016-01-01", "2016-12-31", "ACCOUNTING_PERIOD"),))
        assert str(read_.link.period) == "since 2016-01-01"
        assert read_.flags == ("start_date: of the accounting period; it may have begun before",)

    def test_each_period_is_a_link(self, relationship: Callable[..., Read]) -> None:
        read_ = relationship(periods=(("2010-01-01", "2012-01-01", "RELATIONSHIP_PERIOD"), PERIOD))
        assert [str(link.period) for link in read_.links] == ["2010-01-01 to 2012-01-01", "since 2018-02-01"]

    def test_inactive_without_an_end_is_flagged(self, relationship: Callable[..., Read]) -> None:
        assert relationship(status="INACTIVE").flags == ("end_date: not given, though the relationship is INACTIVE",)

    def test_inactive_with_an_end_is_history(self, relationship: Callable[..., Read]) -> None:
        ended = ("2010-01-01", "2012-01-01", "RELATIONSHIP_PERIOD")
        assert relationship(status="INACTIVE", periods=(ended,)).flags == ()

    def test_a_lapsed_registration_is_flagged(self, relationship: Callable[..., Read]) -> None:
        assert relationship(registration="LAPSED").flags == ("registration: LAPSED",)

    @pytest.mark.parametrize("registration", ["ANNULLED", "DUPLICATE"])
    def test_a_withdrawn_record_is_set_aside(self, relationship: Callable[..., Read], registration: str) -> None:
        read_ = relationship(registration=registration)
        assert (read_.links, len(read_.aside)) == ([], 1)

    def test_a_relationship_without_an_end_is_set_aside(self, relationship: Callable[..., Read]) -> None:
        assert relationship(end="").reasons == ["a relationship without an end"]

    def test_it_is_told_where_it_stands(self, relationship: Callable[..., Read]) -> None:
        assert relationship().statements[0].record == "rr.xml record 1"


class TestExceptions:
    def test_they_are_properties_of_the_entity_whatever_the_order(self, document: Making) -> None:
        lei = document("lei", entity_xml())
        repex = document("repex", exception_xml(reason="NO_LEI"), exception_xml(reason="NON_PUBLIC", side="ULTIMATE"))
        for files in ((lei, repex), (repex, lei)):
            (one,) = load(*files).entities
            told = {("direct_parent_not_reported", "NO_LEI"), ("ultimate_parent_not_reported", "NON_PUBLIC")}
            assert told <= set(one.properties)

    def test_the_entity_then_cites_both(self, document: Making) -> None:
        read_ = load(document("lei", entity_xml()), document("repex", exception_xml(reason="NO_LEI")))
        assert read_.statements[0].sources == ("gleif-lei-2023-06-05", "gleif-repex-2023-06-05")

    def test_one_of_an_entity_not_in_the_files_is_kept(self, document: Making) -> None:
        (one,) = load(document("repex", exception_xml(reason="NO_LEI"))).entities
        assert (one.id, one.names) == (f"lei:{CHILD}", ())

    def test_natural_persons_are_one_party_for_each_entity(self, document: Making) -> None:
        read_ = load(document("repex", exception_xml(CHILD), exception_xml(PARENT)))
        assert {link.source for link in read_.links} == {
            f"lei:{CHILD}:natural-persons",
            f"lei:{PARENT}:natural-persons",
        }

    def test_said_of_both_parents_it_is_one_party_and_one_link(self, document: Making) -> None:
        read_ = load(document("repex", exception_xml(), exception_xml(side="ULTIMATE")))
        assert (len(read_.links), sum(one.placeholder for one in read_.entities)) == (1, 1)

    def test_the_party_is_a_placeholder_that_controls(self, document: Making) -> None:
        read_ = load(document("repex", exception_xml()))
        assert read_.by_id[read_.link.source].placeholder
        assert (read_.link.target, read_.link.type) == (f"lei:{CHILD}", LinkType.CONTROLS)

    @pytest.mark.parametrize("reason", ["NO_KNOWN_PERSON", "NON_CONSOLIDATING", "NO_LEI", "NON_PUBLIC"])
    def test_other_reasons_name_no_party(self, document: Making, reason: str) -> None:
        assert load(document("repex", exception_xml(reason=reason))).links == []

    def test_one_without_an_lei_is_set_aside(self, document: Making) -> None:
        assert load(document("repex", exception_xml("?"))).reasons == ["an exception without an LEI"]


class TestDeltas:
    def test_an_updated_record_replaces(self, document: Making) -> None:
        full = document("lei", entity_xml(name="Old"), entity_xml(PARENT, "Parent"), name="full.xml")
        delta = document("lei", entity_xml(name="New"), name="delta.xml", date="2023-06-06")
        for files in ((full, delta), (delta, full)):
            read_ = load(*files)
            assert sorted(one.name for one in read_.entities) == ["New", "Parent"]
            assert read_.reasons == ["replaced by a newer record"]

    def test_one_that_says_the_same_is_no_loss(self, document: Making) -> None:
        full = document("lei", entity_xml(), name="full.xml")
        assert load(full, document("lei", entity_xml(), name="delta.xml", date="2023-06-06")).aside == []

    def test_a_deleted_record_is_gone(self, document: Making) -> None:
        when = "<gleif:Deletion><gleif:DeletedAt>2023-06-06</gleif:DeletedAt></gleif:Deletion>"
        gone = f"<rr:Extension>{when}</rr:Extension>"
        full = document("rr", relationship_xml(), name="full.xml")
        delta = document("rr", relationship_xml(extension=gone), name="delta.xml", date="2023-06-06")
        read_ = load(full, delta)
        assert read_.links == []
        assert read_.reasons == ["deleted by GLEIF", "replaced by a newer record"]

    def test_without_dates_the_file_named_last_is_the_newest(self, tmp_path: Path) -> None:
        paths = []
        for name in ("b", "a"):
            paths.append(tmp_path / f"{name}.csv")
            paths[-1].write_text(f"LEI,Entity.LegalName\n{CHILD},{name}\n")
        assert [one.name for one in load(*paths).entities] == ["a"]

    def test_a_relationship_to_another_parent_is_another_record(self, document: Making) -> None:
        read_ = load(document("rr", relationship_xml(), relationship_xml(end=THIRD)))
        assert len(read_.links) == 2


class TestCsv:
    """The columns are those of the golden copy; no such file is at hand, so these rows are made up."""

    @pytest.fixture
    def table(self, tmp_path: Path) -> Callable[..., Read]:
        def made(*rows: dict[str, str] | list[str], name: str = "golden.csv") -> Read:
            columns = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow(columns)
            writer.writerows([[row.get(key, "") for key in columns] if isinstance(row, dict) else row for row in rows])
            path = tmp_path / name
            path.write_text(text.getvalue(), encoding="utf-8", newline="")
            return load(path)

        return made

    ENTITY = {
        "LEI": CHILD, "Entity.LegalName": "ООО АЛЬФА", "Entity.LegalName.xmllang": "ru",
        "Entity.OtherEntityNames.OtherEntityName.1": "Alpha House",
        "Entity.OtherEntityNames.OtherEntityName.1.xmllang": "en",
        "Entity.OtherEntityNames.OtherEntityName.1.type": "TRADING_OR_OPERATING_NAME",
        "Entity.OtherEntityNames.OtherEntityName.2": "Beta",
        "Entity.OtherEntityNames.OtherEntityName.2.type": "PREVIOUS_LEGAL_NAME",
        "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1": "OOO ALFA",
        "Entity.TransliteratedOtherEntityNames.TransliteratedOtherEntityName.1.type":
            "PREFERRED_ASCII_TRANSLITERATED_LEGAL_NAME",
        "Entity.LegalAddress.FirstAddressLine": "ul. Lenina 1",
        "Entity.LegalAddress.AdditionalAddressLine.1": "floor 2",
        "Entity.LegalAddress.City": "Moscow", "Entity.LegalAddress.Country": "RU",
        "Entity.RegistrationAuthority.RegistrationAuthorityID": "RA000499",
        "Entity.RegistrationAuthority.RegistrationAuthorityEntityID": "1027739007768",
        "Entity.LegalJurisdiction": "RU", "Entity.EntityCategory": "GENERAL",
        "Registration.RegistrationStatus": "ISSUED",
    }  # fmt: skip
    RELATIONSHIP = {
        "Relationship.StartNode.NodeID": CHILD, "Relationship.StartNode.NodeIDType": "LEI",
        "Relationship.EndNode.NodeID": PARENT, "Relationship.EndNode.NodeIDType": "LEI",
        "Relationship.RelationshipType": "IS_ULTIMATELY_CONSOLIDATED_BY",
        "Relationship.RelationshipStatus": "ACTIVE",
        "Relationship.Period.1.startDate": "2016-01-01T00:00:00Z",
        "Relationship.Period.1.endDate": "2016-12-31T00:00:00Z",
        "Relationship.Period.1.periodType": "ACCOUNTING_PERIOD",
        "Relationship.Period.2.startDate": "2012-11-29T00:00:00Z",
        "Relationship.Period.2.periodType": "RELATIONSHIP_PERIOD",
        "Relationship.Qualifiers.1.QualifierDimension": "ACCOUNTING_STANDARD",
        "Relationship.Qualifiers.1.QualifierCategory": "IFRS",
        "Relationship.Quantifiers.1.MeasurementMethod": "ACCOUNTING_CONSOLIDATION",
        "Relationship.Quantifiers.1.QuantifierAmount": "100",
        "Relationship.Quantifiers.1.QuantifierUnits": "PERCENTAGE",
        "Registration.RegistrationStatus": "PUBLISHED",
    }  # fmt: skip

    def test_an_entity(self, table: Callable[..., Read]) -> None:
        (one,) = table(self.ENTITY).entities
        assert one.names == (
            Name("ООО АЛЬФА"),
            Name("Alpha House", NameKind.ALIAS),
            Name("Beta", NameKind.PREVIOUS),
            Name("OOO ALFA", NameKind.ALIAS, "Latn"),
        )
        assert one.addresses == (Address("ul. Lenina 1, floor 2, Moscow, RU", "ru"),)
        assert one.identifiers == (Identifier("lei", CHILD), Identifier("ogrn", "1027739007768"))

    def test_a_relationship(self, table: Callable[..., Read]) -> None:
        link = table(self.RELATIONSHIP).link
        assert (str(link.period), str(link.share), link.direct) == ("since 2012-11-29", "100%", False)
        assert "IFRS" in link.note

    def test_an_exception(self, table: Callable[..., Read]) -> None:
        row = {
            "LEI": CHILD,
            "Exception.Category": "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT",
            "Exception.Reason.1": "NON_PUBLIC",
            "Exception.Reference.1": "Datenschutz!",
        }
        (one,) = table(row).entities
        assert one.properties == (("direct_parent_not_reported", "NON_PUBLIC; Datenschutz!"),)

    def test_the_date_in_the_name_is_when_it_was_published(self, table: Callable[..., Read]) -> None:
        read_ = table(self.ENTITY, name="20260804-0800-gleif-goldencopy-lei2-golden-copy.csv")
        assert read_.sources[0].published == "2026-08-04"

    def test_a_row_cut_short_in_the_middle_is_named_and_the_next_are_read(self, table: Callable[..., Read]) -> None:
        read_ = table(self.ENTITY, ["x", "y"], {**self.ENTITY, "LEI": PARENT})
        assert [(error.row, error.file) for error in read_.errors] == [(3, "golden.csv")]
        assert len(read_.entities) == 2

    def test_a_cut_row_stops_a_load_unless_it_is_to_go_on(self, table: Callable[..., Read]) -> None:
        read_ = table(self.ENTITY, ["x", "y"])
        with pytest.raises(InputError, match=r"golden\.csv, row 3: 2 cells where the header has"):
            build("gleif", read_.items)
        assert build("gleif", read_.items, keep_going=True)["entities"].num_rows == 1

    @pytest.mark.parametrize(
        ("column", "path"),
        [
            ("LEI", ("LEI",)),
            ("Entity.LegalAddress.AdditionalAddressLine.3", ("Entity", "LegalAddress", "AdditionalAddressLine 3")),
            ("Entity.SuccessorEntity.1.SuccessorLEI", ("Entity", "SuccessorEntity 1", "SuccessorLEI")),
            ("Exception.Reason.2", ("ExceptionReason 2",)),
        ],
    )
    def test_columns_are_paths(self, column: str, path: tuple[str, ...]) -> None:
        assert path_of(column) == path


class TestJson:
    @pytest.fixture
    def reading(self, tmp_path: Path) -> Callable[..., Read]:
        def made(data: object, name: str = "golden.json") -> Read:
            path = tmp_path / name
            path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
            return load(path)

        return made

    GOLDEN = {
        "LEI": {"$": CHILD},
        "Entity": {
            "LegalName": {"@xml:lang": "fr", "$": "BANQUE"},
            "OtherEntityNames": {"OtherEntityName": [{"@type": "PREVIOUS_LEGAL_NAME", "$": "ANCIENNE"}]},
            "LegalAddress": {
                "@xml:lang": "fr",
                "FirstAddressLine": {"$": "16 BD"},
                "AdditionalAddressLine": [{"$": "A"}, {"$": "B"}],
                "Country": {"$": "FR"},
            },
        },
        "Registration": {"RegistrationStatus": {"$": "ISSUED"}},
    }

    def test_the_golden_copy(self, reading: Callable[..., Read]) -> None:
        (one,) = reading({"records": [self.GOLDEN]}).entities
        assert one.names == (Name("BANQUE"), Name("ANCIENNE", NameKind.PREVIOUS))
        assert one.addresses == (Address("16 BD, A, B, FR", "fr"),)

    def test_its_relationships_stand_one_level_deeper(self, reading: Callable[..., Read]) -> None:
        period = {"PeriodType": {"$": "RELATIONSHIP_PERIOD"}, "StartDate": {"$": "2015-03-04T00:00:00Z"}}
        said = {
            "StartNode": {"NodeID": {"$": CHILD}, "NodeIDType": {"$": "LEI"}},
            "EndNode": {"NodeID": {"$": PARENT}, "NodeIDType": {"$": "LEI"}},
            "RelationshipType": {"$": "IS_DIRECTLY_CONSOLIDATED_BY"},
            "RelationshipPeriods": {"RelationshipPeriod": period},
        }
        link = reading({"relations": [{"RelationshipRecord": {"Relationship": said}}]}).link
        assert (link.source, str(link.period)) == (f"lei:{PARENT}", "since 2015-03-04")

    def test_what_is_no_record_is_set_aside(self, reading: Callable[..., Read]) -> None:
        read_ = reading({"records": [self.GOLDEN, {"x": 1}, 5]})
        assert read_.reasons == ["not a record of GLEIF's"] * 2

    def test_a_broken_record_in_the_middle_is_named_by_its_line(self, reading: Callable[..., Read]) -> None:
        one = json.dumps(self.GOLDEN)
        with pytest.raises(InputError, match="not JSON") as caught:
            reading(f'{{"records":[\n{one},\n{{"LEI": oops}},\n{one}]}}')
        assert (caught.value.file, caught.value.row) == ("golden.json", 3)

    def test_a_file_cut_short_is_told(self, reading: Callable[..., Read]) -> None:
        with pytest.raises(InputError, match="cut short"):
            reading('{"records":[' + json.dumps(self.GOLDEN) + ",")

    @given(
        st.lists(
            st.recursive(
                st.text() | st.integers() | st.none(), lambda part: st.lists(part) | st.dictionaries(st.text(), part)
            )
        )
    )
    def test_a_stream_reads_what_was_written(self, items: list[object]) -> None:
        stream = JsonStream(io.StringIO(json.dumps({"a": 1, "records": items})), "x")
        assert list(stream.members({"records"})) == [("a", 1), *(("records", item) for item in items)]

    @given(st.text(max_size=60))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        with suppress(InputError):
            list(JsonStream(io.StringIO(text), "x").members({"records"}))


class TestFilesThatAreNot:
    def test_an_external_entity_is_refused(self, document: Making) -> None:
        doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        with pytest.raises(InputError, match="DOCTYPE"):
            load(document("lei", entity_xml(name="&e;"), before=doctype))

    def test_entities_that_grow_are_refused(self, document: Making) -> None:
        laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
        with pytest.raises(InputError, match="DOCTYPE"):
            load(document("lei", entity_xml(name="&l11;"), before=f"<!DOCTYPE x [{laughs}]>"))

    def test_xml_not_well_formed_in_the_middle_is_named_by_its_line(self, document: Making) -> None:
        path = document("lei", entity_xml(), entity_xml(PARENT, "A & B"))
        with pytest.raises(InputError) as caught:
            load(path)
        assert (caught.value.file, caught.value.row) == ("lei.xml", 1 + path.read_text().split("A & B")[0].count("\n"))

    def test_a_wrong_encoding_is_told(self, document: Making) -> None:
        path = document("lei", entity_xml(name="Kaiserstraße"))
        path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
        with pytest.raises(InputError, match=r"lei\.xml"):
            load(path)

    def test_a_csv_in_a_wrong_encoding_is_told_by_its_line(self, tmp_path: Path) -> None:
        path = tmp_path / "lei.csv"
        path.write_bytes(f"LEI,Entity.LegalName\n{CHILD},A\n{PARENT},Stra\xdfe\n".encode("latin-1"))
        with pytest.raises(InputError, match="not UTF-8") as caught:
            load(path)
        assert caught.value.row == 3

    def test_a_gzip_cut_short_is_told(self, document: Making, tmp_path: Path) -> None:
        packed = gzip.compress(document("lei", *[entity_xml(name=f"N{n}") for n in range(400)]).read_bytes())
        path = tmp_path / "lei.xml.gz"
        path.write_bytes(packed[: len(packed) // 2])
        with pytest.raises(InputError, match="cut short"):
            load(path)

    @pytest.mark.parametrize(
        ("folder", "name", "loader"),
        [
            ("csl", "csl_2022-04.csv", "csl"),
            ("icij", "powerplayers2016_edges.csv", "icij"),
            ("ftm", "yente_zala.ftm.json", "ftm"),
            ("psc", "sample_psc_stream.jsonl", "psc"),
            ("un_uk_eu", "UN_2026-02-27.xml", "un"),
            ("gleif", "lei-updates-data2-out.json", "bods"),
        ],
    )
    def test_a_file_for_another_loader_names_it(self, real_data: Path, folder: str, name: str, loader: str) -> None:
        with pytest.raises(InputError, match=f"listed load {loader} FILE"):
            load(real_data / folder / name)

    @pytest.mark.parametrize(
        "text", ["name,country\nX,CN\n", "<html><p>Sign in</p></html>", '{"message": "no"}', "[1]"]
    )
    def test_what_is_nothing_known_gets_advice(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "wrong.txt"
        path.write_text(text)
        with pytest.raises(InputError, match="golden copy"):
            load(path)


class TestTheGraph:
    def test_a_party_is_controlled_by_its_parent(self, document: Making) -> None:
        lei = document("lei", entity_xml(), entity_xml(PARENT, "Parent"))
        items = list(read(open_inputs([str(lei), str(document("rr", relationship_xml()))])))
        graph = graph_of({"gleif": items})
        assert [one["type"] for one in graph.tables["links"].to_pylist()] == ["CONTROLS"]
        assert not any(graph.tables["entities"]["placeholder"].to_pylist())


def test_the_loader_is_called_gleif() -> None:
    assert (LOADER.name, LOADER.read, LOADER.needs_files) == ("gleif", read, True)
