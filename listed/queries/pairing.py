"""Which party of one list is which of another, where ids do not tell.

Two editions of a list, or the same list from two publishers, spell a party in two ways. Parties are
paired in rounds, the surest first, each round on those still alone: id, strong identifier, name and
country, name, name but for its legal form, a name that is the other's alias, spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from listed.graph.model import Entity
from listed.graph.names import fold, stem
from listed.graph.party_names import party_name
from listed.graph.resemblance import resemblance
from listed.graph.vocabulary import STRONG_SCHEMES, may_be_of_one_country

LEAST_ALIKE = 0.85
"""Names less alike than this, of 1, are not one name spelled in two ways."""

_LEAST_IN_ONE_NOTICE = 0.6
"""... and of parties that one notice of the Federal Register added."""

_SAME_NOTICE = 60
"""Pages of one volume this near are one notice, cited by its first page or by the entry's."""

_NEAR = 40
"""Parties of one country compared letter by letter with each one still alone: those that share a word."""


@dataclass(frozen=True, slots=True)
class Party:
    """A party on a list: its row in its graph, all its names, and its notices as (volume, page)."""

    row: int
    entity: Entity
    notices: tuple[tuple[int, int], ...] = ()

    @property
    def name(self) -> str:
        """The name to show."""
        return self.entity.name

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the one to show first."""
        return tuple(dict.fromkeys((self.name, *(name.text for name in self.entity.names))))

    def may_be_of_one_country(self, other: Party) -> bool:
        """Tell whether no country speaks against the two being one."""
        return may_be_of_one_country(self.entity.countries, other.entity.countries)

    def shares_a_notice(self, other: Party) -> bool:
        """Tell whether both cite one notice, each perhaps by another of its pages."""
        return any(notice_among(notice, other.notices) for notice in self.notices)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parties taken for one, and why."""

    old: Party
    new: Party
    reason: str


Keys = Callable[[Party], Iterable[Hashable]]


def pair(old: Sequence[Party], new: Sequence[Party]) -> tuple[list[Pair], list[Party], list[Party]]:
    """Pair the parties of two lists.

    Returns
    -------
    pairs, only_old, only_new
        Each party is in one pair at most.
    """
    pairs: list[Pair] = []
    for reason, keys in _ROUNDS:
        found = _by_keys(old, new, keys, reason)
        pairs += found
        old, new = _without(old, {one.old.row for one in found}), _without(new, {one.new.row for one in found})
    found = _by_spelling(old, new)
    pairs += found
    return pairs, _without(old, {one.old.row for one in found}), _without(new, {one.new.row for one in found})


def notice_among(notice: tuple[int, int], notices: Iterable[tuple[int, int]]) -> bool:
    """Tell whether a notice, as (volume, page), is among others."""
    return any(notice[0] == volume and abs(notice[1] - page) <= _SAME_NOTICE for volume, page in notices)


def _without(parties: Sequence[Party], taken: set[int]) -> list[Party]:
    return [party for party in parties if party.row not in taken]


def _strong(party: Party) -> Iterable[Hashable]:
    return ((one.scheme, one.value) for one in party.entity.identifiers if one.scheme in STRONG_SCHEMES)


def _name_and_country(party: Party) -> Iterable[Hashable]:
    return ((fold(party.name), party.entity.countries),)


def _any_name(party: Party) -> Iterable[Hashable]:
    return (fold(name) for name in party.names)


_ROUNDS: tuple[tuple[str, Keys], ...] = (
    ("same id", lambda party: (party.entity.id,)),
    ("same identifier", _strong),
    ("same name and country", _name_and_country),
    ("same name", lambda party: (fold(party.name),)),
    ("same name but for its legal form", lambda party: (stem(party.name),)),
    ("a name of one is a name of the other", _any_name),
)


def _by_keys(old: Sequence[Party], new: Sequence[Party], keys: Keys, reason: str) -> list[Pair]:
    """Pair parties that share a key, in the order of their addresses where several share it."""
    ours, theirs = _filed(old, keys), _filed(new, keys)
    taken: set[tuple[str, int]] = set()
    pairs = []
    for key in sorted(ours.keys() & theirs.keys(), key=str):
        left = [party for party in ours[key] if ("old", party.row) not in taken]
        right = [party for party in theirs[key] if ("new", party.row) not in taken]
        for one, other in zip(sorted(left, key=_place), sorted(right, key=_place), strict=False):
            if reason == "same id" or one.may_be_of_one_country(other):
                pairs.append(Pair(one, other, reason))
                taken |= {("old", one.row), ("new", other.row)}
    return pairs


def _filed(parties: Sequence[Party], keys: Keys) -> dict[Hashable, list[Party]]:
    filed: dict[Hashable, list[Party]] = {}
    for party in parties:
        for key in dict.fromkeys(keys(party)):
            filed.setdefault(key, []).append(party)
    return filed


def _place(party: Party) -> tuple[str, int]:
    return "; ".join(fold(address.text) for address in party.entity.addresses), party.row


def _by_spelling(old: Sequence[Party], new: Sequence[Party]) -> list[Pair]:
    """Pair parties whose names differ by spelling, the most alike first."""
    words: dict[str, list[Party]] = {}
    for party in new:
        for word in set(stem(party.name).split()):
            words.setdefault(word[:4], []).append(party)
    scored: list[tuple[float, str, Party, Party]] = []
    for one in old:
        near: dict[int, list[Party]] = {}
        for word in set(stem(one.name).split()):
            for party in words.get(word[:4], ()):
                near.setdefault(party.row, []).append(party)
        closest = sorted(near.values(), key=lambda shared: (-len(shared), shared[0].row))[:_NEAR]
        for other in (shared[0] for shared in closest):
            if one.may_be_of_one_country(other):
                alike = resemblance(party_name(one.name), party_name(other.name))
                if alike.score >= (_LEAST_IN_ONE_NOTICE if one.shares_a_notice(other) else LEAST_ALIKE):
                    scored.append((alike.score, alike.reason, one, other))
    pairs: list[Pair] = []
    taken: set[tuple[str, int]] = set()
    for _, reason, one, other in sorted(scored, key=lambda found: (-found[0], found[2].row, found[3].row)):
        if not {("old", one.row), ("new", other.row)} & taken:
            pairs.append(Pair(one, other, reason))
            taken |= {("old", one.row), ("new", other.row)}
    return pairs
