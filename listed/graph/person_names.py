"""Two names of people: fewer names, initials, any order and any transliteration, but no other given name."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from listed.graph.chinese import is_han, simplified
from listed.graph.company_names import (
    FORM,
    HOMOPHONES,
    OTHER_SCRIPT,
    READ_THE_SAME,
    VARIANT,
    other_script,
    same_characters,
)
from listed.graph.names import latin
from listed.graph.party_names import PartyName, without_article
from listed.graph.sounds import consonants, one_in_arabic, sound, without_al

_TITLES = frozenset({
    "dr", "mr", "mrs", "ms", "prof", "haji", "hajji", "sheikh", "shaykh", "mullah", "maulavi", "maulawi",
    "sayyed", "sayed", "seyed", "syed", "sayyid", "syd", "general", "gen", "col", "al", "el", "ul", "ur",
    "ud", "bin", "ben", "ibn", "bn", "bint", "de", "la", "del", "van", "von", "der", "the", "e", "i", "y",
})  # fmt: skip
_ABD = ("abdul", "abdel", "abdal", "abdur", "abdol")
_UKRAINIAN = {"mykola": "nikolay", "mikola": "nikolay", "ganna": "anna", "hanna": "anna", "olena": "elena",
              "dmytro": "dmitriy", "petro": "petr", "pavlo": "pavel", "volodymyr": "vladimir",
              "volodimir": "vladimir", "mykhailo": "mikhail", "mikhaylo": "mikhail", "mykyta": "nikita",
              "mikita": "nikita", "kateryna": "ekaterina", "katerina": "ekaterina", "yosyp": "iosif",
              "mikalai": "nikolay", "dzmitry": "dmitriy", "danylo": "daniil", "kyrylo": "kirill",
              "kirilo": "kirill"}  # fmt: skip
_GLUED_CYRILLIC = re.compile("(?<=[а-яёіїєґ])(?=[А-ЯЁІЇЄҐ])")
_ABDULLAH = re.compile("abd[aou]l+ah?$")
_PATRONYMIC = ("vich", "vych", "vna", "vitch", "ovic")
_FEWER = 0.92
_EACH_FEWER = 0.96
_NONE_EXACT = 0.85  # every name is only alike, and short
_SHORT = 6  # letters
_NO_FAMILY = 0.7


def compare_people(one: PartyName, other: PartyName) -> tuple[float, str]:
    """Return how likely two names are one person's, 0 to 1, and why."""
    if is_han(one.key) and is_han(other.key):
        if simplified(one.key) == simplified(other.key):
            return FORM, same_characters(one, other)
        if one.stem == other.stem:
            return HOMOPHONES, READ_THE_SAME
    return _People(one, other).outcome()


def has_patronymic(name: PartyName) -> bool:
    """Tell whether a name is a person's, though no source says so."""
    words = name.stem.split()
    return 1 < len(words) < 5 and any(len(word) > 6 and word.endswith(_PATRONYMIC) for word in words)


def _family(name: PartyName) -> set[str]:
    """Return the family names, where a comma tells which they are."""
    family, comma, _ = name.text.partition(",")
    return set(latin(family).split()) if comma else set()


class _People:
    """The names of two people, matched with each other."""

    def __init__(self, one: PartyName, other: PartyName) -> None:
        self.arabic = one.arabic or other.arabic
        self.scripts = other_script(one, other) or one.key.isascii() != other.key.isascii()
        self.names = (given_names(one), given_names(other))
        self.family = (_family(one), _family(other))
        self.pairs: list[tuple[float, str, str]] = []
        ours, theirs = (list(names) for names in self.names)
        for score, mine, yours in self._likely(ours, theirs):
            if mine in ours and yours in theirs:
                ours.remove(mine)
                theirs.remove(yours)
                self.pairs.append((score, mine, yours))
        self.left = (ours, theirs)
        if ours and theirs:
            self._match_glued()

    def _likely(self, ours: list[str], theirs: list[str]) -> list[tuple[float, str, str]]:
        alike = [(_alike_names(mine, yours, arabic=self.arabic), mine, yours) for mine in ours for yours in theirs]
        return sorted((found for found in alike if found[0]), key=lambda found: (-found[0], found[1], found[2]))

    def _match_glued(self) -> None:
        """Match Saifullah with Saif Allah, Alireza with Ali Reza."""
        for side in (0, 1):
            whole = self.names[1 - side]
            for word in list(self.left[side]):
                for start in range(len(whole) - 1):
                    run = whole[start : start + 2]
                    rest = self.left[1 - side]
                    if all(name in rest for name in run) and _alike_names(word, "".join(run), arabic=self.arabic):
                        self.left[side].remove(word)
                        for name in run:
                            rest.remove(name)
                        pair = (word, " ".join(run))
                        self.pairs.append((0.93, *(pair if side == 0 else pair[::-1])))
                        break

    def outcome(self) -> tuple[float, str]:
        ours, theirs = self.names
        if "".join(ours) == "".join(theirs) or sorted(ours) == sorted(theirs):
            same = "same names in another order" if sorted(ours) == sorted(theirs) and ours != theirs else ""
            return (OTHER_SCRIPT if self.scripts else FORM), same or self._spelled() or "same but for the spaces"
        if _glued(ours, theirs):
            return 0.9, "same but for the spaces"
        if self.left[0] and self.left[1]:
            return self._apart()
        if min(map(len, self.names)) == 1 and any(mine != yours for _, mine, yours in self.pairs) and not self.scripts:
            return 0.5, f"only {self._spelled()}"
        fewer = self.left[0] or self.left[1]
        full = [pair for pair in self.pairs if min(len(pair[1]), len(pair[2])) > 1]
        if fewer and (len(self.pairs) < 2 or not full):
            return 0.5 * len(full), f"only {' '.join(pair[1] for pair in self.pairs) or 'nothing'} shared"
        score = FORM if all(alike == 1 for alike, _, _ in self.pairs) else VARIANT
        for alike, _, _ in self.pairs:
            score *= 1 - 0.5 * (1 - alike)
        short = any(min(len(mine), len(yours)) < _SHORT for _, mine, yours in self.pairs)
        if not self.scripts and short and all(alike < 0.95 for alike, _, _ in self.pairs):
            score *= _NONE_EXACT
        if self.scripts:
            score = min(score, OTHER_SCRIPT)
        if fewer:
            score = min(score, _FEWER) * _EACH_FEWER ** len(fewer)
        reasons = [self._spelled(), f"fewer names: {' '.join(fewer)}" if fewer else ""]
        named = {name for _, *pair in self.pairs for name in pair}
        if any(family and not family & named for family in self.family):
            score *= _NO_FAMILY
            reasons.append("without the family name")
        return score, "; ".join(reason for reason in reasons if reason) or "same but for the form"

    def _apart(self) -> tuple[float, str]:
        """Both have a name the other lacks; two spellings of one patronymic are forgiven."""
        left = f"{' '.join(self.left[0])} ~ {' '.join(self.left[1])}"
        if len(self.left[0]) == len(self.left[1]) == 1 and len(self.pairs) > 1:
            mine, yours = self.left[0][0], self.left[1][0]
            ratio = fuzz.ratio(sound(mine), sound(yours)) / 100
            if ratio >= 0.6 and mine.endswith(_PATRONYMIC) and yours.endswith(_PATRONYMIC):
                return 0.93 * (1 - 0.5 * (1 - ratio)), f"spelling: {left}"
        return 0.6 * len(self.pairs) / max(map(len, self.names)), f"another name: {left}"

    def _spelled(self) -> str:
        said = [f"{mine} ~ {yours}" for score, mine, yours in self.pairs if mine != yours]
        return f"{'transliterated' if self.scripts else 'spelling'}: {', '.join(said)}" if said else ""


def given_names(name: PartyName) -> list[str]:
    """Return the names of a person in Latin letters, without titles and articles."""
    found = []
    text = _GLUED_CYRILLIC.sub(" ", without_article(name.text) if name.arabic else name.text)
    for word in latin(text).split():
        word = _UKRAINIAN.get(word, word)
        for prefix in _ABD:
            rest = len(word) - len(prefix)
            if word.startswith(prefix) and not _ABDULLAH.match(word) and (rest == 0 or rest > 2):
                found.append("abd")
                word = word[len(prefix) :].removeprefix("l")
                break
        if word and word not in _TITLES:
            found.append(word)
    return found or [name.key]


def _glued(ours: list[str], theirs: list[str]) -> bool:
    """Tell whether the names are the same when two neighbours are written as one: Ali Reza, Alireza."""
    shorter, longer = sorted((ours, theirs), key=len)
    if len(longer) != len(shorter) + 1:
        return False
    for place in range(len(longer) - 1):
        joined = [*longer[:place], longer[place] + longer[place + 1], *longer[place + 2 :]]
        pairs = zip(sorted(joined), sorted(shorter), strict=True)
        if all(_alike_names(mine, yours, arabic=False) for mine, yours in pairs):
            return True
    return False


@lru_cache(1 << 16)
def _alike_names(ours: str, theirs: str, *, arabic: bool) -> float:
    """Return how likely two names of people are one, spelled otherwise; 0 if not."""
    if ours == theirs:
        return 1.0
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) == 1:
        return 0.85 if longer.startswith(shorter) else 0.0
    if without_al(ours) == without_al(theirs):
        return 0.95
    if longer == shorter + "a" and not arabic:  # her brother's or husband's
        return 0.0
    if arabic and one_in_arabic(ours, theirs):
        return 0.93
    heard = sound(ours), sound(theirs)
    if heard[0] == heard[1]:
        return 0.96
    ratio = fuzz.ratio(*heard) / 100
    if ratio >= 0.72 and consonants(ours) == consonants(theirs):
        return 0.9
    said = consonants(ours), consonants(theirs)
    if len(shorter) > 4 and ratio >= 0.6 and said[0] != said[1] and _confused(said[0]) == _confused(said[1]):
        return 0.87
    if len(shorter) >= 5 and Levenshtein.distance(*heard) <= 1 + (len(shorter) > 9) and ratio >= 0.8:
        return 0.85
    return 0.0


_CONFUSED = str.maketrans("Cgh", "Skk")


def _confused(letters: str) -> str:
    """Return consonants with those alike that schools of transliteration confuse: sh and ch, q and gh, h and g."""
    return letters.translate(_CONFUSED)
