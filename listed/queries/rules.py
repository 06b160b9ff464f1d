"""Who an ownership rule captures on a date, and why.

Verdicts
--------
``listed``        on a list of the regime.
``captured``      listed or captured owners certainly hold what it takes.
``undetermined``  they possibly do: the answer names the stakes that would settle it.
``minority``      a listed or captured owner certainly holds something, and capture is not possible.
``exempt``        owners hold, or may hold, what it takes, but the rule does not reach the entity: under the
                  US BIS rule one of the United States. What it holds counts all the same.
``none``          no stake of a listed or captured owner is known.
``not_in_force``  the rule did not hold on the day; ``would_be`` says what the verdict would be.

Sources: OFAC FAQ 398-402; 15 CFR Part 744, Supplement No. 8; see ``regimes.toml``. Look-through
products are not these rules and are never used here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from listed.graph.snapshot import Graph
from listed.queries.answer import Answer, Inquiry
from listed.queries.caveats import caveats
from listed.queries.namesakes import count_namesakes
from listed.queries.regimes import chosen
from listed.queries.resolve import find
from listed.queries.ruling import Ruling as Ruling
from listed.queries.selections import selection_note
from listed.queries.told_later import affiliates_told_later
from listed.queries.verdicts import Ground as Ground
from listed.queries.verdicts import VerdictRow as VerdictRow


def verdict(
    graph: Graph,
    entity: str,
    as_of: date | None = None,
    *,
    regime: str = "all",
    regimes_file: str | Path | None = None,
) -> Answer[VerdictRow]:
    """Return the verdict on an entity under one regime or all, with its derivation.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default.
    entity
        Id, identifier or name.
    regime
        Id of a regime, or "all".
    regimes_file
        A TOML file whose regimes are added to ours or override them.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    QueryError, InputError
        If there is no such regime, or the file is not whole.
    """
    row = find(graph, entity)
    inquiry = Inquiry(graph, "verdict", {"entity": graph.id_of(row), "regime": regime}, as_of)
    rulings = [Ruling(inquiry, one) for one in chosen(regime, regimes_file)]
    rows = [one.row(row) for one in rulings]
    inquiry.notes += caveats(inquiry, rulings, row)
    return inquiry.answer(rows)


def affiliates(
    graph: Graph,
    as_of: date | None = None,
    *,
    regime: str = "us-bis",
    regimes_file: str | Path | None = None,
) -> Answer[VerdictRow]:
    """Return every entity that a regime captures, certainly or possibly, but does not list.

    As :func:`verdict`. On a day on which the rule was not in force the rows say what would be. The
    ``grounds`` of a row are the stakes in its entity itself, for those of a captured owner stand in the
    owner's own row; its ``terms`` are those of the strictest listed party it leads back to. ``bounds`` tells
    the ``status`` of each regime on the day, with its citation, and names as ``no_list`` those of the ``regimes``
    of which the graph holds no list: a count of 0 says nothing of them.
    """
    inquiry = Inquiry(graph, "affiliates", {"regime": regime}, as_of)
    rulings = [Ruling(inquiry, one) for one in chosen(regime, regimes_file)]
    rows = [row for one in rulings for row in one.captured_rows()]
    inquiry.notes += selection_note(inquiry, rulings)
    listed = np.logical_or.reduce([one.may_be_listed for one in rulings])
    held = np.logical_or.reduce([one.captured.possible & ~one.beyond for one in rulings])
    inquiry.notes += count_namesakes(graph, np.flatnonzero(held & ~listed), np.flatnonzero(listed))
    inquiry.notes += affiliates_told_later(inquiry, rulings)
    counts = {name: sum((row.would_be or row.verdict) == name for row in rows) for name in ("captured", "undetermined")}
    states = {one.rule.id: f"{one.phase.status.replace('_', ' ')}: {one.phase.citation}" for one in rulings}
    bounds: dict[str, Any] = {"counts": counts, "status": states}
    if no_list := [one.rule.id for one in rulings if one.no_list]:
        bounds |= {"regimes": [one.rule.id for one in rulings], "no_list": no_list}
    return inquiry.answer(rows, bounds)
