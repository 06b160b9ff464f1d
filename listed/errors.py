"""The failures a user can meet, each under its own name.

The library raises these; the command line prints ``str(error)`` on one line and exits with
``error.exit_code``. A message names the file, the row, what is wrong and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class ListedError(Exception):
    """Any failure Listed foresees. Catch this to catch them all."""

    exit_code = 2


class InputError(ListedError):
    """A file given to a loader cannot be read as what it should be."""

    def __init__(self, problem: str, *, file: str = "", row: int | None = None, advice: str = "") -> None:
        self.problem, self.file, self.row, self.advice = problem, file, row, advice
        place = ", ".join(part for part in (file, f"row {row}" if row is not None else "") if part)
        super().__init__(": ".join(p for p in (place, problem) if p) + (f" ({advice})" if advice else ""))


class UnconfirmedMappingError(InputError):
    """What the columns of a table mean was guessed, and a user has to say that it is right."""


class WrongEncodingError(InputError):
    """A table is in another encoding than UTF-8; the advice names the one it may be in, as a mapping says it."""


class DownloadError(ListedError):
    """An address could not be fetched."""


class UnknownLoaderError(ListedError):
    """No loader goes by that name."""


class GraphNotFoundError(ListedError):
    """There is no graph at that place."""


class GraphDamagedError(ListedError):
    """A file of the graph is missing, cut short or altered; ``problem`` says what, without the file."""

    def __init__(self, message: str, problem: str = "") -> None:
        self.problem = problem
        super().__init__(message)


class GraphLockedError(ListedError):
    """Another process is loading into this graph."""


class ListShrankError(ListedError):
    """A list lost more than a tenth of its entries since it was last loaded."""

    exit_code = 1


class UnknownEntityError(ListedError):
    """Nothing in the graph goes by that name, id or identifier.

    ``offers`` holds the closest entities as ``(id, name)``, best first.
    """

    def __init__(self, asked: str, offers: list[tuple[str, str]]) -> None:
        self.asked, self.offers = asked, offers
        said = "; closest: " + ", ".join(f"{name} [{id_}]" for id_, name in offers) if offers else ""
        super().__init__(f"no entity is called {asked!r}{said}")


class AmbiguousNameError(ListedError):
    """Several entities go by that name.

    ``offers`` holds them as ``(id, name)``, ``listed_on`` the lists of those that are or were on any, by id.
    """

    def __init__(
        self, asked: str, offers: list[tuple[str, str]], listed_on: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.asked, self.offers, self.listed_on = asked, offers, dict(listed_on or {})
        shown = ", ".join(f"{name} [{id_}]{self._lists(id_)}" for id_, name in offers[:8])
        more = f" and {len(offers) - 8} more" if len(offers) > 8 else ""
        super().__init__(f"{len(offers)} entities are called {asked!r}: {shown}{more}; give an id")

    def _lists(self, id_: str) -> str:
        return f" on {' '.join(lists)}" if (lists := self.listed_on.get(id_)) else ""


class QueryError(ListedError):
    """A query was asked with a value it cannot take."""


class ServerError(ListedError):
    """A database server cannot be reached, refuses us, or holds what it should not."""


class ExportError(ListedError):
    """An export cannot be written where or as it was asked for."""
