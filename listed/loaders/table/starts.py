"""When a stake, or a listing, of a user's table began: a year to come is more often a slip than a plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from listed.graph.period import PartialDate

TO_COME = "a day to come"
"""The flag of a start that is kept, though it lies more than a year ahead."""

_AHEAD = timedelta(days=366)


def as_start(day: PartialDate) -> PartialDate:
    """Return a day as the start of something, flagged if it is more than a year from today."""
    if day.flag or day.earliest is None or day.earliest <= date.today() + _AHEAD:
        return day
    return replace(day, text=str(day), flag=TO_COME)
