"""The console notifier: messages as plain text on a stream."""

import threading
from typing import TextIO

from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify.notifier import HandOver, Sent, unrecorded
from watcher.settings import Target


class ConsoleNotifier:
    """Writes whole messages to one stream, never mixing those of two threads."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

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
        """Write the message's text and a blank line. A repeat is harmless, so it is not ruled out."""
        # a terminal of another charset shows what it cannot as \u escapes
        charset = self._stream.encoding or "utf-8"
        text = message.text.encode(charset, "backslashreplace").decode(charset)
        try:
            with self._lock:
                hand_over(blind=False)
                self._stream.write(text + "\n\n")
                self._stream.flush()
        except (OSError, ValueError) as exc:  # ValueError: the stream is closed
            raise DeliveryError(f"{target}: cannot write: {exc}", blame=Blame.MOMENT) from exc
        return Sent(receipt=f"written to {target}")
