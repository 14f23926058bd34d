"""What a fetch gives: a page, None, or a FetchError that says what to do about it."""

import time
from contextlib import closing
from datetime import timedelta

import pytest

from tests.fetch.conftest import LOCAL, QUICK, SOON
from tests.loopback import Loopback, Reply, conditional, too_many
from watcher import __version__
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.model import Page, Validators
from watcher.settings import Manners, Network

LIST = "<ul><li>关于印发《示例办法》的通知</li></ul>".encode()


def test_a_page_with_its_validators(site: Loopback, fetcher: Fetcher) -> None:
    headers = (("ETag", 'W/"7"'), ("Last-Modified", "Thu, 05 Mar 2026 01:00:00 GMT"))
    site.routes["/list"] = Reply(
        body=LIST, headers=headers, content_type="text/html;charset=gb2312"
    )
    assert fetcher.fetch(site.url("/list"), manners=QUICK) == Page(
        url=site.url("/list"),
        body=LIST,
        content_type="text/html;charset=gb2312",
        validators=Validators(etag='W/"7"', last_modified="Thu, 05 Mar 2026 01:00:00 GMT"),
    )


@pytest.mark.parametrize(
    ("etag", "modified"),
    [
        ('"a1"', None),
        (None, "Thu, 05 Mar 2026 01:00:00 GMT"),
        ('W/"a"', "Thu, 05 Mar 2026 01:00:00 GMT"),
        ('"\xb9\xab"', None),  # bytes of no known charset go back as they came
    ],
)
def test_not_modified_is_none(
    etag: str | None, modified: str | None, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes["/list"] = conditional(LIST, etag=etag, modified=modified)
    page = fetcher.fetch(site.url("/list"), manners=QUICK)
    assert page is not None
    assert fetcher.fetch(site.url("/list"), manners=QUICK, validators=page.validators) is None
    assert fetcher.fetch(site.url("/list"), manners=QUICK) == page


def test_an_unasked_for_304_is_an_error(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = Reply(status=304)
    with pytest.raises(FetchError, match="HTTP 304") as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert e.value.transient


@pytest.mark.parametrize(
    ("status", "transient", "gone", "says"),
    [
        (400, False, False, "HTTP 400 Bad Request"),
        (401, False, False, "HTTP 401"),
        (403, False, False, "HTTP 403"),
        (404, False, True, "HTTP 404 Not Found"),
        (410, False, True, "HTTP 410"),
        (408, True, False, "HTTP 408"),
        (412, True, False, "anti-bot challenge"),
        (425, True, False, "HTTP 425"),
        (429, True, False, "HTTP 429"),
        (500, True, False, "HTTP 500"),
        (502, True, False, "HTTP 502"),
        (503, True, False, "HTTP 503"),
        (521, True, False, "anti-bot challenge"),
        (599, True, False, "HTTP 599"),
        (300, False, False, "HTTP 300"),
        (305, False, False, "HTTP 305"),
    ],
)
def test_statuses(
    status: int, transient: bool, gone: bool, says: str, site: Loopback, fetcher: Fetcher
) -> None:
    # A large and real-looking body does not make an error a page.
    site.routes["/"] = Reply(status=status, body=LIST * 3000)
    with pytest.raises(FetchError, match=says) as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    error = e.value
    assert (error.transient, error.gone, error.status) == (transient, gone, status)
    assert str(error).startswith("127.0.0.1: ")


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=503, body=LIST, only=5),
        Reply(status=503, body=LIST, only=5, reset=True),
        Reply(status=503, body=LIST * 9, drip=0.05),
        Reply(status=503, body=LIST * 3000, chunked=True),
    ],
)
def test_an_errors_broken_body_does_not_hide_the_error(
    reply: Reply, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes.update({"/": reply, "/next": LIST})
    began = time.monotonic()
    with pytest.raises(FetchError, match="HTTP 503"):
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert time.monotonic() - began < 3
    assert fetcher.fetch(site.url("/next"), manners=QUICK) is not None


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        ("120", None, 120),
        ("0", None, 0),
        (" 7 ", None, 7),
        ("99999999", None, 86_400),
        ("9" * 40, None, None),
        ("Thu, 05 Mar 2026 01:05:00 GMT", "Thu, 05 Mar 2026 01:00:00 GMT", 300),
        ("Thu, 05 Mar 2026 00:00:00 GMT", "Thu, 05 Mar 2026 01:00:00 GMT", 0),
        ("Thursday, 05-Mar-26 01:05:00 GMT", "Thu, 05 Mar 2026 01:00:00 GMT", 300),
        ("Thu, 05 Mar 2026 01:05:00 -0000", "Thu, 05 Mar 2026 01:00:00 GMT", 300),
        ("soon", None, None),
        ("-5", None, None),
        ("", None, None),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after(
    header: str,
    date: str | None,
    seconds: int | None,
    status: int,
    site: Loopback,
    fetcher: Fetcher,
) -> None:
    headers = (("Retry-After", header), *((("Date", date),) if date else ()))
    site.routes["/"] = Reply(status=status, headers=headers)
    with pytest.raises(FetchError) as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert (e.value.transient, e.value.retry_after) == (True, expected)


def test_retry_after_of_a_reply_made_easy(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = too_many("30")
    with pytest.raises(FetchError) as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert (e.value.status, e.value.retry_after) == (429, timedelta(seconds=30))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "list.html",
        "//www.example.cn/",
        "ftp://www.example.cn/",
        "file:///etc/passwd",
        "javascript:void(0)",
        "http://",
        "http:///list.html",
        "http://[::1",
        "http://a b/",
        "http://www..example.cn/",
        f"http://{'a' * 70}.cn/",
        "http://example.cn:99999/",
        "http://example.cn:0/",
        "http://example.cn:port/",
        "http://xn--/",
        "http://example.cn/\x00",
        "http://example.cn/\ud800",
    ],
)
def test_bad_addresses(url: str, hasty: Fetcher) -> None:
    with pytest.raises(FetchError):
        hasty.fetch(url, manners=QUICK)


def test_a_password_in_an_address_is_neither_sent_nor_shown(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="headers:") as e:
        fetcher.fetch("http://user:hunter2@127.0.0.1/", manners=QUICK)
    assert "hunter2" not in str(e.value)


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ("/a?b=1&c=2", "/a?b=1&c=2"),
        ("/a#/detail/7", "/a"),
        ("/索引.html", "/%E7%B4%A2%E5%BC%95.html"),
        ("/a?t=%B9%AB", "/a?t=%B9%AB"),
        ("/a b", "/a%20b"),
    ],
)
def test_the_fragment_stays_at_home(
    asked: str, sent: str, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes[sent.partition("?")[0]] = LIST
    page = fetcher.fetch(site.url(asked), manners=QUICK)
    assert page is not None
    assert page.url == site.url(asked)
    assert site.paths() == [sent]


@pytest.mark.parametrize(
    ("network", "manners", "agent"),
    [
        (LOCAL, QUICK, f"watcher/{__version__}"),
        (
            Network(allow_addresses=("127.0.0.0/8",), contact="mailto:ops@example.org"),
            QUICK,
            f"watcher/{__version__} (+mailto:ops@example.org)",
        ),
        (
            LOCAL,
            Manners(gap=timedelta(0), robots="ignore", user_agent="Mozilla/5.0 (compatible)"),
            "Mozilla/5.0 (compatible)",
        ),
    ],
)
def test_user_agent(network: Network, manners: Manners, agent: str, site: Loopback) -> None:
    site.routes["/"] = LIST
    with closing(Fetcher(network, Clock())) as fetcher:
        fetcher.fetch(site.url("/"), manners=manners)
    assert site.requests[0].headers["user-agent"] == agent


def test_what_a_server_is_told(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = LIST
    manners = Manners(
        gap=timedelta(0),
        robots="ignore",
        headers=(("X-Requested-With", "XMLHttpRequest"), ("accept", "application/json")),
    )
    fetcher.fetch(site.url("/"), manners=manners, accept="text/html", referer=site.url("/from"))
    assert dict(site.requests[0].headers) == {
        "host": f"127.0.0.1:{site.port}",
        "user-agent": f"watcher/{__version__}",
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "referer": site.url("/from"),
        "x-requested-with": "XMLHttpRequest",
    }


def test_a_broken_header_is_the_operators_and_is_not_shown(
    site: Loopback, fetcher: Fetcher
) -> None:
    manners = Manners(gap=timedelta(0), robots="ignore", headers=(("X-Key", "hunter2\r\nX: y"),))
    with pytest.raises(FetchError, match="headers:") as e:
        fetcher.fetch(site.url("/"), manners=manners)
    assert not e.value.transient
    assert "hunter2" not in str(e.value)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(raw=b""), "closed the connection without an answer"),
        (Reply(reset=True), "closed the connection without an answer"),
        (Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), "did not answer in HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), "did not answer in HTTP"),
        (Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000), "did not answer in HTTP"),
    ],
)
def test_servers_that_do_not_speak(
    reply: Reply, says: str, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes["/"] = reply
    with pytest.raises(FetchError, match=says) as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert e.value.transient
    assert len(site.requests) == 1  # only a kept connection gets a second chance


def test_nobody_listens(site: Loopback, fetcher: Fetcher) -> None:
    with Loopback() as closed:
        url = closed.url("/")
    with pytest.raises(FetchError, match=r"127\.0\.0\.1: connection refused") as e:
        fetcher.fetch(url, manners=QUICK)
    assert e.value.transient


def test_a_name_that_does_not_resolve(hasty: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"ministry\.invalid: name does not resolve") as e:
        hasty.fetch("http://ministry.invalid/", manners=QUICK)
    assert e.value.transient


def test_connections_are_kept_and_renewed(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = LIST
    for _ in range(3):
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert site.connections == 1
    # The server hangs up instead of answering the next request of a kept connection.
    replies = [Reply(raw=b""), Reply(body=LIST)]
    site.routes["/"] = lambda _: replies.pop(0)
    assert fetcher.fetch(site.url("/"), manners=QUICK) is not None
    assert site.connections == 2


def test_a_late_answer(site: Loopback, hasty: Fetcher) -> None:
    site.routes["/"] = Reply(delay=3, body=LIST)
    with pytest.raises(FetchError, match=rf"no answer within {SOON.total_seconds():g} s") as e:
        hasty.fetch(site.url("/"), manners=QUICK)
    assert e.value.transient
