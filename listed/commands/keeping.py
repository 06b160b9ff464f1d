"""The commands that make a graph and keep it: loading, deciding, checking, exporting."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

import click

from listed.commands.options import Day, forms, graph_of, progress_of, say, tell
from listed.errors import ListedError
from listed.process import Stopped

_DECISIONS = click.option(
    "--decisions", metavar="FILE", help="The file of decisions; decisions.csv in the graph's folder by default."
)


@click.command()
@click.option("--graph", metavar="DIR", help="The graph whose content is told of.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print as CSV.")
def sources(**how: Any) -> None:
    """What can be loaded, where its official file is, and what is loaded."""
    from listed.catalogue import sources as ask

    tell(ask(graph_of(how)), how)


@click.command()
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
        say(loading.preview(source, files, dataset=dataset, mapping=mapping))
        return

    def run(accept: Literal["certain", "any", "none"]) -> loading.LoadReport:
        with progress_of(source) as told:
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
        say(loading.preview(source, files, dataset=dataset), err=True)
        click.confirm("Load it so?", abort=True, err=True)
        report = run("any")
    say(terminal.load_as_json(report) if as_json else terminal.load_as_text(report, graph))


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


@click.command()
@click.option("--min-score", type=float, default=0.7, show_default=True, help="0 to 1: pairs less likely are left out.")
@click.option("--limit", type=int, default=100, show_default=True, help="Most pairs.")
@click.option("--of", default="", metavar="ENTITY", help="Only pairs of this entity: its id or a name.")
@click.option("--dataset", default="", metavar="NAME", help="Only pairs of which this dataset tells one.")
@_DECISIONS
@click.option("--graph", metavar="DIR", help="The graph to ask: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@forms
def duplicates(min_score: float, limit: int, of: str, dataset: str, decisions: str | None, **how: Any) -> None:
    """Entities that may be one party, with a score and its reason; decide with: listed decide."""
    from listed.graph.decisions import read_decisions
    from listed.queries import duplicates as ask

    decided = read_decisions(Path(decisions)) if decisions else None
    answer = ask(graph_of(how), min_score=min_score, limit=limit, of=of, dataset=dataset, decisions=decided)
    tell(answer, how)


@click.command()
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
    say(terminal.decision_as_json(report) if as_json else terminal.decision_as_text(report))


@click.command()
@click.option("--graph", metavar="DIR", help="The graph to check; yours by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(graph: str | None, as_json: bool) -> int:
    """Verify a graph on disk: every byte, reference and law. Exit code 1 if something is wrong."""
    from listed import terminal
    from listed.checking import check as run

    with progress_of("checking") as told:
        report = run(graph, progress=told.checking)
    say(terminal.load_as_json(report) if as_json else str(report))
    return 0 if report.sound else 1


@click.command()
@click.option("--graph", metavar="DIR", help="The graph to repair; yours by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def repair(graph: str | None, as_json: bool) -> int:
    """Mend a graph on disk, or go back to its last good snapshot; what is damaged is kept aside.

    Exit code 1 if there is something left to do: a source to load again.
    """
    from listed import terminal
    from listed.repairing import repair as run

    with progress_of("checking") as told:
        try:
            report = run(graph, progress=told.checking)
        except (KeyboardInterrupt, Stopped) as error:
            raise ListedError("stopped part way (repair again: it goes on where it stood)") from error
    say(terminal.load_as_json(report) if as_json else str(report))
    return 0 if report.sound and not report.load_again else 1


@click.command()
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

    graph = graph_of(how)
    if set_aside:
        tell(reporting.set_aside(graph, dataset), how)
    elif flags:
        tell(reporting.flagged(graph, dataset), how)
    else:
        tell(reporting.report(graph), how)


@click.command()
@click.argument("format_", metavar="FORMAT")
@click.option("-o", "--out", default="", metavar="FILE", help="Where to: a file (.gz packs it), - , or a folder.")
@click.option("--of", default="", metavar="ENTITY", help="Only what is around this entity.")
@click.option("--hops", type=int, default=2, show_default=True, help="With --of: how many links from it.")
@click.option("--hubs", is_flag=True, help="With --of: also on through hubs, such as SASAC.")
@click.option("--as-of", type=Day(), help="Only links and listings that may hold on that day; all by default.")
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
    report = run(graph_of(how), format_, out, **options)
    say(terminal.load_as_json(report) if as_json else str(report), err=out == "-")


COMMANDS: tuple[click.Command, ...] = (sources, load, duplicates, decide, check, repair, report, export)
