"""Statements of the Beneficial Ownership Data Standard, versions 0.2, 0.3 and 0.4, read to one shape.

Until 0.3 what a statement says stands beside its own number and date, and statements point to each
other; since 0.4 it stands in ``recordDetails``, and statements are about records. What the versions
call differently is one field here. Fields are read leniently: what the standard calls a text and a
publisher writes as a number is taken.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Struct, UnsetType, field

Number = float | str | None
End = bool | float | str | None
Id = str | int | None


class Named(Struct, rename="camel", gc=False):
    """A country, an agent, a subtype: whatever has a name and a code."""

    name: str | None = None
    code: str | None = None


class Place(Struct, rename="camel", gc=False):
    """An address."""

    type: str | None = None
    address: str | None = None
    post_code: Id = None
    post_name: str | None = None
    country: str | Named | None = None


class PersonName(Struct, rename="camel", gc=False):
    """A name of a person."""

    type: str | None = None
    full_name: str | None = None
    family_name: str | None = None
    given_name: str | None = None
    patronymic_name: str | None = None


class IdentifierTold(Struct, rename="camel", gc=False):
    """An identifier."""

    id: Id = None
    scheme: str | None = None
    scheme_name: str | None = None
    uri: str | None = None


class EntityType(Struct, rename="camel", gc=False):
    """The type of an entity since 0.4."""

    type: str | None = None
    subtype: str | None = None
    details: str | None = None


class EntitySubtype(Struct, rename="camel", gc=False):
    """The subtype of an entity in 0.3."""

    general_category: str | None = None
    local_term: str | None = None


class Reason(Struct, rename="camel", gc=False):
    """Why a party is not told."""

    reason: str | None = None
    description: str | None = None


class Pointer(Struct, rename="camel", gc=False):
    """What a relationship points to until 0.3; since 0.4 a record's id stands in its place, or a reason."""

    described_by_entity_statement: Id = None
    described_by_person_statement: Id = None
    unspecified: Reason | None = None
    reason: str | None = None
    description: str | None = None


class ShareTold(Struct, rename="camel", gc=False, frozen=True):
    """A share as the statement gives it; until 0.3 the ``exclusive...`` fields are true or false."""

    exact: Number = None
    minimum: Number = None
    maximum: Number = None
    exclusive_minimum: End = None
    exclusive_maximum: End = None


class Interest(Struct, rename="camel", gc=False):
    """One interest that a relationship tells of."""

    type: str | None = None
    direct_or_indirect: str | None = None
    interest_level: str | None = None
    beneficial_ownership_or_control: bool | None = None
    details: str | None = None
    share: ShareTold | None = None
    start_date: str | None = None
    end_date: str | None = None


class Exposure(Struct, rename="camel", gc=False):
    """One public office that makes a person politically exposed."""

    reason: str | None = None
    jurisdiction: Named | None = None
    start_date: str | None = None
    end_date: str | None = None
    missing_info_reason: str | None = None


class PoliticalExposure(Struct, rename="camel", gc=False):
    """Whether a person is politically exposed, since 0.3."""

    status: str | None = None
    details: list[Exposure] | None = None


class Security(Struct, rename="camel", gc=False):
    """A traded security."""

    id: Id = None
    id_scheme: str | None = None
    ticker: str | None = None


class SecuritiesListing(Struct, rename="camel", gc=False):
    """Where a security is traded."""

    security: Security | None = None
    stock_exchange_name: str | None = None
    market_identifier_code: str | None = None


class PublicListing(Struct, rename="camel", gc=False):
    """Whether and where an entity is listed on an exchange."""

    has_public_listing: bool | None = None
    securities_listings: list[SecuritiesListing] | None = None
    company_filings_urls: list[str] | None = field(default=None, name="companyFilingsURLs")


class Annotation(Struct, rename="camel", gc=False):
    """A remark on a statement."""

    motivation: str | None = None
    description: str | None = None
    url: str | None = None


class Agent(Struct, rename="camel", gc=False):
    """Whoever asserts a statement."""

    name: str | None = None
    uri: str | None = None


class Origin(Struct, rename="camel", gc=False):
    """Where a statement comes from."""

    type: list[str] | str | None = None
    description: str | None = None
    url: str | None = None
    asserted_by: list[Agent] | None = None


class Publisher(Struct, rename="camel", gc=False):
    """Whoever publishes a statement."""

    name: str | None = None
    url: str | None = None


class Publication(Struct, rename="camel", gc=False):
    """How a statement is published."""

    publication_date: str | None = None
    bods_version: str | None = None
    license: str | None = None
    publisher: Publisher | None = None


class Details(Struct, rename="camel", gc=False):
    """What a statement says of an entity, a person or a relationship."""

    is_component: bool | None = None
    # an entity
    entity_type: str | EntityType | None = None
    entity_subtype: EntitySubtype | None = None
    name: str | None = None
    alternate_names: list[str] | None = None
    jurisdiction: Named | None = None
    incorporated_in_jurisdiction: Named | None = None
    founding_date: str | None = None
    dissolution_date: str | None = None
    public_listing: PublicListing | None = None
    unspecified_entity_details: Reason | None = None
    # an entity or a person
    identifiers: list[IdentifierTold] | None = None
    addresses: list[Place] | None = None
    uri: str | None = None
    # a person
    person_type: str | None = None
    names: list[PersonName] | None = None
    nationalities: list[Named] | None = None
    birth_date: str | None = None
    death_date: str | None = None
    place_of_birth: Place | None = None
    place_of_residence: Place | None = None
    tax_residencies: list[Named] | None = None
    political_exposure: PoliticalExposure | None = None
    has_pep_status: bool | None = None
    pep_status_details: list[Exposure] | None = None
    unspecified_person_details: Reason | None = None
    # a relationship
    subject: str | Pointer | None = None
    interested_party: str | Pointer | None = None
    interests: list[Interest] | None = None
    component_records: list[Id] | None = None
    component_statement_ids: list[Id] | None = field(default=None, name="componentStatementIDs")


class Statement(Details, rename="camel", gc=False):
    """A statement of any version; :attr:`body` is what it says, :attr:`kind` what it is about."""

    statement_id: Id = None
    statement_id_until_03: Id = field(default=None, name="statementID")
    statement_type: str | None = None
    statement_date: str | None = None
    record_id: Id = None
    record_type: str | None = None
    record_status: str | None = None
    record_details: Details | UnsetType | None = UNSET
    declaration_subject: Id = None
    replaces_statements: list[Id] | None = None
    publication_details: Publication | None = None
    source: Origin | None = None
    annotations: list[Annotation] | None = None

    @property
    def id(self) -> str:
        """The statement's own number; empty if it has none."""
        return _text(self.statement_id) or _text(self.statement_id_until_03)

    @property
    def record(self) -> str:
        """What names the record it is about: until 0.3 the statement itself."""
        return _text(self.record_id) or self.id

    @property
    def kind(self) -> str:
        """``entity``, ``person`` or ``relationship``; empty if it is none of them."""
        return self.record_type or _KINDS.get(self.statement_type or "", "")

    @property
    def body(self) -> Details:
        """What the statement says."""
        return self.record_details if isinstance(self.record_details, Details) else self

    @property
    def date(self) -> str:
        """When it was said, as far as told; texts that sort by time."""
        published = self.publication_details.publication_date if self.publication_details else ""
        return self.statement_date or published or ""

    @property
    def closed(self) -> bool:
        """Whether it closes its record."""
        return self.record_status == "closed"

    @property
    def replaces(self) -> list[str]:
        """The statements it replaces."""
        return [_text(id_) for id_ in self.replaces_statements or ()]


class Key(Struct, rename="camel", gc=False):
    """The little of a statement that tells whether its record is told again."""

    record_id: Id = None
    statement_id_until_03: Id = field(default=None, name="statementID")
    replaces_statements: list[Id] | None = None


_KINDS = {"entityStatement": "entity", "personStatement": "person", "ownershipOrControlStatement": "relationship"}

decode = msgspec.json.Decoder(Statement).decode
decode_key = msgspec.json.Decoder(Key).decode


def _text(id_: Id) -> str:
    return "" if id_ is None else str(id_)
