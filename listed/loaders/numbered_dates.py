"""Dates of three numbers, as "3/4/2020" or "03.04.20": which is the month, the text alone does not always tell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from listed.graph.period import PartialDate, day, parse_date

_NUMBERS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_MONTHS = 12
_CENTURY_FROM = 70

WHICH_FIRST = "day or month first?"
"""The flag of a date of which only the year is known, for that reason."""


@lru_cache(maxsize=65_536)
def read_date(text: str | None, *, day_first: bool | None = None) -> PartialDate:
    """Read a date of any precision, as :func:`~listed.graph.period.parse_date`.

    Parameters
    ----------
    text
        The cell.
    day_first
        Of dates of three numbers whether the day stands first; where that is not known (``None``) "3/4/2020" is
        of 2020, and flagged, while a number above 12 tells.
    """
    numbers = _NUMBERS.fullmatch(text.strip()) if text else None
    return _in_order(str(text).strip(), numbers, day_first=day_first) if numbers else parse_date(text)


def day_stands_first(texts: Iterable[str | None]) -> bool | None:
    """Return what the dates of a column tell of their order: numbers above 12 are no months; ``None`` if nothing."""
    numbers = [found for text in texts if text and (found := _NUMBERS.fullmatch(text.strip()))]
    first, second = (any(int(found[place]) > _MONTHS for found in numbers) for place in (1, 2))
    return first if first != second else None


def _in_order(text: str, numbers: re.Match[str], *, day_first: bool | None) -> PartialDate:
    first, second, given = int(numbers[1]), int(numbers[2]), int(numbers[3])
    of = given if len(numbers[3]) == len("2020") else given + (1900 if given >= _CENTURY_FROM else 2000)
    alone = parse_date(f"{of:04}")
    if not alone.known:  # a year that no record can have
        return replace(alone, text=text)
    if day_first is None and first != second:
        if first <= _MONTHS and second <= _MONTHS:
            return replace(alone, text=text, flag=WHICH_FIRST)
        day_first = first > _MONTHS
    try:
        known = day(of, second, first) if day_first else day(of, first, second)
    except ValueError:
        return PartialDate(text=text, flag="not a date of the calendar")
    return parse_date(str(known))
