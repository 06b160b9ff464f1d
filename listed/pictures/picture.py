"""A picture of what is around an entity: shown by a notebook as it is, or written to a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from listed.errors import ExportError, QueryError
from listed.graph.snapshot import Graph, today
from listed.graph.vocabulary import LinkType
from listed.pictures.selection import REGIME, Selection, Wish, around, owners_and_holdings
from listed.pictures.telling import counted
from listed.queries.regimes import regime as regime_of
from listed.queries.resolve import find
from listed.whole_files import write_whole

CHART_HOPS, CHART_MOST = 3, 40
MAP_HOPS, MAP_MOST = 2, 40


@dataclass(frozen=True, slots=True)
class Saved:
    """A picture that was written; ``cut_off`` counts the neighbours known to the graph that it leaves out."""

    file: str
    entity: str
    name: str
    as_of: date
    snapshot: int
    entities: int
    links: int
    cut_off: int

    def __str__(self) -> str:
        """Return it in a line."""
        return f"Wrote {self.file}: {counted(self.entities, self.links, self.cut_off)}"


@dataclass(frozen=True)
class Picture:
    """What is around an entity, as a chart of owners and holdings to print, or as a map to point at.

    Made by :func:`map_of`. In a notebook it shows itself as the chart.
    """

    graph: Graph
    entity: str
    as_of: date
    hops: int | None = None
    most: int | None = None
    types: tuple[LinkType, ...] = ()
    history: bool = False
    regime: str = REGIME
    regimes_file: str | None = None

    @cached_property
    def chart(self) -> Selection:
        """What the chart shows: owners above, holdings below, partners in ventures beside."""
        return owners_and_holdings(self.graph, self.entity, self._wish(CHART_HOPS, CHART_MOST))

    @cached_property
    def neighbours(self) -> Selection:
        """What the map shows: all links, in either direction."""
        return around(self.graph, self.entity, self._wish(MAP_HOPS, MAP_MOST))

    def _wish(self, hops: int, most: int) -> Wish:
        return Wish(
            as_of=self.as_of,
            hops=hops if self.hops is None else self.hops,
            most=most if self.most is None else self.most,
            types=self.types,
            history=self.history,
            regime=self.regime,
            regimes_file=self.regimes_file,
        )

    def svg(self) -> str:
        """Return the chart as SVG."""
        from listed.pictures.svg import svg_of

        return svg_of(self.chart)

    def png(self) -> bytes:
        """Return the chart as PNG. Raises ExportError without the package resvg-py."""
        from listed.pictures.png import png_of

        return png_of(self.svg())

    def html(self) -> str:
        """Return the map as one HTML page that needs no network. Raises ExportError without pyvis."""
        from listed.pictures.page import page_of

        return page_of(self.neighbours)

    def save(self, file: str | Path) -> Saved:
        """Write to a file, as its ending says, and return how much it shows.

        Raises
        ------
        ExportError
            If the file ends otherwise than in .svg, .png or .html, or cannot be written.
        """
        path = Path(file)
        form = path.suffix.lower()
        if form not in FORMS:
            raise ExportError(f"{path.name}: a picture ends in {', '.join(FORMS)}")
        content = self.png() if form == ".png" else (self.svg() if form == ".svg" else self.html()).encode()
        try:
            write_whole(path, content)
        except OSError as error:
            raise ExportError(f"{path}: {error.strerror}") from error
        shown = self.neighbours if form == ".html" else self.chart
        return Saved(
            file=str(path),
            entity=shown.centre.id,
            name=shown.centre.name,
            as_of=self.as_of,
            snapshot=shown.snapshot,
            entities=len(shown.parties),
            links=len(shown.ties),
            cut_off=shown.cut_off,
        )

    def _repr_svg_(self) -> str:
        return self.svg()


FORMS = (".svg", ".png", ".html")


def map_of(
    graph: Graph,
    entity: str,
    as_of: date | None = None,
    *,
    hops: int | None = None,
    most: int | None = None,
    types: Sequence[str | LinkType] = (),
    history: bool = False,
    regime: str = REGIME,
    regimes_file: str | None = None,
) -> Picture:
    """Return a picture of what is around an entity on a date.

    Parameters
    ----------
    graph, as_of
        The graph asked; the date, today by default.
    entity
        Id, identifier or name.
    hops
        How many links away; 3 on a chart and 2 on a map by default.
    most
        Most entities; 40 by default. What is left out is counted on the picture.
    types
        Only links of these types; on a chart OWNS and CONTROLS, on a map all by default.
    history
        Also what was over by then, in grey.
    regime, regimes_file
        Whose verdicts are marked; see :func:`listed.queries.verdict`.

    Raises
    ------
    UnknownEntityError, AmbiguousNameError
        If ``entity`` is not the name of exactly one.
    QueryError
        For a type or a regime there is not, or a bound of nothing.

    Examples
    --------
    >>> import datetime, listed
    >>> picture = listed.map(listed.open("bundled"), "SenseTime", datetime.date(2018, 12, 1))
    >>> len(picture.chart.parties)
    6
    """
    if any(bound is not None and bound < 1 for bound in (hops, most)):
        raise QueryError("hops and most must be at least 1")
    regime_of(regime, regimes_file)  # a wrong one is told of here, not when the picture is drawn
    id_ = graph.id_of(find(graph, entity))
    return Picture(graph, id_, as_of or today(), hops, most, _kinds(types), history, regime, regimes_file)


def _kinds(types: Sequence[str | LinkType]) -> tuple[LinkType, ...]:
    names = [part.strip().upper() for one in types for part in str(one).split(",") if part.strip()]
    for name in names:
        if name not in LinkType.__members__:
            raise QueryError(f"no link is of type {name!r} (there are: {', '.join(LinkType)})")
    return tuple(dict.fromkeys(LinkType(name) for name in names))
