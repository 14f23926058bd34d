"""A connection to an IMAP server: in time, within bounds, and its failures in words.

imaplib and imap_tools are known here and in `folder`. Of imap_tools, `fetch` and `flag` are not
used: the one takes letters of any size, and the other expunges, which deletes what somebody else
had marked for deletion.
"""

import imaplib
import io
import ipaddress
import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError

from watcher.errors import FetchError
from watcher.fetch.wire import tls_fault
from watcher.settings import Secret
from watcher.text import one_line

CONNECT_SECONDS = 10.0
BYE_SECONDS = 2.0
WORDS = 1_000_000
"""Bytes of an answer that brings no letters."""


class Patience:
    """How long a session may take, on the real clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.expires = time.monotonic() + seconds

    def left(self) -> float:
        left = self.expires - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


# ---------------------------------------------------------------- the connection


class _Flood(Exception):
    """An answer longer than what was asked for can be."""


class _Lost(Exception):
    """The connection ended in the middle."""


class _Bye(Exception):
    """The server takes its leave, in its own words."""


class _Ear(io.RawIOBase):
    """The receiving half of a line: what comes must come in time, and within the allowance."""

    def __init__(self, line: "Line") -> None:
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.sock.settimeout(self._line.patience.left())
        count = self._line.sock.recv_into(buffer)
        self._line.allowance -= count
        if self._line.allowance < 0:
            raise _Flood
        return count


class Line(imaplib.IMAP4):
    """imaplib over a connection that ends in time and hears no more than it has asked for.

    imaplib itself makes room for whatever size is announced, and waits anew for every byte.
    """

    def __init__(
        self, host: str, port: int, patience: Patience, context: ssl.SSLContext | None
    ) -> None:
        self.patience = patience
        self.allowance = WORDS
        self.leaving = False
        self._context = context
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        seconds = min(CONNECT_SECONDS, self.patience.left())
        try:
            self.sock = socket.create_connection((host, port), seconds)
        except TimeoutError:
            raise FetchError(
                f"{host}: no connection to the mail server within {seconds:g} s", transient=True
            ) from None
        self._stream = io.BufferedReader(_Ear(self))
        if self._context is not None:
            self.secure(self._context)

    def secure(self, context: ssl.SSLContext) -> None:
        """Go on over TLS. What was received before it is dropped: anyone can have said that."""
        try:
            self.sock = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.settimeout(self.patience.left())
            self.sock.do_handshake()
        except BaseException as exc:
            self.shutdown()
            if isinstance(exc, OSError) and not isinstance(exc, TimeoutError):
                raise tls_fault(self.host, exc) from None
            raise
        self._stream = io.BufferedReader(_Ear(self))

    @property
    def local(self) -> bool:
        """Whether the server is on this very machine."""
        return ipaddress.ip_address(self.sock.getpeername()[0].partition("%")[0]).is_loopback

    def learn(self) -> None:
        """Ask anew what the server can do: TLS and the login change it."""
        _, said = self.capability()
        self.capabilities = tuple(str(said[-1] or b"", "ascii").upper().split())

    def read(self, size: int) -> bytes:
        if size > self.allowance:
            raise _Flood
        data = self._stream.read(size)
        if len(data) < size:
            raise _Lost
        return data

    def readline(self) -> bytes:
        line = self._stream.readline()
        if not line.endswith(b"\n"):
            raise _Lost
        if line[:5].upper() == b"* BYE" and not self.leaving:
            raise _Bye(quoted(line[5:]))
        return line

    def send(self, data: Any) -> None:
        self.sock.settimeout(self.patience.left())
        try:
            self.sock.sendall(data)
        except OSError:
            raise _Lost from None

    def shutdown(self) -> None:
        self._stream.close()
        self.sock.close()

    def leave(self) -> None:
        """Say good-bye, and hang up whatever is answered."""
        self.leaving, self.allowance, self.patience = True, WORDS, Patience(BYE_SECONDS)
        with suppress(*_FAULTS):
            self.logout()
        self.shutdown()


class Box(BaseMailBox):
    """A session that has logged in."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._line

    def ask(
        self, command: str, *words: str, allowance: int = WORDS
    ) -> tuple[bool, Sequence[bytes | tuple[bytes, bytes] | None]]:
        """Give a command that speaks of letters by UID; whether the server did it, and what it said.

        What it said is in imaplib's form: a pair for each literal, and the rest of each line.
        """
        self._line.allowance = allowance
        status, said = self._line.uid(command, *words)
        return status == "OK", said


# ---------------------------------------------------------------- faults in words

_FAULTS = (
    OSError,
    imaplib.IMAP4.error,
    ImapToolsError,
    _Flood,
    _Lost,
    _Bye,
    # what imaplib lets through when a server talks nonsense
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
)


@contextmanager
def in_words(host: str, password: Secret, patience: Patience) -> Iterator[None]:
    """Turn every failure of a session into a FetchError that says what happened."""
    try:
        yield
    except _FAULTS as exc:  # not chained: it may quote a command, and a command the password
        words, transient = _fault(patience, exc)
        raise FetchError(censored(f"{host}: {words}", password), transient=transient) from None


def _fault(patience: Patience, exc: Exception) -> tuple[str, bool]:
    """What went wrong, and whether asking again may help."""
    if isinstance(exc, TimeoutError) or time.monotonic() >= patience.expires:
        return f"the mail server did not answer in full within {patience.seconds:g} s", True
    match exc:
        case _Flood():
            return "the mail server sends more than it was asked for", False
        case _Bye():
            return f"the mail server hung up: {exc}", True
        case _Lost() | ConnectionResetError() | ssl.SSLError():
            return "connection to the mail server lost in the middle", True
        case socket.gaierror() | UnicodeError():
            return "name does not resolve", True
        case OSError():
            return f"mail server not reached: {(exc.strerror or str(exc)).lower()}", True
    return f"the mail server does not answer in IMAP: {quoted(str(exc))}", True


def quoted(said: object) -> str:
    """A server's words on one line, cut short."""
    if isinstance(said, list | tuple) and said:
        said = said[-1]
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return one_line(text)[:160]


def censored(words: str, password: Secret) -> str:
    """`words` without the password: a server may have repeated it."""
    return words.replace(password.reveal(), "…") if password.reveal() else words
