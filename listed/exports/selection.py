"""What of a graph is exported: all of it, or what stands around an entity; as of a day, or with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.errors import QueryError
from listed.graph.counted import counted
from listed.graph.snapshot import Graph
from listed.graph.tables import Tables, day_number, empty
from listed.queries.resolve import find

HOPS = 2
"""How far from an entity a selection reaches unless told otherwise."""

_ABOUT_ENTITIES = ("names", "identifiers", "addresses", "merged_ids", "listings")
_CITING = ("entities", "names", "identifiers", "addresses", "links", "listings")


@dataclass(frozen=True, slots=True)
class Selection:
    """Tables to export, and in words what was selected and left out; no words for a whole graph."""

    tables: Tables
    told: tuple[str, ...] = ()


def select(graph: Graph, of: str = "", hops: int = HOPS, as_of: date | None = None, *, hubs: bool = False) -> Selection:
    """Return the tables of what is asked for.

    Parameters
    ----------
    graph
        The snapshot.
    of
        An entity (an id, an identifier or a name): only what is within ``hops`` links of it, and every
        link between those. Without it: all.
    hops
        How many links from it.
    as_of
        Only links and listings that may hold on that day; without it, past ones too.
    hubs
        Whether to go on through hubs, which are reached, but not passed through otherwise.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``of`` is no one entity.
    QueryError
        If ``hops`` is negative.
    """
    if hops < 0:
        raise QueryError(f"--hops {hops}: not fewer than 0")
    tables, told = graph.tables, list[str]()
    if as_of is not None:
        tables, told = _on(tables, as_of)
    if not of:
        return Selection(tables, tuple(told))
    start = find(graph, of)
    chosen, held_back = _around(graph, start, hops, as_of, hubs=hubs)
    selected = _part(tables, chosen)
    what = f"what is within {counted(hops, 'links')} of {graph.name_of(start)} [{graph.id_of(start)}]"
    told.insert(0, f"{what}: {selected['entities'].num_rows:,} of {tables['entities'].num_rows:,} entities")
    if held_back:
        names = ", ".join(graph.name_of(row) for row in held_back[:5])
        more = f" and {len(held_back) - 5:,} more" if len(held_back) > 5 else ""
        told.append(f"not passed through, being hubs: {names}{more} (--hubs goes on through them)")
    return Selection(selected, tuple(told))


def _on(tables: Tables, day: date) -> tuple[Tables, list[str]]:
    """Return the tables with those links and listings alone that may hold on a day."""
    kept, told = dict(tables), [f"as of {day}"]
    for name in ("links", "listings"):
        rows = tables[name]
        begun = pc.fill_null(pc.less_equal(rows["start_earliest"], pa.scalar(day)), fill_value=True)
        going = pc.fill_null(pc.greater_equal(rows["end_latest"], pa.scalar(day)), fill_value=True)
        kept[name] = rows.filter(pc.and_(begun, going))
        if left := rows.num_rows - kept[name].num_rows:
            told.append(f"{counted(left, name)} left out that {'does' if left == 1 else 'do'} not hold on that day")
    return kept, told


def _around(
    graph: Graph, start: int, hops: int, day: date | None, *, hubs: bool
) -> tuple[npt.NDArray[np.bool_], list[int]]:
    """Return which entities are within so many links of one, and the hubs that were not passed through."""
    arrays = graph.arrays
    seen = np.zeros(arrays.size, np.bool_)
    seen[start] = True
    front, held_back = np.array([start]), list[int]()
    number = None if day is None else day_number(day)
    for step in range(hops):
        if not hubs and step:
            held_back += front[arrays.hub[front]].tolist()
            front = front[~arrays.hub[front]]
        lengths = arrays.first[front + 1] - arrays.first[front]
        arcs = np.repeat(arrays.first[front] - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        if number is not None:
            arcs = arcs[_may_hold(graph, arrays.link[arcs], number)]
        reached = np.unique(arrays.neighbour[arcs])
        front = reached[~seen[reached]]
        seen[front] = True
        if not len(front):
            break
    return seen, held_back


def _may_hold(graph: Graph, links: npt.NDArray[np.int32], day: int) -> npt.NDArray[np.bool_]:
    arrays = graph.arrays
    return np.asarray((arrays.start_earliest[links] <= day) & (arrays.end_latest[links] >= day), np.bool_)


def _part(tables: Tables, chosen: npt.NDArray[np.bool_]) -> Tables:
    """Return the tables of some entities, the links between them, and the sources these cite."""
    part = dict(tables)
    part["entities"] = tables["entities"].filter(pa.array(chosen))
    ids = part["entities"]["id"].combine_chunks()
    for name in _ABOUT_ENTITIES:
        part[name] = tables[name].filter(pc.is_in(tables[name]["entity"], value_set=ids))
    ends = (pc.is_in(tables["links"][end], value_set=ids) for end in ("source", "target"))
    part["links"] = tables["links"].filter(pc.and_(*ends))
    cited = pa.concat_arrays([pc.list_flatten(part[name]["sources"]).combine_chunks() for name in _CITING])
    part["sources"] = tables["sources"].filter(pc.is_in(tables["sources"]["id"], value_set=cited.unique()))
    part["set_aside"] = empty("set_aside")
    return part
