"""The console notifier: whole messages, whatever the stream can show."""

import io
import threading

import pytest

from watcher.errors import Blame, DeliveryError
from watcher.model import Message
from watcher.notify import ConsoleNotifier
from watcher.settings import Target

TARGET = Target(kind="console", address="-")


def test_messages_stay_whole() -> None:
    stream = io.StringIO()
    sender = ConsoleNotifier(stream)
    texts = [f"{n}\n" * 50 for n in range(20)]

    def send(text: str) -> None:
        sender.send(TARGET, Message(subject="", text=text), key="7", ambiguous=False)

    threads = [threading.Thread(target=send, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(stream.getvalue().split("\n\n\n")) == sorted(["", *(t.rstrip() for t in texts)])


def test_a_terminal_of_another_charset_gets_what_it_can_show() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    ConsoleNotifier(stream).send(
        TARGET, Message(subject="", text="灯 lamp"), key="7", ambiguous=False
    )
    assert raw.getvalue() == rb"\u706f lamp" + b"\n\n"


def test_a_closed_stream_is_a_delivery_error() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(DeliveryError) as caught:
        ConsoleNotifier(stream).send(
            TARGET, Message(subject="", text="x"), key="7", ambiguous=False
        )
    assert caught.value.blame is Blame.MOMENT
