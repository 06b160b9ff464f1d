"""GraphML (http://graphml.graphdrawing.org): opens in Gephi, yEd, igraph, networkx, Neo4j's APOC."""

from __future__ import annotations

from collections.abc import Iterable

from listed.exports.network import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Attribute, Elements, Network
from listed.exports.places import Write
from listed.exports.text_columns import data_of, joined, wrapped
from listed.exports.told import Told
from listed.graph.tables import Tables

_TYPES = {"text": "string", "list": "string", "number": "double", "truth": "boolean"}


def write_graphml(tables: Tables, write: Write, told: Told) -> None:
    """Write a graph as GraphML; ids of nodes and edges are ours, ``label`` is what to show."""
    write(b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    write("".join(_keys("node", "n", NODE_ATTRIBUTES)).encode())
    write("".join(_keys("edge", "e", EDGE_ATTRIBUTES)).encode())
    write(b'<graph edgedefault="directed">\n')
    network = Network(tables, told)
    for nodes in network.nodes():
        opening = joined('<node id="', nodes.ids, '"><data key="n_label">', nodes.label, "</data>")
        write(data_of(joined(opening, *_data("n", nodes), "</node>\n")))
    for edges in network.edges():
        opening = joined('<edge id="', edges.ids, '" source="', edges.source, '" target="', edges.target, '">')
        write(data_of(joined(opening, *_data("e", edges), "</edge>\n")))
    write(b"</graph>\n</graphml>\n")


def _keys(of: str, mark: str, attributes: Iterable[Attribute]) -> Iterable[str]:
    label = (Attribute("label", "text"),) if of == "node" else ()
    for one in (*label, *attributes):
        yield f'<key id="{mark}_{one.name}" for="{of}" attr.name="{one.name}" attr.type="{_TYPES[one.holds]}"/>\n'


def _data(mark: str, elements: Elements) -> list[object]:
    return [wrapped(f'<data key="{mark}_{name}">', text, "</data>") for name, text in elements.attributes.items()]
