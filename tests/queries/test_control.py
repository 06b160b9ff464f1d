"""Who may be under the control of the captured is a least fixed point, as the slow reading of its definition has it."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from listed.graph.model import Link
from listed.graph.share import PERCENT, WHOLE, Basis
from listed.graph.vocabulary import LinkType
from listed.queries.control import under_control
from listed.queries.stake_columns import stake_columns
from tests.queries.rule_graphs import graph, owns, party

DAY = date(2025, 1, 1)
LEAST = 50 * PERCENT
NAMES = "ABCDEF"
_ways = st.sampled_from([(LinkType.OWNS, Basis.SHARES), (LinkType.OWNS, Basis.VOTES), (LinkType.OWNS, Basis.BOARD),
                         (LinkType.CONTROLS, Basis.UNKNOWN)])  # fmt: skip
_pairs = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), _ways).filter(lambda key: key[0] != key[1])
_told = st.dictionaries(_pairs, st.sampled_from([None, 10, 30, 60]), max_size=12)


def links(told: dict[tuple[str, str, tuple[LinkType, Basis]], int | None]) -> list[Link]:
    return [owns(owner, asset, share, type_=type_, basis=basis, direct=True)
            for (owner, asset, (type_, basis)), share in told.items()]  # fmt: skip


def slowly(said: list[Link], captured: set[str]) -> set[str]:
    """Whoever of the set holds or controls brings in, one entity at a time, until nobody is left out."""
    inside = set(captured)
    while True:
        more = {name for name in NAMES if name not in inside and _falls(said, inside, name)}
        if not more:
            return inside
        inside |= more


def _falls(said: list[Link], inside: set[str], name: str) -> bool:
    into = [link for link in said if link.target == name]
    shares = [link for link in into if link.basis is Basis.SHARES]
    most = sum(WHOLE if link.share.high is None else link.share.high for link in shares if link.source in inside)
    others = sum(link.share.low or 0 for link in shares if link.source not in inside)
    certain = sum(link.share.low or 0 for link in shares)
    held = min(most, WHOLE - others) if certain <= WHOLE else most
    control = [link for link in into if link.basis is not Basis.SHARES and link.source in inside]
    return (bool(shares) and held >= LEAST and most > 0) or any(
        link.share.high is None or link.share.high >= LEAST for link in control
    )


@settings(deadline=None)
@given(_told, st.sets(st.sampled_from(NAMES), max_size=2))
def test_it_is_what_its_definition_comes_to(
    told: dict[tuple[str, str, tuple[LinkType, Basis]], int | None], captured: set[str]
) -> None:
    said = links(told)
    there = graph(*map(party, NAMES), *said)
    begun = np.zeros(there.arrays.size, np.bool_)
    begun[[row for name in captured if (row := there.row_of(name)) is not None]] = True
    found = under_control(there, stake_columns(there, DAY), begun, LEAST, DAY)
    assert {there.id_of(row) for row in np.flatnonzero(found).tolist()} == slowly(said, captured)


@settings(deadline=None)
@given(_told, st.sampled_from(NAMES))
def test_one_more_captured_takes_nobody_out(
    told: dict[tuple[str, str, tuple[LinkType, Basis]], int | None], name: str
) -> None:
    said = links(told)
    assert slowly(said, set()) == set()
    there = graph(*map(party, NAMES), *said)
    stakes, begun = stake_columns(there, DAY), np.zeros(there.arrays.size, np.bool_)
    begun[there.row_of("A")] = True
    before = under_control(there, stakes, begun, LEAST, DAY)
    begun = begun.copy()
    begun[there.row_of(name)] = True
    assert (under_control(there, stakes, begun, LEAST, DAY) >= before).all()
