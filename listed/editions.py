"""From what a user types to one side of a comparison: a snapshot, a graph, or a dataset of one."""

from __future__ import annotations

from pathlib import Path

from listed.graph.store import Store
from listed.loading import BUNDLED, open_, open_dataset
from listed.queries.differences import Edition


def edition(asked: str, graph: str | Path | None = None) -> Edition:
    """Return the edition that is meant.

    Parameters
    ----------
    asked
        The number of a snapshot of ``graph``; the name of a dataset loaded in it; the folder of
        another graph, or ``bundled``, either with ``@`` and the number of a snapshot.
    graph
        The user's own by default.

    Raises
    ------
    GraphNotFoundError, GraphDamagedError
        If there is no such snapshot or folder, or it cannot be read.
    """
    if _is_number(asked):
        return Edition(open_(graph, int(asked)))
    folder, at, number = asked.rpartition("@")
    place = folder if at and _is_number(number) else asked
    if place == BUNDLED or Store(Path(place)).exists:
        return Edition(open_(place, int(number) if place == folder else None))
    if asked in open_(graph).datasets:
        # Of two that list one party, a snapshot tells once: it cannot say who told it.
        return Edition(open_dataset(asked, graph), asked)
    return Edition(open_(place, int(number) if place == folder else None))


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 10
