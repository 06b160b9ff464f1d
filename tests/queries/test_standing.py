"""A verdict beside a name says what is only where the rule is in force."""

from __future__ import annotations

import pytest

from listed.queries.regimes import STATUSES
from listed.queries.standing import look_of, standing, verdict_in

RULED = ["captured", "undetermined", "minority", "exempt"]


@pytest.mark.parametrize("verdict", RULED)
def test_a_verdict_is_one_only_while_its_rule_is_in_force(verdict: str) -> None:
    said = {status: standing(verdict, status) for status in STATUSES}
    assert said.pop("in_force") == verdict
    assert set(said.values()) == {f"would be {verdict}"}


@pytest.mark.parametrize("fact", ["listed", "none"])
def test_a_listing_is_no_matter_of_the_rule(fact: str) -> None:
    assert {standing(fact, status) for status in STATUSES} == {fact}


@pytest.mark.parametrize("verdict", RULED)
def test_what_would_be_looks_other_than_what_is(verdict: str) -> None:
    said = standing(verdict, "suspended")
    assert (look_of(said), verdict_in(said)) == (f"{verdict} would-be", verdict)
    assert look_of(verdict) == verdict
