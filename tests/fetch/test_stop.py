"""Stopping: whatever a fetch is doing, close() ends it at once, and nothing stays behind."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fetch.conftest import LOCAL, QUICK
from tests.loopback import Loopback, Reply
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.settings import Manners

PATIENT = Manners(gap=timedelta(seconds=9), robots="ignore")


@contextmanager
def deaf_port() -> Iterator[int]:
    """A port whose queue is full: connecting to it waits."""
    with closing(socket.socket()) as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        port: int = server.getsockname()[1]
        knocking = [socket.socket() for _ in range(4)]
        for sock in knocking:
            sock.setblocking(False)
            sock.connect_ex(("127.0.0.1", port))
        time.sleep(0.02)
        try:
            yield port
        finally:
            for sock in knocking:
                sock.close()


def before_the_answer(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = Reply(delay=30)
    fetcher.fetch(site.url("/"), manners=QUICK)


def in_the_body(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = Reply(body=bytes(10_000), drip=0.05)
    fetcher.fetch(site.url("/"), manners=QUICK)


def waiting_for_a_turn(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = b"x"
    for _ in range(2):
        fetcher.fetch(site.url("/"), manners=PATIENT)


def reading_robots_txt(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/robots.txt"] = Reply(delay=30)
    fetcher.fetch(site.url("/"))


def connecting(site: Loopback, fetcher: Fetcher) -> None:
    with deaf_port() as port:
        fetcher.fetch(f"http://127.0.0.1:{port}/", manners=QUICK)


def shaking_hands(site: Loopback, fetcher: Fetcher) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        fetcher.fetch(f"https://127.0.0.1:{silent.getsockname()[1]}/", manners=QUICK)


@pytest.mark.parametrize(
    "doing",
    [
        before_the_answer,
        in_the_body,
        waiting_for_a_turn,
        reading_robots_txt,
        connecting,
        shaking_hands,
    ],
)
def test_close_ends_what_is_under_way(
    doing: Callable[[Loopback, Fetcher], None], site: Loopback, fetcher: Fetcher
) -> None:
    with ThreadPoolExecutor(1) as pool:
        doomed = pool.submit(doing, site, fetcher)
        time.sleep(0.1)
        assert not doomed.done()
        began = time.monotonic()
        fetcher.close()
        with pytest.raises(FetchError, match="watcher is stopping") as e:
            doomed.result(timeout=5)
    assert time.monotonic() - began < 0.5
    assert e.value.transient


def test_nothing_is_asked_after_close(site: Loopback, fetcher: Fetcher) -> None:
    fetcher.close()
    fetcher.close()
    with pytest.raises(FetchError, match="watcher is stopping"):
        fetcher.fetch(site.url("/"), manners=QUICK)
    assert site.connections == 0


def test_nothing_stays_behind(site: Loopback) -> None:
    def sockets() -> int:
        names = []
        for fd in list(Path("/proc/self/fd").iterdir()):
            with suppress(FileNotFoundError):  # the one that listed the others
                names.append(str(fd.readlink()))
        return sum(name.startswith("socket:") for name in names)

    threads, before = threading.active_count(), sockets()
    site.routes.update({"/": b"x", "/half": Reply(body=b"0123456789", only=3)})
    fetcher = Fetcher(LOCAL, Clock())
    for path in ("/", "/half", "/none", "/"):
        with suppress(FetchError):
            fetcher.fetch(site.url(path), manners=QUICK)
    fetcher.close()
    deadline = time.monotonic() + 2
    while (threading.active_count(), sockets()) != (threads, before):  # the server's own end
        assert time.monotonic() < deadline
        time.sleep(0.01)
