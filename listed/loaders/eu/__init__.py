"""The European Union's consolidated list of financial sanctions: XML 1.1, or CSV 1.1.

Both hold the same attributes under slightly different names. The list marks no main name: the first
strong one in English, or of no language, is taken; weak ones stay weak.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from listed.errors import InputError
from listed.graph.model import Identifier, SetAside, Source
from listed.graph.vocabulary import LISTS
from listed.loaders.eu.layouts import Record, read_csv, read_xml
from listed.loaders.eu.parties import SOURCE, statements
from listed.loaders.inputs import Input
from listed.loaders.kinds import is_xml
from listed.loaders.loader import Item, Loader

__all__ = ["LOADER", "read"]

_URL = "https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions"


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of the consolidated list, one entity at a time.

    Raises
    ------
    InputError
        If a file is not the list, or is damaged.
    """
    for file in inputs:
        seen: dict[Identifier, str] = {}
        for item in read_xml(file) if is_xml(file) else read_csv(file):
            if isinstance(item, Record):
                yield from statements(item, seen)
            elif isinstance(item, SetAside | InputError):
                yield item
            else:
                yield _source(item)


def _source(published: str) -> Source:
    return Source(
        SOURCE,
        LISTS["EU-FSF"],
        publisher="European Commission, Directorate-General FISMA",
        published=published,
        url=_URL,
        retrieved=date.today().isoformat(),
    )


LOADER = Loader(
    name="eu",
    title="EU consolidated list of financial sanctions",
    reads="xmlFullSanctionsList_1_1 or csvFullSanctionsList_1_1 of the Commission's Financial Sanctions Files",
    official=_URL,
    read=read,
)
