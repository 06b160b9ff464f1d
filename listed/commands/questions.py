"""The commands that ask of an entity: who owns it, what it owns, what it reaches."""

from __future__ import annotations

from typing import Any

import click

from listed.commands.options import ON, Command, asks, graph_of, server_on, tell, with_options

_LOOK = click.option("--look-through", is_flag=True, help="Shares over all chains: products, summed, loops solved.")

_HOPS = (
    click.option(
        "--type",
        "types",
        multiple=True,
        metavar="TYPE",
        help="Only links of this type, such as OWNS; repeatable.",
    ),
    click.option("--hops", type=int, help="Longest path, in links."),
    click.option("--limit", type=int, help="Most paths."),
    click.option("--hubs", is_flag=True, help="Also through hubs, such as SASAC."),
)


def _hops(function: Command) -> Command:
    return with_options(function, *_HOPS)


def _elsewhere(function: Command) -> Command:
    return with_options(function, *ON)


def _bounds(how: dict[str, Any]) -> dict[str, Any]:
    return {name: how[name] for name in ("types", "hops", "limit", "hubs") if how[name] is not None}


def _bounds_on(how: dict[str, Any]) -> dict[str, Any]:
    most = {} if how["most_links"] is None else {"most_links": how["most_links"]}
    return _bounds(how) | most | {"name": how["graph"] or ""}


@click.command()
@click.argument("name")
@click.option("--limit", type=int, default=20, show_default=True, help="Most entities.")
@asks
def search(name: str, limit: int, history: bool, **how: Any) -> None:
    """Find entities by NAME: aliases, other spellings, Chinese names, identifiers."""
    from listed.queries import search as ask

    tell(ask(graph_of(how), name, how["as_of"], limit=limit, history=history), how)


@click.command()
@click.argument("entity")
@asks
def show(entity: str, history: bool, **how: Any) -> None:
    """Show all that is known of ENTITY (an id, an identifier or a name)."""
    from listed.queries import show as ask

    tell(ask(graph_of(how), entity, how["as_of"], history=history), how)


@click.command()
@click.argument("entity")
@_LOOK
@asks
def owners(entity: str, look_through: bool, history: bool, **how: Any) -> None:
    """Who owns or controls ENTITY, with shares and dates."""
    from listed.queries import look_through_owners as ask_through
    from listed.queries import owners as ask

    graph = graph_of(how)
    if look_through:
        tell(ask_through(graph, entity, how["as_of"]), how)
    else:
        tell(ask(graph, entity, how["as_of"], history=history), how)


@click.command()
@click.argument("entity")
@_LOOK
@asks
def holdings(entity: str, look_through: bool, history: bool, **how: Any) -> None:
    """What ENTITY owns or controls, with shares and dates."""
    from listed.queries import holdings as ask
    from listed.queries import look_through_holdings as ask_through

    graph = graph_of(how)
    if look_through:
        tell(ask_through(graph, entity, how["as_of"]), how)
    else:
        tell(ask(graph, entity, how["as_of"], history=history), how)


@click.command()
@click.argument("entity")
@asks
def investors(entity: str, history: bool, **how: Any) -> None:
    """Who invested in ENTITY and when, and what they hold now."""
    from listed.queries import investors as ask

    tell(ask(graph_of(how), entity, how["as_of"], history=history), how)


@click.command()
@click.argument("entity")
@asks
def ventures(entity: str, history: bool, **how: Any) -> None:
    """The joint ventures of ENTITY, and its partners in them."""
    from listed.queries import ventures as ask

    tell(ask(graph_of(how), entity, how["as_of"], history=history), how)


@click.command()
@click.argument("entity")
@click.option("--hops", type=int, default=6, show_default=True, help="Most links up to a state body.")
@asks
def government(entity: str, hops: int, history: bool, **how: Any) -> None:
    """The state bodies behind ENTITY, direct and through its owners."""
    from listed.queries import government as ask

    tell(ask(graph_of(how), entity, how["as_of"], hops=hops, history=history), how)


@click.command()
@click.argument("entity")
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="LIST",
    help="Only this list counts, such as US-BIS-EL; repeatable.",
)
@_hops
@asks
@_elsewhere
def exposure(entity: str, lists: tuple[str, ...], history: bool, **how: Any) -> None:
    """By which paths ENTITY reaches listed ones, the best first."""
    if how["on"] is not None:
        from listed.asking_neo4j import exposure_on

        tell(exposure_on(server_on(how), entity, how["as_of"], lists=lists, history=history, **_bounds_on(how)), how)
        return
    from listed.queries import exposure as ask

    tell(ask(graph_of(how), entity, how["as_of"], lists=lists, history=history, **_bounds(how)), how)


@click.command()
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@_hops
@asks
@_elsewhere
def paths(start: str, end: str, history: bool, **how: Any) -> None:
    """By which paths A and B are connected, the best first."""
    if how["on"] is not None:
        from listed.asking_neo4j import paths_on

        tell(paths_on(server_on(how), start, end, how["as_of"], history=history, **_bounds_on(how)), how)
        return
    from listed.queries import paths as ask

    tell(ask(graph_of(how), start, end, how["as_of"], history=history, **_bounds(how)), how)


COMMANDS: tuple[click.Command, ...] = (search, show, owners, holdings, investors, ventures, government, exposure, paths)
