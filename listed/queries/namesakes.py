"""Parties that bear the name of a listed one and are not known to be it: what a reader must rule out himself.

A name proves nothing, so such two are never made one (``listed duplicates`` proposes, ``listed decide`` records).
But a verdict of "none" on a firm whose owner bears a listed party's name must not pass for an all-clear, nor one of
"captured" on a firm that may itself be listed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.names import fold
from listed.graph.same_names import coarse
from listed.graph.snapshot import Graph
from listed.graph.tables import row_numbers
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
        ``(n,)`` who is or may be captured already: of an owner, nothing is added by what it is called. The entity
        itself may be listed besides.
    """
    graph = inquiry.graph
    listed, told = listed_on(graph, inquiry.as_of), []
    for party in _with_owners(stakes, entity):
        if captured[party] and party != entity:
            continue
        its_lists = set(lists_of(graph, party, inquiry.as_of))
        names = dict.fromkeys(str(part["text"]) for part in graph.parts("names", party))
        rows = (row for name in names for row in graph.names.exact(name))
        alike = (graph.row_of(str(graph.cell("names", "entity", int(row)))) for row in rows)
        for one in dict.fromkeys(one for one in alike if one is not None and one in listed and one != party):
            lists = lists_of(graph, one, inquiry.as_of)
            if its_lists.issuperset(lists) or not _may_be_one(graph, party, one):
                continue
            who = graph.name_of(party) if party == entity else f"Its owner {graph.name_of(party)}"
            told.append(
                f"{who} [{graph.id_of(party)}] bears the name of {graph.name_of(one)} [{graph.id_of(one)}], which is "
                f"listed ({', '.join(lists)}); this graph takes them for two (listed decide)."
            )
    left = len(told) - _MOST_TOLD
    return told[:_MOST_TOLD] + ([f"{left:,} more bear the name of a listed party."] if left > 0 else [])


def count_namesakes(graph: Graph, parties: Ints, listed: Ints) -> list[str]:
    """Return, in a sentence, how many of many parties bear the name of a listed one, with the first of them by name.

    Parameters
    ----------
    parties
        ``(m,)`` those whose names are compared.
    listed
        ``(k,)`` the listed entities; a party that is one of them is no namesake.
    """
    found: dict[int, int] = {}
    for party, others in _of_one_name(graph, parties, listed):
        one = next((other for other in others if _may_be_one(graph, party, other)), None)
        if one is not None:
            found.setdefault(party, one)
    if not found:
        return []
    found = dict(sorted(found.items()))
    shown = [
        f"{graph.name_of(party)} [{graph.id_of(party)}] = [{graph.id_of(one)}]"
        for party, one in list(found.items())[:_MOST_TOLD]
    ]
    more = f" and {len(found) - _MOST_TOLD:,} more" if len(found) > _MOST_TOLD else ""
    bear = "1 of these bears" if len(found) == 1 else f"{len(found):,} of these bear"
    return [
        f"{bear} the name of a listed party and may itself be listed: {', '.join(shown)}{more}; this graph takes them "
        f"for two until you decide (listed duplicates --of ID, listed decide)."
    ]


def _of_one_name(graph: Graph, parties: Ints, listed: Ints) -> Iterator[tuple[int, list[int]]]:
    """Yield the parties that share a folded name with listed ones, and those, by number, once for each such name."""
    parties, listed = np.setdiff1d(parties, listed), np.unique(listed)
    ours, theirs = _names_of(graph, parties), _names_of(graph, listed)
    if not ours.num_rows or not theirs.num_rows:
        return
    # Whole columns are first reduced to a coarser key; only names whose keys meet are folded.
    our_keys, their_keys = coarse(ours["text"]), coarse(theirs["text"])
    ours = ours.filter(pc.is_in(our_keys, pc.unique(their_keys)))
    theirs = theirs.filter(pc.is_in(their_keys, pc.unique(our_keys)))
    bearers: dict[str, set[int]] = {}
    for said in theirs.to_pylist():
        if (row := graph.row_of(said["entity"])) is not None:
            bearers.setdefault(fold(said["text"]), set()).add(row)
    in_order = {name: sorted(rows) for name, rows in bearers.items()}
    for said in ours.to_pylist():
        party, others = graph.row_of(said["entity"]), in_order.get(fold(said["text"]))
        if party is not None and others:
            yield party, others


def _names_of(graph: Graph, entities: Ints) -> pa.Table:
    """Return the names of many entities."""
    ids = graph.tables["entities"]["id"].take(row_numbers(entities))
    names = graph.tables["names"].select(["entity", "text"])
    return names.filter(pc.is_in(names["entity"], ids.combine_chunks()))


def _may_be_one(graph: Graph, one: int, other: int) -> bool:
    """Whether no country speaks against two parties of one name being the same."""
    return may_be_of_one_country(*(graph.cell("entities", "countries", party) for party in (one, other)))


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
