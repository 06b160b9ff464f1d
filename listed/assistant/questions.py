"""The tools: one class for each question, its fields the parameters, its docstring what the assistant reads.

A parameter says in plain words what it takes and how much of it; whatever does not fit is refused
before a graph is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from listed import queries
from listed.catalogue import sources
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.loaders.csl.countries import country_code
from listed.queries.answer import Answer
from listed.queries.cypher import named_queries, query
from listed.queries.cypher.library import named
from listed.queries.reporting import report
from listed.queries.screening import Asked

MOST_NAMES = 50
"""Names screened at once; for more there is ``listed screen``."""

LONGEST_NAME = 400

Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Entity = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=LONGEST_NAME,
        description="The entity: its id, an identifier such as lei:5493..., or its name. Use search to find the id.",
    ),
]
Day = Annotated[date, Meta(description="The day to answer for, as 2018-12-01. Left out: today.")] | UnsetType
History = Annotated[bool, Meta(description="Also what was over by then, marked.")]
Skip = Annotated[int, Meta(ge=0, le=1_000_000, description="Rows to pass over, to read on where an answer was cut.")]
Lists = Annotated[
    tuple[Annotated[str, Meta(max_length=100)], ...],
    Meta(max_length=50, description="Only these lists count, such as US-BIS-EL. Left out: all."),
]
Types = Annotated[tuple[LinkType, ...], Meta(max_length=50, description="Only links of these types. Left out: all.")]
Hops = Annotated[int, Meta(ge=1, le=8, description="Longest path, in links.")]
Most = Annotated[int, Meta(ge=1, le=100, description="Most paths.")]
Hubs = Annotated[bool, Meta(description="Also through hubs, such as SASAC, which connect almost everything.")]
Regime = Annotated[str, Meta(max_length=100, description="Which ownership rule, by id.")]


@dataclass(frozen=True, slots=True)
class Desk:
    """What is asked: a graph, and the regimes it is asked by."""

    graph: Graph
    regimes_file: str | Path | None = None


class Question(Struct, kw_only=True, forbid_unknown_fields=True):
    """A question with its parameters."""

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        raise NotImplementedError

    @property
    def passed_over(self) -> int:
        """How many rows are passed over."""
        return getattr(self, "skip", 0)


class Search(Question):
    """Find an entity by name, alias, Chinese name, other spelling or identifier. Ask this first, for the id."""

    name: Text
    limit: Annotated[int, Meta(ge=1, le=50, description="Most entities.")] = 10
    as_of: Day = UNSET
    history: History = False

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return queries.search(desk.graph, self.name, _day(self.as_of), limit=self.limit, history=self.history)


class Show(Question):
    """All that is known of one entity: names, identifiers, addresses, listings, how many links of each type."""

    entity: Entity
    as_of: Day = UNSET
    history: History = False

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return queries.show(desk.graph, self.entity, _day(self.as_of), history=self.history)


class Owners(Question):
    """Who owns or controls an entity, with shares and dates."""

    entity: Entity
    look_through: Annotated[
        bool, Meta(description="Shares over all chains of owners, multiplied and summed. These decide no rule.")
    ] = False
    as_of: Day = UNSET
    history: History = False
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        if self.look_through:
            return queries.look_through_owners(desk.graph, self.entity, _day(self.as_of))
        return queries.owners(desk.graph, self.entity, _day(self.as_of), history=self.history)


class Holdings(Question):
    """What an entity owns or controls, with shares and dates."""

    entity: Entity
    look_through: Annotated[
        bool, Meta(description="Shares over all chains of holdings, multiplied and summed. These decide no rule.")
    ] = False
    as_of: Day = UNSET
    history: History = False
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        if self.look_through:
            return queries.look_through_holdings(desk.graph, self.entity, _day(self.as_of))
        return queries.holdings(desk.graph, self.entity, _day(self.as_of), history=self.history)


class Investors(Question):
    """Who invested in an entity and when, and what they hold on the day."""

    entity: Entity
    as_of: Day = UNSET
    history: History = False
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return queries.investors(desk.graph, self.entity, _day(self.as_of), history=self.history)


class Ventures(Question):
    """The joint ventures of an entity, and its partners in them."""

    entity: Entity
    as_of: Day = UNSET
    history: History = False
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return queries.ventures(desk.graph, self.entity, _day(self.as_of), history=self.history)


class Government(Question):
    """The state bodies behind an entity, direct and through its owners."""

    entity: Entity
    hops: Annotated[int, Meta(ge=1, le=12, description="Most links up to a state body.")] = 6
    as_of: Day = UNSET
    history: History = False
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return queries.government(desk.graph, self.entity, _day(self.as_of), hops=self.hops, history=self.history)


class Exposure(Question):
    """By which paths an entity reaches listed ones (investment, ownership, ventures, supply), the best first."""

    entity: Entity
    lists: Lists = ()
    types: Types = ()
    hops: Hops = 4
    limit: Most = 25
    hubs: Hubs = False
    as_of: Day = UNSET
    history: History = False
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return queries.exposure(
            desk.graph,
            self.entity,
            _day(self.as_of),
            lists=self.lists,
            types=_values(self.types),
            hops=self.hops,
            limit=self.limit,
            hubs=self.hubs,
            history=self.history,
        )


class Paths(Question):
    """By which paths two entities are connected, the best first."""

    start: Entity
    end: Entity
    types: Types = ()
    hops: Hops = 4
    limit: Most = 25
    hubs: Hubs = False
    as_of: Day = UNSET
    history: History = False
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return queries.paths(
            desk.graph,
            self.start,
            self.end,
            _day(self.as_of),
            types=_values(self.types),
            hops=self.hops,
            limit=self.limit,
            hubs=self.hubs,
            history=self.history,
        )


class Verdict(Question):
    """Whether an ownership rule (50 percent rule) captures an entity on a day, and what that rests on."""

    entity: Entity
    regime: Regime = "all"
    as_of: Day = UNSET

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        file = desk.regimes_file
        return queries.verdict(desk.graph, self.entity, _day(self.as_of), regime=self.regime, regimes_file=file)


class Affiliates(Question):
    """All unlisted entities that an ownership rule captures on a day, certainly or possibly."""

    regime: Regime = "us-bis"
    as_of: Day = UNSET
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        file = desk.regimes_file
        return queries.affiliates(desk.graph, _day(self.as_of), regime=self.regime, regimes_file=file)


class Timeline(Question):
    """When the verdict on an entity changed up to a day, and what changed it."""

    entity: Entity
    regime: Regime = "us-bis"
    as_of: Day = UNSET
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        file = desk.regimes_file
        return queries.timeline(desk.graph, self.entity, _day(self.as_of), regime=self.regime, regimes_file=file)


class Party(Struct, frozen=True, forbid_unknown_fields=True):
    """A name to screen, with what else is known of the party."""

    name: Text
    country: Annotated[str, Meta(max_length=100, description="Its country, as a name or a two-letter code.")] = ""
    identifiers: Annotated[
        tuple[Annotated[str, Meta(max_length=100)], ...],
        Meta(max_length=10, description="Its identifiers, such as lei:5493..."),
    ] = ()

    def asked(self, row: int) -> Asked:
        """Return it as a row of a screening."""
        country = country_code(self.country) or country_code(self.country.upper())
        return Asked(row, self.name, country, self.identifiers)


class Screen(Question):
    """Look up a short list of names at once: who may be meant, listings, verdicts, the nearest listed entity."""

    names: Annotated[
        tuple[Text | Party, ...],
        Meta(min_length=1, max_length=MOST_NAMES, description="The names, or names with country and identifiers."),
    ]
    regime: Regime = "all"
    least_score: Annotated[float, Meta(ge=60, le=100, description="Names less alike than this are no match.")] = 82
    matches: Annotated[int, Meta(ge=1, le=10, description="Most entities told for one name.")] = 3
    as_of: Day = UNSET
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        parties = (Party(one) if isinstance(one, str) else one for one in self.names)
        return queries.screen(
            desk.graph,
            [one.asked(row) for row, one in enumerate(parties, start=1)],
            _day(self.as_of),
            regime=self.regime,
            regimes_file=desk.regimes_file,
            least_score=self.least_score,
            matches=self.matches,
        )


class Queries(Question):
    """The named queries there are: what each answers, and its parameters. Ask one with query."""

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return named_queries(desk.graph)


class Query(Question):
    """Ask a named query, over the whole graph at all times. queries tells which there are."""

    name: Annotated[str, Meta(min_length=1, max_length=100, description="Its name.")]
    parameters: Annotated[
        dict[Annotated[str, Meta(max_length=100)], Annotated[str, Meta(max_length=LONGEST_NAME)] | int | float],
        Meta(max_length=20, description="Its parameters, by name."),
    ] = msgspec.field(default_factory=dict)
    limit: Annotated[int, Meta(ge=1, le=1000, description="Most rows.")] = 100
    skip: Skip = 0

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        given: dict[str, Any] = self.parameters
        named(self.name).values(None, given)  # a parameter it does not have must not pass for an option of ours
        return query(desk.graph, self.name, limit=self.limit, **given)


class Sources(Question):
    """Which lists and registers can be loaded, where the official file of each is, and what this graph holds."""

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return sources(desk.graph)


class Report(Question):
    """What this graph was made of: its datasets, when each was loaded, and how much it states."""

    def ask(self, desk: Desk) -> Answer[Any]:
        """Return the answer."""
        return report(desk.graph)


QUESTIONS: dict[str, type[Question]] = {
    kind.__name__.lower(): kind
    for kind in (Search, Show, Owners, Holdings, Investors, Ventures, Government, Exposure, Paths, Verdict,
                 Affiliates, Timeline, Screen, Queries, Query, Sources, Report)
}  # fmt: skip
"""The tools by name."""


def _day(said: date | UnsetType) -> date | None:
    return None if said is UNSET else said


def _values(types: Iterable[LinkType]) -> tuple[str, ...]:
    return tuple(one.value for one in types)
