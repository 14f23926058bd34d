"""Behind a proxy: the operator's proxy is trusted, the addresses it is asked for are not."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from tests.fetch.conftest import QUICK
from tests.loopback import Loopback
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.settings import Network


@pytest.fixture
def proxied(site: Loopback) -> Iterator[Fetcher]:
    network = Network(proxy=site.url("").replace("//", "//ops:hunter2@"))
    with closing(Fetcher(network, Clock(), deadline=timedelta(seconds=2))) as fetcher:
        yield fetcher


def test_names_that_only_the_proxy_resolves(site: Loopback, proxied: Fetcher) -> None:
    site.routes["http://ministry.invalid/list"] = b"there"
    page = proxied.fetch("http://ministry.invalid/list#7", manners=QUICK)
    assert page is not None
    assert (page.url, page.body) == ("http://ministry.invalid/list#7", b"there")
    assert site.requests[0].headers["proxy-authorization"] == "Basic b3BzOmh1bnRlcjI="


@pytest.mark.parametrize("host", ["169.254.169.254", "localhost", "127.0.0.1", "[::1]"])
def test_inner_addresses_are_refused_before_the_proxy_is_asked(
    host: str, site: Loopback, proxied: Fetcher
) -> None:
    with pytest.raises(FetchError, match="is not a public one") as e:
        proxied.fetch(f"http://{host}:{site.port}/", manners=QUICK)
    assert not e.value.transient
    assert site.connections == 0


def test_a_proxy_that_refuses(site: Loopback, proxied: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"ministry\.invalid: the proxy refused: 404") as e:
        proxied.fetch("https://ministry.invalid/", manners=QUICK)
    assert e.value.transient
    assert "hunter2" not in str(e.value)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1080", "https://127.0.0.1", "127.0.0.1:80"])
def test_other_kinds_of_proxy(proxy: str) -> None:
    with pytest.raises(ValueError, match=r"network\.proxy must be http://HOST:PORT"):
        Fetcher(Network(proxy=proxy), Clock())
