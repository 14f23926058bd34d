"""The body of one answer as it comes in: counted, inflated, and never beyond its limit.

Thirty megabytes of zeros travel as thirty kilobytes, and a library's own decoder may
hand them over in one piece; here the bound holds at every step.
"""

import zlib

from watcher.errors import FetchError

_GZIP = 16 + zlib.MAX_WBITS
_PLAIN = ("", "identity")
_ENCODINGS = (*_PLAIN, "gzip", "x-gzip", "deflate")
_GZIP_MAGIC = b"\x1f\x8b"
_MEMBERS = 100  # a million empty ones would be minutes of work


class Body:
    """Bytes of one answer, taken in by `feed` and given out by `finish`.

    Both raise FetchError: too large (final), an encoding that was not asked for (final),
    broken or cut off (transient).
    """

    def __init__(self, host: str, encoding: str, limit: int) -> None:
        self.received = 0
        """Bytes so far as they came over the network."""
        self._host = host
        self._limit = limit
        self._encoding = encoding.strip().lower()
        self._size = 0
        self._parts: list[bytes] = []
        self._inflater: zlib._Decompress | None = None
        self._pending = b""  # too few bytes to tell what begins with them
        self._ended = 0  # gzip members, or the one deflate stream
        if self._encoding not in _ENCODINGS:
            raise FetchError(
                f"{host}: content encoding {encoding[:40]!r} was not asked for", transient=False
            )

    def announce(self, length: str | None) -> None:
        """Refuse by Content-Length what would be too large, before it is sent."""
        if length is not None and length.isdecimal() and int(length) > self._limit:
            self._refuse()

    def feed(self, chunk: bytes) -> None:
        self.received += len(chunk)
        if self.received > self._limit:
            self._refuse()
        if self._encoding in _PLAIN:
            self._keep(chunk)
            return
        try:
            self._inflate(self._pending + chunk)
        except zlib.error as exc:
            raise FetchError(
                f"{self._host}: body is not the {self._encoding} it is said to be", transient=True
            ) from exc

    def finish(self) -> bytes:
        """Return the whole body."""
        whole = self._encoding in _PLAIN or (self._ended > 0 and self._inflater is None)
        if self.received and not whole:
            raise FetchError(
                f"{self._host}: {self._encoding} body cut off after {self.received} bytes",
                transient=True,
            )
        return b"".join(self._parts)

    def _inflate(self, data: bytes) -> None:
        self._pending = b""
        while data:
            if self._inflater is None:
                if len(data) < 2:
                    self._pending = data
                    return
                # A gzip file may have several members (RFC 1952, 2.2); anything else that
                # comes after the end is padding.
                if self._ended and (self._encoding == "deflate" or data[:2] != _GZIP_MAGIC):
                    return
                bits = _deflate_bits(data) if self._encoding == "deflate" else _GZIP
                self._inflater = zlib.decompressobj(bits)
            # One byte above the limit is enough to know that it is crossed; 0 would mean all.
            self._keep(self._inflater.decompress(data, self._limit - self._size + 1))
            data = self._inflater.unconsumed_tail
            if self._inflater.eof:
                data = self._inflater.unused_data
                self._inflater = None
                self._ended += 1
                if self._ended > _MEMBERS:
                    raise zlib.error("too many members")

    def _keep(self, part: bytes) -> None:
        self._size += len(part)
        if self._size > self._limit:
            self._refuse()
        self._parts.append(part)

    def _refuse(self) -> None:
        raise FetchError(f"{self._host}: larger than {self._limit / 1e6:g} MB", transient=False)


def _deflate_bits(head: bytes) -> int:
    """The window bits that read a deflate body: with a zlib header (RFC 1950), or raw.

    HTTP means the first by "deflate", some servers send the second (RFC 9110, 8.4.1.2).
    """
    is_zlib = head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
