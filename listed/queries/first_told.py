"""Which stakes and listings are first told of after a day: by a source that does not say since when they were.

What a source dates was not there before. What it only tells of (the ``told`` of a
:class:`~listed.graph.period.Period`) may have been.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow.compute as pc

from listed.graph.snapshot import Graph
from listed.graph.tables import day_number, row_numbers, starts_told
from listed.graph.vocabulary import LinkType
from listed.queries.regimes import Regime
from listed.queries.remembering import remembered
from listed.queries.seeds import may_count
from listed.queries.stake_columns import I64, Flags, Ints, of_shares, runs, words_of


def are_told(graph: Graph, table: str, rows: Ints) -> Flags:
    """Return which rows of ``links`` or ``listings`` start on the day a source told of them."""
    if not len(rows):
        return np.zeros(0, np.bool_)
    told = starts_told(graph.tables[table].select(["flags"]).take(row_numbers(rows)))
    return np.asarray(told.to_numpy(zero_copy_only=False), np.bool_)


def any_stake_later(graph: Graph, day: date) -> bool:
    """Tell whether any stake begins, or is told of, only after a day: on most days one asks about, none does."""
    arrays, number = graph.arrays, day_number(day)
    found = lambda: bool(((arrays.start_earliest > number) & (arrays.kind == LinkType.OWNS.rank)).any())  # noqa: E731
    return remembered(graph, "any stake later", day, found)


def stakes_told_later(graph: Graph, links: Ints, day: date) -> Ints:
    """Return, of some links, the stakes of shares that are first told of after a day, one of each owner in each asset.

    ``links`` holds all of an owner in an asset, or none. Left out are those of whose owner it is told what it
    held on the day, be it nothing, or when it began to hold: a direct stake by what is told of a direct one, an
    indirect by what is told of an indirect one.
    """
    arrays, number = graph.arrays, day_number(day)
    links = links[(arrays.kind[links] == LinkType.OWNS.rank) & of_shares(graph)[links]]
    later = links[(arrays.start_earliest[links] > number) & (arrays.high[links] != 0)]
    if not len(later):
        return np.zeros(0, np.int64)
    now = links[(arrays.start_earliest[links] <= number) & (arrays.end_latest[links] >= number)]
    later = later[~np.isin(_stake_numbers(graph, later), _stake_numbers(graph, now))]
    return _firsts_told(graph, "links", later, _stake_numbers(graph, later), arrays.start_earliest[later])


def links_out_of(graph: Graph, owners: Ints) -> Ints:
    """Return every OWNS link of some owners."""
    arrays = graph.arrays
    arcs, count = runs(arrays.first, owners)
    links = arrays.link[arcs]
    out = (arrays.arc_kind[arcs] == LinkType.OWNS.rank) & (arrays.source[links] == np.repeat(owners, count))
    found: Ints = links[out]
    return found


def listings_told_later(graph: Graph, day: date) -> Ints:
    """Return the rows of the listings first told of after a day, of parties not told to be on the list on it."""
    return remembered(graph, "listings told later", day, lambda: _listings_told_later(graph, day_number(day)))


def _listings_told_later(graph: Graph, number: int) -> Ints:
    since, until = np.asarray(graph.arrays.listing_from), np.asarray(graph.arrays.listing_to)
    later: Ints = np.flatnonzero(since > number)
    if not len(later):
        return later
    names, codes = words_of(graph.tables["listings"]["list"])
    key = np.asarray(graph.arrays.listing_entity, np.int64) * (len(names) + 1) + codes
    later = later[~np.isin(key[later], key[(since <= number) & (until >= number)])]
    return _firsts_told(graph, "listings", later, key[later], since[later])


def covered(rule: Regime, graph: Graph, listings: Ints) -> Flags:
    """Return which listings, by their rows, may count under a regime."""
    lists = graph.tables["listings"]["list"].take(row_numbers(listings)).to_pylist()
    flags = np.array([name in rule.lists for name in lists], np.bool_)
    for place in np.flatnonzero(flags).tolist():
        if lists[place] in rule.programs:
            programs = tuple(graph.cell("listings", "programs", int(listings[place])))
            flags[place] = may_count(rule, lists[place], programs)
    return flags


def _firsts_told(graph: Graph, table: str, rows: Ints, key: I64, start: Ints) -> Ints:
    """Return the first row of each key by its start, ascending, where that start is one of telling."""
    told = are_told(graph, table, rows)
    # Of two on one day the one that dates the beginning: it answers what the other leaves open.
    order = np.lexsort((told, start))
    rows, key, told = rows[order], key[order], told[order]
    first = np.unique(key, return_index=True)[1]
    return np.sort(rows[first][told[first]])


def _stake_numbers(graph: Graph, links: Ints) -> I64:
    """Return a number for the owner and the asset of each link, and for whether it is said to be indirect."""
    arrays = graph.arrays
    pairs: I64 = arrays.source[links].astype(np.int64) * arrays.size + arrays.target[links]
    direct = graph.tables["links"]["direct"].take(row_numbers(links))
    indirect = pc.fill_null(pc.invert(direct), fill_value=False)
    return pairs * 2 + np.asarray(indirect.to_numpy(), np.int64)
