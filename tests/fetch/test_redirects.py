"""Redirects: followed by hand, to http(s) alone, without carrying what was meant for the first host."""

from datetime import timedelta

import pytest

from tests.fetch.conftest import QUICK
from tests.loopback import Loopback, Reply, Request, conditional, redirect
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.model import Validators
from watcher.settings import Manners

COOKIES = Manners(gap=timedelta(0), robots="ignore", cookies=True)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_chain_of_redirects(status: int, site: Loopback, fetcher: Fetcher) -> None:
    site.routes.update(
        {
            "/1": redirect("/2", status),
            "/2": redirect("3?x=1", status),
            "/3": redirect(site.url("/4"), status),
            "/4": b"there",
        }
    )
    page = fetcher.fetch(site.url("/1"), manners=QUICK)
    assert page is not None
    assert (page.url, page.body) == (site.url("/4"), b"there")
    assert site.paths() == ["/1", "/2", "/3?x=1", "/4"]


@pytest.mark.parametrize(
    ("location", "final"),
    [
        ("/b", "/b#/7"),
        ("/b#own", "/b#own"),
        (" /b ", "/b#/7"),
        ("?p=2", "/a?p=2#/7"),
        ("/通知", "/%E9%80%9A%E7%9F%A5#/7"),
        ("/b c", "/b%20c#/7"),
    ],
)
def test_where_a_redirect_leads(
    location: str, final: str, site: Loopback, fetcher: Fetcher
) -> None:
    as_sent = location.encode().decode("latin-1")

    def first(request: Request) -> Reply | bytes:
        return redirect(as_sent) if request.path == "/a" else b"there"

    site.routes.update({"/a": first, "/b": b"", "/b%20c": b"", "/%E9%80%9A%E7%9F%A5": b""})
    page = fetcher.fetch(site.url("/a#/7"), manners=QUICK)
    assert page is not None
    assert page.url == site.url(final)


def test_a_location_in_gbk_goes_back_as_it_came(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/a"] = redirect("/公告".encode("gbk").decode("latin-1"))
    site.routes["/%B9%AB%B8%E6"] = b"there"
    assert fetcher.fetch(site.url("/a"), manners=QUICK) is not None


@pytest.mark.parametrize(
    ("location", "says"),
    [
        ("file:///etc/passwd", "redirects to nowhere"),
        ("ftp://127.0.0.1/", "redirects to nowhere"),
        ("javascript:alert(1)", "redirects to nowhere"),
        ("http://[", "redirects to nowhere"),
        ("http://user:hunter2@127.0.0.1/", "redirects to nowhere"),
        ("", "without a Location"),
        ("/a", "in a circle.*cookies: true"),
        ("/a#elsewhere", "in a circle"),
    ],
)
def test_redirects_that_lead_nowhere(
    location: str, says: str, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes["/a"] = redirect(location)
    with pytest.raises(FetchError, match=says) as e:
        fetcher.fetch(site.url("/a"), manners=QUICK)
    assert "hunter2" not in str(e.value)
    assert site.paths() == ["/a"]


def test_the_number_of_redirects_is_limited(site: Loopback, fetcher: Fetcher) -> None:
    def onward(request: Request) -> Reply:
        return redirect(f"/?{int(request.path.partition('?')[2]) + 1}")

    site.routes["/"] = onward
    with pytest.raises(FetchError, match="more than 5 redirects") as e:
        fetcher.fetch(site.url("/?0"), manners=QUICK)
    assert not e.value.transient
    assert site.paths() == ["/?0", "/?1", "/?2", "/?3", "/?4", "/?5"]


def test_credentials_and_conditions_stay_with_their_host(site: Loopback, fetcher: Fetcher) -> None:
    with Loopback(host="127.0.0.2") as other:
        site.routes["/"] = redirect(
            other.url("/"), headers=(("Set-Cookie", "id=1; Domain=127.0.0.2; Path=/"),)
        )
        other.routes["/"] = redirect(other.url("/2"))
        other.routes["/2"] = redirect(site.url("/back"))
        site.routes["/back"] = b"there"
        secret = Manners(
            gap=timedelta(0),
            robots="ignore",
            cookies=True,
            headers=(("Authorization", "Bearer hunter2"), ("X-Api-Key", "hunter2")),
        )
        asked = Validators(etag='"1"', last_modified="Thu, 05 Mar 2026 01:00:00 GMT")
        for _ in range(2):
            fetcher.fetch(site.url("/"), manners=secret, validators=asked)
        told = {"authorization", "x-api-key", "if-none-match", "if-modified-since"}
        assert all(told <= request.headers.keys() for request in site.requests)
        private = told | {"cookie"}
        assert [private & request.headers.keys() for request in other.requests] == [set()] * 4


def test_a_redirected_page_is_not_modified_elsewhere(site: Loopback, fetcher: Fetcher) -> None:
    with Loopback({"/": conditional(b"there", etag='"1"')}, host="127.0.0.2") as other:
        site.routes["/"] = redirect(other.url("/"))
        page = fetcher.fetch(site.url("/"), manners=QUICK, validators=Validators(etag='"1"'))
        assert page is not None
        assert page.url == other.url("/")


def wants_its_cookie(request: Request) -> Reply:
    if "wzws=1" in request.headers.get("cookie", ""):
        return Reply(body=b"there")
    return redirect("/list", headers=(("Set-Cookie", "wzws=1; Path=/"),))


def test_a_page_that_wants_its_cookie_back(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/list"] = wants_its_cookie
    page = fetcher.fetch(site.url("/list"), manners=COOKIES)
    assert page is not None
    assert (page.url, page.body) == (site.url("/list"), b"there")
    with pytest.raises(FetchError, match="cookies: true"):
        fetcher.fetch(site.url("/list"), manners=QUICK)


def test_cookies_are_kept_only_where_wanted(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = Reply(headers=(("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")))
    for manners in (QUICK, COOKIES, COOKIES, QUICK):
        fetcher.fetch(site.url("/"), manners=manners)
    assert [request.headers.get("cookie") for request in site.requests] == [
        None,
        None,
        "a=1; b=2",
        None,
    ]


def test_cookies_do_not_pile_up(site: Loopback, fetcher: Fetcher) -> None:
    def one_more(request: Request) -> Reply:
        return Reply(headers=(("Set-Cookie", f"id{len(site.requests)}=1"),))

    site.routes["/"] = one_more
    for _ in range(120):
        fetcher.fetch(site.url("/"), manners=COOKIES)
    counts = [request.headers.get("cookie", "").count("=") for request in site.requests]
    assert max(counts) == 50
    assert counts[-1] < 50
