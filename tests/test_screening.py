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
from listed.screening import screen_file, write
from tests.graphs import firm, graph, listed

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

    def test_a_file_without_a_column_of_names_is_refused_with_advice(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"suppliers\.csv, row 1: no column is known to hold names: a, b.*--name"):
            asked(tmp_path, "a,b\n1,2\n")

    def test_a_column_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"no column is called 'c'.*there are: a, b"):
            asked(tmp_path, "a,b\n1,2\n", name_column="c")


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
