"""Dates as the leaked files write them: "23-MAR-2006", "Sep 25, 2012", and slashes in both orders."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from listed.graph.period import PartialDate, day, parse_date

_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_EPOCH = frozenset({"31-DEC-1969", "1969-12-31", "12/31/1969", "31/12/1969"})
"""What a computer west of Greenwich writes for no date at all; it starts 1,848 relationships."""


@lru_cache(maxsize=65536)
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
    numbers = _NUMBERS.fullmatch(text)
    return _in_order(text, numbers, day_first=day_first) if numbers else parse_date(text)


def _in_order(text: str, numbers: re.Match[str], *, day_first: bool) -> PartialDate:
    first, second, given = int(numbers[1]), int(numbers[2]), int(numbers[3])
    of = given if len(numbers[3]) == 4 else given + (1900 if given >= 70 else 2000)
    alone = parse_date(f"{of:04}")
    if not alone.known:  # a year that no record can have
        return replace(alone, text=text)
    try:
        if day_first or first > 12 or first == second:
            known = day(of, second, first)
        elif second > 12:
            known = day(of, first, second)
        else:
            return replace(alone, text=text, flag="day or month first?")
    except ValueError:
        return PartialDate(text=text, flag="not a date of the calendar")
    return parse_date(str(known))
