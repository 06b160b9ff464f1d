"""Records grouped into parties, and those that a reader keeps apart.

A union-find (Galler and Fischer 1964) that refuses to join two groups when a pair between them was
decided to be two parties, and remembers what it refused.
"""

from __future__ import annotations

from collections.abc import Iterable

from listed.graph.decisions import Decision


class Groups:
    """Ids in groups.

    Parameters
    ----------
    apart
        Pairs of ids that are never in one group.
    """

    def __init__(self, apart: Iterable[tuple[str, str]] = ()) -> None:
        self.reasons: dict[str, str] = {}
        self.conflicts: dict[str, None] = {}
        self._leader: dict[str, str] = {}
        self._enemies: dict[str, set[str]] = {}
        self._marked: dict[str, set[str]] = {}
        for one, other in apart:
            self._enemies.setdefault(one, set()).add(other)
            self._enemies.setdefault(other, set()).add(one)

    def join(self, one: str, other: str, reason: str) -> bool:
        """Put two ids, and all that are one with them, into one group; return whether that was allowed."""
        a, b = self.leader(one), self.leader(other)
        if a != b:
            if kept := self._kept_apart(a, b):
                direct = kept == {one, other}
                told = "" if direct else f": that would make one of {' and '.join(sorted(kept))}"
                self.conflicts[f"{one} and {other} ({reason}) stay two, as decided{told}"] = None
                return False
            self._leader[b] = a
            if marked := self._members(a) | self._members(b):
                self._marked[a] = marked
        for id_ in (one, other):
            self.reasons.setdefault(id_, reason)
        return True

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Join what was decided to be one."""
        for decision in decisions:
            self.join(decision.one, decision.other, decision.reason)

    def leader(self, id_: str) -> str:
        """Return the id that stands for the group of an id."""
        while (up := self._leader.get(id_, id_)) != id_:
            self._leader[id_] = self._leader.get(up, up)
            id_ = up
        return id_

    def of_several(self) -> list[set[str]]:
        """Return the groups of more than one id."""
        groups: dict[str, set[str]] = {}
        for id_ in [*self._leader, *self._leader.values()]:
            groups.setdefault(self.leader(id_), set()).add(id_)
        return [group for group in groups.values() if len(group) > 1]

    def _members(self, leader: str) -> set[str]:
        """Return those of a group that are kept apart from any other id."""
        return self._marked.get(leader, {leader} if leader in self._enemies else set())

    def _kept_apart(self, one: str, other: str) -> set[str]:
        ours, theirs = self._members(one), self._members(other)
        for mine in sorted(ours):
            if found := sorted(self._enemies[mine] & theirs):
                return {mine, found[0]}
        return set()
