"""A small HTTP/2 server for tests: one thread, one connection after the other, one plan for all requests."""

import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import h2.config
import h2.connection
import h2.events
import h2.exceptions

GONE = (OSError, h2.exceptions.ProtocolError)  # the latter: a client goes on after our goodbye


@dataclass
class H2Server:
    """Answer every request with `body`; `plan` says how: whole, reset, hang-up or goaway."""

    tls: ssl.SSLContext
    body: bytes
    plan: str = "whole"
    paths: list[str] = field(default_factory=list)
    connections: int = 0

    def __enter__(self) -> Self:
        self.tls.set_alpn_protocols(["h2"])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._current: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for sock in (self._listener, self._current):
            if sock is not None:
                with suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def url(self, path: str) -> str:
        return f"https://127.0.0.1:{self._listener.getsockname()[1]}{path}"

    def _serve(self) -> None:
        with suppress(OSError):  # the listener was shut down
            while True:
                plain, _ = self._listener.accept()
                self.connections += 1
                with self.tls.wrap_socket(plain, server_side=True) as sock, suppress(*GONE):
                    self._current = sock
                    self._talk(sock)

    def _talk(self, sock: ssl.SSLSocket) -> None:
        talk = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        talk.initiate_connection()
        sock.sendall(talk.data_to_send())
        while data := sock.recv(65_536):
            for event in talk.receive_data(data):
                if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
                    self.paths.append(dict(event.headers or ())[b":path"].decode())
                    self._answer(talk, event.stream_id)
            sock.sendall(talk.data_to_send())
            if self.plan == "hang-up" and self.paths:
                # Closing with unread bytes would send a reset, which overtakes the answer.
                socket.socket.shutdown(sock, socket.SHUT_WR)

    def _answer(self, talk: h2.connection.H2Connection, stream: int) -> None:
        headers = [(":status", "200"), ("content-length", str(len(self.body)))]
        talk.send_headers(stream, headers)
        if self.plan == "whole":
            talk.send_data(stream, self.body, end_stream=True)
            return
        talk.send_data(stream, self.body[:5])
        if self.plan == "reset":
            talk.reset_stream(stream)
        elif self.plan == "goaway":
            talk.close_connection()
