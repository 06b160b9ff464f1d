"""What Listed needs besides itself, and under which licences: told by the metadata of what is installed.

``python -m tests.supply`` writes ``docs/licences.md``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
SHIPPED = ("mcp", "neo4j", "spark", "pictures")
"""Extras that a user installs to use Listed; the others are for those who work on it."""

FREE = frozenset({
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU",
    "MPL-2.0", "PSF-2.0", "Python-2.0", "Zlib", "Unlicense",
})  # fmt: skip
"""Licences a program under Apache-2.0 may depend on. MPL-2.0 asks that its own files stay under it."""

SAID_ELSEWHERE = {"resvg-py": "MIT", "libcove2": "BSD-3-Clause"}
"""Of distributions whose metadata says nothing: what the licence file of their project says."""

ONLY_TESTED_WITH = {
    "libcovebods": "AGPL-3.0: run by a test as a check of exports; nothing of it is shipped or imported by Listed",
    "rfc3987": "GPL-3.0: comes with libcovebods, for the same test",
    "python-stdnum": "LGPL-2.1: comes with FollowTheMoney's library, with which a test compares",
    "pycountry": "LGPL-2.1: comes with FollowTheMoney's library, with which a test compares",
    "text-unidecode": "Artistic or GPL: comes with FollowTheMoney's library, with which a test compares",
}
"""Under licences that would bind Listed if it shipped or imported them. It does neither."""

_SPELLED = (
    ("apache", "Apache-2.0"), ("mozilla", "MPL-2.0"), ("mpl", "MPL-2.0"), ("isc", "ISC"), ("bsd", "BSD"),
    ("mit", "MIT"),
    ("python software foundation", "PSF-2.0"), ("gpl", "GPL"), ("gnu", "GPL"), ("artistic", "Artistic"),
    ("public domain", "Unlicense"),
)  # fmt: skip


def project() -> dict[str, object]:
    """Return the table ``project`` of pyproject.toml."""
    said: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return said


def roots(*extras: str) -> list[Requirement]:
    """Return what Listed itself asks for, with some extras."""
    said = project()
    needed, optional = said["dependencies"], said["optional-dependencies"]
    assert isinstance(needed, list)
    assert isinstance(optional, dict)
    asked = [Requirement(one) for one in (*needed, *(one for extra in extras for one in optional[extra]))]
    # An extra may ask for another one of ours.
    inner = {extra for one in asked if one.name == "listed" for extra in one.extras}
    asked = [one for one in asked if one.name != "listed"]
    return asked + [one for one in roots(*inner) if one not in asked] if inner else asked


def closure(asked: Iterable[Requirement]) -> dict[str, Distribution]:
    """Return the distributions that requirements lead to, by canonical name; those not installed are left out."""
    found: dict[str, Distribution] = {}
    waiting = list(asked)
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker is not None and not one.marker.evaluate({"extra": ""})):
            continue
        try:
            found[name] = distribution(one.name)
        except PackageNotFoundError:
            continue
        waiting += _asked_by(found[name], one.extras)
    return dict(sorted(found.items()))


def _asked_by(one: Distribution, extras: Iterable[str]) -> Iterator[Requirement]:
    for text in one.requires or ():
        wanted = Requirement(text)
        if wanted.marker is None or any(wanted.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            wanted.marker = None
            yield wanted


def installed() -> dict[str, Distribution]:
    """Return every distribution installed here, by canonical name, without Listed itself."""
    named = {canonicalize_name(one.name): one for one in distributions() if one.name}
    return {name: one for name, one in sorted(named.items()) if name != "listed"}


def licences(one: Distribution) -> list[list[str]]:
    """Return the licences that hold together, each as the choice of those it may be."""
    name = canonicalize_name(one.name)
    expression = _told(one, "License-Expression") or SAID_ELSEWHERE.get(name, "")
    if expression:
        return [re.findall(r"[\w.-]+", part.replace(" OR ", " ")) for part in expression.split(" AND ")]
    classified = [text.rpartition("::")[2] for text in one.metadata.get_all("Classifier") or [] if "License ::" in text]
    lines = _told(one, "License").strip().splitlines()
    said = classified or lines[:1]
    return [[_spelled(text) for text in said]] if said else []


def _told(one: Distribution, field: str) -> str:
    return "\n".join(one.metadata.get_all(field) or [])


def _spelled(text: str) -> str:
    low = text.casefold()
    return next((licence for mark, licence in _SPELLED if mark in low), text.strip())


def is_free(one: Distribution) -> bool:
    """Whether Listed may depend on it: of each choice one licence is free."""
    said = licences(one)
    return bool(said) and all(any(licence in FREE for licence in choice) for choice in said)


def page() -> str:
    """Return the page of licences."""
    shipped = closure(roots(*SHIPPED))
    rows = "\n".join(f"| {name} | {' and '.join(' or '.join(one) for one in licences(dist))} |"
                     for name, dist in shipped.items())  # fmt: skip
    others = "\n".join(f"| {name} | {why} |" for name, why in ONLY_TESTED_WITH.items())
    return f"""---
orphan: true
---

# Licences

Listed is under the Apache License 2.0. What it needs is under licences that go with it; a test reads them from the
metadata of what is installed, and fails for one that does not. This page is written by `make licences`.

## What Listed needs

With the extras {", ".join(SHIPPED)}.

| distribution | licence |
|---|---|
{rows}

## Only its tests run with these

They are not shipped, and no module of Listed imports them.

| distribution | licence, and why it is there |
|---|---|
{others}
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
