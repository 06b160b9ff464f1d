"""Cells of a Cypher answer as text: nodes by name and id, relationships with their share and dates, paths as chains."""

from __future__ import annotations

import json
from typing import Any

from listed.graph.cypher_engine import Node, Relationship, Trail
from listed.queries.answer import plain


def text_of(value: Any) -> str:
    """Return a value as a reader sees it; nothing for null."""
    if isinstance(value, Node):
        return _node(value)
    if isinstance(value, Relationship):
        return f"{value['source']} {_relationship(value)}> {value['target']}"
    if isinstance(value, Trail):
        return _trail(value)
    if isinstance(value, list):
        return ", ".join(text_of(one) for one in value)
    if isinstance(value, dict):
        return json.dumps(plain(value), ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(plain(value))


def _node(node: Node) -> str:
    name = node.get("name") or node.get("title") or ":".join(node["labels"])
    return f"{name} [{node['id']}]" if "id" in node else str(name)


def _relationship(one: Relationship) -> str:
    dates = " to ".join(filter(None, (one.get("start_date"), one.get("end_date"))))
    return f"-[{' '.join(filter(None, (one['type'], one.get('share_text'), dates)))}]-"


def _trail(trail: Trail) -> str:
    nodes = trail["nodes"]
    said = [_node(nodes[0])]
    for before, one, after in zip(nodes, trail["relationships"], nodes[1:], strict=False):
        forward = (one["source"], one["target"]) == (before.get("id"), after.get("id"))
        said.append(f"{_relationship(one)}>" if forward else f"<{_relationship(one)}")
        said.append(_node(after))
    return " ".join(said)
