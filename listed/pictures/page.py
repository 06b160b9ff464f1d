"""A map as one HTML page that asks nothing of the network: to open from a mail, or beside a notebook.

The map is pyvis's. Its own pages fetch styles and scripts from elsewhere, whatever they are told, so the
library that draws is taken from its package and put into a page of ours.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from listed.errors import ExportError
from listed.graph.vocabulary import LinkType
from listed.pictures.cards import label_lines, standing
from listed.pictures.lettering import clean, evenly
from listed.pictures.placing import ring
from listed.pictures.relations import Tie
from listed.pictures.selection import Party, Selection
from listed.pictures.telling import as_of, cited, key_of, remarks, summary, tooltip_of_party, tooltip_of_tie
from listed.queries.standing import WOULD_BE, is_conditional, look_of, verdict_in

_RED, _INK, _GREY, _LIGHT = "#a3161f", "#1b1b1b", "#8a8a8a", "#777777"
_STAKES = {LinkType.OWNS.value, LinkType.CONTROLS.value}
_MUTUAL = {
    one.value for one in (LinkType.PARTNERS_WITH, LinkType.RELATED_TO, LinkType.AFFILIATED_WITH, LinkType.LINKED_TO)
}
_FILL, _WOULD_BE_FILL = {"listed": _RED, "captured": "#d9d9d9"}, {"captured": "#ececec"}
_DASHES = {"undetermined": [6, 4], "minority": [2, 3]}
_FACE = 'Georgia, "Times New Roman", serif'

_OPTIONS = {
    "physics": {
        "solver": "forceAtlas2Based",
        "forceAtlas2Based": {"gravitationalConstant": -75, "springLength": 150, "avoidOverlap": 1, "damping": 0.6},
        "stabilization": {"iterations": 500},
    },
    "interaction": {"hover": True, "tooltipDelay": 120, "keyboard": {"enabled": True, "bindToWindow": False}},
    "layout": {"randomSeed": 7, "improvedLayout": False},
    "nodes": {"shape": "box", "margin": 9, "scaling": {"label": {"drawThreshold": 1}}},
    "edges": {"smooth": {"type": "dynamic"}, "scaling": {"label": {"drawThreshold": 1}}},
}


def page_of(selection: Selection) -> str:
    """Return the map of a selection as one HTML page.

    Raises
    ------
    ExportError
        If pyvis is not installed.
    """
    nodes, edges = _drawn(selection)
    names = {party.row: clean(party.name) for party in selection.parties}
    numbers = {id_: place for place, id_ in enumerate(selection.sources, 1)}
    page: str = _template().render(
        title=f"What is around {names[selection.centre.row]}",
        under=as_of(selection),
        summary=summary(selection),
        remarks=remarks(selection),
        key=_key(selection),
        rows=[_row(tie, names, numbers) for tie in selection.ties],
        sources=[cited(source) for source in selection.sources.values()],
        library=_raw(_library()),
        centre=_raw(_as_script(selection.centre.id)),
        nodes=_raw(_as_script(nodes)),
        edges=_raw(_as_script(edges)),
        options=_raw(_as_script(_OPTIONS)),
    )
    return page


def _drawn(selection: Selection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the nodes and edges of the map as pyvis has them."""
    try:
        from pyvis.network import Network
    except ImportError as error:
        raise ExportError("a map as HTML needs pyvis: pip install 'listed[pictures]' (an SVG needs nothing)") from error
    network = Network(directed=True)
    places = ring([party.tier for party in selection.parties])
    for party, (x, y) in zip(selection.parties, places, strict=True):
        network.add_node(party.id, x=x, y=y, **_node(selection, party))
    ids = {party.row: party.id for party in selection.parties}
    for tie in selection.ties:
        network.add_edge(ids[tie.source], ids[tie.target], **_edge(selection, tie))
    # A number for each, so that a line that is chosen can be told.
    return network.nodes, [edge | {"id": place} for place, edge in enumerate(network.edges)]


def _node(selection: Selection, party: Party) -> dict[str, Any]:
    name = evenly(clean(party.name), 15, 190)
    more = [f"+ {party.more:,} more"] if party.more else []
    below = [line for said in standing(party) for line in evenly(said, 15, 220)]
    verdict, would_be = verdict_in(party.standing), is_conditional(party.standing)
    fill = _WOULD_BE_FILL.get(verdict, "#ffffff") if would_be else _FILL.get(verdict, "#ffffff")
    edge = _RED if verdict == "listed" and party.tier else _LIGHT if would_be else _INK
    dashes = [12, 5] if party.standing == f"{WOULD_BE}captured" else _DASHES.get(verdict, False)
    colour = {"background": fill, "border": edge}
    asked = not party.tier
    return {
        "label": "\n".join([*name, *([clean(party.native)] if party.native else []), *below, *more]),
        "title": tooltip_of_party(selection, party),
        "shape": "box",
        "color": colour | {"highlight": colour, "hover": colour},
        "borderWidth": 4 if asked else 2 if verdict in ("minority", "exempt") or would_be else 1.4,
        "borderWidthSelected": 5,
        "shapeProperties": {"borderDashes": dashes, "borderRadius": 3},
        "font": {"face": _FACE, "size": 18 if asked else 15, "color": "#ffffff" if fill == _RED else _INK},
    }


def _edge(selection: Selection, tie: Tie) -> dict[str, Any]:
    stake = not _STAKES.isdisjoint(tie.types)
    colour = _GREY if tie.holds == "past" else _INK if stake else _LIGHT
    return {
        "label": "\n".join(label_lines(tie)),
        "title": tooltip_of_tie(selection, tie),
        "color": {"color": colour, "highlight": _INK, "hover": _INK},
        "width": 4 if tie.heavy else 1.5,
        "dashes": [2, 4] if tie.holds == "past" else [8, 5] if tie.holds == "possibly" else False,
        "arrows": "" if _MUTUAL.issuperset(tie.types) else "to",
        "font": {"face": _FACE, "size": 13, "color": _INK if stake else "#444444", "strokeWidth": 5},
    }


def _key(selection: Selection) -> list[tuple[str, str]]:
    """Return the marks that occur, and what they mean."""
    ties = selection.ties
    found = [(look_of(said), words) for said, words in key_of(selection)]
    lines = {
        "line heavy": ("half of the shares or more", any(tie.heavy for tie in ties)),
        "line": ("owns less, or share not known; controls", any(_is_stake(tie) and not tie.heavy for tie in ties)),
        "line other": ("another link", any(not _is_stake(tie) for tie in ties)),
        "line possibly": ("holds possibly: dates not exact", any(tie.holds == "possibly" for tie in ties)),
        "line past": ("over by this day", any(tie.holds == "past" for tie in ties)),
    }
    return found + [(style, words) for style, (words, there) in lines.items() if there]


def _is_stake(tie: Tie) -> bool:
    return not _STAKES.isdisjoint(tie.types)


def _row(tie: Tie, names: dict[int, str], numbers: dict[str, int]) -> dict[str, str]:
    cited_ = dict.fromkeys(id_ for saying in tie.sayings for id_ in saying.sources if id_ in numbers)
    told = " ".join(f"{clean(saying.sentence)}." for saying in tie.sayings)
    return {
        "source": names[tie.source],
        "link": "; ".join(label_lines(tie)),
        "target": names[tie.target],
        "told": told,
        "sources": ", ".join(f"[{numbers[id_]}]" for id_ in cited_),
    }


def _library() -> str:
    """Return the script that draws the map, as it comes with pyvis."""
    folder = resources.files("pyvis") / "templates" / "lib"
    versions = sorted((one for one in folder.iterdir() if one.name.startswith("vis-")), key=lambda one: one.name)
    script = (versions[-1] / "vis-network.min.js").read_text(encoding="utf-8")
    return script.replace("</script", "<\\/script")


def _as_script(value: Any) -> str:
    """Return a value as JSON that cannot end the script it stands in."""
    text = json.dumps(value, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _raw(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - a script of ours, or JSON that holds no "<"


def _template() -> Any:
    from jinja2 import Environment

    text = resources.files("listed.pictures").joinpath("page.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(text)
