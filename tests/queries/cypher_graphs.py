"""A small graph that has everything the named queries ask for, and values to ask them with."""

from __future__ import annotations

from itertools import chain, combinations
from typing import Any

from listed.graph.model import Address, Entity, Listing, Name
from listed.graph.vocabulary import LinkType
from listed.queries.cypher.library import NamedQuery
from tests.graphs import body, graph, invested, linked, owns, period

LISTED = ("Opto", "Radar", "North University")


def _entity(id_: str, country: str = "", schema: str = "Company", topics: tuple[str, ...] = (), at: str = "") -> Entity:
    addresses = (Address(at, country),) if at else ()
    return Entity(id_, (Name(id_),), schema, (country,) if country else (), topics, (), addresses)


def _on(entity: str, list_: str, start: str, end: str, citation: str) -> Listing:
    return Listing(entity, list_, period(start, end), citation=citation)


EVERYTHING = graph(
    _entity("Opto", "cn", at="1 Kwun Tong Road"),
    _entity("Radar", "cn"),
    _entity("North University", "cn", "Organization", ("edu",)),
    _entity("Chips Inc", "us"),
    _entity("Fund", "us"),
    _entity("Quiet", "hk", at="Flat 2, 1 KWUN TONG Road"),
    _entity("Ann", schema="Person"),
    body("Ministry"),
    _on("Opto", "US-BIS-EL", "2019-10-09", "", "84 FR 54004"),
    _on("Radar", "US-BIS-EL", "2019-10-09", "", "84 FR 54004"),
    _on("Radar", "US-OFAC-SDN", "2022-03", "", "EO 14024"),
    _on("North University", "US-BIS-UVL", "2020", "2023-05-01", "85 FR 1"),
    owns("Ministry", "Holding", "100%"),
    owns("Holding", "Opto", "60%", "2010"),
    owns("Holding", "Radar", "25% to 50%", "2015"),
    owns("Opto", "Sub", "75%", "2016"),
    owns("Sub", "Subsub", "50%", "2017"),
    owns("Opto", "Sold", "30%", "2012", "2018"),
    owns("Opto", "Venture", "49%", "2014", role="joint venture partner"),
    owns("Chips Inc", "Venture", "51%", "2014"),
    owns("Ring A", "Ring B", "30%"),
    owns("Ring B", "Ring C", "30%"),
    owns("Ring C", "Ring A", "30%"),
    owns("Fund", "Radar", "5%", "2016", "2020-06"),
    invested("Fund", "Opto", "2017", role="Series B"),
    linked("Ann", "Opto", LinkType.OFFICER_OF, role="director"),
    linked("Ann", "Quiet", LinkType.OFFICER_OF, role="director"),
    linked("Chips Inc", "Opto", LinkType.SUPPLIES, "2018", role="processors"),
    linked("Police", "Opto", LinkType.CUSTOMER_OF, "2019"),
    linked("North University", "Lab", LinkType.AFFILIATED_WITH, role="laboratory"),
    linked("Quiet", "Radar", LinkType.LINKED_TO),
)

_VALUES: dict[str, Any] = {
    "entity": "Opto", "first": "Opto", "second": "Radar", "country": "us", "address": "kwun tong",
    "citation": "84 FR", "since": "2020-01-01", "list": "US-BIS-EL", "share": 30, "least": 1, "most": 3,
}  # fmt: skip


def examples(query: NamedQuery) -> list[dict[str, Any]]:
    """Return values to ask a query with: its examples and some that fit the small graph."""
    needed = [one for one in query.parameters if one.needed]
    further = [one for one in query.parameters if not one.needed]
    given: list[dict[str, Any]] = []
    for some in chain.from_iterable(combinations(further, size) for size in range(len(further) + 1)):
        given.append({one.name: one.example for one in (*needed, *some)})
        given.append({one.name: _VALUES[one.name] for one in (*needed, *some)})
    return given
