"""Slack's refusals and broken connections, sorted by who must act."""

import http.client
import re
import ssl
import urllib.error
from collections.abc import Mapping
from datetime import timedelta

from watcher.errors import Blame, DeliveryError

# docs.slack.dev/reference/methods/chat.postMessage, "Errors", and .../incoming-webhooks, "Handling
# errors". What is in no set is blamed on the moment: retried for days, then given up.
CHANNEL = frozenset(
    [
        "access_denied",
        "account_inactive",
        "action_prohibited",
        "app_missing_action_url",
        "ekm_access_denied",
        "enterprise_is_restricted",
        "invalid_auth",
        "invalid_token",
        "metadata_must_be_sent_from_app",
        "missing_scope",
        "no_active_hooks",
        "no_service",
        "no_service_id",
        "no_team",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "team_disabled",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    ]
)
"""A credential or a workspace refuses us, whatever the room."""
TARGET = frozenset(
    [
        "channel_is_archived",
        "channel_not_found",
        "is_archived",
        "is_inactive",
        "messages_tab_disabled",
        "no_permission",
        "not_in_channel",
        "posting_to_general_channel_denied",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "user_not_found",
    ]
)
"""One room refuses us."""
MESSAGE = frozenset(
    [
        "attachment_payload_limit_exceeded",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_charset",
        "invalid_form_data",
        "invalid_json",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_payload",
        "invalid_post_type",
        "json_not_object",
        "markdown_text_conflict",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
        "too_many_contact_cards",
    ]
)
UNTHREADED = frozenset(
    [
        "cannot_reply_to_message",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "thread_not_found",
    ]
)
"""A reply is refused that would be taken as a message of its own."""
# docs.slack.dev/reference/methods/chat.update, "Errors": a posted message that will not change again
UNCHANGEABLE = frozenset({"cant_update_message", "edit_window_closed", "message_not_found"})
# "It's possible some aspect of the operation succeeded before the error was raised."
_PERHAPS_DONE = frozenset({"fatal_error", "internal_error", "request_timeout", "rollup_error"})
_RATE = frozenset({"ratelimited", "rate_limited"})
_CODE = re.compile(r"[a-z0-9_]{2,60}")
PAUSE = timedelta(seconds=30)
"""Where Slack limits our rate and does not say for how long."""
_HTTP_GONE = frozenset({401, 403, 404, 410})

REMEDIES: Mapping[str, str] = {
    "channel_not_found": "invite the app to the channel, or correct its name",
    "invalid_auth": "renew the token",
    "is_archived": "name another channel",
    "missing_scope": "add the scope to the app and install it again",
    "no_service": "the webhook was removed: create a new one",
    "not_in_channel": "invite the app to the channel",
    "token_expired": "renew the token",
    "token_revoked": "renew the token",
}


def refusal(
    target: str, status: int, code: str, headers: Mapping[str, str], needed: str | None = None
) -> DeliveryError:
    """What an answer other than "ok" means.

    `code` is Slack's error word; anything else (a proxy's page) is no word of Slack's, so the
    message may have arrived.
    """
    word = code if _CODE.fullmatch(code) else ""
    if status == 429 or word in _RATE:
        return DeliveryError(
            f"{target}: slack is limiting our rate",
            blame=Blame.MOMENT,
            retry_after=_retry_after(headers) or PAUSE,
        )
    said = f"{target}: slack answered {word or f'HTTP {status}'}"
    if needed and re.fullmatch(r"[a-z:._,]{2,200}", needed):
        said += f" (needs {needed})"
    if word in REMEDIES:
        said += f"; {REMEDIES[word]}"
    if word in CHANNEL:
        return DeliveryError(said, blame=Blame.CHANNEL)
    if word in TARGET:
        return DeliveryError(said, blame=Blame.TARGET)
    if word in MESSAGE:
        return DeliveryError(said, blame=Blame.MESSAGE)
    perhaps = status >= 500 or word in _PERHAPS_DONE or (status < 300 and not word)
    return DeliveryError(
        said,
        blame=Blame.MOMENT,
        retry_after=_retry_after(headers),
        ambiguous=perhaps,
        answered=status >= 500 or bool(word),
    )


def webhook_refusal(
    target: str, status: int, body: str, headers: Mapping[str, str]
) -> DeliveryError:
    """As `refusal`, for a webhook: there the HTTP status speaks where the word is unknown."""
    error = refusal(target, status, body.strip(), headers)
    if error.blame is Blame.MOMENT and status in _HTTP_GONE:
        return DeliveryError(f"{error}; create a new webhook", blame=Blame.CHANNEL)
    if error.blame is Blame.MOMENT and status == 400:
        return DeliveryError(str(error), blame=Blame.MESSAGE)
    return error


def broken(target: str, exc: Exception) -> DeliveryError:
    """What a connection that broke means; `ambiguous` unless nothing can have been sent."""
    reason = exc.reason if isinstance(exc, urllib.error.URLError) else exc
    if isinstance(reason, ssl.SSLCertVerificationError):
        return DeliveryError(
            f"{target}: slack's certificate was not verified: {reason.verify_message}",
            blame=Blame.CHANNEL,
        )
    # urllib wraps what happens until the request is written; small as it is, it is written at once,
    # so that only a reset leaves open whether it was read before
    reset = isinstance(reason, ConnectionResetError | BrokenPipeError | ConnectionAbortedError)
    unsent = isinstance(exc, urllib.error.URLError) and not reset
    return DeliveryError(
        f"{target}: slack did not answer: {type(reason).__name__}",
        blame=Blame.MOMENT,
        ambiguous=not unsent,
    )


BROKEN = (OSError, http.client.HTTPException, UnicodeDecodeError, ValueError)
"""What slack_sdk lets through when a connection breaks or an answer is no answer."""


def _retry_after(headers: Mapping[str, str]) -> timedelta | None:
    value = next((v for k, v in headers.items() if k.lower() == "retry-after"), "")
    return timedelta(seconds=int(value)) if re.fullmatch(r"[0-9]{1,6}", value) else None
