"""What a mapping takes from a row for one thing of the graph: a column, a constant, a part of a text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from listed.graph.share import ShareUnit
from listed.loaders.numbered_dates import in_iso
from listed.loaders.table.party_names import joined
from listed.loaders.table.rows import Cell

Cells = Mapping[str, Cell]
Pattern = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Value:
    """Where a value comes from, and what is done to the text, in this order.

    Parameters
    ----------
    column, constant
        The column it is in; or the text itself.
    rejoin
        Join again names that a split at commas tore apart.
    split
        What stands between several values in one cell.
    replace
        Patterns and what to put in their place.
    unsaid
        Texts that say nothing, as "Unknown" (compared without case).
    find
        The part of the text to take: its group ``value``, else its first group, else all it matches.
    map
        Texts to be read as others (compared without case).
    day_first
        Of dates: whether 3/4/2019 is in April; ``None`` if nobody says. If somebody does, a date is read into ISO's
        order wherever it is put.
    wording
        What to say with the text in the place of ``{}``.
    joint
        Put between several texts where one is wanted; without it the first is taken if ``find`` found
        several, and "; " is put between those of a list.
    doubt
        A text in which this is found is kept, but flagged.
    unit
        Of shares: what a bare number counts.
    plain
        Whether it is a column's text and nothing else.
    """

    column: str = ""
    constant: str = ""
    unsaid: frozenset[str] = frozenset()
    rejoin: bool = False
    split: Pattern | None = None
    replace: tuple[tuple[Pattern, str], ...] = ()
    find: Pattern | None = None
    map: Mapping[str, str] = field(default_factory=dict)
    wording: str = ""
    joint: str | None = None
    doubt: Pattern | None = None
    unit: ShareUnit | None = None
    day_first: bool | None = None
    plain: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        # Most columns are taken as they are, and there are millions of cells.
        bare = Value.__dataclass_fields__
        told = [name for name in bare if name not in ("column", "plain", "unit") and getattr(self, name)]
        said = self.joint is not None or self.day_first is not None
        object.__setattr__(self, "plain", bool(self.column) and not told and not said)

    def texts(self, cells: Cells, flags: list[str]) -> list[str]:
        """Return all texts a row has here; what cannot be taken at its word goes to ``flags``."""
        cell = self.constant or cells.get(self.column, "")
        found = [cell] if isinstance(cell, str) else cell
        if self.rejoin and len(found) > 1:
            found, open_ = joined(found, self.split)
            flags += [f"{self.column}: one name or two? {pair}" for pair in open_]
        if self.split:
            found = [part for text in found for part in self.split.split(text) if part is not None]
        read = [text for one in found for text in self._read(one)]
        if self.doubt:
            flags += [f"{self.column}: doubtful: {text}" for text in read if self.doubt.search(text)]
        return read

    def _read(self, text: str) -> list[str]:
        text = " ".join(text.split())
        for pattern, instead in self.replace:
            text = pattern.sub(instead, text).strip()
        if not text or text.casefold() in self.unsaid:
            return []
        parts = [_found(match) for match in self.find.finditer(text)] if self.find else [text]
        parts = [self.map.get(part.casefold(), part) for part in parts]
        if self.day_first is not None:
            parts = [in_iso(part, day_first=self.day_first) for part in parts]
        return [self.wording.replace("{}", part) if self.wording else part for part in parts if part]


def _found(match: re.Match[str]) -> str:
    groups = match.groupdict()
    text = groups["value"] if "value" in groups else match[1] if match.re.groups else match[0]
    return (text or "").strip()


Values = Sequence[Value]


def one_text(values: Values, cells: Cells, flags: list[str]) -> str:
    """Return the text of the first of some values that says anything."""
    for value in values:
        if value.plain and isinstance(cell := cells.get(value.column, ""), str):
            if text := " ".join(cell.split()):
                return text
            continue
        if texts := value.texts(cells, flags):
            if value.joint is None and value.find is not None:
                return texts[0]
            return (value.joint if value.joint is not None else "; ").join(dict.fromkeys(texts))
    return ""


def all_texts(values: Values, cells: Cells, flags: list[str]) -> list[str]:
    """Return what all of some values say, each text once."""
    if not values:
        return []
    return list(dict.fromkeys(text for value in values for text in value.texts(cells, flags)))
