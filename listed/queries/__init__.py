"""The questions one can ask of a graph. Each is a function that returns an answer."""

from listed.queries.differences import diff
from listed.queries.duplicates import duplicates
from listed.queries.exposure import exposure, paths
from listed.queries.government import government
from listed.queries.investors import investors
from listed.queries.look_through import look_through_holdings, look_through_owners
from listed.queries.ownership import holdings, owners
from listed.queries.rules import affiliates, verdict
from listed.queries.screening import screen
from listed.queries.searching import search, show
from listed.queries.timelines import timeline
from listed.queries.ventures import ventures

__all__ = [
    "affiliates",
    "diff",
    "duplicates",
    "exposure",
    "government",
    "holdings",
    "investors",
    "look_through_holdings",
    "look_through_owners",
    "owners",
    "paths",
    "screen",
    "search",
    "show",
    "timeline",
    "ventures",
    "verdict",
]
