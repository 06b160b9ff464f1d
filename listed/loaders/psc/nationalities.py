"""Nationalities as Companies House writes them ("British", "Hong Konger"), as countries."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib.resources import files

from listed.loaders.csl.countries import country_code

_BETWEEN = re.compile(r"[,;/]|\band\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def nationality_codes(text: str) -> tuple[str, ...]:
    """Return the countries of a nationality or several ("British,Chinese"); none for a word not known."""
    words = (word.strip() for word in _BETWEEN.split(text))
    codes = (_codes().get(word.casefold()) or country_code(word) for word in words if word)
    return tuple(dict.fromkeys(code for code in codes if code))


@cache
def _codes() -> dict[str, str]:
    table = files(__package__).joinpath("nationalities.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return {word.casefold(): row["code"] for row in rows for word in row["nationalities"].split("|")}
