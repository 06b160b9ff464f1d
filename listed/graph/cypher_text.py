"""A Cypher query before it is run: its parts, its parameters, and what is refused.

The embedded engine speaks nearly all of Neo4j's dialect. What it is known to answer otherwise than
Neo4j, what reads files or calls into the engine, and what writes, is refused here in one line, so that
an answer is the one that Neo4j would give. Tests compare the two on a few hundred query texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from listed.errors import QueryError
from listed.graph.property_graph import LINK_PROPERTIES, LISTING_PROPERTIES, SCHEMA_LABELS

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
      | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<quoted>`(?:[^`]|``)*`)
      | (?P<parameter>\$(?:\w+|`(?:[^`]|``)*`))
      | (?P<number>0x[0-9a-fA-F]+|(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|<>|=~|\.\.|.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A part of a query: its kind (a name of a group above), its text, and where it begins."""

    kind: str
    text: str
    place: int


def tokens(text: str) -> Iterator[Token]:
    """Yield the parts of a query without blanks and comments."""
    for found in _TOKEN.finditer(text):
        kind = str(found.lastgroup)
        if kind != "space":
            yield Token(kind, found.group(), found.start())


def without_block_comments(text: str) -> str:
    """Return a query without ``/* ... */``, which the engine does not read, each place as it was."""

    def blank(found: re.Match[str]) -> str:
        said = found.group()
        return re.sub(r"[^\n]", " ", said) if said.startswith("/*") else said

    return _TOKEN.sub(blank, text)


def parameter_names(text: str) -> list[str]:
    """Return the parameters a query names, in order, each once."""
    named = (token.text[1:].strip("`") for token in tokens(text) if token.kind == "parameter")
    return list(dict.fromkeys(named))


def check(text: str, parameters: Mapping[str, Any]) -> str:
    """Return a query as the engine is to run it, or refuse it.

    Raises
    ------
    QueryError
        In one line: what is refused, why, and what to write instead.
    """
    parts = list(tokens(text))
    if not parts:
        raise QueryError("there is no query (try: MATCH (e:Entity) RETURN e.id, e.name LIMIT 5)")
    while parts and parts[-1].text == ";":
        parts.pop()
    for test in _TESTS:
        test(parts)
    _no_files(text)
    _parameters(parts, text, parameters)
    return without_block_comments(text).rstrip().rstrip(";")


def _parameters(parts: Sequence[Token], text: str, given: Mapping[str, Any]) -> None:
    named = parameter_names(text)
    if missing := [name for name in named if name not in given]:
        raise QueryError(
            f"the query needs {_listed(missing)} (give {'it' if len(missing) == 1 else 'them'}: "
            f"{' '.join(f'--param {name}=...' for name in missing)})"
        )
    if unknown := [name for name in given if name not in named]:
        asked = _listed(named) if named else "none"
        raise QueryError(f"the query has no parameter {_listed(unknown)} (it has: {asked})")
    _no_day_as_text(parts, given)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"${name}" for name in names)


# What is refused ------------------------------------------------------------------------------------------------------

_WRITES = frozenset({"CREATE", "MERGE", "SET", "DELETE", "DETACH", "NODETACH", "REMOVE", "INSERT", "DROP", "FOREACH",
                     "ALTER", "GRANT", "DENY", "REVOKE", "START", "STOP", "TERMINATE"})  # fmt: skip

_EXTENSIONS = frozenset({"HAVING", "OVER", "INTERSECT", "EXCEPT", "VALID_TIME"})
"""Words of the engine that Neo4j does not know."""


def _one_statement(parts: Sequence[Token]) -> None:
    if any(part.text == ";" for part in parts):
        raise QueryError("one query at a time: there is a ; in the middle")


def _closed(parts: Sequence[Token]) -> None:
    for part in parts:
        if part.kind == "sign" and part.text in "'\"`":
            raise QueryError(f"the {part.text} at character {part.place + 1} is never closed")


def _reads_only(parts: Sequence[Token]) -> None:
    for place, part in enumerate(parts):
        if part.text.upper() in _WRITES and _stands_alone(parts, place):
            raise QueryError(f"a graph is read here, not written: {part.text.upper()} is refused")


def _stands_alone(parts: Sequence[Token], place: int) -> bool:
    """Whether a word is one of the language: not a property, a label, a key or an alias."""
    before = parts[place - 1].text if place else ""
    after = parts[place + 1].text if place + 1 < len(parts) else ""
    return parts[place].kind == "word" and before.upper() not in {".", ":", "|", "&", "AS"} and after not in {":", "."}


def _no_files(text: str) -> None:
    # The engine would read any file of this machine. Words in strings count too: better strict than fooled.
    if re.search(r"\bload\b.*\bcsv\b", text, re.IGNORECASE | re.DOTALL):
        raise QueryError("a query cannot read files: LOAD CSV is refused")


def _plain_clauses(parts: Sequence[Token]) -> None:
    first = parts[0].text.upper() if parts else ""
    if first in {"EXPLAIN", "PROFILE", "SHOW", "USE"}:
        raise QueryError(f"{first} tells of an engine, not of the graph (:schema and :help in the shell tell of it)")
    for place, part in enumerate(parts):
        word, after = part.text.upper(), parts[place + 1 : place + 2]
        if not _stands_alone(parts, place):
            continue
        if word == "CALL" and after and after[0].kind in ("word", "quoted"):
            raise QueryError("procedures differ between engines and are refused (CALL { ... } is understood)")
        if word in _EXTENSIONS or (word == "FORMAT" and after and after[0].text.upper() == "CSV"):
            raise QueryError(f"{word} is not understood by Neo4j, so it is refused here")


FUNCTIONS = frozenset({
    "abs", "acos", "all", "allShortestPaths", "any", "asin", "atan", "atan2", "avg", "ceil", "coalesce",
    "collect", "cos", "cot", "count", "date", "date.truncate", "datetime", "degrees", "duration",
    "duration.inDays", "duration.inMonths", "endNode", "exists", "exp", "floor", "head", "keys", "labels",
    "last", "left", "length", "localdatetime", "log", "log10", "lTrim", "max", "min", "nodes", "none", "pi",
    "properties", "radians", "range", "reduce", "relationships", "replace", "reverse", "right", "round",
    "rTrim", "shortestPath", "sign", "sin", "single", "size", "split", "sqrt", "startNode", "stDev",
    "substring", "sum", "tail", "tan", "toBoolean", "toFloat", "toInteger", "toLower", "toString", "toUpper",
    "trim", "type",
})  # fmt: skip
"""Functions that answer here as on Neo4j; each is compared in the tests."""

_INSTEAD = {
    "id": "numbers of nodes differ between databases: use the property id, as in e.id",
    "elementid": "numbers of nodes differ between databases: use the property id, as in e.id",
    "duration.between": "it answers otherwise than Neo4j's: use duration.inDays or duration.inMonths",
    "isempty": "it is not understood here: use size(...) = 0",
    "percentilecont": "it is not understood here: collect the values and take the middle one",
    "percentiledisc": "it is not understood here: collect the values and take the middle one",
}

_BEFORE_BRACKETS = frozenset({
    "ALL", "AND", "ANY", "AS", "ASC", "BY", "CALL", "CASE", "COLLECT", "CONTAINS", "COUNT", "DESC", "DISTINCT",
    "ELSE", "END", "ENDS", "EXISTS", "FILTER", "IN", "IS", "LIMIT", "MATCH", "NONE", "NOT", "OFFSET", "ON",
    "OPTIONAL", "OR", "ORDER", "RETURN", "SINGLE", "SKIP", "STARTS", "THEN", "UNION", "UNWIND", "WHEN", "WHERE",
    "WITH", "XOR", "YIELD",
})  # fmt: skip
"""Words of the language that may stand before a bracket."""

_KNOWN_FUNCTIONS = {name.lower(): name for name in FUNCTIONS}


def _known_functions(parts: Sequence[Token]) -> None:
    for place, part in enumerate(parts):
        name = _called(parts, place)
        if name is None or name.lower() in _KNOWN_FUNCTIONS or part.text.upper() in _BEFORE_BRACKETS:
            continue
        close = get_close_matches(name.lower(), _KNOWN_FUNCTIONS, 1, 0.7)
        offer = f" (did you mean {_KNOWN_FUNCTIONS[close[0]]}?)" if close else ""
        why = _INSTEAD.get(name.lower(), f"it is not among those that answer here as on Neo4j{offer}")
        raise QueryError(f"the function {name}() is refused: {why}")


def _called(parts: Sequence[Token], place: int) -> str | None:
    """Return the whole name of the function that is called with the word at a place, if one is."""
    if place + 1 >= len(parts) or parts[place + 1].text != "(" or parts[place].kind not in ("word", "quoted"):
        return None
    name = parts[place].text.strip("`")
    while place >= 2 and parts[place - 1].text == "." and parts[place - 2].kind == "word":
        place -= 2
        name = f"{parts[place].text}.{name}"
    if place and parts[place - 1].text in (":", "|", "&"):  # a label before a bracket
        return None
    return name


_STRUCTURAL = {
    "type": "no node or relationship has a property called type: use type(r)",
    "connection_type": "no relationship has a property called connection_type: use type(r)",
    "label": "no node has a property called label: use labels(n)",
    "node_type": "no node has a property called node_type: use labels(n)",
    "start": "no relationship has a property called start: use startNode(r), or start_date",
    "end": "no relationship has a property called end: use endNode(r), or end_date",
    "start_id": "no relationship has a property called start_id: use startNode(r).id",
    "end_id": "no relationship has a property called end_id: use endNode(r).id",
}
"""Names the engine answers for where Neo4j says null."""


def _no_structural_properties(parts: Sequence[Token]) -> None:
    labels = _labels(parts)
    for place, variable, name in _properties(parts):
        if name in _STRUCTURAL and parts[place - 1 : place + 2][-1].text != ":":
            raise QueryError(_STRUCTURAL[name])
        said = labels.get(variable, frozenset())
        if name == "title" and said and said <= _ENTITY_LABELS:
            raise QueryError(f"an entity has no title: use {variable}.name")
        if name == "name" and said and said <= {"List", "Source"}:
            raise QueryError(f"a list or source has no name: use {variable}.title")


_ENTITY_LABELS = frozenset(SCHEMA_LABELS) | {"Entity"}


def _properties(parts: Sequence[Token]) -> Iterator[tuple[int, str, str]]:
    """Yield where a property is read, of which variable (if of one), and its name."""
    for place in range(1, len(parts)):
        dot, name = parts[place - 1], parts[place]
        called = place + 1 < len(parts) and parts[place + 1].text == "("
        if dot.text == "." and name.kind in ("word", "quoted") and not called:
            before = parts[place - 2] if place >= 2 else dot
            yield place, before.text if before.kind == "word" else "", name.text.strip("`")


def _labels(parts: Sequence[Token]) -> dict[str, frozenset[str]]:
    """Return the labels that patterns give to variables: of ``(e:Entity)``, the label of e."""
    said: dict[str, frozenset[str]] = {}
    for place in range(len(parts) - 3):
        bracket, variable, colon, label = parts[place : place + 4]
        if (bracket.text, colon.text) == ("(", ":") and variable.kind == "word":
            said[variable.text] = said.get(variable.text, frozenset()) | {label.text.strip("`")}
    return said


_DAYS = frozenset(field.name for schema in (LINK_PROPERTIES, LISTING_PROPERTIES) for field in schema
                  if str(field.type).startswith("date"))  # fmt: skip
_ENDS_COMPARISON = frozenset(
    {"AND", "OR", "XOR", "NOT", "WHERE", "RETURN", "WITH", "MATCH", "WHEN", "THEN", "ELSE", ","}
)
_COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">=", "IN"})


def _no_day_as_text(parts: Sequence[Token], given: Mapping[str, Any]) -> None:
    """Refuse to compare a day with text: Neo4j says null, the engine reads the text as a day."""
    read = {place: name for place, _, name in _properties(parts) if name in _DAYS}
    for place, name in read.items():
        for other in (_other_side(parts, place, 1), _other_side(parts, place, -1)):
            if other is not None and _is_text(other, given):
                raise QueryError(f"{name} is a day, not text: compare it with date({other.text})")


def _other_side(parts: Sequence[Token], place: int, step: int) -> Token | None:
    sign = place + 1 if step > 0 else place - 3  # before the variable and its dot
    other = sign + step
    if not 0 <= sign < len(parts) or not 0 <= other < len(parts) or parts[sign].text.upper() not in _COMPARISONS:
        return None
    return parts[other]


def _is_text(part: Token, given: Mapping[str, Any]) -> bool:
    if part.kind == "parameter":
        return isinstance(given.get(part.text[1:].strip("`")), str)
    return part.kind == "string"


_UNKNOWN_FORMS = (
    (re.compile(r"[-\]]\s*->?\s*(\{\s*\d*\s*(,\s*\d*\s*)?\}|\+|\*)|\)\s*(\{\s*\d*\s*(,\s*\d*\s*)?\}|[+*])\s*\("),
     "paths like ->{1,3} or ->+ are not understood here: write -[:OWNS*1..3]->"),
    (re.compile(r"[:&|(]\s*!\s*\w"), "labels and types cannot be excluded with ! here: use WHERE NOT n:Company"),
    (re.compile(r":\s*\w+\s*&"), "labels are not joined with & here: write (n:Entity:Company)"),
    (re.compile(r"\(\s*COUNT\s*\{", re.IGNORECASE), "COUNT { } is not understood right after a bracket here: put"
                                                   " something before it, as in (0 < COUNT { ... })"),
    (re.compile(r"\bCOLLECT\s*\{", re.IGNORECASE), "COLLECT { } is not understood here: use CALL { } or a pattern in"
                                                   " [ ]"),
    (re.compile(r"\bMATCH\s+(ALL\s+|ANY\s+)?SHORTEST\b", re.IGNORECASE), "SHORTEST is not understood here: use"
                                                                        " shortestPath(...)"),
    (re.compile(r"[(\[][^()\[\]{}]*\bWHERE\b[^()\[\]]*[)\]]\s*(?=-|$|,|<|RETURN|WHERE|MATCH|WITH)", re.IGNORECASE),
     "WHERE is not understood within a pattern here: put it after the MATCH"),
)  # fmt: skip


def advice_on_syntax(text: str) -> str:
    """Return what to write instead, for the forms of Neo4j that the engine does not understand; else nothing."""
    parts = list(tokens(text))
    bare = " ".join("" if part.kind == "string" else part.text for part in parts)
    told = next((advice for form, advice in _UNKNOWN_FORMS if form.search(bare) or form.search(text)), "")
    return told or ("a <= b <= c is not understood here: write a <= b AND b <= c" if _chained(parts) else "")


def _chained(parts: Sequence[Token]) -> bool:
    """Whether a comparison follows upon another, as in ``1 <= x <= 3``."""
    compared = False
    for place, part in enumerate(parts):
        neighbours = {one.text for one in (*parts[max(place - 1, 0) : place], *parts[place + 1 : place + 2])}
        if part.text.upper() in _ENDS_COMPARISON:
            compared = False
        elif part.text in {"<", "<=", ">", ">="} and not (part.text in "<>" and "-" in neighbours):
            if compared:
                return True
            compared = True
    return False


_TESTS = (_closed, _one_statement, _reads_only, _plain_clauses, _known_functions, _no_structural_properties)


def called_functions(text: str) -> list[str]:
    """Return the functions a query calls, and words before a bracket, in order."""
    parts = list(tokens(text))
    return [name for place in range(len(parts)) if (name := _called(parts, place)) is not None]
