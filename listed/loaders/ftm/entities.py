"""Objects that are parties or things, as columns: names, countries, identifiers, addresses, references."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.graph.builder import UNNAMED
from listed.graph.model import Entity, Name
from listed.graph.period import NO_DATE
from listed.graph.share import UNKNOWN
from listed.graph.tables import TEXT, WORDS, Batch, flag_lists
from listed.graph.vocabulary import SCHEMATA
from listed.loaders.csl.countries import country_code
from listed.loaders.ftm.chunk import STANDS_FOR_MANY, Chunk
from listed.loaders.ftm.columns import records
from listed.loaders.ftm.gathered import Flat, Gathered, Rows, as_lists, concatenated
from listed.loaders.ftm.identifiers import UNCHECKED, identifier
from listed.loaders.ftm.vocabulary import KEPT_TOO, NAMES, REFERENT, references, said_by
from listed.loaders.table.parties import UNNAMED_WORDS, is_unnamed

_NAME_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
_MAY_STAND_FOR_MANY = frozenset({"LegalEntity", "Person", "Organization", "Company", "Thing"})
_REGISTERS = ("gb", "ru", "cn")
"""Countries whose registration numbers are identifiers of their own."""


@lru_cache(maxsize=4096)
def country_of(text: str) -> str:
    """Return the country of a FollowTheMoney code or a name, empty when it is none.

    A part of a country ("gb-nir") counts as the country; a state that is no more ("suhh") does not.
    """
    code = text.strip().upper()
    return country_code(code) or country_code(code[:2] if code[2:3] == "-" else text.strip())


class EntityColumns:
    """The entities of a chunk, made into batches."""

    def __init__(self, chunk: Chunk, gathered: Gathered) -> None:
        self._chunk, self._gathered, self._count = chunk, gathered, len(gathered)
        self._ids = pa.array(gathered.ids, TEXT)
        self._cited = np.array(gathered.cited, np.int32)
        self._flags = list(gathered.flags)
        self._home: npt.NDArray[np.object_] = np.full(self._count, "", object)

    def batches(self) -> Iterator[Batch]:
        """Yield entities, names, identifiers and addresses; add links and tenancies to the chunk."""
        countries = self._countries()
        names, shown = self._names()
        identifiers = list(self._identifiers())
        self._references()
        self._tenancies()
        yield self._entities(countries, shown)
        yield names
        yield from identifiers
        yield self._addresses()

    def _entities(self, countries: pa.Array, shown: pa.Array) -> Batch:
        schemata = pa.array(self._gathered.schemata, TEXT).dictionary_encode()
        strange = [name for name in schemata.dictionary.to_pylist() if name not in SCHEMATA]
        if strange:
            odd = (row for row, name in enumerate(self._gathered.schemata) if name in strange)
            self._flags += [(row, f"schema: {self._gathered.schemata[row]} is not one we know") for row in odd]
        columns = {
            "id": self._ids,
            "name": shown,
            "schema": schemata,
            "countries": countries,
            "topics": self._topics(),
            "properties": pa.array(self._gathered.kept, TEXT),
            "placeholder": pa.array(self._unnamed(schemata, countries, shown)),
            "sources": self._sources(np.arange(self._count)),
            "record": records(self._chunk.file, self._gathered.lines),
            "flags": flag_lists(self._count, list(dict.fromkeys(self._flags))),
        }
        return Batch("entities", pa.table(columns))

    def _unnamed(self, schemata: pa.Array, countries: pa.Array, shown: pa.Array) -> npt.NDArray[np.bool_]:
        """Tell who only stands for owners not named ("employees"), and note them: each asset gets one of its own."""
        unnamed = np.zeros(self._count, np.bool_)
        maybe = pc.match_substring_regex(shown, UNNAMED_WORDS, ignore_case=True).fill_null(False)  # noqa: FBT003
        rows = np.flatnonzero(maybe.to_numpy(zero_copy_only=False)).tolist()
        numbered = {row for key in said_by("identifier") for row, _ in self._gathered.column(key)} if rows else set()
        for row in rows:
            name, schema = shown[row].as_py(), schemata[row].as_py()
            if schema in _MAY_STAND_FOR_MANY and row not in numbered and is_unnamed(name):
                unnamed[row] = True
                self._flags.append((row, STANDS_FOR_MANY))
                entity = Entity(self._gathered.ids[row], (Name(name),), schema, tuple(countries[row].as_py()))
                self._chunk.later.unnamed[entity.id] = entity
        return unnamed

    def _keep(self, key: str, flat: Flat) -> None:
        """Keep values as properties, beside what else is made of them."""
        for row, text in zip(flat.rows.tolist(), flat.texts.to_pylist(), strict=True):
            self._gathered.keep(row, key, text)

    def _sources(self, rows: Rows) -> pa.Array:
        return self._chunk.sources.taken(self._cited[rows], WORDS)

    def _part(self, table: str, rows: Rows, **columns: pa.Array) -> Batch:
        whole = {"entity": self._ids.take(pa.array(rows)), **columns, "sources": self._sources(rows)}
        return Batch(table, pa.table(whole))

    def _names(self) -> tuple[Batch, pa.Array]:
        """Return the names, each once under its most telling kind, and the one to show of each entity.

        That is the caption, if it is one of the names, else the first of them.
        """
        kinds = sorted(said_by("name").items(), key=lambda pair: NAMES.index(pair[1]))
        flats = [self._gathered.flat(key) for key, _ in kinds]
        flat = concatenated(flats)
        rank = np.repeat([NAMES.index(kind) for _, kind in kinds], [len(one.rows) for one in flats])
        captions = pa.array(self._gathered.captions, TEXT)
        codes = pa.concat_arrays([flat.texts, captions]).dictionary_encode().indices.to_numpy()
        width = int(codes.max(initial=0)) + 1
        key = flat.rows * width + codes[: len(flat.rows)]
        distinct, first = np.unique(key, return_index=True)
        order = np.sort(first)
        rows, rank, key = flat.rows[order], rank[order], key[order]
        shown = np.full(self._count, -1, np.int64)
        named, best = np.unique(rows, return_index=True)
        shown[named] = best
        by_caption = np.arange(self._count) * width + codes[len(flat.rows) :]
        place = np.searchsorted(distinct, by_caption)
        fits = place < len(distinct)
        fits[fits] = distinct[place[fits]] == by_caption[fits]
        where = np.argsort(key)
        shown[fits] = where[np.searchsorted(key, by_caption[fits], sorter=where)]
        texts = flat.texts.take(pa.array(order))
        names = texts.take(pa.array(shown, mask=shown < 0))
        primary = np.zeros(len(rows), np.bool_)
        primary[shown[shown >= 0]] = True
        said = np.array(["alias", *NAMES[1:]], object)[rank] if len(rows) else np.zeros(0, object)
        said[primary] = NAMES[0]
        rows, texts, said, names = self._named_otherwise(rows, texts, said, names)
        batch = self._part("names", rows, text=texts, kind=pa.array(said, TEXT).dictionary_encode())
        return batch, names

    def _named_otherwise(
        self, rows: Rows, texts: pa.Array, said: npt.NDArray[np.object_], names: pa.Array
    ) -> tuple[Rows, pa.Array, npt.NDArray[np.object_], pa.Array]:
        """Name those without a name by what stands for one; show the others by their ids."""
        if not names.null_count:
            return rows, texts, said, names
        whole = names.to_pylist()
        found: dict[int, str] = {}
        numbers: dict[int, list[str]] = {}
        for key in said_by("identifier"):
            for row, values in self._gathered.column(key):
                numbers.setdefault(row, []).extend(values)
        for row in np.flatnonzero(names.is_null().to_numpy(zero_copy_only=False)).tolist():
            name, flag = self._name_beside(row, numbers)
            self._flags.append((row, flag))
            whole[row] = name or self._gathered.ids[row]
            if name:
                found[row] = name
        more = pa.array(list(found.values()), TEXT)
        said = np.concatenate([said, np.full(len(found), NAMES[0], object)])
        rows = np.concatenate([rows, np.array(list(found), np.int64)])
        return rows, pa.concat_arrays([texts, more]), said, pa.array(whole, TEXT)

    def _countries(self) -> pa.Array:
        """Return the countries of each entity, and note the one a registration number is of."""
        rows, codes, homes = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], {}
        numbers: dict[str, int] = {}
        for key in said_by("country"):
            flat = self._gathered.flat(key)
            encoded = flat.texts.dictionary_encode()
            found = [country_of(text) for text in encoded.dictionary.to_pylist()]
            code = np.array([numbers.setdefault(one, len(numbers)) if one else -1 for one in found] or [-1])
            code = code[encoded.indices.to_numpy()]
            known = code >= 0
            if not known.all():
                wrong = flat.picked(~known)
                self._flags += [
                    (int(row), f"country: {text}: no ISO code")
                    for row, text in zip(wrong.rows, wrong.texts.to_pylist(), strict=True)
                ]
                if key not in KEPT_TOO:
                    self._keep(key, wrong)
            rows.append(flat.rows[known])
            codes.append(code[known])
            if key == "jurisdiction":
                homes = self._alone(rows[-1], codes[-1])
        row, code = np.concatenate(rows), np.concatenate(codes)
        order = np.sort(np.unique(row * (len(numbers) + 1) + code, return_index=True)[1])
        row, code = row[order], code[order]
        words = np.array([*numbers, ""], object)
        for only in (self._alone(row, code), homes):
            self._home[np.array(list(only), np.int64)] = words[np.array(list(only.values()), np.int64)]
        order = np.argsort(row, kind="stable")
        return as_lists(row[order], pa.array(words[code[order]], TEXT), self._count)

    def _alone(self, rows: Rows, codes: Rows) -> dict[int, int]:
        """Return the code of each row that has one alone."""
        single = np.bincount(rows, minlength=self._count)[rows] == 1
        return dict(zip(rows[single].tolist(), codes[single].tolist(), strict=True))

    def _topics(self) -> pa.Array:
        flat = concatenated(self._gathered.flat(key) for key in said_by("topic"))
        return as_lists(flat.rows, flat.texts, self._count)

    def _identifiers(self) -> Iterator[Batch]:
        for key, scheme in said_by("identifier").items():
            if key in self._gathered.columns:
                flat = self._gathered.flat(key)
                yield from [self._scheme(scheme, flat)] if scheme in UNCHECKED else self._checked(scheme, flat)
        yield self._ofac()

    def _scheme(self, scheme: str, flat: Flat) -> Batch:
        words = pa.DictionaryArray.from_arrays(pa.array(np.zeros(len(flat.rows), np.int32)), pa.array([scheme]))
        return self._part("identifiers", flat.rows, scheme=words, value=flat.texts)

    def _checked(self, scheme: str, flat: Flat) -> Iterator[Batch]:
        """Yield identifiers of a scheme whose values have a form, or come with their country."""
        home = self._home[flat.rows]
        if scheme == "registration-number" and not (of_register := np.isin(home, _REGISTERS)).all():
            other = flat.picked(~of_register)
            country = pc.utf8_upper(pa.array(home[~of_register], TEXT))
            with_country = pc.binary_join_element_wise(country, other.texts, ":")
            texts = pc.if_else(pc.equal(country, ""), other.texts, with_country)
            yield self._scheme(scheme, Flat(other.rows, texts))
            flat, home = flat.picked(of_register), home[of_register]
        found = [
            identifier(scheme, value, self._gathered.schemata[row], country)
            for row, value, country in zip(flat.rows.tolist(), flat.texts.to_pylist(), home, strict=True)
        ]
        self._flags += [
            (int(row), f"identifier: {scheme} {value}: not of its form")
            for row, (known, value) in zip(flat.rows, found, strict=True)
            if known.endswith("-unchecked")
        ]
        words = pa.array([known for known, _ in found], TEXT).dictionary_encode()
        yield self._part("identifiers", flat.rows, scheme=words, value=pa.array([text for _, text in found], TEXT))

    def _ofac(self) -> Batch:
        """Keep the ids that were merged into an entity; a single number of OFAC's is an identifier.

        Where an entity holds several of them, somebody decided that parties OFAC lists apart are
        one: that is not for us to repeat.
        """
        merged = self._gathered.flat(REFERENT)
        both = concatenated([Flat(np.arange(self._count), self._ids), merged])
        numbers = both.picked(pc.match_substring_regex(both.texts, r"^ofac-\d+$").to_numpy(zero_copy_only=False))
        number = pc.utf8_slice_codeunits(numbers.texts, 5)
        codes = number.dictionary_encode().indices.to_numpy()
        distinct = np.sort(np.unique(numbers.rows * (len(codes) + 1) + codes, return_index=True)[1])
        rows = numbers.rows[distinct]
        single = np.bincount(rows, minlength=self._count)[rows] == 1
        return self._scheme("ofac", Flat(rows[single], number.take(pa.array(distinct[single]))))

    def _addresses(self) -> Batch:
        flat = concatenated(self._gathered.flat(key) for key in said_by("address"))
        return self._part("addresses", flat.rows, text=flat.texts)

    def _tenancies(self) -> None:
        for key in said_by("address entity"):
            flat = self._gathered.flat(key)
            if len(flat.rows):
                self._chunk.later.tenancies.append(self._part("addresses", flat.rows, place=flat.texts).rows)

    def _references(self) -> None:
        """Add a link for each entity that a property names; keep what names none."""
        chunk = self._chunk
        for key, said in references().items():
            if key not in self._gathered.columns:
                continue
            flat, kept = self._gathered.flat(key), []
            for place, (row, value) in enumerate(zip(flat.rows.tolist(), flat.texts.to_pylist(), strict=True)):
                id_ = self._gathered.ids[row]
                if (said.of and self._gathered.schemata[row] not in said.of) or " " in value or value == id_:
                    kept.append(place)
                    continue
                ends = (id_, value) if said.forward else (value, id_)
                nothing = chunk.dates(NO_DATE)
                whole = (said.role or None, nothing, nothing, chunk.shares(UNKNOWN), "unknown", None, None, None, None)
                where = (int(self._cited[row]), self._gathered.lines[row], id_)
                chunk.links.add((said.type, *ends, *whole, *where))
            self._keep(key, Flat(flat.rows[kept], flat.texts.take(pa.array(kept, pa.int64()))))

    def _name_beside(self, row: int, numbers: dict[int, list[str]]) -> tuple[str, str]:
        """Return what stands for a name where no property is one, and a flag: parts of it, or the caption."""
        kept = self._gathered.pairs(row)
        said = dict(reversed(kept))
        parts = [said[part] for part in _NAME_PARTS if said.get(part)]
        if len(parts) > 1:
            return " ".join(parts), "name: made of its parts"
        caption = self._gathered.captions[row].strip()
        known = ("", self._gathered.ids[row], self._gathered.schemata[row], *said.values(), *numbers.get(row, ()))
        if caption in known:
            return "", UNNAMED
        return caption, "name: told by the caption alone"
