"""The commands about ownership rules and lists: verdicts, screening, what changed."""

from __future__ import annotations

from typing import Any

import click

from listed.commands.options import AS_OF, REGIMES, forms, graph_of, progress_of, rules, say, tell


@click.command()
@click.argument("entity")
@click.option("--regime", default="all", show_default=True, help="Id of a regime, such as us-bis.")
@rules
def verdict(entity: str, regime: str, regimes_file: str | None, **how: Any) -> None:
    """Whether an ownership rule captures ENTITY on a day, and why."""
    from listed.queries import verdict as ask

    tell(ask(graph_of(how), entity, how["as_of"], regime=regime, regimes_file=regimes_file), how)


@click.command()
@click.option("--regime", default="us-bis", show_default=True, help="Id of a regime.")
@rules
def affiliates(regime: str, regimes_file: str | None, **how: Any) -> None:
    """All unlisted entities that an ownership rule captures, certainly or possibly."""
    from listed.queries import affiliates as ask

    tell(ask(graph_of(how), how["as_of"], regime=regime, regimes_file=regimes_file), how)


@click.command()
@click.argument("entity")
@click.option("--regime", default="us-bis", show_default=True, help="Id of a regime, or 'all'.")
@rules
def timeline(entity: str, regime: str, regimes_file: str | None, **how: Any) -> None:
    """When the verdict on ENTITY changed, and what changed it."""
    from listed.queries import timeline as ask

    tell(ask(graph_of(how), entity, how["as_of"], regime=regime, regimes_file=regimes_file), how)


@click.command()
@click.argument("file")
@click.option("-o", "--out", metavar="FILE", help="Write to this .csv, .xlsx or .json file.")
@click.option("--name", "name_column", default="", metavar="COLUMN", help="The column of names.")
@click.option("--country", "country_column", default="", metavar="COLUMN", help="The column of countries.")
@click.option("--regime", default="all", show_default=True, help="Id of a regime, such as us-bis.")
@click.option("--min-score", default=82.0, show_default=True, help="0 to 100: names less alike are no match.")
@click.option("--matches", default=3, show_default=True, help="Most entities told for one name.")
@rules
def screen(file: str, out: str | None, regimes_file: str | None, min_score: float, **how: Any) -> None:
    """Screen a spreadsheet: one name a row, and its matches, listings, verdicts and exposure."""
    from listed import screening, terminal

    if out is not None:
        screening.writer_of(out)
    options = {key: how[key] for key in ("name_column", "country_column", "regime", "matches")}
    with progress_of("screening") as told:
        answer = screening.screen_file(
            graph_of(how),
            file,
            how["as_of"],
            regimes_file=regimes_file,
            least_score=min_score,
            progress=told.screening,
            **options,
        )
    if out is None:
        tell(answer, how)
    else:
        screening.write(answer, out)
        say(terminal.screening_in_short(answer, out))


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--list", "lists", multiple=True, metavar="LIST", help="Only this list, such as US-BIS-EL; repeatable.")
@click.option("--regime", default="all", show_default=True, help="Regimes whose verdicts are compared, or 'none'.")
@click.option("--spelling", is_flag=True, help="Also what is only spelled otherwise.")
@REGIMES
@AS_OF
@click.option("--graph", metavar="DIR", help="The graph whose snapshots A and B are. Yours by default.")
@forms
def diff(old: str, new: str, graph: str | None, regimes_file: str | None, **how: Any) -> None:
    """What changed from A to B: snapshots by number, datasets by name, or graphs by folder."""
    from listed.editions import edition
    from listed.queries import diff as ask

    options = {key: how[key] for key in ("lists", "regime", "spelling")}
    answer = ask(edition(old, graph), edition(new, graph), how["as_of"], regimes_file=regimes_file, **options)
    tell(answer, how)


COMMANDS: tuple[click.Command, ...] = (verdict, affiliates, timeline, screen, diff)
