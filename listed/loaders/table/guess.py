"""A mapping guessed from the header of a table and its first rows, and what of it is not certain.

A column is taken for certain if its name is one of :mod:`synonyms`, for likely if it has such words in it.
The guess is certain as a whole if everything a table of its kind needs is, and no cell could be read in
two ways. Nothing is loaded by an uncertain guess that a user has not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from listed.loaders.numbered_dates import Order, is_numbered, orders_of
from listed.loaders.table.rows import Layout, Row, Table, columns_of, normal
from listed.loaders.table.synonyms import synonyms

_SAMPLE = 500
_KNOWN = ({"owner", "asset"}, {"owner_id", "asset_id"}, {"name", "list"}, {"entity_id", "list"}, {"id", "name"})
_PARTS = ("owner", "asset")
_DATES = ("start", "end")
_SLASHED = [r"^(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)", r"\1/\2/\3"]
"""Puts slashes for full stops: of those alone a mapping takes it that the day stands first."""

WANTED = "the columns wanted are: owner, asset, share; or name, list; or id, name"
"""The headers that need no mapping."""


@dataclass(slots=True)
class Guess:
    """A guessed mapping, as it would stand in TOML.

    Parameters
    ----------
    said
        The mapping; empty if nothing fits.
    doubts
        What a user should look at; without any the guess is certain.
    unread
        Columns it does not use.
    """

    said: dict[str, Any] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def certain(self) -> bool:
        """Whether the table may be loaded so without being asked."""
        return bool(self.said) and not self.doubts


def is_known(columns: Sequence[str]) -> bool:
    """Tell whether a header is one that needs no mapping: owner, asset, share; name, list; id, name."""
    names = {normal(column).replace(" ", "_") for column in columns}
    return any(way <= names for way in _KNOWN)


def guess(table: Table, layout: Layout) -> Guess:
    """Guess how a table is to be read.

    Parameters
    ----------
    table
        Open for reading; its first rows are looked at.
    layout
        How it was opened, which the guess repeats where the next one to open it must know.
    """
    sample = table.sample(_SAMPLE)
    columns = columns_of(table, sample)
    found = Guess()
    for kind in ("link", "listing", "entity"):
        taken, doubts = _assigned(columns, synonyms()[kind])
        if all(need in taken or f"{need}_id" in taken for need in synonyms()[kind]["needed"]):
            found.doubts = doubts
            cells = {column: _cells(sample, column) for column in columns}
            cells |= _numbered_dates(table, [taken[side] for side in _DATES if side in taken], cells)
            made = {"link": _link, "listing": _listing, "entity": _entity}[kind](taken, cells, found)
            used = set(taken.values())
            _add_identifiers(made, kind, [column for column in columns if column not in used], used)
            found.said = _file_part(layout) | _source_part(taken) | made
            found.unread = [column for column in columns if column not in used]
            if is_known(columns):
                found.said["ids"] = {"prefix": "name", "as_given": True}
                found.doubts = []
            return found
    found.doubts = ["no column has a name that says whose shares, or whose listing, a row is about"]
    found.unread = columns
    return found


def _assigned(columns: Sequence[str], kind: dict[str, dict[str, list[str]]]) -> tuple[dict[str, str], list[str]]:
    """Return the column of each target, and what of that is not certain."""
    targets = kind["needed"] | kind["optional"]
    free = {column: normal(column) for column in columns}
    taken: dict[str, str] = {}
    doubts: list[str] = []
    for target, names in targets.items():
        exact = [column for name in names for column, words in free.items() if words == name]
        if exact:
            taken[target] = exact[0]
            del free[exact[0]]
            if len(exact) > 1 and target in kind["needed"]:
                doubts.append(f"{target}: {exact[0]!r}, or {', '.join(map(repr, exact[1:]))}?")
    for target, names in targets.items():
        if target in taken or target.endswith("_id"):
            continue
        likely = [column for column, words in free.items() if any(_within(name, words) for name in names)]
        if likely:
            taken[target] = likely[0]
            del free[likely[0]]
            doubts.append(f"{target}: is it {likely[0]!r}?")
    return taken, doubts


def _within(name: str, words: str) -> bool:
    return len(name) > 2 and f" {name} " in f" {words} "


def _link(taken: dict[str, str], cells: dict[str, list[str]], found: Guess) -> dict[str, Any]:
    link: dict[str, Any] = {}
    for end in _PARTS:
        party = {
            key: taken[column]
            for key, column in (("name", end), ("id", f"{end}_id"), ("countries", f"{end}_country"))
            if column in taken
        }
        link[end] = party["name"] if set(party) == {"name"} else party
    if "share" in taken:
        link["share"] = _share(taken["share"], cells[taken["share"]], found)
    for target in ("type", "role", "amount", "currency", "note"):
        if target in taken:
            link[target] = taken[target]
    _add_dates(link, taken, cells, found)
    return {"link": [link]}


def _listing(taken: dict[str, str], cells: dict[str, list[str]], found: Guess) -> dict[str, Any]:
    listing: dict[str, Any] = {"list": taken["list"]}
    for target in ("citation", "licence_requirement", "licence_policy", "remarks"):
        if target in taken:
            listing[target] = taken[target]
    if "programs" in taken:
        listing["programs"] = _split(taken["programs"], cells)
    _add_dates(listing, taken, cells, found)
    return {"entity": _party(taken, cells, found, "entity_id"), "listing": [listing]}


def _entity(taken: dict[str, str], cells: dict[str, list[str]], found: Guess) -> dict[str, Any]:
    if "id" not in taken:
        found.doubts.append(f"nothing says on which list a party is, or who owns whom ({WANTED})")
    return {"entity": _party(taken, cells, found, "id")}


def _party(taken: dict[str, str], cells: dict[str, list[str]], found: Guess, id_: str) -> dict[str, Any]:
    party: dict[str, Any] = {"name": taken["name"]} if "name" in taken else {}
    if id_ in taken:
        party["id"] = taken[id_]
    for target in ("schema", "note"):
        if target in taken:
            party[target] = taken[target]
    for target in ("aliases", "countries", "addresses"):
        if target in taken:
            party[target] = _split(taken[target], cells)
    return party


def _split(column: str, cells: dict[str, list[str]]) -> str | dict[str, str]:
    """Return a column, split where its cells hold several texts between semicolons or bars."""
    for sign, pattern in ((";", ";"), ("|", r"\|")):
        if any(sign in cell for cell in cells[column]):
            return {"column": column, "split": rf"\s*{pattern}\s*"}
    return column


def _share(column: str, cells: list[str], found: Guess) -> str | dict[str, str]:
    words = normal(column).split()
    if {"%", "percent", "percentage", "pct"} & set(words):
        bare = [cell for cell in cells if re.fullmatch(r"0?[.,]\d+|[01]", cell)]
        if bare and not any(re.fullmatch(r"\d{2,}(?:[.,]\d+)?|[2-9](?:[.,]\d+)?", cell) for cell in cells):
            found.doubts.append(f"share: is {bare[0]} in {column!r} a percentage, or a fraction of 1?")
        return {"column": column, "unit": "percent"}
    if {"fraction", "ratio"} & set(words):
        return {"column": column, "unit": "fraction"}
    if doubtful := [cell for cell in cells if re.fullmatch(r"0?[.,]\d+|1", cell)]:
        said = f"share: is {doubtful[0]} in {column!r} a percentage, or a fraction of 1?"
        found.doubts.append(f'{said} say unit = "percent" or "fraction"')
    return column


def _numbered_dates(table: Table, columns: Sequence[str], cells: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return all dates of three numbers in some columns, of all rows: a later one may tell what the first do not."""
    if not any(is_numbered(cell) for column in columns for cell in cells[column]):
        return {}
    found: dict[str, dict[str, None]] = {column: {} for column in columns}
    for row in table.read():
        if isinstance(row, Row):
            for column, dates in found.items():
                dates.update(dict.fromkeys(cell for cell in _cells([row], column) if is_numbered(cell)))
    return {column: list(dates) for column, dates in found.items()}


def _add_dates(part: dict[str, Any], taken: dict[str, str], cells: dict[str, list[str]], found: Guess) -> None:
    sides = [side for side in _DATES if side in taken]
    for side, order in zip(sides, orders_of([cells[taken[side]] for side in sides]), strict=True):
        part[side] = _date(taken[side], cells[taken[side]], order, found)


def _date(column: str, cells: list[str], order: Order, found: Guess) -> str | dict[str, object]:
    if order.contradicted:
        found.doubts.append(f"dates: {column!r} has both days and months first")
    elif order.slashed is None and order.unclear:
        found.doubts.append(
            f"dates: does {order.unclear} in {column!r} begin with the day? say day_first = true or false; "
            "without it only the year is read"
        )
    if order.dotted is None:
        return {"column": column, "replace": [_SLASHED]}
    # Full stops say by themselves that the day is first; only the contrary need be told of them.
    unsaid = any(is_numbered(cell, dotted=False) for cell in cells) or order.dotted is False
    return {"column": column, "day_first": order.slashed} if unsaid and order.slashed is not None else column


def _add_identifiers(made: dict[str, Any], kind: str, free: list[str], used: set[str]) -> None:
    if kind == "link":
        return  # whose number it is, a header does not tell
    for scheme, names in synonyms()["identifier"].items():
        for column in free:
            if normal(column) in names:
                made["entity"].setdefault("identifiers", {})[scheme] = column
                used.add(column)


def _file_part(layout: Layout) -> dict[str, Any]:
    said = {name: getattr(layout, name) for name in ("path", "sheet", "delimiter", "encoding", "header_row")}
    said = {name: value for name, value in said.items() if value}
    return {"file": said} if said else {}


def _source_part(taken: dict[str, str]) -> dict[str, Any]:
    return {"source": {"column": taken["source"]}} if "source" in taken else {}


def _cells(sample: Sequence[Row], column: str) -> list[str]:
    found: list[str] = []
    for row in sample:
        cell = row.cells.get(column, "")
        found += [text.strip() for text in ([cell] if isinstance(cell, str) else cell) if text.strip()]
    return found
