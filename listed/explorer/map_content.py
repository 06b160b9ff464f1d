"""The entities and links of a map, as the page draws them.

Links are told for every day, each with the days on which it may hold, so that the page can move through
time without asking again; verdicts and what several claims of one stake come to are told for one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from listed.errors import UnknownEntityError
from listed.explorer.map_state import MOST_ENTITIES, MOST_LINKS, MapState
from listed.graph.adjacency import ALWAYS
from listed.graph.model import Link, Source
from listed.graph.snapshot import Graph, period_of
from listed.graph.stakes import stakes_on
from listed.graph.vocabulary import LISTS, STATE_TOPICS, LinkType
from listed.queries.answer import Inquiry
from listed.queries.ownership import claims_of
from listed.queries.regimes import Regime
from listed.queries.ruling import Ruling
from listed.queries.sentences import aloud
from listed.queries.standing import standing

I64 = npt.NDArray[np.int64]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class MapListing:
    """A listing; ``first`` and ``last`` are the days between which it may hold, ``None`` where open."""

    list: str
    title: str
    first: str | None
    last: str | None
    start_date: str
    end_date: str
    when: str
    citation: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapEntity:
    """An entity on the map.

    ``verdict`` is "captured", or "would be captured" where the rule is not, or not certainly, in force on the day.
    ``more`` counts its neighbours that are not on the map; ``given`` marks one the address names.
    """

    entity: str
    name: str
    schema: str
    countries: tuple[str, ...]
    state: bool
    placeholder: bool
    given: bool
    verdict: str
    listings: tuple[MapListing, ...]
    neighbours: int
    more: int


@dataclass(frozen=True, slots=True)
class MapClaim:
    """What one link says; ``first`` and ``last`` are the days between which it may hold, ``None`` where open.

    ``never`` marks one that holds on no day: it tells of a sale.
    """

    link: str
    never: bool
    first: str | None
    last: str | None
    share: str
    role: str
    start_date: str
    end_date: str
    start_told: bool
    when: str
    aloud: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapLink:
    """All that is said of one relation of two entities; ``label`` is its share on the day."""

    source: str
    target: str
    type: str
    label: str
    conflict: bool
    claims: tuple[MapClaim, ...]


@dataclass(frozen=True, slots=True)
class MapContent:
    """A map on a day."""

    as_of: date
    graph: str
    snapshot: int
    regime: str
    regime_title: str
    regime_status: str
    entities: tuple[MapEntity, ...]
    links: tuple[MapLink, ...]
    unknown: tuple[str, ...]
    bounds: dict[str, Any]
    sources: dict[str, Source]
    notes: tuple[str, ...] = field(default=())


def map_content(graph: Graph, state: MapState, day: date, rule: Regime) -> MapContent:
    """Return what a map shows on a day."""
    inquiry = Inquiry(graph, "map", {}, day)
    ruling = Ruling(inquiry, rule)
    shown = _Shown(graph, state)
    links = _links(inquiry, shown)
    entities = tuple(_entity(inquiry, ruling, shown, row) for row in shown.rows)
    cited = inquiry.answer(()).sources
    cut = {"entities": MOST_ENTITIES, "links": MOST_LINKS, "cut_off": shown.cut_off}
    return MapContent(
        day, graph.name, graph.number, rule.id, rule.title, ruling.phase.status, entities, links, shown.unknown, cut,
        cited, ruling.caveat,
    )  # fmt: skip


class _Shown:
    """Which entities and links are on a map, by their numbers."""

    def __init__(self, graph: Graph, state: MapState) -> None:
        self.graph = graph
        self.counted = np.zeros(len(LinkType), np.bool_)
        self.counted[[one.rank for one in (LinkType if state.types is None else state.types)]] = True
        self.ever_listed = np.zeros(graph.arrays.size, np.bool_)
        self.ever_listed[graph.arrays.listing_entity] = True
        known = {id_: graph.row_of(id_) for id_ in state.seeds}
        self.unknown = tuple(id_ for id_, row in known.items() if row is None)
        hidden = {row for id_ in state.hidden if (row := graph.row_of(id_)) is not None}
        self.given = {row for id_ in state.entities if (row := known[id_]) is not None}
        rows = dict.fromkeys(row for row in known.values() if row is not None)
        for id_, number in state.expanded.items():
            if (row := known[id_]) is not None:
                rows.update(dict.fromkeys(self.neighbours(row)[:number].tolist()))
        kept = [row for row in rows if row not in hidden]
        self.rows: list[int] = kept[:MOST_ENTITIES]
        self.on = np.zeros(graph.arrays.size, np.bool_)
        self.on[self.rows] = True
        links = self._between()
        self.cut_off = (len(kept) - len(self.rows)) + max(len(links) - MOST_LINKS, 0)
        self.links: list[int] = links[:MOST_LINKS]

    def neighbours(self, row: int) -> I64:
        """Return who an entity is linked to: the listed first, then by the strength of the link."""
        arrays = self.graph.arrays
        arcs = arrays.arcs_of(row)
        # Arcs stand by strength.
        others = dict.fromkeys(arrays.neighbour[arcs][self.counted[arrays.arc_kind[arcs]]].tolist())
        others.pop(row, None)
        found = np.fromiter(others, np.int64, len(others))
        return found[np.argsort(~self.ever_listed[found], kind="stable")]

    def _between(self) -> list[int]:
        """Return the links among the entities shown, in order."""
        arrays, found = self.graph.arrays, []
        for row in self.rows:
            arcs = arrays.arcs_of(row)
            links = arrays.link[arcs][self.on[arrays.neighbour[arcs]] & self.counted[arrays.arc_kind[arcs]]]
            found.append(links[arrays.source[links] == row])
        return np.unique(np.concatenate(found)).tolist() if found else []


def _links(inquiry: Inquiry, shown: _Shown) -> tuple[MapLink, ...]:
    graph, arrays = inquiry.graph, inquiry.graph.arrays
    said = graph.links(shown.links)
    columns = graph.tables["links"].select(["id", "sources"]).take(pa.array(shown.links, pa.int64()))
    facts = dict(zip(shown.links, columns.to_pylist(), strict=True))
    days = _days(graph, shown.links)
    pairs: dict[tuple[int, int, int], list[int]] = {}
    for link in shown.links:
        key = (int(arrays.source[link]), int(arrays.target[link]), int(arrays.kind[link]))
        pairs.setdefault(key, []).append(link)
    names = _names(graph, shown.rows)
    made = []
    for (source, target, _), links in pairs.items():
        ends = names[source], names[target]
        claims = tuple(_claim(inquiry, said[link], facts[link], days[link], (ends[0][1], ends[1][1])) for link in links)
        label, conflict = _label(inquiry, links, said)
        made.append(MapLink(ends[0][0], ends[1][0], said[links[0]].type.value, label, conflict, claims))
    return tuple(made)


def _claim(
    inquiry: Inquiry, link: Link, facts: dict[str, Any], days: tuple[int, int], names: tuple[str, str]
) -> MapClaim:
    return MapClaim(
        link=facts["id"],
        never=days[0] > days[1],
        first=_iso(days[0]),
        last=_iso(days[1]),
        share=str(link.share) if link.share.known else "",
        role=link.role,
        start_date=str(link.period.start),
        end_date=str(link.period.end),
        start_told=link.period.told,
        when=str(link.period),
        aloud=aloud(link, names, inquiry.as_of),
        note=link.note,
        sources=inquiry.cite(facts["sources"]),
    )


def _label(inquiry: Inquiry, links: list[int], said: dict[int, Link]) -> tuple[str, bool]:
    """Return the share that all claims of a stake come to on the day, and whether they contradict each other."""
    first = said[links[0]]
    if first.type not in (LinkType.OWNS, LinkType.CONTROLS):
        return "", False
    if len(links) == 1:
        return (str(first.share) if first.share.known else "", False)
    held = [one for one in stakes_on(claims_of(inquiry.graph, links), inquiry.as_of) if not one.is_exit]
    told = [str(one.share) for one in held if one.share.known]
    return " / ".join(dict.fromkeys(told)), any(one.conflict for one in held)


def _days(graph: Graph, links: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the first and last day on which each link may hold: a stake that was sold, not after its sale."""
    arrays = graph.arrays
    wanted = np.zeros(len(arrays.source), np.bool_)
    wanted[links] = True
    found: dict[int, tuple[int, int]] = {}
    for source in set(arrays.source[links].tolist()):
        arcs = arrays.arcs_of(source)
        mine = wanted[arrays.link[arcs]]
        rows = (arrays.link[arcs][mine], arrays.arc_from[arcs][mine], arrays.arc_to[arcs][mine])
        found.update((link, (since, until)) for link, since, until in zip(*(one.tolist() for one in rows), strict=True))
    return found


def _iso(day: int) -> str | None:
    """Return a day as text; None before all days and after them."""
    if abs(day) == ALWAYS:
        return None
    try:
        return (_EPOCH + timedelta(days=day)).isoformat()
    except OverflowError:
        return None


def _names(graph: Graph, rows: Sequence[int]) -> dict[int, tuple[str, str]]:
    said = graph.tables["entities"].select(["id", "name"]).take(pa.array(rows, pa.int64()))
    return {row: (one["id"], one["name"] or one["id"]) for row, one in zip(rows, said.to_pylist(), strict=True)}


def _entity(inquiry: Inquiry, ruling: Ruling, shown: _Shown, row: int) -> MapEntity:
    graph = inquiry.graph
    said = graph.tables["entities"].slice(row, 1).select(_FACTS).to_pylist()[0]
    neighbours = shown.neighbours(row)
    return MapEntity(
        entity=said["id"],
        name=said["name"] or said["id"],
        schema=said["schema"],
        countries=tuple(said["countries"]),
        state=said["schema"] == "PublicBody" or not STATE_TOPICS.isdisjoint(said["topics"]),
        placeholder=bool(said["placeholder"]),
        given=row in shown.given,
        verdict=standing(ruling.verdict_of(row), ruling.phase.status),
        listings=tuple(_listings(inquiry, row)),
        neighbours=len(neighbours),
        more=int((~shown.on[neighbours]).sum()),
    )


_FACTS = ["id", "name", "schema", "countries", "topics", "placeholder"]


def _listings(inquiry: Inquiry, row: int) -> Iterable[MapListing]:
    graph = inquiry.graph
    for place in graph.part_rows("listings", row).tolist():
        said = graph.row("listings", place)
        since, until = said["start_earliest"], said["end_latest"]
        yield MapListing(
            list=str(said["list"]),
            title=LISTS.get(said["list"], said["list"]),
            first=since.isoformat() if since else None,
            last=until.isoformat() if until else None,
            start_date=said["start_date"] or "",
            end_date=said["end_date"] or "",
            when=str(period_of(said)),
            citation=said["citation"] or "",
            sources=inquiry.cite(said["sources"]),
        )


def check_known(content: MapContent) -> None:
    """Raise UnknownEntityError when the address names nothing that is in the graph."""
    if content.unknown and not content.entities:
        raise UnknownEntityError(content.unknown[0], [])
