"""Which companies were told already: one bit for every number the register can give."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"([A-Z]{0,2})([0-9]{6,8})")


class Companies:
    """The companies told so far, in memory that does not grow with their number."""

    def __init__(self) -> None:
        self._bits: dict[str, bytearray] = {}
        self._odd: set[str] = set()

    def is_new(self, number: str) -> bool:
        """Note a company number; tell whether it was not noted before."""
        match = _NUMBER.fullmatch(number)
        if match is None or len(number) != 8:
            new = number not in self._odd
            self._odd.add(number)
            return new
        prefix, digits = match[1], int(match[2])
        bits = self._bits.get(prefix)
        if bits is None:
            bits = self._bits[prefix] = bytearray(10 ** len(match[2]) // 8 + 1)
        place, bit = digits >> 3, 1 << (digits & 7)
        new = not bits[place] & bit
        bits[place] |= bit
        return new
