"""How little of a list a graph holds: the one that comes with Listed is a selection, which a verdict must say."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow.compute as pc

from listed.graph.counted import counted
from listed.graph.snapshot import Graph
from listed.queries.answer import Inquiry
from listed.queries.ruling import Ruling

BUNDLED = "bundled"
"""The dataset that comes with Listed; its entries of a list are a selection."""


def selection_note(inquiry: Inquiry, rulings: Sequence[Ruling]) -> list[str]:
    """Return in one sentence of which lists of some regimes a graph holds a selection alone, with how many entries."""
    graph, lists = inquiry.graph, [name for one in rulings for name in one.rule.lists]
    counts = _entries(graph)
    held = [(counts[one], one) for one in dict.fromkeys(lists) if one in counts and _is_selection(graph, one)]
    if not held:
        return []
    which = "The bundled" if graph.name == BUNDLED else "This"
    (first, name), *others = held
    said = [f"{counted(first, 'entries')} of {name}", *(f"{count:,} of {one}" for count, one in others)]
    missing = "the list" if len(held) == 1 else "one of these lists"
    return [
        f"{which} graph holds only {', '.join(said[:-1])}{' and ' * bool(others)}{said[-1]}, a selection: "
        f"it cannot tell that a party is not on {missing}."
    ]


def _entries(graph: Graph) -> dict[str, int]:
    """Return how many entries a graph holds of each list."""
    found = pc.value_counts(graph.column("listings", "list").cast("string")).to_pylist()
    return {one["values"]: one["counts"] for one in found}


def _is_selection(graph: Graph, list_: str) -> bool:
    """Whether no dataset states more entries of a list than the bundled one: the whole list is not loaded."""
    stated = {name: said.get("lists", {}).get(list_, 0) for name, said in graph.datasets.items()}
    bundled = int(stated.pop(BUNDLED, 0))
    return bundled > 0 and all(bundled >= count for count in stated.values())
