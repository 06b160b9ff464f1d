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
        under, programs = _any_word(graph.tables["listings"]["programs"], partial(_matches, pattern))
        # A listing that names no programme may be under one that counts.
        covered &= ~of_list | under | (programs == 0)
        told &= ~of_list | under
    begun = _days_of(graph, "start_latest", unknown=number) <= number
    not_over = _days_of(graph, "end_earliest", unknown=number + 1) > number
    entity = np.asarray(arrays.listing_entity, np.int64)
    return np.unique(entity[covered & told & begun & not_over]), np.unique(entity[covered])


def _matches(pattern: str, word: str) -> bool:
    return re.search(pattern, word) is not None


def _days_of(graph: Graph, column: str, *, unknown: int) -> Ints:
    return numbers_of(graph.tables["listings"][column].combine_chunks(), unknown)


def of_the_us(graph: Graph) -> Flags:
    """Return the entities whose only country is the United States."""
    american, countries = _countries(graph)
    return american & (countries == 1)


def of_unknown_country(graph: Graph) -> Flags:
    """Return the entities of which no country is known."""
    return _countries(graph)[1] == 0


def _countries(graph: Graph) -> tuple[Flags, Ints]:
    """Return which entities are of the United States, and of how many countries each is."""
    key = "countries"
    if key not in graph.memory:
        graph.memory[key] = _any_word(graph.tables["entities"]["countries"], lambda country: country == "us")
    found: tuple[Flags, Ints] = graph.memory[key]
    return found


def _any_word(column: pa.ChunkedArray, wanted: Callable[[str], bool]) -> tuple[Flags, Ints]:
    """Return which rows of a column of lists hold a wanted word, and how many words each row holds."""
    lists = column.combine_chunks()
    found = np.zeros(len(lists), np.bool_)
    if not len(lists):
        return found, np.zeros(0, np.int32)
    words, codes = words_of(lists.flatten())
    count = np.diff(numbers_of(lists.offsets))
    match = np.array([*(wanted(word) for word in words), False])[codes]
    found[np.repeat(np.arange(len(lists)), count)[match]] = True
    return found, count
