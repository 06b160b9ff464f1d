import csv
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.errors import GraphDamagedError, QueryError
from listed.graph import name_index
from listed.graph.name_index import LEAST_SCORE, NameIndex, build
from listed.graph.names import Matcher, fold

WORDS = (
    *("Huawei", "Hikvision", "Sense", "Time", "Beijing", "Technology", "Co., Ltd.", "S.A.", "&", "z", "'"),
    *("商汤", "科技", "Газпром", "Ōsaka"),
)
names_ = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join) | st.text(min_size=1, max_size=12)
Rows = list[tuple[str, int]]
Parties = tuple[list[str], list[int]]
lists = st.lists(st.tuples(names_, st.integers(0, 5)), min_size=1, max_size=30)


def index_of(names: Sequence[str], entity: Sequence[int] | None = None) -> NameIndex:
    entities = np.arange(len(names)) if entity is None else np.array(entity)
    return NameIndex(build(names, entities.astype(np.int32)), list(names).__getitem__)


def found(names: Sequence[str], query: str, limit: int = 20) -> list[str]:
    return [hit.name for hit in index_of(names).search(query, limit)]


@pytest.fixture(scope="module")
def csl(real_data: Path) -> Parties:
    """The names of the Consolidated Screening List and the row of the party each belongs to."""
    names, parties = [], []
    with (real_data / "csl" / "csl_2022-04.csv").open(encoding="utf-8", newline="") as file:
        for party, row in enumerate(csv.DictReader(file)):
            for name in (row["name"], *row["alt_names"].split("; ")):
                if name:
                    names.append(name)
                    parties.append(party)
    return names, parties


@pytest.fixture(scope="module")
def csl_index(csl: Parties) -> NameIndex:
    return index_of(*csl)


FIRMS = [
    "Hangzhou Hikvision Digital Technology Co., Ltd.",
    "Huawei Technologies Co., Ltd.",
    "Beijing Huawei Digital Technologies Co., Ltd.",
    "Beijing Shangtang Technology Development Co., Ltd.",
    "SenseTime Group Limited",
    "ZTE Corporation",
    "Gazprom Neft PJSC",
    "Dawning Information Industry Co., Ltd.",
]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("hikvison", "Hangzhou Hikvision Digital Technology Co., Ltd."),
        ("商汤", "Beijing Shangtang Technology Development Co., Ltd."),
        ("华为技术有限公司", "Huawei Technologies Co., Ltd."),
        ("technologies huawei", "Huawei Technologies Co., Ltd."),
        ("Huawei Technologies", "Huawei Technologies Co., Ltd."),
        ("Beijing Huawei", "Beijing Huawei Digital Technologies Co., Ltd."),
        ("sense", "SenseTime Group Limited"),
        ("sense time", "SenseTime Group Limited"),
        ("se", "SenseTime Group Limited"),
        ("z", "ZTE Corporation"),
        ("Газпром нефть", "Gazprom Neft PJSC"),
    ],
)
def test_what_is_asked_for_comes_first(query: str, first: str) -> None:
    assert found(FIRMS, query)[0] == first


def test_a_subsidiary_is_not_its_parent() -> None:
    hits = index_of(FIRMS).search("Huawei Technologies")
    assert [hit.entity for hit in hits] == [1, 2]
    assert hits[0].score > hits[1].score + 10


def test_a_chinese_alias_is_above_a_transliteration() -> None:
    names = [*FIRMS, "商汤科技", "Shangtang Ltd"]
    assert found(names, "商汤")[:3] == ["商汤科技", "Shangtang Ltd", FIRMS[3]]


def test_a_single_chinese_character_finds_the_names_that_have_it() -> None:
    assert found(["海康威视", "商汤科技", "中科曙光"], "商") == ["商汤科技"]
    assert found(["海康威视", "商汤科技", "中科曙光"], "科") == ["中科曙光", "商汤科技"]


def test_a_firm_is_found_among_a_crowd_that_shares_its_characters() -> None:
    crowd = [f"华为{a}{b}技术有限公司" for a in "东西南北金木水火土" * 9 for b in "大小上下中左右明暗山川"]
    assert "Huawei Technologies Co., Ltd." in found([*crowd, *FIRMS], "华为技术有限公司")


@pytest.mark.parametrize("query", ["zzzzqqq", "", "  ", "\u200b", "qqq technology", "???", "商汤"])
def test_nothing_is_found_where_nothing_is_alike(query: str) -> None:
    assert found(["Huawei Technologies Co., Ltd.", "Capital Group", "!!"], query) == []


def test_an_entity_has_one_hit_its_best_name() -> None:
    names = ["Hikvision", "Hangzhou Hikvision Digital Technology Co., Ltd.", "海康威视"]
    hits = index_of(names, [4, 4, 4]).search("hikvision")
    assert [(hit.row, hit.entity, hit.score, hit.reason) for hit in hits] == [(0, 4, 100.0, "same name")]


def test_equal_scores_are_ordered_by_length_text_and_entity() -> None:
    names = ["ACME!", "acme", "ACME", "Acme", "Acme"]
    assert [hit.row for hit in index_of(names, [0, 1, 2, 4, 3]).search("acme")] == [2, 4, 3, 1, 0]


def test_a_limit_bounds_the_hits_and_must_be_positive() -> None:
    names = [f"Huawei {city}" for city in ("Chile", "Cuba", "France", "Italia")]
    assert found(names, "huawei", limit=2) == ["Huawei Cuba", "Huawei Chile"]
    with pytest.raises(QueryError, match="at least one"):
        found(names, "huawei", limit=0)


def test_exact_finds_all_names_of_a_key_whatever_their_writing() -> None:
    index = index_of(["Huawei Chile S.A.", "Huawei", "HUAWEI CHILE SA", "商汤 科技"])
    assert index.exact("huawei chile sa").tolist() == [0, 2]
    assert index.exact("商汤科技").tolist() == [3]
    assert index.exact("Huawei Chile").tolist() == []
    assert index.exact("").tolist() == []


def test_exact_reads_the_text_where_hashes_collide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_index, "_hashes", lambda keys: np.full(len(keys), 7, dtype=np.uint64))
    assert index_of(["Huawei", "ZTE"]).exact("zte").tolist() == [1]


def test_an_empty_index_answers() -> None:
    index = index_of([])
    assert len(index) == 0
    assert index.search("Huawei") == []
    assert index.exact("Huawei").tolist() == []


def test_a_remark_in_place_of_a_name_is_cut_but_found() -> None:
    long = "The Ministry of Defence " + "including all units wherever located " * 100
    assert found([long, "Huawei"], "ministry of defence") == [long]


def test_a_damaged_index_is_refused() -> None:
    arrays = build(["Huawei"], np.zeros(1, dtype=np.int32))
    with pytest.raises(GraphDamagedError, match="gram_row"):
        NameIndex({key: values for key, values in arrays.items() if key != "gram_row"}, str)
    with pytest.raises(GraphDamagedError, match="cjk_ptr"):
        NameIndex({**arrays, "cjk_ptr": arrays["cjk_ptr"][:9]}, str)


def test_names_and_entities_must_be_parallel() -> None:
    with pytest.raises(ValueError, match="2 names"):
        build(["a", "b"], np.zeros(1, dtype=np.int32))


def test_the_arrays_are_numeric_and_survive_a_file(tmp_path: Path) -> None:
    arrays = build(FIRMS, np.arange(len(FIRMS), dtype=np.int32))
    for key, values in arrays.items():
        assert values.dtype.kind in "iu"
        np.save(tmp_path / f"{key}.npy", values)
    opened = {key: np.load(tmp_path / f"{key}.npy", mmap_mode="r") for key in arrays}
    there, here = NameIndex(opened, FIRMS.__getitem__), NameIndex(arrays, FIRMS.__getitem__)
    assert there.search("hikvison") == here.search("hikvison") != []


@given(lists)
def test_every_name_finds_itself(rows: Rows) -> None:
    names, entity = [name for name, _ in rows], [owner for _, owner in rows]
    index = index_of(names, entity)
    for row, name in enumerate(names):
        same = [other for other, text in enumerate(names) if fold(text) == fold(name) and fold(name)]
        assert index.exact(name).tolist() == same
        if same:
            best = {hit.entity: hit.score for hit in index.search(name) if hit.score == 100}
            assert set(best) == {entity[other] for other in same}
            assert index.search(name)[0].score == best[entity[row]]


def seen(rows: Rows, query: str) -> list[tuple[int, str, float, str]]:
    """Hits without their rows."""
    index = index_of([name for name, _ in rows], [entity for _, entity in rows])
    return [(hit.entity, hit.name, hit.score, hit.reason) for hit in index.search(query)]


@given(lists, names_, st.randoms(use_true_random=False))
def test_the_order_of_the_names_changes_nothing(rows: Rows, query: str, rng: random.Random) -> None:
    shuffled = rng.sample(rows, len(rows))
    assert seen(rows, query) == seen(shuffled, query)


def test_the_order_of_the_names_changes_nothing_where_candidates_are_cut() -> None:
    rows = [(f"Huawei {number:04}", number) for number in range(3000)]
    shuffled = random.Random(1).sample(rows, len(rows))
    assert seen(rows, "Huawei") == seen(shuffled, "Huawei")


@given(lists, names_)
def test_hits_are_those_of_comparing_with_every_name(rows: Rows, query: str) -> None:
    """The slow reference. The index may only miss names that share too few grams with the query."""
    names, entity = [name for name, _ in rows], [owner for _, owner in rows]
    index = index_of(names, entity)
    all_of_them = Matcher(query, index._rarity).compare(names)
    best: dict[int, float] = {}
    for owner, likeness in zip(entity, all_of_them, strict=True):
        best[owner] = max(best.get(owner, 0.0), likeness.score)
    hits = index.search(query)
    assert all(LEAST_SCORE <= hit.score <= best[hit.entity] for hit in hits)
    sure = {owner: score for owner, score in best.items() if score >= 95 and fold(query)}
    assert sure.items() <= {hit.entity: hit.score for hit in hits}.items()


def misspelled(name: str, rng: random.Random) -> str:
    """The name with one letter of a longer word left out, doubled or swapped with the next."""
    words = name.split()
    place = rng.choice([at for at, word in enumerate(words) if len(word) >= 6])
    at = rng.randrange(1, len(words[place]) - 2)
    word = words[place]
    edits = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    )
    words[place] = rng.choice(edits)
    return " ".join(words)


def test_misspelled_names_of_the_real_list_are_found(csl: Parties, csl_index: NameIndex) -> None:
    names, parties = csl
    rng = random.Random(3)
    able = [row for row, name in enumerate(names) if name.isascii() and max(map(len, name.split())) >= 6]
    rows = rng.sample(able, 300)
    ranks = [[hit.entity for hit in csl_index.search(misspelled(names[row], rng), 5)] for row in rows]
    missed = [names[row] for row, rank in zip(rows, ranks, strict=True) if parties[row] not in rank]
    assert len(missed) <= 6, missed


def test_the_real_list_agrees_with_comparing_every_name(csl: Parties, csl_index: NameIndex) -> None:
    names, _ = csl
    for query in (
        "hikvison",
        "technologies huawei",
        "商汤",
        "Газпром нефть",
        "bank meli",
        "National Defence University",
    ):
        scores = [likeness.score for likeness in Matcher(query, csl_index._rarity).compare(names)]
        assert csl_index.search(query)[0].score == max(scores), query


def test_every_name_of_the_real_list_finds_itself(csl: Parties, csl_index: NameIndex) -> None:
    names, parties = csl
    for row in range(0, len(names), 97):
        assert row in csl_index.exact(names[row])
        best = [hit for hit in csl_index.search(names[row], 200) if hit.score == 100]
        assert parties[row] in [hit.entity for hit in best]
