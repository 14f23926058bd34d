"""Manners: the gap between two requests, few at once, and what robots.txt asks for."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.fetch.conftest import LOCAL, QUICK, SOON
from tests.loopback import Loopback, Reply, Request, redirect
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.fetch.turns import AT_ONCE, Turns
from watcher.settings import Manners

OBEDIENT = Manners(gap=timedelta(0), robots="honour")
ALL_IS_FORBIDDEN = b"User-agent: *\nDisallow: /\n"


def starts(site: Loopback) -> list[float]:
    return [later.at - sooner.at for sooner, later in pairwise(site.requests)]


@pytest.mark.parametrize(("gap", "rate"), [(0.06, 1), (60, 1000)])
def test_the_gap_holds_across_threads(gap: float, rate: float, site: Loopback) -> None:
    site.routes["/"] = b"x"
    manners = Manners(gap=timedelta(seconds=gap), robots="ignore")
    with closing(Fetcher(LOCAL, Clock(rate))) as fetcher, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fetcher.fetch(site.url("/"), manners=manners), range(5)))
    assert all(0.05 < pause < 1 for pause in starts(site))


def test_another_host_does_not_wait(site: Loopback, fetcher: Fetcher) -> None:
    site.routes["/"] = b"x"
    manners = Manners(gap=timedelta(hours=1), robots="ignore")
    with Loopback({"/": b"y"}, host="127.0.0.2") as other:
        fetcher.fetch(site.url("/"), manners=manners)
        fetcher.fetch(other.url("/"), manners=manners)


def test_waiting_for_a_turn_is_bounded(site: Loopback, hasty: Fetcher) -> None:
    site.routes["/"] = b"x"
    manners = Manners(gap=timedelta(hours=1), robots="ignore")
    hasty.fetch(site.url("/"), manners=manners)
    with pytest.raises(FetchError, match=r"no turn within 0\.3 s") as e:
        hasty.fetch(site.url("/"), manners=manners)
    assert e.value.transient
    assert len(site.requests) == 1


def test_waiting_is_not_the_servers_slowness(site: Loopback, hasty: Fetcher) -> None:
    site.routes["/"] = Reply(body=b"x", delay=0.7 * SOON.total_seconds())
    manners = Manners(gap=0.9 * SOON, robots="ignore")
    for _ in range(2):
        assert hasty.fetch(site.url("/"), manners=manners) is not None


def test_few_requests_at_once(site: Loopback, fetcher: Fetcher) -> None:
    lock = threading.Lock()
    under_way = 0
    most = 0

    def slow(request: Request) -> Reply:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.03)
        with lock:
            under_way -= 1
        return Reply(body=b"x")

    site.routes["/"] = slow
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fetcher.fetch(site.url("/"), manners=QUICK), range(8)))
    assert most == AT_ONCE
    assert site.connections <= AT_ONCE


def test_turns_are_taken_in_order() -> None:
    turns = Turns()
    order: list[int] = []
    for _ in range(AT_ONCE):
        assert turns.take("h", gap=0, patience=1)

    def wait(n: int) -> None:
        assert turns.take("h", gap=0, patience=5)
        order.append(n)
        turns.leave("h")

    threads = [threading.Thread(target=wait, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    turns.leave("h")
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3]


def test_who_gives_up_does_not_block_those_behind() -> None:
    turns = Turns()
    assert turns.take("h", gap=0, patience=1)
    assert not turns.take("h", gap=60, patience=0.02)
    assert turns.take("h", gap=0, patience=1)


# ---------------------------------------------------------------- robots.txt


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        (b"", "/a", True),
        (ALL_IS_FORBIDDEN, "/a", False),
        (b"User-agent: *\nDisallow: /search\n", "/search?q=1", False),
        (b"User-agent: *\nDisallow: /search\n", "/a", True),
        (b"User-agent: watcher\nDisallow: /\n\nUser-agent: *\nDisallow:\n", "/a", False),
        (b"User-agent: watcher\nDisallow:\n\nUser-agent: *\nDisallow: /\n", "/a", True),
        (b"User-agent: Baiduspider\nDisallow: /\n", "/a", True),
        (b"\xef\xbb\xbf" + ALL_IS_FORBIDDEN, "/a", False),
        (b"<html><body>\xb2\xbb\xb4\xe6\xd4\xda</body></html>", "/a", True),
    ],
)
def test_robots_txt(
    rules: bytes, path: str, allowed: bool, site: Loopback, fetcher: Fetcher
) -> None:
    site.routes.update({"/robots.txt": rules, "/a": b"x", "/search": b"x"})
    if allowed:
        assert fetcher.fetch(site.url(path), manners=OBEDIENT) is not None
    else:
        with pytest.raises(FetchError, match=r"robots\.txt disallows .*`robots: ignore`") as e:
            fetcher.fetch(site.url(path), manners=OBEDIENT)
        assert not e.value.transient
        assert site.paths() == ["/robots.txt"]
    assert fetcher.fetch(site.url(path), manners=QUICK) is not None


@pytest.mark.parametrize(
    ("reply", "asked"),
    [
        (Reply(body=b""), 1),
        (Reply(status=403, body=ALL_IS_FORBIDDEN), 1),
        (Reply(status=404), 1),
        (Reply(status=412), 1),
        (redirect("/elsewhere"), 1),
        (Reply(status=429), 2),
        (Reply(status=503), 2),
        (Reply(status=521), 2),
        (Reply(body=b"x" * 9, only=3), 2),
        (Reply(body=bytes(600_000)), 2),
    ],
)
def test_an_outage_of_robots_txt_is_remembered_for_an_hour(
    reply: Reply, asked: int, site: Loopback
) -> None:
    site.routes.update({"/robots.txt": reply, "/a": b"x", "/elsewhere": b""})
    with closing(Fetcher(LOCAL, Clock(rate=60_000))) as fetcher:  # an hour is 0.06 s
        assert fetcher.fetch(site.url("/a"), manners=OBEDIENT) is not None
        time.sleep(0.07)
        assert fetcher.fetch(site.url("/a"), manners=OBEDIENT) is not None
    assert site.paths().count("/robots.txt") == asked


def test_robots_txt_is_read_again_the_next_day(site: Loopback) -> None:
    site.routes.update({"/robots.txt": b"", "/a": b"x"})
    with closing(Fetcher(LOCAL, Clock(rate=864_000))) as fetcher:  # a day is 0.1 s
        assert fetcher.fetch(site.url("/a"), manners=OBEDIENT) is not None
        site.routes["/robots.txt"] = ALL_IS_FORBIDDEN
        time.sleep(0.11)
        with pytest.raises(FetchError, match=r"robots\.txt"):
            fetcher.fetch(site.url("/a"), manners=OBEDIENT)


def test_robots_txt_is_read_once_for_all_threads(site: Loopback, fetcher: Fetcher) -> None:
    site.routes.update({"/robots.txt": Reply(delay=0.05), "/a": b"x"})
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: fetcher.fetch(site.url("/a"), manners=OBEDIENT), range(8)))
    assert site.paths() == ["/robots.txt"] + ["/a"] * 8


def test_robots_txt_of_the_next_host_counts_too(site: Loopback, fetcher: Fetcher) -> None:
    with Loopback({"/robots.txt": ALL_IS_FORBIDDEN, "/": b"x"}, host="127.0.0.2") as other:
        site.routes["/"] = redirect(other.url("/"))
        with pytest.raises(FetchError, match=r"127\.0\.0\.2: robots.txt disallows"):
            fetcher.fetch(site.url("/"), manners=OBEDIENT)
        assert other.paths() == ["/robots.txt"]


def test_a_slow_robots_txt_does_not_use_up_the_pages_time(site: Loopback, hasty: Fetcher) -> None:
    site.routes.update({"/robots.txt": Reply(delay=3), "/a": Reply(body=b"x", delay=0.2)})
    assert hasty.fetch(site.url("/a"), manners=OBEDIENT) is not None


def test_crawl_delay_widens_the_gap(site: Loopback) -> None:
    site.routes.update({"/robots.txt": b"User-agent: *\nCrawl-delay: 5\n", "/a": b"x"})
    with closing(Fetcher(LOCAL, Clock(rate=50))) as fetcher:
        for _ in range(3):
            fetcher.fetch(site.url("/a"), manners=OBEDIENT)
    assert all(pause > 0.09 for pause in starts(site))
