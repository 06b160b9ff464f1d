"""Natures of control: what each code says is held, how much, and in which capacity.

The bands are those of the law (the Register of People with Significant Control Regulations 2016,
schedule 2): over 25 and up to 50 percent, over 50 and below 75, 75 or more. Companies House's short
descriptions of the codes say the same; its long ones put exactly 75 percent into the band below.

A code with a capacity says that trustees or a firm hold, and that the person controls those or is one
of them: a stake through others, so it is marked indirect. Without one, the person holds "directly or
indirectly", and which of the two is not told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from listed.graph.share import PERCENT, UNKNOWN, WHOLE, Basis, Share
from listed.graph.vocabulary import LinkType


@dataclass(frozen=True, slots=True)
class Nature:
    """What a code says, as the parts of a link. ``known`` is false for a code not known here."""

    type: LinkType
    basis: Basis
    share: Share
    role: str
    direct: bool | None = None
    known: bool = True


_BANDS = {
    "25-to-50-percent": Share(25 * PERCENT, 50 * PERCENT, low_open=True),
    "50-to-75-percent": Share(50 * PERCENT, 75 * PERCENT, low_open=True, high_open=True),
    "75-to-100-percent": Share(75 * PERCENT, WHOLE),
    "more-than-25-percent": Share(25 * PERCENT, WHOLE, low_open=True),
}
_HELD = {
    "ownership-of-shares": (LinkType.OWNS, Basis.SHARES),
    "voting-rights": (LinkType.CONTROLS, Basis.VOTES),
    "right-to-appoint-and-remove-directors": (LinkType.CONTROLS, Basis.BOARD),
    "right-to-appoint-and-remove-members": (LinkType.CONTROLS, Basis.BOARD),
    "right-to-appoint-and-remove-person": (LinkType.CONTROLS, Basis.BOARD),
    "significant-influence-or-control": (LinkType.CONTROLS, Basis.UNKNOWN),
    # What a partnership, which has no shares, has in their place.
    "right-to-share-surplus-assets": (LinkType.OWNS, Basis.UNKNOWN),
    "part-right-to-share-surplus-assets": (LinkType.OWNS, Basis.UNKNOWN),
    # The company holds land for the person; that gives no hold on the company.
    "registered-owner-as-nominee": (LinkType.LINKED_TO, Basis.UNKNOWN),
}
_CAPACITY = r"(?:-as-(?P<{}>(?:control-over-)?(?:trust|firm)))?"
_CODE = re.compile(
    rf"(?P<held>{'|'.join(sorted(_HELD, key=len, reverse=True))})"
    rf"{_CAPACITY.format('before')}(?:-(?P<band>{'|'.join(_BANDS)}))?{_CAPACITY.format('after')}"
    r"(?P<land>-(?:person|another-entity)-(?:england-wales|scotland|northern-ireland))?"
    r"(?P<register>-limited-liability-partnership|-registered-overseas-entity)?"
)


@lru_cache(maxsize=1024)
def nature_of(code: str) -> Nature:
    """Return what a code of ``natures_of_control`` says; one not known here is kept as a role, unknown else."""
    match = _CODE.fullmatch(code)
    if match is None:
        return Nature(LinkType.CONTROLS, Basis.UNKNOWN, Share(text=code), code.replace("-", " "), known=False)
    type_, basis = _HELD[match["held"]]
    band = _BANDS.get(match["band"] or "", UNKNOWN)
    share = Share(band.low, band.high, band.low_open, band.high_open, code if band.known else "")
    through = match["before"] or match["after"]
    plain = code if type_ is not LinkType.OWNS or basis is Basis.UNKNOWN or through else ""
    return Nature(type_, basis, share, _role(plain, match["band"]), False if through else None)


def _role(code: str, band: str | None) -> str:
    """Return a code as words, without its band: "voting rights as trust"."""
    text = code.replace(f"-{band}", "") if band else code
    for register in ("-registered-overseas-entity", "-limited-liability-partnership"):
        text = text.removesuffix(register)
    return text.replace("-", " ")
