"""The commands for whoever writes Cypher."""

from __future__ import annotations

import sys
from typing import Any

import click

from listed.commands.options import FORM, GRAPH, ON, Command, forms, graph_of, server_on, tell, with_options

_ASKED = (
    click.option("--param", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable."),
    click.option("--limit", type=click.IntRange(0), default=10_000, show_default=True, help="Most rows."),
    click.option("--seconds", type=click.FloatRange(0, min_open=True), default=30, show_default=True,
                 help="Stop the query after so many."),
)  # fmt: skip

_CYPHER_ON = (
    click.option("--on", metavar="URI", help="Ask your own Neo4j instead, as bolt://..., all that is in it."),
    *ON[1:3],
)


def _cypher(function: Command) -> Command:
    return with_options(function, *_ASKED, *GRAPH, *FORM)


def _cypher_elsewhere(function: Command) -> Command:
    return with_options(function, *_CYPHER_ON)


@click.command()
@click.argument("text", required=False, metavar="[QUERY]")
@_cypher
@_cypher_elsewhere
@click.option("--write", is_flag=True, help="Of --on: let the query change the database.")
def cypher(text: str | None, pairs: tuple[str, ...], limit: int, seconds: float, write: bool, **how: Any) -> None:
    """Answer a Cypher QUERY over the whole graph, read-only; without one, open a shell.

    A parameter is text unless it is JSON: 50, true, null, ["a", "b"], "50" in quotes.
    """
    from listed.cypher_values import named_value, named_values

    if write and how["on"] is None:
        raise click.UsageError("a snapshot is never changed by a query: --write goes with --on")
    if text is None:
        if how["on"] is not None:
            raise click.UsageError("the shell is of a snapshot: with --on give the query, or - to read it")
        from listed import cypher_shell

        sys.exit(cypher_shell.run(graph_of(how), limit=limit, seconds=seconds))
    from listed.queries.cypher import cypher as ask

    given = {name: named_value(value) for name, value in named_values(pairs).items()}
    text = sys.stdin.read() if text == "-" else text
    if how["on"] is not None:
        from listed.cypher_on_neo4j import cypher_on

        tell(cypher_on(server_on(how), text, given, limit=limit, seconds=seconds, write=write), how)
        return
    tell(ask(graph_of(how), text, given, limit=limit, seconds=seconds), how)


@click.command()
@click.option("--graph", metavar="DIR", help="The graph to ask later.")
@forms
def queries(**how: Any) -> None:
    """The named queries: what each answers, and its parameters."""
    from listed.queries.cypher import named_queries as ask

    tell(ask(graph_of(how)), how)


@click.command()
@click.argument("name")
@_cypher
@_cypher_elsewhere
def query(name: str, pairs: tuple[str, ...], limit: int, seconds: float, **how: Any) -> None:
    """Ask the named query NAME, over the whole graph at all times."""
    from listed.cypher_values import named_values
    from listed.queries.cypher import query as ask
    from listed.queries.cypher.library import named

    given: dict[str, Any] = named_values(pairs)
    named(name).values(None, given)  # a parameter it does not have must not pass for an option of ours
    if how["on"] is not None:
        from listed.cypher_on_neo4j import query_on

        given |= {"graph": how["graph"] or "", "limit": limit, "seconds": seconds}
        tell(query_on(server_on(how), name, **given), how)
        return
    tell(ask(graph_of(how), name, limit=limit, seconds=seconds, **given), how)


COMMANDS: tuple[click.Command, ...] = (cypher, queries, query)
