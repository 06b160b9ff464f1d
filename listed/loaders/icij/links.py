"""A relationship's free text as links: "Owner, director and shareholder" owns, and is an officer.

``links.csv`` leads from the words of a text to types of link; what has none of them is LINKED_TO,
with the text as its role. A relation that only says that two nodes look alike is no relation
between them: it would make a path out of a coincidence of names, so it is set aside. That ICIJ
holds two nodes to be the same company is a relation, and no reason to merge them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from listed.graph.model import Link, SetAside, Statement
from listed.graph.period import Period
from listed.graph.share import UNKNOWN, WHOLE, Basis, Share, parse_share
from listed.graph.vocabulary import LinkType
from listed.loaders.icij.dates import read_date
from listed.loaders.icij.layouts import Row

_LOOKS_ALIKE = re.compile(r"(?:has |entity )?(?:similar|same name|same address|probably same)")
_ADDRESS = re.compile(r"(?<!same )\baddress\b(?! as\b)")
_PERCENT = re.compile(r"\d{1,3}(?:\.\d+)?\s*%")
_SOLE = re.compile(r"(?:the )?sole (?:shareholder|owner)(?: of)?")
_THROUGH = re.compile(r"\b(?:through|via)\b")
_OVER = re.compile(r"\b(?:former(?:ly)?|resigned|ex)\b")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a text says: types of link, each once, and what is doubtful of it."""

    types: tuple[LinkType, ...]
    share: Share = UNKNOWN
    direct: bool | None = None
    flags: tuple[str, ...] = ()


def said_by(row: Row) -> str:
    """Return the words of a relationship: its free text, or else its type."""
    return row["link"] or row["rel_type"].replace("_", " ")


def is_address(row: Row) -> bool:
    """Tell whether a relationship leads to a node that is an address."""
    return _ADDRESS.search(_plain(row["rel_type"])) is not None


def read_links(row: Row, owner: str) -> Iterator[Statement | SetAside | Link]:
    """Yield the links of a relationship, without their source, or the relationship set aside.

    Parameters
    ----------
    owner
        The id at its start; not always the node's own (an unnamed bearer is one for each asset).
    """
    target = row.id_of("node_id_end")
    text = said_by(row)
    if not owner or not target:
        yield SetAside(row.record, "a relationship without an end", f"{owner} {text} {target}")
        return
    if _LOOKS_ALIKE.match(_plain(row["rel_type"])) or _LOOKS_ALIKE.match(_plain(text)):
        yield SetAside(row.record, "says that two nodes look alike, which is no relation", f"{owner} {text} {target}")
        return
    meaning = meaning_of(text)
    first = row.layout.picture
    period = Period(read_date(row["start_date"], day_first=first), read_date(row["end_date"], day_first=first))
    for type_ in meaning.types:
        owns = type_ is LinkType.OWNS
        yield Link(
            owner,
            target,
            type_,
            role=text,
            period=period,
            share=meaning.share if owns else UNKNOWN,
            basis=Basis.UNKNOWN,
            direct=meaning.direct if owns else None,
            note=f"Status: {row['status']}." if row["status"] else "",
        )


@lru_cache(maxsize=8192)
def meaning_of(text: str) -> Meaning:
    """Read the free text of a relationship.

    Examples
    --------
    >>> [type_.value for type_ in meaning_of("Director / Shareholder").types]
    ['OFFICER_OF', 'OWNS']
    """
    plain = _plain(text)
    types = dict.fromkeys(_types()[word] for word in _phrases().findall(plain))
    flags = []
    if "nominee" in plain:
        flags.append(f"role: {text}: a nominee holds for another")
    if _OVER.search(plain):
        flags.append(f"end_date: not given, though the text says it is over: {text}")
    percents = _PERCENT.findall(plain)
    share = parse_share(percents[0]) if len(percents) == 1 else Share(text=text if percents else "")
    if _SOLE.fullmatch(plain):
        share = Share(WHOLE, WHOLE, text=text)
    direct = False if _THROUGH.search(plain) else None
    return Meaning(tuple(types) or (LinkType.LINKED_TO,), share, direct, tuple(flags))


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").lower().split())


@cache
def _types() -> dict[str, LinkType]:
    table = files(__package__).joinpath("links.csv").read_text(encoding="utf-8")
    return {row["phrase"]: LinkType(row["type"]) for row in csv.DictReader(table.splitlines())}


@cache
def _phrases() -> re.Pattern[str]:
    """Match the phrases as whole words, plural or not, the longest first: a "fund manager" is no "manager"."""
    longest = sorted(_types(), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest))})s?(?!\w)")
