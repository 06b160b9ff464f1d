"""What is not ours is what VENDORED.md says it is, and comes with its licence."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

import listed.explorer

VENDOR = Path(listed.explorer.__file__).parent / "static" / "vendor"
TOLD = {
    file: (licence, digest)
    for file, licence, digest in re.findall(
        r"^\| (\S+) \|[^|]*\|[^|]*\|[^|]*\| (\S+) \| ([0-9a-f]{64}) \|$",
        (VENDOR / "VENDORED.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
}


def test_every_file_is_told_of() -> None:
    assert set(TOLD) == {path.name for path in VENDOR.iterdir()} - {"VENDORED.md"}


@pytest.mark.parametrize("file", TOLD)
def test_a_file_is_the_one_that_was_published(file: str) -> None:
    assert hashlib.sha256((VENDOR / file).read_bytes()).hexdigest() == TOLD[file][1]


@pytest.mark.parametrize("file", [file for file in TOLD if file.endswith(".js")])
def test_a_library_comes_with_its_licence(file: str) -> None:
    assert "Permission is hereby granted" in (VENDOR / file.replace(".js", ".LICENSE")).read_text(encoding="utf-8")


def test_no_page_names_an_address_outside() -> None:
    own = [path for path in VENDOR.parents[1].rglob("*") if path.suffix in {".html", ".css", ".js"}]
    said = {(path.name, found) for path in own if path.parent != VENDOR
            for found in re.findall(r"https?://[\w.-]+", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert {found for _, found in said} <= {"http://www.w3.org"}
