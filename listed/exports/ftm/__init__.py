"""FollowTheMoney, an object per line (https://followthemoney.tech): for Aleph, OpenSanctions' tools, nomenklatura."""

from __future__ import annotations

from listed.exports.ftm.entities import entity_lines
from listed.exports.ftm.ids import Ids
from listed.exports.ftm.links import link_lines
from listed.exports.ftm.listings import listing_lines
from listed.exports.places import Write
from listed.exports.text_columns import data_of, plain
from listed.exports.told import Told
from listed.graph.tables import Tables


def write_ftm(tables: Tables, write: Write, told: Told) -> None:
    """Write entities, links and listings as objects that versions 3.8 and 4 of the model both take."""
    ids = Ids(plain(tables["entities"]["id"]), told)
    for name, lines in (("entities", entity_lines), ("links", link_lines), ("listings", listing_lines)):
        told.wrote(name, tables[name].num_rows)
        for part in lines(tables, ids, told):
            write(data_of(part))
    stated = sum(tables[name].num_rows for name in ("entities", "links", "listings"))
    told.lose("statements do not say where in its file the source says so, nor what else was flagged", stated)
