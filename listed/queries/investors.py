"""Who invested in an entity, when, and what they hold now."""

from __future__ import annotations

from datetime import date

import numpy as np

from listed.graph.period import Containment
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.queries.answer import Answer, Inquiry
from listed.queries.listings import lists_of
from listed.queries.ownership import stake_told
from listed.queries.records import InvestmentRow
from listed.queries.resolve import find

_MONEY = (LinkType.INVESTED_IN, LinkType.FUNDS)


def investors(graph: Graph, entity: str, as_of: date | None = None, *, history: bool = False) -> Answer[InvestmentRow]:
    """Return who invested in an entity or funds it, by a date, the earliest first.

    An investment is an event: it is told also when the investor has sold since. What he holds on
    the date, where known, stands beside it as ``stake``.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default.
    entity
        Id, identifier or name.
    history
        Also investments that ended before the date.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    """
    row = find(graph, entity)
    inquiry = Inquiry(graph, "investors", {"entity": graph.id_of(row), "history": history}, as_of)
    links = graph.arrays.links_of(row)
    into = (graph.arrays.target[links] == row) & np.isin(graph.arrays.kind[links], [kind.rank for kind in _MONEY])
    rows = [_investment(inquiry, int(link)) for link in links[into]]
    wanted = [one for one in rows if one.holds != "no" and (history or one.holds != "past")]
    return inquiry.answer(
        sorted(wanted, key=lambda one: (one.start_date or "9999", one.investor_name, one.role)), kind=InvestmentRow
    )


def _investment(inquiry: Inquiry, row: int) -> InvestmentRow:
    graph = inquiry.graph
    link = graph.link(row)
    holds = link.period.contains(inquiry.as_of)
    past = link.period.is_past(inquiry.as_of)
    investor, target = int(graph.arrays.source[row]), int(graph.arrays.target[row])
    stake = stake_told(graph, investor, target, inquiry.as_of)
    return InvestmentRow(
        investor=link.source,
        investor_name=graph.name_of(investor),
        entity=link.target,
        name=graph.name_of(target),
        type=link.type.value,
        role=link.role,
        start_date=str(link.period.start),
        end_date=str(link.period.end),
        start_told=link.period.told,
        holds="past" if past else "no" if holds is Containment.NO else holds.value,
        amount=link.amount,
        currency=link.currency,
        stake=stake,
        confidence=link.confidence,
        listed_on=lists_of(graph, investor, inquiry.as_of),
        note=link.note,
        sources=inquiry.cite_link(row) if holds is not Containment.NO or past else (),
    )
