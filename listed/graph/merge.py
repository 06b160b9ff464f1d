"""From the statements of every source to one snapshot.

The rules
---------
* The same value of a strong identifier is the same party; the same name is not.
* A reader's decisions come first: whom he says to be one is one, whom he keeps apart is never joined,
  not even by an identifier; the report tells where the two contradict.
* An entity told by several sources is one row; a party known only as an end gives way to its record.
* A claim told twice by one dataset is one link with both sources; its start is only the day of telling if
  all say so. Claims that differ stay apart:
  which of them holds on a date is decided there (:mod:`listed.graph.stakes`).
* Owner and asset that turn out to be one entity: the link is set aside.

The outcome does not depend on the order in which sources were loaded. Work is done on whole
columns; Python sees only the rows that have a twin.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import fingerprint
from listed.graph.builder import UNNAMED, with_ids
from listed.graph.decisions import NO_DECISIONS, Decisions
from listed.graph.grouping import Groups
from listed.graph.period import START_TOLD
from listed.graph.tables import SCHEMAS, STATEMENT_TABLES, WORD, Tables, complete, empty
from listed.graph.vocabulary import STRONG_SCHEMES

ID_COLUMNS = {
    "entities": ("id",),
    "names": ("entity",),
    "identifiers": ("entity",),
    "addresses": ("entity",),
    "links": ("source", "target"),
    "listings": ("entity",),
}
SAME = {
    "names": ("entity", "text", "kind"),
    "identifiers": ("entity", "scheme", "value"),
    "addresses": ("entity", "text"),
    "links": ("id",),
    "listings": ("entity", "list", "start_date", "end_date"),
    "sources": ("id",),
}
"""Columns that make two rows one."""


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What merging did: rows that became one with another, by table; ids that went into others.

    ``conflicts`` are identifiers that contradict a decision, ``unknown`` ids that decisions name and no
    source does.
    """

    joined: dict[str, int] = field(default_factory=dict)
    merged_ids: int = 0
    own_assets: int = 0
    conflicts: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def merge(datasets: Sequence[tuple[str, Tables]], decisions: Decisions = NO_DECISIONS) -> tuple[Tables, MergeReport]:
    """Merge the tables of datasets into those of a snapshot.

    Parameters
    ----------
    datasets
        Name and tables of each; the order does not matter.
    decisions
        What a reader decided of pairs of ids.

    Returns
    -------
    tables, report
        Entities are sorted by id. A table that needed no change is the very table given.
    """
    ordered = [tables for _, tables in sorted(datasets, key=lambda pair: (pair[0] != "bundled", pair[0]))]
    tables = {name: _stacked([given[name] for given in ordered], name) for name in STATEMENT_TABLES}
    groups, unknown = decided_groups(decisions, tables["entities"])
    tables["merged_ids"] = one_party(tables["identifiers"], tables["entities"], groups)
    if tables["merged_ids"].num_rows:
        tables = _renamed(tables)
    tables, own = _without_own_assets(tables)
    joined: dict[str, int] = {}
    for name, columns in SAME.items():
        key = fingerprint.combined(*(fingerprint.of_text(tables[name][column]) for column in columns))
        tables[name], joined[name] = rows_as_one(tables[name], key)
    entities, joined["entities"] = rows_as_one(tables["entities"], fingerprint.of_text(tables["entities"]["id"]))
    tables["entities"] = _sorted_by_id(entities)
    return tables, MergeReport(joined, tables["merged_ids"].num_rows, own, tuple(groups.conflicts), unknown)


def _stacked(parts: list[pa.Table], name: str) -> pa.Table:
    if not parts:
        return empty(name)
    return parts[0] if len(parts) == 1 else pa.concat_tables(parts).unify_dictionaries()


def decided_groups(decisions: Decisions, entities: pa.Table) -> tuple[Groups, tuple[str, ...]]:
    """Return the groups that a reader decided on, and the ids he names that are not here."""
    named = pa.array(sorted({id_ for decision in decisions for id_ in decision.pair}), pa.string())
    known = set(entities["id"].filter(pc.is_in(entities["id"], named)).to_pylist()) if len(named) else set()
    groups = Groups(decisions.different())
    groups.decide(decision for decision in decisions.same() if decision.pair <= known)
    return groups, tuple(id_ for id_ in named.to_pylist() if id_ not in known)


def one_party(identifiers: pa.Table, entities: pa.Table, groups: Groups) -> pa.Table:
    """Find the ids that share a strong identifier; return each with the id it goes into, and why."""
    strong = identifiers.filter(pc.is_in(identifiers["scheme"].cast(pa.string()), pa.array(sorted(STRONG_SCHEMES))))
    values = pc.utf8_upper(pc.replace_substring_regex(strong["value"], r"[\s-]", ""))
    key = fingerprint.combined(fingerprint.of_text(strong["scheme"]), fingerprint.of_text(values))
    order = np.argsort(key, kind="stable")
    twin = np.flatnonzero(key[order][1:] == key[order][:-1])
    shared = np.union1d(order[twin], order[twin + 1])
    named = strong.select(["entity", "scheme", "value"]).take(pa.array(shared))
    said = dict(zip(shared.tolist(), named.to_pylist(), strict=True))
    for place in twin:
        one, other = said[int(order[place])], said[int(order[place + 1])]
        groups.join(one["entity"], other["entity"], f"same {one['scheme']} {one['value']}")
    return _into(groups, entities)


def _into(groups: Groups, entities: pa.Table) -> pa.Table:
    """Choose of each group the id that stays: a bundled one, else the first in order."""
    several = groups.of_several()
    if not several:
        return empty("merged_ids")
    members = pa.array(sorted({id_ for group in several for id_ in group}))
    known = entities.filter(pc.is_in(entities["id"], members)).select(["id", "dataset"]).to_pylist()
    bundled = {row["id"] for row in known if row["dataset"] == "bundled"}
    rows = []
    for group in several:
        stays = min(group, key=lambda id_: (id_ not in bundled, id_))
        rows += [(id_, stays, groups.reasons.get(id_, "")) for id_ in group if id_ != stays]
    rows.sort()
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(3)]
    return pa.table([columns[0], columns[1], columns[2].cast(WORD)], schema=SCHEMAS["merged_ids"])


def _renamed(tables: Tables) -> Tables:
    """Put the id that stays in the place of each that went into it."""
    old, new = (tables["merged_ids"][name].combine_chunks() for name in ("id", "entity"))
    changed = dict(tables)
    for name, columns in ID_COLUMNS.items():
        for column in columns:
            ids = tables[name][column].combine_chunks()
            place = pc.index_in(ids, value_set=old)
            if place.null_count < len(place):
                stays = pc.if_else(place.is_valid(), new.take(place), ids)
                changed[name] = changed[name].set_column(changed[name].schema.get_field_index(column), column, stays)
    changed["links"] = with_ids(changed["links"])
    changed["listings"] = with_ids(changed["listings"])
    return changed


def _without_own_assets(tables: Tables) -> tuple[Tables, int]:
    links = tables["links"]
    own = pc.equal(links["source"], links["target"])
    count = pc.sum(own).as_py() or 0
    if not count:
        return tables, 0
    gone = links.filter(own)
    ends = pc.binary_join_element_wise(gone["source"], gone["type"].cast(pa.string()), " ")
    columns = {
        "dataset": gone["dataset"],
        "record": gone["record"],
        "reason": pa.array(["owner and asset are the same entity"] * count).dictionary_encode(),
        "text": ends,
    }
    aside = pa.concat_tables([tables["set_aside"], complete("set_aside", columns, count)]).unify_dictionaries()
    return tables | {"links": links.filter(pc.invert(own)), "set_aside": aside}, count


def rows_as_one(table: pa.Table, key: fingerprint.U64) -> tuple[pa.Table, int]:
    """Make rows with one key one row, in the place of the first, and count those that went.

    The sources, flags and topics of all are kept; of an entity the first that is not a
    placeholder, and of several the most telling schema, stays.
    """
    first, inverse, count = _groups(key)
    if len(first) == len(key):
        return table, 0
    twins = np.flatnonzero(count[inverse] > 1)
    groups: dict[int, list[int]] = {}
    for row in twins:
        groups.setdefault(int(inverse[row]), []).append(int(row))
    said = dict(zip(twins.tolist(), table.take(pa.array(twins)).to_pylist(), strict=True))
    whole = [_one([said[row] for row in rows]) for rows in groups.values()]
    alone = np.sort(first[count == 1])
    merged = pa.Table.from_pylist(whole, schema=table.schema)
    order = np.argsort(np.concatenate([alone, [rows[0] for rows in groups.values()]]), kind="stable")
    joined = pa.concat_tables([table.take(pa.array(alone)), merged]).unify_dictionaries()
    return joined.take(pa.array(order)), len(key) - len(first)


def _groups(
    key: fingerprint.U64,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the first row of each distinct key, the group of each row, and each group's size."""
    ordered = np.sort(key)  # a sort is several times quicker than NumPy's table of distinct values
    if (ordered[1:] != ordered[:-1]).all():
        every = np.arange(len(key))
        return every, every, np.ones(len(key), np.int64)
    _, first, inverse, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return first, inverse, count


def _one(rows: list[dict[str, object]]) -> dict[str, object]:
    """Return several rows about one thing as one row."""
    rows = [row for row in rows if not row.get("placeholder")] or rows
    whole = dict(rows[0])
    for column in whole:
        values = [row[column] for row in rows]
        if isinstance(values[0], list):
            words = dict.fromkeys(word for value in values if isinstance(value, list) for word in value)
            # Who dates the beginning says more than who tells only that it had begun.
            if column == "flags" and not all(START_TOLD in row["flags"] for row in rows):  # type: ignore[operator]
                words.pop(START_TOLD, None)
            whole[column] = list(words)
        elif column in ("citation", "licence_requirement", "licence_policy", "remarks"):
            whole[column] = "; ".join(dict.fromkeys(str(value) for value in values if value)) or None
        elif column == "schema":
            whole[column] = next((value for value in values if value not in ("LegalEntity", "Thing")), values[0])
        elif column == "name":
            named = [row for row in rows if UNNAMED not in row["flags"]]  # type: ignore[operator]
            whole[column] = next((row["name"] for row in named if row["name"]), values[0])
        elif column == "properties":
            whole[column] = _properties(values)
        elif whole[column] is None:
            whole[column] = next((value for value in values if value is not None), None)
    return whole


def _properties(values: list[object]) -> str | None:
    pairs = [tuple(pair) for value in values if isinstance(value, str) for pair in json.loads(value)]
    return json.dumps(list(dict.fromkeys(pairs)), ensure_ascii=False) if pairs else None


def _sorted_by_id(entities: pa.Table) -> pa.Table:
    ids = entities["id"].combine_chunks()
    if len(ids) < 2 or pc.all(pc.less(ids[:-1], ids[1:])).as_py():
        return entities
    return entities.take(pc.sort_indices(ids))
