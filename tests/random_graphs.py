"""Any small graph, for laws: odd names, merged parties, shares and dates of every kind."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from listed.graph.model import Address, Entity, Identifier, Link, Listing, Name
from listed.graph.period import Period, parse_date
from listed.graph.share import Basis, parse_share
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType, NameKind
from tests.graphs import graph

IDS = ("a", "b", "c", "d/é", "e'\"\\`", "中文")
_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
_dates = st.sampled_from(["", "2019", "2019-04", "2019-04-30", "0097-06-30", "Various"]).map(parse_date)
_shares = st.sampled_from(["", "51%", "1/3", "more than 25 but not more than 50%", "0", "a lot", "<5%"]).map(
    parse_share
)
_periods = st.builds(Period, _dates, _dates, st.booleans())
_names = st.lists(st.builds(Name, _texts, st.sampled_from(NameKind)), max_size=3).map(tuple)


def _entity(id_: str) -> st.SearchStrategy[Entity]:
    return st.builds(
        Entity,
        st.just(id_),
        _names,
        st.sampled_from(["Company", "Person", "LegalEntity", "Spaceship"]),
        st.lists(st.sampled_from(["cn", "us"]), max_size=2, unique=True).map(tuple),
        identifiers=st.lists(st.builds(Identifier, st.sampled_from(["lei", "own"]), st.sampled_from(["1", "2"])),
                             max_size=2).map(tuple),
        addresses=st.lists(st.builds(Address, _texts), max_size=2).map(tuple),
        properties=st.lists(st.tuples(_texts, _texts), max_size=2).map(tuple),
        note=st.one_of(st.just(""), _texts),
    )  # fmt: skip


_links = st.builds(
    Link,
    st.sampled_from(IDS),
    st.sampled_from(IDS),
    st.sampled_from(LinkType),
    period=_periods,
    share=_shares,
    basis=st.sampled_from(Basis),
    direct=st.sampled_from([None, True, False]),
    amount=st.one_of(st.none(), st.decimals(0, 10**15, places=2).map(Decimal)),
)
_listings = st.builds(
    Listing,
    st.sampled_from(IDS),
    st.sampled_from(["US-BIS-EL", "MY-LIST"]),
    period=_periods,
    citation=_texts,
    programs=st.lists(_texts, max_size=2).map(tuple),
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """Draw a graph of a few entities, links and listings."""
    entities = [draw(_entity(id_)) for id_ in IDS if draw(st.booleans())]
    links = draw(st.lists(_links, max_size=6))
    return graph(*entities, *links, *draw(st.lists(_listings, max_size=3)))
