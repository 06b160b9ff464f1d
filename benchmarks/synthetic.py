"""A made-up graph with the degrees of real ones: few hubs, many entities with a link or two.

Drawn with a fixed seed, so that two runs measure the same graph.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

I64 = npt.NDArray[np.int64]

SEED = 20_240_611
TYPES = ("OWNS", "INVESTED_IN", "PARTNERS_WITH")
TABLES = ("entities", "stakes", "listings")

_STEEP = 0.78
"""Exponent of a rank's weight: at two million links the first hub then has tens of thousands."""

_FIRST_DAY, _LAST_DAY = np.datetime64("1995-01-01", "D"), np.datetime64("2024-12-31", "D")
_COUNTRIES = ("cn", "hk", "ru", "ir", "us", "de", "sg", "")
_SCHEMATA = ("Company", "Organization", "LegalEntity", "Person")
_LISTS = ("US-BIS-EL", "US-OFAC-SDN", "US-DOW-1260H")
_PLACES = ("Beijing", "Shenzhen", "Moscow", "Tehran", "Hong Kong", "Xinjiang", "Hangzhou", "Almaty")
_TRADES = ("Technology", "Trading", "Investment", "Electronics", "Holdings", "Optics", "Logistics", "Capital")
_SYLLABLES = ("ba", "chen", "dao", "fei", "gor", "hua", "jin", "kan", "lu", "min", "nov", "ost", "ping", "rui", "sha",
              "tang")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Synthetic:
    """The tables, and the same links as numbers for the peers that take no tables.

    Parameters
    ----------
    entities
        How many.
    tables
        As the ``table`` loader reads them, by name.
    source, target
        ``(m,)`` row of each link's owner and asset among the entities.
    listed
        Rows of the entities on a list.
    """

    entities: int
    tables: dict[str, pa.Table]
    source: I64
    target: I64
    listed: I64


def make(entities: int, links: int, listed: int) -> Synthetic:
    """Return a graph of so many entities, links and listed entities."""
    rng = np.random.default_rng(SEED)
    source, target = _ends(rng, entities, links)
    # The listed are drawn among all alike: most have few links, as most on the real lists do.
    on_list = np.sort(rng.choice(entities, listed, replace=False))
    ids = _ids(entities)
    tables = {
        "entities": _entities(rng, ids),
        "stakes": _stakes(rng, ids, source, target),
        "listings": _listings(rng, ids, on_list),
    }
    return Synthetic(entities, tables, source, target, on_list)


def write(graph: Synthetic, folder: Path) -> dict[str, list[str]]:
    """Write the tables twice; return the paths of the CSV and of the Parquet files."""
    paths = {kind: [str(folder / f"{name}.{kind}") for name in TABLES] for kind in ("csv", "parquet")}
    for name, plain, packed in zip(TABLES, paths["csv"], paths["parquet"], strict=True):
        pa_csv.write_csv(graph.tables[name], plain, pa_csv.WriteOptions(quoting_style="needed"))
        pq.write_table(graph.tables[name], packed, compression="zstd")
    return paths


def _ends(rng: np.random.Generator, entities: int, links: int) -> tuple[I64, I64]:
    """Draw both ends of each link by the weight of their ranks, no link twice and none to itself."""
    weight = np.arange(1, entities + 1, dtype=np.float64) ** -_STEEP
    cumulative = np.cumsum(weight)
    cumulative /= cumulative[-1]
    # Rank and number must not go together, or the hubs would all come first by id.
    by_rank = rng.permutation(entities)
    pairs = np.zeros(0, np.int64)
    while len(pairs) < links:
        missing = links - len(pairs)
        owner = by_rank[np.searchsorted(cumulative, rng.random(missing * 9 // 8 + 16))]
        # One end in two is anyone, so that most entities hang on a hub rather than on each other.
        asset = by_rank[np.searchsorted(cumulative, rng.random(len(owner)))]
        anyone = rng.random(len(owner)) < 0.5
        asset[anyone] = rng.integers(0, entities, int(anyone.sum()))
        fresh = (owner * entities + asset)[owner != asset]
        pairs = np.unique(np.concatenate([pairs, fresh]))
        if len(pairs) > links:
            pairs = rng.choice(pairs, links, replace=False)
    rng.shuffle(pairs)
    return pairs // entities, pairs % entities


def _ids(entities: int) -> pa.Array:
    # In order as texts, too: so a merge leaves them.
    width = max(len("1000000"), len(str(entities - 1)))
    numbers = pc.utf8_lpad(pa.array(np.arange(entities)).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise("e", numbers, "")


def _words(rng: np.random.Generator, words: Sequence[str], rows: int) -> pa.Array:
    return pa.array(words).take(pa.array(rng.integers(0, len(words), rows)))


def _days(rng: np.random.Generator, rows: int) -> npt.NDArray[np.datetime64]:
    span = int((_LAST_DAY - _FIRST_DAY).astype(np.int64))
    return _FIRST_DAY + rng.integers(0, span, rows)


def _entities(rng: np.random.Generator, ids: pa.Array) -> pa.Table:
    rows = len(ids)
    stem = pc.binary_join_element_wise(*(_words(rng, _SYLLABLES, rows) for _ in range(3)), "")
    parts = (_words(rng, _PLACES, rows), pc.utf8_title(stem), _words(rng, _TRADES, rows), "Co., Ltd.")
    return pa.table({
        "id": ids,
        "name": pc.binary_join_element_wise(*parts, " "),
        "schema": _words(rng, _SCHEMATA, rows),
        "country": _words(rng, _COUNTRIES, rows),
    })  # fmt: skip


def _stakes(rng: np.random.Generator, ids: pa.Array, source: I64, target: I64) -> pa.Table:
    rows = len(source)
    start = _days(rng, rows)
    # A fifth is over: such links must not count today.
    over = rng.random(rows) < 0.2
    end = np.minimum(start + rng.integers(30, 4000, rows), _LAST_DAY)
    percent = pa.array(rng.integers(1, 10_000, rows) / 100).cast(pa.string())
    share = pc.binary_join_element_wise(percent, "%", "")
    unknown = rng.random(rows) < 0.3
    return pa.table({
        "owner_id": ids.take(pa.array(source)),
        "asset_id": ids.take(pa.array(target)),
        "share": pc.if_else(pa.array(unknown), pa.scalar(None, pa.string()), share),
        "type": pa.array(TYPES).take(pa.array(rng.choice(3, rows, p=(0.6, 0.25, 0.15)))),
        "start": pa.array(start).cast(pa.string()),
        "end": pc.if_else(pa.array(over), pa.array(end).cast(pa.string()), pa.scalar(None, pa.string())),
    })  # fmt: skip


def _listings(rng: np.random.Generator, ids: pa.Array, listed: I64) -> pa.Table:
    rows = len(listed)
    numbers = pa.array(rng.integers(10_000, 99_999, rows)).cast(pa.string())
    return pa.table({
        "entity_id": ids.take(pa.array(listed)),
        "list": _words(rng, _LISTS, rows),
        "start": pa.array(_days(rng, rows)).cast(pa.string()),
        "citation": pc.binary_join_element_wise("89 FR", numbers, " "),
    })  # fmt: skip
