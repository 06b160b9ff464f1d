import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listed.graph.names import Matcher, compare, fold, has_cjk, latin, readings, stem

texts = st.one_of(st.text(), st.text(alphabet="AbcÉ.&?'’“ -()ßİΣς商汤（）カがё́ 1"), st.text(alphabet="Co.,Ltd AS&"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alibaba Group Holding Ltd.", "ALIBABA  GROUP HOLDING LTD"),
        ("Huawei Investment & Holding Co., Ltd.", "Huawei Investment and Holding Co Ltd"),
        ("Société Générale", "SOCIETE GENERALE"),
        ("Xi'an Aerospace", "Xi’an Aerospace"),
        ("Xi?an Aerospace", "Xi\x92an Aerospace"),
        ("Huawei Chile S.A.", "Huawei Chile SA"),
        ("北京（华为）公司", "北京 华为 公司"),
        ("ＺＴＥ", "zte"),
        ("Scientific Institute “Argon”", 'Scientific Institute "Argon"'),
        ("İstanbul A.Ş.", "istanbul as"),
        ("Орёл", "Орел"),
        ("Zero\u200bwidth", "zerowidth"),
    ],
)
def test_names_written_differently_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Huawei Technologies Co., Ltd.", "Huawei Technologies"),
        ("商汤科技", "商湯科技"),
        ("商汤", "shangtang"),
        ("Йод", "Иод"),
        ("がす", "かす"),
        ("2.0", "20"),
    ],
)
def test_names_that_differ_keep_their_keys(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(texts)
def test_case_and_compatibility_forms_do_not_count(text: str) -> None:
    assert fold(unicodedata.normalize("NFKD", text)) == fold(text)
    assert fold(f"  {text}\t") == fold(text)


@given(texts)
def test_latin_keys_are_ascii_and_follow_from_the_fold_key(text: str) -> None:
    assert latin(text).isascii()
    assert latin(fold(text)) == latin(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("商汤", "shangtang"),
        ("Газпром", "gazprom"),
        ("Йошкар-Ола", "yoshkar ola"),
        ("SenseTime商汤", "sensetime shangtang"),
        ("Łódź Øresund", "lodz oresund"),
        ("شركة", "shrkh"),
    ],
)
def test_transliteration(text: str, expected: str) -> None:
    assert latin(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Huawei Technologies Co., Ltd.", "huawei technologies"),
        ("Huawei Technologies Co., Ltd., Nanjing", "huawei technologies nanjing"),
        ("Huawei Chile S.A.", "huawei chile"),
        ("Huawei Technologies Deutschland GmbH", "huawei technologies deutschland"),
        ("Huawei & Co", "huawei"),
        ("OOO Romashka", "romashka"),
        ("ООО «Ромашка»", "romashka"),
        ("JSC Sberbank", "sberbank"),
        ("Open Joint Stock Company Sberbank", "sberbank"),
        ("华为技术有限公司", "huaweijishu"),
        ("华为股份有限公司", "huawei"),
        ("株式会社東京", "dongjing"),
        ("Ltd.", "ltd"),
        ("有限公司", "youxiangongsi"),
        ("Asco Incubator", "asco incubator"),
    ],
)
def test_legal_forms_fall_away(text: str, expected: str) -> None:
    assert stem(text) == expected


@given(texts)
def test_a_name_is_never_all_legal_form(text: str) -> None:
    assert bool(stem(text)) == bool(latin(text))


def test_shared_words_of_chinese_names_read_in_english() -> None:
    assert readings("华为技术有限公司") == ["huaweijishu", "huawei technology"]
    assert readings("Huawei Technologies Co., Ltd.") == ["huawei technologies"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [("商汤", True), ("삼성", True), ("カ", True), ("sense", False), ("газпром", False), ("شركة", False)],
)
def test_cjk_is_told_from_other_scripts(key: str, expected: bool) -> None:
    assert has_cjk(key) == expected


@pytest.mark.parametrize(
    ("query", "name", "reason"),
    [
        ("huawei technologies co ltd", "Huawei Technologies Co., Ltd.", "same name"),
        ("Huawei Technologies", "Huawei Technologies Co., Ltd.", "same name but for the legal form"),
        ("technologies huawei", "Huawei Technologies Co., Ltd.", "same words in another order"),
        ("Sense Time", "SenseTime", "same but for the spaces: sense time ~ sensetime"),
        ("sense", "SenseTime Group Limited", "begins with sense"),
        ("huawei", "Beijing Huawei Digital Technologies", "contains huawei"),
        ("hikvison", "Hikvision", "spelling: hikvison ~ hikvision"),
        ("商汤", "Beijing Shangtang Technology", "transliteration: 商汤 ~ shangtang"),
        ("shangtang", "商汤集团有限公司", "transliteration: shangtang ~ 商汤集团"),
        ("华为技术有限公司", "Huawei Technologies Co., Ltd.", "in English: 华为技术 ~ huawei technologies"),
        ("商汤", "北京市商汤科技开发有限公司", "contains 商汤"),
        ("Газпром", "Gazprom PJSC", "transliteration: газпром ~ gazprom"),
        ("Hikvision Xinjiang", "Hikvision", "part of what was asked: hikvision"),
    ],
)
def test_a_likeness_gives_its_reason(query: str, name: str, reason: str) -> None:
    likeness = compare(query, name)
    assert likeness.reason == reason
    assert 60 <= likeness.score <= 100


@pytest.mark.parametrize(
    ("query", "better", "worse"),
    [
        ("Huawei Technologies", "Huawei Technologies Co., Ltd.", "Beijing Huawei Digital Technologies"),
        ("Huawei Technologies", "Huawei Technologies Co., Ltd.", "Huawei Technologies (UK) Co., Ltd."),
        ("华为技术有限公司", "Huawei Technologies Co., Ltd.", "Huawei Cuba"),
        ("华为技术有限公司", "华为技术", "Huawei Technologies Co., Ltd."),
        ("商汤", "商汤科技", "Shangtang Ltd"),
        ("商汤", "商汤科技", "北京市商汤科技开发有限公司"),
        ("hikvison", "Hikvision", "Division 39"),
        ("sense", "Sense", "SenseTime"),
        ("sense", "SenseTime", "Common Sense Advisory Board"),
    ],
)
def test_the_better_name_scores_higher(query: str, better: str, worse: str) -> None:
    assert compare(query, better).score > compare(query, worse).score


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("zzzzqqq", "Huawei Technologies Co., Ltd."),
        ("alibaba", "QASMANI BABA"),
        ("digital", "Capital Group"),
        ("zte", "ztf"),
        ("hik vision", "#66 DIVISION"),
        ("商汤", "SHASTAN"),
        ("商汤", "汤臣"),
        ("Co., Ltd.", "Huawei Technologies Co., Ltd."),
        ("Huawei", ""),
    ],
)
def test_names_that_have_little_in_common_score_low(query: str, name: str) -> None:
    assert compare(query, name).score < 60


@given(texts, texts)
def test_scores_stay_in_range_and_100_means_the_same_key(one: str, other: str) -> None:
    likeness = compare(one, other)
    assert 0 <= likeness.score <= 100
    assert (likeness.score == 100) == (fold(one) == fold(other))
    assert (likeness.score == 0) or likeness.reason


@given(texts, st.lists(texts, max_size=5))
def test_many_at_once_score_as_one_by_one(query: str, names: list[str]) -> None:
    assert Matcher(query).compare(names) == [compare(query, name) for name in names]


def test_heavy_imports_wait_until_they_are_needed() -> None:
    heavy = "{'rapidfuzz', 'anyascii', 'numpy'}"
    code = f"import sys, listed.graph.names; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
