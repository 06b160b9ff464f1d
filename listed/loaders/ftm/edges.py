"""Objects that join two entities: each pair of their ends is a link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any

from listed.graph.period import NO_DATE
from listed.graph.share import UNKNOWN
from listed.graph.vocabulary import LinkType
from listed.loaders.ftm.chunk import Chunk
from listed.loaders.ftm.gathered import Gathered
from listed.loaders.ftm.values import amount_of, counts_in_percent, date_of, share_of
from listed.loaders.ftm.vocabulary import Schema

_AMOUNTS = (("amount", "currency", ""), ("amountEur", "", "EUR"), ("amountUsd", "", "USD"),
            ("sharesValue", "sharesCurrency", ""))  # fmt: skip
_TOLD = frozenset({"startDate", "endDate", "role", "relationship", "percentage", "sourceUrl", "publisher", "recordId",
                   "publisherUrl"})  # fmt: skip
_PAGES = frozenset({"sourceUrl", "publisher", "publisherUrl"})
_DIRECT = {"direct": True, "indirect": False}


def add_edges(chunk: Chunk, schema: Schema, edges: Gathered) -> None:
    """Add the links of a schema's objects; one without an end is set aside."""
    flags: dict[int, list[str]] = {}
    for row, flag in edges.flags:
        flags.setdefault(row, []).append(flag)
    columns = _columns(chunk, schema, edges, flags)
    sources, targets = (edges.spread(end, tuple, ()) for end in (schema.source, schema.target))
    plain = [len(one) == 1 == len(other) and one != other and "" not in one + other
             for one, other in zip(sources, targets, strict=True)]  # fmt: skip
    if all(plain):
        firsts = ([one[0] for one in ends] for ends in (sources, targets))
        chunk.links.extend(([schema.type] * len(edges), *firsts, *columns), flags)
        return
    for row, (source, target, *whole) in enumerate(zip(sources, targets, *columns, strict=True)):
        ends = tuple(filter(None, source)), tuple(filter(None, target))
        _add_pairs(chunk, schema, edges, row, (*ends, whole, flags.get(row, [])))


def _add_pairs(
    chunk: Chunk, schema: Schema, edges: Gathered, row: int, said: tuple[Any, Any, list[Any], list[str]]
) -> None:
    """Add a link for each pair of several ends, or set the object aside when an end is not told."""
    source, target, whole, wrong = said
    id_, line = edges.ids[row], edges.lines[row]
    if not source or not target:
        missing = schema.target if source else schema.source
        chunk.aside(line, f"an edge without an end ({schema.name}: {missing})", f"{id_} {edges.properties(row)}")
    if len(source) > 1 and schema.type == LinkType.OWNS:
        wrong = [*wrong, f"owner: {len(source)} owners of one stake"]
        # Each holds some part of it, and nobody says which: none certainly holds anything.
        told = list(chunk.shares.number)[whole[3]]
        whole = [*whole[:3], chunk.shares(replace(told, low=0, low_open=False) if told.known else told), *whole[4:]]
    for one, other in product(source, target):
        if one == other:
            chunk.aside(line, "owner and asset are the same entity", f"{one} {schema.type}")
        else:
            chunk.links.add((schema.type, one, other, *whole), wrong)


def _columns(chunk: Chunk, schema: Schema, edges: Gathered, flags: dict[int, list[str]]) -> list[list[Any]]:
    """Return the columns of the links after type and ends, in their order."""
    unknown = chunk.shares(UNKNOWN)
    start, end, dated = _dates(chunk, schema, edges, flags)
    share = [unknown] * len(edges)
    for row, texts in edges.column("percentage"):
        told, flag = share_of(texts)
        if counts_in_percent(texts):
            chunk.cited.in_percent.update(chunk.sources.value(edges.cited[row]))
        share[row] = chunk.shares(told)
        if flag:
            flags.setdefault(row, []).append(flag)
    basis = ["unknown" if one == unknown else "shares" for one in share]
    role = edges.spread("relationship", "; ".join, schema.role or None)
    for row, texts in edges.column("role"):
        role[row] = "; ".join(texts) or role[row]
    direct = edges.spread(
        "ownershipType", lambda kinds: next((_DIRECT[kind] for kind in kinds if kind in _DIRECT), None), None
    )
    amount, currency, note = _words(schema, edges, flags, dated)
    own = list(edges.ids)
    for row, numbers in edges.column("recordId"):
        own[row] = f"{own[row]} (record {', '.join(numbers)})"
    return [role, start, end, share, basis, direct, amount, currency, note, _cited(chunk, edges), edges.lines, own]


def _dates(
    chunk: Chunk, schema: Schema, edges: Gathered, flags: dict[int, list[str]]
) -> tuple[list[int], list[int], frozenset[str]]:
    """Return start and end of each edge, and the properties they were taken from."""
    bare = {"start": ("start",), "both": ("start", "end")}.get(schema.date, ())
    sides = []
    for side in ("start", "end"):
        column = [chunk.dates(NO_DATE)] * len(edges)
        for key in ("date", f"{side}Date") if side in bare else (f"{side}Date",):
            for row, texts in edges.column(key):
                date, flag = date_of(texts, last=side == "end")
                column[row] = chunk.dates(date)
                if flag:
                    flags.setdefault(row, []).append(f"{side}_date: {flag}")
        sides.append(column)
    return sides[0], sides[1], frozenset({"date"} if bare else ())


def _words(
    schema: Schema, edges: Gathered, flags: dict[int, list[str]], dated: frozenset[str]
) -> tuple[list[Decimal | None], list[str | None], list[str | None]]:
    """Return amount, currency and note: everything else an edge says, as text."""
    amount: list[Decimal | None] = [None] * len(edges)
    currency: list[str | None] = [None] * len(edges)
    note: list[str | None] = [None] * len(edges)
    told = {schema.source, schema.target, *_TOLD, *dated}
    for name, unit, fixed in _AMOUNTS:
        units = edges.spread(unit, lambda texts: texts[0].upper(), None) if unit else [fixed] * len(edges)
        for row, texts in edges.column(name):
            if amount[row] is None:
                amount[row], flag = amount_of(texts)
                currency[row] = units[row]
                if flag:
                    flags.setdefault(row, []).append(flag)
        told |= {name, unit}
    for key in edges.columns:
        for row, texts in edges.column(key) if key not in told else ():
            before = f"{note[row]}; " if note[row] else ""
            note[row] = before + _said(key, texts)
    return amount, currency, note


def _said(key: str, texts: Sequence[str]) -> str:
    if key == "sharesCount":
        return " or ".join(f"{text} shares" for text in texts)
    if key in ("summary", "description"):
        return "; ".join(texts)
    return f"{'observed on' if key == 'date' else f'{key}:'} {', '.join(texts)}"


def _cited(chunk: Chunk, edges: Gathered) -> list[int]:
    """Return the numbers of the sources of each edge: its datasets, and the pages it names."""
    if _PAGES.isdisjoint(edges.columns):
        return edges.cited
    cited, datasets = list(edges.cited), list(chunk.sources.number)
    publishers = edges.spread("publisher", ", ".join, "")
    pages = edges.spread("publisherUrl", tuple, ())
    for row, urls in edges.column("sourceUrl"):
        pages[row] = urls
    for row, (publisher, urls) in enumerate(zip(publishers, pages, strict=True)):
        if publisher or urls:
            told = (chunk.cited.page(url, publisher) for url in urls or ("",))
            cited[row] = chunk.sources((*datasets[cited[row]], *told))
    return cited
