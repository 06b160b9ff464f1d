"""The pages of the bundled graph, and of a small one with names and hubs that break pages elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from listed.loading import open_
from tests.explorer.desk import Served, served
from tests.graphs import firm, graph, owns
from tests.graphs import listed as on_list

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
MARKUP = '<img src=x onerror="document.title=1"> & "Söhne" </script><script>document.title=2</script>'
NEIGHBOURS = 5_000


@pytest.fixture(scope="package")
def bundled() -> Iterator[Served]:
    with served(open_("bundled"), lambda: open_("bundled")) as page:
        yield page


@pytest.fixture(scope="package")
def odd() -> Iterator[Served]:
    """Markup as a name, an id with signs of addresses, and an agent with 5,000 firms."""
    said = graph(
        firm("markup", MARKUP, aliases=("<b>bold</b>",)),
        firm("a/b?c&d~e", "Odd Id Ltd"),
        firm("agent", "Registered Agent Ltd"),
        owns("markup", "a/b?c&d~e", "51%"),
        owns("agent", "markup", "12%"),
        on_list("markup"),
        *(owns("agent", f"shell-{number}", "100%") for number in range(NEIGHBOURS)),
    )
    with served(said) as page:
        yield page


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("LISTED_REQUIRE_CHROMIUM"):
            pytest.fail("no Chromium at /usr/bin/chromium, and LISTED_REQUIRE_CHROMIUM asks for it")
        pytest.skip("no Chromium at /usr/bin/chromium: the pages are not tried in a real browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()
