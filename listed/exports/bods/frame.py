"""What stands around the details of every statement: its number, its record, who publishes it and who says so."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listed import __version__
from listed.exports.citations import Citations
from listed.exports.text_columns import grouped, joined, json_text, wrapped
from listed.graph import fingerprint
from listed.graph.tables import TEXT


class Frame:
    """Makes statements of records.

    Parameters
    ----------
    sources
        The table of that name.
    day
        When the statements are made.
    """

    def __init__(self, sources: pa.Table, day: date) -> None:
        self._citations = Citations(sources)
        publication = {"publicationDate": str(day), "bodsVersion": "0.4", "publisher": {"name": "Listed"}}
        self._end = f',"statementDate":"{day}","publicationDetails":{json.dumps(publication)}'
        self._maker = f"listed {__version__}"

    def statements(
        self, records: pa.Array, kind: pa.Array | str, details: pa.Array, sources: pa.ChunkedArray,
        annotations: pa.Array | None = None, subject: pa.Array | None = None,
    ) -> pa.Array:  # fmt: skip
        """Return a statement for each record.

        Parameters
        ----------
        records
            Their ids.
        kind
            ``entity``, ``person`` or ``relationship``.
        details
            JSON objects.
        sources
            Ids of the sources of each.
        annotations
            JSON arrays; null where there are none.
        subject
            Id of the record each is made on account of; itself by default.
        """
        written = json_text(records)
        return joined(
            '{"statementId":"', self._numbers(records), '","declarationSubject":',
            written if subject is None else json_text(subject), ',"recordId":', written, ',"recordType":"', kind,
            '","recordStatus":"new"', self._end, self._source(sources),
            "" if annotations is None else wrapped(',"annotations":', annotations, ""),
            ',"recordDetails":', details, "}",
        )  # fmt: skip

    def _numbers(self, records: pa.Array) -> pa.Array:
        """Return the number of each statement: the same whenever the same record is exported by the same version."""
        own = fingerprint.of_text(records)
        release = fingerprint.of_text(pa.repeat(pa.scalar(self._maker, TEXT), len(records)))
        return joined(fingerprint.as_hex(own), fingerprint.as_hex(fingerprint.combined(release, own)))

    def _source(self, sources: pa.ChunkedArray) -> pa.Array:
        """Return who says so: the titles of all sources, and the first address."""
        titles = pc.binary_join(grouped(*self._citations.cited(sources, "title"), len(sources)), "; ")
        rows, urls = self._citations.cited(sources, "url")
        first = np.unique(rows, return_index=True)[1] if len(rows) else np.zeros(0, np.int64)
        url = grouped(rows[first], urls.take(pa.array(first)), len(sources))
        address = pc.binary_join(url, "")
        said = pc.if_else(pc.equal(address, ""), pa.scalar("", TEXT), wrapped(',"url":', json_text(address), ""))
        return joined(',"source":{"type":["thirdParty"],"description":', json_text(titles), said, "}")
