"""Names: their keys, and how alike two of them are.

Three keys, each coarser than the one before:

- :func:`fold` is the key of an exact match: case, accents, punctuation and spaces do not count;
- :func:`latin` is the same in the letters a-z, so that 商汤 meets "Shangtang";
- :func:`stem` is the same without legal forms.

:class:`Matcher` says how alike names are to one that is asked for, and why. A score is honest rather
than generous: a word of the query that a name lacks weighs by its rarity, words the name has on top
weigh little, so "Beijing Huawei Digital Technologies" is found by "Huawei Technologies" but never
before the company of that name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

from listed.graph.chinese import simplified

FORMS_ANYWHERE = (
    "public joint stock company", "open joint stock company", "closed joint stock company",
    "joint stock company", "limited liability company", "public limited company", "company limited",
    "co limited", "co ltd", "pte ltd", "pvt ltd", "pty ltd", "private limited", "ltd", "limited", "llc",
    "llp", "inc", "incorporated", "gmbh", "ojsc", "pjsc", "cjsc", "ltda", "sdn bhd", "sp z oo",
    "sp z o o", "obshchestvo s ogranichennoy otvetstvennostyu", "aktsionernoe obshchestvo",
)  # fmt: skip
"""Legal forms dropped wherever they stand, as they read in a :func:`latin` key."""

FORMS_AT_THE_ENDS = (
    "and company", "and co", "company", "co", "corporation", "corp", "jsc", "jsco", "plc", "lp", "pte",
    "pvt", "pty", "ooo", "oao", "zao", "pao", "ao", "too", "fze", "fzco", "fzc", "fz llc", "wll", "sal",
    "sarl", "sas", "sasu", "sa", "s a", "srl", "spa", "ag", "kg", "se", "ab", "as", "a s", "oy", "oyj",
    "nv", "bv", "kk", "pt", "tbk", "bhd", "doo", "dd", "ad", "eood", "kft", "sro", "sti",
    "anonim sirketi", "sociedad anonima", "ua", "de cv", "sa de cv",
)  # fmt: skip
"""Legal forms dropped at the start and the end of a name only: in the middle they may be words."""

FORMS_OF_CJK = (
    "股份有限公司", "股份公司", "有限责任公司", "有限責任公司", "有限公司", "株式会社", "有限会社",
    "合同会社", "总公司", "總公司", "公司", "주식회사", "유한회사",
)  # fmt: skip
"""Legal forms of names in CJK scripts, glued to the name or not."""

ENGLISH_OF_CJK = {
    "技术": "technology", "技術": "technology", "科技": "technology", "集团": "group", "集團": "group",
    "控股": "holding", "投资": "investment", "投資": "investment", "电子": "electronics",
    "電子": "electronics", "信息": "information", "数字": "digital", "通信": "communication",
    "通讯": "communication", "智能": "intelligent", "软件": "software", "网络": "network",
    "工业": "industry", "航空": "aviation", "航天": "aerospace", "半导体": "semiconductor",
    "微电子": "microelectronics", "集成电路": "integrated circuit", "国际": "international",
    "國際": "international", "中国": "china", "中國": "china", "大学": "university",
    "大學": "university", "研究院": "research institute", "研究所": "research institute", "银行": "bank",
    "开发": "development", "发展": "development", "机器人": "robotics", "安全": "security",
    "服务": "service", "工程": "engineering", "设备": "equipment", "进出口": "import export",
    "贸易": "trading", "公安局": "public security bureau", "电信": "telecom", "移动": "mobile",
    "联通": "unicom", "生物": "biotech", "香港": "hong kong", "重庆": "chongqing", "厦门": "xiamen",
    "哈尔滨": "harbin", "西藏": "tibet", "内蒙古": "inner mongolia", "北京市": "beijing",
    "上海市": "shanghai", "深圳市": "shenzhen", "广州市": "guangzhou", "杭州市": "hangzhou",
    "南京市": "nanjing", "新疆维吾尔自治区": "xinjiang", "科学院": "academy of sciences", "空间": "space",
    "空军": "air force", "海军": "navy", "陆军": "army", "军事": "military", "医学": "medical",
    "理工": "science and technology", "政法": "political science and law", "西北": "northwest",
    "西南": "southwest", "东北": "northeast", "中心": "center", "实验室": "laboratory",
    "超级计算": "supercomputing", "计算": "computing", "国家": "national", "物理": "physics",
    "光学": "optics", "化学": "chemistry", "船舶": "shipbuilding", "兵器": "weapons", "核": "nuclear",
    "石油": "petroleum", "海洋": "ocean", "建设": "construction", "能源": "energy", "电力": "electric power",
    "北京": "beijing", "上海": "shanghai", "天津": "tianjin", "深圳": "shenzhen", "广州": "guangzhou",
    "广东": "guangdong", "浙江": "zhejiang", "杭州": "hangzhou", "宁波": "ningbo", "江苏": "jiangsu",
    "南京": "nanjing", "苏州": "suzhou", "无锡": "wuxi", "山东": "shandong", "济南": "jinan",
    "青岛": "qingdao", "湖北": "hubei", "武汉": "wuhan", "湖南": "hunan", "长沙": "changsha",
    "四川": "sichuan", "成都": "chengdu", "陕西": "shaanxi", "西安": "xian", "福建": "fujian",
    "安徽": "anhui", "合肥": "hefei", "河南": "henan", "郑州": "zhengzhou", "辽宁": "liaoning",
    "沈阳": "shenyang", "大连": "dalian", "吉林": "jilin", "长春": "changchun", "新疆": "xinjiang",
    "乌鲁木齐": "urumqi", "东莞": "dongguan", "珠海": "zhuhai", "贵州": "guizhou", "云南": "yunnan",
    "科工": "science and industry", "厂": "plant", "学院": "college", "警察": "police",
    "自动化": "automation", "人民解放军": "people s liberation army", "创新": "innovation",
    "重点": "key", "量子": "quantum", "卫生": "hygiene", "环境": "environmental",
    "生物工程": "bioengineering", "精密": "precision", "机电": "mechatronics", "控制": "control",
    "系统": "system", "微系统": "microsystem", "医疗": "medical", "国防": "national defense",
    "邮电": "posts and telecommunications", "人工智能": "artificial intelligence", "科学": "science",
    "机械": "machinery", "化工": "chemical", "汽车": "automobile", "制造": "manufacturing",
    "光电": "optoelectronics", "雷达": "radar", "卫星": "satellite", "导航": "navigation",
    "无人机": "drone", "钢铁": "iron and steel", "有色金属": "nonferrous metals", "物流": "logistics",
    "租赁": "leasing", "信托": "trust", "证券": "securities", "保险": "insurance", "资本": "capital",
    "股权": "equity", "合伙企业": "partnership", "企业": "enterprise",
    "材料": "materials", "基金": "fund", "管理": "management", "资产": "asset",
}  # fmt: skip
"""Words that Chinese names share, as their English names have them; the rest is transliterated."""

_APOSTROPHES = "'`‘’‚‛′ʹʻʼʽʾʿˈ´"
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ё": "е"}


def _key_of(character: str) -> str:
    """Return what a character becomes in a key: itself, another, a space, or nothing."""
    if character in _APOSTROPHES:
        return ""
    category = unicodedata.category(character)
    if category[0] in "LNM":
        return _LETTERS.get(character.lower(), character.lower() if character.isascii() else character)
    # Windows quotes read as Latin-1 end up as C1 controls ("Xi\x92an"); Cf is joiners, marks of direction.
    if category == "Cf" or "\x80" <= character <= "\x9f":
        return ""
    return " " if category[0] in "PSZC" and category not in ("Co", "Cn", "Cs") else character


class _Keys(dict[int, str]):
    """Code points to what they become, filled as they are met."""

    def __missing__(self, code: int) -> str:
        self[code] = _key_of(chr(code))
        return self[code]


_ASCII = {code: _key_of(chr(code)) for code in range(128)}
_ANY = _Keys(_ASCII)
_INITIALS = re.compile(r"(?<![^\W\d_])([^\W\d_])\.(?=[^\W\d_](?![^\W\d_]))")
_LOST = re.compile(r"(?<=\w)\?(?=\w)")
_ACCENTS = re.compile("(?: |^|(?<=[a-z\u0370-\u03ff\u1f00-\u1fff]))[\u0300-\u036f]+")  # a lone ´ is " \u0301"
_HAN = "\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_GAP = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
_HAN_EDGE = re.compile(f"(?<=[{_HAN}])(?=[a-z0-9])|(?<=[a-z0-9])(?=[{_HAN}])")
_CJK = re.compile("[\u2e80-\U0010ffff]")


def fold(text: str) -> str:
    """Return the key under which a name is looked up exactly.

    Compatibility forms, case and accents of Latin and Greek letters do not count; apostrophes are
    dropped, as is a "?" within a word (a letter the source lost); "&" is "and"; initials close up
    ("S.A." is "sa"); any other punctuation is a space, and none between Chinese characters, whose
    brackets no two sources write alike. Nothing is transliterated and no legal form removed. A name of
    punctuation alone is its own key.

    Parameters
    ----------
    text
        A name as a source gives it.

    Returns
    -------
    str
        The key; folding it again changes nothing. Empty for an empty or blank text only, or one of
        invisible characters.

    Examples
    --------
    >>> fold("Alibaba Group Holding Ltd.") == fold("ALIBABA  GROUP HOLDING LTD")
    True
    >>> fold("Télécom & Café S.A. (Xi'an)")
    'telecom and cafe sa xian'
    """
    if text.isascii():
        return _fold_ascii(text)
    # Decomposing after casefolding can leave something to fold: repeat until nothing changes.
    for _ in range(4):
        if (folded := _fold_any(text)) == text or folded.isascii():
            return folded
        text = folded
    return text


def _fold_ascii(text: str) -> str:
    given = text
    if "." in text:
        text = _INITIALS.sub(r"\1", text)
    if "?" in text:
        text = _LOST.sub("", text)
    if "&" in text:
        text = text.replace("&", " and ")
    return " ".join(text.translate(_ASCII).split()) or " ".join(given.split())


def _fold_any(text: str) -> str:
    given = unicodedata.normalize("NFKD", text)
    given = unicodedata.normalize("NFKD", given.casefold())
    bare = _ACCENTS.sub("", given)
    bare = _LOST.sub("", _INITIALS.sub(r"\1", bare)).replace("&", " and ")
    bare = " ".join(unicodedata.normalize("NFC", bare).translate(_ANY).split())
    return _HAN_GAP.sub("", bare) or " ".join(unicodedata.normalize("NFC", given).split())


def latin(text: str) -> str:
    """Return the folded name in the letters a-z, for spelling search.

    Transliteration is anyascii's, one character at a time: Chinese reads as Mandarin without tones,
    whatever the language.

    Examples
    --------
    >>> latin("商汤科技"), latin("Газпром")
    ('shangtangkeji', 'gazprom')
    """
    return latin_of_key(fold(text))


def latin_of_key(key: str) -> str:
    """Return the :func:`latin` key, given the :func:`fold` key."""
    if key.isascii():
        return key
    from anyascii import anyascii

    return _fold_ascii(anyascii(_HAN_EDGE.sub(" ", key)))


def _alternatives(forms: Sequence[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


_ANYWHERE = re.compile(f"(?:^| )(?:{_alternatives(FORMS_ANYWHERE)})(?= |$)")
_AT_THE_ENDS = re.compile(
    f"^(?:(?:{_alternatives(FORMS_AT_THE_ENDS)}) )+|(?: (?:{_alternatives(FORMS_AT_THE_ENDS)}))+$"
)
_GLUED = re.compile(_alternatives(FORMS_OF_CJK))
_ENGLISH = re.compile(_alternatives(tuple(ENGLISH_OF_CJK)))


def stem(text: str) -> str:
    """Return the :func:`latin` key without legal forms; all of it if there is nothing else.

    Examples
    --------
    >>> stem("Huawei Technologies Co., Ltd."), stem("华为技术有限公司"), stem("ООО Ромашка")
    ('huawei technologies', 'huaweijishu', 'romashka')
    """
    key = fold(text)
    return _without_forms(latin_of_key(key if key.isascii() else _bare(key)))


def _without_forms(key: str) -> str:
    return _AT_THE_ENDS.sub("", _ANYWHERE.sub("", key).strip()) or key


def _bare(key: str) -> str:
    return _GLUED.sub(" ", key).strip() or key


def native(key: str) -> str:
    """Return the text of a :func:`fold` key in CJK without legal forms, simplified; empty for another script.

    Examples
    --------
    >>> native("华为技术有限公司"), native("華為技術有限公司"), native("huawei")
    ('华为技术', '华为技术', '')
    """
    return _bare(simplified(key)) if has_cjk(key) else ""


def has_cjk(key: str) -> bool:
    """Tell whether a key has Chinese characters, kana or Hangul."""
    return not key.isascii() and _CJK.search(key) is not None


def readings(text: str) -> list[str]:
    """Return the ways a name may be spelled in Latin letters, without legal forms.

    The first is the :func:`stem`. A name in CJK has a second, in which the words such names share are
    put in English.

    Examples
    --------
    >>> readings("华为技术有限公司")
    ['huaweijishu', 'huawei technology']
    """
    return list(_form(text).readings)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, 0 to 100, and why, in words."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Form:
    """A name ready to be compared; ``native`` is its CJK text without legal forms, else empty."""

    key: str
    native: str
    readings: tuple[str, ...]

    @property
    def shown(self) -> str:
        return self.native or self.key


@lru_cache(maxsize=4_096)  # as a name is typed, the same names are compared again and again
def _form(text: str) -> _Form:
    key = fold(text)
    if key.isascii():
        return _Form(key, "", (_without_forms(key),))
    bare = _bare(key)
    first = _without_forms(latin_of_key(bare))
    if not has_cjk(key):
        return _Form(key, "", (first,))
    bare = native(key)
    english = _ENGLISH.sub(lambda word: f" {ENGLISH_OF_CJK[word.group()]} ", bare)
    second = _without_forms(latin_of_key(english)) if english != bare else first
    return _Form(key, bare, (first,) if second == first else (first, second))


_LEAST_ALIKE = 0.75  # of two words: "hikvison" and "hikvision" are 0.94 alike, "digital" and "capital" 0.71
_SHORT = 3  # letters: words this short are alike only when the same
_ROOT = 6  # letters: words that share these and then differ by an ending are one word, inflected
_ENDING = 3
_ACROSS = 6  # letters of a query that may be met across the spaces of a name, and to be misspelled there
_ACROSS_MISSPELLED = 8
_LEAST_PART = 0.4  # of the weight of a query, for a name that is a part of it to be worth showing


class _Found(NamedTuple):
    """A likeness, with the words of the name that made it."""

    score: float
    reason: str
    met: str


class _Words:
    """The words of one reading of the query, against all words of the names to compare."""

    def __init__(self, reading: str, rarity: Callable[[str], float], vocabulary: Sequence[str]) -> None:
        self.text = reading
        self.words = reading.split()
        self.sorted = sorted(self.words)
        self.glued = "".join(self.words)
        self.weights = [max(rarity(word), 1e-6) for word in self.words]
        self.total = sum(self.weights) or 1.0
        self._alike = self._table(vocabulary)

    def _table(self, vocabulary: Sequence[str]) -> list[dict[str, tuple[float, float]]]:
        """For each word of the query, those of the names like it: how alike, and share of letters met."""
        from rapidfuzz import fuzz, process

        table: list[dict[str, tuple[float, float]]] = []
        for place, ours in enumerate(self.words):
            found = process.extract(ours, vocabulary, scorer=fuzz.ratio, score_cutoff=100 * _LEAST_ALIKE, limit=None)
            alike = {theirs: _alike(ours, theirs, ratio / 100) for theirs, ratio, _ in found}
            if place == len(self.words) - 1 or len(ours) >= _SHORT:
                for theirs in vocabulary:
                    if theirs.startswith(ours):
                        share = len(ours) / len(theirs)
                        alike[theirs] = (0.9 + 0.1 * share, share)
            table.append({theirs: values for theirs, values in alike.items() if values[0]})
        return table

    def compare(self, name: str) -> _Found:
        """Compare with one reading of a name."""
        if not (name[:1].isalnum() and self.text[:1].isalnum()):  # punctuation alone, or unknown letters
            return _Found(0.0, "", "")
        if name == self.text:
            return _Found(98.0, "same name but for the legal form", name)
        theirs = name.split()
        if len(theirs) == len(self.words) and sorted(theirs) == self.sorted:
            return _Found(96.0, "same words in another order", name)
        glued = "".join(theirs)
        if glued == self.glued:
            return _Found(95.0, f"same but for the spaces: {self.text} ~ {name}", name)
        found = self._by_words(theirs, len(glued))
        if name.startswith(self.text):
            begins = 82 + 12 * len(self.glued) / len(glued)
            return _Found(begins, f"begins with {self.text}", found.met)
        if found.score < 75 and _ACROSS <= len(self.glued) <= len(glued):
            return max(found, self._across(theirs, glued), key=lambda each: each.score)
        return found

    def _by_words(self, theirs: Sequence[str], letters: int) -> _Found:
        """Find each word of the query among those of the name."""
        weight = 0.0
        covered: dict[str, float] = {}
        pairs: list[tuple[str, str]] = []
        for alike, ours, tells in zip(self._alike, self.words, self.weights, strict=True):
            best, share, where = 0.0, 0.0, ""
            for word in theirs:
                if word in alike and alike[word][0] > best:
                    (best, share), where = alike[word], word
            if where:
                weight += tells * best
                covered[where] = max(covered.get(where, 0.0), share)
                pairs.append((ours, where))
        met = weight / self.total
        got = sum(share * len(word) for word, share in covered.items()) / max(letters, 1)
        shown = " ".join(word for _, word in pairs)
        score = 100 * met * (0.76 + 0.18 * got)
        if met >= _LEAST_PART and score < 75 and all(word in self.words for word in theirs):
            return _Found(max(score, 50 + 30 * met), f"part of what was asked: {' '.join(theirs)}", shown)
        if spelled := ", ".join(f"{ours} ~ {word}" for ours, word in pairs if not word.startswith(ours)):
            return _Found(score, f"spelling: {spelled}", shown)
        whole = len(pairs) == len(self.words)
        return _Found(score, f"contains {self.text}" if whole else f"contains {shown}", shown)

    def _across(self, theirs: Sequence[str], glued: str) -> _Found:
        """Find the query in the name as if neither had spaces."""
        start = glued.find(self.glued)
        part = 1.0 if start >= 0 else 0.0
        if not part and len(self.glued) >= _ACROSS_MISSPELLED:
            from rapidfuzz import fuzz

            part = fuzz.partial_ratio(self.glued, glued, score_cutoff=92) / 100
        edges = {0, *accumulate(map(len, theirs))}
        whole = start in edges and start + len(self.glued) in edges
        share = part * len(self.glued) / len(glued)
        score = 100 * part * (0.95 if whole else 0.8) * (0.76 + 0.18 * share)
        reason = f"contains {self.text}" if start >= 0 else f"spelling: {self.text}, across words"
        return _Found(score, reason, " ".join(theirs))


def _alike(ours: str, theirs: str, ratio: float) -> tuple[float, float]:
    """Return how alike a word of the query is to one of a name, and the share of the latter met."""
    if ours == theirs:
        return 1.0, 1.0
    if min(len(ours), len(theirs)) <= _SHORT:
        return 0.0, 0.0
    root = max(_ROOT, len(ours) - _ENDING, len(theirs) - _ENDING)
    if ours[:root] == theirs[:root]:
        return max(0.93, ratio * ratio), ratio
    return ratio * ratio, ratio


def _compare_native(ours: str, theirs: str) -> Likeness:
    """Compare two names in CJK, character by character."""
    if ours == theirs:
        return Likeness(98.0, "same name but for the legal form")
    share = len(ours) / len(theirs)
    if ours in theirs:
        if theirs.startswith(ours):
            return Likeness(82 + 12 * share, f"begins with {ours}")
        return Likeness(80 + 12 * share, f"contains {ours}")
    if theirs in ours:
        return Likeness(50 + 30 / share if share <= 1 / _LEAST_PART else 0.0, f"part of what was asked: {theirs}")
    if _is_short_for(theirs, ours):
        return Likeness(60 + 20 / share, f"may be short for what was asked: {theirs}")
    if _SHORT < len(ours) <= len(theirs):
        from rapidfuzz import fuzz

        part = fuzz.partial_ratio(ours, theirs, score_cutoff=75) / 100
        return Likeness(part * (80 + 12 * share), f"spelling: {ours} ~ {theirs}")
    return Likeness(0.0, "")


def _is_short_for(short: str, full: str) -> bool:
    """Tell whether a name leaves out of another what stands between, as 浪潮信息 does of 浪潮电子信息."""
    left = iter(full)
    return _SHORT < len(short) < len(full) <= 2 * len(short) and short[:2] == full[:2] and all(c in left for c in short)


class Matcher:
    """A name asked for, to be compared with others.

    Parameters
    ----------
    query
        The name asked for, in any script, complete or not: its last word may be unfinished.
    rarity
        The weight of a word (a Latin key): how much it tells. Default: the square root of its letters.
    """

    def __init__(self, query: str, rarity: Callable[[str], float] | None = None) -> None:
        self._form = _form(query)
        self._rarity = rarity or (lambda word: len(word) ** 0.5)

    def compare(self, names: Sequence[str]) -> list[Likeness]:
        """Return how alike each of the names is to the query, in their order.

        Many at once cost less than one by one.
        """
        forms = [_form(name) for name in names]
        read = chain.from_iterable(form.readings for form in forms)
        vocabulary = sorted(set(chain.from_iterable(reading.split() for reading in read)))
        ours = [_Words(reading, self._rarity, vocabulary) for reading in self._form.readings]
        return [self._compare(ours, form) for form in forms]

    def _compare(self, ours: Sequence[_Words], theirs: _Form) -> Likeness:
        query = self._form
        if query.key == theirs.key:
            return Likeness(100.0, "same name")
        best = Likeness(0.0, "")
        if query.native and theirs.native:
            best = _compare_native(query.native, theirs.native)
        trust = _trust(query, theirs)
        for place, words in enumerate(ours):
            for reading in theirs.readings:
                score, reason, met = words.compare(reading)
                if trust * score > best.score:
                    if trust < 1:
                        plain = place == 0 and reading == theirs.readings[0]
                        pinyin = (query if query.native else theirs).readings[0]
                        how = "transliteration" if plain or _within(met, pinyin) else "in English"
                        reason = f"{how}: {query.shown} ~ {theirs.native or met or reading}"
                    best = Likeness(trust * score, reason)
        return Likeness(round(best.score, 1), best.reason)


def _within(met: str, pinyin: str) -> bool:
    """Tell whether the words met are all pinyin, none of them translated."""
    return all(word in pinyin for word in met.split())


def _trust(ours: _Form, theirs: _Form) -> float:
    """Return what a match in Latin letters is worth: Chinese has many names for one pinyin."""
    if ours.native and theirs.native:
        return 0.8
    if ours.native or theirs.native:
        return 0.86  # an equal name then scores 84, and one that begins with the very characters more
    return 1.0 if ours.key.isascii() == theirs.key.isascii() else 0.95


def compare(one: str, other: str) -> Likeness:
    """Return how alike a name is to the one asked for.

    Examples
    --------
    >>> compare("hikvison", "Hikvision").reason
    'spelling: hikvison ~ hikvision'
    """
    return Matcher(one).compare([other])[0]
