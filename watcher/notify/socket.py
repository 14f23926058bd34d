"""Slack's Socket Mode: what people press and write comes to us over a connection that we open.

slack_sdk asks Slack for the address; the connection is read with `websockets` (docs/decisions/0023).
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from watcher.errors import StoreError
from watcher.notify.notifier import scrubbed
from watcher.notify.slack_faults import BROKEN, CHANNEL
from watcher.settings import Secret

log = logging.getLogger(__name__)
# both log whole requests at DEBUG; ours says what went wrong once, without secrets
_LOG = logging.getLogger("watcher.notify.slack_sdk")
_LOG.setLevel(logging.CRITICAL)

FIRST_PAUSE, LONGEST_PAUSE, REFUSED_PAUSE = 1.0, 60.0, 900.0  # seconds
STEADY = 30.0
"""A connection that held so long (s) was a good one: the next pause is short again."""
PING, TIMEOUT = 10.0, 20.0
LARGEST = 4 * 1024 * 1024
"""Bytes of one envelope: Slack's hold at most a message with its blocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What Slack sent once, or again because it had no answer."""

    kind: str
    """interactive, slash_commands or events_api."""
    payload: Mapping[str, Any]


Handler = Callable[[Envelope], Mapping[str, Any] | None]
"""Acts on an envelope and returns what the acknowledgement carries. Only when it returns is the
envelope acknowledged: what raises is sent again by Slack."""


class SlackSocket:
    """One connection at a time, in threads of its own, until closed."""

    def __init__(
        self,
        app_token: Secret,
        handler: Handler,
        refused: Callable[[str], None],
        base_url: str | None = None,
    ) -> None:
        """`refused` is told once in words when Slack does not take the token, until it takes one."""
        self._app_token = app_token
        self._handler = handler
        self._refused = refused
        self._base_url = base_url
        self._stop = threading.Event()
        self._line: ClientConnection | None = None
        self._thread = threading.Thread(target=self._run, name="slack socket", daemon=True)
        self.connections = 0
        """How many were opened."""

    def start(self) -> None:
        self._thread.start()

    def close(self, wait: float = 5.0) -> None:
        """End the connection; what was not acknowledged Slack sends to the next one."""
        self._stop.set()
        if (line := self._line) is not None:
            line.close()
        if self._thread.is_alive():
            self._thread.join(wait)

    # ------------------------------------------------------------ connections

    def _run(self) -> None:
        pause, told = FIRST_PAUSE, False
        while not self._stop.is_set():
            began = time.monotonic()
            why, lasting = self._hold()
            if self._stop.is_set():
                return
            if time.monotonic() - began >= STEADY:
                pause = FIRST_PAUSE
            if lasting and not told:
                self._refused(why)
            told = lasting
            wait = REFUSED_PAUSE if lasting else pause
            log.info("slack's socket: %s; again in %g s", why, wait)
            self._stop.wait(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _hold(self) -> tuple[str, bool]:
        """Open a connection and keep it until it ends: why it did, and whether operators must act."""
        try:
            with connect(
                self._address(),
                open_timeout=TIMEOUT,
                close_timeout=1,
                ping_interval=PING,
                ping_timeout=TIMEOUT,
                max_size=LARGEST,
                compression=None,
                user_agent_header=None,
                logger=_LOG,
            ) as line:
                self._line = line
                self.connections += 1
                log.info("slack's socket is open")
                if not self._stop.is_set():
                    return self._read(line), False
                return "we are stopping", False
        except SlackApiError as exc:
            word = str(exc.response.get("error") or f"HTTP {exc.response.status_code}")
            said = scrubbed(f"Slack refused the app token: {word}", [self._app_token])
            return said, word in CHANNEL
        except SlackClientError as exc:
            return scrubbed(str(exc), [self._app_token]), True
        except (*BROKEN, WebSocketException) as exc:
            return f"Slack was not reached: {type(exc).__name__}", False
        finally:
            self._line = None

    def _address(self) -> str:
        """A new address of Slack's, good for one connection."""
        web = WebClient(
            token=self._app_token.reveal(),
            base_url=self._base_url or WebClient.BASE_URL,
            timeout=TIMEOUT,  # type: ignore[arg-type] # annotated int, handed to urllib as it is
            retry_handlers=[],
            logger=_LOG,
        )
        web.proxy = None  # see SlackBot
        return str(web.api_call("apps.connections.open").get("url"))

    def _read(self, line: ClientConnection) -> str:
        """Take envelopes, in the order in which people acted, until the connection ends."""
        for text in line:
            message = _mapping(text)
            if message.get("type") == "disconnect":  # Slack replaces connections every few hours
                return "Slack asks for a new connection"
            if isinstance(envelope_id := message.get("envelope_id"), str):
                self._take(line, envelope_id, message)
        return "the connection ended"

    # ------------------------------------------------------------ envelopes

    def _take(self, line: ClientConnection, envelope_id: str, message: Mapping[str, Any]) -> None:
        kind, payload = message.get("type"), message.get("payload")
        envelope = Envelope(
            kind=kind if isinstance(kind, str) else "",
            payload=payload if isinstance(payload, dict) else {},
        )
        try:
            answer = self._handler(envelope)
        except StoreError:  # whoever acts on envelopes knows; Slack sends it again
            return
        except Exception as exc:  # the next may be sound; Slack sends this one again
            log.critical("a bug in answering %r", envelope.kind[:40], exc_info=exc)
            return
        reply = {"envelope_id": envelope_id} | ({"payload": answer} if answer else {})
        with suppress(WebSocketException):  # Slack sends it again, and it is known as done
            line.send(json.dumps(reply))


def _mapping(text: str | bytes) -> Mapping[str, Any]:
    """A frame's JSON object; {} for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
