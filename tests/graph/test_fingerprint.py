"""Fingerprints: the same for the same text, however its column is stored."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from listed.graph import fingerprint

texts = st.lists(st.one_of(st.none(), st.text(max_size=12)), max_size=12)


def test_it_is_the_same_on_every_machine() -> None:
    assert fingerprint.as_hex(fingerprint.of_text(pa.array(["csl:123", "商汤科技"]))).to_pylist() == [
        f"{fingerprint.of_one('csl:123'):016x}",
        f"{fingerprint.of_one('商汤科技'):016x}",
    ]
    assert fingerprint.of_one("") == 0
    assert fingerprint.of_one("listed") == 0x9D46E2F7176881BA


@given(texts, st.integers(0, 12))
def test_how_a_column_is_stored_does_not_count(given_: list[str | None], cut: int) -> None:
    column = pa.array(given_, pa.string())
    expected = [fingerprint.of_one(text or "") for text in given_]
    chunks = pa.chunked_array([column[:cut], column[cut:]], pa.string())
    for stored in (column, chunks, column.dictionary_encode(), chunks.dictionary_encode()):
        assert fingerprint.of_text(stored).tolist() == expected


@given(st.lists(st.text(max_size=6), unique=True, max_size=40))
def test_different_texts_differ(given_: list[str]) -> None:
    assert len(set(fingerprint.of_text(pa.array(given_, pa.string())).tolist())) == len(given_)


@given(st.lists(st.integers(0, 30) | st.integers(0, 20_000), min_size=1, max_size=6), st.integers(1, 255))
def test_a_text_far_longer_than_others_counts_as_any(lengths: list[int], seed: int) -> None:
    given_ = ["".join(chr(33 + (seed * place) % 90) for place in range(length)) for length in lengths]
    expected = [fingerprint.of_one(text) for text in given_]
    assert fingerprint.of_text(pa.array(given_)).tolist() == expected


def test_the_order_of_columns_counts() -> None:
    one, other = (fingerprint.of_text(pa.array([text])) for text in ("owner", "asset"))
    assert fingerprint.combined(one, other) != fingerprint.combined(other, one)


def test_a_text_moved_to_the_next_column_is_another_row() -> None:
    def key(*columns: str) -> list[int]:
        made: list[int] = fingerprint.combined(*(fingerprint.of_text(pa.array([text])) for text in columns)).tolist()
        return made

    assert key("ab", "") != key("a", "b")


@given(st.lists(st.integers(0, 2**64 - 1), max_size=8))
def test_it_is_shown_as_sixteen_digits(values: list[int]) -> None:
    shown = fingerprint.as_hex(np.array(values, np.uint64)).to_pylist()
    assert shown == [f"{value:016x}" for value in values]
