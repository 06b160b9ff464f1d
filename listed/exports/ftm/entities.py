"""Entities as objects of FollowTheMoney: each value under the property that is made for it, else among the notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.citations import Citations
from listed.exports.ftm.ids import Ids
from listed.exports.ftm.vocabulary import FALLBACK, SYNONYMS, by_scheme, properties, schemata, topics
from listed.exports.text_columns import (
    CHUNK,
    Objects,
    Parts,
    Rows,
    constant,
    grouped,
    joined,
    json_lists,
    json_text,
    plain,
    visible,
    wrapped,
)
from listed.exports.told import Told
from listed.graph.tables import TEXT, Tables

_KINDS = {"primary": "name", "alias": "alias", "previous": "previousName", "weak": "weakAlias"}
_REGISTERS = {"gb-coh": "gb", "uscc": "cn", "hk-cr": "hk", "registration-number": ""}
"""Schemes that are registration numbers, and of which country: it is told by the entity's country."""

_OURS = frozenset({"name", "alias", "previousName", "weakAlias", "topics", "address", "referent"})
"""Properties that are made from more than the properties of an entity."""

_decode = msgspec.json.Decoder(list[tuple[str, str]]).decode


def entity_lines(tables: Tables, ids: Ids, told: Told) -> Iterator[pa.Array]:
    """Yield the objects of the entities, a line each."""
    given = plain(tables["entities"]["id"])
    parts = {name: Parts(tables[name], given) for name in ("names", "identifiers", "addresses", "merged_ids")}
    citations = Citations(tables["sources"])
    told.lose("addresses lose their country", len(tables["addresses"]["country"].drop_null()))
    for start in range(0, len(given), CHUNK):
        rows = tables["entities"].slice(start, CHUNK).combine_chunks()
        about = {name: part.of(start, rows.num_rows) for name, part in parts.items()}
        yield _Entities(rows, about, told).lines(ids, start, citations)


class _Entities:
    """Some entities in a row, and what is said of them."""

    def __init__(self, rows: pa.Table, about: dict[str, tuple[Rows, pa.Table]], told: Told) -> None:
        self._rows, self._about, self._told = rows, about, told
        self._count = rows.num_rows
        self._objects = Objects(self._count)
        self._referents: list[tuple[Rows, pa.Array]] = []
        given = plain(rows["schema"])
        known = pc.is_in(given, value_set=pa.array(sorted(schemata()), TEXT))
        told.lose(
            f"entities of a schema that FollowTheMoney lacks are of {FALLBACK}", pc.sum(pc.invert(known)).as_py() or 0
        )
        self._schemata = pc.if_else(known, given, FALLBACK)
        told.lose("placeholders are entities like any other", pc.sum(rows["placeholder"]).as_py() or 0)

    def lines(self, ids: Ids, start: int, citations: Citations) -> pa.Array:
        """Return the objects."""
        self._names()
        self._countries()
        self._identifiers()
        self._addresses()
        self._properties()
        self._objects.column("notes", plain(self._rows["note"]))
        self._objects.add("sourceUrl", *citations.cited(self._rows["sources"], "url"))
        written, good = (column.slice(start, self._count) for column in (ids.written, ids.good))
        changed = np.flatnonzero(~np.asarray(good.to_numpy(zero_copy_only=False), np.bool_))
        self._referents.append((changed, plain(self._rows["id"]).take(pa.array(changed))))
        merged, gone = self._about["merged_ids"]
        self._referents.append((merged, plain(gone["id"])))
        return joined(
            '{"id":', json_text(written), ',"caption":', json_text(plain(self._rows["name"])), ',"schema":"',
            self._schemata, '","properties":{', self._objects.written(), '},"referents":',
            json_lists(self._lists(self._referents), empty=True),
            ',"datasets":[', json_text(plain(self._rows["dataset"])), "]}\n",
        )  # fmt: skip

    def _lists(self, parts: Iterable[tuple[Rows, pa.Array]]) -> pa.ListArray:
        rows = np.concatenate([rows for rows, _ in parts])
        return grouped(rows, pa.concat_arrays([texts for _, texts in parts]), self._count)

    def _allowed(self, name: str, rows: Rows) -> npt.NDArray[np.bool_]:
        """Return which entities are of a schema that has the property."""
        of = properties()[name].of
        if not of:
            return np.ones(len(rows), np.bool_)
        has = pc.is_in(self._schemata, value_set=pa.array(sorted(of), TEXT)).to_numpy(zero_copy_only=False)
        return np.asarray(has, np.bool_)[rows]

    def _note(self, what: str, rows: Rows, texts: pa.Array) -> None:
        """Put values that have no place of their own among the notes."""
        self._objects.add("notes", rows, texts)
        self._told.lose(f"{what} stand among the notes, with what they are", len(rows))

    def _names(self) -> None:
        rows, names = self._about["names"]
        kinds, texts = plain(names["kind"]), plain(names["text"])
        shown = plain(self._rows["name"])
        unnamed = np.bincount(rows, minlength=self._count) == 0
        self._told.lose(
            "names without a visible character are left out", pc.sum(pc.invert(visible(texts))).as_py() or 0
        )
        self._told.lose("entities without a name have their id for one", int(unnamed.sum()))
        self._objects.column("name", pc.if_else(visible(shown), shown, plain(self._rows["id"])))
        for kind, name in _KINDS.items():
            mask = pc.equal(kinds, kind)
            self._objects.add(name, rows[_flags(mask)], texts.filter(mask))

    def _countries(self) -> None:
        countries = self._rows["countries"].combine_chunks()
        rows = np.asarray(pc.list_parent_indices(countries), np.int64)
        codes = plain(countries.flatten())
        good = pc.match_substring_regex(codes, "^[a-z]{2}$")
        self._objects.add("country", rows[_flags(good)], codes.filter(good))
        bad = pc.invert(good)
        self._note("countries without an ISO code", rows[_flags(bad)], wrapped("country: ", codes.filter(bad), ""))
        alone = np.bincount(rows, minlength=self._count)[rows] == 1
        self._home = np.full(self._count, "", object)
        self._home[rows[alone]] = codes.filter(pa.array(alone)).to_numpy(zero_copy_only=False)
        given = self._rows["topics"].combine_chunks()
        rows, words = np.asarray(pc.list_parent_indices(given), np.int64), plain(given.flatten())
        known = pc.is_in(words, value_set=pa.array(sorted(topics()), TEXT))
        self._objects.add("topics", rows[_flags(known)], words.filter(known))
        other = pc.invert(known)
        self._note("topics that FollowTheMoney lacks", rows[_flags(other)], wrapped("topic: ", words.filter(other), ""))

    def _addresses(self) -> None:
        rows, addresses = self._about["addresses"]
        self._objects.add("address", rows, plain(addresses["text"]))
        places = pc.if_else(pc.equal(self._schemata, "Address"), plain(self._rows["name"]), pa.scalar(None, TEXT))
        self._objects.column("full", places)

    def _identifiers(self) -> None:
        rows, identifiers = self._about["identifiers"]
        schemes, values = plain(identifiers["scheme"]), plain(identifiers["value"])
        for scheme in schemes.unique().to_pylist():
            mask = pc.equal(schemes, scheme)
            self._scheme(scheme, rows[_flags(mask)], values.filter(mask))

    def _scheme(self, scheme: str, rows: Rows, values: pa.Array) -> None:
        """Put identifiers of a scheme under its property, else under ``idNumber`` with the scheme before them."""
        rest = np.ones(len(rows), np.bool_)
        if scheme == "ofac":
            rest = ~_flags(pc.match_substring_regex(values, r"^\d+$"))
            self._referents.append((rows[~rest], wrapped("ofac-", values.filter(pa.array(~rest)), "")))
        if scheme in _REGISTERS:
            written, fits = self._registered(_REGISTERS[scheme], rows, values)
            fits &= self._allowed("registrationNumber", rows)
            self._objects.add("registrationNumber", rows[fits], written.filter(pa.array(fits)))
            rest = ~fits
        for one in by_scheme().get(scheme, ()) if scheme not in _REGISTERS else ():
            good = _flags(pa.array([one.takes(value or "") for value in values.to_pylist()], pa.bool_()))
            fits = rest & good & self._allowed(one.name, rows)
            written = wrapped("IMO", values, "") if one.form == "imo" else values
            self._objects.add(one.name, rows[fits], written.filter(pa.array(fits)))
            rest &= ~fits
        if rest.any():
            self._unplaced(scheme, rows[rest], values.filter(pa.array(rest)))

    def _unplaced(self, scheme: str, rows: Rows, values: pa.Array) -> None:
        texts = wrapped(f"{scheme}:", values, "")
        fits = self._allowed("idNumber", rows)
        self._objects.add("idNumber", rows[fits], texts.filter(pa.array(fits)))
        self._told.lose("identifiers without a property of their own are an idNumber, as scheme:value", int(fits.sum()))
        self._note("identifiers of things", rows[~fits], texts.filter(pa.array(~fits)))

    def _registered(self, register: str, rows: Rows, values: pa.Array) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
        """Return registration numbers without their country, and which of them the entity's country explains."""
        home = self._home[rows]
        if register:
            return values, np.asarray(home == register, np.bool_)
        said = [
            value.removeprefix(f"{country.upper()}:") if country else value
            for value, country in zip(values.to_pylist(), home, strict=True)
        ]
        return pa.array(said, TEXT), np.ones(len(rows), np.bool_)

    def _properties(self) -> None:
        found: dict[str, tuple[list[int], list[str]]] = {}
        column = plain(self._rows["properties"])
        for row in np.flatnonzero(_flags(column.is_valid())).tolist():
            for key, value in _decode(column[row].as_py()):
                into = found.setdefault(key, ([], []))
                into[0].append(row)
                into[1].append(value)
        for key, (rows, values) in found.items():
            if key == "referent":
                self._referents.append((np.array(rows, np.int64), pa.array(values, TEXT)))
            else:
                self._property(key, np.array(rows, np.int64), pa.array(values, TEXT))

    def _property(self, key: str, rows: Rows, values: pa.Array) -> None:
        name = SYNONYMS.get(key, key)
        one = properties().get(name)
        fits = np.zeros(len(rows), np.bool_)
        if one is not None and name not in _OURS:
            fits = self._allowed(name, rows) & np.array([one.takes(value) for value in values.to_pylist()], np.bool_)
            self._objects.add(name, rows[fits], values.filter(pa.array(fits)))
        left = values.filter(pa.array(~fits))
        self._note("properties that FollowTheMoney lacks", rows[~fits], joined(constant(f"{key}: ", len(left)), left))


def _flags(mask: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(mask, fill_value=False).to_numpy(zero_copy_only=False), np.bool_)
