"""The lists the Consolidated Screening List is made of, told from the ``source`` column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from listed.graph.vocabulary import LISTS

_BIS = "US Department of Commerce, Bureau of Industry and Security"
_OFAC = "US Department of the Treasury, Office of Foreign Assets Control"
_STATE = "US Department of State"


@dataclass(frozen=True, slots=True)
class ScreeningList:
    """One of the consolidated lists.

    Parameters
    ----------
    id
        As in :data:`listed.graph.vocabulary.LISTS`; made from the text for a list not known here.
    title, agency
        Its full title and who keeps it.
    topics
        FollowTheMoney topics of a party on it.
    numbered
        Whether its entity numbers are OFAC's, which are one party's on all of OFAC's lists.
    known
        Whether this loader knows the list at all.
    """

    id: str
    title: str
    agency: str
    topics: tuple[str, ...]
    numbered: bool = False
    known: bool = True

    @property
    def family(self) -> str:
        """Where a name in prose is looked for: all of OFAC's lists together, another list alone."""
        return _OFAC if self.numbered else self.id

    @property
    def source_id(self) -> str:
        """Id of the source that stands for this list."""
        return f"csl-{self.id.lower().removeprefix('csl-')}"


def _list(id_: str, agency: str, topic: str) -> ScreeningList:
    return ScreeningList(id_, LISTS[id_], agency, (topic,), numbered=agency is _OFAC)


_LISTS = {
    list_.id: list_
    for list_ in (
        _list("US-BIS-EL", _BIS, "export.control"),
        _list("US-BIS-MEU", _BIS, "export.control"),
        _list("US-BIS-UVL", _BIS, "export.risk"),
        _list("US-BIS-DPL", _BIS, "debarment"),
        _list("US-OFAC-SDN", _OFAC, "sanction"),
        _list("US-OFAC-SSI", _OFAC, "sanction"),
        _list("US-OFAC-NS-CMIC", _OFAC, "sanction"),
        _list("US-OFAC-NS-MBS", _OFAC, "sanction"),
        _list("US-OFAC-NS-PLC", _OFAC, "sanction"),
        _list("US-OFAC-CAPTA", _OFAC, "sanction"),
        _list("US-OFAC-FSE", _OFAC, "sanction"),
        _list("US-STATE-ISN", _STATE, "sanction"),
        _list("US-STATE-DTC", _STATE, "debarment"),
    )
}

_CODES = {
    "EL": "US-BIS-EL", "MEU": "US-BIS-MEU", "UVL": "US-BIS-UVL", "DPL": "US-BIS-DPL",
    "SDN": "US-OFAC-SDN", "SSI": "US-OFAC-SSI", "CMIC": "US-OFAC-NS-CMIC", "NS-CMIC": "US-OFAC-NS-CMIC",
    "MBS": "US-OFAC-NS-MBS", "NS-MBS": "US-OFAC-NS-MBS", "PLC": "US-OFAC-NS-PLC", "NS-PLC": "US-OFAC-NS-PLC",
    "CAP": "US-OFAC-CAPTA", "CAPTA": "US-OFAC-CAPTA", "FSE": "US-OFAC-FSE", "ISN": "US-STATE-ISN",
    "DTC": "US-STATE-DTC",
}  # fmt: skip

_TITLES = {
    "entity list": "EL", "military end user": "MEU", "unverified list": "UVL", "denied persons list": "DPL",
    "specially designated nationals": "SDN", "sectoral sanctions identifications": "SSI",
    "non-sdn chinese military-industrial complex": "CMIC", "non-sdn menu-based sanctions": "MBS",
    "palestinian legislative council": "PLC", "non-sdn palestinian legislative council": "PLC",
    "capta list": "CAP", "foreign sanctions evaders": "FSE", "nonproliferation sanctions": "ISN",
    "itar debarred": "DTC", "aeca debarred": "DTC",
}  # fmt: skip

_CODE = re.compile(r"\(([A-Z-]+)(?: List)?\)")


@cache
def list_of(source: str) -> ScreeningList:
    """Return the list a ``source`` cell names.

    Parameters
    ----------
    source
        "Entity List (EL) - Bureau of Industry and Security", or the bare "EL" of older files.

    Returns
    -------
    ScreeningList
        For a text that names no list known here, one with an id made from the text and
        ``known=False``: a row is never dropped because its list is new.
    """
    text = " ".join(source.split())
    if text in _CODES:
        return _LISTS[_CODES[text]]
    for code in _CODE.findall(text):
        if code in _CODES:
            return _LISTS[_CODES[code]]
    for title, code in _TITLES.items():
        if text.casefold().startswith(title):
            return _LISTS[_CODES[code]]
    slug = re.sub(r"[^A-Z0-9]+", "-", text.upper()).strip("-") or "UNNAMED"
    return ScreeningList(f"CSL-{slug}", text, "", (), numbered="Treasury" in text, known=False)
