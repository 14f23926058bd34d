"""Which addresses may be connected to: public ones, and what the operator allows. Resolves once, so that what was checked is what is used.

Scraped pages choose the addresses we fetch (links, redirects, attachments). Without this
guard any of them could point us at a cloud's metadata service or at the operator's own network.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from watcher.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Sockaddr = tuple[Any, ...]
"""What `socket.connect` takes: (address, port) or (address, port, flow, scope)."""
Lookup = Callable[[str, int], Sequence[tuple[socket.AddressFamily, Sockaddr]]]

_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA has given out as global unicast
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052; 64:ff9b:1::/48 is for local use
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214, 6.1: the upper half of an interface identifier


def system_lookup(host: str, port: int) -> list[tuple[socket.AddressFamily, Sockaddr]]:
    """Ask the system's resolver; raises OSError or UnicodeError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys((family, sockaddr) for family, _, _, _, sockaddr in found))


def embedded(address: Address) -> Iterator[Address]:
    """The IPv4 addresses that packets to an IPv6 address may end up at."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    number = int(address)
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    elif address in _NAT64 or number >> 32 == 0:  # the latter: IPv4-compatible, RFC 4291, 2.5.5.1
        yield ipaddress.IPv4Address(number & 0xFFFFFFFF)
    elif address.sixtofour is not None:
        yield address.sixtofour
    elif address.teredo is not None:
        yield from address.teredo
    elif (number >> 32) & 0xFFFFFFFF in _ISATAP:
        yield ipaddress.IPv4Address(number & 0xFFFFFFFF)


# Inner by use, whatever `is_global` of this Python says: IETF assignments (Oracle's metadata server
# among them), Azure's wire server, 6to4 relays, documentation (RFC 9637).
_INNER = [
    ipaddress.ip_network(cidr)
    for cidr in ("192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24", "3fff::/20")
]


def is_public(address: Address) -> bool:
    """Whether an address is reachable from anywhere, and so nobody's inner network.

    `is_global` alone takes multicast (224.0.0.1, ff02::1), site-local (fec0::1) and
    unallocated IPv6 space for global, and does not look into embedded IPv4 addresses.
    """
    inner = list(embedded(address))
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None or address in _NAT64:
            return all(map(is_public, inner))
        if address not in _UNICAST:
            return False
    if any(address in network for network in _INNER if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and all(map(is_public, inner))


class Guard:
    """Resolve names and refuse what is neither public nor in one of the `allowed` CIDRs.

    A refusal is FetchError(transient=False); a name that does not resolve is a transient one.
    Behind a proxy the guard sees only what a name means *here*: the proxy resolves it again
    and may get another answer, so its own rules have to keep inner addresses out.
    """

    def __init__(self, allowed: Sequence[str] = (), *, lookup: Lookup = system_lookup) -> None:
        self._allowed = [ipaddress.ip_network(cidr, strict=False) for cidr in allowed]
        self._lookup = lookup

    def permits(self, address: Address) -> bool:
        candidates = (address, *embedded(address))
        return is_public(address) or any(c in net for net in self._allowed for c in candidates)

    def addresses(self, host: str, port: int) -> list[tuple[socket.AddressFamily, Sockaddr]]:
        """Return the socket addresses of `host` that may be connected to; at least one."""
        try:
            found = self._lookup(host, port)
        except (OSError, UnicodeError) as exc:
            raise FetchError(
                f"{host}: name does not resolve ({_why(exc)})", transient=True
            ) from exc
        good = [pair for pair in found if self.permits(ipaddress.ip_address(pair[1][0]))]
        if not good:
            shown = ", ".join(sorted({str(sockaddr[0]) for _, sockaddr in found})) or "none"
            raise FetchError(
                f"{host}: address {shown} is not a public one; "
                "if this source is in your own network, add it to network.allow_addresses",
                transient=False,
            )
        return good

    def check_behind_proxy(self, host: str, port: int) -> None:
        """Refuse what is known here to be an inner address.

        A name that does not resolve here passes: where a proxy is needed, often the proxy
        alone can resolve outer names, while inner ones are known to the local resolver.
        """
        try:
            self.addresses(host, port)
        except FetchError as exc:
            if not exc.transient:
                raise


def _why(exc: Exception) -> str:
    return str(getattr(exc, "strerror", None) or exc).lower()
