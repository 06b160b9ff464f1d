"""Fifty readers at the page for two minutes, on a graph of a million entities.

Run with ``python -m benchmarks.page``; needs ``wrk``. Each reader asks at once again when answered: suggestions as a
name is typed, an entity's page, verdicts, a map. Tells the rate, the times, the errors, what an answer costs the server
of processor time (which says more where other work shares the machine), and its memory, which must not grow. Times are
of this machine and this run.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np

from benchmarks.synthetic import make, write
from listed.loading import load, open_

_SCRIPT = """
local paths = {%s}
local at = 0
request = function()
  at = at + 1
  return wrk.format("GET", paths[(at * 7919) %% #paths + 1], {["Cookie"] = "%s"})
end
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("P %%d %%d %%d %%.1f %%.1f %%.1f\\n", summary.requests,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
"""


def main() -> None:
    """Make the graph, serve it, drive it, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("entities", 1_000_000), ("links", 2_000_000), ("listed", 10_000), ("seconds", 120)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("this needs wrk (https://github.com/wg/wrk)")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        load("table", write(make(asked.entities, asked.links, asked.listed), folder)["parquet"], folder / "graph")
        asks = _questions(folder / "graph")
        with _served(folder / "graph") as (server, address):
            for name, paths in asks.items():
                _ask_once(paths[0], address)
                _drive(name, paths, address, server, asked.seconds // len(asks), folder / "ask.lua")


def _questions(graph: Path) -> dict[str, list[str]]:
    """Return addresses to ask, by kind: of a thousand entities drawn by chance."""
    opened = open_(graph)
    rows = np.random.default_rng(7).integers(0, opened.arrays.size, 1_000).tolist()
    ids, names = [opened.id_of(row) for row in rows], [opened.name_of(row) for row in rows]
    return {
        "suggestions": [
            f"/suggest.json?q={name[: 3 + place % 8]}".replace(" ", "+") for place, name in enumerate(names)
        ],
        "entity pages": [f"/entity?id={id_}" for id_ in ids],
        "verdicts": [f"/verdict.json?id={id_}&regime=us-bis&as-of=2025-10-15" for id_ in ids],
        "map": [f"/map.json?id={id_}" for id_ in ids],
    }


@contextmanager
def _served(graph: Path) -> Iterator[tuple[int, str]]:
    """Serve a graph; yield the process's number and the address."""
    command = [sys.executable, "-m", "listed", "serve", "--port", "0", "--graph", str(graph)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        yield process.pid, address
        process.terminate()


def _ask_once(path: str, address: str) -> None:
    """Ask one question first: it waits for the index of names or the stakes of the day, made once."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.netloc, timeout=600)
    line.request("GET", path, headers={"Cookie": _cookie(address)})
    line.getresponse().read()
    line.close()


def _cookie(address: str) -> str:
    parts = urlsplit(address)
    return f"listed-{parts.port}={parse_qs(parts.query)['token'][0]}"


def _drive(name: str, paths: list[str], address: str, server: int, seconds: int, script: Path) -> None:
    parts = urlsplit(address)
    script.write_text(_SCRIPT % (", ".join(f'"{path}"' for path in paths), _cookie(address)), encoding="utf-8")
    memory: list[float] = []
    stop = threading.Event()
    watch = threading.Thread(target=_watch, args=(server, memory, stop))
    watch.start()
    before = _processor(server)
    command = ["wrk", "-t2", "-c50", f"-d{seconds}s", "--timeout", "30s", "-s", str(script)]
    run = subprocess.run([*command, f"http://{parts.netloc}"], capture_output=True, text=True, check=True)
    stop.set()
    watch.join()
    requests, lost, refused, median, late, worst = next(
        line.split()[1:] for line in run.stdout.splitlines() if line.startswith("P ")
    )
    times = "   ".join(
        f"{what} {float(took):,.0f} ms" for what, took in (("median", median), ("99%", late), ("longest", worst))
    )
    each = (_processor(server) - before) / max(int(requests), 1) * 1_000
    print(f"{name:14}{int(requests) / seconds:8,.1f} a second   {each:,.1f} ms of processor each   {times}   "
          f"errors {int(lost) + int(refused)}   "
          f"memory {memory[0]:,.0f} to {memory[-1]:,.0f} MB, at most {max(memory):,.0f}", flush=True)  # fmt: skip


def _processor(server: int) -> float:
    """Return the seconds of processor time that the server has used."""
    fields = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _watch(server: int, memory: list[float], stop: threading.Event) -> None:
    while True:
        status = Path(f"/proc/{server}/status").read_text()
        memory.append(int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024)
        if stop.wait(1):
            return


if __name__ == "__main__":
    main()
