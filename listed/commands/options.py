"""What several commands take and do alike: their options, the graph asked, the way an answer is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from listed.visible import visible

if TYPE_CHECKING:
    from listed.graph.snapshot import Graph
    from listed.neo4j.connection import Server
    from listed.progress import Progress
    from listed.queries.answer import Answer

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A day, written as 2018-12-01."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day written."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise click.BadParameter(f"{value!r} is not a day; write it as 2018-12-01", ctx, param) from error


AS_OF = click.option("--as-of", type=Day(), help="The day to answer for; today by default.")
HISTORY = click.option("--history", is_flag=True, help="Also what was over by then, marked.")
GRAPH = (
    click.option("--graph", metavar="DIR", help="The graph to ask: a folder, or 'bundled'. Yours by default."),
    click.option("--snapshot", type=int, help="Number of an earlier snapshot."),
)
FORM = (
    click.option("--json", "as_json", is_flag=True, help="Print the whole answer as one JSON object."),
    click.option("--csv", "as_csv", is_flag=True, help="Print the rows as CSV."),
)
REGIMES = click.option("--regimes", "regimes_file", metavar="FILE", help="A TOML file of regimes to add or override.")
ON = (
    click.option("--on", metavar="URI", help="Ask Neo4j instead, as bolt://...; --graph is then its name there."),
    click.option("--user", default="neo4j", show_default=True, help="Of --on: who asks; '' for nobody."),
    click.option("--database", default="", metavar="NAME", help="Of --on: the database; the default one."),
    click.option("--most-links", type=click.IntRange(1), help="Of --on: links to look at before it stops."),
)


def with_options(function: Command, *options: Callable[[Command], Command]) -> Command:
    """Give a command options, shown in this order."""
    for option in reversed(options):
        function = option(function)
    return function


def asks(function: Command) -> Command:
    """Give a command the options every query has."""
    return with_options(function, AS_OF, HISTORY, *GRAPH, *FORM)


def rules(function: Command) -> Command:
    """Give a command the options of a question about rules: on a day a rule captures or it does not."""
    return with_options(function, REGIMES, AS_OF, *GRAPH, *FORM)


def forms(function: Command) -> Command:
    """Give a command the forms that an answer is printed in."""
    return with_options(function, *FORM)


def graph_of(how: dict[str, Any]) -> Graph:
    """Return the graph asked for."""
    from listed.loading import open_, own_graph_exists

    named = os.environ.get("LISTED_GRAPH")
    if named and how.get("graph") is None and sys.stderr.isatty() and not own_graph_exists():
        click.echo(f"listed: no graph yet at LISTED_GRAPH, {named}: the one that comes with Listed answers", err=True)
    return open_(how.get("graph"), how.get("snapshot"))


def say(text: str, *, nl: bool = True, err: bool = False) -> None:
    """Print a text that may hold names of others: as it is for a file or a program, made visible for a terminal."""
    stream = sys.stderr if err else sys.stdout
    click.echo(visible(text) if stream.isatty() else text, nl=nl, err=err)


def tell(answer: Answer[Any], how: dict[str, Any]) -> None:
    """Print an answer in the form asked for."""
    if how.get("as_json") and how.get("as_csv"):
        raise click.UsageError("--json or --csv, not both")
    if how.get("as_json"):
        for text in _in_pieces(answer.json_parts()):
            say(text, nl=False)
        say("")
    elif how.get("as_csv"):
        say(answer.to_csv(), nl=False)
    else:
        from listed import terminal

        terminal.show(answer)


def _in_pieces(parts: Iterable[str]) -> Iterator[str]:
    """Yield texts together, for each that is printed goes out at once."""
    piece: list[str] = []
    letters = 0
    for part in parts:
        piece.append(part)
        letters += len(part)
        if letters > _PIECE:
            yield "".join(piece)
            piece, letters = [], 0
    yield "".join(piece)


_PIECE = 1 << 16


def progress_of(source: str) -> Progress:
    """Return what tells how far a job is."""
    from listed.progress import Progress

    return Progress(source)


def server_at(uri: str, user: str, database: str) -> Server:
    """Return the server to ask, with a password that never stood on the command line."""
    from listed.neo4j.connection import Server, password_from_environment

    password = password_from_environment()
    if password is None and user and sys.stdin.isatty():
        password = click.prompt(f"Password of {user}", hide_input=True, err=True)
    return Server(uri, user, password or "", database)


def server_on(how: dict[str, Any]) -> Server:
    """Return the server that ``--on`` names."""
    if how["snapshot"] is not None:
        raise click.UsageError("a database holds one snapshot: --on or --snapshot, not both")
    return server_at(how["on"], how["user"], how["database"])
