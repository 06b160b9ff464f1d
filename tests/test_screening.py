"""Screening a spreadsheet: from a reporter's file to a file again."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from listed.errors import InputError
from listed.graph.model import Entity, Name
from listed.screening import screen_file, write
from listed.terminal import screening_in_short, show
from tests.graphs import firm, graph, listed, owns

DAY = date(2025, 10, 15)
WORLD = graph(firm("acme", "Acme Optics", ids=(("lei", "529900T8BM49AURSDO55"),)), listed("acme", "US-BIS-EL"),
              firm("evil", "=HYPERLINK(1) Trading"))  # fmt: skip


def asked(tmp_path: Path, text: str, **how: str) -> list[tuple[int, str, str, str]]:
    path = tmp_path / "suppliers.csv"
    path.write_text(text, encoding="utf-8")
    answer = screen_file(WORLD, str(path), DAY, **how)  # type: ignore[arg-type]
    return [(row.row, row.asked, row.asked_country, row.entity) for row in answer.rows]


class TestReading:
    @pytest.mark.parametrize("header", ["name", "Supplier", "Company Name", "entity", "Legal name"])
    def test_the_column_of_names_is_told_from_the_header(self, tmp_path: Path, header: str) -> None:
        assert asked(tmp_path, f"no,{header}\n1,Acme Optics\n") == [(2, "Acme Optics", "", "acme")]

    def test_or_by_the_user(self, tmp_path: Path) -> None:
        assert asked(tmp_path, "a,b\n1,Acme Optics\n", name_column="B") == [(2, "Acme Optics", "", "acme")]

    def test_countries_are_read_by_name_or_code(self, tmp_path: Path) -> None:
        rows = asked(tmp_path, "name,country\nAcme Optics,China\nAcme Optics,de\nAcme Optics,Atlantis\n")
        assert [country for _, _, country, _ in rows] == ["cn", "de", ""]

    def test_identifiers_are_read_by_their_scheme(self, tmp_path: Path) -> None:
        rows = asked(tmp_path, "name,LEI\nWholly Other,529900T8BM49AURSDO55\n")
        assert rows == [(2, "Wholly Other", "", "acme")]

    def test_an_excel_file_is_read(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(["Supplier"])  # type: ignore[union-attr]
        book.active.append(["Acme Optics"])  # type: ignore[union-attr]
        book.save(tmp_path / "suppliers.xlsx")
        answer = screen_file(WORLD, str(tmp_path / "suppliers.xlsx"), DAY)
        assert [row.entity for row in answer.rows] == ["acme"]

    def test_rows_without_a_name_are_counted_and_named(self, tmp_path: Path) -> None:
        path = tmp_path / "suppliers.csv"
        path.write_text("no,name\n1,Acme Optics\n2,\n\n3,\n", encoding="utf-8")
        answer = screen_file(WORLD, str(path), DAY)
        assert answer.bounds["rows_without_a_name"] == 2
        assert any("passed over: rows 3, 5" in note for note in answer.notes)

    def test_a_formula_without_its_value_says_so(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        for row in (["Supplier"], ["Acme Optics"], ['="Acme"&" Optics"']):
            book.active.append(row)  # type: ignore[union-attr]
        book.save(tmp_path / "suppliers.xlsx")
        answer = screen_file(WORLD, str(tmp_path / "suppliers.xlsx"), DAY)
        assert answer.bounds["rows_without_a_name"] == 1
        said = "Not read: row 3: Supplier: a formula without its value: open the file in Excel and save it."
        assert said in answer.notes

    @pytest.mark.parametrize(("start", "what"), [(b"\x89PNG\r\n\x1a\n", "a picture"), (b"%PDF-1.7\n", "a PDF")])
    def test_a_picture_of_a_table_is_no_table(self, tmp_path: Path, start: bytes, what: str) -> None:
        (tmp_path / "suppliers.csv").write_bytes(start + bytes(range(256)))
        with pytest.raises(InputError, match=f"is {what}, no table"):
            screen_file(WORLD, str(tmp_path / "suppliers.csv"), DAY)

    def test_a_file_without_a_column_of_names_is_refused_with_advice(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"suppliers\.csv, row 1: no column is known to hold names: a, b.*--name"):
            asked(tmp_path, "a,b\n1,2\n")

    def test_a_column_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"no column is called 'c'.*there are: a, b"):
            asked(tmp_path, "a,b\n1,2\n", name_column="c")

    @pytest.mark.parametrize(("name", "encoding"), [("海康威视", "gbk"), ("Société", "cp1252")])
    def test_of_another_encoding_it_says_what_works_here(self, tmp_path: Path, name: str, encoding: str) -> None:
        path = tmp_path / "suppliers.csv"
        path.write_bytes(f"name\n{name}\n".encode(encoding))
        with pytest.raises(InputError, match=r'save it as UTF-8, in Excel "CSV UTF-8", or as \.xlsx') as told:
            screen_file(WORLD, str(path), DAY)
        assert "mapping" not in str(told.value)


class TestWriting:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        path = tmp_path / "suppliers.csv"
        path.write_text("name\nAcme Optics\n=HYPERLINK(1) Trading\nZeta\n", encoding="utf-8")
        return path

    def test_a_spreadsheet_does_not_run_what_a_name_says(self, file: Path, tmp_path: Path) -> None:
        write(screen_file(WORLD, str(file), DAY), tmp_path / "out.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["screening"]
        assert sheet["B3"].value == "'=HYPERLINK(1) Trading"
        assert all(cell.data_type != "f" for row in sheet for cell in row)

    def test_a_spreadsheet_tells_its_sources_and_its_day(self, file: Path, tmp_path: Path) -> None:
        write(screen_file(WORLD, str(file), DAY), tmp_path / "out.xlsx")
        about = openpyxl.load_workbook(tmp_path / "out.xlsx")["about"]
        said = [row[0].value for row in about]
        assert about["B1"].value == "2025-10-15"
        assert "source" in said
        assert "paper" in said

    def test_its_sheet_of_facts_can_be_read(self, file: Path, tmp_path: Path) -> None:
        write(screen_file(WORLD, str(file), DAY), tmp_path / "out.xlsx")
        about = openpyxl.load_workbook(tmp_path / "out.xlsx")["about"]
        assert about.column_dimensions["B"].width >= 60

    def test_the_summary_counts_what_was_passed_over(self, tmp_path: Path) -> None:
        (tmp_path / "s.csv").write_text("no,name\n1,Acme Optics\n2,\n", encoding="utf-8")
        said = screening_in_short(screen_file(WORLD, str(tmp_path / "s.csv"), DAY), "out.csv")
        assert said.startswith("1 name: 1 with a match, 1 with a listed one; 0 without")
        assert said.endswith("1 row has no name and was passed over: row 3. Written to out.csv.")

    def test_the_summary_counts_whom_a_rule_captures(self, tmp_path: Path) -> None:
        world = graph(firm("acme"), listed("acme"), owns("acme", "beta", "60%"), firm("beta", "Beta Lens"))
        (tmp_path / "s.csv").write_text("name\nBeta Lens\n", encoding="utf-8")
        said = screening_in_short(screen_file(world, str(tmp_path / "s.csv"), DAY))
        assert "0 with a listed one, 1 with one that a rule captures" in said

    def test_the_terminal_tells_the_reason(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        world = graph(Entity("acme", (Name("Acme Optics"),), "Company", ("cn",)))
        (tmp_path / "s.csv").write_text("name,country\nAcme Optics,de\n", encoding="utf-8")
        show(screen_file(world, str(tmp_path / "s.csv"), DAY))
        assert "but of cn, not de" in capsys.readouterr().out

    def test_csv_and_json_say_the_same(self, file: Path, tmp_path: Path) -> None:
        answer = screen_file(WORLD, str(file), DAY)
        write(answer, tmp_path / "out.csv")
        write(answer, tmp_path / "out.json")
        rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))
        told = json.loads((tmp_path / "out.json").read_text("utf-8"))["rows"]
        assert [row["entity"] for row in rows] == [row["entity"] for row in told] == ["acme", "evil", ""]

    def test_another_ending_is_refused(self, file: Path, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"\.csv, \.xlsx or \.json"):
            write(screen_file(WORLD, str(file), DAY), tmp_path / "out.doc")
