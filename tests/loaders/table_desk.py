"""A reporter's desk: tables of any form, mappings, and the graph made of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from listed.errors import InputError
from listed.graph.tables import Tables
from listed.loaders.inputs import open_inputs
from listed.loaders.loader import Options
from listed.loaders.table import LOADER, read_with
from listed.loading import build

Row = dict[str, Any]
Rows = Sequence[Sequence[object]]


class Desk:
    """A folder of tables and mappings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, name: str, content: str | bytes | object) -> str:
        """Write a file: a text, bytes, or anything else as JSON."""
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
            path.write_text(text, encoding="utf-8", newline="")
        return str(path)

    def book(self, rows: Rows, dress: Callable[[Worksheet], None] | None = None, *, name: str = "t.xlsx") -> str:
        """Write an Excel file of one sheet; ``dress`` sets formats."""
        book = openpyxl.Workbook()
        sheet = book.active
        assert isinstance(sheet, Worksheet)
        for row in rows:
            sheet.append(list(row))
        if dress:
            dress(sheet)
        book.save(self.folder / name)
        return str(self.folder / name)

    def tables(
        self,
        path: str,
        mapping: str | None = None,
        *,
        dataset: str = "t",
        accept: Literal["certain", "any", "none"] = "any",
        keep_going: bool = False,
    ) -> Tables:
        """Return the tables of a file, read by the text of a mapping, or by the guess."""
        file = self.file("m.toml", mapping) if mapping is not None else None
        return build(dataset, read_with(open_inputs([path]), Options(dataset, file, accept)), keep_going=keep_going)

    def links(self, path: str, mapping: str | None = None) -> list[Row]:
        """Return the links of a file, each end by its name."""
        tables = self.tables(path, mapping)
        names = {row["id"]: row["name"] for row in tables["entities"].to_pylist()}
        links: list[Row] = tables["links"].to_pylist()
        return [link | {"source": names[link["source"]], "target": names[link["target"]]} for link in links]

    def shares(self, path: str, mapping: str | None = None) -> list[str]:
        """Return the texts of the shares of a file."""
        return [str(link["share_text"]) for link in self.links(path, mapping)]

    def refusal(self, path: str, mapping: str | None = None, **how: Any) -> str:
        """Return the one line with which a load is refused."""
        with pytest.raises(InputError) as caught:
            self.tables(path, mapping, **how)
        assert "\n" not in str(caught.value)
        return str(caught.value)

    def preview(self, path: str, mapping: str | None = None) -> str:
        """Return what ``--preview`` prints."""
        file = self.file("m.toml", mapping) if mapping is not None else None
        assert LOADER.preview is not None
        return LOADER.preview(open_inputs([path]), Options("t", file))


def aside(tables: Tables) -> list[tuple[str, str]]:
    """Return where and why rows were set aside."""
    return [(row["record"], row["reason"]) for row in tables["set_aside"].to_pylist()]


def flags(tables: Tables) -> list[str]:
    """Return all flags of entities, listings and links."""
    return [
        flag
        for name in ("entities", "listings", "links")
        for flags in tables[name]["flags"].to_pylist()
        for flag in flags
    ]


def names(tables: Tables, entity: str) -> list[tuple[str, str]]:
    """Return the names of an entity with their kinds."""
    return [(row["text"], row["kind"]) for row in tables["names"].to_pylist() if row["entity"] == entity]
