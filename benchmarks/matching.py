"""How well names are matched: ``python -m benchmarks.matching [ENTITIES]``.

Precision and recall on the pairs of ``tests/cases/names.csv``, all drawn from real lists, at the two
levels that Listed uses: proposed to a reader, and sure. A third of the pairs, chosen by a checksum of
their text, is held out: no rule was made looking at them. The peer is RapidFuzz's ``WRatio``, at the
threshold that gives most right answers on the very pairs it is judged by, and at the one that finds as
many as Listed does. With a number, also the time that
proposals take on so many made-up entities.
"""

from __future__ import annotations

import csv
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, utils

from listed.graph.names import latin
from listed.graph.party_names import party_name
from listed.graph.resemblance import PROPOSED, SURE, resemblance
from listed.queries.duplicates import other_countries

CASES = Path(__file__).resolve().parents[1] / "tests" / "cases" / "names.csv"


@dataclass(frozen=True, slots=True)
class Case:
    """A pair of names, whether they are one party's, and why."""

    one: str
    other: str
    match: bool
    why: str
    person: bool
    countries: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        """Whether no rule was made looking at it."""
        return zlib.crc32(f"{self.one}|{self.other}".encode()) % 3 == 0

    @property
    def score(self) -> float:
        """What Listed gives the pair."""
        found = resemblance(party_name(self.one), party_name(self.other), person=self.person).score
        return found * other_countries(self.countries[:1], self.countries[1:], person=self.person)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many pairs were right and wrong at a threshold."""

    found: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of those found that are right."""
        return self.found / max(self.found + self.false, 1)

    @property
    def recall(self) -> float:
        """Share of the right ones that are found."""
        return self.found / max(self.found + self.missed, 1)

    @property
    def wrong(self) -> int:
        """Answers that are wrong, either way."""
        return self.false + self.missed


def read_cases() -> list[Case]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return [
            Case(row["one"], row["other"], row["match"] == "yes", row["why"], row["schema"] == "Person",
                 tuple(row["countries"].split("/")) if row["countries"] else ())
            for row in csv.DictReader(file)
        ]  # fmt: skip


def counted(cases: Sequence[Case], scores: Sequence[float], least: float) -> Counted:
    taken = [score >= least for score in scores]
    return Counted(
        sum(take and case.match for take, case in zip(taken, cases, strict=True)),
        sum(take and not case.match for take, case in zip(taken, cases, strict=True)),
        sum(not take and case.match for take, case in zip(taken, cases, strict=True)),
    )


def best_peer(cases: Sequence[Case], scores: Sequence[float]) -> tuple[float, Counted]:
    """Return the threshold at which a plain score gives fewest wrong answers, and how well it does there."""
    return min(_levels(cases, scores), key=lambda pair: pair[1].wrong)


def peer_that_finds(cases: Sequence[Case], scores: Sequence[float], found: int) -> tuple[float, Counted]:
    """Return the highest threshold at which a plain score finds as many, and how well it does there."""
    return max((pair for pair in _levels(cases, scores) if pair[1].found >= found), key=lambda pair: pair[0])


def _levels(cases: Sequence[Case], scores: Sequence[float]) -> list[tuple[float, Counted]]:
    return [(level, counted(cases, scores, level)) for level in sorted(set(scores))]


def _line(what: str, found: Counted) -> str:
    said = f"{what:34} precision {found.precision:.3f}  recall {found.recall:.3f}"
    return f"{said}  ({found.found} right, {found.false} wrong, {found.missed} missed)"


def tell(what: str, cases: Sequence[Case]) -> None:
    ours = [case.score for case in cases]
    plain = [fuzz.WRatio(case.one, case.other, processor=utils.default_process) for case in cases]
    proposed = counted(cases, ours, PROPOSED)
    best, same = best_peer(cases, plain), peer_that_finds(cases, plain, proposed.found)
    print(f"{what}: {len(cases)} pairs, {sum(case.match for case in cases)} of one party")
    print("  " + _line(f"Listed, proposed (from {PROPOSED})", proposed))
    print("  " + _line(f"Listed, sure (from {SURE})", counted(cases, ours, SURE)))
    print("  " + _line(f"WRatio at its best (from {best[0]:.1f})", best[1]))
    print("  " + _line(f"WRatio that finds as many ({same[0]:.1f})", same[1]))
    letters = [fuzz.WRatio(latin(case.one), latin(case.other)) for case in cases]
    level, found = best_peer(cases, letters)
    print("  " + _line(f"... of Latin letters (from {level:.1f})", found))
    careful = min((one for one in sorted(set(plain)) if counted(cases, plain, one).false == 0), default=101.0)
    print("  " + _line(f"WRatio without a false one ({careful:.1f})", counted(cases, plain, careful)))


def time_it(count: int) -> None:
    from benchmarks.names import made_up
    from listed.graph.model import Entity, Name, Source, Statement
    from listed.loaders.loader import Item
    from listed.loading import graph_of
    from listed.queries.duplicates import duplicates

    names = made_up(count)
    items: list[Item] = [Source("s", "s"), *(Statement(Entity(f"e{n}", (Name(name),), "Company"), ("s",))
                                 for n, name in enumerate(names))]  # fmt: skip
    graph = graph_of({"made-up": items})
    start, spent = time.perf_counter(), time.process_time()
    answer = duplicates(graph)
    taken = f"{time.perf_counter() - start:.1f} s ({time.process_time() - spent:.1f} s of processor)"
    print(f"duplicates of {count:,} entities: {taken}; {answer.bounds['compared']:,} pairs of names compared, "
          f"{len(answer.rows) + answer.bounds['cut_off']:,} proposed")  # fmt: skip


def main(count: int) -> None:
    cases = read_cases()
    tell("all", cases)
    tell("held out", [case for case in cases if case.held_out])
    tell("the rest", [case for case in cases if not case.held_out])
    if count:
        time_it(count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
