"""What a page was asked for: a graph, a day and options, read off its address."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from listed.errors import QueryError
from listed.graph.snapshot import Graph, today
from listed.queries.regimes import Regime, regimes

REGIME = "us-bis"
"""The rule the map and the trees show, unless another is asked for."""


@dataclass
class Desk:
    """What all pages share.

    Parameters
    ----------
    graph
        The graph shown.
    regimes_file
        A TOML file of regimes that add to ours or override them.
    lock
        Held while a question is answered that remembers what it worked out: a graph is not made for several
        threads at once.
    """

    graph: Graph
    regimes_file: str | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def regimes(self) -> dict[str, Regime]:
        """The ownership rules, by id."""
        return regimes(self.regimes_file)

    def regime(self, said: Mapping[str, str]) -> Regime:
        """Return the rule an address asks for. Raises QueryError for one there is not."""
        wanted = said.get("regime") or REGIME
        if wanted not in self.regimes:
            raise QueryError(f"no regime is called {wanted!r} (there are: {', '.join(self.regimes)})")
        return self.regimes[wanted]


def day_of(said: Mapping[str, str]) -> date:
    """Return the day an address asks about, today by default. Raises QueryError when it is none."""
    text = said.get("as-of", "").strip()
    if not text:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError(f"{text!r} is not a day; write it as 2018-12-01") from error


def whole_number(said: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return a number from an address, between 1 and ``most``. Raises QueryError when it is none."""
    text = said.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise QueryError(f"{name} is a whole number from 1 to {most:,}, not {text!r}")
    return int(text)


def address(path: str, said: Mapping[str, str], **more: str) -> str:
    """Return the address of a page that keeps to the day and the rule of this one."""
    kept = {name: said[name] for name in ("as-of", "regime") if said.get(name)}
    words = {name.replace("_", "-"): value for name, value in more.items()} | kept
    return f"{path}?{urlencode(words)}" if words else path
