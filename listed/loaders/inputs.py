"""The files given to a loader: plain, gzip, zip, standard input or an address, each read as a stream.

An archive is told by its first bytes, not by its name. It is unpacked as it is read, never onto the
disk nor whole into memory, and what comes out is counted, so that a small file cannot fill the
machine. (See :mod:`listed.loaders.download` for addresses.)
"""

from __future__ import annotations

import difflib
import gzip
import io
import lzma
import os
import re
import secrets
import shutil
import sys
import tempfile
import weakref
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Protocol, TextIO, cast

from listed.errors import InputError
from listed.loaders import download

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

UNPACK_LIMIT = 2 * 1024**3
"""An archive may unpack to this many bytes whatever its own size."""

UNPACK_RATIO = 200
"""Beyond :data:`UNPACK_LIMIT`, an archive may unpack to this many times its own size."""

_CHUNK = 1 << 20
_HEAD = 512
_ARCHIVE = re.compile(
    rb"(?P<gzip>\x1f\x8b)|(?P<zip>PK(?:\x03\x04|\x05\x06))|(?P<bzip2>BZh[1-9]1AY&SY)|(?P<xz>\xfd7zXZ\0)"
    rb"|(?P<sevenzip>7z\xbc\xaf'\x1c)|(?P<rar>Rar!\x1a\x07)|(?P<zstd>\x28\xb5\x2f\xfd)|(?P<tar>.{257}ustar)",
    re.DOTALL,
)
_ARCHIVE_SUFFIXES = {".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst"}
# A spreadsheet is a zip archive too, but one file to its user: the first by suffix, the second by content.
_DOCUMENT_SUFFIXES = {".xlsx", ".xlsm", ".docx", ".ods", ".odt"}
_DOCUMENT_MEMBERS = {"[Content_Types].xml", "mimetype"}
_AGAIN = "copy or download it again"
_UNPACK_FIRST = "unpack it first"


class Input(Protocol):
    """One file of a load, already unpacked if it was packed."""

    @property
    def name(self) -> str:
        """Short name for messages: the file's name, ``<stdin>``, or ``archive.zip/member.csv``."""
        ...

    @property
    def path(self) -> Path | None:
        """The plain, unpacked file on disk, when there is one (Arrow reads it at full speed)."""
        ...

    @property
    def size(self) -> int:
        """Bytes on the disk: of what is packed, packed."""
        ...

    def open_binary(self) -> AbstractContextManager[BinaryIO]:
        """Open the unpacked bytes. Raises InputError when the archive is cut short or damaged.

        A file that was packed cannot seek; open it again to read it again.
        """
        ...

    def open_text(self, encoding: str = "utf-8-sig") -> AbstractContextManager[TextIO]:
        """Open as text, newlines untouched (``newline=""``). A wrong byte raises InputError."""
        ...


def open_inputs(
    arguments: Sequence[str],
    *,
    stdin: BinaryIO | None = None,
    fetch: Callable[[str], Path] | None = None,
    unpack_limit: int = UNPACK_LIMIT,
) -> list[Input]:
    """Return what a user named on the command line as files to read.

    Parameters
    ----------
    arguments
        Each a path, ``-`` for standard input, or an address. A zip archive gives one input per file
        in it, by name; folders, dotfiles and ``__MACOSX`` are passed over.
    stdin
        Read for ``-`` instead of the process's own.
    fetch
        Called with an address, returns the file; :func:`listed.loaders.download.fetch` if not given.
    unpack_limit
        Bytes an archive may unpack to even if that is over :data:`UNPACK_RATIO` times its size.

    Raises
    ------
    InputError
        A file is missing, a folder, empty, not permitted, or an archive that cannot be read.
    DownloadError
        An address could not be fetched.
    """
    if list(arguments).count("-") > 1:
        raise InputError("standard input can be read once only", file="-")
    # All paths first: a mistyped one is told before a long download starts.
    for argument in arguments:
        if argument != "-" and not _is_address(argument):
            _check(Path(argument))
    inputs: list[Input] = []
    for argument in arguments:
        if argument == "-":
            spooled = _Spooled(sys.stdin.buffer if stdin is None else stdin, "<stdin>")
            inputs += _inputs_in(spooled.path, "<stdin>", unpack_limit, spooled)
        elif _is_address(argument):
            path = (download.fetch if fetch is None else fetch)(argument)
            inputs += _inputs_in(path, download.file_name(argument), unpack_limit)
        elif Path(argument).is_fifo():  # <(command) in a shell: like standard input, it can be read once
            with Path(argument).open("rb") as pipe:
                spooled = _Spooled(pipe, argument)
            inputs += _inputs_in(spooled.path, shown(Path(argument).name), unpack_limit, spooled)
        else:
            inputs += _inputs_in(Path(argument), shown(Path(argument).name), unpack_limit)
    return inputs


@dataclass(frozen=True, slots=True)
class _File:
    """An :class:`Input`. ``kept`` is held so that a temporary file lives as long as what reads it."""

    name: str
    path: Path | None
    size: int
    opener: Callable[[], AbstractContextManager[BinaryIO]]
    kept: _Spooled | None = None

    def open_binary(self) -> AbstractContextManager[BinaryIO]:
        return self.opener()

    @contextmanager
    def open_text(self, encoding: str = "utf-8-sig") -> Iterator[TextIO]:
        with self.open_binary() as stream:
            try:
                text = io.TextIOWrapper(stream, encoding=encoding, newline="")
            except LookupError:
                raise InputError(f"no encoding is called {encoding!r}", file=self.name) from None
            with text:
                try:
                    yield text
                except UnicodeDecodeError as error:
                    # What the decoder was last given ends where the stream stands.
                    offset = stream.tell() - len(error.object) + error.start
                    self._explain(error, offset)
                    raise

    def _explain(self, error: UnicodeDecodeError, offset: int) -> None:
        """Raise InputError if ``error`` is about the bytes at ``offset`` of this file; else return."""
        wrong = error.object[error.start : error.end]
        lines, left = 1, offset
        with self.open_binary() as stream:
            while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
                lines, left = lines + chunk.count(b"\n"), left - len(chunk)
            if left or stream.read(len(wrong)) != wrong:
                return  # of some other bytes the loader decoded, so no fault of the file's encoding
        row = lines if "\n".encode(error.encoding) == b"\n" else None
        problem = f"byte{'s' * (len(wrong) > 1)} 0x{wrong.hex()} at offset {offset} is not {error.encoding.upper()}"
        raise InputError(problem, file=self.name, row=row, advice="save it as UTF-8") from error


class _Spooled:
    """A temporary copy of a stream; its file is deleted when nothing refers to it any more."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        try:
            # Its end is seen to before it is there: whoever is told to end in between would leave it.
            self.path = Path(tempfile.gettempdir(), f"listed-{secrets.token_hex(8)}")
            weakref.finalize(self, _delete, self.path, os.getpid())
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with open(handle, "wb") as file:  # noqa: PTH123 - a handle, not a path
                shutil.copyfileobj(stream, file, _CHUNK)
        except OSError as error:
            problem = f"could not be copied to {tempfile.gettempdir()}: {error.strerror or error}"
            raise InputError(problem, file=name, advice="TMPDIR names another folder") from None


def _delete(path: Path, owner: int) -> None:
    # A forked worker has a copy of the object that owns the file, and must not delete it.
    if os.getpid() == owner:
        with suppress(OSError):
            path.unlink()


def shown(name: str) -> str:
    """Return the name of a file as text: one that is not UTF-8 on the disk has signs in it that no text can hold."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_address(argument: str) -> bool:
    if "://" in argument and not argument.lower().startswith(("http://", "https://")):
        raise InputError("is an address of a kind that cannot be read", file=argument, advice="http or https")
    return "://" in argument


def _check(path: Path) -> None:
    if not path.is_fifo():
        _refuse_lock(_first_bytes(path, str(path)), path)


def _refuse_lock(head: bytes, path: Path) -> None:
    """Refuse the small file that Excel lays beside a workbook while it is open, and offer the workbook."""
    if path.name.startswith("~$") and not _archive_kind(head):
        real = path.name.removeprefix("~$")
        raise InputError(f"this is Excel's lock file of {real}", file=path.name, advice=f"load {real}")


def _first_bytes(path: Path, name: str) -> bytes:
    with _open_plain(path, name) as file:
        head = file.read(_HEAD)
    if not head:
        raise InputError("is empty", file=name, advice=_AGAIN)
    return head


def _inputs_in(path: Path, name: str, limit: int, kept: _Spooled | None = None) -> list[Input]:
    """Return the inputs in one file on disk: itself, or what it holds packed."""
    kind, size = _archive_kind(_first_bytes(path, name)), path.stat().st_size
    if kind == "gzip":
        return [_File(name, None, size, partial(_open_gzip, path, name, limit), kept)]
    if kind == "zip" and (members := _zip_members(path, name, limit)) is not None:
        return [_File(inner, None, info.compress_size, partial(_open_member, path, inner, info, limit), kept)
                for inner, info in members]  # fmt: skip
    if kind not in ("", "zip"):
        raise InputError(f"is a {kind} archive, which cannot be read", file=name, advice=_UNPACK_FIRST)
    if name.lower().endswith(".zip"):
        raise InputError("is not the zip archive its name says", file=name, advice=_AGAIN)
    return [_File(name, path, size, partial(_open_plain, path, name), kept)]


def taken(stream: BinaryIO) -> int:
    """Return how many bytes of a file on the disk a stream of its input has taken: of what is packed, packed."""
    raw = getattr(stream, "raw", None)
    return raw.taken() if isinstance(raw, _Unpacking) else stream.tell()


def _archive_kind(head: bytes) -> str:
    """Return the kind of archive that begins with ``head``, or nothing."""
    found = _ARCHIVE.match(head)
    return (found.lastgroup or "") if found else ""


def _zip_members(path: Path, name: str, limit: int) -> list[tuple[str, zipfile.ZipInfo]] | None:
    """Return the files in an archive, by name, or ``None`` if it is a document, not an archive."""
    infos = _zip(path, name).infolist()
    if _DOCUMENT_MEMBERS & {info.filename for info in infos}:
        return None
    files = sorted((info for info in infos if not _is_junk(info)), key=lambda info: info.filename)
    if not files:
        raise InputError("holds no files", file=name)
    members = []
    for info in files:
        inner = f"{name}/{''.join(c if c.isprintable() else '?' for c in info.filename)}"
        if info.flag_bits & 1:
            raise InputError("is encrypted", file=inner, advice=f"{_UNPACK_FIRST}, with its password")
        if PurePosixPath(info.filename).suffix.lower() in _ARCHIVE_SUFFIXES:
            raise InputError("is an archive inside an archive", file=inner, advice=_UNPACK_FIRST)
        _check_size(inner, info.file_size, info.compress_size, limit)
        members.append((inner, info))
    # Members of a crafted archive may share the same packed bytes, so their sum is checked as well.
    _check_size(name, sum(info.file_size for info in files), path.stat().st_size, limit)
    return members


def _is_junk(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return info.is_dir() or any(part == "__MACOSX" or part.startswith(".") for part in parts)


def _zip(path: Path, name: str) -> zipfile.ZipFile:
    """Return the archive opened. Raises InputError if it is damaged."""
    try:
        return _opened_zip(path.absolute(), path.stat().st_mtime_ns, os.getpid())
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError):
        raise InputError("is cut short or damaged: no list of its files", file=name, advice=_AGAIN) from None
    except OSError as error:
        raise _unreadable(error, path, name) from None


# The list of an archive's files is read once for all its members; processes do not share a file's position.
@lru_cache(maxsize=4)
def _opened_zip(path: Path, _modified: int, _process: int) -> zipfile.ZipFile:
    return zipfile.ZipFile(path)


def _open_plain(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise _unreadable(error, path, name) from None


@contextmanager
def _open_gzip(path: Path, name: str, limit: int) -> Iterator[BinaryIO]:
    with _open_plain(path, name) as file, gzip.GzipFile(fileobj=file) as packed:
        size = os.fstat(file.fileno()).st_size
        with _unpacked(packed, name, name.lower().removesuffix(".gz"), size, limit, lambda _: file.tell()) as stream:
            yield stream


@contextmanager
def _open_member(path: Path, name: str, info: zipfile.ZipInfo, limit: int) -> Iterator[BinaryIO]:
    try:
        packed = cast("zipfile.ZipExtFile", _zip(path, name).open(info))
    except RuntimeError:  # NotImplementedError is one
        problem = f"is packed by a method that cannot be read (number {info.compress_type})"
        raise InputError(problem, file=name, advice=_UNPACK_FIRST) from None
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise InputError(f"is damaged in the archive: {error}", file=name, advice=_AGAIN) from None
    size = info.compress_size
    taken_for = lambda done: size * min(done, info.file_size) // max(info.file_size, 1)  # noqa: E731
    with packed, _unpacked(packed, name, name, size, limit, taken_for) as stream:
        yield stream


@contextmanager
def _unpacked(
    packed: io.BufferedIOBase, name: str, plain_name: str, size: int, limit: int, taken_for: Callable[[int], int]
) -> Iterator[BinaryIO]:
    with io.BufferedReader(_Unpacking(packed, name, size, limit, taken_for), _CHUNK) as stream:
        head = stream.peek(_HEAD)
        if not head:
            raise InputError("is empty", file=name, advice=_AGAIN)
        if _archive_kind(head) and PurePosixPath(plain_name).suffix.lower() not in _DOCUMENT_SUFFIXES:
            raise InputError("is an archive inside an archive", file=name, advice=_UNPACK_FIRST)
        yield cast("BinaryIO", stream)


class _Unpacking(io.RawIOBase):
    """The bytes of an archive, counted, with its failures under Listed's name.

    Parameters
    ----------
    size
        Bytes of what is packed.
    taken_for
        How many of them were taken for so many unpacked.
    """

    def __init__(
        self, packed: io.BufferedIOBase, name: str, size: int, limit: int, taken_for: Callable[[int], int]
    ) -> None:
        self._packed, self._name, self._size, self._limit = packed, name, size, limit
        self._taken_for = taken_for
        self._done = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._done

    def taken(self) -> int:
        """Return how many bytes of what is packed were taken."""
        return self._taken_for(self._done)

    def readinto(self, buffer: WriteableBuffer) -> int:
        try:
            count = self._packed.readinto(buffer)
        except EOFError:
            raise InputError("the archive is cut short", file=self._name, advice=_AGAIN) from None
        except (zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError) as error:
            raise InputError(f"the archive is damaged: {error}", file=self._name, advice=_AGAIN) from None
        self._done += count
        _check_size(self._name, self._done, self._size, self._limit)
        return count


def _check_size(name: str, unpacked: int, packed: int, limit: int) -> None:
    if unpacked > limit and unpacked > UNPACK_RATIO * packed:
        problem = f"unpacks to over {limit:,} bytes and over {UNPACK_RATIO} times its size"
        raise InputError(problem, file=name, advice="if it is meant to be that large, unpack it first")


def _unreadable(error: OSError, path: Path, name: str) -> InputError:
    """Return the failure to open ``path`` as a user would say it."""
    if isinstance(error, FileNotFoundError):
        return InputError("there is no such file", file=name, advice=_advice_on_missing(path))
    if isinstance(error, IsADirectoryError) or path.is_dir():
        return InputError("is a folder", file=name, advice="name the files in it")
    if isinstance(error, PermissionError):
        return InputError("permission denied", file=name, advice="you may not read this file")
    return InputError(f"cannot be opened: {error.strerror or error}", file=name)


def _advice_on_missing(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():
        return f"nor a folder {folder}"
    with os.scandir(folder) as entries:
        beside = [entry.name for entry in islice(entries, 2000)]
    close = difflib.get_close_matches(path.name, beside, n=1)
    return f"did you mean {folder / close[0]}?" if close else "check the spelling and the folder"
