"""What only the end of the load can tell, because objects may name others that come after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph import fingerprint
from listed.graph.model import Entity, Name, SetAside, Statement
from listed.graph.share import Share
from listed.graph.tables import TEXT, WORDS, Batch, share_columns
from listed.graph.vocabulary import LinkType
from listed.loaders.ftm.chunk import STANDS_FOR_MANY, Chunk, Cited, Later, Puzzle
from listed.loaders.ftm.edges import add_edges
from listed.loaders.ftm.gathered import Gathered
from listed.loaders.ftm.objects import add_entity
from listed.loaders.ftm.values import share_of
from listed.loaders.ftm.vocabulary import Schema

DOUBTFUL = "a fraction or a percentage?"
SEVERAL_OWNERS = "owners of one stake"
NOT_HERE = "id: named only as an end; not in the file"


def is_in(values: list[str], ids: fingerprint.U64) -> list[bool]:
    """Tell of each text whether it is among ids, given by their sorted fingerprints."""
    return [bool(one) for one in _among(fingerprint.of_text(pa.array(values, TEXT)), ids)]


def _among(keys: fingerprint.U64, ids: fingerprint.U64) -> npt.NDArray[np.bool_]:
    if not len(ids):
        return np.zeros(len(keys), np.bool_)
    return np.asarray(ids[np.minimum(np.searchsorted(ids, keys), len(ids) - 1)] == keys)


def solve(puzzle: Puzzle, chunk: Chunk, ids: fingerprint.U64) -> None:
    """Add an object of a schema we do not know: a link if two of its properties name entities, else an entity."""
    record = puzzle.record
    ends = sorted(key for key, values in record.properties.items() if values and all(is_in(values, ids)))
    if len(ends) < 2:
        add_entity(chunk, record, puzzle.line, puzzle.flags)
        return
    source, target = ends[:2]
    schema = Schema(record.schema, "edge", source, target, LinkType.LINKED_TO, record.schema)
    said = f"schema: {record.schema} is not one we know; its ends are taken from {source} and {target}"
    edges = Gathered()
    edges.add(record, puzzle.line, chunk.cited_by(record), (*puzzle.flags, said))
    add_edges(chunk, schema, edges)


def missing_holders(later: Later, ids: fingerprint.U64) -> Iterator[Statement]:
    """Yield a placeholder for each holder of a paper that is not in the file."""
    holders = list(later.holders)
    for holder, here in zip(holders, is_in(holders, ids), strict=True):
        if not here:
            yield Statement(Entity(holder, placeholder=True), later.holders[holder], flags=(NOT_HERE,))


def addresses(later: Later, named: fingerprint.U64) -> Iterator[Batch | SetAside | Statement]:
    """Yield the addresses of the entities that have one, and what is left over.

    Parameters
    ----------
    named
        Fingerprints of whatever a listing or link names, sorted: an address can be listed itself.
    """
    ids = pa.array([place.id for place in later.places], TEXT)
    texts = pa.array([place.text for place in later.places], TEXT)
    countries = pa.array([place.country or None for place in later.places], TEXT).dictionary_encode()
    lived = np.zeros(len(ids), np.bool_)
    while later.tenancies:
        tenancies = later.tenancies.pop(0)
        place = pc.index_in(tenancies["place"].combine_chunks(), value_set=ids)
        for row in tenancies.filter(place.is_null()).to_pylist():
            yield SetAside(row["entity"], "an address that is not in the file", row["place"])
        here, place = tenancies.filter(place.is_valid()), place.drop_null()
        lived[place.to_numpy()] = True
        columns = {"entity": here["entity"], "text": texts.take(place), "country": countries.take(place),
                   "sources": here["sources"]}  # fmt: skip
        yield Batch("addresses", pa.table(columns))
    for one, is_party, is_lived in zip(later.places, is_in(ids.to_pylist(), named), lived, strict=True):
        if is_party:
            names = (Name(one.text),) if one.text else ()
            country = (one.country,) if one.country else ()
            yield Statement(Entity(one.id, names, "Address", country), one.sources, one.record)
        elif not is_lived:
            yield SetAside(one.record, "an address that no entity of the file has", f"{one.id} {one.text}")


def in_percent(links: pa.Table, cited: Cited) -> pa.Table:
    """Read as percentages the bare numbers up to 1 of those who elsewhere give numbers above 1.

    Who gives none above 1 may count in fractions, and his numbers stay unknown, flagged.
    """
    doubtful = pc.list_flatten(links["flags"]).to_pylist()
    if not any(flag.endswith(DOUBTFUL) for flag in doubtful):
        return links
    rows = links.select(["share_text", "flags", "sources"]).to_pylist()
    shares: dict[int, Share] = {}
    for place, row in enumerate(rows):
        publishers = cited.datasets.intersection(row["sources"])
        if any(flag.endswith(DOUBTFUL) for flag in row["flags"]) and publishers and publishers <= cited.in_percent:
            share, _ = share_of((row["share_text"],), "percent")
            several = any(flag.endswith(SEVERAL_OWNERS) for flag in row["flags"])
            shares[place] = replace(share, low=0, low_open=False) if several and share.known else share
            row["flags"] = [flag for flag in row["flags"] if not flag.endswith(DOUBTFUL)]
    return _with_shares(links, rows, shares) if shares else links


def _with_shares(links: pa.Table, rows: list[dict[str, Any]], shares: dict[int, Share]) -> pa.Table:
    """Put shares in the place of those of some rows, with the flags that ``rows`` have now."""
    places = list(shares)
    mask = np.zeros(len(rows), np.bool_)
    mask[places] = True
    columns: dict[str, pa.Array] = {}
    for name, values in share_columns([shares[place] for place in places]).items():
        old = links[name].combine_chunks()
        columns[name] = pc.replace_with_mask(_plain(old), pa.array(mask), _plain(values))
    columns["flags"] = pa.array([row["flags"] for row in rows], WORDS)
    for name, column in columns.items():
        links = links.set_column(links.schema.get_field_index(name), name, column)
    return links


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def of_several(tables: Sequence[pa.Table], unnamed: dict[str, Entity]) -> dict[str, Entity]:
    """Return those of some owners that own several assets."""
    owned: dict[str, set[str]] = {}
    for links in tables if unnamed else ():
        theirs = links.filter(pc.is_in(links["source"], value_set=pa.array(list(unnamed), TEXT)))
        for owner, asset in zip(theirs["source"].to_pylist(), theirs["target"].to_pylist(), strict=True):
            owned.setdefault(owner, set()).add(asset)
    return {id_: unnamed[id_] for id_, assets in owned.items() if len(assets) > 1}


def apart(links: pa.Table, unnamed: dict[str, Entity]) -> tuple[pa.Table, list[Statement]]:
    """Give each asset of an owner that stands for many ("employees") a placeholder of its own.

    Parameters
    ----------
    unnamed
        Those owners by their ids.
    """
    holders = links["source"].to_pylist()
    if unnamed.keys().isdisjoint(holders):
        return links, []
    told: dict[str, Statement] = {}
    rows = links.select(["target", "sources", "record"]).to_pylist()
    for place, (holder, row) in enumerate(zip(holders, rows, strict=True)):
        if holder in unnamed:
            own = replace(unnamed[holder], id=f"{holder}@{row['target']}", placeholder=True)
            holders[place] = own.id
            told.setdefault(own.id, Statement(own, tuple(row["sources"]), row["record"], (STANDS_FOR_MANY,)))
    place = links.schema.get_field_index("source")
    return links.set_column(place, "source", pa.array(holders, TEXT)), list(told.values())


def flagged(links: pa.Table, unowned: dict[str, fingerprint.U64]) -> pa.Table:
    """Flag the stakes in what nobody should own.

    Parameters
    ----------
    unowned
        By schema, the sorted fingerprints of its entities.
    """
    owns = pc.equal(links["type"].combine_chunks().cast(TEXT), LinkType.OWNS.value).to_numpy(zero_copy_only=False)
    owned = np.flatnonzero(owns)
    keys = fingerprint.of_text(links["target"].combine_chunks().take(pa.array(owned)))
    said = {
        int(row): f"asset: {'an' if schema[0] in 'AEIOU' else 'a'} {schema}"
        for schema, ids in unowned.items()
        for row in owned[_among(keys, ids)]
    }
    if not said:
        return links
    flags = [[*given, *([said[row]] if row in said else [])] for row, given in enumerate(links["flags"].to_pylist())]
    return links.set_column(links.schema.get_field_index("flags"), "flags", pa.array(flags, WORDS))
