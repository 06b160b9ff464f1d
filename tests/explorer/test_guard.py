"""Who may read the pages: only the browser that was given the address, and only what it asks itself."""

from __future__ import annotations

import pytest

from listed.errors import ServerError
from listed.explorer.serving import is_local, prepare
from tests.explorer.desk import Served
from tests.graphs import graph, owns

PATHS = ["/", "/entity?id=alibaba-group", "/map.json?e=alibaba-group", "/suggest.json?q=ali", "/static/map.js",
         "/owners.csv?id=megvii", "/nothing"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_without_the_secret_nothing_is_told(bundled: Served, path: str) -> None:
    assert bundled(path, headers={"Cookie": ""}).status == 403


@pytest.mark.parametrize("cookie", ["wrong", "", "é"])
def test_a_wrong_secret_is_none(bundled: Served, cookie: str) -> None:
    assert bundled("/", headers={"Cookie": f"listed-{bundled.page.port}={cookie}"}).status == 403


def test_the_printed_address_becomes_a_cookie(bundled: Served) -> None:
    said = bundled(f"/?token={bundled.page.token}&q=megvii", headers={"Cookie": ""})
    assert said.status == 303
    assert said.headers["location"] == "/?q=megvii"
    assert {"HttpOnly", "SameSite=strict"} <= set(said.headers["set-cookie"].split("; "))


def test_the_redirect_stays_here(bundled: Served) -> None:
    said = bundled(f"//evil.example/?token={bundled.page.token}", headers={"Cookie": ""})
    assert said.headers["location"] == "/evil.example/"


def test_a_wrong_token_in_the_address_is_refused(bundled: Served) -> None:
    assert bundled("/?token=guess", headers={"Cookie": ""}).status == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8420", "127.0.0.1", "127.0.0.1.evil.example", ""])
def test_another_name_of_this_machine_is_refused(bundled: Served, host: str) -> None:
    assert bundled("/", headers={"Host": host}).status in (400, 421)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", ""])
def test_another_site_may_not_ask(bundled: Served, origin: str) -> None:
    assert bundled("/search.json?q=a", headers={"Origin": origin}).status == 403


def test_its_own_origin_may_ask(bundled: Served) -> None:
    assert bundled("/search.json?q=megvii", headers={"Origin": bundled.base}).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_it_is_read_only(bundled: Served, method: str) -> None:
    assert bundled("/entity?id=megvii", method, b"", {"Origin": bundled.base}).status == 405


def test_a_file_without_an_origin_is_refused(bundled: Served) -> None:
    assert bundled("/screen?name=a.csv", "POST", b"name\nMegvii\n").status == 403


@pytest.mark.parametrize("path", ["/", "/static/map.js", "/nothing", "/map.json?as-of=x"])
def test_every_answer_has_a_strict_policy(bundled: Served, path: str) -> None:
    policy = bundled(path).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/vendor"]
)
def test_only_static_files_are_served(bundled: Served, path: str) -> None:
    assert bundled(path).status == 404


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("192.0.2.1", False)],
)
def test_only_a_loopback_address_is_local(host: str, local: bool) -> None:
    assert is_local(host) is local


def test_a_port_that_was_asked_for_and_is_taken_is_told(bundled: Served) -> None:
    small = graph(owns("A", "B", "51%"))
    with pytest.raises(ServerError, match="--port"):
        prepare(small, lambda: small, port=bundled.page.port)


def test_each_start_has_a_secret_of_its_own() -> None:
    small = graph(owns("A", "B", "51%"))
    pages = [prepare(small, lambda: small, port=0) for _ in range(2)]
    for page in pages:
        page.socket.close()
    assert pages[0].token != pages[1].token
    assert len(pages[0].token) > 40
