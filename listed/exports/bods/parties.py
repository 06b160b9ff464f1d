"""Entities and persons as statements of the standard. What it has no field for stands in annotations."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.bods.frame import Frame
from listed.exports.text_columns import (
    CHUNK,
    Parts,
    Rows,
    grouped,
    joined,
    json_lists,
    json_text,
    plain,
    wrapped,
)
from listed.exports.told import Told, days_told
from listed.graph.tables import TEXT, Tables, starts_told
from listed.graph.vocabulary import LISTS

PERSON = "Person"
_TYPES = {"Company": "registeredEntity", "Organization": "legalEntity", "LegalEntity": "legalEntity",
          "PublicBody": "stateBody"}  # fmt: skip
PARTIES = frozenset({PERSON, *_TYPES})
"""Schemata of what can hold or be held in the standard; a ship or a wallet cannot."""

_SCHEMES = {"lei": "XI-LEI", "ogrn": "RU-OGRN", "duns": "US-DUNS", "uscc": "CN-SAIC"}
_NAME_TYPES = {"primary": "legal", "previous": "former"}
_DATES = {"birthDate": ("birthDate", "date_of_birth"), "deathDate": ("deathDate", "date_of_death"),
          "foundingDate": ("incorporationDate", "founding_date", "foundingDate"),
          "dissolutionDate": ("dissolutionDate", "dissolution_date")}  # fmt: skip
_OF_PERSONS = frozenset({"birthDate", "deathDate"})
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_PARTIAL = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_NOTHING = pa.scalar(None, TEXT)

_decode = msgspec.json.Decoder(list[tuple[str, str]]).decode


@cache
def country_names() -> tuple[pa.Array, pa.Array]:
    """Return codes of countries and their names."""
    text = files(__package__).joinpath("countries.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return pa.array([row["code"] for row in rows], TEXT), pa.array([row["name"] for row in rows], TEXT)


def countries_written(codes: pa.Array) -> pa.Array:
    """Return countries as objects with name and code; null stays null."""
    known, names = country_names()
    name = pc.coalesce(names.take(pc.index_in(codes, value_set=known)), codes)
    two = pc.fill_null(pc.match_substring_regex(codes, "^[a-z]{2}$"), fill_value=False)
    code = pc.if_else(two, wrapped(',"code":"', pc.utf8_upper(codes), '"'), pa.scalar("", TEXT))
    written = pc.binary_join_element_wise('{"name":', json_text(name), code, "}", "")
    return pc.if_else(pc.is_valid(codes), written, _NOTHING)


class _Notes(NamedTuple):
    rows: list[Rows]
    texts: list[pa.Array]

    def add(self, rows: Rows, texts: pa.Array) -> None:
        self.rows.append(rows)
        self.texts.append(texts)


def party_statements(tables: Tables, frame: Frame, told: Told) -> Iterator[pa.Array]:
    """Yield the statements about entities and persons, each without what stands between two of them."""
    entities = tables["entities"]
    ids = plain(entities["id"])
    parts = {name: Parts(tables[name], ids) for name in ("names", "identifiers", "addresses", "listings")}
    _tell(tables, told)
    for start in range(0, len(ids), CHUNK):
        rows = entities.slice(start, CHUNK).combine_chunks()
        about = {name: part.of(start, rows.num_rows) for name, part in parts.items()}
        party = _Parties(rows, about, told)
        kind, details = party.details()
        written = frame.statements(plain(rows["id"]), kind, details, rows["sources"], party.annotations())
        yield written.filter(pa.array(party.are_parties))


def _tell(tables: Tables, told: Told) -> None:
    listed = tables["listings"].num_rows
    told.lose("listings are annotations, as text: the standard has no field for them", listed)
    told.lose("ids that went into other entities are left out", tables["merged_ids"].num_rows)


class _Parties:
    """Some entities in a row."""

    def __init__(self, rows: pa.Table, about: dict[str, tuple[Rows, pa.Table]], told: Told) -> None:
        self._rows, self._about, self._told, self._count = rows, about, told, rows.num_rows
        schema = plain(rows["schema"])
        self._person = _flags(pc.equal(schema, PERSON))
        self.are_parties = _flags(pc.is_in(schema, value_set=pa.array(sorted(PARTIES))))
        self._schema = schema
        self._notes = _Notes([], [])
        left = schema.filter(pa.array(~self.are_parties))
        for one in left.value_counts().to_pylist():
            told.lose(f"entities of the schema {one['values']} are left out: no parties of the standard", one["counts"])
        told.wrote("persons", int(self._person.sum()))
        told.wrote("entities", int((self.are_parties & ~self._person).sum()))
        organisations = pc.sum(pc.equal(schema, "Organization")).as_py() or 0
        told.lose("entities of the schema Organization are of the type legalEntity", organisations)

    def details(self) -> tuple[pa.Array, pa.Array]:
        """Return the kind of each record, and its details."""
        placeholder = pc.fill_null(self._rows["placeholder"].combine_chunks(), fill_value=False)
        self._told.lose("placeholders are parties of the type unknown", pc.sum(placeholder).as_py() or 0)
        common = joined(self._identifiers(), self._addresses(), self._dated())
        person = joined(
            '{"isComponent":false,"personType":"', pc.if_else(placeholder, "unknownPerson", "knownPerson"), '"',
            self._hidden(placeholder, "Person"), self._person_names(), self._nationalities(), common, "}",
        )  # fmt: skip
        type_ = pa.array([*_TYPES.values(), "legalEntity"], TEXT).take(
            pc.fill_null(pc.index_in(self._schema, value_set=pa.array(list(_TYPES))), len(_TYPES))
        )
        entity = joined(
            '{"isComponent":false,"entityType":{"type":"', pc.if_else(placeholder, "unknownEntity", type_), '"}',
            self._hidden(placeholder, "Entity"), self._entity_names(), self._jurisdiction(), common, "}",
        )  # fmt: skip
        is_person = pa.array(self._person)
        return pc.if_else(is_person, "person", "entity"), pc.if_else(is_person, person, entity)

    def annotations(self) -> pa.Array:
        """Return what the standard has no field for, as annotations; null where nothing."""
        note = plain(self._rows["note"])
        said = _flags(pc.is_valid(note))
        self._notes.add(np.flatnonzero(said).astype(np.int64), note.drop_null())
        self._listings()
        rows = np.concatenate(self._notes.rows)
        texts = pa.concat_arrays(self._notes.texts)
        written = wrapped(
            '{"statementPointerTarget":"","motivation":"commenting","description":', json_text(texts), "}"
        )
        return _array(grouped(rows, written, self._count))

    def _hidden(self, placeholder: pa.Array, what: str) -> pa.Array:
        why = f',"unspecified{what}Details":{{"reason":"informationUnknownToPublisher"}}'
        return pc.if_else(placeholder, why, pa.scalar("", TEXT))

    def _names(self) -> tuple[Rows, pa.Array, pa.Array]:
        rows, names = self._about["names"]
        return rows, plain(names["text"]), plain(names["kind"])

    def _person_names(self) -> pa.Array:
        rows, texts, kinds = self._names()
        words = pa.array([*_NAME_TYPES.values(), "alternative"], TEXT)
        place = pc.fill_null(pc.index_in(kinds, value_set=pa.array(list(_NAME_TYPES))), len(_NAME_TYPES))
        written = joined('{"type":"', words.take(place), '","fullName":', json_text(texts), "}")
        return _member("names", _array(grouped(rows, written, self._count)))

    def _entity_names(self) -> pa.Array:
        """Return the name shown, and all others; a former name is among them like any other."""
        rows, texts, kinds = self._names()
        mine = self._person[rows]
        former = _flags(pc.equal(kinds, "previous")) & ~mine
        weak = _flags(pc.equal(kinds, "weak"))
        self._told.lose("previous names of entities are alternate ones", int(former.sum()))
        self._told.lose("weak names are names like any other", int(weak.sum()))
        shown = plain(self._rows["name"])
        named = np.bincount(rows, minlength=self._count) > 0
        other = _flags(pc.not_equal(texts, shown.take(pa.array(rows))))
        alternate = grouped(rows[other], texts.filter(pa.array(other)), self._count)
        name = pc.if_else(pa.array(named), json_text(shown), _NOTHING)
        return joined(_member("name", name), _member("alternateNames", json_lists(alternate)))

    def _codes(self) -> tuple[Rows, pa.Array]:
        countries = self._rows["countries"].combine_chunks()
        return np.asarray(pc.list_parent_indices(countries), np.int64), plain(countries.flatten())

    def _nationalities(self) -> pa.Array:
        rows, codes = self._codes()
        return _member("nationalities", _array(grouped(rows, countries_written(codes), self._count)))

    def _jurisdiction(self) -> pa.Array:
        """Return the first country; the others are annotations."""
        rows, codes = self._codes()
        first = np.full(self._count, -1, np.int64)
        first[rows[::-1]] = np.arange(len(rows))[::-1]
        further = (first[rows] != np.arange(len(rows))) & ~self._person[rows]
        self._told.lose("further countries of entities are annotations", int(further.sum()))
        self._notes.add(rows[further], wrapped("country: ", codes.filter(pa.array(further)), ""))
        code = codes.take(pa.array(first, mask=first < 0))
        return _member("jurisdiction", countries_written(code))

    def _identifiers(self) -> pa.Array:
        rows, identifiers = self._about["identifiers"]
        scheme = plain(identifiers["scheme"])
        words = pa.array([*_SCHEMES.values()], TEXT)
        known = words.take(pc.index_in(scheme, value_set=pa.array(list(_SCHEMES))))
        written = joined(
            '{"id":', json_text(plain(identifiers["value"])), ',"scheme":',
            json_text(pc.coalesce(known, pc.utf8_upper(scheme))), ',"schemeName":', json_text(scheme), "}",
        )  # fmt: skip
        return _member("identifiers", _array(grouped(rows, written, self._count)))

    def _addresses(self) -> pa.Array:
        rows, addresses = self._about["addresses"]
        country = plain(addresses["country"])
        written = joined('{"type":"alternative","address":', json_text(plain(addresses["text"])),
                         _member("country", countries_written(country)), "}")  # fmt: skip
        return _member("addresses", _array(grouped(rows, written, self._count)))

    def _dated(self) -> pa.Array:
        """Return the dates of birth, founding and their like; other properties are annotations."""
        fields: dict[str, list[str | None]] = {}
        left: tuple[list[int], list[str]] = ([], [])
        by_key = {key: field for field, keys in _DATES.items() for key in keys}
        properties = plain(self._rows["properties"])
        for row in np.flatnonzero(_flags(pc.is_valid(properties))).tolist():
            for key, value in _decode(properties[row].as_py()):
                field = by_key.get(key, "")
                pattern = _PARTIAL if field in _OF_PERSONS else _DAY
                column = fields.setdefault(field, [None] * self._count) if field else None
                of_its_kind = (field in _OF_PERSONS) == bool(self._person[row])
                if column is not None and column[row] is None and of_its_kind and _is_date(value, pattern):
                    column[row] = value
                else:
                    left[0].append(row)
                    left[1].append(f"{key}: {value}")
        self._told.lose("properties are annotations", len(left[0]))
        self._notes.add(np.array(left[0], np.int64), pa.array(left[1], TEXT))
        return joined(
            pa.repeat(pa.scalar("", TEXT), self._count),
            *(_member(field, json_text(pa.array(column, TEXT))) for field, column in fields.items()),
        )

    def _listings(self) -> None:
        rows, listings = self._about["listings"]
        list_ = plain(listings["list"])
        distinct = list_.unique()
        title = pa.array([LISTS.get(one, one) for one in distinct.to_pylist()], TEXT)
        start = plain(listings["start_date"])
        since = pc.if_else(starts_told(listings), wrapped(", ", days_told(listings), ""), wrapped(" since ", start, ""))
        text = joined(
            "Listed on ", title.take(pc.index_in(list_, value_set=distinct)), " [", list_, "]",
            since, wrapped(" until ", plain(listings["end_date"]), ""),
            wrapped(" (", plain(listings["citation"]), ")"),
        )  # fmt: skip
        self._notes.add(rows, text)


def _is_date(value: str, pattern: str) -> bool:
    if pattern == _PARTIAL and len(value) in (4, 7):
        value = f"{value}-01-01" if len(value) == 4 else f"{value}-01"
    try:
        return len(value) == 10 and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _member(name: str, written: pa.Array) -> pa.Array:
    """Return a further member of an object, nothing where it is null."""
    return pc.fill_null(wrapped(f",{json.dumps(name)}:", written, ""), "")


def _array(lists: pa.ListArray) -> pa.Array:
    """Return lists of written values as JSON arrays; null where empty."""
    empty = pc.equal(pc.list_value_length(lists), 0)
    return pc.if_else(empty, _NOTHING, wrapped("[", pc.binary_join(lists, ","), "]"))


def _flags(mask: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(mask, fill_value=False).to_numpy(zero_copy_only=False), np.bool_)
