"""Parties that bear the name of a listed one and are not known to be it: what a reader must rule out himself.

A name proves nothing, so such two are never made one (``listed duplicates`` proposes, ``listed decide`` records).
But a verdict of "none" on a firm whose owner bears a listed party's name must not pass for an all-clear.
"""

from __future__ import annotations

import numpy as np

from listed.graph.vocabulary import may_be_of_one_country
from listed.queries.answer import Inquiry
from listed.queries.fixed_points import distinct
from listed.queries.listings import listed_on, lists_of
from listed.queries.stake_columns import Flags, Ints, StakeColumns, runs

_MOST_PARTIES = 25
"""Parties whose names are compared: the one asked about, and its owners, the nearest first."""

_MOST_TOLD = 5


def namesakes(inquiry: Inquiry, stakes: StakeColumns, entity: int, captured: Flags) -> list[str]:
    """Return, in sentences, which of an entity and its owners bear the name of a listed party they are not joined with.

    Parameters
    ----------
    captured
        ``(n,)`` who is or may be captured already: nothing is added by what they are called.
    """
    graph = inquiry.graph
    listed, told = listed_on(graph, inquiry.as_of), []
    for party in _with_owners(stakes, entity):
        if captured[party] or party in listed:
            continue
        countries = graph.cell("entities", "countries", party)
        names = dict.fromkeys(str(part["text"]) for part in graph.parts("names", party))
        rows = (row for name in names for row in graph.names.exact(name))
        alike = (graph.row_of(str(graph.cell("names", "entity", int(row)))) for row in rows)
        same = dict.fromkeys(one for one in alike if one in listed)
        for one in same:
            if not may_be_of_one_country(countries, graph.cell("entities", "countries", one)):
                continue
            who = graph.name_of(party) if party == entity else f"Its owner {graph.name_of(party)}"
            on = ", ".join(lists_of(graph, one, inquiry.as_of))
            told.append(
                f"{who} [{graph.id_of(party)}] bears the name of {graph.name_of(one)} [{graph.id_of(one)}], which is "
                f"listed ({on}); this graph takes them for two (listed decide)."
            )
    left = len(told) - _MOST_TOLD
    return told[:_MOST_TOLD] + ([f"{left:,} more bear the name of a listed party."] if left > 0 else [])


def _with_owners(stakes: StakeColumns, entity: int) -> list[int]:
    """Return an entity and its owners, and theirs, the nearest first."""
    seen = np.zeros(stakes.size, np.bool_)
    front: Ints = np.array([entity], np.int64)
    found: list[int] = []
    while len(front) and len(found) < _MOST_PARTIES:
        seen[front] = True
        found += front.tolist()
        rows = stakes.by_asset[runs(stakes.first_in, front)[0]]
        owners = stakes.owner[rows[stakes.high[rows] > 0]]
        front = distinct(owners[~seen[owners]], stakes.size)
    return found[:_MOST_PARTIES]
