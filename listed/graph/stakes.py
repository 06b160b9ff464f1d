"""Which stake holds on a date, when a source revises itself and sources disagree.

The rules (design: "Loading")
-----------------------------
* Within one dataset a later claim about the same stake revises the earlier one: of those whose
  period may contain the date, the latest start holds, and of equal starts the earliest end.
  A claim without a share revises no share: it says only that the stake is held.
* Where it cannot be told which of two claims holds yet, the stake is the range of both, "possibly".
* Across datasets shares narrow to what all allow. Where nothing is left they contradict: the
  stake is the range that holds all, marked as a conflict.
* Votes, board seats and consolidation are stakes of their own, and so are indirect claims;
  nothing is added to them or they to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from listed.graph.period import Containment, Period
from listed.graph.share import UNKNOWN, Basis, Share


@dataclass(frozen=True, slots=True)
class Claim:
    """What one dataset says of a stake: ``link`` is the number of the link that says it."""

    link: int
    dataset: str
    share: Share
    period: Period
    basis: Basis = Basis.SHARES
    direct: bool | None = None


@dataclass(frozen=True, slots=True)
class Stake:
    """A stake on a date.

    Parameters
    ----------
    share
        What is held, as far as all sources together tell.
    holds
        Whether it certainly or only possibly holds on the date.
    conflict
        Whether sources contradict each other.
    links
        Numbers of the links it rests on, the deciding one of each dataset first.
    """

    share: Share
    holds: Containment
    conflict: bool
    links: tuple[int, ...]
    basis: Basis
    direct: bool | None

    @property
    def is_exit(self) -> bool:
        """Whether nothing is held."""
        return self.share.is_exit


def stakes_on(claims: Iterable[Claim], day: date) -> list[Stake]:
    """Return the stakes that may hold on a day, from all claims about one owner, asset and type.

    Returns
    -------
    list of Stake
        One for each basis and directness; exits included (see :attr:`Stake.is_exit`).
    """
    kinds: dict[tuple[Basis, bool], list[Claim]] = {}
    for claim in claims:
        basis = Basis.SHARES if claim.basis is Basis.UNKNOWN else claim.basis
        kinds.setdefault((basis, claim.direct is False), []).append(claim)
    found = [_stake(group, basis, day, indirect=indirect) for (basis, indirect), group in sorted(kinds.items())]
    return [stake for stake in found if stake is not None]


def _stake(claims: Sequence[Claim], basis: Basis, day: date, *, indirect: bool) -> Stake | None:
    told: list[tuple[Share, Containment, bool, tuple[int, ...]]] = []
    for dataset in sorted({claim.dataset for claim in claims}):
        said = _of_dataset([claim for claim in claims if claim.dataset == dataset], day)
        if said is not None:
            told.append(said)
    if not told:
        return None
    share, conflict = _combined([share for share, _, _, _ in told])
    conflict = conflict or any(within for _, _, within, _ in told)
    certain = any(holds is Containment.CERTAINLY for _, holds, _, _ in told)
    links = tuple(dict.fromkeys(link for _, _, _, links in told for link in links))
    holds = Containment.CERTAINLY if certain else Containment.POSSIBLY
    direct = False if indirect else any(claim.direct for claim in claims) or None
    return Stake(share, holds, conflict, links, basis, direct)


def _of_dataset(claims: Sequence[Claim], day: date) -> tuple[Share, Containment, bool, tuple[int, ...]] | None:
    """Return what one dataset says holds on the day: its revision, or all that it may be."""
    open_ = sorted((claim for claim in claims if claim.period.contains(day) is not Containment.NO), key=_precedence)
    stated = [claim for claim in open_ if claim.share.known]
    if any(claim.period.contains(day) is Containment.CERTAINLY for claim in stated):
        # A claim that says nothing of the share confirms the stake and revises no number.
        open_ = stated
    candidates: list[Claim] = []
    settled = False
    for claim in open_:
        if settled and _precedence(claim) != _precedence(candidates[-1]) and not _may_be_later(claim, candidates[0]):
            continue
        candidates.append(claim)
        settled = settled or claim.period.contains(day) is Containment.CERTAINLY
    if not candidates:
        return None
    shares = [claim.share for claim in candidates]
    if len({_precedence(claim) for claim in candidates}) == 1:
        share, conflict = _combined(shares)
    else:
        share, conflict = hull(shares), False
    # Which of several holds may be open, while it is certain that one does.
    certain = settled and (share.is_exit or not any(one.is_exit for one in shares))
    holds = Containment.CERTAINLY if certain else Containment.POSSIBLY
    return share, holds, conflict, tuple(claim.link for claim in candidates)


def _may_be_later(claim: Claim, other: Claim) -> bool:
    """Tell whether a claim of an imprecise start may have begun after another: "2020" after "2020-06"."""
    ours, theirs = claim.period.start, other.period.start
    if (ours.earliest, ours.latest) == (theirs.earliest, theirs.latest) or ours.latest is None:
        return False
    return theirs.earliest is not None and ours.latest > theirs.earliest


def _precedence(claim: Claim) -> tuple[int, int]:
    """Sort the latest start first, and of equal starts the earliest end."""
    start, end = claim.period.start.earliest, claim.period.end.earliest
    return (-(start.toordinal() if start else 0), end.toordinal() if end else date.max.toordinal())


def _combined(shares: Sequence[Share]) -> tuple[Share, bool]:
    """Return what all shares allow, and whether they contradict each other."""
    known = [share for share in shares if share.known]
    if not known:
        return (shares[0] if shares else UNKNOWN), False
    whole = known[0]
    for share in known[1:]:
        narrowed = intersection(whole, share)
        if narrowed is None:
            return hull(known), True
        whole = narrowed
    return whole, False


def intersection(one: Share, other: Share) -> Share | None:
    """Return the share both allow, or None when they contradict each other."""
    if one == other or not other.known:
        return one
    if not one.known:
        return other
    low, low_open = max((one.low or 0, one.low_open), (other.low or 0, other.low_open))
    high, high_closed = min((one.high or 0, not one.high_open), (other.high or 0, not other.high_open))
    if low > high or (low == high and (low_open or not high_closed)):
        return None
    tighter = one if (one.low, one.high) == (low, high) else other
    return Share(low, high, low_open, not high_closed, tighter.text)


def hull(shares: Sequence[Share]) -> Share:
    """Return the narrowest share that holds all of them; unknown if one of them is."""
    if any(not share.known for share in shares):
        return Share(text=" or ".join(dict.fromkeys(share.text or "share unknown" for share in shares)))
    low, low_open = min((share.low or 0, share.low_open) for share in shares)
    high, high_closed = max((share.high or 0, not share.high_open) for share in shares)
    texts = dict.fromkeys(share.text or str(share) for share in shares)
    return Share(low, high, low_open, not high_closed, " or ".join(texts))
