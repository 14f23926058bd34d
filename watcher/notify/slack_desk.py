"""What Slack is asked besides posting: who we are, forms, the app's page, answers, people and channels.

People wait for these, so each is asked once and not for long; what fails is logged without secrets.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from watcher.notify.notifier import scrubbed
from watcher.notify.slack_faults import BROKEN
from watcher.settings import Secret

log = logging.getLogger(__name__)
# both log whole requests at DEBUG; ours says what went wrong once, without secrets
_LOG = logging.getLogger("watcher.notify.slack_sdk")
_LOG.setLevel(logging.CRITICAL)

TIMEOUT = 2.0
"""Slack gives us 3 s to acknowledge what a person did."""
ANSWERS_AT = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
_PAGE, _PAGES = 200, 5
_AGAIN = 5.0
"""Seconds before who we are is asked again after it was not answered."""


class SlackDesk:
    """One person's question at a time."""

    def __init__(self, token: Secret, base_url: str | None = None) -> None:
        self._token = token
        self._web = WebClient(
            token=token.reveal(),
            base_url=base_url or WebClient.BASE_URL,
            timeout=TIMEOUT,  # type: ignore[arg-type] # annotated int, handed to urllib as it is
            retry_handlers=[],
            logger=_LOG,
        )
        self._web.proxy = None  # see SlackBot
        self._local = urlsplit(base_url).netloc if base_url else None
        self._ours: frozenset[str] = frozenset()
        self._asked_at = -_AGAIN

    def workspaces(self) -> frozenset[str]:
        """Ids of the workspace, and the organization, that the app was installed in; empty while
        unknown."""
        if not self._ours and time.monotonic() - self._asked_at >= _AGAIN:
            self._asked_at = time.monotonic()
            said = self._call("auth.test") or {}
            found = (said.get("team_id"), said.get("enterprise_id"))
            self._ours = frozenset(id_ for id_ in found if isinstance(id_, str) and id_)
        return self._ours

    def zone(self, person: str) -> str | None:
        """The time zone a person keeps."""
        user = (self._call("users.info", user=person) or {}).get("user")
        zone = user.get("tz") if isinstance(user, dict) else None
        return zone if isinstance(zone, str) and zone else None

    def member(self, channel: str) -> bool | None:
        """Whether the app is in a channel; None while unknown. What is hidden from it it is not in."""
        try:
            said = self._ask("conversations.info", channel=channel)
        except SlackApiError as exc:
            return False if exc.response.get("error") == "channel_not_found" else None
        except (SlackClientError, *BROKEN):
            return None
        found = said.get("channel")
        return bool(found.get("is_member")) if isinstance(found, dict) else None

    def channels_of(self, person: str) -> frozenset[str]:
        """Ids of the channels that both a person and the app are in."""
        found: set[str] = set()
        cursor = ""
        for _ in range(_PAGES):
            said = self._call(
                "users.conversations",
                user=person,
                types="public_channel,private_channel",
                exclude_archived="true",
                limit=_PAGE,
                cursor=cursor,
            )
            rows = (said or {}).get("channels")
            if not isinstance(rows, list):
                break
            found.update(str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row)
            cursor = str(((said or {}).get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
        return frozenset(found)

    def direct(self, person: str) -> str | None:
        """The id of the app's conversation with a person."""
        said = self._call("conversations.open", users=person) or {}
        found = said.get("channel")
        id_ = found.get("id") if isinstance(found, dict) else None
        return id_ if isinstance(id_, str) and id_ else None

    def open(self, trigger: str, view: Mapping[str, Any]) -> bool:
        """Open a form; whether it was."""
        return self._call("views.open", json={"trigger_id": trigger, "view": view}) is not None

    def publish(self, person: str, view: Mapping[str, Any]) -> bool:
        """Show a person the app's page."""
        return self._call("views.publish", json={"user_id": person, "view": view}) is not None

    def respond(self, url: str, body: Mapping[str, Any]) -> bool:
        """Answer an act, where Slack's own address for that is given and nowhere else."""
        try:
            parts = urlsplit(url)
            slacks = parts.scheme == "https" and parts.netloc in ANSWERS_AT
            if not slacks and (self._local is None or parts.netloc != self._local):
                return False
            hook = WebhookClient(
                url,
                timeout=TIMEOUT,  # type: ignore[arg-type] # as above
                retry_handlers=[],
                logger=_LOG,
            )
            hook.proxy = None
            status = hook.send_dict(dict(body)).status_code
        except (SlackClientError, *BROKEN) as exc:
            log.warning("an answer did not reach slack: %s", type(exc).__name__)
            return False
        if status != 200:
            log.warning("slack did not take an answer: HTTP %s", status)
        return status == 200

    def _call(self, method: str, **asked: Any) -> Mapping[str, Any] | None:
        """The answer, or None when it is a refusal or none came."""
        try:
            return self._ask(method, **asked)
        except SlackApiError as exc:
            word = str(exc.response.get("error") or f"HTTP {exc.response.status_code}")
            log.warning("%s", scrubbed(f"slack refused {method}: {word}", [self._token]))
        except (SlackClientError, *BROKEN) as exc:
            log.warning("slack did not answer %s: %s", method, type(exc).__name__)
        return None

    def _ask(self, method: str, **asked: Any) -> Mapping[str, Any]:
        if "json" in asked:
            said = self._web.api_call(method, json=asked["json"])
        else:
            said = self._web.api_call(method, params=asked)
        return said.data if isinstance(said.data, dict) else {}
