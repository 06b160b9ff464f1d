"""A list of names against the graph: who may be meant, what is known of them, and what is not.

Each name gets every entity that may be meant, best first, with the score and its reason; a name
that nothing answers to gets a row that says so, which is no proof that there is nothing. What is
told of an entity is told by the same queries as elsewhere: listings, verdicts, exposure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from listed.errors import QueryError
from listed.graph.name_index import Hit
from listed.graph.names import fold
from listed.graph.party_names import PartyName, party_name
from listed.graph.resemblance import resemblance
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import may_be_of_one_country
from listed.queries.answer import Answer, Inquiry
from listed.queries.exposure import nearest_path
from listed.queries.listings import listings_of, lists_of
from listed.queries.regimes import chosen
from listed.queries.resolve import by_identifier
from listed.queries.rules import Ruling, VerdictRow
from listed.queries.selections import selection_note
from listed.queries.told_later import matches_told_later
from listed.queries.verdict_prose import listing_said

LEAST_SCORE = 82.0
"""Names less alike than this, of 100, are not offered as a match."""

SAME = 95.0
"""From here up, of 100, two names differ in form alone."""

NEAR = 70.0
"""Where there is no match, the nearest name that is this much alike, of 100, is told: best a listed or captured one."""

MOST_MATCHES = 3
_CANDIDATES = 60
_FOUND_WITHIN = 75.0
_LEAST_LETTERS = 6
_OTHER_COUNTRY = 12.0
"""Points that a country which speaks against a match takes from its score."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of a reporter's spreadsheet: a name, and what else is known of it.

    Parameters
    ----------
    row
        Where it stands in the file.
    country
        ISO 3166-1 alpha-2, lower case, or empty.
    identifiers
        Values, each perhaps with its scheme ("lei:5493...").
    flags
        What of the row could not be read.
    """

    row: int
    name: str
    country: str = ""
    identifiers: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ScreenRow:
    """A name that was asked for and one entity that may be meant; ``match`` is "none" when there is none.

    ``match`` is "identifier", "name" (the same, in any of its spellings), "similar", or "part" (the name
    asked for is longer, and this one stands within it). ``listings`` are
    told with their citations, ``verdicts`` as "regime: verdict" where there is one to tell,
    ``undetermined`` names what would settle it, ``path`` is the nearest way to a listed entity.
    Without a match, ``nearest`` is the id of the listed or captured party whose name is nearest below the
    limit, if one is near, and ``reason`` tells of it; else ``reason`` tells of the nearest whoever it is, also of one
    that looks alike (as ``listed search`` would offer it) but is taken for another party.
    """

    row: int
    asked: str
    asked_country: str
    match: str
    entity: str
    name: str
    score: float
    reason: str
    countries: tuple[str, ...]
    listed_on: tuple[str, ...]
    listings: tuple[str, ...]
    verdicts: tuple[str, ...]
    undetermined: tuple[str, ...]
    path: str
    more_matches: int
    sources: tuple[str, ...]
    nearest: str = ""


class _Match(NamedTuple):
    """An entity that may be meant; ``looks`` is the score that search gave its name, before it was judged."""

    entity: int
    score: float
    reason: str
    kind: str
    looks: float = 0.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What is told of an entity, however many names lead to it."""

    id: str
    name: str
    countries: tuple[str, ...]
    listed_on: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()
    path: str = ""
    standing: frozenset[str] = frozenset()
    sources: tuple[str, ...] = field(default=())


def screen(
    graph: Graph,
    asked: Iterable[Asked],
    as_of: date | None = None,
    *,
    regime: str = "all",
    regimes_file: str | Path | None = None,
    least_score: float = LEAST_SCORE,
    matches: int = MOST_MATCHES,
    hops: int = 3,
    progress: Callable[[int], None] | None = None,
) -> Answer[ScreenRow]:
    """Screen names against a graph.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default.
    asked
        The names, in order.
    regime, regimes_file
        As for :func:`listed.queries.rules.verdict`.
    least_score
        0 to 100: names less alike are no match.
    matches
        Most entities told for one name; ``more_matches`` counts the others.
    hops
        Longest exposure path looked for.
    progress
        Told how many names are done, now and then.

    Returns
    -------
    Answer of ScreenRow
        At least one row for each name; ``bounds`` counts names with and without a match, those with a match
        that is listed, captured or may be, and the rows without a name, which the notes name. ``no_list`` are the
        regimes of which the graph holds no list: under those nothing can be said.

    Raises
    ------
    QueryError
        If a bound is not one that can be asked for, or there is no such regime.
    """
    if not 60 <= least_score <= 100 or matches < 1:
        raise QueryError("the least score must be 60 to 100, and there must be at least one match to a name")
    inquiry = Inquiry(graph, "screen", {"regime": regime, "least_score": least_score, "matches": matches}, as_of)
    screening = _Screening(inquiry, _rulings(inquiry, regime, regimes_file), least_score, hops)
    rows: list[ScreenRow] = []
    unread = _Unread()
    names = 0
    tally: Counter[str] = Counter()
    for one in asked:
        if unread.passes_over(one):
            continue
        names += 1
        told = screening.rows(one, screening.matches(one), matches)
        rows += told
        tally.update(screening.standing(told))
        if progress is not None and names % 100 == 0:
            progress(names)
    inquiry.notes += selection_note(inquiry, screening.rulings)
    inquiry.notes += matches_told_later(inquiry, screening.rulings, screening.matched())
    inquiry.notes += [*unread.notes(), "A name without a match is no proof that there is nothing to know of it."]
    found = tally["match"]
    counts: dict[str, Any] = {
              "names": names, "with_a_match": found, **{what: tally[what] for what in STANDINGS},
              "without": names - found, "without_but_near": tally["near"], "rows_without_a_name": len(unread.nameless),
              "least_score": least_score, "matches": matches, "hops": hops}  # fmt: skip
    if no_list := [one.rule.id for one in screening.rulings if one.no_list]:
        counts["no_list"] = no_list
    return inquiry.answer(rows, counts, kind=ScreenRow)


STANDINGS = ("listed", "captured", "would_be_captured", "may_be_captured")
"""What an entity may be: on a list; captured by a rule, or if the rule were in force; or that is undetermined."""


class _Unread:
    """The rows of a file that hold no name, and the cells that could not be read."""

    def __init__(self) -> None:
        self.nameless: list[int] = []
        self._flags: list[str] = []
        self._flagged = 0

    def passes_over(self, asked: Asked) -> bool:
        """Tell whether a row asks for nobody; remember it, and what of it could not be read."""
        self._flagged += len(asked.flags)
        if len(self._flags) < _MOST_NAMED:
            self._flags += [f"row {asked.row}: {flag}" for flag in asked.flags]
        if nobody := not asked.name.strip() and not asked.identifiers:
            self.nameless.append(asked.row)
        return nobody

    def notes(self) -> list[str]:
        """Return what a reader should know of them."""
        notes = []
        if count := len(self.nameless):
            rows = ", ".join(map(str, self.nameless[:_MOST_NAMED])) + (", ..." if count > _MOST_NAMED else "")
            said = "1 row has no name and was" if count == 1 else f"{count:,} rows have no name and were"
            notes.append(f"{said} passed over: row{'' if count == 1 else 's'} {rows}.")
        if self._flagged:
            more = self._flagged - len(self._flags[:_MOST_NAMED])
            flags = "; ".join(self._flags[:_MOST_NAMED]) + (f"; and {more:,} more" if more else "")
            notes.append(f"Not read: {flags}.")
        return notes


_MOST_NAMED = 5


def _rulings(inquiry: Inquiry, id_: str, file: str | Path | None) -> list[Ruling]:
    return [Ruling(inquiry, one) for one in chosen(id_, file)]


class _Screening:
    """The graph being asked, with all that was found out of an entity remembered."""

    def __init__(self, inquiry: Inquiry, rulings: Sequence[Ruling], least_score: float, hops: int) -> None:
        self.inquiry, self.graph = inquiry, inquiry.graph
        self.rulings, self.least_score, self.hops = rulings, least_score, hops
        self._known: dict[int, _Known] = {}
        self._searched: dict[str, list[_Match]] = {}

    def matches(self, asked: Asked) -> list[_Match]:
        """Return the entities that may be meant, best first."""
        best: dict[int, _Match] = {}
        for value in asked.identifiers:
            for row in by_identifier(self.graph, value.strip()):
                best[row] = _Match(row, 100.0, f"same identifier {value.strip()}", "identifier")
        for found in self._by_name(asked.name):
            if found.entity not in best and found.score >= self.least_score:
                best[found.entity] = self._weighed(found, asked.country)
        for found in () if best else self._within(asked.name):
            best[found.entity] = self._weighed(found, asked.country)
        return sorted(best.values(), key=lambda one: (one.kind != "identifier", -one.score, one.entity))

    def _by_name(self, name: str) -> list[_Match]:
        if name not in self._searched:
            hits = self.graph.names.search(name, limit=_CANDIDATES) if name.strip() else []
            self._searched[name] = [self._judged(party_name(name), hit) for hit in hits]
        return self._searched[name]

    def _within(self, name: str) -> list[_Match]:
        """Return whose whole name stands within a longer one: "Beihang University, Beijing", a school, a branch.

        A longer name is another party's as often as not, so this is asked only where nothing else is found.
        """
        words = fold(name).split()
        found: dict[int, _Match] = {}
        for length in range(len(words) - 1, 0, -1):
            for start in range(len(words) - length + 1):
                part = " ".join(words[start : start + length])
                if len(part) < _LEAST_LETTERS or (length == 1 and part.isascii()):
                    continue
                for row in self.graph.names.exact(part):
                    entity = self.graph.row_of(str(self.graph.row("names", int(row))["entity"]))
                    if entity is not None and entity not in found:
                        reason = f"contains the name {part}: a part or branch of it, or another party?"
                        found[entity] = _Match(entity, _FOUND_WITHIN, reason, "part")
            if found:
                break
        return list(found.values())

    def _judged(self, asked: PartyName, hit: Hit) -> _Match:
        """Judge a name that was found: search is generous, and what tells two parties apart must count."""
        if hit.score >= SAME:
            return _Match(hit.entity, hit.score, f"{hit.reason}: {hit.name}", "name", hit.score)
        alike = resemblance(asked, party_name(hit.name), person=self.graph.schema_of(hit.entity) == "Person")
        score, reason = 100 * alike.score, alike.reason
        if score < hit.score and not reason.startswith("another"):
            score, reason = hit.score, hit.reason
        return _Match(hit.entity, score, f"{reason}: {hit.name}", "name" if score >= SAME else "similar", hit.score)

    def _weighed(self, found: _Match, country: str) -> _Match:
        """Lower the score of an entity that is of other countries than the one asked for."""
        there = self._told(found.entity).countries
        if may_be_of_one_country([country] if country else [], there):
            return found
        reason = f"{found.reason}; but of {', '.join(there)}, not {country}"
        return found._replace(score=max(found.score - _OTHER_COUNTRY, 0.0), reason=reason)

    def _nearest(self, asked: Asked) -> _Match | None:
        """Return the listed or captured party whose name is nearest below the limit, of those found already."""
        near = [one for one in self._by_name(asked.name) if NEAR <= one.score < self.least_score and not _differs(one)]
        near.sort(key=lambda one: (-one.score, one.entity))
        return next((one for one in near if self._stands_out(one.entity)), None)

    def _nearest_of_all(self, asked: Asked) -> _Match | None:
        """Return the party whose name looks most alike, whoever it is, also if it is taken for another."""
        near = [one for one in self._by_name(asked.name) if max(one.looks, one.score) >= NEAR]
        return min(near, key=lambda one: (-max(one.looks, one.score), one.entity), default=None)

    def _stands_out(self, entity: int) -> str:
        """Return the lists an entity is on, or that a rule captures it; empty where neither is so."""
        if lists := lists_of(self.graph, entity, self.inquiry.as_of):
            return f"on {', '.join(lists)}"
        regimes = [ruling.rule.id for ruling in self.rulings if ruling.verdict_of(entity) == "captured"]
        return f"held by listed or captured owners ({', '.join(regimes)})" if regimes else ""

    def _none(self, asked: Asked) -> ScreenRow:
        """Return the row of a name without a match: with the nearest one, if it is near."""
        reason, nearest = "nothing found in this graph", ""
        sources: tuple[str, ...] = ()
        listed = self._nearest(asked)
        if near := listed or self._nearest_of_all(asked):
            known = self._told(near.entity)
            why = self._weighed(near, asked.country).reason
            standing = self._stands_out(near.entity) or "neither listed nor captured"
            looks = f"but judged {near.score:.3g}, " if _differs(near) else ""
            score = max(near.looks, near.score) if looks else near.score
            reason = (f"nothing of {self.least_score:g} or more; the nearest: {known.name}"
                      f"{'' if listed else f' [{known.id}]'}, {score:.3g}, {looks}{standing} ({why})")  # fmt: skip
            nearest, sources = known.id if listed else "", self.inquiry.cite(self._sources_of(near.entity))
        return ScreenRow(asked.row, asked.name, asked.country, "none", "", "", 0.0, reason,
                         (), (), (), (), (), "", 0, sources, nearest)  # fmt: skip

    def _sources_of(self, entity: int) -> list[str]:
        """Return what says who an entity is, and that it is listed or captured."""
        quiet = Inquiry(self.graph, "", {}, self.inquiry.as_of)
        said = [source for one in listings_of(quiet, entity, history=False) for source in one.sources]
        if not said:
            rulings = (ruling for ruling in self.rulings if ruling.verdict_of(entity) == "captured")
            said = [source for ruling in rulings for source in ruling.row(entity).sources]
        return [*self.graph.row("entities", entity)["sources"], *said]

    def standing(self, rows: Sequence[ScreenRow]) -> set[str]:
        """Return what may be said of one name, by the rows told of it."""
        if not rows[0].entity:
            return {"near"} if rows[0].nearest else set()
        entities = (self.graph.row_of(row.entity) for row in rows)
        return {"match"}.union(*(self._known[one].standing for one in entities if one is not None))

    def matched(self) -> set[int]:
        """Return the entities that were told of as a match."""
        return {entity for entity, known in self._known.items() if known.sources}

    def rows(self, asked: Asked, found: Sequence[_Match], most: int) -> list[ScreenRow]:
        """Return the rows told of one name."""
        if not found:
            return [self._none(asked)]
        rows = []
        for one in found[:most]:
            known = self._whole(one.entity)
            rows.append(
                ScreenRow(asked.row, asked.name, asked.country, one.kind, known.id, known.name, round(one.score, 1),
                          one.reason, known.countries, known.listed_on, known.listings, known.verdicts,
                          known.undetermined, known.path, max(len(found) - most, 0), self.inquiry.cite(known.sources))
            )  # fmt: skip
        return rows

    def _told(self, entity: int) -> _Known:
        known = self._known.get(entity)
        if known is None:
            said = self.graph.row("entities", entity)
            known = _Known(said["id"], self.graph.name_of(entity), tuple(said["countries"]))
            self._known[entity] = known
        return known

    def _whole(self, entity: int) -> _Known:
        """Return all that is told of an entity, found out once."""
        known = self._told(entity)
        if known.sources:
            return known
        quiet = Inquiry(self.graph, "", {}, self.inquiry.as_of)
        listings = listings_of(quiet, entity, history=False)
        verdicts = [ruling.row(entity) for ruling in self.rulings if ruling.verdict_of(entity) != "none"]
        path = nearest_path(quiet, entity, self.hops)
        sources = [*self.graph.row("entities", entity)["sources"], *(path.sources if path else ())]
        sources += [source for one in listings for source in one.sources]
        sources += [source for one in verdicts for source in one.sources]
        known = _Known(
            known.id,
            known.name,
            known.countries,
            tuple(sorted({one.list for one in listings})),
            tuple(listing_said(one) for one in listings),
            tuple(_verdict_said(one) for one in verdicts),
            tuple(_open_said(one) for one in verdicts if one.open),
            path.sentence if path else "",
            _standing(verdicts, listed=bool(listings)),
            tuple(dict.fromkeys(sources)) or ("",),
        )
        self._known[entity] = known
        return known


def _differs(found: _Match) -> bool:
    """Whether something in its name tells it apart from the party asked for: another number, another place."""
    return found.reason.startswith("another")


def _standing(verdicts: Sequence[VerdictRow], *, listed: bool) -> frozenset[str]:
    said = {"listed"} if listed else set()
    for one in verdicts:
        if one.verdict == "captured" or one.would_be == "captured":
            said.add("captured" if one.verdict == "captured" else "would_be_captured")
        elif "undetermined" in (one.verdict, one.would_be):
            said.add("may_be_captured")
    return frozenset(said)


def _verdict_said(row: VerdictRow) -> str:
    return f"{row.regime}: {row.verdict.replace('_', ' ')}" + (f" (would be {row.would_be})" if row.would_be else "")


def _open_said(row: VerdictRow) -> str:
    stakes = "; ".join(f"{one.owner_name} {one.share}, captures from {one.captures_from}%" for one in row.open)
    return f"{row.regime}: {stakes}"
