"""Every command and every example in the documentation runs."""

from __future__ import annotations

import http.server
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import click
import pytest

from listed.cli import cli

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DEMO = "listed exposure Alibaba --graph bundled"
"""What `make demo` asks."""

OFFICIAL = "https://data.trade.gov/downloadable_consolidated_screening_list/v1"

_CSL = """\
_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,\
license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,\
remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids
aaaaaaaaaaaaaaaaaaaa,Entity List (EL) - Bureau of Industry and Security,,,,Example Optics Co.,,"1 Road, Chengdu, CN",\
84 FR 1,2019-10-09,,,For all items,Presumption of denial,,,,,,,,,,,,,,,
"""


def consoles(page: Path) -> list[str]:
    return re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def commands(page: Path) -> list[str]:
    asked = [line[2:] for block in consoles(page) for line in block.splitlines() if line.startswith("$ ")]
    asked += re.findall(r"\| `(listed [^`]+)` \|", page.read_text(encoding="utf-8"))
    return [command for command in asked if command.startswith("listed ")]


def shown(page: Path) -> list[tuple[str, list[str]]]:
    """Every command whose answer a page shows, with the pieces of it; three dots stand for what is left out."""
    asked = [
        one for block in consoles(page) for one in re.split(r"^\$ ", block, flags=re.MULTILINE) if "\n" in one.strip()
    ]
    pairs = (one.split("\n", 1) for one in asked)
    return [(command, re.split(r"^\.\.\.$", answer, flags=re.MULTILINE)) for command, answer in pairs]


def words(text: str) -> str:
    """Return a text without its line breaks, and with today as the day, if it is that of another day."""
    return re.sub(r"as of 2026-11-25|as of " + date.today().isoformat(), "as of today", " ".join(text.split()))


def unrun(page: Path) -> list[str]:
    """Commands that a page shows as a script: they wait for a browser, or ask a database."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("listed ")]


def entry(asked: list[str]) -> tuple[click.Command, list[str]]:
    """Return the command that is asked for, and what it is given."""
    command: click.Command = cli
    while isinstance(command, click.Group):
        command, asked = command.commands[asked[0]], asked[1:]
    return command, asked


def examples(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A reporter's folder with the files that the pages speak of."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "docs" / "samples", folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "docs" / "samples", folder / "docs" / "samples")  # as the README sees them
    (folder / "consolidated.csv").write_text(_CSL, encoding="utf-8")
    (folder / "stakes.csv").write_text("owner,asset,share\nA Holding,B Works,51%\n", encoding="utf-8")
    (folder / "lists.csv").write_text("name,list,start\nA Holding,US-BIS-EL,2019-10-09\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(desk: Path) -> Iterator[str]:
    """A server on this machine in the place of the official one."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(desk)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_answers(page: Path, desk: Path, address: str, tmp_path: Path) -> None:
    home = os.environ | {"LISTED_CACHE": str(desk / "cache"), "LISTED_GRAPH": str(tmp_path / "graph")}
    for command in commands(page):
        words = shlex.split(command.replace(OFFICIAL, address))[1:]
        # On the pages questions go to the bundled graph until something is loaded.
        run = subprocess.run(
            [sys.executable, "-m", "listed", *words], cwd=desk, env=home, capture_output=True, text=True
        )
        assert run.returncode == 0, f"{command}: {run.stderr}"
        assert run.stdout, command


@pytest.mark.parametrize("page", [page for page in PAGES if shown(page)], ids=lambda page: page.name)
def test_an_answer_shown_is_the_answer(page: Path, desk: Path, tmp_path: Path) -> None:
    home = os.environ | {"LISTED_CACHE": str(desk / "cache"), "LISTED_GRAPH": str(tmp_path / "graph")}
    for command, pieces in shown(page):
        asked = shlex.split(DEMO if command == "make demo" else command)[1:]
        run = subprocess.run(
            [sys.executable, "-m", "listed", *asked], cwd=desk, env=home, capture_output=True, encoding="utf-8"
        )
        missing = [piece for piece in map(words, pieces) if piece not in words(run.stdout)]
        assert missing == [], f"{command}: not in the answer"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_example_of_a_page_runs(page: Path, desk: Path, tmp_path: Path) -> None:
    home = os.environ | {"LISTED_CACHE": str(desk / "cache"), "LISTED_GRAPH": str(tmp_path / "graph")}
    for example in examples(page):
        run = subprocess.run([sys.executable, "-c", example], cwd=desk, env=home, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("page", [page for page in PAGES if unrun(page)], ids=lambda page: page.name)
def test_a_command_that_needs_a_server_has_its_options(page: Path) -> None:
    for line in unrun(page):
        command, asked = entry(shlex.split(line, comments=True)[1:])
        command.make_context(line, asked).close()


def test_the_pages_have_commands() -> None:
    assert sum(len(commands(page)) for page in PAGES) > 30


def test_the_demo_is_that_of_the_makefile() -> None:
    assert f"$(BIN)/{DEMO}\n" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_every_link_of_the_readme_leads_somewhere() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"", text)
    files = [one or other for one, other in links if "://" not in one]
    assert [file for file in files if not (ROOT / file).exists()] == []


def test_the_readme_names_every_page() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [page.relative_to(ROOT).as_posix() for page in PAGES if page.parent.name == "docs"]
    assert [page for page in pages if f"({page})" not in text and page != "docs/index.md"] == []


def test_every_command_is_in_the_pages() -> None:
    told = {command.split()[1] for page in PAGES for command in commands(page) + unrun(page)}
    assert set(cli.commands) <= told
