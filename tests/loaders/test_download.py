"""Addresses are fetched once, resumed when cut off, asked for again only if changed: by a real server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import pytest

from listed.errors import DownloadError
from listed.loaders.download import downloads_folder, fetch, file_name
from listed.loaders.inputs import open_inputs

OLD = Random(1).randbytes(2_000_000)
NEW = Random(2).randbytes(2_000_000)
MONDAY, TUESDAY = "Mon, 03 Nov 2025 10:00:00 GMT", "Tue, 04 Nov 2025 10:00:00 GMT"


@dataclass
class Site:
    """A web server with one file, and the ways in which it behaves."""

    body: bytes = OLD
    etag: str = '"old"'
    modified: str = ""
    ranges: bool = True
    heeds_if_range: bool = True
    range_shift: int = 0
    chunked: bool = False
    cut_after: int | None = None
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def is_known(self, headers: dict[str, str]) -> bool:
        if "If-None-Match" in headers:
            return headers["If-None-Match"] == self.etag
        return bool(self.modified) and headers.get("If-Modified-Since") == self.modified

    def start(self, headers: dict[str, str]) -> int | None:
        current = headers.get("If-Range") in (self.etag, self.modified) or not self.heeds_if_range
        if "Range" not in headers or not self.ranges or not current:
            return None
        return int(headers["Range"].removeprefix("bytes=").removesuffix("-")) + self.range_shift


def handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None: ...

        def head(self, status: int, **headers: str | int) -> None:
            self.send_response(status)
            for name, value in {"ETag": site.etag, "Last-Modified": site.modified, **headers}.items():
                if value != "":
                    self.send_header(name.replace("_", "-"), str(value))
            self.end_headers()

        def do_GET(self) -> None:
            headers = dict(self.headers)
            site.asked.append(headers)
            if site.statuses and (status := site.statuses.pop(0)) != 200:
                self.head(status, Content_Length=0, Location=site.location)
                return
            if site.is_known(headers):
                self.head(304)
                return
            start = site.start(headers)
            whole = len(site.body)
            if start is not None and start >= whole:
                self.head(416, Content_Length=0, Content_Range=f"bytes */{whole}")
                return
            part = site.body[start or 0 :]
            length: dict[str, str | int] = {"Content_Length": len(part)}
            if site.chunked:
                length = {"Transfer_Encoding": "chunked"}
            if start is None:
                self.head(200, **length)
            else:
                self.head(206, Content_Range=f"bytes {start}-{whole - 1}/{whole}", **length)
            self.send(part)

        def send(self, part: bytes) -> None:
            cut, site.cut_after = site.cut_after, None
            sent = part[:cut]
            if site.chunked:
                sent = b"%x\r\n%b\r\n" % (len(sent), sent) + (b"0\r\n\r\n" if cut is None else b"")
            self.wfile.write(sent)
            self.close_connection = cut is not None

    return Handler


Serve = Callable[[Site], Site]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(site: Site) -> Site:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler(site))
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        running.append((server, thread))
        site.url = f"http://127.0.0.1:{server.server_port}/lists/csl.json"
        return site

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(serve: Serve) -> Site:
    return serve(Site())


def failure(url: str, cache: Path, retries: int = 0, timeout: float = 5.0) -> str:
    with pytest.raises(DownloadError) as caught:
        fetch(url, cache=cache, retries=retries, timeout=timeout)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def parts(cache: Path) -> list[int]:
    """The sizes of the files not finished."""
    return [path.stat().st_size for path in cache.glob("*.part")]


class TestCache:
    def test_a_file_is_fetched_under_its_own_name(self, site: Site, tmp_path: Path) -> None:
        path = fetch(site.url, cache=tmp_path / "new" / "folder")
        assert path.read_bytes() == OLD
        assert path.parent == tmp_path / "new" / "folder"
        assert path.name.endswith("-csl.json")
        assert parts(path.parent) == []

    def test_the_server_is_told_who_asks_and_to_send_the_file_as_it_is(self, site: Site, tmp_path: Path) -> None:
        fetch(site.url, cache=tmp_path)
        assert site.asked[0]["User-Agent"].startswith("listed/")
        assert site.asked[0]["Accept-Encoding"] == "identity"

    @pytest.mark.parametrize(("etag", "modified"), [('"v"', ""), ('W/"v"', ""), ("", MONDAY), ('"v"', MONDAY)])
    def test_an_unchanged_file_is_not_sent_again(self, serve: Serve, tmp_path: Path, etag: str, modified: str) -> None:
        site = serve(Site(etag=etag, modified=modified))
        first = fetch(site.url, cache=tmp_path)
        before = first.stat().st_mtime_ns
        assert fetch(site.url, cache=tmp_path) == first
        assert first.stat().st_mtime_ns == before
        assert site.asked[1].get("If-None-Match", "") == etag
        assert site.asked[1].get("If-Modified-Since", "") == modified

    def test_a_changed_file_replaces_the_old(self, site: Site, tmp_path: Path) -> None:
        first = fetch(site.url, cache=tmp_path)
        site.body, site.etag = NEW, '"new"'
        assert fetch(site.url, cache=tmp_path) == first
        assert first.read_bytes() == NEW

    def test_a_file_of_no_known_version_is_fetched_each_time(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(etag=""))
        fetch(site.url, cache=tmp_path)
        site.body = NEW
        assert fetch(site.url, cache=tmp_path).read_bytes() == NEW

    def test_a_cached_file_that_was_cut_or_lost_its_record_is_fetched_anew(self, site: Site, tmp_path: Path) -> None:
        path = fetch(site.url, cache=tmp_path)
        path.write_bytes(OLD[:100])
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD
        (record,) = tmp_path.glob("*.json.json")
        record.write_text('{"etag": ')
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD
        assert all("If-None-Match" not in headers for headers in site.asked)

    def test_addresses_that_end_alike_are_kept_apart(self, site: Site, tmp_path: Path) -> None:
        assert fetch(site.url, cache=tmp_path) != fetch(site.url + "?page=2", cache=tmp_path)
        assert fetch(site.url, cache=tmp_path) == fetch(site.url + "#top", cache=tmp_path)

    def test_progress_counts_up_to_the_whole(self, site: Site, tmp_path: Path) -> None:
        seen: list[tuple[int, int | None]] = []
        fetch(site.url, cache=tmp_path, progress=lambda done, total: seen.append((done, total)))
        assert seen == sorted(seen)
        assert seen[-1] == (len(OLD), len(OLD))

    def test_the_total_may_be_unknown(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(chunked=True))
        seen: list[tuple[int, int | None]] = []
        path = fetch(site.url, cache=tmp_path, progress=lambda done, total: seen.append((done, total)))
        assert path.read_bytes() == OLD
        assert seen[-1] == (len(OLD), None)

    def test_the_folder_can_be_named_by_the_environment(
        self, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("LISTED_CACHE", str(tmp_path))
        assert downloads_folder() == tmp_path / "downloads"
        (given,) = open_inputs([site.url])
        assert given.name == "csl.json"
        assert given.path == fetch(site.url)
        monkeypatch.delenv("LISTED_CACHE")
        assert downloads_folder().parts[-2:] == ("listed", "downloads")

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://a.org/x/csl.json?key=1#top", "csl.json"),
            ("https://a.org", "download"),
            ("https://a.org/%E5%95%86%2F..%2Fa b.csv", "a_b.csv"),
            ("https://a.org/.hidden", "hidden"),
            (f"https://a.org/{'x' * 300}.csv", "x" * 76 + ".csv"),
        ],
    )
    def test_a_file_name_is_safe_on_any_disk(self, url: str, name: str) -> None:
        assert file_name(url) == name

    def test_the_proxy_of_the_machine_is_used(
        self, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", site.url.removeprefix("http://").partition("/")[0])
        assert fetch("http://listed.invalid/csl.json", cache=tmp_path).read_bytes() == OLD
        assert site.asked[0]["Host"] == "listed.invalid"


class TestResuming:
    @pytest.mark.parametrize("cut", [1, 1000, 1_999_999])
    def test_what_came_is_kept_and_gone_on_from(self, site: Site, tmp_path: Path, cut: int) -> None:
        site.cut_after = cut
        said = failure(site.url, tmp_path)
        assert f"cut off after {cut:,} of 2,000,000 bytes" in said
        assert "run again to resume" in said
        assert parts(tmp_path) == [cut]
        seen: list[int] = []
        path = fetch(site.url, cache=tmp_path, progress=lambda done, _: seen.append(done))
        assert path.read_bytes() == OLD
        assert site.asked[1]["Range"] == f"bytes={cut}-"
        assert site.asked[1]["If-Range"] == '"old"'
        assert seen[0] > cut
        assert parts(tmp_path) == []

    def test_it_may_be_cut_off_twice(self, site: Site, tmp_path: Path) -> None:
        for there in (500_000, 1_000_000):
            site.cut_after = 500_000
            assert f"after {there:,} of 2,000,000" in failure(site.url, tmp_path)
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD
        assert site.asked[2]["Range"] == "bytes=1000000-"

    def test_a_date_is_proof_enough_of_the_version(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(etag="", modified=MONDAY, cut_after=1000))
        assert "resume" in failure(site.url, tmp_path)
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD
        assert site.asked[1]["If-Range"] == MONDAY

    @pytest.mark.parametrize("etag", ["", 'W/"weak"'])
    def test_without_proof_of_the_version_it_starts_over(self, serve: Serve, tmp_path: Path, etag: str) -> None:
        site = serve(Site(etag=etag, cut_after=1000))
        assert "run again to start over" in failure(site.url, tmp_path)
        site.body = NEW
        assert fetch(site.url, cache=tmp_path).read_bytes() == NEW
        assert "Range" not in site.asked[1]

    def test_a_server_without_ranges_starts_over(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(ranges=False, cut_after=1000))
        failure(site.url, tmp_path)
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD

    def test_a_file_changed_meanwhile_starts_over(self, site: Site, tmp_path: Path) -> None:
        site.cut_after = 1000
        failure(site.url, tmp_path)
        site.body, site.etag = NEW, '"new"'
        assert fetch(site.url, cache=tmp_path).read_bytes() == NEW

    def test_a_server_that_ignores_if_range_cannot_mix_two_versions(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(heeds_if_range=False, cut_after=1000))
        failure(site.url, tmp_path)
        site.body, site.etag = NEW, '"new"'
        assert fetch(site.url, cache=tmp_path).read_bytes() == NEW

    def test_a_server_that_goes_on_from_elsewhere_starts_over(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(range_shift=-7, cut_after=1000))
        failure(site.url, tmp_path)
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD

    def test_a_file_that_became_shorter_than_the_part_starts_over(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(cut_after=1000))
        failure(site.url, tmp_path)
        site.body = OLD[:500]
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD[:500]

    def test_a_cut_in_a_chunked_answer_is_noticed(self, serve: Serve, tmp_path: Path) -> None:
        site = serve(Site(chunked=True, cut_after=1000))
        assert "cut off after 1,000 bytes" in failure(site.url, tmp_path)
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD

    def test_a_cut_update_leaves_the_finished_copy_alone(self, site: Site, tmp_path: Path) -> None:
        path = fetch(site.url, cache=tmp_path)
        site.body, site.etag, site.cut_after = NEW, '"new"', 1000
        assert f"can be loaded instead: {path})" in failure(site.url, tmp_path)
        assert path.read_bytes() == OLD
        assert fetch(site.url, cache=tmp_path).read_bytes() == NEW
        assert site.asked[2]["Range"] == "bytes=1000-"

    def test_a_part_of_a_version_taken_back_is_dropped(self, site: Site, tmp_path: Path) -> None:
        fetch(site.url, cache=tmp_path)
        site.body, site.etag, site.cut_after = NEW, '"new"', 1000
        failure(site.url, tmp_path)
        site.body, site.etag = OLD, '"old"'
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD
        assert parts(tmp_path) == []


class TestFailures:
    @pytest.mark.parametrize("url", ["ftp://a.org/x", "file:///etc/passwd", "a.csv", "http://", "http://[::1", ""])
    def test_only_http_addresses_are_fetched(self, url: str, tmp_path: Path) -> None:
        assert "is not an address that can be fetched" in failure(url, tmp_path)

    @pytest.mark.parametrize(
        ("status", "said"),
        [(404, "404 Not Found; it may have moved"), (403, "403 Forbidden; download it in a browser"),
         (500, "500 Internal Server Error; try again later"), (418, "418 I'm a Teapot")],
    )  # fmt: skip
    def test_what_the_server_answered_is_told(self, site: Site, tmp_path: Path, status: int, said: str) -> None:
        site.statuses = [status] * 4
        assert f"{site.url}: the server answered {said}" in failure(site.url, tmp_path)

    def test_a_busy_server_is_asked_again(self, site: Site, tmp_path: Path) -> None:
        site.statuses = [503]
        assert fetch(site.url, cache=tmp_path, retries=1).read_bytes() == OLD
        site.statuses = [503, 503]
        assert "503" in failure(site.url, tmp_path, retries=1)

    def test_a_missing_file_is_not_asked_for_again(self, site: Site, tmp_path: Path) -> None:
        site.statuses = [404]
        failure(site.url, tmp_path, retries=3)
        assert len(site.asked) == 1

    def test_redirects_are_followed_a_few_times(self, site: Site, tmp_path: Path) -> None:
        site.location = site.url
        site.statuses = [302] * 2
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD
        site.statuses = [302] * 50
        assert "too many redirects" in failure(site.url, tmp_path)

    def test_a_redirect_leads_to_no_other_kind_of_address(self, site: Site, tmp_path: Path) -> None:
        site.statuses, site.location = [302], "file:///etc/passwd"
        assert "cannot be reached" in failure(site.url, tmp_path)

    def test_an_unreachable_server(self, tmp_path: Path, serve: Serve) -> None:
        assert "cannot be reached: no connection could be made" in failure("http://127.0.0.1:9/x", tmp_path, 1)

    def test_a_server_that_hangs(self, tmp_path: Path, serve: Serve) -> None:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as silent:
            url = f"http://127.0.0.1:{silent.getsockname()[1]}/x"
            assert "it did not answer in time" in failure(url, tmp_path, timeout=0.2)

    def test_an_older_copy_is_offered_and_not_used_unasked(self, site: Site, tmp_path: Path) -> None:
        path = fetch(site.url, cache=tmp_path)
        os.utime(path, (1_762_300_800, 1_762_300_800))
        site.statuses = [503]
        assert f"(the copy of 2025-11-05 can be loaded instead: {path})" in failure(site.url, tmp_path)

    def test_an_empty_answer_does_not_replace_a_copy(self, site: Site, tmp_path: Path) -> None:
        path = fetch(site.url, cache=tmp_path)
        site.body, site.etag = b"", '"new"'
        assert "sent an empty file" in failure(site.url, tmp_path)
        assert path.read_bytes() == OLD

    def test_a_password_is_not_repeated(self, site: Site, tmp_path: Path) -> None:
        site.statuses = [404]
        said = failure(site.url.replace("//", "//user:secret@"), tmp_path)
        assert "secret" not in said
        assert site.url in said

    def test_a_cache_that_cannot_be_written(self, site: Site, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        assert "cannot be kept in" in failure(site.url, tmp_path / "file" / "cache")

    def test_a_callback_that_fails_leaves_a_part_to_resume(self, site: Site, tmp_path: Path) -> None:
        def stop(done: int, total: int | None) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch(site.url, cache=tmp_path, progress=stop)
        (kept,) = parts(tmp_path)
        assert kept > 0
        assert fetch(site.url, cache=tmp_path).read_bytes() == OLD
        assert site.asked[1]["Range"] == f"bytes={kept}-"


class TestAtOnce:
    def test_threads_fetch_a_file_once(self, site: Site, tmp_path: Path) -> None:
        with ThreadPoolExecutor(8) as threads:
            paths = set(threads.map(lambda _: fetch(site.url, cache=tmp_path), range(8)))
        assert {path.read_bytes() for path in paths} == {OLD}
        assert sum("If-None-Match" not in headers for headers in site.asked) == 1

    def test_processes_fetch_a_file_once(self, site: Site, tmp_path: Path) -> None:
        program = (
            "import sys; from pathlib import Path; from listed.loaders.download import fetch\n"
            "print(fetch(sys.argv[1], cache=Path(sys.argv[2])))"
        )
        running = [
            subprocess.Popen([sys.executable, "-c", program, site.url, str(tmp_path)], stdout=subprocess.PIPE)
            for _ in range(3)
        ]
        paths = {process.communicate()[0] for process in running}
        assert [process.returncode for process in running] == [0, 0, 0]
        assert len(paths) == 1
        assert Path(paths.pop().decode().strip()).read_bytes() == OLD
        assert sum("If-None-Match" not in headers for headers in site.asked) == 1


def test_nothing_slow_is_imported_until_something_is_fetched() -> None:
    program = (
        "import sys, listed.loaders.inputs, listed.loaders.registry\n"
        "print([name for name in ('urllib3', 'filelock', 'pyarrow', 'pandas') if name in sys.modules])"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "[]"
