"""What a graph remembers of earlier questions, so that the next one need not find it out again. Bounded."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import TypeVar

from listed.graph.snapshot import Graph

DAYS_KEPT = 4
"""Days whose stakes a graph remembers; older ones are worked out again when asked for."""

Kept = TypeVar("Kept")


def remembered(graph: Graph, what: str, key: Hashable, make: Callable[[], Kept], most: int = DAYS_KEPT) -> Kept:
    """Return what was made before for a key, or make it; of each kind of thing the last ``most`` are kept.

    Many readers may ask at once: what one of them has just let go, another makes anew.
    """
    kept: OrderedDict[Hashable, Kept] = graph.memory.setdefault(what, OrderedDict())
    try:
        found = kept[key]
        kept.move_to_end(key)
    except KeyError:
        found = kept[key] = make()
        while len(kept) > most:
            with suppress(KeyError):
                kept.popitem(last=False)
    return found
