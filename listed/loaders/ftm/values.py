"""Values that an object gives once or several times: dates, shares, amounts of money.

FollowTheMoney lets a property have any number of values. Where one is wanted, what holds all of
them is taken, and flagged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from listed.graph.period import NO_DATE, PartialDate, parse_date
from listed.graph.share import PERCENT, UNKNOWN, Share, ShareUnit, parse_share
from listed.graph.stakes import hull

_CENT = Decimal("0.01")
_LARGEST = Decimal(10) ** 18


@lru_cache(maxsize=1 << 15)
def date_of(texts: tuple[str, ...], *, last: bool) -> tuple[PartialDate, str]:
    """Return the first or last of several dates, and a flag.

    A date that another one tells more exactly ("2015" beside "2015-11-25") gives way to it.
    """
    dates = [date for date in dict.fromkeys(parse_date(text) for text in texts) if date.known or date.flag]
    known = [date for date in dates if date.known]
    if not known:
        return (dates[0], f"{dates[0].text}: {dates[0].flag}") if dates else (NO_DATE, "")
    exact = [date for date in known if not any(_holds(date, other) for other in known if other != date)]
    found = max(exact, key=_latest) if last else min(exact, key=_earliest)
    wrong = "; ".join(f"{date.text}: {date.flag}" for date in dates if date.flag)
    several = f"{', '.join(map(str, exact))}: several given, the {'last' if last else 'first'} taken"
    return found, several if len(exact) > 1 else wrong


def _holds(wide: PartialDate, exact: PartialDate) -> bool:
    return _earliest(wide) <= _earliest(exact) and _latest(exact) <= _latest(wide)


def _earliest(date: PartialDate) -> int:
    return date.earliest.toordinal() if date.earliest else 0


def _latest(date: PartialDate) -> int:
    return date.latest.toordinal() if date.latest else 0


def counts_in_percent(texts: Iterable[str]) -> bool:
    """Tell whether one of some bare numbers can only be a percentage: "49", where "0.49" could be a fraction."""
    return any(_above_one(text) for text in texts)


@lru_cache(maxsize=1 << 15)
def _above_one(text: str) -> bool:
    if "%" in text or "/" in text or not any(map(str.isdigit, text)):
        return False
    share = parse_share(text)
    return share.known and (share.high or 0) > PERCENT


@lru_cache(maxsize=1 << 15)
def share_of(texts: tuple[str, ...], unit: ShareUnit | None = None) -> tuple[Share, str]:
    """Return the share that ``percentage`` tells, and a flag; of several values the range that holds them all.

    A bare number up to 1 could be a fraction or a percentage: unless one beside it is above, or ``unit`` says what
    it is, it stays unknown, flagged.
    """
    unit = "percent" if unit is None and counts_in_percent(texts) else unit
    shares = [parse_share(text, unit) for text in texts]
    known = list(dict.fromkeys(share for share in shares if share.known))
    flags = [f"share: {share.text}: {share.flag}" for share in shares if share.flag]
    if len(known) > 1:
        whole = hull(known)
        text = "; ".join(share.text for share in known)
        held = Share(whole.low, whole.high, whole.low_open, whole.high_open, text)
        return held, "; ".join([f"share: {text}: several given, the range of all taken", *flags])
    if known:
        return known[0], "; ".join(flags)
    return (shares[0] if shares else UNKNOWN), "; ".join(flags)


def amount_of(texts: Sequence[str]) -> tuple[Decimal | None, str]:
    """Return an amount of money to the cent, and a flag."""
    if not texts:
        return None, ""
    try:
        whole = Decimal(texts[0].strip().replace(",", ""))
        if not whole.is_finite() or abs(whole) >= _LARGEST:
            return None, f"amount: {texts[0]}: not an amount"
        cents = whole.quantize(_CENT, ROUND_HALF_EVEN)
    except ArithmeticError:  # no number, or one beyond all reckoning: "1e999999999"
        return None, f"amount: {texts[0]}: not an amount"
    flag = f"amount: {', '.join(texts)}: several given, the first taken" if len(texts) > 1 else ""
    return cents, flag or (f"amount: {texts[0]}: rounded to the cent" if cents != whole else "")
