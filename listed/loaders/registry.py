"""The loaders there are: Listed's own and those of plug-ins, by the entry point group ``listed.loaders``.

Names are known without importing anything; a loader is imported when it is asked for.
"""

from __future__ import annotations

import difflib
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING

from listed.errors import UnknownLoaderError

if TYPE_CHECKING:
    from listed.loaders.loader import Loader

GROUP = "listed.loaders"
"""The entry point group in which a distribution names its loaders."""


def names() -> list[str]:
    """Return the names of all loaders, sorted, without importing them."""
    return sorted(_found())


def loader(name: str) -> Loader:
    """Return the loader of that name.

    Raises
    ------
    UnknownLoaderError
        No loader goes by that name, it cannot be imported, or several plug-ins claim it.
    """
    found = _found()
    if name not in found:
        close = difflib.get_close_matches(name, found, n=1)
        meant = f" (did you mean {close[0]!r}?)" if close else ""
        there = ", ".join(sorted(found)) or "none"
        raise UnknownLoaderError(f"no loader is called {name!r}{meant}; there are: {there}")
    return _load(_choose(name, found[name]))


def loaders() -> dict[str, Loader]:
    """Return every loader that can be imported, by name, sorted.

    A broken plug-in is left out here, so that it does not stand in the way of the others;
    :func:`loader` says what is wrong with it.
    """
    working = {}
    for name in names():
        try:
            working[name] = loader(name)
        except UnknownLoaderError:
            continue
    return working


def _found() -> dict[str, list[EntryPoint]]:
    found: dict[str, list[EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, []).append(point)
    return found


def _choose(name: str, points: list[EntryPoint]) -> EntryPoint:
    """Return Listed's own loader if it is one of them: a plug-in cannot take its place unseen."""
    own = [point for point in points if _distribution(point) == "listed"]
    chosen = own or points
    if len({point.value for point in chosen}) > 1:
        claims = " and ".join(sorted(f"{_distribution(point)} ({point.value})" for point in chosen))
        raise UnknownLoaderError(f"the loader {name!r} is claimed by {claims}; uninstall all but one")
    return chosen[0]


def _load(point: EntryPoint) -> Loader:
    from listed.loaders.loader import Loader

    said = f"the loader {point.name!r} of {_distribution(point)} cannot be used"
    try:
        loaded = point.load()
    # A plug-in is others' code: whatever it raises on import is told in one line.
    except Exception as error:
        reason = " ".join(str(error).split())
        raise UnknownLoaderError(f"{said}: {type(error).__name__}: {reason}") from error
    if not isinstance(loaded, Loader):
        raise UnknownLoaderError(f"{said}: {point.value} is a {type(loaded).__name__}, not a Loader")
    return loaded


def _distribution(point: EntryPoint) -> str:
    return point.dist.name if point.dist else "an unknown distribution"
