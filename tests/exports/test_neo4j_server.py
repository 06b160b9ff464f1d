"""What is exported for Neo4j goes into a real one."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from listed.graph.property_graph import BOOKKEEPING, property_graph
from listed.graph.snapshot import Graph
from listed.loading import bundled_graph
from listed.neo4j.connection import Server, connected
from tests.exports.exporting import CONTROLLED, HOSTILE, exported
from tests.graphs import firm, graph, listed, owns
from tests.neo4j import servers

HARD = graph(
    *(firm(f"F{place}", name, aliases=(CONTROLLED, "a, b; c")) for place, name in enumerate(HOSTILE)),
    owns("F0", "F1", "1/3", "2019-04"),
    owns("F0", "F1", "51%", "2021", "2023-12-21", role=HOSTILE[5]),
    listed("F1", "US-BIS-EL", "2019-10-09"),
)


@pytest.fixture(scope="module")
def neo4j(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A Neo4j of its own: a script knows of no other graphs beside its own."""
    if "NEO4J_URI" in os.environ:
        pytest.skip("a script is not run in a database that is not ours")
    cache = getattr(request.config, "cache", None)  # none with -p no:cacheprovider
    kept = cache.mkdir("neo4j") / "classpath" if cache else None
    try:
        with servers.neo4j(kept) as running:
            yield running.server
    except servers.NotHereError as error:
        if os.environ.get(servers.REQUIRED):
            raise
        pytest.skip(f"no Neo4j: {error}")


def ask(server: Server, text: str) -> list[dict[str, Any]]:
    with connected(server) as session:
        return [record.data() for record in session.run(text)]


def run_script(server: Server, script: Path) -> None:
    with connected(server) as session:
        for statement in script.read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                session.run(statement).consume()


def native(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: native(one) for key, one in value.items()}
    return value.to_native() if hasattr(value, "to_native") else value


def said(row: dict[str, Any], *without: str) -> dict[str, Any]:
    known = {key: value for key, value in row.items() if value is not None and value != []}
    return {key: value for key, value in known.items() if key not in (*BOOKKEEPING, *without)}


@pytest.mark.parametrize("given", [HARD, bundled_graph()], ids=["hard", "bundled"])
def test_a_script_makes_the_graph_and_twice_the_same(given: Graph, neo4j: Server, tmp_path: Path) -> None:
    ask(neo4j, "MATCH (n) DETACH DELETE n")
    script, _ = exported(given, "cypher", tmp_path)
    mapped = property_graph(given.tables)
    for _ in range(2):
        run_script(neo4j, script)
        nodes = {
            (row["labels"][0], row["said"]["id"]): native(row["said"])
            for row in ask(neo4j, "MATCH (n) RETURN labels(n) AS labels, properties(n) AS said")
        }
        links = {
            row["said"]["id"]: (row["type"], row["source"], row["target"], native(row["said"]))
            for row in ask(
                neo4j,
                "MATCH (a)-[r]->(b) RETURN type(r) AS type, a.id AS source, b.id AS target, properties(r) AS said",
            )
        }
        assert nodes == {(n.labels[0], row["id"]): said(row) for n in mapped.nodes for row in n.rows.to_pylist()}
        assert links == {
            row["id"]: (one.type, row["source"], row["target"], said(row, "source", "target"))
            for one in mapped.relationships
            for row in one.rows.to_pylist()
        }


def test_neo4j_admin_imports_the_files(request: pytest.FixtureRequest, neo4j: Server, tmp_path: Path) -> None:
    assert request.config.cache is not None
    jars = (request.config.cache.mkdir("neo4j") / "classpath").read_text(encoding="utf-8")
    folder, _ = exported(HARD, "neo4j-csv", tmp_path)
    home = tmp_path / "home"
    (home / "conf").mkdir(parents=True)
    (home / "conf" / "neo4j.conf").touch()
    words = shlex.split((folder / "import.sh").read_text(encoding="utf-8").replace("\\\n", ""), comments=True)
    command = ["java", "-Xmx1g", "--add-opens=java.base/java.nio=ALL-UNNAMED", "-cp", jars, "org.neo4j.cli.AdminTool"]
    environment = os.environ | {"NEO4J_HOME": str(home), "NEO4J_CONF": str(home / "conf")}
    done = subprocess.run(
        [*command, *words[1:]], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = [line.strip() for line in (done.stdout + done.stderr).splitlines()]
    counts = property_graph(HARD.tables).counts()
    assert f"{counts['Entity'] + counts['List'] + counts['Source']} nodes" in told
    assert f"{counts['OWNS'] + counts['LISTED_ON']} relationships" in told
