"""OFAC's own files: the Specially Designated Nationals and the consolidated non-SDN lists.

The CSV files in any order and mix, or the XML, classic or advanced. Entities, identifiers and links are made as
the Consolidated Screening List's are: an entry has OFAC's number, so that a party in both is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from listed.errors import InputError
from listed.graph.model import Entity, Identifier, Link, Name, SetAside, Source, Statement
from listed.loaders.csl.identifiers import read_ids
from listed.loaders.csl.layouts import Row
from listed.loaders.csl.links import link_statements
from listed.loaders.csl.lists import ScreeningList, list_of
from listed.loaders.csl.names import ReadName, read_name
from listed.loaders.csl.parties import Party, read_listing, set_apart_shared
from listed.loaders.csl.text import has_lost_characters
from listed.loaders.inputs import Input
from listed.loaders.kinds import is_xml
from listed.loaders.loader import Item, Loader
from listed.loaders.ofac.csv_files import read_csv
from listed.loaders.ofac.entries import Entry, Relation
from listed.loaders.ofac.lists import OTHER, is_consolidated, other_lists
from listed.loaders.ofac.xml_file import read_xml

__all__ = ["LOADER", "read"]

_SCHEMATA = {"": "LegalEntity", "individual": "Person", "vessel": "Vessel", "aircraft": "Airplane"}
_NO_ROW = Row._make([""] * 30 + [()])
_NAMED_ONLY = "Named only in the words of other entries of OFAC's lists."


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read OFAC's files, given together.

    All entries are read before the first statement: whom a remark names, and whether a number is one
    party's alone, is known only at the end.

    Yields
    ------
    Source, Statement, SetAside or InputError
        What is set aside or cannot be read; then per entry and list its source (once), its entity and its listing;
        then the links told in words.

    Raises
    ------
    InputError
        If a file is none of OFAC's, or is damaged.
    """
    entries: dict[str, list[Entry]] = {}
    for item in _items(inputs):
        if not isinstance(item, Entry):
            yield item
        else:
            entries.setdefault(item.file, []).append(item)
    named = {name.casefold() for file in entries.values() for entry in file for name in _all_names(entry)}
    parties: list[Party] = []
    seen: set[tuple[str, str]] = set()
    for file, those in entries.items():
        consolidated = is_consolidated(file, those)
        for entry in those:
            for list_ in _lists(entry, consolidated):
                if (entry.number, list_.id) in seen:
                    yield SetAside(entry.record, f"entry {entry.number} again", entry.name)
                    continue
                seen.add((entry.number, list_.id))
                parties.append(_party(entry, list_, named))
    set_apart_shared(parties)
    yield from _statements(parties, {entry.record: entry for file in entries.values() for entry in file})
    for statement in link_statements(parties):
        yield replace(_own(statement), sources=tuple(_source_id(source) for source in statement.sources))


def _items(inputs: Sequence[Input]) -> Iterator[Entry | SetAside | InputError]:
    tables = []
    for file in inputs:
        if is_xml(file):
            yield from read_xml(file)
        else:
            tables.append(file)
    if tables:
        yield from read_csv(tables)


def _all_names(entry: Entry) -> list[str]:
    return [entry.name, *(name.text for name in entry.aliases)]


def _lists(entry: Entry, consolidated: bool) -> list[ScreeningList]:  # noqa: FBT001
    if not consolidated:
        return [list_of("SDN")]
    lists = other_lists(entry)
    if not lists:
        entry.flags.append(f"programs: {', '.join(entry.programs) or 'none'}: the list is not known")
    return lists or [OTHER]


def _party(entry: Entry, list_: ScreeningList, named: set[str]) -> Party:
    """Return an entry as the row of the Consolidated Screening List it would be."""
    name, flags = read_name(entry.name), list(entry.flags)
    linked = "; ".join(f"Linked To: {_whole_name(one, named)}" for one in entry.linked)
    row = _NO_ROW._replace(
        id=entry.number,
        entity_number=entry.number,
        programs="; ".join(entry.programs),
        name=entry.name,
        remarks=f"({linked})" if linked else "",
        start_date=entry.start,
        vessel_owner=entry.vessel.get("vessel_owner", ""),
        record=entry.record,
    )
    entity = _entity(entry, list_, name, flags)
    return Party(row, list_, name, entity, flags)


def _whole_name(name: str, named: set[str]) -> str:
    """Put back the full stop of "CO., LTD." that was taken for the one at the end of the remarks."""
    return f"{name}." if name.casefold() not in named and f"{name}.".casefold() in named else name


def _entity(entry: Entry, list_: ScreeningList, name: ReadName, flags: list[str]) -> Entity:
    names = {name.text.casefold(): Name(name.text)} if name.text else {}
    for other in (*name.others, *entry.aliases):
        names.setdefault(other.text.casefold(), other)
    schema = _SCHEMATA.get(entry.type)
    if schema is None:
        flags.append(f"type: {entry.type}")
    ids = read_ids("; ".join(entry.ids), tuple(entry.countries))
    if not name.text:
        flags.append("name: missing")
    if any(has_lost_characters(one.text) for one in names.values()):
        flags.append("name: lost characters")
    if any(has_lost_characters(one.text) for one in entry.addresses):
        flags.append("address: lost characters")
    told = [("name_as_listed", name.as_listed), ("scope", name.scope), ("title", entry.title), *entry.vessel.items()]
    properties = dict.fromkeys([*(one for one in told if one[1]), *entry.properties, *ids.properties])
    return Entity(
        f"ofac-{entry.number}",
        tuple(names.values()),
        schema or "LegalEntity",
        tuple(dict.fromkeys(entry.countries)),
        list_.topics,
        (Identifier("ofac", entry.number), *ids.identifiers),
        tuple(dict.fromkeys(entry.addresses)),
        tuple(properties),
    )


def _statements(parties: list[Party], entries: dict[str, Entry]) -> Iterator[Item]:
    cited: set[str] = set()
    for party in parties:
        entry, source = entries[party.row.record], _source_id(party.on.source_id)
        if source not in cited:
            cited.add(source)
            yield _source(party, source, entry.published)
        yield Statement(party.entity, (source,), party.row.record, tuple(party.flags))
        listing, flags = read_listing(party)
        yield Statement(replace(listing, remarks=entry.remarks), (source,), party.row.record, tuple(flags))
    told: set[str] = set()
    for party in parties:
        entry, source = entries[party.row.record], _source_id(party.on.source_id)
        for relation in entry.relations if entry.record not in told else ():
            yield _related(entry, relation, source)
        told.add(entry.record)


def _related(entry: Entry, relation: Relation, source: str) -> Statement:
    """Return the link that the file tells by the numbers of two entries."""
    first, second = f"ofac-{entry.number}", f"ofac-{relation.other}"
    if relation.turned:
        first, second = second, first
    role = f"former: {relation.role}" if relation.former else relation.role
    link = Link(first, second, relation.type, role, note=relation.note)
    flags = ("end_date: not told, though the relation is a former one",) if relation.former else ()
    return Statement(link, (source,), relation.record, flags)


def _source(party: Party, id_: str, published: str) -> Source:
    return Source(
        id_,
        f"{party.on.title}, OFAC's own files",
        publisher=party.on.agency,
        published=published,
        url="https://sanctionslist.ofac.treas.gov/",
        retrieved=date.today().isoformat(),
    )


def _source_id(id_: str) -> str:
    return f"ofac-{id_.removeprefix('csl-').removeprefix('us-ofac-')}"


def _own(statement: Statement) -> Statement:
    about = statement.about
    if isinstance(about, Entity) and about.placeholder:
        return replace(statement, about=replace(about, note=_NAMED_ONLY))
    return statement


LOADER = Loader(
    name="ofac",
    title="OFAC's Specially Designated Nationals and consolidated non-SDN lists",
    reads="sdn.csv, add.csv, alt.csv, sdn_comments.csv, cons_prim.csv, cons_add.csv, cons_alt.csv, "
    "cons_comments.csv together in any order; sdn.xml, consolidated.xml, sdn_advanced.xml",
    official="https://sanctionslist.ofac.treas.gov/Home",
    read=read,
)
