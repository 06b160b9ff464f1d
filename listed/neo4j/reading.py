"""The read-only queries by which a part of a graph is pulled from a database, each with its values as parameters.

Only what the last whole push wrote is read: relationships of somebody else between our entities
are none of the graph's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa

from listed.graph.adjacency import HUB_LINKS, STATE_HUB_LINKS, hubs
from listed.graph.property_graph import LINK_PROPERTIES, LINK_TYPES, LISTED_ON, LISTING_PROPERTIES
from listed.graph.tables import TEXT
from listed.graph.vocabulary import LinkType
from listed.neo4j.columns import GRAPH, NODES, PUSH, read

if TYPE_CHECKING:
    import neo4j

IDS = 2_000
"""Entities, or pairs of them, in one query."""

_ENDS = pa.schema([("source", TEXT), ("target", TEXT)])
_STAKES = f"{LinkType.OWNS}|{LinkType.CONTROLS}"
_ALL = "|".join(LINK_TYPES)


class Known(NamedTuple):
    """What the search must know of an entity.

    Parameters
    ----------
    id, degree
        Its id, and how many links it has.
    hub, listed
        Whether it is a hub, and whether it ever was on one of the lists asked for.
    name, schema, properties, row
        As in the table of entities; ``properties`` only where they may say that it is a hub.
    """

    id: str
    degree: int
    hub: bool
    listed: bool
    name: str | None
    schema: str
    properties: str | None
    row: int


class Holding(NamedTuple):
    """What may be a joint venture of a partner, and all its owners."""

    partner: str
    venture: str
    owners: list[str]


class Reader:
    """Reads of one graph in one transaction.

    Parameters
    ----------
    transaction
        A transaction for reading.
    name, mark
        What the graph is called in the database, and which push it is.
    lists
        Lists that count; all by default.
    types
        Types of link to go over; all by default.
    """

    def __init__(
        self,
        transaction: neo4j.ManagedTransaction,
        name: str,
        mark: str,
        lists: Sequence[str] = (),
        types: Sequence[str] = (),
    ) -> None:
        self._transaction = transaction
        self._given = {"graph": name, "push": mark, "lists": list(lists)}
        # A type's name goes into the text of a query, so it is one of ours and not the user's word.
        self._types = "|".join(one for one in LINK_TYPES if not types or one in types)

    def known(self, ids: Sequence[str]) -> dict[str, Known]:
        """Return what must be known of entities."""
        return {one.id: one for one, _ in self._facts(f"UNWIND $ids AS id MATCH {_one('m', 'id')} WITH m, [] AS met",
                                                      ids)}  # fmt: skip

    def beside(self, ids: Sequence[str], within: int | None = None) -> list[tuple[Known, list[str]]]:
        """Return the entities linked to some, each with those of ``ids`` that it is linked to.

        ``within`` 0 leaves only those ever listed, 1 those and their neighbours.
        """
        text = (
            f"UNWIND $ids AS id MATCH {_one('n', 'id')}-[k:{self._types}]-(m:Entity) WHERE {_ours('k')} "
            "WITH m, collect(DISTINCT id) AS met"
        )
        if within is not None and within < 2:
            near = f"EXISTS {{ (m)-[j:{self._types}]-(x:Entity)-[i:{LISTED_ON}]->(y:List) "
            near += f"WHERE {_ours('j')} AND {_ours('i')} AND {_counts('y')} }}"
            text += f" WHERE {_listed('m')}" + (f" OR {near}" if within else "")
        return self._facts(text, ids)

    def _facts(self, text: str, ids: Sequence[str]) -> list[tuple[Known, list[str]]]:
        """Return what must be known of each ``m`` that a query finds, with its ``met``."""
        wanted = (
            f" RETURN m.id AS id, m.name AS name, m.schema AS schema, m.table_row AS row, met, "
            f"{_degree('m')} AS degree, {_listed('m')} AS listed, "
            "CASE WHEN m.properties_json CONTAINS '\"hub\"' THEN m.properties_json END AS properties"
        )
        rows = self._run(text + wanted, ids=list(ids))
        degree = np.array([row["degree"] for row in rows], np.int64)
        said = pa.table({name: pa.array([row[name] for row in rows], TEXT) for name in ("schema", "properties")})
        hub = hubs(said, degree).tolist()
        return [
            (
                Known(
                    one["id"],
                    one["degree"],
                    is_hub,
                    one["listed"],
                    one["name"],
                    one["schema"],
                    one["properties"],
                    one["row"],
                ),
                one["met"],
            )
            for one, is_hub in zip(rows, hub, strict=True)
        ]

    def way_to_listed(self, start: str, length: int) -> list[str]:
        """Return the entities on one way of so many links to one ever listed, past no hub; none if there is no way."""
        between = [f"m{place}" for place in range(1, length)]
        stops = ["n", *between, "m"]
        links = [f"-[k{place}:{self._types}]-({stop}:Entity)" for place, stop in enumerate(stops[1:])]
        rules = [_ours(f"k{place}") for place in range(length)]
        rules += [f"NOT {_hub(stop)}" for stop in between]
        rules.append(_listed("m"))
        found = ", ".join(f"{stop}.id" for stop in stops[1:])
        text = (
            f"MATCH {_one('n', '$start')}{''.join(links)} WHERE {' AND '.join(rules)} RETURN [{found}] AS way LIMIT 1"
        )
        rows = self._run(text, start=start)
        return list(rows[0]["way"]) if rows else []

    def hands(self, owner: str, assets: Sequence[str]) -> list[tuple[str, str]]:
        """Return what an owner has a stake in that itself has one in some of the assets, with that asset."""
        text = (
            f"UNWIND $ids AS id MATCH {_one('o', '$owner')}-[k:{_STAKES}]->(h:Entity)-[j:{_STAKES}]->{_one('a', 'id')} "
            f"WHERE {_ours('k')} AND {_ours('j')} RETURN DISTINCT h.id AS hand, id AS asset"
        )
        return [(row["hand"], row["asset"]) for row in self._run(text, owner=owner, ids=list(assets))]

    def may_be_ventures(self, partners: Sequence[str]) -> list[Holding]:
        """Return what some hold or held that can be a joint venture: a role says so, or two own a fifth each."""
        text = (
            f"UNWIND $ids AS id MATCH {_one('n', 'id')}-[k:{_STAKES}]->(v:Entity) WHERE {_ours('k')} "
            f"WITH DISTINCT id, v MATCH (o:Entity)-[j:{_STAKES}]->(v) WHERE {_ours('j')} "
            "WITH id, v, collect(DISTINCT o.id) AS owners, "
            "collect(DISTINCT CASE WHEN j.share_min >= 20 THEN o.id END) AS large, "
            "max(CASE WHEN toLower(j.role) CONTAINS 'joint venture' THEN 1 ELSE 0 END) AS said "
            "WHERE size(large) > 1 OR said = 1 RETURN id, v.id AS venture, owners"
        )
        return [Holding(row["id"], row["venture"], row["owners"]) for row in self._run(text, ids=list(partners))]

    # Whole rows, as a pull reads them --------------------------------------------------------------------------------

    def entities(self, ids: Sequence[str]) -> pa.Table:
        """Return all that is said of entities."""
        return self._table(f"UNWIND $ids AS id MATCH {_one('x', 'id')} WHERE x.{PUSH} = $push", NODES["Entity"], ids)

    def sources(self, ids: Sequence[str]) -> pa.Table:
        """Return sources by their ids."""
        text = f"UNWIND $ids AS id MATCH (x:Source {{{GRAPH}: $graph, id: id}}) WHERE x.{PUSH} = $push"
        return self._table(text, NODES["Source"], ids)

    def listings(self, ids: Sequence[str]) -> pa.Table:
        """Return the listings of entities."""
        text = f"UNWIND $ids AS id MATCH {_one('a', 'id')}-[x:{LISTED_ON}]->(b:List) WHERE {_ours('x')}"
        return self._table(text, LISTING_PROPERTIES, ids, "a.id AS s, b.id AS t, ")

    def links(self, pairs: Sequence[tuple[str, str]], columns: pa.Schema = LINK_PROPERTIES) -> dict[str, pa.Table]:
        """Return all links between pairs of entities, in either direction, by type."""
        text = (
            f"UNWIND $pairs AS pair MATCH {_one('a', 'pair[0]')} MATCH {_one('b', 'pair[1]')} "
            f"MATCH (a)-[x:{_ALL}]-(b) WHERE {_ours('x')} "
            f"RETURN type(x) AS type, startNode(x).id AS s, endNode(x).id AS t, {_columns(columns)}"
        )
        rows: dict[str, list[list[Any]]] = {}
        for part in parts(pairs):
            for record in self._transaction.run(text, self._given, pairs=[list(pair) for pair in part]):
                type_, *values = record.values()
                rows.setdefault(type_, []).append(values)
        return {type_: read(found, pa.schema([*_ENDS, *columns])) for type_, found in rows.items()}

    def _table(self, text: str, schema: pa.Schema, ids: Sequence[str], ends: str = "") -> pa.Table:
        whole = pa.schema([*_ENDS, *schema]) if ends else schema
        text = f"{text} RETURN {ends}{_columns(schema)}"
        records = (record for part in parts(ids) for record in self._transaction.run(text, self._given, ids=list(part)))
        return read((record.values() for record in records), whole)

    # To find the entity that is meant --------------------------------------------------------------------------------

    def names(self) -> Iterator[tuple[str, list[str], list[str]]]:
        """Yield the id, the names and the identifiers of every entity."""
        text = f"MATCH (x:Entity) WHERE x.{GRAPH} = $graph AND x.{PUSH} = $push RETURN x.id, x.names, x.identifiers"
        for record in self._transaction.run(text, self._given):
            id_, names, identifiers = record.values()
            yield id_, names or [], identifiers or []

    def mentioning(self, text: str) -> list[str]:
        """Return the entities into which one of a certain id may have gone."""
        query = (
            f"MATCH (x:Entity) WHERE x.{GRAPH} = $graph AND x.{PUSH} = $push "
            "AND x.details_json CONTAINS 'merged_ids' AND toLower(x.details_json) CONTAINS toLower($said) "
            "RETURN x.id AS id"
        )
        return [row["id"] for row in self._run(query, said=text)]

    def lists(self) -> list[str]:
        """Return the ids of the lists that the graph holds listings of."""
        rows = self._run(f"MATCH (x:List) WHERE x.{GRAPH} = $graph AND x.{PUSH} = $push RETURN x.id AS id")
        return sorted(row["id"] for row in rows)

    def _run(self, text: str, **given: Any) -> list[neo4j.Record]:
        return list(self._transaction.run(text, self._given, **given))


def parts(all_: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield a sequence in pieces of :data:`IDS`."""
    for start in range(0, len(all_), IDS):
        yield all_[start : start + IDS]


def _one(variable: str, id_: str) -> str:
    return f"({variable}:Entity {{{GRAPH}: $graph, id: {id_}}})"


def _ours(relationship: str) -> str:
    return f"{relationship}.{GRAPH} = $graph AND {relationship}.{PUSH} = $push"


def _counts(list_: str) -> str:
    return f"(size($lists) = 0 OR {list_}.id IN $lists)"


def _listed(entity: str) -> str:
    return f"EXISTS {{ ({entity})-[l:{LISTED_ON}]->(s:List) WHERE {_ours('l')} AND {_counts('s')} }}"


def _degree(entity: str) -> str:
    return f"COUNT {{ ({entity})-[d:{_ALL}]-() WHERE {_ours('d')} }}"


def _hub(entity: str) -> str:
    """Return the rule of :func:`listed.graph.adjacency.hubs` in Cypher."""
    least = f"CASE WHEN {entity}.schema = 'PublicBody' THEN {STATE_HUB_LINKS} ELSE {HUB_LINKS} END"
    said = " OR ".join(
        f"coalesce({entity}.properties_json, '') CONTAINS '[\"hub\",{space}\"yes\"]'" for space in ("", " ")
    )
    return f"({_degree(entity)} >= {least} OR {said})"


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"x.{field.name} AS p{place}" for place, field in enumerate(schema))
