"""The ``addresses`` column: one address per piece, and the country at its end."""

from __future__ import annotations

import re

from listed.graph.model import Address
from listed.loaders.csl.countries import country_code
from listed.loaders.csl.text import pieces

_UNFINISHED = re.compile(r"\bNo\.?$")
"""A piece that stops at its house number ("Kat: 1 No") goes on after the semicolon."""


def read_addresses(cell: str) -> tuple[tuple[Address, ...], tuple[str, ...]]:
    """Read the addresses of a row.

    A piece is split off at every "; ". The country is what stands after the last comma, where
    that is a code or a country's name: "..., Beijing, CN", "..., Kowloon, Hong Kong". Anything
    else at the end (a postcode, a city) is no country, and none is taken from elsewhere.

    Parameters
    ----------
    cell
        Addresses joined with "; ".

    Returns
    -------
    addresses, countries
        The addresses with their text as given, and all countries in order, those of pieces that
        are nothing but a country ("SY") included.
    """
    addresses: dict[str, Address] = {}
    countries: dict[str, None] = {}
    for piece in _whole(pieces(cell)):
        country = _country_at_end(piece)
        if country:
            countries[country] = None
        if not (country and "," not in piece and country_code(piece)):
            addresses.setdefault(piece, Address(piece, country))
    return tuple(addresses.values()), tuple(countries)


def _whole(parts: list[str]) -> list[str]:
    if not any(_UNFINISHED.search(part) for part in parts[:-1]):
        return parts
    whole = parts[:1]
    for part in parts[1:]:
        if _UNFINISHED.search(whole[-1]):
            whole[-1] = f"{whole[-1]}; {part}"
        else:
            whole.append(part)
    return whole


def _country_at_end(piece: str) -> str:
    return country_code(piece[piece.rfind(",") + 1 :].strip())
