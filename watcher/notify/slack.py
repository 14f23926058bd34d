"""The Slack notifiers: a bot that can settle what a lost answer left open, and a webhook that cannot."""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient, WebhookResponse

from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify.notifier import HandOver, Sent, scrubbed, unrecorded
from watcher.notify.slack_faults import (
    BROKEN,
    UNCHANGEABLE,
    UNTHREADED,
    broken,
    refusal,
    webhook_refusal,
)
from watcher.render.repeat import possible_repeat
from watcher.settings import Secret, Target

EVENT = "watcher_delivery"
TIMEOUT = 30.0
LOOK_BACK = timedelta(days=30)
"""How old a message may be to settle a delivery; longer than deliveries are retried, and than most
suspensions last."""
PAGES = 25
_PAGE = 200  # messages or channels asked for at once; Slack recommends at most 200

# Answers to a look-up that say it will never be allowed: then a repeat is the lesser evil.
_NOT_PERMITTED = frozenset(
    [
        "missing_scope",
        "no_permission",
        "access_denied",
        "not_in_channel",
        "channel_not_found",
        "method_not_supported_for_channel_type",
        "not_allowed_token_type",
        "thread_not_found",
        "unknown_method",
    ]
)

# slack_sdk logs every failed call, and whole requests at DEBUG; our errors say it once, without secrets
_LOG = logging.getLogger("watcher.notify.slack_sdk")
_LOG.setLevel(logging.CRITICAL)


class _CannotLookError(Exception):
    """The history may not be read, for good, or not far enough back; the text says why."""


class _UnchangeableError(Exception):
    """What was posted will not change any more; the text is Slack's word."""


class _UnthreadedError(Exception):
    """Nothing can be put under that message (any more); nothing was posted. The text is Slack's word."""


class SlackBot:
    """Posts with a bot token (scope chat:write).

    Every message carries its delivery's key as metadata. To settle a lost answer the channel's
    history is read, which takes channels:history, and channels:read where targets are "#name"
    (groups:… for private channels); without them the message is posted again and the receipt
    says so.
    """

    def __init__(
        self, token: Secret, base_url: str | None = None, timeout: float = TIMEOUT
    ) -> None:
        self._token = token
        self._client = WebClient(
            token=token.reveal(),
            base_url=base_url or WebClient.BASE_URL,
            timeout=timeout,  # type: ignore[arg-type] # annotated int, handed to urllib as it is
            retry_handlers=[],  # the outbox retries, and knows for how long
            logger=_LOG,
        )
        # set, it would be used without asking no_proxy; unset, urllib reads both from the environment
        self._client.proxy = None
        self._ids: dict[str, str] = {}

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
        """Post once; with `ambiguous` only when neither thread nor channel hold `key`."""
        if message.edits:
            hand_over(blind=False)
            return self._edit(target, message)
        blind, note = False, ""
        if ambiguous:
            try:
                found = self._find(target, key, thread)
            except _CannotLookError as exc:
                blind, note = True, f"; an earlier attempt could not be looked up ({exc})"
                message = possible_repeat(message)
            else:
                if found:
                    return found
        hand_over(blind=blind)
        body = {
            "channel": target.address,
            "text": message.subject,
            **({"blocks": list(message.blocks)} if message.blocks else {}),
            "metadata": {"event_type": EVENT, "event_payload": {"delivery": key}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            under = _under(thread, message) if thread else {}
            answer = self._call(target, "chat.postMessage", json={**body, **under})
        except _UnthreadedError as exc:  # one closed thread must not hold up the whole channel
            note += f"; not in its thread ({exc})"
            answer = self._call(target, "chat.postMessage", json=body)
        channel = str(answer.get("channel") or target.address)
        self._ids[target.address] = channel
        ts = str(answer.get("ts"))
        return Sent(receipt=f"ts {ts} in {channel}{note}", place=f"{channel}/{ts}")

    def _edit(self, target: Target, message: Message) -> Sent:
        """Change what was posted. Said twice it changes nothing, so there is nothing to settle.

        What cannot be changed any more stays as it was: readers have heard of the change itself.
        """
        channel, _, ts = message.edits.rpartition("/")
        body = {"channel": channel, "ts": ts, "text": message.subject, "blocks": message.blocks}
        try:
            self._call(target, "chat.update", json=body)
        except _UnchangeableError as exc:
            return Sent(receipt=f"left as it was ({exc})")
        return Sent(receipt=f"ts {ts} in {channel} changed")

    def _find(self, target: Target, key: str, thread: str) -> Sent | None:
        """The message that carries `key`, or None; DeliveryError while unknown.

        A reply does not stand in the channel's history; a thread whose first message was deleted
        is none any more, and what follows it stands in the channel.
        """
        oldest = f"{time.time() - LOOK_BACK.total_seconds():.6f}"
        wanted = {"oldest": oldest, "include_all_metadata": "true"}
        try:
            if thread:
                home, _, first = thread.rpartition("/")
                try:
                    found = self._search(
                        target, "conversations.replies", wanted | {"ts": first}, home, key
                    )
                except _CannotLookError as exc:
                    if str(exc) != "thread_not_found":
                        raise
                else:
                    if found:
                        return found
            home = self._channel_id(target)
            return self._search(target, "conversations.history", wanted, home, key)
        except DeliveryError as exc:
            exc.args = (f"{exc} (looking for an earlier attempt)",)
            exc.ambiguous = False  # nothing was sent by this attempt
            raise

    def _search(
        self, target: Target, method: str, wanted: Mapping[str, str], channel: str, key: str
    ) -> Sent | None:
        for message in self._pages(target, method, "messages", {**wanted, "channel": channel}):
            metadata = message.get("metadata") or {}
            payload = metadata.get("event_payload") or {}
            if metadata.get("event_type") == EVENT and payload.get("delivery") == key:
                ts = str(message.get("ts"))
                return Sent(
                    receipt=f"ts {ts} in {channel} (found; its answer had been lost)",
                    place=f"{channel}/{ts}",
                )
        return None

    def _channel_id(self, target: Target) -> str:
        """Slack's id of a channel given as "#name" or as the id itself."""
        if not target.address.startswith("#"):
            return target.address
        if target.address not in self._ids:
            wanted = {"types": "public_channel,private_channel", "exclude_archived": "true"}
            try:
                self._learn_ids(target, wanted)
            except _CannotLookError:
                # groups:read is a scope of its own, and most channels are public
                self._learn_ids(target, wanted | {"types": "public_channel"})
        if target.address not in self._ids:
            raise _CannotLookError("channel_not_found")
        return self._ids[target.address]

    def _learn_ids(self, target: Target, wanted: Mapping[str, str]) -> None:
        for channel in self._pages(target, "conversations.list", "channels", wanted):
            self._ids[f"#{channel.get('name')}"] = str(channel.get("id"))

    def _pages(
        self, target: Target, method: str, field: str, wanted: Mapping[str, str]
    ) -> Iterator[Mapping[str, Any]]:
        cursor = ""
        for _ in range(PAGES):
            params = {**wanted, "limit": str(_PAGE)} | ({"cursor": cursor} if cursor else {})
            answer = self._call(target, method, params=params)
            yield from answer.get(field) or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
        raise _CannotLookError(f"more than {PAGES} pages")

    def _call(self, target: Target, method: str, **request: Any) -> Mapping[str, Any]:
        try:
            answer = self._client.api_call(method, **request)
        except SlackApiError as exc:
            response = exc.response
            code = str(response.get("error") or "")
            if method.startswith("conversations.") and code in _NOT_PERMITTED:
                raise _CannotLookError(code) from None
            if "thread_ts" in request.get("json", {}) and code in UNTHREADED:
                raise _UnthreadedError(code) from None
            if method == "chat.update" and code in UNCHANGEABLE:
                raise _UnchangeableError(code) from None
            raise refusal(
                str(target),
                int(response.status_code),
                code,
                {str(k): str(v) for k, v in response.headers.items()},
                response.get("needed"),
            ) from None
        except SlackClientError as exc:
            said = scrubbed(f"{target}: {exc}", [self._token])
            raise DeliveryError(said, blame=Blame.CHANNEL) from None
        except BROKEN as exc:
            raise broken(str(target), exc) from None
        return answer.data if isinstance(answer.data, dict) else {}


def _under(thread: str, message: Message) -> Mapping[str, Any]:
    """The arguments that put a message under another, and show it in the channel too if it says so."""
    return {"thread_ts": thread.rpartition("/")[2], "reply_broadcast": message.broadcast}


class SlackWebhook:
    """Posts through an incoming webhook: always to the one channel it was made for.

    A webhook gives no id and no history, so a lost answer cannot be settled: the message is sent
    again, marked, once Slack answers at all.
    """

    def __init__(self, url: Secret, timeout: float = TIMEOUT) -> None:
        self._url = url
        self._client = WebhookClient(
            url.reveal(),
            timeout=timeout,  # type: ignore[arg-type] # annotated int, handed to urllib as it is
            retry_handlers=[],
            logger=_LOG,
        )
        self._client.proxy = None  # see SlackBot

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
        """Post once; the message and the receipt say when that may be a repeat."""
        if message.edits:
            return Sent(receipt="left as it was: a webhook cannot change what was posted")
        if ambiguous:
            self._answers(target)
            message = possible_repeat(message)
        body: dict[str, Any] = {
            "text": message.subject,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if message.blocks:
            body["blocks"] = list(message.blocks)
        hand_over(blind=ambiguous)
        answer = self._post(target, body)
        if answer.status_code != 200 or not _accepted(answer.body):
            raise self._refusal(target, answer)
        again = ", perhaps a second time" if ambiguous else ""
        return Sent(receipt=f"webhook took {key}{again}")

    def _answers(self, target: Target) -> None:
        """Return when Slack refuses an empty message as it should.

        Only one repeat is made: it is not spent on a Slack that does not answer.
        """
        try:
            answer = self._post(target, {"text": ""})
        except DeliveryError as exc:
            exc.ambiguous = False  # an empty message is never shown
            raise
        if answer.status_code == 400 or (answer.status_code == 200 and _accepted(answer.body)):
            return  # 200: a compatible server that takes anything
        error = self._refusal(target, answer)
        error.ambiguous = False
        raise error

    def _post(self, target: Target, body: dict[str, Any]) -> WebhookResponse:
        try:
            return self._client.send_dict(body)
        except SlackClientError as exc:
            said = scrubbed(f"{target}: {exc}", [self._url])
            raise DeliveryError(said, blame=Blame.CHANNEL) from None
        except BROKEN as exc:
            raise broken(str(target), exc) from None

    def _refusal(self, target: Target, answer: WebhookResponse) -> DeliveryError:
        headers = {str(k): str(v) for k, v in dict(answer.headers).items()}
        return webhook_refusal(str(target), answer.status_code, answer.body, headers)


def _accepted(body: str) -> bool:
    """Slack says "ok"; workflow triggers and compatible servers say {"ok": true}."""
    if body.strip() == "ok":
        return True
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("ok") is True
