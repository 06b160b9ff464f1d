"""Whom listed and captured parties may control: what a rule with a limb of control asks beside ownership.

Control comes down: whoever controls a firm decides over what it holds. The parties under control are the least
set that holds the captured, whatever one of the set controls (by a link that says so, by votes or board seats
as large as the rule asks for, by accounts drawn up as one), and whatever the shares of the set may reach the
threshold of. It is an indication, told beside a verdict and never part of it: a limb of control is a matter of
judgement (EU Best Practices, Council document 11623/24, on criteria of control; UK, regulation 7 of the
sanctions regulations and OFSI's guidance on ownership and control).
"""

from __future__ import annotations

from datetime import date

import numpy as np

from listed.graph.snapshot import Graph
from listed.graph.stakes import stakes_on
from listed.graph.tables import day_number
from listed.graph.vocabulary import LinkType
from listed.queries.fixed_points import distinct, spread
from listed.queries.ownership import claims_of
from listed.queries.stake_columns import Flags, Ints, StakeColumns, closed_ends, of_shares, runs


def under_control(graph: Graph, stakes: StakeColumns, captured: Flags, least: int, day: date) -> Flags:
    """Return who may be captured or under the control of those who are, shape ``(n,)``.

    Parameters
    ----------
    stakes
        The stakes on the day.
    captured
        ``(n,)`` who may be listed or captured.
    least
        What it takes, in millionths of a point.
    """
    inside, asked = captured, np.zeros_like(captured)
    while True:
        inside, _ = spread(stakes, np.flatnonzero(inside), least, possibly=True)
        controlled = controlled_by(graph, np.flatnonzero(inside & ~asked), least, day)
        asked = inside
        if inside[controlled].all():
            return inside
        inside = inside.copy()
        inside[controlled] = True


def controlled_by(graph: Graph, owners: Ints, least: int, day: date) -> Ints:
    """Return the entities that some may control on a day other than by shares, each once."""
    return distinct(control_pairs(graph, owners, least, day)[1], graph.arrays.size)


def control_pairs(graph: Graph, owners: Ints, least: int, day: date) -> tuple[Ints, Ints]:
    """Return which of some entities may control which on a day, other than by shares: owners and what they control."""
    arrays, number = graph.arrays, day_number(day)
    arcs, _ = runs(arrays.first, owners)
    links = arrays.link[arcs]
    kind = arrays.arc_kind[arcs]
    other = (kind == LinkType.CONTROLS.rank) | ((kind == LinkType.OWNS.rank) & ~of_shares(graph)[links])
    there = other & (arrays.arc_from[arcs] <= number) & (arrays.arc_to[arcs] >= number)
    there &= arrays.neighbour[arcs] == arrays.target[links]  # from its owner's end
    links = np.unique(links[there])
    key = np.stack([arrays.source[links], arrays.target[links], arrays.kind[links]]).astype(np.int64)
    each, place, count = np.unique(key, axis=1, return_inverse=True, return_counts=True)
    place = place.reshape(-1)
    reaches = np.zeros(len(count), np.bool_)
    alone = count[place] == 1
    reaches[place[alone]] = closed_ends(graph, links[alone])[1] >= least
    for one in np.flatnonzero(count > 1).tolist():
        reaches[one] = _may_reach(graph, links[place == one].tolist(), least, day)
    return each[0][reaches], each[1][reaches]


def _may_reach(graph: Graph, links: list[int], least: int, day: date) -> bool:
    """Tell whether what several links say of one party's control of another may come to so much on a day."""
    stakes = (stake for stake in stakes_on(claims_of(graph, links), day) if not stake.is_exit)
    return any(one.share.high is None or one.share.high - one.share.high_open >= least for one in stakes)
