"""Time and memory of the name index: ``python -m benchmarks.names 1000000``.

Names are made up from syllables and the words company names share, so that common grams are as
crowded as in real lists.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.memory import peak_mb
from listed.graph.name_index import Arrays, NameIndex, build
from listed.graph.names import fold

_PLACES = ("Beijing", "Shanghai", "Shenzhen", "Hangzhou", "Moscow", "Tehran", "Hong Kong", "Xinjiang", "")
_TRADES = ("Technology", "Digital Technology", "Trading", "Investment", "Electronics", "Import and Export")
_FORMS = ("Co., Ltd.", "LLC", "JSC", "GmbH", "Holdings Limited", "Group", "")
_HAN = "华为商汤海康威视大浪潮中科曙光新航天长城江河山川东方明珠金龙云天"
QUERIES = (
    "hikvison",
    "商汤",
    "华为技术有限公司",
    "Huawei Technologies",
    "technologies huawei",
    "sense",
    "z",
    "hu",
    "Beijing Technology Co., Ltd.",
    "Hangzhou Hikvision Digital Technology Co., Ltd.",
    "zzzzqqq",
    "Шанхай Техноложи",
    "华",
)


def made_up(count: int) -> list[str]:
    rng = random.Random(7)
    syllables = [a + b for a in "bcdfghjklmnpqrstvwxyz" for b in ("a", "e", "i", "o", "u", "an", "ei", "ong")]
    names = [
        "Hangzhou Hikvision Digital Technology Co., Ltd.", "SenseTime Group Limited", "商汤科技",
        "Huawei Technologies Co., Ltd.", "Beijing Huawei Digital Technologies Co., Ltd.",
    ]  # fmt: skip
    while len(names) < count:
        if rng.random() < 0.1:
            names.append("".join(rng.choices(_HAN, k=4)) + rng.choice(("科技有限公司", "集团", "股份有限公司")))
            continue
        word = "".join(rng.choices(syllables, k=3)).title()
        names.append(f"{rng.choice(_PLACES)} {word} {rng.choice(_TRADES)} {rng.choice(_FORMS)}".strip())
    return names


def _saved(arrays: Arrays, folder: Path) -> Arrays:
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
    return {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in arrays}


def main(count: int) -> None:
    names = made_up(count)
    before = peak_mb()
    start = time.perf_counter()
    for name in names[:100_000]:
        fold(name)
    print(f"fold {min(count, 100_000)}: {time.perf_counter() - start:.2f} s")
    start = time.perf_counter()
    arrays = build(names, np.arange(count, dtype=np.int32))
    peak = peak_mb()
    size = sum(values.nbytes for values in arrays.values()) / 1e6
    print(f"build {count}: {time.perf_counter() - start:.2f} s, {size:.0f} MB")
    print(f"peak {peak:.0f} MB, of which {before:.0f} MB before the build")
    with tempfile.TemporaryDirectory() as folder:
        arrays = _saved(arrays, Path(folder))
        start = time.perf_counter()
        index = NameIndex(arrays, names.__getitem__)
        print(f"open: {1000 * (time.perf_counter() - start):.2f} ms")
        for query in QUERIES:
            times = []
            for _ in range(5):
                start = time.perf_counter()
                hits = index.search(query)
                times.append(1000 * (time.perf_counter() - start))
            best = f"{hits[0].score} {hits[0].name} ({hits[0].reason})" if hits else "nothing"
            print(f"{times[0]:7.1f} {min(times):7.1f} ms  {query}: {len(hits)} hits, {best}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
