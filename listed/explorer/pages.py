"""Pages made from templates: everything put into one is text, never markup."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from listed import __version__
from listed.explorer import marks
from listed.explorer.asking import addresses
from listed.queries.answer import plain
from listed.queries.verdict_prose import percents_said


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("listed.explorer", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["web"] = web_address
    made.filters["number"] = lambda value: f"{value:,}"
    made.filters["money"] = lambda value: f"{plain(value):,}"
    made.filters["percents"] = percents
    made.globals["version"] = __version__
    made.globals["marks"] = marks
    return made


def page(template: str, said: Mapping[str, str], **shown: Any) -> str:
    """Return a page.

    Parameters
    ----------
    template
        Name of its template.
    said
        The words of the address: links on the page keep to their day and rule.
    shown
        What the template shows.
    """
    return _environment().get_template(template).render(link=addresses(said), said=said, **shown)


def web_address(text: str) -> str:
    """Return a source's address if it is one a browser may open, else nothing (a source could say ``javascript:``)."""
    return quote(text, safe=":/?&=#%~+,;@!$'()*[]") if text.lower().startswith(("https://", "http://")) else ""


def percents(low: Any, high: Any) -> str:
    """Return a range of percentages."""
    return percents_said(low, high)
