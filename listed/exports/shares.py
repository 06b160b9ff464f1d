"""The shares of links, each distinct one written once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.text_columns import Rows
from listed.graph.share import Share
from listed.graph.tables import TEXT, share_units

_WIDE = 100_000_001


class Shares(NamedTuple):
    """The shares of links: ``codes``, shape ``(n,)``, says which of ``distinct`` each has; -1 where unknown."""

    codes: Rows
    distinct: list[Share]

    def written(self, write: Callable[[Share], str | None]) -> pa.Array:
        """Return each share as text; null where it is unknown or nothing is written."""
        words = pa.array([*map(write, self.distinct), None], TEXT)
        return words.take(pa.array(np.where(self.codes < 0, len(self.distinct), self.codes)))


def shares_of(links: pa.Table) -> Shares:
    """Return the shares of links."""
    low, known = share_units(links["share_min"])
    high, _ = share_units(links["share_max"])
    low_open, high_open = (_truth(links[name]) for name in ("share_min_open", "share_max_open"))
    distinct, codes = np.unique((low * _WIDE + high) * 4 + low_open * 2 + high_open, return_inverse=True)
    shares = [_share(key) for key in distinct.tolist()]
    return Shares(np.where(known, codes, -1), shares)


def _truth(column: pa.ChunkedArray) -> Rows:
    return np.asarray(pc.fill_null(column, fill_value=False).to_numpy(), np.int64)


def _share(key: int) -> Share:
    low, high = divmod(key >> 2, _WIDE)
    return Share(low, high, bool(key & 2), bool(key & 1))
