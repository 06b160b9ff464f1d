"""Stakes that sources tell of only from a later day than the one asked about.

A rule goes by what is told to hold on its day, and a report of a stake often leaves open since when it was held. So a
verdict of "none" on an earlier day must not pass for an all-clear: what is told later is named beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Inquiry
from listed.queries.ownership import links_of_stakes
from listed.queries.ruling import Ruling
from listed.queries.sentences import aloud
from listed.queries.stake_columns import I64, Flags, Ints

_MOST_PARTIES = 25
"""Parties whose owners are looked at: the one asked about, and those it leads back to, the nearest first."""

_MOST_TOLD = 5


def told_later(inquiry: Inquiry, rulings: Sequence[Ruling], entity: int) -> list[str]:
    """Return, in sentences, the stakes of captured owners in an entity, and in its owners, that are told of later."""
    rulings = _flowing_down(rulings)
    if all(one.captured.certain[entity] for one in rulings):
        return []
    graph, stakes, captured = inquiry.graph, rulings[0].stakes, _captured(rulings)
    found: list[int] = []
    parties, seen = [entity], {entity}
    for party in parties:
        if len(seen) > _MOST_PARTIES:
            break
        later = _later(graph, links_of_stakes(graph, party, of_asset=True), day_number(inquiry.as_of))
        owners = graph.arrays.source[later]
        found += later[captured[owners]].tolist()
        rows = stakes.into(party)
        for owner in [*stakes.owner[rows[stakes.high[rows] > 0]].tolist(), *owners.tolist()]:
            if owner not in seen and not captured[owner]:
                seen.add(owner)
                parties.append(owner)
    told = [_said(inquiry, link) for link in found[:_MOST_TOLD]]
    left = len(found) - len(told)
    return told + ([f"{left:,} more such stakes are told of only later."] if left > 0 else [])


def count_told_later(inquiry: Inquiry, rulings: Sequence[Ruling]) -> list[str]:
    """Return how many stakes of captured owners are told of only later, in a sentence; nothing where there are none."""
    rulings, arrays, day = _flowing_down(rulings), inquiry.graph.arrays, day_number(inquiry.as_of)
    begun_later = np.flatnonzero(arrays.start_earliest > day)
    if not rulings or not len(begun_later):
        return []
    assets = np.zeros(arrays.size, np.bool_)
    assets[arrays.target[begun_later]] = True
    later = _later(inquiry.graph, np.flatnonzero(assets[arrays.target]), day)
    captured = _captured(rulings)
    count = int((captured[arrays.source[later]] & ~captured[arrays.target[later]]).sum())
    if not count:
        return []
    stakes = "1 stake" if count == 1 else f"{count:,} stakes"
    verb = "is" if count == 1 else "are"
    return [
        f"{stakes} of listed or captured owners {verb} told of only from a later day, and so not counted "
        "(listed verdict names them)."
    ]


def _flowing_down(rulings: Sequence[Ruling]) -> list[Ruling]:
    """Return the rulings under which it matters what is held."""
    return [one for one in rulings if one.rule.flows_down]


def _captured(rulings: Sequence[Ruling]) -> Flags:
    """Return who is, or may be, listed or captured under any of them."""
    flags: Flags = np.logical_or.reduce([one.captured.possible for one in rulings])
    return flags


def _later(graph: Graph, links: Ints, day: int) -> Ints:
    """Return, of some links, the stakes that begin after a day, the first of each owner in each asset.

    Not those of owners of whom it is told what they held on the day, be it nothing.
    """
    arrays = graph.arrays
    links = links[arrays.kind[links] == LinkType.OWNS.rank]
    later: Ints = links[(arrays.start_earliest[links] > day) & (arrays.high[links] != 0)]
    if not len(later):
        return later
    now = links[(arrays.start_earliest[links] <= day) & (arrays.end_latest[links] >= day)]
    later = later[~np.isin(_pairs(graph, later), _pairs(graph, now))]
    later = later[np.argsort(arrays.start_earliest[later], kind="stable")]
    firsts: Ints = later[np.sort(np.unique(_pairs(graph, later), return_index=True)[1])]
    return firsts


def _pairs(graph: Graph, links: Ints) -> I64:
    """Return a number for the owner and the asset of each link."""
    pairs: I64 = graph.arrays.source[links].astype(np.int64) * graph.arrays.size + graph.arrays.target[links]
    return pairs


def _said(inquiry: Inquiry, row: int) -> str:
    graph = inquiry.graph
    names = graph.name_of(int(graph.arrays.source[row])), graph.name_of(int(graph.arrays.target[row]))
    inquiry.cite_link(row)
    said = aloud(graph.link(row), names, inquiry.as_of)
    return f"Told of only from a later day, and so not counted: {said}."
