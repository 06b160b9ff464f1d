"""A regime applied to a graph on a date: verdicts, and all they rest on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np

from listed.graph.period import START_TOLD, period_said
from listed.graph.share import WHOLE, Basis
from listed.graph.stakes import stakes_on
from listed.graph.tables import day_number, row_numbers
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Inquiry
from listed.queries.control import under_control
from listed.queries.fixed_points import Captured, Hands, Test, distinct, fixed_points, grounds_of
from listed.queries.listings import known_lists, listings_of, lists_of
from listed.queries.ownership import claims_of, grouped, percent_of, stake_links
from listed.queries.records import ListingRow
from listed.queries.regimes import Phase, Regime
from listed.queries.remembering import remembered
from listed.queries.seeds import may_count, of_the_us, of_unknown_country, seeds_of
from listed.queries.sentences import aloud
from listed.queries.stake_columns import (
    I64,
    OF_CONTROL,
    Flags,
    Ints,
    StakeColumns,
    links_of,
    links_of_pairs,
    runs,
    stake_columns,
)
from listed.queries.verdict_prose import Finding, listing_said, paragraph, range_said
from listed.queries.verdicts import Ground, Open, Terms, VerdictRow, all_grounds

MOST_TIERS = 100
"""Owners of owners that a derivation tells of; real chains have a few."""

MOST_OWNERS = 1_000
"""Owners that a derivation tells of, the nearest first."""


@dataclass(slots=True)
class _Told:
    """What a derivation tells of.

    Parameters
    ----------
    parties
        The entity and the owners it leads back to, nearest first.
    reached_by
        The stake each is reached by.
    expanded
        How many of the parties are told with their own owners.
    """

    parties: list[int]
    reached_by: dict[int, int]
    expanded: int


@dataclass(slots=True)
class _Known:
    """What a ruling says of one party, or of one stake, recurs in the grounds of many: kept for the next answer.

    Parameters
    ----------
    names, lists
        Of a party: its id and name, and the lists it is on.
    listings, terms
        Of a party: its listings that count under the regime, and their terms.
    held, tiers, contradicted
        Of a party: see the methods of :class:`Ruling`.
    grounds
        Of a stake, by its row: what is told of it where nothing is told beyond it.
    """

    names: dict[int, tuple[str, str]] = field(default_factory=dict)
    lists: dict[int, tuple[str, ...]] = field(default_factory=dict)
    listings: dict[int, list[ListingRow]] = field(default_factory=dict)
    terms: dict[int, list[Terms]] = field(default_factory=dict)
    held: dict[int, I64] = field(default_factory=dict)
    tiers: dict[int, list[int]] = field(default_factory=dict)
    contradicted: dict[int, bool] = field(default_factory=dict)
    grounds: dict[int, Ground] = field(default_factory=dict)

    def is_full(self) -> bool:
        """Whether more is kept than should be for long."""
        return max(len(self.names), len(self.listings), len(self.held), len(self.grounds)) > _MOST_KEPT


_MOST_KEPT = 5_000

_DATED = ("role", "start_date", "end_date")

_IN_TURN = "may itself be controlled by a party that is listed or captured"

_MANY = 16
"""From so many on, stakes are read together."""


class Ruling:
    """A regime applied to a graph on a date."""

    def __init__(self, inquiry: Inquiry, rule: Regime) -> None:
        self.inquiry, self.rule, self.graph = inquiry, rule, inquiry.graph
        self.phase: Phase = rule.on(inquiry.as_of)
        self.least = rule.threshold + (0 if self.phase.inclusive else 1)
        there = known_lists(self.graph)
        self.missing = tuple(name for name in rule.lists if name not in there)
        if self.no_list:
            inquiry.notes.append(
                f"This graph holds no list of {rule.id} ({', '.join(self.missing)}), so under it nothing can be said."
            )
        elif self.missing:
            inquiry.notes.append(f"{rule.id} also covers {', '.join(self.missing)}, of which this graph holds nothing.")
        self.stakes: StakeColumns = stake_columns(self.graph, inquiry.as_of)
        decides = (_what_decides(rule), self.least, inquiry.as_of)
        self.listed, self.may_be_listed, self.captured = remembered(
            self.graph, "captured", decides, self._captured, most=8
        )
        # Beyond the rule's reach, but not its passage: what such a firm holds, its owners hold indirectly.
        self.beyond = np.zeros(self.graph.arrays.size, np.bool_) if rule.us_entities else of_the_us(self.graph)
        self.homeless = of_unknown_country(self.graph)
        kept = remembered(self.graph, "rulings", decides, lambda: [_Known()], most=8)
        if kept[0].is_full():
            kept[0] = _Known()
        self._known = kept[0]
        self._strictest: dict[int, int] = {}

    @property
    def no_list(self) -> bool:
        """Whether the graph holds no list of the regime: then a verdict of "none", or a count of 0, says nothing."""
        return self.missing == self.rule.lists

    @property
    def caveat(self) -> tuple[str, ...]:
        """What must stand on a picture of it: without a list of the regime nobody is marked, and that says nothing."""
        if not self.no_list:
            return ()
        return (f"This graph holds no list of the {self.rule.title}: that nobody is marked by it says nothing.",)

    def _captured(self) -> tuple[Flags, Flags, Captured]:
        """Return who is and who may be on a list of the regime, and whom it captures."""
        rule, n = self.rule, self.graph.arrays.size
        seeds, possible_seeds = seeds_of(self.graph, rule, self.inquiry.as_of)
        listed, may_be = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
        listed[seeds], may_be[possible_seeds] = True, True
        if not rule.flows_down:
            return listed, may_be, Captured(listed, may_be, np.where(listed, 0, -1))
        return listed, may_be, fixed_points(self.stakes, seeds, possible_seeds, Test(self.least, rule.aggregates))

    def captured_rows(self) -> list[VerdictRow]:
        """Return the verdict on every entity captured, certainly or possibly, that is not listed itself.

        Of the grounds of each only the nearest tier is told, as those of its owners stand in their own
        rows; of the listed parties it leads back to only the terms of the strictest.
        """
        self._known = _Known()  # of all that is captured: too much to keep
        told_of = self.listed | (self.beyond & ~self.may_be_listed)
        grounds = grounds_of(self.stakes, self.captured.possible, told_of)
        rows = grounds.row[np.lexsort((-self.stakes.high[grounds.row], self.stakes.asset[grounds.row]))]
        self._read_names(np.union1d(grounds.entity, self.stakes.owner[rows]))
        entities, first, told = grounds.entity.tolist(), grounds.first.tolist(), rows.tolist()
        for place, entity in enumerate(entities):
            self._known.tiers[entity] = told[first[place] : first[place + 1]]
        # Terms come down through firms the rule does not reach, too.
        self._strictest = self._strictest_parties(grounds_of(self.stakes, self.captured.possible, self.listed).row)
        return [self.row(entity, whole=False) for entity in entities]

    def _strictest_parties(self, rows: Ints) -> dict[int, int]:
        """Return, over the stakes that count, which listed party each leads back to has the strictest terms."""
        owner, asset = self.stakes.owner[rows], self.stakes.asset[rows]
        # What is certainly captured is so by the certain stakes of certain owners: only those bring terms.
        certain = self.captured.certain
        counts = ~certain[asset] | (certain[owner] & (self.stakes.low[rows] > 0))
        owner, asset = owner[counts], asset[counts]
        parties: list[int] = np.unique(owner[self.may_be_listed[owner]]).tolist()
        parties = sorted(
            filter(self._terms_of, parties), key=lambda party: min(map(strictest_first, self._terms_of(party)))
        )
        rank = np.full(self.stakes.size, len(parties), np.int64)
        rank[parties] = np.arange(len(parties))
        while True:
            before = rank[asset]
            np.minimum.at(rank, asset, rank[owner])
            if (rank[asset] == before).all():
                break
        told = np.unique(asset[rank[asset] < len(parties)])
        return {entity: parties[place] for entity, place in zip(told.tolist(), rank[told].tolist(), strict=True)}

    def _read_names(self, entities: Ints) -> None:
        """Read the names of many parties at once."""
        said = self.graph.tables["entities"].select(["id", "name"]).take(row_numbers(entities))
        for entity, id_, name in zip(entities.tolist(), *(column.to_pylist() for column in said.columns), strict=True):
            self._know(entity, id_, name)

    def _know(self, entity: int, id_: str, name: str) -> tuple[str, str]:
        self._known.names[entity] = (id_, name or id_)
        return self._known.names[entity]

    def _named(self, entity: int) -> tuple[str, str]:
        """Return the id and the name of a party."""
        known = self._known.names.get(entity)
        return known or self._know(entity, self.graph.id_of(entity), self.graph.name_of(entity))

    def _into(self, entity: int) -> I64:
        """Return the rows of the stakes in a party."""
        if entity not in self._known.held:
            self._known.held[entity] = self.stakes.into(entity)
        return self._known.held[entity]

    def _tier(self, entity: int) -> list[int]:
        """Return the rows of the stakes that listed or captured owners may hold in a party, the largest first."""
        if entity not in self._known.tiers:
            rows = self._into(entity)
            rows = rows[self.captured.possible[self.stakes.owner[rows]]]
            self._known.tiers[entity] = rows[np.argsort(-self.stakes.high[rows], kind="stable")].tolist()
        return self._known.tiers[entity]

    def verdict_of(self, entity: int) -> str:
        """Return the verdict as if the rule were in force."""
        if self.listed[entity]:
            return "listed"
        if self.captured.possible[entity] and self.beyond[entity]:
            return "undetermined" if self.may_be_listed[entity] else "exempt"
        if self.captured.certain[entity]:
            return "captured"
        if self.captured.possible[entity]:
            return "undetermined"
        rows = self._into(entity)
        holders = self.captured.certain[self.stakes.owner[rows]]
        if self.rule.flows_down and bool((holders & self.stakes.something[rows]).any()):
            return "minority"
        return "none"

    def row(self, entity: int, *, whole: bool = True) -> VerdictRow:
        """Return the verdict on an entity, with all that it rests on, or only the nearest tier of it."""
        rule = self.rule
        id_, name = self._named(entity)
        would_be = self.verdict_of(entity)
        in_force = self.phase.status == "in_force" or would_be == "listed"
        said = would_be if in_force else "unverified" if self.phase.status == "unverified" else "not_in_force"
        held_min, held_max = self._sums(entity)
        told = self._told(entity) if whole else None
        grounds = self._grounds(entity, told)
        named = told.parties if told else [entity, *self.stakes.owner[self._tier(entity)].tolist()]
        listings = [one for party in named if self.may_be_listed[party] for one in self._listing_sources(party)]
        stakes = [one for ground in all_grounds(grounds) for one in ground.sources]
        sources = tuple(dict.fromkeys(listings + stakes))
        return VerdictRow(
            entity=id_,
            name=name,
            regime=rule.id,
            regime_title=rule.title,
            verdict=said,
            would_be="" if in_force else would_be,
            status=self.phase.status,
            status_citation=self.phase.citation,
            held_min=percent_of(held_min) or Decimal(0),
            held_max=percent_of(held_max) or Decimal(0),
            threshold=percent_of(rule.threshold) or Decimal(0),
            conflict=self._contradicted(entity),
            listed_on=self._lists_of(entity),
            lists_missing=self.missing,
            no_list=self.no_list,
            grounds=grounds,
            open=self._open(entity) if would_be == "undetermined" else (),
            control_indicated=self._control(entity) if rule.control else (),
            terms=self._terms(entity, whole=whole) if would_be in ("listed", "captured", "undetermined") else (),
            paragraph=self._paragraph(entity, would_be, (held_min, held_max), grounds, named[1:] if whole else []),
            sources=self.inquiry.cite(sources),
        )

    def _contradicted(self, entity: int) -> bool:
        """Tell whether sources contradict each other on a stake, or state more than the whole together."""
        if entity not in self._known.contradicted:
            rows = self._into(entity)
            low, sure_in = self.stakes.low[rows], int(self.stakes.sure_in[entity])
            # ... or the named owners have all of it, and another certainly has something.
            more = sure_in >= WHOLE and bool((self.stakes.something[rows] & (low == 0)).any())
            self._known.contradicted[entity] = more or int(low.sum()) > WHOLE or bool(self.stakes.conflict[rows].any())
        return self._known.contradicted[entity]

    def _lists_of(self, entity: int) -> tuple[str, ...]:
        if entity not in self._known.lists:
            self._known.lists[entity] = lists_of(self.graph, entity, self.inquiry.as_of)
        return self._known.lists[entity]

    def _under_control(self) -> Flags:
        """Return who may be captured or under the control of those who are."""
        decides = (_what_decides(self.rule), self.least, self.inquiry.as_of)
        found = lambda: under_control(  # noqa: E731
            self.graph, self.stakes, self.captured.possible, self.least, self.inquiry.as_of
        )
        return remembered(self.graph, "under control", decides, found, most=8)

    def _control(self, entity: int) -> tuple[str, ...]:
        """Return how captured parties may control an entity besides the stakes that count, read aloud.

        Their control, votes, board seats and accounts; and what firms hold that they may control themselves.
        """
        graph, day, inside = self.graph, self.inquiry.as_of, self._under_control()
        found = []
        for (owner, _, kind), links in grouped(graph, stake_links(graph, entity, of_asset=True)).items():
            if not inside[owner]:
                continue
            captured = bool(self.captured.possible[owner])
            for stake in stakes_on(claims_of(graph, links), day):
                of_shares = kind == LinkType.OWNS.rank and stake.basis not in OF_CONTROL
                counts = of_shares and (stake.basis is Basis.SHARES if captured else not inside[entity])
                if stake.is_exit or counts:
                    continue
                said = graph.link(next(link for link in stake.links if not graph.share_of(link).is_exit))
                self.inquiry.cite(one for link in stake.links for one in self.inquiry.cite_link(link))
                names = (self._named(owner)[1], self._named(entity)[1])
                found.append(aloud(said, names, day) + ("" if captured else f"; {names[0]} {_IN_TURN}"))
        return tuple(found)

    def _terms(self, entity: int, *, whole: bool) -> tuple[Terms, ...]:
        """Return the terms of the entity and of every listed party its verdict leads back to, the strictest first."""
        if whole:
            sure = bool(self.captured.certain[entity])
            above = self._listed_above(entity, certain=sure)
        else:
            above = [self._strictest[entity]] if entity in self._strictest else []
        return tuple(sorted((one for party in (entity, *above) for one in self._terms_of(party)), key=strictest_first))

    def _terms_of(self, party: int) -> list[Terms]:
        counted = self._counted_listings(party)
        if party not in self._known.terms:
            self._known.terms[party] = [
                Terms(one.entity, one.name, one.list, one.licence_requirement, one.licence_policy) for one in counted
            ]
        return self._known.terms[party]

    def _listing_sources(self, party: int) -> list[str]:
        """Return the sources of the listings that make a party a listed one."""
        return [source for one in self._counted_listings(party) for source in one.sources]

    def _counted_listings(self, party: int) -> list[ListingRow]:
        """Return the listings of a party that may count under the regime, on this day."""
        there = listings_of(self.inquiry, party, history=False)
        if party not in self._known.listings:
            self._known.listings[party] = [
                one for one in there if one.list in self.rule.lists and may_count(self.rule, one.list, one.programs)
            ]
        return self._known.listings[party]

    def _paragraph(
        self, entity: int, would_be: str, held: tuple[int, int], grounds: tuple[Ground, ...], above: list[int]
    ) -> str:
        """Return the verdict as a paragraph a reporter can quote; ``above`` are the owners it leads back to."""
        found = Finding(
            name=self._named(entity)[1],
            verdict=would_be,
            low=held[0],
            high=held[1],
            grounds=grounds,
            contradicted=self._contradicted(entity),
            contradicted_above=any(self._contradicted(one) for one in above if not self.listed[one]),
            may_be_listed=bool(self.may_be_listed[entity]),
            homeless=bool(self.homeless[entity]),
            listings=[listing_said(one) for one in self._counted_listings(entity)] if would_be == "listed" else [],
        )
        return paragraph(self.rule, self.phase, self.inquiry.as_of, found, self.missing)

    def _sums(self, entity: int) -> tuple[int, int]:
        """Return what captured owners certainly hold, and what possible ones may; of one of them, if not added."""
        rows = self._into(entity)
        certain = rows[self.captured.certain[self.stakes.owner[rows]]]
        possible = rows[self.captured.possible[self.stakes.owner[rows]]]
        least = max(self._by_party(self.captured.certain_of, certain, self.stakes.low).values(), default=0)
        most = self._by_party(self.captured.possible_of, possible, self.stakes.high)
        sure = self._by_party(self.captured.possible_of, possible, self.stakes.sure)
        sure_in = int(self.stakes.sure_in[entity])
        room = {party: WHOLE - sure_in + sure[party] if sure_in <= WHOLE else WHOLE for party in most}
        return least, max(least, max((min(most[party], room[party], WHOLE) for party in most), default=0))

    def _by_party(self, hands: Hands | None, rows: I64, held: Ints) -> dict[int, int]:
        """Return what is held by each listed party, itself and through those it captures; by -1 if all are added."""
        if hands is None:
            return {-1: int(held[rows].sum())}
        sums: dict[int, int] = {}
        for owner, amount in zip(self.stakes.owner[rows].tolist(), held[rows].tolist(), strict=True):
            for party in hands.of(owner):
                sums[party] = sums.get(party, 0) + amount
        return sums

    def _listed_above(self, entity: int, *, certain: bool) -> list[int]:
        """Return the listed parties that a verdict leads back to, besides the entity.

        ``certain`` goes only by what is certainly held by the certainly captured.
        """
        stakes, captured = self.stakes, self.captured
        inside, held = (captured.certain, stakes.low) if certain else (captured.possible, stakes.high)
        seen = np.zeros(stakes.size, np.bool_)
        front: Ints = np.array([entity], np.int32)
        found: list[int] = []
        while len(front):
            seen[front] = True
            rows = stakes.by_asset[runs(stakes.first_in, front)[0]]
            owners = stakes.owner[rows[held[rows] > 0]]
            front = distinct(owners[inside[owners] & ~seen[owners]], stakes.size)
            found += front[self.may_be_listed[front]].tolist()
        return found

    def _told(self, entity: int) -> _Told:
        """Return what a derivation tells of: those the verdict leads back to, no further than one can read."""
        told = _Told([entity], {entity: -1}, 0)
        tiers = {entity: 0}
        for one in told.parties:
            if tiers[one] == MOST_TIERS or len(told.parties) > MOST_OWNERS:
                name, count = self._named(entity)[1], len(told.parties) - 1
                self.inquiry.notes.append(
                    f"The verdict on {name} leads back to more owners: the {count:,} nearest are told of."
                )
                break
            told.expanded += 1
            for row in self._tier(one):
                owner = self.stakes.owner[row].item()
                if owner not in told.reached_by:
                    told.reached_by[owner] = row
                    tiers[owner] = tiers[one] + 1
                    told.parties.append(owner)
        return told

    def _is_certain(self, row: int) -> bool:
        return bool(self.captured.certain[self.stakes.owner[row]]) and int(self.stakes.low[row]) > 0

    def _grounds(self, entity: int, told: _Told | None) -> tuple[Ground, ...]:
        """Return what a verdict rests on: each owner is told of where it is nearest, then only named."""
        if told is None:
            tier = self._tier(entity)
            if len(tier) > _MANY:
                self._read_grounds(tier)
            return tuple(self._ground(row, told=False, below=()) for row in tier)
        self._read_grounds([row for one in told.parties[: told.expanded] for row in self._tier(one)])
        grounds: dict[int, tuple[Ground, ...]] = {}
        for one in reversed(told.parties[: told.expanded]):
            owners = [(row, self.stakes.owner[row].item()) for row in self._tier(one)]
            here = [told.reached_by.get(owner) == row for row, owner in owners]
            grounds[one] = tuple(
                self._ground(row, told=not first, below=grounds.get(owner, ()) if first else ())
                for (row, owner), first in zip(owners, here, strict=True)
            )
        return grounds[entity]

    def _read_grounds(self, rows: list[int]) -> None:
        """Read what is told of many stakes at once."""
        missing = [row for row in rows if row not in self._known.grounds]
        links = links_of_pairs(self.graph, self.stakes.owner[missing], self.stakes.asset[missing])
        self._known.grounds.update((row, self._nearest(row, told)) for row, told in zip(missing, links, strict=True))

    def _ground(self, row: int, *, told: bool, below: tuple[Ground, ...]) -> Ground:
        if row not in self._known.grounds:
            links = links_of(self.graph, self.stakes.owner[row].item(), self.stakes.asset[row].item())
            self._known.grounds[row] = self._nearest(row, links)
        one = self._known.grounds[row]
        self.inquiry.cite(one.sources)
        return replace(one, grounds=below, seen=told) if told or below else one

    def _nearest(self, row: int, links: list[int]) -> Ground:
        """Return what is told of a stake, and of nothing beyond it."""
        owner, asset = self.stakes.owner[row].item(), self.stakes.asset[row].item()
        low, high = self.stakes.low[row].item(), self.stakes.high[row].item()
        id_, name = self._named(owner)
        role, dates = self._newest(links)
        return Ground(
            owner=id_,
            owner_name=name,
            owner_verdict=self.verdict_of(owner),
            listed_on=self._lists_of(owner),
            asset=self._named(asset)[0],
            share=range_said(low, high) if self.stakes.something[row] else self._perhaps(links, (low, high)),
            share_min=percent_of(low) or Decimal(0),
            share_max=percent_of(high) or Decimal(0),
            counts="certainly" if self._is_certain(row) else "possibly",
            role=role,
            dates=dates,
            sources=tuple(dict.fromkeys([one for link in links for one in self.graph.cell("links", "sources", link)])),
        )

    def _newest(self, links: list[int]) -> tuple[str, str]:
        """Return the role and the dates, read aloud, of the newest claim of a stake that may hold on the day."""
        arrays, day = self.graph.arrays, day_number(self.inquiry.as_of)
        held = [link for link in links if arrays.start_earliest[link] <= day <= arrays.end_latest[link]]
        held = [link for link in held if arrays.high[link] != 0]
        if not held:
            return "", ""
        told = {link: START_TOLD in (self.graph.cell("links", "flags", link) or ()) for link in held}
        # Of two on one day the one that dates the beginning.
        newest = max(held, key=lambda link: (int(arrays.start_earliest[link]), not told[link]))
        role, start, end = (self.graph.cell("links", name, newest) for name in _DATED)
        return role or "", period_said(start or "", end or "", told=told[newest])

    def _perhaps(self, links: list[int], held: tuple[int, int]) -> str:
        """Return what is told of a stake that may not be held at all: "perhaps 100%"."""
        shares = [stake.share for stake in stakes_on(claims_of(self.graph, links), self.inquiry.as_of)]
        said = next((share for share in shares if share.known and not share.is_exit and share.low), None)
        return range_said(*held) if said is None else f"perhaps {said}"

    def _open(self, entity: int) -> tuple[Open, ...]:
        """Return the stakes that would settle it, each with the share from which on it captures by itself.

        What the others certainly hold counts towards the threshold, where the regime adds it.
        """
        captured, rows = self.captured, self._into(entity)
        certain = rows[captured.certain[self.stakes.owner[rows]]]
        held = self._by_party(captured.certain_of, certain, self.stakes.low)
        found = []
        for row in sorted(self._tier(entity)):
            owner = self.stakes.owner[row].item()
            low, high = self.stakes.low[row].item(), self.stakes.high[row].item()
            if captured.certain[owner] and low == high:
                continue
            others = [
                held.get(party, 0) - (low if party in _parties(captured.certain_of, owner, captured.certain) else 0)
                for party in _parties(captured.possible_of, owner, captured.possible)
            ]
            needs = max(self.least - max(others), 0)
            found.append(
                (high >= needs, Open(*self._named(owner), range_said(low, high), percent_of(needs) or Decimal(0)))
            )
        # Where none settles it alone, all are told: together they may.
        alone = tuple(one for enough, one in found if enough)
        return alone or tuple(one for _, one in found)


def _parties(hands: Hands | None, owner: int, inside: Flags) -> list[int]:
    """Return in whose hands an owner is; -1 where the stakes of all are added."""
    if hands is not None:
        return hands.of(owner)
    return [-1] if inside[owner] else []


def strictest_first(terms: Terms) -> tuple[int, str, str, str]:
    """Sort the strictest terms first."""
    return _strictness(terms.licence_policy), terms.owner_name, terms.owner, terms.list


def _strictness(policy: str) -> int:
    """Rank a review policy: denial before case by case; one not stated comes first, as it may be the strictest."""
    text = policy.casefold()
    if not text:
        return 0
    denial = "denial" in text or "denied" in text
    by_case = re.search(r"case[- ]by[- ]case", text) is not None
    return 1 if denial and not by_case else 2 if denial else 3


def _what_decides(rule: Regime) -> tuple[object, ...]:
    """Return of a regime what decides whom it captures, besides the share it asks for."""
    programs = tuple(sorted(rule.programs.items()))
    return rule.lists, programs, rule.aggregates, rule.flows_down, rule.us_entities
