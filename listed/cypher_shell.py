"""The interactive Cypher shell: ``listed cypher`` with no query.

A query may run over several lines and ends with ``;`` or an empty line. Lines that begin with ``:``
are commands of the shell. What fails is one line, and the shell goes on.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from listed import terminal
from listed.cypher_values import named_value
from listed.errors import ListedError, QueryError
from listed.graph.cypher_text import FUNCTIONS, parameter_names
from listed.graph.cypher_view import LIMIT, SECONDS
from listed.graph.property_graph import LINK_PROPERTIES, LISTING_PROPERTIES, NODE_PROPERTIES, RELATIONSHIP_TYPES
from listed.graph.snapshot import Graph
from listed.queries.cypher import CypherAnswer, cypher, named_queries, query
from listed.visible import visible

_PROMPT, _FURTHER = "cypher> ", "   ...> "

_HELP = """\
A query ends with ; or an empty line. Read-only. Examples:
  MATCH (e:Entity)-[r:LISTED_ON]->(l:List) RETURN l.id, count(*) AS listed ORDER BY listed DESC;
  MATCH (o:Entity)-[r:OWNS]->(e:Entity {id: $id}) RETURN o.name, r.share_text, r.start_date;
:help                       this                      :schema               labels, types, properties
:queries                    the named queries         :query NAME k=v ...   ask one of them
:param name=value           set a parameter           :params               show them
:limit N   :seconds N       bounds                    :format table|json|csv
:quit                       leave (or Ctrl-D)
"""


def run(graph: Graph, *, limit: int = LIMIT, seconds: float = SECONDS) -> int:
    """Ask and answer until the end of the input; return the exit code: 2 if a query of a script failed."""
    interactive = sys.stdin.isatty()
    shell = Shell(graph, limit=limit, seconds=seconds)
    if not interactive:
        return shell.feed(line.rstrip("\n") for line in sys.stdin)
    with _history():
        click.echo(f"{graph.name} graph, snapshot {graph.number}. :help tells more, :quit leaves.")
        shell.feed(_typed(shell), go_on=True)
    return 0


class Shell:
    """What the shell remembers: parameters, bounds, the form of answers, and the query being typed.

    Parameters
    ----------
    graph
        The graph asked.
    limit, seconds
        Bounds of a query.
    """

    def __init__(self, graph: Graph, *, limit: int = LIMIT, seconds: float = SECONDS) -> None:
        self.graph = graph
        self.limit = limit
        self.seconds = seconds
        self.form = "table"
        self.parameters: dict[str, Any] = {}
        self.typed: list[str] = []
        self.ended = False

    @property
    def prompt(self) -> str:
        """What to show before the next line."""
        return _FURTHER if self.typed else _PROMPT

    def feed(self, lines: Iterable[str], *, go_on: bool = False) -> int:
        """Take lines one by one; return 2 if one failed. A script stops there, a reader goes on."""
        failed = False
        for line in (*lines, "") if not go_on else lines:
            try:
                self.line(line)
            except (ListedError, click.ClickException) as error:
                failed = True
                self.typed.clear()
                said = error.format_message() if isinstance(error, click.ClickException) else str(error)
                click.echo(visible(f"listed: {' '.join(said.split())}"), err=True)
                if not go_on:
                    break
            if self.ended:
                break
        return 2 if failed else 0

    def line(self, line: str) -> None:
        """Take one line: of a query, or a command."""
        if not self.typed and line.strip().startswith(":"):
            self._command(line.strip())
            return
        if line.strip():
            self.typed.append(line)
        if self.typed and (not line.strip() or line.rstrip().endswith(";")):
            text = "\n".join(self.typed)
            self.typed.clear()
            self._show(self._ask(text))

    def _ask(self, text: str) -> CypherAnswer:
        named = parameter_names(text)
        given = {name: value for name, value in self.parameters.items() if name in named}
        if missing := [name for name in named if name not in given]:
            raise QueryError(f"the query needs ${missing[0]} (set it with :param {missing[0]}=...)")
        return cypher(self.graph, text, given, limit=self.limit, seconds=self.seconds)

    def _show(self, answer: Any) -> None:
        if self.form == "table":
            terminal.show(answer)
        else:
            click.echo(answer.to_json() if self.form == "json" else answer.to_csv())

    def _command(self, line: str) -> None:
        word, _, rest = line[1:].partition(" ")
        commands: dict[str, Callable[[str], None]] = {
            "help": lambda _: click.echo(_HELP, nl=False),
            "schema": lambda _: click.echo(schema(self.graph), nl=False),
            "queries": lambda _: terminal.show(named_queries(self.graph)),
            "query": self._named,
            "param": self._set,
            "params": lambda _: click.echo("\n".join(f"${k} = {v!r}" for k, v in self.parameters.items()) or "none"),
            "limit": lambda said: setattr(self, "limit", int(_number(said))),
            "seconds": lambda said: setattr(self, "seconds", _number(said)),
            "format": self._format,
            "quit": self._quit,
            "exit": self._quit,
        }
        if word not in commands:
            raise QueryError(f"there is no command :{word} (:help has them all)")
        commands[word](rest.strip())

    def _named(self, rest: str) -> None:
        import shlex

        try:
            name, *given = shlex.split(rest)
        except ValueError as error:
            raise QueryError("write it as :query NAME name=value ... (:queries has the names)") from error
        pairs = dict(_pair(one) for one in given)
        self._show(query(self.graph, name, limit=self.limit, seconds=self.seconds, **pairs))

    def _set(self, said: str) -> None:
        name, value = _pair(said)
        self.parameters[name] = named_value(value)

    def _format(self, said: str) -> None:
        if said not in ("table", "json", "csv"):
            raise QueryError("the format is table, json or csv")
        self.form = said

    def _quit(self, _: str) -> None:
        self.ended = True


def _pair(said: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not equals or not name.strip().isidentifier():
        raise QueryError(f"{said!r} is not name=value")
    return name.strip(), value.strip()


def _number(said: str) -> float:
    try:
        return float(said)
    except ValueError as error:
        raise QueryError(f"{said!r} is not a number") from error


def schema(graph: Graph) -> str:
    """Return the labels, relationship types and properties that a query can name, with their counts."""
    view = graph.cypher_view
    types = {row["type"]: row["n"] for row in view.ask("MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n").rows}
    second = view.ask("MATCH (e:Entity) WITH labels(e)[1] AS label, count(*) AS n RETURN label, n ORDER BY label").rows
    lines = ["Nodes"]
    for label, properties in NODE_PROPERTIES.items():
        count = view.ask(f"MATCH (n:{label}) RETURN count(n) AS n").rows[0]["n"]
        lines.append(f"  (:{label})  {count:,}: {_names(properties.names)}")
    lines.append(
        "  An entity has a second label: " + ", ".join(f"{row['label'] or 'none'} {row['n']:,}" for row in second)
    )
    lines.append("Relationships, from entity to entity")
    lines += [f"  [:{type_}]  {types[type_]:,}" for type_ in RELATIONSHIP_TYPES[:-1] if type_ in types]
    lines.append(f"  {_names(LINK_PROPERTIES.names)}")
    lines.append(
        f"From entity to list\n  [:LISTED_ON]  {types.get('LISTED_ON', 0):,}: {_names(LISTING_PROPERTIES.names)}"
    )
    return "\n".join(lines) + "\n"


def _names(names: list[str]) -> str:
    from listed.graph.property_graph import BOOKKEEPING

    return ", ".join(name for name in names if name not in BOOKKEEPING)


# The terminal ---------------------------------------------------------------------------------------------------------


def _typed(shell: Shell) -> Iterator[str]:
    """Yield the lines a reader types. Ctrl-C forgets the query being typed, Ctrl-D ends."""
    while True:
        try:
            yield input(shell.prompt)
        except EOFError:
            click.echo()
            return
        except KeyboardInterrupt:
            click.echo()
            shell.typed.clear()


class _history:  # noqa: N801 - used as a function
    """Line editing, completion by Tab and a history kept between sessions, where the system has them."""

    def __enter__(self) -> None:
        from platformdirs import user_state_path

        self.file: Path = user_state_path("listed", ensure_exists=False) / "cypher-history"
        try:
            import readline
        except ImportError:
            return
        with contextlib.suppress(OSError):
            readline.read_history_file(self.file)
        readline.set_history_length(2_000)
        readline.set_completer_delims(" \t\n()[]{}<>-=,;:.|*+/")
        readline.set_completer(_completer())
        readline.parse_and_bind("tab: complete")

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ImportError, OSError):
            import readline

            self.file.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(self.file)


def _completer() -> Callable[[str, int], str | None]:
    clauses = [
        "MATCH",
        "OPTIONAL",
        "WHERE",
        "RETURN",
        "WITH",
        "UNWIND",
        "ORDER",
        "BY",
        "LIMIT",
        "SKIP",
        "DISTINCT",
        "COUNT",
        "EXISTS",
        "CASE",
    ]
    properties = {
        name for one in (*NODE_PROPERTIES.values(), LINK_PROPERTIES, LISTING_PROPERTIES) for name in one.names
    }
    words = sorted({*clauses, *FUNCTIONS, *RELATIONSHIP_TYPES, *NODE_PROPERTIES, *properties})

    def complete(begun: str, place: int) -> str | None:
        fitting = [word for word in words if word.lower().startswith(begun.lower())]
        return fitting[place] if place < len(fitting) else None

    return complete
