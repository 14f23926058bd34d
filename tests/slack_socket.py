"""Slack's side of Socket Mode on loopback: hands out the address, sends envelopes, keeps the answers.

Slack sends an envelope again, under another envelope_id, while it has no acknowledgement.
"""

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

PATIENCE = 10.0


class SlackWorkspace:
    """`url` is what apps.connections.open answers; `acks` are the acknowledgements, in order."""

    def __init__(self) -> None:
        self.acks: list[dict[str, Any]] = []
        self.connections = 0
        self.lost = 0
        """Acknowledgements that were lost as asked for."""
        self._current: ServerConnection | None = None
        self._changed = threading.Condition()
        self._deaf = 0

    def __enter__(self) -> Self:
        self._server = serve(self._talk, "127.0.0.1", 0)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join(PATIENCE)

    @property
    def url(self) -> str:
        host, port = self._server.socket.getsockname()[:2]
        return f"ws://{host}:{port}/link/?ticket=1"

    # ------------------------------------------------------------ what a test does

    def send(self, kind: str, payload: Mapping[str, Any], *, acked: bool = True) -> dict[str, Any]:
        """Send one envelope and return its acknowledgement, or {} at once with `acked=False`."""
        envelope = {"type": kind, "envelope_id": str(uuid4()), "payload": payload}
        self.frame(json.dumps(envelope | {"accepts_response_payload": True}))
        return self.ack(envelope["envelope_id"]) if acked else {}

    def frame(self, text: str) -> None:
        """Send whatever this is."""
        self._connected().send(text)

    def ack(self, envelope_id: object) -> dict[str, Any]:
        def found() -> dict[str, Any] | None:
            return next((a for a in self.acks if a.get("envelope_id") == envelope_id), None)

        with self._changed:
            if not self._changed.wait_for(found, PATIENCE):
                raise TimeoutError("no acknowledgement")
            return found() or {}

    def drop(self) -> None:
        """Hang up without a word, as a broken line does."""
        line, self._current = self._connected(), None
        with suppress(OSError):
            line.socket.shutdown(2)

    def deafen(self, count: int = 1) -> None:
        """Lose the next acknowledgements."""
        with self._changed:
            self._deaf += count

    def wait_for_connection(self, number: int) -> None:
        """Until so many connections were opened, in all."""
        with self._changed:
            if not self._changed.wait_for(lambda: self.connections >= number, PATIENCE):
                raise TimeoutError(f"{self.connections} connections, not {number}")

    def _connected(self) -> ServerConnection:
        with self._changed:
            if not self._changed.wait_for(lambda: self._current is not None, PATIENCE):
                raise TimeoutError("nobody is connected")
            assert self._current is not None
            return self._current

    # ------------------------------------------------------------ the server

    def _talk(self, line: ServerConnection) -> None:
        line.send(json.dumps({"type": "hello", "num_connections": 1}))
        with self._changed:
            self._current = line
            self.connections += 1
            self._changed.notify_all()
        with suppress(ConnectionClosed):
            for text in line:
                with self._changed:
                    if self._deaf:
                        self._deaf -= 1
                        self.lost += 1
                    else:
                        self.acks.append(json.loads(text))
                    self._changed.notify_all()
