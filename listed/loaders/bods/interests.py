"""Interests: what kind of link each type of interest is, and how much is held.

Only a shareholding is ownership of shares. Votes, a right to appoint the board and every other hold
on an entity are control, each with its own basis, so that no rule counts them as shares. A right to
surplus assets is what a partnership has in the place of shares. What says neither (a beneficiary, a
right to profits, an interest not told) is a link without a claim of ownership or control.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache

from listed.graph.share import PERCENT, UNKNOWN, WHOLE, Basis, Share, show_percent
from listed.graph.vocabulary import LinkType
from listed.loaders.bods.statements import End, Interest, Number, ShareTold


@dataclass(frozen=True, slots=True)
class Hold:
    """The kind of link a type of interest is. ``known`` is false for a type outside the code list."""

    type: LinkType
    basis: Basis
    role: str
    known: bool = True


_OWNS, _CONTROLS = LinkType.OWNS, LinkType.CONTROLS
_HOLDS = {
    "shareholding": Hold(_OWNS, Basis.SHARES, ""),
    "votingrights": Hold(_CONTROLS, Basis.VOTES, "voting rights"),
    "appointmentofboard": Hold(_CONTROLS, Basis.BOARD, "appointment of board"),
    "otherinfluenceorcontrol": Hold(_CONTROLS, Basis.UNKNOWN, "other influence or control"),
    "seniormanagingofficial": Hold(LinkType.OFFICER_OF, Basis.UNKNOWN, "senior managing official"),
    "settlor": Hold(_CONTROLS, Basis.UNKNOWN, "settlor"),
    "trustee": Hold(_CONTROLS, Basis.UNKNOWN, "trustee"),
    "protector": Hold(_CONTROLS, Basis.UNKNOWN, "protector"),
    "beneficiaryoflegalarrangement": Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "beneficiary of legal arrangement"),
    "rightstosurplusassetsondissolution": Hold(_OWNS, Basis.UNKNOWN, "rights to surplus assets on dissolution"),
    "rightstoprofitorincome": Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "rights to profit or income"),
    "rightsgrantedbycontract": Hold(_CONTROLS, Basis.UNKNOWN, "rights granted by contract"),
    "conditionalrightsgrantedbycontract": Hold(_CONTROLS, Basis.UNKNOWN, "conditional rights granted by contract"),
    "controlviacompanyrulesorarticles": Hold(_CONTROLS, Basis.UNKNOWN, "control via company rules or articles"),
    "controlbylegalframework": Hold(_CONTROLS, Basis.UNKNOWN, "control by legal framework"),
    "boardmember": Hold(LinkType.OFFICER_OF, Basis.UNKNOWN, "board member"),
    "boardchair": Hold(LinkType.OFFICER_OF, Basis.UNKNOWN, "board chair"),
    "unknowninterest": Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "unknown interest"),
    "unpublishedinterest": Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "unpublished interest"),
    "enjoymentanduseofassets": Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "enjoyment and use of assets"),
    "righttoprofitorincomefromassets": Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "right to profit or income from assets"),
    "nominee": Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "nominee"),
    "nominator": Hold(_CONTROLS, Basis.UNKNOWN, "nominator"),
}
_UNTIL_02 = {
    "influenceorcontrol": "otherinfluenceorcontrol",
    "otherinfluenceorcontroloftrust": "otherinfluenceorcontrol",
    "settloroftrust": "settlor",
    "trusteeoftrust": "trustee",
    "protectoroftrust": "protector",
    "beneficiaryoftrust": "beneficiaryoflegalarrangement",
}
_UNTOLD = Hold(LinkType.LINKED_TO, Basis.UNKNOWN, "unknown interest")
_CONSOLIDATED = re.compile(r"\bIS_(DIRECTLY|ULTIMATELY)_CONSOLIDATED_BY\b")
_LETTERS = re.compile(r"[^a-z]")


@lru_cache(maxsize=256)
def hold_of(type_: str | None) -> Hold:
    """Return the kind of link a type of interest is, however its version spells it (``voting-rights``)."""
    if not type_:
        return _UNTOLD
    key = _LETTERS.sub("", type_.lower())
    hold = _HOLDS.get(_UNTIL_02.get(key, key))
    return hold or Hold(LinkType.LINKED_TO, Basis.UNKNOWN, type_, known=False)


def hold_told(interest: Interest) -> tuple[Hold, bool | None]:
    """Return the kind of link an interest is, and whether it is direct as far as told.

    Statements made of GLEIF's records say "other influence or control" and only in the details that it
    is accounting consolidation, direct or ultimate.
    """
    hold = hold_of(interest.type)
    directness = interest.direct_or_indirect or interest.interest_level
    direct = None if directness not in ("direct", "indirect") else directness == "direct"
    if interest.details and (found := _CONSOLIDATED.search(interest.details)):
        return Hold(LinkType.CONTROLS, Basis.CONSOLIDATION, hold.role), found[1] == "DIRECTLY"
    return hold, direct


@lru_cache(maxsize=4096)
def share_of(told: ShareTold | None) -> Share:
    """Return a share as told: exact, between ends, above or below one, or unknown.

    What contradicts itself or lies outside 0 to 100 is unknown, keeps its text and is flagged.
    """
    if told is None:
        return UNKNOWN
    text = _as_written(told)
    try:
        return _read(told, text)
    except (ValueError, ArithmeticError) as error:
        return Share(text=text, flag=str(error) if type(error) is ValueError else "not a number")


def _read(told: ShareTold, text: str) -> Share:
    low, low_open = _end(told.minimum, told.exclusive_minimum, lowest=True)
    high, high_open = _end(told.maximum, told.exclusive_maximum, lowest=False)
    if told.exact is not None:
        floor, ceiling = _units(told.exact)
        if ceiling < low or floor > high:
            raise ValueError("an exact share outside its own minimum and maximum")
        return Share(floor, ceiling, text=text)
    ends = (told.minimum, told.maximum, told.exclusive_minimum, told.exclusive_maximum)
    if all(end is None or isinstance(end, bool) for end in ends):
        return Share(text=text)
    if low > high or (low == high and (low_open or high_open)):
        raise ValueError("a range that ends below its start")
    return Share(low, high, low_open, high_open, text)


def _end(value: Number, exclusive: End, *, lowest: bool) -> tuple[int, bool]:
    """Return one end of a range and whether it is open; until 0.3 ``exclusive`` says so of ``value``."""
    bound = 0 if lowest else WHOLE
    place = 0 if lowest else 1
    ends = [] if value is None else [(_units(value)[place], exclusive is True)]
    if exclusive is not None and not isinstance(exclusive, bool):
        ends.append((_units(exclusive)[place], True))
    if not ends:
        return bound, False
    return max(ends) if lowest else min(ends, key=lambda end: (end[0], not end[1]))


def _units(value: Number) -> tuple[int, int]:
    """Return the whole millionths of a point just below and just above a percentage; mostly the same."""
    exact = Decimal(str(value).strip().removesuffix("%")) * PERCENT
    if not exact.is_finite() or not 0 <= exact <= WHOLE:
        raise ValueError("not within 0 to 100 percent")
    floor = int(exact.to_integral_value(ROUND_FLOOR))
    return floor, floor + (exact != floor)


def _as_written(told: ShareTold) -> str:
    """Return a share in the statement's own words: "50", "minimum 25, maximum 50"."""
    ends = [
        ("minimum", told.minimum),
        ("exclusiveMinimum", told.exclusive_minimum),
        ("maximum", told.maximum),
        ("exclusiveMaximum", told.exclusive_maximum),
    ]
    said = [f"{name} {_number(value)}" for name, value in ends if value is not None and value is not False]
    if told.exact is None:
        return ", ".join(said)
    exact = _number(told.exact)
    others = {_number(value) for name, value in ends if value is not None and value is not False}
    return exact if others <= {exact} else ", ".join([f"exact {exact}", *said])


def _number(value: End) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        floor, ceiling = _units(value)
    except (ValueError, ArithmeticError):
        return str(value)
    return show_percent(floor) if floor == ceiling else str(value)
