"""What every notifier promises, and how secrets stay out of what it says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from watcher.model import Message
from watcher.settings import Secret, Target
from watcher.text import one_line

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that a provider took."""

    receipt: str
    """The provider's answer, for people."""
    place: str = ""
    """Where it keeps the message (Slack: channel/ts; mail: the Message-ID), so that a follow-up can
    be tied to it; "" where it does not say."""


class HandOver(Protocol):
    def __call__(self, *, blind: bool) -> None:
        """Hear that the message may arrive from now on.

        `blind`: an earlier attempt may have arrived and nobody could be asked, so this may be a
        repeat. What it raises says that the message must not be sent, and goes through `send`.
        """


def unrecorded(*, blind: bool) -> None:
    """Hand over without a record, where no outbox stands behind the message."""


class Notifier(Protocol):
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
        """Send `message` to `target`.

        `thread` is the place of the message that this one follows, "" for none. `key` is the
        delivery's stable id and goes into what is sent. `ambiguous` says that an earlier attempt
        may have arrived: a notifier that can look does so before it repeats, and one that cannot
        lets readers see that it may be a repeat (`render.repeat`).

        Calls `hand_over` once, right before the point of no return, so that a process which dies
        before it is known to have sent nothing. Raises only DeliveryError of its own, `ambiguous`
        where this very attempt may have arrived.
        """


def scrubbed(text: str, secrets: Iterable[Secret | None]) -> str:
    """`text` on one line of bounded length, with every secret replaced by where it came from."""
    for secret in secrets:
        if secret is not None and secret.reveal():
            text = text.replace(secret.reveal(), f"[{secret.origin}]")
    text = one_line(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
