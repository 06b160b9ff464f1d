"""The CSV files: sdn.csv with add, alt and comments, and cons_prim.csv with its own.

No header, "-0-" where there is nothing, Latin-1 or UTF-8, and sometimes the end mark of old
systems (0x1A). What a file is follows from how many cells its rows have.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from listed.errors import InputError
from listed.graph.model import Address, Name, SetAside
from listed.graph.vocabulary import NameKind
from listed.loaders.csl.text import tidy
from listed.loaders.csv_rows import whole_rows
from listed.loaders.inputs import Input
from listed.loaders.kinds import wrong_kind
from listed.loaders.ofac.entries import Entry
from listed.loaders.ofac.remarks import read_remarks
from listed.loaders.party_builder import country_of

ADVICE = "give sdn.csv, add.csv, alt.csv and sdn_comments.csv, or cons_prim.csv and its own, or sdn.xml"
_KINDS = {12: "entries", 6: "addresses", 5: "aliases", 2: "comments"}
_MEANT = "one of OFAC's files"
_NULL = "-0-"
_AGAIN = "download it again"
_VESSEL = {5: "call_sign", 6: "vessel_type", 7: "gross_tonnage", 8: "gross_registered_tonnage", 9: "vessel_flag",
           10: "vessel_owner"}  # fmt: skip
_CHUNK = 1 << 20
_CELL = 1000
"""How many characters of remarks the file of entries has room for."""


@dataclass(slots=True)
class _Parts:
    """Rows of the files beside the entries, by the entry's number."""

    addresses: dict[str, list[tuple[str, list[str]]]] = field(default_factory=dict)
    aliases: dict[str, list[tuple[str, list[str]]]] = field(default_factory=dict)
    comments: dict[str, list[tuple[str, list[str]]]] = field(default_factory=dict)


def read_csv(files: Sequence[Input]) -> Iterator[Entry | SetAside | InputError]:
    """Read the CSV files of one load, in whatever order they are given.

    Yields
    ------
    Entry, SetAside or InputError
        The entries in the order of their files; set aside what belongs to no entry; an error for a
        row that has not as many cells as the others, or no number.

    Raises
    ------
    InputError
        If a file is none of OFAC's, or there is no file of entries.
    """
    parts = _Parts()
    main: list[Input] = []
    for file in files:
        if (kind := _kind(file)) == "entries":
            main.append(file)
            continue
        store = getattr(parts, kind)
        for record, cells in _rows(file):
            if isinstance(cells, InputError):
                yield cells
            elif isinstance(cells, str):
                yield SetAside(record, "a header", cells)
            else:
                store.setdefault(cells[0], []).append((record, cells))
    if not main:
        raise InputError("no file of entries beside it", file=files[0].name, advice="give sdn.csv or cons_prim.csv too")
    used: set[str] = set()
    for file in main:
        for record, cells in _rows(file):
            if isinstance(cells, InputError):
                yield cells
            elif isinstance(cells, str):
                yield SetAside(record, "a header", cells)
            else:
                used.add(cells[0])
                yield _entry(file.name, record, cells, parts)
    yield from _left(parts, used)


def _left(parts: _Parts, used: set[str]) -> Iterator[SetAside]:
    for store in (parts.addresses, parts.aliases, parts.comments):
        for number, rows in store.items():
            if number not in used:
                for record, cells in rows:
                    yield SetAside(record, f"no entry {number} in the files given", ",".join(cells))


def _entry(file: str, record: str, cells: list[str], parts: _Parts) -> Entry:
    number = cells[0]
    # A remark longer than its cell goes on in the comments, cut anywhere, even in a word.
    comments = [comment[1] for _, comment in parts.comments.get(number, ())]
    remarks = cells[11] + "".join(comments)
    entry = Entry(number, tidy(cells[1]), file, record, cells[2].lower())
    entry.programs = [tidy(one) for one in cells[3].split("] [") if one.strip()]
    entry.title, entry.remarks = tidy(cells[4]), tidy(remarks)
    entry.vessel = {name: tidy(cells[place]) for place, name in _VESSEL.items() if cells[place].strip()}
    whole = bool(comments) or len(cells[11]) < _CELL or remarks.rstrip().endswith(".")
    if not whole:
        entry.flags.append("remarks: cut short; give the file of comments too")
    read_remarks(entry, whole=whole)
    strong = [_alias(alias, entry) for _, alias in parts.aliases.get(number, ())]
    entry.aliases[:0] = [name for name in strong if name.text]
    for where, address in parts.addresses.get(number, ()):
        _address(address, where, entry)
    return entry


def _alias(cells: list[str], entry: Entry) -> Name:
    kind = NameKind.PREVIOUS if cells[2].lower().startswith("fka") else NameKind.ALIAS
    if cells[2].lower() not in ("aka", "fka", "nka", ""):
        entry.flags.append(f"alias type: {cells[2]}")
    if cells[4]:
        entry.properties.append(("alias_note", f"{cells[3]}: {cells[4]}"))
    return Name(tidy(cells[3]), kind)


def _address(cells: list[str], record: str, entry: Entry) -> None:
    _, _, street, city, country, note = cells
    code = country_of(country)
    if code:
        entry.countries.append(code)
    elif country and country.lower() != "undetermined":
        entry.flags.append(f"country: {country} ({record})")
    if street or city:
        entry.addresses.append(Address(", ".join(filter(None, map(tidy, (street, city, country)))), code))
    if note:
        entry.properties.append(("address_note", tidy(note)))


def _kind(file: Input) -> str:
    for _, cells in whole_rows(file, _MEANT, ADVICE, encoding=_encoding(file)):
        kind = _KINDS.get(len(cells), "")
        header = not cells[0].isdigit()
        if not kind or (header and cells[0].strip().lower().replace("_", "") not in ("id", "entnum", "uid")):
            break
        return kind
    raise wrong_kind(file, "one of OFAC's files", ADVICE)


def _rows(file: Input) -> Iterator[tuple[str, list[str] | str | InputError]]:
    """Yield each row with where it stands, nulls emptied; a header as text, a bad row as its error."""
    width = 0
    for line, cells in whole_rows(file, _MEANT, ADVICE, encoding=_encoding(file)):
        record = f"{file.name} line {line}"
        if cells[0].strip("\x1a \t") == "" and not any(cell.strip() for cell in cells[1:]):
            continue  # the end mark, or a blank line
        if not width and not cells[0].isdigit():
            width = len(cells)
            yield record, ",".join(cells)
            continue
        width = width or len(cells)
        number = cells[0].strip()
        if len(cells) != width:
            yield (
                record,
                InputError(
                    f"{len(cells)} cells where the others have {width}", file=file.name, row=line, advice=_AGAIN
                ),
            )
        elif not number.isdigit():
            yield record, InputError(f"no number of an entry: {number[:40]!r}", file=file.name, row=line, advice=_AGAIN)
        else:
            yield record, ["" if cell.strip() == _NULL else cell for cell in (number, *cells[1:])]


def _encoding(file: Input) -> str:
    """Return UTF-8 where all bytes are that, else the code page the older files are in."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open_binary() as stream:
        if (head := stream.read(2)) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            raise InputError("is in UTF-16", file=file.name, advice="save it as UTF-8")
        try:
            decoder.decode(head)
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"
