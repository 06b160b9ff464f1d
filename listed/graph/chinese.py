"""Chinese characters, traditional read as simplified: 華為 is 华为.

Hong Kong and Taiwan write the one, the mainland the other, and lists mix them. Character by character is enough to
compare names; of the few traditional ones with several simplified (乾: 干, 乾) the commonest is taken, for both sides.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources


@cache
def _table() -> dict[int, int]:
    text = resources.files("listed.graph").joinpath("traditional.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return str.maketrans("".join(lines[::2]), "".join(lines[1::2]))


_OTHER = re.compile("[^\u2e80-\u2fff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff ]")


def is_han(text: str) -> bool:
    """Tell whether a text is Chinese characters alone, without kana or Hangul."""
    return _OTHER.search(text) is None


def simplified(text: str) -> str:
    """Return a text with its traditional Chinese characters simplified; any other stays as it is.

    Examples
    --------
    >>> simplified("華為技術有限公司"), simplified("Huawei")
    ('华为技术有限公司', 'Huawei')
    """
    return text if text.isascii() else text.translate(_table())
