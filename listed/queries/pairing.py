"""Which party of one list is which of another, where ids do not tell.

Two editions of a list, or the same list from two publishers, spell a party in two ways. Parties are
paired in rounds, the surest first, each round on those still alone: id, strong identifier, name and
country, name, name but for its legal form, a letter that was lost, the address behind it or the short name
in brackets, a name that is the other's alias, spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from listed.graph.model import Entity
from listed.graph.names import fold, stem
from listed.graph.party_names import party_name
from listed.graph.resemblance import Resemblance, resemblance
from listed.graph.vocabulary import STRONG_SCHEMES, may_be_of_one_country

LEAST_ALIKE = 0.85
"""Names less alike than this, of 1, are not one name spelled in two ways."""

_LEAST_IN_ONE_NOTICE = 0.6
"""... and of parties that one notice of the Federal Register added."""

_SAME_NOTICE = 60
"""Pages of one volume this near are one notice, cited by its first page or by the entry's."""

_SHORT_FORM = re.compile(r"\s*\(([^()]+)\)$")

_LOST = re.compile(r"(?<=\w)[?\ufffd\u201c\u201d](?=\w)")

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

    @property
    def one_name(self) -> bool:
        """Whether the two names are one, told with more or less around it."""
        return fold(self.old.name) == fold(self.new.name) or self.reason == _RUNS_ON or self.reason.startswith(_BUT_FOR)


_RUNS_ON = "the name of one runs on into the address of the other"
_BUT_FOR = "same name but for"

Keys = Callable[[Party], Iterable[Hashable]]
Round = Callable[[Sequence[Party], Sequence[Party]], list[Pair]]


def pair(old: Sequence[Party], new: Sequence[Party]) -> tuple[list[Pair], list[Party], list[Party]]:
    """Pair the parties of two lists.

    Returns
    -------
    pairs, only_old, only_new
        Each party is in one pair at most.
    """
    pairs: list[Pair] = []
    rounds: list[Round] = [partial(_by_keys, keys=keys, reason=reason) for reason, keys in _ROUNDS]
    first, last = rounds[:_BEFORE_ADDRESSES], rounds[_BEFORE_ADDRESSES:]
    for matched in (*first, _by_lost_letters, _by_address, *last, _by_spelling):
        found = matched(old, new)
        pairs += found
        old, new = _without(old, {one.old.row for one in found}), _without(new, {one.new.row for one in found})
    return pairs, list(old), list(new)


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
    ("same name but for its spaces", lambda party: (_run_together(party.name),)),
    ("same name but for its legal form", lambda party: (stem(party.name),)),
    ("same name but for a short one in brackets", lambda party: (fold(without_short_form(party.name)),)),
    ("a name of one is a name of the other", _any_name),
)
_BEFORE_ADDRESSES = 6


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


def _run_together(name: str) -> str:
    """Return a name without its spaces, but for those between digits: "No. 1 3" is not "No. 13"."""
    return re.sub(r"(?<!\d) | (?!\d)", "", fold(name))


def without_short_form(name: str) -> str:
    """Return a name without its initials or one of its words in brackets: "Acme Optics (AO)", "Acme Ltd. (Acme)"."""
    found = _SHORT_FORM.search(name)
    if not found:
        return name
    before, inner = name[: found.start()], found[1]
    initials = "".join(word[0] for word in re.findall(r"[A-Z]\w*", before))
    is_short = fold(inner) in fold(before) or (inner.isupper() and inner.startswith(initials[:1]))
    return before if is_short else name


def _by_lost_letters(old: Sequence[Party], new: Sequence[Party]) -> list[Pair]:
    """Pair parties of which one's name has a mark where the other's has a letter: "Co?peratief", "Coöperatief"."""
    pairs: list[Pair] = []
    taken: set[tuple[bool, int]] = set()
    for ours, theirs, turned in ((old, new, False), (new, old, True)):
        for one in ours:
            if not _LOST.search(one.name):
                continue
            pattern = re.compile(".".join(map(re.escape, _LOST.split(one.name))), re.IGNORECASE)
            for other in theirs:
                ends = {(turned, one.row), (not turned, other.row)}
                if not ends & taken and pattern.fullmatch(other.name) and one.may_be_of_one_country(other):
                    left, right = (other, one) if turned else (one, other)
                    pairs.append(Pair(left, right, "same name but for a lost letter"))
                    taken |= ends
    return pairs


def _by_address(old: Sequence[Party], new: Sequence[Party]) -> list[Pair]:
    """Pair parties of which one's name has taken up the beginning of the other's address."""
    shorter: dict[str, list[Party]] = {}
    for party in new:
        shorter.setdefault(fold(party.name).split(" ")[0], []).append(party)
    pairs: list[Pair] = []
    taken: set[int] = set()
    for one in old:
        for other in shorter.get(fold(one.name).split(" ")[0], ()):
            if other.row not in taken and one.may_be_of_one_country(other) and runs_on(one, other):
                pairs.append(Pair(one, other, _RUNS_ON))
                taken.add(other.row)
                break
    return pairs


def runs_on(one: Party, other: Party) -> bool:
    """Tell whether the name of one party is that of the other with the beginning of its address."""
    short, long = sorted((one, other), key=lambda party: len(fold(party.name)))
    name, whole = fold(short.name), fold(long.name)
    if not whole.startswith(f"{name} "):
        return False
    rest = whole.removeprefix(f"{name} ").removeprefix("at ")
    return any(f"{fold(place.text)} ".startswith(f"{rest} ") for place in short.entity.addresses)


def _filed(parties: Sequence[Party], keys: Keys) -> dict[Hashable, list[Party]]:
    filed: dict[Hashable, list[Party]] = {}
    for party in parties:
        for key in dict.fromkeys(keys(party)):
            filed.setdefault(key, []).append(party)
    return filed


def _place(party: Party) -> tuple[str, int]:
    return "; ".join(fold(address.text) for address in party.entity.addresses), party.row


class Near:
    """Parties by the beginnings of the words in their names, to find those spelled like another."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self._by_word: dict[str, list[Party]] = {}
        for party in parties:
            for word in set(stem(party.name).split()):
                self._by_word.setdefault(word[:4], []).append(party)

    def to(self, one: Party) -> Iterator[tuple[Party, Resemblance]]:
        """Yield the parties spelled so like one that they may be it, and how alike they are."""
        near: dict[int, list[Party]] = {}
        for word in set(stem(one.name).split()):
            for party in self._by_word.get(word[:4], ()):
                near.setdefault(party.row, []).append(party)
        closest = sorted(near.values(), key=lambda shared: (-len(shared), shared[0].row))[:_NEAR]
        for other in (shared[0] for shared in closest):
            if one.may_be_of_one_country(other):
                alike = resemblance(party_name(one.name), party_name(other.name))
                if alike.score >= (_LEAST_IN_ONE_NOTICE if one.shares_a_notice(other) else LEAST_ALIKE):
                    yield other, alike


def _by_spelling(old: Sequence[Party], new: Sequence[Party]) -> list[Pair]:
    """Pair parties whose names differ by spelling, the most alike first."""
    near = Near(new)
    scored = [(alike.score, alike.reason, one, other) for one in old for other, alike in near.to(one)]
    pairs: list[Pair] = []
    taken: set[tuple[str, int]] = set()
    for _, reason, one, other in sorted(scored, key=lambda found: (-found[0], found[2].row, found[3].row)):
        if not {("old", one.row), ("new", other.row)} & taken:
            pairs.append(Pair(one, other, reason))
            taken |= {("old", one.row), ("new", other.row)}
    return pairs
