"""The address guard: which addresses are nobody's inner network, and that the checked one is used."""

import ipaddress
import socket
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta

import pytest

from tests.fetch.conftest import QUICK
from tests.loopback import Loopback, redirect
from watcher.clock import Clock
from watcher.errors import FetchError
from watcher.fetch import Fetcher
from watcher.fetch.guard import Guard, Sockaddr, is_public
from watcher.fetch.wire import Wire
from watcher.settings import Network

PUBLIC = [
    "1.1.1.1",
    "121.9.243.104",
    "2400:3200::1",  # a Chinese resolver
    "2001:4860:4860::8888",
    "::ffff:1.1.1.1",  # IPv4-mapped
    "64:ff9b::101:101",  # the same behind NAT64
    "2002:101:101::1",  # the same over 6to4
]
INNER = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # clouds' metadata
    "100.64.0.1",  # CGNAT
    "100.100.100.200",  # a Chinese cloud's metadata
    "192.0.2.1",  # documentation
    "198.18.0.1",  # benchmarks
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",  # IPv4-compatible 127.0.0.1
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:100.64.0.1",
    "64:ff9b::a9fe:a9fe",  # 169.254.169.254 behind NAT64
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",  # a network's own NAT64
    "2002:7f00:1::1",  # 127.0.0.1 over 6to4
    "2002:a9fe:a9fe::",
    "2001:0:7f00:1::1",  # Teredo, server 127.0.0.1
    "2001:0:101:101:0:0:80ff:fffe",  # Teredo, client 127.0.0.1
    "2400:3200::5efe:a9fe:a9fe",  # ISATAP
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",  # a cloud's metadata
    "ff02::1",
    "2001:db8::1",
    "4000::1",  # nobody has it
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_refused(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))
    assert not Guard().permits(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("allowed", "address", "permitted"),
    [
        ("127.0.0.0/8", "127.0.0.1", True),
        ("127.0.0.0/8", "::ffff:127.0.0.1", True),
        ("127.0.0.0/8", "64:ff9b::7f00:1", True),
        ("127.0.0.0/8", "::1", False),
        ("127.0.0.0/8", "10.0.0.1", False),
        ("10.20.0.0/16", "10.20.3.4", True),
        ("10.20.0.0/16", "10.21.3.4", False),
        ("10.20.0.1/16", "10.20.3.4", True),  # host bits set: the network is meant
        ("fd00::/8", "fd12::1", True),
        ("127.0.0.0/8", "1.1.1.1", True),
    ],
)
def test_the_operator_may_allow_networks(allowed: str, address: str, permitted: bool) -> None:
    assert Guard([allowed]).permits(ipaddress.ip_address(address)) is permitted


class FakeNames:
    """A resolver whose answers change from one question to the next."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> Sequence[tuple[socket.AddressFamily, Sockaddr]]:
        self.asked.append(host)
        return [(socket.AF_INET, (address, port)) for address in self.answers.pop(0)]


def test_the_connection_goes_to_the_address_that_was_checked(site: Loopback) -> None:
    names = FakeNames(["127.0.0.1"], ["169.254.169.254"])
    wire = Wire(Guard(["127.0.0.1/32"], lookup=names))
    wire.expires = time.monotonic() + 5
    stream = wire.connect_tcp("ministry.test", site.port)
    peer = stream.get_extra_info("socket").getpeername()
    stream.close()
    assert peer == ("127.0.0.1", site.port)
    assert names.asked == ["ministry.test"]


def test_inner_addresses_among_public_ones_are_passed_over() -> None:
    guard = Guard(lookup=FakeNames(["10.0.0.1", "1.1.1.1"]))
    assert guard.addresses("ministry.test", 80) == [(socket.AF_INET, ("1.1.1.1", 80))]


def test_a_refusal_names_host_address_and_remedy() -> None:
    guard = Guard(lookup=FakeNames(["10.0.0.7"]))
    with pytest.raises(
        FetchError, match=r"ministry\.test.*10\.0\.0\.7.*network\.allow_addresses"
    ) as e:
        guard.addresses("ministry.test", 80)
    assert not e.value.transient


def test_unix_sockets_are_refused() -> None:
    with pytest.raises(FetchError, match="unix sockets"):
        Wire(Guard()).connect_unix_socket("/run/docker.sock")


@pytest.mark.parametrize(
    "spelling",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "169.254.169.254",
    ],
)
def test_every_spelling_of_an_inner_address_is_refused(spelling: str, site: Loopback) -> None:
    with (
        closing(Fetcher(Network(), Clock(), deadline=timedelta(seconds=2))) as fetcher,
        pytest.raises(FetchError, match=r"is not a public one.*allow_addresses") as e,
    ):
        fetcher.fetch(f"http://{spelling}:{site.port}/", manners=QUICK)
    assert not e.value.transient
    assert site.connections == 0


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/meta-data", "http://localhost:{port}/"]
)
def test_every_hop_is_guarded(to: str) -> None:
    only = Network(allow_addresses=("127.0.0.2/32",))
    with Loopback(host="127.0.0.2") as site, Loopback() as inner:
        site.routes["/"] = redirect(to.format(port=inner.port))
        with (
            closing(Fetcher(only, Clock(), deadline=timedelta(seconds=2))) as fetcher,
            pytest.raises(FetchError, match="is not a public one") as e,
        ):
            fetcher.fetch(site.url("/"), manners=QUICK)
        assert not e.value.transient
        assert inner.connections == 0
