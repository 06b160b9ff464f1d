"""How far files have been read: by their streams, and only where it is known how long they are."""

from __future__ import annotations

import gzip
from pathlib import Path

from listed.loaders.inputs import open_inputs
from listed.loaders.metered import Metered, share_read


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


def test_of_a_packed_file_it_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"x" * 1000))
    inputs = metered(tmp_path / "a.csv.gz")
    with inputs[0].open_binary() as stream:
        stream.read(500)
        assert share_read(inputs) is None


def test_of_no_file_it_is_not_known() -> None:
    assert share_read([]) is None
