"""Which names are worth comparing, among millions: those that share a rare part.

Every name leaves a few keys: what its words sound like, all together in order of the alphabet, and its
rarest words alone and in pairs. Names that share a key form a block. A key that many names share says
little, so blocks beyond a size are passed over, and counted; the rest are small. The work is on whole
columns of hashes: no name is compared with all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from listed.graph.party_names import Kind, PartyName, party_name
from listed.graph.person_names import given_names
from listed.graph.sounds import bare_letters, consonants, sound

Ints = npt.NDArray[np.int32]
Pairs = npt.NDArray[np.int64]

_LARGEST = 40  # names in a block
_MOST_PAIRS = 20_000_000  # the smallest blocks first
_WORDS = 8  # of a name that leave keys
_RAREST = 4
_SHORT = 3  # letters: words this short stand for themselves
_BEGINNING = 7  # letters that a name and its like, written with other spaces, both begin with
_NO_WORD = 0
_COARSE = str.maketrans("Chgq", "kkkk")


@dataclass(frozen=True, slots=True)
class Blocked:
    """Pairs worth comparing.

    Parameters
    ----------
    first, second
        Places of the names, shape (n,); ``first`` is the lower.
    passed_over
        Blocks too large to be compared, and the names in the largest.
    largest
        Names in the largest of them.
    said
        What each name sounds like, for a first look; empty for one in Arabic script, which lacks vowels.
    """

    first: Ints
    second: Ints
    passed_over: int
    largest: int
    said: list[str]


def candidates(names: Sequence[str], people: npt.NDArray[np.bool_], owner: Ints) -> Blocked:
    """Return the pairs of names of different owners worth comparing.

    Parameters
    ----------
    names
        Distinct or not, n of them.
    people
        Which are names of people, shape (n,).
    owner
        Whose each is, shape (n,).
    """
    said, words, whole = _word_numbers(names, people)
    keys, holders = _keys(words, whole)
    return _pairs_of(keys, holders, owner, said)


def _word_numbers(
    names: Sequence[str], people: npt.NDArray[np.bool_]
) -> tuple[list[str], npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    """Return what each name sounds like, numbers of its words (n, _WORDS), 0 for none, and of the whole (n, 2)."""
    every: list[str] = []
    words = np.zeros((len(names), _WORDS), np.uint64)
    whole = np.zeros((len(names), 2), np.uint64)
    numbers: dict[str, int] = {"": _NO_WORD}
    for place, text in enumerate(names):
        name = party_name(text)
        telling = telling_words(name, person=bool(people[place]))
        keys = [key for word in telling for key in _word_keys(word, arabic=name.arabic)][:_WORDS]
        words[place, : len(keys)] = [numbers.setdefault(key, len(numbers)) for key in keys]
        whole[place, 0] = numbers.setdefault(" ".join(sorted(keys)), len(numbers))
        whole[place, 1] = numbers.setdefault(f"{''.join(keys)[:_BEGINNING]}…", len(numbers))
        every.append("" if name.arabic else " ".join(sorted(map(sound, telling))))
    return every, words, whole


def telling_words(name: PartyName, *, person: bool) -> list[str]:
    """Return the words of a name that tell the party, and its numbers; of a name that has none, all its words."""
    if person:
        return given_names(name)
    said = name.readings[-1]
    telling = [word for word, kind in said if kind in (Kind.TELLS, Kind.NUMBER)]
    return telling if any(kind is Kind.TELLS for _, kind in said) else [word for word, _ in said]


def _word_keys(word: str, *, arabic: bool) -> tuple[str, ...]:
    """Return what a word is filed under: its consonants, as coarsely as schools of transliteration differ."""
    if arabic:  # "th" may be two letters there
        ways = (bare_letters(word), consonants(word.replace("w", "a").replace("y", "a")))
        return tuple(dict.fromkeys(way.translate(_COARSE) for way in ways))
    bare = consonants(word)
    return (bare.translate(_COARSE) if len(bare) >= _SHORT else sound(word),)


def _keys(words: npt.NDArray[np.uint64], whole: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint64], Ints]:
    """Return every key, and the place of the name that left it."""
    rows = len(words)
    counts = np.bincount(words.ravel().astype(np.int64))
    rarity = np.where(words == _NO_WORD, np.iinfo(np.int64).max, counts[words.astype(np.int64)])
    rarest = np.take_along_axis(words, np.argsort(rarity, axis=1, kind="stable")[:, :_RAREST], axis=1)
    places = np.arange(rows, dtype=np.int32)
    keys, holders = [whole.T.ravel()], [np.tile(places, 2)]
    for one in range(_RAREST):
        keys.append(rarest[:, one])
        holders.append(places)
        for other in range(one + 1, _RAREST):
            low, high = np.minimum(rarest[:, one], rarest[:, other]), np.maximum(rarest[:, one], rarest[:, other])
            keys.append(np.where(low == _NO_WORD, _NO_WORD, (low << np.uint64(32)) | high))
            holders.append(places)
    every, holder = np.concatenate(keys), np.concatenate(holders)
    said = every != _NO_WORD
    return every[said], holder[said]


def _pairs_of(keys: npt.NDArray[np.uint64], holders: Ints, owner: Ints, said: list[str]) -> Blocked:
    order = np.lexsort((holders, keys))
    keys, holders = keys[order], holders[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    sizes = np.diff(np.append(starts, len(keys)))
    over = sizes > _LARGEST
    found: list[Pairs] = []
    total = 0
    for size in range(2, _LARGEST + 1):
        blocks = starts[sizes == size]
        one, other = np.triu_indices(size, 1)
        blocks = blocks[: max(0, (_MOST_PAIRS - total) // len(one))]
        total += len(blocks) * len(one)
        members = holders[blocks[:, None] + np.arange(size)]
        found.append(np.unique(_packed(members[:, one].ravel(), members[:, other].ravel(), owner)))
    packed = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
    first, second = (packed >> 32).astype(np.int32), (packed & 0xFFFFFFFF).astype(np.int32)
    return Blocked(first, second, int(over.sum()), int(sizes.max(initial=0)) if over.any() else 0, said)


def _packed(first: Ints, second: Ints, owner: Ints) -> Pairs:
    apart = (owner[first] != owner[second]) & (first != second)
    low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
    packed: Pairs = (low.astype(np.int64) << 32) | high.astype(np.int64)
    return packed
