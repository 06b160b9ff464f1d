"""Listed: a knowledge graph of listed entities.

>>> import listed
>>> graph = listed.open()                                   # the bundled graph
>>> listed.exposure(graph, "Qualcomm").rows[0].sentence     # doctest: +ELLIPSIS
'Qualcomm Incorporated invested in SenseTime Group Inc....'

Each query is a function of a graph that returns an :class:`listed.queries.answer.Answer`, with
``.to_pandas()``, ``.to_json()`` and ``.to_csv()``; each has a command of its name.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from listed.checking import check as check
    from listed.deciding import decide as decide
    from listed.graph.snapshot import Graph as Graph
    from listed.loading import load as load
    from listed.loading import open_ as open  # noqa: F401 - read as listed.open
    from listed.pictures import map_of as map  # noqa: F401 - read as listed.map
    from listed.queries import affiliates as affiliates
    from listed.queries import diff as diff
    from listed.queries import duplicates as duplicates
    from listed.queries import exposure as exposure
    from listed.queries import government as government
    from listed.queries import holdings as holdings
    from listed.queries import investors as investors
    from listed.queries import look_through_holdings as look_through_holdings
    from listed.queries import look_through_owners as look_through_owners
    from listed.queries import owners as owners
    from listed.queries import paths as paths
    from listed.queries import screen as screen
    from listed.queries import search as search
    from listed.queries import show as show
    from listed.queries import timeline as timeline
    from listed.queries import ventures as ventures
    from listed.queries import verdict as verdict
    from listed.queries.cypher import cypher as cypher
    from listed.queries.cypher import named_queries as named_queries
    from listed.queries.cypher import query as query
    from listed.repairing import repair as repair
    from listed.screening import screen_file as screen_file

__version__ = "0.1.0"

_QUERIES = (
    "affiliates",
    "diff",
    "duplicates",
    "exposure",
    "government",
    "holdings",
    "investors",
    "look_through_holdings",
    "look_through_owners",
    "owners",
    "paths",
    "screen",
    "search",
    "show",
    "timeline",
    "ventures",
    "verdict",
)
_HOMES = {
    "Graph": ("listed.graph.snapshot", "Graph"),
    "check": ("listed.checking", "check"),
    "decide": ("listed.deciding", "decide"),
    "load": ("listed.loading", "load"),
    "map": ("listed.pictures", "map_of"),
    "open": ("listed.loading", "open_"),
    "repair": ("listed.repairing", "repair"),
    "screen_file": ("listed.screening", "screen_file"),
    **{name: ("listed.queries.cypher", name) for name in ("cypher", "named_queries", "query")},
    **{name: ("listed.queries", name) for name in _QUERIES},
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``import listed`` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'listed' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(module), attribute)
