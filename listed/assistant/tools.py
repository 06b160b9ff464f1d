"""What an assistant may call: the questions with their schemas, and a reply to each call, also to a wrong one."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from listed.assistant.evidence import as_text, one_line, told
from listed.assistant.questions import QUESTIONS, Desk, Question
from listed.errors import ListedError, QueryError
from listed.queries.cypher.library import library
from listed.queries.regimes import regimes

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as an assistant is told of it; ``parameters`` is a JSON schema."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to a call: JSON text, or one line that says what is wrong."""

    text: str
    answer: dict[str, Any] | None = None

    @property
    def is_error(self) -> bool:
        """Whether there is no answer."""
        return self.answer is None


def tools(desk: Desk) -> list[Tool]:
    """Return the tools there are."""
    choices = {
        ("*", "regime"): [*regimes(desk.regimes_file), "all"],
        ("query", "name"): list(library()),
    }
    return [_tool(name, kind, choices) for name, kind in QUESTIONS.items()]


def call(desk: Desk, name: str, arguments: Mapping[str, Any]) -> Reply:
    """Answer a call. Never raises: what is wrong is told in one line."""
    try:
        question = _question(name, arguments)
        answer = told(question.ask(desk), question.passed_over)
        return Reply(as_text(answer), answer)
    except ListedError as error:
        return Reply(one_line(str(error)))
    except MemoryError:
        return Reply("not enough memory for this question; ask for fewer hops or rows")
    except Exception as error:
        _log.debug("%s failed", name, exc_info=True)
        return Reply(f"this question failed within Listed ({type(error).__name__}); nothing was changed")


def _question(name: str, arguments: Mapping[str, Any]) -> Question:
    if name not in QUESTIONS:
        raise QueryError(f"there is no tool {name[:100]!r} (there are: {', '.join(QUESTIONS)})")
    kind = QUESTIONS[name]
    given = {key: _unwrapped(kind, key, value) for key, value in arguments.items() if value is not None}
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise QueryError(f"{name}: a text holds half a character (a lone surrogate)") from error
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise QueryError(f"{name}: {_plainly(str(error))}") from error


def _unwrapped(kind: type[Question], key: str, value: Any) -> Any:
    """Return a value; some clients write a list or an object as JSON within a text, and one item bare."""
    field = next((one for one in msgspec.structs.fields(kind) if one.name == key), None)
    if field is None or not isinstance(value, str):
        return value
    default = field.default_factory() if callable(field.default_factory) else field.default
    wanted = list if default == () or key == "names" else dict if default == {} else None
    if wanted is None:
        return value
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        read = None
    return read if isinstance(read, wanted) else [value] if wanted is list else value


def _plainly(problem: str) -> str:
    """Return what msgspec says of a value in a reader's words."""
    said, _, place = problem.partition(" - at `$")
    place = place.rstrip("`").lstrip(".")
    if "RFC3339" in said:
        said = "is not a day; write it as 2018-12-01"
    return f"{place}: {said}" if place else said


def _tool(name: str, kind: type[Question], choices: Mapping[tuple[str, str], list[str]]) -> Tool:
    _, parts = msgspec.json.schema_components((kind,), ref_template="#/$defs/{name}")
    schema = dict(parts.pop(kind.__name__))
    for part in parts.values():  # an enumeration's docstring speaks to programmers
        for word in ("title", "description") if "enum" in part else ("title",):
            part.pop(word, None)
    for parameter, said in schema["properties"].items():
        if allowed := choices.get((name, parameter)) or choices.get(("*", parameter)):
            said["enum"] = allowed
    kept = {key: schema[key] for key in ("type", "properties", "required") if key in schema}
    defs = {"$defs": parts} if parts else {}
    return Tool(name, " ".join((kind.__doc__ or "").split()), {**kept, "additionalProperties": False, **defs})
