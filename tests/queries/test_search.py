"""From what a user types to one entity; never a guess."""

from __future__ import annotations

from datetime import date

import pytest

from listed.errors import AmbiguousNameError, QueryError, UnknownEntityError
from listed.loading import bundled_graph
from listed.queries import search, show
from listed.queries.resolve import find
from tests.graphs import firm, graph, listed, owns

DAY = date(2020, 6, 1)
THERE = graph(
    firm("a", "Acme Corporation", aliases=("Bolt",), ids=(("lei", "LEI1"), ("ticker", "ACM"))),
    firm("b", "Bolt", aliases=("Shared",)),
    firm("c", "Cog Company", aliases=("Shared",), ids=(("gb-coh", "77"),)),
    firm("d", "Dynamo", ids=(("ticker", "ACM"),)),
    firm("e", "华为技术有限公司", aliases=("Huawei Technologies Co., Ltd.",)),
    owns("a", "c", "10%"),
    listed("a", "US-BIS-EL", "2019"),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a", "a"),
        ("LEI1", "a"),
        ("lei:LEI1", "a"),
        ("LEI:LEI1", "a"),
        ("Acme Corporation", "a"),
        ("  acme   CORPORATION ", "a"),
        ("gb-coh:77", "c"),
        ("华为技术有限公司", "e"),
        ("Huawei Technologies Co., Ltd.", "e"),
    ],
)
def test_one_entity_is_meant(typed: str, meant: str) -> None:
    assert THERE.id_of(find(THERE, typed)) == meant


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("Shared", {"b", "c"}), ("ACM", {"a", "d"}), ("ticker:ACM", {"a", "d"}), ("Bolt", {"a", "b"})],
)
def test_an_ambiguous_name_offers_all(typed: str, offered: set[str]) -> None:
    with pytest.raises(AmbiguousNameError) as told:
        find(THERE, typed)
    assert {id_ for id_, _ in told.value.offers} == offered


class TestAFamousName:
    """One row of a reporter's own must not take over the name that a listed firm goes by."""

    OWN = graph(firm("hik", "Hangzhou Hikvision Digital Technology", aliases=("Hikvision",)),
                listed("hik", "US-BIS-EL"), firm("own", "HIKVISION"), owns("own", "c", "12%"))  # fmt: skip

    def test_the_primary_name_of_one_and_an_alias_of_another_is_not_guessed(self) -> None:
        with pytest.raises(AmbiguousNameError) as told:
            find(self.OWN, "Hikvision")
        assert str(told.value) == (
            "2 entities are called 'Hikvision': Hangzhou Hikvision Digital Technology [hik] on US-BIS-EL, "
            "HIKVISION [own]; give an id"
        )

    def test_the_listed_one_is_offered_first_with_its_lists(self) -> None:
        with pytest.raises(AmbiguousNameError) as told:
            find(self.OWN, "hikvision")
        assert [id_ for id_, _ in told.value.offers] == ["hik", "own"]
        assert told.value.listed_on == {"hik": ("US-BIS-EL",)}

    def test_each_is_found_by_what_is_its_own(self) -> None:
        meant = [find(self.OWN, typed) for typed in ("own", "hik", "Hangzhou Hikvision Digital Technology")]
        assert [self.OWN.id_of(row) for row in meant] == ["own", "hik", "hik"]


def test_every_name_of_the_bundled_graph_means_one_entity() -> None:
    there = bundled_graph()
    names = there.tables["names"].to_pylist()
    assert all(there.id_of(find(there, one["text"])) == one["entity"] for one in names[::7])


def test_an_unknown_name_offers_the_closest() -> None:
    with pytest.raises(UnknownEntityError) as told:
        find(THERE, "Dynamoo")
    assert told.value.offers[0] == ("d", "Dynamo")


@pytest.mark.parametrize("typed", ["", "  ", "Acme Corporatio", "gb-coh:LEI1", "Beijing Huawei"])
def test_nothing_is_guessed(typed: str) -> None:
    with pytest.raises(UnknownEntityError):
        find(THERE, typed)


def test_search_puts_the_same_name_first() -> None:
    assert search(THERE, "bolt", DAY).rows[0].score == 100


def test_search_finds_an_identifier() -> None:
    assert [row.entity for row in search(THERE, "lei:LEI1", DAY).rows][:1] == ["a"]


def test_search_says_when_there_are_more() -> None:
    assert search(THERE, "Shared", DAY, limit=1).bounds["cut_off"] == "there are more"


@pytest.mark.parametrize("how", [("", 5), ("a", 0)])
def test_search_needs_a_name_and_a_limit(how: tuple[str, int]) -> None:
    with pytest.raises(QueryError):
        search(THERE, how[0], DAY, limit=how[1])


def test_show_tells_links_and_listings() -> None:
    (row,) = show(THERE, "a", DAY).rows
    assert (row.links, [one.list for one in row.listings]) == ({"OWNS": 1}, ["US-BIS-EL"])


def test_show_leaves_out_a_listing_to_come() -> None:
    (row,) = show(THERE, "a", date(2018, 6, 1)).rows
    assert row.listings == ()
