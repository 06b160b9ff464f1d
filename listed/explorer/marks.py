"""The small marks of a page: citations, badges, dates. A page has hundreds, so they are made without a template.

Whatever a source said is escaped here; the rest is ours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from markupsafe import Markup, escape

from listed.graph.period import period_said
from listed.queries.standing import look_of, standing, verdict_in

STATUS = {
    "listed": ("listed", "■"),
    "captured": ("captured", "▣"),
    "undetermined": ("undetermined", "◐"),
    "minority": ("minority", "◔"),
    "exempt": ("exempt", "◇"),
    "none": ("", ""),
}
"""How a verdict is shown: its word, and a sign that is told apart without colour."""

_HOLDS = {"possibly": "possibly", "past": "past", "exit": "sold"}


class Numbered(Protocol):
    """Sources with a number each."""

    def numbers(self, ids: Iterable[str]) -> list[int]:
        """Return the numbers of sources, in order."""


def cite(cited: Numbered, ids: Iterable[str]) -> Markup:
    """Return the numbers of sources as links to them."""
    links = (f'<a class="cite" href="#source-{n}" aria-label="Source {n}">{n}</a>' for n in cited.numbers(ids))
    return Markup("".join(links))  # noqa: S704


def sourced(cited: Numbered, ids: Iterable[str], text: object) -> Markup:
    """Return a figure as a link to the first of its sources."""
    numbers, said = cited.numbers(ids), escape(text)
    return Markup(f'<a class="figure" href="#source-{numbers[0]}">{said}</a>') if numbers else said  # noqa: S704


def badge(status: str, lists: Collection[str] = ()) -> Markup:
    """Return a verdict as a word and a sign, with the lists where it is one of a listed party; empty for none.

    One that only would be ("would be captured") has another form than one that is.
    """
    if not status or verdict_in(status) == "none":
        return Markup()
    sign = STATUS[verdict_in(status)][1]
    told = f"{status}: {', '.join(lists)}" if lists else status
    said = f'<span aria-hidden="true">{sign}</span> {escape(told)}'
    return Markup(f'<span class="badge {escape(look_of(status))}">{said}</span>')  # noqa: S704


def verdict(would: str, status: str, lists: Collection[str] = ()) -> Markup:
    """Return the badge of a verdict told as if its rule were in force, by the status of the rule on the day."""
    return badge(standing(would, status), lists)


def dates(start: str, end: str, *, told: bool = False) -> Markup:
    """Return two dates as one reads them, as of :func:`~listed.graph.period.period_said`; empty when none is known."""
    return escape(period_said(start, end, told=told))


def holding(holds: str) -> Markup:
    """Return a mark on what does not certainly hold."""
    return Markup(f'<span class="mark">{_HOLDS[holds]}</span>') if holds in _HOLDS else Markup()  # noqa: S704
