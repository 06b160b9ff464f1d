"""Files fetched from an address, kept in a cache, resumed when cut off, and asked for again only if changed.

Beside a finished file lies a small record of what the server said of it (ETag, Last-Modified, size).
Bytes still to be completed lie in a ``.part`` with a record of its own, and are continued only if the
server still has that very version. A finished file appears by one rename, under a lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from listed.errors import DownloadError

# urllib3, filelock and platformdirs are imported where they are used, so that the command starts at once.
if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager, Retry

Progress = Callable[[int, int | None], None]
"""Called with the bytes there are and the bytes there will be (``None``: the server does not say)."""

_CHUNK = 1 << 18
_CONNECT_SECONDS = 10.0
_REDIRECTS = 5
_TRY_LATER = (429, 500, 502, 503, 504)
_ADVICE = {
    401: "; download it in a browser and give the file",
    403: "; download it in a browser and give the file",
    404: "; it may have moved",
    410: "; it was taken away",
}


def fetch(
    url: str,
    *,
    cache: Path | None = None,
    progress: Progress | None = None,
    retries: int = 3,
    timeout: float = 60.0,
) -> Path:
    """Return the file at an address, downloaded unless the cache has the server's present version.

    Parameters
    ----------
    url
        ``http://`` or ``https://``.
    cache
        The folder to keep it in; :func:`downloads_folder` if not given.
    progress
        Called as bytes arrive.
    retries
        How often to try again when there is no connection, or the server says it is busy.
    timeout
        Seconds to wait for the server's next byte.

    Raises
    ------
    DownloadError
        The address is none, the server cannot be reached or refuses, the connection was cut off
        (what came is kept, and the next call goes on from there), or the cache cannot be written.
        If an older copy is in the cache, the message says where.
    """
    _check(url)
    from filelock import FileLock
    from urllib3.exceptions import HTTPError

    folder = downloads_folder() if cache is None else cache
    address = urlsplit(url)._replace(fragment="").geturl()
    copy = _Copy(folder / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}-{file_name(url)}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A second process waits here, then finds the file finished and unchanged.
        with FileLock(copy.beside(".lock")), _pool(address, retries, timeout) as pool:
            _update(copy, address, pool, progress)
    except HTTPError as error:
        raise _failure(url, copy, f"cannot be reached: {_reason(error)}") from error
    except _RefusedError as error:
        raise _failure(url, copy, str(error)) from error
    except OSError as error:
        raise _failure(url, copy, f"cannot be kept in {folder}: {error.strerror or error}") from error
    return copy.file


def downloads_folder() -> Path:
    """Return the folder downloads are kept in: ``downloads`` in $LISTED_CACHE or the user's cache."""
    from platformdirs import user_cache_dir

    return Path(os.environ.get("LISTED_CACHE") or user_cache_dir("listed")) / "downloads"


def file_name(url: str) -> str:
    """Return what the file at an address is called: ``csl.json`` of ``https://a.org/csl.json?key=1``."""
    last = unquote(urlsplit(url).path).rsplit("/", 1)[-1]
    return re.sub(r"[^\w.-]+", "_", last, flags=re.ASCII).lstrip(".")[-80:] or "download"


class _RefusedError(Exception):
    """What the server sent is not the file; the text says why."""


@dataclass(frozen=True, slots=True)
class _Version:
    """What the server said of one version of a file."""

    etag: str = ""
    modified: str = ""
    size: int | None = None

    @property
    def proof(self) -> str:
        """What ``If-Range`` can hold: a strong ETag, or a date; empty if the version cannot be told."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


@dataclass(frozen=True, slots=True)
class _Copy:
    """The files in which an address is kept."""

    file: Path

    def beside(self, suffix: str) -> Path:
        return self.file.with_name(self.file.name + suffix)

    @property
    def part(self) -> Path:
        return self.beside(".part")

    def finished(self) -> _Version | None:
        """Return the version of the finished file, if it is whole."""
        version = _read(self.beside(".json"))
        whole = version and self.file.is_file() and self.file.stat().st_size == version.size
        return version if whole else None

    def begun(self) -> _Version | None:
        """Return the version of the part, if it can be continued."""
        version = _read(self.beside(".part.json"))
        return version if version and version.proof and self.begun_size() else None

    def begun_size(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def begin(self, version: _Version) -> None:
        # In this order: bytes of an old version must never lie beside the record of a new one.
        self.part.unlink(missing_ok=True)
        _write(self.beside(".part.json"), version)

    def publish(self, version: _Version) -> None:
        # Without a record a file counts as unknown, so it is safe to be killed between any two lines.
        self.beside(".json").unlink(missing_ok=True)
        self.part.replace(self.file)
        _write(self.beside(".json"), version)
        self.beside(".part.json").unlink(missing_ok=True)

    def drop_part(self) -> None:
        self.part.unlink(missing_ok=True)
        self.beside(".part.json").unlink(missing_ok=True)


def _read(record: Path) -> _Version | None:
    try:
        said = json.loads(record.read_text("utf-8"))
        return _Version(str(said["etag"]), str(said["modified"]), said["size"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # missing or damaged: as if never fetched


def _write(record: Path, version: _Version) -> None:
    record.write_text(json.dumps(asdict(version)), "utf-8")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        sound = False
    if not sound:
        raise DownloadError(f"{url}: is not an address that can be fetched (http:// or https://)")


def _update(copy: _Copy, url: str, pool: PoolManager, progress: Progress | None) -> None:
    """Bring the copy to the server's present version."""
    for _ in range(2):
        with closing(_get(pool, url, _conditions(copy))) as response:
            if not _contradicts(response, copy):
                if response.status == 304 and copy.finished():
                    copy.drop_part()
                else:
                    _take(response, copy, progress)
                return
        copy.drop_part()  # the second time round there is nothing to contradict


def _conditions(copy: _Copy) -> dict[str, str]:
    """Return the headers that ask for nothing we have."""
    # identity: the bytes counted, resumed and kept are the file's own
    headers = {"User-Agent": f"listed/{_version()}", "Accept-Encoding": "identity"}
    if finished := copy.finished():
        headers |= {"If-None-Match": finished.etag} if finished.etag else {}
        headers |= {"If-Modified-Since": finished.modified} if finished.modified else {}
    if begun := copy.begun():
        headers |= {"Range": f"bytes={copy.begun_size()}-", "If-Range": begun.proof}
    return headers


def _contradicts(response: BaseHTTPResponse, copy: _Copy) -> bool:
    """Tell whether a request to go on from the part got an answer that does not fit the part."""
    begun = copy.begun()
    if begun is None:
        return False
    if response.status != 206:
        return response.status == 416
    start, total = _content_range(response)
    etag = response.headers.get("ETag", "")
    return (
        start != copy.begun_size()
        or (begun.size is not None and total is not None and begun.size != total)
        or (etag != begun.etag and bool(etag and begun.etag))
    )


def _take(response: BaseHTTPResponse, copy: _Copy, progress: Progress | None) -> None:
    """Write what the server sends, and publish it if it is whole."""
    from urllib3.exceptions import HTTPError

    version, done = _expected(response, copy)
    try:
        with copy.part.open("ab") as file:
            while chunk := response.read1(_CHUNK, decode_content=False):
                file.write(chunk)
                done += len(chunk)
                if progress:
                    progress(done, version.size)
    except HTTPError as error:
        raise _RefusedError(_cut_off(copy, version, f"; {_reason(error)}")) from error
    if done == 0:
        raise _RefusedError("the server sent an empty file")
    if version.size is not None and done != version.size:
        raise _RefusedError(_cut_off(copy, version, ""))
    copy.publish(_Version(version.etag, version.modified, done))


def _expected(response: BaseHTTPResponse, copy: _Copy) -> tuple[_Version, int]:
    """Return the version that is coming and how much of it is there; begin anew unless it is resumed."""
    begun = copy.begun()
    if response.status == 206 and begun:
        return _Version(begun.etag, begun.modified, _content_range(response)[1] or begun.size), copy.begun_size()
    if response.status != 200:
        advice = _ADVICE.get(response.status, "; try again later" if response.status in _TRY_LATER else "")
        raise _RefusedError(f"the server answered {response.status} {response.reason or ''}".rstrip() + advice)
    length = response.headers.get("Content-Length", "")
    version = _Version(
        response.headers.get("ETag", ""),
        response.headers.get("Last-Modified", ""),
        int(length) if length.isdecimal() and len(length) < 20 else None,
    )
    copy.begin(version)
    return version, 0


def _content_range(response: BaseHTTPResponse) -> tuple[int | None, int | None]:
    """Return where a partial answer begins and how large the whole is."""
    found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", "").strip())
    if not found:
        return None, None
    return int(found[1]), None if found[2] == "*" else int(found[2])


def _get(pool: PoolManager, url: str, headers: dict[str, str]) -> BaseHTTPResponse:
    return pool.request("GET", url, headers=headers, preload_content=False)


def _pool(url: str, retries: int, timeout: float) -> PoolManager:
    """Return the connections to use: the proxy the machine names for this host, or none."""
    from urllib.request import getproxies, proxy_bypass

    from urllib3 import PoolManager, ProxyManager, Timeout

    retry = _retry(retries)
    waits = Timeout(connect=min(_CONNECT_SECONDS, timeout), read=timeout)
    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme.lower())
    if not proxy or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return PoolManager(retries=retry, timeout=waits)
    return ProxyManager(proxy if "://" in proxy else f"http://{proxy}", retries=retry, timeout=waits)


def _retry(retries: int) -> Retry:
    from urllib3 import Retry

    return Retry(
        total=None,
        connect=retries,
        read=retries,
        status=retries,
        other=0,
        redirect=_REDIRECTS,
        status_forcelist=_TRY_LATER,
        raise_on_status=False,  # the last answer is told as it is
        respect_retry_after_header=False,  # it may ask for an hour; a user would rather be told
        backoff_factor=0.5,
    )


def _version() -> str:
    try:
        return metadata.version("listed")
    except metadata.PackageNotFoundError:
        return "0"


def _failure(url: str, copy: _Copy, problem: str) -> DownloadError:
    """Return the failure, with the copy a user could load instead."""
    parts = urlsplit(url)
    shown = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()  # no password in a message
    instead = ""
    if copy.finished():
        day = date.fromtimestamp(copy.file.stat().st_mtime)
        instead = f" (the copy of {day} can be loaded instead: {copy.file})"
    return DownloadError(f"{shown}: {problem}{instead}")


def _cut_off(copy: _Copy, version: _Version, reason: str) -> str:
    there = f"{copy.begun_size():,}" + (f" of {version.size:,}" if version.size is not None else "")
    return f"cut off after {there} bytes{reason}; run again to " + ("resume" if version.proof else "start over")


def _reason(error: Exception) -> str:
    """Return what urllib3 met, in words a reader of news would use."""
    from urllib3 import exceptions as met

    cause = getattr(error, "reason", None) if isinstance(error, met.MaxRetryError) else error
    words: list[tuple[type[Exception], str]] = [
        (met.NameResolutionError, "no such host is known, or there is no network"),
        (met.NewConnectionError, "no connection could be made"),
        (met.TimeoutError, "it did not answer in time"),
        (met.ProxyError, "the proxy does not let it through"),
        (met.IncompleteRead, "the connection was closed"),
        (met.ProtocolError, "the connection was closed"),
    ]
    for kind, said in words:
        if isinstance(cause, kind):
            return said
    return " ".join(str(cause).split())
