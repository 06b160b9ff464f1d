"""Listings as ``Sanction`` objects. Their dataset is the list's, so that it reads back as the same list."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.citations import Citations
from listed.exports.ftm.ids import Ids
from listed.exports.text_columns import CHUNK, Objects, distinct_prefix, joined, json_text, plain
from listed.exports.told import Told, days_told
from listed.graph.tables import TEXT, Tables
from listed.graph.vocabulary import LISTS

_PROGRAMS = {"US-BIS-EL": "US-BIS-EL", "US-BIS-MEU": "US-BIS-MEU", "US-BIS-UVL": "US-BIS-UVL",
             "US-BIS-DPL": "US-BIS-DPL", "US-OFAC-SSI": "US-SSI", "US-OFAC-NS-CMIC": "US-NS-CMIC",
             "US-OFAC-NS-MBS": "US-NS-MBS", "US-OFAC-NS-PLC": "US-NS-PLC", "US-OFAC-CAPTA": "US-CAPTA",
             "US-OFAC-FSE": "US-FSE", "US-STATE-ISN": "US-DOS-ISN", "US-STATE-DTC": "US-DDTC-SD",
             "US-DOW-1260H": "US-DOD-1260H", "US-DHS-UFLPA": "US-UFLPA"}  # fmt: skip
"""Ids that OpenSanctions has given to the programmes that are these lists."""


def listing_lines(tables: Tables, ids: Ids, told: Told) -> Iterator[pa.Array]:
    """Yield the objects of the listings, a line each."""
    prefix = distinct_prefix("listing", ids.written).replace(":", "-")
    citations = Citations(tables["sources"])
    entity = ids.of(tables["listings"]["entity"])
    for start in range(0, tables["listings"].num_rows, CHUNK):
        rows = tables["listings"].slice(start, CHUNK).combine_chunks()
        list_ = plain(rows["list"])
        told.lose_starts_told(rows, "listings")
        objects = Objects(rows.num_rows)
        objects.column("entity", entity.slice(start, CHUNK))
        objects.column("authority", _worded(list_, LISTS, lambda id_: id_))
        objects.column("programId", _worded(list_, _PROGRAMS, lambda _: None))
        programs = rows["programs"].combine_chunks()
        objects.add("program", pc.list_parent_indices(programs).to_numpy(), plain(programs.flatten()))
        objects.column("authorityId", plain(rows["citation"]))
        objects.column("reason", plain(rows["licence_requirement"]))
        objects.column("provisions", plain(rows["licence_policy"]))
        objects.column("summary", plain(rows["remarks"]))
        objects.column("summary", days_told(rows))
        objects.column("startDate", plain(rows["start_date"]))
        objects.column("endDate", plain(rows["end_date"]))
        objects.add("sourceUrl", *citations.cited(rows["sources"], "url"))
        yield joined(
            f'{{"id":"{prefix}', rows["id"].combine_chunks(), '","schema":"Sanction","properties":{',
            objects.written(), '},"datasets":[', json_text(_worded(list_, {}, dataset_of)), "]}\n",
        )  # fmt: skip


def _worded(column: pa.Array, words: dict[str, str], otherwise: object) -> pa.Array:
    distinct = column.unique()
    said = [words.get(one) or otherwise(one) for one in distinct.to_pylist()]  # type: ignore[operator]
    return pa.array(said, TEXT).take(pc.index_in(column, value_set=distinct))


def dataset_of(list_: str) -> str:
    """Return the name of a list's dataset: ``US-OFAC-SDN`` is ``us_ofac_sdn``."""
    return re.sub(r"\W+", "_", list_.lower()).strip("_") or "unnamed"
