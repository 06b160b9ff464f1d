"""What may import what, and that help costs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import listed

PACKAGE = Path(listed.__file__).parent
ALLOWED = {
    "graph": {"graph", "errors", "whole_files"},
    "loaders": {"graph", "loaders", "errors"},
    "queries": {"graph", "queries", "errors"},
    "neo4j": {"graph", "neo4j", "errors"},
    "pictures": {"graph", "pictures", "queries", "errors", "whole_files"},
    "exports": {"graph", "queries", "exports", "errors", "whole_files"},
    "spark": {"graph", "queries", "spark", "errors"},
}
MODULES = [path for folder in ALLOWED for path in sorted((PACKAGE / folder).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Parts of the package that a module imports, also within its functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        found |= {name.split(".")[1] for name in names if name.startswith("listed.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    assert imported(path) <= ALLOWED[path.relative_to(PACKAGE).parts[0]]


@pytest.mark.parametrize("heavy", ["numpy", "pyarrow", "pandas", "rich", "networkx"])
def test_help_imports_nothing_heavy(heavy: str) -> None:
    code = f"""import sys
from listed.cli import cli
cli(["--help"], standalone_mode=False)
assert {heavy!r} not in sys.modules"""
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("asked", ["search Huawei", "show SenseTime", "owners SenseTime", "exposure Alibaba"])
def test_a_question_is_answered_without_pandas(asked: str) -> None:
    # Arrow imports pandas to convert a value of Python: that would take longer than the answer.
    code = f"""import sys
from listed.cli import cli
cli([*{asked.split()!r}, "--graph", "bundled"], standalone_mode=False)
assert "pandas" not in sys.modules"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, text=True)
    assert ran.returncode == 0, ran.stderr
