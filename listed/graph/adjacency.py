"""The graph as arrays: who is linked to whom, when, and how far the next listed entity is.

Entities are numbered by their row, links by theirs. Every link is two arcs, one from each end;
arcs stand in the order paths prefer: by the strength of the link's type, then by the number of
the neighbour.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import fingerprint
from listed.graph.share import WHOLE
from listed.graph.tables import Tables, share_units
from listed.graph.vocabulary import LinkType

I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]

ALWAYS = np.int32(2**31 - 1)
"""A day after all days; its negative is a day before all."""

FAR = 255
"""Distance of an entity from which no listed one can be reached."""

HUB_LINKS = 1000
"""An entity with as many links is a hub: paths through it say little (a registered-agent address)."""

STATE_HUB_LINKS = 30
"""A public body with as many links is a hub (SASAC)."""


@dataclass(frozen=True, slots=True)
class Adjacency:
    """Arrays of a snapshot with ``n`` entities and ``m`` links.

    Parameters
    ----------
    source, target
        ``(m,)`` entity numbers of each link's ends.
    kind
        ``(m,)`` rank of each link's type.
    low, high
        ``(m,)`` share in millionths of a percentage point; 0 and 100% where unknown.
    start_earliest, start_latest, end_earliest, end_latest
        ``(m,)`` days since 1970; unknown starts are before all days, unknown ends after.
    first
        ``(n + 1,)`` the arcs of entity ``i`` are ``first[i]`` to ``first[i + 1]``.
    neighbour, link, arc_kind
        ``(2m,)`` where an arc leads, which link it is, and that link's kind.
    arc_from, arc_to
        ``(2m,)`` first and last day on which the link may hold. A stake of nothing never holds.
    hub
        ``(n,)`` whether paths through the entity are held back.
    listing_entity, listing_from, listing_to
        ``(k,)`` entity and first and last possible day of each listing.
    near
        ``(n,)`` least number of links to an entity with any listing, past hubs only where they
        are ends; :data:`FAR` when there is none.
    id_hash, id_row
        ``(n,)`` fingerprints of the ids in order, and the entity of each.
    """

    source: I32
    target: I32
    kind: U8
    low: I32
    high: I32
    start_earliest: I32
    start_latest: I32
    end_earliest: I32
    end_latest: I32
    first: I64
    neighbour: I32
    link: I32
    arc_kind: U8
    arc_from: I32
    arc_to: I32
    hub: npt.NDArray[np.bool_]
    listing_entity: I32
    listing_from: I32
    listing_to: I32
    near: U8
    id_hash: fingerprint.U64
    id_row: I32

    @property
    def size(self) -> int:
        """Number of entities."""
        return len(self.first) - 1

    def arcs_of(self, entity: int) -> slice:
        """Return where the arcs of an entity stand."""
        return slice(int(self.first[entity]), int(self.first[entity + 1]))

    def links_of(self, entity: int) -> I32:
        """Return the numbers of all links of an entity, whichever end it is, in ascending order."""
        return np.sort(self.link[self.arcs_of(entity)])


ARRAYS = tuple(field.name for field in fields(Adjacency))


def build(tables: Tables, degree: npt.NDArray[np.integer] | None = None) -> Adjacency:
    """Return the arrays of a snapshot's tables (entities sorted by id, every end an entity).

    ``degree``, shape ``(n,)``, tells how many links each entity has where the tables hold only some of them.
    """
    ids = tables["entities"]["id"].combine_chunks()
    links, listings = tables["links"], tables["listings"]
    with ThreadPoolExecutor(2) as pool:
        source, target = pool.map(lambda name: _rows_of(links[name], ids), ("source", "target"))
    kind = _kinds(links["type"].combine_chunks())
    low, high, exit_ = _shares(links)
    dates = [_days(links[name], sign) for name, sign in _SIDES.items()]
    lists = [_days(listings[name], sign) for name, sign in _SIDES.items()]
    ends = source.astype(np.int64) << 32 | target
    holds_from, holds_to = _until_exit(links, ends, exit_, dates)
    arcs = _arcs(source, target, kind, len(ids))
    hub = hubs(tables["entities"], np.diff(arcs[0]) if degree is None else degree)
    listed = _rows_of(listings["entity"], ids)
    hashes = fingerprint.of_text(ids)
    order = np.argsort(hashes)
    first, neighbour, arc_link, arc_kind = arcs
    return Adjacency(
        source=source,
        target=target,
        kind=kind,
        low=low,
        high=high,
        start_earliest=dates[0],
        start_latest=dates[1],
        end_earliest=dates[2],
        end_latest=dates[3],
        first=first,
        neighbour=neighbour,
        link=arc_link,
        arc_kind=arc_kind,
        arc_from=holds_from[arc_link],
        arc_to=holds_to[arc_link],
        hub=hub,
        listing_entity=listed,
        listing_from=lists[0],
        listing_to=lists[3],
        near=distances(first, neighbour, np.unique(listed), hub),
        id_hash=hashes[order],
        id_row=order.astype(np.int32),
    )


_SIDES = {"start_earliest": -1, "start_latest": -1, "end_earliest": 1, "end_latest": 1}


def _rows_of(column: pa.ChunkedArray, ids: pa.Array) -> I32:
    return np.asarray(pc.index_in(column.combine_chunks(), value_set=ids).to_numpy(zero_copy_only=False), np.int32)


def _kinds(types: pa.DictionaryArray) -> U8:
    if len(types) == 0:
        return np.zeros(0, np.uint8)
    ranks = np.array([LinkType(name).rank for name in types.dictionary.to_pylist()], np.uint8)
    return np.asarray(ranks[types.indices.to_numpy(zero_copy_only=False)], np.uint8)


def _shares(links: pa.Table) -> tuple[I32, I32, npt.NDArray[np.bool_]]:
    low, known = share_units(links["share_min"])
    high, _ = share_units(links["share_max"])
    return low.astype(np.int32), np.where(known, high, WHOLE).astype(np.int32), known & (high == 0)


def _days(column: pa.ChunkedArray, unknown: int) -> I32:
    days = column.combine_chunks().cast(pa.int32()).fill_null(int(ALWAYS) * unknown)
    return np.asarray(days.to_numpy(zero_copy_only=False), np.int32)


def _until_exit(links: pa.Table, ends: I64, exit_: npt.NDArray[np.bool_], dates: list[I32]) -> tuple[I32, I32]:
    """Return the days each link may hold: never for a stake of nothing, and no longer than until its exit.

    A dataset's open-ended exit revises what it says of the same stake, if that began before;
    a later purchase holds again.
    """
    start, start_latest, _, end = dates
    holds_from, holds_to = start.copy(), end.copy()
    holds_from[exit_], holds_to[exit_] = ALWAYS, -ALWAYS
    open_exits = np.flatnonzero(exit_ & (end == ALWAYS) & (start > -ALWAYS))
    if not len(open_exits):
        return holds_from, holds_to
    exits = set(open_exits.tolist())
    rows = np.flatnonzero(np.isin(ends, ends[open_exits]))
    said = links.select(["type", "dataset", "basis", "direct"]).take(pa.array(rows)).to_pylist()
    stakes: dict[tuple[object, ...], list[int]] = {}
    for row, claim in zip(rows.tolist(), said, strict=True):
        basis = "shares" if claim["basis"] in (None, "unknown") else claim["basis"]
        stake = (int(ends[row]), claim["type"], claim["dataset"], basis, claim["direct"] is False)
        stakes.setdefault(stake, []).append(row)
    for claims in stakes.values():
        for gone in (row for row in claims if row in exits):
            for row in claims:
                if not exit_[row] and start[row] <= start[gone]:
                    holds_to[row] = min(holds_to[row], start_latest[gone])
    return holds_from, holds_to


def _arcs(source: I32, target: I32, kind: U8, n: int) -> tuple[I64, I32, I32, U8]:
    """Return first, neighbour, link and kind of the arcs, sorted by entity, kind and neighbour."""
    m = len(source)
    ends = np.concatenate([source, target]).astype(np.int64)
    others = np.concatenate([target, source]).astype(np.int64)
    # One whole number sorts as the three would: 29 bits each for the entities, 5 for the kind.
    order = np.argsort(ends << 34 | np.tile(kind, 2).astype(np.int64) << 29 | others, kind="stable")
    first = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=n), out=first[1:])
    link = (order % max(m, 1)).astype(np.int32)
    return first, others[order].astype(np.int32), link, kind[link]


def hubs(entities: pa.Table, links: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """Return which entities are hubs, from their ``schema`` and ``properties`` and how many links each has."""
    state = pc.equal(entities["schema"].cast(pa.string()), "PublicBody").to_numpy(zero_copy_only=False)
    hub = (links >= HUB_LINKS) | (np.asarray(state, np.bool_) & (links >= STATE_HUB_LINKS))
    said = pc.fill_null(pc.match_substring(entities["properties"], '"hub"'), fill_value=False)
    for row in np.flatnonzero(said.to_numpy(zero_copy_only=False)):
        hub[row] |= ["hub", "yes"] in json.loads(entities["properties"][int(row)].as_py())
    return hub


def distances(
    first: I64,
    neighbour: I32,
    ends: npt.NDArray[np.integer],
    hub: npt.NDArray[np.bool_],
    *,
    allowed: npt.NDArray[np.bool_] | None = None,
    within: int = FAR - 1,
) -> U8:
    """Return the least number of arcs from each entity to one of ``ends``, by breadth-first rounds.

    No way leads through a hub, but it may begin or end there.

    Parameters
    ----------
    first, neighbour
        Arcs, as in :class:`Adjacency`.
    ends
        Entity numbers.
    hub
        ``(n,)`` entities no way leads through.
    allowed
        ``(2m,)`` which arcs count; all by default.
    within
        Stop after so many rounds; what was not reached is one further, as far as is known.

    Returns
    -------
    ndarray of uint8, shape (n,)
        A lower bound that is exact up to ``within``; :data:`FAR` where no way leads.
    """
    far = np.full(len(first) - 1, FAR, np.uint8)
    far[ends] = 0
    front = np.asarray(ends, np.int64)
    step = 0
    while len(front) and step < within:
        step += 1
        reached = neighbours_of(first, neighbour, front, allowed)
        reached = np.sort(reached[far[reached] == FAR])
        reached = reached[np.append(True, reached[1:] != reached[:-1])[: len(reached)]]
        far[reached] = step
        front = reached[~hub[reached]].astype(np.int64)
    if len(front):
        far[far == FAR] = step + 1
    return far


def neighbours_of(
    first: I64, neighbour: I32, entities: I64, allowed: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.int32]:
    """Return the neighbours of several entities in one array, with repeats."""
    start, count = first[entities], first[entities + 1] - first[entities]
    total = int(count.sum())
    arcs = np.arange(total, dtype=np.int64) + np.repeat(start - np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    reached = neighbour[arcs] if allowed is None else neighbour[arcs[allowed[arcs]]]
    return np.asarray(reached, np.int32)
