"""The ``remarks`` column: whom OFAC says a party is linked to."""

from __future__ import annotations

from listed.loaders.csl.text import tidy

_MARK = "Linked To:"


def linked_to(remarks: str) -> list[str]:
    """Return the names in "(Linked To: A; Linked To: B)", each once, in order.

    A name ends at the parenthesis that closes its own clause, so that "ISLAMIC REVOLUTIONARY
    GUARD CORPS (IRGC)-QODS FORCE" is one name, or at the next "; Linked To:".
    """
    if _MARK not in remarks:
        return []
    names = []
    for after in remarks.split(_MARK)[1:]:
        name = tidy(after[: _closing(after)]).rstrip(";").rstrip()
        if name:
            names.append(name)
    return list(dict.fromkeys(names))


def _closing(text: str) -> int:
    depth = 0
    for place, character in enumerate(text):
        if character == "(":
            depth += 1
        elif character == ")":
            if depth == 0:
                return place
            depth -= 1
    return len(text)
