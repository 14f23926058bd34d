"""An IMAP server on loopback that says what it is told to, for what no honest server does.

with Liar({"LOGIN": b"%t NO [UNAVAILABLE] later\r\n"}) as server:
    read_mailbox(server.url, ...)
    assert "LOGIN" in server.heard[1]

The first key that stands in a command (without its tag) gives the answer; `%t` is the tag. An
answer of None is silence; at HANG_UP the connection ends. A letter is there, of UID 1.
"""

import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Self

HANG_UP = b"\x00hang up\x00"
LETTER = b"From: Ministry <news@lamps.example>\r\nSubject: one\r\n\r\nlight\r\n"
_HONEST: dict[str, bytes | None] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%t OK done\r\n",
    "LOGIN": b"%t OK done\r\n",
    "LIST": b'* LIST (\\HasNoChildren) "/" INBOX\r\n%t OK done\r\n',
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n%t OK [READ-ONLY] done\r\n",
    "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n%t OK [READ-WRITE] done\r\n",
    "UID SEARCH": b"* SEARCH 1\r\n%t OK done\r\n",
    "RFC822.SIZE": b"* 1 FETCH (UID 1 RFC822.SIZE %d BODY[HEADER.FIELDS (FROM)]<0> {37}\r\n%s)\r\n%%t OK done\r\n"
    % (len(LETTER), LETTER[:37]),
    "BODY.PEEK[]": b"* 1 FETCH (UID 1 BODY[]<0> {%d}\r\n%s)\r\n%%t OK done\r\n"
    % (len(LETTER), LETTER),
    "LOGOUT": b"* BYE\r\n%t OK done\r\n",
}


class Liar:
    def __init__(
        self,
        answers: Mapping[str, bytes | None] | None = None,
        *,
        greeting: bytes | None = b"* OK ready\r\n",
        tls: ssl.SSLContext | None = None,
        drip: float = 0.0,
    ) -> None:
        self.answers = {**(answers or {})}
        self.greeting = greeting
        self.tls = tls
        """For STARTTLS, when an answer to it is given."""
        self.drip = drip
        """Seconds between one byte and the next."""
        self.heard: list[str] = []
        self._stopping = threading.Event()
        self._open: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"imap://127.0.0.1:{self._server.getsockname()[1]}/INBOX"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        with suppress(OSError):  # wakes accept
            self._server.shutdown(socket.SHUT_RDWR)
        for line in list(self._open):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            self._open.append(line)
            with suppress(OSError):
                self._talk(line)
            for sock in self._open:
                sock.close()
            self._open.clear()

    def _talk(self, line: socket.socket) -> None:
        self._send(line, self.greeting, b"")
        reader = line.makefile("rb")
        while command := reader.readline():
            tag, _, words = command.decode("latin-1").strip().partition(" ")
            self.heard.append(words)
            known = {**self.answers, **{k: v for k, v in _HONEST.items() if k not in self.answers}}
            answer = next((known[key] for key in known if key in words), b"%t BAD what\r\n")
            said, end, _ = (answer or b"").partition(HANG_UP)
            self._send(line, None if answer is None else said, tag.encode("latin-1"))
            if end:
                break
            if words == "STARTTLS" and self.tls is not None:
                reader.close()
                line = self.tls.wrap_socket(line, server_side=True)
                self._open.append(line)
                reader = line.makefile("rb")
        reader.close()

    def _send(self, line: socket.socket, words: bytes | None, tag: bytes) -> None:
        if words is None:
            self._stopping.wait(30)
            return
        said = words.replace(b"%t", tag)
        if not self.drip:
            line.sendall(said)
            return
        for at in range(len(said)):
            if self._stopping.wait(self.drip):
                return
            line.sendall(said[at : at + 1])
