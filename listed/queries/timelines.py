"""When the verdict on an entity changed: listings, stakes bought and sold, rules in and out of force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from listed.graph.period import Period
from listed.graph.snapshot import Graph, period_of
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.caveats import caveats
from listed.queries.ownership import stake_links
from listed.queries.regimes import Regime, chosen
from listed.queries.resolve import find
from listed.queries.ruling import Ruling
from listed.queries.sentences import aloud
from listed.queries.verdicts import VerdictRow

MOST_DAYS = 200
"""Days on which something changed that are looked at; the latest, if there are more."""


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A verdict from a day on, and what changed on that day. ``from_date`` is empty for "since ever".

    ``no_list`` as in :class:`listed.queries.verdicts.VerdictRow`: then "none" says nothing.
    """

    entity: str
    name: str
    regime: str
    from_date: str
    verdict: str
    would_be: str
    status: str
    held_min: Decimal
    held_max: Decimal
    changes: tuple[str, ...]
    sources: tuple[str, ...]
    no_list: bool = False


def timeline(
    graph: Graph,
    entity: str,
    as_of: date | None = None,
    *,
    regime: str = "us-bis",
    regimes_file: str | Path | None = None,
) -> Answer[TimelineRow]:
    """Return when the verdict on an entity changed, up to a date, the earliest first.

    Parameters
    ----------
    graph, entity, regime, regimes_file
        As for :func:`listed.queries.rules.verdict`.
    as_of
        The last day looked at; today by default.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError, QueryError, InputError
        As for :func:`listed.queries.rules.verdict`.
    """
    row = find(graph, entity)
    inquiry = Inquiry(graph, "timeline", {"entity": graph.id_of(row), "regime": regime}, as_of)
    rows: list[TimelineRow] = []
    cut = 0
    rulings = [Ruling(Inquiry(graph, "verdict", {}, inquiry.as_of), one) for one in chosen(regime, regimes_file)]
    for rule in (one.rule for one in rulings):
        changes = _changes(graph, row, rule, inquiry.as_of)
        days = sorted(changes)
        if len(days) > MOST_DAYS:
            cut += len(days) - MOST_DAYS
            inquiry.notes.append(
                f"{rule.id}: {len(days):,} days are told of, and only the latest {MOST_DAYS} looked at."
            )
        told = {day: changes[day] for day in days[-MOST_DAYS:]}
        rows += _rows(inquiry, row, rule, told, whole=len(days) <= MOST_DAYS)
    inquiry.notes += caveats(inquiry, rulings, row)
    return inquiry.answer(rows, {"days": MOST_DAYS, "cut_off": cut})


def _rows(
    inquiry: Inquiry,
    row: int,
    rule: Regime,
    changes: dict[date, list[str]],
    *,
    whole: bool,
) -> list[TimelineRow]:
    """Return a row for each day on which the verdict or what is held is another than before."""
    rows: list[TimelineRow] = []
    first = min(changes, default=inquiry.as_of)
    before = first - timedelta(days=1) if first > date.min else first
    last: tuple[object, ...] = ()
    for day in (before, *sorted(changes)):
        now = _verdict_on(inquiry, row, rule, day)
        state = (now.verdict, now.would_be, now.status, now.held_min, now.held_max)
        if state != last:
            last = state
            start = "" if day == before and whole else day.isoformat()
            rows.append(
                TimelineRow(now.entity, now.name, rule.id, start, now.verdict, now.would_be, now.status, now.held_min,
                            now.held_max, tuple(changes.get(day, ())), inquiry.cite(now.sources),
                            now.no_list)
            )  # fmt: skip
    return rows


def _verdict_on(inquiry: Inquiry, row: int, rule: Regime, day: date) -> VerdictRow:
    """Return the verdict on a day. Of what is told only later nothing is noted: a later row may count it."""
    asked = Inquiry(inquiry.graph, "verdict", {}, day)
    now = Ruling(asked, rule).row(row)
    inquiry.notes += asked.notes
    return now


def _changes(graph: Graph, entity: int, rule: Regime, last: date) -> dict[date, list[str]]:
    """Return what may change the verdict, by day: of the rule, of the entity and of all owners above it."""
    changes: dict[date, list[str]] = {}
    for phase in rule.timeline:
        if phase.start is not None and phase.start <= last:
            changes.setdefault(phase.start, []).append(
                f"{rule.title}: {phase.status.replace('_', ' ')} ({phase.citation})"
            )
        if phase.end is not None and phase.end < min(last, date.max):
            changes.setdefault(phase.end + timedelta(days=1), [])
    for one in _with_owners(graph, entity):
        for row in graph.part_rows("listings", one):
            said = graph.row("listings", int(row))
            if said["list"] in rule.lists:
                _note(changes, period_of(said), last, f"{graph.name_of(one)} on {said['list']}")
        for link in stake_links(graph, one, of_asset=True):
            if graph.arrays.kind[link] == LinkType.OWNS.rank:
                told = graph.link(link)
                owner = graph.name_of(int(graph.arrays.source[link]))
                _note(changes, told.period, last, aloud(told, (owner, graph.name_of(one)), last))
    return changes


def _note(changes: dict[date, list[str]], period: Period, last: date, text: str) -> None:
    """Note the days on which a period may and must have begun and ended."""
    start, end = period.start, period.end
    since = "told from" if period.told else "from"
    for day, said in ((start.earliest, since), (start.latest, since), (end.earliest, "until"), (end.latest, "until")):
        if day is not None and day <= last:
            notes = changes.setdefault(day, [])
            notes += [f"{said} this day: {text}"] if f"{said} this day: {text}" not in notes else []
    if end.latest is not None and end.latest < last:
        changes.setdefault(end.latest + timedelta(days=1), [])


def _with_owners(graph: Graph, entity: int) -> list[int]:
    """Return an entity and all that owned it or its owners at any time."""
    seen = {entity}
    front = [entity]
    while front:
        links = [link for one in front for link in stake_links(graph, one, of_asset=True)]
        owners = {int(graph.arrays.source[link]) for link in links if graph.arrays.kind[link] == LinkType.OWNS.rank}
        front = sorted(owners - seen)
        seen |= owners
    return sorted(seen)
