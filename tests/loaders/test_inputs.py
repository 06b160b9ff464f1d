"""What a user may name as a file, and what is said when it cannot be read."""

from __future__ import annotations

import csv
import gzip
import io
import os
import pickle
import random
import struct
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from listed.errors import InputError
from listed.loaders.inputs import Input, open_inputs

ROWS = "owner,asset,share\nSoftBank,SenseTime,14.3\n"
NOISE = random.Random(1).randbytes(300_000)  # does not compress


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def text_of(given: Input) -> str:
    with given.open_text() as text:
        return text.read()


def bytes_of(given: Input) -> bytes:
    with given.open_binary() as stream:
        return stream.read()


def one(argument: Path | str, **options: object) -> Input:
    (given,) = open_inputs([str(argument)], **options)  # type: ignore[arg-type]
    return given


def zipped(path: Path, members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def refusal(argument: Path | str, **options: object) -> str:
    """What is said of an argument that is refused before anything of it is read."""
    with pytest.raises(InputError) as caught:
        open_inputs([str(argument)], **options)  # type: ignore[arg-type]
    return in_one_line(caught.value)


def refusal_in(given: Input) -> str:
    """What is said of an input that is refused while it is read."""
    with pytest.raises(InputError) as caught:
        bytes_of(given)
    return in_one_line(caught.value)


def in_one_line(error: InputError) -> str:
    assert "\n" not in str(error)
    return str(error)


class TestWhatCanBeRead:
    def test_a_plain_file_has_a_path(self, here: Path) -> None:
        Path("a.csv").write_text(ROWS)
        given = one("a.csv")
        assert (given.name, given.path, text_of(given)) == ("a.csv", Path("a.csv"), ROWS)

    def test_arguments_keep_their_order(self, here: Path) -> None:
        for name in "ba":
            Path(name).write_text(name)
        assert [given.name for given in open_inputs(["b", "a", "b"])] == ["b", "a", "b"]

    def test_no_arguments_no_inputs(self) -> None:
        assert open_inputs([]) == []

    def test_gzip_is_unpacked_and_has_no_path(self, here: Path) -> None:
        Path("a.csv.gz").write_bytes(gzip.compress(ROWS.encode()))
        given = one("a.csv.gz")
        assert (given.name, given.path, text_of(given)) == ("a.csv.gz", None, ROWS)

    def test_gzip_is_told_by_its_bytes(self, here: Path) -> None:
        Path("a.csv").write_bytes(gzip.compress(ROWS.encode()))
        assert text_of(one("a.csv")) == ROWS

    def test_a_browser_may_have_unpacked_it_and_left_the_name(self, here: Path) -> None:
        Path("a.csv.gz").write_text(ROWS)
        assert text_of(one("a.csv.gz")) == ROWS

    def test_gzip_of_several_members_is_one_file(self, here: Path) -> None:
        Path("a.gz").write_bytes(gzip.compress(b"owner\n") + gzip.compress(b"SoftBank\n"))
        assert text_of(one("a.gz")) == "owner\nSoftBank\n"

    def test_a_zip_gives_its_files_by_name_without_junk(self, here: Path) -> None:
        junk = {"__MACOSX/a.csv": "x", ".DS_Store": "x", "d/._b.csv": "x", ".git/c.csv": "x", "d/": ""}
        zipped(here / "z.zip", {"d/b.csv": "b", "a.csv": "a", **junk})
        inputs = open_inputs(["z.zip"])
        assert [(given.name, text_of(given)) for given in inputs] == [
            ("z.zip/a.csv", "a"),
            ("z.zip/d/b.csv", "b"),
        ]
        assert all(given.path is None for given in inputs)

    def test_members_can_be_read_side_by_side(self, here: Path) -> None:
        zipped(here / "z.zip", {"a": NOISE, "b": NOISE[::-1]})
        a, b = open_inputs(["z.zip"])
        with a.open_binary() as first, b.open_binary() as second:
            for start in range(0, len(NOISE), 50_000):
                assert first.read(50_000) == NOISE[start : start + 50_000]
                assert second.read(50_000) == NOISE[::-1][start : start + 50_000]

    def test_an_archive_written_anew_is_read_anew(self, here: Path) -> None:
        zipped(here / "z.zip", {"a": "old"})
        assert text_of(one("z.zip")) == "old"
        zipped(here / "z.zip", {"a": "new", "b": "more"})
        os.utime("z.zip", ns=(1, 1))
        assert [text_of(given) for given in open_inputs(["z.zip"])] == ["new", "more"]

    def test_a_spreadsheet_is_a_file_and_not_an_archive(self, here: Path) -> None:
        book = zipped(here / "book.xlsx", {"xl/workbook.xml": "x", "[Content_Types].xml": "x"})
        given = one("book.xlsx")
        assert (given.name, given.path) == ("book.xlsx", Path("book.xlsx"))
        assert bytes_of(one("-", stdin=io.BytesIO(book.read_bytes()))) == book.read_bytes()
        assert bytes_of(one(zipped(here / "z.zip", {"book.xlsx": book.read_bytes()}))) == book.read_bytes()

    def test_standard_input_can_be_read_twice(self) -> None:
        given = one("-", stdin=io.BytesIO(ROWS.encode()))
        assert given.name == "<stdin>"
        assert text_of(given) == text_of(given) == ROWS

    def test_standard_input_may_be_packed(self, here: Path) -> None:
        assert text_of(one("-", stdin=io.BytesIO(gzip.compress(ROWS.encode())))) == ROWS
        archive = zipped(here / "z.zip", {"a.csv": ROWS}).read_bytes()
        given = one("-", stdin=io.BytesIO(archive))
        assert (given.name, text_of(given)) == ("<stdin>/a.csv", ROWS)

    def test_what_standard_input_leaves_on_disk_goes_with_it(self) -> None:
        given = one("-", stdin=io.BytesIO(b"x"))
        path = given.path
        assert path is not None
        assert path.exists()
        del given
        assert not path.exists()

    def test_a_pipe_is_read_like_standard_input(self, here: Path) -> None:
        os.mkfifo("pipe")
        writer = threading.Thread(target=lambda: Path("pipe").write_text(ROWS))
        writer.start()
        given = one("pipe")
        writer.join()
        assert (given.name, text_of(given), text_of(given)) == ("pipe", ROWS, ROWS)

    def test_an_address_is_fetched_and_named_after_its_file(self, here: Path) -> None:
        Path("kept").write_text(ROWS)
        asked = []

        def fetch(url: str) -> Path:
            asked.append(url)
            return Path("kept")

        given = one("https://example.org/lists/csl.csv?key=1", fetch=fetch)
        assert (given.name, given.path, text_of(given)) == ("csl.csv", Path("kept"), ROWS)
        assert asked == ["https://example.org/lists/csl.csv?key=1"]

    def test_a_worker_process_can_be_handed_an_input(self, here: Path) -> None:
        zipped(here / "z.zip", {"a.csv": ROWS})
        Path("a.gz").write_bytes(gzip.compress(ROWS.encode()))
        for given in open_inputs(["z.zip", "a.gz"]):
            assert text_of(pickle.loads(pickle.dumps(given))) == ROWS

    def test_many_members_are_opened_without_reading_the_archive_again(self, here: Path) -> None:
        zipped(here / "z.zip", {f"{n:04}": str(n) for n in range(2000)})
        assert [int(text_of(given)) for given in open_inputs(["z.zip"])] == list(range(2000))


class TestText:
    def test_a_byte_order_mark_is_not_part_of_the_first_header(self, here: Path) -> None:
        Path("a.csv").write_bytes(b"\xef\xbb\xbf" + ROWS.encode())
        assert text_of(one("a.csv")) == ROWS

    def test_newlines_are_untouched(self, here: Path) -> None:
        Path("a.csv").write_bytes(b"a\r\nb\rc\n")
        assert text_of(one("a.csv")) == "a\r\nb\rc\n"

    def test_another_encoding_may_be_named(self, here: Path) -> None:
        Path("a.csv").write_bytes("商汤".encode("gb18030"))
        with one("a.csv").open_text("gb18030") as text:
            assert text.read() == "商汤"

    def test_an_unknown_encoding_is_refused(self, here: Path) -> None:
        Path("a.csv").write_text(ROWS)
        with (
            pytest.raises(InputError, match="no encoding is called 'klingon'"),
            one("a.csv").open_text("klingon"),
        ):
            pass

    @pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
    @pytest.mark.parametrize("lines", [0, 3, 20_000])
    @pytest.mark.parametrize("packed", [False, True])
    def test_a_wrong_byte_is_told_by_offset_and_row(self, here: Path, lines: int, mark: bytes, packed: bool) -> None:
        before = mark + "日本,é\n".encode() * lines + b"Soci"
        content = before + b"\xe9t\xe9\n" + b"x\n" * 20_000
        Path("a.csv").write_bytes(gzip.compress(content) if packed else content)
        with pytest.raises(InputError) as caught, one("a.csv").open_text() as text:
            for _ in csv.reader(text):
                pass
        assert caught.value.row == lines + 1
        assert f"byte 0xe9 at offset {len(before)} is not UTF-8" in str(caught.value)
        assert "save it as UTF-8" in in_one_line(caught.value)

    def test_a_wrong_byte_is_told_when_the_text_is_read_whole(self, here: Path) -> None:
        Path("a.csv").write_bytes(b"a\n" * 9_000 + b"\xff")
        with pytest.raises(InputError, match="row 9001: byte 0xff at offset 18000"):
            text_of(one("a.csv"))

    def test_a_character_cut_in_two_at_the_end_is_a_wrong_byte(self, here: Path) -> None:
        Path("a.csv").write_bytes("a\n商".encode()[:-1])
        with pytest.raises(InputError, match="row 2: bytes 0xe595 at offset 2"):
            text_of(one("a.csv"))

    def test_no_row_is_claimed_where_newlines_cannot_be_counted(self, here: Path) -> None:
        Path("a.csv").write_bytes("a\nb".encode("utf-16-le") + b"\x00\xd8")
        with (
            pytest.raises(InputError, match="offset 6") as caught,
            one("a.csv").open_text("utf-16-le") as text,
        ):
            text.read()
        assert caught.value.row is None

    def test_a_loaders_own_decoding_is_not_blamed_on_the_file(self, here: Path) -> None:
        Path("a.csv").write_text(ROWS)
        with pytest.raises(UnicodeDecodeError), one("a.csv").open_text() as text:
            (text.read(), b"\xff".decode("utf-8"))


class TestWhatIsRefused:
    def test_a_missing_file_offers_the_closest(self, here: Path) -> None:
        Path("entities.csv").write_text(ROWS)
        said = refusal("entites.csv")
        assert said == "entites.csv: there is no such file (did you mean entities.csv?)"
        assert "check the spelling" in refusal("zzz")
        assert "nor a folder" in refusal("nowhere/a.csv")

    def test_the_lock_file_of_excel_names_the_workbook(self, here: Path) -> None:
        Path("~$real.xlsx").write_bytes(b"\x05Rita" + b" " * 160)
        assert refusal("~$real.xlsx") == "~$real.xlsx: this is Excel's lock file of real.xlsx (load real.xlsx)"

    def test_a_missing_file_is_told_before_anything_is_fetched(self) -> None:
        def fetch(url: str) -> Path:
            raise AssertionError

        with pytest.raises(InputError, match="no such file"):
            open_inputs(["https://example.org/a", "absent"], fetch=fetch)

    def test_a_folder(self, here: Path) -> None:
        assert refusal(here) == f"{here}: is a folder (name the files in it)"

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read any file")
    def test_a_file_one_may_not_read(self, here: Path) -> None:
        Path("a.csv").write_text(ROWS)
        Path("a.csv").chmod(0)
        assert "permission denied" in refusal("a.csv")

    def test_an_empty_file_however_it_comes(self, here: Path) -> None:
        Path("a.csv").touch()
        Path("a.gz").write_bytes(gzip.compress(b""))
        zipped(here / "z.zip", {"a.csv": ""})
        assert "a.csv: is empty" in refusal("a.csv")
        assert "<stdin>: is empty" in refusal("-", stdin=io.BytesIO())
        assert "a.gz: is empty" in refusal_in(one("a.gz"))
        assert "z.zip/a.csv: is empty" in refusal_in(one("z.zip"))

    def test_standard_input_twice(self) -> None:
        with pytest.raises(InputError, match="once only"):
            open_inputs(["-", "-"], stdin=io.BytesIO(b"x"))

    def test_an_address_of_another_kind(self) -> None:
        assert "http or https" in refusal("ftp://example.org/a.csv")
        assert "http or https" in refusal("s3://bucket/a.csv")

    @pytest.mark.parametrize("keep", [5, 15, 3_000, 290_000, -1])
    def test_gzip_cut_short(self, here: Path, keep: int) -> None:
        Path("a.gz").write_bytes(gzip.compress(NOISE)[:keep])
        said = refusal_in(one("a.gz"))
        assert said == "a.gz: the archive is cut short (copy or download it again)"

    def test_gzip_cut_short_gives_what_is_there_first(self, here: Path) -> None:
        content = b"".join(b"row %d\n" % n for n in range(400_000))
        Path("a.gz").write_bytes(gzip.compress(content, 1)[:-2000])
        read: list[str] = []
        with pytest.raises(InputError, match="cut short"), one("a.gz").open_text() as text:
            read.extend(text)
        assert len(read) > 200_000

    def test_gzip_with_a_wrong_checksum_or_bytes(self, here: Path) -> None:
        packed = bytearray(gzip.compress(NOISE))
        packed[-6] ^= 1
        Path("sum.gz").write_bytes(packed)
        Path("bytes.gz").write_bytes(gzip.compress(ROWS.encode())[:10] + b"\xff" * 50)
        assert "sum.gz: the archive is damaged" in refusal_in(one("sum.gz"))
        assert "bytes.gz: the archive is damaged" in refusal_in(one("bytes.gz"))

    def test_zip_cut_short(self, here: Path) -> None:
        archive = zipped(here / "z.zip", {"a.csv": NOISE}).read_bytes()
        Path("z.zip").write_bytes(archive[:-40])
        assert "z.zip: is cut short or damaged" in refusal("z.zip")

    def test_zip_in_name_only(self, here: Path) -> None:
        Path("z.zip").write_text("<html>Please log in</html>")
        assert "is not the zip archive its name says" in refusal("z.zip")

    def test_zip_with_a_wrong_checksum(self, here: Path) -> None:
        archive = bytearray(zipped(here / "z.zip", {"a.csv": ROWS}, zipfile.ZIP_STORED).read_bytes())
        archive[archive.index(b"SoftBank")] ^= 1
        Path("z.zip").write_bytes(archive)
        assert "z.zip/a.csv: the archive is damaged" in refusal_in(one("z.zip"))

    def test_zip_whose_member_is_not_where_it_should_be(self, here: Path) -> None:
        archive = bytearray(zipped(here / "z.zip", {"a.csv": ROWS}).read_bytes())
        archive[0:4] = b"PK\x05\x06"
        Path("z.zip").write_bytes(archive)
        assert "z.zip/a.csv: is damaged in the archive" in refusal_in(one("z.zip"))

    def test_zip_that_is_encrypted(self, here: Path) -> None:
        archive = bytearray(zipped(here / "z.zip", {"a.csv": ROWS}).read_bytes())
        archive[archive.index(b"PK\x01\x02") + 8] |= 1
        Path("z.zip").write_bytes(archive)
        assert "z.zip/a.csv: is encrypted" in refusal("z.zip")

    def test_zip_packed_by_an_unknown_method(self, here: Path) -> None:
        archive = bytearray(zipped(here / "z.zip", {"a.csv": ROWS}).read_bytes())
        for start in (8, archive.index(b"PK\x01\x02") + 10):
            archive[start : start + 2] = struct.pack("<H", 9)  # deflate64, as Windows packs large files
        Path("z.zip").write_bytes(archive)
        assert "packed by a method that cannot be read (number 9)" in refusal_in(one("z.zip"))

    def test_zip_without_files(self, here: Path) -> None:
        zipped(here / "z.zip", {"__MACOSX/a": "x"})
        assert "holds no files" in refusal("z.zip")
        assert "holds no files" in refusal(zipped(here / "e.zip", {}))

    def test_an_archive_inside_an_archive(self, here: Path) -> None:
        inner = zipped(here / "inner.zip", {"a.csv": ROWS}).read_bytes()
        zipped(here / "named.zip", {"inner.zip": inner})
        zipped(here / "hidden.zip", {"inner.csv": inner})
        Path("a.gz").write_bytes(gzip.compress(gzip.compress(b"x")))
        with tarfile.open("a.tar.gz", "w:gz") as tar:
            tar.add("inner.zip")
        assert "named.zip/inner.zip: is an archive inside an archive" in refusal("named.zip")
        assert "hidden.zip/inner.csv: is an archive inside an archive" in refusal_in(one("hidden.zip"))
        assert "a.gz: is an archive inside an archive" in refusal_in(one("a.gz"))
        assert "a.tar.gz: is an archive inside an archive" in refusal_in(one("a.tar.gz"))

    def test_archives_of_other_kinds_are_named(self, here: Path) -> None:
        with tarfile.open("a.tar", "w") as tar:
            Path("x").write_text("x")
            tar.add("x")
        Path("a.xz").write_bytes(b"\xfd7zXZ\0...")
        assert "is a tar archive, which cannot be read (unpack it first)" in refusal("a.tar")
        assert "is a xz archive" in refusal("a.xz")

    def test_a_member_cannot_write_to_the_terminal(self, here: Path) -> None:
        zipped(here / "z.zip", {"a\x1b[2J\n.csv": ROWS})
        assert one("z.zip").name == "z.zip/a?[2J?.csv"


class TestBombs:
    ZEROS = bytes(5_000_000)

    def test_gzip_is_stopped_while_it_unpacks(self, here: Path) -> None:
        Path("a.gz").write_bytes(gzip.compress(self.ZEROS))
        assert "a.gz: unpacks to over 1,000,000 bytes" in refusal_in(one("a.gz", unpack_limit=1_000_000))

    def test_zip_is_refused_by_what_it_declares(self, here: Path) -> None:
        zipped(here / "z.zip", {"a.csv": self.ZEROS})
        assert "z.zip/a.csv: unpacks to over 1,000,000 bytes" in refusal("z.zip", unpack_limit=1_000_000)

    def test_zip_that_declares_less_than_it_holds_is_damaged(self, here: Path) -> None:
        archive = bytearray(zipped(here / "z.zip", {"a.csv": self.ZEROS}).read_bytes())
        size = archive.index(b"PK\x01\x02") + 24
        archive[size : size + 4] = struct.pack("<I", 100)
        Path("z.zip").write_bytes(archive)
        assert "damaged" in refusal_in(one("z.zip", unpack_limit=1_000_000))

    def test_the_files_of_a_zip_are_summed(self, here: Path) -> None:
        zipped(here / "z.zip", {str(n): self.ZEROS for n in range(3)})
        assert "z.zip: unpacks to over 12,000,000 bytes" in refusal("z.zip", unpack_limit=12_000_000)

    def test_a_large_file_that_is_packed_as_data_is_read(self, here: Path) -> None:
        Path("a.gz").write_bytes(gzip.compress(NOISE))
        assert bytes_of(one("a.gz", unpack_limit=1000)) == NOISE

    def test_a_small_file_may_be_packed_very_well(self, here: Path) -> None:
        Path("a.gz").write_bytes(gzip.compress(self.ZEROS))
        assert bytes_of(one("a.gz")) == self.ZEROS
