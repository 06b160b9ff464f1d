"""Read a made-up register of millions of statements, and tell whether rate and memory stay flat.

Run with ``python -m benchmarks.registers --statements 5000000``. Each register is written to a
temporary file and read by a process of its own, by its loader alone: what the builder keeps of it is
measured by ``benchmarks.graph``. Times are those of the processor, so that others on the machine do
not disturb them; look at how the fifths of the file compare.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from benchmarks.memory import peak_mb

PARTS = 5
SEED = 20_240_611

_BANDS = ("25-to-50-percent", "50-to-75-percent", "75-to-100-percent")
_PUBLICATION = {"publicationDate": "2025-03-05", "bodsVersion": "0.4", "publisher": {"name": "Made-up register"}}


def bods(statements: int) -> Iterator[dict[str, object]]:
    """Yield statements of 0.4: of each five two are entities, one a person, two are relationships.

    One relationship in twenty is told again later, changed; one in forty closed; of one in fifty the
    owner is not named.
    """
    chance = random.Random(SEED)
    told = 0
    for group in range(statements):
        rows = list(_bods_group(group, chance))
        if told + len(rows) > statements:
            return
        told += len(rows)
        yield from rows


def _bods_group(group: int, chance: random.Random) -> Iterator[dict[str, object]]:
    ids = [f"GB-COH-{group * 2 + place:08d}" for place in range(2)]
    person = f"GB-COH-PER-{group:010d}"
    for place, id_ in enumerate(ids):
        identifiers = [{"scheme": "GB-COH", "id": f"{10_000_000 + group * 2 + place:08d}"}]
        details = {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": f"Company {id_} Limited",
                   "identifiers": identifiers, "jurisdiction": {"code": "GB"}}  # fmt: skip
        yield _statement(id_, "entity", "new", "2020-01-01", details)
    names = [{"type": "legal", "fullName": f"Person {group}"}]
    yield _statement(person, "person", "new", "2020-01-01", {"isComponent": False, "personType": "knownPerson",
                     "names": names, "nationalities": [{"code": "GB"}], "birthDate": "1970-01"})  # fmt: skip
    unnamed = {"reason": "interestedPartyHasNotProvidedInformation"}
    first = unnamed if chance.random() < 1 / 50 else person
    yield _relationship(f"REL-{group:010d}-A", ids[0], first, 60, "new", "2020-01-01")
    yield _relationship(f"REL-{group:010d}-B", ids[1], ids[0], 100, "new", "2020-01-01")
    if group >= 1000 and chance.random() < 1 / 10:
        told = group - 1000
        parties = (f"GB-COH-{told * 2 + 1:08d}", f"GB-COH-{told * 2:08d}")
        yield _relationship(f"REL-{told:010d}-B", *parties, 55, "updated", "2022-06-30")
        if chance.random() < 1 / 2:
            yield _relationship(f"REL-{told:010d}-B", *parties, 55, "closed", "2024-06-30")


def _relationship(record: str, subject: str, party: object, share: int, status: str, day: str) -> dict[str, object]:
    interests = [
        {"type": "shareholding", "directOrIndirect": "direct", "startDate": "2019-05-01", "share": {"exact": share}},
        {"type": "votingRights", "directOrIndirect": "direct", "startDate": "2019-05-01",
         "share": {"minimum": 50, "maximum": 75}},
    ]  # fmt: skip
    details = {"isComponent": False, "subject": subject, "interestedParty": party, "interests": interests}
    return _statement(record, "relationship", status, day, details)


def _statement(record: str, type_: str, status: str, day: str, details: dict[str, object]) -> dict[str, object]:
    return {"statementId": f"{record}-{day}-{status}", "recordId": record, "recordType": type_,
            "recordStatus": status, "statementDate": day, "declarationSubject": record, "recordDetails": details,
            "publicationDetails": _PUBLICATION}  # fmt: skip


def psc(statements: int) -> Iterator[dict[str, object]]:
    """Yield records of a snapshot: three of four are persons, the others companies; one in ten has ceased."""
    chance = random.Random(SEED)
    for row in range(statements):
        company = f"{1_000_000 + row * 2 // 3:08d}"
        band = _BANDS[row % 3]
        corporate = row % 4 == 3
        kind = "corporate-entity" if corporate else "individual"
        data: dict[str, object] = {
            "kind": f"{kind}-person-with-significant-control",
            "name": f"Holding {row} Limited" if corporate else f"Mr Person {row}",
            "links": {"self": f"/company/{company}/persons-with-significant-control/{kind}/id{row:024d}"},
            "address": {"premises": str(row % 300), "address_line_1": "High Street", "locality": "London",
                        "postal_code": "EC1A 1AA", "country": "England"},
            "natures_of_control": [f"ownership-of-shares-{band}", f"voting-rights-{band}"],
            "notified_on": "2016-04-06",
        }  # fmt: skip
        if corporate:
            data["identification"] = {"legal_form": "Limited Company", "place_registered": "Companies House",
                                      "registration_number": f"{1_000_000 + chance.randrange(statements):08d}",
                                      "country_registered": "England"}  # fmt: skip
        else:
            data["date_of_birth"] = {"month": 1 + row % 12, "year": 1950 + row % 50}
            data["nationality"] = "British"
        if row % 10 == 9:
            data["ceased_on"] = "2021-12-13"
        yield {"company_number": company, "data": data}


REGISTERS: dict[str, Callable[[int], Iterator[dict[str, object]]]] = {"bods": bods, "psc": psc}


def write(register: str, statements: int, path: Path) -> int:
    """Write a made-up register as JSON lines; return how many there are."""
    rows = REGISTERS[register](statements)
    encode = json.JSONEncoder(separators=(",", ":")).encode
    count = 0
    with path.open("w", encoding="utf-8") as file:
        while lines := [encode(row) for row in islice(rows, 10_000)]:
            file.write("\n".join(lines) + "\n")
            count += len(lines)
    return count


def measure(register: str, path: str, lines: int) -> None:
    """Read a register, and print a line for each part of the file: rate, and the most memory used so far."""
    from listed.graph.model import Statement
    from listed.loaders.inputs import open_inputs
    from listed.loaders.registry import loader

    began = time.process_time()
    items = loader(register).read(open_inputs([path]))
    part, done, told = 1, 0, 0
    since = began
    for item in items:
        told += 1
        if told == 1:
            since = _tell("before the first", None, since)
        # The line an item stands on tells how far the file was read: only now and then, for it takes time.
        if part > PARTS or told % 1000 or not isinstance(item, Statement):
            continue
        line = int(item.record.split(" line ", 1)[1].split(",", 1)[0])
        if line >= lines * part // PARTS - 1000:
            since = _tell(f"{part}/{PARTS} of the file", line - done, since)
            part, done = part + 1, line
    _tell("records told again", None, since)
    seconds = time.process_time() - began
    print(f"  {told:,} things told of {lines:,} lines in {seconds:.1f} s: {lines / seconds:,.0f} lines/s")


def _tell(what: str, lines: int | None, since: float) -> float:
    """Print how long a part took, or its rate if it is some lines, and the most memory used so far."""
    seconds = time.process_time() - since
    peak = peak_mb()
    took = f"{seconds:,.1f} s" if lines is None else f"{lines / seconds:,.0f} lines/s"
    print(f"  {what:<20} {took:>16}  {peak:>8,.0f} MB at most", flush=True)
    return time.process_time()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=500_000)
    parser.add_argument("--register", choices=(*REGISTERS, "all"), default="all")
    parser.add_argument("--measure", nargs=2, metavar=("FILE", "LINES"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.register, given.measure[0], int(given.measure[1]))
        return
    for register in REGISTERS if given.register == "all" else (given.register,):
        with tempfile.TemporaryDirectory(prefix="listed-") as folder:
            path = Path(folder, f"{register}.jsonl")
            lines = write(register, given.statements, path)
            print(f"{register}: {lines:,} lines, {path.stat().st_size / 1024**2:,.0f} MB", flush=True)
            command = [sys.executable, "-m", "benchmarks.registers", "--register", register]
            subprocess.run([*command, "--measure", str(path), str(lines)], check=True)


if __name__ == "__main__":
    main()
