"""Cells as text: their whitespace, their "; " lists, and the characters the publisher lost."""

from __future__ import annotations

import re

_LOST = re.compile(r"\?|[\u0080-\u009f\ufffd]|(?<=[^\W\d_])[“”](?=[^\W\d_])")
_JOINER = re.compile(r"and\s+(?=\S)")


def tidy(text: str) -> str:
    """Return a text on one line, its runs of whitespace made one space."""
    return " ".join(text.split())


def pieces(cell: str) -> list[str]:
    """Return the pieces of a cell joined with "; ", without the "and" prose puts before the last."""
    if ";" not in cell:
        return [tidy(cell)] if cell.strip() else []
    parts = (_JOINER.sub("", tidy(part), count=1) if part[:4] == "and " else tidy(part)
             for part in cell.split("; "))  # fmt: skip
    return [part for part in parts if part and part != "and"]


def has_lost_characters(text: str) -> bool:
    """Tell whether a name or address lost characters on its way: "People?s", ``Co”peratief``."""
    return _LOST.search(text) is not None
