"""Who owns an entity, and what it owns, on a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import numpy as np

from listed.graph.period import Containment
from listed.graph.share import PERCENT, Share
from listed.graph.snapshot import Graph
from listed.graph.stakes import Claim, Stake, stakes_on
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.listings import lists_of
from listed.queries.records import StakeRow
from listed.queries.resolve import find

_HALF = Decimal(50)

STAKES = (LinkType.OWNS, LinkType.CONTROLS)


def owners(graph: Graph, entity: str, as_of: date | None = None, *, history: bool = False) -> Answer[StakeRow]:
    """Return who owns or controls an entity on a date.

    Parameters
    ----------
    graph
        The graph asked.
    entity
        Id, identifier or name (see :func:`listed.queries.resolve.find`).
    as_of
        The date; today by default.
    history
        Also the stakes that were over by then, and exits.

    Returns
    -------
    Answer of StakeRow
        One row a stake; certain ones first, then the largest.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    """
    return _stakes(graph, "owners", entity, as_of, history=history, of_asset=True)


def holdings(graph: Graph, entity: str, as_of: date | None = None, *, history: bool = False) -> Answer[StakeRow]:
    """Return what an entity owns or controls on a date. As :func:`owners`, the other way."""
    return _stakes(graph, "holdings", entity, as_of, history=history, of_asset=False)


def _stakes(
    graph: Graph, query: str, entity: str, as_of: date | None, *, history: bool, of_asset: bool
) -> Answer[StakeRow]:
    row = find(graph, entity)
    inquiry = Inquiry(graph, query, {"entity": graph.id_of(row), "history": history}, as_of)
    links = stake_links(graph, row, of_asset=of_asset)
    rows = stake_rows(inquiry, links, history=history, of_asset=of_asset)
    if any(one.conflict for one in rows):
        inquiry.notes.append("Sources contradict each other on the stakes marked as conflict.")
    tell_of_later(inquiry, links)
    over = sum(graph.link(link).period.is_past(inquiry.as_of) for link in links)
    if over and not history:
        inquiry.notes.append(f"{over} earlier {'figure is' if over == 1 else 'figures are'} not shown (--history).")
    return inquiry.answer(rows, kind=StakeRow)


def tell_of_later(inquiry: Inquiry, links: Iterable[int]) -> None:
    """Note how many links sources tell of only from a later day: often the day of a report, not of the purchase."""
    starts = [inquiry.graph.link(link).period.start for link in links]
    later = sorted(str(start) for start in starts if start.earliest is not None and start.earliest > inquiry.as_of)
    if later:
        inquiry.notes.append(f"{len(later)} told of only from a later day ({later[0]} the first) not shown.")


def stake_links(graph: Graph, entity: int, *, of_asset: bool) -> list[int]:
    """Return the OWNS and CONTROLS links into (``of_asset``) or out of an entity, exits included."""
    links = graph.arrays.links_of(entity)
    end = graph.arrays.target if of_asset else graph.arrays.source
    ranks = [type_.rank for type_ in STAKES]
    return [int(link) for link in links[(end[links] == entity) & np.isin(graph.arrays.kind[links], ranks)]]


def stake_rows(inquiry: Inquiry, links: Iterable[int], *, history: bool, of_asset: bool) -> list[StakeRow]:
    """Return the stakes that links tell of on the inquiry's date, and the past ones if asked."""
    graph = inquiry.graph
    rows: list[StakeRow] = []
    for pair in grouped(graph, links).values():
        current = stakes_on([claim_of(graph, link) for link in pair], inquiry.as_of)
        rows += [_row(inquiry, stake, of_asset=of_asset) for stake in current if not stake.is_exit]
        if history:
            told = {link for stake in current if not stake.is_exit for link in stake.links}
            past = [link for link in pair if link not in told and _is_history(graph, link, inquiry.as_of)]
            rows += [_past(inquiry, link, of_asset=of_asset) for link in past]
    return sorted(rows, key=_order)


def grouped(graph: Graph, links: Iterable[int]) -> dict[tuple[int, int, int], list[int]]:
    """Return links by what they are about: source, target and type."""
    pairs: dict[tuple[int, int, int], list[int]] = {}
    arrays = graph.arrays
    for link in links:
        key = (int(arrays.source[link]), int(arrays.target[link]), int(arrays.kind[link]))
        pairs.setdefault(key, []).append(link)
    return pairs


def claim_of(graph: Graph, link: int) -> Claim:
    """Return what a link claims of a stake."""
    said = graph.link(link)
    dataset = str(graph.tables["links"]["dataset"][link].as_py())
    return Claim(link, dataset, said.share, said.period, said.basis, said.direct)


def stake_between(graph: Graph, owner: int, asset: int, day: date) -> Share | None:
    """Return the direct share an owner has of an asset on a day; None when it is not known to hold any."""
    links = [link for link in stake_links(graph, asset, of_asset=True) if graph.arrays.source[link] == owner]
    owns = [link for link in links if graph.arrays.kind[link] == LinkType.OWNS.rank]
    held = [stake for stake in stakes_on([claim_of(graph, link) for link in owns], day) if not stake.is_exit]
    return held[0].share if held else None


def stake_told(graph: Graph, owner: int, asset: int, day: date) -> str:
    """Return what an owner holds of an asset on a day, itself or through firms it owns; "not known" if untold.

    "9.98%", "through SoftBank Vision Fund: 9.98%", "sold 2023-07-21 (Taobao Holding Limited)".
    """
    quiet = Inquiry(graph, "", {}, day)
    told = []
    for holder in (owner, *owned_by(graph, owner, day)):
        links = [link for link in stake_links(graph, asset, of_asset=True) if graph.arrays.source[link] == holder]
        for one in stake_rows(quiet, links, history=True, of_asset=True):
            through = "" if holder == owner else f"through {one.owner_name}: "
            if one.holds in ("certainly", "possibly") and one.type == LinkType.OWNS:
                told.append(f"{through}{one.share}")
            elif one.holds == "exit":
                told.append(f"{through}sold {one.start_date}".strip())
    return "; ".join(told) or "not known"


def owned_by(graph: Graph, owner: int, day: date) -> list[int]:
    """Return the firms an owner holds a majority of, or controls, or whose share is not stated, on a day.

    Those are the hands through which it may hold, or have sold, what it invested in.
    """
    quiet = Inquiry(graph, "", {}, day)
    rows = stake_rows(quiet, stake_links(graph, owner, of_asset=False), history=False, of_asset=False)
    own = [row for row in rows if row.type == LinkType.CONTROLS or row.share_min is None or row.share_min > _HALF]
    assets = (graph.row_of(row.asset) for row in own)
    return sorted({asset for asset in assets if asset is not None})


def _is_history(graph: Graph, link: int, day: date) -> bool:
    """Whether a link tells of the past of a day: it began by then (or nobody knows when)."""
    start = graph.link(link).period.start.earliest
    return start is None or start <= day


def _row(inquiry: Inquiry, stake: Stake, *, of_asset: bool) -> StakeRow:
    sources = inquiry.cite(one for link in stake.links for one in inquiry.cite_link(link))
    # Where it cannot be told whether a stake was sold yet, the row tells of the stake, not of the sale.
    told = next((link for link in stake.links if not inquiry.graph.share_of(link).is_exit), stake.links[0])
    return _build(inquiry, told, stake.share, stake.holds.value, sources, of_asset=of_asset,
                  conflict=stake.conflict)  # fmt: skip


def _past(inquiry: Inquiry, link: int, *, of_asset: bool) -> StakeRow:
    said = inquiry.graph.link(link)
    exit_ = said.share.is_exit and said.period.contains(inquiry.as_of) is not Containment.NO
    return _build(inquiry, link, said.share, "exit" if exit_ else "past", inquiry.cite_link(link), of_asset=of_asset)


def _build(
    inquiry: Inquiry,
    link: int,
    share: Share,
    holds: str,
    sources: tuple[str, ...],
    *,
    of_asset: bool,
    conflict: bool = False,
) -> StakeRow:
    graph = inquiry.graph
    said = graph.link(link)
    owner, asset = int(graph.arrays.source[link]), int(graph.arrays.target[link])
    return StakeRow(
        owner=said.source,
        owner_name=graph.name_of(owner),
        asset=said.target,
        asset_name=graph.name_of(asset),
        type=said.type.value,
        share=str(share),
        share_min=percent_of(share.low),
        share_max=percent_of(share.high),
        share_min_open=share.low_open,
        share_max_open=share.high_open,
        share_text=share.text,
        basis=said.basis.value,
        direct=said.direct,
        role=said.role,
        start_date=str(said.period.start),
        end_date=str(said.period.end),
        holds=holds,
        conflict=conflict,
        confidence=said.confidence,
        listed_on=lists_of(graph, owner if of_asset else asset, inquiry.as_of),
        note=said.note,
        sources=sources,
    )


def percent_of(units: int | None) -> Decimal | None:
    """Return millionths of a point as an exact percentage."""
    return None if units is None else Decimal(units) / PERCENT


_CERTAINTY = {"certainly": 0, "possibly": 1, "exit": 2, "past": 3}


def _order(row: StakeRow) -> tuple[int, Decimal, str, str, str, str]:
    """Sort certain stakes first, then the largest, then by name; the past at the end, newest first."""
    share = row.share_min if row.share_min is not None else Decimal(-1)
    return (_CERTAINTY[row.holds], -share, row.type, row.owner_name, row.asset_name, row.start_date)
