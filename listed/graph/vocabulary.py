"""The words of the graph: kinds of link, list ids, identifier schemes, schemata.

Schemata and topics are FollowTheMoney's (https://followthemoney.tech/explorer/).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SCHEMATA = frozenset({
    "Person", "Company", "Organization", "PublicBody", "LegalEntity", "Asset", "Vessel", "Airplane",
    "Vehicle", "Security", "CryptoWallet", "Thing", "Address", "Position", "RealEstate", "Project",
})  # fmt: skip
"""Schemata an entity can have. One not listed here is kept and flagged."""

STATE_TOPICS = frozenset({"gov", "gov.national", "gov.state", "gov.muni", "gov.igo", "gov.executive",
                          "gov.legislative", "gov.judicial", "gov.security", "gov.financial", "mil"})  # fmt: skip
"""Topics of a body that is itself part of a state (a state-owned firm, ``gov.soe``, is not)."""


class NameKind(StrEnum):
    """What kind of name a name is."""

    PRIMARY = "primary"
    ALIAS = "alias"
    PREVIOUS = "previous"
    WEAK = "weak"


class LinkType(StrEnum):
    """What a link says. The order of the members is the order paths prefer (see ``rank``)."""

    OWNS = "OWNS"
    CONTROLS = "CONTROLS"
    INVESTED_IN = "INVESTED_IN"
    FOUNDED = "FOUNDED"
    PARTNERS_WITH = "PARTNERS_WITH"
    FUNDS = "FUNDS"
    OFFICER_OF = "OFFICER_OF"
    SUPPLIES = "SUPPLIES"
    CUSTOMER_OF = "CUSTOMER_OF"
    SUCCEEDS = "SUCCEEDS"
    RELATED_TO = "RELATED_TO"
    REGULATES = "REGULATES"
    PILOTS = "PILOTS"
    DESIGNATED_BY = "DESIGNATED_BY"
    AFFILIATED_WITH = "AFFILIATED_WITH"
    LINKED_TO = "LINKED_TO"

    @property
    def rank(self) -> int:
        """Place in the order of strength: 0, ownership, is the strongest tie."""
        return _RANKS[self]


_RANKS = {type_: rank for rank, type_ in enumerate(LinkType)}


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a link reads aloud, from its source to its target and back."""

    forward: str
    backward: str
    forward_past: str
    backward_past: str


PHRASES = {
    LinkType.OWNS: Phrase("holds a share (not stated) of", "is held (share not stated) by",
                          "held a share (not stated) of", "was held (share not stated) by"),
    LinkType.CONTROLS: Phrase("controls", "is controlled by", "controlled", "was controlled by"),
    LinkType.INVESTED_IN: Phrase("invested in", "took investment from", "invested in", "took investment from"),
    LinkType.FOUNDED: Phrase("founded", "was founded by", "founded", "was founded by"),
    LinkType.PARTNERS_WITH: Phrase("partners with", "partners with", "partnered with", "partnered with"),
    LinkType.FUNDS: Phrase("funds", "is funded by", "funded", "was funded by"),
    LinkType.OFFICER_OF: Phrase("is an officer of", "has as an officer", "was an officer of",
                                "had as an officer"),
    LinkType.SUPPLIES: Phrase("supplies", "is supplied by", "supplied", "was supplied by"),
    LinkType.CUSTOMER_OF: Phrase("is a customer of", "has as a customer", "was a customer of",
                                 "had as a customer"),
    LinkType.SUCCEEDS: Phrase("succeeds", "is succeeded by", "succeeded", "was succeeded by"),
    LinkType.RELATED_TO: Phrase("is related to", "is related to", "was related to", "was related to"),
    LinkType.REGULATES: Phrase("regulates", "is regulated by", "regulated", "was regulated by"),
    LinkType.PILOTS: Phrase("pilots", "is piloted by", "piloted", "was piloted by"),
    LinkType.DESIGNATED_BY: Phrase("is designated by", "designates", "was designated by", "designated"),
    LinkType.AFFILIATED_WITH: Phrase("is affiliated with", "is affiliated with", "was affiliated with",
                                     "was affiliated with"),
    LinkType.LINKED_TO: Phrase("is linked to", "is linked to", "was linked to", "was linked to"),
}  # fmt: skip

_AS_CHINA = {"hk": "cn", "mo": "cn"}
"""The Entity List has put Hong Kong and Macau under China since 23 December 2020 (85 FR 83769)."""


def may_be_of_one_country(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Tell whether no country speaks against two records being one party's: they share one, or one tells none."""
    one, other = ({_AS_CHINA.get(code, code) for code in codes} for codes in (ours, theirs))
    return not one or not other or not one.isdisjoint(other)


LISTS = {
    "US-BIS-EL": "Entity List (US Commerce, BIS)",
    "US-BIS-MEU": "Military End-User List (US Commerce, BIS)",
    "US-BIS-UVL": "Unverified List (US Commerce, BIS)",
    "US-BIS-DPL": "Denied Persons List (US Commerce, BIS)",
    "US-OFAC-SDN": "Specially Designated Nationals (US Treasury, OFAC)",
    "US-OFAC-SSI": "Sectoral Sanctions Identifications (US Treasury, OFAC)",
    "US-OFAC-NS-CMIC": "Non-SDN Chinese Military-Industrial Complex Companies (US Treasury, OFAC)",
    "US-OFAC-NS-MBS": "Non-SDN Menu-Based Sanctions (US Treasury, OFAC)",
    "US-OFAC-NS-PLC": "Palestinian Legislative Council List (US Treasury, OFAC)",
    "US-OFAC-CAPTA": "Correspondent Account or Payable-Through Account Sanctions (US Treasury, OFAC)",
    "US-OFAC-FSE": "Foreign Sanctions Evaders (US Treasury, OFAC)",
    "US-STATE-ISN": "Nonproliferation Sanctions (US State, ISN)",
    "US-STATE-DTC": "ITAR Debarred Parties (US State, DDTC)",
    "US-DOW-1260H": "Chinese Military Companies, Section 1260H (US Department of War)",
    "US-DHS-UFLPA": "UFLPA Entity List (US Homeland Security)",
    "US-FCC-COVERED": "Covered List (US FCC)",
    "UN-SC": "Consolidated List (United Nations Security Council)",
    "EU-FSF": "Consolidated Financial Sanctions List (European Union)",
    "GB-OFSI": "Asset Freeze Targets (UK Treasury, OFSI; since 2026 in the UK Sanctions List)",
    "GB-SL": "UK Sanctions List, measures other than an asset freeze (UK FCDO)",
}
"""List ids and their titles. A list not named here is shown by its id."""

STRONG_SCHEMES = frozenset({"lei", "wikidata", "uscc", "isin", "gb-coh", "hk-cr", "imo", "ofac", "csl", "duns",
                            "swift", "ogrn", "un-sc", "eu-fsf", "gb-ofsi",
                            "gb-sl"})  # fmt: skip
"""Schemes whose same value means the same party, so that records merge."""
