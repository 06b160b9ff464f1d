"""The part of a graph in a database that a question about paths needs, pulled from around an entity.

First the outline: round by round, who is linked to whom, with no more than each entity's id, its
number of links and whether it was ever listed. Hubs are not gone beyond unless asked. Then, of the
links that lie on a way short enough, what the search must know of them: days, shares, types. At
last, of what an answer tells, the whole rows. The part is a :class:`listed.graph.snapshot.Graph`
on which the queries answer as on the snapshot:

* Every path within the hops is in it, and the least distances that prune the search are the same.
* Hubs are told by their number of links in the database, not by that in the part. Of a hub that
  is not gone beyond, one shortest way on is looked for, so that it is told whether a path was held back.

At most so many links are looked at; what was cut off is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import adjacency
from listed.graph.property_graph import LINK_PROPERTIES, tables_of
from listed.graph.snapshot import Graph
from listed.graph.tables import SCHEMAS, TEXT, WORDS, Tables, no_words
from listed.neo4j.columns import NODES
from listed.neo4j.reading import IDS, Known, Reader, parts

MOST_LINKS = 500_000
"""Links looked at for one question, unless asked for more."""

LONGEST_WAY_ON = 4
"""Links from a hub within which a listed entity is looked for, to tell that a path through it was held back."""

_AT_ONCE = 20_000
"""Links looked at in one query, unless a single entity has more."""

_NEVER = 1 << 20
"""A distance longer than any."""

SEARCHED = pa.schema([
    LINK_PROPERTIES.field(name)
    for name in ("start_earliest", "start_latest", "end_earliest", "end_latest", "share_min", "share_max", "dataset",
                 "basis", "direct", "table_row")
])  # fmt: skip
"""What the search must know of a link."""

_ENDS = ("source", "target")

Distances = Mapping[str, int]
Pair = tuple[str, str]


class Part(Graph):
    """A part of a graph, which knows how many links each entity has in the whole, and which lists that holds."""

    def __init__(
        self, name: str, number: int, datasets: dict[str, Any], tables: Tables, degree: npt.NDArray[np.int64],
        lists: list[str],
    ) -> None:  # fmt: skip
        super().__init__(name, number, datasets, tables, adjacency.build(tables, degree))
        self._degree, self._lists = degree, lists

    def degree(self, row: int) -> int:
        """Return how many links an entity has in the whole graph."""
        return int(self._degree[row])

    def lists(self) -> list[str]:
        """Return the ids of the lists that the whole graph holds listings of."""
        return self._lists


@dataclass(frozen=True, slots=True)
class About:
    """What answers say of the graph that they come from."""

    name: str
    number: int
    datasets: dict[str, Any]


class Around:
    """What is pulled for one question.

    Parameters
    ----------
    reader
        Where from.
    about
        What graph it is.
    hubs
        Whether to go on beyond hubs.
    most
        Links to look at.

    Attributes
    ----------
    links
        How many links were looked at.
    cut_off
        Whether some were not, because they were too many.
    """

    def __init__(self, reader: Reader, about: About, *, hubs: bool = False, most: int = MOST_LINKS) -> None:
        self.reader, self.about, self.hubs, self.most = reader, about, hubs, most
        self.links, self.cut_off = 0, False
        self._known: dict[str, Known] = {}
        self._beside: dict[str, set[str]] = {}
        self._expanded: set[str] = set()
        self._pulled = _Pulled(reader)

    def take(self, ids: Iterable[str]) -> None:
        """Take entities into the part."""
        wanted = sorted(ids)
        self._meet(wanted)
        self._pulled.add([self._known[id_] for id_ in wanted if id_ in self._known], (), whole=True)

    def tell(self, ways: Iterable[Sequence[str]]) -> None:
        """Pull all that is said of the entities and links of some paths."""
        self._pull((pair for way in ways for pair in pairwise(way)), whole=True)

    def graph(self) -> Part:
        """Return the part pulled so far."""
        tables = self._pulled.tables()
        degree = np.array([self._known[id_].degree for id_ in tables["entities"]["id"].to_pylist()], np.int64)
        about = self.about
        return Part(about.name, about.number, about.datasets, tables, degree, self.reader.lists())

    # Paths to listed entities ----------------------------------------------------------------------------------------

    def to_listed(self, start: str, hops: int) -> None:
        """Pull all that lies on paths of so many links from an entity to one ever listed."""
        self._meet([start])
        self._rounds(start, hops, listed=True)
        far = self._distances([start], hops)
        near = self._near_listed(hops)
        if not self.hubs:
            self._lead_on(start, far, near, hops)
            near = self._near_listed(hops)
        kept = {one for one in far if far[one] + near.get(one, _NEVER) <= hops} | {start}
        self._keep(kept, far, near, hops)

    def _near_listed(self, hops: int) -> dict[str, int]:
        return self._distances([one.id for one in self._known.values() if one.listed], hops)

    def _lead_on(self, start: str, far: Distances, near: Distances, hops: int) -> None:
        """Add to the outline one shortest way from each hub on to a listed entity."""
        for hub in [one for one in self._hubs_in(far) if one != start and not self._known[one].listed]:
            longest = min(hops - far[hub], near.get(hub, _NEVER) - 1, LONGEST_WAY_ON)
            for length in range(1, longest + 1):
                if way := self.reader.way_to_listed(hub, length):
                    self._meet(way)
                    for pair in zip([hub, *way], way, strict=False):
                        self._join(*pair)
                    break

    # Paths between two -----------------------------------------------------------------------------------------------

    def between(self, first: str, last: str, hops: int) -> None:
        """Pull all that lies on paths of so many links between two entities: half the way from either."""
        self._meet([first, last])
        half = (hops + 1) // 2
        near = self._rounds(last, half)
        far = self._rounds(first, hops - half)
        # A hub in the very middle is met from here, though it is neither's to go to.
        self._expand([one for one in far if far[one] == hops - half and near.get(one) == half and self._passes(one)])
        self._keep_between(first, last, hops, near)

    def farther(self, first: str, last: str, hops: int) -> None:
        """Pull in addition the hubs over which a path might lead, for where none was found without them."""
        self._rounds(first, hops - 1)
        self._keep_between(first, last, hops, self._distances([last], (hops + 1) // 2))

    def _keep_between(self, first: str, last: str, hops: int, near: Distances) -> None:
        half = (hops + 1) // 2
        far = self._distances([first], hops)
        fringe = sorted(one for one, distance in near.items() if distance == half and self._passes(one))
        # The search takes what is not within half the way for one link further (adjacency.distances).
        unknown = half + 1 if fringe else _NEVER
        starts = {last: 0}
        starts |= {hub: unknown for hub in self._hubs_in(far) if hub not in near and far[hub] + unknown <= hops}
        over = self._distances_over_hubs(starts, hops)
        kept = {one for one in far if far[one] + over.get(one, _NEVER) <= hops} | {first, last}
        self._keep(kept, far, over, hops, [*self._hubs_in(kept), *fringe[:1]], near)

    # The outline -----------------------------------------------------------------------------------------------------

    def _passes(self, id_: str) -> bool:
        return self.hubs or not self._known[id_].hub

    def _hubs_in(self, ids: Iterable[str]) -> list[str]:
        return [] if self.hubs else sorted(one for one in ids if self._known[one].hub)

    def _meet(self, ids: Sequence[str]) -> None:
        for part in parts(sorted(set(ids) - self._known.keys())):
            self._known |= self.reader.known(part)

    def _join(self, one: str, other: str) -> None:
        self._beside.setdefault(one, set()).add(other)
        self._beside.setdefault(other, set()).add(one)

    def _rounds(self, start: str, most: int, *, listed: bool = False) -> dict[str, int]:
        """Go from an entity so many links far; return how far away each one met is.

        With ``listed`` the last rounds look only for those ever listed, and their neighbours.
        """
        far = {start: 0}
        front = [start]
        for step in range(1, most + 1):
            met = self._expand(front, most - step if listed else None)
            reached = sorted(met - far.keys())
            far |= dict.fromkeys(reached, step)
            front = [one for one in reached if self._passes(one)]
        return far

    def _expand(self, front: Sequence[str], left: int | None = None) -> set[str]:
        """Add to the outline what is linked to some; return it."""
        met: set[str] = set()
        for batch in self._batches([one for one in front if one not in self._expanded]):
            for known, from_ in self.reader.beside(batch, left):
                self._known.setdefault(known.id, known)
                for one in from_:
                    self._join(one, known.id)
            if left is None or left > 1:
                self._expanded.update(batch)
            met.update(other for one in batch for other in self._beside.get(one, ()))
        return met.union(*(self._beside.get(one, ()) for one in front if one in self._expanded))

    def _batches(self, front: Sequence[str]) -> Iterator[list[str]]:
        """Yield entities with so many links together as can be looked at in one query, within the bound."""
        batch: list[str] = []
        together = 0
        for one in front:
            links = self._known[one].degree
            if self.links + links > self.most:
                self.cut_off = True
                continue
            self.links += links
            if batch and (together + links > _AT_ONCE or len(batch) == IDS):
                yield batch
                batch, together = [], 0
            batch.append(one)
            together += links
        if batch:
            yield batch

    def _distances(self, ends: Sequence[str], most: int) -> dict[str, int]:
        """Return distances over the outline, as :func:`listed.graph.adjacency.distances` does over a graph."""
        far = dict.fromkeys(ends, 0)
        front = list(ends)
        for step in range(1, most + 1):
            reached = {other for one in front for other in self._beside.get(one, ()) if other not in far}
            far |= dict.fromkeys(reached, step)
            front = [one for one in reached if self._passes(one)]
        return far

    def _distances_over_hubs(self, starts: Distances, most: int) -> dict[str, int]:
        """Return the least of distance and head start from several, over the outline and through hubs."""
        far: dict[str, int] = {}
        front: set[str] = set()
        for step in range(most + 1):
            front |= {one for one, head_start in starts.items() if head_start == step}
            front -= far.keys()
            far |= dict.fromkeys(front, step)
            front = {other for one in front for other in self._beside.get(one, ())}
        return far

    # What is kept of it ----------------------------------------------------------------------------------------------

    def _keep(
        self, kept: set[str], far: Distances, near: Distances, hops: int, led: Sequence[str] | None = None,
        down: Distances | None = None,
    ) -> None:  # fmt: skip
        """Pull the rows of what is kept, and for what is ``led`` (hubs) one shortest way from and to either end."""
        pairs = {
            (one, other)
            for one in kept
            for other in self._beside.get(one, ())
            if other in kept and far.get(one, _NEVER) + 1 + near.get(other, _NEVER) <= hops
        }
        for one in self._hubs_in(kept) if led is None else led:
            for distances in (far, near if down is None else down):
                pairs.update(self._way_down(one, distances))
        self._pull(pairs, kept)

    def _way_down(self, id_: str, distances: Distances) -> Iterator[Pair]:
        """Yield the links of one shortest way to where a distance is measured from, past no hub."""
        while (step := distances.get(id_, 0)) > 0:
            closer = (one for one in self._beside[id_] if distances.get(one) == step - 1)
            next_ = min((one for one in closer if step == 1 or self._passes(one)), default=None)
            if next_ is None:
                return
            yield id_, next_
            id_ = next_

    def _pull(self, pairs: Iterable[Pair], ids: Iterable[str] = (), *, whole: bool = False) -> None:
        """Pull entities, and all links between pairs of them; the end with fewer links stands first."""
        ordered = {
            pair if (self._known[pair[0]].degree, pair[0]) <= (self._known[pair[1]].degree, pair[1]) else pair[::-1]
            for pair in pairs
        }
        met = {*ids, *(one for pair in ordered for one in pair)}
        self._pulled.add([self._known[id_] for id_ in sorted(met)], ordered, whole=whole)

    # What stands beside the ends of paths ----------------------------------------------------------------------------

    def ventures_of(self, partners: Sequence[str]) -> None:
        """Pull what may be a joint venture of some, with all its owners."""
        found = self.reader.may_be_ventures(sorted(set(partners)))
        fitting = []
        for one in found:
            if self.links + len(one.owners) > self.most:
                self.cut_off = True
                continue
            self.links += len(one.owners)
            fitting.append(one)
        pairs = {(owner, one.venture) for one in fitting for owner in one.owners}
        self._meet([one for pair in pairs for one in pair])
        self._pull(pairs, whole=True)

    def hands_of(self, owner: str, assets: Sequence[str]) -> None:
        """Pull what an owner may hold its stakes in some assets through."""
        found = self.reader.hands(owner, sorted(set(assets)))
        pairs = {pair for hand, asset in found for pair in ((owner, hand), (hand, asset))}
        pairs |= {(owner, asset) for asset in assets}
        self._meet([one for pair in pairs for one in pair])
        self._pull(pairs, whole=True)


class _Pulled:
    """What was pulled: for the search little of each row, and the whole of those that are told."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, Known] = {}
        self._told: set[str] = set()
        self._pairs: dict[bool, set[Pair]] = {False: set(), True: set()}
        self._entities: list[pa.Table] = []
        self._listings: list[pa.Table] = []
        self._sources: list[pa.Table] = [NODES["Source"].empty_table()]
        self._links: dict[bool, dict[str, list[pa.Table]]] = {False: {}, True: {}}
        self._with_listings: set[str] = set()
        self._cited: set[str] = set()

    def add(self, entities: Sequence[Known], pairs: Iterable[Pair], *, whole: bool) -> None:
        """Pull entities with their listings, and the links between pairs of them."""
        self._known |= {one.id: one for one in entities}
        listed = sorted({one.id for one in entities if whole or one.listed} - self._with_listings)
        self._with_listings.update(listed)
        self._listings += [self._reader.listings(listed)] * bool(listed)
        between = sorted(set(pairs) - self._pairs[True] - self._pairs[whole])
        self._pairs[whole].update(between)
        for type_, rows in self._reader.links(between, LINK_PROPERTIES if whole else SEARCHED).items():
            self._links[whole].setdefault(type_, []).append(rows if whole else filled(rows, LINK_PROPERTIES, _ENDS))
        if whole:
            self._tell([one.id for one in entities])

    def _tell(self, ids: Iterable[str]) -> None:
        new = sorted(set(ids) - self._told)
        self._told.update(new)
        self._entities += [self._reader.entities(new)] * bool(new)
        said = (rows["sources"] for tables in self._links[True].values() for rows in tables)
        cited = sorted({id_ for column in said for some in column.to_pylist() for id_ in some or ()} - self._cited)
        self._cited.update(cited)
        self._sources += [self._reader.sources(cited)] * bool(cited)

    def tables(self) -> Tables:
        """Return what was pulled as the tables of a graph."""
        nodes = {"Entity": self._all_entities(), "Source": pa.concat_tables(self._sources)}
        types = sorted({*self._links[False], *self._links[True]})
        links = {type_: self._all_links(type_) for type_ in types}
        listings = pa.concat_tables(self._listings) if self._listings else None
        return tables_of(nodes, links, listings) | {"set_aside": SCHEMAS["set_aside"].empty_table()}

    def _all_entities(self) -> pa.Table:
        rest = [one for id_, one in self._known.items() if id_ not in self._told]
        columns = {
            "id": pa.array([one.id for one in rest], TEXT),
            "name": pa.array([one.name for one in rest], TEXT),
            "schema": pa.array([one.schema for one in rest], TEXT),
            "properties_json": pa.array([one.properties for one in rest], TEXT),
            "table_row": pa.array([one.row for one in rest], pa.int64()),
        }
        return pa.concat_tables([filled(pa.table(columns), NODES["Entity"]), *self._entities])

    def _all_links(self, type_: str) -> pa.Table:
        told, searched = (self._links[whole].get(type_, []) for whole in (True, False))
        rows = pa.array([row for table in told for row in table["table_row"].to_pylist()], pa.int64())
        rest = [table.filter(pc.invert(pc.is_in(table["table_row"], value_set=rows))) for table in searched]
        return pa.concat_tables([*told, *rest])


def filled(rows: pa.Table, schema: pa.Schema, ends: Sequence[str] = ()) -> pa.Table:
    """Return rows with all properties: nothing, or an empty list, where they were not read."""
    size = rows.num_rows
    columns = [
        rows[field.name]
        if field.name in rows.column_names
        else no_words(size)
        if field.type == WORDS
        else pa.nulls(size, field.type)
        for field in schema
    ]
    return pa.table([*(rows[end] for end in ends), *columns], names=[*ends, *schema.names])
