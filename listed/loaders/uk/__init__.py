"""The United Kingdom's lists: OFSI's consolidated list (CSV) and the UK Sanctions List (CSV, XML).

OFSI's list held the targets of asset freezes until January 2026; since then the UK Sanctions List
of the Foreign Office holds them, with those under other measures. An asset freeze is a listing on
``GB-OFSI`` whichever file tells it, so that the UK's ownership test finds it; a designation without
one is on ``GB-SL``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from listed.errors import InputError
from listed.graph.model import Identifier, SetAside, Source
from listed.graph.vocabulary import LISTS
from listed.loaders.inputs import Input
from listed.loaders.kinds import is_xml
from listed.loaders.loader import Item, Loader
from listed.loaders.uk.designations import Designation
from listed.loaders.uk.layouts import read_csv, read_xml
from listed.loaders.uk.links import Mentions
from listed.loaders.uk.parties import statements

__all__ = ["LOADER", "read"]

_URL = "https://www.gov.uk/government/publications/the-uk-sanctions-list"
_OFSI_URL = "https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets"


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of the UK's lists.

    The XML is read one designation at a time. In the CSV the rows of one designation may stand far
    apart (OFSI sorts by name), so they are gathered first.

    Raises
    ------
    InputError
        If a file is neither list, or is damaged.
    """
    mentions = Mentions()
    for file in inputs:
        seen: dict[Identifier, str] = {}  # of one file: the two lists share OFSI's numbers, and mean the same party
        source = "gb-sl"
        for item in read_xml(file) if is_xml(file) else read_csv(file):
            if isinstance(item, Designation):
                yield from statements(item, source, seen, mentions)
            elif isinstance(item, SetAside | InputError):
                yield item
            else:
                source, published = ("gb-sl", item) if isinstance(item, str) else item
                yield _source(source, published)
    yield from mentions.statements()


def _source(kind: str, published: str) -> Source:
    retrieved = date.today().isoformat()
    if kind == "gb-ofsi":
        publisher = "HM Treasury, Office of Financial Sanctions Implementation"
        return Source(kind, LISTS["GB-OFSI"], publisher, published, _OFSI_URL, retrieved)
    publisher = "Foreign, Commonwealth & Development Office"
    return Source(kind, "UK Sanctions List (UK FCDO)", publisher, published, _URL, retrieved)


LOADER = Loader(
    name="uk",
    title="UK Sanctions List, and OFSI's consolidated list",
    reads="UK-Sanctions-List.csv or .xml of the Foreign Office; ConList.csv of OFSI (until 2026)",
    official=_URL,
    read=read,
)
