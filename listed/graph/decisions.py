"""A reader's decisions: these two are one party, those two are not.

They are kept as a small CSV file beside the graph's manifest, ``decisions.csv``, which a reader may
keep, copy and edit: ``one, other, decision, by, on, note``, the decision "same" or "different". Each
merge applies them; a row taken out undoes its decision.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from listed.errors import InputError
from listed.whole_files import write_whole

if TYPE_CHECKING:
    from listed.graph.snapshot import Graph

FILE = "decisions.csv"
COLUMNS = ("one", "other", "decision", "by", "on", "note")

Verdict = Literal["same", "different"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of two entities, named by their ids; by whom and on which day."""

    one: str
    other: str
    decision: Verdict
    by: str = ""
    on: str = ""
    note: str = ""

    @property
    def pair(self) -> frozenset[str]:
        """The two ids, in no order."""
        return frozenset((self.one, self.other))

    @property
    def reason(self) -> str:
        """Why they are one or two, in words."""
        told = " ".join(
            part for part in (f"by {self.by}" if self.by else "", f"on {self.on}" if self.on else "") if part
        )
        head = f"decided {told}" if told else "decided"
        return f"{head}: {self.note}" if self.note else head


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions, at most one for each pair, in the order they were made."""

    rows: tuple[Decision, ...] = ()

    def __iter__(self) -> Iterator[Decision]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def same(self) -> list[Decision]:
        """Return the decisions that two are one."""
        return [row for row in self.rows if row.decision == "same"]

    def different(self) -> list[tuple[str, str]]:
        """Return the pairs decided to be two."""
        return [(row.one, row.other) for row in self.rows if row.decision == "different"]

    def of(self, one: str, other: str) -> Decision | None:
        """Return what was decided of a pair, if anything."""
        return next((row for row in self.rows if row.pair == {one, other}), None)

    @property
    def digest(self) -> str:
        """What they decide, to tell whether a snapshot was merged by them; nothing if there are none."""
        said = sorted((row.decision, *sorted(row.pair)) for row in self.rows)
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16] if said else ""

    def with_one(self, decision: Decision) -> Decisions:
        """Return these and one more, in the place of what was decided of its pair before."""
        return Decisions((*self.without(decision.one, decision.other), decision))

    def without(self, one: str, other: str) -> Decisions:
        """Return these without what was decided of a pair."""
        return Decisions(tuple(row for row in self.rows if row.pair != {one, other}))


NO_DECISIONS = Decisions()


def place_of(folder: Path, given: str | Path | None = None) -> Path:
    """Return where the decisions about a graph are: as given, or beside its manifest."""
    return Path(given) if given is not None else folder / FILE


def decisions_of(graph: Graph) -> Decisions:
    """Return the decisions kept beside an opened graph; none if it is not on disk."""
    folder = Path(graph.name)
    return read_decisions(place_of(folder)) if (folder / "manifest.json").is_file() else NO_DECISIONS


def read_decisions(path: Path) -> Decisions:
    """Read a decisions file; none if it is not there.

    Raises
    ------
    InputError
        Naming the first row that is no decision.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return NO_DECISIONS
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot read the decisions: {said}", file=str(path)) from error
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        if rows.fieldnames is not None and (missing := [name for name in COLUMNS[:3] if name not in rows.fieldnames]):
            raise InputError(f"no column {missing[0]}", file=str(path), advice=f"its columns are {', '.join(COLUMNS)}")
        return _latest(_decision(row, str(path), rows.line_num) for row in rows)
    except csv.Error as error:  # a cell of over 131,072 letters: a quote that is not closed
        raise InputError(f"cannot read the decisions: {error}", file=str(path), row=rows.line_num) from error


def _decision(row: dict[str, str | None], file: str, line: int) -> Decision:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    decision = said["decision"].lower()
    if not said["one"] or not said["other"] or said["one"] == said["other"]:
        raise InputError("a decision is about two ids", file=file, row=line)
    if decision not in ("same", "different"):
        raise InputError(f"a decision is same or different, not {said['decision']!r}", file=file, row=line)
    verdict: Verdict = "same" if decision == "same" else "different"
    return Decision(said["one"], said["other"], verdict, said["by"], said["on"], said["note"])


def _latest(rows: Iterable[Decision]) -> Decisions:
    """Of two rows about one pair the later holds, as if it had been decided anew."""
    decisions: dict[frozenset[str], Decision] = {}
    for row in rows:
        decisions.pop(row.pair, None)
        decisions[row.pair] = row
    return Decisions(tuple(decisions.values()))


def write_decisions(path: Path, decisions: Decisions) -> None:
    """Write a decisions file whole, or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, name) for name in COLUMNS] for row in decisions)
    try:
        write_whole(path, text.getvalue().encode())
    except OSError as error:
        raise InputError(f"cannot write the decisions: {error.strerror or error}", file=str(path)) from error
