"""Level 2: who consolidates, manages or feeds whom.

The start node is the child and the end node its parent, so the link goes from the end to the
start. Consolidation in accounts is control and says nothing of shares held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from listed.graph.model import Link, SetAside, Statement
from listed.graph.period import NO_DATE, PartialDate, Period, parse_date
from listed.graph.share import UNKNOWN, WHOLE, Basis, Share, parse_share
from listed.graph.vocabulary import LinkType
from listed.loaders.gleif.entities import entity_id
from listed.loaders.gleif.records import Record, parts_of, text_of


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a type of relationship says.

    Parameters
    ----------
    upward
        Whether the link goes from the end node to the start node.
    """

    type: LinkType
    role: str
    basis: Basis = Basis.UNKNOWN
    direct: bool | None = None
    upward: bool = True


_MEANINGS = {
    "IS_DIRECTLY_CONSOLIDATED_BY": _Meaning(
        LinkType.CONTROLS, "direct parent by consolidation", Basis.CONSOLIDATION, direct=True
    ),
    "IS_ULTIMATELY_CONSOLIDATED_BY": _Meaning(
        LinkType.CONTROLS, "ultimate parent by consolidation", Basis.CONSOLIDATION, direct=False
    ),
    # A branch is no person of its own: what it does, its head office does.
    "IS_INTERNATIONAL_BRANCH_OF": _Meaning(LinkType.CONTROLS, "head office of the branch", direct=True),
    # A manager runs a fund and an umbrella holds it together; neither is said to own or to consolidate it.
    "IS_FUND-MANAGED_BY": _Meaning(LinkType.AFFILIATED_WITH, "fund manager"),
    "IS_SUBFUND_OF": _Meaning(LinkType.AFFILIATED_WITH, "umbrella fund"),
    # A feeder puts its investors' money into its master: here the child is who invests.
    "IS_FEEDER_TO": _Meaning(LinkType.INVESTED_IN, "feeder fund", upward=False),
}
_OTHER = _Meaning(LinkType.LINKED_TO, "")
_WITHDRAWN = {"ANNULLED": "annulled: it was wrong", "DUPLICATE": "a duplicate of another record"}
_PUBLISHED = frozenset({"", "PUBLISHED", "PENDING_TRANSFER", "PENDING_ARCHIVAL"})
_NODE_ID = re.compile(r"[0-9A-Za-z._-]+")

_date = lru_cache(maxsize=8192)(parse_date)


def read_relationship(record: Record, source: str) -> Iterator[Statement | SetAside]:
    """Yield the links of a relationship record: one for each period it holds in."""
    said = record.element.find("Relationship")
    ends = [_node(said, node) for node in ("StartNode", "EndNode")] if said is not None else ["", ""]
    status = text_of(record.element, "Registration/RegistrationStatus")
    if said is None or not all(ends):
        yield SetAside(record.place, "a relationship without an end", " ".join(filter(None, ends)))
        return
    if status in _WITHDRAWN:
        yield SetAside(record.place, _WITHDRAWN[status], " ".join(ends))
        return
    type_ = text_of(said, "RelationshipType")
    meaning = _MEANINGS.get(type_, _OTHER)
    share, measured = _share(said) if meaning.basis is Basis.CONSOLIDATION else (UNKNOWN, [])
    flags = [] if type_ in _MEANINGS else [f"relationship: a type not known here: {type_}"]
    flags += measured
    if status not in _PUBLISHED:
        flags.append(f"registration: {status}")
    child, parent = ends
    owner, asset = (parent, child) if meaning.upward else (child, parent)
    for period, doubts in _periods(said):
        link = Link(
            owner,
            asset,
            meaning.type,
            role=meaning.role or type_,
            period=period,
            share=share,
            basis=meaning.basis,
            direct=meaning.direct,
            note=_evidence(record.element, said, type_),
        )
        yield Statement(link, (source,), record.place, (*flags, *doubts))


def _node(said: Element, node: str) -> str:
    number, kind = text_of(said, f"{node}/NodeID"), text_of(said, f"{node}/NodeIDType")
    if not _NODE_ID.fullmatch(number):
        return ""
    return entity_id(number) if kind in ("", "LEI") else f"gleif:{number}"


def _parts(said: Element, tag: str) -> list[Element]:
    """Return the parts of a list, whether or not each stands in an element of its own."""
    return parts_of(said, f"{tag}s/{tag}") or said.findall(f"{tag}s")


def _share(said: Element) -> tuple[Share, list[str]]:
    """Return how much is consolidated.

    A percentage of "1.00" stands where others write "100.00": nobody consolidates one percent of a
    company, so it is read as all of it. Any other number up to one could be either.
    """
    measured: list[Share] = []
    flags: list[str] = []
    for part in _parts(said, "RelationshipQuantifier"):
        amount, units = text_of(part, "QuantifierAmount"), text_of(part, "QuantifierUnits")
        text = f"{amount} {units}".strip()
        if not amount:
            continue
        read = parse_share(amount)
        if units.upper() not in ("PERCENTAGE", "PERCENT", "%"):
            measured.append(Share(text=text, flag="not a percentage"))
        elif re.fullmatch(r"1(?:\.0+)?", amount):
            measured.append(Share(WHOLE, WHOLE, text=text, flag="1 read as 100 percent"))
        elif read.is_exit:
            measured.append(Share(text=text, flag="nothing consolidated"))
        else:
            measured.append(Share(read.low, read.high, read.low_open, read.high_open, text, read.flag))
    if len({(one.low, one.high) for one in measured}) > 1:
        flags.append(f"share: several amounts: {'; '.join(one.text for one in measured)}")
        return Share(text="; ".join(one.text for one in measured)), flags
    return (measured[0] if measured else UNKNOWN), flags


def _periods(said: Element) -> Iterator[tuple[Period, list[str]]]:
    """Yield each period of the relationship, with what is doubtful of it.

    The period of the accounts says that it held then, not since when or until when.
    """
    given = [(text_of(part, "PeriodType"), _day(part, "StartDate"), _day(part, "EndDate"))
             for part in _parts(said, "RelationshipPeriod")]  # fmt: skip
    own = [Period(start, end) for type_, start, end in given if type_ == "RELATIONSHIP_PERIOD"]
    doubts: list[str] = []
    if not own:
        accounts = [start for type_, start, _ in given if type_ == "ACCOUNTING_PERIOD" and start.known]
        start = min(accounts, key=str) if accounts else NO_DATE
        own = [Period(start)]
        if accounts:
            doubts.append("start_date: of the accounting period; it may have begun before")
    inactive = text_of(said, "RelationshipStatus") == "INACTIVE"
    for period in own:
        ended = ["end_date: not given, though the relationship is INACTIVE"] if inactive else []
        yield period, doubts + ([] if period.end.known else ended)


def _day(part: Element, tag: str) -> PartialDate:
    return _date(text_of(part, tag))


def _evidence(element: Element, said: Element, type_: str) -> str:
    """Return the sentence of evidence: "Reported to GLEIF as ... by IFRS; fully corroborated (accounts filing)."."""
    qualifiers = (text_of(part, "QualifierCategory") for part in _parts(said, "RelationshipQualifier"))
    standards = [category for category in qualifiers if category]
    sources = text_of(element, "Registration/ValidationSources").replace("_", " ").lower()
    documents = text_of(element, "Registration/ValidationDocuments").replace("_", " ").lower()
    reference = text_of(element, "Registration/ValidationReference")
    told = f"Reported to GLEIF as {type_}"
    told += f" by {', '.join(standards)}" if standards else ""
    told += f"; {sources}" if sources else ""
    told += f" ({documents})" if documents else ""
    return f"{told}: {reference}" if reference else f"{told}."
