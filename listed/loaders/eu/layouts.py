"""The XML and the CSV of the list, read to the same records.

In the XML an entity is an element with its parts inside. In the CSV it is a run of rows, each with
one part filled: "NameAlias_WholeName" is the ``wholeName`` of a ``nameAlias``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from listed.errors import InputError
from listed.graph.model import SetAside
from listed.loaders.csl.text import tidy
from listed.loaders.csv_rows import whole_rows
from listed.loaders.inputs import Input
from listed.loaders.kinds import wrong_kind
from listed.loaders.party_builder import day_first, iso_date
from listed.loaders.xml_records import child_text, read_root, records

NAMESPACE = "http://eu.europa.ec/fpi/fsd/export"
_MEANT = "the consolidated list of the EU"
_ADVICE = "give the full list of the Financial Sanctions Files as XML 1.1 or CSV 1.1"
_KINDS = {"NameAlias": "nameAlias", "Address": "address", "BirthDate": "birthdate", "Citizenship": "citizenship",
          "Identification": "identification"}  # fmt: skip
_RENAMED = {
    "birthdate": {"birthDate": "birthdate", "day": "dayOfMonth", "month": "monthOfYear"},
    "identification": {"typeCode": "identificationTypeCode", "typeDescription": "identificationTypeDescription"},
}
_NUMBER = "Entity_LogicalId"
_NEEDED = (_NUMBER, "NameAlias_WholeName")


@dataclass(slots=True)
class Record:
    """One entity: its own attributes, and those of its parts by kind ("nameAlias", "address"...)."""

    record: str
    entity: dict[str, str] = field(default_factory=dict)
    regulations: list[dict[str, str]] = field(default_factory=list)
    parts: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def add(self, kind: str, part: Mapping[str, str]) -> None:
        """Add a part unless it is empty or told already."""
        told = {key: text for key, text in part.items() if text}
        known = self.parts.setdefault(kind, [])
        if told and told not in known:
            known.append(told)


def read_xml(file: Input) -> Iterator[str | Record]:
    """Yield the date of the list, then its entities one by one.

    Raises
    ------
    InputError
        If it is no such list, or its XML is damaged.
    """
    root = read_root(file)
    if root.tag != "export" or root.namespace not in (NAMESPACE, ""):
        raise wrong_kind(file, _MEANT, _ADVICE)
    yield str(iso_date(root.attributes.get("generationDate", "")))
    for element, number in records(file, "sanctionEntity"):
        one = Record(f"{file.name} entity {number}", {key: tidy(text) for key, text in element.attrib.items()})
        one.entity["remark"] = " ".join(tidy(remark.text or "") for remark in element.iterfind("remark"))
        if (subject := element.find("subjectType")) is not None:
            one.entity["subjectType"] = subject.get("classificationCode", "") or subject.get("code", "")
        for part in element:
            told = {key: tidy(text) for key, text in part.attrib.items()}
            told["remark"] = " ".join(tidy(remark.text or "") for remark in part.iterfind("remark"))
            if part.tag == "regulation":
                told["publicationUrl"] = child_text(part, "publicationUrl")
                one.regulations.append(told)
            elif part.tag in _KINDS.values():
                one.add(part.tag, told)
        yield one


def read_csv(file: Input) -> Iterator[str | SetAside | InputError | Record]:
    """Yield the date of the list, then its entities, each a run of rows.

    An error is yielded for a row that has not as many cells as the header.

    Raises
    ------
    InputError
        If it is no such list.
    """
    rows = whole_rows(file, _MEANT, _ADVICE, delimiter=";")
    header = next(rows, (1, []))[1]
    if not set(_NEEDED) <= set(header):
        raise wrong_kind(file, _MEANT, _ADVICE)
    run: list[dict[str, str]] = []
    start, dated = 0, False
    for line, cells in rows:
        if len(cells) != len(header):
            problem = f"{len(cells)} cells where the header has {len(header)}"
            yield InputError(problem, file=file.name, row=line, advice="download it again")
            continue
        row = {name: text for name, cell in zip(header, cells, strict=True) if name and (text := tidy(cell))}
        if not dated:
            dated = True
            yield _published(row.get("fileGenerationDate", ""))
        if not row.get(_NUMBER):
            if row:
                yield SetAside(f"{file.name} line {line}", "no number of an entity", str(row))
            continue
        if run and run[-1][_NUMBER] != row[_NUMBER]:
            yield _from_rows(f"{file.name} line {start}", run)
            run = []
        start = start if run else line
        run.append(row)
    if run:
        yield _from_rows(f"{file.name} line {start}", run)


def _from_rows(record: str, rows: Sequence[Mapping[str, str]]) -> Record:
    one = Record(record)
    for row in rows:
        regulation: dict[str, str] = {}
        parts: dict[str, dict[str, str]] = {}
        for column, text in row.items():
            prefix, _, name = column.partition("_")
            if prefix == "Entity" and name.startswith("Regulation_"):
                regulation[_small(name.removeprefix("Regulation_"))] = text
            elif prefix == "Entity":
                one.entity.setdefault(_ENTITY.get(name, _small(name)), text)
            elif (kind := _KINDS.get(prefix)) and "Regulation_" not in name:
                key = _small(name)
                parts.setdefault(kind, {})[_RENAMED.get(kind, {}).get(key, key)] = text
        if regulation and regulation not in one.regulations:
            one.regulations.append(regulation)
        for kind, part in parts.items():
            one.add(kind, part)
    return one


_ENTITY = {"EU_ReferenceNumber": "euReferenceNumber", "UnitedNationId": "unitedNationId",
           "UN_ReferenceNumber": "unitedNationId"}  # fmt: skip


def _small(name: str) -> str:
    return name[:1].lower() + name[1:]


def _published(text: str) -> str:
    return str(day_first(text) if "/" in text else iso_date(text))
