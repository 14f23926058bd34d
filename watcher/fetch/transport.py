"""httpx on top, our own network beneath: one httpx transport over one connection of httpcore.

httpx has no public way to be given a network backend, and the guard, the deadline and the
cutting off are in the backend (see `Wire`). It is asked at its transport: an `httpx.Client` above
would do nothing that is wanted (redirects, cookies, passwords and hooks are ours or nobody's),
for as much CPU again as the request costs, and so would httpcore's pool, for a fifth.
"""

from collections.abc import Callable, Iterator

import httpcore
import httpx

from watcher.fetch.wire import Wire


class Transport(httpx.BaseTransport):
    """Sends what it is given, as it is, and hands over what comes back, unread.

    For one thread at a time, and one answer: read it to its end or close the response
    before the next request. Read with `iter_raw`: httpx inflates without a bound.
    """

    def __init__(
        self, connect: Callable[[httpcore.Origin], httpcore.ConnectionInterface], wire: Wire
    ) -> None:
        self._connect = connect
        self._wire = wire
        self._kept: httpcore.ConnectionInterface | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read the head of its answer.

        A kept connection may have been dropped by the server while nobody looked. That says
        nothing of the server: ask once more over a new one. Only a GET comes this way, or a POST by
        which a rendered page's script reads.
        """
        url = request.url
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
        )
        connects = self._wire.connects
        try:
            try:
                answer = self._connection(asked).handle_request(asked)
            except _DROPPED:
                if self._wire.connects != connects:
                    raise
                self.close()
                answer = self._connection(asked).handle_request(asked)
        except _FAULTS as exc:
            raise _as_httpx(exc) from exc
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _connection(self, request: httpcore.Request) -> httpcore.ConnectionInterface:
        if self._kept is not None and (self._kept.is_closed() or self._kept.has_expired()):
            self.close()
        if self._kept is None:
            self._kept = self._connect(request.url.origin)
        return self._kept


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._answer.iter_stream()
        except _FAULTS as exc:
            raise _as_httpx(exc) from exc

    def close(self) -> None:
        try:
            self._answer.close()
        except _FAULTS as exc:
            raise _as_httpx(exc) from exc


_DROPPED = (
    httpcore.RemoteProtocolError,
    httpcore.NetworkError,
    httpcore.ConnectionNotAvailable,  # HTTP/2: the server has said goodbye
)
_FAULTS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
)


def _as_httpx(exc: Exception) -> httpx.TransportError:
    """httpx's exception of the same name for one of httpcore's."""
    kind: type[httpx.TransportError] = getattr(httpx, type(exc).__name__)
    return kind(str(exc))
