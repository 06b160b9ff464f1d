"""What is done to a graph in processes of their own; run by the tests of :mod:`tests.graph.test_never_broken`.

One process imports Listed and forks as often as it needs, so that many loads and readers cost little.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import listed.checking
from listed.deciding import decide
from listed.errors import GraphLockedError
from listed.graph.snapshot import open_graph
from listed.loading import load
from listed.repairing import repair

MOMENTS = 200


def forked(work: Callable[[], object]) -> int:
    """Do something in another process; return its process number."""
    process = os.fork()
    if process:
        return process
    try:
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def ended(process: int) -> bool:
    """Wait for a process; return whether it did what it should."""
    return os.waitpid(process, 0)[1] == 0


def killed_before(moment: int, place: Path, work: Callable[[], object]) -> Callable[[], None]:
    """Return what does some work, and is killed before it touches a folder for the n-th time."""

    def run() -> None:
        left = moment

        def watched(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal left
            if event in _TOUCHES and str(arguments[0]).startswith(str(place)):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watched)
        work()

    return run


_TOUCHES = ("os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "open")


def kill_at_many_moments(base: Path, table: Path, place: Path, step: int) -> list[str]:
    """Kill a load before each n-th time it touches the disk; return what was wrong afterwards."""

    def change() -> None:
        load("table", [str(table)], place, dataset="stakes")

    return _killed_and_looked_at(base, place, step, change, lambda: _after(place, table))


def kill_a_decision(base: Path, place: Path, step: int) -> list[str]:
    """Kill a decision likewise: it is made or it is not, and whoever makes it again has it."""

    def change() -> None:
        decide("name:asset 1", "name:asset 2", "same", graph=place)

    def look() -> list[str]:
        wrong = [str(fault) for fault in listed.checking.check(place).faults]
        change()
        if open_graph(place).tables["merged_ids"].num_rows != 1:
            wrong.append("a decision afterwards did not take")
        return wrong + [f"left behind: {path}" for path in place.rglob(".d*")]

    return _killed_and_looked_at(base, place, step, change, look)


def kill_a_repair(base: Path, place: Path, step: int) -> list[str]:
    """Kill a repair likewise: the next one ends where the first would have."""

    def change() -> None:
        repair(place)

    def look() -> list[str]:
        report = repair(place)
        wrong = [str(fault) for fault in report.faults]
        return wrong + ([] if report.now == 2 else [f"went back to {report.now}: {report.did}"])

    return _killed_and_looked_at(base, place, step, change, look)


def _killed_and_looked_at(
    base: Path, place: Path, step: int, change: Callable[[], object], after: Callable[[], list[str]]
) -> list[str]:
    wrong: list[str] = []
    told = place.parent / "told.json"

    def look() -> None:
        told.write_text(json.dumps(after()))

    for moment in range(0, MOMENTS * step, step):
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(base, place)
        done = ended(forked(killed_before(moment, place, change)))
        found = json.loads(told.read_text()) if ended(forked(look)) else ["it could not be looked at"]
        wrong += [f"before touch {moment}: {one}" for one in found]
        if done:
            return wrong if moment else [*wrong, "it was never killed"]
    return [*wrong, "it did not come to an end"]


def _after(place: Path, table: Path) -> list[str]:
    """Return what is wrong with a graph after a load into it was killed."""
    graph = open_graph(place)
    shares = set(graph.tables["links"]["share_text"].to_pylist())
    report = listed.checking.check(place)
    wrong = [str(fault) for fault in report.faults]
    if shares not in ({"51%"}, {"30%"}):
        wrong.append(f"a mixture: {shares}")
    load("table", [str(table)], place, dataset="stakes")
    if set(open_graph(place).tables["links"]["share_text"].to_pylist()) != {"30%"}:
        wrong.append("a load afterwards did not take")
    wrong += [f"left behind: {path}" for path in place.rglob(".draft-*")]
    return wrong


def read_while_loading(place: Path, tables: list[Path], readers: int, loads: int) -> list[str]:
    """Have many readers ask while loads come in; return what was wrong."""
    stop = place.parent / "stop"

    def ask() -> None:
        while not stop.exists():
            graph = open_graph(place)
            shares = set(graph.tables["links"]["share_text"].to_pylist())
            row = graph.row_of(graph.id_of(1))
            if len(shares) != 1 or graph.links([0])[0].share.text not in shares or row != 1:
                raise AssertionError(f"snapshot {graph.number}: {shares}")
            if graph.names.search("Asset 1", 1)[0].name != "Asset 1":
                raise AssertionError("the name is not found")
            time.sleep(0.05)

    asking = [forked(ask) for _ in range(readers)]

    def change() -> None:
        for number in range(loads):
            load("table", [str(tables[number % 2])], place, dataset="stakes")

    wrong = [] if ended(forked(change)) else ["a load failed"]
    stop.touch()
    return wrong + ["a reader failed" for process in asking if not ended(process)]


def load_at_once(place: Path, tables: list[Path]) -> list[str]:
    """Load several tables at once, each until it gets its turn; return what was wrong."""

    def insist(table: Path) -> None:
        for _ in range(600):
            try:
                load("table", [str(table)], place, dataset=table.stem)
            except GraphLockedError as error:
                if "another load is writing" not in str(error) or "\n" in str(error):
                    raise AssertionError(str(error)) from error
                time.sleep(0.05)
            else:
                return
        raise AssertionError("never got a turn")

    loading = [forked(lambda table=table: insist(table)) for table in tables]  # type: ignore[misc]
    return [f"{table.name} failed" for process, table in zip(loading, tables, strict=True) if not ended(process)]


def as_nobody(words: list[str]) -> None:
    """Run the command with no rights but those that everybody has.

    Once with all rights before, on a copy: Python itself may be where others cannot read what it imports.
    """
    from listed import cli

    with tempfile.TemporaryDirectory() as place, contextlib.suppress(SystemExit):
        copied = shutil.copytree(words[-1], Path(place) / "graph", ignore=shutil.ignore_patterns("views"))
        sys.argv = ["listed", *words[:-1], str(copied)]
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            cli.main()
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    sys.argv = ["listed", *words]
    cli.main()


def main() -> None:
    """Do what is named, and print as JSON what was wrong."""
    match sys.argv[1:]:
        case ["kill", base, table, place, step]:
            wrong = kill_at_many_moments(Path(base), Path(table), Path(place), int(step))
        case ["kill-decision", base, place, step]:
            wrong = kill_a_decision(Path(base), Path(place), int(step))
        case ["kill-repair", base, place, step]:
            wrong = kill_a_repair(Path(base), Path(place), int(step))
        case ["read", place, *tables]:
            wrong = read_while_loading(Path(place), [Path(one) for one in tables], readers=20, loads=4)
        case ["load", place, *tables]:
            wrong = load_at_once(Path(place), [Path(one) for one in tables])
        case ["nobody", *words]:
            as_nobody(words)
            return
        case _:
            raise SystemExit("kill, kill-decision, kill-repair, read, load or nobody")
    print(json.dumps(wrong))


if __name__ == "__main__":
    main()
