"""What a picture says in words: its title, the day, what was left out, the sources, and what one reads on hover."""

from __future__ import annotations

from dataclasses import dataclass

from listed.graph.model import Source
from listed.pictures.cards import standing
from listed.pictures.lettering import clean
from listed.pictures.relations import Tie
from listed.pictures.selection import Party, Selection
from listed.queries.standing import WOULD_BE, is_conditional, verdict_in

_STATUS = {
    "not_in_force": "if it were in force (on this day it is not)",
    "suspended": "if it were in force (on this day it is suspended)",
    "unverified": "if it is in force (whether it is on this day is unverified)",
}

_OF_A_RULE = {"captured", "undetermined", "minority", "exempt"}


@dataclass(frozen=True, slots=True)
class Told:
    """The words around a chart, line by line above it and in paragraphs under it."""

    title: str
    under: tuple[str, ...]
    under_chart: tuple[str, ...]
    summary: str


def told_of(selection: Selection) -> Told:
    """Return the words around the chart of a selection."""
    centre = selection.centre
    owners = any(party.side < 0 for party in selection.parties)
    holdings = any(party.side > 0 for party in selection.parties)
    name = clean(centre.name)
    if owners and holdings:
        title = f"Who owns {name}, and what it owns"
    elif owners:
        title = f"Who owns {name}"
    elif holdings:
        title = f"What {name} owns"
    else:
        title = f"{name}: no owner and no holding is known to this graph"
    return Told(title, (as_of(selection),), (*remarks(selection), sources(selection)), summary(selection))


def as_of(selection: Selection) -> str:
    """Return the day and the snapshot a picture answers for."""
    past = ", and what was over by then" if selection.wish.history else ""
    graph = "bundled graph, " if selection.graph == "bundled" else ""
    return f"As of {selection.wish.as_of.isoformat()}{past}. Listed, {graph}snapshot {selection.snapshot}"


def summary(selection: Selection) -> str:
    """Return in a line how much a picture shows."""
    return counted(len(selection.parties), len(selection.ties), selection.cut_off)


def counted(parties: int, ties: int, cut_off: int) -> str:
    """Return in a line how many entities and links are drawn, and how many neighbours are not."""
    said = f"{parties:,} {'entity' if parties == 1 else 'entities'}, {ties:,} {'link' if ties == 1 else 'links'}"
    return f"{said}; {cut_off:,} more not drawn" if cut_off else said


def remarks(selection: Selection) -> list[str]:
    """Return what a careful reader should know of a picture besides what is drawn."""
    said = [*selection.notes]
    standings = {verdict_in(party.standing) for party in selection.parties}
    if standings & _OF_A_RULE:
        said.append(rule(selection))
    if selection.cut_off:
        verb = "is" if selection.cut_off == 1 else "are"
        said.append(f"{selection.cut_off:,} more {verb} known to this graph and not drawn.")
    if any(tie.reported for tie in selection.ties):
        said.append("A year beside a share is that of the report that tells of it: since when it was held is not told.")
    lists = [f"{name}: {title}" for name, title in selection.list_titles.items()]
    if lists:
        said.append(f"Lists: {'; '.join(lists)}.")
    said.append(
        "An arrow points from an owner to what it owns. What is not drawn may still exist: a graph holds what its"
        " sources tell."
    )
    return said


def rule(selection: Selection) -> str:
    """Return which rule the standings are those of."""
    title = selection.regime_title
    if selection.regime_status == "in_force":
        return f"Captured, undetermined, minority: under the {title}."
    status = _STATUS[selection.regime_status]
    return f"Would be captured, undetermined, minority: under the {title} {status}."


def key_of(selection: Selection) -> list[tuple[str, str]]:
    """Return the standings that occur on a picture and what each means, in the order of a key."""
    there = {party.standing for party in selection.parties}
    in_order = [said for word in _MEANINGS for said in (word, WOULD_BE + word) if said in there]
    return [(said, _meaning(said, selection.regime_status)) for said in in_order]


_MEANINGS = {
    "listed": "on a list",
    "captured": "captured by the rule",
    "undetermined": "undetermined: possibly captured",
    "minority": "minority: listed owners hold less",
    "exempt": "exempt: the rule does not reach it",
}

_CONDITION = {"not_in_force": "rule not in force", "suspended": "rule suspended", "unverified": "rule not verified"}


def _meaning(said: str, status: str) -> str:
    if not is_conditional(said):
        return _MEANINGS[said]
    what = "captured" if said == f"{WOULD_BE}captured" else _MEANINGS[verdict_in(said)]
    return f"{WOULD_BE}{what} ({_CONDITION[status]})"


def sources(selection: Selection) -> str:
    """Return the sources of a picture in a line."""
    told = sorted({_source(one) for one in selection.sources.values()})
    return f"Sources: {'; '.join(told)}." if told else "Sources: none, as nothing is drawn."


def _source(source: Source) -> str:
    about = ", ".join(part for part in (source.publisher, source.published) if part)
    return clean(f"{source.title} ({about})" if about else source.title)


def tooltip_of_party(selection: Selection, party: Party) -> str:
    """Return what one reads on pointing at a party."""
    lines = [clean(party.name)]
    lines += [clean(party.native)] if party.native else []
    lines += [f"{name}: {selection.list_titles[name]}" for name in party.lists]
    lines += [one for one in standing(party) if not one.startswith("listed:")]
    lines.append(f"[{clean(party.id)}]")
    return "\n".join(lines)


def tooltip_of_tie(selection: Selection, tie: Tie) -> str:
    """Return what one reads on pointing at a line: each claim, and where it is from."""
    blocks = []
    for saying in tie.sayings:
        lines = [clean(saying.sentence) + "."]
        lines += [clean(saying.note)] if saying.note else []
        lines += ["Source: " + cited(selection.sources[id_]) for id_ in saying.sources if id_ in selection.sources]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def cited(source: Source) -> str:
    """Return a source with its address."""
    return _source(source) + (f" {clean(source.url)}" if source.url else "")
