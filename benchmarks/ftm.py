"""Loading FollowTheMoney against ``followthemoney``'s own validated reading: ``python -m benchmarks.ftm``.

Both read the same made-up export, each in a process of its own, and must count the same objects.
Listed makes the tables of a graph from it; ``followthemoney`` makes one validated object after
another and keeps none. The newest ``followthemoney`` needs a compiler and
ICU; another interpreter that has it can be named: ``python -m benchmarks.ftm 500000 --peer venv/bin/python``.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.memory import peak_mb

OBJECTS = 500_000
AIM, MEMORY = 5.0, 1.5
"""Times faster than followthemoney, and gigabytes at most."""

_PEER = """
import json, sys, time
from collections import Counter
from importlib.metadata import version
from followthemoney import model
from benchmarks.memory import peak_mb
start, busy, counts = time.perf_counter(), time.process_time(), Counter()
try:
    from orjson import loads
except ImportError:
    from json import loads
with open(sys.argv[1], "rb") as file:
    for line in file:
        counts[model.get_proxy(loads(line), cleaned=False).schema.name] += 1
seconds, cpu = time.perf_counter() - start, time.process_time() - busy
peak = peak_mb() / 1024
print(json.dumps({"version": version("followthemoney"), "seconds": seconds, "cpu": cpu,
                  "gigabytes": peak, "counts": counts}))
"""

_PLACES = ("Moscow", "Shenzhen", "Limassol", "Dubai", "Tehran", "Hong Kong", "Vienna", "London")
_COUNTRIES = ("ru", "cn", "cy", "ae", "ir", "hk", "at", "gb")
_MIX = ("Company",) * 8 + ("Person",) * 4 + ("Ownership",) * 4 + ("Directorship", "Address", "Sanction", "Family")


def objects(count: int) -> Iterator[dict[str, Any]]:
    """Yield made-up objects in the proportions of a large export."""
    rng = random.Random(11)
    ids: dict[str, list[str]] = {name: [] for name in ("Company", "Person", "Address")}
    for number in range(count):
        schema = _MIX[number % len(_MIX)] if number >= 64 else ("Company", "Person", "Address")[number % 3]
        id_ = f"NK-{number:022d}"
        yield {
            "id": id_,
            "caption": schema,
            "schema": schema,
            "properties": _properties(schema, rng, number, ids),
            "referents": [f"ru-inn-{7700000000 + number}"],
            "datasets": ["ext_ru_egrul"] if number % 3 else ["us_ofac_sdn", "eu_fsf"],
            "first_seen": "2023-04-20T10:56:14",
            "last_seen": "2026-05-30T06:35:02",
            "last_change": "2026-04-20T10:56:14",
            "target": schema == "Company",
        }
        if schema in ids:
            ids[schema].append(id_)


def _properties(schema: str, rng: random.Random, number: int, ids: dict[str, list[str]]) -> dict[str, list[str]]:
    place = rng.randrange(len(_PLACES))
    day = f"20{rng.randrange(10, 26)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}"
    match schema:
        case "Company":
            name = f"{_PLACES[place]} Company {number}"
            return {
                "name": [f"{name} LLC", f"ООО Компания {number}"], "alias": [name], "jurisdiction": [_COUNTRIES[place]],
                "innCode": [str(7700000000 + number)], "registrationNumber": [str(number)], "incorporationDate": [day],
                "address": [f"{number} Main Street, {_PLACES[place]}"], "topics": ["corp.public"],
                "sourceUrl": [f"https://example.org/{number}"],
            }  # fmt: skip
        case "Person":
            return {
                "name": [f"Ivan Petrov {number}", f"Иван Петров {number}"], "firstName": ["Ivan"],
                "lastName": ["Petrov"], "birthDate": [day], "nationality": [_COUNTRIES[place]],
                "addressEntity": [rng.choice(ids["Address"] or ["a"])],
            }  # fmt: skip
        case "Address":
            return {"full": [f"{number} High Street, {_PLACES[place]}"], "country": [_COUNTRIES[place]]}
        case "Ownership":
            return {
                "owner": [rng.choice(ids["Person"])], "asset": [rng.choice(ids["Company"])], "startDate": [day],
                "percentage": [str(rng.randrange(1, 101))], "sharesCount": [str(number)],
            }  # fmt: skip
        case "Directorship":
            return {
                "director": [rng.choice(ids["Person"])], "organization": [rng.choice(ids["Company"])],
                "role": ["General Director"], "startDate": [day],
            }  # fmt: skip
        case "Family":
            person, relative = rng.sample(ids["Person"], 2)
            return {"person": [person], "relative": [relative], "relationship": ["sibling"]}
        case _:
            return {
                "entity": [rng.choice(ids["Company"])], "program": ["RUSSIA-EO14024"], "programId": ["US-RUSHAR"],
                "authority": ["Office of Foreign Assets Control"], "startDate": [day], "country": ["us"],
            }  # fmt: skip


def listed_counts(file: Path) -> dict[str, Any]:
    """Load a file into tables, and return seconds, memory and counts."""
    import pyarrow as pa

    from listed.graph.builder import counts_of
    from listed.loaders.ftm import read
    from listed.loaders.inputs import open_inputs
    from listed.loading import build

    pa.array([""])  # what is imported by the first array is not counted, as followthemoney's is not
    start, busy = time.perf_counter(), time.process_time()
    tables = build("ftm", read(open_inputs([str(file)])))
    seconds, cpu = time.perf_counter() - start, time.process_time() - busy
    peak = peak_mb() / 1024
    return {"seconds": seconds, "cpu": cpu, "gigabytes": peak, "counts": counts_of(tables)}


def _run(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr.strip().splitlines()[-1] if done.stderr else 'failed'}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def _agree(ours: dict[str, int], theirs: Counter[str]) -> bool:
    edges = theirs["Ownership"] + theirs["Directorship"] + theirs["Family"]
    return (ours["entities"], ours["links"], ours["listings"]) == (
        theirs["Company"] + theirs["Person"],
        edges,
        theirs["Sanction"],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=OBJECTS)
    parser.add_argument("--peer", default=sys.executable, help="the interpreter that has followthemoney")
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.load:
        print(json.dumps(listed_counts(given.load)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "entities.ftm.json"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(
                json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in objects(given.count)
            )
        print(f"{given.count:,} objects, {file.stat().st_size / 1e6:.0f} MB")
        ours = _run([sys.executable, "-m", "benchmarks.ftm", "--load", str(file)])
        theirs = _run([given.peer, "-c", _PEER, str(file)])
    ratio = theirs["cpu"] / ours["cpu"]
    agree = _agree(ours["counts"], Counter(theirs["counts"]))
    for name, one, kept in (
        ("listed", ours, "to tables"),
        (f"followthemoney {theirs['version']}", theirs, "nothing kept"),
    ):
        times = f"{one['cpu']:6.1f} s of the processor, {one['seconds']:6.1f} s by the clock"
        print(f"{name:24} {times}, {one['gigabytes']:.2f} GB, {kept}")
    small = ours["gigabytes"] < MEMORY
    print(f"{ratio:.1f} times faster (aim {AIM:g}); below {MEMORY} GB: {small}; counts agree: {agree}")
    return 0 if agree and ratio >= AIM and small else 1


if __name__ == "__main__":
    sys.exit(main())
