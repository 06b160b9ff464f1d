"""A party's name taken apart: which of its words tell the party, and which only its kind or place.

"Beijing Huawei Digital Technologies Co., Ltd." is a town, a word that tells, and the business of a
unit; "Huawei Device (Hong Kong) Co., Limited, Tsim Sha Tsui" has an address spilled into it. What words
tell is data: ``name_words.toml``.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources

from listed.graph.names import fold, has_cjk, latin, native, readings, stem


class Kind(IntEnum):
    """What a word of a name tells."""

    TELLS = 0
    UNIT = 1
    SOFT = 2
    PLACE = 3
    NUMBER = 4
    SPILLED = 5


@dataclass(frozen=True, slots=True)
class PartyName:
    """A name ready to be compared.

    Parameters
    ----------
    text
        As the source gives it.
    key, stem
        Its :func:`~listed.graph.names.fold` and :func:`~listed.graph.names.stem` keys.
    native
        Its CJK text without legal forms, else empty.
    readings
        For each way to read it, its words and what each tells.
    whole
        Every word, legal forms too, for acronyms.
    arabic
        Whether it was written in Arabic script.
    business
        Whether a word or legal form says that it is no person's name.
    """

    text: str
    key: str
    stem: str
    native: str
    readings: tuple[tuple[tuple[str, Kind], ...], ...]
    whole: tuple[str, ...]
    arabic: bool
    business: bool


@dataclass(frozen=True, slots=True)
class _Words:
    """``name_words.toml``, ready for look-up by word; phrases by their first word, longest first."""

    same: dict[str, tuple[str, ...]]
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]
    dropped: frozenset[str]
    kinds: dict[str, Kind]
    ordinals: dict[str, str]


_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "xi": "11", "xii": "12"}
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)?")
_LETTERS_DIGITS = re.compile(r"(?<=[a-z])(?=\d)|(?<=\d)(?=(?!(?:st|nd|rd|th)\b)[a-z])")
_ORDINAL_GAP = re.compile(r"(?<=\d) (?=(?:st|nd|rd|th)\b)")
_SLAVIC = re.compile(r"(?<=[a-z]{4})(?:skiy|skii|skyi|sky|ski|skoye|skoe|skaya|skogo|skom|zkiy|nyy|niy|nyi)$")
_BRACKETS = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")
_ACRONYM = re.compile(r"(?:[A-Z][A-Za-z]?[A-Z]{1,7}|[A-Z]{2,8}[a-z]?)[- ]?(?:\d+(?:th|st|nd|rd)?)?(?: RI)?")
_OTHERWISE = re.compile(r"[(,;]?\s*\b[afn]\.?\s?k\.?\s?a\b.*|\band (?:its |all |their )?(?:subsidiar|sub-?unit"
                        r"|successor|affiliate).*", re.IGNORECASE | re.DOTALL)  # fmt: skip
_SPILL = re.compile(
    r"(?i)(.*?\b(?:ltd|limited|llc|inc|ag|gmbh|corp|co|plc|sa|bhd|ooo|oao|pao|jsc)\b\.?)\s*,\s*(?!\s|(?:ltd|limited|llc|inc|corp"
    r"|jsc|ooo|oao|pao|zao|ao|plc|pjsc|ojsc|cjsc|s\.?a)\b)(.+)"
)
_MOST_SPILLED = 4
_HAN_NUMBER = re.compile("第([〇零一二三四五六七八九十百]+)|([一二三四五六七八九十]+)(?=期|院|所|厂)")
_HAN_DIGITS = {digit: place for place, digit in enumerate("零一二三四五六七八九")}
_ARTICLE = re.compile(r"(?<!\w)و?ال(?=\w\w)")
_ABD = re.compile(r"(?<!\w)عبد ?ال(?=\w\w)")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufeff]")


@cache
def _vocabulary() -> _Words:
    data = tomllib.loads(resources.files("listed.graph").joinpath("name_words.toml").read_text(encoding="utf-8"))
    same: dict[str, tuple[str, ...]] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for canonical, ways in data["same"].items():
        for way in ways:
            words = tuple(way.split())
            if len(words) == 1:
                same[words[0]] = tuple(canonical.split())
            else:
                phrases.setdefault(words[0], []).append((words, tuple(canonical.split())))
    kinds = dict.fromkeys(data["place"]["words"], Kind.PLACE)
    kinds |= dict.fromkeys(data["unit"]["words"], Kind.UNIT)
    kinds |= dict.fromkeys(data["soft"]["words"], Kind.SOFT)
    for found in phrases.values():
        found.sort(key=lambda pair: -len(pair[0]))
    ordinals = {word: str(place) for place, word in enumerate(data["number"]["words"], start=1)}
    return _Words(same, phrases, frozenset(data["dropped"]["words"]), kinds, ordinals)


def party_name(text: str) -> PartyName:
    """Take a name apart.

    Examples
    --------
    >>> [word for word, _ in party_name("Huawei Device (Hong Kong) Co., Limited, Tsim Sha Tsui").readings[0]]
    ['huawei', 'device', 'hongkong', 'tsim', 'sha', 'tsui']
    """
    key = fold(text)
    bare = " ".join(text.split())  # the patterns below would look at a run of spaces from each of its places
    bare = _HAN_NUMBER.sub(_as_digits, bare) if has_cjk(key) else bare
    arabic = _ARABIC.search(text) is not None
    if arabic:
        bare = without_article(bare)
    body, spilled = _split(bare)
    own = native(fold(body))
    ways = readings(body) if own else [stem(body)]
    words = [words_of(way, Kind.TELLS) for way in ways]
    tail = words_of(spilled, Kind.SPILLED) if spilled else ()
    return PartyName(
        text,
        key,
        ways[0] if ways else key,
        own,
        tuple(_unique((*said, *tail)) for said in words),
        tuple(latin(_BRACKETS.sub(" ", text)).split()),
        arabic,
        _is_business(body, ways[0], words[0]),
    )


def _is_business(text: str, stem_: str, words: tuple[tuple[str, Kind], ...]) -> bool:
    formless = latin(text) == stem_ or bool(native(fold(text)))
    return not formless or any(kind in (Kind.UNIT, Kind.SOFT, Kind.PLACE, Kind.NUMBER) for _, kind in words)


def without_article(text: str) -> str:
    """Return an Arabic text without its articles, "Abd" apart from the name it belongs to."""
    return _ARTICLE.sub("", _ABD.sub("عبد ", text))


def _as_digits(found: re.Match[str]) -> str:
    digits = found.group(1) or found.group(2)
    if digits.startswith("十"):
        digits = "一" + digits
    hundreds, _, rest = digits.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    total = 100 * _HAN_DIGITS.get(hundreds[-1:], 0) + 10 * (_HAN_DIGITS.get(tens[-1:], 0) if ten else 0)
    return f" {total + _HAN_DIGITS.get(ones[-1:], 0)} "


def _split(text: str) -> tuple[str, str]:
    """Part the name from other names after it, acronyms in brackets, and an address spilled into it."""
    text = _OTHERWISE.sub("", text).strip(" ,;.") or text
    spilled: list[str] = []

    def inside(found: re.Match[str]) -> str:
        said = latin(found.group(1))
        known = any(kind is not Kind.TELLS for _, kind in words_of(said))
        if _ACRONYM.fullmatch(found.group(1).strip()) and not known:
            return " "
        if known:
            return found.group()
        spilled.append(said)
        return " "

    text = _BRACKETS.sub(inside, text).strip() or text
    if (found := _SPILL.fullmatch(text)) and len(found.group(2).split()) <= _MOST_SPILLED:
        tail = latin(found.group(2))
        if not any(kind is Kind.UNIT for _, kind in words_of(tail, Kind.TELLS)):
            text = found.group(1)
            spilled.append(tail)
    return text, " ".join(spilled)


def words_of(reading: str, kind: Kind = Kind.TELLS) -> tuple[tuple[str, Kind], ...]:
    """Return the words of a reading in their canonical spelling, with what each tells."""
    known = _vocabulary()
    words = _ORDINAL_GAP.sub("", _LETTERS_DIGITS.sub(" ", reading)).split()
    said: list[tuple[str, Kind]] = []
    place = 0
    while place < len(words):
        length, ways = _canonical(words, place, known)
        for word in ways:
            if number := _number(word, last=place + length == len(words) and bool(said), known=known):
                said.append((number, Kind.NUMBER))
            elif word not in known.dropped or (len(word) == 1 and place + length == len(words) > 1):
                said.append((word, kind if kind is Kind.SPILLED else known.kinds.get(word, Kind.TELLS)))
        place += length
    return tuple(said) or tuple((word, kind) for word in words)


def _canonical(words: list[str], place: int, known: _Words) -> tuple[int, tuple[str, ...]]:
    """Return how many words from a place are one phrase or word, and its canonical spelling."""
    word = words[place]
    for phrase, canonical in known.phrases.get(word, ()):
        if tuple(words[place : place + len(phrase)]) == phrase:
            return len(phrase), canonical
    if word in known.same:
        return 1, known.same[word]
    if word in known.kinds or word in known.dropped:
        return 1, (word,)
    if len(word) > 5 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as", "os")):
        word = word[:-1]
    if len(word) > 6:
        word = _SLAVIC.sub("", word) if word not in known.same else word
    return 1, known.same.get(word, (word,))


def _number(word: str, *, last: bool, known: _Words) -> str:
    if found := _ORDINAL.fullmatch(word):
        return found.group(1).lstrip("0") or "0"  # of any length: int() refuses thousands of digits
    if last and word == "i":
        return "1"
    return _ROMAN.get(word) or known.ordinals.get(word, "")


def _unique(words: tuple[tuple[str, Kind], ...]) -> tuple[tuple[str, Kind], ...]:
    """Return each word once: "Chengdu ... Co., Ltd., Chengdu" names its town twice."""
    return tuple({word: (word, kind) for word, kind in reversed(words)}.values())[::-1]
