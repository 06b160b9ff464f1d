"""How likely two names are names of one party, and why.

Search (:mod:`listed.graph.names`) asks what a reader may have meant and is generous; here the question
is whether two records are one party, and what tells them apart weighs more than what they share:

* another number, town or business is another party: No. 13 and No. 14 Research Institute, "Wuhan ..."
  and "Wuxi ...", "... Software" and "... Group";
* a longer name is another party: a subsidiary, a branch, an institute of a university;
* legal forms, order, accents, apostrophes, acronyms in brackets and spilled addresses tell nothing;
* transliterations of one word are one word; so are a Chinese name and its usual English;
* people go by fewer names, initials, and names in any order, but never by another given name.

A name is no proof: what scores :data:`SURE` differs in form alone, and is still only proposed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from listed.graph.company_names import compare_companies
from listed.graph.party_names import PartyName
from listed.graph.person_names import compare_people, has_patronymic

SURE = 0.95
"""From here up two names differ in form alone: legal form, order, accents, spaces."""

PROPOSED = 0.7
"""From here up two names are worth a decision."""


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How likely two names are one party's, 0 to 1; why; and the two names that made it."""

    score: float
    reason: str
    one: str
    other: str


def resemblance(one: PartyName, other: PartyName, *, person: bool = False) -> Resemblance:
    """Compare two names.

    Parameters
    ----------
    one, other
        The names, taken apart (:func:`~listed.graph.party_names.party_name`).
    person
        Whether they are people's, as far as a source says.

    Examples
    --------
    >>> from listed.graph.party_names import party_name
    >>> resemblance(party_name("Huawei Technologies"), party_name("华为技术有限公司")).reason
    'transliterated or translated: huawei technology'
    >>> resemblance(party_name("13th Research Institute"), party_name("No. 14 Research Institute")).reason
    'another number: 13, 14'
    >>> resemblance(party_name("SECHIN, Igor"), party_name("Igor Ivanovich Sechin"), person=True).reason
    'fewer names: ivanovich'
    """
    business = one.business or other.business
    if one.key == other.key:
        score, reason = 1.0, "same name"
    elif person and business:
        score, reason = 0.0, "a person and a business"
    elif person or (not business and (has_patronymic(one) or has_patronymic(other))):
        score, reason = compare_people(one, other)
    else:
        score, reason = compare_companies(one, other)
    return Resemblance(round(score, 3), reason, one.text, other.text)


def closest(pairs: Iterable[Resemblance]) -> Resemblance | None:
    """Return the most telling of several; of equal ones the first in order of their names."""
    return min(pairs, key=lambda found: (-found.score, found.one, found.other), default=None)
