"""Identifiers: a strong scheme takes only a value that has its form and its check digits.

Records merge by a strong identifier, so a wrong one would make two parties one. A value without
the form of its scheme is kept under the scheme's name and ``-unchecked``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from listed.graph.model import Identifier

_LEI = re.compile(r"[0-9A-Z]{18}\d\d")
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_OGRN = re.compile(r"[15]\d{12}|3\d{14}")
_IMO = re.compile(r"(?:IMO\s?)?(\d{7})")
_GB_COH = re.compile(r"\d{8}|[A-Z]{2}\d{6}")
_USCC_ALPHABET = {letter: place for place, letter in enumerate("0123456789ABCDEFGHJKLMNPQRTUWXY")}


def is_lei(value: str) -> bool:
    """Tell whether a text is a legal entity identifier with the right check digits."""
    return _LEI.fullmatch(value) is not None and int("".join(str(int(letter, 36)) for letter in value)) % 97 == 1


def is_isin(value: str) -> bool:
    """Tell whether a text is an ISIN with the right check digit."""
    if not _ISIN.fullmatch(value):
        return False
    digits = [int(digit) for letter in value for digit in str(int(letter, 36))]
    doubled = (2 * digit if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def is_uscc(value: str) -> bool:
    """Tell whether a text is a Chinese unified social credit code with the right check letter."""
    if not _USCC.fullmatch(value):
        return False
    total = sum(_USCC_ALPHABET[letter] * pow(3, place, 31) for place, letter in enumerate(value[:17]))
    return _USCC_ALPHABET[value[17]] == -total % 31


def is_ogrn(value: str) -> bool:
    """Tell whether a text is a number of Russia's register with the right check digit."""
    return _OGRN.fullmatch(value) is not None and int(value[:-1]) % (len(value) - 2) % 10 == int(value[-1])


def is_inn(value: str) -> bool:
    """Tell whether a text is a Russian tax number with the right check digits."""
    if not re.fullmatch(r"\d{10}|\d{12}", value):
        return False
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    checks = (10, 11) if len(value) == 12 else (9,)
    return all(
        sum(int(digit) * weight for digit, weight in zip(value[:end], weights[len(weights) - end :], strict=True))
        % 11
        % 10
        == int(value[end])
        for end in checks
    )


def ship_number(value: str) -> str:
    """Return the seven digits of a ship's IMO number if its check digit is right, else nothing."""
    if not (match := _IMO.fullmatch(value)):
        return ""
    digits = [int(digit) for digit in match[1]]
    right = sum(digit * weight for digit, weight in zip(digits, range(7, 1, -1), strict=False)) % 10 == digits[6]
    return match[1] if right else ""


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_CHECKS: dict[str, Callable[[str], bool]] = {
    "lei": is_lei,
    "isin": is_isin,
    "uscc": is_uscc,
    "ogrn": is_ogrn,
    "wikidata": _form(r"Q[1-9]\d*"),
    "swift": _form(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
    "duns": _form(r"\d{9}"),
}
_SHIPS = frozenset({"Vessel", "Vehicle"})


class _Unchecked:
    """The schemes whose values are taken as they stand."""

    def __contains__(self, scheme: str) -> bool:
        return scheme not in _CHECKS and scheme not in ("imo", "registration-number")


UNCHECKED = _Unchecked()


def identifier(scheme: str, value: str, schema: str, country: str) -> tuple[str, str]:
    """Return scheme and value of an identifier.

    Parameters
    ----------
    scheme, value
        As ``properties.csv`` names the scheme, and as the file gives the value.
    schema
        Of whom: a company's IMO number is not a ship's, though it looks the same.
    country
        The one country of its bearer, where there is one: of a registration number.
    """
    if scheme == "imo":
        number = ship_number(value.upper())
        if schema in _SHIPS:
            return ("imo", number) if number else ("imo-unchecked", value)
        return "imo-company", value.upper().removeprefix("IMO").strip()
    if scheme == "registration-number":
        return _registration(value, country)
    if scheme not in _CHECKS:
        return scheme, value
    plain = value.upper().replace("-", "") if scheme == "duns" else value.upper().replace(" ", "")
    return (scheme, plain) if _CHECKS[scheme](plain) else (f"{scheme}-unchecked", value)


def _registration(value: str, country: str) -> tuple[str, str]:
    if country == "gb" and _GB_COH.fullmatch(value):
        return "gb-coh", value
    if country == "ru" and is_ogrn(value):
        return "ogrn", value
    if country == "cn" and is_uscc(value):
        return "uscc", value
    return "registration-number", f"{country.upper()}:{value}" if country else value


def guessed(value: str, schema: str, countries: Sequence[str]) -> Identifier:
    """Return an identifier whose scheme the file does not tell, by its check digits where they are certain.

    Any other is of the scheme ``unknown``, which merges nothing.
    """
    plain = value.strip()
    if schema in _SHIPS and plain.startswith("IMO") and (number := ship_number(plain)):
        return Identifier("imo", number)
    if plain.startswith("IMO"):
        return Identifier("imo-company", plain.removeprefix("IMO").strip())
    if is_lei(plain):
        return Identifier("lei", plain)
    if "ru" in countries and is_ogrn(plain):
        return Identifier("ogrn", plain)
    if "ru" in countries and is_inn(plain):
        return Identifier("inn", plain)
    if {"cn", "hk"} & set(countries) and is_uscc(plain):
        return Identifier("uscc", plain)
    return Identifier("unknown", plain)
