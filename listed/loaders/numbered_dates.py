"""Dates of three numbers, as "3/4/2020" or "03.04.2020": which is the month, the text alone does not always tell.

It is never guessed. A user says it, or a number above 12 in the column does; else only the year is read. With full
stops the day stands first wherever dates are written so. Where the year has two digits even its place is open
("16-04-03"): it is taken for the last number only after a slash, or after a full stop where a user says which is first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from listed.graph.period import PartialDate, parse_date

_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}.*)?")

WHICH_FIRST = "day or month first?"
"""The flag of a date of which only the year is known, for that reason."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which number the dates of a column begin with.

    Parameters
    ----------
    slashed, dotted
        Whether the day stands first in dates with slashes or hyphens, and in those with full stops; ``None`` where
        nothing tells.
    contradicted
        Whether its dates contradict each other.
    unclear
        The first of its dates that can be read in two ways; empty if there is none.
    """

    slashed: bool | None = None
    dotted: bool | None = True
    contradicted: bool = False
    unclear: str = ""

    def read(self, text: str | None) -> PartialDate:
        """Read a date of the column; as :func:`read_date`."""
        return _read(text, slashed=self.slashed, dotted=self.dotted, said=None)


def read_date(text: str | None, *, day_first: bool | None = None) -> PartialDate:
    """Read a date of any precision, as :func:`~listed.graph.period.parse_date`.

    Parameters
    ----------
    text
        The cell.
    day_first
        Of dates of three numbers whether the day stands first, if somebody says so. Where nobody does (``None``)
        "3/4/2020" is of 2020, and flagged, while a number above 12 tells, and "3.4.2020" is in April.
    """
    return _read(text, slashed=None, dotted=True, said=day_first)


def in_iso(text: str, *, day_first: bool) -> str:
    """Return a date of three numbers as ISO 8601 writes it; any other text as it stands."""
    ways = _ways(text, said=True)
    return (str(ways[day_first]) if ways else "") or text


def is_numbered(text: str, *, dotted: bool | None = None) -> bool:
    """Tell whether a text is a date of three numbers, the year last: with full stops, without, or (``None``) any."""
    return bool(_ways(text)) and (dotted is None or dotted == _is_dotted(text))


def order_of(texts: Iterable[str | None]) -> Order:
    """Return what the dates of a column tell of their order: a number above 12 is no month.

    A cell that is a date in neither order ("99/99/9999") tells nothing.
    """
    days = months = dots = dotted_months = False
    unclear = ""
    for text in texts:
        if not text or not (ways := _ways(text)):
            continue
        possible = [day_first for day_first, way in ways.items() if way.known]
        dotted = _is_dotted(text)
        dots |= dotted and bool(possible)
        if len(possible) == 1:
            days |= possible[0]
            months |= not possible[0]
            dotted_months |= dotted and not possible[0]
        elif not dotted and possible and ways[True] != ways[False]:
            unclear = unclear or text.strip()
    contradicted = months and (days or (dots and not dotted_months))
    told = None if contradicted or not (days or months) else days
    return Order(told, told if dotted_months else True, contradicted, unclear)


def orders_of(columns: Sequence[Sequence[str | None]]) -> list[Order]:
    """Return the order of each column of one sheet: they tell together, unless they contradict each other."""
    together = order_of(chain.from_iterable(columns))
    alone = [order_of(column) for column in columns]
    return [own if together.contradicted else replace(together, unclear=own.unclear) for own in alone]


@lru_cache(maxsize=65_536)
def _read(text: str | None, *, slashed: bool | None, dotted: bool | None, said: bool | None) -> PartialDate:
    raw = text.strip() if text else ""
    ways = _ways(raw, said=said is not None)
    if not ways:
        return parse_date(text)
    possible = [way for way in ways.values() if way.known]
    first = said if said is not None else dotted if _is_dotted(raw) else slashed
    if said is None and len(possible) < 2:  # a number above 12 tells
        read = possible[0] if possible else ways[False]
    elif first is not None or ways[True] == ways[False]:
        read = ways[bool(first)]
    else:
        read = replace(parse_date(str(possible[0])[:4]), flag=WHICH_FIRST)
    return replace(read, text=raw) if read.flag else read


@lru_cache(maxsize=65_536)
def _ways(text: str, *, said: bool = False) -> dict[bool, PartialDate]:
    """Return what a date of three numbers is with the day first, and with the month first; nothing of another text."""
    found = _NUMBERS.fullmatch(text.strip())
    if found is None:
        return {}
    one, sign, two, year = found.groups()
    if len(year) < len("2020") and sign != "/" and not (sign == "." and said):
        return {}
    return {True: parse_date(f"{two}/{one}/{year}"), False: parse_date(f"{one}/{two}/{year}")}


def _is_dotted(text: str) -> bool:
    return re.match(r"\s*\d+\.", text) is not None
