"""GraphML and GEXF: whatever is written, networkx reads back."""

from __future__ import annotations

import json
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings

from listed.graph.property_graph import BOOKKEEPING, LISTED_ON, property_graph
from listed.graph.snapshot import Graph
from listed.loading import bundled_graph
from tests.exports.exporting import CONTROLLED, HOSTILE, exported
from tests.graphs import firm, graph, listed, owns
from tests.random_graphs import graphs

Read = Callable[[Path], "nx.MultiDiGraph[str]"]


def read_graphml(path: Path) -> nx.MultiDiGraph[str]:
    return nx.MultiDiGraph(nx.read_graphml(path, force_multigraph=True))


def read_gexf(path: Path) -> nx.MultiDiGraph[str]:
    return nx.MultiDiGraph(nx.read_gexf(path))


FORMATS = pytest.mark.parametrize(("format", "read"), [("graphml", read_graphml), ("gexf", read_gexf)])


def held(value: Any) -> Any:
    """What XML makes of a value: lists are JSON, days ISO text, and some characters do not exist."""
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if hasattr(value, "isoformat"):
        value = value.isoformat()
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", value) if isinstance(value, str) else value


def attributes(row: dict[str, Any], *without: str) -> dict[str, Any]:
    known = {key: value for key, value in row.items() if value is not None and value != []}
    return {key: held(value) for key, value in known.items() if key not in (*BOOKKEEPING, *without)}


def expected(drawn: Graph) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what nodes and edges should carry, from the mapping that Cypher has."""
    mapped = property_graph(drawn.tables)
    nodes = {
        ("list:" if one.labels[0] == "List" else "") + row["id"]: {
            "kind": one.labels[0], "label": held(row.get("name") or row.get("title")), **attributes(row, "id"),
        }
        for one in mapped.nodes if one.labels[0] != "Source" for row in one.rows.to_pylist()
    }  # fmt: skip
    edges = {
        row["id"]: (row["source"], ("list:" if one.type == LISTED_ON else "") + row["target"],
                    {"type": one.type, **attributes(row, "id", "source", "target")})
        for one in mapped.relationships for row in one.rows.to_pylist()
    }  # fmt: skip
    return nodes, edges


def found(back: nx.MultiDiGraph[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    nodes = {id_: dict(data) for id_, data in back.nodes(data=True)}
    edges = {
        str(data.get("id", key)): (source, target, {k: v for k, v in data.items() if k not in ("id", "label")})
        for source, target, key, data in back.edges(keys=True, data=True)
    }
    return nodes, edges


@FORMATS
def test_every_attribute_of_the_bundled_graph_comes_back(format: str, read: Read, tmp_path: Path) -> None:
    place, _ = exported(bundled_graph(), format, tmp_path)
    assert found(read(place)) == expected(bundled_graph())


@FORMATS
@settings(max_examples=40)
@given(drawn=graphs())
def test_every_attribute_of_any_graph_comes_back(format: str, read: Read, drawn: Graph) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place, _ = exported(drawn, format, Path(folder))
        assert found(read(place)) == expected(drawn)


@FORMATS
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_comes_back(format: str, read: Read, name: str, tmp_path: Path) -> None:
    place, _ = exported(graph(owns("A", "B"), firm("A", name)), format, tmp_path)
    assert read(place).nodes["A"]["label"] == name


@FORMATS
def test_characters_that_xml_cannot_hold_are_replaced_and_counted(format: str, read: Read, tmp_path: Path) -> None:
    place, report = exported(graph(firm("A", CONTROLLED)), format, tmp_path)
    assert read(place).nodes["A"]["label"] == "bell\ufffd and unit\ufffdseparator"
    assert any("XML 1.0 cannot hold" in line for line in report.lost)


@FORMATS
def test_ids_that_xml_cannot_hold_stay_two(format: str, read: Read, tmp_path: Path) -> None:
    place, _ = exported(graph(owns("a\x01", "a\x02", "5%")), format, tmp_path)
    assert sorted(read(place).nodes) == ["a\ufffd0001", "a\ufffd0002"]


@FORMATS
def test_shares_are_numbers(format: str, read: Read, tmp_path: Path) -> None:
    place, _ = exported(graph(owns("A", "B", "25%")), format, tmp_path)
    ((_, _, data),) = read(place).edges(data=True)
    assert (data["share_min"], type(data["share_min"])) == (25.0, float)


@FORMATS
def test_an_entity_called_as_a_list_is_prefixed_stays_apart(format: str, read: Read, tmp_path: Path) -> None:
    given_graph = graph(firm("list:US-BIS-EL"), listed("list:US-BIS-EL"))
    assert set(read(exported(given_graph, format, tmp_path)[0]).nodes) == {"list:US-BIS-EL", "list::US-BIS-EL"}


@FORMATS
def test_two_links_of_a_pair_stay_two(format: str, read: Read, tmp_path: Path) -> None:
    place, _ = exported(graph(owns("A", "B", "5%", "2019"), owns("A", "B", "6%", "2020")), format, tmp_path)
    assert read(place).number_of_edges("A", "B") == 2


@FORMATS
def test_an_empty_graph_is_a_file_too(format: str, read: Read, tmp_path: Path) -> None:
    assert len(read(exported(graph(), format, tmp_path)[0])) == 0


def test_gexf_has_no_attribute_with_the_id_that_networkx_loses(tmp_path: Path) -> None:
    place, _ = exported(graph(owns("A", "B")), "gexf", tmp_path)
    declared = ElementTree.parse(place).iter("{http://www.gexf.net/1.2draft}attribute")
    assert all(one.get("id", "").startswith(("n_", "e_")) for one in declared)
