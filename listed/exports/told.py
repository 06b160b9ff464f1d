"""What an export tells of itself: where it went, what it holds, and what the format could not hold."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.text_columns import plain, wrapped
from listed.graph.counted import counted
from listed.graph.tables import TEXT, starts_told


class Told:
    """Counts what a format holds, and what of the graph it does not."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.lost: dict[str, int] = {}

    def wrote(self, what: str, count: int) -> None:
        """Count what was written."""
        self.counts[what] = self.counts.get(what, 0) + count

    def lose(self, what: str, count: int = 1) -> None:
        """Count what the format cannot hold, or holds only in another way; ``what`` says it after the number."""
        if count:
            self.lost[what] = self.lost.get(what, 0) + count

    def lose_starts_told(self, rows: pa.Table, what: str) -> None:
        """Count what starts on the day it was told of, for a format that knows beginnings alone."""
        count = pc.sum(starts_told(rows)).as_py() or 0
        self.lose(f"{what} start on the day a source told of them, not when they began", count)

    def lines(self) -> tuple[str, ...]:
        """Return what was lost, one line each."""
        return tuple(f"{count:,} {what}" for what, count in self.lost.items())


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did.

    Parameters
    ----------
    format, place
        What was written, and where.
    graph, snapshot
        Of which graph.
    size
        Bytes on disk.
    counts
        How many of what it holds.
    selection
        What was selected and what that left out; empty for a whole graph.
    lost
        What the format cannot hold, or holds only in another way: a line each, the number first.
    advice
        What to do with it, such as the command that imports it.
    """

    format: str
    place: str
    graph: str
    snapshot: int
    size: int
    counts: dict[str, int]
    selection: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    advice: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        """Return the report for reading."""
        held = ", ".join(counted(count, what) for what, count in self.counts.items()) or "nothing"
        size = f" ({self.size / 1e6:,.1f} MB)" if self.size else ""
        lines = [f"Wrote {self.place}{size}: {held}"]
        lines += [f"  selected: {one}" for one in self.selection]
        if self.lost:
            lines.append("  not, or not quite, in this format:")
            lines += [f"    {one}" for one in self.lost]
        lines += [f"  {one}" for one in self.advice]
        return "\n".join(lines)


def days_told(rows: pa.Table) -> pa.Array:
    """Return "told on 2021-08-28" of links or listings that start on the day a source told of them, else null."""
    start = plain(rows["start_date"])
    to_the_day = pc.equal(pc.utf8_length(start), len("2021-08-28"))
    said = pc.if_else(to_the_day, wrapped("told on ", start, ""), wrapped("told in ", start, ""))
    return pc.if_else(starts_told(rows), said, pa.scalar(None, TEXT))
