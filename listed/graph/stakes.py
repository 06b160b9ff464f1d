"""Which stake holds on a date, when a source revises itself and sources disagree.

The rules (design: "Loading")
-----------------------------
* Within one dataset a later claim about the same stake revises the earlier one: of those whose
  period may contain the date, the latest start holds, and of equal starts the earliest end. One
  without a start may be the later one, but not than a sale.
  A claim without a share revises no share, but for an exit: it says only that the stake is held.
* Two figures of one dataset for one period may be stakes of two kinds (share classes): the stake
  is from the smaller to the sum of both, marked as a conflict.
* Where it cannot be told which of two claims holds yet, the stake is the range of both, "possibly".
* A disputed claim holds only "possibly".
* Across datasets the shares that certainly hold narrow to what all allow; one that only possibly
  holds narrows nothing. Where nothing is left they contradict: the stake is the range that holds
  all, marked as a conflict.
* Where a dataset tells that the stake is over, what another says holds only "possibly", marked as
  a conflict, unless it began for certain after that end; so does what the dataset itself says of
  an earlier time or of no time.
* Votes, board seats and consolidation are stakes of their own, and so are indirect claims;
  nothing is added to them or they to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from listed.graph.period import Containment, Period
from listed.graph.share import UNKNOWN, WHOLE, Basis, Share


@dataclass(frozen=True, slots=True)
class Claim:
    """What one dataset says of a stake: ``link`` is the number of the link that says it."""

    link: int
    dataset: str
    share: Share
    period: Period
    basis: Basis = Basis.SHARES
    direct: bool | None = None
    disputed: bool = False

    def holds(self, day: date) -> Containment:
        """Tell whether it holds on a day."""
        within = self.period.contains(day)
        return Containment.POSSIBLY if self.disputed and within is Containment.CERTAINLY else within


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
    claims = list(claims)
    if len(claims) == 1:
        return _of_one(claims[0], day)
    kinds: dict[tuple[Basis, bool], list[Claim]] = {}
    for claim in claims:
        basis = Basis.SHARES if claim.basis is Basis.UNKNOWN else claim.basis
        kinds.setdefault((basis, claim.direct is False), []).append(claim)
    found = [_stake(group, basis, day, indirect=indirect) for (basis, indirect), group in sorted(kinds.items())]
    return [stake for stake in found if stake is not None]


def _of_one(claim: Claim, day: date) -> list[Stake]:
    """Return what a claim tells that nothing else is said beside: most stakes are told once."""
    holds = claim.holds(day)
    if holds is Containment.NO:
        return []
    basis = Basis.SHARES if claim.basis is Basis.UNKNOWN else claim.basis
    direct = claim.direct if claim.direct is False else claim.direct or None
    return [Stake(claim.share, holds, conflict=False, links=(claim.link,), basis=basis, direct=direct)]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one dataset says of a stake on a day.

    Parameters
    ----------
    share, holds, conflict, links
        As in :class:`Stake`; the share is None where it says of no stake that it may hold.
    since
        The first day on which what it says may have begun; the first of all days where unknown.
    over_by
        The day by which it tells that the stake is over; None where it does not.
    """

    share: Share | None
    holds: Containment
    conflict: bool
    links: tuple[int, ...]
    since: date
    over_by: date | None


def _stake(claims: Sequence[Claim], basis: Basis, day: date, *, indirect: bool) -> Stake | None:
    datasets = sorted({claim.dataset for claim in claims})
    said = [_of_dataset([claim for claim in claims if claim.dataset == dataset], day) for dataset in datasets]
    told = [one for one in said if one.share is not None]
    if not told:
        return None
    held = [one for one in told if not _is_exit(one)]
    sure = [one for one in held if one.holds is Containment.CERTAINLY and not _is_doubted(one, said)]
    # An exit that all of a dataset's word comes after was followed by a purchase.
    if sure:
        share, conflict = _widened(sure, [one for one in held if one not in sure])
    else:
        share, conflict = _combined([one.share for one in told if one.share is not None])
        share = share if not held or len(told) == 1 else hull([one.share for one in told if one.share is not None])
        conflict |= any(_is_doubted(one, said) for one in held)
    certain = bool(sure) or (not held and any(one.holds is Containment.CERTAINLY for one in told))
    return Stake(
        share=share,
        holds=Containment.CERTAINLY if certain else Containment.POSSIBLY,
        conflict=conflict or any(one.conflict for one in told),
        links=tuple(dict.fromkeys(link for one in told for link in one.links)),
        basis=basis,
        direct=False if indirect else any(claim.direct for claim in claims) or None,
    )


def _widened(sure: Sequence[_Said], others: Sequence[_Said]) -> tuple[Share, bool]:
    """Return what those that certainly hold allow, widened by what of the others contradicts it."""
    share, conflict = _combined([one.share for one in sure if one.share is not None])
    apart = [one.share for one in others if one.share is not None and intersection(share, one.share) is None]
    return (hull([share, *apart]), True) if apart else (share, conflict)


def _is_exit(said: _Said) -> bool:
    return said.share is not None and said.share.is_exit


def _is_doubted(one: _Said, said: Sequence[_Said]) -> bool:
    """Tell whether another dataset knows of an end that may be later than what one dataset says."""
    return any(other.over_by is not None and other.over_by >= one.since for other in said if other is not one)


def _of_dataset(claims: Sequence[Claim], day: date) -> _Said:
    """Return what one dataset says holds on the day: its revision, or all that it may be."""
    open_ = sorted((claim for claim in claims if claim.holds(day) is not Containment.NO), key=_precedence)
    over = [claim for claim in claims if claim.period.end.earliest is not None and claim.period.end.earliest <= day]
    if not open_:
        ends = [claim.period.end.latest for claim in over if claim.period.end.latest is not None]
        return _Said(None, Containment.NO, conflict=False, links=(), since=day, over_by=max(ends, default=None))
    candidates, settled = _that_may_hold(open_, day)
    shares = [claim.share for claim in candidates]
    conflict = False
    if len({_precedence(claim) for claim in candidates}) > 1:
        share = hull(shares)
    else:
        share, conflict = _combined(shares)
        share = _of_several_kinds(share, shares) if conflict else share
    # Which of several holds may be open, while it is certain that one does.
    exits = [claim.period.start.latest or day for claim in candidates if claim.share.is_exit]
    outlived = not share.is_exit and all(any(_is_before(one, end) for end in over) for one in candidates)
    certain = settled and (share.is_exit or not exits) and not outlived
    perhaps_over = not settled and any(claim in over for claim in candidates)
    return _Said(
        share=share,
        holds=Containment.CERTAINLY if certain else Containment.POSSIBLY,
        conflict=conflict or (settled and outlived),
        links=tuple(claim.link for claim in candidates),
        since=min(claim.period.start.earliest or date.min for claim in candidates),
        over_by=max([*exits, *([day] if perhaps_over else [])], default=None),
    )


def _is_before(claim: Claim, other: Claim) -> bool:
    """Tell whether a claim is of an earlier time than another that is over, or of no time: it may be over with it."""
    ours, theirs = claim.period.start.earliest, other.period.start.earliest
    return claim is not other and (ours is None or (theirs is not None and ours < theirs))


def _that_may_hold(open_: Sequence[Claim], day: date) -> tuple[list[Claim], bool]:
    """Return which of the claims of one dataset may be its last word, and whether one of them certainly holds."""
    stated = [claim for claim in open_ if claim.share.known]
    if any(claim.holds(day) is Containment.CERTAINLY for claim in stated):
        found = _last_words(stated, day)
        # A claim that says nothing of the share revises no number; after an exit it tells of a purchase.
        if not any(claim.share.is_exit for claim in found[0]):
            return found
    return _last_words(open_, day)


def _last_words(claims: Sequence[Claim], day: date) -> tuple[list[Claim], bool]:
    candidates: list[Claim] = []
    settled = False
    for claim in claims:
        if settled and _precedence(claim) != _precedence(candidates[-1]) and not _may_be_later(claim, candidates[0]):
            continue
        candidates.append(claim)
        settled = settled or claim.holds(day) is Containment.CERTAINLY
    return candidates, settled


def _may_be_later(claim: Claim, other: Claim) -> bool:
    """Tell whether a claim of an imprecise start may have begun after another: "2020" after "2020-06"."""
    ours, theirs = claim.period.start, other.period.start
    if (ours.earliest, ours.latest) == (theirs.earliest, theirs.latest) or theirs.earliest is None:
        return False
    if ours.latest is None:
        # Who dates a sale tells the end of what it said was held, if not since when.
        return not other.share.is_exit
    return ours.latest > theirs.earliest


def _of_several_kinds(share: Share, shares: Sequence[Share]) -> Share:
    """Return a share that contradicting figures of one period may add up to."""
    figures = {(one.low, one.high, one.low_open, one.high_open) for one in shares if one.known}
    most = sum(high or 0 for _, high, _, _ in figures)
    return Share(share.low, min(most, WHOLE), share.low_open, high_open=False, text=share.text)


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
