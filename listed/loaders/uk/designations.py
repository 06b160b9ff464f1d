"""One designation, as its rows or its element tell it, words not yet read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from listed.loaders.csl.text import tidy

NUMBERED = re.compile(r"\s*\(\d{1,2}\)\s*")
"""Between the parts of "(1) Iraq (2) Syria"."""


@dataclass(slots=True)
class Designation:
    """One designation, gathered from its rows or its element; each text is held once.

    Parameters
    ----------
    record
        Where it begins in its file.
    names
        Name, what kind of name it is, and of what quality.
    addresses
        Their lines, the country last.
    told
        Everything else, by the keys of :mod:`listed.loaders.uk.columns`.
    """

    record: str
    names: dict[tuple[str, str, str], None] = field(default_factory=dict)
    addresses: dict[tuple[str, ...], None] = field(default_factory=dict)
    births: dict[str, None] = field(default_factory=dict)
    told: dict[str, dict[str, None]] = field(default_factory=dict)

    def tell(self, key: str, text: str) -> None:
        """Keep a text under a key."""
        if text := tidy(text):
            self.told.setdefault(key, {})[text] = None

    def all(self, key: str) -> list[str]:
        """Return what is told, "(1) A (2) B" as two."""
        return [part for text in self.told.get(key, ()) for one in NUMBERED.split(text) if (part := tidy(one))]

    def one(self, key: str) -> str:
        """Return the first text told; empty where there is none."""
        return next(iter(self.told.get(key, ())), "")

    def add_birth_place(self, town: str, country: str) -> None:
        """Add a place of birth; a country beside towns that have their own is none."""
        if place := ", ".join(filter(None, (tidy(town), tidy(country)))):
            self.births[place] = None
