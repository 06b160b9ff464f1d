"""Text is measured without a font, never too small, and broken so that nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.pictures.lettering import clean, evenly, width, wrap

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)
FONTS = {
    "DejaVu Serif": "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "Liberation Serif": "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
}


@given(TEXT, st.floats(30, 400))
def test_no_line_is_wider_than_allowed_but_for_a_single_letter(text: str, most: float) -> None:
    assert all(width(line, 15) <= most or len(line) == 1 for line in wrap(text, 15, most))


@given(TEXT)
def test_no_letter_is_lost_where_lines_break(text: str) -> None:
    assert re.sub(r"\s", "", "".join(wrap(text, 15, 120))) == re.sub(r"\s", "", text)


@given(TEXT)
def test_even_lines_are_as_few_as_full_ones(text: str) -> None:
    assert len(evenly(text, 15, 120)) == len(wrap(text, 15, 120))


def test_lines_break_between_words() -> None:
    assert wrap("Hangzhou Hikvision Digital", 15, 90) == ["Hangzhou", "Hikvision", "Digital"]


def test_chinese_breaks_between_letters() -> None:
    assert wrap("华为技术有限公司", 15, 62) == ["华为技术", "有限公司"]


def test_a_list_id_is_not_broken_at_its_hyphens() -> None:
    assert wrap("listed: US-OFAC-NS-CMIC", 13, 150) == ["listed:", "US-OFAC-NS-CMIC"]


@pytest.mark.parametrize("family", FONTS)
def test_text_is_not_wider_than_told_in_a_real_font(family: str) -> None:
    if not Path(FONTS[family]).is_file():
        pytest.skip(f"{family} is not installed here")
    fonts = pytest.importorskip("fontTools.ttLib")
    font = fonts.TTFont(FONTS[family])
    letters, advances = font.getBestCmap(), font["hmtx"].metrics
    name = "Société Générale (Æther) Øre & Söhne GmbH, Владимир 51%"
    real = sum(advances[letters[ord(one)]][0] for one in name) / font["head"].unitsPerEm * 15
    assert real <= width(name, 15) + 0.5


@pytest.mark.parametrize(("text", "cleaned"), [
    ("a\nb\tc", "a b c"),
    ("a\x00b\x0bc", "a b c"),
    ("ltd\u202eevil", "ltdevil"),
    ("  two   words ", "two words"),
])  # fmt: skip
def test_what_cannot_stand_in_a_picture_is_taken_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
