"""A verdict of an ownership rule, and what it rests on, as one reads it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Ground:
    """A stake a verdict rests on, and on what its owner's own verdict rests, tier by tier.

    ``counts`` is "certainly" or "possibly"; ``seen`` marks an owner told of further up already. ``role`` and
    ``dates`` ("told on 2019-08-25") are those of the newest claim that is told to hold on the day.
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
    role: str
    dates: str
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
    links by which a listed or captured party may control the entity, itself or through firms that it
    may control, where the regime has such a limb: never part of the verdict.
    ``lists_missing`` are the lists of the regime of which the graph holds nothing, ``no_list`` whether that
    is all of them: then "none" says nothing. ``paragraph`` can be quoted.
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
    lists_missing: tuple[str, ...]
    no_list: bool
    grounds: tuple[Ground, ...]
    open: tuple[Open, ...]
    control_indicated: tuple[str, ...]
    terms: tuple[Terms, ...]
    paragraph: str
    sources: tuple[str, ...]


def all_grounds(grounds: Iterable[Ground]) -> Iterator[Ground]:
    """Yield grounds and all that those rest on, an owner before its own owners."""
    for ground in grounds:
        yield ground
        yield from all_grounds(ground.grounds)
