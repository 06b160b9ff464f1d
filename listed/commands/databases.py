"""The commands that write the graph to a database and read it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from listed.commands.options import Command, graph_of, progress_of, say, server_at, with_options
from listed.errors import ServerError
from listed.process import Stopped

if TYPE_CHECKING:
    from listed.graph.snapshot import Graph

_NEO4J = (
    click.option("--uri", default="bolt://localhost:7687", show_default=True, help="Where Neo4j is."),
    click.option("--user", default="neo4j", show_default=True, help="Who asks; '' for nobody."),
    click.option("--database", default="", metavar="NAME", help="The database; the server's default one."),
    click.option("--as", "name", metavar="NAME", help="What the graph is called there: 'listed', or 'bundled'."),
)


def _neo4j(function: Command) -> Command:
    return with_options(function, *_NEO4J)


@click.group()
def push() -> None:
    """Write the graph to a database."""


@click.group()
def pull() -> None:
    """Read back from a database what `listed push` wrote."""


@push.command("neo4j")
@_neo4j
@click.option("--batch", type=click.IntRange(1, 100_000), default=5_000, show_default=True, help="Rows at a time.")
@click.option("--remove", is_flag=True, help="Remove the graph of this name from the database instead.")
@click.option("--graph", metavar="DIR", help="The graph to push; yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def push_neo4j(uri: str, user: str, database: str, name: str | None, batch: int, remove: bool, **how: Any) -> int:
    """Write a snapshot to Neo4j: twice gives the same graph, a push that broke off goes on.

    Ours are told apart by the property listed_graph; nothing else in the database is touched. The
    password stands in LISTED_NEO4J_PASSWORD or NEO4J_PASSWORD, or is asked for.
    """
    from listed import terminal
    from listed.neo4j import push as run
    from listed.neo4j import remove as run_removal

    server = server_at(uri, user, database)
    if remove:
        gone = run_removal(server, name or "listed")
        told_of = ", ".join(f"{count:,} {kind}" for kind, count in gone.items())
        say(f"Removed the graph {name or 'listed'} from {server.place}: {told_of}")
        return 0
    graph = graph_of(how)
    with progress_of("neo4j") as told:
        try:
            report = run(graph, server, name or _name_there(graph), batch=batch, progress=told.moving)
        except (KeyboardInterrupt, Stopped) as error:
            raise ServerError("stopped part way (push again: it goes on where it stood)") from error
    say(terminal.load_as_json(report) if how["as_json"] else str(report))
    return 0 if report.equal else 1


@pull.command("neo4j")
@_neo4j
@click.option("--graph", metavar="DIR", required=True, help="The folder to make the graph in.")
@click.option("--allow-changed", is_flag=True, help="Take also a graph that was changed in the database.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def pull_neo4j(
    uri: str, user: str, database: str, name: str | None, graph: str, allow_changed: bool, as_json: bool
) -> None:
    """Read a graph from Neo4j into a folder, row for row what was pushed."""
    from listed import terminal
    from listed.neo4j import pull as run

    server = server_at(uri, user, database)
    with progress_of("neo4j") as told:
        report = run(server, graph, name or "listed", allow_changed=allow_changed, progress=told.moving)
    say(terminal.load_as_json(report) if as_json else str(report))


def _name_there(graph: Graph) -> str:
    """Return what to call a graph in a database: the bundled one must not take the place of the user's own."""
    return "bundled" if graph.name == "bundled" else "listed"


COMMANDS: tuple[click.Command, ...] = (push, pull)
