"""Ids as FollowTheMoney takes them: letters, digits, points and dashes."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.text_columns import plain
from listed.exports.told import Told
from listed.graph.tables import TEXT

_GOOD = r"^[0-9a-zA-Z]([0-9a-zA-Z.\-]{0,180}[0-9a-zA-Z])?$"


class Ids:
    """The ids of the entities, as they are written.

    Parameters
    ----------
    ids
        As the graph has them.
    """

    def __init__(self, ids: pa.Array, told: Told) -> None:
        self._ids = ids
        self.good = pc.match_substring_regex(ids, _GOOD)
        made = [_made(id_) for id_ in ids.filter(pc.invert(self.good)).to_pylist()]
        told.lose("ids that FollowTheMoney cannot hold were replaced (what they were is a referent)", len(made))
        self.written = pc.replace_with_mask(ids, pc.invert(self.good), pa.array(made, TEXT)) if made else ids

    def of(self, column: pa.ChunkedArray) -> pa.Array:
        """Return a column of ids as they are written."""
        return self.written.take(pc.index_in(plain(column), value_set=self._ids))


def _made(id_: str) -> str:
    return f"listed-{hashlib.sha256(id_.encode()).hexdigest()[:32]}"
