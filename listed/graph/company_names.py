"""Two names of companies, bodies or vessels, word by word: what of them is one, and what tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from listed.graph.chinese import is_han, simplified
from listed.graph.party_names import Kind, PartyName, words_of
from listed.graph.sounds import consonants, one_in_arabic, sound, without_al

FORM = 0.98
"""The score of names that differ in form alone."""

VARIANT = 0.93
"""The most that names reach of which a word is spelled otherwise."""

OTHER_SCRIPT = 0.9
"""The most that names in two scripts reach."""

_ORDER = 0.96
_OTHER_READING = 0.86  # of kana: two ways to write the same sounds
HOMOPHONES = 0.6  # of Chinese: many names have one pinyin, and characters tell them apart
READ_THE_SAME = "characters that read the same"
_LOOSE = 0.85  # alike, of two words, to be one misspelled
_ACRONYM = 0.85
_LONE = 6  # letters of the only word that tells, to be recognised when spelled otherwise
_COMMON = 0.8  # where only words that many names have are shared

Said = tuple[str, Kind]


def compare_companies(one: PartyName, other: PartyName) -> tuple[float, str]:
    """Return how likely two names are one company's, 0 to 1, and why."""
    return _same_form(one, other) or _by_words(one, other)


def _same_form(one: PartyName, other: PartyName) -> tuple[float, str] | None:
    if one.native and other.native:
        if one.native == other.native:
            return FORM, same_characters(one, other)
        if one.stem == other.stem:
            return HOMOPHONES if is_han(one.native + other.native) else _OTHER_READING, READ_THE_SAME
        return _native(one, other)
    if (_KANA.search(one.native) or _KANA.search(other.native)) and _kana(one) == _kana(other) and len(_kana(one)) > 3:
        return _OTHER_READING, "the same in kana"
    spilled = any(kind is Kind.SPILLED for said in (one, other) for _, kind in said.readings[0])
    if one.stem == other.stem and one.key.isascii() and other.key.isascii() and not spilled:
        return FORM, "same name but for the legal form"
    return None


def same_characters(one: PartyName, other: PartyName) -> str:
    """Return in what two names differ that are one in simplified characters."""
    traditional = {simplified(name.key) != name.key for name in (one, other)}
    return "same name in traditional characters" if len(traditional) == 2 else "same name but for the legal form"


_KANA = re.compile("[\u30a1-\u30fa]")
_IN_KANA = str.maketrans("lvf", "rbh")


def _kana(name: PartyName) -> str:
    """Return the consonants of a name as kana, which has no l, v or f, lets them be heard."""
    return "".join(consonants(word) for word in name.stem.split()).translate(_IN_KANA)


def _native(one: PartyName, other: PartyName) -> tuple[float, str] | None:
    """Two names in CJK that differ: in a number, by a longer name, or in the characters that tell."""
    numbers = [{word for word, kind in said.readings[0] if kind is Kind.NUMBER} for said in (one, other)]
    if numbers[0] != numbers[1]:
        return 0.2, _another("number", *numbers)
    if one.native in other.native or other.native in one.native:
        return 0.55, "a longer name"
    return 0.5 * fuzz.ratio(one.native, other.native) / 100, "other characters"


def _by_words(one: PartyName, other: PartyName) -> tuple[float, str]:
    scripts = bool(one.native) != bool(other.native)
    found = [
        _Comparison(ours, theirs, one, other).outcome()
        for ours in one.readings
        for theirs in (other.readings if scripts else other.readings[:1])
    ]
    return max(found, key=lambda pair: pair[0])


class _Comparison:
    """The words of two names, matched with each other; what is left tells them apart."""

    def __init__(self, ours: Sequence[Said], theirs: Sequence[Said], one: PartyName, other: PartyName) -> None:
        self.one, self.other = one, other
        self.left = (dict(ours), dict(theirs))
        self.order = ([word for word, _ in ours], [word for word, _ in theirs])
        self.variants: list[tuple[str, str, float]] = []
        self.shared = [word for word in self.left[0] if word in self.left[1]]
        self.told = any(self.left[0][word] in (Kind.TELLS, Kind.NUMBER) for word in self.shared)
        for word in self.shared:
            self._pair(word, word)
        if (self.left[0] or self.left[1]) and not self._other_number():
            self._match_glued()
            self._match_variants()
            self._match_acronyms()

    def _pair(self, ours: str, theirs: str) -> None:
        self.left[0].pop(ours, None)
        self.left[1].pop(theirs, None)

    def _other_number(self) -> bool:
        return all(Kind.NUMBER in left.values() for left in self.left)

    def _match_glued(self) -> None:
        """Match "Sense Time" with "SenseTime", and pinyin without spaces with its words."""
        for side in (0, 1):
            theirs = [said for said in self.order[1 - side] if said in self.left[1 - side]]
            if len(theirs) < 2:
                continue
            for word in [word for word, kind in self.left[side].items() if kind is not Kind.NUMBER]:
                run = _run_of(word, [said for said in theirs if said in self.left[1 - side]])
                if run:
                    self.left[side].pop(word)
                    for said in run:
                        del self.left[1 - side][said]
                    self._spelled(side, word, " ".join(run), 0.99)

    def _match_variants(self) -> None:
        arabic = self.one.arabic or self.other.arabic
        alone = not self.told and not arabic and min(map(len, self.order)) == 1
        alike = [
            (_alike(ours, theirs, arabic=arabic), ours, theirs)
            for ours, kind in self.left[0].items()
            for theirs, other in self.left[1].items()
            if Kind.NUMBER not in (kind, other) and (Kind.TELLS in (kind, other) or Kind.SPILLED in (kind, other))
        ]
        for score, ours, theirs in sorted(alike, key=lambda found: (-found[0], found[1], found[2])):
            lone = alone and min(len(ours), len(theirs)) < _LONE
            if score and not lone and ours in self.left[0] and theirs in self.left[1]:
                self._pair(ours, theirs)
                self._spelled(0, ours, theirs, score)

    def _match_acronyms(self) -> None:
        """Match CETC with China Electronics Technology Group Corporation, where the rest tells too."""
        for side, whole in ((0, self.other.whole), (1, self.one.whole)):
            for word in [word for word, kind in self.left[side].items() if kind is Kind.TELLS and 2 < len(word) < 7]:
                if run := _initials_run(word, whole):
                    theirs = self.left[1 - side]
                    covered = {said for said, _ in words_of(" ".join(run))}
                    if covered & theirs.keys():
                        self.left[side].pop(word)
                        for said in covered:
                            theirs.pop(said, None)
                        self._spelled(side, word, " ".join(run), _ACRONYM)

    def _spelled(self, side: int, word: str, other: str, score: float) -> None:
        self.told = True
        self.variants.append((word, other, score) if side == 0 else (other, word, score))

    def outcome(self) -> tuple[float, str]:
        """Return the score and its reason."""
        if apart := self._apart():
            return apart
        score = FORM if self._same_order() else _ORDER
        reasons = []
        scripts = self.one.key.isascii() != self.other.key.isascii() and other_script(self.one, self.other)
        if scripts:
            score = min(score, OTHER_SCRIPT)
            reasons.append(f"transliterated or translated: {' '.join(self.order[1 if self.one.native else 0])}")
        if spelled := [variant for variant in self.variants if variant[2] < 0.99]:
            worst = min(score_ for _, _, score_ in spelled)
            score = min(score, VARIANT) * (1 - 0.7 * (1 - worst)) * 0.99 ** (len(spelled) - 1)
            reasons.append("spelling: " + ", ".join(f"{ours} ~ {theirs}" for ours, theirs, _ in spelled))
        elif self.variants and not scripts:
            reasons.append("same but for the spaces")
        for kind, what in ((Kind.SOFT, "without"), (Kind.SPILLED, "in brackets or spilled from an address")):
            if extra := [word for left in self.left for word, told in left.items() if told is kind]:
                score = min(score, 0.94) * 0.97 ** len(extra)
                reasons.append(f"{what}: {' '.join(extra)}")
        if not self.told and not scripts and any(Kind.SOFT in left.values() for left in self.left):
            score *= _COMMON
            reasons.append("only common words")
        if not reasons:
            reasons.append("same name but for the legal form" if score == FORM else "same words in another order")
        return score, "; ".join(reasons)

    def _same_order(self) -> bool:
        shared = set(self.shared)
        ours, theirs = ([word for word in order if word in shared] for order in self.order)
        return ours == theirs

    def _apart(self) -> tuple[float, str] | None:
        """Return what tells the two apart, the plainest first."""
        numbers, places, units, tells, soft = (
            tuple({word for word, told in left.items() if told is kind} for left in self.left)
            for kind in (Kind.NUMBER, Kind.PLACE, Kind.UNIT, Kind.TELLS, Kind.SOFT)
        )
        if any(numbers):
            return (0.2 if all(numbers) else 0.5), _another("number", *numbers)
        if all(tells):
            return 0.4 * self._share(), f"other words: {_said(tells[0])} ~ {_said(tells[1])}"
        if all(places):
            return 0.35, _another("place", *places)
        if not self.told and not self.shared:
            return 0.0, "nothing shared"
        if all(units):
            return 0.45, _another("business", *units)
        if all(soft):
            return 0.55, _another("kind", *soft)
        return self._longer(tells, places, units)

    def _longer(self, *left: tuple[set[str], ...]) -> tuple[float, str] | None:
        """Return what one name has beyond the other."""
        for what, (ours, theirs) in zip(("a longer name", "one is of a place", "another unit"), left, strict=True):
            extra = ours | theirs
            translated = what == "another unit" and other_script(self.one, self.other) and len(extra) == 1
            if extra and not translated:  # translators add "Group", or leave it out
                return 0.6 - 0.03 * len(extra), f"{what}: {_said(extra)}"
        return None

    def _share(self) -> float:
        spelled = sum(len(ours) + len(theirs) for ours, theirs, _ in self.variants)
        letters = 2 * sum(map(len, self.shared)) + spelled
        rest = sum(len(word) for left in self.left for word in left)
        return letters / max(letters + rest, 1)


def other_script(one: PartyName, other: PartyName) -> bool:
    """Tell whether one of two names is in Chinese or Arabic script, and the other is not."""
    return (bool(one.native) != bool(other.native)) or one.arabic != other.arabic


def _another(what: str, one: Iterable[str], other: Iterable[str]) -> str:
    return f"another {what}: {_said(one) or 'none'}, {_said(other) or 'none'}"


def _said(words: Iterable[str]) -> str:
    return " ".join(sorted(words))


def _run_of(word: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return the neighbouring words that make a word when written without spaces."""
    for start in range(len(words)):
        glued = ""
        for end in range(start, len(words)):
            glued += words[end]
            if end > start and glued == word:
                return tuple(words[start : end + 1])
            if not word.startswith(glued):
                break
    return ()


_NO_INITIAL = frozenset({"of", "and", "the", "for"})


@lru_cache(1 << 12)
def _initials_run(acronym: str, whole: tuple[str, ...]) -> tuple[str, ...]:
    """Return the neighbouring words whose initials make an acronym; "group" need not count."""
    for skipped in (_NO_INITIAL, _NO_INITIAL | {"group"}):
        words = [word for word in whole if word not in skipped]
        for start in range(len(words) - len(acronym) + 1):
            run = words[start : start + len(acronym)]
            if all(word[0] == letter for word, letter in zip(run, acronym, strict=True)):
                return (*run, "group") if "group" in skipped and "group" in whole else tuple(run)
    return ()


@lru_cache(1 << 16)
def _alike(ours: str, theirs: str, *, arabic: bool) -> float:
    """Return how likely two words are one, spelled otherwise; 0 if not."""
    if without_al(ours) == without_al(theirs):
        return 0.95
    if ours[0] != theirs[0] and not arabic and sound(ours)[:1] != sound(theirs)[:1]:
        return 0.0
    if arabic and one_in_arabic(ours, theirs):
        return 0.93
    heard = sound(ours), sound(theirs)
    if heard[0] == heard[1]:
        return 0.95
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) >= 7 and len(longer) - len(shorter) < 3 and longer.startswith(shorter[: len(longer) - 2]):
        return 0.9
    if len(shorter) > 4 and ours.replace("l", "i") == theirs.replace("l", "i"):  # a capital i read as l
        return 0.9
    ratio = fuzz.ratio(ours, theirs) / 100
    if len(shorter) >= 6 and (ratio >= _LOOSE or Levenshtein.distance(*heard) <= 1 < len(heard[0]) - 5):
        return max(ratio, _LOOSE)
    if len(consonants(ours)) > 3 and consonants(ours) == consonants(theirs) and fuzz.ratio(*heard) >= 75:
        return 0.85
    return 0.0
