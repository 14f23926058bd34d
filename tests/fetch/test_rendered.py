"""Pages of sources with `render: true`, as the flows get them: from a Fetcher."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fetch.conftest import LOCAL, QUICK
from tests.loopback import Loopback, Reply, Request
from tests.real import absent
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher, chromium
from watcher.model import Validators

RENDER = replace(QUICK, render=True)


@pytest.fixture(scope="module")
def shown() -> Iterator[Fetcher]:
    if chromium.find(None) is None:
        absent("Chromium")
    with closing(Fetcher(LOCAL, Clock(), deadline=timedelta(seconds=10))) as fetcher:
        yield fetcher


LIST = """<!doctype html><title>列表</title><ul id=rows></ul><script>
fetch("/api", {method: "POST", body: '{"page": 1}', headers: {"content-type": "application/json"}})
    .then(r => r.json()).then(rows => rows.forEach(row =>
        document.getElementById("rows").insertAdjacentHTML("beforeend", `<li>${row}</li>`)))
</script>"""
PASS = b"<script>document.cookie = 'pass=7; path=/'; location = '/'</script>"


def test_a_list_read_by_post_behind_a_cookie_wall(shown: Fetcher, site: Loopback) -> None:
    def wall(request: Request) -> Reply:
        if request.headers.get("cookie") == "pass=7":
            return Reply(body=LIST.encode(), encoding="gzip")
        seen = ("Set-Cookie", "seen=1; Path=/wall")
        return Reply(status=302, headers=(("Location", "/wall"), seen))

    def api(request: Request) -> Reply:
        rows = f'["{request.method}", "{request.headers["content-type"]}"]'
        right = request.body == b'{"page": 1}'
        return Reply(body=rows.encode() if right else b"[]", content_type="application/json")

    site.routes.update({"/": wall, "/wall": Reply(status=521, body=PASS), "/api": api})
    page = shown.fetch(site.url("/"), manners=RENDER, validators=Validators(etag='"x"'))
    assert page is not None
    assert "<li>POST</li><li>application/json</li>" in page.body.decode()
    assert page.validators == Validators()
    assert [(request.path, request.headers.get("cookie")) for request in site.requests] == [
        ("/", None),
        ("/wall", "seen=1"),
        ("/", "pass=7"),
        ("/api", "pass=7"),
    ]
    assert len({request.headers["user-agent"] for request in site.requests}) == 1


def test_a_sources_own_headers_go_to_its_host_alone(shown: Fetcher, site: Loopback) -> None:
    with Loopback({"/lib.js": b"1"}, host="127.0.0.2") as other:
        site.routes["/"] = f'<script src="{other.url("/lib.js")}"></script>'.encode()
        shown.fetch(site.url("/"), manners=replace(RENDER, headers=(("X-Key", "secret"),)))
        assert site.requests[0].headers["x-key"] == "secret"
        assert "x-key" not in other.requests[0].headers


def test_robots_hold_for_each_part(shown: Fetcher, site: Loopback) -> None:
    site.routes.update(
        {
            "/robots.txt": b"User-agent: *\nDisallow: /private",
            "/": b"<p>list<script src=/private.js></script><script src=/open.js></script>",
            "/open.js": b"document.title = 'open'",
        }
    )
    page = shown.fetch(site.url("/"), manners=replace(RENDER, robots="honour"))
    assert page is not None
    assert b"<title>open</title>" in page.body
    assert "/private.js" not in site.paths()


def test_an_attachment_is_not_rendered(shown: Fetcher, site: Loopback) -> None:
    site.routes["/a.doc"] = Reply(body=b"\xd0\xcf\x11\xe0", content_type="application/msword")
    page = shown.fetch(site.url("/a.doc"), manners=RENDER)
    assert page is not None
    assert page.body == b"\xd0\xcf\x11\xe0"


def test_close_ends_a_rendering(site: Loopback) -> None:
    site.routes.update({"/": b"<script src=/slow.js></script>", "/slow.js": Reply(delay=30)})
    threads = threading.active_count()
    fetcher = Fetcher(LOCAL, Clock())
    with ThreadPoolExecutor(1) as pool:
        doomed = pool.submit(fetcher.fetch, site.url("/"), manners=RENDER)
        deadline = time.monotonic() + 15
        while "/slow.js" not in site.paths():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        began = time.monotonic()
        fetcher.close()
        with pytest.raises(FetchError, match="watcher is stopping"):
            doomed.result(timeout=5)
        assert time.monotonic() - began < 3
    deadline = time.monotonic() + 2
    while threading.active_count() > threads + 1:  # one of the site's still waits to answer
        assert time.monotonic() < deadline
        time.sleep(0.02)
