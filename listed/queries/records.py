"""The rows of answers. Field names are the words of the design, the same in JSON, CSV and pandas."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing of an entity. ``holds`` is "certainly", "possibly" or "past".

    ``start_told``, here and in all rows: the start is the day on which the source tells of it, not when it began.
    """

    entity: str
    name: str
    list: str
    list_title: str
    start_date: str
    end_date: str
    start_told: bool
    holds: str
    citation: str
    licence_requirement: str
    licence_policy: str
    programs: tuple[str, ...]
    remarks: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """An entity found by name. ``score`` is 0 to 100; ``reason`` says how it was found."""

    entity: str
    name: str
    score: float
    reason: str
    schema: str
    countries: tuple[str, ...]
    listed_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StakeRow:
    """A stake on a date.

    ``share_min`` and ``share_max`` are percentages (``None``: unknown); ``share`` reads aloud.
    ``holds`` is "certainly", "possibly" or "past". ``listed_on`` are the lists of the party at the
    other end than the one asked about.
    """

    owner: str
    owner_name: str
    asset: str
    asset_name: str
    type: str
    share: str
    share_min: Decimal | None
    share_max: Decimal | None
    share_min_open: bool
    share_max_open: bool
    share_text: str
    basis: str
    direct: bool | None
    role: str
    start_date: str
    end_date: str
    start_told: bool
    holds: str
    conflict: bool
    confidence: str
    listed_on: tuple[str, ...]
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvestmentRow:
    """An investment. ``amount`` is this investor's money, where stated; ``stake`` what he holds on the date."""

    investor: str
    investor_name: str
    entity: str
    name: str
    type: str
    role: str
    start_date: str
    end_date: str
    start_told: bool
    holds: str
    amount: Decimal | None
    currency: str
    stake: str
    confidence: str
    listed_on: tuple[str, ...]
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VentureRow:
    """A partner's part in a joint venture. ``reason`` says why it counts as one."""

    venture: str
    venture_name: str
    reason: str
    owner: str
    owner_name: str
    share: str
    share_min: Decimal | None
    share_max: Decimal | None
    role: str
    start_date: str
    end_date: str
    start_told: bool
    holds: str
    listed_on: tuple[str, ...]
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FurtherLink:
    """A link beside the one that a path goes over, read aloud in ``sentence``, with what it says so by."""

    link: str
    sentence: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path, over the strongest of the links between two entities.

    ``forward`` tells whether the path runs from the link's source to its target. ``others`` are
    the further links between the two; ``sources`` are of the one gone over.
    """

    source: str
    target: str
    type: str
    forward: bool
    role: str
    share: str
    start_date: str
    end_date: str
    start_told: bool
    holds: str
    link: str
    note: str
    others: tuple[FurtherLink, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathRow:
    """A path, read aloud in ``sentence``, whose ``sources`` these are; further links have their own.

    ``kind`` is "listed" for a path to a listed entity, "venture" for one that goes on to what a
    listed entity holds or held with others, "path" for a path between two named entities.
    ``history`` tells whether a link of it is over.
    """

    kind: str
    start: str
    start_name: str
    end: str
    end_name: str
    hops: int
    sentence: str
    entities: tuple[str, ...]
    names: tuple[str, ...]
    steps: tuple[Step, ...]
    history: bool
    listed_on: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GovernmentRow:
    """A state body behind an entity. ``through`` are the owners between, nearest first.

    ``relation`` is the type of the last link; ``tie`` what that makes the body: "behind" (an owner, a controller,
    or one it is designated by), "trade" (a customer or supplier) or "other".
    """

    body: str
    body_name: str
    relation: str
    tie: str
    through: tuple[str, ...]
    hops: int
    sentence: str
    steps: tuple[Step, ...]
    history: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EntityRow:
    """All that is known of an entity."""

    entity: str
    name: str
    schema: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    identifiers: tuple[tuple[str, str], ...]
    addresses: tuple[tuple[str, str], ...]
    properties: tuple[tuple[str, str], ...]
    note: str
    placeholder: bool
    flags: tuple[str, ...]
    merged_from: tuple[tuple[str, str], ...]
    listings: tuple[ListingRow, ...]
    links: dict[str, int]
    sources: tuple[str, ...]
