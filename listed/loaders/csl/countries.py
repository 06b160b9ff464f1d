"""Country codes and the English names the list writes them by (``countries.csv``)."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def _codes() -> dict[str, str]:
    """Return lower-case name or upper-case code to code."""
    known: dict[str, str] = {}
    table = files(__package__).joinpath("countries.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        known[row["code"].upper()] = row["code"]
        known.update({name.casefold(): row["code"] for name in row["names"].split("|")})
    return known


@cache
def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-2 code a text stands for, lower case; empty when it is no country.

    A code counts only in upper case ("IN" is India, "in" a word). "Georgia" is left open: in an
    American list it is as often the state.
    """
    codes = _codes()
    return codes.get(text) or codes.get(text.casefold()) or codes.get(text.rstrip(".").casefold(), "")
