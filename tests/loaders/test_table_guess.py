"""The meaning of columns guessed from their names: shown, certain or in doubt, never loaded in doubt."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import UnconfirmedMappingError
from listed.loaders.table.reading import parse_mapping
from listed.loaders.table.synonyms import synonyms
from listed.loaders.table.writing import as_toml
from tests.loaders.table_desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize(
    "header",
    [
        "Shareholder,Company,%",
        "Investor,Investee,Stake (%)",
        "Parent,Subsidiary,ownership_pct",
        "HOLDER,Company,Ownership %",
        "Company,Owner,Percent",
        "Subsidiary,Parent company,Shareholding (%)",
    ],
)
def test_common_names_are_certain(desk: Desk, header: str) -> None:
    owner_first = header.split(",")[0].lower() not in ("company", "subsidiary")
    path = desk.file("t.csv", f"{header}\n{'A,B' if owner_first else 'B,A'},51\n")
    (link,) = desk.tables(path, accept="certain")["links"].to_pylist()
    assert (link["source"], link["target"], link["share_text"]) == ("t:a", "t:b", "51")


def test_dates_sources_and_countries_are_found(desk: Desk) -> None:
    text = "Investor,Company,Since,Until,Source,Investor country\nA,B,2018,2019-04,https://example.org/a,China\n"
    tables = desk.tables(desk.file("t.csv", text), accept="certain")
    (link,) = tables["links"].to_pylist()
    assert (link["start_date"], link["end_date"]) == ("2018", "2019-04")
    assert link["sources"] == ["t/t.csv#https://example.org/a"]
    assert tables["entities"]["countries"].to_pylist() == [["cn"], []]


def test_a_list_with_all_that_goes_with_it(desk: Desk) -> None:
    header = "Entity Name,Listed on,Date added,Also known as,Country,LEI,Federal Register Notice"
    text = f"{header}\nA,us-bis-el,2019-10-09,AA; AAA,CN,5493,84 FR 1\n"
    tables = desk.tables(desk.file("t.csv", text), accept="certain")
    (listing,) = tables["listings"].to_pylist()
    assert (listing["list"], listing["start_date"], listing["citation"]) == ("US-BIS-EL", "2019-10-09", "84 FR 1")
    assert tables["names"]["text"].to_pylist() == ["A", "AA", "AAA"]
    assert tables["identifiers"].to_pylist()[0]["scheme"] == "lei"


@pytest.mark.parametrize(
    ("header", "row", "doubt"),
    [
        ("Our shareholder (2024),Company", "A,B", "owner: is it 'Our shareholder (2024)'?"),
        ("Shareholder,Holder,Company", "A,A,B", "owner: 'Shareholder', or 'Holder'?"),
        ("Shareholder,Company,Stake", "A,B,0.51", "is 0.51 in 'Stake' a percentage, or a fraction of 1?"),
        ("Shareholder,Company,Stake %", "A,B,0.51", "is 0.51 in 'Stake %' a percentage, or a fraction of 1?"),
        ("Shareholder,Company,Since", "A,B,3/4/2019", "does 3/4/2019 in 'Since' begin with the day?"),
        ("Company name,Country", "A,CN", "nothing says on which list a party is"),
    ],
)
def test_what_could_be_read_in_two_ways_is_in_doubt(desk: Desk, header: str, row: str, doubt: str) -> None:
    path = desk.file("t.csv", f"{header}\n{row}\n")
    error = desk.refusal(path, accept="certain")
    assert doubt in error
    assert "--preview shows the guess; load with --yes if it is right, else with --mapping" in error


def test_a_guess_in_doubt_loads_if_accepted(desk: Desk) -> None:
    path = desk.file("t.csv", "Shareholder,Holder,Company\nA,A,B\n")
    assert desk.tables(path, accept="any")["links"].num_rows == 1


def test_at_a_terminal_even_a_certain_guess_is_shown_first(desk: Desk) -> None:
    path = desk.file("t.csv", "Shareholder,Company\nA,B\n")
    with pytest.raises(UnconfirmedMappingError):
        desk.tables(path, accept="none")


@pytest.mark.parametrize(
    ("cell", "start"),
    [
        ("31.12.2019", "2019-12-31"),
        ("12.31.2019", "2019-12-31"),
        ("01.02.2019", "2019-02-01"),
        ("31/12/2019", "2019-12-31"),
        ("12/31/2019", "2019-12-31"),
    ],
)
def test_dates_that_can_be_read_in_one_way_only_are(desk: Desk, cell: str, start: str) -> None:
    path = desk.file("t.csv", f"Shareholder,Company,Since\nA,B,{cell}\n")
    (link,) = desk.tables(path, accept="certain")["links"].to_pylist()
    assert link["start_date"] == start


GERMAN = "owner,asset,start\nA,B,03.04.2020\n"
TOLD_LATE = "owner,asset,start,end\nA,B,3/4/2018,\n" + "A,C,,2020\n" * 600 + "A,D,,5/16/2020\n"
CONTRARY = "owner,asset,start\nA,B,3/4/2018\nA,C,16/5/2018\n" + "A,C,\n" * 600 + "A,D,5/16/2018\n"
TWO_SIGNS = "owner,asset,start\nA,B,3/4/2018\nA,C,5/16/2018\nA,D,3.4.2018\n"
US_DOTS = "owner,asset,start\nA,B,3.4.2018\nA,C,5.16.2018\n"
DOTS_CONTRARY = "owner,asset,start\nA,B,3.4.2020\nA,C,13/4/2020\nA,D,4.13.2020\nA,E,5/6/2020\n"
DOTS_ALONE = "owner,asset,start\nA,B,3.4.2018 10:30\nA,C,16.5.2018\nA,D,5.16.2018\nA,E,4.4.2018\nA,F,2018\nA,G,3.4.18\n"
BAD_CELL = "owner,asset,start\nA,B,3/4/2018\nA,C,5/16/2018\nA,D,99/99/9999\n"


@pytest.mark.parametrize(
    ("text", "first"),
    [(GERMAN, "2020-04-03"), (TOLD_LATE, "2018-03-04"), (CONTRARY, "2018"), (TWO_SIGNS, "2018"),
     (US_DOTS, "2018-03-04"), (DOTS_CONTRARY, "2020"), (DOTS_ALONE, "2018"), (BAD_CELL, "2018-03-04")],
    ids=["german", "told late", "contrary", "two signs", "dots of the US", "dots contrary", "dots alone", "a bad cell"],
)  # fmt: skip
def test_the_preview_shows_the_dates_that_the_load_reads(desk: Desk, text: str, first: str) -> None:
    path = desk.file("t.csv", text)
    loaded = desk.links(path)
    assert loaded[0]["start_date"] == first
    shown = desk.preview(path)
    assert re.search(rf"of B since {first}(   \[flagged: .*\])?\n", shown)
    by_mapping = desk.links(path, shown)
    assert [(link["start_date"], link["flags"]) for link in by_mapping] == [
        (link["start_date"], _in_slashes(link["flags"])) for link in loaded
    ]


def _in_slashes(flags: list[str]) -> list[str]:
    """Return flags with slashes for the full stops of a date, which a mapping puts there if the column has both."""
    return [re.sub(r"(\d+)\.(\d+)\.(\d{4})", r"\1/\2/\3", flag) for flag in flags]


def test_the_preview_flags_a_row_as_the_load_does(desk: Desk) -> None:
    path = desk.file("t.csv", "owner,asset,share,start,end\nA,B,most,3/4/2020,2019\nA,C,51%,2020,\n")
    (flagged, _) = desk.links(path)
    assert [flag.split(":")[0] for flag in flagged["flags"]] == ["share", "start_date", "dates"]
    first, second = (line for line in desk.preview(path).splitlines() if line.startswith("#   t.csv row"))
    assert set(first.partition("[flagged: ")[2].rstrip("]").split("; ")) == set(flagged["flags"])
    assert second.endswith("A owns 51% of C since 2020")


def test_the_preview_flags_the_date_of_a_listing(desk: Desk) -> None:
    shown = desk.preview(desk.file("t.csv", "name,list,start\nA,x,3/4/2020\n"))
    assert "A is on X since 2020   [flagged: start_date: 3/4/2020: day or month first?]\n" in shown


def test_a_guess_looks_at_all_rows_for_the_order_of_its_dates(desk: Desk) -> None:
    path = desk.file("t.csv", CONTRARY.replace("owner,asset,start", "Shareholder,Company,Since"))
    assert "dates: 'Since' has both days and months first" in desk.refusal(path, accept="certain")
    starts = [link["start_date"] for link in desk.links(path) if link["start_date"]]
    assert starts == ["2018", "2018-05-16", "2018-05-16"]


def test_of_a_column_with_full_stops_in_both_orders_only_what_is_sure_is_read_without_a_flag(desk: Desk) -> None:
    path = desk.file("t.csv", "Shareholder,Company,Since\nA,B,3.4.2018\nA,C,16.5.2018\nA,D,5.16.2018\n")
    assert "dates: 'Since' has both days and months first" in desk.refusal(path, accept="certain")
    either, *sure = desk.links(path)
    assert (either["start_date"], either["flags"]) == ("2018", ["start_date: 3/4/2018: day or month first?"])
    assert [(link["start_date"], link["flags"]) for link in sure] == [("2018-05-16", [])] * 2


def test_a_file_of_another_loader_is_told(desk: Desk) -> None:
    path = desk.file("t.csv", "node_id_start,node_id_end,rel_type\n1,2,officer\n")
    assert "listed load icij FILE" in desk.refusal(path)


class TestPreview:
    text = "Shareholder,Company,Stake,Since\nA,B,51%,2018\n,C,1%,\nEmployees,B,most,\n"

    def test_the_whole_of_it_is_a_mapping(self, desk: Desk) -> None:
        path = desk.file("t.csv", self.text)
        shown = desk.preview(path)
        parse_mapping(shown, "t.toml")
        assert desk.links(path, shown) == desk.links(path)

    def test_it_shows_rows_as_the_graph_has_them_and_what_is_set_aside(self, desk: Desk) -> None:
        shown = desk.preview(desk.file("t.csv", self.text))
        assert "#   t.csv row 2: A owns 51% of B since 2018" in shown
        assert "# Set aside: no owner (1), as t.csv row 3: Company: C; Stake: 1%" in shown
        assert "# Kept but flagged: share (1)" in shown

    def test_it_shows_five_rows(self, desk: Desk) -> None:
        shown = desk.preview(desk.file("t.csv", "Shareholder,Company\n" + "".join(f"A,B{n}\n" for n in range(9))))
        assert shown.count("#   t.csv row") == 5
        assert "9 links" in shown

    def test_it_says_what_is_not_certain(self, desk: Desk) -> None:
        assert "# Not certain: share: is 0.5 in" in desk.preview(desk.file("t.csv", "Holder,Company,Stake\nA,B,0.5\n"))

    def test_it_names_the_columns_where_nothing_can_be_guessed(self, desk: Desk) -> None:
        shown = desk.preview(desk.file("t.csv", "alpha,beta\n1,2\n"))
        assert "# Columns not used: alpha, beta" in shown
        assert tomllib.loads(shown) == {}

    def test_it_says_of_a_known_header_that_no_mapping_is_needed(self, desk: Desk) -> None:
        shown = desk.preview(desk.file("t.csv", "owner,asset,share\nA,B,51%\n"))
        assert "is known, so it loads without a mapping" in shown
        assert tomllib.loads(shown)["ids"] == {"prefix": "name", "as_given": True}

    def test_broken_rows_are_told(self, desk: Desk) -> None:
        shown = desk.preview(desk.file("t.csv", "Holder,Company\nA,B\nC\n"))
        assert "# Cannot be read: t.csv, row 3: 1 cells, where the header has 2" in shown


columns = st.text(min_size=1, max_size=8).filter(lambda text: text.strip() == text)
values = columns | st.fixed_dictionaries({"column": columns, "split": st.sampled_from([r"\s*;\s*", "'", "x"])})


@given(st.fixed_dictionaries({"owner": values, "asset": values}, optional={"share": values, "start": values}))
def test_a_mapping_that_is_written_reads_back(link: dict[str, object]) -> None:
    said = {"source": {"column": link["owner"]}, "link": [link]}
    assert tomllib.loads(as_toml(said)) == said


def test_no_name_stands_for_two_things_of_one_table() -> None:
    for kind in ("link", "listing", "entity"):
        targets = synonyms()[kind]["needed"] | synonyms()[kind]["optional"]
        told = [name for names in targets.values() for name in names]
        assert [name for name in told if told.count(name) > 1] == []
