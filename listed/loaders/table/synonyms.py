"""What reporters call the columns of their tables (``synonyms.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from listed.loaders.table.rows import normal


@cache
def synonyms() -> dict[str, Any]:
    """Return the names by kind of table, need and target."""
    found: dict[str, Any] = tomllib.loads(files(__package__).joinpath("synonyms.toml").read_text(encoding="utf-8"))
    return found


@cache
def _all() -> frozenset[str]:
    kinds = [synonyms()[kind] for kind in ("link", "listing", "entity")]
    groups = [group for kind in kinds for group in kind.values()] + [synonyms()["identifier"]]
    return frozenset(name for group in groups for names in group.values() for name in names)


def known_names(cells: Sequence[str]) -> int:
    """Return how many cells are names of columns we know."""
    return sum(normal(cell) in _all() for cell in cells)
