"""How wide text is, and how it is broken into lines, without asking a font.

Who opens a picture has other fonts than who made it. Widths here are the larger of those of DejaVu Serif and
Liberation Serif (as wide as Times New Roman); Georgia lies between the two. So text is never wider than told.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from functools import cache
from importlib import resources

_WIDE = 1000
_UNKNOWN = 1000


@cache
def _widths() -> dict[str, tuple[int, int]]:
    """Return the width of each letter, regular and bold, in thousandths of the size."""
    text = resources.files("listed.pictures").joinpath("letter_widths.csv").read_text(encoding="utf-8")
    return {
        chr(int(row["code"], 16)): (int(row["regular"]), int(row["bold"])) for row in csv.DictReader(io.StringIO(text))
    }


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how wide a line of text is at most, in the unit of its size."""
    return sum(_letter(one, bold=bold) for one in text) * size / 1000


def _letter(letter: str, *, bold: bool) -> int:
    known = _widths().get(letter)
    if known:
        return known[bold]
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _UNKNOWN


def wrap(text: str, size: float, most: float, *, bold: bool = False) -> list[str]:
    """Return text in lines no wider than ``most``: broken between words, words only where they must be."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if width((line + piece).strip(), size, bold=bold) <= most:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        line = piece.lstrip()
        while width(line.strip(), size, bold=bold) > most and len(line) > 1:
            fits = max(_fitting(line, size, most, bold=bold), 1)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.strip()] if line.strip() or not lines else lines


def evenly(text: str, size: float, most: float, *, bold: bool = False) -> list[str]:
    """Return text in as few lines as :func:`wrap` does, of lengths as equal as can be."""
    lines = wrap(text, size, most, bold=bold)
    low, high = most / 2, most
    while len(lines) > 1 and high - low > 2:
        middle = (low + high) / 2
        if len(wrap(text, size, middle, bold=bold)) > len(lines):
            low = middle
        else:
            high = middle
    return wrap(text, size, high, bold=bold)


def _fitting(word: str, size: float, most: float, *, bold: bool) -> int:
    """Return how many letters of a word fit."""
    total = 0.0
    for place, letter in enumerate(word):
        total += _letter(letter, bold=bold) * size / 1000
        if total > most:
            return place
    return len(word)


def _pieces(text: str) -> list[str]:
    """Return text in pieces between which a line may be broken: words, and each letter of scripts without spaces."""
    pieces: list[str] = []
    for letter in text:
        wide = unicodedata.east_asian_width(letter) in "WF"
        may_start = not letter.isspace() and letter not in _NEVER_FIRST
        if not pieces or (may_start and (wide or pieces[-1][-1] == " ")):
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces


_NEVER_FIRST = frozenset("，。、；：！？）》」』】,.;:!?)")


def clean(text: str) -> str:
    """Return text on one line, without what cannot stand in XML or would turn the rest around."""
    spaced = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
    kept = (one for one in spaced if unicodedata.category(one) not in ("Cs", "Cn", "Co") and one not in _TURNING)
    return " ".join("".join(kept).split())


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff")
