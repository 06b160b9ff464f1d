"""Hostile files for every loader, and the laws that hold for whatever a loader is given.

A seed is a small file of a loader's format, written by hand, with slots for values. Slots are filled with
hostile values; or the file is damaged as bytes; or, of JSON, any value of it becomes any other.
"""

from __future__ import annotations

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from listed.errors import InputError
from listed.graph.tables import Tables
from listed.loaders import registry
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Options
from listed.loading import build

SLOT = re.compile("‹(\\w+)›")


@dataclass(frozen=True)
class Seed:
    """A file of a format, with slots as ``‹name›``; ``keys`` are its records' own marks."""

    loader: str
    file: str
    text: str
    keys: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """Return "json", "xml" or "csv"."""
        ending = self.file.rsplit(".", 1)[-1]
        return {"jsonl": "json", "txt": "json"}.get(ending, ending)

    def filled(self, value: Callable[[str], str]) -> bytes:
        """Return the file with its slots filled."""
        write = _WRITERS[self.form]
        return SLOT.sub(lambda slot: write(value(slot[1])), self.text).encode("utf-8", "surrogatepass")


def _xml_text(text: str) -> str:
    # What XML cannot hold at all is another law's: a file that is no XML.
    return escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text), {'"': "&quot;"})


_WRITERS: dict[str, Callable[[str], str]] = {
    "json": lambda text: json.dumps(text)[1:-1],
    "xml": _xml_text,
    "csv": lambda text: text.replace('"', '""'),
}


def _csv(columns: str, *rows: dict[str, str], delimiter: str = ",", before: str = "") -> str:
    names = columns.split(delimiter)
    lines = [delimiter.join(f'"{row[name]}"' if name in row else "" for name in names) for row in rows]
    return before + "\n".join([columns, *lines]) + "\n"


def _json(*records: Any) -> str:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in records) + "\n"


NORMAL = {"name": "Acme Holding Ltd", "date": "2019-05-01", "share": "51", "text": "as told", "country": "CN",
          "number": "1234567", "list": "US-BIS-EL", "amount": "100.00"}  # fmt: skip

_BODS = {"recordStatus": "new", "statementDate": "2020-01-01",
         "publicationDetails": {"publicationDate": "‹date›", "bodsVersion": "0.4",
                                "publisher": {"name": "‹name›"}}}  # fmt: skip
_BODS_RECORDS = (
    _BODS | {"statementId": "KEY-0001-company", "recordId": "KEY-0001-company", "recordType": "entity",
             "recordDetails": {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": "‹name›",
                               "foundingDate": "‹date›", "jurisdiction": {"name": "‹country›", "code": "‹country›"},
                               "identifiers": [{"id": "‹number›", "scheme": "GB-COH", "schemeName": "‹text›"}],
                               "addresses": [{"type": "registered", "address": "‹text›", "country": {"code": "GB"}}]}},
    _BODS | {"statementId": "KEY-0002-person", "recordId": "KEY-0002-person", "recordType": "person",
             "recordDetails": {"isComponent": False, "personType": "knownPerson", "birthDate": "‹date›",
                               "names": [{"type": "legal", "fullName": "‹name›"}],
                               "nationalities": [{"code": "‹country›"}]}},
    _BODS | {"statementId": "KEY-0003-relation", "recordId": "KEY-0003-relation", "recordType": "relationship",
             "recordDetails": {"isComponent": False, "subject": "KEY-0001-company",
                               "interestedParty": "KEY-0002-person",
                               "interests": [{"type": "shareholding", "directOrIndirect": "direct",
                                              "startDate": "‹date›", "endDate": "‹date›", "details": "‹text›",
                                              "share": {"exact": 50, "minimum": 25, "exclusiveMaximum": 75}}]}},
)  # fmt: skip
_BODS_OLD = [
    {"statementID": "KEY-0001-old", "statementType": "entityStatement", "entityType": "registeredEntity",
     "statementDate": "‹date›", "name": "‹name›", "identifiers": [{"id": "‹number›", "scheme": "GB-COH"}]},
    {"statementID": "KEY-0002-old", "statementType": "personStatement", "personType": "knownPerson",
     "names": [{"type": "individual", "fullName": "‹name›"}], "birthDate": "‹date›"},
    {"statementID": "KEY-0003-old", "statementType": "ownershipOrControlStatement", "statementDate": "‹date›",
     "subject": {"describedByEntityStatement": "KEY-0001-old"},
     "interestedParty": {"describedByPersonStatement": "KEY-0002-old"},
     "interests": [{"type": "shareholding", "interestLevel": "direct", "share": {"exact": 12.5},
                    "startDate": "‹date›"}]},
]  # fmt: skip

_CSL = (
    "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,"
    "standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,"
    "vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,"
    "places_of_birth,source_information_url,ids"
)
_CSL_ROW = {"_id": "KEY0001aaaaaaaaaaaaa", "source": "Entity List (EL) - Bureau of Industry and Security",
            "name": "‹name›", "addresses": "‹text›, CN", "federal_register_notice": "‹text›", "start_date": "‹date›",
            "end_date": "‹date›", "license_requirement": "KEY0001 ‹text›", "alt_names": "‹name›; ‹name›",
            "ids": "‹text›", "remarks": "(Linked To: ‹name›)"}  # fmt: skip
_CSL_SDN = {"_id": "10002", "entity_number": "10002", "type": "Individual", "programs": "‹text›",
            "source": "Specially Designated Nationals (SDN) - Treasury Department", "name": "‹name›",
            "dates_of_birth": "‹date›", "citizenships": "‹country›", "ids": "‹country›, ‹number›, Passport",
            "remarks": "‹text›"}  # fmt: skip

_EU_XML = (
    '<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00">'
    '<sanctionEntity designationDetails="‹text›" euReferenceNumber="KEY.27.28" logicalId="13">'
    '<remark>‹text›</remark><regulation publicationDate="‹date›" numberTitle="‹text›" programme="IRQ">'
    '<publicationUrl>‹text›</publicationUrl></regulation><subjectType code="person" classificationCode="P"/>'
    '<nameAlias wholeName="‹name›" firstName="‹name›" lastName="‹name›" strong="true" nameLanguage="EN"/>'
    '<citizenship countryIso2Code="‹country›"/><birthdate birthdate="‹date›" year="‹number›" circa="false"/>'
    '<address street="‹text›" city="‹text›" countryIso2Code="‹country›" countryDescription="‹country›"/>'
    '<identification identificationTypeCode="passport" number="‹number›" countryIso2Code="‹country›"/>'
    "</sanctionEntity></export>"
)
_EU_CSV = (
    "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_DesignationDate;Entity_Remark;"
    "Entity_SubjectType;Entity_SubjectType_ClassificationCode;Entity_Regulation_PublicationDate;"
    "Entity_Regulation_NumberTitle;Entity_Regulation_Programme;NameAlias_LastName;NameAlias_FirstName;"
    "NameAlias_WholeName;NameAlias_NameLanguage;Address_City;Address_Street;Address_CountryIso2Code;"
    "BirthDate_BirthDate;BirthDate_Year;Identification_Number;Identification_TypeCode;"
    "Identification_CountryIso2Code;Citizenship_CountryIso2Code"
)
_EU_ROW = {"fileGenerationDate": "05/08/2026", "Entity_LogicalId": "13", "Entity_EU_ReferenceNumber": "KEY.27.28",
           "Entity_DesignationDate": "‹date›", "Entity_Remark": "‹text›", "Entity_SubjectType": "P",
           "Entity_SubjectType_ClassificationCode": "person", "Entity_Regulation_NumberTitle": "‹text›",
           "Entity_Regulation_Programme": "IRQ", "NameAlias_WholeName": "‹name›"}  # fmt: skip

_FTM = (
    {"id": "KEY-0001", "schema": "Company", "datasets": ["us_ofac_sdn"], "first_seen": "‹date›",
     "properties": {"name": ["‹name›"], "alias": ["‹name›"], "country": ["‹country›"], "innCode": ["‹number›"],
                    "incorporationDate": ["‹date›"], "address": ["‹text›"], "topics": ["sanction"]}},
    {"id": "KEY-0002", "schema": "Person", "datasets": ["x"],
     "properties": {"name": ["‹name›"], "birthDate": ["‹date›"], "nationality": ["‹country›"]}},
    {"id": "KEY-0003", "schema": "Ownership", "datasets": ["x"],
     "properties": {"owner": ["KEY-0002"], "asset": ["KEY-0001"], "percentage": ["‹share›"], "startDate": ["‹date›"],
                    "endDate": ["‹date›"], "sharesValue": ["‹amount›"], "role": ["‹text›"]}},
    {"id": "KEY-0004", "schema": "Sanction", "datasets": ["us_ofac_sdn"],
     "properties": {"entity": ["KEY-0001"], "program": ["‹text›"], "startDate": ["‹date›"], "listingDate": ["‹date›"],
                    "authority": ["‹text›"], "programId": ["‹list›"]}},
    {"id": "KEY-0005", "schema": "Payment", "datasets": ["x"],
     "properties": {"payer": ["KEY-0002"], "beneficiary": ["KEY-0001"], "amount": ["‹amount›"], "date": ["‹date›"]}},
)  # fmt: skip
_SIMPLE = ("id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,dataset,"
           "first_seen,last_seen,last_change")  # fmt: skip
_SIMPLE_ROW = {"id": "KEY-0001", "schema": "Company", "name": "‹name›", "aliases": "‹name›;‹name›",
               "birth_date": "‹date›", "countries": "‹country›;ru", "addresses": "‹text›", "identifiers": "‹number›",
               "sanctions": "‹text›", "dataset": "‹text›", "first_seen": "‹date›"}  # fmt: skip

_LEI, _PARENT = "851WYGNLUQLFZBSYGB56", "529900GRZ2BQY5ZM9N49"
_LEI_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><lei:LEIData xmlns:lei="http://www.gleif.org/data/schema/leidata/2016">'
    "<lei:LEIHeader><lei:ContentDate>2023-06-05T08:20:51Z</lei:ContentDate><lei:RecordCount>1</lei:RecordCount>"
    f"</lei:LEIHeader><lei:LEIRecords><lei:LEIRecord><lei:LEI>{_LEI}</lei:LEI><lei:Entity>"
    '<lei:LegalName xml:lang="de">‹name›</lei:LegalName><lei:OtherEntityNames><lei:OtherEntityName '
    'type="PREVIOUS_LEGAL_NAME">‹name›</lei:OtherEntityName></lei:OtherEntityNames><lei:LegalAddress>'
    "<lei:FirstAddressLine>‹text›</lei:FirstAddressLine><lei:City>‹text›</lei:City><lei:Country>‹country›"
    "</lei:Country></lei:LegalAddress><lei:RegistrationAuthority><lei:RegistrationAuthorityID>RA000242"
    "</lei:RegistrationAuthorityID><lei:RegistrationAuthorityEntityID>‹number›</lei:RegistrationAuthorityEntityID>"
    "</lei:RegistrationAuthority><lei:LegalJurisdiction>‹country›</lei:LegalJurisdiction></lei:Entity>"
    "<lei:Registration><lei:LastUpdateDate>‹date›</lei:LastUpdateDate><lei:RegistrationStatus>ISSUED"
    "</lei:RegistrationStatus></lei:Registration></lei:LEIRecord></lei:LEIRecords></lei:LEIData>"
)
_RR_XML = (
    '<?xml version="1.0" encoding="UTF-8"?><rr:RelationshipData xmlns:rr="http://www.gleif.org/data/schema/rr/2016">'
    "<rr:Header><rr:ContentDate>‹date›</rr:ContentDate><rr:RecordCount>‹number›</rr:RecordCount></rr:Header>"
    "<rr:RelationshipRecords><rr:RelationshipRecord><rr:Relationship>"
    f"<rr:StartNode><rr:NodeID>{_LEI}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:StartNode>"
    f"<rr:EndNode><rr:NodeID>{_PARENT}</rr:NodeID><rr:NodeIDType>LEI</rr:NodeIDType></rr:EndNode>"
    "<rr:RelationshipType>IS_DIRECTLY_CONSOLIDATED_BY</rr:RelationshipType><rr:RelationshipPeriods>"
    "<rr:RelationshipPeriod><rr:StartDate>‹date›</rr:StartDate><rr:EndDate>‹date›</rr:EndDate>"
    "<rr:PeriodType>RELATIONSHIP_PERIOD</rr:PeriodType></rr:RelationshipPeriod></rr:RelationshipPeriods>"
    "<rr:RelationshipStatus>ACTIVE</rr:RelationshipStatus><rr:RelationshipQuantifiers><rr:RelationshipQuantifier>"
    "<rr:MeasurementMethod>ACCOUNTING_CONSOLIDATION</rr:MeasurementMethod><rr:QuantifierAmount>‹share›"
    "</rr:QuantifierAmount><rr:QuantifierUnits>PERCENTAGE</rr:QuantifierUnits></rr:RelationshipQuantifier>"
    "</rr:RelationshipQuantifiers></rr:Relationship><rr:Registration><rr:RegistrationStatus>PUBLISHED"
    "</rr:RegistrationStatus></rr:Registration></rr:RelationshipRecord></rr:RelationshipRecords></rr:RelationshipData>"
)
_GOLDEN = "LEI,Entity.LegalName,Entity.LegalAddress.City,Entity.LegalAddress.Country,Entity.LegalJurisdiction"
_GOLDEN_ROW = {"LEI": _LEI, "Entity.LegalName": "‹name›", "Entity.LegalAddress.City": "‹text›",
               "Entity.LegalAddress.Country": "‹country›", "Entity.LegalJurisdiction": "‹country›"}  # fmt: skip
_API = {
    "data": {"type": "lei-records", "id": _LEI, "attributes": {
        "lei": _LEI, "entity": {"legalName": {"name": "‹name›", "language": "en"}, "jurisdiction": "‹country›",
                                "otherNames": [{"name": "‹name›", "type": "TRADING_OR_OPERATING_NAME"}],
                                "legalAddress": {"addressLines": ["‹text›"], "city": "‹text›", "country": "‹country›"},
                                "registeredAt": {"id": "RA000242"}, "registeredAs": "‹number›", "status": "ACTIVE"},
        "registration": {"lastUpdateDate": "‹date›", "status": "ISSUED"}}},
}  # fmt: skip

_ICIJ = (
    "node_id,name,original_name,former_name,jurisdiction,jurisdiction_description,company_type,address,internal_id,"
    "incorporation_date,inactivation_date,struck_off_date,dorm_date,status,service_provider,ibcRUC,country_codes,"
    "countries,sourceID,valid_until,note"
)
_ICIJ_ROW = {"node_id": "10000001", "name": "‹name›", "original_name": "‹name›", "former_name": "‹name›",
             "jurisdiction": "BVI", "address": "‹text›", "incorporation_date": "‹date›", "struck_off_date": "‹date›",
             "country_codes": "HKG;CHN", "countries": "‹country›", "sourceID": "Panama Papers", "note": "‹text›",
             "ibcRUC": "‹number›", "valid_until": "‹text›"}  # fmt: skip
_RELATIONS = "node_id_start,node_id_end,rel_type,link,status,start_date,end_date,sourceID"
_RELATION = {"node_id_start": "12000001", "node_id_end": "10000001", "rel_type": "officer_of", "link": "‹text›",
             "status": "‹text›", "start_date": "‹date›", "end_date": "‹date›", "sourceID": "Panama Papers"}  # fmt: skip

_SDN_CSV = (
    '10001,"‹name›","individual","‹text›",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB ‹date›; Passport ‹number› (‹country›); Linked To: ‹name›."\n'
)
_SDN_XML = (
    '<?xml version="1.0" standalone="yes"?><sdnList xmlns="http://tempuri.org/sdnList.xsd"><publshInformation>'
    "<Publish_Date>02/18/2021</Publish_Date><Record_Count>‹number›</Record_Count></publshInformation><sdnEntry>"
    "<uid>10001</uid><firstName>‹name›</firstName><lastName>‹name›</lastName><sdnType>Individual</sdnType>"
    "<remarks>‹text›</remarks><programList><program>‹text›</program></programList><idList><id><uid>1</uid>"
    "<idType>Passport</idType><idNumber>‹number›</idNumber><idCountry>‹country›</idCountry></id></idList><akaList>"
    "<aka><uid>2</uid><type>a.k.a.</type><category>weak</category><lastName>‹name›</lastName></aka></akaList>"
    "<addressList><address><uid>3</uid><city>‹text›</city><country>‹country›</country></address></addressList>"
    "<dateOfBirthList><dateOfBirthItem><uid>4</uid><dateOfBirth>‹date›</dateOfBirth><mainEntry>true</mainEntry>"
    "</dateOfBirthItem></dateOfBirthList></sdnEntry></sdnList>"
)

_PSC = (
    {"company_number": "01234567", "data": {
        "kind": "individual-person-with-significant-control", "etag": "x", "name": "‹name›", "notified_on": "‹date›",
        "ceased_on": "‹date›", "nationality": "‹country›", "country_of_residence": "‹country›",
        "date_of_birth": {"month": 5, "year": 1970}, "name_elements": {"forename": "‹name›", "surname": "‹name›"},
        "address": {"address_line_1": "‹text›", "country": "‹country›", "postal_code": "‹number›"},
        "links": {"self": "/company/01234567/persons-with-significant-control/individual/KEY0001"},
        "natures_of_control": ["ownership-of-shares-75-to-100-percent"]}},
    {"company_number": "01234568", "data": {
        "kind": "corporate-entity-person-with-significant-control", "name": "‹name›", "notified_on": "‹date›",
        "identification": {"registration_number": "‹number›", "place_registered": "‹text›",
                           "country_registered": "‹country›", "legal_form": "‹text›"},
        "links": {"self": "/company/01234568/persons-with-significant-control/corporate-entity/KEY0002"},
        "natures_of_control": ["voting-rights-25-to-50-percent", "‹text›"]}},
)  # fmt: skip

_STAKES = "owner,asset,share,start,end,source"
_STAKE = {"owner": "‹name› KEY0001", "asset": "‹name› KEY0002", "share": "‹share›", "start": "‹date›",
          "end": "‹date›", "source": "‹text›"}  # fmt: skip
_ON_LISTS = "name,list,start,end,citation,country"
_ON_LIST = {"name": "‹name› KEY0001", "list": "US-BIS-EL", "start": "‹date›", "end": "‹date›", "citation": "‹text›",
            "country": "‹country›"}  # fmt: skip

_OFSI = (
    "Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,DOB,Town of Birth,Country of Birth,Nationality,"
    "Passport Details,NI Number,Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,"
    "Post/Zip Code,Country,Other Information,Group Type,Alias Type,Regime,Listed On,Last Updated,Group ID"
)
_OFSI_ROW = {"Name 6": "‹name›", "Name 1": "‹name›", "DOB": "‹date›", "Nationality": "‹country›",
             "Passport Details": "‹number›", "Address 1": "‹text›", "Country": "‹country›",
             "Other Information": "‹text›", "Group Type": "Individual", "Alias Type": "Prime Alias",
             "Regime": "‹text›", "Listed On": "‹date›", "Group ID": "7172"}  # fmt: skip
_UK_XML = (
    "<Designations><DateGenerated>10/09/2026</DateGenerated><Designation><LastUpdated>‹date›</LastUpdated>"
    "<DateDesignated>‹date›</DateDesignated><UniqueID>KEY0001</UniqueID><OFSIGroupID>16100</OFSIGroupID>"
    "<UNReferenceNumber>‹text›</UNReferenceNumber><Names><Name><Name6>‹name›</Name6><NameType>Primary Name</NameType>"
    "</Name></Names><NonLatinNames><NonLatinName><NameNonLatinScript>‹name›</NameNonLatinScript></NonLatinName>"
    "</NonLatinNames><RegimeName>‹text›</RegimeName><IndividualEntityShip>Entity</IndividualEntityShip>"
    "<SanctionsImposed>Asset freeze</SanctionsImposed><OtherInformation>‹text›</OtherInformation><Addresses><Address>"
    "<AddressLine1>‹text›</AddressLine1><AddressCountry>‹country›</AddressCountry></Address></Addresses>"
    "<EntityDetails><ParentCompanies><ParentCompany>‹name›</ParentCompany></ParentCompanies>"
    "<BusinessRegistrationNumbers><BusinessRegistrationNumber>‹number›</BusinessRegistrationNumber>"
    "</BusinessRegistrationNumbers></EntityDetails></Designation></Designations>"
)
_UN = (
    "<CONSOLIDATED_LIST dateGenerated='2026-02-27T00:00:09.554Z'><INDIVIDUALS><INDIVIDUAL><DATAID>6900001</DATAID>"
    "<FIRST_NAME>‹name›</FIRST_NAME><SECOND_NAME>‹name›</SECOND_NAME><UN_LIST_TYPE>‹text›</UN_LIST_TYPE>"
    "<REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER><LISTED_ON>‹date›</LISTED_ON><COMMENTS1>‹text›</COMMENTS1>"
    "<NATIONALITY><VALUE>‹country›</VALUE></NATIONALITY><INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY>"
    "<ALIAS_NAME>‹name›</ALIAS_NAME></INDIVIDUAL_ALIAS><INDIVIDUAL_ADDRESS><CITY>‹text›</CITY><COUNTRY>‹country›"
    "</COUNTRY></INDIVIDUAL_ADDRESS><INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>‹date›</DATE>"
    "<YEAR>‹number›</YEAR></INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport"
    "</TYPE_OF_DOCUMENT><NUMBER>‹number›</NUMBER></INDIVIDUAL_DOCUMENT></INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY>"
    "<DATAID>6900002</DATAID><FIRST_NAME>‹name›</FIRST_NAME><REFERENCE_NUMBER>QDe.002</REFERENCE_NUMBER>"
    "<ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>‹name›</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES>"
    "</CONSOLIDATED_LIST>"
)

SEEDS = (
    Seed("bods", "statements.jsonl", _json(*_BODS_RECORDS), ("KEY-0001", "KEY-0002", "KEY-0003")),
    Seed("bods", "package.json", json.dumps(_BODS_OLD, ensure_ascii=False), ("KEY-0001", "KEY-0002", "KEY-0003")),
    Seed("csl", "consolidated.csv", _csv(_CSL, _CSL_ROW, _CSL_SDN), ("KEY0001", "10002")),
    Seed("eu", "list.xml", _EU_XML, ("KEY.27.28",)),
    Seed("eu", "list.csv", _csv(_EU_CSV, _EU_ROW, delimiter=";"), ("KEY.27.28",)),
    Seed("ftm", "entities.ftm.json", _json(*_FTM), ("KEY-0001", "KEY-0002")),
    Seed("ftm", "targets.simple.csv", _csv(_SIMPLE, _SIMPLE_ROW), ("KEY-0001",)),
    Seed("gleif", "lei.xml", _LEI_XML, (_LEI,)),
    Seed("gleif", "rr.xml", _RR_XML, (_LEI,)),
    Seed("gleif", "golden.csv", _csv(_GOLDEN, _GOLDEN_ROW), (_LEI,)),
    Seed("gleif", "api.json", json.dumps(_API, ensure_ascii=False), (_LEI,)),
    Seed("icij", "nodes-entities.csv", _csv(_ICIJ, _ICIJ_ROW), ("10000001",)),
    Seed("icij", "relationships.csv", _csv(_RELATIONS, _RELATION), ("12000001",)),
    Seed("ofac", "sdn.csv", _SDN_CSV, ("10001",)),
    Seed("ofac", "sdn.xml", _SDN_XML, ("10001",)),
    Seed("psc", "persons-with-significant-control-snapshot-2024-11-22.txt", _json(*_PSC), ("KEY0001", "KEY0002")),
    Seed("table", "stakes.csv", _csv(_STAKES, _STAKE), ("KEY0001", "KEY0002")),
    Seed("table", "lists.csv", _csv(_ON_LISTS, _ON_LIST), ("KEY0001",)),
    Seed("table", "stakes.json", json.dumps([_STAKE], ensure_ascii=False), ("KEY0001", "KEY0002")),
    Seed("uk", "ConList.csv", _csv(_OFSI, _OFSI_ROW, before="Last Updated,27/04/2020\n"), ("7172",)),
    Seed("uk", "UK-Sanctions-List.xml", _UK_XML, ("KEY0001",)),
    Seed("un", "un.xml", _UN, ("QDi.001", "QDe.002")),
)

HOSTILE_VALUES = (
    "", " ", "\t", "\n", "\r\n", "\0", "\x1a", "\x85", "\u2028", "\ufeff", "\u202e", "\u200d", "\ud800", "\udfff",
    "\U0010ffff", "'", '"', '""', "\\", "<", "&", "&lt;", "<![CDATA[", "]]>", "<!--", "{", "[", "}",
    "null", "None", "NaN", "nan",
    "-nan", "inf", "Infinity", "-Infinity", "1e999", "-1e999", "1e-999", "5e920292920",
    "-1e999999999999", "1e-999999999", "0", "-0", "-1", "0.0", "1/0", "0/0", "1/3",
    "100.0000001", "101", "50-25", "25-50", "(25,50]", "99999999999999999999999999", "1" * 400, "9" * 5000, "0x10",
    "٣", "५०%", "½", "²", "１００", "Ⅷ", "三", "50%%", "%", "0000-00-00", "9999-12-31", "9999-99-99", "10000-01-01",
    "0001-01-01", "2019-02-30", "2020-02-29", "1900-02-29", "99/99/9999", "00/00/0000", "31/12/0000", "3/12/0012",
    "2019-05",
    "2019", "Feb 2019", "30 Feb 2019", "2019-05-01T25:61:61Z", "2019-05-01T00:00:00+99:99", "٢٠١٩-٠٥-٠١", "²019",
    "=1+1", "@SUM(A1)", "../../etc/passwd", "a;b;c", ",,,,", ";;;;", "||||", "a" * 3000, "é" * 3000, "e\u0301" * 500,
    "商" * 3000, "A " * 3000, "((((" * 500, "a.b." * 700, "-" * 3000, "Co., Ltd., " * 400, "(Linked To: " * 400,
    "a.k.a. " * 500, "DOB 1970; " * 400, "Ltd", "LLC LLC LLC", "The", "and", "&&&&", "No. 1", "Иванов", "محمد", "ابن",
    "\U000e0041\U000e0042", "👨\u200d👩\u200d👧", "ﷺ", "İ", "ß", "ﬀ", "Ǆ", "ΐ", "\u0345", "\u1e9e", "Straße\u0300" * 9,
    " " * 30_000, "a" + "\t" * 30_000 + "a", "1" * 30_000, ". " * 15_000, " (" * 15_000, "and " * 8_000,
    "lei:5493001KJTIIGC8Y1R12", "XX", "ZZ", "China; Russia", "gb", "SU",
)  # fmt: skip
"""Values that broke readers somewhere."""

_RAW = "raw"

HOSTILE_JSON: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 1e308, 10**30, -(10**30), "", "x", "\ud800", [], {}, [[]], [{}], {"": None},
    _RAW, _RAW, _RAW, {"name": {"name": {}}}, [None, 1, "x", []], [["x"] * 50] * 50, {str(n): n for n in range(200)},
    "x" * 5000,
)  # fmt: skip
"""What may stand in the place of any value."""


RAW_JSON = ("9" * 5000, "-" + "9" * 5000, "1e999", "-1e999", "1e-999", "5e920292920",
            "-1e999999999999", "1e-999999999", "NaN", "-Infinity", "[" * 3000 + "]" * 3000,
            '{"a":' * 3000 + "1" + "}" * 3000, "0.1" + "0" * 5000, "01", "+1", "1.", "\\u0000", '"\\u0000"',
            '"\\ud800"', "'x'", "tru", "/*x*/1", '{"a":1,"a":2}', '{"\\ud800":1}')  # fmt: skip
"""What no writer of JSON writes, or can."""

SIGNS = b'\0\n\r",;:<>{}[]/\\=&\x1a\x80\xff'
"""Bytes that mean something to a reader, or nothing in UTF-8."""


def swapped(seed: Seed, chance: random.Random) -> bytes:
    """Return a JSON file in which a few values, at any depth, are others."""
    records = _records(seed)
    for _ in range(chance.randint(1, 3)):
        inside, key = chance.choice(list(_places(records)))
        how = chance.random()
        if how < 0.15 and isinstance(inside, dict):
            del inside[key]
        elif how < 0.25 and isinstance(inside, list):
            inside.append(copy.deepcopy(inside[key]))
        else:
            inside[key] = copy.deepcopy(chance.choice(HOSTILE_JSON))
    text = "\n".join(json.dumps(one) for one in records)
    return text.replace(json.dumps(_RAW), chance.choice(RAW_JSON)).encode()


def replaced(seed: Seed, raw: str) -> bytes:
    """Return a JSON file with a text in the place of its last value, as it is."""
    records = _records(seed)
    inside, key = list(_places(records))[-1]
    inside[key] = _RAW
    return "\n".join(json.dumps(one) for one in records).replace(json.dumps(_RAW), raw).encode()


def _records(seed: Seed) -> list[Any]:
    text = seed.filled(NORMAL.__getitem__).decode()
    try:
        return [json.loads(text)]
    except ValueError:  # one record a line
        return [json.loads(line) for line in text.splitlines()]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Return every place in a value of JSON: what holds it, and its key or number."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield value, key
        yield from _places(one)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Return bytes with a few of them lost, doubled, moved or made others."""
    for _ in range(chance.randint(1, 4)):
        size = len(content)
        start = chance.randrange(size + 1)
        end = min(size, start + chance.choice((1, 1, 2, 8, 64, 512)))
        how = chance.randrange(8)
        if how == 0:
            content = content[:start] + content[end:]
        elif how == 1:
            content = content[:end] + content[start:end] * chance.choice((1, 2, 100)) + content[end:]
        elif how == 2:
            content = content[:start]
        elif how == 3:
            content = content[:start] + bytes(chance.randrange(256) for _ in range(end - start)) + content[end:]
        elif how == 4:
            word = chance.choice(HOSTILE_VALUES).encode("utf-8", "surrogatepass")
            content = content[:start] + word + content[start:]
        elif how == 5:
            content = content[:start] + bytes([chance.choice(SIGNS)]) + content[end:]
        elif how == 6:
            place = chance.randrange(size + 1)
            content = content[:place] + content[start:end] + content[place:]
        else:
            content = content.decode("utf-8", "replace").encode(
                chance.choice(("utf-16", "latin-1", "utf-8-sig")), "replace"
            )
    return content


def read_all(loader: str, path: Path) -> list[Any]:
    """Return what a loader yields of a file, as a load reads it."""
    known = registry.loader(loader)
    inputs = open_inputs([str(path)])
    if known.read_with is not None:
        return list(known.read_with(inputs, Options("hostile", accept="any")))
    return list(known.read(inputs))


@dataclass(frozen=True)
class Outcome:
    """What came of a file: tables, or the one line that refuses it."""

    refused: str = ""
    said: str = ""
    tables: Tables | None = None


def outcome(loader: str, path: Path) -> Outcome:
    """Load a file into tables, setting aside what cannot be read. Whatever is no InputError gets out."""
    try:
        items = read_all(loader, path)
        tables = build(loader, items, keep_going=True)
    except InputError as error:
        refused = str(error)
    else:
        return Outcome(said=said_in(tables), tables=tables)
    assert len(refused.splitlines()) == 1, f"not one line: {refused}"
    assert path.name in refused, f"names no file: {refused}"
    return Outcome(refused=refused)


def said_in(tables: Tables) -> str:
    """Return all that tables say, as text."""
    return "\n".join(str(row) for table in tables.values() for row in table.to_pylist())
