"""Dates as the leaked files write them: "23-MAR-2006", "Sep 25, 2012", and slashes in both orders."""

from __future__ import annotations

from listed.graph.period import PartialDate
from listed.loaders import numbered_dates

_EPOCH = frozenset({"31-DEC-1969", "1969-12-31", "12/31/1969", "31/12/1969"})
"""What a computer west of Greenwich writes for no date at all; it starts 1,848 relationships."""


def read_date(text: str, *, day_first: bool = False) -> PartialDate:
    """Read a date.

    Parameters
    ----------
    text
        The cell.
    day_first
        Whether the file is known to put the day first. If not, "11/10/01" is of 2001 and flagged:
        the files have both orders.
    """
    text = text.strip()
    if text.upper() in _EPOCH:
        return PartialDate(text=text, flag="what computers write for no date")
    return numbered_dates.read_date(text, day_first=True if day_first else None)
