"""Whatever text a source has for a share, a date, a name, a country or a number: it is read, or unknown."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from listed.graph.party_names import party_name
from listed.loaders.icij.dates import read_date
from tests.loaders.hostile import HOSTILE_VALUES
from tests.parsers import PARSERS

ALPHABETS = (
    "0123456789.,%<>=-–/()[] tomrehanf",
    "0123456789/-.: TZ",
    "abc .,;()'\"&-",
    "商汤科技有限公司（）、",
    "ابن عبدال",
)
texts = st.one_of(
    st.text(max_size=60),
    st.sampled_from([value for value in HOSTILE_VALUES if len(value) < 1000]),
    *(st.text(alphabet, max_size=30) for alphabet in ALPHABETS),
)


@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=60)
@given(st.lists(texts, min_size=1, max_size=3).map(" ".join))
def test_no_text_breaks_a_parser(parser: str, text: str) -> None:
    PARSERS[parser](text)


@pytest.mark.parametrize("parser", PARSERS)
def test_no_hostile_value_breaks_a_parser(parser: str) -> None:
    for value in HOSTILE_VALUES:
        PARSERS[parser](value)


# What fuzzing found: a run of spaces as long as a cell took a day, a number as long as that broke a name.


@given(st.integers(1, 60_000))
@settings(max_examples=5)
@example(60_000)
def test_spaces_of_any_number_are_one(spaces: int) -> None:
    assert party_name(f"Acme{' ' * spaces}Works").readings == party_name("Acme Works").readings


def test_a_number_of_any_length_is_a_word_of_a_name() -> None:
    assert party_name("Unit 00" + "9" * 10_000).readings[0][-1][0] == "9" * 10_000


def test_a_year_that_no_record_can_have_is_unknown_in_whatever_order_the_date_is() -> None:
    read = read_date("3/12/0012")
    assert (read.known, read.text, bool(read.flag)) == (False, "3/12/0012", True)
