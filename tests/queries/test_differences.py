"""What changed between two editions of a list: real changes told apart from spelling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from listed.editions import edition
from listed.errors import GraphNotFoundError, QueryError
from listed.graph.model import Address, Entity, Listing, Name
from listed.graph.period import Period, parse_date
from listed.graph.vocabulary import NameKind
from listed.loading import load, open_dataset
from listed.queries.differences import DiffRow, Edition, diff
from listed.terminal import show
from tests.graphs import About, firm, graph, listed, only_told, owns

DAY = date(2025, 10, 15)
EL = "US-BIS-EL"


def changes(old: tuple[About, ...], new: tuple[About, ...], **how: Any) -> list[DiffRow]:
    asked: dict[str, Any] = {"regime": "none", "as_of": DAY} | how
    return list(diff(Edition(graph(*old)), Edition(graph(*new)), **asked).rows)


def on(id_: str, name: str, *aliases: str, country: str = "cn", **said: Any) -> tuple[About, ...]:
    """A party on the Entity List."""
    names = (Name(name), *(Name(alias, NameKind.ALIAS) for alias in aliases))
    period = Period(parse_date(said.pop("start", "")), parse_date(said.pop("end", "")))
    at = tuple(Address(text) for text in [said.pop("at", "")] if text)
    return (Entity(id_, names, "Company", (country,), addresses=at), replace(Listing(id_, EL, period), **said))


def on_told(id_: str, name: str, *, start: str) -> tuple[About, ...]:
    """A party on the Entity List, of which a source tells on a day."""
    entity, listing = on(id_, name, start=start)
    return (entity, only_told(cast("Listing", listing)))


def told(rows: list[DiffRow]) -> list[tuple[str, str, str, str]]:
    return [(row.change, row.field, row.before, row.after) for row in rows]


class TestParties:
    def test_who_came_and_who_went(self) -> None:
        rows = changes(on("a", "Acme", start="2019-10-09"), on("b", "Wholly Other"))
        assert [(row.change, row.name) for row in rows] == [("added", "Wholly Other"), ("removed", "Acme")]

    def test_the_same_twice_is_no_change(self) -> None:
        assert changes(on("a", "Acme"), on("a", "Acme")) == []

    def test_another_id_is_no_change(self) -> None:
        assert changes(on("a", "Acme"), on("b", "Acme")) == []

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("Acme Optics Co., Ltd.", "Acme Optics Co. Ltd"),
            ("Acme Optics Limited", "Acme Optics"),
            ("Aviation Industry Corp of China", "Aviation Industry Corporation of China"),
            ("Yusuf Al-Hamdan Trading", "Yusuf Al Hamdan Trading"),
            ("People?s Optical Institute", "People's Optical Institute"),
        ],
    )
    def test_a_name_spelled_otherwise_is_no_party_come_or_gone(self, old: str, new: str) -> None:
        (row,) = changes(on("a", old), on("b", new))
        assert told([row]) == [("respelled", "name", old, new)]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("No. 13 Research Institute", "No. 14 Research Institute"),
            ("Acme Optics", "Beijing Acme Optics Digital Technology"),
            ("Acme Optics", "Acme Optics Holdings International"),
        ],
    )
    def test_another_party_of_a_like_name_is_another(self, old: str, new: str) -> None:
        assert {row.change for row in changes(on("a", old), on("b", new))} == {"added", "removed"}

    def test_one_of_another_country_is_another(self) -> None:
        rows = changes(on("a", "Acme", country="cn"), on("b", "Acme", country="ru"))
        assert {row.change for row in rows} == {"added", "removed"}

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (
                on("a", "Acme Optics Limited"),
                on("b", "Hill Optics", "Acme Optics Limited Works", "Acme Optics Limited"),
            ),
            (
                on("a", "Acme Optics Limited"),
                on("b", "Hill Optics", at="Beijing. Acme Optics Limited, No. 5 Hill Road"),
            ),
        ],
    )
    def test_who_stands_in_the_entry_of_another_is_maybe_still_there(
        self, old: tuple[About, ...], new: tuple[About, ...]
    ) -> None:
        rows = changes((*old, *on("c", "Hill Optics")), new)
        assert [(row.change, row.name) for row in rows] == [("maybe still there", "Acme Optics Limited")]

    def test_and_the_other_way_round_was_maybe_there_before(self) -> None:
        old = on("b", "Hill Optics", at="Beijing. Acme Optics Limited, No. 5 Hill Road")
        rows = changes(old, (*on("a", "Acme Optics Limited"), *on("c", "Hill Optics")))
        assert [(row.change, row.reason) for row in rows] == [
            ("maybe there before", "its name stands in an address of Hill Optics")
        ]

    def test_a_name_that_took_up_its_address_is_the_same_party(self) -> None:
        rows = changes(on("a", "Acme", at="6 Lothbury, London, GB"), on("b", "Acme 6 Lothbury", at="London"))
        assert told(rows) == [("respelled", "name", "Acme", "Acme 6 Lothbury")]

    @pytest.mark.parametrize("short", ["Acme", "AOI"])
    def test_a_short_name_in_brackets_makes_no_other_party(self, short: str) -> None:
        rows = changes(on("a", f"Acme Optics Institute ({short})"), on("b", "Acme Optics Institute"))
        assert {row.change for row in rows} <= {"respelled", "renamed"}

    def test_a_place_in_brackets_does(self) -> None:
        rows = changes(on("a", "Acme Optics (Suzhou)"), on("b", "Acme Optics"))
        assert {row.change for row in rows} == {"added", "removed"}

    def test_a_letter_lost_on_the_way_is_no_change_of_party(self) -> None:
        rows = changes(on("a", "Acme Co”peratief U.A."), on("b", "Acme Coöperatief U.A."))
        assert {row.change for row in rows} == {"respelled"}

    def test_a_new_name_whose_old_one_is_an_alias_now_is_a_renaming(self) -> None:
        rows = changes(on("a", "Dawning Industry"), on("b", "Sugon", "Dawning Industry"))
        assert told(rows) == [("renamed", "name", "Dawning Industry", "Sugon")]

    def test_an_id_tells_a_renaming_whatever_the_names(self) -> None:
        assert told(changes(on("a", "Alpha"), on("a", "Omega"))) == [("renamed", "name", "Alpha", "Omega")]

    def test_two_of_one_name_are_paired_one_to_one_and_a_third_is_told_as_a_split(self) -> None:
        three = (*on("c", "Acme"), *on("d", "Acme"), *on("e", "Acme"))
        rows = changes((*on("a", "Acme"), *on("b", "Acme")), three, spelling=True)
        assert [row.change for row in rows] == ["split"]


class TestTerms:
    def test_a_new_notice_is_a_change(self) -> None:
        rows = changes(on("a", "Acme", citation="84 FR 54002"), on("a", "Acme", citation="84 FR 54002; 87 FR 62202"))
        assert told(rows) == [("changed", "citation", "84 FR 54002", "84 FR 54002; 87 FR 62202")]

    def test_a_notice_cited_by_another_of_its_pages_is_spelling(self) -> None:
        old, new = on("a", "Acme", citation="76 FR 71867"), on("a", "Acme", citation="76 FR 71869, 11/21/11.")
        assert changes(old, new) == []
        assert told(changes(old, new, spelling=True))[0][:2] == ("respelled", "citation")

    def test_a_footnote_digit_and_spaces_are_spelling(self) -> None:
        old = on("a", "Acme", licence_requirement="All items. (See §744.11 of the EAR).")
        new = on("a", "Acme", licence_requirement="All items (See § 744.11 of the EAR)4")
        assert changes(old, new) == []

    def test_another_policy_is_a_change(self) -> None:
        old, new = (
            on("a", "Acme", licence_policy="Case by case"),
            on("a", "Acme", licence_policy="Presumption of denial"),
        )
        assert told(changes(old, new)) == [("changed", "licence_policy", "Case by case", "Presumption of denial")]

    def test_what_one_publisher_leaves_out_has_not_changed(self) -> None:
        old, new = on("a", "Acme", licence_policy="Presumption of denial"), on("a", "Acme")
        answer = diff(Edition(graph(*old)), Edition(graph(*new)), DAY, regime="none")
        assert answer.rows == ()
        assert answer.bounds["counts"] == {EL: {"told by one licence_policy": 1}}

    def test_a_date_of_more_precision_is_spelling(self) -> None:
        assert changes(on("a", "Acme", start="2019"), on("a", "Acme", start="2019-10-09")) == []

    def test_a_day_of_telling_beside_a_beginning_is_told_by_one_side_only(self) -> None:
        dated, told_of = on("a", "Acme", start="2024-01-31"), on_told("a", "Acme", start="2026-06-10")
        for old, new in ((told_of, dated), (dated, told_of)):
            assert changes(old, new, as_of=date(2026, 7, 1)) == []
            (row,) = changes(old, new, as_of=date(2026, 7, 1), spelling=True)
            assert row.change == "told by one"
            assert {row.before, row.after} == {"2024-01-31", "told on 2026-06-10"}

    def test_another_day_of_telling_is_no_change(self) -> None:
        old, new = on_told("a", "Acme", start="2024-01-31"), on_told("a", "Acme", start="2025-06-10")
        assert changes(old, new) == []

    def test_what_began_after_it_had_been_told_of_is_a_change(self) -> None:
        rows = changes(on_told("a", "Acme", start="2019-06-10"), on("a", "Acme", start="2024-01-31"))
        assert told(rows) == [("changed", "start_date", "told on 2019-06-10", "2024-01-31")]

    def test_a_beginning_beside_a_day_of_telling_is_compared_with_the_other_editions(self) -> None:
        (entity, dated), (_, told_of) = on("a", "Acme", start="2019-01-01"), on_told("a", "Acme", start="2020-05-01")
        both = (entity, dated, told_of)
        for old, new in ((both, on("a", "Acme", start="2018-01-01")), (on("a", "Acme", start="2018-01-01"), both)):
            (row,) = changes(old, new)
            assert (row.change, row.field) == ("changed", "start_date")
            assert {row.before, row.after} == {"2018-01-01", "2019-01-01; told on 2020-05-01"}

    @pytest.mark.parametrize("told_on", ["2018-05-01", "2020-05-01"])
    def test_a_day_of_telling_beside_the_same_beginning_is_no_change(self, told_on: str) -> None:
        dated, (_, told_of) = on("a", "Acme", start="2019-01-01"), on_told("a", "Acme", start=told_on)
        assert changes((*dated, told_of), dated) == changes(dated, (*dated, told_of)) == []

    def test_a_later_beginning_is_a_change_though_it_was_told_of_before(self) -> None:
        (entity, dated), (_, told_of) = on("a", "Acme", start="2024-01-31"), on_told("a", "Acme", start="2018-05-01")
        (row,) = changes(on_told("a", "Acme", start="2019-06-10"), (entity, dated, told_of))
        assert (row.change, row.field) == ("changed", "start_date")


class TestVerdicts:
    @pytest.mark.parametrize(
        ("day", "said"),
        [
            (DAY, ("minority", "captured")),
            (date(2025, 12, 1), ("would be minority", "would be captured")),  # suspended
            (date(2026, 12, 1), ("would be minority", "would be captured")),  # unverified
        ],
    )
    def test_a_verdict_of_a_rule_that_is_not_in_force_is_what_would_be(self, day: date, said: tuple[str, str]) -> None:
        world = (firm("sub", "Sub"), *on("a", "Acme"))
        old, new = (*world, owns("a", "sub", "40%")), (*world, owns("a", "sub", "60%"))
        (row,) = changes(old, new, regime="us-bis", as_of=day)
        assert (row.before, row.after) == said

    def test_who_was_not_in_the_graph_would_not_be_anything(self) -> None:
        old = on("a", "Acme")
        (row,) = changes(old, (*old, owns("a", "sub", "60%")), regime="us-bis", as_of=date(2026, 12, 1))
        assert (row.before, row.after) == ("not in the graph", "would be captured")

    def test_a_verdict_that_became_another_says_why(self) -> None:
        world = (firm("sub", "Sub"), *on("a", "Acme"))
        rows = changes((*world, owns("a", "sub", "40%")), (*world, owns("a", "sub", "60%")), regime="us-bis")
        assert [(row.change, row.entity, row.before, row.after) for row in rows] == [
            ("verdict", "sub", "minority", "captured")
        ]
        assert "60%" in rows[0].reason
        assert "40%" in rows[0].reason

    def test_who_is_listed_now_is_told_as_added_and_not_twice(self) -> None:
        world = (firm("sub", "Sub"), *on("a", "Acme"), owns("a", "sub", "60%"))
        rows = changes(world, (*world, listed("sub", EL)), regime="us-bis")
        assert [row.change for row in rows] == ["added"]


class TestWhatWasCompared:
    def test_a_list_that_only_one_holds_is_loaded_and_no_news(self) -> None:
        one, both = Edition(graph(firm("a"))), Edition(graph(*on("a", "Acme"), listed("b", "EU-FSF")))
        (come,) = diff(one, both, DAY, regime="none").notes
        (gone,) = diff(both, one, DAY, regime="none").notes
        assert come == "A held no EU-FSF, US-BIS-EL: these are loaded, not newly listed."
        assert gone == "B holds no EU-FSF, US-BIS-EL: these are not loaded, not delisted."

    def test_a_list_that_both_hold_needs_no_note(self) -> None:
        assert diff(Edition(graph(*on("a", "A"))), Edition(graph(*on("b", "B"))), DAY, regime="none").notes == ()

    def test_both_sides_are_named_in_the_heading_and_in_what_was_asked(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "listed.csv").write_text(f"name,country,list,start\nAcme,cn,{EL},2019-10-09\n")
        (tmp_path / "owners.csv").write_text("owner,asset,share\nAcme,Sub,60%\n")
        place = tmp_path / "graph"
        for name in ("listed", "owners"):
            load("table", [str(tmp_path / f"{name}.csv")], place, dataset=name)
        answer = diff(edition("1", place), edition("2", place), DAY, regime="none")
        assert answer.to_dict()["asked"] == {"old": f"{place} snapshot 1", "new": f"{place} snapshot 2"}
        show(answer)
        said = capsys.readouterr().out.splitlines()
        assert said[1:3] == [f"A: {place} snapshot 1", f"B: {place} snapshot 2"]
        assert f"{EL}: no change" in said


def test_a_list_that_neither_has_is_refused() -> None:
    with pytest.raises(QueryError, match="neither has a list 'MOON'"):
        changes(on("a", "Acme"), on("a", "Acme"), lists=("MOON",))


class TestDatasetsOfOneGraph:
    """Found by a reader: a list loaded twice under two names, and all of it was told as removed."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        header = "name,country,list,start\n"
        (tmp_path / "july.csv").write_text(f"{header}Acme,cn,{EL},2019-10-09\nBeta,cn,{EL},2019-10-09\n")
        (tmp_path / "november.csv").write_text(f"{header}Acme,cn,{EL},2019-10-09\nGamma,cn,{EL},2025-09-12\n")
        for name in ("july", "november"):
            load("table", [str(tmp_path / f"{name}.csv")], tmp_path / "graph", dataset=name)
        return tmp_path / "graph"

    def test_only_what_differs_between_them_is_told(self, folder: Path) -> None:
        rows = diff(edition("july", folder), edition("november", folder), DAY).rows
        assert sorted((row.change, row.name) for row in rows) == [("added", "Gamma"), ("removed", "Beta")]

    def test_a_dataset_is_the_same_as_itself(self, folder: Path) -> None:
        assert not diff(edition("july", folder), edition("july", folder), DAY).rows

    def test_one_that_is_not_there_is_told_with_those_that_are(self, folder: Path) -> None:
        with pytest.raises(GraphNotFoundError, match=r"'june' .*july, november"):
            open_dataset("june", folder)
