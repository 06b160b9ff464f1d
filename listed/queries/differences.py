"""What changed between two snapshots, or between two editions of a list: parties, terms, verdicts.

Changes of spelling alone are told apart from real ones: a publisher that writes "Co. Ltd" for
"Co., Ltd.", cites the same notice by another of its pages, or sets a footnote differently has
changed nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from math import inf
from pathlib import Path

import numpy as np

from listed.errors import QueryError
from listed.graph.names import fold
from listed.graph.party_names import party_name
from listed.graph.period import parse_date, period_said
from listed.graph.resemblance import resemblance
from listed.graph.snapshot import Graph
from listed.queries.answer import Answer, Inquiry
from listed.queries.listings import listings_of
from listed.queries.pairing import LEAST_ALIKE, Pair, Party, notice_among, pair
from listed.queries.records import ListingRow
from listed.queries.regimes import Regime, chosen
from listed.queries.rules import Ruling
from listed.queries.stake_columns import Ints, words_of
from listed.queries.standing import standing
from listed.queries.traces import Trace, Traces

_ONE_NOTICE = 14
"""Days that may lie between the effect and the print of a notice."""

_NOT_THERE = "not in the graph"
_NO_NEWS = ("respelled", "told by one", "split", "joined")
_ENTRIES = "the name is in both, in more entries of one: one for each country, or gathered"


@dataclass(frozen=True, slots=True)
class Edition:
    """One side of a comparison: a graph, or what one dataset of it says.

    Parameters
    ----------
    graph
        The snapshot.
    dataset
        The dataset whose word alone the graph is, if it is not a whole one.
    """

    graph: Graph
    dataset: str = ""

    @property
    def title(self) -> str:
        """What to call it in the answer."""
        said = f"{self.graph.name} snapshot {self.graph.number}"
        return f"{said}, {self.dataset}" if self.dataset else said


@dataclass(frozen=True, slots=True)
class DiffRow:
    """One change.

    ``change`` is "added", "removed", "maybe still there" or "maybe there before" (its name stands in an
    address or among the names of another party), "renamed", "respelled", "changed" (a ``field`` of the listing), "told
    by one" (the other edition leaves the field out, or of a beginning gives only a day on which it was told), "split"
    or "joined" (one entry of the name is several in the other edition) or "verdict" (under the regime named in
    ``field``; "would be captured" where that is not, or not certainly, in force).
    ``reason`` says why two entries are taken for one, or why a verdict is another.
    """

    change: str
    list: str
    entity: str
    name: str
    field: str
    before: str
    after: str
    reason: str
    sources: tuple[str, ...]


def diff(
    old: Edition,
    new: Edition,
    as_of: date | None = None,
    *,
    lists: Iterable[str] = (),
    regime: str = "all",
    regimes_file: str | Path | None = None,
    spelling: bool = False,
) -> Answer[DiffRow]:
    """Return what changed from one edition to another.

    Parameters
    ----------
    old, new
        What is compared.
    as_of
        Listings and stakes that may hold on this date are compared; today by default.
    lists
        Ids of the lists to compare; all that either holds by default.
    regime, regimes_file
        Regimes whose verdicts are compared: an id, "all" or "none". Verdicts of datasets are not compared.
    spelling
        Also rows for what is only spelled otherwise; else ``bounds`` counts them.

    Raises
    ------
    QueryError
        If neither edition holds a list asked for.
    """
    inquiry = Inquiry(new.graph, "diff", {"old": old.title, "new": new.title, "lists": tuple(lists)}, as_of)
    wanted = _lists(old, new, tuple(one.upper() for one in lists))
    inquiry.notes += _not_held(old, new, wanted)
    earlier = Inquiry(old.graph, "diff", {}, as_of)
    rows: list[DiffRow] = []
    counts: dict[str, Counter[str]] = {}
    for list_ in wanted:
        found = list(_of_list(_Side(earlier, old, list_), _Side(inquiry, new, list_)))
        counts[list_] = Counter(f"{row.change} {row.field}".strip() for row in found)
        rows += [row for row in found if spelling or row.field == "name" or row.change not in _NO_NEWS]
    if regime != "none" and not (old.dataset or new.dataset):
        rows += _verdicts(earlier, inquiry, chosen(regime, regimes_file))
    answer = inquiry.answer(rows, {"counts": {list_: dict(sorted(count.items())) for list_, count in counts.items()}},
                            kind=DiffRow)  # fmt: skip
    answer.sources.update(earlier.answer([]).sources)
    return answer


def _lists(old: Edition, new: Edition, wanted: tuple[str, ...]) -> list[str]:
    there = {list_ for one in (old, new) for list_ in _listed(one)}
    for list_ in wanted:
        if list_ not in there:
            raise QueryError(f"neither has a list {list_!r} (there are: {', '.join(sorted(there)) or 'none'})")
    return sorted(set(wanted) or there)


def _not_held(old: Edition, new: Edition, lists: list[str]) -> list[str]:
    """Return notes of the lists that one edition alone holds: what comes or goes with a whole list is no news."""
    had, has = (sorted(set(lists) - set(_listed(one))) for one in (old, new))
    said = [f"A held no {', '.join(had)}: these are loaded, not newly listed."] if had else []
    return [*said, *([f"B holds no {', '.join(has)}: these are not loaded, not delisted."] if has else [])]


def _listed(edition: Edition) -> dict[str, Ints]:
    """Return the numbers of the entities that an edition has on each list, ascending."""
    graph, listings = edition.graph, edition.graph.tables["listings"]
    lists, on = words_of(listings["list"])
    entity = np.asarray(graph.arrays.listing_entity)
    found = {list_: np.unique(entity[on == place]) for place, list_ in enumerate(lists)}
    return {list_: entities for list_, entities in found.items() if len(entities)}


class _Side:
    """The parties that one edition has on one list, and their listings."""

    def __init__(self, inquiry: Inquiry, edition: Edition, list_: str) -> None:
        self.inquiry, self.list = inquiry, list_
        self.listings: dict[int, list[ListingRow]] = {}
        quiet = Inquiry(edition.graph, "", {}, inquiry.as_of)  # what a row cites is cited when it is told
        for row in _listed(edition).get(list_, np.zeros(0, np.int32)).tolist():
            on = [one for one in listings_of(quiet, row, history=False) if one.list == list_]
            if on:
                self.listings[row] = on
        self.parties = [
            Party(row, edition.graph.entity(row), tuple(_notices(_joined(on, "citation"))))
            for row, on in self.listings.items()
        ]

    def row(self, party: Party, change: str, **said: str) -> DiffRow:
        """Return a change of a party, citing its listings."""
        sources = self.inquiry.cite(one for listing in self.listings[party.row] for one in listing.sources)
        told = {"field": "", "before": "", "after": "", "reason": ""} | said
        return DiffRow(change, self.list, party.entity.id, party.name, **told, sources=sources)


def _of_list(old: _Side, new: _Side) -> Iterator[DiffRow]:
    pairs, gone, come = pair(old.parties, new.parties)
    before, after = Traces(old.parties, gone), Traces(new.parties, come)
    for party in sorted(come, key=_order):
        change, told = _change(before.of(party), "added", "split", "maybe there before")
        yield new.row(party, change, after=_listing_said(new.listings[party.row]), **told)
    twins = {fold(one.old.name): one.new for one in pairs}
    for party in sorted(gone, key=_order):
        trace = after.of(party)
        if trace is None and (twin := twins.get(fold(party.name))) and party.may_be_of_one_country(twin):
            trace = Trace(twin, "another entry of its name is")
        change, told = _change(trace, "removed", "joined", "maybe still there")
        yield old.row(party, change, before=_listing_said(old.listings[party.row]), **told)
    for one in sorted(pairs, key=lambda pair: _order(pair.new)):
        yield from _renaming(new, one)
        yield from _fields(old, new, one)


def _change(trace: Trace | None, certain: str, entries: str, maybe: str) -> tuple[str, dict[str, str]]:
    """Return what to call it that a party is in no pair, and why."""
    if trace is None:
        return certain, {}
    return (entries, {"reason": _ENTRIES}) if trace.same else (maybe, {"reason": trace.said})


def _order(party: Party) -> tuple[str, str]:
    return party.name, party.entity.id


def _listing_said(listings: list[ListingRow]) -> str:
    return "; ".join(
        ", ".join(part for part in (period_said(one.start_date, "", told=one.start_told), one.citation) if part)
        for one in listings
    )


def _renaming(side: _Side, one: Pair) -> Iterator[DiffRow]:
    before, after = one.old.name, one.new.name
    if before == after:
        return
    alike = one.one_name or resemblance(party_name(before), party_name(after)).score >= LEAST_ALIKE
    yield side.row(one.new, "respelled" if alike else "renamed", field="name", before=before, after=after,
                   reason=one.reason)  # fmt: skip


_FIELDS = ("start_date", "end_date", "citation", "licence_requirement", "licence_policy")


def _fields(old: _Side, new: _Side, one: Pair) -> Iterator[DiffRow]:
    ours, theirs = old.listings[one.old.row], new.listings[one.new.row]
    for field in _FIELDS:
        before, after = (_joined(listings, field) for listings in (ours, theirs))
        if before == after:
            continue
        change = _kind_of_change(field, before, after)
        if field == "start_date":
            change = _without_days_of_telling(change, ours, theirs)
        if change == "changed" and field == "start_date" and one.old.shares_a_notice(one.new):
            # One publisher gives the day a notice took effect, another that of its print.
            change = "respelled" if _days_apart(before, after) <= _ONE_NOTICE else change
        if field == "start_date":
            before, after = _starts_said(ours), _starts_said(theirs)
        yield new.row(one.new, change, field=field, before=before, after=after,
                      reason=one.reason)  # fmt: skip


def _without_days_of_telling(change: str, ours: list[ListingRow], theirs: list[ListingRow]) -> str:
    """Return what a change of starts comes to where an edition gives only the day on which it was told."""
    if change != "changed" or not any(one.start_told for one in (*ours, *theirs)):
        return change
    begun = [_begun(listings) for listings in (ours, theirs)]
    if begun[0] == begun[1]:
        return "respelled"
    if all(begun):
        return change
    first = [start.earliest for said in begun[0] | begun[1] if (start := parse_date(said)).earliest]
    heard = [start.latest for one in (theirs if begun[0] else ours) if (start := parse_date(one.start_date)).latest]
    # What is said to have begun after it was told of is another listing.
    return "told by one" if min(first) <= max(heard) else change


def _begun(listings: list[ListingRow]) -> set[str]:
    """Return the starts that are given as such; beside one of them a day of telling says nothing more."""
    return {one.start_date for one in listings if one.start_date and not one.start_told}


def _starts_said(listings: list[ListingRow]) -> str:
    said = (period_said(one.start_date, "", told=True) if one.start_told else one.start_date for one in listings)
    return "; ".join(dict.fromkeys(one for one in said if one))


def _days_apart(before: str, after: str) -> float:
    """Return how many days lie between two dates; infinite where one is not known to the day."""
    days = [parse_date(text) for text in (before, after)]
    if any(day.earliest is None or day.earliest != day.latest for day in days):
        return inf
    first, last = (day.earliest.toordinal() for day in days if day.earliest)
    return abs(first - last)


def _kind_of_change(field: str, before: str, after: str) -> str:
    if not (before and after):
        # A publisher that leaves a field out has not changed it; an end that comes or goes is news.
        return "changed" if field == "end_date" else "told by one"
    return "respelled" if _same_said(field, before, after) else "changed"


def _joined(listings: list[ListingRow], field: str) -> str:
    return "; ".join(dict.fromkeys(said for one in listings if (said := getattr(one, field))))


def _same_said(field: str, before: str, after: str) -> bool:
    if field == "citation":
        return _same_notices(before, after)
    if field.endswith("date"):
        return before.startswith(after) or after.startswith(before)
    return _bare(before) == _bare(after)


def _bare(text: str) -> str:
    """Return the words of terms without spaces, marks, and the digit of a footnote behind its bracket or stop."""
    return re.sub(r"[\W_]+", "", re.sub(r"(?<=[).])\s*\d\b", "", text)).casefold()


def _same_notices(before: str, after: str) -> bool:
    """Tell whether two citations cite the same notices, each perhaps by another of its pages."""
    ours, theirs = _notices(before), _notices(after)
    if not ours or not theirs:
        return _bare(before) == _bare(after)
    return all(notice_among(one, theirs) for one in ours) and all(notice_among(one, ours) for one in theirs)


def _notices(text: str) -> list[tuple[int, int]]:
    return [(int(volume), int(page)) for volume, page in re.findall(r"(\d{1,3}) FR (\d{1,6})", text)]


def _verdicts(earlier: Inquiry, inquiry: Inquiry, rules: list[Regime]) -> list[DiffRow]:
    """Return the entities, known by their ids, on which a regime's verdict is another."""
    rows = []
    for rule in rules:
        before, now = Ruling(earlier, rule), Ruling(inquiry, rule)
        known = [_possible(ruling) for ruling in (before, now)]
        for id_ in sorted({*known[0], *known[1]}):
            was, is_ = _verdict(before, id_, known[0]), _verdict(now, id_, known[1])
            if was != is_ and "listed" not in (was, is_):
                rows.append(_verdict_row(before, now, id_, _standing(before, was), _standing(now, is_)))
    return rows


def _possible(ruling: Ruling) -> dict[str, int]:
    """Return the ids of those possibly captured, with their numbers."""
    return {ruling.graph.id_of(row): row for row in np.flatnonzero(ruling.captured.possible).tolist()}


def _verdict(ruling: Ruling, id_: str, known: dict[str, int]) -> str:
    row = known[id_] if id_ in known else ruling.graph.row_of(id_)
    return _NOT_THERE if row is None else ruling.verdict_of(row)


def _standing(ruling: Ruling, verdict: str) -> str:
    return verdict if verdict == _NOT_THERE else standing(verdict, ruling.phase.status)


def _verdict_row(before: Ruling, now: Ruling, id_: str, was: str, is_: str) -> DiffRow:
    told = [ruling.row(row) for ruling in (before, now) if (row := ruling.graph.row_of(id_)) is not None]
    why = " Before: ".join(one.paragraph for one in reversed(told))
    sources = tuple(dict.fromkeys(source for one in told for source in one.sources))
    return DiffRow("verdict", "", id_, told[-1].name, now.rule.id, was, is_, why, sources)
