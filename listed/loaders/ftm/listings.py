"""Sanctions and risks: each is a listing, on the list that its programme or dataset stands for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from listed.graph.model import Listing, Statement
from listed.graph.period import FIRST_YEAR, NO_DATE, PartialDate, Period
from listed.loaders.ftm.chunk import Chunk
from listed.loaders.ftm.lines import Record
from listed.loaders.ftm.values import date_of
from listed.loaders.ftm.vocabulary import lists_of

_OVER = frozenset({"inactive", "expired", "excluded", "delisted", "revoked", "removed", "terminated"})
_TOLD = frozenset({"entity", "program", "programId", "authorityId", "unscId", "recordId", "sourceUrl", "startDate",
                   "endDate"})  # fmt: skip
_OF_BIS = "US-BIS-"
_UK, _UK_FREEZES = "GB-SL", "GB-OFSI"


def add_listing(chunk: Chunk, record: Record, line: int, flags: Sequence[str] = ()) -> None:
    """Add a listing for each entity and list that a sanction names."""
    said = record.properties
    entities = [entity for entity in said.get("entity", ()) if entity]
    if not entities:
        chunk.aside(line, f"a listing of nobody ({record.schema}: entity)", f"{record.id} {said}")
        return
    wrong = list(flags)
    texts = [*said.get("program", ()), *said.get("authority", ())]
    lists = lists_of(record.datasets, said.get("programId", ()), texts)
    lists, doubts = british(lists, [*said.get("provisions", ()), *said.get("summary", ())])
    wrong += doubts
    period, dated = _period(record, wrong)
    programs = tuple(dict.fromkeys((*said.get("program", ()), *said.get("programId", ()))))
    numbers = [*said.get("authorityId", ()), *said.get("unscId", ()), *said.get("recordId", ())]
    cited, where = _cited(chunk, record), chunk.where(line, record.id)
    for list_ in lists:
        # The Entity List's rows come with the licence requirement as reason and the review policy as provisions.
        licence = list_.startswith(_OF_BIS)
        unsaid = dated | ({"reason", "provisions"} if licence else set())
        told = (
            list_,
            period,
            "; ".join(dict.fromkeys(numbers)),
            "; ".join(said.get("reason", ())) if licence else "",
            "; ".join(said.get("provisions", ())) if licence else "",
            programs,
            _remarks(record, unsaid),
        )
        for entity in entities:
            about = Listing(entity, *told)
            chunk.items.append(Statement(about, cited, where, tuple(wrong)))


def british(lists: Sequence[str], measures: Sequence[str]) -> tuple[list[str], list[str]]:
    """Put on the list of asset freezes whom the UK Sanctions List freezes, and flag those of whom it is not told.

    Since January 2026 that one list holds every measure; the UK's ownership test asks for freezes alone.
    """
    if _UK not in lists:
        return list(lists), []
    freezes = any("freeze" in measure.casefold() for measure in measures)
    doubts = [] if measures else ["measures: not stated, so not taken for an asset freeze"]
    return list(dict.fromkeys(_UK_FREEZES if list_ == _UK and freezes else list_ for list_ in lists)), doubts


def _period(record: Record, wrong: list[str]) -> tuple[Period, set[str]]:
    """Return the period, and the properties it was taken from."""
    said = record.properties
    name = next((name for name in ("startDate", "listingDate", "date") if said.get(name)), "startDate")
    start, flag = date_of(tuple(said.get(name, ())), last=False)
    end, end_flag = date_of(tuple(said.get("endDate", ())), last=True) if said.get("endDate") else (NO_DATE, "")
    wrong += [f"start_date: {flag}"] if flag and not start.flag else []
    wrong += [f"end_date: {end_flag}"] if end_flag and not end.flag else []
    if name == "date" and start.known:
        wrong.append("start_date: told by a bare date")
    over = [status for status in said.get("status", ()) if status.casefold() in _OVER]
    if over and not end.known:
        wrong.append(f"end_date: not told, though the status is {over[0]}")
        # Over on some day since it began: from then on it may hold, and never certainly does.
        end = PartialDate(start.earliest or date(FIRST_YEAR, 1, 1), None)
    return Period(start, end), {name} if _one(said.get(name, ()), start) else set()


def _one(texts: Sequence[str], date: PartialDate) -> bool:
    return list(dict.fromkeys(texts)) == [str(date)]


def _remarks(record: Record, unsaid: set[str]) -> str:
    """Return everything else the sanction says, as text."""
    said = [(key, values) for key, values in record.properties.items() if key not in unsaid and key not in _TOLD]
    return "; ".join(f"{key}: {' | '.join(values)}" for key, values in sorted(said) if values)


def _cited(chunk: Chunk, record: Record) -> tuple[str, ...]:
    said = record.properties
    authority = ", ".join(said.get("authority", ()))
    pages = (chunk.cited.page(url, authority) for url in said.get("sourceUrl", ()))
    return tuple(dict.fromkeys((*chunk.citing(record), *pages)))
