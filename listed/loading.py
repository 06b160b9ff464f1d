"""Load sources into a graph, and open the graph that questions go to."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from listed.errors import GraphNotFoundError, InputError, ListedError, ListShrankError
from listed.graph import adjacency, views
from listed.graph.builder import Builder, counts_of, flags_of, reasons_of
from listed.graph.decisions import Decisions, place_of, read_decisions
from listed.graph.merge import MergeReport, merge
from listed.graph.model import UNREAD, SetAside, Source, Statement
from listed.graph.same_names import NO_SAME_NAMES, SameNames, same_names
from listed.graph.snapshot import Graph, open_graph
from listed.graph.store import FORMAT, Draft, Store
from listed.graph.tables import Batch, Tables
from listed.loaders.download import fetch
from listed.loaders.inputs import Input, open_inputs, shown
from listed.loaders.loader import Item, Loader, Options
from listed.loaders.metered import Metered, share_read
from listed.loaders.registry import loader as loader_named

_LOG = logging.getLogger(__name__)

BUNDLED = "bundled"

SHRINK = 0.1
"""A list, or a register, that lost more than this part of its entries since the last load stops the load."""

_REGISTER = 100
"""Fewer entities or links are no register but somebody's notes, which may become fewer."""

_INDEX_AT_ONCE = 200_000
"""Up to so many names are indexed by the load; beyond, by the first search."""

_TICK = 20_000

Progress = Callable[[int, float | None], None]
"""Told now and then how many statements were read so far, and which share of the files, where that is known."""

Downloading = Callable[[int, int | None], None]
"""Told now and then how many bytes have come, and of how many, if the server says."""


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did.

    Parameters
    ----------
    dataset, files
        What was loaded.
    snapshot
        Number of the snapshot that holds it.
    changed
        Whether it, or your decisions, said anything new; if not, the graph is as it was.
    statements
        Rows stated, by table.
    set_aside
        Rows that did not become statements, by reason; they are kept (``listed report --set-aside``).
    flags
        Statements kept against their text, by what is flagged.
    lists
        Listings by list, now and at the last load of this dataset.
    joined
        Rows of the whole graph that became one with another, by table.
    merged_ids
        Entities of the whole graph that went into another by a strong identifier.
    own_assets
        Links of the whole graph set aside because both ends turned out to be one entity.
    totals
        Rows of the snapshot, by table.
    conflicts
        Strong identifiers that contradict a decision of yours; the decision holds.
    unread
        Columns of a table that nothing was read from; they are counted in ``set_aside`` too.
    same_names
        Parties of the dataset that have the name of a listed entity of another one and were not joined
        with it, for a name proves nothing: how many, and the first pairs.
    """

    dataset: str
    files: tuple[str, ...]
    snapshot: int
    changed: bool
    statements: dict[str, int]
    set_aside: dict[str, int]
    flags: dict[str, int]
    lists: dict[str, tuple[int, int]]
    joined: dict[str, int] = field(default_factory=dict)
    merged_ids: int = 0
    own_assets: int = 0
    totals: dict[str, int] = field(default_factory=dict)
    conflicts: tuple[str, ...] = ()
    same_names: SameNames = NO_SAME_NAMES
    unread: tuple[str, ...] = ()


def default_folder() -> Path:
    """Return where a user's own graph is: ``LISTED_GRAPH``, or a folder of the user's data."""
    if named := os.environ.get("LISTED_GRAPH"):
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("listed", appauthor=False) / "graph"


def own_graph_exists() -> bool:
    """Return whether the user has a graph of his own at :func:`default_folder`."""
    return Store(default_folder()).exists


def open_(graph: str | Path | None = None, snapshot: int | None = None) -> Graph:
    """Open a graph to ask questions of.

    Parameters
    ----------
    graph
        Its folder, or ``"bundled"``. By default the user's own (:func:`default_folder`) if there is
        one, else the bundled one.
    snapshot
        Number of an earlier snapshot.

    Raises
    ------
    GraphNotFoundError, GraphDamagedError
        As :func:`listed.graph.snapshot.open_graph`.
    """
    if graph is None:
        graph = default_folder() if own_graph_exists() else BUNDLED
    if str(graph) != BUNDLED:
        return open_graph(graph, snapshot)
    opened = bundled_graph()
    if snapshot not in (None, opened.number):
        raise GraphNotFoundError(f"there is no snapshot {snapshot} of the bundled graph (there is: {opened.number})")
    return opened


def open_dataset(dataset: str, graph: str | Path | None = None) -> Graph:
    """Open what one dataset of a graph says by itself, before it is merged with what others say.

    Parameters
    ----------
    dataset
        Its name, as :func:`load` was given it or gave it.
    graph
        As for :func:`open_`.

    Raises
    ------
    GraphNotFoundError, GraphDamagedError
        As for :func:`open_`; also where the graph has no such dataset.
    """
    opened = open_(graph)
    if dataset not in opened.datasets:
        there = ", ".join(sorted(opened.datasets))
        raise GraphNotFoundError(f"{opened.name} has no dataset {dataset!r} (there are: {there})")
    if opened.datasets.keys() == {dataset}:
        return opened
    store = Store(Path(graph or default_folder()))
    tables, _ = merge(_statements_of(store, {dataset: opened.datasets[dataset]}))
    return Graph(opened.name, opened.number, {dataset: opened.datasets[dataset]}, tables, adjacency.build(tables))


def load(
    source: str,
    files: Sequence[str] = (),
    graph: str | Path | None = None,
    *,
    dataset: str = "",
    allow_shrink: bool = False,
    keep_going: bool = False,
    mapping: str | Path | None = None,
    accept: Literal["certain", "any", "none"] = "certain",
    decisions: str | Path | None = None,
    progress: Progress | None = None,
    downloading: Downloading | None = None,
) -> LoadReport:
    """Load files of a source into a graph; what the source said before is replaced.

    Parameters
    ----------
    source
        Name of a loader (:func:`listed.loaders.registry.names`).
    files
        Paths, addresses, or ``-`` for standard input; gzip and zip are unpacked.
    graph
        The folder of the graph, made if missing; the user's own by default.
    dataset
        Name to load under; the loader's own by default, so that a later load replaces this one.
    allow_shrink
        Load also a list or register that lost more than a tenth of its entries.
    keep_going
        Set aside a row that cannot be read, and keep what was read before a file broke off.
    mapping
        Of tables of any form: a TOML file that tells what their columns mean.
    accept
        Without a mapping, which guesses of it are good enough (:class:`listed.loaders.loader.Options`).
    decisions
        The file of your decisions; by default ``decisions.csv`` in the folder of the graph.
    progress, downloading
        Called now and then while statements are read, and while a file is fetched.

    Raises
    ------
    InputError, DownloadError, UnknownLoaderError
        If a file cannot be had or read, or no loader has that name. The graph is as it was.
    UnconfirmedMappingError
        If a table needs a mapping, and the one guessed is not good enough.
    ListShrankError
        If a list or register collapsed.
    GraphLockedError
        If another load is writing.
    """
    chosen = loader_named(source)
    if chosen.needs_files and not files:
        where = f"get it from {chosen.official}, then: " if chosen.official else ""
        raise InputError(f"{source} needs a file ({where}listed load {source} FILE)")
    if not chosen.needs_files and files:
        raise InputError(f"{source} brings its own files", advice=f"listed load {source}")
    if mapping is not None and chosen.read_with is None:
        raise InputError(f"{source} has a form of its own, and takes no mapping", advice="it is for tables")
    inputs = [Metered(one) for one in open_inputs(list(files), fetch=partial(fetch, progress=downloading))]
    name = _name_of(chosen, inputs, dataset)
    _LOG.info("reading %s from %s", name, ", ".join(one.name for one in inputs) or "its own files")
    items = chosen.read_with(inputs, Options(name, mapping, accept)) if chosen.read_with else chosen.read(inputs)
    tables = build(name, _Telling(progress, inputs).items(items) if progress else items, keep_going=keep_going)
    counts = counts_of(tables)
    said = ", ".join(f"{count:,} {table}" for table, count in counts.items() if count) or "nothing"
    _LOG.info("read %s: %s", name, said, extra={"dataset": name, "rows": counts})
    store = Store(Path(graph) if graph is not None else default_folder())
    with store.writing() as draft:
        return _publish(
            draft,
            name,
            _places(inputs, many=chosen.many),
            tables,
            allow_shrink=allow_shrink,
            renew=bool(dataset) or not chosen.many,
            decisions=read_decisions(place_of(store.root, decisions)),
        )


def preview(source: str, files: Sequence[str], *, dataset: str = "", mapping: str | Path | None = None) -> str:
    """Return as text how tables would be read, loading nothing; as for :func:`load`."""
    chosen = loader_named(source)
    if chosen.preview is None:
        raise InputError(f"{source} has a form of its own: there is no mapping to preview", advice="it is for tables")
    if not files:
        raise InputError(f"{source} needs a file", advice=f"listed load {source} FILE --preview")
    inputs = open_inputs(list(files))
    return chosen.preview(inputs, Options(_name_of(chosen, inputs, dataset), mapping))


def _name_of(chosen: Loader, inputs: Sequence[Input], dataset: str) -> str:
    name = dataset or _dataset_of(chosen, inputs)
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise InputError(f"a dataset cannot be called {name!r}", advice="use letters, digits, - and _")
    return name


def build(dataset: str, items: Iterable[Item], *, keep_going: bool = False) -> Tables:
    """Return the tables of what a loader yields.

    Raises
    ------
    InputError
        The first one that the loader yields or raises; with ``keep_going`` only if nothing was read before.
    """
    builder = Builder(dataset)
    builder.extend(_readable(items, keep_going=keep_going))
    return builder.finish()


def _readable(items: Iterable[Item], *, keep_going: bool) -> Iterator[Source | Statement | SetAside | Batch]:
    """Yield what was read; stop at the first row that could not be, or set it aside and go on."""
    good = False
    try:
        for item in items:
            if isinstance(item, InputError):
                if not keep_going:
                    raise item
                place = f"{item.file} row {item.row}" if item.row is not None else item.file
                yield SetAside(place, "could not be read", item.problem)
            else:
                good = good or isinstance(item, Statement | Batch)
                yield item
    except InputError as error:
        if not keep_going or not good:
            raise
        yield SetAside(error.file, "the rest of the load could not be read", str(error))


def graph_of(datasets: dict[str, Iterable[Item]], name: str = "memory") -> Graph:
    """Return a graph in memory, made from what loaders yield; for notebooks and tests."""
    tables, _ = merge([(dataset, build(dataset, items)) for dataset, items in datasets.items()])
    return Graph(name, 1, {dataset: {} for dataset in datasets}, tables, adjacency.build(tables))


def bundled_graph() -> Graph:
    """Return the bundled graph: built once, then kept among the user's caches if that is possible."""
    from platformdirs import user_cache_path

    root = (
        Path(os.environ["LISTED_CACHE"]) if "LISTED_CACHE" in os.environ else user_cache_path("listed", appauthor=False)
    )
    folder = root / f"{BUNDLED}-{_bundled_version()}"
    try:
        if not Store(folder).exists:
            load(BUNDLED, (), folder)
        graph = open_graph(folder)
    except ListedError:  # damaged, or nowhere to keep it: the tables themselves are at hand
        return graph_of({BUNDLED: loader_named(BUNDLED).read([])}, BUNDLED)
    graph.name = BUNDLED
    return graph


def _bundled_version() -> str:
    content = hashlib.sha256(f"{FORMAT} {views.VERSION}".encode())
    for part in sorted(resources.files("listed.loaders.bundled").iterdir(), key=lambda part: part.name):
        if part.name.endswith(".csv"):
            content.update(part.read_bytes())
    return content.hexdigest()[:12]


class _Telling:
    """Tells how far a load is: at every so many statements, and where a loader reads long before the next one."""

    def __init__(self, progress: Progress, inputs: Sequence[Metered]) -> None:
        self._progress, self._inputs = progress, inputs
        self._count = 0
        for one in inputs:
            one.told = self._tell

    def items(self, items: Iterable[Item]) -> Iterator[Item]:
        """Yield what a loader yields."""
        told = 0
        for item in items:
            self._count += item.rows.num_rows if isinstance(item, Batch) else 1
            if self._count - told >= _TICK:
                told = self._count
                self._tell()
            yield item

    def _tell(self) -> None:
        self._progress(self._count, share_read(self._inputs))


def _dataset_of(chosen: Loader, inputs: Sequence[Input]) -> str:
    """Return the loader's name; for a reporter's own tables, of which there are many, the file's."""
    if not chosen.many or not inputs:
        return chosen.name
    stem = re.sub(r"[^\w-]+", "-", Path(inputs[0].name).stem).strip("-").lower()
    return f"{chosen.name}-{stem or 'stdin'}"


def _publish(
    draft: Draft,
    name: str,
    files: tuple[str, ...],
    tables: Tables,
    *,
    allow_shrink: bool,
    renew: bool,
    decisions: Decisions,
) -> LoadReport:
    store = draft.store
    manifest: dict[str, Any] = store.manifest() if store.exists else {"snapshot": 0, "datasets": {}, "counts": {}}
    before = manifest["datasets"].get(name, {})
    lists = _list_counts(tables)
    old_lists = before.get("lists", {})
    if not renew:
        _check_same_files(name, files, tuple(before.get("files", ())))
    _check_shrinking(name, lists, old_lists, allow=allow_shrink)
    _check_not_empty(name, tables, before, allow=allow_shrink)
    _check_register(name, counts_of(tables), before.get("statements", {}), allow=allow_shrink)
    version, _ = draft.add_statements(name, tables)
    # Decisions that were edited since, or whose snapshot did not come to be, are applied too.
    changed = before.get("version") != version or manifest.get("decisions", "") != decisions.digest
    report = MergeReport()
    number, totals = int(manifest["snapshot"]), manifest["counts"]
    if changed:
        others = {key: value for key, value in manifest["datasets"].items() if key != name}
        parts = _statements_of(store, others)
        _LOG.info("merging %s", ", ".join([*others, name]))
        merged, report = merge([*parts, (name, tables)], decisions)
        facts = {"version": version, "files": list(files), "loaded": _now(), "lists": lists,
                 "statements": counts_of(tables), "flags": flags_of(tables)}  # fmt: skip
        as_written = {} if parts else {key: f"{name}/{version}" for key in tables if merged[key] is tables[key]}
        number = _put_out(draft, merged, {**others, name: facts}, as_written, decisions)
        totals = {key: merged[key].num_rows for key in merged}
    else:
        merged = open_graph(store.root).tables
    apart = {frozenset(pair) for pair in decisions.different()}
    alike = same_names(merged, name, tables, date.today(), apart)
    compared = {key: (lists.get(key, 0), old_lists.get(key, 0)) for key in sorted({*lists, *old_lists})}
    return LoadReport(name, files, number, changed, counts_of(tables), dict(reasons_of(tables["set_aside"])),
                      dict(flags_of(tables)), compared, report.joined, report.merged_ids, report.own_assets,
                      totals, report.conflicts, alike, _unread(tables["set_aside"]))  # fmt: skip


def _unread(set_aside: pa.Table) -> tuple[str, ...]:
    """Return the columns that nothing was read from, by name."""
    said = set_aside.filter(pc.equal(set_aside["reason"].cast(pa.string()), UNREAD))["text"].to_pylist()
    return tuple(dict.fromkeys(said))


def _put_out(
    draft: Draft, merged: Tables, datasets: dict[str, Any], as_written: dict[str, str], decisions: Decisions
) -> int:
    """Publish a snapshot with the caches that questions want; return its number."""

    def keep_views(number: int, identity: str) -> None:
        views.write(draft.store.view_folder(number), merged, adjacency.build(merged), identity)

    number = draft.publish(merged, datasets, as_written, keep_views, decisions.digest)
    if merged["names"].num_rows <= _INDEX_AT_ONCE:
        _LOG.info("indexing %s names", merged["names"].num_rows)
        _ = open_graph(draft.store.root).names
    return number


def _statements_of(store: Store, datasets: dict[str, Any]) -> list[tuple[str, Tables]]:
    """Return what each dataset says by itself, to be merged."""
    for facts in datasets.values():
        if not facts.get("kept", True):
            raise InputError(
                "this graph was merged on a cluster, and the statements stayed in the graphs it was made of",
                file=str(store.root),
                advice="load into one of those, and merge again",
            )
    return [(name, store.statements(name, facts["version"])) for name, facts in datasets.items()]


def remerge(draft: Draft, decisions: Decisions) -> tuple[int, MergeReport]:
    """Merge what is loaded anew, as decided, and publish it; return the snapshot's number and the report."""
    store = draft.store
    datasets = store.manifest()["datasets"]
    merged, report = merge(_statements_of(store, datasets), decisions)
    return _put_out(draft, merged, datasets, {}, decisions), report


def _places(inputs: Sequence[Input], *, many: bool) -> tuple[str, ...]:
    """Return what was read: names, or whole paths where files of one name may differ."""
    return tuple(shown(str(one.path.resolve())) if many and one.path is not None else one.name for one in inputs)


def _check_same_files(name: str, now: tuple[str, ...], before: tuple[str, ...]) -> None:
    """Refuse to put a reporter's table in the place of another one that has the same name by chance."""
    if before and before != now:
        raise InputError(
            f"{name} is loaded already, from {', '.join(before)}",
            file=now[0] if now else "",
            advice="give this one a name of its own with --as NAME",
        )


def _list_counts(tables: Tables) -> dict[str, int]:
    counted = tables["listings"]["list"].value_counts().to_pylist()
    return dict(sorted((str(one["values"]), int(one["counts"])) for one in counted))


def _check_shrinking(name: str, now: dict[str, int], before: dict[str, int], *, allow: bool) -> None:
    lost = Counter(before)
    lost.subtract(now)
    for list_, gone in sorted(lost.items()):
        if gone > SHRINK * before.get(list_, 0) and not allow:
            raise ListShrankError(
                f"{name}: {list_} has {now.get(list_, 0):,} entries, and had {before[list_]:,} when last loaded: more "
                "than a tenth are gone, so nothing was loaded (if that is right, load again with --allow-shrink)"
            )


def _check_register(name: str, now: dict[str, int], before: dict[str, int], *, allow: bool) -> None:
    """Refuse a load of which more than a tenth of the entities or links are gone: half a download, another file."""
    for kind in ("entities", "links"):
        had, has = before.get(kind, 0), now.get(kind, 0)
        if not allow and had >= _REGISTER and had - has > SHRINK * had:
            raise ListShrankError(
                f"{name}: states {has:,} {kind}, and stated {had:,} when last loaded: more than a tenth are gone, so "
                "nothing was loaded (if that is right, load again with --allow-shrink; to keep both, with --as NAME)"
            )


def _check_not_empty(name: str, tables: Tables, before: dict[str, Any], *, allow: bool) -> None:
    """Refuse a load that states nothing where the last one stated something: a blank file, a broken download."""
    if allow or not before or any(tables[kind].num_rows for kind in ("entities", "links", "listings")):
        return
    raise ListShrankError(
        f"{name}: nothing is stated, and something was when it was last loaded, so nothing was loaded (if that is "
        "right, load again with --allow-shrink)"
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
