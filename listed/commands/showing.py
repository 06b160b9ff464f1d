"""The commands that show the graph: in the browser, to an assistant, in a picture."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from listed.commands.options import AS_OF, HISTORY, REGIMES, graph_of, say
from listed.process import Stopped, stopped_by


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port; 8420, or a free one if that is taken.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; this machine's only.")
@click.option("--open", "open_it", is_flag=True, help="Open the page in the browser.")
@click.option("--graph", metavar="DIR", help="The graph to show: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@REGIMES
def serve(port: int | None, host: str, open_it: bool, regimes_file: str | None, **how: Any) -> None:
    """Show the graph in the browser: search, an entity's page, the map, screening. Read-only, private."""
    from listed.explorer.serving import is_local, prepare

    graph = graph_of(how)
    fixed = {"graph": how["graph"], "snapshot": graph.number}
    page = prepare(graph, lambda: graph_of(fixed), host=host, port=port, regimes_file=regimes_file)
    if not is_local(host):
        click.echo("listed: others who know the address can read the graph, unencrypted", err=True)
    click.echo(f"Listed is at {page.address}\nPrivate: the address ends in a secret. Stop with Ctrl+C.")
    sys.stdout.flush()
    if open_it:
        click.launch(page.address)
    page.run()


@click.command()
@click.option("--config", is_flag=True, help="Print the lines that tell an assistant how to start this, and end.")
@click.option("--tools", "list_them", is_flag=True, help="Print the tools and their parameters, and end.")
@click.option("--graph", metavar="DIR", help="The graph to ask: a folder, or 'bundled'. Yours by default.")
@click.option("--snapshot", type=int, help="Number of an earlier snapshot.")
@REGIMES
def mcp(config: bool, list_them: bool, regimes_file: str | None, **how: Any) -> None:
    """Answer an assistant: the questions as tools of the Model Context Protocol, over standard input. Read-only."""
    from listed.assistant import serving

    graph = graph_of(how)
    if config:
        places = {"--graph": _full(how["graph"]), "--snapshot": how["snapshot"], "--regimes": _full(regimes_file)}
        given = [str(word) for option, value in places.items() if value is not None for word in (option, value)]
        click.echo(serving.configuration(*given))
    elif list_them:
        say(serving.tools_as_text(graph, regimes_file))
    else:
        if sys.stdin.isatty():
            click.echo("An assistant starts this, as `listed mcp --config` says. Stop with Ctrl+C.", err=True)
        try:
            serving.serve(graph, regimes_file)
        except (KeyboardInterrupt, Stopped):
            # A thread that waits for standard input would keep the process; there is nothing to clear away.
            os._exit(stopped_by())


def _full(place: str | None) -> str | None:
    """Return a place as it is called from any folder."""
    return place if place in (None, "bundled") else str(Path(place).absolute())


@click.command("map")
@click.argument("entity")
@click.option("-o", "--out", metavar="FILE", required=True, help="Write to this .svg, .png or .html file.")
@click.option("--hops", type=click.IntRange(1), help="How many links away; 3 on a chart, 2 on a map.")
@click.option("--most", type=click.IntRange(1), default=40, show_default=True, help="Most entities.")
@click.option("--type", "--types", "types", multiple=True, metavar="TYPE", help="Only links of this type; repeatable.")
@click.option("--regime", default="us-bis", show_default=True, help="Id of the regime whose verdicts are marked.")
@REGIMES
@AS_OF
@HISTORY
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
    saved = map_of(graph_of(how), entity, how["as_of"], **options).save(out)
    say(terminal.load_as_json(saved) if as_json else str(saved))


COMMANDS: tuple[click.Command, ...] = (serve, mcp, map_)
