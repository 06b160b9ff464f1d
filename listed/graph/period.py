"""Dates of partial precision, and the periods between them.

"2019" is some day of 2019. A query date inside it is neither before nor after: an answer
then says "may", never "is".
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FIRST_YEAR = 1500
"""Years before this are typing errors in every source we know (``0097-06-30``)."""

LAST_YEAR = 2200

START_TOLD = "start_date: the day it was told, not when it began"
"""The flag of a link, or listing, whose :class:`Period` is ``told``."""


class Containment(StrEnum):
    """Whether a period holds a date."""

    CERTAINLY = "certainly"
    POSSIBLY = "possibly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day known to the year, the month or the day, or not at all.

    Parameters
    ----------
    earliest, latest
        The first and last day it can be; both ``None`` when unknown.
    text
        What the source wrote, where that says more than the days do.
    flag
        Why the text was not taken at its word, or empty.
    """

    earliest: date | None = None
    latest: date | None = None
    text: str = ""
    flag: str = ""

    @property
    def known(self) -> bool:
        """Whether anything is known of the day."""
        return self.earliest is not None

    def __str__(self) -> str:
        """Return the date in ISO 8601 at its own precision; empty when unknown."""
        if self.earliest is None or self.latest is None:
            return ""
        if self.earliest == self.latest:
            return self.earliest.isoformat()
        if self.earliest.month == self.latest.month:
            return f"{self.earliest:%Y-%m}"
        return f"{self.earliest:%Y}"


NO_DATE = PartialDate()


@dataclass(frozen=True, slots=True)
class Period:
    """A start and an end. An unknown end is no bound: the period may go on for ever.

    Parameters
    ----------
    start, end
        A day each, of any precision.
    told
        The start is a day on which a source tells of it (that of a report, say), not when it began.
    """

    start: PartialDate = NO_DATE
    end: PartialDate = NO_DATE
    told: bool = False

    def contains(self, day: date) -> Containment:
        """Tell whether the period holds a day.

        The end date itself is only "possibly" inside: sources mean by it the last day as well
        as the first day after.
        """
        if self.start.earliest is not None and day < self.start.earliest:
            return Containment.NO
        if self.end.latest is not None and day > self.end.latest:
            return Containment.NO
        begun = self.start.latest is None or day >= self.start.latest
        ended = self.end.earliest is not None and day >= self.end.earliest
        return Containment.CERTAINLY if begun and not ended else Containment.POSSIBLY

    def is_past(self, day: date) -> bool:
        """Tell whether the period was certainly over before a day."""
        return self.end.latest is not None and day > self.end.latest

    def __str__(self) -> str:
        """Return the period as a reporter would write it; empty when nothing is known."""
        return period_said(str(self.start), str(self.end), told=self.told)


def period_said(start: str, end: str, *, told: bool = False) -> str:
    """Return the dates of a period as one reads them: "since 2019-04"; empty when nothing is known.

    Parameters
    ----------
    start, end
        In ISO 8601, at any precision; empty when unknown.
    told
        As of a :class:`Period`: "told on 2019-04-30, until 2021", for nobody says since when.
    """
    if start and told:
        return f"told {'on' if len(start) == len('2019-04-30') else 'in'} {start}" + (f", until {end}" if end else "")
    if start and end:
        return f"{start} to {end}"
    return f"since {start}" if start else f"until {end}" if end else ""


def day(year: int, month: int, day_: int) -> PartialDate:
    """Return a date known to the day."""
    known = date(year, month, day_)
    return PartialDate(known, known)


def month(year: int, month_: int) -> PartialDate:
    """Return a date known to the month."""
    return PartialDate(date(year, month_, 1), date(year, month_, monthrange(year, month_)[1]))


def year(year_: int) -> PartialDate:
    """Return a date known to the year."""
    return PartialDate(date(year_, 1, 1), date(year_, 12, 31))


_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), start=1)
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{2}:\d{2}.*)?")
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})\.?[ -](\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.? (?:(\d{1,2})(?:st|nd|rd|th)?,? )?(\d{4})")
_UNSAID = frozenset({"", "-", "n/a", "na", "none", "null", "unknown", "present", "current"})


def parse_date(text: object, century_from: int = 70) -> PartialDate:
    """Read a date of any precision from the text of a source.

    Understands ISO 8601 ("2019", "2019-04", "2019-04-30"), the slashed month-first dates of
    US lists ("10/9/19") and spelled months ("10 Dec 2021", "June 2019"). A text that is no
    date, or a year no record can have ("0097-06-30"), is unknown, keeps its text and says why
    in ``flag``. Never raises.

    Parameters
    ----------
    text
        The cell as it stands.
    century_from
        Two-digit years from here on are of the 1900s, smaller ones of the 2000s.
    """
    raw = "" if text is None else str(text).strip()
    if raw.casefold() in _UNSAID:
        return PartialDate(text=raw) if raw else NO_DATE
    try:
        parsed = _read(raw, century_from)
    except ValueError:
        return PartialDate(text=raw, flag="not a date of the calendar")
    if parsed is None:
        return PartialDate(text=raw, flag="not a date")
    if parsed.earliest is not None and not FIRST_YEAR <= parsed.earliest.year <= LAST_YEAR:
        return PartialDate(text=raw, flag="a year no record can have")
    return parsed


def _read(raw: str, century_from: int) -> PartialDate | None:
    if match := _ISO.fullmatch(raw):
        return _build(match[1], match[2], match[3])
    if match := _US.fullmatch(raw):
        short = len(match[3]) == 2
        century = (1900 if int(match[3]) >= century_from else 2000) if short else 0
        return day(century + int(match[3]), int(match[1]), int(match[2]))
    if match := _COMPACT.fullmatch(raw):
        return _build(match[1], match[2], match[3])
    if (match := _DAY_FIRST.fullmatch(raw)) and match[2].lower() in _MONTHS:
        return day(int(match[3]), _MONTHS[match[2].lower()], int(match[1]))
    if (match := _MONTH_FIRST.fullmatch(raw)) and match[1].lower() in _MONTHS:
        return _build(match[3], str(_MONTHS[match[1].lower()]), match[2])
    return None


def _build(y: str, m: str | None, d: str | None) -> PartialDate:
    if m is None:
        return year(int(y))
    return month(int(y), int(m)) if d is None else day(int(y), int(m), int(d))
