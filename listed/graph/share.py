"""Shares: how much of an asset an owner holds, exactly as far as the source knows.

A share is a range of whole millionths of a percentage point, so that sums are exact
(16.67 + 16.67 + 16.66 is 50) and "more than 25 but not more than 50" keeps its open end.
What a source wrote is kept beside it, also where it cannot be read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal

PERCENT = 1_000_000
"""One percentage point in the unit shares are counted in."""

WHOLE = 100 * PERCENT
"""All of an asset."""

ShareUnit = Literal["percent", "fraction"]


class Basis(StrEnum):
    """What a share counts. Ownership rules use ``SHARES`` (or ``UNKNOWN``), never votes."""

    SHARES = "shares"
    VOTES = "votes"
    BOARD = "board"
    CONSOLIDATION = "consolidation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Share:
    """A share: exact, a range with open or closed ends, or unknown.

    Parameters
    ----------
    low, high
        Ends of the range in millionths of a percentage point, 0 to 100,000,000;
        both ``None`` when the share is unknown.
    low_open, high_open
        Whether the end itself is excluded ("more than 25" has an open low end).
    text
        What the source wrote.
    flag
        Why the text was not taken at its word, or empty.

    Raises
    ------
    ValueError
        If the ends are outside 0 to 100 or in the wrong order.
    """

    low: int | None = None
    high: int | None = None
    low_open: bool = False
    high_open: bool = False
    text: str = ""
    flag: str = ""

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError("a share has both ends or none")
        if self.low is not None and self.high is not None and not 0 <= self.low <= self.high <= WHOLE:
            raise ValueError(f"share out of order or range: {self.low}..{self.high}")

    @property
    def known(self) -> bool:
        """Whether the source gives any bound at all."""
        return self.low is not None

    @property
    def exact(self) -> bool:
        """Whether the share is one number."""
        return self.low is not None and self.low == self.high

    @property
    def is_exit(self) -> bool:
        """Whether the source says that nothing is held (any more)."""
        return self.high == 0

    def __str__(self) -> str:
        """Return the share as a reporter would write it."""
        if self.low is None or self.high is None:
            return "share unknown"
        if self.low == self.high:
            return f"{show_percent(self.low)}%"
        if self.low == 0 and not self.low_open:
            return f"{'less than' if self.high_open else 'up to'} {show_percent(self.high)}%"
        if self.high == WHOLE and not self.high_open:
            return f"{'more than' if self.low_open else 'at least'} {show_percent(self.low)}%"
        if not self.low_open and not self.high_open:
            return f"{show_percent(self.low)}–{show_percent(self.high)}%"
        low = "more than" if self.low_open else "at least"
        high = "less than" if self.high_open else "up to"
        return f"{low} {show_percent(self.low)}%, {high} {show_percent(self.high)}%"


UNKNOWN = Share()


def show_percent(units: int) -> str:
    """Return a count of millionths of a point as a plain decimal: 50010000 is ``50.01``."""
    whole, part = divmod(units, PERCENT)
    return f"{whole}.{part:06d}".rstrip("0") if part else str(whole)


def percent(value: str | int | float | Decimal) -> int:
    """Return a percentage as a count of millionths of a point, exactly.

    Raises
    ------
    ValueError
        If it is not a number, not within 0 to 100, or finer than a millionth of a point.
    """
    try:
        units = Decimal(str(value).strip()) * PERCENT
    except ArithmeticError as error:
        raise ValueError(f"not a percentage: {value}") from error
    if not units.is_finite() or not 0 <= units <= WHOLE:
        raise ValueError(f"not within 0 to 100 percent: {value}")
    if units != units.to_integral_value():
        raise ValueError(f"finer than a millionth of a percentage point: {value}")
    return int(units)


_NUMBER = r"(\d{1,3}(?:[.,]\d+)?|[.,]\d+)"
_SIGN = r"\s*(?:%|percent|per cent|pct)?\s*"
_SAID = {
    "wholly owned": Share(WHOLE, WHOLE),
    "wholly-owned": Share(WHOLE, WHOLE),
    "all": Share(WHOLE, WHOLE),
    "majority": Share(50 * PERCENT, WHOLE, low_open=True),
    "majority owned": Share(50 * PERCENT, WHOLE, low_open=True),
    "majority-owned": Share(50 * PERCENT, WHOLE, low_open=True),
    "minority": Share(0, 50 * PERCENT, high_open=True),
    "half": Share(50 * PERCENT, 50 * PERCENT),
}
_UNSAID = frozenset({"", "-", "--", "–", "—", "?", "n/a", "na", "n.a.", "none", "null", "nil", "unknown",
                     "undisclosed", "not stated", "not disclosed", "not available", "various"})  # fmt: skip
_OVER = r"(?:>|more than|over|above|exceeding|greater than)"
_UNDER = r"(?:<|less than|under|below)"
_AT_LEAST = r"(?:>=|≥|at least|not less than|minimum of|min\.?)"
_AT_MOST = r"(?:<=|≤|at most|up to|not more than|no more than|maximum of|max\.?)"

_ROUNDED = PERCENT
"""How far "about" may be off, on either side: one percentage point."""

_EXACT = re.compile(rf"{_NUMBER}{_SIGN}")
_ABOUT = re.compile(rf"(?:about|approximately|approx\.?|around|circa|ca\.?|c\.|~|≈)\s*{_NUMBER}{_SIGN}")
_FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")
_BETWEEN = re.compile(
    rf"(?P<open>{_AT_LEAST}|{_OVER}|between|from)?\s*{_NUMBER}{_SIGN}"
    rf"(?:-|–|—|to|and|but|,)\s*(?:but\s+)?(?P<close>{_AT_MOST}|{_UNDER})?\s*{_NUMBER}{_SIGN}"
)
_INTERVAL = re.compile(rf"([\[(])\s*{_NUMBER}{_SIGN},\s*{_NUMBER}{_SIGN}([\])])")
_ONE_SIDED = [
    (re.compile(rf"{_AT_LEAST}\s*{_NUMBER}{_SIGN}"), "low", False),
    (re.compile(rf"{_NUMBER}{_SIGN}(?:or more|or over|and above|or above|\+)"), "low", False),
    (re.compile(rf"{_OVER}\s*{_NUMBER}{_SIGN}"), "low", True),
    (re.compile(rf"{_AT_MOST}\s*{_NUMBER}{_SIGN}"), "high", False),
    (re.compile(rf"{_NUMBER}{_SIGN}(?:or less|or under)"), "high", False),
    (re.compile(rf"{_UNDER}\s*{_NUMBER}{_SIGN}"), "high", True),
]


def parse_share(text: object, unit: ShareUnit | None = None) -> Share:
    """Read a share from the text of a source.

    Nothing is guessed: what cannot be read, or could mean two things, is unknown, keeps its
    text and says why in ``flag``.

    Parameters
    ----------
    text
        The cell as it stands: a string, a number or ``None``.
    unit
        What a bare number counts. Without it a bare number up to 1 is ambiguous ("0.51": a
        fraction or a percentage?) and stays unknown, flagged.

    Returns
    -------
    Share
        Exact, a range, or unknown. Never raises for any text.
    """
    raw = "" if text is None else str(text).strip()
    low = " ".join(raw.casefold().replace(" ", " ").split())
    share = _read(low, unit)
    return Share(share.low, share.high, share.low_open, share.high_open, raw, share.flag)


def _read(text: str, unit: ShareUnit | None) -> Share:
    if text in _UNSAID or len(text) > 200:
        return Share(flag="" if text in _UNSAID else "not read as a share, kept as unknown")
    if text in _SAID:
        return _SAID[text]
    try:
        return _read_number(text, unit)
    except ValueError as error:
        return Share(flag=str(error))


def _read_number(text: str, unit: ShareUnit | None) -> Share:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text):
        raise ValueError("thousands or decimals?")
    signed = "%" in text or "percent" in text or "per cent" in text or "pct" in text
    unit = "percent" if signed else unit
    if match := _EXACT.fullmatch(text):
        return _bare(match[1], unit, signed=signed)
    if match := _ABOUT.fullmatch(text):
        share = _bare(match[1], unit, signed=signed)
        if share.flag or share.low is None or share.high is None:
            return share
        # A figure rounded to "about 50%" must not decide a threshold.
        return Share(max(share.low - _ROUNDED, 0), min(share.high + _ROUNDED, WHOLE), flag="approximate")
    if match := _FRACTION.fullmatch(text):
        return _fraction(int(match[1]), int(match[2]))
    if match := _INTERVAL.fullmatch(text):
        return _ordered(match[2], match[3], unit, match[1] == "(", match[4] == ")")
    for pattern, end, is_open in _ONE_SIDED:
        if match := pattern.fullmatch(text):
            value = _bare(match[1], unit, signed=signed).low
            if end == "low":
                return Share(value, WHOLE, low_open=is_open)
            return Share(0, value, high_open=is_open)
    if match := _BETWEEN.fullmatch(text):
        opened = bool(re.fullmatch(_OVER, match["open"] or ""))
        closed = bool(re.fullmatch(_UNDER, match["close"] or ""))
        return _ordered(match[2], match[4], unit, opened, closed)
    if re.fullmatch(rf"[-−]\s*{_NUMBER}{_SIGN}", text):
        raise ValueError("a negative share")
    if re.fullmatch(r"\d{4,}(?:[.,]\d+)?\s*%?", text):
        raise ValueError("more than 100 percent")
    raise ValueError("not read as a share, kept as unknown")


def _bare(number: str, unit: ShareUnit | None, *, signed: bool) -> Share:
    """Read one number, refusing to guess whether 0.51 is a fraction or a percentage.

    One finer than a millionth of a point, as spreadsheets write them, is the range that holds it.
    """
    value = Decimal(number.replace(",", ".")) * (100 if unit == "fraction" else 1)
    if value > 100:
        raise ValueError("more than 100 percent")
    if unit is None and not signed and 0 < value <= 1:
        raise ValueError("a fraction or a percentage?")
    units = value * PERCENT
    return Share(int(units), int(units.to_integral_value(ROUND_CEILING)))


def _ordered(low: str, high: str, unit: ShareUnit | None, low_open: bool, high_open: bool) -> Share:  # noqa: FBT001
    start, stop = _bare(low, unit, signed=False).low or 0, _bare(high, unit, signed=False).high or 0
    if start > stop:
        raise ValueError("a range that ends below its start")
    return Share(start, stop, low_open and start != stop, high_open and start != stop)


def _fraction(top: int, bottom: int) -> Share:
    """Return 1/3 as the narrowest range that holds it: no decimal is exactly a third."""
    if top == bottom or top + bottom == 100:
        raise ValueError("a split between two, or a fraction?")
    if bottom == 0 or top > bottom:
        raise ValueError("more than 100 percent" if bottom else "not read as a share, kept as unknown")
    exact = Fraction(top * WHOLE, bottom)
    low = exact.numerator // exact.denominator
    return Share(low, low if exact.denominator == 1 else low + 1)
