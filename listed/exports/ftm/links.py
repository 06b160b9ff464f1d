"""Links as the objects of FollowTheMoney that join two others; those it has no schema for as ``UnknownLink``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.citations import Citations
from listed.exports.ftm.ids import Ids
from listed.exports.shares import shares_of
from listed.exports.text_columns import CHUNK, Objects, distinct_prefix, joined, json_text, plain, wrapped
from listed.exports.told import Told, days_told
from listed.graph.share import Share, show_percent
from listed.graph.tables import TEXT, Tables
from listed.graph.vocabulary import PHRASES, LinkType

_KIN = (r"(?i)famil|spous|wife|husband|\bson\b|daughter|brother|sister|sibling|father|mother|parent|child|cousin|"
        r"nephew|niece|uncle|aunt|relative|in-law")  # fmt: skip
"""Words of a role that say family; any other relation between two persons is an associate's."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A schema that joins two: the properties of its ends, and the one that says more."""

    source: str
    target: str
    role: str = "role"


_EDGES = {
    "UnknownLink": _Edge("subject", "object"),
    "Ownership": _Edge("owner", "asset"),
    "Directorship": _Edge("director", "organization"),
    "Succession": _Edge("successor", "predecessor"),
    "Membership": _Edge("member", "organization"),
    "Employment": _Edge("employee", "employer"),
    "Occupancy": _Edge("holder", "post"),
    "Family": _Edge("person", "relative", "relationship"),
    "Associate": _Edge("person", "associate", "relationship"),
}
_PLAIN = {"OWNS": "Ownership", "OFFICER_OF": "Directorship", "SUCCEEDS": "Succession"}
_BY_ROLE = {"member": "Membership", "employee": "Employment", "holds the post": "Occupancy"}
_UNKNOWN = "UnknownLink"


def link_lines(tables: Tables, ids: Ids, told: Told) -> Iterator[pa.Array]:
    """Yield the objects of the links, a line each."""
    prefix = distinct_prefix("link", ids.written).replace(":", "-")
    citations = Citations(tables["sources"])
    entities = tables["entities"]
    given, schemata = plain(entities["id"]), plain(entities["schema"])
    # Looked up once: for each slice anew it would take most of the time.
    place = {end: pc.index_in(plain(tables["links"][end]), value_set=given) for end in ("source", "target")}
    for start in range(0, tables["links"].num_rows, CHUNK):
        rows = tables["links"].slice(start, CHUNK).combine_chunks()
        ends = []
        for end, places in place.items():
            here = places.slice(start, CHUNK)
            ends.append(schemata.take(here))
            rows = rows.set_column(rows.schema.get_field_index(end), end, ids.written.take(here))
        schema = _schemata(plain(rows["type"]), plain(rows["role"]), *ends)
        _tell(rows, schema, told)
        for name in np.unique(schema).tolist():
            chosen = rows.filter(pa.array(schema == name))
            yield _lines(name, chosen, prefix, citations)


def _schemata(types: pa.Array, roles: pa.Array, source: pa.Array, target: pa.Array) -> npt.NDArray[np.object_]:
    """Return the schema of each link."""
    found = np.full(len(types), _UNKNOWN, object)
    for type_, schema in _PLAIN.items():
        found[_where(pc.equal(types, type_))] = schema
    affiliated = pc.equal(types, LinkType.AFFILIATED_WITH.value)
    for role, schema in _BY_ROLE.items():
        fits = pc.and_(affiliated, pc.equal(roles, role))
        found[_where(pc.and_(fits, pc.equal(target, "Position")) if schema == "Occupancy" else fits)] = schema
    persons = pc.and_(pc.equal(source, "Person"), pc.equal(target, "Person"))
    related = pc.and_(pc.and_(pc.equal(types, LinkType.RELATED_TO.value), persons), pc.is_valid(roles))
    found[_where(related)] = "Associate"
    found[_where(pc.and_(related, pc.match_substring_regex(roles, _KIN)))] = "Family"
    return found


def _where(mask: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(mask, fill_value=False).to_numpy(zero_copy_only=False), np.bool_)


def _tell(rows: pa.Table, schema: npt.NDArray[np.object_], told: Told) -> None:
    """Count what of these links FollowTheMoney does not hold."""
    types = plain(rows["type"]).filter(pa.array(schema == _UNKNOWN))
    for one in types.value_counts().to_pylist():
        if one["values"] != LinkType.LINKED_TO.value:
            told.lose(f"{one['values']} links are UnknownLink, what they say is the role", one["counts"])
    basis = plain(rows["basis"])
    other = pc.is_in(basis, value_set=_NO_SHARES)
    told.lose(
        "links that count votes, board seats or consolidation say so in the summary alone: a percentage is of shares",
        pc.sum(other).as_py() or 0,
    )
    known = pc.is_valid(rows["share_min"]).to_numpy() & (schema != "Ownership")
    told.lose("shares of links that are no Ownership stand in the summary", int(known.sum()))
    told.lose_starts_told(rows, "links")
    told.lose("links do not say how sure the source is", len(rows["confidence"].drop_null()))


def _lines(name: str, rows: pa.Table, prefix: str, citations: Citations) -> pa.Array:
    edge, objects = _EDGES[name], Objects(rows.num_rows)
    objects.column(edge.source, plain(rows["source"]))
    objects.column(edge.target, plain(rows["target"]))
    role = plain(rows["role"])
    objects.column(edge.role, _role(plain(rows["type"]), role) if name == _UNKNOWN else role)
    objects.column("startDate", plain(rows["start_date"]))
    objects.column("endDate", plain(rows["end_date"]))
    money = plain(rows["amount"])
    if name == "Ownership":
        held = pc.coalesce(shares_of(rows).written(percentage), plain(rows["share_text"]))
        other = pc.fill_null(pc.is_in(plain(rows["basis"]), value_set=_NO_SHARES), fill_value=False)
        objects.column("percentage", pc.if_else(other, _NOTHING, held))
        counted = pc.binary_join_element_wise(plain(rows["basis"]), held, ": ")
        objects.column("summary", pc.if_else(other, counted, _NOTHING))
        direct = rows["direct"].combine_chunks()
        objects.column("ownershipType", pc.if_else(direct, "direct", "indirect"))
        objects.column("sharesValue", money)
        objects.column("sharesCurrency", pc.if_else(pc.is_valid(money), plain(rows["currency"]), _NOTHING))
    objects.column("summary", plain(rows["note"]))
    objects.column("summary", days_told(rows))
    if name != "Ownership":
        basis = plain(rows["basis"])
        counted = pc.if_else(pc.is_in(basis, value_set=_NO_SHARES), basis, "share")
        objects.column("summary", pc.binary_join_element_wise(counted, shares_of(rows).written(str), ": "))
        amount = joined(money, " ", plain(rows["currency"]))
        objects.column("summary", pc.if_else(pc.is_valid(money), wrapped("amount: ", amount, ""), _NOTHING))
    objects.add("sourceUrl", *citations.cited(rows["sources"], "url"))
    return joined(
        f'{{"id":"{prefix}', rows["id"].combine_chunks(), f'","schema":"{name}","properties":{{', objects.written(),
        '},"datasets":[', json_text(plain(rows["dataset"])), "]}\n",
    )  # fmt: skip


_NOTHING = pa.scalar(None, TEXT)
_NO_SHARES = pa.array(["votes", "board", "consolidation"])


def _role(types: pa.Array, roles: pa.Array) -> pa.Array:
    """Return what an ``UnknownLink`` says: how the type reads, and the role."""
    reads = {type_.value: PHRASES[type_].forward for type_ in LinkType if type_ is not LinkType.LINKED_TO}
    words = pa.array([*reads.values(), None], TEXT)
    place = pc.fill_null(pc.index_in(types, value_set=pa.array(list(reads), TEXT)), len(reads))
    phrase = words.take(place)
    both = pc.binary_join_element_wise(phrase, roles, ": ")
    return pc.coalesce(both, phrase, roles)


def percentage(share: Share) -> str | None:
    """Return a share as a percentage that reads back as the same share: ``51``, ``25-50``, ``(25, 50]``."""
    if share.low is None or share.high is None:
        return None
    low, high = show_percent(share.low), show_percent(share.high)
    if share.exact:
        return low
    if not share.low_open and not share.high_open:
        return f"{low}-{high}"
    return f"{'(' if share.low_open else '['}{low}, {high}{')' if share.high_open else ']'}"
