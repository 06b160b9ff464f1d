"""How far files have been read: by their streams, and only where it is known how long they are."""

from __future__ import annotations

import gzip
import random
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from listed.loaders.inputs import open_inputs
from listed.loaders.metered import Metered, share_read
from listed.loaders.table.rows import Layout, open_table
from listed.loading import load


def metered(*paths: Path) -> list[Metered]:
    return [Metered(one) for one in open_inputs([str(path) for path in paths])]


def test_a_file_of_which_half_was_read_is_half_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 1000)
    inputs = metered(tmp_path / "a.csv")
    with inputs[0].open_binary() as stream:
        stream.read(500)
        assert share_read(inputs) == 0.5


def test_text_counts_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("商汤\n" * 10, encoding="utf-8")
    inputs = metered(tmp_path / "a.csv")
    with inputs[0].open_text() as text:
        text.read()
    assert share_read(inputs) == 1


def test_of_two_files_the_first_is_its_part(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x" * 100)
    (tmp_path / "b.csv").write_bytes(b"x" * 300)
    inputs = metered(tmp_path / "a.csv", tmp_path / "b.csv")
    with inputs[0].open_binary() as stream:
        stream.read()
    assert share_read(inputs) == 0.25


def packed(place: Path, kind: str, *texts: bytes) -> Path:
    """A file that holds some texts packed, with nothing in them that packs well."""
    if kind == "gzip":
        place.write_bytes(gzip.compress(b"".join(texts)))
    else:
        method = zipfile.ZIP_LZMA if kind == "xz" else zipfile.ZIP_DEFLATED
        with zipfile.ZipFile(place, "w", method) as archive:
            for number, text in enumerate(texts):
                archive.writestr(f"{number}.csv", text)
    return place


NOISE = random.Random(1).randbytes(4_000_000)


@pytest.mark.parametrize("kind", ["gzip", "zip", "xz"])
def test_of_a_packed_file_its_packed_bytes_count(tmp_path: Path, kind: str) -> None:
    inputs = metered(packed(tmp_path / "a", kind, NOISE))
    with inputs[0].open_binary() as stream:
        stream.read(len(NOISE) // 2)
        share = share_read(inputs)
    assert share is not None
    assert 0.5 <= share < 0.8  # a stream unpacks somewhat ahead


@pytest.mark.parametrize("kind", ["gzip", "zip", "xz"])
def test_a_packed_file_read_to_its_end_is_read_whole(tmp_path: Path, kind: str) -> None:
    inputs = metered(packed(tmp_path / "a", kind, NOISE))
    with inputs[0].open_text("latin-1") as text:
        text.read()
    share = share_read(inputs)
    assert share is not None
    assert share > 0.999  # what gzip says of itself at the end need not be taken


def test_a_file_in_an_archive_is_its_part_of_it(tmp_path: Path) -> None:
    inputs = metered(packed(tmp_path / "a", "zip", NOISE[:1_000_000], NOISE[:3_000_000]))
    with inputs[0].open_binary() as stream:
        stream.read()
    assert share_read(inputs) == pytest.approx(0.25, abs=0.01)


class TestOfATable:
    """Whole tables are read by Arrow, which yields nothing until it has all."""

    def shares(self, file: Path) -> list[float | None]:
        told: list[float | None] = []
        load("table", [str(file)], file.with_name("graph"), progress=lambda _, share: told.append(share))
        return told

    def stakes(self, count: int) -> pa.Table:
        names = pa.array([f"party {number}" for number in range(count)])
        return pa.table({"owner": names, "asset": names.take(pa.array(range(count - 1, -1, -1)))})

    def test_in_parquet_each_group_of_rows_is_told(self, tmp_path: Path) -> None:
        pq.write_table(self.stakes(100), tmp_path / "stakes.parquet", row_group_size=25)
        assert self.shares(tmp_path / "stakes.parquet")[:4] == pytest.approx([0.25, 0.5, 0.75, 1], abs=0.001)

    @pytest.mark.parametrize("ending", ["", ".gz"])
    def test_in_csv_each_block_is_told(self, tmp_path: Path, ending: str) -> None:
        text = pa.BufferOutputStream()
        csv.write_csv(self.stakes(100_000), text)
        content = text.getvalue().to_pybytes()
        file = tmp_path / f"stakes.csv{ending}"
        file.write_bytes(gzip.compress(content) if ending else content)
        told = [share for share in self.shares(file) if share is not None]
        assert told == sorted(told)
        assert 0 < told[0] < 0.9
        assert told[-1] > 0.999


def test_of_a_workbook_it_is_not_known(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet(index=0)
    for row in (("name", "country"), ("A", "cn"), ("B", "cn")):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    inputs = metered(tmp_path / "a.xlsx")
    assert len(list(open_table(inputs[0], Layout()).read())) == 2
    assert share_read(inputs) is None


def test_of_no_file_it_is_not_known() -> None:
    assert share_read([]) is None
