"""GEXF 1.2 (https://gexf.net): the format of Gephi."""

from __future__ import annotations

from collections.abc import Iterable

from listed.exports.network import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Attribute, Elements, Network
from listed.exports.places import Write
from listed.exports.text_columns import data_of, joined, wrapped
from listed.exports.told import Told
from listed.graph.tables import Tables

_TYPES = {"text": "string", "list": "liststring", "number": "double", "truth": "boolean"}


def write_gexf(tables: Tables, write: Write, told: Told) -> None:
    """Write a graph as GEXF; ``kind`` of an edge keeps Gephi from adding up those of different types."""
    write(b'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n')
    write(b'<meta><creator>Listed</creator></meta>\n<graph mode="static" defaultedgetype="directed">\n')
    write(_declared("node", "n", NODE_ATTRIBUTES))
    write(_declared("edge", "e", EDGE_ATTRIBUTES))
    network = Network(tables, told)
    write(b"<nodes>\n")
    for nodes in network.nodes():
        opening = joined('<node id="', nodes.ids, '" label="', nodes.label, '"><attvalues>')
        write(data_of(joined(opening, *_values("n", nodes), "</attvalues></node>\n")))
    write(b"</nodes>\n<edges>\n")
    for edges in network.edges():
        ends = joined('" source="', edges.source, '" target="', edges.target)
        named = joined('" label="', edges.label, '" kind="', edges.label, '"><attvalues>')
        opening = joined('<edge id="', edges.ids, ends, named)
        write(data_of(joined(opening, *_values("e", edges), "</attvalues></edge>\n")))
    write(b"</edges>\n</graph>\n</gexf>\n")


def _declared(of: str, mark: str, attributes: Iterable[Attribute]) -> bytes:
    # An attribute has an id of ours and its name as title: networkx loses one whose id is "pid".
    said = (f'<attribute id="{mark}_{one.name}" title="{one.name}" type="{_TYPES[one.holds]}"/>' for one in attributes)
    return "\n".join([f'<attributes class="{of}" mode="static">', *said, "</attributes>\n"]).encode()


def _values(mark: str, elements: Elements) -> list[object]:
    return [
        wrapped(f'<attvalue for="{mark}_{name}" value="', text, '"/>') for name, text in elements.attributes.items()
    ]
