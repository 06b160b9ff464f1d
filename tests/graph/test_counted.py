"""A count is told with the right singular."""

from __future__ import annotations

import pytest

from listed.graph.counted import counted


@pytest.mark.parametrize(
    ("count", "name", "said"),
    [
        (1, "links", "1 link"),
        (2, "links", "2 links"),
        (0, "parties", "0 parties"),
        (1, "entities", "1 entity"),
        (1, "merged_ids", "1 merged id"),
        (1, "rows left out by [[where]]", "1 row left out by [[where]]"),
        (1, "US-BIS-EL", "1 US-BIS-EL"),
        (1, "OWNS", "1 OWNS"),
        (1_204, "addresses", "1,204 addresses"),
    ],
)
def test_one_is_singular_and_ids_stay(count: int, name: str, said: str) -> None:
    assert counted(count, name) == said
