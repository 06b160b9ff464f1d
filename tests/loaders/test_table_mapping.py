"""Mappings: what each of their words does, links told in prose, and a wrong word told with the right one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import InputError
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Options
from listed.loaders.table import read_with
from listed.loaders.table.parties import is_unnamed, names_in
from listed.loaders.table.party_names import at_end_in_brackets, joined
from listed.loaders.table.reading import parse_mapping
from tests.loaders.table_desk import Desk, Row, aside, flags, names

ENTITY = '[entity]\nname = "name"\n'
LISTED = ENTITY + '[[listing]]\nlist = { value = "X-LIST" }\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def value(desk: Desk, cell: object, said: str) -> list[str]:
    """Return the aliases that a value of the mapping makes of a cell."""
    tables = desk.tables(desk.file("t.json", [{"name": "N", "cell": cell}]), f"{ENTITY}aliases = {said}\n")
    return [text for text, kind in names(tables, "t:n") if kind != "primary"]


class TestValues:
    @pytest.mark.parametrize(
        ("cell", "said", "read"),
        [
            ("A; B", r"""{ column = "cell", split = ';\s*' }""", ["A", "B"]),
            ("A|B", r"""{ column = "cell", split = '\|' }""", ["A", "B"]),
            ("Unknown", '{ column = "cell", unsaid = ["unknown"] }', []),
            ("A (old)", r"""{ column = "cell", replace = [[' \(old\)$', '']] }""", ["A"]),
            ("code 12, code 13", r"""{ column = "cell", find = 'code (\d+)' }""", ["12", "13"]),
            ("code 12", r"""{ column = "cell", find = '(?P<value>\d+)' }""", ["12"]),
            ("prc", '{ column = "cell", map = { PRC = "China" } }', ["China"]),
            ("4", '{ column = "cell", says = "footnote {}" }', ["footnote 4"]),
            (["A", "B"], '"cell"', ["A", "B"]),
            ("A", '["cell", { value = "B" }]', ["A", "B"]),
            (" A \n B ", '"cell"', ["A B"]),
        ],
    )
    def test_each_word_does_what_it_says(self, desk: Desk, cell: object, said: str, read: list[str]) -> None:
        assert value(desk, cell, said) == read

    def test_of_several_places_the_first_that_says_anything_gives_a_date(self, desk: Desk) -> None:
        rows = [{"name": "A", "on": "", "else": "2019"}, {"name": "B", "on": "2018", "else": "2019"}]
        tables = desk.tables(desk.file("t.json", rows), LISTED + 'start = ["on", "else"]\n')
        assert tables["listings"]["start_date"].to_pylist() == ["2019", "2018"]

    def test_the_first_of_several_dates_found_is_the_start(self, desk: Desk) -> None:
        rows = [{"name": "A", "fr": "84 FR 54004, 10/9/19.\n85 FR 34505, 6/5/20"}]
        mapping = (
            LISTED
            + r"""start = { column = "fr", find = '\d+/\d+/\d+', day_first = false }
citation = { column = "fr", find = '\d+ FR \d+', join = "; " }
"""
        )
        (listing,) = desk.tables(desk.file("t.json", rows), mapping)["listings"].to_pylist()
        assert (listing["start_date"], listing["citation"]) == ("2019-10-09", "84 FR 54004; 85 FR 34505")

    @pytest.mark.parametrize(("unit", "share"), [("percent", Decimal("0.51")), ("fraction", Decimal(51))])
    def test_the_unit_says_what_a_bare_number_counts(self, desk: Desk, unit: str, share: Decimal) -> None:
        path = desk.file("t.csv", "a,b,s\nA,B,0.51\n")
        mapping = f'[link]\nowner = "a"\nasset = "b"\nshare = {{ column = "s", unit = "{unit}" }}\n'
        assert desk.links(path, mapping)[0]["share_min"] == share

    def test_without_a_unit_it_is_unknown_and_flagged(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.csv", "a,b,s\nA,B,0.51\n"), '[link]\nowner = "a"\nasset = "b"\nshare = "s"\n')
        assert flags(tables) == ["share: 0.51: a fraction or a percentage?"]

    @pytest.mark.parametrize(
        ("cell", "start"),
        [("3/4/2019", "2019-04-03"), ("3/4/19", "2019-04-03"), ("3.4.19", "2019-04-03"), ("03.04.2019", "2019-04-03"),
         ("3/4/2019 12:00", "2019-04-03"), ("2019", "2019")],
    )  # fmt: skip
    def test_days_may_come_first(self, desk: Desk, cell: str, start: str) -> None:
        path = desk.file("t.csv", f"a,b,d\nA,B,{cell}\n")
        mapping = '[link]\nowner = "a"\nasset = "b"\nstart = { column = "d", day_first = true }\n'
        assert desk.links(path, mapping)[0]["start_date"] == start

    @pytest.mark.parametrize(("said", "start"), [("", "2019"), (", day_first = false", "2019-03-04")])
    def test_which_number_is_the_month_is_not_guessed(self, desk: Desk, said: str, start: str) -> None:
        path = desk.file("t.csv", "a,b,d\nA,B,3/4/2019\n")
        mapping = f'[link]\nowner = "a"\nasset = "b"\nstart = {{ column = "d"{said} }}\n'
        tables = desk.tables(path, mapping)
        assert tables["links"]["start_date"].to_pylist() == [start]
        assert flags(tables) == ([] if said else ["start_date: 3/4/2019: day or month first?"])

    def test_of_several_columns_each_has_its_own_order(self, desk: Desk) -> None:
        path = desk.file("t.csv", "a,b,d,e\nA,B,,3/4/2019\nA,C,3/4/2019,\nA,D,16/4/2019,\n")
        mapping = (
            '[link]\nowner = "a"\nasset = "b"\n'
            'start = [{ column = "d", day_first = false }, { column = "e", day_first = true }]\n'
        )
        links = desk.links(path, mapping)
        assert [link["start_date"] for link in links] == ["2019-04-03", "2019-03-04", None]
        assert links[2]["flags"] == ["start_date: 16/4/2019: not a date of the calendar"]

    @pytest.mark.parametrize(("said", "kept"), [("true", "1970-04-03"), ("false", "1970-03-04")])
    def test_a_date_that_is_but_a_property_is_put_in_the_order_of_iso(self, desk: Desk, said: str, kept: str) -> None:
        mapping = f'{ENTITY}[entity.properties]\nbirth = {{ column = "b", day_first = {said} }}\n'
        tables = desk.tables(desk.file("t.csv", "name,b\nA,3/4/70\n"), mapping)
        assert f'["birth", "{kept}"]' in tables["entities"]["properties"].to_pylist()[0]

    def test_a_start_that_is_long_to_come_is_kept_and_flagged(self, desk: Desk) -> None:
        year = date.today().year + 5
        tables = desk.tables(desk.file("t.csv", f"name,on\nA,{year}-01-01\n"), LISTED + 'start = "on"\n')
        assert tables["listings"]["start_date"].to_pylist() == [f"{year}-01-01"]
        assert flags(tables) == [f"start_date: {year}-01-01: a day to come"]

    def test_a_doubtful_text_is_kept_and_flagged(self, desk: Desk) -> None:
        tables = desk.tables(
            desk.file("t.json", [{"name": "A", "n": "cut..."}]),
            LISTED + r"""remarks = { column = "n", doubt = '\.\.\.$' }""",
        )
        assert (tables["listings"]["remarks"].to_pylist(), flags(tables)) == (["cut..."], ["n: doubtful: cut..."])


class TestParties:
    def test_the_same_name_in_one_table_is_one_party(self, desk: Desk) -> None:
        path = desk.file("t.csv", "a,b\nHuawei Co.,B\nB,C\nHUAWEI CO,D\n")
        assert sorted(desk.tables(path, '[link]\nowner = "a"\nasset = "b"\n')["entities"]["id"].to_pylist()) == [
            "t:b",
            "t:c",
            "t:d",
            "t:huawei co",
        ]

    def test_the_same_name_in_two_tables_is_not(self, desk: Desk) -> None:
        path = desk.file("t.csv", "name\nA\n")
        one, other = (
            desk.tables(path, ENTITY, dataset=dataset)["entities"]["id"].to_pylist() for dataset in ("x", "y")
        )
        assert (one, other) == (["x:a"], ["y:a"])

    def test_unless_they_have_one_prefix(self, desk: Desk) -> None:
        path = desk.file("t.csv", "name\nA\n")
        assert desk.tables(path, '[ids]\nprefix = "case"\n' + ENTITY)["entities"]["id"].to_pylist() == ["case:a"]

    @pytest.mark.parametrize(("ids", "id_"), [("", "t:7"), ("[ids]\nas_given = true\n", "7")])
    def test_a_given_id_has_the_prefix_too_unless_told_otherwise(self, desk: Desk, ids: str, id_: str) -> None:
        path = desk.file("t.csv", "name,no\nA,7\n")
        assert desk.tables(path, f'{ids}{ENTITY}id = "no"\n')["entities"]["id"].to_pylist() == [id_]

    def test_what_must_be_equal_besides_the_name_keeps_parties_apart(self, desk: Desk) -> None:
        path = desk.file("t.csv", "name,land\nA,CN\nA,PK\nA,CN\n")
        tables = desk.tables(path, LISTED.replace(ENTITY, ENTITY + 'same = ["land"]\ncountries = "land"\n'))
        assert tables["listings"]["entity"].to_pylist() == ["t:a|cn", "t:a|pk", "t:a|cn"]

    def test_a_country_is_read_by_code_or_name_and_another_word_kept_and_flagged(self, desk: Desk) -> None:
        path = desk.file("t.csv", "name,land\nA,cn\nB,Georgia\nC,Erewhon\n")
        tables = desk.tables(path, ENTITY + 'countries = "land"\n')
        assert tables["entities"]["countries"].to_pylist() == [["cn"], ["ge"], []]
        assert flags(tables) == ["country: Erewhon: not a country we know"]
        assert "Erewhon" in tables["entities"]["properties"].to_pylist()[2]

    def test_identifiers_properties_addresses_and_schema(self, desk: Desk) -> None:
        rows = [{"name": "A", "l": "5493", "k": "Public", "a": "1 Road, Beijing, China; China", "s": "Company"}]
        mapping = ENTITY + 'addresses = { column = "a", split = \'; \' }\nschema = "s"\n'
        mapping += '[entity.identifiers]\nlei = "l"\n[entity.properties]\nkind = "k"\n'
        tables = desk.tables(desk.file("t.json", rows), mapping)
        (entity,) = tables["entities"].to_pylist()
        assert (entity["schema"], entity["countries"], entity["properties"]) == (
            "Company",
            ["cn"],
            '[["kind", "Public"]]',
        )
        assert [(row["text"], row["country"]) for row in tables["addresses"].to_pylist()] == [
            ("1 Road, Beijing, China", "cn")
        ]
        assert [(row["scheme"], row["value"]) for row in tables["identifiers"].to_pylist()] == [("lei", "5493")]

    def test_prose_in_a_name_is_read(self, desk: Desk) -> None:
        rows = [{"name": "A Ltd. (a.k.a. AA; AAA)"}, {"name": "B, and any successor thereof"}]
        tables = desk.tables(desk.file("t.json", rows), ENTITY)
        assert names(tables, "t:a ltd") == [("A Ltd.", "primary"), ("AA", "alias"), ("AAA", "alias")]
        assert names(tables, "t:b") == [("B", "primary")]

    def test_brackets_hold_another_name_only_if_the_mapping_says_so(self, desk: Desk) -> None:
        path = desk.file("t.json", [{"name": "Hill Optics (HO)"}])
        assert names(desk.tables(path, ENTITY), "t:hill optics ho") == [("Hill Optics (HO)", "primary")]
        told = desk.tables(path, ENTITY + 'brackets = "alias"\n')
        assert names(told, "t:hill optics") == [("Hill Optics", "primary"), ("HO", "alias")]

    def test_owners_without_a_name_are_one_for_each_company(self, desk: Desk) -> None:
        path = desk.file("t.csv", "a,b\nEmployees,B\nEmployees,C\nOther shareholders,C\n")
        tables = desk.tables(path, '[link]\nowner = "a"\nasset = "b"\n')
        assert tables["links"]["source"].to_pylist() == [
            "t:employees@t:b",
            "t:employees@t:c",
            "t:other shareholders@t:c",
        ]
        assert sum(tables["entities"]["placeholder"].to_pylist()) == 3

    def test_also_in_a_table_of_the_known_header(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.csv", "owner,asset\nEmployees,B\nEmployees,C\nA,C\n"))
        assert tables["links"]["source"].to_pylist() == ["name:employees@name:b", "name:employees@name:c", "name:a"]

    def test_an_end_may_have_several_columns(self, desk: Desk) -> None:
        path = desk.file("t.csv", "h,no,land,b\nA,7,CN,B\n")
        mapping = '[link]\nowner = { name = "h", id = "no", countries = "land" }\nasset = "b"\n'
        tables = desk.tables(path, mapping)
        assert tables["links"]["source"].to_pylist() == ["t:7"]
        assert tables["entities"].to_pylist()[0]["countries"] == ["cn"]


@pytest.mark.parametrize(
    "name", ["Employees", "natural persons", "Other shareholders", "the public", "Small investors", "n/a", "Free float"]
)
def test_no_name(name: str) -> None:
    assert is_unnamed(name)


@pytest.mark.parametrize(
    "name", ["Public Investment Fund", "Employees Provident Fund", "Other Media", "Staff Line Group", "A"]
)
def test_a_name(name: str) -> None:
    assert not is_unnamed(name)


class TestNamesTornApart:
    @pytest.mark.parametrize(
        ("pieces", "whole"),
        [
            (["A Co.", "Ltd."], ["A Co., Ltd."]),
            (["A Co.", "Ltd. (Hong Kong)"], ["A Co., Ltd. (Hong Kong)"]),
            (["A Co.", "Ltd", "B", "Inc."], ["A Co., Ltd", "B, Inc."]),
            (["Zavod", "OAO"], ["Zavod, OAO"]),
            (["A (a.k.a.", "B)"], ["A (a.k.a., B)"]),
            (["JSC NIIP", "f.k.a.", "OAO Nii"], ["JSC NIIP, f.k.a., OAO Nii"]),
            (["Ltd."], ["Ltd."]),
            ([], []),
        ],
    )
    def test_what_certainly_belongs_together_is_joined(self, pieces: list[str], whole: list[str]) -> None:
        assert joined(pieces)[0] == whole

    @pytest.mark.parametrize(
        "pieces", [["Sichuan University", "Suzhou Institute"], ["A", "JSC 558 ARP"], ["A", "Company X"]]
    )
    def test_what_may_be_two_names_is_left_and_told(self, pieces: list[str]) -> None:
        assert joined(pieces) == (pieces, [" | ".join(pieces)])

    def test_neighbours_are_compared_at_their_ends(self, desk: Desk) -> None:
        tables = desk.tables(
            desk.file("t.json", [{"name": "N", "cell": ["A Co.", "Ltd.; B", "C"]}]),
            ENTITY + r"""aliases = { column = "cell", rejoin = true, split = ';\s*' }""",
        )
        assert [text for text, _ in names(tables, "t:n")] == ["N", "A Co., Ltd.", "B", "C"]
        assert flags(tables) == ["cell: one name or two? B | C"]

    @given(st.lists(st.text("ABab .,()", min_size=1, max_size=8).map(str.strip).filter(bool), max_size=6))
    def test_nothing_is_lost_or_moved(self, pieces: list[str]) -> None:
        assert ", ".join(joined(pieces)[0]) == ", ".join(pieces)

    @given(st.text("AB ()", max_size=12))
    def test_brackets_are_taken_off_the_end_only(self, name: str) -> None:
        name = name.strip()
        before, inner = at_end_in_brackets(name)
        assert name.startswith(before)
        assert inner in name[len(before) :]

    def test_a_former_name_in_brackets_may_have_a_short_one(self) -> None:
        told = names_in("AVIC Chengdu Co., Ltd. (formerly Zhonghang Limited (ZEMIC))")
        assert [(name.text, name.kind.value) for name in told] == [
            ("AVIC Chengdu Co., Ltd.", "primary"),
            ("Zhonghang Limited", "previous"),
            ("ZEMIC", "previous"),
        ]


class TestRows:
    def test_rows_that_do_not_meet_a_condition_are_left_out_and_counted(self, desk: Desk) -> None:
        path = desk.file("t.csv", "name,kind\nA,x\nB,y\nC,\nD,y\n")
        tables = desk.tables(path, '[[where]]\ncolumn = "kind"\nis = ["X", "z"]\n' + ENTITY)
        assert tables["entities"]["name"].to_pylist() == ["A"]
        (left,) = [row for row in tables["set_aside"].to_pylist() if "where" in row["reason"]]
        assert left["text"].startswith("3 rows")

    @pytest.mark.parametrize(
        ("condition", "kept"),
        [
            ('is_not = ["y"]', ["A", "C"]),
            ("matches = '^[xz]'", ["A"]),
            ("empty = true", ["C"]),
            ("empty = false", ["A", "B", "D"]),
        ],
    )
    def test_conditions(self, desk: Desk, condition: str, kept: list[str]) -> None:
        path = desk.file("t.csv", "name,kind\nA,x\nB,y\nC,\nD,y\n")
        tables = desk.tables(path, f'[[where]]\ncolumn = "kind"\n{condition}\n{ENTITY}')
        assert tables["entities"]["name"].to_pylist() == kept

    def test_a_row_without_a_party_is_set_aside(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.csv", "a,b\n,B\nA,\nA,B\n"), '[link]\nowner = "a"\nasset = "b"\n')
        assert aside(tables) == [("t.csv row 2", "no owner"), ("t.csv row 3", "no asset")]

    def test_beside_an_entity_a_link_may_be_missing(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.csv", "name,up\nA,\nB,A\n"), ENTITY + '[link]\nowner = "up"\n')
        assert (tables["links"].num_rows, aside(tables)) == (1, [])
        assert tables["links"]["target"].to_pylist() == ["t:b"]

    def test_columns_that_are_not_read_are_told_unless_ignored(self, desk: Desk) -> None:
        path = desk.file("t.csv", "name,x,y\nA,1,2\n")
        tables = desk.tables(path, '[file]\nignore = ["x"]\n' + ENTITY)
        assert tables["set_aside"].to_pylist()[0]["text"] == "y"

    def test_an_unknown_type_of_link_in_a_cell_is_set_aside(self, desk: Desk) -> None:
        mapping = '[link]\nowner = "a"\nasset = "b"\ntype = "t"\n'
        tables = desk.tables(desk.file("t.csv", "a,b,t\nA,B,eats\nA,C,invested in\n"), mapping)
        assert aside(tables) == [("t.csv row 2", "no such type of link")]
        assert tables["links"]["type"].to_pylist() == ["INVESTED_IN"]

    def test_money(self, desk: Desk) -> None:
        mapping = '[link]\nowner = "a"\nasset = "b"\namount = "m"\ncurrency = { value = "usd" }\n'
        tables = desk.tables(desk.file("t.csv", 'a,b,m\nA,B,"1,500,000"\nA,C,a lot\n'), mapping)
        assert tables["links"]["amount"].to_pylist() == [Decimal("1500000.00"), None]
        assert flags(tables) == ["amount: a lot: not an amount of money"]

    @given(st.lists(st.tuples(*[st.text("AB é1,;\"'\n", max_size=4)] * 3), max_size=6))
    def test_every_row_is_told_of(
        self, tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
    ) -> None:
        desk = Desk(tmp_path_factory.mktemp("desk"))
        path = desk.file("t.json", [{"a": a, "b": b, "s": s} for a, b, s in [("A", "B", "1%"), *rows]])
        tables = desk.tables(path, '[link]\nowner = "a"\nasset = "b"\nshare = "s"\n')
        assert tables["links"].num_rows + tables["set_aside"].num_rows == len(rows) + 1


class TestSources:
    def test_the_mapping_says_what_to_cite(self, desk: Desk) -> None:
        mapping = (
            '[source]\ntitle = "A list"\npublisher = "P"\nurl = "https://example.org"\npublished = 2026-05-04\n'
            + ENTITY
        )
        (source,) = desk.tables(desk.file("t.csv", "name\nA\n"), mapping)["sources"].to_pylist()
        assert (source["title"], source["publisher"], source["url"], source["published"]) == (
            "A list",
            "P",
            "https://example.org",
            "2026-05-04",
        )

    def test_a_row_may_name_its_own(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.csv", "name,s\nA,Page 3\nB,\n"), '[source]\ncolumn = "s"\n' + ENTITY)
        cited = dict(zip(tables["sources"]["id"].to_pylist(), tables["sources"]["title"].to_pylist(), strict=True))
        assert [cited[one] for (one,) in tables["entities"]["sources"].to_pylist()] == ["Page 3", "t.csv"]


PROSE = (
    ENTITY
    + r"""
[[party]]
name = "Ministry of Rivers and Lakes"
also = ["MRL"]
id = "xx-mrl"

[[prose]]
column = "n"
cut = '\.\.\.$'
find = '(?P<direct>directly and indirectly|directly|indirectly) owned by (?P<other>.+?)(?=;|\.$|$)'
makes = "OWNS"
this = "asset"
split = ', and | and |, '
"""
)


class TestProse:
    def told(self, desk: Desk, prose: str, mapping: str = PROSE, **more: str) -> list[Row]:
        return desk.links(desk.file("t.json", [{"name": "N", "n": prose} | more]), mapping)

    def owners(self, desk: Desk, prose: str) -> list[tuple[str, bool | None]]:
        return [(link["source"], link["direct"]) for link in self.told(desk, prose)]

    def test_a_wording_is_a_link_with_the_sentence_as_its_note(self, desk: Desk) -> None:
        (link,) = self.told(desk, "N is indirectly owned by Lake Fund.")
        assert (link["source"], link["type"], link["target"], link["direct"]) == ("Lake Fund", "OWNS", "N", False)
        assert (link["note"], link["role"], link["share_min"]) == ("indirectly owned by Lake Fund", "indirect", None)

    def test_a_known_party_is_not_split_and_has_its_own_id(self, desk: Desk) -> None:
        tables = desk.tables(
            desk.file(
                "t.json",
                [{"name": "N", "n": "directly owned by the Ministry of Rivers and Lakes, MRL and A Co., Ltd."}],
            ),
            PROSE,
        )
        assert tables["links"]["source"].to_pylist() == ["xx-mrl", "t:a co ltd"]

    def test_both_directly_and_indirectly_is_neither(self, desk: Desk) -> None:
        assert self.owners(desk, "directly and indirectly owned by A") == [("A", None)]

    def test_several_wordings_in_one_text(self, desk: Desk) -> None:
        assert self.owners(desk, "directly owned by A; indirectly owned by B and A") == [
            ("A", True),
            ("B", False),
            ("A", False),
        ]

    def test_a_known_party_at_the_cut_is_taken(self, desk: Desk) -> None:
        assert self.owners(desk, "directly owned by MRL and...") == [("Ministry of Rivers and Lakes", True)]

    def test_another_name_at_the_cut_is_set_aside(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.json", [{"name": "N", "n": "directly owned by MRL and Lake Fu..."}]), PROSE)
        assert (tables["links"].num_rows, aside(tables)) == (1, [("t.json item 1", "a name cut off in the source")])
        assert flags(tables) == ["n: cut off in the source"]

    def test_a_name_in_prose_finds_the_row_of_that_name_or_alias(self, desk: Desk) -> None:
        rows = [
            {"name": "N", "n": "directly owned by Lakes and RR"},
            {"name": "Lakes", "x": ""},
            {"name": "Rivers", "x": "RR"},
        ]
        mapping = PROSE.replace('name = "name"\n', 'name = "name"\naliases = "x"\nsame = ["x"]\n', 1)
        tables = desk.tables(desk.file("t.json", rows), mapping)
        assert tables["links"]["source"].to_pylist() == ["t:lakes", "t:rivers|rr"]

    def test_a_name_that_fits_several_rows_is_a_party_of_its_own_and_flagged(self, desk: Desk) -> None:
        rows = [{"name": "N", "n": "directly owned by A"}, {"name": "A", "x": "1"}, {"name": "A", "x": "2"}]
        tables = desk.tables(
            desk.file("t.json", rows), PROSE.replace('name = "name"\n', 'name = "name"\nsame = ["x"]\n', 1)
        )
        assert tables["links"]["flags"].to_pylist() == [["named: 'A' fits t:a|1, t:a|2"]]

    subsidiaries = LISTED + (
        '[[prose]]\ncolumn = "n"\nfind = \'^With: (?P<other>.+)$\'\nmakes = "OWNS"\nthis = "owner"\n'
        'split = \', and |, \'\nwhole = ["SMIC, Americas"]\nbrackets = "alias"\nlisted = true\nschema = "Company"\n'
        "replace = [['Corp Rill', 'Corp, Rill']]\n"
    )

    @pytest.mark.parametrize(
        ("prose", "assets"),
        [
            ("With: A, Inc., B Co., Ltd. (B), and C PLC", ["A, Inc.", "B Co., Ltd.", "C PLC"]),
            ("With: Institute of Ships and Shipping.", ["Institute of Ships and Shipping"]),
            ("With: A, and SMIC, Americas.", ["A", "SMIC, Americas"]),
            ("With: 6th Institute of CEC.", ["6th Institute of CEC"]),
            ("With: Pond Corp Rill Ltd.", ["Pond Corp", "Rill Ltd."]),
        ],
    )
    def test_lists_of_names_are_split_at_the_right_commas(self, desk: Desk, prose: str, assets: list[str]) -> None:
        assert [link["target"] for link in self.told(desk, prose, self.subsidiaries)] == assets

    def test_the_other_end_may_be_listed_too(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.json", [{"name": "N", "n": "With: A (AA)"}]), self.subsidiaries)
        assert tables["listings"]["entity"].to_pylist() == ["t:n", "t:a"]
        assert names(tables, "t:a") == [("A", "primary"), ("AA", "alias")]

    def test_a_mended_slip_is_flagged(self, desk: Desk) -> None:
        (first, _) = self.told(desk, "With: Pond Corp Rill Ltd.", self.subsidiaries)
        assert first["flags"] == ["n: a slip of the source, read as mended by the mapping"]

    def test_listings_told_in_prose_take_the_place_of_the_plain_one(self, desk: Desk) -> None:
        mapping = LISTED + (
            '[[prose]]\ncolumn = "n"\npieces = \' \\| \'\nmakes = "listing"\n'
            "find = '^(?P<program>\\w+) from (?P<start>\\S+)(?: to (?P<end>\\S+))?$'\n"
        )
        rows = [{"name": "N", "n": "IRAN from 2002 to 2004 | EAST from 2019"}, {"name": "M", "n": "nothing"}]
        tables = desk.tables(desk.file("t.json", rows), mapping)
        told = [
            (row["entity"], row["programs"], row["start_date"], row["end_date"])
            for row in tables["listings"].to_pylist()
        ]
        assert told == [("t:n", ["IRAN"], "2002", "2004"), ("t:n", ["EAST"], "2019", None), ("t:m", [], None, None)]
        assert flags(tables) == ["listing: the prose that should say when has another wording"]

    @pytest.mark.parametrize(
        ("said", "period"),
        [("", ("2019", "2020-05-16")), ("day_first = true\n", ("2019-04-03", "2020-05-16")),
         ("day_first = false\n", ("2019-03-04", None))],
    )  # fmt: skip
    @pytest.mark.parametrize("makes", ["listing", "OWNS"])
    def test_a_rule_may_say_which_number_is_the_month(
        self, desk: Desk, makes: str, said: str, period: tuple[str, str | None]
    ) -> None:
        rule = f'column = "n"\nmakes = "{makes}"\n{said}'
        find = "find = '(?P<other>B) from (?P<start>\\S+) to (?P<end>\\S+)'\n"
        path = desk.file("t.json", [{"name": "A", "n": "B from 3/4/2019 to 16/5/2020"}])
        tables = desk.tables(path, f"{LISTED}[[prose]]\n{rule}{find}")
        (row,) = tables["listings" if makes == "listing" else "links"].to_pylist()
        assert (row["start_date"], row["end_date"]) == period
        assert bool(row["flags"]) == (period[0] == "2019" or period[1] is None)

    def test_a_wording_that_names_its_subject_holds_in_its_row_only(self, desk: Desk) -> None:
        rule = 'column = "n"\nfind = "(?P<this>A) owns (?P<other>B)"\nmakes = "OWNS"\nshare = "100%"\n'
        rows = [{"name": "A", "n": "A owns B"}, {"name": "B", "n": "A owns B"}]
        (link,) = desk.links(desk.file("t.json", rows), f"{ENTITY}[[prose]]\n{rule}")
        assert (link["source"], link["target"], link["share_text"]) == ("A", "B", "100%")


class TestWrongMappings:
    @pytest.mark.parametrize(
        ("mapping", "told"),
        [
            (
                '[[link]]\nowner = "Shareholdr"\nasset = "b"\n',
                "has no column 'Shareholdr', which [link] owner of m.toml names (did you mean 'Shareholder'?)",
            ),
            ('[[link]]\nowner = "zzz"\nasset = "b"\n', "(it has: Shareholder, b)"),
            ('[[link]]\nownr = "Shareholder"\nasset = "b"\n', "'ownr' is nothing [link] can say (did you mean owner?)"),
            ('[lnk]\nowner = "b"\n', "'lnk' is nothing a mapping can say (did you mean link?)"),
            ("[[link]]\nowner = \n", "m.toml, row 2: is no TOML"),
            ('[[link]]\nowner = { column = "b", find = "\\d" }\n', "write patterns in single quotes"),
            ('[[link]]\nowner = { column = "b", find = \'(\' }\nasset = "b"\n', "find is no regular expression"),
            (
                '[[link]]\nowner = { column = "b", value = "x" }\nasset = "b"\n',
                "needs a column or a value, and not both",
            ),
            (
                '[[link]]\nowner = "b"\nasset = "b"\ntype = { value = "EATS" }\n',
                "no type of link is called EATS (there are: OWNS",
            ),
            ('[[link]]\nowner = "b"\nfrom = "b"\nasset = "b"\n', "both owner and from"),
            ('[[link]]\nowner = "b"\n', "one end and no [entity]"),
            ('[[link]]\nowner = "b"\nasset = "b"\nshare = { column = "b", unit = "pct" }\n', "a percent or a fraction"),
            ('[[link]]\nowner = "b"\nasset = "b"\nbasis = "power"\n', "no basis is called 'power' (there are: shares"),
            ('[source]\ntitle = "x"\n', "says of nothing what it is"),
            ('[[listing]]\nlist = "b"\n', "says of nothing what it is"),
            ('[entity]\nname = "b"\n[[listing]]\nstart = "b"\n', "a [listing] names no list"),
            ('[entity]\naliases = "b"\n', "has neither a name nor an id"),
            (
                '[entity]\nname = "b"\n[[prose]]\ncolumn = "b"\nfind = \'(?P<whom>x)\'\nmakes = "OWNS"\n',
                "is called whom",
            ),
            (
                '[entity]\nname = "b"\n[[prose]]\ncolumn = "b"\nfind = \'x\'\nmakes = "OWNS"\n',
                "has no group (?P<other>...)",
            ),
            ('[file]\nheader_row = 0\n[entity]\nname = "b"\n', "header_row must be a number from 1"),
            ('[file]\nheader_row = 9\n[entity]\nname = "b"\n', "has no row 9"),
            ('file = 3\n[entity]\nname = "b"\n', "[] file must be a table"),
        ],
    )
    def test_each_is_one_clear_line(self, desk: Desk, mapping: str, told: str) -> None:
        error = desk.refusal(desk.file("t.csv", "Shareholder,b\nA,B\n"), mapping)
        assert told in error.replace(str(desk.folder) + "/", "")

    def test_a_column_that_no_object_has_is_told_at_the_end(self, desk: Desk) -> None:
        assert "has no column 'nam'" in desk.refusal(desk.file("t.json", [{"name": "A"}]), ENTITY + 'aliases = "nam"\n')

    def test_a_file_that_is_not_there(self, desk: Desk) -> None:
        path = desk.file("t.csv", "a\n1\n")
        with pytest.raises(Exception, match=r"nope\.toml: cannot be opened"):
            list(read_with(open_inputs([path]), Options("t", desk.folder / "nope.toml")))

    @given(st.text(max_size=60))
    def test_no_text_makes_a_mapping_fail_otherwise(self, text: str) -> None:
        with suppress(InputError):
            parse_mapping(text, "m.toml")
