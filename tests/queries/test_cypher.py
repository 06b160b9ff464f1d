"""Cypher over a snapshot: what it returns, what it refuses, and how it is kept."""

from __future__ import annotations

import json
import math
import shutil
from datetime import date
from pathlib import Path

import pytest

import listed
from listed.errors import QueryError
from listed.graph import cypher_view
from listed.graph.cypher_text import parameter_names, without_block_comments
from listed.graph.property_graph import property_graph
from listed.graph.snapshot import Graph
from listed.loading import bundled_graph
from tests.graphs import firm, graph, only_told, owns
from tests.graphs import listed as on_list
from tests.queries.cypher_graphs import EVERYTHING

OWNERS = "MATCH (o:Entity)-[r:OWNS]->(e:Entity {id: $id}) RETURN o.id AS owner, r.share_min AS share ORDER BY owner"


@pytest.fixture(scope="module")
def bundled() -> Graph:
    return bundled_graph()


# What it returns -----------------------------------------------------------------------------------------------------


def test_a_row_has_the_columns_of_the_query() -> None:
    found = EVERYTHING.cypher(OWNERS, {"id": "Radar"})
    assert found.columns == ("owner", "share")
    assert found.rows == ({"owner": "Fund", "share": 5.0}, {"owner": "Holding", "share": 25.0})


def test_every_entity_link_listing_and_source_of_the_snapshot_is_there(bundled: Graph) -> None:
    counts = property_graph(bundled.tables).counts()
    for label in ("Entity", "List", "Source"):
        assert bundled.cypher(f"MATCH (n:{label}) RETURN count(n) AS n").rows[0]["n"] == counts[label]
    types = bundled.cypher("MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS n").rows
    assert {row["type"]: row["n"] for row in types} == {k: v for k, v in counts.items() if k.isupper()}


def test_stakes_between_the_same_two_stay_apart() -> None:
    twice = graph(owns("A", "B", "10%", "2010", "2012"), owns("A", "B", "20%", "2015"))
    found = twice.cypher("MATCH (:Entity {id: 'A'})-[r:OWNS]->() RETURN r.share_min AS s ORDER BY s")
    assert [row["s"] for row in found.rows] == [10.0, 20.0]


def test_beginnings_can_be_asked_for_without_days_of_telling() -> None:
    told = graph(only_told(owns("A", "B", "10%", "2010")), owns("C", "B", "20%", "2015"), only_told(on_list("B")))
    dated = told.cypher("MATCH (a)-[r:OWNS]->() WHERE NOT r.start_told RETURN a.id AS owner")
    assert dated.rows == ({"owner": "C"},)
    assert told.cypher("MATCH ()-[r:LISTED_ON]->() RETURN r.start_told AS told").rows == ({"told": True},)


def test_a_node_is_its_labels_and_properties_and_nothing_of_the_engine() -> None:
    row = graph(firm("A", "Alpha")).cypher("MATCH (e:Entity) RETURN e").rows[0]
    assert row["e"]["labels"] == ["Entity", "Company"]
    assert row["e"]["name"] == "Alpha"
    assert not {"type", "title", "properties"} & row["e"].keys()


def test_a_relationship_names_its_ends_even_alone() -> None:
    row = graph(owns("A", "B", "51%", "2019-10")).cypher("MATCH ()-[r:OWNS]->() RETURN r").rows[0]
    assert {name: row["r"][name] for name in ("type", "source", "target", "share_min", "start_date")} == {
        "type": "OWNS", "source": "A", "target": "B", "share_min": 51.0, "start_date": "2019-10"}  # fmt: skip


def test_days_come_back_as_dates() -> None:
    found = graph(on_list("A", start="2019-10-09")).cypher("MATCH ()-[r:LISTED_ON]->() RETURN r.start_earliest AS d")
    assert found.rows[0]["d"] == date(2019, 10, 9)


@pytest.mark.parametrize(
    "text", [" edge ", "", "nan", "[1]", '["a"]', "2020-01-01", "true", "a\nb", "中文 🙂", "'", "`"]
)
def test_text_comes_back_as_it_was(text: str) -> None:
    odd = graph(firm("A", text or "A", aliases=("B",)))
    expected = odd.tables["entities"]["name"][0].as_py()
    assert odd.cypher("MATCH (e:Entity {id: 'A'}) RETURN e.name AS n").rows[0]["n"] == expected
    assert odd.cypher("MATCH (e:Entity) RETURN $t AS t", {"t": text}).rows[0]["t"] == text


def test_paths_become_a_networkx_graph() -> None:
    made = EVERYTHING.cypher("MATCH p = (:Entity {id: 'Ministry'})-[:OWNS*1..2]->(:Entity) RETURN p").to_networkx()
    assert {(a, b) for a, b in made.edges()} == {("Ministry", "Holding"), ("Holding", "Opto"), ("Holding", "Radar")}
    assert made.nodes["Opto"]["name"] == "Opto"


def test_an_answer_goes_to_json_csv_and_pandas() -> None:
    answer = listed.cypher(EVERYTHING, OWNERS, {"id": "Radar"})
    assert json.loads(answer.to_json())["rows"] == [{"owner": "Fund", "share": 5}, {"owner": "Holding", "share": 25}]
    assert answer.to_csv() == "owner,share\nFund,5\nHolding,25\n"
    assert list(answer.to_pandas()["owner"]) == ["Fund", "Holding"]


def test_an_answer_without_rows_keeps_its_columns() -> None:
    answer = listed.cypher(EVERYTHING, OWNERS, {"id": "Nobody"})
    assert answer.to_csv() == "owner,share\n"
    assert list(answer.to_pandas().columns) == ["owner", "share"]


def test_sources_named_in_the_rows_are_cited() -> None:
    answer = listed.cypher(EVERYTHING, "MATCH ()-[r:OWNS]->() RETURN r.sources AS sources LIMIT 1")
    assert [source.title for source in answer.sources.values()] == ["A paper"]


# Bounds --------------------------------------------------------------------------------------------------------------


def test_rows_beyond_the_limit_are_counted() -> None:
    answer = listed.cypher(EVERYTHING, "MATCH (e:Entity) RETURN e.id AS id ORDER BY id", limit=2)
    total = EVERYTHING.tables["entities"].num_rows
    assert (len(answer), answer.bounds["cut_off"], answer.bounds["rows"]) == (2, total - 2, total)


def test_a_query_that_takes_too_long_is_stopped(bundled: Graph) -> None:
    with pytest.raises(QueryError, match=r"stopped after 0\.2 s"):
        bundled.cypher("MATCH (a)-[*1..12]-(b) RETURN count(*) AS n", seconds=0.2)


def test_a_query_that_would_fill_the_memory_is_refused() -> None:
    with pytest.raises(QueryError, match="limit"):
        EVERYTHING.cypher("UNWIND range(1, 1000000000) AS x RETURN collect(x) AS xs")


@pytest.mark.parametrize(
    ("limit", "seconds"), [(-1, 30.0), (10, 0.0), (10, math.nan), (10, math.inf), (10, 1e30), (10**30, 30.0)]
)
def test_senseless_bounds_are_refused(limit: int, seconds: float) -> None:
    with pytest.raises(QueryError, match="limit"):
        EVERYTHING.cypher("RETURN 1 AS x", limit=limit, seconds=seconds)


# Parameters ----------------------------------------------------------------------------------------------------------


def test_a_missing_parameter_is_an_error() -> None:
    with pytest.raises(QueryError, match=r"needs \$id"):
        EVERYTHING.cypher(OWNERS)


def test_an_unknown_parameter_is_an_error() -> None:
    with pytest.raises(QueryError, match=r"no parameter \$country"):
        EVERYTHING.cypher(OWNERS, {"id": "A", "country": "cn"})


def test_a_parameter_is_a_value_and_never_text_of_the_query() -> None:
    assert EVERYTHING.cypher(OWNERS, {"id": "A'}) DETACH DELETE o //"}).rows == ()


def test_a_dollar_in_a_string_or_comment_is_no_parameter() -> None:
    assert parameter_names("// $a\nRETURN '$b' AS x, \"$c\" AS y, $d AS z, `$e` /* $f */") == ["d"]


def test_a_day_given_as_text_is_not_compared_with_a_day() -> None:
    with pytest.raises(QueryError, match=r"date\(\$since\)"):
        EVERYTHING.cypher("MATCH ()-[r]->() WHERE r.start_earliest >= $since RETURN r", {"since": "2020-01-01"})


# What is refused -----------------------------------------------------------------------------------------------------

WRITES = [
    "CREATE (n:Entity) RETURN n", "MATCH (n) SET n.name = 'x'", "MATCH (n) DETACH DELETE n", "MATCH (n) REMOVE n.name",
    "MERGE (n:Entity {id: 'x'}) RETURN n", "MATCH (n) FOREACH (x IN [1] | SET n.a = x)", "DROP INDEX a",
    "CREATE INDEX FOR (n:Entity) ON (n.name)", "INSERT (n:Entity)", "match (n) delete n",
    "MATCH (n) CALL (n) { SET n.x = 1 } RETURN n",
]  # fmt: skip


@pytest.mark.parametrize("text", WRITES)
def test_nothing_is_written(text: str) -> None:
    with pytest.raises(QueryError, match="read here, not written"):
        EVERYTHING.cypher(text)


FILES = [
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "load\ncsv with headers from '/etc/passwd' as row return row",
    "LOAD /* x */ CSV FROM '/etc/passwd' AS row RETURN row",
    "LOAD // x\nCSV FROM '/etc/passwd' AS row RETURN row",
    "UNWIND [1] AS x LOAD CSV FROM '/etc/passwd' AS row RETURN row",
    "CALL { LOAD CSV FROM '/etc/passwd' AS row RETURN row } RETURN row",
    "RETURN '\\' AS x LOAD CSV FROM '/etc/passwd' AS row RETURN row //'",
]


@pytest.mark.parametrize("text", FILES)
def test_no_file_of_the_machine_is_read(text: str) -> None:
    with pytest.raises(QueryError, match=r"cannot read files|never closed"):
        EVERYTHING.cypher(text)


REFUSED = [
    ("", "no query"),
    ("// nothing", "no query"),
    ("MATCH (n) RETURN n; MATCH (m) RETURN m", "one query at a time"),
    ("RETURN 'a", "never closed"),
    ("EXPLAIN MATCH (n) RETURN n", "EXPLAIN"),
    ("SHOW INDEXES", "SHOW"),
    ("CALL db.labels() YIELD label RETURN label", "procedures"),
    ("CALL `pagerank`() YIELD node RETURN node", "procedures"),
    ("MATCH (n) RETURN id(n) AS i", "use the property id"),
    ("MATCH (n) RETURN elementId(n) AS i", "use the property id"),
    ("MATCH (n) RETURN pagerank(n) AS i", "not among those"),
    ("MATCH (n) RETURN sizee(n.names) AS i", "did you mean size"),
    ("MATCH (n) RETURN n.id AS i FORMAT CSV", "FORMAT"),
    ("MATCH (n) RETURN n.id AS i, count(*) AS c HAVING c > 1", "HAVING"),
    ("MATCH ()-[r]->() RETURN r.start AS s", "startNode"),
    ("MATCH (n)-[r]->() RETURN n {.type} AS s", "type"),
    ("MATCH (e:Company) RETURN e.title AS t", "no title"),
    ("MATCH (s:Source) RETURN s.name AS t", "no name"),
    ("RETRUN 1 AS x", "RETRUN"),
    ("MATCH (n:Entity) WHERE (COUNT { (n)--() } > 1) RETURN n", "COUNT"),
    ("MATCH (n:Entity&Company) RETURN n", "joined with &"),
    ("MATCH p = (a)-[:OWNS]->+(b) RETURN p", r"\*1\.\.3"),
    ("MATCH (e:Entity) RETURN COLLECT { MATCH (e)--(b) RETURN b } AS x", "COLLECT"),
]


@pytest.mark.parametrize(("text", "said"), REFUSED)
def test_what_would_be_answered_wrongly_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        EVERYTHING.cypher(text)
    assert "\n" not in str(caught.value)


ALLOWED = [
    "MATCH (set:Entity) RETURN count(set) AS n",
    "MATCH (e:Entity) RETURN {type: 1, set: 2} AS m LIMIT 1",
    "MATCH (e:Entity) RETURN e.id AS create LIMIT 1",
    "MATCH (l:List) RETURN l.title AS title ORDER BY title LIMIT 1;",
    "MATCH (e:Entity) /* all\nof them */ RETURN count(e) AS n // done",
    "MATCH (e:Entity) WHERE e.name = 'CREATE' RETURN e",
]


@pytest.mark.parametrize("text", ALLOWED[1:])
def test_words_of_the_language_may_be_keys_aliases_and_text(text: str) -> None:
    assert EVERYTHING.cypher(text).columns


def test_a_comment_leaves_the_places_as_they_were() -> None:
    assert without_block_comments("a /* b\nc */ '/* d */'") == "a     \n     '/* d */'"


def test_a_label_that_is_not_there_is_remarked_on() -> None:
    answer = listed.cypher(EVERYTHING, "MATCH (e:Compnay) RETURN e")
    assert "Compnay" in answer.notes[0]


# How it is kept ------------------------------------------------------------------------------------------------------


def kept(folder: Path) -> list[dict[str, object]]:
    view = cypher_view.open_or_build(EVERYTHING.tables, folder)
    return list(view.ask(OWNERS, {"id": "Radar"}).rows)


def test_a_view_is_kept_and_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept(tmp_path)
    monkeypatch.setattr(cypher_view, "property_graph", None)  # nothing is built again
    assert kept(tmp_path) == first


def test_the_ends_of_a_relationship_are_known_after_opening(tmp_path: Path) -> None:
    for _ in range(2):
        view = cypher_view.open_or_build(EVERYTHING.tables, tmp_path)
        row = view.ask("MATCH (o)-[r:OWNS]->(e {id: 'Sub'}) RETURN r").rows[0]["r"]
        assert (row["source"], row["target"]) == ("Opto", "Sub")


@pytest.mark.parametrize("spoil", ["cut", "missing", "unsealed", "older"])
def test_a_spoiled_view_is_made_anew(tmp_path: Path, spoil: str) -> None:
    first = kept(tmp_path)
    place = tmp_path / "cypher"
    largest = max((path for path in place.rglob("*") if path.is_file()), key=lambda path: path.stat().st_size)
    if spoil == "cut":
        largest.write_bytes(largest.read_bytes()[:-1])
    elif spoil == "missing":
        shutil.rmtree(place / "engine")
    elif spoil == "unsealed":
        (place / "view.json").unlink()
    else:
        said = json.loads((place / "view.json").read_text(encoding="utf-8"))
        (place / "view.json").write_text(
            json.dumps(said | {"about": said["about"] | {"engine": "kglite 0.1"}}), encoding="utf-8"
        )
    assert kept(tmp_path) == first


def test_a_folder_that_cannot_be_written_costs_time_and_no_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert kept(tmp_path / "file") == kept(tmp_path)
