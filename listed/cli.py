"""The command ``listed``: one command for each query and for loading.

Nothing heavy is imported before a command runs, so that ``listed --help`` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from listed import __version__
from listed.errors import ListedError, ServerError, UnknownEntityError

if TYPE_CHECKING:
    from listed.graph.snapshot import Graph
    from listed.neo4j.connection import Server
    from listed.progress import Progress
    from listed.queries.answer import Answer

Command = TypeVar("Command", bound=Callable[..., Any])

_WELCOME = """\
Listed: who owns, who invested, and by which paths one reaches a listed entity.

  listed search NAME        find an entity             listed show NAME       all that is known of it
  listed owners NAME        who owns it                listed holdings NAME   what it owns
  listed investors NAME     who invested in it         listed ventures NAME   its joint ventures
  listed government NAME    the state bodies behind it listed queries         questions in Cypher
  listed exposure NAME      its paths to listed ones   listed paths A B       how two are connected
  listed verdict NAME       does a rule capture it?    listed affiliates      all that a rule captures
  listed screen FILE        a spreadsheet of names     listed diff A B        what changed
  listed load SOURCE FILE   load a list or register    listed sources         what can be loaded

See it: listed serve, listed map NAME -o FILE      Dates: --as-of 2018-12-01      More: listed --help
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


def _forms(function: Command) -> Command:
    return _with(function, *_FORM)


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


_NEO4J = (
    click.option("--uri", default="bolt://localhost:7687", show_default=True, help="Where Neo4j is."),
    click.option("--user", default="neo4j", show_default=True, help="Who asks; '' for nobody."),
    click.option("--database", default="", metavar="NAME", help="The database; the server's default one."),
    click.option("--as", "name", metavar="NAME", help="What the graph is called there: 'listed', or 'bundled'."),
)
_ON = (
    click.option("--on", metavar="URI", help="Ask Neo4j instead, as bolt://...; --graph is then its name there."),
    click.option("--user", default="neo4j", show_default=True, help="Of --on: who asks; '' for nobody."),
    click.option("--database", default="", metavar="NAME", help="Of --on: the database; the default one."),
    click.option("--most-links", type=click.IntRange(1), help="Of --on: links to look at before it stops."),
)
_CYPHER_ON = (
    click.option("--on", metavar="URI", help="Ask your own Neo4j instead, as bolt://..., all that is in it."),
    *_ON[1:3],
)
_LOOK = click.option("--look-through", is_flag=True, help="Shares over all chains: products, summed, loops solved.")
_REGIMES = click.option("--regimes", "regimes_file", metavar="FILE", help="A TOML file of regimes to add or override.")


_DECISIONS = click.option(
    "--decisions", metavar="FILE", help="The file of decisions; decisions.csv in the graph's folder by default."
)


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="listed")
@click.option("-v", "--verbose", count=True, help="Tell on standard error what is done; twice: everything.")
@click.option("--log-json", is_flag=True, help="Tell it as JSON lines, for a machine; the failure of a command too.")
@click.pass_context
def cli(context: click.Context, verbose: int, log_json: bool) -> None:
    """A knowledge graph of listed entities: owners, investors, ventures, state bodies, exposure."""
    if verbose or log_json:
        from listed import logs

        logs.set_up(verbose, as_json=log_json)
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


def _elsewhere(function: Command) -> Command:
    return _with(function, *_ON)


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
@_elsewhere
def exposure(entity: str, lists: tuple[str, ...], history: bool, **how: Any) -> None:
    """By which paths ENTITY reaches listed ones, the best first."""
    if how["on"] is not None:
        from listed.asking_neo4j import exposure_on

        _tell(exposure_on(_on(how), entity, how["as_of"], lists=lists, history=history, **_bounds_on(how)), how)
        return
    from listed.queries import exposure as ask

    _tell(ask(_graph(how), entity, how["as_of"], lists=lists, history=history, **_bounds(how)), how)


@cli.command()
@click.argument("start", metavar="A")
@click.argument("end", metavar="B")
@_hops
@_asks
@_elsewhere
def paths(start: str, end: str, history: bool, **how: Any) -> None:
    """By which paths A and B are connected, the best first."""
    if how["on"] is not None:
        from listed.asking_neo4j import paths_on

        _tell(paths_on(_on(how), start, end, how["as_of"], history=history, **_bounds_on(how)), how)
        return
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
@click.argument("file")
@click.option("-o", "--out", metavar="FILE", help="Write to this .csv, .xlsx or .json file.")
@click.option("--name", "name_column", default="", metavar="COLUMN", help="The column of names.")
@click.option("--country", "country_column", default="", metavar="COLUMN", help="The column of countries.")
@click.option("--regime", default="all", show_default=True, help="Id of a regime, such as us-bis.")
@click.option("--min-score", default=82.0, show_default=True, help="0 to 100: names less alike are no match.")
@click.option("--matches", default=3, show_default=True, help="Most entities told for one name.")
@_rules
def screen(file: str, out: str | None, regimes_file: str | None, min_score: float, **how: Any) -> None:
    """Screen a spreadsheet: one name a row, and its matches, listings, verdicts and exposure."""
    from listed import screening, terminal

    if out is not None:
        screening.writer_of(out)
    options = {key: how[key] for key in ("name_column", "country_column", "regime", "matches")}
    with _progress("screening") as told:
        answer = screening.screen_file(
            _graph(how),
            file,
            how["as_of"],
            regimes_file=regimes_file,
            least_score=min_score,
            progress=told.screening,
            **options,
        )
    if out is None:
        _tell(answer, how)
    else:
        screening.write(answer, out)
        click.echo(terminal.screening_in_short(answer, out))


@cli.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 8420, or a free one if that is taken.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; this machine's only.")
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@click.option("--graph", metavar="DIR", help="The graph to show: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@_REGIMES
def serve(port: int | None, host: str, open_it: bool, regimes_file: str | None, **how: Any) -> None:
    """Show the graph in the browser: search, an entity's page, the map, screening. Read-only, private."""
    from listed.explorer.serving import is_local, prepare

    graph = _graph(how)
    fixed = {"graph": how["graph"], "snapshot": graph.number}
    page = prepare(graph, lambda: _graph(fixed), host=host, port=port, regimes_file=regimes_file)
    if not is_local(host):
        click.echo("listed: others who know the address can read the graph, unencrypted", err=True)
    click.echo(f"Listed is at {page.address}\nPrivate: the address ends in a secret. Stop with Ctrl+C.")
    sys.stdout.flush()
    if open_it:
        click.launch(page.address)
    page.run()


@cli.command()
@click.option("--config", is_flag=True, help="Print the lines that tell an assistant how to start this, and end.")
@click.option("--tools", "list_them", is_flag=True, help="Print the tools and their parameters, and end.")
@click.option("--graph", metavar="DIR", help="The graph to ask: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@_REGIMES
def mcp(config: bool, list_them: bool, regimes_file: str | None, **how: Any) -> None:
    """Answer an assistant: the questions as tools of the Model Context Protocol, over standard input. Read-only."""
    from listed.assistant import serving

    graph = _graph(how)
    if config:
        places = {"--graph": _full(how["graph"]), "--snapshot": how["snapshot"], "--regimes": _full(regimes_file)}
        given = [str(word) for option, value in places.items() if value is not None for word in (option, value)]
        click.echo(serving.configuration(*given))
    elif list_them:
        click.echo(serving.tools_as_text(graph, regimes_file))
    else:
        if sys.stdin.isatty():
            click.echo("An assistant starts this, as `listed mcp --config` says. Stop with Ctrl+C.", err=True)
        serving.serve(graph, regimes_file)


def _full(place: str | None) -> str | None:
    """Return a place as it is called from any folder."""
    return place if place in (None, "bundled") else str(Path(place).absolute())


@cli.command("map")
@click.argument("entity")
@click.option("-o", "--out", metavar="FILE", required=True, help="Write to this .svg, .png or .html file.")
@click.option("--hops", type=click.IntRange(1), help="How many links away; 3 on a chart, 2 on a map.")
@click.option("--most", type=click.IntRange(1), default=40, show_default=True, help="Most entities.")
@click.option("--type", "--types", "types", multiple=True, metavar="TYPE", help="Only links of this type; repeatable.")
@click.option("--regime", default="us-bis", show_default=True, help="Id of the regime whose verdicts are marked.")
@_REGIMES
@_AS_OF
@_HISTORY
@click.option("--graph", metavar="DIR", help="The graph to draw from: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON what was drawn.")
def map_(entity: str, out: str, as_json: bool, **how: Any) -> None:
    """Draw what is around ENTITY: a chart of its owners and holdings to print, or a map to point at.

    An .svg or .png is a chart, owners above and holdings below; an .html is a map of all links, one file
    that opens offline.
    """
    from listed import terminal
    from listed.pictures import map_of

    options = {key: how[key] for key in ("hops", "most", "types", "history", "regime", "regimes_file")}
    saved = map_of(_graph(how), entity, how["as_of"], **options).save(out)
    click.echo(terminal.load_as_json(saved) if as_json else str(saved))


@cli.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--list", "lists", multiple=True, metavar="LIST", help="Only this list, such as US-BIS-EL; repeatable.")
@click.option("--regime", default="all", show_default=True, help="Regimes whose verdicts are compared, or 'none'.")
@click.option("--spelling", is_flag=True, help="Also what is only spelled otherwise.")
@_REGIMES
@_AS_OF
@click.option("--graph", metavar="DIR", help="The graph whose snapshots A and B are. Yours by default.")
@_forms
def diff(old: str, new: str, graph: str | None, regimes_file: str | None, **how: Any) -> None:
    """What changed from A to B: snapshots by number, datasets by name, or graphs by folder."""
    from listed.editions import edition
    from listed.queries import diff as ask

    options = {key: how[key] for key in ("lists", "regime", "spelling")}
    answer = ask(edition(old, graph), edition(new, graph), how["as_of"], regimes_file=regimes_file, **options)
    _tell(answer, how)


_ASKED = (
    click.option("--param", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; repeatable."),
    click.option("--limit", type=click.IntRange(0), default=10_000, show_default=True, help="Most rows."),
    click.option("--seconds", type=click.FloatRange(0, min_open=True), default=30, show_default=True,
                 help="Stop the query after so many."),
)  # fmt: skip


def _cypher(function: Command) -> Command:
    return _with(function, *_ASKED, *_GRAPH, *_FORM)


def _cypher_elsewhere(function: Command) -> Command:
    return _with(function, *_CYPHER_ON)


@cli.command()
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

        sys.exit(cypher_shell.run(_graph(how), limit=limit, seconds=seconds))
    from listed.queries.cypher import cypher as ask

    given = {name: named_value(value) for name, value in named_values(pairs).items()}
    text = sys.stdin.read() if text == "-" else text
    if how["on"] is not None:
        from listed.cypher_on_neo4j import cypher_on

        _tell(cypher_on(_on(how), text, given, limit=limit, seconds=seconds, write=write), how)
        return
    _tell(ask(_graph(how), text, given, limit=limit, seconds=seconds), how)


@cli.command()
@click.option("--graph", metavar="DIR", help="The graph to ask later.")
@_forms
def queries(**how: Any) -> None:
    """The named queries: what each answers, and its parameters."""
    from listed.queries.cypher import named_queries as ask

    _tell(ask(_graph(how)), how)


@cli.command()
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
        _tell(query_on(_on(how), name, **given), how)
        return
    _tell(ask(_graph(how), name, limit=limit, seconds=seconds, **given), how)


@cli.command()
@click.argument("source")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--graph", metavar="DIR", help="The graph to load into; yours by default, made if missing.")
@click.option("--as", "dataset", default="", metavar="NAME", help="Load under this name, beside what is there.")
@click.option("--allow-shrink", is_flag=True, help="Load also a list or register that lost more than a tenth.")
@click.option("--keep-going", is_flag=True, help="Set aside rows that cannot be read, instead of stopping.")
@click.option("--mapping", metavar="TOML", help="Of a table: the file that says what its columns mean.")
@click.option("--preview", is_flag=True, help="Of a table: show how it would be read, and load nothing.")
@click.option("--yes", is_flag=True, help="Of a table: load it as its columns were guessed.")
@_DECISIONS
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def load(
    source: str,
    files: tuple[str, ...],
    graph: str | None,
    dataset: str,
    mapping: str | None,
    preview: bool,
    yes: bool,
    as_json: bool,
    **how: Any,
) -> None:
    """Load FILEs of SOURCE into a graph: paths, addresses, or - for standard input.

    Gzip and zip are unpacked. What SOURCE said before is replaced; all else stays. See
    `listed sources` for what can be loaded.
    """
    from listed import loading, terminal
    from listed.errors import UnconfirmedMappingError

    if preview:
        click.echo(loading.preview(source, files, dataset=dataset, mapping=mapping))
        return

    def run(accept: Literal["certain", "any", "none"]) -> loading.LoadReport:
        with _progress(source) as told:
            return loading.load(
                source,
                files,
                graph,
                dataset=dataset,
                mapping=mapping,
                accept=accept,
                progress=told.reading,
                downloading=told.downloading,
                **how,
            )

    asking = not yes and "-" not in files and _at_a_terminal()
    try:
        report = run("any" if yes else "none" if asking else "certain")
    except UnconfirmedMappingError:
        if not asking:
            raise
        click.echo(loading.preview(source, files, dataset=dataset), err=True)
        click.confirm("Load it so?", abort=True, err=True)
        report = run("any")
    click.echo(terminal.load_as_json(report) if as_json else terminal.load_as_text(report, graph))


@cli.command()
@click.option("--min-score", type=float, default=0.7, show_default=True, help="0 to 1: pairs less likely are left out.")
@click.option("--limit", type=int, default=100, show_default=True, help="Most pairs.")
@_DECISIONS
@click.option("--graph", metavar="DIR", help="The graph to ask: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@_forms
def duplicates(min_score: float, limit: int, decisions: str | None, **how: Any) -> None:
    """Entities that may be one party, with a score and its reason; decide with: listed decide."""
    from listed.graph.decisions import read_decisions
    from listed.queries import duplicates as ask

    decided = read_decisions(Path(decisions)) if decisions else None
    _tell(ask(_graph(how), min_score=min_score, limit=limit, decisions=decided), how)


@cli.command()
@click.argument("one")
@click.argument("other")
@click.option("--same", "verdict", flag_value="same", help="They are one party: make them one entity.")
@click.option("--different", "verdict", flag_value="different", help="They are two: never merge, never propose.")
@click.option("--undo", is_flag=True, help="Take back what was decided of the two.")
@click.option("--note", default="", metavar="TEXT", help="Why, for whoever reads it later.")
@click.option("--by", default="", metavar="NAME", envvar="LISTED_BY", help="Who decides.")
@_DECISIONS
@click.option("--graph", metavar="DIR", help="The graph to decide for; yours by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def decide(one: str, other: str, as_json: bool, **how: Any) -> None:
    """Decide that ONE and OTHER are the same party, or different ones; undoable."""
    from listed import terminal
    from listed.deciding import decide as run

    report = run(one, other, **how)
    click.echo(terminal.decision_as_json(report) if as_json else terminal.decision_as_text(report))


@cli.command()
@click.option("--graph", metavar="DIR", help="The graph whose content is told of.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV.")
def sources(**how: Any) -> None:
    """What can be loaded, where its official file is, and what is loaded."""
    from listed.catalogue import sources as ask

    _tell(ask(_graph(how)), how)


@cli.command()
@click.option("--graph", metavar="DIR", help="The graph to check; yours by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(graph: str | None, as_json: bool) -> int:
    """Verify a graph on disk: every byte, reference and law. Exit code 1 if something is wrong."""
    from listed import terminal
    from listed.checking import check as run

    with _progress("checking") as told:
        report = run(graph, progress=told.checking)
    click.echo(terminal.load_as_json(report) if as_json else str(report))
    return 0 if report.sound else 1


@cli.command()
@click.option("--graph", metavar="DIR", help="The graph to repair; yours by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def repair(graph: str | None, as_json: bool) -> int:
    """Mend a graph on disk, or go back to its last good snapshot; what is damaged is kept aside.

    Exit code 1 if there is something left to do: a source to load again.
    """
    from listed import terminal
    from listed.repairing import repair as run

    with _progress("checking") as told:
        report = run(graph, progress=told.checking)
    click.echo(terminal.load_as_json(report) if as_json else str(report))
    return 0 if report.sound and not report.load_again else 1


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


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


@cli.command()
@click.argument("format_", metavar="FORMAT")
@click.option("-o", "--out", default="", metavar="FILE", help="Where to: a file (.gz packs it), - , or a folder.")
@click.option("--of", default="", metavar="ENTITY", help="Only what is around this entity.")
@click.option("--hops", type=int, default=2, show_default=True, help="With --of: how many links from it.")
@click.option("--hubs", is_flag=True, help="With --of: also on through hubs, such as SASAC.")
@click.option("--as-of", type=_Day(), help="Only links and listings that may hold on that day; all by default.")
@click.option("--force", is_flag=True, help="Overwrite what is there.")
@click.option("--graph", metavar="DIR", help="The graph to export: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def export(format_: str, out: str, as_json: bool, **how: Any) -> None:
    """Write a graph in another FORMAT, and tell what it cannot hold.

    graphml, gexf (Gephi); ftm (FollowTheMoney); bods (Beneficial Ownership Data Standard);
    cypher, neo4j-csv; csv; parquet.
    """
    from listed import terminal
    from listed.exports import export as run

    options = {name: how[name] for name in ("of", "hops", "hubs", "as_of", "force")}
    report = run(_graph(how), format_, out, **options)
    click.echo(terminal.load_as_json(report) if as_json else str(report), err=out == "-")


@cli.group()
def push() -> None:
    """Write the graph to a database."""


@cli.group()
def pull() -> None:
    """Read back from a database what `listed push` wrote."""


def _neo4j(function: Command) -> Command:
    return _with(function, *_NEO4J)


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

    server = _server(uri, user, database)
    if remove:
        gone = run_removal(server, name or "listed")
        told_of = ", ".join(f"{count:,} {kind}" for kind, count in gone.items())
        click.echo(f"Removed the graph {name or 'listed'} from {server.place}: {told_of}")
        return 0
    graph = _graph(how)
    with _progress("neo4j") as told:
        try:
            report = run(graph, server, name or _name_there(graph), batch=batch, progress=told.moving)
        except KeyboardInterrupt as error:
            raise ServerError("stopped part way (push again: it goes on where it stood)") from error
    click.echo(terminal.load_as_json(report) if how["as_json"] else str(report))
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

    server = _server(uri, user, database)
    with _progress("neo4j") as told:
        report = run(server, graph, name or "listed", allow_changed=allow_changed, progress=told.moving)
    click.echo(terminal.load_as_json(report) if as_json else str(report))


@cli.group("spark")
def on_spark() -> None:
    """Answer on a Spark cluster, where one machine is too small."""


_CLUSTER = (
    click.option("--master", default="local[*]", show_default=True, help="The cluster, as spark://HOST:7077 or yarn."),
    click.option("--conf", multiple=True, metavar="NAME=VALUE", help="A setting of Spark's own; repeatable."),
    click.option("--out", required=True, metavar="ADDRESS", help="A new folder, or hdfs://... or s3a://..."),
)
_SPARK_GRAPH = (
    click.option("--graph", required=True, metavar="ADDRESS", help="The graph: a folder, or hdfs://... or s3a://..."),
    click.option("--snapshot", type=int, help="Number of an earlier snapshot."),
    _AS_OF,
    *_CLUSTER,
)
_SPARK_RULE = (
    click.option("--regime", default="us-bis", show_default=True, help="A regime, or all."),
    _REGIMES,
    *_SPARK_GRAPH,
)
_SUBJECTS = "A table, Parquet or CSV, whose column entity holds ids."


def _spark_rule(function: Command) -> Command:
    return _with(function, *_SPARK_RULE)


def _spark_graph(function: Command) -> Command:
    return _with(function, *_SPARK_GRAPH)


def _cluster(function: Command) -> Command:
    return _with(function, *_CLUSTER)


@on_spark.command("affiliates")
@_spark_rule
def spark_affiliates(**how: Any) -> None:
    """Every entity that a regime captures but does not list; as `listed affiliates`."""
    from listed.spark import affiliates as run

    _on_cluster(run, how)


@on_spark.command("verdicts")
@click.option("--subjects", metavar="ADDRESS", help=f"{_SUBJECTS} Every entity by default.")
@_spark_rule
def spark_verdicts(**how: Any) -> None:
    """The verdict of a regime on each of a table of entities, or on all."""
    from listed.spark import verdicts as run

    _on_cluster(run, how)


@on_spark.command("exposure")
@click.option("--subjects", required=True, metavar="ADDRESS", help=_SUBJECTS)
@click.option("--list", "lists", multiple=True, metavar="LIST", help="Only to entities on this list; repeatable.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only links of this type; repeatable.")
@click.option("--hops", type=int, default=4, show_default=True, help="Longest path, in links.")
@click.option("--hubs", is_flag=True, help="Also through hubs, such as SASAC.")
@_spark_graph
def spark_exposure(**how: Any) -> None:
    """The best path of each of a table of entities to a listed one; as the first of `listed exposure`."""
    from listed.spark import exposure as run

    _on_cluster(run, how)


@on_spark.command("merge")
@click.argument("graphs", nargs=-1, required=True)
@click.option("--decisions", metavar="FILE", help="A file of decisions on this machine.")
@_cluster
def spark_merge(**how: Any) -> None:
    """One graph of the statements in GRAPHS, such as the pieces of a register."""
    from listed.spark import merge as run

    _on_cluster(run, how)


def _on_cluster(run: Callable[..., Any], how: dict[str, Any]) -> None:
    """Run a job, tell how far it is, and print what it tells besides its rows."""
    import logging

    from listed.spark import session

    master, given = how.pop("master"), how.pop("conf")
    if bad := [one for one in given if "=" not in one]:
        raise click.UsageError(f"--conf is NAME=VALUE, not {bad[0]!r}")
    with _progress("spark"):  # it tells what the job logs
        spark = session(master, dict(one.split("=", 1) for one in given))
        try:
            answer = run(spark, **how, tell=logging.getLogger("listed.spark").info)
        finally:
            spark.stop()
    click.echo(answer.to_json())


def _progress(source: str) -> Progress:
    """Return what tells how far a job is."""
    from listed.progress import Progress

    return Progress(source)


def _server(uri: str, user: str, database: str) -> Server:
    """Return the server to ask, with a password that never stood on the command line."""
    from listed.neo4j.connection import Server, password_from_environment

    password = password_from_environment()
    if password is None and user and sys.stdin.isatty():
        password = click.prompt(f"Password of {user}", hide_input=True, err=True)
    return Server(uri, user, password or "", database)


def _name_there(graph: Graph) -> str:
    """Return what to call a graph in a database: the bundled one must not take the place of the user's own."""
    return "bundled" if graph.name == "bundled" else "listed"


def _graph(how: dict[str, Any]) -> Graph:
    from listed.loading import open_

    return open_(how.get("graph"), how.get("snapshot"))


def _bounds(how: dict[str, Any]) -> dict[str, Any]:
    return {name: how[name] for name in ("types", "hops", "limit", "hubs") if how[name] is not None}


def _on(how: dict[str, Any]) -> Server:
    if how["snapshot"] is not None:
        raise click.UsageError("a database holds one snapshot: --on or --snapshot, not both")
    return _server(how["on"], how["user"], how["database"])


def _bounds_on(how: dict[str, Any]) -> dict[str, Any]:
    most = {} if how["most_links"] is None else {"most_links": how["most_links"]}
    return _bounds(how) | most | {"name": how["graph"] or ""}


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
    except UnicodeError:
        # What was typed comes with signs in the place of bytes that are no text; nothing takes them.
        code = _fail("what was typed, or the name of a file, is not text in UTF-8", 2)
    except BrokenPipeError:
        # The reader has gone (head, less): no more to say, and nothing to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:  # a full disk, a folder that may not be entered: of the system, not of Listed
        where = f"{error.filename}: " if error.filename else ""
        code = _fail(f"{where}{error.strerror or error}", 2)
    sys.exit(code if isinstance(code, int) else 0)


def _hint(error: ListedError) -> str:
    """Tell whoever asks an own graph for an unknown name that there is another one."""
    if not isinstance(error, UnknownEntityError) or any(one.startswith(("--graph", "--on")) for one in sys.argv):
        return ""
    from listed.loading import own_graph_exists

    return " (this was your own graph; the one that comes with Listed: --graph bundled)" if own_graph_exists() else ""


def _fail(message: str, code: int) -> int:
    logs = sys.modules.get("listed.logs")
    if logs is not None and logs.in_json():
        logs.failed(" ".join(message.split()), code)
    else:
        click.echo(f"listed: {' '.join(message.split())}", err=True)
    return code


if __name__ == "__main__":
    main()
