"""A verdict in a paragraph that a reporter can quote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from listed.graph.period import period_said
from listed.graph.share import PERCENT, WHOLE, Share, show_percent
from listed.queries.records import ListingRow
from listed.queries.regimes import Phase, Regime
from listed.queries.verdicts import Ground

_MOST_OWNERS = 12
"""Owners named in a paragraph; the derivation names all."""

_CLOSE = 10_000
"""An end this near to a rounder one is open there: "more than 50%" is kept as 50.000001 and up."""

_DOUBLE_STOP = re.compile(r"\.\.(?=\s|$)")
"""Where a sentence ends in a name that does: "Co., Ltd.."."""

_SEVERAL = 10
"""The ends of so many open ranges, summed, are told as one open end."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is to be put in words.

    Parameters
    ----------
    name, verdict
        The entity, and its verdict as if the rule were in force.
    low, high
        What listed or captured owners certainly and possibly hold, in millionths of a point.
    grounds
        The stakes it rests on.
    contradicted, contradicted_above
        Whether sources contradict each other on stakes in it, or in its owners.
    may_be_listed, homeless
        Whether it may be listed itself, and whether no country of it is known.
    listings
        Of one that is listed: its listings that count, in words.
    """

    name: str
    verdict: str
    low: int
    high: int
    grounds: Sequence[Ground]
    contradicted: bool
    contradicted_above: bool
    may_be_listed: bool
    homeless: bool
    listings: Sequence[str]


def listing_said(listing: ListingRow) -> str:
    """Return a listing in words: "US-BIS-EL, since 2019-10-09, 84 FR 54002"."""
    since = period_said(listing.start_date, "", told=listing.start_told)
    return ", ".join(part for part in (listing.list, since, listing.citation) if part)


def paragraph(rule: Regime, phase: Phase, day: date, found: Finding, missing: tuple[str, ...]) -> str:
    """Return a verdict as a paragraph; ``missing`` are the lists of the regime of which the graph holds nothing."""
    said = _DOUBLE_STOP.sub(".", _finding(rule, phase, found, missing))
    if found.verdict == "listed" or phase.status == "in_force":
        return f"As of {day}: {said}"
    if phase.status == "unverified":
        doubt = f"whether the {rule.title} is in force is unverified ({phase.citation})"
        return f"As of {day}: {doubt}. If it is: {said}"
    state = "suspended" if phase.status == "suspended" else "not in force"
    return f"As of {day}: the {rule.title} is {state} ({phase.citation}). Were it in force: {said}"


def _finding(rule: Regime, phase: Phase, found: Finding, missing: tuple[str, ...]) -> str:
    name, title = found.name, rule.title
    asks = f"{'at least' if phase.inclusive else 'more than'} {show_percent(rule.threshold)}%"
    asks += "" if rule.aggregates else " by one of them"
    held, who = _held(found), _who(found.grounds)
    match found.verdict:
        case "listed":
            return f"{name} is itself listed: {'; '.join(dict.fromkeys(found.listings))}."
        case "captured":
            said = f"Listed or captured owners hold {held} of {name}; the {title} asks for {asks}: {who}."
        case "undetermined":
            said = _undetermined(found, title, held, asks, who)
        case "exempt":
            may = found.low < rule.threshold
            said = f"Listed or captured owners {'may hold' if may else 'hold'} {held} of {name}, but the {title} does "
            said += (
                f"not reach entities of the United States: {who}. What {name} holds {'may count' if may else 'counts'}"
            )
            return f"{said} as theirs.{_contradictions(found)}"
        case "minority":
            said = f"Listed or captured owners hold {held} of {name}, short of the {asks} the {title} asks for: {who}."
            return said + _contradictions(found)
        case _:
            return _nothing(rule, found, asks, who, missing)
    return said + _contradictions(found) + _if_foreign(rule, found)


def _undetermined(found: Finding, title: str, held: str, asks: str, who: str) -> str:
    doubt = f"It cannot be told whether the {title} captures {found.name}"
    if found.may_be_listed:
        doubt = f"It cannot be told whether {found.name} is itself on a list of the {title} on this day"
        if not found.grounds:
            return f"{doubt}."
        doubt += ", nor whether its owners capture it"
    return f"{doubt}: listed or captured owners may hold {held} of it, and the rule asks for {asks}: {who}."


def _nothing(rule: Regime, found: Finding, asks: str, who: str, missing: tuple[str, ...]) -> str:
    name, title = found.name, rule.title
    if missing == rule.lists:
        return f"This graph holds no list of the {title} ({', '.join(missing)}), so it can say nothing of {name}."
    if not rule.flows_down and found.grounds:
        return f"{who} of {name}; but the {title} reaches only parties that are themselves listed."
    if found.grounds:
        said = f"Listed or captured owners may hold {_held(found)} of {name}, short of the {asks} the {title} asks for"
        return f"{said}; that they hold anything is not certain: {who}.{_contradictions(found)}"
    reach = "" if rule.flows_down else ", and the rule reaches only parties that are themselves listed"
    known = f"This graph knows of no stake in {name} that an owner listed or captured under the {title} is told to hold"
    known += f" on this day{reach}"
    return f"{known}. That is not proof that there is none."


def _held(found: Finding) -> str:
    if found.low > WHOLE:
        return "more than the whole"
    if found.low == 0 and found.high == WHOLE:
        return "an unknown share"
    return range_said(found.low, found.high)


def _who(grounds: Sequence[Ground]) -> str:
    said = [f"{one.owner_name} holds {_share(one)} ({_marks(one)})" for one in grounds[:_MOST_OWNERS]]
    left = len(grounds) - len(said)
    return "; ".join([*said, *([f"and {left:,} more"] if left else [])])


def _share(ground: Ground) -> str:
    return ground.share.replace("share unknown", "an unknown share")


def _marks(ground: Ground) -> str:
    """Return what stands behind an owner's share: his own verdict, and since when, or on which day, it is told.

    Of a share not stated also what the source calls its owner: a "small shareholder" is not told of as more.
    """
    called = f'called "{ground.role}"' if ground.role and ground.share == "share unknown" else ""
    return ", ".join(part for part in (ground.owner_verdict, called, ground.dates) if part)


def _contradictions(found: Finding) -> str:
    if found.contradicted:
        return " The sources contradict each other on what is held, or state more than the whole together."
    if found.contradicted_above:
        return " The sources contradict each other on what is held of its owners."
    return ""


def _if_foreign(rule: Regime, found: Finding) -> str:
    """Return the reservation of a rule that reaches only foreign entities, of one whose country is not known."""
    if rule.us_entities or not found.homeless:
        return ""
    return " Its country is not known to this graph, and the rule reaches no entity of the United States."


def percents_said(low: Decimal, high: Decimal) -> str:
    """Return a range of percentages as it is read aloud; anything at all is "0–100%"."""
    ends = int(low * PERCENT), int(high * PERCENT)
    return "0–100%" if ends == (0, WHOLE) else range_said(*ends)


def range_said(low: int, high: int) -> str:
    """Return a range as it is read aloud, with ends a millionth off told as open."""
    if low == high:
        return f"{show_percent(low)}%"
    if low == 0 and high == WHOLE:
        return "share unknown"
    over, under = low % _CLOSE, (WHOLE - high) % _CLOSE
    over, under = over * (over < _SEVERAL), under * (under < _SEVERAL)
    if (over or under) and low - over <= high + under <= WHOLE:
        return str(Share(low - over, high + under, low_open=over > 0, high_open=under > 0))
    return f"{show_percent(low)}–{show_percent(high)}%"
