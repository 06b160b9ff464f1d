"""The ``ids`` column: identifiers, and the many things beside them that OFAC files there.

Pieces are joined with "; ". Until 2022 a piece read "CN, 91330000733796106P, Unified Social
Credit Code (USCC)", its type last, before it the number, before that the country and up to two
dates; since then it reads "Passport, 836238033, KP", its type first. Both are read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

from listed.graph.model import Identifier
from listed.loaders.csl.countries import country_code
from listed.loaders.csl.text import tidy

_SCHEMES = {
    "C.I.F.": "cif", "C.R. No.": "cr", "C.U.I.": "cui", "C.U.I.P.": "cuip", "C.U.I.T.": "cuit",
    "C.U.R.P.": "curp", "Cedula No.": "cedula", "Company Number": "company-number", "D.N.I.": "dni",
    "D-U-N-S Number": "duns", "Equity Ticker": "ticker", "I.F.E.": "ife", "ISIN": "isin",
    "Legal Entity Number": "legal-entity-number", "MMSI": "mmsi", "N.I.E.": "nie", "NIT #": "nit",
    "National ID No.": "national-id", "Passport": "passport", "R.F.C.": "rfc", "RFC": "rfc", "RIF #": "rif",
    "RUC #": "ruc", "SSN": "ssn", "SWIFT/BIC": "swift", "Tax ID No.": "tax-id", "UK Company Number": "gb-coh",
    "US FEIN": "us-fein", "Unified Social Credit Code (USCC)": "uscc",
    "United Social Credit Code Certificate (USCCC)": "uscc", "V.A.T. Number": "vat",
    "Vessel Registration Identification": "vessel-registration", "RTN": "rtn", "RSIN": "rsin",
    "Cartilla de Servicio Militar Nacional": "cartilla-militar",
    "Credencial electoral": "credencial-electoral",
    "Numero de Identidad": "numero-de-identidad", "UAE Identification": "uae-id", "Romanian C.R.": "cr",
    "Matricula Mercantil No": "matricula-mercantil", "BIK (RU)": "bik", "UN/LOCODE": "un-locode",
    "Romanian Permanent Resident": "romanian-permanent-resident", "VisaNumberID": "visa-number",
    "Romanian Tax Registration": "romanian-tax-registration",
    "Aircraft Manufacturer's Serial Number (MSN)": "aircraft-msn",
    "Aircraft Construction Number (also called L/N or S/N or F/N)": "aircraft-construction-number",
    "Aircraft Serial Identification": "aircraft-serial",
    "CNP (Personal Numerical Code)": "cnp", "License": "license", "Serial No.": "serial-number",
    "Paraguayan tax identification number": "tax-id",
    "Numero Unico de Identificacao Tributaria (NUIT)": "nuit",
}  # fmt: skip

_FACTS = frozenset({
    "Additional Sanctions Information", "Aircraft Manufacture Date", "Aircraft Model", "Aircraft Operator",
    "Chinese Commercial Code", "Email Address", "Former Vessel Flag", "Gender", "Issuer Name",
    "Nationality of Registration", "Organization Established Date", "Organization Type",
    "Other Vessel Call Sign", "Other Vessel Flag", "Other Vessel Type", "Phone Number",
    "Previous Aircraft Tail Number", "Registration Country", "Secondary sanctions risk", "Target Type",
    "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions", "Website",
})  # fmt: skip
"""Types that say something of a party but number nobody."""

_FACT = re.compile(r".*\b(?:Information|Determination|Date \([^()]*\))", re.IGNORECASE)
_NUMBERS = re.compile(
    r"(?=.{3,80}$)(?![\d\W]*$)[\w .'/-]*(?:\bNumber|\bNo\.?|#|\bID|\bCard|\bPassport|\bDocument|\bCode|\bVAT"
    r"|\bIdentification|Digital Currency Address - \w+)"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_COUNTRY = re.compile(r"[A-Z]{2}")
_REGISTRATIONS = frozenset({"registration-id", "registration-number", "public-registration-number",
                            "business-registration-number", "trade-license"})  # fmt: skip
"""Types under which OFAC files the number of Russia's register of legal entities (OGRN)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a type of the column is: an identifier's scheme, or the name of a property."""

    name: str
    identifier: bool


@dataclass(slots=True)
class ReadIds:
    """What the column says: identifiers, and everything else as properties."""

    identifiers: dict[Identifier, None] = field(default_factory=dict)
    properties: list[tuple[str, str]] = field(default_factory=list)


def read_ids(cell: str, countries: Sequence[str] = ()) -> ReadIds:
    """Read the ``ids`` cell.

    Parameters
    ----------
    cell
        Pieces joined with "; ", their type first or last.
    countries
        Where the party is, for numbers that come without their country.

    Returns
    -------
    ReadIds
        A scheme whose value names one party for certain (a legal entity identifier with the
        right check digits, say) has its own name; any other number is under its type's name,
        as "CC:number" where the country is known. A piece of a type unknown here is a property
        ``other_id``, so nothing is lost.
    """
    read = ReadIds()
    for piece in cell.split("; ") if cell else ():
        if piece := tidy(piece):
            _read_piece(piece, countries, read)
    return read


def _read_piece(piece: str, countries: Sequence[str], read: ReadIds) -> None:
    parts = piece.split(", ")
    if kind := _kind(parts[-1]) if len(parts) > 1 else None:
        value, country, dates = _type_last(kind, parts[:-1])
    elif kind := _kind(parts[0]) if len(parts) > 1 else None:
        value, country, dates = _type_first(kind, parts[1:])
    else:
        read.properties.append(("other_id", piece))
        return
    if not kind.identifier:
        read.properties.append((kind.name, value))
        return
    identifier = _identifier(kind.name, value, country, countries)
    read.identifiers[identifier] = None
    if dates:
        read.properties.append(("id_dates", f"{identifier.scheme} {identifier.value}: {', '.join(dates)}"))


def _type_last(kind: Kind, parts: list[str]) -> tuple[str, str, list[str]]:
    """Return number, country and dates of "JO, 2014-08-30, 2009-08-31, K475336"."""
    country, dates = "", list[str]()
    if kind.identifier and len(parts) > 1 and _COUNTRY.fullmatch(parts[0]):
        country = country_code(parts.pop(0))
    while kind.identifier and len(parts) > 1 and _DATE.fullmatch(parts[0]):
        dates.append(parts.pop(0))
    return ", ".join(parts), country, dates


def _type_first(kind: Kind, parts: list[str]) -> tuple[str, str, list[str]]:
    """Return number, country and dates of "K475336, JO, 2009-08-31, 2014-08-30"."""
    country, dates = "", list[str]()
    while kind.identifier and len(parts) > 1 and _DATE.fullmatch(parts[-1]):
        dates.insert(0, parts.pop())
    if kind.identifier and len(parts) > 1 and _COUNTRY.fullmatch(parts[-1]):
        country = country_code(parts.pop())
    return ", ".join(parts), country, dates


@cache
def _kind(text: str) -> Kind | None:
    text = text.rstrip(" :-")
    if text in _SCHEMES:
        return Kind(_SCHEMES[text], identifier=True)
    if text in _FACTS or _FACT.fullmatch(text):
        return Kind(re.sub(r"\W+", "_", text.lower()).strip("_"), identifier=False)
    if _NUMBERS.fullmatch(text):
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        return Kind(slug.removesuffix("-no"), identifier=True)
    return None


def _identifier(scheme: str, value: str, country: str, countries: Sequence[str]) -> Identifier:
    if scheme in _REGISTRATIONS and "ru" in ([country] if country else countries) and _is_ogrn(value):
        return Identifier("ogrn", value)
    if scheme == "cr" and country == "hk" and value.isdigit():
        return Identifier("hk-cr", value)
    if scheme == "company-number" and country == "gb" and re.fullmatch(r"\d{8}|[A-Z]{2}\d{6}", value):
        return Identifier("gb-coh", value)
    if scheme == "legal-entity-number" and _is_lei(value):
        return Identifier("lei", value)
    if scheme == "vessel-registration" and _is_imo(value):
        return Identifier("imo", value.removeprefix("IMO "))
    if scheme == "duns" and re.fullmatch(r"\d{9}", digits := value.replace("-", "")):
        return Identifier("duns", digits)
    if scheme in _FORMS and not _FORMS[scheme](value):
        scheme = f"{scheme}-unchecked"  # a strong scheme takes only what has its form
    elif scheme in _FORMS or scheme == "ticker":
        return Identifier(scheme, value)
    return Identifier(scheme, f"{country.upper()}:{value}" if country else value)


def _is_ogrn(value: str) -> bool:
    return re.fullmatch(r"[15]\d{12}", value) is not None and int(value[:12]) % 11 % 10 == int(value[12])


def _is_lei(value: str) -> bool:
    if not re.fullmatch(r"[0-9A-Z]{18}\d\d", value):
        return False
    return int("".join(str(int(character, 36)) for character in value)) % 97 == 1


def _is_imo(value: str) -> bool:
    if not re.fullmatch(r"IMO \d{7}", value):
        return False
    digits = [int(digit) for digit in value[4:]]
    return sum(digit * weight for digit, weight in zip(digits, range(7, 1, -1), strict=False)) % 10 == digits[6]


def _form(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


_FORMS = {
    "uscc": _form(r"[0-9A-HJ-NPQRTUWXY]{18}"),
    "isin": _form(r"[A-Z]{2}[A-Z0-9]{9}\d"),
    "swift": _form(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
    "gb-coh": _form(r"\d{8}|[A-Z]{2}\d{6}"),
    "duns": _form(r"\d{9}"),
}


def is_type(text: str) -> bool:
    """Tell whether a text is one of the types the column files things under ("Tax ID No.")."""
    return _kind(text) is not None
