"""Places in a row, layers, and tracks: the small laws a chart rests on."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.pictures.layers import layered
from listed.pictures.placing import ring, spread
from listed.pictures.routing import Bus, tracks

PLACES = st.floats(-1000, 1000)
WANTED = st.lists(st.tuples(PLACES, st.floats(1, 200)), min_size=1, max_size=12)
PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25)


@given(WANTED)
def test_things_stand_apart(things: list[tuple[float, float]]) -> None:
    apart = [one for _, one in things[1:]]
    places = spread([want for want, _ in things], apart)
    assert all(b - a >= least - 1e-6 for (a, b), least in zip(pairwise(places), apart, strict=True))


def test_what_would_not_overlap_stands_where_it_is_wanted() -> None:
    assert spread([0, 50, 200], [20, 20]) == [0, 50, 200]


def test_what_would_overlap_is_moved_by_the_same_to_both_sides() -> None:
    assert spread([10, 10], [20]) == [0, 20]


def test_on_rings_no_two_stand_in_one_place() -> None:
    places = ring([0, *[1] * 30, *[2] * 60])
    assert len(set(places)) == 91


def test_lines_that_meet_have_tracks_of_their_own() -> None:
    assert len(set(tracks([Bus((0,), (100,)), Bus((50,), (150,)), Bus((20,), (80,))]))) == 3


def test_lines_that_do_not_meet_share_a_track() -> None:
    assert tracks([Bus((0,), (40,)), Bus((100,), (150,))]) == [0, 0]


def test_a_track_lies_so_that_lines_do_not_cross() -> None:
    upper, lower = tracks([Bus((0,), (60,)), Bus((40,), (100,))])
    assert upper > lower  # the first goes down left of where the second begins, and ends right of it


@given(PAIRS)
def test_every_owner_stands_above_what_it_owns_unless_that_closes_a_loop(pairs: list[tuple[int, int]]) -> None:
    ties = sorted({pair for pair in pairs if pair[0] != pair[1]})
    sides = {node: -1 if node % 2 else 1 for node in range(10)} | {0: 0}
    layers = layered(range(10), sides, ties)
    for line in layers.lines:
        owner, asset = ties[line.tie]
        assert {line.nodes[0], line.nodes[-1]} == {owner, asset}
        assert line.upward == (line.nodes[0] == asset)
        assert layers.level[line.nodes[0]] < layers.level[line.nodes[-1]]


@given(PAIRS)
def test_a_line_has_a_knot_in_each_layer_between(pairs: list[tuple[int, int]]) -> None:
    ties = sorted({pair for pair in pairs if pair[0] != pair[1]})
    layers = layered(range(10), dict.fromkeys(range(1, 10), 1) | {0: 0}, ties)
    for line in layers.lines:
        assert all(layers.level[b] - layers.level[a] == 1 for a, b in pairwise(line.nodes))


@given(PAIRS)
def test_every_node_stands_in_one_layer(pairs: list[tuple[int, int]]) -> None:
    ties = sorted({pair for pair in pairs if pair[0] != pair[1]})
    layers = layered(range(10), dict.fromkeys(range(1, 10), -1) | {0: 0}, ties)
    stand = [node for row in layers.rows for node in row]
    assert sorted(stand) == sorted(layers.level)


def test_lines_that_need_not_cross_do_not() -> None:
    ties = [(1, 3), (2, 4), (1, 0), (2, 0)]
    layers = layered(range(5), {0: 0, 1: -1, 2: -1, 3: -1, 4: -1}, ties)
    assert not [pair for pair in combinations(layers.lines, 2) if _cross(layers.rows, *pair)]


def _cross(rows: tuple[tuple[int, ...], ...], one: object, other: object) -> bool:
    place = {node: at for row in rows for at, node in enumerate(row)}
    level = {node: at for at, row in enumerate(rows) for node in row}
    for a, b in pairwise(one.nodes):  # type: ignore[attr-defined]
        for c, d in pairwise(other.nodes):  # type: ignore[attr-defined]
            if level[a] == level[c] and (place[a] - place[c]) * (place[b] - place[d]) < 0:
                return True
    return False


@pytest.mark.parametrize("tiers", [[0], [0, 1], [0, 1, 1, 2]])
def test_the_first_stands_in_the_middle(tiers: list[int]) -> None:
    assert ring(tiers)[0] == (0, 0)
