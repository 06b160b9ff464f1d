"""Files that broke a reader: each is refused in one line, by every loader that may be given it."""

from __future__ import annotations

from pathlib import Path

import pytest

from listed.errors import InputError
from listed.loaders import registry
from listed.loaders.inputs import open_inputs
from listed.loading import build

FILE_LOADERS = [name for name in registry.names() if registry.loader(name).needs_files]
STATEMENT = '{"statementId": "a", "recordId": "a", "recordType": "entity", "recordDetails": '
SIMPLE = ("id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,dataset,"
          "first_seen,last_seen,last_change")  # fmt: skip
HOSTILE = {
    "brackets without end": "[" * 50_000,
    "objects without end": '{"a":' * 50_000,
    "one deep statement": STATEMENT + "[" * 50_000 + "]" * 50_000 + "}\n",
    "a simple table of old line ends": f'{SIMPLE}\rx,Company,"X\rY",,,,,,,,,d,,,\r',
    "nothing": "",
    "zeroes": "\0" * 10_000,
}  # fmt: skip


@pytest.mark.parametrize("loader", FILE_LOADERS)
@pytest.mark.parametrize("what", HOSTILE)
def test_no_loader_breaks(tmp_path: Path, loader: str, what: str) -> None:
    path = tmp_path / "hostile.json"
    path.write_bytes(HOSTILE[what].encode())
    said = ""
    try:
        build(loader, registry.loader(loader).read(open_inputs([str(path)])))
    except InputError as error:
        said = str(error)
    assert "\n" not in said
    assert not said or "hostile.json" in said
