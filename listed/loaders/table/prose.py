"""Prose in a column, read by the rules of a mapping: which wording says which link, with whom.

A rule takes only what its pattern finds. Names of known parties are recognised before a list of names is
split, so that the "and" in "Ministry of Industry and Information Technology" does not split it. Where the
source cut a text off, a name that touches the cut is taken only if it is a known party's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from listed.graph.model import Address, Name, SetAside
from listed.graph.period import Period
from listed.loaders.numbered_dates import read_date
from listed.loaders.table.mapping import KnownParty, ProseRule
from listed.loaders.table.parties import addresses, names_in
from listed.loaders.table.party_names import joined
from listed.loaders.table.rows import Row
from listed.loaders.table.starts import as_start

_ARTICLE = re.compile(r"^(?:and |the )+|(?:^| )and$")
_TOKEN = re.compile("\x00(\\d+)\x00")
_ABBREVIATED = re.compile(r"(?:\b(?:Inc|Ltd|Co|Corp|Pte|Pvt|Pty|Bhd|Jr|Sr|Bros)|(?<![^\W\d_])[A-Z])\.$")
_NEXT_ADDRESS = re.compile(r",?;? and (?=[A-Z0-9#])(?<=[,;] and )")
_DIRECT = {"directly": True, "direct": True, "indirectly": False, "indirect": False}


@dataclass(frozen=True, slots=True)
class Mention:
    """What one wording says of one other end.

    Parameters
    ----------
    rule, said
        The rule, and what its groups found.
    sentence
        The wording itself.
    known, names
        The other end: a known party, or its names; neither where the rule makes a listing.
    flags
        What of it could not be taken at its word.
    """

    rule: ProseRule
    said: dict[str, str]
    sentence: str
    known: KnownParty | None = None
    names: tuple[Name, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses that the text gives the other end."""
        return addresses(_NEXT_ADDRESS.split(said)) if (said := self.said.get("address")) else ()

    @property
    def direct(self) -> bool | None:
        """Whether the link is direct; not told where the source says both, or neither."""
        return _DIRECT.get(self.said.get("direct", "").casefold())

    @property
    def period(self) -> Period:
        """When it began and ended, as far as the text says."""
        start, end = (read_date(self.said.get(side), day_first=self.rule.day_first) for side in ("start", "end"))
        return Period(as_start(start), end)

    @property
    def role(self) -> str:
        """The role the rule or the text says, else how direct the text says it is."""
        how = self.said.get("direct", "").casefold()
        plain = " ".join(word.removesuffix("ly") if word.endswith("ectly") else word for word in how.split())
        return self.said.get("role", "") or self.rule.role or plain


class Prose:
    """The rules of a mapping and the parties they know."""

    def __init__(self, rules: Sequence[ProseRule], parties: Sequence[KnownParty]) -> None:
        self._rules = rules
        self._known = {text: party for party in parties for text in party.spellings}

    def cut_off(self, row: Row) -> list[str]:
        """Return a flag for each column whose text the source cut off."""
        columns = {rule.column for rule in self._rules if rule.cut and rule.cut.search(_text(row, rule.column))}
        return [f"{column}: cut off in the source" for column in sorted(columns)]

    def read(self, row: Row, record: str) -> Iterator[Mention | SetAside]:
        """Yield what the prose of a row says, and what it says only in part."""
        for rule in self._rules:
            if text := _text(row, rule.column):
                yield from self._apply(rule, text, record)

    def _apply(self, rule: ProseRule, text: str, record: str) -> Iterator[Mention | SetAside]:
        cut = rule.cut.search(text) if rule.cut else None
        whole = text[: cut.start()].rstrip() if cut else text
        mended = whole
        for pattern, instead in rule.replace:
            mended = pattern.sub(instead, mended)
        slip = f"{rule.column}: a slip of the source, read as mended by the mapping"
        pieces = rule.pieces.split(mended) if rule.pieces else [mended]
        for place, piece in enumerate(pieces, start=1):
            for match in rule.find.finditer(piece):
                said = {key: found.strip() for key, found in match.groupdict().items() if found}
                flags = (*((slip,) if match[0] not in whole else ()), *((rule.flag,) if rule.flag else ()))
                if rule.makes is None:
                    yield Mention(rule, said, match[0].strip(), flags=flags)
                    continue
                open_end = cut is not None and place == len(pieces) and match.end("other") >= len(piece.rstrip())
                others = self._others(rule, said.get("other", ""))
                for other in others:
                    if isinstance(other, KnownParty):
                        yield Mention(rule, said, match[0].strip(), other, flags=flags)
                    elif not open_end:
                        names = tuple(names_in(other)) if rule.brackets else (Name(other),)
                        yield Mention(rule, said, match[0].strip(), None, names, flags)
                if open_end and any(isinstance(other, str) for other in others):
                    yield SetAside(record, "a name cut off in the source", f"{match[0].strip()}...")

    def _others(self, rule: ProseRule, text: str) -> list[KnownParty | str]:
        """Return the other ends a text names: known parties, and names as they stand."""
        held: list[str] = []
        spellings = sorted((*self._known, *rule.whole), key=len, reverse=True)
        if spellings:
            pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, spellings))})(?!\w)")
            held = pattern.findall(text)
            places = count()
            text = pattern.sub(lambda _: f"\x00{next(places)}\x00", text)
        parts = rule.split.split(text) if rule.split else [text]
        whole, _ = joined([tidied for part in parts if (tidied := _tidied(part))])
        found: list[KnownParty | str] = []
        for part in whole:
            name = _TOKEN.sub(lambda match: held[int(match[1])], _ARTICLE.sub("", part)).strip()
            if name:
                found.append(self._known.get(name, name))
        return found


def _tidied(part: str) -> str:
    """Return a name without the full stop of its sentence; that of "Inc." is its own."""
    bare = part.strip(" ,;")
    return bare if _ABBREVIATED.search(bare) else bare.rstrip(" .")


def _text(row: Row, column: str) -> str:
    cell = row.cells.get(column, "")
    return " ".join((cell if isinstance(cell, str) else "; ".join(cell)).split())
