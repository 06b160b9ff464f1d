"""The commands that answer on Spark, where one machine is too small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from listed.commands.options import AS_OF, REGIMES, Command, progress_of, with_options


@click.group("spark")
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
    AS_OF,
    *_CLUSTER,
)

_SPARK_RULE = (
    click.option("--regime", default="us-bis", show_default=True, help="A regime, or all."),
    REGIMES,
    *_SPARK_GRAPH,
)

_SUBJECTS = "A table, Parquet or CSV, whose column entity holds ids."


def _spark_rule(function: Command) -> Command:
    return with_options(function, *_SPARK_RULE)


def _spark_graph(function: Command) -> Command:
    return with_options(function, *_SPARK_GRAPH)


def _cluster(function: Command) -> Command:
    return with_options(function, *_CLUSTER)


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

    from listed.spark import session, watched

    master, given = how.pop("master"), how.pop("conf")
    if bad := [one for one in given if "=" not in one]:
        raise click.UsageError(f"--conf is NAME=VALUE, not {bad[0]!r}")
    tell = logging.getLogger("listed.spark").info
    with progress_of("spark") as told:  # it tells what the job logs, and how far Spark is with it
        tell("calling for %s", master)
        spark = session(master, dict(one.split("=", 1) for one in given))
        try:
            with watched(spark, told.stage):
                answer = run(spark, **how, tell=tell)
        finally:
            spark.stop()
    click.echo(answer.to_json())


COMMANDS: tuple[click.Command, ...] = (on_spark,)
