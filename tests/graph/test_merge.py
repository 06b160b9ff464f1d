"""Merging: who is the same party, what is the same claim, and that the order of loading is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.graph import adjacency
from listed.graph.builder import Builder
from listed.graph.merge import merge
from listed.graph.model import Entity, Identifier, Link, Listing, Name, Source, Statement
from listed.graph.period import START_TOLD, Period, parse_date
from listed.graph.share import Basis, parse_share
from listed.graph.snapshot import Graph
from listed.graph.tables import Tables
from listed.graph.vocabulary import LinkType

About = Entity | Link | Listing


def company(id_: str, name: str = "", **identifiers: str) -> Entity:
    names = (Name(name),) if name else ()
    return Entity(id_, names, "Company", identifiers=tuple(Identifier(*pair) for pair in identifiers.items()))


def dataset(name: str, *about: About) -> tuple[str, Tables]:
    builder = Builder(name)
    builder.add(Source(f"{name}:paper", "A paper"))
    builder.extend(Statement(one, (f"{name}:paper",), f"row {row}") for row, one in enumerate(about, start=1))
    return name, builder.finish()


def graph(*datasets: tuple[str, Tables]) -> Graph:
    tables, _ = merge(datasets)
    return Graph("test", 1, {}, tables, adjacency.build(tables))


def since(*, told: bool) -> Period:
    return Period(parse_date("2019-10-09"), told=told)


def ids(given_: Graph) -> list[str]:
    return [str(id_) for id_ in given_.tables["entities"]["id"].to_pylist()]


class TestParties:
    def test_the_same_strong_identifier_is_the_same_party(self) -> None:
        merged = graph(
            dataset("a", company("a:1", "SenseTime", lei="X1")), dataset("b", company("b:1", "商汤", lei="X1"))
        )
        assert ids(merged) == ["a:1"]
        assert [name.text for name in merged.entity(0).names] == ["SenseTime", "商汤"]

    def test_spaces_hyphens_and_capitals_of_an_identifier_do_not_count(self) -> None:
        assert ids(graph(dataset("a", company("1", "A", lei="ab-1 2"), company("2", "B", lei="AB12")))) == ["1"]

    def test_it_is_so_by_way_of_a_third(self) -> None:
        parties = [
            company("1", "A", lei="X"),
            company("2", "B", lei="X", wikidata="Q1"),
            company("3", "C", wikidata="Q1"),
        ]
        assert ids(graph(dataset("a", *parties))) == ["1"]

    def test_the_same_name_is_not(self) -> None:
        assert ids(graph(dataset("a", company("1", "Acme")), dataset("b", company("2", "Acme")))) == ["1", "2"]

    def test_the_same_value_of_another_scheme_is_not(self) -> None:
        assert ids(graph(dataset("a", company("1", "A", lei="1"), company("2", "B", duns="1")))) == ["1", "2"]

    def test_the_same_weak_identifier_is_not(self) -> None:
        assert ids(graph(dataset("a", company("1", "A", ticker="1"), company("2", "B", ticker="1")))) == ["1", "2"]

    def test_the_bundled_id_stays(self) -> None:
        assert ids(graph(dataset("a", company("a", lei="X")), dataset("bundled", company("z", lei="X")))) == ["z"]

    def test_the_id_that_went_leads_to_the_one_that_stays(self) -> None:
        merged = graph(dataset("a", company("a", lei="X")), dataset("b", company("ß:1", lei="X")))
        assert merged.row_of("ß:1") == merged.row_of("a") == 0
        assert merged.row_of("c") is None

    def test_why_they_merged_is_told(self) -> None:
        tables, report = merge([dataset("a", company("1", lei="X"), company("2", lei="X"))])
        assert tables["merged_ids"].to_pylist() == [{"id": "2", "entity": "1", "reason": "same lei X"}]
        assert report.merged_ids == 1

    def test_a_placeholder_gives_way_to_the_record(self) -> None:
        link = Link("1", "2", LinkType.OWNS)
        merged = graph(dataset("a", company("1", "A"), link), dataset("b", company("2", "B")))
        assert (merged.name_of(1), merged.entity(1).placeholder) == ("B", False)

    def test_a_record_without_a_name_takes_that_of_its_twin(self) -> None:
        merged = graph(dataset("a", company("1", lei="X")), dataset("b", company("2", "Acme", lei="X")))
        assert merged.name_of(0) == "Acme"

    def test_one_party_on_two_lists_has_two_listings(self) -> None:
        one = dataset("a", company("1", "A", lei="X"), Listing("1", "US-BIS-EL"))
        other = dataset("b", company("2", "A", lei="X"), Listing("2", "US-OFAC-SDN"))
        merged = graph(one, other)
        lists = {part["list"] for part in merged.parts("listings", 0)}
        assert (ids(merged), lists) == (["1"], {"US-BIS-EL", "US-OFAC-SDN"})

    def test_one_listing_told_by_two_datasets_is_one_with_both_sources(self) -> None:
        one, other = (dataset(name, company("1", "A"), Listing("1", "US-BIS-EL")) for name in "ab")
        (listing,) = graph(one, other).tables["listings"].to_pylist()
        assert listing["sources"] == ["a:paper", "b:paper"]

    @pytest.mark.parametrize("tells", ["a", "b"])
    def test_who_dates_a_listing_outweighs_who_only_tells_of_it_that_day(self, tells: str) -> None:
        said = [dataset(name, company("1", "A"), Listing("1", "US-BIS-EL", since(told=name == tells))) for name in "ab"]
        (listing,) = graph(*said).tables["listings"].to_pylist()
        assert (listing["start_date"], listing["flags"]) == ("2019-10-09", [])

    def test_a_listing_that_all_only_tell_of_is_told(self) -> None:
        said = [dataset(name, company("1", "A"), Listing("1", "US-BIS-EL", since(told=True))) for name in "ab"]
        (listing,) = graph(*said).tables["listings"].to_pylist()
        assert listing["flags"] == [START_TOLD]


class TestLinks:
    def test_a_claim_told_twice_by_a_dataset_is_one_link(self) -> None:
        link = Link("1", "2", LinkType.OWNS, share=parse_share("51%"))
        assert graph(dataset("a", link, link)).tables["links"].num_rows == 1

    def test_one_that_is_dated_once_and_once_only_told_is_dated(self) -> None:
        links = [Link("1", "2", LinkType.OWNS, period=since(told=told)) for told in (True, False)]
        (link,) = graph(dataset("a", *links)).tables["links"].to_pylist()
        assert START_TOLD not in link["flags"]

    def test_the_same_claim_of_two_datasets_stays_two(self) -> None:
        link = Link("1", "2", LinkType.OWNS, share=parse_share("51%"))
        assert graph(dataset("a", link), dataset("b", link)).tables["links"].num_rows == 2

    def test_votes_and_shares_in_the_same_words_stay_two(self) -> None:
        share = parse_share("75-100%")
        links = [Link("1", "2", LinkType.OWNS, share=share, basis=basis) for basis in (Basis.SHARES, Basis.VOTES)]
        assert {row["basis"] for row in graph(dataset("a", *links)).tables["links"].to_pylist()} == {"shares", "votes"}

    def test_a_link_whose_ends_turn_out_to_be_one_is_set_aside(self) -> None:
        link = Link("1", "2", LinkType.OWNS)
        tables, report = merge([dataset("a", company("1", lei="X"), company("2", lei="X"), link)])
        assert (tables["links"].num_rows, report.own_assets) == (0, 1)
        assert [row["reason"] for row in tables["set_aside"].to_pylist()] == ["owner and asset are the same entity"]

    def test_links_lead_to_the_party_that_stays(self) -> None:
        parties = [company("1", lei="X"), company("2", lei="X")]
        (link,) = graph(dataset("a", *parties, Link("2", "3", LinkType.OWNS))).tables["links"].to_pylist()
        assert (link["source"], link["target"]) == ("1", "3")


names = st.sampled_from(["", "Acme", "商汤", "Ω"])
entity_ids = st.sampled_from("uvwxyz")
parties = st.builds(
    lambda id_, name, lei, wikidata: company(id_, name, **dict(pair for pair in (lei, wikidata) if pair[1])),
    entity_ids,
    names,
    st.tuples(st.just("lei"), st.sampled_from(["", "1", "2"])),
    st.tuples(st.just("wikidata"), st.sampled_from(["", "", "Q1"])),
)
links = st.builds(
    Link,
    entity_ids,
    entity_ids,
    st.sampled_from([LinkType.OWNS, LinkType.SUPPLIES]),
    share=st.sampled_from(["51%", "", "<5", "0"]).map(parse_share),
    basis=st.sampled_from([Basis.SHARES, Basis.VOTES]),
    period=st.sampled_from(["", "2019"]).map(lambda start: Period(parse_date(start))),
)
listings = st.builds(Listing, entity_ids, st.sampled_from(["US-BIS-EL", "US-OFAC-SDN"]))
abouts = st.lists(st.one_of(parties, links, listings), max_size=8)


def as_set(tables: Tables) -> dict[str, set[str]]:
    """The rows of each table, each with its lists sorted, in no order."""
    return {name: {repr(_plain(row)) for row in table.to_pylist()} for name, table in tables.items()}


def _plain(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(key, sorted(value) if isinstance(value, list) else value) for key, value in row.items()]


class TestLaws:
    @given(abouts, abouts, abouts, st.permutations([0, 1, 2]))
    def test_the_order_of_loading_changes_nothing(
        self, one: Sequence[About], other: Sequence[About], third: Sequence[About], order: Sequence[int]
    ) -> None:
        datasets = [dataset("a", *one), dataset("bundled", *other), dataset("c", *third)]
        tables, report = merge(datasets)
        mixed, again = merge([datasets[place] for place in order])
        assert as_set(mixed) == as_set(tables)
        assert again == report

    @given(abouts, abouts)
    def test_every_end_is_an_entity_and_no_entity_its_own_asset(
        self, one: Sequence[About], other: Sequence[About]
    ) -> None:
        tables, _ = merge([dataset("a", *one), dataset("b", *other)])
        known = tables["entities"]["id"].to_pylist()
        assert known == sorted(set(known))
        for link in tables["links"].to_pylist():
            assert {link["source"], link["target"]} <= set(known)
            assert link["source"] != link["target"]
        assert {row["entity"] for row in tables["listings"].to_pylist()} <= set(known)

    @given(abouts, abouts)
    def test_every_id_ever_stated_still_leads_somewhere(self, one: Sequence[About], other: Sequence[About]) -> None:
        parts = [dataset("a", *one), dataset("b", *other)]
        merged = graph(*parts)
        for _, tables in parts:
            assert all(merged.row_of(id_) is not None for id_ in tables["entities"]["id"].to_pylist())

    @given(abouts)
    def test_no_two_links_share_an_id(self, about: Sequence[About]) -> None:
        found = merge([dataset("a", *about)])[0]["links"]["id"].to_pylist()
        assert len(found) == len(set(found))


@pytest.mark.parametrize("count", [0, 1])
def test_little_or_nothing_merges_into_little_or_nothing(count: int) -> None:
    tables, report = merge([dataset("a", *[company("1", "A")][:count])])
    assert (tables["entities"].num_rows, report.merged_ids, report.own_assets) == (count, 0, 0)
