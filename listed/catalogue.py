"""What can be loaded, from where, and what is."""

from __future__ import annotations

from dataclasses import dataclass

from listed.errors import UnknownLoaderError
from listed.graph.snapshot import Graph
from listed.loaders import registry
from listed.queries.answer import Answer, Inquiry


@dataclass(frozen=True, slots=True)
class LoaderRow:
    """A loader: what it reads, where the official file is, and what of it this graph holds."""

    loader: str
    title: str
    reads: str
    official: str
    loaded: str
    entities: int
    links: int
    listings: int


def sources(graph: Graph) -> Answer[LoaderRow]:
    """Return every loader there is, and what is loaded; one that cannot be imported says why."""
    rows = []
    for name in registry.names():
        try:
            known = registry.loader(name)
        except UnknownLoaderError as error:
            rows.append(LoaderRow(name, str(error), "", "", "", 0, 0, 0))
            continue
        mine = {key: facts for key, facts in graph.datasets.items() if key == name or key.startswith(f"{name}-")}
        counts = [facts.get("statements", {}) for facts in mine.values()]
        totals = [sum(one.get(table, 0) for one in counts) for table in ("entities", "links", "listings")]
        loaded = ", ".join(f"{key} {facts.get('loaded', '')[:10]}".strip() for key, facts in sorted(mine.items()))
        rows.append(LoaderRow(name, known.title, known.reads, known.official, loaded, *totals))
    return Inquiry(graph, "sources", {}, None).answer(rows)
