"""What a file given to the wrong loader looks like, so that the advice names the right one."""

from __future__ import annotations

import re

_LOOKS = (
    ("bods", r"\"(?:statementID|statementId|recordDetails|interestedParty)\""),
    ("gleif", r"Relationship\.StartNode|Entity\.LegalName|Exception\.Category|gleif\.org|<(?:LEI|Relationship|"
              r"ReportingException)Data|\"(?:relations|exceptions)\"\s*:|\"goldenCopy\""),
    ("icij", r"\bnode_id(?:_start)?\b|data\.(?:type|categories\.0)\b|\bSTART_ID\b|\bnode_1\b.*\bnode_2\b"),
    ("csl", r"source_list_url|Source List,Entity Number|\"results\"\s*:|federal_register_notice"),
    ("psc", r"company_number.*(?:natures_of_control|kind)|\bpsc_|persons-with-significant-control"),
    ("ftm", r"\"schema\"\s*:\s*\"[A-Z]\w+\".*\"properties\"|\"properties\"\s*:.*\"schema\"\s*:|^\"?id\"?,\"?schema"),
    ("ofac", r"<sdnList|sdnEntry|<Sanctions\b|ent_num|\A\d+,[^\n]*-0- "),
    ("un", r"<CONSOLIDATED_LIST"),
    ("eu", r"euFsdExport|fsd/export|Entity_LogicalId"),
    ("uk", r"Last Updated,|Report Date:|<Designations|ConsList|OFSI"),
)  # fmt: skip
_PATTERNS = [(loader, re.compile(pattern, re.DOTALL)) for loader, pattern in _LOOKS]


def advice_on(beginning: str, otherwise: str) -> str:
    """Return what to do with a file that is not what a loader reads.

    Parameters
    ----------
    beginning
        How the file begins: its header, or its first record.
    otherwise
        The advice where it is of no kind known here.
    """
    for loader, pattern in _PATTERNS:
        if pattern.search(beginning[:4096]):
            return f"it looks like a file for: listed load {loader} FILE"
    return otherwise
