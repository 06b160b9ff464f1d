"""Hostile files: whatever a loader is given, it is refused in one line or read, and nothing is lost unsaid."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from listed.errors import InputError
from listed.loaders import registry
from listed.loaders.inputs import open_inputs
from listed.loading import build
from tests.loaders.hostile import (
    HOSTILE_VALUES,
    NORMAL,
    RAW_JSON,
    SEEDS,
    Outcome,
    Seed,
    damaged,
    outcome,
    replaced,
    swapped,
)

FILE_LOADERS = [name for name in registry.names() if registry.loader(name).needs_files]
STATEMENT = '{"statementId": "a", "recordId": "a", "recordType": "entity", "recordDetails": '
SIMPLE = ("id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,dataset,"
          "first_seen,last_seen,last_change")  # fmt: skip
HOSTILE = {
    "brackets without end": "[" * 50_000,
    "objects without end": '{"a":' * 50_000,
    "one deep statement": STATEMENT + "[" * 50_000 + "]" * 50_000 + "}\n",
    "a simple table of old line ends": f'{SIMPLE}\rx,Company,"X\rY",,,,,,,,,d,,,\r',
    "nothing": "",
    "zeroes": "\0" * 10_000,
}  # fmt: skip

EVERY_SEED = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.loader}-{seed.file}")
JSON_SEEDS = pytest.mark.parametrize(
    "seed", [seed for seed in SEEDS if seed.form == "json"], ids=lambda seed: f"{seed.loader}-{seed.file}"
)
A_FEW = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
chances = st.integers(0, 2**32).map(random.Random)


def load(folder: Path, seed: Seed, content: bytes) -> Outcome:
    path = folder / seed.file
    path.write_bytes(content)
    return outcome(seed.loader, path)


def unsaid(seed: Seed, what: Outcome) -> list[str]:
    """Return the records of which neither the tables nor a refusal tell."""
    if what.refused or what.tables is None:
        return []
    missing = [key for key in seed.keys if key not in what.said]
    return missing if len(missing) > what.tables["set_aside"].num_rows else []


@pytest.mark.parametrize("loader", FILE_LOADERS)
@pytest.mark.parametrize("what", HOSTILE)
def test_no_loader_breaks(tmp_path: Path, loader: str, what: str) -> None:
    path = tmp_path / "hostile.json"
    path.write_bytes(HOSTILE[what].encode())
    said = ""
    try:
        build(loader, registry.loader(loader).read(open_inputs([str(path)])))
    except InputError as error:
        said = str(error)
    assert "\n" not in said
    assert not said or "hostile.json" in said


def test_every_loader_of_files_has_a_seed() -> None:
    assert {seed.loader for seed in SEEDS} == set(FILE_LOADERS)


@EVERY_SEED
def test_a_seed_is_a_file_of_its_loader(tmp_path: Path, seed: Seed) -> None:
    read = load(tmp_path, seed, seed.filled(NORMAL.__getitem__))
    assert (read.refused, unsaid(seed, read)) == ("", [])


@EVERY_SEED
@A_FEW
@given(values=st.lists(st.sampled_from(HOSTILE_VALUES) | st.text(max_size=20), min_size=1, max_size=4), chance=chances)
def test_whatever_a_cell_holds_its_record_is_told_or_set_aside(
    tmp_path: Path, seed: Seed, values: list[str], chance: random.Random
) -> None:
    content = seed.filled(lambda slot: chance.choice([NORMAL[slot], *values]))
    assert unsaid(seed, load(tmp_path, seed, content)) == []


@EVERY_SEED
@A_FEW
@given(chance=chances)
def test_no_damage_to_a_file_breaks_its_loader(tmp_path: Path, seed: Seed, chance: random.Random) -> None:
    load(tmp_path, seed, damaged(seed.filled(NORMAL.__getitem__), chance))


@JSON_SEEDS
@A_FEW
@given(chance=chances)
def test_no_value_of_another_kind_breaks_a_loader(tmp_path: Path, seed: Seed, chance: random.Random) -> None:
    load(tmp_path, seed, swapped(seed, chance))


@JSON_SEEDS
@pytest.mark.parametrize("raw", RAW_JSON, ids=lambda raw: raw[:12])
def test_no_number_or_escape_breaks_a_loader(tmp_path: Path, seed: Seed, raw: str) -> None:
    load(tmp_path, seed, replaced(seed, raw))


# What fuzzing found, each a kind of its own.


def test_a_header_with_a_quote_out_of_place_is_refused(tmp_path: Path) -> None:
    (seed,) = [seed for seed in SEEDS if seed.file == "nodes-entities.csv"]
    broken = seed.filled(NORMAL.__getitem__).replace(b"inactivation_date", b'inac,"x"y', 1)
    assert "row 1" in load(tmp_path, seed, broken).refused


def test_half_a_character_is_refused_in_a_long_json_too(tmp_path: Path) -> None:
    (seed,) = [seed for seed in SEEDS if seed.file == "api.json"]
    assert "half a character" in load(tmp_path, seed, seed.filled(lambda slot: "\ud800")).refused


def test_a_record_count_of_thousands_of_digits_is_none(tmp_path: Path) -> None:
    (seed,) = [seed for seed in SEEDS if seed.file == "rr.xml"]
    assert not load(tmp_path, seed, seed.filled(lambda slot: "9" * 5_000)).refused


def written(path: Path, content: bytes) -> str:
    """Write a file whose name is no text, where the disk takes such names."""
    try:
        path.write_bytes(content)
    except (OSError, UnicodeError):
        pytest.skip("the disk takes only names that are text")
    return str(path)


def test_a_table_whose_name_is_no_text_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "st\udcffakes.csv", b"owner,asset,share\nA,B,51%\n")
    assert build("table", registry.loader("table").read(open_inputs([path])))["links"].num_rows == 1


def test_a_file_whose_name_is_no_text_is_read(tmp_path: Path) -> None:
    (seed,) = [seed for seed in SEEDS if seed.file == "rr.xml"]
    path = written(tmp_path / "r\udcffr.xml", seed.filled(NORMAL.__getitem__))
    tables = build("gleif", registry.loader("gleif").read(open_inputs([path])))
    assert tables["links"]["record"][0].as_py().startswith("r\ufffdr.xml")
