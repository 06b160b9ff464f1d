"""Who an ownership rule captures on a date, and why.

Verdicts
--------
``listed``        on a list of the regime.
``captured``      listed or captured owners certainly hold what it takes.
``undetermined``  they possibly do: the answer names the stakes that would settle it.
``minority``      a listed or captured owner certainly holds something, and capture is not possible.
``none``          no stake of a listed or captured owner is known.
``not_in_force``  the rule did not hold on the day; ``would_be`` says what the verdict would be.

Sources: OFAC FAQ 398-402; 15 CFR Part 744, Supplement No. 8; see ``regimes.toml``. Look-through
products are not these rules and are never used here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np

from listed.graph.period import Containment
from listed.graph.share import WHOLE, Basis, show_percent
from listed.graph.snapshot import Graph, period_of
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.fixed_points import Captured, Test, fixed_points
from listed.queries.listings import known_lists, listings_of, lists_of
from listed.queries.ownership import percent_of, stake_links
from listed.queries.regimes import Phase, Regime, regime, regimes
from listed.queries.resolve import find
from listed.queries.sentences import aloud
from listed.queries.stake_columns import I64, Flags, StakeColumns, links_of, stake_columns


@dataclass(frozen=True, slots=True)
class Ground:
    """A stake a verdict rests on, and on what its owner's own verdict rests, tier by tier.

    ``counts`` is "certainly" or "possibly"; ``seen`` marks an owner told of further up already.
    """

    owner: str
    owner_name: str
    owner_verdict: str
    listed_on: tuple[str, ...]
    asset: str
    share: str
    share_min: Decimal
    share_max: Decimal
    counts: str
    sources: tuple[str, ...]
    grounds: tuple[Ground, ...] = ()
    seen: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """A stake that would settle an undetermined verdict, and the share from which on it captures."""

    owner: str
    owner_name: str
    share: str
    captures_from: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """The licence terms of a listed owner a verdict leads back to; those of all apply, the strictest first."""

    owner: str
    owner_name: str
    list: str
    licence_requirement: str
    licence_policy: str


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The verdict on an entity under a regime.

    ``held_min`` and ``held_max`` are what listed or captured owners certainly and possibly hold,
    together or, where the regime does not add, the largest of them. ``control_indicated`` are the
    links by which a listed or captured party may control the entity, where the regime has such a limb:
    never part of the verdict. ``paragraph`` can be quoted.
    """

    entity: str
    name: str
    regime: str
    regime_title: str
    verdict: str
    would_be: str
    status: str
    status_citation: str
    held_min: Decimal
    held_max: Decimal
    threshold: Decimal
    conflict: bool
    listed_on: tuple[str, ...]
    grounds: tuple[Ground, ...]
    open: tuple[Open, ...]
    control_indicated: tuple[str, ...]
    terms: tuple[Terms, ...]
    paragraph: str
    sources: tuple[str, ...]


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
    rows = [_Ruling(inquiry, one).row(row) for one in _chosen(regime, regimes_file)]
    return inquiry.answer(rows)


def affiliates(
    graph: Graph,
    as_of: date | None = None,
    *,
    regime: str = "us-bis",
    regimes_file: str | Path | None = None,
) -> Answer[VerdictRow]:
    """Return every entity that a regime captures, certainly or possibly, but does not list.

    As :func:`verdict`. On a day on which the rule was not in force the rows say what would be.
    """
    inquiry = Inquiry(graph, "affiliates", {"regime": regime}, as_of)
    rows = [row for one in _chosen(regime, regimes_file) for row in _Ruling(inquiry, one).captured_rows()]
    counts = {name: sum((row.would_be or row.verdict) == name for row in rows) for name in ("captured", "undetermined")}
    return inquiry.answer(rows, {"counts": counts})


def _chosen(id_: str, file: str | Path | None) -> list[Regime]:
    return list(regimes(file).values()) if id_ == "all" else [regime(id_, file)]


class _Ruling:
    """A regime applied to a graph on a date."""

    def __init__(self, inquiry: Inquiry, rule: Regime) -> None:
        self.inquiry, self.rule, self.graph = inquiry, rule, inquiry.graph
        self.phase: Phase = rule.on(inquiry.as_of)
        self.least = rule.threshold + (0 if self.phase.inclusive else 1)
        self.seeds, self.possible_seeds = _seeds(self.graph, rule, inquiry.as_of)
        there = known_lists(self.graph)
        self.missing = tuple(name for name in rule.lists if name not in there)
        if self.missing:
            inquiry.notes.append(f"{rule.id} also covers {', '.join(self.missing)}, of which this graph holds nothing.")
        self.stakes: StakeColumns = stake_columns(self.graph, inquiry.as_of)
        n = self.graph.arrays.size
        self.listed = np.zeros(n, np.bool_)
        self.listed[self.seeds] = True
        if rule.flows_down:
            exempt = np.zeros(n, np.bool_) if rule.us_entities else _of_the_us(self.graph)
            test = Test(self.least, rule.aggregates)
            self.captured = fixed_points(self.stakes, self.seeds, self.possible_seeds, exempt, test)
        else:
            self.captured = _seeds_only(n, self.seeds, self.possible_seeds)
        self.rows_of_asset = np.argsort(self.stakes.asset, kind="stable")
        self.assets = self.stakes.asset[self.rows_of_asset]

    def captured_rows(self) -> list[VerdictRow]:
        return [self.row(int(entity)) for entity in np.flatnonzero(self.captured.possible & ~self.listed)]

    def verdict_of(self, entity: int) -> str:
        """Return the verdict as if the rule were in force."""
        if self.listed[entity]:
            return "listed"
        if self.captured.certain[entity]:
            return "captured"
        if self.captured.possible[entity]:
            return "undetermined"
        rows = self._held(entity)
        holders = self.captured.certain[self.stakes.owner[rows]]
        if self.rule.flows_down and bool((holders & self.stakes.something[rows]).any()):
            return "minority"
        return "none"

    def row(self, entity: int) -> VerdictRow:
        """Return the verdict on an entity, with all that it rests on."""
        graph, rule = self.graph, self.rule
        would_be = self.verdict_of(entity)
        in_force = self.phase.status == "in_force" or would_be == "listed"
        said = would_be if in_force else "unverified" if self.phase.status == "unverified" else "not_in_force"
        held_min, held_max = self._sums(entity)
        grounds = self._grounds(entity) if would_be not in ("none",) else ()
        sources = tuple(dict.fromkeys(one for ground in _all(grounds) for one in ground.sources))
        return VerdictRow(
            entity=graph.id_of(entity),
            name=graph.name_of(entity),
            regime=rule.id,
            regime_title=rule.title,
            verdict=said,
            would_be="" if in_force else would_be,
            status=self.phase.status,
            status_citation=self.phase.citation,
            held_min=percent_of(held_min) or Decimal(0),
            held_max=percent_of(held_max) or Decimal(0),
            threshold=percent_of(rule.threshold) or Decimal(0),
            conflict=bool(self.stakes.conflict[self._held(entity)].any()) or self._low_in(entity) > WHOLE,
            listed_on=lists_of(graph, entity, self.inquiry.as_of),
            grounds=grounds,
            open=self._open(entity) if would_be == "undetermined" else (),
            control_indicated=self._control(entity) if rule.control else (),
            terms=self._terms(entity, grounds) if would_be in ("listed", "captured", "undetermined") else (),
            paragraph=self._paragraph(entity, would_be, held_min, held_max, grounds),
            sources=self.inquiry.cite(sources),
        )

    def _control(self, entity: int) -> tuple[str, ...]:
        """Return the links of control, votes or board seats that a captured party has in an entity, read aloud."""
        graph, day = self.graph, self.inquiry.as_of
        found = []
        for link in stake_links(graph, entity, of_asset=True):
            owner = int(graph.arrays.source[link])
            said = graph.link(link)
            controls = said.type is LinkType.CONTROLS or said.basis in (Basis.VOTES, Basis.BOARD)
            if controls and self.captured.possible[owner] and said.period.contains(day) is not Containment.NO:
                self.inquiry.cite_link(link)
                found.append(aloud(said, (graph.name_of(owner), graph.name_of(entity)), day))
        return tuple(found)

    def _terms(self, entity: int, grounds: tuple[Ground, ...]) -> tuple[Terms, ...]:
        """Return the terms of every listed party the verdict leads back to, the strictest first."""
        roots = [ground.owner for ground in _all(grounds) if ground.owner_verdict == "listed"]
        found: list[Terms] = []
        for id_ in dict.fromkeys([self.graph.id_of(entity), *roots]):
            party = self.graph.row_of(id_)
            listings = listings_of(self.inquiry, party, history=False) if party is not None else []
            found += [
                Terms(id_, one.name, one.list, one.licence_requirement, one.licence_policy)
                for one in listings
                if one.list in self.rule.lists
            ]
        return tuple(sorted(found, key=lambda terms: (_strictness(terms.licence_policy), terms.owner_name, terms.list)))

    def _paragraph(self, entity: int, would_be: str, held_min: int, held_max: int, grounds: tuple[Ground, ...]) -> str:
        """Return the verdict as a paragraph a reporter can quote."""
        rule, day, status = self.rule, self.inquiry.as_of, self.phase.status
        said = self._finding(entity, would_be, _range(held_min, held_max), grounds)
        if would_be == "listed" or status == "in_force":
            return f"As of {day}: {said}"
        if status == "unverified":
            doubt = f"whether the {rule.title} is in force is unverified ({self.phase.citation})"
            return f"As of {day}: {doubt}. If it is: {said}"
        state = "suspended" if status == "suspended" else "not in force"
        return f"As of {day}: the {rule.title} is {state} ({self.phase.citation}). Were it in force: {said}"

    def _finding(self, entity: int, would_be: str, held: str, grounds: tuple[Ground, ...]) -> str:
        name, title = self.graph.name_of(entity), self.rule.title
        asks = f"{'at least' if self.phase.inclusive else 'more than'} {show_percent(self.rule.threshold)}%"
        asks += "" if self.rule.aggregates else " by one of them"
        who = "; ".join(f"{ground.owner_name} holds {ground.share} ({ground.owner_verdict})" for ground in grounds)
        match would_be:
            case "listed":
                return f"{name} is itself on a list of the {title}."
            case "captured":
                return f"Listed or captured owners hold {held} of {name}; the {title} asks for {asks}: {who}."
            case "undetermined":
                if entity in self.possible_seeds:
                    return f"It cannot be told whether {name} is itself on a list of the {title} on this day."
                doubt = f"It cannot be told whether the {title} captures {name}"
                return f"{doubt}: listed or captured owners may hold {held} of it, and the rule asks for {asks}: {who}."
            case "minority":
                return (
                    f"Listed or captured owners hold {held} of {name}, short of the {asks} the {title} asks for: {who}."
                )
        if self.missing == self.rule.lists:
            return (
                f"This graph holds no list of the {title} ({', '.join(self.missing)}), so it can say nothing of {name}."
            )
        reach = "" if self.rule.flows_down else ", and the rule reaches only parties that are themselves listed"
        known = (
            f"This graph knows of no stake in {name} of an owner that is listed or captured under the {title}{reach}"
        )
        return f"{known}. That is not proof that there is none."

    def _held(self, entity: int) -> I64:
        """Return the rows of the stakes in an entity."""
        first, last = (np.searchsorted(self.assets, entity, side) for side in ("left", "right"))
        return np.asarray(self.rows_of_asset[first:last])

    def _low_in(self, entity: int) -> int:
        return int(self.stakes.low[self._held(entity)].sum())

    def _sums(self, entity: int) -> tuple[int, int]:
        """Return what captured owners certainly hold, and what possible ones may."""
        rows = self._held(entity)
        certain = self.captured.certain[self.stakes.owner[rows]]
        possible = self.captured.possible[self.stakes.owner[rows]]
        low, high = self.stakes.low[rows][certain], self.stakes.high[rows][possible]
        others = int(self.stakes.low[rows][~possible].sum())
        if not self.rule.aggregates:
            return int(low.max(initial=0)), min(int(high.max(initial=0)), WHOLE)
        room = WHOLE - others if self._low_in(entity) <= WHOLE else WHOLE
        return int(low.sum()), max(int(low.sum()), min(int(high.sum()), room))

    def _grounds(self, entity: int) -> tuple[Ground, ...]:
        """Return what a verdict rests on: each owner is told of where it is nearest, then only named."""
        nearest: dict[int, int] = {entity: -1}
        tiers: dict[int, list[int]] = {}
        for one in (told := [entity]):
            rows = self._held(one)
            rows = rows[self.captured.possible[self.stakes.owner[rows]]]
            tiers[one] = rows[np.argsort(-self.stakes.high[rows], kind="stable")].tolist()
            for row in tiers[one]:
                owner = int(self.stakes.owner[row])
                if owner not in nearest:
                    nearest[owner] = row
                    told.append(owner)
        grounds: dict[int, tuple[Ground, ...]] = {}
        for one in reversed(told):
            owners = [(row, int(self.stakes.owner[row])) for row in tiers[one]]
            grounds[one] = tuple(
                self._ground(row, told=nearest[owner] != row, below=grounds[owner] if nearest[owner] == row else ())
                for row, owner in owners
            )
        return grounds[entity]

    def _ground(self, row: int, *, told: bool, below: tuple[Ground, ...]) -> Ground:
        graph, owner = self.graph, int(self.stakes.owner[row])
        asset = int(self.stakes.asset[row])
        low, high = int(self.stakes.low[row]), int(self.stakes.high[row])
        links = links_of(graph, owner, asset)
        own = self.verdict_of(owner)
        return Ground(
            owner=graph.id_of(owner),
            owner_name=graph.name_of(owner),
            owner_verdict=own,
            listed_on=lists_of(graph, owner, self.inquiry.as_of),
            asset=graph.id_of(asset),
            share=_range(low, high),
            share_min=percent_of(low) or Decimal(0),
            share_max=percent_of(high) or Decimal(0),
            counts="certainly" if own in ("listed", "captured") and low > 0 else "possibly",
            sources=self.inquiry.cite(one for link in links for one in self.inquiry.cite_link(link)),
            grounds=below,
            seen=told,
        )

    def _open(self, entity: int) -> tuple[Open, ...]:
        """Return the stakes that would settle it, each with the share from which on it captures by itself.

        What the others certainly hold counts towards the threshold, where the regime adds.
        """
        rows = self._held(entity)
        held_min, _ = self._sums(entity)
        found = []
        for row in rows:
            owner = int(self.stakes.owner[row])
            low, high = int(self.stakes.low[row]), int(self.stakes.high[row])
            settled = bool(self.captured.certain[owner])
            if not self.captured.possible[owner] or (settled and low == high):
                continue
            others = held_min - (low if settled else 0) if self.rule.aggregates else 0
            needs = max(self.least - others, 0)
            found.append(
                Open(
                    self.graph.id_of(owner),
                    self.graph.name_of(owner),
                    _range(low, high),
                    percent_of(needs) or Decimal(0),
                )
            )
        return tuple(found)


def _strictness(policy: str) -> int:
    """Rank a review policy: denial before case by case; one not stated comes first, as it may be the strictest."""
    text = policy.casefold()
    if not text:
        return 0
    denial = "denial" in text or "denied" in text
    return 1 if denial and "case" not in text else 2 if denial else 3


def _range(low: int, high: int) -> str:
    if low == high:
        return f"{show_percent(low)}%"
    return "share unknown" if low == 0 and high == WHOLE else f"{show_percent(low)}–{show_percent(high)}%"


def _all(grounds: Sequence[Ground]) -> list[Ground]:
    return [one for ground in grounds for one in (ground, *_all(ground.grounds))]


def _seeds(graph: Graph, rule: Regime, day: date) -> tuple[I64, I64]:
    """Return the entities that are, and that may be, on a list of the regime on a day."""
    listings = graph.tables["listings"]
    certain, possible = set(), set()
    names = listings["list"].to_pylist()
    for row in (row for row, name in enumerate(names) if name in rule.lists):
        said = graph.row("listings", row)
        pattern = rule.programs.get(said["list"])
        if pattern and not any(re.search(pattern, program) for program in said["programs"]):
            continue
        holds = period_of(said).contains(day)
        entity = int(graph.arrays.listing_entity[row])
        if holds is not Containment.NO:
            possible.add(entity)
        if holds is Containment.CERTAINLY:
            certain.add(entity)
    return np.array(sorted(certain), np.int64), np.array(sorted(possible), np.int64)


def _of_the_us(graph: Graph) -> Flags:
    countries = graph.tables["entities"]["countries"].to_pylist()
    return np.array([one == ["us"] for one in countries], np.bool_)


def _seeds_only(n: int, seeds: I64, possible: I64) -> Captured:
    certain, may = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    certain[seeds], may[possible] = True, True
    return Captured(certain, may | certain, np.where(certain, 0, -1).astype(np.int64))
