"""Who is on the lists of a regime on a day, and who is beyond its reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.queries.regimes import Regime
from listed.queries.stake_columns import I64, Flags, Ints, numbers_of, words_of


def seeds_of(graph: Graph, rule: Regime, day: date) -> tuple[I64, I64]:
    """Return the entities that are, and that may be, on a list of the regime on a day, ascending."""
    arrays, number = graph.arrays, day_number(day)
    covered = (arrays.listing_from <= number) & (arrays.listing_to >= number)
    names, codes = words_of(graph.tables["listings"]["list"])
    covered &= np.array([*(name in rule.lists for name in names), False])[codes]
    told = np.ones(len(covered), np.bool_)
    for list_, pattern in rule.programs.items():
        of_list = np.array([*(name == list_ for name in names), False])[codes]
        under, programs = _words(graph.tables["listings"]["programs"], partial(_matches, pattern))
        # A listing that names no programme may be under one that counts.
        covered &= ~of_list | (under > 0) | (programs == 0)
        told &= ~of_list | (under > 0)
    begun = _days_of(graph, "start_latest", unknown=number) <= number
    not_over = _days_of(graph, "end_earliest", unknown=number + 1) > number
    entity = np.asarray(arrays.listing_entity, np.int64)
    certain = covered & told & begun & not_over
    key = entity * (len(names) + 1) + codes
    certain[_outlived(graph, key, certain, number)] = False
    return np.unique(entity[certain]), np.unique(entity[covered])


def _outlived(graph: Graph, key: I64, certain: Flags, number: int) -> Ints:
    """Return which certain listings may be over, for another dataset tells an end that is no earlier than they are.

    ``key`` says of which entity and list a listing is.
    """
    over = _days_of(graph, "end_latest", unknown=number) < number
    concerned = np.flatnonzero(np.isin(key, key[over]) & np.isin(key, key[certain]))
    datasets = words_of(graph.tables["listings"]["dataset"])[1]
    ends, starts = _days_of(graph, "end_latest", unknown=0), _days_of(graph, "start_earliest", unknown=-(2**31))
    ended: dict[tuple[int, int], int] = {}
    for row in concerned[over[concerned]].tolist():
        told_by = (int(key[row]), int(datasets[row]))
        ended[told_by] = max(ended.get(told_by, int(ends[row])), int(ends[row]))
    # A dataset that has the entity on the list now tells of an earlier listing, not of the end.
    for row in concerned[~over[concerned]].tolist():
        ended.pop((int(key[row]), int(datasets[row])), None)
    last: dict[int, int] = {}
    for (which, _), end in ended.items():
        last[which] = max(last.get(which, end), end)
    now = (row for row in concerned.tolist() if certain[row])
    outlived = [row for row in now if int(key[row]) in last and last[int(key[row])] >= starts[row]]
    return np.array(outlived, np.int64)


def may_count(rule: Regime, list_: str, programs: tuple[str, ...]) -> bool:
    """Tell whether a listing under programmes may count under a regime: one that names none may."""
    pattern = rule.programs.get(list_)
    return pattern is None or not programs or any(_matches(pattern, word) for word in programs)


def _matches(pattern: str, word: str) -> bool:
    return re.search(pattern, word) is not None


def _days_of(graph: Graph, column: str, *, unknown: int) -> Ints:
    return numbers_of(graph.tables["listings"][column].combine_chunks(), unknown)


_UNITED_STATES = frozenset({"us", "as", "gu", "mp", "pr", "um", "vi"})
"""With its territories and possessions (15 CFR 772.1, "United States")."""


def of_the_us(graph: Graph) -> Flags:
    """Return the entities of no other country than the United States."""
    return _by_country(graph)[0]


def of_unknown_country(graph: Graph) -> Flags:
    """Return the entities of which no country is known."""
    return _by_country(graph)[1]


def _by_country(graph: Graph) -> tuple[Flags, Flags]:
    """Return which entities are of the United States alone, and which of no country that is known."""
    key = "countries"
    if key not in graph.memory:
        american, known = _words(graph.tables["entities"]["countries"], lambda country: country in _UNITED_STATES)
        graph.memory[key] = np.asarray((american > 0) & (american == known)), np.asarray(known == 0)
    found: tuple[Flags, Flags] = graph.memory[key]
    return found


def _words(column: pa.ChunkedArray, wanted: Callable[[str], bool]) -> tuple[Ints, Ints]:
    """Return how many wanted words each row of a column of lists holds, and how many words."""
    lists = column.combine_chunks()
    if not len(lists):
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    words, codes = words_of(lists.flatten())
    count = np.diff(numbers_of(lists.offsets))
    match = np.array([*(wanted(word) for word in words), False])[codes]
    return np.bincount(np.repeat(np.arange(len(lists)), count)[match], minlength=len(lists)), count
