"""Texts as XML 1.0 can hold them."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.text_columns import data_of, mended

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ODD = "[\x00-\x1f\ufffe\uffff]"
_MARKS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_SPACES = {ord("\n"): "&#10;", ord("\r"): "&#13;", ord("\t"): "&#9;"}
"""Written as they stand, a reader would take them for blanks."""

_SUSPECT = np.isin(np.arange(256), [*range(32), *map(ord, _MARKS), 0xEF])
"""Bytes of characters that are written otherwise; U+FFFE and U+FFFF begin with 0xEF."""

_REPLACED = "\ufffd"


class XmlText:
    """Texts for XML 1.0; counts the characters that it cannot hold."""

    def __init__(self) -> None:
        self.replaced = 0

    def text(self, texts: pa.Array) -> pa.Array:
        """Return texts as they may stand in an element or in quotes; null stays null."""
        return self._written(texts, _REPLACED)

    def ids(self, texts: pa.Array) -> pa.Array:
        """Return ids as they may stand in quotes; two of them never become one."""
        return self._written(texts, None)

    def _written(self, texts: pa.Array, replacement: str | None) -> pa.Array:
        # Most columns have nothing to mend, which one look at their bytes tells.
        found = _SUSPECT[np.frombuffer(data_of(texts), np.uint8)]
        if not found.any():
            return texts
        return mended(_escaped(texts), _ODD, lambda text: self._legal(text, replacement))

    def _legal(self, text: str, replacement: str | None) -> str:
        def replace(match: re.Match[str]) -> str:
            self.replaced += 1
            return f"{_REPLACED}{ord(match[0]):04x}" if replacement is None else replacement

        return _ILLEGAL.sub(replace, text).translate(_SPACES)


def _escaped(texts: pa.Array) -> pa.Array:
    for mark, name in _MARKS.items():
        if pc.any(pc.match_substring(texts, mark)).as_py():
            texts = pc.replace_substring(texts, mark, name)
    return texts
