"""Which of OFAC's lists an entry is on.

The files of the Specially Designated Nationals are that one list. The consolidated files hold all
others together, and only an entry's programmes, or the directives it is subject to, tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from listed.loaders.csl.lists import ScreeningList, list_of
from listed.loaders.ofac.entries import Entry

OTHER = ScreeningList("US-OFAC-CONS", "Another non-SDN list (US Treasury, OFAC)",
                      "US Department of the Treasury, Office of Foreign Assets Control",
                      ("sanction",), numbered=True)  # fmt: skip
"""For an entry of the consolidated files whose list its programmes do not tell."""

_BY_PROGRAMME = (
    (re.compile(r"NS-PLC"), "PLC"),
    (re.compile(r"UKRAINE-EO13662|SSI"), "SSI"),
    (re.compile(r"FSE\b.*"), "FSE"),
    (re.compile(r"CMIC-EO13959|(?:NS-)?CMIC"), "CMIC"),
    (re.compile(r"561-?(?:Related|List)|CAPTA|HIFPAA?"), "CAPTA"),
    (re.compile(r"(?:NS-)?MBS"), "MBS"),
)
_DIRECTIVE = re.compile(
    r"EO 14024 Directive (\w+)\)|Order 14024 Directive Information,? (?:- )?Subject to Directive (\w+)"
)
_OTHER_DIRECTIVE = re.compile(r"Order 14038|EO 14038|CAATSA Section 235|Order 14071")
_UNDER_DIRECTIVES = re.compile(r"RUSSIA-EO14024|BELARUS-EO14038|CAATSA - RUSSIA|PEESA-EO14039")


def other_lists(entry: Entry) -> list[ScreeningList]:
    """Return the lists other than the SDN list that an entry is on, as far as its words tell."""
    codes: dict[str, None] = {}
    for program in entry.programs:
        for pattern, code in _BY_PROGRAMME:
            if pattern.fullmatch(program):
                codes[code] = None
        if _UNDER_DIRECTIVES.fullmatch(program):
            codes.update(dict.fromkeys(_directives(" ; ".join((*entry.ids, entry.remarks)))))
    return [list_of(code) for code in codes]


def _directives(text: str) -> list[str]:
    """Return the lists the directives named in a text put a party on: directive 2 of EO 14024 the CAPTA list."""
    numbers = {first or second for first, second in _DIRECTIVE.findall(text)}
    codes = ["CAPTA"] if "2" in numbers else []
    return codes + (["MBS"] if numbers - {"2"} or _OTHER_DIRECTIVE.search(text) else [])


def is_consolidated(file: str, entries: Sequence[Entry]) -> bool:
    """Tell whether a file is the consolidated one: by its name, else by most of its entries."""
    name = file.rpartition("/")[2].lower()
    if ("cons" in name) != ("sdn" in name):
        return "cons" in name
    return 2 * sum(bool(other_lists(entry)) for entry in entries) > len(entries)
