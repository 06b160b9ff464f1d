"""Answers as text a reporter can read and quote: a terminal gets tables and colour, a pipe plain lines."""

from __future__ import annotations

import ast
import json
import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import click

from listed.deciding import DecisionReport
from listed.graph.counted import counted
from listed.graph.model import UNREAD, Source
from listed.graph.period import period_said
from listed.loading import BUNDLED, LoadReport, default_folder
from listed.queries.answer import Answer, plain
from listed.queries.government import STATE_TIES
from listed.queries.records import InvestmentRow, ListingRow, StakeRow
from listed.queries.rules import Ground
from listed.queries.verdict_prose import percents_said
from listed.visible import visible

_MOST_SOURCES = 40
"""Sources listed below an answer; the rest are in ``--json``."""

_NARROW = 60
"""Columns of a terminal in which a table would lose letters."""


def show(answer: Answer[Any]) -> None:
    """Print an answer."""
    page = _Page(answer)
    page.heading()
    _BODIES[answer.query](page, answer)
    page.foot()


_WHOLE = frozenset({"id", "share", "score", "when", "holds", "listed on", "country", "amount"})
"""Columns whose cells are never broken over lines."""


class _Page:
    """Text being put together; numbers the sources as they are cited."""

    def __init__(self, answer: Answer[Any]) -> None:
        self.answer = answer
        self.terminal = sys.stdout.isatty()
        self.width = min(shutil.get_terminal_size().columns, 140) if self.terminal else 100_000
        self._numbers: dict[str, int] = {}

    def line(self, text: str = "", indent: int = 0, *, bold: bool = False, dim: bool = False) -> None:
        """Print a line, wrapped to the terminal, its further lines under its first."""
        margin, text = " " * indent, visible(text)
        hang = len(text) - len(text.lstrip(" 0123456789.")) if text[:1] in " 123456789" else 0
        wrapped = textwrap.wrap(text, max(self.width - indent, 40), subsequent_indent=" " * hang,
                                break_long_words=False, break_on_hyphens=False)  # fmt: skip
        for part in wrapped or [""]:
            click.echo(click.style(margin + part, bold=bold or None, dim=dim or None))

    def heading(self) -> None:
        """Print what was asked, of which graph, for which day."""
        answer = self.answer
        what = _TITLES.get(answer.query, answer.query)
        asked = [self._asked(key) for key in ("name", "entity", "start", "end") if key in answer.asked]
        what += " of" if answer.query == "duplicates" and asked else ""
        day = "" if answer.query in _TIMELESS else f", as of {answer.as_of}"
        self.line(f"{what} {' and '.join(asked)}".strip() + day, bold=True)
        # A database is asked as it stands: it is no snapshot.
        which = f"{answer.graph} graph, snapshot {answer.snapshot}" if answer.snapshot else answer.graph
        ends = (("A", "old"), ("B", "new")) if answer.query == "diff" else ()
        sides = [f"{side}: {answer.asked[key]}" for side, key in ends]
        for line in sides or [which]:
            self.line(line, dim=True)
        for note in answer.notes:
            self.line(f"Note: {note}")
        self.line()

    def _asked(self, key: str) -> str:
        said = str(self.answer.asked[key])
        return f"{self.answer.names[said]} [{said}]" if said in self.answer.names else said

    def cite(self, sources: Sequence[str]) -> str:
        """Return the sources as numbers in brackets."""
        return "".join(f"[{self._numbers.setdefault(id_, len(self._numbers) + 1)}]" for id_ in sources)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print rows: wrapped in a terminal, without its empty columns; a line each with tabs elsewhere."""
        rows = [[visible(cell) for cell in row] for row in rows]
        if not self.terminal or self.width < _NARROW:
            for row in (columns, *rows):
                click.echo("\t".join(" ".join(cell.split()) for cell in row))
            return
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold", show_edge=False)
        filled = [place for place in range(len(columns)) if any(row[place] for row in rows)]
        for place in filled:
            table.add_column(columns[place], overflow="fold", no_wrap=columns[place] in _WHOLE)
        for row in rows:
            cells = (row[place].replace(" US-", "\nUS-") for place in filled)
            table.add_row(*(Text(cell, style=_style(cell)) for cell in cells))
        Console(width=self.width).print(table)

    def foot(self) -> None:
        """Print the sources cited."""
        if self._numbers:
            self.line()
            newest = max((self.answer.sources[id_].published for id_ in self._numbers), default="")
            self.line(f"Sources, the newest of {newest}" if newest else "Sources", bold=True)
        for id_, number in list(self._numbers.items())[:_MOST_SOURCES]:
            self.line(f"[{number}] {_cited(self.answer.sources[id_])}")
        if len(self._numbers) > _MOST_SOURCES:
            self.line(f"and {len(self._numbers) - _MOST_SOURCES} more, in full with --json")


def _cited(source: Source) -> str:
    told = [source.title, source.publisher, source.published, source.url]
    day = f"retrieved {source.retrieved}" if source.retrieved else f"loaded {source.loaded}" if source.loaded else ""
    return ", ".join(part for part in (*told, day) if part) or source.id


def _style(cell: str) -> str:
    return "red" if cell.startswith("US-") else "yellow" if cell.startswith(("possibly", "past", "exit")) else ""


def _none(page: _Page, found: str) -> None:
    selection = " The graph that comes with Listed is a selection." if page.answer.graph == BUNDLED else ""
    loaded = "listed report tells what is loaded"
    page.line(f"{found} is known to this graph.{selection} That is not proof that there is none: {loaded}.")


def _search(page: _Page, answer: Answer[Any]) -> None:
    if not answer.rows:
        _none(page, "No name like that")
        return
    rows = [(row.entity, row.name, f"{row.score:g}", row.reason, row.schema, " ".join(row.countries),
             " ".join(row.listed_on)) for row in answer.rows]  # fmt: skip
    page.table(("id", "name", "score", "why", "kind", "country", "listed on"), rows)
    if answer.bounds["cut_off"]:
        page.line(f"The best {answer.bounds['limit']} are shown; there are more (--limit).")


def _show(page: _Page, answer: Answer[Any]) -> None:
    row = answer.rows[0]
    page.line(f"{row.name}  [{row.entity}]", bold=True)
    page.line(", ".join(part for part in (row.schema, *row.countries, *row.topics) if part), 2)
    facts = [
        *((f"{kind} name", text) for text, kind in row.names[1:]),
        *(("identifier", f"{scheme} {value}") for scheme, value in row.identifiers),
        *(("address", f"{text} ({country})" if country else text) for text, country in row.addresses),
        *row.properties,
        *(("merged", f"{id_} ({reason})") for id_, reason in row.merged_from),
        *(("flag", flag) for flag in row.flags),
        *((("note", row.note),) if row.note else ()),
        *((("links", ", ".join(f"{count} {type_}" for type_, count in row.links.items())),) if row.links else ()),
    ]
    for label, text in facts:
        page.line(f"{label}: {text}", 2)
    page.line(f"told by {page.cite(row.sources)}", 2)
    page.line()
    page.line("Listings", bold=True)
    for one in row.listings:
        _listing(page, one)
    if not row.listings:
        page.line("none that may hold on this day in this graph; that is not proof that there is none", 2)


def _listing(page: _Page, one: ListingRow) -> None:
    when = period_said(one.start_date, one.end_date, told=one.start_told) or "since an unknown day"
    mark = "" if one.holds == "certainly" else f" ({one.holds})"
    page.line(f"{one.list}{mark}: {when}. {one.list_title}. {page.cite(one.sources)}", 2)
    facts = {
        "citation": one.citation,
        "programmes": ", ".join(one.programs),
        "licence requirement": one.licence_requirement,
        "review policy": one.licence_policy,
        "remarks": one.remarks,
    }
    for label, text in facts.items():
        if text:
            page.line(f"{label}: {text}", 4)


def _stakes(page: _Page, answer: Answer[Any]) -> None:
    if answer.asked.get("look_through"):
        _look_through(page, answer)
        return
    up = answer.query == "owners"
    if not answer.rows:
        _none(page, "No owner" if up else "No holding")
        return
    heads = ("share", "owner" if up else "asset", "as", "when", "holds", "listed on", "sources")
    page.table(heads, [_stake(page, row, up=up) for row in answer.rows])


def _stake(page: _Page, row: StakeRow, *, up: bool) -> tuple[str, ...]:
    share = f"{row.share} ({row.share_text})" if " or " in row.share_text else row.share
    marks = (
        row.role,
        "indirect" if row.direct is False else "",
        "disputed" if row.confidence == "disputed" else "",
        "conflict" if row.conflict else "",
    )
    return (
        share if row.type == "OWNS" else f"controls: {share}",
        f"{row.owner_name} [{row.owner}]" if up else f"{row.asset_name} [{row.asset}]",
        ", ".join(mark for mark in marks if mark),
        _dates(row.start_date, row.end_date, told=row.start_told),
        _holds(row.holds),
        " ".join(row.listed_on),
        page.cite(row.sources),
    )


def _investors(page: _Page, answer: Answer[Any]) -> None:
    if not answer.rows:
        _none(page, "No investor")
        return
    heads = ("when", "investor", "as", "amount", "holds on this day", "certainty", "listed on", "sources")
    page.table(heads, [_investment(page, row) for row in answer.rows])


def _investment(page: _Page, row: InvestmentRow) -> tuple[str, ...]:
    return (
        _dates(row.start_date, row.end_date, told=row.start_told),
        f"{row.investor_name} [{row.investor}]",
        row.role,
        f"{row.currency} {row.amount:,.0f}" if row.amount is not None else "",
        row.stake,
        _holds(row.holds),
        " ".join(row.listed_on),
        page.cite(row.sources),
    )


def _ventures(page: _Page, answer: Answer[Any]) -> None:
    if not answer.rows:
        _none(page, "No joint venture")
        return
    venture = ""
    for row in answer.rows:
        if row.venture != venture:
            venture = row.venture
            page.line(f"{row.venture_name} [{row.venture}]: {row.reason}", bold=True)
        listed = f"; listed: {' '.join(row.listed_on)}" if row.listed_on else ""
        marks = (row.role, _dates(row.start_date, row.end_date, told=row.start_told), _holds(row.holds))
        said = ", ".join(mark for mark in marks if mark)
        page.line(f"{row.share}: {row.owner_name} [{row.owner}] ({said}){listed} {page.cite(row.sources)}", 2)


_NO_LIST = "nothing can be said, for this graph holds no list of it"


def _verdict(page: _Page, answer: Answer[Any]) -> None:
    for row in answer.rows:
        said = f"{row.verdict} (would be: {row.would_be})" if row.would_be else row.verdict
        if row.no_list:
            said = _NO_LIST
        page.line(f"{row.regime}: {said}", bold=True)
        page.line(f"{row.paragraph} {page.cite(row.sources)}", 2)
        for ground in row.grounds:
            _ground(page, ground, 4)
        for one in row.open:
            page.line(f"would settle it: {one.owner_name} ({one.share}) captures from {one.captures_from:g}%", 4)
        for text in row.control_indicated:
            page.line(f"control indicated, not part of the verdict: {text}", 4)
        for terms in row.terms[:3]:
            asked = (
                "; ".join(part for part in (terms.licence_requirement, terms.licence_policy) if part) or "not stated"
            )
            page.line(f"terms of {terms.owner_name} on {terms.list}: {asked}", 4)
    page.line()
    page.line("Not legal advice: check the primary text before you act.", dim=True)


def _ground(page: _Page, ground: Ground, indent: int) -> None:
    listed = f", listed on {' '.join(ground.listed_on)}" if ground.listed_on else ""
    seen = " (told above)" if ground.seen else ""
    marks = ", ".join(part for part in (ground.role, ground.dates) if part)
    holds = f"holds {ground.share} ({marks})" if marks else f"holds {ground.share}"
    said = f"└ {ground.owner_name} [{ground.owner}] {holds}: {ground.owner_verdict}{listed}{seen}"
    page.line(f"{said} {page.cite(ground.sources)}", indent)
    for one in ground.grounds:
        _ground(page, one, indent + 3)


def _holder(ground: Ground) -> str:
    """Return an owner in a cell: "SenseTime Group Inc. 100% (undetermined, told on 2021-12-10)"."""
    verdict = "" if ground.owner_verdict in ("listed", "captured") else ground.owner_verdict
    marks = ", ".join(part for part in (verdict, ground.dates) if part)
    return f"{ground.owner_name} {ground.share}" + (f" ({marks})" if marks else "")


def _affiliates(page: _Page, answer: Answer[Any]) -> None:
    counts = ", ".join(f"{count:,} {name}" for name, count in answer.bounds["counts"].items())
    no_list = answer.bounds.get("no_list", ())
    for regime, status in answer.bounds["status"].items():
        if regime not in no_list:
            page.line(f"{regime} is {status}")
    for regime in no_list:
        page.line(f"{regime}: {_NO_LIST}", bold=True)
    ruled = [regime for regime in answer.bounds.get("regimes", ()) if regime not in no_list]
    if ruled or not no_list:
        page.line(f"{', '.join(ruled)}: {counts}" if ruled else counts)
    heads = ("verdict", "entity", "held by listed or captured owners", "owners", "sources")
    rows = [
        (
            f"would be {row.would_be}" if row.would_be else row.verdict,
            f"{row.name} [{row.entity}]",
            percents_said(row.held_min, row.held_max),
            "; ".join(map(_holder, row.grounds)),
            page.cite(row.sources),
        )
        for row in answer.rows
    ]
    if rows:
        page.table(heads, rows)


def _timeline(page: _Page, answer: Answer[Any]) -> None:
    for row in answer.rows:
        said = f"{row.verdict} (would be: {row.would_be})" if row.would_be else row.verdict
        held = f"{percents_said(row.held_min, row.held_max)} held by listed or captured owners"
        if not row.held_max:
            held = "no stake of a listed or captured owner known"
        said = _NO_LIST if row.no_list else f"{said}, {held}"
        page.line(f"{row.from_date or 'before'}  {row.regime}: {said} {page.cite(row.sources)}".rstrip())
        for change in row.changes:
            page.line(change, 4, dim=True)
    if answer.bounds["cut_off"]:
        page.line(
            f"The last {answer.bounds['days']} days of change are shown; {answer.bounds['cut_off']} earlier are not."
        )


def _look_through(page: _Page, answer: Answer[Any]) -> None:
    up = answer.query == "owners"
    if not answer.rows:
        _none(page, "No owner" if up else "No holding")
        return
    heads = ("over all chains", "direct", "owner" if up else "asset", "end of the chain", "listed on", "sources")
    rows = [
        (
            percents_said(row.share_min, row.share_max),
            percents_said(row.direct_min, row.direct_max) if row.direct_max else "",
            f"{row.owner_name} [{row.owner}]" if up else f"{row.asset_name} [{row.asset}]",
            row.ultimate,
            " ".join(row.listed_on),
            page.cite(row.sources),
        )
        for row in answer.rows
    ]
    page.table(heads, rows)
    page.line(
        "Look-through shares are products along chains. Ownership rules do not use them: see listed verdict.", dim=True
    )


def _government(page: _Page, answer: Answer[Any]) -> None:
    if not answer.rows:
        _none(page, "No state body")
    tie = ""
    for place, row in enumerate(answer.rows, start=1):
        if row.tie != tie:
            tie = row.tie
            page.line(STATE_TIES[tie], bold=True)
        page.line(f"{place}. {row.sentence}{_past(row)} {page.cite(row.sources)}")


def _paths(page: _Page, answer: Answer[Any]) -> None:
    if not any(row.kind != "venture" for row in answer.rows):
        _none(page, f"No path of up to {counted(answer.bounds['hops'], 'links')}")
    ventures = False
    for place, row in enumerate(answer.rows, start=1):
        if row.kind == "venture" and not ventures:
            ventures = True
            page.line()
            page.line("Joint ventures of the listed entities reached", bold=True)
        page.line(f"{place}. {row.sentence}{_past(row)} {page.cite(row.sources)}")
        if row.listed_on:
            page.line(f"{row.end_name} is listed: {', '.join(row.listed_on)}", 4)
        for step in row.steps:
            for other in step.others:
                page.line(f"also: {other.sentence} {page.cite(other.sources)}", 4, dim=True)
    page.line()
    page.line(bounds_aloud(answer.bounds), dim=True)


def bounds_aloud(bounds: dict[str, Any]) -> str:
    """Return the bounds of a path search in words, with what they cut off."""
    said = [f"Searched paths of up to {counted(bounds['hops'], 'links')}, the best {bounds['limit']}."]
    if bounds["more_paths"]:
        said.append("There are more paths (--limit).")
    if bounds.get("more_ventures"):
        said.append(f"Only {bounds['ventures']} joint ventures are told; `listed ventures NAME` has all of a partner.")
    if bounds["gave_up"]:
        said.append(f"The search gave up after {bounds['steps']:,} steps: there may be more paths.")
    if hubs := bounds["hubs_not_passed"]:
        shown = "; ".join(f"{hub['name']}, {hub['links']} links" for hub in hubs[:5])
        more = f"; and {len(hubs) - 5} more" if len(hubs) > 5 else ""
        said.append(f"Paths through hubs were held back ({shown}{more}): --hubs shows them.")
    return " ".join(said)


def _duplicates(page: _Page, answer: Answer[Any]) -> None:
    for row in answer.rows:
        page.line(f"{row.score:.2f}  {row.name} [{row.entity}] and {row.other_name} [{row.other}]", bold=True)
        page.line(row.reason, 6)
        for name, value, datasets, countries in (
            (row.name, row.value, row.datasets, row.countries),
            (row.other_name, row.other_value, row.other_datasets, row.other_countries),
        ):
            called = f"as {value}, " if value != name else ""
            page.line(f"{name}: {called}{', '.join(datasets)}{''.join(f', {code}' for code in countries)}", 6, dim=True)
        page.line(f"told by {page.cite(row.sources)}", 6, dim=True)
    if not answer.rows:
        if of := answer.names.get(str(answer.asked.get("entity"))):
            page.line(f"No other entity of this graph looks like {of}.")
        elif dataset := answer.asked.get("dataset"):
            page.line(f"No entity of {dataset} looks like another of this graph.")
        else:
            page.line("No two entities of this graph look like one party.")
        return
    page.line()
    bounds = answer.bounds
    if bounds["cut_off"]:
        page.line(f"The likeliest {bounds['limit']:,} are shown; there are {bounds['cut_off']:,} more (--limit).")
    if bounds["crowds_passed_over"]:
        page.line(f"{bounds['crowds_passed_over']:,} words that very many names share were passed over.", dim=True)
    if bounds["decided"]:
        page.line(f"{bounds['decided']:,} pairs are decided to be different, and not shown.", dim=True)
    page.line("A name proves nothing: decide with listed decide ID ID --same, or --different.", dim=True)


def decision_as_json(report: DecisionReport) -> str:
    """Return the report of a decision as JSON text."""
    return json.dumps(plain(report), ensure_ascii=False, indent=1)


def decision_as_text(report: DecisionReport) -> str:
    """Return the report of a decision for reading."""
    pair = f"{report.one_name} [{report.one}] and {report.other_name} [{report.other}]"
    said = {"same": "are one party", "different": "are two parties", "undone": "are undecided again"}[report.decision]
    lines = [f"{pair} {said}: {f'snapshot {report.snapshot}' if report.changed else 'it was decided so before'}"]
    lines += [f"  against it: {conflict}" for conflict in report.conflicts]
    if report.unknown:
        lines.append(f"  earlier decisions name ids that are not in this graph: {', '.join(report.unknown)}")
    lines.append(f"  kept in {report.file}")
    return "\n".join(lines)


def _sources(page: _Page, answer: Answer[Any]) -> None:
    for row in answer.rows:
        page.line(f"{row.loader}: {row.title}", bold=True)
        stated = (counted(getattr(row, what), what) for what in ("entities", "links", "listings"))
        loaded = f"{row.loaded}: {', '.join(stated)}"
        facts = (
            ("reads", row.reads),
            ("official", row.official),
            ("loaded", loaded if row.loaded else "not in this graph"),
        )
        for label, text in facts:
            if text:
                page.line(f"{label}: {text}", 2)


def _report(page: _Page, answer: Answer[Any]) -> None:
    if answer.asked:
        rows = [tuple(_in_words(str(value)) for value in plain(row).values()) for row in answer.rows]
        if rows:
            page.table(tuple(plain(answer.rows[0])), rows)
        page.line(counted(len(rows), "rows"))
        return
    for row in answer.rows:
        page.line(f"{row.dataset}, loaded {row.loaded} from {', '.join(row.files) or 'its own tables'}", bold=True)
        page.line("stated: " + _counts(row.statements), 2)
        if row.lists:
            page.line("lists: " + _counts(row.lists), 2)
        if row.flags:
            page.line("flagged: " + _counts(row.flags) + " (see --flags)", 2)
    page.line(f"In the graph: {_counts(answer.bounds['totals'])}")


def _in_words(text: str) -> str:
    """Return the text of a row that was set aside for reading: "owner: Acme; share: most" of a Python or JSON dict."""
    if not text.startswith("{") or len(text) > _LONGEST_ROW:
        return text
    try:
        said = ast.literal_eval(text) if text.startswith("{'") else json.loads(text)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return text  # cut off, or none
    if not isinstance(said, dict):
        return text
    return "; ".join(f"{key}: {_list_in_words(value)}" for key, value in said.items() if value) or text


_LONGEST_ROW = 20_000


def _list_in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(counted(count, name) for name, count in counts.items() if count) or "nothing"


def _dates(start: str, end: str, *, told: bool) -> str:
    return period_said(start, end, told=told) or "undated"


def _holds(holds: str) -> str:
    return {"certainly": "", "possibly": "possibly", "past": "past", "exit": "sold"}[holds]


def _past(row: Any) -> str:
    return " (history)" if row.history else ""


def _screening(page: _Page, answer: Answer[Any]) -> None:
    columns = ("row", "asked", "match", "entity", "id", "score", "why", "listed on", "verdicts", "nearest path")
    rows = []
    for row in answer.rows:
        said = "; ".join((*row.verdicts, *(f"undetermined: {one}" for one in row.undetermined)))
        why, path = row.reason, f"{row.path} {page.cite(row.sources)}".strip()
        if not row.entity:
            why, path = f"{row.reason} {page.cite(row.sources)}".strip(), ""
        match = row.match if row.match != "none" else "none found"
        rows.append((str(row.row), row.asked, match, row.name, row.entity, f"{row.score:g}" if row.entity else "",
                     why, ", ".join(row.listed_on), said, path))  # fmt: skip
    page.table(columns, rows)
    page.line()
    page.line(screening_in_short(answer), dim=True)


def _is_urgent(note: str) -> bool:
    """Whether a note must be read where the answer goes to a file: what was not read, and what is told only later."""
    return "passed over" in note or note.startswith("Not read") or "only from a later day" in note


def screening_in_short(answer: Answer[Any], file: str = "") -> str:
    """Return how many names have a match, what is known of those, what was passed over, and where it was written."""
    bounds = answer.bounds
    found = [f"{bounds['listed']:,} with a listed one"]
    found += [f"{bounds[what]:,} with one that {said}" for what, said in _STANDINGS.items() if bounds[what]]
    near = f", {count:,} of them near a listed or captured one" if (count := bounds["without_but_near"]) else ""
    said = f"{counted(bounds['names'], 'names')}: {bounds['with_a_match']:,} with a match, {', '.join(found)}; "
    said += f"{bounds['without']:,} without (no proof that there is nothing){near}."
    if no_list := bounds.get("no_list"):
        them = "it" if len(no_list) == 1 else "them"
        said += f" Nothing can be said under {', '.join(no_list)}: this graph holds no list of {them}."
    if file:
        # The table has the notes above it; a file tells them only to whoever opens it.
        said += "".join(f" {note}" for note in answer.notes if _is_urgent(note))
    return f"{said} Written to {file}." if file else said


_STANDINGS = {
    "captured": "a rule captures",
    "would_be_captured": "a rule would capture if it were in force",
    "may_be_captured": "a rule may capture (undetermined: the stakes that would settle it are told)",
}


def _differences(page: _Page, answer: Answer[Any]) -> None:
    columns = ("change", "list", "name", "id", "of", "before", "after", "why")
    page.table(columns, [(row.change, row.list, row.name, row.entity, row.field, row.before, row.after,
                          f"{row.reason} {page.cite(row.sources)}".strip()) for row in answer.rows])  # fmt: skip
    page.line()
    for list_, counts in answer.bounds["counts"].items():
        page.line(f"{list_}: {_counts(counts) if counts else 'no change'}", dim=True)


def _cypher(page: _Page, answer: Answer[Any]) -> None:
    if answer.rows:
        page.table(answer.columns, [[_cypher_cell(page, *cell) for cell in row.items()] for row in answer.rows])
    page.line(f"{len(answer.rows):,} rows" if len(answer.rows) != 1 else "1 row", dim=True)
    if cut_off := answer.bounds["cut_off"]:
        page.line(f"There are {cut_off:,} more (--limit).")


def _cypher_cell(page: _Page, name: str, value: Any) -> str:
    from listed.cypher_cells import text_of

    known = page.answer.sources
    ids = name == "sources" and isinstance(value, list) and all(isinstance(one, str) and one in known for one in value)
    return page.cite(value) if ids else text_of(value)


def _queries(page: _Page, answer: Answer[Any]) -> None:
    for row in answer.rows:
        page.line(row.name, bold=True)
        page.line(row.question, 2)
        if row.parameters:
            page.line(f"parameters: {', '.join(row.parameters)}", 2, dim=True)
        page.line(row.example, 2, dim=True)


_TIMELESS = frozenset({"cypher", "query", "queries"})
"""Questions about the graph at all times, unless they name a day themselves."""

_TITLES = {
    "cypher": "Cypher",
    "query": "Query",
    "queries": "Named queries",
    "search": "Search for",
    "show": "Entity",
    "owners": "Owners of",
    "holdings": "Holdings of",
    "investors": "Investors in",
    "ventures": "Joint ventures of",
    "government": "State bodies behind",
    "verdict": "Verdict on",
    "affiliates": "Affiliates",
    "timeline": "Timeline of",
    "screen": "Screening",
    "diff": "Differences",
    "duplicates": "Possible duplicates",
    "exposure": "Exposure of",
    "paths": "Paths between",
    "sources": "Sources",
    "report": "Report",
}

_BODIES: dict[str, Callable[[_Page, Answer[Any]], None]] = {
    "search": _search,
    "show": _show,
    "owners": _stakes,
    "holdings": _stakes,
    "investors": _investors,
    "ventures": _ventures,
    "government": _government,
    "verdict": _verdict,
    "affiliates": _affiliates,
    "timeline": _timeline,
    "screen": _screening,
    "diff": _differences,
    "duplicates": _duplicates,
    "exposure": _paths,
    "paths": _paths,
    "sources": _sources,
    "report": _report,
    "cypher": _cypher,
    "query": _cypher,
    "queries": _queries,
}


def load_as_json(report: object) -> str:
    """Return the report of a load, a push or a pull as JSON text."""
    return json.dumps(plain(report), ensure_ascii=False, indent=1)


def _same_names(report: LoadReport) -> list[str]:
    """Return what a load report says of parties that have the name of a listed entity and are not joined with it."""
    found = report.same_names
    if not found.parties:
        return []
    bear = "1 party has" if found.parties == 1 else f"{found.parties:,} parties have"
    lines = [f"  {bear} the name of a listed entity of another dataset, and a name alone joins nothing:"]
    lines += [f"    {one.name} [{one.id}] = {one.other_name} [{one.other}], {', '.join(one.lists)}"
              for one in found.pairs]  # fmt: skip
    if more := found.parties - len({one.id for one in found.pairs}):
        lines.append(f"    and {more:,} more")
    first = found.pairs[0]
    decide = f"listed decide {shlex.quote(first.id)} {shlex.quote(first.other)} --same"
    return [*lines, f"    until you decide, no rule sees the listed one there: {decide}",
            f"    all that may be one: listed duplicates --dataset {report.dataset}"]  # fmt: skip


def load_as_text(report: LoadReport, graph: str | None) -> str:
    """Return a load report for reading."""
    folder = graph or default_folder()
    stated = {name: count for name, count in report.statements.items() if name != "set_aside"}
    same = f"it says what it said before, so snapshot {report.snapshot} stands"
    lines = [f"Loaded {report.dataset} into {folder}: {f'snapshot {report.snapshot}' if report.changed else same}"]
    lines.append(f"  stated: {_counts(stated)}")
    for name, (now, before) in report.lists.items():
        lines.append(f"  {name}: {counted(now, 'listings')}" + (f" (was {before:,})" if before else ""))
    if report.flags:
        lines.append(f"  kept but flagged: {_counts(report.flags)} (listed report --flags)")
    if report.unread:
        means = "it means" if len(report.unread) == 1 else "they mean"
        # A name with a comma in it would pass for two.
        names = ", ".join(f'"{name}"' if "," in name else name for name in report.unread)
        lines.append(f"  not read: {names} (a mapping can say what {means}: --preview begins one)")
    aside = {reason: count for reason, count in report.set_aside.items() if reason != UNREAD or not report.unread}
    nothing = "nothing else" if report.unread else "nothing"
    lines.append(f"  set aside: {_counts(aside) + ' (listed report --set-aside)' if aside else nothing}")
    lines += _same_names(report)
    if report.changed:
        joined = {name: count for name, count in report.joined.items() if count}
        lines.append(f"  told by several records, now one: {_counts(joined)}")
        if report.merged_ids:
            lines.append(f"  of the entities, one by a strong identifier or your decision: {report.merged_ids:,}")
        if report.own_assets:
            lines.append(f"  owner and asset turned out to be one: {counted(report.own_assets, 'links')} set aside")
        lines += [f"  your decision stands against an identifier: {conflict}" for conflict in report.conflicts]
        lines.append(f"  in the graph now: {_counts(report.totals)}")
    return "\n".join(lines)
