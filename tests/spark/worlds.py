"""Many graphs as one: a job on Spark costs seconds however small it is, so one job answers for all of them."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings

from listed.graph.model import Link, Listing
from listed.graph.share import Basis
from listed.graph.snapshot import Graph, open_graph
from listed.graph.store import Store
from listed.graph.tables import SCHEMAS, Tables
from listed.graph.vocabulary import LinkType
from listed.loading import bundled_graph, load
from listed.queries.answer import plain
from tests.graphs import only_told
from tests.queries import rule_graphs
from tests.queries.rule_graphs import Said, on, owns, party
from tests.random_graphs import graphs

if TYPE_CHECKING:
    from listed.spark import SparkAnswer

DAY = date(2025, 10, 15)
_ENDS = {"entities": ("id",), "names": ("entity",), "identifiers": ("entity",), "addresses": ("entity",),
         "links": ("source", "target"), "listings": ("entity",), "merged_ids": ("id", "entity")}  # fmt: skip
_SHARES = (None, "50", "50.000001", "25", "75", "100", "0", "10-30%", "more than 50%", "25-75%", "49.999999")
_DATES = ("", "", "2019", "2020-06", "2024-01-01", "2025", "2025-10-15", "2026")
_LISTS = ("US-BIS-EL", "US-OFAC-SDN", "EU-FSF", "GB-OFSI")


def random_stakes(seed: int) -> Graph:
    """A small graph of stakes: loops, bands, two sources, indirect claims, imprecise and past dates."""
    rng, telling = random.Random(seed), random.Random(~seed)
    names = [f"E{number}" for number in range(7)]
    said: dict[str, list[Said]] = {"one": [], "other": []}
    for name in names:
        said["one"].append(party(name, country=rng.choice(["", "cn", "us"])))
    for _ in range(rng.randint(4, 16)):
        owner, asset = rng.sample(names, 2)
        dates = rng.choice(_DATES), rng.choice(("", "", "", "2025", "2027"))
        link = owns(owner, asset, rng.choice(_SHARES), *dates, direct=rng.choice([None, None, True, False]))
        said[rng.choice(["one", "one", "other"])].append(_perhaps_only_told(link, telling))
    for _ in range(rng.randint(1, 3)):
        policy = rng.choice(["", "Presumption of denial", "Case by case"])
        listing = on(rng.choice(names), rng.choice(_LISTS), rng.choice(_DATES), policy=policy)
        said["one"].append(_perhaps_only_told(listing, telling))
    return rule_graphs.graph(*said["one"], other=said["other"])


def _perhaps_only_told(said: Link | Listing, telling: random.Random) -> Link | Listing:
    """A start by the day asked about may be the day a source told of it; of later ones a cluster has no note."""
    start = said.period.start.earliest
    return only_told(said) if start and start <= DAY and telling.random() < 0.3 else said


def wide(firms: int) -> Graph:
    """A listed state body that owns most of each of many firms, and each of those a little of one more."""
    links = [owns("body", f"firm{number}", "60") for number in range(firms)]
    links += [owns(f"firm{number}", "fund", "0.02") for number in range(firms)]
    return rule_graphs.graph(*links, on("body", "US-BIS-EL"), on("body", "GB-OFSI"), on("body", "US-OFAC-SDN"))


def only_told_of() -> Graph:
    """A captured firm and a path to a listed one, links and a listing only told of; one source dates one."""
    stake = owns("o", "a", "60", "2021-08-28")
    listing = on("o", "US-BIS-EL", "2020-12-18")
    return rule_graphs.graph(only_told(stake), only_told(owns("o", "b", "60", "2019")), only_told(listing),
                             *(on("o", list_) for list_ in _LISTS[1:]), other=[stake])  # fmt: skip


def told_twice() -> Graph:
    """Owners whose firms hold the same figure of the same asset: perhaps one stake, told twice."""
    links = [owns("o", "f", "60"), owns("o", "a", "30"), owns("f", "a", "30"), owns("o", "b", "30"),
             owns("f", "b", "20.5"), owns("o", "c", "30", direct=True), owns("f", "c", "30")]  # fmt: skip
    through = [owns("o", "d", "60", direct=False), owns("p", "d", "60")]  # the one may hold through the other
    return rule_graphs.graph(*links, *through, *(on("o", list_) for list_ in _LISTS))


def controlled() -> Graph:
    """Firms held by those that a listed party controls, by a link, by votes and over a chain of both."""
    control = [owns("x", "a", type_=LinkType.CONTROLS), owns("x", "b", 60, basis=Basis.VOTES)]
    later = [owns("x", "c", 60, "2015", basis=Basis.VOTES), owns("x", "c", 10, "2020", basis=Basis.VOTES)]
    below = [owns("a", "d", 60), owns("d", "e", type_=LinkType.CONTROLS)]
    stakes = [owns(one, "t", 5) for one in "abcde"]
    return rule_graphs.graph(*control, *later, *below, *stakes, owns("x", "t", 60), *(on("x", one) for one in _LISTS))


def drawn(count: int) -> list[Graph]:
    """Graphs as :mod:`tests.random_graphs` draws them, the same in each run."""
    found: list[Graph] = []

    @settings(max_examples=count, derandomize=True, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(graphs())
    def take(told: Graph) -> None:
        found.append(told)

    take()
    return found


def real(folder: Path, place: Path) -> Graph:
    """What several publishers tell: a list, stakes of two kinds of register, a network of ten thousand firms."""
    stakes, listings = place / "stakes.csv", place / "listed.csv"
    with (folder / "vadalog" / "company_graph_10k.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["StartId"], row["EndId"], row["Weight"]) for row in csv.DictReader(file)]
    owners = list(dict.fromkeys(owner for owner, _, _ in rows))[::40][:50]
    stakes.write_text("owner_id,asset_id,fraction\n" + "".join(f"{','.join(row)}\n" for row in rows), encoding="utf-8")
    listings.write_text("entity_id,list\n" + "".join(f"{one},US-OFAC-SDN\n" for one in owners), encoding="utf-8")
    into = place / "graph"
    load("table", [str(stakes)], into, dataset="stakes", accept="any")
    load("table", [str(listings)], into, dataset="listed", accept="any")
    load("csl", [str(folder / "csl" / "csl_2022-04.csv")], into)
    load("ftm", [str(folder / "ftm" / "yente_zala.ftm.json")], into)
    load("bods", [str(one) for one in sorted((folder / "opencheck").glob("*.jsonl"))], into)
    return open_graph(into)


def together(named: Iterable[tuple[str, Graph]]) -> Tables:
    """The tables of all graphs in one; ids begin with the graph's name, so that nothing becomes one."""
    parts: dict[str, list[pa.Table]] = {name: [] for name in SCHEMAS}
    for name, told in named:
        for table, rows in told.tables.items():
            for column in _ENDS.get(table, ()):
                ids = pc.binary_join_element_wise(name, rows[column], ":")
                rows = rows.set_column(rows.schema.get_field_index(column), column, ids)
            parts[table].append(rows.cast(SCHEMAS[table]))
    whole = {name: pa.concat_tables(tables).unify_dictionaries() for name, tables in parts.items()}
    order = pc.sort_indices(whole["entities"]["id"])
    return whole | {"entities": whole["entities"].take(order)}


def written(tables: Tables, folder: Path) -> Path:
    """A graph on disk of these tables."""
    store = Store(folder)
    with store.writing() as draft:
        draft.publish(tables, {})
    return folder


def all_graphs(real_graph: Graph | None) -> list[tuple[str, Graph]]:
    named = [("bundled", bundled_graph()), ("wide", wide(1500)), ("twice", told_twice()),
             ("controlled", controlled()), ("told", only_told_of())]  # fmt: skip
    named += [(f"stakes{seed}", random_stakes(seed)) for seed in range(60)]
    named += [(f"any{place}", told) for place, told in enumerate(drawn(40))]
    return named + ([("real", real_graph)] if real_graph else [])


def without_inner_grounds(row: dict[str, Any]) -> dict[str, Any]:
    """A verdict without what its grounds rest on in turn, of which an answer on Spark tells in rows of their own."""
    grounds = [{key: value for key, value in ground.items() if key != "grounds"} for ground in row["grounds"]]
    return row | {"grounds": grounds}


def rows_of(answer: SparkAnswer, part: str = "rows") -> list[dict[str, Any]]:
    """What lies in the folder of an answer, as plain values."""
    return [plain(row) for row in pq.read_table(answer.out.removeprefix("file://") + f"/{part}").to_pylist()]
