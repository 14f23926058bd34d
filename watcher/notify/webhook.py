"""The webhook notifier: one signed POST of JSON a message, for programs of the operator's own."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterable
from datetime import timedelta

import httpx

from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify.notifier import HandOver, Sent, scrubbed, unrecorded
from watcher.render.event import letter
from watcher.settings import Secret, Target, WebhookChannel

TIMEOUT = 30.0
_REFUSES = frozenset({401, 403, 404, 405, 410})
_MESSAGE = frozenset({400, 413, 415, 422})
_LONGEST_WISH = timedelta(days=1)


class WebhookNotifier:
    """Posts to the webhooks of `channels`, each found by its id.

    Each has an address and a secret of its own: one that refuses us is no reason to pause the others.
    """

    def __init__(
        self,
        channels: Iterable[WebhookChannel],
        proxy: str | None = None,
        timeout: float = TIMEOUT,
    ) -> None:
        self._channels = {channel.id: channel for channel in channels}
        # trust_env: a proxy or a .netrc of the surroundings is not the operator's decision
        self._client = httpx.Client(
            timeout=timeout, follow_redirects=False, trust_env=False, proxy=proxy
        )

    def send(
        self,
        target: Target,
        message: Message,
        *,
        key: str,
        ambiguous: bool,
        thread: str = "",
        hand_over: HandOver = unrecorded,
    ) -> Sent:
        """Post once. `ambiguous` is passed on: who receives it knows by `delivery` what it has, so
        that a repeat is never one too many."""
        channel = self._channels.get(target.address)
        if channel is None:
            raise DeliveryError(f"{target} is not configured", blame=Blame.TARGET)
        data = message.data or letter(message).data or {}
        whole = {**data, "delivery": key, "repeat": ambiguous}
        body = json.dumps(whole, ensure_ascii=False).encode("utf-8", "backslashreplace")
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "watcher",
            "X-Watcher-Delivery": key,
            "X-Watcher-Timestamp": stamp,
            "X-Watcher-Signature": signature(channel.secret, stamp, body),
        }
        hand_over(blind=False)
        try:
            with self._client.stream(
                "POST", channel.url.reveal(), content=body, headers=headers
            ) as answer:
                status, wish = answer.status_code, answer.headers.get("retry-after", "")
        except (httpx.HTTPError, httpx.InvalidURL) as exc:
            raise self._broken(target, channel, exc) from None
        if 200 <= status < 300:
            return Sent(receipt=f"HTTP {status} for {key}")
        raise _refusal(target, status, wish)

    def _broken(self, target: Target, channel: WebhookChannel, exc: Exception) -> DeliveryError:
        """A question that got no answer; who is told twice knows it by the delivery's id."""
        said = scrubbed(f"{target}: {type(exc).__name__}: {exc}", [channel.url, channel.secret])
        wrong = isinstance(exc, httpx.InvalidURL | httpx.UnsupportedProtocol) or (
            "CERTIFICATE_VERIFY_FAILED" in str(exc)
        )
        unsent = isinstance(exc, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
        blame = Blame.TARGET if wrong else Blame.MOMENT
        return DeliveryError(said, blame=blame, ambiguous=not wrong and not unsent)


def signature(secret: Secret, stamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256, in hex, of the time stamp, a dot and the body as sent."""
    signed = stamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.reveal().encode(), signed, hashlib.sha256).hexdigest()


def _refusal(target: Target, status: int, wish: str) -> DeliveryError:
    said = f"{target}: HTTP {status}"
    if 300 <= status < 400:
        said += "; redirects are not followed: configure the new address"
        return DeliveryError(said, blame=Blame.TARGET)
    if status in _REFUSES:
        return DeliveryError(said, blame=Blame.TARGET)
    if status in _MESSAGE:
        return DeliveryError(said, blame=Blame.MESSAGE)
    seconds = wish.strip()
    later = seconds.isascii() and seconds.isdecimal() and len(seconds) < 10
    wait = min(timedelta(seconds=int(seconds)), _LONGEST_WISH) if later else None
    return DeliveryError(said, blame=Blame.MOMENT, retry_after=wait)
