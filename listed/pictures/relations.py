"""A relation between two parties on a picture: what is written on its line, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from listed.graph.model import Link
from listed.graph.period import Containment, period_said
from listed.graph.share import PERCENT, Basis, Share
from listed.graph.stakes import Claim, Stake, stakes_on
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Inquiry
from listed.queries.ownership import STAKES
from listed.queries.sentences import aloud, until_exit

_HALF = 50 * PERCENT
_HOLDS = ("certainly", "possibly", "past")


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that sources say of a relation, read aloud."""

    sentence: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """All relations from one party to another, drawn as one line.

    ``lines`` are written on it; ``holds`` is "certainly", "possibly" or "past"; ``heavy`` marks half or more of
    the shares; ``conflict`` says that sources contradict each other; ``reported`` that a share bears the year in
    which it was told.
    """

    source: int
    target: int
    types: tuple[str, ...]
    lines: tuple[str, ...]
    holds: str
    heavy: bool
    conflict: bool
    reported: bool
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What one kind of relation adds to a tie."""

    type: str
    line: str
    holds: str
    heavy: bool
    conflict: bool
    links: tuple[int, ...]
    reported: bool = False


def tie_between(inquiry: Inquiry, source: int, target: int, links: Sequence[int], *, history: bool) -> Tie | None:
    """Return what is drawn of the links from one party to another; None when nothing holds on the day.

    With ``history`` also what is over; where something holds, the past is told in the sayings alone.
    """
    graph = inquiry.graph
    said = {link: until_exit(graph, link) for link in links}
    kinds: dict[LinkType, list[int]] = {}
    for link in sorted(links, key=lambda one: said[one].type.rank):
        kinds.setdefault(said[link].type, []).append(link)
    parts = [
        part
        for kind, rows in kinds.items()
        for part in (_stake_parts(inquiry, rows) if kind in STAKES else _other_parts(inquiry, rows, said))
    ]
    if not parts and history:
        parts = [part for kind, rows in kinds.items() for part in _past_parts(inquiry, kind, rows, said)]
    if not parts:
        return None
    told = list(dict.fromkeys(link for part in parts for link in part.links))
    if history:
        told += [link for link in links if link not in told and _has_begun(inquiry, said[link])]
    names = graph.name_of(source), graph.name_of(target)
    sayings = tuple(
        Saying(aloud(said[link], names, inquiry.as_of), said[link].note, inquiry.cite_link(link)) for link in told
    )
    return Tie(
        source=source,
        target=target,
        types=tuple(dict.fromkeys(part.type for part in parts)),
        lines=tuple(dict.fromkeys(part.line for part in parts)),
        holds=min((part.holds for part in parts), key=_HOLDS.index),
        heavy=any(part.heavy for part in parts),
        conflict=any(part.conflict for part in parts),
        reported=any(part.reported for part in parts),
        sayings=sayings,
    )


def _stake_parts(inquiry: Inquiry, links: list[int]) -> Iterator[_Part]:
    """Yield the stakes held on the day, a claim of an indirect stake only where no direct one is told."""
    graph = inquiry.graph
    claims = [_claim(graph.link(link), link, str(graph.row("links", link)["dataset"])) for link in links]
    kind = graph.link(links[0]).type
    held = [stake for stake in stakes_on(claims, inquiry.as_of) if not stake.is_exit]
    for stake in [one for one in held if one.direct is not False] or held:
        heavy = kind is LinkType.OWNS and stake.basis is Basis.SHARES and _at_least_half(stake.share)
        year = _year_told([graph.link(link) for link in stake.links], inquiry.as_of)
        line = f"{_label(kind, stake)} ({year})" if year else _label(kind, stake)
        yield _Part(kind.value, line, stake.holds.value, heavy, stake.conflict, stake.links, reported=bool(year))


def _year_told(links: Sequence[Link], day: date) -> str:
    """Return the year of the newest report of a stake; nothing where its beginning is dated, or no report is."""
    begun = [link.period for link in links if link.period.start.earliest and link.period.start.earliest <= day]
    newest = max(begun, key=lambda period: (str(period.start), not period.told), default=None)
    return str(newest.start)[:4] if newest is not None and newest.told else ""


def _claim(link: Link, row: int, dataset: str) -> Claim:
    return Claim(row, dataset, link.share, link.period, link.basis, link.direct)


def _at_least_half(share: Share) -> bool:
    return share.low is not None and share.low >= _HALF


def _label(kind: LinkType, stake: Stake) -> str:
    share = str(stake.share)
    said = share
    if kind is LinkType.CONTROLS:
        said = f"controls, {share}" if stake.share.known else "controls"
    if stake.basis is Basis.VOTES:
        said += " of votes"
    elif stake.basis is Basis.BOARD:
        said = "board seats" if not stake.share.known else f"{said} of board"
    if stake.direct is False:
        said += ", indirect"
    return f"{said} (disputed)" if stake.conflict else said


def _other_parts(inquiry: Inquiry, links: list[int], said: dict[int, Link]) -> Iterator[_Part]:
    for link in links:
        holds = said[link].period.contains(inquiry.as_of)
        if holds is not Containment.NO:
            yield _Part(said[link].type.value, _role(said[link]), holds.value, heavy=False, conflict=False,
                        links=(link,))  # fmt: skip


def _role(link: Link) -> str:
    """Return what is written on a link that is no stake: its kind, and since when an event was."""
    kind = link.type.value.lower().replace("_", " ")
    start = str(link.period.start) if link.type in (LinkType.INVESTED_IN, LinkType.FOUNDED) else ""
    if start and link.period.told:
        return f"{kind}, {period_said(start, '', told=True)}"
    return f"{kind} {start}".strip()


def _past_parts(inquiry: Inquiry, kind: LinkType, links: list[int], said: dict[int, Link]) -> Iterator[_Part]:
    """Yield the last that was held of a relation of which nothing holds on the day."""
    over = [link for link in links if _has_begun(inquiry, said[link]) and not said[link].share.is_exit]
    if not over:
        return
    last = max(over, key=lambda link: (str(said[link].period.end), str(said[link].period.start), link))
    what = str(said[last].share) if kind is LinkType.OWNS else _role(said[last])
    yield _Part(kind.value, f"{what} {_until(said[last])}", "past", heavy=False, conflict=False, links=(last,))


def _until(link: Link) -> str:
    end = str(link.period.end)
    return f"until {end}" if end else "formerly"


def _has_begun(inquiry: Inquiry, link: Link) -> bool:
    start = link.period.start.earliest
    return start is None or start <= inquiry.as_of
