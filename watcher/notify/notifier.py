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


class Notifier(Protocol):
    def send(
        self, target: Target, message: Message, *, key: str, ambiguous: bool, thread: str = ""
    ) -> Sent:
        """Send `message` to `target`.

        `thread` is the place of the message that this one follows, "" for none. `key` is the delivery's stable id and goes into what is sent. `ambiguous` says that an
        earlier attempt may have arrived: a notifier that can look does so before it repeats.
        Raises only DeliveryError.
        """


def scrubbed(text: str, secrets: Iterable[Secret | None]) -> str:
    """`text` on one line of bounded length, with every secret replaced by where it came from."""
    for secret in secrets:
        if secret is not None and secret.reveal():
            text = text.replace(secret.reveal(), f"[{secret.origin}]")
    text = one_line(text)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
