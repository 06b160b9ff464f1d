"""What a verdict does not say and its reader must know: that lists are not whole, same names, what is told later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from listed.queries.answer import Inquiry
from listed.queries.namesakes import namesakes
from listed.queries.ruling import Ruling
from listed.queries.selections import selection_note
from listed.queries.told_later import told_later


def caveats(inquiry: Inquiry, rulings: Sequence[Ruling], entity: int, *, names: bool = True) -> list[str]:
    """Return the notes on the verdicts on an entity, once for all regimes asked.

    Parameters
    ----------
    names
        Also who bears a listed party's name; that asks the index of names, which may not be at hand.
    """
    captured = np.logical_or.reduce([one.captured.certain for one in rulings])
    return [
        *selection_note(inquiry, rulings),
        *(namesakes(inquiry, rulings[0].stakes, entity, captured) if names else ()),
        *told_later(inquiry, rulings, entity),
    ]
