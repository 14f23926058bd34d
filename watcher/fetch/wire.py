"""Sockets for one line of conversation: to guarded addresses only, within a deadline, and cut from outside."""

import select
import socket
import ssl
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore

from watcher.errors import FetchError
from watcher.fetch.guard import Guard, Sockaddr, system_lookup

CONNECT_SECONDS = 20.0
"""Most for one address of a host: the second must get its chance within the deadline."""


_SLACK = 0.02  # seconds by which a deadline may be missed


class Wire(httpcore.NetworkBackend):
    """The network as one borrower sees it: guarded, bounded by `expires`, interruptible.

    httpcore's timeouts are per read; a server that sends a byte a second would never run
    into one. Here every operation gets what is left of the whole.
    """

    def __init__(self, guard: Guard, *, proxy: tuple[str, int] | None = None) -> None:
        self.expires = 0.0
        """On `time.monotonic()`; set by whoever borrows the line."""
        self.connects = 0
        """Connections opened so far: unchanged after a request, it went over an old one."""
        self._guard = guard
        self._proxy = proxy
        self._sockets: set[socket.socket] = set()
        self._cut = False

    def left(self, late: type[httpcore.TimeoutException] = httpcore.ConnectTimeout) -> float:
        """Seconds until the deadline; raises `late` when there are none."""
        if self._cut:
            raise httpcore.NetworkError("cut")
        seconds = self.expires - time.monotonic()
        if seconds <= 0:
            raise late
        return seconds

    def cut(self) -> None:
        """Make whatever is waiting on this line, in another thread, fail at once."""
        self._cut = True
        for sock in list(self._sockets):
            with suppress(OSError):  # closed in the meantime
                # SSLSocket.shutdown would drop its TLS state under the reader's feet
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.connects += 1
        failure = "no address"
        # The operator chose the proxy; it may well stand in the inner network.
        trusted = (host, port) == self._proxy
        lookup = system_lookup if trusted else self._guard.addresses
        try:
            addresses = lookup(host, port)
        except (OSError, UnicodeError) as exc:
            raise FetchError(f"{host}: name does not resolve", transient=True) from exc
        for n, (family, sockaddr) in enumerate(addresses):
            seconds = min(CONNECT_SECONDS, self.left() / (len(addresses) - n))
            try:
                return _Stream(self._connected(family, sockaddr, seconds), self, host)
            except TimeoutError:
                failure = f"no connection within {seconds:.2g} s"
            except OSError as exc:
                failure = (exc.strerror or str(exc)).lower()
        self.left()
        raise FetchError(f"{host}: {failure}", transient=True)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        raise FetchError("unix sockets are not fetched from", transient=False)

    def _connected(
        self, family: socket.AddressFamily, sockaddr: Sockaddr, seconds: float
    ) -> socket.socket:
        sock = socket.socket(family, socket.SOCK_STREAM)
        self.hold(sock)
        try:
            sock.settimeout(min(seconds, self.left()))
            sock.connect(sockaddr)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            self.drop(sock)
            raise
        return sock

    def hold(self, sock: socket.socket) -> None:
        self._sockets.add(sock)

    def drop(self, sock: socket.socket) -> None:
        self._sockets.discard(sock)
        sock.close()

    def swap(self, old: socket.socket, new: socket.socket) -> None:
        self._sockets.add(new)
        self._sockets.discard(old)


class _Stream(httpcore.NetworkStream):
    def __init__(self, sock: socket.socket, wire: Wire, host: str) -> None:
        self._sock = sock
        self._wire = wire
        self._host = host
        self._set = -1.0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._limit(httpcore.ReadTimeout)
            return self._sock.recv(max_bytes)
        except TimeoutError as exc:
            raise httpcore.ReadTimeout from exc
        except OSError as exc:
            raise httpcore.ReadError(str(exc)) from exc

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            while buffer:
                self._limit(httpcore.WriteTimeout)
                buffer = buffer[self._sock.send(buffer) :]
        except TimeoutError as exc:
            raise httpcore.WriteTimeout from exc
        except OSError as exc:
            raise httpcore.WriteError(str(exc)) from exc

    def _limit(self, late: type[httpcore.TimeoutException]) -> None:
        """Give the next operation what is left of the whole; setting it is a system call."""
        seconds = self._wire.left(late)
        if abs(seconds - self._set) > _SLACK:
            self._sock.settimeout(seconds)
            self._set = seconds

    def close(self) -> None:
        self._wire.drop(self._sock)

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        name = server_hostname or self._host
        try:
            # The handshake comes after the swap, so that cut() reaches a socket that shakes hands.
            sock = ssl_context.wrap_socket(
                self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            self._wire.swap(self._sock, sock)
            self._sock = sock
            self._limit(httpcore.ConnectTimeout)
            sock.do_handshake()
        except TimeoutError as exc:
            self.close()
            raise FetchError(f"{name}: no TLS handshake in time", transient=True) from exc
        except OSError as exc:
            self.close()
            raise tls_fault(name, exc) from exc
        except BaseException:
            self.close()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        match info:
            case "ssl_object":
                return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
            case "is_readable":
                return _readable(self._sock)
            case "socket":
                return self._sock
        return None


def _readable(sock: socket.socket) -> bool:
    """Whether an idle connection has something to say, which can only be its end."""
    if sock.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


# What OpenSSL says when a server is too old for today's defaults, and which `tls:` helps.
_REMEDIES = {
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "legacy",
    "DH_KEY_TOO_SMALL": "seclevel1",
    "NO_SHARED_CIPHER": "seclevel1",
    "WRONG_SIGNATURE_TYPE": "seclevel1",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "seclevel1",
}
_WEAK_CERTIFICATE = (66, 67, 68)  # X509_V_ERR_EE_KEY_TOO_SMALL, CA_KEY_TOO_SMALL, CA_MD_TOO_WEAK


def tls_fault(host: str, exc: OSError) -> FetchError:
    if isinstance(exc, ssl.SSLCertVerificationError):
        if exc.verify_code in _WEAK_CERTIFICATE:
            return FetchError(
                f"{host}: TLS certificate not accepted ({exc.verify_message}); "
                "an old server: try `tls: seclevel1` for this source",
                transient=False,
            )
        return FetchError(
            f"{host}: TLS certificate not accepted ({exc.verify_message}); no `tls:` option turns "
            "verification off: add the issuer to this machine's certificates if you trust it",
            transient=False,
        )
    if isinstance(exc, ssl.SSLEOFError | ssl.SSLZeroReturnError) or not isinstance(
        exc, ssl.SSLError
    ):
        return FetchError(f"{host}: connection lost during the TLS handshake", transient=True)
    reason = exc.reason or "unknown reason"
    if reason in _REMEDIES:
        remedy = f"an old server: try `tls: {_REMEDIES[reason]}` for this source"
    else:
        remedy = "if the server is old, try `tls: legacy` or `tls: seclevel1` for this source"
    return FetchError(
        f"{host}: TLS handshake failed ({reason.lower().replace('_', ' ')}); {remedy}",
        transient=False,
    )
