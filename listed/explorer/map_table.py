"""The links of a map as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io

from listed.explorer.map_content import MapContent
from listed.queries.answer import cell

COLUMNS = (
    "source", "source_name", "type", "target", "target_name", "share", "role", "start_date", "end_date", "start_told",
    "holds", "note", "sources",
)  # fmt: skip


def map_csv(content: MapContent) -> str:
    """Return a row for each link of a map; ``holds`` tells whether it may hold on the map's day."""
    names = {one.entity: one.name for one in content.entities}
    day = content.as_of.isoformat()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for link in content.links:
        for claim in link.claims:
            holds = not claim.never and (claim.first or "") <= day and day <= (claim.last or "9999")
            ends = link.source, names[link.source], link.type, link.target, names[link.target]
            said = claim.share, claim.role, claim.start_date, claim.end_date
            marks = ("yes" if mark else "no" for mark in (claim.start_told, holds))
            writer.writerow([cell(one) for one in (*ends, *said, *marks, claim.note, "; ".join(claim.sources))])
    return text.getvalue()
