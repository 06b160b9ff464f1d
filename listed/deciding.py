"""Decide that two entities are one party or two, and take it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from listed.errors import QueryError
from listed.graph.decisions import Decision, Decisions, Verdict, place_of, read_decisions, write_decisions
from listed.graph.snapshot import Graph, open_graph
from listed.graph.store import Store
from listed.loading import BUNDLED, default_folder, remerge
from listed.queries.resolve import find


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """What a decision did.

    Parameters
    ----------
    one, other
        The ids decided on, with their names.
    one_name, other_name
        What they are called.
    decision
        "same", "different", or "undone".
    changed
        Whether it was not decided so before.
    snapshot
        Number of the snapshot that holds it.
    merged_ids
        Entities of the whole graph that are part of another.
    conflicts
        Where a strong identifier or another decision contradicts; what keeps two apart holds.
    unknown
        Ids that earlier decisions name and no loaded source does.
    file
        Where the decisions are kept.
    """

    one: str
    one_name: str
    other: str
    other_name: str
    decision: str
    changed: bool
    snapshot: int
    merged_ids: int
    conflicts: tuple[str, ...]
    unknown: tuple[str, ...]
    file: str


def decide(
    one: str,
    other: str,
    verdict: Verdict | None = None,
    *,
    graph: str | Path | None = None,
    decisions: str | Path | None = None,
    by: str = "",
    note: str = "",
    undo: bool = False,
) -> DecisionReport:
    """Record that two entities are one party, or two; merge anew and publish a snapshot that says so.

    Parameters
    ----------
    one, other
        Ids, identifiers or names. The id of a record that went into another stands for that record, so
        that what an identifier joined can be parted.
    verdict
        "same" or "different"; none to undo.
    graph
        The folder of the graph; the user's own by default.
    decisions
        The file to keep decisions in; by default ``decisions.csv`` in the folder of the graph.
    by, note
        Who decided, and why.
    undo
        Take back what was decided of the two.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If one of the two is not exactly one entity.
    QueryError
        If the two are one record, if there is nothing to undo, or the graph is the bundled one.
    GraphNotFoundError, GraphLockedError, InputError
        If there is no graph, another process is writing to it, or the file cannot be read.
    """
    if undo == (verdict is not None):
        raise QueryError("decide that the two are the same, or different, or undo it: one of the three")
    if str(graph) == BUNDLED:
        raise QueryError("the bundled graph stays as it is; load it into yours (listed load bundled) and decide there")
    store = Store(Path(graph) if graph is not None else default_folder())
    opened = open_graph(store.root)
    pair = (_record(opened, one), _record(opened, other))
    if pair[0] == pair[1]:
        raise QueryError(f"{one} and {other} are one record, {pair[0]}")
    place = place_of(store.root, decisions)
    with store.writing() as draft, _kept(store, place) as before:
        # Not so where a decision was killed before its snapshot was there, or the file was edited.
        held = store.manifest().get("decisions", "") == before.digest
        after = _decided(before, pair, verdict, by, note, held=held)
        changed = after is not before or not held
        if after is not before:
            write_decisions(place, after)
        number, report = remerge(draft, after) if changed else (opened.number, None)
    later = open_graph(store.root)
    # Each has a name of its own only where the two are apart.
    names = [_name(opened if verdict == "same" else later, id_) for id_ in pair]
    merged = later.tables["merged_ids"].num_rows
    conflicts, unknown = (report.conflicts, report.unknown) if report else ((), ())
    return DecisionReport(pair[0], names[0], pair[1], names[1], verdict or "undone", changed, number, merged,
                          conflicts, unknown, str(place))  # fmt: skip


@contextmanager
def _kept(store: Store, place: Path) -> Iterator[Decisions]:
    """Give the decisions made so far; put them back if what follows fails before its snapshot is there."""
    before = read_decisions(place)
    try:
        yield before
    except BaseException:
        after = read_decisions(place)
        published = store.manifest().get("decisions", "") == after.digest != before.digest
        if after != before and not published:
            write_decisions(place, before)
        raise


def _decided(
    before: Decisions, pair: tuple[str, str], verdict: Verdict | None, by: str, note: str, *, held: bool
) -> Decisions:
    """Return the decisions with the new one; the very same if it says nothing new."""
    old = before.of(*pair)
    if verdict is None:
        if old is None and not held:
            return before
        if old is None:
            raise QueryError(f"nothing was decided about {pair[0]} and {pair[1]}")
        return before.without(*pair)
    if old is not None and (old.decision, old.note) == (verdict, note or old.note):
        return before
    day = datetime.now(UTC).date().isoformat()
    return before.with_one(Decision(*pair, verdict, by, day, note))


def _record(graph: Graph, asked: str) -> str:
    """Return the id of a record: as given if it is one, else of the entity that is meant."""
    asked = asked.strip()
    return asked if graph.row_of(asked) is not None else graph.id_of(find(graph, asked))


def _name(graph: Graph, id_: str) -> str:
    row = graph.row_of(id_)
    return id_ if row is None else graph.name_of(row)
