"""Which entities may be one party: proposals, each with its score, its reason and the two values that made it.

Nothing is merged here. A reader decides (:mod:`listed.deciding`); what was decided is not proposed again.

The score is that of the two names most alike (:mod:`listed.graph.resemblance`), and then:

* a number both carry, though of a kind that proves nothing alone, raises it;
* countries, birth dates or register numbers that contradict lower it;
* so does a link between the two: an owner is not its asset;
* so does a weak alias, and two primary names that name another number or town.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from listed.errors import QueryError
from listed.graph import fingerprint
from listed.graph.blocking import Blocked, candidates
from listed.graph.decisions import Decisions, decisions_of
from listed.graph.party_names import PartyName, party_name
from listed.graph.resemblance import PROPOSED, Resemblance, closest, resemblance
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import STRONG_SCHEMES
from listed.queries.answer import Answer, Inquiry
from listed.queries.resolve import find

ONE_EACH = frozenset({"lei", "uscc", "imo", "ogrn", "gb-coh", "hk-cr", "duns", "wikidata", "ofac"})
"""Strong schemes that give a party one number, so that two numbers are two parties."""

_WEAK_ALIAS = 0.85
_OTHER_PRIMARY = 0.8
_OTHER_COUNTRY = 0.7
_OTHER_HOME = 0.85  # people are of several countries
_OTHER_BIRTH = 0.5
_OTHER_NUMBER = 0.6
_LINKED = 0.5
_LONE_VESSEL = 0.85  # many ships share a name
_SAME_NUMBER = 0.4  # of the doubt that is left
_NUMBER_ALONE = 0.75
_ACRONYM_ALONE = 0.65
_SHORT_NAME = 4  # letters
_WORTH_A_LOOK = 0.5  # of two names, before facts are looked up
_LEAST_HEARD = 70  # of 100, of what two names sound like
_MOST_BEARERS = 5  # of a number, for it to say something
_SHORTEST_NUMBER = 5
_MOST_NAMES = 12  # of an entity, to be compared with those of another that shares a number
_ONE_COUNTRY = ({"cn", "hk", "mo"}, {"ru", "ua"})  # lists differ over where Hong Kong and Crimea are
_BIRTH = frozenset({"date_of_birth", "birthDate", "birth_date", "dob"})
_KINDS = {"Person": "person", "Vessel": "craft", "Airplane": "craft", "Vehicle": "craft", "Company": "body",
          "Organization": "body", "PublicBody": "body"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """Two entities that may be one. ``score`` is 0 to 1; ``value`` and ``other_value`` made the reason."""

    entity: str
    name: str
    other: str
    other_name: str
    score: float
    reason: str
    value: str
    other_value: str
    datasets: tuple[str, ...]
    other_datasets: tuple[str, ...]
    countries: tuple[str, ...]
    other_countries: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Names:
    """The names worth comparing: text, whose, of what kind, and whether a person's."""

    text: list[str]
    owner: npt.NDArray[np.int32]
    kind: list[str]
    person: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Party:
    """What is known of an entity that helps to tell it from another."""

    kind: str
    countries: frozenset[str]
    numbers: frozenset[tuple[str, str]]
    births: frozenset[str]
    primary: str


def duplicates(
    graph: Graph,
    *,
    min_score: float = PROPOSED,
    limit: int = 100,
    of: str = "",
    dataset: str = "",
    decisions: Decisions | None = None,
) -> Answer[DuplicateRow]:
    """Return pairs of entities that may be one party, the likeliest first.

    Parameters
    ----------
    graph
        The graph asked.
    min_score
        Least score, 0 to 1. From 0.7 up a pair is worth a decision; from 0.95 up the names differ in
        form alone.
    limit
        Most pairs returned.
    of
        Only pairs of this entity: its id, an identifier or a name.
    dataset
        Only pairs of which this dataset tells one or both.
    decisions
        What was decided already; by default what is kept beside the graph.

    Raises
    ------
    QueryError
        If the score is not within 0 to 1 or the limit not positive, or there is no such dataset.
    AmbiguousNameError, UnknownEntityError
        If ``of`` is not one entity.
    """
    if not 0 <= min_score <= 1 or limit < 1:
        raise QueryError("duplicates needs a score within 0 to 1, and a limit of at least 1")
    decided = decisions if decisions is not None else decisions_of(graph)
    wanted = _wanted(graph, of, dataset)
    asked = {"min_score": min_score, "limit": limit, "entity": graph.id_of(find(graph, of)) if of else None,
             "dataset": dataset or None}  # fmt: skip
    inquiry = Inquiry(graph, "duplicates", asked, None)
    finder = _Finder(graph, decided, min_score, wanted)
    found = [pair for pair in finder.proposals() if pair[0] >= min_score]
    found.sort(key=lambda pair: (-pair[0], graph.id_of(pair[1]), graph.id_of(pair[2])))
    rows = [_row(inquiry, *pair) for pair in found[:limit]]
    bounds = {
        "limit": limit,
        "cut_off": max(0, len(found) - limit),
        "compared": finder.compared,
        "crowds_passed_over": finder.blocked.passed_over,
        "decided": finder.kept_apart,
    }
    return inquiry.answer(rows, bounds)


def _wanted(graph: Graph, of: str, dataset: str) -> npt.NDArray[np.bool_] | None:
    """Return which entities a pair must have one of, shape ``(n,)``; None for any."""
    if dataset and dataset not in graph.datasets:
        raise QueryError(f"no dataset {dataset!r} is loaded (there are: {', '.join(sorted(graph.datasets)) or 'none'})")
    wanted = _told_by(graph, dataset) if dataset else None
    if of:
        one = np.zeros(graph.tables["entities"].num_rows, np.bool_)
        one[find(graph, of)] = True
        wanted = one if wanted is None else one & wanted
    return wanted


def _told_by(graph: Graph, dataset: str) -> npt.NDArray[np.bool_]:
    """Return which entities a dataset tells of, shape ``(n,)``.

    One told by several datasets stands under the first of them, but cites the sources of all.
    """
    entities, sources = graph.tables["entities"], graph.tables["sources"]
    told = np.asarray(pc.equal(entities["dataset"].cast("string"), dataset).to_numpy(), np.bool_)
    own = sources["id"].filter(pc.equal(sources["dataset"].cast("string"), dataset))
    cited = pc.is_in(pc.list_flatten(entities["sources"]).cast("string"), own.combine_chunks())
    told[pc.list_parent_indices(entities["sources"]).filter(cited).to_numpy()] = True
    return told


def _row(inquiry: Inquiry, score: float, one: int, other: int, reason: str, values: tuple[str, str]) -> DuplicateRow:
    graph = inquiry.graph
    said = [graph.row("entities", row) for row in (one, other)]
    datasets = [tuple(dict.fromkeys([facts["dataset"], *(part["dataset"] for part in graph.parts("names", row))]))
                for facts, row in zip(said, (one, other), strict=True)]  # fmt: skip
    return DuplicateRow(
        entity=graph.id_of(one),
        name=graph.name_of(one),
        other=graph.id_of(other),
        other_name=graph.name_of(other),
        score=round(score, 2),
        reason=reason,
        value=values[0],
        other_value=values[1],
        datasets=datasets[0],
        other_datasets=datasets[1],
        countries=tuple(said[0]["countries"]),
        other_countries=tuple(said[1]["countries"]),
        sources=inquiry.cite([*said[0]["sources"], *said[1]["sources"]]),
    )


class _Finder:
    """Looks for pairs: by names that share a rare part, and by numbers that few carry."""

    def __init__(
        self, graph: Graph, decided: Decisions, least: float, wanted: npt.NDArray[np.bool_] | None = None
    ) -> None:
        self.graph = graph
        self.wanted = wanted
        self.least = least
        self.names = _names_of(graph)
        self.blocked: Blocked = candidates(self.names.text, self.names.person, self.names.owner)
        self.compared = 0
        self.kept_apart = 0
        self._apart = {frozenset((graph.row_of(one), graph.row_of(other))) for one, other in decided.different()}
        schemata = graph.tables["entities"]["schema"].cast("string").to_pylist()
        self._kinds = [_KINDS.get(schema, "") for schema in schemata]
        self._party = lru_cache(1 << 16)(self._read_party)
        self._read = lru_cache(1 << 16)(party_name)

    def proposals(self) -> Iterator[tuple[float, int, int, str, tuple[str, str]]]:
        """Yield score, entities, reason and values of each pair that no decision keeps apart."""
        shared = _shared_numbers(self.graph)
        alike = self._alike_names()
        for pair in {*alike, *shared}:
            if self.wanted is not None and not self.wanted[list(pair)].any():
                continue
            if frozenset(pair) in self._apart:
                self.kept_apart += 1
                continue
            names = alike.get(pair) or self._best_names(*pair)
            if (
                names is not None
                and (names.score >= self.least or pair in shared)
                and (found := self._judged(pair, names, shared.get(pair, "")))
            ):
                yield found

    def _alike_names(self) -> dict[tuple[int, int], Resemblance]:
        """Compare the pairs of names that share a part; keep the best of each pair of entities."""
        first, second = self._first_look()
        self.compared += len(first)
        owner, kind, text = self.names.owner, self.names.kind, self.names.text
        best: dict[tuple[int, int], Resemblance] = {}
        for one, other in zip(first.tolist(), second.tolist(), strict=True):
            pair = (int(owner[one]), int(owner[other]))
            if pair[0] > pair[1]:
                pair, one, other = (pair[1], pair[0]), other, one
            if not self._one_kind(*pair):
                continue
            person = self._kinds[pair[0]] == "person" or self._kinds[pair[1]] == "person"
            found = self._compared(text[one], text[other], person=person)
            if kind[one] == "weak" or kind[other] == "weak":
                found = Resemblance(found.score * _WEAK_ALIAS, f"{found.reason}; a weak alias", found.one, found.other)
            if found.score >= min(self.least, _WORTH_A_LOOK) and (pair not in best or found.score > best[pair].score):
                best[pair] = found
        return best

    def _first_look(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Keep the pairs that sound alike; people may go by fewer names, companies may not."""
        first, second, said = self.blocked.first, self.blocked.second, self.blocked.said
        if self.wanted is not None:
            owner = self.names.owner
            asked = self.wanted[owner[first]] | self.wanted[owner[second]]
            first, second = first[asked], second[asked]
        people = self.names.person[first] | self.names.person[second]
        keep = np.zeros(len(first), np.bool_)
        for scorer, those in ((fuzz.token_set_ratio, people), (fuzz.ratio, ~people)):
            for pairs in np.array_split(np.flatnonzero(those), 1 + len(first) // 1_000_000):
                ours, theirs = ([said[place] for place in side[pairs].tolist()] for side in (first, second))
                alike = process.cpdist(ours, theirs, scorer=scorer, workers=2) >= _LEAST_HEARD
                unheard = [not (mine and yours) for mine, yours in zip(ours, theirs, strict=True)]
                keep[pairs] = alike | np.array(unheard, np.bool_)
        return first[keep], second[keep]

    def _compared(self, one: str, other: str, *, person: bool) -> Resemblance:
        return resemblance(self._read(one), self._read(other), person=person)

    def _best_names(self, one: int, other: int) -> Resemblance | None:
        """Compare the names of two entities that share a number."""
        if not self._one_kind(one, other):
            return None
        person = "person" in (self._kinds[one], self._kinds[other])
        texts = [[part["text"] for part in self.graph.parts("names", row)][:_MOST_NAMES] for row in (one, other)]
        return closest(self._compared(mine, yours, person=person) for mine in texts[0] for yours in texts[1])

    def _one_kind(self, one: int, other: int) -> bool:
        ours, theirs = self._kinds[one], self._kinds[other]
        return ours == theirs or ("craft" not in (ours, theirs) and "" in (ours, theirs))

    def _judged(
        self, pair: tuple[int, int], names: Resemblance, number: str
    ) -> tuple[float, int, int, str, tuple[str, str]]:
        ours, theirs = self._party(pair[0]), self._party(pair[1])
        score, reasons, values = names.score, [names.reason], (names.one, names.other)
        against = list(self._against(pair, ours, theirs, names, number))
        for factor, why in against:
            score *= factor
            reasons.append(why)
        if number:
            score = max(1 - (1 - score) * _SAME_NUMBER, 0.0 if against else _NUMBER_ALONE)
            reasons.append(f"both have {number}")
        return score, *pair, "; ".join(reasons), values

    def _against(
        self, pair: tuple[int, int], ours: _Party, theirs: _Party, names: Resemblance, number: str
    ) -> Iterator[tuple[float, str]]:
        """Yield what speaks against a pair, and by how much."""
        person = "person" in (ours.kind, theirs.kind)
        if (factor := other_countries(ours.countries, theirs.countries, person=person)) < 1:
            yield factor, f"other countries: {_list(ours.countries)}, {_list(theirs.countries)}"
        for scheme in sorted(ONE_EACH):
            mine, yours = ({value for of, value in party.numbers if of == scheme} for party in (ours, theirs))
            if mine and yours and not mine & yours:
                yield _OTHER_NUMBER, f"another {scheme}: {_list(mine)}, {_list(yours)}"
                break
        if ours.births and theirs.births and not _born_alike(ours.births, theirs.births):
            yield _OTHER_BIRTH, f"born otherwise: {_list(ours.births)}, {_list(theirs.births)}"
        if {names.one, names.other} != {ours.primary, theirs.primary}:
            primary = self._compared(ours.primary, theirs.primary, person=person)
            if primary.reason.startswith("another "):
                yield _OTHER_PRIMARY, f"but {primary.reason}"
            if _is_acronym(self._read(names.one)) and primary.score < PROPOSED:
                yield _ACRONYM_ALONE, "an acronym"
        if "craft" in (ours.kind, theirs.kind) and not number:
            yield _LONE_VESSEL, "many vessels share a name"
        arrays = self.graph.arrays
        if pair[1] in arrays.neighbour[arrays.arcs_of(pair[0])]:
            yield _LINKED, "one is linked to the other"

    def _read_party(self, row: int) -> _Party:
        said = self.graph.row("entities", row)
        numbers = frozenset((part["scheme"], part["value"]) for part in self.graph.parts("identifiers", row))
        properties = json.loads(said["properties"] or "[]")
        births = frozenset(value for key, value in properties if key in _BIRTH and value[:4].isdigit())
        kind = _KINDS.get(said["schema"], "")
        return _Party(kind, frozenset(said["countries"]), numbers, births, self.graph.name_of(row))


def _is_acronym(name: PartyName) -> bool:
    """Tell whether a name is so short that many have it: there are many MECs."""
    return not name.native and len(name.stem.replace(" ", "")) <= _SHORT_NAME


def _names_of(graph: Graph) -> _Names:
    """Return every name but those of placeholders, each once per entity."""
    entities, names = graph.tables["entities"], graph.tables["names"]
    owner = pc.index_in(names["entity"], value_set=entities["id"].combine_chunks())
    owner = owner.combine_chunks() if hasattr(owner, "combine_chunks") else owner
    whose = owner.to_numpy(zero_copy_only=False).astype(np.int32)
    hidden = np.asarray(entities["placeholder"].fill_null(False).to_numpy(zero_copy_only=False), np.bool_)  # noqa: FBT003
    people = np.asarray(pc.equal(entities["schema"].cast("string"), "Person").fill_null(False), np.bool_)  # noqa: FBT003
    shown = np.flatnonzero(~hidden[whose])
    text, kind = names["text"].take(shown).to_pylist(), names["kind"].take(shown).to_pylist()
    return _Names([str(one) for one in text], whose[shown], kind, people[whose[shown]])


def _shared_numbers(graph: Graph) -> dict[tuple[int, int], str]:
    """Return the pairs of entities that carry one number few carry, and which."""
    table = graph.tables["identifiers"]
    if not table.num_rows:
        return {}
    key = fingerprint.combined(fingerprint.of_text(table["scheme"]), fingerprint.of_text(pc.utf8_upper(table["value"])))
    order = np.argsort(key, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], key[order][1:] != key[order][:-1])))
    sizes = np.diff(np.append(starts, len(order)))
    shared: dict[tuple[int, int], str] = {}
    for start, size in zip(starts[sizes > 1].tolist(), sizes[sizes > 1].tolist(), strict=True):
        if size > _MOST_BEARERS:
            continue
        said = [graph.row("identifiers", int(row)) for row in order[start : start + size]]
        if said[0]["scheme"] in STRONG_SCHEMES or len(said[0]["value"]) < _SHORTEST_NUMBER:
            continue
        rows = sorted({row for one in said if (row := graph.row_of(one["entity"])) is not None})
        for place, one in enumerate(rows):
            for other in rows[place + 1 :]:
                shared.setdefault((one, other), f"{said[0]['scheme']} {said[0]['value']}")
    return shared


def other_countries(ours: Collection[str], theirs: Collection[str], *, person: bool) -> float:
    """Return the factor that countries put on a score: 1 unless both are known and none is shared."""
    if not ours or not theirs or not set(ours).isdisjoint(theirs):
        return 1.0
    if any(not one.isdisjoint(ours) and not one.isdisjoint(theirs) for one in _ONE_COUNTRY):
        return 1.0
    return _OTHER_HOME if person else _OTHER_COUNTRY


def _born_alike(ours: Iterable[str], theirs: Iterable[str]) -> bool:
    """Tell whether two dates of birth may be one, as far as both go: 1968 and 1968-10-18."""
    return any(one.startswith(other) or other.startswith(one) for one in ours for other in theirs)


def _list(words: Iterable[str]) -> str:
    return " ".join(sorted(words))
