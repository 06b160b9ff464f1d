"""An answer as an assistant reads it: no larger than it can take in, and saying what was cut off.

Rows are told from the first on while there is room, each with the sources it cites, so that nothing
told lacks its source. What is too long is shortened, and ``bounds`` says where and by how much.
Fields that are empty are left out. Characters that do not show but steer (direction marks, tags,
control codes) are written out as ``<U+202E>``: a hostile name says nothing that a reader cannot see.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from listed.queries.answer import Answer
from listed.visible import visible as visible

MOST_LETTERS = 40_000
"""An answer is about this long at most, as JSON text."""


class _Room(NamedTuple):
    """How much of a list and of a text is told."""

    items: int
    letters: int


_ROOMS = (_Room(100, 4_000), _Room(25, 1_000), _Room(5, 400), _Room(1, 100))
_HEAD = _Room(25, 600)


def told(answer: Answer[Any], skip: int = 0, most: int = MOST_LETTERS) -> dict[str, Any]:
    """Return an answer as one object that is written in about ``most`` letters.

    Parameters
    ----------
    answer
        The answer.
    skip
        Rows to pass over.
    most
        How long its JSON text may be. A head and one row are told in any case, shortened.
    """
    whole = answer.to_dict()
    rows, known = whole.pop("rows"), whole.pop("sources")
    cuts: dict[str, str] = {}
    head = _shortened(whole, _HEAD, cuts, "")
    loose = [id_ for id_ in known if id_ not in set(_cited(rows))]  # cited by the notes
    sources = {id_: _shortened(known[id_], _HEAD, {}, "") for id_ in loose[: _HEAD.items]}
    left = most - _length(head) - _length(sources)
    shown: list[Any] = []
    for row in rows[skip:]:
        fitting = _fitting(row, known, sources, left, cuts, first=not shown)
        if fitting is None:
            break
        short, cited, size = fitting
        shown.append(short)
        sources |= cited
        left -= size
    head["bounds"] = head.get("bounds", {}) | _bounds(len(rows), skip, len(shown), cuts)
    return {**head, "rows": shown, "sources": sources}


def as_text(told: dict[str, Any]) -> str:
    """Return what is told as JSON text."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def one_line(text: str, most: int = 1_000) -> str:
    """Return a text on one line, cut where it is too long."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= most else f"{line[:most]}..."


def _fitting(
    row: Any, known: dict[str, Any], have: dict[str, Any], left: int, cuts: dict[str, str], *, first: bool
) -> tuple[Any, dict[str, Any], int] | None:
    """Return a row short enough, the sources it needs that are not there yet, and their length; or None."""
    for place, room in enumerate(_ROOMS):
        mine: dict[str, str] = {}
        short = _shortened(row, room, mine, "row")
        cited = {id_: _shortened(known[id_], _HEAD, {}, "") for id_ in _cited([short])
                 if id_ in known and id_ not in have}  # fmt: skip
        size = _length(short) + _length(cited)
        if size <= left or (first and place == len(_ROOMS) - 1):
            cuts |= mine
            return short, cited, size
        if not first:
            return None
    return None


def _bounds(rows: int, skip: int, shown: int, cuts: dict[str, str]) -> dict[str, Any]:
    """Return what the room for an answer cut off."""
    told: dict[str, Any] = {"rows_in_answer": rows, "rows_told": shown}
    if skip:
        told["rows_passed_over"] = min(skip, rows)
    if (after := rows - skip - shown) > 0:
        told["rows_not_told"] = after
        told["read_on_with_skip"] = skip + shown
    if cuts:
        told["shortened"] = dict(list(cuts.items())[:20])
    return told


def _shortened(value: Any, room: _Room, cuts: dict[str, str], where: str) -> Any:
    """Return a value without its empty fields, its long lists and texts cut; ``cuts`` notes which."""
    if isinstance(value, str):
        if len(value) > room.letters:
            cuts[where] = f"{room.letters:,} of {len(value):,} letters"
        return visible(value[: room.letters])
    if isinstance(value, list):
        if len(value) > room.items:
            cuts[where] = f"{room.items:,} of {len(value):,}"
        return [_shortened(one, room, cuts, where) for one in value[: room.items]]
    if isinstance(value, dict):
        full = [(key, one) for key, one in value.items() if one not in ("", None, [], {})]
        if len(full) > 4 * room.items:
            cuts[where] = f"{4 * room.items:,} of {len(full):,}"
        return {visible(key[: room.letters]): _shortened(one, room, cuts, f"{where}.{key}".lstrip(".")[:100])
                for key, one in full[: 4 * room.items]}  # fmt: skip
    return value


def _cited(values: Iterable[Any]) -> Iterator[str]:
    """Return the ids of sources that values cite, at any depth."""
    for value in values:
        if isinstance(value, dict):
            for key, one in value.items():
                if key == "sources" and isinstance(one, list):
                    yield from (id_ for id_ in one if isinstance(id_, str))
                else:
                    yield from _cited([one])
        elif isinstance(value, list):
            yield from _cited(value)


def _length(value: Any) -> int:
    return len(as_text(value))
