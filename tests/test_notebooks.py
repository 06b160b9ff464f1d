"""The notebooks run from top to bottom, and what is stored of them can be read on a code host."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
MOST_BYTES = 300_000

# In a process of its own: a kernel leaves threads and sockets behind.
_RUN = """
import sys
import nbformat
from nbclient import NotebookClient

notebook = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": "."}}).execute()
"""


def cells(notebook: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return found


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_there_are_five() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "01_sensetime", "02_ownership_rules", "03_your_own_data", "04_cypher", "05_social_credit",
    ]  # fmt: skip


def test_a_notebook_runs_from_top_to_bottom(notebook: Path, tmp_path: Path) -> None:
    for needed in ("nbclient", "ipykernel", "matplotlib"):
        pytest.importorskip(needed)
    home = {key: value for key, value in os.environ.items() if not key.startswith("NEO4J")}
    home |= {"LISTED_GRAPH": str(tmp_path / "graph"), "LISTED_CACHE": str(tmp_path / "cache"), "MPLBACKEND": "agg"}
    run = subprocess.run(
        [sys.executable, "-c", _RUN, str(notebook)], cwd=tmp_path, env=home, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


def test_a_notebook_is_stored_with_its_answers(notebook: Path) -> None:
    code = [cell for cell in cells(notebook) if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))


def test_no_stored_answer_is_a_failure(notebook: Path) -> None:
    kinds = [one["output_type"] for cell in cells(notebook) for one in cell.get("outputs", [])]
    assert "error" not in kinds


def test_a_notebook_is_small_enough_to_be_shown(notebook: Path) -> None:
    assert notebook.stat().st_size < MOST_BYTES


def test_a_notebook_names_no_folder_of_whoever_ran_it(notebook: Path) -> None:
    text = notebook.read_text(encoding="utf-8")
    assert not re.search(r"/(?:tmp|home|root|Users|work)/", text)


def test_a_notebook_answers_for_stated_days(notebook: Path) -> None:
    source = "".join("".join(cell["source"]) for cell in cells(notebook))
    assert "today" not in source


def test_a_notebook_has_a_picture(notebook: Path) -> None:
    forms = {form for cell in cells(notebook) for one in cell.get("outputs", []) for form in one.get("data", {})}
    assert forms & {"image/svg+xml", "image/png"}
