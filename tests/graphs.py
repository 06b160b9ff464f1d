"""Tiny graphs for tests: ``graph(owns("A", "B", "51%"), listed("B", "US-BIS-EL"))``."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from listed.graph.model import Entity, Identifier, Link, Listing, Name, Source, Statement
from listed.graph.period import Period, parse_date
from listed.graph.share import Basis, parse_share
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType, NameKind
from listed.loaders.loader import Item
from listed.loading import graph_of

About = Entity | Link | Listing
Told = TypeVar("Told", bound=Link | Listing)
PAPER = "paper"


def period(start: str = "", end: str = "") -> Period:
    return Period(parse_date(start), parse_date(end))


def firm(
    id_: str,
    name: str = "",
    *,
    aliases: tuple[str, ...] = (),
    schema: str = "Company",
    topics: tuple[str, ...] = (),
    ids: tuple[tuple[str, str], ...] = (),
    hub: bool = False,
) -> Entity:
    names = (Name(name or id_), *(Name(alias, NameKind.ALIAS) for alias in aliases))
    return Entity(
        id_,
        names,
        schema,
        topics=topics,
        identifiers=tuple(Identifier(*pair) for pair in ids),
        properties=(("hub", "yes"),) if hub else (),
    )


def body(id_: str, name: str = "") -> Entity:
    return firm(id_, name, schema="PublicBody")


def hub(id_: str) -> Entity:
    return firm(id_, schema="PublicBody", hub=True)


def linked(source: str, target: str, type_: LinkType, start: str = "", end: str = "", role: str = "") -> Link:
    return Link(source, target, type_, role, period(start, end))


def owns(source: str, target: str, share: str = "", start: str = "", end: str = "", role: str = "") -> Link:
    return Link(source, target, LinkType.OWNS, role, period(start, end), parse_share(share), Basis.SHARES)


def invested(source: str, target: str, start: str = "", end: str = "", role: str = "") -> Link:
    return linked(source, target, LinkType.INVESTED_IN, start, end, role)


def listed(entity: str, list_: str = "US-BIS-EL", start: str = "", end: str = "") -> Listing:
    return Listing(entity, list_, period(start, end), citation="1 FR 1")


def only_told(about: Told) -> Told:
    """Return a link or listing whose start is the day a source told of it, not when it began."""
    return replace(about, period=replace(about.period, told=True))


def items(*about: About, source: str = PAPER) -> list[Item]:
    """Return statements of one source; an end that is not said to be an entity becomes a firm of that name."""
    said = {one.id for one in about if isinstance(one, Entity)}
    ends = {id_ for one in about if isinstance(one, Link) for id_ in (one.source, one.target)}
    ends |= {one.entity for one in about if isinstance(one, Listing)}
    firms = [firm(id_) for id_ in sorted(ends - said)]
    return [Source(source, f"A {source}"), *(Statement(one, (source,)) for one in (*firms, *about))]


def graph(*about: About) -> Graph:
    return graph_of({"test": items(*about)})
