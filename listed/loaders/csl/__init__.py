"""The US Consolidated Screening List: thirteen lists of three departments in one file.

Every row is an entity and its listing. Rows of OFAC's lists carry OFAC's number, so a party on
two of them is one entity with two listings; rows of other lists are entities of their own, also
where they share a name. Nothing is dropped: what is no row is set aside with the reason, what
cannot be taken at its word is flagged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from listed.graph.model import Source, Statement
from listed.graph.period import parse_date
from listed.loaders.csl.layouts import Aside, read_rows
from listed.loaders.csl.links import link_statements
from listed.loaders.csl.parties import Party, PartyReader, read_listing, set_apart_shared
from listed.loaders.inputs import Input
from listed.loaders.loader import Item, Loader

__all__ = ["LOADER", "read"]


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read files of the Consolidated Screening List.

    All files are read before the first statement: whom a remark names, and whether a number is
    one party's alone, is known only at the end.

    Parameters
    ----------
    inputs
        CSV of 29 columns, the older CSV of 31, or JSON, in any mix.

    Yields
    ------
    Source, Statement, SetAside or InputError
        What is set aside; then per row its list's source (once), its entity and its listing;
        then the links told in words.

    Raises
    ------
    InputError
        If a file is none of these, or is cut short.
    """
    reader = PartyReader()
    parties: list[Party] = []
    for file in inputs:
        for item in read_rows(file):
            if isinstance(item, Aside):
                yield item
            else:
                parties.append(reader.read(item))
    set_apart_shared(parties)
    yield from _party_statements(parties)
    yield from link_statements(parties)


def _party_statements(parties: list[Party]) -> Iterator[Item]:
    cited: set[str] = set()
    newest = max((start for party in parties if (start := str(parse_date(party.row.start_date)))), default="")
    for party in parties:
        source = party.on.source_id
        if source not in cited:
            cited.add(source)
            yield _source(party, newest)
        yield Statement(party.entity, (source,), party.row.record, tuple(party.flags))
        listing, flags = read_listing(party)
        yield Statement(listing, (source,), party.row.record, tuple(flags))


def _source(party: Party, newest: str) -> Source:
    """Return the source of a list. The file does not say when it was made, but its newest entry tells."""
    row, list_ = party.row, party.on
    age = f" (newest entry of the file: {newest})" if newest else ""
    return Source(
        list_.source_id,
        f"{list_.title}, Consolidated Screening List{age}",
        publisher=list_.agency,
        url=row.source_list_url.strip() or row.source_information_url.strip(),
        retrieved=date.today().isoformat(),
    )


LOADER = Loader(
    name="csl",
    title="US Consolidated Screening List",
    reads="consolidated.csv or consolidated.json of trade.gov, also the older CSV of 31 columns",
    official="https://www.trade.gov/consolidated-screening-list",
    read=read,
)
