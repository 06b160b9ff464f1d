"""Names as the lists print them, and the prose some of them hold.

What is taken out of a name is taken out only where its wording leaves no doubt:

- "Huawei Technologies Co., Ltd. (Huawei).  Affiliated Entity: X" and its kind name X, and say
  what X belongs to;
- "X and any successor, sub-unit, or subsidiary thereof" is X, with a scope;
- "X (a.k.a. Y; Z)", "X, f.k.a. Y" are X, with aliases or previous names;
- an alias "A Co., Ltd., and B" is two: the comma and the "and" follow a legal form, which ends a
  company's name. "Scientific, Production and Technical Centre" stays whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from listed.graph.model import Name
from listed.graph.vocabulary import NameKind
from listed.loaders.csl.text import pieces, tidy

_BELONGS = (
    (re.compile(r"(?P<head>.+?)\. Affiliated Entity: ?(?P<name>.+)"), "affiliated entity"),
    (re.compile(r"(?P<head>.+?)\. Subordinate Institution ?[-–—] ?(?P<name>.+)"), "subordinate institution"),
    (re.compile(r"(?P<head>.+?) subordinate institution: (?P<name>.+)"), "subordinate institution"),
    (re.compile(r"(?P<name>.+?) ?\(Parent Organization: (?P<head>.+)\)"), "parent organization"),
    (
        re.compile(r"(?P<name>.+?) ?\(a subordinate institute of (?P<head>[^()]+)\)"),
        "subordinate institution",
    ),
    (re.compile(r"(?P<head>Department of [\w ]+?) entity: (?P<name>.+)"), "entity of a department"),
    (re.compile(r"(?P<head>Department of [\w ]+?) facilities: (?P<name>.+)"), "facilities of a department"),
    (re.compile(r"(?P<head>.+?), and subordinate entity (?P<name>.+)"), "subordinate entity"),
)
_SCOPES = (
    re.compile(r"[;,]? (and (?:any|its) (?:successor|sub-?unit)s?\b.*)", re.IGNORECASE),
    re.compile(r", (including\b.*\bwherever located\b.*)", re.IGNORECASE),
)
_MARK = r"(?P<mark>a\.?k\.?a\.?|f\.?k\.?a\.?|also known as|formerly known as),? "
_BRACKETED = re.compile(rf" ?[(\[]{_MARK}(?P<names>(?:[^()\[\]]|\([^()]*\))+)[)\]]", re.IGNORECASE)
_AFTER_COMMA = re.compile(r",? (?P<mark>a\.k\.a\.|f\.k\.a\.),? ", re.IGNORECASE)
_LEADING = re.compile(rf"{_MARK}(?=\S)", re.IGNORECASE)
_TWO_COMPANIES = re.compile(r"(?:(?<=\bLtd\.)|(?<=\bInc\.)|(?<=\bCorp\.)|(?<=\bLLC)|(?<=\bLimited)), and (?=[A-Z0-9])")
_HINT = re.compile(
    r"[af]\.?k\.?a|known as|successor|sub-?unit|wherever located|Affiliated Entity|Subordinate Inst"
    r"|subordinate institute|Parent Organization|^Department of .* (?:entity|facilities): |, and ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a name says its bearer belongs to."""

    head: str
    role: str


@dataclass(frozen=True, slots=True)
class ReadName:
    """A name, and what else its text said.

    Parameters
    ----------
    text
        The name itself; empty when the cell is.
    others
        Aliases and previous names found in the text.
    scope
        Who else the entry covers ("and any successor, ...").
    belongs
        What the party belongs to, if its name says so.
    as_listed
        The whole text, where anything was taken out of it; else empty.
    """

    text: str
    others: tuple[Name, ...] = ()
    scope: str = ""
    belongs: Belonging | None = None
    as_listed: str = ""


@dataclass(slots=True)
class ReadAliases:
    """The aliases of a row, and those of its cells that were prose (as listed)."""

    names: list[Name] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)


def read_name(cell: str) -> ReadName:
    """Read the ``name`` cell. Never raises; a text without known prose is the name as it stands."""
    whole = tidy(cell)
    if not _HINT.search(whole):
        return ReadName(whole)
    text, belongs, scope = whole, None, ""
    for pattern, role in _BELONGS:
        if match := pattern.fullmatch(text):
            text, belongs = match["name"], Belonging(match["head"], role)
            break
    for pattern in _SCOPES:
        if match := pattern.search(text):
            text, scope = text[: match.start()], match[1]
    text, others = _also_known(text)
    return ReadName(text, tuple(others), scope, belongs, whole if text != whole else "")


def read_aliases(cell: str) -> ReadAliases:
    """Read the ``alt_names`` cell: one alias per piece, two where a piece certainly holds two."""
    read = ReadAliases()
    for piece in pieces(cell):
        if not _HINT.search(piece):
            read.names.append(Name(piece, NameKind.ALIAS))
            continue
        names = list(_alias(piece))
        read.names.extend(names)
        if [name.text for name in names] != [piece]:
            read.prose.append(piece)
    return read


def _alias(piece: str) -> list[Name]:
    kind = NameKind.ALIAS
    if match := _LEADING.match(piece):
        kind, piece = _kind(match["mark"]), piece[match.end() :]
    text, others = _also_known(piece)
    return [Name(part, kind) for part in _TWO_COMPANIES.split(text)] + others


def _also_known(text: str) -> tuple[str, list[Name]]:
    """Take the "(a.k.a. Y; Z)" and ", f.k.a. Y" out of a name."""
    others = []
    for match in _BRACKETED.finditer(text):
        others += [Name(part, _kind(match["mark"])) for part in re.split(r"; ?", match["names"]) if part]
    text = tidy(_BRACKETED.sub("", text))
    first, *rest = _AFTER_COMMA.split(text)
    # split() hands back mark, name, mark, name, ...
    others += [Name(name, _kind(mark)) for mark, name in zip(rest[::2], rest[1::2], strict=True)]
    return first, others


def _kind(mark: str) -> NameKind:
    return NameKind.PREVIOUS if mark[0] in "fF" else NameKind.ALIAS
