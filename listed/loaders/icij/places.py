"""Countries as ICIJ writes them: codes of three letters, names, and the codes of the leaked files (BVI)."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from listed.loaders.csl.countries import country_code


@cache
def _codes() -> dict[str, str]:
    table = files(__package__).joinpath("countries.csv").read_text(encoding="utf-8")
    return {row["code"]: row["country"] for row in csv.DictReader(table.splitlines())}


@cache
def countries_in(cell: str) -> tuple[str, ...]:
    """Return the countries in a cell that joins codes or names with ";", by ISO 3166-1 alpha-2, lower case."""
    parts = (part.strip() for part in cell.split(";"))
    return tuple(dict.fromkeys(code for part in parts if part and (code := _codes().get(part) or country_code(part))))
