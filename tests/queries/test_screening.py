"""Screening names: who may be meant, and what is told of them. Not found is no proof."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from listed.errors import QueryError
from listed.graph.model import Entity, Name
from listed.graph.snapshot import Graph
from listed.queries import search
from listed.queries.screening import Asked, ScreenRow, screen
from tests.graphs import firm, graph, listed, only_told, owns

DAY = date(2025, 10, 15)
"""A day on which the BIS Affiliates Rule was in force."""

WORLD = (
    firm("acme", "Acme Optics Co., Ltd.", aliases=("爱克米光学有限公司",), ids=(("lei", "529900T8BM49AURSDO55"),)),
    listed("acme", "US-BIS-EL"),
    firm("sub", "Beta Lens Works"),
    owns("acme", "sub", "60%"),
    firm("maybe", "Gamma Mirrors"),
    owns("acme", "maybe", "40-60%"),
    firm("alone", "Delta Bakery"),
)


def screened(*asked: Asked | str, world: Graph | None = None, **how: Any) -> list[ScreenRow]:
    names = [one if isinstance(one, Asked) else Asked(row, one) for row, one in enumerate(asked, start=2)]
    return list(screen(world or graph(*WORLD), names, DAY, **how).rows)


class TestMatches:
    def test_a_name_in_any_of_its_spellings_is_found(self) -> None:
        for asked in ("Acme Optics", "ACME OPTICS CO LTD", "Optics Acme", "爱克米光学"):
            (row,) = screened(asked)
            assert (row.entity, row.listed_on) == ("acme", ("US-BIS-EL",)), asked

    def test_a_match_tells_its_score_and_its_reason(self) -> None:
        (row,) = screened("Akme Optics")
        assert row.match == "similar"
        assert 82 <= row.score < 100
        assert row.reason

    def test_another_number_or_town_is_no_match_however_alike(self) -> None:
        world = graph(firm("x", "No. 13 Research Institute"), firm("y", "Wuhan Optics Co., Ltd."))
        assert {row.match for row in screened("No. 14 Research Institute", "Wuxi Optics", world=world)} == {"none"}

    def test_a_part_of_a_party_is_offered_as_a_question(self) -> None:
        world = graph(firm("buaa", "Beihang University"), listed("buaa", "US-BIS-EL"))
        for asked in ("Beihang University, Beijing", "School of Computer Science, Beihang University"):
            (row,) = screened(asked, world=world)
            assert (row.match, row.entity) == ("part", "buaa"), asked
            assert "or another party?" in row.reason

    def test_a_country_reorders_and_drops_nobody(self) -> None:
        codes = ["us", "gb", "fr", "de", "it", "es", "pl", "se", "no", "fi", "dk", "ru"]
        people = [Entity(f"p{code}", (Name("Ivan Petrov"),), "Person", (code,)) for code in codes]
        rows = screened(Asked(2, "Ivan Petrov", "ru"), world=graph(*people))
        assert (rows[0].countries, rows[0].more_matches) == (("ru",), 9)

    def test_hong_kong_and_china_do_not_contradict(self) -> None:
        world = graph(Entity("acme", (Name("Acme Optics"),), "Company", ("cn",)))
        (row,) = screened(Asked(2, "Acme Optics", "hk"), world=world)
        assert (row.score, row.match) == (100, "name")

    def test_a_name_in_another_script_is_found(self) -> None:
        world = graph(firm("huawei", "华为技术有限公司"))
        (row,) = screened("Huawei Technologies Co., Ltd.", world=world)
        assert row.entity == "huawei"

    def test_an_identifier_is_sure_whatever_the_name(self) -> None:
        (row,) = screened(Asked(2, "Something else", identifiers=("lei:529900T8BM49AURSDO55",)))
        assert (row.entity, row.match, row.score) == ("acme", "identifier", 100)

    def test_a_name_unknown_has_a_row_that_says_so(self) -> None:
        (row,) = screened("Zeta Shipping")
        assert (row.match, row.entity, row.reason) == ("none", "", "nothing found in this graph")

    def test_every_name_has_a_row_also_one_asked_twice(self) -> None:
        assert [row.row for row in screened("Acme Optics", "Zeta", "Acme Optics")] == [2, 3, 4]

    def test_another_country_lowers_the_score_and_is_told(self) -> None:
        world = graph(Entity("acme", (Name("Acme Optics"),), "Company", ("cn",)))
        (same,) = screened(Asked(2, "Acme Optics", "cn"), world=world)
        (other,) = screened(Asked(2, "Acme Optics", "de"), world=world)
        assert other.score < same.score
        assert "but of cn, not de" in other.reason

    def test_names_told_apart_by_the_graph_are_all_offered_the_rest_counted(self) -> None:
        world = graph(*(firm(f"a{place}", "Acme Optics") for place in range(5)))
        rows = screened("Acme Optics", world=world, matches=2)
        assert [row.entity for row in rows] == ["a0", "a1"]
        assert {row.more_matches for row in rows} == {3}


class TestTheNearest:
    WORLD = (firm("dev", "Huawei Device Co., Ltd."), listed("dev", "US-BIS-EL"), firm("free", "Hanoi Bakery Co., Ltd."),
             owns("dev", "held", "60%"), firm("held", "Shenzhen Mirror Works"))  # fmt: skip

    def test_a_listed_name_just_below_the_limit_is_told_and_is_no_match(self) -> None:
        (row,) = screened("Huawai Device", world=graph(*self.WORLD))
        assert (row.match, row.entity, row.listed_on, row.nearest) == ("none", "", (), "dev")
        assert re.match(
            r"nothing of 82 or more; the nearest: Huawei Device Co., Ltd., 7\d.\d, on US-BIS-EL", row.reason
        )

    def test_it_cites_what_says_that_it_is_listed(self) -> None:
        (row,) = screened("Huawai Device", world=graph(*self.WORLD))
        assert row.sources == ("paper",)

    def test_one_on_no_list_is_told_too_and_counts_as_no_near_one(self) -> None:
        (row,) = screened("Hanoi Bakry", world=graph(*self.WORLD), least_score=100)
        assert (row.match, row.nearest) == ("none", "")
        near = "nothing of 100 or more; the nearest: Hanoi Bakery Co., Ltd. [free], 85, neither listed nor captured"
        assert row.reason.startswith(near)

    def test_what_search_would_offer_is_told_with_what_speaks_against_it(self) -> None:
        world = graph(firm("jv", "SMIC Beijing joint venture (Jingcheng, US$5bn)"))
        (row,) = screened("SMIC Jingcheng", world=world)
        (found, *_) = search(world, "SMIC Jingcheng", DAY).rows
        assert row.match == "none"
        assert f"[jv], {found.score:.3g}, but judged 50, neither listed nor captured (another number" in row.reason

    def test_a_chinese_name_that_leaves_some_of_it_out_is_near(self) -> None:
        world = graph(firm("inspur", "Inspur", aliases=("浪潮信息",)), listed("inspur"), firm("group", "浪潮集团"))
        for asked in ("浪潮电子信息", "浪潮电子信息产业股份有限公司"):
            (row,) = screened(asked, world=world)
            assert (row.match, row.nearest) == ("none", "inspur"), asked
            assert "may be short for what was asked: 浪潮信息" in row.reason

    def test_of_one_that_is_not_near_nothing_is_told(self) -> None:
        (row,) = screened("Hanoy Bakary", world=graph(*self.WORLD))
        assert (row.match, row.nearest, row.reason) == ("none", "", "nothing found in this graph")

    def test_one_that_a_rule_captures_is_told(self) -> None:
        (row,) = screened("Shenzen Miror Works", world=graph(*self.WORLD), least_score=100)
        assert row.nearest == "held"
        assert "held by listed or captured owners (us-bis" in row.reason

    def test_one_whose_listing_is_over_is_not(self) -> None:
        world = graph(firm("dev", "Huawei Device Co., Ltd."), listed("dev", "US-BIS-EL", "2019", "2020"))
        (row,) = screened("Huawai Device", world=world)
        assert row.nearest == ""

    def test_a_name_of_another_party_is_not_near_however_alike(self) -> None:
        world = graph(firm("x", "No. 13 Research Institute"), listed("x"))
        (row,) = screened("No. 14 Research Institute", world=world)
        assert row.nearest == ""

    def test_a_country_that_speaks_against_it_is_told(self) -> None:
        world = graph(Entity("dev", (Name("Huawei Device Co., Ltd."),), "Company", ("cn",)), listed("dev"))
        (row,) = screened(Asked(2, "Huawai Device", "de"), world=world)
        assert "but of cn, not de" in row.reason

    def test_the_counts_tell_how_many_are_near(self) -> None:
        answer = screen(graph(*self.WORLD), [Asked(1, "Huawai Device"), Asked(2, "Zeta")], DAY)
        assert (answer.bounds["without"], answer.bounds["without_but_near"]) == (2, 1)


class TestCounts:
    def test_names_are_counted_by_what_their_match_is(self) -> None:
        asked = [Asked(row, name) for row, name in enumerate(("Acme Optics", "Beta Lens Works", "Gamma Mirrors"))]
        bounds = screen(graph(*WORLD), asked, DAY).bounds
        assert (bounds["listed"], bounds["captured"], bounds["may_be_captured"]) == (1, 1, 1)

    def test_before_the_rule_was_in_force_a_name_would_be_captured(self) -> None:
        bounds = screen(graph(*WORLD), [Asked(1, "Beta Lens Works")], date(2020, 1, 1), regime="us-bis").bounds
        assert (bounds["captured"], bounds["would_be_captured"]) == (0, 1)

    def test_a_row_without_a_name_is_passed_over_and_counted(self) -> None:
        answer = screen(graph(*WORLD), [Asked(2, "Acme Optics"), Asked(3, ""), Asked(4, " ")], DAY)
        assert [row.row for row in answer.rows] == [2]
        assert (answer.bounds["names"], answer.bounds["rows_without_a_name"]) == (1, 2)
        assert "2 rows have no name and were passed over: rows 3, 4." in answer.notes

    def test_of_many_such_rows_the_first_are_named(self) -> None:
        answer = screen(graph(*WORLD), [Asked(row, "") for row in range(2, 1002)], DAY)
        assert "1,000 rows have no name and were passed over: rows 2, 3, 4, 5, 6, ...." in answer.notes


class TestWhatIsTold:
    def test_listings_come_with_dates_and_citations(self) -> None:
        world = graph(firm("acme", "Acme"), listed("acme", "US-BIS-EL", "2019-10-09"))
        (row,) = screened("Acme", world=world)
        assert row.listings[0].startswith("US-BIS-EL, since 2019-10-09")

    def test_a_listing_that_a_source_only_tells_of_is_not_said_to_have_begun_that_day(self) -> None:
        world = graph(firm("acme", "Acme"), only_told(listed("acme", "US-BIS-EL", "2019-10-09")))
        (row,) = screened("Acme", world=world)
        assert row.listings[0].startswith("US-BIS-EL, told on 2019-10-09")

    def test_an_unlisted_firm_tells_that_a_rule_captures_it_and_its_nearest_path(self) -> None:
        (row,) = screened("Beta Lens Works")
        assert row.listed_on == ()
        assert "us-bis: captured" in row.verdicts
        assert row.path == "Beta Lens Works is held 60% by Acme Optics Co., Ltd."

    def test_what_would_settle_an_undetermined_one_is_named(self) -> None:
        (row,) = screened("Gamma Mirrors")
        assert "us-bis: undetermined" in row.verdicts
        assert "captures from 50%" in row.undetermined[0]

    def test_of_a_firm_with_no_tie_nothing_is_told(self) -> None:
        (row,) = screened("Delta Bakery")
        assert (row.match, row.listed_on, row.verdicts, row.path) == ("name", (), (), "")

    def test_every_match_cites_its_sources(self) -> None:
        assert all(row.sources for row in screened("Acme Optics", "Beta Lens Works", "Delta Bakery"))

    def test_the_counts_add_up(self) -> None:
        answer = screen(graph(*WORLD), [Asked(1, "Acme Optics"), Asked(2, "Zeta")], DAY)
        assert (answer.bounds["names"], answer.bounds["with_a_match"], answer.bounds["without"]) == (2, 1, 1)


@pytest.mark.parametrize("how", [{"least_score": 50}, {"least_score": 101}, {"matches": 0}, {"regime": "moon"}])
def test_what_cannot_be_asked_is_refused(how: dict[str, Any]) -> None:
    with pytest.raises(QueryError):
        screened("Acme", **how)
