"""How the verdict on a party is said in a word or two, where there is no room for a paragraph."""

from __future__ import annotations

WOULD_BE = "would be "
"""What stands before a verdict of a rule that is not, or not certainly, in force."""

_FACTS = frozenset({"listed", "none", ""})
"""Not of a rule's making: they stand as they are, whether it is in force or not."""


def standing(verdict: str, status: str) -> str:
    """Return a verdict as it may be said beside a name: "captured", or "would be captured".

    Parameters
    ----------
    verdict
        As if the rule were in force.
    status
        That of the rule on the day: only where it is "in_force" nothing is conditional.
    """
    return verdict if status == "in_force" or verdict in _FACTS else WOULD_BE + verdict


def is_conditional(said: str) -> bool:
    """Whether a standing is only what would be, were the rule in force."""
    return said.startswith(WOULD_BE)


def verdict_in(said: str) -> str:
    """Return the verdict in a standing, as if the rule were in force."""
    return said.removeprefix(WOULD_BE)


def look_of(said: str) -> str:
    """Return the classes by which a standing is styled: "captured", or "captured would-be"."""
    return f"{verdict_in(said)} would-be" if is_conditional(said) else said
