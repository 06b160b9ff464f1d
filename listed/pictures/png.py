"""An SVG as PNG, drawn by resvg: a wheel of its own, no browser and nothing to install beside."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import escape, unescape

from listed.errors import ExportError

ZOOM = 2.0
MOST_PIXELS = 60_000_000
_SERIFS = ("Georgia", "Times New Roman", "Liberation Serif", "Noto Serif", "DejaVu Serif", "FreeSerif", "Times",
           "Noto Serif CJK SC", "Liberation Sans", "Arial", "DejaVu Sans")  # fmt: skip
_IN_NO_FONT = "\ue123"


def png_of(svg: str) -> bytes:
    """Return an SVG as a PNG of twice its size (144 dots an inch).

    Raises
    ------
    ExportError
        If resvg is not installed, or no font of this machine has the letters.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise ExportError("a PNG needs resvg: pip install 'listed[pictures]' (an SVG needs nothing)") from error
    serif = _serif()
    letters = {one for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg) for one in unescape(text)}
    missing = sorted({_script(one) for one in letters if ord(one) > 0x7E and not _has(one, serif)})
    if missing:
        raise ExportError(
            f"no font of this machine has these letters: {', '.join(missing)} (write an .svg, or install a Noto font)"
        )
    wide, tall = (float(one) for one in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0])
    zoom = min(ZOOM, (MOST_PIXELS / (wide * tall)) ** 0.5)
    return resvg_py.svg_to_bytes(svg_string=svg, zoom=zoom, serif_family=serif)


@cache
def _serif() -> str:
    """Return the first family that this machine has: resvg draws no text at all in one it has not."""
    for family in _SERIFS:
        if _drawn("A", family) != _drawn("", family):
            return family
    raise ExportError("no font is installed on this machine that a PNG could be lettered in (write an .svg)")


@cache
def _has(letter: str, family: str) -> bool:
    """Whether any font has a letter, in whose place resvg would else draw the same mark for all."""
    return _drawn(letter, family) != _drawn(_IN_NO_FONT, family)


@cache
def _drawn(letter: str, family: str) -> bytes:
    import resvg_py

    text = f'<text x="8" y="24" font-family="serif" font-size="16">{escape(letter)}</text>'
    probe = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
    return resvg_py.svg_to_bytes(svg_string=probe, serif_family=family)


def _script(letter: str) -> str:
    """Return what script a letter is of, in the words of Unicode."""
    return unicodedata.name(letter, "others").split()[0].capitalize().replace("Cjk", "Chinese")
