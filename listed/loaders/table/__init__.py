"""A reporter's own tables: CSV, Excel, JSON or Parquet, read by their header or by a small mapping in TOML.

A table whose header is known (``owner, asset, share``; ``name, list``; ``id, name``) needs no mapping, and a
CSV or Parquet one of them is read in whole columns (:mod:`columnar`). Any other is read row by row: by the
mapping a user gives, or by one guessed from the header, which is not loaded by unseen unless it is certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from listed.errors import InputError, UnconfirmedMappingError
from listed.loaders.inputs import Input
from listed.loaders.loader import Item, Loader, Options
from listed.loaders.recognise import advice_on
from listed.loaders.table import columnar
from listed.loaders.table.guess import WANTED
from listed.loaders.table.texts import kind_of

__all__ = ["LOADER", "read", "read_with"]

_NONE = Options("")


def read(inputs: Sequence[Input]) -> Iterator[Item]:
    """Read tables without a mapping; as :func:`read_with`."""
    return read_with(inputs, _NONE)


def read_with(inputs: Sequence[Input], options: Options) -> Iterator[Item]:
    """Read tables, in order.

    Parameters
    ----------
    inputs
        The tables. Each has ids of its own, so that the same name in two of them is not one party, unless
        their mapping gives both one prefix or their header is known.
    options
        The mapping, or whether a guess is accepted.

    Raises
    ------
    InputError
        For a file that is no table, or a mapping that does not fit it.
    UnconfirmedMappingError
        If the mapping had to be guessed and a user has to say that the guess is right.
    """
    for given in inputs:
        if options.mapping is None and kind_of(given) in ("csv", "parquet") and columnar.is_known(given):
            yield from columnar.read_one(given)
        else:
            yield from _by_mapping(given, options, _dataset(given, options, alone=len(inputs) == 1))


def _by_mapping(given: Input, options: Options, dataset: str) -> Iterator[Item]:
    from listed.loaders.table.choice import choose
    from listed.loaders.table.statements import TableReader

    choice = choose(given, options.mapping)
    if choice.mapping is None:
        raise _unknown(given, choice.guess.unread, choice.table.header_row)
    if options.mapping is None and not choice.known:
        if not choice.guess.certain and options.accept != "any":
            raise UnconfirmedMappingError(
                f"it is not certain what its columns mean: {choice.guess.doubts[0]}",
                file=given.name,
                row=choice.table.header_row or None,
                advice="--preview shows the guess; load with --yes if it is right, else with --mapping",
            )
        if options.accept == "none":
            raise UnconfirmedMappingError("its columns were guessed", file=given.name, advice="--preview shows how")
    yield from TableReader(choice.table, choice.mapping, dataset).items()


def _unknown(given: Input, columns: Sequence[str], row: int) -> InputError:
    """Return the error of a table of whose header nothing is known."""
    header = ", ".join(columns)[:200]
    advice = advice_on(header, f"{WANTED}; for others write a mapping, beginning with --preview")
    return InputError(f"no columns we know in the header: {header}", file=given.name, row=row or None, advice=advice)


def _dataset(given: Input, options: Options, *, alone: bool) -> str:
    stem = re.sub(r"[^\w-]+", "-", Path(given.name).stem).strip("-").lower() or "stdin"
    if not options.dataset:
        return f"table-{stem}"
    return options.dataset if alone else f"{options.dataset}/{stem}"


def _preview(inputs: Sequence[Input], options: Options) -> str:
    from listed.loaders.table.preview import preview

    names = [_dataset(given, options, alone=len(inputs) == 1) for given in inputs]
    return "\n".join(preview([given], options.mapping, name) for given, name in zip(inputs, names, strict=True))


LOADER = Loader(
    name="table",
    title="A reporter's own table",
    reads="CSV, Excel, JSON or Parquet with the columns owner, asset, share (start, end, source, type, role); or name, "
    "list (start, end, citation, source); or id, name (schema, country); or any columns, by a mapping (--preview)",
    official="",
    read=read,
    many=True,
    read_with=read_with,
    preview=_preview,
)
