"""An index of names on disk: exact look-up by key, and search by spelling.

The index is a handful of numeric arrays, memory-mapped, so opening it costs nothing. Names are kept in
an order of their own (by hash of their key, entity, text), which does not depend on the order they came
in; ``hash_row`` leads back to the caller's rows. For search, every word of a Latin key leaves its
trigrams, with a space at either end ("zte": ``" zt"``, ``"zte"``, ``"te "``), every Chinese, Japanese or
Korean character and pair of neighbours a bucket. A query gathers the names that share its grams, rarest
grams first and up to a bound, and only the most promising are compared in full
(:class:`listed.graph.names.Matcher`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from listed.errors import GraphDamagedError, QueryError
from listed.graph.names import Matcher, fold, has_cjk, latin_of_key, readings

Ints = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint16]
Weights = npt.NDArray[np.float64]
Arrays = dict[str, npt.NDArray[np.generic]]

LEAST_SCORE = 60.0
"""Names less alike than this are no hits."""

_CUT = 200  # letters of a name that leave grams; longer ones are remarks
_BASE = 37  # space, 0-9, a-z: three of them fit 16 bits
_BUCKETS = 1 << 16
_POSTINGS = 1_500_000  # gathered per query, rarest grams first
_POOL = 200  # names compared in full per query
_LEAST_SHARED = 0.25  # of what the best shares: those below cannot score enough
_FEW_GRAMS = 5
_EXACT_POOL = 2_000  # ... besides those of the same key
_SIZES = {"gram_ptr": _BASE**3 + 1, "cjk_ptr": _BUCKETS + 1}
_NAMES = ("hash", "hash_row", "entity", "letters", "gram_ptr", "gram_row", "cjk_ptr", "cjk_row")

_DIGITS = np.zeros(256, dtype=np.uint8)
_DIGITS[np.frombuffer(b"0123456789abcdefghijklmnopqrstuvwxyz", dtype=np.uint8)] = np.arange(1, _BASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found.

    Parameters
    ----------
    row
        Row of the name among those the index was built from.
    entity
        Its entity.
    name
        Its text.
    score
        0 to 100: 100 is the same name, below 60 there are no hits.
    reason
        Why it was found, in words.
    """

    row: int
    entity: int
    name: str
    score: float
    reason: str

    @property
    def order(self) -> tuple[float, int, str, int, int]:
        """Sort key: best first, then the shorter name, its text, its entity."""
        return (-self.score, len(self.name), self.name, self.entity, self.row)


def build(names: Sequence[str], entity: Ints) -> Arrays:
    """Index names.

    Parameters
    ----------
    names
        The names, n of them; one entity may have many.
    entity
        The entity of each name, shape (n,).

    Returns
    -------
    dict
        Numeric arrays to save one by one and hand to :class:`NameIndex`: ``hash`` (n,) uint64, sorted;
        ``hash_row`` (n,) the row of each; ``entity`` (n,) by row; ``letters`` (n,) uint8, length of the
        Latin text in index order; ``gram_ptr``, ``gram_row`` and ``cjk_ptr``, ``cjk_row``: postings.
    """
    entity = np.ascontiguousarray(entity, dtype=np.int32)
    if entity.shape != (len(names),):
        raise ValueError(f"{len(names)} names, but entities of shape {entity.shape}")
    keys = [fold(name) for name in names]
    hashes = _hashes(keys)
    order = _order(hashes, entity, names)
    keys = [keys[row] for row in order.tolist()]
    latin = [_spelling(key)[:_CUT] for key in keys]
    letters = np.fromiter(map(len, latin), dtype=np.uint8, count=len(latin))
    gram_ptr, gram_row = _postings(*_trigrams(latin, letters), _BASE**3)
    cjk_ptr, cjk_row = _postings(*_cjk_grams(keys), _BUCKETS)
    return {
        "hash": hashes[order], "hash_row": order, "entity": entity, "letters": letters,
        "gram_ptr": gram_ptr, "gram_row": gram_row, "cjk_ptr": cjk_ptr, "cjk_row": cjk_row,
    }  # fmt: skip


def _spelling(key: str) -> str:
    """Return the Latin text whose trigrams a name leaves: a CJK name can be asked for in English too."""
    return " ".join(readings(key)) if has_cjk(key) else latin_of_key(key)


def _hashes(keys: Sequence[str]) -> npt.NDArray[np.uint64]:
    """Return a hash per key that is the same in every process, unlike ``hash``."""
    blake = hashlib.blake2b
    digests = b"".join(blake(key.encode("utf-8", "surrogatepass"), digest_size=8).digest() for key in keys)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _order(hashes: npt.NDArray[np.uint64], entity: Ints, names: Sequence[str]) -> Ints:
    """Return the rows by hash, entity and text."""
    order = np.lexsort((entity, hashes)).astype(np.int32)
    hashes, entity = hashes[order], entity[order]
    same = (hashes[1:] == hashes[:-1]) & (entity[1:] == entity[:-1])
    edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False])).astype(np.int8)))
    for first, last in edges.reshape(-1, 2).tolist():
        rows = order[first : last + 1].tolist()
        order[first : last + 1] = sorted(rows, key=lambda row: names[row])
    return order


def _trigrams(latin: Sequence[str], letters: npt.NDArray[np.uint8]) -> tuple[Codes, Ints]:
    """Return the code of every trigram of every key, and the place of the key it comes from."""
    text = f" {' '.join(latin)} ".encode("ascii", "replace")
    digits = _DIGITS[np.frombuffer(text, dtype=np.uint8)]
    # One space parts names as it parts words: a gram has its letter in the middle, so none crosses.
    middle = np.flatnonzero(digits[1:-1])
    codes = _code(digits[:-2][middle], digits[1:-1][middle], digits[2:][middle])
    owner = np.repeat(np.arange(len(latin), dtype=np.int32), letters.astype(np.int64) + 1)
    return codes, owner[: len(digits) - 2][middle]


def _code(first: npt.NDArray[np.uint8], second: npt.NDArray[np.uint8], third: npt.NDArray[np.uint8]) -> Codes:
    codes = first.astype(np.uint16)
    codes *= _BASE
    codes += second
    codes *= _BASE
    codes += third
    return codes


def _cjk_grams(keys: Sequence[str]) -> tuple[Codes, Ints]:
    """Return the bucket of every CJK character and pair of every key, and the place of the key."""
    places = [place for place, key in enumerate(keys) if has_cjk(key)]
    texts = [keys[place][:_CUT] for place in places]
    points = np.frombuffer(" ".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    owner = np.repeat(np.array(places, dtype=np.int32), sizes)
    single = points >= 0x2E80
    pair = single[1:] & single[:-1]
    singles, pairs = points[single], _pairs(points[:-1][pair], points[1:][pair])
    return _bucket(np.concatenate((singles, pairs))), np.concatenate((owner[single], owner[:-1][pair]))


def _pairs(first: npt.NDArray[np.uint32], second: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    return first * np.uint32(0x9E3779B1) + second


def _bucket(value: npt.NDArray[np.uint32]) -> Codes:
    return ((value * np.uint32(0x85EBCA6B)) >> np.uint32(16)).astype(np.uint16)


def _postings(codes: Codes, owner: Ints, size: int) -> tuple[npt.NDArray[np.int64], Ints]:
    """Return, per code, its owners once each and in order: ``row[ptr[code]:ptr[code + 1]]``."""
    by_code = np.argsort(codes, kind="stable")  # a radix sort, as codes have 16 bits
    codes, owner = codes[by_code], owner[by_code]
    del by_code
    new = np.ones(len(codes), dtype=np.bool_)
    new[1:] = (codes[1:] != codes[:-1]) | (owner[1:] != owner[:-1])
    ptr = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(codes[new], minlength=size), out=ptr[1:])
    return ptr, owner[new]


class NameIndex:
    """Names by key and by spelling.

    Parameters
    ----------
    arrays
        What :func:`build` returned, memory-mapped or not.
    name_text
        Gives the text of the name at a row.

    Examples
    --------
    >>> names = ["Hangzhou Hikvision Digital Technology Co., Ltd.", "SenseTime Group Limited"]
    >>> index = NameIndex(build(names, np.array([0, 1], dtype=np.int32)), names.__getitem__)
    >>> index.search("hikvison")[0].name
    'Hangzhou Hikvision Digital Technology Co., Ltd.'
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[np.generic]], name_text: Callable[[int], str]) -> None:
        missing = [name for name in _NAMES if name not in arrays]
        short = [name for name, size in _SIZES.items() if name not in missing and len(arrays[name]) != size]
        if missing or short:
            raise GraphDamagedError(f"the name index lacks {', '.join(missing + short)}; delete it to rebuild")
        # A view without numpy.memmap's wrapper: its slicing is what a query would spend its time on.
        self._arrays = {name: np.asarray(arrays[name]) for name in _NAMES}
        self._text = name_text
        self._size = len(arrays["hash"])

    def __len__(self) -> int:
        """Return the number of names."""
        return self._size

    def exact(self, query: str) -> Ints:
        """Return the rows of the names with the same :func:`~listed.graph.names.fold` key, ascending."""
        key = fold(query)
        if not key:
            return np.zeros(0, dtype=np.int32)
        rows: Ints = np.sort(self._arrays["hash_row"][self._same(key)])
        verified = [row for row in rows.tolist() if fold(self._text(row)) == key]
        return np.array(verified, dtype=np.int32)

    def _same(self, key: str) -> slice:
        """Places of the names whose key has the same hash."""
        hashes = self._arrays["hash"]
        wanted = _hashes([key])[0]
        return slice(int(hashes.searchsorted(wanted, "left")), int(hashes.searchsorted(wanted, "right")))

    def search(self, query: str, limit: int = 20) -> list[Hit]:
        """Return the entities whose names are like the query, best first, one name for each.

        Parameters
        ----------
        query
            A name, in any script and order of words, misspelled or unfinished.
        limit
            Entities at most.

        Returns
        -------
        list of Hit
            In a total order: by score, then the shorter name, its text, its entity. Empty when nothing
            is alike enough.

        Raises
        ------
        QueryError
            If the limit is not positive.
        """
        if limit < 1:
            raise QueryError(f"a search returns at least one entity, not {limit}")
        key = fold(query)
        if not key or not self._size:
            return []
        rows = self._arrays["hash_row"][self._candidates(key, max(_POOL, 5 * limit))].tolist()
        texts = [self._text(row) for row in rows]
        owners = self._arrays["entity"][rows].tolist()
        found = Matcher(query, self._rarity).compare(texts)
        hits = [
            Hit(row, entity, text, likeness.score, likeness.reason)
            for row, entity, text, likeness in zip(rows, owners, texts, found, strict=True)
            if likeness.score >= LEAST_SCORE
        ]
        best: dict[int, Hit] = {}
        for hit in sorted(hits, key=lambda hit: hit.order):
            best.setdefault(hit.entity, hit)
        return list(best.values())[:limit]

    def _candidates(self, key: str, pool: int) -> npt.NDArray[np.intp]:
        """Places of the names worth comparing: those of the same key, and those that share most grams."""
        places = self._same(key)
        same = np.arange(places.start, min(places.stop, places.start + _EXACT_POOL), dtype=np.intp)
        # Each way to read a query has a share of its own, so that a crowd of 华为... does not hide Huawei.
        ways = [self._spelled(reading) for reading in readings(key)]
        if has_cjk(key):
            ways.append([self._list("cjk", code) for code in np.unique(_cjk_grams([key])[0]).tolist()])
        found = [self._most_shared(lists, pool // len(ways), _POSTINGS // len(ways)) for lists in ways]
        return np.unique(np.concatenate([same, *found]))

    def _most_shared(self, lists: Sequence[Ints], pool: int, bound: int) -> npt.NDArray[np.intp]:
        """Places of the names in most of the lists, weighed by rarity: the rarest first, up to a bound."""
        shared = np.zeros(self._size)
        gathered = 0
        for places in sorted(lists, key=len):
            if gathered and gathered + len(places) > bound:
                break
            gathered += len(places)
            np.add.at(shared, places, math.log1p(self._size / max(len(places), 1)))
        # Of an unfinished short word the end, which no longer word has, can outweigh the beginning.
        least = _LEAST_SHARED * shared.max(initial=0.0) if len(lists) > _FEW_GRAMS else 0.0
        touched = np.flatnonzero(shared > least)
        if len(touched) <= pool:
            return touched
        # A long name shares grams by chance: it gives way, a little, to a short one.
        score = shared[touched] * (1 - 0.001 * self._arrays["letters"][touched])
        return touched[np.argpartition(-score, pool)[:pool]]

    def _spelled(self, reading: str) -> list[Ints]:
        """Return, for each trigram of a reading, the names that have it."""
        codes = np.unique(_word_grams(reading)).tolist()
        last = reading.split()[-1:]
        if last and len(last[0]) == 1:  # an unfinished word of one letter: all words that begin with it
            start = int(_DIGITS[ord(last[0])]) * _BASE
            codes += range(start, start + _BASE)
        return [self._list("gram", code) for code in codes]

    def _list(self, kind: str, code: int) -> Ints:
        ptr = self._arrays[f"{kind}_ptr"]
        found: Ints = self._arrays[f"{kind}_row"][int(ptr[code]) : int(ptr[code + 1])]
        return found

    def _rarity(self, word: str) -> float:
        """Return what a word tells: the fewer names have its rarest trigram, the more."""
        ptr = self._arrays["gram_ptr"]
        codes = _word_grams(word)
        if not len(codes):
            return 1.0
        rarest = int((ptr[codes.astype(np.intp) + 1] - ptr[codes]).min())
        return math.log1p(self._size / max(rarest, 1))


def _word_grams(text: str) -> Codes:
    """Return the trigram codes of a short Latin text."""
    text = text[:_CUT]
    return _trigrams([text], np.array([len(text)], dtype=np.uint8))[0]
