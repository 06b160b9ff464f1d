"""What a page was asked for: a day and options, read off its address; and addresses that keep to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import quote_plus, urlencode

from listed.errors import QueryError
from listed.graph.snapshot import today


def day_of(said: Mapping[str, str]) -> date:
    """Return the day an address asks about, today by default. Raises QueryError when it is none."""
    text = said.get("as-of", "").strip()
    if not text:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError(f"{text!r} is not a day; write it as 2018-12-01") from error


def whole_number(said: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Return a number from an address, between 1 and ``most``. Raises QueryError when it is none."""
    text = said.get(name, "").strip()
    if not text:
        return default
    # Python refuses to read a number of thousands of digits.
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        raise QueryError(f"{name} is a whole number from 1 to {most:,}, not {text[:40]!r}")
    return int(text)


def addresses(said: Mapping[str, str]) -> Callable[..., str]:
    """Return what makes addresses of pages that keep to the day and the rule of this one."""
    kept = {name: said[name] for name in ("as-of", "regime") if said.get(name)}
    rest = urlencode(kept)

    def address(path: str, **more: str) -> str:
        """Return the address of a page, with the words given."""
        words = {name.replace("_", "-"): value for name, value in more.items()}
        if kept.keys() & words:
            return f"{path}?{urlencode(words | kept)}"
        said = "&".join([f"{quote_plus(name)}={quote_plus(str(value))}" for name, value in words.items()])
        return f"{path}?{said}{'&' if said and rest else ''}{rest}" if said or rest else path

    return address
