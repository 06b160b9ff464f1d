"""Names run together in one cell: split at a separator, and joined again where a comma was part of a name.

A legal form is no name: after "Beijing Qixing Equipment Co." a piece "Ltd." certainly belongs to the one
before it, as does what follows a bracket that is still open. Any other piece may be a name of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ALONE = (
    r"Co\.?|Company|Corp\.?|Corporation|Ltd\.?|Limited|Inc\.?|Incorporated|LLC|L\.L\.C\.?|LLP|LP|PLC|JSC|OJSC|CJSC|PJSC"
    r"|OAO|AO|PAO|OOO|ZAO|TOO|FGUP|GmbH|AG|KG|S\.?A\.?|S\.?L\.?|S\.?L\.?U\.?|S\.?R\.?L\.?|S\.?p\.?A\.?|N\.?V\.?|B\.?V\.?"
    r"|S\.?A\.?R\.?L\.?|A\.?[sS]\.?|Pte\.?|Pvt\.?|Pty\.?|Bhd\.?|Sdn\.? Bhd\.?"
    r"|FZE|FZCO|FZ-LLC|FZC|DMCC|W\.?L\.?L\.?|S\.?A\.?L\.?|K\.?K\.?"
    r"|Aktsionernoe Obshchestvo|Obshchestvo S Ogranichennoi Otvetstvennostyu"
    r"|Limited Liability Company|Joint Stock Company|Limited Sirketi|Limited [SŞ]irketi|[SŞ]ti\.?|d\.?o\.?o\.?"
)
_FORM = re.compile(rf"(?:Co\.?,? )?(?:{_ALONE})[ÿ,.)]*(?: ?\(.*)?", re.IGNORECASE)
_MARK = re.compile(r"[af]\.?k\.?a\.?,?", re.IGNORECASE)
_LTD = re.compile(r"(?:Ltd|Inc)\b", re.IGNORECASE)


def is_rest_of_a_name(piece: str) -> bool:
    """Tell whether a piece is but the end of the name before it: "Ltd.", "Inc. (Hong Kong)", "OAO"."""
    return _FORM.fullmatch(piece) is not None or _LTD.match(piece) is not None


def _belongs(last: str, head: str) -> bool:
    """Tell whether a piece certainly goes on with the name before it."""
    marked = any(_MARK.fullmatch(piece) for piece in (last.rsplit(", ", 1)[-1], head))
    return is_rest_of_a_name(head) or marked or head.startswith("and ") or last.count("(") > last.count(")")


def joined(pieces: Sequence[str], separator: re.Pattern[str] | None = None) -> tuple[list[str], list[str]]:
    """Join pieces that a split at commas tore apart.

    Parameters
    ----------
    pieces
        In the order of the source.
    separator
        What stands between names inside a piece: the names at the ends of two neighbours are compared.

    Returns
    -------
    whole, open
        The pieces, those joined that certainly belong together; and "before | after" for each pair of
        neighbours of which the source leaves open whether they are one name or two.
    """
    whole: list[str] = []
    open_: list[str] = []
    for piece in pieces:
        head = separator.split(piece, maxsplit=1)[0].strip() if separator else piece
        if not whole:
            whole.append(piece)
            continue
        last = (separator.split(whole[-1])[-1] if separator else whole[-1]).strip()
        if last and _belongs(last, head):
            whole[-1] = f"{whole[-1]}, {piece}"
        else:
            whole.append(piece)
            open_.append(f"{last} | {head}")
    return whole, open_


def at_end_in_brackets(name: str) -> tuple[str, str]:
    """Return a name and what stands in brackets at its end: "SMIC Holdings Limited (SMIC Holdings)"."""
    if not name.endswith(")"):
        return name, ""
    depth = 0
    for place in range(len(name) - 1, -1, -1):
        depth += (name[place] == ")") - (name[place] == "(")
        if depth == 0:
            before = name[:place].strip()
            return (before, name[place + 1 : -1].strip()) if before else (name, "")
    return name, ""
