"""Identifiers with check digits: a reader of FollowTheMoney drops a number that has not the form of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable


def _lei(value: str) -> bool:
    """ISO 17442: the letters as numbers, modulo 97, give 1."""
    digits = "".join(str(int(letter, 36)) for letter in value) if re.fullmatch(r"[0-9A-Z]{18}\d\d", value) else "0"
    return int(digits) % 97 == 1


def _isin(value: str) -> bool:
    """ISO 6166: the check digit of Luhn, letters as numbers."""
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{9}\d", value):
        return False
    digits = [int(digit) for letter in value for digit in str(int(letter, 36))]
    doubled = (2 * digit if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def _ogrn(value: str) -> bool:
    return re.fullmatch(r"[15]\d{12}|3\d{14}", value) is not None and int(value[:-1]) % (len(value) - 2) % 10 == int(
        value[-1]
    )


def _inn(value: str) -> bool:
    if not re.fullmatch(r"\d{10}|\d{12}", value):
        return False
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    ends = (10, 11) if len(value) == 12 else (9,)
    return all(
        sum(int(digit) * weight for digit, weight in zip(value, weights[-end:], strict=False)) % 11 % 10
        == int(value[end])
        for end in ends
    )


def _imo(value: str) -> bool:
    """Of ships: seven to two times the digits; of companies, whose numbers look the same, 8, 6, 4, 2, 9 and 7 times."""
    if not re.fullmatch(r"\d{7}", value):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(value, range(7, 1, -1), strict=False))
    company = sum(int(digit) * weight for digit, weight in zip(value, (8, 6, 4, 2, 9, 7), strict=False))
    return int(value[6]) in (total % 10, (11 - company % 11) % 10)


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


FORMS: dict[str, Callable[[str], bool]] = {
    "lei": _lei,
    "isin": _isin,
    "ogrn": _ogrn,
    "inn": _inn,
    "imo": _imo,
    "wikidata": _form(r"Q[1-9]\d*"),
    "bic": _form(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
}
"""Tells of a number whether it has its form, by the name of the form in ``model.csv``."""
