"""The httpx transport at the end of a line: it adds nothing, keeps nothing and tells nobody."""

import logging
import time
from collections.abc import Iterator
from contextlib import closing

import httpcore
import httpx
import pytest

from tests.fetch.conftest import QUICK
from tests.loopback import Loopback, Reply
from watcher.fetch import Fetcher
from watcher.fetch.guard import Guard
from watcher.fetch.lines import Lines, Origin
from watcher.fetch.transport import Transport
from watcher.fetch.wire import Wire


@pytest.fixture
def transport(site: Loopback) -> Iterator[Transport]:
    lines = Lines(Guard(("127.0.0.0/8",)), None)
    with closing(lines):
        line = lines.borrow(Origin("http", site.host, site.port, "default"))
        line.wire.expires = time.monotonic() + 10
        yield line.transport
        lines.give_back(line, sound=True)


def get(transport: Transport, url: str) -> httpx.Response:
    with closing(transport.handle_request(httpx.Request("GET", url))) as response:
        b"".join(response.iter_raw())
    return response


def test_it_sends_a_request_as_it_is(site: Loopback, transport: Transport) -> None:
    site.routes["/"] = Reply(headers=(("Set-Cookie", "id=1; Path=/"),))
    for _ in range(2):
        get(transport, site.url("/"))
    assert [list(request.headers) for request in site.requests] == [["host"]] * 2
    assert site.connections == 1


def test_what_was_not_read_to_its_end_costs_the_connection(
    site: Loopback, transport: Transport
) -> None:
    site.routes["/"] = bytes(1_000_000)
    request = httpx.Request("GET", site.url("/"))
    with closing(transport.handle_request(request)) as response:
        next(response.iter_raw())
    get(transport, site.url("/"))
    assert site.connections == 2


@pytest.mark.parametrize("location", ["/elsewhere", "http://[", "http://a b/", "http://x:y/"])
def test_it_hands_over_a_redirect_unread(
    location: str, site: Loopback, transport: Transport
) -> None:
    site.routes["/"] = Reply(status=302, headers=(("Location", location),))
    response = get(transport, site.url("/"))
    assert (response.status_code, response.headers["Location"]) == (302, location)
    assert site.paths() == ["/"]


def test_an_address_is_not_logged(
    site: Loopback, fetcher: Fetcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.INFO, "httpx")
    site.routes["/"] = b"x"
    assert fetcher.fetch(site.url("/?token=hunter2"), manners=QUICK) is not None
    assert caplog.records == []


FAILURES = [
    kind
    for kind in vars(httpcore).values()
    if isinstance(kind, type)
    and issubclass(kind, Exception)
    and kind is not httpcore.ConnectionNotAvailable  # of a kept connection: a new one is made
]


@pytest.mark.parametrize("kind", FAILURES, ids=lambda kind: kind.__name__)
def test_what_fails_beneath_is_a_failure_of_httpx(kind: type[Exception]) -> None:
    class Broken(httpcore.HTTPConnection):
        def handle_request(self, request: httpcore.Request) -> httpcore.Response:
            raise kind("why")

    with (
        Transport(Broken, Wire(Guard())) as transport,
        pytest.raises(httpx.TransportError, match="why") as e,
    ):
        get(transport, "http://ministry.test/")
    assert type(e.value).__name__ == kind.__name__
