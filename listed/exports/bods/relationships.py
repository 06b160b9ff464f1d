"""Links as relationships: what holds or controls is an interest, what does not is left out and counted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from listed.exports.bods.frame import Frame
from listed.exports.bods.parties import PARTIES, PERSON
from listed.exports.shares import shares_of
from listed.exports.text_columns import CHUNK, distinct_prefix, joined, json_text, plain, wrapped
from listed.exports.told import Told, days_told
from listed.graph.share import Share, show_percent
from listed.graph.tables import TEXT, Tables
from listed.graph.vocabulary import LinkType

_BY_ROLE = {
    "CONTROLS": {"settlor": "settlor", "trustee": "trustee", "protector": "protector", "nominator": "nominator",
                 "rights granted by contract": "rightsGrantedByContract",
                 "conditional rights granted by contract": "conditionalRightsGrantedByContract",
                 "control via company rules or articles": "controlViaCompanyRulesOrArticles",
                 "control by legal framework": "controlByLegalFramework", "voting rights": "votingRights",
                 "appointment of board": "appointmentOfBoard",
                 "other influence or control": "otherInfluenceOrControl"},
    "OWNS": {"rights to surplus assets on dissolution": "rightsToSurplusAssetsOnDissolution"},
    "OFFICER_OF": {"senior managing official": "seniorManagingOfficial", "board member": "boardMember",
                   "board chair": "boardChair"},
    "LINKED_TO": {"beneficiary of legal arrangement": "beneficiaryOfLegalArrangement",
                  "rights to profit or income": "rightsToProfitOrIncome", "unknown interest": "unknownInterest",
                  "unpublished interest": "unpublishedInterest",
                  "enjoyment and use of assets": "enjoymentAndUseOfAssets",
                  "right to profit or income from assets": "rightToProfitOrIncomeFromAssets", "nominee": "nominee"},
}  # fmt: skip
"""Roles that are types of interest, by the type of link: those the standard's own statements are read with."""

_BY_BASIS = {"votes": "votingRights", "board": "appointmentOfBoard", "consolidation": "otherInfluenceOrControl"}
"""What is no share must not be read as one: by what a link counts, whether it says OWNS or CONTROLS."""

_OTHERWISE = {"OWNS": "shareholding", "CONTROLS": "otherInfluenceOrControl", "INVESTED_IN": "unknownInterest"}
_OFFICES = ((r"(?i)\bchair", "boardChair"), (r"(?i)director|board", "boardMember"), ("", "seniorManagingOfficial"))
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_NOTHING = pa.scalar(None, TEXT)
_NO_SHARES = pa.array(list(_BY_BASIS))
_HOLDS = pa.array([LinkType.OWNS.value, LinkType.CONTROLS.value])


def relationship_statements(tables: Tables, frame: Frame, told: Told) -> Iterator[pa.Array]:
    """Yield the statements about relationships, each without what stands between two of them."""
    entities = tables["entities"]
    ids, schemata = plain(entities["id"]), plain(entities["schema"])
    prefix = distinct_prefix("link", ids).replace(":", "-")
    ends = [schemata.take(pc.index_in(plain(tables["links"][end]), value_set=ids)) for end in ("source", "target")]
    for start in range(0, tables["links"].num_rows, CHUNK):
        rows = tables["links"].slice(start, CHUNK).combine_chunks()
        owner, asset = (end.slice(start, CHUNK) for end in ends)
        interest = interests(plain(rows["type"]), plain(rows["role"]), plain(rows["basis"]))
        keep = _kept(rows, interest, owner, asset, told)
        held, interest = rows.filter(pa.array(keep)), interest.filter(pa.array(keep))
        told.wrote("relationships", held.num_rows)
        record = wrapped(prefix, plain(held["id"]), "")
        details = _details(held, interest, told)
        yield frame.statements(record, "relationship", details, held["sources"], subject=plain(held["target"]))


def interests(types: pa.Array, roles: pa.Array, basis: pa.Array) -> pa.Array:
    """Return the type of interest of each link; null where it is none."""
    found = np.full(len(types), None, object)
    for type_, interest in _OTHERWISE.items():
        found[_flags(pc.equal(types, type_))] = interest
    officers = _flags(pc.equal(types, LinkType.OFFICER_OF.value))
    for pattern, interest in reversed(_OFFICES):
        matches = _flags(pc.match_substring_regex(pc.fill_null(roles, ""), pattern))
        found[officers & matches] = interest
    holds = _flags(pc.is_in(types, value_set=_HOLDS))
    for type_, said in _BY_ROLE.items():
        of_type = _flags(pc.equal(types, type_))
        for role, interest in said.items():
            found[of_type & _flags(pc.equal(roles, role))] = interest
    for word, interest in _BY_BASIS.items():
        found[holds & _flags(pc.equal(basis, word))] = interest
    return pa.array(found, TEXT)


def _kept(rows: pa.Table, interest: pa.Array, owner: pa.Array, asset: pa.Array, told: Told) -> npt.NDArray[np.bool_]:
    """Return which links become relationships; count the others."""
    kept = _flags(pc.is_valid(interest))
    types = plain(rows["type"]).filter(pa.array(~kept))
    for one in types.value_counts().to_pylist():
        told.lose(f"{one['values']} links are left out: the standard knows interests alone", one["counts"])
    parties = pa.array(sorted(PARTIES))
    unfit = ~(_flags(pc.is_in(owner, value_set=parties)) & _flags(pc.is_in(asset, value_set=parties)))
    told.lose("links with an end that is no party of the standard are left out", int((kept & unfit).sum()))
    of_person = _flags(pc.equal(asset, PERSON)) & ~unfit
    told.lose("links whose asset is a person are left out", int((kept & of_person).sum()))
    return kept & ~unfit & ~of_person


def _details(rows: pa.Table, interest: pa.Array, told: Told) -> pa.Array:
    direct = rows["direct"].combine_chunks()
    shares = shares_of(rows)
    start, end = (plain(rows[f"{side}_date"]) for side in ("start", "end"))
    share = wrapped(',"share":{', shares.written(_share), "}")
    body = joined(
        '{"type":"', interest, '"', wrapped(',"directOrIndirect":"', pc.if_else(direct, "direct", "indirect"), '"'),
        share, wrapped(',"startDate":"', _days(start), '"'), wrapped(',"endDate":"', _days(end), '"'),
        wrapped(',"details":', json_text(_said(rows, interest, told)), ""), "}",
    )  # fmt: skip
    return joined(
        '{"isComponent":false,"subject":', json_text(plain(rows["target"])), ',"interestedParty":',
        json_text(plain(rows["source"])), ',"interests":[', body, "]}",
    )  # fmt: skip


def _said(rows: pa.Table, interest: pa.Array, told: Told) -> pa.Array:
    """Return what has no field, as text: the role, the note, what is known of a day, an amount, a share unread."""
    types, role = plain(rows["type"]), plain(rows["role"])
    told_by_type = pa.array([role_ for said in _BY_ROLE.values() for role_ in said], TEXT)
    role = pc.if_else(pc.is_in(role, value_set=told_by_type), _NOTHING, role)
    invested = pc.equal(types, LinkType.INVESTED_IN.value)
    told.lose("INVESTED_IN links are interests of an unknown type", pc.sum(invested).as_py() or 0)
    owns, basis = pc.equal(types, LinkType.OWNS.value), plain(rows["basis"])
    counts = {what: pc.sum(pc.and_(owns, mask)).as_py() or 0 for what, mask in (
        ("do not say what is counted are a shareholding", pc.equal(pc.fill_null(basis, "unknown"), "unknown")),
        ("count votes, board seats or consolidation are that kind of control", pc.is_in(basis, value_set=_NO_SHARES)),
    )}  # fmt: skip
    for what, count in counts.items():
        told.lose(f"OWNS links that {what}", count)
    money = plain(rows["amount"])
    amount = pc.if_else(
        pc.is_valid(money), joined("amount: ", money, wrapped(" ", plain(rows["currency"]), "")), _NOTHING
    )
    unread = pc.if_else(pc.is_valid(rows["share_min"].combine_chunks()), _NOTHING, plain(rows["share_text"]))
    partial = [_partial(plain(rows[f"{side}_date"]), side, told) for side in ("start", "end")]
    told_on = days_told(rows)
    partial[0] = pc.if_else(pc.is_valid(told_on), told_on, partial[0])
    told.lose_starts_told(rows, "links")
    told.lose("links do not say how sure the source is", len(rows["confidence"].drop_null()))
    parts = [pc.if_else(invested, "invested", _NOTHING), role, _consolidation(rows), plain(rows["note"]),
             wrapped("share: ", unread, ""), *partial, amount]  # fmt: skip
    # Arrow's own way to leave out nulls (null_handling="skip") loses the rows in which all are null.
    text = pc.replace_substring_regex(joined(*(wrapped("", part, ". ") for part in parts)), r"\. $", "")
    return pc.if_else(pc.equal(text, ""), _NOTHING, text)


def _consolidation(rows: pa.Table) -> pa.Array:
    """Return consolidation in the words of GLEIF's records, which statements made of them keep."""
    held = pc.is_in(plain(rows["type"]), value_set=_HOLDS)
    whole = pc.and_(held, pc.equal(plain(rows["basis"]), "consolidation"))
    direct = pc.fill_null(rows["direct"].combine_chunks(), fill_value=False)
    return pc.if_else(
        whole, pc.if_else(direct, "IS_DIRECTLY_CONSOLIDATED_BY", "IS_ULTIMATELY_CONSOLIDATED_BY"), _NOTHING
    )


def _partial(dates: pa.Array, side: str, told: Told) -> pa.Array:
    unfit = pc.invert(pc.match_substring_regex(dates, _DAY))
    told.lose(f"{side} dates known to the month or year stand in the details", pc.sum(unfit).as_py() or 0)
    return wrapped(f"{side}: ", pc.if_else(unfit, dates, _NOTHING), "")


def _days(dates: pa.Array) -> pa.Array:
    return pc.if_else(pc.match_substring_regex(dates, _DAY), dates, _NOTHING)


def _share(share: Share) -> str:
    low, high = show_percent(share.low or 0), show_percent(share.high or 0)
    if share.exact:
        return f'"exact":{low}'
    lowest = "exclusiveMinimum" if share.low_open else "minimum"
    highest = "exclusiveMaximum" if share.high_open else "maximum"
    return f'"{lowest}":{low},"{highest}":{high}'


def _flags(mask: pa.Array) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.fill_null(mask, fill_value=False).to_numpy(zero_copy_only=False), np.bool_)
