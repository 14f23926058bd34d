"""httpx on top, our own network beneath: one `httpx.Client` over one connection pool of httpcore.

httpx has no public way to be given a network backend, and the guard, the deadline and the
cutting off are in the backend (see `Wire`); so the pool is built here and httpx asks it through
a transport.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar

import httpcore
import httpx

from watcher.fetch.wire import Wire

# Its one line below WARNING tells the whole address of every request, whatever stands in it.
logging.getLogger("httpx").addFilter(lambda record: record.levelno >= logging.WARNING)


def client(pool: httpcore.ConnectionPool, wire: Wire) -> httpx.Client:
    """Return a client that sends what it is given, as it is, and does nothing of its own accord.

    No redirects, cookies, proxies or passwords from the environment. Send with `stream=True`
    and read with `iter_raw`: httpx inflates without a bound.
    """
    return httpx.Client(
        transport=_Transport(pool, wire),
        cookies=_NoCookies(),
        follow_redirects=False,
        timeout=None,  # noqa: S113  # the wire has the deadline of the whole
        trust_env=False,
    )


class _Transport(httpx.BaseTransport):
    def __init__(self, pool: httpcore.ConnectionPool, wire: Wire) -> None:
        self._pool = pool
        self._wire = wire

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of its answer.

        A kept connection may have been dropped by the server while nobody looked. That says
        nothing of the server: ask once more over a new one. Only a GET comes this way.
        """
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
        )
        connects = self._wire.connects
        with _as_httpx():
            try:
                answer = self._pool.handle_request(asked)
            except (httpcore.RemoteProtocolError, httpcore.NetworkError):
                if self._wire.connects != connects:
                    raise
                answer = self._pool.handle_request(asked)
        return _Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Response(httpx.Response):
    @property
    def has_redirect_location(self) -> bool:
        """Never: httpx reads a Location even when it is not to follow it, and fails at a bad one."""
        return False


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        with _as_httpx():
            self._answer.close()


class _NoCookies(CookieJar):
    """A client keeps the cookies of all answers; here they are kept by host, where wanted."""

    def extract_cookies(self, response: object, request: object) -> None:
        pass


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Raise httpx's exception of the same name for one of httpcore's."""
    try:
        yield
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.TimeoutException,
        httpcore.UnsupportedProtocol,
    ) as exc:
        raise getattr(httpx, type(exc).__name__)(str(exc)) from exc
