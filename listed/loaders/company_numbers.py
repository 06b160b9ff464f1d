"""Numbers of the UK's company register, in the one form that makes two spellings of a number the same."""

from __future__ import annotations

import re

_FORM = re.compile(r"(?=.*[0-9]{5})[A-Z0-9]{8}")
_SHORT = re.compile(r"([A-Z]{0,2})([0-9]{1,8})")
_FEWEST = 5


def company_number(text: str) -> str:
    """Return a number with the zeros that are often left out; empty for what is no such number.

    ``7444723`` is ``07444723``, ``SC12345`` is ``SC012345``. "0", "12" or "none" stand where no number
    is known, and would make strangers one company.
    """
    value = "".join(text.split()).upper()
    if sum(letter.isdigit() for letter in value) < _FEWEST or not value.strip("0"):
        return ""
    if len(value) < 8 and (short := _SHORT.fullmatch(value)):
        value = short[1] + short[2].zfill(8 - len(short[1]))
    return value if _FORM.fullmatch(value) else ""
