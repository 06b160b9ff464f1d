"""Links and paths read aloud, as a reporter would write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from listed.graph.model import Link
from listed.graph.share import Basis
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import PHRASES, LinkType
from listed.queries.answer import Inquiry
from listed.queries.records import FurtherLink, Step
from listed.queries.remembering import remembered

_ROLE_SAYS_IT = frozenset({LinkType.PARTNERS_WITH, LinkType.CUSTOMER_OF, LinkType.AFFILIATED_WITH,
                           LinkType.OFFICER_OF, LinkType.RELATED_TO, LinkType.LINKED_TO, LinkType.SUPPLIES,
                           LinkType.DESIGNATED_BY, LinkType.PILOTS, LinkType.REGULATES, LinkType.FUNDS,
                           LinkType.INVESTED_IN, LinkType.OWNS, LinkType.CONTROLS, LinkType.FOUNDED})  # fmt: skip
_EVENTS = frozenset({LinkType.INVESTED_IN, LinkType.FOUNDED})


def predicate(link: Link, day: date, *, forward: bool) -> str:
    """Return how a link reads between its ends: "held 51% of", "is wholly owned by"."""
    past = link.period.is_past(day)
    if link.type is LinkType.OWNS and link.share.known:
        return _holds(link, past=past, forward=forward)
    phrase = PHRASES[link.type]
    if past:
        return phrase.forward_past if forward else phrase.backward_past
    return phrase.forward if forward else phrase.backward


def _holds(link: Link, *, past: bool, forward: bool) -> str:
    share = str(link.share)
    of = {Basis.VOTES: " of the votes in", Basis.BOARD: " of the board seats of"}.get(link.basis, " of")
    if link.share.is_exit:
        return "holds no stake in" if forward else "is not held by"
    if share == "100%" and link.basis not in (Basis.VOTES, Basis.BOARD):
        if forward:
            return "wholly owned" if past else "wholly owns"
        return f"{'was' if past else 'is'} wholly owned by"
    if forward:
        return f"{'held' if past else 'holds'} {share}{of}"
    share = share if link.share.exact else f"({share})"
    what = {Basis.VOTES: " (votes)", Basis.BOARD: " (board seats)"}.get(link.basis, "")
    return f"{'was' if past else 'is'} held {share}{what} by"


def circumstances(link: Link) -> str:
    """Return role and dates in brackets: " (Series C lead, 2018-04)"; empty when there are none."""
    start, end, told = str(link.period.start), str(link.period.end), link.period.told
    dates = start if link.type in _EVENTS and start and not (end or told) else str(link.period)
    role = link.role if link.type in _ROLE_SAYS_IT else ""
    said = ", ".join(part for part in (role, dates, link.confidence if link.confidence == "disputed" else "") if part)
    return f" ({said})" if said else ""


def aloud(link: Link, names: tuple[str, str], day: date) -> str:
    """Return a link as a clause of its own, from its source to its target."""
    return f"{names[0]} {predicate(link, day, forward=True)} {names[1]}{circumstances(link)}"


def sentence(graph: Graph, entities: tuple[int, ...], links: tuple[int, ...], day: date) -> str:
    """Return a path as one sentence: "A invested in B (2018), which held 51% of C (until 2019)."."""
    said = graph.name_of(entities[0])
    for place, row in enumerate(links):
        link = until_exit(graph, row)
        forward = graph.arrays.source[row] == entities[place]
        which = ", which" if place else ""
        said += f"{which} {predicate(link, day, forward=bool(forward))} {graph.name_of(entities[place + 1])}"
        said += circumstances(link)
    return said if said.endswith(".") else said + "."


def until_exit(graph: Graph, row: int) -> Link:
    """Return a link; a stake that its source says was sold later ends on that day."""
    return remembered(graph, "links told", row, lambda: _until_exit(graph, row), _REMEMBERED)


def _until_exit(graph: Graph, row: int) -> Link:
    link, arrays = graph.link(row), graph.arrays
    source, target = int(arrays.source[row]), int(arrays.target[row])
    # Either end has an arc of it; that of a hub is found among thousands.
    arcs = min(arrays.arcs_of(source), arrays.arcs_of(target), key=lambda arcs: arcs.stop - arcs.start)
    until = arrays.arc_to[arcs.start + int(np.argmax(arrays.link[arcs] == row))]
    if link.share.is_exit or until >= arrays.end_latest[row]:
        return link
    arcs = arrays.arcs_of(source)
    beside = arrays.link[arcs][arrays.neighbour[arcs] == target]
    exits = beside[(arrays.high[beside] == 0) & (arrays.start_latest[beside] == until)]
    return (
        replace(link, period=replace(link.period, end=graph.link(int(exits[0])).period.start)) if len(exits) else link
    )


_REMEMBERED = 5_000
"""Links that a graph remembers as they were told: the same lead to the listed ones from many sides."""


def step_over(inquiry: Inquiry, links: Sequence[int], start: int) -> Step:
    """Return the record of a step from an entity over the first of some links, the others beside it; all are cited."""
    graph, day, row = inquiry.graph, inquiry.as_of, links[0]
    link = until_exit(graph, row)
    holds = link.period.contains(day)
    return Step(
        source=link.source,
        target=link.target,
        type=link.type.value,
        forward=bool(graph.arrays.source[row] == start),
        role=link.role,
        share=str(link.share) if link.type in (LinkType.OWNS, LinkType.CONTROLS) else "",
        start_date=str(link.period.start),
        end_date=str(link.period.end),
        start_told=link.period.told,
        holds="past" if link.period.is_past(day) else holds.value,
        link=str(graph.cell("links", "id", row)),
        note=link.note,
        sources=inquiry.cite_link(row),
        others=tuple(_further_link(inquiry, one) for one in links[1:]),
    )


def _further_link(inquiry: Inquiry, row: int) -> FurtherLink:
    graph = inquiry.graph
    said = aloud(until_exit(graph, row), _ends(graph, row), inquiry.as_of)
    return FurtherLink(str(graph.cell("links", "id", row)), said, inquiry.cite_link(row))


def _ends(graph: Graph, row: int) -> tuple[str, str]:
    return graph.name_of(int(graph.arrays.source[row])), graph.name_of(int(graph.arrays.target[row]))
