"""The note on what an answer leaves out as it begins, or is told of, only after the day asked about."""

from __future__ import annotations

import numpy as np

from listed.graph.adjacency import I64
from listed.graph.counted import counted
from listed.graph.tables import day_number, row_numbers, starts_told
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Inquiry


def note_links_to_come(inquiry: Inquiry, arcs: I64, left_out: str = "Not shown") -> None:
    """Note how many links are left out: told of only from a later day (perhaps there before), or begun later.

    A newer figure of a stake that is shown on the day, or the sale of one, is no link that is left out.

    Parameters
    ----------
    arcs
        Arcs of these links and of all others between the same two.
    left_out
        How the note begins.
    """
    rows = _to_come(inquiry, arcs)
    if not len(rows):
        return
    links = inquiry.graph.tables["links"].select(["start_date", "flags"]).take(row_numbers(rows))
    starts: list[str] = links["start_date"].to_pylist()
    told: list[bool] = starts_told(links).to_pylist()
    late = sorted(start for start, is_told in zip(starts, told, strict=True) if is_told)
    dated = sorted(start for start, is_told in zip(starts, told, strict=True) if not is_told)
    said = [f"{counted(len(late), 'links')} told of only from a later day ({late[0]} the first)"] if late else []
    if dated:
        begin = "begins" if len(dated) == 1 else "begin"
        said.append(f"{counted(len(dated), 'links')} that {begin} later ({dated[0]} the first)")
    inquiry.notes.append(f"{left_out}: {' and '.join(said)}.")


def _to_come(inquiry: Inquiry, arcs: I64) -> I64:
    """Return the links that begin after the day, but for those of a type that holds between the two on it."""
    arrays, number = inquiry.graph.arrays, day_number(inquiry.as_of)
    links = arrays.link[arcs]
    # A report of later than the day may tell of what was over by then.
    to_come = (arrays.start_earliest[links] > number) & (arrays.end_latest[links] >= number) & (arrays.high[links] != 0)
    if not to_come.any():
        return np.zeros(0, np.int64)
    ends = arrays.source[links].astype(np.int64) * arrays.size + arrays.target[links]
    about = ends * len(LinkType) + arrays.kind[links]
    # Of an arc, not of its link: a stake that was sold by then is there no more.
    now = (arrays.arc_from[arcs] <= number) & (arrays.arc_to[arcs] >= number)
    return np.unique(links[to_come & ~np.isin(about, about[now])]).astype(np.int64)
