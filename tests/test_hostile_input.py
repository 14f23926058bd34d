"""Input that was made to break a reader: each ends in an answer or in the error that says so."""

import io
import logging
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.loopback import Loopback, Reply
from watcher.clock import Clock
from watcher.errors import ExtractError, FetchError
from watcher.extract.feeds.feed import feed, feed_date
from watcher.extract.lists.jpaas import unit_url
from watcher.extract.lists.listing import listing
from watcher.extract.paper.page import read_page
from watcher.fetch import Fetcher
from watcher.logs import start_logs
from watcher.model import Page
from watcher.settings import Manners, Network, Rule
from watcher.text import decode


def page(body: bytes) -> Page:
    return Page(url="https://x.example/list.html", body=body)


@pytest.mark.parametrize(
    "label",
    [
        b"hex",
        b"base64",
        b"rot13",
        b"zlib",
        b"undefined",
        b"idna",
        b"unicode_escape",
        b"utf-7",
        b"a\0b",
    ],
)
def test_a_label_that_is_no_charset_is_passed_over(label: bytes) -> None:
    body = b'<html><head><meta charset="' + label + b'"></head>' + "通知公告".encode("gb18030")
    assert "通知公告" in decode(body)


@pytest.mark.parametrize(
    "raw",
    [
        "9999-12-31T23:59:59-23:00",
        "0001-01-01T00:00:00+23:00",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 -999999999999999",
    ],
)
def test_a_date_beyond_the_calendar_is_no_error(raw: str) -> None:
    feed_date(raw)


def test_a_feed_that_breaks_its_reader_is_the_sources_fault() -> None:
    body = b"<rss version='2.0'><channel><item><title>&#xD800;</title><link>http://x/</link></item></channel></rss>"
    with suppress(ExtractError):
        feed(page(body), Rule())


READERS: list[Callable[[Page], object]] = [lambda p: listing(p, Rule()), read_page]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "body",
    [
        b'<html><head><base href="http://["></head><body><ul><li><a href="a.html">x</a></li></ul></body></html>',
        b"<html><body>" + b"<br>" * 200_000 + b"</body></html>",
        b"<title" * 33_000,
    ],
    ids=["base", "elements", "titles"],
)
def test_a_page_made_to_hurt(read: Callable[[Page], object], body: bytes) -> None:
    with suppress(ExtractError):
        read(page(body))


def test_parameters_nested_without_end() -> None:
    unit_url(page(b'<script url="/a" querydata="' + b"[" * 200_000 + b'"></script>'))


@pytest.mark.parametrize("wish", ["Mon, 01 Jan 99999999 00:00:00 GMT", "soon", "9" * 400])
def test_a_wish_beyond_the_calendar(wish: str) -> None:
    with Loopback({"/": Reply(status=429, headers=(("Retry-After", wish),))}) as site:
        fetcher = Fetcher(Network(allow_addresses=("127.0.0.0/8",)), Clock())
        with pytest.raises(FetchError, match="429"):
            fetcher.fetch(site.url("/"), manners=Manners(robots="ignore"))
        fetcher.close()


def test_a_cookie_that_no_header_can_hold_is_not_kept() -> None:
    cookies = (("Set-Cookie", "bad=\xff\xfe"), ("Set-Cookie", "good=1"))
    with Loopback({"/": Reply(body=b"x", headers=cookies)}) as site:
        fetcher = Fetcher(Network(allow_addresses=("127.0.0.0/8",)), Clock())
        for _ in range(2):
            fetcher.fetch(site.url("/"), manners=Manners(robots="ignore", cookies=True))
        fetcher.close()
        assert site.requests[-1].headers["cookie"] == "good=1"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_traceback_cannot_drive_a_terminal() -> None:
    stream, root = Terminal(), logging.getLogger()
    before, level = root.handlers, root.level
    try:
        start_logs(stream)
        try:
            raise ValueError("\x1b]0;pwn\x07")
        except ValueError:
            logging.getLogger("watcher.test").critical("a bug", exc_info=sys.exc_info())
    finally:
        root.handlers = before
        root.setLevel(level)
    assert "ValueError" in stream.getvalue()
    assert "\x1b" not in stream.getvalue()
