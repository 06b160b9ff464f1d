"""The embedded Cypher view of a large graph: making it, opening it, asking it, in one run.

Run with ``python -m benchmarks.cypher --entities 100000 --links 200000 --listed 1000``. Times are of this machine and
this run; memory is what the process holds for itself, without the files mapped into it, and its peak.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.synthetic import make, write
from listed.loading import load

_MADE = """
import sys, time, listed
from benchmarks.memory import peak_mb
graph = listed.open(sys.argv[1])
began = time.perf_counter()
graph.cypher_view
peak = peak_mb()
print(f"  {time.perf_counter() - began:9.2f} s, peak {peak:,.0f} MB")
"""

_ASKED = """
import sys, time, listed
from benchmarks.memory import peak_mb
def own():
    with open("/proc/self/smaps_rollup", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Private_Dirty")) / 1024
graph = listed.open(sys.argv[1])
before, began = own(), time.perf_counter()
graph.cypher_view
print(f"  {'open':<58}{time.perf_counter() - began:9.3f} s, {own() - before:,.0f} MB of its own")
entity = graph.cypher("MATCH (e:Entity)-[:OWNS]->() RETURN e.id AS id LIMIT 1").rows[0]["id"]
for what, text in (
    ("the links of an entity", "MATCH (e:Entity {id: $id})-[r]-(x) RETURN type(r) AS t, x.name AS n"),
    ("what it owns over three links", "MATCH (e:Entity {id: $id})-[:OWNS*1..3]->(x) RETURN count(*) AS n"),
    ("listings by list", "MATCH (l:List)<-[r:LISTED_ON]-(e:Entity) RETURN l.id AS l, count(*) AS n ORDER BY l"),
    ("investors of the listed", "MATCH (:List)<-[:LISTED_ON]-(:Entity)<-[r:INVESTED_IN]-(i) RETURN count(r) AS n"),
    ("names that contain a word", "MATCH (e:Entity) WHERE e.name CONTAINS 'Optics' RETURN count(e) AS n"),
):
    given = {"id": entity} if "$id" in text else {}
    times = []
    for _ in range(3):
        began = time.perf_counter()
        found = graph.cypher(text, given)
        times.append(time.perf_counter() - began)
    print(f"  {what:<58}{min(times):9.4f} s, {len(found):,} rows")
print(f"  memory afterwards: {own():,.0f} MB of its own, "
      f"peak {peak_mb():,.0f} MB with what is mapped")
"""


def main() -> None:
    """Run it and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("entities", 1_000_000), ("links", 2_000_000), ("listed", 10_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--graph", help="A graph on disk to ask, instead of a made-up one.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = asked.graph or _made(Path(place), asked.entities, asked.links, asked.listed)
        if asked.graph is None:
            print("Make the view, once for a snapshot", flush=True)
            _run(_MADE, folder)
        print("Open and ask, in a new process", flush=True)
        _run(_ASKED, folder)


def _made(place: Path, entities: int, links: int, listed: int) -> str:
    print(f"{entities:,} entities, {links:,} links, {listed:,} listed", flush=True)
    load("table", write(make(entities, links, listed), place)["parquet"], str(place / "graph"), accept="any")
    return str(place / "graph")


def _run(code: str, folder: str) -> None:
    subprocess.run([sys.executable, "-c", code, folder], check=True)


if __name__ == "__main__":
    main()
