"""Ownership rules as data: which lists they cover, from which share on, and when they were in force."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from listed.errors import InputError, QueryError
from listed.graph.share import percent


@dataclass(frozen=True, slots=True)
class Phase:
    """What was in force from one day to another, both included; ``None`` is no bound."""

    start: date | None
    end: date | None
    status: str
    inclusive: bool
    citation: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Regime:
    """An ownership rule (``regimes.toml`` tells what each field means).

    Parameters
    ----------
    threshold
        In millionths of a percentage point.
    programs
        By list, a pattern that a listing's programme must match to count.
    """

    id: str
    title: str
    lists: tuple[str, ...]
    programs: dict[str, str]
    threshold: int
    aggregates: bool
    flows_down: bool
    us_entities: bool
    control: bool
    citation: str
    verified: bool
    timeline: tuple[Phase, ...]

    def on(self, day: date) -> Phase:
        """Return the phase a day falls in; one not told of is unverified."""
        for phase in self.timeline:
            if (phase.start is None or phase.start <= day) and (phase.end is None or day <= phase.end):
                return phase
        unknown = "the timeline does not reach this day"
        inclusive = self.timeline[-1].inclusive
        return Phase(start=None, end=None, status="unverified", inclusive=inclusive, citation=unknown, verified=False)


WORDS = frozenset(Regime.__dataclass_fields__) - {"id"}
STATUSES = ("in_force", "not_in_force", "suspended", "unverified")


def regimes(file: str | Path | None = None) -> dict[str, Regime]:
    """Return the regimes by id, those of a user's file added to or in the place of ours.

    Raises
    ------
    InputError
        If the file cannot be read or a regime in it is not whole.
    """
    own = resources.files("listed.queries").joinpath("regimes.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(own)
    if file is not None:
        for id_, table in _user_file(Path(file)).items():
            if not isinstance(table, dict):
                raise InputError(f"regime {id_} is not a table ([{id_}])", file=str(file))
            tables[id_] = tables.get(id_, {}) | table
    return {id_: _regime(id_, table, str(file or "regimes.toml")) for id_, table in tables.items()}


def regime(id_: str, file: str | Path | None = None) -> Regime:
    """Return one regime. Raises QueryError for an id there is not."""
    there = regimes(file)
    if id_ not in there:
        raise QueryError(f"no regime is called {id_!r} (there are: {', '.join(there)})")
    return there[id_]


def chosen(id_: str, file: str | Path | None = None) -> list[Regime]:
    """Return one regime by its id, or every one for "all". Raises QueryError for an id there is not."""
    return list(regimes(file).values()) if id_ == "all" else [regime(id_, file)]


def _user_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(str(error.strerror), file=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(str(error), file=str(path), advice="regimes are written in TOML") from error


def _regime(id_: str, table: dict[str, Any], file: str) -> Regime:
    try:
        _check_words(table)
        told = Regime(
            id=id_,
            title=str(table["title"]),
            lists=_texts(table["lists"]),
            programs={list_: _pattern(one) for list_, one in table.get("programs", {}).items()},
            threshold=percent(table["threshold"]),
            aggregates=_flag(table, "aggregates"),
            flows_down=_flag(table, "flows_down"),
            us_entities=_flag(table, "us_entities"),
            control=_flag(table, "control"),
            citation=str(table["citation"]),
            verified=_flag(table, "verified"),
            timeline=tuple(_phase(row, _flag(table, "inclusive")) for row in table["timeline"]),
        )
        _check_sense(told)
    except KeyError as error:
        raise InputError(f"regime {id_} lacks {error}", file=file) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"regime {id_}: {error}", file=file) from error
    return told


def _check_words(table: dict[str, Any]) -> None:
    if unknown := set(table) - WORDS - {"inclusive"}:
        raise ValueError(f"no field is called {', '.join(sorted(unknown))}")
    if not table["timeline"]:
        raise ValueError("the timeline is empty")


def _check_sense(told: Regime) -> None:
    if not told.lists:
        raise ValueError("it covers no list")
    if told.threshold == 0:
        raise ValueError("the threshold is more than 0")
    if strangers := set(told.programs) - set(told.lists):
        raise ValueError(f"programs are of a list it does not cover: {', '.join(sorted(strangers))}")
    for phase in told.timeline:
        if phase.start and phase.end and phase.end < phase.start:
            raise ValueError(f"a phase of the timeline ends on {phase.end}, before it begins on {phase.start}")
    phases = sorted(told.timeline, key=lambda phase: phase.start or date.min)
    for before, after in pairwise(phases):
        if before.end is None or after.start is None or after.start <= before.end:
            raise ValueError(f"two phases of the timeline hold on {after.start or before.end or 'every day'}")


def _phase(row: dict[str, Any], inclusive: bool) -> Phase:  # noqa: FBT001
    if unknown := set(row) - {"from", "to", "status", "inclusive", "citation", "verified"}:
        raise ValueError(f"no field of the timeline is called {', '.join(sorted(unknown))}")
    if row["status"] not in STATUSES:
        raise ValueError(f"status {row['status']!r} is none of {', '.join(STATUSES)}")
    start, end = (_day(row, side) if side in row else None for side in ("from", "to"))
    inclusive = _flag({"inclusive": inclusive} | row, "inclusive")
    return Phase(start, end, row["status"], inclusive, str(row["citation"]), _flag(row, "verified"))


def _day(row: dict[str, Any], side: str) -> date:
    try:
        return date.fromisoformat(str(row[side]))
    except ValueError as error:
        raise ValueError(f"{side} is a day like 2025-09-29, not {row[side]!s}") from error


def _flag(table: dict[str, Any], field: str) -> bool:
    if not isinstance(table[field], bool):
        raise TypeError(f"{field} is true or false, not {table[field]!r}")
    return table[field] is True


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise TypeError(f"lists are a list of ids, not {value!r}")
    return tuple(value)


def _pattern(text: Any) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a pattern of programs is a text, not {text!r}")
    try:
        return re.compile(text).pattern
    except re.error as error:
        raise ValueError(f"not a pattern: {text!r} ({error})") from error
