"""Where a party that an edition seems to lack may still stand in it: in an address, among another's names.

Lists are typed by hand and taken apart by programs. An entry that lost its heading runs on in the cell of the
one before it, a name takes up the address behind it, an institute becomes an alias of its academy. To call such
a party removed would be a grave error, so it is looked for, and told as maybe still there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from listed.graph.names import fold
from listed.queries.pairing import Near, Party, without_short_form

_LEAST_WORDS = 2
_LEAST_LETTERS = 10
"""A shorter name stands by chance in many an address."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What another entry says that may be the party sought.

    Parameters
    ----------
    party
        Whose entry it is.
    said
        Where in it, as a clause.
    same
        Whether the entry certainly is the party's own, told in one more or one less.
    """

    party: Party
    said: str
    same: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    party: Party
    place: str
    folded: str


class Traces:
    """All texts of one edition, to look for names in.

    Parameters
    ----------
    parties
        Everyone the edition has on the list.
    alone
        Those of them that are in no pair.
    """

    def __init__(self, parties: Sequence[Party], alone: Sequence[Party]) -> None:
        self._names: dict[str, list[Party]] = {}
        self._texts: dict[str, list[_Text]] = {}
        self._alone = {party.row for party in alone}
        self._near = Near(party for party in parties if party.row not in self._alone)
        self._lodgers: dict[str, list[Party]] = {}
        for party in alone:
            for address in party.entity.addresses:
                if len(place := _place(address.text)) >= _LEAST_LETTERS:
                    self._lodgers.setdefault(place, []).append(party)
        for party in parties:
            for name in party.names:
                self._names.setdefault(fold(name), []).append(party)
            for text in _texts(party, alone=party.row in self._alone):
                for word in set(text.folded.split()):
                    self._texts.setdefault(word, []).append(text)

    def of(self, party: Party) -> Trace | None:
        """Return where a party may stand, the surest place first; ``None`` if nowhere."""
        for name in (party.name, without_short_form(party.name)):
            for other in self._names.get(fold(name), ()):
                if other.row not in self._alone and fold(other.name) == fold(name):
                    return Trace(other, "the same name", same=True)
        places = (self._named(party), self._within(party), self._spelled(party), self._lodged(party))
        return next(chain.from_iterable(places), None)

    def _named(self, party: Party) -> Iterator[Trace]:
        for name in party.names:
            for other in self._names.get(fold(name), ()):
                if party.may_be_of_one_country(other):
                    called = "its name" if name == party.name else f'"{name}"'
                    yield Trace(other, f"{called} is among the names of {other.name}")

    def _spelled(self, party: Party) -> Iterator[Trace]:
        """Yield who is spelled like a party, but is in a pair: of those alone it would have been paired with one."""
        near = [(alike.score, other.name, other) for other, alike in self._near.to(party)]
        for _, name, other in sorted(near, key=_likest, reverse=True):
            yield Trace(other, f"its name is spelled like {name}")

    def _lodged(self, party: Party) -> Iterator[Trace]:
        """Yield who is at a party's address, is in no pair, and came by the same notice: perhaps another name of it."""
        for address in party.entity.addresses:
            for other in self._lodgers.get(_place(address.text), ()):
                if party.shares_a_notice(other):
                    yield Trace(other, f"{other.name} is listed at its address")

    def _within(self, party: Party) -> Iterator[Trace]:
        for name in party.names:
            key = fold(name)
            words = key.split()
            if len(words) < _LEAST_WORDS or len(key) < _LEAST_LETTERS:
                continue
            rarest = min((self._texts.get(word, []) for word in words), key=len)
            for text in rarest:
                if f" {key} " not in f" {text.folded} ":
                    continue
                if text.place == "name" and not party.shares_a_notice(text.party):
                    continue
                called = "its name" if name == party.name else f'"{name}"'
                where = f"an {text.place}" if text.place[0] in "aeiou" else f"a {text.place}"
                yield Trace(text.party, f"{called} stands in {where} of {text.party.name}")


def _place(address: str) -> str:
    """Return an address without its country, which some write as a code."""
    return fold(address.rpartition(",")[0])


def _likest(found: tuple[float, str, Party]) -> tuple[float, str]:
    return found[:2]


def _texts(party: Party, *, alone: bool) -> Iterator[_Text]:
    """Yield what an entry says besides its name; a name that is in a pair is that party's and no other's."""
    for address in party.entity.addresses:
        yield _Text(party, "address", fold(address.text))
    for key, value in party.entity.properties:
        yield _Text(party, key.removesuffix("_as_listed").replace("_", " "), fold(value))
    for name in party.names if alone else party.names[1:]:
        yield _Text(party, "name", fold(re.sub(r"\s+", " ", name)))
