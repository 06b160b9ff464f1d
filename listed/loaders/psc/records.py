"""Records of the register of people with significant control, of the snapshot and of the stream, as one shape."""

from __future__ import annotations

import msgspec
from msgspec import Struct

Text = str | int | None


class Place(Struct, gc=False):
    """An address, in its parts."""

    care_of: Text = None
    po_box: Text = None
    premises: Text = None
    address_line_1: Text = None
    address_line_2: Text = None
    locality: Text = None
    region: Text = None
    postal_code: Text = None
    country: str | None = None


class Birth(Struct, gc=False):
    """Month and year of birth; the day is not published."""

    month: int | None = None
    year: int | None = None
    day: int | None = None


class NameParts(Struct, gc=False):
    """A person's name, in its parts."""

    title: str | None = None
    forename: str | None = None
    middle_name: str | None = None
    other_forenames: str | None = None
    surname: str | None = None


class Registration(Struct, gc=False):
    """Where a company or body is registered, in its own words."""

    legal_form: str | None = None
    legal_authority: str | None = None
    place_registered: str | None = None
    country_registered: str | None = None
    registration_number: Text = None


class Verification(Struct, gc=False):
    """That a person's identity was verified."""

    identity_verified_on: str | None = None
    preferred_name: str | None = None


class ExemptionItem(Struct, gc=False):
    """A period in which a company was exempt."""

    exempt_from: str | None = None
    exempt_to: str | None = None


class Exemption(Struct, gc=False):
    """A reason for which a company need not tell who controls it."""

    exemption_type: str | None = None
    items: list[ExemptionItem] | None = None


class Self(Struct, gc=False):
    """The record's own address in the register."""

    self: str | None = None


class Data(Struct, gc=False):
    """What a record says; ``kind`` tells which of the fields it has."""

    kind: str = ""
    links: Self | None = None
    name: str | None = None
    name_elements: NameParts | None = None
    company_name: str | None = None
    description: str | None = None
    address: Place | None = None
    principal_office_address: Place | None = None
    country_of_residence: str | None = None
    nationality: str | None = None
    date_of_birth: Birth | None = None
    identification: Registration | None = None
    identity_verification_details: Verification | None = None
    natures_of_control: list[str] | None = None
    notified_on: str | None = None
    ceased_on: str | None = None
    ceased: bool | None = None
    is_sanctioned: bool | None = None
    statement: str | None = None
    restrictions_notice_withdrawal_reason: str | None = None
    linked_psc_name: str | None = None
    exemptions: dict[str, Exemption] | None = None
    persons_of_significant_control_count: int | None = None
    statements_count: int | None = None
    exemptions_count: int | None = None
    generated_at: str | None = None


class Event(Struct, gc=False):
    """What the stream says happened to a record, and when."""

    type: str = ""
    timepoint: int | None = None
    published_at: str | None = None


class Record(Struct, gc=False):
    """One line of the snapshot, or one event of the stream."""

    data: Data = msgspec.field(default_factory=Data)
    company_number: Text = None
    resource_uri: str | None = None
    resource_id: str | None = None
    event: Event | None = None
    content_date: str | None = msgspec.field(default=None, name="ContentDate")

    @property
    def path(self) -> str:
        """The record's address in the register; empty for the totals."""
        links = self.data.links
        return (links.self if links else None) or self.resource_uri or ""

    @property
    def company(self) -> str:
        """The number of the company it is about."""
        if self.company_number is not None:
            return str(self.company_number).strip().upper()
        _, _, rest = self.path.partition("/company/")
        return rest.partition("/")[0].upper()

    @property
    def key(self) -> str:
        """What names the record within its company."""
        return self.resource_id or self.path.rpartition("/")[2]


class KeyData(Struct, gc=False):
    """The data of :class:`Key`."""

    links: Self | None = None


class Key(Struct, gc=False):
    """The little of a record that tells whether it is told again."""

    data: KeyData = msgspec.field(default_factory=KeyData)
    resource_uri: str | None = None
    event: Event | None = None

    @property
    def path(self) -> str:
        """The record's address in the register; empty for the totals."""
        return (self.data.links.self if self.data.links else None) or self.resource_uri or ""


decode = msgspec.json.Decoder(Record).decode
decode_key = msgspec.json.Decoder(Key).decode
