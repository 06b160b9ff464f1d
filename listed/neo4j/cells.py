"""A value that the driver returns, as the embedded view gives it."""

from __future__ import annotations

from typing import Any

from listed.graph.cypher_engine import Node, Relationship, Trail
from listed.graph.property_graph import BOOKKEEPING
from listed.neo4j.columns import GRAPH, PUSH

_OURS = frozenset({*BOOKKEEPING, GRAPH, PUSH})


def cell(value: Any) -> Any:
    """Return a value of the driver as a value of an answer: nodes, relationships and paths as dictionaries."""
    from neo4j.graph import Node as TheirNode
    from neo4j.graph import Path as TheirPath
    from neo4j.graph import Relationship as TheirRelationship

    if isinstance(value, TheirNode):
        return Node({"labels": sorted(value.labels, key=lambda label: (label != "Entity", label)), **_told(value)})
    if isinstance(value, TheirRelationship):
        ends = {"source": value.start_node, "target": value.end_node}
        ids = {end: node.get("id") for end, node in ends.items() if node is not None}
        return Relationship({"type": value.type, **ids, **_told(value)})
    if isinstance(value, TheirPath):
        return Trail(nodes=[cell(one) for one in value.nodes], relationships=[cell(one) for one in value.relationships])
    if isinstance(value, list):
        return [cell(one) for one in value]
    if isinstance(value, dict):
        return {name: cell(one) for name, one in value.items()}
    return value.to_native() if hasattr(value, "to_native") else value


def _told(thing: Any) -> dict[str, Any]:
    """Return the properties without those that only serve a push."""
    return {name: cell(one) for name, one in dict(thing).items() if name not in _OURS}
