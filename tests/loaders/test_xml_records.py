"""XML as a stream: what is a record, what is refused, and where a file is broken."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listed.errors import InputError
from listed.loaders import xml_records
from listed.loaders.inputs import open_inputs
from listed.loaders.xml_records import child_text, read_root, records


def texts(path: Path, tag: str = "r") -> list[str]:
    return ["".join(element.itertext()) for element, _ in records(open_inputs([str(path)])[0], tag)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.xml"


class TestRecords:
    def test_each_element_of_the_tag_is_one(self, file: Path) -> None:
        file.write_text("<a><r>1</r><x><r>2</r></x></a>")
        assert texts(file) == ["1", "2"]

    def test_one_inside_another_belongs_to_it(self, file: Path) -> None:
        file.write_text("<a><r>1<r>2</r></r><r>3</r></a>")
        assert texts(file) == ["12", "3"]

    def test_they_are_numbered_from_one(self, file: Path) -> None:
        file.write_text("<a><r/><r/></a>")
        assert [number for _, number in records(open_inputs([str(file)])[0], "r")] == [1, 2]

    def test_namespaces_are_taken_off_inside_too(self, file: Path) -> None:
        file.write_text("<n:a xmlns:n='urn:q'><n:r><n:b>x</n:b></n:r></n:a>")
        assert [child_text(element, "b") for element, _ in records(open_inputs([str(file)])[0], "r")] == ["x"]

    def test_a_text_comes_on_one_line(self, file: Path) -> None:
        file.write_text("<a><r><b> x\n   y </b></r></a>")
        assert [child_text(element, "b") for element, _ in records(open_inputs([str(file)])[0], "r")] == ["x y"]

    def test_several_tags_come_in_their_order(self, file: Path) -> None:
        file.write_text("<a><h>1</h><r>2</r></a>")
        assert [element.tag for element, _ in records(open_inputs([str(file)])[0], ("r", "h"))] == ["h", "r"]

    def test_gzip_is_read(self, tmp_path: Path) -> None:
        path = tmp_path / "list.xml.gz"
        path.write_bytes(gzip.compress(b"<a><r>1</r></a>"))
        assert texts(path) == ["1"]

    def test_utf_16_is_read(self, file: Path) -> None:
        file.write_bytes("<?xml version='1.0' encoding='utf-16'?><a><r>\u0130</r></a>".encode("utf-16"))
        assert texts(file) == ["\u0130"]

    def test_a_code_page_the_file_names_is_read(self, file: Path) -> None:
        file.write_bytes("<?xml version='1.0' encoding='windows-1252'?><a><r>\u20ac</r></a>".encode("cp1252"))
        assert texts(file) == ["\u20ac"]

    def test_memory_does_not_grow_with_the_file(self, file: Path) -> None:
        def peak(count: int) -> int:
            with file.open("w") as stream:
                stream.write("<a>" + "<q><r><b>some text</b></r></q>\n" * count + "</a>")
            tracemalloc.start()
            for _ in records(open_inputs([str(file)])[0], "r"):
                pass
            used = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return used

        peak(100)
        assert peak(60_000) < 2 * peak(6_000)

    @given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20), max_size=20))
    @settings(max_examples=50)
    def test_all_that_is_written_is_read(self, tmp_path_factory: pytest.TempPathFactory, told: list[str]) -> None:
        from xml.sax.saxutils import escape

        path = tmp_path_factory.mktemp("xml") / "list.xml"
        path.write_text("<a>" + "".join(f"<r>{escape(text)}</r>" for text in told) + "</a>", encoding="utf-8")
        assert texts(path) == told


class TestRoot:
    def test_its_tag_namespace_and_attributes(self, file: Path) -> None:
        file.write_text("<n:a xmlns:n='urn:q' made='2026'><n:r/></n:a>")
        root = read_root(open_inputs([str(file)])[0])
        assert (root.tag, root.namespace, dict(root.attributes)) == ("a", "urn:q", {"made": "2026"})

    def test_what_breaks_later_is_not_its_matter(self, file: Path) -> None:
        file.write_text("<a><r>A & B</r></a>")
        assert read_root(open_inputs([str(file)])[0]).tag == "a"


class TestRefusals:
    BOMB = "<!DOCTYPE a [<!ENTITY x 'ha'>" + "".join(
        f"<!ENTITY x{n} '{f'&x{n - 1};' * 10}'>" for n in range(1, 10)
    ).replace("&x0;", "&x;") + "]><a><r>&x9;</r></a>"  # fmt: skip

    @pytest.mark.parametrize(
        ("text", "row", "problem"),
        [
            (
                "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a><r>&x;</r></a>",
                1,
                "declares a document type",
            ),
            ("<!DOCTYPE a SYSTEM 'http://127.0.0.1/a.dtd'><a><r/></a>", 1, "declares a document type"),
            (BOMB, 1, "declares a document type"),
            ("<a>\n<r>1</r>\n<r>A & B</r></a>", 3, "invalid token at column 7"),
            ("<a>\n<r>&x;</r></a>", 2, "undefined entity"),
            ("<a>\n<r>1</r>\n<r>A", 3, "the XML is cut short"),
            ("<a>\n<r>1</b></a>", 2, "mismatched tag"),
            ("<a></a>\nmore", 2, "junk after document element"),
            ("name,list\nA,B\n", 1, "not XML"),
            ("<!DOCTYPE html><html><body>Maintenance</body></html>", 1, "a web page"),
            ("<?xml version='1.0' encoding='klingon'?><a/>", None, "unknown encoding"),
        ],
    )
    def test_each_in_one_line_that_says_where(self, file: Path, text: str, row: int | None, problem: str) -> None:
        file.write_text(text)
        with pytest.raises(InputError) as raised:
            texts(file)
        assert (raised.value.file, raised.value.row) == ("list.xml", row)
        assert problem in str(raised.value)
        assert "\n" not in str(raised.value)

    def test_what_came_before_the_break_was_read(self, file: Path) -> None:
        file.write_text("<a><r>1</r>" + " " * 200_000 + "<r>A & B</r></a>")
        read = records(open_inputs([str(file)])[0], "r")
        assert next(read)[0].text == "1"
        with pytest.raises(InputError):
            next(read)

    def test_a_wrong_byte(self, file: Path) -> None:
        file.write_bytes(b"<a>\n<r>caf\xe9</r></a>")
        with pytest.raises(InputError, match="row 2: not well-formed XML: invalid token"):
            texts(file)

    def test_a_truncated_archive(self, tmp_path: Path) -> None:
        path = tmp_path / "list.xml.gz"
        path.write_bytes(gzip.compress(b"<a>" + b"<r>some text</r>" * 9999 + b"</a>")[:-300])
        with pytest.raises(InputError, match="cut short"):
            texts(path)

    def test_a_record_without_end(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(xml_records, "RECORD_LIMIT", 1 << 17)
        file.write_text("<a><r>" + "<b>x</b>" * 50_000 + "</r></a>")
        with pytest.raises(InputError, match="record 1 is longer than"):
            texts(file)
