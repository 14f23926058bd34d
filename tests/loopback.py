"""A real HTTP server on loopback, on a thread: the ministry, the mirror or the API of a test.

with Loopback({"/list.html": b"<ul>...</ul>"}) as site:
    fetcher.fetch(site.url("/list.html"))
    site.routes["/list.html"] = Reply(status=500)     # pages change at run time
    assert site.paths() == ["/list.html"]
"""

import email.utils
import gzip
import hashlib
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client asked. `path` holds the query; header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float
    """On `time.monotonic()`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server does about it."""

    status: int = 200
    body: bytes = b""
    headers: Headers = ()
    content_type: str = "text/html; charset=utf-8"
    encoding: str | None = None
    """gzip, deflate or raw-deflate: the body is sent so, and said to be."""
    chunked: bool = False
    delay: float = 0.0
    """Seconds before the answer."""
    drip: float = 0.0
    """Seconds between one byte of the body (or of `raw`) and the next."""
    only: int | None = None
    """Send this many bytes of the body, under a Content-Length for all of it, and hang up."""
    reset: bool = False
    """Hang up hard: before the answer, or after `only` bytes of it."""
    raw: bytes | None = None
    """Send these bytes instead of any answer, and hang up."""


Handler = Callable[[Request], "Reply | bytes"]
Route = bytes | str | Reply | Handler


def redirect(to: str, status: int = 302, headers: Headers = ()) -> Reply:
    return Reply(status=status, headers=(("Location", to), *headers))


def conditional(body: bytes, *, etag: str | None = None, modified: str | None = None) -> Handler:
    """A page that answers 304 to whoever shows its ETag or Last-Modified; by default a hash of it."""
    if etag is None and modified is None:
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    pairs = (("ETag", etag), ("Last-Modified", modified))
    headers = tuple((name, value) for name, value in pairs if value is not None)

    def handle(request: Request) -> Reply:
        if "if-none-match" in request.headers:
            fresh = request.headers["if-none-match"] == etag
        else:
            fresh = modified is not None and request.headers.get("if-modified-since") == modified
        return Reply(status=304, headers=headers) if fresh else Reply(body=body, headers=headers)

    return handle


def too_many(retry_after: str) -> Reply:
    return Reply(status=429, headers=(("Retry-After", retry_after),))


@dataclass
class Loopback:
    """Serve `routes` (path, with or without its query → what to do) while the block lasts.

    Unknown paths are 404. `requests` holds what was asked, in order of arrival.
    """

    routes: dict[str, Route] = field(default_factory=dict)
    host: str = "127.0.0.1"
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._server = _Server(self)
        # A short interval: stopping waits for one of them.
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/") -> str:
        scheme = "http" if self.tls is None else "https"
        return f"{scheme}://{self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        route = self.routes.get(request.path)
        if route is None:
            route = self.routes.get(request.path.partition("?")[0])
        if callable(route):
            route = route(request)
        match route:
            case None:
                return Reply(status=404, body=b"not found")
            case str():
                return Reply(body=route.encode())
            case bytes():
                return Reply(body=route)
        return route


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # joined by server_close
    request_queue_size = 64

    def __init__(self, site: Loopback) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        self.abrupt: set[socket.socket] = set()
        super().__init__((site.host, 0), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        sock, address = super().get_request()
        self.site.connections += 1
        if self.site.tls is not None:
            # The handshake happens on the connection's own thread, at its first read.
            sock = self.site.tls.wrap_socket(sock, server_side=True, do_handshake_on_connect=False)
        self._open.add(sock)
        return sock, address

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        if request in self.abrupt:
            self.abrupt.discard(request)
            self.close_request(request)  # without the polite half-close: the client sees a reset
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up or refuses our certificate is a situation, not a fault."""

    def hang_up(self) -> None:
        for sock in list(self._open):
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body, written apart, wait 40 ms for each other
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def handle_one_request(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
            at=time.monotonic(),
        )
        self._send(self.server.site.answer(request))

    def _send(self, reply: Reply) -> None:
        wait = self.server.site.stopping.wait
        if reply.delay:
            wait(reply.delay)
        if reply.raw is not None:
            self._trickle(reply.raw, reply.drip)
            self.close_connection = True
            return
        if reply.reset and reply.only is None:
            self._reset()
            return
        body = _encoded(reply)
        self.wfile.write(self._head(reply, len(body)))
        if self.command == "HEAD":
            return
        if reply.only is not None:
            self.wfile.write(body[: reply.only])
            if reply.reset:
                wait(0.05)  # a reset overtakes bytes that were not read yet
                self._reset()
            self.close_connection = True
        elif reply.chunked:
            for part in (body[: len(body) // 2], body[len(body) // 2 :]):
                if part:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self._trickle(body, reply.drip)

    def _trickle(self, data: bytes, drip: float) -> None:
        if not drip:
            self.wfile.write(data)
            return
        for n in range(len(data)):
            self.wfile.write(data[n : n + 1])
            if self.server.site.stopping.wait(drip):
                break

    def _head(self, reply: Reply, length: int) -> bytes:
        pairs = [("Date", email.utils.formatdate(usegmt=True))]
        if reply.status != 304:
            pairs.append(("Content-Type", reply.content_type))
            framing = ("Transfer-Encoding", "chunked")
            pairs.append(framing if reply.chunked else ("Content-Length", str(length)))
        if reply.encoding is not None:
            pairs.append(("Content-Encoding", reply.encoding.removeprefix("raw-")))
        names = {name.lower() for name, _ in reply.headers}
        pairs = [pair for pair in pairs if pair[0].lower() not in names] + list(reply.headers)
        lines = [f"HTTP/1.1 {reply.status} -", *(f"{name}: {value}" for name, value in pairs)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _reset(self) -> None:
        linger_none = b"\x01\x00\x00\x00\x00\x00\x00\x00"
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_none)
        self.server.abrupt.add(self.connection)
        self.close_connection = True


def _encoded(reply: Reply) -> bytes:
    match reply.encoding:
        case "gzip":
            return gzip.compress(reply.body, mtime=0)
        case "deflate":
            return zlib.compress(reply.body)
        case "raw-deflate":
            deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
            return deflater.compress(reply.body) + deflater.flush()
    return reply.body
