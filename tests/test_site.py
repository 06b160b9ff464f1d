"""The pages build into a site without a broken link, which asks nothing of the internet."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from click.testing import CliRunner

import listed
from listed.cli import cli

ROOT = Path(__file__).resolve().parents[1]
FETCHED = {
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("source", "src"),
    ("object", "data"),
}
"""What a browser loads by itself; a link waits for a click."""


@dataclass
class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it that can be linked to."""

    path: Path
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.text = self.path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.add(value)
            if (tag, name) in FETCHED and value:
                self.loads.append(value)
            elif (tag, name) == ("a", "href") and value:
                self.links.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("sphinx") is None:
        pytest.skip("Sphinx is not installed: the site is not built (pip install -e '.[docs]')")
    folder = tmp_path_factory.mktemp("site")
    # Strict: a link to a page, a heading or a file that is not there ends the build.
    build: list[str | Path] = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    ran = subprocess.run(
        [*build, "-d", folder / "read", ROOT / "docs", folder / "site"], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def options(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    """Every option of every command, with the command's whole name."""
    if isinstance(command, click.Group):
        for part in command.commands.values():
            yield from options(part, f"{name} {part.name}")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            yield name, parameter.opts[-1]


def test_no_link_is_broken(pages: dict[Path, Page], site: Path) -> None:
    broken = []
    for page in pages.values():
        for link in page.links + page.loads:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            aim = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
            there = aim.is_file() and (not parts.fragment or aim not in pages or parts.fragment in pages[aim].ids)
            if not there:
                broken.append(f"{page.path.relative_to(site)}: {link}")
    assert broken == []


def test_a_page_loads_nothing_from_elsewhere(pages: dict[Path, Page]) -> None:
    assert [(page.path.name, load) for page in pages.values() for load in page.loads if urlsplit(load).netloc] == []


def test_a_style_loads_nothing_from_elsewhere(site: Path) -> None:
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert [
        found for style in styles for found in re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\s]*", style)
    ] == []


def test_every_picture_has_a_text(pages: dict[Path, Page]) -> None:
    assert [
        page.path.name for page in pages.values() if re.search(r"<img(?![^>]*\balt=\"[^\"]+\")[^>]*>", page.text)
    ] == []


def test_every_option_of_every_command_is_in_the_reference(pages: dict[Path, Page], site: Path) -> None:
    told = pages[site / "reference" / "commands.html"].ids
    assert {
        f"cmdoption-{name}-{option.lstrip('-')}".replace(" ", "-") for name, option in options(cli, "listed")
    } <= told


def test_every_command_of_the_reference_answers(pages: dict[Path, Page], site: Path) -> None:
    text = re.sub(r"<[^>]+>", "", pages[site / "reference" / "commands.html"].text)
    usages = re.findall(r"^listed (.*?) ?\[OPTIONS\]", text, re.MULTILINE)
    assert len(usages) > len(cli.commands)
    refused = [usage for usage in usages if CliRunner().invoke(cli, [*usage.split(), "--help"]).exit_code]
    assert refused == []


def test_every_public_name_is_in_the_reference(pages: dict[Path, Page], site: Path) -> None:
    told = pages[site / "reference" / "questions.html"].ids
    assert {f"listed.{name}" for name in listed.__all__ if name != "__version__"} <= told


def test_every_page_is_in_the_table_of_contents(pages: dict[Path, Page], site: Path) -> None:
    sidebar = re.findall(r'<a class="reference internal" href="([^"#]+)"', pages[site / "index.html"].text)
    written = {path.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for path in (ROOT / "docs").glob("*.md")}
    assert written - {"index.html"} <= set(sidebar)
