"""What a verdict says besides its word: why, since when, what is open, and what it does not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from listed.errors import InputError, QueryError
from listed.graph.model import Link
from listed.graph.share import Basis
from listed.graph.snapshot import Graph
from listed.graph.vocabulary import LinkType
from listed.queries.look_through import look_through_holdings, look_through_owners
from listed.queries.regimes import regime, regimes
from listed.queries.remembering import DAYS_KEPT
from listed.queries.rules import VerdictRow, affiliates, verdict
from listed.queries.timelines import timeline
from tests.queries.rule_graphs import BIS_DAY, LATER, graph, on, owns, party, ruling, says

EL, MEU = "US-BIS-EL", "US-BIS-MEU"
AFTER_BIS = date(2026, 11, 10)
SEVERAL_TIERS = graph(on("X"), owns("X", "H", 60), owns("H", "T", 40), other=[on("Y"), owns("Y", "T", 10)])


class TestDerivation:
    def test_it_goes_up_tier_by_tier(self) -> None:
        h, y = ruling(SEVERAL_TIERS, "T").grounds
        assert (h.owner, h.owner_verdict, h.share_min, [one.owner for one in h.grounds]) == (
            "H",
            "captured",
            Decimal(40),
            ["X"],
        )
        assert (y.owner, y.owner_verdict, y.share_min, y.grounds) == ("Y", "listed", Decimal(10), ())

    def test_the_largest_stake_comes_first(self) -> None:
        told = graph(on("X"), on("Y"), owns("X", "A", 20), owns("Y", "A", 35))
        assert [one.owner for one in ruling(told, "A").grounds] == ["Y", "X"]

    def test_every_stake_names_its_sources(self) -> None:
        h, y = ruling(SEVERAL_TIERS, "T").grounds
        assert (h.sources, h.grounds[0].sources, y.sources) == (("one",), ("one",), ("other",))

    def test_the_answer_tells_of_every_source_cited(self) -> None:
        assert set(verdict(SEVERAL_TIERS, "T", LATER, regime="us-ofac").sources) == {"one", "other"}

    def test_it_names_the_lists_of_a_listed_owner(self) -> None:
        told = graph(on("X"), on("X", EL), owns("X", "A", 60))
        assert ruling(told, "A").grounds[0].listed_on == (EL, "US-OFAC-SDN")

    def test_a_loop_ends_where_it_began(self) -> None:
        told = graph(on("X"), owns("X", "A", 60), owns("A", "B", 60), owns("B", "A", 30))
        x, b = ruling(told, "A").grounds
        (back,) = b.grounds
        assert (x.owner, b.owner, back.owner, back.seen, back.grounds) == ("X", "B", "A", True, ())

    def test_an_owner_by_two_chains_is_told_of_where_it_is_nearest(self) -> None:
        # X holds A at once and over B and C: the longer chain only names X.
        told = graph(on("X"), owns("B", "A", 40), owns("X", "A", 10), owns("C", "B", 60), owns("X", "C", 60))
        b, x = ruling(told, "A").grounds
        assert (x.seen, b.grounds[0].grounds[0].owner, b.grounds[0].grounds[0].seen) == (False, "X", True)

    def test_a_chain_of_fifty_tiers_is_told_to_its_end(self) -> None:
        told = graph(on("E0"), *(owns(f"E{one}", f"E{one + 1}", 100) for one in range(50)))
        tiers, below = 0, ruling(told, "E50").grounds
        while below:
            tiers, below = tiers + 1, below[0].grounds
        assert tiers == 50

    def test_an_owner_who_is_neither_listed_nor_captured_is_no_ground(self) -> None:
        told = graph(on("X"), owns("X", "A", 50), owns("Z", "A", 50))
        assert [one.owner for one in ruling(told, "A").grounds] == ["X"]

    def test_what_they_hold_is_their_sum(self) -> None:
        row = ruling(SEVERAL_TIERS, "T")
        assert (held(row), row.threshold == 50) == ((50, 50), True)

    def test_what_they_hold_is_the_largest_stake_where_the_rule_does_not_add(self) -> None:
        told = graph(on("A", "GB-OFSI"), on("B", "GB-OFSI"), owns("A", "K", 30), owns("B", "K", 25))
        assert ruling(told, "K", regime="uk").held_min == 30

    def test_the_paragraph_names_the_share_the_threshold_and_who(self) -> None:
        assert ruling(SEVERAL_TIERS, "T").paragraph == (
            "As of 2025-01-01: Listed or captured owners hold 50% of T; the OFAC 50 Percent Rule asks for "
            "at least 50%: H holds 40% (captured); Y holds 10% (listed)."
        )

    def test_no_known_stake_is_not_called_proof(self) -> None:
        assert "not proof" in ruling(graph(on("X"), party("A")), "A").paragraph


class TestUndetermined:
    def test_it_names_the_stake_that_would_settle_it_and_from_which_share(self) -> None:
        told = graph(on("X"), on("Y"), owns("X", "A", 20), owns("Y", "A"))
        (open_,) = ruling(told, "A").open
        assert (open_.owner, open_.share, open_.captures_from) == ("Y", "share unknown", Decimal(30))

    def test_more_than_half_is_a_hair_more_than_exactly_half(self) -> None:
        told = graph(on("X", "GB-OFSI"), owns("X", "A", "[40,60]"))
        assert ruling(told, "A", regime="uk").open[0].captures_from == Decimal("50.000001")

    def test_the_others_do_not_help_where_the_rule_does_not_add(self) -> None:
        told = graph(on("X", "GB-OFSI"), on("Y", "GB-OFSI"), owns("X", "A", 20), owns("Y", "A"))
        assert ruling(told, "A", regime="uk").open[0].captures_from == Decimal("50.000001")

    def test_an_owner_who_is_undetermined_leaves_its_asset_so(self) -> None:
        told = graph(on("X"), owns("X", "A"), owns("A", "B", 100))
        row = ruling(told, "B")
        assert (row.verdict, held(row), row.open[0].owner) == ("undetermined", (0, 100), "A")

    def test_what_others_certainly_hold_leaves_no_more_than_the_rest(self) -> None:
        told = graph(on("X"), owns("X", "A"), owns("Z", "A", 30))
        assert ruling(told, "A").held_max == 70

    def test_a_listing_that_may_have_begun_leaves_its_party_undetermined(self) -> None:
        assert says(graph(on("X", since="2025")), "X", date(2025, 6, 1)) == "undetermined"

    def test_a_party_that_may_be_listed_is_not_said_to_be_held(self) -> None:
        told = graph(on("X", "US-OFAC-NS-CMIC", since="2025"))
        paragraph = ruling(told, "X", date(2025, 6, 1), "us-cmic").paragraph
        assert "cannot be told whether X is itself on a list" in paragraph

    def test_a_listing_of_the_owner_that_may_have_begun_leaves_the_asset_undetermined(self) -> None:
        told = graph(on("X", since="2025"), owns("X", "A", 60))
        assert says(told, "A", date(2025, 6, 1)) == "undetermined"

    def test_a_stake_that_may_have_begun_leaves_it_undetermined(self) -> None:
        told = graph(on("X"), owns("X", "A", 60, "2025"))
        assert [says(told, "A", date(*day)) for day in ((2024, 12, 31), (2025, 6, 1), (2026, 1, 1))] == [
            "none", "undetermined", "captured",
        ]  # fmt: skip


class TestWhatDoesNotCount:
    @pytest.mark.parametrize("basis", [Basis.VOTES, Basis.BOARD, Basis.CONSOLIDATION])
    def test_only_shares_capture(self, basis: Basis) -> None:
        assert says(graph(on("X"), owns("X", "A", 100, basis=basis)), "A") == "none"

    @pytest.mark.parametrize(
        "type_", [type_ for type_ in LinkType if type_ not in (LinkType.OWNS, LinkType.SUCCEEDS)], ids=str
    )
    @pytest.mark.parametrize("rule", ["us-ofac", "us-bis"])
    def test_no_other_kind_of_link_captures(self, type_: LinkType, rule: str) -> None:
        told = graph(on("X"), on("X", EL), Link("X", "A", type_))
        row = ruling(told, "A", BIS_DAY, rule)
        assert (row.verdict, row.control_indicated) == ("none", ())

    def test_a_director_who_is_listed_does_not_carry_the_rule_on(self) -> None:
        # The person directs D, and D owns all of E (opensanctions 4496, 4890).
        told = graph(on("P"), Link("P", "D", LinkType.OFFICER_OF), owns("D", "E", 100))
        assert says(told, "E") == "none"

    def test_votes_are_not_added_to_shares(self) -> None:
        told = graph(on("X"), owns("X", "A", 30), owns("X", "A", 80, basis=Basis.VOTES))
        assert says(told, "A") == "minority"

    def test_a_listed_child_captures_no_parent(self) -> None:
        assert says(graph(on("C"), owns("P", "C", 100)), "P") == "none"

    def test_an_indirect_claim_is_only_possible(self) -> None:
        assert says(graph(on("X"), owns("X", "A", 60, direct=False)), "A") == "undetermined"

    def test_an_indirect_claim_is_not_added_to_a_direct_one(self) -> None:
        told = graph(on("X"), owns("X", "A", 30, direct=True), owns("X", "A", 30, direct=False))
        assert ruling(told, "A").held_max == 30


class TestControl:
    @pytest.mark.parametrize(("rule", "list_"), [("eu", "EU-FSF"), ("uk", "GB-OFSI")])
    @pytest.mark.parametrize(
        "link",
        [
            owns("X", "A", type_=LinkType.CONTROLS),
            owns("X", "A", 60, basis=Basis.VOTES),
            owns("X", "A", 60, basis=Basis.BOARD),
        ],
        ids=["control", "votes", "board"],
    )
    def test_it_is_indicated_beside_the_verdict(self, rule: str, list_: str, link: Link) -> None:
        row = ruling(graph(on("X", list_), link), "A", regime=rule)
        assert (row.verdict, len(row.control_indicated)) == ("none", 1)

    def test_half_and_most_directors_is_control_only_in_the_uk(self) -> None:
        told = graph(on("X", "GB-OFSI"), owns("X", "A", 50), owns("X", "A", 60, basis=Basis.BOARD))
        row = ruling(told, "A", regime="uk")
        assert (row.verdict, len(row.control_indicated)) == ("minority", 1)

    def test_control_that_is_over_is_not_indicated(self) -> None:
        told = graph(on("X", "EU-FSF"), owns("X", "A", until="2020", type_=LinkType.CONTROLS))
        assert ruling(told, "A", regime="eu").control_indicated == ()

    @pytest.mark.parametrize(
        "held", [owns("A", "B", 100), owns("A", "B", type_=LinkType.CONTROLS), owns("A", "B", 60, basis=Basis.BOARD)]
    )
    def test_what_a_controlled_firm_holds_or_controls_is_indicated(self, held: Link) -> None:
        told = graph(on("X", "GB-OFSI"), owns("X", "A", type_=LinkType.CONTROLS), held)
        (said,) = ruling(told, "B", regime="uk").control_indicated
        assert said.endswith("; A may itself be controlled by a party that is listed or captured")

    def test_it_comes_down_through_many_tiers(self) -> None:
        control = owns("X", "A", type_=LinkType.CONTROLS), owns("B", "C", type_=LinkType.CONTROLS)
        told = graph(on("X", "GB-OFSI"), *control, owns("A", "B", 60), owns("C", "D", 60))
        assert len(ruling(told, "D", regime="uk").control_indicated) == 1

    def test_a_small_stake_of_a_controlled_firm_is_no_control(self) -> None:
        told = graph(on("X", "GB-OFSI"), owns("X", "A", type_=LinkType.CONTROLS), owns("A", "B", 20))
        assert ruling(told, "B", regime="uk").control_indicated == ()

    def test_a_few_votes_do_not_bring_control_down(self) -> None:
        told = graph(on("X", "GB-OFSI"), owns("X", "A", 20, basis=Basis.VOTES), owns("A", "B", 100))
        assert ruling(told, "B", regime="uk").control_indicated == ()

    def test_of_votes_told_twice_the_later_word_holds(self) -> None:
        votes = owns("X", "A", 60, "2015", basis=Basis.VOTES), owns("X", "A", 10, "2020", basis=Basis.VOTES)
        assert ruling(graph(on("X", "GB-OFSI"), *votes, owns("A", "B", 100)), "B", regime="uk").control_indicated == ()

    def test_firms_that_control_each_other_are_under_nobodys_control(self) -> None:
        loop = owns("A", "B", type_=LinkType.CONTROLS), owns("B", "A", type_=LinkType.CONTROLS)
        assert ruling(graph(on("X", "GB-OFSI"), *loop, owns("X", "C", 60)), "A", regime="uk").control_indicated == ()

    def test_a_rule_without_a_limb_of_control_says_nothing_of_it(self) -> None:
        told = graph(on("X"), owns("X", "A", type_=LinkType.CONTROLS), owns("A", "B", 100))
        assert ruling(told, "B").control_indicated == ()

    def test_control_by_a_party_that_is_not_listed_is_not_indicated(self) -> None:
        told = graph(on("X", "EU-FSF"), owns("Z", "A", type_=LinkType.CONTROLS))
        assert ruling(told, "A", regime="eu").control_indicated == ()


class TestLists:
    def test_the_bis_rule_adds_over_lists(self) -> None:
        told = graph(on("X", EL), on("Y", MEU), owns("X", "A", 25), owns("Y", "A", 25))
        assert says(told, "A", BIS_DAY, "us-bis") == "captured"

    @pytest.mark.parametrize("list_", ["US-BIS-UVL", "US-BIS-DPL"])
    def test_unverified_and_denied_parties_do_not_seed_it(self, list_: str) -> None:
        assert says(graph(on("X", list_), owns("X", "A", 100)), "A", BIS_DAY, "us-bis") == "none"

    @pytest.mark.parametrize(
        ("program", "said"),
        [("RUSSIA-EO14024", "captured"), ("SDGT", "captured"), ("UKRAINE-EO13662", "captured"), ("CUBA", "none"),
         ("IRAN", "none"), ("X-SDGT", "none")],
    )  # fmt: skip
    def test_only_some_programmes_of_the_sdn_list_seed_it(self, program: str, said: str) -> None:
        told = graph(on("X", programs=(program,)), owns("X", "A", 60))
        assert says(told, "A", BIS_DAY, "us-bis") == said

    def test_every_programme_of_the_sdn_list_seeds_the_ofac_rule(self) -> None:
        assert says(graph(on("X", programs=("CUBA",)), owns("X", "A", 60)), "A") == "captured"

    def test_sdn_and_ssi_stakes_are_not_added(self) -> None:
        told = graph(on("X"), on("Y", "US-OFAC-SSI"), owns("X", "A", 25), owns("Y", "A", 25))
        assert [says(told, "A", regime=rule) for rule in ("us-ofac", "us-ssi")] == ["minority", "minority"]

    def test_the_bis_rule_does_not_cover_entities_of_the_us(self) -> None:
        told = graph(on("X", EL), party("A", country="us"), owns("X", "A", 100))
        assert says(told, "A", BIS_DAY, "us-bis") == "exempt"

    def test_what_they_own_is_owned_indirectly(self) -> None:
        told = graph(on("X", EL), party("A", country="us"), owns("X", "A", 100), owns("A", "B", 100))
        assert says(told, "B", BIS_DAY, "us-bis") == "captured"

    def test_the_ofac_rule_covers_them(self) -> None:
        assert says(graph(on("X"), party("A", country="us"), owns("X", "A", 100)), "A") == "captured"

    def test_a_listed_entity_of_the_us_is_listed(self) -> None:
        assert says(graph(party("X", country="us"), on("X", EL)), "X", BIS_DAY, "us-bis") == "listed"

    def test_a_listing_that_is_over_does_not_count(self) -> None:
        told = graph(on("X", until="2020-01-01"), owns("X", "A", 60))
        assert [says(told, "A", date(*day)) for day in ((2019, 6, 1), (2020, 1, 2))] == ["captured", "none"]

    def test_a_list_the_graph_does_not_hold_is_told(self) -> None:
        answer = verdict(graph(on("X", EL)), "X", BIS_DAY, regime="us-bis")
        assert answer.notes == ("us-bis also covers US-BIS-MEU, US-OFAC-SDN, of which this graph holds nothing.",)

    def test_a_timeline_tells_it_too(self) -> None:
        assert (
            timeline(graph(on("X", EL)), "X", BIS_DAY).notes
            == verdict(graph(on("X", EL)), "X", BIS_DAY, regime="us-bis").notes
        )

    def test_without_any_of_its_lists_the_graph_says_that_it_can_say_nothing(self) -> None:
        assert "it can say nothing of A" in ruling(graph(party("A")), "A").paragraph


class TestWords:
    def test_a_listed_one_is_told_with_its_list_and_its_day(self) -> None:
        row = ruling(graph(on("X", since="2020-03-01")), "X")
        assert "X is itself listed: US-OFAC-SDN, since 2020-03-01." in row.paragraph

    def test_a_rule_without_a_list_in_the_graph_says_so_apart_from_the_verdict(self) -> None:
        row = ruling(graph(on("X"), owns("X", "A", 60)), "A", regime="uk")
        assert (row.verdict, row.no_list, row.lists_missing) == ("none", True, ("GB-OFSI",))

    def test_a_rule_some_of_whose_lists_are_there_is_not_without_one(self) -> None:
        assert not ruling(graph(on("X"), owns("X", "A", 60)), "A").no_list

    def test_a_name_that_ends_in_a_stop_ends_a_sentence_with_one(self) -> None:
        row = ruling(graph(party("A Co., Ltd.")), "A Co., Ltd.", regime="uk")
        assert row.paragraph.endswith("so it can say nothing of A Co., Ltd.")

    def test_a_day_to_come_is_noted(self) -> None:
        assert any("yet to come" in note for note in verdict(graph(party("A")), "A", date(2199, 1, 1)).notes)


class TestTerms:
    def test_the_strictest_come_first(self) -> None:
        told = graph(
            on("X", EL, policy="Case-by-case review"), on("Y", EL, policy="Presumption of denial"),
            owns("X", "A", 70), owns("Y", "A", 10),
        )  # fmt: skip
        assert [one.owner for one in ruling(told, "A", BIS_DAY, "us-bis").terms] == ["Y", "X"]

    def test_those_not_stated_come_before_all(self) -> None:
        told = graph(on("X", EL, policy="Presumption of denial"), on("Y", EL), owns("X", "A", 70), owns("Y", "A", 10))
        assert [one.owner for one in ruling(told, "A", BIS_DAY, "us-bis").terms] == ["Y", "X"]

    def test_they_come_down_from_the_top_of_the_chain(self) -> None:
        told = graph(on("X", EL, policy="Policy of denial"), owns("X", "A", 60), owns("A", "B", 60))
        assert [one.licence_policy for one in ruling(told, "B", BIS_DAY, "us-bis").terms] == ["Policy of denial"]

    def test_a_minority_stake_brings_none(self) -> None:
        told = graph(on("X", EL, policy="Policy of denial"), owns("X", "A", 10))
        assert ruling(told, "A", BIS_DAY, "us-bis").terms == ()


HELD = graph(on("X", EL), owns("X", "A", 60))


class TestInForce:
    @pytest.mark.parametrize(
        ("day", "said", "status"),
        [
            (date(2025, 9, 28), "not_in_force", "not_in_force"),
            (date(2025, 9, 29), "captured", "in_force"),
            (date(2025, 11, 9), "captured", "in_force"),
            (date(2025, 11, 10), "not_in_force", "suspended"),
            (date(2026, 11, 9), "not_in_force", "suspended"),
            (AFTER_BIS, "unverified", "unverified"),
        ],
    )
    def test_the_bis_rule_on_the_days_it_turned(self, day: date, said: str, status: str) -> None:
        row = ruling(HELD, "A", day, "us-bis")
        assert (row.verdict, row.status) == (said, status)

    @pytest.mark.parametrize("day", [date(2025, 1, 1), date(2026, 3, 1), AFTER_BIS])
    def test_out_of_force_it_says_what_would_be(self, day: date) -> None:
        assert ruling(HELD, "A", day, "us-bis").would_be == "captured"

    def test_in_force_it_does_not(self) -> None:
        assert ruling(HELD, "A", BIS_DAY, "us-bis").would_be == ""

    def test_a_listed_party_is_listed_whether_or_not_the_rule_is_in_force(self) -> None:
        assert says(HELD, "X", date(2026, 3, 1), "us-bis") == "listed"

    def test_the_paragraph_says_that_it_is_suspended_and_by_what(self) -> None:
        assert (
            "is suspended (90 FR 50857). Were it in force:" in ruling(HELD, "A", date(2026, 3, 1), "us-bis").paragraph
        )

    def test_the_paragraph_says_that_it_is_unverified(self) -> None:
        assert "is in force is unverified" in ruling(HELD, "A", AFTER_BIS, "us-bis").paragraph

    def test_all_regimes_answer_when_none_is_named(self) -> None:
        assert [row.regime for row in verdict(HELD, "A", LATER).rows] == list(regimes())


class TestUsersFile:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "regimes.toml"

    def test_it_overrides_the_timeline(self, file: Path) -> None:
        file.write_text(
            "[us-bis]\n"
            "timeline = [{ from = 2026-11-10, status = 'in_force', citation = 'a notice', verified = true }]\n"
        )
        (row,) = verdict(HELD, "A", AFTER_BIS, regime="us-bis", regimes_file=file).rows
        assert (row.verdict, row.status_citation) == ("captured", "a notice")

    def test_it_leaves_the_rest_of_the_regime_as_it_is(self, file: Path) -> None:
        file.write_text("[us-bis]\nthreshold = '25'\n")
        assert regime("us-bis", file).lists == regime("us-bis").lists

    def test_it_adds_a_regime(self, file: Path) -> None:
        file.write_text(
            "[mine]\ntitle = 'Mine'\nlists = ['US-BIS-EL']\nthreshold = '25'\ninclusive = true\naggregates = true\n"
            "flows_down = true\nus_entities = true\ncontrol = false\ncitation = 'a memo'\nverified = true\n"
            "timeline = [{ status = 'in_force', citation = 'a memo', verified = true }]\n"
        )
        told = graph(on("X", EL), owns("X", "A", 25))
        assert verdict(told, "A", LATER, regime="mine", regimes_file=file).rows[0].verdict == "captured"

    @pytest.mark.parametrize(
        "text",
        [
            "[us-bis",
            "us-bis = 3",
            "[mine]\ntitle = 'Mine'",
            "[us-bis]\nthreshold = 'half'",
            "[us-bis]\nthreshold = '101'",
            "[us-bis]\ntimeline = [{ status = 'paused', citation = '', verified = true }]",
            "[us-bis]\ntimeline = [{ status = 'in_force', verified = true }]",
            "[us-bis]\ntimeline = [{ from = 'soon', status = 'in_force', citation = '', verified = true }]",
            "[us-bis]\ntimeline = []",
            "[us-bis]\ntimeline = 'always'",
            "[us-bis]\nlists = 'US-BIS-EL'",
            "[us-bis]\nlists = 3",
            "[us-bis]\ninclusive = 'false'",
            "[us-bis]\nthreshhold = '25'",
            "[us-bis]\ntimeline = [3]",
            "[us-bis]\nprograms = 3",
            "[us-bis.programs]\nUS-OFAC-SDN = '('",
            "[us-bis.programs]\nUS-OFAC-SDN = 3",
            "[us-bis.programs]\nUS-OFAC-SSI = 'A'",
            "[us-bis]\nlists = []",
            "[us-bis]\nthreshold = '0'",
            "[us-bis]\n[us-bis]",
            "[us-bis]\ntimeline = [{ from = 2025-02-01, to = 2025-01-01, status = 'in_force', citation = '',\n"
            "verified = true }]",
            "[us-bis]\ntimeline = [{ to = 2025-02-01, status = 'in_force', citation = '', verified = true },\n"
            "{ from = 2025-02-01, status = 'suspended', citation = '', verified = true }]",
            "[us-bis]\ntimeline = [{ status = 'in_force', citation = '', verified = true },\n"
            "{ from = 2025-02-01, status = 'suspended', citation = '', verified = true }]",
        ],
    )
    def test_a_broken_one_is_one_clear_error(self, file: Path, text: str) -> None:
        file.write_text(text)
        with pytest.raises(InputError, match=r"regimes\.toml") as told:
            verdict(HELD, "A", LATER, regime="us-bis", regimes_file=file)
        assert "\n" not in str(told.value)

    def test_one_that_is_not_text_is_one_clear_error(self, file: Path) -> None:
        file.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(InputError, match=r"regimes\.toml"):
            regimes(file)

    def test_one_that_is_not_there_is_one_clear_error(self, file: Path) -> None:
        with pytest.raises(InputError, match=r"regimes\.toml"):
            regimes(file)

    def test_a_regime_that_is_not_there_is_told_with_those_that_are(self) -> None:
        with pytest.raises(QueryError, match=r"'us-ear'.*us-bis"):
            verdict(HELD, "A", LATER, regime="us-ear")


class TestConflict:
    OVER = graph(on("X"), owns("X", "A", 60), owns("Z", "A", 60))

    def test_stakes_of_more_than_the_whole_are_reported(self) -> None:
        assert ruling(self.OVER, "A").conflict

    def test_what_is_held_is_not_less_than_what_is_certain(self) -> None:
        row = ruling(self.OVER, "A")
        assert (row.verdict, held(row)) == ("captured", (60, 60))

    def test_they_clear_nobody(self) -> None:
        # Y and Z cannot both hold 60: on that word X, whose share is unknown, is not ruled out.
        told = graph(on("X"), owns("X", "A"), owns("Y", "A", 60), owns("Z", "A", 60))
        assert says(told, "A") == "undetermined"

    def test_the_whole_exactly_is_none(self) -> None:
        assert not ruling(graph(on("X"), owns("X", "A", 60), owns("Z", "A", 40)), "A").conflict

    def test_sources_that_contradict_each_other_leave_the_range_of_both(self) -> None:
        told = graph(on("X"), owns("X", "A", 30), two=[owns("X", "A", 60)])
        row = ruling(told, "A")
        assert (row.verdict, row.conflict, held(row)) == ("undetermined", True, (30, 60))


class TestAffiliates:
    TOLD = graph(on("X", EL), owns("X", "A", 60), owns("A", "B", "[40,60]"), owns("X", "C", 10), owns("Z", "D", 100))

    def test_it_counts_the_captured_and_the_undetermined(self) -> None:
        assert affiliates(self.TOLD, BIS_DAY).bounds["counts"] == {"captured": 1, "undetermined": 1}

    def test_it_says_whether_the_rule_was_in_force_also_where_it_captures_nobody(self) -> None:
        status = affiliates(graph(on("listed", "US-BIS-EL")), date(2018, 12, 1)).bounds["status"]
        assert status["us-bis"].startswith("not in force: ")

    def test_it_leaves_out_the_listed_and_those_not_captured(self) -> None:
        assert {row.entity: row.verdict for row in affiliates(self.TOLD, BIS_DAY).rows} == {
            "A": "captured", "B": "undetermined",
        }  # fmt: skip

    def test_out_of_force_it_counts_what_would_be(self) -> None:
        assert affiliates(self.TOLD, date(2026, 3, 1)).bounds["counts"] == {"captured": 1, "undetermined": 1}

    def test_a_list_that_does_not_flow_down_has_none(self) -> None:
        told = graph(on("X", "US-OFAC-NS-CMIC"), owns("X", "A", 100))
        assert affiliates(told, LATER, regime="us-cmic").rows == ()

    def test_of_each_it_tells_the_nearest_tier(self) -> None:
        told = graph(on("X", EL), owns("X", "A", 60), owns("A", "B", 60))
        rows = {row.entity: row for row in affiliates(told, BIS_DAY).rows}
        assert [(one.owner, one.grounds) for one in rows["B"].grounds] == [("A", ())]

    def test_of_each_it_tells_the_strictest_terms_however_far_up(self) -> None:
        told = graph(
            on("X", EL, policy="Case-by-case review"), on("Y", EL, policy="Presumption of denial"),
            owns("X", "A", 60), owns("Y", "A", 30), owns("A", "B", 60), owns("X", "C", 60),
        )  # fmt: skip
        rows = affiliates(told, BIS_DAY).rows
        assert {row.entity: [one.owner for one in row.terms] for row in rows} == {"A": ["Y"], "B": ["Y"], "C": ["X"]}

    def test_but_for_that_a_row_is_the_verdict(self) -> None:
        told = {row.entity: row for row in affiliates(self.TOLD, BIS_DAY).rows}
        for entity, row in told.items():
            alone = ruling(self.TOLD, entity, BIS_DAY, "us-bis")
            same = {name: getattr(alone, name) for name in ("grounds", "terms", "sources")}
            assert replace(row, **same) == alone


class TestMemory:
    def test_only_the_last_days_are_kept(self) -> None:
        told = graph(on("X"), owns("X", "A", 60))
        for year in range(2000, 2020):
            says(told, "A", date(year, 1, 1))
        assert len(told.memory["stakes"]) == DAYS_KEPT

    def test_a_day_asked_for_before_changes_nothing(self) -> None:
        told = graph(on("X"), owns("X", "A", 60, "2015", "2020"))
        asked = [says(told, "A", date(year, 6, 1)) for year in (2018, 2022, 2018, 2014)]
        assert asked == ["captured", "none", "captured", "unverified"]

    def test_a_regime_of_the_same_name_but_other_lists_is_asked_anew(self, tmp_path: Path) -> None:
        file = tmp_path / "regimes.toml"
        file.write_text("[us-ofac]\nlists = ['US-BIS-EL']\n")
        told = graph(on("X", EL), on("Y"), owns("X", "A", 60))
        assert says(told, "A") == "none"
        assert verdict(told, "A", LATER, regime="us-ofac", regimes_file=file).rows[0].verdict == "captured"


class TestTimeline:
    def test_of_a_stake_bought_and_sold(self) -> None:
        # OFAC FAQ 402: 50% from 2015, sold down to 49% on 1 July 2021. The last day of the 50% is the
        # day of the sale or the day before.
        told = graph(on("X"), owns("X", "A", 50, "2015-01-01", "2021-07-01"), owns("X", "A", 49, "2021-07-01"))
        rows = timeline(told, "A", date(2022, 1, 1), regime="us-ofac").rows
        assert [(row.from_date, row.verdict, row.would_be) for row in rows] == [
            ("", "unverified", "none"),
            ("2014-08-13", "none", ""),
            ("2015-01-01", "captured", ""),
            ("2021-07-01", "minority", ""),
        ]

    def test_of_the_phases_of_a_rule(self) -> None:
        rows = timeline(HELD, "A", date(2026, 12, 1)).rows
        assert [(row.from_date, row.verdict, row.would_be) for row in rows] == [
            ("", "not_in_force", "captured"),
            ("2025-09-29", "captured", ""),
            ("2025-11-10", "not_in_force", "captured"),
            ("2026-11-10", "unverified", "captured"),
        ]

    def test_of_a_rule_whose_timeline_ends(self, tmp_path: Path) -> None:
        file = tmp_path / "regimes.toml"
        file.write_text(
            "[us-bis]\ntimeline = [{ to = 2025-12-31, status = 'in_force', citation = 'c', verified = true }]\n"
        )
        rows = timeline(HELD, "A", date(2026, 6, 1), regimes_file=file).rows
        assert [(row.from_date, row.verdict) for row in rows] == [("", "captured"), ("2026-01-01", "unverified")]

    def test_of_a_listing_of_an_owner_two_tiers_up(self) -> None:
        told = graph(on("X", since="2020-03-01"), owns("X", "A", 60), owns("A", "B", 60))
        rows = timeline(told, "B", date(2022, 1, 1), regime="us-ofac").rows
        assert (rows[-1].from_date, rows[-1].verdict) == ("2020-03-01", "captured")

    def test_each_row_says_what_changed_on_its_day(self) -> None:
        rows = timeline(graph(on("X", since="2020-03-01"), owns("X", "A", 60)), "A", LATER, regime="us-ofac").rows
        assert rows[-1].changes == ("from this day: X on US-OFAC-SDN",)

    def test_what_comes_after_its_last_day_is_left_out(self) -> None:
        told = graph(on("X", since="2020-03-01"), owns("X", "A", 60))
        rows = timeline(told, "A", date(2019, 1, 1), regime="us-ofac").rows
        assert {row.from_date for row in rows} <= {"", "2014-08-13"}


class TestLookThrough:
    def test_of_a_chain_is_the_product(self) -> None:
        told = graph(owns("X", "A", 60), owns("A", "B", 50))
        assert shares(told, "X") == {"A": (60, 60), "B": (30, 30)}

    def test_of_a_diamond_is_the_sum(self) -> None:
        # 50 x 40 + 30 x 20 = 20 + 6.
        told = graph(owns("X", "A", 50), owns("X", "B", 30), owns("A", "C", 40), owns("B", "C", 20))
        assert shares(told, "X")["C"] == (26, 26)

    LOOP = graph(owns("X", "A", 50), owns("A", "B", 60), owns("B", "A", 40))
    # X in A: a = 0.5 + 0.4 b, and b = 0.6 a, so a = 0.5 / (1 - 0.24) = 0.65789..., b = 0.39473...

    def test_of_a_loop_is_the_solution(self) -> None:
        assert shares(self.LOOP, "X") == {
            "A": (65.789474, 65.789474),
            "B": (39.473684, 39.473684),
        }

    def test_of_a_loop_is_the_same_from_the_other_end(self) -> None:
        up = {row.owner: row.share_min for row in look_through_owners(self.LOOP, "A", LATER).rows}
        assert up == {"X": Decimal("65.789474"), "B": 40}

    def test_of_a_loop_among_hundreds_is_the_same(self) -> None:
        # Too many to eliminate: added up chain by chain. Each leaf is a tenth of A's 65.789...
        leaves = [owns("A", f"L{one}", 10) for one in range(450)]
        told = graph(owns("X", "A", 50), owns("A", "B", 60), owns("B", "A", 40), *leaves)
        found = shares(told, "X")
        assert (found["A"][0], found["L7"][0]) == (65.789474, 6.578947)

    def test_a_closed_loop_is_reported_and_its_share_unknown(self) -> None:
        told = graph(owns("X", "A", 10), owns("A", "B", 100), owns("B", "A", 100))
        answer = look_through_holdings(told, "X", LATER)
        assert "own each other whole" in answer.notes[0]
        assert {(float(row.share_min), float(row.share_max)) for row in answer.rows} == {(0, 100)}

    def test_a_closed_loop_is_reported_to_its_own_members(self) -> None:
        told = graph(owns("A", "B", 100), owns("B", "A", 100))
        assert all(look(told, "A", LATER).notes for look in (look_through_holdings, look_through_owners))

    def test_below_a_closed_loop_the_share_is_open_up_to_the_stake(self) -> None:
        told = graph(owns("X", "A", 10), owns("A", "B", 100), owns("B", "A", 100), owns("B", "C", 30))
        assert shares(told, "X")["C"] == (0, 30)

    def test_of_ranges_is_a_range(self) -> None:
        told = graph(owns("X", "A", "[40,60]"), owns("A", "B", "[50,100]"))
        assert shares(told, "X")["B"] == (20, 60)

    def test_ends_of_chains_are_told_by_kind(self) -> None:
        told = graph(
            party("P", schema="Person"), party("S", schema="PublicBody"), owns("P", "A", 20), owns("S", "A", 20),
            owns("F", "A", 20), owns("G", "F", 100),
        )  # fmt: skip
        assert {row.owner: row.ultimate for row in look_through_owners(told, "A", LATER).rows} == {
            "P": "person", "S": "state body", "F": "", "G": "no known owner",
        }  # fmt: skip

    def test_it_is_never_the_rule(self) -> None:
        # X holds 60 x 40 = 24% of T by look-through; the rule counts all of H's 40, and Y's 10.
        row = ruling(SEVERAL_TIERS, "T")
        assert (held(row)[0], shares(SEVERAL_TIERS, "X")["T"]) == (50, (24, 24))

    def test_the_rule_is_never_it(self) -> None:
        # 45 + 45 of C by look-through would be 0.45 x 100 + 0.45 x 0; the rule counts nothing (FAQ 401-5).
        told = graph(on("X"), owns("X", "A", 49), owns("X", "B", 49), owns("A", "C", 50), owns("B", "C", 50))
        assert (says(told, "C"), shares(told, "X")["C"]) == ("none", (49, 49))

    def test_nobody_holds_more_than_the_whole(self) -> None:
        # X may hold all of A and of B, and they all of C; and what C may hold of D is no more than that.
        told = graph(owns("X", "A"), owns("X", "B"), owns("A", "C"), owns("B", "C"), owns("C", "D", 50))
        assert (shares(told, "X")["C"], shares(told, "X")["D"]) == ((0, 100), (0, 50))

    def test_an_unknown_share_is_no_more_than_others_certainly_leave(self) -> None:
        told = graph(owns("X", "A"), owns("Y", "A", 60), owns("A", "B", 50))
        assert shares(told, "X") == {"A": (0, 40), "B": (0, 20)}

    def test_an_unknown_share_of_what_others_hold_whole_is_told_as_it_is(self) -> None:
        # One of the two sources is wrong; which, nobody knows.
        told = graph(owns("X", "A"), owns("Y", "A", 100))
        assert shares(told, "X") == {"A": (0, 100)}

    def test_an_owner_of_the_past_holds_nothing(self) -> None:
        told = graph(owns("X", "A", 50, until="2010"), owns("X", "B", 50))
        assert list(shares(told, "X")) == ["B"]

    def test_only_the_largest_are_told_and_how_many_are_not(self) -> None:
        told = graph(*(owns("X", f"A{one}", one) for one in range(1, 10)))
        answer = look_through_holdings(told, "X", LATER, limit=2)
        assert [row.asset for row in answer.rows] == ["A9", "A8"]
        assert (answer.bounds, answer.notes) == (
            {"limit": 2, "cut_off": 7},
            ("The 2 largest are told of, 7 are not.",),
        )

    def test_a_limit_of_none_is_refused(self) -> None:
        with pytest.raises(QueryError, match="limit"):
            look_through_owners(self.LOOP, "A", LATER, limit=0)

    def test_owners_on_too_many_loops_are_told_as_bounds(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # B holds 40 of A itself; over A and itself again 40 x 60 x 40 more, which is none of its own.
        monkeypatch.setattr("listed.queries.look_through.ONE_BY_ONE", 0)
        answer = look_through_owners(self.LOOP, "A", LATER)
        told = {row.owner: (float(row.share_min), float(row.share_max)) for row in answer.rows}
        assert told["B"][0] == 40 < told["B"][1]
        assert "were too many to solve" in answer.notes[0]

    def test_the_direct_stake_is_shown_beside_it(self) -> None:
        told = graph(owns("X", "A", 50), owns("X", "B", 10), owns("A", "B", 40))
        row = next(row for row in look_through_holdings(told, "X", LATER).rows if row.asset == "B")
        assert [float(one) for one in (row.direct_min, row.share_min)] == [10, 30]


def shares(told: Graph, owner: str) -> dict[str, tuple[float, float]]:
    rows = look_through_holdings(told, owner, LATER).rows
    return {row.asset: (float(row.share_min), float(row.share_max)) for row in rows}


def held(row: VerdictRow) -> tuple[float, float]:
    return float(row.held_min), float(row.held_max)
