"""OFAC's advanced XML. No real file is at hand: the sample follows the published schema, with invented parties."""

from __future__ import annotations

from pathlib import Path

import pytest

from listed.graph.model import Address
from listed.graph.vocabulary import LinkType, NameKind
from tests.loaders.loaded import Loaded, identifiers, is_cited_first, load, names

WORDS = """
<AliasTypeValues><AliasType ID="1400">A.K.A.</AliasType><AliasType ID="1401">F.K.A.</AliasType>
  <AliasType ID="1403">Name</AliasType></AliasTypeValues>
<AreaCodeValues><AreaCode ID="11066" CountryID="11066" Description="China">CN</AreaCode></AreaCodeValues>
<CountryValues><Country ID="11066" ISO2="CN">China</Country><Country ID="11082" ISO2="CU">Cuba</Country></CountryValues>
<DetailReferenceValues><DetailReference ID="91500">Male</DetailReference>
  <DetailReference ID="1200">Crude Oil Tanker</DetailReference></DetailReferenceValues>
<FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="25">Location</FeatureType>
  <FeatureType ID="10">Nationality Country</FeatureType><FeatureType ID="26">Title</FeatureType>
  <FeatureType ID="2">VESSEL TYPE</FeatureType><FeatureType ID="224">Gender</FeatureType></FeatureTypeValues>
<IDRegDocTypeValues><IDRegDocType ID="91761">Unified Social Credit Code (USCC)</IDRegDocType>
  <IDRegDocType ID="1571">Passport</IDRegDocType></IDRegDocTypeValues>
<LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType><LocPartType ID="1454">CITY</LocPartType>
</LocPartTypeValues>
<NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
  <NamePartType ID="1525">Entity Name</NamePartType><NamePartType ID="1526">Vessel Name</NamePartType>
</NamePartTypeValues>
<PartySubTypeValues><PartySubType ID="1" PartyTypeID="4">Vessel</PartySubType>
  <PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType>
  <PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
<PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType>
  <PartyType ID="4">Transport</PartyType></PartyTypeValues>
<RelationTypeValues><RelationType ID="15003">Owned or Controlled By</RelationType>
  <RelationType ID="1555">Acting for or on behalf of</RelationType>
  <RelationType ID="92019">Leader or official of</RelationType></RelationTypeValues>
<SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType></SanctionsTypeValues>
"""


def party(number: int, kind: int, parts: str, values: str, more: str = "", features: str = "") -> str:
    groups = "".join(
        f'<MasterNamePartGroup><NamePartGroup ID="{group}" NamePartTypeID="{type_}"/></MasterNamePartGroup>'
        for group, type_ in (pair.split(":") for pair in parts.split())
    )
    return f"""<DistinctParty FixedRef="{number}"><Profile ID="{number}" PartySubTypeID="{kind}">
      <Identity ID="9{number}" Primary="true">
        <Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName>{values}</DocumentedName></Alias>
        {more}<NamePartGroups>{groups}</NamePartGroups></Identity>{features}</Profile></DistinctParty>"""


def part(group: int, text: str) -> str:
    value = f'<NamePartValue NamePartGroupID="{group}" ScriptID="215">{text}</NamePartValue>'
    return f"<DocumentedNamePart>{value}</DocumentedNamePart>"


def alias(type_: int, *values: str, weak: bool = False) -> str:
    low = "true" if weak else "false"
    documented = "".join(f"<DocumentedName>{value}</DocumentedName>" for value in values)
    return f'<Alias AliasTypeID="{type_}" Primary="false" LowQuality="{low}">{documented}</Alias>'


def feature(kind: int, inside: str) -> str:
    return f'<Feature FeatureTypeID="{kind}"><FeatureVersion>{inside}</FeatureVersion></Feature>'


def day(year: int, month: int, day: int) -> str:
    return f"<Year>{year}</Year><Month>{month}</Month><Day>{day}</Day>"


def sanction(number: int, program: str, on: str) -> str:
    return f"""<SanctionsEntry ID="{number}" ProfileID="{number}" ListID="1550">
      <EntryEvent EntryEventTypeID="1"><Date>{on}</Date></EntryEvent>
      <SanctionsMeasure SanctionsTypeID="1"><Comment>{program}</Comment></SanctionsMeasure>
      <SanctionsMeasure SanctionsTypeID="2"><Comment/></SanctionsMeasure></SanctionsEntry>"""


BORN = f"<DatePeriod><Start><From>{day(1975, 6, 14)}</From></Start><End><To>{day(1975, 6, 14)}</To></End></DatePeriod>"
PARTIES = (
    party(100, 3, "1:1525", part(1, "HILL OPTICS CO., LTD."),
          alias(1400, part(1, "HILL OPTICS"), part(1, "山光学有限公司")) + alias(1401, part(1, "OLD HILL"))
          + alias(1400, part(1, "H O"), weak=True),
          feature(25, '<VersionLocation LocationID="7"/>')),
    party(200, 4, "2:1520 3:1521", part(2, "DOE") + part(3, "Ann"),
          features=feature(8, BORN) + feature(10, '<VersionLocation LocationID="8"/>')
          + feature(224, '<VersionDetail DetailReferenceID="91500"/>')
          + feature(26, "<VersionDetail>Director</VersionDetail>")),
    party(300, 1, "4:1526", part(4, "SEA HILL"),
          features=feature(2, '<VersionDetail DetailReferenceID="1200"/>')),
)  # fmt: skip
RELATIONS = (
    '<ProfileRelationship ID="1" From-ProfileID="100" To-ProfileID="200" RelationTypeID="15003" Former="false"/>'
    '<ProfileRelationship ID="2" From-ProfileID="200" To-ProfileID="100" RelationTypeID="1555" Former="false"/>'
    '<ProfileRelationship ID="3" From-ProfileID="200" To-ProfileID="100" RelationTypeID="92019" Former="true"/>'
    '<ProfileRelationship ID="4" From-ProfileID="200" To-ProfileID="999" RelationTypeID="1555" Former="false"/>'
)
SANCTIONS = (
    sanction(100, "RUSSIA-EO14024", day(2023, 2, 24)) + sanction(200, "CUBA", day(2019, 1, 5))
    + sanction(300, "CUBA", "<Year>2019</Year>") + sanction(999, "CUBA", "<Year>2019</Year>")
)  # fmt: skip
SAMPLE = f"""<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML">
<DateOfIssue>{day(2026, 7, 9)}</DateOfIssue>
<ReferenceValueSets>{WORDS}</ReferenceValueSets>
<Locations>
  <Location ID="7"><LocationAreaCode AreaCodeID="11066"/><LocationCountry CountryID="11066"/>
    <LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Beijing</Value></LocationPartValue>
    </LocationPart>
    <LocationPart LocPartTypeID="1451"><LocationPartValue Primary="true"><Value>5 Hill Road</Value></LocationPartValue>
    </LocationPart></Location>
  <Location ID="8"><LocationCountry CountryID="11082"/></Location>
</Locations>
<IDRegDocuments>
  <IDRegDocument ID="1" IDRegDocTypeID="91761" IdentityID="9100" IssuedBy-CountryID="11066">
    <IDRegistrationNo>914403007954257495</IDRegistrationNo></IDRegDocument>
</IDRegDocuments>
<DistinctParties>{"".join(PARTIES)}</DistinctParties>
<ProfileRelationships>{RELATIONS}</ProfileRelationships>
<SanctionsEntries>{SANCTIONS}</SanctionsEntries>
<SanctionsEntryLinks/>
</Sanctions>"""


@pytest.fixture
def advanced(tmp_path: Path) -> Loaded:
    path = tmp_path / "sdn_advanced.xml"
    path.write_text(SAMPLE, encoding="utf-8")
    return load("ofac", path)


def test_each_party_is_an_entity_by_its_number_and_kind(advanced: Loaded) -> None:
    assert {id_: one.schema for id_, one in advanced.by_id.items()} == {
        "ofac-100": "LegalEntity",
        "ofac-200": "Person",
        "ofac-300": "Vessel",
    }


def test_names_are_put_together_from_their_parts(advanced: Loaded) -> None:
    assert advanced.by_id["ofac-200"].name == "DOE, Ann"


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (NameKind.PRIMARY, ["HILL OPTICS CO., LTD."]),
        (NameKind.ALIAS, ["HILL OPTICS", "山光学有限公司"]),
        (NameKind.PREVIOUS, ["OLD HILL"]),
        (NameKind.WEAK, ["H O"]),
    ],
)
def test_names_have_their_kind_in_every_script(advanced: Loaded, kind: NameKind, texts: list[str]) -> None:
    assert names(advanced.by_id["ofac-100"], kind) == texts


def test_a_listing_has_its_programme_and_the_day_it_began(advanced: Loaded) -> None:
    listing = advanced.listing("ofac-100")
    assert (listing.list, listing.programs, str(listing.period.start)) == (
        "US-OFAC-SDN",
        ("RUSSIA-EO14024",),
        "2023-02-24",
    )


def test_a_date_known_to_the_year_stays_so(advanced: Loaded) -> None:
    assert str(advanced.listing("ofac-300").period.start) == "2019"


def test_numbers_are_identifiers(advanced: Loaded) -> None:
    assert ("uscc", "914403007954257495") in identifiers(advanced.by_id["ofac-100"])


def test_places_are_addresses_in_the_order_one_writes_them(advanced: Loaded) -> None:
    assert advanced.by_id["ofac-100"].addresses == (Address("5 Hill Road, Beijing, China", "cn"),)


def test_facts_of_a_person(advanced: Loaded) -> None:
    told = dict(advanced.by_id["ofac-200"].properties)
    assert (told["date_of_birth"], told["nationality"], told["title"]) == ("1975-06-14", "CU", "Director")


def test_facts_of_a_vessel(advanced: Loaded) -> None:
    assert dict(advanced.by_id["ofac-300"].properties)["vessel_type"] == "Crude Oil Tanker"


def test_who_owns_or_controls_is_the_second_party_and_no_share_is_made_up(advanced: Loaded) -> None:
    (link,) = [link for link in advanced.links if link.type == LinkType.CONTROLS]
    assert (link.source, link.target, link.role, link.share.known) == (
        "ofac-200",
        "ofac-100",
        "owns or controls",
        False,
    )


def test_who_acts_for_another_is_linked_to_it(advanced: Loaded) -> None:
    (link,) = [link for link in advanced.links if link.type == LinkType.LINKED_TO]
    assert (link.source, link.target, link.role) == ("ofac-200", "ofac-100", "acting for or on behalf of")


def test_a_former_relation_is_told_so_and_flagged(advanced: Loaded) -> None:
    (said,) = [one for one in advanced.statements if getattr(one.about, "type", "") == LinkType.OFFICER_OF]
    assert getattr(said.about, "role", "") == "former: leader or official of"
    assert said.flags == ("end_date: not told, though the relation is a former one",)


def test_what_names_nobody_in_the_file_is_set_aside(advanced: Loaded) -> None:
    assert advanced.reasons == [
        "a relation with a party that is not in the file",
        "a listing of nobody in the file",
    ]


def test_a_source_comes_before_what_cites_it(advanced: Loaded) -> None:
    assert is_cited_first(advanced.items)
