"""How a word in Latin letters sounds, so that transliterations of one name meet.

Muhammad and Mohamed, Yuriy and Yury, Khozhakhmedovich and Hozhahmedovich: schools of transliteration
differ in vowels and in how they spell a few consonants. :func:`sound` spells all of them one way,
:func:`consonants` drops the vowels too, as Arabic script does.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SPELLINGS = (
    ("shch", "S"), ("tsch", "C"), ("sch", "S"), ("tch", "C"), ("dzh", "j"), ("zh", "j"), ("dj", "j"),
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("sh", "S"), ("ch", "C"), ("th", "t"), ("dh", "d"),
    ("tz", "c"), ("ts", "c"), ("cz", "C"), ("ck", "k"), ("x", "ks"), ("q", "k"), ("w", "v"),
)  # fmt: skip
_SOFT_C = re.compile("c(?=[eiy])")
_VOWEL_W = re.compile("w(?![aeiouy])")
_BELARUSIAN = re.compile("(?<=[a-z]{4}[aeo])u$")
_SILENT_H = re.compile("(?<=[ae])h$")
_LONG_U = re.compile("[ou]+")
_LONG_I = re.compile("[eiy]+")
_DOUBLE = re.compile(r"(.)\1+")
_VOWELS = re.compile("[aiu]")
_SEMIVOWELS = re.compile("[yw]")
_VOWEL_OR_Y = re.compile("[aeiouy]")
_ANY_VOWEL = re.compile("[aeiouyw]")


@lru_cache(1 << 17)
def sound(word: str) -> str:
    """Return a spelling that transliterations share.

    Examples
    --------
    >>> sound("muhammad"), sound("mohammed"), sound("yuriy") == sound("yury")
    ('muhamad', 'muhamid', True)
    """
    word = _BELARUSIAN.sub("v", word)
    word = _SILENT_H.sub("", _VOWEL_W.sub("u", _SOFT_C.sub("s", word)))
    for letters, one in _SPELLINGS:
        if letters in word:
            word = word.replace(letters, one)
    word = word.replace("c", "k") if "c" in word else word
    return _DOUBLE.sub(r"\1", _LONG_I.sub("i", _LONG_U.sub("u", word)))


@lru_cache(1 << 17)
def consonants(word: str) -> str:
    """Return the consonants a word sounds with; of a word without any, the word.

    Examples
    --------
    >>> consonants("hussein"), consonants("husayn")
    ('hsn', 'hsn')
    """
    return _DOUBLE.sub(r"\1", _VOWELS.sub("", sound(word))) or word


@lru_cache(1 << 16)
def bare_letters(word: str) -> str:
    """Return a word without vowels, and what may stand for them in Arabic script, letter by letter.

    There the "th" of "tahir" is two letters; a final "h" or "t" marks the feminine.
    """
    bare = _DOUBLE.sub(r"\1", _ANY_VOWEL.sub("", word.replace("q", "k")))
    return bare[:-1] if len(bare) > 2 and bare[-1] in "ht" else bare


def one_in_arabic(ours: str, theirs: str) -> bool:
    """Tell whether two words may be one where one of them was transliterated from Arabic script.

    Examples
    --------
    >>> one_in_arabic("tahir", "thr"), one_in_arabic("bughanimi", "bwghnmy")
    (True, True)
    """
    if bare_letters(ours) == bare_letters(theirs) and len(bare_letters(ours)) > 1:
        return True
    kept = [_VOWEL_OR_Y.sub("", word) for word in (ours, theirs)]  # "wali", where the "w" is none
    if kept[0] == kept[1] and len(kept[0]) > 1:
        return True
    heard = [consonants(_SEMIVOWELS.sub("a", word)) for word in (ours, theirs)]
    return heard[0] == heard[1] and len(heard[0]) > 1


def without_al(word: str) -> str:
    """Return a word without the Arabic article glued to it: Alharamein, Alzahrani."""
    bare = word[2:] if len(word) > 5 and word.startswith(("al", "el")) else word
    return sound(bare) if len(bare) > 3 else word
