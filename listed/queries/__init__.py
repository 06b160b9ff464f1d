"""The questions one can ask of a graph. Each is a function that returns an answer."""

from listed.queries.exposure import exposure, paths
from listed.queries.government import government
from listed.queries.investors import investors
from listed.queries.ownership import holdings, owners
from listed.queries.searching import search, show
from listed.queries.ventures import ventures

__all__ = ["exposure", "government", "holdings", "investors", "owners", "paths", "search", "show", "ventures"]
