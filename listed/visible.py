"""Text of others on a terminal or before an assistant: what does not show but steers is written out.

A name may hold the codes by which a terminal is told to clear itself, to take another title, to read a line
backwards. Whoever reads it must see what it is.
"""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
# A joiner is spelling in some scripts: between letters of theirs it stays.
_JOINERS = re.compile("(?<=[\u0600-\u0dff])[\u200c\u200d](?=[\u0600-\u0dff])")


def visible(text: str) -> str:
    """Return a text with the characters that do not show written out, as ``<U+202E>``; lines and tabs stay."""
    kept = {found.start() for found in _JOINERS.finditer(text)}
    return _UNSEEN.sub(lambda found: found[0] if found.start() in kept else f"<U+{ord(found[0]):04X}>", text)
