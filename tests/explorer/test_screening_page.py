"""A spreadsheet sent to the page: what comes back, and what is refused."""

from __future__ import annotations

import io
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from listed.errors import QueryError
from listed.explorer import app, screening_jobs
from listed.loading import open_
from tests.explorer.desk import Served

SUPPLIERS = "name,country\nMegvii,cn\nNobody Of That Name Ltd,de\n商汤,cn\n".encode()


def screened(page: Served, content: bytes, name: str = "suppliers.csv", **words: str) -> dict[str, Any]:
    more = "".join(f"&{key}={value}" for key, value in words.items())
    said = page.post(f"/screen?name={name}{more}", content)
    assert said.status == 202, said.text
    for _ in range(600):
        job: dict[str, Any] = page(f"/screen/job.json?job={said.json['job']}").json
        if job["state"] != "running":
            return job
        time.sleep(0.05)
    raise AssertionError("the screening does not end")


def test_a_spreadsheet_is_screened(bundled: Served) -> None:
    job = screened(bundled, SUPPLIERS)
    rows = bundled(f"/screen/outcome.json?job={job['job']}").json["rows"]
    assert (job["state"], job["names"]) == ("done", 3)
    assert {row["asked"]: row["match"] for row in rows if row["row"] != 4}["Nobody Of That Name Ltd"] == "none"
    assert "megvii" in [row["entity"] for row in rows]


def test_the_nearest_listed_name_and_rows_without_a_name_are_told(bundled: Served) -> None:
    job = screened(bundled, b"no,name\n1,Huawai Device\n2,\n")
    answer = bundled(f"/screen/outcome.json?job={job['job']}").json
    assert [(row["match"], row["nearest"]) for row in answer["rows"]] == [("none", "huawei-device")]
    assert answer["bounds"]["rows_without_a_name"] == 1


def test_the_outcome_can_be_had_as_a_workbook(bundled: Served) -> None:
    job = screened(bundled, SUPPLIERS)
    said = bundled(f"/screen/outcome.xlsx?job={job['job']}")
    book = openpyxl.load_workbook(io.BytesIO(said.body))
    assert book.sheetnames[0] == "screening"


def test_a_workbook_can_be_sent(bundled: Served) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("suppliers", 0)
    sheet.append(["name"])
    sheet.append(["Megvii"])
    content = io.BytesIO()
    book.save(content)
    assert screened(bundled, content.getvalue(), "suppliers.xlsx")["state"] == "done"


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.csv", "is empty"),
        (b"colour\nred\n", "a.csv", "no column"),
        (b"PK\x03\x04 not an archive", "a.xlsx", "damaged"),
        (b"\xff\xfe\x00\x01\x02", "a.csv", ""),
        (b"name\nA\n", "../../etc/passwd", ""),
        (b"name\nA\n", "", ""),
    ],
)
def test_what_cannot_be_read_is_told_in_a_line(bundled: Served, content: bytes, name: str, told: str) -> None:
    job = screened(bundled, content, name)
    assert told in job["problem"]
    assert "\n" not in job["problem"]
    assert "/" not in job["file"]


def test_an_archive_that_unpacks_to_far_more_is_refused(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening_jobs, "UNPACK_LIMIT", 1_000_000)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("names.csv", b"name\n" + b"a" * 30_000_000)
    assert "unpacks to over" in screened(bundled, content.getvalue(), "bomb.zip")["problem"]


def test_a_file_that_is_too_large_is_refused(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "MOST_BYTES", 1_000)
    assert bundled.post("/screen?name=a.csv", b"name\n" + b"a" * 2_000).status == 413


def test_nothing_that_was_sent_stays_on_the_disk(bundled: Served) -> None:
    screened(bundled, SUPPLIERS)
    screened(bundled, b"colour\nred\n")
    for _ in range(100):
        left = list(Path(tempfile.gettempdir()).glob("listed-screening-*/file.csv"))
        if not left:
            break
        time.sleep(0.05)
    assert not left


@pytest.mark.parametrize("words", ["as-of=tomorrow", "min-score=x", "matches=0", "regime=none"])
def test_options_that_are_none_are_told(bundled: Served, words: str) -> None:
    said = bundled.post(f"/screen?name=a.csv&{words}", SUPPLIERS)
    if said.status == 202:
        job = said.json
        while job["state"] == "running":
            job = bundled(f"/screen/job.json?job={job['job']}").json
        assert job["state"] == "failed"
    else:
        assert said.status == 400


def test_more_names_than_a_page_takes_are_refused(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening_jobs, "MOST_NAMES", 2)
    assert "holds more than 2 names; use: listed screen FILE" in screened(bundled, SUPPLIERS)["problem"]


def test_a_name_that_is_none_is_told_with_its_row(bundled: Served) -> None:
    job = screened(bundled, b"name\nMegvii\n" + b"A" * 50_000 + b"\n")
    assert "row 3: a name has over 2,000 letters" in job["problem"]


def test_a_workbook_that_unpacks_to_far_more_is_refused(bundled: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening_jobs, "UNPACK_LIMIT", 1_000_000)
    content = io.BytesIO()
    openpyxl.Workbook().save(content)
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<row/>" * 5_000_000)
    assert "unpacks to over" in screened(bundled, content.getvalue(), "bomb.xlsx")["problem"]


def test_one_spreadsheet_is_taken_at_a_time_and_few_outcomes_are_kept() -> None:
    jobs = screening_jobs.ScreeningJobs(lambda: open_("bundled"))
    first = jobs.receive("a.csv")
    with pytest.raises(QueryError, match="another spreadsheet"):
        jobs.receive("b.csv")
    for _ in range(9):
        jobs.fail(jobs.job(first.id), "gone")
        first, old = jobs.receive("a.csv"), first
    jobs.fail(first, "gone")
    assert jobs.job(old.id).state == "failed"
    assert not any(Path(job.folder.name).exists() for job in (first, old))


def test_a_screening_is_stopped_at_the_next_name() -> None:
    jobs = screening_jobs.ScreeningJobs(lambda: open_("bundled"))
    job = jobs.receive("a.csv")
    job.file.write_bytes(SUPPLIERS)
    job.stop.set()
    jobs.start(job, screening_jobs.Wanted(date(2025, 1, 1)))
    for _ in range(600):
        if job.state != "running":
            break
        time.sleep(0.05)
    assert job.state == "stopped"
