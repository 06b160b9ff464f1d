"""The sources that rows cite: their addresses and publishers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.text_columns import Rows, plain
from listed.graph.tables import TEXT

_ADDRESS = r"^https?://[0-9A-Za-z][0-9A-Za-z.\-]*\.[0-9A-Za-z\-]+(:\d+)?([/?#][0-9A-Za-z/?#:@!$&'()*+,;=._~%\-]*)?$"
"""An address that every checker takes: of a host with a point in it, with no character that must be encoded."""


class Citations:
    """The sources of a graph.

    Parameters
    ----------
    sources
        The table of that name.
    """

    def __init__(self, sources: pa.Table) -> None:
        self._ids = plain(sources["id"])
        url = plain(sources["url"])
        good = pc.fill_null(pc.match_substring_regex(url, _ADDRESS), fill_value=False)
        self._of = {
            "url": pc.if_else(good, url, pa.scalar(None, TEXT)),
            "publisher": plain(sources["publisher"]),
            "title": plain(sources["title"]),
        }

    def cited(self, lists: pa.ChunkedArray, what: str) -> tuple[Rows, pa.Array]:
        """Return what is known (``url``, ``publisher``, ``title``) of the sources of each row, and whose each is."""
        column = lists.combine_chunks() if isinstance(lists, pa.ChunkedArray) else lists
        lengths = pc.fill_null(pc.list_value_length(column), 0).to_numpy(zero_copy_only=False)
        rows = np.repeat(np.arange(len(column)), lengths).astype(np.int64)
        found = self._of[what].take(pc.index_in(plain(column.flatten()), value_set=self._ids))
        known = found.is_valid()
        return rows[np.asarray(known.to_numpy(zero_copy_only=False), np.bool_)], found.filter(known)
