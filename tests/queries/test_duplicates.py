"""Proposals of duplicates: which two may be one party, why, and what a decision makes of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.matching import counted, read_cases
from listed import deciding, loading
from listed.errors import GraphNotFoundError, InputError, QueryError, UnknownEntityError
from listed.graph.blocking import candidates
from listed.graph.decisions import Decision, Decisions
from listed.graph.model import Entity, Identifier, Name
from listed.graph.party_names import party_name
from listed.graph.resemblance import PROPOSED, SURE, resemblance
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import NameKind
from listed.loading import graph_of
from listed.queries import duplicates, search
from listed.queries.duplicates import DuplicateRow
from tests.graphs import graph, items, owns

CASES = read_cases()
texts = st.one_of(st.text(), st.text(alphabet="AbcÉ.&?'’ -()商汤（）カがё́ 13ال"), st.text(alphabet="Co.,Ltd AS&(HK)"))


def party(
    id_: str,
    *names: str,
    schema: str = "Company",
    countries: tuple[str, ...] = (),
    ids: tuple[tuple[str, str], ...] = (),
    born: str = "",
    kind: NameKind = NameKind.ALIAS,
) -> Entity:
    said = (Name(names[0]), *(Name(name, kind) for name in names[1:]))
    properties = (("date_of_birth", born),) if born else ()
    identifiers = tuple(Identifier(*pair) for pair in ids)
    return Entity(id_, said, schema, countries, identifiers=identifiers, properties=properties)


def proposed(*about: Entity, least: float = 0.0) -> list[DuplicateRow]:
    return list(duplicates(graph(*about), min_score=least).rows)


def only(*about: Entity) -> DuplicateRow:
    (row,) = proposed(*about)
    return row


def score(one: str, other: str, *, person: bool = False) -> float:
    return resemblance(party_name(one), party_name(other), person=person).score


class TestOfWhom:
    WORLD = (
        party("a", "Acme Optics"),
        party("b", "Acme Optics Ltd"),
        party("c", "Beta Lens"),
        party("d", "Beta Lens Ltd"),
    )

    def test_only_pairs_of_one_entity_by_id_or_name(self) -> None:
        for of in ("a", "Acme Optics"):
            assert [(row.entity, row.other) for row in duplicates(graph(*self.WORLD), of=of).rows] == [("a", "b")]

    def test_only_pairs_of_which_a_dataset_tells_one(self) -> None:
        world = graph_of({"lists": items(*self.WORLD), "tip": items(party("t", "Beta Lens Co"), source="tip")})
        rows = duplicates(world, dataset="tip").rows
        assert {frozenset((row.entity, row.other)) for row in rows} == {frozenset("ct"), frozenset("dt")}

    def test_an_entity_told_by_two_datasets_is_of_both(self) -> None:
        same = (("lei", "529900T8BM49AURSDO55"),)
        world = graph_of({"lists": items(party("a", "Acme Optics", ids=same), party("b", "Acme Optics Ltd")),
                          "tip": items(party("t", "Acme Optics", ids=same), source="tip")})  # fmt: skip
        assert len(duplicates(world, dataset="tip").rows) == 1

    def test_an_entity_or_dataset_there_is_not_is_refused(self) -> None:
        with pytest.raises(UnknownEntityError):
            duplicates(graph(*self.WORLD), of="nobody at all")
        with pytest.raises(QueryError, match="no dataset 'moon' is loaded"):
            duplicates(graph(*self.WORLD), dataset="moon")


class TestNamesOfRealLists:
    def test_there_are_enough(self) -> None:
        assert len(CASES) >= 150

    def test_no_pair_that_is_sure_is_two_parties(self) -> None:
        wrong = [(case.one, case.other) for case in CASES if case.score >= SURE and not case.match]
        assert wrong == []

    def test_nine_in_ten_are_proposed(self) -> None:
        assert counted(CASES, [case.score for case in CASES], PROPOSED).recall >= 0.9

    def test_most_proposals_are_right(self) -> None:
        assert counted(CASES, [case.score for case in CASES], PROPOSED).precision >= 0.97

    def test_what_was_held_out_does_as_well_where_spelling_can_tell(self) -> None:
        held = [
            case for case in CASES if case.held_out and " can tell" not in case.why and "cannot tell" not in case.why
        ]
        assert counted(held, [case.score for case in held], PROPOSED).recall >= 0.9


class TestNames:
    @pytest.mark.parametrize(
        ("one", "other", "reason"),
        [
            ("Acme Optics Co., Ltd.", "ACME OPTICS CO LTD", "same name"),
            ("Acme Optics Co., Ltd.", "Acme Optics LLC", "same name but for the legal form"),
            ("Optics Acme", "Acme Optics", "same words in another order"),
            ("Sense Time Group", "SenseTime Group", "same but for the spaces"),
            ("Acme (ACM) Optics", "Acme Optics", "same name but for the legal form"),
            ("13th Research Institute", "No. 14 Research Institute", "another number: 13, 14"),
            ("Wuhan Acme Optics", "Wuxi Acme Optics", "another place: wuhan, wuxi"),
            ("Acme Software", "Acme Holding", "another business: software, holding"),
            ("Acme Group", "Acme", "another unit: group"),
            ("Acme Bolt", "Acme", "a longer name: bolt"),
            ("Acme Bolt", "Acme Cog", "other words: bolt ~ cog"),
        ],
    )
    def test_a_reason_is_given(self, one: str, other: str, reason: str) -> None:
        assert resemblance(party_name(one), party_name(other)).reason == reason

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Research Institute No. 13", "Thirteenth Research Institute"),
            ("第十三研究所", "13 Research Institute"),
            ("Fund II", "Fund 2"),
            ("Acme Co., Ltd., Chengdu, Sichuan", "Acme Co., Ltd."),
            ("Acme and its subsidiaries", "Acme"),
            ("Acme (a.k.a. Bolt", "Acme"),
            ("NII Vega", "Vega Scientific Research Institute"),
            ("CETC 48", "China Electronics Technology Group Corporation 48"),
        ],
    )
    def test_two_ways_to_write_one_name_are_proposed(self, one: str, other: str) -> None:
        assert score(one, other) >= PROPOSED

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("MEC", "MAC"),
            ("Acme Bank", "Acme"),
            ("Acme Moscow", "Acme"),
            ("第十三研究所", "第十四研究所"),
            ("Ltd.", "Co., Ltd."),
            ("Technology Co.", "Trading Co."),
            ("Bank of China", "People's Bank of China"),
            ("Ministry of Public Security", "Ministry of State Security"),
        ],
    )
    def test_another_party_is_not(self, one: str, other: str) -> None:
        assert score(one, other) < PROPOSED

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("SMITH, John", "John Smith"),
            ("J. Smith", "John Smith"),
            ("Saif Allah Tokhi", "Saifullah Tokhi"),
            ("Mykola Petrenko", "Nikolay Petrenko"),
            ("ИВАНОВ Иван", "Ivanov Ivan Petrovich"),
            ("محمد حسن العلي", "Mohammad Hassan al-Ali"),
        ],
    )
    def test_people_go_by_other_spellings_and_fewer_names(self, one: str, other: str) -> None:
        assert score(one, other, person=True) >= PROPOSED

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Boris Ivanov", "Roman Ivanov"),
            ("Ivanov", "Ivan Ivanov"),
            ("Aleksandr Petrov", "Aleksandra Petrov"),
            ("Hassan Ali", "Hussein Ali"),
            ("ZARIF, Mohammad Javad", "Mohammad Javad"),
        ],
    )
    def test_but_not_by_another_name(self, one: str, other: str) -> None:
        assert score(one, other, person=True) < PROPOSED

    @example("B0C", "BB0A")
    @given(texts, texts)
    def test_the_order_of_the_two_does_not_matter(self, one: str, other: str) -> None:
        assert score(one, other) == score(other, one)
        assert score(one, other, person=True) == score(other, one, person=True)

    @given(texts)
    def test_a_name_is_itself(self, text: str) -> None:
        assert score(text, text) == score(text, text, person=True) == 1

    @given(st.lists(texts, min_size=2, max_size=8))
    def test_blocks_pair_different_owners_once(self, names: list[str]) -> None:
        import numpy as np

        owner = np.arange(len(names), dtype=np.int32) // 2
        found = candidates(names, np.zeros(len(names), np.bool_), owner)
        pairs = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
        assert len(pairs) == len(set(pairs))
        assert all(one < other and owner[one] != owner[other] for one, other in pairs)


class TestProposals:
    def test_the_same_name_is_proposed_and_not_merged(self) -> None:
        there = graph(party("a", "Acme"), party("b", "Acme"))
        (row,) = duplicates(there).rows
        assert (row.entity, row.other, row.score, row.reason) == ("a", "b", 1, "same name")
        assert len(search(there, "Acme").rows) == 2

    def test_the_two_values_that_made_it_are_told(self) -> None:
        row = only(party("a", "Acme", "Bolt Works"), party("b", "Cog", "Bolt-Works"))
        assert (row.value, row.other_value) == ("Bolt Works", "Bolt-Works")

    @pytest.mark.parametrize("kind", [NameKind.ALIAS, NameKind.PREVIOUS])
    def test_other_names_count(self, kind: NameKind) -> None:
        assert only(party("a", "Acme Optics"), party("b", "Cog", "Acme Optics", kind=kind)).score == 1

    def test_a_weak_alias_counts_less(self) -> None:
        row = only(party("a", "Acme Optics"), party("b", "Cog", "Acme Optics", kind=NameKind.WEAK))
        assert row.score < SURE
        assert "a weak alias" in row.reason

    def test_an_acronym_alone_counts_less(self) -> None:
        row = only(party("a", "Acme Energy", "AEC"), party("b", "Atlas Estates", "AEC"))
        assert row.score < PROPOSED

    def test_a_primary_name_of_another_number_speaks_against_a_shared_alias(self) -> None:
        row = only(party("a", "13th Institute", "Hebei Semi"), party("b", "14th Institute", "Hebei Semi"))
        assert row.score < SURE
        assert "but another number: 13, 14" in row.reason

    def test_another_country_lowers(self) -> None:
        row = only(party("a", "Acme Ltd", countries=("qa",)), party("b", "Acme LLC", countries=("cn",)))
        assert row.score < PROPOSED
        assert "other countries: qa, cn" in row.reason

    def test_hong_kong_and_china_are_no_other_countries(self) -> None:
        assert only(party("a", "Acme", countries=("hk",)), party("b", "Acme", countries=("cn",))).score == 1

    def test_another_register_number_lowers(self) -> None:
        row = only(party("a", "Acme", ids=(("lei", "X1"),)), party("b", "Acme", ids=(("lei", "X2"),)))
        assert row.score < PROPOSED
        assert "another lei: X1, X2" in row.reason

    def test_a_shared_weak_number_raises(self) -> None:
        ids = (("tax-id", "RU:770012345"),)
        one, other = party("a", "Technopromexport", ids=ids), party("b", "Tekhnopromeksport", ids=ids)
        row = only(one, other)
        assert row.score > only(party("a", "Technopromexport"), party("b", "Tekhnopromeksport")).score
        assert "both have tax-id RU:770012345" in row.reason

    def test_a_shared_number_proposes_whatever_the_names(self) -> None:
        ids = (("tax-id", "RU:770012345"),)
        assert only(party("a", "Acme", ids=ids), party("b", "Zenith", ids=ids)).score >= PROPOSED

    def test_a_number_that_many_carry_says_nothing(self) -> None:
        ids = (("phone", "0001112222"),)
        assert proposed(*(party(f"e{n}", f"{chr(65 + n) * 5}", ids=ids) for n in range(8)), least=PROPOSED) == []

    def test_another_birth_date_lowers(self) -> None:
        row = only(
            party("a", "John Smith", schema="Person", born="1951-12-15"),
            party("b", "John Smith", schema="Person", born="1957"),
        )
        assert row.score < PROPOSED

    def test_a_year_of_birth_agrees_with_its_days(self) -> None:
        row = only(
            party("a", "John Smith", schema="Person", born="1951-12-15"),
            party("b", "John Smith", schema="Person", born="1951"),
        )
        assert row.score == 1

    @pytest.mark.parametrize("schemata", [("Person", "Company"), ("Vessel", "Company"), ("Vessel", "LegalEntity")])
    def test_things_of_two_kinds_are_never_one(self, schemata: tuple[str, str]) -> None:
        one, other = (party(id_, "Acme", schema=schema) for id_, schema in zip("ab", schemata, strict=True))
        assert proposed(one, other) == []

    def test_an_owner_is_not_its_asset(self) -> None:
        there = graph(party("a", "Acme Group Ltd"), party("b", "Acme Group LLC"), owns("a", "b", "100%"))
        (row,) = duplicates(there, min_score=0).rows
        assert row.score < PROPOSED
        assert "one is linked to the other" in row.reason

    def test_the_likeliest_come_first_and_the_rest_is_counted(self) -> None:
        there = graph(*(party(id_, name) for id_, name in zip("abc", ("Acme", "Acme", "Acme Ltd"), strict=True)))
        answer = duplicates(there, limit=1)
        assert [(row.entity, row.other) for row in answer.rows] == [("a", "b")]
        assert answer.bounds["cut_off"] == 2

    def test_what_is_decided_to_be_different_is_not_proposed(self) -> None:
        there = graph(party("a", "Acme"), party("b", "Acme"))
        answer = duplicates(there, decisions=Decisions((Decision("b", "a", "different"),)))
        assert (answer.rows, answer.bounds["decided"]) == ((), 1)

    @pytest.mark.parametrize("how", [{"min_score": 1.1}, {"min_score": -0.1}, {"limit": 0}])
    def test_a_bound_it_cannot_take_is_refused(self, how: dict[str, float]) -> None:
        with pytest.raises(QueryError):
            duplicates(graph(party("a", "Acme")), **how)  # type: ignore[arg-type]

    def test_a_graph_of_nothing_has_none(self) -> None:
        assert duplicates(graph_of({})).rows == ()

    def test_real_lists_of_two_days_meet(self, real_data: Path) -> None:
        with (real_data / "csl" / "csl_2022-04.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["source"].startswith("Entity List")][:400]
        old = [party(f"old{n}", row["name"]) for n, row in enumerate(rows) if row["name"]]
        new = [party(f"new{n}", row["name"].upper().replace(",", "")) for n, row in enumerate(rows) if row["name"]]
        there = graph_of({"old": items(*old, source="old"), "new": items(*new, source="new")})
        found = {(row.entity, row.other) for row in duplicates(there, min_score=SURE, limit=10_000).rows}
        met = sum((f"new{one.id[3:]}", one.id) in found for one in old)
        assert met >= 0.99 * len(old)


STAKES = "owner,asset,share\nAcme Ltd,Bolt,51%\nAcme LLC,Bolt,20%\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A graph on disk of two owners of like names."""
    (tmp_path / "stakes.csv").write_text(STAKES, encoding="utf-8")
    loading.load("table", [str(tmp_path / "stakes.csv")], tmp_path / "graph")
    return tmp_path / "graph"


def opened(folder: Path) -> Graph:
    return loading.open_(folder)


def the_pair(folder: Path) -> tuple[str, str]:
    (row,) = duplicates(opened(folder)).rows
    return row.entity, row.other


class TestDeciding:
    def test_the_same_are_one_in_the_next_snapshot(self, own: Path) -> None:
        pair = the_pair(own)
        report = deciding.decide(*pair, "same", graph=own, note="one address")
        now = opened(own)
        assert (report.snapshot, now.number, report.merged_ids) == (2, 2, 1)
        assert now.row_of(pair[0]) == now.row_of(pair[1])
        assert duplicates(now).rows == ()

    def test_an_earlier_snapshot_stays_as_it_was(self, own: Path) -> None:
        pair = the_pair(own)
        deciding.decide(*pair, "same", graph=own)
        before = loading.open_(own, 1)
        assert before.row_of(pair[0]) != before.row_of(pair[1])

    def test_the_different_are_never_proposed_again(self, own: Path) -> None:
        deciding.decide(*the_pair(own), "different", graph=own)
        assert duplicates(opened(own)).rows == ()

    def test_undone_all_is_as_before(self, own: Path) -> None:
        pair = the_pair(own)
        before = opened(own).tables["entities"]
        deciding.decide(*pair, "same", graph=own)
        deciding.decide(pair[1], pair[0], graph=own, undo=True)
        assert opened(own).tables["entities"].equals(before)
        assert the_pair(own) == pair

    def test_deciding_the_same_twice_changes_nothing(self, own: Path) -> None:
        pair = the_pair(own)
        deciding.decide(*pair, "same", graph=own)
        again = deciding.decide(*pair[::-1], "same", graph=own)
        assert (again.changed, again.snapshot) == (False, 2)

    def test_a_later_load_applies_it(self, own: Path) -> None:
        pair = the_pair(own)
        deciding.decide(*pair, "same", graph=own)
        more = own.parent / "more.csv"
        more.write_text("owner,asset,share\nDynamo,Bolt,1%\n", encoding="utf-8")
        loading.load("table", [str(more)], own)
        now = opened(own)
        assert now.row_of(pair[0]) == now.row_of(pair[1])

    def test_a_file_kept_elsewhere_is_used(self, own: Path) -> None:
        elsewhere = own.parent / "mine.csv"
        deciding.decide(*the_pair(own), "same", graph=own, decisions=elsewhere)
        loading.load("bundled", (), own, decisions=elsewhere)
        assert duplicates(opened(own), min_score=SURE).rows == ()
        assert not (own / "decisions.csv").exists()

    def test_names_will_do(self, own: Path) -> None:
        report = deciding.decide("Acme Ltd", "Acme LLC", "same", graph=own)
        assert {report.one_name, report.other_name} == {"Acme Ltd", "Acme LLC"}

    @pytest.mark.parametrize(
        ("words", "error"),
        [
            (("nobody", "Acme Ltd", "same"), UnknownEntityError),
            (("Acme Ltd", "Acme Ltd", "same"), QueryError),
            (("Acme Ltd", "Acme LLC", None), QueryError),
        ],
    )
    def test_what_cannot_be_decided_changes_nothing(self, own: Path, words: tuple[str, str, None], error: type) -> None:
        with pytest.raises(error):
            deciding.decide(*words, graph=own)
        assert opened(own).number == 1
        assert not (own / "decisions.csv").exists()

    def test_what_was_not_decided_cannot_be_undone(self, own: Path) -> None:
        with pytest.raises(QueryError, match="nothing was decided"):
            deciding.decide(*the_pair(own), graph=own, undo=True)

    def test_the_bundled_graph_stays_as_it_is(self) -> None:
        with pytest.raises(QueryError, match="load it into yours"):
            deciding.decide("a", "b", "same", graph="bundled")

    def test_without_a_graph_there_is_nothing_to_decide(self, tmp_path: Path) -> None:
        with pytest.raises(GraphNotFoundError):
            deciding.decide("a", "b", "same", graph=tmp_path)

    def test_a_broken_file_is_told_and_kept(self, own: Path) -> None:
        pair = the_pair(own)
        (own / "decisions.csv").write_text("one,other,decision\na,b,maybe\n", encoding="utf-8")
        with pytest.raises(InputError, match="row 2"):
            deciding.decide(*pair, "same", graph=own)
        assert "maybe" in (own / "decisions.csv").read_text(encoding="utf-8")

    def test_if_the_graph_cannot_be_written_the_decision_is_not_kept(
        self, own: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = the_pair(own)

        def fail(*_: object) -> None:
            raise InputError("disk full")

        monkeypatch.setattr(deciding, "remerge", fail)
        with pytest.raises(InputError, match="disk full"):
            deciding.decide(*pair, "same", graph=own)
        assert "same" not in (own / "decisions.csv").read_text(encoding="utf-8")
