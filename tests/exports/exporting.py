"""Exports made for tests, and names that break careless writers."""

from __future__ import annotations

from pathlib import Path

from listed.exports import export
from listed.exports.told import ExportReport
from listed.graph.snapshot import Graph

HOSTILE = (
    "<script>alert('x')</script> & Co. \"quoted\"",
    '=HYPERLINK("http://x","y")',
    "line one\nline two\r\nand\ta tab",
    "华为技术有限公司",
    "شركة النفط",
    "back\\slash \\u0022}) DETACH DELETE (n) //",
    "semi; colon, comma ]]> --",
    "'; DROP TABLE entities; --",
    "rocket 🚀",
)
CONTROLLED = "bell\x07 and unit\x1fseparator"


def exported(graph: Graph, format: str, folder: Path, name: str = "") -> tuple[Path, ExportReport]:
    place = folder / (name or f"out.{format}")
    return place, export(graph, format, place, force=True)
