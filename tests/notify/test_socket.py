"""Socket Mode against a local Slack: nothing is missed, whatever happens to the connection."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.slack_api import SlackApi
from tests.slack_socket import PATIENCE, SlackWorkspace
from watcher.notify import socket
from watcher.notify.socket import Envelope, SlackSocket
from watcher.settings import Secret

BUTTON = {"type": "block_actions", "actions": [{"action_id": "reviewed", "value": "7"}]}


@pytest.fixture
def workspace() -> Iterator[SlackWorkspace]:
    with SlackWorkspace() as workspace:
        yield workspace


@pytest.fixture
def api(workspace: SlackWorkspace) -> Iterator[SlackApi]:
    with SlackApi(socket_url=workspace.url) as api:
        yield api


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(socket, "REFUSED_PAUSE", 0.3)


class Desk:
    """A socket whose handler keeps what came, and answers as the test says."""

    def __init__(self, api: SlackApi, token: str = "xapp-test") -> None:  # noqa: S107
        self.came: list[Envelope] = []
        self.refusals: list[str] = []
        self.answer: Callable[[Envelope], Mapping[str, Any] | None] = lambda envelope: None
        self.socket = SlackSocket(
            Secret(token, "env:SLACK_APP_TOKEN"), self._take, self.refusals.append, api.url
        )

    def _take(self, envelope: Envelope) -> Mapping[str, Any] | None:
        self.came.append(envelope)
        return self.answer(envelope)

    def __enter__(self) -> "Desk":
        self.socket.start()
        return self

    def __exit__(self, *_: object) -> None:
        began = time.monotonic()
        self.socket.close()
        assert time.monotonic() - began < 5


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def test_an_envelope_is_acknowledged_with_the_answer(
    api: SlackApi, workspace: SlackWorkspace
) -> None:
    with Desk(api) as desk:
        desk.answer = lambda envelope: {"text": "done"}
        ack = workspace.send("interactive", BUTTON)
        assert ack["payload"] == {"text": "done"}
        assert desk.came == [Envelope(kind="interactive", payload=BUTTON)]


def test_it_is_acknowledged_only_after_it_was_acted_on(
    api: SlackApi, workspace: SlackWorkspace
) -> None:
    acted = threading.Event()
    with Desk(api) as desk:

        def slowly(envelope: Envelope) -> None:
            time.sleep(0.2)
            assert workspace.acks == []
            acted.set()

        desk.answer = slowly
        workspace.send("slash_commands", {"command": "/watcher"})
        assert acted.is_set()


def test_what_meets_a_bug_is_not_acknowledged_and_the_next_is(
    api: SlackApi, workspace: SlackWorkspace
) -> None:
    with Desk(api) as desk:

        def broken(envelope: Envelope) -> None:
            if envelope.kind == "events_api":
                raise KeyError("bug")

        desk.answer = broken
        workspace.send("events_api", {}, acked=False)
        workspace.send("interactive", BUTTON)
        assert len(workspace.acks) == 1
        assert len(desk.came) == 2


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"type": 7}', '{"envelope_id": null}', "\x00" * 2000, "x" * 70_000],
)
def test_garbage_is_passed_over(api: SlackApi, workspace: SlackWorkspace, text: str) -> None:
    with Desk(api) as desk:
        workspace.frame(text)
        workspace.send("interactive", BUTTON)
        assert [envelope.kind for envelope in desk.came if envelope.payload] == ["interactive"]


def test_a_payload_of_another_form_is_empty(api: SlackApi, workspace: SlackWorkspace) -> None:
    with Desk(api) as desk:
        workspace.send("interactive", ["not", "a", "mapping"])  # type: ignore[arg-type]  # on purpose
        assert desk.came == [Envelope(kind="interactive", payload={})]


def test_a_dropped_connection_is_opened_anew(api: SlackApi, workspace: SlackWorkspace) -> None:
    with Desk(api) as desk:
        workspace.send("interactive", BUTTON)
        for number in (2, 3):
            workspace.drop()
            workspace.wait_for_connection(number)
            workspace.send("interactive", BUTTON)
        assert len(desk.came) == 3
        assert desk.refusals == []


def test_a_connection_that_slack_ends_is_replaced(api: SlackApi, workspace: SlackWorkspace) -> None:
    with Desk(api) as desk:
        workspace.send("interactive", BUTTON)
        workspace.frame('{"type": "disconnect", "reason": "refresh_requested"}')
        workspace.wait_for_connection(2)
        workspace.send("interactive", BUTTON)
        assert len(desk.came) == 2


def test_a_refused_token_is_told_once_and_tried_again(
    api: SlackApi, workspace: SlackWorkspace
) -> None:
    with Desk(api, token="xapp-hunter2") as desk:
        until(lambda: api.calls.count("apps.connections.open") >= 3)
        assert desk.refusals == ["Slack refused the app token: invalid_auth"]
        api.app_token = "xapp-hunter2"
        workspace.send("interactive", BUTTON)


@pytest.mark.parametrize("fault", ["500", "429", "close", "html", "internal_error"])
def test_a_moments_fault_tells_nobody(api: SlackApi, workspace: SlackWorkspace, fault: str) -> None:
    api.fail_next(2, fault, method="apps.connections.open", retry_after=1)
    with Desk(api) as desk:
        workspace.send("interactive", BUTTON)
        assert desk.refusals == []
        assert desk.socket.connections == 1
