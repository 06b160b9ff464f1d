"""All that is shown of one entity, gathered from the queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from listed.explorer.desk import Desk
from listed.explorer.reach import MOST_OWNERS, hops_within, is_told_whole
from listed.explorer.trees import Gardener, Tree
from listed.graph.model import Source
from listed.graph.snapshot import Graph
from listed.graph.tables import day_number
from listed.graph.vocabulary import PHRASES, LinkType
from listed.queries import exposure, government, investors, show, ventures
from listed.queries.answer import Answer, Inquiry, plain
from listed.queries.caveats import caveats
from listed.queries.government import MOST_HOPS
from listed.queries.listings import lists_of
from listed.queries.records import EntityRow, Step
from listed.queries.regimes import Regime
from listed.queries.resolve import find
from listed.queries.ruling import Ruling
from listed.queries.sentences import step_over
from listed.queries.standing import standing
from listed.queries.verdicts import VerdictRow

MOST_LINKS = 40
"""Most links of one type that are told on the page."""

MOST_STAKES = 1_000
"""An entity with more links of a kind has its investors or ventures told as a file, not on the page."""

TIES = {
    LinkType.OFFICER_OF: "Officers and offices",
    LinkType.FOUNDED: "Founders and what was founded",
    LinkType.RELATED_TO: "Family and associates",
    LinkType.PARTNERS_WITH: "Partners",
    LinkType.FUNDS: "Funding",
    LinkType.SUPPLIES: "Suppliers and supplied",
    LinkType.CUSTOMER_OF: "Customers",
    LinkType.REGULATES: "Regulators and regulated",
    LinkType.PILOTS: "Pilots",
    LinkType.DESIGNATED_BY: "Designations",
    LinkType.AFFILIATED_WITH: "Affiliations",
    LinkType.SUCCEEDS: "Predecessors and successors",
    LinkType.LINKED_TO: "Other links",
}
"""The links that are no stakes and no investments, in the order they are told, and what they are called together."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A link to another entity, from this one's side: ``phrase`` reads "is an officer of"."""

    entity: str
    name: str
    phrase: str
    listed_on: tuple[str, ...]
    step: Step


@dataclass(frozen=True, slots=True)
class Ties:
    """The links of one type; ``more`` counts those not told."""

    type: str
    title: str
    ties: tuple[Tie, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Cited:
    """The sources of a page, numbered in the order they are cited."""

    sources: dict[str, Source] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    def add(self, sources: Mapping[str, Source]) -> None:
        """Give a number to those that have none yet."""
        for id_, source in sources.items():
            if id_ not in self.sources:
                self.sources[id_] = source
                self._numbers[id_] = len(self.sources)

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Return the numbers of sources, in order."""
        return sorted([self._numbers[id_] for id_ in ids if id_ in self._numbers])


@dataclass(frozen=True, slots=True)
class EntityPage:
    """What the page of an entity tells; each answer is that of the query of its name.

    ``regime_status`` tells whether the rule whose verdicts stand beside names is in force on the day.
    """

    entity: EntityRow
    as_of: date
    lists: tuple[str, ...]
    status: str
    regime: Regime
    regime_status: str
    owners: Tree
    holdings: Tree
    ties: tuple[Ties, ...]
    answers: dict[str, Answer[Any]]
    cited: Cited

    def to_dict(self) -> dict[str, Any]:
        """Return the page as one object of plain values, ready for JSON."""
        return {
            "entity": plain(self.entity),
            "as_of": self.as_of.isoformat(),
            "status": self.status,
            "regime": self.regime.id,
            "regime_status": self.regime_status,
            "owners": plain(self.owners),
            "holdings": plain(self.holdings),
            "ties": plain(self.ties),
            **{name: answer.to_dict() for name, answer in self.answers.items() if name != "show"},
            "sources": {id_: plain(source) for id_, source in self.cited.sources.items()},
        }


def entity_page(desk: Desk, entity: str, said: Mapping[str, str], day: date) -> EntityPage:
    """Gather the page of an entity (an id, an identifier or a name) on a day.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    """
    graph, rule = desk.graph, desk.regime(said)
    row = find(graph, entity)
    id_ = graph.id_of(row)
    answers: dict[str, Answer[Any]] = {
        "show": show(graph, id_, day, history=True),
        "verdict": _verdicts(desk, row, day),
        "investors": _unless_many(desk, row, day, "investors", _into(graph, row), investors),
        "ventures": _unless_many(desk, row, day, "ventures", len(graph.arrays.links_of(row)), ventures, history=True),
        "government": government(graph, id_, day, hops=hops_within(graph, row, MOST_HOPS)),
        "exposure": exposure(graph, id_, day, limit=8),
    }
    inquiry = Inquiry(graph, "entity", {"entity": id_}, day)
    ruling = Ruling(inquiry, rule)
    gardener = Gardener(inquiry, ruling)
    owners, holdings = gardener.tree(row, up=True), gardener.tree(row, up=False)
    ties = _all_ties(inquiry, row)
    cited = Cited()
    for answer in answers.values():
        cited.add(answer.sources)
    cited.add(inquiry.answer(()).sources)
    shown: EntityRow = answers["show"].rows[0]
    lists = tuple(dict.fromkeys(one.list for one in shown.listings if one.holds != "past"))
    status = "listed" if lists else standing(ruling.verdict_of(row), ruling.phase.status)
    return EntityPage(shown, day, lists, status, rule, ruling.phase.status, owners, holdings, ties, answers, cited)


def _into(graph: Graph, row: int) -> int:
    """Return how many investments in an entity are told of."""
    links = graph.arrays.links_of(row)
    money = np.isin(graph.arrays.kind[links], [LinkType.INVESTED_IN.rank, LinkType.FUNDS.rank])
    return int((money & (graph.arrays.target[links] == row)).sum())


def _unless_many(
    desk: Desk, row: int, day: date, name: str, links: int, ask: Callable[..., Answer[Any]], **options: bool
) -> Answer[Any]:
    """Return an answer, or an empty one with a note where it would be thousands of rows."""
    id_ = desk.graph.id_of(row)
    if links <= MOST_STAKES:
        return ask(desk.graph, id_, day, **options)
    inquiry = Inquiry(desk.graph, name, {"entity": id_}, day)
    inquiry.notes.append(f"Not told here, as it has {links:,} links: they are in the file.")
    return inquiry.answer(())


def _verdicts(desk: Desk, row: int, day: date) -> Answer[VerdictRow]:
    """Return the verdicts, each with its whole derivation where that fits a page."""
    inquiry = Inquiry(desk.graph, "verdict", {"entity": desk.graph.id_of(row), "regime": "all"}, day)
    rows, rulings = [], []
    for rule in desk.regimes.values():
        noted = len(inquiry.notes)
        ruling = Ruling(inquiry, rule)
        if ruling.no_list:
            del inquiry.notes[noted:]  # the verdict itself says so openly
        whole = is_told_whole(ruling, row)
        if not whole:
            inquiry.notes.append(
                f"{rule.id} leads back over more than {MOST_OWNERS} owners, of whom the nearest are told here; "
                "listed verdict tells all."
            )
        rows.append(ruling.row(row, whole=whole))
        rulings.append(ruling)
    inquiry.notes += caveats(inquiry, rulings, row, names=desk.graph.names_at_hand)
    if not desk.graph.names_at_hand:
        inquiry.notes.append("Names are still being indexed: whether an owner bears a listed name is not told yet.")
    return inquiry.answer(rows)


def _all_ties(inquiry: Inquiry, entity: int) -> tuple[Ties, ...]:
    """Return the links that are no stakes and no investments, by type, those that may hold on the day first."""
    graph, day = inquiry.graph, day_number(inquiry.as_of)
    links = graph.arrays.links_of(entity)
    links = links[graph.arrays.start_earliest[links] <= day]
    over = graph.arrays.end_latest[links] < day
    links = links[np.argsort(over, kind="stable")]
    found = []
    for type_, title in TIES.items():
        own = links[graph.arrays.kind[links] == type_.rank]
        if len(own):
            ties = tuple(_tie(inquiry, int(link), entity, type_) for link in own[:MOST_LINKS])
            found.append(Ties(type_.value, title, ties, max(len(own) - MOST_LINKS, 0)))
    return tuple(found)


def _tie(inquiry: Inquiry, link: int, entity: int, type_: LinkType) -> Tie:
    graph = inquiry.graph
    step = step_over(inquiry, [link], entity)
    far = int(graph.arrays.target[link] if step.forward else graph.arrays.source[link])
    said, past = PHRASES[type_], step.holds == "past"
    phrase = (
        (said.forward_past if past else said.forward)
        if step.forward
        else (said.backward_past if past else said.backward)
    )
    return Tie(graph.id_of(far), graph.name_of(far), phrase, lists_of(graph, far, inquiry.as_of), step)
