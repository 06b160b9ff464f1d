"""Tables of every form: what a reporter sees in a cell is what is read, and what is no table is told in one line."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from listed.loaders.inputs import open_inputs
from listed.loaders.table import json_rows
from listed.loaders.table.excel import shown_date, shown_number
from listed.loaders.table.rows import Layout, Row, open_table
from tests.loaders.table_desk import Desk, aside, flags

STAKES = '[[link]]\nowner = "Who"\nasset = "What"\nshare = "Part"\n'
DATED = STAKES + 'start = "When"\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


FORMULAS = "<f>1</f>", "<f t='shared' si='0'/>", "<f>1</f><v></v>", "<f>1</f><v/>"


def _with_cell(path: str, cell: str) -> str:
    """Put XML in the place of the cell A3 of a workbook."""
    parts = {}
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            parts[name] = book.read(name)
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    found = re.search(r'<c r="A3".*?</c>', sheet)
    assert found
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(found[0], cell).encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


class TestFormulas:
    ROWS = (("Who", "What", "Part"), ("A", "B", "51%"), ("C", "D", "49%"))

    @pytest.mark.parametrize("formula", FORMULAS)
    def test_one_without_its_value_is_told(self, desk: Desk, formula: str) -> None:
        path = _with_cell(desk.book(self.ROWS), f'<c r="A3" s="0">{formula}</c>')
        (row,) = [row for row in opened(path) if row.number == 3]
        assert row.flags == ("Who: a formula without its value: open the file in Excel and save it",)

    @pytest.mark.parametrize("cell", ['<c r="A3"><f>1</f><v>7</v></c>', '<c r="A3" t="str"><f>1</f><v></v></c>'])
    def test_one_with_its_value_is_read_as_that(self, desk: Desk, cell: str) -> None:
        assert all(not row.flags for row in opened(_with_cell(desk.book(self.ROWS), cell)))

    def test_a_sheet_of_nothing_else_is_a_sheet_with_data(self, desk: Desk) -> None:
        (row,) = opened(desk.book([("Who",), ('="A"&"B"',)]))
        assert row.flags


def opened(path: str) -> list[Row]:
    (given,) = open_inputs([path])
    return open_table(given, Layout()).sample(10)


@pytest.mark.parametrize(
    ("start", "what"), [(b"\x89PNG\r\n\x1a\n", "a picture"), (b"\xff\xd8\xff\xe0", "a picture"), (b"%PDF-1.4", "a PDF")]
)
def test_a_picture_or_pdf_is_called_so(desk: Desk, start: bytes, what: str) -> None:
    assert f"is {what}, no table" in desk.refusal(desk.file("t.csv", start + bytes(range(256))))


class TestCsv:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_the_delimiter_is_seen(self, desk: Desk, delimiter: str) -> None:
        text = "Who,What,Part\nA,B,51%\n".replace(",", delimiter)
        assert desk.shares(desk.file("t.csv", text), STAKES) == ["51%"]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_unicode_is_told_from_the_bytes(self, desk: Desk, encoding: str) -> None:
        text = "Who,What,Part\nSociété Générale,B,51%\n".encode(encoding)
        (link,) = desk.links(desk.file("t.csv", text), STAKES)
        assert link["source"] == "Société Générale"

    def test_utf_16_is_read_in_whole_columns_too(self, desk: Desk) -> None:
        text = "owner,asset,share\nSociété Générale,B,51%\n".encode("utf-16")
        (link,) = desk.links(desk.file("t.csv", text))
        assert link["source"] == "Société Générale"

    @pytest.mark.parametrize("header", ["Who,What,Part", "owner,asset,share"])
    def test_windows_1252_is_refused_with_what_to_do(self, desk: Desk, header: str) -> None:
        path = desk.file("t.csv", f"{header}\nA,B,1\nSociété,B,51%\n".encode("cp1252"))
        error = desk.refusal(path, STAKES if header.startswith("Who") else None)
        assert "row 3" in error
        assert 'if it reads "Société,B,51%", it is Windows-1252: encoding = "windows-1252"' in error

    @pytest.mark.parametrize("header", ["Who,What,Part", "owner,asset,share"])
    @pytest.mark.parametrize("encoding", ["gbk", "gb18030"])
    def test_chinese_in_gbk_is_refused_with_what_to_do(self, desk: Desk, header: str, encoding: str) -> None:
        path = desk.file("t.csv", f"{header}\nA,B,1\n海康威视,子公司,51%\n".encode(encoding))
        error = desk.refusal(path, STAKES if header.startswith("Who") else None)
        assert 'if it reads "海康威视,子公司,51%", it is Chinese (GBK or GB18030): encoding = "gb18030"' in error
        owner, asset, share = header.split(",")
        stakes = f'[[link]]\nowner = "{owner}"\nasset = "{asset}"\nshare = "{share}"\n'
        (_, link) = desk.links(path, f'[file]\nencoding = "gb18030"\n{stakes}')
        assert link["source"] == "海康威视"

    @pytest.mark.parametrize("name", ["Müller Köln", "Société Générale", "Ørsted", "Škoda Plzeň", "Bâle élève"])
    def test_a_name_of_the_west_is_not_taken_for_chinese(self, desk: Desk, name: str) -> None:
        path = desk.file("t.csv", f"owner,asset,share\n{name},B,51%\n".encode("cp1252", "ignore"))
        assert "Chinese" not in desk.refusal(path)

    def test_windows_1252_is_read_if_the_mapping_says_so(self, desk: Desk) -> None:
        path = desk.file("t.csv", "Who,What,Part\nSociété,B,51%\n".encode("cp1252"))
        (link,) = desk.links(path, '[file]\nencoding = "windows-1252"\n' + STAKES)
        assert link["source"] == "Société"

    def test_an_encoding_that_does_not_exist_is_named(self, desk: Desk) -> None:
        path = desk.file("t.csv", "Who,What,Part\n")
        assert "no encoding is called 'klingon'" in desk.refusal(path, '[file]\nencoding = "klingon"\n' + STAKES)

    def test_lines_above_the_header_are_passed_over(self, desk: Desk) -> None:
        path = desk.file("t.csv", "Stakes of our case,,\n,,\nShareholder,Company,Stake %\nA,B,51\n")
        tables = desk.tables(path)
        assert [row["record"] for row in tables["links"].to_pylist()] == ["t.csv row 4"]

    def test_the_mapping_may_say_which_row_is_the_header(self, desk: Desk) -> None:
        path = desk.file("t.csv", "Shareholder,Company\nWho,What\nA,B\n")
        (link,) = desk.links(path, '[file]\nheader_row = 2\n[[link]]\nowner = "Who"\nasset = "What"\n')
        assert (link["source"], link["record"]) == ("A", "t.csv row 3")

    def test_a_row_of_the_wrong_length_is_named(self, desk: Desk) -> None:
        path = desk.file("t.csv", "Who,What,Part\nA,B,51\nA,C\n")
        assert desk.refusal(path, STAKES) == "t.csv, row 3: 2 cells, where the header has 3 (mend the row)"

    @pytest.mark.parametrize("header", ["Who,What,Part", "owner,asset,share"])
    def test_to_keep_going_sets_a_broken_row_aside_and_keeps_the_numbers_of_the_others(
        self, desk: Desk, header: str
    ) -> None:
        path = desk.file("t.csv", f"{header}\nA,B,51%\nA,C\nA,D,52%\nA,E,1,1\nA,F,53%\n")
        tables = desk.tables(path, STAKES if header.startswith("Who") else None, keep_going=True)
        assert [record for record, _ in aside(tables)] == ["t.csv row 3", "t.csv row 5"]
        assert [row["record"] for row in tables["links"].to_pylist()] == ["t.csv row 2", "t.csv row 4", "t.csv row 6"]

    def test_a_blank_line_says_nothing(self, desk: Desk) -> None:
        tables = desk.tables(desk.file("t.csv", "Who,What,Part\n\nA,B,51%\n,,\n"), STAKES)
        assert (tables["links"].num_rows, aside(tables)) == (1, [])

    def test_two_columns_of_one_name_are_refused(self, desk: Desk) -> None:
        assert "two columns are called Who" in desk.refusal(desk.file("t.csv", "Who,What,Part,Who\n"), STAKES)

    def test_a_merged_cell_says_what_the_one_above_says(self, desk: Desk) -> None:
        path = desk.file("t.csv", "Who,What,Part\nA,B,51%\n,C,52%\nD,E,53%\n")
        links = desk.links(path, '[file]\nfill_down = ["Who"]\n' + STAKES)
        assert [link["source"] for link in links] == ["A", "A", "D"]


class TestExcel:
    def test_a_number_formatted_as_percent_is_a_percentage(self, desk: Desk) -> None:
        def dress(sheet: Worksheet) -> None:
            sheet["C2"].number_format = "0%"
            sheet["C3"].number_format = "0.00%"

        path = desk.book([["Who", "What", "Part"], ["A", "B", 0.51], ["A", "C", 0.0759], ["A", "D", 51]], dress)
        assert [link["share_min"] for link in desk.links(path, STAKES)] == [
            Decimal("51"),
            Decimal("7.59"),
            Decimal("51"),
        ]

    @pytest.mark.parametrize(
        ("value", "number_format", "seen"),
        [
            (0.51, "0%", "51%"),
            (0.5001, "0%", "50.01%"),
            (0.07590000000000001, "0.00%", "7.59%"),
            (1, "0%", "100%"),
            (0.51, "General", "0.51"),
            (51.0, "General", "51"),
            (7, "000", "007"),
            (91110000710935732, "0", "91110000710935700"),
            (0.5, '0" %"', "0.5"),
            (1e-7, "0.0%", "0.00001%"),
        ],
    )
    def test_a_number_is_what_one_sees_but_not_rounded(self, value: float, number_format: str, seen: str) -> None:
        assert shown_number(value, number_format) == seen

    @pytest.mark.parametrize(
        ("number_format", "seen"),
        [("yyyy-mm-dd", "2018-04-09"), ("d.m.yy", "2018-04-09"), ("yyyy", "2018"), ("mmm yyyy", "2018-04"),
         ('"in" yyyy', "2018"), ("[$-409]mmmm d, yyyy", "2018-04-09")],
    )  # fmt: skip
    def test_a_date_has_the_precision_one_sees(self, number_format: str, seen: str) -> None:
        assert shown_date(datetime(2018, 4, 9), number_format) == seen

    def test_dates_are_read(self, desk: Desk) -> None:
        path = desk.book([["Who", "What", "Part", "When"], ["A", "B", "51%", date(2018, 4, 9)]])
        assert desk.links(path, DATED)[0]["start_date"] == "2018-04-09"

    def test_an_error_in_a_cell_is_no_text_and_flagged(self, desk: Desk) -> None:
        tables = desk.tables(desk.book([["Who", "What", "Part"], ["A", "B", "#REF!"]]), STAKES)
        assert (tables["links"]["share_text"].to_pylist(), flags(tables)) == ([None], ["Part: #REF! in the sheet"])

    def test_a_title_above_the_header_is_passed_over(self, desk: Desk) -> None:
        path = desk.book([["Our case"], [], ["Shareholder", "Company", "Stake %"], ["A", "B", 51]])
        assert desk.links(path)[0]["record"] == "t.xlsx row 4"

    def test_a_cell_beyond_the_header_stops_the_load(self, desk: Desk) -> None:
        path = desk.book([["Who", "What", "Part"], ["A", "B", "51%", "and more"]])
        assert "row 2: a cell beyond the last column" in desk.refusal(path, STAKES)

    def test_the_only_sheet_with_data_is_read(self, desk: Desk) -> None:
        def dress(sheet: Worksheet) -> None:
            assert sheet.parent is not None
            sheet.parent.create_sheet("Empty")
            hidden = sheet.parent.create_sheet("Old")
            hidden.append(["Who", "What"])
            hidden.append(["X", "Y"])
            hidden.sheet_state = "hidden"

        path = desk.book([["Who", "What", "Part"], ["A", "B", "51%"]], dress)
        assert desk.shares(path, STAKES) == ["51%"]

    def test_of_two_sheets_one_must_be_named(self, desk: Desk) -> None:
        def dress(sheet: Worksheet) -> None:
            sheet.title = "2024"
            assert sheet.parent is not None
            more = sheet.parent.create_sheet("2025")
            more.append(["Who", "What", "Part"])
            more.append(["A", "B", "52%"])

        path = desk.book([["Who", "What", "Part"], ["A", "B", "51%"]], dress)
        assert "has 2 sheets with data: 2024, 2025" in desk.refusal(path, STAKES)
        assert desk.shares(path, '[file]\nsheet = "2025"\n' + STAKES) == ["52%"]

    def test_a_sheet_that_is_not_there_is_told_with_those_that_are(self, desk: Desk) -> None:
        path = desk.book([["Who", "What", "Part"], ["A", "B", "51%"]])
        assert "has no sheet 'Stakes' (there are: Sheet)" in desk.refusal(path, '[file]\nsheet = "Stakes"\n' + STAKES)

    def test_a_workbook_with_a_password_is_told(self, desk: Desk) -> None:
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
        assert "is protected by a password" in desk.refusal(desk.file("t.xlsx", content), STAKES)

    def test_an_old_workbook_is_told(self, desk: Desk) -> None:
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "Workbook".encode("utf-16-le")
        assert "of before 2007 (.xls)" in desk.refusal(desk.file("t.xls", content), STAKES)

    def test_a_damaged_workbook_is_told(self, desk: Desk) -> None:
        whole = Path(desk.book([["Who", "What", "Part"], ["A", "B", "51%"]]))
        damaged = io.BytesIO()
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(damaged, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name)[:200] if name.endswith("sheet1.xml") else old.read(name))
        assert "t.xlsx: is damaged" in desk.refusal(desk.file("t.xlsx", damaged.getvalue()), STAKES)

    def test_another_document_is_told(self, desk: Desk) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            archive.writestr("content.xml", "<a/>")
        assert "but OpenDocument (save it as .xlsx or CSV)" in desk.refusal(
            desk.file("t.ods", packed.getvalue()), STAKES
        )

    def test_the_known_header_needs_no_mapping(self, desk: Desk) -> None:
        path = desk.book([["owner", "asset", "share"], ["A", "B", "51%"]])
        tables = desk.tables(path, accept="none")
        assert tables["links"]["source"].to_pylist() == ["name:a"]

    def test_its_reader_is_imported_for_an_excel_file_only(self) -> None:
        code = "import sys, listed.loaders.table; sys.exit('openpyxl' in sys.modules)"
        assert subprocess.run([sys.executable, "-c", code]).returncode == 0


class TestJson:
    rows = ({"Who": "A", "What": "B", "Part": 51.10}, {"Who": "A", "What": "C", "Part": None})

    def test_a_list_of_objects(self, desk: Desk) -> None:
        assert desk.shares(desk.file("t.json", self.rows), STAKES) == ["51.1", "None"]

    def test_a_number_stays_as_it_is_written(self, desk: Desk) -> None:
        path = desk.file("t.json", '[{"Who": "A", "What": "B", "Part": 51.10}]')
        assert desk.shares(path, STAKES) == ["51.10"]

    def test_the_only_list_of_objects_is_found(self, desk: Desk) -> None:
        path = desk.file("t.json", {"made": "today", "tags": ["x"], "rows": self.rows})
        assert len(desk.links(path, STAKES)) == 2

    def test_a_path_leads_to_a_list_further_inside(self, desk: Desk) -> None:
        path = desk.file("t.json", {"a": [{"Who": "X"}], "data": {"n": 2, "rows": self.rows}})
        assert len(desk.links(path, '[file]\npath = "data.rows"\n' + STAKES)) == 2

    def test_one_object_per_line(self, desk: Desk) -> None:
        path = desk.file("t.jsonl", "\n".join(map(json.dumps, self.rows)) + "\n")
        assert [link["record"] for link in desk.links(path, STAKES)] == ["t.jsonl line 1", "t.jsonl line 2"]

    def test_a_bad_line_can_be_passed_over(self, desk: Desk) -> None:
        path = desk.file(
            "t.jsonl", '{"Who": "A", "What": "B", "Part": "1%"}\n{"Who": \n{"Who": "A", "What": "C", "Part": ""}\n'
        )
        assert "t.jsonl, row 2: is no JSON" in desk.refusal(path, STAKES)
        assert desk.tables(path, STAKES, keep_going=True)["links"].num_rows == 2

    def test_columns_inside_objects_and_lists(self, desk: Desk) -> None:
        rows = [{"who": {"name": "A"}, "names": ["AA", "AAA"], "seats": [{"land": "CN"}, {"land": "US"}]}]
        mapping = '[entity]\nname = "who.name"\naliases = "names"\ncountries = "seats.land"\n'
        tables = desk.tables(desk.file("t.json", rows), mapping)
        assert tables["entities"]["countries"].to_pylist() == [["cn", "us"]]
        assert tables["names"]["text"].to_pylist() == ["A", "AA", "AAA"]

    @pytest.mark.parametrize(
        ("path", "told"),
        [
            ("data.row", "the path data.row leads nowhere: no row (did you mean rows?)"),
            ("date.rows", "the path date.rows leads nowhere: no date (did you mean data?)"),
            ("data.n", "the path data.n leads to no list"),
            ("data.n.x", "the path data.n.x ends at data.n, which is no object"),
        ],
    )
    def test_a_path_that_leads_nowhere_is_told(self, desk: Desk, path: str, told: str) -> None:
        file = desk.file("t.json", {"data": {"n": 2, "rows": self.rows}})
        assert told in desk.refusal(file, f'[file]\npath = "{path}"\n' + STAKES)

    def test_of_two_lists_one_must_be_named(self, desk: Desk) -> None:
        path = desk.file("t.json", {"a": self.rows, "b": self.rows})
        assert 'has 2 lists of rows: a, b (say which in a mapping: path = "..."' in desk.refusal(path, STAKES)

    @pytest.mark.parametrize("text", ['[{"Who": "A", "What": "B"', '[{"Who": "A" "What": "B"}]', "[" * 100_000])
    def test_what_is_cut_short_or_wrong_is_told(self, desk: Desk, text: str) -> None:
        assert "is no JSON" in desk.refusal(desk.file("t.json", text), STAKES)

    def test_half_a_character_does_not_stop_the_load(self, desk: Desk) -> None:
        path = desk.file("t.json", '[{"Who": "A\\ud83d", "What": "B", "Part": ""}]')
        assert desk.links(path, STAKES)[0]["source"] == "A?"


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=9,
)
objects = st.dictionaries(st.text(max_size=5), plain, max_size=4)


@given(st.lists(objects, max_size=5), st.integers(1, 40), st.sampled_from([None, 1]))
def test_a_list_read_in_pieces_is_the_list(rows: list[dict[str, object]], chunk: int, indent: int | None) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_rows, "_CHUNK", chunk)
        text = io.StringIO(json.dumps({"x": [1, {"y": []}], "rows": rows}, indent=indent))
        scanner = json_rows._Scanner(text, "t.json")
        json_rows._walk(scanner, ["rows"])
        read = [scanner.value() for _ in scanner.items()]
    assert read == json.loads(json.dumps(rows), parse_int=str)


class TestParquet:
    def test_it_is_read_by_a_mapping_too(self, desk: Desk) -> None:
        table = pa.table(
            {"Who": ["A", "B"], "What": ["C", "D"], "Part": [51.5, None], "When": [date(2019, 1, 2), None]}
        )
        pq.write_table(table, desk.folder / "t.parquet")
        first, second = desk.links(str(desk.folder / "t.parquet"), DATED)
        assert (first["share_text"], first["start_date"], second["share_text"]) == ("51.5", "2019-01-02", None)
