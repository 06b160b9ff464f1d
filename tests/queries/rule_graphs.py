"""Tiny graphs for the tests of ownership rules: stakes and listings in one line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from listed.graph.model import Entity, Link, Listing, Name, Source, Statement
from listed.graph.period import Period, parse_date
from listed.graph.share import Basis, parse_share
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.loaders.loader import Item
from listed.loading import graph_of
from listed.queries.rules import VerdictRow, verdict

Said = Entity | Link | Listing

BIS_DAY = date(2025, 10, 15)
"""A day on which the BIS rule was in force."""

LATER = date(2025, 1, 1)
"""A day on which the OFAC, EU and UK rules were in force as they are now."""


def party(id_: str, *, country: str = "", schema: str = "LegalEntity") -> Entity:
    return Entity(id_, (Name(id_),), schema=schema, countries=(country,) if country else ())


def owns(
    owner: str,
    asset: str,
    share: object = None,
    since: str = "",
    until: str = "",
    *,
    basis: Basis = Basis.SHARES,
    direct: bool | None = None,
    type_: LinkType = LinkType.OWNS,
) -> Link:
    period = Period(parse_date(since), parse_date(until))
    return Link(owner, asset, type_, period=period, share=parse_share(share, "percent"), basis=basis, direct=direct)


def on(
    entity: str,
    list_: str = "US-OFAC-SDN",
    since: str = "",
    until: str = "",
    *,
    policy: str = "",
    programs: tuple[str, ...] = (),
) -> Listing:
    period = Period(parse_date(since), parse_date(until))
    return Listing(entity, list_, period, licence_policy=policy, programs=programs)


def statements(dataset: str, said: Iterable[Said]) -> list[Item]:
    """All that is said, by one source called as the dataset; ends that are not told of are parties."""
    told = list(said)
    ids = {one.id for one in told if isinstance(one, Entity)}
    ends = {id_ for one in told if isinstance(one, Link) for id_ in (one.source, one.target)}
    ends |= {one.entity for one in told if isinstance(one, Listing)}
    told = [*(party(id_) for id_ in sorted(ends - ids)), *told]
    return [Source(dataset, f"Source {dataset}"), *(Statement(one, (dataset,)) for one in told)]


def graph(*said: Said, **others: Iterable[Said]) -> Graph:
    """A graph of what one dataset says, and what others say by name."""
    parts = {"one": said, **others}
    return graph_of({dataset: statements(dataset, part) for dataset, part in parts.items()})


def ruling(told: Graph, entity: str, day: date | None = LATER, regime: str = "us-ofac") -> VerdictRow:
    (row,) = verdict(told, entity, day, regime=regime).rows
    return row


def says(told: Graph, entity: str, day: date | None = LATER, regime: str = "us-ofac") -> str:
    return ruling(told, entity, day, regime).verdict
