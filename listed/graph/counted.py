"""A count and what is counted, in words: "2 links", "1 link"."""

from __future__ import annotations

_ONE = {
    "entities": "entity", "entries": "entry", "parties": "party", "addresses": "address", "properties": "property",
    "merged ids": "merged id",
}  # fmt: skip
_PLAIN_PLURALS = frozenset({
    "links", "listings", "names", "identifiers", "sources", "rows", "pairs", "columns", "lists", "persons",
    "relationships", "statements", "nodes", "edges", "relations",
})  # fmt: skip


def counted(count: int, name: str) -> str:
    """Return a count and what is counted.

    Parameters
    ----------
    name
        A plural, alone or with more after it; an id of a list stays as it is.

    Examples
    --------
    >>> counted(2, "links"), counted(1, "merged_ids"), counted(1, "rows left out"), counted(1_204, "US-BIS-EL")
    ('2 links', '1 merged id', '1 row left out', '1,204 US-BIS-EL')
    """
    said = name.replace("_", " ") if name.islower() else name
    if count == 1:
        first, space, rest = said.partition(" ")
        said = _ONE.get(said) or _one_of(first) + space + rest
    return f"{count:,} {said}"


def _one_of(plural: str) -> str:
    return _ONE.get(plural) or (plural[:-1] if plural in _PLAIN_PLURALS else plural)
