"""What stands for parties on a chart: a box for one, a ledger for many that hang from the same one alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from listed.pictures.lettering import clean, evenly, width
from listed.pictures.relations import Tie
from listed.pictures.selection import Party, Selection
from listed.queries.standing import verdict_in

NAME, SMALL = 15.0, 13.0
NAME_STEP, SMALL_STEP = 18.0, 16.0
PAD = 12.0
MOST_WIDE = 190.0
LEDGER_NAME = 230.0
LEDGER_TALL = 260.0
MARK = 18.0
GUTTER = 28.0
MOST_COLUMNS = 4

WORDS = ("listed", "captured", "undetermined", "minority", "exempt")
"""The verdicts that are written; others are not."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text in a box; ``style`` is "name", "small" or "more"."""

    text: str
    style: str

    @property
    def step(self) -> float:
        """Height of the line."""
        return NAME_STEP if self.style == "name" else SMALL_STEP


@dataclass(frozen=True, slots=True)
class Box:
    """A party with its name and what it is."""

    party: Party
    texts: tuple[Text, ...]
    width: float
    height: float

    @property
    def parties(self) -> tuple[Party, ...]:
        """The party it stands for."""
        return (self.party,)

    @property
    def side(self) -> int:
        """Above, below or beside the middle."""
        return self.party.side


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a ledger; its place is that of its upper left corner, from the corner of the ledger."""

    party: Party
    tie: Tie
    names: tuple[str, ...]
    small: tuple[str, ...]
    share: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """Many parties that are tied to one other alone, with their shares, in columns."""

    title: str
    entries: tuple[Entry, ...]
    more: str
    width: float
    height: float
    side: int

    @property
    def parties(self) -> tuple[Party, ...]:
        """The parties it stands for."""
        return tuple(entry.party for entry in self.entries)


Card = Box | Ledger


def cards_of(selection: Selection, *, least: int, kept: int) -> list[Card]:
    """Return the cards of a chart, the one of the entity asked about first.

    Parameters
    ----------
    selection
        What the chart shows.
    least
        From how many parties on, that hang from the same one alone, a ledger is made of them.
    kept
        How many of the first of those get a box all the same.
    """
    groups = _hanging(selection)
    ledgers: list[Card] = []
    told: set[int] = set()
    for (parent, side), members in groups.items():
        if len(members) < least:
            continue
        inside = members[kept:]
        ledgers.append(_ledger(selection, parent, side, inside, kept=kept))
        told |= {party.row for party, _ in inside}
    with_ledger = {key for key, members in groups.items() if len(members) >= least}
    boxes: list[Card] = [_box(party, with_ledger) for party in selection.parties if party.row not in told]
    return boxes + ledgers


def _hanging(selection: Selection) -> dict[tuple[int, int], list[tuple[Party, Tie]]]:
    """Return the parties with one tie alone, by the party it leads to and the side."""
    count = Counter(end for tie in selection.ties for end in (tie.source, tie.target))
    ties = {end: tie for tie in selection.ties for end in (tie.source, tie.target)}
    groups: dict[tuple[int, int], list[tuple[Party, Tie]]] = {}
    for party in selection.parties[1:]:
        if party.side == 0 or count[party.row] != 1:
            continue
        tie = ties[party.row]
        parent = tie.target if tie.source == party.row else tie.source
        if (tie.source == party.row) == (party.side < 0):
            groups.setdefault((parent, party.side), []).append((party, tie))
    return groups


def _box(party: Party, with_ledger: set[tuple[int, int]]) -> Box:
    texts = [Text(line, "name") for line in evenly(clean(party.name), NAME, MOST_WIDE, bold=True)]
    texts += [Text(line, "small") for line in evenly(clean(party.native), SMALL, MOST_WIDE) if line]
    texts += [Text(line, "small") for said in standing(party) for line in evenly(said, SMALL, MOST_WIDE)]
    for count, what, side in ((party.more_owners, "owner", -1), (party.more_holdings, "holding", 1)):
        if count and (party.row, side) not in with_ledger:
            texts.append(Text(_more(count, what), "more"))
    wide = max(width(one.text, NAME if one.style == "name" else SMALL, bold=one.style == "name") for one in texts)
    return Box(party, tuple(texts), max(wide, 90.0) + 2 * PAD, sum(one.step for one in texts) + 2 * PAD - 4)


def standing(party: Party) -> list[str]:
    """Return what is written under a name: "listed: US-BIS-EL", "would be captured", "state body"."""
    said = [f"listed: {', '.join(party.lists)}"] if party.lists else []
    if not party.lists and verdict_in(party.standing) in WORDS:
        said.append(party.standing)
    return [*said, "state body"] if party.state else said


def _more(count: int, what: str) -> str:
    return f"+ {count:,} more {what}{'' if count == 1 else 's'}"


def _ledger(selection: Selection, parent: int, side: int, members: Sequence[tuple[Party, Tie]], *, kept: int) -> Ledger:
    what = "owner" if side < 0 else "holding"
    said = "other " if kept else ""
    title = f"{len(members)} {said}{what}{'' if len(members) == 1 else 's'}"
    drawn = [_entry(party, tie) for party, tie in members]
    wide = max(entry.width for entry in drawn)
    total = sum(entry.height for entry in drawn)
    columns = min(max(1, round(total / LEDGER_TALL + 0.3)), MOST_COLUMNS, len(drawn))
    top = PAD + SMALL_STEP + 8
    tops = [0.0, *accumulate(entry.height for entry in drawn)]
    placed, tallest = [], 0.0
    column, start = 0, 0.0
    for entry, y in zip(drawn, tops, strict=False):
        if y - start >= total / columns - 0.1 and column < columns - 1:
            column, start = column + 1, y
        x = PAD + column * (wide + GUTTER)
        placed.append(replace(entry, x=x, y=top + y - start, width=wide))
        tallest = max(tallest, y - start + entry.height)
    owner = next(party for party in selection.parties if party.row == parent)
    left = owner.more_owners if side < 0 else owner.more_holdings
    more = _more(left, what) if left else ""
    across = 2 * PAD + (column + 1) * wide + column * GUTTER
    across = max(across, width(title, SMALL, bold=True) + 2 * PAD, width(more, SMALL, bold=True) + 2 * PAD)
    return Ledger(title, tuple(placed), more, across, top + tallest + (SMALL_STEP + 6 if more else 0) + PAD - 6, side)


def _entry(party: Party, tie: Tie) -> Entry:
    name = clean(party.name) + (f" {clean(party.native)}" if party.native else "")
    names = evenly(name, SMALL, LEDGER_NAME)
    left = _more(party.more_owners, "owner") if party.more_owners else ""
    left = _more(party.more_holdings, "holding") if party.more_holdings else left
    said = [*standing(party), *([left] if left else [])]
    small = [line for one in said for line in evenly(one, SMALL, LEDGER_NAME)]
    share = [line for one in label_lines(tie) for line in evenly(one, SMALL, 110)]
    wide = max(width(one, SMALL) for one in (*names, *small))
    across = MARK + wide + GUTTER / 2 + max(width(one, SMALL) for one in share)
    tall = max(len(names) + len(small), len(share)) * SMALL_STEP + 4
    return Entry(party, tie, tuple(names), tuple(small), tuple(share), 0, 0, across, tall)


MOST_LINES = 3
UNKNOWN = "share unknown"


def label_lines(tie: Tie) -> list[str]:
    """Return what is written on a line; what finds no room is counted, and told in full where one points at it."""
    said = [clean(line) for line in tie.lines if not line.startswith(UNKNOWN)] or [clean(line) for line in tie.lines]
    if len(said) <= MOST_LINES:
        return said
    return [*said[: MOST_LINES - 1], f"and {len(said) - MOST_LINES + 1} more"]
