"""The one kind of thing every query returns."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from datetime import date

import pytest

from listed.queries import owners
from listed.queries.records import StakeRow
from tests.graphs import firm, graph, owns

DAY = date(2020, 6, 1)


def test_json_has_a_line_for_each_row_and_says_what_the_dictionary_says() -> None:
    answer = owners(graph(owns("A", "X", "12.5%"), owns("B\n\u2028", "X", "5%")), "X", DAY)
    text = answer.to_json()
    rows = [line for line in text.split("\n") if line.startswith("  {")]
    assert json.loads(text) == answer.to_dict()
    assert [json.loads(row.rstrip(","))["owner"] for row in rows] == ["A", "B\n\u2028"]


def test_json_of_no_rows_is_whole() -> None:
    answer = owners(graph(owns("A", "X", "12.5%")), "A", DAY)
    assert json.loads(answer.to_json()) == answer.to_dict()


def test_json_is_the_documented_object() -> None:
    said = json.loads(owners(graph(owns("A", "X", "12.5%")), "X", DAY).to_json())
    assert (said["query"], said["as_of"], said["snapshot"], said["bounds"]) == ("owners", "2020-06-01", 1, {})
    assert said["rows"][0]["share_min"] == 12.5
    assert said["sources"]["paper"]["title"] == "A paper"


@pytest.mark.parametrize("first", ["=", "+", "-", "@"])
def test_csv_does_not_run_as_a_formula(first: str) -> None:
    text = owners(graph(firm("a", f"{first}cmd()"), owns("a", "X", "1%")), "X", DAY).to_csv()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["owner_name"] == f"'{first}cmd()"


def test_an_answer_without_rows_is_a_header() -> None:
    empty = owners(graph(firm("X")), "X", DAY)
    columns = [field.name for field in fields(StakeRow)]
    assert (empty.to_csv(), list(empty.to_pandas().columns)) == (",".join(columns) + "\n", columns)


def test_the_columns_of_pandas_are_the_fields() -> None:
    frame = owners(graph(owns("A", "X", "12.5%")), "X", DAY).to_pandas()
    assert list(frame.columns) == [field.name for field in fields(StakeRow)]
