"""The parsers of shares, dates and names, each with the law that holds for whatever text it is given."""

from __future__ import annotations

from collections.abc import Callable

from listed.graph import names
from listed.graph.party_names import party_name
from listed.graph.period import FIRST_YEAR, LAST_YEAR, PartialDate, parse_date
from listed.graph.resemblance import resemblance
from listed.graph.share import WHOLE, Share, parse_share
from listed.loaders.company_numbers import company_number
from listed.loaders.csl.addresses import read_addresses
from listed.loaders.csl.countries import country_code
from listed.loaders.csl.identifiers import read_ids
from listed.loaders.csl.names import read_aliases, read_name
from listed.loaders.csl.remarks import linked_to
from listed.loaders.ftm.values import amount_of, date_of, share_of
from listed.loaders.icij.dates import read_date
from listed.loaders.icij.places import countries_in
from listed.loaders.party_builder import country_of, day_first, iso_date
from listed.loaders.psc.nationalities import nationality_codes
from listed.loaders.psc.natures import nature_of

Check = Callable[[str], None]
LONGEST = 4_000
"""What is compared letter by letter is not given more."""


def a_share(share: Share) -> None:
    """A share is unknown, or its ends lie within nothing and all, in order."""
    if share.known:
        low, high = share.low or 0, WHOLE if share.high is None else share.high
        assert 0 <= low <= high <= WHOLE, share


def a_date(date: PartialDate) -> None:
    """A date is unknown, or a span of days in order, of a year that a record can have."""
    if date.known:
        assert date.earliest is not None
        assert date.latest is not None
        assert date.earliest <= date.latest, date
        assert FIRST_YEAR <= date.earliest.year <= date.latest.year <= LAST_YEAR, date


def _share(text: str) -> None:
    for unit in (None, "percent", "fraction"):
        share = parse_share(text, unit)
        a_share(share)
        assert share.text == text.strip()
        assert share.known or share.flag or len(share.text) < 20, "unknown, and nothing says why"


def _date(text: str) -> None:
    for date in (parse_date(text), read_date(text), read_date(text, day_first=True), day_first(text), iso_date(text)):
        a_date(date)
    for last in (False, True):
        a_date(date_of((text, "2019"), last=last)[0])


def _several(text: str) -> None:
    a_share(share_of((text, "50"))[0])
    amount_of([text])


def _name(text: str) -> None:
    key = names.fold(text)
    assert names.fold(key) == key
    assert names.latin(text).isascii()
    party = party_name(text)
    assert party.text == text
    same = resemblance(party, party_name(text))
    other = resemblance(party, party_name("Acme Holding (Beijing) Co., Ltd."), person=True)
    assert 0 <= other.score <= same.score or not key


def _as_it_is(parse: Callable[[str], object]) -> Check:
    def check(text: str) -> None:
        parse(text)

    return check


PARSERS: dict[str, Check] = {
    "share": _share,
    "date": _date,
    "several": _several,
    "name": lambda text: _name(text[:LONGEST]),
    **{
        parse.__name__: _as_it_is(parse)
        for parse in (company_number, read_addresses, country_code, read_ids, read_aliases, read_name, linked_to,
                      countries_in, country_of, nationality_codes, nature_of)
    },
}  # fmt: skip
