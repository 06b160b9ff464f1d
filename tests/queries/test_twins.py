"""A stake that an owner and a firm of its own both tell of: found among many, a part of them at a time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.queries import stake_columns
from listed.queries.stake_columns import twins

N = 6
pairs = st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] != pair[1])
stakes = st.dictionaries(pairs, st.tuples(st.booleans(), st.booleans()), max_size=20)


@given(stakes, st.sampled_from([1, 2, 5, 1_000]))
def test_twins_are_the_stakes_of_an_owner_and_of_its_firm_in_one_asset(
    told: dict[tuple[int, int], tuple[bool, bool]], at_once: int
) -> None:
    held = sorted(told)
    owner, asset = (np.array([pair[end] for pair in held], np.int32) for end in (0, 1))
    majority, untold = (np.array([told[pair][which] for pair in held], np.bool_) for which in (0, 1))
    first = np.searchsorted(owner, np.arange(N + 1)).astype(np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stake_columns, "_AT_ONCE", at_once)
        found = twins(owner, asset, first, majority, untold)
    row = {pair: place for place, pair in enumerate(held)}
    assert list(zip(*(found[name].tolist() for name in ("twin_own", "twin", "twin_firms")), strict=True)) == [
        (row[parent, firm], row[parent, what], row[firm, what])
        for parent, firm in held
        if told[parent, firm][0]
        for what in range(N)
        if (firm, what) in row and told.get((parent, what), (False, False))[1]
    ]
