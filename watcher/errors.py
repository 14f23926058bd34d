"""What can go wrong, sorted by who must act.

* WatcherError
  + ConfigError      the operator edits sources.yaml      exit 2, nothing starts
  + SourceError      the ministry's site, or our rule     recorded, polling goes on
    - FetchError     the address did not answer as it should
    - ExtractError   the bytes came but are not what they should be
  + DeliveryError    Slack, the mail server, or us        by blame: moment, channel, target, message
  + StoreError       our database or snapshot folder      the process stops, nothing half-written
    - LoopsTaken     another daemon runs on this state    this one does not start

Anything else that escapes is a bug: let it crash with its traceback (exit 3).
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum


class WatcherError(Exception):
    """Base of every error watcher raises on purpose."""


class ConfigError(WatcherError):
    """sources.yaml is wrong; `problems` lists every fault found, not only the first.

    Each problem reads `FILE:LINE: path: what is wrong; what to do`.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


class SourceError(WatcherError):
    """One source or document could not be read this time. Others are unaffected."""


class FetchError(SourceError):
    """The server was not reached, refused, or did not answer within the limits.

    `transient` says that asking again later may help; `retry_after` is the server's
    own wish; `status` its HTTP status where one came; `gone` that it says the page
    no longer exists (404, 410).
    """

    def __init__(
        self,
        message: str,
        *,
        transient: bool,
        retry_after: timedelta | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.transient = transient
        self.retry_after = retry_after
        self.status = status

    @property
    def gone(self) -> bool:
        return self.status in (404, 410)


class Reason(StrEnum):
    """Why bytes that arrived could not be read; the first word on stderr of `watcher extract`."""

    BLOCKED = "blocked"  # login, maintenance, gateway or refusal page
    CHALLENGE = "challenge"  # an anti-bot script instead of the page
    EMPTY = "empty"  # nothing in it, or a list without rows
    TRUNCATED = "truncated"  # the body stops in the middle
    NOT_A_LISTING = "not-a-listing"  # an answer that says it failed, or a page of another kind
    UNDECODABLE = "undecodable"  # no charset gives clean text


class ExtractError(SourceError):
    """The page arrived but did not look as it should; `reason` says in which way."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(f"{reason.value}: {message}")
        self.reason = reason


class Blame(StrEnum):
    MOMENT = "moment"  # try again later
    CHANNEL = "channel"  # a credential or workspace: operators must act, rows stay owed
    TARGET = "target"  # one room or hook of it: as CHANNEL, and the others go on
    MESSAGE = "message"  # this message will never be taken


class DeliveryError(WatcherError):
    """A target did not take a message; `blame` says who must act.

    `ambiguous` is True when this attempt's message may have arrived all the same (the answer was
    lost, not the question); `answered` says that an answer came nevertheless, one that leaves it open
    (HTTP 500). `retry_after` is the provider's own wish, and holds for the whole target.
    """

    def __init__(
        self,
        message: str,
        *,
        blame: Blame,
        retry_after: timedelta | None = None,
        ambiguous: bool = False,
        answered: bool = False,
    ) -> None:
        super().__init__(message)
        self.blame = blame
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.answered = answered


class StoreError(WatcherError):
    """The database or the snapshot folder is unusable; stop rather than lose or repeat alerts."""


class LoopsTaken(StoreError):
    """Another process runs the loops on this state folder."""
