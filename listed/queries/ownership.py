"""Who owns an entity, and what it owns, on a date."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from listed.graph.adjacency import I32, I64
from listed.graph.model import Link
from listed.graph.period import Containment, PartialDate
from listed.graph.share import PERCENT, Share
from listed.graph.snapshot import Graph
from listed.graph.stakes import Claim, Stake, stakes_on
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.links_to_come import note_links_to_come
from listed.queries.listings import lists_of
from listed.queries.records import StakeRow
from listed.queries.remembering import remembered
from listed.queries.resolve import find

_HALF = Decimal(50)

STAKES = (LinkType.OWNS, LinkType.CONTROLS)
IS_STAKE = np.array([type_ in STAKES for type_ in LinkType])
"""Which ranks of types are stakes."""


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
    note_links_to_come(inquiry, _arcs_of_stakes(graph, row, of_asset=of_asset))
    over = int((graph.arrays.end_latest[links] < day_number(inquiry.as_of)).sum())
    if over and not history:
        inquiry.notes.append(f"{over} earlier {'figure is' if over == 1 else 'figures are'} not shown (--history).")
    return inquiry.answer(rows, kind=StakeRow)


def stake_links(graph: Graph, entity: int, *, of_asset: bool) -> list[int]:
    """Return the OWNS and CONTROLS links into (``of_asset``) or out of an entity, exits included."""
    stakes: list[int] = links_of_stakes(graph, entity, of_asset=of_asset).tolist()
    return stakes


def links_of_stakes(graph: Graph, entity: int, *, of_asset: bool) -> I32:
    """Return the links of :func:`stake_links` as an array, ascending."""
    stakes: I32 = np.sort(graph.arrays.link[_arcs_of_stakes(graph, entity, of_asset=of_asset)])
    return stakes


def _arcs_of_stakes(graph: Graph, entity: int, *, of_asset: bool) -> I64:
    arrays, of = graph.arrays, graph.arrays.arcs_of(entity)
    links = arrays.link[of]
    ends = (arrays.target if of_asset else arrays.source)[links]
    places = np.flatnonzero((ends == entity) & IS_STAKE[arrays.kind[links]])
    return np.asarray(places + of.start, np.int64)


def stake_rows(inquiry: Inquiry, links: Iterable[int], *, history: bool, of_asset: bool) -> list[StakeRow]:
    """Return the stakes that links tell of on the inquiry's date, and the past ones if asked."""
    graph = inquiry.graph
    read = _Read(inquiry, _with_a_say(graph, links, inquiry.as_of), of_asset=of_asset)
    rows: list[StakeRow] = []
    for pair in grouped(graph, read.links).values():
        current = stakes_on([read.claim(link) for link in pair], inquiry.as_of)
        rows += [read.row(stake) for stake in current if not stake.is_exit]
        if history:
            told = {link for stake in current if not stake.is_exit for link in stake.links}
            rows += [read.past(link) for link in pair if link not in told and read.has_begun(link)]
    return sorted(rows, key=_order)


def _with_a_say(graph: Graph, links: Iterable[int], day: date) -> list[int]:
    """Return those of some links that say anything of a day: not those that begin, and end, after it."""
    arrays, number, rows = graph.arrays, day_number(day), np.asarray(list(links), np.int64)
    # A report of later than the day may tell of an end before it.
    said = (arrays.start_earliest[rows] <= number) | (arrays.end_earliest[rows] <= number)
    kept: list[int] = rows[said].tolist()
    return kept


def grouped(graph: Graph, links: Iterable[int]) -> dict[tuple[int, int, int], list[int]]:
    """Return links by what they are about: source, target and type."""
    pairs: dict[tuple[int, int, int], list[int]] = {}
    arrays = graph.arrays
    for link in links:
        key = (int(arrays.source[link]), int(arrays.target[link]), int(arrays.kind[link]))
        pairs.setdefault(key, []).append(link)
    return pairs


def claims_of(graph: Graph, links: Sequence[int]) -> list[Claim]:
    """Return what links claim of a stake."""
    return [_claim(graph, row, said) for row, said in graph.links(links).items()]


def _claim(graph: Graph, row: int, said: Link) -> Claim:
    dataset = str(graph.cell("links", "dataset", row))
    return Claim(row, dataset, said.share, said.period, said.basis, said.direct, said.confidence == "disputed")


def stake_between(graph: Graph, owner: int, asset: int, day: date) -> Share | None:
    """Return the direct share an owner has of an asset on a day; None when it is not known to hold any."""
    links = [link for link in stake_links(graph, asset, of_asset=True) if graph.arrays.source[link] == owner]
    owns = [link for link in links if graph.arrays.kind[link] == LinkType.OWNS.rank]
    held = [stake for stake in stakes_on(claims_of(graph, owns), day) if not stake.is_exit]
    return held[0].share if held else None


def stake_told(graph: Graph, owner: int, asset: int, day: date) -> str:
    """Return what an owner holds of an asset on a day, itself or through firms it owns; "not known" if untold.

    "9.98%", "through SoftBank Vision Fund: 9.98%", "sold 2023-07-21 (Taobao Holding Limited)".
    """
    quiet = Inquiry(graph, "", {}, day)
    told = []
    holders = _holders(graph, asset)
    for holder in (owner, *hands_between(graph, owner, asset, day)):
        for one in stake_rows(quiet, holders.get(holder, []), history=True, of_asset=True):
            through = "" if holder == owner else f"through {one.owner_name}: "
            if one.holds in ("certainly", "possibly") and one.type == LinkType.OWNS:
                told.append(f"{through}{one.share}")
            elif one.holds == "exit":
                told.append(f"{through}sold {'by ' if one.start_told else ''}{one.start_date}".strip())
    return "; ".join(told) or "not known"


def _holders(graph: Graph, asset: int) -> dict[int, list[int]]:
    """Return the links of the stakes in an entity by owner: of one with many, each is asked about in turn."""
    return remembered(graph, "holders", asset, lambda: _found_holders(graph, asset))


def _found_holders(graph: Graph, asset: int) -> dict[int, list[int]]:
    links = links_of_stakes(graph, asset, of_asset=True)
    holders: dict[int, list[int]] = {}
    for link, owner in zip(links.tolist(), graph.arrays.source[links].tolist(), strict=True):
        holders.setdefault(owner, []).append(link)
    return holders


def hands_between(graph: Graph, owner: int, asset: int, day: date) -> list[int]:
    """Return the holders of an asset that an owner has a majority of, or controls, or a share not stated of.

    Those are the hands through which it may hold, or have sold, what it invested in.
    """
    holders, stakes = _holders(graph, asset), links_of_stakes(graph, owner, of_asset=False)
    # An owner may have tens of thousands of firms, and an asset as many owners: few are both.
    firms = graph.arrays.target[stakes].tolist()
    between = [link for link, firm in zip(stakes.tolist(), firms, strict=True) if firm in holders]
    if not between:
        return []
    rows = stake_rows(Inquiry(graph, "", {}, day), between, history=False, of_asset=False)
    own = [row for row in rows if row.type == LinkType.CONTROLS or row.share_min is None or row.share_min > _HALF]
    assets = (graph.row_of(row.asset) for row in own)
    return sorted({asset for asset in assets if asset is not None})


class _Read:
    """Links being told as stakes: read at once, then looked at one by one."""

    def __init__(self, inquiry: Inquiry, links: list[int], *, of_asset: bool) -> None:
        self.inquiry, self.graph, self.links, self.of_asset = inquiry, inquiry.graph, links, of_asset
        self._said = inquiry.graph.links(links)

    def claim(self, link: int) -> Claim:
        """Return what a link claims."""
        return _claim(self.graph, link, self._said[link])

    def has_begun(self, link: int) -> bool:
        """Whether a link tells of the past of the day: it began by then (or nobody knows when)."""
        start = self._said[link].period.start.earliest
        return start is None or start <= self.inquiry.as_of

    def row(self, stake: Stake) -> StakeRow:
        """Return the record of a stake that is held."""
        sources = self.inquiry.cite(one for link in stake.links for one in self.inquiry.cite_link(link))
        # Where it cannot be told whether a stake was sold yet, the row tells of the stake, not of the sale.
        held = [link for link in stake.links if not self._said[link].share.is_exit] or [stake.links[0]]
        # Of two that give one day, the one that dates the beginning by it, whichever source comes first.
        alike = [link for link in held if str(self._start(link)) == str(self._start(held[0]))]
        told = min(alike, key=lambda link: self._said[link].period.told)
        return self._build(told, stake.share, stake.holds.value, sources, conflict=stake.conflict)

    def _start(self, link: int) -> PartialDate:
        return self._said[link].period.start

    def past(self, link: int) -> StakeRow:
        """Return the record of a stake that was held, or of its sale."""
        said = self._said[link]
        exit_ = said.share.is_exit and said.period.contains(self.inquiry.as_of) is not Containment.NO
        return self._build(link, said.share, "exit" if exit_ else "past", self.inquiry.cite_link(link))

    def _build(
        self, link: int, share: Share, holds: str, sources: tuple[str, ...], *, conflict: bool = False
    ) -> StakeRow:
        graph, said = self.graph, self._said[link]
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
            start_told=said.period.told,
            holds=holds,
            conflict=conflict,
            confidence=said.confidence,
            listed_on=lists_of(graph, owner if self.of_asset else asset, self.inquiry.as_of),
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
