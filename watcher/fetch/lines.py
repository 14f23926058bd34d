"""Lines to servers: one httpx transport per origin and kind of TLS, lent to one thread at a time.

One client for many hosts walks its whole pool at every request, 22 ms of CPU at 500 hosts; and
an HTTP/2 connection of httpcore shared by threads makes one wait beyond its deadline on the
other's read.
"""

import ssl
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import certifi
import httpcore

from watcher.errors import FetchError
from watcher.fetch.guard import Guard
from watcher.fetch.transport import Transport
from watcher.fetch.wire import Wire

IDLE_LINES = 128
KEEPALIVE_SECONDS = 15.0


class _SharedContext(ssl.SSLContext):
    """A context that many threads connect with.

    httpcore sets the ALPN protocols anew before every handshake; OpenSSL frees the old
    list while another thread may be copying it. Here the first call is the only one.
    """

    _alpn: tuple[str, ...] | None = None

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        wanted = tuple(alpn_protocols)
        if wanted != self._alpn:
            self._alpn = wanted
            super().set_alpn_protocols(wanted)


def _default(context: ssl.SSLContext) -> None:
    pass


def _legacy(context: ssl.SSLContext) -> None:
    context.options |= 0x4  # OP_LEGACY_SERVER_CONNECT, named in ssl since Python 3.12


def _seclevel1(context: ssl.SSLContext) -> None:
    context.set_ciphers("DEFAULT@SECLEVEL=1")


TLS_KINDS: dict[str, Callable[[ssl.SSLContext], None]] = {
    "default": _default,
    "legacy": _legacy,
    "seclevel1": _seclevel1,
}


def tls_context(kind: str) -> ssl.SSLContext:
    """Return a verifying context: the machine's own certificates and Mozilla's."""
    context = _SharedContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies chain and host name
    context.load_default_certs()  # honours SSL_CERT_FILE and SSL_CERT_DIR
    context.load_verify_locations(certifi.where())
    TLS_KINDS[kind](context)
    return context


@dataclass(frozen=True, slots=True)
class Origin:
    scheme: str
    host: str
    port: int
    tls: str


class Line:
    """A transport to one origin with the wire beneath it; for one thread at a time."""

    def __init__(self, origin: Origin, wire: Wire, pool: httpcore.ConnectionPool) -> None:
        self.origin = origin
        self.wire = wire
        self.transport = Transport(pool.create_connection, wire)


class Lines:
    """Idle lines, the least recently used dropped first, and those lent out."""

    def __init__(self, guard: Guard, proxy: str | None) -> None:
        self._guard = guard
        self._proxy = _proxy_from(proxy) if proxy else None
        self._lock = threading.Lock()
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._idle: OrderedDict[Origin, list[Line]] = OrderedDict()
        self._lent: set[Line] = set()
        self._closed = False

    def borrow(self, origin: Origin) -> Line:
        """Return a line that nobody else uses; FetchError once closed."""
        with self._lock:
            if self._closed:
                raise FetchError(f"{origin.host}: not asked, watcher is stopping", transient=True)
            idle = self._idle.get(origin)
            line = idle.pop() if idle else self._new(origin)
            if not idle:
                self._idle.pop(origin, None)
            self._lent.add(line)
            return line

    def give_back(self, line: Line, *, sound: bool) -> None:
        """Take a line back; one that failed is not used again."""
        dropped = []
        with self._lock:
            self._lent.discard(line)
            if sound and not self._closed:
                self._idle.setdefault(line.origin, []).append(line)
                self._idle.move_to_end(line.origin)
                if len(self._idle) > IDLE_LINES:
                    dropped = self._idle.popitem(last=False)[1]
            else:
                dropped = [line]
        for old in dropped:
            old.transport.close()

    def close(self) -> None:
        """Close what is idle, cut what is lent; the borrowers fail and give back."""
        with self._lock:
            self._closed = True
            idle = [line for lines in self._idle.values() for line in lines]
            self._idle.clear()
            lent = list(self._lent)
        for line in lent:
            line.wire.cut()
        for line in idle:
            line.transport.close()

    def _new(self, origin: Origin) -> Line:
        context: ssl.SSLContext | None = None
        if origin.scheme == "https":  # making one costs 20 ms
            if origin.tls not in self._contexts:
                self._contexts[origin.tls] = tls_context(origin.tls)
            context = self._contexts[origin.tls]
        if self._proxy is None:
            wire = Wire(self._guard)
            pool = httpcore.ConnectionPool(
                ssl_context=context,
                max_connections=1,
                keepalive_expiry=KEEPALIVE_SECONDS,
                http2=True,
                network_backend=wire,
            )
        else:
            wire = Wire(self._guard, proxy=(self._proxy.host, self._proxy.port))
            pool = httpcore.HTTPProxy(
                proxy_url=httpcore.URL(
                    scheme="http", host=self._proxy.host, port=self._proxy.port, target="/"
                ),
                proxy_auth=self._proxy.auth,
                ssl_context=context,
                max_connections=1,
                keepalive_expiry=KEEPALIVE_SECONDS,
                http2=True,
                network_backend=wire,
            )
        return Line(origin, wire, pool)


@dataclass(frozen=True, slots=True)
class _Proxy:
    host: str
    port: int
    auth: tuple[str, str] | None


def _proxy_from(url: str) -> _Proxy:
    """Read a proxy's address; ValueError for what is not http://HOST[:PORT]."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise ValueError("network.proxy must be http://HOST:PORT")  # it may hold a password
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return _Proxy(parts.hostname, parts.port or 80, auth)
