"""Laws of the ownership rules on random graphs, against a slow reference written from the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from listed.graph.model import Entity, Link, Listing
from listed.graph.share import PERCENT, WHOLE, Basis
from listed.graph.snapshot import Graph
from listed.graph.stakes import stakes_on
from listed.queries import chain_shares
from listed.queries.fixed_points import Captured, fixed_points, grounds_of
from listed.queries.fixed_points import Test as Rule
from listed.queries.look_through import look_through
from listed.queries.ownership import claims_of
from listed.queries.stake_columns import StakeColumns, stake_columns
from listed.queries.stake_columns import columns_of as stake_columns_of
from tests.queries.rule_graphs import Said, graph, on, owns, party, ruling

N = 6
NAMES = [f"E{number}" for number in range(N)]
DAY = date(2020, 6, 15)
RANK = {"none": 0, "minority": 1, "undetermined": 2, "captured": 3, "listed": 4}

Stakes = dict[tuple[int, int], tuple[int, int]]
"""By owner and asset, the low and the high end in millionths of a point."""


# The reference. Sets of numbers, whole numbers, and rounds until nothing changes.


def reference(
    stakes: Stakes,
    certain_seeds: set[int],
    possible_seeds: set[int],
    test: Rule,
    nameless: frozenset[int] = frozenset(),
    indirect: frozenset[tuple[int, int]] = frozenset(),
) -> tuple[set[int], ...]:
    def enough(asset: int, inside: set[int], *, possibly: bool) -> bool:
        held = {owner: ends for (owner, what), ends in stakes.items() if what == asset}
        lows = sum(held[owner][0] for owner in held if owner not in nameless)

        def amount(owners: set[int]) -> int:
            if not possibly:
                return sum(held[owner][0] for owner in owners)
            left = WHOLE - sum(held[owner][0] for owner in held if owner not in owners | nameless)
            # What is told of as indirect may be held through the others.
            left += sum(held[owner][1] - held[owner][0] for owner in owners if (owner, asset) in indirect)
            most = sum(held[owner][1] for owner in owners)
            return min(most, left) if lows <= WHOLE else most

        return amount(set(held) & inside) >= test.least

    def least(seeds: set[int], *, possibly: bool) -> set[int]:
        inside = set(seeds)
        while more := {one for one in range(N) if one not in inside and enough(one, inside, possibly=possibly)}:
            inside |= more
        return inside

    def found(seeds: set[int], *, possibly: bool) -> set[int]:
        apart = [seeds] if test.aggregates else [{seed} for seed in seeds]
        # Whatever is certain is possible, also where sources together state more than the whole: it starts from there.
        begun = [one | least(one & certain_seeds, possibly=False) for one in apart]
        return set().union(*(least(one, possibly=possibly) for one in begun))

    certain = found(certain_seeds, possibly=False)
    return certain, found(possible_seeds | certain_seeds, possibly=True)


def columns_of(stakes: Stakes, n: int = N, nameless: frozenset[int] = frozenset()) -> StakeColumns:
    rows = sorted(stakes)
    owner, asset = (np.array([row[end] for row in rows], np.int64) for end in (0, 1))
    low, high = (np.array([stakes[row][end] for row in rows], np.int64) for end in (0, 1))
    return stake_columns_of(owner, asset, low, high, n, np.isin(np.arange(n), list(nameless)))


@dataclass(frozen=True)
class World:
    stakes: Stakes
    certain: frozenset[int]
    possible: frozenset[int]
    test: Rule
    nameless: frozenset[int] = frozenset()

    def spread(self) -> tuple[set[int], set[int]]:
        certain, possible = (np.array(sorted(one), np.int64) for one in (self.certain, self.certain | self.possible))
        found: Captured = fixed_points(columns_of(self.stakes, N, self.nameless), certain, possible, self.test)
        return set(np.flatnonzero(found.certain).tolist()), set(np.flatnonzero(found.possible).tolist())

    def reference(self) -> tuple[set[int], ...]:
        return reference(self.stakes, set(self.certain), set(self.certain | self.possible), self.test, self.nameless)


pairs = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] != pair[1])
steps = st.sampled_from([0, 1, 10, 20, 25, 30, 40, 49, 50, 51, 60, 75, 100])
ends = st.tuples(steps, steps).map(lambda two: (min(two) * PERCENT, max(two) * PERCENT))
entities = st.frozensets(st.integers(0, N - 1), max_size=2)
terms = st.builds(Rule, st.sampled_from([50 * PERCENT, 50 * PERCENT + 1]), st.booleans())


def fitting(stakes: Stakes, end: int = 0) -> Stakes:
    """Keep stakes, in order, as long as those in one asset are together no more than the whole."""
    sums: dict[int, int] = {}
    kept: Stakes = {}
    for pair, share in stakes.items():
        if sums.get(pair[1], 0) + share[end] <= WHOLE:
            sums[pair[1]] = sums.get(pair[1], 0) + share[end]
            kept[pair] = share
    return kept


any_stakes = st.dictionaries(pairs, ends, max_size=14)
worlds = st.builds(World, any_stakes, entities, entities, terms, entities)
sound_worlds = st.builds(World, any_stakes.map(fitting), entities, entities, terms)
roomy_worlds = st.builds(World, any_stakes.map(lambda stakes: fitting(stakes, 1)), entities, entities, terms)


class TestFixedPoints:
    @given(worlds)
    def test_both_are_those_of_the_reference(self, world: World) -> None:
        assert world.spread() == world.reference()

    @given(worlds)
    def test_what_is_certain_is_possible(self, world: World) -> None:
        certain, possible = world.spread()
        assert certain <= possible

    @given(worlds)
    def test_without_a_listed_party_no_loop_captures_itself(self, world: World) -> None:
        nobody: frozenset[int] = frozenset()
        assert replace(world, certain=nobody, possible=nobody).spread() == (set(), set())

    @given(worlds)
    def test_whoever_is_not_captured_is_not_held_enough(self, world: World) -> None:
        # Closed under the rule: to list the captured themselves captures nobody else.
        certain, possible = world.spread()
        again = replace(world, certain=frozenset(certain), possible=frozenset(possible))
        assert again.spread() == (certain, possible)

    @given(worlds, st.integers(0, N - 1))
    def test_another_listed_party_frees_nobody(self, world: World, seed: int) -> None:
        before, after = world.spread(), replace(world, certain=world.certain | {seed}).spread()
        assert all(old <= new for old, new in zip(before, after, strict=True))

    @given(roomy_worlds, pairs, steps)
    def test_another_stake_frees_nobody_where_there_is_room(
        self, world: World, pair: tuple[int, int], low: int
    ) -> None:
        share = (low * PERCENT, low * PERCENT)
        more = world.stakes if pair in world.stakes else fitting({**world.stakes, pair: share}, 1)
        before, after = world.spread(), replace(world, stakes=more).spread()
        assert all(old <= new for old, new in zip(before, after, strict=True))

    @given(sound_worlds, st.data())
    def test_to_know_less_makes_nothing_more_certain(self, world: World, data: st.DataObject) -> None:
        wider = {}
        for pair, (low, high) in world.stakes.items():
            down, up = data.draw(st.integers(0, low)), data.draw(st.integers(high, WHOLE))
            wider[pair] = (down, up)
        (certain, possible), (less, more) = world.spread(), replace(world, stakes=wider).spread()
        assert less <= certain
        assert possible <= more

    @given(worlds)
    def test_the_tiers_count_the_rounds(self, world: World) -> None:
        seeds = np.array(sorted(world.certain), np.int64)
        found = fixed_points(columns_of(world.stakes), seeds, seeds, world.test)
        known = set(world.certain)
        for tier in range(1, int(found.tier.max(initial=0)) + 1):
            now = set(np.flatnonzero((found.tier >= 0) & (found.tier <= tier)).tolist())
            held = {pair: ends for pair, ends in world.stakes.items() if pair[0] in known}
            # Where parties count alone, one reaches in round three whose second brought only what another had reached.
            assert now - known or not world.test.aggregates
            assert all(any(asset == one for _, asset in held) for one in now - known)
            known = now


# The whole way: statements, dates and several claims, to verdicts.

shares = st.sampled_from(
    ["10%", "25%", "40%", "50%", "60%", "100%", "(25,50]", "(50,75]", "[25,75]", "at least 50%", ""]
)
dates = st.sampled_from(["", "2018", "2019-12-31", "2020", "2020-06-15", "2021"])
links = st.builds(
    lambda pair, share, since, until, direct: owns(NAMES[pair[0]], NAMES[pair[1]], share, since, until, direct=direct),
    pairs, shares, st.sampled_from(["", "2018", "2020", "2020-06-15"]), dates, st.sampled_from([None, True, False]),
)  # fmt: skip
claims = st.lists(links, max_size=10)
listings = st.lists(
    st.builds(lambda one, since: on(NAMES[one], since=since), st.integers(0, N - 1), st.sampled_from(["", "2020"])),
    min_size=1, max_size=2,
)  # fmt: skip
EVERYONE: list[Entity] = [party(name) for name in NAMES]


def verdicts(told: Graph, day: date = DAY) -> dict[str, str]:
    return {name: ruling(told, name, day).verdict for name in NAMES}


def stakes_by_hand(told: Graph, day: date) -> Stakes:
    """Read each pair's claims one by one: no columns."""
    by_pair: dict[tuple[int, int], list[int]] = {}
    for link in range(told.tables["links"].num_rows):
        if told.link(link).basis is not Basis.VOTES:
            by_pair.setdefault((int(told.arrays.source[link]), int(told.arrays.target[link])), []).append(link)
    found: Stakes = {}
    for pair, rows in by_pair.items():
        held = [one for one in stakes_on(claims_of(told, rows), day) if not one.is_exit]
        direct = [one for one in held if one.direct is not False]
        high = max(
            (WHOLE if one.share.high is None else one.share.high - one.share.high_open for one in held), default=0
        )
        for one in (direct or held)[:1]:
            counts = one.holds == "certainly" and one.direct is not False and one.share.known
            low = (one.share.low or 0) + one.share.low_open if counts else 0
            found[pair] = (low, high)
    told_direct = {pair for pair, rows in by_pair.items() if any(told.link(row).direct for row in rows)}
    return found | {pair: (0, found[pair][1]) for pair in found if pair not in told_direct and is_repeated(found, pair)}


def indirect_by_hand(told: Graph) -> frozenset[tuple[int, int]]:
    links = [(told.row_of(one.source), told.row_of(one.target)) for one in all_links(told) if one.direct is False]
    return frozenset((owner, asset) for owner, asset in links if owner is not None and asset is not None)


def all_links(told: Graph) -> list[Link]:
    return [told.link(row) for row in range(told.tables["links"].num_rows)]


def is_repeated(found: Stakes, pair: tuple[int, int]) -> bool:
    """Tell whether a firm of which the owner certainly holds more than half holds the same figure."""
    owner, asset = pair
    own = [firm for (holder, firm), (low, _) in found.items() if holder == owner and 2 * low > WHOLE]
    return any(found.get((firm, asset)) == found[pair] for firm in own)


def conflicts_by_hand(told: Graph, day: date) -> set[tuple[int, int]]:
    found = set()
    links = told.tables["links"].num_rows
    pairs = {(int(told.arrays.source[link]), int(told.arrays.target[link])) for link in range(links)}
    for pair in pairs:
        rows = [row for row in range(links) if (int(told.arrays.source[row]), int(told.arrays.target[row])) == pair]
        shares = [claim for claim in claims_of(told, rows) if claim.basis is not Basis.VOTES]
        held = [one for one in stakes_on(shares, day) if not one.is_exit]
        counted = ([one for one in held if one.direct is not False] or held)[:1]
        found |= {pair for one in counted if one.conflict}
    return found


class TestVerdicts:
    @settings(max_examples=60, deadline=None)
    @given(claims, claims, listings)
    def test_they_are_those_of_the_reference(self, one: list[Link], two: list[Link], seeds: list[Listing]) -> None:
        told = graph(*EVERYONE, *seeds, *one, two=[*EVERYONE, *two])
        certain_seeds, possible_seeds = set(), set()
        for row in told.tables["listings"].to_pylist():
            number = told.row_of(row["entity"])
            assert number is not None
            possible_seeds.add(number)
            if not row["start_date"]:
                certain_seeds.add(number)
        rule = Rule(50 * PERCENT, aggregates=True)
        stakes, indirect = stakes_by_hand(told, DAY), indirect_by_hand(told)
        certain, possible = reference(stakes, certain_seeds, possible_seeds, rule, indirect=indirect)
        for name, said in verdicts(told).items():
            number = told.row_of(name)
            assert (said in ("listed", "captured"), said in ("listed", "captured", "undetermined")) == (
                number in certain,
                number in possible,
            )

    @settings(max_examples=40, deadline=None)
    @given(claims, listings, st.randoms(use_true_random=False))
    def test_the_order_of_the_statements_changes_nothing(
        self, said: list[Link], seeds: list[Listing], random: Random
    ) -> None:
        mixed: list[Said] = [*EVERYONE, *seeds, *said]
        before = verdicts(graph(*mixed))
        random.shuffle(mixed)
        assert verdicts(graph(*mixed)) == before

    @settings(max_examples=40, deadline=None)
    @given(claims, listings, st.sampled_from(NAMES))
    def test_another_listing_weakens_no_verdict(self, said: list[Link], seeds: list[Listing], name: str) -> None:
        before = verdicts(graph(*EVERYONE, *seeds, *said))
        after = verdicts(graph(*EVERYONE, *seeds, on(name), *said))
        assert all(RANK[after[one]] >= RANK[before[one]] for one in NAMES)


# Look-through.

parts = st.sampled_from([5, 10, 20, 25, 40, 50, 60, 90, 100])


def found(stakes: Stakes, entity: int, n: int, *, upward: bool = False) -> dict[int, tuple[float, float]]:
    shares = look_through(columns_of(stakes, n), entity, upward=upward)
    return {one: (low, high) for one, low, high in zip(*shares.columns(), strict=True)}


def path_sum(stakes: Stakes, owner: int, asset: int, end: int) -> Fraction:
    """Add the products along every chain; of graphs without loops."""
    whole = Fraction(0)
    for (first, then), ends_ in stakes.items():
        if first == owner:
            below = Fraction(1) if then == asset else path_sum(stakes, then, asset, end)
            whole += Fraction(ends_[end], WHOLE) * below
    return whole


def counted_up(stakes: Stakes, owner: int, end: int) -> list[float]:
    """Add the chains of one more link to those before, nobody holding more than the whole, until nothing grows.

    Nor does anybody hold more of an asset than others certainly leave, unless they contradict each other.
    """
    share = np.zeros(N)
    while True:
        longer = np.zeros(N)
        for (one, other), ends_ in stakes.items():
            certain = sum(low for (who, asset), (low, _) in stakes.items() if asset == other and who != one)
            agree = certain < WHOLE and certain + ends_[0] <= WHOLE
            held = min(ends_[end], WHOLE - certain) if agree else ends_[end]
            if other != owner:
                longer[other] += held / WHOLE * (1.0 if one == owner else share[one])
        longer = np.minimum(longer, 1.0)
        if np.abs(longer - share).max() < 1e-13:
            return longer.tolist()
        share = longer


# Small stakes going round whole loops would take the counting a million rounds.
round_stakes = st.dictionaries(
    pairs, st.tuples(*(st.sampled_from([0, 20, 40, 50, 80, 100]),) * 2).map(
        lambda two: (min(two) * PERCENT, max(two) * PERCENT)), max_size=10,
)  # fmt: skip


class TestLookThrough:
    @settings(deadline=None)
    @given(round_stakes, st.booleans())
    def test_with_loops_and_doubts_it_is_what_counting_comes_to(self, stakes: Stakes, eliminate: bool) -> None:
        columns = columns_of(stakes)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chain_shares, "PATIENCE", 1 if eliminate else 10**9)
            patch.setattr(chain_shares, "MOST_ROUNDS", 10**9)
            told = look_through(columns, 0)
        assume(not told.closed)
        low, high = (counted_up(stakes, 0, end) for end in (0, 1))
        for one, least, most in zip(*told.columns(), strict=True):
            assert (least, most) == pytest.approx((low[one], high[one]), abs=1e-8)
        assert set(told.entities.tolist()) == {one for one in range(1, N) if high[one]}

    @settings(deadline=None)
    @given(round_stakes)
    def test_the_owners_are_told_as_their_holdings_are(self, stakes: Stakes) -> None:
        columns = columns_of(stakes)
        up = look_through(columns, N - 1, upward=True)
        assume(not up.closed)
        for owner, low, high in zip(*up.columns(), strict=True):
            assert (low, high) == pytest.approx(found(stakes, owner, N)[N - 1], abs=1e-9)

    @settings(deadline=None)
    @given(round_stakes)
    def test_bounds_hold_what_is_exact(self, stakes: Stakes) -> None:
        columns = columns_of(stakes)
        exact = look_through(columns, N - 1, upward=True)
        assume(not exact.closed)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("listed.queries.look_through.ONE_BY_ONE", 0)
            bounds = look_through(columns, N - 1, upward=True)
        assert exact.entities.tolist() == bounds.entities.tolist()
        assert (bounds.low <= exact.low + 1e-9).all()
        assert (bounds.high >= exact.high - 1e-9).all()

    @given(st.lists(st.tuples(st.integers(0, 100), parts), min_size=1, max_size=9))
    def test_of_a_tree_it_is_the_product(self, tree: list[tuple[int, int]]) -> None:
        parent = {number: seed % number for number, (seed, _) in enumerate(tree, start=1)}
        part = {number: share for number, (_, share) in enumerate(tree, start=1)}
        stakes = {(parent[one], one): (part[one] * PERCENT, part[one] * PERCENT) for one in parent}
        for leaf, (low, _) in found(stakes, 0, len(tree) + 1).items():
            product, one = Fraction(1), leaf
            while one:
                product *= Fraction(part[one], 100)
                one = parent[one]
            assert low == pytest.approx(float(product), abs=1e-12)

    @pytest.mark.parametrize("upward", [False, True])
    @given(any_stakes)
    def test_without_loops_it_is_the_sum_over_all_chains(self, upward: bool, stakes: Stakes) -> None:
        acyclic = fitting({pair: share for pair, share in stakes.items() if pair[0] < pair[1]}, 1)
        for other, shares in found(acyclic, N - 1 if upward else 0, N, upward=upward).items():
            chain = (other, N - 1) if upward else (0, other)
            wanted = [float(path_sum(acyclic, *chain, end)) for end in (0, 1)]
            assert shares == pytest.approx(wanted, abs=1e-12)

    @given(any_stakes)
    def test_an_owner_and_an_asset_are_told_the_same_from_either_end(self, stakes: Stakes) -> None:
        # Each asset keeps owners outside, so that no loop is closed.
        open_ = fitting({pair: (low * 9 // 10, high * 9 // 10) for pair, (low, high) in stakes.items()}, 1)
        down: dict[tuple[int, int], tuple[float, float]] = {}
        up: dict[tuple[int, int], tuple[float, float]] = {}
        for one in range(N):
            down |= {(one, other): share for other, share in found(open_, one, N).items()}
            up |= {(other, one): share for other, share in found(open_, one, N, upward=True).items()}
        assert down.keys() == up.keys()
        assert all(down[pair] == pytest.approx(up[pair], abs=1e-9) for pair in down)

    @given(any_stakes, st.permutations(range(N)))
    def test_the_numbering_changes_nothing(self, stakes: Stakes, order: Sequence[int]) -> None:
        open_ = fitting({pair: (low * 9 // 10, high * 9 // 10) for pair, (low, high) in stakes.items()}, 1)
        renamed = {(order[owner], order[asset]): share for (owner, asset), share in open_.items()}
        before = {order[one]: share for one, share in found(open_, 0, N).items()}
        after = found(renamed, order[0], N)
        assert before.keys() == after.keys()
        assert all(before[one] == pytest.approx(after[one], abs=1e-9) for one in before)


manifold = st.builds(
    lambda pair, share, since, until, direct, basis, confidence: replace(
        owns(NAMES[pair[0]], NAMES[pair[1]], share, since, until, direct=direct, basis=basis), confidence=confidence
    ),
    st.sampled_from([(0, 1), (1, 2), (0, 2)]), st.sampled_from(["0%", "10%", "49%", "50%", "(25,50]", "(50,75]", ""]),
    st.sampled_from(["", "2018", "2019-01-01", "2020", "2020-06-15", "2021"]), dates,
    st.sampled_from([None, True, False]), st.sampled_from([Basis.SHARES, Basis.UNKNOWN, Basis.VOTES]),
    st.sampled_from(["", "", "", "disputed"]),
)  # fmt: skip


class TestColumns:
    @settings(max_examples=150, deadline=None)
    @given(
        *(st.lists(manifold, max_size=6) for _ in range(3)), st.sampled_from([DAY, date(2019, 6, 1), date(2022, 1, 1)])
    )
    def test_they_say_what_the_claims_say_one_by_one(
        self, one: list[Link], two: list[Link], three: list[Link], day: date
    ) -> None:
        told = graph(*EVERYONE, *one, two=[*EVERYONE, *two], three=[*EVERYONE, *three])
        columns = stake_columns(told, day)
        rows = zip(
            *(column.tolist() for column in (columns.owner, columns.asset, columns.low, columns.high)), strict=True
        )
        held = {(owner, asset): (low, high) for owner, asset, low, high in rows if high}
        assert held == {pair: share for pair, share in stakes_by_hand(told, day).items() if share[1]}

    @settings(max_examples=60, deadline=None)
    @given(*(st.lists(manifold, max_size=6) for _ in range(2)))
    def test_they_mark_the_same_conflicts(self, one: list[Link], two: list[Link]) -> None:
        told = graph(*EVERYONE, *one, two=[*EVERYONE, *two])
        columns = stake_columns(told, DAY)
        marked = zip(columns.owner[columns.conflict].tolist(), columns.asset[columns.conflict].tolist(), strict=True)
        assert set(marked) == conflicts_by_hand(told, DAY)

    @given(any_stakes)
    def test_the_stakes_in_an_entity_are_those_of_its_owners(self, stakes: Stakes) -> None:
        columns = columns_of(stakes)
        for one in range(N):
            owners = columns.owner[columns.into(one)].tolist()
            assert owners == sorted(owner for (owner, asset), (_, high) in stakes.items() if asset == one and high)

    @given(worlds)
    def test_the_captured_rest_on_stakes_of_the_captured(self, world: World) -> None:
        columns = columns_of(world.stakes)
        _, possible = world.spread()
        inside, seeds = np.zeros(N, np.bool_), np.zeros(N, np.bool_)
        inside[list(possible)], seeds[list(world.certain | world.possible)] = True, True
        grounds = grounds_of(columns, inside, seeds)
        told = {
            entity: {int(columns.owner[row]) for row in grounds.row[grounds.first[place] : grounds.first[place + 1]]}
            for place, entity in enumerate(grounds.entity.tolist())
        }
        assert told == {
            one: {
                owner for (owner, asset), (_, high) in world.stakes.items() if asset == one and high and inside[owner]
            }
            for one in possible - world.certain - world.possible
        }
