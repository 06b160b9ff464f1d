"""Repair a graph on disk: mend what can be had elsewhere, go back to the last good snapshot, delete nothing.

What a repair takes out of the graph it keeps in the folder ``aside``; only leftovers of loads that
were killed, and caches, are removed.
"""

from __future__ import annotations

import itertools
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from listed.checking import Checking, Fault, Progress, check, store_of, without_seal
from listed.errors import GraphDamagedError, InputError, ListedError
from listed.graph import views
from listed.graph.decisions import place_of, read_decisions
from listed.graph.merge import merge
from listed.graph.sealing import draft_beside, fault_of
from listed.graph.snapshot import open_graph
from listed.graph.store import (
    Draft,
    Store,
    facts_of,
    link,
    move_aside,
    put,
    statement_manifest,
    write_manifest,
    write_tables,
)
from listed.graph.tables import STATEMENT_TABLES

_LOG = logging.getLogger(__name__)

_NOTHING: Mapping[str, Path] = {}


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did.

    Parameters
    ----------
    graph
        The folder.
    before, now
        Number of the snapshot that was current, 0 if that was not to be told, and of the one that is.
    did
        What was done, in order; nothing if nothing was wrong.
    aside
        Where that is now which was taken out of the graph.
    load_again
        Datasets to load again, with the files they came from: the snapshot gone back to does not hold what
        they said last, or that is damaged, and then no load of something else is possible before.
    sound
        Whether the graph is now without fault.
    faults
        Those that are left.
    """

    graph: str
    before: int
    now: int
    did: tuple[str, ...]
    aside: tuple[str, ...]
    load_again: dict[str, tuple[str, ...]]
    sound: bool
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        """Return the report for reading."""
        if not self.did and self.sound:
            return f"{self.graph}: nothing to repair; snapshot {self.now} is current"
        lines = [f"{self.graph}: snapshot {self.now} is current"
                 + (f" (was {self.before or 'unknown'})" if self.before != self.now else "")]  # fmt: skip
        lines += [f"  {one}" for one in self.did]
        lines += [f"  kept aside: {one}" for one in self.aside]
        for dataset, files in self.load_again.items():
            lines.append(f"  load again: {dataset} (from {', '.join(files) or 'its files'})")
        lines += [f"fault: {fault}" for fault in self.faults]
        lines.append("Sound." if self.sound else "Not sound yet: see the faults above.")
        return "\n".join(lines)


def repair(graph: str | Path | None = None, *, progress: Progress | None = None) -> RepairReport:
    """Make a graph sound again, losing nothing that is sound.

    Parameters
    ----------
    graph
        The folder; the user's own graph by default.
    progress
        Told how far each check is, as for :func:`listed.checking.check`.

    Raises
    ------
    GraphNotFoundError, InputError
        As for :func:`listed.checking.check`; also if the folder cannot be written.
    GraphLockedError
        If a load is at work.
    GraphDamagedError
        If no snapshot is sound; nothing was changed then but leftovers removed.
    """
    store = store_of(graph)
    with store.locked():
        return _Repair(store, progress).run()


class _Repair:
    def __init__(self, store: Store, progress: Progress | None) -> None:
        self.store = store
        self.progress = progress
        self.did: list[str] = []
        self.aside: list[str] = []

    def run(self) -> RepairReport:
        found = check(self.store.root, progress=self.progress)
        self.did += [f"made anew: {name}" for name in found.renewed]
        manifest = self._manifest()
        now = self._mend(found.snapshot) if found.faults else found.snapshot
        gone = Draft(self.store).sweep()
        self.did += [f"removed {name}, left by a load that was killed" for name in gone]
        if found.faults:
            found = check(self.store.root, progress=self.progress)
            self.did += [f"made anew: {name}" for name in found.renewed]
        open_graph(self.store.root)  # its caches are there again
        damaged = {one.dataset for one in found.statements if one.current and not one.sound}
        datasets = self.store.manifest()["datasets"]
        held = manifest.get("datasets", datasets)
        lost = {name for name in held if held[name]["version"] != datasets.get(name, {}).get("version")}
        again = {name: tuple(map(str, (held | datasets)[name].get("files", ()))) for name in sorted(damaged | lost)}
        before = int(manifest.get("snapshot", 0))
        return RepairReport(str(self.store.root), before, now, tuple(self.did), tuple(self.aside), again,
                            found.sound, found.faults)  # fmt: skip

    def _manifest(self) -> dict[str, Any]:
        try:
            return self.store.manifest()
        except GraphDamagedError:
            return {}

    def _mend(self, current: int) -> int:
        """Mend or take out each damaged part; return the number of the snapshot that is now current."""
        self._statements()
        numbers = [number for number in self.store.numbers() if number <= current or not current]
        bad = [number for number in numbers if not self._good(number)]
        mended = [number for number in bad if self._mend_snapshot(number)]
        good = sorted({*numbers} - {*bad} | {*mended})
        if not good:
            raise GraphDamagedError(
                f"{self.store.root}: no snapshot of it is sound, and none could be mended, so it was left as it is "
                "(load its sources again, into a new folder)"
            )
        for number in sorted({*bad} - {*mended}):
            self.did.append(f"took snapshot {number} out of the graph: it is damaged and could not be mended")
            self._take_out(self.store.snapshot_folder(number))
            views.discard(self.store.view_folder(number))
        self._decisions()
        self._go_to(good[-1], max([*numbers, *self.store.numbers()]))
        return good[-1]

    def _good(self, number: int) -> bool:
        found = Checking(self.store)
        found.faults.clear()
        found.snapshot(number)
        return not found.faults

    def _statements(self) -> None:
        """Mend what the sources said from the files of snapshots, or take it out, so that it can be loaded again."""
        for folder in sorted((self.store.root / "statements").glob("*/*")):
            dataset, version = folder.parent.name, folder.name
            place = f"statements/{dataset}/{version}"
            if version.startswith(".") or not self.store.statement_faults(dataset, version):
                continue
            if not self.store.faults_by_version(folder, version):
                facts = {f"{name}.parquet": facts_of(folder / f"{name}.parquet", self.store.read(folder, name).num_rows)
                         for name in STATEMENT_TABLES}  # fmt: skip
                write_manifest(folder, statement_manifest(dataset, version, facts))
                self.did.append(f"wrote the manifest of {place} again: what it says is sound")
            elif self._mend_folder(folder, self._said_of(folder)):
                self.did.append(f"mended {place} from equal files of snapshots")
            else:
                self.did.append(f"took {place} out of the graph: it is damaged and could not be mended")
                self._take_out(folder)

    def _mend_snapshot(self, number: int) -> bool:
        """Make a snapshot anew, byte for byte: from equal files elsewhere, or by merging again what it was made of."""
        folder = self.store.snapshot_folder(number)
        manifest = self._said_of(folder)
        if not manifest and self._manifest().get("snapshot") == number:
            manifest = {key: value for key, value in self._manifest().items() if key != "highest"}
        if self._mend_folder(folder, manifest):
            self.did.append(f"mended snapshot {number} from equal files")
        elif self._merge_again(folder, manifest):
            self.did.append(f"mended snapshot {number}, byte for byte, by merging again what it was made of")
        else:
            return False
        return self._good(number)

    def _merge_again(self, folder: Path, manifest: Mapping[str, Any]) -> bool:
        draft = draft_beside(folder)
        try:
            datasets = manifest.get("datasets", {})
            parts = [(name, self.store.statements(name, facts["version"])) for name, facts in datasets.items()]
            write_tables(draft, merge(parts, read_decisions(place_of(self.store.root)))[0])
            return self._mend_folder(folder, manifest, {path.name: path for path in draft.iterdir()})
        except ListedError as error:
            _LOG.info("%s cannot be merged again: %s", folder, error)
            return False
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _said_of(self, folder: Path) -> dict[str, Any]:
        """Return a folder's manifest; an empty one if it cannot be read."""
        try:
            return self.store.read_manifest(folder / "manifest.json", ("files",))
        except GraphDamagedError:
            return {}

    def _mend_folder(self, folder: Path, manifest: Mapping[str, Any], made: Mapping[str, Path] = _NOTHING) -> bool:
        """Put a folder together again from its own sound files, those made anew, and equal ones elsewhere."""
        if not manifest:
            return False
        chosen: dict[str, Path] = {}
        for name, facts in manifest["files"].items():
            near = [folder / name, *([made[name]] if name in made else [])]
            elsewhere = (path for path in self.store.root.glob(f"s*/**/{name}") if path.parent != folder)
            places = itertools.chain(near, elsewhere)
            found = next((path for path in places if not fault_of(path, facts["bytes"], facts["sha256"])), None)
            if found is None:
                return False
            chosen[name] = found
        draft = draft_beside(folder)
        draft.mkdir()
        for name, path in chosen.items():
            link(path, draft / name)
        write_manifest(draft, manifest)
        if folder.exists():
            self._take_out(folder)
        put(draft, folder)
        return True

    def _decisions(self) -> None:
        place = place_of(self.store.root)
        try:
            read_decisions(place)
        except InputError:
            self.did.append(f"took {place.name} out of the graph: it cannot be read; put it back when it is mended")
            self._take_out(place)

    def _go_to(self, number: int, highest: int) -> None:
        """Make a snapshot current if it is not; no number is ever given to two snapshots."""
        manifest = self._manifest()
        wanted = self.store.snapshot_manifest(number)
        if manifest and without_seal(manifest) == without_seal(wanted):
            return
        if (self.store.root / "manifest.json").exists():
            self._take_out(self.store.root / "manifest.json")
        self.store.switch(wanted | {"highest": highest})
        self.did.append(f"snapshot {number}, the last good one, is the current one")

    def _take_out(self, place: Path) -> None:
        aside = move_aside(self.store.root, place)
        self.aside.append(f"{place.relative_to(self.store.root)} in {aside.relative_to(self.store.root)}")
