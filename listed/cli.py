"""The command ``listed``: one command for each query and for loading.

Nothing heavy is imported before a command runs, so that ``listed --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from listed import __version__
from listed.errors import ListedError, UnknownEntityError

if TYPE_CHECKING:
    from listed.graph.snapshot import Graph
    from listed.queries.answer import Answer

Command = TypeVar("Command", bound=Callable[..., Any])

_WELCOME = """\
Listed: who owns, who invested, and by which paths one reaches a listed entity.

  listed search NAME        find an entity             listed show NAME       all that is known of it
  listed owners NAME        who owns it                listed holdings NAME   what it owns
  listed investors NAME     who invested in it         listed ventures NAME   its joint ventures
  listed government NAME    the state bodies behind it
  listed exposure NAME      its paths to listed ones   listed paths A B       how two are connected
  listed verdict NAME       does a rule capture it?    listed affiliates      all that a rule captures
  listed load SOURCE FILE   load a list or register    listed sources         what can be loaded

Try: listed exposure Alibaba        Dates: --as-of 2018-12-01, --history        More: listed --help
"""


class _Day(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise click.BadParameter(f"{value!r} is not a day; write it as 2018-12-01", ctx, param) from error


def _asks(function: Command) -> Command:
    """Give a command the options every query has."""
    return _with(function, _AS_OF, _HISTORY, *_GRAPH, *_FORM)


def _rules(function: Command) -> Command:
    """Give a command the options of a question about rules: on a day a rule captures or it does not."""
    return _with(function, _REGIMES, _AS_OF, *_GRAPH, *_FORM)


def _with(function: Command, *options: Callable[[Command], Command]) -> Command:
    for option in reversed(options):
        function = option(function)
    return function


_AS_OF = click.option("--as-of", type=_Day(), help="The day to answer for; today by default.")
_HISTORY = click.option("--history", is_flag=True, help="Also what was over by then, marked.")
_GRAPH = (
    click.option("--graph", metavar="DIR", help="The graph to ask: a folder, or 'bundled'. Yours by default."),
    click.option("--snapshot", type=int, help="Number of an earlier snapshot."),
)
_FORM = (
    click.option("--json", "as_json", is_flag=True, help="Print the whole answer as one JSON object."),
    click.option("--csv", "as_csv", is_flag=True, help="Print the rows as CSV."),
)
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


_LOOK = click.option("--look-through", is_flag=True, help="Shares over all chains: products, summed, loops solved.")
_REGIMES = click.option("--regimes", "regimes_file", metavar="FILE", help="A TOML file of regimes to add or override.")


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="listed")
@click.pass_context
def cli(context: click.Context) -> None:
    """A knowledge graph of listed entities: owners, investors, ventures, state bodies, exposure."""
    if context.invoked_subcommand is None:
        click.echo(_WELCOME, nl=False)


@cli.command()
@click.argument("name")
@click.option("--limit", type=int, default=20, show_default=True, help="Most entities.")
@_asks
def search(name: str, limit: int, history: bool, **how: Any) -> None:
    """Find entities by NAME: aliases, other spellings, Chinese names, identifiers."""
    from listed.queries import search as ask

    _tell(ask(_graph(how), name, how["as_of"], limit=limit, history=history), how)


@cli.command()
@click.argument("entity")
@_asks
def show(entity: str, history: bool, **how: Any) -> None:
    """Show all that is known of ENTITY (an id, an identifier or a name)."""
    from listed.queries import show as ask

    _tell(ask(_graph(how), entity, how["as_of"], history=history), how)


@cli.command()
@click.argument("entity")
@_LOOK
@_asks
def owners(entity: str, look_through: bool, history: bool, **how: Any) -> None:
    """Who owns or controls ENTITY, with shares and dates."""
    from listed.queries import look_through_owners as ask_through
    from listed.queries import owners as ask

    graph = _graph(how)
    if look_through:
        _tell(ask_through(graph, entity, how["as_of"]), how)
    else:
        _tell(ask(graph, entity, how["as_of"], history=history), how)


@cli.command()
@click.argument("entity")
@_LOOK
@_asks
def holdings(entity: str, look_through: bool, history: bool, **how: Any) -> None:
    """What ENTITY owns or controls, with shares and dates."""
    from listed.queries import holdings as ask
    from listed.queries import look_through_holdings as ask_through

    graph = _graph(how)
    if look_through:
        _tell(ask_through(graph, entity, how["as_of"]), how)
    else:
        _tell(ask(graph, entity, how["as_of"], history=history), how)


@cli.command()
@click.argument("entity")
@_asks
def investors(entity: str, history: bool, **how: Any) -> None:
    """Who invested in ENTITY and when, and what they hold now."""
    from listed.queries import investors as ask

    _tell(ask(_graph(how), entity, how["as_of"], history=history), how)


@cli.command()
@click.argument("entity")
@_asks
def ventures(entity: str, history: bool, **how: Any) -> None:
    """The joint ventures of ENTITY, and its partners in them."""
    from listed.queries import ventures as ask

    _tell(ask(_graph(how), entity, how["as_of"], history=history), how)


@cli.command()
@click.argument("entity")
@click.option("--hops", type=int, default=6, show_default=True, help="Most links up to a state body.")
@_asks
def government(entity: str, hops: int, history: bool, **how: Any) -> None:
    """The state bodies behind ENTITY, direct and through its owners."""
    from listed.queries import government as ask

    _tell(ask(_graph(how), entity, how["as_of"], hops=hops, history=history), how)


def _hops(function: Command) -> Command:
    return _with(function, *_HOPS)


@cli.command()
@click.argument("entity")
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="LIST",
    help="Only this list counts, such as US-BIS-EL; repeatable.",
)
@_hops
@_asks
def exposure(entity: str, lists: tuple[str, ...], history: bool, **how: Any) -> None:
    """By which paths ENTITY reaches listed ones, the best first."""
    from listed.queries import exposure as ask

    _tell(ask(_graph(how), entity, how["as_of"], lists=lists, history=history, **_bounds(how)), how)


@cli.command()
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@_hops
@_asks
def paths(start: str, end: str, history: bool, **how: Any) -> None:
    """By which paths A and B are connected, the best first."""
    from listed.queries import paths as ask

    _tell(ask(_graph(how), start, end, how["as_of"], history=history, **_bounds(how)), how)


@cli.command()
@click.argument("entity")
@click.option("--regime", default="all", show_default=True, help="Id of a regime, such as us-bis.")
@_rules
def verdict(entity: str, regime: str, regimes_file: str | None, **how: Any) -> None:
    """Whether an ownership rule captures ENTITY on a day, and why."""
    from listed.queries import verdict as ask

    _tell(ask(_graph(how), entity, how["as_of"], regime=regime, regimes_file=regimes_file), how)


@cli.command()
@click.option("--regime", default="us-bis", show_default=True, help="Id of a regime.")
@_rules
def affiliates(regime: str, regimes_file: str | None, **how: Any) -> None:
    """All unlisted entities that an ownership rule captures, certainly or possibly."""
    from listed.queries import affiliates as ask

    _tell(ask(_graph(how), how["as_of"], regime=regime, regimes_file=regimes_file), how)


@cli.command()
@click.argument("entity")
@click.option("--regime", default="us-bis", show_default=True, help="Id of a regime, or 'all'.")
@_rules
def timeline(entity: str, regime: str, regimes_file: str | None, **how: Any) -> None:
    """When the verdict on ENTITY changed, and what changed it."""
    from listed.queries import timeline as ask

    _tell(ask(_graph(how), entity, how["as_of"], regime=regime, regimes_file=regimes_file), how)


@cli.command()
@click.argument("source")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--graph", metavar="DIR", help="The graph to load into; yours by default, made if missing.")
@click.option("--as", "dataset", default="", metavar="NAME", help="Load under this name, beside what is there.")
@click.option("--allow-shrink", is_flag=True, help="Load also a list that lost more than a tenth of its entries.")
@click.option("--keep-going", is_flag=True, help="Set aside rows that cannot be read, instead of stopping.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def load(
    source: str,
    files: tuple[str, ...],
    graph: str | None,
    dataset: str,
    allow_shrink: bool,
    keep_going: bool,
    as_json: bool,
) -> None:
    """Load FILEs of SOURCE into a graph: paths, addresses, or - for standard input.

    Gzip and zip are unpacked. What SOURCE said before is replaced; all else stays. See
    `listed sources` for what can be loaded.
    """
    from listed import terminal
    from listed.loading import load as run

    with terminal.Progress(source) as told:
        report = run(
            source,
            files,
            graph,
            dataset=dataset,
            allow_shrink=allow_shrink,
            keep_going=keep_going,
            progress=told.reading,
            downloading=told.downloading,
        )
    click.echo(terminal.load_as_json(report) if as_json else terminal.load_as_text(report, graph))


@cli.command()
@click.option("--graph", metavar="DIR", help="The graph whose content is told of.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV.")
def sources(**how: Any) -> None:
    """What can be loaded, where its official file is, and what is loaded."""
    from listed.catalogue import sources as ask

    _tell(ask(_graph(how)), how)


@cli.command()
@click.option("--set-aside", is_flag=True, help="List what did not become part of the graph, and why.")
@click.option("--flags", is_flag=True, help="List what was kept against its text.")
@click.option("--dataset", default="", metavar="NAME", help="Of this dataset only.")
@click.option("--graph", metavar="DIR", help="The graph to report on.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV.")
def report(set_aside: bool, flags: bool, dataset: str, **how: Any) -> None:
    """What the graph was made of, and what was set aside or flagged."""
    from listed.queries import reporting

    graph = _graph(how)
    if set_aside:
        _tell(reporting.set_aside(graph, dataset), how)
    elif flags:
        _tell(reporting.flagged(graph, dataset), how)
    else:
        _tell(reporting.report(graph), how)


def _graph(how: dict[str, Any]) -> Graph:
    from listed.loading import open_

    return open_(how.get("graph"), how.get("snapshot"))


def _bounds(how: dict[str, Any]) -> dict[str, Any]:
    return {name: how[name] for name in ("types", "hops", "limit", "hubs") if how[name] is not None}


def _tell(answer: Answer[Any], how: dict[str, Any]) -> None:
    if how.get("as_json") and how.get("as_csv"):
        raise click.UsageError("--json or --csv, not both")
    if how.get("as_json"):
        click.echo(answer.to_json())
    elif how.get("as_csv"):
        click.echo(answer.to_csv(), nl=False)
    else:
        from listed import terminal

        terminal.show(answer)


def main() -> None:
    """Run the command; each failure is one line, and an exit code of 1 or 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = cli.main(prog_name="listed", standalone_mode=False)
    except ListedError as error:
        code = _fail(str(error) + _hint(error), error.exit_code)
    except click.ClickException as error:
        code = _fail(error.format_message(), 2)
    except (KeyboardInterrupt, click.Abort):
        code = _fail("stopped; nothing was changed", 130)
    except MemoryError:
        code = _fail("not enough memory for this", 2)
    except BrokenPipeError:
        # The reader has gone (head, less): no more to say, and nothing to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _hint(error: ListedError) -> str:
    """Tell whoever asks an own graph for an unknown name that there is another one."""
    if not isinstance(error, UnknownEntityError) or any(one.startswith("--graph") for one in sys.argv):
        return ""
    from listed.loading import own_graph_exists

    return " (this was your own graph; the one that comes with Listed: --graph bundled)" if own_graph_exists() else ""


def _fail(message: str, code: int) -> int:
    click.echo(f"listed: {' '.join(message.split())}", err=True)
    return code


if __name__ == "__main__":
    main()
