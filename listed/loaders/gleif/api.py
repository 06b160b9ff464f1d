"""Records as GLEIF's API words them, brought to the words of the golden copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

from listed.loaders.gleif.records import Kind, from_json

KINDS = {
    "lei-records": Kind.ENTITY,
    "relationship-records": Kind.RELATIONSHIP,
    "reporting-exceptions": Kind.EXCEPTION,
}
"""The API's types of resource that are records."""

Json = Mapping[str, Any]

_ALSO = ("bic", "mic", "ocid", "qcc", "spglobal")
"""What the API adds from other mappings: kept as it stands."""


def from_api(resource: Json) -> Element | None:
    """Return a resource of the API as a record; ``None`` if it is of no type that is one."""
    kind = KINDS.get(str(resource.get("type")))
    said = resource.get("attributes")
    if kind is None or not isinstance(said, Mapping):
        return None
    if kind is Kind.ENTITY:
        tree: Json = {
            "LEI": said.get("lei") or resource.get("id"),
            "Entity": _entity(_part(said, "entity")),
            "Registration": _registration(_part(said, "registration")),
            "Also": {key: said.get(key) for key in _ALSO},
        }
    elif kind is Kind.RELATIONSHIP:
        tree = {
            "Relationship": _relationship(_part(said, "relationship")),
            "Registration": _registration(_part(said, "registration")),
            "Extension": {"Deletion": {"DeletedAt": _part(said, "extension").get("deletedAt")}},
        }
    else:
        tree = {
            "LEI": said.get("lei"),
            "ExceptionCategory": said.get("category"),
            "ExceptionReason": said.get("reason"),
            "ExceptionReference": said.get("reference"),
        }
    return from_json(kind.value, tree)


def _part(said: Json, key: str) -> Json:
    part = said.get(key)
    return part if isinstance(part, Mapping) else {}


def _list(said: Json, key: str) -> list[Json]:
    part = said.get(key)
    return [one for one in part if isinstance(one, Mapping)] if isinstance(part, list) else []


def _entity(said: Json) -> Json:
    expiration = _part(said, "expiration")
    successors = _list(said, "successorEntities") or [_part(said, "successorEntity")]
    associated = _part(said, "associatedEntity")
    return {
        "LegalName": _part(said, "legalName").get("name"),
        "OtherEntityNames": {"OtherEntityName": [_name(one) for one in _list(said, "otherNames")]},
        "TransliteratedOtherEntityNames": {
            "TransliteratedOtherEntityName": [_name(one) for one in _list(said, "transliteratedOtherNames")]
        },
        "LegalAddress": _address(_part(said, "legalAddress")),
        "HeadquartersAddress": _address(_part(said, "headquartersAddress")),
        "OtherAddresses": {"OtherAddress": [_address(one) for one in _list(said, "otherAddresses")]},
        "RegistrationAuthority": {
            "RegistrationAuthorityID": _part(said, "registeredAt").get("id"),
            "OtherRegistrationAuthorityID": _part(said, "registeredAt").get("other"),
            "RegistrationAuthorityEntityID": said.get("registeredAs"),
        },
        "LegalJurisdiction": said.get("jurisdiction"),
        "EntityCategory": said.get("category"),
        "EntitySubCategory": said.get("subCategory"),
        "LegalForm": {
            "EntityLegalFormCode": _part(said, "legalForm").get("id"),
            "OtherLegalForm": _part(said, "legalForm").get("other"),
        },
        "EntityStatus": said.get("status"),
        "EntityCreationDate": said.get("creationDate"),
        "EntityExpirationDate": expiration.get("date"),
        "EntityExpirationReason": expiration.get("reason"),
        "SuccessorEntity": [
            {"SuccessorLEI": one.get("lei"), "SuccessorEntityName": one.get("name")} for one in successors
        ],
        "AssociatedEntity": {"AssociatedLEI": associated.get("lei"), "AssociatedEntityName": associated.get("name")},
    }


def _name(said: Json) -> Json:
    return {"$": said.get("name"), "@type": said.get("type")}


def _address(said: Json) -> Json:
    lines = said.get("addressLines")
    first, *more = lines if isinstance(lines, list) and lines else [None]
    return {
        "FirstAddressLine": first,
        "AdditionalAddressLine": more,
        "City": said.get("city"),
        "Region": said.get("region"),
        "Country": said.get("country"),
        "PostalCode": said.get("postalCode"),
    }


def _registration(said: Json) -> Json:
    return {
        "InitialRegistrationDate": said.get("initialRegistrationDate"),
        "LastUpdateDate": said.get("lastUpdateDate"),
        "RegistrationStatus": said.get("status"),
        "NextRenewalDate": said.get("nextRenewalDate"),
        "ManagingLOU": said.get("managingLou"),
        "ValidationSources": said.get("corroborationLevel"),
        "ValidationDocuments": said.get("corroborationDocuments"),
        "ValidationReference": said.get("corroborationReference"),
    }


def _relationship(said: Json) -> Json:
    return {
        "StartNode": _node(_part(said, "startNode")),
        "EndNode": _node(_part(said, "endNode")),
        "RelationshipType": said.get("type"),
        "RelationshipStatus": said.get("status"),
        "RelationshipPeriods": {
            "RelationshipPeriod": [
                {"StartDate": one.get("startDate"), "EndDate": one.get("endDate"), "PeriodType": one.get("type")}
                for one in _list(said, "periods")
            ]
        },
    }


def _node(said: Json) -> Json:
    return {"NodeID": said.get("id"), "NodeIDType": said.get("type")}
