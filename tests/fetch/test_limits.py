"""Limits: bytes, inflated bytes and time; and a body that stops in the middle is never a page."""

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.conftest import LOCAL, QUICK, SOON
from tests.loopback import Loopback, Reply, redirect
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.fetch.inflate import Body

TEXT = "第一条　为了规范示例管理，制定本办法。".encode() * 50
SMALL = 100_000


@pytest.fixture
def strict() -> Iterator[Fetcher]:
    with closing(Fetcher(LOCAL, Clock(), max_bytes=SMALL)) as fetcher:
        yield fetcher


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate", "raw-deflate"])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("body", [TEXT, b""])
def test_encodings(
    encoding: str | None, chunked: bool, body: bytes, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes["/"] = Reply(body=body, encoding=encoding, chunked=chunked)
    page = fetcher.fetch(site.url("/"), manners=QUICK)
    assert page is not None
    assert page.body == body


@pytest.mark.parametrize(
    ("encoding", "says"),
    [("br", "'br' was not asked for"), ("gzip, gzip", "'gzip, gzip' was not asked for")],
)
def test_other_encodings_are_refused(
    encoding: str, says: str, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes["/"] = Reply(body=TEXT, headers=(("Content-Encoding", encoding),))
    with pytest.raises(FetchError, match=says) as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert not e.value.transient


def test_a_bomb_is_refused(site: Loopback, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(30_000_000))
    assert len(bomb) < 35_000
    site.routes["/"] = Reply(body=bomb, headers=(("Content-Encoding", "gzip"),))
    with pytest.raises(FetchError, match="larger than 20 MB") as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert not e.value.transient


@pytest.mark.parametrize("encoding", [None, "gzip", "deflate", "raw-deflate"])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("size", "fits"), [(SMALL, True), (SMALL + 1, False)])
def test_the_limit_is_exact(
    encoding: str | None, chunked: bool, size: int, fits: bool, site: Loopback, strict: Fetcher
) -> None:
    site.routes["/"] = Reply(body=bytes(size), encoding=encoding, chunked=chunked)
    if fits:
        page = strict.fetch(site.url("/"), manners=QUICK)
        assert page is not None
        assert len(page.body) == size
    else:
        with pytest.raises(FetchError, match=r"larger than 0\.1 MB"):
            strict.fetch(site.url("/"), manners=QUICK)


def test_what_announces_itself_too_large_is_not_read(site: Loopback, strict: Fetcher) -> None:
    site.routes["/"] = Reply(body=bytes(SMALL + 1), drip=0.01)
    with pytest.raises(FetchError, match=r"larger than 0\.1 MB"):
        strict.fetch(site.url("/"), manners=QUICK)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(body=TEXT, only=1000), f"body cut off after 1000 of {len(TEXT)} bytes"),
        (Reply(body=TEXT, only=0), f"body cut off after 0 of {len(TEXT)} bytes"),
        (Reply(body=TEXT, only=1000, reset=True), f"cut off after (1000|0) of {len(TEXT)} bytes"),
        (
            Reply(body=gzip.compress(TEXT)[:-12], headers=(("Content-Encoding", "gzip"),)),
            r"gzip body cut off after \d+ bytes",
        ),
        (
            Reply(body=zlib.compress(TEXT)[:-6], headers=(("Content-Encoding", "deflate"),)),
            r"deflate body cut off after \d+ bytes",
        ),
        (
            Reply(body=b"x", headers=(("Content-Encoding", "deflate"),)),
            "deflate body cut off after 1 bytes",
        ),
        (
            Reply(body=TEXT, headers=(("Content-Encoding", "gzip"),)),
            "body is not the gzip it is said to be",
        ),
        (
            Reply(raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
            "body cut off after 5 bytes",
        ),
    ],
)
def test_half_a_body_is_no_page(reply: Reply, says: str, site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = reply
    with pytest.raises(FetchError, match=says) as e:
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert e.value.transient


def test_a_slow_drip_is_cut(site: Loopback, hasty: Fetcher) -> None:
    site.routes["/"] = Reply(body=TEXT, drip=0.05)
    began = time.monotonic()
    with pytest.raises(
        FetchError, match=r"body not complete after 0\.3 s \(\d+ bytes so far\)"
    ) as e:
        hasty.fetch(site.url("/"), manners=QUICK)
    assert time.monotonic() - began < 3 * SOON.total_seconds()
    assert e.value.transient


def test_a_drip_of_headers_is_cut(site: Loopback, hasty: Fetcher) -> None:
    site.routes["/"] = Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50, drip=0.02)
    began = time.monotonic()
    with pytest.raises(FetchError, match=r"no answer within 0\.3 s"):
        hasty.fetch(site.url("/"), manners=QUICK)
    assert time.monotonic() - began < 3 * SOON.total_seconds()


def test_redirects_share_one_deadline(site: Loopback, hasty: Fetcher) -> None:
    for n in range(5):
        site.routes[f"/{n}"] = replace(redirect(f"/{n + 1}"), delay=0.12)
    with pytest.raises(FetchError, match=r"no answer within 0\.3 s"):
        hasty.fetch(site.url("/0"), manners=QUICK)
    assert site.paths() == ["/0", "/1", "/2"]


def test_a_bomb_is_not_even_inflated() -> None:
    bomb = gzip.compress(bytes(30_000_000))
    body = Body("ministry.test", "gzip", 2 * len(bomb))
    tracemalloc.start()
    try:
        with pytest.raises(FetchError, match="larger than"):
            body.feed(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_bytes_that_inflate_to_nothing_count_too() -> None:
    body = Body("ministry.test", "gzip", 1000)
    with pytest.raises(FetchError, match="larger than"):
        for _ in range(100):
            body.feed(gzip.compress(b""))


def test_members_without_end_are_refused() -> None:
    with pytest.raises(FetchError, match="is not the gzip it is said to be"):
        Body("ministry.test", "gzip", 10_000_000).feed(gzip.compress(b"") * 100_000)


@given(
    st.binary(max_size=2000),
    st.sampled_from(["gzip", "deflate", "raw-deflate", "members"]),
    st.integers(1, 700),
)
def test_pieces_do_not_matter(body: bytes, encoding: str, size: int) -> None:
    match encoding:
        case "gzip":
            sent = gzip.compress(body) + b"\0\0"  # padding after the end is ignored
        case "members":
            sent = gzip.compress(body[:7]) + gzip.compress(body[7:])
        case "deflate":
            sent = zlib.compress(body)
        case _:
            deflater = zlib.compressobj(wbits=-15)
            sent = deflater.compress(body) + deflater.flush()
    taken = Body("ministry.test", "deflate" if "deflate" in encoding else "gzip", 2000)
    for start in range(0, len(sent), size):
        taken.feed(sent[start : start + size])
    assert taken.finish() == body
    assert taken.received == len(sent)
