"""The number a business register gave an entity, as an identifier where the register is known.

``registers.csv`` leads from GLEIF's code of a registration authority to a scheme, named after
org-id.guide's list where that has one. A scheme that merges records takes only a number of its form.
Hong Kong's registers file the business registration number here, not the company number.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from listed.graph.model import Identifier
from listed.graph.vocabulary import STRONG_SCHEMES
from listed.loaders.company_numbers import company_number

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@cache
def _schemes() -> dict[str, str]:
    table = files(__package__).joinpath("registers.csv").read_text(encoding="utf-8")
    return {row["authority"]: row["scheme"] for row in csv.DictReader(table.splitlines())}


def register_identifier(authority: str, number: str, jurisdiction: str, category: str) -> tuple[Identifier | None, str]:
    """Return a register's number as an identifier, and what of it was not taken at its word.

    Parameters
    ----------
    authority, number
        GLEIF's code of the register, and the number there.
    jurisdiction
        Where the entity is, lower case: China's and Russia's numbers are told by their check digits.
    category
        The entity's. Funds and branches are often filed under the number of their manager or head
        office, so theirs merges no records.

    Returns
    -------
    identifier, flag
        No identifier if there is no number or the register is not known here.
    """
    if not number:
        return None, ""
    scheme = _schemes().get(authority, "")
    value, flag = number, ""
    if jurisdiction.startswith("cn") and _is_uscc(number.upper()):
        scheme, value = "uscc", number.upper()
    elif scheme == "gb-coh" and company_number(number) not in ("", number):
        value = company_number(number)
        flag = f"identifier: gb-coh {number} read as {value}"
    if not scheme:
        return None, ""
    if scheme in STRONG_SCHEMES and not _has_form(scheme, value):
        return Identifier(f"{scheme}-unchecked", number), f"identifier: {number} has not the form of {scheme}"
    if scheme in STRONG_SCHEMES and category in ("FUND", "BRANCH"):
        return Identifier(f"{scheme}-{category.lower()}", value), flag
    return Identifier(scheme, value), flag


def is_lei(value: str) -> bool:
    """Tell whether a text is a legal entity identifier with the right check digits (ISO 17442)."""
    if not re.fullmatch(r"[0-9A-Z]{18}\d\d", value):
        return False
    return int("".join(str(int(character, 36)) for character in value)) % 97 == 1


def _has_form(scheme: str, value: str) -> bool:
    if scheme == "gb-coh":
        return company_number(value) == value
    if scheme == "ogrn":
        return re.fullmatch(r"[15]\d{12}", value) is not None and int(value[:12]) % 11 % 10 == int(value[12])
    return scheme == "uscc" and _is_uscc(value)


def _is_uscc(value: str) -> bool:
    """Check the form and the check character of a Chinese unified social credit code (GB 32100)."""
    if len(value) != 18 or any(character not in _USCC for character in value):
        return False
    digits = [_USCC.index(character) for character in value]
    weighted = sum(digit * pow(3, place, 31) for place, digit in enumerate(digits[:17]))
    return (31 - weighted % 31) % 31 == digits[17]
