"""The joint ventures an entity is in, or that it is."""

from __future__ import annotations

from datetime import date

import numpy as np

from listed.graph.share import PERCENT
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.ownership import IS_STAKE, links_of_stakes, stake_links, stake_rows
from listed.queries.records import StakeRow, VentureRow
from listed.queries.resolve import find
from listed.queries.stake_columns import Flags, Ints, runs, words_of

COMPARABLE = 20 * PERCENT
"""Two owners that each hold at least so much make a venture of a firm whose shares are not traded."""

ITSELF = "is itself a joint venture: "
"""Begins the reason where the entity asked about is the venture, not a partner in it."""

_TRADED = frozenset({"ticker", "isin"})


def ventures(graph: Graph, entity: str, as_of: date | None = None, *, history: bool = False) -> Answer[VentureRow]:
    """Return the joint ventures of an entity on a date, a row for each partner.

    A firm counts as one when a source calls an owner a partner in a joint venture, or when two
    owners hold 20% or more each and its shares are not traded. An entity that is one itself is told last,
    with a reason that says so.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default.
    entity
        Id, identifier or name, of a partner or of the venture itself.
    history
        Also ventures that were over for the partner by then.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    """
    row = find(graph, entity)
    inquiry = Inquiry(graph, "ventures", {"entity": graph.id_of(row), "history": history}, as_of)
    held = may_be_ventures(graph, row)
    # One reads its ventures first; then, where it is one itself, who is in it.
    told = [*(venture for venture in held if venture != row), row]
    rows = [one for venture in told for one in _partners(inquiry, venture, row, history=history)]
    for venture in dict.fromkeys(one.venture for one in rows):
        known = graph.row_of(venture)
        if known is not None and (note := graph.entity(known).note):
            inquiry.notes.append(f"{graph.name_of(known)}: {note}")
    if not history:
        quiet = Inquiry(graph, "", {}, inquiry.as_of)
        past = {one.venture for venture in {row, *held} for one in _partners(quiet, venture, row, history=True)}
        if left := len(past - {one.venture for one in rows}):
            inquiry.notes.append(
                f"{left} past joint {'venture is' if left == 1 else 'ventures are'} not shown (--history)."
            )
    return inquiry.answer(rows, kind=VentureRow)


def may_be_ventures(graph: Graph, partner: int) -> list[int]:
    """Return what an entity holds or held that can be a joint venture at all, ascending.

    Told from the arrays alone: by a role that says so, or two owners with enough to be comparable.
    """
    found: list[int] = _may_be(graph, partner)[0].tolist()
    return found


def ventures_of(graph: Graph, partner: int, day: date) -> list[int]:
    """Return the joint ventures that an entity is or was a partner in by a day, ascending.

    As the rows of :func:`ventures` tell, but decided in whole arrays: only where several claims are about one
    stake are records made of them.
    """
    arrays, number = graph.arrays, day_number(day)
    _, links = _may_be(graph, partner)
    begun, alone = arrays.start_earliest[links] <= number, ~_several(graph, links)
    links, alone = links[begun], alone[begun]
    sold = (arrays.high[links] == 0) & (arrays.end_latest[links] >= number)
    own = np.unique(arrays.target[links[(arrays.source[links] == partner) & ~sold]])
    of_own = np.isin(arrays.target[links], own)
    links, alone = links[of_own], alone[of_own]
    asset, roles, large = arrays.target[links], _venture_roles(graph)[links], arrays.low[links] >= COMPARABLE
    called = np.unique(asset[roles & alone])
    shared = _with_two(asset[large & alone], arrays.source[links[large & alone]])
    found = {*called.tolist(), *(one for one in shared.tolist() if not _is_traded(graph, one))}
    quiet = Inquiry(graph, "", {}, day)
    for one in np.setdiff1d(asset[(roles | large) & ~alone], list(found)).tolist():
        stakes = stake_rows(quiet, links_that_decide(graph, one, partner), history=True, of_asset=True)
        if venture_reason(graph, one, stakes):
            found.add(one)
    return sorted(found)


def _may_be(graph: Graph, partner: int) -> tuple[Ints, Ints]:
    """Return what an entity holds or held that can be a joint venture, and the links of all stakes in it."""
    arrays = graph.arrays
    held = np.unique(arrays.target[links_of_stakes(graph, partner, of_asset=False)])
    arcs, count = runs(arrays.first, held)
    links = arrays.link[arcs]
    stakes = (arrays.target[links] == np.repeat(held, count)) & IS_STAKE[arrays.arc_kind[arcs]]
    links = links[stakes]
    asset, large = arrays.target[links], arrays.low[links] >= COMPARABLE
    shared = _with_two(asset[large], arrays.source[links[large]])
    assets = np.union1d(shared, asset[_venture_roles(graph)[links]])
    return assets, links[np.isin(asset, assets)]


def _with_two(asset: Ints, owner: Ints) -> Ints:
    """Return the assets with two owners or more."""
    pairs = np.unique(asset.astype(np.int64) << 32 | owner) >> 32
    return np.unique(pairs[1:][pairs[1:] == pairs[:-1]])


def _several(graph: Graph, links: Ints) -> Flags:
    """Return which links are about the same stake as another of them: owner, asset and type."""
    arrays = graph.arrays
    controls = arrays.kind[links] == LinkType.CONTROLS.rank
    pair = (arrays.source[links].astype(np.int64) << 31 | arrays.target[links]) << 1 | controls
    _, place, count = np.unique(pair, return_inverse=True, return_counts=True)
    return np.asarray(count[place] > 1)


def links_that_decide(graph: Graph, venture: int, partner: int) -> list[int]:
    """Return the links of the owners on whom it depends whether a firm is a joint venture, and of one partner.

    It may have thousands of others, with little each.
    """
    arrays = graph.arrays
    links = links_of_stakes(graph, venture, of_asset=True)
    telling = (arrays.low[links] >= COMPARABLE) | _venture_roles(graph)[links]
    owners = np.append(arrays.source[links[telling]], partner)
    deciding: list[int] = links[np.isin(arrays.source[links], owners)].tolist()
    return deciding


def _venture_roles(graph: Graph) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which links have a role that speaks of a joint venture."""
    key = "venture roles"
    if key not in graph.memory:
        words, codes = words_of(graph.tables["links"]["role"])
        graph.memory[key] = np.array([*("joint venture" in word.casefold() for word in words), False])[codes]
    roles: np.ndarray[tuple[int], np.dtype[np.bool_]] = graph.memory[key]
    return roles


def _partners(inquiry: Inquiry, venture: int, asked: int, *, history: bool) -> list[VentureRow]:
    graph = inquiry.graph
    links = stake_links(graph, venture, of_asset=True)
    stakes = [one for one in stake_rows(inquiry, links, history=history, of_asset=True) if one.type == LinkType.OWNS]
    reason = venture_reason(graph, venture, stakes)
    asked_id = graph.id_of(asked)
    if not reason or (venture != asked and not any(one.owner == asked_id for one in stakes)):
        return []
    return [
        VentureRow(
            venture=one.asset,
            venture_name=one.asset_name,
            reason=f"{ITSELF}{reason}" if venture == asked else reason,
            owner=one.owner,
            owner_name=one.owner_name,
            share=one.share,
            share_min=one.share_min,
            share_max=one.share_max,
            role=one.role,
            start_date=one.start_date,
            end_date=one.end_date,
            start_told=one.start_told,
            holds=one.holds,
            listed_on=one.listed_on,
            note=one.note,
            sources=one.sources,
        )
        for one in stakes
    ]


def venture_reason(graph: Graph, venture: int, stakes: list[StakeRow]) -> str:
    """Return why a firm with these stakes in it counts as a joint venture; empty when it does not."""
    if any("joint venture" in one.role.casefold() for one in stakes):
        return "called a joint venture by a source"
    large = {one.owner for one in stakes if one.share_min is not None and one.share_min * PERCENT >= COMPARABLE}
    return f"{len(large)} owners hold 20% or more each" if len(large) > 1 and not _is_traded(graph, venture) else ""


def _is_traded(graph: Graph, entity: int) -> bool:
    """Whether shares of an entity are traded, as far as is known."""
    if "corp.public" in graph.topics_of(entity):
        return True
    rows = graph.part_rows("identifiers", entity).tolist()
    return any(graph.cell("identifiers", "scheme", row) in _TRADED for row in rows)
