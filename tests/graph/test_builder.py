"""The builder: nothing is dropped silently, and no link hangs."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from listed.graph.builder import Builder, counts_of, flags_of, reasons_of
from listed.graph.model import Entity, Link, Listing, Name, SetAside, Source, Statement
from listed.graph.period import START_TOLD, Period, parse_date
from listed.graph.share import Basis, parse_share
from listed.graph.tables import Tables
from listed.graph.vocabulary import LinkType

PAPER = Source("paper", "A paper")
STAKE = Link("owner", "asset", LinkType.OWNS, share=parse_share("25-50%"), basis=Basis.SHARES)


def built(*about: Entity | Link | Listing, flags: tuple[str, ...] = ()) -> Tables:
    builder = Builder("test")
    builder.add(PAPER)
    builder.extend(Statement(one, ("paper",), f"row {row}", flags) for row, one in enumerate(about, start=1))
    return builder.finish()


def named(id_: str, name: str = "A firm", schema: str = "Company") -> Entity:
    return Entity(id_, (Name(name),), schema)


def aside(tables: Tables) -> list[tuple[str, str]]:
    return [(row["record"], row["reason"]) for row in tables["set_aside"].to_pylist()]


def entity(tables: Tables, id_: str) -> dict[str, Any]:
    (row,) = (row for row in tables["entities"].to_pylist() if row["id"] == id_)
    return dict(row)


class TestEnds:
    def test_an_end_that_is_not_in_the_file_becomes_a_placeholder(self) -> None:
        tables = built(named("owner"), STAKE)
        placeholder = entity(tables, "asset")
        assert placeholder["placeholder"] is True
        assert placeholder["name"] == "asset"
        assert placeholder["sources"] == ["paper"]
        assert placeholder["flags"] == ["id: named only as an end; not in the file"]

    def test_an_end_that_is_in_the_file_stays_as_it_is(self) -> None:
        tables = built(STAKE, named("owner"), named("asset"))
        assert tables["entities"].num_rows == 2
        assert not entity(tables, "asset")["placeholder"]

    def test_a_listed_party_that_is_not_in_the_file_becomes_a_placeholder(self) -> None:
        assert entity(built(Listing("csl:1", "US-BIS-EL")), "csl:1")["placeholder"]

    def test_a_missing_end_named_often_is_one_placeholder(self) -> None:
        tables = built(STAKE, replace(STAKE, target="other"), replace(STAKE, source="asset", target="owner"))
        assert sorted(tables["entities"]["id"].to_pylist()) == ["asset", "other", "owner"]

    def test_a_link_to_itself_is_set_aside(self) -> None:
        tables = built(named("a"), Link("a", "a", LinkType.OWNS))
        assert tables["links"].num_rows == 0
        assert aside(tables) == [("row 2", "owner and asset are the same entity")]

    def test_a_link_without_an_end_is_set_aside(self) -> None:
        tables = built(Link("a", "", LinkType.OWNS))
        assert (counts_of(tables)["links"], aside(tables)) == (0, [("row 1", "a link without an end")])

    def test_a_listing_without_a_list_is_set_aside(self) -> None:
        tables = built(named("a"), Listing("a", ""))
        assert aside(tables) == [("row 2", "a listing without an entity or a list")]


class TestStatements:
    def test_a_claim_without_a_source_is_set_aside(self) -> None:
        builder = Builder("test")
        builder.add(Statement(STAKE, (), "row 7"))
        tables = builder.finish()
        assert (tables["links"].num_rows, aside(tables)) == (0, [("row 7", "no source")])

    def test_what_a_loader_set_aside_is_kept_with_its_reason(self) -> None:
        builder = Builder("test")
        builder.add(SetAside("row 3", "no owner", "{...}"))
        tables = builder.finish()
        assert aside(tables) == [("row 3", "no owner")]
        assert reasons_of(tables["set_aside"]) == {"no owner": 1}

    def test_a_source_told_twice_is_kept_once(self) -> None:
        builder = Builder("test")
        builder.extend([PAPER, PAPER])
        assert builder.finish()["sources"].num_rows == 1

    def test_nothing_stated_is_an_empty_graph(self) -> None:
        assert set(counts_of(Builder("test").finish()).values()) == {0}

    def test_every_row_says_its_dataset_source_and_record(self) -> None:
        (row,) = built(named("owner"), named("asset"), STAKE)["links"].to_pylist()
        assert (row["dataset"], row["sources"], row["record"]) == ("test", ["paper"], "row 3")


class TestFlags:
    def test_an_entity_without_a_name_is_kept_shown_by_its_id_and_flagged(self) -> None:
        tables = built(Entity("gb-coh:1"))
        assert entity(tables, "gb-coh:1")["name"] == "gb-coh:1"
        assert flags_of(tables) == {"name": 1}

    def test_an_entity_without_an_id_is_set_aside(self) -> None:
        tables = built(named(""))
        assert (tables["entities"].num_rows, aside(tables)) == (0, [("row 1", "an entity without an id")])

    def test_a_start_that_was_only_told_is_kept_and_no_doubt_about_the_file(self) -> None:
        tables = built(Link("a", "b", LinkType.OWNS, period=Period(parse_date("2019"), told=True)))
        assert tables["links"]["flags"].to_pylist() == [[START_TOLD]]
        assert "start_date" not in flags_of(tables)

    def test_an_unknown_schema_is_kept_and_flagged(self) -> None:
        tables = built(named("a", schema="Spaceship"))
        assert entity(tables, "a")["schema"] == "Spaceship"
        assert flags_of(tables) == {"schema": 1}

    def test_a_date_that_is_none_is_unknown_and_flagged(self) -> None:
        tables = built(named("a"), Listing("a", "US-BIS-EL", Period(parse_date("Various"), parse_date("0097-06-30"))))
        (row,) = tables["listings"].to_pylist()
        assert (row["start_date"], row["start_earliest"], row["end_date"]) == (None, None, None)
        assert row["flags"] == [
            "start_date: Various: not a date",
            "end_date: 0097-06-30: a year no record can have",
        ]

    def test_an_end_before_its_start_is_flagged_for_it_holds_on_no_day(self) -> None:
        backwards = replace(STAKE, period=Period(parse_date("2020"), parse_date("2019-06")))
        rows = built(named("owner"), named("asset"), STAKE, backwards)["links"].to_pylist()
        assert [row["flags"] for row in rows] == [[], ["dates: the end is before the start"]]

    def test_a_share_that_cannot_be_read_keeps_its_text_and_is_flagged(self) -> None:
        (row,) = built(replace(STAKE, share=parse_share("0.51")))["links"].to_pylist()
        assert (row["share_min"], row["share_text"]) == (None, "0.51")
        assert row["flags"] == ["share: 0.51: a fraction or a percentage?"]

    def test_what_the_loader_flagged_comes_first_and_once(self) -> None:
        said = "name: none given"
        assert entity(built(Entity("a"), flags=("x: y", said)), "a")["flags"] == ["x: y", said]


DIFFERENT = {
    "type": replace(STAKE, type=LinkType.CONTROLS),
    "start": replace(STAKE, period=Period(parse_date("2019"))),
    "end": replace(STAKE, period=Period(end=parse_date("2019"))),
    "precision": replace(STAKE, period=Period(parse_date("2019-01"))),
    "role": replace(STAKE, role="joint venture partner"),
    "share": replace(STAKE, share=parse_share("30%")),
    "share without text": replace(STAKE, share=replace(parse_share("30%"), text=STAKE.share.text)),
    "basis": replace(STAKE, basis=Basis.VOTES),
    "directness": replace(STAKE, direct=False),
    "amount": replace(STAKE, amount=Decimal("1.50"), currency="USD"),
    "currency": replace(STAKE, amount=Decimal("1.50"), currency="CNY"),
    "direction": replace(STAKE, source="asset", target="owner"),
}


class TestIds:
    @pytest.mark.parametrize("what", DIFFERENT)
    def test_links_that_say_different_things_have_different_ids(self, what: str) -> None:
        ids = built(STAKE, DIFFERENT[what])["links"]["id"].to_pylist()
        assert len(set(ids)) == 2

    def test_all_of_them_differ_from_each_other(self) -> None:
        ids = built(STAKE, *DIFFERENT.values())["links"]["id"].to_pylist()
        assert len(set(ids)) == len(DIFFERENT) + 1

    def test_an_id_does_not_depend_on_what_else_is_in_the_file(self) -> None:
        alone = built(STAKE)["links"]["id"].to_pylist()
        assert built(named("owner"), *DIFFERENT.values(), STAKE)["links"]["id"].to_pylist()[-1:] == alone

    def test_listings_on_two_lists_have_different_ids(self) -> None:
        ids = built(Listing("a", "US-BIS-EL"), Listing("a", "US-OFAC-SDN"))["listings"]["id"].to_pylist()
        assert len(set(ids)) == 2


def test_a_load_too_large_for_memory_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    stakes = [replace(STAKE, note=str(place)) for place in range(20)]
    about: list[Entity | Link | Listing] = [named("owner"), named("asset"), *stakes, named("last")]
    small = built(*about)
    monkeypatch.setattr("listed.graph.builder.IN_MEMORY", 3)
    monkeypatch.setattr("listed.graph.builder._CHUNK", 2)
    large = built(*about)
    assert {name: table.to_pylist() for name, table in large.items()} == {
        name: table.to_pylist() for name, table in small.items()
    }
