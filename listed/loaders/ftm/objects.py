"""One object after another: what each is, and what is done with it."""

from __future__ import annotations

from collections.abc import Sequence

from listed.loaders.ftm.chunk import Chunk, Place, Puzzle
from listed.loaders.ftm.entities import country_of
from listed.loaders.ftm.gathered import Gathered
from listed.loaders.ftm.identifiers import identifier
from listed.loaders.ftm.lines import Record
from listed.loaders.ftm.listings import add_listing
from listed.loaders.ftm.vocabulary import REFERENT, Schema, said_by

_ADDRESS_PARTS = ("remarks", "street", "street2", "street3", "postOfficeBox", "postalCode", "city", "region", "state")


def add_object(chunk: Chunk, record: Record, schema: Schema | None, line: int, flags: Sequence[str] = ()) -> None:
    """Add what an object says.

    Parameters
    ----------
    schema
        What becomes of objects like it; ``None``: a schema we do not know. It then is an entity if
        it has a name, and else waits: it is an edge if two of its properties name entities.
    """
    if schema is None:
        if any(record.properties.get(name) for name in said_by("name")) or not record.schema:
            add_entity(chunk, record, line, flags)
        else:
            chunk.later.puzzles.append(Puzzle(record, chunk.file, line, tuple(flags)))
    elif schema.kind == "entity":
        add_entity(chunk, record, line, flags)
    elif schema.kind == "edge":
        edges = chunk.edges.get(schema.name)
        if edges is None:
            edges = chunk.edges[schema.name] = Gathered()
        edges.add(record, line, chunk.cited_by(record), flags)
    elif schema.kind == "listing":
        add_listing(chunk, record, line, flags)
    elif schema.kind == "address":
        _add_place(chunk, record, line)
    elif schema.kind == "identification":
        _add_identification(chunk, record, line)
    else:
        chunk.aside(line, f"{schema.role}, no party ({schema.name})", f"{record.id} {record.caption or ''}".rstrip())


def add_entity(chunk: Chunk, record: Record, line: int, flags: Sequence[str] = ()) -> None:
    """Add an entity, and the ids that were merged into it."""
    if record.referents:
        record.properties[REFERENT] = record.referents
    chunk.entities.add(record, line, chunk.cited_by(record), flags)


def within(inner: Record, outer: Record, schema: Schema | None) -> Record:
    """Return an object that stood inside another, the outer one in the place of an end it does not tell."""
    ends = {"edge": (schema.source, schema.target), "listing": ("entity",)}.get(schema.kind, ()) if schema else ()
    missing = [end for end in ends if end not in inner.properties]
    if len(missing) == 1:
        inner.properties[missing[0]] = [outer.id]
    inner.datasets = inner.datasets or outer.datasets
    return inner


def _add_place(chunk: Chunk, record: Record, line: int) -> None:
    said = record.properties
    parts = (", ".join(said[part]) for part in _ADDRESS_PARTS if said.get(part))
    text = next(iter(said.get("full", ())), "") or ", ".join(parts) or record.caption or ""
    countries = [code for value in said.get("country", ()) if (code := country_of(value))]
    country = countries[0] if len(countries) == 1 else ""
    chunk.later.places.append(Place(record.id, text, country, chunk.citing(record), chunk.where(line)))


def _add_identification(chunk: Chunk, record: Record, line: int) -> None:
    """Give the number of a passport or card to its holder."""
    said = record.properties
    numbers, holders = said.get("number") or said.get("passportNumber") or (), said.get("holder", ())
    if not numbers or not holders:
        missing = "number" if holders else "holder"
        chunk.aside(line, f"a paper without a {missing} ({record.schema})", f"{record.id} {said}")
        return
    sources = chunk.citing(record)
    scheme = "passport" if record.schema == "Passport" else _scheme(said.get("type", ()))
    countries = [code for value in said.get("country", ()) if (code := country_of(value))]
    for holder in holders:
        chunk.later.holders.setdefault(holder, sources)
        for number in numbers:
            value = f"{countries[0].upper()}:{number}" if len(countries) == 1 else number
            chunk.papers.add(holder, *identifier(scheme, value, "", ""), chunk.sources(sources))


def _scheme(kinds: Sequence[str]) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in (kinds[0] if kinds else "")).lower().split()
    return "-".join(words) or "id-number"
