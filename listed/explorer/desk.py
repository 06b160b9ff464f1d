"""What all pages share: the graph, the rules, and who may ask at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from listed import queries
from listed.errors import ListedError, QueryError
from listed.graph.snapshot import Graph, today
from listed.graph.store import Store, identity
from listed.loading import BUNDLED
from listed.queries.answer import Answer
from listed.queries.records import FoundRow
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
    _searching: threading.Lock = field(default_factory=threading.Lock)

    def search(self, name: str, day: date, limit: int) -> Answer[FoundRow]:
        """Find entities by name; suggestions do not wait for other questions, but for the index of names, made once."""
        with self._searching:
            return queries.search(self.graph, name, day, limit=limit)

    def prepare(self) -> None:
        """Make the index of names in the background, so that the first suggestion comes at once."""
        threading.Thread(target=self.search, args=("a", today(), 1), name="names", daemon=True).start()

    @property
    def newer(self) -> int | None:
        """The number of the graph's current snapshot where that is a later one than is shown."""
        if self.graph.name == BUNDLED:
            return None
        store = Store(Path(self.graph.name))
        try:
            current = int(store.manifest()["snapshot"]) if store.exists else 0
        except ListedError:
            return None
        return current if current > self.graph.number else None

    def __post_init__(self) -> None:
        """Remember what is shown, to tell when that is gone."""
        self._shown = self._on_disk()

    @property
    def gone(self) -> bool:
        """Whether what is shown is not on the disk any more: the graph was moved, deleted, or made anew."""
        return self._on_disk() != self._shown

    def _on_disk(self) -> str:
        """Return what the snapshot shown is known by; nothing where it is not on the disk."""
        if self.graph.name == BUNDLED:
            return ""
        try:
            return identity(Store(Path(self.graph.name)).snapshot_manifest(self.graph.number))
        except ListedError:
            return ""

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
