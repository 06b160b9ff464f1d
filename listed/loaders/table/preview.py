"""Shows how a table would be read before anything is loaded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from listed.errors import InputError
from listed.graph.builder import Builder, flags_of, reasons_of
from listed.graph.model import UNREAD, Entity, Link, Listing, Statement
from listed.graph.vocabulary import PHRASES, LinkType
from listed.loaders.inputs import Input
from listed.loaders.loader import Item
from listed.loaders.table.choice import Choice, choose
from listed.loaders.table.statements import TableReader
from listed.loaders.table.writing import as_toml

_ROWS = 5
_TABLES: dict[type, str] = {Entity: "entities", Link: "links", Listing: "listings"}
_ITEMS = 200_000
"""So many statements are read to tell what would be set aside; of a larger table only its beginning."""


def preview(inputs: Sequence[Input], mapping: str | Path | None, dataset: str) -> str:
    """Return how files would be read: as TOML that can be saved as a mapping, the rest as its comments.

    Parameters
    ----------
    inputs
        The tables.
    mapping
        The file of a mapping; without one it is guessed.
    dataset
        The name the tables would be loaded under.
    """
    return "\n".join(line for given in inputs for line in _one(given, mapping, dataset))


def _one(given: Input, mapping: str | Path | None, dataset: str) -> Iterator[str]:
    choice = choose(given, mapping)
    if mapping is not None:
        yield f"# {given.name}, read by {mapping}"
    else:
        yield from _told(given, choice)
    if choice.mapping is None:
        return
    items = list(_first(TableReader(choice.table, choice.mapping, dataset).items()))
    yield from _rows(items)
    yield from _problems(items)


def _told(given: Input, choice: Choice) -> Iterator[str]:
    guess = choice.guess
    stem = Path(given.name).stem
    if choice.known:
        yield f"# The header of {given.name} is known, so it loads without a mapping. This is what it means:"
    elif guess.said:
        yield f"# Guessed from the header of {given.name}. Save it as {stem}.toml, mend it, then load:"
        yield f"#   listed load table {given.name} --mapping {stem}.toml"
    else:
        yield f"# Nothing could be guessed from the header of {given.name}. Fill in its columns, then load:"
        yield f"#   listed load table {given.name} --mapping {stem}.toml"
    for doubt in guess.doubts:
        yield f"# Not certain: {doubt}"
    if guess.unread:
        yield f"# Columns not used: {', '.join(guess.unread)}"
    yield ""
    if guess.said:
        yield as_toml(guess.said)
    else:
        yield '# [[link]]\n# owner = "..."\n# asset = "..."\n# share = "..."\n'


def _first(items: Iterator[Item]) -> Iterator[Item]:
    for count, item in enumerate(items):
        if count >= _ITEMS:
            return
        yield item


def _rows(items: Sequence[Item]) -> Iterator[str]:
    statements = [item for item in items if isinstance(item, Statement)]
    names = {one.about.id: one.about.name for one in statements if isinstance(one.about, Entity)}
    records = list(dict.fromkeys(one.record for one in statements))[:_ROWS]
    yield f"# The first {len(records)} rows as the graph would have them:" if records else "# No row would be loaded."
    linked = {end for one in statements if isinstance(one.about, Link) for end in (one.about.source, one.about.target)}
    for record in records:
        for one in statements:
            if one.record == record and not (isinstance(one.about, Entity) and _is_bare(one.about, linked)):
                flags = _flags(one)
                flagged = f"   [flagged: {'; '.join(flags)}]" if flags else ""
                yield f"#   {record}: {_sentence(one.about, names)}{flagged}"


def _flags(statement: Statement) -> Sequence[str]:
    """Return what the graph flags a statement for: what its reader doubts, and what the builder does."""
    builder = Builder("preview")
    builder.add(statement)
    stated: list[list[str]] = builder.finish()[_TABLES[type(statement.about)]]["flags"].to_pylist()
    return stated[0] if stated else statement.flags


def _is_bare(entity: Entity, linked: set[str]) -> bool:
    more = entity.names[1:] or entity.countries or entity.addresses or entity.identifiers or entity.properties
    return entity.id in linked and not more


def _sentence(about: Entity | Link | Listing, names: dict[str, str]) -> str:
    if isinstance(about, Entity):
        parts = [f"also {', '.join(name.text for name in about.names[1:])}" if about.names[1:] else "",
                 f"in {', '.join(about.countries)}" if about.countries else "",
                 ", ".join(f"{one.scheme} {one.value}" for one in about.identifiers),
                 f"{len(about.addresses)} addresses" if about.addresses else ""]  # fmt: skip
        return ", ".join([f"{about.name} ({about.schema})", *filter(None, parts)])
    if isinstance(about, Listing):
        when = f" {about.period}" if str(about.period) else ""
        return f"{names.get(about.entity, about.entity)} is on {about.list}{when}" + (
            f", {about.citation}" * bool(about.citation)
        )
    phrase = PHRASES[about.type].forward
    if about.type is LinkType.OWNS and about.share.known:
        phrase = f"owns {about.share} of"
    role = f" ({about.role})" if about.role else ""
    when = f" {about.period}" if str(about.period) else ""
    return f"{names.get(about.source, about.source)} {phrase} {names.get(about.target, about.target)}{role}{when}"


def _problems(items: Sequence[Item]) -> Iterator[str]:
    builder = Builder("preview")
    errors = [item for item in items if isinstance(item, InputError)]
    builder.extend(item for item in items if not isinstance(item, InputError))
    tables = builder.finish()
    counts = Counter({name: tables[name].num_rows for name in ("entities", "links", "listings")})
    some = " of its beginning" if len(items) >= _ITEMS else ""
    yield f"# Would be loaded{some}: " + ", ".join(f"{count:,} {name}" for name, count in counts.items())
    for error in errors[:10]:
        yield f"# Cannot be read: {error}"
    if len(errors) > 10:
        yield f"# Cannot be read: {len(errors) - 10:,} more rows"
    aside = tables["set_aside"].to_pylist()
    for reason, count in reasons_of(tables["set_aside"]).most_common():
        rows = [one for one in aside if one["reason"] == reason]
        # Of rows one shows what is wrong; a column is wanted by its name.
        text = ", ".join(one["text"] for one in (rows if reason == UNREAD else rows[:1]))
        yield f"# Set aside: {reason} ({count:,}), as {rows[0]['record']}: {' '.join(text.split())[:160]}"
    for flag, count in flags_of(tables).most_common():
        yield f"# Kept but flagged: {flag} ({count:,})"
    if not tables["set_aside"].num_rows:
        yield "# Set aside: nothing"
